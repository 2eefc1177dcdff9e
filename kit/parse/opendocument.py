"""The structure of an OpenDocument text: paragraphs, lists, tables, notes, tracked changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kit.corpus import Kind
from kit.parse.collect import Text
from kit.parse.record import UnreadableError
from kit.parse.xmlsafe import Package, local, number

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_MANIFEST = "META-INF/manifest.xml"
_MOST_SPACES = 1_000  # of one <text:s>: a count of a billion would fill the memory
_LONGEST_STYLE_CHAIN = 20
_CELL = "\t"
_WHITE = re.compile(r"[ \t\r\n]+")

_SIGNS = {"tab": "\t", "line-break": "\n"}
_LEFT_OUT = {
    "tracked-changes",
    "annotation",
    "annotation-end",
    "hidden-text",
    "ruby-text",
    "forms",
    "sequence-decls",
    "note-citation",
    "title",  # of a drawing: its tool tip
    "desc",
    "event-listeners",
    "script",
}
_CONTENTS = {
    "table-of-content",
    "illustration-index",
    "table-index",
    "object-index",
    "user-index",
    "alphabetical-index",
}
_NAMES: dict[str, Kind] = {"Title": "heading", "Subtitle": "heading", "Quotations": "quotation"}


def opendocument_text(package: Package) -> Text:
    """Return the blocks of an OpenDocument package: its body, then its notes."""
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise UnreadableError("protected by a password", "save it without a password")
    content = package.xml("content.xml")
    styles: dict[str, etree._Element] = {}
    for root in (package.xml("styles.xml") if "styles.xml" in package else None, content):
        if root is not None:
            styles |= {s.get(_STYLE + "name") or "": s for s in root.iter(_STYLE + "style")}
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise UnreadableError("an OpenDocument file without a text", "save its text as .odt")
    found = Text()
    _Odf(found, _Styles(styles)).story(body)
    return found


@dataclass(frozen=True, slots=True)
class _Style:
    kind: Kind = "body"
    is_title: bool = False
    hidden: bool = False


class _Styles:
    """What a style's name, its parents and its outline level say of a paragraph."""

    def __init__(self, raw: dict[str, etree._Element]) -> None:
        self._raw = raw
        self._known: dict[str, _Style] = {}

    def __getitem__(self, name: str) -> _Style:
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def _resolve(self, name: str) -> _Style:
        hidden = False
        for _ in range(_LONGEST_STYLE_CHAIN):
            style = self._raw.get(name)
            if style is not None:
                shown = style.find(_STYLE + "text-properties")
                hidden = hidden or (shown is not None and shown.get(_TEXT + "display") == "none")
            if name in _NAMES:
                return _Style(_NAMES[name], name == "Title", hidden)
            if style is None:
                break
            if style.get(_STYLE + "default-outline-level"):
                return _Style("heading", hidden=hidden)
            name = style.get(_STYLE + "parent-style-name") or ""
        return _Style(hidden=hidden)


class _Odf:
    """Walks a story: the body, a list, a cell, a text box, a note."""

    def __init__(self, found: Text, styles: _Styles) -> None:
        self._found, self._styles = found, styles
        self._boxes: list[etree._Element] = []

    def story(self, parent: etree._Element, kind: Kind | None = None) -> None:
        """Take the blocks of `parent`; paragraphs are of `kind` where it is given."""
        for child in parent:
            name = local(child)
            if name in _CONTENTS:
                self._found.contents += sum(
                    local(e) == "p" and any(str(t).strip() for t in e.itertext())
                    for e in child.iter()
                )
            elif name in ("p", "h"):
                self._paragraph(child, "heading" if name == "h" else kind)
            elif name == "table":
                self._table(child)
            elif name not in _LEFT_OUT and child.get(_TEXT + "display") != "none":
                self.story(child, "item" if name == "list" else kind)

    def _paragraph(self, p: etree._Element, kind: Kind | None) -> None:
        style = self._styles[p.get(_TEXT + "style-name") or ""]
        text = "".join(self._inline(p))
        boxes, self._boxes = self._boxes, []
        if not style.hidden:
            of_style = kind if style.kind == "body" and kind else style.kind
            self._found.add(
                text, "heading" if kind == "heading" else of_style, is_title=style.is_title
            )
        for box in boxes:
            self.story(box)

    def _table(self, table: etree._Element) -> None:
        for row in table.iter(_TABLE + "table-row"):
            if next(row.iterancestors(_TABLE + "table"), None) is not table:
                continue  # of a table in a cell: it is part of that cell's text
            cells = row.findall(_TABLE + "table-cell")
            if len(cells) == 1:  # a frame around running text
                self.story(cells[0])
                continue
            self._found.add(_CELL.join(map(self._cell, cells)).strip(_CELL), "row")

    def _cell(self, cell: etree._Element) -> str:
        inner = self._inner(cell)
        return " ".join(" ".join(block.text.split()) for block in inner.blocks)

    def _inner(self, parent: etree._Element) -> Text:
        inner = Text()
        _Odf(inner, self._styles).story(parent)
        self._found.contents += inner.contents
        self._found.endings += inner.endings
        return inner

    def _inline(self, parent: etree._Element) -> Iterator[str]:
        """Yield the text of a paragraph; white space counts once, as the standard has it."""
        yield _collapsed(parent.text)
        for child in parent:
            name = local(child)
            if name == "s":
                yield " " * min(number(child.get(_TEXT + "c"), 1), _MOST_SPACES)
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "note":
                for body in child.iterfind(_TEXT + "note-body"):
                    blocks = self._inner(body).blocks
                    self._found.endings.append("\n".join(b.text.strip() for b in blocks))
            elif name == "text-box":
                self._boxes.append(child)
            elif not (name in _LEFT_OUT or self._is_hidden(child)):
                yield from self._inline(child)
            yield _collapsed(child.tail)

    def _is_hidden(self, child: etree._Element) -> bool:
        return self._styles[child.get(_TEXT + "style-name") or ""].hidden


def _collapsed(text: str | None) -> str:
    return _WHITE.sub(" ", text) if text else ""
