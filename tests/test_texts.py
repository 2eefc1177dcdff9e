"""What was read and what was left out."""

from collections.abc import Callable

import pytest

from kit import texts
from kit.corpus import Corpus, LeftOut
from kit.language import extras


def test_the_texts_read(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus("One two.\n\nThree.", "四五", "", titles=["A title", "B", "C"])
    finding = texts.reading_list(corpus, full=2)
    assert finding.table[["title", "paragraphs", "words", "language"]].to_numpy().tolist() == [
        ["A title", 2, 3, "en"], ["B", 1, 1, "zh"], ["C", 0, 0, "en"],
    ]  # fmt: skip
    assert finding.whole == ("001", "002")
    assert [corpus.text(spans[0]) for spans in finding.evidence] == ["A title", "B", "C"]
    assert set(finding.to_json()["texts"]["001"]["paragraphs"]) == {"0", "1"}


def test_no_text_need_be_given_in_full(seed: Corpus) -> None:
    assert texts.reading_list(seed, full=0).whole == ()


def test_what_was_left_out_is_listed(seed: Corpus) -> None:
    corpus = Corpus(seed.documents, (LeftOut("a.pdf", "form '.pdf' is not read", "give .txt"),))
    assert texts.left_out(corpus).table.to_numpy().tolist() == [
        ["a.pdf", "form '.pdf' is not read", "give .txt"]
    ]


def test_an_extra_that_is_missing_is_named(
    make_corpus: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "there", lambda module: False)
    (caveat,) = texts.reading_list(make_corpus("Two sides met.", "双方同意加强合作。")).caveats
    assert "pip install 'readout-kit[zh]'" in caveat
