"""The year in which an anniversary falls, told from its sentence, the paragraphs before, or the text."""

import datetime as dt
import re

from kit.corpus import Document
from kit.parse.dates import year_alone
from kit.times.stretch import Time

NEAR = 10  # years between a text and an anniversary that it dates itself
LOOKS_BACK_UNTIL = 3  # month: until then "the 75th anniversary" after *In 2024* may be of 2024
PARAGRAPHS = 3  # before an anniversary in which a year alone dates it
_DATED = ("in full", "the last such one", "the next such one")
_LINK = re.compile(r",? (?:in|on|of)(?: the year)? ?$|^在?$")
_COMING = re.compile(
    r"\b(?:approach\w*|nearing|closer to|forthcoming|upcoming|prepar\w+ for|lead up to)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?]\s|[。！？]")
# A paragraph that begins so looks back on the year before in all its sentences.
_LOOKS_BACK = re.compile(
    r"\s*(?:过去(?:的)?一年|一年来|(?:over|in|during) the (?:past|last) year\b|"
    r"за (?:прошедший|минувший) год\b)",
    re.IGNORECASE,
)


def year_of(
    document: Document, clock: list[Time], number: int, start: int, end: int, count: int
) -> tuple[int | None, str, bool]:
    """Return the year of an anniversary, its day (month-day) if told, whether its sentence dates it."""
    text = document.text(number)
    opens = max((m.end() for m in _STOP.finditer(text, 0, start)), default=0)
    stop = _STOP.search(text, end)
    closes = stop.start() if stop else len(text)
    own = document.date.year if document.date else year_alone(document.title)
    here = [x for x in clock if x.span.paragraph == number]
    sentence = [x for x in here if opens <= x.span.start < closes]
    day = ""
    for x in sentence:
        near = -30 <= x.span.end - start <= 0 or 0 <= x.span.start - end <= 40
        one = x.stretch.unit == "day" and x.stretch.first == x.stretch.last
        if near and one and x.how in _DATED:
            date = dt.date.fromordinal(x.stretch.first)
            if own is None or date.year in (own, own - count) or x.how != "in full":
                day = f"{date:%m-%d}"
    before = [x for x in sentence if x.span.end <= start and _tells_year(x)]
    after = [x for x in sentence if x.span.start >= end and _tells_year(x)]
    inside = [
        x for x in sentence if start < x.span.start < end and _tells_year(x) and x.how != "in full"
    ]
    if after and _LINK.match(text[end : after[0].span.start]) and after[0].stretch.unit == "year":
        return after[0].stretch.year, day, True
    for x in (*reversed(before), *after, *inside):
        year = x.stretch.year
        if own is not None and own - year == count:
            return own, day, True  # "founded in 1921, the Party marks its centenary"
        if x.stretch.unit == "day" and x.how == "in full" and x not in before:
            continue
        if own is None or abs(own - year) <= NEAR:
            return year, day, True
    # in the first months of a year the one before is looked back on
    early = document.date is None or document.date.month <= LOOKS_BACK_UNTIL
    lowest = (own or 0) - early
    earlier = [
        x
        for x in clock
        if (
            number - PARAGRAPHS <= x.span.paragraph < number
            or (x.span.paragraph == number and x.span.end <= opens)
        )
        and x.stretch.unit == "year"
        and x.stretch.first == x.stretch.last
        and not x.bound
        and (own is None or lowest <= x.stretch.first <= own + 1)
    ]
    if own is not None and _COMING.search(text, max(opens, start - 80), start):
        return own + 1, day, False
    if own is not None and early and _LOOKS_BACK.match(text):
        own -= 1
    elif earlier:
        own = earlier[-1].stretch.first
    return own, day, False


def _tells_year(time: Time) -> bool:
    first, last = time.stretch.days
    return last - first <= 366 and time.how != "today" and time.bound in ("", "by", "about")
