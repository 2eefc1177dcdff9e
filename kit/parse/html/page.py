"""The bytes of a saved page -> its characters -> a tree, whatever the bytes are."""

import re
from typing import Any

from lxml import etree

from kit.parse.decode import decode
from kit.parse.record import UnreadableError

Element = Any  # an lxml element: lxml has no types of its own

# A page says its encoding in its first lines; browsers look at 1,024 bytes, long heads need more.
_START = 8192
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,400}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})",
    re.IGNORECASE,
)
_DOUBLED_BOM = "\xef\xbb\xbf"  # a byte-order mark read as Latin-1
# No web page: PDF, ZIP (docx, epub), the old Office files, gzip, PNG, JPEG, GIF.
_OTHER = (
    *(b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff"),
    b"GIF8",
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BINARY = 0.05  # of the characters: a text has no control characters, a broken one has some
# A document type may declare entities; an HTML page needs none, and libxml2 shows them as text.
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]{0,300}\[[^\]]{0,20000}\]\s*>", re.IGNORECASE)
# libxml2 takes minutes over a tag of many attributes: its time grows with their square.
_LONG_TAG = re.compile(r"<([A-Za-z][^\s/<>]{0,40})([^<>]{4000,})>")
_MOST_ATTRIBUTES = 1000
# Where nesting has to be taken off, these elements are what is left of the page's structure.
_KEPT = frozenset(
    "html head body title meta link script style noscript template textarea select nav footer aside "
    "p h1 h2 h3 h4 h5 h6 li td th br hr time".split()
)
_INLINE = frozenset("a abbr b big cite em font i ins small span strong sub sup tt u".split())
_TAG = re.compile(r"</?([A-Za-z][^\s/<>]{0,40})[^<>]*>")


def characters(data: bytes, encoding: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the characters of a page and notes; `encoding` wins over what the page declares.

    Raises UnreadableError for other kinds of file, and where the encoding cannot be told.
    """
    if data.startswith(_OTHER):
        raise UnreadableError(
            "not a web page: another kind of file with its name", "give the file its own extension"
        )
    decoded = decode(data, encoding or _declared(data))
    text, notes = decoded.text, decoded.notes
    start = text[:_START]
    if len(_CONTROLS.findall(start)) > _BINARY * len(start):
        raise UnreadableError("not a web page: binary data", "save the page again, as HTML")
    if nulls := text.count("\0"):
        text = text.replace("\0", "")
        notes = (*notes, f"{nulls} null characters taken out")
    if text.startswith(_DOUBLED_BOM):
        # The mark is a witness: the bytes of UTF-8 were taken for Latin-1 and encoded once more.
        try:
            text = text.encode("latin-1").decode("utf-8")
            notes = (*notes, "the page had been encoded in UTF-8 twice: undone")
        except UnicodeError:
            text = text.removeprefix(_DOUBLED_BOM)
    return text.removeprefix("\ufeff"), notes


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_START])
    name = found[1].decode("ascii", "replace") if found else ""
    # the declaration could be read as ASCII, so the page is not in UTF-16
    return "utf-8" if name.lower().startswith(("utf-16", "utf-32")) else name


def tree(text: str) -> tuple[Element | None, tuple[str, ...]]:
    """Return the root element, or None where there is neither markup nor text, and notes."""
    text = _DOCTYPE.sub("<!DOCTYPE html>", text, count=1)
    text = _LONG_TAG.sub(_without_attributes, text)
    root, whole = _parse(text)
    if whole:
        return root, ()
    flat = _TAG.sub(_flattened, text)
    return _parse(flat)[0], ("nested too deep to be a page: read without its structure",)


def _parse(text: str) -> tuple[Element | None, bool]:
    """Return the root, and whether the whole text went into the tree."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    # libxml2 gives up below 2,048 levels, and what follows is lost without an exception
    cut = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return root, not cut


def _without_attributes(match: re.Match[str]) -> str:
    many = len(match[2].split(None, _MOST_ATTRIBUTES)) > _MOST_ATTRIBUTES
    return f"<{match[1]}>" if many else str(match[0])


def _flattened(match: re.Match[str]) -> str:
    name = match[1].lower()
    if name in _KEPT:
        return str(match[0])
    return "" if name in _INLINE else "<p>"
