"""The process that kernels are forked from."""

import json
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import psutil
import pytest
from processes import marked, wait

import kit
from kit import forkserver

NOTEBOOKS = Path(__file__).parent / "notebooks"


def test_modules_are_found_as_cells_import_and_reach_them() -> None:
    cells = [
        "import kit\nimport numpy as np",
        "from os import path\nkit.themes.by_paragraph(corpus); np.random.rand()",
        "%matplotlib inline",
        "for x in (",
        "corpus.head()",
    ]
    assert forkserver.imported(cells) == ["kit", "numpy", "os", "os.path", "kit.themes"]


@pytest.mark.skipif(not forkserver.CAN_FORK, reason="processes are forked on Linux only")
def test_what_is_no_module_does_not_stop_the_server(tmp_path: Path) -> None:
    server = forkserver.ForkServer(["no_such_module", "json.loads", "json"], tmp_path / "log")
    server.close()
    assert "Traceback" not in (tmp_path / "log").read_text("utf-8")


def test_what_cells_reach_is_loaded_with_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(kit.themes, "preload", lambda: calls.append("themes"))
    monkeypatch.setattr(json, "preload", lambda: calls.append("json"), raising=False)
    for name in ("kit.themes", "json"):
        forkserver._load(name)
    assert calls == ["themes"]  # of ours alone
    with pytest.raises(ImportError):
        forkserver._load("no_such_module.of_this.name")
    with pytest.raises(AttributeError):
        forkserver._load("kit.no_such_name")


def test_what_a_package_gives_when_asked_is_loaded() -> None:
    code = "import sys, kit.forkserver as f; f._load('kit.read'); print('kit.parse' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "True\n"


ENDED = """
import pathlib, psutil
from kit.forkserver import ForkServer
server = ForkServer([], pathlib.Path("log"))
(process,) = psutil.Process().children()
process.kill()
process.wait()
try:
    server.fork("nowhere.json", {})
except (RuntimeError, OSError):
    print("says so")
server.close()
"""


@pytest.mark.skipif(not forkserver.CAN_FORK, reason="processes are forked on Linux only")
def test_a_server_that_has_ended_says_so_and_can_be_closed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDED], cwd=tmp_path, capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (0, "says so\n"), done.stderr


@pytest.mark.skipif(not forkserver.CAN_FORK, reason="processes are forked on Linux only")
def test_a_kernel_forked_just_before_the_end_is_ended_too(tmp_path: Path) -> None:
    kernels = []
    for i in range(5):
        server = forkserver.ForkServer([], tmp_path / "log")
        kernels.append(server.fork(str(tmp_path / f"{i}.json"), dict(os.environ)))
        server.close()
    try:
        assert wait(lambda: not any(map(alive, kernels)), 3)
    finally:
        for pid in filter(alive, kernels):
            os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.skipif(not forkserver.CAN_FORK, reason="processes are forked on Linux only")
def test_server_and_kernels_end_when_the_runner_is_killed(tmp_path: Path) -> None:
    mark = str(uuid.uuid4())
    script = (
        "import pathlib, sys\nfrom kit import run\n"
        "run.execute({'sleeps': pathlib.Path(sys.argv[1])}, {}, pathlib.Path.cwd())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(NOTEBOOKS / "sleeps.ipynb")],
        cwd=tmp_path,
        env=os.environ | {"READOUT_TEST": mark, "TMPDIR": str(tmp_path)},
        stderr=subprocess.DEVNULL,
    ) as runner:
        assert wait((tmp_path / "started").exists, 30)
        assert len(marked(mark)) == 3  # runner, server, kernel
        runner.send_signal(signal.SIGKILL)
    assert wait(lambda: not marked(mark), 10), marked(mark)
