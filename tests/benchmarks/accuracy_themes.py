"""How well themes are found: precision and recall on paragraphs labelled by hand.

    python tests/benchmarks/accuracy_themes.py [--set held-out] [--language en] [--errors]

The labels are in tests/data/labels (text, paragraph, themes; no text of the corpora); the corpora are
read from ../shared. `--errors` lists what was missed and wrongly found: for the tuning set alone.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import kit
from kit import themes
from kit.corpus import Corpus, Document
from kit.lexicon import load
from kit.measures.intervals import wilson

PROJECT = Path(__file__).parent.parent.parent
LABELS = PROJECT / "tests" / "data" / "labels"
SHARED = PROJECT.parent / "shared"
FILES = {
    "seed": "seeds",
    "ungdc-p5": "corpora/ungdc-p5.csv.gz",
    "leader-speeches-en": "corpora/leader-speeches-en",
    "fomc-statements": "corpora/fomc-statements",
    "sotu": "corpora/sotu.jsonl",
    "work-reports-zh": "corpora/work-reports-zh.jsonl",
}
Found = Callable[[Corpus], dict[str, set[str]]]  # ids of themes by id of document


@dataclass(frozen=True)
class Labelled:
    """A paragraph, or a stretch of one in texts that have no paragraphs, with its themes."""

    key: str
    source: str
    text: str
    themes: frozenset[str]


@dataclass(frozen=True)
class Score:
    """How often a theme was found rightly, wrongly and not."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """Share of what there is that was found."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both."""
        return share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def share(part: int, whole: int) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if whole else None


def labelled(shared: Path, which: str, language: str = "en") -> list[Labelled]:
    """Return the labelled paragraphs of a set (held-out, keyword, tuning, seed)."""
    name = "themes.csv" if language == "en" else f"themes-{language}.csv"
    with (LABELS / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == which]
    read = {
        source: kit.read((PROJECT if source == "seed" else shared) / FILES[source])
        for source in dict.fromkeys(row["source"] for row in rows)
    }
    found = []
    for row in rows:
        document = read[row["source"]][row["text"]]
        if int(row["paragraph"]) > len(document.paragraphs):
            continue  # the licence under the text, which is not read any more
        text = document.text(int(row["paragraph"]))
        start, end = int(row["start"] or 0), int(row["end"] or len(text))
        key = f"{row['source']}/{row['text']}/{row['paragraph']}/{start}"
        found.append(
            Labelled(key, row["source"], text[start:end], frozenset(row["labels"].split()))
        )
    return found


def find(items: Iterable[Labelled], language: str = "en", own: str = "") -> dict[str, set[str]]:
    """Return the themes that are found in each paragraph."""
    ids = {theme["name"]: theme["id"] for theme in load("themes")}
    corpus = Corpus(tuple(Document(i.key, "", None, (i.text,), language, i.key, "") for i in items))
    found: dict[str, set[str]] = {document.id: set() for document in corpus}
    finding = themes.by_paragraph(corpus, own=own)
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        found[spans[0].document].add(ids[row["theme"]])
    return found


def scores(items: list[Labelled], found: dict[str, set[str]]) -> dict[str, Score]:
    """Return the score of each theme, in the order of the lexicon."""
    made = {}
    for theme in (entry["id"] for entry in load("themes")):
        pairs = [(theme in item.themes, theme in found[item.key]) for item in items]
        made[theme] = Score(
            pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False))
        )
    return made


def micro(by_theme: dict[str, Score]) -> Score:
    """Return the score over all themes and paragraphs at once."""
    every = by_theme.values()
    return Score(
        sum(s.right for s in every), sum(s.wrong for s in every), sum(s.missed for s in every)
    )


def macro(by_theme: dict[str, Score], figure: str) -> float:
    """Return the mean of a figure over the themes that have one."""
    values = [v for s in by_theme.values() if (v := getattr(s, figure)) is not None]
    return sum(values) / len(values)


def table(by_theme: dict[str, Score]) -> str:
    """Return the figures as a table in Markdown, with 95 % Wilson intervals."""
    whole = micro(by_theme)
    lines = [
        "| theme | labelled | found | precision | recall | F1 |",
        "|---|---|---|---|---|---|",
        *(_line(theme, s) for theme, s in by_theme.items()),
        _line("**all (micro)**", whole),
        f"| **mean of themes (macro)** | | | {macro(by_theme, 'precision'):.2f} "
        f"| {macro(by_theme, 'recall'):.2f} | {macro(by_theme, 'f1'):.2f} |",
    ]
    return "\n".join(lines)


def _line(name: str, s: Score) -> str:
    there, found = s.right + s.missed, s.right + s.wrong
    f1 = "-" if s.f1 is None else f"{s.f1:.2f}"
    return f"| {name} | {there} | {found} | {_share(s.right, found)} | {_share(s.right, there)} | {f1} |"


def _share(part: int, whole: int) -> str:
    if not whole:
        return "-"
    low, high = wilson(part, whole)
    return f"{part / whole:.2f} ({float(low):.2f}-{float(high):.2f})"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="held-out")
    parser.add_argument("--language", default="en")
    parser.add_argument("--errors", action="store_true", help="list them: for the tuning set")
    given = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is not there: no corpora to measure on")
    items = labelled(SHARED, given.set, given.language)
    found = find(items, given.language)
    by_theme = scores(items, found)
    print(f"{len(items)} paragraphs of the set {given.set}, {given.language}\n")
    print(table(by_theme))
    for source in dict.fromkeys(item.source for item in items):
        part = micro(scores([i for i in items if i.source == source], found))
        print(f"{source}: precision {_share(part.right, part.right + part.wrong)}, "
              f"recall {_share(part.right, part.right + part.missed)}")  # fmt: skip
    if given.errors:
        for item in items:
            wrong, missed = found[item.key] - item.themes, item.themes - found[item.key]
            if wrong or missed:
                print(f"\n{item.key} wrong: {sorted(wrong)} missed: {sorted(missed)}\n{item.text}")


if __name__ == "__main__":
    main()
