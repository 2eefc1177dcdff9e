"""Association: published figures, the formulas as they are written, and laws."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from kit.measures import association
from kit.measures.association import MEASURES

LOG2_10 = math.log2(10)  # what a published log10 is times to be binary
NEED_A_TABLE = {"G2", "chi2", "deltaP", "deltaP-reverse"}
NEED_A_MEETING = {"MI", "MI2", "MI3", "t", "logDice"}
Pair = tuple[int, int, int, int]


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    n = draw(st.integers(2, 10 ** draw(st.integers(1, 9))))
    f1, f2 = (draw(st.one_of(st.integers(1, min(n - 1, 30)), st.integers(1, n - 1))) for _ in "ab")
    return draw(st.integers(max(0, f1 + f2 - n), min(f1, f2))), f1, f2, n


# Published figures: the gold file of UCS, whose logarithms are decimal


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("z", 2.1024421),
        ("t", 0.8402692),
        ("G2", 2.4487567),
        ("simpleLL", 1.9879920),
        ("MI", 2.6462853),
        ("MS", 0.0000652),
    ],
)
def test_a_pair_above_chance(name: str, value: float) -> None:
    pair = (1, 15334, 2, 191998)
    assert association.expected(*pair[1:]) == pytest.approx(0.1597308, abs=5e-8)
    assert MEASURES[name](*pair) == pytest.approx(value, abs=6e-8)
    assert MEASURES["MI"](*pair) / LOG2_10 == pytest.approx(0.7966113, abs=5e-8)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("z", -0.8346364),
        ("t", -0.9766034),
        ("G2", -0.8298025),
        ("localMI", -0.9550937 * LOG2_10),
        ("chi2", 0.7575559),
        ("MI3", 1.5537541 * LOG2_10),
    ],
)
def test_a_pair_below_chance(name: str, value: float) -> None:
    pair = (7, 15334, 120, 191998)
    assert MEASURES[name](*pair) == pytest.approx(value, abs=2e-7)
    assert MEASURES["MI3"](*pair) == pytest.approx(5.1614595, abs=5e-8)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("t", 2.8460499),
        ("z", 9),
        ("G2", 65.0165947),
        ("simpleLL", 28.0517019),
        ("MI", 3.3219281),
        ("logDice", 14),
    ],
)
def test_a_pair_that_is_never_apart(name: str, value: float) -> None:
    assert MEASURES[name](10, 10, 10, 100) == pytest.approx(value, abs=6e-8)


def test_delta_p_of_gries_2013_page_144() -> None:
    f, other, alone, rest = 5610, 168938, 2257, 10233063
    pair = (f, f + other, f + alone, f + other + alone + rest)
    assert association.delta_p(*pair) == pytest.approx(0.032, abs=0.0005)
    assert association.delta_p_reverse(*pair) == pytest.approx(0.697, abs=0.0005)


# The formulas as they are written


@given(pairs())
def test_measures_are_as_written(pair: Pair) -> None:
    f, f1, f2, n = pair
    e = Fraction(f1 * f2, n)
    difference = float(f - e)
    log2 = math.log2(f / e) if f else math.nan
    more = math.log2(f) if f else math.nan
    dice = Fraction(2 * f, f1 + f2)
    ll = 2 * ((f * math.log(f / e) if f else 0.0) - difference)
    written = {
        "MI": log2,
        "MI2": log2 + more,
        "MI3": log2 + 2 * more,
        "localMI": f * log2 if f else 0.0,
        "t": difference / math.sqrt(f) if f else math.nan,
        "z": difference / math.sqrt(e),
        "simpleLL": math.copysign(ll, difference),
        "logDice": 14 + math.log2(dice) if f else math.nan,
        "Dice": float(dice),
        "deltaP": float(Fraction(f, f1) - Fraction(f2 - f, n - f1)),
        "deltaP-reverse": float(Fraction(f, f2) - Fraction(f1 - f, n - f2)),
        "MS": min(f / f1, f / f2),
    }
    assert MEASURES.keys() - written.keys() == {"G2", "chi2"}
    for name, value in written.items():
        figure = float(MEASURES[name](*pair))
        slack = 1e-12 * (1 + f)
        assert figure == pytest.approx(value, rel=1e-9, abs=slack, nan_ok=True), name


@given(pairs())
def test_tests_of_a_table_are_those_of_scipy(pair: Pair) -> None:
    f, f1, f2, n = pair
    assume(n <= 10**6)
    cells = [[f, f1 - f], [f2 - f, n - f1 - f2 + f]]
    chi2 = stats.chi2_contingency(cells, correction=False).statistic
    assert association.chi_square(*pair) == pytest.approx(chi2, rel=1e-9, abs=1e-9)
    g2 = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
    side = np.sign(f * n - f1 * f2)
    assert association.g2(*pair) == pytest.approx(side * g2, rel=1e-9, abs=1e-6)


# Laws


@given(pairs())
def test_nothing_is_infinite_and_only_what_is_undefined_is_nan(pair: Pair) -> None:
    for name, measure in MEASURES.items():
        figure = measure(*pair)
        assert not np.isinf(figure), name
        assert np.isnan(figure) == (name in NEED_A_MEETING and pair[0] == 0), name


@given(pairs())
def test_which_word_comes_first_matters_to_delta_p_alone(pair: Pair) -> None:
    f, f1, f2, n = pair
    for name, measure in MEASURES.items():
        other = {"deltaP": "deltaP-reverse", "deltaP-reverse": "deltaP"}.get(name, name)
        there, back = float(measure(*pair)), float(MEASURES[other](f, f2, f1, n))
        assert there == pytest.approx(back, rel=1e-9, abs=1e-9, nan_ok=True), name


@given(pairs())
def test_all_agree_on_the_side_of_chance(pair: Pair) -> None:
    f, f1, f2, n = pair
    assume(f)
    side = np.sign(f * n - f1 * f2)
    slack = 1e-9
    for name in ("MI", "localMI", "t", "z", "G2", "simpleLL", "deltaP", "deltaP-reverse"):
        assert MEASURES[name](*pair) * side >= -slack, name


@given(pairs(), st.integers(2, 20))
def test_scale(pair: Pair, times: int) -> None:
    grown = tuple(x * times for x in pair)
    for name in ("MI", "logDice", "Dice", "deltaP", "MS"):
        figure = float(MEASURES[name](*pair))
        assert float(MEASURES[name](*grown)) == pytest.approx(figure, abs=1e-9, nan_ok=True), name
    for name in ("localMI", "G2", "simpleLL", "chi2"):
        figure = times * float(MEASURES[name](*pair))
        assert float(MEASURES[name](*grown)) == pytest.approx(figure, rel=1e-9, abs=1e-6), name


@pytest.mark.parametrize("name", MEASURES)
def test_what_makes_no_sample_is_nan(name: str) -> None:
    measure = MEASURES[name]
    assert np.isnan(measure(-1, 10, 10, 100))
    assert np.isnan(measure(0, 0, 0, 0))
    assert np.isnan(measure(0, 0, 0, 100))
    assert np.isnan(measure(np.nan, 10, 10, 100))
    # a word counted twice where windows overlap: no table, but a rate all the same
    assert np.isnan(measure(12, 10, 20, 100)) == (name in NEED_A_TABLE)


@pytest.mark.parametrize("name", MEASURES)
def test_shapes_broadcast_and_the_counts_stay_as_they_were(name: str) -> None:
    f = np.array([[1], [2]])
    f2 = np.array([3, 4, 5])
    assert MEASURES[name](f, 10, f2, 100).shape == (2, 3)
    assert MEASURES[name](f, 10, f2, 100).dtype == np.float64
    assert MEASURES[name](1, 10, 3, 100).shape == ()
    np.testing.assert_array_equal(f, [[1], [2]])
    np.testing.assert_array_equal(f2, [3, 4, 5])
