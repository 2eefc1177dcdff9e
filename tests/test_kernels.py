"""Kernels warm and cold: the same outputs, and none is left behind."""

import gc
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from kit import forkserver, run
from kit.errors import NotebookError

NOTEBOOKS = Path(__file__).parent / "notebooks"
pytestmark = [
    pytest.mark.skipif(not forkserver.CAN_FORK, reason="warm kernels need fork"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),  # see test_run.py
]


def executed(*names: str, folder: Path, warm: bool) -> dict[str, list[Any]]:
    """Run notebooks and return the outputs of their cells, in order."""
    paths = {name: NOTEBOOKS / f"{name}.ipynb" for name in names}
    made = run.execute(paths, {}, folder, warm=warm)
    return {
        name: [o for c in nbformat.read(path, as_version=4).cells for o in c.get("outputs", ())]
        for name, path in made.items()
    }


def of_runs() -> set[int]:
    """Return the children of this process, and theirs."""
    return {p.pid for p in psutil.Process().children(recursive=True)}


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    before = of_runs()
    yield
    assert of_runs() <= before
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def test_warm_and_cold_kernels_show_the_same(tmp_path: Path) -> None:
    (tmp_path / "warm").mkdir()
    (tmp_path / "cold").mkdir()
    warm = executed("shows_figures", folder=tmp_path / "warm", warm=True)["shows_figures"]
    cold = executed("shows_figures", folder=tmp_path / "cold", warm=False)["shows_figures"]
    kinds = [sorted(o.get("data", {o.get("name"): ""})) for o in warm]
    assert kinds == [
        ["stdout"],
        ["text/html", "text/plain"],
        ["image/png", "text/plain"],
        ["image/png", "text/plain"],
        ["text/plain"],
    ]
    assert warm == cold


def test_each_kernel_has_its_own_chance_and_the_folder_of_the_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        shutil.copy(NOTEBOOKS / "shows_chance.ipynb", tmp_path / f"{name}.ipynb")
    (tmp_path / "made").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    paths = {name: tmp_path / f"{name}.ipynb" for name in ("a", "b")}
    made = run.execute(paths, {}, tmp_path / "made", warm=True)
    lines = [
        nbformat.read(path, as_version=4).cells[-1].outputs[0].text.split()
        for path in made.values()
    ]
    assert lines[0][0] != lines[1][0]  # random
    assert lines[0][1] != lines[1][1]  # numpy.random
    assert {line[2] for line in lines} == {str(Path.cwd())}


def test_the_environment_of_the_runner_is_as_before(tmp_path: Path) -> None:
    before = dict(os.environ)
    executed("hello", folder=tmp_path, warm=True)
    assert dict(os.environ) == before


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_a_failure_ends_every_kernel(tmp_path: Path, warm: bool) -> None:
    with pytest.raises(NotebookError):
        executed("raises", "hello", folder=tmp_path, warm=warm)
