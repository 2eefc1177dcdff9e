"""The report in Chromium: accessible, without a request, its links lead somewhere."""

import datetime as dt
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.parse
from functools import partial
from pathlib import Path

import atom
import fakereport
import pytest

from kit import run
from kit.publish import publish
from kit.recipe import Publish

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


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published folder: a year of a recipe, one with parts, one with titles that would be markup."""
    folder = tmp_path_factory.mktemp("site")
    odd = (
        "<script>alert(1)</script>", "</title><img src=x onerror=alert(2)>", "\u202eelcitra\u202c RTL",
        "x" * 300, "合作" * 100, "مرحبا English 123", "javascript:alert(3)", "   ",
    )  # fmt: skip
    said = [("Read", "<img src=x onerror=alert(4)>"), ("About", "合作 " + "y" * 200)]
    plain, other = (fakereport.make(folder / name, title=name) for name in ("plain", "other"))
    to = Publish(
        folder=str(folder / "out"), title="China & Russia desk", address="https://example.org/"
    )
    for n in range(12):
        publish(
            plain,
            to,
            "weekly",
            date=dt.date(2024, n + 1, 6),
            heading="The week",
            period=f"2024-{n + 1:02d}",
        )
    publish(other, to, "weekly", date=dt.date(2024, 12, 6), heading="The week", period="2024-12")
    for part in ("trade", "安全"):
        publish(plain, to, "themes", date=dt.date(2025, 1, 6), part=part, title="Themes")
    for n, title in enumerate(odd):
        made = fakereport.make(folder / f"odd{n}", title=title, statements=said)
        publish(made, to, "odd", date=dt.date(2025, 1, n + 1), title=title, part=title)
    return folder / "out"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.browser
@pytest.mark.parametrize("by", ["folder", "server"])
def test_the_site_over_published_reports(node: str, published: Path, by: str) -> None:
    handler = partial(Quiet, directory=str(published))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        local = f"http://127.0.0.1:{server.server_port}/"
        base = local if by == "server" else f"{published.as_uri()}/"
        done = subprocess.run(
            [node, str(HERE / "site.mjs"), base, "“win-win cooperation” SHANGHAI orleans", "22"],
            capture_output=True,
            check=False,
            env=os.environ | {"CHROMIUM": CHROMIUM},
            text=True,
            timeout=300,
        )
        server.shutdown()
    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    assert said["problems"] == []
    assert said["pages"] == 4 * 5
    assert said["searches"] == 2 + 4
    feeds = sorted(published.rglob("feed.xml"))
    assert len(feeds) == 4
    assert [atom.problems(feed.read_bytes()) for feed in feeds] == [[]] * 4
    for path in said["leads"]:
        assert (published / urllib.parse.unquote(path)).is_file(), path
