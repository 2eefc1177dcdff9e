"""Mentions as columns: which thing is named where, for counting with numbers."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from kit import tokens
from kit.corpus import Corpus
from kit.names.mention import Mention
from kit.names.table import mentions
from kit.tokens import Longs

Thing = tuple[str, str]  # kind, name


@dataclass(frozen=True, eq=False)
class Located:
    """The mentions of a corpus in reading order, one value a mention in each column.

    ``thing``: an index into ``things``, which are in order of their first mention; ``document``,
    ``passage`` and ``sentence``: running numbers of the corpus.
    """

    mentions: tuple[Mention, ...]
    things: tuple[Thing, ...]
    thing: Longs
    document: Longs
    passage: Longs
    sentence: Longs
    body: int  # sentences of paragraphs that the corpus has

    @cached_property
    def in_title(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether each mention stands in a title."""
        return np.array([m.span.paragraph == 0 for m in self.mentions], dtype=np.bool_)


@lru_cache(maxsize=8)
def located(corpus: Corpus) -> Located:
    """Return the mentions of a corpus as columns."""
    found = mentions(corpus)
    t = tokens.of(corpus)
    number = {place: i for i, place in enumerate(t.passages)}
    document = {d.id: i for i, d in enumerate(corpus)}
    things: dict[Thing, int] = {}
    size = len(found)
    thing = np.fromiter(
        (things.setdefault((m.kind, m.name), len(things)) for m in found), np.int64, size
    )
    passage = np.fromiter(
        (number[m.span.document, m.span.paragraph] for m in found), np.int64, size
    )
    start = np.fromiter((m.span.start for m in found), np.int64, size)
    # sentences in order of passage and start: the last one that begins no later than the mention
    begins = (t.sentences[:, 0].astype(np.int64) << 32) | t.sentences[:, 1]
    sentence = np.searchsorted(begins, (passage << 32) | start, side="right") - 1
    return Located(
        found,
        tuple(things),
        thing,
        np.fromiter((document[m.span.document] for m in found), np.int64, size),
        passage,
        sentence,
        t.body_sentences,
    )
