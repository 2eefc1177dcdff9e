"""The grammar of amounts in English: figures and words, fractions, scales, ranges, units, bounds."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kit.times import numerals

_DASH = "[-\u2010\u2011\u2012\u2013]"
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}
_SIGNS = "".join(_FRACTIONS)
_ONES_AND_TENS = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:(?:{_DASH} ?| )(?:one|"
    rf"two|three|four|five|"
    r"six|seven|eight|nine)\b)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|zero)"
)
_FIGURE = (
    rf"(?:\d{{1,2}}/\d{{1,2}}(?!\d)|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?"
    rf"|\d+(?:\.\d+)?(?:(?:{_DASH}| )\d{{1,2}}/\d{{1,2}}(?!\d))?)[{_SIGNS}]?|[{_SIGNS}]"
)
_WORD = (
    rf"{_ONES_AND_TENS}\b(?: and (?:a|one)(?: |{_DASH})(?:half|quarter)\b)?|an?(?= (?:hundred|"
    rf"thousand|million|"
    rf"billion|trillion|dozen)\b)|hundred(?= (?:and|million|thousand|billion))"
)
_SCALE = (
    rf"(?:[ -](?:hundred(?: (?:and )?{_ONES_AND_TENS}\b)?"
    r"|thousand|million|billion|trillion|dozen|bn|mn)\b)*"
)
_NUMBER = rf"(?:{_FIGURE}|{_WORD})"
_MONEY_SIGN = r"(?:US\$|HK\$|A\$|C\$|\$|€|£|¥|RMB ?)"
_CURRENCY = (
    r"(?:(?:US|American|Hong Kong|Canadian|Australian) )?dollars?|euros?|pounds(?: sterling)?|"
    r"yuan|RMB|renminbi|"
    r"roubles?|rubles?|yen|francs?|US\$|USD|EUR|sterling|marks|rupees|cents"
)
_RATE = (
    r",? (?:(?:per|a|each|every) (?P<per>year|month|week|day|quarter|annum|capita|head|person|hour)\b"
    r"|(?P<adverb>annually|monthly)\b)"
)
_ONE = re.compile(
    rf"(?P<sign>{_MONEY_SIGN})?(?P<number>{_NUMBER})(?P<scale>{_SCALE})(?:"
    rf"(?P<percent> ?%| ?{_DASH}?per ?cent(?:age)?(?! ?points?)\b)"
    rf"|(?P<points>(?:{_DASH}| )?(?:of a |of one )?(?:percentage|basis)(?: |{_DASH})points?\b| ?bps\b)"
    rf"|(?P<money> (?:{_CURRENCY})(?!\w)))?",
    re.IGNORECASE,
)
_PER = re.compile(_RATE, re.IGNORECASE)
_JOINER = re.compile(rf" ?{_DASH} ?| to (?:about |around |nearly )?| and (?:about )?| or ")
_NO_AMOUNT = re.compile(r"\w|[:/]\d|\.\d| ?[ap]\.? ?m\b| and [a-z-]+(?:th|st|rd)\b")
_AND_A_HALF = re.compile(" and a half\\b")
SHARE = re.compile(
    rf"(?P<count>{_ONES_AND_TENS}|an?)(?: |{_DASH} ?)(?P<part>halves|half|thirds?|quarters?|"
    rf"fourths?|fifths?|"
    rf"sixths?|sevenths?|eighths?|ninths?|tenths?)\b(?!{_DASH}| (?:century|year|session|time|"
    rf"world|party|of (?:the|a|this) (?:"
    r"year|century|decade)))",
    re.IGNORECASE,
)
_PARTS = {
    "hal": 2, "thi": 3, "qua": 4, "fou": 4, "fif": 5, "six": 6, "sev": 7, "eig": 8, "nin": 9, "ten": 10,
}  # fmt: skip
_BOUNDS = {
    "at least": "at least|no (?:less|fewer) than|not (?:less|fewer) than|a minimum of|minimum",
    "more than": r"more than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in excess "
    "of|upwards? of|well over|top",
    "nearly": "nearly|almost|close to|just under|approaching",
    "about": "about|around|some|approximately|roughly|an estimated|estimated at|in the order of",
    "up to": "up to|as (?:many|much|high|low) as|at most|no more than|not more than|a maximum of",
    "less than": "less than|fewer than|under|below",
}
_BOUND = re.compile(
    rf"\b(?:{'|'.join(f'(?P<b{i}>{words})' for i, words in enumerate(_BOUNDS.values()))})"
    rf" (?:{_MONEY_SIGN})?$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?: [a-z]+)?,? or (?P<way>more|so|less|fewer|above|better)\b", re.IGNORECASE)
_SIGN_BEFORE = re.compile(rf"{_MONEY_SIGN}$")
_RANGE_BEFORE = re.compile(
    rf"\b(?P<word>from|between)(?: about)? (?:{_MONEY_SIGN})?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as written with what is written with it; of a range ``low`` and ``high``, no ``value``.

    ``kind`` is percent, points (percentage or basis points), money, share (*two thirds*), or count.
    """

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    kind: str
    unit: str
    bound: str
    scaled: bool  # written with a scale, a fraction or a thousands comma: a number and no label


@dataclass(frozen=True, slots=True)
class _Piece:
    """One number with its scale, unit and sign."""

    value: float
    kind: str
    unit: str
    end: int
    scale: str
    whole: bool  # a plain whole number


def amount(text: str, at: int) -> Amount | None:
    """Return the amount whose number begins at a character, or None."""
    share = SHARE.match(text, at)
    if share:
        return _share(share)
    sign = _SIGN_BEFORE.search(text, max(at - 4, 0), at)
    start = sign.start() if sign else at
    first = _piece(text, start)
    if first is None:
        return None
    value, kind, unit, end = first.value, first.kind, first.unit, first.end
    joiner = _JOINER.match(text, end)
    second = _piece(text, joiner.end()) if joiner else None
    low = high = None
    if joiner and second and (ends := _ends(text, start, first, joiner[0].strip(), second)):
        low, high = ends
        kind, unit, end = (
            (first.kind, first.unit, second.end)
            if second.kind == "count"
            else (second.kind, first.unit if first.kind == "money" else second.unit, second.end)
        )
    rate = _PER.match(text, end) if kind != "count" else None
    if rate:
        end = rate.end()
        unit += f" per {_RATES.get((rate['per'] or rate['adverb']).lower(), rate['per'])}"
    return Amount(
        start, end, value if low is None else None, low, high, kind, unit,
        _bound(text, start, end), not first.whole,
    )  # fmt: skip


_RATES = {
    "annum": "year",
    "capita": "person",
    "head": "person",
    "annually": "year",
    "monthly": "month",
}


def _piece(text: str, at: int) -> _Piece | None:
    match = _ONE.match(text, at)
    if match is None or _NO_AMOUNT.match(text, match.end()):
        return None
    value = _value(match["number"], match["scale"])
    if value is None:
        return None
    end = match.end()
    half = _AND_A_HALF.match(text, end)
    if half and match["scale"].strip().lower() in numerals.SCALES:  # "a million and a half"
        value += numerals.SCALES[match["scale"].strip().lower()] / 2
        end = half.end()
    kind, unit = "count", ""
    if match["sign"]:
        kind, unit = "money", match["sign"].strip()
    elif match["percent"]:
        kind, unit = "percent", "percent"
    elif match["points"]:
        few = "basis" in match["points"].lower() or "bps" in match["points"].lower()
        kind, unit = "points", "basis points" if few else "percentage points"
    elif match["money"]:
        kind, unit = "money", match["money"].strip()
    whole = not (match["scale"] or set("/,.").intersection(match["number"]))
    return _Piece(value, kind, unit, end, match["scale"], whole)


def _ends(
    text: str, start: int, first: _Piece, joiner: str, second: _Piece
) -> tuple[float, float] | None:
    """Return the low and high ends where two numbers are one range, else None."""
    word = _RANGE_BEFORE.search(text, max(start - 14, 0), start)
    before = word["word"].lower() if word else ""
    if joiner == "and" and before != "between":
        return None
    if joiner == "or" and not (first.whole and second.value == first.value + 1):
        return None  # "three or four years"
    takes_on = first.kind == "count" and not first.scale  # "3 to 5 percent", "18 to 20 billion"
    money = first.kind == "money" and second.kind == "count" and bool(second.scale)
    if not (first.kind == second.kind or takes_on or money):
        return None
    value = first.value
    if not first.scale and second.scale and value < 1000:
        value = _value(str(value), second.scale) or value
    if value == second.value or (value > second.value and before != "from"):
        return None
    return min(value, second.value), max(value, second.value)


def _bound(text: str, start: int, end: int) -> str:
    after = _AFTER.match(text, end)
    if after:
        return {"more": "at least", "above": "at least", "better": "at least", "so": "about"}.get(
            after["way"].lower(), "up to"
        )
    match = _BOUND.search(text, max(start - 24, 0), start)
    if match is None:
        return ""
    return next(name for i, name in enumerate(_BOUNDS) if match[f"b{i}"])


def _share(match: "re.Match[str]") -> Amount | None:
    count = numerals.cardinal(re.sub(_DASH, " ", match["count"]))
    of = _PARTS[match["part"][:3].lower()]
    if count is None or count >= of:
        return None
    if match["count"].lower() in ("a", "an") and match["part"].lower() not in (
        "half",
        "third",
        "quarter",
        "fifth",
        "tenth",
    ):
        return None
    text = match.string
    scale = re.match(" (million|billion|trillion)\\b", text[match.end() :])
    if scale:
        value = count / of * numerals.SCALES[scale[1]]
        end = match.end() + scale.end()
        bound = _bound(text, match.start(), end)
        return Amount(match.start(), end, value, None, None, "count", "", bound, True)
    percent = re.match(
        r" (?:of (?:a|one) )?(?:per ?cent(?:age)?(?: points?)?|%)", text[match.end() :]
    )
    if percent:
        points = "point" in percent[0]
        return Amount(
            match.start(), match.end() + percent.end(), count / of, None, None,
            "points" if points else "percent", "percentage points" if points else "percent",
            _bound(text, match.start(), match.end()), True,
        )  # fmt: skip
    return Amount(
        match.start(), match.end(), count / of, None, None, "share", "",
        _bound(text, match.start(), match.end()), True,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _value(number: str, scale: str | None) -> float | None:
    base = figure(number)
    if base is None:
        return None
    for word in re.findall(r"[a-z-]+", re.sub(_DASH, " ", (scale or "").lower())):
        if word in numerals.SCALES:
            base *= numerals.SCALES[word]
        elif word == "dozen":
            base *= 12
        elif word in ("bn", "mn"):
            base *= 1e9 if word == "bn" else 1e6
        elif word in numerals.WORDS:
            base += numerals.WORDS[word]
    # 2.3 million is not 2299999.9999999995
    return round(base, 6)


def figure(written: str) -> float | None:
    """Return the value of a number without a scale: ``5-1/4``, ``1,200``, ``2½``, *two and a half*."""
    plain = written.lower().replace(",", "")
    sign = next((_FRACTIONS[c] for c in plain if c in _FRACTIONS), 0.0)
    plain = plain.strip(_SIGNS)
    if not plain:
        return sign
    mixed = re.fullmatch(rf"(?:(\d+)(?:{_DASH}| ))?(\d+)/(\d+)", plain)
    if mixed:
        return float(mixed[1] or 0) + int(mixed[2]) / int(mixed[3]) if int(mixed[3]) else None
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain) + sign
    words, _, half = plain.partition(" and ")
    value = numerals.cardinal(re.sub(_DASH, " ", words))
    if value is None or not half:
        return None if value is None else float(value)
    return value + (0.5 if half.endswith("half") else 0.25)
