"""A run is known by all that its pages are made of, and by nothing else."""

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import fakeruns
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import inputs, run
from kit.ledger import Ledger
from kit.recipe import Look, Part, Recipe
from kit.recipe import parts as parts_of


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "reports") as ledger:
        yield ledger


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("one")
    (folder / "b" / "c.txt").write_text("two")
    return folder


def known(folder: Path, book: Ledger) -> str:
    return inputs.fingerprint([str(folder)], book).sha256


def old(path: Path) -> None:
    """Make a file one of an hour ago."""
    os.utime(path, (time.time() - 3600,) * 2)


def test_it_counts_files_and_bytes(texts: Path, book: Ledger) -> None:
    found = inputs.fingerprint([str(texts)], book)
    assert (found.files, found.bytes) == (2, 6)
    assert inputs.fingerprint([str(texts / "a.txt")], book).files == 1


def test_contents_and_names_change_it_and_times_do_not(texts: Path, book: Ledger) -> None:
    before = known(texts, book)
    os.utime(texts / "a.txt", (1, 1))
    assert known(texts, book) == before
    (texts / "a.txt").write_text("eno")
    changed = known(texts, book)
    assert changed != before
    (texts / "a.txt").rename(texts / "d.txt")
    assert known(texts, book) not in (before, changed)


def test_what_is_not_read_does_not_change_it(texts: Path, book: Ledger, tmp_path: Path) -> None:
    before = known(texts, book)
    (texts / ".hidden").write_text("x")
    (texts / ".git").mkdir()
    (texts / ".git" / "x.txt").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.txt").write_text("x")
    (texts / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(texts / ".pipe")
    assert known(texts, book) == before


def test_a_pipe_is_not_waited_for_and_an_unreadable_file_counts(texts: Path, book: Ledger) -> None:
    before = known(texts, book)
    os.mkfifo(texts / "pipe")
    (texts / "gone").symlink_to("nowhere")
    assert known(texts, book) != before


def test_a_name_that_is_no_text_is_taken(texts: Path, book: Ledger) -> None:
    (texts / os.fsdecode(b"\xff.txt")).write_text("x")
    assert known(texts, book) == known(texts, book)


def test_files_are_read_once(texts: Path, book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_SETTLED", -(10**18))
    before = known(texts, book)
    monkeypatch.setattr(inputs, "sha256_of", lambda path: pytest.fail(f"read {path}"))
    assert known(texts, book) == before
    (texts / "a.txt").unlink()
    assert known(texts, book) != before
    assert [*book.hashes(str(texts))] == ["b/c.txt"]


def test_a_change_of_the_same_size_and_time_is_seen(texts: Path, book: Ledger) -> None:
    stat = (texts / "a.txt").stat()
    before = known(texts, book)
    (texts / "a.txt").write_text("eno")
    os.utime(texts / "a.txt", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert known(texts, book) != before


def test_files_that_parameters_name_are_read(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text("x")
    given_ = {"own": "mine.toml", "many": ["texts", "no such"], "query": "win-win", "top": 3}
    assert inputs.places(Part("", "texts", "", given_, {})) == ["texts", "mine.toml", "texts"]
    for word in (".", "..", "/", str(tmp_path.parent), "x" * 9999, "\0", ""):
        assert inputs.places(Part("", "texts", "", {"query": word}, {})) == ["texts"]


# ---- the identity of a run

CHANGES = (
    "title", "parameter", "formats", "look", "source", "notebook", "notebooks", "part", "period", "texts",
    "versions",
)  # fmt: skip
NO_CHANGES = ("schedule", "retries", "timeout", "mail", "time of a text", "name")


@given(st.sets(st.sampled_from(CHANGES)), st.sets(st.sampled_from(NO_CHANGES)))
def test_the_identity_changes_exactly_when_what_the_pages_are_made_of_does(
    tmp_path_factory: pytest.TempPathFactory, changes: set[str], others: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("i")
    here = Path.cwd()
    try:
        made_of = fakeruns.stage(folder)
        (folder / "more").mkdir()
        (folder / "more" / "a.txt").write_text("Peace.")
        fakeruns.notebook(folder / "other.ipynb")
        before = identity(made_of)
        assert identity(made_of) == before
        with pytest.MonkeyPatch.context() as patch:
            after = identity(*changed(made_of, changes, others, patch))
        assert (after != before) == bool(changes)
    finally:
        os.chdir(here)


def changed(
    made_of: Recipe, changes: set[str], others: set[str], patch: pytest.MonkeyPatch
) -> tuple[Recipe, str, str]:
    fields: dict[str, object] = {
        "title": {"title": "Another"},
        "parameter": {"parameters": {"top": 4}},
        "formats": {"formats": ("html",)},
        "look": {"look": Look(footer="Desk")},
        "source": {"source": "more"},
        "notebooks": {"notebooks": ("tiny.ipynb", "other.ipynb")},
        "retries": {"retries": 7},
        "timeout": {"timeout": 7, "cell_timeout": 5},
        "name": {"path": Path("x")},
    }
    for name in sorted(changes | others):
        made_of = replace(made_of, **fields.get(name, {}))  # type: ignore[arg-type]
    if "notebook" in changes:
        fakeruns.notebook(Path("tiny.ipynb"), code="print(top + 1)")
    if "texts" in changes:
        (Path(made_of.source) / "b.txt").write_text("War.")
    if "time of a text" in others:
        old(Path(made_of.source) / "a.txt")
    if "versions" in changes:
        patch.setattr(inputs, "versions", lambda: [["Python", "9"]])
    part = "p" if "part" in changes else ""
    return made_of, part, "2024" if "period" in changes else ""


def identity(made_of: Recipe, part: str = "", period: str = "") -> str:
    (one,) = parts_of(made_of)
    planned = run.plan(
        made_of.source,
        one.parameters,
        names=made_of.notebooks,
        formats=made_of.formats,
        title=made_of.title,
        look=asdict(made_of.look) if made_of.look else None,
    )
    with Ledger(Path("reports")) as book:
        found = inputs.fingerprint(inputs.places(one), book)
    return inputs.identity(planned, part, period, found.sha256)
