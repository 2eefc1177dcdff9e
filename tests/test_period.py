"""Periods: what is written is what is meant, and a report of a day tells of the days before it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import period
from kit.errors import RecipeError
from kit.period import Period

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1))


def span(first: str, last: str) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2024-05-06", "2024-05-06", "2024-05-06"),
        ("2024-05-06..2024-05-17", "2024-05-06", "2024-05-17"),
        ("2023..2024-Q1", "2023-01-01", "2024-03-31"),
    ],
)
def test_a_period_is_read_as_it_is_written(text: str, first: str, last: str) -> None:
    assert period.read(text) == span(first, last)


@pytest.mark.parametrize(
    "text",
    """2024-Q5 2024-13 2024-W54 2024-02-30 24 2024-5 week .. 2024..2023 2024-05-06...2024-05-07
    ２０２４ 2024-Q1..Q2 0000""".split(),
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(RecipeError, match="is no period"):
        period.read(text)


def test_open_sides_stay_open() -> None:
    assert period.read("..2024-05-12") == Period(None, dt.date(2024, 5, 12))
    assert str(period.read("2024-05-06..")) == "2024-05-06.."
    assert period.read("") == Period()
    assert str(Period()) == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2024-05-01..2024-05-31", "2024-05"),
        ("2024-05-06..2024-05-12", "2024-W19"),
        ("2024-01-01..2024-12-31", "2024"),
        ("2024-04..2024-06", "2024-Q2"),
        ("2024-05-06..2024-05-06", "2024-05-06"),
        ("2024-05-07..2024-05-13", "2024-05-07..2024-05-13"),
    ],
)
def test_a_period_has_one_name(written: str, shown: str) -> None:
    assert str(period.read(written)) == shown


@given(st.one_of(st.none(), DAYS), st.one_of(st.none(), DAYS))
def test_its_name_is_read_as_itself(first: dt.date | None, last: dt.date | None) -> None:
    if first and last and last < first:
        first, last = last, first
    whole = Period(first, last)
    assert period.read(str(whole)) == whole


@given(DAYS)
def test_the_kinds_end_on_the_day_before(day: dt.date) -> None:
    before = day - dt.timedelta(days=1)
    for kind in ("day", "week", "month", "since-last"):
        assert period.before(kind, day).last == before
    week, month = period.before("week", day), period.before("month", day)
    assert week.first is not None
    assert month.first is not None
    assert (day - week.first).days == 7
    assert 28 <= (day - month.first).days <= 31


def test_on_a_monday_it_is_the_calendar_week_and_on_a_first_the_month() -> None:
    assert str(period.before("week", dt.date(2024, 5, 13))) == "2024-W19"
    assert str(period.before("month", dt.date(2024, 3, 1))) == "2024-02"
    assert str(period.before("month", dt.date(2024, 3, 31))) == "2024-02-29..2024-03-30"


@given(st.lists(DAYS, min_size=1, max_size=9).map(sorted))
def test_reports_since_the_last_leave_no_day_out_and_have_none_twice(days: list[dt.date]) -> None:
    last: Period | None = None
    for day in days:
        told = period.before("since-last", day, last)
        if last is None:
            assert told.first is None
        elif told != last:
            assert last.last is not None
            assert told.first == last.last + dt.timedelta(days=1)
        last = told
        assert last.last == day - dt.timedelta(days=1)
