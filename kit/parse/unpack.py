"""gzip, bzip2 and xz as streams that stop at limits: a small file may be made to fill the memory."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol

from kit.parse.record import UnreadableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_TOTAL = 2 * 2**30  # bytes unpacked
HIGHEST_RATIO = 200  # unpacked bytes to packed ones; text packs to a quarter, a bomb 1,000 to 1
RATIO_FROM = 2**20  # bytes unpacked before the ratio is looked at
LARGEST_HEADER = 2**20  # bytes before a member of a tar: long names, notes
CHUNK = 2**16
_XZ_MEMORY = 256 * 2**20
BOMB = "it may be made to fill the memory: unpack it yourself if you trust it"
AGAIN = "get the file again, or pack it anew"


def ungzip(file: BinaryIO, source: str) -> BinaryIO:
    """Return what a gzip file holds, to be read once from the start; raises UnreadableError if none.

    Reading it raises UnreadableError where the file is damaged, cut off, or unpacks to more than
    ``HIGHEST_RATIO`` times its size or ``LARGEST_TOTAL`` bytes; what came before stays read.
    """
    stream = io.BufferedReader(Unpacked(file, _Gzip), CHUNK)
    if not stream.peek(1):
        raise UnreadableError(f"nothing in {source}", AGAIN)
    return stream


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Gzip:
    """zlib with the manners of bz2 and lzma."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


class _Plain:
    """What is not packed."""

    eof = False
    unused_data = b""
    needs_input = True

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return data


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


_PACKED: dict[bytes, Callable[[], _Unpacker]] = {
    b"\x1f\x8b": _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": _xz,
}


def unpacker(head: bytes) -> Callable[[], _Unpacker]:
    """Return what unpacks a file that begins with `head`; what is not packed is given as it is."""
    return next((make for magic, make in _PACKED.items() if head.startswith(magic)), _Plain)


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a file, as far as the limits allow. It does not own the file."""

    def __init__(self, file: BinaryIO, make: Callable[[], _Unpacker]) -> None:
        self._file, self._make = file, make
        self._tool: _Unpacker | None = None
        self._next = b""  # bytes of the file that are not yet given to the tool
        self._held = b""
        self._started = False
        self._taken = 0
        self._given = 0
        self._allowed: int | None = None

    def expect_header(self, yes: bool, /) -> None:
        """From now on give no more than a header has, or as much as there is."""
        self._allowed = self._given + LARGEST_HEADER if yes else None

    def readable(self) -> bool:  # noqa: D102 - as of io.RawIOBase
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:  # noqa: D102
        view = memoryview(buffer).cast("B")
        if not self._held:
            try:
                self._held = self._unpack(len(view))
            except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
                raise UnreadableError(f"packed data damaged: {error}"[:200], AGAIN) from error
        taken, self._held = self._held[: len(view)], self._held[len(view) :]
        view[: len(taken)] = taken
        self._given += len(taken)
        if self._given > LARGEST_TOTAL:
            raise UnreadableError(f"unpacks to over {LARGEST_TOTAL:,} bytes", BOMB)
        if self._given > max(RATIO_FROM, HIGHEST_RATIO * self._taken):
            raise UnreadableError(f"unpacks to over {HIGHEST_RATIO} times its size", BOMB)
        if self._allowed is not None and self._given > self._allowed:
            raise UnreadableError(f"a header of over {LARGEST_HEADER:,} bytes", BOMB)
        return len(taken)

    def _unpack(self, most: int) -> bytes:
        """Return some bytes, none at the end; a file may hold several packed streams in a row."""
        while True:
            if self._tool is None:
                self._next = self._next or self._read()
                if not self._next:
                    return b""
                if self._started:
                    self._next = self._next.lstrip(b"\0")  # padding, as tapes have it
                    if not self._next:
                        continue
                self._tool, self._started = self._make(), True
            data, self._next = self._next, b""
            if self._tool.needs_input and not data:
                data = self._read()
            unpacked = self._tool.decompress(data, most)
            if self._tool.eof:
                self._next, self._tool = self._tool.unused_data, None
            elif not data and not unpacked and self._tool.needs_input:
                if self._make is _Plain:
                    return b""
                raise UnreadableError("packed data cut off", AGAIN)
            if unpacked:
                return unpacked

    def _read(self) -> bytes:
        data = self._file.read(CHUNK)
        self._taken += len(data)
        return data
