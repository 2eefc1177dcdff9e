"""Due times: the moments that a cron expression names in a time zone, each once, clock changes or not.

cronsim walks the calendar; from what a clock shows to the moment is reckoned here. An expression that names
hours goes by the clock: a time that the night skips comes at the moment after the gap, a time that the night
has twice comes the first time. One that takes every hour goes by the hours that pass: 30 minutes stay 30
minutes, and what the clock skips does not come. (Debian's cron does the same, but counts ``*/2`` and a
minute ``*`` among what goes by hours passed, so that such a time may be lost or come twice.)
"""

import datetime as dt
import heapq
import zoneinfo
from collections.abc import Iterator
from typing import Any

from kit.errors import RecipeError, nearest

_SLACK = dt.timedelta(hours=3)  # more than a clock is ever put back: two hours (Antarctica/Troll)
_ALL_HOURS = set(range(24))
_SAMPLE = dt.datetime(2024, 1, 1)  # any day: what an expression takes does not depend on it
_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_DAYS = "SUN MON TUE WED THU FRI SAT".split()
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_FIELDS = (
    ("minute", "0 to 59", ()),
    ("hour", "0 to 23", ()),
    ("day of the month", "1 to 31, L for the last, LW for the last weekday", ()),
    ("month", "1 to 12, or JAN to DEC", _MONTHS),
    ("weekday", "0 to 7, both Sunday, or SUN to SAT; 1#2 is the second Monday, 5L the last Friday", _DAYS),
)  # fmt: skip
_FORM = "write five fields: minute, hour, day of the month, month, weekday"


def check(expression: str) -> None:
    """Raise RecipeError, in words, for what is no cron expression or names a time that never comes."""
    fields = expression.split()
    if expression in _NICKNAMES:
        raise RecipeError(f'{expression}: write it out, "{_NICKNAMES[expression]}"')
    if len(fields) == 6:
        raise RecipeError(f"{expression!r} has six fields; {_FORM}, and no second")
    if len(fields) != 5:
        raise RecipeError(f"{expression!r} has {len(fields)} of five fields; {_FORM}")
    for at, (field, (name, takes, names)) in enumerate(zip(fields, _FIELDS, strict=True)):
        alone = ["*"] * 5
        # the day alone would be held against the months; February may have it
        alone[at] = field
        if _read(" ".join(alone)) is None:
            close = nearest(field.upper(), names)
            raise RecipeError(f"{expression!r}: {field} is no {name}.{close} It takes {takes}")
    if _read(expression) is None:
        raise RecipeError(f"{expression!r} never comes: none of its months has that day")
    if next(_walls(expression, _SAMPLE, back=False), None) is None:
        raise RecipeError(f"{expression!r} never comes")


def place(zone: str) -> zoneinfo.ZoneInfo:
    """Return a time zone by its name; raises RecipeError for one that is not known."""
    try:
        return zoneinfo.ZoneInfo(zone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        close = nearest(zone, zoneinfo.available_timezones())
        raise RecipeError(f"no time zone {zone!r}.{close}") from None


def after(expression: str, zone: str, start: dt.datetime) -> Iterator[dt.datetime]:
    """Give the due times later than `start`, in order, in UTC."""
    for due in _moments(expression, zone, start, back=False):
        if due > start:
            yield due


def until(expression: str, zone: str, end: dt.datetime) -> Iterator[dt.datetime]:
    """Give the due times not later than `end`, the last one first, in UTC."""
    for due in _moments(expression, zone, end, back=True):
        if due <= end:
            yield due


def last(expression: str, zone: str, now: dt.datetime) -> dt.datetime | None:
    """Return the last due time that has come; None where there was none in 50 years."""
    return next(until(expression, zone, now), None)


def _moments(
    expression: str, zone: str, start: dt.datetime, *, back: bool
) -> Iterator[dt.datetime]:
    """Give the moments of an expression from some hours before `start`, or back from some hours after it."""
    where = place(zone)
    read = _read(expression)
    if read is None:
        raise RecipeError(f"{expression!r} is no cron expression; {_FORM}")
    passing = read.hours == _ALL_HOURS
    sign = -1 if back else 1
    wall = start.astimezone(where).replace(tzinfo=None) - sign * _SLACK
    # a clock that is put back shows its times twice: those of the second round wait here for their turn
    waiting: list[tuple[float, dt.datetime]] = []
    given = None
    for shown in _walls(expression, wall, back=back):
        early, late, skipped = _when(shown, where)
        bound = (
            late if back and passing else early
        )  # what is shown later comes no earlier than this
        while waiting and waiting[0][0] <= sign * bound.timestamp():
            given, before = heapq.heappop(waiting)[1], given
            if given != before:
                yield given
        moments = ({early, late} if not skipped else set()) if passing else {early}
        for moment in moments:
            heapq.heappush(waiting, (sign * moment.timestamp(), moment))
    while waiting:
        given, before = heapq.heappop(waiting)[1], given
        if given != before:
            yield given


def _walls(expression: str, wall: dt.datetime, *, back: bool) -> Iterator[dt.datetime]:
    """Give what the clock shows at the times of an expression; the calendar ends some day."""
    from cronsim import CronSim  # noqa: PLC0415

    try:
        yield from CronSim(expression, wall, reverse=back)
    except (OverflowError, ValueError):  # year 1 or 9999
        return


def _when(shown: dt.datetime, where: zoneinfo.ZoneInfo) -> tuple[dt.datetime, dt.datetime, bool]:
    """Return the first and the last moment at which a clock shows this, and whether it is skipped.

    What is skipped has the moment after the gap for both.
    """
    early, late = (shown.replace(tzinfo=where, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if early <= late:
        return early, late, False
    offset = late.astimezone(where).utcoffset()  # that before the gap
    seconds = int((early - late).total_seconds())
    low, high = 0, seconds
    while high - low > 1:  # the second in which the clock jumps lies between the two
        middle = (low + high) // 2
        if (late + dt.timedelta(seconds=middle)).astimezone(where).utcoffset() == offset:
            low = middle
        else:
            high = middle
    gap = late + dt.timedelta(seconds=high)
    return gap, gap, True


def _read(expression: str) -> Any:
    """Return an expression as cronsim has it; None where it is none."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415

    try:
        return CronSim(expression, _SAMPLE)
    except (CronSimError, ValueError):  # also a number of more digits than Python reads
        return None
