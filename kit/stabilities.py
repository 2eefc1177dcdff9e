"""Stability -> Chart: how stable each number of topics is, and which one is chosen."""

from matplotlib.figure import Figure

from kit.charts import ACCENT, INK, ROW, WIDTH, Chart, listed, style, to_svg
from kit.finding import Finding

_HEIGHT = 9 * ROW  # inches
_ROOM = 0.03  # of the picture's width, beside the first and the last number


def curve(stability: Finding) -> Chart:
    """Draw the stability of each number of topics, as ``themes.stability`` gives it.

    A line through the means, a band from the least to the most agreement of a resample, the chosen number
    marked. A finding without rows gives an empty picture.
    """
    table = stability.table
    numbers = [int(n) for n in table["number"]]
    with style(()):
        figure = Figure(figsize=(WIDTH, _HEIGHT), layout="constrained")
        axes = figure.add_subplot()
        axes.fill_between(
            numbers,
            table["least"].astype(float),
            table["most"].astype(float),
            color=ACCENT,
            alpha=0.2,
            linewidth=0,
        )
        axes.plot(
            numbers, table["stability"], color=ACCENT, linewidth=1.6, marker="o", markersize=4
        )
        for row in table[table["chosen"].astype(bool)].to_dict("records"):
            number, height = int(row["number"]), float(row["stability"])
            axes.plot([number], [height], "o", color=INK, markersize=8)
            axes.annotate(
                f"chosen: {number}",
                (number, height),
                (0, 10),
                textcoords="offset points",
                ha="center",
            )
        axes.set_ylim(0, 1.05)
        if numbers:
            room = max(_ROOM * (numbers[-1] - numbers[0]), 0.5)
            axes.set_xlim(numbers[0] - room, numbers[-1] + room)
            axes.set_xticks(numbers)
        axes.set_xlabel("Number of topics")
        axes.set_ylabel("Stability")
        axes.grid(axis="y", linewidth=0.6)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        svg = to_svg(figure, "topic-stability")
    rows = zip(numbers, table["stability"], table["chosen"], strict=True)
    alt = "A line through the stability of each number of topics: " + listed(
        f"{number} {value:.2f}{' (chosen)' if chosen else ''}" for number, value, chosen in rows
    )
    return Chart("topic-stability", stability.title, alt, svg, stability)
