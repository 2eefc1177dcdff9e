"""Books (.epub): the chapters in the order of the spine, one text a book."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from kit.corpus import Kind
from kit.parse.collect import Properties, Text
from kit.parse.record import Block, Options, Record, Rejected, UnreadableError
from kit.parse.xmlsafe import Package, local, xhtml

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OPS_TYPE = "{http://www.idpf.org/2007/ops}type"
_PAGES = {"application/xhtml+xml", "text/html", "text/x-oeb1-document"}
# Fonts are often veiled so that nobody takes them out of the book; their text is free.
_VEILED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_CELL = "\t"
_WHITE = re.compile(r"[ \t\r\n]+")

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_KINDS: dict[str, Kind] = {"li": "item", "dd": "item", "blockquote": "quotation"}
_KINDS |= dict.fromkeys(_HEADINGS, "heading")
_BLOCKS = {
    *_KINDS,
    *"p div section article aside header footer main figure figcaption body ul ol dl dt".split(),
    *"table caption thead tbody tfoot pre hr address center form fieldset details".split(),
}
_LEFT_OUT = set(
    "head script style template nav svg audio video object iframe canvas noscript rt rp".split()
)
_LEFT_OUT_TYPES = {"noteref", "pagebreak", "toc", "landmarks", "page-list"}
_NOTES = {"footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes"}


def read_epub(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the one text of a book, its title and other metadata. Raises UnreadableError."""
    package = Package(file, form=".epub")
    book = _Book.of(package)
    _refuse_locked(package, book)
    found = Text()
    missing = [name for name in book.chapters if name not in package]
    unread: list[str] = []
    for name in book.chapters:
        if name not in package:
            continue
        try:
            page = xhtml(package.read(name), part=name)
        except UnreadableError as error:
            if len(book.chapters) == 1:
                raise
            unread.append(f"chapter {name} left out: {error.reason}")
            continue
        _Page(found).walk(page)
    if missing:
        unread.append(f"{len(missing)} of {len(book.chapters)} chapters are not in the file")
    if book.chapters and not found.blocks and unread:
        raise UnreadableError(f"no chapter can be read: {unread[0]}", "get the book anew")
    yield found.record(book.properties, unread, title_is_sure=True)


@dataclass(slots=True)
class _Book:
    """What the package document says: the chapters in order, the metadata."""

    chapters: list[str] = field(default_factory=list)
    properties: Properties = field(default_factory=Properties)

    @classmethod
    def of(cls, package: Package) -> "_Book":
        if _CONTAINER not in package:
            raise UnreadableError("a zip, but no book: container.xml is missing", "unpack it")
        roots = [e.get("full-path") for e in package.xml(_CONTAINER).iter() if _is(e, "rootfile")]
        name = next((r for r in roots if r and r in package), None)
        if name is None:
            raise UnreadableError(
                f"its package document {roots[0] if roots else ''!r} is not in the file",
                "get the book anew",
            )
        opf = package.xml(name)
        folder = posixpath.dirname(name)
        manifest = {e.get("id"): e for e in opf.iter() if _is(e, "item")}
        chapters = []
        for reference in (e for e in opf.iter() if _is(e, "itemref")):
            item = manifest.get(reference.get("idref"))
            if item is None or reference.get("linear") == "no":
                continue
            is_page = (item.get("media-type") or "").strip().lower() in _PAGES
            if is_page and "nav" not in (item.get("properties") or "").split():
                chapters.append(_resolved(folder, item.get("href") or ""))
        return cls(list(dict.fromkeys(chapters)), _metadata(opf))


def _is(element: etree._Element, name: str) -> bool:
    return local(element) == name


def _resolved(folder: str, href: str) -> str:
    """Return the member that a reference means; it is only looked up, never opened as a path."""
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _metadata(opf: etree._Element) -> Properties:
    values: dict[str, list[str]] = {}
    published = ""
    for element in opf.iter():
        name, text = local(element), " ".join((element.text or "").split())
        if not text or not str(element.tag).startswith("{http://purl.org/dc/elements/"):
            continue
        values.setdefault(name, []).append(text)
        event = next((v for k, v in element.attrib.items() if str(k).endswith("event")), "")
        if name == "date" and event in ("publication", "original-publication"):
            published = published or text

    def first(name: str) -> str:
        return values.get(name, [""])[0]

    return Properties(
        title=first("title"),
        author="; ".join(dict.fromkeys(values.get("creator", []))),
        language=first("language"),
        publisher=first("publisher"),
        made=published or first("date"),
        is_publication=True,
    )


def _refuse_locked(package: Package, book: _Book) -> None:
    """Refuse a book whose chapters are encrypted."""
    if _ENCRYPTION not in package:
        return
    for data in (e for e in package.xml(_ENCRYPTION).iter() if _is(e, "EncryptedData")):
        method = next((e.get("Algorithm") or "" for e in data if _is(e, "EncryptionMethod")), "")
        uris = [_resolved("", e.get("URI") or "") for e in data.iter() if _is(e, "CipherReference")]
        if method not in _VEILED_FONTS and (not uris or set(uris) & set(book.chapters)):
            raise UnreadableError(
                "locked by its seller (DRM)", "get a copy that is not locked from the publisher"
            )


class _Page:
    """Walks a page: text gathers until a block begins or ends."""

    def __init__(self, found: Text) -> None:
        self._found = found
        self._pieces: list[str] = []

    def walk(self, root: etree._Element) -> None:
        self._element(root, "body")
        self._flush("body")

    def _element(self, element: etree._Element, kind: Kind) -> None:
        name = local(element).lower()
        types = set((element.get(_OPS_TYPE) or element.get("epub:type") or "").split())
        if (
            not name
            or name in _LEFT_OUT
            or types & _LEFT_OUT_TYPES
            or element.get("hidden") is not None
        ):
            return
        if name == "br":
            self._pieces.append("\n")
        elif types & _NOTES and name in _BLOCKS:
            self._flush(kind)
            self._note(element)
        elif name == "tr":
            self._flush(kind)
            self._row(element, kind)
        elif name in _BLOCKS:
            self._flush(kind)
            inner = _KINDS.get(name, kind)
            self._children(element, inner)
            self._flush(inner)
        else:
            self._children(element, kind)

    def _children(self, element: etree._Element, kind: Kind) -> None:
        self._text(element.text)
        for child in element:
            self._element(child, kind)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self._pieces.append(_WHITE.sub(" ", text))

    def _flush(self, kind: Kind) -> None:
        self._found.add("".join(self._pieces).strip(" "), kind)
        self._pieces = []

    def _row(self, row: etree._Element, kind: Kind) -> None:
        cells = [cell for cell in row if local(cell).lower() in ("td", "th")]
        if len(cells) == 1:  # a frame around running text
            self._children(cells[0], kind)
            self._flush(kind)
            return
        texts = [" ".join(" ".join(b.text.split()) for b in _blocks(cell)) for cell in cells]
        self._found.add(_CELL.join(texts).strip(_CELL), "row")

    def _note(self, element: etree._Element) -> None:
        self._found.endings.append("\n".join(block.text for block in _blocks(element)))


def _blocks(element: etree._Element) -> list[Block]:
    inner = Text()
    page = _Page(inner)
    page._children(element, "body")
    page._flush("body")
    return [*inner.blocks, *map(Block, inner.endings)]
