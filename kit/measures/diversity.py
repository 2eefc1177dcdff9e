"""Lexical diversity: how many different words a text has for its length.

Every function takes the words of one text in reading order as an array of integer ids, the same id
for the same word, and returns a float: NaN where the measure is not defined (a text of no words, or
shorter than its window or sample). N is the number of words, V that of different words (types), and
V(m) that of types that stand m times.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer[Any]]
WINDOW = 50  # words: Covington & McFall 2010 leave it to the user; 50 is what most tools take
FACTOR = 0.72  # the TTR at which a factor of MTLD ends: McCarthy & Jarvis 2010
SAMPLE = 42  # words drawn: McCarthy & Jarvis 2007, after the 35 to 50 of vocd


def _frequencies(ids: Ids) -> NDArray[np.float64]:
    """Return how often each type stands in a text."""
    return np.unique(ids, return_counts=True)[1].astype(np.float64)


def _size(ids: Ids) -> tuple[int, int]:
    return len(ids), len(np.unique(ids))


def _before(ids: Ids) -> NDArray[np.int64]:
    """Return where each word stood the last time before, -1 for its first time."""
    order = np.argsort(ids, kind="stable")
    same = ids[order[1:]] == ids[order[:-1]]
    before = np.full(len(ids), -1, dtype=np.int64)
    before[order[1:][same]] = order[:-1][same]
    return before


def ttr(ids: Ids) -> float:
    """Return the type-token ratio, V / N (Johnson 1944)."""
    n, v = _size(ids)
    return v / n if n else math.nan


def herdan_c(ids: Ids) -> float:
    """Return Herdan's C, ln V / ln N (Herdan 1960); quanteda's ``C``. Undefined for one word."""
    n, v = _size(ids)
    return math.log(v) / math.log(n) if n > 1 else math.nan


def guiraud_r(ids: Ids) -> float:
    """Return Guiraud's R, V / sqrt N (Guiraud 1954); quanteda's ``R``."""
    n, v = _size(ids)
    return v / math.sqrt(n) if n else math.nan


def maas(ids: Ids) -> float:
    """Return Maas's a squared, (ln N - ln V) / (ln N)^2 (Maas 1972): lower is more diverse."""
    n, v = _size(ids)
    return (math.log(n) - math.log(v)) / math.log(n) ** 2 if n > 1 else math.nan


def maas_root_log10(ids: Ids) -> float:
    """Return Maas's a, sqrt((log10 N - log10 V) / (log10 N)^2); quanteda's ``Maas``."""
    n, v = _size(ids)
    return math.sqrt(math.log10(n) - math.log10(v)) / math.log10(n) if n > 1 else math.nan


def lg_v0(ids: Ids) -> float:
    """Return Maas's lg V0, log10 V / sqrt(1 - (log10 V / log10 N)^2); quanteda's ``lgV0``.

    Undefined where all words differ.
    """
    n, v = _size(ids)
    if v == n:
        return math.nan
    return math.log10(v) / math.sqrt(1 - (math.log(v) / math.log(n)) ** 2)


def lge_v0(ids: Ids) -> float:
    """Return Maas's lg V0 by natural logarithms; quanteda's ``lgeV0``. Undefined as ``lg_v0``."""
    return lg_v0(ids) * math.log(10)


def yule_k(ids: Ids) -> float:
    """Return Yule's K, 10^4 (sum m^2 V(m) - N) / N^2 (Yule 1944): lower is more diverse."""
    n = len(ids)
    return 1e4 * (float(np.sum(_frequencies(ids) ** 2)) - n) / n**2 if n else math.nan


def simpson_d(ids: Ids) -> float:
    """Return Simpson's D, sum m (m-1) V(m) / (N (N-1)) (Simpson 1949); quanteda's ``D``.

    It is the chance that two words drawn from the text are the same; undefined for one word.
    """
    n, f = len(ids), _frequencies(ids)
    return float(np.sum(f * (f - 1))) / (n * (n - 1)) if n > 1 else math.nan


def herdan_vm(ids: Ids) -> float:
    """Return Herdan's Vm, sqrt(sum V(m) (m/N)^2 - 1/V) (Herdan 1955); quanteda's ``Vm``."""
    n, f = len(ids), _frequencies(ids)
    if not n:
        return math.nan
    # where all types are as frequent the difference is 0, which rounding may leave below it
    return math.sqrt(max(0.0, float(np.sum((f / n) ** 2)) - 1 / len(f)))


def mattr(ids: Ids, window: int = WINDOW) -> float:
    """Return the moving-average TTR: the mean TTR of all windows of `window` words.

    Covington & McFall (2010). Undefined for a text shorter than the window. A word adds to the
    types of a window where it stands there for the first time, so the windows that a word counts in
    begin after the place where it stood before, and one pass gives the sum over all of them.
    """
    n = len(ids)
    if n < window or window < 1:
        return math.nan
    at = np.arange(n)
    first = np.maximum(_before(ids) + 1, at - window + 1)
    last = np.minimum(at, n - window)
    types = int(np.maximum(0, last - first + 1).sum())
    return types / (window * (n - window + 1))


def mtld(ids: Ids, threshold: float = FACTOR, *, whole: bool = False) -> float:
    """Return the measure of textual lexical diversity: the mean length of the text's factors.

    McCarthy & Jarvis (2010): a factor is a run of words that ends where its TTR comes down to the
    threshold (at or below it, and however short it is); what is left at the end counts as the part
    (1 - TTR) / (1 - threshold) of a factor; N over the number of factors is taken of the text
    forwards and backwards, and the mean of both is the result. Undefined where no word comes twice.
    With `whole`, also where either direction does not have one whole factor: such a figure is
    extrapolated from the beginning of one.
    """
    before = _before(ids)
    # backwards, the place where a word stood "before" is the one where it comes next
    after = np.full(len(ids), -1, dtype=np.int64)
    again = np.flatnonzero(before >= 0)
    after[before[again]] = len(ids) - 1 - again
    factors = [_factors(stood.tolist(), threshold) for stood in (before, after[::-1])]
    least = min(factors)
    if least == 0 or (whole and least < 1):
        return math.nan
    return sum(len(ids) / number for number in factors) / 2


def _factors(before: list[int], threshold: float) -> float:
    """Return the number of factors, the last of them in part."""
    number = start = types = 0
    for at, stood in enumerate(before):
        if stood < start:
            types += 1
        elif types / (at + 1 - start) <= threshold:  # only a word that comes again lowers the TTR
            number += 1
            start, types = at + 1, 0
    left = len(before) - start
    return number + ((1 - types / left) / (1 - threshold) if left else 0.0)


def hdd(ids: Ids, sample: int = SAMPLE) -> float:
    """Return HD-D: the TTR to be expected of `sample` words drawn from the text, from 0 to 1.

    McCarthy & Jarvis (2007): the sum over the types of the chance, by the hypergeometric
    distribution, that a sample has the type at all, over the size of the sample. Undefined for a
    text shorter than the sample.
    """
    n = len(ids)
    if n < sample or sample < 1:
        return math.nan
    frequency, types = np.unique(_frequencies(ids), return_counts=True)
    # none of m words in the sample: the product of (n - m - j) / (n - j), j from 0 to sample - 1
    left = n - np.arange(sample)
    none = np.prod(np.maximum(0.0, 1 - frequency[:, None] / left), axis=1)
    return float(np.sum(types * (1 - none))) / sample
