"""Newly named, no longer named: the ledger of names, by the rules of the ledger of formulations."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd

from kit import keep
from kit.corpus import Corpus, Span
from kit.finding import CHANCE, Finding, no_text
from kit.formulations.ledger import of_record
from kit.formulations.record import Formulation, Record
from kit.formulations.series import texts
from kit.names.mention import Mention
from kit.names.table import mentions

UNLIKELY = 0.2  # chance of an absence from which it is no news
_KINDS_OF_NEWS = {
    "first": "named for the first time",
    "back": "named again after a long silence",
    "new": "new of late",
    "missing": "not named, against the odds",
    "dropped": "no longer named",
    "fading": "named ever less",
}


@keep.finding
def ledger(corpus: Corpus) -> Finding:
    """Give the ledger of names of a dated corpus, as ``formulations.ledger`` gives that of phrases.

    Columns: name, kind, state, first, last, revived, texts, of_texts, mentions, rate, recent, said (named
    in the latest comparable text), chance (of its absence there). In order of texts.
    """
    dated = corpus.where(lambda d: d.date is not None)
    number = {d.id: i for i, d in enumerate(dated)}
    named: dict[tuple[str, str], list[Mention]] = {}
    for m in mentions(dated):
        named.setdefault((m.name, m.kind), []).append(m)
    made: list[tuple[Formulation, tuple[Span, ...]]] = []
    for (name, kind), found in named.items():
        counts = Counter(number[m.span.document] for m in found)
        holders = sorted(counts)
        made.append(
            (
                Formulation(
                    name=name,
                    origin="name",
                    texts=tuple(holders),
                    counts=tuple(counts[i] for i in holders),
                    variants={},
                    theme=kind,
                ),
                tuple(m.span for m in found),
            )
        )
    made.sort(key=lambda x: (-len(x[0].texts), -sum(x[0].counts), x[0].name, x[0].theme))
    kept = Record(texts(dated), tuple(f for f, _ in made), len(corpus) - len(dated), corpus.name)
    found_rows = of_record(kept, since=corpus.since)
    table = found_rows.table.rename(
        columns={"formulation": "name", "theme": "kind", "occurrences": "mentions"}
    )
    columns = "name kind state first last revived texts of_texts mentions rate recent said chance"
    places = {(f.name, f.theme): spans for f, spans in made}
    keys = zip(table["name"], table["kind"], strict=True)
    return replace(
        found_rows,
        name="names-ledger",
        title="Ledger of names",
        frame=table[columns.split()],
        corpus=corpus,
        method="What a text names, forms of one thing as one. "
        + found_rows.method[found_rows.method.index("States by") :].replace("formulation", "name"),
        evidence=tuple(places[key] for key in keys),
    )


@keep.finding
def news(corpus: Corpus, *, unlikely: float = UNLIKELY) -> Finding:
    """List what is newly named and what is no longer named in the latest text, and of late.

    Where the corpus has a period, its texts are in the place of the latest one.
    News is one of: named for the first time (in the latest text, in no earlier one), named again after a
    long silence, new of late, not named against the odds (the latest text is without it, with a chance of
    `unlikely` at most), no longer named, named ever less (the states of ``ledger``). Columns: news, name,
    kind, first, before (the last day before that of the latest text, or before the period, on which it is
    named), last, texts,
    of_texts, chance (of its absence from the latest text, where that is the news). The evidence is the
    mentions in the last text that has it.
    """
    whole = ledger(corpus)
    told = corpus.since or (corpus.dates[-1] if corpus.dates else None)
    day = told.isoformat() if told else ""
    rows: list[tuple[Any, ...]] = []
    evidence = []
    for i, row in enumerate(whole.rows):
        kind = _news(row, day, unlikely)
        if kind:
            spans = whole.evidence[i]
            last = spans[-1].document
            days = [d for s in spans if (d := corpus[s.document].day) and d < day]
            chance = row["chance"] if kind == "missing" else None
            shown = (_KINDS_OF_NEWS[kind], row["name"], row["kind"], row["first"])
            if kind == "first" and days:  # a text of another kind named it
                continue
            before = days[-1] if days and row["last"] >= day else None
            rows.append((*shown, before, row["last"], row["texts"], row["of_texts"], chance))
            evidence.append(tuple(s for s in spans if s.document == last))
    order = sorted(range(len(rows)), key=lambda i: _rank(rows[i]))
    columns = "news name kind first before last texts of_texts chance".split()
    return replace(
        whole,
        name="names-news",
        title="Newly named, and no longer named",
        frame=pd.DataFrame([rows[i] for i in order], columns=columns).astype(
            {"texts": "Int64", "of_texts": "Int64", "chance": "Float64"}
        ),
        evidence=tuple(evidence[i] for i in order),
        total=len(rows),
        formats={"chance": CHANCE},
        caveats=whole.caveats if corpus.period else (no_text(corpus), *whole.caveats),
        applies=whole.applies and bool(corpus.period),
    )


def _news(row: dict[str, Any], day: str, unlikely: float) -> str:
    if row["first"] >= day and row["of_texts"] > 1:
        return "first"
    if row["state"] == "revived" and row["revived"] >= day:
        return "back"
    if row["state"] in ("new", "dropped"):
        return str(row["state"])
    if row["said"] is False and row["chance"] is not None and row["chance"] <= unlikely:
        return "missing"
    return "fading" if row["state"] == "fading" else ""


def _rank(row: tuple[Any, ...]) -> tuple[Any, ...]:
    news, name, _, first, _, last, texts = row[:7]
    kinds = list(_KINDS_OF_NEWS.values())
    # what came or went last stands first
    day = str(first if kinds.index(news) < 3 else last)
    return kinds.index(news), -int(day.replace("-", "")), -texts, name
