"""Locks that die with the process that holds them: a killed run never blocks the next."""

import errno
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.errors import BusyError, WriteError
from kit.ledger import now

_TAKEN = (errno.EAGAIN, errno.EACCES)
_LOOK = 0.3  # seconds that one tries: who looks at a lock has it for a moment


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, and since when, as they wrote into its file."""

    host: str = ""
    pid: int = 0
    since: str = ""


@contextmanager
def held(path: Path, what: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of a file while the block runs; another process waits for it, or gives up.

    Raises BusyError, which names `what` and who holds it, where another one has it and `wait` is
    false. The file stays when the lock goes: whoever waits for it must find the same one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise WriteError(f"{path}: the lock cannot be written ({error.strerror})") from error
    try:
        if not _take(handle, path, wait=wait):
            there = _written(path)
            who = (
                f" (process {there.pid} on {there.host}, since {there.since})" if there.pid else ""
            )
            raise BusyError(f"{what} is at work already{who}. --wait waits for its end")
        with suppress(OSError):  # a full disk: nobody learns who it is, but the lock holds
            os.ftruncate(handle, 0)
            mine = Holder(platform.node(), os.getpid(), now())
            os.pwrite(handle, json.dumps(asdict(mine)).encode(), 0)
        yield
    finally:
        with suppress(OSError):  # nothing that counts was written through it
            os.close(handle)


def holder(path: Path) -> Holder | None:
    """Return who holds a lock now; None where nobody does."""
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        handle = os.open(path, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return _written(path) if error.errno in _TAKEN else None
    finally:
        os.close(handle)
    return None


def _take(handle: int, path: Path, *, wait: bool) -> bool:
    try:
        import fcntl  # noqa: PLC0415
    except ImportError as error:
        raise WriteError("recipes run on Linux and macOS: this system has no flock") from error
    end = time.monotonic() + _LOOK
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            if error.errno not in _TAKEN:
                raise WriteError(f"{path}: no lock can be had there ({error.strerror})") from error
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        else:
            return True


def _written(path: Path) -> Holder:
    try:
        return Holder(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Holder()
