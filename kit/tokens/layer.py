"""One way to read the words of a corpus: as written, folded, by lemma, by tag."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """The values of a layer: ``names[ids[i]]`` is the value of word ``i``.

    ``names`` holds distinct values, ``ids`` one number a word, ``of_form`` one a form of the
    vocabulary; it is None where the value of a form depends on its sentence.
    """

    names: tuple[str, ...]
    ids: Ints
    of_form: Ints | None = None

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def number(self, name: str) -> int | None:
        """Return the number of a value, or None where the corpus does not have it."""
        return self._index.get(name)

    def numbers(self, names: Sequence[str]) -> Longs:
        """Return the number of each value, -1 where the corpus does not have it."""
        return np.fromiter(map(self._index.get, names, repeat(-1)), np.int64, len(names))

    @cached_property
    def alphabet(self) -> Longs:
        """The place of each value among all in alphabetical order, from 0."""
        return alphabet(self.names)

    @cached_property
    def counts(self) -> Longs:
        """How often each value stands in the corpus, in the order of ``names``."""
        return np.bincount(self.ids, minlength=len(self.names))

    @cached_property
    def _postings(self) -> tuple[Ints, Longs]:
        """The positions of all values, value after value, and where those of each begin."""
        # Value and position packed into one number: numpy sorts plain numbers many times faster than
        # it sorts indices.
        packed = (self.ids.astype(np.int64) << 32) | np.arange(len(self.ids))
        packed.sort()
        order = (packed & 0xFFFFFFFF).astype(np.int32)
        return order, np.concatenate(([0], np.cumsum(self.counts)))

    def positions(self, number: int) -> Ints:
        """Return where a value stands: its positions in ascending order."""
        order, bounds = self._postings
        return order[bounds[number] : bounds[number + 1]]

    def postings(self) -> Iterator[tuple[int, Ints]]:
        """Yield (number, positions) of each value that stands in the corpus."""
        order, bounds = self._postings
        for number, (first, past) in enumerate(
            zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ):
            if first < past:
                yield number, order[first:past]

    def where(self, chosen: NDArray[np.bool_]) -> Ints:
        """Return the positions of all values for which `chosen` (one truth a value) is true."""
        numbers = np.flatnonzero(chosen)
        if int(self.counts[numbers].sum()) * 8 > len(self.ids):  # many: one pass is faster
            return np.flatnonzero(chosen[self.ids]).astype(np.int32)
        found = [self.positions(int(number)) for number in numbers]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int32)


def alphabet(names: Sequence[str]) -> Longs:
    """Return the place of each of some names among all in alphabetical order, from 0."""
    places = np.empty(len(names), dtype=np.int64)
    places[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return places


@dataclass(frozen=True, eq=False)
class Spread:
    """How often each value stands in each unit, where it does: rows as scipy's CSR arrays have them.

    The units of value ``v``, in order, are ``units[bounds[v]:bounds[v + 1]]``, ``counts`` alike.
    """

    bounds: Longs
    units: Longs
    counts: Longs

    @cached_property
    def holders(self) -> Longs:
        """In how many units each value stands."""
        return np.diff(self.bounds)

    @cached_property
    def totals(self) -> Longs:
        """How often each value stands in all units."""
        return np.diff(np.concatenate(([0], np.cumsum(self.counts)))[self.bounds])


def spread(values: Ints, units: Ints, number: int) -> Spread:
    """Return the spread of values (one a word) over units (one a word); `number` of distinct values."""
    packed = (values.astype(np.int64) << 32) | units
    packed.sort()
    new = np.ones(len(packed), dtype=np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=new[1:])
    first = np.flatnonzero(new)
    pairs = packed[first]
    counts = np.diff(np.append(first, len(packed)))
    bounds = np.searchsorted(pairs, np.arange(number + 1, dtype=np.int64) << 32)
    return Spread(bounds, pairs & 0xFFFFFFFF, counts)
