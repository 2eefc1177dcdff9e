"""SVG pictures made fit to stand inside a page: known elements only, ids unique, colours of the page."""

import re
from xml.etree import ElementTree as ET

from kit.errors import RenderError

_NAMESPACE = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = frozenset(
    """
        svg g defs style clipPath path rect circle ellipse line polyline polygon text tspan use
        title desc
    """.split()
)
_ATTRIBUTES = frozenset(
    """
        id class style d x y x1 y1 x2 y2 cx cy r rx ry width height viewBox points transform
        clip-path fill stroke stroke-width opacity version preserveAspectRatio text-anchor type
    """.split()
)
_URL = re.compile(r"url\((?!\s*#)|@import|expression|javascript:", re.IGNORECASE)
# what kit.charts draws with -> the page's own colour, which has a dark twin
_COLOURS = {
    "#22262b": "var(--ink)",
    "#d5d9de": "var(--line)",
    "#ffffff": "var(--shade-0)",
    "#cfdfee": "var(--shade-1)",
    "#8fb4d6": "var(--shade-2)",
    "#4f86ba": "var(--shade-3)",
    "#1f5f99": "var(--accent)",
    "#2d5f8b": "var(--accent)",  # seaborn's bars are a little less saturated
}


def inline(svg: str, key: str) -> str:
    """Return an SVG for an HTML page, its ids prefixed with `key`; raises RenderError where it is none."""
    root = _clean(svg, key)
    root.set("aria-hidden", "true")  # the figure has a description in words
    root.set("focusable", "false")
    text = ET.tostring(root, encoding="unicode")
    for colour, name in _COLOURS.items():
        text = text.replace(colour, name)
    return text


def standalone(svg: str, accent: str = "") -> str:
    """Return an SVG for a file of its own, cleaned the same way, in the page's accent if it has one."""
    text = ET.tostring(_clean(svg, "c"), encoding="unicode")
    for colour, name in _COLOURS.items():
        if accent and name == "var(--accent)":
            text = text.replace(colour, accent)
    return text


def _clean(svg: str, key: str) -> ET.Element:
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        raise RenderError(f"chart {key}: not well-formed SVG ({error})") from error
    if root.tag != f"{{{_NAMESPACE}}}svg":
        raise RenderError(f"chart {key}: not an SVG picture")
    ET.register_namespace("", _NAMESPACE)
    _clean_element(root, key)
    return root


def _clean_element(element: ET.Element, key: str) -> None:
    for child in list(element):
        name = str(child.tag).removeprefix(f"{{{_NAMESPACE}}}")
        if name in _ELEMENTS:
            _clean_element(child, key)
        else:
            element.remove(child)
    if element.tag == f"{{{_NAMESPACE}}}style" and element.text and _URL.search(element.text):
        element.text = ""
    for name, value in list(element.attrib.items()):
        if name == _HREF:
            del element.attrib[name]
            if value.startswith("#"):
                element.set("href", f"#{key}-{value[1:]}")
        elif name not in _ATTRIBUTES or _URL.search(value):
            del element.attrib[name]
        elif name == "id":
            element.set(name, f"{key}-{value}")
        else:
            element.set(name, value.replace("url(#", f"url(#{key}-"))
