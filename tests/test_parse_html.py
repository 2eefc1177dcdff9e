"""kit.parse.html: the whole text of a saved page, nothing else, and every date it stands under."""

import csv
import datetime as dt
import io
import re
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse import html
from kit.parse.html import read_html
from kit.parse.record import Block, Dated, Options, Record, UnreadableError

FIRST = "The two sides agreed to deepen their cooperation in trade and in investment this year."
SECOND = "They will hold the next round of the talks in spring, and both will publish its results."
PROSE = f"<p>{FIRST}</p><p>{SECOND}</p>"
MENU = (
    "<ul><li><a href=1>Home</a></li><li><a href=2>News</a></li><li><a href=3>Contact</a></li></ul>"
)


def read(page: str | bytes, encoding: str = "") -> Record:
    data = page.encode() if isinstance(page, str) else page
    [record] = read_html(io.BytesIO(data), "page.html", Options(encoding=encoding))
    assert isinstance(record, Record)
    return record


def texts(record: Record) -> list[str]:
    return [block.text for block in record.blocks]


# What is the text


@pytest.mark.parametrize(
    "page",
    [
        f"<body>{MENU}<article><h1>T</h1>{PROSE}</article>{MENU}</body>",
        f"<body>{MENU}<main><h1>T</h1>{PROSE}</main><footer><p>{FIRST}</p></footer></body>",
        f"<body>{MENU}<div role=main><h1>T</h1>{PROSE}{MENU}</div></body>",
        f"<body>{MENU}<div id=content><h1>T</h1><div class=entry-content>{PROSE}</div>{MENU}</div></body>",
        f"<body>{MENU}<div class=TRS_Editor>{PROSE}</div>{MENU}</body>",
        f"<body>{MENU}<div itemprop=articleBody>{PROSE}</div></body>",
        f"<body>{MENU}<div class=a1><h1>T</h1>{PROSE}</div><p><a href=4>{FIRST}</a></p></body>",
        f"<body><table><tr><td>{MENU}</td><td><h1>T</h1>{PROSE}</td></tr></table></body>",
    ],
)
def test_the_text_of_a_page_and_nothing_else(page: str) -> None:
    assert texts(read(page)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "junk",
    [
        "<nav><p>{}</p></nav>",
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        "<noscript><p>{}</p></noscript>",
        "<textarea>{}</textarea>",
        "<template><p>{}</p></template>",
        "<script>var x = '{}'</script>",
        "<style>/* {} */</style>",
        "<select><option>{}</option></select>",
        "<!-- {} -->",
        "<div hidden><p>Elsewhere it is said that they did not agree.</p></div>",
        "<div style='display: none'><p>Elsewhere it is said that they did not agree.</p></div>",
        "<div class='share-links'><span>Tweet this page to all your friends.</span></div>",
        "<div class='cookie-banner'><p>We set little files on your machine.</p></div>",
        "<p>Share</p><p>Share on Facebook</p><p>Print this page</p>",
        "<p>For release at 2:00 p.m. EST</p>",
        "<p>Please enable JavaScript if it is disabled in your browser.</p>",
        "<p>Last Update: January 26, 2011</p>",
        "<p>For media inquiries, please email press@example.org or call 202-452-2955.</p>",
        "<p>© 2025 The Ministry. All rights reserved.</p>",
        "<p>【字体：大 中 小】</p><p>责任编辑：张三</p>",
        "<p>Поделиться ссылкой</p><p>Версия для печати</p>",
        "<p><a href=1>Implementation note issued January 26, 2011</a></p>",
        "<h2>Related information</h2><ul><li><a href=1>Questions</a></li><li>Answers</li></ul>",
    ],
)
def test_what_is_no_text(junk: str) -> None:
    junk = junk.replace("{}", "Elsewhere it is said that the two sides did not agree on it at all.")
    assert texts(read(f"<main><h1>T</h1>{PROSE}{junk}</main>")) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "sentence",
    [
        "Shared growth is our goal.",
        "Print media were there.",
        "分享发展成果，共建美好未来。",
        "We voted.",
        "Поделиться опытом готовы все.",
        "Copyright law is to change.",
        "Media freedom matters.",
    ],
)
def test_a_short_sentence_is_no_stock_phrase(sentence: str) -> None:
    assert texts(read(f"<main>{PROSE}<p>{sentence}</p></main>")) == [FIRST, SECOND, sentence]


def test_a_class_that_sounds_like_boilerplate_does_not_lose_the_text() -> None:
    page = f"<body>{MENU}<article class='content-with-sidebar share'>{PROSE}</article></body>"
    assert texts(read(page)) == [FIRST, SECOND]


def test_a_mark_that_holds_a_teaser_is_not_believed() -> None:
    page = f"<body><article><p>{FIRST}</p></article><div class=z>{PROSE * 3}</div></body>"
    assert len(read(page).blocks) == 7


def test_kinds_of_blocks() -> None:
    page = f"""<main><h1>Title</h1><p>{FIRST}</p><h2>Rates</h2><ol><li>One<ul><li>Two</ul></ol>
    <blockquote><p>Quoted.</p></blockquote>
    <table><tr><th>Year<th>Trade</tr><tr><td>2023<td>240</tr><tr><td>2024<td></tr></table>
    <dl><dt>Term<dd>Sense</dl><pre>a  b\n\nc</pre><p>{SECOND}</p></main>"""
    assert read(page).blocks == (
        Block(FIRST),
        Block("Rates", "heading"),
        Block("One", "item"),
        Block("Two", "item"),
        Block("Quoted.", "quotation"),
        Block("Year\tTrade", "row"),
        Block("2023\t240", "row"),
        Block("2024\t", "row"),
        Block("Term", "item"),
        Block("Sense", "item"),
        Block("a b"),
        Block("c"),
        Block(SECOND),
    )


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        (f"{FIRST}<br><br>{SECOND}", [FIRST, SECOND]),
        (f"{FIRST}<br>&nbsp;<br>\n{SECOND}", [FIRST, SECOND]),
        (f"{FIRST}<br>{SECOND}", [FIRST, SECOND]),
        ("第一段没有句号<br>　　第二段。", ["第一段没有句号", "第二段。"]),
        (f"{FIRST[:-1]} and<br>go on", [f"{FIRST[:-1]} and\ngo on"]),
        ("Washington<br>26 January 2025", ["Washington", "26 January 2025"]),
        ("co<b>oper</b>ation<i>s</i> <a href=x>here</a>.", ["cooperations here."]),
        ("one\n\n  two\tthree", ["one two three"]),
        ("a&amp;b &lt;b&gt;c&lt;/b&gt; &#8211;", ["a&b <b>c</b> –"]),
    ],
)
def test_paragraphs(markup: str, paragraphs: list[str]) -> None:
    assert [block.text for block in html.blocks(f"<p>{markup}</p>")] == paragraphs


def test_without_marks_nothing_between_the_first_and_the_last_paragraph_is_lost() -> None:
    short = "Voting for: A. Smith; B. Jones."
    page = f"""<body><div class=top>{MENU}</div><div class=q><b>T</b><br><br>{FIRST}<br><br>{short}
    <br><br>{SECOND}</div><div><a href=5>More news of this week from around the world</a></div></body>"""
    record = read(page)
    assert texts(record)[-3:] == [FIRST, short, SECOND]
    assert "the page does not mark its text: found by its shape" in record.notes


# What the page says of itself


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            "<title>Statement on trade | Ministry</title>",
            "<h1>Statement on trade</h1>",
            "Statement on trade",
        ),
        (
            "<title>Ministry - Statement</title><meta property=og:site_name content=Ministry>",
            "",
            "Statement",
        ),
        (
            "<meta property=og:title content='On trade'><title>Ministry</title>",
            "<h3>On trade</h3>",
            "On trade",
        ),
        ("<title>关于规划的通知_中国政府网</title>", "<div>关于规划的通知</div>", "关于规划的通知"),
        (
            "<title>News - Talks on trade - FRB</title>",
            "<h2>News</h2><h3>Talks on trade</h3>",
            "Talks on trade",
        ),
        ("", "<h1>On\n trade</h1>", "On trade"),
        ("<title>Self-reliance in 2025</title>", "", "Self-reliance in 2025"),
        ("", "", ""),
    ],
)
def test_title(head: str, body: str, title: str) -> None:
    page = f"<head>{head}</head><body><header><h1>Site</h1></header><main>{body}{PROSE}</main>"
    page = page if "h1" in head + body or head else page.replace("<h1>Site</h1>", "")
    record = read(page)
    assert record.title == title
    assert texts(record) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("January 26, 2011", "January 26, 2011"),
        ("For release at 2:00 p.m. EST January 26, 2011", "January 26, 2011"),
        ("26 January 2011", "26 January 2011"),
        ("2025-01-26", "2025-01-26"),
        ("26.01.2025", "26.01.2025"),
        ("2025年1月26日", "2025年1月26日"),
        ("2025年01月26日 15:00　来源：新华社", "2025年01月26日"),
        ("二〇二五年一月二十六日", "二〇二五年一月二十六日"),
        ("26 января 2025 г.", "26 января 2025 г."),
        ("26 января 2025 года, Москва, Кремль", "26 января 2025 года"),
        ("26 de enero de 2025", "26 de enero de 2025"),
        ("26. Januar 2025", "26. Januar 2025"),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_dateline(line: str, written: str, above: bool) -> None:
    lines = [f"<div class=date>{line}</div>", "<h1>T</h1>"]
    record = read(f"<main>{''.join(lines if above else lines[::-1])}{PROSE}</main>")
    assert record.dates == (Dated(written, "dateline"),)
    assert texts(record) == [FIRST, SECOND]


def test_datelines_in_the_text_stay_in_it() -> None:
    page = (
        f"<main><h1>T</h1><p>BEIJING, Jan. 26, 2025 (Xinhua) -- {FIRST}</p><p>{SECOND}</p></main>"
    )
    record = read(page)
    assert record.dates == (Dated("Jan. 26, 2025", "dateline"),)
    assert texts(record)[0].startswith("BEIJING")
    record = read(f"<main><h1>T</h1>{PROSE}<p>国务院<br>2025年1月26日</p></main>")
    assert record.dates == (Dated("2025年1月26日", "dateline"),)
    assert texts(record)[2:] == ["国务院", "2025年1月26日"]


def test_a_date_of_change_or_in_a_sentence_is_no_dateline() -> None:
    page = f"<main><h1>The events of January 6, 2021</h1><p>Updated May 2, 2025</p>{PROSE}</main>"
    assert read(page).dates == ()
    assert read(f"<main><h1>T</h1><p>On May 2, 2025 they met.</p>{PROSE}</main>").dates == ()


def test_dates_languages_and_names_of_the_metadata() -> None:
    page = f"""<html lang="zh-CN"><head>
    <meta property="article:published_time" content="2025-01-27T00:30:00+08:00">
    <meta name="DC.date.issued" content="2025-01-26"><meta name="PubDate" content="2025-01-28">
    <meta property="article:modified_time" content="2026-01-01">
    <meta property="og:site_name" content="Ministry"><meta name="author" content="A. Smith">
    <link rel="canonical" href="https://example.org/2025-01/26/c_12.htm">
    <script type="application/ld+json">{{"@graph": [{{"@type": "WebSite", "name": "x"}},
    {{"@type": "NewsArticle", "headline": "T", "datePublished": "2025-01-25"}}]}}</script></head>
    <body><main><h1>T</h1><time datetime="2025-01-24">yesterday</time>{PROSE}</main></body></html>"""
    record = read(page)
    metadata = ["2025-01-25", "2025-01-27T00:30:00+08:00", "2025-01-28", "2025-01-26", "2025-01-24"]
    assert record.dates == (
        *(Dated(written, "page metadata") for written in metadata),
        Dated("2025-01-26", "file name"),
    )
    assert (record.language, record.author, record.publisher) == ("zh-CN", "A. Smith", "Ministry")
    assert record.url == "https://example.org/2025-01/26/c_12.htm"


def test_json_ld_that_is_broken_or_deep_is_passed_over() -> None:
    for script in (
        "{",
        "[" * 100_000,
        '"x"',
        '{"headline": {"@value": 1}, "author": [1, {"name": 2}]}',
    ):
        page = f"<script type='application/ld+json'>{script}</script><main>{PROSE}</main>"
        assert texts(read(page)) == [FIRST, SECOND]


# Bytes


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "windows-1251"),
        ("utf-16", ""),
        ("gb18030", "gb2312"),
        ("gb18030", ""),
    ],
)
def test_encodings(encoding: str, declared: str) -> None:
    chinese = "各地区各部门要加强组织领导，细化工作措施，确保各项任务落到实处。" * 3
    meta = f"<meta charset={declared}>" if declared else ""
    page = f"<html><head>{meta}<title>x</title></head><main><p>{chinese}</p></main>"
    assert texts(read(page.encode(encoding))) == [chinese]


def test_koi8_r_and_what_the_user_says() -> None:
    russian = "Стороны договорились и дальше углублять сотрудничество в торговле и инвестициях."
    page = f"<main><p>{russian}</p></main>".encode("koi8-r")
    assert texts(read(page, "koi8-r")) == [russian]
    assert texts(read(b"<meta charset=koi8-r>" + page)) == [russian]


def test_utf_8_encoded_twice_under_its_own_mark() -> None:
    page = f"\ufeff<main><p>{FIRST}</p><p>1‑1/4 “percent”</p></main>".encode()
    record = read(page.decode("latin-1").encode())
    assert texts(record) == [FIRST, "1‑1/4 “percent”"]
    assert record.notes == ("the page had been encoded in UTF-8 twice: undone",)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"PK\x03\x04", bytes(range(32)) * 50])
def test_what_is_no_page(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(data)


@pytest.mark.parametrize(
    ("page", "note"),
    [
        ("", "no text on the page"),
        ("<title>T</title>", "no text on the page"),
        ("<frameset><frame src=a.htm><noframes>none</noframes></frameset>", "frames"),
        ("<div id=root></div><script>go()</script><noscript>Enable it</noscript>", "script"),
        (f"<body>{MENU}</body>", "links"),
    ],
)
def test_a_page_without_text_says_so(page: str, note: str) -> None:
    record = read(page)
    assert record.blocks == ()
    assert note in record.notes[-1]


HOSTILE = {
    "20,000 blocks deep": "<div>" * 20_000 + PROSE + "</div>" * 20_000,
    "20,000 words deep": "<b>" * 20_000 + PROSE,
    "unknown elements": "<x-y>" * 20_000 + PROSE,
    "lists in lists": "<ul><li>" * 20_000 + PROSE,
    "tables in tables": "<table><tr><td>" * 20_000 + PROSE,
    "menus in menus": "<div class=menu>" * 1900 + PROSE * 500,
    "articles in articles": "<article>" * 1900 + PROSE * 500,
    "entities": "<!DOCTYPE html [<!ENTITY a 'xxxx'><!ENTITY b '&a;&a;'>]><main>" + PROSE + "&b;",
    "50,000 attributes": "<div " + " ".join(f"a{i}=1" for i in range(50_000)) + ">" + PROSE,
    "null characters": PROSE.replace("trade", "tra\0de"),
    "no end of a tag": PROSE + "<div " * 300_000,
    "angle brackets": "<" * 1_000_000 + PROSE,
    "a title of parts": "<title>" + " - ".join(["part"] * 50_000) + "</title>" + PROSE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_give_their_text_in_time(name: str) -> None:
    start = time.perf_counter()
    joined = " ".join(texts(read(HOSTILE[name])))
    assert time.perf_counter() - start < 10
    if name not in {"angle brackets", "entities"}:
        assert joined.count(FIRST) >= 1
        assert joined.count(SECOND) >= 1


def test_a_page_of_50_megabytes() -> None:
    page = b"<main>" + PROSE.encode() * (50 * 2**20 // len(PROSE))
    start = time.perf_counter()
    assert len(read(page).blocks) > 500_000
    assert time.perf_counter() - start < 60


FUZZ = settings(deadline=5000, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(st.binary(max_size=3000))
def test_any_bytes_end_in_a_record_or_are_refused(data: bytes) -> None:
    try:
        read(data)
    except UnreadableError:
        return


TAGS = "p div table tr td th li ul h1 a br blockquote pre article main span time svg title html".split()


@FUZZ
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
            st.sampled_from(["<div class=menu>", "<p hidden>", "<td class=text>", "<a href=x>"]),
            st.text(max_size=80),
        ),
        max_size=60,
    )
)
def test_any_markup_ends_in_a_record(parts: list[str]) -> None:
    try:
        record = read("".join(parts).encode("utf-8", "replace"), "utf-8")
    except UnreadableError:
        return
    assert all(block.text.strip() for block in record.blocks)


# The statements of the US Federal Reserve, pages as published

WORD = re.compile(r"\w+")


def test_every_statement_word_by_word(shared: Path) -> None:
    folder = shared / "corpora" / "fomc-statements"
    pages = sorted(folder.glob("page-*.html"))
    assert len(pages) == 124
    for path in pages:
        record = read(path.read_bytes())
        assert record.title.endswith(("statement", "Strategy", "Implementation", "markets")), path
        assert (record.language, record.publisher[:18]) == ("en", "Board of Governors"), path
        expected = _by_the_markup(path)
        found = [word for block in record.blocks for word in WORD.findall(block.text)]
        assert found == expected, path


def _by_the_markup(path: Path) -> list[str]:
    """Return the words of the column of the text by these pages' own classes, another parser."""
    text = path.read_bytes().decode().encode("latin-1").decode()
    soup = BeautifulSoup(text, "html.parser")
    [column] = [
        div
        for div in soup.select("#article div")
        if div.get("class") == ["col-xs-12", "col-sm-8", "col-md-8"]
    ]
    words: list[str] = []
    for block in column.find_all(["p", "li"]):
        # lists of further reading: a paragraph or item that is one link, and the panels beside them
        for link in block.find_all("a"):
            before = link.previous_sibling
            while before is not None and not str(before).strip():
                before = before.previous_sibling
            alone = link.get_text(strip=True) == block.get_text(strip=True)
            if alone or getattr(before, "name", "") == "br":
                link.extract()
        panel = block.find_parent(class_=re.compile("panel")) or block.find_parent(
            id="relatedItems"
        )
        said = " ".join(block.get_text(" ").split())
        if panel is None and not re.match(
            r"For media inquiries|Current FAQs|Frequently Asked", said
        ):
            words += WORD.findall(block.get_text(""))
    return words


def test_every_statement_has_its_date(shared: Path) -> None:
    folder = shared / "corpora" / "fomc-statements"
    with (folder / "dates.csv").open(encoding="utf-8") as file:
        listed = {row["file"]: row["published"] for row in csv.DictReader(file)}
    assert len(listed) == 62
    for path in sorted(folder.glob("page-*.html")):
        dates = read(path.read_bytes()).dates
        [dateline] = [dated.written for dated in dates if dated.origin == "dateline"]
        [address] = [dated.written for dated in dates if dated.origin == "file name"]
        day = dt.datetime.strptime(dateline, "%B %d, %Y").date()
        assert day == dt.datetime.strptime(address, "%Y%m%d").date(), path
        assert day.isoformat() == listed.get(path.name, day.isoformat())
