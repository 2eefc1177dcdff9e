"""Word and OpenDocument: what a reader of the final text sees, and nothing that a bomb hides."""

import contextlib
import datetime as dt
import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse import xmlsafe
from kit.parse.office import read_docx, read_odt
from kit.parse.record import Block, Dated, Options, Record, UnreadableError

EXAMPLES = int(os.environ.get("READOUT_EXAMPLES", "200"))
HOSTILE = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def zipped(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return file.getvalue()


def word(body: str, *, styles: str = "", notes: str = "", core: str = "") -> bytes:
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{R}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(
            [("styles", "styles.xml"), ("footnotes", "/word/footnotes.xml")]
        )
    )
    opc = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{opc}"><Relationship Id="a" '
            f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{opc}">{relations}'
            "</Relationships>",
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {NAMES}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {NAMES}>{notes}</w:footnotes>",
            "docProps/core.xml": f'<c xmlns:dc="dc" xmlns:dcterms="t">{core}</c>',
        }
    )


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def of_word(data: bytes) -> Record:
    (record,) = read_docx(io.BytesIO(data), "a.docx", Options())
    assert isinstance(record, Record)
    return record


def of_odt(data: bytes) -> Record:
    (record,) = read_odt(io.BytesIO(data), "a.odt", Options())
    assert isinstance(record, Record)
    return record


def texts(record: Record) -> list[str]:
    return [" ".join(block.text.split()) for block in record.blocks]


# ---- Word


def full_word() -> bytes:
    document = docx.Document()
    core = document.core_properties
    core.title, core.author, core.created = "Talks", "MFA", dt.datetime(2025, 1, 26)
    document.add_heading("Talks", 0)
    document.add_heading("Общая часть", 1)
    document.add_paragraph("One\ttwo\nthree.")
    document.add_paragraph("深化务实合作", "List Bullet")
    document.add_paragraph("Second", "List Number")
    document.add_paragraph("Said so.", "Quote")
    table = document.add_table(2, 2)
    for i, text in enumerate(("Year", "Trade", "2023", "240")):
        table.cell(i // 2, i % 2).text = text
    document.sections[0].header.paragraphs[0].text = "HEADER"
    document.sections[0].footer.paragraphs[0].text = "FOOTER"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_word_structure() -> None:
    record = of_word(full_word())
    assert record.title == "Talks"
    assert record.blocks == (
        Block("Общая часть", "heading"),
        Block("One\ttwo\nthree."),
        Block("深化务实合作", "item"),
        Block("Second", "item"),
        Block("Said so.", "quotation"),
        Block("Year\tTrade", "row"),
        Block("2023\t240", "row"),
    )
    assert record.author == "MFA"
    assert record.dates == (Dated("2025-01-26T00:00:00Z", "file made"),)
    assert "the file was made on 2025-01-26: that is no date of publication" in record.notes


def test_the_date_of_the_template_is_no_date() -> None:
    file = io.BytesIO()
    docx.Document().save(file)
    assert of_word(file.getvalue()).dates == ()


def test_headings_by_outline_level_whatever_the_style_is_called() -> None:
    styles = (
        '<w:style w:styleId="a1"><w:name w:val="Мой стиль"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="标题样式"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
        '</w:style><w:style w:styleId="l1"><w:name w:val="x"/><w:basedOn w:val="l2"/></w:style>'
        '<w:style w:styleId="l2"><w:name w:val="y"/><w:basedOn w:val="l1"/></w:style>'
    )
    body = (
        p("text")
        + p("by style", '<w:pStyle w:val="a1"/>')
        + p("by itself", '<w:outlineLvl w:val="0"/>')
        + p("body after all", '<w:pStyle w:val="a1"/><w:outlineLvl w:val="9"/>')
        + p("circle", '<w:pStyle w:val="l1"/>')
        + p("item", '<w:numPr><w:numId w:val="3"/></w:numPr>')
        + p("no item", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    kinds = [b.kind for b in of_word(word(body, styles=styles)).blocks]
    assert kinds == ["body", "heading", "heading", "body", "body", "item", "body"]


def test_changes_fields_hidden_text_and_comments() -> None:
    body = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>new </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved </w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret </w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>open </w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE x</w:instrText></w:r>'
        "<w:r><w:t>code</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>result</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
        "<w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink>"
        "<w:ruby><w:rt><w:r><w:t>zhong</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>中</w:t></w:r>"
        "</w:rubyBase></w:ruby></w:p>"
    )
    assert texts(of_word(word(body))) == ["Kept new open result link中"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = p("One ", "<w:rPr><w:del/></w:rPr>") + p("two") + p("last", "<w:rPr><w:del/></w:rPr>")
    assert texts(of_word(word(body))) == ["One two", "last"]


def test_footnotes_stand_at_the_end() -> None:
    notes = (
        f'<w:footnote w:type="separator">{p("---")}</w:footnote>'
        f'<w:footnote w:id="2">{p("A note.")}</w:footnote>'
    )
    record = of_word(word(p("Text") + p("More"), notes=notes))
    assert texts(record) == ["Text", "More", "A note."]
    assert "footnotes or endnotes put at the end: 1" in record.notes


def test_text_boxes_once_and_framed_text() -> None:
    box = f"<w:txbxContent>{p('in a box')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Around</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx>"
        f"{box}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc>{p('A frame.')}{p('Still.')}</w:tc></w:tr></w:tbl>"
        f"<w:tbl><w:tr><w:tc>{p('a')}<w:tbl><w:tr><w:tc>{p('b')}</w:tc><w:tc>{p('c')}</w:tc></w:tr>"
        f"</w:tbl></w:tc><w:tc>{p('d')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('x')}</w:tc><w:tc>{p('y')}</w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent>{p('In a control')}</w:sdtContent></w:sdt>"
    )
    record = of_word(word(body))
    assert texts(record) == ["Around", "in a box", "A frame.", "Still.", "a b c d", "In a control"]
    assert [b.kind for b in record.blocks] == ["body", "body", "body", "body", "row", "body"]


def test_contents_are_left_out_and_counted() -> None:
    styles = '<w:style w:styleId="t"><w:name w:val="toc 1"/></w:style>'
    body = p("Part one\t3", '<w:pStyle w:val="t"/>') + p("Text")
    record = of_word(word(body, styles=styles))
    assert texts(record) == ["Text"]
    assert "lines of a table of contents left out: 1" in record.notes


def test_titles_of_machines_and_of_people() -> None:
    def title(stated: str) -> str:
        return of_word(word(p("Text"), core=f"<dc:title>{stated}</dc:title>")).title

    assert title("Microsoft Word - draft.doc") == title("Document1") == title("新建.docx") == ""
    assert title("Joint statement") == "Joint statement"


def test_damaged_properties_cost_only_themselves() -> None:
    record = of_word(word(p("Text"), core="<dc:title>"))
    assert texts(record) == ["Text"]
    assert any("properties were not read" in note for note in record.notes)


def test_strict_word() -> None:
    data = word(p("Text"))
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        members = {n: z.read(n) for n in z.namelist()}
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    members["word/document.xml"] = members["word/document.xml"].replace(W.encode(), strict)
    assert texts(of_word(zipped(members))) == ["Text"]


@pytest.mark.parametrize(
    ("data", "reason", "advice"),
    [
        (b"", "empty", "save"),
        (b"text", "damaged", "save"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old binary", ".docx"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
            "without",
        ),
        (zipped({"a.txt": "x"}), "missing", "save"),
        (full_word()[:-300], "damaged", "save"),
    ],
)
def test_refused(data: bytes, reason: str, advice: str) -> None:
    with pytest.raises(UnreadableError) as error:
        of_word(data)
    assert reason in error.value.reason
    assert advice in error.value.advice


# ---- OpenDocument

ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMES = " ".join(
    f'xmlns:{short}="{ODF}:{long}:1.0"'
    for short, long in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "meta": "meta",
    }.items()
)


def odt(body: str, *, styles: str = "", meta: str = "", **more: str) -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF_NAMES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f'<m {ODF_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</m>',
            **{name.replace("__", "/") + ".xml": data for name, data in more.items()},
        }
    )


def test_odt_structure() -> None:
    record = of_odt(
        odt(
            '<text:p text:style-name="Title">Совместное заявление</text:p>'
            '<text:h text:outline-level="1">One</text:h>'
            "<text:p>New<text:s/>York<text:s text:c='2'/>a<text:tab/>b<text:line-break/>c</text:p>"
            "<text:list><text:list-item><text:p>Item</text:p></text:list-item></text:list>"
            '<text:p text:style-name="P1">Said so.</text:p>'
            "<table:table><table:table-header-rows><table:table-row><table:table-cell>"
            "<text:p>Year</text:p></table:table-cell><table:table-cell><text:p>Trade</text:p>"
            "</table:table-cell></table:table-row></table:table-header-rows><table:table-row>"
            "<table:table-cell><text:p>2023</text:p></table:table-cell><table:covered-table-cell/>"
            "<table:table-cell><text:p>240</text:p></table:table-cell></table:table-row>"
            "</table:table>",
            styles='<style:style style:name="P1" style:parent-style-name="Quotations"/>',
            meta="<dc:title>Совместное  заявление</dc:title><meta:initial-creator>МИД"
            "</meta:initial-creator><meta:creation-date>2025-01-26T10:00:00</meta:creation-date>",
        )
    )
    assert record.title == "Совместное заявление"
    assert record.blocks == (
        Block("One", "heading"),
        Block("New York  a\tb\nc"),
        Block("Item", "item"),
        Block("Said so.", "quotation"),
        Block("Year\tTrade", "row"),
        Block("2023\t240", "row"),
    )
    assert (record.author, record.dates[0].written) == ("МИД", "2025-01-26T10:00:00")


def test_odt_changes_notes_boxes_and_hidden_text() -> None:
    record = of_odt(
        odt(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            "<text:table-of-content><text:index-body><text:p>One 3</text:p></text:index-body>"
            "</text:table-of-content>"
            "<text:p>Text<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>A note.</text:p></text:note-body></text:note> goes\n   on"
            "<office:annotation><text:p>comment</text:p></office:annotation>"
            '<text:span text:style-name="H"> secret</text:span>'
            "<draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box></draw:frame>"
            "<text:ruby><text:ruby-base>中</text:ruby-base><text:ruby-text>zhong</text:ruby-text>"
            "</text:ruby>.</text:p><text:section text:display='none'><text:p>off</text:p>"
            "</text:section>",
            styles='<style:style style:name="H"><style:text-properties text:display="none"/>'
            "</style:style>",
        )
    )
    assert texts(record) == ["Text goes on中.", "in a box", "A note."]
    assert "lines of a table of contents left out: 1" in record.notes


def test_odt_with_a_billion_spaces_or_a_number_without_end() -> None:
    for count in ("1000000000", "9" * 5000, "-3", "²"):
        record = of_odt(odt(f'<text:p>a<text:s text:c="{count}"/>b</text:p>'))
        assert len(record.blocks[0].text) <= 1002


def test_odt_with_a_password() -> None:
    with pytest.raises(UnreadableError, match="password"):
        of_odt(odt("", **{"META-INF__manifest": "<m><encryption-data/></m>"}))


# ---- limits


def bomb(member: str, xml: str) -> bytes:
    return zipped({"word/document.xml": xml} if member == "docx" else {"content.xml": xml})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]><w>&e;</w>', "entities"),
        ('<!DOCTYPE w [<!ENTITY % e "x">]><w/>', "entities"),
        ("<w>" + "<a>" * 500 + "</a>" * 500 + "</w>", "deep"),
        ("<w>", "not well-formed"),
        ("", "not well-formed"),
        ("<w>" + "<a b='1' c='2'/>" * 400_000 + "</w>", "elements"),
        ("<w>" + "x" * (50 * 2**20) + "</w>", "times its size"),
    ],
)
@pytest.mark.parametrize("form", ["docx", "odt"])
def test_bombs(form: str, body: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if reason == "elements":
        monkeypatch.setattr(xmlsafe, "RATIO", 10_000)
    with pytest.raises(UnreadableError) as error:
        (of_word if form == "docx" else of_odt)(bomb(form, body))
    assert reason in error.value.reason


def test_entities_in_utf_16_are_refused_too() -> None:
    body = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY e "x">]><w>&e;</w>'
    with pytest.raises(UnreadableError, match="entities"):
        of_word(zipped({"word/document.xml": body.encode("utf-16")}))


def test_members_that_lead_out_and_links_are_not_members() -> None:
    link = zipfile.ZipInfo("link.xml")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as z:
        for name in ("../up.xml", "/top.xml", "a/../../b.xml", "C:/x.xml", "fine.xml"):
            z.writestr(name, "x")
        z.writestr(link, "/etc/hostname")
    file.seek(0)
    assert list(xmlsafe.Package(file, form=".docx")) == ["fine.xml"]


def test_too_many_members_and_too_much_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlsafe, "MEMBERS", 3)
    with pytest.raises(UnreadableError, match="members"):
        xmlsafe.Package(io.BytesIO(zipped({str(i): "x" for i in range(4)})), form=".docx")
    monkeypatch.setattr(xmlsafe, "UNPACKED", 1_000)
    package = xmlsafe.Package(io.BytesIO(zipped({"a": "x" * 600, "b": "y" * 600})), form=".docx")
    package.read("a")
    with pytest.raises(UnreadableError, match="unpacks to more"):
        package.read("b")


def test_other_ways_of_packing_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as z:
        z.writestr("word/document.xml", "<w/>")
    with pytest.raises(UnreadableError, match="packed by a method"):
        of_word(file.getvalue())


def test_case_53_in_ten_seconds_and_500_megabytes(shared: Path, tmp_path: Path) -> None:
    case = shared / "cases" / "53-zip-and-xml-bombs" / "gen.py"
    made = tmp_path / "made"
    subprocess.run([sys.executable, case, made], check=True)
    before = sorted(tmp_path.rglob("*"))
    started = time.monotonic()
    for path in sorted(made.glob("*.docx")):
        with pytest.raises(UnreadableError, match="zip bomb"):
            of_word(path.read_bytes())
    assert time.monotonic() - started < 10
    assert sorted(tmp_path.rglob("*")) == before


def test_the_dearest_text_that_is_let_through_stays_below_500_megabytes() -> None:
    body = "<w:p><w:r><w:t>%d</w:t></w:r></w:p>"
    code = (
        "import io, random, sys; sys.path.insert(0, 'tests');"
        "from test_parse_office import of_word, word;"
        f"d = word(''.join({body!r} % random.getrandbits(60) for _ in range(300_000)));"
        "print(len(of_word(d).blocks), int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )
    count, kilobytes = map(int, run.stdout.split())
    assert count == 300_000
    assert kilobytes < 500 * 1024


# ---- properties

WORD, ODT = full_word(), odt("<text:p>One</text:p>", meta="<dc:title>T</dc:title>")


def damaged(data: bytes, flips: list[tuple[int, int]], cut: int) -> bytes:
    changed = bytearray(data)
    for position, value in flips:
        changed[position % len(changed)] = value
    return bytes(changed[: len(changed) - cut % len(changed)])


FLIPS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=20)
CUT = st.one_of(st.just(0), st.integers(0, 10**6))


@HOSTILE
@given(FLIPS, CUT, st.booleans())
def test_damaged_files_give_a_record_or_are_refused(
    flips: list[tuple[int, int]], cut: int, is_word: bool
) -> None:
    data = damaged(WORD if is_word else ODT, flips, cut)
    with contextlib.suppress(UnreadableError):
        (of_word if is_word else of_odt)(data)


@HOSTILE
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_any_bytes_are_refused(data: bytes, start: bytes) -> None:
    for read in (of_word, of_odt):
        with pytest.raises(UnreadableError):
            read(start + data)


TAGS = st.sampled_from(
    "w:p w:r w:t w:tbl w:tr w:tc w:pPr w:numPr w:ins w:del w:sdt w:txbxContent w:br w:rPr "
    "w:vanish w:fldChar mc:AlternateContent w:footnoteReference".split()
)
TREES = st.recursive(
    st.text("ab ", max_size=3),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=30,
)


@HOSTILE
@given(TREES)
def test_any_tree_of_word_is_read(tree: str) -> None:
    parse_xml(f"<x {NAMES}>{tree}</x>")
    for block in of_word(word(tree)).blocks:
        assert block.text.strip()
