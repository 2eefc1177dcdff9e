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
ORDERS = 1999  # drawn at most: the smallest chance is 1 in 2,000
FIRST_ORDERS = 199  # a chance over HOPELESS after these is left at that (Besag & Clifford 1991)
HOPELESS = 0.15
TRIMMED = 0.1  # of the differences, as they may be changes of level
LONGEST = 0.9  # persistence that is taken off at most
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

    It is the inverse of what autocorrelation adds to the variance of a mean (Bartlett 1946).
    """
    r = min(max(persistence, 0.0), LONGEST)
    return (1 - r) / (1 + r)


class Scan:
    """The search for a change in series of the same places: their weights, and the orders of them.

    Each part, before and after a change, has `least` places or more.
    """

    def __init__(self, weights: Floats, least: int) -> None:
        self._weights, self._least = weights, least
        self._draw = np.random.default_rng(SEED)

    @cached_property
    def _orders(self) -> tuple["_Orders", ...]:
        """The order of the places itself, and the orders drawn, in two parts."""
        every = np.arange(len(self._weights))
        drawn = [
            self._draw.permuted(np.tile(every, (size, 1)), axis=1)
            for size in (FIRST_ORDERS, ORDERS - FIRST_ORDERS)
        ]
        return tuple(_Orders(order, self._weights, self._least) for order in (every[None], *drawn))

    def cut(self, values: Floats) -> tuple[int, float]:
        """Return the place from which on the level differs most, and by how much (F).

        F is the variance between the two parts over the one within them, weighted. 0 and 0 where the series
        is too short, or has one value only.
        """
        if len(values) < 2 * self._least or self._total(values) == 0:
            return 0, 0.0
        gain = self._orders[0].gains(self._sums(values))[0]
        best = int(gain.argmax())
        return best + self._least, float(self._ratio(gain[best], values))

    def chance(self, values: Floats, told: float = 1.0) -> float:
        """Return the chance of the largest change if the places came in any order.

        The largest F over all cuts against those in other orders: a permutation test, with the search over
        places in it. `told` is what the places tell of a level, as ``loss`` gives it: F is taken down to
        that share.
        """
        seen = self.cut(values)[1] * told * (1 - 1e-9)
        if seen <= 0:
            return 1.0
        sums = self._sums(values)
        as_large = drawn = 0
        for orders in self._orders[1:]:
            ratio = self._ratio(orders.gains(sums).max(axis=1), values)
            as_large += int(np.count_nonzero(ratio >= seen))
            drawn += len(ratio)
            if as_large > HOPELESS * drawn:
                break
        return (as_large + 1) / (drawn + 1)

    def _sums(self, values: Floats) -> Floats:
        """Return weighted values, less their mean: their sums before a cut tell how far it sets apart."""
        return self._weights * (values - np.average(values, weights=self._weights))

    def _total(self, values: Floats) -> float:
        total = float(np.sum(self._weights * (values - values[0]) ** 2))
        if total <= _NOTHING * float(np.sum(self._weights)):
            return 0.0
        return float(np.sum(self._sums(values) ** 2 / self._weights))

    def _ratio(self, gain: Floats, values: Floats) -> Floats:
        """Return the variance between over the variance within; a series of two levels has hardly any."""
        total = self._total(values)
        within = np.maximum(total - gain, 1e-9 * total)
        return np.asarray(gain / within * (len(values) - 2))


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


def cuts(
    values: Floats, weights: Floats, least: int, level: float, told: float, correction: float
) -> Iterator[tuple[int, float]]:
    """Yield the change points of a series and their chances times `correction`, up to `level`.

    Both parts are searched again (binary segmentation: Scott & Knott 1974; Vostrikova 1981).
    """

    def search(start: int, end: int) -> Iterator[tuple[int, float]]:
        scan, part = Scan(weights[start:end], least), values[start:end]
        p = min(scan.chance(part, told) * correction, 1.0)
        if p <= level:
            at = start + scan.cut(part)[0]
            yield at, p
            for first, past in pairwise((start, at, end)):
                yield from search(first, past)

    return search(0, len(values))
