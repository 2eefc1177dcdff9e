"""Find the patterns of a lexicon in the words of a corpus.

A pattern is words, matched by lemma, whatever their case, hyphens and British or American spelling;
``[word word]`` may be missing, ``a/b`` is one of two words, ``wor*`` any word that begins so.
A pattern with a comma may match across punctuation, others not. The longest match wins, and no word
is part of two matches.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Generic, TypeVar

import numpy as np

from kit import language
from kit.language import plain
from kit.tokens import Ints, Tokens

Key = TypeVar("Key", bound=Hashable)
_Part = tuple[bool, str]  # whether it is a stem, and the stem or lemma
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_CROSSING = re.compile("[,\u3001\u201c\u300a]")  # comma, and the Chinese marks inside set phrases
_SPELLINGS = (  # both sides of a comparison are mapped, so a mapping only has to be the same for both
    (re.compile(r"(?<=[a-z]{3})our(?=$|s$|ly$|abl|ed$|ing$|ite|hood)"), "or"),
    (re.compile(r"is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|es|ed|ing)$)"), "yz"),
    (re.compile(r"tre$"), "ter"),
    (re.compile(r"(?<=[dflp]en)ce$"), "se"),
    (re.compile(r"mme$"), "m"),
    (re.compile(r"ogue$"), "og"),
)


@dataclass(frozen=True, slots=True)
class Match(Generic[Key]):
    """A pattern found: the key it was given under, and its first and last word."""

    key: Key
    first: int
    last: int


@dataclass(slots=True)
class _Node(Generic[Key]):
    """A place in the tree of patterns: what may follow, and which patterns end here."""

    words: dict[str, "_Node[Key]"] = field(default_factory=dict)
    stems: dict[str, "_Node[Key]"] = field(default_factory=dict)
    keys: dict[Key, bool] = field(default_factory=dict)  # key -> may cross punctuation


class _Where:
    """In which sentences the parts of patterns stand; ``forms`` has the forms with each part."""

    def __init__(self, t: Tokens) -> None:
        self.forms: dict[_Part, list[int]] = {}
        self._tokens = t
        self._found: dict[_Part, Ints] = {}

    def sentences(self, part: _Part) -> Ints:
        """Return the numbers of the sentences that have a part, in order."""
        if part not in self._found:
            layer = self._tokens.layer("form")
            places = [layer.positions(i) for i in self.forms[part]]
            self._found[part] = np.unique(self._tokens.sentence[np.concatenate(places)])
        return self._found[part]


class Matcher(Generic[Key]):
    """The patterns of a lexicon, ready to be searched for together."""

    def __init__(self, patterns: Iterable[tuple[Key, str]], code: str = "en") -> None:
        self._root: _Node[Key] = _Node()
        self._code = code
        self._wanted: set[frozenset[_Part]] = set()  # what the words of each pattern are
        for key, pattern in patterns:
            for words in _expanded(pattern):
                node = self._root
                wanted: set[_Part] = set()
                for word in words:
                    if word.endswith("*"):
                        stem = _part(word[:-1], code, lemma=False)
                        node = node.stems.setdefault(stem, _Node())
                        wanted.add((True, stem))
                    else:
                        for part in _parts(word, code):
                            node = node.words.setdefault(part[0], _Node())
                            wanted.add((False, part[0]))
                if node is not self._root:
                    self._wanted.add(frozenset(wanted))
                    node.keys[key] = node.keys.get(key, False) or bool(_CROSSING.search(pattern))

    def find(self, t: Tokens, *, nested: bool = False) -> list[Match[Key]]:
        """Return the matches in reading order, only in words of this matcher's language.

        Where one pattern stands under several keys, each gives a match. `nested` gives matches that
        lie in or across others too: for the question whether something is said at all.
        """
        found: list[Match[Key]] = []
        parts = parts_of(t)
        for first, past in self._sentences(t):
            stream = [(*part, i) for i in range(first, past) for part in parts[int(t.ids[i])]]
            at = 0
            while at < len(stream):
                matches = self._from(t, stream, at)
                for end, keys in matches if nested else matches[:1]:
                    found.extend(Match(key, stream[at][2], stream[end - 1][2]) for key in keys)
                at = matches[0][0] if matches and not nested else at + 1
        return found

    def _sentences(self, t: Tokens) -> list[tuple[int, int]]:
        """Return the bounds of the sentences of this language that have all parts of some pattern.

        In others no pattern can match; most sentences of most texts are such.
        """
        where = _Where(t)
        stems = {part for wanted in self._wanted for stem, part in wanted if stem}
        for i, (parts, code) in enumerate(zip(parts_of(t), t.languages, strict=True)):
            for lemma, folded in parts if code == self._code else ():
                where.forms.setdefault((False, lemma), []).append(i)
                for stem in stems:
                    if folded.startswith(stem):
                        where.forms.setdefault((True, stem), []).append(i)
        asked = np.zeros(len(t.sentence_bounds) - 1, dtype=np.bool_)
        for wanted in self._wanted:
            if all(part in where.forms for part in wanted):
                rarest, *others = sorted(map(where.sentences, wanted), key=len)
                for other in others:
                    at = np.minimum(np.searchsorted(other, rarest), len(other) - 1)
                    rarest = rarest[other[at] == rarest]
                asked[rarest] = True
        hit = np.flatnonzero(asked)
        bounds = t.sentence_bounds
        return list(zip(bounds[hit].tolist(), bounds[hit + 1].tolist(), strict=True))

    def _from(
        self, t: Tokens, stream: list[tuple[str, str, int]], at: int
    ) -> list[tuple[int, list[Key]]]:
        """Return (past the end, keys) of what matches from a place on, the longest first."""
        found: list[tuple[int, list[Key]]] = []
        open_nodes = [(self._root, at)]
        while open_nodes:
            node, i = open_nodes.pop()
            if node.keys and _whole_words(stream, at, i):
                near = all(t.close[w] for w in range(stream[at][2] + 1, stream[i - 1][2] + 1))
                fitting = [key for key, crosses in node.keys.items() if near or crosses]
                if fitting:
                    found.append((i, fitting))
            if i < len(stream):
                lemma, folded, _ = stream[i]
                if lemma in node.words:
                    open_nodes.append((node.words[lemma], i + 1))
                open_nodes.extend(
                    (after, i + 1) for stem, after in node.stems.items() if folded.startswith(stem)
                )
        return sorted(found, key=lambda x: -x[0])


def _whole_words(stream: list[tuple[str, str, int]], first: int, past: int) -> bool:
    """Whether a match begins and ends where words do: *alliance* is no part of *non-alliance*."""
    begins = first == 0 or stream[first - 1][2] != stream[first][2]
    ends = past == len(stream) or stream[past][2] != stream[past - 1][2]
    return begins and ends


def _expanded(pattern: str) -> Iterator[list[str]]:
    """Yield the word sequences that a pattern stands for."""
    pieces = _OPTIONAL.split(pattern)  # outside, inside, outside, ...
    options = [(p,) if i % 2 == 0 else (p, "") for i, p in enumerate(pieces)]
    for choice in product(*options):
        words = " ".join(choice).replace(",", " ").split()
        yield from (list(w) for w in product(*(word.split("/") for word in words)))


def _parts(word: str, code: str) -> tuple[tuple[str, str], ...]:
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
    if code == "en":
        for pattern, replacement in _SPELLINGS:
            word = pattern.sub(replacement, word)
    return word


_INFLECTED = ("en", "ru")


@lru_cache(maxsize=8)
def parts_of(t: Tokens) -> list[tuple[tuple[str, str], ...]]:
    """Return the parts of each surface form of a corpus."""
    return [_parts(word, code) for word, code in zip(t.vocabulary, t.languages, strict=True)]
