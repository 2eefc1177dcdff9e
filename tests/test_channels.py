"""A recipe's report goes out as it was made: published, mailed, handed to a hook, each once."""

import datetime as dt
import json
import os
import shlex
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fakeruns
import pytest
from mailserver import serving

from kit import channels as outward
from kit import mail, recipe, runs
from kit.channels import Made
from kit.errors import NotebookError
from kit.ledger import Ledger
from kit.recipe import Recipe

pytestmark = [
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning"),
]
MORE = """title = "The week {period}"
[schedule]
period = "week"
[publish]
folder = "out"
address = "https://example.org/desk"
[mail]
to = ["a@example.org", "b@example.org"]
sender = "desk@example.org"
owner = "owner@example.org"
host = "127.0.0.1"
security = "none"
[hook]
command = ["/bin/sh", "-c", "echo $READOUT_PERIOD $READOUT_ADDRESS $0 >> hooked"]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = Path.cwd()
    monkeypatch.setattr(mail, "PAUSES", (0.01,))
    monkeypatch.setattr("socket.getfqdn", lambda: "client.test")
    os.chdir(tmp_path)
    yield
    os.chdir(before)


def staged() -> Recipe:
    return fakeruns.stage(Path.cwd(), MORE)


def at(made_of: Recipe, port: int) -> Recipe:
    assert made_of.mail
    return replace(made_of, mail=replace(made_of.mail, port=port))


def test_a_report_goes_out_once_by_each_way() -> None:
    made_of = staged()
    with serving() as box:
        made_of = at(made_of, box.port)
        (outcome,) = runs.run(made_of, period="2024-W19", how=runs.How(pause=0))
        assert (outcome.state, outcome.unsent) == ("made", ())
        (again,) = runs.run(made_of, period="2024-W19")
        assert (again.state, again.unsent) == ("unchanged", ())
        (forced,) = runs.run(made_of, period="2024-W19", force=True)
        assert (forced.state, forced.unsent) == ("made", ())
    assert (box.to("a@example.org"), box.to("b@example.org")) == (1, 1)
    manifest = json.loads(Path("out/weekly/manifest.json").read_text("utf-8"))
    (entry,) = manifest["reports"]
    assert (entry["period"], entry["title"]) == ("2024-W19", "The week 2024-W19")
    assert manifest["heading"] == "The week"
    page = f"https://example.org/desk/{entry['folder']}/report.html"
    assert Path("hooked").read_text() == f"2024-W19 {page} out/weekly/manifest.json\n"
    with Ledger(Path("reports")) as book:
        assert {s.state for n in (1, 2) for s in book.sends(n)} == {"sent"}


def test_what_could_not_be_sent_is_sent_at_the_next_run_and_a_failure_is_told() -> None:
    made_of = staged()
    (outcome,) = runs.run(at(made_of, 1), period="2024-W19")
    assert outcome.state == "made"
    assert "2 of 2 did not get the report by mail" in str(outcome.unsent[0])
    assert Path("hooked").read_text().count("\n") == 1
    fakeruns.notebook(Path("tiny.ipynb"), code="1/0")
    with serving() as box:
        (outcome,) = runs.run(at(made_of, box.port), period="2024-W20")
        assert outcome.state == "failed"
        assert box.to("owner@example.org") == 1
        assert (box.to("a@example.org"), box.to("b@example.org")) == (1, 1)  # that of week 19
        fakeruns.notebook(Path("tiny.ipynb"))
        (outcome,) = runs.run(at(made_of, box.port), period="2024-W20")
        assert (outcome.state, outcome.unsent) == ("made", ())
    assert (box.to("a@example.org"), box.to("owner@example.org")) == (2, 1)
    manifest = json.loads(Path("out/weekly/manifest.json").read_text("utf-8"))
    assert [entry["period"] for entry in manifest["reports"]] == ["2024-W20", "2024-W19"]


def test_the_hook_waits_for_the_published_report(monkeypatch: pytest.MonkeyPatch) -> None:
    made_of = replace(staged(), mail=None)
    Path("out").touch()
    (outcome,) = runs.run(made_of, how=runs.How(make=fakeruns.make))
    assert [str(error).partition(":")[0] for error in outcome.unsent] == [
        "not published",
        "the hook waits until the report is published",
    ]
    assert not Path("hooked").exists()
    Path("out").unlink()
    (outcome,) = runs.run(made_of, how=runs.How(make=fakeruns.make))
    assert (outcome.state, outcome.unsent) == ("unchanged", ())
    assert Path("hooked").exists()


def test_without_a_published_folder_the_hook_gets_the_record_of_the_run() -> None:
    made_of = replace(staged(), mail=None, publish=None)
    runs.run(made_of, how=runs.How(make=fakeruns.make), period="2024")
    assert Path("hooked").read_text() == "2024 reports/weekly/run.json\n"


def test_the_day_of_a_report_is_that_of_its_time_zone() -> None:
    made_of = replace(staged(), mail=None, hook=None)
    assert made_of.schedule
    made_of = replace(made_of, schedule=replace(made_of.schedule, zone="Europe/Berlin"))
    due = dt.datetime(2025, 6, 2, 0, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
    (outcome,) = runs.run(made_of, due=due, how=runs.How(make=fakeruns.make))
    assert outcome.period == "2025-W22"
    assert [send.detail for send in outcome.sent] == ["weekly/2025-06-02"]


def test_the_recipe_of_these_tests_is_read_from_its_file() -> None:
    staged()
    assert recipe.read(recipe.find("weekly")).hook is not None


# ---- dry runs


def dry(said: list[str]) -> runs.How:
    channels = outward.dry(Path("reports/.dry"), lambda _, what: said.append(what))
    return runs.How(make=fakeruns.make, channels=channels, notify=_nobody, dry=True)


def _nobody(*_: object) -> None:
    raise AssertionError("the owner was told")


def test_a_dry_run_says_what_would_go_where_and_the_next_run_sends_that_very_mail() -> None:
    made_of = staged()
    assert made_of.mail
    assert made_of.hook
    made_of = replace(made_of, mail=replace(made_of.mail, attach="html"))
    said: list[str] = []
    with serving() as box:
        made_of = at(made_of, box.port)
        (outcome,) = runs.run(made_of, period="2024-W19", how=dry(said))
        assert (outcome.state, outcome.unsent, box.sessions) == ("made", (), 0)
        with Ledger(Path("reports")) as book:
            assert book.sends(1) == []
            (made,) = book.runs()
        day = made.started[:10]
        paths = [line.rpartition(": ")[2] for line in said[1:3]]
        assert said == [
            f"would be published to out/weekly/{day}",
            f"would be mailed to a@example.org: {paths[0]}",
            f"would be mailed to b@example.org: {paths[1]}",
            f"would be handed to: {shlex.join(made_of.hook.command)}",
        ]
        assert not Path("out").exists()
        assert not Path("hooked").exists()
        written = Path(paths[0]).read_bytes()
        assert f"https://example.org/desk/weekly/{day}/report.html".encode() in written
        (again,) = runs.run(made_of, period="2024-W19", how=dry(said))
        assert (again.state, Path(paths[0]).read_bytes()) == ("unchanged", written)
        (sent,) = runs.run(made_of, period="2024-W19", how=runs.How(make=fakeruns.make))
        assert (sent.state, sent.unsent) == ("unchanged", ())
        assert box.to("a@example.org") == 1
        assert Path("out/weekly", day).is_dir()
    said.clear()
    runs.run(made_of, period="2024-W19", how=dry(said))
    assert said[0] == f"is published already: out/weekly/{day}"
    assert said[1] == "would be mailed to nobody: all that could get it have it"
    assert said[2].startswith("was handed to: ")
    assert not list(Path("reports/.dry").rglob("*.eml"))


def test_a_dry_run_replaces_no_report_that_somebody_waits_for() -> None:
    made_of = at(staged(), 1)
    (outcome,) = runs.run(made_of, period="2024-W19", how=runs.How(make=fakeruns.make))
    assert len(outcome.unsent) == 1
    (dried,) = runs.run(made_of, period="2024-W20", how=dry([]))
    assert dried.state == "failed"
    assert "the report of 2024-W19 is not yet with all" in str(dried.error)
    with Ledger(Path("reports")) as book:
        assert [(r.period, r.state) for r in book.runs()] == [("2024-W19", "made")]


def test_a_failed_dry_run_tells_nobody() -> None:
    made_of = at(staged(), 1)

    def fails(*_: object) -> None:
        raise NotebookError("cell 2: no")

    how = replace(dry([]), make=fails, notify=lambda *_: None)
    (outcome,) = runs.run(made_of, how=how)
    assert (outcome.state, outcome.unsent) == ("failed", ())


def test_a_report_is_of_the_day_that_its_zone_has() -> None:
    made_of = fakeruns.stage(Path.cwd(), '[schedule]\nzone = "Asia/Tokyo"\n')
    late = dt.datetime(2024, 5, 12, 23, tzinfo=dt.UTC)  # it is Monday in Tokyo
    runs.run(made_of, due=late, how=fakeruns.how())
    with Ledger(Path("reports")) as book:
        run = book.run(1)
        assert run
        for zone, day in (("Asia/Tokyo", 13), ("UTC", 12)):
            assert made_of.schedule
            there = replace(made_of, schedule=replace(made_of.schedule, zone=zone))
            assert Made(there, run, Path(), book).day == dt.date(2024, 5, day)
        assert Made(replace(made_of, schedule=None), run, Path(), book).day.day == 12
