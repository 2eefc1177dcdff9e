"""Rich Text Format: one pass over its groups and control words.

striprtf stops at a GBK letter whose second byte is written as ASCII, keeps hidden and deleted text,
loses footnotes, and tells nothing of headings, lists, title or author.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from kit.corpus import Kind
from kit.parse.collect import Properties
from kit.parse.record import Options, Record, Rejected, UnreadableError
from kit.parse.rtfcodes import (
    CHARSETS,
    KEPT_STARRED,
    LEFT_OUT,
    NAMED,
    SIGNS,
    ParagraphStyle,
    codec,
    decoded,
    paired,
    style,
)
from kit.parse.rtfstories import Stories

LARGEST = 256 * 2**20  # bytes
DEPTH = 1_000  # groups in groups; Word itself stops far earlier
TOKENS = 6_000_000  # some eight seconds; a text has about one for each word

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf")
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})?\ ?"
    rb"|((?:\\'[0-9A-Fa-f]{2})+)"
    rb"|\\([^A-Za-z])"
    rb"|([{}])"
    rb"|([^\\{}\r\n]+)"
    rb"|[\r\n]+"
    rb"|.",
    re.DOTALL,
)
_BODY_LEVEL = 9  # an outline level from 0 to 8 makes a heading
_OTHERS = {b"PK": "a zip (a .docx?)", b"\xd0\xcf\x11\xe0": "an old .doc", b"%PDF": "a PDF"}

_Into = Literal[
    "text", "nothing", "fonts", "styles", "info", "title", "author", "creatim", "shape", "both"
]


@dataclass(slots=True)
class _State:
    """What a group inherits and gives back at its end."""

    into: _Into = "text"
    font: int = -1
    fallback: int = 1  # characters that stand for one \u, to be passed over
    hidden: bool = False
    deleted: bool = False
    style: int = -1
    kind: Kind | None = None
    in_table: bool = False
    starred: bool = False  # the sign \* has come: a group to leave out, if its word is not known

    def inherited(self) -> "_State":
        """Return the state of a group within this one."""
        s = self
        return _State(s.into, s.font, s.fallback, s.hidden, s.deleted, s.style, s.kind, s.in_table)


def read_rtf(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the one text of an .rtf file; hidden and deleted text is out. Raises UnreadableError."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST >> 20} MB", "split it")
    if not _START.match(data):
        is_like = next((v for k, v in _OTHERS.items() if data.lstrip().startswith(k)), "")
        raise UnreadableError(
            f"not an RTF file{', but ' + is_like if is_like else ''}",
            "give it the ending of its own form, or save it anew as .rtf",
        )
    reader = _Reader(data)
    reader.run()
    yield reader.record()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._stories = Stories()
        self._bytes = bytearray()  # not yet decoded: a letter may take two bytes
        self._skip = 0
        self._default_codec = "cp1252"
        self._default_font = -1
        self._fonts: dict[int, str] = {}
        self._font = -1  # the font that the table is just telling of
        self._styles: dict[int, ParagraphStyle] = {}
        self._style = -1
        self._level = -1
        self._name: list[str] = []
        self._info: dict[str, list[str]] = {"title": [], "author": []}
        self._created: dict[str, int] = {}
        self._undecoded = 0
        self._whole = False

    def run(self) -> None:
        """Read all tokens."""
        position, match = 0, _TOKEN.match
        data = self._data
        for _ in range(TOKENS):
            token = match(data, position)
            if token is None:
                break
            position = token.end()
            word, number, code, sign, brace, plain = token.groups()
            if plain is not None:
                self._plain(plain)
            elif code is not None:
                self._plain(bytes.fromhex(code.replace(b"\\'", b"").decode()))
            elif word is not None:
                if word == b"bin":
                    position += max(int(number or 0), 0)
                else:
                    self._word(word.decode(), None if number is None else int(number))
            elif brace == b"{":
                self._open()
            elif brace is not None:
                if self._close():
                    break
            elif sign is not None:
                self._sign(sign.decode("latin-1"))
        else:
            raise UnreadableError(f"more than {TOKENS:,} control words", "save it as .docx")
        self._decode()
        self._stories.end(0)
        self._stories.end_rows()
        self._end_paragraph(self._state)

    def record(self) -> Record:
        """Return the text with what the file says of it."""
        info = {key: paired("".join(pieces)).strip() for key, pieces in self._info.items()}
        try:
            made = dt.date(*(self._created.get(k, 1) for k in ("yr", "mo", "dy"))).isoformat()
        except (ValueError, OverflowError):
            made = ""
        notes = [] if self._whole else ["the file ends before its text does: it may be cut off"]
        if self._undecoded:
            notes.append(f"characters that could not be decoded: {self._undecoded}")
        if not self._created.get("yr"):
            made = ""
        properties = Properties(title=info["title"], author=info["author"], made=made)
        return self._stories.body.record(properties, notes)

    # ---- groups

    def _open(self) -> None:
        self._decode()
        self._skip = 0
        if len(self._stack) >= DEPTH:
            raise UnreadableError(f"groups nest over {DEPTH:,} deep", "save it anew as .rtf")
        self._stack.append(self._state)
        self._state = self._state.inherited()

    def _close(self) -> bool:
        """End a group; return whether it was the document."""
        self._decode()
        self._skip = 0
        self._stories.end(len(self._stack))
        if self._state.into == "styles":
            self._end_style()
        if self._stack:
            self._state = self._stack.pop()
        self._whole = not self._stack
        return self._whole

    def _begin(self, state: _State, *, is_note: bool) -> None:
        self._stories.begin(len(self._stack), is_note=is_note)
        state.into, state.in_table = "text", False

    # ---- text

    def _plain(self, plain: bytes) -> None:
        if self._skip:
            passed = min(self._skip, len(plain))
            self._skip -= passed
            plain = plain[passed:]
        if self._state.into != "nothing":
            self._bytes += plain

    def _decode(self) -> None:
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        font = self._state.font if self._state.font >= 0 else self._default_font
        text = decoded(data, self._fonts.get(font) or self._default_codec)
        self._undecoded += text.count("\ufffd")
        self._put(text)

    def _put(self, text: str) -> None:
        state = self._state
        if state.into == "text":
            if not (state.hidden or state.deleted):
                self._stories.put(text)
        elif state.into == "styles":
            self._name.append(text)
        elif state.into in self._info:
            self._info[state.into].append(text)

    # ---- control words

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._state.starred = True
        elif self._skip:
            self._skip -= 1
        elif sign in "\\{}":
            self._plain(sign.encode())
        elif sign in "\r\n":
            self._word("par", None)
        elif sign in SIGNS:
            self._decode()
            self._put(SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        if self._skip:
            if word in NAMED:
                self._skip -= 1
                return
            self._skip = 0
        if state.starred:
            state.starred = False
            if word not in KEPT_STARRED:
                self._decode()
                state.into = "nothing"
        if state.into == "nothing":
            return
        self._decode()
        if word in NAMED:
            self._put(NAMED[word])
        elif word in LEFT_OUT:
            state.into = "nothing"
        elif word in _CHARACTERS:
            _CHARACTERS[word](self, state, number)
        elif word in _HEADS:
            _HEADS[word](self, state, number)
        elif state.into == "text" and word in _PARAGRAPHS:
            _PARAGRAPHS[word](self, state, number)

    def _unicode(self, state: _State, number: int | None) -> None:
        if number is not None and -0x8000 <= number <= 0x10FFFF:
            self._put(chr(number + 0x10000 if number < 0 else number))
        self._skip = state.fallback

    def _to_font(self, state: _State, number: int | None) -> None:
        if state.into == "fonts":
            self._font = _or(number, 0)
        else:
            state.font = _or(number, 0)

    def _to_charset(self, state: _State, number: int | None) -> None:
        if state.into == "fonts":
            self._fonts.setdefault(self._font, CHARSETS.get(_or(number, 0), ""))

    def _to_font_page(self, state: _State, number: int | None) -> None:
        if state.into == "fonts" and codec(number):
            self._fonts[self._font] = codec(number)

    def _to_page(self, page: int | None) -> None:
        self._default_codec = codec(page) or self._default_codec

    def _to_style(self, state: _State, number: int | None) -> None:
        if state.into == "styles":
            self._style = _or(number, -1)
        else:
            state.style = _or(number, -1)

    def _to_level(self, state: _State, number: int | None) -> None:
        if state.into == "styles":
            self._level = _or(number, -1)
        elif 0 <= _or(number, -1) < _BODY_LEVEL:
            state.kind = "heading"

    def _plain_font(self, state: _State) -> None:
        state.font, state.hidden, state.deleted = -1, False, False

    def _end_style(self) -> None:
        name = "".join(self._name)
        if name.strip():
            self._styles[max(self._style, 0)] = style(name, self._level)
        self._name.clear()
        self._style = self._level = -1

    def _new_paragraph(self, state: _State) -> None:
        state.style, state.kind, state.in_table = -1, None, False

    def _par(self, state: _State) -> None:
        if state.in_table:
            self._put("\n")
            return
        self._stories.end_rows()
        self._end_paragraph(state)

    def _end_paragraph(self, state: _State) -> None:
        self._stories.end_paragraph(self._styles.get(state.style, ParagraphStyle()), state.kind)

    def _item_mark(self, state: _State) -> None:
        self._stories.story.is_item = True
        state.into = "nothing"

    def _list(self, state: _State, number: int | None) -> None:
        if _or(number, 0) > 0 and state.kind is None:
            state.kind = "item"

    def _unicode_twin(self, state: _State) -> None:
        """Of a text that is given twice, go on with the second, which is in Unicode."""
        if state.into == "both":
            outer = (s.into for s in reversed(self._stack) if s.into != "both")
            state.into = next(outer, "nothing")

    def _info_part(self, part: _Into, state: _State) -> None:
        if state.into == "info":
            state.into = part

    def _day_part(self, part: str, state: _State, number: int | None) -> None:
        if state.into == "creatim":
            self._created.setdefault(part, _or(number, 1))


_Handler = Callable[[_Reader, _State, int | None], None]


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def _into(into: _Into) -> _Handler:
    return lambda _, state, __: setattr(state, "into", into)


def _set(name: str) -> _Handler:
    """Return what switches a property on, or off where its number is 0."""
    return lambda _, state, number: setattr(state, name, number != 0)


_CHARACTERS: dict[str, _Handler] = {
    "u": _Reader._unicode,
    "uc": lambda _, state, n: setattr(state, "fallback", max(_or(n, 1), 0)),
    "f": _Reader._to_font,
    "v": _set("hidden"),
    "deleted": _set("deleted"),
    "plain": lambda reader, state, _: reader._plain_font(state),
}
_HEADS: dict[str, _Handler] = {
    "ansicpg": lambda reader, _, n: reader._to_page(n),
    "mac": lambda reader, _, __: reader._to_page(10000),
    "pc": lambda reader, _, __: reader._to_page(437),
    "pca": lambda reader, _, __: reader._to_page(850),
    "deff": lambda reader, _, n: setattr(reader, "_default_font", _or(n, 0)),
    "fonttbl": _into("fonts"),
    "stylesheet": _into("styles"),
    "info": _into("info"),
    "upr": _into("both"),
    "ud": lambda reader, state, _: reader._unicode_twin(state),
    "title": lambda reader, state, _: reader._info_part("title", state),
    "author": lambda reader, state, _: reader._info_part("author", state),
    "creatim": lambda reader, state, _: reader._info_part("creatim", state),
    "yr": lambda reader, state, n: reader._day_part("yr", state, n),
    "mo": lambda reader, state, n: reader._day_part("mo", state, n),
    "dy": lambda reader, state, n: reader._day_part("dy", state, n),
    "fcharset": _Reader._to_charset,
    "cpg": _Reader._to_font_page,
    "s": _Reader._to_style,
    "outlinelevel": _Reader._to_level,
    "shpinst": _into("shape"),
    "shptxt": lambda reader, state, _: reader._begin(state, is_note=False),
}
_PARAGRAPHS: dict[str, _Handler] = {
    "par": lambda reader, state, _: reader._par(state),
    "sect": lambda reader, state, _: reader._par(state),
    "pard": lambda reader, state, _: reader._new_paragraph(state),
    "intbl": _set("in_table"),
    "cell": lambda reader, *_: reader._stories.end_cell(),
    "row": lambda reader, *_: reader._stories.end_rows(),
    "ls": _Reader._list,
    "listtext": lambda reader, state, _: reader._item_mark(state),
    "pntext": lambda reader, state, _: reader._item_mark(state),
    "footnote": lambda reader, state, _: reader._begin(state, is_note=True),
}
