"""Sentences as bags of words: which ones have words in common, and how telling those are."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kit.counts import of_content
from kit.tokens import Ints, Longs, Tokens

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sentences:
    """Some sentences of the paragraphs of a corpus, by their running numbers in ``tokens``."""

    tokens: Tokens
    numbers: Longs

    def __len__(self) -> int:
        return len(self.numbers)

    def text(self, i: int) -> str:
        """Return the text of a sentence."""
        return self.tokens.corpus.text(self.tokens.sentence_span(int(self.numbers[i])))

    def words(self, i: int) -> list[int]:
        """Return the folded words of a sentence, as numbers."""
        first, past = self.tokens.sentence_bounds[self.numbers[i] : self.numbers[i] + 2]
        words: list[int] = self.tokens.word[first:past].tolist()
        return words

    @cached_property
    def document(self) -> Ints:
        """The number of each sentence's document."""
        return self.tokens.document[self.tokens.sentence_bounds[self.numbers]]

    @cached_property
    def sizes(self) -> Longs:
        """How many words each has."""
        return np.diff(self.tokens.sentence_bounds)[self.numbers]

    @cached_property
    def counts(self) -> Any:
        """How often each word (column) stands in each sentence (row), as a sparse array."""
        size = self.sizes
        before = np.cumsum(size) - size
        first = self.tokens.sentence_bounds[self.numbers]
        at = np.arange(int(size.sum())) + np.repeat(first - before, size)
        rows = np.repeat(np.arange(len(self)), size)
        shape = (len(self), len(self.tokens.words))
        made = sparse.coo_array((np.ones(len(at)), (rows, self.tokens.word[at])), shape)
        return made.tocsr()  # sums what stands at one place

    def only(self, chosen: NDArray[np.bool_] | Longs) -> "Sentences":
        """Return the chosen sentences."""
        return Sentences(self.tokens, self.numbers[chosen])


def of(t: Tokens, shortest: int = 1) -> Sentences:
    """Return the sentences of paragraphs that have at least `shortest` words."""
    size = np.diff(t.sentence_bounds)
    body = t.paragraphs[t.sentences[:, 0]] > 0
    return Sentences(t, np.flatnonzero((size >= shortest) & body))


def common_share(one: Sentences, other: Sentences) -> Floats:
    """Return for each pair the share of their distinct words that both have (Jaccard 1912)."""
    a, b = (s.counts.sign() for s in (one, other))
    both = (a @ b.T).toarray()
    of_one, of_other = (np.asarray(m.sum(axis=1)) for m in (a, b))
    return np.asarray(both / np.maximum(of_one[:, None] + of_other - both, 1))


def weights(some: Sentences) -> Floats:
    """Return for each content word log(1 + N / n) of N sentences, n with it (Spärck Jones 1972); else 0."""
    holders = np.asarray(some.counts.sign().sum(axis=0))
    content = of_content(some.tokens.words) & (holders > 0)
    return np.where(content, np.log(1 + len(some) / np.maximum(holders, 1)), 0.0)


def weighed(some: Sentences, weight: Floats) -> Any:
    """Return the weights of the words of each sentence as a sparse array, each row of length 1.

    So the product of two rows is their cosine; a row without content words is empty.
    """
    there = some.counts.sign().multiply(weight[None, :]).tocsr()
    length = np.sqrt(np.asarray(there.multiply(there).sum(axis=1)))
    return there.multiply((1 / np.maximum(length, _TINY))[:, None]).tocsr()


_TINY = 1e-12
