"""Texts one after another: what each is compared with, and whether it differs beyond noise."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kit.corpus import Corpus
from kit.measures.intervals import holm
from kit.measures.undefined import Floats
from kit.tokens import Longs

NONE = -1
CLEAR = 0.05  # a chance, adjusted for all comparisons of a finding
BEFORE = (
    "A text is compared with the last earlier one of its source (publisher and language) that is long "
    "enough; p by Holm over all comparisons. A source of which more than a tenth of the days have several "
    "texts is no series: nothing is compared."
)
MIXED = (
    "The source of the texts is not told, and several are of one day: they are not compared. "
    "Name a publisher for each, or give one source at a time."
)
_DAYS = 0.1  # of a series, that may have several texts


@dataclass(frozen=True, slots=True)
class Unit:
    """A text, or the texts of a year, of one source: ``when`` is its day or year, "" without one."""

    source: tuple[str, str]
    when: str
    title: str


def units(corpus: Corpus, *, years: bool) -> tuple[list[Unit], Longs]:
    """Return texts, or years of each source in order, and for each text the number of its unit."""
    made = [
        Unit(
            (d.publisher, d.language),
            (d.day or "")[: 4 if years else None],
            "" if years else d.title,
        )
        for d in corpus
    ]
    if not years:
        return made, np.arange(len(made))
    index: dict[Unit, int] = {}
    for unit in sorted(made, key=lambda u: (u.when or "9999", u.source)):
        index.setdefault(unit, len(index))
    return list(index), np.array([index[unit] for unit in made], dtype=np.int64)


def before(units: list[Unit], enough: NDArray[np.bool_]) -> Longs:
    """Return for each unit the number of the one that it is compared with, or -1."""
    found = np.full(len(units), NONE, dtype=np.int64)
    mixed = _mixed(units)
    last: dict[tuple[str, str], tuple[int, int]] = {}  # the latest, and the one of an earlier day
    for i, unit in enumerate(units):
        if not unit.when or not enough[i] or unit.source in mixed:
            continue
        latest, earlier = last.get(unit.source, (NONE, NONE))
        if latest != NONE and units[latest].when == unit.when:
            latest = earlier
        found[i] = latest
        last[unit.source] = (i, latest)
    return found


def _mixed(units: list[Unit]) -> set[tuple[str, str]]:
    """Return the sources that are no series: too many days with several texts."""
    days: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for unit in units:
        if unit.when:
            days[unit.source][unit.when] += 1
    return {
        source for source, of in days.items() if sum(n > 1 for n in of.values()) > _DAYS * len(of)
    }


def mixed(units: list[Unit]) -> tuple[str, ...]:
    """Return the caveat of a corpus that has texts of no series, else nothing."""
    return (MIXED,) if _mixed(units) else ()


def two_rates(a: Longs, n1: Longs, b: Longs, n2: Longs) -> Floats:
    """Return the chance that two counts of so many words have the same rate, NaN where there is none.

    Twice the smaller tail of the binomial of `a` among a + b, at most 1 (Przyborowski & Wileński 1940).
    """
    both, words = a + b, n1 + n2
    share = np.where(words > 0, n1 / np.maximum(words, 1), 0.5)
    at_most = special.bdtr(a, both, share)
    at_least = np.where(a > 0, special.bdtrc(a - 1, both, share), 1.0)
    return np.asarray(np.where(both > 0, np.minimum(2 * np.minimum(at_most, at_least), 1.0), 1.0))


def two_grades(one: Longs, other: Longs) -> Floats:
    """Return the chance that two rows of counts by grade come from one distribution, for each pair.

    The test of Wilcoxon, Mann and Whitney (1947), normal with the correction for ties and continuity;
    NaN where a row has none, 1 where all are of one grade.
    """
    n1, n2 = (x.sum(axis=1).astype(np.float64) for x in (one, other))
    both = one + other
    total = n1 + n2
    below = np.cumsum(both, axis=1) - both
    ranks = below + (both + 1) / 2  # the mean rank of those of a grade
    u = (one * ranks).sum(axis=1) - n1 * (n1 + 1) / 2
    ties = (both.astype(np.float64) ** 3 - both).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = n1 * n2 / 12 * (total + 1 - ties / (total * (total - 1)))
        z = np.maximum(np.abs(u - n1 * n2 / 2) - 0.5, 0) / np.sqrt(variance)
    p = np.where(variance > 0, 2 * special.ndtr(-z), 1.0)
    return np.asarray(np.where((n1 > 0) & (n2 > 0), p, np.nan))


def adjusted(p: Floats, compared: NDArray[np.bool_]) -> Floats:
    """Return the chances of the comparisons that there are, by Holm; NaN for others."""
    return holm(np.where(compared, p, np.nan))


def told(p: Floats, change: Floats, words: tuple[str, str]) -> list[str]:
    """Return in words what changed: `words` for more and for less, "no clear change", "" for no p."""
    return [
        ""
        if np.isnan(chance)
        else words[0 if way > 0 else 1]
        if chance < CLEAR
        else "no clear change"
        for chance, way in zip(p.tolist(), change.tolist(), strict=True)
    ]
