"""What the forms of tables share: a row, its bytes as UTF-8, and what to do where a file breaks off."""

import codecs
import io
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from kit.parse.columns import Cells
from kit.parse.record import Options, Rejected, UnreadableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_ROW = 64 * 2**20  # bytes of a line or an item, letters of a cell; a text is far below it
LARGEST_WHOLE = 64 * 2**20  # bytes of a file that is read whole to find its encoding
NOT_UTF8 = ("not UTF-8", 'save it as UTF-8, or say which, e.g. encoding="gb18030"')
_CHUNK = 2**20
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands, and its cells by the names of their columns."""

    place: str
    cells: Cells
    notes: tuple[str, ...] = ()


def kept(rows: Iterable[Row | Rejected]) -> Iterator[Row | Rejected]:
    """Keep the rows before the place where a file breaks off, and name that place.

    Raises UnreadableError where it breaks before the first row.
    """
    place = ""
    try:
        with _errors_told():
            for row in rows:
                place = row.place
                yield row
    except UnreadableError as error:
        if not place:
            raise
        yield Rejected(f"after {place}", f"the rest is not read: {error.reason}", error.advice)


@contextmanager
def _errors_told() -> Iterator[None]:
    """Turn what reading and decoding may raise into an UnreadableError."""
    try:
        yield
    except UnicodeError as error:
        raise UnreadableError(f"cannot be decoded: {error}"[:200], NOT_UTF8[1]) from error
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"cannot be read: {reason}", "get the file again") from error


def utf8(
    file: BinaryIO, options: Options, *, guess: bool = False
) -> tuple[bytes, io.BufferedIOBase, tuple[str, ...]]:
    """Return the first bytes of a file and the whole of it, both as UTF-8 without a mark; and notes.

    What says of its encoding counts in this order: a byte order mark, the user, UTF-8; where the
    first bytes are not and `guess` is set, what `kit.parse.decode` makes of the whole file. Bytes
    that cannot be decoded stay as they are: `undecoded` finds them. The file is not closed.
    """
    with _errors_told():
        notes: tuple[str, ...] = ()
        head = _some(file)
        encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "")
        if head.startswith(codecs.BOM_UTF8):
            head = head.removeprefix(codecs.BOM_UTF8)
        elif not encoding:
            encoding = _known(options.encoding)
            if not encoding and guess and not _is_utf8(head):
                head += file.read(LARGEST_WHOLE + 1 - len(head))
                head, notes = _decoded(head)
                file = io.BytesIO()
        stream = io.BufferedReader(_Ahead(head, file, encoding), _CHUNK)
        return stream.peek(1), stream, notes


def _some(file: BinaryIO) -> bytes:
    """Read what comes in one go, so that nothing is lost of a file that breaks off."""
    read: Callable[[int], bytes] = getattr(file, "read1", file.read)
    return read(_CHUNK)


def undecoded(text: str) -> bool:
    """Say whether a text decoded with "surrogateescape" holds bytes that are no letters."""
    try:
        text.encode()  # four times as fast as to search for it
    except UnicodeEncodeError:
        return True
    return False


class _Ahead(io.RawIOBase):
    """The bytes already taken of a file, then the rest of it, recoded to UTF-8 where need be.

    It does not own the file: to close it leaves the file open.
    """

    def __init__(self, head: bytes, rest: BinaryIO, encoding: str) -> None:
        self._rest = rest
        make = codecs.getincrementaldecoder(encoding) if encoding else None
        self._decoder = make("surrogateescape") if make else None
        self._held = memoryview(self._recoded(head))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        while not self._held:
            data = _some(self._rest)
            self._held = memoryview(self._recoded(data))
            if not data:
                break
        taken = min(len(view), len(self._held))
        view[:taken] = self._held[:taken]
        self._held = self._held[taken:]
        return taken

    def _recoded(self, data: bytes) -> bytes:
        if self._decoder is None:
            return data
        return self._decoder.decode(data, final=not data).encode("utf-8", "surrogateescape")


def _known(encoding: str) -> str:
    """Return the encoding that the user names, "" for UTF-8, or refuse an unknown one."""
    if not encoding:
        return ""
    try:
        "".encode(encoding)  # refuses what is no encoding of text, such as "zip"
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError) as error:
        raise UnreadableError(f"no encoding {encoding!r}", 'say e.g. "gb18030"') from error
    return "" if codecs.lookup(encoding).name == "utf-8" else encoding


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    from kit.parse.decode import decode  # noqa: PLC0415 - only for what is not Unicode

    if len(data) > LARGEST_WHOLE:
        raise UnreadableError(f"not UTF-8 and over {LARGEST_WHOLE:,} bytes", NOT_UTF8[1])
    found = decode(data)
    return found.text.encode("utf-8", "surrogateescape"), tuple(found.notes)
