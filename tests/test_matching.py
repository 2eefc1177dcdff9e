"""Matching: the same as naive search for plain patterns, and each sign of the pattern language."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import tokens
from kit.corpus import Corpus
from kit.matching import Match, Matcher

MakeCorpus = Callable[..., Corpus]
WORDS = ["peace", "war", "trade", "talk"]
PATTERNS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    min_size=1, max_size=5, unique=True,
)  # fmt: skip
TEXTS = st.lists(st.sampled_from([*WORDS, "war,", "peace."]), max_size=20).map(" ".join)


def found(corpus: Corpus, *patterns: str, code: str = "en", nested: bool = False) -> list[str]:
    """Return the words of each match."""
    t = tokens.of(corpus)
    matches = Matcher(((p, p) for p in patterns), code).find(t, nested=nested)
    return [corpus.text(t.span(m.first, m.last)) for m in matches]


def naive(t: tokens.Tokens, patterns: list[str]) -> list[tuple[int, int, str]]:
    """Return (first, last, pattern) wherever a pattern stands, the longest first at each place."""
    words = [t.words[i] for i in t.word.tolist()]
    hits = []
    for pattern in patterns:
        wanted = pattern.split()
        for i in range(len(words) - len(wanted) + 1):
            if words[i : i + len(wanted)] == wanted and all(t.close[i + 1 : i + len(wanted)]):
                hits.append((i, i + len(wanted) - 1, pattern))  # noqa: PERF401 (reads better)
    return sorted(hits, key=lambda h: (h[0], -h[1]))


@given(PATTERNS, TEXTS)
def test_plain_patterns_agree_with_naive_search(
    make_corpus: MakeCorpus, patterns: list[str], text: str
) -> None:
    t = tokens.of(make_corpus(text))
    matcher = Matcher((p, p) for p in patterns)
    every = naive(t, patterns)
    nested = [(m.first, m.last, m.key) for m in matcher.find(t, nested=True)]
    assert nested == every
    longest, past = [], 0
    for first, last, pattern in every:
        if first >= past:
            longest.append((first, last, pattern))
            past = last + 1
    chosen = [(m.first, m.last, m.key) for m in matcher.find(t)]
    assert chosen == longest
    assert set(chosen) <= set(nested)


@pytest.mark.parametrize(
    ("pattern", "text", "hits"),
    [
        ("head of state", "Heads of State met.", ["Heads of State"]),
        ("win-win", "A win win, a win-win, a Win–Win.", ["win win", "win-win", "Win–Win"]),
        ("a win win", "A win-win", ["A win-win"]),
        ("alliance", "Non-alliance is no alliance.", ["alliance"]),
        ("unseen in [over] a century", "Unseen in a century, unseen in over a century",
         ["Unseen in a century", "unseen in over a century"]),
        ("peace/war talk", "Peace talks, war talks, trade talks", ["Peace talks", "war talks"]),
        ("tariff*", "Tariffs and tariffless, not tarif", ["Tariffs", "tariffless"]),
        ("trade agreement", "Trade. Agreement on trade, agreement", []),
        ("peace, trade", "Peace, trade and peace trade; peace: trade",
         ["Peace, trade", "peace trade", "peace: trade"]),
        ("defense center", "Defence centres", ["Defence centres"]),
        ("organisation", "Organization", ["Organization"]),
        ("favorable neighbor", "Favourable neighbours", ["Favourable neighbours"]),
        ("U.S. side", "The US side and the U.S. side", ["US side", "U.S. side"]),
        ("China's rise", "China’s rise", ["China’s rise"]),
    ],
)  # fmt: skip
def test_the_language_of_patterns(
    make_corpus: MakeCorpus, pattern: str, text: str, hits: list[str]
) -> None:
    assert found(make_corpus(text), pattern) == hits


def test_each_key_of_one_pattern_gives_a_match(make_corpus: MakeCorpus) -> None:
    t = tokens.of(make_corpus("Peace."))
    assert Matcher([("a", "peace"), ("b", "peace")]).find(t) == [Match("a", 0, 0), Match("b", 0, 0)]


def test_a_chinese_pattern_crosses_the_marks_inside_set_phrases(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("坚持相互尊重、和平共处。")
    assert found(corpus, "相互尊重、和平共处", code="zh") == ["相互尊重、和平共处"]


def test_another_language_in_the_corpus_changes_no_match(make_corpus: MakeCorpus) -> None:
    english, mixed = "We want win-win cooperation.", "我们要 win-win 的合作"
    assert found(make_corpus(english), "win win cooperation") == ["win-win cooperation"]
    assert found(make_corpus(english, mixed), "win win cooperation") == ["win-win cooperation"]


def test_an_empty_pattern_matches_nothing(make_corpus: MakeCorpus) -> None:
    assert found(make_corpus("Peace."), "", "[peace]", " ") == ["Peace"]
