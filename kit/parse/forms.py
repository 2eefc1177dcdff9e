"""Which form a file has, by its name and first bytes, and what reads it."""

import gzip
import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kit.parse.archives import members
from kit.parse.record import Options, Parser, Record, Rejected, UnreadableError
from kit.parse.unpack import ungzip

FOLDERS = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tbz")
LARGEST_FILE = 64 * 2**20  # bytes of a file that is read whole; tables are streamed without limit
SNIFFED = 1024  # bytes that tell the form of a file whose name does not


@dataclass(frozen=True, slots=True)
class Form:
    """A form: where its reader is, and whether it is one that a hostile file can make costly."""

    module: str
    function: str
    costly: bool = False

    def parser(self) -> Parser:
        """Import the reader."""
        found: Parser = getattr(importlib.import_module(f"kit.parse.{self.module}"), self.function)
        return found


_TEXT = Form("text", "read_text")
_HTML = Form("html", "read_html", costly=True)
_DOCX = Form("office", "read_docx", costly=True)
FORMS = {
    ".txt": _TEXT,
    ".text": _TEXT,
    ".md": _TEXT,
    ".markdown": _TEXT,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".pdf": Form("pdf", "read_pdf", costly=True),
    ".docx": _DOCX,
    ".docm": _DOCX,
    ".dotx": _DOCX,
    ".odt": Form("office", "read_odt", costly=True),
    ".rtf": Form("rtf", "read_rtf", costly=True),
    ".epub": Form("epub", "read_epub", costly=True),
    ".eml": Form("mail", "read_mail", costly=True),
    ".rss": Form("feeds", "read_feed", costly=True),
    ".atom": Form("feeds", "read_feed", costly=True),
    ".xml": Form("feeds", "read_feed", costly=True),
    ".json": Form("tables", "read_json", costly=True),
    ".jsonl": Form("tables", "read_jsonl"),
    ".ndjson": Form("tables", "read_jsonl"),
    ".csv": Form("tables", "read_csv"),
    ".tsv": Form("tables", "read_tsv"),
    ".parquet": Form("tables", "read_parquet", costly=True),
}
_STREAMED = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
_REFUSED = {
    ".doc": ("an old Word file", "save it as .docx"),
    ".xls": ("an old Excel file", "save the table as CSV"),
    ".xlsx": ("an Excel file", "save the table as CSV"),
    ".7z": ("a 7z archive", "unpack it, or pack it as .zip"),
    ".rar": ("a RAR archive", "unpack it, or pack it as .zip"),
}
_MAGIC = (
    (b"%PDF", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"PAR1", ".parquet"),
    (b"<!doctype html", ".html"),
    (b"<html", ".html"),
    (b"<rss", ".rss"),
    (b"<feed", ".atom"),
)


def form_of(name: str, head: bytes = b"") -> Form:
    """Return the form of a file by its name, else by its first bytes.

    Raises UnreadableError for one that is not read.
    """
    suffix = _suffix(name)
    if suffix in FORMS:
        return FORMS[suffix]
    if suffix in _REFUSED:
        raise UnreadableError(*_REFUSED[suffix])
    start = head.lstrip().lower()
    for magic, form in _MAGIC:
        if start.startswith(magic.lower()):
            return FORMS[form]
    if not suffix and head and b"\0" not in head:
        return _TEXT
    what = f"form {suffix}" if suffix else "a file without a known ending"
    raise UnreadableError(f"{what} is not read", f"give {', '.join(sorted(FORMS))}")


def _suffix(name: str) -> str:
    last = name.rsplit("/", 1)[-1].lower()
    dot = last.rfind(".")
    return last[dot:] if 0 < dot < len(last) - 1 else ""


def is_archive(name: str) -> bool:
    """Whether a file is a folder of files in one."""
    return name.lower().endswith(FOLDERS)


def records(file: BinaryIO, name: str, options: Options) -> Iterator[tuple[str, Record | Rejected]]:
    """Yield (name, record) of a file; those of an archive have the name inside it."""
    if is_archive(name):
        for member in members(file, name):
            if isinstance(member, Rejected):
                yield name, member
                continue
            inner, content = member
            try:
                for record in _of_one(content, inner, options):
                    yield f"{name}/{inner}", record
            except UnreadableError as error:
                yield f"{name}/{inner}", Rejected("", error.reason, error.advice)
        return
    for record in _of_one(file, name, options):
        yield name, record


def _of_one(file: BinaryIO, name: str, options: Options) -> Iterator[Record | Rejected]:
    unpacked = name.lower().endswith(".gz")
    if unpacked:
        name = name[: -len(".gz")]
        file = ungzip(file, name)
    suffix = _suffix(name)
    head = b""
    if suffix not in FORMS or (unpacked and suffix not in _STREAMED):
        data = file.read(LARGEST_FILE + 1)  # what comes out of an archive cannot go back
        if len(data) > LARGEST_FILE:
            raise UnreadableError(f"over {LARGEST_FILE:,} bytes", "split it")
        head, file = data[:SNIFFED], io.BytesIO(data)
    try:
        yield from form_of(name, head).parser()(file, name, options)
    except (gzip.BadGzipFile, EOFError) as error:
        raise UnreadableError(f"damaged: {error}", "get the file again") from error
    except (UnreadableError, MemoryError, OSError):
        raise
    except Exception as error:  # a fault of ours: it costs this file and not the archive it is in
        reason = f"its reader failed ({type(error).__name__}: {error})"
        raise UnreadableError(reason[:200], "report this, with the file") from error


def is_costly(name: str) -> bool:
    """Whether a file should be read in a process that can be stopped."""
    plain = name.lower().removesuffix(".gz")
    form = FORMS.get(_suffix(plain))
    return is_archive(name) or (form.costly if form else True)
