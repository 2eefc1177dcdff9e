"""The ledger: what was begun, what came of it, and who has what."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kit import ledger
from kit.errors import WriteError
from kit.ledger import Ledger


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "reports")


def test_a_run_is_there_before_and_after_its_end(book: Ledger) -> None:
    with book:
        number = book.begin("weekly", "p", "abc", period="2024", due="d", inputs={"files": 2})
        run = book.run(number)
        assert run is not None
        assert (run.recipe, run.part, run.identity, run.period, run.due) == (
            "weekly", "p", "abc", "2024", "d",
        )  # fmt: skip
        assert (run.state, run.ended, run.tries, run.inputs) == ("running", None, 1, {"files": 2})
        assert book.last_made("weekly", "p") is None
        book.again(number, "the kernel died")
        book.made(number, Path("weekly/p"), {"b": "2", "a": "1"})
        run = book.run(number)
        assert run is not None
        assert (run.state, run.folder, run.error, run.exit_code, run.tries) == (
            "made", "weekly/p", None, 0, 2,
        )  # fmt: skip
        assert book.last_made("weekly", "p") == run
        assert book.last_made("weekly", "") is None
        assert book.outputs(number) == {"a": "1", "b": "2"}
        assert book.periods("weekly", "p") == ["2024"]
        assert book.run(99) is None


def test_a_failure_leaves_the_last_good_run(book: Ledger) -> None:
    with book:
        good = book.begin("weekly", "", "a")
        book.made(good, Path("weekly"), {})
        bad = book.begin("weekly", "", "b")
        book.failed(bad, "no memory", 5)
        last = book.last_made("weekly", "")
        assert last is not None
        assert last.id == good
        assert [(r.id, r.state, r.error, r.exit_code) for r in book.runs("weekly")] == [
            (bad, "failed", "no memory", 5),
            (good, "made", None, 0),
        ]
        assert book.runs("other") == []
        assert len(book.runs(last=1)) == 1


def test_a_due_time_is_taken_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as one, Ledger(tmp_path) as other:
        assert one.claim("weekly", "2024-05-06T07:00")
        assert not other.claim("weekly", "2024-05-06T07:00")
        assert other.claim("daily", "2024-05-06T07:00")
        assert [c.due for c in one.dues("weekly", last=9, until="9999")] == ["2024-05-06T07:00"]


def test_the_same_report_again_is_not_sent_again(book: Ledger) -> None:
    with book:
        first = book.begin("weekly", "", "a")
        book.made(first, Path("weekly"), {"report.html": "1"})
        for who, state in (("a", "sent"), ("b", "unknown"), ("c", "refused")):
            assert book.try_to_send(first, "mail", who)
            book.sent(first, "mail", who, state)  # type: ignore[arg-type]
        assert book.try_to_send(first, "mail", "d")
        again = book.begin("weekly", "", "b")
        book.made(again, Path("weekly"), {"report.html": "1"}, same=first)
        assert [(s.recipient, s.state) for s in book.sends(again)] == [
            ("a", "sent"), ("b", "unknown"), ("c", "refused"),
        ]  # fmt: skip
        assert not book.try_to_send(again, "mail", "a")
        assert book.try_to_send(again, "mail", "d")
        other = book.begin("weekly", "", "c")
        book.made(other, Path("weekly"), {"report.html": "2"})
        assert book.try_to_send(other, "mail", "a")


def test_hashes_are_kept_by_place(book: Ledger) -> None:
    with book:
        book.keep_hashes("/t", {"a": ("s", "1"), "b": ("s", "2")})
        book.keep_hashes("/u", {"a": ("s", "3")})
        book.keep_hashes("/t", {"a": ("t", "4"), "b": None})
        assert book.hashes("/t") == {"a": ("t", "4")}
        assert book.hashes("/u") == {"a": ("s", "3")}


def test_two_begin_it_at_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as one, Ledger(tmp_path) as other:
        assert {one.begin("a", "", ""), other.begin("b", "", "")} == {1, 2}


def test_what_is_no_ledger_or_a_later_one_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ledger.FILE).write_text("no ledger at all" * 99)
    with pytest.raises(WriteError, match=r"\.ledger\.db: the ledger cannot be written or read"):
        Ledger(tmp_path)
    (tmp_path / "later").mkdir()
    with sqlite3.connect(tmp_path / "later" / ledger.FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(WriteError, match="written by a later version of kit; update kit"):
        Ledger(tmp_path / "later")


# ---- the disk under SQLite

WORK = """import sys
from pathlib import Path
from kit.ledger import Ledger
with Ledger(Path(sys.argv[1])) as book:
    number = book.begin("weekly", "", "new")
    print("begun", flush=True)
    book.made(number, Path("weekly"), {"report.html": "2"})
    print("made", flush=True)
    book.try_to_send(number, "mail", "a")
    book.sent(number, "mail", "a", "sent")
    print("sent", flush=True)
"""
CALLS = "pwrite64,fdatasync,fsync,unlink"


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    if not found:
        pytest.skip("strace is not there: faults of single system calls cannot be made")
    done = subprocess.run([found, "-qq", "-o", "/dev/null", "true"], check=False)
    if done.returncode:
        pytest.skip("strace may not trace here")
    return found


@pytest.mark.parametrize("how", ["signal=SIGKILL", "error=ENOSPC", "error=EIO"])
def test_whatever_call_of_the_system_fails_the_ledger_is_whole(
    tmp_path: Path, strace: str, how: str
) -> None:
    ended = set()
    for number in range(1, 40, 3 if "SIGKILL" in how else 5):
        folder = tmp_path / str(number)
        with Ledger(folder) as book:
            first = book.begin("weekly", "", "old")
            book.made(first, Path("weekly"), {"report.html": "1"})
        inject = ["-f", "-qq", "-o", "/dev/null", "-e", f"inject={CALLS}:{how}:when={number}"]
        done = subprocess.run(
            [strace, *inject, sys.executable, "-c", WORK, str(folder)],
            capture_output=True,
            check=False,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        )
        told = done.stdout.split()
        ended.add(len(told))
        assert "SIGKILL" in how or done.returncode == 0 or "WriteError" in done.stderr
        with Ledger(folder) as book:
            (check,) = book._db.execute("PRAGMA integrity_check").fetchone()
            assert check == "ok"
            assert book.outputs(1) == {"report.html": "1"}
            run = book.run(2)
            if "begun" in told:
                assert run is not None
            if run is not None:
                assert (run.state == "made") == bool(book.outputs(2))
                assert run.state == "made" or "made" not in told
            if "sent" in told:
                assert [s.state for s in book.sends(2)] == ["sent"]
            assert book.begin("weekly", "", "next") > 1
    assert len(ended) > 2


def test_what_became_of_times_and_since_when_a_schedule_counts(tmp_path: Path) -> None:
    days = [f"2024-05-{day:02d}T07:00:00+00:00" for day in (6, 7, 8)]
    with Ledger(tmp_path) as book:
        assert book.claim("weekly", days[1], "made, unsent")
        book.claim_all("weekly", days, "missed")
        book.settle("weekly", days[1], "made", days[2])
        found = book.dues("weekly", last=2, until="9999")
        assert [(c.due, c.state) for c in found] == [(days[2], "missed"), (days[1], "made")]
        assert found[1].at == days[2]
        assert [c.due for c in book.dues("weekly", last=9, until=days[0])] == days[:1]
        assert book.dues("daily", last=9, until="9999") == []
        assert book.schedule("weekly") is None
        book.keep_schedule("weekly", "0 7 * * 1 UTC", days[0])
        book.keep_schedule("weekly", "0 8 * * 1 UTC", days[1])
        assert book.schedule("weekly") == ("0 8 * * 1 UTC", days[1])
