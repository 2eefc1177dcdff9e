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
from kit.tokens.layer import Ints, Layer, Longs

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
    p = annotate.columns(t.corpus)
    word = _word_of(t, p)
    main, top = _parts(t, p, word)
    governor = word[_above(p, word, top)]
    own = np.arange(len(t))
    head = np.where((governor >= 0) & (governor != own), governor, NONE).astype(np.int32)
    return Syntax(_layer(p.labels.tag, p.tag[main]), _layer(p.labels.dep, p.dep[top]), head)


def _word_of(t: "Tokens", p: annotate.Columns) -> Longs:
    """Return which word each token is part of; -1 for punctuation between words."""
    # passages laid end to end, so that one search finds the words of all
    sizes = np.fromiter((len(text) + 1 for text in t.texts), np.int64, len(t.texts))
    offset = np.cumsum(sizes) - sizes
    begin = offset[t.passage] + t.start
    token = np.repeat(offset, np.diff(p.bounds)) + p.start
    word = np.searchsorted(begin, token, side="right") - 1
    past = np.append(begin + (t.end - t.start), 0)  # the last is that of no word, -1
    return np.where(token < past[word], word, NONE)


def _parts(t: "Tokens", p: annotate.Columns, word: Longs) -> tuple[Longs, Longs]:
    """Return of each word the last token that is no ending, and the one that governs the others.

    Where several parts hang outside the word the last that is no ending counts: the verb of *don't*; but
    in *what's new* what governs is the ending.
    """
    token = np.flatnonzero(word >= 0)
    of_token = word[token]
    kept = np.ones(len(token), dtype=np.bool_)  # a word may be an ending only: 'tis
    later = np.flatnonzero(of_token[1:] == of_token[:-1]) + 1
    kept[later] = ~_endings(t, p, token[later], of_token[later])
    main = np.zeros(len(t), dtype=np.int64)
    main[of_token[kept]] = token[kept]
    head = p.governor[token]
    out = (word[head] != of_token) | (head == token)
    top = main.copy()
    for chosen in (out & ~kept, out & kept):  # the later ones replace the others
        top[of_token[chosen]] = token[chosen]
    return main, top


def _endings(t: "Tokens", p: annotate.Columns, token: Longs, word: Longs) -> NDArray[np.bool_]:
    """Return whether tokens that are parts of words are endings."""
    places = zip(
        t.ids[word].tolist(),
        (p.start[token] - t.start[word]).tolist(),
        (p.end[token] - t.start[word]).tolist(),
        strict=True,
    )
    said = (t.vocabulary[form][a:b].lower().startswith(ENDINGS) for form, a, b in places)
    return np.fromiter(said, np.bool_, len(token))


def _above(p: annotate.Columns, word: Longs, token: Longs) -> Longs:
    """Return the tokens that govern others: where that is a mark, the one above it."""
    above = p.governor[token]
    while True:
        higher = np.where(word[above] >= 0, above, p.governor[above])
        if np.array_equal(higher, above):
            return above
        above = higher


def _layer(labels: tuple[str, ...], codes: NDArray[np.uint8]) -> Layer:
    """Return the layer of codes, with the labels that there are."""
    there = np.flatnonzero(np.bincount(codes, minlength=len(labels)))
    number = np.zeros(len(labels), dtype=np.int32)
    number[there] = np.arange(len(there))
    return Layer(tuple(labels[i] for i in there.tolist()), number[codes])
