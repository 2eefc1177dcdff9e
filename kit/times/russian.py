"""The grammar of times in Russian: 21 января 2025 года, в этом году, за последние пять лет."""

import datetime as dt
import re
from collections.abc import Iterator

from kit.times import stretch as st
from kit.times.numerals import roman
from kit.times.stretch import Found, Part, Stretch, When

MAY = re.compile(r"\d|год|лет|век|месяц|недел|сегодня|вчера|завтра|столети|десятилети|кварт", re.I)
_ON_TEXT = "from the date of the text"
_MONTHS = "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()
_ENDINGS = (
    "[ьяею]",
    "[ьяею]",
    "(?:а|е|у)?",
    "[ьяею]",
    "[йяею]",
    "[ьяею]",
    "[ьяею]",
    "(?:а|е|у)?",
    *("[ьяею]",) * 4,
)
_MONTH = "|".join(rf"{m}{e}" for m, e in zip(_MONTHS, _ENDINGS, strict=True))
_G = r"(?: ?(?:год(?:а|у|ом|е|ы|ов|ам|ах)?|г\.г?\.?|гг\.?))"
_WHICH = (
    r"(?P<which>эт(?:ом|ого|от|им)|нынешн(?:ем|его|ий)|текущ(?:ем|его|ий)|прошл(?:ом|ого|ый|"
    r"ым)|минувш(?:ем|его|ий)"
    r"|следующ(?:ем|его|ий)|будущ(?:ем|его|ий)|позапрошл(?:ом|ого|ый))"
)
_SHIFTS = {"эт": 0, "ны": 0, "те": 0, "пр": -1, "ми": -1, "сл": 1, "бу": 1, "по": -2}
_PART = (
    r"(?:(?P<part>начал[аоеу]|середин[аеуы]|кон(?:ец|це|ца|цу)|перв(?:ой|ом|ая|ое|ого) "
    r"(?:половин[еаыу]|полугоди[еию])"
    r"|втор(?:ой|ом|ая|ое|ого) (?:половин[еаыу]|полугоди[еию])|(?:I{1,3}|IV|[1-4]-?[мйого]*|"
    r"перв\w+|втор\w+|треть\w+|четв[её]рт\w+)"
    r" квартал[еау]?) )?"
)
_PARTS: tuple[tuple[str, Part], ...] = (
    ("начал", "beginning"), ("середин", "mid"), ("кон", "end"),
)  # fmt: skip
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "перв": 1, "втор": 2, "трет": 3, "четв": 4}
_DATE = re.compile(
    rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:-го)?(?: ?(?:[-–—]|по) ?(?P<day2>\d{{1,2}}))? "
    rf"(?P<month>{_MONTH})\b(?: (?P<year>\d{{4}})(?!\d){_G}?| {_WHICH} года)?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\d.])(?P<day>\d{2})\.(?P<month>\d{2})\.(?P<year>\d{4})(?![\d.])")
_MONTH_ONLY = re.compile(
    rf"\b{_PART}(?P<month>{_MONTH})\b (?:(?P<year>\d{{4}})(?!\d){_G}?|{_WHICH} года)", re.IGNORECASE
)
_YEAR = re.compile(
    rf"(?:\b{_PART}|\b)(?<![\d.,№/-])(?:(?P<year>1[5-9]\d\d|20\d\d|21\d\d)(?!\d)(?P<to> ?[-–—] "
    rf"?(?P<until>\d{{4}}|\d\d)(?!\d))?{_G}|(?P<bare>(?<=[вВсСк] )(?:19|20)\d\d)(?=[,.;] | по |$)"
    rf"|{_WHICH} год(?:у|а|ом)?\b)",
    re.IGNORECASE,
)
_DECADE = re.compile(
    rf"(?:\b{_PART}|\b)(?P<year>(?:1[5-9]|20)?\d0)-?(?:е|х|ые|ых|м|ми)(?: {_G[3:-1]}| "
    rf"год\w*)(?: (?P<century>XIX|XX|прошлого) века)?",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    rf"(?:\b{_PART}|\b)(?:(?P<number>[XVIХІ]{{1,5}}) (?:век|столети)\w*|{_WHICH} (?:век|столети)\w*)"
)
_COUNTED = re.compile(
    r"\b(?P<which>последни[ехм]|прошедши[ехм]|минувши[ехм]|ближайши[ехм]|предстоящи[ехм]|следующи[ехм])"
    r" (?P<n>\d{1,3}|[а-я]+(?: [а-я]+)?) (?P<unit>лет|года?|месяц\w*|недел\w*|дн\w+|десятилети\w+)\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(?:(?P<more>более|свыше|больше|около|почти) )?(?:(?P<n>\d{1,3}|[а-яё]+) "
    r")?(?P<unit>лет|года?|месяц\w*|недел[юиь]|дн\w+|век|столетие|десятилети\w+)"
    r"(?: тому)? назад\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?:в|на) (?P<which>эт\w+|текущ\w+|прошл\w+|следующ\w+|будущ\w+) (?P<unit>месяц\w*|недел\w+)",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?P<day>сегодня|вчера|завтра)\b", re.IGNORECASE)
_BOUND = re.compile(r"\b(?P<bound>с|со|до|к|после|начиная с)(?: конца| начала)? $", re.IGNORECASE)
_BOUNDS = {
    "с": "since",
    "со": "since",
    "начиная с": "since",
    "до": "until",
    "к": "by",
    "после": "after",
}
_NUMBERS = {
    "один": 1, "одного": 1, "два": 2, "две": 2, "двух": 2, "три": 3, "трёх": 3, "трех": 3,
    "четыре": 4, "четырёх": 4,
    "четырех": 4, "пять": 5, "пяти": 5, "шесть": 6, "шести": 6,
    "семь": 7, "семи": 7, "восемь": 8, "восьми": 8,
    "девять": 9, "десять": 10, "десяти": 10, "пятнадцать": 15, "двадцать": 20, "двадцати": 20, "тридцать": 30,
    "тридцати": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80,
    "девяносто": 90, "сто": 100, "полтора": 1.5,
}  # fmt: skip


def times(text: str, today: dt.date | None) -> Iterator[Found]:
    """Yield the times of a Russian passage."""
    for match in (*_DATE.finditer(text), *_NUMERIC.finditer(text)):
        yield from _date(match, today)
    for match in _MONTH_ONLY.finditer(text):
        year, how = _year(match, today)
        if year:
            month = st.month(year, _month(match["month"]))
            yield Found(*match.span(), _cut(month, match["part"]), how)
    for match in _YEAR.finditer(text):
        year, how = _year(match, today)
        whole = st.years(year) if year else None
        if whole and match["until"]:
            until = match["until"]
            whole = st.years(year, int(str(year)[: 4 - len(until)] + until))
        if whole:
            yield Found(*match.span(), _cut(whole, match["part"]), how)
    for match in _DECADE.finditer(text):
        whole = _decade(match, today)
        if whole:
            yield Found(
                *match.span(),
                _cut(whole, match["part"]),
                "in full" if len(match["year"]) > 2 else _ON_TEXT,
            )
    for match in _CENTURY.finditer(text):
        number = roman(match["number"]) if match["number"] else None
        if number is None and match["which"] and today:
            number = st.century_of(today.year) + _SHIFTS[match["which"][:2].lower()]
        whole = st.century(number) if number else None
        if whole:
            yield Found(
                *match.span(),
                _cut(whole, match["part"]),
                "in full" if match["number"] else _ON_TEXT,
            )
    if today:
        yield from _relative(text, today)


def joins(text: str, first: int, end: int, second: int) -> int | None:
    """Return where *с A по B* or *A-B* begins, or None where the times are two."""
    middle = text[end:second].strip().lower()
    if middle in ("по", "до") and text[:first].lower().endswith("с "):
        return first - 2
    return first if middle in ("-", "–", "—") else None


def bound(text: str, start: int) -> str:
    """Return what stands before a time and makes it a bound, in English: *since*, *until*, *by*."""
    match = _BOUND.search(text, max(start - 20, 0), start)
    return _BOUNDS[match["bound"].lower()] if match else ""


def _month(written: str) -> int:
    plain = written.lower()
    return max((len(stem), i) for i, stem in enumerate(_MONTHS, 1) if plain.startswith(stem))[1]


def _year(match: re.Match[str], today: dt.date | None) -> tuple[int, str]:
    found = match.groupdict()
    written = found.get("year") or found.get("bare")
    if written:
        return int(written), "in full"
    if today and found.get("which"):
        return today.year + _SHIFTS[found["which"][:2].lower()], _ON_TEXT
    return 0, ""


def _date(match: re.Match[str], today: dt.date | None) -> Iterator[Found]:
    written = match["month"]
    month = int(written) if written.isdigit() else _month(written)
    year, how = _year(match, today)
    open_year = False
    if not year:
        if today is None:
            return
        year, how, open_year = today.year, "the last such one", True
        if (month, int(match["day"])) > (today.month, today.day):
            year -= 1
    try:
        first = dt.date(year, month, int(match["day"]))
        until = match.groupdict().get("day2")
        last = dt.date(year, month, int(until)) if until else first
    except ValueError:
        return
    yield Found(*match.span(), st.days(first, max(first, last)), how, open_year=open_year)


def _cut(whole: Stretch, written: str | None) -> Stretch:
    if not written:
        return whole
    plain = written.strip()
    if "квартал" in plain:
        head = plain.split()[0]
        number = (
            _QUARTERS.get(head)
            or _QUARTERS.get(head[:4].lower())
            or int(head[0] if head[0].isdigit() else 0)
        )
        return st.part(whole, ("1/4", "2/4", "3/4", "4/4")[number - 1]) if number else whole
    if "полов" in plain or "полугод" in plain:
        return st.part(whole, "1/2" if plain.lower().startswith("перв") else "2/2")
    return next((st.part(whole, p) for stem, p in _PARTS if plain.lower().startswith(stem)), whole)


def _decade(match: re.Match[str], today: dt.date | None) -> Stretch | None:
    year = int(match["year"])
    if year >= 1000:
        return st.decade(year)
    century = match["century"]
    if century and century.upper() in ("XIX", "XX"):
        return st.decade((1800 if century.upper() == "XIX" else 1900) + year)
    if today is None:
        return None
    base = today.year - today.year % 100
    return st.decade(base + year - (100 if base + year > today.year or century else 0))


def _relative(text: str, today: dt.date) -> Iterator[Found]:
    for match in _TODAY.finditer(text):
        name = match["day"].lower()
        whole = st.counted(today, "day", {"вчера": -1, "завтра": 1}.get(name, 0))
        if whole:
            yield Found(*match.span(), whole, "today" if name == "сегодня" else _ON_TEXT)
    for match in _UNIT.finditer(text):
        shift = _SHIFTS[match["which"][:2].lower()]
        at = st.month_index(today) + shift
        month = match["unit"].lower().startswith("мес")
        yield Found(
            match.start("which"),
            match.end(),
            st.months(at, at) if month else st.week(today, shift),
            _ON_TEXT,
        )
    for match in _COUNTED.finditer(text):
        number = _number(match["n"])
        back = match["which"].lower().startswith(("последн", "прошедш", "минувш"))
        whole = (
            st.reaching(today, _unit(match["unit"]), -number if back else number)
            if number
            else None
        )
        if whole:
            yield Found(*match.span(), whole, _ON_TEXT, "past" if back else "ahead")
    for match in _AGO.finditer(text):
        number = _number(match["n"]) if match["n"] else 1
        start = match.start() if number else 0
        if match["n"] and not number:
            continue
        whole = st.counted(today, _unit(match["unit"]), -number)
        when: When = "past"
        if whole:
            more = (match["more"] or "").lower()
            approx = "before" if more in ("более", "свыше", "больше") else "about" if more else ""
            yield Found(start, match.end(), whole, "counted from the text", when, approx)


def _number(written: str) -> float:
    if written.isdigit():
        return int(written)
    return sum(_NUMBERS.get(word, 0) for word in written.lower().split())


def _unit(written: str) -> str:
    stems = {
        "год": "year",
        "лет": "year",
        "мес": "month",
        "нед": "week",
        "дн": "day",
        "дес": "decade",
    }
    plain = written.lower()
    return next((u for stem, u in stems.items() if plain.startswith(stem)), "century")
