"""The parse: offsets of the text, and a cache that can only save time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kit import language
from kit.annotate import Parse, annotate, columns
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
