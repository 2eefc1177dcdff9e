"""Do chances of absence come true? Held-out texts of three corpora against what was said before them.

Run by ``make bench-calibration``, or ``python tests/benchmarks/calibration.py FOLDER [--svg FILE]``, where
FOLDER has fomc-statements, leader-speeches-en and ungdc-p5.csv.gz (by source: the first three letters of
its ids). The formulations are those of the lexicon and those found in the texts before a cut; cuts are at
half, five, six and seven eighths of a corpus, and each text is predicted from all texts before it, with
a model that was estimated before its cut. Texts of another kind than those before them are predicted
neither: the ledger says nothing of them.

Printed are for each corpus the absences by their chance: how many predictions, the mean chance, and the
share that were absent indeed; and what the brief asks: of those with a chance of 5 % at most.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

import kit
from kit import charts, tokens
from kit.corpus import Corpus
from kit.formulations import absence
from kit.formulations.found import fewest, phrases
from kit.formulations.ledger import FEW
from kit.formulations.record import record
from kit.formulations.series import texts
from kit.matching import Matcher

CUTS = (4, 5, 6, 7, 8)  # eighths of a corpus
BINS = (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0001)
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def predictions(corpus: Corpus) -> tuple[Floats, Floats]:
    """Return the chance of each absence predicted, and 1 where it happened."""
    chances, absences = [], []
    for p, absent in _blocks(corpus):
        known = ~np.isnan(p)
        chances.append(p[known])
        absences.append(absent[known])
    return np.concatenate(chances), np.concatenate(absences)


def _blocks(corpus: Corpus) -> Iterator[tuple[Floats, Floats]]:
    every = texts(corpus)
    length = np.array([t.words for t in every], dtype=np.float64)
    usual = np.array([not t.other_kind for t in every])
    source = np.array([hash(t.source) for t in every])
    for start, end in pairwise(CUTS):
        cut, past = len(every) * start // 8, len(every) * end // 8
        said = _said(corpus, cut)
        series = [np.flatnonzero(usual & (source == s)) for s in dict.fromkeys(source)]
        before = [
            absence.histories(*_uses(said, s[s < cut]), len(said), int(np.sum(s < cut)))
            for s in series
        ]
        model = absence.fit(absence.together(before))
        for members in series:
            for i in range(FEW, len(members)):
                if not cut <= members[i] < past:
                    continue
                history = absence.histories(*_uses(said, members[:i]), len(said), i)
                exposure = length[members[i]] / np.median(length[members[:i]])
                yield model.in_text(history, exposure), ~said[:, members[i]] * 1.0


def _said(corpus: Corpus, cut: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return which texts have which formulation known by the first `cut` texts."""
    past = Corpus(corpus.documents[:cut])
    names = [p.name for p in phrases(past, fewest(len(past)))]
    t = tokens.of(corpus)
    said = np.zeros((len(names), len(corpus)), dtype=np.bool_)
    for match in Matcher((i, name) for i, name in enumerate(names)).find(t, nested=True):
        said[match.key, t.document[match.first]] = True
    lexicon = [f for f in record(corpus, found=False).formulations if f.texts[0] < cut]
    known = np.zeros((len(lexicon), len(corpus)), dtype=np.bool_)
    for row, f in zip(known, lexicon, strict=True):
        row[list(f.texts)] = True
    return np.concatenate((said, known))


def _uses(
    said: np.ndarray[tuple[int, int], np.dtype[np.bool_]], members: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    row, place = np.nonzero(said[:, members])
    return row, place


def figure(found: dict[str, tuple[Floats, Floats]]) -> str:
    """Return the picture: share absent indeed by chance given, a line a corpus."""
    with charts.style([]):
        drawn = Figure(figsize=(4.6, 4.2), layout="constrained")
        axes = drawn.add_subplot()
        axes.plot([0, 1], [0, 1], color=charts.FAINT, linewidth=1)
        looks = zip("osD", (charts.INK, charts.ACCENT, charts.SHADES[2]), strict=True)
        for (name, (p, absent)), (marker, colour) in zip(found.items(), looks, strict=True):
            bins = np.digitize(p, BINS[1:-1])
            there = [b for b in range(len(BINS) - 1) if np.sum(bins == b) >= 20]
            x = [p[bins == b].mean() for b in there]
            y = [absent[bins == b].mean() for b in there]
            axes.plot(x, y, color=colour, marker=marker, markersize=4, linewidth=1, label=name)
        axes.set_xlabel("Chance of absence given")
        axes.set_ylabel("Share absent indeed")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.legend(frameon=False)
        return charts.to_svg(drawn, "calibration")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--svg", type=Path, help="where the picture goes")
    arguments = parser.parse_args()
    found = {}
    for name in ("fomc-statements", "leader-speeches-en", "ungdc-p5.csv.gz"):
        corpus = kit.read(arguments.folder / name)
        if name.startswith("ungdc"):
            corpus = Corpus(tuple(replace(d, publisher=d.id[:3]) for d in corpus))
        p, absent = found[name.split(".")[0]] = predictions(corpus)
        print(f"\n{name}: {len(p):,} predictions")
        print(f"{'chance given':>16} {'number':>8} {'mean':>7} {'absent':>7}")
        for low, high in ((0, 0.0500001), *pairwise(BINS)):
            here = (p >= low) & (p < high)
            if here.any():
                shares = f"{p[here].mean():7.1%} {absent[here].mean():7.1%}"
                print(f"{low:7.0%} to {min(high, 1):5.0%} {here.sum():8,} {shares}")
    p, absent = (np.concatenate(column) for column in zip(*found.values(), strict=True))
    few = p <= 0.05
    print(f"\nOf {few.sum():,} absences given 5 % or less, {absent[few].mean():.1%} happened.")
    if arguments.svg:
        arguments.svg.write_text(figure(found), "utf-8")


if __name__ == "__main__":
    main()
