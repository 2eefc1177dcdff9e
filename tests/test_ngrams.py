"""N-grams, bundles and skip-grams: by hand, against naive counting, and quanteda's figures."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import ngrams, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.tokens.runs import Within, joined

MakeCorpus = Callable[..., Corpus]
WORDS = st.sampled_from(["peace", "and", "trade,", "talks.", "the", "Peace"])
TEXT = st.lists(WORDS, max_size=25).map(" ".join)
UNITS: list[Within] = ["marks", "sentence", "passage", "document"]


def naive(corpus: Corpus, size: int, skip: int, within: Within) -> dict[str, list[tuple[int, int]]]:
    """Return (document, first word) of each run of paragraphs, word by word."""
    t = tokens.of(corpus)
    goes_on = joined(t, within)
    found: dict[str, list[tuple[int, int]]] = {}
    for first in range(len(t)):
        for steps in combinations(range(1, size + skip), size - 1):
            places = [first, *(first + step for step in steps)]
            if places[-1] >= len(t) or t.in_title[first]:
                continue
            if all(goes_on[i] for i in range(first + 1, places[-1] + 1)):
                run = " ".join(t.words[t.word[i]] for i in places)
                found.setdefault(run, []).append((int(t.document[first]), first))
    return found


@given(st.lists(TEXT, max_size=3), st.integers(1, 4), st.integers(1, 3), st.sampled_from(UNITS))
def test_ngrams_are_those_of_naive_counting(
    make_corpus: MakeCorpus, texts: list[str], size: int, minimum: int, within: Within
) -> None:
    corpus = make_corpus(*texts, titles=["Peace and trade"] * len(texts))
    finding = ngrams.ngrams(corpus, size=size, minimum=minimum, within=within)
    expected = {k: v for k, v in naive(corpus, size, 0, within).items() if len(v) >= minimum}
    rows = finding.table
    assert dict(zip(rows["ngram"].str.lower(), rows["count"], strict=True)) == {
        k: len(v) for k, v in expected.items()
    }
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        places = expected[row["ngram"].lower()]
        assert row["texts"] == len({document for document, _ in places})
        t = tokens.of(corpus)
        assert list(spans) == [t.span(first, first + size - 1) for _, first in places]


@given(st.lists(TEXT, max_size=3), st.integers(2, 3), st.integers(0, 2), st.sampled_from(UNITS))
def test_skipgrams_are_those_of_naive_counting(
    make_corpus: MakeCorpus, texts: list[str], size: int, skip: int, within: Within
) -> None:
    corpus = make_corpus(*texts)
    finding = ngrams.skipgrams(corpus, size=size, skip=skip, minimum=1, within=within)
    expected = naive(corpus, size, skip, within)
    table = finding.table
    assert dict(zip(table["skipgram"], table["count"], strict=True)) == {
        k: len(v) for k, v in expected.items()
    }
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        words = row["skipgram"].split()
        assert len(spans) == row["count"]
        for span in spans:
            said = corpus.text(span).lower().replace(",", "").replace(".", "").split()
            assert (said[0], said[-1]) == (words[0], words[-1])


@given(st.lists(TEXT, max_size=4), st.booleans())
def test_bundles_count_no_word_twice_unless_asked(
    make_corpus: MakeCorpus, texts: list[str], nested: bool
) -> None:
    corpus = make_corpus(*texts)
    finding = ngrams.bundles(corpus, sizes=(2, 4), rate=0, minimum=2, texts=1, nested=nested)
    places = [span for spans in finding.evidence for span in spans]
    inside = [
        (a, b)
        for a in places
        for b in places
        if a != b and (a.document, a.paragraph) == (b.document, b.paragraph)
        and b.start <= a.start and a.end <= b.end
    ]  # fmt: skip
    if not nested:
        assert not inside
    whole: Counter[str] = Counter()
    for size in (2, 3, 4):
        table = ngrams.ngrams(corpus, size=size, within="marks").table
        whole.update(dict(zip(table["ngram"].str.lower(), table["count"].tolist(), strict=True)))
    for row in finding.rows:
        count = whole[row["bundle"].lower()]
        assert 2 <= row["count"] <= count
        assert not nested or row["count"] == count


def test_bundles_by_hand(make_corpus: MakeCorpus) -> None:
    text = "We stand ready to work with all. They stand ready to help."
    corpus = make_corpus(text, text, "All stand ready to talk.", "Nobody")
    table = ngrams.bundles(corpus, sizes=(2, 3)).table
    assert table[["bundle", "words", "count", "texts"]].to_numpy().tolist() == [
        ["stand ready to", 3, 5, 3]
    ]
    nested = ngrams.bundles(corpus, sizes=(2, 3), nested=True).table
    assert set(nested["bundle"]) == {"stand ready to", "stand ready", "ready to"}
    two = ngrams.bundles(make_corpus(text, text), sizes=(2, 3), minimum=2).table
    assert len(two) > 1
    assert set(two["texts"]) == {2}  # in both of the two that there are


def test_a_limit_of_rows_takes_the_first_of_all(seed: Corpus) -> None:
    for analysis in (ngrams.ngrams, ngrams.skipgrams):
        whole = analysis(seed)
        for top in (1, 7, 60):
            cut = analysis(seed, top=top)
            assert cut.total == len(whole)
            assert cut.table["count"].tolist() == whole.table["count"].head(top).tolist()
            assert len(cut.evidence) == len(cut) == top


def test_by_lemma_and_by_form(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("It deepens ties. They deepened a tie. Deepen ties")
    assert ngrams.ngrams(corpus, by="lemma").table["ngram"].tolist() == ["deepen tie"]
    assert len(ngrams.ngrams(corpus, by="form")) == 0


def test_sizes_out_of_range_are_refused(seed: Corpus) -> None:
    for call in (
        lambda: ngrams.ngrams(seed, size=7),
        lambda: ngrams.bundles(seed, sizes=(4, 3)),
        lambda: ngrams.skipgrams(seed, skip=9),
    ):
        with pytest.raises(ParameterError, match="give"):
            call()


@pytest.mark.parametrize("size", [2, 3, 4])
def test_ngrams_are_those_of_quanteda(shared: Path, make_corpus: MakeCorpus, size: int) -> None:
    lines = (shared / "pins-quanteda/inaugural.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    addresses = make_corpus(*(r["text"] for r in rows), dates=[r["date"] for r in rows])
    table = ngrams.ngrams(addresses, size=size, minimum=10, within="document").table
    with (shared / f"pins-quanteda/inaugural_{size}grams.csv").open(newline="") as file:
        theirs = {
            r["feature"]: (int(r["frequency"]), int(r["docfreq"])) for r in csv.DictReader(file)
        }
    ours = {
        row.ngram.lower(): (row[1], row[2])
        for row in table[["ngram", "count", "texts"]].itertuples(index=False)
    }
    assert {k: tuple(map(int, v)) for k, v in ours.items()} == theirs


def test_intervals_hold_the_rate(seed: Corpus) -> None:
    table = ngrams.ngrams(seed, size=2).table
    assert np.all(table["low"] < table["per_million"])
    assert np.all(table["per_million"] < table["high"])
    assert Counter(table["count"])[2] > 5


def test_a_chinese_bundle_is_written_without_blanks(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus(*["我们坚持改革开放的基本国策。"] * 4, language="zh")
    found = ngrams.bundles(corpus, sizes=(3, 60))
    assert len(found)
    assert not [bundle for bundle in found.table["bundle"] if " " in bundle]
