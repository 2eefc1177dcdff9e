"""Where the rows of a table stand in the texts, as spans that are made when somebody looks."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Self, overload

import numpy as np
from numpy.typing import NDArray

from kit.corpus import Corpus, Span
from kit.tokens.layer import Ints, Layer, Longs

if TYPE_CHECKING:
    from kit.tokens import Tokens

Flags = NDArray[np.bool_]
Bounds = tuple[Ints, Ints]  # first and last words, both inclusive


class Spans(Sequence[tuple[Span, ...]]):
    """For each row the spans that it rests on, made when somebody looks."""

    def __eq__(self, other: object) -> bool:
        """Whether the other is a sequence of the same spans."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    # no key: to compare it all spans are made
    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, index: int) -> tuple[Span, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    @abstractmethod
    def __getitem__(self, index: int | slice) -> tuple[Span, ...] | Self: ...

    @abstractmethod
    def spread(self, row: int, most: int) -> tuple[Span, ...]:
        """Return at most `most` spans of a row, evenly spaced from the first to the last."""

    @abstractmethod
    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""


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
            chosen = _spaced(len(first), most)
            first, last = first[chosen], last[chosen]
        return self._spans(first, last)

    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""
        first, last = self._row(row)
        passage = self._tokens.passage
        if (passage[first] != passage[last]).any():
            return len({(s.document, s.paragraph) for s in self._spans(first, last)})
        return len(np.unique(passage[first]))

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


class Kept(Spans):
    """For each row spans by the number of their passage, as arrays that may lie on disk.

    `places` has a row (passage, start, end) a span, `bounds` the first place of each row and the
    number of places.
    """

    def __init__(self, corpus: Corpus, places: Ints, bounds: Ints | Longs) -> None:
        self._corpus, self._places, self._bounds = corpus, places, bounds
        self._rows = range(len(bounds) - 1)

    @classmethod
    def of(cls, corpus: Corpus, evidence: Sequence[tuple[Span, ...]]) -> "Kept":
        """Return the spans of rows of whatever kind as arrays."""
        first = dict(zip((d.id for d in corpus), _first_passages(corpus), strict=False))
        rows = [(first[s.document] + s.paragraph, s.start, s.end) for row in evidence for s in row]
        bounds = np.cumsum([0, *map(len, evidence)])
        return cls(corpus, np.array(rows, dtype=np.int32).reshape(-1, 3), bounds)

    @property
    def arrays(self) -> tuple[Ints, Ints | Longs]:
        """The places and the bounds of the rows."""
        return self._places, self._bounds

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> tuple[Span, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> "Kept": ...
    def __getitem__(self, index: int | slice) -> "tuple[Span, ...] | Kept":
        if isinstance(index, slice):
            chosen = Kept(self._corpus, self._places, self._bounds)
            chosen._rows = self._rows[index]
            return chosen
        return self._spans(self._row(index))

    def spread(self, row: int, most: int) -> tuple[Span, ...]:
        """Return at most `most` spans of a row, evenly spaced from the first to the last."""
        found = self._row(row)
        found = found[np.sort(np.unique(found, axis=0, return_index=True)[1])]
        return self._spans(found[_spaced(len(found), most)] if len(found) > most else found)

    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""
        return len(np.unique(self._row(row)[:, 0]))

    def _row(self, row: int) -> Ints:
        number = self._rows[row]
        return self._places[self._bounds[number] : self._bounds[number + 1]]

    def _spans(self, places: Ints) -> tuple[Span, ...]:
        documents = self._corpus.documents
        number = np.searchsorted(self._first, places[:, 0], side="right") - 1
        paragraph = places[:, 0] - self._first[number]
        columns = (number, paragraph, places[:, 1], places[:, 2])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(Span(documents[n].id, p, start, end) for n, p, start, end in rows)

    @cached_property
    def _first(self) -> Longs:
        return np.array(_first_passages(self._corpus)[:-1], dtype=np.int64)


def _first_passages(corpus: Corpus) -> list[int]:
    """Return the number of the first passage of each document, and the number of passages."""
    return list(accumulate((len(d.paragraphs) + 1 for d in corpus), initial=0))


def _spaced(number: int, most: int) -> Longs:
    """Return `most` of the first `number` integers, evenly spaced."""
    return np.linspace(0, number - 1, most).round().astype(np.int64)


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
