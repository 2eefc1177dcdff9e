"""Record -> Document: which date and title count, what is noted, and that nothing is dropped."""

import datetime as dt
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit.corpus import Document
from kit.parse import worker
from kit.parse.document import build
from kit.parse.record import Block, Dated, Kind, Options, Origin, Record
from kit.parse.sidecar import Override

TODAY = dt.date(2026, 1, 1)
EN = "The two sides agreed that they will deepen their cooperation in all fields of trade."
RU = "Стороны договорились углублять сотрудничество во всех областях торговли и культуры."
ZH = "双方同意在各个领域深化务实合作，维护国际公平正义。"


def made(
    record: Record, source: str = "a.txt", said: Override | None = None, **options: bool
) -> Document:
    return build(record, source=source, options=Options(**options), today=TODAY, override=said)  # type: ignore[arg-type]


def dated(*dates: tuple[str, Origin], text: str = EN) -> Record:
    return Record((Block(text),), "T", tuple(Dated(w, o) for w, o in dates))


def test_a_plain_record() -> None:
    blocks = (Block("Part", "heading"), Block(EN), Block("One", "item"))
    record = Record(blocks, "Talks", (Dated("2025-01-26", "heading"),), author="A", url="http://x")
    assert made(record) == Document(
        id="a",
        title="Talks",
        date=dt.date(2025, 1, 26),
        paragraphs=("Part", EN, "One"),
        language="en",
        source="a.txt",
        sha256=made(record).sha256,
        kinds=("heading", "body", "item"),
        date_origin="heading",
        author="A",
        url="http://x",
    )
    assert len(made(record).sha256) == 64


@pytest.mark.parametrize(
    ("dates", "taken", "origin", "noted"),
    [
        ([("2025-01-26", "heading")], "2025-01-26", "heading", []),
        ([], None, "", ["undated: no date was found"]),
        (
            [("2025-01-27", "page metadata"), ("2025-01-26", "column")],
            "2025-01-26",
            "column",
            ["page metadata says 2025-01-27"],
        ),
        (
            [("2025-02-30", "heading"), ("2025-01-27", "page metadata")],
            "2025-01-27",
            "page metadata",
            ["no such day", "dated 2025-01-27 by the page metadata"],
        ),
        ([("2025-02-30", "heading")], None, "", ["no such day 2025-02-30"]),
        ([("2125-01-26", "heading")], "2125-01-26", "heading", ["lies ahead of today"]),
        ([("2026-01-01", "heading")], "2026-01-01", "heading", []),
    ],
)
def test_which_date_is_taken(
    dates: list[tuple[str, Origin]], taken: str | None, origin: str, noted: list[str]
) -> None:
    document = made(dated(*dates))
    assert (str(document.date) if document.date else None, document.date_origin) == (taken, origin)
    assert len(document.notes) == len(noted)
    for note in noted:
        assert note in "; ".join(document.notes)


def test_a_day_written_both_ways_is_taken_where_the_order_was_said() -> None:
    record = dated(("03/04/2025", "column"))
    assert made(record).date is None
    assert made(record, day_first=True).date == dt.date(2025, 4, 3)
    assert made(record, day_first=False).date == dt.date(2025, 3, 4)


def test_datelines_and_names_of_files() -> None:
    line = Record((Block("Beijing, January 26, 2025"), Block(EN)), "T")
    assert (made(line).date, made(line).date_origin) == (dt.date(2025, 1, 26), "dateline")
    assert made(Record((Block(EN),), "2025年1月26日")).date == dt.date(2025, 1, 26)
    named = made(Record((Block(EN),), "T"), "x-2025-01-20/b-2025-01-26.txt")
    assert (named.date, named.date_origin) == (dt.date(2025, 1, 26), "file name")
    assert "dated 2025-01-26 by the file name" in named.notes
    assert made(Record((Block(EN),), "T"), "2025-01-26/b.txt").date is None
    both = made(dated(("2025-01-26", "heading")), "b-2025-01-25.txt")
    assert both.date == dt.date(2025, 1, 26)
    assert "file name says 2025-01-25; the heading's 2025-01-26 is taken" in both.notes


def test_a_sidecar_counts_over_the_text_and_says_so() -> None:
    said = Override(title="Named", date="2024-05-06", author="B", id="n1", language="en")
    document = made(dated(("2025-01-26", "heading")), said=said)
    assert (document.id, document.title, str(document.date)) == ("n1", "Named", "2024-05-06")
    assert (document.author, document.date_origin) == ("B", "sidecar")
    assert "the sidecar's title is taken; the text's own is 'T'" in document.notes
    assert "heading says 2025-01-26; the sidecar's 2024-05-06 is taken" in document.notes
    assert made(dated(("2024-05-06", "heading")), said=Override(title=" T ")).notes == ()


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (EN, "", "en"),
        (EN, "ru", "en"),
        (RU, "en", "ru"),
        (ZH, "en", "zh"),
        (ZH, "", "zh"),
        ("12", "zh-Hans", "zh"),
        ("12", "RU", "ru"),
        ("12", "<script>", "en"),
        ("12", "English", "en"),
        ("12", "русский", "en"),
        ("12", "", "en"),
    ],
)
def test_the_language_is_told_by_the_text_and_else_as_declared(
    text: str, declared: str, language: str
) -> None:
    assert made(Record((Block(text),), language=declared)).language == language
    assert made(Record((Block(text),)), said=Override(language=declared)).language == language


def test_what_is_missing_is_noted_and_nothing_is_dropped() -> None:
    document = made(Record())
    assert (document.title, document.paragraphs, document.kinds) == ("(untitled)", (), ())
    assert document.notes == ("no text", "no title", "undated: no date was found")
    blank = made(Record((Block(" \u200b"), Block("x"), Block("\n")), "T"))
    assert blank.paragraphs == ("x",)
    assert blank.kinds == ("body",)


def test_cleaning_is_noted_once_for_the_whole_text() -> None:
    record = Record(
        (Block("co\u00adoperation"), Block("a\u00adb\x07"), Block("fi\ufb01")), "T\u200b"
    )
    document = made(record)
    assert document.paragraphs == ("cooperation", "ab", "fifi")
    (note,) = [n for n in document.notes if "taken out" in n]
    assert "2 soft hyphens" in note


def test_places_tell_the_texts_of_one_file_apart() -> None:
    found = [made(Record((Block("x"),), place=p), "b/a.v1.csv") for p in ("", "2", "x\x1b\ud800")]
    assert [d.id for d in found] == ["b/a.v1", "b/a.v1#2", r"b/a.v1#x\x1b\ud800"]
    assert [d.source for d in found] == [
        "b/a.v1.csv",
        "b/a.v1.csv:2",
        r"b/a.v1.csv:x\x1b\ud800",
    ]
    assert made(Record((Block("x"),)), "no.dots/a").id == "no.dots/a"
    assert made(Record((Block("x"),), id="  a\x00 b\ud800 ")).id == "a b"
    assert made(Record((Block("x"),), id="\u200b")).id == "a"


KINDS: tuple[Kind, ...] = ("body", "heading", "item", "row", "quotation")
BLOCKS = st.lists(st.builds(Block, st.text(max_size=30), st.sampled_from(KINDS)), max_size=6)


@given(BLOCKS, st.text(max_size=20), st.text(max_size=20), st.text(max_size=9), st.text(max_size=9))
def test_any_record_gives_a_document_that_can_be_written(
    blocks: list[Block], title: str, written: str, language: str, place: str
) -> None:
    record = Record(
        tuple(blocks), title, (Dated(written, "heading"),), language, title, id=place, place=place
    )
    document = made(record)
    assert document == made(record)
    assert len(document.kinds) == len(document.paragraphs) <= len(blocks)
    assert document.id
    assert document.title
    for text in (document.id, document.title, document.author, *document.paragraphs):
        assert text == " ".join(text.split())
        assert unicodedata.is_normalized("NFC", text)
        text.encode()
    document.source.encode()
    assert len(document.language) == 2


def test_the_original_of_a_paragraph_that_was_made_plain_is_at_hand(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        " date 2025-01-26 T\n\nco\u00adoperation\u00a0ﬁrst\n\nPlain.", "utf-8"
    )
    (document,) = kit.read(tmp_path)
    assert document.paragraphs == ("cooperation first", "Plain.")
    assert document.original(1) == "co\u00adoperation ﬁrst"
    assert document.original(2) == "Plain."
    assert worker.from_json(json.loads(json.dumps(worker.to_json(document)))) == document
