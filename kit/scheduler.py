"""The long-lived scheduler: it sleeps until something is due, and has it run by a process of its own."""

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kit import apart, schedule
from kit.errors import KitError
from kit.recipe import FOLDER
from kit.schedule import Clock, Standing, clock

AGAIN = dt.timedelta(minutes=1)  # before a recipe that could not be begun is tried once more
SLICE = 30.0  # seconds that one sleeps at most: the clock may jump, recipes may change
LOOK = 0.5  # seconds between two looks at reports that are being made
END = 60.0  # seconds in which reports that are to end may do so


class Child(Protocol):
    """A process that runs what is due of one recipe."""

    def poll(self) -> int | None:
        """Return its exit code; None while it is at work."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


def begin(name: str, at: dt.datetime) -> Child:
    """Start a process that runs what is due of a recipe as of a moment; a Ctrl-C does not reach it."""
    command = [sys.executable, "-m", "kit.cli", "due", name, "--quiet", "--at", schedule.text(at)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def serve(
    folder: Path = FOLDER,
    *,
    now: Clock = clock,
    sleep: Callable[[float], None] = time.sleep,
    start: Callable[[str, dt.datetime], Child] = begin,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Run what is due, when it is due, until it is interrupted; then end what is at work, and return never.

    Each recipe is run by a process of its own, side by side as far as cores and memory go. The clock and the
    recipes are looked at every half minute at least: a machine that slept, a clock that was set, a recipe
    that was edited are seen then. `say` gets one line for each event. `start` is given where it is not
    `kit due` that is to run them.
    """
    server = _Server(folder, now, start, say)
    try:
        while True:
            sleep(server.turn())
    finally:
        server.end(sleep)


class _Server:
    """What a long-lived scheduler knows: what is at work, what was tried when, what was said."""

    def __init__(
        self,
        folder: Path,
        now: Clock,
        start: Callable[[str, dt.datetime], Child],
        say: Callable[[str], None],
    ) -> None:
        self._folder, self._now, self._start, self._say = folder, now, start, say
        self._at_work: dict[str, Child] = {}
        self._tried: dict[str, tuple[tuple[object, ...], dt.datetime]] = {}
        self._queue: dict[str, tuple[tuple[object, ...], dt.datetime]] = {}
        self._said: dict[str, str] = {}
        self._seen: dict[str, Standing] = {}
        self._wake: dt.datetime | None = None
        self._looked: dt.datetime | None = None

    def turn(self) -> float:
        """Do what there is to be done now; return the seconds until the next look."""
        at = self._now()
        ended = self._reap()
        jumped = self._looked is not None and at < self._looked
        if ended or jumped or self._wake is None or at >= self._wake:
            self._look(at)
        self._begin(at)
        assert self._wake is not None
        left = max(0.0, (self._wake - self._now()).total_seconds())
        return min(left, LOOK if self._at_work else SLICE, SLICE)

    def _look(self, at: dt.datetime) -> None:
        self._looked = at
        try:
            standings = schedule.look(self._folder, now=lambda: at, record=True)
        except (
            KitError,
            OSError,
        ) as error:  # the disk is full, the mount is away: it may come back
            self._once("", f"{error}")
            self._wake = at + AGAIN
            return
        self._once("", "")
        found = {one.name: one for one in standings}
        self._news(found, at)
        self._seen = found
        self._queue = {n: q for n, q in self._queue.items() if n in found and found[n].to_do}
        for name, one in found.items():
            if one.to_do and self._may(name, one, at):
                self._queue.setdefault(name, (one.to_do, at))
        ends = [one.next for one in standings if one.next]
        self._wake = min([*ends, at + dt.timedelta(seconds=SLICE)])

    def _may(self, name: str, one: Standing, at: dt.datetime) -> bool:
        """Whether a recipe is to be begun: not again at once where that led to nothing."""
        what, when = self._tried.get(name, ((), at))
        again = not dt.timedelta() <= at - when < AGAIN
        return name not in self._at_work and (what != one.to_do or again)

    def _begin(self, at: dt.datetime) -> None:
        many = len(self._queue) + len(self._at_work)
        for name, (what, when) in sorted(self._queue.items(), key=lambda item: item[1][1]):
            if name in self._at_work or len(self._at_work) >= apart.width(many):
                continue
            del self._queue[name]
            self._tried[name] = (what, at)
            self._say(f"{name}: due; it is begun")
            try:
                self._at_work[name] = self._start(name, when)
            except OSError as error:  # no memory, too many processes: tried again in a minute
                self._say(f"{name}: it cannot be begun: {error.strerror}")

    def _reap(self) -> bool:
        codes = {name: child.poll() for name, child in self._at_work.items()}
        for name, code in codes.items():
            if code is not None:
                del self._at_work[name]
                how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
                if code:  # what it did it has said itself
                    self._say(f"{name}: {how}")
        return any(code is not None for code in codes.values())

    def _news(self, found: Mapping[str, Standing], at: dt.datetime) -> None:
        """Say which recipes came, went, changed or broke."""
        for name in self._said.keys() - found.keys() - {""}:
            del self._said[name]
            self._say(f"{name}: no schedule any more")
        for name, one in found.items():
            if one.error:
                self._once(name, f"{name}: {one.error}")
            elif one.recipe and one.next:
                self._said.setdefault(name, "")
                was = self._seen.get(name)
                if (
                    was is None
                    or was.recipe is None
                    or schedule.of(was.recipe) != schedule.of(one.recipe)
                ):
                    expression, zone = schedule.of(one.recipe)
                    self._said[name] = ""
                    self._say(
                        f"{name}: {expression} {zone}, next {schedule.told_in(one.next, zone)}"
                    )

    def _once(self, name: str, text: str) -> None:
        if text and self._said.get(name) != text:
            self._say(text)
        if name or text:
            self._said[name] = text
        else:
            self._said.pop("", None)

    def end(self, sleep: Callable[[float], None]) -> None:
        """End what is at work; what is half made by it goes with it."""
        for name, child in self._at_work.items():
            self._say(f"{name}: it is asked to end")
            with suppress(OSError):
                child.terminate()
        try:
            for _ in range(int(END / LOOK)):
                self._reap()
                if not self._at_work:
                    break
                sleep(LOOK)
        finally:  # also when it is interrupted once more
            for child in self._at_work.values():
                with suppress(OSError):
                    child.kill()
            self._say("the scheduler ends")
