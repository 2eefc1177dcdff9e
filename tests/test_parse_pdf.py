"""PDF: lines back to paragraphs, what stands on every page left out, scans and locks told apart."""

import contextlib
import datetime as dt
import importlib.resources
import io
import os
import random
import time
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse.pdf import read_pdf
from kit.parse.record import Block, Dated, Options, Record, UnreadableError

EXAMPLES = int(os.environ.get("READOUT_EXAMPLES", "200"))
HOSTILE = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EN = (
    "The two sides will deepen their cooperation on a win-win basis and raise the livelihood of all "
    "people, notwithstanding the internationally complicated circumstances that they are facing."
)
ZH = "中俄两国元首继续引领双边关系迈向新高度，双方将在互利共赢的基础上深化务实合作，维护国际公平正义。"
RU = (
    "Стороны намерены углублять взаимовыгодное сотрудничество и способствовать становлению "
    "многополярного мира на основе общепризнанных принципов международного права."
)


@cache
def typeset(source: str) -> bytes:
    fonts = [str(importlib.resources.files("pylopdf_fonts_zh_cn"))]
    return bytes(typst.compile(source.encode(), font_paths=fonts))


def of_pdf(data: bytes) -> Record:
    (record,) = read_pdf(io.BytesIO(data), "a.pdf", Options())
    assert isinstance(record, Record)
    return record


def texts(record: Record) -> list[str]:
    return [block.text for block in record.blocks]


def numbered(text: str, count: int, times: int = 3) -> list[str]:
    """Paragraphs of the words of a text in ever new order, so that no two lines are the same."""
    order = random.Random(7)

    def sentence() -> str:
        parts = list(text[:-1]) if "，" in text else text[:-1].lower().replace(",", "").split()
        order.shuffle(parts)
        return "".join(parts) + "。" if "，" in text else " ".join(parts).capitalize() + "."

    joint = "" if "，" in text else " "
    return [
        f"{1000 + i * i}. " + joint.join(sentence() for _ in range(times)) for i in range(count)
    ]


def raw_pdf(*pages: str, info: str = "", resources: str = "", page: str = "") -> bytes:
    """A PDF by hand: each page a stream of operators in Helvetica, /F1."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for stream in pages:
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R {page} "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
            f"{resources} >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if info:
        objects.append(info)
        info = f"/Info {len(objects)} 0 R"
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {info} >>\n".encode("latin-1")
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def line(text: str, x: int, y: int, size: int = 11) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


# ---- paragraphs


@pytest.mark.parametrize("justify", ["true", "false"])
@pytest.mark.parametrize("indent", ["0em", "1.5em"])
@pytest.mark.parametrize(
    ("text", "set_text"),
    [
        (EN, 'lang: "en"'),
        (RU, 'lang: "ru"'),
        (ZH, 'lang: "zh", font: "Noto Serif SC"'),
    ],
)
def test_paragraphs_of_three_languages_over_pages(
    text: str, set_text: str, indent: str, justify: str
) -> None:
    written = numbered(text, 12)
    spacing = "0.65em" if indent != "0em" else "1.2em"
    record = of_pdf(
        typeset(
            f'#set page(paper: "a5", numbering: "1")\n#set text({set_text}, hyphenate: true)\n'
            f"#set par(justify: {justify}, first-line-indent: (amount: {indent}, all: true), "
            f"spacing: {spacing})\n" + "\n\n".join(w.replace(".", "\\.", 1) for w in written)
        )
    )
    assert texts(record) == written


def test_structure() -> None:
    record = of_pdf(
        typeset(
            '#set document(title: "Joint statement", author: "MFA", '
            "date: datetime(year: 2025, month: 1, day: 26))\n"
            '#set page(paper: "a5", header: [Daily report], footer: context '
            '[Page #counter(page).display("1 of 1", both: true)])\n#set text(lang: "en")\n'
            f"#text(size: 18pt)[Joint statement]\n\n{EN} {EN} #footnote[A small note.] {EN}\n\n{EN}\n"
            "== Second part\n- open markets\n- build roads\n- train people\n\n"
            "#table(columns: 2, [Year], [Trade], [2023], [240], [2024], [245])\n"
            f"#pagebreak()\n{EN}\n#pagebreak()\n{EN}"
        )
    )
    assert (record.title, record.author, record.language) == ("Joint statement", "MFA", "en")
    assert record.blocks == (
        Block(f"{EN} {EN} {EN}"),
        Block(EN),
        Block("Second part", "heading"),
        Block("open markets", "item"),
        Block("build roads", "item"),
        Block("train people", "item"),
        Block("Year\tTrade", "row"),
        Block("2023\t240", "row"),
        Block("2024\t245", "row"),
        Block(EN),
        Block(EN),
        Block("A small note."),
    )
    assert record.dates == (Dated("2025-01-26", "file made"),)
    assert "headers, footers and page numbers left out: 6" in record.notes
    assert "the file was made on 2025-01-26: that is no date of publication" in record.notes


def test_two_columns_of_running_text() -> None:
    written = numbered(EN, 14, 4)
    record = of_pdf(
        typeset(
            '#set page(paper: "a4", columns: 2)\n#set text(lang: "en")\n#set par(justify: true)\n'
            '#place(top, scope: "parent", float: true, text(size: 18pt)[Communique])\n'
            + "\n\n".join(w.replace(".", "\\.", 1) for w in written)
        )
    )
    assert record.title == "Communique"
    assert texts(record) == written
    assert "pages with two columns: 2" in record.notes


def test_columns_that_were_written_line_by_line() -> None:
    one = [f"the left hand column has its line {chr(97 + i)}" for i in range(8)]
    two = [f"the right hand column has line {chr(97 + i)}" for i in range(8)]
    lines = [
        line(a, 60, 700 - 14 * i) + line(b, 320, 700 - 14 * i)
        for i, (a, b) in enumerate(zip(one, two, strict=True))
    ]
    assert " ".join(texts(of_pdf(raw_pdf("\n".join(lines))))) == " ".join(one + two)


def test_words_broken_over_lines_follow_the_text_itself() -> None:
    lines = [
        "The two sides will deepen their co-",
        "operation on a win-",
        "win basis and raise the liveli-",
    ]
    lines += [
        "hood of all, in a long-",
        "term way by the China-",
        "Russia treaty of 2013-",
        "2025 or so.",
    ]
    stream = "\n".join(line(text, 60, 700 - 14 * i) for i, text in enumerate(lines))
    (paragraph,) = texts(of_pdf(raw_pdf(stream)))
    assert paragraph == (
        "The two sides will deepen their cooperation on a win-win basis and raise the livelihood of "
        "all, in a long-term way by the China-Russia treaty of 2013-2025 or so."
    )
    # where the text itself writes co-operation, so does the joined word
    stream += line("Their co-operation is good.", 60, 500)
    assert "their co-operation on" in texts(of_pdf(raw_pdf(stream)))[0]


def test_a_latin_word_broken_in_a_chinese_text() -> None:
    source = (
        '#set page(width: 200pt)\n#set text(lang: "zh", font: "Noto Serif SC")\n'
        f"{ZH}multilateral-\\\nism{ZH}{ZH}"
    )
    assert texts(of_pdf(typeset(source))) == [f"{ZH} multilateralism {ZH}{ZH}"]


def test_headers_go_and_repeated_prose_stays() -> None:
    pages = [
        line("Ministry of Trade", 60, 810)
        + line(f"- {n} -", 280, 20)
        + "".join(line(f"In {2000 + 7 * n * n} trade was good", 60, 740 - 14 * i) for i in range(3))
        for n in range(1, 5)
    ]
    record = of_pdf(raw_pdf(*pages))
    assert "headers, footers and page numbers left out: 8" in record.notes
    assert sum(t.count("trade was good") for t in texts(record)) == 12


def test_items_go_on_and_a_table_of_contents_is_left_out() -> None:
    stream = line("Opening . . . . . . . . . . . . . 3", 60, 740)
    stream += line(
        "The meeting decided on a number of matters that are listed below here.", 60, 700
    )
    stream += line("-", 60, 686, 8) + line(
        "to open the markets of the two countries as wide as", 80, 686
    )
    stream += line("can be,", 80, 672) + line("-", 60, 658, 8) + line("to build roads.", 80, 658)
    record = of_pdf(raw_pdf(stream))
    assert record.blocks[1:] == (
        Block("to open the markets of the two countries as wide as can be,", "item"),
        Block("to build roads.", "item"),
    )
    assert "lines of a table of contents left out: 1" in record.notes


def test_a_page_on_its_side() -> None:
    turned = "\n".join(
        f"BT /F1 11 Tf 0 1 -1 0 {100 + 14 * i} 60 Tm ({text}) Tj ET"
        for i, text in enumerate(["The first line of a turned page,", "then the second one."])
    )
    assert texts(of_pdf(raw_pdf(turned))) == [
        "The first line of a turned page, then the second one."
    ]
    assert texts(of_pdf(raw_pdf(turned, page="/Rotate 90"))) == [
        "The first line of a turned page, then the second one."
    ]


def test_a_mark_across_the_page_is_left_out() -> None:
    stream = line("The text of the page stands here.", 60, 700)
    stream += "BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 200 Tm (DRAFT) Tj ET"
    record = of_pdf(raw_pdf(stream))
    assert texts(record) == ["The text of the page stands here."]
    assert "letters that are turned on the page left out: 5" in record.notes


def test_titles() -> None:
    stream = line("Large", 60, 740, 20) + line(
        "Text of the page that says Joint statement.", 60, 700
    )
    stream += line("It has a second line of about the same length.", 60, 686)
    assert of_pdf(raw_pdf(stream)).title == "Large"
    assert of_pdf(raw_pdf(stream, info="<< /Title (Not there) >>")).title == "Large"
    assert of_pdf(raw_pdf(stream, info="<< /Title (Joint statement) >>")).title == (
        "Joint statement"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("D:20250126120000+08'00'", "2025-01-26"),
        ("D:2025", "2025-01-01"),
        ("D:20259999", ""),
        ("x", ""),
    ],
)
def test_the_day_of_making(written: str, expected: str) -> None:
    record = of_pdf(
        raw_pdf(
            line("Text of a page, long enough.", 60, 700),
            info=f"<< /CreationDate ({written}) >>",
        )
    )
    assert [d.written for d in record.dates] == ([expected] if expected else [])


# ---- what cannot be read


def test_a_scan_says_so() -> None:
    image = "/XObject << /I << /Type /XObject >> >>"
    drawn = "q 500 0 0 700 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"
    record = of_pdf(raw_pdf(drawn, resources=image))
    assert record.blocks == ()
    assert record.notes == ("no text layer: it is a scan (run OCR on it)",)


def test_an_empty_page_is_a_record_without_blocks() -> None:
    record = of_pdf(raw_pdf(""))
    assert record.blocks == ()


def locked() -> bytes:
    """A PDF whose user password is not the empty one."""
    data = raw_pdf(line("secret", 60, 700))
    key = "<" + "ab" * 32 + ">"
    crypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >> /ID [<00> <00>]"
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R " + crypt.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"plain", "not a PDF"),
        (b"%PDF-1.7\n" + b"x" * 50, "end is missing"),
        (raw_pdf(), "without pages"),
        (locked(), "password"),
    ],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as error:
        of_pdf(data)
    assert reason in error.value.reason
    assert error.value.advice


def test_report_of_our_own(tmp_path: Path) -> None:
    """A long text with tables takes well under a second."""
    table = "#table(columns: 3, " + ", ".join(f"[cell {i}]" for i in range(600)) + ")"
    data = typeset(f'#set page(numbering: "1")\n= Report\n{table}\n\n' + "\n\n".join([EN] * 200))
    started = time.perf_counter()
    record = of_pdf(data)
    assert time.perf_counter() - started < 3
    assert texts(record)[0] == "cell 0\tcell 1\tcell 2"
    assert texts(record)[-1] == EN


# ---- properties

GOOD = raw_pdf(
    line("Large", 60, 740, 20) + line("Text of the first page that goes on", 60, 700),
    line("and ends here.", 60, 700),
    info="<< /Title (Large) /CreationDate (D:20250126) >>",
)
SET = typeset("#set page(width: 200pt, height: 200pt)\n= Title\n" + EN)


@HOSTILE
@given(
    st.sampled_from([GOOD, SET]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=20),
    st.one_of(st.just(0), st.integers(0, 10**6)),
)
def test_damaged_files_give_a_record_or_are_refused(
    good: bytes, flips: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(good)
    for position, value in flips:
        data[position % len(data)] = value
    with contextlib.suppress(UnreadableError):
        of_pdf(bytes(data[: len(data) - cut % len(data)]))


@HOSTILE
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes(data: bytes, is_like: bool) -> None:
    with contextlib.suppress(UnreadableError):
        of_pdf((b"%PDF-1.7\n" if is_like else b"") + data)


@HOSTILE
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["word", "two words", "1", "- item", "co-", "A.", "x" * 60]),
            st.integers(-50, 700),
            st.integers(-50, 900),
            st.integers(0, 40),
        ),
        max_size=60,
    )
)
def test_any_layout_is_read_whole(lines: list[tuple[str, int, int, int]]) -> None:
    record = of_pdf(raw_pdf("\n".join(line(*one) for one in lines)))
    assert all(block.text.strip() for block in record.blocks)


def test_pypdfium2_is_the_version_that_was_measured() -> None:
    assert int(pypdfium2.version.PYPDFIUM_INFO.major) >= 5
