"""A recipe makes its report once for the same inputs, keeps the last good one, and sends it once."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fakeruns
import pytest
from fakeruns import Post, how, shown
from processes import wait

from kit import locks, recipe, runs
from kit.channels import Made
from kit.errors import BusyError, KitError, NotebookError, ParameterError, ReadError, SendError
from kit.ledger import Ledger
from kit.outcomes import Outcome, screen
from kit.recipe import Recipe

HERE = Path(__file__).parent
REPORTS = Path("reports")
WEEKLY = REPORTS / "weekly"
MAIL = '[mail]\nto = ["a@example.org"]\n'
MONDAY = dt.datetime(2024, 5, 13, 7, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "box")


def stage(more: str = "", text: str = "Peace.") -> Recipe:
    return fakeruns.stage(Path.cwd(), more, text)


def say(text: str, name: str = "a.txt") -> None:
    Path("texts", name).write_text(text, "utf-8")


def one(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def failing(error: Exception, times: int = 99) -> Any:
    left = [times]

    def make(*given: Any) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise error
        fakeruns.make(*given)

    return make


def dead() -> NotebookError:
    error = NotebookError("brief.ipynb, cell 3: the kernel died")
    error.may_pass = True
    return error


# ---- once for the same inputs


def test_a_run_makes_a_report_records_it_and_sends_it(post: Post) -> None:
    made_of = stage(MAIL)
    outcome = one(runs.run(made_of, how=how(post)))
    assert (outcome.state, outcome.folder, outcome.run) == ("made", WEEKLY, 1)
    assert shown(WEEKLY) == {"a.txt": "Peace."}
    assert len(post.lines()) == 2
    with Ledger(REPORTS) as book:
        run = book.run(1)
        assert run is not None
        assert run.state == "made"
        assert run.folder == "weekly"
        assert run.inputs["files"] == 1
        assert sorted(book.outputs(1)) == ["data/a.csv", "report.html", "run.json"]
    record = json.loads((WEEKLY / "run.json").read_text("utf-8"))
    assert (record["recipe"], record["run"], record["identity"]) == ("weekly", 1, run.identity)


def test_nothing_is_run_where_nothing_changed(post: Post) -> None:
    made_of = stage(MAIL)
    runs.run(made_of, how=how(post))
    outcome = one(runs.run(made_of, how=how(post, make=failing(AssertionError("was run")))))
    assert (outcome.state, outcome.run, outcome.error) == ("unchanged", 1, None)
    assert len(post.lines()) == 2
    assert len(runs.history(REPORTS)) == 1


def test_a_new_text_makes_a_new_report(post: Post) -> None:
    made_of = stage(MAIL)
    runs.run(made_of, how=how(post))
    say("War.", "b.txt")
    assert one(runs.run(made_of, how=how(post))).state == "made"
    assert shown(WEEKLY) == {"a.txt": "Peace.", "b.txt": "War."}
    assert len(post.lines()) == 4


def test_force_runs_anyway_and_sends_the_same_report_to_nobody_twice(post: Post) -> None:
    made_of = stage(MAIL)
    runs.run(made_of, how=how(post))
    outcome = one(runs.run(made_of, force=True, how=how(post)))
    assert (outcome.state, outcome.run) == ("made", 2)
    assert len(post.lines()) == 2
    with Ledger(REPORTS) as book:
        assert [s.state for s in book.sends(2)] == ["sent", "sent"]


@pytest.mark.parametrize("name", ["report.html", "data/a.csv", "run.json"])
def test_a_report_that_was_changed_or_lost_is_made_again(post: Post, name: str) -> None:
    made_of = stage(MAIL)
    runs.run(made_of, how=how(post))
    (WEEKLY / name).write_text("{}", "utf-8")
    assert one(runs.run(made_of, how=how(post))).state == "made"
    if name != "run.json":  # a folder without it might be somebody's own
        (WEEKLY / name).unlink()
        assert one(runs.run(made_of, how=how(post))).state == "made"
    assert shown(WEEKLY) == {"a.txt": "Peace."}
    assert len(post.lines()) == 2


def test_a_changed_schedule_or_address_is_no_new_report(post: Post) -> None:
    runs.run(stage(MAIL), how=how(post))
    made_of = stage('[schedule]\ncron = "0 7 * * 1"\n[mail]\nto = ["b@example.org"]\n')
    assert one(runs.run(made_of, how=how(post))).state == "unchanged"


# ---- failure


def test_a_failure_is_recorded_told_and_leaves_the_last_good_report(post: Post) -> None:
    made_of = stage(MAIL)
    runs.run(made_of, how=how(post))
    say("War.")
    told: list[str] = []
    error = NotebookError("brief.ipynb, cell 3 (x): ZeroDivisionError: division by zero")
    given = how(post, make=failing(error), notify=lambda *a: told.append(a[1]))
    outcome = one(runs.run(made_of, how=given))
    assert (outcome.state, outcome.error, outcome.run, outcome.stands) == ("failed", error, 2, 1)
    assert shown(WEEKLY) == {"a.txt": "Peace."}
    assert len(post.lines()) == 2
    assert told == [str(error)]
    run, state = runs.history(REPORTS)[0]
    assert (state, run.error, run.exit_code) == ("failed", str(error), 5)
    assert one(runs.run(made_of, how=how(post))).state == "made"


def test_what_may_pass_is_tried_again(post: Post) -> None:
    made_of = stage("retries = 2\n")
    outcome = one(runs.run(made_of, how=how(post, make=failing(dead(), 2))))
    assert outcome.state == "made"
    run, _ = runs.history(REPORTS)[0]
    assert (run.tries, run.error) == (3, None)


@pytest.mark.parametrize(
    ("error", "retries", "tries"),
    [(dead(), 2, 3), (dead(), 0, 1), (NotebookError("x"), 2, 1), (ValueError("x"), 2, 1)],
)
def test_what_cannot_pass_is_not(error: Exception, retries: int, tries: int) -> None:
    made_of = stage(f"retries = {retries}\n")
    assert one(runs.run(made_of, how=how(make=failing(error)))).state == "failed"
    assert runs.history(REPORTS)[0][0].tries == tries


def test_a_passing_fault_of_a_disk_is_tried_again() -> None:
    fault = KitError("the store is away")
    fault.__cause__ = ConnectionRefusedError(111, "Connection refused")
    assert one(runs.run(stage(), how=how(make=failing(fault, 1)))).state == "made"


def test_a_report_that_is_not_as_it_was_written_is_no_report(post: Post) -> None:
    def make(order: Any, *given: Any) -> None:
        fakeruns.make(order, *given)
        (order.final / "report.html").write_text("{}")

    outcome = one(runs.run(stage(MAIL), how=how(post, make=make)))
    assert outcome.state == "failed"
    assert "report.html: it is not as it was written" in str(outcome.error)
    assert post.lines() == []


def test_a_source_that_is_away_is_a_failed_run_that_is_told() -> None:
    made_of = stage()
    Path("texts").rename("elsewhere")
    told: list[str] = []
    outcome = one(runs.run(made_of, how=how(notify=lambda *a: told.append(a[1]))))
    assert isinstance(outcome.error, ReadError)
    assert told == [
        "texts: nothing is there. Name the folder that holds the texts; or is its disk away?"
    ]
    assert runs.history(REPORTS)[0][1] == "failed"
    Path("elsewhere").rename("texts")
    assert one(runs.run(made_of, how=how())).state == "made"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "[parameters]\ntpo = 3",
            r"line 4: parameters\.tpo: .*Did you mean top\? Known: own, query",
        ),
        ('[parameters]\ntop = "x"', r"line 4: parameters\.top: .*'x' is not a whole number"),
        ("[parameters]\ntop = 99", r"out of range, 1\.\.9"),
        ('[parameters]\n"import os" = 1', r"not a name"),
        ('title = "{perod}"', r"line 3: title: \{perod\}: .*Did you mean period\?"),
    ],
)
def test_a_recipe_that_does_not_fit_is_refused_before_anything_is_made(
    more: str, said: str
) -> None:
    outcome = one(runs.run(stage(more), how=how(make=failing(AssertionError("was run")))))
    assert outcome.error is not None
    assert outcome.error.exit_code == 9
    with pytest.raises(KitError, match=said):
        raise outcome.error


def test_the_parameters_of_the_case_reach_no_code(shared: Path) -> None:
    case = shared / "cases/45-notebook-parameters"
    made_of = stage()
    Path("case.ipynb").write_bytes(
        (case / "params.ipynb").read_bytes().replace(b"x = 0", b'x: str = \\"\\"')
    )
    evil = json.loads((case / "evil.json").read_text("utf-8"))
    typo = json.loads((case / "typo.json").read_text("utf-8"))
    for given in (evil, typo):
        bad = replace(made_of, notebooks=("case.ipynb",), parameters=given)
        outcome = one(runs.run(bad, how=how(make=failing(AssertionError("was run")))))
        assert outcome.error is not None
        assert outcome.error.exit_code == 9
    assert not Path("pwned").exists()
    for value in json.loads((case / "values.json").read_text("utf-8"))["x"]:
        good = replace(made_of, notebooks=("case.ipynb",), parameters={"x": value})
        assert one(runs.run(good, how=how())).error is None
        page = json.loads((WEEKLY / "report.html").read_text("utf-8"))
        assert page["parameters"]["case"]["x"] == value


# ---- sends


def test_who_did_not_get_it_gets_it_at_the_next_run(post: Post) -> None:
    def broken(made: Made) -> None:
        made.ledger.try_to_send(made.run.id, "mail", "a@example.org")
        raise SendError("the server is away")

    made_of = stage(MAIL)
    outcome = one(runs.run(made_of, how=how(channels={"mail": broken})))
    assert outcome.state == "made"
    assert [str(error) for error in outcome.unsent] == ["the server is away"]
    assert one(runs.run(made_of, how=how(post))).state == "unchanged"
    assert len(post.lines()) == 2
    runs.run(made_of, how=how(post))
    assert len(post.lines()) == 2


def test_a_report_that_was_not_sent_is_before_that_of_the_next_week(post: Post) -> None:
    def broken(_: Made) -> None:
        raise SendError("the server is away")

    made_of = stage('[schedule]\ncron = "0 7 * * 1"\nperiod = "week"\n' + MAIL)
    runs.run(made_of, due=MONDAY, how=how(channels={"mail": broken}))
    say("Peace again.")
    runs.run(made_of, due=MONDAY + dt.timedelta(days=7), how=how(post))
    assert [json.loads(line)[1] for line in post.lines()] == [
        {"a.txt": "Peace."},
        {"a.txt": "Peace."},
        {"a.txt": "Peace again."},
        {"a.txt": "Peace again."},
    ]


def test_one_way_that_fails_does_not_hold_back_the_others(post: Post) -> None:
    def broken(_: Made) -> None:
        raise OSError("no such host")

    made_of = stage('[publish]\nfolder = "out"\n' + MAIL)
    outcome = one(runs.run(made_of, how=how(channels={"publish": broken, "mail": post})))
    assert len(post.lines()) == 2
    assert "no such host" in str(outcome.unsent[0])


def test_only_ways_that_the_recipe_has_are_gone(post: Post) -> None:
    runs.run(stage(), how=how(post))
    assert post.lines() == []


# ---- the matrix


def test_a_matrix_makes_a_report_for_each_and_one_that_fails_stops_no_other() -> None:
    made_of = stage('[matrix]\nsource = ["texts", "nowhere", "more"]\n')
    Path("more").mkdir()
    Path("more/b.txt").write_text("More.")
    outcomes = runs.run(made_of, how=how(checks={}))
    assert [(o.part, o.state) for o in outcomes] == [
        ("texts", "made"),
        ("nowhere", "failed"),
        ("more", "made"),
    ]
    assert shown(WEEKLY / "more") == {"b.txt": "More."}
    assert [o.state for o in runs.run(made_of, how=how())] == ["unchanged", "failed", "unchanged"]


def test_a_part_can_be_run_alone() -> None:
    made_of = stage("[matrix]\ntop = [1, 2]\n")
    assert [o.part for o in runs.run(made_of, only=["2"], how=how())] == ["2"]
    assert not (WEEKLY / "1").exists()
    with pytest.raises(ParameterError, match=r"weekly: no part 3\..*There are: 1, 2"):
        runs.run(made_of, only=["3"], how=how())


def test_parts_are_made_side_by_side_and_stay_in_order() -> None:
    together = threading.Barrier(2, timeout=20)

    def make(*given: Any) -> None:
        together.wait()
        fakeruns.make(*given)

    outcomes = runs.run(stage("[matrix]\ntop = [1, 2, 3, 4]\n"), how=how(make=make, width=2))
    assert [(o.part, o.state) for o in outcomes] == [(p, "made") for p in "1234"]


def test_a_report_and_those_of_a_matrix_do_not_take_each_others_place() -> None:
    runs.run(stage(), how=how())
    outcomes = runs.run(stage("[matrix]\ntop = [1]\n"), how=how())
    assert "move it away" in str(one(outcomes).error)
    WEEKLY.rename("away")
    runs.run(stage("[matrix]\ntop = [1]\n"), how=how())
    assert "move them away" in str(one(runs.run(stage(), how=how())).error)
    assert shown(WEEKLY / "1") == {"a.txt": "Peace."}


# ---- periods and due times


def test_a_period_reaches_title_and_notebooks() -> None:
    made_of = stage('title = "The week {period}"\n[schedule]\nperiod = "week"\nzone = "Asia/Tokyo"')
    late = dt.datetime(2024, 5, 12, 23, tzinfo=dt.UTC)  # it is Monday in Tokyo
    outcome = one(runs.run(made_of, due=late, how=how()))
    assert outcome.period == "2024-W19"
    page = json.loads((WEEKLY / "report.html").read_text("utf-8"))
    assert page["title"] == "The week 2024-W19"
    given = page["parameters"]["tiny"]
    assert (given["since"], given["until"]) == ("2024-05-06", "2024-05-12")
    assert one(runs.run(made_of, period="2024-Q1", how=how())).period == "2024-Q1"


def test_a_notebook_that_knows_no_last_day_makes_no_report_of_a_period() -> None:
    made_of = stage('[schedule]\nperiod = "week"\n')
    fakeruns.notebook(Path("tiny.ipynb"), 'source: str = ""  # the texts')
    error = one(runs.run(made_of, how=how())).error
    assert "line 4: schedule.period: tiny would read texts of later days too" in str(error)
    made_of = stage()
    fakeruns.notebook(Path("tiny.ipynb"), 'source: str = ""  # the texts')
    error = one(runs.run(made_of, period="2024", how=how())).error
    assert "no report of 2024: tiny would read texts of later days too" in str(error)


def test_since_the_last_report_begins_where_that_ended() -> None:
    made_of = stage('[schedule]\nperiod = "since-last"\n')
    told = [
        one(runs.run(made_of, due=MONDAY + dt.timedelta(days=days), how=how())).period
        for days in (0, 3, 7)
    ]
    assert told == ["..2024-05-12", "2024-05-13..2024-05-15", "2024-05-16..2024-05-19"]
    again = one(runs.run(made_of, due=MONDAY + dt.timedelta(days=7, hours=1), how=how()))
    assert (again.state, again.period) == ("unchanged", "2024-05-16..2024-05-19")


def test_a_due_time_is_run_once_whatever_came_of_it() -> None:
    made_of = stage()
    assert one(runs.run(made_of, due=MONDAY, how=how(make=failing(NotebookError("x"))))).error
    berlin = MONDAY.astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert runs.run(made_of, due=berlin, how=how()) == []
    assert one(runs.run(made_of, how=how())).state == "made"
    with Ledger(REPORTS) as book:
        claims = book.dues("weekly", last=9, until="9999")
        assert [claim.due for claim in claims] == ["2024-05-13T07:00:00+00:00"]
        assert [r.due for r in book.runs()] == [None, "2024-05-13T07:00:00+00:00"]


def test_a_run_that_was_interrupted_leaves_its_due_time_to_the_next() -> None:
    made_of = stage()
    with pytest.raises(KeyboardInterrupt):
        runs.run(made_of, due=MONDAY, how=how(make=failing(KeyboardInterrupt())))  # type: ignore[arg-type]
    assert [state for _, state in runs.history(REPORTS)] == ["interrupted"]
    assert one(runs.run(made_of, due=MONDAY, how=how())).state == "made"


def test_only_new_texts_make_a_report_that_is_due(post: Post) -> None:
    made_of = stage('[schedule]\nperiod = "day"\nonly_new = true\n' + MAIL)
    tuesday = MONDAY + dt.timedelta(days=1)
    assert one(runs.run(made_of, due=MONDAY, how=how(post))).state == "made"
    outcome = one(runs.run(made_of, due=tuesday, how=how(post)))
    assert (outcome.state, outcome.run, outcome.period) == ("nothing new", 1, "2024-05-12")
    say("War.", "b.txt")
    later = tuesday + dt.timedelta(days=1)
    assert one(runs.run(made_of, due=later, how=how(post))).state == "made"
    assert len(post.lines()) == 4


# ---- one at a time


def test_a_second_run_ends_at_once_or_waits() -> None:
    made_of = stage()
    with locks.held(runs.lock_of(REPORTS, "weekly"), "it"):
        with pytest.raises(BusyError, match=r"the report weekly is at work already \(process"):
            runs.run(made_of, how=how())
        waiting = threading.Thread(
            target=runs.run, args=(made_of,), kwargs={"wait": True, "how": how()}
        )
        waiting.start()
        assert not WEEKLY.exists()
    waiting.join(20)
    assert shown(WEEKLY) == {"a.txt": "Peace."}


def test_a_run_at_work_is_told_from_one_that_was_killed() -> None:
    made_of = stage()
    seen: list[str] = []

    def make(*given: Any) -> None:
        seen.extend(state for _, state in runs.history(REPORTS))
        fakeruns.make(*given)

    with Ledger(REPORTS) as book:
        book.begin("weekly", "", "of a process that is gone")
        book._db.execute("UPDATE runs SET pid = 1")
    runs.run(made_of, how=how(make=make))
    assert seen == ["running", "interrupted"]
    assert [state for _, state in runs.history(REPORTS)] == ["made", "interrupted"]


def test_no_folder_of_reports_has_no_history(tmp_path: Path) -> None:
    assert runs.history(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()


START = """import sys, time, fakeruns
from pathlib import Path
from kit import recipe, runs
def make(*given):
    Path(f"begun-{sys.argv[1]}").touch()
    time.sleep(float(sys.argv[1]))
    fakeruns.make(*given)
runs.run(recipe.read(Path("reports/weekly.toml")), how=fakeruns.how(fakeruns.Post(Path("box")), make=make))
"""


def test_of_two_starts_and_a_kill_there_is_one_report_and_one_mail(post: Post) -> None:
    """The case 43: start twice within a second, kill one, start a third."""
    stage(MAIL)

    def start(seconds: float) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", START, str(seconds)]
        env = os.environ | {"PYTHONPATH": f"{HERE}:{HERE.parent}"}
        return subprocess.Popen(command, env=env, stderr=subprocess.PIPE)

    with start(60) as first:
        assert wait(Path("begun-60").exists, 30)
        with start(0) as second:
            _, said = second.communicate()
            assert b"BusyError: the report weekly is at work already" in said
        first.send_signal(signal.SIGKILL)
        first.communicate()
    assert not Path("begun-0").exists()
    assert post.lines() == []
    with start(0) as third:
        third.communicate()
        assert third.returncode == 0
    assert len(post.lines()) == 2
    assert [state for _, state in runs.history(REPORTS)] == ["made", "interrupted"]
    assert sorted(p.name for p in WEEKLY.parent.glob("weekly*")) == ["weekly", "weekly.toml"]


# ---- at each act


def faults(*given: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(HERE / "runfaults.py"), *given],
        env=os.environ | {"PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        check=False,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {"problems": done.stderr}
    return found


def test_whatever_act_fails_or_is_the_last_the_next_run_goes_on_from_there() -> None:
    found = faults("sweep", "--most", os.environ.get("READOUT_FAULTS", "240"))
    assert found["problems"] == []
    assert found["tried"] >= 200
    assert found["ends"]["killed"] > 50
    assert found["ends"]["failed"] > 20


def test_of_two_starts_at_once_one_runs() -> None:
    found = faults("double", "--most", "50")
    assert found["problems"] == []
    assert found["ends"]["made"] == 50
    assert found["ends"]["busy"] > 0
    assert found["ends"]["taken"] > 0


def test_an_error_fits_a_screen() -> None:
    shown_ = screen(KitError("\n".join(["x" * 9999, "\x1b[31mred"] * 99)))
    assert len(shown_.splitlines()) == 25
    assert max(map(len, shown_.splitlines())) <= 400
    assert "\x1b" not in shown_


def test_recipes_are_read_from_their_file() -> None:
    stage()
    assert recipe.read(recipe.find("weekly")).name == "weekly"
