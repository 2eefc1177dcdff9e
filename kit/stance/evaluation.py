"""Evaluation: what is called good or bad, by what it is said of."""

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import keep, tokens
from kit.corpus import Corpus
from kit.finding import Finding
from kit.lexicon import Entry
from kit.measures.intervals import wilson
from kit.stance import cells, clauses, expressions, modals
from kit.stance.clauses import NONE, Clauses
from kit.stance.expressions import PLACES, Found
from kit.tokens import Longs
from kit.tokens.places import Bounds, Places

Flags = NDArray[np.bool_]
SHOWN = 8  # words in a cell
MODIFIED, SUBJECT, OBJECT, PREDICATE = range(len(PLACES))
_NOUNS = ("NN", "PRP")
_UNTOLD = frozenset("it they this that he she them".split())  # what they stand for is not told
METHOD = (
    "Words of praise and blame of the lexicon of stance, written for official language. The target is the "
    "noun that an adjective describes or, after be and the like, its subject; the object of verbs such as "
    "praise and condemn (what is condemned is negative); the subject of verbs such as threaten and improve. "
    "Words that praise or blame some things only (strong, low, serious) count of those. A negation turns the "
    "sign. Forms of one name are one target; other targets are nouns in their dictionary form."
)


@keep.finding
def evaluation(corpus: Corpus, *, own: str = "", least: int = 1) -> Finding:
    """Give what is said to be good or bad in English texts, one row a target.

    `own` is a lexicon of stance whose entries are added, `least` how often a target must be judged to have
    a row. Columns: target, positive, negative (counts), share (positive of both), low, high (its 95 %
    interval, Wilson 1927), texts, words (with counts; a denied one after *not*). In order of count,
    pronouns last. Behind each row stand the words. Raises ReadError for a lexicon that cannot be read.
    """
    text = expressions.own_text(own)
    inside = expressions.english(corpus)
    t = tokens.of(inside)
    found = expressions.find(inside, "evaluation", text)
    lines: list[tuple[object, ...]] = []
    places: list[Bounds] = []
    if len(found):
        target, good, denied, found = judged(inside, found, text)
        forms = cells.as_written(t, found.first, found.last)
        shown = np.where(denied, "not " + forms, forms)
        named = [group for group in cells.groups(target) if len(group[1]) >= least]
        for name, at in sorted(named, key=lambda group: group[0] in _UNTOLD):
            well = int(good[at].sum())
            words = Counter(shown[at].tolist()).most_common(SHOWN)
            lines.append(
                (
                    name,
                    well,
                    len(at) - well,
                    well / len(at),
                    len(np.unique(t.document[found.first[at]])),
                    ", ".join(f"{word} ({n:,})" for word, n in words),
                )
            )
            places.append((found.first[at].astype(np.int32), found.last[at].astype(np.int32)))
    others = sorted({d.language for d in corpus} - {"en"})
    columns = "target positive negative share texts words".split()
    table = pd.DataFrame(lines, columns=columns)
    positive = table["positive"].to_numpy(dtype=np.float64)
    low, high = wilson(positive, positive + table["negative"].to_numpy(dtype=np.float64))
    table.insert(4, "low", low)
    table.insert(5, "high", high)
    return Finding(
        "evaluation",
        "What is called good or bad",
        table,
        corpus,
        METHOD,
        Places(t, places),
        (
            "It is told what is judged, not what it is worth: a text that opposes terrorism judges terrorism "
            "negatively. A good thing that is only wished for counts as well.",
            *(
                (f"Texts in {', '.join(others)} are not read: targets need a parse.",)
                if others
                else ()
            ),
        ),
        formats={"share": "{:.0%}", "low": "{:.0%}", "high": "{:.0%}"},
        applies=len(inside) > 0,
    )


Judged = tuple[NDArray[np.object_], Flags, Flags, Found]


def judged(corpus: Corpus, found: Found, own: str) -> Judged:
    """Return targets in words, whether each is judged well, whether it is denied, and what is kept."""
    known = expressions.entries(own)
    c = clauses.of(tokens.of(corpus))
    things = clauses.things(corpus)
    where = np.array([PLACES.index(e.get("by", PLACES[0])) for e in known])[found.entry]
    good = np.array([e["kind"] == "positive" for e in known])[found.entry]
    head = modals.head_of(c, found)
    target = np.select(
        [where == MODIFIED, where == SUBJECT, where == PREDICATE],
        [_described(c, head), _undergoer(c, head), _said_to_be(c, head)],
        _objects(c, head, found),
    )
    target = np.where((target >= found.first) & (target <= found.last), NONE, target)
    verb = c.head[head]
    linked = c.is_("acomp", "attr", "oprd", "amod")[head]
    denied = c.denied[head] | (linked & c.denied[verb] & ~c.tagged(*_NOUNS)[verb])
    denied |= _no_before(c, found)
    safe = np.maximum(target, 0)
    keep = (
        (target >= 0) & c.tagged(*_NOUNS)[safe] & ~c.written("you", "i", "me", "who", "which")[safe]
    )
    keep &= ~(c.written("it", "that", "this")[safe] & _of_a_clause(c, head))
    plain = np.array([bool(e.get("intransitive")) for e in known])[found.entry]
    keep &= ~(plain & (c.object[head] >= 0) & c.tagged("VB")[head])
    keep &= ~things.same_name(head, safe)
    keep &= _fits(found, target, known, things)
    target, denied, good = target[keep], denied[keep], good[keep]
    named = np.empty(len(target), dtype=np.object_)
    named[:] = [things.noun(word) for word in target.tolist()]
    return named, good ^ denied, denied, found.only(keep)


def _fits(found: Found, target: Longs, known: tuple[Entry, ...], things: clauses.Things) -> Flags:
    """Return whether targets are among those that their entries are for; an entry without any is for all."""
    fits = np.ones(len(found), dtype=np.bool_)
    for number in np.unique(found.entry).tolist():
        of = known[number].get("of")
        if of:
            at = np.flatnonzero((found.entry == number) & (target >= 0))
            fits[at] = things.is_lemma(target[at], frozenset(of))
    return fits


def _described(c: Clauses, head: Longs) -> Longs:
    """Return the noun that an adjective describes, itself or through what it is joined to."""
    first = c.first_of_joined(head)
    relation_mod = c.is_("amod", "nmod", "compound")
    before = np.where(relation_mod[first], c.head[first], NONE)
    # things are important: the subject of the verb; to find it useful: the object of the verb
    linked = c.is_("acomp", "attr", "oprd", "ccomp", "advcl", "ROOT", "xcomp")[first]
    subject = c.subject_of(first)
    verb = c.head[first]
    asked = c.object[verb]
    complement = c.is_("oprd", "xcomp", "ccomp")[first] & (asked >= 0) & (asked < first)
    after = np.where(complement, asked, np.where(linked, subject, NONE))
    # measures conducive to peace: after the noun
    reduced = c.is_("acl", "relcl")[first]
    passive_participle = np.where(reduced, c.head[first], NONE)
    found = np.where(before >= 0, before, np.where(after >= 0, after, passive_participle))
    # an adjective before an adjective's noun: "strong and stable growth"
    chained = c.tagged("JJ")[np.maximum(found, 0)] & (found >= 0)
    return np.where(
        chained,
        np.where(relation_mod[np.maximum(found, 0)], c.head[np.maximum(found, 0)], found),
        found,
    )


def _undergoer(c: Clauses, head: Longs) -> Longs:
    """Return the subject of a verb; of a passive one nothing, since that is what it is done to."""
    subject = c.subject_of(head)
    noun_before = np.where(c.is_("amod")[head] & ~c.tagged("VBN")[head], c.head[head], NONE)
    found = np.where(noun_before >= 0, noun_before, subject)
    return np.where(c.passive[head] | c.is_("auxpass")[head], NONE, found)


def _said_to_be(c: Clauses, head: Longs) -> Longs:
    """Return the subject of the clause in which a noun is the predicate: *this is a tragedy*."""
    attribute = c.is_("attr", "oprd")[head]
    return np.where(attribute, c.subject[c.head[head]], NONE)


def _objects(c: Clauses, head: Longs, found: Found) -> Longs:
    """Return the object of a verb: direct, of its last preposition, or the subject of the passive."""
    direct = c.object[head]
    last = found.last
    inner = c.first_below(c.is_("pobj"))
    by_preposition = np.where(last > found.first, inner[last], NONE)
    passive = np.where(c.passive[head], c.subject_of(head), NONE)
    participle = np.where(c.is_("acl", "amod")[head] & c.tagged("VBN")[head], c.head[head], NONE)
    # verbs that are joined share the object of the last: condemn and reject terrorism
    shared = c.next_joined_object[head]
    options = (by_preposition, direct, passive, participle, shared)
    chosen = np.full(len(head), NONE, dtype=np.int64)
    for option in options:
        chosen = np.where(chosen >= 0, chosen, option)
    return chosen


def _of_a_clause(c: Clauses, head: Longs) -> Flags:
    """Return whether it is a clause that is judged: *it is wrong to*, *make it difficult that*."""
    below = c.first_below(c.is_("ccomp", "xcomp", "csubj", "advcl", "acl", "relcl"))
    verb = c.head[head]
    return np.asarray((below[head] > head) | (below[verb] > head))


def _no_before(c: Clauses, found: Found) -> Flags:
    """Return whether *no* or *not* stands right before, or with a word between: *not very good*."""
    t = c.t
    denies = c.written("no", "not", "neither", "nor", "never", "hardly", "lack")
    denied = np.zeros(len(found), dtype=np.bool_)
    for step in (1, 2):
        at = np.maximum(found.first - step, 0)
        same = t.sentence[at] == t.sentence[found.first]
        between = (
            t.close[found.first]
            if step == 1
            else t.close[found.first] & t.close[np.maximum(found.first - 1, 0)]
        )
        denied |= denies[at] & same & between
    return denied
