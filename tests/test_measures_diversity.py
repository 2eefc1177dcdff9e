"""Lexical diversity: published values, quanteda's on real texts, and loops as the books have them."""

import csv
import json
import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.measures import diversity as d


def ids_of(words: list[str]) -> d.Ids:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)


PINNED = "test text with some text numbers hyphenhere and text punctuations".split()
# 0, 1, 2 or up to 12 different words, so that there are repeats and texts without any
texts = st.lists(st.integers(0, 11), max_size=80).map(lambda x: np.array(x, dtype=np.int64))


def test_published_values() -> None:
    ids = ids_of(PINNED)
    assert d.ttr(ids) == pytest.approx(0.8)
    assert d.mattr(ids, window=5) == pytest.approx(0.9)
    assert d.mtld(ids) == pytest.approx(14.0)
    assert d.hdd(ids, sample=5) == pytest.approx(0.8833333)
    assert d.yule_k(ids) == pytest.approx(600)
    assert d.maas(ids) == pytest.approx(0.0420875, abs=5e-8)


def test_quanteda_on_real_texts(shared: Path) -> None:
    folder = shared / "pins-quanteda"
    measures = {
        "TTR": d.ttr,
        "C": d.herdan_c,
        "R": d.guiraud_r,
        "K": d.yule_k,
        "D": d.simpson_d,
        "Vm": d.herdan_vm,
        "Maas": d.maas_root_log10,
        "lgV0": d.lg_v0,
        "lgeV0": d.lge_v0,
        "MATTR": lambda ids: d.mattr(ids, window=100),
    }
    with (folder / "inaugural_lexdiv.csv").open(encoding="utf-8") as file:
        pinned = {row["document"]: row for row in csv.DictReader(file)}
    lines = (folder / "inaugural.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(pinned) == 59
    for text in map(json.loads, lines):
        ids = ids_of(text["text"].split())
        for name, measure in measures.items():
            expected = float(pinned[text["id"]][name])
            assert measure(ids) == pytest.approx(expected, rel=1e-12), (text["id"], name)


def test_a_factor_ends_where_its_ttr_comes_down() -> None:
    # of the people by the | people: McCarthy & Jarvis 2010, a factor of six words at TTR .667
    ids = ids_of("of the people by the people for".split())
    assert d._factors(d._before(ids).tolist(), 0.72) == 1
    # 18 / 25 is the threshold itself
    assert d._factors(d._before(np.array([*range(18), *range(7)])).tolist(), 0.72) == 1


def test_what_is_not_defined_is_nan() -> None:
    none, one, distinct = (np.arange(n) for n in (0, 1, 60))
    for measure in (d.ttr, d.guiraud_r, d.yule_k, d.herdan_vm, d.mattr, d.mtld, d.hdd):
        assert math.isnan(measure(none))
    for measure in (d.herdan_c, d.maas, d.maas_root_log10, d.simpson_d, d.lg_v0, d.lge_v0):
        assert math.isnan(measure(none))
        assert math.isnan(measure(one))
    assert d.ttr(one) == 1
    assert math.isnan(d.lg_v0(distinct))
    assert math.isnan(d.mtld(distinct))  # never 0, and never the length of the text
    assert math.isnan(d.mattr(distinct, window=61))
    assert math.isnan(d.hdd(distinct, sample=61))
    assert d.mattr(distinct, window=60) == d.hdd(distinct, sample=60) == 1


def test_without_a_whole_factor_mtld_is_only_extrapolated() -> None:
    ids = ids_of(PINNED)
    assert math.isnan(d.mtld(ids, whole=True))
    again = np.tile(ids, 3)
    assert d.mtld(again, whole=True) == d.mtld(again)


@given(texts, st.integers(1, 20))
def test_mattr_by_its_definition(ids: d.Ids, window: int) -> None:
    ratios = [len(set(ids[i : i + window])) / window for i in range(len(ids) - window + 1)]
    expected = sum(ratios) / len(ratios) if ratios else math.nan
    assert d.mattr(ids, window=window) == pytest.approx(expected, nan_ok=True)


def naive_mtld(words: list[int], threshold: float) -> float:
    factors, run = 0.0, []
    for word in words:
        run.append(word)
        if len(set(run)) / len(run) <= threshold:
            factors, run = factors + 1, []
    if run:
        factors += (1 - len(set(run)) / len(run)) / (1 - threshold)
    return len(words) / factors if factors else math.nan


@given(texts, st.sampled_from([0.5, 0.66, 0.72, 0.75, 0.9]))
def test_mtld_by_its_definition(ids: d.Ids, threshold: float) -> None:
    words = ids.tolist()
    expected = (naive_mtld(words, threshold) + naive_mtld(words[::-1], threshold)) / 2
    assert d.mtld(ids, threshold) == pytest.approx(expected, nan_ok=True)
    assert d.mtld(ids[::-1], threshold) == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.integers(0, 4), min_size=4, max_size=9), st.integers(1, 4))
def test_hdd_is_the_mean_ttr_of_all_samples(words: list[int], sample: int) -> None:
    ratios = [len(set(drawn)) / sample for drawn in combinations(words, sample)]
    assert d.hdd(np.array(words), sample=sample) == pytest.approx(sum(ratios) / len(ratios))


@given(texts)
def test_frequencies_by_pairs(ids: d.Ids) -> None:
    n = len(ids)
    pairs = sum(a == b for a, b in combinations(ids.tolist(), 2))
    if n > 1:
        assert d.simpson_d(ids) == pytest.approx(2 * pairs / (n * (n - 1)))
        assert d.yule_k(ids) == pytest.approx(1e4 * 2 * pairs / n**2)


@given(texts, st.randoms(use_true_random=False))
def test_only_the_sameness_of_words_counts(ids: d.Ids, random: object) -> None:
    names = list(range(100, 112))
    random.shuffle(names)  # type: ignore[attr-defined]
    renamed = np.array([names[i] for i in ids], dtype=np.int64)
    for measure in (d.ttr, d.mattr, d.mtld, d.hdd, d.yule_k, d.maas, d.herdan_vm, d.lg_v0):
        assert measure(renamed) == pytest.approx(measure(ids), nan_ok=True)


@given(texts, st.randoms(use_true_random=False))
def test_the_order_of_words_changes_only_what_reads_in_order(ids: d.Ids, random: object) -> None:
    shuffled = ids.tolist()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for measure in (d.ttr, d.hdd, d.yule_k, d.maas, d.simpson_d, d.guiraud_r, d.herdan_c):
        assert measure(np.array(shuffled, dtype=np.int64)) == pytest.approx(
            measure(ids), nan_ok=True
        )
