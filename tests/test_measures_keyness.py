"""Keyness: published figures, scipy and exact fractions as second implementations, and laws."""

import csv
import json
import math
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from kit.measures import association, keyness

MEASURES: dict[str, Callable[..., np.ndarray]] = {
    "g2_two_cell": keyness.g2_two_cell,
    "g2_four_cell": keyness.g2_four_cell,
    "sign": keyness.sign,
    "chi_square": keyness.chi_square,
    "fisher": keyness.fisher,
    "log_ratio": keyness.log_ratio,
    "lrc": keyness.lrc,
    "percent_diff": keyness.percent_diff,
    "odds_ratio": keyness.odds_ratio,
    "simple_maths": keyness.simple_maths,
}
Table = tuple[int, int, int, int]


@st.composite
def tables(draw: st.DrawFn, most: int = 10**9) -> Table:
    """Two sizes and two counts, of any order of magnitude, zeros and whole corpora among them."""
    n1, n2 = (draw(st.integers(1, 10 ** draw(st.integers(1, len(str(most)) - 1)))) for _ in "ab")
    a, b = (draw(st.one_of(st.integers(0, min(n, 30)), st.integers(0, n))) for n in (n1, n2))
    return a, b, n1, n2


def decimal_g2(cells: list[list[Decimal]]) -> float:
    """Return 2 sum O ln(O/E), as it is written, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        total = sum((sum(row) for row in cells), Decimal(0))
        columns = [sum(column) for column in zip(*cells, strict=True)]
        terms = [
            cell * (cell * total / (sum(row) * column)).ln()
            for row in cells
            for cell, column in zip(row, columns, strict=True)
            if cell
        ]
        return float(2 * sum(terms, Decimal(0)))


def fraction_fisher(a: int, b: int, n1: int, n2: int) -> float:
    """Return the two-sided p, as it is written, without rounding but for the rule of ties."""
    word = a + b
    ways = {
        k: math.comb(n1, k) * math.comb(n2, word - k)
        for k in range(max(0, word - n2), min(word, n1) + 1)
    }
    limit = ways[a] + ways[a] // 10**7
    return float(Fraction(sum(w for w in ways.values() if w <= limit), math.comb(n1 + n2, word)))


# Published figures


def test_dunning_1993_page_72() -> None:
    # [[10, 0], [3, 31764]]: the word is 10 times in 13, never in 31,764
    assert keyness.g2_four_cell(10, 0, 13, 31764) == pytest.approx(167.23, abs=0.005)


@pytest.mark.parametrize(
    ("a", "b", "g2", "log_ratio", "lrc", "simple_maths"),
    [
        (411, 13, 4711.9164991754, 13.1111658598, 11.5305513000, 2530.4955884322),
        (13, 0, 147.6860618407, 12.9361922437, 7.2973564899, 111.4502973662),
    ],
    ids=["MRSA", "Antibiotika"],
)
def test_figures_of_r_corpora(
    a: int, b: int, g2: float, log_ratio: float, lrc: float, simple_maths: float
) -> None:
    table = (a, b, 1177, 341805)
    assert keyness.g2_four_cell(*table) == pytest.approx(g2, abs=1e-9)
    assert keyness.log_ratio(*table, zeros="walter") == pytest.approx(log_ratio, abs=1e-9)
    assert keyness.simple_maths(*table, smoothing=100) == pytest.approx(simple_maths, abs=1e-9)
    # Solved for the family, both published values give 20,109 words, all that were in the
    # vocabulary, not the 702 that the list was cut to.
    assert keyness.lrc(*table, alpha=0.05, family=20109) == pytest.approx(lrc, abs=1e-9)


def test_rayson_and_wilson() -> None:
    table = (12000, 10000, 1_000_000, 1_000_000)
    two = keyness.g2_two_cell(*table)
    assert two == pytest.approx(182.0695, abs=5e-5)
    assert keyness.g2_four_cell(*table) == pytest.approx(184.0917, abs=5e-5)
    assert keyness.bic(two, 2_000_000) == pytest.approx(167.5608, abs=5e-5)


def test_pojanapunya_and_todd_page_154() -> None:
    assert keyness.odds_ratio(16217, 735, 2796938, 2087946) == pytest.approx(16.6, abs=0.05)


def test_dunning_1993_page_73_and_yates() -> None:
    assert keyness.chi_square(3, 0, 3, 31774) == pytest.approx(31777)
    corrected = keyness.chi_square(1, 3, 4, 4, yates=True)
    assert corrected == pytest.approx(0.5)
    assert keyness.chance(corrected) == pytest.approx(0.48, abs=0.005)
    assert keyness.fisher(1, 3, 4, 4) == pytest.approx(0.486, abs=0.0005)


def test_hardie_log_ratio() -> None:
    assert keyness.log_ratio(1000, 100, 10**6, 10**6) == pytest.approx(3.3219, abs=5e-5)


def test_words_that_one_corpus_lacks() -> None:
    a = [10, 0, 0, 10, 5, 1, 3]
    b = [0, 10, 0, 10, 5, 0, 7]
    n1 = [1000, 1000, 1000, 1000, 5, 1, 0]
    n2 = [1000, 1000, 1000, 1000, 5, 1_000_000, 1000]
    g2 = [13.8629, 13.8629, 0, 0, 0, 27.6310, np.nan]
    np.testing.assert_allclose(keyness.g2_two_cell(a, b, n1, n2), g2, atol=5e-5)
    np.testing.assert_array_equal(keyness.sign(a, b, n1, n2), [1, -1, 0, 0, 0, 1, np.nan])
    assert keyness.log_ratio(10, 0, 1000, 1000) == pytest.approx(4.3219, abs=5e-5)


def test_figures_of_quanteda(shared: Path) -> None:
    folder = shared / "pins-quanteda"
    target: Counter[str] = Counter()
    reference: Counter[str] = Counter()
    for line in (folder / "inaugural.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)
        (target if text["date"] >= "1945" else reference).update(text["text"].split())
    n1, n2 = target.total(), reference.total()
    assert n1 + n2 == 138_046
    with (folder / "inaugural_keyness.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 1500

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in rows])

    a, b = column("n_target"), column("n_reference")
    np.testing.assert_array_equal(a, [target[row["feature"]] for row in rows])
    np.testing.assert_array_equal(b, [reference[row["feature"]] for row in rows])
    side = keyness.sign(a, b, n1, n2)
    g2, chi2 = keyness.g2_four_cell(a, b, n1, n2), keyness.chi_square(a, b, n1, n2)
    # quanteda adds 1e-9 to each O/E before the logarithm, which over the table makes 2e-9 a word
    shifted = side * (g2 + 2e-9 * (n1 + n2))
    np.testing.assert_allclose(shifted, column("G2"), rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(side * chi2, column("chi2"), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(keyness.chance(shifted), column("p"), rtol=1e-6, atol=1e-12)
    ratio = np.where(a > 0, 2 ** association.mi(a, n1, a + b, n1 + n2), 0.0)
    np.testing.assert_allclose(np.log(ratio + 1e-9), column("pmi"), rtol=1e-9, atol=1e-9)


# Second implementations


@given(tables())
def test_g2_is_the_formula_in_sixty_digits(table: Table) -> None:
    a, b, n1, n2 = table
    rest = [Decimal(n1 - a), Decimal(n2 - b)]
    four = decimal_g2([[Decimal(a), Decimal(b)], rest])
    # a difference of D from what is expected is known to within a rounding of D
    slack = 1e-14 * (a + b)
    assert keyness.g2_four_cell(a, b, n1, n2) == pytest.approx(four, rel=1e-12, abs=slack)
    with localcontext() as context:
        context.prec = 60
        rates = [Decimal(a + b) * n / (n1 + n2) for n in (n1, n2)]
        words = zip((a, b), rates, strict=True)
        two = float(2 * sum((o * (o / e).ln() for o, e in words if o), Decimal(0)))
    assert keyness.g2_two_cell(a, b, n1, n2) == pytest.approx(two, rel=1e-12, abs=slack)


@given(tables(10**6))
def test_tests_of_a_table_are_those_of_scipy(table: Table) -> None:
    a, b, n1, n2 = table
    assume(0 < a + b < n1 + n2)
    cells = [[a, b], [n1 - a, n2 - b]]
    g2 = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
    assert keyness.g2_four_cell(*table) == pytest.approx(g2, rel=1e-9, abs=1e-6)
    for yates in (False, True):
        chi2 = stats.chi2_contingency(cells, correction=yates)
        assert keyness.chi_square(*table, yates=yates) == pytest.approx(chi2.statistic, abs=1e-9)
        assert keyness.chance(chi2.statistic) == pytest.approx(chi2.pvalue)


@given(tables(10**6))
def test_fisher_is_that_of_scipy(table: Table) -> None:
    a, b, n1, n2 = table
    p = stats.fisher_exact([[a, b], [n1 - a, n2 - b]]).pvalue
    assert keyness.fisher(*table) == pytest.approx(p, rel=1e-6, abs=1e-300)


@given(tables(10**4))
def test_fisher_is_exact(table: Table) -> None:
    assert keyness.fisher(*table) == pytest.approx(fraction_fisher(*table), rel=1e-10, abs=1e-300)


@pytest.mark.parametrize(
    "table",
    [(60, 20, 3_000_000, 9_000_000), (0, 40, 10**7, 10**8), (25, 0, 10**6, 10**9)],
)
def test_fisher_is_exact_in_millions(table: Table) -> None:
    assert keyness.fisher(*table) == pytest.approx(fraction_fisher(*table), rel=1e-11)


@given(tables(), st.floats(1e-4, 0.5), st.integers(1, 100_000))
def test_lrc_is_where_the_tail_has_half_of_alpha(table: Table, alpha: float, family: int) -> None:
    a, b, n1, n2 = table
    assume(a + b)
    lrc = float(keyness.lrc(*table, alpha=alpha, family=family))
    odds = 2**lrc * n1 / n2
    uses = stats.binom(a + b, odds / (1 + odds))
    more, less = uses.sf(a - 1), uses.cdf(a)
    tail = alpha / 2 / family
    if lrc == 0:  # the two rates may be the same
        assert min(more, less) >= tail * (1 - 1e-5)
    else:
        assert (more if lrc > 0 else less) == pytest.approx(tail, rel=1e-5)


@pytest.mark.parametrize("table", [(30, 12, 900, 1100), (12, 30, 900, 1100), (9, 8, 900, 1100)])
def test_lrc_is_the_end_of_the_interval_of_scipy(table: Table) -> None:
    a, b, n1, n2 = table
    interval = stats.binomtest(a, a + b).proportion_ci(0.95, method="exact")
    low, high = (math.log2(share / (1 - share) * n2 / n1) for share in interval)
    nearer = low if low > 0 else min(high, 0)
    assert keyness.lrc(*table) == pytest.approx(nearer, abs=1e-6)


@given(tables())
def test_effect_sizes_are_as_written(table: Table) -> None:
    a, b, n1, n2 = table
    assume(a and b and a < n1 and b < n2)
    rate1, rate2 = Fraction(a, n1), Fraction(b, n2)
    assert keyness.log_ratio(*table) == pytest.approx(math.log2(rate1 / rate2), abs=1e-12)
    difference = float(100 * (rate1 - rate2) / rate2)
    assert keyness.percent_diff(*table) == pytest.approx(difference, rel=1e-9, abs=1e-9)
    odds = float((rate1 / (1 - rate1)) / (rate2 / (1 - rate2)))
    assert keyness.odds_ratio(*table) == pytest.approx(odds)
    smooth = float((10**6 * rate1 + 10) / (10**6 * rate2 + 10))
    assert keyness.simple_maths(*table, smoothing=10) == pytest.approx(smooth)
    half = Fraction(1, 2)
    walter = math.log2((a + half) / (n1 + half)) - math.log2((b + half) / (n2 + half))
    assert keyness.log_ratio(*table, zeros="walter") == pytest.approx(walter, abs=1e-12)


# Laws


@given(tables())
def test_nothing_is_infinite_and_only_what_is_undefined_is_nan(table: Table) -> None:
    a, b, n1, n2 = table
    undefined = {
        "chi_square": a + b == 0 or (a == n1 and b == n2),
        "log_ratio": a + b == 0,
        "lrc": a + b == 0,
        "percent_diff": b == 0,
        "odds_ratio": b == 0 or a == n1,
    }
    for name, measure in MEASURES.items():
        figure = measure(*table)
        assert not np.isinf(figure), name
        assert np.isnan(figure) == undefined.get(name, False), name


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_what_makes_no_table_is_nan(measure: Callable[..., np.ndarray]) -> None:
    a = [1, 1, 0, 11, 1, -1, 1, np.nan]
    b = [1, 1, 0, 1, 11, 1, -1, 1]
    n1 = [0, 10, 0, 10, 10, 10, 10, 10]
    n2 = [10, 0, 0, 10, 10, 10, 10, 10]
    assert np.isnan(measure(a, b, n1, n2)).all()


@given(tables())
def test_to_swap_the_sides_turns_the_sign(table: Table) -> None:
    a, b, n1, n2 = table
    turned = (b, a, n2, n1)
    for measure in (keyness.sign, keyness.log_ratio, keyness.lrc):
        there, back = measure(*table), measure(*turned)
        assert float(there) == pytest.approx(-float(back), rel=1e-9, abs=1e-9, nan_ok=True)
    for measure in (keyness.g2_two_cell, keyness.g2_four_cell, keyness.chi_square):
        there, back = measure(*table), measure(*turned)
        assert float(there) == pytest.approx(float(back), rel=1e-9, abs=1e-9, nan_ok=True)


@given(tables(10**6), st.integers(2, 50))
def test_scale(table: Table, times: int) -> None:
    """As much again of the same texts: the effect stays, the evidence grows as they do."""
    grown = tuple(x * times for x in table)
    for measure in (keyness.g2_two_cell, keyness.g2_four_cell, keyness.chi_square):
        figure = times * float(measure(*table))
        assert float(measure(*grown)) == pytest.approx(figure, rel=1e-9, abs=1e-6, nan_ok=True)
    for measure in (keyness.percent_diff, keyness.odds_ratio, keyness.simple_maths):
        figure = float(measure(*table))
        assert float(measure(*grown)) == pytest.approx(figure, nan_ok=True)


@given(tables())
def test_lrc_is_no_further_from_0_than_the_log_ratio_and_alpha_draws_it_in(table: Table) -> None:
    a, b = table[:2]
    assume(a + b)
    side = keyness.sign(*table)
    loose, tight = keyness.lrc(*table), keyness.lrc(*table, family=1000)
    assert 0 <= tight * side <= loose * side + 1e-12
    if a and b:
        assert loose * side <= keyness.log_ratio(*table) * side + 1e-9


@given(st.lists(tables(10**5), min_size=1, max_size=20))
def test_a_column_is_its_words_one_by_one_and_stays_as_it_was(rows: list[Table]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    before = [column.copy() for column in columns]
    for name, measure in MEASURES.items():
        figures = measure(*columns)
        assert figures.dtype == np.float64
        one_by_one = [float(measure(*row)) for row in rows]
        np.testing.assert_allclose(figures, one_by_one, rtol=1e-12, err_msg=name)
    for column, copy in zip(columns, before, strict=True):
        np.testing.assert_array_equal(column, copy)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_shapes_broadcast(measure: Callable[..., np.ndarray]) -> None:
    assert measure([[1], [2]], [3, 4, 5], 100, 200).shape == (2, 3)
    assert measure([], [], 100, 200).shape == (0,)
    assert measure(1, 2, 100, 200).shape == ()


def test_chance_and_bic() -> None:
    g2 = np.array([0, 2.706, 3.841, 6.635, 10.828])
    p = [1, 0.1, 0.05, 0.01, 0.001]
    np.testing.assert_allclose(keyness.chance(g2), p, atol=5e-5)
    np.testing.assert_allclose(keyness.chance(-g2), p, atol=5e-5)
    assert np.isnan(keyness.chance(np.nan))
    assert np.isnan(keyness.bic(5.0, 0))


def test_an_unknown_rule_for_zeros() -> None:
    with pytest.raises(ValueError, match="'hardie' or 'walter', not 'laplace'"):
        keyness.log_ratio(1, 0, 10, 10, zeros="laplace")
