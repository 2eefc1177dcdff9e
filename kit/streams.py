"""Shares of themes -> Chart: a stream through the periods, and a map of themes by source."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from kit.charts import FAINT, INK, PAPER, ROW, SHADES, WIDTH, Chart, listed, style, to_svg
from kit.errors import ParameterError
from kit.finding import Finding, counted

Floats = NDArray[np.float64]
LEAST = 3  # periods of a stream
TOP = 8  # themes with a band of their own; the others have one together
SOURCES = 12  # columns of a map
LONGEST_LABEL = 30  # characters of a source
THIN = 0.02  # largest share under which a band cannot be seen
OTHERS = "All others"
# Bands are told apart by their labels and by a light line between them; three shades that take turns
# help the eye, in grey too.
_BANDS = (SHADES[2], SHADES[1], SHADES[3])
_HEIGHT = 3.6  # inches
_LETTER = 0.016  # of the width of a stream, that a letter under it takes
# shades of a map, on all of which letters can be read, and from what part of the largest share each stands
_MAP = (SHADES[0], SHADES[1], SHADES[2], SHADES[4])
_STEPS = (0.0, 0.125, 0.25, 0.5, 1.0001)


def stream(shares: Finding, *, top: int = TOP) -> Chart:
    """Draw the shares of themes by period, as ``themes.shares`` gives them, as a stream.

    A band a theme, as wide as its share, the `top` ones and all others together, around a middle line
    (ThemeRiver: Havre et al. 2000); a paragraph with two themes is in both. Where a period has no text the
    stream is broken. Under three periods the picture says so. Raises ParameterError for shares by source.
    """
    table = _shares(shares, "period")
    grid = _grid(table, "period")
    grid = grid[sorted(grid.columns)]
    bands = grid.head(top)
    bands = bands[bands.max(axis=1) >= THIN]
    rest = grid.drop(bands.index)
    if len(rest):
        bands = pd.concat((bands, rest.sum().to_frame(OTHERS).T))
    name = f"{shares.name}-stream"
    if len(grid.columns) < LEAST or not len(grid):
        told = f"{counted(len(grid.columns), 'period').capitalize()}: a stream takes {LEAST}."
        return Chart(name, shares.title, told, _said(told, name), shares)
    ends = [_course(row) for _, row in bands.iterrows()]
    with style(bands.index):
        figure = Figure(figsize=(WIDTH, _HEIGHT), layout="constrained")
        axes = figure.add_subplot()
        _flow(axes, bands, ends)
        svg = to_svg(figure, name)
    first, last = grid.columns[0], grid.columns[-1]
    alt = f"Bands as wide as the share of each theme, from {first} to {last}: " + listed(
        (
            f"{theme} from {row.iloc[0]:.0%} to {row.iloc[-1]:.0%}, most in {row.idxmax()} ({row.max():.0%})"
            for theme, row in bands.iterrows()
        ),
        "; ",
    )
    return Chart(name, shares.title, alt, svg, _drawn(shares, bands.index))


def _drawn(shares: Finding, names: Iterable[Hashable]) -> Finding:
    """Return the shares of what a picture shows, but for those that are none."""
    table = shares.frame
    rows = np.flatnonzero(table["theme"].isin(list(names)) & (table["count"] > 0)).tolist()
    evidence = tuple(shares.evidence[i] for i in rows) if shares.evidence else ()
    return replace(shares, frame=table.iloc[rows], evidence=evidence, total=len(rows))


def sources(shares: Finding, *, top: int = SOURCES) -> Chart:
    """Draw the shares of themes by source, as ``themes.shares`` gives them by publisher, as a map.

    A row a theme, a column a source (the `top` ones with most paragraphs), the share in each square, darker
    for more. With fewer than two sources the picture says so. Raises ParameterError for shares by period.
    """
    table = _shares(shares, "source")
    size = table.groupby("source", sort=False)["of"].max()
    chosen = list(size.sort_values(ascending=False, kind="stable").index[:top])
    grid = _grid(table[table["source"].isin(chosen)], "source")
    name = f"{shares.name}-sources"
    if len(size) < 2:
        told = f"{counted(len(size), 'source').capitalize()}: there is nothing to compare."
        return Chart(name, shares.title, told, _said(told, name), shares)
    grid = grid[chosen]
    with style([*grid.index, *grid.columns]):
        letters = max(min(len(str(c)), LONGEST_LABEL) for c in grid.columns)
        tall = ROW * len(grid) + 0.4 + 0.055 * letters
        figure = Figure(figsize=(WIDTH, tall), layout="constrained")
        axes = figure.add_subplot()
        _squares(axes, grid)
        svg = to_svg(figure, name)
    alt = "Squares with the share of each theme, darker for more: " + listed(
        (
            f"{theme} {', '.join(f'{source} {value:.0%}' for source, value in row.items())}"
            for theme, row in grid.iterrows()
        ),
        "; ",
    )
    rest = len(size) - len(chosen)
    title = shares.title + (f" ({len(chosen)} of {len(size)}, those with most)" if rest else "")
    return Chart(name, title, alt, svg, shares)


def _shares(shares: Finding, column: str) -> pd.DataFrame:
    table = shares.table
    missing = [c for c in ("theme", column, "of", "share") if c not in table]
    if missing:
        by = "a period" if column == "period" else "publisher, author or language"
        raise ParameterError(
            f"{shares.name} has no column {missing[0]}: draw what themes.shares gives by {by}"
        )
    return table


def _grid(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the shares, a row a theme in the order of the table, a column a period or source."""
    grid = table.pivot_table(index="theme", columns=column, values="share", sort=False)
    grid.columns = pd.Index([str(c) for c in grid.columns])
    return grid.fillna(0.0)


def _course(row: "pd.Series[float]") -> str:
    """Return from what share to what a theme went, or its height where both ends tell little of it."""
    first, last, most = (float(x) for x in (row.iloc[0], row.iloc[-1], row.max()))
    if most > 2 * max(first, last):
        return f"up to {most:.0%} in {row.idxmax()}"
    return f"{first:.0%} to {last:.0%}"


def _flow(axes: Axes, bands: pd.DataFrame, ends: Sequence[str]) -> None:
    at = np.array([_when(str(period)) for period in bands.columns])
    width = bands.to_numpy(dtype=np.float64)
    edges = np.vstack((np.zeros(len(at)), np.cumsum(width, axis=0)))
    edges = edges[-1] / 2 - edges  # the first theme on top, around the middle
    step = float(np.min(np.diff(at)))
    for first, past in pairwise(_breaks(at, step)):
        here, rows = at[first:past], edges[:, first:past]
        if past - first == 1:  # a period alone has the width of a mark
            here, rows = here + np.array([-0.2, 0.2]) * step, np.repeat(rows, 2, axis=1)
        for band in range(len(bands)):
            axes.fill_between(
                here,
                rows[band],
                rows[band + 1],
                facecolor=_BANDS[band % 3] if bands.index[band] != OTHERS else FAINT,
                edgecolor=PAPER,
                linewidth=1.0,
            )
    whole = float(edges[0].max() - edges[-1].min()) or 1.0
    wanted = (edges[:-1, -1] + edges[1:, -1]) / 2
    apart = 1.15 * ROW / 1.6 / _HEIGHT * whole
    room = step * 0.3
    for label, middle, place in zip(
        (f"{theme}, {end}" for theme, end in zip(bands.index, ends, strict=True)),
        wanted.tolist(),
        _spread(wanted, apart).tolist(),
        strict=True,
    ):
        axes.annotate(
            label,
            (float(at[-1]), middle),
            (float(at[-1]) + room, place),
            va="center",
            fontsize=8,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": FAINT,
                "linewidth": 0.8,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    scale = _scale(whole)
    left = float(at[0]) - 0.6 * step
    axes.plot(
        [left, left], [-scale / 2, scale / 2], color=INK, linewidth=1.2, solid_capstyle="butt"
    )
    axes.text(left - 0.15 * step, 0, f"{scale:.0%}", ha="right", va="center", fontsize=8)
    axes.set_xlim(left - 0.2 * step, float(at[-1]) + 0.2 * step)
    axes.set_yticks([])
    axes.set_xticks(at, _labels([str(c) for c in bands.columns], at))
    axes.tick_params(length=0)
    axes.grid(axis="x", linewidth=0.6)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _squares(axes: Axes, grid: pd.DataFrame) -> None:
    values = grid.to_numpy(dtype=np.float64)
    steps = np.array(_STEPS) * max(float(values.max()), 0.01)
    axes.pcolormesh(
        values,
        cmap=ListedColormap(_MAP),
        norm=BoundaryNorm(steps.tolist(), len(_MAP)),
        edgecolors=FAINT,
        linewidth=1,
    )
    for (row, column), value in np.ndenumerate(values):
        colour = PAPER if value >= steps[-2] else INK
        axes.text(column + 0.5, row + 0.5, f"{value:.0%}", ha="center", va="center", color=colour)
    labels = [_short(str(c)) for c in grid.columns]
    axes.set_xticks(
        np.arange(len(labels)) + 0.5, labels, rotation=60, ha="right", rotation_mode="anchor"
    )
    axes.set_yticks(np.arange(len(grid)) + 0.5, [str(theme) for theme in grid.index])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _when(period: str) -> float:
    """Return where a period lies, in years: 1990s, 2024, 2024-Q3, 2024-07."""
    year, _, part = period.rstrip("s").partition("-")
    if part.startswith("Q"):
        return int(year) + (int(part[1:]) - 1) / 4
    return int(year) + (int(part) - 1) / 12 if part else float(year)


def _breaks(at: Floats, step: float) -> list[int]:
    """Return where the runs of periods that follow one another begin, and the number of periods."""
    return [0, *(np.flatnonzero(np.diff(at) > 1.5 * step) + 1).tolist(), len(at)]


def _spread(places: Floats, apart: float) -> Floats:
    """Return places, in order from the top, moved until they stand so far apart, near where they were."""
    groups: list[list[float]] = []  # (sum of wanted places less what stands above, members)
    for number, place in enumerate(places.tolist()):
        groups.append([place + number * apart, 1.0])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] < groups[-1][0] / groups[-1][1]:
            total, members = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += members
    level = [total / members for total, members in groups for _ in range(int(members))]
    spread: Floats = np.array(level) - np.arange(len(level)) * apart
    return spread


def _scale(whole: float) -> float:
    """Return a round share that a mark of the scale stands for."""
    return max(s for s in (0.01, 0.05, 0.1, 0.25, 0.5, 1.0) if s <= max(whole / 3, 0.01))


def _said(text: str, name: str) -> str:
    """Return a picture of a sentence: why nothing is drawn."""
    with style([]):
        figure = Figure(figsize=(WIDTH, 0.75), layout="constrained")
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.text(0.0, 0.5, text, va="center", transform=axes.transAxes)
        return to_svg(figure, name)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"


def _labels(periods: Sequence[str], at: Floats) -> list[str]:
    """Return the labels of periods, less those that would touch the one before."""
    room = _LETTER * float(at[-1] - at[0])
    kept, past = [], -np.inf
    for period, place in zip(periods, at.tolist(), strict=True):
        half = (len(period) + 1) * room / 2
        free = place - half >= past
        kept.append(period if free else "")
        past = place + half if free else past
    return kept
