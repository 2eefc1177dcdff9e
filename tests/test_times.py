"""Dates, anniversaries and numbers: worked out from the date of the text, never from today."""

from collections.abc import Callable

import pytest

from kit import times
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("on January 21, 2025", "2025-01-21"),
        ("on 21 January 2025", "2025-01-21"),
        ("on March 9", "2024-03-09"),
        ("on January 26", "2025-01-26"),
        ("in March 2024", "2024-03"),
        ("since 1949", "1949"),
        ("in 2013–2025", "2013/2025"),
        ("in 2024-25", "2024/2025"),
        ("this year", "2025"),
        ("last year", "2024"),
        ("over the past year", "2024"),
        ("next month", "2025-02"),
        ("last month", "2024-12"),
        ("in the past ten years", "2015/2025"),
        ("yesterday", "2025-01-25"),
        ("on February 30, 2025", "2025"),
        ("of 2024.5 tons", ""),
        ("it may 12 times", ""),
    ],
)
def test_what_is_written_and_what_it_is(
    make_corpus: MakeCorpus, written: str, resolved: str
) -> None:
    corpus = make_corpus(f"They met {written}.", dates=["2025-01-26"])
    assert times.dates(corpus).table["resolved"].tolist() == [resolved] * bool(resolved)


def test_an_undated_text_resolves_nothing_from_its_date(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Last year, on March 9 and in 2020, they met.", dates=[None])
    assert times.dates(corpus).table["resolved"].tolist() == ["2020"]
    assert len(times.events(corpus)) == 0


def test_the_event_lies_at_most_a_month_before_the_text(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "On December 26, 2024 they met.", "On December 25, 2024 they met.",
        "On January 27, 2025 they meet.", "a\n\nb\n\nc\n\nOn January 26, 2025 they met.",
        dates=["2025-01-26"] * 4,
    )  # fmt: skip
    assert times.events(corpus).table["event"].tolist() == ["2024-12-26"]


def test_anniversaries_count_from_the_year_they_fall_in(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "In 2024 they marked the 75th anniversary of the treaty.", dates=["2025-01-26"]
    )
    (row,) = times.anniversaries(corpus).table.itertuples(index=False)
    assert tuple(row) == (75, "the treaty", 2024, 1949, 80, 2029)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("They signed 20 agreements.", 20, "agreements"),
        ("Trade grew by 5.2 percent.", 5.2, "percent"),
        ("It cost $3.5 billion.", 3.5e9, "$"),
        ("They built 1,200 schools.", 1200, "schools"),
        ("The two countries agreed.", None, ""),
        ("The 75th anniversary came in 2024.", None, ""),
    ],
)
def test_quantities(make_corpus: MakeCorpus, text: str, value: float | None, unit: str) -> None:
    table = times.numbers(make_corpus(text)).table
    expected = [] if value is None else [[value, unit]]
    assert table[["value", "unit"]].to_numpy().tolist() == expected


def test_every_date_is_the_words_shown(seed: Corpus) -> None:
    for finding in (times.dates(seed), times.numbers(seed)):
        for written, (span,) in zip(finding.table["written"], finding.evidence, strict=True):
            assert seed.text(span) == written
