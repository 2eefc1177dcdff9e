"""The texts of a corpus as series: whose they are, how long, and which are of another kind."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kit import tokens
from kit.corpus import Corpus

Flags = NDArray[np.bool_]
NEAREST = 8  # texts before it that a text is compared with
FEWEST = 12  # texts of a series from which one of them can be of another kind
FAR = 5.0  # standard deviations (by the median absolute deviation) below the series' own likeness
LOW = 0.7  # of the likeness of the series: among near-copies small things are no other kind
_MAD = 1.4826  # standard deviations of a normal distribution in a median absolute deviation


@dataclass(frozen=True, slots=True)
class Text:
    """A dated text: what a ledger keeps of it. ``other_kind``: it is no text as those before it."""

    id: str
    date: dt.date
    title: str
    publisher: str
    language: str
    words: int
    other_kind: bool

    @property
    def source(self) -> tuple[str, str]:
        """The series that a text belongs to: its publisher and its language."""
        return self.publisher, self.language


MIXED = (
    "The source of the texts is not told, and several are of one day: they are not compared. "
    "Name a publisher for each, or give one source at a time."
)
DAYS = 0.1  # of a series, that may have several texts


def mixed(corpus: Corpus) -> set[tuple[str, str]]:
    """Return the sources (publisher, language) that are no series: too many days with several texts."""
    days: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for document in corpus:
        if document.day:
            days[document.publisher, document.language][document.day] += 1
    return {
        source for source, of in days.items() if sum(n > 1 for n in of.values()) > DAYS * len(of)
    }


def texts(corpus: Corpus) -> tuple[Text, ...]:
    """Return what a ledger keeps of the dated texts of a corpus, in order."""
    t = tokens.of(corpus)
    sources: dict[tuple[str, str], list[int]] = {}
    for i, document in enumerate(corpus):
        sources.setdefault((document.publisher, document.language), []).append(i)
    other = np.zeros(len(corpus), dtype=np.bool_)
    words = _words(t)
    for members in sources.values():
        other[members] = _of_another_kind(words[members])
    rows = zip(corpus, np.diff(t.document_bounds).tolist(), other.tolist(), strict=True)
    return tuple(
        Text(d.id, d.date, d.title, d.publisher, d.language, length, odd)
        for d, length, odd in rows
        if d.date
    )


def _words(t: tokens.Tokens) -> sparse.csr_matrix:
    """Return a row a text, a column a word: 1 + log of its count, rows of length 1."""
    spread = t.spread("word")
    value = np.repeat(np.arange(len(spread.holders)), spread.holders)
    shape = (len(t.document_bounds) - 1, len(spread.holders))
    matrix = sparse.csr_matrix((1 + np.log(spread.counts), (spread.units, value)), shape=shape)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.maximum(length, 1)) @ matrix).tocsr()


def _of_another_kind(words: sparse.csr_matrix) -> Flags:
    """Return which texts of a series, in order, are unlike those before them.

    Likeness is the median cosine with the ``NEAREST`` texts before (of the first ones, around). A text is
    of another kind where it lies ``FAR`` deviations below the median of its series, and ``LOW``.
    """
    texts = words.shape[0]
    if texts < FEWEST:
        return np.zeros(texts, dtype=np.bool_)
    near = np.full((texts, NEAREST), np.nan)
    for step in range(1, NEAREST + 1):
        product = words[step:].multiply(words[:-step]).sum(axis=1)
        near[step:, step - 1] = np.asarray(product).ravel()
    first = (words[: NEAREST + 1] @ words[: NEAREST + 1].T).toarray()
    for i in range(NEAREST):
        near[i] = np.delete(first[i], i)
    like = np.median(near, axis=1)
    usual = float(np.median(like))
    deviation = _MAD * float(np.median(np.abs(like - usual)))
    return np.asarray((like < usual - FAR * deviation) & (like < LOW * usual))
