"""kit.parse.feeds: each entry of a feed is a text under the feed's own words for its date."""

import io
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parse.feeds import read_feed
from kit.parse.record import Block, Dated, Options, Record, Rejected, UnreadableError


def read(feed: str | bytes) -> list[Record | Rejected]:
    data = feed.encode() if isinstance(feed, str) else feed
    return list(read_feed(io.BytesIO(data), "a.xml", Options()))


def records(feed: str | bytes) -> list[Record]:
    found = read(feed)
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def rss(items: str, prolog: str = "", channel: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{prolog}<rss version="2.0"
    xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel><title>The &lt;b&gt;Ministry&lt;/b&gt;</title><link>https://example.org/</link>
    <description>All of it</description><language>en-gb</language>{channel}{items}</channel></rss>"""


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title>Президент</title><id>x</id>
<updated>2025-01-27T00:00:00Z</updated><author><name>Пресс-служба</name></author>
<entry><title type="html">Встреча &lt;i&gt;с министром&lt;/i&gt;</title><id>urn:1</id>
<link href="/news/1"/><published>2025-01-26T23:30:00+03:00</published>
<updated>2025-01-27T10:00:00Z</updated><summary>Коротко.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Первый.</p><ul><li>Второй.</li></ul>
</div></content></entry>
<entry><title>A &lt;b&gt; c</title><id>urn:2</id><updated>2025-01-28</updated>
<content type="text">Line one
goes on.

Line two.</content></entry></feed>"""


def test_rss() -> None:
    item = """<item><title>Trade &amp; ties</title><link>https://example.org/1</link><guid>g-1</guid>
    <dc:creator>A. Smith</dc:creator><pubDate>Mon, 27 Jan 2025 00:30:00 +0800</pubDate>
    <description>Short.</description><content:encoded><![CDATA[<h2>Rates</h2><p>One &amp; two.</p>
    <script>evil()</script><blockquote>Three.</blockquote>]]></content:encoded></item>"""
    assert records(rss(item)) == [
        Record(
            blocks=(Block("Rates", "heading"), Block("One & two."), Block("Three.", "quotation")),
            title="Trade & ties",
            dates=(Dated("Mon, 27 Jan 2025 00:30:00 +0800", "feed"),),
            language="en-gb",
            author="A. Smith",
            publisher="The Ministry",
            url="https://example.org/1",
            id="g-1",
            place="g-1",
        )
    ]


def test_atom() -> None:
    first, second = records(ATOM)
    assert first.blocks == (Block("Первый."), Block("Второй.", "item"))
    assert (first.title, first.author, first.language) == (
        "Встреча с министром",
        "Пресс-служба",
        "ru",
    )
    assert first.dates == (Dated("2025-01-26T23:30:00+03:00", "feed"),)
    assert (first.url, first.id, first.publisher) == ("/news/1", "urn:1", "Президент")
    assert second.title == "A <b> c"
    assert second.blocks == (Block("Line one goes on."), Block("Line two."))
    assert second.dates == (Dated("2025-01-28", "feed"),)
    assert "last change" in second.notes[0]


def test_rdf_and_rss_of_1999() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="x"><title>BIS</title></channel><item rdf:about="https://example.org/9">
    <title>Speech</title><link>https://example.org/9</link><description>Text of it.</description>
    <dc:date>2025-01-26</dc:date></item></rdf:RDF>"""
    [record] = records(rdf)
    assert (record.title, record.blocks, record.publisher) == (
        "Speech",
        (Block("Text of it."),),
        "BIS",
    )
    assert record.dates == (Dated("2025-01-26", "feed"),)
    old = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
    "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>t</title>
    <item><title>Old</title><description>Words.</description></item></channel></rss>"""
    assert records(old)[0].blocks == (Block("Words."),)


def test_an_entry_without_text_or_with_half_of_it_says_so() -> None:
    empty, half, whole = records(
        rss(
            "<item><title>a</title><guid>1</guid></item>"
            "<item><title>b</title><guid>2</guid><description>It begins and […]</description></item>"
            "<item><title>c</title><guid>3</guid><description>Whole.</description></item>"
        )
    )
    assert empty.blocks == ()
    assert "no text" in empty.notes[0]
    assert "cut the text short" in half.notes[0]
    assert whole.notes == ()


def test_entries_of_one_id_are_told_apart() -> None:
    item = "<item><title>{}</title><guid>1</guid><description>x</description></item>"
    first, second = records(rss(item.format("a") + item.format("b")))
    assert (first.place, second.place) == ("1", "2")
    assert "has the id '1'" in second.notes[0]
    bare = "<item><title>{}</title><description>x</description></item>"
    assert [r.place for r in records(rss(bare.format("a") + bare.format("b")))] == ["1", "2"]


def test_dates_stay_as_they_are_written(shared: Path) -> None:
    feed = (shared / "cases" / "18-time-zones" / "a.rss").read_bytes()
    assert [record.dates[0].written for record in records(feed)] == [
        "Mon, 27 Jan 2025 00:30:00 +0800",
        "Mon, 27 Jan 2025 00:30:00",
        "Tue, 27 Jan 2025 12:00:00 GMT",
    ]


BOMB = "<!DOCTYPE rss [<!ENTITY a 'xxxxxxxxxx'>" + "".join(
    f"<!ENTITY a{i} '{f'&a{i - 1};' * 10 if i else '&a;' * 10}'>" for i in range(9)
)


@pytest.mark.parametrize(
    "prolog",
    [
        BOMB + "]>",
        "<!DOCTYPE rss [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>",
        "<!-- <rss> --><!DOCTYPE rss [<!entity a 'x'>]>",
        "<?x <rss> ?><!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://example.org/'>%p;]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(prolog: str, encoding: str) -> None:
    feed = rss("<item><title>&a8;</title></item>", prolog).replace("UTF-8", encoding)
    start = time.process_time()
    with pytest.raises(UnreadableError, match="entities"):
        read(feed.encode(encoding))
    assert time.process_time() - start < 2


def test_text_about_entities_is_no_declaration() -> None:
    item = "<item><title>t</title><description>&lt;p&gt;Write &amp;lt;!ENTITY.&lt;/p&gt;</description></item>"
    assert records(rss(item))[0].blocks == (Block("Write <!ENTITY."),)


def test_broken_feeds() -> None:
    broken = rss("<item><title>a</title><description>Words.</description></item>").replace(
        "</rss>", ""
    )
    [record] = records(broken)
    assert record.blocks == (Block("Words."),)
    assert "not well-formed" in record.notes[0]
    for other in ("", "words", "<html><body><p>x</p></body></html>", "%PDF-1.4"):
        with pytest.raises(UnreadableError, match="not a feed"):
            read(other)
    [rejected] = read(rss(""))
    assert isinstance(rejected, Rejected)
    assert "no entries" in rejected.reason


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a feed is read without the network")

    monkeypatch.setattr("socket.socket", refuse)
    with pytest.raises(UnreadableError):
        read("http://example.org/feed.xml")
    assert records(ATOM)


def test_a_large_feed_in_time() -> None:
    item = "<item><title>t</title><description>&lt;p&gt;Some words of a text.&lt;/p&gt;</description></item>"
    start = time.process_time()
    assert len(records(rss(item * 3000))) == 3000
    assert time.process_time() - start < 20


FUZZ = settings(deadline=5000, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except UnreadableError:
        return


@FUZZ
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_in_an_entry(text: str, date: str) -> None:
    try:
        read(
            rss(f"<item><title>{text}</title><pubDate>{date}</pubDate>{text}</item>").encode(
                "utf-8", "replace"
            )
        )
    except UnreadableError:
        return
