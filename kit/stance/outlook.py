"""Tense and outlook: past, present, future; the passive; what is announced for a time to come."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import keep, tokens
from kit.corpus import Corpus, Span
from kit.errors import ParameterError
from kit.finding import Finding
from kit.measures.intervals import wilson
from kit.stance import cells, clauses, expressions, modals
from kit.stance.modals import COMMITMENT, KINDS, PREDICTION
from kit.tokens import Longs, Tokens
from kit.tokens.places import Places

Flags = NDArray[np.bool_]
TENSES = ("past", "perfect", "present", "future", "modal")
FEWEST = 20  # clauses of a text under which no share is given
_PERIODS = frozenset(
    "year years month months week weeks decade decades quarter century session meeting".split()
)
_NEXT = frozenset("next coming forthcoming following upcoming".split())
_WHEN_BEFORE = frozenset("by in before until during from after over within for".split())
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_LAST_YEAR = 2200  # a number above is no year
METHOD = (
    "Finite clauses by the tags of spaCy's parse: past (had, said), perfect (has said), present, future "
    "(will, shall, going to), modal (must, may, would and the others). Passive is the share of clauses whose "
    f"verb is in the passive. From {FEWEST} clauses in a text on; low and high are the 95 % interval of "
    "future (Wilson 1927)."
)


@keep.finding
def outlook(corpus: Corpus) -> Finding:
    """Give the shares of past, present and future in the clauses of each English text.

    Columns: date, title, clauses, past, perfect, present, future, modal (shares of the clauses), low, high
    (of future), passive (share of the clauses), note (why there is no share). In order of date. Behind each
    row stand the verbs of the future.
    """
    inside = expressions.english(corpus)
    t = tokens.of(inside)
    rows, places = [], []
    if len(t):
        tense, passive = _clauses(t)
    else:
        tense, passive = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    bounds = t.document_bounds
    for i, document in enumerate(inside):
        here = slice(int(bounds[i]), int(bounds[i + 1]))
        at = np.flatnonzero(tense[here] >= 0) + here.start
        counts = np.bincount(tense[at], minlength=len(TENSES))
        enough = len(at) >= FEWEST
        low, high = wilson(int(counts[3]), max(len(at), 1))
        shares = (counts / len(at)).tolist() if enough else [np.nan] * len(TENSES)
        rows.append(
            (
                document.day,
                document.title,
                len(at),
                *shares,
                float(low) if enough else np.nan,
                float(high) if enough else np.nan,
                float(passive[at].mean()) if enough else np.nan,
                "" if enough else f"{len(at)} clauses: too few",
            )
        )
        future = at[tense[at] == 3].astype(np.int32)
        places.append((future, future))
    columns = ["date", "title", "clauses", *TENSES, "low", "high", "passive", "note"]
    return Finding(
        "outlook",
        "Past, present and future",
        pd.DataFrame(rows, columns=columns),
        corpus,
        METHOD,
        Places(t, places),
        _caveats(corpus),
        formats=dict.fromkeys((*TENSES, "low", "high", "passive"), "{:.0%}"),
        applies=len(inside) > 0,
    )


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    others = sorted({d.language for d in corpus} - {"en"})
    return (f"Texts in {', '.join(others)} are not read: tense needs a parse.",) if others else ()


def _clauses(t: Tokens) -> tuple[Longs, Flags]:
    """Return for each word that makes a clause finite its tense (else -1), and whether it is passive.

    What makes a clause finite is its first verb form with a tense: *has* of *has been said*.
    """
    c = clauses.of(t)
    finite = c.tagged("VBD", "VBZ", "VBP", "MD") & ~t.in_title
    finite |= c.written("cannot") & ~t.in_title
    at = np.flatnonzero(finite)
    auxiliary = c.is_("aux", "auxpass")
    verb = np.where(auxiliary, c.head, np.arange(len(t)))
    # one a verb, the first: in "has said" what counts is has
    order = at[np.lexsort((at, verb[at]))]
    first = (
        np.append(True, verb[order][1:] != verb[order][:-1])
        if len(order)
        else np.zeros(0, dtype=bool)
    )
    chosen = order[first]
    tense = np.full(len(t), -1, dtype=np.int64)
    past = c.tagged("VBD")
    modal = c.tagged("MD") | c.written("cannot")
    will = c.written(
        "will", "shall", "won't", "i'll", "we'll", "they'll", "it'll", "he'll", "she'll", "you'll"
    )
    have = c.lemma("have") & auxiliary & c.tagged("VBZ", "VBP")
    participle = c.tagged("VBN") | c.tagged("VBD")
    perfect = have & participle[verb]
    going = c.first_below(c.is_("xcomp"))[verb]
    set_on = c.written("going")[verb] & (going >= 0) & ~past
    kinds = np.select(
        [will & modal, set_on, modal, past, perfect],
        [3, 3, 4, 0, 1],
        2,
    )
    tense[chosen] = kinds[chosen]
    passive = c.passive[verb]
    return tense, passive


@keep.finding
def announcements(corpus: Corpus, *, own: str = "", dated: bool = False) -> Finding:
    """List the sentences of English texts that say what will be done or will happen, the latest text first.

    Those with a commitment (will, plan, intend, pledge), or with a prediction and a time to come. `own` is a
    lexicon of stance whose entries are added; with `dated` only sentences with a time. Columns: date, title,
    actor, expression, kind (``commitment``, ``prediction``), strength, when (the time named: a year after
    that of the text, *next year*, *the coming decade*), statement (the sentence). Behind each row stands the
    expression, then the time. Raises ReadError for a lexicon that cannot be read.
    """
    if not isinstance(dated, bool):
        raise ParameterError(f"dated={dated!r} is neither true nor false")
    text = expressions.own_text(own)
    inside = expressions.english(corpus)
    m = modals.of_english(inside, text)
    t = m.t
    times = _times(t)
    labels = cells.actors(inside, m)
    forms = cells.as_written(t, m.first, m.last)
    seen: set[int] = set()
    found: list[tuple[int, int, tuple[object, ...], tuple[Span, ...]]] = []
    wanted = np.flatnonzero((m.kind == COMMITMENT) | (m.kind == PREDICTION))
    # a sentence is listed once, by its strongest commitment
    order = wanted[np.lexsort((m.first[wanted], -m.strength[wanted], t.sentence[m.first[wanted]]))]
    for i in order.tolist():
        sentence = int(t.sentence[m.first[i]])
        time = times.get(sentence)
        if sentence in seen or (time is None and (dated or m.kind[i] == PREDICTION)):
            continue
        seen.add(sentence)
        number = int(t.document[m.first[i]])
        document = inside.documents[number]
        span = t.span(int(m.first[i]), int(m.last[i]))
        when = None if time is None else t.span(*time)
        found.append(
            (
                number,
                int(m.first[i]),
                (
                    document.day,
                    document.title,
                    labels[i],
                    forms[i],
                    KINDS[int(m.kind[i])],
                    int(m.strength[i]) or None,
                    inside.text(when) if when else "",
                    inside.text(t.sentence_span(sentence)),
                ),
                (span, when) if when else (span,),
            )
        )
    found.sort(key=lambda row: (-row[0], row[1]))
    columns = "date title actor expression kind strength when statement".split()
    return Finding(
        "announcements",
        "What is announced",
        pd.DataFrame([row for _, _, row, _ in found], columns=columns).astype(
            {"strength": "Int64"}
        ),
        corpus,
        f"{modals.METHOD} A sentence is listed once, by its strongest commitment; a prediction only with "
        "a time to come: a year after that of the text, or next, coming and the like before a period.",
        tuple(spans for _, _, _, spans in found),
        _caveats(corpus),
        applies=len(inside) > 0,
    )


def _times(t: Tokens) -> dict[int, tuple[int, int]]:
    """Return (first, last word) of the first time to come of each sentence that has one."""
    found: dict[int, tuple[int, int]] = {}
    lower = t.layer("lower")
    for first, last in sorted((*_years(t), *_coming(t))):
        before = (
            lower.names[lower.ids[first - 1]]
            if first and t.sentence[first - 1] == t.sentence[first]
            else ""
        )
        start = first - 1 if before in _WHEN_BEFORE else first
        found.setdefault(int(t.sentence[first]), (start, last))
    return found


def _years(t: Tokens) -> Iterator[tuple[int, int]]:
    layer = t.layer("form")
    years = [
        (i, int(form))
        for i, form in enumerate(layer.names)
        if len(form) == 4 and form.isascii() and form.isdigit()
    ]
    of_text = [document.date.year if document.date else None for document in t.corpus]
    for number, year in years:
        if year < _LAST_YEAR:
            for at in layer.positions(number).tolist():
                written = of_text[int(t.document[at])]
                if written is None or year <= written or t.in_title[at]:
                    continue
                if not _in_name(t, at):
                    yield at, at


def _in_name(t: Tokens, at: int) -> bool:
    """Whether a year is part of a name: *the 2030 Agenda*, *Vision 2030*."""

    def beside(word: int, later: int) -> str:
        near = 0 < later < len(t) and t.close[later]
        return t.vocabulary[int(t.ids[word])] if near else ""

    before, after = beside(at - 1, at), beside(at + 1, at + 1) if at + 1 < len(t) else ""
    if before.lower() in _WHEN_BEFORE:
        return False
    return after[:1].isupper() or (before[:1].isupper() and before.lower() not in _MONTHS)


def _coming(t: Tokens) -> Iterator[tuple[int, int]]:
    layer = t.layer("lower")
    last = len(t) - 1
    for word in sorted(_NEXT):
        number = layer.number(word)
        for at in layer.positions(number).tolist() if number is not None else ():
            for step in (1, 2, 3):
                end = min(at + step, last)
                if t.sentence[end] != t.sentence[at] or t.in_title[at]:
                    break
                if layer.names[layer.ids[end]] in _PERIODS:
                    yield at, end
                    break
