"""What a tool does in ``wording.py``, and how it is timed, in the process of that tool alone."""

import gc
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

WORD, PHRASE = "sovereignty", "human rights"
WINDOW = 5  # words on each side in which collocates are sought
CONTEXT = 8  # words on each side of a concordance line
MINIMUM = 10  # occurrences that an n-gram needs
FEWEST = 5  # times that a collocate stands near the word
PAGE = 20  # rows of a first page
TASKS = (
    *("build", "words", "words, a page", "kwic word", "kwic word, a page", "kwic phrase"),
    *("collocates", "keyness", "keyness, a page"),
    *("2-grams", "3-grams", "3-grams, a page", "4-grams", "5-grams"),
)


@dataclass(frozen=True)
class Text:
    """A text of the benchmark."""

    id: str
    date: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


class Tool(Protocol):
    """What a tool must offer: a method or value for each task, none for what it cannot do."""

    texts: Sequence[Text]

    def tasks(self) -> dict[str, Callable[[], Any]]:
        """Return what is timed, by the name of its task; ``build`` is there."""

    def prepare(self, task: str) -> None:
        """Do what the task needs and is not timed, after the build."""

    def counts(self, answer: Any) -> list[int]:
        """Return the count of each row of an answer."""


TRIES = 3
BUILDS = 5
ENOUGH = 60  # seconds after which no further try is made
SHORTEST = 0.2  # seconds of a try after the first: as timeit does, it calls until they are over
UNFINISHED = "begun"  # what is said of a task until it is done


def measure(make: Callable[[Sequence[Text]], Tool], path: Path, tasks: Sequence[str]) -> None:
    """Do tasks, and print a JSON line for each: seconds, CPU seconds, megabytes, rows, counted."""
    tool = make(list(load(path)))
    timed = tool.tasks()
    if tasks[0] != "build":
        timed["build"]()
    for task in tasks:
        if task not in timed:
            continue
        print(json.dumps({"task": task, "failed": UNFINISHED}), flush=True)
        if task != "build":
            tool.prepare(task)
        times: list[tuple[float, float]] = []
        tries = BUILDS if task == "build" else TRIES
        _forget_peak()
        while len(times) < tries and sum(seconds for seconds, _ in times) < ENOUGH:
            answer = None  # the one before is no part of the memory of this try
            gc.collect()
            shortest = SHORTEST if times and task != "build" else 0.0
            calls, start, cpu = 0, time.perf_counter(), time.process_time()
            while calls == 0 or time.perf_counter() - start < shortest:
                answer = timed[task]()
                calls += 1
            taken = time.perf_counter() - start, time.process_time() - cpu
            times.append((taken[0] / calls, taken[1] / calls))
            if len(times) == 1:
                peak = _peak()  # of a try beside which no other answer is held
        counts = tool.counts(answer)
        best = min(times)
        line = {
            "task": task,
            "best": best[0],
            "cpu": best[1],
            "first": times[0][0],
            "tries": len(times),
            "megabytes": peak,
            "rows": len(counts),
            "counted": sum(counts),
        }
        print(json.dumps(line), flush=True)


def load(path: Path) -> Iterator[Text]:
    """Yield the texts of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Text(row["id"], row["date"], tuple(row["paragraphs"]))


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")  # sets VmHWM back to what is held now


def _peak() -> float:
    # not ru_maxrss: a process inherits that of the one which started it
    return memory(os.getpid(), "VmHWM")


def memory(process: int, what: str) -> float:
    """Return a figure of a process's memory in MB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0
