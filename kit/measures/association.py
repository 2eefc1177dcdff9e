"""Association: how much more two words meet than chance would have them.

Every function takes for each pair ``f``, how often the two meet, ``f1`` and ``f2``, how often each
is there at all, and ``n``, the size of the sample, all four counted in the same unit (pairs, words
in reach of the node, sentences): array-likes that broadcast. Out comes a float64 array of the
broadcast shape. Logarithms are binary. A figure is NaN where it is not defined: an empty sample, a
word that is never there, or a logarithm of no meeting at all. Measures of the whole table (G2, chi2,
deltaP) are NaN too where the counts make none, as where f exceeds f1.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from kit.measures import keyness
from kit.measures.undefined import Floats, divide, floats, log2

Measure = Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike], Floats]


def expected(f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return how often the two would meet by chance: ``E = f1 f2 / n`` (Evert 2008)."""
    first, second = floats(f1), floats(f2)
    return divide(first * second, n)


def mi(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return mutual information, ``log2(f / E)`` (Church & Hanks 1990); NaN where f is 0."""
    return log2(divide(f, expected(f1, f2, n)))


def mi2(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``log2(f^2 / E)`` (Daille 1994); NaN where f is 0."""
    return mi(f, f1, f2, n) + log2(f)


def mi3(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``log2(f^3 / E)``, which favours what is frequent (Daille 1994); NaN where f is 0."""
    return mi(f, f1, f2, n) + 2 * log2(f)


def local_mi(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``f log2(f / E)`` (Evert 2005), which is 0 for pairs that never meet."""
    ratio = divide(f, expected(f1, f2, n))
    return np.where(ratio == 0, 0.0, floats(f) * log2(ratio))


def t_score(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``(f - E) / sqrt(f)`` (Church et al. 1991); NaN where f is 0."""
    return divide(floats(f) - expected(f1, f2, n), np.sqrt(floats(f)))


def z_score(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``(f - E) / sqrt(E)`` (after Berry-Rogghe 1973, in the form of Evert 2008)."""
    e = expected(f1, f2, n)
    return divide(floats(f) - e, np.sqrt(e))


def g2(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return the log-likelihood ratio over four cells (Dunning 1993); negative where f < E."""
    table = _table(f, f1, f2, n)
    return keyness.sign(*table) * keyness.g2_four_cell(*table)


def simple_ll(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``2 (f ln(f/E) - (f - E))``, G2 of the one cell (Evert 2008); negative where f < E."""
    e = expected(f1, f2, n)
    e = np.where(e > 0, e, np.nan)
    return np.sign(floats(f) - e) * keyness.deviance(f, e)


def chi_square(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return Pearson's chi-squared over four cells, uncorrected and without a sign."""
    return keyness.chi_square(*_table(f, f1, f2, n))


def dice(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``2 f / (f1 + f2)``, from 0 to 1 (Dice 1945); n plays no part."""
    return divide(2 * floats(f), floats(f1) + floats(f2))


def log_dice(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``14 + log2(Dice)``: at most 14, comparable between samples (Rychlý 2008).

    NaN where f is 0; n plays no part.
    """
    return 14 + log2(dice(f, f1, f2, n))


def delta_p(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return by how much word 1 raises the chance of word 2, from -1 to 1 (Gries 2013, p. 144).

    ``f / f1 - (f2 - f) / (n - f1)``: with word 1 less without it. NaN where word 1 is never there,
    or always.
    """
    a, b, n1, n2 = _table(f, f1, f2, n)
    impossible = np.isnan(keyness.sign(a, b, n1, n2))
    return np.where(impossible, np.nan, divide(a, n1) - divide(b, n2))


def delta_p_reverse(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return by how much word 2 raises the chance of word 1 (see `delta_p`)."""
    return delta_p(f, f2, f1, n)


def minimum_sensitivity(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> Floats:
    """Return ``min(f / f1, f / f2)``, from 0 to 1 (Pedersen 1998); n plays no part."""
    return np.minimum(divide(floats(f), f1), divide(floats(f), f2))


def _table(f: ArrayLike, f1: ArrayLike, f2: ArrayLike, n: ArrayLike) -> tuple[Floats, ...]:
    """Return counts of word 2 with and without word 1, and of all with and without it."""
    with_, first, second, size = floats(f), floats(f1), floats(f2), floats(n)
    return with_, second - with_, first, size - first


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "MI": mi,
        "MI2": mi2,
        "MI3": mi3,
        "localMI": local_mi,
        "t": t_score,
        "z": z_score,
        "G2": g2,
        "simpleLL": simple_ll,
        "chi2": chi_square,
        "logDice": log_dice,
        "Dice": dice,
        "deltaP": delta_p,
        "deltaP-reverse": delta_p_reverse,
        "MS": minimum_sensitivity,
    }
)
