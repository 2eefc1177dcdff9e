"""How the first page says things: days, names, lists in words, and the places that they rest on."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from kit.corpus import Corpus, Document, Span
from kit.finding import CHANCE, counted, show
from kit.names import people

Statement = tuple[str, str, tuple[Span, ...]]  # topic, sentence, evidence


def title(document: Document) -> Span:
    """Return the place of the title of a document."""
    return Span(document.id, 0, 0, len(document.title))


def apart(phrases: Sequence[str]) -> list[int]:
    """Return the places of the phrases that are no part of a longer one in the list."""
    return [i for i, p in enumerate(phrases) if not any(p != q and p in q for q in phrases)]


def heads(evidence: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Return the first and the last place of each item."""
    return tuple(span for spans in evidence if spans for span in (spans[0], spans[-1]))


def name(row: dict[str, Any]) -> str:
    """Return a name with its office, or how often it stands."""
    if row["role"] and not people.is_address(row["role"]):
        return f"{row['name']} ({row['role']})"
    return f"{row['name']} ({row['mentions']:,})" if row["mentions"] > 1 else str(row["name"])


def day(date: dt.date | None) -> str:
    """Return a day as people say it."""
    return f"{date.day} {date:%B} {date.year}" if date else "undated"


def days(corpus: Corpus) -> str:
    """Return the days of the period that a report is about, as people say them."""
    if not corpus.until:
        return f"{day(corpus.since)} or later"
    return day(corpus.since) + (f" to {day(corpus.until)}" if corpus.since != corpus.until else "")


def subject(corpus: Corpus, one: str, several: str) -> str:
    """Return who says it, with the verb: ``the latest text lacks``, ``the 5 texts of the period lack``."""
    if not corpus.since:
        return f"the latest text {one}"
    texts = len(corpus.period)
    return (
        f"the text of the period {one}"
        if texts == 1
        else f"the {texts:,} texts of the period {several}"
    )


def lag(date: dt.date | None, event: dt.date) -> str:
    """Return how long before the date of a text its event was."""
    days = (date - event).days if date else 0
    return f", {counted(days, 'day')} before its own date" if days else ", the day of its own date"


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``11th``."""
    suffix = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"


def large(name: str) -> str:
    """Return a text with its first letter large."""
    return name[:1].upper() + name[1:]


def small(name: str) -> str:
    """Return a text with its first letter small."""
    return name[:1].lower() + name[1:]


def joined(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def chance(p: float | None) -> str:
    """Return the chance of an absence, as an addition to a sentence."""
    return "" if p is None else f"; chance of its absence {show(p, CHANCE)}"
