"""An output appears whole or not at all; nobody's own files are taken away."""

import errno
import os
import shutil
import string
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import files
from kit.errors import WriteError

OLD = {"run.json": b"{}", "report.html": b"old", "data/a.csv": b"old,1"}
NEW = {"run.json": b'{"new": 1}', "report.html": b"new", "data/b.csv": b"new,2"}


def fill(folder: Path, content: dict[str, bytes]) -> None:
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def found(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a report folder that stands where a new one will be made."""
    fill(tmp_path / "r", OLD)
    return tmp_path / "r"


def make(final: Path) -> None:
    with files.new_folder(final) as folder:
        fill(folder, NEW)


def test_a_new_folder_appears_with_all_that_is_above_it(tmp_path: Path) -> None:
    make(tmp_path / "a" / "b" / "r")
    assert found(tmp_path) == {f"a/b/r/{name}": data for name, data in NEW.items()}
    assert (tmp_path / "a" / "b" / "r").stat().st_mode & 0o777 == 0o755


def test_it_takes_the_place_of_the_old_one_whole(old: Path) -> None:
    make(old)
    assert found(old.parent) == {f"r/{name}": data for name, data in NEW.items()}


def test_nothing_is_seen_under_the_name_before_the_block_ends(old: Path) -> None:
    with files.new_folder(old) as folder:
        fill(folder, NEW)
        assert found(old) == OLD
        assert folder.parent == old.parent


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_fails_in_the_block_leaves_the_old_one(old: Path, fault: type[BaseException]) -> None:
    def fail() -> None:
        with files.new_folder(old) as folder:
            fill(folder, NEW)
            raise fault

    with pytest.raises(fault):
        fail()
    assert found(old.parent) == {f"r/{name}": data for name, data in OLD.items()}
    assert [p.name for p in old.parent.iterdir()] == ["r"]


@pytest.fixture(params=[True, False], ids=["swapped", "set aside"])
def swaps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Say whether the system can swap two folders in one step."""
    if not request.param:
        monkeypatch.setattr(files, "_exchange", lambda *_: False)
    return bool(request.param)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux swaps folders")
def test_two_folders_are_swapped_in_one_step(old: Path) -> None:
    fill(old.with_name("s"), NEW)
    assert files._exchange(old.with_name("s"), old)
    assert found(old) == NEW
    assert found(old.with_name("s")) == OLD


Fault = Callable[[pytest.MonkeyPatch, int], list[int]]


def failing(owner: object, name: str, code: int) -> Fault:
    """Return a function that makes the k-th call of owner.name fail, and counts the calls."""

    def install(patch: pytest.MonkeyPatch, k: int) -> list[int]:
        real, calls = getattr(owner, name), [0]

        def stand_in(*given_: object, **named: object) -> object:
            calls[0] += 1
            if calls[0] == k:
                path = [] if isinstance(given_[0], int) else [str(given_[0])]
                raise OSError(code, os.strerror(code), *path)
            return real(*given_, **named)

        patch.setattr(owner, name, stand_in)
        return calls

    return install


FAULTS = [
    pytest.param(failing(os, "fsync", errno.EIO), id="fsync"),
    pytest.param(failing(os, "close", errno.ENOSPC), id="close"),
    pytest.param(failing(os, "open", errno.EMFILE), id="open"),
    pytest.param(failing(Path, "rename", errno.ENOSPC), id="rename"),
    pytest.param(failing(files, "_exchange", errno.EIO), id="swap"),
    pytest.param(failing(os, "mkdir", errno.EROFS), id="mkdir"),
]


@pytest.mark.parametrize("stands", [True, False], ids=["over an old one", "first"])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_step_fails_the_old_or_the_new_one_is_whole(
    tmp_path: Path, fault: Fault, stands: bool, swaps: bool
) -> None:
    k = failed = asked = 0
    while True:
        k += 1
        final = tmp_path / str(k) / "r"
        final.parent.mkdir()
        if stands:
            fill(final, OLD)
        raised, said = False, str(tmp_path)
        with pytest.MonkeyPatch.context() as patch:
            calls = fault(patch, k)
            try:
                make(final)
            except WriteError as error:
                raised, said = True, str(error)
        assert str(tmp_path) in said
        assert found(final) == ((OLD if stands else {}) if raised else NEW), k
        failed += raised
        asked = max(asked, calls[0])
        if calls[0] < k:
            break
    assert failed or not asked


def test_both_renames_failing_loses_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_exchange", lambda *_: False)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if Path(target) == old:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(WriteError):
            make(old)
    make(old)  # the next run starts from whatever was left
    assert found(old.parent) == {f"r/{name}": data for name, data in NEW.items()}


def test_a_run_killed_between_the_renames_is_recovered(old: Path) -> None:
    old.rename(old.with_name(".r.old"))

    def fail() -> None:
        with files.new_folder(old):
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert found(old.parent) == {f"r/{name}": data for name, data in OLD.items()}


def test_a_run_killed_after_the_renames_leaves_only_the_new_one(old: Path) -> None:
    shutil.copytree(old, old.with_name(".r.old"))
    make(old)
    assert [p.name for p in old.parent.iterdir()] == ["r"]


def test_what_a_killed_run_had_half_made_goes_with_the_next(old: Path) -> None:
    fill(old.with_name(".r.x7k2ab_c.new"), {"report.html": b"half"})
    make(old)
    assert [p.name for p in old.parent.iterdir()] == ["r"]


def test_a_folder_that_holds_no_report_is_never_replaced(tmp_path: Path) -> None:
    fill(tmp_path / "mine", {"letter.txt": b"dear"})
    with pytest.raises(WriteError, match=r"mine: a folder that holds no report.*--out"):
        make(tmp_path / "mine")
    assert found(tmp_path) == {"mine/letter.txt": b"dear"}


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    make(tmp_path / "r")
    assert found(tmp_path / "r") == NEW


def test_a_file_in_the_place_of_the_folder_stays(tmp_path: Path) -> None:
    fill(tmp_path, {"r": b"mine"})
    with pytest.raises(WriteError, match=r"/r: .*a file stands"):
        make(tmp_path / "r")
    assert found(tmp_path) == {"r": b"mine"}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    fill(tmp_path, {"file": b""})
    with pytest.raises(WriteError, match=r"file/r: .*--out"):
        make(tmp_path / "file" / "r")


@given(st.text())
def test_a_slug_is_a_safe_file_name(text: str) -> None:
    made = files.slug(text)
    assert 0 < len(made) <= 80
    assert set(made) <= set(string.ascii_lowercase + string.digits + "-")
    assert not made.startswith("-")
    assert files.slug(made) == made


def test_a_slug_keeps_what_can_be_read() -> None:
    assert files.slug("Café & Résumé 2025.txt") == "cafe-resume-2025-txt"
    assert files.slug("../../etc/passwd") == "etc-passwd"
    assert files.slug("合作", "section") == "section"
