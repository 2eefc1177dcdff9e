"""metadata.csv or metadata.tsv beside the texts: what it says of a file counts over the file's own."""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kit.parse import columns
from kit.parse.csv_rows import table
from kit.parse.record import Options, Rejected, UnreadableError
from kit.parse.rows import Row, kept

NAMES = {"metadata.csv": "", "metadata.tsv": "\t"}
_FILE_COLUMNS = ("file", "path", "filename", "file_name", "文件", "文件名", "файл", "имя файла")
_ADVICE = "name each text in a column `file`, as seen from the folder of the table"


@dataclass(frozen=True, slots=True)
class Override:
    """What a sidecar says of one file; empty where it says nothing. ``place`` is its line there."""

    title: str = ""
    date: str = ""
    language: str = ""
    author: str = ""
    publisher: str = ""
    url: str = ""
    id: str = ""
    place: str = ""


def read_sidecar(
    folder: Path, files: Iterable[str] | None = None
) -> tuple[dict[str, Override], list[Rejected]]:
    """Return what ``metadata.csv`` or ``metadata.tsv`` of a folder says, by the files it speaks of.

    Keys are the names of files relative to the folder, with "/"; `files` are those that exist, by
    default all below the folder. A row may leave out a file's ending. A row without a file, or a
    second one for the same file, is Rejected. Without a table both are empty. Raises UnreadableError
    where the table cannot be read or has no column ``file``.
    """
    path, rejected = _path(folder)
    if path is None:
        return {}, rejected
    known = _Files(sorted(_below(folder)) if files is None else files)
    found: dict[str, Override] = {}
    try:
        with path.open("rb") as opened:
            delimiter = NAMES[path.name.lower()]
            names, rows = table(opened, Options(), delimiter=delimiter, usual=_FILE_COLUMNS)
            column = _file_column(names)
            roles = columns.named([name for name in names if name != column])
            for row in kept(rows):
                if isinstance(row, Rejected):
                    rejected.append(row)
                    continue
                written = str(row.cells[column]).strip()
                file = known.find(written)
                if file is None:
                    rejected.append(Rejected(row.place, *known.reason(written)))
                elif file in found:
                    reason = f"a second row for {file!r}: that of line {found[file].place} counts"
                    rejected.append(Rejected(row.place, reason, "take one out"))
                else:
                    found[file] = _override(row, roles)
    except OSError as error:
        raise UnreadableError(f"{path.name}: {error.strerror}", "check its permissions") from error
    return found, rejected


def _path(folder: Path) -> tuple[Path | None, list[Rejected]]:
    """Return the table of a folder; where there are both, the first, and the other as Rejected."""
    try:
        there = sorted(x for x in folder.iterdir() if x.name.lower() in NAMES and x.is_file())
    except OSError as error:
        raise UnreadableError(f"folder: {error.strerror}", "check its permissions") from error
    rejected = [
        Rejected(other.name, f"{there[0].name} beside it is read", "put all rows into one")
        for other in there[1:]
    ]
    return (there[0] if there else None), rejected


def _below(folder: Path) -> Iterator[str]:
    """Yield the files below a folder as seen from it; hidden ones and the table are passed over."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            relative = (Path(parent) / name).relative_to(folder).as_posix()
            if not name.startswith(".") and relative.lower() not in NAMES:
                yield relative


def _file_column(names: Sequence[str]) -> str:
    lower = {name.casefold(): name for name in reversed(names)}
    found = next((lower[name] for name in _FILE_COLUMNS if name in lower), None)
    if found is None:
        shown = ", ".join(repr(name[:40]) for name in names[:10])
        raise UnreadableError(
            f"no column `file` in the table of metadata; there are: {shown}", _ADVICE
        )
    return found


class _Files:
    """The files that there are, found by their names with or without ending."""

    def __init__(self, files: Iterable[str]) -> None:
        self._whole: dict[str, str] = {}
        self._stems: dict[str, list[str]] = {}
        for file in files:
            name = _composed(file)
            self._whole[name] = file
            stem = str(PurePosixPath(name).with_suffix(""))
            self._stems.setdefault(stem, []).append(file)

    def find(self, written: str) -> str | None:
        name = _composed(written)
        if name in self._whole:
            return self._whole[name]
        alike = self._stems.get(name, [])
        return alike[0] if len(alike) == 1 else None

    def reason(self, written: str) -> tuple[str, str]:
        """Say why a name was not found, and what to do."""
        if not written:
            return "its cell `file` is empty", _ADVICE
        alike = self._stems.get(_composed(written), [])
        if alike:
            return f"{written[:100]!r} may be {' or '.join(alike[:5])}", "write its ending too"
        return f"no such file {written[:100]!r}", _ADVICE


def _composed(name: str) -> str:
    """Return a name as it is compared: macOS writes é as two letters, Windows / as \\."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    return PurePosixPath(plain).as_posix()


def _override(row: Row, roles: dict[str, tuple[str, ...]]) -> Override:
    def first(role: str) -> str:
        cells = (str(row.cells[name]).strip() for name in roles.get(role, ()))
        return next((cell for cell in cells if cell), "")

    said = {role: first(role) for role in columns.ROLES if role != "text"}
    return Override(**said, place=row.place)
