"""The state of a formulation: new, established, fading, dropped, revived, by a written rule.

All of it goes by texts, not by days: the series of a formulation are the comparable texts of the sources
that have ever used it. A silence is long where texts in any order would have had it with a chance of 5 %
at most: given k texts with the phrase among n, the first one with it, all others lie among the first m
with a chance of C(m-1, k-1) / C(n-1, k-1), the test of extinction from sightings of Solow (1993) counted
in texts. A phrase had k - 1 occasions for its longest silence, so that 5 % is shared by these.

- dropped: the silence up to the last text is long.
- new: all k texts with it are among the last w of n, where any order would have had them with a chance
  C(w, k) / C(n, k) of 5 % at most, and w is no more than the recent texts.
- revived: it is said again after a long silence, since not longer than the recent texts.
- fading: the share of the recent texts with it is below that of those before, with a chance of 1 % at
  most (Fisher's exact test, one side).
- established: none of these, in three texts or more.
- too few: all else; also where the series has fewer than six texts.

Recent are the last texts, as many as the square root of their number, at least six.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kit.tokens import Longs

Floats = NDArray[np.float64]
STATES = ("new", "established", "fading", "dropped", "revived", "too few")
FEWEST = 6  # texts of a series under which nothing is said
ESTABLISHED = 3  # texts
LONG, FADING = 0.05, 0.01  # chances
_SLACK = 1 + 1e-9  # a chance of exactly 5 % stays one when it is computed by logarithms


@dataclass(frozen=True, slots=True)
class State:
    """A state and, where a formulation came back from a long silence, the place of its last return."""

    name: str
    revived: int | None = None


def recent(texts: int) -> int:
    """Return how many of so many texts are recent."""
    return min(max(FEWEST, math.isqrt(max(texts - 1, 0)) + 1), texts)


def states(row: Longs, position: Longs, rows: int, texts: int) -> list[State]:
    """Return the state of each of `rows` formulations after so many `texts`.

    `position` has the texts with each, counted from 0, by `row`; both ascend.
    """
    present, row = np.unique(row, return_inverse=True)
    found = [State("too few")] * rows
    if texts >= FEWEST and len(present):
        for i, state in zip(present.tolist(), _states(row, position, texts), strict=True):
            found[i] = state
    return found


def _states(row: Longs, position: Longs, texts: int) -> list[State]:
    """Return the states of formulations that have a use each."""
    rows = int(row[-1]) + 1
    bounds = np.searchsorted(row, np.arange(rows + 1))
    first, end, every = position[bounds[:-1]], position[bounds[1:] - 1], np.diff(bounds)
    start, uses = first.copy(), every.copy()
    # A new start needs a long silence after the first one: most formulations have none.
    order = np.arange(len(row)) - bounds[row]
    follows = np.flatnonzero(order > 0)
    since = first[row[follows]]
    chance = _silence(order[follows], position[follows - 1] - since + 1, position[follows] - since)
    returned: list[int | None] = [None] * rows
    for i in np.unique(row[follows][chance <= _long(order[follows])]).tolist():
        start[i], uses[i] = _last_return(position[bounds[i] : bounds[i + 1]])
        returned[i] = int(start[i])
    gone = _silence(uses, end - start + 1, texts - start) <= _long(uses)
    # one use after a return says nothing of its own: then all uses since the first one count
    gone |= (uses == 1) & (_silence(every, end - first + 1, texts - first) <= _long(every))
    window = recent(texts)
    inside = np.bincount(row[position >= texts - window], minlength=rows)
    lately = texts - first
    new = (lately <= window) & (every >= 2) & (_all_of_last(every, lately, texts) <= _SLACK * LONG)
    back = np.array([r is not None and r >= texts - window for r in returned], dtype=np.bool_)
    # the use that a history begins with is there by its making: it is no evidence of a rate
    less = (start < texts - window) & (
        at_most(inside, window, uses - 1, np.maximum(texts - start - 1, 1)) <= _SLACK * FADING
    )
    chosen = np.select(
        [gone, new, back, less, every >= ESTABLISHED],
        ["dropped", "new", "revived", "fading", "established"],
        "too few",
    )
    return [State(str(name), at) for name, at in zip(chosen.tolist(), returned, strict=True)]


def _long(uses: Longs) -> Floats:
    """Return the chance under which a silence is long: 5 % over the occasions for it there were."""
    return _SLACK * LONG / np.maximum(uses - 1, 1)


def _silence(uses: Longs, within: Longs, texts: Longs) -> Floats:
    """Return C(m-1, k-1) / C(n-1, k-1): k `uses` lie `within` the first m of n `texts`; 1 for one use."""
    return np.exp(_ln_choose(within - 1, uses - 1) - _ln_choose(texts - 1, uses - 1))


def _all_of_last(uses: Longs, last: Longs, texts: int) -> Floats:
    """Return C(w, k) / C(n, k): all k `uses` lie in the `last` w of n `texts`."""
    return np.exp(_ln_choose(last, uses) - _ln_choose(np.full_like(last, texts), uses))


def _ln_choose(n: Longs, k: Longs) -> Floats:
    return np.asarray(
        special.gammaln(n + 1.0) - special.gammaln(k + 1.0) - special.gammaln(n - k + 1.0)
    )


def at_most(inside: Longs, window: int, uses: Longs, texts: Longs) -> Floats:
    """Return the chance that of `uses` in `texts` at most so many lie `inside` a window (Fisher)."""
    total = np.zeros(len(inside))
    whole = _ln_choose(texts, np.minimum(uses, texts))
    for x in range(int(inside.max(initial=-1)) + 1):
        outside = texts - window
        possible = (x <= inside) & (x <= uses) & (uses - x <= outside) & (outside >= 0)
        k, m = np.where(possible, uses - x, 0), np.where(possible, outside, 0)
        here = _ln_choose(np.array([window]), np.array([x])) + _ln_choose(m, k) - whole
        total += np.where(possible, np.exp(np.where(possible, here, 0.0)), 0.0)
    return np.minimum(total, 1.0)


def _last_return(position: Longs) -> tuple[int, int]:
    """Return the place of the last use that came after a long silence, and the uses since, it counted."""
    places = position.tolist()
    start, uses = 0, 1
    for i in range(1, len(places)):
        within, texts = places[i - 1] - places[start] + 1, places[i] - places[start]
        if texts > within and uses > 1:
            chance = math.exp(_ln_ratio(within - 1, texts - 1, uses - 1))
            if chance <= _SLACK * LONG / (uses - 1):
                start, uses = i, 0
        uses += 1
    return places[start], uses


def _ln_ratio(n: int, of: int, k: int) -> float:
    """Return the logarithm of C(n, k) / C(of, k)."""
    lg = math.lgamma
    return lg(n + 1) - lg(n - k + 1) - lg(of + 1) + lg(of - k + 1)
