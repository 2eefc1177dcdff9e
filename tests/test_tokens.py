"""The store of words: every offset is one of the text, every count one of quanteda's."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import counts, language, tokens
from kit.concordance import find
from kit.corpus import Corpus

PASSAGES = st.lists(
    st.sampled_from(
        ["Peace", "peace’s", "win-win", "and.", "No.", "5", "“Talks”,", "合作", "мир", "\n\n", "!"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


@given(st.lists(PASSAGES, max_size=4))
def test_every_word_is_where_it_is_said_to_be(
    make_corpus: Callable[..., Corpus], texts: list[str]
) -> None:
    corpus = make_corpus(*texts, titles=[f"Title {i}" for i in range(len(texts))])
    t = tokens.of(corpus)
    expected = [
        (d.id, number, a, b)
        for d in corpus
        for number, text in d.passages()
        for a, b in language.of(d.language).words(text)
    ]
    spans = [t.span(i, i) for i in range(len(t))]
    assert [(s.document, s.paragraph, s.start, s.end) for s in spans] == expected
    assert [corpus.text(s) for s in spans] == [t.vocabulary[i] for i in t.ids]
    for i, span in enumerate(spans):
        sentence = t.sentence_span(int(t.sentence[i]))
        assert (sentence.document, sentence.paragraph) == (span.document, span.paragraph)
        assert sentence.start <= span.start < span.end <= sentence.end
        assert t.in_title[i] == (span.paragraph == 0)
        assert corpus.documents[t.document[i]].id == span.document
    assert np.array_equal(np.sort(np.concatenate([*t.postings.values(), []])), np.arange(len(t)))
    assert all((t.word[at] == number).all() for number, at in t.postings.items())
    assert [i for a, b in t.sentence_ranges() for i in range(a, b)] == list(range(len(t)))


def test_close_words_have_only_blanks_between_them(make_corpus: Callable[..., Corpus]) -> None:
    t = tokens.of(make_corpus("One two, three  four. Five six"))
    assert t.close.tolist() == [False, True, False, True, False, True]


def test_a_corpus_of_no_words(make_corpus: Callable[..., Corpus]) -> None:
    for corpus in (make_corpus(), make_corpus("", "—\n\n…")):
        t = tokens.of(corpus)
        assert len(t) == len(t.document) == len(t.in_title) == len(list(t.sentence_ranges())) == 0
        assert t.postings == {}


# ---- quanteda 4.3.1 on 59 addresses of lower-case letters and blanks. Splitting at blanks and our
# word policy are the same there: no hyphen, apostrophe or full stop, so nothing is folded either,
# and each text is one sentence, so that n-grams within sentences are n-grams within documents.


@pytest.fixture(scope="module")
def addresses(shared: Path, make_corpus: Callable[..., Corpus]) -> Corpus:
    lines = (shared / "pins-quanteda/inaugural.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    return make_corpus(*(r["text"] for r in rows), dates=[r["date"] for r in rows])


def pins(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / f"pins-quanteda/inaugural_{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_words_agree_with_quanteda(shared: Path, addresses: Corpus) -> None:
    t = tokens.of(addresses)
    assert len(t) == 138_046
    ours = {t.words[i]: (len(at), len(np.unique(t.document[at]))) for i, at in t.postings.items()}
    theirs = {
        r["feature"]: (int(r["frequency"]), int(r["docfreq"])) for r in pins(shared, "frequency")
    }
    assert ours == theirs


@pytest.mark.parametrize("length", [2, 3, 4])
def test_runs_of_words_agree_with_quanteda(shared: Path, addresses: Corpus, length: int) -> None:
    t = tokens.of(addresses)
    words = [t.words[i] for i in t.word.tolist()]
    ours: Counter[str] = Counter()
    holders: dict[str, set[int]] = {}
    for first, past in t.sentence_ranges():
        for i in range(first, past - length + 1):
            run = " ".join(words[i : i + length])
            ours[run] += 1
            holders.setdefault(run, set()).add(int(t.document[i]))
    theirs = {
        r["feature"]: (int(r["frequency"]), int(r["docfreq"]))
        for r in pins(shared, f"{length}grams")
    }
    assert {run: (n, len(holders[run])) for run, n in ours.items() if n >= 10} == theirs
    listed = counts.phrases(addresses, minimum=10).table
    rows = listed[listed["phrase"].str.count(" ") == length - 1]
    assert len(rows) >= 2
    for phrase, count, texts in rows[["phrase", "count", "texts"]].itertuples(index=False):
        assert (count, texts) == theirs[phrase]


def test_searches_agree_with_quanteda(shared: Path, addresses: Corpus) -> None:
    for row in pins(shared, "kwic"):
        assert len(find(addresses, row["phrase"])) == int(row["hits"]), row["phrase"]
