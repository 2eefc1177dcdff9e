"""Find the files of a source and read each; a bad one is reported and never stops the rest."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kit.corpus import Corpus, Document, LeftOut
from kit.errors import ReadError
from kit.parse import text

LARGEST_FILE = 64 * 2**20  # bytes; an official text is far below it, a mistaken file is not read in
FORMS = {".txt": text.parse, ".text": text.parse}


class _RefusedError(Exception):
    """One file cannot be read: (reason, advice)."""


def read(
    source: str | os.PathLike[str],
    *,
    today: dt.date | None = None,
    progress: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> Corpus:
    """Read a file or a folder tree of dated texts.

    Returns a Corpus whose ``left_out`` names every file that gave no document, with the reason:
    documents in = documents out + left out. Raises ReadError when the source does not exist or
    gives no document at all. `progress` may wrap the iteration over files.
    """
    root = Path(source)
    try:
        exists = root.exists()
    except (OSError, ValueError) as error:
        raise ReadError(f"{source}: not a path that can be opened ({error})") from error
    if not exists:
        raise ReadError(
            f"{source}: no such file or folder. Give the folder that holds the texts, e.g. seeds"
        )
    base = root if root.is_dir() else root.parent
    documents: list[Document] = []
    left_out: list[LeftOut] = []
    seen: set[str] = set()
    today = today or dt.date.today()
    for path in progress(list(_files(root, left_out))):
        name = path.relative_to(base).as_posix()
        try:
            found = _read_file(path, base.resolve(), name, today)
        except _RefusedError as refused:
            left_out.append(LeftOut(_printable(name), *refused.args))
            continue
        for document in found:
            if document.id in seen:
                left_out.append(
                    LeftOut(document.source, f"same id {document.id} as another file", "rename it")
                )
                continue
            seen.add(document.id)
            documents.append(document)
    if not documents:
        reasons = "".join(f"\n  {x.source}: {x.reason}; {x.advice}" for x in left_out[:10])
        raise ReadError(
            f"{source}: no text found. Put .txt files there, the first line of each "
            f"` date YYYY-MM-DD TITLE`, then paragraphs.{reasons}"
        )
    return Corpus(tuple(documents), tuple(left_out), name=root.resolve().name or "texts")


def _files(root: Path, left_out: list[LeftOut]) -> Iterator[Path]:
    """Yield the files below `root` in order of name; hidden ones are passed over."""
    if not root.is_dir():
        yield root
        return

    def unreadable(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        left_out.append(LeftOut(name, f"folder: {error.strerror}", "check its permissions"))

    for folder, folders, files in os.walk(root, onerror=unreadable):
        for name in sorted(folders):
            if (Path(folder) / name).is_symlink():
                shown = (Path(folder) / name).relative_to(root).as_posix()
                left_out.append(LeftOut(shown, "a link to a folder", "copy the folder itself here"))
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))


def _read_file(path: Path, base: Path, name: str, today: dt.date) -> list[Document]:
    parser = FORMS.get(path.suffix.lower())
    if parser is None:
        known = ", ".join(FORMS)
        raise _RefusedError(
            f"form {path.suffix or 'without ending'!r} is not read", f"give {known}"
        )
    try:
        if not path.resolve().is_relative_to(base):
            raise _RefusedError("a link that leads out of the folder", "copy the file itself here")
        if not path.is_file():
            raise _RefusedError("not a regular file", "remove it")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _RefusedError(f"{size:,} bytes, over {LARGEST_FILE:,}", "split it")
        data = path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        reason = getattr(error, "strerror", None) or str(error)
        raise _RefusedError(
            f"cannot be opened: {reason}", "check that it is there and readable"
        ) from error
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RefusedError(f"not UTF-8 at byte {error.start:,}", "save it as UTF-8") from error
    return parser(decoded, source=_printable(name), today=today)


def _printable(name: str) -> str:
    """Return a file name that can be shown and written: undecodable bytes and controls escaped."""
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain)
