"""The profile of style: by hand, the cases of short and odd texts, and what must not change it."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import style, tokens
from kit.corpus import Corpus, Document
from kit.errors import ParameterError
from kit.language import english
from kit.measures import diversity, readability
from kit.style import forms

MakeCorpus = Callable[..., Corpus]
COLUMNS = ["measure", "value", "mean_of_texts", "texts", "note"]


def document(name: str, text: str, language: str = "en", kinds: tuple[str, ...] = ()) -> Document:
    paragraphs = tuple(p for p in text.split("\n\n") if p.strip())
    return Document(name, "", None, paragraphs, language, name, "", kinds=kinds)  # type: ignore[arg-type]


def by_measure(corpus: Corpus, **options: object) -> pd.DataFrame:
    return style.profile(corpus, **options).table.set_index("measure")  # type: ignore[arg-type]


def test_the_seed(seed: Corpus) -> None:
    finding = style.profile(seed)
    assert list(finding.table.columns) == COLUMNS
    table = finding.table.set_index("measure")
    t = tokens.of(seed)
    ids = t.word[~t.in_title]
    assert table.value["words"] == 845
    assert table.value["mean sentence length"] == 32.5
    assert table.value["TTR"] == pytest.approx(diversity.ttr(ids), abs=5e-5)
    assert table.value["MTLD"] == pytest.approx(diversity.mtld(ids), abs=5e-5)
    assert table.note["SMOG"] == "SMOG needs 30 sentences"
    assert table.texts["SMOG"] == 0
    assert (table.value == table.mean_of_texts)[table.value.notna()].all()  # it is one text
    for row, measure in enumerate(finding.table["measure"]):
        lines = finding.lines(row)
        if measure == "mean sentence length":
            assert len(lines[0].split()) > 50
        if measure == "nominalisations per 1000":
            assert len(lines) > 10


def test_figures_by_hand(make_corpus: MakeCorpus) -> None:
    # 10 sentences, 110 words, each 11: 1-syllable ones but co-operation, Beijing and created
    text = "We saw that Beijing had created a new co-operation for our sons. " * 10
    table = by_measure(make_corpus(text, titles=["We and our title"]))
    words, sentences = 120, 10
    syllables = sentences * (9 + 2 + 3 + 5)
    characters = sentences * len("WesawthatBeijinghadcreatedanewcooperationforoursons")
    assert table.value["words"] == words
    assert table.value["sentences"] == sentences
    assert table.value["mean word length"] == pytest.approx(characters / words, abs=5e-5)
    expected = {
        "Flesch": readability.flesch(words, sentences, syllables),
        "Flesch-Kincaid": readability.flesch_kincaid(words, sentences, syllables),
        "FOG": readability.fog(words, sentences, 0),  # a compound; a word of three by its -ed
        "ARI": readability.ari(words, sentences, characters),
        "Coleman-Liau": readability.coleman_liau(words, sentences, characters),
        "LIX": readability.lix(words, sentences, 3 * sentences),
        "we per 1000": 2000 / 12,
        "I per 1000": 0,
        "nominalisations per 1000": 1000 / 12,
    }
    for measure, value in expected.items():
        assert table.value[measure] == pytest.approx(float(value), abs=5e-5), measure


def test_headings_items_and_rows_have_no_sentences(shared: Path) -> None:
    corpus = kit.read(shared / "cases" / "24-headings-lists-tables")
    table = style.profile(corpus.where(lambda d: "a.txt" in d.source), by="text").table
    assert table["sentences"].tolist() == [2]
    assert table["mean_sentence_length"].tolist() == [5.0]


def test_a_quotation_is_running_text_and_a_heading_is_not() -> None:
    text = "The plan of the year\n\nWe act now.\n\nThey said that they act too."
    corpus = Corpus((document("a", text, kinds=("heading", "body", "quotation")),))
    table = by_measure(corpus)
    assert table.value[["words", "sentences", "mean sentence length"]].tolist() == [14, 2, 4.5]


def test_short_texts(shared: Path) -> None:
    corpus = kit.read(shared / "cases" / "32-diversity-short")
    empty = document("empty.txt", "")
    corpus = Corpus((*(d for d in corpus if d.source.endswith(".txt") and d.paragraphs), empty))
    table = style.profile(corpus, by="text").table
    table.index = pd.Index([d.id.removesuffix(".txt") for d in corpus])
    measures = ["TTR", "MATTR", "MTLD", "HD-D", "Yule_K", "Maas"]
    assert table.loc["empty", measures].isna().all()
    assert table.note["empty"] == "no words"
    assert table.TTR["one"] == 1.0
    assert table.loc["one", measures[1:]].isna().all()
    assert "MATTR, MTLD: fewer than 50 words" in table.note["one"]
    assert "HD-D: fewer than 42 words" in table.note["one"]
    assert np.isnan(table.MTLD["distinct"])
    assert "MTLD: the TTR does not come down to 0.72" in table.note["distinct"]
    assert table.MTLD["repeat"] == pytest.approx(2)
    means = by_measure(corpus)
    assert means.texts[["TTR", "MTLD"]].tolist() == [3, 1]
    assert means.mean_of_texts["MTLD"] == pytest.approx(2)
    assert means.mean_of_texts["TTR"] == pytest.approx(table.TTR.mean(), abs=5e-5)


def test_tiny_texts_and_another_language(shared: Path) -> None:
    case = shared / "cases" / "33-readability-tiny" / "texts.json"
    texts = json.loads(case.read_text(encoding="utf-8"))
    corpus = Corpus(
        tuple(
            document(str(i), text, "en" if text.isascii() else "zh") for i, text in enumerate(texts)
        )
    )
    table = style.profile(corpus, by="text").table
    assert table[style.FORMULAS].isna().all(axis=None)
    for text, note in zip(texts, table.note, strict=True):
        if text in ("", "#", "..."):
            assert note == "no words"
        elif text.isascii():
            assert "LIX: too short: fewer than 100 words" in note
        else:
            assert "LIX: the formula is for English" in note
    assert by_measure(corpus).value[style.FORMULAS].isna().all()


@pytest.mark.parametrize("by", ["corpus", "text"])
@pytest.mark.parametrize("texts", [(), ("",), ("...", "#"), ("same words",) * 5, ("合作共赢。",)])
def test_degenerate_corpora(by: str, texts: tuple[str, ...]) -> None:
    documents = tuple(
        document(str(i), text, "en" if text.isascii() else "zh") for i, text in enumerate(texts)
    )
    finding = style.profile(Corpus(documents), by=by, parse=True)  # type: ignore[arg-type]
    assert len(finding) == (len(texts) if by == "text" else 25)
    assert "NaN" not in json.dumps(finding.to_json())


def test_the_english_part_of_a_corpus(make_corpus: MakeCorpus, seed: Corpus) -> None:
    other = document("zh", "合作共赢。" * 20, "zh")
    table = by_measure(Corpus((*seed.documents, other)))
    alone = by_measure(seed)
    for measure in ("Flesch", "LIX", "they per 1000"):
        assert table.value[measure] == alone.value[measure]
        assert table.note[measure] == "of 1 English texts of 2"
        assert table.texts[measure] == 1


def test_passives_only_when_parsed(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("The treaty was signed by both sides. We signed it. It will be kept.")
    assert "passives per 1000" not in by_measure(corpus).index
    finding = style.profile(corpus, parse=True)
    table = finding.table.set_index("measure")
    assert table.value["passives per 1000"] == pytest.approx(2000 / 14, abs=5e-5)
    shown = [corpus.text(span) for span in finding.evidence[-1]]
    assert shown == ["signed", "kept"]


def test_the_country_is_no_pronoun(make_corpus: MakeCorpus) -> None:
    table = by_measure(make_corpus("The US told us that we've won. I'm glad for you and yours."))
    words = 13
    assert table.value["we per 1000"] == pytest.approx(2000 / words, abs=5e-5)
    assert table.value["I per 1000"] == pytest.approx(1000 / words, abs=5e-5)
    assert table.value["you per 1000"] == pytest.approx(2000 / words, abs=5e-5)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("development", True),
        ("responsibilities", True),
        ("weaknesses", True),
        ("self-government", True),
        ("guidance", True),
        ("nations", False),
        ("businesses", False),
        ("cities", False),
        ("moment", False),
        ("ness", False),
        ("peace", False),
    ],
)
def test_nominalisations(word: str, expected: bool) -> None:
    assert forms.is_nominalisation(word) is expected


def test_familiar_words() -> None:
    known = forms.familiar()
    assert len(known) == forms.FAMILIAR
    assert {"the", "go", "child", "house"} <= known
    assert not {"multilateral", "hegemony", "tariff"} & known


def test_options_that_do_not_fit(seed: Corpus) -> None:
    with pytest.raises(ParameterError, match="paragraph"):
        style.profile(seed, by="paragraph")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="window is 0"):
        style.profile(seed, window=0)


def test_nothing_is_changed(seed: Corpus) -> None:
    before, t = seed.fingerprint, tokens.of(seed)
    ids = t.ids.copy()
    first = style.profile(seed).table
    assert seed.fingerprint == before
    np.testing.assert_array_equal(t.ids, ids)
    pd.testing.assert_frame_equal(style.profile(seed).table, first)


WORDS = (
    "we they peace development nations were created. co-operation! I 2013 Beijing the US".split()
)
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=70).map(" ".join), max_size=4)


@given(TEXTS, st.integers(0, 9))
def test_each_text_is_measured_by_itself_and_their_order_changes_nothing(
    texts: list[str], seed_number: int
) -> None:
    documents = [document(str(i), text) for i, text in enumerate(texts)]
    together = style.profile(Corpus(tuple(documents)), by="text").table
    for i, alone in enumerate(documents):
        one = style.profile(Corpus((alone,)), by="text").table
        pd.testing.assert_frame_equal(
            one, together.iloc[[i]].reset_index(drop=True), check_dtype=False
        )
    shuffled = documents.copy()
    random.Random(seed_number).shuffle(shuffled)
    pd.testing.assert_frame_equal(
        style.profile(Corpus(tuple(documents))).table, style.profile(Corpus(tuple(shuffled))).table
    )


@given(TEXTS)
def test_counts_by_loops(texts: list[str]) -> None:
    corpus = Corpus(tuple(document(str(i), text) for i, text in enumerate(texts)))
    table = style.profile(corpus, by="text").table
    for text, row in zip(texts, table.itertuples(), strict=True):
        words = [english.fold(text[a:b]) for a, b in english.words(text)]
        assert row.words == len(words)
        assert row.sentences == sum(
            any(a <= start < b for start, _ in english.words(text))
            for a, b in english.sentences(text)
        )
        if words:
            assert pytest.approx(len(set(words)) / len(words)) == row.TTR
            assert row.they_per_1000 == pytest.approx(1000 * words.count("they") / len(words))


def test_an_initial_is_no_pronoun(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "Voting were Charles I. Plosser and others. I agree. Nobody but I knew it."
    )
    found = style.profile(corpus)
    row = next(i for i, r in enumerate(found.rows) if r["measure"] == "I per 1000")
    spans = [(span.start, corpus.text(span)) for span in found.evidence[row]]
    assert [text for _, text in spans] == ["I", "I"]
    assert 20 not in [start for start, _ in spans]
