"""Written dates: a strict grammar, where dates stand, and which of several is taken."""

import datetime as dt
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.parse.dates import MONTHS, choose, dateline, in_name, read
from kit.parse.record import Dated

JANUARY = dt.date(2025, 1, 26)
ENGLISH = [
    name.title() for name in MONTHS if name == "may" or len(name) > 4 or name in ("june", "july")
]
RUSSIAN = """
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
""".split()
RUSSIAN_SHORT = "янв фев мар апр май июн июл авг сен окт ноя дек".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
HAN = "〇一二三四五六七八九"


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


# ---- forms


@pytest.mark.parametrize(
    "written",
    """
        2025-01-26; 2025-1-26; 20250126; 2025/01/26; 2025.1.26; 2025-01-26T10:00:00Z;
        January 26, 2025; january 26 2025; JANUARY 26, 2025; Jan. 26, 2025; Jan 26, 2025;
        January 26th, 2025; 26 Jan 2025; 26 January, 2025; 26th of January 2025;
        the 26th of January, 2025; 26-Jan-2025; Sunday, 26 January 2025; Sun 26 Jan 2025;
        Sun, 26 Jan 2025 00:30:00 +0800; Sunday, January 26, 2025; January 26, 2025, 2:00 p.m. EST;
        2025年1月26日; 2025年01月26日; 2025 年 1 月 26 日; 二〇二五年一月二十六日; 二零二五年元月廿六日;
        二○二五年一月二十六日; ２０２５年１月２６日; 2025年1月26日 星期日; 2025年1月26日（周日）10:30;
        2025年1月26號; 26 января 2025 г.; 26 января 2025 года; 26 Января 2025; «26» января 2025 г.;
        26 янв. 2025; воскресенье, 26 января 2025 года; 26.01.2025; 26.1.2025; 26.01.2025 г.;
        26/01/2025; 01/26/2025; 26-01-2025; 2025-01-26 00:00:00; \t2025-01-26\u00a0
    """.split(";"),
)
def test_forms_of_a_day(written: str) -> None:
    reading = read(written)
    assert (reading.date, reading.precision) == (JANUARY, "day")


@pytest.mark.parametrize(
    "written",
    """
        ;to;a;may;May;Sunday;12;now;today;yesterday;In 12 areas;March on;26;1.5;2025-W04-7;2025-026;
        1737849600;26 01 2025;2025-01-26-27;2025-01-26 or 27;about January 26, 2025;date 2025-01-26;
        2025-01/26;20250126123;120250126;26 Januari 2025;Auguſt 1, 2025;2025年26日;二五年一月二十六日;
        2025-01-26 and more;January 26, 2025 was cold;26 2025 January;²2025-01-26;2025-01-2\u00b2
    """.split(";"),
)
def test_what_is_no_date(written: str) -> None:
    assert read(written.strip()) == read("nonsense")
    assert read(written).note == "not a date"


@pytest.mark.parametrize(
    ("written", "precision", "note"),
    [
        ("4月20日", "", "no year"),
        ("四月二十日", "", "no year"),
        ("2025年1月", "month", "no day"),
        ("2025年", "year", "no month and day"),
        ("May 12", "", "no year"),
        ("26 января", "", "no year"),
        ("2025", "year", "no month and day"),
        ("2025 г.", "year", "no month and day"),
        ("January 2025", "month", "no day"),
        ("январь 2025 года", "month", "no day"),
        ("2025-01", "month", "no day"),
        ("1/26/25", "", "two digits"),
        ("26.01.25", "", "two digits"),
        ("26 Jan 25", "", "two digits"),
        ("Jan 26, '25", "", "two digits"),
        ("Sun, 26 Jan 25 10:00:00 GMT", "", "two digits"),
        ("2025-02-30", "", "no such day 2025-02-30"),
        ("20250230", "", "no such day 2025-02-30"),
        ("February 30, 2025", "", "no such day 2025-02-30"),
        ("2025年2月30日", "", "no such day 2025-02-30"),
        ("30 февраля 2025 г.", "", "no such day 2025-02-30"),
        ("2025-13-01", "", "no such day 2025-13-01"),
        ("0000-01-01", "", "no such day"),
        ("31/02/2025", "", "no such day 31/02/2025"),
        ("99/99/2025", "", "no such day"),
        ("29.02.2023", "", "no such day"),
        ("2025年十十月二日", "", "no such day"),
    ],
)
def test_no_day_is_invented(written: str, precision: str, note: str) -> None:
    reading = read(written)
    assert (reading.date, reading.precision, reading.instant) == (None, precision, "")
    assert note in reading.note


def test_the_order_of_day_and_month_is_not_guessed() -> None:
    reading = read("03/04/2025")
    assert (reading.date, reading.precision) == (None, "")
    assert "2025-04-03" in reading.note
    assert "2025-03-04" in reading.note
    assert read("03/04/2025", day_first=True).date == dt.date(2025, 4, 3)
    assert read("03-04-2025", day_first=False).date == dt.date(2025, 3, 4)
    assert read("05/05/2025").date == dt.date(2025, 5, 5)
    # points are the mark of those who put the day first
    assert read("03.04.2025").date == dt.date(2025, 4, 3)
    assert read("03.04.2025", day_first=False).date == dt.date(2025, 3, 4)
    against = read("01/26/2025", day_first=True)
    assert (against.date, "month first" in against.note) == (JANUARY, True)
    assert read("2025/03/04").date == read("2025/03/04", day_first=True).date == dt.date(2025, 3, 4)


def test_leap_days_and_old_years() -> None:
    assert read("2024-02-29").date == dt.date(2024, 2, 29)
    assert read("29 February 1900").note == "no such day 1900-02-29"
    assert read("April 30, 1789").date == dt.date(1789, 4, 30)
    assert read("1 января 0987 года").date == dt.date(987, 1, 1)


# ---- times and zones


@pytest.mark.parametrize(
    ("written", "day", "instant", "note"),
    [
        ("Mon, 27 Jan 2025 00:30:00 +0800", "2025-01-27", "2025-01-26T16:30:00Z", ""),
        ("Mon, 27 Jan 2025 00:30:00", "2025-01-27", "", "zone unknown"),
        ("Tue, 27 Jan 2025 12:00:00 GMT", "2025-01-27", "2025-01-27T12:00:00Z", "2025-01-27 is no Tue"),
        ("Mon, 27 Jan 2025 00:30:00 CST", "2025-01-27", "", "zone CST unknown"),  # Chicago or China
        ("2025-01-27T00:30:00+08:00", "2025-01-27", "2025-01-26T16:30:00Z", ""),
        ("2025-01-26T23:30:00.5-08:00", "2025-01-26", "2025-01-27T07:30:00Z", ""),
        ("20250127T003000+0800", "2025-01-27", "2025-01-26T16:30:00Z", "20250127 read as 2025-01-27"),
        ("2025-01-27 00:30 UTC+8", "2025-01-27", "2025-01-26T16:30:00Z", ""),
        ("2025-01-27 00:30", "2025-01-27", "", "zone unknown"),
        ("2025-01-27T00:00:00", "2025-01-27", "", ""),
        ("27.01.2025 10:30 МСК", "2025-01-27", "2025-01-27T07:30:00Z", ""),
        ("January 26, 2011 12:15 a.m. EST", "2011-01-26", "2011-01-26T05:15:00Z", ""),
        ("January 26, 2011 at 12:15 p.m. EST", "2011-01-26", "2011-01-26T17:15:00Z", ""),
        ("2025-01-27T25:61:00Z", "2025-01-27", "", "no such time 25:61:00Z"),
        ("2025-01-27 13:00 pm", "2025-01-27", "", "no such time 13:00 pm"),
        ("2016-12-31T23:59:60Z", "2016-12-31", "2016-12-31T23:59:59Z", ""),
        ("9999-12-31T23:59:00-05:00", "9999-12-31", "", ""),
        ("0001-01-01T00:00:00+05:00", "0001-01-01", "", ""),
        ("Sun Jan 26 2025 00:30:00 GMT+0800 (China Standard Time)", "2025-01-26", "2025-01-25T16:30:00Z", ""),
        ("2025年1月26日 星期一", "2025-01-26", "", "2025-01-26 is no 星期一"),
    ],
)  # fmt: skip
def test_the_local_day_counts(zone: str, written: str, day: str, instant: str, note: str) -> None:
    reading = read(written)
    assert (str(reading.date), reading.instant, reading.note) == (day, instant, note)
    assert os.environ["TZ"] == zone


def test_the_dates_of_the_feed(shared: Path, zone: str) -> None:
    raw = (shared / "cases/18-time-zones/a.rss").read_text()
    readings = [read(written) for written in re.findall(r"<pubDate>(.*?)</pubDate>", raw)]
    assert [str(reading.date) for reading in readings] == ["2025-01-27"] * 3, zone
    assert readings[0].instant == "2025-01-26T16:30:00Z"
    assert [bool(reading.note) for reading in readings] == [False, True, True]


def test_chinese_dates(shared: Path) -> None:
    lines = (shared / "cases/15-chinese-dates/dates.txt").read_text().split()
    expected = [JANUARY, dt.date(1949, 10, 1), JANUARY, JANUARY, None, None]
    assert [read(line).date for line in lines] == expected


def test_words_are_no_dates(shared: Path) -> None:
    body = (shared / "cases/16-false-dates/a.txt").read_text().split("\n", 1)[1]
    words = re.findall(r"[\w.]+", body)
    pieces = [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    assert len(pieces) > 100
    assert {read(piece).note for piece in pieces} == {"not a date"}
    assert dateline(body) == ""


def test_the_dates_of_headings(shared: Path) -> None:
    found = {}
    for path in (shared / "cases/13-header-forms").glob("*.txt"):
        match = re.search(r"date[ \t:]+(\S*\d\S*)", path.read_text(), re.IGNORECASE)
        if match:
            reading = read(match[1])
            found[path.stem.split("-2025")[0]] = (str(reading.date), reading.note)
    assert found.pop("impossible") == ("None", "no such day 2025-02-30")
    assert found.pop("leap-ok") == ("2024-02-29", "")
    assert found.pop("future") == ("2125-01-26", "")
    assert found.pop("short-month") == ("2025-01-06", "2025-1-6 read as 2025-01-06")
    assert found.pop("compact") == ("2025-01-26", "20250126 read as 2025-01-26")
    assert set(found.values()) == {("2025-01-26", "")}


# ---- any day, any text


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else HAN[tens]) + "十" * bool(tens) + (HAN[ones] if ones else "")


def written_forms(d: dt.date) -> Iterator[str]:
    year, month, day = f"{d.year:04d}", d.month, d.day
    yield d.isoformat()
    yield f"{year}-{month}-{day}"
    yield f"{year}{month:02d}{day:02d}"
    yield f"{year}/{month:02d}/{day:02d}"
    yield f"{d.isoformat()}T23:59:59+14:00"
    yield f"{d.isoformat()} 00:00"
    nth = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    for name in (ENGLISH[month - 1], ENGLISH[month - 1][:3], f"{ENGLISH[month - 1][:3]}."):
        yield f"{name} {day}, {year}"
        yield f"{day} {name} {year}"
        yield f"{name} {day}{nth}, {year}"
        yield f"{WEEKDAYS[d.weekday()]}, {day} {name} {year}"
    yield f"{WEEKDAYS[d.weekday()][:3]}, {day:02d} {ENGLISH[month - 1][:3]} {year} 00:30:00 +0800"
    yield f"{year}年{month}月{day}日"
    yield f"{year}年{month:02d}月{day:02d}日".translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    )
    yield f"{''.join(HAN[int(c)] for c in year)}年{_numeral(month)}月{_numeral(day)}日"
    yield f"{day} {RUSSIAN[month - 1]} {year} г."
    yield f"{day} {RUSSIAN_SHORT[month - 1]}. {year}"
    yield f"{day:02d}.{month:02d}.{year}"


@settings(deadline=None)
@given(st.dates())
def test_every_day_reads_back_in_every_form(day: dt.date) -> None:
    for written in written_forms(day):
        reading = read(written)
        assert (reading.date, reading.precision) == (day, "day"), written
        assert "is no" not in reading.note, written
        line = dateline(f"Statement\n({written})\n\nWe met.")
        assert read(line).date == day, written


@given(st.dates(), st.booleans())
def test_numbers_read_back_in_the_order_that_is_said(day: dt.date, day_first: bool) -> None:
    first, second = (day.day, day.month) if day_first else (day.month, day.day)
    for mark in "-/.":
        written = f"{first:02d}{mark}{second:02d}{mark}{day.year:04d}"
        assert read(written, day_first=day_first).date == day


DATE_LIKE = st.lists(
    st.sampled_from(
        ["2025", "25", "1", "01", "26", "31", "-", "/", ".", ":", " ", ", ", "T", "Z", "+08:00", "年", "月",
         "日", "May", "Jan", "января", "г.", "Sunday", "二〇二五", "二十", "十", "th", "of", "p.m.",
         "10:30", "\n", "(", ")"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
FULL = re.compile(
    r"[0-9]{4}\W*[0-9]{1,2}\W*[0-9]{1,2}|[0-9]{1,2}\W+[0-9]{1,2}\W+[0-9]{4}|\d{8}"
    r"|[A-Za-z]{3,}\W+[0-9]{1,2}\w*\W+[0-9]{4}|[0-9]{1,2}\w*\W+(?:of\W+)?[^\W\d]{3,}\W+[0-9]{4}"
    r"|[0-9〇零○◯一二三四五六七八九]{4}\s*年.{1,4}月.{1,4}[日号號]"
)


@settings(deadline=None)
@given(DATE_LIKE | st.text())
def test_a_day_needs_a_full_date(text: str) -> None:
    reading = read(text)
    assert (reading.precision == "day") == (reading.date is not None)
    if reading.date is not None:
        full = FULL.search(text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
        assert full, text
        assert f"{reading.date.year:04d}" in full[0] or "年" in full[0]
    if not reading.date:
        assert reading.note
        assert reading.instant == ""
    assert isinstance(dateline(text), str)
    found = dateline(text)
    assert not found or FULL.search(
        found.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    )


# ---- datelines


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("For release at 2:00 p.m. EST January 26, 2011\n\nInformation", "January 26, 2011"),
        ("For immediate release\n\nJanuary 26, 2011\n\nInformation", "January 26, 2011"),
        ("FOMC statement\nRelease Date: January 26, 2011", "January 26, 2011"),
        ("WASHINGTON, Jan. 5, 2020 -- The president said", "Jan. 5, 2020"),
        (f"WASHINGTON, Jan. 5, 2020 — The president {'said ' * 200}", "Jan. 5, 2020"),
        ("BEIJING, Jan. 26, 2025 (Xinhua) -- China", "Jan. 26, 2025"),
        ("BEIJING, Jan. 26 (Xinhua) --", ""),
        ("Washington, D.C., January 5, 2020 — The", "January 5, 2020"),
        ("London, 26 January 2025\n\nWe met.", "26 January 2025"),
        ("Statement\n\nSunday, 26 January 2025\n\nWe met.", "26 January 2025"),
        ("新华社北京1月26日电", ""),
        ("新华社北京2025年1月26日电　国家主席", "2025年1月26日"),
        ("(2025年1月26日)", "2025年1月26日"),
        ("讲话\n（2025年1月26日，北京）\n同志们：", "2025年1月26日"),
        ("政府工作报告\n——2025年3月5日在第十四届全国人民代表大会第三次会议上", "2025年3月5日"),
        ("公告\n发布时间：2025-01-26 10:30 来源：新华社", "2025-01-26"),
        ("Москва, 26 января 2025 года", "26 января 2025 года"),
        ("Указ\nг. Москва\n26 января 2025 г.\n№ 1", "26 января 2025 г."),
        ("Заявление\nДата: 26.01.2025", "26.01.2025"),
        (
            "February 30, 2025\n\nWe met.",
            "February 30, 2025",
        ),  # what is wrong with it is said later
        ("03/04/2025\n\nWe met.", "03/04/2025"),
        ("On January 26, 2025, the committee met.", ""),
        ("January 26, 2025 was a cold day in Washington.", ""),
        ("In Washington, January 26, 2025 was a cold day.", ""),
        ("Released January 26, 2025 we said", ""),
        ("The May 5, 2020 -- meeting", ""),
        ("2025年1月26日，双方举行会谈。", ""),
        ("26 января 2025 года состоялась встреча.", ""),
        ("January 2025\n\nWe met.", ""),
        ("One\n\nTwo\n\nThree\n" + "Four\n" * 50 + "January 26, 2025", ""),
        (f"{'We met. ' * 40}\nJanuary 26, 2025", ""),
        ("", ""),
    ],
)
def test_datelines(text: str, written: str) -> None:
    assert dateline(text) == written


def test_a_hostile_first_line_is_read_at_once() -> None:
    start = time.process_time()
    for piece in (
        "A, ",
        "A ",
        "Washington, D.C., ",
        "(",
        "1 ",
        "2025-",
        "二",
        "Jan. 1, ",
        "\u3000",
        "— ",
    ):
        for text in (piece * 5000, (piece * 40)[:120], f"{(piece * 40)[:110]}\n" * 5):
            dateline(text)
            read(text)
            read(text[:100])
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2025-01-25", "2025-01-25"),
        ("namedate-2025-01-25.txt", "2025-01-25"),
        ("20250125.html", "2025-01-25"),
        ("2025_01_25 statement.pdf", "2025-01-25"),
        ("a/b/monetary20110126a.htm", "2011-01-26"),
        ("2025-01-25_2025-01-25.txt", "2025-01-25"),
        ("2025-01-01_2025-12-31.txt", ""),
        ("2025-02-30.txt", ""),
        ("2025-01.txt", ""),
        ("2024-01-01/talks.txt", ""),
        ("12345678.txt", ""),
        ("99990101.txt", ""),
        ("020250125.txt", ""),
        ("000_a9ab18c220250125.txt", ""),  # a hash
        ("2025-0125.txt", ""),
    ],
)
def test_dates_in_names_of_files(name: str, day: str) -> None:
    assert in_name(name) == day


# ---- which one is taken


def test_the_strongest_is_taken_and_others_are_reported() -> None:
    choice = choose(
        [
            Dated("2011-01-25", "page metadata"),
            Dated("2011-01-26T00:30:00+08:00", "heading"),
            Dated("January 26, 2011", "dateline"),
            Dated("2011-01-25", "dateline"),
            Dated("2011-01-24", "file name"),
        ]
    )
    assert (choice.date, choice.origin) == (dt.date(2011, 1, 26), "heading")
    assert choice.instant == "2011-01-25T16:30:00Z"
    assert choice.notes == (
        "page metadata says 2011-01-25; the heading's 2011-01-26 is taken",
        "file name says 2011-01-24; the heading's 2011-01-26 is taken",
    )


def test_a_strong_date_that_fails_is_said_and_a_weaker_one_taken() -> None:
    choice = choose([Dated("January 28, 2025", "dateline"), Dated("2025-02-30", "column")])
    assert (choice.date, choice.origin) == (dt.date(2025, 1, 28), "dateline")
    assert choice.notes == (
        "the column's date '2025-02-30' is not taken: no such day 2025-02-30",
        "dated 2025-01-28 by the dateline",
    )
    ambiguous = [Dated("03/04/2025", "column")]
    assert choose(ambiguous).date is None
    assert "2025-04-03 or 2025-03-04" in choose(ambiguous).notes[0]
    assert choose(ambiguous, day_first=True).date == dt.date(2025, 4, 3)
    assert choose(ambiguous, day_first=True).notes == ()


def test_a_file_name_counts_last_and_is_said() -> None:
    choice = choose([Dated("2025-01-25", "file name")])
    assert (choice.date, choice.origin) == (dt.date(2025, 1, 25), "file name")
    assert choice.notes == ("dated 2025-01-25 by the file name",)


def test_no_date_at_all() -> None:
    assert choose([]) == choose([], day_first=True)
    assert (choose([]).date, choose([]).origin, choose([]).notes) == (None, "", ())
    several = choose([Dated("spring", "heading"), Dated("2025", "feed")])
    assert several.date is None
    assert len(several.notes) == 2


def test_agreeing_and_incomplete_weaker_dates_are_no_news() -> None:
    choice = choose(
        [
            Dated("2025-01-26", "front matter"),
            Dated("26.01.2025", "feed"),
            Dated("2025", "dateline"),
        ]
    )
    assert choice.notes == ()


def test_a_wrong_day_name_is_passed_on() -> None:
    choice = choose([Dated("Tue, 27 Jan 2025 12:00:00 GMT", "feed")])
    assert choice.notes == ("the feed's date: 2025-01-27 is no Tue",)
