"""An output appears whole or not at all; nobody's own files are taken away."""

import csv
import errno
import os
import re
import shutil
import stat
import string
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

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


# ---- single files


def test_a_file_is_written_whole_with_what_is_above_it(tmp_path: Path) -> None:
    files.write(tmp_path / "a" / "b.txt", "合作\n")
    files.write(tmp_path / "a" / "b.txt", b"bytes")
    assert found(tmp_path) == {"a/b.txt": b"bytes"}
    assert (tmp_path / "a" / "b.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", ["open", "write", "fsync", "close", "replace", "mkdir"])
def test_whatever_step_of_writing_fails_the_file_is_the_old_or_the_new_one(
    tmp_path: Path, name: str
) -> None:
    k = failed = 0
    while True:
        k += 1
        path = tmp_path / str(k) / "a.txt"
        if name != "mkdir":
            fill(path.parent, {"a.txt": b"old"})
        with pytest.MonkeyPatch.context() as patch:
            calls = failing(os, name, errno.ENOSPC)(patch, k)
            said = ""
            try:
                files.write(path, "new")
            except WriteError as error:
                said = str(error)
        assert said.startswith(f"{path}: cannot be written (No space left on device)") or not said
        failed += bool(said)
        allowed = [{"a.txt": b"new"}, {"a.txt": b"old"} if name != "mkdir" else {}]
        assert found(path.parent) in allowed, k
        if calls[0] < k:
            break
    assert failed


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to see what is flushed")
def test_what_is_written_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "replace", "rename"):
        real = getattr(os, name)

        def act(*given: Any, name: str = name, real: Any = real) -> None:
            if name == "fsync":
                done.append(f"fsync {Path(f'/proc/self/fd/{given[0]}').readlink().name}")
            else:
                done.append(name)
            real(*given)

        monkeypatch.setattr(os, name, act)
    files.write(tmp_path / "a.txt", "new")
    assert re.fullmatch(
        rf"fsync \.a\.txt\..*\.new, replace, fsync {tmp_path.name}", ", ".join(done)
    )
    done.clear()
    make(tmp_path / "r")
    before = done[: done.index("rename")]
    assert {"fsync report.html", "fsync run.json", "fsync b.csv", "fsync data"} < set(before)
    assert done[-1] == f"fsync {tmp_path.name}"


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data[:3])))
    files.write(tmp_path / "a.txt", "0123456789")
    assert (tmp_path / "a.txt").read_text() == "0123456789"


def test_what_a_killed_process_had_half_written_goes_the_next_time(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {".a.txt.0123abcd.new": b"ha", ".b.txt.0123abcd.new": b"ha", ".a.txt.old": b"mine"},
    )
    files.write(tmp_path / "a.txt", "new")
    assert sorted(found(tmp_path)) == [".a.txt.old", ".b.txt.0123abcd.new", "a.txt"]


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    fill(tmp_path, {".a.txt.0123abcd.new": b"ha"})
    with (tmp_path / ".a.txt.0123abcd.new").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        files.write(tmp_path / "a.txt", "new")
    assert sorted(found(tmp_path)) == [".a.txt.0123abcd.new", "a.txt"]


def test_a_mount_that_cannot_flush_a_folder_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    files.write(tmp_path / "a.txt", "new")
    make(tmp_path / "r")
    assert found(tmp_path / "r") == NEW


def test_tidying_undoes_what_killed_processes_left(tmp_path: Path) -> None:
    fill(tmp_path / ".back.old", OLD)
    fill(tmp_path / "there", NEW)
    fill(tmp_path / ".there.old", {"data/a.csv": b"what is left"})
    fill(tmp_path / ".made.0123abcd.new", {"report.html": b"ha"})
    fill(tmp_path / ".mine.old", {"letter.txt": b"dear"})
    fill(tmp_path, {".hidden": b"mine"})
    files.tidy(tmp_path)
    files.tidy(tmp_path / "none")
    assert found(tmp_path) == {
        **{f"back/{name}": data for name, data in OLD.items()},
        **{f"there/{name}": data for name, data in NEW.items()},
        ".mine.old/letter.txt": b"dear",
        ".hidden": b"mine",
    }


def test_a_folder_goes_whole(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        failing(os, "rename", errno.EROFS)(patch, 1)
        with pytest.raises(WriteError, match=r"/r: cannot be removed"):
            files.remove(old)
    assert found(old) == OLD
    files.remove(old)
    assert list(old.parent.iterdir()) == []


# ---- paths


def test_case_21_a_path_leads_into_the_folder_or_is_refused(shared: Path, tmp_path: Path) -> None:
    text = (shared / "cases/21-path-prefix-check/paths.csv").read_text("utf-8")
    root = tmp_path / "srv" / "site"
    root.mkdir(parents=True)
    (root / "a").mkdir()
    (root / "link-to-etc").symlink_to("/etc")
    verdicts = set()
    for name, verdict in list(csv.reader(text.splitlines()))[1:]:
        verdicts.add(verdict)
        for path in {name, name.replace("/srv/", f"{tmp_path}/srv/"), name.replace("\\0", "\0")}:
            if verdict == "ok":
                assert files.within(root, path).is_relative_to(root)
            else:
                with pytest.raises(WriteError, match="does not lie in the folder"):
                    files.within(root, path)
    assert verdicts == {"ok", "refuse"}


@given(st.text(alphabet="./ab\\\0é", max_size=20))
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    root = Path("/srv/site")
    if files.leads_down(name):
        assert root in files.within(root, name).parents
        assert not any(part.startswith(".") for part in name.split("/"))
    with suppress(WriteError):
        assert root in files.within(root, name).parents
