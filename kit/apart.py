"""A report made in a process of its own, which can be stopped whatever it is at.

A page that takes for ever to set, a library that crashes, memory that runs out: none of it ends the process
that asked for the report.
"""

import errno
import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kit import errors, run
from kit.errors import KitError, NotebookError
from kit.execute import Limits, Progress

MEMORY = 2_000_000_000  # bytes that a report is taken to need: one of 23 speeches took 0.93 GB
GRACE = 10.0  # seconds in which a process that is asked to end may tidy up
_LOOK = 0.2  # seconds after which one looks whether to stop
_TOLD = 2000  # characters of what a process said before it died
# what a disk, a mount or a host may answer once and not the next time
_PASSING = frozenset(
    getattr(errno, name)
    for name in "EAGAIN EBUSY ECONNABORTED ECONNREFUSED ECONNRESET EHOSTDOWN EHOSTUNREACH EINTR ENETDOWN"
    " ENETRESET ENETUNREACH ENOTCONN ESTALE ETIMEDOUT".split()
    if hasattr(errno, name)
)


@dataclass(frozen=True, slots=True)
class Order:
    """A report to be made: into which folder, with what in its record, and what it may take."""

    report: run.Report
    final: Path
    kept: Path  # for the executed notebooks of a failure
    record: Mapping[str, Any]
    limits: Limits
    seconds: float  # in all


def make(order: Order, progress: Progress, stop: threading.Event) -> None:
    """Make a report as ordered; return when it stands whole in its folder.

    Raises the KitError that it failed with, and NotebookError where its process died, or took longer
    than it may. When `stop` is set it is ended, and KitError raised. Nothing is left of it in any case.
    """
    with (
        tempfile.TemporaryDirectory(
            prefix="kit-"
        ) as scratch,  # goes, even where the process is killed
        tempfile.TemporaryFile() as said,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "kit.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=os.environ | {"TMPDIR": scratch},
            start_new_session=True,
        )
        try:
            answer = _follow(process, order, progress, stop)
        finally:
            _end(process)
        if answer is None:
            raise _died(process.returncode, order, said)
        if "error" in answer:
            raise _error(answer)


def _follow(
    process: "subprocess.Popen[bytes]", order: Order, progress: Progress, stop: threading.Event
) -> dict[str, Any] | None:
    """Give the order, and return the last answer; None where the process ended without one."""
    assert process.stdin
    assert process.stdout
    end = time.monotonic() + order.seconds
    with suppress(BrokenPipeError):  # it has died already
        process.stdin.write(pickle.dumps(order))
        process.stdin.flush()
    answers: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(process.stdout, answers), daemon=True).start()
    at = "the notebooks"
    while True:
        try:
            line = answers.get(timeout=_LOOK)
        except queue.Empty:
            if stop.is_set():
                raise KitError("stopped") from None
            # a notebook that takes too long is told by its process, with the cell
            if time.monotonic() > end + GRACE / 2:
                raise NotebookError(
                    f"{order.final}: the report takes longer than {order.seconds:.0f} s; it was at {at}"
                ) from None
            continue
        if not line:
            return None
        answer: dict[str, Any] = json.loads(line)
        if "step" not in answer:
            return answer
        at = f"what comes after {answer['step']}"
        progress(answer["step"])


def _listen(pipe: IO[bytes], answers: "queue.Queue[bytes]") -> None:
    for line in pipe:
        answers.put(line)
    answers.put(b"")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that may have ended: it is asked, then made to; so is what it leaves behind."""
    assert process.stdin
    assert process.stdout
    with suppress(OSError):
        process.stdin.close()
    if process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)  # it has given its last answer
    for ask in (process.terminate, process.kill):
        if process.poll() is None:
            ask()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=GRACE)
    # the process that its kernels are forked from ends them and itself when it is alone
    deadline = time.monotonic() + GRACE / 3
    while _group(process.pid, 0) and time.monotonic() < deadline:
        time.sleep(0.02)
    _group(process.pid, signal.SIGKILL)
    process.stdout.close()


def _group(number: int, signum: int) -> bool:
    """Send a signal to a group of processes; return whether there is one."""
    try:
        os.killpg(number, signum)
    except (OSError, AttributeError):
        return False
    return True


def _died(code: int, order: Order, said: IO[bytes]) -> KitError:
    """Return the error for a process that ended without an answer, with the last that it said."""
    said.seek(0)
    text = said.read()[-_TOLD:].decode("utf-8", "replace").strip()
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    error = NotebookError(
        f"{order.final}: the process that makes the report {how}. Was memory short?"
        + (f"\n{text}" if text else "")
    )
    error.may_pass = True
    return error


def _error(answer: Mapping[str, Any]) -> KitError:
    kind = getattr(errors, answer["error"], KitError)
    error: KitError = kind(answer["message"])
    error.may_pass = answer["may_pass"]
    return error


def width(parts: int) -> int:
    """Return how many reports are made at a time: each needs two cores and some memory."""
    if parts < 2:
        return 1
    import psutil  # noqa: PLC0415 (comes with the kernels)

    free: int = min(psutil.virtual_memory().available, _granted())
    return max(1, min(parts, (os.cpu_count() or 1) // 2, free // MEMORY))


def _granted() -> int:
    """Return the bytes of memory that a container may still take."""
    group = Path("/sys/fs/cgroup")
    try:
        most = int((group / "memory.max").read_text())
        taken = int((group / "memory.current").read_text())
        kinds = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        return (
            most - taken + int(kinds["inactive_file"])
        )  # files that it keeps only while there is room
    except (OSError, ValueError, KeyError):  # no such system, or no limit: "max"
        return 2**63


def may_pass(error: BaseException) -> bool:
    """Return whether what failed so may go well the second time."""
    if isinstance(error, KitError) and error.may_pass:
        return True
    cause = error if isinstance(error, OSError) else error.__cause__
    return isinstance(cause, OSError) and cause.errno in _PASSING


def _serve() -> None:
    """Make the report that is ordered on standard input; say each step and the end on standard output."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer

    def say(**answer: Any) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    order: Order = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        run.make(
            order.report,
            order.final,
            lambda step: say(step=step),
            record=order.record,
            kept=order.kept,
            limits=order.limits,
        )
    except KitError as error:
        say(error=type(error).__name__, message=str(error), may_pass=may_pass(error))
    except Exception as error:
        what = f"an unexpected fault: {type(error).__name__}: {error}\n{_trace(error)}"
        say(error="KitError", message=what, may_pass=may_pass(error))
    else:
        say(done=True)


def _trace(error: Exception) -> str:
    return "".join(traceback.format_tb(error.__traceback__)[-4:])


def _end_with_parent() -> None:
    """Wait for the end of standard input: who gave the order has gone, and nobody waits for the report."""
    with suppress(OSError):
        while os.read(0, 1):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    _serve()
