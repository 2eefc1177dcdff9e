"""Any language by simple rules: runs of letters and digits, sentences at full stops."""

import re
import unicodedata

# One Han character is one word: without a dictionary nothing better can be said of Chinese.
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:[-\u2010\u2011'\u2019][^\W_{_HAN}]+)*")
_SENTENCE = re.compile(
    r"\S.*?(?:[.!?\u2026](?=\s)|[\u3002\uff01\uff1f][\u201d\u2019\u300d\u300f\uff09]*|$)", re.DOTALL
)


def words(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the words of a text."""
    return [match.span() for match in _WORD.finditer(text)]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of a text."""
    found = ((m.start(), m.start() + len(m.group().rstrip())) for m in _SENTENCE.finditer(text))
    return [(start, end) for start, end in found if start < end]


def fold(word: str) -> str:
    """Return a word in one case and one form of its characters."""
    return unicodedata.normalize("NFKC", word).casefold()


def lemma(word: str) -> str:
    """Return the word itself."""
    return word
