"""A report is made in a process of its own, which ends in time and leaves nothing, however it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import fakeruns
import psutil
import pytest
from fakeruns import Post
from processes import marked, wait

from kit import apart, recipe, run, runs
from kit.apart import Order
from kit.errors import KitError, NotebookError, WriteError
from kit.execute import Limits

MAIL = '[mail]\nto = ["a@example.org"]\n'
SLEEP = (
    "import pathlib, subprocess, time\n"
    "subprocess.Popen(['sleep', '600'])\n"
    "pathlib.Path('begun').touch()\n"
    "time.sleep(600)"
)
DIES = (
    "import os, signal, subprocess\n"
    "subprocess.Popen(['sleep', '600'])\n"
    "os.kill(os.getpid(), signal.SIGKILL)"
)
NO_SHELL = ["-c", "from kit.cli import main; main()"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run in a folder of its own; no process and no temporary file is left of a test."""
    before, mark = Path.cwd(), str(uuid.uuid4())
    monkeypatch.setenv("READOUT_TEST", mark)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    fakeruns.stage(tmp_path)
    yield
    os.chdir(before)
    ended = wait(lambda: not marked(mark), 5)
    for process in marked(mark):
        process.kill()
    assert ended
    assert list((tmp_path / "tmp").iterdir()) == []


def order(code: str, seconds: float = 300, **limits: float) -> Order:
    fakeruns.notebook(Path("tiny.ipynb"), code=code)
    planned = run.plan(
        "texts", {"top": 5}, names=["tiny.ipynb"], formats=("html",), origin="recipe"
    )
    more = Limits(**limits)  # type: ignore[arg-type]
    return Order(planned, Path("reports/x"), Path("reports/.failed/x"), {"run": 7}, more, seconds)


def make(given: Order, stop: threading.Event | None = None) -> list[str]:
    steps: list[str] = []
    apart.make(given, steps.append, stop or threading.Event())
    return steps


def test_a_report_is_made_as_ordered() -> None:
    assert make(order("print(top)")) == ["tiny", "report"]
    record = json.loads(Path("reports/x/run.json").read_text("utf-8"))
    assert record["run"] == 7
    assert ["tiny.top", "5", "recipe"] in record["parameters"]
    assert ["tiny.source", "texts", "recipe"] in record["parameters"]
    assert ["tiny.query", "", "default"] in record["parameters"]
    assert sorted(run.verified(Path("reports/x"))) == [
        "notebooks/tiny.ipynb",
        "report.html",
        "run.json",
    ]


def test_a_failure_arrives_as_it_was_raised_and_keeps_the_notebook() -> None:
    with pytest.raises(NotebookError, match=r"tiny\.ipynb, cell 2 \(1/0\): ZeroDivisionError") as e:
        make(order("1/0"))
    assert not e.value.may_pass
    assert Path("reports/.failed/x/tiny.ipynb").is_file()
    Path("reports/x").touch()
    with pytest.raises(WriteError, match="a file stands"):
        make(order("1"))


def test_a_disk_that_is_full_in_a_cell_is_no_fault_of_the_notebook() -> None:
    with pytest.raises(WriteError, match=r"cell 2 .*\[Errno 28\] No space left on device"):
        make(order("raise OSError(28, 'No space left on device')"))


def test_a_dead_kernel_may_pass_the_second_time() -> None:
    with pytest.raises(NotebookError, match=r"cell 2 .*: the kernel died") as caught:
        make(order(DIES))
    assert caught.value.may_pass


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"cell": 2}, r"tiny\.ipynb, cell 2 \(import pathlib, .*\): no answer within 2 s"),
        ({"notebook": 3}, r"tiny\.ipynb, cell 2 \(.*\): the notebook takes longer than 3 s"),
    ],
)
def test_what_takes_too_long_is_ended_with_all_that_it_started(
    limits: dict[str, float], said: str
) -> None:
    started = time.monotonic()
    with pytest.raises(NotebookError, match=said) as caught:
        make(order(SLEEP, **limits))
    assert time.monotonic() - started < 60
    assert not caught.value.may_pass
    assert Path("reports/.failed/x/tiny.ipynb").is_file()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_cold_kernel_is_ended_with_all_that_it_started_too(tmp_path: Path) -> None:
    path = fakeruns.notebook(tmp_path / "slow.ipynb", code=SLEEP)
    with pytest.raises(NotebookError, match="no answer within 3 s"):
        run.execute({"slow": path}, {}, tmp_path, limits=Limits(cell=3), warm=False)
    fakeruns.notebook(path, code=DIES)
    with pytest.raises(NotebookError, match="the kernel died"):
        run.execute({"slow": path}, {}, tmp_path, warm=False)


def test_a_report_that_hangs_outside_of_its_notebooks_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "GRACE", 2.0)
    with pytest.raises(
        NotebookError, match=r"reports/x: the report takes longer than 2 s; it was at"
    ):
        make(order(SLEEP, seconds=2))


def test_it_is_ended_when_it_is_not_wanted_any_more() -> None:
    stop = threading.Event()
    threading.Thread(target=lambda: wait(Path("begun").exists, 60) and stop.set()).start()
    with pytest.raises(KitError, match="stopped"):
        make(order(SLEEP), stop)
    assert not Path("reports/x").exists()
    assert [p for p in Path("reports").iterdir() if p.name.endswith(".new")] == []


def test_a_process_that_dies_is_a_failure_that_may_pass() -> None:
    def kill() -> None:
        assert wait(Path("begun").exists, 60)
        for process in psutil.Process().children(recursive=True):
            if process.cmdline()[1:] == ["-m", "kit.apart"]:
                process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(NotebookError, match=r"was killed by SIGKILL\. Was memory short") as caught:
        make(order(SLEEP))
    killer.join()
    assert caught.value.may_pass


def test_what_may_pass_is_told_from_what_cannot() -> None:
    assert apart.may_pass(ConnectionResetError(104, "x"))
    assert not apart.may_pass(OSError(28, "No space left on device"))
    assert not apart.may_pass(NotebookError("x"))
    caused = KitError("x")
    caused.__cause__ = TimeoutError(110, "x")
    assert apart.may_pass(caused)


def test_reports_at_a_time_are_bounded_by_cores_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    monkeypatch.setattr(apart, "_granted", lambda: 10**12)

    def memory(free: int) -> None:
        monkeypatch.setattr(psutil, "virtual_memory", lambda: type("M", (), {"available": free}))

    memory(10**12)
    assert [apart.width(n) for n in (1, 2, 5, 100)] == [1, 2, 5, 8]
    memory(3 * apart.MEMORY + 1)
    assert apart.width(100) == 3
    memory(1)
    assert apart.width(100) == 1


# ---- with a whole recipe


def test_the_killed_kernel_of_the_case_fails_its_run_in_time(shared: Path, tmp_path: Path) -> None:
    post = Post(tmp_path / "box")
    made_of = fakeruns.stage(tmp_path, "retries = 0\n" + MAIL)
    given = runs.How(channels={"mail": post}, checks={}, notify=lambda *_: None)
    (outcome,) = runs.run(made_of, how=given)
    assert outcome.state == "made"
    sent = post.lines()
    before = run.verified(outcome.folder)
    killed = (shared / "cases/41-kernel-killed/killed.ipynb").read_bytes()
    Path("tiny.ipynb").write_bytes(killed)
    started = time.monotonic()
    (outcome,) = runs.run(made_of, how=given)
    assert time.monotonic() - started < 30
    assert re.search(r"tiny\.ipynb, cell 2 .*: the kernel died", str(outcome.error))
    assert outcome.stands == 1
    assert run.verified(outcome.folder) == before
    assert post.lines() == sent


@pytest.mark.parametrize(
    ("signum", "code", "group"),
    [(signal.SIGTERM, 143, False), (signal.SIGINT, 130, True), (signal.SIGKILL, -9, False)],
    ids=["SIGTERM", "Ctrl-C", "SIGKILL"],
)
def test_a_run_that_is_ended_leaves_nothing_half(
    tmp_path: Path, signum: int, code: int, group: bool
) -> None:
    fakeruns.notebook(Path("tiny.ipynb"), code=SLEEP)
    with subprocess.Popen(
        [sys.executable, *NO_SHELL, "run", "weekly"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert wait(Path("begun").exists, 60)
        (os.killpg if group else os.kill)(process.pid, signum)
        _, said = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in said
    mark = os.environ["READOUT_TEST"]
    assert wait(lambda: not marked(mark), 20)
    assert wait(lambda: not [p for p in Path("reports").iterdir() if "new" in p.name], 5)
    assert not Path("reports/weekly").exists()
    assert [state for _, state in runs.history(Path("reports"))] == ["interrupted"]
    fakeruns.notebook(Path("tiny.ipynb"))
    assert [o.state for o in runs.run(recipe.read(recipe.find("weekly")))] == ["made"]
    for left in (tmp_path / "tmp").iterdir():  # of the process that was killed itself
        assert signum == signal.SIGKILL
        left.rmdir()
