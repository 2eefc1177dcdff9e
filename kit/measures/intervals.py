"""Intervals of shares, and chances adjusted for the number of tests."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kit.measures.undefined import Floats, divide, floats


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the ends of the score interval of the share k of n, elementwise (Wilson 1927).

    Without continuity correction. NaN where n is 0 or k is not among 0..n.
    """
    k, n = np.broadcast_arrays(floats(k), floats(n))
    k = np.where((n > 0) & (k <= n), k, np.nan)
    z = float(special.ndtri((1 + level) / 2))
    centre = divide(k + z**2 / 2, n + z**2)
    half = z * divide(np.sqrt(k * divide(n - k, n) + z**2 / 4), n + z**2)
    # none of n, or all of n, is an end of its interval exactly
    low = np.where(k == 0, 0.0, np.maximum(centre - half, 0.0))
    return low, np.where(k == n, 1.0, np.minimum(centre + half, 1.0))


def wilson_clustered(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[float, float]:
    """Return the ends of the interval of the share sum(k) of sum(n), k of n a cluster.

    Items of a cluster are alike, so that they tell less than as many apart: Wilson's interval with the
    effective sample size, which is n over the design effect, not below 1, and times the square of
    normal over t quantile for few clusters (Korn & Graubard 1998; the variance is that of a ratio of
    totals, Cochran 1977). Of one cluster it is Wilson's interval. NaN where there is no item.
    """
    k, n = floats(k), floats(n)
    k, n = k[n > 0], n[n > 0]
    clusters, total = len(n), float(n.sum())
    if not clusters:
        return float("nan"), float("nan")
    share = float(k.sum()) / total
    effective = total
    if clusters > 1 and 0 < share < 1:
        spread = float(((k - share * n) ** 2).sum())
        variance = clusters / (clusters - 1) * spread / total**2
        effect = max(variance * total / (share * (1 - share)), 1.0)
        quantile = (1 + level) / 2
        few = float(special.ndtri(quantile) / special.stdtrit(clusters - 1, quantile))
        effective = total / effect * few**2
    low, high = wilson(share * effective, effective, level)
    return float(low), float(high)


def bonferroni(p: ArrayLike) -> Floats:
    """Return each p times the number of tests, at most 1 (Dunn 1961).

    As in all three, p has one dimension, NaN stays NaN and is no test.
    """
    chances = np.asarray(p, dtype=np.float64)
    return np.minimum(chances * np.count_nonzero(~np.isnan(chances)), 1.0)


def holm(p: ArrayLike) -> Floats:
    """Return p adjusted step by step from the smallest, for the same guarantee (Holm 1979)."""
    chances = np.asarray(p, dtype=np.float64)
    order = _ascending(chances)
    steps = len(order) - np.arange(len(order))
    adjusted = np.full(chances.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(chances[order] * steps), 1.0)
    return adjusted


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Return p adjusted so that a cut at q leaves a share of about q false (B. & Hochberg 1995)."""
    chances = np.asarray(p, dtype=np.float64)
    order = _ascending(chances)[::-1]
    steps = len(order) / np.arange(len(order), 0, -1)
    adjusted = np.full(chances.shape, np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(chances[order] * steps), 1.0)
    return adjusted


def _ascending(p: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return where the p stand that are no NaN, the smallest first."""
    return np.argsort(p, kind="stable")[: np.count_nonzero(~np.isnan(p))]  # NaN is sorted last
