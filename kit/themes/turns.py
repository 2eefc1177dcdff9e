"""Change points of themes: from which text on a theme had more space, or less."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus
from kit.finding import CHANCE, Finding, counted
from kit.measures import changes as measures
from kit.measures import clustered
from kit.themes.space import Floats, Space, left_out, space, told
from kit.themes.trends import LEVEL
from kit.tokens import Longs

FEWEST = 12  # texts of a source from which it is a series
LEAST = 3  # texts between two changes, and texts with a theme from which it is scanned
MOST_PLACES = 600  # of a series; in a longer one neighbouring texts are taken together


@dataclass(frozen=True, slots=True)
class _Line:
    """The shares of a theme in the texts of a source, in order of time.

    ``texts``: their numbers; ``first``: the first text of each place (in a long series a place is several
    texts); ``share`` and ``weight`` of each place; ``told`` and ``size`` as those of ``Scan.change``.
    """

    theme: int
    texts: Longs
    first: Longs
    share: Floats
    weight: Floats
    told: float
    size: float


@keep.finding
def changes(corpus: Corpus, *, own: str = "") -> Finding:
    """Find the texts from which on a theme had more space, or less, by more than noise.

    For each theme and source (publisher and language) the shares of its texts in order of time are cut
    where the means before and after differ most; the chance is that of so large a change in any order
    of the texts of any of the themes and sources, taken down where neighbours are alike. Where it is 5 %
    at most, both parts are searched again. Columns: theme, source (empty where none is named), day
    (of the first text after), change (rise, fall), before, after (mean share of paragraphs up to the
    changes beside it, long texts counting little more than others), texts_before, texts_after, p. The
    latest change first.
    """
    found = space(corpus, own)
    series = _series(found)
    lines: list[_Line] = []
    largest = np.full(measures.ORDERS, -np.inf)
    for texts in series.values():
        largest = np.maximum(largest, _scan(found, texts, lines))
    made = [
        row
        for line in lines
        if measures.chance(line.size, largest) <= LEVEL
        for row in _rows(found, line, largest)
    ]
    made.sort(key=lambda m: (m[0][-1], m[0][0]))
    made.sort(key=lambda m: str(m[0][2]), reverse=True)
    return Finding(
        "themes-changes",
        "When themes rose and fell",
        pd.DataFrame(
            [row for row, _ in made],
            columns="theme source day change before after texts_before texts_after p".split(),
        ),
        corpus,
        f"The cut of each series of shares of {found.kind}s with the largest likelihood ratio; p by "
        f"{measures.ORDERS} orders of the texts, over {counted(len(lines), 'series', 'series')} by the "
        "largest of all (Westfall & Young 1993); neighbouring texts that are alike make it larger. At least "
        f"{LEAST} texts between changes; parts are cut again.",
        found.spans.gathered([places for _, places in made]),
        (*_limits(found, series), *found.caveats),
        formats={"before": "{:.1%}", "after": "{:.1%}", "p": CHANCE},
        applies=bool(series),
    )


def _scan(found: Space, texts: Longs, lines: list[_Line]) -> Floats:
    """Add a line for each theme of a source; return the largest change of all in each order drawn."""
    count, size, first = _together(found.counts[texts].astype(np.float64), found.size[texts])
    alike, _ = clustered.likeness(count, size, np.arange(len(size)) // 2)
    usual = float(np.nanmean(alike)) if not np.isnan(alike).all() else 0.0
    weight = size / (1 + (size - 1) * usual)
    share = count / size[:, None]
    tells, scan = told(share), measures.Scan(weight, LEAST)
    largest = np.full(measures.ORDERS, -np.inf)
    for theme in np.flatnonzero(np.count_nonzero(found.counts[texts], axis=0) >= LEAST).tolist():
        _, change, drawn = scan.change(share[:, theme], tells[theme])
        largest = np.maximum(largest, drawn)
        lines.append(_Line(theme, texts, first, share[:, theme], weight, tells[theme], change))
    return largest


def _rows(
    found: Space, line: _Line, largest: Floats
) -> Iterator[tuple[tuple[str | float | None, ...], Longs]]:
    """Yield a row of the table for each change of a line, and the places of the theme around it."""
    cuts = sorted(measures.cuts(line.share, line.weight, LEAST, line.told, largest, LEVEL))
    edges = [0, *(at for at, _ in cuts), len(line.share)]
    starts = [*line.first.tolist(), len(line.texts)]  # the first text of each place
    for n, (at, chance) in enumerate(cuts):
        begin, end = edges[n], edges[n + 2]
        before, after = (
            float(np.average(line.share[x], weights=line.weight[x]))
            for x in (slice(begin, at), slice(at, end))
        )
        document = found.corpus.documents[int(line.texts[starts[at]])]
        change = "rise" if after > before else "fall"
        texts = starts[at] - starts[begin], starts[end] - starts[at]
        row = (document.publisher or None, document.day, change, before, after, *texts, chance)
        inside = np.zeros(len(found.size), dtype=np.bool_)
        inside[line.texts[starts[begin] : starts[end]]] = True
        yield (found.names[line.theme], *row), found.where(inside)[line.theme]


def _series(found: Space) -> dict[tuple[str, str], Longs]:
    """Return the dated texts of each source that has enough of them, in order."""
    members: dict[tuple[str, str], list[int]] = {}
    for i, document in enumerate(found.corpus):
        if document.date is not None and found.size[i]:
            members.setdefault(found.sources[i], []).append(i)
    return {
        s: np.array(texts, dtype=np.int64) for s, texts in members.items() if len(texts) >= FEWEST
    }


def _together(count: Floats, size: Longs) -> tuple[Floats, Longs, Longs]:
    """Return counts, sizes and the first text of each place, neighbours together in a long series."""
    step = -(-len(size) // MOST_PLACES)
    first = np.arange(0, len(size), step)
    return np.add.reduceat(count, first), np.add.reduceat(size, first), first


def _limits(found: Space, series: dict[tuple[str, str], Longs]) -> list[str]:
    limits = []
    used = sum(map(len, series.values()))
    if not series:
        limits.append(f"No source has {FEWEST} dated texts: a change cannot be told from noise.")
    elif used < len(found.corpus):
        rest = len(found.corpus) - used
        limits.append(left_out(rest, f"without a date or of sources with fewer than {FEWEST}"))
    if any(len(texts) > MOST_PLACES for texts in series.values()):
        limits.append("Neighbouring texts of long series are taken together: days are approximate.")
    return limits
