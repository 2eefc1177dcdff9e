"""The grammar of times in English: what is written, worked out from the date of the text."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from kit.parse.dates import MONTHS
from kit.times import stretch as st
from kit.times.numerals import CARDINAL, ORDINAL, cardinal, ordinal
from kit.times.stretch import Found, Part, Stretch

NEW_YEAR_FROM = 11  # month from which *the new year* is the next one
COMING_YEAR_FROM = 10  # month from which *the coming year* is the next calendar year
PAST_YEAR_UNTIL = 3  # month up to which *the past year* is the calendar year before
NEW_CENTURY_FROM = 80  # year of a century from which *the new century* is the next one
_ON_TEXT = "from the date of the text"
_LAST_SUCH = "the last such one"
_NEXT_SUCH = "the next such one"

_DASH = "[-\u2010\u2011\u2013\u2014]"
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_NTH = r"(?:st|nd|rd|th|d)"
_PART = (
    r"(?:(?P<part>(?:early|earlier|late|later|mid|middle)(?= (?!of)|-)|(?:the )?(?:(?:early|latter|late) part|(?:very )?(?:beginning|"
    r"start|outset|end|close|middle|turn)|(?:first|second|third|fourth|last|latter|final) (?:half|quarter|decade|days|weeks?|"
    rf"months?))(?= of | {_MONTH}| this| last| next| \d))"
    rf"(?:{_DASH} ?| (?:of |in )?(?:the )?)(?:calendar |fiscal )?(?:year )?)"
)
_PARTS: dict[str, Part] = {
    "early": "early",
    "earlier": "early",
    "late": "late",
    "later": "late",
    "mid": "mid",
    "middle": "mid",
    "beginning": "beginning",
    "start": "beginning",
    "outset": "beginning",
    "turn": "beginning",
    "end": "end",
    "close": "end",
    "first half": "1/2",
    "second half": "2/2",
    "latter half": "2/2",
    "last half": "2/2",
    "first quarter": "1/4",
    "second quarter": "2/4",
    "third quarter": "3/4",
    "fourth quarter": "4/4",
    "last quarter": "4/4",
    "final quarter": "4/4",
    "early part": "early",
    "late part": "late",
    "latter part": "late",
    "first decade": "beginning",
    "last decade": "end",
    "final decade": "end",
}
_HALVES = {"half century": 50, "quarter century": 25, "half year": 0.5}
_SEASON = "spring|summer|autumn|fall|winter"
_UNITS = "day|week|month|quarter|year|decade|century"
_PLURALS = "days|weeks|months|quarters|years|decades|centuries"
_ABOUT = {
    "before": "more than|over|well over",
    "about": "nearly|almost|about|some|around|roughly|approximately|close to",
    "after": "less than|under|fewer than",
}
_APPROXIMATE = {word: bound for bound, words in _ABOUT.items() for word in words.split("|")}
_APPROX = rf"(?:(?P<approx>{'|'.join(sorted(_APPROXIMATE, key=len, reverse=True))}) )?"

_WITH_MONTH = re.compile(
    rf"(?:\b{_PART}|\b)?(?:(?<![\d.,/:$£€])(?P<day1>\d{{1,2}}|(?<=the )first){_NTH}?(?: day)?(?: of)?(?: ?(?:{_DASH}|to) ?"
    rf"(?P<day2>\d{{1,2}}){_NTH}?(?: of)?)? )?"
    rf"\b(?P<month>(?:{_MONTH}))\b(?:(?<![a-z]{{4}})\.(?=,? ?\d))?"
    rf"(?: (?:the )?(?P<day3>\d{{1,2}}){_NTH}?(?![\d:%]|[.,]\d)(?: ?(?:{_DASH}|to|through) ?(?P<day4>\d{{1,2}})"
    rf"{_NTH}?(?![\d:%]|[.,]\d))?)?(?:(?:,? | of ){_NTH}?(?P<year>\d{{4}})(?![\d-]))?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])")
_YEAR = re.compile(
    rf"(?:\b(?:{_PART}|Q(?P<quarter>[1-4]),? (?:of )?|(?:the )?(?P<season>{_SEASON}),? (?:of )?(?:the year )?"
    rf"|(?P<fiscal>(?:(?:the )?(?:fiscal|financial) years? |FY ?))|(?:the |calendar )?years? )"
    r"|(?<=\d{4}[-\u2013\u2014])|(?<=\d{4} [-\u2013\u2014])|(?<![\w.,/$£€#:(\u2013\u2014-])|(?<=\()(?=\d{4}\)?[-\u2013]?))"
    r"(?P<year>1[5-9]\d\d|20\d\d|21\d\d)(?P<decade>['\u2019]?s\b)?"
    r"(?:[-\u2013/](?P<short>\d\d)(?![\d-]))?"
    r"(?!\w|%|/|[.,]\d|[-\u2013\u2014](?!\d{4}(?!\d))\w)",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    rf"(?:\b{_PART}|\b)(?:the )?(?P<number>{ORDINAL})(?:{_DASH} ?| )centur(?:y|ies)\b", re.IGNORECASE
)
_SIXTIES = re.compile(
    r"(?<!in )\bthe (?P<part>early |mid-|late )?(?P<tens>twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"(?:\b{_PART}|\b)(?P<which>this (?:past|coming|current|present)|this|last|next|"
    r"(?:the |our |its )?(?:past|coming|current|present|new|ensuing)|the (?:last|next)|the|our|year's)"
    rf" (?:(?P<fiscal>fiscal|financial) )?(?P<unit>half[- ]century|quarter[- ]century|half[- ]year|{_UNITS}|{_SEASON})\b(?!{_DASH}\w| (?:of a|of the \d|ago|end\b|century))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"\b(?P<which>(?:this )?past|last|next|coming|these past|these) (?:period of )?(?P<n>{CARDINAL})"
    rf"(?P<half>(?: |{_DASH})and(?: |{_DASH})a(?: |{_DASH})half)?(?: or so)? (?:fiscal |calendar )?"
    rf"(?P<unit>{_PLURALS})\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    rf"\b{_APPROX}(?:(?P<n>{CARDINAL})(?P<half>(?: |{_DASH})and(?: |{_DASH})a(?: |{_DASH})half)?(?: or so)?|"
    rf"(?P<share>half a|a half|a quarter(?: of a)?|three[- ]quarters of a))[ -](?:(?P<full>full|short|long) )?"
    rf"(?P<unit>{_UNITS}|{_PLURALS}|half)\b(?P<late> and a half)?(?: or so)?[ ,]*(?P<way>ago|from now|from today|hence)\b",
    re.IGNORECASE,
)
_TIME_OF = re.compile(
    rf"\bin {_APPROX}(?P<n>{CARDINAL}) (?P<unit>{_UNITS}|{_PLURALS})['\u2019]?s?['\u2019]? time\b",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"\b(?:in|during|for|since|of|by) the (?P<number>first|second|third|fourth) (?P<half>half|quarter)\b"
    r"(?! of| century| and|-)",
    re.IGNORECASE,
)
_TODAY = re.compile(  # "a better tomorrow" is no day
    r"\b(?P<day>today|(?<!of )(?<!better )(?<!a )(?<!for )(?<!the )(?:yesterday|tomorrow)|tonight)\b(?!['\u2019])",
    re.IGNORECASE,
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(
    rf"\b(?P<which>[Oo]n|[Ll]ast|[Tt]his|[Nn]ext) (?P<day>{'|'.join(_WEEKDAYS)})\b(?!,? \d)"
)
_BOUND = re.compile(
    r"\b(?P<bound>since|by|until|till|before|after|through|prior to)(?: at least)?(?: about)?"
    r"(?: the)?(?: year)?(?: (?:of|in))? $",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|shall|would|is to|are to|upcoming|to be held|scheduled|planned|starting|(?:beginning|begin)(?! of)|effective|next|"
    r"tomorrow|forthcoming|set to|plans? to|expects? to|coming into force)\b[^.;]{0,110}$",
    re.IGNORECASE,
)
_OVER = re.compile(r"\b(?:over|throughout) (?:the )?$", re.IGNORECASE)
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|since|by|until|till|of|from|through|last|next|this|during|between|after|before|to|at its|at the|"
    rf"beginning|starting|both|the)|(?<=\w) ?{_DASH}) $",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:resolutions?|Res\.|No\.|Nos\.|paragraphs?|article|section|decision|document|page|pp?\.|chapter|"
    r"regulations?|agenda|vision|channel|level|about|some|nearly|over|than|least)(?: \([^)]*\))?,? "
    r"(?:\d[\d, ()XVI]{0,40}(?:and|or|,) )?$",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r" (?:years?|people|men|women|miles|tons?|tonnes|kilomet\w+|metres|dollars|soldiers|troops|million|billion|"
    r"thousand|feet|acres|percent|per cent|persons|members|days|weeks|months|hours|meetings?|of (?:them|these|the)|"
    r"delegates|schools|young|square|cubic|words|lives|jobs|families|vessels|planes|aircraft|"
    r"(?-i:\([IVXL]+)|Agenda|(?-i:[a-z]+ers)|deaths|victims|military|civilians?|nuclear|prisoners|refugees|"
    r"projects|cases|villages|items|pages|cities|countries|different|separate|or more)\b",
    re.IGNORECASE,
)
_STARTS_WITH_IN = re.compile(
    r"\b(?:in|since|by|until|before|after|during|from|the|of|for|year|and|to|between|early|late|till|through|"
    r"on|at|june|july|fiscal) $",
    re.IGNORECASE,
)
_EVENTS = (  # days that texts name without their year: (month, day), words beside them, year
    ((9, 11), re.compile(r"attack|terror|tragedy|events? of|horror|victims|aftermath", re.I), 2001),
)



def months(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield the times with a month by its name that stand in a part of a text."""
    for match in _WITH_MONTH.finditer(text, start, end):
        found = _with_month(match, today)
        if found:
            yield found


def years(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield the years, alone or in an ISO date, that stand in a part of a text."""
    for match in _ISO.finditer(text, start, end):
        date = _date(int(match["year"]), int(match["month"]), int(match["day"]))
        if date:
            yield Found(*match.span(), st.day(date), "in full")
    for match in _YEAR.finditer(text, start, end):
        found = _of_year(match)
        if found:
            yield found


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
    for match in _CENTURY.finditer(text, start, end):
        number = ordinal(match["number"])
        whole = st.century(number) if number else None
        # "a third century" is none, nor "the second century of our independence"
        if whole and number and number > 3:
            yield _found(match, whole, "in full")


def _decades(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for match in _SIXTIES.finditer(text, start, end):
        tens = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet").index(
            match["tens"].lower()
        )
        year = today.year - today.year % 100 + 10 * (tens + 2)
        whole = st.decade(year if year < today.year else year - 100)
        if whole:
            yield _found(match, whole, "the last such decade")


def days(text: str, start: int, end: int, today: dt.date | None) -> Iterator[Found]:
    """Yield *today*, *yesterday* and *tomorrow*."""
    for match in _TODAY.finditer(text, start, end) if today else ():
        name = match["day"].lower()
        whole = st.counted(today, "day", {"yesterday": -1, "tomorrow": 1}.get(name, 0))
        if whole:
            yield Found(*match.span(), whole, "today" if name == "tonight" else name)


def weekdays(
    text: str, start: int, end: int, today: dt.date | None, *, reported: bool
) -> Iterator[Found]:
    """Yield *last Monday*, *next Friday* and, where a text reports on days near it, *on Tuesday*."""
    for match in _WEEKDAY.finditer(text, start, end) if today else ():
        which = match["which"].lower()
        if which == "on" and not reported:
            continue
        weekday = _WEEKDAYS.index(match["day"])
        ahead = which == "next" or (which == "on" and _TO_COME.search(text, 0, match.start()))
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
            yield Found(begin, match.end(), whole, _NEXT_SUCH if shift > 0 else _LAST_SUCH)


def joins(text: str, first: int, end: int, second: int) -> int | None:
    """Return where *from A to B*, *between A and B* or *A-B* begins, None where the times are two."""
    middle = text[end:second].strip().lower()
    before = text[max(first - 9, 0) : first].lower()
    if middle in ("-", "\u2013", "\u2014", "\u2010", "\u2011", "to", "through", "until", "till", "up to"):
        return first - 5 if before.endswith("from ") else first
    if middle in ("and", "and the") and before.endswith("between "):
        return first - 8
    return None


def bound(text: str, start: int) -> str:
    """Return what stands before a time and makes it a bound: *since*, *by*, *until* ..."""
    match = _BOUND.search(text, max(start - 30, 0), start)
    return match["bound"].lower().replace("till", "until") if match else ""


def _found(match: re.Match[str], whole: Stretch, how: str, **more: object) -> Found:
    """Return what a match says, cut to the part of the stretch that it names, without its article."""
    named = match.groupdict().get("part")
    which = _part(named) if named else None
    start = match.start()
    if match[0].lower().startswith("the "):
        start += 4
    cut = st.part(whole, which) if which else whole
    return Found(start, match.end(), cut, how, **more)  # type: ignore[arg-type]


def _part(written: str) -> Part | None:
    words = written.lower().strip(" -").removeprefix("the ").removeprefix("very ")
    if words in _PARTS:
        return _PARTS[words]
    which, _, unit = words.partition(" ")
    if unit.rstrip("s") in ("day", "week", "month"):
        return "beginning" if which == "first" else "end" if which in ("last", "final") else None
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _with_month(match: re.Match[str], today: dt.date | None) -> Found | None:
    text, name = match.string, match["month"]
    month = MONTHS[name.lower()]
    day = (match["day1"] or match["day3"] or "").lower().replace("first", "1")
    if not name[0].isupper():
        return None
    if match["day1"] and match["day3"]:
        return None
    if not day and not match["part"] and not match["year"] and (
        len(name) <= 3 and name.lower() != "may"
        or not _BEFORE_MONTH.search(text, max(match.start() - 14, 0), match.start())
        or re.match(r" \d|['\u2019]s? [A-Z]| (?:First|Fourth|Thirtieth)| [A-Z][a-z]+ (?:Revolution|Plan|Movement)|-[A-Za-z]|\d", text[match.end() :][:24])
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
        return _found(match, whole, how, open_year=open_year) if whole else None
    first = _date(chosen, month, int(day))
    if first is None:
        # 30 February: no day, and no other one; the year stands alone
        return _of_year(m) if year and (m := _YEAR.match(text, match.start("year"))) else None
    last_day = match["day2"] or match["day4"]
    last = _date(chosen, month, int(last_day)) if last_day else None
    if last and last > first:
        return Found(start, match.end(), st.days(first, last), how, open_year=open_year)
    end = match.end()
    if last_day:
        return None if match["day2"] else Found(start, match.end("day3"), st.day(first), how)
    return Found(start, end, st.day(first), how, open_year=open_year)


def _year_without(
    match: re.Match[str], month: int, day: int, today: dt.date
) -> tuple[int, str]:
    """Return the year of a month or day without one, and the rule: the last such one, or the next."""
    text = match.string
    around = text[max(match.start() - 60, 0) : match.end() + 60]
    for known, words, year in _EVENTS:
        if (month, day) == known and today.year >= year and words.search(around):
            return year, "the well-known day"
    before = text[max(match.start() - 12, 0) : match.start()].lower()
    after = text[match.end() :][:12].lower()
    if after.startswith((" this year", ", this year", " of this y")):
        return today.year, _ON_TEXT
    if after.startswith((" last year", ", last year", " of last y")):
        return today.year - 1, _ON_TEXT
    if after.startswith((" next year", ", next year", " of next y")):
        return today.year + 1, _ON_TEXT
    number = min(day or 1, calendar.monthrange(today.year, month)[1])
    past = (month, number) <= (today.month, today.day)
    if before.endswith("last ") or after.startswith((" last", ", last")):
        return today.year - (not past or (month == today.month and not day)), _LAST_SUCH
    same = month == today.month and not day
    if before.endswith("this "):
        return today.year, _ON_TEXT
    if not same and (
        before.endswith("next ")
        or after.startswith((" next", ", next"))
        or _TO_COME.search(text, max(match.start() - 130, 0), match.start())
    ):
        return today.year + (past and not (day and (month, day) == (today.month, today.day))), _NEXT_SUCH
    return today.year - (not past), _LAST_SUCH


def _of_year(match: re.Match[str]) -> Found | None:
    text, found = match.string, match.groupdict()
    year = int(found["year"])
    before = text[max(match.start() - 60, 0) : match.start()]
    alone = match.start() == match.start("year")
    if (alone and _NUMBERED.search(before)) or text[match.end() :].startswith(" Agenda"):
        return None
    if alone and not found["decade"] and _THINGS.match(text, match.end()) and not (
        re.search(r"\b(?:in|since|by|until|during|the) $", before, re.I)
        and not re.match(r" (?:years|people|men|miles|tons|million|percent)", text[match.end() :])
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
    result = _found(match, whole, how)
    lead = re.match(r"(?:the )?(?:calendar )?years? |(?:the )?(?:spring|summer|autumn|fall|winter)", match[0], re.I)
    if lead and not found["season"] and not found["part"] and not found["fiscal"]:
        return Found(match.start("year"), match.end(), result.stretch, how)
    return result


def _relatives(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for match in _RELATIVE.finditer(text, start, end):
        which = match["which"].lower().removeprefix("the ").removeprefix("our ").removeprefix("its ")
        unit = match["unit"].lower().replace("-", " ")
        if match["unit"][0].isupper() and match["which"].lower().endswith("new"):
            continue  # the New Year is a day
        part = match["part"]
        with_article = match["which"].lower().startswith("the ")
        if which in ("the", "our", "year's") and not (part and which == "the" and unit in ("year", "month", "century", "decade")):
            if not (which == "our" and unit == "century"):
                continue
        if part and part.lower() in ("earlier", "later") and which != "this":
            continue
        if unit == "century" and which == "last" and not part and _OVER.search(text, 0, match.start()):
            which = "past"  # "over the last century": the hundred years before the text
        way = _way(which, unit, with_article, today)
        if way is None:
            continue
        whole = _resolved(way, unit, today)
        if whole is None:
            continue
        when: st.When = "past" if way in ("last", "past") else "ahead" if way in ("next", "coming") else ""
        how = "a fiscal year" if match["fiscal"] else _ON_TEXT
        if part and part.lower() in ("earlier", "later"):
            yield _since_or_till(match, whole, part.lower() == "earlier", today)
        elif part and _part(part) and "/" in str(_part(part)) and unit == "century" and "quarter" in part:
            yield _found(match, whole, how, when="")
        else:
            found = _found(match, whole, how)
            yield Found(found.start, found.end, found.stretch, how, "" if part else when)


def _since_or_till(match: re.Match[str], whole: Stretch, earlier: bool, today: dt.date) -> Found:
    """Return *earlier this year* and *later this month*: up to the date of the text, or from it on."""
    first, last = whole.days
    at = today.toordinal()
    if whole.unit == "year" and whole.first == whole.last:
        here = st.month_index(today)
        bounds = (whole.first * 12, here) if earlier else (here, whole.first * 12 + 11)
        cut = st.months(*bounds)
    else:
        cut = Stretch("day", first, min(at, last)) if earlier else Stretch("day", max(at, first), last)
    return Found(*match.span(), cut, _ON_TEXT, "past" if earlier else "ahead")


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


def _resolved(way: str, unit: str, today: dt.date) -> Stretch | None:  # noqa: PLR0911
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
        return st.reaching(today, "year", shift * _HALVES[unit])
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
    for match in _COUNTED.finditer(text, start, end):
        number = cardinal(match["n"])
        which = match["which"].lower()
        if number is None or (which == "these" and number < 2):
            continue
        back = which not in ("next", "coming")
        much = number + (0.5 if match["half"] else 0)
        whole = st.reaching(today, _singular(match["unit"]), -much if back else much)
        if whole:
            yield Found(*match.span(), whole, _ON_TEXT, "past" if back else "ahead")


def _agos(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    for pattern in (_AGO, _TIME_OF):
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
            approx = _APPROXIMATE.get((found["approx"] or "").lower(), "")
            if not back and approx in ("before", "after"):
                approx = "after" if approx == "before" else "before"
            if whole:
                when: st.When = "past" if back else "ahead"
                yield Found(*match.span(), whole, "counted from the text", when, approx)


def _quarters(text: str, start: int, end: int, today: dt.date) -> Iterator[Found]:
    """Yield *the third quarter* without a year: the last one that has begun, or the next to come."""
    for match in _QUARTER.finditer(text, start, end):
        if match["half"].lower() == "half":
            continue
        number = ("first", "second", "third", "fourth").index(match["number"].lower()) + 1
        whole = st.quarter(today.year, number)
        if whole.days[0] > today.toordinal():
            ahead = _TO_COME.search(text, max(match.start() - 130, 0), match.start())
            whole = whole if ahead else st.quarter(today.year - 1, number)
        yield Found(match.start("number"), match.end(), whole, _LAST_SUCH, open_year=True)


def _singular(unit: str) -> str:
    name = unit.lower()
    return "century" if name == "centuries" else name.removesuffix("s")
