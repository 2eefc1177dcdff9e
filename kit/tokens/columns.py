"""Documents -> columns of words.

The words of all languages but Chinese are told from the pieces between blanks (``pieces``), and so are
the ends of most English sentences (``kit.language.stops``). All else is asked of the rules of the
language passage by passage.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count

import numpy as np

from kit import language
from kit.corpus import Document
from kit.language import chinese, stops
from kit.lexicon import load
from kit.tokens.layer import Ints, Longs
from kit.tokens.pieces import Flags, Forms, Pieces, Words, joined, split, words_of


@dataclass(frozen=True, eq=False)
class Columns:
    """The words of some documents in reading order; what ``Tokens`` is made of.

    ``ids``, ``start`` and ``close`` have one value a word, ``sentences`` a row (passage, start, end) a
    sentence. ``*_bounds`` have one value a unit, the first word of it, and the number of words last.
    """

    vocabulary: tuple[str, ...]
    languages: tuple[str, ...]  # of each form of the vocabulary
    ids: Ints
    start: Ints
    close: Flags
    sentences: Ints
    sentence_bounds: Longs
    passage_bounds: Longs
    document_bounds: Longs

    def __len__(self) -> int:
        return len(self.ids)


Passages = list[tuple[str, str]]  # (language, text)


def build(documents: Iterable[Document]) -> Columns:
    """Return the columns of documents, forms numbered in the order in which they first stand."""
    passages: Passages = []
    document_ends = []
    for document in documents:
        passages += ((document.language, text) for _, text in document.passages())
        document_ends.append(len(passages))
    codes = sorted({code for code, _ in passages})
    forms: dict[tuple[str, str], int] = defaultdict(count().__next__)
    parts = [_of_language(code, passages, forms) for code in codes]
    whole = _in_order(parts, len(passages))
    return _columns(whole, tuple(forms), passages, np.array([0, *document_ends]))


def merge(parts: Sequence[Columns]) -> Columns:
    """Return the columns of parts that follow one another as if they had been built at once."""
    forms: dict[tuple[str, str], int] = defaultdict(count().__next__)
    ids = []
    for part in parts:
        pairs = zip(part.vocabulary, part.languages, strict=True)
        numbers = np.fromiter(map(forms.__getitem__, pairs), np.int32, len(part.vocabulary))
        ids.append(numbers[part.ids] if len(part) else part.ids)
    words = np.cumsum([0, *(len(part) for part in parts)])
    passages = np.cumsum([0, *(len(part.passage_bounds) - 1 for part in parts)])
    sentences = [
        p.sentences + np.array([[first, 0, 0]], np.int32) for p, first in _zip(parts, passages)
    ]

    def bounds(name: str) -> Longs:
        inner = [getattr(part, name)[:-1] + first for part, first in _zip(parts, words)]
        return np.concatenate([*inner, words[-1:]])

    return Columns(
        vocabulary=tuple(form for form, _ in forms),
        languages=tuple(code for _, code in forms),
        ids=np.concatenate(ids),
        start=np.concatenate([part.start for part in parts]),
        close=np.concatenate([part.close for part in parts]),
        sentences=np.concatenate(sentences).astype(np.int32),
        sentence_bounds=bounds("sentence_bounds"),
        passage_bounds=bounds("passage_bounds"),
        document_bounds=bounds("document_bounds"),
    )


def _zip(parts: Sequence[Columns], firsts: Longs) -> Iterable[tuple[Columns, int]]:
    return zip(parts, firsts[:-1].tolist(), strict=True)


@dataclass(frozen=True, eq=False)
class _Part:
    """The words and the sentences of the passages of one language; ``numbers`` of the passages."""

    numbers: Ints
    words: Words
    sentences: Ints


def _of_language(code: str, passages: Passages, forms: Forms) -> _Part:
    # A passage without words has no sentences.
    numbers = [i for i, (c, text) in enumerate(passages) if c == code and text.strip()]
    texts = [passages[i][1] for i in numbers]
    if code == "zh":
        _teach_chinese()
        words = _one_by_one(code, texts, forms)
        sentences = _by_rules(code, enumerate(texts))
    else:
        pieces = split(texts)
        words = words_of(code, pieces, forms)
        by_rules = code != "en"
        sentences = _by_rules(code, enumerate(texts)) if by_rules else _by_pieces(texts, pieces)
    number = np.array(numbers, dtype=np.int32)
    sentences[:, 0] = number[sentences[:, 0]]
    return _Part(number, words, sentences)


def _one_by_one(code: str, texts: list[str], forms: Forms) -> Words:
    """Ask the rules of the language for the words of each passage."""
    words = language.of(code).words
    counts, start, form, close = [], [], [], []
    for text in texts:
        found = words(text)
        counts.append(len(found))
        past = -1
        for a, b in found:
            start.append(a)
            form.append(forms[text[a:b], code])
            close.append(past >= 0 and joined(text[past:a], text[past - 1 : past]))
            past = b
    return Words(
        counts=np.array(counts, dtype=np.int64),
        start=np.array(start, dtype=np.int32),
        form=np.array(form, dtype=np.int32),
        close=np.array(close, dtype=np.bool_),
    )


def _by_rules(code: str, texts: Iterable[tuple[int, str]]) -> Ints:
    """Ask the rules of the language for the sentences, (text, start, end), of numbered texts."""
    sentences = language.of(code).sentences
    rows = [(number, start, end) for number, text in texts for start, end in sentences(text)]
    return np.array(rows, dtype=np.int32).reshape(-1, 3)


def _by_pieces(texts: list[str], pieces: Pieces) -> Ints:
    """Return the English sentences, (text, start, end), told from pieces where that is certain."""
    roles = stops.roles(pieces.distinct)
    number, start, size, first = pieces.number, pieces.start, pieces.size, pieces.first
    begin, last, left = stops.sentences(roles, number, first, start, size, pieces.uneven)
    text = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(begin, first)))
    told = np.column_stack((text, start[begin], start[last] + size[number[last]]))
    rest = _by_rules("en", ((i, texts[i]) for i in np.flatnonzero(left).tolist()))
    rows = np.concatenate((told.astype(np.int32), rest))
    ordered: Ints = rows[np.argsort(rows[:, 0], kind="stable")]
    return ordered


def _in_order(parts: list[_Part], passages: int) -> _Part:
    """Return the words and sentences of all languages in reading order, with counts of all passages."""
    counts = np.zeros(passages, dtype=np.int64)
    for part in parts:
        counts[part.numbers] = part.words.counts
    number = np.arange(passages, dtype=np.int32)
    if len(parts) == 1:
        return _Part(number, replace(parts[0].words, counts=counts), parts[0].sentences)
    of = np.concatenate([number[:0], *(np.repeat(p.numbers, p.words.counts) for p in parts)])
    order = np.argsort(of, kind="stable")
    words = Words(
        counts=counts,
        start=np.concatenate([number[:0], *(p.words.start for p in parts)])[order],
        form=np.concatenate([number[:0], *(p.words.form for p in parts)])[order],
        close=np.concatenate([counts[:0] > 0, *(p.words.close for p in parts)])[order],
    )
    rows = np.concatenate([np.empty((0, 3), np.int32), *(p.sentences for p in parts)])
    return _Part(number, words, rows[np.argsort(rows[:, 0], kind="stable")])


def _columns(
    part: _Part, forms: tuple[tuple[str, str], ...], passages: Passages, document_passages: Longs
) -> Columns:
    words, sentences = part.words, part.sentences
    ids, kept = _numbered_as_met(words.form, len(forms))
    passage_bounds = np.concatenate(([0], np.cumsum(words.counts)))
    # Passages laid end to end, so that one search finds the first word of each sentence.
    sizes = np.array([len(text) + 1 for _, text in passages], dtype=np.int64)
    offset = np.concatenate(([0], np.cumsum(sizes)))
    place = np.repeat(offset[:-1], words.counts)
    place += words.start
    sentence_start = offset[sentences[:, 0]] + sentences[:, 1]
    # what stands before the first sentence of a passage belongs to it
    first_of_passage = np.diff(sentences[:, 0], prepend=-1) > 0
    sentence_start[first_of_passage] = offset[sentences[first_of_passage, 0]]
    sentence_bounds = np.append(np.searchsorted(place, sentence_start), len(place))
    close = words.close.copy()
    close[sentence_bounds[sentence_bounds < len(close)]] = False
    return Columns(
        vocabulary=tuple(forms[i][0] for i in kept),
        languages=tuple(forms[i][1] for i in kept),
        ids=ids,
        start=words.start,
        close=close,
        sentences=sentences,
        sentence_bounds=sentence_bounds,
        passage_bounds=passage_bounds,
        document_bounds=passage_bounds[document_passages],
    )


def _numbered_as_met(form: Ints, forms: int) -> tuple[Ints, list[int]]:
    """Return forms renumbered in the order in which they first stand, and their old numbers."""
    first: Longs = np.full(forms, len(form), dtype=np.int64)
    first[form[::-1]] = np.arange(len(form) - 1, -1, -1)  # of equal places the last one set stays
    order = np.argsort(first, kind="stable")
    order = order[first[order] < len(form)]  # a twin of a piece may never have been needed
    new = np.zeros(forms, dtype=np.int32)
    new[order] = np.arange(len(order))
    return (new[form] if forms else form), order.tolist()


@lru_cache(maxsize=1)
def _teach_chinese() -> None:
    """Give the Chinese dictionary the names and set phrases that the lexicons know."""
    names = (entry.get("zh") for lexicon in ("names", "countries") for entry in load(lexicon))
    chinese.add_words(name for name in names if isinstance(name, str))
    chinese.add_phrases(form for entry in load("formulations") for form in entry.get("zh", ()))
