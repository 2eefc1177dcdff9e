"""Arithmetic in which what is not defined is NaN, never an infinity or a warning."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def floats(counts: ArrayLike) -> Floats:
    """Return counts as float64, NaN where they are below 0."""
    numbers = np.asarray(counts, dtype=np.float64)
    return np.where(numbers >= 0, numbers, np.nan)


def divide(dividend: ArrayLike, divisor: ArrayLike) -> Floats:
    """Return the quotients, elementwise; NaN where the divisor is 0."""
    above, below = np.broadcast_arrays(
        np.asarray(dividend, dtype=np.float64), np.asarray(divisor, dtype=np.float64)
    )
    quotients = np.full(above.shape, np.nan)
    np.divide(above, below, out=quotients, where=below != 0)
    return quotients


def log2(values: ArrayLike) -> Floats:
    """Return the binary logarithms, elementwise; NaN of what is not positive."""
    numbers = np.asarray(values, dtype=np.float64)
    logarithms = np.full(numbers.shape, np.nan)
    np.log2(numbers, out=logarithms, where=numbers > 0)
    return logarithms
