"""The names that the lexicons know: which thing a form stands for."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kit.lexicon import Entry, load

Known = tuple[str, str]  # (citation form, kind)


def folded(name: str) -> str:
    """Return a name as it is looked up: straight apostrophes, and no blanks, since scanned texts
    have stray ones (*South- East Asia*)."""
    return "".join(name.replace("\u2019", "'").split())


def country_forms(entry: Entry) -> tuple[str, ...]:
    """Return the names of a country, without its demonyms."""
    optional = (entry[field] for field in ("official", "capital") if field in entry)
    return (entry["name"], *optional, *entry.get("aliases", ()))


@lru_cache(maxsize=1)
def english() -> dict[str, Known]:
    """Return what each folded English form stands for; a capital stands for itself."""
    known: dict[str, Known] = {}
    for entry in load("countries"):
        for form in country_forms(entry):
            name = form if form == entry.get("capital") else entry["name"]
            known[folded(form)] = (name, "place")
    for entry in load("names"):
        for form in (entry["name"], *entry.get("aliases", ())):
            known[folded(form)] = (entry["name"], entry["kind"])
    return known


def patterns(code: str) -> Iterator[tuple[Known, str]]:
    """Yield (what it stands for, form) of each name in another language (``zh``, ``ru``)."""
    for lexicon in ("countries", "names"):
        for entry in load(lexicon):
            forms = entry.get(code, ())
            for form in [forms] if isinstance(forms, str) else forms:
                if not set("[]/*") & set(form):
                    yield (entry["name"], entry.get("kind", "place")), form


@lru_cache(maxsize=1)
def demonyms() -> dict[str, str]:
    """Return the country of each adjective and name of a people."""
    return {
        form: entry["name"] for entry in load("countries") for form in entry.get("demonyms", ())
    }


@lru_cache(maxsize=1)
def any_demonym() -> re.Pattern[str]:
    """Return a pattern for all of them, the longest first."""
    forms = sorted(demonyms(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
