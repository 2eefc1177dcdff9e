"""The report in Chromium: accessible, without a request, its links lead somewhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit import run

HERE = Path(__file__).parent / "browser"
SEEDS = Path(__file__).parent.parent / "seeds"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def test_the_lock_names_no_host_and_exact_versions() -> None:
    package = json.loads((HERE / "package.json").read_text("utf-8"))
    lock = (HERE / "package-lock.json").read_text("utf-8")
    assert not re.search(r"https?:|registry", lock)
    for name, version in package["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert json.loads(lock)["packages"][f"node_modules/{name}"]["version"] == version


@pytest.fixture(scope="module")
def node() -> str:
    """Return the path of Node, the packages of the checks being there."""
    found = shutil.which("node")
    if not found or not Path(CHROMIUM).exists():
        pytest.skip(f"the checks in a browser need node and {CHROMIUM}")
    if not (HERE / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True
        )
    return found


def problems(node: str, page: Path) -> list[str]:
    done = subprocess.run(
        [node, str(HERE / "check.mjs"), str(page)],
        capture_output=True,
        check=False,
        env=os.environ | {"CHROMIUM": CHROMIUM},
        text=True,
        timeout=180,
    )
    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    assert said["pages"] == 4
    return list(said["problems"])


@pytest.mark.browser
def test_the_report_of_the_seed(node: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from kit.cli import main; main()", "report", str(SEEDS)]
    subprocess.run(
        [*command, "--out", str(tmp_path), "--name", "seed", "--format", "html"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    assert problems(node, tmp_path / "seed" / "report.html") == []


@pytest.mark.browser
def test_a_notebook_full_of_payloads(node: str, shared: Path, tmp_path: Path) -> None:
    path = shared / "cases/46-report-html-payloads/payloads.ipynb"
    made = run.render_only([path], tmp_path / "payloads", ("html",))
    assert problems(node, made / "report.html") == []
