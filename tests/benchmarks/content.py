"""How long themes, names, times, quotations and stance of a corpus take: cold, and with parses kept.

Each round is a process of its own: what needs no parse with nothing kept; then all of it with nothing
kept; then all of it again, with what the round before has kept. Reading the texts is counted.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import kit
from kit.corpus import Corpus

Step = tuple[str, Callable[[Corpus], object]]
WITHOUT_PARSE: tuple[Step, ...] = (
    ("themes", kit.themes.prominence),
    (
        "themes in time",
        lambda c: (kit.themes.latest(c), kit.themes.moved(c), kit.themes.changes(c)),
    ),
    ("themes together", kit.themes.together),
    ("topics", lambda c: (kit.themes.topics(c), kit.themes.uncovered(c))),
    ("dates", lambda c: kit.times.dates(c, about=False)),
    ("anniversaries", kit.times.calendar),
)
WITH_PARSE: tuple[Step, ...] = (
    ("names", kit.names.names),
    ("names together, order, news", lambda c: (
        kit.names.together(c), kit.names.order(c), kit.names.precedence(c), kit.names.news(c))),
    ("dates with what they are about", kit.times.dates),
    ("quantities", kit.times.numbers),
    ("quotations", lambda c: (kit.quotes.quotes(c), kit.quotes.speakers(c))),
    ("modality, firmness, markers", lambda c: (
        kit.stance.modality(c), kit.stance.firmness(c), kit.stance.markers(c))),
    ("praise and blame, persons, outlook", lambda c: (
        kit.stance.evaluation(c), kit.stance.persons(c), kit.stance.outlook(c),
        kit.stance.announcements(c))),
    ("who does what", lambda c: (kit.stance.actions(c), kit.stance.agents(c))),
)  # fmt: skip


def timed(source: str, steps: tuple[Step, ...]) -> Iterator[tuple[str, float]]:
    """Yield each step and its seconds."""
    start = time.perf_counter()
    corpus = kit.read(source)
    yield "read", time.perf_counter() - start
    for name, step in steps:
        start = time.perf_counter()
        step(corpus)
        yield name, time.perf_counter() - start


def main() -> None:
    """Run the three rounds, or one of them in this process."""
    source = sys.argv[1]
    if len(sys.argv) > 2:
        steps = WITHOUT_PARSE if sys.argv[2] == "plain" else WITHOUT_PARSE + WITH_PARSE
        total = 0.0
        for name, seconds in timed(source, steps):
            total += seconds
            print(f"  {name:36} {seconds:7.2f}", flush=True)
        print(f"  {'all':36} {total:7.2f}", flush=True)
        return
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        for title, cache, what in (
            ("no parse, nothing kept", one, "plain"),
            ("all, nothing kept", other, "all"),
            ("all, parses kept", other, "all"),
        ):
            print(title, flush=True)
            environment = {**os.environ, "READOUT_CACHE": cache}
            subprocess.run([sys.executable, __file__, source, what], env=environment, check=True)


if __name__ == "__main__":
    main()
