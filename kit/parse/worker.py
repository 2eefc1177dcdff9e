"""Read files in a process that can be stopped: one that hangs or grows takes nothing with it.

The parent sends a line of JSON for each batch of files and gets lines of JSON back; nothing is
unpickled, so that a reader overcome by a hostile file cannot run code in the parent.
"""

import contextlib
import datetime as dt
import errno
import io
import json
import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from kit.corpus import Document, LeftOut
from kit.errors import WriteError
from kit.parse import forms
from kit.parse.document import build, shown
from kit.parse.record import Options, Rejected, UnreadableError
from kit.parse.sidecar import Override

MEMORY = 2 * 2**30  # bytes that a reading process may take
SAY_EVERY = 0.5  # seconds in which a long table gives a sign of life
ALARM = 120  # seconds on one text after which a process that nobody watches any more ends itself
STREAMED = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".gz", *forms.FOLDERS)
# what the machine lacks, whatever file is read: a full disk, a limit of open files or of their size
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE}
Result = Document | LeftOut


def read_file(
    path: str | os.PathLike[str],
    name: str,
    *,
    base: str | os.PathLike[str],
    options: Options,
    today: dt.date,
    overrides: dict[str, Override],
) -> Iterator[Result]:
    """Yield what a file gives; whatever is wrong with it is a LeftOut, never an exception.

    `name` is shown for the file's own; a link in its path that leads out of `base` is refused. Raises
    WriteError where the machine has no room to read it: a text is not left out for that.
    """
    try:
        with _opened(os.fspath(path), os.fspath(base)) as file:
            yield from read_open(file, name, options=options, today=today, overrides=overrides)
    except UnreadableError as error:
        yield LeftOut(name, shown(error.reason), shown(error.advice))
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a name with NUL
        if getattr(error, "errno", None) in NO_ROOM:
            raise _no_room(name, error) from error
        reason = getattr(error, "strerror", None) or str(error)
        yield LeftOut(
            name, f"cannot be opened: {shown(reason)}", "check that it is there and readable"
        )


def read_open(
    file: BinaryIO,
    name: str,
    *,
    options: Options,
    today: dt.date,
    overrides: dict[str, Override],
) -> Iterator[Result]:
    """Yield what an open file gives; whatever is wrong with it is a LeftOut. Raises WriteError as above."""
    given = False
    try:
        for inner, record in forms.records(file, name, options):
            given = True
            if isinstance(record, Rejected):
                place = f"{inner}:{record.place}" if record.place else inner
                yield LeftOut(shown(place), shown(record.reason), shown(record.advice))
            else:
                said = overrides.get(inner)
                yield build(
                    record, source=shown(inner), options=options, today=today, override=said
                )
    except UnreadableError as error:
        yield LeftOut(name, shown(error.reason), shown(error.advice))
        return
    except MemoryError:
        yield LeftOut(name, f"it takes over {MEMORY:,} bytes of memory to read", "split it")
        return
    except Exception as error:  # a fault of ours: it costs this file and not the others
        # what is missing, as the file is open, is a place for what a library writes meanwhile
        if isinstance(error, OSError) and error.errno in (NO_ROOM | {errno.ENOENT}):
            raise _no_room(name, error) from error
        reason = f"its reader failed ({type(error).__name__}: {error})"
        yield LeftOut(name, shown(reason[:200]), "report this, with the file")
        return
    if not given:
        yield LeftOut(name, "no text in it", "check that it is the file that was meant")


def _no_room(name: str, error: Exception) -> WriteError:
    return WriteError(
        f"{name}: no room to read it ({error}). Is the disk of temporary files full? No text is left out"
    )


def check(path: str, base: str) -> None:
    """Raise UnreadableError for a path that is not a regular file below `base`."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 (Path costs what reading does)
        raise UnreadableError("not a regular file", "remove it")
    _check_inside(os.path.realpath(path), base)


def _check_inside(real: str, base: str) -> None:
    if not real.startswith(base if base.endswith(os.sep) else base + os.sep):
        raise UnreadableError("a link that leads out of the folder", "copy the file itself here")


@contextlib.contextmanager
def _opened(path: str, base: str) -> Iterator[BinaryIO]:
    """Open a regular file below `base`; a device, a pipe or a link that leads out is refused."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 (opening a device may do things)
        raise UnreadableError("not a regular file", "remove it")
    # not to wait for a pipe that nobody writes to, should it have become one
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb", buffering=0) as file:
        _check_inside(_real(handle, path), base)
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise UnreadableError("not a regular file", "remove it")
        if path.lower().endswith(STREAMED):
            yield io.BufferedReader(file)
            return
        for _ in range(2):  # what changes while it is read is read again, once
            if before.st_size > forms.LARGEST_FILE:
                limit = f"{forms.LARGEST_FILE:,}"
                raise UnreadableError(f"{before.st_size:,} bytes, over {limit}", "split it")
            data = b"".join(_chunks(handle))
            after = os.fstat(handle)
            if len(data) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
                break
            before = after
            file.seek(0)
        else:
            raise UnreadableError("it changes while it is read", "read it again later")
        yield io.BytesIO(data)


def _chunks(handle: int) -> Iterator[bytes]:
    """Read to the end, but not for ever what grows for ever."""
    left = forms.LARGEST_FILE + 1
    while left > 0 and (data := os.read(handle, min(left, 1 << 20))):
        left -= len(data)
        yield data


def _real(handle: int, path: str) -> str:
    """Return where an open file lies, after all links."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 (what was opened, not what is there now)
    except OSError:  # not Linux
        return os.path.realpath(path)


def to_json(result: Result) -> dict[str, Any]:
    """Return a result as JSON has it."""
    fields = {name: getattr(result, name) for name in result.__slots__}
    if isinstance(result, Document):
        fields["date"] = result.date.isoformat() if result.date else None
    return fields


def from_json(fields: dict[str, Any]) -> Result:
    """Return the result that ``to_json`` gave."""
    if "reason" in fields:
        return LeftOut(**fields)
    fields["date"] = dt.date.fromisoformat(fields["date"]) if fields["date"] else None
    fields["originals"] = tuple((number, text) for number, text in fields["originals"])
    for name in ("paragraphs", "notes", "kinds"):
        fields[name] = tuple(fields[name])
    return Document(**fields)


def serve() -> None:
    """Answer each order on standard input: a line for each result, then one that says done."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 (not on every system)

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    encode = json.JSONEncoder(check_circular=False).encode
    said = time.monotonic()
    for line in sys.stdin:
        order = json.loads(line)
        options = Options(**order["options"])
        today = dt.date.fromisoformat(order["today"])
        overrides = {name: Override(**fields) for name, fields in order["overrides"].items()}
        for path, name in order["files"]:
            _alarm(ALARM)
            try:
                for result in read_file(
                    path,
                    name,
                    base=order["base"],
                    options=options,
                    today=today,
                    overrides=overrides,
                ):
                    _alarm(0)  # the parent may take its time
                    answers.write(encode(to_json(result)) + "\n")
                    if time.monotonic() - said > SAY_EVERY:
                        answers.flush()
                        said = time.monotonic()
                    _alarm(ALARM)
            except WriteError as error:
                answers.write(encode({"no room": str(error)}) + "\n")
            _alarm(0)
            answers.write('{"done": true}\n')
            answers.flush()
            said = time.monotonic()


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # it ends the process, which sets no handler


if __name__ == "__main__":
    serve()
