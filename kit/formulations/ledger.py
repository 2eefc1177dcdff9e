"""The ledger: each formulation with its first and last text, its state, and the chance of its absence."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from kit.corpus import Corpus
from kit.finding import CHANCE, VARIANTS, Finding, counted, spellings
from kit.formulations import absence
from kit.formulations.record import Record, record
from kit.formulations.series import Text
from kit.formulations.states import FEWEST, State, recent, states
from kit.tokens import Longs
from kit.tokens import of as words_of
from kit.tokens.places import Bounds, Places

Period = Literal["year", "quarter", "month"]
By = Literal["publisher"]
Source = tuple[str, str]
FEW = 12  # earlier comparable texts under which an absence has no chance
TIERS = ((0.5, "hot"), (0.2, "warm"), (1e-9, "cool"), (0.0, "cold"))  # share of the recent texts
SPANS: tuple[tuple[int, Period], ...] = (  # days from which a period fits
    (12 * 365, "year"),
    (2 * 365, "quarter"),
    (0, "month"),
)
MOST_NAMED = 6  # texts or sources in a caveat
COLUMNS = """
    formulation original state first last revived texts of_texts occurrences rate recent tier sources
    said chance chance_in_period origin theme ladder rung variants
""".split()
"""The columns of a ledger; one by publisher has publisher after formulation."""


def ledger(
    corpus: Corpus,
    *,
    at: dt.date | None = None,
    own: str = "",
    found: bool = True,
    by: By | None = None,
    period: Period | None = None,
) -> Finding:
    """Give the ledger of the formulations of a dated corpus, as it stood on the day `at`.

    The formulations are those of the lexicon and of the user's file `own` that the texts have, and
    with `found` those that the texts themselves repeat. A row is a formulation, or with
    ``by="publisher"`` one of a publisher. `period` is what a rate is given for (by default as the span
    of the corpus has it). Texts of another kind than those before them count for nothing, but for a
    formulation that only they have. Columns: formulation, original, state (by the rule of ``states``),
    first and last (days), revived (the day of its last return from a long silence), texts (with it),
    of_texts (comparable ones of the sources that use it), occurrences, rate (share of those texts), recent
    (share of the recent ones), tier (``hot`` from half of the recent texts on, ``warm`` from a fifth,
    ``cool``, ``cold``: in none), sources, said (whether the latest comparable text has it; where the
    corpus has a ``since``, whether any text from that day on has), chance (of its absence there: with
    ``since`` from all comparable texts of the latest's source from that day on), chance_in_period (of its
    absence in all texts of the period so far), origin, theme, ladder, rung, variants. What texts are too
    few for is empty. In order of texts.
    """
    until = corpus if at is None else corpus.before(at + dt.timedelta(days=1))
    return of_record(record(until, own=own, found=found), by=by, period=period)


def of_record(
    kept: Record,
    *,
    at: dt.date | None = None,
    since: dt.date | None = None,
    by: By | None = None,
    period: Period | None = None,
) -> Finding:
    """Give the ledger of a record, such as one read from a file, as it stood on the day `at`.

    Which phrases count as found was decided when the record was made. `since` is by default that of its
    corpus. Otherwise as ``ledger``.
    """
    then = kept.until(at)
    chosen = period or period_of(then.texts)
    since = since or (kept.corpus.since if kept.corpus else None)
    rows, made = _rows(then, by), _Series(then.texts, since)
    table = _table(then, rows, made, chosen, by)
    if not by:
        table = table.drop(columns="publisher")
    corpus = then.corpus
    evidence = () if corpus is None else Places(words_of(corpus), _places(then, rows))
    size = counted(len(then.texts), "text")
    return Finding(
        "ledger",
        "Ledger of formulations",
        table,
        Corpus((), name=then.name) if corpus is None else corpus,
        _method(made, chosen),
        evidence,
        tuple(_caveats(then, made)),
        base=f"{size}, {counted(sum(t.words for t in then.texts), 'word')}",
        formats={
            "rate": "{:.0%}",
            "recent": "{:.0%}",
            "chance": CHANCE,
            "chance_in_period": CHANCE,
        },
        applies=len(then.texts) > 1,
    )


class _Series:
    """The texts of a record by source, in order; numbers are those of the texts in the record."""

    def __init__(self, texts: Sequence[Text], since: dt.date | None = None) -> None:
        self.texts, self.since = texts, since
        self.sources: list[Source] = sorted({t.source for t in texts})
        number = {source: i for i, source in enumerate(self.sources)}
        self.source = np.array([number[t.source] for t in texts], dtype=np.int64)
        self.usual = np.array([not t.other_kind for t in texts], dtype=np.bool_)
        self.words = np.array([t.words for t in texts], dtype=np.float64)

    def of(self, sources: frozenset[int]) -> Longs:
        """Return the comparable texts of some sources."""
        return np.flatnonzero(self.usual & np.isin(self.source, list(sources)))

    @property
    def start(self) -> int:
        """The number of the first text of the period that a report is about; that of no text without one."""
        since = self.since
        return len(self.texts) if since is None else sum(t.date < since for t in self.texts)

    def latest(self, sources: frozenset[int]) -> int | None:
        """Return the last comparable text of some sources."""
        texts = self.of(sources)
        return int(texts[-1]) if len(texts) else None


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """The rows of a ledger and their uses, row after row, texts ascending."""

    formulation: Longs  # of each row, its number in the record
    publisher: list[str]  # of each row; "" where rows are not by publisher
    row: Longs  # of each use
    text: Longs
    count: Longs
    sources: list[frozenset[int]]  # of each row, those that have used it


def _rows(kept: Record, by: By | None) -> _Rows:
    sizes = [len(f.texts) for f in kept.formulations]
    formulation = np.repeat(np.arange(len(sizes)), sizes)
    text = np.fromiter((n for f in kept.formulations for n in f.texts), np.int64, sum(sizes))
    count = np.fromiter((n for f in kept.formulations for n in f.counts), np.int64, sum(sizes))
    usual = np.array([not t.other_kind for t in kept.texts], dtype=np.bool_)[text]
    # a formulation of texts of another kind alone is listed; elsewhere they count for nothing
    kept_uses = usual | (np.bincount(formulation, usual, len(sizes)) == 0)[formulation]
    formulation, text, count = formulation[kept_uses], text[kept_uses], count[kept_uses]
    names = sorted({t.publisher for t in kept.texts}) if by else [""]
    number = {name: i for i, name in enumerate(names)}
    publisher = np.array([number[t.publisher] if by else 0 for t in kept.texts], dtype=np.int64)
    key = formulation * len(names) + publisher[text] if len(text) else formulation
    order = np.argsort(key, kind="stable")
    keys, row = np.unique(key[order], return_inverse=True)
    source = _Series(kept.texts).source
    sources: list[set[int]] = [set() for _ in keys]
    for pair in np.unique(row * len(kept.texts) + source[text[order]]).tolist():
        sources[pair // len(kept.texts)].add(pair % len(kept.texts))
    return _Rows(
        keys // len(names),
        [names[k] for k in (keys % len(names)).tolist()],
        row,
        text[order],
        count[order],
        [frozenset(s) for s in sources],
    )


def _table(
    kept: Record, rows: _Rows, series: _Series, period: Period, by: By | None
) -> pd.DataFrame:
    state, of_texts, share, lately = _by_rule(rows, series)
    said, chance, in_period = _chances(rows, series, period, by=by == "publisher")
    if series.since and not by:  # texts of another kind, and other sources, say it too
        said = [kept.formulations[n].texts[-1] >= series.start for n in rows.formulation.tolist()]
    bounds = np.searchsorted(rows.row, np.arange(len(rows.formulation) + 1))
    occurrences = np.bincount(rows.row, rows.count, len(rows.formulation)).astype(np.int64)
    lines: list[tuple[Any, ...]] = []
    for i, number in enumerate(rows.formulation.tolist()):
        f = kept.formulations[number]
        uses = rows.text[bounds[i] : bounds[i + 1]]
        day = [kept.texts[n].date.isoformat() for n in (int(uses[0]), int(uses[-1]))]
        named = sorted({series.sources[s][0] for s in rows.sources[i]} - {""})
        lines.append(
            (
                f.name,
                rows.publisher[i],
                f.original,
                state[i][0],
                *day,
                state[i][1],
                len(uses),
                of_texts[i],
                occurrences[i],
                share[i],
                lately[i],
                next(name for least, name in TIERS if lately[i] >= least),
                ", ".join(named),
                said[i],
                chance[i],
                in_period[i],
                f.origin,
                f.theme,
                f.ladder,
                f.rung,
                spellings(f.variants, VARIANTS, rest=True),
            )
        )
    columns = [COLUMNS[0], "publisher", *COLUMNS[1:]]
    return pd.DataFrame(lines, columns=columns).astype(
        {"texts": "Int64", "of_texts": "Int64", "occurrences": "Int64", "said": "object"}
        | {"rung": "Int64", "chance": "Float64", "chance_in_period": "Float64"}
        | {"rate": "float64", "recent": "float64"}
    )


def _places(kept: Record, rows: _Rows) -> Iterator[Bounds]:
    """Yield where the formulation of each row stands, in the texts that the row counts."""
    if kept.corpus is None:
        return
    document = words_of(kept.corpus).document
    bounds = np.searchsorted(rows.row, np.arange(len(rows.formulation) + 1)).tolist()
    for i, number in enumerate(rows.formulation.tolist()):
        first, last = kept.places[number]
        counts = np.zeros(len(kept.texts), dtype=np.bool_)
        counts[rows.text[bounds[i] : bounds[i + 1]]] = True
        here = counts[document[first]]
        yield first[here], last[here]


def _by_rule(
    rows: _Rows, series: _Series
) -> tuple[list[tuple[str, str | None]], list[int], list[float], list[float]]:
    """Return of each row its state and day of return, its comparable texts, and its two shares."""
    number = len(rows.formulation)
    state: list[tuple[str, str | None]] = [("too few", None)] * number
    of_texts, share, lately = [0] * number, [0.0] * number, [0.0] * number
    groups: dict[frozenset[int], list[int]] = {}
    for i, sources in enumerate(rows.sources):
        groups.setdefault(sources, []).append(i)
    for sources, members in groups.items():
        texts = series.of(sources)
        row, position = _uses(rows, np.array(members), texts)
        window = recent(len(texts))
        total = np.bincount(row, minlength=len(members))
        inside = np.bincount(row[position >= len(texts) - window], minlength=len(members))
        found = states(row, position, len(members), len(texts))
        for i, s, n, m in zip(members, found, total.tolist(), inside.tolist(), strict=True):
            state[i] = (s.name, _day(series, texts, s))
            of_texts[i] = len(texts)
            share[i], lately[i] = n / max(len(texts), 1), m / max(window, 1)
    return state, of_texts, share, lately


def _day(series: _Series, texts: Longs, state: State) -> str | None:
    if state.revived is None:
        return None
    return series.texts[int(texts[state.revived])].date.isoformat()


def _uses(rows: _Rows, members: Longs, texts: Longs) -> tuple[Longs, Longs]:
    """Return the uses of some rows in some texts: row (from 0 on) and place among those texts."""
    bounds = np.searchsorted(rows.row, np.arange(len(rows.formulation) + 1))
    sizes = np.diff(bounds)[members]
    row = np.repeat(np.arange(len(members)), sizes)
    inner = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    text = rows.text[bounds[members][row] + inner]
    place = np.minimum(np.searchsorted(texts, text), max(len(texts) - 1, 0))
    here = texts[place] == text if len(texts) else np.zeros(len(text), dtype=np.bool_)
    return row[here], place[here]


Cells = list[float | None]


def _chances(
    rows: _Rows, series: _Series, period: Period, *, by: bool
) -> tuple[list[bool | None], Cells, Cells]:
    """Return of each row whether the latest comparable text has it, and the chances of its absence.

    The chance in that text, and in all texts of its source in its period; both from what came before.
    Where the series has a day `since`, all texts of the source from then on are in the place of the latest.
    """
    number = len(rows.formulation)
    said: list[bool | None] = [None] * number
    chance: Cells = [None] * number
    in_period: Cells = [None] * number
    model = None
    for latest in _latest(series, by=by):
        source = int(series.source[latest])
        texts = series.of(frozenset((source,)))
        members = np.array([i for i, s in enumerate(rows.sources) if source in s], dtype=np.int64)
        row, position = _uses(rows, members, texts)
        told = 1 if series.since is None else int((texts >= series.start).sum())
        for i in np.unique(row[position >= len(texts) - told]).tolist():
            said[members[i]] = True
        for i in members.tolist():
            said[i] = bool(said[i])
        span = [label(series.texts[n].date, period) for n in texts.tolist()]
        for of, last in ((chance, told), (in_period, span.count(span[-1]))):
            past = len(texts) - last
            if past < FEW or not last:
                continue
            model = model or absence.fit(_all_histories(rows, series))
            before = position < past
            known = absence.histories(row[before], position[before], len(members), past)
            usual = float(np.median(series.words[texts[:past]]))
            found = (
                model.in_text(known, float(series.words[latest]) / max(usual, 1.0))
                if last == 1
                else model.in_texts(known, last)
            )
            for i, p in zip(members.tolist(), found.tolist(), strict=True):
                of[i] = None if np.isnan(p) else p
    return said, chance, in_period


def _latest(series: _Series, *, by: bool) -> list[int]:
    """Return the latest comparable text, or that of each publisher."""
    found = {}
    for n in np.flatnonzero(series.usual).tolist():
        found[series.texts[n].publisher if by else ""] = n
    return list(found.values())


def _all_histories(rows: _Rows, series: _Series) -> absence.Histories:
    """Return the histories of all rows in all sources, each up to the last text but one, or the period."""
    parts = []
    for source in range(len(series.sources)):
        texts = series.of(frozenset((source,)))
        texts = texts[:-1] if series.since is None else texts[texts < series.start]
        members = np.array([i for i, s in enumerate(rows.sources) if source in s], dtype=np.int64)
        row, position = _uses(rows, members, texts)
        parts.append(absence.histories(row, position, len(members), len(texts)))
    return absence.together(parts)


def label(date: dt.date, period: Period) -> str:
    """Return the name of the period that a day lies in: 2025, 2025-Q1, 2025-01."""
    if period == "year":
        return f"{date.year}"
    if period == "quarter":
        return f"{date.year}-Q{(date.month + 2) // 3}"
    return f"{date.year}-{date.month:02d}"


def period_of(texts: Sequence[Text]) -> Period:
    """Return the period that fits the time that texts span."""
    days = (texts[-1].date - texts[0].date).days if texts else 0
    return next(period for least, period in SPANS if days >= least)


def _method(series: _Series, period: Period) -> str:
    latest = _latest(series, by=False)
    day = f", {series.texts[latest[0]].date.isoformat()}" if latest else ""
    what = f"the latest comparable text{day}"
    if series.since:
        what = f"all texts from {series.since} on, chance of the comparable ones of the latest's source"
    return (
        "Lexicon by lemma, nested ones too; found: whole phrases that the texts repeat, variants in one "
        "row. States by the rule of the ledger, over comparable texts of the sources that use a "
        f"formulation. Chances: said and chance are of {what}, "
        f"chance_in_period of all its source's texts of that {period}; a two-state model of use and "
        "disuse with rates that differ between formulations, estimated from what came before (after "
        "Fader, Hardie and Shang 2010)."
    )


def _caveats(kept: Record, series: _Series) -> Iterator[str]:
    if len(kept.texts) < 2:
        yield f"{counted(len(kept.texts), 'dated text').capitalize()}: a ledger needs a series."
    if kept.undated:
        are = "has no date and is" if kept.undated == 1 else "have no date and are"
        yield f"{counted(kept.undated, 'text')} {are} left out."
    other = [t.date.isoformat() for t in kept.texts if t.other_kind]
    if other:
        days = ", ".join(other[:MOST_NAMED]) + (" and others" if len(other) > MOST_NAMED else "")
        are = (
            "is of another kind than those" if len(other) == 1 else "are of another kind than those"
        )
        yield f"{counted(len(other), 'text')} {are} before and no part of the series: {days}."
    sizes = {s: len(series.of(frozenset((i,)))) for i, s in enumerate(series.sources)}
    for least, what in ((FEWEST, "state"), (FEW + 1, "chance of absence")):
        few = [f"{s[0] or 'the corpus'} ({n})" for s, n in sizes.items() if n < least]
        if few and len(kept.texts) > 1:
            more = f" and {len(few) - MOST_NAMED} more" if len(few) > MOST_NAMED else ""
            yield (
                f"Too few comparable texts for a {what} ({least} are needed): "
                f"{', '.join(few[:MOST_NAMED])}{more}."
            )
