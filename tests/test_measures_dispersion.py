"""Dispersion: published figures, loops as the formulas are written, and laws."""

import math
from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import sparse, stats

from kit.measures import dispersion

MEASURES: dict[str, Callable[..., np.ndarray]] = {
    "range": dispersion.range_,
    "juilland_d": dispersion.juilland_d,
    "carroll_d2": dispersion.carroll_d2,
    "rosengren_s": dispersion.rosengren_s,
    "d3": dispersion.d3,
    "gries_dp": dispersion.gries_dp,
    "dp_norm": dispersion.dp_norm,
    "d_kl": dispersion.d_kl,
}
EVEN_IS_1 = ("juilland_d", "carroll_d2", "rosengren_s", "d3")
EVEN_IS_0 = ("gries_dp", "dp_norm", "d_kl")
NEED_TWO_PARTS = ("juilland_d", "carroll_d2", "dp_norm")
Grid = tuple[np.ndarray, np.ndarray]


@st.composite
def grids(draw: st.DrawFn, parts: int = 2) -> Grid:
    """Counts of some words, many of them 0, in parts of any size."""
    k = draw(st.integers(parts, 8))
    count = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 10**6))
    words = draw(st.lists(st.lists(count, min_size=k, max_size=k), min_size=1, max_size=6))
    more = draw(st.lists(st.integers(1, 10**6), min_size=k, max_size=k))
    counts = np.array(words)
    return counts, counts.sum(axis=0) + more


def written(name: str, counts: Sequence[int], sizes: Sequence[int]) -> float:
    """Return a measure of one word over all its parts, zeros too, as its formula is written."""
    f, n, k = int(sum(counts)), int(sum(sizes)), len(sizes)
    parts = [(int(c), int(s)) for c, s in zip(counts, sizes, strict=True)]
    if name == "range":
        return float(sum(c > 0 for c, _ in parts))
    if not f:
        return math.nan
    rates = [c / s for c, s in parts]
    mean = sum(rates) / k
    deviation = math.sqrt(sum((r - mean) ** 2 for r in rates) / k)
    chi_square = sum((c - f * s / n) ** 2 / (f * s / n) for c, s in parts)
    shares = [c / f for c, _ in parts]
    dp = sum(abs(c / f - s / n) for c, s in parts) / 2
    return {
        "juilland_d": 1 - deviation / mean / math.sqrt(k - 1),
        "carroll_d2": float(stats.entropy(rates, base=2)) / math.log2(k),
        "rosengren_s": sum(math.sqrt(s / n * c) for c, s in parts) ** 2 / f,
        "d3": 1 - chi_square / (4 * f),
        "gries_dp": dp,
        "dp_norm": dp / (1 - min(sizes) / n),
        "d_kl": float(stats.entropy(shares, [s / n for _, s in parts], base=2)),
    }[name]


def of(name: str, counts: Sequence[int], sizes: Sequence[int]) -> float:
    return float(MEASURES[name]([counts], sizes)[0])


# Published figures

LYNE = (
    (2, 0, 1, 1, 3, 0, 3, 0, 0, 0),
    (8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("juilland_d", 0.6038797),
        ("carroll_d2", 0.6521444),
        ("rosengren_s", 0.4763652),
        ("gries_dp", 0.4990705),
        ("range", 5),
    ],
)
def test_allemand_in_ten_parts(name: str, value: float) -> None:
    assert of(name, *LYNE) == pytest.approx(value, abs=6e-8)


def test_allemand_by_divergence() -> None:
    k = of("d_kl", *LYNE)
    assert 1 - k / (1 + k) == pytest.approx(0.4665078, abs=5e-8)


def test_gries_2008() -> None:
    assert of("rosengren_s", range(1, 6), [10] * 5) == pytest.approx(0.937, abs=0.0005)
    assert of("d3", range(1, 6), [10] * 5) == pytest.approx(0.944, abs=0.0005)


def test_dp_and_its_norm() -> None:
    assert of("gries_dp", [2, 1, 0], [100] * 3) == pytest.approx(0.3333, abs=5e-5)
    assert of("dp_norm", [2, 1, 0], [100] * 3) == pytest.approx(0.5)


def test_juilland_by_the_population_deviation() -> None:
    assert of("juilland_d", [0, 4, 3, 2, 1], [100] * 5) == pytest.approx(0.6464, abs=5e-5)


def test_gries_2008_pages_406_to_410() -> None:
    text = "bamnibeupk basatbewqn bcagabesta baghabeaat bahaabeaxa".replace(" ", "")
    at = [i for i, letter in enumerate(text) if letter == "a"]
    assert (len(text), len(at)) == (50, 15)
    assert dispersion.arf(at, 50) == pytest.approx(10.8)
    assert dispersion.awt(at, 50) == pytest.approx(3.18)


# Second implementations


@given(grids())
def test_measures_are_as_written(grid: Grid) -> None:
    counts, sizes = grid
    for name, measure in MEASURES.items():
        figures = measure(counts, sizes)
        assert figures.dtype == np.float64
        expected = [written(name, row, sizes) for row in counts]
        # a square root takes a rounding of 1e-16 in what is even to 1e-8
        np.testing.assert_allclose(figures, expected, rtol=1e-9, atol=3e-8, err_msg=name)


@st.composite
def places(draw: st.DrawFn) -> tuple[list[int], int]:
    n = draw(st.integers(1, 200))
    return sorted(draw(st.sets(st.integers(0, n - 1), min_size=1))), n


@given(places())
def test_arf_is_the_mean_over_all_ways_to_cut_the_text(word: tuple[list[int], int]) -> None:
    """Its definition: cut the text, from any place, in f equal pieces; how many have the word?"""
    at, n = word
    f = len(at)
    assume(n % f == 0)
    piece = n // f
    there = np.zeros(2 * n, dtype=bool)
    there[at] = there[np.array(at) + n] = True
    cuts = [
        sum(there[start + i * piece : start + (i + 1) * piece].any() for i in range(f))
        for start in range(n)
    ]
    assert dispersion.arf(at, n) == pytest.approx(np.mean(cuts))


@given(places())
def test_awt_is_the_mean_wait_from_all_places(word: tuple[list[int], int]) -> None:
    at, n = word
    waits = [min((position - place - 1) % n + 1 for position in at) for place in range(n)]
    assert dispersion.awt(at, n) == pytest.approx(np.mean(waits))


# Laws


@given(grids())
def test_sparse_is_dense(grid: Grid) -> None:
    counts, sizes = grid
    halves = sparse.coo_array(
        (
            np.concatenate([counts.ravel() - counts.ravel() // 2, counts.ravel() // 2]),
            tuple(np.tile(i.ravel(), 2) for i in np.indices(counts.shape)),
        ),
        shape=counts.shape,
    )
    doubled = sparse.csr_array(  # every cell twice and unsorted, zeros among them
        (
            np.concatenate([np.r_[row // 2, row - row // 2] for row in counts]),
            np.tile(np.r_[np.arange(len(sizes)), np.arange(len(sizes))], len(counts)),
            2 * len(sizes) * np.arange(len(counts) + 1),
        ),
        shape=counts.shape,
    )
    entries = doubled.nnz
    for name, measure in MEASURES.items():
        dense = measure(counts, sizes)
        for form in (sparse.csr_array(counts), sparse.csr_matrix(counts), halves, doubled):
            np.testing.assert_array_equal(measure(form, sizes), dense, err_msg=name)
    assert doubled.nnz == entries  # what was given stays as it was


@given(grids(), st.randoms(use_true_random=False))
def test_order_of_parts_changes_nothing(grid: Grid, random: Random) -> None:
    counts, sizes = grid
    order = list(range(len(sizes)))
    random.shuffle(order)
    for name, measure in MEASURES.items():
        moved = measure(counts[:, order], sizes[order])
        np.testing.assert_allclose(
            moved, measure(counts, sizes), rtol=1e-9, atol=3e-8, err_msg=name
        )


@given(grids(), st.integers(2, 9))
def test_scale(grid: Grid, times: int) -> None:
    counts, sizes = grid
    for name, measure in MEASURES.items():
        grown = measure(counts * times, sizes * times)
        np.testing.assert_allclose(
            grown, measure(counts, sizes), rtol=1e-9, atol=3e-8, err_msg=name
        )


@given(grids())
def test_parts_of_one_rate_may_be_merged(grid: Grid) -> None:
    """A part cut in two alike changes nothing where parts weigh by size."""
    counts, sizes = grid
    cut, halves = np.hstack([2 * counts, counts[:, :1]]), np.r_[2 * sizes, sizes[0]]
    cut[:, 0], halves[0] = counts[:, 0], sizes[0]
    for name in ("rosengren_s", "d3", "gries_dp", "d_kl"):
        np.testing.assert_allclose(
            MEASURES[name](cut, halves),
            MEASURES[name](counts, sizes),
            rtol=1e-9,
            atol=1e-9,
            err_msg=name,
        )


@given(grids())
def test_parts_without_words_are_no_parts(grid: Grid) -> None:
    counts, sizes = grid
    wider = np.hstack([np.zeros((len(counts), 1), dtype=int), counts])
    for name, measure in MEASURES.items():
        figures = measure(wider, np.r_[0, sizes])
        np.testing.assert_array_equal(figures, measure(counts, sizes), err_msg=name)


@given(grids())
def test_bounds_and_what_is_undefined(grid: Grid) -> None:
    counts, sizes = grid
    occurs = counts.sum(axis=1) > 0
    slack = 3e-8
    for name, measure in MEASURES.items():
        figures = measure(counts, sizes)
        np.testing.assert_array_equal(np.isfinite(figures), occurs | (name == "range"), name)
        if name not in ("range", "d3", "d_kl"):
            assert (figures[occurs] >= -slack).all(), name
            assert (figures[occurs] <= 1 + slack).all(), name


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=8), st.integers(1, 50))
def test_an_even_spread(sizes: list[int], rate: int) -> None:
    counts = [size * rate for size in sizes]
    long = [size * 100 for size in sizes]
    for name in EVEN_IS_1:
        assert of(name, counts, long) == pytest.approx(1, abs=3e-8), name
    for name in EVEN_IS_0:
        assert of(name, counts, long) == pytest.approx(0, abs=1e-12), name


@given(st.integers(2, 8), st.integers(1, 50))
def test_all_in_one_of_equal_parts(parts: int, count: int) -> None:
    counts, sizes = [count] + [0] * (parts - 1), [100] * parts
    assert of("juilland_d", counts, sizes) == pytest.approx(0, abs=1e-12)
    assert of("carroll_d2", counts, sizes) == pytest.approx(0, abs=1e-12)
    assert of("rosengren_s", counts, sizes) == pytest.approx(1 / parts)
    assert of("d3", counts, sizes) == pytest.approx(1 - (parts - 1) / 4)
    assert of("gries_dp", counts, sizes) == pytest.approx(1 - 1 / parts)
    assert of("dp_norm", counts, sizes) == pytest.approx(1)
    assert of("d_kl", counts, sizes) == pytest.approx(math.log2(parts))


@pytest.mark.parametrize("name", MEASURES)
def test_one_part_or_none(name: str) -> None:
    one = MEASURES[name]([[5], [0]], [100])
    assert np.isnan(one[0]) == (name in NEED_TWO_PARTS)
    assert np.isnan(one[1]) == (name != "range")
    assert MEASURES[name](np.zeros((0, 3)), [1, 2, 3]).shape == (0,)
    none = MEASURES[name](np.zeros((2, 0)), [])
    assert none.shape == (2,)
    assert np.isnan(none).all() == (name != "range")


@pytest.mark.parametrize(
    ("counts", "sizes", "message"),
    [
        ([1, 2], [10, 10], r"of shape \(2,\)"),
        ([[1, 2]], [10], r"sizes of shape \(1,\)"),
        ([[1, -2]], [10, 10], "below 0"),
        ([[1, 2]], [10, 0], "without words"),
        ([[0, 0]], [10, -1], "below 0"),
    ],
)
def test_what_does_not_go_together(counts: list[list[int]], sizes: list[int], message: str) -> None:
    for measure in MEASURES.values():
        with pytest.raises(ValueError, match=message):
            measure(counts, sizes)


@given(places(), st.integers(0, 500))
def test_places_turn_round_and_come_in_any_order(word: tuple[list[int], int], by: int) -> None:
    at, n = word
    turned = [(position + by) % n for position in at]
    assert dispersion.arf(turned, n) == pytest.approx(dispersion.arf(at, n))
    assert dispersion.awt(turned, n) == pytest.approx(dispersion.awt(at, n))
    assert 1 <= dispersion.arf(at, n) <= len(at) + 1e-9
    # evenly spread at the least, all in one place at the most
    assert (1 + n / len(at)) / 2 - 1e-9 <= dispersion.awt(at, n) <= (1 + n) / 2


def test_a_word_that_is_once_or_never_there() -> None:
    assert dispersion.arf([3], 10) == pytest.approx(1)
    assert dispersion.awt([3], 10) == pytest.approx(5.5)
    assert math.isnan(dispersion.arf([], 10))
    assert math.isnan(dispersion.awt([], 0))


@pytest.mark.parametrize("positions", [[10], [-1], [2, 2], [0, 0]])
def test_positions_that_cannot_be(positions: list[int]) -> None:
    for measure in (dispersion.arf, dispersion.awt):
        with pytest.raises(ValueError, match="different numbers from 0 to 9"):
            measure(positions, 10)
