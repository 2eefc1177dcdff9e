"""Change points: where the share of texts with a formulation rose or fell."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from kit.corpus import Corpus
from kit.finding import CHANCE, Finding
from kit.formulations.record import Record, record
from kit.formulations.states import at_most
from kit.measures.intervals import holm
from kit.tokens import Longs, of
from kit.tokens.places import Places

LEVEL = 0.05  # chance, after the correction, up to which a change is listed
LEAST = 3  # texts with a formulation from which it is scanned
HOPELESS = (
    0.5  # chance by chi-squared beyond which no exact test is needed: the exact one is larger
)
Floats = NDArray[np.float64]


def bursts(corpus: Corpus, *, own: str = "", found: bool = True, top: int | None = None) -> Finding:
    """Find where the share of the comparable texts that have a formulation rose or fell.

    For each formulation the series of its sources is cut in two where the likelihood ratio G2 of the
    two shares is highest; its chance is that of Fisher's exact test (two sides: twice the smaller one)
    times the number of places where it could have been cut (Bonferroni), and over all formulations by
    Holm (1979). Where it is 5 % at most, both parts are searched again (binary segmentation: Scott and
    Knott 1974, Vostrikova 1981), their chance corrected as that of the whole. A rise and the fall after
    it are a burst. Columns: formulation, day (of the first text after the change), change (rise, fall),
    before and after (share of texts), texts_before, texts_after, p. The latest change first.
    """
    kept = record(corpus, own=own, found=found)
    scanned = [i for i, f in enumerate(kept.formulations) if len(f.texts) >= LEAST]
    series = _series(kept, scanned)
    first = [_cut(said) for _, said in series.values()]
    adjusted = holm(np.array([p for _, p in first])) if first else np.empty(0)
    rows = []
    for i, (_, p), whole in zip(scanned, first, adjusted.tolist(), strict=True):
        texts, said = series[i]
        if whole > LEVEL:
            continue
        cuts = sorted(_cuts(said, 0, whole / max(p, 1e-300)))
        edges = [0, *(at for at, _ in cuts), len(said)]
        for (at, chance), (start, end) in zip(
            cuts, ((edges[n], edges[n + 2]) for n in range(len(cuts))), strict=True
        ):
            before, after = said[start:at], said[at:end]
            change = "rise" if after.mean() > before.mean() else "fall"
            day = kept.texts[int(texts[at])].date.isoformat()
            shares = (float(before.mean()), float(after.mean()), len(before), len(after))
            rows.append((i, day, change, *shares, chance))
    rows.sort(key=lambda r: (r[1], -r[6] if r[6] else 0), reverse=True)
    shown = rows[:top]
    names = "formulation day change before after texts_before texts_after p".split()
    return Finding(
        "bursts",
        "Rises and falls of formulations",
        pd.DataFrame([(kept.formulations[i].name, *rest) for i, *rest in shown], columns=names),
        corpus if kept.corpus is None else kept.corpus,
        "The cut of each series with the highest G2; p by Fisher's exact test, two sides, times the "
        f"possible cuts, by Holm over {len(scanned)} formulations; parts are cut again.",
        () if kept.corpus is None else Places(of(kept.corpus), [kept.places[r[0]] for r in shown]),
        () if len(kept.texts) > 1 else ("Fewer than two dated texts: nothing can change.",),
        formats={"before": "{:.0%}", "after": "{:.0%}", "p": CHANCE},
        total=len(rows),
        applies=len(kept.texts) > 1,
    )


def _series(kept: Record, numbers: list[int]) -> dict[int, tuple[Longs, Floats]]:
    """Return for formulations the comparable texts of their sources, and whether each has them."""
    texts: dict[frozenset[tuple[str, str]], Longs] = {}
    series = {}
    for number in numbers:
        uses = kept.formulations[number].texts
        sources = frozenset(kept.texts[n].source for n in uses)
        if sources not in texts:
            usual = [
                n for n, t in enumerate(kept.texts) if not t.other_kind and t.source in sources
            ]
            texts[sources] = np.array(usual, dtype=np.int64)
        series[number] = texts[sources], np.isin(texts[sources], uses).astype(np.float64)
    return series


def _cuts(said: Floats, offset: int, correction: float) -> Iterator[tuple[int, float]]:
    """Yield the cuts of a series and of its parts, with their chances times `correction`."""
    at, p = _cut(said)
    if min(p * correction, 1.0) > LEVEL:
        return
    yield offset + at, min(p * correction, 1.0)
    for start, end in pairwise((0, at, len(said))):
        yield from _cuts(said[start:end], offset + start, correction)


def _cut(said: Floats) -> tuple[int, float]:
    """Return where the shares before and after differ most by G2, and the chance of it."""
    texts, total = len(said), float(said.sum())
    if texts < 2 or total in (0, texts):
        return 0, 1.0
    n = np.arange(1, texts)
    k = np.cumsum(said)[:-1]
    rest, others = total - k, texts - n
    gain = _ln(k, n) + _ln(n - k, n) + _ln(rest, others) + _ln(others - rest, others)
    best = int(gain.argmax())
    whole = _ln(np.array([total]), np.array([texts])) + _ln(texts - total, np.array([texts]))
    if special.chdtrc(1, 2 * (gain[best] - whole[0])) * (texts - 1) > HOPELESS:
        return best + 1, 1.0
    a, size, all_ = int(k[best]), int(n[best]), int(total)
    few = at_most(np.array([a]), size, np.array([all_]), np.array([texts]))[0]
    many = at_most(np.array([all_ - a]), texts - size, np.array([all_]), np.array([texts]))[0]
    return best + 1, float(min(2 * min(few, many) * (texts - 1), 1.0))


def _ln(count: Floats | float, of_: Longs) -> Floats:
    """Return count times the logarithm of its share, 0 for none."""
    return np.asarray(special.xlogy(count, np.maximum(count, 1) / of_))
