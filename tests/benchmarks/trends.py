"""Are the intervals, chances and corrections of themes in time what they say? By simulation.

Run as ``python tests/benchmarks/trends.py FOLDER`` (two minutes), where FOLDER has fomc-statements,
leader-speeches-en, ungdc-p5.csv.gz and sotu.jsonl. Seeds are fixed. What is printed stands in
docs/trends.md.

Texts that are made up have 12 themes with shares from 1 to 45 %, 8 to 60 paragraphs, and theme shares
that vary between texts as the real ones do (an intraclass correlation of about 0.1); where it is said, a
text is like the one before it (autocorrelation r of what its shares are drawn from).
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

import kit
from kit.corpus import Corpus
from kit.measures import changes as changes_
from kit.measures import clustered
from kit.measures.intervals import holm
from kit.themes.newest import EARLIER, FEWEST, chances
from kit.themes.space import Space, space
from kit.themes.together import LEAST, _moments, _shared
from kit.themes.trends import LEVEL, _Two
from kit.themes.turns import _scan

THEMES, ALIKE = (
    12,
    0.8,
)  # ALIKE: standard deviation of logits, an intraclass correlation of about 0.1
SHARES = np.geomspace(0.01, 0.45, THEMES)
CORPORA = ("ungdc-p5.csv.gz", "sotu.jsonl", "fomc-statements", "leader-speeches-en")


def made_up(
    draw: np.random.Generator, texts: int, r: float = 0.0, shift: float = 0.0, past: int = 0
) -> Space:
    """Return the space of themes in texts that do not exist; the odd themes shift after `past`."""
    logit = np.log(SHARES / (1 - SHARES))
    state = np.zeros((texts + 30, THEMES))
    for i in range(1, len(state)):
        state[i] = r * state[i - 1] + np.sqrt(1 - r * r) * draw.normal(size=THEMES)
    level = logit + ALIKE * state[30:]
    level[past:, 1::2] += shift
    size = draw.integers(8, 61, texts)
    count = draw.binomial(size[:, None], 1 / (1 + np.exp(-level)))
    return _of_counts(size, count)


def _of_counts(size: np.ndarray, count: np.ndarray) -> Space:
    text, theme = np.nonzero(count)
    often = count[text, theme]
    starts = np.cumsum(size) - size
    unit = np.concatenate(
        [starts[i] + np.arange(k) for i, k in zip(text, often, strict=True)]
        or [np.empty(0, np.int64)]
    )
    made = Space(
        Corpus(()), "paragraph", tuple(map(str, range(count.shape[1]))), size, unit.astype(np.int64),
        np.repeat(theme, often), np.repeat(text, often), (), (),
    )  # fmt: skip
    made.__dict__["sources"] = (("", "en"),) * len(size)
    return made


def coverage(found: Space, years: np.ndarray, texts: int, runs: int, naive: bool) -> list[str]:
    """Return how often the intervals of periods hold the share of all texts of a period, by its height."""
    draw = np.random.default_rng(1)
    groups = [np.flatnonzero(years == y) for y in np.unique(years)]
    true = np.array([found.counts[g].sum(axis=0) / found.size[g].sum() for g in groups])
    held, bins = np.zeros(true.shape), np.digitize(true, (0.02, 0.05, 0.15))
    for _ in range(runs):
        chosen = np.concatenate([draw.choice(g, texts) for g in groups])
        stratum = np.repeat(np.arange(len(groups)), texts)
        count, size = found.counts[chosen], found.size[chosen]
        alike, degrees = clustered.likeness(count, size, clustered.collapsed(stratum))
        worth = clustered.effective(size, alike * (not naive), stratum)
        units = np.bincount(stratum, size)[:, None]
        share = clustered.summed(count, stratum, len(groups)) / units
        low, high = clustered.interval(share, worth, degrees)
        held += (low <= true) & (true <= high)
    return [
        f"{held[bins == b].mean() / runs:6.1%}" if (bins == b).any() else "     –" for b in range(4)
    ]


def moved(found: Space, later: int) -> bool:
    """Whether any theme is said to have moved in the last texts."""
    after = np.arange(len(found.size)) >= len(found.size) - later
    themes = np.flatnonzero(found.counts.any(axis=0))
    p, _ = _Two(found, after, ~after, themes).chances()
    return bool((holm(p) <= LEVEL).any())


def changed(found: Space) -> tuple[bool, bool]:
    """Whether any theme is said to have changed, and whether the seventh is, near half of the texts."""
    lines: list = []
    texts = np.arange(len(found.size))
    largest = _scan(found, texts, lines)
    told = {line.theme: line for line in lines if changes_.chance(line.size, largest) <= LEVEL}
    near = False
    if 7 in told:
        line = told[7]
        cuts = changes_.cuts(line.share, line.weight, 3, line.told, largest, LEVEL)
        near = any(abs(at - len(texts) // 2) <= max(len(texts) // 10, 2) for at, _ in cuts)
    return bool(told), near


def rate(runs: int, make: Callable[..., bool], *given: object) -> str:
    """Return how often something is so."""
    draw = np.random.default_rng(1)
    return f"{sum(make(draw, *given) for _ in range(runs)) / runs:6.1%}"


def moved_in(draw: np.random.Generator, later: int, texts: int, r: float, shift: float) -> bool:
    return moved(made_up(draw, texts, r, shift, texts - later), later)


def moved_anyhow(draw: np.random.Generator, found: Space) -> bool:
    return moved(shuffled(found, draw), max(len(found.size) // 4, 4))


def told_in(draw: np.random.Generator, texts: int, r: float) -> bool:
    return changed(made_up(draw, texts, r))[0]


def seventh_in(draw: np.random.Generator, texts: int, shift: float) -> bool:
    return changed(made_up(draw, texts, 0, shift, texts // 2))[1]


def told_anyhow(draw: np.random.Generator, found: Space) -> bool:
    return changed(shuffled(found, draw))[0]


def shuffled(found: Space, draw: np.random.Generator) -> Space:
    order = draw.permutation(len(found.size))
    return _of_counts(found.size[order], found.counts[order])


def held_out(found: Space) -> tuple[int, float, float, float]:
    """Return predictions, the shares of chances up to 5 % and 1 %, and of texts with a theme beyond noise."""
    low, texts = [], []
    for last in range(FEWEST, len(found.size)):
        before = np.arange(max(last - EARLIER, 0), last)
        before = before[found.size[before] > 0]
        count, counts = found.counts[last], found.counts[before]
        themes = np.flatnonzero(count + counts.sum(axis=0))
        if len(before) < FEWEST or not len(themes) or not found.size[last]:
            continue
        p = chances(
            count[themes], int(found.size[last]), counts[:, themes] * 1.0, found.size[before]
        )
        low += p.tolist()
        texts.append(bool((holm(p) <= LEVEL).any()))
    p = np.array(low)
    return len(p), float(np.mean(p <= 0.05)), float(np.mean(p <= 0.01)), float(np.mean(texts))


def paired(draw: np.random.Generator, texts: int, stay: float) -> bool:
    """Whether any pair is said to go together, of themes that come in runs but do not know of each other."""
    size = draw.integers(8, 61, texts)
    has = []
    for n in size.tolist():
        level = np.clip(SHARES * np.exp(draw.normal(0, 0.7, THEMES)), 0, 0.9)
        row = np.zeros((n, THEMES), dtype=bool)
        row[0] = draw.random(THEMES) < level
        for i in range(1, n):
            keep = draw.random(THEMES) < stay
            row[i] = np.where(keep, row[i - 1], draw.random(THEMES) < level)
        has.append(row)
    whole = np.concatenate(has)
    unit, theme = np.nonzero(whole)
    text = np.repeat(np.arange(texts), size)[unit]
    names = tuple(map(str, range(THEMES)))
    found = Space(Corpus(()), "paragraph", names, size, unit, theme, text, (), ())
    kept = np.flatnonzero(whole.sum(axis=0) >= LEAST)
    a, b = (kept[i] for i in np.triu_indices(len(kept), 1))
    mean, variance = (m[a, b] for m in _moments(found))
    could = mean > 0
    p = clustered.excess(_shared(found)[a, b][could], mean[could], variance[could])
    return bool((holm(p) <= LEVEL).any())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    real = {name: space(kit.read(arguments.folder / name), "") for name in CORPORA}

    print("Intervals that hold the share of all texts (true share <2 %, 2-5, 5-15, over 15)")
    for name, span in (("ungdc-p5.csv.gz", 10), ("sotu.jsonl", 25), ("fomc-statements", 5)):
        found = real[name]
        years = np.array([d.date.year // span for d in found.corpus])
        for texts in (1, 2, 4, 8, 20):
            ours = coverage(found, years, texts, 200, naive=False)
            naive = coverage(found, years, texts, 200, naive=True)
            print(
                f"{name:20} {texts:3} texts a period {' '.join(ours)}   by units {' '.join(naive)}"
            )

    print("\nAny theme said to have moved though none did; later of earlier texts")
    for later, texts in ((4, 16), (8, 32), (60, 120)):
        rates = " ".join(rate(200, moved_in, later, texts, r, 0) for r in (0, 0.3, 0.6))
        power = rate(100, moved_in, later, texts, 0, 1.0)
        print(f"{later:3} of {texts:3}: r 0, .3, .6 {rates}; half of themes moved {power}")
    for name, found in real.items():
        print(f"{name:20} in other orders {rate(100, moved_anyhow, found)}")

    print("\nAny change point though there is none; the seventh theme where six changed at half")
    for texts in (15, 30, 120):
        rates = " ".join(rate(100, told_in, texts, r) for r in (0, 0.3, 0.6, 0.9))
        powers = " ".join(rate(100, seventh_in, texts, shift) for shift in (1, 2))
        print(f"{texts:3} texts: r 0, .3, .6, .9 {rates}; odds times 2.7, 7.4 {powers}")
    for name, found in real.items():
        print(f"{name:20} in other orders {rate(60, told_anyhow, found)}")

    print(
        "\nEach text against those before it: chances up to 5 %, 1 %, texts with a theme beyond noise"
    )
    for name, found in real.items():
        draw = np.random.default_rng(1)
        number, five, one, texts_told = held_out(found)
        print(f"{name:20} {number:6,} {five:6.1%} {one:6.1%} {texts_told:6.1%}", end="")
        _, five, one, texts_told = held_out(shuffled(found, draw))
        print(f"   in another order {five:6.1%} {one:6.1%} {texts_told:6.1%}")

    print("\nAny pair said to go together though none does; themes stay for the next paragraph")
    for texts in (1, 10, 100):
        rates = " ".join(rate(100, paired, texts, stay) for stay in (0, 0.3, 0.6))
        print(f"{texts:3} texts: stay 0, .3, .6 {rates}")


if __name__ == "__main__":
    main()
