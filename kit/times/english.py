"""The grammar of times in English: what is written, worked out from the date of the text."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from kit.parse.dates import MONTHS
from kit.times import english_forms as forms
from kit.times import stretch as st
from kit.times.english_relative import LAST_SUCH, NEXT_SUCH, ON_TEXT, cut
from kit.times.stretch import Found, Stretch


def months(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield the times with a month by its name that stand in a part of a text."""
    for match in forms.WITH_MONTH.finditer(text, start, end):
        found = _with_month(match, today)
        if found:
            yield found


def years(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield the years, alone or in an ISO date, that stand in a part of a text."""
    for match in forms.ISO.finditer(text, start, end):
        date = _date(int(match["year"]), int(match["month"]), int(match["day"]))
        if date:
            yield Found(*match.span(), st.day(date), "in full")
    for match in forms.YEAR.finditer(text, start, end):
        found = _of_year(match)
        if found:
            yield found


def days(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield *today*, *yesterday* and *tomorrow*."""
    if today is None:
        return
    for match in forms.TODAY.finditer(text, start, end):
        name = match["day"].lower()
        whole = st.counted(today, "day", {"yesterday": -1, "tomorrow": 1}.get(name, 0))
        if whole:
            yield Found(*match.span(), whole, "today" if name == "tonight" else name)


def weekdays(
    text: str, start: int, end: int, today: dt.date | None, *, reported: bool
) -> Iterator[Found]:
    """Yield *last Monday*, *next Friday* and, where a text reports on days near it, *on Tuesday*."""
    if today is None:
        return
    for match in forms.WEEKDAY.finditer(text, start, end):
        which = match["which"].lower()
        if which == "on" and not reported:
            continue
        weekday = forms.WEEKDAYS.index(match["day"])
        ahead = which == "next" or (which == "on" and forms.TO_COME.search(text, 0, match.start()))
        back = (today.weekday() - weekday) % 7
        if which == "this":
            shift = weekday - today.weekday()
        elif ahead:
            shift = (7 - back) or 7
        else:
            shift = -back if which == "on" or back else -7
        whole = st.counted(today, "day", shift)
        if whole:
            begin = match.start() if which != "on" else match.start("day")
            yield Found(begin, match.end(), whole, NEXT_SUCH if shift > 0 else LAST_SUCH)


def joins(text: str, first: int, end: int, second: int) -> int | None:
    """Return where *from A to B*, *between A and B* or *A-B* begins, None where the times are two."""
    middle = text[end:second].strip().lower()
    before = text[max(first - 9, 0) : first].lower()
    if middle in (
        "-",
        "\u2013",
        "\u2014",
        "\u2010",
        "\u2011",
        "to",
        "through",
        "until",
        "till",
        "up to",
    ):
        return first - 5 if before.endswith("from ") else first
    if middle in ("and", "and the") and before.endswith("between "):
        return first - 8
    return None


def bound(text: str, start: int) -> str:
    """Return what stands before a time and makes it a bound: *since*, *by*, *until* ..."""
    match = forms.BOUND.search(text, max(start - 30, 0), start)
    return match["bound"].lower().replace("till", "until") if match else ""


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _with_month(match: re.Match[str], today: dt.date | None) -> Found | None:  # noqa: PLR0911
    text, name = match.string, match["month"]
    month = MONTHS[name.lower()]
    day = (match["day1"] or match["day3"] or "").lower().replace("first", "1")
    if not name[0].isupper():
        return None
    if match["day1"] and match["day3"]:
        return None
    if (
        not day
        and not match["part"]
        and not match["which"]
        and not match["year"]
        and (
            (len(name) <= 3 and name.lower() != "may")
            or not forms.BEFORE_MONTH.search(text, max(match.start() - 14, 0), match.start())
            or re.match(
                r" \d|['\u2019]s? [A-Z]| (?:First|Fourth|Thirtieth)| [A-Z][a-z]+ "
                r"(?:Revolution|Plan|Movement)|-[A-Za-z]|\d",
                text[match.end() :][:24],
            )
        )
    ):
        return None
    year, open_year, how = match["year"], False, "in full"
    start = match.start()
    if match["day1"] and text[start : start + 4].lower() == "the ":
        start += 4
    if year:
        chosen = int(year)
        if not 1000 <= chosen < dt.MAXYEAR:
            return None
    elif today is None:
        return None
    else:
        chosen, how = _year_without(match, month, int(day) if day else 0, today)
        open_year = True
    if not day:
        whole: Stretch | None = st.month(chosen, month)
        return cut(match, whole, how, open_year=open_year) if whole else None
    first = _date(chosen, month, int(day))
    if first is None:
        # 30 February: no day, and no other one; the year stands alone
        return _of_year(m) if year and (m := forms.YEAR.match(text, match.start("year"))) else None
    last_day = match["day2"] or match["day4"]
    last = _date(chosen, month, int(last_day)) if last_day else None
    if last and last > first:
        return Found(start, match.end(), st.days(first, last), how, open_year=open_year)
    end = match.end()
    if last_day:
        return None if match["day2"] else Found(start, match.end("day3"), st.day(first), how)
    return Found(start, end, st.day(first), how, open_year=open_year)


def _year_without(match: re.Match[str], month: int, day: int, today: dt.date) -> tuple[int, str]:
    """Return the year of a month or day without one, and the rule: the last such one, or the next."""
    text = match.string
    around = text[max(match.start() - 60, 0) : match.end() + 60]
    for known, words, year in forms.EVENTS:
        if (month, day) == known and today.year >= year and words.search(around):
            return year, "the well-known day"
    if match["which"]:
        return today.year + {"this": 0, "last": -1, "next": 1}[match["which"].lower()], ON_TEXT
    before = text[max(match.start() - 12, 0) : match.start()].lower()
    after = text[match.end() :][:12].lower()
    number = min(day or 1, calendar.monthrange(today.year, month)[1])
    past = (month, number) <= (today.month, today.day)
    if before.endswith("last ") or after.startswith((" last", ", last")):
        return today.year - (not past or (month == today.month and not day)), LAST_SUCH
    same = month == today.month and not day
    if before.endswith("this "):
        return today.year, ON_TEXT
    if not same and (
        before.endswith("next ")
        or after.startswith((" next", ", next"))
        or forms.TO_COME.search(text, max(match.start() - 130, 0), match.start())
    ):
        return today.year + (
            past and not (day and (month, day) == (today.month, today.day))
        ), NEXT_SUCH
    return today.year - (not past), LAST_SUCH


def _of_year(match: re.Match[str]) -> Found | None:
    text, found = match.string, match.groupdict()
    year = int(found["year"])
    before = text[max(match.start() - 60, 0) : match.start()]
    alone = match.start() == match.start("year")
    if (alone and forms.NUMBERED.search(before)) or text[match.end() :].startswith(" Agenda"):
        return None
    if (
        alone
        and not found["decade"]
        and forms.THINGS.match(text, match.end())
        and not (
            re.search(r"\b(?:in|since|by|until|during|the) $", before, re.I)
            and not re.match(
                r" (?:years|people|men|miles|tons|million|percent)", text[match.end() :]
            )
        )
    ):
        return None
    if found["short"]:
        until = year - year % 100 + int(found["short"])
        whole = st.years(year, until + (100 if until < year else 0))
        if until - year not in range(1, 60) and until + 100 - year != 1:
            return None
    elif found["decade"]:
        whole = st.decade(year) if year % 10 == 0 else None
    elif found["season"]:
        whole = st.season(found["season"].lower(), year)
    elif found["quarter"]:
        whole = st.quarter(year, int(found["quarter"]))
    else:
        whole = st.years(year)
    if whole is None:
        return None
    how = "in full"
    if found["fiscal"] or (found["short"] and re.search(r"(?:fiscal|financial) year $", before)):
        how = "a fiscal year"
    result = cut(match, whole, how)
    lead = re.match(
        r"(?:the )?(?:calendar )?years? |(?:the )?(?:spring|summer|autumn|fall|winter)",
        match[0],
        re.I,
    )
    if lead and not found["season"] and not found["part"] and not found["fiscal"]:
        return Found(match.start("year"), match.end(), result.stretch, how)
    return result
