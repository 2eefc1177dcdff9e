"""What a report depends on: the files that it reads, and all else that its pages are made of."""

import errno
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import ReadError
from kit.files import sha256_of
from kit.ledger import Ledger
from kit.recipe import Part
from kit.run import Report, versions

_SETTLED = (
    2_000_000_000  # ns after which a file's time tells a later change: clocks of disks are coarse
)
_GONE = (errno.ENOENT, errno.ENOTDIR)


@dataclass(frozen=True, slots=True)
class Inputs:
    """How many files and bytes there are, and the SHA-256 over their names and contents."""

    files: int
    bytes: int
    sha256: str


def fingerprint(places: Sequence[str], ledger: Ledger) -> Inputs:
    """Return what stands in folders and files, as far as it is read: nothing hidden, no linked folders.

    A file is read once; what is kept of it in the ledger holds until its size, its times or its place on
    the disk change. One that cannot be read counts as such.
    """
    digest, files, size = hashlib.sha256(), 0, 0
    for number, place in enumerate(places):
        kept = ledger.hashes(os.path.abspath(place))  # noqa: PTH100 (links stay)
        changed: dict[str, tuple[str, str] | None] = dict.fromkeys(kept)
        for path in _below(place):
            raw = os.fsencode(os.path.relpath(path, place))
            name = raw.decode("utf-8", "backslashreplace")
            try:
                stamp, length, settled = _stamp(path)
                if not stamp:
                    sha256 = "no file"  # a pipe or a device: reading it might never end
                elif name in kept and kept[name][0] == stamp:
                    sha256 = kept[name][1]
                    del changed[name]
                else:
                    sha256 = sha256_of(path)
                    if settled:
                        changed[name] = (stamp, sha256)
            except OSError as error:
                if error.errno in _GONE:
                    continue
                sha256, length = f"unreadable ({error.errno})", 0
            digest.update(b"%d\0%s\0%s\n" % (number, raw, sha256.encode()))
            files, size = files + 1, size + length
        if changed:
            ledger.keep_hashes(os.path.abspath(place), changed)  # noqa: PTH100
    return Inputs(files, size, digest.hexdigest())


def check(source: str) -> None:
    """Raise ReadError, which may pass, where there is nothing to read: a mount may be away for a while."""
    first = next(_below(source), None)
    if first is None or not os.path.lexists(first):
        error = ReadError(
            f"{source}: nothing is there. Name the folder that holds the texts; or is its disk away?"
        )
        error.may_pass = True
        raise error


def _below(place: str) -> Iterator[str]:
    """Yield the paths of the files of a folder in order, or the file that it is."""
    if not Path(place).is_dir():
        yield place
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not os.path.islink(os.path.join(folder, name))  # noqa: PTH114, PTH118
        )
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(folder, name)  # noqa: PTH118 (100,000 of them: Path takes seconds)


def _stamp(path: str) -> tuple[str, int, bool]:
    """Return what changes when a file does, its size, and whether it is long enough ago to rely on."""
    s = os.stat(path)  # noqa: PTH116
    if not stat.S_ISREG(s.st_mode):
        return "", 0, False
    stamp = f"{s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino}"
    return stamp, s.st_size, max(s.st_mtime_ns, s.st_ctime_ns) < time.time_ns() - _SETTLED


def places(part: Part) -> list[str]:
    """Return what a report reads: its source, and the files that its parameters name."""
    values = [v for value in part.parameters.values() for v in _texts(value)]
    here = Path.cwd()
    named = [
        value
        for value in values
        # a word may happen to be the name of a folder above; all that is below is not read for it
        if value and os.path.exists(value) and not here.is_relative_to(Path(value).resolve())  # noqa: PTH110
    ]
    return [part.source, *named]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [one for one in values if isinstance(one, str)]


def identity(report: Report, part: str, period: str, inputs: str) -> str:
    """Return the SHA-256 over all that the pages of a report are made of."""
    whole = {
        "format": 1,
        "title": report.title,
        "source": report.source,
        "notebooks": [
            [name, sha256_of(path), report.parameters.get(name, {})]
            for name, path in report.notebooks.items()
        ],
        "formats": list(report.formats),
        "look": dict(report.look),
        "part": part,
        "period": period,
        "inputs": inputs,
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
