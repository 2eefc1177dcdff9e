"""The parse of a corpus laid over its words: a tag, a relation and a head for each.

spaCy reads *win-win* as three tokens and *China's* as two. A word of ours has the tag of its last
part that is no ending; it hangs where the part hangs that governs the others, by the relation of that.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kit import annotate
from kit.errors import ParameterError
from kit.tokens.layer import Ints, Layer

if TYPE_CHECKING:
    from kit.tokens import Tokens

ENDINGS = ("'", "\u2019", "n't", "n\u2019t")
NONE = -1


@dataclass(frozen=True, eq=False)
class Syntax:
    """``tag`` and ``relation`` are layers; ``head`` has the governing word of each, or -1 for none."""

    tag: Layer
    relation: Layer
    head: Ints


@lru_cache(maxsize=8)
def of(t: "Tokens") -> Syntax:
    """Return the parse of the words; raises ParameterError where a text is not English."""
    other = sorted({d.language for d in t.corpus} - {"en"})
    if other:
        raise ParameterError(
            f"tags and relations are made for English texts; here are texts in {', '.join(other)}: "
            "leave them out, or ask by word or lemma"
        )
    parsed = annotate.annotate(t.corpus)
    tags: dict[str, int] = {}
    relations: dict[str, int] = {}
    tag = np.zeros(len(t), dtype=np.int32)
    relation = np.zeros(len(t), dtype=np.int32)
    head = np.full(len(t), NONE, dtype=np.int32)
    start, end, bounds = np.asarray(t.start), t.end, t.passage_bounds.tolist()
    passage = 0
    for document in t.corpus:
        for parse, (_, text) in zip(parsed[document.id], document.passages(), strict=True):
            first, past = bounds[passage], bounds[passage + 1]
            passage += 1
            if first == past:
                continue
            words = slice(first, past)
            word = _word_of(parse, start[words], end[words])
            main, top = _parts(parse, text, word, past - first)
            tag[words] = _numbers(parse.tag, tags)[main]
            relation[words] = _numbers(parse.dep, relations)[top]
            governor = word[_above(parse, word, top)]
            own = np.arange(past - first)
            head[words] = np.where((governor >= 0) & (governor != own), governor + first, NONE)
    return Syntax(Layer(tuple(tags), tag), Layer(tuple(relations), relation), head)


def _word_of(parse: annotate.Parse, start: Ints, end: Ints) -> NDArray[np.int64]:
    """Return which word of a passage each token is part of; -1 for punctuation between words."""
    word = np.searchsorted(start, parse.start, side="right") - 1
    return np.where((word >= 0) & (parse.start < end[word]), word, NONE)


def _parts(
    parse: annotate.Parse, text: str, word: NDArray[np.int64], words: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return of each word the last token that is no ending, and the one that governs the others.

    Where several parts hang outside the word the last that is no ending counts: the verb of *don't*; but
    in *what's new* what governs is the ending.
    """
    token = np.flatnonzero(word >= 0)
    of_token = word[token]
    bounds = zip(parse.start[token].tolist(), parse.end[token].tolist(), strict=True)
    ending = np.array([text[a:b].lower().startswith(ENDINGS) for a, b in bounds], dtype=np.bool_)
    opens = np.append(True, of_token[1:] != of_token[:-1])
    kept = ~ending | opens  # a word may be an ending only: 'tis
    main = np.zeros(words, dtype=np.int64)
    main[of_token[kept]] = token[kept]
    out = (word[parse.head[token]] != of_token) | (parse.head[token] == token)
    top = main.copy()
    for chosen in (out & ~kept, out & kept):  # the later ones replace the others
        top[of_token[chosen]] = token[chosen]
    return main, top


def _above(
    parse: annotate.Parse, word: NDArray[np.int64], token: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the tokens that govern others: where that is a mark, the one above it."""
    above = parse.head[token].astype(np.int64)
    while True:
        higher = np.where(word[above] >= 0, above, parse.head[above])
        if np.array_equal(higher, above):
            return above
        above = higher


def _numbers(values: tuple[str, ...], index: dict[str, int]) -> Ints:
    return np.array([index.setdefault(value, len(index)) for value in values], dtype=np.int32)
