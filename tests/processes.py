"""What the tests need to see of other processes."""

import time
from collections.abc import Callable

import psutil


def marked(mark: str) -> list[psutil.Process]:
    """Return the living processes that were started with `mark` in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("READOUT_TEST") == mark:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return [p for p in found if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def wait(until: Callable[[], object], seconds: float) -> bool:
    """Return whether `until` came to hold within so many seconds."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
