"""Two documents -> the pieces of their redline, each with the place it comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from kit.corpus import Document, Span
from kit.redline.diff import kept, with_their_words
from kit.redline.match import Match, match
from kit.redline.words import Sentence, Word, sentences

Change = Literal["same", "struck", "inserted", "moved", "moved away"]
_TITLE = ("new", 0)
CARRIED = 4  # words in a row that stand unchanged, from which they count as carried over


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage of the redline.

    ``passage`` numbers the passages of the redline from 1. ``old`` and ``new`` are its places in the two
    texts: a piece that is the same or moved has both, one that is struck or moved away the old one.
    ``move`` numbers the sentences that moved from 1: all pieces at the new place of one have its number,
    and so has what is shown at its old place; 0 is no move. ``carried`` is how many of its words count
    as carried over verbatim.
    """

    passage: int
    change: Change
    old: Span | None
    new: Span | None
    words: int
    carried: int = 0
    move: int = 0

    @property
    def place(self) -> Span:
        """Where the text of the piece stands: in the new text, or else in the old one."""
        place = self.new or self.old
        assert place is not None
        return place


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of one passage of a document, a run of its sentences."""

    document: str
    paragraph: int
    words: tuple[Word, ...]

    def starts(self, number: int) -> int:
        """Return where a word begins, or where the last one has ended."""
        return self.words[number].start if number < len(self.words) else self.words[-1].past

    def span(self, start: int, end: int) -> Span:
        """Return a place in the passage."""
        return Span(self.document, self.paragraph, start, end)


@dataclass(frozen=True, slots=True)
class _Item:
    """What is read in one go: sentences of the old text, of the new one, or of both."""

    where: tuple[
        str, int
    ]  # the paragraph of the new text, or that of the old one where it has no heir
    old: tuple[int, ...]
    new: tuple[int, ...]
    move: int = 0


def pieces(old: Document, new: Document) -> list[Piece]:
    """Return the redline of two documents, in the order in which it is read.

    For each paragraph of the new text its pieces ``same``, ``inserted`` and ``moved`` are, one after
    another, the whole paragraph; for each paragraph of the old text so are ``same``, ``struck`` outside
    of moves and ``moved away``.
    """
    before, after = sentences(old), sentences(new)
    found: list[Piece] = []
    passages: dict[tuple[str, int], int] = {}
    for item in _items(before, after, match(before, after)):
        passage = passages.setdefault(item.where, len(passages) + 1)
        found += _of_item(
            item, passage, _stretch(old, before, item.old), _stretch(new, after, item.new)
        )
    return found


# ---- in what order sentences are read, and in which passage


def _items(
    old: Sequence[Sentence], new: Sequence[Sentence], matches: Sequence[Match]
) -> Iterator[_Item]:
    """Yield what is read, in order: pairs that keep their order, and between them what does not."""
    moves = [m for m in matches if m.moved]
    away = {m.old[0]: (m.old, n) for n, m in enumerate(moves, start=1)}
    come = {m.new[0]: (m, n) for n, m in enumerate(moves, start=1)}
    i = j = 0
    last: tuple[int, int] | None = None  # the paragraphs of the pair before
    for pair in (*(m for m in matches if not m.moved), None):
        ahead = (old[pair.old[0]].paragraph, new[pair.new[0]].paragraph) if pair else None
        gone, there = [], []
        past = pair.old[0] if pair else len(old)
        while i < past:
            run, move = away.get(i, ((i,), 0))
            gone.append(_Item(_heir(old[i].paragraph, last, ahead), run, (), move))
            i += len(run)
        past = pair.new[0] if pair else len(new)
        while j < past:
            moved, move = come.get(j, (Match((), (j,), moved=False), 0))
            there.append(_Item(("new", new[j].paragraph), moved.old, moved.new, move))
            j += len(moved.new)
        yield from _in_order(gone, there, last, ahead)
        if pair and ahead:
            yield _Item(("new", ahead[1]), pair.old, pair.new)
            i, j, last = pair.old[-1] + 1, pair.new[-1] + 1, ahead


def _heir(
    paragraph: int, last: tuple[int, int] | None, ahead: tuple[int, int] | None
) -> tuple[str, int]:
    """Return the passage in which sentences without a successor are shown: that of their neighbours."""
    if paragraph == 0:
        return _TITLE
    if last and ahead and last[1] == ahead[1]:
        return "new", last[1]
    for neighbour in (last, ahead):
        if neighbour and neighbour[0] == paragraph:
            return "new", neighbour[1]
    return "old", paragraph


def _in_order(
    gone: Sequence[_Item],
    there: Sequence[_Item],
    last: tuple[int, int] | None,
    ahead: tuple[int, int] | None,
) -> Iterator[_Item]:
    """Yield what stands between two pairs: the passage of the first, what is in neither, that of the next."""
    first, final = (("new", pair[1]) if pair else None for pair in (last, ahead))
    edges = {first, final}
    both = sorted((*gone, *there), key=lambda item: item.where != _TITLE)
    yield from (item for item in both if item.where == first)
    yield from (item for item in both if item.where not in edges)
    yield from (item for item in both if item.where == final and final != first)


# ---- the pieces of what is read in one go


def _stretch(document: Document, found: Sequence[Sentence], run: Sequence[int]) -> _Stretch | None:
    if not run:
        return None
    words = tuple(chain.from_iterable(found[n].words for n in run))
    return _Stretch(document.id, found[run[0]].paragraph, words)


def _of_item(
    item: _Item, passage: int, old: _Stretch | None, new: _Stretch | None
) -> Iterator[Piece]:
    if old and new:
        yield from _of_pair(old, new, passage, item.move)
    elif old:
        change: Change = "moved away" if item.move else "struck"
        span = old.span(old.starts(0), old.starts(len(old.words)))
        yield Piece(passage, change, span, None, _count(old.words), move=item.move)
    elif new:
        span = new.span(new.starts(0), new.starts(len(new.words)))
        yield Piece(passage, "inserted", None, span, _count(new.words))


def _of_pair(old: _Stretch, new: _Stretch, passage: int, move: int) -> Iterator[Piece]:
    """Yield the pieces of sentences that belong together: struck, inserted, kept, struck, ..."""
    runs = with_their_words(kept(old.words, new.words), old.words, new.words)
    whole = sum(size for _, _, size in runs) == len(old.words) == len(new.words)
    i = j = 0
    places = old.starts(0), new.starts(0)
    for a, b, size in (*runs, (len(old.words), len(new.words), 0)):
        starts = old.starts(a), new.starts(b)
        if places[0] < starts[0]:
            span = old.span(places[0], starts[0])
            yield Piece(passage, "struck", span, None, _count(old.words[i:a]), move=move)
        if places[1] < starts[1]:
            span = new.span(places[1], starts[1])
            yield Piece(passage, "inserted", None, span, _count(new.words[j:b]), move=move)
        i, j = a + size, b + size
        if size:
            last = old.words[i - 1], new.words[j - 1]
            # blanks that only one of the two has are part of what follows
            even = (last[0].past > last[0].end) == (last[1].past > last[1].end)
            places = (last[0].past, last[1].past) if even else (last[0].end, last[1].end)
            words = _count(new.words[b:j])
            carried = words if whole or words >= CARRIED else 0
            spans = old.span(starts[0], places[0]), new.span(starts[1], places[1])
            yield Piece(passage, "moved" if move else "same", *spans, words, carried, move)


def _count(words: Sequence[Word]) -> int:
    return sum(word.words for word in words)
