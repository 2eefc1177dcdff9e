"""What a ledger shows: the formulations that changed, those that are missing, shares by period."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kit.corpus import Corpus
from kit.finding import Finding, counted, days_of
from kit.formulations.ledger import Period, label, period_of
from kit.formulations.record import record

CHANGES = ("new", "revived", "fading", "dropped")


def changed(ledger: Finding, *states: str) -> Finding:
    """Return the rows of a ledger that have one of `states`, the latest change first.

    By default those of ``CHANGES``. New and revived ones go by the day of their coming, the others by
    that of their last text. A part of a longer formulation of the same days is left out.
    """
    wanted = states or CHANGES
    rows = {i: row for i, row in enumerate(ledger.rows) if row["state"] in wanted}
    keys = {i: (row["state"], row["last"], _coming(row)) for i, row in rows.items()}
    order = sorted(rows, key=lambda i: _day(rows[i]), reverse=True)
    return _chosen(ledger, whole(order, rows, keys), "Formulations that changed")


def _coming(row: dict[str, Any]) -> str:
    return str(row["revived"] or row["first"])


def _day(row: dict[str, Any]) -> str:
    return _coming(row) if row["state"] in ("new", "revived") else str(row["last"])


def missing(ledger: Finding, *, below: float = 0.5) -> Finding:
    """Return the rows of a ledger that the latest comparable text does not say, the least likely first.

    Where the corpus has a period, those that no text of it says.
    Of the absences with a chance of `below` at most. A part of a longer formulation that was last said
    on the same day is left out.
    """
    rows = {
        i: row
        for i, row in enumerate(ledger.rows)
        if row["said"] is False and row["chance"] is not None and row["chance"] <= below
    }
    keys = {i: row["last"] for i, row in rows.items()}
    order = sorted(rows, key=lambda i: rows[i]["chance"])
    title = "Formulations that the latest text does not have"
    if ledger.corpus.since:
        title = f"Formulations that no text dated {days_of(ledger.corpus)} has"
    return _chosen(ledger, whole(order, rows, keys), title)


def whole(
    order: Sequence[int], rows: dict[int, dict[str, Any]], keys: Mapping[int, Hashable]
) -> list[int]:
    """Return rows in order, less found ones that are part of a longer one with the same key."""
    same: dict[Hashable, list[str]] = {}
    names = {i: f" {rows[i]['formulation']} ".casefold() for i in order}
    for i in order:
        same.setdefault((keys[i], rows[i].get("publisher")), []).append(names[i])
    return [
        i
        for i in order
        if rows[i]["origin"] != "found"
        or not any(
            names[i] in other and names[i] != other
            for other in same[keys[i], rows[i].get("publisher")]
        )
    ]


def _chosen(ledger: Finding, rows: Sequence[int], title: str) -> Finding:
    evidence = tuple(ledger.evidence[i] for i in rows) if ledger.evidence else ()
    table = ledger.frame.iloc[list(rows)]
    return replace(ledger, title=title, frame=table, evidence=evidence, total=len(rows))


def shares(
    corpus: Corpus,
    *,
    phrases: Sequence[str] = (),
    at: dt.date | None = None,
    own: str = "",
    found: bool = True,
    period: Period | None = None,
    top: int = 12,
) -> Finding:
    """Give the share of the comparable texts of each period that have a formulation.

    Those named in `phrases` as the ledger names them, else the `top` ones whose share changed most from
    the first period to the last. Comparable are all texts that are not of another kind. Columns:
    formulation, period, texts (with it), of_texts, share. In order of formulation, then of period.
    """
    until = corpus if at is None else corpus.before(at + dt.timedelta(days=1))
    kept = record(until, own=own, found=found)
    chosen = period or period_of(kept.texts)
    usual = [i for i, text in enumerate(kept.texts) if not text.other_kind]
    labels = {i: label(kept.texts[i].date, chosen) for i in usual}
    periods = sorted(set(labels.values()))
    number = {name: i for i, name in enumerate(periods)}
    column = np.array([number[labels[i]] if i in labels else -1 for i in range(len(kept.texts))])
    total = np.bincount(column[usual], minlength=len(periods)) if usual else np.zeros(0, np.int64)
    grid = np.zeros((len(kept.formulations), len(periods)), dtype=np.int64)
    for i, formulation in enumerate(kept.formulations):
        at_ = column[list(formulation.texts)]
        grid[i] = np.bincount(at_[at_ >= 0], minlength=len(periods))
    wanted = [p.casefold() for p in phrases]
    if phrases:
        rows = [i for i, f in enumerate(kept.formulations) if f.name.casefold() in wanted]
        rows.sort(key=lambda i: wanted.index(kept.formulations[i].name.casefold()))
    elif len(periods) > 1:
        change = np.abs(grid[:, -1] / total[-1] - grid[:, 0] / total[0])
        rows = np.argsort(-change, kind="stable")[:top].tolist()
    else:
        rows = list(range(min(top, len(grid))))
    lines = [
        (kept.formulations[i].name, name, int(n), int(of), float(n / of))
        for i in rows
        for name, n, of in zip(periods, grid[i].tolist(), total.tolist(), strict=True)
    ]
    return Finding(
        "shares",
        f"Share of the texts of a {chosen} that have a formulation",
        pd.DataFrame(lines, columns=["formulation", "period", "texts", "of_texts", "share"]),
        until if kept.corpus is None else kept.corpus,
        f"Texts with it of the comparable texts of each {chosen}, all sources together.",
        caveats=()
        if len(periods) > 1
        else (f"{counted(len(periods), chosen).capitalize()}: no change can be seen.",),
        formats={"share": "{:.0%}"},
        applies=len(periods) > 1,
    )
