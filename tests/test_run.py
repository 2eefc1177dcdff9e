"""A report appears whole or not at all, and a failure says which notebook, which cell, and why."""

import gc
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from processes import marked, wait

from kit import params, run
from kit.errors import KitError, NotebookError, ParameterError, ReadError, RenderError

NOTEBOOKS = Path(__file__).parent / "notebooks"
SEEDS = Path(__file__).parent.parent / "seeds"


# What a run leaves open is the matter of test_a_run_closes_what_it_opened, and of no other test.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture(autouse=True)
def _no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    mark = str(uuid.uuid4())
    monkeypatch.setenv("READOUT_TEST", mark)
    yield
    ended = wait(lambda: not marked(mark), 5)
    for process in marked(mark):
        process.kill()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    assert ended


def fixture(name: str) -> str:
    return str(NOTEBOOKS / f"{name}.ipynb")


def make(final: Path, *names: str, source: Path = SEEDS, formats: tuple[str, ...] = ()) -> Path:
    planned = run.plan(str(source), {}, names=[fixture(n) for n in names], formats=formats)
    return run.make(planned, final)


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_run_leaves_notebooks_data_and_a_record(tmp_path: Path) -> None:
    final = make(tmp_path / "r", "hello")
    assert sorted(content(final)) == ["notebooks/hello.ipynb", "run.json"]
    record = json.loads((final / "run.json").read_text("utf-8"))
    assert record["files"] == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in content(final).items()
        if name != "run.json"
    }
    source = (NOTEBOOKS / "hello.ipynb").read_bytes()
    assert record["notebooks"] == {"hello": hashlib.sha256(source).hexdigest()}
    assert ["hello.top", "3", "default"] in record["parameters"]
    assert ["hello.source", str(SEEDS), "command line"] in record["parameters"]


def test_two_runs_of_the_seed_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        planned = run.plan(str(SEEDS), {"top": 5})
        made.append(content(run.make(planned, tmp_path / name)))
    for name in ("report.html", "report.pdf"):
        assert made[0][name] == made[1][name]
    data = [{k: v for k, v in m.items() if k.startswith("data/")} for m in made]
    assert data[0]
    assert data[0] == data[1]


FAILURES = [
    ("kernel_killed", r"kernel_killed\.ipynb, cell 2 \(import os, signal\): the kernel died"),
    ("exits", r"exits\.ipynb, cell 2 \(import sys\): the notebook ended early"),
    (
        "raises",
        r"raises\.ipynb, cell 4 \(1 / \(top - top\)\): ZeroDivisionError: division by zero$",
    ),
]


@pytest.mark.parametrize(("name", "message"), FAILURES, ids=[n for n, _ in FAILURES])
def test_a_failure_names_its_cell_and_leaves_the_old_report(
    tmp_path: Path, name: str, message: str
) -> None:
    final = make(tmp_path / "r", "hello", "shows_chance")
    before = content(final)
    started = time.monotonic()
    with pytest.raises(NotebookError, match=message):
        make(final, "hello", name)
    assert time.monotonic() - started < 30
    assert content(final) == before
    kept = nbformat.read(tmp_path / ".failed" / "r" / f"{name}.ipynb", as_version=4)
    assert kept.cells
    assert sorted(p.name for p in tmp_path.iterdir()) == [".failed", "r"]


def test_a_failure_with_a_value_from_outside_names_the_same_cell(tmp_path: Path) -> None:
    planned = run.plan(str(SEEDS), {"top": 5}, names=[fixture("raises")], formats=())
    with pytest.raises(NotebookError, match=r"cell 4 \(1 / \(top - top\)\)"):
        run.make(planned, tmp_path / "r")


def test_the_killed_kernel_of_the_case_is_a_failure(shared: Path, tmp_path: Path) -> None:
    path = shared / "cases/41-kernel-killed/killed.ipynb"
    started = time.monotonic()
    with pytest.raises(NotebookError, match=r"killed\.ipynb, cell 2 .*the kernel died"):
        run.execute({"killed": path}, {}, tmp_path)
    assert time.monotonic() - started < 30


def test_the_loss_of_a_cold_kernel_is_a_failure_too(tmp_path: Path) -> None:
    path = NOTEBOOKS / "kernel_killed.ipynb"
    with pytest.raises(NotebookError, match="the kernel died"):
        run.execute({"kernel_killed": path}, {}, tmp_path, warm=False)


def test_an_error_meant_for_people_arrives_as_it_was_raised(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"^/no/such/place: "):
        make(tmp_path / "r", "read_error")


def test_what_follows_a_failure_starts_afresh(tmp_path: Path) -> None:
    with pytest.raises(NotebookError):
        make(tmp_path / "r", "raises")
    make(tmp_path / "r", "hello")
    assert (tmp_path / "r" / "run.json").is_file()


def test_what_a_module_prints_when_imported_disturbs_nothing(tmp_path: Path) -> None:
    make(tmp_path / "r", "imports_what_prints", "hello")


def test_a_module_that_ends_the_process_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ends_the_process.py").write_text("import os\nos._exit(0)\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotebookError, match="imports_what_ends_the_process"):
        make(tmp_path / "r", "imports_what_ends_the_process")


def test_a_run_closes_what_it_opened(tmp_path: Path) -> None:
    hello = {"hello": NOTEBOOKS / "hello.ipynb"}
    run.execute(hello, {}, tmp_path)
    gc.collect()
    gc.disable()  # what is left open must not be closed by chance
    try:
        before = psutil.Process().num_fds()
        run.execute(hello, {}, tmp_path)
        assert psutil.Process().num_fds() <= before
    finally:
        gc.enable()


class KernelStartedError(Exception):
    pass


@pytest.mark.parametrize(
    ("names", "given", "message"),
    [
        (
            ["breif"],
            {},
            r"no notebook breif\. Did you mean brief\? There are: brief, changes, names",
        ),
        (["no/such.ipynb"], {}, r"no notebook no/such\.ipynb"),
        (["names"], {"tpo": "3"}, r"parameter tpo: .*Did you mean top\?"),
        (["names"], {"top": "x"}, r"parameter top: 'x' is not a whole number"),
        (["names"], {"top": "0"}, r"out of range"),
        (["wording"], {"names.top": "3"}, r"no notebook names"),
    ],
)
def test_what_does_not_fit_is_refused_before_a_kernel_starts(
    monkeypatch: pytest.MonkeyPatch, names: list[str], given: dict[str, str], message: str
) -> None:
    def started(*_: object, **__: object) -> None:
        raise KernelStartedError

    monkeypatch.setattr(run, "execute", started)
    monkeypatch.setattr(subprocess, "Popen", started)
    with pytest.raises(ParameterError, match=message):
        run.plan(str(SEEDS), given, names=names)


def test_an_unknown_format_is_refused_before_a_kernel_starts() -> None:
    with pytest.raises(KitError, match="docx"):
        run.plan(str(SEEDS), {}, formats=("docx",))


def test_a_source_that_is_not_there_is_refused_before_a_kernel_starts() -> None:
    with pytest.raises(ReadError, match="no/such: no such file or folder"):
        run.plan("no/such", {})


def test_two_notebooks_of_one_name_are_not_mistaken_for_one(tmp_path: Path) -> None:
    (tmp_path / "hello.ipynb").write_bytes((NOTEBOOKS / "raises.ipynb").read_bytes())
    try:
        found = run.find_notebooks([fixture("hello"), str(tmp_path / "hello.ipynb")])
    except ParameterError:
        return
    assert len(found) == 2


def test_rendering_two_notebooks_of_one_name_loses_neither(tmp_path: Path) -> None:
    for folder, text in (("a", "first"), ("b", "second")):
        (tmp_path / folder).mkdir()
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        nbformat.write(notebook, tmp_path / folder / "x.ipynb")
    paths = [tmp_path / folder / "x.ipynb" for folder in ("a", "b")]
    try:
        page = (run.render_only(paths, tmp_path / "r", ("html",)) / "report.html").read_text()
    except KitError:
        return
    assert "first" in page
    assert "second" in page


def test_rendering_alone_needs_no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A\n\nhello")])
    nbformat.write(notebook, tmp_path / "a.ipynb")
    monkeypatch.delattr(subprocess, "Popen")
    final = run.render_only([tmp_path / "a.ipynb"], tmp_path / "r", ("html",), "Title")
    assert "<h1><bdi>Title</bdi></h1>" in (final / "report.html").read_text("utf-8")
    assert json.loads((final / "run.json").read_text("utf-8"))["files"]


def test_a_file_that_is_no_notebook_is_not_rendered(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("{}", "utf-8")
    with pytest.raises(ParameterError, match=r"a\.ipynb"):
        run.render_only([tmp_path / "a.ipynb"], tmp_path / "r")


def test_what_fails_in_rendering_leaves_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.render import html  # noqa: PLC0415

    final = make(tmp_path / "r", "hello", formats=("html",))
    before = content(final)

    def fail(_: object) -> str:
        raise RenderError("report.html: full")

    monkeypatch.setattr(html, "render", fail)
    with pytest.raises(RenderError):
        make(final, "hello", formats=("html",))
    assert content(final) == before
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_the_parameters_of_a_kept_notebook_are_those_given(tmp_path: Path) -> None:
    planned = run.plan(str(SEEDS), {"top": "7"}, names=[fixture("hello")], formats=())
    final = run.make(planned, tmp_path / "r")
    cells = params.cells(final / "notebooks" / "hello.ipynb")
    assert any("top = 7" in c["source"] for c in cells)
    assert cells[-1]["outputs"][0]["text"] == ["hello 7\n"]


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize(
    ("signum", "code", "group"),
    [(signal.SIGTERM, 143, False), (signal.SIGINT, 130, False), (signal.SIGINT, 130, True)],
    ids=["SIGTERM", "SIGINT", "Ctrl-C"],
)
def test_an_interrupted_report_leaves_nothing(
    tmp_path: Path, signum: int, code: int, group: bool
) -> None:
    mark, started = str(uuid.uuid4()), tmp_path / "started"
    command = [sys.executable, "-c", "from kit.cli import main; main()", "report", str(SEEDS)]
    options = ["--notebook", fixture("sleeps"), "--out", "out", "-p", f"started={started}"]
    (tmp_path / "tmp").mkdir()
    with subprocess.Popen(
        [*command, *options],
        cwd=tmp_path,
        env=os.environ | {"READOUT_TEST": mark, "TMPDIR": str(tmp_path / "tmp")},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as runner:
        assert wait(started.exists, 30)
        if group:
            os.killpg(runner.pid, signum)
        else:
            runner.send_signal(signum)
        _, said = runner.communicate(timeout=20)
    assert runner.returncode == code
    assert "Traceback" not in said
    assert list((tmp_path / "out").iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []
    assert wait(lambda: not marked(mark), 5), marked(mark)


def test_the_notebooks_of_the_package_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(run.find_notebooks()) == list(run.STANDARD)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS / "hello.ipynb", tmp_path / "notebooks")
    assert list(run.find_notebooks(["hello"])) == ["hello"]
