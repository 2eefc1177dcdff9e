"""Round anniversaries ahead: the same event named in several texts once, by the year."""

import re
from collections import Counter

import pandas as pd

from kit import keep, tokens
from kit.corpus import Corpus
from kit.finding import Finding, counted
from kit.times.anniversaries import ROUND, Anniversary, anniversary_caveats, event_name, found
from kit.times.anniversary_years import NEAR

LONG_NAME = 60  # characters of a name from which it has more than the event in it


@keep.finding
def calendar(corpus: Corpus, *, ahead: int = 5, every: int = ROUND) -> Finding:
    """List the round anniversaries of the years from the latest text on, of all that the texts name.

    The same event named in several texts is one (by its name without *the founding of*, abbreviations
    spelt out, and by its year). Columns: year, number, of, since, day, mentions (how often it was
    named), texts (that named it). `ahead` is in years; `every` is what a round number can be divided by.
    Events named only by a word such as *our Organization* are taken for the one that the same text, or
    most texts, name with that year, else left out; so are those that one text named more than
    ten years ago, once, in a sentence that tells no year.
    """
    named = tokens.of(corpus).once(found)
    dates = corpus.dates
    rows = []
    unsure = 0
    if dates:
        first = dates[-1].year
        for event in _events(named):
            assert event[0].since is not None
            if len(event) == 1 and not event[0].dated and _long_ago(corpus, event[0], first):
                unsure += 1
                continue
            since = event[0].since
            of = _best_name(event)
            days = Counter(x.day for x in event if x.day)
            spans = tuple(x.span for x in event)
            texts = len({s.document for s in spans})
            for year in range(first, first + ahead + 1):
                number = year - since
                if number > 0 and number % every == 0:
                    day = min(days, key=lambda d: (-days[d], d)) if days else ""
                    rows.append(((year, number, of, since, day, len(spans), texts), spans))
    rows.sort(key=lambda r: (r[0][0], -r[0][6], -r[0][1], r[0][2]))
    table = pd.DataFrame(
        [row for row, _ in rows], columns="year number of since day mentions texts".split()
    )
    caveats = anniversary_caveats(corpus)
    if unsure:
        events = counted(unsure, "event")
        caveats = (
            f"{events} named once, over {NEAR} years ago and in a sentence without a year, left out.",
            *caveats,
        )
    if not dates:
        caveats = ("No text has a date: there is no year to look ahead from.", *caveats)
    return Finding(
        "calendar",
        f"Round anniversaries {dates[-1].year} to {dates[-1].year + ahead}"
        if dates
        else "Round anniversaries ahead",
        table,
        corpus,
        f"Events whose anniversaries the texts name, in the years from that of the latest "
        f"text to {ahead} "
        f"later in which their number can be divided by {every}; counted from the year that "
        f"the texts imply.",
        tuple(spans for _, spans in rows),
        caveats,
        formats={"year": "{:d}", "since": "{:d}"},
        applies=bool(dates),
    )


def _long_ago(corpus: Corpus, x: Anniversary, year: int) -> bool:
    date = corpus[x.span.document].date
    return date is not None and date.year < year - NEAR


def _events(named: dict[str, list[Anniversary]]) -> list[list[Anniversary]]:
    """Return the mentions of each event: those of one name and one year, with the vague ones.

    A name that has all the words of another of that year is of the same event.
    """
    every = [x for items in named.values() for x in items if x.since is not None]
    groups: dict[tuple[str, int], list[Anniversary]] = {}
    vague = []
    for x in every:
        assert x.since is not None
        name = event_name(x.of)
        if name:
            groups.setdefault((name, x.since), []).append(x)
        else:
            vague.append(x)
    for key in sorted(groups, key=lambda k: (-len(k[0].split()), k)):
        words = set(key[0].split())
        within = [
            k
            for k in groups
            if k != key and k[1] == key[1] and len(k[0].split()) > 1 and set(k[0].split()) < words
        ]
        if within:
            chosen = max(within, key=lambda k: (len(groups[k]), k))
            groups[chosen] += groups.pop(key)
    for x in vague:
        same = [k for k in groups if k[1] == x.since]
        near = [k for k in same if any(y.span.document == x.span.document for y in groups[k])]
        one = max(near or same, key=lambda k: (len(groups[k]), k), default=None)
        if one and (near or len(groups[one]) > 1):
            groups[one].append(x)
    return [sorted(items, key=lambda x: x.span) for items in groups.values()]


def _best_name(event: list[Anniversary]) -> str:
    """Return the name of an event as it is mostly written, the fuller at a tie, without a gloss."""
    written = Counter(re.sub(r"\s*\([^)]*\)", "", x.of) for x in event if event_name(x.of))
    return min(written, key=lambda w: (-written[w], len(w) > LONG_NAME, -len(w), w))
