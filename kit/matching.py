"""Find the patterns of a lexicon in the words of a corpus.

A pattern is words, matched by lemma, whatever their case, hyphens and British or American spelling;
``[word word]`` may be missing, ``a/b`` is one of two words, ``=word`` that form alone, ``wor*`` any
word that begins so; ``*`` and ``?`` elsewhere stand for any letters and for one. A pattern with a
comma may match across punctuation, others not. The longest match wins, and no word is part of two
matches.

The patterns are a tree, walked for all places of a corpus at once: from the places where some pattern
can begin, column by column, one step a word.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from kit import language
from kit.language import plain
from kit.tokens import Ints, Longs, Tokens

Key = TypeVar("Key", bound=Hashable)
Flags = NDArray[np.bool_]
Part = tuple[str, str]  # lemma and folded form of a part of a word
_Ends = tuple[Longs, Longs, Ints]  # first part, last part, node
_Wanted = tuple[
    str, str
]  # what a part must be: its "lemma" or "form" equal, like a "glob"; and what
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_CROSSING = re.compile("[,\u3001\u201c\u300a]")  # comma, and the Chinese marks inside set phrases
_WILD = re.compile("[*?]")
OFTEN = 1000  # times that the first word of a pattern stands in a corpus: its second may be rarer
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


@dataclass(frozen=True, eq=False)
class Places:
    """Patterns found, in reading order: the number of the key of each, its first and its last word."""

    key: Ints
    first: Ints
    last: Ints


@dataclass(slots=True)
class _Node(Generic[Key]):
    """A place in the tree of patterns: what may follow, and which patterns end here."""

    after: dict[_Wanted, "_Node[Key]"] = field(default_factory=dict)
    keys: dict[Key, bool] = field(default_factory=dict)  # key -> may cross punctuation

    def ranked(self) -> list[tuple[_Wanted, "_Node[Key]"]]:
        """Return what may follow; of patterns of one length the first so found wins.

        A form or glob goes before a lemma, of those the one that was given last.
        """
        edges = list(self.after.items())
        return [e for e in edges[::-1] if e[0][0] != "lemma"] + [
            e for e in edges if e[0][0] == "lemma"
        ]


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
        roots: dict[Hashable, _Node[Key]] = {}
        for key, pattern in patterns:
            root = roots.setdefault(among(key) if among else None, _Node())
            crosses = bool(_CROSSING.search(pattern))
            for words in _expanded(pattern):
                node = root
                for word in words:
                    for wanted in _wanted(word, code):
                        node = node.after.setdefault(wanted, _Node())
                if node is not root:
                    node.keys[key] = node.keys.get(key, False) or crosses
        self._tree = _Tree.of(list(roots.values()))

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
        stream = t.once(_stream, self._code)
        tree = self._tree
        first, last, node = self._ends(t, stream)
        if not nested:
            chosen = _longest(tree.root[node], first, last, node)
            first, last, node = first[chosen], last[chosen], node[chosen]
        near = _near(t, stream, first, last)
        # a node has its keys one after the other; between marks only those that may cross them
        sizes = np.diff(tree.key_bounds)[node]
        which = np.repeat(tree.key_bounds[node], sizes) + _counting(sizes)
        kept = tree.crosses[which] | np.repeat(near, sizes)
        key, at = tree.key[which][kept], np.repeat(np.arange(len(node)), sizes)[kept]
        # in reading order, the longest first; stable, so that the keys of a node stay in theirs
        order = np.lexsort((node[at], -last[at], tree.root[node[at]] * (not nested), first[at]))
        at = at[order]
        return Places(key[order], stream.word[first[at]], stream.word[last[at]])

    def _ends(self, t: Tokens, stream: "_Stream") -> _Ends:
        """Return (first part, last part, node) wherever a pattern ends that began there."""
        tree = self._tree
        at = tree.satisfied(stream)
        backwards = tree.backwards(at)
        first, node = _begin(stream, at, tree, backwards)
        last = first
        seconds: _Ends | None = _seconds(stream, at, tree, backwards)
        found = []
        while len(first) or seconds is not None:
            ends = tree.ends[node]
            found.append((first[ends], last[ends], node[ends]))
            goes_on = tree.goes_on[node] & stream.goes_on[last]
            first, last, node = first[goes_on], last[goes_on] + 1, node[goes_on]
            part = stream.part[last]
            sizes = at.bounds[part + 1] - at.bounds[part]
            which = np.repeat(at.bounds[part], sizes) + _counting(sizes)
            of = np.repeat(np.arange(len(first)), sizes)
            edge = tree.edge(node[of], at.wanted[which])
            led = edge >= 0
            if seconds is not None:
                led[led] = ~backwards[edge[led]]
            first, last, node = first[of[led]], last[of[led]], tree.to[edge[led]]
            if seconds is not None:
                first = np.concatenate((first, seconds[0]))
                last = np.concatenate((last, seconds[1]))
                node = np.concatenate((node, seconds[2]))
                seconds = None
        first, last, node = (np.concatenate(column) for column in zip(*found, strict=True))
        fits = tree.any_crosses[node] | _near(t, stream, first, last)
        if self._whole:  # alliance is no part of non-alliance
            fits &= stream.begins[first] & stream.begins[last + 1]
        return first[fits], last[fits], node[fits]


@dataclass(frozen=True, eq=False)
class _Stream:
    """The words of one language part by part: *win-win* is two.

    ``lemmas`` and ``forms`` have the distinct parts; ``part`` (its number), ``word`` (that it is part
    of) and ``goes_on`` (whether another follows in its sentence) one value a part, and ``begins``
    (whether it is the first of its word) one more, true, at the end.
    """

    lemmas: tuple[str, ...]
    forms: tuple[str, ...]
    alphabet: list[int]  # the numbers of the distinct parts in the order of their forms
    part: Ints
    word: Ints
    goes_on: Flags
    begins: Flags


def _stream(t: Tokens, code: str) -> _Stream:
    number: dict[Part, int] = {}
    of_forms = [
        [number.setdefault(part, len(number)) for part in parts] if language_ == code else []
        for parts, language_ in zip(parts_of(t), t.languages, strict=True)
    ]
    sizes = np.array([len(parts) for parts in of_forms], dtype=np.int64)
    flat = np.array([part for parts in of_forms for part in parts], dtype=np.int32)
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    of_words = sizes[t.ids] if len(t) else np.empty(0, np.int64)
    word = np.repeat(np.arange(len(t), dtype=np.int32), of_words)
    first = bounds[:-1][t.ids] if len(t) else of_words
    part = flat[np.repeat(first, of_words) + _counting(of_words)]
    sentence = t.sentence[word]
    goes_on = np.zeros(len(part), dtype=np.bool_)
    goes_on[:-1] = sentence[1:] == sentence[:-1]
    begins = np.ones(len(part) + 1, dtype=np.bool_)
    begins[1:-1] = word[1:] != word[:-1]
    forms = tuple(form for _, form in number)
    alphabet = sorted(range(len(forms)), key=forms.__getitem__)
    lemmas = tuple(lemma for lemma, _ in number)
    return _Stream(lemmas, forms, alphabet, part, word, goes_on, begins)


@dataclass(frozen=True, eq=False)
class _Tree(Generic[Key]):
    """Trees of patterns as columns.

    Nodes are numbered so that of two in one depth the one that wins is first. ``edges`` packs
    (node, number of what is wanted), in order, ``to`` has the nodes that they lead to.
    """

    wanted: tuple[_Wanted, ...]
    keys: tuple[Key, ...]
    roots: Ints
    root: Longs  # of each node, the number of its tree
    opening: Longs  # of a node under a root, what is wanted there; -1 of others
    edges: Longs
    to: Ints
    key_bounds: Longs
    key: Ints
    crosses: Flags
    ends: Flags
    goes_on: Flags
    any_crosses: Flags

    @classmethod
    def of(cls, roots: list[_Node[Key]]) -> "_Tree[Key]":
        wanted: dict[_Wanted, int] = {}
        keys: dict[Key, int] = {}
        edges: list[tuple[int, int, int]] = []
        tree: list[int] = []
        ended: list[int] = []
        crossing: list[bool] = []
        sizes: list[int] = []
        firsts: list[int] = []
        for number, root in enumerate(roots):
            firsts.append(len(tree))
            pending: list[tuple[int, int, _Node[Key]]] = [(-1, -1, root)]
            while pending:
                parent, edge, node = pending.pop()
                if parent >= 0:
                    edges.append((parent, edge, len(tree)))
                pending += (
                    (len(tree), wanted.setdefault(w, len(wanted)), after)
                    for w, after in reversed(node.ranked())
                )
                tree.append(number)
                sizes.append(len(node.keys))
                ended += (keys.setdefault(key, len(keys)) for key in node.keys)
                crossing += node.keys.values()
        columns = np.array(sorted(edges), dtype=np.int64).reshape(-1, 3)
        bounds = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        crosses = np.array(crossing, dtype=np.bool_)
        any_crosses = np.diff(np.concatenate(([0], np.cumsum(crosses)))[bounds]) > 0
        goes_on = np.zeros(len(tree), dtype=np.bool_)
        goes_on[columns[:, 0]] = True
        opening = np.full(len(tree), -1, dtype=np.int64)
        from_root = np.isin(columns[:, 0], firsts)
        opening[columns[from_root, 2]] = columns[from_root, 1]
        return cls(
            wanted=tuple(wanted),
            keys=tuple(keys),
            roots=np.array(firsts, dtype=np.int32),
            root=np.array(tree, dtype=np.int64),
            opening=opening,
            edges=columns[:, 0] * len(wanted) + columns[:, 1],
            to=columns[:, 2].astype(np.int32),
            key_bounds=bounds,
            key=np.array(ended, dtype=np.int32),
            crosses=crosses,
            ends=np.diff(bounds) > 0,
            goes_on=goes_on,
            any_crosses=any_crosses,
        )

    def edge(self, node: Ints, wanted: Ints) -> Longs:
        """Return the number of the edge that leads on, -1 where there is none."""
        if not len(self.edges):
            return np.full(len(node), -1, dtype=np.int64)
        asked = node.astype(np.int64) * len(self.wanted) + wanted
        at = np.minimum(np.searchsorted(self.edges, asked), len(self.edges) - 1)
        return np.where(self.edges[at] == asked, at, -1)

    def satisfied(self, stream: _Stream) -> "_Satisfied":
        """Return which of what is wanted each distinct part of a corpus is."""
        of_lemma = {what: i for i, (kind, what) in enumerate(self.wanted) if kind == "lemma"}
        of_form = {what: i for i, (kind, what) in enumerate(self.wanted) if kind == "form"}
        pairs: list[tuple[int, int]] = []
        for asked, texts in ((of_lemma, stream.lemmas), (of_form, stream.forms)):
            if asked:
                pairs += ((i, asked[text]) for i, text in enumerate(texts) if text in asked)
        globs = [(i, what) for i, (kind, what) in enumerate(self.wanted) if kind == "glob"]
        if globs:
            ordered = [stream.forms[i] for i in stream.alphabet]
            pairs += ((stream.alphabet[j], i) for i, glob in globs for j in _like(glob, ordered))
        columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        part, wanted = columns[:, 0], columns[:, 1].astype(np.int32)
        counts = np.bincount(stream.part, minlength=len(stream.forms))
        return _Satisfied(
            bounds=np.searchsorted(part, np.arange(len(stream.forms) + 1)),
            part=part,
            wanted=wanted,
            often=np.bincount(wanted, counts[part], len(self.wanted)).astype(np.int64),
        )

    def backwards(self, at: "_Satisfied") -> Flags:
        """Return which edges to a second word are found sooner from there: *the capital*."""
        parent = self.edges // max(len(self.wanted), 1)
        second = self.edges % max(len(self.wanted), 1)
        opening = self.opening[parent]
        often = at.often[np.maximum(opening, 0)]
        return (opening >= 0) & (often > OFTEN) & (at.often[second] < often)


@dataclass(frozen=True, eq=False)
class _Satisfied:
    """Which of what is wanted each distinct part is: pairs of numbers, in order of the part.

    ``bounds`` has the first pair of each part, ``often`` how often each wanted one is there.
    """

    bounds: Longs
    part: Longs
    wanted: Ints
    often: Longs


def _begin(
    stream: _Stream, at: _Satisfied, tree: "_Tree[Key]", backwards: Flags
) -> tuple[Longs, Ints]:
    """Return (part, node) wherever a pattern begins: the steps from the roots, asked once a form."""
    forwards = np.zeros(len(tree.root), dtype=np.bool_)
    forwards[tree.edges[~backwards] // max(len(tree.wanted), 1)] = True
    parts, nodes = [at.part[:0]], [at.wanted[:0]]
    for root in tree.roots:
        edge = tree.edge(np.full(len(at.part), root, np.int32), at.wanted)
        led = edge >= 0
        node = tree.to[edge[led]]
        needed = tree.ends[node] | forwards[node]
        parts.append(at.part[led][needed])
        nodes.append(node[needed])
    return _standing(stream, np.concatenate(parts), np.concatenate(nodes))


def _seconds(stream: _Stream, at: _Satisfied, tree: "_Tree[Key]", backwards: Flags) -> _Ends:
    """Return (first part, last part, node) of beginnings that are told from their second part."""
    edges = np.flatnonzero(backwards)
    wanted = max(len(tree.wanted), 1)
    second = tree.edges[edges] % wanted
    edges = edges[np.argsort(second, kind="stable")]
    bounds = np.searchsorted(np.sort(second), np.arange(wanted + 1))
    sizes = (bounds[1:] - bounds[:-1])[at.wanted]
    which = np.repeat(bounds[at.wanted], sizes) + _counting(sizes)
    place, edge = _standing(stream, np.repeat(at.part, sizes), edges[which])
    inside = (place > 0) & stream.goes_on[place - 1]
    place, edge = place[inside], edge[inside]
    opening = tree.opening[tree.edges[edge] // wanted]
    asked = stream.part[place - 1].astype(np.int64) * wanted + opening
    pairs = at.part * wanted + at.wanted
    found = np.searchsorted(pairs, asked).clip(max=len(pairs) - 1)
    is_there = pairs[found] == asked
    place, edge = place[is_there], edge[is_there]
    return place - 1, place, tree.to[edge]


def _standing(stream: _Stream, parts: Longs, values: NDArray[Any]) -> tuple[Longs, NDArray[Any]]:
    """Return (place, value) wherever a distinct part stands that has values."""
    values = values[np.argsort(parts, kind="stable")]
    sizes = np.bincount(parts, minlength=len(stream.forms))
    if not len(stream.part):
        return np.empty(0, np.int64), values[:0]
    place = np.flatnonzero((sizes > 0)[stream.part])
    here = stream.part[place]
    which = np.repeat((np.cumsum(sizes) - sizes)[here], sizes[here]) + _counting(sizes[here])
    return np.repeat(place, sizes[here]), values[which]


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


def _near(t: Tokens, stream: _Stream, first: Longs, last: Longs) -> Flags:
    """Return whether only blanks stand between the words from the first to the last part."""
    marks = t.once(_marks)
    near: Flags = marks[stream.word[last]] == marks[stream.word[first]]
    return near


def _marks(t: Tokens) -> Longs:
    """Return how many words up to each do not follow the one before them closely."""
    return np.cumsum(~t.close)


def _counting(sizes: Longs) -> Longs:
    """Return 0, 1, 2, ... for each of some sizes, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)


def _like(glob: str, ordered: list[str]) -> Iterator[int]:
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


def _expanded(pattern: str) -> Iterator[list[str]]:
    """Yield the word sequences that a pattern stands for."""
    pieces = _OPTIONAL.split(pattern)  # outside, inside, outside, ...
    options = [(p,) if i % 2 == 0 else (p, "") for i, p in enumerate(pieces)]
    for choice in product(*options):
        words = " ".join(choice).replace(",", " ").split()
        yield from (list(w) for w in product(*(word.split("/") for word in words)))


def _wanted(word: str, code: str) -> list[_Wanted]:
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
    return [(kind, lemma if kind == "lemma" else form) for lemma, form in _parts(word, code)]


def _parts(word: str, code: str) -> tuple[Part, ...]:
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


def parts_of(t: Tokens) -> list[tuple[Part, ...]]:
    """Return the parts of each surface form of a corpus."""
    return t.once(_parts_of)


def _parts_of(t: Tokens) -> list[tuple[Part, ...]]:
    return [_parts(word, code) for word, code in zip(t.vocabulary, t.languages, strict=True)]
