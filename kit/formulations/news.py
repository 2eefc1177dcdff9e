"""What the latest text, or a period, says that was not said before, or not for long."""

from typing import Any

import pandas as pd

from kit.corpus import Corpus
from kit.finding import Finding, counted, no_text
from kit.formulations.ledger import of_record
from kit.formulations.record import record
from kit.formulations.views import whole
from kit.tokens import of as words_of
from kit.tokens.places import Places

FIRST, AGAIN = "said for the first time", "said again after a long silence"


def news(corpus: Corpus, *, own: str = "") -> Finding:
    """List the formulations that the latest text says for the first time, or again after a long silence.

    Where the corpus has a period, its texts together are in the place of the latest one. The formulations
    are those of ``ledger``, a long silence is that of its states. Columns: news, formulation, original,
    origin, texts (with it, of the latest or the period), of_texts, occurrences (in these), before (day of
    the last text before that has it), earlier_texts (that have it). In order of texts, then of
    earlier ones. The evidence is where they are said now.
    """
    kept = record(corpus, own=own)
    number = len(corpus.period) if kept.texts else 0
    start = len(kept.texts) - number
    rows: dict[int, tuple[Any, ...]] = {}
    ledger = of_record(kept).rows if number else []
    for i, (f, row) in enumerate(zip(kept.formulations, ledger, strict=False)):
        here = [(n, count) for n, count in zip(f.texts, f.counts, strict=True) if n >= start]
        before = [n for n in f.texts if n < start]
        back = row["state"] == "revived" and row["revived"] >= kept.texts[start].date.isoformat()
        if here and (back or not before):
            rows[i] = (
                *(AGAIN if before else FIRST, f.name, f.original, f.origin, len(here), number),
                sum(count for _, count in here),
                kept.texts[before[-1]].date.isoformat() if before else None,
                len(before),
            )
    order = sorted(
        rows, key=lambda i: (rows[i][0] != FIRST, -rows[i][4], -rows[i][8], -rows[i][6], rows[i][1])
    )
    named = {i: {"formulation": rows[i][1], "origin": rows[i][3]} for i in order}
    order = whole(order, named, {i: (rows[i][0], kept.formulations[i].texts) for i in order})
    places: Any = ()
    if kept.corpus is not None and order:
        t = words_of(kept.corpus)
        now = [t.document[kept.places[i][0]] >= start for i in order]
        bounds = [
            (kept.places[i][0][at], kept.places[i][1][at]) for i, at in zip(order, now, strict=True)
        ]
        places = Places(t, bounds)
    columns = "news formulation original origin texts of_texts occurrences before earlier_texts"
    return Finding(
        "formulations-news",
        "Formulations said for the first time, or again",
        pd.DataFrame([rows[i] for i in order], columns=columns.split()),
        corpus,
        f"Formulations of the ledger in {counted(number, 'text')}, against {counted(start, 'earlier text')}; "
        "titles, and texts of any kind, count. Said again: in the state revived, since then.",
        places,
        () if number else (no_text(corpus),) if corpus.since else (),
        applies=bool(number and start),
    )
