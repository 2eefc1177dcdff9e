"""How many triples of subject, verb and object are right: 200 of three corpora, read by hand.

They were drawn at random (a fixed seed) after the rules were made on others, each read in its sentence
and marked right where actor, verb and object stand in that relation there. The labels have places and
words only; the texts are those of the corpora folder.
"""

import csv
import sys
from pathlib import Path

import kit
from kit.measures.intervals import wilson

LABELS = Path(__file__).parent.parent / "data" / "labels" / "actions.csv"


def measure(corpora: Path, *sources: str) -> tuple[int, int, int]:
    """Return how many labelled triples are given as they were, of them right, and right ones lost.

    Of some sources, by default of all. Only texts with labels are read: a parse takes its time.
    """
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = [x for x in csv.DictReader(file) if not sources or x["source"] in sources]
    given: set[tuple[str, ...]] = set()
    texts = {label["text"] for label in labels}
    for source in sorted({label["source"] for label in labels}):
        corpus = kit.read(corpora / source).where(lambda d: d.id in texts)
        found = kit.stance.actions(corpus, top=10**9)
        for row, spans in zip(found.rows, found.evidence, strict=True):
            for s in spans:
                place = (s.document, str(s.paragraph), str(s.start), str(s.end))
                given.add((source, *place, row["actor"], row["object"]))
    keys = "source text paragraph start end actor object".split()
    kept = [label for label in labels if tuple(label[key] for key in keys) in given]
    right = sum(label["right"] == "1" for label in kept)
    return len(kept), right, sum(label["right"] == "1" for label in labels) - right


def main() -> None:
    """Print the share of right triples with its interval."""
    kept, right, lost = measure(Path(sys.argv[1]))
    low, high = wilson(right, kept)
    print(
        f"{right} of {kept} triples right, {right / kept:.1%} ({float(low):.1%} to {float(high):.1%}); "
        f"{lost} right ones no longer given"
    )


if __name__ == "__main__":
    main()
