"""Expressions of stance in the texts of all languages, and how they are shown in a table."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus
from kit.stance import clauses, expressions, modals
from kit.stance.clauses import NO_ONE
from kit.stance.modals import KINDS, Modals
from kit.tokens import Longs, Tokens

UNTOLD = "(not told)"
WORDS_SHOWN = 8
_I = re.compile(r"\bi\b(?!\.)")
FOREIGN = (
    "In Chinese and Russian texts expressions are found by form alone: no actor is told, and what is "
    "counted as a commitment may be a prediction."
)


@dataclass(frozen=True, eq=False)
class Rows:
    """Expressions of all languages: words of the whole corpus, with what is told of each."""

    t: Tokens
    entry: Longs
    first: Longs
    last: Longs
    kind: Longs
    strength: Longs
    actor: NDArray[np.object_]
    denied: NDArray[np.bool_]
    joined: tuple[Longs, tuple[str, ...]]  # further subjects: the expression, and who


@lru_cache(maxsize=4)
def rows_of(corpus: Corpus, own: str) -> Rows:
    """Return the modal expressions of all texts of a corpus; `own` is the text of a lexicon."""
    t = tokens.of(corpus)
    inside = expressions.english(corpus)
    m = modals.of_english(corpus, own)
    foreign = expressions.find_foreign(corpus, "modal", own)
    moved = shift(corpus, inside)
    label = actors(corpus, m)
    known = expressions.entries(own)
    kinds = np.array([KINDS.index(e["kind"]) if e["kind"] in KINDS else -1 for e in known])
    strengths = np.array([e.get("strength", 0) for e in known])
    first = np.concatenate((m.first + moved[m.t.document[m.first]], foreign.first))
    last = np.concatenate((m.last + moved[m.t.document[m.last]], foreign.last))
    order = np.argsort(first, kind="stable")
    return Rows(
        t,
        np.concatenate((m.entry, foreign.entry))[order],
        first[order],
        last[order],
        np.concatenate((m.kind, kinds[foreign.entry]))[order],
        np.concatenate((m.strength, strengths[foreign.entry]))[order],
        np.concatenate((label, np.full(len(foreign), UNTOLD, dtype=np.object_)))[order],
        np.concatenate((m.denied, np.zeros(len(foreign), dtype=np.bool_)))[order],
        _joined(inside, m, order),
    )


def _joined(inside: Corpus, m: Modals, order: Longs) -> tuple[Longs, tuple[str, ...]]:
    """Return the expressions that have further subjects (*China and Russia will*), and these in words."""
    if not len(m.entry):
        return np.empty(0, dtype=np.int64), ()
    first, other = clauses.of(m.t).joined
    by_subject = np.argsort(m.subject, kind="stable")
    low = np.searchsorted(m.subject[by_subject], first)
    past = np.searchsorted(m.subject[by_subject], first, side="right")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    things = clauses.things(inside)
    found = [
        (int(place[by_subject[i]]), things.label(word))
        for a, b, word in zip(low.tolist(), past.tolist(), other.tolist(), strict=True)
        for i in range(a, b)
    ]
    return np.array([i for i, _ in found], dtype=np.int64), tuple(label for _, label in found)


def shift(corpus: Corpus, inside: Corpus) -> Longs:
    """Return for each English text how many words of the corpus stand before it, less its own count."""
    if inside is corpus:
        return np.zeros(len(corpus), dtype=np.int64)
    t, e = tokens.of(corpus), tokens.of(inside)
    place = {document.id: i for i, document in enumerate(corpus)}
    return np.array(
        [int(t.document_bounds[place[d.id]] - e.document_bounds[i]) for i, d in enumerate(inside)],
        dtype=np.int64,
    )


@lru_cache(maxsize=8)
def actors(corpus: Corpus, m: Modals) -> NDArray[np.object_]:
    """Return the actor of each expression of the English texts in words."""
    label = np.full(len(m.entry), NO_ONE, dtype=np.object_)
    if len(m.entry):
        things = clauses.things(expressions.english(corpus))
        label[:] = [things.label(word) for word in m.subject.tolist()]
    return label


def caveats(corpus: Corpus) -> tuple[str, ...]:
    """Return what is not read, by language."""
    codes = {document.language for document in corpus}
    others = sorted(codes - {"en", "zh", "ru"})
    return tuple(
        filter(
            None,
            (
                FOREIGN if codes & {"zh", "ru"} else "",
                f"Texts in {', '.join(others)} are not searched." if others else "",
            ),
        )
    )


def groups(keys: NDArray[np.object_]) -> list[tuple[str, Longs]]:
    """Return (key, its rows in order), the largest first, then the one that comes first.

    Capitals make no difference.
    """
    folded: dict[str, int] = {}
    number = np.array([folded.setdefault(str(k).casefold(), len(folded)) for k in keys], dtype=int)
    names = [""] * len(folded)
    written = Counter(keys.tolist())
    for key, _ in sorted(written.items(), key=lambda item: (item[1], str(item[0]))):
        names[folded[str(key).casefold()]] = str(key)  # as it is most often written
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], np.arange(len(names) + 1))
    groups = [
        (name, order[a:b])
        for name, a, b in zip(names, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]
    return sorted(groups, key=lambda g: (-len(g[1]), int(g[1][0])))


def as_written(t: Tokens, first: Longs, last: Longs) -> NDArray[np.object_]:
    """Return stretches of words as they are written, in small letters but for *I*."""
    texts, words = t.texts, np.empty(len(first), dtype=np.object_)
    bounds = (t.passage[first], t.start[first], t.end[last])
    words[:] = [
        _I.sub("I", " ".join(texts[passage][start:end].lower().split()))
        for passage, start, end in zip(*(column.tolist() for column in bounds), strict=True)
    ]
    return words


def most(values: NDArray[np.object_], number: int = WORDS_SHOWN, *, counted: bool = True) -> str:
    """Return values with their counts, the most frequent first: ``will (3), must (1)``."""
    common = Counter(values.tolist()).most_common(number)
    return ", ".join(f"{value} ({n:,})" if counted else str(value) for value, n in common)
