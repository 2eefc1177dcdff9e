"""Texts -> pieces between blanks -> words.

Words never cross a blank, in all languages but Chinese. So texts are split at blanks, each distinct
piece is numbered, and the rules of a language are asked once a piece, not once a word: the same words
and offsets, many times sooner. Splitting and numbering is pyarrow's work, on one long string of bytes.
"""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit import language
from kit.tokens.layer import Ints, Longs

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Forms = dict[tuple[str, str], int]  # (form, language): its number, given when it is first asked for

_PIECE = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W\d_]")
# At the end of a piece: whether it is part of the word, the next piece tells.
_APOSTROPHES = "'\u2019\u02bc"
_STOPS = frozenset(".,;:!?)\u201d")
_OPENS, _SHUTS = 1, 2
_AT_ONCE = 2_000_000  # characters that are split at once: memory is used again, and not much of it


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of some texts in reading order; each text has at least one.

    ``size`` has the characters of each distinct piece; ``number`` and ``start`` have one value a piece,
    ``first`` the first piece of each text and the number of pieces last; ``uneven`` are the texts with
    other blanks than single spaces between words.
    """

    distinct: list[str]
    size: Ints
    number: Ints
    start: Ints
    first: Longs
    uneven: Flags


@dataclass(frozen=True, eq=False)
class Words:
    """Words of some texts in reading order: one value a word, in ``counts`` one a text."""

    counts: Longs
    start: Ints
    form: Ints
    close: Flags  # only blanks, or the stop of an initial, stand between it and the word before it


def split(texts: list[str]) -> Pieces:
    """Return the pieces of texts, none of which is blank."""
    distinct, number, first = _numbered(texts)
    uneven = np.zeros(len(texts), dtype=np.bool_)
    if " ".join(distinct).split() != distinct:
        odd = np.array([piece.split() != [piece] for piece in distinct], dtype=np.bool_)
        uneven[np.searchsorted(first, np.flatnonzero(odd[number]), side="right") - 1] = True
        even = [
            " ".join(text.split()) if is_uneven else text
            for text, is_uneven in zip(texts, uneven.tolist(), strict=True)
        ]
        distinct, number, first = _numbered(even)
    size = np.array([len(piece) for piece in distinct], dtype=np.int32)
    start = np.zeros(len(number) + 1, dtype=np.int32)
    # It may wrap around, of more than 2 GB: within a text the distance is right.
    np.cumsum((size + 1)[number], out=start[1:])
    start = start[:-1] - np.repeat(start[first[:-1]], np.diff(first))
    for i in np.flatnonzero(uneven).tolist():
        found = (match.start() for match in _PIECE.finditer(texts[i]))
        start[first[i] : first[i + 1]] = np.fromiter(found, np.int32)
    return Pieces(distinct, size, number, start, first, uneven)


def _numbered(texts: list[str]) -> tuple[list[str], Ints, Longs]:
    """Return what stands between single spaces: the distinct, their numbers, the first of each text."""
    import pyarrow as pa  # noqa: PLC0415 (loaded when first needed)

    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    total = sum(map(len, texts))
    shares = np.searchsorted(ends, np.arange(_AT_ONCE, total, _AT_ONCE)).tolist()
    runs = [texts[a:b] for a, b in pairwise([0, *shares, len(texts)])]
    if len(runs) > 1:
        with ThreadPoolExecutor() as executor:  # pyarrow works beside Python
            parts = list(executor.map(_encoded, runs))
    else:
        parts = [_encoded(run) for run in runs]
    whole = pa.chunked_array([pieces for pieces, _ in parts]).unify_dictionaries()
    number = np.concatenate([run.indices.to_numpy() for run in whole.chunks])
    counts = np.concatenate([counts for _, counts in parts])
    first = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    return whole.chunk(0).dictionary.to_pylist(), number, first


def _encoded(texts: list[str]) -> tuple[Any, Ints]:
    """Return pyarrow's dictionary array of the pieces of some texts, and how many each text has."""
    import pyarrow as pa  # noqa: PLC0415 (loaded when first needed)
    import pyarrow.compute as pc  # noqa: PLC0415

    found = pc.split_pattern(pa.array(texts, pa.large_string()), " ")
    return found.flatten().dictionary_encode(), np.diff(found.offsets.to_numpy())


def words_of(code: str, pieces: Pieces, forms: Forms) -> Words:
    """Return the words that the rules of a language find in pieces."""
    known = _Known(code, pieces.distinct, forms)
    piece, first = pieces.number, pieces.first
    ends_open = np.flatnonzero(known.has_twin[piece])
    if len(ends_open):
        ends_open = ends_open[~np.isin(ends_open + 1, first)]
        after = (pieces.distinct[number] for number in piece[ends_open + 1].tolist())
        followed = ends_open[[bool(_LETTER.match(text)) for text in after]]
        piece = piece.copy()
        piece[followed] = known.twin[piece[followed]]

    edges = known.edges[piece]
    joined = np.zeros(len(piece), dtype=np.bool_)
    joined[1:] = edges[1:] & (edges[:-1] >> 1) & _OPENS
    joined[first[:-1]] = False
    # From here on one value a word. Nearly all pieces have one: what holds for the first word of a piece
    # is set for all, and then made good for the others.
    repeats = known.number[piece]
    past = np.cumsum(repeats, dtype=np.int32)
    at = np.repeat(np.arange(len(piece), dtype=np.int32), repeats)
    kind = piece[at]
    close = joined[at]
    form = known.first_form[kind]
    start = pieces.start[at]
    start += known.first_start[kind]
    later = np.flatnonzero(at[1:] == at[:-1]) + 1
    which = known.before[kind[later]] + later - (past[at[later]] - repeats[at[later]]) - 1
    close[later] = known.close[which]
    form[later] = known.form[which]
    start[later] += known.start[which] - known.first_start[kind[later]]
    counts = np.diff(np.concatenate(([0], past))[first])
    return Words(counts, start, form, close)


class _Known:
    """What the rules of a language make of each distinct piece.

    Of the words after the first of a piece there are arrays of their own; ``before`` has the place of
    the first of them. ``number`` is how many words a piece has in all.
    """

    def __init__(self, code: str, pieces: Sequence[str], forms: Forms) -> None:
        words = language.of(code).words
        length = len(pieces)
        # A piece that ends with an apostrophe has a twin for the case that a letter follows:
        # *countries'* before *commitment*. Twins stand after all others.
        twins = [i for i, piece in enumerate(pieces) if piece[-1] in _APOSTROPHES]
        self.twin = np.arange(length, dtype=np.int32)
        self.twin[twins] = np.arange(length, length + len(twins))
        self.has_twin = np.zeros(length, dtype=np.bool_)
        self.has_twin[twins] = True
        number, first_start, first_form, edges = [], [], [], []
        later: list[tuple[int, int, bool]] = []  # start, form, close
        for piece, found in chain(
            ((piece, None) for piece in pieces),
            ((pieces[i], words(pieces[i] + " x")[:-1]) for i in twins),
        ):
            if found is None and (stem := _stem(piece)):
                number.append(1)
                first_start.append(0)
                first_form.append(forms[stem, code])
                begin, past = 0, len(stem)
            else:
                bounds = words(piece) if found is None else found
                number.append(len(bounds))
                begin, past = bounds[0] if bounds else (0, 0)
                first_start.append(begin)
                first_form.append(forms[piece[begin:past], code] if bounds else 0)
                for a, b in bounds[1:]:
                    gap = joined(piece[past:a], piece[past - 1 : past])
                    later.append((a, forms[piece[a:b], code], gap))
                    past = b
            # Does a word stand at its very beginning, and nothing that parts after its last word?
            opens = past > begin == 0
            shuts = past > 0 and (
                past == len(piece) or joined(piece[past:], piece[past - 1 : past])
            )
            edges.append(_OPENS * opens | _SHUTS * shuts)
        self.number = np.array(number, dtype=np.int32)
        self.first_start = np.array(first_start, dtype=np.int32)
        self.first_form = np.array(first_form, dtype=np.int32)
        self.edges: Bytes = np.array(edges, dtype=np.uint8)
        more = np.maximum(self.number - 1, 0)
        self.before = np.cumsum(more) - more
        self.start, self.form, close = np.array(later, dtype=np.int32).reshape(-1, 3).T
        self.close = close.astype(np.bool_)


def joined(gap: str, before: str) -> bool:
    """Whether two words are close; the stop of an initial parts nothing: Jerome H. Powell."""
    return not gap.strip() or (gap.rstrip() == "." and before.isupper())


def _stem(piece: str) -> str:
    """Return the word of a piece that is letters but for a mark at the end, which needs no rules, or ""."""
    if piece.isascii():
        if piece.isalpha():
            return piece
        if piece[-1] in _STOPS and piece[:-1].isalpha():
            return piece[:-1]
    return ""
