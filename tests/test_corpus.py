"""Documents and corpora never change, keep what was left out, and know equal from different."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.corpus import Corpus, Document, LeftOut, Span

LEFT = (LeftOut("bad.doc", "form '.doc' is not read", "give .txt"),)
DATES = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2003, 1, 1))


def document(name: str, date: dt.date | None = None, **other: object) -> Document:
    given_ = {"title": "T", "paragraphs": ("One.",), "language": "en", "source": "", "sha256": ""}
    return Document(id=name, date=date, **(given_ | other))  # type: ignore[arg-type]


CORPORA = st.lists(DATES, max_size=8).map(
    lambda dates: Corpus(tuple(document(f"d{i}", d) for i, d in enumerate(dates)), LEFT, "c")
)


def test_documents_stand_in_order_of_date_undated_last() -> None:
    day = dt.date(2025, 1, 2)
    corpus = Corpus(
        (document("c"), document("b", day), document("a", day), document("d", dt.date.min))
    )
    assert [d.id for d in corpus] == ["d", "a", "b", "c"]
    assert corpus.dates == (dt.date.min, day, day)


@given(CORPORA, st.dates(dt.date(2000, 1, 1), dt.date(2003, 1, 1)))
def test_where_and_before_partition_and_keep_what_was_left_out(
    corpus: Corpus, day: dt.date
) -> None:
    early = corpus.before(day)
    late = corpus.where(lambda d: d.date is not None and d.date >= day)
    undated = corpus.where(lambda d: d.date is None)
    assert [*early, *late, *undated] == list(corpus)
    for part in (early, late, undated):
        assert part.left_out == LEFT
        assert part.name == "c"


@given(CORPORA)
def test_group_partitions_in_order_of_key(corpus: Corpus) -> None:
    groups = corpus.group(lambda d: str(d.date.year) if d.date else "undated")
    assert list(groups) == sorted(groups)
    assert sorted(d.id for part in groups.values() for d in part) == sorted(d.id for d in corpus)
    assert all(part.left_out == LEFT and len(part) for part in groups.values())


@given(CORPORA)
def test_the_order_given_makes_no_difference(corpus: Corpus) -> None:
    turned = Corpus(corpus.documents[::-1])
    assert turned == corpus
    assert hash(turned) == hash(corpus)
    assert turned.documents == corpus.documents


def test_whatever_an_analysis_can_see_makes_corpora_different() -> None:
    plain = Corpus((document("a"),))
    changes = {
        "title": "U",
        "paragraphs": ("Two.",),
        "language": "zh",
        "source": "s",
        "notes": ("n",),
    }
    for name, value in changes.items():
        assert Corpus((document("a", **{name: value}),)) != plain, name
    assert Corpus((document("b"),)) != plain
    assert Corpus((document("a", dt.date(2025, 1, 1)),)) != plain


def test_a_note_is_no_paragraph() -> None:
    noted = Corpus((document("a", paragraphs=(), notes=("One.",)),))
    written = Corpus((document("a", paragraphs=("One.",), notes=()),))
    assert noted != written


def test_two_documents_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Corpus((document("a"), document("a", title="other")))


def test_a_span_gives_its_very_characters(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus("One 世界.\n\nTwo \U0001f54a three.", titles=["Title"])
    assert corpus.text(Span("000", 0, 0, 5)) == "Title"
    assert corpus.text(Span("000", 2, 4, 5)) == "\U0001f54a"
    assert list(corpus["000"].passages()) == [
        (0, "Title"),
        (1, "One 世界."),
        (2, "Two \U0001f54a three."),
    ]


def test_nothing_can_be_changed(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus("One.")
    for thing, name in (
        (corpus, "documents"),
        (corpus["000"], "title"),
        (Span("a", 0, 0, 1), "end"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, ())
