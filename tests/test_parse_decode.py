"""Encodings: seen, said or proven; what is uncertain is refused, never read wrongly."""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.parse.decode import Decoded, decode
from kit.parse.record import UnreadableError

RUSSIAN = """Председатель правительства провёл встречу с руководителями крупных промышленных предприятий.
Участники обсудили состояние экономики, развитие транспорта и подготовку молодых специалистов.
По итогам встречи стороны договорились создать рабочую группу, которая представит свои предложения
до конца года. Главы двух государств отметили, что отношения между странами вышли на новый уровень.
За последние три года товарооборот вырос почти вдвое, построен железнодорожный мост. «Мы выступаем
за равноправный диалог», – сказал министр иностранных дел. Он напомнил, что переговоры продолжаются
уже второй месяц, однако окончательного решения пока нет.
"""
FRENCH = """Le président de la République a reçu hier le Premier ministre à l’Élysée. Les deux
responsables ont évoqué la coopération économique, la sécurité européenne et la lutte contre le
réchauffement climatique. « Nous devons bâtir une relation équilibrée », a-t-il déclaré.
"""
GERMAN = """Die Außenminister der beiden Länder führten in München ausführliche Gespräche über die
künftige Zusammenarbeit. Für die Bürger müsse spürbar werden, dass sich die Beziehungen verbessern.
"""
ENGLISH = "The two sides agreed on “practical steps” – it’s the people’s wish – and met again.\n"
CHINESE = (
    "双方同意扩大贸易往来，加强经济合作。两国人民的友谊不断发展，中国政府坚持和平发展的道路。\n"
)
TRADITIONAL = (
    "雙方同意擴大貿易往來，加強經濟合作。兩國人民的友誼不斷發展，政府會堅持和平發展的道路。\n"
)
# not read, so that each must be refused: Polish, Czech, Greek, Turkish, Japanese, Korean, Arabic
OTHERS = [
    ("Prezydent podkreślił, że współpraca między państwami będzie się rozwijać również.", "cp1250"),
    ("Prezydent podkreślił, że współpraca między państwami będzie się rozwijać również.", "iso8859-2"),
    ("Předseda vlády řekl, že se vztahy mezi oběma zeměmi dále příznivě vyvíjejí a prohlubují.", "cp1250"),
    ("Ο πρόεδρος της κυβέρνησης συναντήθηκε με τον υπουργό εξωτερικών και συζήτησαν.", "cp1253"),
    ("Cumhurbaşkanı iki ülke arasındaki ilişkilerin gelişmesinden duyduğu memnuniyeti belirtti.", "cp1254"),
    ("両国の首脳は経済協力と安全保障について話し合い、今後も対話を続けることで一致した。", "cp932"),
    ("両国の首脳は経済協力と安全保障について話し合い、今後も対話を続けることで一致した。", "euc-jp"),
    ("양국 정상은 경제 협력과 안보 문제를 논의하고 앞으로도 대화를 계속하기로 합의했다.", "cp949"),
    ("أكد الرئيس أن التعاون بين البلدين سيستمر في المستقبل وأن العلاقات جيدة.", "cp1256"),
    ("Le président a évoqué la coopération économique à l’étranger et à Genève.", "mac-roman"),
    ("Le président a évoqué la coopération économique à Genève, où il était déjà.", "cp850"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN.replace("–", "-").replace("«", '"').replace("»", '"'), "koi8-r", "koi8-r"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "utf-16-be", "utf-16-be"),
        (FRENCH, "cp1252", "cp1252"),
        (GERMAN, "cp1252", "cp1252"),
        (ENGLISH, "cp1252", "cp1252"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        ("Said “on a Chinese system” and—so—on, it’s so.", "gbk", "gb18030"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
    ],
)
def test_a_text_is_guessed(text: str, encoding: str, named: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, named, "guessed")


@pytest.mark.parametrize(("text", "encoding"), OTHERS)
def test_what_is_not_read_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(UnreadableError, match="encoding uncertain"):
        decode(text.encode(encoding))
    assert decode(text.encode(encoding), encoding).text == text


@pytest.mark.parametrize("length", [1, 4, 8, 12, 18])
def test_a_few_bytes_are_never_guessed(length: int) -> None:
    for text, encoding in ((CHINESE, "gbk"), (RUSSIAN, "cp1251"), ("été à là ", "cp1252")):
        with pytest.raises(UnreadableError, match="encoding uncertain"):
            decode(text.encode(encoding)[:length])


def test_case_of_gb18030(shared: Path) -> None:
    folder = shared / "cases/01-gb18030"
    found = decode((folder / "a.txt").read_bytes())
    assert found == Decoded((folder / "a.utf8.txt").read_text("utf-8"), "gb18030", "guessed")
    short = (folder / "short.txt").read_bytes()
    with pytest.raises(UnreadableError, match="encoding uncertain"):
        decode(short)
    assert decode(short, "GB2312") == Decoded("合作共赢", "gb18030", "declared")


def test_pieces_of_real_reports_are_read_rightly_or_refused(shared: Path) -> None:
    path = shared / "corpora/work-reports-zh.jsonl"
    reports = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    chance = random.Random(0)
    refused = 0
    for size in (20, 50, 100, 200, 1000, 5000) * 30:
        report = chance.choice(reports)
        start = chance.randrange(len(report) - size)
        data = report[start : start + size].encode("gb18030")[:size]
        text = data.decode("gb18030", "ignore")
        data = text.encode("gb18030")
        try:
            assert decode(data).text == text
        except UnreadableError:
            refused += 1
            assert size <= 100
    assert refused < 30


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_wins_over_what_is_declared(mark: str) -> None:
    found = decode(CHINESE.encode(mark), "cp1252")
    assert (found.text, found.how) == (CHINESE, "BOM")
    assert "declared as 'cp1252'" in found.notes[0]


def test_a_mark_for_big_endian() -> None:
    assert decode(b"\xfe\xff" + RUSSIAN.encode("utf-16-be")) == Decoded(RUSSIAN, "utf-16-be", "BOM")
    assert decode(b"\xef\xbb\xbf") == Decoded("", "utf-8", "BOM")


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", '"gb2312"', " GB2312 "])
def test_narrow_names_are_read_as_their_superset(declared: str) -> None:
    # 镕 is in GBK alone
    found = decode("朱镕基总理".encode("gbk"), declared)
    assert found == Decoded("朱镕基总理", "gb18030", "declared")


def test_declared_latin_1_has_the_marks_of_windows() -> None:
    assert decode(b"it\x92s", "ISO-8859-1") == Decoded("it’s", "cp1252", "declared")


def test_what_is_declared_wins_over_valid_utf_8_and_this_is_told() -> None:
    found = decode("été".encode(), "cp1252")
    assert (found.text, found.how) == ("Ã©tÃ©", "declared")
    assert found.notes == ("read as declared, cp1252; the bytes are also valid UTF-8",)


@pytest.mark.parametrize(
    "declared", ["no-such", "rot13", "hex", "idna", "utf-7", "a\0b", "unicode_escape", "я" * 99]
)
def test_a_name_that_is_no_encoding_is_told(declared: str) -> None:
    found = decode("Договор".encode(), declared)
    assert (found.text, found.how) == ("Договор", "UTF-8")
    assert "is not known" in found.notes[0]


def test_a_declaration_that_does_not_fit_is_told() -> None:
    found = decode(RUSSIAN.encode("cp1251"), "utf-8")
    assert (found.text, found.encoding, found.how) == (RUSSIAN, "cp1251", "guessed")
    assert found.notes == ("declared as utf-8, which does not fit the bytes",)


def test_utf_8_with_a_few_stray_bytes() -> None:
    good = RUSSIAN.encode()
    data = good + b"\xff" + good + b" \x92 " + good
    found = decode(data)
    assert (found.text.count("\ufffd"), found.how) == (2, "UTF-8")
    assert found.notes == (
        f"2 places not valid utf-8, shown as \ufffd; the first at byte {len(good):,}",
    )
    with pytest.raises(UnreadableError):
        decode("договор ".encode() * 5 + b"\xff" * 5)


def test_utf_8_that_was_cut_off() -> None:
    data = CHINESE.encode()
    for end in range(len(data) - 30, len(data)):
        found = decode(data[:end])
        assert found.how == "UTF-8"
        assert data[:end].decode("utf-8", "ignore") == found.text.removesuffix("\ufffd")


def test_a_western_text_with_few_letters_is_not_broken_utf_8() -> None:
    text = "The plan was adopted and published. " * 100 + "It’s the people’s will. " * 2
    assert decode(text.encode("cp1252")) == Decoded(text, "cp1252", "guessed")


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04\x14\x00\x00\x00\x08\x00" * 9]
)
def test_bytes_of_a_program_are_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="no"):
        decode(data)


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "gbk", "utf-16", "shift_jis", "iso2022_jp", "hz", "x"]),
)
def test_any_bytes_are_text_or_refused(data: bytes, declared: str) -> None:
    try:
        found = decode(data, declared)
    except UnreadableError:
        return
    assert isinstance(found.text, str)
    assert found.how in {"BOM", "UTF-8", "declared", "guessed"}


@given(st.text(st.characters(exclude_characters="\ufeff", exclude_categories=["Cs", "Cc"])))
def test_valid_utf_8_is_itself(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8", "UTF-8")


def test_a_large_file_takes_little_time() -> None:
    data = CHINESE.encode("gbk") * 100_000
    start = time.process_time()
    assert decode(data).how == "guessed"
    assert time.process_time() - start < 10
