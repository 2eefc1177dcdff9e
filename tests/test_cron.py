"""Due times: each wanted moment once, held against a walk over the minutes of UTC."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from itertools import islice, takewhile

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from kit import cron
from kit.errors import RecipeError

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "America/Santiago",  # at midnight
    "Africa/Casablanca",  # back in winter, forth in spring
)
DAILY = ("0 2 * * *", "30 2 * * *", "15,45 1-3 * * *", "0 0 * * *", "30 23 * * *", "45 1 * * *")
PASSING = ("0 * * * *", "30 * * * *", "*/30 * * * *", "*/15 * * * *", "7-52/15 * * * *")
ODD = ("*/15 2 * * *", "0 */2 * * *", "* 1,23 * * *", "0 3 * * 0", "30 1 6 4 *")
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def nights(zone: str, year: int = 2025) -> list[dt.datetime]:
    """The moments of a year at which the clocks of a zone are changed."""
    place = zoneinfo.ZoneInfo(zone)
    found = []
    at = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    while at.year == year:
        after = at + 15 * MINUTE
        if at.astimezone(place).utcoffset() != after.astimezone(place).utcoffset():
            found.append(after)
        at = after
    return found


def takes(field: str, low: int, high: int) -> set[int]:
    """The values of a field of an expression."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, end = span.partition("-")
        values = (low, high) if span == "*" else (int(first), int(end or first))
        found |= set(range(values[0], values[1] + 1, int(step or 1)))
    return found


def walked(expression: str, zone: str, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """The due times later than `start` and up to `end`, by looking at each minute of UTC."""
    place = zoneinfo.ZoneInfo(zone)
    minutes, hours, days, months, weekdays = (
        takes(field, *limits)
        for field, limits in zip(
            expression.split(), ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7)), strict=True
        )
    )

    def wanted(shown: dt.datetime) -> bool:
        fits = shown.minute in minutes and shown.hour in hours and shown.month in months
        day, weekday = shown.day in days, {shown.isoweekday(), shown.isoweekday() % 7} & weekdays
        stars = "*" in (expression.split()[2], expression.split()[4])
        return fits and bool(day and weekday if stars else day or weekday)

    by_clock = len(hours) < 24
    found, seen = [], set()
    at = start - DAY
    before = at.astimezone(place).replace(tzinfo=None) - MINUTE
    while at <= end:
        shown = at.astimezone(place).replace(tzinfo=None)
        due = wanted(shown) and not (by_clock and shown in seen)
        skipped = before + MINUTE
        while by_clock and before < skipped < shown:
            due = due or (wanted(skipped) and skipped not in seen)
            seen.add(skipped)
            skipped += MINUTE
        if due and at > start:
            found.append(at)
        seen.add(shown)
        before, at = shown, at + MINUTE
    return found


def between(expression: str, zone: str, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    return list(takewhile(lambda due: due <= end, cron.after(expression, zone, start)))


def back(expression: str, zone: str, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    return list(takewhile(lambda due: due > start, cron.until(expression, zone, end)))[::-1]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("expression", [*DAILY, *PASSING, *ODD])
def test_in_nights_of_a_clock_change_each_wanted_moment_comes_once(
    zone: str, expression: str
) -> None:
    changes = nights(zone)
    assert len(changes) == 2
    for change in changes:
        start, end = change - DAY, change + DAY + 3 * MINUTE
        expected = walked(expression, zone, start, end)
        assert between(expression, zone, start, end) == expected
        assert back(expression, zone, start, end) == expected
        # from wherever in that night one begins, the next and the last are the same ones
        for at in islice(_each(change, 17), 30):
            ahead = [due for due in expected if due > at][:1]
            assert list(islice(cron.after(expression, zone, at), 1)) == (
                ahead or list(islice(cron.after(expression, zone, end), 1))
            )
            if gone := [due for due in expected if due <= at]:
                assert cron.last(expression, zone, at) == gone[-1]


def _each(change: dt.datetime, step: int) -> Iterator[dt.datetime]:
    at = change - 4 * 60 * MINUTE
    while True:
        yield at
        at += step * MINUTE


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_time_comes_once_a_day(zone: str) -> None:
    year = [dt.datetime(y, 1, 1, 12, tzinfo=dt.UTC) for y in (2025, 2026)]
    for expression in ("0 0 * * *", "30 1 * * *", "15 2 * * *", "59 23 * * *"):
        assert len(between(expression, zone, *year)) == 365


def test_the_nights_of_berlin_as_people_tell_them() -> None:
    def told(expression: str, day: int, month: int) -> str:
        start = dt.datetime(2025, month, day, 0, 45, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
        found = between(expression, "Europe/Berlin", start, start + 4 * 60 * MINUTE)
        return " ".join(f"{due.astimezone(start.tzinfo):%H:%M%z}"[:8] for due in found)

    assert told("30 2 * * *", 30, 3) == "03:00+02"
    assert told("0,30 2 * * *", 30, 3) == "03:00+02"
    assert told("30 2,3 * * *", 30, 3) == "03:00+02 03:30+02"
    assert told("0 * * * *", 30, 3) == "01:00+01 03:00+02 04:00+02"
    assert told("30 2 * * *", 26, 10) == "02:30+02"
    assert told("0 * * * *", 26, 10) == "01:00+02 02:00+02 02:00+01 03:00+01 04:00+01"
    assert told("30 * * * *", 26, 10) == "01:30+02 02:30+02 02:30+01 03:30+01 04:30+01"


@pytest.mark.parametrize("zone", ["UTC", *ZONES])
@pytest.mark.parametrize(
    "expression", [*DAILY[:2], *DAILY[3:], *PASSING, "0 7 L * *", "5 4 * * 1#2"]
)
def test_it_is_as_cronsim_has_it_where_debians_rule_is_the_same(zone: str, expression: str) -> None:
    if zone == "Australia/Lord_Howe" and expression in PASSING:
        pytest.skip("cronsim walks in whole hours, half of one is lost there")
    start = dt.datetime(2025, 1, 1, tzinfo=zoneinfo.ZoneInfo(zone))
    theirs = islice(CronSim(expression, start), 400 if "*/" not in expression else 9000)
    ours = cron.after(expression, zone, start)
    for one, other in zip(theirs, ours, strict=False):
        assert one.astimezone(dt.UTC) == other


@given(
    st.sampled_from([*DAILY, *PASSING, *ODD]),
    st.sampled_from(["UTC", "Antarctica/Troll", *ZONES]),
    st.integers(0, 366 * 24 * 60),
)
def test_from_anywhere_it_is_as_the_minutes_tell(expression: str, zone: str, minute: int) -> None:
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + minute * MINUTE
    end = start + 6 * 60 * MINUTE
    expected = walked(expression, zone, start, end)
    assert between(expression, zone, start, end) == expected
    assert back(expression, zone, start, end) == expected


@given(st.text("0123456789*/-,L#W @ABMONSUN", max_size=30))
def test_what_is_no_expression_is_told_and_what_is_one_comes(text: str) -> None:
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    try:
        cron.check(text)
    except RecipeError:
        pass
    else:
        due = next(cron.after(text, "Europe/Berlin", start))
        assert due > start
        assert cron.last(text, "Europe/Berlin", due) == due


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("0 25 * * 1", r"25 is no hour\. It takes 0 to 23"),
        ("60 7 * * *", r"60 is no minute\. It takes 0 to 59"),
        ("0 7 0 * *", r"0 is no day of the month"),
        ("0 7 * 13 *", r"13 is no month"),
        ("0 7 * * MONDAY", r"MONDAY is no weekday\. Did you mean MON\?"),
        ("0 7 * *", r"has 4 of five fields"),
        ("", r"has 0 of five fields"),
        ("0 0 7 * * 1", r"six fields; .*no second"),
        ("@daily", r'write it out, "0 0 \* \* \*"'),
        ("0 0 31 2,4 *", r"never comes: none of its months has that day"),
        ("9" * 5000 + " * * * *", r"is no minute"),
        ("5-1 * * * *", r"5-1 is no minute"),
        ("*/0 * * * *", r"\*/0 is no minute"),
    ],
)
def test_what_is_wrong_is_said_in_words(expression: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        cron.check(expression)


@pytest.mark.parametrize("expression", ["0 7 * * MON-FRI", "0 0 29 2 *", "0 7 L * *", "0 7 * * 5L"])
def test_what_is_right_is_not(expression: str) -> None:
    cron.check(expression)


def test_a_zone_that_is_not_known_is_told() -> None:
    with pytest.raises(
        RecipeError, match=r"no time zone 'Europe/Berln'\. Did you mean Europe/Berlin"
    ):
        cron.place("Europe/Berln")
    with pytest.raises(RecipeError, match="no cron expression"):
        next(cron.after("never", "UTC", dt.datetime.now(dt.UTC)))
