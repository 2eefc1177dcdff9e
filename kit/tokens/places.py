"""Where the rows of a table stand in the texts, as spans that are made when somebody looks."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from kit.corpus import Span
from kit.spans import SpanArrays, Spans, spaced
from kit.tokens.layer import Ints, Layer, Longs

if TYPE_CHECKING:
    from kit.tokens import Tokens

Flags = NDArray[np.bool_]
Bounds = tuple[Ints, Ints]  # first and last words, both inclusive


class Places(Spans):
    """For each row the spans from a first to a last word; a sequence of tuples of spans.

    A table of all words of an archive has millions of places: what is kept is arrays of words, and
    the spans of a row are made when it is asked for. What goes on into other passages is a span in
    each of them that it has words in.
    """

    def __init__(self, t: "Tokens", rows: Iterable[Bounds]) -> None:
        kept = list(rows)
        self._tokens = t
        self._numbers: Longs = np.arange(len(kept))
        self._bounds: Callable[[int], Bounds] = kept.__getitem__

    @classmethod
    def later(cls, t: "Tokens", numbers: Longs, bounds: Callable[[int], Bounds]) -> "Places":
        """Return the places of rows whose bounds are looked up by number when somebody looks."""
        places = cls(t, ())
        places._numbers, places._bounds = numbers, bounds
        return places

    @classmethod
    def of_values(cls, t: "Tokens", layer: Layer, numbers: Longs, apart: Flags) -> "Places":
        """Return where values of a layer stand, but for words set apart (one truth a word).

        A number past the last value is of none that the corpus has: it stands nowhere.
        """

        def bounds(number: int) -> Bounds:
            known = number < len(layer.names)
            at = layer.positions(number) if known else np.empty(0, dtype=np.int32)
            at = at[~apart[at]]
            return at, at

        return cls.later(t, numbers, bounds)

    @classmethod
    def of_hits(cls, t: "Tokens", first: Ints | Longs, last: Ints | Longs) -> "Places":
        """Return the places of rows that have one each."""
        first, last = first.astype(np.int32), last.astype(np.int32)
        return cls.later(
            t, np.arange(len(first)), lambda row: (first[row : row + 1], last[row : row + 1])
        )

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> tuple[Span, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> "Places": ...
    def __getitem__(self, index: int | slice) -> "tuple[Span, ...] | Places":
        if isinstance(index, slice):
            return Places.later(self._tokens, self._numbers[index], self._bounds)
        return self._spans(*self._row(index))

    def spread(self, row: int, most: int) -> tuple[Span, ...]:
        """Return at most `most` spans of a row, evenly spaced from the first to the last."""
        first, last = self._row(row)
        if len(first) > most:
            chosen = spaced(len(first), most)
            first, last = first[chosen], last[chosen]
        return self._spans(first, last)

    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""
        first, last = self._row(row)
        passage = self._tokens.passage
        if (passage[first] != passage[last]).any():
            return len({(s.document, s.paragraph) for s in self._spans(first, last)})
        return len(np.unique(passage[first]))

    def arrays(self) -> SpanArrays:
        """Return the same as arrays."""
        t = self._tokens
        rows = [self._row(i) for i in range(len(self))]
        if not rows:
            return SpanArrays.of(t.corpus, ())
        first, last = (np.concatenate(column) for column in zip(*rows, strict=True))
        if (t.passage[first] != t.passage[last]).any():
            return SpanArrays.of(t.corpus, list(self))
        places = np.stack((t.passage[first], t.start[first], t.end[last]), axis=1)
        return SpanArrays(t.corpus, places, np.cumsum([0, *(len(one) for one, _ in rows)]))

    def _row(self, row: int) -> Bounds:
        return self._bounds(int(self._numbers[row]))

    def _spans(self, first: Ints, last: Ints) -> tuple[Span, ...]:
        t = self._tokens
        columns = (t.passage[first], t.passage[last], t.start[first], t.end[last])
        bounds = zip(*(column.tolist() for column in columns), strict=True)
        passages = t.passages
        spans: list[Span] = []
        for opening, closing, start, end in bounds:
            if opening == closing:
                name, paragraph = passages[opening]
                spans.append(Span(name, paragraph, start, end))
            else:
                spans += parts(t, opening, closing, start, end)
        return tuple(spans)


def parts(t: "Tokens", opening: int, closing: int, start: int, end: int) -> list[Span]:
    """Return a stretch from one passage to another as spans, one a passage that it has text in."""
    spans = []
    for number in range(opening, closing + 1):
        begin = start if number == opening else 0
        past = end if number == closing else len(t.texts[number])
        if past:
            name, paragraph = t.passages[number]
            spans.append(Span(name, paragraph, begin, past))
    return spans
