"""Files and folders: nothing is lost, nothing is guessed, every file is accounted for."""

import datetime as dt
import io
import itertools
import os
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit.corpus import Document
from kit.errors import ReadError
from kit.parse import dates, worker
from kit.parse.record import Options

TODAY = dt.date(2026, 1, 1)
JANUARY = dt.date(2025, 1, 26)


def parsed(raw: str) -> list[Document]:
    data = io.BytesIO(raw.encode("utf-8", "surrogatepass"))
    found = worker.read_open(data, "a.txt", options=Options(), today=TODAY, overrides={})
    return [document for document in found if isinstance(document, Document)]


def one(raw: str) -> Document:
    (document,) = parsed(raw)
    return document


# ---- text


def test_heading_then_paragraphs_between_blank_lines() -> None:
    document = one(" date 2025-01-26 Talks  were\theld\n\nOne\nand two.\n \t\nThree.\n")
    assert (document.date, document.title) == (JANUARY, "Talks were held")
    assert document.paragraphs == ("One and two.", "Three.")
    assert document.notes == ()


def test_a_text_without_blank_lines_has_a_paragraph_on_each_line() -> None:
    assert one(" date 2025-01-26 T\nOne.\nTwo.").paragraphs == ("One.", "Two.")


@given(
    st.lists(st.sampled_from(["", " ", " date 2025-01-26 {}", "{} {}", "Date: {}", "date {} grow"]))
)
def test_every_word_of_a_file_is_in_its_documents_once_and_in_order(lines: list[str]) -> None:
    number = itertools.count()
    filled = [re.sub(r"\{\}", lambda _: f"w{next(number)}x", line) for line in lines]
    documents = parsed("\n".join(filled))
    found = re.findall(r"w\d+x", " ".join(t for d in documents for _, t in d.passages()))
    # "Date: w1x" has something with a digit where the date belongs: it is quoted in a note instead
    noted = re.findall(r"w\d+x", " ".join(n for d in documents for n in d.notes))
    assert sorted([*found, *noted]) == sorted(f"w{i}x" for i in range(next(number)))
    assert found == sorted(found, key=lambda w: int(w[1:-1]))
    assert len({d.id for d in documents}) == len(documents)


@given(st.text())
def test_any_text_gives_documents_without_forbidden_characters(raw: str) -> None:
    for document in parsed(raw):
        for _, passage in document.passages():
            assert passage == " ".join(passage.split())
            assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", passage)
            passage.encode()


@pytest.mark.parametrize(
    ("name", "title", "date", "note"),
    [
        ("good", "Talks", "2025-01-26", ""),
        ("noleading", "Talks", "2025-01-26", ""),
        ("tab", "Talks", "2025-01-26", ""),
        ("doublespace", "Talks", "2025-01-26", ""),
        ("capital", "Talks", "2025-01-26", ""),
        ("compact", "Talks", "2025-01-26", "20250126"),
        ("leadingblank", "Talks", "2025-01-26", ""),
        ("impossible", "Talks", None, "no such day 2025-02-30"),
        ("leap-ok", "Talks", "2024-02-29", ""),
        ("short-month", "Talks", "2025-01-06", "2025-1-6"),
        ("notitle", "(untitled)", "2025-01-26", "no title"),
        ("nodate", "Talks", None, "undated"),
        ("notext", "Talks", "2025-01-26", "no text"),
        ("empty", "(untitled)", None, "no text"),
        ("blank", "(untitled)", None, "no text"),
        ("wordstart", "Talks", "2025-01-26", ""),
        ("future", "Talks", "2125-01-26", "ahead"),
        # dates are not read from names at this stage: undated, and said so
        ("namedate-2025-01-25", "Talks", "2025-01-25", "by the file name"),
        ("conflict-2025-01-25", "Talks", "2025-01-26", ""),
    ],
)
def test_header_forms(shared: Path, name: str, title: str, date: str | None, note: str) -> None:
    (document,) = kit.read(shared / f"cases/13-header-forms/{name}.txt", today=TODAY)
    assert document.title == title
    assert (document.date.isoformat() if document.date else None) == date
    assert note in "; ".join(document.notes)
    if not note and "conflict" not in name:
        assert document.notes == ()
    body = {"notext": (), "empty": (), "blank": (), "wordstart": ("date palms grow here.",)}
    assert document.paragraphs == body.get(name, ("x.",))


def test_a_date_in_the_name_that_differs_from_the_heading_is_reported(shared: Path) -> None:
    (document,) = kit.read(shared / "cases/13-header-forms/conflict-2025-01-25.txt", today=TODAY)
    assert document.date == JANUARY
    assert "2025-01-25" in "; ".join(document.notes)


def test_two_headings_in_a_file_are_two_documents(shared: Path) -> None:
    corpus = kit.read(shared / "cases/13-header-forms/two.txt", today=TODAY)
    assert [(d.title, d.paragraphs) for d in corpus] == [("One", ("x.",)), ("Two", ("y.",))]


def test_the_folder_of_header_forms_loses_no_file(shared: Path) -> None:
    corpus = kit.read(shared / "cases/13-header-forms", today=TODAY, copies=True)
    assert len({d.source.split(":")[0] for d in corpus}) == 21  # expected.md is Markdown: a text
    assert len(corpus) == 22
    assert corpus.left_out == ()


def test_what_says_the_same_on_the_same_day_is_named_a_copy(shared: Path) -> None:
    corpus = kit.read(shared / "cases/13-header-forms", today=TODAY)
    same = {x.source for x in corpus.left_out if "a copy of" in x.reason}
    assert {"good.txt", "tab.txt", "compact.txt"} <= same  # of capital.txt, the first by name
    assert len(corpus) + len(same) == 22


@pytest.mark.parametrize("name", ["crlf", "cr", "mixed"])
def test_line_endings(shared: Path, name: str) -> None:
    (document,) = kit.read(shared / f"cases/07-line-endings/{name}.txt")
    assert (document.title, document.paragraphs) == ("Talks", ("One.", "Two."))


def test_exotic_line_ends_are_blanks_inside_a_paragraph(shared: Path) -> None:
    (document,) = kit.read(shared / "cases/07-line-endings/exotic.txt")
    assert document.title == "Talks"
    assert document.paragraphs == ("One part. Two part. Three part.",)


def test_control_characters_are_taken_out_and_counted(shared: Path) -> None:
    # that pages, feeds and logs made from the text are well formed is for their own tests
    (document,) = kit.read(shared / "cases/09-control-characters/a.txt")
    letters = "".join(c for c in f"{document.title} {document.paragraphs[0]}" if not c.isspace())
    assert letters == "TradegrewOnetworedthreefour."
    assert any("taken out" in note for note in document.notes)


# ---- dates


def test_no_date_is_guessed_from_words_and_none_depends_on_the_day_of_the_run(shared: Path) -> None:
    path = shared / "cases/16-false-dates/a.txt"
    first, second = (kit.read(path, today=dt.date(y, 5, 17)) for y in (2025, 2035))
    assert first.dates == (JANUARY,)
    assert first == second
    assert len(kit.times.dates(first)) == 0


@given(st.dates(dt.date(1000, 1, 1)))
def test_a_written_day_is_read_as_itself(day: dt.date) -> None:
    for pattern, form in (
        (dates.ISO, f"{day:%Y-%m-%d}"),
        (dates.MONTH_FIRST, f"{day:%B} {day.day}, {day.year}"),
        (dates.DAY_FIRST, f"{day.day} {day:%B} {day.year}"),
    ):
        match = pattern.fullmatch(form)
        assert match, form
        assert dates.day(match) == day


def test_an_impossible_day_is_no_other_day() -> None:
    for form in ("2025-02-30", "2025-13-01", "2025-00-10"):
        match = dates.ISO.fullmatch(form)
        assert match
        assert dates.day(match) is None
    assert not dates.ISO.search("2025-01-263")
    assert not dates.MONTH_FIRST.search("mayor 12, 2025")


# ---- files


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                f"{stem}{end}"
                for stem in ("a", "b#1", "子/с")
                for end in (".txt", ".TEXT", ".pdf", "")
            ]
        ),
        st.binary(max_size=60) | st.sampled_from([b"date 2025-01-26 T\n\nx\n\ndate 2025-01-27 U"]),
        max_size=6,
    )
)
def test_files_in_are_documents_out_and_left_out(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in {"sure.txt": b"x", **files}.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        corpus = kit.read(folder, processes=0)
    told = {d.source for d in corpus} | {x.source for x in corpus.left_out}
    assert {name.split(":")[0] for name in told} == {"sure.txt", *files}
    assert all(x.reason and x.advice for x in corpus.left_out)
    assert len(kit.texts.left_out(corpus)) == len(corpus.left_out)


def test_each_reason_for_leaving_a_file_out_is_told(tmp_path: Path) -> None:
    source, outside = tmp_path / "texts", tmp_path / "outside.txt"
    source.mkdir()
    outside.write_text("secret")
    (source / "good.txt").write_text("x")
    (source / "bad.txt").write_bytes(b"ok \xff")
    (source / "link.txt").symlink_to(outside)
    (source / "loop.txt").symlink_to(source / "loop.txt")
    (source / "gone.txt").symlink_to(source / "nothing.txt")
    (source / "folder").symlink_to(tmp_path)
    (source / "word.doc").write_text("x")
    (source / ".hidden.txt").write_text("x")
    os.mkfifo(source / "pipe.txt")
    corpus = kit.read(source)
    assert [d.id for d in corpus] == ["good"]
    reasons = {x.source: x.reason for x in corpus.left_out}
    assert set(reasons) == {
        "bad.txt",
        "link.txt",
        "loop.txt",
        "gone.txt",
        "folder",
        "word.doc",
        "pipe.txt",
    }
    assert "encoding uncertain" in reasons["bad.txt"]
    assert "leads out" in reasons["link.txt"]
    assert "secret" not in str(corpus.left_out)


def test_no_text_at_all_is_an_error_that_says_what_to_do(shared: Path, tmp_path: Path) -> None:
    for source in (shared / "cases/35-degenerate-corpora/empty", tmp_path / "none", "a\0b"):
        with pytest.raises(ReadError) as caught:
            kit.read(source)
        assert str(source) in str(caught.value)
        assert caught.value.exit_code == 3


def test_a_name_that_cannot_be_shown_is_escaped(tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff\x1b.txt")).write_text("x")
    (document,) = kit.read(tmp_path)
    assert document.source == r"\xff\x1b.txt"
