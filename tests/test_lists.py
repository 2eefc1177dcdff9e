"""Lists of three and more, whole and clean."""

from collections.abc import Callable

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
