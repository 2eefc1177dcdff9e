"""Modality and commitment: who says what will, must, should or may be done, and how firmly."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding
from kit.lexicon import Entry
from kit.stance import expressions
from kit.stance.cells import UNTOLD, Rows, as_written, caveats, groups, most, rows_of
from kit.stance.clauses import NO_ONE
from kit.stance.expressions import FIRM
from kit.stance.modals import KINDS, METHOD
from kit.tokens.places import Bounds, Places

By = Literal["actor", "expression"]
RATE = 1000  # words
# Subjects that say nothing of who acts; they come last.
_NOBODY = frozenset(
    f"{UNTOLD}|{NO_ONE}|it|this|that|these|those|one|which|there|what|such".split("|")
)


@keep.finding
def modality(corpus: Corpus, *, own: str = "", by: By = "actor") -> Finding:
    """Give what is said to be promised, due, asked for, expected or possible, by actor or expression.

    `own` is a lexicon of stance whose entries are added. By actor, a row is who is the subject; columns:
    actor, count, per_1000 (words of the corpus), commitment, obligation, appeal, prediction, possibility,
    ability, conditional (counts), firm (the share of the first three that is of strength 3 or 4; empty
    where there are none), strength (their mean), denied (how many are negated), texts, words (most frequent
    first); an expression with several subjects counts for each. By expression, a row
    is an entry of the lexicon in one sense; columns: expression, kind, strength, count, per_1000, texts,
    actors, meaning. In order of count; by actor, what tells nobody (*it*, *this*) comes last. Behind each
    row stand the expressions.

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
        applies=by != "actor" or not len(corpus) or any(d.language == "en" for d in corpus),
        formats={"firm": "{:.0%}", "per_1000": "{:.2f}", "strength": "{:.1f}"},
    )


def _by_actor(rows: Rows) -> tuple[pd.DataFrame, list[Bounds]]:
    t = rows.t
    forms = as_written(t, rows.first, rows.last)
    lines, places = [], []
    # an expression of China and Russia counts for each of them
    every = np.concatenate((np.arange(len(rows.first)), rows.joined[0]))
    actor_of = np.concatenate((rows.actor, np.array(rows.joined[1], dtype=np.object_)))
    known = sorted(groups(actor_of), key=lambda group: group[0].casefold() in _NOBODY)
    for actor, which in known:
        at = np.sort(every[which])
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
                int(rows.denied[at].sum()),
                len(np.unique(t.document[rows.first[at]])),
                most(forms[at]),
            )
        )
        places.append((rows.first[at].astype(np.int32), rows.last[at].astype(np.int32)))
    columns = ["actor", "count", "per_1000", *KINDS]
    columns += ["firm", "strength", "denied", "texts", "words"]
    table = pd.DataFrame(lines, columns=columns)
    return table.astype({"firm": "float64", "strength": "float64"}), places


def _by_expression(rows: Rows, known: tuple[Entry, ...]) -> tuple[pd.DataFrame, list[Bounds]]:
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
