"""Keyness: by hand, against naive tables and scipy, and with quanteda's figures."""

import csv
import json
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from wordfreq import get_frequency_dict

from kit import keyness
from kit.corpus import Corpus
from kit.errors import ParameterError


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


def test_a_word_that_the_reference_does_not_list(make_corpus: Callable[..., Corpus]) -> None:
    (row,) = keyness.general(make_corpus("Zzyzxqq zzyzxqq")).table.itertuples()
    assert row.expected == pytest.approx(2e-8)


def test_rank_cuts_at_alpha_and_keeps_the_total(seed: Corpus) -> None:
    finding = keyness.general(seed)
    cut = keyness.rank(finding, alpha=0.001)
    assert cut.table["p"].max() <= 0.001 < finding.table["p"].iloc[len(cut)]
    assert cut.total == len(finding)
    assert finding.table["p"].is_monotonic_increasing


# ---- two corpora

MakeCorpus = Callable[..., Corpus]
TEXTS = st.lists(
    st.lists(st.sampled_from(["peace", "trade", "talks", "the"]), min_size=1, max_size=30).map(" ".join),
    min_size=1, max_size=4,
)  # fmt: skip


@given(TEXTS, TEXTS)
def test_each_word_is_compared_as_its_table_says(
    make_corpus: MakeCorpus, here: list[str], there: list[str]
) -> None:
    corpus, reference = make_corpus(*here), make_corpus(*there)
    table = keyness.keyness(corpus, reference=reference, minimum=1).table
    a, b = (Counter(" ".join(texts).split()) for texts in (here, there))
    n1, n2 = a.total(), b.total()
    assert set(table["word"]) == set(a) | set(b)
    p: dict[str, float] = dict.fromkeys(table["word"], 1.0)
    for row in table.to_dict("records"):
        word = row["word"]
        assert (row["count"], row["reference"]) == (a[word], b[word])
        cells = np.array([[a[word], b[word]], [n1 - a[word], n2 - b[word]]])
        if (cells.sum(axis=1) == 0).any():
            assert row["G2"] == pytest.approx(0, abs=1e-9)
            continue
        expected = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
        assert row["G2"] == pytest.approx(expected.statistic, abs=1e-9)
        p[word] = expected.pvalue
        higher = a[word] / n1 >= b[word] / n2
        assert row["side"] in (("only here", "more") if higher else ("only there", "less"))
    for row in table.to_dict("records"):  # Holm, as it is defined
        ordered = sorted(p.values())
        steps = [(len(p) - i) * x for i, x in enumerate(ordered) if x <= p[row["word"]]]
        assert row["p"] == pytest.approx(min(1, max(steps)), abs=1e-9)


@given(TEXTS, TEXTS, st.randoms(use_true_random=False))
def test_order_and_sides(
    make_corpus: MakeCorpus, here: list[str], there: list[str], rng: random.Random
) -> None:
    corpus, reference = make_corpus(*here), make_corpus(*there)
    first = keyness.keyness(corpus, reference=reference, minimum=1)
    rng.shuffle(here)
    assert keyness.keyness(make_corpus(*here), reference=reference, minimum=1).table.equals(
        first.table
    )
    back = keyness.keyness(reference, reference=corpus, minimum=1).table.set_index("word")
    for row in first.rows:
        other = back.loc[row["word"]]
        assert (row["count"], row["reference"]) == (other["reference"], other["count"])
        assert row["G2"] == pytest.approx(other["G2"])
        assert row["p"] == pytest.approx(other["p"])


@pytest.mark.parametrize("measure", keyness.MEASURES)
def test_every_measure_gives_a_table_without_nan_or_infinity(
    make_corpus: MakeCorpus, measure: str
) -> None:
    corpus = make_corpus("peace peace peace trade", "peace talks")
    reference = make_corpus("war war war trade trade", "war and trade")
    finding = keyness.keyness(corpus, reference=reference, measure=measure, minimum=1)
    assert json.dumps(finding.to_json(), allow_nan=False)
    assert finding.table.columns[7] == measure
    rows = finding.table.set_index("word")
    assert rows.loc["peace", "side"] == "only here"
    assert rows.loc["war", "side"] == "only there"
    assert rows.loc["trade", "side"] == "less"
    assert finding.rows[0]["word"] == "peace"
    assert np.isfinite(rows["log_ratio"]).all()
    assert (rows["p"] > 0).all()


def test_lines_explain_a_key_word(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Peace now. We want peace.", titles=["Peace"])
    reference = make_corpus("War. War again.")
    finding = keyness.keyness(corpus, reference=reference, minimum=1)
    at = finding.table["word"].tolist().index("Peace")
    assert finding.lines(at) == ["Peace now.", "We want peace."]
    assert finding.lines(finding.table["word"].tolist().index("war")) == []


def test_words_under_the_minimum_are_left_out_and_counted(make_corpus: MakeCorpus) -> None:
    corpus, reference = make_corpus("a b b c c c", "c"), make_corpus("b b b")
    finding = keyness.keyness(corpus, reference=reference, minimum=3)
    assert set(finding.table["word"]) == {"b", "c"}
    assert "1 word left out" in finding.method
    wide = keyness.keyness(corpus, reference=reference, minimum=3, texts=2)
    assert set(wide.table["word"]) == {"c"}


def test_a_form_that_two_languages_share_is_one_word(make_corpus: MakeCorpus) -> None:
    english, chinese = make_corpus("APEC met APEC"), make_corpus("合作 APEC 合作")
    (russian,) = make_corpus("АТЭС и APEC, APEC").documents
    own = Corpus((*english.documents, replace(chinese.documents[0], id="zh")))
    other = Corpus((replace(russian, id="ru"), replace(chinese.documents[0], id="zh")))
    found = keyness.keyness(own, reference=other, by="form", minimum=1)
    table = found.table.set_index("word")
    assert table.index.is_unique
    counted = dict(
        zip(
            table.index,
            table[["count", "reference"]].itertuples(index=False, name=None),
            strict=True,
        )
    )
    assert counted == {"met": (1, 0), "APEC": (3, 3), "合作": (2, 2), "АТЭС": (0, 1), "и": (0, 1)}


def test_an_empty_side_is_said(make_corpus: MakeCorpus) -> None:
    full, empty = make_corpus("peace and trade"), make_corpus("")
    for corpus, reference, who in ((full, empty, "reference"), (empty, full, "corpus")):
        finding = keyness.keyness(corpus, reference=reference, minimum=1)
        assert len(finding) == 0
        assert finding.caveats == (f"The {who} has no words: nothing can be compared.",)


def test_names_that_are_none_are_refused_with_the_nearest(seed: Corpus) -> None:
    with pytest.raises(ParameterError, match="LogRatio"):
        keyness.keyness(seed, reference=seed, measure="LogRation")


def test_a_corpus_against_itself_has_no_key_word(seed: Corpus) -> None:
    table = keyness.keyness(seed, reference=seed, minimum=1).table
    assert table["G2"].max() == pytest.approx(0, abs=1e-9)
    assert (table["p"] == 1).all()


# ---- groups of one corpus


def test_groups_are_compared_with_the_rest(make_corpus: MakeCorpus) -> None:
    texts = ["peace peace peace trade", "war war war trade", "war war trade", "talks"]
    dates = ["2020-01-01", "2021-01-01", "2021-02-01", None]
    corpus = make_corpus(*texts, dates=dates)
    finding = keyness.groups(corpus, of="year", minimum=1)
    for year in ("2020", "2021"):
        inside = corpus.where(lambda d, y=year: d.date is not None and f"{d.date.year}" == y)
        outside = corpus.where(lambda d, y=year: d.date is None or f"{d.date.year}" != y)
        alone = keyness.keyness(inside, reference=outside, content=True, minimum=1).table
        alone = alone[alone["side"].isin(["only here", "more"])].drop(columns=["forms", "p"])
        mine = finding.table[finding.table["group"] == year].drop(columns=["group", "forms", "p"])
        pd.testing.assert_frame_equal(mine.reset_index(drop=True), alone)
    first = finding.rows[0]
    assert (first["group"], first["word"], first["count"]) == ("2020", "peace", 3)
    assert len(finding.evidence[0]) == 3


def test_the_correction_is_over_all_groups(make_corpus: MakeCorpus) -> None:
    texts = ["peace peace peace trade", "war war war trade", "talks talks talks trade"]
    corpus = make_corpus(*texts, dates=["2020-01-01", "2021-01-01", "2022-01-01"])
    alone = keyness.keyness(
        corpus.where(lambda d: d.id == "000"), reference=corpus.where(lambda d: d.id != "000"),
        minimum=1, content=True,
    ).table  # fmt: skip
    grouped = keyness.groups(corpus, of="year", minimum=1).table
    assert grouped["p"].min() == pytest.approx(3 * alone["p"].min())


def test_one_group_is_nothing_to_compare(make_corpus: MakeCorpus, seed: Corpus) -> None:
    finding = keyness.groups(seed, of="year")
    assert len(finding) == 0
    assert finding.caveats == ("1 text: there is nothing to compare it with.",)
    assert not finding.applies
    two = make_corpus("peace peace peace", "war war war", dates=["2020-01-01", "2021-01-01"])
    assert finding.table.columns.equals(keyness.groups(two, of="year").table.columns)
    same = make_corpus("peace", "war", dates=["2020-01-01", "2020-05-01"])
    assert "the same year" in keyness.groups(same, of="year").caveats[0]


# ---- quanteda 4.3.1 on the 59 addresses, those from 1945 on against those before


def test_keyness_agrees_with_quanteda(shared: Path, make_corpus: MakeCorpus) -> None:
    folder = shared / "pins-quanteda"
    rows = [json.loads(line) for line in (folder / "inaugural.jsonl").read_text().splitlines()]
    late, early = (
        make_corpus(*(r["text"] for r in part), dates=[r["date"] for r in part])
        for part in (
            [r for r in rows if r["date"] >= "1945"],
            [r for r in rows if r["date"] < "1945"],
        )
    )
    ours = {
        measure: keyness.keyness(late, reference=early, measure=measure, minimum=1).table
        for measure in ("G2", "chi2")
    }
    figures = {m: t.assign(word=t["word"].str.lower()).set_index("word") for m, t in ours.items()}
    with (folder / "inaugural_keyness.csv").open(newline="") as file:
        theirs = list(csv.DictReader(file))
    assert len(theirs) > 1500
    total = sum(len(r["text"].split()) for r in rows)
    for row in theirs:
        g2, chi2 = figures["G2"].loc[row["feature"]], figures["chi2"].loc[row["feature"]]
        assert (g2["count"], g2["reference"]) == (int(row["n_target"]), int(row["n_reference"]))
        sign = 1 if g2["side"] in ("more", "only here") else -1
        # quanteda adds 1e-9 to O/E inside each logarithm, which makes G2 larger by 2e-9 N
        assert sign * (g2["G2"] + 2e-9 * total) == pytest.approx(
            float(row["G2"]), rel=1e-7, abs=1e-6
        )
        assert sign * chi2["chi2"] == pytest.approx(float(row["chi2"]), rel=1e-8, abs=1e-9)


def test_what_is_each_groups_own_is_told_in_a_line(make_corpus: MakeCorpus) -> None:
    filler = "trade and talks " * 30
    texts = [f"{filler} {'war ' * 8}", f"{filler} {'peace ' * 8}", f"{filler} war"]
    corpus = make_corpus(*texts, dates=["2020-01-01", "2021-01-01", "2022-01-01"])
    finding = keyness.distinctive(corpus, of="year")
    assert finding.rows == [
        {"group": "2020", "words": "war (8 of 9)"},
        {"group": "2021", "words": "peace (8 of 8)"},
    ]
    assert len(finding.evidence[0]) == 8
    alone = keyness.distinctive(make_corpus("peace"), of="year")
    assert (len(alone), alone.applies) == (0, False)


def test_chinese_is_compared_with_chinese(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus("高质量发展是硬道理。坚持高质量发展，发展是第一要务。" * 3, language="zh")
    found = keyness.general(corpus)
    assert found.title == "Words that stand out against general Chinese"
    (row,) = [row for row in found.rows if row["word"] == "发展"]
    rate = get_frequency_dict("zh")["发展"]
    words = int(found.base.split(", ")[-1].split()[0])
    assert row["expected"] == pytest.approx(rate * words)


def test_texts_in_another_language_are_left_out_and_named(
    make_corpus: Callable[..., Corpus],
) -> None:
    found = keyness.general(make_corpus("Trade grows. Trade helps trade.", "发展。"))
    assert "Texts in zh are left out." in found.caveats
    assert [row["word"] for row in found.rows] == ["Trade"]


def test_a_language_without_a_list_has_no_key_words(make_corpus: Callable[..., Corpus]) -> None:
    found = keyness.general(make_corpus("salve salve munde munde", language="la"))
    assert not len(found)
    assert not found.applies
