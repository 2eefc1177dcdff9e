"""The expressions of the lexicon of stance, found in the words of a corpus.

A word of a form matches a word of a text that is written so or has it as its dictionary form: *urge*
matches *urged*, while *urged* matches itself alone. ``[word]`` may be missing, ``a/b`` is one of two
words. The longest match wins within each family of kinds, and no word is part of two of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus
from kit.errors import ReadError
from kit.lexicon import Entry, load, read_own
from kit.matching import Matcher
from kit.tokens import Longs, Tokens, syntax

Flags = NDArray[np.bool_]
MODAL = ("commitment", "obligation", "appeal", "possibility", "ability", "conditional")
SCALES = MODAL[:3]  # kinds whose expressions have a strength
MARKERS = ("hedge", "booster")
EVALUATION = ("positive", "negative")
BLOCK = "none"  # phrases that look like an expression and are none: *free will*
FAMILIES = {"modal": MODAL, "markers": MARKERS, "evaluation": EVALUATION}
STRONGEST = 4
FIRM = 3  # strength from which an expression is firm
PLACES = ("modified", "subject", "object", "predicate")  # where the target of an evaluation stands
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_FOREIGN = ("zh", "ru")


@dataclass(frozen=True, eq=False)
class Found:
    """Expressions in reading order: the number of the entry, the first and the last word of each."""

    entry: Longs
    first: Longs
    last: Longs

    def __len__(self) -> int:
        return len(self.entry)

    def only(self, chosen: Flags) -> "Found":
        """Return the chosen ones (one truth an expression)."""
        return Found(self.entry[chosen], self.first[chosen], self.last[chosen])


def own_text(path: str) -> str:
    """Return the text of a user's lexicon of stance, "" for no path. Raises ReadError."""
    text = read_own("stance", path)
    for entry in load("stance", text):
        fault = _fault(entry)
        if fault:
            raise ReadError(f"{path or 'stance.toml'}: entry {entry['id']}: {fault}")
    return text


def _fault(entry: Entry) -> str:
    kinds = (*MODAL, *MARKERS, *EVALUATION, BLOCK)
    if entry["kind"] not in kinds:
        return f"kind {entry['kind']!r} is none of {', '.join(kinds)}"
    if not any(entry.get(code) for code in ("en", *_FOREIGN)):
        return "it has no forms: give en, zh or ru"
    strength = entry.get("strength")
    if entry["kind"] in SCALES:
        if type(strength) is not int or not 1 <= strength <= STRONGEST:
            return f"strength must be a whole number from 1 to {STRONGEST}"
    elif strength is not None:
        return f"only {', '.join(SCALES)} have a strength"
    if entry.get("by", "modified") not in PLACES:
        return f"by {entry['by']!r} is none of {', '.join(PLACES)}"
    return ""


@lru_cache(maxsize=4)
def entries(own: str) -> tuple[Entry, ...]:
    """Return the entries of the lexicon with those of the text of a user's file."""
    return load("stance", own)


def english(corpus: Corpus) -> Corpus:
    """Return the corpus of the English texts."""
    if all(document.language == "en" for document in corpus):
        return corpus
    return _english(corpus)


@lru_cache(maxsize=8)
def _english(corpus: Corpus) -> Corpus:
    return corpus.where(lambda document: document.language == "en")


@lru_cache(maxsize=16)
def find(corpus: Corpus, family: str, own: str) -> Found:
    """Return the expressions of a family in the paragraphs of English texts, by rules and tags."""
    t = tokens.of(english(corpus))
    kinds = (*FAMILIES[family], BLOCK)
    numbers = [i for i, e in enumerate(entries(own)) if e["kind"] in kinds]
    hits: dict[int, list[tuple[Longs, int]]] = defaultdict(list)  # by length
    words = _Words(t)
    for i in numbers:
        entry = entries(own)[i]
        for pattern in sorted(set(patterns(entry))):
            at = words.places(pattern)
            if len(at) and "tag" in entry:
                at = at[words.tagged(at, entry["tag"])]
            if len(at):
                hits[len(pattern)].append((at, i))
    return _longest(t, hits, {i for i in numbers if entries(own)[i]["kind"] == BLOCK})


def patterns(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Yield the sequences of words that the English forms of an entry stand for."""
    for form in entry.get("en", ()):
        pieces = _OPTIONAL.split(form)  # outside, inside, outside, ...
        for choice in product(*((p,) if i % 2 == 0 else (p, "") for i, p in enumerate(pieces))):
            yield from product(*(w.split("/") for w in " ".join(choice).casefold().split()))


class _Words:
    """The words of a corpus as they are looked up: by what is written, and by dictionary form."""

    def __init__(self, t: Tokens) -> None:
        self._t = t
        folded, lemma = t.layer("word"), t.layer("lemma")
        self._layers = (folded, lemma)
        self._counts = [layer.counts for layer in self._layers]

    def _numbers(self, word: str) -> tuple[int, int]:
        a, b = (layer.number(word) for layer in self._layers)
        return -1 if a is None else a, -1 if b is None else b

    def places(self, pattern: tuple[str, ...]) -> Longs:
        """Return the first words of the places of a pattern in paragraphs, in order."""
        t = self._t
        numbers = [self._numbers(word) for word in pattern]
        sizes = [
            sum(int(c[n]) for c, n in zip(self._counts, pair, strict=True) if n >= 0)
            for pair in numbers
        ]
        if not pattern or 0 in sizes:
            return np.empty(0, dtype=np.int64)
        rarest = sizes.index(min(sizes))
        found = [
            layer.positions(n)
            for layer, n in zip(self._layers, numbers[rarest], strict=True)
            if n >= 0
        ]
        at = np.unique(np.concatenate(found)).astype(np.int64) - rarest
        at = at[(at >= 0) & (at + len(pattern) <= len(t))]
        for step, pair in enumerate(numbers):
            if step != rarest:
                here = [
                    layer.ids[at + step] == n
                    for layer, n in zip(self._layers, pair, strict=True)
                    if n >= 0
                ]
                at = at[np.logical_or.reduce(here)]
            if step:
                at = at[t.close[at + step]]
        return at[~t.in_title[at]]

    def tagged(self, at: Longs, tags: str) -> Flags:
        """Return whether the tags of words begin with one of some (``"JJ RB"``)."""
        layer = syntax.of(self._t).tag
        fits = np.array([name.startswith(tuple(tags.split())) for name in layer.names])
        return np.asarray(fits[layer.ids[at]], dtype=np.bool_)


def _longest(t: Tokens, hits: dict[int, list[tuple[Longs, int]]], blocks: set[int]) -> Found:
    """Return the hits that overlap no longer one, less those of phrases that are none."""
    taken = np.zeros(len(t), dtype=np.bool_)
    kept: list[tuple[Longs, Longs, int]] = []
    for size in sorted(hits, reverse=True):
        at = np.concatenate([places for places, _ in hits[size]])
        entry = np.concatenate([np.full(len(places), i) for places, i in hits[size]])
        order = np.argsort(at, kind="stable")
        at, entry = at[order], entry[order]
        free = np.ones(len(at), dtype=np.bool_)
        for step in range(size):
            free &= ~taken[at + step]
        at, entry = at[free], entry[free]
        apart = _apart(at, size)
        at, entry = at[apart], entry[apart]
        for step in range(size):
            taken[at + step] = True
        kept.append((at, entry, size))
    if not kept:
        none = np.empty(0, dtype=np.int64)
        return Found(none, none, none)
    first = np.concatenate([at for at, _, _ in kept])
    entry = np.concatenate([entry for _, entry, _ in kept])
    last = np.concatenate([at + size - 1 for at, _, size in kept])
    wanted = ~np.isin(entry, sorted(blocks))
    order = np.argsort(first[wanted], kind="stable")
    return Found(entry[wanted][order], first[wanted][order], last[wanted][order])


def _apart(at: Longs, size: int) -> Longs:
    """Return which of some places of `size` words stay: the first, and each that begins past the last.

    Of two entries at one place the first of the lexicon stays.
    """
    if len(at) < 2 or (at[1:] >= at[:-1] + size).all():
        return np.arange(len(at))
    kept, past = [], -1
    for i, place in enumerate(at.tolist()):
        if place >= past:
            kept.append(i)
            past = place + size
    return np.array(kept, dtype=np.int64)


@lru_cache(maxsize=16)
def find_foreign(corpus: Corpus, family: str, own: str) -> Found:
    """Return the expressions of a family in the paragraphs of Chinese and Russian texts, by form alone.

    Words are those of the whole corpus.
    """
    t = tokens.of(corpus)
    matches = [
        (m.first, m.last, m.key)
        for code in _FOREIGN
        if any(document.language == code for document in corpus)
        for m in _matcher(code, family, own).find(t)
        if not t.in_title[m.first] and m.key >= 0
    ]
    columns = np.array(sorted(matches), dtype=np.int64).reshape(-1, 3).T
    return Found(columns[2], columns[0], columns[1])


@lru_cache(maxsize=8)
def _matcher(code: str, family: str, own: str) -> Matcher[int]:
    kinds = (*FAMILIES[family], BLOCK)
    return Matcher(
        (
            (-1 if entry["kind"] == BLOCK else i, form)
            for i, entry in enumerate(entries(own))
            if entry["kind"] in kinds
            for form in entry.get(code, ())
        ),
        code,
    )
