"""Plain text and Markdown: headings, front matter, paragraphs, joined lines; nothing is lost."""

import io
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.parse.clean import Joiner, clean
from kit.parse.record import Block, Dated, Options, Record, UnreadableError
from kit.parse.text import read_text


def records(raw: str | bytes, source: str = "a.txt") -> list[Record]:
    data = raw.encode() if isinstance(raw, str) else raw
    found = list(read_text(io.BytesIO(data), source, Options()))
    assert all(isinstance(record, Record) for record in found)
    return [record for record in found if isinstance(record, Record)]


def one(raw: str | bytes, source: str = "a.txt") -> Record:
    (record,) = records(raw, source)
    return record


def case(shared: Path, name: str) -> Record:
    return one((shared / "cases" / name).read_bytes(), name)


def texts(record: Record) -> list[str]:
    return [clean(block.text).text for block in record.blocks]


def shown(raw: str, source: str = "a.txt") -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in one(raw, source).blocks]


# ---- headings


@pytest.mark.parametrize(
    ("line", "date", "title"),
    [
        (" date 2025-01-26 Talks", "2025-01-26", "Talks"),
        ("date 2025-01-26 Talks", "2025-01-26", "Talks"),
        ("\tdate\t2025-01-26\tTalks", "2025-01-26", "Talks"),
        ("  DATE  2025-01-26   Talks  held ", "2025-01-26", "Talks held"),
        ("Date: 2025-01-26 Talks", "2025-01-26", "Talks"),
        ("\ufeff\xa0date\xa02025-01-26\xa0Talks", "2025-01-26", "Talks"),
        ("date 2025-01-26 – Talks", "2025-01-26", "Talks"),
        ("date 20250126 Talks", "20250126", "Talks"),
        ("date 2025-1-6 Talks", "2025-1-6", "Talks"),
        ("date 2025/01/26 Talks", "2025/01/26", "Talks"),
        ("date 26.01.2025 Talks", "26.01.2025", "Talks"),
        ("date 2025年1月26日 会谈", "2025年1月26日", "会谈"),
        ("Date: January 26, 2025 Talks", "January 26, 2025", "Talks"),
        ("Date: 26 Jan 2025", "26 Jan 2025", ""),
        ("date 2025-01-26T10:00:00+08:00 Talks", "2025-01-26T10:00:00+08:00", "Talks"),
        ("date 2025-02-30 Talks", "2025-02-30", "Talks"),
        ("date 2025-01-263 Talks", "2025-01-263", "Talks"),
        ("date 2025-W04-7 Talks", "2025-W04-7", "Talks"),
    ],
)
def test_a_heading_line(line: str, date: str, title: str) -> None:
    record = one(f"{line}\n\nx.\n")
    assert record.dates == (Dated(date, "heading"),)
    assert record.title == title
    assert record.blocks == (Block("x."),)
    assert record.notes == (() if title else ("the heading has no title",))


@pytest.mark.parametrize(
    "line",
    ["date palms grow here", "Date 5 of the talks.", "dates 2025-01-26 x", "update 2025-01-26"],
)
def test_prose_is_no_heading(line: str) -> None:
    record = one(f"{line}\n\nx.\n")
    assert record.dates == ()
    assert line in [record.title, *texts(record)]


def test_a_further_heading_starts_a_further_text_after_an_empty_line() -> None:
    raw = " date 2025-01-26 One\n\nx\n date 2025-01-27 goes on.\n\n\ufeff date 2025-01-28 Two\n\ny."
    first, second = records(raw)
    assert (first.title, first.place, texts(first)) == (
        "One",
        "1",
        ["x", "date 2025-01-27 goes on."],
    )
    assert (second.title, second.place, texts(second)) == ("Two", "2", ["y."])


def test_a_spoilt_date_further_down_cuts_nothing() -> None:
    assert len(records("date 2025-01-26 One\n\nx.\n\nDate 12345 is a number.\n")) == 1


@pytest.mark.parametrize("raw", ["", "\n \n\n", "\ufeff", "\u200b\n\x00"])
def test_an_empty_file_is_a_record(raw: str) -> None:
    record = one(raw)
    assert (record.title, record.blocks, record.notes) == ("", (), ("no text",))


@pytest.mark.parametrize(
    ("raw", "title", "blocks"),
    [
        ("Talks\n\nx.", "Talks", ["x."]),
        ("Talks\nOne.\nTwo.", "Talks", ["One.", "Two."]),
        ("Trade grew.\n\nx.", "", ["Trade grew.", "x."]),
        ("各位代表：\n\n报告。", "", ["各位代表：", "报告。"]),
        ("Talks", "", ["Talks"]),
        ("a" * 300 + "\n\nx.", "", ["a" * 300, "x."]),
        ("- a\n- b", "", ["a", "b"]),
    ],
)
def test_the_title_of_a_text_without_heading(raw: str, title: str, blocks: list[str]) -> None:
    record = one(raw)
    assert (record.title, texts(record)) == (title, blocks)
    assert record.notes == (("title taken from the first line",) if title else ())


# ---- front matter


def test_front_matter() -> None:
    raw = (
        "---\ntitle: 'Talks: a  plan'\nDate: 2025-01-26\nauthors: [Li, Ivanov]\nlang: en\nother: 1\n"
        "source: Xinhua\nlink: https://example.org/a\nid: 7\n\ndate2: 2020-01-01\n---\n\nx.\n"
    )
    assert one(raw) == Record(
        blocks=(Block("x."),),
        title="Talks: a plan",
        dates=(Dated("2025-01-26", "front matter"),),
        language="en",
        author="Li, Ivanov",
        publisher="Xinhua",
        url="https://example.org/a",
        id="7",
    )


def test_front_matter_and_a_heading_give_two_dates() -> None:
    record = one("---\ndate: 2025-01-25\n---\n date 2025-01-26 Talks\n\nx.")
    assert record.dates == (Dated("2025-01-25", "front matter"), Dated("2025-01-26", "heading"))
    assert (record.title, texts(record)) == ("Talks", ["x."])


@pytest.mark.parametrize(
    "yaml",
    [
        "title: Talks: held",
        "title: &a x\nid: *a",
        "title: [" + "[" * 5000,
        "title: 'open",
        "title: \x07",
        "? [a, b]\n: title\n? {c: d}\n: x",
    ],
)
def test_bad_front_matter_stays_text_with_a_note(yaml: str) -> None:
    record = one(f"---\n{yaml}\n---\n\nx.")
    assert record.dates == ()
    assert texts(record)[-1] == "x."
    assert "title" in " ".join([record.title, *texts(record)])
    assert any("front matter cannot be read" in note for note in record.notes)


@pytest.mark.parametrize(
    "raw", ["---\n\nWe met: all agreed.\n\n---\n\nx.", "---\ntitle: Talks\n\nx."]
)
def test_a_rule_is_no_front_matter(raw: str) -> None:
    record = one(raw)
    assert not any("front matter" in note for note in record.notes)
    assert "x." in texts(record)[-1]


# ---- paragraphs


def test_case_of_wrapped_lines(shared: Path) -> None:
    record = case(shared, "08-wrapped-lines/a.txt")
    assert texts(record) == [
        "The two sides will deepen their cooperation on a win-win basis and raise the livelihood of "
        "all. It is a long-term plan.",
        "A second paragraph follows here and it is wrapped at a fixed width so that no line is long.",
    ]
    assert record.notes == (
        "words broken at the end of a line and joined: 2",
        "hyphens kept at the end of a line: 2",
    )


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Our co-\noperation", "Our cooperation"),
        ("Our co-\noperation is co-operation", "Our co-operation is co-operation"),
        ("a win-\nwin plan", "a win-win plan"),
        (
            "a win-\nwin plan, not winwin or winwin but win-win",
            "a winwin plan, not winwin or winwin but win-win",
        ),
        ("state-of-\nthe-art", "state-of-the-art"),
        ("Sino-\nRussian ties, 2020-\n2025, COVID-\n19", "Sino-Russian ties, 2020-2025, COVID-19"),
        ("long-\nand short-term", "long- and short-term"),
        ("COOPER-\nATION", "COOPERATION"),
        ("a dash -\nhere", "a dash - here"),
        ("livel\xadi\xad\nhood", "livel\xadi\xadhood"),
        ("эконо-\nмическое сотруд-\nничество", "экономическое сотрудничество"),
        ("социально-\nэкономическое", "социально-экономическое"),
        ("coopéra-\ntion", "coopération"),
        ("合作\n共赢，\n“一带一路”\n倡议 GDP\n增长", "合作共赢，“一带一路”倡议 GDP 增长"),
    ],
)
def test_words_broken_at_the_end_of_a_line(text: str, joined: str) -> None:
    assert Joiner(text).join(text.split("\n")) == joined


WRAPPED = """The two sides agreed to work together on trade and to hold a further
round of talks in the spring. They noted that the volume of trade had
grown for three years and that new roads would be built.
The delegations visited a port and a school. A statement was adopted at
the end of the visit and will be published in both languages."""


def test_wrapped_lines_without_empty_ones() -> None:
    record = one("date 2025-01-26 T\n" + WRAPPED)
    assert [text[:9] for text in texts(record)] == ["The two s", "The deleg"]
    assert record.notes == ("lines of one width joined to paragraphs",)
    # indented first lines part paragraphs too
    indented = WRAPPED.replace("The del", "   The del")
    assert len(one("date 2025-01-26 T\n" + indented).blocks) == 2


def test_lines_of_their_own_are_paragraphs() -> None:
    raw = "date 2025-01-26 T\nOne was agreed.\nThe second was not.\nA third was left for later talks.\n"
    assert texts(one(raw)) == [
        "One was agreed.",
        "The second was not.",
        "A third was left for later talks.",
    ]
    long = "A paragraph that nobody broke. " * 8
    assert len(one(f"date 2025-01-26 T\n\n{long}\n{long}\n\n{long}").blocks) == 3
    chinese = "双方同意扩大贸易往来并且加强各个领域的合作。" * 4
    assert (
        len(one(f"date 2025-01-26 T\n\n\u3000\u3000{chinese}\n\u3000\u3000{chinese}").blocks) == 2
    )


def test_a_long_address_does_not_unwrap_a_paragraph() -> None:
    raw = f"The text of it is at\nhttps://example.org/{'a' * 150}\nin two languages.\n\nx."
    assert len(one(f"date 2025-01-26 T\n\n{raw}").blocks) == 2


def test_wrapped_chinese_has_no_blanks() -> None:
    line = "双方同意扩大贸易往来并且加强各个领域的合作共同发展"
    raw = f"date 2025-01-26 T\n{line}\n{line}\n{line}\n合作。"
    assert texts(one(raw)) == [line * 3 + "合作。"]


def test_case_of_headings_lists_and_tables(shared: Path) -> None:
    record = case(shared, "24-headings-lists-tables/a.txt")
    assert record.blocks == (
        Block("CLOSER TIES", "heading"),
        Block("The two sides value their ties. Trade grew last year."),
        Block("open markets", "item"),
        Block("build roads", "item"),
        Block("train people", "item"),
        Block("Year | Trade", "row"),
        Block("2023 | 240", "row"),
        Block("2024 | 245", "row"),
    )


@pytest.mark.parametrize(
    ("chunk", "blocks"),
    [
        ("CLOSER TIES\nThe sides met.", [("heading", "CLOSER TIES"), ("body", "The sides met.")]),
        ("CLOSER TIES\nAND TRADE", [("heading", "CLOSER TIES AND TRADE")]),
        ("THE SIDES MET.", [("body", "THE SIDES MET.")]),
        ("ДОГОВОР О ДРУЖБЕ", [("heading", "ДОГОВОР О ДРУЖБЕ")]),
        (
            "They agreed:\n- open\n  markets\n- roads",
            [("body", "They agreed:"), ("item", "open markets"), ("item", "roads")],
        ),
        ("— The sides met. They agreed.", [("body", "The sides met. They agreed.")]),
        ("• a\n• b", [("item", "a"), ("item", "b")]),
        ("1. open\n2. build", [("item", "1. open"), ("item", "2. build")]),
        ("1.\topen\n2.\tbuild", [("item", "1. open"), ("item", "2. build")]),
        ("(a) open;\n(b) build.", [("item", "(a) open;"), ("item", "(b) build.")]),
        ("一、发展经济\n二、深化改革", [("item", "一、发展经济"), ("item", "二、深化改革")]),
        ("一、发展经济", [("heading", "一、发展经济")]),
        ("1. The sides met. They agreed on trade.", [("body", "1. The sides met. They agreed on trade.")]),
        (
            "as said in Article\n5. of the plan and\n- so to say - more",
            [("body", "as said in Article 5. of the plan and - so to say - more")],
        ),
        ("> We agree.\n> All of us.", [("quotation", "We agree. All of us.")]),
        ("| Year | Trade |\n|---|---|\n| 2023 | 240 |", [("row", "Year | Trade"), ("row", "2023 | 240")]),
        (
            "Trade:\nYear\tTrade\n2023\t240",
            [("body", "Trade:"), ("row", "Year | Trade"), ("row", "2023 | 240")],
        ),
        ("one\ttab in a line", [("body", "one tab in a line")]),
        ("=====", []),
    ],
)  # fmt: skip
def test_kinds(chunk: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(f"date 2025-01-26 T\n\n{chunk}\n\nEnd.") == [*blocks, ("body", "End.")]


# ---- characters and encodings


@pytest.mark.parametrize("name", ["crlf", "cr", "mixed"])
def test_case_of_line_ends(shared: Path, name: str) -> None:
    record = case(shared, f"07-line-endings/{name}.txt")
    assert (record.title, texts(record)) == ("Talks", ["One.", "Two."])


def test_case_of_exotic_line_ends(shared: Path) -> None:
    record = case(shared, "07-line-endings/exotic.txt")
    assert (record.title, texts(record)) == ("Talks", ["One part. Two part. Three part."])


def test_case_of_invisible_characters(shared: Path) -> None:
    record = case(shared, "04-invisible-characters/a.txt")
    assert texts(record)[0].count("cooperation") == 5
    assert texts(record)[1].count("New York") == 3


def test_case_of_control_characters(shared: Path) -> None:
    record = case(shared, "09-control-characters/a.txt")
    assert clean(record.title).text.split() == ["Trade", "grew"]
    assert texts(record)[0].split() == ["One", "two", "red", "three", "four."]
    # left in the blocks for the cleaning, which counts them
    assert sum(n for b in record.blocks for n in clean(b.text).counts.values()) == 4


def test_case_of_gb18030(shared: Path) -> None:
    record = case(shared, "01-gb18030/a.txt")
    plain = case(shared, "01-gb18030/a.utf8.txt")
    assert (record.title, record.dates, record.blocks) == (plain.title, plain.dates, plain.blocks)
    assert record.notes == ("encoding guessed: gb18030",)
    data = (shared / "cases/01-gb18030/short.txt").read_bytes()
    with pytest.raises(UnreadableError, match="encoding uncertain"):
        records(data)
    (found,) = read_text(io.BytesIO(data), "a.txt", Options(encoding="gbk"))
    assert isinstance(found, Record)
    assert texts(found) == ["合作共赢"]


# ---- Markdown

MARKDOWN = """# A *plan*

Intro with [a link](https://example.org), **bold** and `code` &amp; ![a map](m.png).<!-- no -->
It goes
on.

Second
------

<!-- hidden
remark -->

1. one
2. two
   - inner

> quoted
> text

| Year | Trade |
|------|-------|
| 2023 | 240   |

    indented code

<div>shown &lt;b&gt;</div>

***
"""


def test_markdown() -> None:
    record = one(MARKDOWN, "A.MD")
    assert (record.title, record.notes) == ("A plan", ())
    assert [(block.kind, block.text) for block in record.blocks] == [
        ("body", "Intro with a link, bold and code & a map. It goes on."),
        ("heading", "Second"),
        ("item", "one"),
        ("item", "two"),
        ("item", "inner"),
        ("quotation", "quoted text"),
        ("row", "Year | Trade"),
        ("row", "2023 | 240"),
        ("body", "indented code"),
        ("body", "shown <b>"),
    ]


def test_markdown_with_front_matter_shows_its_title_once() -> None:
    record = one("---\ntitle: Talks\ndate: 2025-01-26\n---\n\n# Talks\n\nx.\n", "a.md")
    assert (record.title, texts(record)) == ("Talks", ["x."])


def test_markdown_with_a_heading_line() -> None:
    record = one(" date 2025-01-26 Talks\n\n## Part\n\nx *y*.\n", "a.md")
    assert record.dates == (Dated("2025-01-26", "heading"),)
    assert record.blocks == (Block("Part", "heading"), Block("x y."))


# ---- nothing is lost, nothing breaks

LINES = st.lists(
    st.sampled_from(
        [
            "",
            " ",
            " date 2025-01-26 Title here",
            "Date: 20250126",
            "date palms grow",
            "---",
            "title: a",
            "TRADE AND TIES",
            "- open",
            "1. first",
            "(b) second",
            "一、发展",
            "> quoted",
            "a\tb",
            "| c | d |",
            "|---|",
            "The two sides agreed on co-",
            "operation, win-",
            "win.",
            "Next.",
            "=====",
            "x" * 130,
            "合作共赢",
            "\ufeff",
            "“quoted”",
            "# not markdown",
        ]
    )
    | st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=30),
    max_size=12,
)


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalpha())


@given(LINES)
def test_no_letter_is_lost(lines: list[str]) -> None:
    """Letters of titles, blocks and what the heading and the front matter say are the input's,
    but for the word "date" of each heading and the keys of front matter."""
    raw = "\n".join(lines)
    found = records(raw)
    kept = letters("".join(r.title + "".join(b.text for b in r.blocks) for r in found))
    dates = [date for r in found for date in r.dates]
    kept += letters("".join(date.written for date in dates))
    missing = letters(raw) - kept
    heads = sum(date.origin in ("heading", "front matter") for date in dates)
    said = [r for r in found if r.title == "a" and "title: a" in lines]
    assert missing <= Counter(dict.fromkeys("dateDATE", heads)) + (
        letters("title" * len(said))
        + (letters("title: a" * 2 * lines.count("title: a")) if said else Counter())
    )
    assert kept <= letters(raw)


@given(
    st.binary() | st.text().map(lambda t: t.encode("utf-8", "replace")),
    st.sampled_from(["a.txt", "a.md"]),
)
def test_any_bytes_give_records_or_are_refused(data: bytes, source: str) -> None:
    try:
        found = records(data, source)
    except UnreadableError:
        return
    assert found
    for record in found:
        assert all(block.text for block in record.blocks)
        assert record.blocks or record.notes


@given(LINES, st.sampled_from(["a.txt", "a.md"]))
def test_any_lines_give_records(lines: list[str], source: str) -> None:
    for record in records("\r\n".join(lines), source):
        for text in (record.title, *(block.text for block in record.blocks)):
            assert "\n" not in text
            assert text == text.strip(" \t")


@pytest.mark.parametrize("source", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "*a ",
        "> ",
        "- ",
        "`",
        "&",
        "合",
        "a_",
        "<a",
        "a-",
        "a-\n",
        "a\t",
        "|",
        "date ",
        "\n ",
        "(a) ",
        "![](",
    ],
)
def test_hostile_text_takes_little_time(piece: str, source: str) -> None:
    start = time.process_time()
    assert records(piece * 20_000, source)
    assert time.process_time() - start < 10
