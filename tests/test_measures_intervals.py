"""Intervals and adjusted chances: scipy, loops as the rules are written, and laws."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from kit.measures.intervals import (
    benjamini_hochberg,
    bonferroni,
    holm,
    wilson,
    wilson_clustered,
)

ADJUST = (bonferroni, holm, benjamini_hochberg)
chances = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def stepwise(p: list[float]) -> list[float]:
    """Return Holm's p: the i-th smallest of m times m - i + 1, no less than the one before."""
    order = sorted(range(len(p)), key=p.__getitem__)
    adjusted, before = [0.0] * len(p), 0.0
    for step, i in enumerate(order):
        before = adjusted[i] = max(before, min(1.0, (len(p) - step) * p[i]))
    return adjusted


# Published: Newcombe 1998, table I, score method without continuity correction


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_newcombe_prints_it(k: int, n: int, low: float, high: float) -> None:
    ends = wilson(k, n)
    assert ends[0] == pytest.approx(low, abs=5e-5)
    assert ends[1] == pytest.approx(high, abs=5e-5)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_wilson_is_that_of_scipy_and_has_the_share_inside(k: int, n: int, level: float) -> None:
    assume(k <= n)
    low, high = wilson(k, n, level)
    interval = stats.binomtest(k, n).proportion_ci(level, method="wilson")
    assert low == pytest.approx(interval.low, rel=1e-9, abs=1e-12)
    assert high == pytest.approx(interval.high, rel=1e-9, abs=1e-12)
    assert 0 <= low <= k / n + 1e-15
    assert k / n - 1e-15 <= high <= 1
    assert (low == 0) == (k == 0)
    assert (high == 1) == (k == n)


def test_wilson_of_what_is_no_share_is_nan() -> None:
    for end in wilson([0, 5, -1, np.nan, 2], [0, 4, 4, 4, np.nan]):
        assert np.isnan(end).all()
    assert wilson([[1], [2]], [3, 4, 5])[0].shape == (2, 3)


@given(chances)
def test_adjusted_chances_are_as_written(p: list[float]) -> None:
    np.testing.assert_allclose(bonferroni(p), [min(1, len(p) * x) for x in p])
    np.testing.assert_allclose(holm(p), stepwise(p))
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p))


@given(chances, st.integers(0, 30))
def test_nan_stays_nan_and_is_no_test(p: list[float], place: int) -> None:
    place = min(place, len(p))
    holed = np.array([*p[:place], np.nan, *p[place:]])
    before = holed.copy()
    for adjust in ADJUST:
        adjusted = adjust(holed)
        assert np.isnan(adjusted[place])
        np.testing.assert_array_equal(np.delete(adjusted, place), adjust(p))
    np.testing.assert_array_equal(holed, before)


@given(chances)
def test_order_of_the_tests_and_of_the_rules(p: list[float]) -> None:
    shuffled = np.random.default_rng(len(p)).permutation(len(p))
    for adjust in ADJUST:
        adjusted = adjust(p)
        np.testing.assert_array_equal(adjust(np.array(p)[shuffled]), adjusted[shuffled])
        assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
    slack = 1e-12
    assert (np.array(p) <= benjamini_hochberg(p) + slack).all()
    assert (benjamini_hochberg(p) <= holm(p) + slack).all()
    assert (holm(p) <= bonferroni(p) + slack).all()


def test_no_tests_at_all() -> None:
    for adjust in ADJUST:
        assert adjust([]).shape == (0,)
        assert np.isnan(adjust([np.nan, np.nan])).all()


def test_of_one_cluster_the_interval_is_wilson_s() -> None:
    assert wilson_clustered([3], [10]) == pytest.approx([float(x) for x in wilson(3, 10)])
    assert wilson_clustered([3, 0], [10, 0]) == pytest.approx([float(x) for x in wilson(3, 10)])


def test_clusters_that_are_alike_inside_tell_less() -> None:
    # shares .1, .3, .2 of 10: the variance between them, 2 * 3/2 / 900, is below that of 30 single
    # items, .16 / 30, so the design effect is 1; three clusters: t of 2 degrees is 4.3027
    few = (1.959964 / 4.302653) ** 2
    assert wilson_clustered([1, 3, 2], [10, 10, 10]) == pytest.approx(
        [float(x) for x in wilson(6 * few, 30 * few)], rel=1e-5
    )
    # all of it in one:
    # share 10/30: deviations -10/3, -10/3, 20/3, squares sum 600/9; variance 100 / 900 = 1/9;
    # effect (1/9) * 30 / (2/9) = 15, so 30 items tell as much as 2
    assert wilson_clustered([0, 0, 10], [10, 10, 10]) == pytest.approx(
        [float(x) for x in wilson(2 / 3 * few, 2 * few)], rel=1e-5
    )


def test_no_items_have_no_interval() -> None:
    assert np.isnan(wilson_clustered([], [])).all()
    assert np.isnan(wilson_clustered([0], [0])).all()
    assert wilson_clustered([0, 0], [5, 5])[0] == 0
    assert wilson_clustered([5, 5], [5, 5])[1] == 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8))
def test_the_interval_of_clusters_holds_the_share(pairs: list[tuple[int, int]]) -> None:
    k, n = [min(p) for p in pairs], [max(p) for p in pairs]
    assume(sum(n))
    low, high = wilson_clustered(k, n)
    assert 0 <= low <= sum(k) / sum(n) <= high <= 1
    narrow, wide = wilson(sum(k), sum(n))
    assert low <= float(narrow) + 1e-12
    assert high >= float(wide) - 1e-12
