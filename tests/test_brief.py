"""The report in brief, and every analysis on corpora of next to nothing."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

import kit
from kit import (
    brief,
    concordance,
    counts,
    formulations,
    keyness,
    lists,
    names,
    texts,
    themes,
    times,
)
from kit.corpus import Corpus
from kit.finding import Finding

MakeCorpus = Callable[..., Corpus]
ANALYSES: tuple[Callable[[Corpus], Finding], ...] = (
    counts.words, counts.phrases, keyness.general, formulations.known, formulations.absent, lists.lists,
    names.names, themes.by_paragraph, themes.prominence, times.dates, times.events, times.numbers,
    times.anniversaries, texts.reading_list, texts.left_out, brief.brief, brief.not_said,
    lambda corpus: concordance.kwic(corpus, "trade"),
)  # fmt: skip
DEGENERATE = {
    "one empty text": [""],
    "three empty texts": ["", "", ""],
    "marks alone": ["... !", "—\n\n…"],
    "one word": ["Trade"],
    "digits": ["5 5 5 2025"],
    "the same five times": ["Trade grew by 5 percent."] * 5,
    "three scripts": ["Trade.", "贸易增长。", "Торговля росла."],
}


def strict(finding: Finding) -> None:
    """Assert that a finding has no NaN and no infinity in what it carries and shows."""
    data = json.loads(json.dumps(finding.to_json(), allow_nan=False))
    assert not [
        v for row in data["rows"] for v in row if isinstance(v, float) and not math.isfinite(v)
    ]
    shown = " ".join(cell for row in data["shown"] for cell in row).split()
    assert not {"nan", "NaN", "inf", "NaT", "None", "<NA>"}.intersection(shown)
    finding._repr_mimebundle_()


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("dated", [True, False])
def test_corpora_of_next_to_nothing(make_corpus: MakeCorpus, name: str, dated: bool) -> None:
    given = DEGENERATE[name]
    corpus = make_corpus(*given, dates=["2025-01-26" if dated else None] * len(given))
    for analysis in ANALYSES:
        strict(analysis(corpus))


@pytest.mark.parametrize("number", range(len(ANALYSES)))
def test_a_corpus_of_no_text(seed: Corpus, number: int) -> None:
    # `before` and `where` may well leave nothing
    strict(ANALYSES[number](seed.where(lambda _: False)))


@pytest.mark.parametrize("name", ["one", "dups"])
def test_degenerate_folders(shared: Path, name: str) -> None:
    corpus = kit.read(shared / f"cases/35-degenerate-corpora/{name}")
    for analysis in ANALYSES:
        strict(analysis(corpus))
    assert len(corpus) == 1


def test_copies_are_counted_once_unless_told_otherwise(shared: Path) -> None:
    folder = shared / "cases/35-degenerate-corpora/dups"
    once = kit.read(folder)
    assert (len(once), len(once.copies)) == (1, 4)
    told = {row["topic"]: row["statement"] for row in brief.brief(once).rows}
    assert told["Copies"] == "4 more texts are copies of these and counted once."
    every = kit.read(folder, copies=True)
    assert (len(every), len(every.copies)) == (5, 0)
    for analysis in ANALYSES:
        strict(analysis(every))


def test_no_analysis_changes_the_corpus_and_none_gives_another_answer_later(seed: Corpus) -> None:
    before = (seed.fingerprint, seed.documents, seed.left_out)
    first = [analysis(seed).to_json() for analysis in ANALYSES]
    assert [analysis(seed).to_json() for analysis in ANALYSES] == first
    assert (seed.fingerprint, seed.documents, seed.left_out) == before


def test_the_seed_in_brief(seed: Corpus) -> None:
    finding = brief.brief(seed)
    said = dict(finding.table.itertuples(index=False, name=None))
    assert (
        said["Read"] == "One text, dated 26 January 2025: 25 paragraphs, 26 sentences, 845 words."
    )
    assert said["Event"] == "It reports on an event of 21 January 2025, 5 days before its own date."
    assert "“the two countries” (9)" in said["Repeated"]
    assert said["People"].startswith("Xi Jinping (Chinese President) and Vladimir Putin")
    assert "an absence is no news yet" in said["Not said"]
    assert finding.shape == "sentences"
    assert all(finding.evidence[i] for i, topic in enumerate(said) if topic not in ("Not said",))


def test_a_brief_of_several_texts_tells_the_latest_and_what_is_missing(
    make_corpus: MakeCorpus,
) -> None:
    said = "We reject the Cold War mentality and bloc confrontation in global governance."
    latest = "Reform of global governance.\n\nTrue multilateralism and the UN Charter."
    corpus = make_corpus(*[said] * 12, latest, titles=[*["Old"] * 12, "New"])
    found = dict(brief.brief(corpus).table.itertuples(index=False, name=None))
    assert found["Read"].startswith("13 texts, dated 1 January 2025 to 13 January 2025: ")
    assert found["Latest"] == "The latest is “New”, 13 January 2025."
    assert "(in 12 of 12 earlier texts, last 2025-01-12)" in found["Not said"]


def test_files_left_out_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" date 2025-01-26 T\n\nTrade.")
    (tmp_path / "b.pdf").write_text("x")
    found = dict(brief.brief(kit.read(tmp_path)).table.itertuples(index=False, name=None))
    assert found["Left out"].startswith("1 file or part of one gave no text")


def test_who_commits_is_told_where_it_is_known(make_corpus: MakeCorpus) -> None:
    english = make_corpus("China will act. China will help. China will build.")
    assert dict(brief.brief(english).table.itertuples(index=False, name=None))["Commits"] == (
        "China (will (3))."
    )
    chinese = make_corpus("我们要坚持改革。要加强合作。要坚持开放。", language="zh")
    assert "Commits" not in set(brief.brief(chinese).table["topic"])


def test_undated_texts_are_told_and_the_latest_is_that_of_the_dated_ones(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus("One.", "Two.", dates=["2024-03-05", None], titles=["Of 2024", "Of 2025"])
    found = dict(brief.brief(corpus).table.itertuples(index=False, name=None))
    assert found["Read"].startswith(
        "2 texts, 1 of them dated 5 March 2024 to 5 March 2024 and 1 undated:"
    )
    assert found["Latest"] == (
        "The latest of the dated ones is “Of 2024”, 5 March 2024; what goes by time leaves the "
        "undated ones out."
    )
    nothing = dict(
        brief.brief(make_corpus("One.", "Two.", dates=[None, None])).table.itertuples(
            index=False, name=None
        )
    )
    assert nothing["Read"].startswith("2 texts, 2 undated:")
    assert "Latest" not in nothing


def test_commitments_are_told_without_what_is_only_due(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("We must act. We must help. We will build. We will pay. We will stay.")
    assert dict(brief.brief(corpus).table.itertuples(index=False, name=None))["Commits"] == (
        "We (will (3))."
    )
