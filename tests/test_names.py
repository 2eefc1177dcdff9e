"""Names: forms of one thing are one row, no word is taken for a name."""

from collections.abc import Callable

import pytest

from kit import names
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]


def found(corpus: Corpus) -> dict[str, str]:
    table = names.names(corpus).table
    return dict(zip(table["name"], table["kind"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("President Vladimir Putin spoke. Putin’s words were clear.", {"Vladimir Putin": "person"}),
        ("The Association of Southeast Asian Nations (ASEAN) and ASEAN’s partners met.",
         {"Association of Southeast Asian Nations": "organisation"}),
        ("Both sides value cooperation and stability.", {}),
    ],
)  # fmt: skip
def test_names_by_hand(make_corpus: MakeCorpus, text: str, expected: dict[str, str]) -> None:
    assert found(make_corpus(text)) == expected


@pytest.mark.parametrize(
    ("people", "country"),
    [
        ("South Koreans", "South Korea"),
        ("New Zealanders", "New Zealand"),
        ("South African envoys", "South Africa"),
        ("Sri Lankan envoys", "Sri Lanka"),
        ("Russians", "Russia"),
    ],
)
def test_a_people_counts_for_its_country(
    make_corpus: MakeCorpus, people: str, country: str
) -> None:
    assert found(make_corpus(f"They met the {people} again.")) == {country: "place"}


def test_an_abbreviation_that_the_text_introduces_is_a_form(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("The Gondor Trade Commission (GTC) met. The GTC agreed.\n\nThe GTC met.")
    mentions = [(m.name, m.span.paragraph) for m in names.mentions(corpus)]
    assert mentions == [("Gondor Trade Commission", n) for n in (1, 1, 1, 2)]


def test_every_mention_is_the_words_shown(seed: Corpus) -> None:
    finding = names.names(seed)
    for row, spans in zip(finding.table.itertuples(), finding.evidence, strict=True):
        assert len(spans) == row.mentions
        forms = {form.rsplit(" (", 1)[0].casefold() for form in row.forms.split(", ")}
        for span in spans:
            assert seed.text(span).removesuffix("'s").casefold() in forms


def test_of_kind_cuts_rows_and_evidence_together(seed: Corpus) -> None:
    finding = names.of_kind(names.names(seed), "person")
    assert finding.title == "People"
    assert [seed.text(spans[0]) for spans in finding.evidence] == ["Xi Jinping", "Vladimir Putin"]


def test_chinese_and_russian_names_are_found_by_their_own_means(make_corpus: MakeCorpus) -> None:
    finding = names.names(
        make_corpus("双方在北京同意加强联合国的作用。", "В Москве прошла встреча ООН.")
    )
    found = {row["name"]: row["forms"] for row in finding.rows}
    assert found["United Nations"] == "ООН (1), 联合国 (1)"
    assert found["Москва"] == "Москве (1)"
    assert any("北京" in forms for forms in found.values())
