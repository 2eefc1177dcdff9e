"""The grammar of times in Chinese: 2025年1月21日, 今年上半年, 过去五年, 二十世纪九十年代."""

import datetime as dt
import re
from collections.abc import Iterator

from kit.times import stretch as st
from kit.times.numerals import HAN, chinese
from kit.times.stretch import Found, Part, Stretch, When

MAY = re.compile("[年月日天周世]")
_ON_TEXT = "from the date of the text"
_Y = r"(?:[12１２一二][0-9０-９〇零○一二三四五六七八九]{3})"
_N = rf"(?:{HAN}{{1,4}})"
_PART = (
    r"(?P<part>上半年|下半年|前三季度|(?:第?[一二三四]季度)|年?初|年?中期?(?=[，。、；])|年?底|年?末|上旬|中旬|下旬|初期|末期|前期|中期|后期"
    r"|上半叶|下半叶|前半叶|后半叶|中叶)"
)
_PARTS: dict[str, Part] = {
    "上半年": "1/2",
    "下半年": "2/2",
    "上半叶": "1/2",
    "前半叶": "1/2",
    "下半叶": "2/2",
    "后半叶": "2/2",
    "一季度": "1/4",
    "二季度": "2/4",
    "三季度": "3/4",
    "四季度": "4/4",
    "初": "beginning",
    "底": "end",
    "末": "end",
    "上旬": "early",
    "中旬": "mid",
    "下旬": "late",
    "初期": "early",
    "前期": "early",
    "中": "mid",
    "中期": "mid",
    "中叶": "mid",
    "后期": "late",
    "末期": "late",
}
_YEARS = {
    "今年": 0, "本年": 0, "本年度": 0, "明年": 1, "后年": 2, "去年": -1, "上年": -1, "上一年": -1, "前年": -2,
}  # fmt: skip
_DATE = re.compile(
    rf"(?:(?P<year>{_Y}) ?年|(?P<which>今年|本年度?|明年|后年|去年|上一?年(?!度)|前年(?!度)))"
    rf"(?: ?(?P<month>{_N}) ?月(?:份)?(?: ?(?P<day>{_N}) ?[日号號])?)?(?!代){_PART}?"
)
_BARE = re.compile(
    rf"(?<![年0-9０-９〇零○一二三四五六七八九十个]) ?(?P<month>{_N}) ?月(?:份)?(?P<day>{_N})[日号號]"
)
_DECADE = re.compile(
    rf"(?:(?P<century>{_N}) ?世纪|(?P<which>本世纪|上个?世纪))?"
    rf"(?P<decade>[0-9０-９一二三四五六七八九十]{{2}}|"
    rf"[1２12][0-9０-９]{{3}}) ?年代{_PART}?"
)
_CENTURY = re.compile(
    rf"(?:(?P<number>{_N}) ?世纪|(?P<which>本世纪|上个?世纪|新世纪))(?!{_N} ?年代){_PART}?"
)
_MONTH = re.compile(
    r"(?P<which>本月|上个?月|下个?月|本周|上周|下周|今天|今日|昨天|昨日|明天|明日)(?!刊)"
)
_PAST = re.compile(
    rf"(?P<which>过去的?|最近的?|近|未来的?|今后的?)(?P<n>{_N})(?P<more>多)?(?P<unit>年|个月|个季度|周|天)(?!代|度|级)"
)
_COME = re.compile(
    rf"(?<![0-9０-９{HAN[1:-1]}第近去来的后])(?P<n>{_N})(?P<more>多)?(?P<unit>年|个月)(?:以?来)"
)
_AGO = re.compile(
    rf"(?<![{HAN[1:-1]}第])(?P<n>{_N})(?P<more>多)?(?P<unit>年|个月|天)(?:以)?(?P<way>前|之前|后|之后)(?![期进半])"
)
_SINCE = re.compile("^(?:以来|以後|起(?![来义草])|以后|之后|后(?!期)|后来)")
_UNTIL = re.compile("^(?:以前|之前|前(?![期后三五十])|为止)")
_BY = re.compile("(?:到|至|截至|截止|力争|确保|争取)$")


def times(text: str, today: dt.date | None) -> Iterator[Found]:
    """Yield the times of a Chinese passage."""
    for match in _DATE.finditer(text):
        yield from _date(match, today)
    if today:
        for match in _BARE.finditer(text):
            yield from _without_year(match, today)
    for match in _DECADE.finditer(text):
        whole = _decade(match, today)
        if whole:
            yield Found(
                *match.span(),
                _cut(whole, match["part"]),
                "in full" if match["century"] else _ON_TEXT,
            )
    for match in _CENTURY.finditer(text):
        yield from _century(match, today)
    if today:
        yield from _relative(text, today)


def joins(text: str, first: int, end: int, second: int) -> int | None:
    """Return where *从 A 到 B* or *A—B* begins, or None where the times are two."""
    if text[end:second].strip() in ("到", "至", "-", "—", "——", "－", "–", "～", "~"):
        return first - 1 if text[:first].endswith(("从", "自")) else first
    return None


def bound(text: str, start: int) -> str:
    """Return what stands before a time and bounds it; what follows it the grammar has seen."""
    return "by" if _BY.search(text, max(start - 3, 0), start) else ""


def _after(text: str, end: int) -> str:
    if _SINCE.match(text[end : end + 3]):
        return "since" if text[end] in "以起" and text[end : end + 2] != "以后" else "after"
    return "before" if _UNTIL.match(text[end : end + 3]) else ""


def _cut(whole: Stretch, written: str | None) -> Stretch:
    if not written:
        return whole
    name = written.removeprefix("第")
    name = name if name in _PARTS or len(name) == 1 else name.removeprefix("年")
    if name == "前三季度" and whole.unit == "year":
        return st.months(whole.first * 12, whole.first * 12 + 8)
    return st.part(whole, _PARTS[name]) if name in _PARTS else whole


def _date(match: re.Match[str], today: dt.date | None) -> Iterator[Found]:
    how = "in full"
    if match["year"]:
        year = chinese(match["year"]) or 0
    elif today:
        year, how = today.year + _YEARS[match["which"]], _ON_TEXT
    else:
        return
    if not 1000 <= year < 2200 and match["year"]:
        return
    month = chinese(match["month"]) if match["month"] else None
    day = chinese(match["day"]) if match["day"] else None
    whole = st.years(year)
    if match["month"]:
        if month is None or not 1 <= month <= 12:
            return
        whole = st.month(year, month)
        if match["day"]:
            try:
                whole = st.day(dt.date(year, month, day or 0))
            except ValueError:
                return
    if whole:
        after = _after(match.string, match.end())
        yield Found(*match.span(), _cut(whole, match["part"]), how, bound=after)


def _without_year(match: re.Match[str], today: dt.date) -> Iterator[Found]:
    month, day = chinese(match["month"]) or 0, chinese(match["day"]) or 0
    for year in (today.year, today.year - 1):
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        if date <= today:
            start = match.start("month")
            yield Found(start, match.end(), st.day(date), "the last such one", open_year=True)
            return


def _decade(match: re.Match[str], today: dt.date | None) -> Stretch | None:  # noqa: PLR0911
    tens = chinese(match["decade"])
    if tens is None:
        return None
    if tens >= 1000:
        return st.decade(tens)
    if tens % 10 or tens >= 100:
        return None
    if match["century"]:
        number = chinese(match["century"])
        return st.decade(100 * (number - 1) + tens) if number else None
    if today is None:
        return None
    base = today.year - today.year % 100
    if match["which"]:
        return st.decade(base + tens - (0 if match["which"] == "本世纪" else 100))
    return st.decade(base + tens - (100 if base + tens > today.year + 10 else 0))


def _century(match: re.Match[str], today: dt.date | None) -> Iterator[Found]:
    if match["number"]:
        number = chinese(match["number"])
        if number is None or not 10 <= number <= 22:
            return
        how = "in full"
    elif today:
        number, how = st.century_of(today.year), _ON_TEXT
        if match["which"].startswith("上"):
            number -= 1
        if match["which"] == "新世纪" and today.year % 100 >= 80:
            number += 1
    else:
        return
    whole = st.century(number)
    if whole and not match.string[match.end() :].startswith("海上"):
        yield Found(
            *match.span(), _cut(whole, match["part"]), how, bound=_after(match.string, match.end())
        )


def _relative(text: str, today: dt.date) -> Iterator[Found]:
    for match in _MONTH.finditer(text):
        which = match["which"].replace("个", "")
        shift = {"上": -1, "昨": -1, "下": 1, "明": 1}.get(which[0], 0)
        if which.endswith("月"):
            at = st.month_index(today) + shift
            whole: Stretch | None = st.months(at, at)
        elif which.endswith("周"):
            whole = st.week(today, shift)
        else:
            whole = st.counted(today, "day", shift)
        if whole:
            yield Found(*match.span(), whole, "today" if which in ("今天", "今日") else _ON_TEXT)
    for pattern in (_PAST, _COME):
        for match in pattern.finditer(text):
            number = chinese(match["n"])
            back = match.groupdict().get("which", "过").startswith(("过", "最", "近"))
            whole = (
                st.reaching(today, _unit(match["unit"]), -number if back else number)
                if number
                else None
            )
            if whole and number and number < 1000:
                when: When = "past" if back else "ahead"
                yield Found(*match.span(), whole, _ON_TEXT, when, "about" if match["more"] else "")
    for match in _AGO.finditer(text):
        number = chinese(match["n"])
        back = match["way"].endswith("前")
        whole = (
            st.counted(today, _unit(match["unit"]), -number if back else number) if number else None
        )
        if whole and number and number < 1000 and back:
            yield Found(
                *match.span(),
                whole,
                "counted from the text",
                "past",
                "before" if match["more"] else "",
            )


def _unit(written: str) -> str:
    return {"年": "year", "个月": "month", "个季度": "quarter", "周": "week", "天": "day"}[written]
