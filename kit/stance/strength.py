"""Firmness: how much of what a text promises, requires and asks for is firm, text by text."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import CHANCE, Finding, counted
from kit.measures.intervals import wilson
from kit.stance import cells, expressions, series
from kit.stance.expressions import FIRM, STRONGEST
from kit.tokens.places import Places

By = Literal["text", "year"]
FEWEST = 10  # graded expressions of a text under which nothing is said of it
CHANGES = ("firmer", "softer")


@keep.finding
def firmness(corpus: Corpus, *, own: str = "", by: By = "text") -> Finding:
    """Give how firm each text is, or each year, and whether it is firmer or softer than the one before.

    `own` is a lexicon of stance whose entries are added. Columns: date (or year), title (by text), publisher,
    graded (expressions of commitment, obligation and appeal), firm (the share of them of strength 3 or 4),
    low, high (its 95 % interval, Wilson 1927), strength (their mean, 1 to 4), before (the mean of the text or
    year that it is compared with), since (the date of that), p (that both are of the same strength: Mann &
    Whitney 1947), change (``firmer``, ``softer``, ``no clear change``), note (why there is no figure). In
    order of date. Behind each row stand its firm expressions. Raises ParameterError for another `by`,
    ReadError for a lexicon that cannot be read.
    """
    if by not in get_args(By):
        raise ParameterError(f'by={by!r} is neither "text" nor "year"')
    text = expressions.own_text(own)
    rows = cells.rows_of(corpus, text)
    units, unit_of = series.units(corpus, years=by == "year")
    unit = unit_of[rows.t.document[rows.first]] if len(corpus) else np.zeros(0, dtype=np.int64)
    grades = np.zeros((len(units), STRONGEST + 1), dtype=np.int64)
    np.add.at(grades, (unit, rows.strength), 1)
    grades = grades[:, 1:]
    graded, firm = grades.sum(axis=1), grades[:, FIRM - 1 :].sum(axis=1)
    enough = graded >= FEWEST
    strength = (grades * np.arange(1, STRONGEST + 1)).sum(axis=1) / np.maximum(graded, 1)
    low, high = wilson(firm, np.maximum(graded, 1))
    earlier = series.before(units, enough)
    compared = earlier >= 0
    then = grades[earlier] if len(units) else grades
    p = series.adjusted(series.two_grades(grades, then), compared)
    mean_then = np.where(compared, strength[earlier] if len(units) else strength, np.nan)
    named = "date" if by == "text" else "year"
    table = pd.DataFrame(
        {
            named: [u.when or None for u in units],
            "title": [u.title for u in units],
            "publisher": [u.source[0] for u in units],
            "graded": graded,
            "firm": np.where(enough, firm / np.maximum(graded, 1), np.nan),
            "low": np.where(enough, low, np.nan),
            "high": np.where(enough, high, np.nan),
            "strength": np.where(enough, strength, np.nan),
            "before": mean_then,
            "since": [units[i].when if i >= 0 else None for i in earlier.tolist()],
            "p": p,
            "change": series.told(p, strength - mean_then, CHANGES),
            "note": [
                "" if fits else f"{counted(n, 'graded expression')}: too few"
                for n, fits in zip(graded.tolist(), enough.tolist(), strict=True)
            ],
        }
    )
    chosen = np.flatnonzero(rows.strength >= FIRM)
    chosen = chosen[np.argsort(unit[chosen], kind="stable")]
    bounds = np.searchsorted(unit[chosen], np.arange(len(units) + 1))
    first, last = rows.first[chosen].astype(np.int32), rows.last[chosen].astype(np.int32)
    places = [
        (first[a:b], last[a:b])
        for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]
    return Finding(
        "firmness" if by == "text" else "firmness-by-year",
        f"How firm each {by} is",
        table if by == "text" else table.drop(columns="title"),
        corpus,
        f"Expressions of commitment, obligation and appeal by their strength in the lexicon of stance, 1 to "
        f"{STRONGEST}; firm from {FIRM} on; from {FEWEST} of them in a {by} on. {series.BEFORE} "
        "The test takes each expression for a draw of its own.",
        Places(rows.t, places),
        (
            "Strength is that of the words, by our own scale; who is bound, and to what, is told by "
            "the expressions behind a row.",
            *series.mixed(units),
            *cells.caveats(corpus),
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
