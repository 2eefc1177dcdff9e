"""Rich Text Format: letters of every code page, structure, what is hidden, and damaged files."""

import contextlib
import datetime as dt
import io
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse import rtf
from kit.parse.record import Block, Dated, Options, Record, UnreadableError

EXAMPLES = int(os.environ.get("READOUT_EXAMPLES", "200"))
HOSTILE = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FULL = rb"""{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fcharset204{\*\panose 02}Times;}{\f2\fcharset2 Sym;}}
{\colortbl;\red0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 My style;}{\s2 Title;}{\s3 Quote;}
{\s4 toc 1;}{\*\cs9 Strong;}}{\info{\title Talks}{\author \'c8\'e2\'e0\'ed}{\operator Z}
{\creatim\yr2025\mo1\dy26\hr9}}{\header HEAD}{\footer FOOT}\pard\s2 Talks were held\par
\pard\s4 One\tab 3\par\pard\s1 One\par\pard\plain Body {\v secret}text{\footnote \pard\plain{\chftn} A
 note.} goes{\deleted  gone} on.\line Next.\par{\pntext\f2\'b7\tab}Item\par\pard\ls2 Second\par
\pard\s3 Quoted\par\trowd\intbl Year\cell Trade\cell\row\trowd\pard\intbl 2023\cell a\par b\cell\row
\trowd\pard\intbl A frame.\cell\row\pard Last
{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt \pard In a box\par}}{\shprslt no}}\par{\pict\bin5 }}{{{}
tail\par}"""


def of_rtf(data: bytes) -> Record:
    (record,) = rtf.read_rtf(io.BytesIO(data), "a.rtf", Options())
    assert isinstance(record, Record)
    return record


def text(inner: bytes) -> str:
    record = of_rtf(b"{\\rtf1\\ansi " + inner + b"}")
    return "\n".join(block.text for block in record.blocks)


def test_structure() -> None:
    record = of_rtf(FULL)
    assert record.title == "Talks were held"
    assert [(" ".join(b.text.split()), b.kind) for b in record.blocks] == [
        ("One", "heading"),
        ("Body text goes on. Next.", "body"),
        ("Item", "item"),
        ("Second", "item"),
        ("Quoted", "quotation"),
        ("Year Trade", "row"),
        ("2023 a b", "row"),
        ("A frame.", "body"),
        ("In a box", "body"),
        ("Last", "body"),
        ("tail", "body"),
        ("A note.", "body"),
    ]
    assert Block("2023\ta b", "row") in record.blocks
    assert record.author == "Иван"
    assert record.dates == (Dated("2025-01-26", "file made"),)
    assert "lines of a table of contents left out: 1" in record.notes


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (rb"\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (rb"\ansicpg1252{\fonttbl{\f0\fcharset204 A;}}\f0\'cf\'f0", "Пр"),
        (rb"\ansicpg1252{\fonttbl{\f0 A;}{\f1\fcharset134 S;}}\f1\'d6\'d0\f0  caf\'e9", "中 café"),
        (rb"{\fonttbl{\f0\fcharset134 S;}}\f0\'81A\'81\'40", "丄丂"),  # second byte as ASCII
        (rb"{\fonttbl{\f0\fcharset136 S;}}\f0\'a4\'a4\'b0\'ea", "中國"),
        (b"{\\fonttbl{\\f0\\fcharset134 S;}}\\f0 " + "中国".encode("gbk"), "中国"),  # raw bytes
        (rb"\ansicpg936\deff0{\fonttbl{\f0\fcharset134 S;}{\f1 A;}}{\f1 A}{\f0\'d6\'d0}", "A中"),
        (rb"{\fonttbl{\f0\cpg1251 A;}}\f0\'cf", "П"),
        (rb"\uc1 \u20013?\u22269?", "中国"),
        (rb"\uc2 \u20013\'d6\'d0\u22269\'b9\'fa", "中国"),
        (rb"\uc0 \u20013\u22269 x", "中国x"),
        (rb"\uc1 \u8220\ldblquote A\u8221\rdblquote .", "“A”."),
        (rb"\uc1 \u-10179?\u-8704?", "😀"),
        (rb"{\uc0 \u20013}\u22269?!", "中国!"),
        (
            rb"\lquote a\rquote\emdash b\endash c\bullet\~d\-e\_f \{g\}\\",
            "‘a’—b–c•\xa0d\xade‑f {g}\\",
        ),
        (rb"a {\field{\*\fldinst HYPERLINK {\b x}}{\fldrslt the page}} b", "a the page b"),
        (rb"a{\*\unknown{\rtf b}c}d", "ad"),
        (rb"{\upr{x}{\*\ud y}}z", "yz"),
        (rb"one \par two\sect three", "one \ntwo\nthree"),
        (b"a\\\r\nb", "a\nb"),
        (rb"{\xe{\v z}}a{\v b\v0 c}\v d\plain e", "ace"),
        (rb"{\*\shpinst{\header x}}y", "y"),
        (rb"a\bin3 }}}b", "ab"),
        (rb"{\pict 0102ff{\*\picprop}}x", "x"),
    ],
)
def test_letters(inner: bytes, expected: str) -> None:
    assert text(inner) == expected


def test_bytes_outside_the_encoding_are_counted() -> None:
    record = of_rtf(rb"{\rtf1\ansi\ansicpg1252 a\'81b}")
    assert record.notes == ("characters that could not be decoded: 1",)


def test_a_file_that_is_cut_off_says_so() -> None:
    record = of_rtf(rb"{\rtf1 One.\par Tw")
    assert [b.text for b in record.blocks] == ["One.", "Tw"]
    assert record.notes == ("the file ends before its text does: it may be cut off",)
    assert of_rtf(rb"{\rtf1 One.\par} after").notes == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not an RTF"),
        (b"plain text", "not an RTF"),
        (b"PK\x03\x04", "docx"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1" + b"{" * 5_000, "deep"),
    ],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as error:
        of_rtf(data)
    assert reason in error.value.reason


def test_words_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtf, "TOKENS", 100)
    with pytest.raises(UnreadableError, match="control words"):
        of_rtf(b"{\\rtf1" + b"\\b" * 200)


@pytest.mark.parametrize(
    "piece", [b"{}", b"\\b x", b"\\u20013\\'d6\\'d0", b"\\cell ", b"{\\footnote "]
)
def test_time_grows_with_length_only(piece: bytes) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        with contextlib.suppress(UnreadableError):
            of_rtf(b"{\\rtf1 " + piece * count)
        return time.process_time() - started

    assert seconds(100_000) < 40 * max(seconds(10_000), 0.01)


# ---- properties


@HOSTILE
@given(
    st.lists(st.tuples(st.integers(0, len(FULL) - 1), st.integers(0, 255)), max_size=30),
    st.integers(0, 900),
)
def test_damaged_files_give_a_record_or_are_refused(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(FULL)
    for position, value in flips:
        data[position] = value
    with contextlib.suppress(UnreadableError):
        for block in of_rtf(bytes(data[: len(data) - cut])).blocks:
            block.text.encode()


WORDS = st.sampled_from(
    r"{ } \par \cell \row \u-10179 \u55357 \u99999999 \uc3 \uc-1 \'81 \'d6 \f1 \f9 \s1 \v \v0 \* \intbl "
    r"\pard \footnote \shptxt \info \title \upr \ud \fonttbl \fcharset134 \stylesheet \bin9 \bin-9 "
    r"\yr99999 \mo0 \creatim \ls1 \outlinelevel0 \pntext \ansicpg936 \ansicpg0 \ansicpg37 text ; \\".split()
)


@HOSTILE
@given(st.lists(WORDS, max_size=60))
def test_any_words_are_read(words: list[str]) -> None:
    for block in of_rtf(("{\\rtf1" + " ".join(words)).encode()).blocks:
        block.text.encode()  # no half of a pair


@HOSTILE
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes(data: bytes, is_like: bool) -> None:
    with contextlib.suppress(UnreadableError):
        of_rtf((b"{\\rtf1" if is_like else b"") + data)


@HOSTILE
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_every_letter_comes_back(written: str) -> None:
    units = written.encode("utf-16-le")
    numbers = (int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    body = "".join(f"\\u{n - 65536 if n > 32767 else n}?" for n in numbers)
    found = "".join(b.text for b in of_rtf(f"{{\\rtf1\\uc1 {body}}}".encode()).blocks)
    assert found == (written if written.strip() else "")
