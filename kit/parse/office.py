"""Word (.docx) and OpenDocument (.odt) files: what a reader of the final text sees.

Insertions are in; deletions, hidden text, comments, field codes, headers and footers are out;
footnotes stand at the end. A table gives a block for each row, its cells between tabs.
"""

from collections.abc import Iterator
from typing import BinaryIO

from kit.parse.collect import Properties
from kit.parse.opendocument import opendocument_text
from kit.parse.record import Options, Record, Rejected, UnreadableError
from kit.parse.word import target, word_text
from kit.parse.xmlsafe import Package, local

_OF_A_TEMPLATE = "2013-12-23T23:15:00Z"  # what python-docx leaves in every file that it makes


def read_docx(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the one text of a .docx, .docm, .dotx or .dotm file. Raises UnreadableError."""
    package = Package(file, form=".docx")
    text = word_text(package)
    core = target(package, "", "/core-properties") or "docProps/core.xml"
    yield text.record(_properties(package, core, created=("created",), author=("creator",)))


def read_odt(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the one text of an .odt or .ott file. Raises UnreadableError."""
    package = Package(file, form=".odt")
    text = opendocument_text(package)
    yield text.record(
        _properties(
            package,
            "meta.xml",
            created=("creation-date", "date"),
            author=("initial-creator", "creator"),
        )
    )


def _properties(
    package: Package, name: str, *, created: tuple[str, ...], author: tuple[str, ...]
) -> Properties:
    """Read title, author, language and day of making; a damaged part costs only these."""
    if name not in package:
        return Properties()
    try:
        root = package.xml(name)
    except UnreadableError as error:
        return Properties(notes=(f"its properties were not read: {error.reason}",))
    values: dict[str, str] = {}
    for element in root.iter():
        text = " ".join((element.text or "").split())
        if text:
            values.setdefault(local(element), text)
    made = next((values[k] for k in created if k in values), "")
    return Properties(
        title=values.get("title", ""),
        author=next((values[k] for k in author if k in values), ""),
        language=values.get("language", ""),
        made="" if made == _OF_A_TEMPLATE else made,
    )
