"""The ledger: what is planted, what is known of real series, its laws, its file, and small corpora."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit import formulations
from kit.corpus import Corpus
from kit.errors import ReadError, WriteError
from kit.finding import Finding
from kit.formulations.ledger import COLUMNS, FEW

MakeCorpus = Callable[..., Corpus]


def rows(finding: Finding) -> dict[str, dict[str, Any]]:
    return {row["formulation"]: row for row in finding.rows}


# ---- the planted series


def test_the_ledger_finds_what_is_planted_and_nothing_else(
    ministries: Corpus, truth: dict[str, Any]
) -> None:
    finding = formulations.ledger(ministries)
    found = rows(finding)
    assert set(found) == {f["phrase"] for f in truth["formulation"]}
    for planted in truth["formulation"]:
        row = found[planted["phrase"]]
        assert row["first"] == planted["first"].isoformat()
        assert row["last"] == planted["last"].isoformat()
        assert row["texts"] == planted["texts"]
        assert row["state"] == planted["state"]
        assert len(row["sources"].split(", ")) == planted["publishers"]
        assert row["revived"] == (planted["revived"].isoformat() if "revived" in planted else None)
        assert all(v in row["variants"].casefold() for v in map(str.casefold, planted["variants"]))
    assert finding.caveats == ()
    assert list(finding.frame.columns) == COLUMNS


def test_what_the_latest_text_lacks_is_what_is_planted(
    ministries: Corpus, truth: dict[str, Any]
) -> None:
    ledger = formulations.ledger(ministries)
    missing = formulations.missing(ledger)
    assert [r["formulation"] for r in missing.rows] == [m["phrase"] for m in truth["missing"]]
    assert missing.rows[0]["chance"] < 0.05
    asked = {r["formulation"] for r in ledger.rows if r["said"] is not None}
    used = {"Foreign Ministry of Tarvik"}
    assert asked == {r["formulation"] for r in ledger.rows if used & set(r["sources"].split(", "))}


def test_what_changed_comes_latest_first(ministries: Corpus) -> None:
    changed = formulations.changed(formulations.ledger(ministries))
    assert [(r["formulation"], r["state"]) for r in changed.rows] == [
        ("mutual restraint", "fading"),
        ("sober vigilance", "revived"),
        ("open corridor principle", "new"),
        ("quiet diplomacy", "dropped"),
    ]
    assert changed.lines(3)[0].startswith("Through quiet diplomacy our envoys")
    dropped = formulations.changed(formulations.ledger(ministries), "dropped")
    assert [r["formulation"] for r in dropped.rows] == ["quiet diplomacy"]


def test_by_publisher_each_has_its_own_first_day(ministries: Corpus) -> None:
    finding = formulations.ledger(ministries, by="publisher")
    lane = {
        r["publisher"]: (r["first"], r["texts"], r["of_texts"], r["state"])
        for r in finding.rows
        if r["formulation"] == "humanitarian lane"
    }
    assert lane == {
        "Ministry of External Affairs of Belmora": ("2023-06-15", 9, 14, "established"),
        "Foreign Ministry of Tarvik": ("2023-09-22", 6, 14, "new"),
    }
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        assert {ministries[s.document].publisher for s in spans} == {row["publisher"]}
        assert row["occurrences"] == len(spans)
        assert row["said"] is not None


def test_every_row_knows_its_places(ministries: Corpus) -> None:
    finding = formulations.ledger(ministries)
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        days = [ministries[s.document].date for s in spans]
        assert (row["first"], row["last"]) == (str(min(days)), str(max(days)))  # type: ignore[type-var]
        assert row["occurrences"] == len(spans)


# ---- what it would have said on that day


@pytest.mark.parametrize("day", ["2023-03-01", "2023-09-30", "2023-11-22", "2030-01-01"])
@pytest.mark.parametrize("by", [None, "publisher"])
def test_a_day_is_asked_about_as_if_later_texts_were_not_there(
    ministries: Corpus, day: str, by: Any
) -> None:
    at = dt.date.fromisoformat(day)
    then = formulations.ledger(ministries, at=at, by=by)
    before = formulations.ledger(ministries.before(at + dt.timedelta(days=1)), by=by)
    pd.testing.assert_frame_equal(then.table, before.table)
    assert (then.method, then.caveats, then.base) == (before.method, before.caveats, before.base)


WORDS = [
    "calm",
    "seas",
    "trade",
    "talks",
    "of",
    "the",
    "strategic coordination",
    "win-win cooperation",
]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=18
)


@settings(max_examples=30)
@given(
    TEXTS, st.integers(0, 19), st.lists(st.sampled_from(["", "A", "B"]), min_size=18, max_size=18)
)
def test_that_law_holds_of_any_texts(
    make_corpus: MakeCorpus, texts: list[str], day: int, publishers: list[str]
) -> None:
    made = make_corpus(*texts)
    corpus = Corpus(tuple(replace(d, publisher=p) for d, p in zip(made, publishers, strict=False)))
    at = dt.date(2025, 1, 1) + dt.timedelta(days=day - 1)
    then = formulations.ledger(corpus, at=at)
    before = formulations.ledger(corpus.before(at + dt.timedelta(days=1)))
    pd.testing.assert_frame_equal(then.table, before.table)
    for row in then.rows:
        assert row["first"] <= row["last"] <= at.isoformat()
        assert row["chance"] is None or 0 <= row["chance"] <= 1
        assert row["texts"] <= row["occurrences"]
    json.dumps(then.to_json(), allow_nan=False)


def test_a_chance_is_made_of_what_came_before(ministries: Corpus) -> None:
    """Whatever the latest text says, the chance of an absence from it is the same."""
    changed = [
        replace(d, paragraphs=("Nothing of the kind.",)) if d is ministries.documents[-1] else d
        for d in ministries
    ]
    one = rows(formulations.ledger(ministries, found=False))
    other = rows(formulations.ledger(Corpus(tuple(changed)), found=False))
    assert {k: r["chance"] for k, r in one.items()} == {k: r["chance"] for k, r in other.items()}


# ---- its file


def test_a_record_survives_as_a_file_and_can_be_asked(ministries: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "sub" / "ledger.json"
    formulations.record(ministries).write(path)
    assert formulations.is_record(path)
    kept = formulations.read(path)
    pd.testing.assert_frame_equal(
        formulations.of_record(kept).table, formulations.ledger(ministries).table
    )
    at = dt.date(2023, 9, 30)
    columns = ["state", "first", "last", "texts", "of_texts", "rate", "recent", "said"]
    then = {tuple(row[c] for c in columns) for row in formulations.of_record(kept, at=at).rows}
    now = {tuple(row[c] for c in columns) for row in formulations.ledger(ministries, at=at).rows}
    assert then == now
    assert [p.name for p in path.parent.iterdir()] == ["ledger.json"]


def test_a_file_that_is_no_record_is_named(tmp_path: Path) -> None:
    for name, text in (("a", "no JSON"), ("b", "[]"), ("c", '{"form":"other","version":1}')):
        path = tmp_path / name
        path.write_text(text)
        assert not formulations.is_record(path)
        with pytest.raises(ReadError, match=f"{name}: no record of formulations"):
            formulations.read(path)
    with pytest.raises(ReadError, match="cannot be opened"):
        formulations.read(tmp_path / "none")


def test_what_stood_there_stays_where_writing_fails(
    ministries: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.json"
    path.write_text("before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match=r"No space left on device.*is whole"):
        formulations.record(ministries).write(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


# ---- the user's own, the lexicon, nesting


def test_own_formulations_and_those_of_the_lexicon(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[formulation]]\nid = "own"\nen = ["salt water"]\ntheme = "sea"\n')
    corpus = make_corpus(
        "Salt waters and win-win cooperation.", "Salt water.", "Win-win cooperation."
    )
    found = rows(formulations.ledger(corpus, own=str(own)))
    assert found["salt water"]["texts"] == 2
    assert found["salt water"]["theme"] == "sea"
    assert found["win-win cooperation"]["original"] == "合作共赢"
    assert {r["origin"] for r in found.values()} == {"lexicon"}


def test_a_formulation_inside_a_longer_one_is_said_once(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Comprehensive strategic coordination.", "Nothing.")
    found = rows(formulations.ledger(corpus))
    assert found["comprehensive strategic coordination"]["occurrences"] == 1


def test_what_is_mostly_one_of_the_lexicon_is_not_found_again(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(*["We seek win-win cooperation."] * 3)
    assert [r["origin"] for r in formulations.ledger(corpus).rows] == ["lexicon"]


# ---- small and odd corpora


def test_corpora_of_hardly_anything_say_so(make_corpus: MakeCorpus, seed: Corpus) -> None:
    nothing = formulations.ledger(make_corpus())
    assert (len(nothing), nothing.applies) == (0, False)
    assert nothing.caveats[0] == "0 dated texts: a ledger needs a series."
    alone = formulations.ledger(seed)
    assert not alone.applies
    assert len(alone) > 10
    assert {r["state"] for r in alone.rows} == {"too few"}
    assert alone.table["chance"].isna().all()
    undated = formulations.ledger(make_corpus("Salt water.", "Salt.", dates=[None, None]))
    assert undated.caveats[1] == "2 texts have no date and are left out."
    assert not undated.applies


def test_undated_texts_among_others_are_left_out(make_corpus: MakeCorpus) -> None:
    said = "We seek win-win cooperation."
    finding = formulations.ledger(
        make_corpus(said, said, said, dates=["2020-01-01", None, "2021-01-01"])
    )
    assert finding.rows[0]["texts"] == 2
    assert "1 text has no date and is left out." in finding.caveats


def test_two_texts_of_one_day(make_corpus: MakeCorpus) -> None:
    said = "We seek win-win cooperation."
    corpus = make_corpus(said, said, dates=["2020-01-01", "2020-01-01"])
    (row,) = formulations.ledger(corpus).rows
    assert (row["first"], row["last"], row["texts"]) == ("2020-01-01", "2020-01-01", 2)


def test_all_the_same_text(make_corpus: MakeCorpus) -> None:
    finding = formulations.ledger(make_corpus(*["The calm seas matter to deep waters."] * 20))
    assert {(r["state"], r["rate"], r["tier"]) for r in finding.rows} == {
        ("established", 1.0, "hot")
    }
    assert max(r["chance"] for r in finding.rows) < 0.1


def test_small_series_say_for_what_they_are_too_small(make_corpus: MakeCorpus) -> None:
    finding = formulations.ledger(make_corpus(*["Calm seas."] * 5))
    assert finding.caveats == (
        "Too few comparable texts for a state (6 are needed): the corpus (5).",
        f"Too few comparable texts for a chance of absence ({FEW + 1} are needed): the corpus (5).",
    )
    few = formulations.ledger(make_corpus(*["Calm seas."] * FEW))
    assert few.table["chance"].isna().all()
    enough = formulations.ledger(make_corpus(*["Calm seas."] * (FEW + 1)))
    assert enough.table["chance"].notna().all()


def test_a_text_of_another_kind_is_no_part_of_the_series(make_corpus: MakeCorpus) -> None:
    usual = [
        f"The council met and talked of calm seas and trade in the city on day {i} of the year."
        for i in range(15)
    ]
    other = "Zebra xylophone quartz vortex jumped quickly over lazy brown foxes near Kyiv."
    corpus = make_corpus(*usual, other)
    finding = formulations.ledger(corpus)
    assert "1 text is of another kind" in finding.caveats[0]
    (row,) = finding.rows
    assert (row["texts"], row["of_texts"], row["said"]) == (15, 15, True)
    assert formulations.absent(corpus).table["chance"].isna().all()


def test_a_short_text_says_less(make_corpus: MakeCorpus) -> None:
    long = "We seek win-win cooperation. " + "The council met and talked of trade in the city. " * 6
    parts = [long] * 20
    usual = rows(formulations.ledger(make_corpus(*parts, long), found=False))
    short = rows(formulations.ledger(make_corpus(*parts, "The council met."), found=False))
    name = "win-win cooperation"
    assert usual[name]["chance"] < short[name]["chance"]


def test_nothing_is_changed_by_looking(ministries: Corpus) -> None:
    before = ministries.fingerprint
    finding = formulations.ledger(ministries)
    table = finding.table
    formulations.changed(finding), formulations.missing(finding)
    assert ministries.fingerprint == before
    pd.testing.assert_frame_equal(finding.table, table)


# ---- shares by period


def test_shares_by_period(ministries: Corpus) -> None:
    finding = formulations.shares(
        ministries, phrases=["Quiet diplomacy", "freedom of passage"], period="year"
    )
    assert [tuple(row.values()) for row in finding.rows] == [
        ("quiet diplomacy", "2023", 7, 24, 7 / 24),
        ("quiet diplomacy", "2024", 0, 4, 0.0),
        ("freedom of passage", "2023", 24, 24, 1.0),
        ("freedom of passage", "2024", 4, 4, 1.0),
    ]
    most = formulations.shares(ministries, top=2, at=dt.date(2024, 1, 31))
    assert most.table["period"].nunique() == 13
    assert most.table["formulation"].nunique() == 2
    assert not formulations.shares(ministries, period="year", at=dt.date(2023, 5, 1)).applies


# ---- real series


@pytest.fixture(scope="module")
def fomc(shared: Path) -> Corpus:
    return kit.read(shared / "corpora" / "fomc-statements")


KNOWN = [  # formulation, first, last, revived, state in October 2025
    ("considerable time", "2012-09-13", "2014-12-17", None, "dropped"),
    ("can be patient", "2014-12-17", "2019-05-01", "2019-01-30", "dropped"),
    ("transitory", "2011-03-15", "2021-11-03", "2021-04-28", "dropped"),
    ("maximum employment", "2011-01-26", "2025-10-29", None, "established"),
    ("attentive to the risks to both sides", "2024-07-31", "2025-10-29", None, "new"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "first", "last", "revived", "state"), KNOWN)
def test_the_statements_of_the_fomc(
    fomc: Corpus, name: str, first: str, last: str, revived: str | None, state: str
) -> None:
    found = rows(formulations.ledger(fomc))
    row = found.get(name) or next(r for f, r in found.items() if name in f)
    assert (row["first"], row["last"], row["revived"], row["state"]) == (
        first,
        last,
        revived,
        state,
    )


def test_what_the_ledger_would_have_said_of_them_then(fomc: Corpus) -> None:
    def of(name: str, day: str) -> dict[str, Any]:
        return rows(formulations.ledger(fomc, at=dt.date.fromisoformat(day)))[name]

    assert of("can be patient", "2019-02-01")["state"] == "revived"
    assert of("can be patient", "2018-12-31")["state"] == "dropped"
    assert of("considerable time", "2013-01-01")["state"] == "new"
    assert of("considerable time", "2014-12-31")["state"] == "established"
    assert of("transitory", "2021-06-30")["state"] == "revived"


def test_a_page_of_another_kind_does_not_break_their_series(fomc: Corpus) -> None:
    then = formulations.ledger(fomc, at=dt.date(2025, 8, 31))
    assert "2025-08-22" in then.caveats[0]
    assert "2025-07-30" in then.method
    assert formulations.missing(then, below=0.05).table["formulation"].tolist() == []


def test_a_community_with_a_shared_future_and_its_variants(shared: Path) -> None:
    corpus = kit.read(shared / "corpora" / "leader-speeches-en")
    row = rows(formulations.ledger(corpus))["community with a shared future for mankind"]
    assert row["texts"] == 17
    for variant in ("community with a shared future (", "human community with a shared future ("):
        assert variant in row["variants"]
