"""Word by word: what of one passage stands in another, cut as an editor would cut it."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from kit.redline.words import FUNCTION, MARK, Word

# What a change must save to be worth its place: more than *of the* weighs, and more than a lone word of
# content between two changes; two such words, or one in a longer stretch, are left standing.
CHANGE = 1.2
_LARGEST = 250_000  # pairs of words that are weighed one by one
_ANCHOR = 4  # words in a row that two longer passages are first laid side by side by

Run = tuple[int, int, int]  # first word in the old, first word in the new, how many


def kept(old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Return the runs of words that stand in both passages, in order.

    Of all ways to turn one into the other, that in which what is kept weighs most, each change having
    its price (an alignment with affine gaps, Gotoh 1982, over words): so a short word between two changes
    goes with them. Of equal ways the same one is always taken.
    """
    first = 0
    while first < min(len(old), len(new)) and old[first].key == new[first].key:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last].key == new[-1 - last].key:
        last += 1
    a, b = old[first : len(old) - last], new[first : len(new) - last]
    inner = _weighed(a, b) if len(a) * len(b) <= _LARGEST else _anchored(a, b)
    runs = [
        (0, 0, first),
        *((i + first, j + first, n) for i, j, n in inner),
        (len(old) - last, len(new) - last, last),
    ]
    return _shifted(_joined([run for run in runs if run[2]]), old, new)


def _shifted(runs: list[Run], old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Return runs such that what was only struck or only inserted between two is cut where a phrase is.

    *A; [B;] C*, not *A[; B]; C*; *of [the B and] the C*, not *of the [B and the] C*: where a word stands
    before a stretch and at its end, or at its beginning and after it, either may be taken for the one that
    was kept.
    """
    for n, ((a, b, size), (c, d, next_size)) in enumerate(pairwise(runs)):
        words, first, past = (old, a + size, c) if d == b + size else (new, b + size, d)
        if a + size != c and b + size != d:
            continue
        step = 0
        if words[first].weight == MARK and words[past].key == words[first].key and next_size > 1:
            step = 1
        while (
            size + step > 1
            and words[past + step - 1].weight == FUNCTION
            and words[past + step - 1].key == words[first + step - 1].key
        ):
            step -= 1
        runs[n] = (runs[n][0], runs[n][1], runs[n][2] + step)
        runs[n + 1] = (c + step, d + step, next_size - step)
    return runs


def with_their_words(runs: Sequence[Run], old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Return runs such that no change is of marks alone: the word before a mark that changed goes with it.

    A lone comma struck or inserted is not seen, and not heard.
    """
    found: list[Run] = []
    i = j = 0
    for a, b, size in (*runs, (len(old), len(new), 0)):
        marks = [word.weight == MARK for word in (*old[i:a], *new[j:b])]
        if found and marks and all(marks):
            x, y, length = found.pop()
            while length and old[x + length - 1].weight == MARK:
                length -= 1
            if length > 1:
                found.append((x, y, length - 1))
        if size:
            found.append((a, b, size))
        i, j = a + size, b + size
    return found


def _weighed(old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Return the runs kept of two passages, by the alignment that weighs most."""
    width = len(new) + 1
    none = float("-inf")
    # The best weight of all words up to a place, where the last two were kept, and where they changed.
    same, changed = [0.0] + [none] * len(new), [none] + [-CHANGE] * len(new)
    ways = bytearray((len(old) + 1) * width)  # how each best came about, see below
    ways[1:width] = bytes([_RIGHT] * len(new))
    for i, word in enumerate(old, start=1):
        above_same, above = same, changed
        same, changed = [none] * width, [-CHANGE] + [none] * len(new)
        ways[i * width] = _DOWN
        for j, other in enumerate(new, start=1):
            way = 0
            if word.key == other.key:
                same[j] = word.weight + max(above_same[j - 1], above[j - 1])
                if above[j - 1] > above_same[j - 1]:
                    way = _AFTER_CHANGE
            best, step = above[j], _DOWN
            for value, other_step in (
                (changed[j - 1], _RIGHT),
                (above_same[j] - CHANGE, _DOWN | _OPENS),
                (same[j - 1] - CHANGE, _RIGHT | _OPENS),
            ):
                if value > best:
                    best, step = value, other_step
            changed[j] = best
            ways[i * width + j] = way | step
    return _traced(ways, len(old), len(new), kept_last=same[-1] >= changed[-1])


# Of a place: whether the word before the one that is kept was changed; and where a change came from, from
# the old word before or the new one, and whether it began there.
_AFTER_CHANGE, _DOWN, _RIGHT, _OPENS = 1, 2, 4, 8


def _traced(ways: bytearray, i: int, j: int, *, kept_last: bool) -> list[Run]:
    width = j + 1
    runs: list[Run] = []
    keeping = kept_last
    while i or j:
        way = ways[i * width + j]
        if keeping:
            i, j = i - 1, j - 1
            runs.append((i, j, 1))
            keeping = not way & _AFTER_CHANGE
        else:
            i, j = (i - 1, j) if way & _DOWN else (i, j - 1)
            keeping = bool(way & _OPENS)
    return _joined(runs[::-1])


def _anchored(old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    """Return the runs kept of two very long passages: their long common runs first, then what is between."""
    matcher = SequenceMatcher(None, [w.key for w in old], [w.key for w in new])
    anchors = [block for block in matcher.get_matching_blocks() if block.size >= _ANCHOR]
    runs: list[Run] = []
    i = j = 0
    for a, b, size in (*anchors, (len(old), len(new), 0)):
        if (a - i) * (b - j) <= _LARGEST:
            runs += ((x + i, y + j, n) for x, y, n in _weighed(old[i:a], new[j:b]))
        if size:
            runs.append((a, b, size))
        i, j = a + size, b + size
    return runs


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Return runs with those that follow one another in both passages made one."""
    joined: list[Run] = []
    for i, j, n in runs:
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (i, j):
            a, b, size = joined.pop()
            joined.append((a, b, size + n))
        else:
            joined.append((i, j, n))
    return joined
