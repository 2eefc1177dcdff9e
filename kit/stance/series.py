"""Texts one after another: what each is compared with, and whether it differs beyond noise."""

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
    "enough; p by Holm over all comparisons."
)


def before(corpus: Corpus, enough: NDArray[np.bool_]) -> Longs:
    """Return for each text the number of the text that it is compared with, or -1."""
    last: dict[tuple[str, str], tuple[int, int]] = {}  # the latest text, and the one of an earlier day
    found = np.full(len(corpus), NONE, dtype=np.int64)
    for i, document in enumerate(corpus):
        if document.date is None or not enough[i]:
            continue
        source = (document.publisher, document.language)
        latest, earlier = last.get(source, (NONE, NONE))
        if latest != NONE and corpus.documents[latest].date == document.date:
            latest = earlier
        found[i] = latest
        last[source] = (i, latest)
    return found


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
        "" if np.isnan(chance) else words[0 if way > 0 else 1] if chance < CLEAR else "no clear change"
        for chance, way in zip(p.tolist(), change.tolist(), strict=True)
    ]
