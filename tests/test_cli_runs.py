"""The commands for recipes: new, check, run, runs."""

import json
import os
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
    assert again.stderr == "weekly: nothing changed since run 1; nothing was run (--force)\n"
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
    asked: list[str] = []
    answers = {"The folder of texts": "texts", "When is it made": "daily"}

    def prompt(question: str, **_: Any) -> str:
        asked.append(question)
        return answers.get(question, "")

    monkeypatch.setattr("click.prompt", prompt)
    monkeypatch.setattr(sys.modules["kit.cli.runs"], "_is_asked", lambda: True)
    kit("new", "press", "--title", "Press")
    made_of = recipe.read(REPORTS / "press.toml")
    assert (made_of.title, made_of.source) == ("Press", "texts")
    assert made_of.schedule is not None
    assert made_of.schedule.cron == "0 7 * * *"
    assert len(asked) == 3


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
