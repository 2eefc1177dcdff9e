"""Dispersion: how evenly a word is spread over the parts of a corpus, or over its running text.

The functions of parts take ``counts``, words x parts, a dense array or a sparse matrix of scipy,
and ``sizes``, the words of each part. Out comes a float64 array with one figure a word. Parts
without words are no parts. A figure is NaN for a word that does not occur, and where one part alone
leaves nothing to compare. Only counts above 0 are visited; what parts without the word add has a
closed form.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kit.measures.undefined import Floats, divide


@dataclass(frozen=True, slots=True)
class _Entries:
    """The counts above 0: whose word each is, and the size of its part."""

    word: NDArray[np.intp]
    count: Floats
    size: Floats
    words: int
    sizes: Floats

    @property
    def parts(self) -> int:
        return len(self.sizes)

    @property
    def share_of_part(self) -> Floats:
        """Return w, the share of the corpus that the part is."""
        return self.size / float(self.sizes.sum())

    @property
    def share_of_word(self) -> Floats:
        """Return t, the share of the word's uses that are in the part."""
        return self.count / self.total(self.count)[self.word]

    def total(self, values: Floats) -> Floats:
        """Return the sum for each word of a value for each entry."""
        sums = np.bincount(self.word, weights=values, minlength=self.words)
        return sums.astype(np.float64, copy=False)

    def occurring(self, figures: Floats) -> Floats:
        """Return figures, NaN for words that do not occur."""
        there = np.bincount(self.word, minlength=self.words) > 0
        return np.where(there, figures, np.nan)


def _entries(counts: Any, sizes: ArrayLike) -> _Entries:
    """Return the counts above 0; ValueError if counts and sizes do not go together."""
    lengths = np.asarray(sizes, dtype=np.float64)
    shape: tuple[int, ...] = np.shape(counts)
    if len(shape) != 2 or lengths.shape != shape[1:]:
        raise ValueError(
            f"counts (words x parts) of shape {shape} do not go with sizes of shape {lengths.shape}"
        )
    if hasattr(counts, "tocsr"):
        rows = counts.tocsr()
        if not rows.has_canonical_format:  # several entries of one cell are one count
            rows = rows.copy()
            rows.sum_duplicates()
        word = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        part, count = rows.indices, rows.data
        there = count != 0
        if not there.all():
            word, part, count = word[there], part[there], count[there]
    else:
        table = np.asarray(counts)
        word, part = np.nonzero(table)
        count = table[word, part]
    count, size = count.astype(np.float64), lengths[part]
    if (count < 0).any() or (lengths < 0).any() or (size == 0).any():
        raise ValueError("a count or size is below 0, or a part without words has a count")
    return _Entries(word, count, size, shape[0], lengths[lengths > 0])


def range_(counts: Any, sizes: ArrayLike) -> Floats:
    """Return in how many parts a word is; 0 for one that does not occur."""
    e = _entries(counts, sizes)
    return np.bincount(e.word, minlength=e.words).astype(np.float64)


def juilland_d(counts: Any, sizes: ArrayLike) -> Floats:
    """Return ``D = 1 - V / sqrt(k - 1)`` over k parts: 1 even, 0 all in one of them.

    V is the population standard deviation of the rates over their mean (Juilland &
    Chang-Rodríguez 1964); of rates, not of counts, so that parts may differ in size.
    """
    e = _entries(counts, sizes)
    rate = e.count / e.size
    mean = divide(e.total(rate), e.parts)
    absent = e.parts - e.total(np.ones_like(rate))
    squares = e.total((rate - mean[e.word]) ** 2) + absent * mean**2
    variation = divide(np.sqrt(divide(squares, e.parts)), mean)
    return 1 - divide(variation, np.sqrt(max(e.parts - 1, 0)))


def carroll_d2(counts: Any, sizes: ArrayLike) -> Floats:
    """Return D2, the entropy of the rates over the most it can be: 1 even, 0 all in one part.

    ``-sum r log2 r / log2 k``, r the rate in a part over the sum of the rates (Carroll 1970).
    """
    e = _entries(counts, sizes)
    rate = e.count / e.size
    share = rate / e.total(rate)[e.word]
    entropy = np.maximum(-e.total(share * np.log2(share)), 0.0)
    return e.occurring(divide(entropy, np.log2(max(e.parts, 1))))


def rosengren_s(counts: Any, sizes: ArrayLike) -> Floats:
    """Return ``S = (sum sqrt(w T))^2 / f``: 1 even, w of the one part if all is in it.

    T is the count in a part, w the share of the corpus that the part is (Rosengren 1971).
    """
    e = _entries(counts, sizes)
    return divide(e.total(np.sqrt(e.share_of_part * e.count)) ** 2, e.total(e.count))


def d3(counts: Any, sizes: ArrayLike) -> Floats:
    """Return ``D3 = 1 - chi2 / (4 f)``: 1 even (Lyne 1985, as Gries 2008 gives it).

    Chi-squared is that of the counts against a spread by size. With more than five parts a word
    that is all in one has less than 0.
    """
    e = _entries(counts, sizes)
    f = e.total(e.count)
    expected = f[e.word] * e.share_of_part
    absent = f * _share_without(e)
    chi_square = e.total((e.count - expected) ** 2 / expected) + absent
    return 1 - divide(chi_square, 4 * f)


def gries_dp(counts: Any, sizes: ArrayLike) -> Floats:
    """Return ``DP = sum |t - w| / 2``: 0 even, up to 1 - min w all in the smallest part.

    t is the share of the word's uses that are in a part, w the share of the corpus that the part is
    (Gries 2008).
    """
    e = _entries(counts, sizes)
    differences = e.total(np.abs(e.share_of_word - e.share_of_part))
    return e.occurring((differences + _share_without(e)) / 2)


def dp_norm(counts: Any, sizes: ArrayLike) -> Floats:
    """Return ``DP / (1 - min w)``, from 0 even to 1 (Lijffijt & Gries 2012)."""
    lengths = np.asarray(sizes, dtype=np.float64)
    lengths = lengths[lengths > 0]
    most = 1 - lengths.min() / lengths.sum() if len(lengths) else np.nan
    return divide(gries_dp(counts, sizes), most)


def d_kl(counts: Any, sizes: ArrayLike) -> Floats:
    """Return ``K = sum t log2(t / w)``, in bits: 0 even, no upper bound (Gries 2020).

    t is the share of the word's uses that are in a part, w the share of the corpus that the part
    is. Between 0 and 1, and 1 for even, it is ``1 - K / (1 + K)`` (Gries 2024, p. 90).
    """
    e = _entries(counts, sizes)
    share = e.share_of_word
    return e.occurring(np.maximum(e.total(share * np.log2(share / e.share_of_part)), 0.0))


def _share_without(e: _Entries) -> Floats:
    """Return the share of the corpus that is parts without the word."""
    return np.maximum(1 - e.total(e.share_of_part), 0.0)


def arf(positions: ArrayLike, n: int) -> float:
    """Return the average reduced frequency of one word (Savický & Hlaváčová 2002).

    ``sum min(d, v) / v``, with ``v = n / f``: about f for a word spread evenly, about 1 for one
    that is all in one place. `positions` are those of its f occurrences among the words 0..n-1, in
    any order; d are the distances from one to the next, from the last round to the first. NaN for a
    word that does not occur. ValueError where a position is out of 0..n-1 or given twice.
    """
    distance = _distances(positions, n)
    if not len(distance):
        return float("nan")
    interval = n / len(distance)
    return float(np.minimum(distance, interval).sum() / interval)


def awt(positions: ArrayLike, n: int) -> float:
    """Return the average waiting time, in words, from any place to the word's next occurrence.

    ``(1 + sum d^2 / n) / 2`` with the arguments and distances of `arf` (Savický & Hlaváčová 2002);
    NaN for a word that does not occur.
    """
    distance = _distances(positions, n)
    return float((1 + (distance**2).sum() / n) / 2) if len(distance) else float("nan")


def _distances(positions: ArrayLike, n: int) -> Floats:
    at = np.sort(np.asarray(positions, dtype=np.float64))
    if not len(at):
        return at
    distance = np.diff(at, append=at[0] + n)
    if at[0] < 0 or at[-1] >= n or (distance <= 0).any():
        raise ValueError(f"positions are different numbers from 0 to {n - 1}")
    return distance
