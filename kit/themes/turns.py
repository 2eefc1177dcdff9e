"""Change points of themes: from which text on a theme had more space, or less."""

import numpy as np
import pandas as pd

from kit.corpus import Corpus
from kit.finding import CHANCE, Finding, counted
from kit.measures import changes as measures
from kit.measures import clustered
from kit.measures.intervals import holm
from kit.themes.space import Floats, Gathered, Space, space, told
from kit.themes.trends import LEVEL
from kit.tokens import Longs

FEWEST = 12  # texts of a source from which it is a series
LEAST = 3  # texts between two changes, and texts with a theme from which it is scanned
MOST_PLACES = 600  # of a series; in a longer one neighbouring texts are taken together


def changes(corpus: Corpus, *, own: str = "") -> Finding:
    """Find the texts from which on a theme had more space, or less, by more than noise.

    For each theme and source (publisher and language) the shares of its texts in order of time are cut
    where the means before and after differ most; the chance is that of so large a change in any order
    of the texts, taken down where neighbours are alike, by Holm over themes and sources. Where it is
    5 % at most, both parts are searched again. Columns: theme, source (empty where none is named), day
    (of the first text after), change (rise, fall), before, after (mean share of paragraphs up to the
    changes beside it, long texts counting little more than others), texts_before, texts_after, p. The
    latest change first.
    """
    found = space(corpus, own)
    series = _series(found)
    scanned = []
    for texts in series.values():
        count, size = found.counts[texts].astype(np.float64), found.size[texts]
        count, size, first = _together(count, size)
        alike, _ = clustered.likeness(count, size, np.arange(len(size)) // 2)
        usual = float(np.nan_to_num(np.nanmean(alike))) if not np.isnan(alike).all() else 0.0
        weight = size / (1 + (size - 1) * usual)
        share = count / size[:, None]
        tells, scan = told(share), measures.Scan(weight, LEAST)
        for theme in np.flatnonzero(
            np.count_nonzero(found.counts[texts], axis=0) >= LEAST
        ).tolist():
            p = scan.chance(share[:, theme], tells[theme])
            scanned.append((theme, texts, first, share[:, theme], weight, tells[theme], p))
    adjusted = holm(np.array([s[-1] for s in scanned]))
    made: list[tuple[str, float, tuple[object, ...], Longs]] = []
    for (theme, texts, first, share, weight, tells, p), whole in zip(
        scanned, adjusted, strict=True
    ):
        if whole > LEVEL:
            continue
        cuts = sorted(measures.cuts(share, weight, LEAST, LEVEL, tells, whole / p))
        edges = [0, *(at for at, _ in cuts), len(share)]
        for n, (at, chance) in enumerate(cuts):
            parts = [slice(edges[n + side], edges[n + side + 1]) for side in (0, 1)]
            means = [float(np.average(share[x], weights=weight[x])) for x in parts]
            before, after = (
                texts[first[x][0] : first[x.stop] if x.stop < len(first) else None] for x in parts
            )
            document = corpus.documents[int(texts[first[at]])]
            change = "rise" if means[1] > means[0] else "fall"
            inside = np.isin(np.arange(len(corpus)), np.concatenate((before, after)))
            row = (found.names[theme], document.publisher or None, document.day, change, *means)
            row = (*row, len(before), len(after), chance)
            made.append((str(document.day), chance, row, found.where(inside)[theme]))
    made.sort(key=lambda m: m[1])
    made.sort(key=lambda m: m[0], reverse=True)
    return Finding(
        "themes-changes",
        "When themes rose and fell",
        pd.DataFrame(
            [row for _, _, row, _ in made],
            columns="theme source day change before after texts_before texts_after p".split(),
        ),
        corpus,
        f"The cut of each series of shares of {found.kind}s with the largest F; p by {measures.ORDERS:,} "
        f"orders of the texts, by Holm over {counted(len(scanned), 'series', 'series')}; where neighbouring "
        f"texts are alike it is larger. At least {LEAST} texts between changes; parts are cut again.",
        Gathered(found.spans, [places for *_, places in made]),
        (*_limits(found, series), *found.caveats),
        formats={"before": "{:.1%}", "after": "{:.1%}", "p": CHANCE},
        applies=bool(series),
    )


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


def _share(found: Space, texts: Longs, theme: int) -> float:
    return float(found.counts[texts, theme].sum() / found.size[texts].sum())


def _limits(found: Space, series: dict[tuple[str, str], Longs]) -> list[str]:
    limits = []
    used = sum(map(len, series.values()))
    if not series:
        limits.append(f"No source has {FEWEST} dated texts: a change cannot be told from noise.")
    elif used < len(found.corpus):
        rest = counted(len(found.corpus) - used, "text")
        limits.append(f"{rest} without a date or of sources with fewer than {FEWEST} are left out.")
    if any(len(texts) > MOST_PLACES for texts in series.values()):
        limits.append("Neighbouring texts of long series are taken together: days are approximate.")
    return limits
