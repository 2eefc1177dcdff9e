"""The grammar of times in English that hang on the date of the text: *last year*, *ten years ago*."""

import datetime as dt
import re
from collections.abc import Iterator

from kit.times import english_forms as forms
from kit.times import stretch as st
from kit.times.numerals import cardinal, ordinal
from kit.times.stretch import Found, Part, Stretch

NEW_YEAR_FROM = 11  # month from which *the new year* is the next one
COMING_YEAR_FROM = 10  # month from which *the coming year* is the next calendar year
PAST_YEAR_UNTIL = 3  # month up to which *the past year* is the calendar year before
NEW_CENTURY_FROM = 80  # year of a century from which *the new century* is the next one
ON_TEXT = "from the date of the text"
LAST_SUCH = "the last such one"
NEXT_SUCH = "the next such one"


def relative(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield the times that are told by units, weeks to centuries, in a part of a text."""
    near = text[start:end].lower()  # what no rule can match without is looked for first
    if "centur" in near:
        yield from _centuries(text, start, end)
    if today is None:
        return
    if "ties" in near:
        yield from _decades(text, start, end, today)
    if "ago" in near or "from" in near or "hence" in near or "time" in near:
        yield from _agos(text, start, end, today)
    if "quarter" in near:
        yield from _quarters(text, start, end, today)
    if any(which in near for which in ("past", "last", "next", "coming", "these")):
        yield from _counts(text, start, end, today)
    yield from _relatives(text, start, end, today)


def _centuries(text: str, start: int, end: int) -> Iterator[Found]:
    for match in forms.CENTURY.finditer(text, start, end):
        number = ordinal(match["number"])
        whole = st.century(number) if number else None
        # "a third century" is none, nor "the second century of our independence"
        if whole and number and number > 3:
            yield cut(match, whole, "in full")


def _decades(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for match in forms.SIXTIES.finditer(text, start, end):
        tens = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet").index(
            match["tens"].lower()
        )
        year = today.year - today.year % 100 + 10 * (tens + 2)
        whole = st.decade(year if year < today.year else year - 100)
        if whole:
            yield cut(match, whole, "the last such decade")


def cut(match: re.Match[str], whole: Stretch, how: str, **more: object) -> Found:
    """Return what a match says, cut to the part of the stretch that it names, without its article."""
    named = match.groupdict().get("part")
    which = part_of(named) if named else None
    start = match.start()
    if match[0].lower().startswith("the "):
        start += 4
    cut = st.part(whole, which) if which else whole
    return Found(start, match.end(), cut, how, **more)  # type: ignore[arg-type]


def part_of(written: str) -> Part | None:
    """Return the part of a stretch that words such as *the end of* name."""
    words = written.lower().strip(" -").removeprefix("the ").removeprefix("very ")
    if words in forms.PARTS:
        return forms.PARTS[words]
    which, _, unit = words.partition(" ")
    if unit.rstrip("s") in ("day", "week", "month"):
        return "beginning" if which == "first" else "end" if which in ("last", "final") else None
    return None


def _relatives(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for match in forms.RELATIVE.finditer(text, start, end):
        which = (
            match["which"].lower().removeprefix("the ").removeprefix("our ").removeprefix("its ")
        )
        unit = match["unit"].lower().replace("-", " ")
        if match["unit"][0].isupper() and match["which"].lower().endswith("new"):
            continue  # the New Year is a day
        part = match["part"]
        with_article = match["which"].lower().startswith("the ")
        of_the = part and unit in ("year", "month", "century", "decade")  # "the end of the year"
        if (which == "our" and unit != "century") or (which in ("the", "year's") and not of_the):
            continue
        if part and part.lower() in ("earlier", "later") and which != "this":
            continue
        if (
            unit == "century"
            and which == "last"
            and not part
            and forms.OVER.search(text, 0, match.start())
        ):
            which = "past"  # "over the last century": the hundred years before the text
        way = _way(which, unit, with_article, today)
        if way is None:
            continue
        whole = _resolved(way, unit, today)
        if whole is None:
            continue
        when: st.When = (
            "past" if way in ("last", "past") else "ahead" if way in ("next", "coming") else ""
        )
        how = "a fiscal year" if match["fiscal"] else ON_TEXT
        if part and part.lower() in ("earlier", "later"):
            yield _since_or_till(match, whole, part.lower() == "earlier", today)
        elif (
            part
            and part_of(part)
            and "/" in str(part_of(part))
            and unit == "century"
            and "quarter" in part
        ):
            yield cut(match, whole, how, when="")
        else:
            found = cut(match, whole, how)
            start = found.start if part else match.start()  # "the past year" keeps its article
            yield Found(start, found.end, found.stretch, how, "" if part else when)


def _since_or_till(match: re.Match[str], whole: Stretch, earlier: bool, today: dt.date) -> Found:
    """Return *earlier this year* and *later this month*: up to the date of the text, or from it on."""
    first, last = whole.days
    at = today.toordinal()
    if whole.unit == "year" and whole.first == whole.last:
        here = st.month_index(today)
        bounds = (whole.first * 12, here) if earlier else (here, whole.first * 12 + 11)
        cut = st.months(*bounds)
    else:
        cut = (
            Stretch("day", first, min(at, last))
            if earlier
            else Stretch("day", max(at, first), last)
        )
    return Found(*match.span(), cut, ON_TEXT, "past" if earlier else "ahead")


def _way(which: str, unit: str, with_article: bool, today: dt.date) -> str | None:
    """Return whether words such as *this past* mean this, last, past, next, coming or new."""
    which = which.removeprefix("this ") if which != "this" else which
    if which in ("this", "current", "present", "the", "our"):
        return "this"
    if which == "last":
        # "the last year" reaches up to the text, "last year" is that of the calendar
        return "past" if with_article and unit not in ("century", "session", "week") else "last"
    if which == "past":
        return "past"
    if which == "next":
        return "coming" if with_article and unit in ("decade", "quarter") else "next"
    if which in ("coming", "ensuing"):
        return "coming"
    return "new" if which == "new" else None


def _resolved(way: str, unit: str, today: dt.date) -> Stretch | None:  # noqa: PLR0911, PLR0912
    shift = {"this": 0, "last": -1, "past": -1, "next": 1, "coming": 1, "new": 0}[way]
    if unit == "day":
        return None
    if unit == "week":
        return st.week(today, shift)
    if unit == "month":
        at = st.month_index(today) + shift
        return st.months(at, at)
    if unit == "year":
        return _a_year(way, today)
    if unit == "quarter":
        at = today.year * 4 + (today.month - 1) // 3 + shift
        return st.quarter(at // 4, at % 4 + 1)
    if unit == "decade":
        if way in ("past", "last", "coming", "next"):
            return st.reaching(today, "decade", shift)
        if way == "new":
            return st.decade(today.year + (10 if today.year % 10 >= 8 else 0))
        return st.decade(today.year)
    if unit in ("half century", "quarter century", "half year"):
        if way not in ("past", "last", "coming", "next"):
            return None
        return st.reaching(today, "year", shift * forms.HALVES[unit])
    if unit == "century":
        if way == "past":
            return st.reaching(today, "century", -1)
        number = st.century_of(today.year)
        if way == "new":
            late = today.year % 100 >= NEW_CENTURY_FROM or today.year % 100 == 0
            return st.century(number + late)
        return st.century(number + shift)
    return _a_season(unit, way, today)


def _a_year(way: str, today: dt.date) -> Stretch | None:
    if way == "past":
        if today.month > PAST_YEAR_UNTIL:
            at = st.month_index(today)
            return st.months(at - 12, at)
        return st.years(today.year - 1)
    if way == "coming":
        if today.month < COMING_YEAR_FROM:
            at = st.month_index(today)
            return st.months(at, at + 12)
        return st.years(today.year + 1)
    if way == "new":
        return st.years(today.year + (today.month >= NEW_YEAR_FROM))
    return st.years(today.year + {"this": 0, "last": -1, "next": 1}[way])


def _a_season(name: str, way: str, today: dt.date) -> Stretch | None:
    """Return the season of this year, or the last one over or the next one to begin."""
    at = today.toordinal()
    years = (today.year - 2, today.year - 1, today.year, today.year + 1)
    seasons = [st.season(name, y) for y in years if y >= 1]
    if way in ("last", "past"):
        return next((s for s in reversed(seasons) if s.days[1] < at), None)
    if way in ("next", "coming"):
        return next((s for s in seasons if s.days[0] > at), None)
    return min(seasons, key=lambda s: abs((s.days[0] + s.days[1]) / 2 - at), default=None)


def _counts(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for match in forms.COUNTED.finditer(text, start, end):
        number = cardinal(match["n"])
        which = match["which"].lower()
        if number is None or (which == "these" and number < 2):
            continue
        back = which not in ("next", "coming")
        much = number + (0.5 if match["half"] else 0)
        whole = st.reaching(today, _singular(match["unit"]), -much if back else much)
        if whole:
            yield Found(*match.span(), whole, ON_TEXT, "past" if back else "ahead")


def _agos(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for pattern in (forms.AGO, forms.TIME_OF):
        for match in pattern.finditer(text, start, end):
            found = match.groupdict()
            unit = _singular(found["unit"])
            share = (found.get("share") or "").lower()
            number: float | None = cardinal(found["n"]) if found["n"] else None
            if share:
                number = 0.75 if "three" in share else 0.25 if "quarter" in share else 0.5
            if number is None or unit == "half":
                continue
            number += 0.5 if found.get("half") or found.get("late") else 0
            if unit == "century" and number % 1:
                unit, number = "year", 100 * number
            if unit == "decade" and number % 1:
                unit, number = "year", 10 * number
            back = found.get("way", "").lower() == "ago"
            whole = st.counted(today, unit, -number if back else number)
            approx = forms.APPROXIMATE.get((found["approx"] or "").lower(), "")
            if not back and approx in ("before", "after"):
                approx = "after" if approx == "before" else "before"
            if whole:
                when: st.When = "past" if back else "ahead"
                yield Found(*match.span(), whole, "counted from the text", when, approx)


def _quarters(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    """Yield *the third quarter* without a year: the last one that has begun, or the next to come."""
    for match in forms.QUARTER.finditer(text, start, end):
        if match["half"].lower() == "half":
            continue
        number = ("first", "second", "third", "fourth").index(match["number"].lower()) + 1
        whole = st.quarter(today.year, number)
        if whole.days[0] > today.toordinal():
            ahead = forms.TO_COME.search(text, max(match.start() - 130, 0), match.start())
            whole = whole if ahead else st.quarter(today.year - 1, number)
        yield Found(match.start("number"), match.end(), whole, LAST_SUCH, open_year=True)


def _singular(unit: str) -> str:
    name = unit.lower()
    return "century" if name == "centuries" else name.removesuffix("s")
