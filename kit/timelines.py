"""Ledger -> Chart: when formulations are said, and how their shares move."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kit.charts import ACCENT, FAINT, INK, ROW, WIDTH, Chart, listed, style, to_svg
from kit.finding import Finding

LONGEST_LABEL = 46  # characters; a longer formulation is cut in the picture, not in its description
_EPOCH = dt.date(1970, 1, 1).toordinal()  # from which matplotlib counts days
HIGH = 0.85  # of the height of its row: the line of a formulation that all texts have
_LETTERS = 60  # of labels that stand side by side under a picture


def timeline(ledger: Finding, *, top: int = 20) -> Chart:
    """Draw a ledger in time: a row a formulation, a mark a day with a text that has it.

    A thin line goes from the first to the last text, and what is drawn strong are the spans without a
    long gap: no gap longer than four times the usual one of its row, and than a twentieth of the time.
    The state stands at the end of each row. A ledger without places, read from a file, has no marks.
    """
    shown = ledger.head(top)
    table = shown.table
    names = [str(name) for name in table["formulation"]]
    days = [_days(shown, i) for i in range(len(shown))]
    texts = ledger.corpus.dates
    with style(names):
        figure = Figure(figsize=(WIDTH, ROW * max(len(names), 1) + 0.75), layout="constrained")
        axes = figure.add_subplot()
        whole = (texts[-1] - texts[0]).days if texts else 0
        for y, row in enumerate(days):
            _draw(axes, y, row, whole)
        axes.set_yticks(range(len(names)), [_short(name) for name in names])
        axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
        if texts:
            room = dt.timedelta(days=max(whole // 50, 1))
            axes.set_xlim(_number(texts[0] - room), _number(texts[-1] + room))
            locator = mdates.AutoDateLocator(minticks=3, maxticks=10)  # type: ignore[no-untyped-call]
            axes.xaxis.set_major_locator(locator)
            axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
            right = axes.secondary_yaxis("right")
            right.set_yticks(range(len(names)), [str(state) for state in table["state"]])
            _bare(right)
        axes.set_xlabel("Date")
        axes.grid(axis="y", linewidth=0.6)
        _bare(axes)
        svg = to_svg(figure, "formulations-timeline")
    rows = zip(names, table["first"], table["last"], table["texts"], table["state"], strict=True)
    alt = "A row for each formulation, a mark for each text with it: " + listed(
        (
            f"{n}, {first} to {last}, {texts} texts, {state}"
            for n, first, last, texts, state in rows
        ),
        "; ",
    )
    return Chart("formulations-timeline", "Formulations in time", alt, svg, shown)


def slope(shares: Finding) -> Chart:
    """Draw the shares of formulations by period, as ``formulations.shares`` gives them.

    A row a formulation: the height of its line is its share, from none to all texts of a period; the
    first and the last share stand at its end. Rows that overlap in one picture could not be told apart.
    """
    table = shares.table
    names = list(dict.fromkeys(str(name) for name in table["formulation"]))
    periods = sorted({str(p) for p in table["period"]})
    cells = zip(table["formulation"], table["period"], table["share"], strict=True)
    share = {(str(name), str(p)): float(value) for name, p, value in cells}
    with style(names):
        tall = 1.5 * ROW * max(len(names), 1)
        figure = Figure(figsize=(WIDTH, tall + 0.75), layout="constrained")
        axes = figure.add_subplot()
        for y, name in enumerate(names):
            line = [y - HIGH * share[name, p] for p in periods]
            axes.fill_between(range(len(periods)), y, line, color=ACCENT, alpha=0.25, linewidth=0)
            axes.plot(range(len(periods)), line, color=ACCENT, linewidth=1.4)
            axes.axhline(y, color=FAINT, linewidth=0.6, zorder=0)
        axes.set_yticks([y - HIGH / 3 for y in range(len(names))], [_short(n) for n in names])
        axes.set_ylim(max(len(names), 1) - 0.7, -1.0)
        axes.set_xlim(0, max(len(periods) - 1, 1))
        axes.set_xticks(range(len(periods)), _every(periods))
        if periods:
            ends = [f"{share[n, periods[0]]:.0%} to {share[n, periods[-1]]:.0%}" for n in names]
            right = axes.secondary_yaxis("right")
            right.set_yticks([y - HIGH / 3 for y in range(len(names))], ends)
            _bare(right)
        _bare(axes)
        svg = to_svg(figure, "formulations-shares")
    alt = "A line for each formulation, its share of the texts by period: " + listed(
        (
            f"{name} from {share[name, periods[0]]:.0%} in {periods[0]} "
            f"to {share[name, periods[-1]]:.0%} in {periods[-1]}"
            for name in names
        ),
        "; ",
    )
    return Chart("formulations-shares", shares.title, alt, svg, shares)


def _days(ledger: Finding, row: int) -> list[dt.date]:
    """Return the days of the texts that have a formulation, in order."""
    spans = ledger.evidence[row] if ledger.evidence else ()
    return sorted({day for s in spans if (day := ledger.corpus[s.document].date)})


def _draw(axes: Axes, y: int, days: Sequence[dt.date], whole: int) -> None:
    if not days:
        return
    at = [_number(day) for day in days]
    axes.plot([at[0], at[-1]], [y, y], color=FAINT, linewidth=1.0, zorder=1)
    gaps = np.diff(at)
    long = max(4 * float(np.median(gaps)), whole / 20) if len(gaps) else 0.0
    for a, b in pairwise(at):
        if b - a <= long:
            axes.plot([a, b], [y, y], color=ACCENT, linewidth=2.4, zorder=2, solid_capstyle="butt")
    axes.plot(at, [y] * len(at), "|", color=INK, markersize=7, markeredgewidth=0.9, zorder=3)


def _number(day: dt.date) -> float:
    return float(day.toordinal() - _EPOCH)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"


def _bare(axes: Any) -> None:
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _every(periods: Sequence[str]) -> list[str]:
    """Return the labels of periods, thinned out where they would overlap."""
    step = max(1, -(-sum(len(p) + 2 for p in periods) // _LETTERS))
    return [p if i % step == 0 else "" for i, p in enumerate(periods)]
