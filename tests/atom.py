"""What RFC 4287 asks of a feed, checked strictly: the section stands beside each rule."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
)  # RFC 3339, with its zone
MEDIA = re.compile(r"[a-z]+/[a-z0-9.+-]+")
ONCE = {"id", "title", "updated"}
AT_MOST_ONCE = {
    "published",
    "summary",
    "content",
    "rights",
    "subtitle",
    "generator",
    "logo",
    "icon",
}
FEED = {"id", "title", "updated", "author", "generator", "link", "entry", "subtitle"}
ENTRY = {"id", "title", "updated", "published", "author", "link", "summary", "content"}
TAGS = {"html", "body", "dl", "dt", "dd", "bdi"}  # of content as HTML: nothing that runs or loads


def problems(feed: bytes, *, absolute: bool = True) -> list[str]:
    """Return what is wrong with a feed; `absolute` says whether its links must be absolute."""
    assert feed.startswith(b"<?xml")
    root = etree.fromstring(feed)
    return [*_feed(root, absolute)]


def _feed(root: Any, absolute: bool) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":  # 4.1.1
        yield f"the root is {root.tag}"
    yield from _children(root, FEED)
    entries = root.findall(f"{ATOM}entry")
    if not root.findall(f"{ATOM}author/{ATOM}name"):  # 4.1.1, 3.2.1
        yield "the feed has no author"
    if len(root.findall(f"{ATOM}link[@rel='self']")) != 1:  # 4.1.1: should
        yield "the feed does not say where it is"
    yield from _links(root, absolute)
    for entry in entries:
        yield from _children(entry, ENTRY)
        yield from _links(entry, absolute)
        alternates = entry.findall(f"{ATOM}link[@rel='alternate']")
        if not alternates:  # 4.1.2: where there is no content; ours always has one
            yield "an entry leads nowhere"
        if len({(a.get("type"), a.get("hreflang")) for a in alternates}) != len(alternates):
            yield "two alternates of one type"
        yield from _content(entry.find(f"{ATOM}content"))
    ids = Counter(e.findtext(f"{ATOM}id") for e in (root, *entries))
    yield from (f"{key} is the id of {n}" for key, n in ids.items() if n > 1)  # 4.1.1, 4.2.6
    latest = max((e.findtext(f"{ATOM}updated") for e in entries), default="")
    if root.findtext(f"{ATOM}updated") < latest:
        yield "the feed is older than an entry of it"


def _children(element: Any, known: set[str]) -> Iterator[str]:
    names = Counter(child.tag.removeprefix(ATOM) for child in element)
    yield from (f"<{name}> has no place in <{element.tag}>" for name in names if name not in known)
    yield from (f"{names[name]} <{name}>" for name in sorted(ONCE) if names[name] != 1)
    yield from (f"{names[name]} <{name}>" for name in sorted(AT_MOST_ONCE) if names[name] > 1)
    for child in element:
        name, text = child.tag.removeprefix(ATOM), child.text or ""
        if name in ("updated", "published"):  # 3.3
            if not TIME.fullmatch(text):
                yield f"{text!r} is no time of RFC 3339"
            else:
                datetime.fromisoformat(text)
        elif name == "id" and not urlsplit(text).scheme:  # 4.2.6
            yield f"{text!r} is no IRI"
        elif name in ("title", "summary", "subtitle"):  # 3.1
            if child.get("type", "text") != "text" or len(child):
                yield f"<{name}> is no plain text"
            if not text.strip() or text != " ".join(text.split()):
                yield f"<{name}> is empty, or has blanks about it"


def _links(element: Any, absolute: bool) -> Iterator[str]:
    for link in element.findall(f"{ATOM}link"):  # 4.2.7
        href = link.get("href")
        parts = urlsplit(href)
        if not href or re.search(r"[\s<>\"\\^`{|}]", href):
            yield f"{href!r} is no reference"
        if absolute and not (parts.scheme in ("http", "https") and parts.netloc):
            yield f"{href!r} is not absolute"
        if not absolute and (parts.scheme or parts.netloc or href.startswith("/")):
            yield f"{href!r} is not relative"
        if link.get("rel") not in ("self", "alternate", "enclosure"):
            yield f"a link of relation {link.get('rel')}"
        if not MEDIA.fullmatch(link.get("type", "")):
            yield f"{link.get('type')!r} is no media type"


def _content(content: Any) -> Iterator[str]:
    if content is None:
        return
    if content.get("type") != "html" or len(content) or content.get("src"):  # 4.1.3.3
        yield "content is no escaped HTML"
    page = BeautifulSoup(content.text, "lxml")
    for tag in page.find_all(True):
        if tag.name not in TAGS or tag.attrs:
            yield f"content has {tag}"
