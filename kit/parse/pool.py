"""Read files side by side in processes that can be stopped, results in the order of the files."""

import contextlib
import datetime as dt
import errno
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kit.corpus import LeftOut
from kit.errors import WriteError
from kit.parse import forms
from kit.parse.record import Options
from kit.parse.sidecar import Override
from kit.parse.worker import NO_ROOM, Result, from_json

SECONDS = 60  # without a result after which a file is given up
BATCH = 200  # plain files that one order has; costly ones go one by one
HELD = 8  # portions of at most PORTION bytes that wait to be taken before a process is held back
PORTION = 2**20
PAUSE = 0.004  # seconds in which a process that reads small files has more to say
# Not the folder where the command is run, which may hold a json.py, but where this kit is.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from kit.parse import worker; "
    "del sys.path[0]; worker.serve()"
)
_HERE = str(Path(__file__).parents[2])

File = tuple[str, str, str]  # path, the name it is shown by, the folder it must lie in
Portion = list[Result]
Answers = queue.Queue[Portion | WriteError | None]


@dataclass(frozen=True, slots=True)
class Order:
    """What each file is read with."""

    options: Options
    today: dt.date
    overrides: dict[str, Override]


def read_in_processes(
    files: list[File], order: Order, processes: int, progress: Callable[[int, int], None]
) -> Iterator[Result]:
    """Yield what the files give, in their order.

    A process that gives nothing for SECONDS, or dies, is ended; its file is reported and the next
    one goes to a new process. Only a few orders ahead of the one being given are read. Raises WriteError
    where the machine has no room to read.
    """
    batches = list(_batches(files))
    waiting: queue.Queue[tuple[list[File], Answers] | None] = queue.Queue()
    processes = max(1, min(processes, len(batches)))
    readers = [_Reader(waiting, order) for _ in range(processes)]
    ahead: deque[tuple[int, Answers]] = deque()
    done = 0
    try:
        for reader in readers:
            reader.start()
        for batch in [*batches, *[None] * (2 * processes)]:
            if batch is not None:
                answers: Answers = queue.Queue(HELD)
                waiting.put((batch, answers))
                ahead.append((len(batch), answers))
            if ahead and (batch is None or len(ahead) > 2 * processes):
                size, first = ahead.popleft()
                while (portion := first.get()) is not None:
                    if isinstance(portion, WriteError):
                        raise portion
                    yield from portion
                done += size
                progress(done, len(files))
    finally:
        for reader in readers:
            reader.stop()
            waiting.put(None)
        for reader in readers:
            reader.join()


def _batches(files: list[File]) -> Iterator[list[File]]:
    batch: list[File] = []
    for file in files:
        costly = forms.is_costly(file[1])
        if batch and (costly or batch[0][2] != file[2] or len(batch) == BATCH):
            yield batch
            batch = []
        batch.append(file)
        if costly:
            yield batch
            batch = []
    if batch:
        yield batch


class _Process:
    """One reading process and what it has said but nobody has taken yet."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, _HERE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._rest = b""

    def order(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):  # the answer will say that it is gone
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def answers(self, *, soon: bool) -> list[bytes]:
        """Return the next answers, none where there are none in time; EOFError at the end.

        `soon` is false where it may wait a little, so that many are taken at once.
        """
        assert self._process.stdout
        pipe = self._process.stdout.fileno()
        until = time.monotonic() + SECONDS
        while (left := until - time.monotonic()) > 0:
            if not select.select([pipe], [], [], left)[0]:
                break
            if not soon:
                time.sleep(PAUSE)
            read = os.read(pipe, PORTION)
            if not read:
                raise EOFError
            if b"\n" not in read:  # a long text in parts
                self._rest += read
                until = time.monotonic() + SECONDS
                continue
            *lines, self._rest = (self._rest + read).split(b"\n")
            return lines
        return []

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()


class _Reader(threading.Thread):
    """Takes batches and has them read, in a process that is replaced when it fails."""

    def __init__(self, waiting: "queue.Queue[tuple[list[File], Answers] | None]", order: Order):
        super().__init__(daemon=True, name="reader of files")
        self._waiting, self._order = waiting, order
        self._process: _Process | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """End what is being read; the thread ends by itself then."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.kill()

    def run(self) -> None:
        """Read batches until there are none."""
        while (job := self._waiting.get()) is not None:
            files, answers = job
            while files and not self._stopped:
                try:
                    files = self._read(files, answers)
                except WriteError as error:
                    self._end()
                    self._put(answers, error)
                    files = []
                except Exception as error:  # the one who waits must not wait for ever
                    self._end()
                    reason = f"its reader failed: {error}"
                    left = [LeftOut(name, reason, "report this") for _, name, _ in files]
                    self._put(answers, left)  # type: ignore[arg-type]
                    files = []
            self._put(answers, None)
        self._end()

    def _end(self) -> None:
        if self._process:
            self._process.close()
        self._process = None

    def _read(self, files: list[File], answers: Answers) -> list[File]:
        """Pass on the answers for files; return those that must be read anew."""
        with self._lock:
            if self._stopped:
                return []
            try:
                self._process = self._process or _Process()
            except OSError as error:
                if error.errno not in NO_ROOM | {errno.EAGAIN, errno.ENOMEM}:
                    raise
                what = "the process that reads files cannot be started"
                raise WriteError(
                    f"{what}: {error.strerror}. Is the machine short of memory?"
                ) from error
        self._process.order(_message(files, self._order))
        at = 0
        while at < len(files):
            try:
                lines = self._process.answers(soon=len(files) - at < BATCH // 2)
                reason = f"its reader gave nothing for {SECONDS} seconds"
            except EOFError:
                lines = []
                reason = "its reader died: too much memory, or a damaged file"
            if self._stopped:
                return []
            if not lines:
                self._end()
                left = LeftOut(files[at][1], reason, "look whether the file is damaged")
                self._put(answers, [left])
                return files[at + 1 :]
            portion: Portion = []
            for line in lines:
                answer = json.loads(line)
                if "no room" in answer:
                    raise WriteError(answer["no room"])
                if "done" in answer:
                    at += 1
                else:
                    portion.append(from_json(answer))
            self._put(answers, portion)
        return []

    def _put(self, answers: Answers, portion: Portion | WriteError | None) -> None:
        while not self._stopped:
            with contextlib.suppress(queue.Full):
                answers.put(portion, timeout=0.2)
                return


def _message(files: list[File], order: Order) -> dict[str, Any]:
    overrides = order.overrides
    said = {name: overrides[name] for _, name, _ in files if name in overrides}
    return {
        "files": [[path, name] for path, name, _ in files],
        "base": files[0][2],
        "options": asdict(order.options),
        "today": order.today.isoformat(),
        "overrides": {name: asdict(override) for name, override in said.items()},
    }
