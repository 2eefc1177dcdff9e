"""Stance -> Chart: rungs of ladders in time, and how firm texts are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from kit.charts import ACCENT, FAINT, PAPER, ROW, WIDTH, Chart, listed, style, to_svg
from kit.errors import ParameterError
from kit.finding import Finding, counted

MOVES_TOLD = 10  # of a panel, in its description
LONGEST_LABEL = 44  # characters of a formulation beside its rung
MOST_SOURCES = 5  # panels in the picture of firmness
_EPOCH = dt.date(1970, 1, 1).toordinal()  # from which matplotlib counts days


def ladders(finding: Finding, *, ladder: str = "", top: int = 4) -> Chart:
    """Draw the ladders of a finding of ``formulations.ladders`` in time: rungs upwards, a panel a source.

    The `top` panels with most moves, of `ladder` alone where one is named. A full mark is a move, an open
    one a text on the same rung; the line keeps the rung until the next text that stands on the ladder;
    beside each rung stands the formulation that texts reached it with. Raises ParameterError for a ladder
    that is not there.
    """
    panels: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in finding.rows:
        if row["date"]:
            panels.setdefault((str(row["ladder"]), str(row["publisher"])), []).append(row)
    if ladder and ladder not in {name for name, _ in panels}:
        known = ", ".join(sorted({name for name, _ in panels})) or "none"
        raise ParameterError(f"no text stands on a ladder {ladder!r}: {known}")
    chosen = sorted(
        (key for key in panels if not ladder or key[0] == ladder),
        key=lambda key: (-_moves(panels[key]), -len(panels[key]), key),
    )[:top]
    several = len({source for _, source in chosen}) > 1
    rungs = [int(panels[key][0]["of"]) for key in chosen]
    with style([str(row["formulation"]) for key in chosen for row in panels[key]]):
        tall = sum(ROW * (rung + 1) + 0.45 for rung in rungs)
        figure = Figure(figsize=(WIDTH, max(tall, ROW) + 0.4), layout="constrained")
        if chosen:
            ratios = [rung + 1.5 for rung in rungs]
            grid = figure.subplots(len(chosen), 1, sharex=True, squeeze=False, height_ratios=ratios)
            for axes, key in zip(grid[:, 0], chosen, strict=True):
                _panel(axes, _name(*key, several=several), panels[key])
            _dates(grid[-1, 0])
        svg = to_svg(figure, "ladders-steps")
    told = (_told(_name(*key, several=several), panels[key]) for key in chosen)
    alt = f"Steps by date. {' '.join(told)}" if chosen else "No text stands on a ladder."
    return Chart("ladders-steps", "Rungs of strength in time", alt, svg, finding)


def _moves(rows: Sequence[dict[str, Any]]) -> int:
    return sum(row["move"] in ("up", "down") for row in rows)


def _name(ladder: str, source: str, *, several: bool) -> str:
    name = ladder.replace("-", " ").capitalize()
    return f"{name}: {source or 'no publisher named'}" if several else name


def _panel(axes: Axes, name: str, rows: Sequence[dict[str, Any]]) -> None:
    of = int(rows[0]["of"])
    at, height = [_number(row["date"]) for row in rows], [int(row["rung"]) for row in rows]
    axes.step(at, height, where="post", color=ACCENT, linewidth=1.5)
    fill = [ACCENT if row["move"] in ("up", "down") else PAPER for row in rows]
    axes.scatter(at, height, s=22, c=fill, edgecolors=ACCENT, linewidths=1.0, zorder=3)
    first: dict[int, str] = {}
    for row in rows:
        first.setdefault(int(row["rung"]), _short(str(row["formulation"])))
    labels = [f"{first.get(rung, '')}  {rung}" for rung in range(1, of + 1)]
    axes.set_yticks(range(1, of + 1), labels)
    axes.set_ylim(0.5, of + 0.5)
    axes.grid(axis="y", linewidth=0.6, color=FAINT)
    axes.set_title(name, loc="left", fontsize=9, fontweight="bold")
    _bare(axes)


def _told(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """Return a panel in words: the first rung and the moves."""
    moves = [
        f"{r['move']} to {r['rung']} on {r['date']}" for r in rows if r["move"] in ("up", "down")
    ]
    start = f"{rows[0]['rung']} of {rows[0]['of']} on {rows[0]['date']}"
    steps = listed(moves, ", ", MOVES_TOLD) if moves else "no move."
    return f"{name}, {counted(len(rows), 'text')}: {start}, {steps}"


def firmness(finding: Finding) -> Chart:
    """Draw the firm share of each text or year of a finding of ``stance.firmness``, a panel a source.

    Upright lines are its interval. A full mark differs from the one before beyond noise, an open one not.
    """
    unit = "date" if "date" in finding.frame else "year"
    rows = [row for row in finding.rows if row["firm"] is not None and row[unit]]
    sources = _sources(rows)[:MOST_SOURCES]
    with style(sources):
        tall = 1.3 * max(len(sources), 1) + (1.2 if len(sources) < 2 else 0.3)
        figure = Figure(figsize=(WIDTH, tall), layout="constrained")
        grid = figure.subplots(max(len(sources), 1), 1, sharex=True, squeeze=False)
        for axes, source in zip(grid[:, 0], sources, strict=False):
            mine = [row for row in rows if row["publisher"] == source]
            _shares(axes, [_number(str(row[unit])) for row in mine], mine)
            if len(sources) > 1:
                name = source or "no publisher named"
                axes.set_title(name, loc="left", fontsize=9, fontweight="bold")
        if rows:
            _dates(grid[-1, 0])
        svg = to_svg(figure, f"{finding.name}-shares")
    changed = [row for row in rows if row["change"] in ("firmer", "softer")]
    ends = (
        f"from {rows[0]['firm']:.0%} in {rows[0][unit]} to {rows[-1]['firm']:.0%} in {rows[-1][unit]}; "
        if rows
        else ""
    )
    beyond = listed(
        (f"{row[unit]} {row['change']} at {row['firm']:.0%}" for row in changed), ", ", 12
    )
    alt = (
        f"The firm share of {counted(len(rows), 'text' if unit == 'date' else 'year')}"
        f"{f' of {len(sources)} sources' if len(sources) > 1 else ''}, {ends}"
        f"{'beyond noise: ' + beyond if changed else 'none differs from the one before beyond noise.'}"
        if rows
        else "No text has enough graded expressions."
    )
    drawn = [i for i, row in enumerate(finding.rows) if row["firm"] is not None and row[unit]]
    evidence = tuple(finding.evidence[i] for i in drawn) if finding.evidence else ()
    shown = replace(finding, frame=finding.frame.iloc[drawn], evidence=evidence, total=len(drawn))
    return Chart(f"{finding.name}-shares", finding.title, alt, svg, shown)


def _shares(axes: Axes, at: Sequence[float], rows: Sequence[dict[str, Any]]) -> None:
    low, high = ([row[end] for row in rows] for end in ("low", "high"))
    axes.vlines(at, low, high, color=ACCENT, alpha=0.35)
    share = [row["firm"] for row in rows]
    fill = [ACCENT if row["change"] in ("firmer", "softer") else PAPER for row in rows]
    axes.plot(at, share, color=ACCENT, linewidth=1.2)
    axes.scatter(at, share, s=20, c=fill, edgecolors=ACCENT, linewidths=1.0, zorder=3)
    axes.set_ylim(-0.02, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", linewidth=0.6, color=FAINT)
    _bare(axes)


def _number(day: str) -> float:
    """Return a day, or the middle of a year, as matplotlib counts days."""
    date = dt.date.fromisoformat(day if len(day) > len("2025") else f"{day}-07-01")
    return float(date.toordinal() - _EPOCH)


def _sources(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the publishers of rows, that with most texts first."""
    names = [str(row["publisher"]) for row in rows]
    return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"


def _dates(axes: Axes) -> None:
    locator = mdates.AutoDateLocator(minticks=3, maxticks=10)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _bare(axes: Axes) -> None:
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
