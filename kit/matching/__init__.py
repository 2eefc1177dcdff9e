"""Find the patterns of a lexicon in the words of a corpus.

A pattern is words, matched by lemma, whatever their case, hyphens and British or American spelling;
``[word word]`` may be missing, ``a/b`` is one of two words, ``=word`` that form alone, ``wor*`` any
word that begins so; ``*`` and ``?`` elsewhere stand for any letters and for one. A pattern with a
comma may match across punctuation, others not. The longest match wins, and no word is part of two
matches.

The patterns are a tree, walked for all places of a corpus at once: from the places where some pattern
can begin, column by column, one step a word.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic

import numpy as np

from kit.matching.patterns import CROSSING, expanded, parts_of, wanted
from kit.matching.tree import (
    Ends,
    Flags,
    Key,
    Node,
    Stream,
    Tree,
    begin,
    counting,
    seconds,
    stream_of,
)
from kit.tokens import Ints, Longs, Tokens

__all__ = ["Match", "Matcher", "Places", "parts_of"]


@dataclass(frozen=True, slots=True)
class Match(Generic[Key]):
    """A pattern found: the key it was given under, and its first and last word."""

    key: Key
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Places:
    """Patterns found, in reading order: the number of the key of each, its first and its last word."""

    key: Ints
    first: Ints
    last: Ints


class Matcher(Generic[Key]):
    """The patterns of a lexicon, ready to be searched for together.

    With `among`, the longest match wins only among patterns of whose keys it says the same. Where
    `whole` is false, a match may begin and end inside a word: for Chinese, however it was cut.
    """

    def __init__(
        self,
        patterns: Iterable[tuple[Key, str]],
        code: str = "en",
        *,
        among: Callable[[Key], Hashable] | None = None,
        whole: bool = True,
    ) -> None:
        self._code = code
        self._whole = whole
        roots: dict[Hashable, Node[Key]] = {}
        for key, pattern in patterns:
            root = roots.setdefault(among(key) if among else None, Node())
            crosses = bool(CROSSING.search(pattern))
            for words in expanded(pattern):
                node = root
                for word in words:
                    for part in wanted(word, code):
                        node = node.after.setdefault(part, Node())
                if node is not root:
                    node.keys[key] = node.keys.get(key, False) or crosses
        self._tree = Tree.of(list(roots.values()))

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys by the numbers that `places` gives."""
        return self._tree.keys

    def find(self, t: Tokens, *, nested: bool = False) -> list[Match[Key]]:
        """Return the matches in reading order, only in words of this matcher's language.

        Where one pattern stands under several keys, each gives a match. `nested` gives matches that
        lie in or across others too: for the question whether something is said at all.
        """
        found = self.places(t, nested=nested)
        columns = zip(found.key.tolist(), found.first.tolist(), found.last.tolist(), strict=True)
        return [Match(self.keys[key], first, last) for key, first, last in columns]

    def places(self, t: Tokens, *, nested: bool = False) -> Places:
        """Return the same as columns, the keys as numbers."""
        stream = t.once(stream_of, self._code)
        tree = self._tree
        first, last, node = self._ends(t, stream)
        if not nested:
            chosen = _longest(tree.root[node], first, last, node)
            first, last, node = first[chosen], last[chosen], node[chosen]
        near = _near(t, stream, first, last)
        # a node has its keys one after the other; between marks only those that may cross them
        sizes = np.diff(tree.key_bounds)[node]
        which = np.repeat(tree.key_bounds[node], sizes) + counting(sizes)
        kept = tree.crosses[which] | np.repeat(near, sizes)
        key, at = tree.key[which][kept], np.repeat(np.arange(len(node)), sizes)[kept]
        # in reading order, the longest first; stable, so that the keys of a node stay in theirs
        order = np.lexsort((node[at], -last[at], tree.root[node[at]] * (not nested), first[at]))
        at = at[order]
        return Places(key[order], stream.word[first[at]], stream.word[last[at]])

    def _ends(self, t: Tokens, stream: "Stream") -> Ends:
        """Return (first part, last part, node) wherever a pattern ends that began there."""
        tree = self._tree
        at = tree.satisfied(stream)
        backwards = tree.backwards(at)
        first, node = begin(stream, at, tree, backwards)
        last = first
        told: Ends | None = seconds(stream, at, tree, backwards)
        found = []
        while len(first) or told is not None:
            ends = tree.ends[node]
            found.append((first[ends], last[ends], node[ends]))
            goes_on = tree.goes_on[node] & stream.goes_on[last]
            first, last, node = first[goes_on], last[goes_on] + 1, node[goes_on]
            part = stream.part[last]
            sizes = at.bounds[part + 1] - at.bounds[part]
            which = np.repeat(at.bounds[part], sizes) + counting(sizes)
            of = np.repeat(np.arange(len(first)), sizes)
            edge = tree.edge(node[of], at.wanted[which])
            led = edge >= 0
            if told is not None:
                led[led] = ~backwards[edge[led]]
            first, last, node = first[of[led]], last[of[led]], tree.to[edge[led]]
            if told is not None:
                first = np.concatenate((first, told[0]))
                last = np.concatenate((last, told[1]))
                node = np.concatenate((node, told[2]))
                told = None
        first, last, node = (np.concatenate(column) for column in zip(*found, strict=True))
        fits = tree.any_crosses[node] | _near(t, stream, first, last)
        if self._whole:  # alliance is no part of non-alliance
            fits &= stream.begins[first] & stream.begins[last + 1]
        return first[fits], last[fits], node[fits]


def _longest(tree: Longs, first: Longs, last: Longs, node: Ints) -> Longs:
    """Return which matches stand when from the left the longest is taken and none overlaps another.

    Matches of different trees do not meet: each tree is set after the other.
    """
    if not len(first):
        return first
    offset = tree * (int(last.max()) + 2)
    begin, past = first + offset, last + offset + 1
    order = np.lexsort((node, -past, begin))
    begin, past = begin[order], past[order]
    reach = np.maximum.accumulate(past)
    apart = np.concatenate(
        ([True], begin[1:] >= reach[:-1])
    )  # what begins when all before are over
    alone = apart & np.append(apart[1:], True)
    chosen = alone.copy()
    rest = np.flatnonzero(~alone)
    free = -1
    for i, b, p in zip(rest.tolist(), begin[rest].tolist(), past[rest].tolist(), strict=True):
        if b >= free:
            chosen[i] = True
            free = p
    stand: Longs = order[chosen]
    return stand


def _near(t: Tokens, stream: Stream, first: Longs, last: Longs) -> Flags:
    """Return whether only blanks stand between the words from the first to the last part."""
    marks = t.once(_marks)
    near: Flags = marks[stream.word[last]] == marks[stream.word[first]]
    return near


def _marks(t: Tokens) -> Longs:
    """Return how many words up to each do not follow the one before them closely."""
    return np.cumsum(~t.close)
