"""Change points, and shares of what comes in clusters: against figures by hand, brute force and laws."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kit.measures import changes, clustered
from kit.measures.intervals import wilson

ONES = np.ones


def test_the_cut_is_where_the_means_differ_most() -> None:
    values = np.array([0.0, 0, 0, 0, 1, 1, 1, 0.5])
    at, size = changes.Scan(ONES(8), 2).cut(values)
    assert at == 4
    within = 3 * (1 - 0.875) ** 2 + (0.5 - 0.875) ** 2
    total = float(np.sum((values - values.mean()) ** 2))
    assert size == pytest.approx(6 * np.log(total / within))


def test_weights_count_as_so_many_places() -> None:
    values, weights = np.array([0.1, 0.2, 0.7, 0.8]), np.array([1.0, 2, 3, 1])
    at, size = changes.Scan(weights, 1).cut(values)
    repeated = np.repeat(values, weights.astype(int))
    mean = [np.average(values[x], weights=weights[x]) for x in (slice(0, at), slice(at, 4))]
    within = np.sum((repeated - np.repeat(mean, [3, 4])) ** 2)
    assert (at, size) == (2, pytest.approx(2 * np.log(repeated.var() * 7 / within)))


def test_the_chance_is_that_among_all_orders() -> None:
    values = np.array([0.0, 0.1, 0.05, 0.4, 0.5, 0.45, 0.0])
    scan = changes.Scan(ONES(7), 2)
    seen = scan.cut(values)[1]
    every = [changes.Scan(ONES(7), 2).cut(np.array(v))[1] for v in permutations(values)]
    true = np.mean(np.array(every) >= seen - 1e-9)
    _, size, drawn = scan.change(values)
    assert changes.chance(size, drawn) == pytest.approx(true, abs=0.03)


def test_a_burst_is_found_with_both_its_ends() -> None:
    values = np.array([0.1, 0.12] * 10 + [0.5, 0.55] * 6 + [0.1, 0.12] * 8)
    scan = changes.Scan(ONES(len(values)), 3)
    _, _, drawn = scan.change(values)
    found = sorted(changes.cuts(values, ONES(len(values)), 3, 1.0, drawn, 0.05))
    assert [at for at, _ in found] == [20, 32]


@pytest.mark.parametrize("values", [[], [0.5], [0.2] * 9, [0.0, 1.0, 0.0, 1.0]])
def test_nothing_to_cut(values: list[float]) -> None:
    series = np.array(values)
    at, size, drawn = changes.Scan(ONES(len(values)), 3).change(series)
    assert (at, size) == (0, -np.inf)
    assert changes.chance(size, drawn) == 1.0
    assert list(changes.cuts(series, ONES(len(values)), 3, 1.0, drawn, 0.05)) == []


def test_persistence_is_not_taken_for_a_change_of_level() -> None:
    draw = np.random.default_rng(0)
    noise = draw.normal(size=400)
    assert abs(changes.persistence(noise)) < 0.2
    assert abs(changes.persistence(noise + np.repeat([0, 5, -3, 0], 100))) < 0.2
    walk = np.zeros(400)
    for i in range(1, 400):
        walk[i] = 0.6 * walk[i - 1] + noise[i]
    assert changes.persistence(walk) == pytest.approx(0.6, abs=0.15)
    assert changes.loss(0.5) == pytest.approx(1 / 3)
    assert changes.loss(-0.5) == 1.0
    assert changes.loss(2.0) == changes.loss(changes.LONGEST)


def test_likeness_of_two_clusters_by_hand() -> None:
    # 4 of 4 and 0 of 4: all that differs, differs between; 2 of 4 twice: nothing does
    count = np.array([[4, 2], [0, 2]])
    found, degrees = clustered.likeness(count, np.array([4, 4]), np.array([0, 0]))
    assert degrees == 1
    assert found.tolist() == [1.0, 0.0]
    # 3 of 4 and 1 of 4: MSB = 0.5, MSW = 1.5 / 6 = 0.25, n0 = 4
    found, _ = clustered.likeness(np.array([[3], [1]]), np.array([4, 4]), np.array([0, 0]))
    assert found[0] == pytest.approx((0.5 - 0.25) / (0.5 + 3 * 0.25))


def test_strata_do_not_count_as_likeness() -> None:
    count, size = np.array([[4], [4], [0], [0]]), np.full(4, 5)
    together, _ = clustered.likeness(count, size, np.zeros(4, dtype=np.int64))
    apart, degrees = clustered.likeness(count, size, np.array([0, 0, 1, 1]))
    assert (apart[0], degrees) == (0.0, 2)
    assert together[0] > 0.5


def test_too_little_to_know_how_alike_units_are() -> None:
    for count, size in (([[3]], [5]), ([[1], [0]], [1, 1]), ([[0], [0]], [0, 0])):
        found, _ = clustered.likeness(
            np.array(count), np.array(size), np.zeros(len(size), dtype=np.int64)
        )
        assert np.isnan(found[0])


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [
        ([1, 1, 1, 1], [0, 0, 1, 1]),
        ([1, 1, 1], [0, 0, 0]),
        ([1, 2], [0, 0]),
        ([2, 1, 3], [0, 1, 1]),
        ([2, 1], [0, 0]),
        ([1], [0]),
    ],
)
def test_no_stratum_is_left_alone(sizes: list[int], joined: list[int]) -> None:
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    assert clustered.collapsed(stratum).tolist() == np.repeat(joined, sizes).tolist()


def test_effective_units_from_one_a_cluster_to_all() -> None:
    size, stratum = np.array([10, 10, 20]), np.array([0, 0, 1])
    worth = clustered.effective(size, np.array([0.0, 1.0, 0.25, np.nan]), stratum)
    assert worth[0].tolist() == pytest.approx([20, 2, 20 / (1 + 9 / 4), 20])
    assert worth[1].tolist() == pytest.approx([20, 1, 20 / (1 + 19 / 4), 20])


def test_an_interval_of_independent_units_is_wilsons() -> None:
    low, high = clustered.interval([0.3], [50.0], 0)
    assert (low[0], high[0]) == tuple(pytest.approx(float(end[0])) for end in wilson([15], [50]))
    wide = clustered.interval([0.3], [50.0], 4)
    assert wide[0][0] < low[0] < high[0] < wide[1][0]


def test_newcombes_interval_of_a_difference() -> None:
    # his case (a): 56 of 70 against 48 of 80, 0.2 with 0.0524 to 0.3339 by method 10
    one, other = wilson([48], [80]), wilson([56], [70])
    low, high = clustered.difference([0.6], one, [0.8], other)
    assert (low[0], high[0]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


@given(st.integers(1, 60), st.floats(0.01, 0.99), st.floats(0.02, 0.9), st.data())
def test_tails_are_those_of_the_beta_binomial(
    size: int, share: float, alike: float, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, size))
    fewer, more = clustered.tails([count], size, [share], [alike])
    strength = (1 - alike) / alike
    true = stats.betabinom(size, share * strength, (1 - share) * strength)
    assert fewer[0] == pytest.approx(true.cdf(count), rel=1e-6, abs=1e-9)
    assert more[0] == pytest.approx(true.sf(count - 1), rel=1e-6, abs=1e-9)


def test_tails_without_likeness_are_binomial() -> None:
    fewer, more = clustered.tails([3], 20, [0.1], [0.0])
    assert fewer[0] == pytest.approx(stats.binom(20, 0.1).cdf(3), abs=1e-4)
    assert more[0] == pytest.approx(stats.binom(20, 0.1).sf(2), abs=1e-4)


def test_the_chance_of_an_excess() -> None:
    p = clustered.excess([30, 4, 0, 4], [20.0, 0.5, 0.5, 0.5], [16.0, 0.4, 0.4, 1.0])
    assert p[0] == pytest.approx(2 * stats.norm.sf(9.5 / 4))
    assert p[1] == pytest.approx(2 * stats.poisson(0.5).sf(3), rel=1e-3)
    assert p[2] == 1.0
    assert p[3] == pytest.approx(2 * stats.nbinom(0.5, 0.5).sf(3), rel=1e-3)
