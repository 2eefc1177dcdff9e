"""The tree of a page -> its pieces of text -> those of the text itself.

Which part of the page is the text, by this rule:

1. The page says so: ``itemprop=articleBody``, ``article``, ``main`` or ``role=main``, or an id or
   class that content systems use for it. The mark has to hold half of the page's prose or more;
   inside it, the narrowest further mark that loses no prose.
2. It does not: the page without its menus, from where the text begins by trafilatura to where it
   ends, if that holds four fifths of the page's prose; else all of it.

Prose is a paragraph of some length that is not mostly links. Then, in both cases: what stands above
the title, and share buttons, datelines and lists of links before the first and after the last
paragraph are not the text.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from kit.parse.html import page, phrases
from kit.parse.html.page import Element
from kit.parse.html.pieces import Piece, Pieces, Range, pieces

_SHARE = 0.5  # of the page's prose that a marked part has to hold
_KEEPS = 0.8  # of the page's prose that trafilatura has to find
_GUARD = 0.4  # of the text's prose: what holds more is no boilerplate, whatever its class says
_ABOVE = 0.2  # of the text's prose that may stand above its title
_HEAD = 40  # pieces before the text among which its title and dates may stand
_LARGEST_FOR_TRAFILATURA = 2_000_000  # characters; it takes about 0.15 s for each million
_UNMARKED = 9  # the rank of a page as a whole
_SAME = 80  # characters that two prints of a paragraph have in common

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its warnings are not ours


@dataclass(frozen=True, slots=True)
class Body:
    """The pieces of the text, and those above it, where its title and its date stand."""

    head: tuple[Piece, ...]
    text: tuple[Piece, ...]
    title: str
    start: int
    notes: tuple[str, ...] = ()


def body(found: Pieces, titles: Sequence[str], root: Element, size: int) -> Body:
    """Return the text of a page; `titles` are what its metadata call it, `size` its characters."""
    prose = [0, *accumulate(piece.prose for piece in found.pieces)]
    part = _marked(found.marked, prose)
    notes: tuple[str, ...] = ()
    if part is None:
        notes = ("the page does not mark its text: found by its shape",)
        part = Range(0, len(found.pieces), _UNMARKED)
    within = prose[part.end] - prose[part.start]
    left_out = [0] * (len(found.pieces) + 1)
    for r in found.boilerplate:
        if prose[r.end] - prose[r.start] <= _GUARD * within:
            left_out[r.start] += 1
            left_out[r.end] -= 1
    left_out = list(accumulate(left_out))
    kept = [i for i in range(part.start, part.end) if not left_out[i]]
    title, at = _title(found.pieces, kept, titles, part)
    if at is not None and part.start <= at and prose[at] - prose[part.start] <= _ABOVE * within:
        kept = [i for i in kept if i > at]
    own = _trim([found.pieces[i] for i in kept], unmarked=part.rank == _UNMARKED)
    if part.rank == _UNMARKED and _prose(own) and size <= _LARGEST_FOR_TRAFILATURA:
        own = _between(own, _trim(_after_title(_trafilatura(root), title), unmarked=False))
    start = _where(found.pieces, own[0].text, kept[0]) if own else part.end
    head = tuple(found.pieces[max(0, start - _HEAD) : start])
    return Body(head, tuple(own), title, start, notes if own else ())


def _where(pieces: Sequence[Piece], text: str, start: int) -> int:
    """Return the index of the piece of this text, from `start` on; `start` where there is none."""
    return next((i for i in range(start, len(pieces)) if pieces[i].text == text), start)


def _prose(some: Sequence[Piece]) -> int:
    return sum(piece.prose for piece in some)


def _marked(ranges: Sequence[Range], prose: Sequence[int]) -> Range | None:
    """Return the part that the page marks as its text, or None."""

    def held(r: Range) -> int:
        return prose[r.end] - prose[r.start]

    best = None
    for rank in range(phrases.RANKS):
        largest = max((r for r in ranges if r.rank == rank), key=held, default=None)
        if largest is not None and held(largest) > 0 and held(largest) >= _SHARE * prose[-1]:
            best = largest
            break
    if best is None:
        return None
    inner = [r for r in ranges if best.start <= r.start and r.end <= best.end]
    return min((r for r in inner if held(r) == held(best)), key=lambda r: r.end - r.start)


def _title(
    pieces: Sequence[Piece], kept: Sequence[int], titles: Sequence[str], part: Range
) -> tuple[str, int | None]:
    """Return the title that is printed on the page and where, or '' and None."""
    wanted = {phrases.bare(title) for title in titles} - {""}
    inside = set(kept)
    ranked = sorted(
        (i for i, piece in enumerate(pieces) if piece.level),
        key=lambda i: (i not in inside, pieces[i].level, i),
    )
    named = [i for i in ranked if phrases.bare(pieces[i].text) in wanted]
    if named:
        # the longest: "Press release - Statement on trade" is also printed in parts
        best = max(named, key=lambda i: (i in inside, len(pieces[i].text)))
        return pieces[best].text, best
    first = [i for i in kept if pieces[i].level == 1]
    if first:
        return pieces[first[0]].text, first[0]
    # printed in no heading, but word for word
    for i in range(max(0, part.start - _HEAD), min(part.end, part.start + _HEAD)):
        if phrases.bare(pieces[i].text) in wanted:
            return pieces[i].text, i
    above = [i for i in ranked if pieces[i].level == 1 and i < part.start]
    return (pieces[above[-1]].text, above[-1]) if above and not wanted else ("", None)


def _after_title(some: list[Piece], title: str) -> list[Piece]:
    for i, piece in enumerate(some[:10]):
        if phrases.bare(piece.text) == phrases.bare(title):
            return some[i + 1 :]
    return some


def _trim(some: list[Piece], *, unmarked: bool) -> list[Piece]:
    """Take off what is not the text: stock phrases, and links and datelines at both ends."""
    kept = [piece for piece in some if not phrases.is_phrase(piece.text)]
    if unmarked:
        kept = [piece for piece in kept if not (piece.is_link and piece.kind != "heading")]
    last = max((i for i, piece in enumerate(kept) if piece.prose), default=-1)
    for i in range(last + 1, len(kept)):
        if kept[i].kind == "heading" and phrases.RELATED.fullmatch(kept[i].text):
            del kept[i:]
            break
    start = 0
    while start < len(kept) and _is_edge(kept[start], first=True):
        start += 1
    end = len(kept)
    while end > start and _is_edge(kept[end - 1], first=False):
        end -= 1
    return kept[start:end]


def _is_edge(piece: Piece, *, first: bool) -> bool:
    if piece.is_link:
        return True
    return phrases.is_dateline(piece.text) if first else piece.kind == "heading"


def _between(own: list[Piece], theirs: list[Piece]) -> list[Piece]:
    """Return ours from where theirs begins to where it ends: what they lose between is kept."""
    if _prose(theirs) < _KEEPS * _prose(own):
        return own
    at = {phrases.bare(piece.text[:_SAME]): i for i, piece in reversed([*enumerate(own)])}
    places = [at[key] for piece in theirs if (key := phrases.bare(piece.text[:_SAME])) in at]
    return own[min(places) : max(places) + 1] if places else own


def _trafilatura(root: Element) -> list[Piece]:
    """Return what trafilatura finds, in our pieces; nothing where it fails. Changes the tree."""
    import trafilatura  # noqa: PLC0415  half a second, for pages without marks only

    try:
        result = trafilatura.extract(
            root, output_format="html", favor_recall=True, include_comments=False
        )
        theirs = page.tree(result)[0] if result else None
    except Exception:  # its heuristics raise what they like on a broken page; ours stand then
        return []
    return [] if theirs is None else pieces(theirs).pieces
