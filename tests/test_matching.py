"""Matching: the same as naive search, and each sign of the pattern language."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import tokens
from kit.corpus import Corpus
from kit.matching import Match, Matcher, parts_of, patterns, tree
from kit.matching.patterns import expanded, is_like, wanted

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


SIGNS = [
    "peace",
    "wars",
    "=war",
    "=wars",
    "trad*",
    "t*",
    "*k",
    "?ar",
    "win-win",
    "[the]",
    "peace/war",
    "the",
]
ANY_PATTERNS = st.lists(
    st.lists(st.sampled_from(SIGNS), min_size=1, max_size=3).map(" ".join),
    min_size=1, max_size=5, unique=True,
)  # fmt: skip
ANY_TEXTS = st.lists(
    st.sampled_from(["Peace", "war", "wars,", "trades", "talk", "win-win", "win", "the", "The."]),
    max_size=14,
).map(" ".join)


def slow(t: tokens.Tokens, pattern: str) -> set[tuple[int, int]]:
    """Return the first and last words of all that a pattern matches, one try after the other."""
    stream = [(p, i) for i, f in enumerate(t.ids.tolist()) for p in parts_of(t)[f]]
    found = set()
    for words in expanded(pattern):
        asked = [w for word in words for w in wanted(word, "en")]
        for at in range(len(stream) - len(asked) + 1 if asked else 0):
            here = stream[at : at + len(asked)]
            first, last = here[0][1], here[-1][1]
            if (
                all(fits(w, part) for w, (part, _) in zip(asked, here, strict=True))
                and all(t.close[first + 1 : last + 1])
                and (at == 0 or stream[at - 1][1] != first)
                and (at + len(asked) == len(stream) or stream[at + len(asked)][1] != last)
            ):
                found.add((first, last))
    return found


def fits(asked: tuple[str, str], part: tuple[str, str]) -> bool:
    kind, what = asked
    lemma, form = part
    return {"lemma": lemma == what, "form": form == what, "glob": is_like(what, form)}[kind]


@pytest.mark.parametrize("often", [0, 1000])  # from the second word, and from the first
@given(patterns=ANY_PATTERNS, text=ANY_TEXTS)
def test_all_patterns_agree_with_trying_them_one_by_one(
    make_corpus: MakeCorpus, often: int, patterns: list[str], text: str
) -> None:
    t = tokens.of(make_corpus(text))
    matcher = Matcher((p, p) for p in patterns)
    apart = Matcher(((p, p) for p in patterns), among=lambda key: key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "OFTEN", often)
        nested = {(m.first, m.last, m.key) for m in matcher.find(t, nested=True)}
        chosen = matcher.find(t)
        alone = apart.find(t)
    assert nested == {(*place, p) for p in patterns for place in slow(t, p)}
    assert {(m.first, m.last, m.key) for m in chosen} <= nested
    taken = [(-1, -1)]
    for m in chosen:  # from the left, the longest, and none over another
        if (m.first, m.last) != taken[-1]:
            assert m.first > taken[-1][1]
            assert not [a for a, _, _ in nested if taken[-1][1] < a < m.first]
            taken.append((m.first, m.last))
        assert m.last == max(b for a, b, _ in nested if a == m.first)
    for p in patterns:  # apart, each is found as if it were the only one
        only = [(m.first, m.last) for m in Matcher([(p, p)]).find(t)]
        assert [(m.first, m.last) for m in alone if m.key == p] == only


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
        ("=mine", "Mine is a mine, mines are not mined", ["Mine", "mine"]),
        ("=win-win", "win-win, win-wins", ["win-win"]),
        ("decision to =mine", "decisions to mine, decisions to mining", ["decisions to mine"]),
        ("*ism", "Racism, racist isms, ism", ["Racism", "ism"]),
        ("m?n", "man men moon", ["man", "men"]),
        ("neo-fasc*", "Neo-fascists, a neo fascism, fascists", ["Neo-fascists", "neo fascism"]),
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


def test_inside_a_chinese_word_a_pattern_is_found_only_where_that_is_asked(
    make_corpus: MakeCorpus,
) -> None:
    t = tokens.of(make_corpus("改革开放和现代化"))
    patterns = [("a", "改革"), ("b", "开放*"), ("c", "代")]
    whole = [m.key for m in Matcher(patterns, "zh").find(t)]
    anywhere = [m.key for m in Matcher(patterns, "zh", whole=False).find(t)]
    assert set(whole) < set(anywhere)
    assert anywhere == ["a", "b", "c"]


@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_globs_are_those_of_a_pattern_that_tries_everything(glob: str, text: str) -> None:
    pattern = "".join({"*": ".*", "?": "."}.get(c, c) for c in glob)
    assert is_like(glob, text) == bool(re.fullmatch(pattern, text))


def test_a_glob_that_would_try_for_ever_does_not() -> None:
    assert not is_like("*a" * 40 + "b", "a" * 3000)


def test_another_language_in_the_corpus_changes_no_match(make_corpus: MakeCorpus) -> None:
    english, mixed = "We want win-win cooperation.", "我们要 win-win 的合作"
    assert found(make_corpus(english), "win win cooperation") == ["win-win cooperation"]
    assert found(make_corpus(english, mixed), "win win cooperation") == ["win-win cooperation"]


def test_an_empty_pattern_matches_nothing(make_corpus: MakeCorpus) -> None:
    assert found(make_corpus("Peace."), "", "[peace]", " ") == ["Peace"]


PIECES = "our is ys e ing ation ed er tre def en lic ce mme ogue hood ly s a b prog cent".split()


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
def test_spellings_are_mapped_wherever_one_is(word: str) -> None:
    expected = word
    for pattern, replacement in patterns._SPELLINGS:
        expected = pattern.sub(replacement, expected)
    assert patterns._part(word, "en", lemma=False) == expected
