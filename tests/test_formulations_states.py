"""States: each rule by hand, on series drawn as dots and crosses, and its chances by counting."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.formulations import states as rule
from kit.formulations.states import State, at_most, recent, states


def one(drawn: str) -> State:
    """Return the state of a formulation whose texts are drawn: x with it, a dot without."""
    places = np.array([i for i, c in enumerate(drawn) if c == "x"], dtype=np.int64)
    return states(np.zeros(len(places), dtype=np.int64), places, 1, len(drawn))[0]


SERIES = [
    ("x" * 14, "established", None),
    ("x" * 13 + ".", "established", None),
    ("x.x..x.x.x..x.", "established", None),
    (".x......x..x..", "established", None),
    ("xxxxxxx.......", "dropped", None),  # 1 of C(13, 6) = 1,716 orders
    ("xx" + "." * 18, "too few", None),  # 1 / 19: a chance of more than 5 %
    ("xx" + "." * 19, "dropped", None),  # 1 / 20
    ("..........xxxx", "new", None),  # 1 of C(14, 4) = 1,001 orders
    ("............xx", "new", None),  # 1 / 91
    (".....xx", "new", None),  # 1 / 21
    ("....xx", "too few", None),  # 1 / 15
    (".............x", "too few", None),
    ("xxxx.......xxx", "revived", 11),  # 1 of C(10, 3) = 120, allowed 5 % / 3
    ("xxxx....xxxxxxxxxxxxx", "established", None),  # 1 of C(7, 3) = 35, allowed 5 % / 3
    ("xxxx.......xxxxxxxxxxxxx", "established", 11),  # back, but long since
    ("xxxx.......xxx" + "." * 30, "dropped", 11),
    ("xxxx.......x" + "." * 40, "dropped", 11),  # one use after the return says nothing of its own
    ("xxxxxxxx...x..", "fading", None),  # 6 of C(13, 8) = 1,287
    ("xxxxx", "too few", None),  # five texts
    ("", "too few", None),
    ("....................", "too few", None),
]


@pytest.mark.parametrize(("drawn", "state", "revived"), SERIES)
def test_each_state_by_hand(drawn: str, state: str, revived: int | None) -> None:
    assert one(drawn) == State(state, revived)


def test_several_formulations_are_judged_as_each_alone() -> None:
    drawn = [d for d, _, _ in SERIES if len(d) == 14]
    pairs = [(i, j) for i, d in enumerate(drawn) for j, c in enumerate(d) if c == "x"]
    row, place = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    assert states(row, place, len(drawn) + 1, 14) == [*(one(d) for d in drawn), State("too few")]


@pytest.mark.parametrize(("uses", "within", "texts"), [(2, 2, 9), (3, 4, 9), (4, 8, 9), (1, 1, 5)])
def test_the_chance_of_a_silence_is_that_of_counting_orders(
    uses: int, within: int, texts: int
) -> None:
    orders = [o for o in itertools.combinations(range(texts), uses) if o[0] == 0]
    silent = sum(o[-1] < within for o in orders)
    chance = rule._silence(np.array([uses]), np.array([within]), np.array([texts]))
    assert chance[0] == pytest.approx(silent / len(orders))


@given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_fisher_agrees_with_counting(texts: int, window: int, uses: int, inside: int) -> None:
    window, uses = min(window, texts), min(uses, texts)
    ways = [
        math.comb(window, x) * math.comb(texts - window, uses - x)
        for x in range(min(inside, uses) + 1)
    ]
    found = at_most(np.array([inside]), window, np.array([uses]), np.array([texts]))
    assert found[0] == pytest.approx(sum(ways) / math.comb(texts, uses))


@given(st.text("x.", min_size=6, max_size=80))
def test_a_state_is_one_of_those_written(drawn: str) -> None:
    found = one(drawn)
    assert found.name in rule.STATES
    if found.revived is not None:
        assert drawn[found.revived] == "x"
        assert drawn[found.revived - 1] == "."
    if found.name == "dropped":
        assert drawn.endswith(".")


def test_recent_texts() -> None:
    assert [recent(n) for n in (0, 4, 6, 36, 100, 124, 10_000)] == [0, 4, 6, 6, 10, 12, 100]
