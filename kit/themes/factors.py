"""Non-negative factors of a sparse table of passages by terms: the same ones each time.

The table X is replaced by its largest singular triplets, found by a randomised search from a fixed seed
(Halko, Martinsson & Tropp 2011), so that what each step of the factorisation costs depends on their
number and not on that of the words; what that leaves out is noise to topics, which are fewer (Tepper &
Sapiro 2016). The factors begin with NNDSVD (Boutsidis & Gallopoulos 2008), where nothing is left to
chance, and are improved column by column, as HALS does (Cichocki & Phan 2009): the update that
scikit-learn's solver "cd" makes too.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_SPARE = 10  # triplets more than there are topics: what Halko et al. advise for the search
_POWERS = 3  # rounds of the search, each sharper than the one before
_STEPS = 30  # of the factorisation; the leading terms no longer change then
_NONE = (
    1e-9  # what is smaller is 0: numbers near the smallest there are would be slow to reckon with
)


@dataclass(frozen=True, eq=False, slots=True)
class Basis:
    """The largest singular triplets of a table: ``left * sizes @ right``."""

    left: Floats
    sizes: Floats
    right: Floats


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS work on one thread: the same sums in the same order, and no waiting on a busy machine."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 (loaded when first needed)

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def basis(table: Any, topics: int, random: np.random.Generator) -> Basis:
    """Return the largest singular triplets of a sparse table, enough for so many topics."""
    rank = min(topics + _SPARE, *table.shape)
    across = random.standard_normal((table.shape[1], min(rank + _SPARE, *table.shape)))
    turned = table.T.tocsr()
    for _ in range(_POWERS):
        across = np.linalg.qr(turned @ np.linalg.qr(table @ across)[0])[0]
    down = np.linalg.qr(table @ across)[0]
    left, sizes, right = np.linalg.svd((turned @ down).T, full_matrices=False)
    return Basis((down @ left)[:, :rank], sizes[:rank], right[:rank])


def factors(found: Basis, topics: int, steps: int = _STEPS) -> tuple[Floats, Floats]:
    """Return passages by topics and topics by terms, both not negative, whose product is near the table."""
    passages, terms = _nndsvd(found, topics)
    scaled = found.left * found.sizes
    for _ in range(steps):
        _improve(passages, terms.T @ terms, scaled @ (found.right @ terms))
        _improve(terms, passages.T @ passages, found.right.T @ (scaled.T @ passages))
    return passages, terms.T


def weights(table: Any, terms: Floats, steps: int = _STEPS) -> Floats:
    """Return how much of each topic (a row of `terms`) each row of a table has, by the same updates."""
    products = table @ terms.T
    passages = np.asfortranarray(np.zeros_like(products))
    for _ in range(steps):
        _improve(passages, terms @ terms.T, products)
    return passages


def _improve(factor: Floats, gram: Floats, products: Floats) -> None:
    """Set each column of a factor to the best one there is while the others stay."""
    for j in range(factor.shape[1]):
        column = factor @ gram[:, j]
        np.subtract(products[:, j], column, out=column)
        column /= max(gram[j, j], _NONE)
        column += factor[:, j]
        column *= column >= _NONE
        factor[:, j] = column


def _nndsvd(found: Basis, topics: int) -> tuple[Floats, Floats]:
    """Return the factors to begin with, passages and terms in rows, column after column in memory."""
    passages = np.zeros((found.left.shape[0], topics), order="F")
    terms = np.zeros((found.right.shape[1], topics), order="F")
    norm: Callable[[Floats], float] = np.linalg.norm  # type: ignore[assignment]
    for j in range(min(topics, len(found.sizes))):
        pairs = []
        for sign in (1.0, -1.0):
            a, b = np.maximum(sign * found.left[:, j], 0), np.maximum(sign * found.right[j], 0)
            pairs.append((float(norm(a) * norm(b)), a, b))
        mass, a, b = max(pairs, key=lambda pair: pair[0])
        if mass > _NONE:
            size = np.sqrt(found.sizes[j] * mass)
            passages[:, j], terms[:, j] = size * a / norm(a), size * b / norm(b)
    return passages, terms
