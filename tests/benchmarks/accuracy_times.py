"""How right the times and numbers are: labels read by a person, against what the kit finds.

    python tests/benchmarks/accuracy_times.py ../shared/corpora

The labels have offsets only; the texts lie beside the project. Rows of kind ``sentence`` are sentences
drawn at random that were read whole before the kit had seen them, ``date`` the times that stand in
them; ``dated`` and ``number`` rows were drawn from what the kit had found, and read.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

import kit
from kit import times
from kit.corpus import Corpus
from kit.finding import Finding

LABELS = Path(__file__).parent.parent / "data" / "labels" / "times.csv"
Key = tuple[str, int, int, int]


def main(folder: Path) -> None:
    """Print the figures over all corpora that are there."""
    with LABELS.open(newline="") as file:
        labels = list(csv.DictReader(file))
    counts: Counter[str] = Counter()
    for name in dict.fromkeys(row["corpus"] for row in labels):
        corpus = kit.read(folder / name)
        mine = [row for row in labels if row["corpus"] == name]
        counts += of_corpus(corpus, mine, numbers=name != "sotu.jsonl")
        print(name, len(mine))
    for told, of in (
        ("found", "date"),
        ("found and resolved rightly", "date"),
        ("right", "dated"),
        ("right value and unit", "number"),
    ):
        print(f"{of}, {told}: {counts[f'{of} {told}']} of {counts[of]}")
    print(f"found in these sentences beside them: {counts['extra']}")


def of_corpus(corpus: Corpus, labels: list[dict[str, str]], *, numbers: bool) -> Counter[str]:
    """Return the counts of one corpus; numbers need a parse, slow the first time."""
    counts: Counter[str] = Counter()
    dates = _spans(times.dates(corpus, about=False))
    amounts = _spans(times.numbers(corpus)) if numbers else {}
    known = [(r["document"], int(r["paragraph"]), int(r["start"]), int(r["end"])) for r in labels]
    told = {k for k, row in zip(known, labels, strict=True) if row["kind"] == "date"}
    for key, row in zip(known, labels, strict=True):
        kind, truth = row["kind"], row["truth"]
        if kind == "sentence":
            inside = [k for k in dates if k[:2] == key[:2] and key[2] <= k[2] < key[3]]
            counts["extra"] += sum(not any(_meet(k, t) for t in told) for k in inside)
            continue
        counts[kind] += 1
        if kind == "number":
            found = [r for k, r in amounts.items() if k == key]
            values = [_value(r) for r in found]
            none = not any(_meet(k, key) for k in amounts)
            counts["number right value and unit"] += truth in values if truth else none
            continue
        found = [r for k, r in dates.items() if _meet(k, key)]
        right = any(r["resolved"] == truth for r in found) if truth else not found
        if kind == "date":
            counts["date found"] += bool(found)
            counts["date found and resolved rightly"] += right
        else:
            counts["dated right"] += right
    return counts


def _spans(finding: Finding) -> dict[Key, dict[str, object]]:
    return {
        (s.document, s.paragraph, s.start, s.end): row
        for row, (s,) in zip(finding.rows, finding.evidence, strict=True)
    }


def _meet(a: Key, b: Key) -> bool:
    return a[:2] == b[:2] and a[2] < b[3] and b[2] < a[3]


def _value(row: dict[str, object]) -> str:
    if row["low"] is None:
        return f"{row['value']:.10g}"
    return f"{row['low']:.10g}..{row['high']:.10g}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
