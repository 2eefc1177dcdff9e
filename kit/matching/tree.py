"""Patterns as a tree in columns, the words of a corpus part by part, and how one is met by the other."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from kit.matching.patterns import Part, Wanted, like, parts_of
from kit.tokens import Ints, Longs, Tokens

Key = TypeVar("Key", bound=Hashable)
Flags = NDArray[np.bool_]
Ends = tuple[Longs, Longs, Ints]  # first part, last part, node
OFTEN = 1000  # times that the first word of a pattern stands in a corpus: its second may be rarer


@dataclass(slots=True)
class Node(Generic[Key]):
    """A place in the tree of patterns: what may follow, and which patterns end here."""

    after: dict[Wanted, "Node[Key]"] = field(default_factory=dict)
    keys: dict[Key, bool] = field(default_factory=dict)  # key -> may cross punctuation

    def ranked(self) -> list[tuple[Wanted, "Node[Key]"]]:
        """Return what may follow; of patterns of one length the first so found wins.

        A form or glob goes before a lemma, of those the one that was given last.
        """
        edges = list(self.after.items())
        return [e for e in edges[::-1] if e[0][0] != "lemma"] + [
            e for e in edges if e[0][0] == "lemma"
        ]


@dataclass(frozen=True, eq=False)
class Stream:
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


def stream_of(t: Tokens, code: str) -> Stream:
    """Return the words of a language part by part."""
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
    part = flat[np.repeat(first, of_words) + counting(of_words)]
    sentence = t.sentence[word]
    goes_on = np.zeros(len(part), dtype=np.bool_)
    goes_on[:-1] = sentence[1:] == sentence[:-1]
    begins = np.ones(len(part) + 1, dtype=np.bool_)
    begins[1:-1] = word[1:] != word[:-1]
    forms = tuple(form for _, form in number)
    alphabet = sorted(range(len(forms)), key=forms.__getitem__)
    lemmas = tuple(lemma for lemma, _ in number)
    return Stream(lemmas, forms, alphabet, part, word, goes_on, begins)


@dataclass(frozen=True, eq=False)
class Tree(Generic[Key]):
    """Trees of patterns as columns.

    Nodes are numbered so that of two in one depth the one that wins is first. ``edges`` packs
    (node, number of what is wanted), in order, ``to`` has the nodes that they lead to.
    """

    wanted: tuple[Wanted, ...]
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
    def of(cls, roots: list[Node[Key]]) -> "Tree[Key]":
        """Return the columns of some trees."""
        wanted: dict[Wanted, int] = {}
        keys: dict[Key, int] = {}
        edges: list[tuple[int, int, int]] = []
        tree: list[int] = []
        ended: list[int] = []
        crossing: list[bool] = []
        sizes: list[int] = []
        firsts: list[int] = []
        for number, root in enumerate(roots):
            firsts.append(len(tree))
            pending: list[tuple[int, int, Node[Key]]] = [(-1, -1, root)]
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

    def satisfied(self, stream: Stream) -> "Satisfied":
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
            pairs += ((stream.alphabet[j], i) for i, glob in globs for j in like(glob, ordered))
        columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        part, wanted = columns[:, 0], columns[:, 1].astype(np.int32)
        counts = np.bincount(stream.part, minlength=len(stream.forms))
        return Satisfied(
            bounds=np.searchsorted(part, np.arange(len(stream.forms) + 1)),
            part=part,
            wanted=wanted,
            often=np.bincount(wanted, counts[part], len(self.wanted)).astype(np.int64),
        )

    def backwards(self, at: "Satisfied") -> Flags:
        """Return which edges to a second word are found sooner from there: *the capital*."""
        parent = self.edges // max(len(self.wanted), 1)
        second = self.edges % max(len(self.wanted), 1)
        opening = self.opening[parent]
        often = at.often[np.maximum(opening, 0)]
        return (opening >= 0) & (often > OFTEN) & (at.often[second] < often)


@dataclass(frozen=True, eq=False)
class Satisfied:
    """Which of what is wanted each distinct part is: pairs of numbers, in order of the part.

    ``bounds`` has the first pair of each part, ``often`` how often each wanted one is there.
    """

    bounds: Longs
    part: Longs
    wanted: Ints
    often: Longs


def begin(stream: Stream, at: Satisfied, tree: "Tree[Key]", backwards: Flags) -> tuple[Longs, Ints]:
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


def seconds(stream: Stream, at: Satisfied, tree: "Tree[Key]", backwards: Flags) -> Ends:
    """Return (first part, last part, node) of beginnings that are told from their second part."""
    edges = np.flatnonzero(backwards)
    wanted = max(len(tree.wanted), 1)
    second = tree.edges[edges] % wanted
    edges = edges[np.argsort(second, kind="stable")]
    bounds = np.searchsorted(np.sort(second), np.arange(wanted + 1))
    sizes = (bounds[1:] - bounds[:-1])[at.wanted]
    which = np.repeat(bounds[at.wanted], sizes) + counting(sizes)
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


def _standing(stream: Stream, parts: Longs, values: NDArray[Any]) -> tuple[Longs, NDArray[Any]]:
    """Return (place, value) wherever a distinct part stands that has values."""
    values = values[np.argsort(parts, kind="stable")]
    sizes = np.bincount(parts, minlength=len(stream.forms))
    if not len(stream.part):
        return np.empty(0, np.int64), values[:0]
    place = np.flatnonzero((sizes > 0)[stream.part])
    here = stream.part[place]
    which = np.repeat((np.cumsum(sizes) - sizes)[here], sizes[here]) + counting(sizes[here])
    return np.repeat(place, sizes[here]), values[which]


def counting(sizes: Longs) -> Longs:
    """Return 0, 1, 2, ... for each of some sizes, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
