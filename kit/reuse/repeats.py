"""Where the words of a text stand in an earlier one: repeats of any length, found by sorted suffixes.

The suffixes of all paragraphs are sorted (Manber & Myers 1993), each round looking twice as far and
only at what is not yet told apart (Larsson & Sadakane 2007). Suffixes that begin alike are neighbours
then; how far two neighbours agree is counted on the words themselves, and only where that does not
follow from the word before (Kärkkäinen, Manzini & Puglisi 2009). Nothing is guessed from a hash.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus
from kit.tokens import Ints, Longs, Tokens
from kit.tokens.runs import grouped

Flags = NDArray[np.bool_]
AT_ONCE = 4_000_000  # places that are looked at together: 32 MB a column


@dataclass(frozen=True, eq=False)
class Repeats:
    """The words of the paragraphs of dated texts, and which runs of them are told more than once.

    One value a word: ``at`` its position among all words of ``tokens``, ``document`` its text's number,
    ``past`` where its paragraph ends. ``order`` lists the words from which at least ``shortest`` words
    stand in another text too, those that begin alike side by side; ``common[i]`` is how many words
    ``order[i]`` has in common with ``order[i - 1]``, 0 where fewer than ``shortest``.
    """

    tokens: Tokens
    shortest: int
    at: Ints
    document: Ints
    past: Ints
    order: Ints
    common: Ints

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def group(self) -> Ints:
        """For each of ``order`` the number of its group: the same first ``shortest`` words."""
        return np.cumsum(self.common == 0, dtype=np.int32) - 1

    @cached_property
    def length(self) -> Ints:
        """For each word, how many words from it on stand as a whole in one earlier text; else 0."""
        document = self.document[self.order]
        longest = np.maximum(
            _with_smaller(document, self.common),
            _with_smaller(document[::-1], np.append(self.common[1:], 0)[::-1])[::-1],
        )
        length = np.zeros(len(self), dtype=np.int32)
        length[self.order] = longest
        return length

    @cached_property
    def maximal(self) -> Ints:
        """The words at which a passage begins that is carried over and can be made no longer."""
        length = self.length
        inside = np.zeros(len(self), dtype=np.bool_)  # of a passage that begins a word before
        inside[1:] = length[:-1] > length[1:]
        return np.flatnonzero((length > 0) & ~inside).astype(np.int32)

    @cached_property
    def _slot(self) -> Ints:
        slot = np.full(len(self), -1, dtype=np.int32)
        slot[self.order] = np.arange(len(self.order), dtype=np.int32)
        return slot

    @cached_property
    def _smallest(self) -> list[Ints]:
        """Level k: the smallest of ``common`` over the 2^k slots up to each one."""
        levels = [self.common]
        most = int(np.bincount(self.group).max()) if len(self.order) else 0
        while (step := 1 << (len(levels) - 1)) < most:
            low = levels[-1].copy()
            low[step:] = np.minimum(low[step:], low[:-step])
            low[:step] = 0
            levels.append(low)
        return levels

    def places(self, start: Ints, length: Ints) -> tuple[Longs, Longs]:
        """Return the slots (first, past the last) of all places of passages, given by their words."""
        first = self._slot[start].astype(np.int64)
        last = first.copy()
        for k in range(len(self._smallest) - 1, -1, -1):
            step, smallest = 1 << k, self._smallest[k]
            first[smallest[first] >= length] -= step
            reach = np.minimum(last + step, len(self.order) - 1)
            last[(last + step == reach) & (smallest[reach] >= length)] += step
        return first, last + 1

    def of_slots(self, first: Longs, past: Longs) -> Iterator[tuple[slice, Longs, Ints]]:
        """Yield (which ranges of slots, the number of each place's range, the places), piece by piece."""
        sizes = past - first
        ends = np.cumsum(sizes)
        done = 0
        while done < len(first):
            before = int(ends[done - 1]) if done else 0
            upto = max(int(np.searchsorted(ends, before + AT_ONCE, side="right")), done + 1)
            size = sizes[done:upto]
            which = np.repeat(np.arange(done, upto), size)
            inner = np.arange(len(which)) - np.repeat(np.cumsum(size) - size, size)
            yield slice(done, upto), which, self.order[first[which] + inner]
            done = upto


def of(corpus: Corpus, shortest: int) -> Repeats:
    """Return the repeats of `shortest` words and more between the dated texts of a corpus."""
    return tokens.of(corpus).once(_repeats, shortest)


def _repeats(t: Tokens, shortest: int) -> Repeats:
    dated = np.array([document.date is not None for document in t.corpus], dtype=np.bool_)
    chosen = ~t.in_title & dated[t.document]
    at = np.flatnonzero(chosen).astype(np.int32)
    document, passage = t.document[at], t.passage[at]
    past = np.searchsorted(passage, passage, side="right").astype(np.int32)
    words = t.word[at]
    order = _sorted(words, past, document, shortest)
    common = _common(words, past, order, shortest)
    bounds = np.append(np.flatnonzero(common == 0), len(order))
    told = _slots_of_repeats(order, bounds, document)
    order, common = order[told], common[told]
    return Repeats(t, shortest, at, document, past, order, common)


def _sorted(words: Ints, past: Ints, document: Ints, shortest: int) -> Ints:
    """Return the words from which a repeat in two texts may begin, in the order of their suffixes.

    ``rank`` has for each word the first slot of those that are not yet told from it.
    """
    size = len(words)
    every = np.arange(size, dtype=np.int32)
    order, bounds = grouped(words.astype(np.int64), int(words.max(initial=0)) + 1)
    rank = np.empty(size, dtype=np.int32)
    rank[order] = np.repeat(bounds[:-1], np.diff(bounds))
    width = 1
    while 2 * width <= shortest:  # all of them: what follows a repeat must be in order too
        following = np.where(every + width < past, rank[np.minimum(every + width, size - 1)] + 1, 0)
        order, bounds = grouped(rank.astype(np.int64) * (size + 1) + following, (size + 1) ** 2)
        rank[order] = np.repeat(bounds[:-1], np.diff(bounds))
        width *= 2
    left = _slots_of_repeats(order, bounds, document)
    whole = np.zeros(size, dtype=np.bool_)
    whole[left] = True
    while len(left):
        at = order[left]
        following = np.where(at + width < past[at], rank[np.minimum(at + width, size - 1)] + 1, 0)
        by, bounds = grouped(rank[at].astype(np.int64) * (size + 1) + following, (size + 1) ** 2)
        order[left] = at[by]
        at, following = at[by], following[by]
        rank[at] = np.repeat(left[bounds[:-1]], np.diff(bounds))
        # what ends here in all of its places is equal to the end
        goes_on = following[bounds[:-1]] > 0
        inner = _slots_of_repeats(at, bounds, document, goes_on)
        left = left[inner]
        width *= 2
    found = order[whole].astype(np.int32, copy=False)
    return found[past[found] - found >= shortest]


def _slots_of_repeats(
    order: Ints | Longs, bounds: Longs, document: Ints, among: Flags | None = None
) -> Longs:
    """Return the slots of the groups that stand in two texts."""
    first = bounds[:-1]
    of = document[order]
    if not len(of):
        return first
    several = np.minimum.reduceat(of, first) != np.maximum.reduceat(of, first)
    if among is not None:
        several &= among
    return np.flatnonzero(np.repeat(several, np.diff(bounds)))


def _common(words: Ints, past: Ints, order: Ints, shortest: int) -> Ints:
    """Return how many words each suffix has in common with the one before it; 0 if too few."""
    if not len(order):
        return order
    one, other = order[1:], order[:-1]
    before = np.full(len(words), -1, dtype=np.int32)  # the suffix that stands before each
    before[one] = other
    # Where the words before two neighbours are neighbours too and equal, theirs is one more.
    chained = np.zeros(len(words), dtype=np.bool_)
    chained[1:] = (before[1:] > 0) & (before[:-1] >= 0) & (before[1:] - 1 == before[:-1])
    chained[1:] &= words[:-1] == words[np.maximum(before[1:] - 1, 0)]
    chained[1:] &= (past[:-1] == past[1:]) & (
        past[np.maximum(before[1:] - 1, 0)] == past[np.maximum(before[1:], 0)]
    )
    length = np.zeros(len(words), dtype=np.int32)
    heads = np.flatnonzero((before >= 0) & ~chained)
    length[heads] = _agreement(words, past, heads, before[heads])
    head = np.maximum.accumulate(np.where(chained, 0, np.arange(len(words))))
    length = np.where(chained, length[head] - (np.arange(len(words)) - head), length)
    common = np.zeros(len(order), dtype=np.int32)
    common[1:] = length[one]
    common[common < shortest] = 0
    return common


def _agreement(words: Ints, past: Ints, one: Longs, other: Ints) -> Ints:
    """Return how many words agree from each of two places on, within their paragraphs."""
    length = np.zeros(len(one), dtype=np.int32)
    most = np.minimum(past[one] - one, past[other] - other)
    left = np.arange(len(one))
    step = 0
    while len(left):
        left = left[most[left] > step]
        left = left[words[one[left] + step] == words[other[left] + step]]
        step += 1
        length[left] = step
    return length


def _with_smaller(document: Ints, common: Ints) -> Ints:
    """Return how much each has in common with the nearest one before it that is of an earlier text.

    Each looks at a candidate; one that is not earlier hands on its own, and what lies between them is
    not earlier either. ``common`` between two is the smallest on the way.
    """
    candidate = np.arange(-1, len(document) - 1)
    on_the_way = common.copy()
    left = np.flatnonzero(on_the_way > 0)
    while len(left):
        left = left[document[candidate[left]] >= document[left]]
        via = candidate[left]
        on_the_way[left] = np.minimum(on_the_way[left], on_the_way[via])
        candidate[left] = candidate[via]
        left = left[on_the_way[left] > 0]
    return on_the_way
