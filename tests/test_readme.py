"""What the README and the docs say can be done, is done."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.lexicon import load

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    lines = [line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("kit ")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder as a user has it, with the lexicons of their own that the docs show."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "reports").mkdir()
    shutil.copy(ROOT / "reports" / "example.toml", tmp_path / "reports")
    series = Path("tests/data/ministries")
    shutil.copytree(ROOT / series, tmp_path / series)
    mine, themes = blocks(ROOT / "docs" / "lexicons.md", "toml")
    (tmp_path / "mine.toml").write_text(mine, "utf-8")
    (tmp_path / "mine-themes.toml").write_text(themes, "utf-8")
    return tmp_path


def test_the_python_block_prints_what_the_readme_says(checkout: Path) -> None:
    (code,) = blocks(ROOT / "README.md", "python")
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert run.stdout == blocks(ROOT / "README.md", "text")[0]


def test_the_sessions_in_the_docs_print_what_they_show(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    sessions = [block for page in PAGES for block in blocks(page, "pycon")]
    assert sessions
    for number, session in enumerate(sessions):
        test = doctest.DocTestParser().get_doctest(session, {}, f"session {number}", None, 0)
        result = doctest.DocTestRunner(verbose=False).run(test)
        assert result.attempted > 3
        assert result.failed == 0


@pytest.mark.parametrize("line", commands())
def test_each_command_of_the_docs_runs(line: str, checkout: Path) -> None:
    words = shlex.split(line)[1:]
    run = subprocess.run(
        [sys.executable, "-m", "kit.cli", *words],
        check=False,
        cwd=checkout,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout


@pytest.mark.parametrize(
    "target",
    ["report", "test", "lab", "lint", "browser", "bench", "bench-wording", "constraints"],
)
def test_make_has_the_targets_that_the_docs_name(target: str) -> None:
    run = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout


def test_links_inside_the_docs_lead_to_files() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_changelog_counts_the_lexicons_right() -> None:
    page = (ROOT / "docs" / "CHANGELOG.md").read_text("utf-8")
    for name, what in (
        ("formulations", "formulations"),
        ("themes", "themes"),
        ("names", "names"),
        ("countries", "countries"),
    ):
        assert f"{len(load(name))} {what}" in page


def test_pins_name_no_host_and_have_hashes() -> None:
    for name in ("constraints.txt", "constraints-test.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
        assert all(line.endswith("\\") and "==" in line for line in pinned)
    assert (
        "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"
        in (ROOT / "constraints.txt").read_text()
    )
