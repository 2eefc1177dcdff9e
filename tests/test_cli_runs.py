"""The commands for recipes: new, check, run, runs."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakeruns
import jsonschema
import pytest
from click.testing import CliRunner, Result

from kit import apart, cli, locks, recipe, runs
from kit.errors import NotebookError, SendError
from kit.ledger import Ledger

REPORTS = Path("reports")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run in a folder of its own, with reports that are made without kernels."""
    before = Path.cwd()
    fakeruns.stage(tmp_path)
    defaults = list(runs.How.__init__.__defaults__ or ())
    monkeypatch.setattr(
        runs.How.__init__,
        "__defaults__",
        tuple(fakeruns.make if d is apart.make else d for d in defaults),
    )
    yield
    os.chdir(before)


def kit(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli.kit, list(arguments), input=given, standalone_mode=False)


def code(result: Result) -> Any:
    return getattr(result.exception, "exit_code", result.return_value)


def broken(error: Exception) -> Any:
    def act(*_: Any) -> None:
        raise error

    return act


def use(monkeypatch: pytest.MonkeyPatch, **given: Any) -> None:
    real = runs.run

    def run(made_of: Any, **asked: Any) -> Any:
        return real(made_of, **asked | {"how": fakeruns.how(**given)})

    monkeypatch.setattr(runs, "run", run)


# ---- run


def test_run_says_its_steps_and_last_the_folder() -> None:
    done = kit("run", "weekly")
    assert code(done) == 0
    assert done.stdout == "reports/weekly\n"
    assert done.stderr == "[report]\n"
    again = kit("run", "weekly")
    assert code(again) == 0
    assert again.stdout == "reports/weekly\n"
    assert again.stderr == "weekly: nothing changed since run 1; nothing was run; --force runs it\n"
    assert kit("run", "reports/weekly.toml", "--force").stderr == "[report]\n"


def test_run_of_a_matrix_names_the_reports() -> None:
    fakeruns.stage(Path.cwd(), "[matrix]\ntop = [1, 2]\n")
    done = kit("run", "weekly", "--part", "2")
    assert done.stdout == "reports/weekly/2\n"
    assert done.stderr == "[2] report\n"
    assert kit("run", "weekly").stdout == "reports/weekly/1\nreports/weekly/2\n"


def test_a_failure_is_told_in_one_screen_with_what_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    kit("run", "weekly")
    Path("texts/a.txt").write_text("War.")
    (REPORTS / ".failed" / "weekly").mkdir(parents=True)
    error = NotebookError("tiny.ipynb, cell 2 (1/0): ZeroDivisionError: division by zero")
    use(monkeypatch, make=broken(error))
    done = kit("run", "weekly")
    assert code(done) == 5
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "kit: weekly: tiny.ipynb, cell 2 (1/0): ZeroDivisionError: division by zero",
        "  the notebooks, as far as they came: reports/.failed/weekly",
        "  the report of run 1 stands: reports/weekly",
    ]


def test_a_report_that_reached_not_all_ends_with_11(monkeypatch: pytest.MonkeyPatch) -> None:
    fakeruns.stage(Path.cwd(), '[mail]\nto = ["a@example.org"]\n')
    use(monkeypatch, channels={"mail": broken(SendError("a@example.org: not yet"))})
    done = kit("run", "weekly")
    assert code(done) == 11
    assert done.stdout == "reports/weekly\n"
    assert "kit: weekly: a@example.org: not yet" in done.stderr


def test_a_second_run_ends_with_10() -> None:
    with locks.held(runs.lock_of(REPORTS, "weekly"), "it"):
        assert code(kit("run", "weekly")) == 10


def test_what_went_out_is_said_also_where_nothing_was_made() -> None:
    fakeruns.stage(Path.cwd(), '[publish]\nfolder = "out"\n[hook]\ncommand = ["/bin/true"]\n')
    Path("out").touch()
    assert code(kit("run", "weekly")) == 11
    Path("out").unlink()
    lines = kit("run", "weekly").stderr.splitlines()
    with Ledger(REPORTS) as book:
        places = [send.detail for send in book.sends(1) if send.channel == "publish"]
    assert lines == [
        "weekly: nothing changed since run 1; nothing was run; --force runs it",
        f"weekly: published to out/{places[0]}",
        "weekly: handed to true",
    ]
    assert len(kit("run", "weekly").stderr.splitlines()) == 1


def test_of_a_report_that_is_replaced_it_is_said_what_went_out() -> None:
    fakeruns.stage(Path.cwd(), '[publish]\nfolder = "out"\n[schedule]\nperiod = "week"\n')
    Path("out").touch()
    kit("run", "weekly", "--period", "2024-W19")
    Path("out").unlink()
    lines = kit("run", "weekly", "--period", "2024-W20").stderr.splitlines()
    assert [line.partition(" to ")[0] for line in lines] == [
        "[report]",
        "weekly: the report of run 1 was published",
        "weekly: published",
    ]


def test_a_dry_run_sends_nothing_and_says_where_the_mails_are() -> None:
    more = '[mail]\nto = ["a@example.org"]\nsender = "b@example.org"\nattach = "html"\n'
    fakeruns.stage(Path.cwd(), more)
    done = kit("run", "weekly", "--dry-run")
    assert code(done) == 0
    assert done.stdout == "reports/weekly\n"
    first, step, mail = done.stderr.splitlines()
    assert (first, step) == ("dry run: nothing is published, mailed or handed on", "[report]")
    told, _, path = mail.rpartition(": ")
    assert told == "weekly: would be mailed to a@example.org"
    assert Path(path).parent == REPORTS / ".dry" / "weekly"
    assert b"\r\nTo: a@example.org\r\n" in Path(path).read_bytes()
    again = kit("run", "weekly", "--dry-run").stderr.splitlines()
    assert again[0::2] == [
        first,
        "weekly: nothing changed since run 1; nothing was run; --force runs it",
    ]
    fakeruns.stage(Path.cwd(), "")
    none = kit("run", "weekly", "--dry-run").stderr
    assert "weekly: no [publish], [mail] or [hook] in its recipe\n" in none


# ---- publish


def test_publish_puts_the_report_that_stands_in_the_folder_and_makes_none() -> None:
    done = kit("publish", "weekly")
    assert code(done) == 9
    assert "no [publish]" in str(done.exception)
    fakeruns.stage(Path.cwd(), '[publish]\nfolder = "out"\n')
    assert code(kit("publish", "weekly")) == 9  # no report yet
    kit("run", "weekly", "--dry-run")
    assert not Path("out").exists()
    done = kit("publish", "weekly")
    assert code(done) == 0
    place = Path(done.stdout.strip())
    assert (place.parent, (place / "report.html").is_file()) == (Path("out/weekly"), True)
    with Ledger(REPORTS) as book:
        (send,) = book.sends(1)
        assert (send.channel, send.recipient, send.state) == ("publish", "out", "sent")
        assert Path("out", send.detail) == place
    page = (place / "report.html").read_bytes()
    (place / "report.html").write_bytes(b"mine")
    shutil.rmtree("out/weekly/latest")
    assert kit("publish", "weekly").stdout == done.stdout
    assert (place / "report.html").read_bytes() == page
    assert Path("out/weekly/latest/report.html").read_bytes() == page
    assert kit("run", "weekly").stderr.startswith("weekly: nothing changed")


def test_publish_lets_nothing_out_that_is_not_as_it_was_made() -> None:
    fakeruns.stage(Path.cwd(), '[publish]\nfolder = "out"\n[matrix]\ntop = [1, 2]\n')
    kit("run", "weekly", "--dry-run")
    (REPORTS / "weekly" / "1" / "report.html").write_text("mine")
    done = kit("publish", "weekly")
    assert code(done) == 11
    assert "kit: weekly, 1: reports/weekly/1 is not as run 1 made it" in done.stderr
    (place,) = done.stdout.splitlines()
    assert json.loads(Path(place, "run.json").read_text("utf-8"))["part"] == "2"
    assert len(list(Path("out/weekly").rglob("2*/run.json"))) == 1
    assert code(kit("publish", "weekly", "--part", "2")) == 0
    assert code(kit("publish", "weekly", "--part", "3")) == 4
    with locks.held(runs.lock_of(REPORTS, "weekly"), "it"):
        assert code(kit("publish", "weekly")) == 10


def test_a_folder_that_cannot_be_published_to_is_named_and_tried_again(tmp_path: Path) -> None:
    fakeruns.stage(tmp_path, '[publish]\nfolder = "out"\n')
    kit("run", "weekly")
    shutil.rmtree("out")
    Path("out").touch()
    done = kit("publish", "weekly")
    assert code(done) == 11
    assert "not published: out" in done.stderr
    Path("out").unlink()
    kit("run", "weekly")
    assert Path("out/weekly/manifest.json").is_file()


def test_refresh_leaves_out_what_was_taken_away_and_names_what_was_changed() -> None:
    fakeruns.stage(Path.cwd(), '[publish]\nfolder = "out"\n[schedule]\nperiod = "week"\n')
    first, second = (
        Path(kit("publish", "weekly").stdout.strip())
        for period in ("2024-W19", "2024-W20")
        if kit("run", "weekly", "--period", period)
    )
    shutil.rmtree(second)
    done = kit("publish", "--refresh", "out")
    assert (code(done), done.stdout) == (0, "out/index.html\n")
    gone = second.relative_to("out")
    assert done.stderr == f"{gone}: taken away, and left out now\n"
    assert "2024-W20" not in Path("out/index.html").read_text("utf-8")
    (first / "report.html").write_text("mine")
    wrong = kit("publish", "--refresh", "out")
    assert code(wrong) == 11
    assert f"  {first.relative_to('out')}/report.html\n" in str(wrong.exception)


def test_refresh_touches_no_folder_in_which_nothing_was_published() -> None:
    assert code(kit("publish", "--refresh", ".")) == 7
    assert not Path("index.html").exists()
    for given in ([], ["weekly", "--refresh", "."], ["--refresh", ".", "--part", "1"]):
        assert code(kit("publish", *given)) == 2


# ---- check


def test_check_looks_at_all_recipes() -> None:
    done = kit("check")
    assert code(done) is None
    assert done.stdout == "reports/weekly.toml: no fault; 1 report\n"
    (REPORTS / "other.toml").write_text('source = "texts"\ntilte = "x"\nretries = 99\n')
    done = kit("check")
    assert code(done) == 9
    assert done.stdout == "reports/weekly.toml: no fault; 1 report\n"
    assert "other.toml, line 2: tilte: no such key. Did you mean title?" in done.stderr
    assert "other.toml, line 3: retries: 99 is out of range" in done.stderr
    assert code(kit("check", "weekly")) is None


def test_check_gives_the_schema() -> None:
    schema = json.loads(kit("check", "--schema").stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["properties"]["source"]["type"] == "string"


# ---- new


def test_new_writes_a_recipe_that_has_no_fault() -> None:
    flags = [
        "--source",
        "texts",
        "--notebook",
        "tiny.ipynb",
        "--every",
        "weekly",
        "--zone",
        "Europe/Berlin",
    ]
    more = ["--publish", "out", "--mail", "a@example.org", "--sender", "b@example.org"]
    done = kit("new", "press", *flags, *more)
    assert done.stdout == "reports/press.toml\n"
    made_of = recipe.read(REPORTS / "press.toml")
    assert made_of.schedule is not None
    assert (made_of.schedule.cron, made_of.schedule.zone) == ("0 7 * * 1", "Europe/Berlin")
    assert made_of.schedule.period == "week"
    assert made_of.mail is not None
    assert made_of.mail.to == ("a@example.org",)
    assert code(kit("check", "press")) is None
    assert (REPORTS / ".schema.json").is_file()


def test_new_overwrites_nothing() -> None:
    before = (REPORTS / "weekly.toml").read_bytes()
    assert code(kit("new", "weekly", "--source", "texts")) == 9
    assert (REPORTS / "weekly.toml").read_bytes() == before


def test_new_asks_where_there_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(kit("new", "press")) == 2
    assert code(kit("new", "press", "--source", "texts", "--zone", "Europe/Berlin")) == 2
    assert not (REPORTS / "press.toml").exists()
    asked: list[str] = []
    answers = {
        "The folder of texts": "texts",
        "When is it made": "daily",
        "In which time zone": "Asia/Tokyo",
    }

    def prompt(question: str, **_: Any) -> str:
        asked.append(question)
        return answers.get(question, "")

    monkeypatch.setattr("click.prompt", prompt)
    monkeypatch.setattr(sys.modules["kit.cli.runs"], "_is_asked", lambda: True)
    kit("new", "press", "--title", "Press")
    made_of = recipe.read(REPORTS / "press.toml")
    assert (made_of.title, made_of.source) == ("Press", "texts")
    assert made_of.schedule is not None
    assert (made_of.schedule.cron, made_of.schedule.zone) == ("0 7 * * *", "Asia/Tokyo")
    assert made_of.schedule.period == "day"
    assert len(asked) == 4


# ---- runs


def test_runs_lists_what_was_run_and_shows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kit("runs").stdout == "no runs yet\n"
    kit("run", "weekly")
    with Ledger(REPORTS) as book:
        book.try_to_send(1, "mail", "a@example.org")
        book.sent(1, "mail", "a@example.org", "refused", "550 no such user")
        book.begin("other", "p", "")
    use(monkeypatch, make=broken(NotebookError("cell 2: x\nmore")))
    kit("run", "weekly", "--force")
    lines = kit("runs").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert [line.split()[3] for line in lines] == ["failed", "interrupted", "made"]
    assert lines[0].endswith("weekly  cell 2: x")
    assert lines[1].endswith("other/p")
    assert len(kit("runs", "weekly").stdout.splitlines()) == 2
    assert len(kit("runs", "--last", "1").stdout.splitlines()) == 1
    listed = json.loads(kit("runs", "--json").stdout)
    assert [(r["id"], r["state"]) for r in listed] == [
        (3, "failed"),
        (2, "interrupted"),
        (1, "made"),
    ]
    shown = kit("runs", "show", "1").stdout
    assert "state     made" in shown
    assert "folder    reports/weekly" in shown
    assert "send      mail a@example.org  refused" in shown
    assert "550 no such user" in shown
    told = json.loads(kit("runs", "show", "1", "--json").stdout)
    assert told["sends"][0]["state"] == "refused"
    assert sorted(told["outputs"]) == ["data/a.csv", "report.html", "run.json"]
