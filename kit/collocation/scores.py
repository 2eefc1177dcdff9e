"""What both kinds of collocation share: parameters and figures."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.errors import ParameterError, nearest
from kit.finding import CHANCE
from kit.measures import association
from kit.tokens import Longs

Floats = NDArray[np.float64]
OF_FREQUENCIES = ("logDice", "Dice", "MS")  # of both words, as Sketch Engine takes them
TESTS = ("G2", "chi2")
OF_TABLE = (*TESTS, "deltaP", "deltaP-reverse")  # rest on four cells of words
FORMATS = {
    "expected": "{:,.1f}",
    "position": "{:+.1f}",
    "p": CHANCE,
    "G2": "{:,.1f}",
    "chi2": "{:,.1f}",
    "deltaP": "{:.3f}",
    "deltaP-reverse": "{:.3f}",
    "Dice": "{:.3f}",
    "MS": "{:.3f}",
}


def known(parameter: str, name: str, names: Iterable[str]) -> None:
    """Raise ParameterError where a name is none of those known."""
    names = list(names)
    if name not in names:
        raise ParameterError(
            f"{parameter}: {name!r} is none of {', '.join(names)}.{nearest(name, names)}"
        )


def sides(window: int | tuple[int, int]) -> tuple[int, int]:
    """Return how many words a window has to the left and to the right."""
    left, right = (window, window) if isinstance(window, int) else window
    if min(left, right) < 0 or max(left, right) < 1:
        raise ParameterError(f"window is {window}: give the words on each side, at least 1 in all")
    return left, right


@dataclass(frozen=True, eq=False)
class Observed:
    """What is observed of a node and its collocates; arrays have one value a collocate.

    ``count``: pairs of a hit and the collocate in its reach; ``once``: the same, but each word once,
    however many hits reach it; ``frequency``: of the collocate; ``hits``: of the node; ``pairs`` and
    ``reach``: as count and once, of all words; ``n``: words of paragraphs.
    """

    count: Longs
    once: Longs
    frequency: Longs
    hits: int | Longs
    pairs: int | Longs
    reach: int | Longs
    n: int

    def figure(self, name: str) -> Floats:
        """Return a measure of each collocate."""
        measure = association.MEASURES[name]
        if name in OF_FREQUENCIES:
            # two words that stand close together meet more than once: a share is not above 1
            f = np.minimum(self.count, np.minimum(self.hits, self.frequency))
            return measure(f, self.hits, self.frequency, self.n)
        if name in OF_TABLE:
            return measure(self.once, self.reach, self.frequency, self.n)
        return measure(self.count, self.pairs, self.frequency, self.n)

    @property
    def expected(self) -> Floats:
        """The count that chance would give."""
        return association.expected(self.pairs, self.frequency, self.n)


def highest_first(figures: Floats, count: Longs, places: Longs) -> Longs:
    """Return the order of rows: highest figure, then most frequent, then by alphabet.

    `places` are those of the rows' names in alphabetical order.
    """
    high = np.where(np.isnan(figures), -np.inf, figures)
    return np.lexsort((places, -count, -high))
