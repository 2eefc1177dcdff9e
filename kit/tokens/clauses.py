"""Who does what: the subjects and objects of the verbs of English texts, read from their parse.

Beyond the relations of words a clause has pronouns as subjects, what a relative pronoun stands for, the
agent of a passive (*by ...*), and the subject that an infinitive takes over: in *China is ready to work
with Russia to deepen trade* and in *they urged Japan to stop*.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kit.tokens import relations, syntax
from kit.tokens.layer import Layer, Longs
from kit.tokens.relations import CLASSES, Flags, Pairs, Words, root

if TYPE_CHECKING:
    from kit.tokens import Tokens

PRONOUNS = ("PRP",)  # tags of words that stand for a noun as subject or object
_RELATIVE = ("WDT", "WP")
# Verbs whose object does what follows: urge Japan to stop. After others the subject does it: use the
# territory to attack.
_OF_OBJECT = frozenset(
    """
        advise allow ask assist authorise authorize beg call cause challenge command compel direct enable
        encourage entitle expect forbid force get help induce inspire instruct invite lead let like make
        mandate motivate need oblige order permit persuade press prompt push remind request require summon
        teach tell tempt train trust urge want warn wish
    """.split()
)
# Verbs that have their object after a preposition, which is a part of them.
PREPOSITIONAL = frozenset(
    (verb, preposition)
    for preposition, verbs in {
        "to": "adhere agree amount appeal apply aspire attend attest belong cling come commit consent "
        "contribute correspond react refer reply resort respond return revert speak stick submit subscribe "
        "succumb surrender testify turn yield accede adapt adjust admit conform contribute lead listen "
        "object point relate",
        "with": "agree align associate collaborate communicate compete comply consult cooperate coordinate "
        "coincide collide confer conflict cope deal disagree dispense engage interact interfere meddle meet "
        "negotiate part quarrel reckon side sympathise sympathize tamper trade work",
        "on": "act agree bank base build call capitalize comment concentrate count decide depend draw "
        "dwell elaborate embark encroach expand focus frown impact impinge improve infringe insist prevail "
        "rely rest seize touch trample vote wait",
        "upon": "act agree build call depend draw embark encroach focus impinge infringe insist prevail rely "
        "seize touch",
        "for": "account apologise apologize apply argue atone care compete call fight hope long opt pave "
        "pay plead pray prepare press push provide search settle speak stand strive vote vouch wait work",
        "against": "act campaign conspire defend discriminate fight guard insure militate plot protest react "
        "rebel retaliate rise sin speak struggle vote warn",
        "of": "approve complain consist despair disapprove dispose repent think",
        "from": "abstain benefit derive desist deviate draw emerge escape flee gain learn profit recover "
        "refrain retreat shrink suffer withdraw",
        "in": "believe confide consist culminate engage indulge interfere intervene invest meddle "
        "participate persevere persist result share succeed",
        "into": "enter evolve fall inquire look run tap",
    }.items()
    for verb in verbs.split()
)
_NOUN, _VERB = CLASSES["noun"], CLASSES["verb"]


@dataclass(frozen=True, eq=False)
class Clauses:
    """Pairs of a verb and its argument, by the number of the word.

    ``subjects``: who acts, the agent of a passive too; ``objects``: what is acted on, the subject of a
    passive too; ``by_preposition``: (verb, noun, preposition) of prepositional verbs, where the
    preposition stands right behind. ``passive``, ``agent`` and ``negated`` have one truth a word:
    whether it is a passive verb, one whose agent is named, one under *not* or *never*.
    """

    subjects: Pairs
    objects: Pairs
    by_preposition: tuple[Longs, Longs, Longs]
    passive: Flags
    agent: Flags
    negated: Flags


@lru_cache(maxsize=4)
def of(t: "Tokens") -> Clauses:
    """Return the clauses of the paragraphs; raises ParameterError where a text is not English."""
    s = syntax.of(t)
    size = len(t)
    classes = relations.classes_of(s.tag)[s.tag.ids] if size else np.zeros(0, dtype=np.int64)
    classes = np.where(_tagged(s.tag, PRONOUNS, size), _NOUN, classes)
    w = Words(s, classes)
    subjects, objects = w.subjects_and_objects()
    relative, passive_relative = _relative(w, s.tag, size)
    subjects = _both(subjects, relative)
    objects = _both(objects, passive_relative)
    agents = _agents(w)
    subjects = _both(subjects, agents)
    passive = w.governs("auxpass", "nsubjpass", "agent")
    to = np.zeros(size, dtype=np.bool_)
    to[w.head[_tagged(s.tag, ("TO",), size)]] = True
    active, undergone = _taken_over(w, t.layer("lemma"), subjects, objects, passive, to)
    subjects, objects = _both(subjects, active), _both(objects, undergone)
    agent = np.zeros(size, dtype=np.bool_)
    agent[agents[0]] = True
    negated = w.governs("neg")
    body = ~t.in_title if size else np.zeros(0, dtype=np.bool_)
    verb = (classes == _VERB) & body
    return Clauses(
        _kept(subjects, verb),
        _kept(objects, verb),
        _prepositional(w, t, verb),
        passive & verb,
        agent & verb,
        negated & verb,
    )


def _tagged(tags: Layer, names: tuple[str, ...], size: int) -> Flags:
    chosen = np.array([name in names for name in tags.names], dtype=np.bool_)
    return chosen[tags.ids] if size else np.zeros(0, dtype=np.bool_)


def _relative(w: Words, tags: Layer, size: int) -> tuple[Pairs, Pairs]:
    """Return the verbs of relative clauses with the noun that *which*, *that* or *who* stands for."""
    pronoun = _tagged(tags, _RELATIVE, size)
    found = []
    for relation in ("nsubj", "nsubjpass"):
        at = np.flatnonzero(pronoun & w.has_relation(relation))
        verb = w.head[at]
        noun = w.head[verb]
        kept = w.has_relation("relcl")[verb] & (w.classes[noun] == _NOUN)
        kept &= w.classes[verb] == _VERB
        found.append((verb[kept], noun[kept]))
    return found[0], found[1]


def _agents(w: Words) -> Pairs:
    """Return passive verbs and who is said to act: *by ...*."""
    noun = np.flatnonzero(w.has_relation("pobj")[w.first] & (w.classes == _NOUN))
    by = w.head[w.first[noun]]
    verb = w.head[by]
    kept = w.has_relation("agent")[by] & (w.classes[verb] == _VERB)
    return verb[kept], noun[kept]


def _taken_over(
    w: Words, lemma: Layer, subjects: Pairs, objects: Pairs, passive: Flags, to: Flags
) -> tuple[Pairs, Pairs]:
    """Return infinitives without a subject of their own, with the subject that they take over.

    That is the object of the verb which they depend on, if it is one of ``_OF_OBJECT``, else its subject,
    which may stand higher: *is ready to work*. An infinitive of purpose (`to`: which verbs have *to*) has
    that subject too, and so has what is joined to one. Of passive infinitives (the second pairs) it is an
    object: *disputes need to be settled*.
    """
    size = len(w.classes)
    own = w.governs("nsubj", "nsubjpass", "csubj", "expl")
    purpose = w.has_relation("advcl") & to
    open_verb = (w.has_relation("xcomp") | purpose) & (w.classes == _VERB) & ~own
    above = w.head
    moves = np.array([name in _OF_OBJECT for name in lemma.names], dtype=np.bool_)[lemma.ids]
    has_object = np.zeros(size, dtype=np.bool_)
    has_object[objects[0]] = True
    of_object = open_verb & ~purpose & has_object[above] & moves[above]
    under = np.flatnonzero(of_object)
    taken = relations.inherited(above[under], under, objects)
    # the answer is to wait: it is no answer that waits
    equated = open_verb & ~purpose & (lemma.ids[above] == _number(lemma, "be"))
    link = (open_verb | w.has_relation("acomp")) & ~of_object & ~equated
    top = root(link, above)
    heirs = np.flatnonzero(open_verb & link & (top != np.arange(size)))
    taken = _both(taken, relations.inherited(top[heirs], heirs, subjects))
    joined = np.flatnonzero((w.classes == _VERB) & (w.first != np.arange(size)) & ~own)
    taken = _both(taken, relations.inherited(w.first[joined], joined, taken))
    below = passive[taken[0]]
    return (taken[0][~below], taken[1][~below]), (taken[0][below], taken[1][below])


def _prepositional(w: Words, t: "Tokens", verb: Flags) -> tuple[Longs, Longs, Longs]:
    """Return prepositional verbs, the noun of the preposition right behind them, and that."""
    lemma, lower = t.layer("lemma"), t.layer("lower")
    noun = np.flatnonzero(w.has_relation("pobj")[w.first] & (w.classes == _NOUN))
    preposition = w.head[w.first[noun]]
    governor = w.head[preposition]
    kept = w.has_relation("prep")[preposition] & verb[governor] & (preposition == governor + 1)
    noun, preposition, governor = noun[kept], preposition[kept], governor[kept]
    known = {
        lemma_number << 32 | preposition_number
        for name, by in PREPOSITIONAL
        if (lemma_number := _number(lemma, name)) >= 0
        and (preposition_number := _number(lower, by)) >= 0
    }
    pair = (lemma.ids[governor].astype(np.int64) << 32) | lower.ids[preposition]
    kept = np.isin(pair, np.array(sorted(known), dtype=np.int64))
    return governor[kept], noun[kept], preposition[kept]


def _number(layer: Layer, name: str) -> int:
    number = layer.number(name)
    return -1 if number is None else number


def _both(one: Pairs, other: Pairs) -> Pairs:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1]))


def _kept(pairs: Pairs, verb: Flags) -> Pairs:
    """Return each pair once, those whose first is a verb that counts, in reading order."""
    first, second = pairs[0][verb[pairs[0]]], pairs[1][verb[pairs[0]]]
    if not len(first):
        return first, second
    _, once = np.unique(first * len(verb) + second, return_index=True)
    return first[once], second[once]
