"""The language of patterns, and what a word of a text is to it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from kit import language
from kit.language import plain
from kit.tokens import Tokens

Part = tuple[str, str]  # lemma and folded form of a part of a word
Wanted = tuple[str, str]  # what a part must be: its "lemma" or "form", or like a "glob"; and what
CROSSING = re.compile("[,\u3001\u201c\u300a]")  # comma, and the Chinese marks inside set phrases
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_WILD = re.compile("[*?]")
_SPELLINGS = (  # both sides of a comparison are mapped, so a mapping only has to be the same for both
    (re.compile(r"(?<=[a-z]{3})our(?=$|s$|ly$|abl|ed$|ing$|ite|hood)"), "or"),
    (re.compile(r"is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|es|ed|ing)$)"), "yz"),
    (re.compile(r"tre$"), "ter"),
    (re.compile(r"(?<=[dflp]en)ce$"), "se"),
    (re.compile(r"mme$"), "m"),
    (re.compile(r"ogue$"), "og"),
)

_SPELLED = re.compile("our|[iy]s(?:e|i|a)|tre|nce|mme|ogue")  # what any of these needs

_INFLECTED = ("en", "ru")


def expanded(pattern: str) -> Iterator[list[str]]:
    """Yield the word sequences that a pattern stands for."""
    pieces = _OPTIONAL.split(pattern)  # outside, inside, outside, ...
    options = [(p,) if i % 2 == 0 else (p, "") for i, p in enumerate(pieces)]
    for choice in product(*options):
        words = " ".join(choice).replace(",", " ").split()
        yield from (list(w) for w in product(*(word.split("/") for word in words)))


def wanted(word: str, code: str) -> list[Wanted]:
    """Return what each part of a word of a pattern must be."""
    kind = "lemma"
    if word.startswith("=") and len(word) > 1:
        kind, word = "form", word[1:]
    if code == "zh":
        word = word.strip("*")  # it is matched by character
    elif _WILD.search(word):
        pieces = [p for p in language.of(code).fold(word).split("-") if p]
        return [
            ("glob", _part(p, code, lemma=False)) if _WILD.search(p) else (kind, form)
            for p in pieces
            for form in (_part(p, code, lemma=kind == "lemma"),)
        ]
    return [(kind, lemma if kind == "lemma" else form) for lemma, form in parts(word, code)]


def parts(word: str, code: str) -> tuple[Part, ...]:
    """Return (lemma, folded form) of each part of a word: *win-win* has two."""
    rules = language.of(code)
    folded = rules.fold(word)
    if code == "zh":  # character by character, however the words were cut
        pieces = [folded[a:b] for a, b in plain.words(folded)]
    else:
        pieces = [p for p in folded.split("-") if p]
    return tuple((_part(p, code, lemma=True), _part(p, code, lemma=False)) for p in pieces)


@lru_cache(maxsize=2**17)
def _part(part: str, code: str, *, lemma: bool) -> str:
    word = part.replace(".", "") if part.count(".") > 1 else part
    if lemma and code in _INFLECTED:
        word = language.of(code).lemma(word)
    if code == "en" and _SPELLED.search(word):
        for pattern, replacement in _SPELLINGS:
            word = pattern.sub(replacement, word)
    return word


def parts_of(t: Tokens) -> list[tuple[Part, ...]]:
    """Return the parts of each surface form of a corpus."""
    return t.once(_parts_of)


def _parts_of(t: Tokens) -> list[tuple[Part, ...]]:
    return [parts(word, code) for word, code in zip(t.vocabulary, t.languages, strict=True)]


def like(glob: str, ordered: list[str]) -> Iterator[int]:
    """Yield the places of the texts, in alphabetical order, that are like a glob."""
    opening, closing = _WILD.split(glob)[0], _WILD.split(glob)[-1]
    rest = glob[len(opening) :]
    for at in range(bisect_left(ordered, opening), len(ordered)):
        text = ordered[at]
        if not text.startswith(opening):
            return
        if rest == "*" or (text.endswith(closing) and is_like(rest, text[len(opening) :])):
            yield at


def is_like(glob: str, text: str) -> bool:
    """Whether a whole text is like a glob: ``*`` any characters, ``?`` one; in at most one step a
    character of the one times the other, whatever they are.
    """
    i = j = 0
    star, mark = -1, 0
    while j < len(text):
        if i < len(glob) and glob[i] == "*":
            star, mark = i, j
            i += 1
        elif i < len(glob) and glob[i] in ("?", text[j]):
            i += 1
            j += 1
        elif star >= 0:
            mark += 1
            i, j = star + 1, mark
        else:
            return False
    return not glob[i:].strip("*")
