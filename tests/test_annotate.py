"""The parse: offsets of the text, and a cache that can only save time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import language
from kit.annotate import Columns, Labels, Parse, annotate, columns, model, pieces, with_known
from kit.annotate.columns import from_bytes, joined, to_bytes
from kit.corpus import Corpus

TEXT = "Xi Jinping met the U.S. side’s envoys in-depth. They didn't agree (3.5%).\n\nOn BRICS."


@pytest.fixture
def corpus(make_corpus: Callable[..., Corpus]) -> Corpus:
    return make_corpus(TEXT, "双方同意。", titles=["A Title", "会议"])


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("READOUT_CACHE", str(tmp_path))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    annotate.cache_clear()
    columns.cache_clear()


def same(one: dict[str, tuple[Parse, ...]], other: dict[str, tuple[Parse, ...]]) -> bool:
    return one.keys() == other.keys() and all(
        all(
            np.array_equal(getattr(p, n), getattr(q, n))
            for n in ("start", "end", "head", "sentence")
        )
        and (p.pos, p.tag, p.dep, p.names) == (q.pos, q.tag, q.dep, q.names)
        for name in one
        for p, q in zip(one[name], other[name], strict=True)
    )


def test_offsets_are_those_of_the_text(seed: Corpus, corpus: Corpus) -> None:
    for some in (seed, corpus):
        parsed = annotate(some)
        assert set(parsed) == {d.id for d in some if d.language == "en"}
        for name, passages in parsed.items():
            for (_, text), p in zip(some[name].passages(), passages, strict=True):
                pieces = [text[a:b] for a, b in zip(p.start, p.end, strict=True)]
                assert "".join(pieces) == "".join(text.split())
                assert all(pieces)
                words = language.english.words(text)
                assert {a for a, _ in words} <= set(p.start.tolist())
                assert {b for _, b in words} <= set(p.end.tolist())
                assert all(0 <= h < len(pieces) for h in p.head)
                assert len(set(p.sentence.tolist())) == len(language.english.sentences(text))
                assert all(text[a:b].strip() for a, b, _ in p.names)


def test_a_cached_parse_equals_a_fresh_one(corpus: Corpus, own_cache: Path) -> None:
    fresh = annotate(corpus)
    assert len(list(own_cache.rglob("*.parse"))) == 1
    forget()
    cached = annotate(corpus)
    assert cached is not fresh
    assert same(cached, fresh)


@pytest.mark.parametrize("damage", ["empty", "garbage", "cut", "flipped"])
def test_a_damaged_cache_file_is_made_anew(corpus: Corpus, own_cache: Path, damage: str) -> None:
    fresh = annotate(corpus)
    (file,) = own_cache.rglob("*.parse")
    good = file.read_bytes()
    middle = len(good) // 2  # within the values
    bad = {
        "empty": b"",
        "garbage": b"no archive",
        "cut": good[: len(good) // 2],
        "flipped": good[:middle] + bytes([good[middle] ^ 255]) + good[middle + 1 :],
    }
    file.write_bytes(bad[damage])
    forget()
    assert same(annotate(corpus), fresh)
    assert file.read_bytes() == good


def test_a_cache_that_cannot_be_written_is_no_error(
    corpus: Corpus, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = annotate(corpus)
    (own_cache / "file").write_text("no folder")  # a folder's permissions do not bind root
    monkeypatch.setenv("READOUT_CACHE", str(own_cache / "file"))
    forget()
    assert same(annotate(corpus), fresh)
    assert [p.name for p in own_cache.rglob("*") if p.suffix not in ("", ".parse")] == []


def test_texts_of_no_words_are_parsed_and_cached(
    make_corpus: Callable[..., Corpus], own_cache: Path
) -> None:
    corpus = make_corpus("", "—")
    first = annotate(corpus)
    forget()
    assert same(annotate(corpus), first)
    assert [len(p) for p in first.values()] == [1, 2]


def test_a_curly_apostrophe_is_read_as_a_straight_one(make_corpus: Callable[..., Corpus]) -> None:
    for mark in "'’":
        text = f"They didn{mark}t vote on China{mark}s proposal."
        ((_, parse),) = annotate(make_corpus(text, language="en")).values()
        tagged = dict(zip([text[a:b] for a, b in bounds(parse)], parse.dep, strict=True))
        assert tagged["vote"] == "ROOT"
        assert tagged[f"n{mark}t"] == "neg"


def test_blanks_that_stand_together_move_no_tag(make_corpus: Callable[..., Corpus]) -> None:
    text = "The  talks   in  Beijing  went   well."
    ((_, parse),) = annotate(make_corpus(text)).values()
    assert [text[a:b] for a, b in bounds(parse)] == "The talks in Beijing went well .".split()
    assert [text[a:b] for a, b, _ in parse.names] == ["Beijing"]


def bounds(parse: Parse) -> list[tuple[int, int]]:
    return list(zip(parse.start.tolist(), parse.end.tolist(), strict=True))


def test_the_gazetteer_goes_before_the_model(make_corpus: Callable[..., Corpus]) -> None:
    known = [(4, 7, ("X", "place")), (20, 22, ("Y", "event"))]
    found = [(0, 5, "ORG"), (7, 9, "GPE"), (10, 21, "ORG"), (22, 25, "PERSON")]
    assert with_known(found, known) == (
        (4, 7, "KIT:place"),
        (7, 9, "GPE"),
        (20, 22, "KIT:event"),
        (22, 25, "PERSON"),
    )
    ((_, parse),) = annotate(make_corpus("The Security Council met in Beijing.")).values()
    assert [label for _, _, label in parse.names] == ["KIT:organisation", "KIT:place"]
    assert {label for _, _, label in parse.by_model} <= set(parse.columns.labels.name)


def test_parts_of_speech_are_those_of_the_models_own_rules(seed: Corpus) -> None:
    spacy = pytest.importorskip("spacy")
    nlp = spacy.load(model.MODEL, exclude=["lemmatizer", "senter", "ner"])
    odd = "There's hope. There are those who don't. It is what it does, but that's that. Ain't so."
    for text in (*(text for d in seed for _, text in d.passages()), odd):
        bounds, begins = pieces.pieces(text)
        part = model._Part(0, text, bounds, begins)
        expected = [token.pos_ for token in nlp(model._doc(nlp.vocab, part))]
        found = model.parse([text])
        assert [found.labels.pos[code] for code in found.pos] == expected


def test_a_long_passage_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [f"The {n} sides met in Beijing and agreed." for n in ("two", "three", "four")]
    whole, apart = " ".join(sentences), model.parse(sentences)
    monkeypatch.setattr(model, "LONGEST", len(apart.start) // 3 + 2)
    cut = model.parse([whole])
    for name in ("pos", "tag", "dep"):
        assert np.array_equal(getattr(cut, name), getattr(apart, name))
    assert cut.sentence.tolist() == [n for n in (1, 2, 3) for _ in range(len(cut.sentence) // 3)]
    assert np.array_equal(cut.governor, apart.governor)
    assert [whole[a:b] for _, a, b, label in cut.names.tolist() if cut.labels.name[label] == "GPE"]


def test_a_sentence_longer_than_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "LONGEST", 5)
    found = model.parse(["peace and " * 40, "", "Peace."])
    assert np.diff(found.bounds).tolist() == [80, 0, 2]
    assert (found.head >= 0).all()
    assert (found.head[:80] < 80).all()


COLUMNS = ("bounds", "names", "start", "end", "head", "sentence", "pos", "tag", "dep")


@given(
    st.lists(st.lists(st.integers(0, 200), max_size=5), max_size=4),
    st.lists(st.integers(0, 2**20), max_size=3),
)
def test_columns_come_back_from_bytes(passages: list[list[int]], places: list[int]) -> None:
    tokens = np.array([value for passage in passages for value in passage], dtype=np.int32)
    names = [(i % len(passages), at, at + 1, 0) for i, at in enumerate(places) if passages]
    made = Columns(
        labels=Labels(("A",), ("B",), ("C",), ("Ü", "")),
        bounds=np.cumsum([0, *map(len, passages)]),
        names=np.array(sorted(names), dtype=np.int32).reshape(-1, 4),
        start=tokens,
        end=tokens + 1,
        head=tokens,
        sentence=tokens,
        pos=tokens.astype(np.uint8),
        tag=tokens.astype(np.uint8),
        dep=tokens.astype(np.uint8),
    )
    content = to_bytes(made)
    back = from_bytes(content)
    assert back.labels == made.labels
    assert all(np.array_equal(getattr(back, n), getattr(made, n)) for n in COLUMNS)
    twice = joined([made, back])
    assert len(twice) == 2 * len(made)
    assert np.array_equal(twice.names[len(names) :, 0], made.names[:, 0] + len(made))
    for cut in {0, len(content) // 2, len(content) - 1}:
        with pytest.raises(ValueError, match=r"cut off|damaged"):
            from_bytes(content[:cut])
