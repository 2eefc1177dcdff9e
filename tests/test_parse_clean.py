"""Cleaning: what is made plain or taken out, that it is counted, and that the original is found again."""

import re
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.parse.clean import Offsets, clean

ALL = "".join(map(chr, range(sys.maxunicode + 1)))
# what the rules speak of comes up often; any other character now and then
PIECES = st.sampled_from(
    "a e B ﬁ ﬄ Ａ ９ 一 ⼀ 界 к и и\u0306 e\u0301 e\u0301\u0327 \u0301 \u0327 가 \u1100 \u1161 \u11a8"
    " Å \u212b \u0915 \u093c \u094d \u0bc6 \u0bbe \u0e01 \u0645 👩 ❤ \ufe0f".split()
    + list(
        "\r\n\t \x00\x08\x1b\x1f\x7f\x85\x92\x9d\xa0\xad\u200b\u200c\u200d\u200e\u2028\u2029\u202e\u202f"
    )
    + ["\u2060", "\u2066", "\u3000", "\ufeff", "\ud800", "\udc00", "\ufdd0", "\uffff", "\U0001fffe"]
    + ["\r\n", "\x1b[31m", "\x1b[", "\xad\n", "\xad\r\n ", "\U000e0041", "\U000e0100", "\uff0e"]
)
TEXTS = st.lists(PIECES | st.characters(exclude_categories=[])).map("".join)


@pytest.mark.parametrize(
    ("dirty", "plain", "counts"),
    [
        ("a\r\n\r\nb\rc\nd", "a\n\nb\nc\nd", {"line ends": 3}),
        ("a\u2029b\u2028c\x0cd\x0be\x85f", "a\n\nb c d e f", {"line ends": 5}),
        ("co\xadoperation", "cooperation", {"soft hyphens": 1}),
        ("co\xad\n  operation", "cooperation", {"soft hyphens": 1}),
        ("liveli\xad\r\nhood", "livelihood", {"soft hyphens": 1}),
        ("co\u2060op\ufefferation", "cooperation", {"invisible characters": 2}),
        (
            "co\u200boperation 合\u200b作 со\u200bюз",
            "cooperation 合作 союз",
            {"invisible characters": 3},
        ),
        ("ไทย\u200bไทย ក\u200bក", "ไทย\u200bไทย ក\u200bក", {}),
        ("می\u200cخواهم क्\u200dष 👩\u200d💻", "می\u200cخواهم क्\u200dष 👩\u200d💻", {}),
        ("👩\u200d a\u200db c\u200cd", "👩 ab cd", {"invisible characters": 3}),
        ("New\xa0York, New\u202fYork", "New York, New York", {"special blanks": 2}),
        ("\u3000\u3000各位", "  各位", {"special blanks": 2}),
        ("eﬃcient ﬁnance ﬂow aﬀair", "efficient finance flow affair", {"ligatures": 4}),
        ("ＧＤＰ２０２５，", "GDP2025，", {"full-width characters": 7}),
        ("⼀个⼈", "一个人", {"radicals": 2}),
        ("China\x92s \x93plan\x94", "China’s “plan”", {"Windows marks": 3}),
        ("Trade\x1fgrew\x08", "Trade grew ", {"control characters": 2}),
        ("\x1b[31mred\x1b[0m \x1b", "red  ", {"terminal sequences": 2, "control characters": 1}),
        ("a\ud800b\ufffec\U0010ffffd", "abcd", {"surrogates and non-characters": 3}),
        ("a\u202eb\u2066c\u2069\u200f", "abc", {"direction marks": 4}),
        ("cafe\u0301 и\u0306 \u1112\u1161\u11ab", "café й 한", {"composed characters": 3}),
        # a mark that was parted from its letter
        ("e\u200b\u0301", "é", {"invisible characters": 1, "composed characters": 1}),
    ],
)
def test_each_kind_is_made_plain_and_counted(
    dirty: str, plain: str, counts: dict[str, int]
) -> None:
    cleaned = clean(dirty)
    assert cleaned.text == plain
    assert cleaned.counts == counts


def test_case_of_invisible_characters(shared: Path) -> None:
    raw = (shared / "cases/04-invisible-characters/a.txt").read_text("utf-8")
    cleaned = clean(raw)
    assert cleaned.text.count("cooperation") == 5
    assert cleaned.text.count("New York") == 3
    assert cleaned.notes == ("made plain or taken out: 1 soft hyphens, 3 invisible characters",)


def test_case_of_control_characters(shared: Path) -> None:
    raw = (shared / "cases/09-control-characters/a.txt").read_bytes().decode()
    assert clean(raw).text.split() == "date 2025-01-26 Trade grew One two red three four.".split()


def test_what_is_clean_is_left_alone() -> None:
    text = "Plain – “text”, 各位代表：\n\n\tДоговор é.\n"
    cleaned = clean(text)
    assert cleaned.text is text
    assert (cleaned.counts, cleaned.notes, list(cleaned.offsets)) == ({}, (), [*range(len(text))])


@given(TEXTS)
@example("1\u200b．2")
@example("E\u200d\u200bक")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    again = clean(once.text)
    assert again.text == once.text
    assert again.counts == {}


@given(TEXTS)
def test_nothing_forbidden_is_left(text: str) -> None:
    plain = clean(text).text
    assert unicodedata.is_normalized("NFC", plain)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", plain
    )
    plain.encode()


@given(TEXTS)
def test_every_code_point_is_found_in_the_original(text: str) -> None:
    cleaned = clean(text)
    places = list(cleaned.offsets)
    assert len(places) == len(cleaned.offsets) == len(cleaned.text)
    assert places == [cleaned.offsets[i] for i in range(len(places))]
    assert places == sorted(places)
    for character, place in zip(cleaned.text, places, strict=True):
        origin = text[place]
        if character == origin or character.isspace() or origin in "\x1b\x7f\ufffc" or origin < " ":
            continue
        if origin in "\x80\x8e" or "\x82" <= origin <= "\x9f":
            assert character == origin.encode("latin-1").decode("cp1252")
            continue
        # a letter stems from itself in another form, or from the mark that was composed into it
        parts = unicodedata.normalize("NFKD", character)
        nearby = unicodedata.normalize("NFKD", text[max(0, place - 20) : place + 20])
        assert set(parts) <= set(nearby)


def test_no_letter_is_lost() -> None:
    letters = "".join(
        c for c in ALL if unicodedata.category(c)[0] in "LN" and c not in "\u3164\uffa0"
    )
    plain = unicodedata.normalize("NFKC", clean(letters).text)
    assert plain == unicodedata.normalize("NFKC", letters)


def test_nfc_by_pieces_is_nfc() -> None:
    assigned = "".join(c for c in ALL if unicodedata.category(c) not in {"Cn", "Cs", "Co"})
    for text in (assigned, assigned[::-1], unicodedata.normalize("NFD", assigned)):
        assert unicodedata.is_normalized("NFC", clean(text).text)


def test_offsets_refuse_a_place_outside() -> None:
    for index in (-1, 3):
        with pytest.raises(IndexError):
            Offsets(3)[index]
    with pytest.raises(IndexError):
        clean("\xad").offsets[0]


@pytest.mark.parametrize("piece", ["Plain text. ", "Договор. ", "各位代表："])
def test_clean_text_is_passed_on_fast(piece: str) -> None:
    text = piece * 100_000
    clean(text)
    start = time.process_time()
    clean(text)
    # of this process alone and a tenth of what was measured: a busy machine does not fail it
    assert len(text.encode()) / (time.process_time() - start) > 10e6


def test_hostile_text_takes_linear_time() -> None:
    start = time.process_time()
    for piece in ("\xad \t", "\x1b[", "\u0301", "\u200d\u200b", "e\u0301\r", "\u1100\u1161"):
        clean(piece * 50_000)
    assert time.process_time() - start < 10
