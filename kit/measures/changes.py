"""Change points: where the level of a series changed, with the chance of so large a change by chance.

A series has a value and a weight a place (the share of a theme in a text, and what the text counts).
Chances come from orders of the same places drawn from a fixed seed: the same series, the same chance.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kit.measures.undefined import Floats

SEED = 1
ORDERS = 999  # drawn: the smallest chance is 1 in 1,000, over however many series
TRIMMED = 0.1  # of the differences, as they may be changes of level
LONGEST = 0.9  # persistence that is taken off at most
_LEAST_WITHIN = 1e-6  # of all squares
_NOTHING = 1e-12  # of squares, that come of rounding


def persistence(values: Floats) -> float:
    """Return the lag-1 autocorrelation of a series whose level may change.

    Mean squared difference of values two places apart over that of neighbours, less 1, both without
    the largest tenth: there stand the changes of level (after Chakar et al. 2017, who take medians; shares
    of few paragraphs have too many ties for that). 0 where neighbours do not differ.
    """
    if len(values) < 4:
        return 0.0
    near, far = (_small(values[step:] - values[:-step]) for step in (1, 2))
    return far / near - 1 if near > 0 else 0.0


def _small(differences: Floats) -> float:
    """Return the mean square of differences without the largest ones."""
    squares = np.sort(differences**2)
    return float(squares[: len(squares) - int(TRIMMED * len(squares))].mean())


def loss(persistence: float) -> float:
    """Return what a persistent series tells of its mean, as a share: (1 - r) / (1 + r), r from 0 on.

    It is the inverse of what autocorrelation adds to the variance of a mean (Bartlett 1935).
    """
    r = min(max(persistence, 0.0), LONGEST)
    return (1 - r) / (1 + r)


class Scan:
    """The search for a change in series of the same places: their weights, and the orders of them.

    Each part, before and after a change, has `least` places or more.
    """

    def __init__(self, weights: Floats, least: int) -> None:
        self._weights, self._least = weights, least
        self._own = _Orders(np.arange(len(weights))[None], weights, least)

    @cached_property
    def _drawn(self) -> "_Orders":
        every = np.tile(np.arange(len(self._weights)), (ORDERS, 1))
        order = np.random.default_rng(SEED).permuted(every, axis=1)
        return _Orders(order, self._weights, self._least)

    def cut(self, values: Floats) -> tuple[int, float]:
        """Return the place from which on the level differs most, and by how much (G).

        G = (n - 2) ln(total / within) of the weighted sums of squares, the likelihood ratio of one level
        against two. 0 and 0 where the series is too short, or has one value only.
        """
        if len(values) < 2 * self._least or self._total(values) == 0:
            return 0, 0.0
        gain = self._own.gains(self._sums(values))[0]
        best = int(gain.argmax())
        return best + self._least, float(self._ratio(gain[best], values))

    def change(self, values: Floats, told: float = 1.0) -> tuple[int, float, Floats]:
        """Return the place of the largest change, how large it is, and how large in other orders.

        Largest G over all cuts, less its mean in the orders drawn, over its standard deviation there: so
        the changes of different series can be held against one another. `told` is what the places tell of
        a level, as ``loss`` gives it: the G seen is taken down to that share.
        """
        at, seen = self.cut(values)
        if seen <= 0:
            return 0, -np.inf, np.full(ORDERS, -np.inf)
        drawn = self._ratio(self._drawn.gains(self._sums(values)).max(axis=1), values)
        mean, deviation = float(drawn.mean()), max(float(drawn.std()), _NOTHING)
        return at, (seen * told - mean) / deviation, (drawn - mean) / deviation

    def _sums(self, values: Floats) -> Floats:
        """Return weighted values, less their mean: their sums before a cut tell how far it sets apart."""
        return self._weights * (values - np.average(values, weights=self._weights))

    def _total(self, values: Floats) -> float:
        total = float(np.sum(self._weights * (values - values[0]) ** 2))
        if total <= _NOTHING * float(np.sum(self._weights)):
            return 0.0
        return float(np.sum(self._sums(values) ** 2 / self._weights))

    def _ratio(self, gain: Floats, values: Floats) -> Floats:
        """Return G of gains; a series of two levels has hardly anything within them."""
        total = self._total(values)
        within = np.maximum(total - gain, _LEAST_WITHIN * total)
        return np.asarray((len(values) - 2) * np.log(total / within))


class _Orders:
    """Orders of places, a row each, and what their weights come to at each cut."""

    def __init__(self, order: NDArray[np.int64], weights: Floats, least: int) -> None:
        self._order = order
        self._some = slice(least - 1, order.shape[1] - least)
        weight = np.cumsum(weights[order], axis=1)
        before, whole = weight[:, self._some], weight[:, -1:]
        self._scale = whole / (before * (whole - before))

    def gains(self, sums: Floats) -> Floats:
        """Return the sum of squares between the parts, a row an order, a column a cut."""
        gains: Floats = np.cumsum(sums[self._order], axis=1)[:, self._some]
        gains *= gains
        gains *= self._scale
        return gains


def chance(size: float, largest: Floats) -> float:
    """Return the chance that the largest change of all series is of this size, given it in each order.

    The single-step maximum of Westfall & Young (1993): corrected for all series, alike as they may be.
    """
    return float((np.count_nonzero(largest >= size - _NOTHING) + 1) / (len(largest) + 1))


def cuts(
    values: Floats, weights: Floats, least: int, told: float, largest: Floats, level: float
) -> Iterator[tuple[int, float]]:
    """Yield the change points of a series and their chances, up to `level`.

    Both parts are searched again (binary segmentation: Scott & Knott 1974; Vostrikova 1981), a change of a
    part held against the `largest` ones of whole series.
    """

    def search(start: int, end: int) -> Iterator[tuple[int, float]]:
        at, size, _ = Scan(weights[start:end], least).change(values[start:end], told)
        p = chance(size, largest)
        if p <= level:
            yield start + at, p
            for first, past in pairwise((start, start + at, end)):
                yield from search(first, past)

    return search(0, len(values))
