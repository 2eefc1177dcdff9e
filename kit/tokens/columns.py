"""Documents -> columns of words.

Words never cross a blank, in all languages but Chinese. So a text is split at blanks, each distinct
piece is numbered, and the rules of its language are asked once a piece, not once a word: the same
words and offsets, ten times sooner. Chinese is given to its segmenter passage by passage.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from kit import language
from kit.corpus import Document
from kit.language import chinese
from kit.lexicon import load
from kit.tokens.layer import Ints, Longs

Flags = NDArray[np.bool_]
_PIECE = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W\d_]")
_APOSTROPHES = (
    "'\u2019\u02bc"  # at the end of a piece: whether it is part of the word, the next piece tells
)
_AT_ONCE = 256  # passages that are split at once: few enough that their pieces stay in the cache
_STOPS = frozenset(".,;:!?)\u201d")


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
    merged = _in_order(parts, len(passages))
    sentences = _sentences(passages)
    return _columns(merged, tuple(forms), sentences, passages, np.array([0, *document_ends]))


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
class _Words:
    """Words of the passages of one language; ``passage`` and the rest have one value a word."""

    passage: Ints
    start: Ints
    end: Ints
    form: Ints
    close: Flags


Forms = dict[tuple[str, str], int]


def _of_language(code: str, passages: Passages, forms: Forms) -> _Words:
    numbers = [i for i, (c, _) in enumerate(passages) if c == code]
    texts = [passages[i][1] for i in numbers]
    if code == "zh":
        _teach_chinese()
        return _one_by_one(code, numbers, texts, forms)
    return _by_piece(code, np.array(numbers, dtype=np.int32), texts, forms)


def _one_by_one(code: str, numbers: list[int], texts: list[str], forms: Forms) -> _Words:
    """Ask the rules of the language for the words of each passage."""
    words = language.of(code).words
    bounds = [words(text) for text in texts]
    flat = np.array([b for found in bounds for b in found], dtype=np.int32).reshape(-1, 2)
    close = []
    written = []
    for text, found in zip(texts, bounds, strict=True):
        past = -1
        for start, end in found:
            close.append(past >= 0 and _joined(text[past:start], text[past - 1 : past]))
            written.append(forms[text[start:end], code])
            past = end
    return _Words(
        passage=np.repeat(np.array(numbers, dtype=np.int32), [len(b) for b in bounds]),
        start=flat[:, 0],
        end=flat[:, 1],
        form=np.array(written, dtype=np.int32),
        close=np.array(close, dtype=np.bool_),
    )


def _joined(gap: str, before: str) -> bool:
    """Whether two words are close; the stop of an initial parts nothing: Jerome H. Powell."""
    return not gap.strip() or (gap.rstrip() == "." and before.isupper())


class _Pieces:
    """What the rules of a language make of each distinct piece between blanks."""

    def __init__(self, code: str, pieces: list[str], forms: Forms) -> None:
        words = language.of(code).words
        length = len(pieces)
        # A piece that ends with an apostrophe has a twin for the case that a letter follows:
        # *countries'* before *commitment*. Twins stand after all others.
        twins = [i for i, piece in enumerate(pieces) if piece[-1] in _APOSTROPHES]
        self.twin = np.arange(length, dtype=np.int32)
        self.twin[twins] = np.arange(length, length + len(twins))
        self.length = np.array([len(p) for p in pieces] + [len(pieces[i]) for i in twins], np.int32)
        self.begins_with_letter = np.array([bool(_LETTER.match(p)) for p in pieces], np.bool_)
        number, start, end, form, close, opens, shuts = [], [], [], [], [], [], []
        for piece, found in chain(
            ((piece, _bounds(piece, words)) for piece in pieces),
            ((pieces[i], words(pieces[i] + " x")[:-1]) for i in twins),
        ):
            number.append(len(found))
            past = -1
            for a, b in found:
                start.append(a)
                end.append(b)
                form.append(forms[piece[a:b], code])
                close.append(past >= 0 and _joined(piece[past:a], piece[past - 1 : past]))
                past = b
            opens.append(bool(found) and found[0][0] == 0)
            shuts.append(bool(found) and _joined(piece[past:], piece[past - 1 : past]))
        self.number = np.array(number, dtype=np.int32)
        self.start = np.array(start, dtype=np.int32)
        self.end = np.array(end, dtype=np.int32)
        self.form = np.array(form, dtype=np.int32)
        self.close = np.array(close, dtype=np.bool_)
        self.opens = np.array(opens, dtype=np.bool_)  # a word stands at its very beginning
        self.shuts = np.array(
            shuts, dtype=np.bool_
        )  # nothing that parts stands after its last word


def _bounds(piece: str, words: Callable[[str], list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Return the words of a piece; what is letters only, but for a mark at the end, needs no rules."""
    if piece.isascii():
        if piece.isalpha():
            return [(0, len(piece))]
        if piece[-1] in _STOPS and piece[:-1].isalpha():
            return [(0, len(piece) - 1)]
    return words(piece)


def _by_piece(code: str, numbers: Ints, texts: list[str], forms: Forms) -> _Words:
    index: dict[str, int] = defaultdict(count().__next__)
    lengths = np.zeros(len(texts), dtype=np.int64)
    pieces = [np.empty(0, dtype=np.int32)]
    for at in range(0, len(texts), _AT_ONCE):
        split = [text.split() for text in texts[at : at + _AT_ONCE]]
        lengths[at : at + len(split)] = [len(s) for s in split]
        pieces.append(np.fromiter(map(index.__getitem__, chain.from_iterable(split)), np.int32))
    piece = np.concatenate(pieces)
    known = _Pieces(code, list(index), forms)
    first = np.concatenate(([0], np.cumsum(lengths)))
    start = _piece_starts(texts, known.length[piece], first)

    opening = np.zeros(len(piece) + 1, dtype=np.bool_)  # whether a passage begins here
    opening[first] = True
    followed = np.zeros(len(piece), dtype=np.bool_)
    followed[:-1] = known.begins_with_letter[piece[1:]] & ~opening[1:-1]
    piece = np.where(followed, known.twin[piece], piece)

    joined = known.opens[piece] & ~opening[:-1]
    joined[1:] &= known.shuts[piece[:-1]]
    # From here on one value a word: those of a piece are the ones of its kind, moved to its place.
    repeats = known.number[piece]
    before = (np.cumsum(known.number) - known.number).astype(np.int32)
    past = np.cumsum(repeats, dtype=np.int32)
    total = int(past[-1]) if len(past) else 0
    which = np.arange(total, dtype=np.int32)
    which += np.repeat(before[piece] - (past - repeats), repeats)
    close = known.close[which]
    leading = (past - repeats)[repeats > 0]
    close[leading] = joined[repeats > 0]
    place = np.repeat(start, repeats)
    passage = np.repeat(np.repeat(numbers, lengths), repeats)
    return _Words(
        passage, place + known.start[which], place + known.end[which], known.form[which], close
    )


def _piece_starts(texts: list[str], length: Ints, first: Longs) -> Ints:
    """Return where each piece begins in its text."""
    ends = np.cumsum(length + 1, dtype=np.int64)  # were there one blank after each
    offset = np.concatenate(([0], ends))[first]
    start: Ints = (ends - (length + 1) - np.repeat(offset[:-1], np.diff(first))).astype(np.int32)
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    for i in np.flatnonzero((np.diff(offset) - 1 != sizes) & (np.diff(first) > 0)):
        found = (m.start() for m in _PIECE.finditer(texts[i]))
        start[first[i] : first[i + 1]] = np.fromiter(found, np.int32)
    return start


def _in_order(parts: list[_Words], passages: int) -> _Words:
    """Return the words of all languages in reading order."""
    if len(parts) == 1:
        return parts[0]
    none = _Words(*(np.empty(0, dtype=np.int32),) * 4, np.empty(0, dtype=np.bool_))
    joined = [
        np.concatenate([getattr(part, name) for part in (*parts, none)])
        for name in ("passage", "start", "end", "form", "close")
    ]
    order = np.argsort(joined[0], kind="stable") if passages else np.empty(0, dtype=np.intp)
    passage, start, end, form, close = (column[order] for column in joined)
    return _Words(passage, start, end, form, close)


def _sentences(passages: Passages) -> Ints:
    """Return (passage, start, end) of each sentence."""
    found = [language.of(code).sentences(text) for code, text in passages]
    bounds = np.array([b for of_one in found for b in of_one], dtype=np.int32).reshape(-1, 2)
    number = np.repeat(np.arange(len(found), dtype=np.int32), [len(f) for f in found])
    rows: Ints = np.column_stack((number, bounds))
    return rows


def _columns(
    words: _Words,
    forms: tuple[tuple[str, str], ...],
    sentences: Ints,
    passages: Passages,
    document_passages: Longs,
) -> Columns:
    ids, kept = _numbered_as_met(words.form, len(forms))
    # Passages laid end to end, so that one search finds the first word of each unit.
    sizes = np.array([len(text) + 1 for _, text in passages], dtype=np.int64)
    offset = np.concatenate(([0], np.cumsum(sizes)))
    place = offset[words.passage] + words.start
    passage_bounds = np.searchsorted(place, offset)
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
