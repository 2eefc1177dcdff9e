"""The sentences of two accounts of one event, and which of them belong together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from kit import tokens
from kit.corpus import Corpus, Document, Span
from kit.finding import counted
from kit.reuse import meaning, sentences
from kit.reuse.sentences import Floats, Sentences
from kit.tokens import Longs

Kind = Literal["only first", "only second", "other words", "nearly", "verbatim"]
KINDS: tuple[Kind, ...] = ("only first", "only second", "other words", "nearly", "verbatim")
NEARLY = 0.75  # share of the words of both that follow one another in both
WITHIN = 0.85  # share of the words of a sentence that another one has taken in
FEWEST = 6  # words of a sentence that is taken in
TOGETHER = 2  # words in a row, below which a sentence takes in nothing: "of" and "the" are in all
BY_MEANING = 0.6  # cosine of embeddings from which two sentences are of the same matter
BY_BOTH = 0.5  # the same, where the words too are alike
BY_WORDS = 0.35  # cosine of content words, weighed by rarity, from which they are alike
_COMMON = 0.25  # share of distinct words in common below which no two sentences are nearly the same
_OPENING = 12  # words of a paragraph that tell which one it is


@dataclass(frozen=True)
class Match:
    """Two sentences, by their numbers in their texts, that say the same or nearly so."""

    kind: Kind
    one: int
    other: int
    similarity: float


def title(document: Document) -> str:
    """Return what a text is called."""
    return document.title or document.id


class Accounts:
    """The sentences of two texts, and which of them belong together."""

    def __init__(self, one: Document, other: Document) -> None:
        if other.id == one.id:
            other = replace(other, id=f"{other.id} (2)")
        self._documents = (one, other)
        self.corpus = Corpus(self._documents)
        t = tokens.of(self.corpus)
        every = sentences.of(t)
        names = [document.id for document in self.corpus]
        self._sides = tuple(
            every.only(every.document == names.index(d.id)) for d in self._documents
        )
        self.empty = not all(map(len, self._sides))
        self.by_meaning = meaning.installed()
        self.across = one.language != other.language
        self.matches = [] if self.empty else self._matched()

    @property
    def how(self) -> str:
        """What other words for the same are told by."""
        if self.by_meaning:
            return (
                f"cosine of sentence embeddings of {BY_MEANING:g} or more, or of {BY_BOTH:g} and of content "
                f"words of {BY_WORDS:g}, {meaning.MODEL}"
            )
        return f"cosine of content words, weighed by rarity, of {BY_WORDS:g} or more"

    @property
    def caveats(self) -> tuple[str, ...]:
        """What could not be compared, or not well."""
        found = [
            f"{title(d)} has no sentence in a paragraph: there is nothing to compare."
            for d, side in zip(self._documents, self._sides, strict=True)
            if not len(side)
        ]
        if not self.by_meaning:
            found.append(meaning.MISSING)
            if self.across:
                found.append("The two are in different languages: without it little can be found.")
        return tuple(found)

    @property
    def counted(self) -> str:
        """Say how many sentences of each text the other has."""
        parts = []
        for k, (side, name) in enumerate(zip(self._sides, ("first", "second"), strict=True)):
            met = {m.one if k == 0 else m.other for m in self.matches}
            parts.append(f"{len(met)} of {counted(len(side), 'sentence')} of the {name}")
        return f"In both: {' and '.join(parts)}."

    def span(self, side: int, number: int) -> Span | None:
        """Return the place of a sentence of the first (0) or second (1) text; -1 is none."""
        some = self._sides[side]
        return some.tokens.sentence_span(int(some.numbers[number])) if number >= 0 else None

    def paragraph(self, side: int, number: int) -> int:
        """Return the paragraph that a sentence stands in."""
        some = self._sides[side]
        passage = int(some.tokens.sentences[some.numbers[number], 0])
        return some.tokens.passages[passage][1]

    def opening(self, paragraph: int) -> str:
        """Return the first words of a paragraph of the first text."""
        t = self._sides[0].tokens
        passage = t.passages.index((self._documents[0].id, paragraph))
        first, past = t.passage_bounds[passage : passage + 2].tolist()
        return self.corpus.text(t.span(first, min(first + _OPENING, past) - 1))

    def rows(self) -> Iterator[tuple[Kind, int, int, float]]:
        """Yield (kind, sentence of the first, of the second text, similarity), -1 and NaN for none."""
        ones, others = ({m.one for m in self.matches}, {m.other for m in self.matches})
        for i in range(len(self._sides[0])):
            if i not in ones:
                yield "only first", i, -1, np.nan
        for j in range(len(self._sides[1])):
            if j not in others:
                yield "only second", -1, j, np.nan
        for m in sorted(self.matches, key=lambda m: (KINDS.index(m.kind), m.one, m.other)):
            yield m.kind, m.one, m.other, m.similarity

    def _matched(self) -> list[Match]:
        a, b = self._sides
        found = [] if self.across else _in_order(a, b)
        if not self.across:
            ones, others = self._left(found)
            found += [Match("nearly", i, j, share) for i, j, share in _taken_in(a, ones, b)]
            found += [Match("nearly", i, j, share) for j, i, share in _taken_in(b, others, a)]
        ones, others = self._left(found)
        if len(ones) and len(others):
            found += self._in_other_words(ones, others)
        return found

    def _left(self, found: list[Match]) -> tuple[Longs, Longs]:
        """Return the sentences of both texts that are in no match yet."""
        ones, others = (np.arange(len(side)) for side in self._sides)
        return (
            np.setdiff1d(ones, [m.one for m in found]),
            np.setdiff1d(others, [m.other for m in found]),
        )

    def _in_other_words(self, ones: Longs, others: Longs) -> Iterator[Match]:
        """Yield the pairs of what is left that together are most alike, each sentence once."""
        a, b = self._sides[0].only(ones), self._sides[1].only(others)
        cosine, alike = self._alike(a, b)
        rows, columns = linear_sum_assignment(np.where(alike, -cosine, 0))
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
            if alike[i, j]:
                yield Match(
                    "other words", int(ones[i]), int(others[j]), round(float(cosine[i, j]), 3)
                )

    def _alike(self, a: Sentences, b: Sentences) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the cosine of each pair, and whether that is enough."""
        both = Sentences(a.tokens, np.concatenate([side.numbers for side in self._sides]))
        weight = sentences.weights(both)
        by_words = (sentences.weighed(a, weight) @ sentences.weighed(b, weight).T).toarray()
        if not self.by_meaning:
            return by_words, by_words >= BY_WORDS
        one, other = (meaning.vectors([s.text(i) for i in range(len(s))]) for s in (a, b))
        cosine = (one @ other.T).astype(np.float64)
        return cosine, (cosine >= BY_MEANING) | ((cosine >= BY_BOTH) & (by_words >= BY_WORDS))


def _in_order(a: Sentences, b: Sentences) -> list[Match]:
    """Return the pairs that have nearly all words in the same order, each sentence once, the best first."""
    found = []
    for i, j in np.argwhere(sentences.common_share(a, b) >= _COMMON).tolist():
        one, other = a.words(i), b.words(j)
        if one == other:
            found.append(Match("verbatim", i, j, 1.0))
            continue
        ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
        if ratio >= NEARLY:
            found.append(Match("nearly", i, j, round(ratio, 3)))
    # of equal ones those that stand at the same place of their texts
    place = {m: abs(m.one / len(a) - m.other / len(b)) for m in found}
    found.sort(key=lambda m: (m.kind != "verbatim", -m.similarity, place[m], m.one, m.other))
    ones: set[int] = set()
    others: set[int] = set()
    kept = []
    for m in found:
        if m.one not in ones and m.other not in others:
            kept.append(m)
            ones.add(m.one)
            others.add(m.other)
    return kept


def _taken_in(part: Sentences, left: Longs, whole: Sentences) -> Iterator[tuple[int, int, float]]:
    """Yield (sentence, longer one of the other text that has taken it in, how much of it)."""
    some = part.only(left)
    common = (some.counts.sign() @ whole.counts.sign().T).toarray()
    distinct = np.asarray(some.counts.sign().sum(axis=1))
    for i, size in enumerate(some.sizes.tolist()):
        if size < FEWEST:
            continue
        best = (0.0, -1)
        for j in np.flatnonzero((common[i] >= WITHIN * distinct[i]) & (whole.sizes >= size)):
            matcher = SequenceMatcher(None, some.words(i), whole.words(int(j)), autojunk=False)
            blocks = [block.size for block in matcher.get_matching_blocks()]
            share = sum(b for b in blocks if b >= TOGETHER) / size
            best = max(best, (share, -int(j)))
        if best[0] >= WITHIN:
            yield int(left[i]), -best[1], round(best[0], 3)
