"""Who is named with whom, in which order, and what is newly named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from scipy import stats

import kit
from kit import names
from kit.corpus import Corpus
from kit.errors import ParameterError

MakeCorpus = Callable[..., Corpus]


def days(number: int) -> list[str]:
    return [f"2020-{i // 28 + 1:02d}-{i % 28 + 1:02d}" for i in range(number)]


def test_pairs_count_sentences_that_name_both(make_corpus: MakeCorpus) -> None:
    text = (
        "China met Russia. Russia praised China and China. France spoke. Japan spoke. China met Russia."
        + " Nothing was said." * 5
    )
    found = names.together(make_corpus(text), minimum=2)
    (row,) = found.rows
    assert (row["first"], row["second"], row["count"], row["texts"]) == ("China", "Russia", 3, 1)
    assert (row["first_frequency"], row["second_frequency"]) == (3, 3)
    table = [[3, 0], [0, 7]]
    expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert row["G2"] == pytest.approx(expected.statistic)
    # four things are named: six pairs
    assert row["p"] == pytest.approx(6 * expected.pvalue)
    second = text.rindex("China met")
    assert [s.start for s in found.evidence[0]] == [0, 10, 18, 33, second, second + 10]


def test_the_country_in_a_role_is_not_named_with_the_person(make_corpus: MakeCorpus) -> None:
    text = "Chinese President Xi Jinping spoke." + " Nothing was said." * 9
    corpus = make_corpus(text, text, text)
    assert len(names.together(corpus, minimum=2)) == 0
    other = "China thanked President Xi Jinping." + " Nothing was said." * 9
    assert len(names.together(make_corpus(other, other, other), minimum=2)) == 1


def test_a_kind_that_there_is_none_of(seed: Corpus) -> None:
    with pytest.raises(ParameterError, match="person"):
        names.together(seed, kinds=("persons",))


def test_the_order_of_the_latest_text_beside_the_usual(make_corpus: MakeCorpus) -> None:
    early = "China spoke. Russia spoke. France spoke."
    corpus = make_corpus(early, early, "France spoke. Chad spoke. China spoke.", dates=days(3))
    rows = {r["name"]: r for r in names.order(corpus).rows}
    assert [r["name"] for r in names.order(corpus).rows] == ["France", "Chad", "China"]
    assert (rows["France"]["place"], rows["France"]["usual"], rows["France"]["moved"]) == (1, 3, 2)
    assert (rows["Chad"]["usual"], rows["Chad"]["earlier_texts"]) == (None, 0)
    assert rows["China"]["moved"] == -2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China, Russia and India met.", [("China", "Russia"), ("China", "India"), ("Russia", "India")]),
        ("China-Russia ties, China-Russia trade", [("China", "Russia")]),
        ("the Chinese and Russian sides", [("China", "Russia")]),
        ("China met Russia. China. Russia.", []),
        ("China, whose ties with Russia grow", []),
        ("President Vladimir Putin and China", []),
        ("China and the African Union", [("China", "African Union")]),
    ],
)  # fmt: skip
def test_names_side_by_side(
    make_corpus: MakeCorpus, text: str, expected: list[tuple[str, str]]
) -> None:
    table = names.precedence(make_corpus(text), minimum=1).table
    assert sorted(zip(table["first"], table["second"], strict=True)) == sorted(expected)


def test_a_turned_order_is_told_first(make_corpus: MakeCorpus) -> None:
    usual = "China and Russia met. India and Brazil met."
    corpus = make_corpus(usual, usual, "Russia and China met. India and Brazil met.", dates=days(3))
    found = names.precedence(corpus)
    assert [(r["first"], r["second"], r["count"], r["turned"], r["latest"], r["last_turned"])
            for r in found.rows] == [
        ("China", "Russia", 2, 1, "turned", days(3)[-1]),
        ("India", "Brazil", 3, 0, "as usual", None),
    ]  # fmt: skip
    assert corpus.text(found.evidence[0][0]) == "Russia and China"


def test_newly_named_and_no_longer_named(make_corpus: MakeCorpus) -> None:
    always, ends, late = "China spoke.", " Peru spoke.", " Chad spoke."
    texts = [always + (ends if i < 12 else "") + (late if i > 26 else "") for i in range(29)]
    texts[-1] += " Mali spoke."
    found = names.news(make_corpus(*texts, dates=days(29)))
    news = {r["name"]: r["news"] for r in found.rows}
    assert news == {
        "Mali": "named for the first time",
        "Chad": "new of late",
        "Peru": "no longer named",
    }
    at = list(news).index("Peru")
    assert [found.corpus[s.document].day for s in found.evidence[at]] == [days(12)[-1]]


def test_absence_against_the_odds(make_corpus: MakeCorpus) -> None:
    texts = ["China spoke. Peru spoke. Chad spoke."] * 29 + ["China spoke. Chad spoke."]
    (row,) = names.news(make_corpus(*texts, dates=days(30))).rows
    assert (row["name"], row["news"]) == ("Peru", "not named, against the odds")
    assert row["chance"] < 0.1


@pytest.mark.parametrize("given", [[], [""], ["5 5"], ["China."], ["China.", "Россия.", "中国。"]])
def test_of_next_to_nothing(make_corpus: MakeCorpus, given: list[str]) -> None:
    corpus = make_corpus(*given, dates=[None] * len(given))
    for analysis in (names.together, names.order, names.precedence, names.news, names.ledger):
        found = analysis(corpus)
        assert len(found.evidence) == len(found)
    assert not names.news(corpus).applies


def test_who_votes_comes_and_goes(shared: Path) -> None:
    found = names.news(kit.read(shared / "corpora" / "fomc-statements"))
    news = {r["name"]: (r["news"], r["first"], r["last"]) for r in found.rows}
    assert news["Stephen I. Miran"] == ("new of late", "2025-09-17", "2025-10-29")
    assert news["Loretta J. Mester"][::2] == ("no longer named", "2024-06-12")
