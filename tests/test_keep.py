"""Findings on disk: the second time they are as the first, and never those of something else."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kit
from kit import keep, tokens
from kit.corpus import Corpus, Span
from kit.finding import Finding

Analyse = Callable[..., Finding]
KEPT: dict[str, Analyse] = {
    f"{module.__name__.removeprefix('kit.')}.{name}": getattr(module, name)
    for module in (kit.themes, kit.names, kit.times, kit.quotes, kit.stance)
    for name in module.__all__
    if getattr(getattr(module, name), "__annotations__", {}).get("return") is Finding
    and "corpus" in getattr(module, name).__annotations__
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache in which nothing is kept yet; every corpus counts as a large one."""
    monkeypatch.setattr(keep, "folder", lambda: tmp_path / "findings")
    monkeypatch.setattr(tokens, "is_large", lambda _: True)
    return tmp_path / "findings"


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def _counting(calls: list[object]) -> Analyse:
    @keep.finding
    def words(corpus: Corpus, *, top: int = 2, own: str = "") -> Finding:
        calls.append((top, own))
        table = pd.DataFrame({"text": [d.id for d in corpus][:top]})
        rows = tuple((Span(d.id, 0, 0, 1),) for d in corpus)[:top]
        return Finding("words", "Words", table, corpus, "by hand", rows, ("a limit",))

    return words


def test_the_analyses_of_content_are_kept() -> None:
    assert len(KEPT) > 30
    assert [name for name, analysis in KEPT.items() if not hasattr(analysis, "__wrapped__")] == []


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_what_was_found(ministries: Corpus, own_cache: Path, name: str) -> None:
    bare: Analyse = KEPT[name].__wrapped__  # type: ignore[attr-defined]  # functools.wraps sets it
    plain = bare(ministries)
    first = KEPT[name](ministries)
    (file,) = [p for p in _files(own_cache) if keep.load(p, ministries).name == plain.name]  # type: ignore[union-attr]  # it is there
    kept = keep.load(file, ministries)
    assert kept is not None
    for found in (first, kept):
        assert found.frame.dtypes.equals(plain.frame.dtypes)
        pd.testing.assert_frame_equal(found.frame, plain.frame, check_exact=True)
        assert found.frame.equals(plain.frame)
        assert list(found.evidence) == [tuple(row) for row in plain.evidence]
        assert found.to_json() == plain.to_json()
    changed = file.stat().st_mtime_ns
    assert KEPT[name](ministries).to_json() == plain.to_json()
    assert file.stat().st_mtime_ns == changed


def test_an_analysis_runs_once(seed: Corpus) -> None:
    calls: list[object] = []
    words = _counting(calls)
    assert (
        words(seed).to_json() == words(seed, top=2).to_json() == words(kit.read("seeds")).to_json()
    )
    assert len(calls) == 1


def test_other_options_texts_and_names_are_found_anew(
    seed: Corpus, ministries: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    words = _counting(calls)
    words(seed)
    assert len(words(seed, top=1)) == 1
    assert len(words(ministries)) == 2
    assert words(Corpus(seed.documents, name="other")).corpus.name == "other"
    assert len(calls) == 4
    monkeypatch.setattr(keep, "_rules", lambda: "other code")
    words(seed)
    assert len(calls) == 5


def test_a_file_that_an_option_names_counts_by_its_content(seed: Corpus, tmp_path: Path) -> None:
    calls: list[object] = []
    words, own = _counting(calls), tmp_path / "own.toml"
    for content in ("one", "one", "two"):
        own.write_text(content, "utf-8")
        words(seed, own=str(own))
    assert len(calls) == 2


def test_a_damaged_file_is_made_anew(seed: Corpus, own_cache: Path) -> None:
    calls: list[object] = []
    words = _counting(calls)
    words(seed)
    (file,) = _files(own_cache)
    whole = file.read_bytes()
    for wrong in (b"", whole[: len(whole) // 2], b"x" * 100, whole[:-1]):
        file.write_bytes(wrong)
        assert list(words(seed).table["text"]) == [seed.documents[0].id]
        assert file.read_bytes() == whole
    assert len(calls) == 5


def test_without_a_place_to_keep_it_is_found_each_time(
    seed: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    monkeypatch.setattr(keep, "folder", lambda: tmp_path / "file" / "findings")
    calls: list[object] = []
    words = _counting(calls)
    assert words(seed).to_json() == words(seed).to_json()
    assert len(calls) == 2


def test_a_table_that_would_come_back_otherwise_is_not_kept(seed: Corpus, own_cache: Path) -> None:
    values: Sequence[list[Any]] = (
        [1, None, "x"], [dt.date(2024, 5, 6), "x", 1], [(1, 2), (3, 4), None], [1, 2.5, None],
    )  # fmt: skip
    for value in values:

        @keep.finding
        def mixed(corpus: Corpus, *, _value: tuple[Any, ...] = tuple(value)) -> Finding:
            frame = pd.DataFrame({"mixed": pd.Series(list(_value), dtype=object)})
            return Finding("mixed", "Mixed", frame, corpus, "by hand")

        for _ in range(2):
            assert list(mixed(seed).frame["mixed"]) == value
        assert not _files(own_cache)


def test_a_small_corpus_keeps_nothing(
    seed: Corpus, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    calls: list[object] = []
    words = _counting(calls)
    assert words(seed).to_json() == words(seed).to_json()
    assert len(calls) == 2
    assert not own_cache.exists()
