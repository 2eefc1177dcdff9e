"""Stretches of time: a day, a month, a year, or from one to another, and the parts that are named."""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from kit.corpus import Span

Unit = Literal["day", "month", "year"]
When = Literal["past", "now", "ahead", ""]
DECADE, CENTURY = 10, 100  # years
TENTH = 10  # the beginning and the end of a century are its first and last ten years
# What "early", "mid" and "late" cut a stretch into; of a decade 0-3, 4-6 and 7-9 as it is mostly used.
_THIRDS = {12: (0, 4, 8, 12), 10: (0, 4, 7, 10), 100: (0, 33, 67, 100)}
_MONTH_THIRDS = (1, 11, 21)  # days: as the Chinese 上旬, 中旬, 下旬
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # first months, north


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole units from a first to a last (both inclusive): ordinals of days, months or years."""

    unit: Unit
    first: int
    last: int

    @property
    def days(self) -> tuple[int, int]:
        """The ordinals of its first and last days."""
        if self.unit == "day":
            return self.first, self.last
        if self.unit == "month":
            return _first_day(self.first), _first_day(self.last + 1) - 1
        return _first_day(self.first * 12), _first_day((self.last + 1) * 12) - 1

    @property
    def year(self) -> int:
        """The year in which it begins."""
        return dt.date.fromordinal(max(self.days[0], 1)).year

    def __str__(self) -> str:
        first, last = self._one(self.first), self._one(self.last)
        return first if first == last else f"{first}/{last}"

    def _one(self, ordinal: int) -> str:
        if self.unit == "day":
            return dt.date.fromordinal(ordinal).isoformat()
        if self.unit == "month":
            return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"
        return f"{ordinal:04d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time as written: where it stands, the stretch, the rule, and what bounds it (*since*, *by*)."""

    span: Span
    stretch: Stretch
    how: str
    when: When = ""
    bound: str = ""

    @property
    def resolved(self) -> str:
        """The stretch as written in ISO 8601: ``2025-01-21``, ``2025-01``, ``2024``, ``2013/2025``."""
        return str(self.stretch)


@dataclass(frozen=True, slots=True)
class Found:
    """A time found in a passage, before it is placed: bounds, stretch, rule, and what it leaves open.

    ``open_year`` is true of a month or day without a year, which was taken for the last such one.
    """

    start: int
    end: int
    stretch: Stretch
    how: str
    when: When = ""
    bound: str = ""
    open_year: bool = False


def _first_day(month: int) -> int:
    """Return the ordinal of the first day of a month (counted from the year 0)."""
    year, number = divmod(month, 12)
    year = min(max(year, 1), dt.MAXYEAR)
    return dt.date(year, number + 1, 1).toordinal()


def day(date: dt.date) -> Stretch:
    """Return a day."""
    return Stretch("day", date.toordinal(), date.toordinal())


def month(year: int, number: int) -> Stretch:
    """Return a month, counted from 1; 0 is the last one of the year before."""
    return Stretch("month", year * 12 + number - 1, year * 12 + number - 1)


def months(first: int, last: int) -> Stretch:
    """Return months, each given as year × 12 + month − 1."""
    return Stretch("month", first, last)


def years(first: int, last: int | None = None) -> Stretch | None:
    """Return years, or None where they are outside what a calendar has."""
    last = first if last is None else last
    return Stretch("year", first, last) if 1 <= first <= last < dt.MAXYEAR else None


def days(first: dt.date, last: dt.date) -> Stretch:
    """Return days."""
    return Stretch("day", first.toordinal(), last.toordinal())


def decade(of: int) -> Stretch | None:
    """Return the decade that a year is in: 1990 to 1999."""
    return years(of - of % DECADE, of - of % DECADE + DECADE - 1)


def century(number: int) -> Stretch | None:
    """Return a century by its number: the 20th is 1901 to 2000."""
    return years(CENTURY * (number - 1) + 1, CENTURY * number)


def century_of(year: int) -> int:
    """Return the number of the century of a year."""
    return (year - 1) // CENTURY + 1


def month_index(date: dt.date) -> int:
    """Return a month as year × 12 + month − 1."""
    return date.year * 12 + date.month - 1


def week(date: dt.date, shift: int = 0) -> Stretch:
    """Return the week of a day, Monday to Sunday, or one before or after it."""
    monday = date.toordinal() - date.weekday() + 7 * shift
    return Stretch("day", max(monday, 1), max(monday + 6, 1))


def season(name: str, year: int) -> Stretch:
    """Return a season of the north, by its months: winter runs into the next year."""
    first = year * 12 + _SEASONS[name] - 1
    return months(first, first + 2)


def quarter(year: int, number: int) -> Stretch:
    """Return a quarter of a year."""
    first = year * 12 + 3 * (number - 1)
    return months(first, first + 2)


def between(a: Stretch, b: Stretch) -> Stretch | None:
    """Return the stretch from one to another, or None where the second is not later."""
    if a.days[1] >= b.days[0]:
        return None
    if a.unit == b.unit:
        return Stretch(a.unit, a.first, b.last)
    if "day" in (a.unit, b.unit):
        return Stretch("day", a.days[0], b.days[1])
    return months(*(month_index(dt.date.fromordinal(x)) for x in (a.days[0], b.days[1])))


Part = Literal["early", "mid", "late", "beginning", "end", "1/2", "2/2", "1/4", "2/4", "3/4", "4/4"]


def part(whole: Stretch, which: Part) -> Stretch:
    """Return a part of a month, year, decade or century; of what has none the whole."""
    if whole.unit == "month" and whole.first == whole.last:
        return _part_of_month(whole, which)
    if whole.unit == "year" and whole.first == whole.last:
        at, past = _bounds(12, which)
        return months(whole.first * 12 + at, whole.first * 12 + past - 1)
    if whole.unit == "year" and whole.last - whole.first + 1 in (DECADE, CENTURY):
        at, past = _bounds(whole.last - whole.first + 1, which)
        return Stretch("year", whole.first + at, whole.first + past - 1)
    return whole


def _bounds(size: int, which: Part) -> tuple[int, int]:
    """Return the first unit of a part and the one past its last, of `size` units."""
    if "/" in which:
        number, of = map(int, which.split("/"))
        return size * (number - 1) // of, size * number // of
    if which in ("beginning", "end"):
        few = TENTH if size == CENTURY else 1
        return (0, few) if which == "beginning" else (size - few, size)
    at = ("early", "mid", "late").index(which)
    return _THIRDS[size][at], _THIRDS[size][at + 1]


def _part_of_month(whole: Stretch, which: Part) -> Stretch:
    year, number = divmod(whole.first, 12)
    if not 1 <= year <= dt.MAXYEAR:
        return whole
    last = calendar.monthrange(year, number + 1)[1]
    first = dt.date(year, number + 1, 1).toordinal()
    if which in ("beginning", "end"):
        at = 1 if which == "beginning" else last
        return Stretch("day", first + at - 1, first + at - 1)
    if which in ("1/2", "2/2"):
        bounds = (1, 15) if which == "1/2" else (16, last)
        return Stretch("day", first + bounds[0] - 1, first + bounds[1] - 1)
    if "/" in which:
        return whole
    at = ("early", "mid", "late").index(which)
    ends = (*(d - 1 for d in _MONTH_THIRDS[1:]), last)
    return Stretch("day", first + _MONTH_THIRDS[at] - 1, first + ends[at] - 1)


def counted(today: dt.date, unit: str, number: float) -> Stretch | None:
    """Return the one unit that lies so many units after a day (before it, if negative).

    Years and more give a year, months (and halves of years) a month, weeks and days a day.
    """
    if unit == "day":
        return _shifted(today, round(number))
    if unit == "week":
        return _shifted(today, round(7 * number))
    if unit == "month" or (unit == "year" and number % 1):
        at = month_index(today) + round(number * (12 if unit == "year" else 1))
        return months(at, at) if at >= 12 else None
    if unit == "quarter":
        at = month_index(today) + round(3 * number)
        return months(at, at) if at >= 12 else None
    return years(
        today.year + round(number * {"year": 1, "decade": DECADE, "century": CENTURY}[unit])
    )


def reaching(today: dt.date, unit: str, number: float) -> Stretch | None:
    """Return the stretch of so many units from a day on (up to it, if negative)."""
    end = counted(today, unit, number)
    if end is None:
        return None
    here = {
        "day": day(today),
        "month": months(month_index(today), month_index(today)),
        "year": Stretch("year", today.year, today.year),
    }[end.unit]
    first, last = sorted((here, end), key=lambda s: s.first)
    return Stretch(end.unit, first.first, last.last)


def _shifted(today: dt.date, by: int) -> Stretch | None:
    at = today.toordinal() + by
    return Stretch("day", at, at) if 1 <= at <= dt.date.max.toordinal() else None


def whether(stretch: Stretch, today: dt.date | None) -> When:
    """Return whether a stretch lies before, around or after a day; "" without one."""
    if today is None:
        return ""
    first, last = stretch.days
    at = today.toordinal()
    return "past" if last < at else "ahead" if first > at else "now"


JOIN_WITHIN = 24  # characters between two times that may be the ends of one stretch


def joined(
    found: list[Found], joins: Callable[[int, int, int], int | None], today: dt.date | None
) -> list[Found]:
    """Return times in order, two that are the ends of one stretch (*from 2013 to 2023*) as one.

    `joins` gets where the first begins, ends and where the second begins, and returns where the whole
    begins, or None where the words between them do not join.
    """
    result: list[Found] = []
    for time in found:
        before = result[-1] if result else None
        if before is not None and 0 < time.start - before.end <= JOIN_WITHIN and not before.when:
            start = joins(before.start, before.end, time.start)
            first = before.stretch
            if start is not None and before.open_year and not time.open_year:
                first = _in_year_of(first, time.stretch)
            whole = between(first, time.stretch) if start is not None else None
            if whole is not None and start is not None:
                how = before.how if before.how == time.how else time.how
                result[-1] = replace(
                    before, start=start, end=time.end, stretch=whole, how=how,
                    when=time.when, open_year=before.open_year and time.open_year,
                )  # fmt: skip
                continue
        result.append(time)
    return result


def _in_year_of(first: Stretch, last: Stretch) -> Stretch:
    """Return a day or month without a year of its own in the year of the other end, or before it."""
    year = dt.date.fromordinal(last.days[1]).year
    moved = first
    for candidate in (year, year - 1):
        if first.unit == "month":
            moved = month(candidate, first.first % 12 + 1)
        elif first.unit == "day":
            date = dt.date.fromordinal(first.first)
            last_day = calendar.monthrange(candidate, date.month)[1]
            moved = day(date.replace(year=candidate, day=min(date.day, last_day)))
        if moved.days[0] <= last.days[0]:
            return moved
    return moved
