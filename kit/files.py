"""Writing so that an output appears whole or not at all."""

import errno
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kit.errors import WriteError

MARK = "run.json"  # what a folder must hold to be replaced: nobody's own files are ever taken away
LONGEST_NAME = 80  # characters of a-z0-9-: leaves room for an ending below any file system's limit
_DOWN = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*(/[^./\\\x00-\x1f][^/\\\x00-\x1f]*)*")
_MADE = re.compile(r"\.(.+)\.[0-9a-z_]{8}\.new")  # what is being made, to be renamed when whole
_ASIDE = re.compile(r"\.(.+)\.old")  # what stood there, while the new one takes its place
_NOT_HERE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF, errno.EACCES}


def slug(text: str, default: str = "report") -> str:
    """Return a file name of lower-case letters, digits and hyphens made from any text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-") or default


def leads_down(name: str) -> bool:
    """Whether a relative path reads so that it can only lead down, to what is not hidden."""
    return bool(_DOWN.fullmatch(name))


def within(root: Path, name: str) -> Path:
    """Return the path of a file under a folder by its relative name, links resolved.

    Raises WriteError for what leads out of it: an absolute path, one of another system, a link.
    """
    top = root.resolve()
    if name and not name.startswith("/") and name.isprintable() and "\\" not in name:
        with suppress(OSError, ValueError):
            path = (top / name).resolve()
            if path != top and path.is_relative_to(top):
                return path
    raise WriteError(f"{name!r} does not lie in the folder {root}")


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, whole, whatever happens.

    It is written beside its place, flushed to disk and renamed. What a killed process left half
    written goes the next time. Raises WriteError.
    """
    data = content.encode() if isinstance(content, str) else content
    made = _unused(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        try:
            handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                _lock(handle)
                _fill(handle, data)
                os.fsync(handle)
            finally:  # an error of closing says that something was not written
                os.close(handle)
            os.replace(made, path)  # noqa: PTH105 (a Path cannot be made to fail in tests on its own)
        except OSError:
            with suppress(OSError):
                made.unlink(missing_ok=True)
            raise
        _sync(path.parent)
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written ({error.strerror}). What stands there is whole"
        ) from error


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 (a Path would be made for each of many files)
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(path: Path, data: bytes) -> None:
    """Write a new file of a folder that is being made; an OSError names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            _fill(handle, data)
        finally:
            os.close(handle)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _fill(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well it takes the place of `final`.

    The folder is made beside `final` (same file system), flushed to disk and renamed. When the block
    raises, what stood under `final` is untouched and the new folder is gone. Raises WriteError where
    the place cannot be written.
    """
    made = _unused(final)
    try:
        if final.exists() and not final.is_dir():
            raise WriteError(
                f"{final}: a file stands where the report's folder should be; move it away"
            )
        final.parent.mkdir(parents=True, exist_ok=True)
        _recover(final)
        if final.is_dir() and any(final.iterdir()) and not (final / MARK).is_file():
            raise WriteError(
                f"{final}: a folder that holds no report stands there; give another with --out"
            )
        made.mkdir()
        hold = _held(made)
    except OSError as error:
        raise WriteError(
            f"{final}: the folder cannot be written ({error.strerror}). Give another with --out"
        ) from error
    try:
        yield made
        _flush(made)
        _replace(made, final)
    except OSError as error:
        raise WriteError(
            f"{error.filename or final}: cannot be written ({error.strerror}). "
            f"What stands under {final} is whole"
        ) from error
    finally:
        let_go(hold)
        shutil.rmtree(made, ignore_errors=True)


def remove(folder: Path) -> None:
    """Take away a folder so that nobody sees a part of it. Raises WriteError."""
    gone = _unused(folder)
    try:
        folder.rename(gone)
        _sync(folder.parent)
    except OSError as error:
        raise WriteError(f"{folder}: cannot be removed ({error.strerror})") from error
    shutil.rmtree(gone, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Undo what killed processes left half done in a folder; what somebody is making now stays."""
    if not folder.is_dir():
        return
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 (names are all that is needed)
        for name in names:
            if made := _MADE.fullmatch(name):
                _recover(folder / made[1])
            elif (aside := _ASIDE.fullmatch(name)) and any(
                (folder / report / MARK).is_file() for report in (name, aside[1])
            ):
                _recover(folder / aside[1])
    except OSError as error:
        raise WriteError(
            f"{error.filename or folder}: cannot be written ({error.strerror})"
        ) from error


def settle(final: Path) -> None:
    """Undo what a killed process left half done at one place. Raises WriteError."""
    if not final.parent.is_dir():
        return
    try:
        _recover(final)
    except OSError as error:
        raise WriteError(
            f"{error.filename or final}: cannot be written ({error.strerror})"
        ) from error


def _unused(final: Path) -> Path:
    """Return a name beside `final` for what will take its place."""
    return final.with_name(f".{final.name}.{secrets.token_hex(4)}.new")


def _replace(made: Path, final: Path) -> None:
    """Let `made` take the place of `final`: in one step where the system can swap two folders.

    Elsewhere the old folder is set aside first. If a step fails, the old folder is back.
    """
    aside = final.with_name(f".{final.name}.old")
    stood = final.exists()
    swapped = stood and _exchange(made, final)
    try:
        if not swapped:
            if stood:
                final.rename(aside)
            made.rename(final)
        _sync(final.parent)
    except OSError:
        if swapped:
            _exchange(made, final)
        elif not made.exists():
            final.rename(made)
        if not swapped and aside.exists():
            aside.rename(final)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, as Linux can on most file systems; False where that is not known."""
    import ctypes  # noqa: PLC0415 (needed here only)

    here, swap = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    if call(here, os.fsencode(one), here, os.fsencode(other), swap) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_HERE:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _recover(final: Path) -> None:
    """Undo what a killed run may have left: bring back the old one, take away what was half made."""
    aside = final.with_name(f".{final.name}.old")
    if aside.exists():
        if not final.exists():
            aside.rename(final)
        shutil.rmtree(aside, ignore_errors=True)
    _sweep(final)


def _sweep(final: Path) -> None:
    """Take away what killed runs had half made, and nobody is at work in."""
    for name in os.listdir(final.parent):  # noqa: PTH208
        made = _MADE.fullmatch(name)
        if not made or made[1] != final.name:
            continue
        left = final.parent / name
        hold = _held(left)
        if hold is not None:
            let_go(hold)
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _held(path: Path) -> int | None:
    """Take hold of a path for as long as the handle is open; None where another process has it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    if _lock(handle):
        return handle
    let_go(handle)
    return None


def _lock(handle: int) -> bool:
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def let_go(handle: int | None) -> None:
    """Close a handle that nothing was written through."""
    if handle is not None:
        with suppress(OSError):
            os.close(handle)


def _flush(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    """Flush a file or a folder to disk; not every mount can flush a folder, nor has to."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_HERE or not path.is_dir():
            raise
    finally:
        os.close(handle)
