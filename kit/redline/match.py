"""Sentence by sentence: which one of a text became which one of another, moved, split and joined ones too."""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from kit.redline.diff import kept
from kit.redline.words import Sentence, Word

# Shares of the words of two sentences, weighed by rarity, from which the one is taken for the other: where
# it stands, and elsewhere; from which a neighbour is taken for the other half of a sentence that was
# split; and what is added for two that stand at the same place of their texts.
IN_PLACE, MOVED, HALF = 0.4, 0.6, 0.5
_NEAR = 0.1
FEWEST_SHARED = 4  # words of a sentence that moved or was split off, unless all of it is the same


@dataclass(frozen=True, slots=True)
class Match:
    """Sentences of the old text that became sentences of the new one, by number; one of each, or a run."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool


Pair = tuple[int, int]


def match(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Match]:
    """Return which sentences of two texts belong together, in the order of the new text.

    Two are alike by the share of their words (Dice's coefficient over folded words, each weighing
    ``log(1 + N / n)`` for N sentences, n of which have it). The most alike are paired first, wherever
    they stand. What keeps its order are the pairs that together have most words; the others are moved,
    or, where they are not alike enough for that, no pairs. Then what is left between pairs in order is
    paired, and a neighbour that is left over is joined to a sentence whose other half it is.
    """
    alike = _Likeness(old, new)
    candidates = alike.candidates()
    pairs = _best(candidates)
    chain = _heaviest(pairs, alike)
    moves = [pair for pair in sorted(set(pairs) - set(chain)) if alike.moved(pair)]
    gone, come = {i for i, _ in moves}, {j for _, j in moves}
    free = [(i, j) for i, j in candidates if i not in gone and j not in come]
    chain = _best(free, chain, in_order=True)
    return _with_halves([*((p, False) for p in chain), *((p, True) for p in moves)], alike)


class _Likeness:
    """How much of their words sentences of two texts share, weighed by rarity."""

    def __init__(self, old: Sequence[Sentence], new: Sequence[Sentence]) -> None:
        self.old, self.new = old, new
        self.bags = tuple([Counter(w.fold for w in s.words) for s in side] for side in (old, new))
        having = Counter(fold for side in self.bags for bag in side for fold in bag)
        total = len(old) + len(new)
        self.weight = {fold: log(1 + total / number) for fold, number in having.items()}
        self.dice = self._dice()

    def _dice(self) -> NDArray[np.float64]:
        shared = np.zeros((len(self.old), len(self.new)))
        places: tuple[dict[str, list[Pair]], ...] = (defaultdict(list), defaultdict(list))
        for side, found in zip(self.bags, places, strict=True):
            for number, bag in enumerate(side):
                for fold, count in bag.items():
                    found[fold].append((number, count))
        for fold in sorted(places[0].keys() & places[1].keys()):  # sums are the same bits each time
            (rows, a), (columns, b) = (zip(*side[fold], strict=True) for side in places)
            shared[np.ix_(rows, columns)] += self.weight[fold] * np.minimum.outer(a, b)
        sizes = [np.array([self.weigh(bag) for bag in side]) for side in self.bags]
        both: NDArray[np.float64] = 2 * shared / np.maximum(np.add.outer(*sizes), 1e-9)
        return both

    def weigh(self, bag: Counter[str]) -> float:
        """Return what the words of a sentence weigh together."""
        return sum(self.weight[fold] * count for fold, count in sorted(bag.items()))

    def candidates(self) -> list[Pair]:
        """Return the pairs that may belong together, the most alike first."""
        rows, columns = np.nonzero(self.dice >= IN_PLACE)
        place = np.abs(rows / max(len(self.old), 1) - columns / max(len(self.new), 1))
        score = self.dice[rows, columns] + _NEAR * (1 - place)
        order = np.lexsort((columns, rows, -score.round(9)))
        return list(zip(rows[order].tolist(), columns[order].tolist(), strict=True))

    def moved(self, pair: Pair) -> bool:
        """Whether a pair that does not keep its order is alike enough, word after word, to have moved."""
        old, new = self.old[pair[0]], self.new[pair[1]]
        words = sum(word.words for word in _kept(old.words, new.words))
        if 2 * words < MOVED * (old.size + new.size):
            return False  # the same words, but in another order
        return self.dice[pair] > 1 - 1e-9 or min(old.size, new.size) >= FEWEST_SHARED


def _best(
    candidates: Iterable[Pair], given: Sequence[Pair] = (), *, in_order: bool = False
) -> list[Pair]:
    """Return the given pairs and each candidate that none before it excludes, in order of the old text."""
    pairs = sorted(given)
    old, new = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, j in candidates:
        if i in old or j in new:
            continue
        at = bisect(pairs, (i, j))
        crossed = (at and pairs[at - 1][1] > j) or (at < len(pairs) and pairs[at][1] < j)
        if in_order and crossed:
            continue
        pairs.insert(at, (i, j))
        old.add(i)
        new.add(j)
    return pairs


def _heaviest(pairs: Sequence[Pair], alike: _Likeness) -> list[Pair]:
    """Return those of the pairs, in order of the old text, that keep their order and have most words."""
    weights: list[float] = []
    before: list[int] = []
    for n, (i, j) in enumerate(pairs):
        best = max((m for m in range(n) if pairs[m][1] < j), key=weights.__getitem__, default=-1)
        before.append(best)
        own = alike.dice[i, j] * min(alike.old[i].size, alike.new[j].size)
        weights.append(own + (weights[best] if best >= 0 else 0))
    at = max(range(len(pairs)), key=weights.__getitem__, default=-1)
    chain = []
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _with_halves(pairs: Iterable[tuple[Pair, bool]], alike: _Likeness) -> list[Match]:
    """Return the pairs as matches, each with the neighbours left over that are its other half."""
    matches = sorted(([i], [j], moved) for (i, j), moved in pairs)
    free = (
        set(range(len(alike.old))) - {m[0][0] for m in matches},
        set(range(len(alike.new))) - {m[1][0] for m in matches},
    )
    for *sides, _ in matches:
        for mine, other in ((0, 1), (1, 0)):
            _join_halves(sides, mine, other, free[mine], alike)
    found = [Match(tuple(old), tuple(new), moved) for old, new, moved in matches]
    return sorted(found, key=lambda m: m.new)


def _join_halves(
    sides: list[list[int]], mine: int, other: int, free: set[int], alike: _Likeness
) -> None:
    """Add to one side of a match the neighbours that stand in the other side."""
    texts = alike.old, alike.new
    whole = _words(texts[other], sides[other])
    run = sides[mine]
    grown = True
    while grown:
        grown = False
        for joined in ([*run, run[-1] + 1], [run[0] - 1, *run]):
            neighbour = joined[-1] if joined[0] == run[0] else joined[0]
            if neighbour in free and _is_half(texts[mine], run, neighbour, whole):
                run[:] = joined
                free.discard(neighbour)
                grown = True
                break


def _is_half(text: Sequence[Sentence], run: list[int], neighbour: int, whole: list[Word]) -> bool:
    """Whether a sentence is mostly, word after word, what a whole has beyond the run beside it."""
    if text[neighbour].paragraph != text[run[0]].paragraph:
        return False
    joined = _words(text, sorted([*run, neighbour]))
    half = set(text[neighbour].words)
    alone = _weight(_kept(whole, _words(text, run)))
    both = _kept(whole, joined)
    shared = sum(word.words for word in both if word in half)
    enough = min(_weight(text[neighbour].words), _weight(whole) - alone)
    return shared >= min(FEWEST_SHARED, text[neighbour].size) and (
        _weight(both) - alone >= HALF * enough
    )


def _words(text: Sequence[Sentence], numbers: Iterable[int]) -> list[Word]:
    return [word for number in numbers for word in text[number].words]


def _kept(old: Sequence[Word], new: Sequence[Word]) -> list[Word]:
    return [word for _, j, size in kept(old, new) for word in new[j : j + size]]


def _weight(words: Iterable[Word]) -> float:
    return sum(word.weight for word in words)
