"""Quotation marks: which stretches of a text stand in them.

Marks are told apart by what stands beside them, in one pass over a text: curly, straight, single,
guillemets, German and Chinese ones, one inside another. A quotation may run over paragraphs, each of
which opens again; one that nobody closes ends with its sentence, never with the text.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from kit.corpus import Document

_MARK = re.compile(
    "[\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f]"
)
_APOSTROPHE = re.compile(r"(?:^|\W)'\S")  # one that may open
_FIRST = '"\u2018\u201a\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300e'
_CLOSES = {"\u300c": "\u300d", "\u300e": "\u300f"}
_SINGLE = frozenset("'\u2018\u2019\u201a\u201b")
_DOUBLE = frozenset('"\u201c\u201d\u201e\u201f\u00ab\u00bb')
# Words that begin with an apostrophe are no quotation: 'tis, the '90s.
_ELIDED = re.compile(r"(?:\d0s\b|tis\b|twas\b|em\b|til\b|cause\b)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(?:\(?\d{1,4}[.)]\s*|[-\u2013\u2014\u2022*]\s*)?")
WHOLE_PARAGRAPH = 1_500  # characters up to which an unclosed quotation may fill its paragraph
Bounds = tuple[int, int, int]  # paragraph, start, end


@dataclass(slots=True)
class Quoted:
    """What stands in marks: its stretches without the marks, how deep it lies, whether it is closed."""

    pieces: list[Bounds]
    opens: int  # where the first mark stands in its paragraph
    closes: int  # past the last mark, in the paragraph of the last piece
    closed: bool = True
    inner: list["Quoted"] = field(default_factory=list)

    @property
    def paragraph(self) -> int:
        """The paragraph in which it begins."""
        return self.pieces[0][0]


@dataclass(slots=True)
class _Open:
    mark: str
    at: int  # of the mark in this paragraph
    quoted: Quoted


def quoted(document: Document, sentence_end: Callable[[int, int], int]) -> list[Quoted]:
    """Return the outermost quotations of a document in reading order.

    ``sentence_end(paragraph, place)`` gives where the sentence of a place ends.
    """
    found: list[Quoted] = []
    carried: list[_Open] = []
    for number, text in document.passages():
        if not carried and not may_have(text):
            continue
        start = _NUMBER.match(text).end()  # type: ignore[union-attr]  # it matches nothing too
        going_on = [o for o in carried[:1] if _same(o.mark, text[start : start + 1])]
        for lost in carried[len(going_on) :]:
            _give_up(lost, number - 1, document.text(number - 1), sentence_end)
        left = _passage(number, text, going_on, start if going_on else -1, found)
        carried = []
        for open_ in left:
            may_go_on = open_ is left[0] and open_.mark in _DOUBLE | {"\u2018"}
            following = number < len(document.paragraphs) and may_go_on
            if following and _reopened(document.text(number + 1), open_.mark):
                open_.quoted.pieces[-1] = (number, open_.quoted.pieces[-1][1], len(text.rstrip()))
                open_.quoted.closes = len(text)
                carried.append(open_)
            else:
                _give_up(open_, number, text, sentence_end)
    return _outermost(found)


def may_have(text: str) -> bool:
    """Whether a text may have quotation marks; most have none, and need no more."""
    if any(mark in text for mark in _FIRST):
        return True
    return "'" in text and bool(_APOSTROPHE.search(text))


def _reopened(text: str, mark: str) -> bool:
    start = _NUMBER.match(text).end()  # type: ignore[union-attr]
    return _same(mark, text[start : start + 1])


def _same(mark: str, other: str) -> bool:
    return bool(other) and (mark == other or {mark, other} <= {"\u201c", '"', "\u201d"})


def _passage(
    number: int, text: str, stack: list[_Open], reopened: int, found: list[Quoted]
) -> list[_Open]:
    """Read the marks of a passage onto `found`; return what is left open, the outermost first."""
    stack = list(stack)
    if stack:
        stack[0].quoted.pieces.append((number, reopened + 1, len(text)))
        stack[0].at = reopened
    singles = _single_ends(text)
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        if at == reopened:
            continue
        before, after = text[at - 1] if at else " ", text[at + 1 : at + 2] or " "
        if mark in _SINGLE:
            open_at = _index(stack, _SINGLE)
            if open_at >= 0 and at == singles.get(stack[open_at].at):
                _close(stack, open_at, number, at, found)
            elif at in singles:
                _open(stack, mark, number, at, len(text), found)
            continue
        open_at = _closing(stack, mark, before, after)
        if open_at >= 0:
            _close(stack, open_at, number, at, found)
        elif mark not in _CLOSES.values() and _may_open(mark, before, after, alone=not stack):
            _open(stack, mark, number, at, len(text), found)
    return stack


def _may_open(mark: str, before: str, after: str, *, alone: bool) -> bool:
    if mark in _CLOSES:
        return True
    if after.isspace():  # a stray blank of a scanned text, where no quotation is open
        return alone and before.isspace() and mark in '\u201c"'
    return mark in "\u201e\u00ab\u201c" or not before.isalnum()


def _opening_place(before: str, after: str) -> bool:
    return (
        before.isspace() or before in "([{-\u2013\u2014/:\u201c\"\u2018'"
    ) and not after.isspace()


def _closing(stack: list[_Open], mark: str, before: str, after: str) -> int:
    """Return which open quotation a mark closes, -1 where it closes none."""
    if mark in _CLOSES.values():
        return next(
            (i for i in reversed(range(len(stack))) if _CLOSES.get(stack[i].mark) == mark), -1
        )
    if mark in _CLOSES or mark == "\u201e":
        return -1
    own = {
        "\u00ab": {"\u00bb"},
        "\u00bb": {"\u00ab"},
        "\u201c": {"\u201e", "\u201c"},
        "\u201d": {"\u201c", "\u201e", '"', "\u201d", "\u201f"},
        "\u201f": {"\u201c", "\u201e"},
        '"': {'"', "\u201c", "\u201e", "\u201d"},
    }[mark]
    at = _index(stack, own)
    if at < 0:
        return -1
    if mark in '\u201c"\u00ab\u00bb' and _opening_place(before, after):
        # a mark that looks like an opening one closes only what is of the other kind: „so“ und «so»
        reverse = stack[at].mark == "\u201e" or mark == "\u00bb"
        return at if reverse and not before.isspace() else -1
    return at


def _index(stack: list[_Open], marks: "frozenset[str] | set[str]") -> int:
    return next((i for i in reversed(range(len(stack))) if stack[i].mark in marks), -1)


def _open(
    stack: list[_Open], mark: str, number: int, at: int, end: int, found: list[Quoted]
) -> None:
    made = Quoted([(number, at + 1, end)], at, end, closed=False)
    found.append(made)
    stack.append(_Open(mark, at, made))


def _close(stack: list[_Open], index: int, number: int, at: int, found: list[Quoted]) -> None:
    """Close an open quotation; what opened inside it and is open still was no quotation."""
    for lost in stack[index + 1 :]:
        lost.quoted.pieces.clear()
    done = stack[index].quoted
    _, start, _ = done.pieces[-1]
    done.pieces[-1] = (number, start, at)
    done.closes, done.closed = at + 1, True
    del stack[index:]


def _give_up(open_: _Open, number: int, text: str, sentence_end: Callable[[int, int], int]) -> None:
    """End a quotation that nobody closes: with its paragraph if that is short, or its sentence."""
    done = open_.quoted
    _, start, _ = done.pieces[-1]
    lead = text[: open_.at].rstrip()
    whole = (not lead or lead.endswith(":")) and len(text) - start <= WHOLE_PARAGRAPH
    end = len(text.rstrip()) if whole else max(sentence_end(number, start), start)
    done.pieces[-1] = (number, start, end)
    done.closes, done.closed = end, False


def _single_ends(text: str) -> dict[int, int]:
    """Return the end of each quotation in single marks by its start, and nothing for apostrophes.

    Both the start and the end must stand where a mark does; an end after *s* counts where no better
    one follows, for it may be that of *the countries' aims*.
    """
    opens: int | None = None
    doubtful: int | None = None
    ends: dict[int, int] = {}
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        if mark not in _SINGLE:
            continue
        before, after = text[at - 1] if at else " ", text[at + 1 : at + 2] or " "
        if mark != "\u2019" and _opening_place(before, after) and not _ELIDED.match(text, at + 1):
            if opens is not None and doubtful is not None:
                ends[opens] = doubtful
            opens, doubtful = at, None
        elif opens is not None and not before.isspace() and not after.isalnum():
            strong = not before.isalnum() or not (before == "s" and after == " ")
            follows = text[at + 2 : at + 3]
            if strong or (after == " " and follows.isupper()):
                ends[opens] = at
                opens = doubtful = None
            else:
                doubtful = at if doubtful is None else doubtful
    if opens is not None and doubtful is not None:
        ends[opens] = doubtful
    return ends


def _outermost(found: list[Quoted]) -> list[Quoted]:
    """Return the quotations that lie in no other, each with those that lie in it."""
    kept = [q for q in found if q.pieces and any(start < end for _, start, end in q.pieces)]
    kept.sort(key=lambda q: (q.paragraph, q.opens, -q.pieces[-1][0], -q.closes))
    top: list[Quoted] = []
    for q in kept:
        last = top[-1] if top else None
        if last and (q.paragraph, q.opens) < (last.pieces[-1][0], last.pieces[-1][2]):
            last.inner.append(q)
        else:
            top.append(q)
    return top


def sentence_ends(bounds: dict[int, list[int]]) -> Callable[[int, int], int]:
    """Return the function that `quoted` wants, from the ends of the sentences of each paragraph."""

    def end(paragraph: int, place: int) -> int:
        ends = bounds.get(paragraph, [])
        at = bisect_left(ends, place + 1)
        return ends[at] if at < len(ends) else (ends[-1] if ends else place)

    return end
