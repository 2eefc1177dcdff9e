"""Languages behind one small protocol: sentences, words and lemmas with code-point offsets."""

import re
from typing import Protocol

from kit.language import english, plain

Bounds = list[tuple[int, int]]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")


class Language(Protocol):
    """What a language must offer; all bounds are (start, end) in code points of the given text."""

    def sentences(self, text: str) -> Bounds:
        """Return the bounds of the sentences, in order, without blanks around them."""

    def words(self, text: str) -> Bounds:
        """Return the bounds of the words, in order."""

    def fold(self, word: str) -> str:
        """Return the form under which spellings of one word are counted together."""

    def lemma(self, word: str) -> str:
        """Return the dictionary form of a folded word."""


def identify(text: str) -> str:
    """Return ``zh``, ``ru`` or ``en`` by script: a fifth of the letters decides."""
    letters = len(_LETTER.findall(text)) or 1
    if len(_HAN.findall(text)) / letters > 0.2:
        return "zh"
    if len(_CYRILLIC.findall(text)) / letters > 0.2:
        return "ru"
    return "en"


def of(code: str) -> Language:
    """Return the language of a code; one without rules of its own is read by plain ones."""
    return english if code == "en" else plain
