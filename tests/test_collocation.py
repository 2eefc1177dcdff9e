"""Collocation: counts of quanteda, a naive double loop, figures by hand, and laws."""

import csv
import datetime as dt
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import collocation, concordance, tokens
from kit.corpus import Corpus, Document, Span
from kit.errors import ParameterError
from kit.finding import Finding
from kit.measures import association

MakeCorpus = Callable[..., Corpus]


def rows(finding: Finding) -> dict[str, dict[str, Any]]:
    return {row["collocate"]: row for row in finding.rows}


# ---- a second, naive implementation


def naive(
    corpus: Corpus, node: str, left: int, right: int, within: str
) -> dict[str, tuple[int, int, int]]:
    """Return (left, right, texts) of each folded word, counted word by word."""
    t = tokens.of(corpus)
    unit = {"sentence": t.sentence, "passage": t.passage, "document": t.document}[within]
    sides: Counter[tuple[str, str]] = Counter()
    texts: dict[str, set[int]] = {}
    for hit in range(len(t)):
        if t.words[t.word[hit]] != node or t.in_title[hit]:
            continue
        for other in range(len(t)):
            side = "L" if other < hit else "R"
            reach = left if side == "L" else right
            if other == hit or abs(other - hit) > reach or unit[other] != unit[hit]:
                continue
            if not t.in_title[other]:
                word = t.words[t.word[other]]
                sides[word, side] += 1
                texts.setdefault(word, set()).add(int(t.document[hit]))
    return {w: (sides[w, "L"], sides[w, "R"], len(found)) for w, found in texts.items()}


# texts of a few words, so that reaches overlap and end at sentences, paragraphs and titles
WORDS = st.sampled_from(["aa", "bb", "cc", "aa.", "Ee", "bb!", "dd"])
TEXT = st.lists(WORDS, min_size=0, max_size=14).map(" ".join)
TEXTS = st.lists(st.tuples(TEXT, st.lists(TEXT, min_size=1, max_size=3)), min_size=1, max_size=4)


def corpus_of(texts: list[tuple[str, list[str]]], order: int = 1) -> Corpus:
    return Corpus(
        tuple(
            Document(f"{i:02d}", title, dt.date(2025, 1, 1 + i), tuple(body), "en", "", "")
            for i, (title, body) in enumerate(texts)
        )[::order]
    )


def all_of(corpus: Corpus, **options: Any) -> dict[str, tuple[int, int, int]]:
    found = collocation.collocates(corpus, "aa", minimum=1, content=False, **options)
    return {
        row["collocate"].casefold(): (row["left"], row["right"], row["texts"]) for row in found.rows
    }


@given(
    TEXTS,
    st.sampled_from([(2, 2), (0, 3), (1, 0), (5, 5), (40, 40)]),
    st.sampled_from(["sentence", "passage", "document"]),
)
def test_equal_to_a_naive_double_loop(
    texts: list[tuple[str, list[str]]], window: tuple[int, int], within: Any
) -> None:
    corpus = corpus_of(texts)
    expected = naive(corpus, "aa", *window, within)
    assert all_of(corpus, window=window, within=within) == expected


@given(TEXTS)
def test_the_order_in_which_documents_are_given_makes_no_difference(
    texts: list[tuple[str, list[str]]],
) -> None:
    one = collocation.collocates(corpus_of(texts), "aa", minimum=1)
    other = collocation.collocates(corpus_of(texts, -1), "aa", minimum=1)
    assert one.frame.equals(other.frame)


@given(TEXTS)
def test_counts_of_the_parts_of_a_corpus_sum_to_the_whole(
    texts: list[tuple[str, list[str]]],
) -> None:
    corpus = corpus_of(texts)
    total: Counter[tuple[str, int]] = Counter()
    for part in corpus.group(lambda d: d.id).values():
        for word, counts in all_of(part).items():
            total.update({(word, i): n for i, n in enumerate(counts)})
    whole = all_of(corpus)
    assert {(w, i): n for w, counts in whole.items() for i, n in enumerate(counts) if n} == +total


@given(TEXTS, st.sampled_from(["sentence", "document"]))
def test_sides_add_up_figures_keep_their_bounds_and_evidence_shows_the_pair(
    texts: list[tuple[str, list[str]]], within: Any
) -> None:
    corpus = corpus_of(texts)
    found = collocation.collocates(
        corpus,
        "aa",
        within=within,
        minimum=1,
        content=False,
        measures=tuple(association.MEASURES),
    )
    for row, places in zip(found.rows, found.evidence, strict=True):
        assert row["left"] + row["right"] == row["count"] == len(places)
        assert row["logDice"] <= 14
        assert 0 < row["Dice"] <= 1
        assert 0 < row["MS"] <= 1
        assert row["MI"] == pytest.approx(math.log2(row["count"] / row["expected"]))
        for place in places:
            assert place.paragraph
            words = re.findall(r"\w+", corpus.text(place).casefold())
            ends = {words[0], words[-1]}
            pair = {"aa", row["collocate"].casefold()}
            # of a pair in two paragraphs one is shown
            assert pair <= ends if within == "sentence" else pair & ends


# ---- published counts


@pytest.mark.parametrize("node", ["freedom", "peace", "trade"])
def test_counts_are_those_of_quanteda(shared: Path, node: str) -> None:
    folder = shared / "pins-quanteda"
    lines = (folder / "inaugural.jsonl").read_text("utf-8").splitlines()
    corpus = Corpus(
        tuple(
            Document(str(i), "", None, (json.loads(line)["text"],), "en", "", "")
            for i, line in enumerate(lines)
        )
    )
    found = collocation.collocates(
        corpus, node, within="document", by="form", minimum=3, content=False
    )
    with (folder / f"inaugural_window5_{node}.csv").open(newline="") as file:
        published = {row["collocate"]: int(row["count"]) for row in csv.DictReader(file)}
    assert {word: row["count"] for word, row in rows(found).items()} == published


# ---- by hand

FOUR = "New trade talks. Trade talks help growth.\n\nOld talks."


def test_figures_by_hand(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(FOUR, "Trade and talks.", titles=["Trade talks", ""])
    found = collocation.collocates(
        corpus, "trade", minimum=1, measures=("logDice", "MI", "G2", "chi2", "deltaP")
    )
    talks = rows(found)["talks"]
    # trade 3 times, in reach 2 + 3 + 2 words; talks 4 times, 3 of them in reach; 12 words
    assert (talks["count"], talks["left"], talks["right"], talks["texts"]) == (3, 0, 3, 2)
    assert talks["expected"] == pytest.approx(7 * 4 / 12)
    assert talks["logDice"] == pytest.approx(14 + math.log2(2 * 3 / (3 + 4)))
    assert talks["MI"] == pytest.approx(math.log2(3 / (7 * 4 / 12)))
    assert talks["G2"] == pytest.approx(float(association.g2(3, 7, 4, 12)))
    assert talks["chi2"] == pytest.approx(12 * (3 * 4 - 4 * 1) ** 2 / (7 * 5 * 4 * 8))
    assert talks["deltaP"] == pytest.approx(3 / 7 - 1 / 5)
    assert talks["position"] == pytest.approx((1 + 1 + 2) / 3)
    assert talks["p"] <= 1
    assert list(found.table.columns) == [
        *("collocate", "count", "left", "right", "texts", "expected"),
        *("logDice", "MI", "G2", "p", "chi2", "deltaP", "position"),
    ]


def test_a_word_in_reach_of_two_hits_is_two_pairs_and_one_word(make_corpus: MakeCorpus) -> None:
    found = collocation.collocates(
        make_corpus("peace brings peace now. War came and went."), "peace", minimum=1
    )
    brings = rows(found)["brings"]
    assert brings["count"] == 2
    assert brings["expected"] == pytest.approx(6 * 1 / 8)  # each peace has 3 words in reach
    # brings, now and both peaces are in reach, each once
    assert brings["G2"] == pytest.approx(float(association.g2(1, 4, 1, 8)))
    assert brings["logDice"] == pytest.approx(14 + math.log2(2 * 1 / (2 + 1)))


def test_where_every_word_is_in_reach_four_cells_say_nothing(make_corpus: MakeCorpus) -> None:
    (row,) = collocation.collocates(make_corpus("peace peace peace"), "peace").rows
    assert (row["count"], row["G2"], row["p"]) == (6, None, None)
    assert row["MI"] == pytest.approx(0.0)


def test_evidence_runs_from_node_to_collocate(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Mutual trust and trade, deep trust.")
    found = collocation.collocates(corpus, "trade", minimum=1)
    at = {row["collocate"]: places for row, places in zip(found.rows, found.evidence, strict=True)}
    assert [corpus.text(s) for s in at["trust"]] == ["trust and trade", "trade, deep trust"]
    assert at["Mutual"] == (Span("000", 1, 0, len("Mutual trust and trade")),)


def test_a_pair_in_two_paragraphs_is_shown_by_its_second_part(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Long live peace.\n\nThe world needs trust.")
    found = collocation.collocates(corpus, "peace", within="document", minimum=1)
    at = {row["collocate"]: places for row, places in zip(found.rows, found.evidence, strict=True)}
    assert [corpus.text(s) for s in at["world"]] == ["The world"]


def test_nothing_crosses_a_sentence_unless_asked(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("He wants peace. War ends.\n\nTalks begin.", titles=["Peace plan"])
    near = {
        within: set(rows(collocation.collocates(corpus, "peace", within=within, minimum=1)))
        for within in ("sentence", "passage", "document")
    }
    assert near["sentence"] == {"wants"}
    assert near["passage"] == {"wants", "War", "ends"}
    assert near["document"] == {"wants", "War", "ends", "Talks", "begin"}


def test_nodes_of_several_words_and_by_cql(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Their belt and road is open. Their road is long.")
    phrase = collocation.collocates(corpus, "belt and road", minimum=1, content=False)
    assert set(rows(phrase)) == {"Their", "is", "open"}
    query = collocation.collocates(corpus, '"road" "is"', minimum=1)
    assert set(rows(query)) == {"belt", "open", "long"}


def test_by_lemma_and_by_tag(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("China deepens trade. They deepened trade. A deep trade.")
    by_lemma = rows(collocation.collocates(corpus, "trade", by="lemma", minimum=1))
    assert by_lemma["deepen"]["count"] == 2
    assert "China" in by_lemma
    verbs = collocation.collocates(corpus, "trade", by="lemma", minimum=1, tag="VB.*")
    assert set(rows(verbs)) == {"deepen"}
    assert rows(verbs)["deepen"]["expected"] == pytest.approx(2 * 6 / 9)
    assert "VB.*" in verbs.method


def test_top_cuts_and_total_keeps_how_many_there_are(seed: Corpus) -> None:
    whole = collocation.collocates(seed, "cooperation")
    cut = collocation.collocates(seed, "cooperation", top=3)
    assert cut.total == len(whole) > 3
    assert cut.frame.equals(whole.frame.head(3))
    assert whole.table["logDice"].is_monotonic_decreasing
    assert cut.evidence[0] == whole.evidence[0]


def test_an_analysis_changes_nothing(seed: Corpus) -> None:
    before = seed.fingerprint, len(tokens.of(seed)), len(concordance.find(seed, "cooperation"))
    collocation.collocates(seed, "cooperation")
    collocation.pairs(seed)
    assert before == (
        *(seed.fingerprint, len(tokens.of(seed))),
        len(concordance.find(seed, "cooperation")),
    )


# ---- next to nothing


@pytest.mark.parametrize("text", ["", "Peace", "Peace and the.", "War."])
def test_too_little_text_gives_an_empty_table_that_says_why(
    make_corpus: MakeCorpus, text: str
) -> None:
    found = collocation.collocates(make_corpus(text, titles=["Peace now"]), "peace")
    assert len(found) == 0
    assert len(found.caveats) == 1
    assert "collocate" in found.table
    assert found._repr_mimebundle_()


def test_no_documents(make_corpus: MakeCorpus) -> None:
    assert len(collocation.collocates(make_corpus(), "peace")) == 0
    assert len(collocation.pairs(make_corpus())) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"window": 0}, "window is 0"),
        ({"window": (0, 0)}, "window"),
        ({"window": (-1, 5)}, "window"),
        ({"measures": ("logdice",)}, "logDice"),
        ({"measures": ()}, "measures"),
        ({"within": "line"}, "within"),
        ({"by": "words"}, "Did you mean word"),
        ({"tag": "N("}, "tag"),
    ],
)
def test_what_cannot_be_asked(seed: Corpus, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(said)):
        collocation.collocates(seed, "cooperation", **options)


def test_too_many_pairs_are_refused(seed: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.collocation.surface.MOST_PAIRS", 10)
    with pytest.raises(ParameterError, match="smaller window"):
        collocation.collocates(seed, "cooperation")


def test_tags_are_for_english(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Мир и торговля.", language="ru")
    assert len(collocation.collocates(corpus, "мир", minimum=1))
    with pytest.raises(ParameterError, match="English"):
        collocation.collocates(corpus, "мир", tag="N.*")


# ---- pairs


def naive_pairs(corpus: Corpus, window: int) -> Counter[frozenset[str]]:
    t = tokens.of(corpus)
    met: Counter[frozenset[str]] = Counter()
    for one in range(len(t)):
        for other in range(one + 1, min(one + window + 1, len(t))):
            pair = frozenset((t.words[t.word[one]], t.words[t.word[other]]))
            if t.sentence[one] == t.sentence[other] and not t.in_title[one] and len(pair) == 2:
                met[pair] += 1
    return met


@given(TEXTS, st.sampled_from([1, 3, 50]))
def test_pairs_and_collocates_agree(texts: list[tuple[str, list[str]]], window: int) -> None:
    corpus = corpus_of(texts)
    found = collocation.pairs(corpus, window=window, by="word", minimum=1, alpha=1.0)
    met = naive_pairs(corpus, window)
    for row, places in zip(found.rows, found.evidence, strict=True):
        pair = frozenset((row["first"].casefold(), row["second"].casefold()))
        assert met[pair] == row["count"] == len(places)
        both = []
        for node, other in ((row["first"], row["second"]), (row["second"], row["first"])):
            near = collocation.collocates(corpus, node, window=window, minimum=1, content=False)
            both.append(rows(near)[other])
        assert both[0]["count"] == row["count"]
        assert both[0]["texts"] == row["texts"]
        assert both[0]["logDice"] == pytest.approx(row["logDice"])
        known = [b["G2"] for b in both if b["G2"] is not None]
        assert row["G2"] == pytest.approx(min(known))


def test_pairs_of_the_seed(seed: Corpus) -> None:
    found = collocation.pairs(seed)
    pairs = {(row["first"], row["second"]): row for row in found.rows}
    assert pairs["China", "Russia"]["count"] == 6
    assert pairs["China", "Russia"]["first_frequency"] == 8
    assert all(row["p"] <= 0.05 for row in found.rows)
    assert found.table["G2"].is_monotonic_decreasing
    by_dice = collocation.pairs(seed, measure="logDice")
    assert by_dice.table["logDice"].is_monotonic_decreasing
    assert len(by_dice) == len(found)
    assert "MI" in collocation.pairs(seed, measure="MI").table


@pytest.mark.parametrize("text", ["", "Peace.", "Peace and war. Trade and growth. " * 2])
def test_where_no_two_words_go_together_it_is_said(make_corpus: MakeCorpus, text: str) -> None:
    found = collocation.pairs(make_corpus(text))
    assert len(found) == 0
    assert found.caveats[0]
    assert list(found.table.columns)[:4] == ["first", "second", "count", "texts"]


@pytest.mark.parametrize("options", [{"window": 0}, {"top": 1}, {"by": "x"}, {"measure": "G3"}])
def test_what_cannot_be_asked_of_pairs(seed: Corpus, options: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        collocation.pairs(seed, **options)
