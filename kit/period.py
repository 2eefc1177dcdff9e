"""Periods: the days that a report tells of, as a recipe names them."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from kit.errors import RecipeError

KINDS = ("day", "week", "month", "since-last")
_UNIT = re.compile(r"(\d{4})(?:-(?:Q([1-4])|W(\d\d)|(\d\d)(?:-(\d\d))?))?", re.ASCII)
_FORMS = "write 2024, 2024-Q1, 2024-05, 2024-W19, 2024-05-06, or two of these with .. between them"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both among them; None where it is open on that side."""

    first: dt.date | None = None
    last: dt.date | None = None

    def __str__(self) -> str:
        """Return it as it is written: by the unit that it is, else as ``first..last``; "" for all days."""
        if self.first is None or self.last is None:
            first, last = (day.isoformat() if day else "" for day in (self.first, self.last))
            return f"{first}..{last}" if first or last else ""
        return next(
            (name for name in _units(self.first) if _span(name) == (self.first, self.last)),
            f"{self.first}..{self.last}",
        )


def read(text: str) -> Period:
    """Return the period that is written, ``2024-Q1`` or ``2024-05-06..2024-05-12``; all days for "".

    Raises RecipeError for what is no period, and for one that ends before it begins.
    """
    first, dots, last = text.partition("..")
    try:
        if not dots:
            return Period(*_span(text)) if text else Period()
        found = Period(
            _span(first)[0] if first else None,
            _span(last)[1] if last else None,
        )
    except ValueError as error:
        raise RecipeError(f"{text!r} is no period; {_FORMS}") from error
    if found == Period() or (found.first and found.last and found.last < found.first):
        raise RecipeError(f"{text!r} is no period: it ends before it begins")
    return found


def before(kind: str, day: dt.date, last: Period | None = None) -> Period:
    """Return the period of a kind that a report of `day` tells of; it ends on the day before.

    ``day`` is that day, ``week`` its seven days, ``month`` all days from the same day of the month
    before: on a Monday the calendar week, on a first the calendar month. ``since-last`` begins on the
    day after `last`, the period of the report before; it is `last` again where no day has passed since.
    Any other text is read as it is written.
    """
    until = day - dt.timedelta(days=1)
    if kind == "day":
        return Period(until, until)
    if kind == "week":
        return Period(day - dt.timedelta(days=7), until)
    if kind == "month":
        return Period(_month_earlier(day), until)
    if kind != "since-last":
        return read(kind)
    if last is None or last.last is None:
        return Period(None, until)
    return Period(last.last + dt.timedelta(days=1), until) if last.last < until else last


def _month_earlier(day: dt.date) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 2, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _span(text: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a year, quarter, month, ISO week or day."""
    match = _UNIT.fullmatch(text)
    if not match:
        raise ValueError(text)
    year = int(match[1])
    if match[3]:
        first = dt.date.fromisocalendar(year, int(match[3]), 1)
        return first, first + dt.timedelta(days=6)
    if match[5]:
        day = dt.date(year, int(match[4]), int(match[5]))
        return day, day
    quarter = int(match[2] or 0)
    start = int(match[4] or 3 * quarter - 2 if match[4] or quarter else 1)
    end = start if match[4] else start + 2 if quarter else 12
    return dt.date(year, start, 1), dt.date(year, end, calendar.monthrange(year, end)[1])


def _units(day: dt.date) -> tuple[str, ...]:
    """Return the names of the day, week, month, quarter and year that begin around a day."""
    year, week, _ = day.isocalendar()
    return (
        f"{day}",
        f"{year}-W{week:02d}",
        f"{day.year}-{day.month:02d}",
        f"{day.year}-Q{(day.month + 2) // 3}",
        f"{day.year}",
    )
