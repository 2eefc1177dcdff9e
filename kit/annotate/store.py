"""The parses of texts, kept on disk by content; several processes share the work."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from kit import cache
from kit.annotate import model, pieces
from kit.annotate.columns import Columns, from_bytes, to_bytes
from kit.language import english

FORMAT = "5"  # raise when what is stored changes, or how ``model`` reads a text
SUFFIX = ".parse"
LOCK = ".lock"

Passages = Sequence[str]  # the title of a text, then its paragraphs


def folder() -> Path:
    """Return where parses are kept."""
    return cache.folder() / "parse"


def stored(passages: Passages) -> Columns | None:
    """Return the kept parse of a text, or None where there is none that can be read."""
    try:
        found = from_bytes(_file(passages).read_bytes())
    except (OSError, ValueError):
        return None
    return found if len(found) == len(passages) else None


def is_kept(passages: Passages) -> bool:
    """Whether there is a kept parse of a text, which may yet be found to be damaged."""
    return _file(passages).is_file()


def made(passages: Passages, *, wait: bool) -> Columns | None:
    """Return the parse of a text, made and kept unless it is.

    While another process is at work on it wait for that, or else return None.
    """
    path = _file(passages)
    with locked(path.with_suffix(LOCK), wait=wait) as mine:
        if not mine:
            return None
        found = stored(passages)
        if found is None:
            found = model.parse(passages)
            cache.write(path, to_bytes(found))
    return found


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[bool]:
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


def _file(passages: Passages) -> Path:
    digest = hashlib.sha256(_version().encode())
    for text in passages:
        digest.update(b"\0" + text.encode())
    key = digest.hexdigest()
    return folder() / key[:2] / f"{key[2:]}{SUFFIX}"


@lru_cache(maxsize=1)
def _version() -> str:
    """Return what a parse depends on beside the text: the model and how texts are cut for it."""
    digest = hashlib.sha256()
    for source in (pieces, english):
        digest.update(Path(str(source.__file__)).read_bytes())
    packages = (model.PACKAGE, "spacy", "sentencex")
    return f"{FORMAT} {[(p, version(p)) for p in packages]} {digest.hexdigest()}"
