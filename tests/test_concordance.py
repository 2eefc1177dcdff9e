"""Concordance: the same hits as naive search, each line as it stands in the text."""

import contextlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import width as columns

import kit
from kit import tokens
from kit.concordance import aligned, contexts, find, kwic
from kit.corpus import Corpus, Document
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


# ---- words: wildcards, alternatives, capitals, accents


def hits(corpus: Corpus, query: str, **options: bool) -> list[str]:
    return kwic(corpus, query, **options).table["hit"].tolist()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("m?n", ["man", "men"]),
        ("m*n", ["man", "men", "mean"]),
        ("man|mean", ["man", "mean"]),
        ("old|new *", ["old man", "new rule"]),
        ("old man | rule of law", ["old man", "rule of law"]),
        ("the old | of law", ["the old", "of law"]),
        ("man|", ["man"]),
        ("man | * ", ["man"]),
        ("of?law", []),
        ("a.n", []),
    ],
)
def test_wildcards_and_alternatives(
    make_corpus: MakeCorpus, query: str, expected: list[str]
) -> None:
    corpus = make_corpus("See the old man, the men who mean a new rule of law.")
    assert hits(corpus, query) == expected


def test_lemmas_and_tags_as_in_simple_queries_of_cqpweb(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("They strengthen trust. He strengthened mutual trust. We trust them.")
    assert hits(corpus, "{strengthen}") == ["strengthen", "strengthened"]
    assert hits(corpus, "{streng*} trust") == ["strengthen trust"]
    assert hits(corpus, "{Strengthen}_VBD *") == ["strengthened mutual"]
    assert hits(corpus, "_JJ trust") == ["mutual trust"]
    assert hits(corpus, "trust_V*|mutual_JJ") == ["mutual", "trust"]


def test_capitals_count_on_request(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("China’s polish and Polish WIN‑WIN. CHINA polishes.")
    assert hits(corpus, "polish") == ["polish", "Polish"]
    assert hits(corpus, "polish", case=True) == ["polish"]
    assert hits(corpus, "Pol*", case=True) == ["Polish"]
    assert hits(corpus, "China", case=True) == hits(corpus, "China's", case=True) == ["China’s"]
    assert hits(corpus, "win-win", case=True) == []
    assert hits(corpus, "WIN-WIN", case=True) == ["WIN‑WIN"]


def test_accents_count_on_request(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Le café, le cafe, le CAFÉ", language="fr")
    assert hits(corpus, "cafe") == hits(corpus, "Café") == ["café", "cafe", "CAFÉ"]
    assert hits(corpus, "caf?") == ["café", "cafe", "CAFÉ"]
    assert hits(corpus, "café", diacritics=True) == ["café", "CAFÉ"]
    assert hits(corpus, "caf?", diacritics=True) == ["café", "cafe", "CAFÉ"]
    assert hits(corpus, "Café", diacritics=True, case=True) == []
    assert hits(corpus, "cafe", case=True) == ["café", "cafe"]
    # a letter of its own is no letter with an accent
    assert hits(make_corpus("мой мои", language="ru"), "мои") == ["мои"]


def test_a_chinese_phrase_is_found_however_it_is_cut(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("我们推动合作共赢。互利合作、共赢发展。", language="zh")
    text = corpus.documents[0].text(1)
    t = tokens.of(corpus)
    edges = {*t.start.tolist(), *t.end.tolist()}
    for phrase in ("合作", "共赢", "推动合作共赢", "互利合作", "共赢发展"):
        places = [m.start() for m in re.finditer(phrase, text)]
        whole = [i for i in places if {i, i + len(phrase)} <= edges]
        found = [spans[0].start for spans in kwic(corpus, phrase).evidence]
        assert found == whole, phrase
    assert hits(corpus, "共*") == [
        w for w in (text[a:b] for a, b in zip(t.start, t.end, strict=True)) if w.startswith("共")
    ]


def test_hits_in_two_languages_are_listed_once(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Peace and G20.", "Мир и G20.", "Peace G20")
    assert [s[0].document for s in kwic(corpus, "G20").evidence] == ["000", "001", "002"]
    assert len(find(corpus, "peace|мир")) == 3


# ---- CQL


def test_cql_is_told_by_its_beginning(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("The old man and the sea. The sea.")
    for query in (
        '[lc="the"] "sea"',
        ' "the|The" "sea"',
        '("the" | "The") "sea"',
        '1:"(?i)the" "sea"',
    ):
        assert hits(corpus, query) == ["the sea", "The sea"]
    assert hits(corpus, "(the) sea") == ["the sea", "The sea"]  # words with a mark
    assert hits(corpus, '"the" []*', longest=True) == ["the sea"]
    with pytest.raises(ParameterError, match=r"\^"):
        kwic(corpus, '"the')


def test_a_hit_in_several_paragraphs_has_a_span_in_each(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("We want peace.\n\nPeace.\n\nAnd trade now.", titles=["War"])
    finding = kwic(corpus, '"peace" []* "trade" within <doc/>', window=1)
    (row,), (spans,) = finding.rows, finding.evidence
    assert row["hit"] == "peace. ¶ Peace. ¶ And trade"
    assert (row["left"], row["right"], row["paragraph"]) == ("want", "now", 1)
    assert [corpus.text(span) for span in spans] == ["peace.", "Peace.", "And trade"]


# ---- laws

SAMPLES = ["peace", "war peace", "win*", "win|war", "p* war", '[lc="w.*"] []? "peace"', "{war}"]


@given(
    st.lists(
        st.lists(st.sampled_from([*WORDS, "war.", "peace,", "\n\n"]), max_size=12).map(" ".join),
        max_size=4,
    ),
    st.sampled_from(SAMPLES),
    st.integers(0, 4),
    st.randoms(use_true_random=False),
)
def test_every_line_is_the_text_and_the_order_of_documents_is_no_matter(
    make_corpus: MakeCorpus, texts: list[str], query: str, window: int, random: Random
) -> None:
    corpus = make_corpus(*texts)
    finding = kwic(corpus, query, window=window)
    assert finding.total == len(find(corpus, query))
    for row, (span,) in zip(finding.rows, finding.evidence, strict=True):
        text = corpus[span.document].text(span.paragraph)
        assert row["hit"] == corpus.text(span)
        assert text[: span.start].rstrip().endswith(row["left"])
        assert text[span.end :].lstrip().startswith(row["right"])
        assert len(row["left"].split()) <= window
    mixed = list(corpus.documents)
    random.shuffle(mixed)
    again = kwic(Corpus(tuple(mixed)), query, window=window)
    assert again.evidence == finding.evidence
    assert again.rows == finding.rows


@given(st.text(max_size=20) | st.text("{}_|*? aA\u0301é'-合\ud800\x00", max_size=12), st.booleans())
@example("{\ud800}", False)
@example("{}_", False)
@example("_*", False)
def test_any_text_is_a_query_or_an_error_for_people(
    make_corpus: MakeCorpus, query: str, case: bool
) -> None:
    corpus = make_corpus("Peace a é", "合作共赢 a")
    with contextlib.suppress(ParameterError):
        find(corpus, query, case=case)


# ---- which lines, in which order


def lines(corpus: Corpus, query: str, **options: object) -> list[str]:
    rows = kwic(corpus, query, **options).rows  # type: ignore[arg-type]
    return [f"{row['left']} {row['hit']} {row['right']}".strip() for row in rows]


def test_lines_are_sorted_by_the_words_beside_them(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "b peace z a", "a peace z B", "peace a", dates=["2025-01-02", None, "2025-01-01"]
    )
    source = ["peace a", "b peace z a", "a peace z B"]
    assert lines(corpus, "peace") == lines(corpus, "peace", sort="date") == source
    assert lines(corpus, "peace", sort="-date") == source[::-1]
    assert lines(corpus, "peace", sort="L1") == ["peace a", "a peace z B", "b peace z a"]
    assert lines(corpus, "peace", sort="R1,R2") == ["peace a", "b peace z a", "a peace z B"]
    assert lines(corpus, "peace", sort="-R1 R2") == ["b peace z a", "a peace z B", "peace a"]
    assert lines(corpus, "a|b", sort="-node", window=0) == ["b", "B", "a", "a", "a"]


@pytest.mark.parametrize("sort", ["R6", "r1", "random", "L1,Node", "R1-R2"])
def test_an_unknown_sort_is_refused(seed: Corpus, sort: str) -> None:
    with pytest.raises(ParameterError, match="is none of source, date"):
        kwic(seed, "peace", sort=sort)
    with pytest.raises(ParameterError, match="Did you mean R1"):
        kwic(seed, "peace", sort="r1")


def test_some_lines_of_many(seed: Corpus) -> None:
    every = kwic(seed, "the")
    some = kwic(seed, "the", sample=10, seed=3)
    assert len(some) == 10
    assert some.total == every.total == len(every)
    assert "10 lines of" in some.title
    assert "seed 3" in some.method
    places = [every.evidence.index(spans) for spans in some.evidence]
    assert places == sorted(set(places))
    assert some.evidence == kwic(seed, "the", sample=10, seed=3).evidence
    assert some.evidence != kwic(seed, "the", sample=10, seed=4).evidence
    assert kwic(seed, "the", sample=10**6).rows == every.rows
    first = kwic(seed, "the", top=5)
    assert first.rows == every.rows[:5]
    assert first.total == every.total
    assert len(kwic(seed, "the", top=0)) == 0


@pytest.mark.parametrize("option", ["window", "sample", "top"])
def test_less_than_nothing_is_refused(seed: Corpus, option: str) -> None:
    with pytest.raises(ParameterError, match=f"{option} is -1"):
        kwic(seed, "peace", **{option: -1})  # type: ignore[arg-type]


def test_phrases_are_found_as_often_as_quanteda_finds_them(shared: Path) -> None:
    pins = shared / "pins-quanteda"
    rows = map(json.loads, (pins / "inaugural.jsonl").read_text().splitlines())
    corpus = Corpus(
        tuple(Document(row["id"], "", None, (row["text"],), "en", row["id"], "") for row in rows)
    )
    for line in (pins / "inaugural_kwic.csv").read_text().splitlines()[1:]:
        phrase, number = line.rsplit(",", 1)
        assert len(find(corpus, phrase.strip('"'))) == int(number)


# ---- contexts


def test_contexts_are_counted(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Win peace now. Win Peace now and peace for all.", "Peace now. A peace")
    table = contexts(corpus, "peace")
    assert table.rows == [
        {"context": "now", "count": 3, "texts": 2},
        {"context": "for", "count": 1, "texts": 1},
    ]
    assert [corpus.text(s) for s in table.evidence[0]] == ["peace now", "Peace now", "Peace now"]
    assert table.caveats == ("1 of 5 hits have no such context in their sentence.",)
    assert contexts(corpus, "peace", at="L1-node").rows[0]["context"] == "win peace"
    assert contexts(corpus, "peace", at="R1-R2").rows[0] == {
        "context": "for all",
        "count": 1,
        "texts": 1,
    }
    nodes = contexts(corpus, "peace | peace now", at="node").rows
    assert [(row["context"], row["count"]) for row in nodes] == [("peace", 5)]
    assert len(contexts(corpus, "nothing")) == 0
    with pytest.raises(ParameterError, match="left place first"):
        contexts(corpus, "peace", at="R2-R1")
    with pytest.raises(ParameterError, match="none of L5"):
        contexts(corpus, "peace", at="R9")


@given(
    st.lists(st.sampled_from([*WORDS, "war.", "peace."]), max_size=25),
    st.sampled_from(["L2", "L1", "R1", "R2"]),
)
def test_contexts_agree_with_naive_counts(
    make_corpus: MakeCorpus, words: list[str], at: str
) -> None:
    corpus = make_corpus(" ".join(words))
    t = tokens.of(corpus)
    step = int(at[1]) * (-1 if at[0] == "L" else 1)
    naive: dict[str, int] = {}
    for i in t.positions("peace").tolist():
        if 0 <= i + step < len(t) and t.sentence[i + step] == t.sentence[i]:
            word = t.words[t.word[i + step]]
            naive[word] = naive.get(word, 0) + 1
    table = contexts(corpus, "peace", at=at).table
    assert dict(zip(table["context"], table["count"], strict=True)) == naive


# ---- aligned


def columns_of(line: str, word: str) -> set[int]:
    """Return the columns at which a word begins in a line."""
    return {columns(line[: m.start()]) for m in re.finditer(word, line, re.IGNORECASE)}


def test_hits_stand_in_one_column(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We all want peace now and for ever and ever.",
        "Cafe\u0301 peace.",
        "我们要 peace 合作共赢。",
        "peace",
        "In all the years that we have had peace",
        language="en",
    )
    shown = aligned(kwic(corpus, "peace"), 48)
    assert [columns_of(line, "peace") for line in shown] == [{29}] * 5
    assert max(map(columns, shown)) <= 48
    assert shown[0].endswith("peace now and for e")
    assert shown[3].split() == ["2025-01-04", "¶1", "peace"]
    assert shown[4] == "2025-01-05 ¶1  t we have had peace"
    assert aligned(kwic(corpus, "nothing")) == []


def test_kwic_edges_align(shared: Path) -> None:
    for name in ("a.txt", "b.txt"):
        finding = kwic(kit.read(shared / "cases/26-kwic-edges" / name), "peace", window=5)
        shown = aligned(finding, 80)
        assert set.intersection(*(columns_of(line, "peace") for line in shown))


@given(
    st.lists(
        st.sampled_from("peace 和平 e\u0301 👩\u200d👩\u200d👧 ﷺ 한국 a\x1b[2Jb war".split(" ")),
        max_size=20,
    ),
    st.integers(0, 120),
)
def test_no_line_is_wider_than_asked(make_corpus: MakeCorpus, words: list[str], width: int) -> None:
    corpus = make_corpus(" ".join(["peace", *words]), titles=["T"], language="en")
    finding = kwic(corpus, "peace", window=4)
    shown = aligned(finding, width)
    assert len(shown) == len(finding)
    for line in shown:
        assert columns(line) <= max(width, 15 + 3)
        assert "\n" not in line
