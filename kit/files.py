"""Writing so that an output appears whole or not at all."""

import glob
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kit.errors import WriteError

MARK = "run.json"  # what a folder must hold to be replaced: nobody's own files are ever taken away
LONGEST_NAME = 80  # characters of a-z0-9-: leaves room for an ending below any file system's limit


def slug(text: str, default: str = "report") -> str:
    """Return a file name of lower-case letters, digits and hyphens made from any text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-") or default


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well it takes the place of `final`.

    The folder is made beside `final` (same file system), flushed to disk and renamed. When the block
    raises, what stood under `final` is untouched and the new folder is gone. Raises WriteError where
    the place cannot be written.
    """
    if final.exists() and not final.is_dir():
        raise WriteError(
            f"{final}: a file stands where the report's folder should be; move it away"
        )
    if final.is_dir() and any(final.iterdir()) and not (final / MARK).is_file():
        raise WriteError(
            f"{final}: a folder that holds no report stands there; give another with --out"
        )
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        _recover(final)
        made = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".new", dir=final.parent))
        hold = _held(made)
    except OSError as error:
        raise WriteError(
            f"{final}: the folder cannot be written ({error.strerror}). Give another with --out"
        ) from error
    try:
        yield made
        made.chmod(0o755)
        _flush(made)
        _replace(made, final)
    except OSError as error:
        raise WriteError(
            f"{error.filename or final}: cannot be written ({error.strerror}). "
            "What stood there before is untouched"
        ) from error
    finally:
        _let_go(hold)
        shutil.rmtree(made, ignore_errors=True)


def _replace(made: Path, final: Path) -> None:
    """Rename `made` to `final`; the old folder is set aside first and comes back if that fails."""
    aside = final.with_name(f".{final.name}.old")
    if final.exists():
        final.rename(aside)
    try:
        made.rename(final)
    except OSError:
        if aside.exists():
            aside.rename(final)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _recover(final: Path) -> None:
    """Undo what a killed run may have left: bring back the old folder, take away half-made ones."""
    aside = final.with_name(f".{final.name}.old")
    if aside.exists() and not final.exists():
        aside.rename(final)
    shutil.rmtree(aside, ignore_errors=True)
    for left in final.parent.glob(f".{glob.escape(final.name)}.*.new"):
        hold = _held(left)
        if hold is not None:  # nobody is at work in it
            _let_go(hold)
            shutil.rmtree(left, ignore_errors=True)


def _held(folder: Path) -> int | None:
    """Take hold of a folder for as long as the handle is open; None where another process has it."""
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        _let_go(handle)
        return None
    return handle


def _let_go(handle: int | None) -> None:
    if handle is not None:
        with suppress(OSError):  # nothing was written through it
            os.close(handle)


def _flush(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
