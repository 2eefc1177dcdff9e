"""Concordance: the same hits as naive search, each line as it stands in the text."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import tokens
from kit.concordance import find, kwic
from kit.corpus import Corpus
from kit.errors import ParameterError

MakeCorpus = Callable[..., Corpus]
WORDS = ["peace", "Peace’s", "win-win", "win", "war"]


@given(
    st.lists(st.sampled_from([*WORDS, "war.", "peace,", "\n\n"]), max_size=25),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)
def test_find_agrees_with_naive_search(
    make_corpus: MakeCorpus, words: list[str], query: list[str]
) -> None:
    corpus = make_corpus(" ".join(words), "War and peace.", titles=["Win", "Peace"])
    t = tokens.of(corpus)
    plain = [t.words[i] for i in t.word.tolist()]
    wanted = [w.lower().removesuffix("’s") for w in query]
    naive = [
        (i, i + len(wanted) - 1)
        for i in range(len(plain) - len(wanted) + 1)
        if plain[i : i + len(wanted)] == wanted
        and len(set(t.sentence[i : i + len(wanted)].tolist())) == 1
    ]
    assert find(corpus, " ".join(query)) == naive


def test_kwic_edges(shared: Path) -> None:
    corpus = kit.read(shared / "cases/26-kwic-edges/a.txt")
    table = kwic(corpus, "peace", window=5, titles=False).table
    assert table[["left", "hit", "right"]].to_numpy().tolist() == [
        ["", "Peace", "needs patience from all sides"],
        ["day of the year for", "peace", ""],
    ]
    corpus = kit.read(shared / "cases/26-kwic-edges/b.txt")
    # "Café" is read in NFC, so that a combining mark cannot break the columns
    table = kwic(corpus, "peace", window=5).table
    assert table[["left", "hit", "right"]].to_numpy().tolist() == [
        ["We all want", "peace", "now. Café peace"],
        ["all want peace now. Café", "peace", ""],
    ]


def test_every_line_stands_in_the_text(seed: Corpus) -> None:
    for query in ("heads of state", "two countries", "cooperation"):
        finding = kwic(seed, query)
        for row, (span,) in zip(finding.table.itertuples(), finding.evidence, strict=True):
            text = seed[span.document].text(span.paragraph)
            assert row.hit == seed.text(span)
            assert text[: span.start].rstrip().endswith(row.left)
            assert text[span.end :].lstrip().startswith(row.right)
            assert len(row.left.split()) <= 8


def test_case_hyphens_apostrophes_and_possessives_make_no_difference(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus("China’s win‑win. CHINA'S Win-Win! China win–win")
    for query in ("China win-win", "china's WIN‐WIN", "China’s win-win"):
        assert len(find(corpus, query)) == 3


def test_titles_can_be_left_out(seed: Corpus) -> None:
    assert len(kwic(seed, "heads of state")) == 7
    assert len(kwic(seed, "heads of state", titles=False)) == 6


@pytest.mark.parametrize(
    ("query", "pattern"),
    [
        ("cooperat*", r"\bcooperat\w*"),
        ("*lateral*", r"\b\w*lateral\w*"),
        ("two *", r"\btwo [\w-]+"),
        ("* of state", r"\b\w+ of state\b"),
        ("China-*", r"\bChina-\w+"),
    ],
)
def test_a_star_stands_for_any_characters_of_a_word(seed: Corpus, query: str, pattern: str) -> None:
    text = "\n".join(t for _, t in seed.documents[0].passages())
    expected = re.findall(pattern, text, re.IGNORECASE)
    assert expected
    assert len(find(seed, query)) == len(expected)


def test_a_chinese_query_is_found_whatever_stands_before_the_chinese_text(
    make_corpus: MakeCorpus,
) -> None:
    assert len(find(make_corpus("我们要合作共赢。"), "合作共赢")) == 1
    assert len(find(make_corpus("Peace.", "我们要合作共赢。"), "合作共赢")) == 1


@pytest.mark.parametrize("query", ["", " ", "—", "*", "* *"])
def test_a_query_without_a_word_is_refused(seed: Corpus, query: str) -> None:
    with pytest.raises(ParameterError, match="no word"):
        kwic(seed, query)


def test_what_is_not_there_is_no_error(seed: Corpus, make_corpus: MakeCorpus) -> None:
    assert len(kwic(seed, "win-win-win")) == 0
    assert len(kwic(make_corpus(), "peace")) == 0
