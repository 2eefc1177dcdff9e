"""Simple queries: words as people write them, with wildcards and alternatives.

``*`` stands for any characters of a word and ``?`` for one; ``a|b`` is one of two words, `` | `` between
blanks parts whole phrases. As in the simple queries of CQPweb (Hardie 2012), ``{strengthen}`` is a lemma
and ``_`` leads a tag: ``{strengthen}_V*``, ``_JJ cooperation``.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, islice
from typing import TYPE_CHECKING, Literal

import numpy as np

from kit import language
from kit.cql.query import (
    Choice,
    Chosen,
    Condition,
    Every,
    Pattern,
    Query,
    Sequence,
    Word,
    check_text,
    words_of,
)
from kit.cql.values import Truths
from kit.tokens import Tokens

if TYPE_CHECKING:
    pass

# Letters that no text has stand for the wildcards while a query is read, so that they stay in words.
_MANY, _ONE = "\ua78f", "\ua7f7"
_HIDE = str.maketrans({"*": _MANY, "?": _ONE})
_WILD = re.compile(f"([{_MANY}{_ONE}])")
_MEANING = {_MANY: ".*", _ONE: "."}
_PHRASES = re.compile(r"\s+\|\s+")
_MARKED = re.compile(r"(?:\{(?P<lemma>[^{}]+)\}|(?P<word>[^{}_]*))(?:_(?P<tag>[A-Z$*?]+))?")
_ACCENTS = re.compile("(?<=[A-Za-z\u0370-\u03ff])[\u0300-\u036f]+")  # й is a letter of its own
_MOST_CUTS = 32  # ways to cut a Chinese phrase into words that are tried


def read(t: Tokens, text: str, code: str, *, case: bool, diacritics: bool) -> Query | None:
    """Return the query that words stand for by the rules of a language, None where it has no word.

    Unless `case`, capitals make no difference; unless `diacritics`, é is e. Raises QueryError where the
    query is no text.
    """
    check_text(text)
    reader = _Reader(t, code, case=case, diacritics=diacritics)
    phrases = [reader.phrase(part) for part in _PHRASES.split(text.strip())]
    named = [p for p in phrases if any(word.condition is not None for word in words_of(p))]
    return Query(Choice(tuple(named)) if len(named) > 1 else named[0]) if named else None


class _Reader:
    """Reads phrases by the rules of one language."""

    def __init__(self, t: Tokens, code: str, *, case: bool, diacritics: bool) -> None:
        self._t = t
        self._code = code
        self._case = case
        self._diacritics = diacritics

    def phrase(self, text: str) -> Pattern:
        """Return the pattern of a phrase: words in a row."""
        parts: list[Pattern] = []
        for special, pieces in groupby(text.split(), _is_special):
            if special:
                parts += (found for found in map(self._options, pieces) if words_of(found))
            else:  # together: what is a word may depend on the next one
                parts += self._words(" ".join(pieces))
        return Sequence(tuple(parts))

    def _words(self, text: str) -> list[Pattern]:
        hidden = text.translate(_HIDE)
        if self._code == "zh":
            return [part for piece in hidden.split() for part in self._chinese(piece)]
        words = (hidden[start:end] for start, end in language.of(self._code).words(hidden))
        return [self._word(word) for word in words]

    def _chinese(self, piece: str) -> list[Pattern]:
        """Return the pattern of a Chinese phrase, however its words are cut in the corpus."""
        if _WILD.search(piece):
            return [self._word(piece)]
        words = [piece[start:end] for start, end in language.of("zh").words(piece)]
        if "".join(words) != piece:  # there are marks between the words
            return [self._word(word) for word in words]
        layer, fold = self._t.layer("word"), language.of("zh").fold

        def cuts(rest: str) -> Iterator[list[str]]:
            if not rest:
                yield []
            for end in range(1, len(rest) + 1):
                if layer.number(fold(rest[:end])) is not None:
                    yield from ([rest[:end], *more] for more in cuts(rest[end:]))

        found = list(islice(cuts(piece), _MOST_CUTS)) or [words]
        return [Choice(tuple(Sequence(tuple(map(self._word, cut))) for cut in found))]

    def _options(self, text: str) -> Pattern:
        """Return the pattern of alternatives without blanks between them, or of a lemma or tag."""
        options = [self._option(option) for option in text.split("|")]
        return Choice(tuple(option for option in options if words_of(option)))

    def _option(self, text: str) -> Pattern:
        found = _MARKED.fullmatch(text)
        if not found or not (found["lemma"] or found["tag"]):
            return Sequence(tuple(self._words(text)))
        before: list[Pattern] = []
        conditions: list[Condition] = []
        if found["lemma"]:
            conditions.append(self._of_layer("lemma", found["lemma"].casefold()))
        if words := self._words(found["word"] or ""):
            *before, last = words
            conditions += (w.condition for w in words_of(last) if w.condition is not None)
        if found["tag"]:
            conditions.append(self._of_layer("tag", found["tag"]))
        return Sequence((*before, Word(Every(tuple(conditions)))))

    def _of_layer(self, name: Literal["lemma", "tag"], text: str) -> Chosen:
        return Chosen(name, _like(self._t.layer(name).names, text.translate(_HIDE)))

    def _word(self, word: str) -> Word:
        """Return the pattern of one word; what is all ``*`` is any word."""
        if not word.strip(_MANY):
            return Word(None)
        folded = language.of(self._code).fold(word)
        layer = self._t.layer("word")
        wanted = folded if self._diacritics else _bare(folded)
        if _WILD.search(wanted):
            names = layer.names if self._diacritics else _bare_names(self._t)
            chosen = _like(names, wanted)
        else:
            chosen = np.zeros(len(layer.names), dtype=np.bool_)
            numbers = [] if self._diacritics else _accented(self._t).get(wanted, [])
            number = layer.number(wanted)
            chosen[numbers if number is None else [number, *numbers]] = True
        if not self._case:
            return Word(Chosen("word", chosen))
        return Word(self._as_written(_cased(word, folded), chosen))

    def _as_written(self, wanted: str, words: Truths) -> Chosen:
        """Return which forms of words are written with these capitals."""
        t = self._t
        numbers = np.unique(t.ids[t.layer("word").where(words)]).tolist()
        forms = []
        for number in numbers:
            form = t.vocabulary[number]
            forms.append(_cased(form, language.of(t.languages[number]).fold(form)))
        if not self._diacritics:
            wanted, forms = _bare(wanted), [_bare(form) for form in forms]
        chosen = np.zeros(len(t.vocabulary), dtype=np.bool_)
        chosen[numbers] = _like(forms, wanted)
        return Chosen("form", chosen)


def _is_special(piece: str) -> bool:
    return "|" in piece or "_" in piece or piece.startswith("{")


def _cased(form: str, folded: str) -> str:
    """Return the folded form with the capitals of the form: *China’s* is *China*."""
    begin = form[: len(folded)]
    if len(begin) < len(folded) or len(begin.casefold()) != len(folded):
        return folded
    return "".join(a if a.casefold() == b else b for a, b in zip(begin, folded, strict=True))


def _bare(word: str) -> str:
    """Return a word without the accents of its Latin or Greek letters."""
    if word.isascii():
        return word
    stripped = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", stripped)


@lru_cache(maxsize=8)
def _bare_names(t: Tokens) -> tuple[str, ...]:
    return tuple(map(_bare, t.words))


@lru_cache(maxsize=8)
def _accented(t: Tokens) -> dict[str, list[int]]:
    """Return the numbers of the words that have accents, by what they are without."""
    found: dict[str, list[int]] = {}
    for number, (word, bare) in enumerate(zip(t.words, _bare_names(t), strict=True)):
        if word != bare:
            found.setdefault(bare, []).append(number)
    return found


def _like(names: "tuple[str, ...] | list[str]", wanted: str) -> Truths:
    """Return which names are as wanted, in which letters may stand for wildcards."""
    import pyarrow as pa  # noqa: PLC0415 (loaded when first needed)
    import pyarrow.compute as pc  # noqa: PLC0415

    parts = (_MEANING.get(part) or re.escape(part) for part in _WILD.split(wanted))
    found = pc.match_substring_regex(pa.array(names, pa.string()), rf"(?s)\A{''.join(parts)}\z")
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
