"""Found formulations: whole, with their variants, and none of what is no formulation."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import formulations
from kit.corpus import Corpus
from kit.formulations.found import FEWEST, fewest

MakeCorpus = Callable[..., Corpus]


def found(corpus: Corpus) -> dict[str, tuple[int, int]]:
    table = formulations.found(corpus).table
    rows = zip(table["phrase"], table["texts"], table["count"], strict=True)
    return {phrase: (texts, count) for phrase, texts, count in rows}


CASES = [
    ("inflection", ["They met a reliable partner.", "Reliable partners met.", "A reliable partner."],
     {"reliable partner": (3, 3)}),
    ("hyphens", ["A good-neighbour policy.", "The good neighbour policy!", "A good-neighbour policy?"],
     {"good-neighbour policy": (3, 3)}),
    ("spelling", ["The labour market.", "A labor market.", "That labour market."],
     {"labour market": (3, 3)}),
    ("a possessive", ["The joint fleet's.", "A joint fleet’s was.", "One joint fleet's if so."],
     {"joint fleet": (3, 3)}),
    ("a mark between", ["Calm, waters here.", "Calm; waters there.", "Calm. Waters all over."], {}),
    ("two texts", ["Calm waters.", "Calm waters."], {}),
    ("function words at the edges", ["It is up to the.", "He is up to the.", "She is up to the."], {}),
    ("a name", ["Saw Port Aldane now.", "To Port Aldane go.", "In Port Aldane stay."], {}),
    ("one word with a hyphen", ["A so-called one.", "Two so-called.", "My so-called."], {}),
    ("numbers at the edges", ["In two years more.", "For two years so.", "After two years yes."], {}),
    ("a figure before", ["The 2 percent objective.", "A 2 percent objective.", "No 2 percent objective."],
     {"2 percent objective": (3, 3)}),
    ("the end of a list", ["We want salt, bread and wine.", "Give salt, bread and wine!",
     "No salt, bread and wine?"], {}),
    ("a part that goes on", ["It is a calm deep sea.", "Such calm deep sea.", "My calm deep sea."],
     {"calm deep sea": (3, 3)}),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_found(
    make_corpus: MakeCorpus, texts: list[str], expected: dict[str, tuple[int, int]]
) -> None:
    assert found(make_corpus(*texts)) == expected


LONG = "standing joint fisheries commission"


def test_a_short_form_is_a_variant_or_a_phrase_of_its_own(make_corpus: MakeCorpus) -> None:
    full = [f"The {LONG} {and_so}." for and_so in ("is it", "of ours", "here", "there")]
    short = [
        f"Their joint fisheries commission {and_so}." for and_so in ("is it", "of ours", "if so")
    ]
    corpus = make_corpus(*full, short[0])
    (row,) = formulations.found(corpus).rows
    assert (row["phrase"], row["texts"]) == (LONG, 5)
    assert row["variants"] == f"{LONG} (4), joint fisheries commission (1)"
    assert found(make_corpus(*full, *short)) == {LONG: (4, 4), "joint fisheries commission": (7, 7)}


def test_what_is_far_shorter_is_no_variant(make_corpus: MakeCorpus) -> None:
    full = [f"The {LONG} for deep waters {and_so}." for and_so in ("is it", "of ours", "if so")]
    corpus = make_corpus(*full, "That joint fisheries one.")
    assert found(corpus) == {f"{LONG} for deep waters": (3, 3)}


def test_a_passage_longer_than_the_longest_phrase_is_not_listed_window_by_window(
    make_corpus: MakeCorpus,
) -> None:
    words = [
        f"{a}{b}" for a in ("mara", "tolo", "beki") for b in ("dun", "lof", "rim", "sut", "pel")
    ]
    passage = " ".join(words + [w[::-1] for w in words])
    corpus = make_corpus(*(f"Once {passage} {end}." for end in ("here", "there", "elsewhere")))
    assert 1 <= len(found(corpus)) <= 3


def test_places_are_the_words_shown(ministries: Corpus) -> None:
    finding = formulations.found(ministries)
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        assert row["count"] == len(spans)
        assert row["texts"] == len({s.document for s in spans})
        assert all(ministries.text(s).casefold() in row["variants"].casefold() for s in spans)
        assert all(s.paragraph > 0 for s in spans)


def test_fewest_texts() -> None:
    assert [fewest(n) for n in (1, 28, 124, 400, 10_000)] == [3, 3, 3, 5, 25]


@given(
    st.lists(
        st.lists(st.sampled_from(["calm", "deep", "sea", "of", "the", "sea,"]), max_size=12).map(
            " ".join
        ),
        min_size=3,
        max_size=6,
    )
)
def test_every_phrase_stands_in_three_texts_and_between_content_words(
    make_corpus: MakeCorpus, texts: list[str]
) -> None:
    corpus = make_corpus(*texts)
    finding = formulations.found(corpus)
    assert finding.table["phrase"].is_unique
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        assert row["texts"] >= FEWEST
        words = row["phrase"].split()
        assert len(words) > 1
        assert not {words[0], words[-1]} & {"of", "the"}
        assert not any("," in corpus.text(s) for s in spans)


@pytest.mark.parametrize("texts", [(), ("",), ("Calm waters.",), ("Calm waters.",) * 4])
def test_corpora_of_hardly_anything(make_corpus: MakeCorpus, texts: tuple[str, ...]) -> None:
    finding = formulations.found(make_corpus(*texts))
    assert finding.applies == (len(texts) >= FEWEST)
    assert len(finding) == (1 if len(texts) == 4 else 0)
