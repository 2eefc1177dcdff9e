"""Grammatical relations between the words of English texts, read from their parse.

A conjunct has the relation of what it is joined to: in *deepen and expand trade and cooperation* both
verbs have both objects. The subject of a passive verb is an object, and so is a noun before its
participle (*measures taken*). Pronouns have no relations.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kit.tokens import syntax
from kit.tokens.layer import Layer, Longs
from kit.tokens.syntax import Syntax

if TYPE_CHECKING:
    from kit.tokens import Tokens

Flags = NDArray[np.bool_]
Pairs = tuple[Longs, Longs]  # the words that govern, and those that they govern
CLASSES = {"noun": 1, "verb": 2, "adjective": 3, "adverb": 4}  # 0 is every other word
_TAGS = {"NN": 1, "VB": 2, "JJ": 3, "RB": 4}  # how the Penn tags of a class begin
_NOUN, _VERB, _ADJECTIVE, _ADVERB = 1, 2, 3, 4
OBJECT, SUBJECT, MODIFIER, JOINED, PREPOSITION = range(5)


@dataclass(frozen=True, eq=False)
class Relations:
    """``kind`` (OBJECT, ...), ``one``, ``other`` and ``by`` have one value a relation of two words.

    ``one`` governs ``other``: a verb its object, a noun its modifier; words that are joined (*and*, *or*)
    stand once, the earlier first. ``by`` is the preposition between the two in the layer ``lower``, else
    -1. ``classes`` has the class of each word of the corpus.
    """

    kind: Longs
    one: Longs
    other: Longs
    by: Longs
    classes: Longs


@lru_cache(maxsize=4)
def of(t: "Tokens") -> Relations:
    """Return the relations of the words of paragraphs; raises ParameterError for other languages."""
    s = syntax.of(t)
    classes = classes_of(s.tag)[s.tag.ids] if len(t) else np.zeros(0, dtype=np.int64)
    w = Words(s, classes)
    subjects, objects = w.subjects_and_objects()
    found: list[tuple[int, Pairs]] = [
        (OBJECT, objects),
        (SUBJECT, subjects),
        (MODIFIER, w.modifiers()),
        (JOINED, w.joined()),
    ]
    one, other, preposition = w.prepositional()
    parts = [(kind, *pair, np.full(len(pair[0]), -1)) for kind, pair in found]
    parts.append((PREPOSITION, one, other, t.layer("lower").ids[preposition].astype(np.int64)))
    kind = np.concatenate([np.full(len(part[1]), part[0]) for part in parts])
    ones, others, by = (np.concatenate([part[i] for part in parts]) for i in (1, 2, 3))
    body = ~t.in_title[ones]
    return Relations(kind[body], ones[body], others[body], by[body], classes)


def classes_of(tags: Layer) -> Longs:
    """Return the class of each Penn tag."""
    return np.array([_TAGS.get(name[:2], 0) for name in tags.names], dtype=np.int64)


class Words:
    """The words of a corpus with what the parse says of each: arrays of one value a word.

    ``classes`` has the class of each, ``head`` what governs it (itself at a root), ``first`` the first
    of the words of its class that it is joined to.
    """

    def __init__(self, s: Syntax, classes: Longs) -> None:
        self.classes = classes
        self._syntax = s
        self._own = np.arange(len(classes))
        self.head = np.where(s.head >= 0, s.head, self._own)
        self._past = s.tag.ids == _number(s.tag, "VBN")
        above = classes[self.head]
        joined = self.has_relation("conj") & (self.head != self._own)
        nominal = (classes > 0) & (classes != _ADVERB) & (above > 0) & (above != _ADVERB)
        self._same = joined & (classes == above) & (classes > 0)
        self.first = root(self._same, self.head)  # of the words of one class that are joined
        self._first_nominal = root(joined & nominal, self.head)

    def has_relation(self, *relations: str) -> Flags:
        """Return whether each word has one of these relations to its head."""
        layer = self._syntax.relation
        chosen = np.array([name in relations for name in layer.names], dtype=np.bool_)
        return chosen[layer.ids] if len(self.classes) else np.zeros(0, dtype=np.bool_)

    def governs(self, *relations: str) -> Flags:
        """Return whether each word governs one with such a relation."""
        has = np.zeros(len(self.classes), dtype=np.bool_)
        has[self.head[self.has_relation(*relations)]] = True
        return has

    def _governed(self, first: Longs, relations: tuple[str, ...], one: int, others: Flags) -> Pairs:
        """Return words of class `one` and what they govern, itself or through what it is joined to."""
        other = np.flatnonzero(self.has_relation(*relations)[first] & others)
        governor = self.head[first[other]]
        kept = (self.classes[governor] == one) & (governor != other)
        return governor[kept], other[kept]

    def subjects_and_objects(self) -> tuple[Pairs, Pairs]:
        """Return verbs and their subjects, and verbs and their objects."""
        noun, verb = self.classes == _NOUN, self.classes == _VERB
        subject = self._governed(self.first, ("nsubj",), _VERB, noun)
        below = self._governed(self.first, ("nsubjpass",), _VERB, noun)
        both = _concatenated(subject, below)
        # a verb without a subject has that of the verb it is joined to
        follows = self._same & verb & ~self.governs("nsubj", "nsubjpass", "csubj", "expl")
        source = root(follows, self.head)
        auxiliary = self.governs("aux", "auxpass")
        passive = self.governs("auxpass") | self.governs("nsubjpass")
        passive = np.where(follows & self._past & ~auxiliary, passive[source], passive)
        heirs = np.flatnonzero(follows & verb)
        taken = inherited(source[heirs], heirs, both)
        every = _concatenated(both, taken)
        undergone = passive[every[0]]
        subjects = every[0][~undergone], every[1][~undergone]
        # the participle after a noun
        participle = np.flatnonzero(self.has_relation("acl")[self.first] & self._past & verb)
        noun_before = self.head[self.first[participle]]
        kept = self.classes[noun_before] == _NOUN
        after = participle[kept], noun_before[kept]
        direct = self._governed(self.first, ("dobj", "obj"), _VERB, noun)
        objects = _concatenated(
            direct,
            self._shared(direct, passive),
            (every[0][undergone], every[1][undergone]),
            after,
        )
        return subjects, objects

    def _shared(self, direct: Pairs, passive: Flags) -> Pairs:
        """Return verbs that have the object of a later verb: *deepen and expand cooperation*.

        Between the two nothing stands but *and* or *or*, and adverbs of the later one.
        """
        has = np.zeros(len(self.classes), dtype=np.bool_)
        has[self.head[self.has_relation("dobj", "obj")]] = True
        between = self.has_relation("cc") | (self.has_relation("advmod") & (self.head > self._own))
        others = np.concatenate(([0], np.cumsum(~between)))
        verbs = np.flatnonzero(self.classes == _VERB)
        verbs = verbs[np.lexsort((verbs, self.first[verbs]))]
        a, b = verbs[:-1], verbs[1:]
        near = (self.first[a] == self.first[b]) & (others[b] == others[a + 1])
        near &= ~has[a] & ~passive[a] & ~passive[b]
        later = self._own.copy()
        later[a[near]] = b[near]
        source = root(later != self._own, later)
        heirs = np.flatnonzero(source != self._own)
        return inherited(source[heirs], heirs, direct)

    def modifiers(self) -> Pairs:
        """Return nouns and what stands before them, verbs and adjectives and their adverbs."""
        nominal = (self.classes > 0) & (self.classes != _ADVERB)
        of_noun = self._governed(self._first_nominal, ("amod", "compound", "nmod"), _NOUN, nominal)
        adverb = self.classes == _ADVERB
        return _concatenated(
            of_noun,
            self._governed(self.first, ("advmod",), _VERB, adverb),
            self._governed(self.first, ("advmod",), _ADJECTIVE, adverb),
        )

    def joined(self) -> Pairs:
        """Return every two words of a coordination, the earlier first."""
        member = np.zeros(len(self.classes), dtype=np.bool_)
        member[self._same] = True
        member[self.first[self._same]] = True
        word = np.flatnonzero(member)
        word = word[np.lexsort((word, self.first[word]))]
        first = self.first[word]
        found = []
        for step in range(1, len(word)):
            same = first[step:] == first[:-step]
            if not same.any():
                break
            found.append((word[:-step][same], word[step:][same]))
        return _concatenated(*found)

    def prepositional(self) -> tuple[Longs, Longs, Longs]:
        """Return words, the nouns that a preposition ties to them, and the prepositions."""
        noun = np.flatnonzero(self.has_relation("pobj")[self.first] & (self.classes == _NOUN))
        preposition = self.head[self.first[noun]]
        governor = self.head[preposition]
        kept = self.has_relation("prep", "agent", "dative")[preposition] & (governor != preposition)
        kept &= (self.classes[governor] > 0) & (self.classes[governor] != _ADVERB)
        return governor[kept], noun[kept], preposition[kept]


def _number(layer: Layer, name: str) -> int:
    number = layer.number(name)
    return -1 if number is None else number


def root(link: Flags, above: Longs) -> Longs:
    """Return where each word comes to when links are followed upwards."""
    up = np.where(link, above, np.arange(len(link)))
    while not np.array_equal(up[up], up):
        up = up[up]
    return up


def _concatenated(*pairs: Pairs) -> Pairs:
    empty = np.empty(0, dtype=np.int64)
    one, other = zip((empty, empty), *pairs, strict=True)
    return np.concatenate(one), np.concatenate(other)


def inherited(source: Longs, heirs: Longs, pairs: Pairs) -> Pairs:
    """Return for each heir the pairs of its source, with the heir in place of it."""
    order = np.argsort(pairs[0], kind="stable")
    one, other = pairs[0][order], pairs[1][order]
    low, past = np.searchsorted(one, source), np.searchsorted(one, source, side="right")
    size = past - low
    number = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    return np.repeat(heirs, size), other[np.repeat(low, size) + number]
