"""A strict grammar of dates: what is not a date is not guessed, an impossible day is never another day.

Nothing here knows the day of the run or the zone of the machine: a month without a year gives no
day, and of a moment the day in the zone that it is written in counts.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal, get_args

from kit.parse.record import Dated, Origin

Precision = Literal["day", "month", "year", ""]


def _numbered(names: str) -> dict[str, int]:
    return {name: at for at, alike in enumerate(names.split("|"), 1) for name in alike.split()}


MONTHS = _numbered(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug"
    "|september sept sep|october oct|november nov|december dec"
)
_RUSSIAN_MONTHS = _numbered(
    "января январь янв|февраля февраль февр фев|марта март мар|апреля апрель апр|мая май|июня июнь июн"
    "|июля июль июл|августа август авг|сентября сентябрь сент сен|октября октябрь окт"
    "|ноября ноябрь нояб ноя|декабря декабрь дек"
)
_WEEKDAYS = _numbered(
    "monday mon 星期一 周一 понедельник|tuesday tues tue 星期二 周二 вторник|wednesday wed 星期三 周三 среда"
    "|thursday thurs thur thu 星期四 周四 четверг|friday fri 星期五 周五 пятница"
    "|saturday sat 星期六 周六 суббота|sunday sun 星期日 星期天 周日 воскресенье"
)


def _any(names: dict[str, int]) -> str:
    return f"(?:{'|'.join(sorted(names, key=len, reverse=True))})"


_MONTH = f"(?a:{_any(MONTHS)})"  # ASCII: a look-alike letter is not folded into one of a name
_RUSSIAN_MONTH, _WEEKDAY = _any(_RUSSIAN_MONTHS), _any(_WEEKDAYS)

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?(?!\d)",
    re.IGNORECASE,
)
DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? "
    rf"(?P<month>{_MONTH})\b\.?(?:,? (?P<year>\d{{4}}))?(?!\d)",
    re.IGNORECASE,
)

# ---- one written date

_LONGEST = 100  # characters of a date with its day name, time and zone
_PLAIN = str.maketrans(
    "０１２３４５６７８９－／．：，（）\u2010\u2011\u2013\u00a0\u202f\u3000\u2009",
    "0123456789-/.:,()---    ",
)
_NUMERALS = {
    c: str(i) for i, alike in enumerate("〇零○◯ 一 二 三 四 五 六 七 八 九".split()) for c in alike
}
_NUMERAL = "[0-9〇零○◯一二三四五六七八九]"
_TENS = "(?:[0-9]{1,2}|[〇零○◯一二三四五六七八九十廿卅]{1,3})"
_ANY_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")
_YEAR = r"(?P<year>[0-9]{4})(?![0-9])"
_DAY = r"(?<![0-9])(?P<day>[0-9]{1,2})"
_SHORT_YEAR = r"(?:, ?| ?)(?P<short>['\u2019]?[0-9]{2})(?![0-9])"
_NTH = r"(?:st|nd|rd|th)?"
_G = r"(?: ?(?:года?|г\b\.?))?"


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.IGNORECASE)


_WITH_DAY = [
    r"(?<![0-9])(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})(?![0-9])",
    r"(?<![0-9])(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])",
    rf"\b(?P<month>{_MONTH})\b\.? (?P<day>[0-9]{{1,2}}){_NTH}(?:, ?| ){_YEAR}",
    rf"{_DAY}{_NTH}(?: of)?[ -](?P<month>{_MONTH})\b\.?(?:, ?| |-){_YEAR}",
    rf"(?P<year>{_NUMERAL}{{4}}) ?年 ?(?P<month>{_TENS}|元) ?月 ?(?P<day>{_TENS}) ?[日号號]",
    rf"[«\"“]?{_DAY}[»\"”]? (?P<month>{_RUSSIAN_MONTH})\b\.? {_YEAR}{_G}",
    rf"(?<![0-9])(?P<first>[0-9]{{1,2}})(?P<mark>[-/.])(?P<second>[0-9]{{1,2}})(?P=mark){_YEAR}{_G}",
]
_DATES = [_pattern(form) for form in _WITH_DAY]
_WITHOUT_DAY: list[tuple[re.Pattern[str], Precision, str]] = [
    (_pattern(form), "year" if lack == "month and day" else "month" if lack == "day" else "", lack)
    for form, lack in (
        (rf"{_YEAR}{_G}|{_NUMERAL}{{4}} ?年", "month and day"),
        (rf"(?P<month>{_MONTH}|{_RUSSIAN_MONTH})\b\.?,? {_YEAR}{_G}", "day"),
        (rf"{_NUMERAL}{{4}} ?年 ?(?:{_TENS}|元) ?月", "day"),
        (r"[0-9]{4}[-/.](?:0?[1-9]|1[0-2])", "day"),
        (rf"(?:{_MONTH})\b\.? [0-9]{{1,2}}{_NTH}", "year"),
        (rf"[0-9]{{1,2}}{_NTH}(?: of)?[ -](?:{_MONTH}|{_RUSSIAN_MONTH})\b\.?", "year"),
        (rf"(?:{_TENS}|元) ?月 ?{_TENS} ?[日号號]", "year"),
    )
]
_TWO_DIGITS = [
    _pattern(form)
    for form in (
        r"[0-9]{1,2}([-/.])[0-9]{1,2}\1(?P<short>[0-9]{2})" + _G,
        rf"{_MONTH}\b\.? [0-9]{{1,2}}{_NTH}{_SHORT_YEAR}",
        rf"[0-9]{{1,2}}{_NTH}[ -](?:{_MONTH}|{_RUSSIAN_MONTH})\b\.?(?:-(?P<s>[0-9]{{2}})|{_SHORT_YEAR}){_G}",
    )
]
_HOURS = (
    "z 0|ut 0|utc 0|gmt 0|cet 1|cest 2|msk 3|мск 3|est -5|edt -4|cdt -5|mst -7|mdt -6|pst -8|pdt -7"
)
_ZONES = {zone: int(hours) * 60 for zone, hours in (x.split() for x in _HOURS.split("|"))}
_TIME = _pattern(
    r"""(?:(?<=[0-9])T|,?[ ]+(?:at[ ]|в[ ])?|(?<=[日号號)]))
        (?:(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?
          |(?<=T)(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?P<s>[0-9]{2})?)
        (?:[ ]?(?P<half>[ap])\.?m\b\.?)?
        (?:[ ]?(?P<zone>(?:(?:GMT|UTC)[ ]?)?[+-][0-9]{1,2}(?::?[0-9]{2})?|[a-zмск]{1,5})(?![a-z]))?
        (?:[ ]\([\w ]{1,40}\))?$""".replace("\n", "").replace("  ", "")
)
_DAY_NAME = _pattern(
    rf"^(?:(?P<before>{_WEEKDAY})\b\.?,? (?:the )?|the )|,? ?\(?(?P<after>{_WEEKDAY})\)?$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written date says: its day if it gives one, and what is to be said of it."""

    date: dt.date | None
    precision: Precision
    instant: str = ""  # in UTC, as 2025-01-26T16:30:00Z, where a time and its zone are written
    note: str = ""


@lru_cache(maxsize=4096)
def read(written: str, *, day_first: bool | None = None) -> Reading:
    """Read one date, in English, Chinese, Russian or numbers, with or without day name and time.

    The local day of the zone that is written counts. `day_first` says whether 03/04/2025 is the
    third of April; without it such a date is not guessed. Where ``date`` is None, ``note`` says why.
    """
    plain = " ".join(written.translate(_PLAIN).split())
    if not plain or len(plain) > _LONGEST:
        return Reading(None, "", note="not a date")
    time = _TIME.search(plain)
    bare = plain[: time.start()] if time else plain
    names = [m["before"] or m["after"] for m in _DAY_NAME.finditer(bare)]
    bare = _DAY_NAME.sub("", bare)
    for pattern in _DATES:
        match = pattern.fullmatch(bare)
        if match is None:
            continue
        date, note = _day(match, day_first)
        if date is None:
            return Reading(None, "", note=note)
        notes = [note]
        notes += [
            f"{date.isoformat()} is no {name}"
            for name in filter(None, names)
            if _WEEKDAYS.get(name.casefold()) != date.isoweekday()
        ]
        instant, note = _instant(date, time) if time else ("", "")
        return Reading(date, "day", instant, "; ".join(n for n in (*notes, note) if n))
    return _without_day(plain, bare)


def _without_day(plain: str, bare: str) -> Reading:
    for pattern, precision, lack in _WITHOUT_DAY:
        if pattern.fullmatch(bare):
            return Reading(None, precision, note=f"no {lack} in {plain!r}")
    if any(pattern.fullmatch(bare) for pattern in _TWO_DIGITS):
        return Reading(None, "", note=f"the year of {plain!r} has two digits")
    return Reading(None, "", note="not a date")


def _day(match: re.Match[str], day_first: bool | None) -> tuple[dt.date | None, str]:
    """Return the day that a match of ``_DATES`` names, and a note."""
    found = match.groupdict()
    if "first" in found:
        return _numeric(match, day_first)
    year, month, number = (_number(found[key]) for key in ("year", "month", "day"))
    date = _date(year, month, number)
    if date is None:
        return None, f"no such day {year:04d}-{month:02d}-{number:02d}"
    iso = date.isoformat()
    written = match[0]
    odd = written != iso and (written.isdigit() or ISO.fullmatch(written))
    return date, f"{written} read as {iso}" if odd else ""


def _numeric(match: re.Match[str], day_first: bool | None) -> tuple[dt.date | None, str]:
    """Read 26/01/2025: the order that is possible, else the one that is said, else none."""
    year, first, second = (int(match[key]) for key in ("year", "first", "second"))
    readings = {True: _date(year, second, first), False: _date(year, first, second)}
    if day_first is None and match["mark"] == ".":
        day_first = True  # nobody who sets points puts the month first
    possible = [date for date in readings.values() if date]
    if not possible:
        return None, f"no such day {match[0]}"
    if len(set(possible)) == 1:
        against = day_first is not None and not readings[day_first]
        order = "month" if readings[False] else "day"
        return possible[0], f"{match[0]} can only be read with the {order} first" if against else ""
    if day_first is None:
        return None, (
            f"{match[0]} may be {readings[True]} or {readings[False]}: "
            "say whether the day or the month stands first"
        )
    return readings[day_first], ""


def _date(year: int, month: int, number: int) -> dt.date | None:
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


def _number(written: str) -> int:
    """Return the value of digits, a name of a month, or Chinese numerals; 0 for none."""
    name = written.casefold()
    if name in MONTHS or name in _RUSSIAN_MONTHS:
        return MONTHS.get(name) or _RUSSIAN_MONTHS[name]
    if written == "元":
        return 1
    digits = written.replace("廿", "二十").replace("卅", "三十")
    digits = "".join(_NUMERALS.get(c, c) for c in digits)
    tens = re.fullmatch(r"([1-9]?)十([1-9]?)", digits)
    if tens:
        return int(tens[1] or 1) * 10 + int(tens[2] or 0)
    return int(digits) if re.fullmatch(r"[0-9]{1,2}|[0-9]{4}", digits) else 0


def _instant(date: dt.date, time: re.Match[str]) -> tuple[str, str]:
    """Return the moment in UTC, "" where the zone is not known, and a note."""
    hour = int(time["hour"] or time["h"])
    minute, second = int(time["minute"] or time["m"]), int(time["second"] or time["s"] or 0)
    if time["half"]:
        hour = hour % 12 + (12 if time["half"] in "pP" else 0) if 0 < hour <= 12 else 24
    try:
        moment = dt.datetime.combine(date, dt.time(hour, minute, min(second, 59)))
    except ValueError:
        return "", f"no such time {time[0].strip(' ,T')}"
    zone = time["zone"]
    if not zone:
        # a midnight without a zone is how programs write a day
        return "", "zone unknown" if hour or minute or second else ""
    sign = re.search(r"([+-])([0-9]{1,2}?):?([0-9]{2})?$", zone)
    offset = _ZONES.get(zone.casefold())
    if sign:
        offset = int(f"{sign[1]}1") * (int(sign[2]) * 60 + int(sign[3] or 0))
    if offset is None or abs(offset) > 14 * 60:
        return "", f"zone {zone} unknown"
    try:
        return f"{(moment - dt.timedelta(minutes=offset)).isoformat()}Z", ""
    except OverflowError:
        return "", ""


def day(match: re.Match[str], year: int | None = None) -> dt.date | None:
    """Return the day that a match of this module's patterns names, or None if there is none.

    `year` is used where the pattern found no year of its own.
    """
    found = match.groupdict()
    month = found["month"]
    try:
        return dt.date(
            int(found["year"] or year or 0),
            int(month) if month.isdigit() else MONTHS[month.lower()],
            int(found["day"]),
        )
    except ValueError:
        return None


# ---- where dates stand

_LINES, _SHORT, _NEAR = 3, 120, 200  # lines, characters of a short one, characters near the start
_CAPITAL = r"[^\W\d_a-zа-я][\w.'\u2019-]*"
_NAME_OF_PLACE = rf"(?:г\. ?)?{_CAPITAL}(?:,? {_CAPITAL}){{0,4}}"
_LABEL = (
    r"(?:for (?:immediate )?release|embargoed until|released?(?: date)?|date(?: of issue)?|published(?: on)?"
    r"|issued(?: on)?|дата(?: публикации)?|опубликовано|发布时间|发布日期|日期|时间|發布時間)"
)
_CLOCK = (
    r"(?:(?:at|until)? ?[0-9]{1,2}(?::[0-9]{2})?(?: ?[ap]\.?m\.?)?,? ?(?:\(?[A-Z]{2,4}\)?)?,? ?)"
)
_ANY_DATE = re.sub(r"\(\?P<\w+>", "(?:", "|".join(_WITH_DAY).replace("(?P=mark)", "[-/.]"))
_D = rf"(?P<date>(?i:{_ANY_DATE}))"
_W = rf"(?i:(?:{_WEEKDAY})\.?,? )?"
_WHOLE_LINE = re.compile(
    rf"[(\[—–-]*(?:{_NAME_OF_PLACE}, ?)?{_W}{_D}(?:[ ,]*(?i:{_WEEKDAY}|\(?(?:{_WEEKDAY})\)))?"
    rf"(?:[ ,T]+[0-9]{{1,2}}:[0-9]{{2}}.{{0,20}}|[ ,]+{_NAME_OF_PLACE})?[)\].]*"
)
_LABELLED = re.compile(
    rf"(?i:{_LABEL})(?:(?P<colon>:) ?| ){_CLOCK}?{_W}{_D}(?(colon)(?![0-9]).*|[ .,]*)"
)
_OF_AN_AGENCY = re.compile(
    rf"(?:(?:{_NAME_OF_PLACE},|[A-Z]{{3,}}) {_W}{_D} ?(?:\([^)]{{1,30}}\) ?)?(?:--|[—–]|- )"
    rf"|[\u4e00-\u9fff]{{2,3}}社[\u4e00-\u9fff]{{2,8}}{_D.replace('<date>', '<agency>')}电"
    rf"|[—–-]{{2,}} ?{_D.replace('<date>', '<held>')} ?在)"
)


def dateline(text: str) -> str:
    """Return the date of the dateline that a text begins with, as written, or "".

    A dateline is a date alone on one of the first short lines, with a place or a label at most, or
    what an agency puts before its first sentence. Running prose has none.
    """
    offset = 0
    count = 0
    for raw in text[: _NEAR * 10].split("\n"):
        line = " ".join(raw.translate(_PLAIN).split())
        if line and (count < _LINES or offset < _NEAR):
            count += 1
            short = len(line) <= _SHORT
            match = short and (_WHOLE_LINE.fullmatch(line) or _LABELLED.fullmatch(line))
            match = match or _OF_AN_AGENCY.match(line[:_NEAR])
            if match:
                return next(v for k, v in match.groupdict().items() if v and k != "colon")
            if not short:
                return ""
        offset += len(raw) + 1
    return ""


_IN_NAME = re.compile(
    r"(?<![0-9])(?P<year>1[5-9][0-9]{2}|2[01][0-9]{2})(?P<mark>[-_.]?)(?P<month>[0-9]{2})(?P=mark)"
    r"(?P<day>[0-9]{2})(?![0-9])"
)
_HASH = re.compile(r"[0-9a-fA-F]{16,}")


def in_name(name: str) -> str:
    """Return the day in the name of a file, as 2025-01-25, or ""; of several different ones none."""
    stem = _HASH.sub(" ", PurePosixPath(name).name)
    found = {d for d in map(day, _IN_NAME.finditer(stem)) if d}
    return found.pop().isoformat() if len(found) == 1 else ""


# ---- which one is taken


@dataclass(frozen=True, slots=True)
class Choice:
    """The date that a text gets, where it stands, and what is to be said of it and of the others."""

    date: dt.date | None
    origin: Origin | Literal["year", ""]
    notes: tuple[str, ...]
    instant: str = ""


def choose(dates: Sequence[Dated], *, day_first: bool | None = None) -> Choice:
    """Take the strongest date that gives a day; a stronger one that fails and others are noted.

    Strength falls in the order of ``record.Origin``, from what was put beside a text on purpose to
    the name of its file.
    """
    strength = get_args(Origin)
    readings = [
        (dated, read(dated.written, day_first=day_first))
        for dated in sorted(dates, key=lambda dated: strength.index(dated.origin))
    ]
    best = next((i for i, (_, reading) in enumerate(readings) if reading.date), len(readings))
    notes = [
        f"the {dated.origin}'s date {dated.written.strip()!r} is not taken: {reading.note}"
        for dated, reading in readings[:best]
    ]
    if best == len(readings):
        return Choice(None, "", tuple(notes))
    taken, reading = readings[best]
    day_taken = str(reading.date)
    if reading.note:
        notes.append(f"the {taken.origin}'s date: {reading.note}")
    if best or taken.origin == "file name":
        notes.append(f"dated {day_taken} by the {taken.origin}")
    notes.extend(_differing(readings[best + 1 :], taken, day_taken))
    return Choice(reading.date, taken.origin, tuple(notes), reading.instant)


def year_alone(text: str) -> int | None:
    """Return the one year that a text names, None where it names none or several."""
    years = set(_ANY_YEAR.findall(text))
    return int(years.pop()) if len(years) == 1 else None


def of_year(dates: Sequence[Dated], title: str, year_day: str) -> Choice | None:
    """Return the day that yearly texts are given (``03-05``) in the year that their date or title tells.

    None where none of them tells one year alone, or that year has no such day.
    """
    month, number = map(int, year_day.split("-"))
    strength = get_args(Origin)
    ordered = sorted(dates, key=lambda dated: strength.index(dated.origin))
    told: list[tuple[str, str]] = [(dated.origin, dated.written) for dated in ordered]
    for origin, written in (*told, ("title", title)):
        year = year_alone(written)
        if year and (found := _date(year, month, number)):
            note = f"dated {found} by the year in the {origin}: yearly texts are of {year_day}"
            return Choice(found, "year", (note,))
    return None


def _differing(
    others: Sequence[tuple[Dated, Reading]], taken: Dated, day_taken: str
) -> Iterator[str]:
    said = {day_taken}
    for dated, reading in others:
        if reading.date and str(reading.date) not in said:
            said.add(str(reading.date))
            yield f"{dated.origin} says {reading.date}; the {taken.origin}'s {day_taken} is taken"
