"""What a page says of itself in its head: title, dates, language, author, publisher, address."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.parse.html.page import Element

# The names that sites give to the day of publication, the best known first.
_DATES = (
    "article:published_time datepublished date pubdate publishdate publish_date published "
    "publication_date dc.date.issued dcterms.issued dc.date dcterms.date dc.date.created "
    "dcterms.created citation_publication_date citation_date article.published og:published_time "
    "og:article:published_time sailthru.date release_date firstpublishedtime parsely-pub-date "
    "originalpublicationdate"
).split()
_AUTHORS = (
    "author dc.creator dcterms.creator citation_author parsely-author byl article:author".split()
)
_PUBLISHERS = (
    "og:site_name publisher dc.publisher dcterms.publisher application-name sitename".split()
)
_TITLES = (
    "og:title headline dc.title dcterms.title citation_title articletitle twitter:title".split()
)
_BETWEEN = re.compile(r"\s+[|–—·•:»-]\s+|_+|\s*\|\s*|(?<=[\u3400-\u9fff])-(?=[\u3400-\u9fff])")
_LONGEST = 1000  # characters of one statement of the metadata
_NODES = 10_000  # of one JSON-LD script that are looked at


@dataclass(frozen=True, slots=True)
class Metadata:
    """The statements of a page; `titles` are the ways in which its title may be printed on it."""

    titles: tuple[str, ...]
    title: str
    dates: tuple[str, ...]
    language: str
    author: str
    publisher: str
    url: str


def metadata(root: Element) -> Metadata:
    """Return what a page says of itself. Has to come before ``body.pieces``, which takes it out."""
    named = _named(root)
    linked = list(_json_ld(root))

    def first(names: list[str]) -> str:
        return next((named[name][0] for name in names if name in named), "")

    def of_json(key: str) -> list[str]:
        return [text for node in linked for text in _texts(node.get(key))]

    publisher = first(_PUBLISHERS) or next(iter(of_json("publisher")), "")
    authors = [
        name for name in _AUTHORS for name in named.get(name, ()) if not name.startswith("http")
    ]
    whole = _tidy(root.findtext(".//title"))
    titles = [*(t for name in _TITLES for t in named.get(name, ())[:1]), *of_json("headline")[:1]]
    return Metadata(
        titles=tuple(dict.fromkeys(_prints([*titles, whole], publisher))),
        title=_without_site(next(iter([*titles, whole]), ""), publisher),
        dates=tuple(
            dict.fromkeys(
                [*of_json("datePublished"), *(d for n in _DATES for d in named.get(n, ()))]
            )
        ),
        language=_language(root, named),
        author=", ".join(dict.fromkeys(authors or of_json("author"))),
        publisher=publisher,
        url=_address(root, named),
    )


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())[:_LONGEST]


def _named(root: Element) -> dict[str, list[str]]:
    """Return the contents of ``meta`` and ``itemprop`` by name in small letters."""
    named: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        get = element.get
        content = _tidy(get("content"))
        for key in (get("property"), get("name"), get("itemprop"), get("http-equiv")):
            if key and content:
                named.setdefault(key.lower(), []).append(content)
    for element in root.iterfind(".//*[@itemprop='datePublished']"):
        content = _tidy(element.get("datetime") or element.get("content") or element.text)
        if content and element.tag != "meta":
            named.setdefault("datepublished", []).append(content)
    for element in root.iterfind(".//time[@pubdate]"):
        if content := _tidy(element.get("datetime")):
            named.setdefault("pubdate", []).append(content)
    return named


def _json_ld(root: Element) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD that have a headline or a date, outer ones first."""
    for element in root.iter("script"):
        if "ld+json" not in (element.get("type") or ""):
            continue
        try:
            waiting = [json.loads(element.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting = [*node[:_NODES], *waiting]
            elif isinstance(node, dict):
                if "datePublished" in node or "headline" in node:
                    yield node
                elif isinstance(node.get("@graph"), list):
                    waiting.append(node["@graph"])


def _texts(value: object) -> list[str]:
    """Return the text or texts of a JSON-LD value: a string, an object with a name, a list of them."""
    values = value if isinstance(value, list) else [value]
    texts = (v.get("name") if isinstance(v, dict) else v for v in values)
    return [text for v in texts if isinstance(v, str) and (text := _tidy(v))]


def _language(root: Element, named: dict[str, list[str]]) -> str:
    html = root if root.tag == "html" else next(root.iter("html"), root)
    of_html = html.get("lang") or html.get("xml:lang") or ""
    other = (
        named.get(n, [""])[0] for n in ("content-language", "og:locale", "dc.language", "language")
    )
    return _tidy(of_html) or next(filter(None, other), "").split(",")[0]


def _address(root: Element, named: dict[str, list[str]]) -> str:
    links = (
        e.get("href") for e in root.iter("link") if "canonical" in (e.get("rel") or "").lower()
    )
    for url in (*links, *named.get("og:url", ()), *named.get("dc.identifier", ())):
        if url and url.strip().startswith(("http://", "https://")):
            return str(url.strip())[:_LONGEST]
    return ""


def _without_site(title: str, publisher: str) -> str:
    """Return a title less the site's name, where the page tells that name."""
    parts = [part for part in _BETWEEN.split(title) if part.strip()]
    kept = [part for part in parts if part.strip().casefold() != publisher.casefold()]
    if not publisher or len(kept) == len(parts) or not kept:
        return title
    # cut from the title itself, so that what stood between its other parts stays
    start = title.find(kept[0])
    return title[start : title.rfind(kept[-1]) + len(kept[-1])].strip()


def _prints(titles: list[str], publisher: str) -> Iterator[str]:
    for title in filter(None, titles):
        yield title
        yield _without_site(title, publisher)
    for title in filter(None, titles):
        parts = [part.strip() for part in _BETWEEN.split(title)]
        # site's name first or last: the rest, then each part
        yield from (
            title[len(parts[0]) :].lstrip(" |–—·•:»_-"),
            title[: -len(parts[-1])].rstrip(" |–—·•:»_-"),
        )
        yield from (part for part in parts if part.casefold() != publisher.casefold())
