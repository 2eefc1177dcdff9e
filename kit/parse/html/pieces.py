"""The tree of a page -> its pieces of text, in order, with what the markup says of each."""

import re
from dataclasses import dataclass, field

from lxml import etree

from kit.parse.html import page, phrases
from kit.parse.html.page import Element
from kit.parse.record import Kind

_NEVER = (
    "script style noscript template textarea select option datalist button input svg math canvas "
    "iframe object embed applet audio video map dialog figcaption noframes title meta link base "
    "nav footer aside menu"
).split()
_BLOCKS = frozenset(
    "html head body address article blockquote center dd details dir div dl dt fieldset figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li main ol p pre search section summary table "
    "caption tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"[ \t]+")
_EMPTY_LINE = re.compile(r"\n\s*\n")
# A line break ends a paragraph after the end of a sentence and before an indent of full-width blanks.
_ENDED = re.compile(r"[.!?。！？…;；][”\"’»)）]?\s*\Z")
_INDENT = re.compile(r"[ \xa0]*\u3000\u3000")
_CJK = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_LONG = 60  # characters: a paragraph, no caption or menu entry
# characters: a paragraph, no caption or menu entry
_CJK_LONG = 20
_CELL_PIECES = 3  # paragraphs: a cell with more is such a column, too
_CELL = 300  # characters: a longer cell is no cell of a table but a column of a page
# characters: a longer cell is no cell of a table but a column of a page
_MOST = 0.8  # of the characters of a piece in links: it is nothing but a link


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a page.

    `linked` counts its characters in links, `level` is a heading's; `prose` its characters of
    running text: 0 for a heading, a link, a short line, a stock phrase.
    """

    text: str
    kind: Kind
    linked: int = 0
    level: int = 0

    prose: int = field(init=False)

    def __post_init__(self) -> None:
        length = len(self.text)
        short = length < _LONG and not (length >= _CJK_LONG and _CJK.search(self.text))
        none = short or self.kind == "heading" or 2 * self.linked > length
        none = none or phrases.is_phrase(self.text) or phrases.is_dateline(self.text)
        object.__setattr__(self, "prose", 0 if none else length)

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link."""
        return self.linked >= _MOST * len(self.text)


@dataclass(frozen=True, slots=True)
class Range:
    """Pieces start..end (exclusive) that one element holds. Rank 0 is the strongest mark."""

    start: int
    end: int
    rank: int


@dataclass(slots=True)
class Pieces:
    """A page in pieces, the ranges marked as the text or as none of it, and ``<time>`` elements."""

    pieces: list[Piece] = field(default_factory=list)
    marked: list[Range] = field(default_factory=list)
    boilerplate: list[Range] = field(default_factory=list)
    times: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """An open row of a table: where its pieces start, where its open cell does, its closed cells."""

    start: int
    cell: int | None = None
    cells: list[tuple[int, int]] = field(default_factory=list)
    plain: bool = True


class _Walk:
    """One pass over the elements, without recursion: a hostile page is deep."""

    def __init__(self) -> None:
        self.found = Pieces()
        self._buffer: list[str] = []
        self._linked = self._links = self._items = self._quotations = self._pre = self._level = 0
        self._open: list[tuple[Element, int, int]] = []
        self._rows: list[_Row] = []

    def run(self, root: Element) -> Pieces:
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            if event == "start":
                if element.attrib and self._hides(element, tag):
                    events.skip_subtree()
                else:
                    self._start(element, tag)
                    self._add(element.text)
            else:
                self._end(element, tag)
                if element is not root:
                    self._add(element.tail)
        self._flush()
        return self.found

    def _hides(self, element: Element, tag: str) -> bool:
        """Whether an inline element is a button or is for screen readers only."""
        return tag not in _BLOCKS and not len(element) > 3 and phrases.is_boilerplate(element)

    def _start(self, element: Element, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._start_block(element, tag)
        elif tag == "br":
            self._break()
        elif tag == "a":
            self._links += 1
        elif tag == "time":
            self.found.times.append((len(self.found.pieces), element.get("datetime") or ""))

    def _start_block(self, element: Element, tag: str) -> None:
        at = len(self.found.pieces)
        if element.attrib or tag in phrases.MARKED_TAGS:
            rank = phrases.rank(element, tag)
            if rank is not None or phrases.is_boilerplate(element):
                self._open.append((element, at, -1 if rank is None else rank))
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in ("li", "dd", "dt"):
            self._items += 1
        elif tag == "blockquote":
            self._quotations += 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "tr":
            if self._rows:
                self._rows[-1].plain = False
            self._rows.append(_Row(at))
        elif tag in ("td", "th") and self._rows:
            row = self._rows[-1]
            row.plain = row.plain and row.cell is None
            row.cell = at

    def _end(self, element: Element, tag: str) -> None:
        if tag == "a":
            self._links = max(0, self._links - 1)
        if tag not in _BLOCKS:
            return
        self._flush()
        at = len(self.found.pieces)
        if tag in _HEADINGS:
            self._level = 0
        elif tag in ("li", "dd", "dt"):
            self._items -= 1
        elif tag == "blockquote":
            self._quotations -= 1
        elif tag == "pre":
            self._pre -= 1
        elif tag in ("td", "th") and self._rows and self._rows[-1].cell is not None:
            self._rows[-1].cells.append((self._rows[-1].cell, at))
            self._rows[-1].cell = None
        elif tag == "tr" and self._rows:
            self._join(self._rows.pop())
        if self._open and self._open[-1][0] is element:
            _, start, rank = self._open.pop()
            ranges = self.found.boilerplate if rank < 0 else self.found.marked
            ranges.append(Range(start, len(self.found.pieces), rank))

    def _join(self, row: _Row) -> None:
        """Join the cells of a row of data; the columns of a page that is laid out as a table stay."""
        found = self.found
        texts = [" ".join(piece.text for piece in found.pieces[a:b]) for a, b in row.cells]
        filled = sum(map(bool, texts))
        after_row = row.start > 0 and found.pieces[row.start - 1].kind == "row"
        laid_out = (
            not row.plain
            or any(b - a > _CELL_PIECES for a, b in row.cells)
            or any(p.level or p.kind == "item" for p in found.pieces[row.start :])
            or any(r.start >= row.start < r.end for r in found.marked[-1:])
            or max(map(len, texts), default=0) > _CELL
        )
        if laid_out or filled == 0 or len(texts) < 2 or (filled == 1 and not after_row):
            return
        linked = sum(piece.linked for piece in found.pieces[row.start :])
        joined = "\t".join(" ".join(text.split()) for text in texts)
        found.pieces[row.start :] = [Piece(joined, "row", linked)]
        for ranges in (found.marked, found.boilerplate):
            while ranges and ranges[-1].start >= row.start:
                ranges.pop()  # a part of the row is none of its own any more

    def _break(self) -> None:
        """Take a line break: two in a row, or one after a sentence, end the paragraph."""
        last = self._buffer[-1] if self._buffer else ""
        if last == "\n" or _ENDED.search(last[-8:]):
            self._flush()
        elif self._buffer:
            self._buffer.append("\n")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        text = text if self._pre else _SPACE.sub(" ", text)
        if self._buffer and self._buffer[-1] == "\n":
            if not text.strip():
                return
            if _INDENT.match(text):
                self._flush()
        self._buffer.append(text)
        if self._links:
            self._linked += len(text)

    def _flush(self) -> None:
        if not self._buffer:
            return
        text, linked = "".join(self._buffer), self._linked
        self._buffer.clear()
        self._linked = 0
        if not text.strip():
            return
        kind: Kind = "body"
        if self._level:
            kind = "heading"
        elif self._items:
            kind = "item"
        elif self._quotations:
            kind = "quotation"
        for part in _EMPTY_LINE.split(text) if "\n" in text else (text,):
            lines = [line for raw in part.split("\n") if (line := _BLANKS.sub(" ", raw).strip())]
            # A place and its date, an address, verses: lines that the page breaks on purpose.
            if self._level or max(map(len, lines), default=0) >= _LONG:
                lines = ["\n".join(lines)] if lines else []
            for line in lines:
                self.found.pieces.append(Piece(line, kind, min(linked, len(line)), self._level))


def pieces(root: Element) -> Pieces:
    """Return the pieces of a page. Takes scripts, menus and the like out of the tree."""
    etree.strip_elements(root, *_NEVER, with_tail=False)
    return _Walk().run(root)


def of_fragment(markup: str) -> list[Piece]:
    """Return the pieces of a fragment that is nothing but text: an entry of a feed, a mail."""
    root, _ = page.tree(markup)
    return [] if root is None else pieces(root).pieces
