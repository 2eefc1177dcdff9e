"""Counts of words beside conc, scikit-learn and NLTK: the same texts, the same tasks, one run.

Run by ``make bench-wording``, or ``python tests/benchmarks/wording.py CORPUS.csv.gz --peers PYTHON``,
where PYTHON is that of an environment with ``requirements-peers.txt``. The corpus is read by the kit and
given to all tools as it reads it: clean, in paragraphs. Linux only: memory is read from /proc.

Compared are a build from texts in memory to a store that answers, and on that store: frequency of
words, concordance of a word and of a phrase, collocates, keyness, and n-grams of 2 to 5 words. It is
done at three sizes: about 100,000 words (whole texts of the corpus, evenly spaced), the corpus as it
is, and 10 million words made from it: the sentences of each text shuffled again and again, in texts of
some 300 words. Those have the vocabulary of the corpus alone and repeat what it says; they tell how
time grows, nothing about language.

Each tool works in a process of its own, one after the other. Imports are done before the clock starts;
garbage is collected before each try; the best of 3 tries counts (of 5 for a build; no further try
after a minute). The first try is one call and stands beside the best, as stores that fill when first asked
are full by the second; what a tool then keeps differs: conc and scikit-learn have counted words when they
are built, the kit counts, labels and sorts them when it is first asked. Later tries call for a fifth of a
second and give the mean of a call: of one short call alone, half is memory that went cold meanwhile.

Not like for like, where no code can make it so:

- Words differ: conc has spaCy's English rules (a blank pipeline: no tagger, which it would not use),
  scikit-learn and NLTK have ``\\w+``, the kit its own. ``counted`` tells what an answer covers:
  lines of a concordance, else the sum of its counts; ``!`` where it is over 5 % off the first tool's.
  On a page it is not compared: other rows come first.
- Answers are whole lists, unless a task says "a page": the 20 first rows.
- The kit keeps sentences, paragraphs and offsets and ties rows to them, and its rows of words and
  n-grams have spellings, texts and intervals; conc's have none (texts are an option, left off).
  NLTK keeps a list of words; scikit-learn counts of words by text, no order: no concordance, no
  collocates, and n-grams read the text again.
- conc reads the texts from CSV and writes its store to disk. The kit's build is timed in memory; that it
  then keeps a large one on disk is not, and its queries run on that, memory-mapped.
- conc sorts its lines by the words to the right; the others have them in reading order.
- conc and the kit give effect and significance, NLTK a log-likelihood by its own measure in a loop
  written here (its collocation finder counts every pair of the whole text), scikit-learn chi-squared.
- n-grams: conc and the kit let none reach over a stop or comma; scikit-learn and NLTK do not see those.
"""

import argparse
import datetime as dt
import functools
import importlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tool import (
    CONTEXT,
    FEWEST,
    MINIMUM,
    PAGE,
    PHRASE,
    TASKS,
    UNFINISHED,
    WINDOW,
    WORD,
    Text,
    measure,
    memory,
)

# ---- the kit


class Kit:
    """Our own, in the environment of the project."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.kit = importlib.import_module("kit")
        modules = ("collocation", "concordance", "counts", "keyness", "ngrams", "tokens")
        self.m = {name: importlib.import_module(f"kit.{name}") for name in modules}
        for name in ("pyarrow.compute", "sentencex"):  # what a build imports when it first needs it
            importlib.import_module(name)
        self.texts = texts
        self.halves: list[Any] = []
        self.cache = tempfile.TemporaryDirectory()
        os.environ["READOUT_CACHE"] = self.cache.name

    def tasks(self) -> dict[str, Callable[[], Any]]:
        return {
            "build": self.build,
            "words": self.words,
            "words, a page": functools.partial(self.words, top=PAGE),
            "kwic word": functools.partial(self.kwic, WORD),
            "kwic word, a page": functools.partial(self.kwic, WORD, top=PAGE),
            "kwic phrase": functools.partial(self.kwic, PHRASE),
            "collocates": self.collocates,
            "keyness": self.keyness,
            "keyness, a page": functools.partial(self.keyness, top=PAGE),
            "3-grams, a page": functools.partial(self.ngrams, 3, top=PAGE),
            **{f"{n}-grams": functools.partial(self.ngrams, n) for n in (2, 3, 4, 5)},
        }

    def build(self) -> Any:
        self.corpus = self._corpus(self.texts)
        built = self.m["tokens"].build(self.corpus)
        built.positions(WORD)  # words are folded and their places sorted when first asked for
        return built

    def words(self, **page: int) -> Any:
        return self.m["counts"].words(self.corpus, content=False, **page)

    def kwic(self, query: str, **page: int) -> Any:
        return self.m["concordance"].kwic(self.corpus, query, window=CONTEXT, **page)

    def keyness(self, **page: int) -> Any:
        earlier, later = self.halves
        return self.m["keyness"].keyness(earlier, reference=later, minimum=1, **page)

    def collocates(self) -> Any:
        return self.m["collocation"].collocates(
            self.corpus, WORD, window=WINDOW, within="document", content=False, minimum=FEWEST
        )

    def ngrams(self, size: int, **page: int) -> Any:
        return self.m["ngrams"].ngrams(
            self.corpus, size=size, minimum=MINIMUM, within="marks", **page
        )

    def prepare(self, task: str) -> None:
        self.m["tokens"].of(self.corpus)
        if task.startswith("keyness") and not self.halves:
            middle = len(self.texts) // 2
            self.halves = [
                self._corpus(part) for part in (self.texts[:middle], self.texts[middle:])
            ]
            for half in self.halves:
                self.m["tokens"].of(half)

    def counts(self, answer: Any) -> list[int]:
        if not hasattr(answer, "table"):
            return [len(answer)]
        frame = answer.table
        return frame["count"].tolist() if "count" in frame else [1] * len(frame)

    def _corpus(self, texts: Sequence[Text]) -> Any:
        return self.kit.Corpus(
            tuple(
                self.kit.Document(
                    id=text.id,
                    title="",
                    date=dt.date.fromisoformat(text.date),
                    paragraphs=text.paragraphs,
                    language="en",
                    source=text.id,
                    sha256="",
                )
                for text in texts
            )
        )


# ---- the texts

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")
_WORD = re.compile(r"\w+")
SMALL, LARGE = 100_000, 10_000_000
PIECE = 300  # words of a text of the large corpus
PARAGRAPH = 4  # sentences
SEED = 20_250_101


def corpora(path: Path, sizes: Sequence[str]) -> Iterator[tuple[str, list[Text]]]:
    """Yield (what it is, texts) for each size that is wanted."""
    # as the kit reads it, clean and in paragraphs, so that all tools get the very same text
    read = importlib.import_module("kit").read(path)
    whole = [Text(d.id, d.date.isoformat(), d.paragraphs) for d in read if d.date]
    whole.sort(key=lambda text: (text.date, text.id))
    total = words(whole)
    for size in sizes:
        if size == "small":
            step = max(1, round(total / SMALL))
            yield f"one in {step} texts of {path.name}", whole[::step]
        elif size == "whole":
            yield path.name, whole
        else:
            yield (
                f"sentences of {path.name} shuffled within their texts (seed {SEED}), repeated, "
                f"in texts of {PIECE} words",
                repeated(whole, LARGE),
            )


def repeated(texts: Sequence[Text], size: int) -> list[Text]:
    """Return texts of `size` words in all, made of the sentences of these, in order of date."""
    draw = random.Random(SEED)
    made: list[Text] = []
    number = 0
    while True:
        for text in draw.sample(texts, len(texts)):
            sentences = [s for p in text.paragraphs for s in _SENTENCE.split(p)]
            draw.shuffle(sentences)
            for piece in _pieces(sentences):
                made.append(Text(f"{text.id}-{len(made):06d}", text.date, piece))
                number += words(made[-1:])
                if number >= size:
                    return sorted(made, key=lambda made: (made.date, made.id))


def _pieces(sentences: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield sentences by some PIECE words, in paragraphs."""
    piece: list[str] = []
    number = 0
    for i, sentence in enumerate(sentences, start=1):
        piece.append(sentence)
        number += len(_WORD.findall(sentence))
        if number >= PIECE or i == len(sentences):
            yield tuple(" ".join(piece[j : j + PARAGRAPH]) for j in range(0, len(piece), PARAGRAPH))
            piece, number = [], 0


def words(texts: Sequence[Text]) -> int:
    """Return how many words texts have, by ``\\w+``."""
    return sum(len(_WORD.findall(paragraph)) for text in texts for paragraph in text.paragraphs)


# ---- the run

TOOLS = ("kit", "conc", "scikit-learn", "nltk")
OFF = 0.05  # share by which counts of two tools may differ unmarked
Line = dict[str, Any]


def run(tool: str, python: str, path: Path, most: float) -> dict[str, Line]:
    """Return what a tool took for each task; one that takes more than `most` MB is stopped there."""
    script = __file__ if tool == "kit" else str(Path(__file__).with_name("peers.py"))
    lines: dict[str, Line] = {}
    left = list(TASKS)
    while left:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = subprocess.Popen(
                [python, script, "--one", tool, str(path), *left],
                stdout=out,
                stderr=err,
                env=_alone(),
            )
            why = ""
            while process.poll() is None:
                time.sleep(0.2)
                if memory(process.pid, "VmRSS") > most:
                    process.kill()
                    why = f"stopped: over {most:,.0f} MB"
            out.seek(0)
            lines.update((line["task"], line) for line in map(json.loads, out))
            err.seek(0)
            why = why or (err.read().strip().splitlines() or ["no message"])[-1]
        if process.returncode == 0:
            break
        # the task that was begun is given up; a new process does those after it
        failed = next(
            (task for task in left if lines.get(task, {}).get("failed") == UNFINISHED), ""
        )
        if failed in {"", "build"}:
            lines["build"] = {"task": "build", "failed": why}
            break
        lines[failed] = {"task": failed, "failed": why}
        left = left[left.index(failed) + 1 :]
    return lines


def _alone() -> dict[str, str]:
    """Return the environment without what would change how Python finds packages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def show(results: dict[str, dict[str, Line]]) -> None:
    """Print what each tool took, beside the first one."""
    first = next(iter(results))
    print(
        f"{'task':18} {'tool':12} {'best ms':>10} {'times':>7} {'first ms':>10} {'CPU ms':>10} tries"
        f" {'peak MB':>8} {'rows':>9} {'counted':>11}"
    )
    for task in TASKS:
        base = results[first].get(task, {})
        for tool, lines in results.items():
            line = lines.get(task, {"failed": "-"})
            if "failed" in line:
                print(f"{task:18} {tool:12} {line['failed']}")
                continue
            ratio, off = "", ""
            if "best" in base:
                ratio = f"{line['best'] / base['best']:.3g}x"
                apart = abs(line["counted"] - base["counted"]) > OFF * base["counted"]
                off = "!" if apart and not task.endswith("a page") else ""
            best, earliest, cpu = (f"{1000 * line[t]:10,.2f}" for t in ("best", "first", "cpu"))
            print(
                f"{task:18} {tool:12} {best} {ratio:>7} {earliest} {cpu} {line['tries']:5}"
                f" {line['megabytes']:8,.0f} {line['rows']:9,} {line['counted']:11,}{off}"
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Counts of words beside other tools.")
    parser.add_argument("corpus", type=Path, help="gzipped CSV with the columns id, date, text")
    parser.add_argument("--peers", help="the Python that has requirements-peers.txt")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS)
    sizes = ("small", "whole", "large")
    parser.add_argument("--sizes", nargs="+", choices=sizes, default=sizes)
    parser.add_argument("--memory", type=float, default=12, help="GB that a tool may take")
    given = parser.parse_args()
    if given.peers is None and set(given.tools) != {"kit"}:
        parser.error("--peers is needed, or --tools kit")
    print(
        f"{os.cpu_count()} processors of which {len(os.sched_getaffinity(0))} may be used (nproc)"
    )
    for name, texts in corpora(given.corpus, given.sizes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "texts.jsonl"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(vars(text)) + "\n" for text in texts)
            print(f"\n{words(texts):,} words in {len(texts):,} texts: {name}")
            results = {}
            for tool in given.tools:
                python = sys.executable if tool == "kit" else given.peers
                load_before = os.getloadavg()[0]
                results[tool] = run(tool, python, path, given.memory * 1000)
                print(
                    f"load average before {tool} {load_before:.1f}, after {os.getloadavg()[0]:.1f}"
                )
            show(results)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(Kit, Path(sys.argv[3]), sys.argv[4:])
    else:
        main()
