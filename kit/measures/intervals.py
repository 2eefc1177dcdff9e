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
