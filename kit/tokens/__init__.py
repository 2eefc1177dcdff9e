"""Corpus -> columnar words: one store under every count, built once for a corpus."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from kit import cache, language
from kit.corpus import Corpus, Document, Kind, Span
from kit.tokens import columns, store
from kit.tokens.columns import Columns
from kit.tokens.layer import Ints, Layer, Longs, Spread, alphabet, spread

__all__ = [
    "Ints",
    "Layer",
    "LayerName",
    "Longs",
    "Spread",
    "Tokens",
    "alphabet",
    "build",
    "is_large",
    "of",
    "spread",
]

LayerName = Literal["form", "lower", "word", "lemma", "tag"]
P = ParamSpec("P")
T = TypeVar("T")
_LAYERS = ("form", "lower", "word", "lemma", "tag")
WORTH_KEEPING = 1_000_000  # characters from which a store goes to disk: it took a fifth of a second
SHARD = 8_000_000  # characters that one process is given at a time


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words of a corpus in reading order, titles first in each document.

    Arrays named in the singular have one value a word. ``ids``: the form as it is written, an index
    into ``vocabulary``; ``start`` and ``end``: its bounds in code points of its passage; ``sentence``,
    ``passage`` and ``document``: their running numbers; ``close``: whether only blanks stand between
    it and the word before it in the same sentence. A passage is a title or a paragraph. Arrays named
    ``*_bounds`` have the first word of each unit, and the number of words at the end. ``sentences`` has
    a row (passage, start, end) a sentence.
    """

    corpus: Corpus = field(repr=False)
    columns: Columns = field(repr=False)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The forms as they are written, in the order in which they first stand."""
        return self.columns.vocabulary

    @property
    def languages(self) -> tuple[str, ...]:
        """The language of each form of the vocabulary."""
        return self.columns.languages

    # A column that is kept on disk is shown as a plain array: numpy looks up places of one in half
    # the time that it needs for those of a memory map.

    @cached_property
    def ids(self) -> Ints:
        """The form of each word."""
        return np.asarray(self.columns.ids)

    @cached_property
    def start(self) -> Ints:
        """Where each word begins in its passage, in code points."""
        return np.asarray(self.columns.start)

    @cached_property
    def close(self) -> NDArray[np.bool_]:
        """Whether each word follows the one before it in its sentence with only blanks between."""
        return np.asarray(self.columns.close)

    @cached_property
    def sentences(self) -> Ints:
        """A row (passage, start, end) for each sentence."""
        return np.asarray(self.columns.sentences)

    @cached_property
    def sentence_bounds(self) -> Longs:
        """The first word of each sentence, and the number of words."""
        return np.asarray(self.columns.sentence_bounds)

    @cached_property
    def passage_bounds(self) -> Longs:
        """The first word of each passage, and the number of words."""
        return np.asarray(self.columns.passage_bounds)

    @cached_property
    def document_bounds(self) -> Longs:
        """The first word of each document, and the number of words."""
        return np.asarray(self.columns.document_bounds)

    @cached_property
    def end(self) -> Ints:
        """Where each word ends in its passage."""
        lengths = np.array([len(form) for form in self.vocabulary], dtype=np.int32)
        return self.start + lengths[self.ids] if len(self) else self.start

    @cached_property
    def sentence(self) -> Ints:
        """The running number of each word's sentence."""
        return _numbers(self.sentence_bounds)

    @cached_property
    def passage(self) -> Ints:
        """The running number of each word's passage."""
        return _numbers(self.passage_bounds)

    @cached_property
    def document(self) -> Ints:
        """The running number of each word's document."""
        return _numbers(self.document_bounds)

    @cached_property
    def passages(self) -> tuple[tuple[str, int], ...]:
        """(document id, paragraph number; 0 is the title) of each passage."""
        return tuple(
            (document.id, number)
            for document in self.corpus
            for number in range(len(document.paragraphs) + 1)
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The text of each passage."""
        return tuple(text for document in self.corpus for _, text in document.passages())

    @cached_property
    def paragraphs(self) -> Longs:
        """The number of each passage in its document; 0 is the title."""
        sizes = np.array([len(d.paragraphs) + 1 for d in self.corpus], dtype=np.int64)
        ends = np.cumsum(sizes)
        return np.arange(sizes.sum()) - np.repeat(ends - sizes, sizes)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """What each passage is."""
        return tuple(self.corpus[name].kind(number) for name, number in self.passages)

    @cached_property
    def _titles(self) -> NDArray[np.bool_]:
        """Whether each passage is a title."""
        return np.equal(self.paragraphs, 0)

    @cached_property
    def in_title(self) -> NDArray[np.bool_]:
        """Whether each word stands in a title."""
        return np.repeat(self._titles, np.diff(self.passage_bounds))

    @cached_property
    def in_heading(self) -> NDArray[np.bool_]:
        """Whether each word stands in a heading between paragraphs."""
        headings = np.array([kind == "heading" for kind in self.kinds], dtype=np.bool_)
        return np.repeat(headings & ~self._titles, np.diff(self.passage_bounds))

    @cached_property
    def body_words(self) -> int:
        """How many words stand in paragraphs."""
        return len(self) - int(np.diff(self.passage_bounds)[self._titles].sum())

    @cached_property
    def body_sentences(self) -> int:
        """How many sentences stand in paragraphs."""
        return int((~self._titles[self.sentences[:, 0]]).sum())

    # ---- layers: ways to read the words

    @cached_property
    def _layers(self) -> dict[str, Layer]:
        every = np.arange(len(self.vocabulary), dtype=np.int32)
        return {"form": Layer(self.vocabulary, self.ids, every)}

    def layer(self, name: LayerName) -> Layer:
        """Return a layer; its values are made when it is first asked for.

        ``form``: as written; ``lower``: in small letters; ``word``: folded, what counts are by; ``lemma``:
        the dictionary form; ``tag``: the Penn tag of an English word (by spaCy; slow the first time).
        """
        if name not in self._layers:
            self._layers[name] = self._made(name)
        return self._layers[name]

    def _made(self, name: LayerName) -> Layer:
        if name == "tag":
            from kit.tokens import syntax  # noqa: PLC0415 (spaCy, loaded when first needed)

            return syntax.of(self).tag
        if name == "lower":
            return self._of_forms([form.lower() for form in self.vocabulary])
        rules = [language.of(code) for code in self.languages]
        if name == "word":
            pairs = zip(rules, self.vocabulary, strict=True)
            return self._of_forms([rule.fold(form) for rule, form in pairs])
        if name == "lemma":
            pairs = zip(rules, self.vocabulary, strict=True)
            return self._of_forms([rule.lemma(rule.fold(form)) for rule, form in pairs])
        raise KeyError(f"no layer {name}: {', '.join(_LAYERS)}")

    def _of_forms(self, values: list[str]) -> Layer:
        """Return the layer in which each form of the vocabulary has the given value."""
        index: dict[str, int] = {}
        of_form = np.array([index.setdefault(v, len(index)) for v in values], dtype=np.int32)
        return Layer(tuple(index), of_form[self.ids] if len(self) else self.ids, of_form)

    @property
    def words(self) -> tuple[str, ...]:
        """The folded vocabulary: one entry for all spellings that are counted together."""
        return self.layer("word").names

    @property
    def word(self) -> Ints:
        """The folded form of each word, an index into ``words``."""
        return self.layer("word").ids

    def positions(self, folded: str) -> Ints:
        """Return the positions of a folded word, or an empty array."""
        layer = self.layer("word")
        number = layer.number(folded)
        return np.empty(0, dtype=np.int32) if number is None else layer.positions(number)

    def spread(self, name: LayerName) -> Spread:
        """Return how often each value of a layer stands in the paragraphs of each document."""
        return self.once(_spread, name)

    @cached_property
    def _kept(self) -> dict[tuple[object, ...], Any]:
        return {}

    def once(
        self, make: Callable[Concatenate["Tokens", P], T], *given: P.args, **named: P.kwargs
    ) -> T:
        """Return ``make(self, *given)``, made when it is first asked for and kept with the words.

        What is given must be hashable. So what an analysis knows of a corpus is found once, and goes
        when the words go.
        """
        key = (make, *given, *named.items())
        if key not in self._kept:
            self._kept[key] = make(self, *given, **named)
        return cast(T, self._kept[key])

    # ---- from words back to the text

    def span(self, first: int, last: int) -> Span:
        """Return the span from the first to the last word (both inclusive, in one passage)."""
        name, paragraph = self.passages[int(self.passage[first])]
        return Span(name, paragraph, int(self.start[first]), int(self.end[last]))

    def sentence_span(self, number: int) -> Span:
        """Return the span of a sentence."""
        passage, start, end = self.sentences[number].tolist()
        name, paragraph = self.passages[passage]
        return Span(name, paragraph, start, end)

    def sentence_ranges(self) -> Iterator[tuple[int, int]]:
        """Yield (first word, past the last word) of each sentence that has words."""
        for first, past in itertools.pairwise(self.sentence_bounds.tolist()):
            if first < past:
                yield first, past


def _spread(t: Tokens, name: LayerName) -> Spread:
    layer, body = t.layer(name), ~t.in_title
    return spread(layer.ids[body], t.document[body], len(layer.names))


def _numbers(bounds: Longs) -> Ints:
    return np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds))


def build(corpus: Corpus, executor: Executor | None = None) -> Tokens:
    """Return the words of a corpus, built anew: shard by shard where an executor is given.

    Any ``concurrent.futures`` executor serves: a pool of processes, or that of a Dask cluster.
    """
    if executor is None:
        return Tokens(corpus, columns.build(corpus.documents))
    parts = list(executor.map(columns.build, _shards(corpus)))
    return Tokens(corpus, columns.merge(parts) if parts else columns.build(()))


def _shards(corpus: Corpus) -> list[tuple[Document, ...]]:
    """Return runs of documents of about ``SHARD`` characters."""
    ends = np.cumsum([_characters(document) for document in corpus], dtype=np.int64)
    shard = ((ends - 1) // SHARD).tolist()
    numbered = zip(shard, corpus.documents, strict=True)
    return [
        tuple(document for _, document in run)
        for _, run in itertools.groupby(numbered, key=lambda pair: pair[0])
    ]


def _characters(document: Document) -> int:
    return len(document.title) + sum(map(len, document.paragraphs))


@lru_cache(maxsize=8)
def is_large(corpus: Corpus) -> bool:
    """Whether what is made of a corpus is worth keeping on disk."""
    return sum(map(_characters, corpus)) >= WORTH_KEEPING


@lru_cache(maxsize=8)
def of(corpus: Corpus) -> Tokens:
    """Return the words of a corpus; those of a large one are kept on disk, by its content."""
    if not is_large(corpus):
        return build(corpus)
    folder = store.folder_of(corpus, cache.folder())
    stored = store.load(folder)
    if stored is None:
        stored = columns.build(corpus.documents)
        if store.save(stored, folder):
            stored = store.load(folder) or stored
    return Tokens(corpus, stored)
