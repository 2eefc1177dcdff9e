"""The parse of a corpus laid over its words: a tag, a relation and a head for each.

spaCy reads *win-win* as three tokens and *China's* as two; a word of ours has the tag and relation of its
last part that is no ending.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
            token = np.searchsorted(parse.start, end[first:past] - 1, side="right") - 1
            opening = np.searchsorted(parse.start, start[first:past], side="right") - 1
            ending = np.array(
                [text[a:b].lower().startswith(ENDINGS) for a, b in _bounds(parse)], dtype=np.bool_
            )
            token = np.where(ending[token] & (token > opening), token - 1, token)
            numbers = np.array([tags.setdefault(x, len(tags)) for x in parse.tag], dtype=np.int32)
            tag[first:past] = numbers[token]
            numbers = np.array(
                [relations.setdefault(x, len(relations)) for x in parse.dep], np.int32
            )
            governor = parse.head[token]
            # the word that each token is part of: tokens between words are punctuation
            word = np.searchsorted(start[first:past], parse.start, side="right") - 1
            own = np.arange(past - first)
            above = np.where(word[governor] == own, parse.head[governor], governor)
            target = word[above]
            inside = (target >= 0) & (target != own)
            inside &= parse.start[above] < end[first:past][np.maximum(target, 0)]
            head[first:past] = np.where(inside, target + first, NONE)
            relation[first:past] = np.where(
                word[governor] == own, numbers[governor], numbers[token]
            )
    return Syntax(Layer(tuple(tags), tag), Layer(tuple(relations), relation), head)


def _bounds(parse: annotate.Parse) -> list[tuple[int, int]]:
    return list(zip(parse.start.tolist(), parse.end.tolist(), strict=True))
