"""The structure of a Word text (WordprocessingML): paragraphs, tables, notes, tracked changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kit.corpus import Kind
from kit.parse.collect import Text
from kit.parse.record import UnreadableError
from kit.parse.xmlsafe import Package, local, number, xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MAIN = "word/document.xml"
_OFF = {"0", "false", "off", "none"}
_BODY_LEVEL = 9  # an outline level from 0 to 8 makes a heading, 9 is body text
_LONGEST_STYLE_CHAIN = 20
_CELL = "\t"


def word_text(package: Package) -> Text:
    """Return the blocks of a Word package: its body, then its footnotes and endnotes."""
    main = target(package, "", "/officeDocument") or _MAIN
    if main.startswith(("xl/", "ppt/")):
        raise UnreadableError("a workbook or slides, not a text", "save its text as .docx")
    root = _word_xml(package, main)
    styles = _word_styles(package, target(package, main, "/styles"))
    found = Text()
    _Word(found, styles).story(root)
    for kind in ("/footnotes", "/endnotes"):
        name = target(package, main, kind)
        if name and name in package:
            _word_notes(_word_xml(package, name), found, styles)
    return found


def _word_xml(package: Package, name: str) -> etree._Element:
    """Return the root of a part; the strict form of the standard only has another namespace."""
    return xml(package.read(name).replace(_STRICT_W, _W[1:-1].encode()), part=name)


def target(package: Package, part: str, kind: str) -> str:
    """Return the name of the part that `part` is related to by a type that ends in `kind`."""
    folder, _, name = part.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    relations = f"{prefix}_rels/{name}.rels"
    if relations not in package:
        return ""
    for relation in package.xml(relations).iter():
        if (relation.get("Type") or "").endswith(kind) and relation.get("TargetMode") != "External":
            target = relation.get("Target") or ""
            return target[1:] if target.startswith("/") else prefix + target
    return ""


@dataclass(frozen=True, slots=True)
class _Style:
    kind: Kind = "body"
    is_title: bool = False
    is_contents: bool = False
    hidden: bool = False


_WORD_NAMES: dict[str, _Style] = {
    "title": _Style("heading", is_title=True),
    "subtitle": _Style("heading"),
    "quote": _Style("quotation"),
    "intense quote": _Style("quotation"),
    "block text": _Style("quotation"),
}


def _word_styles(package: Package, name: str) -> dict[str, _Style]:
    """Return the kind of each style; built-in names are English in every language of Word."""
    if not name or name not in package:
        return {}
    raw = {
        style.get(_W + "styleId") or "": style
        for style in _word_xml(package, name).iter(_W + "style")
    }
    return {key: _word_style(key, raw) for key in raw}


def _word_style(key: str, raw: dict[str, etree._Element]) -> _Style:
    hidden = False
    for _ in range(_LONGEST_STYLE_CHAIN):
        style = raw.get(key)
        if style is None:
            break
        hidden = hidden or _is_on(style.find(f"{_W}rPr/{_W}vanish"))
        written = (_value(style.find(_W + "name")) or "").lower()
        if written.startswith("toc "):
            return _Style(is_contents=True)
        if written in _WORD_NAMES:
            return _WORD_NAMES[written]
        level = number(_value(style.find(f"{_W}pPr/{_W}outlineLvl")), _BODY_LEVEL)
        if level < _BODY_LEVEL or re.match(r"heading [1-9]", written):
            return _Style("heading", hidden=hidden)
        if style.find(f"{_W}pPr/{_W}numPr") is not None or written.startswith("list bullet"):
            return _Style("item", hidden=hidden)
        key = _value(style.find(_W + "basedOn"))
    return _Style(hidden=hidden)


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(_W + "val") or ""


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and _value(element).lower() not in _OFF


_WORD_SIGNS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_WORD_LEFT_OUT = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "delInstrText",
    "rt",
    "pPr",
    "rPr",
    "tblPr",
    "trPr",
    "tcPr",
    "sdtPr",
    "sectPr",
}


class _Word:
    """Walks a story of a Word text: the body, a cell, a text box, a footnote."""

    def __init__(self, found: Text, styles: dict[str, _Style]) -> None:
        self._found, self._styles = found, styles
        self._boxes: list[etree._Element] = []
        self._open = ""  # text of a paragraph whose mark was deleted: the next one continues it
        self._fields: list[bool] = []  # of each open field: are we still in its code?

    def story(self, parent: etree._Element) -> None:
        for child in parent:
            match local(child):
                case "p":
                    self._paragraph(child)
                case "tbl":
                    self._table(child)
                case name if name not in _WORD_LEFT_OUT:
                    self.story(child)
        text, self._open = self._open, ""
        self._found.add(text)

    def _paragraph(self, p: etree._Element) -> None:
        own = p.find(_W + "pPr")
        style = self._styles.get(_value(p.find(f"{_W}pPr/{_W}pStyle")), _Style())
        self._fields = []
        text = self._open + "".join(self._inline(p))
        self._open = ""
        boxes, self._boxes = self._boxes, []
        if own is not None and own.find(f"{_W}rPr/{_W}del") is not None:
            self._open = text
        elif style.is_contents:
            self._found.contents += bool(text.strip())
        elif not style.hidden:
            self._found.add(text, _kind(own, style), is_title=style.is_title)
        for box in boxes:
            self.story(box)

    def _table(self, table: etree._Element) -> None:
        for row in table.iter(_W + "tr"):
            if next(row.iterancestors(_W + "tbl"), None) is not table:
                continue  # of a table in a cell: it is part of that cell's text
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue
            cells = [c for c in row.iter(_W + "tc") if next(c.iterancestors(_W + "tr")) is row]
            if len(cells) == 1:  # a frame around running text
                self.story(cells[0])
                continue
            self._found.add(_CELL.join(map(self._cell, cells)).strip(_CELL), "row")

    def _cell(self, cell: etree._Element) -> str:
        inner = Text()
        _Word(inner, self._styles).story(cell)
        self._found.contents += inner.contents
        return " ".join(" ".join(b.text.split()) for b in inner.blocks)

    def _inline(self, parent: etree._Element) -> Iterator[str]:
        for child in parent:
            name = local(child)
            if name in _WORD_LEFT_OUT or (name == "r" and self._is_hidden(child)):
                continue
            if name == "fldChar":
                self._field(child.get(_W + "fldCharType") or "")
            elif name == "t":
                yield "" if any(self._fields) else child.text or ""
            elif name in _WORD_SIGNS:
                yield _WORD_SIGNS[name]
            elif name == "txbxContent":
                self._boxes.append(child)
            elif name == "AlternateContent":
                yield from self._inline(child[0]) if len(child) else ()
            else:
                yield from self._inline(child)

    def _is_hidden(self, run: etree._Element) -> bool:
        own = run.find(f"{_W}rPr/{_W}vanish")
        if own is not None:
            return _is_on(own)
        return self._styles.get(_value(run.find(f"{_W}rPr/{_W}rStyle")), _Style()).hidden

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()


def _kind(own: etree._Element | None, style: _Style) -> Kind:
    """Return the kind of a paragraph: what it says of itself goes before what its style says."""
    if own is None:
        return style.kind
    level = _value(own.find(_W + "outlineLvl"))
    if level:
        if number(level, _BODY_LEVEL) < _BODY_LEVEL:
            return "heading"
        if style.kind == "heading":
            return "body"
    numbering = own.find(f"{_W}numPr/{_W}numId")
    if numbering is None or style.kind == "heading":
        return style.kind
    return "item" if _value(numbering) != "0" else "body"


def _word_notes(root: etree._Element, found: Text, styles: dict[str, _Style]) -> None:
    for note in root:
        if note.get(_W + "type") in (None, "normal"):
            inner = Text()
            _Word(inner, styles).story(note)
            found.endings.append("\n".join(block.text.strip() for block in inner.blocks))
