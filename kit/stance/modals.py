"""Modal expressions in their clauses: of which kind, how strong, and whose."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus
from kit.stance import clauses, expressions
from kit.stance.clauses import Clauses
from kit.stance.expressions import FIRM, STRONGEST, Found
from kit.tokens import Longs, Tokens

Flags = NDArray[np.bool_]
# A commitment of someone who acts becomes a prediction where it is no deed of his.
KINDS = (
    "commitment",
    "obligation",
    "appeal",
    "prediction",
    "possibility",
    "ability",
    "conditional",
)
COMMITMENT, OBLIGATION, APPEAL, PREDICTION, POSSIBILITY, ABILITY, CONDITIONAL = range(len(KINDS))
NEAR = 3  # words from a modal verb to what it governs, for the two to be shown as one
_FUTURE = (
    "will",
    "will-firmly",
    "going-to",
    "shall",
)  # entries that are a commitment or a prediction
_NO_DEED = frozenset(
    """
    be become benefit contain continue-to-be cost decline deserve depend disappear emerge end exist
    experience face fail fall feel find gain grow happen have increase inherit involve know last lead
    lose matter mean need notice occur prevail prosper realize recall receive remember result rise see
    seem suffer suffice survive thrive understand want wish disagree agree-with succeed perish die
    """.split()
)
_STAYS = frozenset(("remain", "stay", "continue", "keep"))  # deeds of those who can bind themselves
_MOVES = frozenset(
    """
    accelerate decline decrease drop ease expand fall grow improve increase moderate rebound recover
    return rise slow stabilize strengthen subside wane
    """.split()
)  # what "should" expects of things: inflation should decline
METHOD = (
    "Expressions of the lexicon of stance. The actor is the subject of the verb in spaCy's parse: a name, "
    "we or they as they stand, or the noun. Will, shall and going to are a commitment of a person, country "
    "or body that does something, else a prediction, as in the passive; shall of others than the speaker is "
    f"an obligation. Firm are expressions of strength {FIRM} or {STRONGEST} of {STRONGEST}; possibility, "
    "ability and predictions have no strength."
)


@dataclass(frozen=True, eq=False)
class Modals:
    """Modal expressions in reading order, one value an expression in each array.

    ``entry`` is a number of the lexicon, ``kind`` one of ``KINDS``, ``strength`` 0 where there is none,
    ``subject`` a word or -1, ``verb`` the word whose clause it is; ``denied`` where it is negated.
    """

    t: Tokens
    entry: Longs
    first: Longs
    last: Longs
    kind: Longs
    strength: Longs
    subject: Longs
    verb: Longs
    denied: Flags

    @property
    def graded(self) -> Flags:
        """Whether each has a strength."""
        return np.asarray(self.strength > 0)

    @property
    def firm(self) -> Flags:
        """Whether each is firm."""
        return np.asarray(self.strength >= FIRM)


@lru_cache(maxsize=8)
def of_english(corpus: Corpus, own: str) -> Modals:
    """Return the modal expressions of the English texts; `own` is the text of a lexicon."""
    inside = expressions.english(corpus)
    t = tokens.of(inside)
    found = expressions.find(inside, "modal", own)
    if not len(found):
        none = np.empty(0, dtype=np.int64)
        return Modals(t, none, none, none, none, none, none, none, none.astype(np.bool_))
    case = _case(clauses.of(t), found, own)
    act = _acts(case, clauses.things(inside))
    kind, strength = _graded(case, act, own)
    keep = _meant(case, act, kind, strength)
    last, strength, alone = _as_one(found, case.verb, kind, strength, case.modal & keep, keep)
    keep &= alone
    columns = (found.entry, found.first, last, kind, strength, case.subject, case.verb)
    entry, first, last, kind, strength, subject, verb = (column[keep] for column in columns)
    return Modals(t, entry, first, last, kind, strength, subject, verb, case.denied[keep])


@dataclass(frozen=True, eq=False)
class _Case:
    """What the parse says of expressions, one value an expression in each array."""

    c: Clauses
    found: Found
    id: NDArray[np.str_]
    head: Longs
    verb: Longs
    subject: Longs
    modal: Flags  # an auxiliary
    before: Flags  # it stands before its subject: should he come, may peace prevail
    asks: Flags  # before it, and in a question
    perfect: Flags
    denied: Flags


def _case(c: Clauses, found: Found, own: str) -> _Case:
    ids = np.array([str(entry["id"]) for entry in expressions.entries(own)])[found.entry]
    head = head_of(c, found)
    verb, subject = c.verb_of(head), c.subject_of(head)
    contracted = np.array([w.endswith(("'ll", "\u2019ll")) for w in c.t.vocabulary])
    short = contracted[c.t.ids[found.first]]
    subject = np.where(short, found.first, subject)
    verb = np.where(short, c.head[found.first], verb)
    subject = _extraposed(c, verb, subject)
    verb, subject = _of_cannot(c, ids == "cannot", found, verb, subject)
    before = subject > found.last
    asks = np.zeros(len(found), dtype=np.bool_)
    asks[before] = _asks(c.t, found.first[before])
    return _Case(
        c,
        found,
        ids,
        head,
        verb,
        subject,
        modal=c.is_("aux")[found.first] | short,
        before=before,
        asks=asks,
        perfect=(c.first_below(c.is_("aux") & c.lemma("have")) >= 0)[verb],
        denied=c.denied[verb] | c.denied[head] | _denied_subject(c, subject),
    )


@dataclass(frozen=True, eq=False)
class _Acts:
    """Whether subjects can bind themselves, may do so (*it*), and do something in the clause."""

    agent: Flags
    unsure: Flags
    deed: Flags
    moves: Flags  # the verb is one of rising and falling


def _acts(case: _Case, things: clauses.Things) -> _Acts:
    c, subject = case.c, case.subject
    meant = things.stands_for(subject)
    agent = things.agents(meant)
    lemmas = c.t.layer("lemma")
    no_deed, stays, moves = (
        np.array([name in group for name in lemmas.names])[lemmas.ids[case.verb]]
        for group in (_NO_DEED, _STAYS, _MOVES)
    )
    unsure = (meant >= 0) & c.written("it", "they", "which")[np.maximum(meant, 0)]
    deed = ~no_deed & (agent | (unsure & ~stays & ~moves))
    return _Acts(agent, unsure, deed & ~c.passive[case.verb] & ~case.perfect, moves)


def _graded(case: _Case, act: _Acts, own: str) -> tuple[Longs, Longs]:
    """Return the kind and the strength of each expression in its clause."""
    c, subject = case.c, case.subject
    known = expressions.entries(own)
    kinds = np.array([KINDS.index(e["kind"]) if e["kind"] in KINDS else -1 for e in known])
    strengths = np.array([e.get("strength", 0) for e in known])
    speaker = (subject >= 0) & c.written("i", "we", "i'll", "we'll")[np.maximum(subject, 0)]
    future = np.isin(case.id, _FUTURE)
    law = (case.id == "shall") & act.agent & ~speaker
    expected = (case.id == "should") & ~act.agent & act.moves & ~c.passive[case.verb]
    inferred = (case.id == "must") & case.perfect  # it must have been
    kind = kinds[case.found.entry]
    kind = np.where((future & ~act.deed) | expected, PREDICTION, kind)
    kind = np.where(law, OBLIGATION, np.where(inferred, POSSIBILITY, kind))
    strength = np.where(law, STRONGEST, strengths[case.found.entry])
    return kind, np.where((kind == PREDICTION) | inferred, 0, strength)


def _meant(case: _Case, act: _Acts, kind: Longs, strength: Longs) -> Flags:
    """Return which expressions are meant as what they look like.

    Conditions (*should he come*), wishes (*may peace prevail*) and *will we act?* are not; nor is what was
    asked or aimed at then; and things neither promise nor ask.
    """
    c, first = case.c, case.found.first
    future, should = np.isin(case.id, _FUTURE), case.id == "should"
    if_ = (c.first_below(c.is_("mark") & c.written("if", "in", "lest")) >= 0)[case.verb]
    out = should & case.modal & ((case.before & ~case.asks) | if_)
    out |= (case.id == "may") & case.before & c.written("may")[first] & ~case.asks
    out |= future & case.before & case.asks
    then = c.tagged("VBD")
    was = (c.first_below(c.is_("aux", "auxpass") & then) >= 0)[case.head]
    was |= c.is_("acomp", "oprd")[case.head] & then[c.head[case.head]]
    out |= (strength > 0) & (then[first] | was) & ~case.modal
    out |= (kind == OBLIGATION) & c.tagged("VBN")[first]
    thing = (case.subject >= 0) & ~act.agent & ~act.unsure
    out |= thing & ~case.modal & ((kind == COMMITMENT) | (kind == APPEAL)) & ~future
    return np.asarray((kind >= 0) & ~out)


def _of_cannot(
    c: Clauses, cannot: Flags, found: Found, verb: Longs, subject: Longs
) -> tuple[Longs, Longs]:
    """Return verbs and subjects with those of *cannot*, which spaCy's model does not know as one word.

    The verb is the next one within three words; where the parse tells no subject, the noun before.
    """
    last = len(c.t) - 1
    verbs, nominal = c.tagged("VB"), c.tagged("NN", "PRP", "WDT", "DT")
    odd = cannot & ~c.is_("aux")[found.first]
    seek = odd.copy()
    for step in (1, 2, 3):
        at = np.minimum(found.first + step, last)
        fits = seek & verbs[at]
        verb = np.where(fits, at, verb)
        seek &= ~fits
    before = np.maximum(found.first - 1, 0)
    told = c.subject[verb]
    told = np.where(told == found.first, clauses.NONE, told)
    near = np.where(
        nominal[before] & (c.t.sentence[before] == c.t.sentence[found.first]), before, -1
    )
    return verb, np.where(odd, np.where((told >= 0) & (told < found.first), told, near), subject)


def head_of(c: Clauses, found: Found) -> Longs:
    """Return of each expression the word that the others of it hang on."""
    head, auxiliary = found.first.copy(), c.is_("aux", "auxpass")
    for step in range(1, int((found.last - found.first).max(initial=0)) + 1):
        at = found.first + step
        inside = at <= found.last
        at = np.minimum(at, found.last)
        outwards = (c.head[at] < found.first) | (c.head[at] > found.last) | (c.head[at] == at)
        now_out = (
            (c.head[head] < found.first) | (c.head[head] > found.last) | (c.head[head] == head)
        )
        better = inside & outwards & ~(now_out & ~auxiliary[head]) & ~auxiliary[at]
        head = np.where(better, at, head)
    return head


def _as_one(
    found: Found, verb: Longs, kind: Longs, strength: Longs, modal: Flags, keep: Flags
) -> tuple[Longs, Longs, Flags]:
    """Return last words, strengths, and which expressions stay: *will strive to* is one expression.

    What a modal verb governs goes with it; a commitment is then as strong as the weaker of the two.
    """
    last, strength, alone = found.last.copy(), strength.copy(), np.ones(len(found), dtype=np.bool_)
    governor = np.flatnonzero(modal)
    governed = np.flatnonzero(~modal & keep & (strength > 0))
    order = np.argsort(verb[governor], kind="stable")
    at = np.searchsorted(verb[governor], verb[governed], sorter=order)
    at = governor[order[np.minimum(at, len(order) - 1)]] if len(order) else governed[:0]
    for i, j in zip(at.tolist(), governed.tolist(), strict=False):
        if verb[i] == verb[j] and found.first[i] < found.first[j]:
            alone[j] = False
            if found.first[j] - found.last[i] <= NEAR:
                last[i] = found.last[j]
            if kind[i] == kind[j] == COMMITMENT:
                strength[i] = min(strength[i], strength[j])
    return last, strength, alone


def _extraposed(c: Clauses, verb: Longs, subject: Longs) -> Longs:
    """Return the subject of the clause below for the *it* of *it is imperative that we act*."""
    below = c.first_below(c.is_("ccomp", "csubj", "advcl"))
    it = (subject >= 0) & c.written("it")[np.maximum(subject, 0)]
    adjective = c.first_below(c.is_("acomp") & c.tagged("JJ"))
    clause = below[verb]
    through = np.where(adjective[verb] >= 0, below[np.maximum(adjective[verb], 0)], clauses.NONE)
    clause = np.where(clause >= 0, clause, through)
    fits = it & (adjective[verb] >= 0) & (clause >= 0)
    inner = c.subject[np.maximum(clause, 0)]
    return np.where(fits & (inner >= 0), inner, np.where(fits, clauses.NONE, subject))


def _denied_subject(c: Clauses, subject: Longs) -> Flags:
    at = np.maximum(subject, 0)
    nobody = c.written("nobody", "none", "nothing", "no-one")[at]
    no = c.first_below(c.written("no", "neither") & c.is_("det"))[at] >= 0
    return np.asarray((subject >= 0) & (nobody | no))


def _asks(t: Tokens, words: Longs) -> Flags:
    """Return whether words stand in a question."""
    numbers, place = np.unique(t.sentence[words], return_inverse=True)
    ends = [
        t.texts[passage][start:end].rstrip("\"'\u201d\u2019) ")[-1:] == "?"
        for passage, start, end in np.asarray(t.sentences)[numbers].tolist()
    ]
    return np.array(ends, dtype=np.bool_)[place]
