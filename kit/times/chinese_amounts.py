"""Amounts in Chinese: 增长5%左右, 达到1.2万亿元, 百分之三十 - with the words before them."""

import re
from collections.abc import Iterator

from kit.corpus import Document, Span
from kit.times import numerals
from kit.times.stretch import Time

_DIGITS = (
    r"[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?:[.．][0-9０-９]+)?|[0-9０-９]+(?:[.．][0-9０-９]+)?"
)
_HAN = "[〇零○一二两三四五六七八九十百千万亿]"
_POINT = "[点．.][〇零○一二三四五六七八九]+"
_SCALES = {"万亿": 1e12, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3, "百": 1e2}
_MONEY = "元|美元|人民币|欧元|日元|卢布|港元|英镑"
_UNITS = (
    "多?(?:公斤|公里|公顷|平方公里|平方米|立方米|千瓦时?|千瓦|吨|亩|斤|担|人次|人|户|家|个|项|所|万?名|次|艘|座|条|台|件|"
    "度|小时|辆|万?锭|公尺|岁|倍|成|例|国|米|匹|头|起|对|批|期|部|张|位|处|吨煤)"
)
_AMOUNT = re.compile(
    rf"(?P<of>百分之)?(?P<n>{_DIGITS}|{_HAN}+)(?P<point>{_POINT})?(?P<few>多|余|几)?(?P<scale>万亿|千万|"
    rf"百万|[亿万千百])?(?P<more>多|余|几)?"
    rf"(?P<percent>个百分点|[%％])?(?:(?P<joiner>[-—–～~至到]|百分之)(?P<m>{_DIGITS}|{_HAN}+)(?P<percent2>[%％])?)?"
    rf"(?P<unit>{_MONEY}|{_UNITS})?(?P<after>左右|以上|以下|以内|上下)?"
)
_UP = "增长到|增加到|增至|升至|增长|增加|提高|上升|扩大|提升|上涨|上调|增产|增收|递增|上浮|回升|翻"
_DOWN = "降到|降至|降为|减至|减少到|下降|减少|降低|缩小|回落|下调|下跌|下浮|减产|缩减|减轻|压缩"
_LEVEL = (
    "达到|达|为|占|超过|突破|完成|实现|保持在|控制在|等于|接近|"
    "不低于|不少于|至少|约|近|共|合计|安排|投入|新增|建成|累计|相当于"
)
_BEFORE = re.compile(
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<level>{_LEVEL}))(?:了|到|至|为|约|近|超过|不低于|不少于|达|达到|在|"
    rf"幅度为){{0,2}}$"
)
_BOUNDS = (
    ("at least", re.compile("(?:不低于|不少于|至少)$")), ("more than", re.compile("(?:超过|突破|逾)$")),
    ("nearly", re.compile("(?:接近|近)$")), ("about", re.compile("(?:约|大约|左右)$")),
    ("up to", re.compile("(?:不超过|控制在)$")),
)  # fmt: skip
_AFTER = {"左右": "about", "上下": "about", "以上": "at least", "以下": "up to", "以内": "up to"}
_CLAUSE = re.compile("[，。；：、！？（）()“”\n]")
_TAIL = re.compile(
    "(?:比[^比]{1,20}|将|实际|平均每年|年均|每年|预计|只|已|也|又|分别|从|由|约|至少|再|共|仅|就|拟定|大约|计划)+$"
)
LONGEST = 16  # characters of what an amount is about


def rows(document: Document, times: list[Time]) -> Iterator[tuple[tuple[object, ...], Span]]:
    """Yield the row and span of each amount that has a unit or is a percentage."""
    for number, text in document.passages():
        last = ""
        taken = [(x.span.start, x.span.end) for x in times if x.span.paragraph == number]
        for match in _AMOUNT.finditer(text):
            if any(s < match.end() and match.start() < e for s, e in taken):
                continue
            found = _one(match)
            if found is None or (text[match.start() - 1 : match.start()] == "第"):
                continue
            value, low, high, kind, unit = found
            before = text[max(match.start() - 40, 0) : match.start()]
            clause = _CLAUSE.split(before)[-1]
            verb = _BEFORE.search(clause)
            if kind == "count" and (verb is None or (unit == "个" and not match["n"][0].isdigit())):
                continue  # 三个代表, 两个一百年: numbers of names; a count that counts has a verb
            direction = (
                "" if verb is None else "up" if verb["up"] else "down" if verb["down"] else ""
            )
            bound = _AFTER.get(match["after"] or "", "")
            if not bound and (match["more"] or match["few"]):
                bound = "more than"
            if not bound:
                bound = next((name for name, words in _BOUNDS if words.search(clause)), "")
            about = _TAIL.sub("", clause[: verb.start()] if verb else clause)[-LONGEST:]
            about = last = about if len(about) > 1 else last  # "A和B分别增长3%、2%"
            yield (
                (
                    document.day,
                    number,
                    value,
                    low,
                    high,
                    unit,
                    kind,
                    direction,
                    bound,
                    match[0],
                    about,
                ),
                Span(document.id, number, match.start(), match.end()),
            )


def _one(
    match: re.Match[str],
) -> tuple[float | None, float | None, float | None, str, str] | None:
    value = _value(match["n"], match["point"], match["scale"])
    if value is None:
        return None
    unit = match["unit"] or ""
    kind = "count"
    if match["of"] or match["percent"] or match["percent2"]:
        points = match["percent"] == "个百分点"
        kind, unit = ("points", "percentage points") if points else ("percent", "percent")
    elif unit and re.fullmatch(_MONEY, unit):
        kind = "money"
    elif unit.endswith("倍"):
        kind = "multiple"
        unit = "times"
    elif not unit:
        return None
    if match["m"]:
        other = _value(match["m"], None, match["scale"] if match["scale"] else None)
        if other is not None and other > value:
            return None, value, other, kind, unit
    return value, None, None, kind, unit


def _value(written: str, point: str | None, scale: str | None) -> float | None:
    plain = written.translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,")).replace(
        ",", ""
    )
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        base: float | None = float(plain)
    else:
        base = _han(written)
    if base is None:
        return None
    if point:
        digits = "".join(str(numerals.chinese(c)) for c in point[1:])
        base += float(f"0.{digits}")
    return round(base * _SCALES.get(scale or "", 1), 6)


def _han(written: str) -> float | None:
    """Return the value of numerals with 万 and 亿: 二亿二千万."""
    total = 0.0
    for mark, size in (("亿", 1e8), ("万", 1e4)):
        if mark in written:
            head, _, written = written.partition(mark)
            value = _han(head) if head else 1
            if value is None:
                return None
            total += value * size
    if not written:
        return total
    rest = numerals.chinese(written)
    return None if rest is None else total + rest
