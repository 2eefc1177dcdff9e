"""Numbers as they are written in words and figures: *twenty-five*, *5-1/4*, *3.5 million*, *三十*."""

import re

_ONES = {
    word: number
    for number, word in enumerate(
        """
            zero one two three four five six seven eight nine ten eleven twelve thirteen
            fourteen fifteen sixteen seventeen eighteen nineteen
        """.split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
WORDS = _ONES | _TENS
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MANY = frozenset("dozens scores hundreds thousands millions billions trillions".split())
_ORDINALS = {
    word: number
    for number, word in enumerate(
        """
            first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
            thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
        """.split(),
        start=1,
    )
} | {f"{word.removesuffix('y')}ieth": number for word, number in _TENS.items()}
_DASH = "[-\u2010\u2011\u2013]"

# Up to 99 in words, with the stray blanks of scanned texts (*twenty- five*)
_SMALL = (
    rf"(?:(?:{'|'.join(_TENS)})(?:(?:{_DASH} ?| )(?:{'|'.join(list(_ONES)[1:10])})\b)?"
    rf"|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
)
CARDINAL = (
    rf"(?:\d{{1,3}}|(?:(?:a|one|two|three|four|five) )?hundred(?: (?:and )?{_SMALL})?|{_SMALL}|an?)"
)
_SMALL_ORDINAL = (
    rf"(?:(?:{'|'.join(_TENS)})(?:{_DASH} ?| )(?:{'|'.join(list(_ORDINALS)[:9])})"
    rf"|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
)
ORDINAL = (
    rf"(?:\d{{1,4}}(?:st|nd|rd|th|d)|(?:(?:one|two|three|four|five) )?"
    rf"(?:hundredth|thousandth|hundred and {_SMALL_ORDINAL})|{_SMALL_ORDINAL})"
)


def cardinal(written: str) -> int | None:
    """Return the value of a whole number in words or figures below a thousand; *a* is 1."""
    plain = " ".join(re.sub(_DASH, " ", written.lower()).split()).replace(" and ", " ")
    if plain.isdecimal():
        return int(plain)
    total = 0
    for word in plain.split():
        if word in ("a", "an"):
            total += 1
        elif word == "hundred":
            total = max(total, 1) * 100
        elif word in WORDS:
            total += WORDS[word]
        else:
            return None
    return total if plain else None


def ordinal(written: str) -> int | None:
    """Return the number of an ordinal in words or figures: *75th*, *thirty-fifth*, *hundredth*."""
    digits = re.match(r"\d+", written)
    if digits:
        return int(digits[0])
    plain = " ".join(re.sub(_DASH, " ", written.lower()).split()).replace(" and ", " ")
    *before, last = plain.split()
    if last in ("hundredth", "thousandth"):
        return (cardinal(" ".join(before)) or 1) * (100 if last == "hundredth" else 1000)
    rest = cardinal(" ".join(before)) if before else 0
    return None if last not in _ORDINALS or rest is None else rest + _ORDINALS[last]


_DIGITS = {
    c: i for i, alike in enumerate("〇零○ 一 二两 三 四 五 六 七 八 九".split()) for c in alike
}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
HAN = "[0-9０-９〇零○一二两三四五六七八九十百千]"


def chinese(written: str) -> int | None:
    """Return the value of a whole number in figures or Chinese numerals: 三十五, 一百, 二〇二五, 75."""
    plain = written.translate(_FULL_WIDTH)
    if plain.isdecimal() and plain.isascii():
        return int(plain)
    if all(c in _DIGITS for c in plain) and plain:
        return int("".join(str(_DIGITS[c]) for c in plain))
    total = digit = 0
    for c in plain:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _HAN_SCALES:
            total += (digit or 1) * _HAN_SCALES[c]
            digit = 0
        else:
            return None
    return total + digit if plain else None


def roman(written: str) -> int | None:
    """Return the value of a Roman number up to 39, as centuries and quarters are numbered."""
    values = {"I": 1, "V": 5, "X": 10}
    plain = written.upper().translate(str.maketrans("ХІ", "XI"))  # the Cyrillic look-alikes
    if not plain or set(plain) - set(values):
        return None
    digits = [values[c] for c in plain]
    return sum(-d if i + 1 < len(digits) and d < digits[i + 1] else d for i, d in enumerate(digits))
