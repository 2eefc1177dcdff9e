"""zip and tar read as streams: nothing is written to disk, no name in them is used as a path."""

import io
import re
import stat
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from kit.parse.record import Rejected, UnreadableError
from kit.parse.unpack import (
    AGAIN,
    BOMB,
    CHUNK,
    HIGHEST_RATIO,
    LARGEST_TOTAL,
    RATIO_FROM,
    Unpacked,
    ungzip,
    unpacker,
)

__all__ = ["ARCHIVES", "members", "printable", "ungzip"]

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_MEMBERS = 200_000
LARGEST_MEMBER = 64 * 2**20
STREAMED = frozenset(".jsonl .ndjson .json .csv .tsv .parquet".split())  # these may fill the total
ARCHIVES = frozenset(".zip .tar .gz .tgz .xz .txz .bz2 .tbz2 .tbz .7z .rar .zst .lz4 .z".split())
_LARGEST_DIRECTORY = MOST_MEMBERS * 128  # bytes of a zip's list of names
# zipfile unpacks the others without a bound: 4 kB of bzip2 may become gigabytes at one stroke.
_BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def members(file: BinaryIO, source: str) -> Iterator[tuple[str, BinaryIO] | Rejected]:
    """Yield (name, stream) of each file in a zip or a tar (plain, or packed by gzip, bzip2 or xz).

    A stream is to be read before the next member is asked for, once, from its start; reading it may
    raise UnreadableError. Names are relative and can be shown. What is left out is Rejected with its
    reason; hidden files and folders are passed over. Raises UnreadableError for what is no archive.
    """
    count = 0
    try:
        for member in _members(file):
            count += 1
            yield member
    except UnreadableError as error:
        if not count:
            raise
        yield Rejected("(the rest)", error.reason, error.advice)
    if not count:
        raise UnreadableError(f"no file in {source}", "pack the texts into it")


@dataclass
class _Seen:
    """What of an archive was met so far."""

    count: int = 0
    unpacked: int = 0
    names: set[str] = field(default_factory=set)

    def judge(self, name: str, mode: int, *, directory: bool) -> Rejected | str | None:
        """Return the name under which a member is read, why it is not, or None to pass it over."""
        self.count += 1
        if self.count > MOST_MEMBERS:
            raise UnreadableError(f"over {MOST_MEMBERS:,} members", "pack fewer into one archive")
        if self.unpacked > LARGEST_TOTAL:
            raise UnreadableError(f"unpacks to over {LARGEST_TOTAL:,} bytes", BOMB)
        path = PurePosixPath(name)
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
        shown = printable(path.as_posix())
        refused: tuple[str, str] | None = None
        if path.is_absolute() or re.match(r"[A-Za-z]:|\\", name) or ".." in path.parts:
            shown, refused = printable(name), ("its name leads out", "pack it by a plain name")
        elif hidden or directory or not path.parts:
            return None
        elif stat.S_IFMT(mode) not in {0, stat.S_IFREG}:  # many zips do not say
            kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
            refused = (kind, "pack the file itself")
        elif path.suffix.lower() in ARCHIVES:
            refused = ("an archive in an archive", "unpack it first")
        elif shown in self.names:
            refused = ("a second file of this name: the first is read", "rename it")
        self.names.add(shown)
        return Rejected(shown, *refused) if refused else shown

    def open(self, name: str, stream: BinaryIO, packed: int) -> BinaryIO:
        return io.BufferedReader(_Member(stream, name, packed, self), CHUNK)


def _members(file: BinaryIO) -> Iterator[tuple[str, BinaryIO] | Rejected]:
    try:
        if not file.seekable():
            raise UnreadableError("an archive that cannot be gone through", "unpack it first")
        head = file.read(8)
        file.seek(0)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}", AGAIN) from error
    if head.startswith(b"PK"):
        return _zipped(file)
    return _tarred(Unpacked(file, unpacker(head)))


# zip


def _zipped(file: BinaryIO) -> Iterator[tuple[str, BinaryIO] | Rejected]:
    if _directory_size(file) > _LARGEST_DIRECTORY:
        raise UnreadableError(f"over {MOST_MEMBERS:,} members", "pack fewer into one archive")
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # whatever a damaged file makes zipfile say
        raise UnreadableError(f"no zip, or damaged: {error}"[:200], AGAIN) from error
    seen = _Seen()
    for info in archive.infolist():
        name = _zip_name(info)
        found = seen.judge(name, info.external_attr >> 16, directory=name.endswith("/"))
        if isinstance(found, Rejected):
            yield found
        elif found is not None and info.flag_bits & 1:
            yield Rejected(found, "encrypted", "unpack it with its password")
        elif found is not None and info.compress_type not in _BOUNDED:
            yield Rejected(found, "packed in a way that is not read", "pack it anew as plain zip")
        elif found is not None:
            try:
                stream = cast("BinaryIO", archive.open(info))
            except Exception as error:  # as above
                yield Rejected(found, f"cannot be unpacked: {error}"[:200], AGAIN)
                continue
            with stream:
                yield found, seen.open(found, stream, info.compress_size)


def _directory_size(file: BinaryIO) -> int:
    """Return the bytes that a zip's list of members takes, which zipfile would read at once."""
    try:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 2**16 - 64))
        tail = file.read()
        end = tail.rfind(b"PK\5\6")
        at = tail.rfind(b"PK\6\7", 0, end)
        if at >= 0:  # zip64
            file.seek(struct.unpack_from("<Q", tail, at + 8)[0])
            return int(struct.unpack_from("<Q", file.read(56), 40)[0])
        return int(struct.unpack_from("<L", tail, end + 12)[0]) if end >= 0 else 0
    except (OSError, OverflowError, ValueError, struct.error) as error:
        raise UnreadableError("no zip, or damaged: its list of members", AGAIN) from error


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; one not marked as UTF-8 is in whatever its maker used."""
    name = info.orig_filename.partition("\0")[0]
    if not info.flag_bits & 0x800 and not name.isascii():
        name = _decoded(name.encode("cp437"))
    return name.replace("\\", "/")


def _decoded(raw: bytes) -> str:
    """Decode a name: UTF-8, else Chinese or Russian where it reads as such, else cp437."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        chinese = raw.decode("gb18030")
        letters = [c for c in chinese if not c.isascii()]
        # common ones: nearly all of them are in the first standard, of 1980
        common = sum("\u4e00" <= c <= "\u9fff" and _in_gb2312(c) for c in letters)
        if common * 2 > len(letters):
            return chinese
    except UnicodeDecodeError:
        pass
    russian = raw.decode("cp866")
    if re.fullmatch(r"[а-яё\d\W_]+(\.\w+)?", russian, re.I) and not re.search("[─-╿▀-▟]", russian):
        return russian
    return raw.decode("cp437")


def _in_gb2312(letter: str) -> bool:
    try:
        return bool(letter.encode("gb2312"))
    except UnicodeEncodeError:
        return False


# tar


_END: type[Exception] = tarfile.EOFHeaderError  # type: ignore[attr-defined]  # not in the stubs
_DAMAGED = tarfile.HeaderError


class _Header(tarfile.TarInfo):
    """A header that says where the archive is damaged, which tarfile takes for its end."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> "_Header":
        try:
            return super().fromtarfile(tarfile)
        except _END:
            raise
        except _DAMAGED as error:
            raise UnreadableError(f"no archive, or damaged or cut off: {error}", AGAIN) from error


def _tarred(stream: Unpacked) -> Iterator[tuple[str, BinaryIO] | Rejected]:
    seen = _Seen()
    archive: tarfile.TarFile | None = None
    drained = True
    while True:
        stream.expect_header(drained)
        try:
            archive = archive or tarfile.TarFile.open(fileobj=stream, mode="r|", tarinfo=_Header)
            info = archive.next()
        except UnreadableError:
            raise
        except Exception as error:  # whatever a damaged file makes tarfile say
            raise UnreadableError(f"no archive, or damaged: {error}"[:200], AGAIN) from error
        if info is None:
            return
        stream.expect_header(False)
        archive.members = []  # type: ignore[attr-defined]  # it would keep them all
        name = _tar_name(info.name)
        mode = 0 if info.isreg() else stat.S_IFLNK if info.issym() or info.islnk() else stat.S_IFIFO
        found = seen.judge(name, mode, directory=info.isdir())
        data = archive.extractfile(info) if info.isreg() else None
        if isinstance(found, Rejected):
            yield found
        elif found is not None and info.issparse():
            yield Rejected(found, "a file with holes in it", "pack it without --sparse")
        elif found is not None and data is not None:
            yield found, seen.open(found, cast("BinaryIO", data), 0)
        drained = not info.issparse()  # a hole may be said to be of any size
        if data is not None and drained:
            _drain(data)


def _drain(data: IO[bytes]) -> None:
    """Read a member to its end, so that what is read before the next is its header alone."""
    try:
        while data.read(CHUNK):
            pass
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise UnreadableError(f"damaged or cut off: {error}"[:200], AGAIN) from error


def _tar_name(name: str) -> str:
    raw = name.encode("utf-8", "surrogateescape")
    return name if name.isprintable() else _decoded(raw)


def printable(name: str) -> str:
    """Return a name that can be shown and written: undecodable bytes and controls escaped."""
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain)


class _Member(io.RawIOBase):
    """The bytes of one member, as far as the limits allow."""

    def __init__(self, stream: BinaryIO, name: str, packed: int, seen: _Seen) -> None:
        self._stream, self._packed, self._seen = stream, packed, seen
        streamed = PurePosixPath(name).suffix.lower() in STREAMED
        self._largest = LARGEST_TOTAL if streamed else LARGEST_MEMBER
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(view))
        except UnreadableError:
            raise
        except Exception as error:  # whatever damaged data makes zipfile, tarfile and zlib say
            raise UnreadableError(f"damaged or cut off: {error}"[:200], AGAIN) from error
        view[: len(data)] = data
        self._given += len(data)
        self._seen.unpacked += len(data)
        if self._given > self._largest:
            raise UnreadableError(f"unpacks to over {self._largest:,} bytes", "split it")
        if self._seen.unpacked > LARGEST_TOTAL:
            raise UnreadableError(f"the archive unpacks to over {LARGEST_TOTAL:,} bytes", BOMB)
        if self._packed and self._given > max(RATIO_FROM, HIGHEST_RATIO * self._packed):
            raise UnreadableError(f"unpacks to over {HIGHEST_RATIO} times its size", BOMB)
        return len(data)
