"""The real corpora, read without options: every text is there, with its date and title."""

import csv
import datetime as dt
from pathlib import Path

import pytest

import kit
from kit.corpus import Corpus

TODAY = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def corpora(shared: Path) -> Path:
    """The folder of the corpora."""
    folder = shared / "corpora"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: real texts cannot be read")
    return folder


@pytest.fixture(scope="module")
def fomc(corpora: Path) -> Corpus:
    """The statements of the Federal Reserve, pages as they were published."""
    return kit.read(corpora / "fomc-statements", today=TODAY)


def test_every_statement_is_read_with_its_date_and_title(fomc: Corpus, corpora: Path) -> None:
    assert len(fomc) == 124
    assert [x.source for x in fomc.left_out] == ["dates.csv"]  # a table without texts
    assert all(d.date and d.title != "(untitled)" and d.paragraphs for d in fomc)
    assert {d.language for d in fomc} == {"en"}
    with (corpora / "fomc-statements/dates.csv").open(newline="") as file:
        published = {row["file"]: row["published"] for row in csv.DictReader(file)}
    assert len(published) == 62
    assert {d.source: str(d.date) for d in fomc if d.source in published} == published


def test_a_statement_has_its_vote_and_nothing_of_the_page_around_it(
    fomc: Corpus, corpora: Path
) -> None:
    with_vote = 0
    for document in fomc:
        page = (corpora / "fomc-statements" / document.source).read_text(errors="replace")
        whole = " ".join(document.paragraphs)
        assert "enable JavaScript" not in whole
        assert "Board of Governors of the Federal Reserve System The Federal Reserve" not in whole
        assert ("Voting for" in page) == ("Voting for" in whole), document.source
        with_vote += "Voting for" in whole
    assert with_vote == 119


@pytest.mark.parametrize(
    ("name", "count", "dated", "language", "first", "last"),
    [
        ("ungdc-p5.csv.gz", 388, 388, "en", "1946-09-25", "2024-09-25"),
        ("sotu.jsonl", 233, 233, "en", "1790-01-30", "2021-01-30"),
        ("work-reports-zh.jsonl", 52, 5, "zh", "2017-03-05", "2024-03-05"),
        ("leader-speeches-en", 23, 23, "en", "2016-07-01", "2021-10-30"),
    ],
)
def test_every_text_of_a_corpus(
    corpora: Path, name: str, count: int, dated: int, language: str, first: str, last: str
) -> None:
    corpus = kit.read(corpora / name, today=TODAY)
    assert len(corpus) == count
    assert corpus.left_out == ()
    assert len(corpus.dates) == dated
    assert (str(corpus.dates[0]), str(corpus.dates[-1])) == (first, last)
    assert {d.language for d in corpus} == {language}
    assert all(d.paragraphs and d.title != "(untitled)" for d in corpus)
    undated = [d for d in corpus if d.date is None]
    assert all(d.notes for d in undated)  # a year alone is no day, and that is said


def test_all_of_them_at_once(corpora: Path) -> None:
    corpus = kit.read(corpora, today=TODAY)
    assert len(corpus) == 124 + 388 + 233 + 52 + 23 + 1  # and README.md
    assert [x.source for x in corpus.left_out] == ["fomc-statements/dates.csv"]
