"""Parse many texts side by side, shared with whoever wants the same parses at the same time.

Each text belongs to the process that holds its lock. Where there is much to do worker processes fill
the store, no more on a machine than it has cores, whoever started them; a process that finds all of
these places taken waits. Whatever a worker leaves undone (it may be killed) is parsed by the process
that wanted it.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from kit.annotate import store, worker
from kit.annotate.columns import Columns
from kit.annotate.store import Passages

# Characters from which workers are worth it: one process reads them in about the two seconds that a
# worker takes to start.
WORTH = 200_000
PAUSE = 0.2  # seconds between looks at what other processes have done
# Not the folder where the command is run, which may hold a json.py, but where this kit is.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from kit.annotate import worker; "
    "del sys.path[0]; worker.serve()"
)
_HERE = str(Path(__file__).parents[2])
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)

Progress = Callable[[int, int], None]
_watching: ContextVar[Progress | None] = ContextVar("_watching", default=None)


@contextlib.contextmanager
def watched(progress: Progress) -> Iterator[None]:
    """Call ``progress(done, of)`` as texts are parsed that are not kept yet."""
    token = _watching.set(progress)
    try:
        yield
    finally:
        _watching.reset(token)


def parsed(texts: Sequence[Passages]) -> list[Columns]:
    """Return the parses of texts; those that are not kept are made."""
    done = {i: found for i, text in enumerate(texts) if (found := store.stored(text))}
    missing = [i for i in range(len(texts)) if i not in done]
    count = _Count(len(missing))
    if sum(_size(texts[i]) for i in missing) >= WORTH and _cores() > 1:
        _fill([texts[i] for i in missing], count)
    # Several kernels of one report want the same parses: each takes what no other is at work on, and
    # only then waits for the rest.
    for wait in (False, True):
        for i in missing:
            if i in done:
                continue
            found = store.stored(texts[i]) or store.made(texts[i], wait=wait)
            if found is not None:
                done[i] = found
                count.reached(sum(i in done for i in missing))
    return [done[i] for i in range(len(texts))]


class _Count:
    """How many of the texts that were missing are done; it tells who is watching."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._done = 0
        self._progress = _watching.get()

    def reached(self, done: int) -> None:
        if done > self._done:
            self._done = done
            if self._progress:
                self._progress(done, self.total)


def _size(passages: Passages) -> int:
    return sum(map(len, passages))


def _cores() -> int:
    with contextlib.suppress(AttributeError):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _fill(texts: list[Passages], count: _Count) -> None:
    """Have workers fill the store, the longest texts first so that all end at about the same time."""
    left = sorted(texts, key=_size, reverse=True)
    while left:
        places = free_places(min(_cores(), len(left)))
        if places is None:
            return
        if places:
            _work(deque(left), places, count)
            return
        time.sleep(PAUSE)
        left = [text for text in left if not store.is_kept(text)]
        count.reached(count.total - len(left))


def free_places(most: int) -> list[IO[bytes]] | None:
    """Return a lock for each worker that may be started on this machine now.

    None where no locks are to be had, or nothing can be kept.
    """
    places: list[IO[bytes]] = []
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        store.folder().mkdir(parents=True, exist_ok=True)
        for number in range(_cores()):
            if len(places) == most:
                break
            file = (store.folder() / f"worker-{number}{store.LOCK}").open("ab")
            places.append(file)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                places.pop().close()
    except (ImportError, OSError):
        for place in places:
            place.close()
        return None
    return places


def _work(todo: deque[Passages], places: list[IO[bytes]], count: _Count) -> None:
    said: queue.SimpleQueue[bool] = queue.SimpleQueue()
    workers = [_Worker(todo, place, said) for place in places]
    done, at_work = count.total - len(todo), len(workers)
    try:
        for each in workers:
            each.start()
        while at_work:
            if said.get():
                done += 1
                count.reached(done)
            else:
                at_work -= 1
    finally:
        for each in workers:
            each.stop()
        for each in workers:
            each.join()


class _Worker(threading.Thread):
    """Gives texts to a process, one at a time; one that dies is replaced if it has done any."""

    def __init__(
        self, todo: deque[Passages], place: IO[bytes], said: "queue.SimpleQueue[bool]"
    ) -> None:
        super().__init__(daemon=True, name="parser of texts")
        self._todo, self._place, self._said = todo, place, said
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """End what is being parsed; the thread ends by itself then."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.kill()

    def run(self) -> None:
        """Have texts parsed until there are none; says True for each, False at the end."""
        try:
            with contextlib.suppress(OSError):  # no process is to be had
                while self._one_process():
                    pass
        finally:
            self._place.close()
            self._said.put(False)

    def _one_process(self) -> bool:
        """Give texts to one process until it dies; whether another is worth starting."""
        with self._lock:
            if self._stopped:
                return False
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, _HERE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD,
                pass_fds=[self._place.fileno()],  # its place is taken for as long as it lives
            )
        done, died = 0, False
        with contextlib.suppress(BrokenPipeError), self._process as process:
            assert process.stdin
            assert process.stdout
            try:
                for passages in self._texts():
                    died = True  # unless it answers
                    process.stdin.write(json.dumps(passages).encode() + b"\n")
                    process.stdin.flush()
                    answer = process.stdout.readline()
                    died = not answer
                    if answer != worker.KEPT:
                        break
                    done += 1
                    self._said.put(True)
            finally:
                process.kill()
        return died and done > 0

    def _texts(self) -> Iterator[Passages]:
        while True:
            try:
                yield self._todo.popleft()
            except IndexError:
                return
