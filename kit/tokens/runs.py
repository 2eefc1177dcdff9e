"""Runs of words that repeat: the engine under n-grams, lexical bundles and repeated phrases.

A run can only be frequent if both its shorter runs are. So runs of n words are looked for only where
a frequent run of n - 1 words is followed by another, and each search is one sort of plain numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from kit.tokens.layer import Ints, Layer, Longs

if TYPE_CHECKING:
    from kit.tokens import Tokens

Within = Literal["marks", "sentence", "passage", "document"]
_BITS = 63


@dataclass(frozen=True, eq=False)
class Runs:
    """Equal runs of ``size`` words, group after group.

    ``starts`` has the first words of all runs, those of group ``g`` between ``bounds[g]`` and
    ``bounds[g + 1]`` in reading order; groups are in no order of note.
    """

    size: int
    starts: Ints
    bounds: Longs

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def counts(self) -> Longs:
        """How many runs each group has."""
        return np.diff(self.bounds)

    @property
    def first(self) -> Ints:
        """The first of the places of each group."""
        return self.starts[self.bounds[:-1]]

    def of(self, group: int) -> Ints:
        """Return the first words of a group's runs."""
        return self.starts[self.bounds[group] : self.bounds[group + 1]]

    def only(self, chosen: NDArray[np.bool_]) -> "Runs":
        """Return the chosen groups (one truth a group)."""
        if chosen.all():
            return self
        counts = self.counts
        return Runs(self.size, self.starts[np.repeat(chosen, counts)], _bounds(counts[chosen]))

    def kept(self, chosen: NDArray[np.bool_]) -> "Runs":
        """Return all groups with only the chosen runs (one truth a run); a group may become empty."""
        before = np.concatenate(([0], np.cumsum(chosen)))
        return Runs(self.size, self.starts[chosen], before[self.bounds])

    def flagged(self, flags: NDArray[np.bool_]) -> Longs:
        """Return how many runs of each group are flagged (one flag a run)."""
        before = np.concatenate(([0], np.cumsum(flags)))
        flagged: Longs = np.diff(before[self.bounds])
        return flagged

    def holders(self, unit: Ints) -> Longs:
        """Return in how many units (documents, passages) each group stands; `unit` has each word's."""
        if not len(self):
            return np.empty(0, dtype=np.int64)
        of_run = unit[self.starts]
        new = np.ones(len(of_run) + 1, dtype=np.int64)
        new[1:-1] = of_run[1:] != of_run[:-1]
        new[self.bounds[:-1]] = 1
        total = np.concatenate(([0], np.cumsum(new[:-1])))
        holders: Longs = np.diff(total[self.bounds])
        return holders


def repeated(
    t: "Tokens",
    layer: Layer,
    *,
    sizes: tuple[int, int],
    minimum: int,
    within: Within = "sentence",
    among: NDArray[np.bool_] | None = None,
    rare: bool = False,
) -> Iterator[Runs]:
    """Yield the runs of each of `sizes`, first to last, that stand at least `minimum` times.

    Equal is what is equal in the layer. Nothing crosses a unit of `within`: a sentence, a passage, a
    document, or (``marks``) any punctuation. `among` (one truth a word) leaves out words whose runs
    shall not be counted, such as those of titles. With `rare`, the last yield has what is below the
    minimum too, for one who chooses among them anyway. The search ends early where a size has none.
    """
    shortest, longest = sizes
    values = len(layer.names)
    counted = layer.ids if among is None else layer.ids[among]
    frequent = np.bincount(counted, minlength=values) >= minimum
    here = frequent[layer.ids]
    if among is not None:
        here &= among
    if shortest == 1:
        everything = rare and longest == 1
        chosen = here if not everything else np.ones_like(here) if among is None else among
        places = np.flatnonzero(chosen).astype(np.int32)
        yield Runs(1, *_ordered(layer.ids[places].astype(np.int64), places, values))
    if longest == 1 or not len(t):
        return
    fits = here[:-1] & here[1:]
    fits &= joined(t, within)[1:]
    places = np.flatnonzero(fits).astype(np.int32)
    keys = layer.ids[:-1][fits].astype(np.int64) * values + layer.ids[1:][fits]
    groups = values
    for size in range(2, longest + 1):
        runs = Runs(size, *_ordered(keys, places, groups * values))
        if size < longest or not rare:
            runs = runs.only(runs.counts >= minimum)
        if size >= shortest:
            yield runs
        if size == longest or not len(runs):
            return
        groups = len(runs)
        group = np.full(len(t) + 1, -1, dtype=np.int32)
        group[runs.starts] = np.repeat(np.arange(groups, dtype=np.int32), runs.counts)
        # a longer run is frequent only where a frequent one is followed by another
        fits = (group[:-1] >= 0) & (group[1:] >= 0)
        places = np.flatnonzero(fits).astype(np.int32)
        keys = group[places].astype(np.int64) * values + layer.ids[places + size]


def joined(t: "Tokens", within: Within) -> NDArray[np.bool_]:
    """Return whether each word stands in the same unit as the word before it."""
    if within == "marks":
        return t.close
    bounds = {
        "sentence": t.sentence_bounds,
        "passage": t.passage_bounds,
        "document": t.document_bounds,
    }[within]
    goes_on = np.ones(len(t), dtype=np.bool_)
    goes_on[bounds[bounds < len(t)]] = False
    return goes_on


def grouped(keys: Longs, most: int) -> tuple[Longs, Longs]:
    """Return the order that brings equal keys together, each in the order given, and their bounds."""
    order, bounds = _ordered(keys, np.arange(len(keys)), most)
    return order.astype(np.int64, copy=False), bounds


def alike(columns: Sequence[tuple[NDArray[np.integer], int]]) -> tuple[Longs, Longs]:
    """Return the order that brings rows together which are alike in all columns, and their bounds.

    A column is its values, and a number that all are below. Rows are in order of the first column, then
    of the second and so on, those that are alike in the order given.
    """
    keys, most = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for values, number in columns:
        if most > 1 and (most * number * max(len(keys), 1)).bit_length() > _BITS:
            order, bounds = grouped(keys, most)
            keys[order] = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
            most = len(bounds) - 1
        keys = keys * number + values
        most *= number
    return grouped(keys, most)


def _ordered(keys: Longs, places: Ints | Longs, most: int) -> tuple[Ints, Longs]:
    """Return places in ascending order of their keys (below `most`), and the bounds of equal keys.

    Places are not negative and ascend.
    """
    shift = int(places[-1]).bit_length() if len(places) else 0
    if most.bit_length() + shift <= _BITS:
        # key and place in one number: plain numbers are sorted many times faster than indices
        packed = (keys << shift) | places
        packed.sort()
        order, ordered = packed & ((1 << shift) - 1), packed >> shift
    else:
        by_key = np.argsort(keys, kind="stable")
        order, ordered = places[by_key], keys[by_key]
    cuts = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    ends = [len(keys)] if len(keys) else []
    return order.astype(places.dtype, copy=False), np.concatenate(([0], cuts, ends)).astype(
        np.int64
    )


def _bounds(counts: Longs) -> Longs:
    return np.concatenate(([0], np.cumsum(counts)))
