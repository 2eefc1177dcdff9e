"""How long the parse of a corpus takes: made anew, read again, and what is built upon it.

Run by ``make bench-parse``, or ``python tests/benchmarks/parse.py SOURCE [--texts N] [--plain]``. The parse
is made in an empty cache of its own. With --plain spaCy is timed beside it in one process as it comes, on
its own tokens of every eighth text, and what that says of all is printed too.

Printed are seconds on the clock, processor seconds of all processes, and words a second.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from typing import Any

import kit
from kit import annotate, gazetteer, tokens
from kit.annotate import model
from kit.corpus import Corpus
from kit.tokens import relations, syntax

STEP = 8  # spaCy as it comes reads every eighth text


def timed(name: str, words: int, make: Callable[[], Any]) -> Any:
    """Print how long something takes, and return it."""
    clock, processor = time.perf_counter(), _processor()
    made = make()
    took, used = time.perf_counter() - clock, _processor() - processor
    print(f"{name:44}{took:10.2f} s{used:10.2f} s{words / max(took, 1e-9):14,.0f}", flush=True)
    return made


def _processor() -> float:
    """Return the processor seconds of this process and of those that it has ended."""
    mine = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in mine)


def _forget() -> None:
    annotate.annotate.cache_clear()
    annotate.columns.cache_clear()


def plain(corpus: Corpus) -> None:
    """Parse every eighth text with spaCy as it comes."""
    import spacy  # noqa: PLC0415

    nlp = spacy.load(model.MODEL, exclude=["lemmatizer", "senter"])
    some = list(corpus)[::STEP]
    words = sum(len(text.split()) for d in some for _, text in d.passages())
    whole = sum(len(text.split()) for d in corpus for _, text in d.passages())
    clock = time.perf_counter()
    timed(
        f"spaCy as it comes, {len(some)} texts",
        words,
        lambda: [list(nlp.pipe(text for _, text in d.passages())) for d in some],
    )
    print(f"{'  all texts at that rate':44}{(time.perf_counter() - clock) * whole / words:10.2f} s")


def main() -> None:
    """Time the parse of a source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--texts", type=int, help="only so many texts")
    parser.add_argument("--plain", action="store_true", help="time spaCy as it comes too")
    given = parser.parse_args()
    read = kit.read(given.source)
    corpus = Corpus(read.documents[: given.texts], read.left_out, read.name)
    t = tokens.of(corpus)
    print(f"{len(corpus):,} texts, {len(t):,} words, {len(os.sched_getaffinity(0))} cores")
    print(f"{'':44}{'clock':>12}{'processor':>12}{'words/s':>14}")
    if given.plain:
        plain(corpus)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["READOUT_CACHE"] = folder
        timed("parse, nothing kept", len(t), lambda: annotate.columns(corpus))
        _forget()
        timed("parse, kept", len(t), lambda: annotate.annotate(corpus))
    texts = [text for d in corpus for _, text in d.passages()]
    gazetteer.find("")
    timed("gazetteer", len(t), lambda: [gazetteer.find(text) for text in texts])
    timed("syntax", len(t), lambda: syntax.of(t))
    timed("relations", len(t), lambda: relations.of(t))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of a worker: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
