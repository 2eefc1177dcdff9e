"""Plain text and Markdown: a heading line or front matter says what a text is, then come paragraphs."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import mistune
import yaml

from kit.parse.clean import Joiner, squeeze
from kit.parse.decode import decode
from kit.parse.record import Block, Dated, Kind, Options, Record, Rejected

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_CLOCK = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?)?"
_DATE = (
    rf"\d{{4}}(?P<mark>[-/.])\d{{1,2}}(?P=mark)\d{{1,2}}{_CLOCK}(?!\d)"
    r"|\d{8}(?:T\d{4,6}Z?)?(?!\d)|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}(?P<sign>[-/.])\d{1,2}(?P=sign)\d{4}(?!\d)"
    rf"|{_MONTH} \d{{1,2}},? \d{{4}}(?!\d)|\d{{1,2}} {_MONTH},? \d{{4}}(?!\d)"
)
_LEAD = r"[\s\ufeff\u200b]*date(?:\s{0,9}[:：]\s{0,9}|\s{1,9})"
_TITLE = r"(?:\s{0,9}[:,–—-]\s)?\s*(?P<title>.*)"
_HEADING = re.compile(rf"{_LEAD}(?P<date>{_DATE}){_TITLE}", re.IGNORECASE | re.DOTALL)
# A first line may have anything of four figures for its date, so that a spoilt one is told of;
# "date palms grow here" and "Date 5 of the talks" are no headings.
_SPOILT = re.compile(
    rf"{_LEAD}(?P<date>(?=(?:[^\s\d]{{0,9}}\d){{4}})\S{{4,40}}){_TITLE}", re.IGNORECASE | re.DOTALL
)
# what front matter may call a field by, beside its name
_KEYS = {"authors": "author", "lang": "language", "source": "publisher", "link": "url"}
_KEYS |= {name: name for name in "title date author language publisher url id".split()}
_LONGEST_FRONT_MATTER = 400  # lines
_LONGEST_TITLE = 200  # characters; a longer first paragraph is text
_WIDEST_WRAP = 120  # columns (a Chinese character takes two); wider lines nobody broke
_NARROWEST_WRAP = 30
_NEARLY = 0.93  # of the width is full too: people do not break lines as exactly as programs
_EMPTY = re.compile(r"[\s\ufeff\u200b\x00-\x1f]*")
_DRAWN = re.compile(r"[\s\-=_*~#+.·—–|:]{3,}")
_STOP = re.compile(r"[.!?…。！？][\s\"'”’»)\]）*_]*$")
_PAUSE = re.compile(r"[.!?…。！？;；:：,，、][\s\"'”’»)\]）*_]*$")
_SENTENCES = re.compile(r"[^\W\d_A-ZА-Я]{2}[\"'”’»)]?[.!?]\s+[\"'“‘«(]?[A-ZА-ЯЁ\d]|[。！？](?=.)")
_ITEM = re.compile(
    r"\s*(?:(?P<bullet>[-*+•‣◦▪●○·–—])\s+|(?P<number>\(?\d{1,3}[.)])\s+"
    r"|(?P<letter>(?:\([a-zа-я]|[a-zа-я])\)|\(?[ivx]{1,5}\)|[a-z]\.(?=\s))\s*"
    r"|(?P<han>[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\s*)(?=\S)"
)


def read_text(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the texts of one file: one for each heading line, or one where there is none.

    A heading line is `` date 2025-01-26 TITLE``; a further one starts a further text only after an
    empty line. YAML front matter is read, and a source that ends in .md is read as Markdown. A text
    that says nothing of itself takes its short first paragraph as title. Nothing is dropped: an
    empty file is a record without blocks. Raises UnreadableError where the encoding is uncertain.
    """
    decoded = decode(file.read(), options.encoding)
    notes = list(decoded.notes)
    if decoded.encoding != "utf-8":
        how = "marked" if decoded.how == "BOM" else decoded.how
        notes.append(f"encoding {how}: {decoded.encoding}")
    # Other line ends are blanks inside a line; cleaning sees to them.
    text = re.sub(r"\r\n?", "\n", decoded.text).replace("\u2029", "\n\n")
    said, lines, told = _front_matter(text.split("\n"), options)
    texts = _texts(lines)
    for number, part in enumerate(texts, start=1):
        first = number == 1
        place = str(number) if len(texts) > 1 else ""
        known = [*notes, *told] if first else notes
        yield _record(part, said if first else {}, _is_markdown(source), known, place)


def _is_markdown(source: str) -> bool:
    return source.lower().endswith((".md", ".markdown"))


def _texts(lines: list[str]) -> list[list[str]]:
    """Cut at the further heading lines."""
    first = next((i for i, line in enumerate(lines) if not _EMPTY.fullmatch(line)), 0)
    starts = [
        i
        for i in range(first + 1, len(lines))
        if _EMPTY.fullmatch(lines[i - 1]) and _HEADING.fullmatch(lines[i])
    ]
    bounds = zip([first, *starts], [*starts, len(lines)], strict=True)
    return [lines[start:end] for start, end in bounds]


def _record(
    lines: list[str], said: dict[str, str], markdown: bool, notes: list[str], place: str
) -> Record:
    found = list(notes)
    dates = [Dated(said["date"], "front matter")] if said.get("date") else []
    title = said.get("title", "")
    heading = _HEADING.fullmatch(lines[0]) or _SPOILT.fullmatch(lines[0])
    if heading is not None:
        lines = lines[1:]
        dates.append(Dated(squeeze(heading["date"]), "heading"))
        written = squeeze(heading["title"])
        if not written:
            found.append("the heading has no title")
        elif title and written != title:
            found.append(f"the front matter's title is taken; the heading's is {written!r}")
        title = title or written
    joiner = Joiner("\n".join(lines), said.get("language", ""))
    blocks = list(_markdown(lines, joiner) if markdown else _plain(lines, joiner, found))
    found += joiner.notes
    if blocks and title and blocks[0].text.casefold() == title.casefold():
        blocks = blocks[1:]  # a title said at the top is often shown again
    elif not title and heading is None:
        title = _first_as_title(blocks, markdown, found)
        blocks = blocks[1:] if title else blocks
    if not blocks:
        found.append("no text under the heading" if dates or title else "no text")
    rest = {name: said.get(name, "") for name in ("language", "author", "publisher", "url", "id")}
    return Record(tuple(blocks), title, tuple(dates), notes=tuple(found), place=place, **rest)


def _first_as_title(blocks: Sequence[Block], markdown: bool, notes: list[str]) -> str:
    """Return the Markdown heading that comes first, or the short first paragraph if no sentence."""
    first = blocks[0] if blocks else Block("")
    if len(first.text) > _LONGEST_TITLE:
        return ""
    if markdown and first.kind == "heading":
        return first.text
    if len(blocks) < 2 or first.kind not in {"body", "heading"} or _PAUSE.search(first.text):
        return ""
    notes.append("title taken from the first line")
    return first.text


# ---- front matter


class _TextOnly(yaml.BaseLoader):  # type: ignore[misc]
    """Every value stays as it is written, a date too; nothing may refer to another part."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="it refers to other parts of itself")
        return super().compose_node(parent, index)


def _front_matter(
    lines: list[str], options: Options
) -> tuple[dict[str, str], list[str], list[str]]:
    """Return what YAML between two lines ``---`` says, the lines below it, and notes."""
    top = next((i for i, line in enumerate(lines) if not _EMPTY.fullmatch(line)), 0)
    if lines[top].strip("\ufeff \t") != "---":
        return {}, lines, []
    below = range(top + 1, min(len(lines), top + _LONGEST_FRONT_MATTER))
    end = next((i for i in below if lines[i].rstrip() in {"---", "..."}), None)
    if end is None:
        return {}, lines, []
    try:
        found = yaml.load("\n".join(lines[top + 1 : end]), _TextOnly)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        return {}, lines, [f"front matter cannot be read ({problem}): kept as text"]
    named = {name: getattr(options, name).lower() for name in set(_KEYS.values())}
    keys = _KEYS | {key: name for name, key in named.items() if key}
    said: dict[str, str] = {}
    for key, value in found.items() if isinstance(found, dict) else ():
        name = keys.get(key.strip().lower(), "") if isinstance(key, str) else ""
        values = value if isinstance(value, list) else [value]
        if name and all(isinstance(part, str) for part in values):
            said.setdefault(name, squeeze(", ".join(values)))
    # a rule, then text with a colon, is no front matter
    return (said, [*lines[end + 1 :], ""], []) if said else ({}, lines, [])


# ---- plain text


def _plain(lines: list[str], joiner: Joiner, notes: list[str]) -> Iterator[Block]:
    chunks = _chunks(lines)
    alone = len(chunks) == 1  # without empty lines, a line is a paragraph
    if alone and _is_wrapped(chunks[0]):
        notes.append("lines of one width joined to paragraphs")
        chunks, alone = _parted(chunks[0]), False
    blocks = [
        block
        for chunk in chunks
        for block in _chunk_blocks(chunk, alone or any(map(_is_too_wide, chunk)), joiner)
    ]
    around = ["", *(block.kind for block in blocks), ""]
    for block, before, after in zip(blocks, around, around[2:], strict=False):
        section = "item" not in {before, after} and _is_section(block)
        yield Block(block.text, "heading") if section else block


def _chunks(lines: list[str]) -> list[list[str]]:
    """Return the lines between empty ones. Lines drawn with signs go; in a table they part nothing."""
    chunks: list[list[str]] = [[]]
    for line in lines:
        if _DRAWN.fullmatch(line) and ("|" in line or "+" in line):
            continue
        if _EMPTY.fullmatch(line) or _DRAWN.fullmatch(line):
            chunks.append([])
        else:
            chunks[-1].append(line)
    return [chunk for chunk in chunks if chunk]


def _width(line: str) -> int:
    if line.isascii():
        return len(line)
    return len(line) + sum(c > "\u10ff" and unicodedata.east_asian_width(c) in "WF" for c in line)


def _is_too_wide(line: str) -> bool:
    """Tell a line that could have been broken and was not."""
    width = _width(line.strip())
    return width > _WIDEST_WRAP and (" " in line.strip() or width > len(line) * 1.5)


def _is_full(lines: Sequence[str], widest: int, i: int) -> bool:
    """Tell whether the first word of the next line would not have fitted into this one."""
    word = lines[i + 1].split()[0]
    # Chinese is broken between any two characters, though not before a mark
    room = 4 if word[0] > "\u2e80" else 1 + len(word)
    return _width(lines[i].rstrip()) + room > widest * _NEARLY


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Tell lines of one width from paragraphs of a line each.

    Wrapped are three or more lines of 30 to 120 columns, of which three in five are full, and
    half of the full ones do not end as a sentence does.
    """
    widest = max(_width(line.rstrip()) for line in lines)
    full = [line for i, line in enumerate(lines[:-1]) if _is_full(lines, widest, i)]
    running = sum(not _STOP.search(line) for line in full)
    return (
        len(lines) > 2
        and _NARROWEST_WRAP <= widest <= _WIDEST_WRAP
        and len(full) >= 0.6 * (len(lines) - 1)
        and 2 * running >= len(full)
    )


def _parted(lines: Sequence[str]) -> list[list[str]]:
    """Part wrapped lines after a short last line and before an indented first one."""
    widest = max(_width(line.rstrip()) for line in lines)
    indents = [len(line) - len(line.lstrip()) for line in lines]
    chunks = [[lines[0]]]
    for i in range(1, len(lines)):
        ends = i == 1 or _STOP.search(lines[i - 1])
        if (ends and not _is_full(lines, widest, i - 1)) or indents[i] > indents[i - 1]:
            chunks.append([])
        chunks[-1].append(lines[i])
    return chunks


def _chunk_blocks(lines: list[str], alone: bool, joiner: Joiner) -> Iterator[Block]:
    """Yield the blocks of lines that stand together; `alone` if each is a paragraph."""
    # one such line may be anything; its mark stays
    if len(lines) > 1 and all(line.lstrip().startswith(">") for line in lines):
        inner = [re.sub(r"^\s*>[>\s]*", "", line) for line in lines]
        yield from (Block(joiner.join(chunk), "quotation") for chunk in _chunks(inner))
        return
    cells = [_cells(line) for line in lines]
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and (len(cells[end]) > 1) == (len(cells[start]) > 1):
            end += 1
        if len(cells[start]) > 1 and end - start > 1:
            for row in cells[start:end]:
                yield Block(" | ".join(cell for cell in row if cell), "row")
        else:
            yield from _prose(lines[start:end], alone, joiner)
        start = end


def _cells(line: str) -> list[str]:
    """Split at tabs or upright lines, but not at the tab after the number of an item."""
    mark = _ITEM.match(line)
    text = line[mark.end() if mark else 0 :].strip()
    if "\t" in text:
        return [squeeze(cell) for cell in re.split(r"\t+", line.strip())]
    cells = line.strip().removeprefix("|").removesuffix("|").split("|")
    return [squeeze(cell) for cell in cells]


def _prose(lines: list[str], alone: bool, joiner: Joiner) -> Iterator[Block]:
    """Yield paragraphs, headings and items; an item goes on in the lines below it."""
    group: list[str] = []
    kind: Kind = "body"
    sort = ""
    for i, line in enumerate(lines):
        mark = _ITEM.match(line)
        # a dash or "5." may begin a line by chance, but not after a full stop, or twice
        if mark and (alone or i == 0 or sort == mark.lastgroup or _PAUSE.search(lines[i - 1])):
            starts, new = True, "item"
        else:
            capitals = _is_capitals(line)
            starts, new = alone or capitals != (kind == "heading"), "body"
            if capitals and (i == 0 or alone or kind == "heading"):
                new = "heading"
            elif capitals or kind == "item":
                starts = alone
        if starts and group:
            yield _block(group, kind, joiner)
            group = []
        if not group:
            kind = new  # type: ignore[assignment]
            sort = (mark.lastgroup or "") if mark and new == "item" else sort
        group.append(line[mark.end() :] if mark and starts and mark["bullet"] else line)
    if group:
        yield _block(group, kind, joiner)


def _block(lines: list[str], kind: Kind, joiner: Joiner) -> Block:
    """Return a block; a paragraph of several sentences is text, whatever mark it begins with."""
    text = joiner.join(lines)
    return Block(text, "body" if kind == "item" and _SENTENCES.search(text) else kind)


def _is_capitals(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return line.isupper() and letters > 1 and len(line) < _LONGEST_TITLE and not _PAUSE.search(line)


def _is_section(block: Block) -> bool:
    """Tell the heading of a Chinese section, 一、…, which looks like an item."""
    mark = _ITEM.match(block.text) if block.kind == "item" else None
    return bool(mark and mark["han"] and len(block.text) <= 40 and not _PAUSE.search(block.text))


# ---- Markdown

_MARKDOWN = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def _markdown(lines: list[str], joiner: Joiner) -> Iterator[Block]:
    try:
        tokens = _MARKDOWN("\n".join(lines))
    except RecursionError:  # brackets in brackets, a thousand deep
        tokens = [{"type": "block_code", "raw": "\n".join(lines)}]
    yield from _tokens(tokens, "body", joiner)


def _tokens(tokens: Any, kind: Kind, joiner: Joiner) -> Iterator[Block]:
    """Yield the blocks of Markdown's own, each of the kind of what it stands in."""
    for token in tokens:
        match token["type"]:
            case "heading":
                yield from _shown(token["children"], "heading", joiner)
            case "paragraph" | "block_text":
                yield from _shown(token["children"], kind, joiner)
            case "list":
                for item in token["children"]:
                    yield from _tokens(item["children"], "item", joiner)
            case "block_quote":
                yield from _tokens(token["children"], "quotation", joiner)
            case "table":
                head, *body = token["children"]
                for row in (head, *(row for part in body for row in part["children"])):
                    cells = (
                        joiner.join(_inline(c["children"]).split("\n")) for c in row["children"]
                    )
                    yield Block(" | ".join(cell for cell in cells if cell), "row")
            case "block_code" | "block_html":
                raw = token["raw"]
                if token["type"] == "block_html":
                    raw = html.unescape(_TAG.sub(" ", _COMMENT.sub("", raw)))
                yield from (Block(joiner.join(chunk), kind) for chunk in _chunks(raw.split("\n")))


def _shown(children: Any, kind: Kind, joiner: Joiner) -> Iterator[Block]:
    text = joiner.join(_inline(children).split("\n"))
    if text:
        yield Block(text, kind)


def _inline(tokens: Any) -> str:
    """Return what is read aloud: links by their text, pictures by what is said in their place."""
    parts = []
    for token in tokens:
        match token["type"]:
            case "softbreak" | "linebreak":
                parts.append("\n")
            case "inline_html":
                parts.append("\n" if token["raw"].lower().startswith("<br") else "")
            case "codespan":
                parts.append(token["raw"])
            case _ if "children" in token:
                parts.append(_inline(token["children"]))
            case _:
                parts.append(html.unescape(token.get("raw", "")))
    return "".join(parts)
