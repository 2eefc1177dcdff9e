"""The spans that rows of a table rest on, made when somebody looks; as arrays, that may lie on disk."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from kit.corpus import Corpus, Span

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


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
    def arrays(self) -> "SpanArrays":
        """Return the same as arrays."""

    @abstractmethod
    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""


class SpanArrays(Spans):
    """For each row spans by the running number of their passage in the corpus, titles counted too.

    `places` has a row (passage, start, end) a span; `bounds` the first place of each row, and the number
    of places.
    """

    def __init__(self, corpus: Corpus, places: Ints, bounds: Longs) -> None:
        self.places = places
        self._corpus = corpus
        self._begin, self._past = bounds[:-1], bounds[1:]

    @classmethod
    def of(cls, corpus: Corpus, evidence: Sequence[tuple[Span, ...]]) -> "SpanArrays":
        """Return the spans of rows of whatever kind as arrays."""
        if isinstance(evidence, Spans):
            return evidence.arrays()
        first = dict(zip((d.id for d in corpus), _first_passages(corpus), strict=False))
        rows = [(first[s.document] + s.paragraph, s.start, s.end) for row in evidence for s in row]
        places = np.array(rows, dtype=np.int32).reshape(-1, 3)
        return cls(corpus, places, np.cumsum([0, *map(len, evidence)]))

    @classmethod
    def of_rows(cls, corpus: Corpus, places: Ints, rows: Sequence[Longs]) -> "SpanArrays":
        """Return the spans of rows that each have some of many places, given by their numbers."""
        numbers = np.concatenate((np.empty(0, dtype=np.int64), *rows))
        return cls(corpus, places[numbers], np.cumsum([0, *map(len, rows)]))

    def arrays(self) -> "SpanArrays":
        """Return it with the places in the order of the rows, each as often as it is in them."""
        counts = self._past - self._begin
        bounds = np.concatenate(([0], np.cumsum(counts)))
        within = np.arange(bounds[-1]) - np.repeat(bounds[:-1], counts)
        return SpanArrays(
            self._corpus, self.places[np.repeat(self._begin, counts) + within], bounds
        )

    @property
    def bounds(self) -> Longs:
        """The first place of each row and the number of places, if it is as ``arrays`` gives it."""
        return np.append(self._begin, len(self.places))

    def parts(self, row: Longs, first: Longs, past: Longs) -> "SpanArrays":
        """Return rows made of the spans of a row each, from a first to before a last one."""
        begin = self._begin[row]
        return self._of(begin + first, begin + past)

    def gathered(self, rows: Sequence[Longs]) -> "SpanArrays":
        """Return rows made of the spans of several rows each."""
        flat = np.concatenate((np.empty(0, dtype=np.int64), *rows))
        whole = self._of(self._begin[flat], self._past[flat]).arrays()
        ends = np.cumsum([0, *map(len, rows)])
        return SpanArrays(self._corpus, whole.places, whole.bounds[ends])

    def __len__(self) -> int:
        return len(self._begin)

    @overload
    def __getitem__(self, index: int) -> tuple[Span, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> "SpanArrays": ...
    def __getitem__(self, index: int | slice) -> "tuple[Span, ...] | SpanArrays":
        if isinstance(index, slice):
            return self._of(self._begin[index], self._past[index])
        return self._spans(self._row(index))

    def spread(self, row: int, most: int) -> tuple[Span, ...]:
        """Return at most `most` spans of a row, evenly spaced from the first to the last."""
        found = self._row(row)
        found = found[np.sort(np.unique(found, axis=0, return_index=True)[1])]
        return self._spans(found[spaced(len(found), most)] if len(found) > most else found)

    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""
        return len(np.unique(self._row(row)[:, 0]))

    def _of(self, begin: Longs, past: Longs) -> "SpanArrays":
        made = SpanArrays(self._corpus, self.places, np.zeros(1, dtype=np.int64))
        made._begin, made._past = begin, past
        return made

    def _row(self, row: int) -> Ints:
        return self.places[self._begin[row] : self._past[row]]

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


def spaced(number: int, most: int) -> Longs:
    """Return `most` of the first `number` integers, evenly spaced."""
    return np.linspace(0, number - 1, most).round().astype(np.int64)
