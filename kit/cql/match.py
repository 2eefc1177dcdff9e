"""Matches of a query, found for all places of a corpus at once.

The pattern becomes an automaton with a state for each word of it (Glushkov 1961), so that no state is
entered without reading a word. All places where a match may begin advance through it together, one
word a step, as sets of states (Thompson 1968): time grows with the words read, never with the ways to
read them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kit.cql.grammar import ATTRIBUTES
from kit.cql.query import (
    UNITS,
    Choice,
    Condition,
    Edge,
    Pattern,
    Query,
    QueryError,
    Repeat,
    Same,
    Sequence,
    Unit,
    Word,
)
from kit.cql.values import Positions, Test, Truths, resolve
from kit.errors import ParameterError
from kit.tokens import Ints, Longs, Tokens

LONGEST_HIT = 500  # words; CQP has such a limit too (its "hard boundary")
MOST_STATES = 500  # words of a pattern once its repetitions are written out
MOST_READ = 500_000_000  # words that one search may look at: some ten seconds
_A_CALL = 50  # words that could be looked at while numpy is called once
_USUAL = 25  # words from the beginning of a match to a word that may stand anywhere after it

Hits = tuple[Positions, Positions]  # first and last word of each hit
_ACCEPT = -1
_Guards = frozenset[Edge]
_Arrow = tuple[int, _Guards]  # (state, edges that must be there before its word)
_Rows = NDArray[np.int64]  # a column for each run: number of its start, then its labelled words


@dataclass(eq=False)
class _Automaton:
    """``tests`` and ``labels`` of each state, and from each the states that may follow."""

    tests: list[Test] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    follow: list[list[_Arrow]] = field(default_factory=list)
    first: list[_Arrow] = field(default_factory=list)


def search(t: Tokens, query: Query, *, longest: bool = False) -> Hits:
    """Return the hits of a query in reading order.

    Matches are chosen as CQP's "standard" strategy does (CWB 3.5, ``RLeftMaximalMatches``): from each
    beginning the shortest, and of those with one end the one that begins first. `longest` chooses as
    its "longest" does (``RMaximalMatches``): from each beginning the longest, none within another.
    """
    words = _in_a_row(query.pattern)
    plain = 0 < len(words) <= MOST_STATES and not query.same
    starts, ends = _row(t, words, query.unit) if plain else _chosen(t, query, longest=longest)
    for around in query.around:
        unit = max(query.unit, around.unit, key=UNITS.index)
        inner, past = _matches(t, around.pattern, unit, (), longest=not around.contains)
        held = _contain if around.contains else _lie_in
        met = held(starts, ends, inner, past)
        starts, ends = starts[met == around.wanted], ends[met == around.wanted]
    return starts, ends - 1


def _chosen(t: Tokens, query: Query, *, longest: bool) -> Hits:
    """Return (start, past the end) of the matches of a pattern that are hits."""
    starts, ends = _matches(t, query.pattern, query.unit, query.same, longest=longest)
    if longest:
        reached = np.maximum.accumulate(ends)
        kept = np.ones(len(ends), dtype=np.bool_)
        kept[1:] = ends[1:] > reached[:-1]
    else:
        kept = np.sort(np.unique(ends, return_index=True)[1])
    return starts[kept], ends[kept]


def _contain(starts: Positions, ends: Positions, inner: Positions, past: Positions) -> Truths:
    """Return whether a match of another pattern lies in each hit; `past` is the shortest of each."""
    soonest = np.append(np.minimum.accumulate(past[::-1])[::-1], np.iinfo(np.int64).max)
    return np.asarray(soonest[np.searchsorted(inner, starts)] <= ends)


def _lie_in(starts: Positions, ends: Positions, inner: Positions, past: Positions) -> Truths:
    """Return whether each hit lies in a match of another pattern; `past` is the longest of each."""
    furthest = np.append(0, np.maximum.accumulate(past))
    return np.asarray(furthest[np.searchsorted(inner, starts, side="right")] >= ends)


# ---- words in a row: no automaton is needed, and no hit shares its beginning or end with another


def _in_a_row(pattern: Pattern) -> list[Word]:
    """Return the words of a pattern that is words in a row, none of any other."""
    match pattern:
        case Word():
            return [pattern]
        case Sequence(parts):
            rows = [_in_a_row(part) for part in parts]
            return [word for row in rows for word in row] if all(rows) else []
    return []


def _row(t: Tokens, words: list[Word], unit: Unit) -> Hits:
    """Return (start, past the end) of words in a row, looked for from the rarest of them."""
    tests = [resolve(t, word.condition) for word in words]
    rarest, *others = sorted(range(len(tests)), key=lambda place: tests[place].size)
    starts = tests[rarest].positions() - rarest
    past = starts + len(tests)
    if others:
        within = (starts >= 0) & (past <= len(t))
        starts, past = starts[within], past[within]
        _, number = _units(t, unit)
        together = number[starts] == number[past - 1]
        starts, past = starts[together], past[together]
    for place in others:
        met = tests[place].at(starts + place)
        starts, past = starts[met], past[met]
    return starts, past


# ---- matches from each place


def _matches(
    t: Tokens, pattern: Pattern, unit: Unit, same: tuple[Same, ...], *, longest: bool
) -> Hits:
    """Return (start, past the end) of the shortest or longest match from each place that has one."""
    tests: dict[int, Test] = {}

    def test(condition: Condition | None) -> Test:
        if id(condition) not in tests:
            tests[id(condition)] = resolve(t, condition)
        return tests[id(condition)]

    automaton = _automaton(pattern, test)
    labels = sorted({label for condition in same for label in condition.labels})
    column = {label: i for i, label in enumerate(labels, start=1)}
    bounds, number = _units(t, unit)
    starts = _places(pattern, automaton, test, bounds, number)
    past = np.minimum(bounds[number[starts] + 1], starts + LONGEST_HIT)
    ends = np.zeros(len(starts), dtype=np.int64)
    rows = np.full((1 + len(labels), len(starts)), -1, dtype=np.int64)
    rows[0] = np.arange(len(starts))
    arriving: dict[int, list[_Rows]] = {}
    _advance(t, automaton.first, rows, starts, arriving)
    read = 0
    for step in range(LONGEST_HIT):
        arrived, arriving = arriving, {}
        for state, parts in arrived.items():
            rows = _merged(parts)
            if not longest:
                rows = rows[:, ends[rows[0]] == 0]
            read += (rows.shape[1] + _A_CALL) * len(automaton.follow[state])
            if read > MOST_READ:
                raise ParameterError(
                    f"the search was given up after {MOST_READ:,} words: name a rarer word, "
                    "or allow fewer repetitions"
                )
            rows = rows[:, starts[rows[0]] + step < past[rows[0]]]
            rows = rows[:, automaton.tests[state].at(starts[rows[0]] + step)]
            at = starts[rows[0]] + step
            if automaton.labels[state] in column:
                rows[column[automaton.labels[state]]] = at
            for done in _advance(t, automaton.follow[state], rows, at + 1, arriving):
                agreeing = done[0, _agree(t, done, same, column)]
                ends[agreeing] = starts[agreeing] + step + 1
        if not arriving:
            break
    found = ends > 0
    return starts[found], ends[found]


def _advance(
    t: Tokens,
    arrows: list[_Arrow],
    rows: _Rows,
    places: Positions,
    arriving: dict[int, list[_Rows]],
) -> list[_Rows]:
    """Send rows along the arrows whose edges are at their places; return those that have arrived.

    In `arriving` the states get their rows; where an arrow has no edges all rows take it.
    """
    done = []
    for state, guards in arrows:
        passing = rows
        if guards:
            open_ = np.ones(len(places), dtype=np.bool_)
            for edge in guards:
                bounds, number = _units(t, edge.unit)
                open_ &= _is_edge(bounds, number, places) == edge.there
            passing = rows[:, open_]
        if state == _ACCEPT:
            done.append(passing)
        elif passing.shape[1]:
            arriving.setdefault(state, []).append(passing)
    return done


def _is_edge(bounds: Longs, number: Ints, places: Positions) -> Truths:
    """Return whether a unit begins or ends before the word at each place."""
    inner = np.minimum(places, len(number) - 1)
    return np.asarray((places == len(number)) | (bounds[number[inner]] == places))


def _merged(parts: list[_Rows]) -> _Rows:
    """Return the distinct rows of several lots, in order."""
    rows = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    if len(rows) == 1:
        return rows if len(parts) == 1 else np.unique(rows)[None, :]
    return np.asarray(np.unique(rows, axis=1))  # a word labelled anew may make two rows one


def _agree(t: Tokens, rows: _Rows, same: tuple[Same, ...], column: dict[str, int]) -> Truths:
    """Return whether the labelled words of each row are as the query wants them."""
    agree = np.ones(rows.shape[1], dtype=np.bool_)
    for condition in same:
        one, other = (rows[column[label]] for label in condition.labels)
        ids = t.layer(ATTRIBUTES[condition.attribute]).ids
        agree &= (one >= 0) & (other >= 0) & ((ids[one] == ids[other]) == condition.equal)
    return agree


def _units(t: Tokens, unit: Unit) -> tuple[Longs, Ints]:
    """Return the first word of each unit, and the unit of each word."""
    if unit == "s":
        return t.sentence_bounds, t.sentence
    return (t.passage_bounds, t.passage) if unit == "p" else (t.document_bounds, t.document)


# ---- where matches may begin

_Anchors = list[tuple[Test, int, int]]  # a test that a word between the two offsets must meet
_Cost = tuple[float, _Anchors]


def _places(
    pattern: Pattern,
    automaton: _Automaton,
    test: Callable[[Condition | None], Test],
    bounds: Longs,
    number: Ints,
) -> Positions:
    """Return, in order, places among which are all where a match begins: about its rarest word."""
    opening = [(automaton.tests[state], 0, 0) for state, _ in automaton.first if state != _ACCEPT]
    cost, anchors = _anchors(pattern, 0, 0, test)
    if sum(one.size for one, _, _ in opening) <= cost:
        anchors = opening
    found = []
    for one, least, most in anchors:
        at = one.positions()
        earliest = np.maximum(bounds[number[at]], at - most)
        lengths = np.maximum(at - least + 1 - earliest, 0)
        before = np.repeat(np.cumsum(lengths) - lengths, lengths)
        found.append(np.repeat(earliest, lengths) + np.arange(lengths.sum()) - before)
    if len(found) == 1 and anchors[0][1] == anchors[0][2]:
        return np.asarray(found[0])
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _anchors(
    pattern: Pattern, least: int, most: int, test: Callable[[Condition | None], Test]
) -> _Cost:
    """Return the cheapest anchors of a pattern that begins `least` to `most` words after a match."""
    match pattern:
        case Word(condition):
            one = test(condition)
            return one.size * min(most - least + 1, _USUAL), [(one, least, most)]
        case Sequence(parts):
            best: _Cost = float("inf"), []
            for part in parts:
                best = min(best, _anchors(part, least, most, test), key=lambda cost: cost[0])
                shortest, furthest = _length(part)
                least, most = least + shortest, min(most + furthest, LONGEST_HIT)
            return best
        case Choice(options):
            costs = [_anchors(option, least, most, test) for option in options]
            return sum(c for c, _ in costs), [anchor for _, found in costs for anchor in found]
        case Repeat(body, at_least, _) if at_least:
            return _anchors(body, least, most, test)
    return float("inf"), []


def _length(pattern: Pattern) -> tuple[int, int]:
    """Return how many words a pattern takes at least and at most."""
    match pattern:
        case Word():
            return 1, 1
        case Sequence(parts):
            lengths = [_length(part) for part in parts]
            return sum(a for a, _ in lengths), min(sum(b for _, b in lengths), LONGEST_HIT)
        case Choice(options):
            lengths = [_length(option) for option in options]
            return min(a for a, _ in lengths), max(b for _, b in lengths)
        case Repeat(body, least, most):
            short, long = _length(body)
            return short * least, min(long * (LONGEST_HIT if most is None else most), LONGEST_HIT)
    return 0, 0


# ---- the automaton


def _automaton(pattern: Pattern, test: Callable[[Condition | None], Test]) -> _Automaton:
    automaton = _Automaton()
    ends = _add(automaton, pattern, [(automaton.first, frozenset())], test)
    for arrows, guards in ends:
        arrows.append((_ACCEPT, guards))
    for arrows in (automaton.first, *automaton.follow):
        arrows[:] = dict.fromkeys(arrows)
    return automaton


# An open end: the arrows of a state that are still to be led on, and the edges passed since.
_End = tuple[list[_Arrow], _Guards]


def _add(
    automaton: _Automaton,
    pattern: Pattern,
    ends: list[_End],
    test: Callable[[Condition | None], Test],
) -> list[_End]:
    """Add the states of a pattern that goes on from open ends; return the open ends after it."""
    match pattern:
        case Word(condition, label):
            state = len(automaton.tests)
            if state == MOST_STATES:
                raise QueryError(0, f"it has more than {MOST_STATES} words, repetitions counted")
            automaton.tests.append(test(condition))
            automaton.labels.append(label)
            automaton.follow.append([])
            for arrows, guards in ends:
                arrows.append((state, guards))
            return [(automaton.follow[state], frozenset())]
        case Edge():
            return _distinct([(arrows, guards | {pattern}) for arrows, guards in ends])
        case Sequence(parts):
            for part in parts:
                ends = _add(automaton, part, ends, test)
            return ends
        case Choice(options):
            return _distinct(
                [end for option in options for end in _add(automaton, option, ends, test)]
            )
        case Repeat(body, least, most):
            if _length(body)[1] == 0:  # edges alone: as often as one likes is once
                least, most = min(least, 1), 1
            for _ in range(least):
                ends = _add(automaton, body, ends, test)
            if most is None:
                return _distinct([*ends, *_loop(automaton, body, ends, test)])
            passed = list(ends)
            for _ in range(most - least):
                ends = _add(automaton, body, ends, test)
                passed = _distinct([*passed, *ends])
            return passed


def _loop(
    automaton: _Automaton,
    body: Pattern,
    ends: list[_End],
    test: Callable[[Condition | None], Test],
) -> list[_End]:
    """Add a body that may follow itself any number of times; return the open ends after it."""
    entry: list[_Arrow] = []
    after = _add(automaton, body, [(entry, frozenset())], test)
    inner = [(arrows, guards) for arrows, guards in after if arrows is not entry]
    for arrows, passed in [*ends, *inner]:
        arrows.extend((state, passed | guards) for state, guards in entry)
    return inner


def _distinct(ends: list[_End]) -> list[_End]:
    return list({(id(arrows), guards): (arrows, guards) for arrows, guards in ends}.values())
