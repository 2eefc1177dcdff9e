"""Published reports -> an Atom feed (RFC 4287) that stays readable whatever the texts hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from kit import visible
from kit.published import Entry, href, leading

NAMESPACE = "http://www.w3.org/2005/Atom"
FEW = 6  # statements of a summary
NEVER = "1970-01-01T00:00:00Z"  # when a feed without a report was last changed
_TYPES = {"report.html": "text/html", "report.pdf": "application/pdf"}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def render(
    key: str,
    title: str,
    reports: Iterable[Entry],
    *,
    file: str,
    changed: str = NEVER,
    address: str = "",
    most: int = 50,
    before: Mapping[str, Entry] | None = None,
) -> bytes:
    """Return a feed of the `most` reports that changed last, the newest first.

    `file` is the feed's own place in the published folder, `address` that of the folder on the web.
    Without an address the links are relative: a reader resolves them against where it got the feed.
    `before` has, by id, the report that each one follows: the summary tells what is new since then.
    The same reports give the same bytes.
    """
    from lxml import etree  # noqa: PLC0415 (only where a feed is written)

    last = {entry.id: entry for entry in sorted(reports, key=lambda e: e.updated)}  # one an id
    entries = sorted(last.values(), key=lambda e: (e.updated, e.date, e.id), reverse=True)[:most]
    feed = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})
    feed.set(_LANGUAGE, "en")
    depth = file.count("/")
    links = address or "../" * depth
    _add(feed, "generator", "Readout")  # at its head: the site knows its own files by it
    _add(feed, "id", key)
    _add(feed, "title", _line(title) or "Reports")
    _add(feed, "updated", max([changed, *(entry.updated for entry in entries)]))
    _add(_add(feed, "author"), "name", _line(title) or "Reports")
    _add(feed, "link", rel="self", type="application/atom+xml", href=links + href(file))
    index = href(file.removesuffix("feed.xml") + "index.html")
    _add(feed, "link", rel="alternate", type="text/html", href=links + index)
    for entry in entries:
        _entry(feed, entry, links, (before or {}).get(entry.id))
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    from lxml import etree  # noqa: PLC0415

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    element.text = text
    return element


def _line(text: str) -> str:
    return visible.isolated(visible.line(text))


def _entry(feed: Any, entry: Entry, links: str, before: Entry | None) -> None:
    made = _add(feed, "entry")
    _add(made, "id", entry.id)
    title = visible.line(entry.title) or "Report"
    _add(made, "title", f"{visible.isolated(title)} · {visible.isolated(entry.label)}")
    _add(made, "published", entry.published)
    _add(made, "updated", entry.updated)
    first = entry.page.removeprefix(f"{entry.folder}/")
    for name in filter(entry.files.__contains__, _TYPES):
        rel = "alternate" if name == first else "enclosure"
        _add(
            made, "link", rel=rel, type=_TYPES[name], length=str(entry.files[name].bytes),
            href=links + href(f"{entry.folder}/{name}"),
        )  # fmt: skip
    new = news(entry, before)
    told = [f"{topic}: {text}" for topic, text in leading(new, FEW)]
    if entry.corrected:
        told.insert(0, f"Corrected on {entry.updated[:10]}.")
    if before is not None and entry.summary and not new:
        told.append(f"Nothing on the first page differs from the report of {before.date}.")
    _add(made, "summary", _line(" ".join(told) or title), type="text")
    if entry.summary:
        _add(made, "content", str(_page(entry)), type="html")


def news(entry: Entry, before: Entry | None) -> Sequence[tuple[str, str]]:
    """Return the statements of a report's first page that the one before it does not have."""
    known = set(before.summary) if before else set()
    return [statement for statement in entry.summary if statement not in known]


def _page(entry: Entry) -> Markup:
    """Return the first page as HTML, every text in it escaped and in a direction of its own."""
    rows = (
        Markup("<dt><bdi>{}</bdi></dt><dd><bdi>{}</bdi></dd>").format(*map(visible.line, statement))
        for statement in entry.summary
    )
    return Markup("<dl>{}</dl>").format(Markup("").join(rows))
