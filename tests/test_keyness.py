"""Keyness against general English: by hand, against the 4-cell formula, and its p."""

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import pytest
from wordfreq import get_frequency_dict

from kit import keyness
from kit.corpus import Corpus


def four_cells(a: int, n1: int, b: Decimal, n2: Decimal) -> Decimal:
    """Return Dunning's G2 of the table, computed as it is written, with 50 digits."""
    with localcontext() as context:
        context.prec = 50
        cells = ((Decimal(a), b), (n1 - Decimal(a), n2 - b))
        total = n1 + n2
        g2 = Decimal(0)
        for row in cells:
            for cell, size in zip(row, (Decimal(n1), n2), strict=True):
                if cell:
                    g2 += cell * (cell * total / (sum(row) * size)).ln()
        return 2 * g2


def test_the_four_cells_themselves_are_right() -> None:
    # Dunning 1993 p.72: [[10, 0], [3, 31764]] -> 167.23
    assert float(four_cells(10, 13, Decimal(0), Decimal(31764))) == pytest.approx(167.23, abs=0.005)


def test_g2_is_that_of_four_cells_with_an_endless_reference(seed: Corpus) -> None:
    table = keyness.general(seed).table
    assert len(table) > 50
    # 1e15: with 1e12, a word at wordfreq's lowest rate would have only 10,000 in the reference, and
    # a count of 2 would still weigh 1e-5 of its G2
    huge = Decimal(10) ** 15
    for row in table.itertuples():
        words = 845
        b = Decimal(row.expected) / words * huge
        assert pytest.approx(float(four_cells(row[2], words, b, huge)), rel=1e-6) == row.G2


def test_a_word_by_hand(make_corpus: Callable[..., Corpus]) -> None:
    table = keyness.general(make_corpus("peace " * 10 + "the " * 90)).table
    rate = get_frequency_dict("en")["peace"]
    (row,) = table.itertuples()
    assert (row.word, row.expected) == ("peace", pytest.approx(100 * rate))
    assert row.log_ratio == pytest.approx(math.log2(10 / (100 * rate)))
    expected = 2 * (10 * math.log(0.1 / rate) + 90 * math.log(0.9 / (1 - rate)))
    assert pytest.approx(expected) == row.G2
    assert row.p == pytest.approx(math.erfc(math.sqrt(expected / 2)))


def test_g2_and_its_chance_by_hand() -> None:
    # 10 of 100 where 5 are expected: 2 (10 ln 2 + 90 ln (90/95))
    assert keyness._g2(10, 100, 5.0) == pytest.approx(4.130843, abs=1e-6)
    assert keyness._g2(100, 100, 5.0) == pytest.approx(200 * math.log(20))  # no cell is log 0
    for g2, p in ((0.0, 1.0), (2.706, 0.1), (3.841, 0.05), (6.635, 0.01), (10.828, 0.001)):
        assert keyness._chance(g2) == pytest.approx(p, abs=5e-5)


def test_a_word_that_the_reference_does_not_list(make_corpus: Callable[..., Corpus]) -> None:
    (row,) = keyness.general(make_corpus("Zzyzxqq zzyzxqq")).table.itertuples()
    assert row.expected == pytest.approx(2e-8)


def test_rank_cuts_at_alpha_and_keeps_the_total(seed: Corpus) -> None:
    finding = keyness.general(seed)
    cut = keyness.rank(finding, alpha=0.001)
    assert cut.table["p"].max() <= 0.001 < finding.table["p"].iloc[len(cut)]
    assert cut.total == len(finding)
    assert finding.table["p"].is_monotonic_increasing
