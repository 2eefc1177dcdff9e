"""Keyness: how much more a word is used in a target than in a reference.

Every function takes for each word its count ``a`` in the target and ``b`` in the reference, and the
sizes ``n1`` and ``n2`` of the two, in words: array-likes that broadcast. Out comes a float64 array
of the broadcast shape (0-dimensional from plain numbers). A figure is NaN where there is nothing to
compare: a corpus without words, or counts that cannot be (below 0, or above the size).
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kit.measures.undefined import Floats, divide, floats, log2

PER_MILLION = 1e6
SAME_CHANCE = (
    1e-7  # tables whose chances differ by less count as equally likely, as in R's fisher.test
)
NEGLIGIBLE = 1e-17  # what is smaller, beside a sum, no longer changes it in double precision
EXACT_FACTORIALS = 16.0  # from here on Stirling's series to n^-7 is exact in double precision
SMALLEST_P = 1e-300


def g2_two_cell(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Return G2 over the two cells of the word: ``2 (a ln(a/E1) + b ln(b/E2))``, 0 or more.

    ``E1 = n1 (a+b) / (n1+n2)``, and E2 likewise; a count of 0 adds 0 (Rayson & Garside 2000).
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    share = (a + b) / (n1 + n2)
    return deviance(a, n1 * share) + deviance(b, n2 * share)


def g2_four_cell(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Return G2 over all four cells, ``2 sum O ln(O/E)``, 0 or more (Dunning 1993)."""
    a, b, n1, n2 = _counts(a, b, n1, n2)
    return _g2(a, b, n1, n2)


def _g2(a: Floats, b: Floats, n1: Floats, n2: Floats) -> Floats:
    share = (a + b) / (n1 + n2)
    rest = (n1 - a + n2 - b) / (n1 + n2)
    word = deviance(a, n1 * share) + deviance(b, n2 * share)
    return word + deviance(n1 - a, n1 * rest) + deviance(n2 - b, n2 * rest)


def deviance(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Return ``2 (O ln(O/E) - (O - E))``, what one count adds to a G2; 0 or more.

    The differences of a table add up to 0, so that G2 is the same with or without them; with them
    no term is negative, and large counts lose no digits. NaN where E is 0 and O is not.
    """
    o, e = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    difference = o - e
    relative = np.where((o == 0) & (e == 0), 0.0, divide(difference, e))
    terms: Floats = 2 * (special.xlog1py(o, relative) - difference)
    return np.maximum(terms, 0.0)


def sign(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Return +1 where the target has the higher rate, -1 where the reference has, 0 at a tie."""
    a, b, n1, n2 = _counts(a, b, n1, n2)
    return np.sign(a * n2 - b * n1)


def chi_square(
    a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, yates: bool = False
) -> Floats:
    """Return Pearson's chi-squared of the table, 0 or more; `yates` corrects for continuity.

    ``N (|ad - bc| - N/2)^2 / (product of the margins)``, without ``N/2`` if not corrected; the
    correction never goes below 0 (Yates 1934). NaN for a word in neither corpus, or that is all
    there is: a margin is 0.
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    n = n1 + n2
    # |ad - bc| / N is by how much each cell differs from what is expected of it
    difference = np.abs(a * n2 - b * n1) / n
    if yates:
        difference = np.maximum(difference - 0.5, 0.0)
    return difference**2 * divide(n, a + b) * divide(n, n - a - b) * divide(n, n1) / n2


def fisher(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Return the two-sided p of Fisher's exact test; counts and sizes are whole numbers.

    It is the chance, at these margins, of all tables that are no likelier than the one seen (Fisher
    1935; the rule and its tolerance are those of R's ``fisher.test``). Equal rows are computed
    once; the two tails are summed outwards from their inner ends, and only as far as terms count.
    """
    columns = _counts(a, b, n1, n2)
    shape = columns[0].shape
    rows, which = np.unique(
        np.stack([c.ravel() for c in columns], axis=1), axis=0, return_inverse=True
    )
    p = np.full(len(rows), np.nan)
    known = ~np.isnan(rows).any(axis=1)
    p[known] = _two_tails(*rows[known].T)
    return p[which.ravel()].reshape(shape)


def _two_tails(a: Floats, b: Floats, n1: Floats, n2: Floats) -> Floats:
    """Return Fisher's p of tables in one dimension."""
    over = a * n2 > b * n1  # seen from the other side, the table seen is always in the lower tail
    k, n1, n2 = np.where(over, b, a), np.where(over, n2, n1), np.where(over, n1, n2)
    word = a + b
    mode = np.floor((word + 1) * (n1 + 1) / (n1 + n2 + 2))
    seen = _log_chance(k, word, n1, n2)
    limit = seen + SAME_CHANCE
    # above the mode chances only fall: halve the stretch down to the first that is no likelier
    inner, outer = np.maximum(mode, k), np.minimum(word, n1) + 1
    whole = _log_chance(inner, word, n1, n2) <= limit
    open_ = np.flatnonzero(~whole & (outer - inner > 1))
    while len(open_):
        middle = np.floor((inner[open_] + outer[open_]) / 2)
        low = _log_chance(middle, word[open_], n1[open_], n2[open_]) <= limit[open_]
        outer[open_[low]] = middle[low]
        inner[open_[~low]] = middle[~low]
        open_ = open_[outer[open_] - inner[open_] > 1]
    p = np.ones_like(k)
    i = np.flatnonzero(~whole)
    p[i] = np.exp(seen[i]) * _tail(k[i], word[i], n1[i], n2[i])
    j = i[outer[i] <= np.minimum(word, n1)[i]]
    p[j] += np.exp(_log_chance(outer[j], word[j], n1[j], n2[j])) * _tail(
        word[j] - outer[j], word[j], n2[j], n1[j]
    )
    return np.minimum(p, 1.0)


def _log_chance(k: Floats, word: Floats, n1: Floats, n2: Floats) -> Floats:
    """Return the log of the hypergeometric chance of k in n1 words, if `word` are in n1 + n2.

    By Loader's method (2000), in which the large terms of the factorials cancel out to the G2 of
    the table, so that millions of words cost no digits.
    """
    b, n = word - k, n1 + n2
    margins = _rest(word) + _rest(n - word) + _rest(n1) + _rest(n2) - _rest(n)
    cells = _rest(k) + _rest(b) + _rest(n1 - k) + _rest(n2 - b)
    return margins - cells - _g2(k, b, n1, n2) / 2


def _rest(n: Floats) -> Floats:
    """Return ``ln n! - (n ln n - n)``."""
    small = n < EXACT_FACTORIALS
    few, many = np.where(small, n, 1.0), np.where(small, EXACT_FACTORIALS, n)
    exact = special.gammaln(few + 1) - special.xlogy(few, few) + few
    inverse = 1 / many
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    return np.where(small, exact, np.log(2 * np.pi * many) / 2 + series)


def _tail(k: Floats, word: Floats, n1: Floats, n2: Floats) -> Floats:
    """Return the chance of k or less, as a multiple of the chance of k, for k up to the mode."""
    total, term = np.ones_like(k), np.ones_like(k)
    alive = np.flatnonzero(k > 0)
    k, word, n1, n2, term = k[alive], word[alive], n1[alive], n2[alive], term[alive]
    while len(alive):
        term *= k * (n2 - word + k) / ((word - k + 1) * (n1 - k + 1))
        total[alive] += term
        k = k - 1
        on = term > NEGLIGIBLE * total[alive]
        if not on.all():
            alive = alive[on]
            k, word, n1, n2, term = (x[on] for x in (k, word, n1, n2, term))
    return total


def log_ratio(
    a: ArrayLike,
    b: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike,
    *,
    zeros: Literal["hardie", "walter"] = "hardie",
) -> Floats:
    """Return the binary log of the ratio of the two rates: each point is a doubling (Hardie 2014).

    `zeros` is the rule for a count of 0. ``hardie``: 1/2 in its place, all else as counted.
    ``walter``: ``log2((a + 1/2) / (n1 + 1/2)) - log2((b + 1/2) / (n2 + 1/2))`` for every word, as
    R ``corpora`` has it (Walter 1975). NaN for a word in neither corpus.
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    absent = (a == 0) & (b == 0)
    if zeros == "walter":
        a, b, n1, n2 = a + 0.5, b + 0.5, n1 + 0.5, n2 + 0.5
    elif zeros == "hardie":
        a, b = np.where(a == 0, 0.5, a), np.where(b == 0, 0.5, b)
    else:
        raise ValueError(f"zeros is 'hardie' or 'walter', not {zeros!r}")
    return np.where(absent, np.nan, np.log2(a) - np.log2(n1) - np.log2(b) + np.log2(n2))


def lrc(
    a: ArrayLike,
    b: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike,
    *,
    alpha: float = 0.05,
    family: float = 1,
) -> Floats:
    """Return the conservative Log Ratio: the end nearer 0 of its interval, or 0 if 0 is inside.

    The two-sided interval of ``1 - alpha`` is that of R ``corpora::keyness`` (Evert 2022): of all
    ``a + b`` uses, the share in the target is binomial (Clopper & Pearson 1934), and its odds times
    ``n2 / n1`` are the ratio of the rates. `family` is the number of words tested; alpha is divided
    by it (Bonferroni). NaN for a word in neither corpus.
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    side = np.sign(a * n2 - b * n1)
    more, less = np.where(side < 0, b, a), np.where(side < 0, a, b)
    size = np.where(side < 0, n1 / n2, n2 / n1)
    share = special.betaincinv(np.where(more > 0, more, np.nan), less + 1, alpha / 2 / family)
    return side * np.maximum(log2(size * share / (1 - share)), 0.0) + 0.0  # no -0


def percent_diff(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Return %DIFF, the difference of the rates in per cent of the reference's.

    ``100 (a/n1 - b/n2) / (b/n2)`` (Gabrielatos & Marchi 2011); NaN where the reference has none.
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    return 100 * divide(a * n2 - b * n1, b * n1)


def odds_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """Return ``(a / (n1-a)) / (b / (n2-b))`` (Pojanapunya & Watson Todd 2018, p. 154).

    NaN where the reference has none, or the target nothing else.
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    return divide(a * (n2 - b), b * (n1 - a))


def simple_maths(
    a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, smoothing: float = 100.0
) -> Floats:
    """Return the ratio of the two rates per million, `smoothing` added to both (Kilgarriff 2009).

    The larger it is, the more common the words that come first. With 0, NaN where the reference
    has none.
    """
    a, b, n1, n2 = _counts(a, b, n1, n2)
    return divide(PER_MILLION * a / n1 + smoothing, PER_MILLION * b / n2 + smoothing)


def bic(g2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``G2 - ln n``, the Bayes factor of a G2 over n words in all (Wilson 2013).

    Above 2 there is evidence for a difference, above 10 very strong; below 0 for there being none.
    """
    size = np.asarray(n, dtype=np.float64)
    return np.asarray(g2, dtype=np.float64) - np.log(np.where(size > 0, size, np.nan))


def chance(statistic: ArrayLike) -> Floats:
    """Return p, the upper tail of chi-squared with 1 degree of freedom, of a G2 or chi-squared.

    A statistic that carries a sign counts by its size. A p below 1e-300 is given as that: numbers end
    near it, and a chance of 0 there is not.
    """
    p: Floats = special.erfc(np.sqrt(np.abs(np.asarray(statistic, dtype=np.float64)) / 2))
    return np.maximum(p, SMALLEST_P)


def _counts(
    a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the four as float64 of one shape, all NaN where they make no table."""
    a, b, n1, n2 = np.broadcast_arrays(floats(a), floats(b), floats(n1), floats(n2))
    table = (n1 > 0) & (n2 > 0) & (a <= n1) & (b <= n2)
    a, b, n1, n2 = (np.where(table, x, np.nan) for x in (a, b, n1, n2))
    return a, b, n1, n2
