"""Do the names of topics say what their passages are about? A blind choice by hand among four names.

Run by ``make bench-topics``, or ``python tests/benchmarks/topics.py FOLDER [--show]``, where FOLDER has the
five corpora. From each, passages that have a topic are drawn at random (fixed seed), and shown with the
name of their topic among three others of the same corpus, in random order: `--show` prints them. The
answers below were written down before the right ones were looked at: the number of the name that fits
best, with an x where it does not say what the passage is about. Where a later version gives other topics,
the draw changes, and the answers are void: the checksums say so.
"""

import argparse
import zlib
from pathlib import Path

import numpy as np

import kit
from kit import tokens
from kit.corpus import Corpus
from kit.measures.intervals import wilson
from kit.themes import by_nmf, passages

SEED = 7
SHOWN = {"en": 430, "zh": 150}  # characters of a passage
ANSWERS = {
    "ungdc-p5.csv.gz": """
        1x 1 4 4 4 4 4 3 2 4x 3x 4 4 3x 4 2 3 3 1 4 4 2 1x 4x 1 1x 2x 4 2 4 1 4 2 1 3 3 4x 1
        1 3 4 3 3 4 2 2 3 4 3 1 1 2 2 4 1 2x 3 1 4 3 2 2 1 1 4 1 1 3 4 3
    """,
    "sotu.jsonl": """
        1 3 1 2 4 4 2 2 2 2 3 1 1 1 4 4 1 3 4 4 3 4 4 2 4 2 3 3 1 4
    """,
    "leader-speeches-en": """
        1 4 3 1 2 4 4 2 2 2 4 3 1 1 4 4 4 1 3 4 4 3 2 4 2
    """,
    "fomc-statements": """
        1 4 3 1 2 4 4 2 2 2 2 3 1 1 1 4 4 1 3 4 4 3 4 4 2
    """,
    "work-reports-zh.jsonl": """
        1 3 1 3x 1 2 4 4 2 2 2 3 3 1 1 1 4 4 1 3
    """,
}
DRAWN = {
    "ungdc-p5.csv.gz": 0xB6E2329D,
    "sotu.jsonl": 0xB0913C95,
    "leader-speeches-en": 0x7243CE9F,
    "fomc-statements": 0x444D954C,
    "work-reports-zh.jsonl": 0x392A6690,
}
Item = tuple[str, list[str], int]  # the passage, four names, the number of the right one


def items(corpus: Corpus, size: int) -> list[Item]:
    """Return passages of a corpus drawn at random, each with four names, one of them its own."""
    t = tokens.of(corpus)
    made, found = by_nmf._made(t, None), passages.of(t)
    rng = np.random.default_rng(SEED)
    drawn = []
    for passage in rng.choice(np.flatnonzero(made.of_passage >= 0), size, replace=False).tolist():
        own = int(made.of_passage[passage])
        others = [j for j in range(len(made.names)) if j != own]
        four = [own, *rng.choice(others, 3, replace=False).tolist()]
        rng.shuffle(four)
        sentences = np.flatnonzero(found.of_sentence == passage).tolist()
        text = " ".join(corpus.text(t.sentence_span(s)) for s in sentences)
        drawn.append(
            (
                text[: SHOWN.get(found.language, SHOWN["en"])],
                [made.names[j] for j in four],
                1 + four.index(own),
            )
        )
    return drawn


def main() -> None:
    """Print how many names were chosen rightly, and how many of these fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the items, without the answers")
    given = parser.parse_args()
    every = np.zeros(3, dtype=np.int64)
    for name, written in ANSWERS.items():
        answers = written.split()
        drawn = items(kit.read(given.folder / name), len(answers))
        if given.show:
            for i, (text, names, _) in enumerate(drawn, start=1):
                print(f"{i}. {text}\n   " + " ".join(f"[{n}] {x}" for n, x in enumerate(names, 1)))
            continue
        checksum = zlib.crc32("\n".join(f"{text} {right}" for text, _, right in drawn).encode())
        if checksum != DRAWN[name]:
            print(
                f"{name}: other topics than those that were judged ({checksum:#010x}): judge anew"
            )
            continue
        right = [a.rstrip("x") == str(own) for a, (_, _, own) in zip(answers, drawn, strict=True)]
        fit = [r and not a.endswith("x") for r, a in zip(right, answers, strict=True)]
        row = np.array([len(answers), sum(right), sum(fit)])
        every += row
        print(f"{name}: {row[1]} of {row[0]} rightly chosen, {row[2]} of them fit")
    if every[0]:
        low, high = wilson(every[1:], every[0])
        for said, number, a, b in zip(("rightly chosen", "fit"), every[1:], low, high, strict=True):
            print(
                f"all: {number} of {every[0]} {said} ({number / every[0]:.0%}, {a:.0%} to {b:.0%})"
            )


if __name__ == "__main__":
    main()
