"""Rises and falls: the cut that a search over all finds, its exact chance, and no change where none is."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

import kit
from kit import formulations
from kit.corpus import Corpus
from kit.formulations.bursts import _cut

MakeCorpus = Callable[..., Corpus]


@given(st.lists(st.booleans(), min_size=2, max_size=40))
def test_the_cut_is_the_best_of_all_and_its_chance_is_fishers(drawn: list[bool]) -> None:
    said = np.array(drawn, dtype=np.float64)
    at, p = _cut(said)
    if len(set(drawn)) == 1:
        assert (at, p) == (0, 1.0)
        return

    def tables(cut: int) -> list[list[float]]:
        return [[part.sum(), len(part) - part.sum()] for part in (said[:cut], said[cut:])]

    def g2(cut: int) -> float:
        cells = np.array(tables(cut))
        expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / cells.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(2 * np.where(cells > 0, cells * np.log(cells / expected), 0).sum())

    assert g2(at) == pytest.approx(max(map(g2, range(1, len(said)))), abs=1e-9)
    sides = [fisher_exact(tables(at), side).pvalue for side in ("less", "greater")]
    exact = min(2 * min(sides) * (len(said) - 1), 1.0)
    assert p == pytest.approx(exact) or (p == 1.0 and exact > 0.3)


def test_a_burst_is_a_rise_and_a_fall(make_corpus: MakeCorpus) -> None:
    both = "The two sides met in the city and talked of trade and other matters; we seek "
    with_it, without = f"{both} win-win cooperation.", f"{both} tea."
    days = [(dt.date(2020, 1, 1) + dt.timedelta(days=i)).isoformat() for i in range(60)]
    texts = [with_it if 20 <= i < 40 else without for i in range(60)]
    finding = formulations.bursts(make_corpus(*texts, dates=days), found=False)
    assert [(r["change"], r["day"], r["before"], r["after"]) for r in finding.rows] == [
        ("fall", days[40], 1.0, 0.0),
        ("rise", days[20], 0.0, 1.0),
    ]
    assert all(r["p"] < 0.01 for r in finding.rows)
    assert len(finding.evidence[0]) == 20


def test_what_is_steady_has_no_burst(make_corpus: MakeCorpus) -> None:
    texts = ["We seek win-win cooperation." if i % 2 else "We trade." for i in range(40)]
    days = [(dt.date(2020, 1, 1) + dt.timedelta(days=i)).isoformat() for i in range(40)]
    assert len(formulations.bursts(make_corpus(*texts, dates=days))) == 0


def test_the_planted_series(ministries: Corpus, truth: dict[str, Any]) -> None:
    planted = {f["phrase"] for f in truth["formulation"]}
    found = formulations.bursts(ministries)
    assert {r["formulation"] for r in found.rows} <= planted
    assert [(r["formulation"], r["change"]) for r in found.rows] == [("humanitarian lane", "rise")]


@pytest.mark.parametrize("texts", [(), ("Calm seas.",)])
def test_corpora_of_hardly_anything(make_corpus: MakeCorpus, texts: tuple[str, ...]) -> None:
    finding = formulations.bursts(make_corpus(*texts))
    assert (len(finding), finding.applies) == (0, False)


def test_considerable_time_at_the_fomc(shared: Path) -> None:
    corpus = kit.read(shared / "corpora" / "fomc-statements")
    found = [
        (r["change"], r["day"])
        for r in formulations.bursts(corpus, found=False).rows
        if r["formulation"] == "considerable time"
    ]
    assert found == [("fall", "2015-01-28"), ("rise", "2012-09-13")]
