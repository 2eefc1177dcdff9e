"""Finding -> Chart: an SVG picture with its description and the numbers that it shows."""

import html
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends import backend_svg  # noqa: F401 (for all kernels at once)
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import MaxNLocator, PercentFormatter

from kit.finding import Finding, label

MIME = "application/vnd.readout.chart+json"

# One palette: it holds on paper, for the colour-blind, and a page may map each to its dark twin.
INK, FAINT, PAPER = "#22262b", "#d5d9de", "#ffffff"
ACCENT = "#1f5f99"
SHADES = ("#ffffff", "#cfdfee", "#8fb4d6", "#4f86ba", "#1f5f99")
WIDTH = 7.0  # inches: the text width of the printed page
ROW = 0.27  # inches
MOST_COLUMNS = 40  # texts side by side; more are shown by year
# Pictures are laid out with the widest sans serif that a reader may have, and drawn with a narrower
# one: no label is ever cut, whatever font the page finds.
_LAID_OUT_WITH = "DejaVu Sans"
_STYLE: dict[Any, Any] = {  # matplotlib's own type of its settings lists each key
    "font.size": 9,
    "svg.fonttype": "none",  # text stays text: searchable, and read aloud
    "text.parse_math": False,  # two dollar amounts are no formula
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
}


@dataclass(frozen=True, eq=False)
class Chart:
    """A picture with a title, a description in words, and the finding that it shows."""

    name: str
    title: str
    alt: str
    svg: str = field(repr=False)
    finding: Finding = field(repr=False)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        data = {
            "name": self.name,
            "title": self.title,
            "alt": self.alt,
            "svg": self.svg,
            "finding": self.finding.to_json(),
        }
        title, alt = html.escape(self.title), html.escape(self.alt)
        page = (
            f"<figure><figcaption><strong>{title}</strong></figcaption>"
            f'<div role="img" aria-label="{alt}">{self.svg}</div></figure>'
        )
        return {
            "text/html": page,
            "image/svg+xml": self.svg,
            "text/plain": f"{self.title}. {self.alt}",
            MIME: data,
        }


def bars(finding: Finding, item: str, value: str, *, top: int = 12) -> Chart:
    """Draw one horizontal bar a row for the first `top` rows of a finding."""
    shown = finding.head(top)
    table = shown.table
    with style(table[item]):
        figure, axes = _axes(max(len(table), 1))
        # rows are told apart by their number, not by their label: two may have the same
        places = [str(i) for i in range(len(table))]
        if len(table):
            sns.barplot(x=table[value], y=places, ax=axes, color=ACCENT, width=0.7, orient="h")
            axes.set_yticks(range(len(table)), [str(name) for name in table[item]])
        if pd.api.types.is_integer_dtype(table[value]):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if "%" in finding.formats.get(value, ""):
            axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        _finish(axes, xlabel=label(value), grid="x")
        svg = to_svg(figure, f"{finding.name}-bars")
    alt = f"Bars of {label(value).lower()}: " + listed(
        f"{name} {number:,.4g}" for name, number in zip(table[item], table[value], strict=True)
    )
    return Chart(f"{finding.name}-bars", finding.title, alt, svg, shown)


def themes(finding: Finding) -> Chart:
    """Draw where the themes are: by paragraph in one text, by text (or by year) in several."""
    several = len(finding.corpus) > 1
    grid, unit = _shares(finding) if several else _scores(finding)
    if several:
        title = f"Share of a {unit}'s paragraphs with a theme: up to 10, 25, 50, 100 %"
        steps = (0.0, 1e-9, 0.1, 0.25, 0.5, 1.01)
    else:
        title = "Themes by paragraph, darker with more terms"
        steps = (0.0, 0.9, 1.9, 2.9, 3.9, 1e9)
    columns = [str(c) for c in grid.columns]
    with style(grid.index):
        slanted = max(map(len, columns), default=0) >= 5
        figure, axes = _axes(max(len(grid), 1), below=0.6 if slanted else 0.0)
        if grid.size:
            sns.heatmap(
                grid,
                ax=axes,
                cmap=mpl.colors.ListedColormap(SHADES),
                norm=mpl.colors.BoundaryNorm(steps, len(SHADES)),
                cbar=False,
                linewidths=1,
                linecolor=FAINT,
                xticklabels=_every(columns),
                yticklabels=True,
            )
        _finish(axes, xlabel=label(unit), grid=None)
        axes.tick_params(axis="x", rotation=60 if slanted else 0)
        svg = to_svg(figure, "themes-map")
    described = (
        f"{theme} in {unit} {_ranges([c for c, v in zip(grid.columns, row, strict=True) if v > 0])}"
        for theme, row in zip(grid.index, grid.to_numpy(), strict=True)
    )
    alt = "Squares, darker for more: " + listed(described, "; ")
    return Chart("themes-map", title, alt, svg, finding)


def _scores(finding: Finding) -> tuple[pd.DataFrame, str]:
    """Return the score of each theme (rows) in each paragraph (columns) of the one text."""
    last = len(finding.corpus.documents[0].paragraphs) if len(finding.corpus) else 0
    grid = finding.table.pivot_table(
        index="theme", columns="paragraph", values="score", aggfunc="sum", fill_value=0.0
    )
    grid = grid.reindex(columns=range(1, last + 1), fill_value=0.0)
    return grid.loc[_most_frequent(finding)], "paragraph"


def _shares(finding: Finding) -> tuple[pd.DataFrame, str]:
    """Return the share of paragraphs with each theme (rows) in each text or year (columns)."""
    cut = None if len(finding.corpus) <= MOST_COLUMNS else len("2025")
    sizes: dict[str, int] = {}
    for document in finding.corpus:
        if document.date:
            key = document.date.isoformat()[:cut]
            sizes[key] = sizes.get(key, 0) + len(document.paragraphs)
    table = finding.table.dropna(subset=["date"])
    when = table["date"].astype(str).str.slice(0, cut)
    # one row of the finding is one theme of one paragraph
    grid = pd.crosstab(table["theme"], when).reindex(columns=sorted(sizes), fill_value=0)
    total = pd.Series(sizes, dtype=float).sort_index()
    order = [theme for theme in _most_frequent(finding) if theme in grid.index]
    return grid.loc[order].div(
        total.where(total > 0, 1.0), axis="columns"
    ), "text" if cut is None else "year"


def _most_frequent(finding: Finding) -> list[str]:
    counted = Counter(str(theme) for theme in finding.table["theme"])
    return sorted(counted, key=lambda theme: -counted[theme])


def dispersion(finding: Finding, item: str, *, top: int = 12) -> Chart:
    """Draw where the items of a finding stand: in one text by word, in several by date."""
    shown = finding.head(top)
    corpus = finding.corpus
    several = len(corpus) > 1
    names = [str(name) for name in shown.table[item]]
    rows: list[tuple[str, Any]] = []
    for name, spans in zip(names, shown.evidence, strict=True):
        for span in spans:
            document = corpus[span.document]
            if several and document.date:
                rows.append((name, pd.Timestamp(document.date)))
            elif not several and span.paragraph:
                before = sum(len(p) for p in document.paragraphs[: span.paragraph - 1])
                whole = sum(len(p) for p in document.paragraphs)
                rows.append((name, 100 * (before + span.start) / whole))
    counted = Counter(name for name, _ in rows)
    # of many texts of one day one mark is seen: drawn once, the picture of an archive stays small
    places = pd.DataFrame(list(dict.fromkeys(rows)), columns=["item", "place"])
    with style(names):
        figure, axes = _axes(max(len(names), 1))
        if len(places):
            sns.stripplot(
                data=places,
                x="place",
                y="item",
                order=names,
                ax=axes,
                color=ACCENT,
                jitter=False,
                marker="|",
                size=11,
                linewidth=1.6,
            )
        if not several:
            axes.set_xlim(-1, 101)
        xlabel = "Date" if several else "Place in the text, % of its length"
        _finish(axes, xlabel=xlabel, grid="y")
        svg = to_svg(figure, f"{finding.name}-dispersion")
    alt = f"One mark for each place, by {'date' if several else 'position'}: " + listed(
        f"{name} {counted[name]}" for name in names
    )
    return Chart(
        f"{finding.name}-dispersion", f"Where they stand: {finding.title.lower()}", alt, svg, shown
    )


def _every(columns: Sequence[Any]) -> list[str]:
    """Return the labels of columns, thinned out where they would overlap."""
    step = max(1, -(-len(columns) // 25))
    return [str(c) if i % step == 0 else "" for i, c in enumerate(columns)]


def _ranges(values: Sequence[Any]) -> str:
    """Return numbers in words: ``1–3, 7``; other values just listed."""
    items = list(values)
    if not all(isinstance(v, int | np.integer) for v in items):
        return listed((str(v) for v in items), ", ", 6)
    runs: list[list[int]] = []
    for v in items:
        if runs and v == runs[-1][1] + 1:
            runs[-1][1] = int(v)
        else:
            runs.append([int(v), int(v)])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def listed(parts: Any, between: str = ", ", most: int = 12) -> str:
    """Return parts in one sentence, at most `most` of them."""
    items = list(parts)
    more = f"{between}and {len(items) - most} more" if len(items) > most else ""
    return between.join(items[:most]) + more + "."


def _axes(rows: int, below: float = 0.0) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, ROW * rows + 0.75 + below), layout="constrained")
    return figure, figure.add_subplot()


def _finish(axes: Axes, *, xlabel: str, grid: Literal["x", "y"] | None) -> None:
    axes.set_xlabel(xlabel)
    axes.set_ylabel("")
    if grid:
        axes.grid(axis=grid, linewidth=0.6)
    axes.tick_params(length=0)
    for side in ("left", "bottom", "top", "right"):
        axes.spines[side].set_visible(False)


def style(labels: Any) -> Any:
    """Return the drawing style, with a Chinese font only where a label needs one."""
    han = any("\u2e80" <= c <= "\u9fff" for text in labels for c in str(text))
    families = [_LAID_OUT_WITH]
    if han:
        families.append(_font("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"))
    return mpl.rc_context(_STYLE | {"font.family": families})


@lru_cache(maxsize=4)
def _font(package: str, path: str) -> str:
    """Make a font of a package known to matplotlib and return its family."""
    fontManager.addfont(str(files(package).joinpath(path)))
    return str(fontManager.ttflist[-1].name)


def to_svg(figure: Figure, name: str) -> str:
    """Return a figure as SVG, the same bytes each time."""
    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue().replace(f"'{_LAID_OUT_WITH}'", "'Noto Sans'")
    return text[text.index("<svg") :]
