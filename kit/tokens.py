"""Corpus -> columnar words: one store under every count, built once for a corpus."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from kit import language
from kit.corpus import Corpus, Kind, Span
from kit.language import chinese
from kit.lexicon import load

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words of a corpus in reading order, titles first in each document.

    All of ``ids``, ``start``, ``end``, ``sentence``, ``passage`` and ``close`` have one value a word:
    the surface form (an index into ``vocabulary``), the bounds in code points of its passage, the
    running number of its sentence and passage, and whether only blanks stand between it and the
    word before it in the same sentence. A passage is a title or a paragraph.
    """

    vocabulary: tuple[str, ...]
    languages: tuple[str, ...]
    ids: Ints
    start: Ints
    end: Ints
    sentence: Ints
    passage: Ints
    close: NDArray[np.bool_]
    passages: tuple[tuple[str, int], ...]  # (document id, paragraph number; 0 is the title)
    kinds: tuple[Kind, ...]  # what each passage is
    sentences: tuple[tuple[int, int, int], ...]  # (passage, start, end)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def _folded(self) -> tuple[tuple[str, ...], Ints]:
        index: dict[str, int] = {}
        of_surface = np.empty(len(self.vocabulary), dtype=np.int32)
        for i, (word, code) in enumerate(zip(self.vocabulary, self.languages, strict=True)):
            of_surface[i] = index.setdefault(language.of(code).fold(word), len(index))
        return tuple(index), of_surface[self.ids]

    @property
    def words(self) -> tuple[str, ...]:
        """The folded vocabulary: one entry for all spellings that are counted together."""
        return self._folded[0]

    @property
    def word(self) -> Ints:
        """The folded form of each word, an index into ``words``."""
        return self._folded[1]

    @cached_property
    def in_title(self) -> NDArray[np.bool_]:
        """Whether each word stands in a title."""
        titles = np.array([number == 0 for _, number in self.passages], dtype=np.bool_)
        return titles[self.passage] if len(self) else np.empty(0, dtype=np.bool_)

    @cached_property
    def in_heading(self) -> NDArray[np.bool_]:
        """Whether each word stands in a heading between paragraphs."""
        headings = [
            kind == "heading" and number > 0
            for kind, (_, number) in zip(self.kinds, self.passages, strict=True)
        ]
        return np.array(headings, dtype=np.bool_)[self.passage] if len(self) else self.in_title

    @cached_property
    def document(self) -> Ints:
        """The running number of each word's document."""
        order: dict[str, int] = {}
        of_passage = np.array(
            [order.setdefault(name, len(order)) for name, _ in self.passages], dtype=np.int32
        )
        return of_passage[self.passage] if len(self) else np.empty(0, dtype=np.int32)

    @cached_property
    def postings(self) -> dict[int, Ints]:
        """Where each folded word stands: its positions in ascending order."""
        order = np.argsort(self.word, kind="stable").astype(np.int32)
        bounds = np.flatnonzero(np.diff(self.word[order])) + 1
        return {int(self.word[part[0]]): part for part in np.split(order, bounds) if len(part)}

    @cached_property
    def _word_index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    def positions(self, folded: str) -> Ints:
        """Return the positions of a folded word, or an empty array."""
        number = self._word_index.get(folded)
        return np.empty(0, dtype=np.int32) if number is None else self.postings[number]

    def span(self, first: int, last: int) -> Span:
        """Return the span from the first to the last word (both inclusive, in one passage)."""
        name, paragraph = self.passages[int(self.passage[first])]
        return Span(name, paragraph, int(self.start[first]), int(self.end[last]))

    def sentence_span(self, number: int) -> Span:
        """Return the span of a sentence."""
        passage, start, end = self.sentences[number]
        name, paragraph = self.passages[passage]
        return Span(name, paragraph, start, end)

    def sentence_ranges(self) -> Iterator[tuple[int, int]]:
        """Yield (first word, past the last word) of each sentence that has words."""
        if len(self):
            cuts = np.flatnonzero(np.diff(self.sentence)) + 1
            bounds = [0, *cuts.tolist(), len(self)]
            yield from itertools.pairwise(bounds)


@lru_cache(maxsize=8)
def of(corpus: Corpus) -> Tokens:
    """Return the words of a corpus."""
    if any(document.language == "zh" for document in corpus):
        _teach_chinese()
    index: dict[tuple[str, str], int] = {}
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    sentence: list[int] = []
    passage: list[int] = []
    close: list[bool] = []
    passages: list[tuple[str, int]] = []
    kinds: list[Kind] = []
    sentences: list[tuple[int, int, int]] = []
    for document in corpus:
        rules = language.of(document.language)
        for number, text in document.passages():
            passages.append((document.id, number))
            kinds.append(document.kind(number))
            bounds = rules.sentences(text)
            current, previous = 0, -1
            sentences.extend((len(passages) - 1, *b) for b in bounds)
            base = len(sentences) - len(bounds)
            for start, end in rules.words(text):
                moved = False
                while current + 1 < len(bounds) and start >= bounds[current + 1][0]:
                    current, moved = current + 1, True
                ids.append(index.setdefault((text[start:end], document.language), len(index)))
                starts.append(start)
                ends.append(end)
                sentence.append(base + current)
                passage.append(len(passages) - 1)
                gap = text[previous:start].strip() if previous >= 0 else ""
                # the stop of an initial parts nothing: Jerome H. Powell
                joined = not gap or (gap == "." and text[previous - 1 : previous].isupper())
                close.append(previous >= 0 and not moved and joined)
                previous = end
    return Tokens(
        vocabulary=tuple(word for word, _ in index),
        languages=tuple(code for _, code in index),
        ids=np.array(ids, dtype=np.int32),
        start=np.array(starts, dtype=np.int32),
        end=np.array(ends, dtype=np.int32),
        sentence=np.array(sentence, dtype=np.int32),
        passage=np.array(passage, dtype=np.int32),
        close=np.array(close, dtype=np.bool_),
        passages=tuple(passages),
        kinds=tuple(kinds),
        sentences=tuple(sentences),
    )


@lru_cache(maxsize=1)
def _teach_chinese() -> None:
    """Give the Chinese dictionary the names and set phrases that the lexicons know."""
    names = (entry.get("zh") for lexicon in ("names", "countries") for entry in load(lexicon))
    chinese.add_words(name for name in names if isinstance(name, str))
    chinese.add_phrases(form for entry in load("formulations") for form in entry.get("zh", ()))
