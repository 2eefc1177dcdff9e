"""Themes: weights, the terms that carry them, and the space they have."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kit import themes
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]
OWN = '[[theme]]\nid = "x"\nname = "Own"\nstrong = ["gavel"]\nweak = ["robe", "wig"]\nnot = ["gavel bag"]\n'


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    return str(path)


def test_a_strong_term_or_two_weak_ones_make_a_theme(make_corpus: MakeCorpus, own: str) -> None:
    corpus = make_corpus(
        "A gavel.\n\nA robe.\n\nA robe and Wigs.\n\nRobe, robe.\n\nA gavel bag.\n\nA gavel bag, a gavel."
    )
    finding = themes.by_paragraph(corpus, own=own)
    rows = finding.table[finding.table["theme"] == "Own"]
    assert rows[["paragraph", "score", "terms"]].to_numpy().tolist() == [
        [1, 1.0, "gavel"], [3, 1.0, "robe, Wigs"], [6, 1.0, "gavel"],
    ]  # fmt: skip


def test_the_space_that_themes_have(make_corpus: MakeCorpus, own: str) -> None:
    corpus = make_corpus("Gavel.\n\nWords here now.\n\nThe gavel.", "Gavel.", titles=["Gavel", ""])
    finding = themes.prominence(corpus, own=own)
    row = finding.table.set_index("theme").loc["Own"]
    assert (row["paragraphs"], row["texts"], row["in_title"]) == (3, 2, 1)
    assert row["share"] == 3 / 4
    assert row["words"] == 4 / 7
    assert row["place"] == pytest.approx((0 + 1 + 0) / 3)
    assert themes.ids(finding, least=3, own=own) == ("x",)


def test_every_term_is_evidence(seed: Corpus) -> None:
    finding = themes.by_paragraph(seed)
    for row, spans in zip(finding.table.itertuples(), finding.evidence, strict=True):
        assert {s.paragraph for s in spans} == {row.paragraph}
        assert {t.casefold() for t in row.terms.split(", ")} <= {
            seed.text(s).casefold() for s in spans
        }
