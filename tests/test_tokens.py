"""The store of words: every offset is one of the text, every count one of quanteda's."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import counts, language, tokens
from kit.concordance import find
from kit.corpus import Corpus, Document, Span
from kit.tokens import columns, pieces, store
from kit.tokens.places import Places
from kit.tokens.runs import alike

WRITTEN = """
    Peace peace’s countries' James’ win-win and. No. 5 “Talks”, H. U.S. 3.75 合作 習近平主席 мир т.е. — !
    (a) a.b x,y éte\u0301
""".split()
PIECES = st.sampled_from([*WRITTEN, "\n\n", "\u3000"])
PASSAGES = st.lists(PIECES | st.text(max_size=4), max_size=12).map(" ".join)
LANGUAGES = st.lists(st.sampled_from(["en", "ru", "zh", "fr"]), min_size=4, max_size=4)


def one_by_one(corpus: Corpus) -> list[tuple[str, int, int, bool, tuple[int, int, int]]]:
    """Return form, bounds, closeness and sentence of each word, word by word as the rules say."""
    found = []
    passage = -1
    for d in corpus:
        rules = language.of(d.language)
        for _, text in d.passages():
            passage += 1
            sentences = rules.sentences(text)
            past, before = -1, -1
            for start, end in rules.words(text):
                at = max([0, *(i for i, (a, _) in enumerate(sentences) if a <= start)])
                gap = text[past:start].rstrip()
                stop = gap == "." and text[past - 1 : past].isupper()
                close = past >= 0 and at == before and (not gap or stop)
                found.append((text[start:end], start, end, close, (passage, *sentences[at])))
                past, before = end, at
    return found


def rows(t: tokens.Tokens) -> list[tuple[str, int, int, bool, tuple[int, int, int]]]:
    """Return the same of a store."""
    return [
        (
            t.vocabulary[t.ids[i]],
            int(t.start[i]),
            int(t.end[i]),
            bool(t.close[i]),
            tuple(t.sentences[t.sentence[i]].tolist()),
        )
        for i in range(len(t))
    ]


def mixed(texts: list[str], codes: list[str]) -> Corpus:
    pairs = zip(texts, codes, strict=False)
    return Corpus(
        tuple(
            Document(f"{i}", text[:9], None, (text, text[3:]), code, "here", "")
            for i, (text, code) in enumerate(pairs)
        )
    )


@given(st.lists(PASSAGES, max_size=4), LANGUAGES)
def test_the_store_is_what_the_rules_say_word_by_word(texts: list[str], codes: list[str]) -> None:
    corpus = mixed(texts, codes)
    t = tokens.build(corpus)
    assert rows(t) == one_by_one(corpus)
    assert len(set(zip(t.vocabulary, t.languages, strict=True))) == len(t.vocabulary)
    assert list(dict.fromkeys(t.ids.tolist())) == list(range(len(t.vocabulary)))


@given(st.lists(PASSAGES, max_size=4), LANGUAGES, st.integers(0, 4))
def test_parts_merged_are_the_whole(texts: list[str], codes: list[str], cut: int) -> None:
    corpus = mixed(texts, codes)
    whole = columns.build(corpus.documents)
    parts = [columns.build(corpus.documents[:cut]), columns.build(corpus.documents[cut:])]
    same(columns.merge(parts), whole)


@given(st.lists(PASSAGES, min_size=2, max_size=4), LANGUAGES, st.integers(1, 30))
def test_texts_that_are_split_in_several_runs_give_the_same_words(
    texts: list[str], codes: list[str], at_once: int
) -> None:
    documents = mixed(texts, codes).documents
    whole = columns.build(documents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_AT_ONCE", at_once)
        same(columns.build(documents), whole)


def same(a: columns.Columns, b: columns.Columns) -> None:
    assert (a.vocabulary, a.languages) == (b.vocabulary, b.languages)
    for name in store.ARRAYS:
        assert np.array_equal(getattr(a, name), getattr(b, name)), name


def test_shards_on_an_executor_are_the_whole(
    make_corpus: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "SHARD", 30)
    corpus = make_corpus(*("Peace and talks. " * n for n in range(9)))
    assert len(tokens._shards(corpus)) > 3
    with ThreadPoolExecutor(2) as executor:
        same(tokens.build(corpus, executor).columns, tokens.build(corpus).columns)
        assert len(tokens.build(make_corpus(), executor)) == 0


@given(texts=st.lists(PASSAGES, max_size=3), codes=LANGUAGES)
def test_a_store_comes_back_from_disk(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], codes: list[str]
) -> None:
    built = columns.build(mixed(texts, codes).documents)
    folder = tmp_path_factory.mktemp("store") / "a" / "b"
    assert store.save(built, folder)
    loaded = store.load(folder)
    assert loaded is not None
    same(loaded, built)


def test_what_is_made_once_is_kept_with_the_words(make_corpus: Callable[..., Corpus]) -> None:
    t, other = tokens.build(make_corpus("Peace.")), tokens.build(make_corpus("Peace."))
    calls = []

    def made(of: tokens.Tokens, name: str, *, times: int = 1) -> str:
        calls.append(name)
        return name * len(of) * times

    assert [t.once(made, "a"), t.once(made, "a"), t.once(made, "a", times=2)] == ["a", "a", "aa"]
    assert other.once(made, "a") == "a"
    assert calls == ["a", "a", "a"]


def test_values_have_numbers_and_an_alphabet(make_corpus: Callable[..., Corpus]) -> None:
    layer = tokens.of(make_corpus("war and Peace and trade")).layer("word")
    assert layer.numbers(["trade", "no", "war"]).tolist() == [3, -1, 0]
    assert [layer.names[i] for i in np.argsort(layer.alphabet)] == sorted(layer.names)
    assert tokens.alphabet(()).tolist() == []


def test_places_of_values_and_of_hits(make_corpus: Callable[..., Corpus]) -> None:
    corpus = make_corpus("Peace talks.\n\nTalks on peace", titles=["Peace"])
    t = tokens.of(corpus)
    layer = t.layer("word")
    numbers = np.append(layer.numbers(["peace", "on"]), len(layer.names))  # the last is of no value
    places = Places.of_values(t, layer, numbers, t.in_title)
    expected = (
        (Span("000", 1, 0, 5), Span("000", 2, 9, 14)),
        (Span("000", 2, 6, 8),),
        (),
    )
    assert places == expected == tuple(places)
    assert places[1:] == expected[1:]
    assert places[-2] == expected[1]
    assert [places.passages(row) for row in range(3)] == [2, 1, 0]
    assert places.spread(0, 1) == expected[0][:1]
    with pytest.raises(IndexError):
        places[3]
    across = Places.of_hits(t, np.array([2, 3]), np.array([3, 4]))  # the first over two paragraphs
    assert across == ((Span("000", 1, 6, 12), Span("000", 2, 0, 5)), (Span("000", 2, 0, 8),))
    assert [across.passages(row) for row in range(2)] == [2, 1]
    assert across != expected


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1)), max_size=30),
    st.sampled_from([4, 2**31, 2**40]),
)
def test_rows_that_are_alike_come_together(rows: list[tuple[int, int, int]], most: int) -> None:
    columns = [(np.array([row[i] for row in rows], dtype=np.int32), most) for i in range(3)]
    order, bounds = alike(columns)
    assert order.tolist() == sorted(range(len(rows)), key=rows.__getitem__)
    groups = [{rows[i] for i in order[a:b]} for a, b in pairwise(bounds.tolist())]
    assert all(len(group) == 1 for group in groups)
    assert len(groups) == len(set(rows))


def test_a_large_corpus_is_kept_by_its_content(
    make_corpus: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("READOUT_CACHE", str(tmp_path))
    monkeypatch.setattr(tokens, "WORTH_KEEPING", 10)
    first, second = make_corpus("Peace talks, again."), make_corpus("Peace talks, and again.")
    whole = tokens.of(first)
    assert isinstance(whole.columns.ids, np.memmap)
    (folder,) = tmp_path.glob("tokens/*/*")
    tokens.of.cache_clear()
    monkeypatch.setattr(columns, "build", None)  # nothing is built a second time
    same(tokens.of(first).columns, whole.columns)
    monkeypatch.undo()
    monkeypatch.setenv("READOUT_CACHE", str(tmp_path))
    monkeypatch.setattr(tokens, "WORTH_KEEPING", 10)
    assert len(tokens.of(second)) == len(whole) + 1
    expected = rows(whole)
    (folder / "ids.npy").unlink()
    (folder / "ids.npy").write_bytes(b"broken")  # what cannot be read is built anew, and kept
    tokens.of.cache_clear()
    assert rows(tokens.of(first)) == expected
    assert store.load(folder) is not None


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    make_corpus: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("READOUT_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tokens, "WORTH_KEEPING", 5)
    assert len(tokens.of(make_corpus("Peace talks, once more"))) == 4


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
    for name in ("form", "lower", "word", "lemma"):
        layer = t.layer(name)
        postings = dict(layer.postings())
        at = np.concatenate([*postings.values(), np.empty(0, dtype=np.int32)])
        assert np.array_equal(np.sort(at), np.arange(len(t)))
        assert all((layer.ids[places] == number).all() for number, places in postings.items())
    assert [i for a, b in t.sentence_ranges() for i in range(a, b)] == list(range(len(t)))


def test_close_words_have_only_blanks_between_them(make_corpus: Callable[..., Corpus]) -> None:
    t = tokens.of(make_corpus("One two, three  four. Five six"))
    assert t.close.tolist() == [False, True, False, True, False, True]


def test_a_corpus_of_no_words(make_corpus: Callable[..., Corpus]) -> None:
    for corpus in (make_corpus(), make_corpus("", "—\n\n…")):
        t = tokens.of(corpus)
        assert len(t) == len(t.document) == len(t.in_title) == len(list(t.sentence_ranges())) == 0
        assert dict(t.layer("word").postings()) == {}


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
    ours = {
        t.words[i]: (len(at), len(np.unique(t.document[at])))
        for i, at in t.layer("word").postings()
    }
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
