"""What is due is run once: after missed days, by two at once, when the clock jumps, when a run fails."""

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakeruns
import pytest
from fakeruns import Post, how

from kit import locks, runs, schedule
from kit.channels import Made
from kit.errors import KitError, NotebookError, SendError, WriteError
from kit.ledger import Ledger
from kit.schedule import Done, Standing

HERE = Path(__file__).parent
REPORTS = Path("reports")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MONDAY = dt.datetime(2024, 5, 13, 7, tzinfo=dt.UTC)  # every day at seven
SUNDAY = MONDAY - 12 * HOUR
DAILY = '[schedule]\ncron = "0 7 * * *"\nperiod = "day"\n'
MAIL = '[mail]\nto = ["a@example.org"]\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


def stage(more: str = DAILY, seen: dt.datetime | None = SUNDAY) -> None:
    """Write a recipe, and let it be seen."""
    fakeruns.stage(Path.cwd(), more)
    if seen:
        assert due(seen) == []


def due(at: dt.datetime, **more: Any) -> list[Done]:
    asked = {"names": more.pop("names", ()), "told": more.pop("told", lambda done: None)}
    return schedule.due(now=lambda: at, how=how(more.pop("post", None), **more), **asked)


def look(at: dt.datetime) -> Standing:
    (one,) = schedule.look(now=lambda: at)
    return one


def ran(did: list[Done]) -> list[str]:
    """The day each run was due, with what became of it and the period."""
    return [f"{d.due:%a} {o.state} {o.period}" for d in did for o in d.outcomes if d.due]


def missed(did: list[Done]) -> list[str]:
    return [f"{due:%a}" for d in did for due in d.times]


def states() -> dict[str, str]:
    """What the ledger has of each time that was due."""
    with Ledger(REPORTS) as book:
        claims = book.dues("weekly", last=99, until="9999")
    return {f"{dt.datetime.fromisoformat(c.due):%a %H:%M}": c.state for c in reversed(claims)}


def failing(error: BaseException) -> Any:
    def make(*_: Any, **__: Any) -> None:
        raise error

    return make


def unsent(_: Made) -> None:
    raise SendError("the server is away")


# ---- once, and when it is time


def test_what_is_due_is_run_once_and_not_before() -> None:
    stage()
    assert due(MONDAY - dt.timedelta(seconds=1)) == []
    assert ran(due(MONDAY)) == ["Mon made 2024-05-12"]
    assert due(MONDAY) == []
    assert due(MONDAY + 3 * HOUR) == []
    assert ran(due(MONDAY + DAY)) == ["Tue made 2024-05-13"]
    assert states() == {"Mon 07:00": "made", "Tue 07:00": "made"}


def test_a_new_recipe_is_due_for_nothing_before_it_was_written() -> None:
    stage(seen=None)
    path = REPORTS / "weekly.toml"
    os.utime(path, (0, (MONDAY + dt.timedelta(minutes=1)).timestamp()))
    assert due(MONDAY + dt.timedelta(minutes=2)) == []
    assert due(MONDAY + 23 * HOUR) == []
    assert ran(due(MONDAY + DAY)) == ["Tue made 2024-05-13"]


def test_the_first_call_at_the_very_time_finds_it_due() -> None:
    stage(seen=None)
    os.utime(REPORTS / "weekly.toml", (0, SUNDAY.timestamp()))
    assert ran(due(MONDAY + dt.timedelta(minutes=4))) == ["Mon made 2024-05-12"]


def test_a_folder_that_was_copied_is_due_for_nothing_old() -> None:
    stage(DAILY + 'catch_up = "all"\n', seen=None)
    os.utime(REPORTS / "weekly.toml", (0, 0))
    assert due(MONDAY + 2 * HOUR) == []


def test_to_look_is_not_to_be_seen() -> None:
    stage(seen=None)
    os.utime(REPORTS / "weekly.toml", (0, SUNDAY.timestamp()))
    look(SUNDAY)
    with Ledger(REPORTS) as book:
        assert book.schedule("weekly") is None


@pytest.mark.parametrize(
    ("catch_up", "expected", "lost"),
    [
        ("none", [], ["Tue", "Wed", "Thu"]),
        ("last", ["Thu made 2024-05-15"], ["Tue", "Wed"]),
        (
            "all",
            ["Tue made 2024-05-13", "Wed made 2024-05-14", "Thu made 2024-05-15"],
            [],
        ),
    ],
)
def test_three_missed_days(catch_up: str, expected: list[str], lost: list[str]) -> None:
    stage(f'{DAILY}catch_up = "{catch_up}"\n')
    due(MONDAY)
    back = MONDAY + 3 * DAY + 5 * HOUR
    shown = look(back)
    assert [f"{d:%a}" for d in shown.missed] == lost
    did = due(back)
    assert (ran(did), missed(did)) == (expected, lost)
    assert due(back) == []
    there = states()
    assert list(there) == [f"{day} 07:00" for day in ("Mon", "Tue", "Wed", "Thu")]
    assert [day[:3] for day, state in there.items() if state == "missed"] == lost
    assert ran(due(MONDAY + 4 * DAY)) == ["Fri made 2024-05-16"]


def test_a_time_is_not_missed_that_is_a_little_late() -> None:
    stage(f'{DAILY}catch_up = "none"\n')
    assert ran(due(MONDAY + schedule.GRACE)) == ["Mon made 2024-05-12"]
    assert missed(due(MONDAY + DAY + schedule.GRACE + dt.timedelta(seconds=1))) == ["Tue"]
    did = due(MONDAY + 4 * DAY + schedule.GRACE / 2)
    assert (missed(did), ran(did)) == (["Wed", "Thu"], ["Fri made 2024-05-16"])


def test_since_the_last_report_leaves_no_day_out_whatever_was_missed() -> None:
    stage('[schedule]\ncron = "0 7 * * *"\nperiod = "since-last"\n')
    told = [*ran(due(MONDAY)), *ran(due(MONDAY + 3 * DAY)), *ran(due(MONDAY + 4 * DAY))]
    assert told == [
        "Mon made ..2024-05-12",
        "Thu made 2024-05-13..2024-05-15",
        "Fri made 2024-05-16",
    ]
    failed = due(MONDAY + 5 * DAY, make=failing(NotebookError("x")))
    assert ran(failed) == ["Sat failed 2024-05-17"]
    assert ran(due(MONDAY + 6 * DAY)) == ["Sun made 2024-05-17..2024-05-18"]


def test_a_year_off_is_made_up_for_within_bounds() -> None:
    stage('[schedule]\ncron = "* * * * *"\ncatch_up = "all"\n')
    one = look(MONDAY + 365 * DAY)
    assert len(one.waiting) == schedule.MOST
    assert one.waiting[-1] == MONDAY + 365 * DAY


def test_only_new_texts_make_a_report_and_the_time_is_done_with() -> None:
    stage(f"{DAILY}only_new = true\n")
    due(MONDAY)
    assert ran(due(MONDAY + DAY)) == ["Tue nothing new 2024-05-12"]
    assert states()["Tue 07:00"] == "nothing new"


# ---- what changes


def test_another_schedule_counts_from_when_it_was_written() -> None:
    stage(f'{DAILY}catch_up = "all"\n')
    due(MONDAY)
    stage('[schedule]\ncron = "0 3 * * *"\ncatch_up = "all"\n', seen=MONDAY + 5 * HOUR)
    assert ran(due(MONDAY + DAY)) == ["Tue made "]
    stage(f'{DAILY}catch_up = "all"\n', seen=MONDAY + 3 * DAY)
    assert ran(due(MONDAY + 4 * DAY)) == ["Fri made 2024-05-16"]


def test_a_schedule_that_was_taken_away_counts_anew() -> None:
    stage(f'{DAILY}catch_up = "all"\n')
    stage("", seen=MONDAY - HOUR)
    assert schedule.look(now=lambda: MONDAY) == []
    stage(f'{DAILY}catch_up = "all"\n', seen=MONDAY + 5 * DAY)
    assert ran(due(MONDAY + 6 * DAY)) == ["Sun made 2024-05-18"]


def test_a_broken_recipe_stops_no_other_and_is_due_when_it_is_mended() -> None:
    stage()
    (REPORTS / "a.toml").write_text("nope = 1")
    (REPORTS / "b.toml").write_text('source = "texts"\n[schedule]\ncron = "0 25 * * *"\n')
    (REPORTS / "c.toml").write_text(
        'source = "texts"\n[schedule]\ncron = "0 5 * * *"\nzone = "x"\n'
    )
    whole = (REPORTS / "weekly.toml").read_text()
    did = due(MONDAY)
    assert ran(did) == ["Mon made 2024-05-12"]
    errors = {d.name: str(d.error) for d in did if d.what == "broken"}
    assert "line 1: nope: no such key" in errors["a"]
    assert "line 3: schedule.cron: '0 25 * * *': 25 is no hour" in errors["b"]
    assert "line 4: schedule.zone: no time zone 'x'" in errors["c"]
    assert next(d.exit_code for d in did if d.error) == 9
    (REPORTS / "weekly.toml").write_text("broken")
    due(MONDAY + DAY)
    (REPORTS / "weekly.toml").write_text(whole)
    assert ran(due(MONDAY + DAY + HOUR)) == ["Tue made 2024-05-13"]


def test_a_clock_that_was_ahead_holds_nothing_back() -> None:
    stage()
    assert ran(due(MONDAY + 2000 * DAY))
    assert ran(due(MONDAY)) == ["Mon made 2024-05-12"]
    (REPORTS / ".ledger.db").unlink()
    assert due(MONDAY + 2000 * DAY + 3 * HOUR) == []  # seen then for the first time
    assert due(MONDAY + DAY - HOUR) == []  # seen anew
    assert ran(due(MONDAY + DAY)) == ["Tue made 2024-05-13"]


def test_a_ledger_of_before_there_were_schedules_goes_on() -> None:
    stage(seen=None)
    REPORTS.mkdir(exist_ok=True)
    with Ledger(REPORTS) as book:
        book.claim("weekly", "2024-05-12T07:00:00+00:00")
    db = sqlite3.connect(REPORTS / ".ledger.db")
    db.executescript(
        "ALTER TABLE dues DROP COLUMN state; DROP TABLE schedules; PRAGMA user_version = 1"
    )
    db.close()
    due(SUNDAY)
    assert ran(due(MONDAY)) == ["Mon made 2024-05-12"]
    assert states() == {"Sun 07:00": "", "Mon 07:00": "made"}


# ---- what fails


def test_a_run_that_failed_is_not_run_again_before_the_next_time() -> None:
    stage()
    did = due(MONDAY, make=failing(NotebookError("cell 3")))
    assert ran(did) == ["Mon failed 2024-05-12"]
    assert did[0].exit_code == 5
    assert due(MONDAY + HOUR) == []
    assert states() == {"Mon 07:00": "failed"}
    (again,) = runs.run(schedule.recipe.read(REPORTS / "weekly.toml"), how=how())
    assert again.state == "made"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)])
def test_a_run_that_was_ended_is_run_by_the_next(error: BaseException) -> None:
    stage()
    with pytest.raises(type(error)):
        due(MONDAY, make=failing(error))
    assert ran(due(MONDAY + dt.timedelta(minutes=5))) == ["Mon made 2024-05-12"]


def test_a_full_disk_leaves_the_time_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    stage()
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "begin", failing(WriteError("the ledger cannot be written")))
        did = due(MONDAY)
    assert [(d.what, d.exit_code) for d in did] == [("broken", 7)]
    assert ran(due(MONDAY + dt.timedelta(minutes=5))) == ["Mon made 2024-05-12"]


def test_an_unexpected_fault_is_told_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stage()
    with monkeypatch.context() as patch:
        patch.setattr(runs, "run", failing(ZeroDivisionError("x")))
        (did,) = due(MONDAY)
    assert isinstance(did.error, KitError)
    assert "ZeroDivisionError: x" in str(did.error)
    assert did.exit_code == 1


def test_what_another_process_runs_is_no_failure_and_not_missed() -> None:
    stage(f'{DAILY}catch_up = "none"\n')
    late = MONDAY + 2 * HOUR
    with locks.held(runs.lock_of(REPORTS, "weekly"), "it"):
        (did,) = due(late)
        assert (did.what, did.exit_code) == ("busy", 0)
        assert "at work already" in str(did.error)
    assert states() == {}
    assert missed(due(late)) == ["Mon"]


def test_what_was_not_sent_is_sent_again_less_and_less_often(tmp_path: Path) -> None:
    stage(DAILY + MAIL)
    post = Post(tmp_path / "box")
    (did,) = due(MONDAY, channels={"mail": unsent})
    assert did.exit_code == 11
    assert states() == {"Mon 07:00": "made, unsent"}
    with Ledger(REPORTS) as book:  # as of the clock of this test
        book.settle("weekly", schedule.text(MONDAY), "made, unsent", schedule.text(MONDAY))
    minutes = [
        m for m in range(1, 200) if due(MONDAY + dt.timedelta(minutes=m), channels={"mail": unsent})
    ]
    assert minutes == [5, 10, 20, 40, 80, 160]
    (did,) = due(MONDAY + 6 * HOUR, post=post)
    assert (did.what, did.unsent, did.exit_code) == ("sent", (), 0)
    assert len(post.lines()) == 2
    assert states() == {"Mon 07:00": "made"}
    assert due(MONDAY + 12 * HOUR, post=post) == []


def test_what_was_not_sent_is_sent_though_a_time_was_missed_since(tmp_path: Path) -> None:
    stage(f'{DAILY}catch_up = "none"\n{MAIL}')
    post = Post(tmp_path / "box")
    due(MONDAY, channels={"mail": unsent})
    assert [d.what for d in due(MONDAY + DAY + 3 * HOUR, post=post)] == ["missed", "sent"]
    assert states() == {"Mon 07:00": "made", "Tue 07:00": "missed"}
    assert len(post.lines()) == 2


def test_the_owner_is_told_of_a_failure_when_that_can_be_done_again() -> None:
    stage()
    due(MONDAY, make=failing(NotebookError("cell 3")), notify=failing(SendError("away")))
    assert states() == {"Mon 07:00": "failed, unsent"}
    told: list[str] = []
    (did,) = due(MONDAY + HOUR, notify=lambda *given: told.append(given[1]))
    assert (did.what, told) == ("sent", ["cell 3"])
    assert states() == {"Mon 07:00": "failed"}


FULL = WriteError("No space left on device")


def test_what_a_full_disk_stopped_is_tried_again_and_told_once() -> None:
    stage()
    told: list[str] = []
    how = {"make": failing(FULL), "notify": lambda *given: told.append(given[1])}
    (did,) = due(MONDAY, **how)
    assert did.exit_code == 7
    assert states() == {"Mon 07:00": "failed, will be tried again"}
    with Ledger(REPORTS) as book:  # as of the clock of this test
        book.settle("weekly", schedule.text(MONDAY), f"failed, {runs.AGAIN}", schedule.text(MONDAY))
    assert due(MONDAY + dt.timedelta(minutes=4), **how) == []
    assert ran(due(MONDAY + dt.timedelta(minutes=5), **how)) == ["Mon failed 2024-05-12"]
    assert told == [str(FULL)]
    assert ran(due(MONDAY + HOUR)) == ["Mon made 2024-05-12"]
    assert states() == {"Mon 07:00": "made"}
    assert due(MONDAY + 2 * HOUR) == []


def test_what_can_only_fail_again_is_not_tried_again() -> None:
    stage()
    due(MONDAY, make=failing(NotebookError("cell 3")))
    assert states() == {"Mon 07:00": "failed"}
    assert due(MONDAY + HOUR) == []


@pytest.mark.parametrize("is_empty", [False, True])
def test_texts_that_are_away_are_read_when_they_are_back(is_empty: bool) -> None:
    stage()
    Path("texts").rename("elsewhere")
    if is_empty:  # the place that a disk is mounted at
        Path("texts").mkdir()
    due(MONDAY)
    assert states() == {"Mon 07:00": "failed, will be tried again"}
    if is_empty:
        Path("texts").rmdir()
    Path("elsewhere").rename("texts")
    assert ran(due(MONDAY + HOUR)) == ["Mon made 2024-05-12"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        OSError(12, "Cannot allocate memory"),
        FileNotFoundError(2, "No usable temporary directory found"),
    ],
)
def test_what_the_machine_had_no_room_for_is_tried_again(error: OSError) -> None:
    stage()
    due(MONDAY, make=failing(error))
    assert states() == {"Mon 07:00": "failed, will be tried again"}
    assert ran(due(MONDAY + HOUR)) == ["Mon made 2024-05-12"]


def test_what_died_is_tried_again() -> None:
    stage()
    died = NotebookError("the kernel died")
    died.may_pass = True
    due(MONDAY, make=failing(died))
    assert ran(due(MONDAY + HOUR)) == ["Mon made 2024-05-12"]


@pytest.mark.parametrize(
    ("catch_up", "then"),
    [("last", ["Wed made"]), ("all", ["Mon made", "Tue made", "Wed made"])],
)
def test_when_the_next_time_has_come_only_all_makes_up_for_what_failed(
    catch_up: str, then: list[str]
) -> None:
    stage(f'{DAILY}catch_up = "{catch_up}"\n')
    for day in (MONDAY, MONDAY + DAY):
        due(day, make=failing(FULL))
    assert [line.rpartition(" ")[0] for line in ran(due(MONDAY + 2 * DAY))] == then
    assert due(MONDAY + 2 * DAY + HOUR) == []


# ---- by hand


def test_by_hand_on_wednesday_it_remakes_mondays(monkeypatch: pytest.MonkeyPatch) -> None:
    wednesday = MONDAY + 2 * DAY

    class Then(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return wednesday.astimezone(tz)

    monkeypatch.setattr(runs.dt, "datetime", Then)
    stage('[schedule]\ncron = "0 7 * * 1"\n')
    due(MONDAY, make=failing(NotebookError("x")))
    read = schedule.recipe.read(REPORTS / "weekly.toml")
    (outcome,) = runs.run(read, period="day", how=how())
    assert outcome.period == "2024-05-14"  # another period counts from today
    assert states() == {"Mon 07:00": "failed"}
    runs.run(read, how=how())
    assert states() == {"Mon 07:00": "made"}
    (REPORTS / ".ledger.db").unlink()
    for period, expected in (("week", "2024-W19"), ("since-last", "..2024-05-12")):
        stage(f'[schedule]\ncron = "0 7 * * 1"\nperiod = "{period}"\n')
        if period == "since-last":
            (REPORTS / ".ledger.db").unlink()
            due(SUNDAY)
            assert ran(due(MONDAY)) == ["Mon made ..2024-05-12"]
        read = schedule.recipe.read(REPORTS / "weekly.toml")
        Path("texts/late.txt").write_text(f"Late, {period}.")
        (outcome,) = runs.run(read, how=how())
        assert (outcome.state, outcome.period) == ("made", expected)


# ---- two at once


def test_of_fifty_double_starts_each_time_is_run_once_whoever_is_killed() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "doubledues.py"), "--most", "50"],
        env=os.environ | {"PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["ends"]["run"] >= 30
    assert found["ends"]["busy"] > 3
    assert found["ends"]["nothing"] > 10
    assert found["ends"]["killed"] == 24
    assert found["ends"]["after a kill: run"] > 0
    assert found["interrupted"] > 0
