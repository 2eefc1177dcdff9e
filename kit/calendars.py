"""Calendar -> Chart: the round anniversaries that lie ahead, events down, years across."""

from dataclasses import replace
from typing import Any

from matplotlib.figure import Figure

from kit.charts import ACCENT, FAINT, PAPER, ROW, WIDTH, Chart, listed, style, to_svg
from kit.errors import ParameterError
from kit.finding import Finding

LONGEST_LABEL = 52  # characters; a longer name is cut in the picture, not in its description
_NEEDED = ("year", "number", "of", "since")
_GREAT = 25  # an anniversary whose number this divides is drawn strong: 50, 75, 100


def calendar(finding: Finding, *, top: int = 20) -> Chart:
    """Draw the anniversaries of ``times.calendar``: a row an event, its number in the year it falls in.

    The `top` events are shown that most texts name, in order of their first anniversary; multiples of
    25 are filled. Raises ParameterError for a finding without the columns year, number, of and since.
    """
    missing = [name for name in _NEEDED if name not in finding.table]
    if missing:
        raise ParameterError(
            f"{finding.name} has no column {missing[0]}: draw what times.calendar gives"
        )
    events = _events(finding)
    shown = sorted(
        sorted(events, key=lambda e: (-e["texts"], e["at"][0][0], e["of"]))[:top],
        key=lambda e: (e["at"][0][0], -e["texts"], e["of"]),
    )
    years = [year for event in events for year, _ in event["at"]]
    labels = [_short(f"{event['of']} ({event['since']})") for event in shown]
    with style(labels):
        height = 1.25 * ROW * max(len(shown), 1) + 0.75
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
        for y, event in enumerate(shown):
            axes.axhline(y, color=FAINT, linewidth=0.6, zorder=0)
            for year, number in event["at"]:
                great = number % _GREAT == 0
                axes.text(
                    year, y, str(number), ha="center", va="center", fontsize=9,
                    color=PAPER if great else ACCENT, fontweight="bold" if great else "normal",
                    bbox={
                        "boxstyle": "round,pad=0.25", "fc": ACCENT if great else PAPER,
                        "ec": ACCENT, "lw": 0.8,
                    },
                )  # fmt: skip
        axes.set_yticks(range(len(shown)), labels)
        axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
        if years:
            axes.set_xlim(min(years) - 0.6, max(years) + 0.6)
            axes.set_xticks(range(min(years), max(years) + 1))
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        svg = to_svg(figure, f"{finding.name}-calendar")
    drawn = {(event["of"], event["since"]) for event in shown}
    rows = [i for i, row in enumerate(finding.rows) if (row["of"], row["since"]) in drawn]
    evidence = tuple(finding.evidence[i] for i in rows) if finding.evidence else ()
    numbers = replace(finding, frame=finding.frame.iloc[rows], evidence=evidence, total=len(rows))
    return Chart(f"{finding.name}-calendar", finding.title, _alt(shown, len(events)), svg, numbers)


def _events(finding: Finding) -> list[dict[str, Any]]:
    """Return the events of a calendar, each with its years and numbers."""
    events: dict[tuple[str, int], dict[str, Any]] = {}
    for row in finding.rows:
        key = (str(row["of"]), int(row["since"]))
        event = events.setdefault(
            key, {"of": key[0], "since": key[1], "texts": row.get("texts") or 0, "at": []}
        )
        event["at"].append((int(row["year"]), int(row["number"])))
    return list(events.values())


def _alt(shown: list[dict[str, Any]], total: int) -> str:
    if not shown:
        return "No round anniversary lies ahead."
    told = (
        f"{event['of']}, " + ", ".join(f"{number} years in {year}" for year, number in event["at"])
        for event in shown
    )
    more = f" {len(shown)} of {total} events are drawn." if total > len(shown) else ""
    return (
        "Years across, a row for each event, the number of its anniversary: "
        + listed(told, "; ")
        + more
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"
