"""Watched formulations that the latest text, or a period, does not have."""

from collections.abc import Collection

import pandas as pd

from kit import tokens
from kit.corpus import Corpus
from kit.finding import CHANCE, Finding, days_of
from kit.formulations.known import matches, original
from kit.formulations.ledger import of_record
from kit.formulations.record import record
from kit.lexicon import load, read_own


def absent(corpus: Corpus, *, themes: Collection[str] = (), own: str = "") -> Finding:
    """List the watched formulations that the latest text does not have, or no text of the period.

    Watched are the entries of the lexicon marked ``watch`` that have a form in the language of that
    text, of the given `themes` (all, where none are given). Columns: formulation, chinese, theme,
    earlier_texts_with_it and earlier_texts (both empty where there is no earlier text), last_said,
    chance (of its absence, as in the ledger; empty where the latest text is of another kind than those
    before, or there is too little to go by).
    """
    t = tokens.of(corpus)
    text = read_own("formulations", own)
    told = {d.id for d in corpus.period}
    codes = {d.language for d in corpus.period}
    earlier = list(corpus.background)
    found = matches(corpus, text, nested=True)
    chances = _chances(corpus, own)
    rows, evidence = [], []
    for entry in load("formulations", text):
        if not entry.get("watch") or (themes and entry.get("theme") not in themes):
            continue
        if told and not any(map(entry.get, codes)):  # it could not have been found
            continue
        spans = [t.span(*bounds) for bounds in found.get(entry["id"], ())]
        holders = {s.document for s in spans}
        if not told or told & holders:
            continue
        before = [d for d in earlier if d.id in holders]
        last = before[-1] if before else None
        rows.append(
            (
                entry["en"][0],
                original(entry),
                entry.get("theme", ""),
                len(before) if earlier else None,
                len(earlier) if earlier else None,
                last.day if last else None,
                chances.get(entry["en"][0]),
            )
        )
        evidence.append(tuple(s for s in spans if last and s.document == last.id))
    order = sorted(range(len(rows)), key=lambda i: (-(rows[i][3] or 0), rows[i][0].casefold()))
    few = len(earlier) < 10
    whose = (
        "these texts, less those found in them"
        if corpus.since
        else "the text, less those found in it"
    )
    of = f"dated {days_of(corpus)} has" if corpus.since else "does not have"
    return Finding(
        "absent",
        f"Watched formulations that {'no' if corpus.since else 'the latest'} text {of}",
        pd.DataFrame(
            [rows[i] for i in order],
            columns=[
                "formulation",
                "chinese",
                "theme",
                "earlier_texts_with_it",
                "earlier_texts",
                "last_said",
                "chance",
            ],
        ).astype({"earlier_texts_with_it": "Int64", "earlier_texts": "Int64", "chance": "Float64"}),
        corpus,
        f"The lexicon's watched formulations on the themes of {whose}.",
        tuple(evidence[i] for i in order),
        (f"With {len(earlier)} earlier texts there is no base rate: an absence is no news yet.",)
        if few
        else (),
        formats={"chance": CHANCE},
    )


def _chances(corpus: Corpus, own: str) -> dict[str, float]:
    """Return the chance of absence from the latest text of what the lexicon knows, by its name."""
    kept = record(corpus, own=own, found=False)
    if len(kept.texts) < 2 or (not corpus.since and kept.texts[-1].other_kind):
        return {}
    rows = of_record(kept).rows
    return {row["formulation"]: row["chance"] for row in rows if row["chance"] is not None}
