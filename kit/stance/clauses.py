"""Who does it, to what, and whether it is denied: what the parse says of the words of an expression."""

from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from kit import names, tokens
from kit.corpus import Corpus
from kit.tokens import Ints, Longs, Tokens, syntax

Flags = NDArray[np.bool_]
NONE = -1
_STEPS = 8  # upwards in a sentence until a subject is found
# What a verb passes its subject on to. A participle or an infinitive has that of the clause above.
_UPWARDS = (
    "aux auxpass acomp attr xcomp conj ccomp oprd advcl neg advmod prep pcomp pobj dep prt dobj"
).split()
_RELATIVE = "that which who whom".split()
_PARTS = (
    "all some many most none one each any both several majority number part half lot few".split()
)
_NO = "no nobody nothing none neither nor never hardly scarcely without".split()
# Adjectives of a country before these stand for the country: *the Chinese side*.
_FOR_COUNTRY = (
    "side government delegation leadership administration authority authorities regime foreign-ministry"
).split()
# Nouns for people and bodies of people, who can bind themselves to something.
HUMAN = frozenset(
    """
    administration agency alliance ally army assembly association authority bank bloc board body
    bureau business cabinet center centre chairman chamber child citizen coalition college commission
    committee community company compatriot conference congress council country court delegate
    delegation democracy department developer enterprise everyone expert force forum founder friend
    generation government governor group humanity humankind individual institute institution king
    leader leadership mankind man member minister ministry mission movement nation neighbour neighbor
    organisation organization parliament participant partner party people person policymaker power
    presidency president regime representative republic secretariat secretary-general side society
    soldier sponsor staff state system team trustee union veteran victim voter woman worker world youth
    federation signatory state-party regulator governor-general farmer producer
    """.split()
)
_PRONOUNS = {
    **dict.fromkeys("we us our ours ourselves".split(), "we"),
    **dict.fromkeys("i me my mine myself".split(), "I"),
    **dict.fromkeys("you your yours".split(), "you"),
    **dict.fromkeys("they them their".split(), "they"),
    **dict.fromkeys("he him his".split(), "he"),
    **dict.fromkeys("she her".split(), "she"),
    **dict.fromkeys("it its".split(), "it"),
    **{w: w for w in "this that these those who which what there one all each".split()},
}
NO_ONE = "(no one named)"
_PERSONAL = frozenset(("we", "I", "he", "she", "who", "all", "each"))


class Clauses:
    """The words of English texts with heads and relations: arrays of one value a word."""

    def __init__(self, t: Tokens) -> None:
        self.t = t
        s = syntax.of(t)
        self._own = np.arange(len(t))
        self.head = np.where(s.head >= 0, s.head, self._own).astype(np.int64)
        self._relation, self._tag = s.relation, s.tag
        # there are some dozens of them: numbers of one byte are looked up in a quarter of the time
        self._relations = s.relation.ids.astype(np.uint8)
        self._tags = s.tag.ids.astype(np.uint8)

    def tagged(self, *tags: str) -> Flags:
        """Return whether the tag of each word begins with one of some."""
        return self._small(self._tags, [name.startswith(tags) for name in self._tag.names])

    def is_(self, *relations: str) -> Flags:
        """Return whether each word has one of these relations to its head."""
        chosen = [name in relations for name in self._relation.names]
        return self._small(self._relations, chosen)

    def _small(self, ids: NDArray[np.uint8], chosen: list[bool]) -> Flags:
        return np.asarray(np.array(chosen, dtype=np.bool_)[ids] if len(self.t) else ids > 0)

    def written(self, *forms: str) -> Flags:
        """Return whether each word is written as one of some folded forms."""
        layer = self.t.layer("word")
        numbers = layer.numbers(forms)
        return self._at([layer.positions(int(n)) for n in numbers if n >= 0])

    def lemma(self, *lemmas: str) -> Flags:
        """Return whether each word has one of some dictionary forms."""
        layer = self.t.layer("lemma")
        numbers = layer.numbers(lemmas)
        return self._at([layer.positions(int(n)) for n in numbers if n >= 0])

    def _at(self, places: list[Ints]) -> Flags:
        found = np.zeros(len(self.t), dtype=np.bool_)
        for at in places:
            found[at] = True
        return found

    def first_below(self, below: Flags) -> Ints:
        """Return for each word the first of some words that hang on it, or -1."""
        found = np.full(len(self.t), NONE, dtype=np.int32)
        at = np.flatnonzero(below & (self.head != self._own))
        found[self.head[at[::-1]]] = at[::-1]
        return found

    @cached_property
    def subject(self) -> Ints:
        """The subject of each verb, or -1."""
        named = self.is_("nsubj", "nsubjpass", "expl") & ~self.tagged("CD")
        subject = self.first_below(named)
        clause = self.first_below(self.is_("csubj", "csubjpass"))
        return np.where(subject >= 0, subject, clause)

    @cached_property
    def passive(self) -> Flags:
        """Whether each verb is in the passive."""
        return self.first_below(self.is_("auxpass", "nsubjpass", "csubjpass")) >= 0

    @cached_property
    def object(self) -> Ints:
        """The object of each verb, or -1."""
        return self.first_below(self.is_("dobj", "obj"))

    @cached_property
    def denied(self) -> Flags:
        """Whether each word has a negation that hangs on it: *not*, *never*, *no* before a noun."""
        no = self.is_("neg") | (self.written(*_NO) & self.is_("det", "advmod", "preconj", "cc"))
        below = self.first_below(no) >= 0
        return below | self._ends_in_not

    @cached_property
    def _ends_in_not(self) -> Flags:
        names = self.t.layer("word").names
        nots = np.array([w.endswith("n't") or w == "cannot" for w in names], dtype=np.bool_)
        found = np.zeros(len(self.t), dtype=np.bool_)
        if len(self.t):
            at = np.flatnonzero(nots[self.t.layer("word").ids])
            found[at] = found[self.head[at]] = True
        return found

    def verb_of(self, words: Longs) -> Longs:
        """Return the verb that each word is an auxiliary of, or the word itself."""
        auxiliary = self.is_("aux", "auxpass")[words]
        return np.where(auxiliary, self.head[words], words)

    def subject_of(self, words: Longs) -> Longs:
        """Return the subject of the clause of each word, or -1.

        A verb without one has that of the verb that it is joined to or hangs on; after *who* and
        *which* it is the noun before them.
        """
        at = words.copy()
        found = np.full(len(words), NONE, dtype=np.int64)
        upwards, reduced = self.is_(*_UPWARDS), self.is_("acl", "relcl")
        infinitive, subject = self.is_("xcomp"), self.subject
        relative, joined = self.is_("relcl"), self.is_("conj")
        for _ in range(_STEPS):
            seek = found == NONE
            here = np.where(seek, subject[at], NONE)
            fresh = here >= 0
            clause = np.where(relative[self.head[at]] & joined[at], self.head[at], at)
            pronoun = fresh & self._relative[here] & relative[clause]
            found = np.where(fresh, np.where(pronoun, self.head[clause], here), found)
            seek &= ~fresh
            given = seek & infinitive[at] & (self.object[self.head[at]] >= 0)
            found = np.where(given, self.object[self.head[at]], found)
            noun = seek & ~given & reduced[at]
            found = np.where(noun, self.head[at], found)
            seek &= ~given & ~noun
            moved = seek & upwards[at] & (self.head[at] != at)
            if not moved.any():
                break
            at = np.where(moved, self.head[at], at)
        return self._whole(np.where(found == words, NONE, found))

    def _whole(self, words: Longs) -> Longs:
        """Return what a part is of in place of it: *all of the members* are the members."""
        part = (words >= 0) & self.written(*_PARTS)[words]
        of = self.first_below(self.is_("prep") & self.written("of"))[np.maximum(words, 0)]
        inner = self.first_below(self.is_("pobj"))[np.maximum(of, 0)]
        return np.where(part & (of >= 0) & (inner >= 0), inner, words)

    @cached_property
    def _relative(self) -> Flags:
        return self.written(*_RELATIVE)

    def first_of_joined(self, words: Longs) -> Longs:
        """Return the first of the adjectives or verbs that each word is joined to."""
        chain, alike = self.is_("conj"), self.tagged("JJ", "VBN", "VBG")
        first = words.copy()
        for _ in range(_STEPS):
            up = self.head[first]
            moved = chain[first] & alike[up] & (up < first)
            if not moved.any():
                break
            first = np.where(moved, up, first)
        return first

    @cached_property
    def joined(self) -> tuple[Longs, Longs]:
        """The first and a further member of each coordination of nouns, a value a further member."""
        noun = self.tagged("NN", "PRP")
        chain = self.is_("conj") & noun
        at = np.flatnonzero(chain)
        first = self.head[at]
        for _ in range(_STEPS):
            first = np.where(chain[first], self.head[first], first)
        kept = noun[first] & (first < at)
        return first[kept], at[kept]

    @cached_property
    def next_joined_object(self) -> Longs:
        """The object of the next verb that is joined to each verb without one, or -1."""
        at = np.flatnonzero(self.is_("conj") & self.tagged("VB"))
        found = np.full(len(self.t), NONE, dtype=np.int64)
        found[self.head[at[::-1]]] = self.object[at[::-1]]
        return found


@lru_cache(maxsize=4)
def of(t: Tokens) -> Clauses:
    """Return the clauses of English words."""
    return Clauses(t)


class Things:
    """What nouns and pronouns stand for: a name, a pronoun, or the noun itself."""

    def __init__(self, corpus: Corpus, c: Clauses) -> None:
        self._c = c
        self._t = c.t
        self._name, self._adjective = self._named(corpus)
        self._lemmas = self._t.layer("lemma")
        self._modifier = self._before(c.is_("amod", "compound", "nmod"))
        self._possessive = self._before(c.is_("poss"))
        self._number = self._before(c.is_("nummod", "det", "predet"))
        self._labels: dict[tuple[object, ...], str] = {}

    def _before(self, chosen: Flags) -> Longs:
        """Return for each word the last of some words that hang on it and stand before it."""
        own = np.arange(len(self._t))
        at = np.flatnonzero(chosen & (self._c.head > own))
        found = np.full(len(self._t), NONE, dtype=np.int64)
        found[self._c.head[at]] = at
        return found

    def _named(self, corpus: Corpus) -> tuple[Longs, Longs]:
        """Return for each word the number of the name that it is part of, or of its country's."""
        t = self._t
        mentions = names.mentions(corpus)
        self.names = tuple(dict.fromkeys((m.name, m.kind) for m in mentions))
        number = {name: i for i, name in enumerate(self.names)}
        opening, at = {}, 0
        for document in t.corpus:
            opening[document.id] = at
            at += len(document.paragraphs) + 1
        rows = [
            (
                opening[m.span.document] + m.span.paragraph,
                m.span.start,
                m.span.end,
                number[m.name, m.kind],
                m.adjective,
            )
            for m in mentions
            if m.span.document in opening
        ]
        noun = np.full(len(t), NONE, dtype=np.int64)
        adjective = noun.copy()
        if not rows or not len(t):
            return noun, adjective
        passage, start, end, which, is_adjective = np.array(rows, dtype=np.int64).T
        key = (t.passage.astype(np.int64) << 32) | t.start
        first = np.searchsorted(key, (passage << 32) | start)
        last = np.searchsorted(key, (passage << 32) | (end - 1), side="right") - 1
        for step in range(int((last - first).max(initial=0)) + 1):
            inside = first + step <= last
            for target, kind in ((noun, 0), (adjective, 1)):
                chosen = inside & (is_adjective == kind)
                target[first[chosen] + step] = which[chosen]
        return noun, adjective

    def label(self, word: int) -> str:
        """Return what a noun or pronoun stands for: the name, *we*, *the two sides*, or the noun."""
        if word < 0:
            return NO_ONE
        named = int(self._name[word])
        if named >= 0:
            return self.names[named][0]
        t = self._t
        written = t.words[int(t.word[word])]
        if written in _PRONOUNS:
            return NO_ONE if written == "there" else _PRONOUNS[written]
        lemma = self._lemmas.names[int(self._lemmas.ids[word])]
        before, owner, number = (
            int(column[word]) for column in (self._modifier, self._possessive, self._number)
        )
        of_country = int(self._adjective[before]) if before >= 0 else NONE
        if of_country >= 0 and lemma in _FOR_COUNTRY:
            return self.names[of_country][0]
        if owner >= 0 and self._name[owner] >= 0 and lemma in _FOR_COUNTRY:
            return self.names[int(self._name[owner])][0]
        words = [self._t.vocabulary[int(t.ids[word])].removesuffix("'s").removesuffix("\u2019s")]
        opens = word == 0 or t.sentence[word - 1] != t.sentence[word]
        if words[0].isupper() or opens:
            words = [written]
        if before >= 0 and lemma in HUMAN and before == word - 1:
            words.insert(0, self._written(before))
        elif owner >= 0 and owner == word - 1 and self._written(owner) in ("my", "our", "your"):
            words.insert(0, self._written(owner))
        elif number >= 0 and number == word - 1 and self._written(number) in ("two", "both"):
            words.insert(0, "the two")
        return " ".join(words)

    def _written(self, word: int) -> str:
        form = self._t.vocabulary[int(self._t.ids[word])]
        return form if self._adjective[word] >= 0 or self._name[word] >= 0 else form.lower()

    def noun(self, word: int) -> str:
        """Return the name that a word is part of, or the dictionary form of a noun."""
        named = int(self._name[word])
        if named >= 0:
            return self.names[named][0]
        written = self._t.words[int(self._t.word[word])]
        if written in _PRONOUNS:
            return _PRONOUNS[written]
        return self._lemmas.names[int(self._lemmas.ids[word])]

    def agents(self, words: Longs) -> Flags:
        """Return whether words stand for someone who can bind himself: a name, *we*, a body of people."""
        t = self._t
        known = np.array(
            [kind in ("person", "organisation", "place") for _, kind in self.names] + [False]
        )
        folded = np.array([_PRONOUNS.get(w, "") in _PERSONAL for w in t.words] + [False])
        human = np.array([name in HUMAN for name in self._lemmas.names] + [False])
        safe = np.maximum(words, 0)
        found = known[self._name[safe]] | folded[t.word[safe]] | human[self._lemmas.ids[safe]]
        return np.asarray(found & (words >= 0), dtype=np.bool_)

    def same_name(self, words: Longs, others: Longs) -> Flags:
        """Return whether two words are part of one name: *Democratic Republic*."""
        return np.asarray((self._name[words] >= 0) & (self._name[words] == self._name[others]))

    def is_lemma(self, words: Longs, lemmas: frozenset[str]) -> Flags:
        """Return whether words have one of some dictionary forms, or are part of a name like one."""
        chosen = np.array([name in lemmas for name in self._lemmas.names], dtype=np.bool_)
        pairs = [name.split() for name in sorted(lemmas) if " " in name]
        in_pair = np.zeros(len(words), dtype=np.bool_)
        for before, word in pairs:  # a noun with the one before it: unemployment rate
            pair = self._lemmas.numbers((before, word))
            in_pair |= (self._lemmas.ids[words] == pair[1]) & (
                self._lemmas.ids[np.maximum(words - 1, 0)] == pair[0]
            )
        named = np.array([name in lemmas for name, _ in self.names] + [False], dtype=np.bool_)
        return np.asarray(in_pair | chosen[self._lemmas.ids[words]] | named[self._name[words]])

    def stands_for(self, words: Longs) -> Longs:
        """Return for *it* and *they* the last subject before, in this sentence or the one before."""
        c, t = self._c, self._t
        unsure = c.written("it", "they")
        subject = c.is_("nsubj", "nsubjpass") & ~unsure & ~c.written(*_RELATIVE)
        before = np.flatnonzero(subject)
        at = np.searchsorted(before, words) - 1
        last = np.where(at >= 0, before[np.maximum(at, 0)] if len(before) else NONE, NONE)
        safe = np.maximum(words, 0)
        near = (t.sentence[safe] - t.sentence[np.maximum(last, 0)] <= 1) & (last >= 0)
        near &= t.passage[safe] == t.passage[np.maximum(last, 0)]
        return np.where((words >= 0) & unsure[safe] & near, last, words)


@lru_cache(maxsize=4)
def things(corpus: Corpus) -> Things:
    """Return what the nouns of the English texts of a corpus stand for."""
    return Things(corpus, of(tokens.of(corpus)))
