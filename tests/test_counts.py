"""Counts of words and of repeated phrases, by hand and against naive counting."""

from collections import Counter
from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import counts, keyness, tokens
from kit.corpus import Corpus
from kit.lexicon import function_words

MakeCorpus = Callable[..., Corpus]
SENTENCES = st.lists(
    st.lists(st.sampled_from(["trade", "peace", "growth", "the", "of", "two"]), min_size=1, max_size=9)
    .map(" ".join).map(lambda s: f"{s.capitalize()}."),
    min_size=1, max_size=6,
)  # fmt: skip


def test_words_by_hand(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "Peace and trade. The peace of PEACE.\n\nChina's trade",
        "Countries' trade: two of the 5 countries",
        titles=["Peace", "Talks"],
    )
    table = counts.words(corpus).table
    by_word = table.set_index("word")
    assert by_word["count"].to_dict() == {"Peace": 3, "trade": 3, "countries": 2, "China": 1}
    assert by_word["in_title"].to_dict() == {"Peace": 1, "trade": 0, "countries": 0, "China": 0}
    assert by_word["texts"].to_dict() == {"Peace": 1, "trade": 2, "countries": 1, "China": 1}
    assert by_word["per_thousand"].to_dict() == pytest.approx(
        {"Peace": 3000 / 16, "trade": 3000 / 16, "countries": 2000 / 16, "China": 1000 / 16}
    )


def naive_runs(t: tokens.Tokens, length: int) -> Counter[tuple[str, ...]]:
    """Count all runs of words of paragraphs without punctuation between them."""
    words = [t.words[i] for i in t.word.tolist()]
    return Counter(
        tuple(words[i : i + length])
        for i in range(len(t) - length + 1)
        if all(t.close[i + 1 : i + length]) and not t.in_title[i]
    )


@given(st.lists(SENTENCES, min_size=1, max_size=3), st.integers(2, 3))
def test_phrases_agree_with_naive_counts(
    make_corpus: MakeCorpus, texts: list[list[str]], minimum: int
) -> None:
    corpus = make_corpus(*("\n\n".join(text) for text in texts))
    t = tokens.of(corpus)
    finding = counts.phrases(corpus, minimum=minimum)
    assert finding.table["phrase"].str.casefold().is_unique
    for phrase, count, spans in zip(
        finding.table["phrase"], finding.table["count"], finding.evidence, strict=True
    ):
        words = tuple(phrase.casefold().split())
        assert count == len(spans) >= minimum
        assert {corpus.text(span).casefold() for span in spans} == {" ".join(words)}
        # an article is part of a phrase only where it always goes before the phrase
        bare = words[1:] if words[0] == "the" else words
        assert count == naive_runs(t, len(bare))[bare]
        assert not {bare[0], bare[-1]} & function_words()


@given(SENTENCES)
def test_every_repeated_pair_of_content_words_is_in_some_phrase(
    make_corpus: MakeCorpus, sentences: list[str]
) -> None:
    corpus = make_corpus("\n\n".join(sentences))
    t = tokens.of(corpus)
    listed = [f" {p.casefold()} " for p in counts.phrases(corpus).table["phrase"]]
    after = {pair: Counter[str]() for pair in naive_runs(t, 2)}
    for (a, b, c), n in naive_runs(t, 3).items():
        after[a, b][c] += n
    for (a, b), n in naive_runs(t, 2).items():
        # a run that a content word always follows is a fragment and left out by rule
        fragment = sum(m for c, m in after[a, b].items() if c not in function_words()) == n
        content = {a, b} <= {"trade", "peace", "growth"}
        if n >= 2 and content and not fragment:
            assert any(f" {a} {b} " in phrase for phrase in listed), (a, b)


def test_a_phrase_does_not_cross_punctuation_or_sentences(make_corpus: MakeCorpus) -> None:
    text = "Bilateral trade, peace talks. Peace talks. Bilateral trade peace"
    assert set(counts.phrases(make_corpus(text)).table["phrase"]) == {
        "peace talks",
        "Bilateral trade",
    }


def test_a_phrase_is_not_covered_by_one_that_is_not_listed(make_corpus: MakeCorpus) -> None:
    # each longer phrase stands once in a title and once in a paragraph, and is not listed
    corpus = make_corpus(
        "We saw large growth rates.", "They want small growth rates.",
        titles=["Large growth rates", "Small growth rates"],
    )  # fmt: skip
    assert counts.phrases(corpus).table["phrase"].tolist() == ["growth rates"]


def test_the_order_of_documents_changes_nothing(make_corpus: MakeCorpus) -> None:
    texts = [
        "Peace talks, the peace talks.",
        "PEACE talks win trade trade.",
        "Trade and peace talks' end.",
    ]
    analyses = (counts.words, counts.phrases, keyness.general)
    first = [analysis(make_corpus(*texts)).table for analysis in analyses]
    assert all(len(table) for table in first)
    for order in permutations(texts):
        for table, analysis in zip(first, analyses, strict=True):
            assert analysis(make_corpus(*order)).table.equals(table)


def test_no_mutate(seed: Corpus) -> None:
    before = seed.fingerprint
    finding = counts.words(seed)
    table = finding.table
    table.loc[0, "count"] = 10**6
    assert finding.table.loc[0, "count"] == 19
    assert seed.fingerprint == before
    assert counts.words(seed).table.equals(finding.table)


def test_chinese_phrases_begin_and_end_with_words_of_content(
    make_corpus: Callable[..., Corpus],
) -> None:
    corpus = make_corpus(*["经济发展的基础，经济发展和社会进步。我们的工作。"] * 3, language="zh")
    found = set(counts.phrases(corpus).table["phrase"])
    assert {"经济发展的基础", "经济发展和社会进步"} <= found
    assert not [phrase for phrase in found if phrase[0] in "的和" or phrase[-1] in "的和"]
