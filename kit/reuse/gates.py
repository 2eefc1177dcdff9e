"""What keeps two sentences that sound alike from saying the same: numbers, negation, direction.

Sentence embeddings put *hold at 3.75 %* beside *cut to 3.5 %*. So two sentences of near meaning are
taken to say the same only where nothing of this differs. The lists are of English, Chinese and Russian.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

# A whole number, with thousands or decimals, with a fraction, or a fraction: 1,200; 3.75; 3-3/4; 1/4.
# What is part of a name is none: COVID-19, CO2.
_NUMBER = re.compile(
    r"(?<![A-Za-zА-я\d])(?<![A-Za-zА-я][-\u2010\u2011])"
    r"(\d+(?:[.,]\d+)*)(?:[-\u2010\u2011 ](\d+)/(\d+)|/(\d+))?"
)
_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "万": 10**4, "亿": 10**8, "тыс": 10**3, "млн": 10**6, "миллион": 10**6, "млрд": 10**9,
    "миллиард": 10**9, "трлн": 10**12, "триллион": 10**12,
}  # fmt: skip
_SCALE = re.compile(rf"[\s-]?({'|'.join(_SCALES)})")
_SPELT = {
    word: Fraction(i)
    for i, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}
_TENS = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet")
_UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
)
_COMPOUND = re.compile(rf"\b({'|'.join(_TENS)})(?:y|ieth)(?:[- ]({'|'.join(_UNITS)}))?\b")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

_NO = {
    "en": r"\b(?:not(?! (?:only|least|merely|just))|never|neither|nor|none|nothing|no(?! (?:less|fewer))"
    r"|without|cannot)\b|n['\u2019]t\b",
    "zh": "不(?![断同仅但少过懈])|没有|从未|尚未|勿",
    "ru": r"\b(?:не(?! (?:только|менее))|нет|ни|никогда|никто|ничто|без|нельзя)\b",
}

# Poles of each axis, by language: words, or beginnings of words with a hyphen (as regular expressions).
Axis = tuple[Mapping[str, str], ...]
_AXES: Mapping[str, Axis] = {
    "direction": (
        {
            "en": r"rais- increas- rise rises rose risen rising grow grows grew grown growing expand- "
            r"strengthen- accelerat- tighten- higher above exceed- upward upside improv- enhanc- widen- "
            r"pick(?:s|ed|ing)?\s+up",
            "zh": "提高 上升 上调 增加 扩大 加快 加强 高于 超过 增长 收紧 改善",
            "ru": "повыш- повыс- увелич- возраст- возрос- расшир- ускор- укреп- усил- выше превы- улучш-",
        },
        {
            "en": "lower lowers lowered lowering cut cuts cutting reduc- decreas- declin- fall falls fell "
            "fallen falling shrink- weaken- slow slows slowed slowing slower ease eased eases easing below "
            "downward downside diminish- deteriorat- worsen- narrow- moderated moderating decelerat- soften-",
            "zh": "降低 下降 下调 减少 缩小 放缓 削弱 低于 减弱 放宽 恶化 压减",
            "ru": "сниж- сниз- уменьш- сокра- замедл- ослаб- ниже ухудш-",
        },
        {
            "en": "hold holds held holding keep keeps kept keeping maintain- unchanged",
            "zh": "保持 维持 不变",
            "ru": "сохран- удерж- неизмен-",
        },
    ),
    "stand": (
        {
            "en": "support- welcom- accept- agree agreed agrees approv- favor- favour- endors- commend- "
            "prais-",
            "zh": "支持 欢迎 接受 同意 赞成 赞同 赞赏",
            "ru": "поддерж- приветств- соглас- одобр-",
        },
        {
            "en": "oppos- reject- condemn- deplor- regret- refus- deny denies denied disagre- critici- "
            "against",
            "zh": "反对 拒绝 谴责 遗憾 否认",
            "ru": "против- отверг- осужд- осуд- отказ- сожал- отриц-",
        },
    ),
    "beginning or end": (
        {
            "en": "begin begins began begun beginning start starts started starting launch- resum- open "
            "opens opened",
            "zh": "开始 启动 恢复",
            "ru": "начал- начат- начин- начн- возобнов- открыл-",
        },
        {
            "en": "end ends ended ending stop- conclud- ceas- halt- terminat- suspend- clos-",
            "zh": "结束 停止 终止 中止",
            "ru": "заверш- прекра- останов- законч- приостан-",
        },
    ),
}

_MOVES = {0, 1}  # up and down: who says that a thing falls says more than that it is low


def differences(
    one: str, other: str, codes: tuple[str, str], *, strict: bool = False
) -> tuple[str, ...]:
    """Return what keeps two sentences (of the languages `codes`) from saying the same, or nothing.

    ``numbers``: one has a number in digits that the other has not, in digits or spelt; ``negation``: one
    alone is negated; an axis (``direction``, ``stand``, ``beginning or end``): each points a way that
    the other does not; where `strict`, also one alone says that something rises or falls.
    """
    found = []
    (exact, spelt), (exact_other, spelt_other) = map(_numbers, (one, other))
    alone = (exact - exact_other - spelt_other) | (exact_other - exact - spelt)
    if alone or (spelt and spelt_other and not spelt & spelt_other):
        found.append("numbers")
    if _negated(one, codes[0]) != _negated(other, codes[1]):
        found.append("negation")
    for name, axis in _AXES.items():
        a, b = _poles(axis, one, codes[0]), _poles(axis, other, codes[1])
        if (a - b and b - a) or (strict and name == "direction" and (a ^ b) & _MOVES):
            found.append(name)
    return tuple(found)


def _numbers(text: str) -> tuple[set[Fraction], set[Fraction]]:
    """Return the numbers written in digits or from twenty on, and those from one to twelve spelt out."""
    folded = text.casefold()
    exact = set()
    for tens, unit in _COMPOUND.findall(folded):
        exact.add(
            Fraction(10 * _TENS.index(tens) + 20 + (_UNITS.index(unit) % 9 + 1 if unit else 0))
        )
    for match in _NUMBER.finditer(text):
        whole, part, of, under = match.groups()
        value = _value(whole)
        if of and int(of):
            value += Fraction(int(part), int(of))
        elif under and int(under):
            value /= int(under)
        scale = _SCALE.match(text, match.end())
        exact.add(value * _SCALES[scale[1]] if scale else value)
    words = re.findall(r"[a-z]+", _COMPOUND.sub("", folded))
    return exact, {_SPELT[w] for w in words if w in _SPELT}


def _value(number: str) -> Fraction:
    """Return 1,200 and 3.75 and, as Russian has it, 3,75; of a date as 9.12.2024 the digits."""
    if _THOUSANDS.fullmatch(number):
        return Fraction(number.replace(",", ""))
    marks = [c for c in number if not c.isdecimal()]
    return Fraction(number.replace(",", ".") if len(marks) < 2 else re.sub("[.,]", "", number))


def _negated(text: str, code: str) -> bool:
    return code in _NO and re.search(_NO[code], text.casefold()) is not None


def _poles(axis: Axis, text: str, code: str) -> set[int]:
    """Return the numbers of the poles of an axis that a text has words of."""
    folded = text.casefold()
    entries = [pole.get(code, "") for pole in axis]
    return {i for i, words in enumerate(entries) if words and _any_of(words, code).search(folded)}


@lru_cache(maxsize=64)
def _any_of(words: str, code: str) -> re.Pattern[str]:
    if code == "zh":
        return re.compile("|".join(words.split()))
    each = (w.replace("-", r"\w*") for w in words.split())
    return re.compile(rf"\b(?:{'|'.join(each)})\b")
