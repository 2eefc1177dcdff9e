"""Copies: one statement from two sites is one; the same words on another day are another."""

import datetime as dt
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit.corpus import Document
from kit.parse.duplicates import NEARLY, copies

WORDS = [f"word{i}" for i in range(200)]
LONG = " ".join(WORDS)


def text(name: str, day: int | None, *paragraphs: str) -> Document:
    date = dt.date(2025, 1, day) if day else None
    return Document(name, name, date, paragraphs, "en", f"{name}.txt", "")


def changed(*places: int) -> str:
    return " ".join("other" if i in places else word for i, word in enumerate(WORDS))


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([text("a", 1, "Talks were held."), text("b", 1, "Talks were held.")], {"b": "a"}),
        ([text("a", 1, "Talks — were HELD!"), text("b", 1, "talks", "were held")], {"b": "a"}),
        ([text("a", 1, "Talks."), text("b", 2, "Talks.")], {}),
        ([text("a", 1, "Talks."), text("b", 1, "Talk.")], {}),
        ([text("a", None, "Talks."), text("b", 2, "Talks.")], {"a": "b"}),
        ([text("a", None, "Talks."), text("b", None, "Talks.")], {"b": "a"}),
        # an undated one is a copy of the first dated one
        ([text("a", None, "T."), text("b", 3, "T."), text("c", 2, "T.")], {"a": "c"}),
        ([text("c", 1, "T."), text("b", 1, "T."), text("a", 1, "T.")], {"b": "a", "c": "a"}),
        # two days, each said twice
        (
            [text("a", 1, "T."), text("b", 1, "T."), text("c", 2, "T."), text("d", 2, "T.")],
            {"b": "a", "d": "c"},
        ),
        ([text("a", 1, "双方举行会谈。"), text("b", 1, "双方 举行会谈")], {"b": "a"}),
        ([text("a", 1), text("b", 1)], {}),  # of no words
        ([text("a", 1, "—"), text("b", 1, "—")], {}),
        # nearly the same: one word of 200 is in 5 of 196 runs
        ([text("a", 1, LONG), text("b", 1, changed(100))], {"b": "a"}),
        ([text("a", 1, LONG), text("b", 1, changed(20, 60, 100, 140))], {}),
        ([text("a", 1, LONG), text("b", 2, changed(100))], {}),
        # without a day nothing says that they are one
        ([text("a", None, LONG), text("b", None, changed(100))], {}),
        ([text("a", 1, LONG), text("b", None, changed(100))], {}),
        # an undated copy of a near copy is one of the text that is kept
        (
            [text("a", 1, LONG), text("b", 1, changed(100)), text("c", None, changed(100))],
            {"b": "a", "c": "a"},
        ),
    ],
)
def test_copies(documents: list[Document], expected: dict[str, str]) -> None:
    assert copies(documents) == expected
    for seed in range(5):
        mixed = random.Random(seed).sample(documents, len(documents))
        assert copies(mixed) == expected
    assert copies(iter(documents)) == expected


SOME = st.lists(
    st.sampled_from(["a b c d e f", "A, b; c d e f.", "a b c d e g", LONG, ""]), max_size=2
)


@given(
    st.lists(st.tuples(st.sampled_from([None, 1, 2]), SOME), max_size=9),
    st.randoms(use_true_random=False),
)
def test_order_changes_nothing_and_what_is_kept_is_no_copy(
    given_texts: list[tuple[int | None, list[str]]], chance: random.Random
) -> None:
    documents = [text(f"{i}", day, *parts) for i, (day, parts) in enumerate(given_texts)]
    found = copies(documents)
    assert copies(chance.sample(documents, len(documents))) == found
    assert not set(found) & set(found.values())
    kept = [d for d in documents if d.id not in found]
    assert copies(kept) == {}
    dates = {d.id: d.date for d in documents}
    assert all(dates[a] in {None, dates[b]} for a, b in found.items())


@given(st.lists(st.sets(st.integers(0, 199), max_size=8), min_size=2, max_size=8))
def test_near_copies_are_those_that_every_pair_compared_would_give(places: list[set[int]]) -> None:
    documents = [text(f"{i}", 1, changed(*p)) for i, p in enumerate(places)]

    def runs(document: Document) -> set[tuple[str, ...]]:
        words = document.text(1).split()
        return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

    expected: dict[str, str] = {}
    kept: list[Document] = []
    for document in documents:
        same = next((k for k in kept if k.text(1) == document.text(1)), None)
        for earlier in [same] if same else kept:
            a, b = runs(earlier), runs(document)
            if len(a & b) >= NEARLY * len(a | b):
                expected[document.id] = earlier.id
                break
        else:
            kept.append(document)
    assert copies(documents) == expected


def test_many_texts_of_one_day_take_no_pairwise_time() -> None:
    chance = random.Random(7)
    documents = [
        text(f"{i:05d}", 1, " ".join(chance.choices(WORDS, k=60)), f"Number {i}.")
        for i in range(4000)
    ]
    started = time.perf_counter()
    assert copies(documents) == {}
    assert time.perf_counter() - started < 3


def test_case_35(shared: Path) -> None:
    folder = shared / "cases/35-degenerate-corpora/dups"
    corpus = kit.read(folder)
    assert [d.source for d in corpus] == ["0.txt"]
    assert {x.source: x.reason for x in corpus.left_out} == {
        f"{i}.txt": "a copy of 0.txt" for i in range(1, 5)
    }
    assert all("copies=True" in x.advice for x in corpus.left_out)
    whole = kit.read(folder, copies=True)
    assert len(whole) == 5
    assert whole.left_out == ()


def test_a_statement_from_two_sites(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f" date 2025-01-26 Talks\n\n{LONG}\n")
    (tmp_path / "b.html").write_text(
        '<html><head><title>Talks</title><meta property="article:published_time" content="2025-01-26">'
        f"</head><body><article><h1>Talks</h1><p>{LONG.upper()}</p></article></body></html>"
    )
    corpus = kit.read(tmp_path)
    assert [d.source for d in corpus] == ["a.txt"]
    assert [(x.source, x.reason) for x in corpus.left_out] == [("b.html", "a copy of a.txt")]
