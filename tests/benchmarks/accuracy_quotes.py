"""How often quotations are found, and their words, speakers and verbs right.

`tests/data/labels/quotes.csv` says what a person marked in sentences drawn at random, before the
program had read them: offsets only, so that it holds no text. Faults in the ``first`` set were
looked into and mended; the ``second`` was drawn and marked before that, and is what counts. Run it
from the root of the project:

    python tests/benchmarks/accuracy_quotes.py ../shared

It prints precision and recall of quotations (the words said overlap by 0.8 or more), and of those
found how often speaker, verb and kind are right.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import kit
from kit.corpus import Corpus
from kit.quotes.found import TERM, Said, found

LABELS = Path(__file__).parent.parent / "data" / "labels" / "quotes.csv"
OVERLAP = 0.8
NONE, SELF, ANY = "none", "@self", "?"


class Label(NamedTuple):
    """One line of the labelled file: a sentence (by its bounds) and what is quoted in it, or ``none``."""

    part: str
    corpus: str
    document: str
    paragraph: int
    start: int
    end: int
    kind: str
    speaker: str
    verb: str
    words_paragraph: int
    words_start: int
    words_end: int


def labels(path: Path = LABELS) -> list[Label]:
    """Read the labelled file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [Label(*r[:3], *map(int, r[3:6]), *r[6:9], *(int(x or 0) for x in r[9:])) for r in rows]


def overlap(said: Said, label: Label) -> float:
    """Return the characters that both have, of those that either has; a cue in the middle is neither."""
    pieces = [(w.start, w.end) for w in said.words if w.paragraph == label.words_paragraph]
    if not pieces or said.words[0].document != label.document:
        return 0.0
    own = {i for a, b in pieces for i in range(a, b)}
    gold = set(range(label.words_start, label.words_end))
    if len(pieces) > 1:  # what stands between the pieces is the cue
        gold -= set(range(pieces[0][1], pieces[-1][0]))
    return len(own & gold) / len(own | gold)


def same_name(speaker: str, label: Label, said: Said) -> bool:
    """Whether a speaker is one of those that the label allows."""
    if label.speaker == ANY:
        return True
    if said.own and SELF in label.speaker.split("~"):
        return True
    # *Dulles* of a label is right as *John Foster Dulles*
    name = _plain(speaker)
    return any(
        name == x or (x and name.endswith(f" {x}")) for x in map(_plain, label.speaker.split("~"))
    )


def _plain(name: str) -> str:
    words = name.lower().replace("\u2019", "'").strip(' ."\u201c\u201d').split()
    return " ".join(w for w in words if w not in ("the", "a", "an"))


def belongs(said: Said, label: Label) -> bool:
    """Whether a quotation is one of the label's sentence: its cue, or without one its words."""
    at = said.cue or said.words[0]
    return (at.document, at.paragraph) == (label.document, label.paragraph) and (
        label.start <= at.start < label.end
    )


class Score(NamedTuple):
    """Counts of one run."""

    labelled: int
    given: int
    right: int
    speaker: int
    speakers: int
    verb: int
    kind: int
    wrong: list[str]

    def line(self, name: str) -> str:
        """Return the counts as people read them."""
        if not self.labelled or not self.given or not self.right:
            return f"{name}: {self.labelled} labelled, {self.given} given, {self.right} right"
        return (
            f"{name}: {self.labelled} labelled, {self.given} given, {self.right} right: precision "
            f"{self.right / self.given:.2f}, recall {self.right / self.labelled:.2f}; speaker "
            f"{self.speaker / max(self.speakers, 1):.2f}, verb {self.verb / self.right:.2f}, kind "
            f"{self.kind / self.right:.2f}"
        )


def score(corpus: Corpus, marked: list[Label], *, terms: bool = False) -> Score:
    """Compare what is found in a corpus with the labels of it; `terms` asks for terms alone."""
    gold = [m for m in marked if m.kind != NONE and (m.kind == TERM) == terms]
    sentences = {m[:6]: m for m in marked}.values()
    said = [s for s in found(corpus) if (s.kind == TERM) == terms]
    by_document: dict[str, list[int]] = defaultdict(list)
    for j, s in enumerate(said):
        by_document[s.words[0].document].append(j)
    pairs = sorted(
        (
            (near + (0.001 if g.verb and said[j].verb.name.startswith(g.verb) else 0), -i, -j)
            for i, g in enumerate(gold)
            for j in by_document[g.document]
            if (near := overlap(said[j], g)) >= OVERLAP
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    for _, i, j in pairs:
        if -i not in matched and -j not in matched.values():
            matched[-i] = -j
    used = set(matched.values())
    in_sentences = [
        j for m in sentences for j in by_document[m.document] if j in used or belongs(said[j], m)
    ]
    in_sentences = list(dict.fromkeys(in_sentences))
    wrong = []
    counts: Counter[str] = Counter()
    for i, g in enumerate(gold):
        if i not in matched:
            wrong.append(f"missed {g}")
            continue
        s = said[matched[i]]
        counts["asked"] += g.speaker != ANY
        name = same_name(s.speaker, g, s)
        verb = g.verb in ("", ANY) or any(s.verb.name.startswith(v) for v in g.verb.split("~"))
        verb = verb and bool(g.verb) == bool(s.verb.name)
        counts["speaker"] += name and g.speaker != ANY
        counts["verb"] += verb
        counts["kind"] += s.kind == g.kind
        if not (name and verb):
            wrong.append(f"other {s.speaker!r} {s.verb.name!r} for {g}")
    wrong.extend(
        f"spurious {said[j].kind} {said[j].speaker!r} {said[j].verb.name!r} {said[j].words}"
        for j in in_sentences
        if j not in used
    )
    return Score(
        len(gold), len(in_sentences), len(matched), counts["speaker"], counts["asked"],
        counts["verb"], counts["kind"], wrong,
    )  # fmt: skip


def corpora(shared: Path, marked: list[Label]) -> dict[str, Corpus]:
    """Return the labelled documents of each corpus: only they are parsed."""
    read = {}
    for name in dict.fromkeys(m.corpus for m in marked):
        ids = {m.document for m in marked if m.corpus == name}
        path = shared / "seeds" if name == "seeds" else shared / "corpora" / name
        read[name] = kit.read(path).where(lambda d, ids=ids: d.id in ids)  # type: ignore[misc]
    return read


def total(scores: list[Score]) -> Score:
    """Return the sum of several scores."""
    sums = [sum(s[i] for s in scores) for i in range(7)]
    return Score(*sums, [w for s in scores for w in s.wrong])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("shared", type=Path)
    parser.add_argument("--wrong", choices=("first", "second"), help="list what is wrong in a set")
    asked = parser.parse_args()
    marked = labels()
    read = corpora(asked.shared, marked)
    for part in ("first", "second"):
        for terms in (False, True):
            what = f"{part} set, {'terms' if terms else 'quotations'}"
            scores = []
            for name, corpus in read.items():
                mine = [m for m in marked if (m.part, m.corpus) == (part, name)]
                if mine:
                    scores.append(score(corpus, mine, terms=terms))
                    sys.stdout.write(scores[-1].line(f"{what}, {name}") + "\n")
            every = total(scores)
            sys.stdout.write(every.line(what) + "\n")
            if asked.wrong == part:
                sys.stdout.write("\n".join(every.wrong) + "\n")


if __name__ == "__main__":
    main()
