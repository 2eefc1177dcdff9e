"""Open zip members and XML of office files and books under limits; nothing is written to disk."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html.entities import html5
from pathlib import PurePosixPath
from typing import BinaryIO

from lxml import etree

from kit.parse.record import UnreadableError

MEMBERS = 10_000  # a book of 10,000 files does not exist; each entry costs about a kilobyte
UNPACKED = 256 * 2**20  # bytes of all members that are read
RATIO = 200  # office XML packs 10 to 30 times, repeated rows up to 100; a bomb about 1,000 times
RATIO_FROM = 2**20  # bytes; below it a high ratio does no harm
DEPTH = 200  # a table in a text box in a table is about 40 deep
ELEMENTS = 1_000_000  # elements and attributes of one part: a book of 1,000 pages has some 400,000
PART = 64 * 2**20  # bytes of XML in one part; a book of 1,000 pages has some 20 MB

_ENTITY = b"<!ENTITY"
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?([A-Za-z0-9_.-]{2,30})")
_HEAD = 1_024  # bytes in which a page declares its encoding
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}
_CHUNK = 2**18
_LONGEST_NUMBER = 9  # digits
_SYMLINK = 0o120000
_TYPE_BITS = 0o170000
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,  # also UnicodeDecodeError
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)


class Package:
    """The members of a zip file. Names are keys only: none is ever used as a path."""

    def __init__(self, file: BinaryIO, *, form: str) -> None:
        self.form = form
        data = _read(file)
        _refuse_other_containers(data, form)
        if data.count(_ENTRY) > MEMBERS:
            raise UnreadableError(
                f"a zip of more than {MEMBERS:,} members", f"save it anew as {form}"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _BAD_ZIP as error:
            raise self._damaged(error) from error
        self._members = {info.filename: info for info in infos if _is_inside(info)}
        self._left = UNPACKED

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def read(self, name: str) -> bytes:
        """Return the bytes of a member, counted as they unpack: what the zip declares may lie."""
        info = self._members.get(name)
        if info is None:
            raise UnreadableError(
                f"not a whole {self.form} file: {name!r} is missing", f"save it anew as {self.form}"
            )
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableError("protected by a password", "save it without a password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableError(
                "packed by a method that office files do not use", f"save it anew as {self.form}"
            )
        pieces: list[bytes] = []
        size = 0
        most = max(RATIO_FROM, RATIO * info.compress_size)
        try:
            with self._zip.open(info) as member:
                while piece := member.read(_CHUNK):
                    size += len(piece)
                    if size > self._left:
                        raise UnreadableError(
                            f"unpacks to more than {UNPACKED >> 20} MB", "split it"
                        )
                    if size > most:
                        raise UnreadableError(
                            f"a part unpacks to more than {RATIO} times its size (a zip bomb?)",
                            "do not open it, unless you know who made it",
                        )
                    pieces.append(piece)
        except UnreadableError:
            raise
        except _BAD_ZIP as error:
            raise self._damaged(error) from error
        self._left -= size
        return b"".join(pieces)

    def xml(self, name: str) -> etree._Element:
        """Return the root of a member that is XML."""
        return xml(self.read(name), part=name)

    def _damaged(self, error: BaseException) -> UnreadableError:
        said = " ".join(str(error).split())[:100] or type(error).__name__
        return UnreadableError(
            f"a damaged {self.form} file ({said})",
            f"open it where it was made and save as {self.form}",
        )


def xml(data: bytes, *, part: str = "the file") -> etree._Element:
    """Return the root of XML, or refuse it: entities, too many elements, too deep, not XML.

    Nothing outside `data` is read: entities are refused, no DTD is loaded and no host is asked.
    """
    if len(data) > PART:
        raise UnreadableError(f"{part} is larger than {PART >> 20} MB", "split it")
    if _ENTITY in (data.replace(b"\0", b"") if b"\0" in data else data):  # also as UTF-16
        raise _entities(part)
    # Counted before any of it is built: in memory a node takes some 130 bytes.
    if data.count(b"<") // 2 + data.count(b"=") > ELEMENTS:
        raise UnreadableError(
            f"{part} has more than {ELEMENTS:,} elements and attributes", "split it"
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        said = " ".join(str(error).split())[:100]
        if "Excessive depth" in said:
            raise _too_deep(part) from error
        raise UnreadableError(
            f"{part} is not well-formed XML ({said})", "open it where it was made and save it anew"
        ) from error
    if root is None:
        raise UnreadableError(f"{part} is empty", "open it where it was made and save it anew")
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise _entities(part)
    _refuse_depth(root, part)
    return root


def xhtml(data: bytes, *, part: str = "the file") -> etree._Element:
    """Return the root of a page of a book: XML with the named characters of HTML, or else HTML."""
    text = _DECLARATION.sub("", _decoded(data), count=1)
    named = _NAMED.sub(_character, text).encode("utf-8", "replace")
    try:
        return xml(named, part=part)
    except UnreadableError:
        if _ENTITY in named or len(named) > PART or named.count(b"<") > ELEMENTS:
            raise
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(named, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"{part} is no page of a book", "save the book anew") from error
    if root is None:
        raise UnreadableError(f"{part} is empty", "save the book anew")
    _refuse_depth(root, part)
    return root


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def number(written: str | None, otherwise: int) -> int:
    """Return the number that an attribute gives, or `otherwise` where it gives none."""
    plain = written is not None and written.isdecimal() and len(written) <= _LONGEST_NUMBER
    return int(written) if written and plain else otherwise


def _read(file: BinaryIO) -> bytes:
    try:
        data = file.read(UNPACKED + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error}", "check that it is there") from error
    if len(data) > UNPACKED:
        raise UnreadableError(f"larger than {UNPACKED >> 20} MB", "split it")
    return data


def _decoded(data: bytes) -> str:
    """Decode a page by its byte order mark, by what it declares, or as UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _ENCODING.search(data[:_HEAD])
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return data.decode(encoding, "replace")
    except (LookupError, ValueError):  # no such encoding, or one that is not of text
        return data.decode("utf-8", "replace")


def _character(match: re.Match[str]) -> str:
    return match[0] if match[1] in _OF_XML else html5.get(match[1] + ";", match[0])


def _refuse_other_containers(data: bytes, form: str) -> None:
    """Tell an empty file, a protected one and an old binary one from a damaged zip."""
    if not data.strip(b"\0"):
        raise UnreadableError("an empty file", f"save it anew as {form}")
    if not data.startswith(_OLE):
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableError("protected by a password", "save it without a password")
    raise UnreadableError(
        "an old binary office file (.doc, .xls, .ppt)", "save it as .docx (or .xlsx)"
    )


def _is_inside(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a plain file with a plain name."""
    name = info.filename
    is_plain = bool(name) and not name.startswith("/") and not name.endswith("/")
    has_drive = "\\" in name or ":" in name.partition("/")[0]
    is_link = (info.external_attr >> 16) & _TYPE_BITS == _SYMLINK
    return is_plain and not has_drive and not is_link and ".." not in PurePosixPath(name).parts


def _refuse_depth(root: etree._Element, part: str) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH:
            raise _too_deep(part)


def _too_deep(part: str) -> UnreadableError:
    return UnreadableError(f"{part} nests elements over {DEPTH} deep", "save it anew")


def _entities(part: str) -> UnreadableError:
    return UnreadableError(
        f"{part} defines entities, which can read other files or grow without end",
        "save it anew without them",
    )
