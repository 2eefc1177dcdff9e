"""Which column of a table, or key of an object, is what; and a row of it -> a Record."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kit.parse.record import Block, Dated, Options, Record, Rejected, UnreadableError

Cells = Mapping[str, object]
"""A row by the names of its columns; a cell is text, a list of texts, None, or what cannot be used."""

ROLES = ("text", "date", "title", "language", "author", "publisher", "url", "id")

# The usual names of each role in order of preference, names of one rank on a line: letters and
# digits only, in lower case, as `_plain` leaves them.
_USUAL = {
    "text": """
        text 正文 текст
        fulltext body content contents speech statement transcript article remarks speechtext articletext
        documenttext doctext bodytext maintext plaintext rawtext cleantext contenttext textcontent 全文 内容
        內容 文本 讲话 講話 полныйтекст содержание тело речь выступление заявление
    """,
    "date": """
        date 日期 дата
        published publicationdate pubdate publishdate datepublished dateofpublication publishedat publishedon
        发布日期 發布日期 发表日期 датапубликации
        issued dateissued issuedate releasedate speechdate statementdate documentdate docdate meetingdate
        sessiondate 发布时间 發布時間 发表时间 датавыступления
        datetime 时间 時間 датавремя
        year 年份 年 год
    """,
    "title": """
        title 标题 標題 заголовок
        headline heading documenttitle speechtitle 题目 題目 название наименование
        subject тема
    """,
    "language": """
        language 语言 語言 язык
        lang languagecode langcode locale 语种 語種
    """,
    "author": """
        author 作者 автор
        authors speaker creator byline president 发言人 讲话人 發言人 авторы докладчик оратор выступающий
    """,
    "publisher": """
        publisher 发布机构 發布機構 издатель
        institution organization organisation agency issuer outlet 机构 機構 организация ведомство
        source 来源 來源 источник
    """,
    "url": """
        url 网址 網址 ссылка
        link uri permalink href sourceurl pageurl weburl 链接 鏈接 адрес
    """,
    "id": """
        id 编号 編號 ид
        docid documentid textid speechid uid uuid guid identifier 序号 идентификатор номер
    """,
}
_RANKED = {
    role: [line.split() for line in names.strip().splitlines()] for role, names in _USUAL.items()
}
_YEAR = frozenset("year 年份 年 год".split())

# Where no name tells the text: its values are that many times as long as those of the next column,
# and are prose rather than labels.
_BY_FAR = 5
_LEAST_LETTERS = 100

_BREAK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
# Lines cut by a fixed width mostly go on in lower case. Of the speeches of the UN General Debate
# Corpus without blank lines (P5), 15 have 0.69 or more such lines, the other 209 have 0.21 or fewer.
_WRAPPED_LINES = 5
_WRAPPED_SHARE = 0.45
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|h[1-6]|li|ul|ol|b|i|em|strong|table|td)\b[^<>]*>", re.I
)
_FEW_NAMES = 20
_NEAREST_OF = 1000  # names among which a misspelt one is looked for


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of each role, first the one that counts; ``notes`` tell what was assumed."""

    roles: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def wider(self, names: Sequence[str]) -> "Columns":
        """Return these columns, and for the roles that had none those that `names` give."""
        new = {role: found for role, found in named(names).items() if role not in self.roles}
        return replace(self, roles={**new, **self.roles}) if new else self

    def record(self, cells: Cells, place: str, notes: Sequence[str] = ()) -> Record | Rejected:
        """Return the record of a row; one without a cell for the text is rejected."""
        column = self.roles["text"][0]
        if column not in cells:
            return Rejected(place, f"has no {_short(column)}", "give every row its text")
        found = cells[column]
        notes = [*self.notes, *notes]
        if isinstance(found, list | tuple) and all(isinstance(x, str) for x in found):
            blocks = tuple(Block(x.strip()) for x in found if x.strip())
        elif (text := written(found)) is None:
            return Rejected(place, f"{_short(column)} holds no text but objects", "give it as text")
        else:
            blocks, more = paragraphs(text)
            notes += more
        if not blocks:
            notes.append(f"{_short(column)} is empty")
        elif (tag := _markup(blocks)) is not None:
            notes.append(f"the text holds markup such as {tag}: left as it is")
        values = {
            role: self._first(role, cells, notes) for role in ROLES if role not in {"text", "date"}
        }
        return Record(
            blocks=blocks,
            dates=self._dates(cells, notes),
            notes=tuple(notes),
            place=place,
            **values,
        )

    def _first(self, role: str, cells: Cells, notes: list[str]) -> str:
        """Return the first cell of a role that is not empty."""
        for column in self.roles.get(role, ()):
            text = written(cells.get(column))
            if text is None:
                notes.append(f"{_short(column)} holds objects: left out")
            elif text.strip():
                return text.strip()
        return ""

    def _dates(self, cells: Cells, notes: list[str]) -> tuple[Dated, ...]:
        """Return what stands in the columns of dates; a year that another one holds says no more."""
        found: list[str] = []
        for column in self.roles.get("date", ()):
            text = (written(cells.get(column)) or "").strip()
            if cells.get(column) is not None and written(cells[column]) is None:
                notes.append(f"{_short(column)} holds objects: left out")
            if text and not (_plain(column) in _YEAR and any(text in other for other in found)):
                found.append(text)
        return tuple(Dated(text, "column") for text in dict.fromkeys(found))


def find(names: Sequence[str], sample: Sequence[Cells], options: Options) -> Columns:
    """Find the column of each role: as the user says, else by its usual names.

    Where no name tells the text, it is the one column whose values in `sample` are by far the
    longest, with a note. Raises UnreadableError where the user names a column that is not there,
    and where it stays open which column is the text.
    """
    chosen = check(names, options)
    taken = set(chosen.values())
    roles = named([name for name in names if name not in taken])
    roles |= {role: (name,) for role, name in chosen.items()}
    notes = [
        f"{role} read from {_short(found[0])}, not from {_listed(found[1:])}"
        for role, found in roles.items()
        if role not in {"text", "date"} and len(found) > 1
    ]
    if "text" not in roles:
        roles["text"] = (_longest([n for n in names if n not in taken], sample),)
        notes.append(
            f"no column is named as the text: the longest, {_short(roles['text'][0])}, is read"
        )
    elif len(roles["text"]) > 1:
        raise UnreadableError(
            f"more than one column may be the text: {_listed(roles['text'])}",
            f'say which, e.g. text="{roles["text"][0]}"',
        )
    return Columns(roles, tuple(notes))


def check(names: Sequence[str], options: Options) -> dict[str, str]:
    """Return the columns that the user names; raises UnreadableError where one is not there."""
    said = {role: given for role in ROLES if (given := getattr(options, role))}
    return {role: _said(role, given, names) for role, given in said.items()}


def named(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns whose names are usual for a role, best first; for the text only the best."""
    plain: dict[str, list[str]] = {}
    for name in names:
        plain.setdefault(_plain(name), []).append(name)
    roles: dict[str, tuple[str, ...]] = {}
    for role, ranks in _RANKED.items():
        ranked = [
            [name for usual in rank for name in _exact(usual, plain.get(usual, []))]
            for rank in ranks
        ]
        if role == "text":  # a better name leaves no doubt; two of one rank do
            found = next((rank for rank in ranked if rank), [])
        else:
            found = [name for rank in ranked for name in rank]
        if found:
            roles[role] = tuple(found)
    return roles


def _exact(usual: str, names: list[str]) -> list[str]:
    """Put `text` before `Text` and `text_`; where it is there, the others are none."""
    return [usual] if usual in names else names


def _said(role: str, given: str, names: Sequence[str]) -> str:
    """Return the column that the user names, or refuse one that is not there."""
    if given in names:
        return given
    alike = [name for name in names if _plain(name) == _plain(given)]
    if len(alike) == 1:
        return alike[0]
    nearest = difflib.get_close_matches(given, names[:_NEAREST_OF], n=1, cutoff=0.5)
    meant = f"did you mean {_short(nearest[0])}? " if nearest else ""
    raise UnreadableError(
        f"no column {given!r} for {role}", f"{meant}There are: {_listed(names, _FEW_NAMES)}"
    )


def _longest(names: Sequence[str], sample: Sequence[Cells]) -> str:
    """Return the one column whose values are by far the longest, or refuse."""
    lengths = sorted(
        ((sum(_length(row.get(name)) for row in sample), name) for name in names), reverse=True
    )
    if lengths and lengths[0][0] >= _LEAST_LETTERS * max(1, len(sample)):
        next_longest = lengths[1][0] if len(lengths) > 1 else 0
        if lengths[0][0] >= _BY_FAR * next_longest:
            return lengths[0][1]
    raise UnreadableError(
        f"no column is named as the text or is by far the longest; "
        f"there are: {_listed(names, _FEW_NAMES)}",
        'say which holds the text, e.g. text="speech"',
    )


def _length(cell: object) -> int:
    if isinstance(cell, list | tuple):
        return sum(len(x) for x in cell if isinstance(x, str))
    return len(cell) if isinstance(cell, str) else 0


def written(cell: object) -> str | None:
    """Return a cell as text, "" for a missing one, or None for one that is not text."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, list | tuple):
        parts = [written(part) for part in cell]
        return "; ".join(p for p in parts if p) if None not in parts else None
    return None if isinstance(cell, Mapping) else str(cell)


def paragraphs(text: str) -> tuple[tuple[Block, ...], list[str]]:
    """Split a text at blank lines, or where it has none at each line; return the notes too.

    Where lines were cut by a fixed width, a line is no paragraph: without blank lines the lines
    that are set in begin one, and where none is the text stays one block with its line ends.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip("\n")
    notes: list[str] = []
    if _BREAK.search(text.strip()):
        pieces = _BREAK.split(text)
    else:
        pieces = text.split("\n")
        if _wrapped(pieces):
            pieces, note = _unwrapped(pieces)
            notes.append(note)
    return tuple(Block(piece.strip()) for piece in pieces if piece.strip()), notes


def _wrapped(lines: Sequence[str]) -> bool:
    return len(lines) >= _WRAPPED_LINES and _lower(lines[1:]) >= _WRAPPED_SHARE


def _lower(lines: Sequence[str]) -> float:
    """Return the share of the lines that go on in lower case."""
    return sum(line.lstrip()[:1].islower() for line in lines) / len(lines)


def _unwrapped(lines: Sequence[str]) -> tuple[list[str], str]:
    starts = [i for i, line in enumerate(lines) if i and line[:1].isspace()]
    if not starts or _lower([lines[i] for i in starts]) >= _WRAPPED_SHARE:
        return ["\n".join(lines)], "lines of a fixed width without marks of paragraphs: read as one"
    bounds = zip([0, *starts], [*starts, len(lines)], strict=True)
    pieces = ["\n".join(lines[start:end]) for start, end in bounds]
    return pieces, "lines of a fixed width: a line that is set in begins a paragraph"


def _markup(blocks: Sequence[Block]) -> str | None:
    for block in blocks:
        if "<" in block.text and (tag := _MARKUP.search(block.text)):
            return tag[0][:40]
    return None


def _plain(name: str) -> str:
    """Return a name without case and punctuation: "Pub. Date" and "pub_date" are "pubdate"."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _listed(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(_short(name) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _short(name: str) -> str:
    return repr(name[:60])
