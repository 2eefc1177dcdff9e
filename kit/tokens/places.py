"""Where the rows of a table stand in the texts, as spans that are made when somebody looks."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from kit.corpus import Span
from kit.tokens.layer import Ints

if TYPE_CHECKING:
    from kit.tokens import Tokens

Bounds = tuple[Ints, Ints]  # first and last words, both inclusive


class Places(Sequence[tuple[Span, ...]]):
    """For each row the spans from a first to a last word; a sequence of tuples of spans.

    A table of all words of an archive has millions of places: what is kept is arrays of words, and
    the spans of a row are made when it is asked for.
    """

    def __init__(self, t: "Tokens", rows: Iterable[Bounds]) -> None:
        self._tokens = t
        self._rows = list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> tuple[Span, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> "Places": ...
    def __getitem__(self, index: int | slice) -> "tuple[Span, ...] | Places":
        if isinstance(index, slice):
            return Places(self._tokens, self._rows[index])
        return self._spans(*self._rows[index])

    def spread(self, row: int, most: int) -> tuple[Span, ...]:
        """Return at most `most` spans of a row, evenly spaced from the first to the last."""
        first, last = self._rows[row]
        if len(first) > most:
            chosen = np.linspace(0, len(first) - 1, most).round().astype(np.int64)
            first, last = first[chosen], last[chosen]
        return self._spans(first, last)

    def passages(self, row: int) -> int:
        """Return in how many passages a row stands."""
        return len(np.unique(self._tokens.passage[self._rows[row][0]]))

    def _spans(self, first: Ints, last: Ints) -> tuple[Span, ...]:
        t = self._tokens
        columns = (t.passage[first], t.start[first], t.end[last])
        bounds = zip(*(column.tolist() for column in columns), strict=True)
        passages = t.passages
        return tuple(Span(*passages[passage], *rest) for passage, *rest in bounds)
