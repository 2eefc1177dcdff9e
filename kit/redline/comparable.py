"""Which earlier text a text is compared with: the last one of its publisher and language of the same kind."""

from collections import defaultdict
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus, Document

WORDS = 4  # in a row, that two texts share
HALF, QUARTER = 0.5, 0.25
NEAREST = 12  # earlier texts among which the one that shares most is sought first

RULE = (
    "Compared with the last earlier text of the same publisher (where none is named, of the same folder) "
    f"and language that is of its kind: one that shares with it at least half as many runs of {WORDS} words "
    "as the earlier text that shares most, and a quarter of what is usual in the series (the share is of the "
    "runs of the shorter text, the usual is the median of the largest shares; the "
    f"{NEAREST} texts before each are looked at)"
)


class Series:
    """The dated texts of a corpus as series of one publisher and language each."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._runs = _runs_of_words(corpus)
        self._number = {document.id: n for n, document in enumerate(corpus)}
        self._series: dict[tuple[str, str], list[Document]] = defaultdict(list)
        for document in corpus:
            if document.date is not None:
                self._series[_origin(document)].append(document)

    def before(self, document: Document) -> Document | None:
        """Return the text that a dated one is compared with, or None where there is none of its kind."""
        earlier = self._earlier(document)
        if not earlier:
            return None
        usual = QUARTER * self._usual[_origin(document)]
        for some in (earlier[-NEAREST:], earlier):
            shares = [self.share(document, other) for other in some]
            enough = max(HALF * max(shares), usual)
            for share, other in zip(reversed(shares), reversed(some), strict=True):
                if share >= enough:
                    return other
        return None

    def share(self, one: Document, other: Document) -> float:
        """Return how many of the runs of words of the shorter of two texts stand in the other."""
        a, b = (self._runs[self._number[d.id]] for d in (one, other))
        shared = np.intersect1d(a, b, assume_unique=True)
        return float(len(shared) / max(min(len(a), len(b)), 1))

    def _earlier(self, document: Document) -> list[Document]:
        return [
            other
            for other in self._series[_origin(document)]
            if other.date and document.date and other.date < document.date
        ]

    @cached_property
    def _usual(self) -> dict[tuple[str, str], float]:
        usual = {}
        for origin, documents in self._series.items():
            best = [
                max(self.share(document, other) for other in earlier[-NEAREST:])
                for document in documents
                if (earlier := self._earlier(document))
            ]
            usual[origin] = float(np.median(best)) if best else 0.0
        return usual


def _origin(document: Document) -> tuple[str, str]:
    """Return what the texts of a series have in common."""
    folder = PurePosixPath(document.source).parent.as_posix()
    return document.publisher or folder, document.language


def _runs_of_words(corpus: Corpus) -> list[NDArray[np.int64]]:
    """Return for each document the numbers of the different runs of words of its paragraphs, in order."""
    t = tokens.of(corpus)
    runs = t.word.astype(np.int64)
    length = 1
    while length < WORDS:  # runs of 2 are pairs of words, runs of 4 pairs of those
        pairs = runs[:-length] * (runs.max(initial=0) + 1) + runs[length:]
        _, runs = np.unique(pairs, return_inverse=True)
        length *= 2
    body = np.flatnonzero(~t.in_title)
    bounds = np.searchsorted(body, t.document_bounds)
    return [
        np.unique(runs[body[first : max(first, past - WORDS + 1)]])
        for first, past in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]
