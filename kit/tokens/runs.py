"""Runs of words that repeat: the engine under n-grams, lexical bundles and repeated phrases.

A run can only be frequent if both its shorter runs are. So runs of n words are looked for only where
a frequent run of n - 1 words is followed by another, and each search is one sort of plain numbers.
"""

from collections.abc import Iterator
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
        counts = self.counts
        return Runs(self.size, self.starts[np.repeat(chosen, counts)], _bounds(counts[chosen]))

    def kept(self, chosen: NDArray[np.bool_]) -> "Runs":
        """Return all groups with only the chosen runs (one truth a run); a group may become empty."""
        before = np.concatenate(([0], np.cumsum(chosen)))
        return Runs(self.size, self.starts[chosen], before[self.bounds])

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
    longest: int,
    minimum: int,
    within: Within = "sentence",
    among: NDArray[np.bool_] | None = None,
) -> Iterator[Runs]:
    """Yield the runs of 1, 2, ... `longest` words that stand at least `minimum` times.

    Equal is what is equal in the layer. Nothing crosses a unit of `within`: a sentence, a passage, a
    document, or (``marks``) any punctuation. `among` (one truth a word) leaves out words whose runs
    shall not be counted, such as those of titles.
    """
    goes_on = joined(t, within)
    places: Ints = np.arange(len(t), dtype=np.int32)
    if among is not None:
        goes_on = goes_on & among
        places = places[among]
    group = layer.ids
    groups = len(layer.names)
    for size in range(1, longest + 1):
        if size == 1:
            keys = layer.ids[places].astype(np.int64)
        else:
            places = places[places + size - 1 < len(t)]
            if size == 2:
                places = places[goes_on[places + 1] & (group[places] >= 0)]
                places = places[group[places + 1] >= 0]
            else:
                places = places[group[places + 1] >= 0]
            keys = group[places].astype(np.int64) * len(layer.names) + layer.ids[places + size - 1]
        order, bounds = grouped(keys, groups * (1 if size == 1 else len(layer.names)))
        runs = Runs(size, places[order], bounds)
        runs = runs.only(runs.counts >= minimum)
        yield runs
        if not len(runs):
            return
        groups = len(runs)
        group = np.full(len(t) + 1, -1, dtype=np.int32)
        group[runs.starts] = np.repeat(np.arange(groups, dtype=np.int32), runs.counts)
        places = np.flatnonzero(group[:-1] >= 0).astype(np.int32)


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
    number = max(len(keys), 1)
    if most.bit_length() + number.bit_length() <= _BITS:
        # key and place in one number: plain numbers are sorted many times faster than indices
        shift = number.bit_length()
        packed = (keys << shift) | np.arange(len(keys))
        packed.sort()
        order, ordered = packed & ((1 << shift) - 1), packed >> shift
    else:
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
    cuts = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    ends = [len(keys)] if len(keys) else []
    return order, np.concatenate(([0], cuts, ends)).astype(np.int64)


def _bounds(counts: Longs) -> Longs:
    return np.concatenate(([0], np.cumsum(counts)))
