"""Manifests -> a static site over the published reports: pages, a search without a server, feeds.

The same manifests give the same bytes. The pages work from a folder, a web server or a mounted store:
they link to nothing outside, and ask no host for anything.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files as resources
from typing import Any

from kit import feed, visible
from kit.published import Entry, Manifest, href, identity, leading

STATEMENTS, FEWER = 6, 2  # of the newest report on the first page, and where a recipe has parts
EARLIER = 5  # earlier reports that the first page links to
OURS = (
    b"Readout"  # what each file of the site has at its beginning: other files are not overwritten
)
SEEN = 1000  # bytes in which that stands
FEED, INDEX, SEARCH = "feed.xml", "index.html", "search.html"


def paths(recipes: Iterable[Manifest]) -> list[str]:
    """Return the paths of the files of the site."""
    own = [f"{m.folder}/{name}" for m in recipes for name in (INDEX, FEED)]
    return ["site.css", "search.js", "search-index.js", INDEX, SEARCH, FEED, *own]


def pages(manifests: Iterable[Manifest]) -> dict[str, bytes]:
    """Return the files of the site by their path in the published folder.

    Title and address of the site are those of the first recipe, by name, that gives one; its feed has as
    many entries as the recipe that asks for the most.
    """
    recipes = sorted(manifests, key=lambda m: m.recipe)
    title = next((m.title for m in recipes if m.title), "Reports")
    address = next((m.address for m in recipes if m.address), "")
    before = {key: entry for m in recipes for key, entry in _before(m.reports).items()}
    made = {
        "site.css": _kept("site.css"),
        "search.js": _kept("search.js"),
        "search-index.js": _index(recipes),
        INDEX: _page("index.html.j2", "", title, recipes=_shown(recipes)),
        SEARCH: _page("search.html.j2", "", title),
        FEED: feed.render(
            identity(),
            title,
            [entry for m in recipes for entry in m.reports],
            file=FEED,
            changed=max((m.changed for m in recipes), default=feed.NEVER),
            address=address,
            most=max((m.entries for m in recipes), default=50),
            before=before,
        ),
    }
    for m in recipes:
        made[f"{m.folder}/{INDEX}"] = _page(
            "recipe.html.j2", "../", title, recipe=m, heading=heading(m), years=_years(m), before=before
        )  # fmt: skip
        made[f"{m.folder}/{FEED}"] = feed.render(
            identity(m.recipe),
            heading(m),
            m.reports,
            file=f"{m.folder}/{FEED}",
            changed=m.changed,
            address=address,
            most=m.entries,
            before=before,
        )
    return made


def heading(manifest: Manifest) -> str:
    """Return what the reports of a recipe are called."""
    return visible.line(manifest.heading) or manifest.recipe


def _before(reports: Sequence[Entry]) -> dict[str, Entry]:
    """Return, by id, the report of the same part that each one follows. `reports` has the newest first."""
    found: dict[str, Entry] = {}
    last: dict[str, Entry] = {}
    for entry in reversed(reports):
        if entry.part in last:
            found[entry.id] = last[entry.part]
        last[entry.part] = entry
    return found


def _shown(recipes: Sequence[Manifest]) -> list[dict[str, Any]]:
    """Return each recipe with the newest report of each part and a few earlier ones, the newest first."""
    shown = []
    for m in recipes:
        newest: dict[str, Entry] = {}
        for entry in m.reports:
            newest.setdefault(entry.part, entry)
        if newest:
            earlier = [entry for entry in m.reports if entry is not newest[entry.part]]
            shown.append(
                {
                    "manifest": m,
                    "heading": heading(m),
                    "newest": list(newest.values()),
                    "statements": STATEMENTS if len(newest) == 1 else FEWER,
                    "earlier": earlier[:EARLIER],
                }
            )
    return sorted(shown, key=lambda s: s["newest"][0].date, reverse=True)


def _years(manifest: Manifest) -> list[tuple[str, list[Entry]]]:
    years: dict[str, list[Entry]] = {}
    for entry in manifest.reports:
        years.setdefault(entry.date[:4], []).append(entry)
    return list(years.items())


def _index(recipes: Sequence[Manifest]) -> bytes:
    """Return what is searched, as a script that a page may load from a folder.

    For each report: title, page, recipe, label, statements and findings. It is ASCII; no text in it
    can end the script.
    """
    rows = [
        [e.title, href(e.page), heading(m), e.label, [*map(list, e.summary)], [*map(list, e.findings)]]
        for e, m in sorted(
            ((e, m) for m in recipes for e in m.reports),
            key=lambda pair: (pair[0].date, pair[0].id),
            reverse=True,
        )
    ]  # fmt: skip
    text = json.dumps(rows, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"/* Readout: what search.js looks through */\nvar readoutIndex = {text};\n".encode()


def _kept(name: str) -> bytes:
    return resources("kit.site").joinpath(f"templates/{name}").read_bytes()


def _page(template: str, root: str, site: str, **shown: Any) -> bytes:
    page: str = _environment().get_template(template).render(root=root, site=site, **shown)
    return page.encode()


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("kit.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "marked": visible.marked, "href": href, "day": _day, "time": _time, "size": _size
    }  # fmt: skip
    environment.globals["news"] = feed.news
    environment.globals["leading"] = leading
    return environment


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _day(date: str) -> str:
    day = dt.date.fromisoformat(date[:10])
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _time(instant: str) -> str:
    return f"{_day(instant)}, {instant[11:16]} UTC"


def _size(files: Mapping[str, Any], name: str) -> str:
    kilobytes = max(1, round(files[name].bytes / 1000))
    return f"{kilobytes:,} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"
