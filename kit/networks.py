"""Networks: pairs of words as a picture, the frequent ones large, the strong ties thick."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from kit import charts
from kit.charts import Chart
from kit.errors import ParameterError
from kit.finding import Finding

Floats = NDArray[np.float64]
SEED = 1  # of the spring layout
_NEEDED = ("first", "second", "count")
_GAP = 0.06  # inches between two words
_SMALLEST, _LARGEST = 0.05, 0.17  # radius of a node, in inches
_THIN, _THICK = 0.6, 4.0  # lines, in points
_LINE = 0.17  # inches that a line of text takes
_SPRING = 2.0  # the distance that springs want, in sizes of the picture by the root of its words
_ACROSS, _DOWN = 1.3, 0.85  # inches that a part takes, times the root of its words
_BETWEEN = 0.25  # inches between parts
_MOST_STEPS = 2000  # of moving words apart; some dozens do


def network(finding: Finding, *, top: int = 60, strength: str = "logDice") -> Chart:
    """Draw the first `top` pairs of a finding with columns first, second and count.

    A node is a word, its area by its frequency (``first_frequency``, ``second_frequency``; else by the
    counts of its pairs); a line is a pair, its width by the column `strength`. Words are placed by the
    spring layout of networkx (Fruchterman & Reingold 1991) from a fixed seed, then moved apart until no
    two overlap. Raises ParameterError for a finding without these columns.
    """
    missing = [name for name in (*_NEEDED, strength) if name not in finding.table]
    if missing:
        raise ParameterError(
            f"{finding.name} has no column {missing[0]}: draw what collocation.pairs gives"
        )
    shown = finding.head(top)
    table = shown.table
    size = _frequencies(table)
    with charts.style(size):
        figure = Figure(figsize=(charts.WIDTH, 1.0))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        if size:
            _draw(figure, axes, table, size, strength)
        svg = charts.to_svg(figure, f"{finding.name}-network")
    words = f"{len(size)} words, {len(table)} ties" if len(table) else "No two words go together"
    alt = f"A network of {words}; the strongest by {strength}: " if len(table) else words
    strongest = table.sort_values(strength, ascending=False, kind="stable")
    rows = zip(strongest["first"], strongest["second"], strongest["count"], strict=True)
    alt += charts.listed(f"{first} and {second} ({count:,})" for first, second, count in rows)
    return Chart(f"{finding.name}-network", finding.title, alt, svg, shown)


def _frequencies(table: pd.DataFrame) -> dict[str, float]:
    """Return the words in the order in which they come, with their frequencies."""
    known = "first_frequency" in table and "second_frequency" in table
    size: dict[str, float] = {}
    for row in table.to_dict("records"):
        for end in ("first", "second"):
            word = str(row[end])
            size[word] = (
                float(row[f"{end}_frequency"]) if known else size.get(word, 0.0) + row["count"]
            )
    return size


def _draw(
    figure: Figure, axes: Axes, table: pd.DataFrame, size: Mapping[str, float], strength: str
) -> None:
    words = list(size)
    radius = _radii(np.array([size[word] for word in words]))
    width = _widths(figure, words)
    # half of the room that a word takes: its node, and the label below it
    half = np.stack((np.maximum(width / 2, radius), radius + _LINE / 2), axis=1) + _GAP / 2
    centre = _placed(table, words, half)
    low, high = (centre - half).min(axis=0), (centre + half).max(axis=0)
    height = float(high[1] - low[1])
    figure.set_size_inches(charts.WIDTH, height)
    axes.set_xlim(0, charts.WIDTH)
    axes.set_ylim(float(low[1]), float(low[1]) + height)
    node = centre + np.array([0.0, _LINE / 2])
    number = {word: i for i, word in enumerate(words)}
    lines = _line_widths(table[strength].to_numpy(dtype=np.float64), strength)
    for first, second, line in zip(table["first"], table["second"], lines, strict=True):
        ends = node[[number[str(first)], number[str(second)]]]
        axes.plot(
            ends[:, 0],
            ends[:, 1],
            color=charts.SHADES[2],
            linewidth=line,
            zorder=1,
            solid_capstyle="butt",
        )
    for i, word in enumerate(words):
        axes.add_patch(
            Ellipse(
                (float(node[i, 0]), float(node[i, 1])),
                2 * radius[i],
                2 * radius[i],
                facecolor=charts.ACCENT,
                edgecolor=charts.PAPER,
                linewidth=1,
                zorder=2,
            )
        )
        axes.text(
            float(node[i, 0]),
            float(node[i, 1] - radius[i] - 0.01),
            word,
            ha="center",
            va="top",
            zorder=3,
            bbox={"facecolor": charts.PAPER, "edgecolor": "none", "pad": 0.6},
        )


def _radii(frequency: Floats) -> Floats:
    """Return the radius of each node: areas in proportion to frequencies, none too small to see."""
    radii: Floats = np.maximum(_SMALLEST, _LARGEST * np.sqrt(frequency / frequency.max()))
    return radii


def _line_widths(strength: Floats, name: str) -> Floats:
    """Return the width of each line, in proportion to its strength; logDice as the Dice it is of."""
    known = np.nan_to_num(strength, nan=0.0)
    weight = np.exp2(known - known.max()) if name == "logDice" else known / max(known.max(), 1e-9)
    widths: Floats = np.maximum(_THIN, _THICK * weight)
    return widths


def _widths(figure: Figure, words: list[str]) -> Floats:
    """Return how wide the labels are, in inches."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    boxes = [figure.text(0, 0, word) for word in words]
    widths = [box.get_window_extent(renderer).width / figure.dpi for box in boxes]
    for box in boxes:
        box.remove()
    return np.array(widths)


def _placed(table: pd.DataFrame, words: list[str], half: Floats) -> Floats:
    """Return where words stand, in inches: each part that hangs together laid out by itself.

    The parts stand beside one another as on lines of a page, the largest first.
    """
    import networkx as nx  # noqa: PLC0415 (0.3 s, loaded when first needed)

    graph = nx.Graph()
    graph.add_nodes_from(words)
    pairs = zip(table["first"].astype(str), table["second"].astype(str), strict=True)
    graph.add_edges_from(pairs)
    number = {word: i for i, word in enumerate(words)}
    parts = [sorted(number[word] for word in part) for part in nx.connected_components(graph)]
    centre = np.zeros((len(words), 2))
    left = top = line = 0.0
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        # a graph of its own: a view would hand its words on in the order of a set
        own = nx.Graph()
        own.add_nodes_from(part)
        own.add_edges_from((number[a], number[b]) for a, b in graph.edges if number[a] in own)
        spring = nx.spring_layout(own, k=_SPRING / math.sqrt(len(part)), iterations=200, seed=SEED)
        points = _stretched(np.array([spring[i] for i in part]))
        points = _apart(points, half[part])
        low, high = (points - half[part]).min(axis=0), (points + half[part]).max(axis=0)
        width, height = (high - low).tolist()
        if left and left + width > charts.WIDTH:
            left, top, line = 0.0, top - line - _BETWEEN, 0.0
        centre[part] = points - [low[0], high[1]] + [left, top]
        left, line = left + width + _BETWEEN, max(line, height)
    return centre


def _stretched(points: Floats) -> Floats:
    """Return a layout turned so that its longest way is across, and as large as its words need."""
    points = points - points.mean(axis=0)
    axes = np.linalg.svd(points, full_matrices=False)[2]
    axes = axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]
    points = points @ axes.T
    points = points - points.min(axis=0)
    side = math.sqrt(len(points) - 1)
    room = np.minimum(np.array([_ACROSS, _DOWN]) * side, charts.WIDTH)
    turned: Floats = points / np.maximum(points.max(axis=0), 1e-9) * room
    return turned


def _apart(centre: Floats, half: Floats) -> Floats:
    """Return the centres of boxes moved until no two overlap, within the width of the page.

    `half` has half of each width and height. Two boxes part where the way is shorter; the picture grows
    downwards where there is no room beside.
    """
    centre = centre.copy()
    for step in range(_MOST_STEPS):
        centre[:, 0] = np.clip(
            centre[:, 0], half[:, 0], np.maximum(charts.WIDTH - half[:, 0], half[:, 0])
        )
        apart = centre[:, None] - centre[None]
        over = half[:, None] + half[None] - np.abs(apart)
        hit: NDArray[np.bool_] = np.all(over > 1e-6, axis=2)
        np.fill_diagonal(hit, val=False)
        if not hit.any():
            break
        # boxes on one spot part by their order
        order = np.sign(np.subtract.outer(np.arange(len(centre)), np.arange(len(centre))))
        sign = np.where(apart == 0, order[:, :, None], np.sign(apart))
        # beside the edge of the page there is no way but up or down: in the end all take it
        upright = (over[:, :, 1] <= over[:, :, 0]) | (step > _MOST_STEPS // 4)
        move = np.where(hit, np.where(upright, over[:, :, 1], over[:, :, 0]), 0.0) / 2
        centre[:, 1] += np.where(upright, sign[:, :, 1] * move, 0.0).sum(axis=1) * 0.9
        centre[:, 0] += np.where(upright, 0.0, sign[:, :, 0] * move).sum(axis=1) * 0.9
    return centre
