"""How well names are found in English: ours beside plain spaCy, on sentences marked by hand.

Run as ``python tests/benchmarks/accuracy_names.py ../shared/corpora``. It reads whole texts, which
takes some minutes where their parses are not kept; ``--alone`` gives ours, like spaCy, each sentence by
itself. The marks are in tests/data/labels/names.csv, how they were made in docs/names.md.
"""

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import kit
from kit import gazetteer, names
from kit.annotate.model import MODEL
from kit.corpus import Corpus, Document

LABELS = Path(__file__).parent.parent / "data" / "labels" / "names.csv"
FILES = {
    "leader-speeches-en": "leader-speeches-en",
    "fomc-statements": "fomc-statements",
    "sotu": "sotu.jsonl",
    "ungdc-p5": "ungdc-p5.csv.gz",
}
EITHER = "either"  # marked as neither right nor wrong
PLAIN = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "NORP": "place",
    "FAC": "facility", "EVENT": "event", "LAW": "document", "WORK_OF_ART": "document",
}  # fmt: skip
DRAWS, SEED = 2000, 1


class Name(NamedTuple):
    """A name in a sentence: its bounds in the paragraph, its kind, and what it stands for."""

    start: int
    end: int
    kind: str
    name: str


class Marked(NamedTuple):
    """A sentence and the names marked in it; of a name several forms may be right."""

    sample: str
    corpus: str
    text: str
    paragraph: int
    start: int
    end: int
    names: tuple[Name, ...]


class Score(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


Predicted = list[list[Name]]  # for each sentence
Agree = Callable[[Name, Name], bool]


def marked() -> list[Marked]:
    """Return the marked sentences, in the order of the file."""
    grouped: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = tuple(
                row[c]
                for c in ("sample", "corpus", "text", "paragraph", "sentence_start", "sentence_end")
            )
            found = grouped[key]
            if row["kind"]:
                found.append(Name(int(row["start"]), int(row["end"]), row["kind"], row["name"]))
    return [
        Marked(s, c, t, int(p), int(a), int(b), tuple(found))
        for (s, c, t, p, a, b), found in grouped.items()
    ]


def corpora(folder: Path) -> dict[str, Corpus]:
    """Return the corpora by name."""
    return {name: kit.read(folder / file) for name, file in FILES.items()}


def ours(sentences: Iterable[Marked], read: Mapping[str, Corpus], *, alone: bool) -> Predicted:
    """Return what ``names.mentions`` finds in each sentence, in its text or by itself."""
    sentences = list(sentences)
    found: dict[tuple[str, str, int], list[tuple[int, Name]]] = defaultdict(list)
    for name, corpus in read.items():
        mine = [s for s in sentences if s.corpus == name]
        asked = {s.text for s in mine}
        part = _cut(mine, corpus) if alone else corpus.where(lambda d, asked=asked: d.id in asked)
        for m in names.mentions(part):
            where, shift = m.span.document.split("@") if alone else (m.span.document, "0")
            at = int(shift)
            kept = Name(m.span.start + at, m.span.end + at, m.kind, m.name)
            found[name, where, m.span.paragraph].append((at, kept))
    result: Predicted = []
    for s in sentences:
        if alone:
            here = [n for at, n in found[s.corpus, f"{s.text}#{s.paragraph}", 1] if at == s.start]
        else:
            here = [n for _, n in found[s.corpus, s.text, s.paragraph]]
        result.append([n for n in here if s.start <= n.start and n.end <= s.end])
    return result


def _cut(sentences: Iterable[Marked], corpus: Corpus) -> Corpus:
    cut = []
    for s in sentences:
        d = corpus[s.text]
        text = d.text(s.paragraph)[s.start : s.end]
        cut.append(
            Document(f"{s.text}#{s.paragraph}@{s.start}", "", d.date, (text,), "en", d.source, "")
        )
    return Corpus(tuple(cut))


def plain(sentences: Iterable[Marked], read: Mapping[str, Corpus]) -> Predicted:
    """Return what spaCy's model finds, its labels as our kinds, without article and possessive."""
    import spacy  # noqa: PLC0415

    nlp = spacy.load(MODEL)
    result: Predicted = []
    sentences = list(sentences)
    texts = [read[s.corpus][s.text].text(s.paragraph)[s.start : s.end] for s in sentences]
    for s, doc in zip(sentences, nlp.pipe(texts), strict=True):
        here = []
        for e in doc.ents:
            if e.label_ in PLAIN:
                written = e.text.rstrip()
                end = e.start_char + len(written.removesuffix("'s").removesuffix("\u2019s"))
                start = e.start_char + (4 if written[:4].lower() == "the " else 0)
                name = doc.text[start:end]
                here.append(Name(s.start + start, s.start + end, PLAIN[e.label_], name))
        result.append(here)
    return result


def exact(a: Name, b: Name) -> bool:
    """Whether two names have the same bounds and kind."""
    return (a.start, a.end, a.kind) == (b.start, b.end, b.kind)


def bounds(a: Name, b: Name) -> bool:
    """Whether two names have the same bounds, whatever their kind."""
    return (a.start, a.end) == (b.start, b.end)


def overlapping(a: Name, b: Name) -> bool:
    """Whether two names of the same kind share a character."""
    return a.kind == b.kind and a.start < b.end and b.start < a.end


def resolved(right: Name, found: Name) -> bool:
    """Whether a name overlaps, is of the same kind and is told to stand for the right thing."""
    if not overlapping(right, found):
        return False
    return _citation(found.name) in {_citation(n) for n in right.name.split(";")}


def _citation(name: str) -> str:
    known = gazetteer.english().get(gazetteer.folded(name))
    return gazetteer.folded(known[0] if known else name).casefold()


MEASURES: dict[str, Agree] = {
    "exact bounds and kind": exact,
    "overlap and kind": overlapping,
    "exact bounds": bounds,
    "overlap, kind and right name": resolved,
}


def counted(right: Marked, found: list[Name], agree: Agree) -> tuple[int, int, int]:
    """Return (right, found, wanted) of a sentence; each name answers for one."""
    wanted = [n for n in right.names if n.kind != EITHER]
    free = [n for n in right.names if n.kind == EITHER]
    left = list(wanted)
    hits = misses = 0
    for name in found:
        at = next((i for i, n in enumerate(left) if agree(n, name)), None)
        if at is not None:
            del left[at]
            hits += 1
        elif not any(n.start < name.end and name.start < n.end for n in free):
            misses += 1
    return hits, hits + misses, len(wanted)


def score(counts: Iterable[tuple[int, int, int]]) -> Score:
    """Return the score of sentences' counts taken together."""
    right, found, wanted = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = right / found if found else 0.0, right / wanted if wanted else 0.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


def difference(
    ours: list[tuple[int, int, int]], other: list[tuple[int, int, int]]
) -> tuple[float, float]:
    """Return the 95 % interval of the difference in F1, sentences drawn anew (percentile bootstrap)."""
    draw = random.Random(SEED)
    among = range(len(ours))
    differences = []
    for _ in range(DRAWS):
        drawn = draw.choices(among, k=len(ours))
        differences.append(score(ours[i] for i in drawn).f1 - score(other[i] for i in drawn).f1)
    differences.sort()
    return differences[int(0.025 * DRAWS)], differences[int(0.975 * DRAWS) - 1]


def main(folder: Path, *, alone: bool) -> None:
    """Print the scores of both, for each sample and together."""
    read = corpora(folder)
    sentences = marked()
    found = {"ours": ours(sentences, read, alone=alone), "plain spaCy": plain(sentences, read)}
    for sample in ("random", "titled", "fresh", "all"):
        chosen = [i for i, s in enumerate(sentences) if sample in (s.sample, "all")]
        wanted = sum(n.kind != EITHER for i in chosen for n in sentences[i].names)
        print(f"\n{sample}: {len(chosen)} sentences, {wanted} names")
        for measure, agree in MEASURES.items():
            counts = {
                who: [counted(sentences[i], names[i], agree) for i in chosen]
                for who, names in found.items()
            }
            low, high = difference(counts["ours"], counts["plain spaCy"])
            for who, each in counts.items():
                print(f"  {measure:30} {who:12} P {score(each).precision:.3f} "
                      f"R {score(each).recall:.3f} F1 {score(each).f1:.3f}")  # fmt: skip
            print(f"  {'':30} difference in F1, 95 %: {low:+.3f} to {high:+.3f}")
    print("\nBy kind (exact bounds and kind):")
    for kind in names.KINDS:
        for who, each in found.items():
            mine = [
                counted(
                    s._replace(names=tuple(n for n in s.names if n.kind in (kind, EITHER))),
                    [n for n in here if n.kind == kind],
                    exact,
                )
                for s, here in zip(sentences, each, strict=True)
            ]
            wanted = sum(n for _, _, n in mine)
            print(f"  {kind:13} {wanted:4}  {who:12} P {score(mine).precision:.3f} "
                  f"R {score(mine).recall:.3f} F1 {score(mine).f1:.3f}")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), alone="--alone" in sys.argv)
