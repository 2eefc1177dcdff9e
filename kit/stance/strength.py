"""Firmness: how much of what a text promises, requires and asks for is firm, text by text."""

import numpy as np
import pandas as pd

from kit.corpus import Corpus
from kit.finding import CHANCE, Finding
from kit.measures.intervals import wilson
from kit.stance import expressions, modals, series
from kit.stance.expressions import FIRM, STRONGEST
from kit.tokens.places import Places

FEWEST = 10  # graded expressions of a text under which nothing is said of it
CHANGES = ("firmer", "softer")


def firmness(corpus: Corpus, *, own: str = "") -> Finding:
    """Give how firm each text is, and whether it is firmer or softer than the one before it.

    `own` is a lexicon of stance whose entries are added. Columns: date, title, graded (expressions of
    commitment, obligation and appeal), firm (the share of them of strength 3 or 4), low, high (its 95 %
    interval, Wilson 1927), strength (their mean, 1 to 4), before (the mean of the text that it is compared
    with), since (the date of that), p (that both have the same strength: Mann & Whitney 1947), change
    (``firmer``, ``softer``, ``no clear change``), note (why there is no figure). In order of date. Behind
    each row stand its firm expressions. Raises ReadError for a lexicon that cannot be read.
    """
    text = expressions.own_text(own)
    rows = modals.rows_of(corpus, text)
    document = rows.t.document[rows.first]
    grades = np.zeros((len(corpus), STRONGEST + 1), dtype=np.int64)
    np.add.at(grades, (document, rows.strength), 1)
    grades = grades[:, 1:]
    graded, firm = grades.sum(axis=1), grades[:, FIRM - 1 :].sum(axis=1)
    enough = graded >= FEWEST
    low, high = wilson(firm, np.maximum(graded, 1))
    strength = (grades * np.arange(1, STRONGEST + 1)).sum(axis=1) / np.maximum(graded, 1)
    earlier = series.before(corpus, enough)
    compared = earlier >= 0
    then = grades[np.maximum(earlier, 0)] if len(corpus) else grades
    p = series.adjusted(series.two_grades(grades, then), compared)
    mean_then = np.where(compared, strength[np.maximum(earlier, 0)] if len(corpus) else 0.0, np.nan)
    documents = corpus.documents
    table = pd.DataFrame(
        {
            "date": [d.day for d in documents],
            "title": [d.title for d in documents],
            "graded": graded,
            "firm": np.where(enough, firm / np.maximum(graded, 1), np.nan),
            "low": np.where(enough, low, np.nan),
            "high": np.where(enough, high, np.nan),
            "strength": np.where(enough, strength, np.nan),
            "before": mean_then,
            "since": [documents[i].day if i >= 0 else None for i in earlier.tolist()],
            "p": p,
            "change": series.told(p, strength - mean_then, CHANGES),
            "note": [
                "" if fits else f"{n} graded expressions: too few"
                for n, fits in zip(graded.tolist(), enough.tolist(), strict=True)
            ],
        }
    )
    chosen = np.flatnonzero(rows.strength >= FIRM)
    bounds = np.searchsorted(document[chosen], np.arange(len(corpus) + 1))
    first, last = rows.first[chosen].astype(np.int32), rows.last[chosen].astype(np.int32)
    places = [
        (first[a:b], last[a:b])
        for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]
    return Finding(
        "firmness",
        "How firm each text is",
        table,
        corpus,
        f"Expressions of commitment, obligation and appeal by their strength in the lexicon of stance, 1 to "
        f"{STRONGEST}; firm from {FIRM} on; from {FEWEST} of them in a text on. {series.BEFORE} "
        "The test takes each expression for a draw of its own.",
        Places(rows.t, places),
        (
            "Strength is that of the words, by our own scale; who is bound, and to what, is told by "
            "the expressions behind a row.",
            *modals.caveats(corpus),
        ),
        formats={
            "firm": "{:.0%}",
            "low": "{:.0%}",
            "high": "{:.0%}",
            "strength": "{:.2f}",
            "before": "{:.2f}",
            "p": CHANCE,
        },
    )
