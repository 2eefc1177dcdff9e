"""Shares of units that come in clusters, as paragraphs do in texts: likeness, intervals, tails.

The paragraphs of one text are more alike than paragraphs drawn at random, so that n of them tell less
than n. Arrays: ``count`` has a row a cluster (text) and a column a kind (theme), ``size`` how many units
each cluster has, ``stratum`` the number of the stratum (period, source) of each.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from kit.measures.intervals import wilson
from kit.measures.undefined import Floats, divide

Longs = NDArray[np.int64]
NORMAL = 5.0  # variance from which a count is near enough to a normal distribution


def collapsed(stratum: Longs) -> Longs:
    """Return strata in which no cluster is alone: neighbours that are alone are taken together.

    `stratum` counts from 0 in order. One that is left over joins the stratum before it (the method of
    collapsed strata: Cochran 1977, 5A.12). It serves to estimate a variance, which comes out too large
    rather than too small.
    """
    sizes = np.bincount(stratum)
    joined = np.empty(len(sizes), dtype=np.int64)
    new, alone = -1, False
    for old, clusters in enumerate(sizes.tolist()):
        new += not alone
        alone = clusters == 1 and not alone
        joined[old] = new
    merged = joined[stratum]
    if alone:
        merged[merged == new] = max(new - 1, 0)
    return merged


def likeness(count: ArrayLike, size: ArrayLike, stratum: Longs) -> tuple[Floats, int]:
    """Return for each kind how alike the units of one cluster are, 0 to 1, and the degrees of freedom.

    It is the intraclass correlation by the analysis of variance within strata (Donner 1986; Ridout,
    Demétrio & Firth 1999), 0 where it would be negative, NaN where no stratum has two clusters or no
    unit differs.
    """
    y, n = np.asarray(count, dtype=np.float64), np.asarray(size, dtype=np.float64)
    there = n > 0
    y, n, stratum = y[there], n[there], stratum[there]
    none = np.full(y.shape[1], np.nan)
    if not len(n):
        return none, 0
    _, stratum = np.unique(stratum, return_inverse=True)
    strata = int(stratum.max()) + 1
    degrees = len(n) - strata
    units = np.bincount(stratum, n)
    if degrees < 1 or n.sum() <= len(n):
        return none, max(degrees, 0)
    usual = divide(summed(y, stratum, strata), units[:, None])[stratum]
    between = (n[:, None] * (y / n[:, None] - usual) ** 2).sum(axis=0) / degrees
    within = (y * (1 - y / n[:, None])).sum(axis=0) / (n.sum() - len(n))
    mean = (n.sum() - (np.bincount(stratum, n**2) / units).sum()) / degrees
    found = divide(between - within, between + (mean - 1) * within)
    return np.clip(found, 0.0, 1.0), degrees


def effective(size: ArrayLike, alike: ArrayLike, stratum: Longs) -> Floats:
    """Return how many independent units those of each stratum are worth, a row a stratum.

    n over the design effect ``sum(n_i (1 + (n_i - 1) rho)) / n`` (Kish 1965; Rao & Scott 1992). A
    likeness that is not known counts as 0.
    """
    n, rho = np.asarray(size, dtype=np.float64), np.nan_to_num(np.asarray(alike, dtype=np.float64))
    units, squares = np.bincount(stratum, n), np.bincount(stratum, n**2)
    spread = units[:, None] + rho[None, :] * (squares - units)[:, None]
    return divide(units[:, None] ** 2, spread)


def interval(share: ArrayLike, worth: ArrayLike, degrees: int) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval of a share that rests on so many effective units.

    Wilson's score interval on the effective size (Franco et al. 2019), which is reduced for the
    degrees of freedom of the design effect by ``(z / t)^2`` (Korn & Graubard 1998).
    """
    size = np.asarray(worth, dtype=np.float64)
    if degrees > 0:
        size = size * (special.ndtri(0.975) / special.stdtrit(degrees, 0.975)) ** 2
    return wilson(np.asarray(share, dtype=np.float64) * size, size)


def difference(
    first: ArrayLike,
    first_ends: tuple[Floats, Floats],
    second: ArrayLike,
    ends: tuple[Floats, Floats],
) -> tuple[Floats, Floats]:
    """Return the ends of the interval of second - first, from the intervals of both shares.

    By squaring and adding (Newcombe 1998, method 10; Zou & Donner 2008).
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    low = np.sqrt((b - ends[0]) ** 2 + (first_ends[1] - a) ** 2)
    high = np.sqrt((ends[1] - b) ** 2 + (a - first_ends[0]) ** 2)
    return b - a - low, b - a + high


def tails(count: ArrayLike, size: int, share: ArrayLike, alike: ArrayLike) -> tuple[Floats, Floats]:
    """Return the chances of so many units or fewer, and of so many or more, among `size` of a cluster.

    Of the beta-binomial distribution with mean `share` and intraclass correlation `alike` (Skellam 1948);
    without correlation the binomial one. Elementwise over the kinds.
    """
    y = np.asarray(count, dtype=np.int64)
    p, rho = np.broadcast_arrays(
        np.asarray(share, dtype=np.float64), np.asarray(alike, dtype=np.float64)
    )
    k = np.arange(size + 1)
    ways = -special.betaln(k + 1, size - k + 1) - np.log(size + 1)
    rho = np.maximum(rho, 1e-6)[:, None]  # so near to none that it makes no difference
    strength = (1 - rho) / rho
    a, b = p[:, None] * strength, (1 - p[:, None]) * strength
    mass = np.exp(ways + special.betaln(k + a, size - k + b) - special.betaln(a, b))
    fewer = np.cumsum(mass, axis=1)
    more = np.cumsum(mass[:, ::-1], axis=1)[:, ::-1]
    at = np.arange(len(y))
    return np.minimum(fewer[at, y], 1.0), np.minimum(more[at, y], 1.0)


def summed(values: ArrayLike, stratum: Longs, strata: int) -> Floats:
    """Return the sums of rows by stratum."""
    rows = np.asarray(values, dtype=np.float64)
    sums = np.zeros((strata, rows.shape[1]))
    np.add.at(sums, stratum, rows)
    return sums


def excess(count: ArrayLike, expected: ArrayLike, variance: ArrayLike) -> Floats:
    """Return the chance (two sides) of a count this far from the one expected, elementwise.

    Normal with the correction for continuity where the variance is ``NORMAL`` or more; else the tail of
    the negative binomial distribution with this mean and variance, of Poisson's where the variance is no
    larger than the mean: it errs towards the larger chance.
    """
    k, mean, var = (np.asarray(x, dtype=np.float64) for x in (count, expected, variance))
    z = np.maximum(np.abs(k - mean) - 0.5, 0.0) / np.sqrt(np.maximum(var, 1e-12))
    normal = 2 * special.ndtr(-z)
    over = np.maximum(var / mean, 1 + 1e-6)
    r = mean / (over - 1)
    fewer = special.betainc(r, k + 1, 1 / over)
    more = np.where(k > 0, special.betainc(np.maximum(k, 1), r, 1 - 1 / over), 1.0)
    few = 2 * np.minimum(fewer, more)
    chances: Floats = np.minimum(np.where(var >= NORMAL, normal, few), 1.0)
    return chances
