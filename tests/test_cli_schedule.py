"""The commands schedule, schedule run, schedule export and due."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakeruns
import pytest
from click.testing import CliRunner, Result

from kit import apart, cli, locks, runs, schedule
from kit.errors import NotebookError
from kit.ledger import Ledger

HERE = Path(__file__).parent
REPORTS = Path("reports")
NOW = dt.datetime(2024, 5, 15, 12, tzinfo=dt.UTC)  # a Wednesday
WEEKLY = '[schedule]\ncron = "0 7 * * 1"\nzone = "Europe/Berlin"\nperiod = "week"\n'
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run in a folder of its own, with reports that are made without kernels, on a Wednesday."""
    before = Path.cwd()
    fakeruns.stage(tmp_path, WEEKLY)
    defaults = list(runs.How.__init__.__defaults__ or ())
    monkeypatch.setattr(
        runs.How.__init__,
        "__defaults__",
        tuple(fakeruns.make if d is apart.make else d for d in defaults),
    )
    at(monkeypatch, NOW)
    yield
    os.chdir(before)


def at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(schedule, "clock", lambda: moment)


def kit(*arguments: str) -> Result:
    return CliRunner().invoke(cli.kit, list(arguments), standalone_mode=False)


def code(result: Result) -> Any:
    return getattr(result.exception, "exit_code", result.return_value)


def lines(text: str) -> list[str]:
    """Lines of a log, without their times."""
    return [line[20:] for line in text.splitlines()]


def test_due_says_what_it_did_or_what_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    done = kit("due")
    assert (code(done), done.stdout) == (
        0,
        "nothing is due; next weekly, Mon 2024-05-20 07:00 CEST\n",
    )
    assert kit("due", "--quiet").output == ""
    at(monkeypatch, NOW + 5 * DAY)
    done = kit("due", "--quiet")
    assert code(done) == 0
    assert lines(done.stdout) == [
        "weekly: due Mon 2024-05-20 07:00 CEST: made of 2024-W20, run 1: reports/weekly"
    ]
    at(monkeypatch, NOW + 21 * DAY)
    assert lines(kit("due", "weekly").stdout) == [
        "weekly: missed, nothing is run for it: Mon 2024-05-27 07:00 CEST",
        "weekly: due Mon 2024-06-03 07:00 CEST: made of 2024-W22, run 2: reports/weekly",
    ]


def test_due_ends_with_the_code_of_the_first_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    kit("due")
    (REPORTS / "broken.toml").write_text("nope = 1")

    def make(*_: Any) -> None:
        raise NotebookError("tiny.ipynb, cell 2: ZeroDivisionError")

    real = runs.run
    how = fakeruns.how(make=make)
    monkeypatch.setattr(runs, "run", lambda read, **asked: real(read, **asked | {"how": how}))
    at(monkeypatch, NOW + 5 * DAY)
    done = kit("due")
    assert code(done) == 5
    assert lines(done.stderr) == [
        "weekly: due Mon 2024-05-20 07:00 CEST: failed: tiny.ipynb, cell 2: ZeroDivisionError",
        "broken: reports/broken.toml, line 1: nope: no such key.",
    ]
    assert code(kit("due")) == 9
    assert code(kit("due", "weekly")) == 0
    assert code(kit("due", "weakly")) == 9
    assert code(kit("due", "--at", "noon")) == 2


def test_due_is_content_where_another_is_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kit("due")
    at(monkeypatch, NOW + 5 * DAY)
    with locks.held(runs.lock_of(REPORTS, "weekly"), "it"):
        done = kit("due")
        assert code(done) == 0
        assert "at work already" in done.stdout
        assert "running" in kit("schedule").stdout


def test_due_of_a_moment_is_never_ahead_of_the_clock() -> None:
    kit("due")
    assert "nothing is due" in kit("due", "--at", "2024-05-20T07:00+02:00").stdout


def test_schedule_shows_what_comes_and_what_became_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kit("due")
    at(monkeypatch, NOW + 5 * DAY)
    assert "due now" in kit("schedule").stdout
    kit("due")
    at(monkeypatch, NOW + 20 * DAY)
    kit("due")
    (REPORTS / "broken.toml").write_text("nope = 1")
    (REPORTS / "byhand.toml").write_text('source = "texts"\n')
    done = kit("schedule")
    head, row = done.stdout.splitlines()
    assert head.split("  ")[0] == "recipe"
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == [
        "weekly",
        "Mon 2024-06-10 07:00 CEST",
        "5 d 17 h",
        "Mon 2024-06-03 07:00 CEST",
        "unchanged" if "unchanged" in row else "made",
        "1, last Mon 2024-05-27 07:00 CEST",
    ]
    assert "line 1: nope: no such key" in done.stderr
    broken, weekly = json.loads(kit("schedule", "--json").stdout)
    assert broken["recipe"] == "broken"
    assert "no such key" in broken["error"]
    assert weekly["next"] == "2024-06-10T07:00:00+02:00"
    assert weekly["last"] == "2024-06-03T07:00:00+02:00"
    assert weekly["missed"] == ["2024-05-27T07:00:00+02:00"]
    assert [past["state"] for past in weekly["past"]][1:] == ["missed", "made"]


def test_a_folder_without_schedules_says_so() -> None:
    (REPORTS / "weekly.toml").write_text('source = "texts"\n')
    assert "no recipe has a schedule" in kit("schedule").stdout
    assert kit("due").stdout == "nothing is due\n"
    (REPORTS / "weekly.toml").unlink()
    assert kit("due").stdout == "nothing is due\n"


def test_check_names_the_line_of_what_is_wrong() -> None:
    fakeruns.stage(Path.cwd(), '[schedule]\ncron = "0 7 * * MONDAY"\nzone = "Europe/Berln"\n')
    said = kit("check").stderr
    assert "weekly.toml, line 4: schedule.cron: '0 7 * * MONDAY': MONDAY is no weekday." in said
    assert "weekly.toml, line 5: schedule.zone: no time zone 'Europe/Berln'." in said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("cron", "*/10 * * * * cd "),
        ("systemd", "OnCalendar=*-*-* *:0/10:00"),
        ("github", "working-directory: "),
        ("airflow", "schedule='*/10 * * * *'"),
    ],
)
def test_export_prints_or_writes(what: str, said: str, tmp_path: Path) -> None:
    done = kit("schedule", "export", what, "--every", "10")
    assert said in done.stdout
    to = tmp_path / "out" / "to"
    written = kit("schedule", "export", what, "--every", "10", "--output", str(to)).stdout.split()
    assert said in "".join(Path(path).read_text("utf-8") for path in written)
    assert [Path(path).is_file() for path in written] == [True] * (2 if what == "systemd" else 1)
    Path("file").touch()
    assert code(kit("schedule", "export", what, "--output", "file/x")) == 7


def test_a_workflow_knows_where_in_the_repository_it_is(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    Path("a b").mkdir()
    os.chdir("a b")
    assert 'working-directory: "a b"' in kit("schedule", "export", "github").stdout


START = """import fakeruns, sys, time
from kit import apart, runs
from kit.cli import main
def make(*given):
    time.sleep(0.5)
    fakeruns.make(*given)
run = runs.run
runs.run = lambda read, **asked: run(read, **asked | {"how": fakeruns.how(make=make)})
sys.argv = ["kit", "due"]
main()
"""


def test_two_commands_at_once_make_one_report() -> None:
    now = dt.datetime.now(dt.UTC)
    fakeruns.stage(Path.cwd(), '[schedule]\ncron = "* * * * *"\n')
    past = (now - dt.timedelta(minutes=3)).timestamp()
    for _ in range(3):
        (REPORTS / ".ledger.db").unlink(missing_ok=True)
        os.utime(REPORTS / "weekly.toml", (past, past))
        env = os.environ | {"PYTHONPATH": f"{HERE}:{HERE.parent}"}
        both = [
            subprocess.Popen(
                [sys.executable, "-c", START],
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        said = [process.communicate(timeout=60) for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        with Ledger(REPORTS) as book:
            times = [r.due for r in book.runs()]
        assert len(times) == len(set(times))
        assert 1 <= len(times) <= 2  # a minute may have ended between the two
