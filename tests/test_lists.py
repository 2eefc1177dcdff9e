"""Lists of three and more, whole and clean."""

from collections.abc import Callable
from typing import Any

import pytest

from kit import lists
from kit.corpus import Corpus


@pytest.mark.parametrize(
    ("text", "found", "kind", "heads"),
    [
        ("We seek peace, trade and security.", "peace, trade and security", "nouns", ""),
        ("They discussed trade, energy, and culture.", "trade, energy, and culture", "nouns", ""),
        ("They agreed to expand trade, deepen cooperation, and promote peace.",
         "expand trade, deepen cooperation, and promote peace", "verbs", "expand, deepen, promote"),
    ],
)  # fmt: skip
def test_simple_lists(
    make_corpus: Callable[..., Corpus], text: str, found: str, kind: str, heads: str
) -> None:
    (row,) = lists.lists(make_corpus(text)).table.itertuples(index=False)
    assert tuple(row) == (found, 3, kind, heads)


def test_what_is_no_list(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus(
        "In recent years, China and Russia have met.\n\nPeace and trade.\n\n、\n\n, and"
    )
    assert len(lists.lists(corpus)) == 0


def test_each_list_is_its_span_and_has_its_items(seed: Corpus) -> None:
    finding = lists.lists(seed)
    for row, (span,) in zip(finding.table.itertuples(), finding.evidence, strict=True):
        assert row.list == seed.text(span)
        assert row[2] >= 3
        assert (row.heads.count(",") + 1 == row[2]) if row.kind == "verbs" else row.heads == ""


# ---- equal lists together


def test_lists_in_another_order_are_one_row(ministries: Corpus, truth: dict[str, Any]) -> None:
    finding = lists.recurring(ministries, texts=2)
    (row,), (planted,) = finding.rows, truth["list"]
    assert row["list"].casefold() == "patrols, permits and pilots"
    assert row["items"] == len(planted["items"])
    for column in ("texts", "orders"):
        assert row[column] == planted[column]
    for column in ("first", "last", "turned"):
        assert row[column] == planted[column].isoformat()
    assert len(finding.evidence[0]) == row["count"] == 7


def test_articles_inflection_and_case_make_no_other_list(
    make_corpus: Callable[..., Corpus],
) -> None:
    corpus = make_corpus(
        "We seek the peace, a trade and security.",
        "Peace, trades, and securities are good.",
        "We seek peace, trade and culture.",
    )
    finding = lists.recurring(corpus)
    assert [(r["texts"], r["orders"], r["turned"]) for r in finding.rows] == [
        (2, 1, None),
        (1, 1, None),
    ]
    assert (finding.rows[0]["first"], finding.rows[0]["last"]) == ("2025-01-01", "2025-01-02")
    assert lists.recurring(corpus, top=1).total == 2


def test_every_list_is_in_one_row(seed: Corpus) -> None:
    assert lists.recurring(seed).table["count"].sum() == len(lists.lists(seed))
    assert set(lists.recurring(seed).table["list"]) <= set(lists.lists(seed).table["list"])


def test_lists_are_a_question_to_english_texts_only(make_corpus: Callable[..., Corpus]) -> None:
    assert not lists.recurring(make_corpus("工业、农业和商业发展。", language="zh")).applies
    assert lists.recurring(make_corpus("Trade grew.")).applies
