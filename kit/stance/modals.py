"""Modality and commitment: who says what will, must, should or may be done, and how firmly."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding
from kit.stance import clauses, expressions
from kit.stance.clauses import NO_ONE, Clauses
from kit.stance.expressions import FIRM, STRONGEST, Found
from kit.tokens import Longs, Tokens
from kit.tokens.places import Bounds, Places

Flags = NDArray[np.bool_]
By = Literal["actor", "expression"]
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
UNTOLD = "(not told)"
RATE = 1000  # words
NEAR = 3  # words from a modal verb to what it governs, for the two to be shown as one
WORDS_SHOWN = 8
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
    "we or they as they stand, or the noun. Will, shall and going to are a commitment of a person, country or "
    "body that does something, else a prediction, as in the passive; shall of others than the speaker is an "
    "obligation. Firm are expressions of strength "
    f"{FIRM} or {STRONGEST} of {STRONGEST}; possibility, ability and predictions have no strength."
)
FOREIGN = (
    "In Chinese and Russian texts expressions are found by form alone: no actor is told, and what is "
    "counted as a commitment may be a prediction."
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
    """Return the modal expressions of the English texts of a corpus; `own` is the text of a lexicon."""
    inside = expressions.english(corpus)
    t = tokens.of(inside)
    found = expressions.find(inside, "modal", own)
    known = expressions.entries(own)
    ids = np.array([str(entry["id"]) for entry in known])
    kinds = np.array([KINDS.index(e["kind"]) if e["kind"] in KINDS else -1 for e in known])
    strengths = np.array([e.get("strength", 0) for e in known])
    kind, strength = kinds[found.entry], strengths[found.entry]
    if not len(found):
        none = np.empty(0, dtype=np.int64)
        return Modals(t, none, none, none, none, none, none, none, none.astype(np.bool_))
    c = clauses.of(t)
    head = head_of(c, found)
    verb = c.verb_of(head)
    subject = c.subject_of(head)
    contracted = np.array([w.endswith(("'ll", "\u2019ll")) for w in t.vocabulary])
    short = contracted[t.ids[found.first]]
    subject = np.where(short, found.first, subject)
    verb = np.where(short, c.head[found.first], verb)
    subject = _extraposed(c, verb, subject)
    verb, subject = _of_cannot(c, ids[found.entry] == "cannot", found, verb, subject)
    denied = c.denied[verb] | c.denied[head] | _denied_subject(c, subject)
    modal = c.is_("aux")[found.first] | short
    before = subject > found.last  # the subject stands after: should he come; may peace prevail
    asks = _asks(t)
    keep = np.ones(len(found), dtype=np.bool_)
    future = np.isin(ids[found.entry], _FUTURE)
    things = clauses.things(inside)
    meant = things.stands_for(subject)
    agent = things.agents(meant)
    lemmas = t.layer("lemma")
    no_deed, stays, moves = (
        np.array([name in group for name in lemmas.names])[lemmas.ids[verb]]
        for group in (_NO_DEED, _STAYS, _MOVES)
    )
    pronoun = c.written("it", "they", "which")
    unsure = (meant >= 0) & pronoun[np.maximum(meant, 0)]
    perfect = (c.first_below(c.is_("aux") & c.lemma("have")) >= 0)[verb]
    acts = (agent & ~no_deed) | (unsure & ~no_deed & ~stays & ~moves)
    acts &= ~c.passive[verb] & ~perfect
    speaker = (subject >= 0) & c.written("i", "we", "i'll", "we'll")[np.maximum(subject, 0)]
    shall = ids[found.entry] == "shall"
    law = shall & agent & ~speaker
    kind = np.where(future & ~acts, PREDICTION, kind)
    kind = np.where(law, OBLIGATION, kind)
    strength = np.where(law, STRONGEST, np.where(kind == PREDICTION, 0, strength))
    # should and may before their subject, or after if
    should, may = ids[found.entry] == "should", ids[found.entry] == "may"
    if_ = (c.first_below(c.is_("mark") & c.written("if", "in", "lest")) >= 0)[verb]
    keep &= ~(should & modal & ((before & ~asks[found.first]) | if_))
    keep &= ~(may & before & c.written("may")[found.first] & ~asks[found.first])
    expected = should & ~agent & moves & ~c.passive[verb]
    kind = np.where(expected, PREDICTION, kind)
    had_to = (ids[found.entry] == "must") & perfect  # it must have been
    kind = np.where(had_to, POSSIBILITY, kind)
    strength = np.where(expected | had_to, 0, strength)
    # what was asked or aimed at then is no stance now, and things neither promise nor ask
    then = c.tagged("VBD")
    was = (c.first_below(c.is_("aux", "auxpass") & then) >= 0)[head]
    was |= c.is_("acomp", "oprd")[head] & then[c.head[head]]
    keep &= ~((strength > 0) & (then[found.first] | was) & ~modal)
    keep &= ~(future & before & asks[found.first])  # will we act? promises nothing
    keep &= ~((kind == OBLIGATION) & c.tagged("VBN")[found.first])
    thing = (subject >= 0) & ~agent & ~unsure
    keep &= ~(thing & ~modal & ((kind == COMMITMENT) | (kind == APPEAL)) & ~future)
    last, strength, alone = _as_one(found, verb, kind, strength, modal & keep, keep)
    keep &= alone
    columns = (found.entry, found.first, last, kind, strength, subject, verb)
    entry, first, last, kind, strength, subject, verb = (column[keep] for column in columns)
    return Modals(t, entry, first, last, kind, strength, subject, verb, denied[keep])


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
    head = found.first.copy()
    for step in range(1, int((found.last - found.first).max(initial=0)) + 1):
        at = found.first + step
        inside = at <= found.last
        at = np.minimum(at, found.last)
        outwards = (c.head[at] < found.first) | (c.head[at] > found.last) | (c.head[at] == at)
        now_out = (
            (c.head[head] < found.first) | (c.head[head] > found.last) | (c.head[head] == head)
        )
        auxiliary = c.is_("aux", "auxpass")
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


def _asks(t: Tokens) -> Flags:
    """Return whether each word stands in a question."""
    ends = np.array(
        [
            t.texts[p][start:end].rstrip("\"'\u201d\u2019) ")[-1:] == "?"
            for p, start, end in t.sentences
        ],
        dtype=np.bool_,
    )
    return np.asarray(ends[t.sentence]) if len(t) else np.zeros(0, dtype=np.bool_)


# ---- the findings


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


@lru_cache(maxsize=4)
def rows_of(corpus: Corpus, own: str) -> Rows:
    """Return the modal expressions of all texts of a corpus; `own` is the text of a lexicon."""
    t = tokens.of(corpus)
    inside = expressions.english(corpus)
    m = of_english(corpus, own)
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
    )


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


def modality(corpus: Corpus, *, own: str = "", by: By = "actor") -> Finding:
    """Give what is said to be promised, due, asked for, expected or possible, by actor or expression.

    `own` is a lexicon of stance whose entries are added. By actor, a row is who is the subject; columns:
    actor, count, per_1000 (words of the corpus), commitment, obligation, appeal, prediction, possibility,
    ability, conditional (counts), firm (the share of the first three that is of strength 3 or 4; empty
    where there are none), strength (their mean), texts, words (most frequent first). By expression, a row
    is an entry of the lexicon in one sense; columns: expression, kind, strength, count, per_1000, texts,
    actors, meaning. In order of count. Behind each row stand the expressions.

    Raises ParameterError for another `by`, ReadError for a lexicon that cannot be read.
    """
    if by not in get_args(By):
        raise ParameterError(f'by={by!r} is neither "actor" nor "expression"')
    text = expressions.own_text(own)
    rows = rows_of(corpus, text)
    table, places = (
        _by_actor(rows) if by == "actor" else _by_expression(rows, expressions.entries(text))
    )
    return Finding(
        "modality" if by == "actor" else "modality-expressions",
        "Who will, must, should or may"
        if by == "actor"
        else "How commitment and duty are expressed",
        table,
        corpus,
        METHOD,
        Places(rows.t, places),
        caveats(corpus),
        formats={"firm": "{:.0%}", "per_1000": "{:.2f}", "strength": "{:.1f}"},
    )


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
    """Return (key, its rows in order), the largest first, then the one that comes first; capitals make no difference."""
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


def _by_actor(rows: Rows) -> tuple[pd.DataFrame, list[Bounds]]:
    t = rows.t
    forms = as_written(t, rows.first, rows.last)
    lines, places = [], []
    for actor, at in groups(rows.actor):
        counts = np.bincount(rows.kind[at], minlength=len(KINDS))
        strength = rows.strength[at]
        graded = strength[strength > 0]
        lines.append(
            (
                actor,
                len(at),
                RATE * len(at) / t.body_words,
                *counts.tolist(),
                float((graded >= FIRM).mean()) if len(graded) else None,
                float(graded.mean()) if len(graded) else None,
                len(np.unique(t.document[rows.first[at]])),
                most(forms[at]),
            )
        )
        places.append((rows.first[at].astype(np.int32), rows.last[at].astype(np.int32)))
    columns = ["actor", "count", "per_1000", *KINDS, "firm", "strength", "texts", "words"]
    table = pd.DataFrame(lines, columns=columns)
    return table.astype({"firm": "float64", "strength": "float64"}), places


def _by_expression(
    rows: Rows, known: tuple[expressions.Entry, ...]
) -> tuple[pd.DataFrame, list[Bounds]]:
    t = rows.t
    keys = np.array(
        [f"{e}|{k}" for e, k in zip(rows.entry.tolist(), rows.kind.tolist(), strict=True)],
        dtype=np.object_,
    )
    forms = as_written(t, rows.first, rows.last)
    lines, places = [], []
    for _, at in groups(keys):
        entry = known[int(rows.entry[at[0]])]
        strength = int(rows.strength[at[0]])
        lines.append(
            (
                most(forms[at], 4, counted=False),
                KINDS[int(rows.kind[at[0]])],
                strength or None,
                len(at),
                RATE * len(at) / t.body_words,
                len(np.unique(t.document[rows.first[at]])),
                most(rows.actor[at]),
                entry.get("gloss", ""),
            )
        )
        places.append((rows.first[at].astype(np.int32), rows.last[at].astype(np.int32)))
    columns = "expression kind strength count per_1000 texts actors meaning".split()
    return pd.DataFrame(lines, columns=columns).astype({"strength": "Int64"}), places


def as_written(t: Tokens, first: Longs, last: Longs) -> NDArray[np.object_]:
    """Return stretches of words as they are written, in small letters."""
    texts, words = t.texts, np.empty(len(first), dtype=np.object_)
    bounds = (t.passage[first], t.start[first], t.end[last])
    words[:] = [
        " ".join(texts[passage][start:end].lower().split())
        for passage, start, end in zip(*(column.tolist() for column in bounds), strict=True)
    ]
    return words


def most(values: NDArray[np.object_], number: int = WORDS_SHOWN, *, counted: bool = True) -> str:
    """Return values with their counts, the most frequent first: ``will (3), must (1)``."""
    common = Counter(values.tolist()).most_common(number)
    return ", ".join(f"{value} ({n:,})" if counted else str(value) for value, n in common)
