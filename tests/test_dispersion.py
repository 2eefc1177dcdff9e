"""Dispersion: by hand, against naive shares, and no figure where there is nothing to compare."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import dispersion, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError

MakeCorpus = Callable[..., Corpus]
TEXTS = st.lists(
    st.lists(st.sampled_from(["peace", "trade", "talks"]), min_size=1, max_size=20).map(" ".join),
    min_size=2, max_size=5,
)  # fmt: skip


@given(TEXTS)
def test_figures_are_those_of_their_formulas(make_corpus: MakeCorpus, texts: list[str]) -> None:
    corpus = make_corpus(*texts, titles=["Peace"] * len(texts))
    finding = dispersion.words(corpus, minimum=1, parts="text")
    sizes = np.array([len(text.split()) for text in texts])
    for row in finding.rows:
        here = np.array([text.split().count(row["word"].lower()) for text in texts])
        assert (row["count"], row["range"]) == (here.sum(), (here > 0).sum())
        share, size = here / here.sum(), sizes / sizes.sum()
        assert row["DP"] == pytest.approx(np.abs(share - size).sum() / 2)
        # Lijffijt & Gries 2012: over the largest DP that there can be
        assert row["DPnorm"] == pytest.approx(row["DP"] / (1 - size.min()))
        kl = sum(a * math.log2(a / b) for a, b in zip(share, size, strict=True) if a)
        assert row["DKL"] == pytest.approx(1 / (1 + kl))
        assert row["RosengrenS"] == pytest.approx(np.sqrt(here * size).sum() ** 2 / here.sum())
    turned = dispersion.words(make_corpus(*reversed(texts)), minimum=1, parts="text").table
    assert turned["word"].str.lower().tolist() == finding.table["word"].str.lower().tolist()
    figures = ["count", "range", *dispersion.MEASURES]
    assert turned[figures].to_numpy() == pytest.approx(
        finding.table[figures].to_numpy(), nan_ok=True
    )


@given(TEXTS, st.integers(1, 4))
def test_a_query_for_one_word_is_that_word(
    make_corpus: MakeCorpus, texts: list[str], parts: int
) -> None:
    corpus = make_corpus("\n\n".join(texts), titles=["Talks"])
    by_word = dispersion.words(corpus, minimum=1, parts=parts).table.set_index("word")
    found = dispersion.queries(corpus, list(by_word.index), parts=parts).table.set_index("query")
    assert np.array_equal(found.to_numpy(), by_word.to_numpy(), equal_nan=True)


def test_equal_parts_hold_the_same_number_of_words(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("a b c d", "e f g h i j", titles=["One two three", "Four"])
    unit, sizes, _ = dispersion._parts(tokens.of(corpus), 5)
    assert sizes.tolist() == [2, 2, 2, 2, 2]
    assert unit[~tokens.of(corpus).in_title].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_reduced_frequency_of_even_and_crowded_words(make_corpus: MakeCorpus) -> None:
    even = " ".join(["peace x x x x"] * 4)
    crowded = " ".join(["war war war war", *["x"] * 16])
    queries = ["peace", "war", "none"]
    arf = {
        row["query"]: row["ARF"]
        for row in dispersion.queries(make_corpus(even, even, crowded, even), queries).rows
    }
    assert arf["peace"] == pytest.approx(9, abs=0.3)  # of 12, with one gap of 24 words
    assert 1 < arf["war"] < 1.5  # of 4, side by side
    assert arf["none"] == 0
    alone = dispersion.queries(make_corpus(even), ["peace"]).rows[0]
    assert alone["ARF"] == pytest.approx(4)


def test_lines_and_limits(seed: Corpus) -> None:
    finding = dispersion.words(seed, top=3)
    assert finding.total > len(finding) == 3
    assert finding.table["count"].is_monotonic_decreasing
    assert "10 equal parts" in finding.method
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        assert len(spans) == row["count"]
        assert row["word"].casefold() in seed.text(spans[0]).casefold()


def test_what_cannot_be_compared_is_empty_and_said(make_corpus: MakeCorpus, seed: Corpus) -> None:
    finding = dispersion.queries(seed, ["cooperation", "zebra"], parts="text")
    assert finding.caveats == ("1 part with words: nothing to compare.",)
    assert finding.rows[0]["JuillandD"] is None
    assert finding.rows[1]["DP"] is None
    assert finding.rows[1]["count"] == 0
    nothing = dispersion.words(make_corpus(""))
    assert len(nothing) == 0
    assert nothing.caveats


@pytest.mark.parametrize("parts", [0, -1, "page"])
def test_parts_that_are_none_are_refused(seed: Corpus, parts: str | int) -> None:
    with pytest.raises(ParameterError, match="give text, paragraph"):
        dispersion.words(seed, parts=parts)
    with pytest.raises(ParameterError, match="list of queries"):
        dispersion.queries(seed, "peace")
