"""Where times stand in a corpus: words that may be of one are found by number, then read by "
"a grammar."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from kit import tokens
from kit.corpus import Corpus, Document, Span
from kit.parse.dates import MONTHS
from kit.times import chinese, english, english_relative, russian
from kit.times import stretch as st
from kit.times.stretch import Found, Time
from kit.tokens import Longs, Tokens

EVENT_WITHIN = 31  # days before the date of a text in which what it reports on may lie
EVENT_PARAGRAPHS = 3  # a report says in its first paragraphs when the event was
_NEAR = 6  # words between a word such as *last* and its unit
_LONGEST = 24  # characters: what is longer tells no time
_TELLS_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d")
_MONTHS = frozenset(MONTHS)
_POINTS = frozenset(
    """
        this last past next coming current present new our ensuing these ago hence now today time
        end beginning start outset close middle turn early earlier late later mid
    """.split()
)
_NUMBERED = frozenset("first second third fourth last final latter quarter half".split())
_UNITS = frozenset(
    """
        day days week weeks month months quarter quarters year years decade decades century centuries
        spring summer autumn fall winter half-century twenties thirties forties fifties sixties seventies
        eighties nineties
    """.split()
)
_ALONE = frozenset(
    ("century", "centuries", *(f"{x}ties" for x in "thir for fif six seven eigh nine".split()))
)
_DAYS = frozenset(("today", "yesterday", "tomorrow", "tonight"))
_WEEKDAY = re.compile("(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
Window = tuple[int, int, int]  # passage, start, end


class Rules(Protocol):
    """What the grammar of a language has beside its patterns."""

    def joins(self, text: str, first: int, end: int, second: int) -> int | None:
        """Return where a stretch from one time to another begins, None where they are two."""

    def bound(self, text: str, start: int) -> str:
        """Return what stands before a time and bounds it."""


Grammar = Callable[[str, int, int, dt.date | None], Iterator[Found]]


def times(corpus: Corpus) -> dict[str, list[Time]]:
    """Return the times of each document in reading order; of overlapping ones the longest."""
    return tokens.of(corpus).once(_times)


def _times(t: Tokens) -> dict[str, list[Time]]:
    found: dict[int, list[Found]] = {}
    dates = [d.date for d in t.corpus for _ in range(len(d.paragraphs) + 1)]
    windows = _windows(t)
    for grammar in (english.months, english.years, english_relative.relative, english.days):
        for passage, start, end in windows[grammar]:
            here = found.setdefault(passage, [])
            here += grammar(t.texts[passage], start, end, dates[passage])
    found.update(_foreign(t, dates))
    result: dict[str, list[Time]] = {d.id: [] for d in t.corpus}
    languages = {d.id: d.language for d in t.corpus}
    for passage in sorted(found):
        name, number = t.passages[passage]
        rules = _RULES[languages[name]]
        text, today = t.texts[passage], dates[passage]
        for time in _chosen(found[passage], text, rules, today):
            result[name].append(_placed(time, name, number, text, rules, today))
    _weekdays(t, result)
    return result


_RULES: dict[str, Rules] = {"en": english, "zh": chinese, "ru": russian}
_OTHERS = {"zh": (chinese.MAY, chinese.times), "ru": (russian.MAY, russian.times)}


def _foreign(t: Tokens, dates: list[dt.date | None]) -> Iterator[tuple[int, list[Found]]]:
    """Yield the passages of Chinese and Russian texts with the times that they have."""
    at = 0
    for document in t.corpus:
        size = len(document.paragraphs) + 1
        if document.language in _OTHERS:
            may, read = _OTHERS[document.language]
            for passage in range(at, at + size):
                if may.search(t.texts[passage]):
                    yield passage, list(read(t.texts[passage], dates[passage]))
        at += size


def _chosen(found: list[Found], text: str, rules: Rules, today: dt.date | None) -> list[Found]:
    """Return times in reading order, of those that overlap the longest, and ends of one as one."""
    order = sorted(found, key=lambda x: (x.start - x.end, x.start))
    taken: list[Found] = []
    for time in order:
        if not any(time.start < other.end and other.start < time.end for other in taken):
            taken.append(time)
    taken.sort(key=lambda x: x.start)
    return st.joined(taken, lambda a, b, c: rules.joins(text, a, b, c), today)


def _placed(
    time: Found, name: str, number: int, text: str, rules: Rules, today: dt.date | None
) -> Time:
    bound = time.bound or rules.bound(text, time.start)
    when = time.when or st.whether(time.stretch, today)
    return Time(Span(name, number, time.start, time.end), time.stretch, time.how, when, bound)


def _windows(t: Tokens) -> dict[Grammar, list[Window]]:
    """Return for each rule of English the (passage, start, end) in which it may find something."""
    english_only = np.array([code == "en" for code in t.languages], dtype=np.bool_)
    pairs = zip(t.vocabulary, english_only.tolist(), strict=True)
    forms = [form.lower() if en else "" for form, en in pairs]

    def where(told: Callable[[str], bool]) -> Longs:
        return np.flatnonzero(np.array([told(f) for f in forms], dtype=np.bool_)[t.ids])

    unit = where(lambda f: _unit(f) in _UNITS)
    points = _beside(t, where(_POINTS.__contains__), unit)
    numbered = _beside(t, where(_NUMBERED.__contains__), where(lambda f: f in ("quarter", "half")))
    alone = where(lambda f: f in _ALONE or f.endswith("-century"))
    return {
        english.months: _around(t, where(_tells_month), 6, 5),
        english.years: _around(t, where(_tells_year), 6, 1),
        english_relative.relative: _around(
            t, np.unique(np.concatenate((points, numbered, alone))), 7, 7
        ),
        english.days: _around(t, where(_DAYS.__contains__), 0, 0),
    }


def _beside(t: Tokens, at: Longs, others: Longs) -> Longs:
    """Return those of some words that have one of the others near them."""
    among = np.zeros(len(t) + 1, dtype=np.int64)
    among[others + 1] = 1
    counts = np.cumsum(among)
    low, high = np.maximum(at - _NEAR, 0), np.minimum(at + _NEAR + 1, len(t))
    near: Longs = at[counts[high] > counts[low]]
    return near


def _unit(form: str) -> str:
    if len(form) > _LONGEST:
        return ""
    plain = form.removesuffix("'s").removesuffix("\u2019s").rstrip("'\u2019")
    return plain.rpartition("-")[2] if "-" in plain else plain


def _tells_month(form: str) -> bool:
    return form in _MONTHS or ("-" in form and form.rpartition("-")[2] in _MONTHS)


def _tells_year(form: str) -> bool:
    return len(form) <= _LONGEST and bool(_TELLS_YEAR.search(form))


def _around(t: Tokens, at: Longs, before: int, after: int) -> list[Window]:
    """Return the characters around words, merged where they touch, each in its passage."""
    if not len(at):
        return []
    passage = t.passage[at]
    begins = t.passage_bounds[passage]
    first = np.maximum(at - before, begins)
    last = np.minimum(at + after, t.passage_bounds[passage + 1] - 1)
    start = np.where(first == begins, 0, t.start[first])
    end = t.end[last]
    opens = np.append(True, (passage[1:] != passage[:-1]) | (start[1:] > end[:-1]))
    groups = np.flatnonzero(opens)
    ends = np.maximum.reduceat(end, groups)
    return list(zip(passage[groups].tolist(), start[groups].tolist(), ends.tolist(), strict=True))


def _weekdays(t: Tokens, result: dict[str, list[Time]]) -> None:
    """Add weekdays; *on Tuesday* only in a text that itself names a day close before its date.

    Without that nothing shows that it reports on the days around its date.
    """
    named = [form for form in t.vocabulary if _WEEKDAY.match(form)]
    layer = t.layer("form")
    numbers = [n for n in map(layer.number, named) if n is not None]
    places = [layer.positions(n) for n in numbers]
    for at in np.unique(np.concatenate(places)).tolist() if places else ():
        passage = int(t.passage[at])
        name, number = t.passages[passage]
        document, text = t.corpus[name], t.texts[passage]
        if document.language != "en":
            continue
        start = max(int(t.start[at]) - len("this "), 0)
        reported = event(document, result[name]) is not None
        for found in english.weekdays(
            text, start, int(t.end[at]), document.date, reported=reported
        ):
            time = _placed(found, name, number, text, english, document.date)
            others = (x.span for x in result[name] if x.span.paragraph == number)
            if not any(o.start < time.span.end and time.span.start < o.end for o in others):
                result[name] = sorted((*result[name], time), key=lambda x: x.span)


def event(document: Document, found: list[Time]) -> Time | None:
    """Return the first full date in the first paragraphs at most a month before that of the text."""
    for time in found:
        if document.date is None or time.span.paragraph > EVENT_PARAGRAPHS:
            return None
        stretch = time.stretch
        if stretch.unit != "day" or stretch.first != stretch.last or time.how == "today":
            continue
        before = document.date.toordinal() - stretch.first
        if before == 0 and document.date_origin == "dateline":
            continue  # it is the date of the text
        if 0 <= before <= EVENT_WITHIN:
            return time
    return None
