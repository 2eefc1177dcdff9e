"""The parses of documents, kept on disk by content; several processes share the work."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from kit import cache
from kit.annotate import model, pieces
from kit.annotate.columns import Columns, from_bytes, joined, to_bytes
from kit.corpus import Document
from kit.language import english

FORMAT = "5"  # raise when what is stored, or how the model is asked, changes
SUFFIX = ".parse"


def parsed(documents: Sequence[Document]) -> Columns:
    """Return the parses of documents that follow one another."""
    done: dict[int, Columns] = {}
    # Several kernels of one report want the same parses: each takes what no other is at work on, and
    # only then waits for the rest.
    for wait in (False, True):
        for i, document in enumerate(documents):
            if i in done:
                continue
            found = _stored(document) or _claimed(document, wait=wait)
            if found is not None:
                done[i] = found
    return joined([done[i] for i in range(len(documents))])


def _claimed(document: Document, *, wait: bool) -> Columns | None:
    """Parse and store a document that no other process is at work on; None while one is."""
    path = _file(document)
    with _lock(path.with_suffix(".lock"), wait=wait) as mine:
        if not mine:
            return None
        found = _stored(document) or model.parse([text for _, text in document.passages()])
        _store(path, found)
    return found


@contextmanager
def _lock(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock between processes; without one to be had, nobody is kept out."""
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("wb")
    except (ImportError, OSError):
        yield True
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            yield False
            return
        yield True
        path.unlink(missing_ok=True)


def _file(document: Document) -> Path:
    digest = hashlib.sha256(_version().encode())
    for _, text in document.passages():
        digest.update(b"\0" + text.encode())
    key = digest.hexdigest()
    return cache.folder() / "parse" / key[:2] / f"{key[2:]}{SUFFIX}"


@lru_cache(maxsize=1)
def _version() -> str:
    """Return what a parse depends on beside the text."""
    digest = hashlib.sha256()
    for source in (pieces, english):
        digest.update(Path(str(source.__file__)).read_bytes())
    packages = (model.PACKAGE, "spacy", "sentencex")
    return f"{FORMAT} {[(p, version(p)) for p in packages]} {digest.hexdigest()}"


def _store(path: Path, columns: Columns) -> None:
    """Keep a parse; a cache that cannot be written costs time, not the report."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=SUFFIX, delete=False) as file:
            file.write(to_bytes(columns))
        Path(file.name).replace(path)
    except OSError:
        return


def _stored(document: Document) -> Columns | None:
    """Return a kept parse, or None where there is none that can be read."""
    try:
        found = from_bytes(_file(document).read_bytes())
    except (OSError, ValueError):
        return None
    return found if len(found) == len(document.paragraphs) + 1 else None
