"""The scheduler that stays: with a clock of its own, and as a process that is ended."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fakeruns
import pytest
from processes import marked, wait

from kit import apart, runs, schedule, scheduler
from kit.errors import WriteError

HERE = Path(__file__).parent
REPORTS = Path("reports")
HOUR, MINUTE, SECOND = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)
MONDAY = dt.datetime(2024, 5, 13, 7, tzinfo=dt.UTC)
DAILY = '[schedule]\ncron = "0 7 * * *"\nperiod = "day"\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(tmp_path)
    monkeypatch.setattr(apart, "width", lambda parts: max(1, parts))
    yield
    os.chdir(before)


class Stop(BaseException):
    """The end of a story."""


class World:
    """A clock that goes by what is slept, processes that take as long as they are told, and what was said."""

    def __init__(self, at: dt.datetime, seconds: float = 5) -> None:
        self.at, self.seconds = at, seconds
        self.said: list[str] = []
        self.begun: list[tuple[str, dt.datetime]] = []
        self.children: list[Child] = []
        self.events: list[tuple[dt.datetime, Callable[[], None]]] = []
        self.slept: list[float] = []

    def now(self) -> dt.datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += dt.timedelta(seconds=max(seconds, 0.001))
        while self.events and self.events[0][0] <= self.at:
            self.events.pop(0)[1]()

    def start(self, name: str, at: dt.datetime) -> "Child":
        self.begun.append((name, self.at))
        self.children.append(Child(self, name, at))
        return self.children[-1]

    def until(self, end: dt.datetime, *events: tuple[dt.datetime, Callable[[], None]]) -> None:
        """Let the scheduler go on until a moment."""

        def stop() -> None:
            raise Stop

        self.events = sorted([*events, (end, stop)], key=lambda event: event[0])
        with pytest.raises(Stop):
            scheduler.serve(now=self.now, sleep=self.sleep, start=self.start, say=self.said.append)


class Child:
    """A process that runs what is due after a while, as `kit due` does."""

    def __init__(self, world: World, name: str, at: dt.datetime) -> None:
        self.world, self.name, self.as_of = world, name, at
        self.ends = world.at + dt.timedelta(seconds=world.seconds)
        self.code: int | None = None
        self.asked: list[str] = []

    def poll(self) -> int | None:
        if self.code is None and self.world.at >= self.ends:
            did = schedule.due(names=[self.name], now=lambda: self.as_of, how=fakeruns.how())
            self.code = next((d.exit_code for d in did if d.exit_code), 0)
        return self.code

    def terminate(self) -> None:
        self.asked.append("terminate")
        self.code = -signal.SIGTERM

    def kill(self) -> None:
        self.asked.append("kill")


def stage(name: str = "weekly", more: str = DAILY) -> None:
    fakeruns.stage(Path.cwd(), more)
    if name != "weekly":
        (REPORTS / "weekly.toml").rename(REPORTS / f"{name}.toml")


def made() -> list[str]:
    return [f"{r.recipe} {r.due}" for r, _ in reversed(runs.history(REPORTS))]


def test_it_runs_what_is_due_at_its_second_and_sleeps_meanwhile() -> None:
    stage()
    world = World(MONDAY - 3 * HOUR)
    world.until(MONDAY + 30 * HOUR)
    assert [(name, at - MONDAY) for name, at in world.begun] == [
        ("weekly", dt.timedelta()),
        ("weekly", dt.timedelta(days=1)),
    ]
    assert max(world.slept) <= scheduler.SLICE
    assert len(world.slept) < 33 * 3600 / scheduler.SLICE + 60
    assert made() == ["weekly 2024-05-13T07:00:00+00:00", "weekly 2024-05-14T07:00:00+00:00"]
    assert world.said == [
        "weekly: 0 7 * * * UTC, next Mon 2024-05-13 07:00 UTC",
        "weekly: due; it is begun",
        "weekly: due; it is begun",
        "the scheduler ends",
    ]


def test_different_recipes_are_run_side_by_side_the_same_one_never() -> None:
    stage("b")
    stage("a", '[schedule]\ncron = "* * * * *"\n')
    world = World(MONDAY - SECOND, seconds=90)
    world.until(MONDAY + 200 * SECOND)
    assert world.begun[:2] == [("a", MONDAY), ("b", MONDAY)]
    again = [at - MONDAY for name, at in world.begun if name == "a"]
    assert again[1] >= 90 * SECOND
    assert len(again) == 3


def test_where_there_is_no_room_one_waits_and_is_not_missed_for_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "width", lambda parts: 1)
    stage("a", DAILY + 'catch_up = "none"\n')
    stage("b", DAILY + 'catch_up = "none"\n')
    world = World(MONDAY - SECOND, seconds=2 * 3600)
    world.until(MONDAY + 5 * HOUR)
    assert [name for name, _ in world.begun] == ["a", "b"]
    assert len(made()) == 2


def test_recipes_that_come_change_break_and_go_are_seen() -> None:
    stage()
    path = REPORTS / "weekly.toml"
    whole = path.read_text()
    world = World(MONDAY - HOUR)
    world.until(
        MONDAY + 4 * HOUR,
        (MONDAY - 50 * MINUTE, lambda: path.write_text("broken") and None),
        (MONDAY - 30 * MINUTE, lambda: path.write_text(whole) and None),
        (
            MONDAY + 10 * MINUTE,
            lambda: path.write_text(whole.replace("0 7", "30 8")) and None,
        ),
        (MONDAY + 2 * HOUR, path.unlink),
    )
    assert [at - MONDAY for _, at in world.begun] == [dt.timedelta(), 90 * MINUTE]
    said = [
        line.partition(":")[2].strip() if "TOML" not in line else "broken" for line in world.said
    ]
    assert said == [
        "0 7 * * * UTC, next Mon 2024-05-13 07:00 UTC",
        "broken",
        "0 7 * * * UTC, next Mon 2024-05-13 07:00 UTC",
        "due; it is begun",
        "30 8 * * * UTC, next Mon 2024-05-13 08:30 UTC",
        "due; it is begun",
        "no schedule any more",
        "",
    ]


def test_a_machine_that_slept_makes_up_for_it_at_once() -> None:
    stage(more=DAILY + 'catch_up = "all"\n')
    world = World(MONDAY - HOUR)

    def lid() -> None:
        world.at += dt.timedelta(days=2, hours=3)

    world.until(MONDAY + dt.timedelta(days=2, hours=6), (MONDAY - 30 * MINUTE, lid))
    assert world.begun[0][1] - MONDAY < dt.timedelta(days=2, hours=3)
    assert len(made()) == 3
    assert len(world.begun) == 1


def test_a_clock_that_is_set_back_runs_nothing_twice() -> None:
    stage()
    world = World(MONDAY - HOUR)

    def back() -> None:
        world.at -= 2 * HOUR

    world.until(MONDAY + 20 * MINUTE, (MONDAY + 10 * MINUTE, back))
    assert made() == ["weekly 2024-05-13T07:00:00+00:00"]


def test_what_led_to_nothing_is_tried_again_after_a_minute_not_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage()
    world = World(MONDAY - SECOND)

    def broken(name: str, at: dt.datetime) -> Any:
        world.begun.append((name, world.at))
        if len(world.begun) < 3:
            raise OSError(11, "Resource temporarily unavailable")
        world.children.append(Child(world, name, at))
        return world.children[-1]

    monkeypatch.setattr(world, "start", broken)
    world.until(MONDAY + 10 * MINUTE)
    pauses = [b[1] - a[1] for a, b in zip(world.begun, world.begun[1:], strict=False)]
    assert len(pauses) == 2
    assert all(MINUTE <= pause <= 2 * MINUTE for pause in pauses)
    assert "weekly: it cannot be begun: Resource temporarily unavailable" in world.said


def test_a_ledger_that_is_away_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stage()
    real = schedule.look
    world = World(MONDAY - HOUR)

    def look(*given: Any, **named: Any) -> Any:
        if MONDAY - 30 * MINUTE < world.at < MONDAY + 10 * MINUTE:
            raise WriteError("reports/.ledger.db: the ledger cannot be written or read")
        return real(*given, **named)

    monkeypatch.setattr(schedule, "look", look)
    world.until(MONDAY + HOUR)
    assert sum("ledger" in line for line in world.said) == 1
    assert made() == ["weekly 2024-05-13T07:00:00+00:00"]


def test_the_end_ends_what_is_at_work() -> None:
    stage()
    world = World(MONDAY - SECOND, seconds=9999)
    world.until(MONDAY + MINUTE)
    assert [child.asked for child in world.children] == [["terminate"]]
    assert world.said[-3:] == [
        "weekly: it is asked to end",
        "weekly: was killed by signal 15",
        "the scheduler ends",
    ]
    assert made() == []


def test_what_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage()
    monkeypatch.setattr(Child, "terminate", lambda self: self.asked.append("terminate"))
    world = World(MONDAY - SECOND, seconds=9999)
    world.until(MONDAY + MINUTE)
    assert [child.asked for child in world.children] == [["terminate", "kill"]]


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_as_a_process_it_is_ended_with_nothing_half(signum: int, code: int) -> None:
    stage(more='[schedule]\ncron = "* * * * *"\n')
    sleeping = "import time\nopen('begun', 'w').close()\ntime.sleep(600)"
    fakeruns.notebook(Path("tiny.ipynb"), code=sleeping)
    os.utime(REPORTS / "weekly.toml", (0, time.time() - 300))
    env = os.environ | {"PYTHONPATH": str(HERE.parent), "READOUT_TEST": f"scheduler-{signum}"}
    with subprocess.Popen(
        [sys.executable, "-m", "kit.cli", "schedule", "run"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert wait(lambda: any(Path.cwd().rglob("begun")), 60)
            process.send_signal(signum)
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == code, said
    assert "weekly: it is asked to end" in said
    assert "weekly: ended with code 143" in said
    assert [state for _, state in runs.history(REPORTS)] == ["interrupted"]
    assert sorted(p.name for p in REPORTS.iterdir()) == [".ledger.db", ".locks", "weekly.toml"]
    assert wait(lambda: not marked(f"scheduler-{signum}"), 10)
