"""Corpora that leave nothing to count or compare: each analysis of wording answers, and invents nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import kit
from kit import (
    collocation,
    concordance,
    counts,
    dispersion,
    keyness,
    networks,
    ngrams,
    sketch,
    style,
)
from kit.corpus import Corpus
from kit.errors import ReadError
from kit.finding import Finding

ANALYSES: dict[str, Callable[[Corpus], Finding]] = {
    "words": counts.words,
    "lemmas": lambda c: counts.words(c, by="lemma", content=False),
    "phrases": counts.phrases,
    "ngrams": lambda c: ngrams.ngrams(c, size=3, minimum=1),
    "bundles": ngrams.bundles,
    "skipgrams": ngrams.skipgrams,
    "dispersion": lambda c: dispersion.words(c, minimum=1),
    "dispersion of texts": lambda c: dispersion.words(c, minimum=1, parts="text"),
    "dispersion of a query": lambda c: dispersion.queries(c, ["peace", "zebra"]),
    "keyness": lambda c: keyness.keyness(c, reference=c, minimum=1),
    "keyness by year": lambda c: keyness.groups(c, of="year", minimum=1),
    "what is each year's own": lambda c: keyness.distinctive(c, of="year"),
    "keyness against general English": keyness.general,
    "collocates": lambda c: collocation.collocates(c, "peace", minimum=1, content=False),
    "pairs": collocation.pairs,
    "sketch": lambda c: sketch.sketch(c, "peace", minimum=1),
    "leading nouns": sketch.leading,
    "kwic": lambda c: concordance.kwic(c, "peace"),
    "cql": lambda c: concordance.kwic(c, '[lemma="peace"] []{0,2} "and"'),
    "contexts": lambda c: concordance.contexts(c, "peace"),
    "style": style.profile,
    "style by text": lambda c: style.profile(c, by="text"),
}
TEXTS: dict[str, list[str]] = {
    "none": [],
    "an empty one": [""],
    "one without words": ["— … —"],
    "one word": ["Peace"],
    "one sentence": ["Peace and trade."],
    "two of no words": ["", "…"],
    "all the same": ["We want peace and trade. Peace now."] * 5,
    "one with words and one without": ["Peace and trade.", "…"],
}


@pytest.mark.parametrize("texts", TEXTS)
@pytest.mark.parametrize("analysis", ANALYSES)
def test_nothing_is_invented(make_corpus: Callable[..., Corpus], analysis: str, texts: str) -> None:
    corpus = make_corpus(*TEXTS[texts])
    finding = ANALYSES[analysis](corpus)
    assert json.dumps(finding.to_json(), allow_nan=False)
    assert finding.base
    assert finding.method
    numbers = finding.table.select_dtypes("number").to_numpy(dtype=float).ravel()
    assert not any(abs(n) == float("inf") for n in numbers)
    for row, spans in zip(finding.rows, finding.evidence, strict=False):
        assert row
        assert all(corpus.text(span) for span in spans)


@pytest.mark.parametrize("texts", TEXTS)
def test_a_network_of_nothing_is_a_picture_that_says_so(
    make_corpus: Callable[..., Corpus], texts: str
) -> None:
    chart = networks.network(collocation.pairs(make_corpus(*TEXTS[texts])))
    assert chart.svg.startswith("<")
    assert chart.alt


def test_the_cases(shared: Path) -> None:
    folder = shared / "cases/35-degenerate-corpora"
    with pytest.raises(ReadError, match="no text found"):
        kit.read(folder / "empty")
    one = kit.read(folder / "one")
    assert len(one) == 1
    assert not keyness.groups(one, of="year").applies
    assert "1 text" in keyness.groups(one, of="year").caveats[0]
    copies = kit.read(folder / "dups")
    assert (len(copies), len(copies.copies)) == (1, 4)
    every = kit.read(folder / "dups", copies=True)
    assert len(every) == 5
    words = counts.words(every, content=False).table.set_index("word")
    distinct = counts.words(copies, content=False).table.set_index("word")
    assert (words["count"] == 5 * distinct["count"]).all()
    assert words["per_million"].tolist() == pytest.approx(distinct["per_million"].tolist())
    lone = style.profile(one).table
    assert not lone["value"].isin([float("inf")]).any()
