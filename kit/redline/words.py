"""A document as an editor reads it: sentences of whole words, each with the marks beside it."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from kit import language
from kit.corpus import Document
from kit.lexicon import function_words

# What a word weighs that is kept: a word of content, one of function or a number, a mark. The figures are
# of this package, set by reading redlines; what they are measured against is ``diff.CHANGE``.
CONTENT, FUNCTION, MARK = 1.0, 0.3, 0.1
_COMMONEST = 60  # words of a language without a list of its own that are taken as function words
# The same mark in another form: it makes no difference to a reader.
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
        "\u2026": "...",
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# With its fraction, range, currency and percent sign: 1-3/4, 10:30, $20, 2.5%.
_NUMBER = re.compile(r"[$€£¥₽]?\d+(?:[-/.,:\u2010\u2011\u2013\u2044]\d+)*[%‰°]?")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a passage: ``text[start:end]`` is itself, up to ``past`` the blanks after it.

    Two with the same ``key`` are the same to a reader; ``fold`` is the key without capitals. ``words`` is how
    many words the counts of the product make of it: none of a mark, two of *1/4*.
    """

    key: str
    fold: str
    start: int
    end: int
    past: int
    weight: float
    words: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage (paragraph 0 is the title), its words, and which one of the text it is."""

    number: int
    paragraph: int
    words: tuple[Word, ...]

    @property
    def size(self) -> int:
        """The number of words, marks not counted."""
        return sum(word.words for word in self.words)


@lru_cache(maxsize=256)
def sentences(document: Document) -> tuple[Sentence, ...]:
    """Return the sentences of a document, title first; all its characters stand in their words.

    Numbers are whole (*1-3/4*, *$20*, *2.5%*), and a mark is a word of its own that weighs little.
    """
    found: list[Sentence] = []
    rules = language.of(document.language)
    for paragraph, text in document.passages():
        words = list(_words(text, document.language))
        starts = [start for start, _ in rules.sentences(text)][1:]
        first = 0
        for start in (*starts, len(text)):
            past = first
            while past < len(words) and (words[past].start < start or start == len(text)):
                past += 1
            if past > first:
                found.append(Sentence(len(found), paragraph, tuple(words[first:past])))
            first = past
    return tuple(found)


def _words(text: str, code: str) -> list[Word]:
    bounds = _bounds(text, code)
    starts = [0, *(start for start, _, _ in bounds[1:]), len(text)]
    light = _function_words(code)
    words = []
    for i, (_, end, number) in enumerate(bounds):
        key = _INVISIBLE.sub("", text[starts[i] : end].translate(_SAME)).strip()
        fold = key.casefold()
        content = fold not in light and any(c.isalpha() for c in fold)
        weight = MARK if not number else CONTENT if content else FUNCTION
        words.append(Word(key, fold, starts[i], end, starts[i + 1], weight, number))
    return words


def _bounds(text: str, code: str) -> list[tuple[int, int, int]]:
    """Return (start, end, words in it) of each word, whole number and mark, in order."""
    words = language.of(code).words(text)
    begins = [start for start, _ in words]
    found: list[tuple[int, int, int]] = []
    done = 0
    for match in _NUMBER.finditer(text):
        first, past = (bisect_left(begins, place) for place in match.span())
        if first == past or words[past - 1][1] > match.end():
            continue  # a number that is part of a word: G20, 75th
        if first and words[first - 1][1] > match.start():
            continue
        found += ((a, b, 1) for a, b in words[done:first])
        found.append((*match.span(), past - first))
        done = past
    found += ((a, b, 1) for a, b in words[done:])
    return sorted(found + _marks(text, found))


def _marks(text: str, words: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return what stands between words and is no blank, character by character."""
    gaps = pairwise([0, *(place for a, b, _ in words for place in (a, b)), len(text)])
    between = (i for a, b in islice(gaps, 0, None, 2) for i in range(a, b))
    return [(i, i + 1, 0) for i in between if not text[i].isspace()]


@lru_cache(maxsize=16)
def _function_words(code: str) -> frozenset[str]:
    """Return the words that hold sentences together: those of the lexicon, or a language's commonest."""
    if code == "en":
        return function_words()
    from wordfreq import top_n_list  # noqa: PLC0415 (loaded when first needed)

    try:
        return frozenset(top_n_list(code, _COMMONEST))
    except LookupError:  # a language that it has no list of
        return frozenset()
