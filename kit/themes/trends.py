"""Themes by period and source: their shares with intervals, and which of them moved beyond noise."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus, Document
from kit.errors import ParameterError, nearest
from kit.finding import CHANCE, Finding, counted
from kit.measures import clustered
from kit.measures.changes import SEED
from kit.measures.intervals import holm
from kit.measures.undefined import Floats, divide
from kit.themes.space import Flags, Space, left_out, space, told
from kit.tokens import Longs

By = Literal["decade", "year", "quarter", "month", "publisher", "author", "language"]
SPANS: tuple[tuple[int, By], ...] = (  # days from which a period fits
    (30 * 365, "decade"),
    (3 * 365, "year"),
    (365, "quarter"),
    (0, "month"),
)
PERIODS = ("decade", "year", "quarter", "month")
FEWEST = 4  # texts on each side of a comparison
YEAR, YEARS_BEFORE = 365, 3  # days of the latest stretch; years that it is compared with
ORDERS = 1999  # permutations of the texts
LEVEL = 0.05  # chance, after the correction, up to which a move is listed
INTERVAL = (
    "The 95 % intervals take whole texts, not paragraphs, as drawn at random: Wilson's on the effective "
    "size, by the intraclass correlation within texts (Korn & Graubard 1998)."
)

_KEYS: Mapping[str, Callable[[Document], str]] = MappingProxyType(
    {
        "decade": lambda d: f"{d.date.year // 10 * 10}s" if d.date else "",
        "year": lambda d: f"{d.date.year}" if d.date else "",
        "quarter": lambda d: f"{d.date.year}-Q{(d.date.month + 2) // 3}" if d.date else "",
        "month": lambda d: f"{d.date.year}-{d.date.month:02d}" if d.date else "",
        "publisher": lambda d: d.publisher,
        "author": lambda d: d.author,
        "language": lambda d: d.language,
    }
)


@keep.finding
def shares(corpus: Corpus, *, by: By | None = None, own: str = "") -> Finding:
    """Return the share of the paragraphs of each period or source that have a theme, with intervals.

    `by` is decade, year, quarter or month (the one that fits the time the texts span, where none is
    named), or publisher, author or language; `own` a file of themes. Where the texts have no paragraphs
    sentences are counted. Columns: theme, period (source where `by` names no time), texts (of the
    period), count (of paragraphs with it), of (paragraphs), share, low, high (95 % interval for texts
    drawn as a whole). The most frequent theme first, each in order of period. Raises ParameterError
    for another `by`.
    """
    by = _fitting(corpus) if by is None else by
    if by not in _KEYS:
        raise ParameterError(f"by {by!r}: no such period or source.{nearest(by, list(_KEYS))}")
    found = space(corpus, own)
    keys = [_KEYS[by](document) for document in corpus]
    labels = sorted({k for k, n in zip(keys, found.size.tolist(), strict=True) if k and n})
    number = {name: i for i, name in enumerate(labels)}
    group = np.array([number.get(k, -1) for k in keys], dtype=np.int64)
    inside = (group >= 0) & (found.size > 0)
    size, count, stratum = found.size[inside], found.counts[inside], group[inside]
    alike, degrees = clustered.likeness(count, size, clustered.collapsed(stratum))
    units = np.bincount(stratum, size, len(labels))
    texts = np.bincount(stratum, minlength=len(labels))
    sums = clustered.summed(count, stratum, len(labels))
    share = divide(sums, units[:, None])
    low, high = clustered.interval(share, clustered.effective(size, alike, stratum), degrees)
    rows = [
        (
            name,
            label,
            int(texts[g]),
            int(sums[g, i]),
            int(units[g]),
            *_cells(share, low, high, g, i),
        )
        for i, name in enumerate(found.names)
        if sums[:, i].any()
        for g, label in enumerate(labels)
    ]
    where = [found.where(inside & (group == g)) for g in range(len(labels))]
    kept = [i for i in range(len(found.names)) if sums[:, i].any()]
    timed = by in PERIODS
    return Finding(
        "themes-shares",
        f"Share of the {found.kind}s of each {by} that have a theme",
        pd.DataFrame(
            rows,
            columns=[
                "theme",
                "period" if timed else "source",
                *"texts count of share low high".split(),
            ],
        ),
        corpus,
        f"Of all {found.kind}s of a {by} those that have the theme. {INTERVAL}",
        found.spans.gathered([where[g][i] for i in kept for g in range(len(labels))]),
        (*_limits(found, keys, by, labels, degrees), *found.caveats),
        formats=dict.fromkeys(("share", "low", "high"), "{:.1%}"),
        applies=len(labels) > 1,
    )


def _cells(share: Floats, low: Floats, high: Floats, row: int, column: int) -> tuple[float, ...]:
    return tuple(float(values[row, column]) for values in (share, low, high))


def _fitting(corpus: Corpus) -> By:
    days = (corpus.dates[-1] - corpus.dates[0]).days if corpus.dates else 0
    return next(period for least, period in SPANS if days >= least)


def _limits(
    found: Space, keys: Sequence[str], by: str, labels: Sequence[str], degrees: int
) -> list[str]:
    limits = []
    if len(labels) < 2:
        limits.append(f"{counted(len(labels), by).capitalize()}: there is nothing to compare.")
    outside = keys.count("")
    if outside:
        limits.append(left_out(outside, f"without {'a date' if by in PERIODS else by}"))
    if by in PERIODS and len(set(found.sources)) > 1:
        limits.append("All sources together: a share moves too where one of them publishes more.")
    if labels and degrees < 1:
        limits.append(
            "One text, or one paragraph a text: the intervals take each paragraph for a draw of its own."
        )
    return limits


@keep.finding
def moved(corpus: Corpus, *, since: dt.date | None = None, own: str = "") -> Finding:
    """Find the themes whose share rose or fell beyond noise since a day.

    Without a day the twelve months up to the latest text stand against the three years before them;
    where either has fewer than four texts, the later half of the texts against the earlier one. With
    a day, all texts since then against all before it. Each source (publisher and language) is compared
    with itself, weighted by its space in the later texts; `own` is a file of themes. Columns: theme,
    change (rise, fall), before, after (shares), points (the difference in percentage points), low, high
    (its 95 % interval), p. The largest difference first; themes that are within noise are not listed
    but numbered in a caveat.
    """
    found = space(corpus, own)
    after, before, sides = _sides(corpus, found.size > 0, since)
    paired = {s for s, a in zip(found.sources, after.tolist(), strict=True) if a} & {
        s for s, b in zip(found.sources, before.tolist(), strict=True) if b
    }
    same = np.array([s in paired for s in found.sources], dtype=np.bool_)
    lone = int(np.count_nonzero((after | before) & ~same))
    after, before = after & same, before & same
    enough = min(np.count_nonzero(after), np.count_nonzero(before)) >= FEWEST
    texts = after | before
    chosen = np.flatnonzero(found.counts[texts].any(axis=0)) if enough else np.empty(0, np.int64)
    rows, places, least = [], [], 1.0
    if len(chosen):
        two = _Two(found, after, before, chosen)
        p, least = two.chances()
        adjusted = holm(p)
        low, high = two.interval()
        difference = two.after - two.before
        where = found.where(texts)
        order = sorted(
            np.flatnonzero(adjusted <= LEVEL).tolist(), key=lambda i: -abs(difference[i])
        )
        for i in order:
            change = "rise" if difference[i] > 0 else "fall"
            points = (100 * float(x[i]) for x in (difference, low, high))
            sides_of = float(two.before[i]), float(two.after[i])
            name = found.names[int(chosen[i])]
            rows.append((name, change, *sides_of, *points, float(adjusted[i])))
            places.append(where[int(chosen[i])])
    caveats = []
    if not enough:
        caveats.append(
            f"Fewer than {FEWEST} texts of one source on one side: what moved cannot be told from noise."
        )
    elif len(chosen) > len(rows):
        within = counted(len(chosen) - len(rows), "theme")
        caveats.append(f"{within} of {len(chosen)} did not move beyond noise.")
        if least * len(chosen) > LEVEL:
            caveats.append("So few texts can show no move beyond noise, however large.")
    if lone:
        caveats.append(left_out(lone, "of sources with texts on one side only"))
    undated = sum(d.date is None for d in corpus)
    if undated:
        caveats.append(left_out(undated, "without a date"))
    texts_told = f"{counted(int(after.sum()), 'text')} against {int(before.sum()):,}"
    return Finding(
        "themes-moved",
        f"Themes that rose or fell{sides}" if enough else "Themes that rose or fell",
        pd.DataFrame(rows, columns="theme change before after points low high p".split()),
        corpus,
        f"Share of {found.kind}s, {texts_told}. p by {ORDERS:,} permutations of the texts within each source "
        "of the studentised difference, taken down where neighbouring texts are alike, by Holm over "
        f"{counted(len(chosen), 'theme')}. {INTERVAL}",
        found.spans.gathered(places),
        (*caveats, *found.caveats),
        formats=dict.fromkeys(("before", "after"), "{:.1%}")
        | dict.fromkeys(("points", "low", "high"), "{:+.1f}")
        | {"p": CHANCE},
        applies=bool(enough),
    )


def _sides(corpus: Corpus, there: Flags, since: dt.date | None) -> tuple[Flags, Flags, str]:
    """Return which texts are compared with which, and what the title says of it."""
    day = np.array([d.date.toordinal() if d.date else -1 for d in corpus], dtype=np.int64)
    dated = (day >= 0) & there
    if since is not None:
        first = since.toordinal()
        return dated & (day >= first), dated & (day < first), f" since {since.isoformat()}"
    if not dated.any():
        return dated, dated, ""
    last = int(day[dated].max())
    after = dated & (day > last - YEAR)
    before = dated & ~after & (day > last - YEAR * (1 + YEARS_BEFORE))
    if min(np.count_nonzero(after), np.count_nonzero(before)) >= FEWEST:
        return after, before, ": the last twelve months against the three years before"
    first = int(np.sort(day[dated])[np.count_nonzero(dated) // 2])
    told = f" since {dt.date.fromordinal(first).isoformat()}, the later half of the texts"
    return dated & (day >= first), dated & (day < first), told


class _Two:
    """The shares of themes in later and in earlier texts, each source compared with itself."""

    def __init__(self, found: Space, after: Flags, before: Flags, themes: Longs) -> None:
        texts = np.flatnonzero(after | before)
        self._size = found.size[texts].astype(np.float64)
        self._count = found.counts[np.ix_(texts, themes)].astype(np.float64)
        self._after = after[texts]
        known: dict[tuple[str, str], int] = {}
        self._source = np.array(
            [known.setdefault(found.sources[i], len(known)) for i in texts.tolist()], dtype=np.int64
        )
        self._members = [np.flatnonzero(self._source == s) for s in range(len(known))]
        later = np.bincount(self._source, self._size * self._after)
        self._weight = later / later.sum()
        share = self._count / self._size[:, None]
        kept = [told(share[members]) for members in self._members]
        self._told = np.average(np.array(kept), axis=0, weights=np.bincount(self._source))
        self.before, self.after = (self._standard(side) for side in (~self._after, self._after))

    def _by_source(self, side: Flags) -> Floats:
        sums = clustered.summed(self._count * side[:, None], self._source, len(self._members))
        return sums / np.bincount(self._source, self._size * side)[:, None]

    def _standard(self, side: Flags) -> Floats:
        """Return the shares of a side with the sources in the proportions of the later texts."""
        return np.asarray(self._weight @ self._by_source(side))

    def interval(self) -> tuple[Floats, Floats]:
        """Return the ends of the 95 % interval of the difference."""
        stratum = 2 * self._source + self._after
        alike, degrees = clustered.likeness(self._count, self._size, clustered.collapsed(stratum))
        worth = clustered.effective(self._size, alike, stratum)
        worth *= self._told
        ends = []
        for share, side in ((self.before, worth[0::2]), (self.after, worth[1::2])):
            whole = 1 / (self._weight[:, None] ** 2 / side).sum(axis=0)
            ends.append(clustered.interval(share, whole, degrees))
        return clustered.difference(self.before, ends[0], self.after, ends[1])

    def chances(self) -> tuple[Floats, float]:
        """Return the chance of each difference by permutation, and the least chance there could be."""
        draw = np.random.default_rng(SEED)
        difference, variance, least = 0.0, 0.0, 1.0
        for members, weight in zip(self._members, self._weight.tolist(), strict=True):
            orders = draw.permuted(np.tile(self._after[members], (ORDERS, 1)), axis=1)
            sides = np.concatenate((self._after[members][None], orders)).astype(np.float64)
            one, other = _estimate(self, members, sides), _estimate(self, members, 1 - sides)
            difference = difference + weight * (one[0] - other[0])
            pooled = self._count[members].sum(axis=0) / self._size[members].sum()
            even = (pooled * (1 - pooled))[None] * (1 / one[2] + 1 / other[2])[:, None]
            variance = variance + weight**2 * np.maximum(one[1] + other[1], even)
            least *= _ways(len(members), int(self._after[members].sum()))
        z = np.abs(divide(difference, np.sqrt(variance)))
        seen = z[0] * np.sqrt(self._told)
        as_large = np.count_nonzero(z[1:] >= seen * (1 - 1e-9), axis=0)
        return (as_large + 1) / (ORDERS + 1), max(least, 1 / (ORDERS + 1))


def _ways(texts: int, later: int) -> float:
    """Return the chance of one choice of the later texts among all."""
    return 1 / math.comb(texts, later)


def _estimate(two: _Two, members: Longs, sides: Floats) -> tuple[Floats, Floats, Floats]:
    """Return share, variance between texts (of a ratio: Cochran 1977, 6.4) and size, a row a choice."""
    y, n = two._count[members], two._size[members]
    size = sides @ n
    share = (sides @ y) / size[:, None]
    squares = (
        sides @ y**2 - 2 * share * (sides @ (y * n[:, None])) + share**2 * (sides @ n**2)[:, None]
    )
    texts = sides.sum(axis=1)
    correction = texts / np.maximum(texts - 1, 1)
    return share, correction[:, None] * np.maximum(squares, 0.0) / size[:, None] ** 2, size
