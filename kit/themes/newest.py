"""The latest text, or those of a period, against those before: which themes have more space, or less."""

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus
from kit.finding import CHANCE, Finding, counted, days_of, no_text
from kit.measures import clustered
from kit.measures.intervals import holm
from kit.themes.space import Floats, Space, space
from kit.themes.trends import LEVEL
from kit.tokens import Longs

FEWEST = 8  # earlier texts from which what is usual is known
EARLIER = 50  # texts that the latest one is compared with at most


@keep.finding
def latest(corpus: Corpus, *, earlier: int = EARLIER, own: str = "") -> Finding:
    """Compare the space of each theme in the latest text with the earlier texts of its source.

    Where the corpus has a period, its texts of that source together take the place of the latest one.
    Earlier are the last `earlier` texts of the same publisher and language before. Columns: theme, change
    (more, less: beyond noise; as usual), count (of paragraphs with it), of, share, usual (median of
    the earlier shares), lowest, highest, as_much (earlier texts with at least its share), earlier
    (texts), place (of the theme by space, 1 the first), usual_place, p. What is beyond noise first,
    then by chance; p is empty under eight earlier texts.
    """
    found = space(corpus, own)
    newest = corpus.latest.documents[0] if corpus.latest else None
    last = corpus.documents.index(newest) if newest else 0
    about = {d.id for d in corpus.period}
    series = [
        i
        for i, d in enumerate(corpus)
        if newest and d.date and found.sources[i] == found.sources[last] and found.size[i]
    ]
    told = np.array([i for i in series if corpus.documents[i].id in about], dtype=np.int64)
    others = [i for i in series if len(told) and i < told[0]][-earlier:]
    before = np.array(others, dtype=np.int64)
    known = len(before) > 0
    rows = _rows(found, told, before) if known else []
    where = found.where(np.isin(np.arange(len(corpus)), told))
    tested = [row for row, _ in rows if row[-1] is not None]
    if corpus.since:
        title = f"Themes of {counted(len(told), 'text')} dated {days_of(corpus)}"
        whose = "Their" if len(told) == 1 else "Their joint"
    else:
        title = f"Themes of the latest text{f', {newest.day}' if newest and newest.date else ''}"
        whose = "Its"
    caveats = []
    if len(about) > len(told) > 0:
        caveats.append(
            f"{counted(len(about) - len(told), 'text')} of the period of another source than its latest, "
            "or empty: not compared."
        )
    if corpus.since and not newest:
        caveats.append(no_text(corpus))
    elif not known:
        caveats.append("No earlier dated text of the same source: what is usual is not known.")
    elif len(before) < FEWEST:
        texts = counted(len(before), "earlier text")
        caveats.append(f"{texts.capitalize()}: what is unusual takes {FEWEST} or more.")
    return Finding(
        "themes-latest",
        title,
        pd.DataFrame(
            [row for row, _ in rows],
            columns="""
                theme change count of share usual lowest highest as_much earlier place usual_place p
            """.split(),
        ),
        corpus,
        f"{whose} share of {found.kind}s against {counted(len(before), 'earlier text')} of the source. p: "
        "the chance of so many or so few (two sides) at that length, beta-binomial with the mean and "
        f"the spread of the earlier texts, by Holm over the themes ({len(tested) or 'none'} tested); "
        f"beyond noise is {LEVEL:.0%} at most. A theme that is not there now and not in most earlier "
        "texts is left out.",
        found.spans.gathered([where[theme] for _, theme in rows]),
        (*caveats, *found.caveats),
        formats=dict.fromkeys(("share", "usual", "lowest", "highest"), "{:.0%}")
        | {"place": "{:.0f}", "usual_place": "{:.0f}", "p": CHANCE},
        applies=bool(known),
    )


def chances(count: Longs, told: Longs, counts: Floats, sizes: Longs) -> Floats:
    """Return the chance of each count among the units of texts of the sizes `told`, given earlier texts.

    Two sides: twice the smaller tail of the beta-binomial distribution. Its mean has half a unit added
    to both sides of the earlier effective counts, and its spread what the mean itself is uncertain by. A
    theme counts as alike within texts at least as all themes together are. Several texts count as one of
    their whole length whose units are less alike: such that the variance is that of their sum.
    """
    size = int(told.sum())
    alone = np.zeros(len(sizes), dtype=np.int64)
    alike, _ = clustered.likeness(counts, sizes, alone)
    pooled = float(np.nanmean(alike)) if not np.isnan(alike).all() else 0.0
    alike = np.fmax(alike, pooled)
    worth = clustered.effective(sizes, alike, alone)[0]
    mean = (counts.sum(axis=0) / sizes.sum() * worth + 0.5) / (worth + 1)
    if size > 1:
        alike = alike * (told * (told - 1)).sum() / (size * (size - 1))
        alike = np.minimum(alike + size / (worth * (size - 1)), 0.99)
    fewer, more = clustered.tails(count, size, mean, alike)
    p: Floats = np.minimum(2 * np.minimum(fewer, more), 1.0)
    return p


def _rows(found: Space, told: Longs, before: Longs) -> list[tuple[tuple[object, ...], int]]:
    """Return the rows of the table, each with its theme."""
    count, size = found.counts[told].sum(axis=0), int(found.size[told].sum())
    counts, sizes = found.counts[before].astype(np.float64), found.size[before]
    shares = counts / sizes[:, None]
    share = count / size
    themes = np.flatnonzero(count + counts.sum(axis=0))
    p: list[float | None] = [None] * len(found.names)
    if len(before) >= FEWEST and len(themes):
        raw = chances(count[themes], found.size[told], counts[:, themes], sizes)
        for theme, chance in zip(themes.tolist(), holm(raw).tolist(), strict=True):
            p[theme] = chance
    usual_share = counts.sum(axis=0) / sizes.sum()
    place, usual_place = _places(count), _places(usual_share)
    rows: list[tuple[tuple[bool, float, float, int], tuple[object, ...]]] = []
    for i in themes.tolist():
        chance = p[i]
        change = None if chance is None else "as usual"
        if chance is not None and chance <= LEVEL:
            change = "more" if share[i] > usual_share[i] else "less"
        row = (
            *(found.names[i], change, int(count[i]), size, float(share[i])),
            *(float(np.median(shares[:, i])), float(shares[:, i].min()), float(shares[:, i].max())),
            int(np.count_nonzero(shares[:, i] >= share[i] - 1e-12)),
            *(len(before), place[i], usual_place[i], chance),
        )
        unusual = change in ("more", "less")
        if not (count[i] or unusual or np.median(shares[:, i])):
            continue  # what is seldom there and is not there now is no news
        rows.append(((not unusual, chance or 0.0, -float(share[i]), i), row))
    rows.sort(key=lambda r: r[0])
    return [(row, key[-1]) for key, row in rows]


def _places(amount: Floats | Longs) -> list[int | None]:
    """Return the place of each theme by space, equal ones the same; None for one that is not there."""
    order = np.sort(amount)[::-1]
    return [
        int(np.searchsorted(-order, -value) + 1) if value else None for value in amount.tolist()
    ]
