"""Books: the chapters in order, what is not of the text left out, locked books refused."""

import contextlib
import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse.epub import read_epub
from kit.parse.record import Block, Dated, Options, Record, UnreadableError

EXAMPLES = int(os.environ.get("READOUT_EXAMPLES", "200"))
HOSTILE = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
META = (
    "<dc:title>Собрание речей</dc:title><dc:creator>A</dc:creator><dc:creator>B</dc:creator>"
    "<dc:language>ru</dc:language><dc:publisher>P</dc:publisher>"
    '<dc:date opf:event="modification">2026-01-01</dc:date>'
    '<dc:date opf:event="publication">2025-01-26</dc:date>'
)
DTD = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11.dtd">'


def page(body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{DTD}<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


def book(
    *chapters: str | bytes | None, meta: str = META, items: str = "", spine: str = "", **more: str
) -> bytes:
    file = io.BytesIO()
    manifest = "".join(
        f'<item id="c{i}" href="text/part%20{i}.xhtml" media-type="application/xhtml+xml"/>'
        for i in range(len(chapters))
    )
    order = spine or "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    with zipfile.ZipFile(file, "w") as z:
        z.writestr("mimetype", "application/epub+zip")
        z.writestr("META-INF/container.xml", CONTAINER)
        z.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{meta}</metadata>'
            f"<manifest>{manifest}{items}</manifest><spine>{order}</spine></package>",
        )
        for i, chapter in enumerate(chapters):
            if chapter is not None:
                z.writestr(f"OEBPS/text/part {i}.xhtml", chapter)
        for name, data in more.items():
            z.writestr(name.replace("__", "/") + ".xml", data)
    return file.getvalue()


def of_epub(data: bytes) -> Record:
    (record,) = read_epub(io.BytesIO(data), "a.epub", Options())
    assert isinstance(record, Record)
    return record


def texts(record: Record) -> list[str]:
    return [block.text for block in record.blocks]


FULL = book(
    page(
        "<h1>Собрание речей</h1><p>A&nbsp;b&mdash;c &amp; d<br/>e <em>f</em><script>x</script></p>"
        "<ul><li>One</li><li><p>Two</p></li></ul><blockquote><p>Said so.</p></blockquote>"
        "<table><tr><th>Year</th><th>Trade</th></tr><tr><td>2023</td><td><p>240</p></td></tr>"
        "<tr><td>A frame.</td></tr></table>"
    ),
    page(
        '<h2>第二章</h2><div>loose <p>para<a epub:type="noteref">1</a></p> tail</div>'
        '<aside epub:type="footnote"><p>A note.</p></aside><span epub:type="pagebreak">12</span>'
        "<p hidden=''>off</p><ruby>中<rt>zhong</rt></ruby>"
    ),
)


def test_structure_and_metadata() -> None:
    record = of_epub(FULL)
    assert record.title == "Собрание речей"
    assert record.blocks == (
        Block("A\xa0b—c & d\ne f"),
        Block("One", "item"),
        Block("Two", "item"),
        Block("Said so.", "quotation"),
        Block("Year\tTrade", "row"),
        Block("2023\t240", "row"),
        Block("A frame."),
        Block("第二章", "heading"),
        Block("loose"),
        Block("para"),
        Block("tail"),
        Block("中"),
        Block("A note."),
    )
    assert (record.author, record.language, record.publisher) == ("A; B", "ru", "P")
    assert record.dates == (Dated("2025-01-26", "page metadata"),)
    assert record.notes == ("footnotes or endnotes put at the end: 1",)


def test_order_of_the_spine_without_the_contents_page() -> None:
    data = book(
        page("<p>zero</p>"),
        page("<p>one</p>"),
        page("<p>two</p>"),
        items='<item id="n" href="text/part%200.xhtml" properties="nav" '
        'media-type="application/xhtml+xml"/><item id="i" href="a.png" media-type="image/png"/>',
        spine='<itemref idref="n"/><itemref idref="c2"/><itemref idref="i"/><itemref idref="c1"/>'
        '<itemref idref="c2"/><itemref idref="c0" linear="no"/><itemref idref="none"/>',
    )
    assert texts(of_epub(data)) == ["two", "one"]


@pytest.mark.parametrize(
    "chapter",
    [
        "<html><head><title>x</title></head><body><p>Тест<p>&copy; two</body>",  # no XML
        page("<p>Тест</p><p>&copy; two</p>").encode("utf-16"),
        page("<p>Тест</p><p>&copy; two</p>").replace("utf-8", "cp1251").encode("cp1251", "ignore"),
        page("<p>Тест</p><p>&copy; two</p>").replace("utf-8", "no-such"),
        b"\xef\xbb\xbf" + page("<p>Тест</p><p>&copy; two</p>").encode(),
    ],
)
def test_chapters_in_other_dress(chapter: str | bytes) -> None:
    assert texts(of_epub(book(chapter))) == ["Тест", "© two"]


def test_a_chapter_that_is_missing_or_bad_is_told() -> None:
    record = of_epub(book(page("<p>one</p>"), None, '<!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>'))
    assert texts(record) == ["one"]
    assert "1 of 3 chapters are not in the file" in record.notes
    assert any("entities" in note for note in record.notes)
    with pytest.raises(UnreadableError, match="no chapter"):
        of_epub(book(None, None))


def test_locked_books_are_refused_and_veiled_fonts_are_not() -> None:
    def locked(method: str, uri: str) -> bytes:
        return book(
            page("<p>one</p>"),
            **{
                "META-INF__encryption": '<e><EncryptedData><EncryptionMethod Algorithm="'
                f'{method}"/><CipherData><CipherReference URI="{uri}"/></CipherData>'
                "</EncryptedData></e>"
            },
        )

    with pytest.raises(UnreadableError, match="DRM"):
        of_epub(locked("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/part%200.xhtml"))
    fonts = locked("http://www.idpf.org/2008/embedding", "OEBPS/font.otf")
    assert texts(of_epub(fonts)) == ["one"]


def test_a_book_never_reads_outside_itself() -> None:
    entity = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><html><p>&e;</p></html>'
    with pytest.raises(UnreadableError, match="entities"):
        of_epub(book(entity))
    outside = '<item id="x" href="../../../etc/hostname" media-type="text/html"/>'
    with pytest.raises(UnreadableError, match="no chapter"):
        of_epub(book(items=outside, spine='<itemref idref="x"/>'))


def test_case_53(shared: Path, tmp_path: Path) -> None:
    case = shared / "cases" / "53-zip-and-xml-bombs" / "gen.py"
    subprocess.run([sys.executable, case, tmp_path / "made"], check=True)
    with pytest.raises(UnreadableError, match="not in the file"):
        of_epub((tmp_path / "made" / "slip.epub").read_bytes())
    assert not list(tmp_path.rglob("evil.txt"))


@HOSTILE
@given(
    st.lists(st.tuples(st.integers(0, len(FULL) - 1), st.integers(0, 255)), max_size=20),
    st.integers(0, len(FULL) - 1),
)
def test_damaged_books_give_a_record_or_are_refused(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(FULL)
    for position, value in flips:
        data[position] = value
    with contextlib.suppress(UnreadableError):
        of_epub(bytes(data[: len(data) - (cut if cut % 2 else 0)]))


@HOSTILE
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_chapter(chapter: str | bytes) -> None:
    data = chapter.encode("utf-8", "replace") if isinstance(chapter, str) else chapter
    with contextlib.suppress(UnreadableError):
        of_epub(book(data, page("<p>one</p>")))


@HOSTILE
@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <li> <tr> <td> </td> <table> <br/> <h1> <aside> & &amp; &x; x <!-- --> "
            "<![CDATA[ ]]> <script> <svg> <rt> <blockquote> </div> <pre>".split()
        ),
        max_size=40,
    )
)
def test_any_tags(tags: list[str]) -> None:
    for block in of_epub(book(page(" ".join(tags)), page("<p>last</p>"))).blocks:
        assert block.text.strip()
