"""The feed is valid, stays readable whatever the texts hold, and is the same for the same reports."""

import datetime as dt
import json
import re
import warnings
from pathlib import Path
from typing import Any

import atom
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kit import feed, published, visible
from kit.published import Entry, File

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import feedparser

ADDRESS = "https://example.org/desk/"
KEY = published.identity("weekly")


def entry(period: str = "2025-W04", **given: Any) -> Entry:
    values: dict[str, Any] = {
        "id": published.identity("weekly", "", period),
        "part": "",
        "period": period,
        "date": "2025-01-27",
        "title": "Ministers meet",
        "folder": "weekly/2025-01-27",
        "published": "2025-01-27T07:00:00Z",
        "updated": "2025-01-27T07:00:00Z",
        "run": 1,
        "files": {"report.html": File("0" * 64, 1234), "report.pdf": File("1" * 64, 5678)},
        "summary": (("Read", "3 texts."), ("About", "Trade <b> & 贸易.")),
    }
    return Entry(**values | given)


def render(*reports: Entry, **given: Any) -> bytes:
    values: dict[str, Any] = {"file": "weekly/feed.xml", "address": ADDRESS}
    made = feed.render(KEY, "Weekly", reports, **values | given)
    assert atom.problems(made, absolute=bool((values | given)["address"])) == []
    return made


def read(made: bytes) -> Any:
    parsed = feedparser.parse(made)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def test_a_reader_sees_title_page_pdf_times_and_what_is_said() -> None:
    parsed = read(render(entry()))
    assert parsed.feed.title == "Weekly"
    assert parsed.feed.id == KEY
    assert parsed.feed.updated == "2025-01-27T07:00:00Z"
    assert [link.href for link in parsed.feed.links] == [
        "https://example.org/desk/weekly/feed.xml",
        "https://example.org/desk/weekly/index.html",
    ]
    (shown,) = parsed.entries
    assert shown.title == "Ministers meet · 2025-W04"
    assert shown.link == "https://example.org/desk/weekly/2025-01-27/report.html"
    assert shown.enclosures[0].href == "https://example.org/desk/weekly/2025-01-27/report.pdf"
    assert shown.enclosures[0].length == "5678"
    assert shown.published == shown.updated == "2025-01-27T07:00:00Z"
    assert shown.summary == "Read: 3 texts. About: Trade <b> & 贸易."
    page = BeautifulSoup(shown.content[0].value, "lxml")
    assert [tag.get_text() for tag in page.find_all(["dt", "dd"])] == [
        *("Read", "3 texts.", "About", "Trade <b> & 贸易.")
    ]


def test_a_report_of_a_pdf_alone_is_linked_to() -> None:
    shown = read(render(entry(files={"report.pdf": File("1" * 64, 5678)}))).entries[0]
    assert [(link.rel, link.type) for link in shown.links] == [("alternate", "application/pdf")]
    assert shown.enclosures == []


def test_without_an_address_links_are_relative_to_the_feed() -> None:
    shown = feedparser.parse(
        render(entry(), address=""),
        response_headers={"content-location": "https://elsewhere.example/x/weekly/feed.xml"},
    )
    assert shown.entries[0].link == "https://elsewhere.example/x/weekly/2025-01-27/report.html"
    hrefs = re.findall(r'href="([^"]*)"', render(entry(), address="", file="feed.xml").decode())
    assert hrefs == [
        *("feed.xml", "index.html", "weekly/2025-01-27/report.html", "weekly/2025-01-27/report.pdf")
    ]


def test_the_last_changed_come_first_and_no_more_than_asked_for() -> None:
    reports = [
        entry(f"2025-W{n:02d}", updated=f"2025-02-{n:02d}T00:00:00Z", date=f"2025-01-{n:02d}")
        for n in range(1, 21)
    ]
    reports[2] = entry("2025-W03", updated="2025-02-28T00:00:00Z", date="2025-01-03")
    shown = read(render(*reports, most=3)).entries
    assert [e.id for e in shown] == [reports[i].id for i in (2, 19, 18)]
    assert render(*reports, most=3) == render(*reversed(reports), most=3)


def test_one_id_is_one_entry_the_later() -> None:
    old, new = entry(title="Old"), entry(title="New", updated="2025-01-28T00:00:00Z")
    shown = read(render(new, old)).entries
    assert [e.title for e in shown] == ["New · 2025-W04"]


def test_a_correction_says_so_and_what_is_new_is_told_apart() -> None:
    before = entry("2025-W03", date="2025-01-20", summary=(("Read", "3 texts."),))
    now = entry(updated="2025-01-28T08:00:00Z")
    shown = read(render(now, before, before={now.id: before})).entries[0]
    assert shown.published == "2025-01-27T07:00:00Z"
    assert shown.summary == "Corrected on 2025-01-28. About: Trade <b> & 贸易."
    same = entry(summary=before.summary)
    text = "Nothing on the first page differs from the report of 2025-01-20."
    assert text in [e.summary for e in read(render(same, before, before={same.id: before})).entries]


def test_a_feed_without_a_report_is_valid() -> None:
    assert read(render()).entries == []
    assert read(render(changed="2025-02-01T00:00:00Z")).feed.updated == "2025-02-01T00:00:00Z"


def test_case_48_controls_corrections_and_odd_times(shared: Path) -> None:
    """The case's three entries: two of one period, one without a title and with no time."""
    rows = json.loads((shared / "cases/48-feed/entries.json").read_text("utf-8"))
    reports = []
    for row in rows:
        try:
            time = dt.datetime.fromisoformat(row["updated"]).replace(tzinfo=dt.UTC)
        except ValueError:  # there is no such time to come from a run
            time = dt.datetime(2025, 2, 3, tzinfo=dt.UTC)
        moment = published.instant(time)
        given = {"title": row["title"], "published": moment, "updated": moment}
        reports.append(entry(row["period"], **given))
    made = render(*reports)
    assert made == render(*reports)
    shown = read(made).entries
    assert [e.title for e in shown] == ["Report · 2025-02", "Trade & ties (corrected) · 2025-01"]
    assert "Trade & ties <b> · 2025-01" in read(render(reports[0])).entries[0].title
    others = [entry(r.period, title="Another", folder="x/y", summary=()) for r in reports]
    assert {e.id for e in read(render(*others, address="http://other.example/")).entries} == {
        e.id for e in shown
    }


def test_case_19_each_title_is_the_same_characters(shared: Path) -> None:
    titles = json.loads((shared / "cases/19-hostile-titles/titles.json").read_text("utf-8"))
    reports = [
        entry(f"{n}", title=title, part=title, summary=((title, title),))
        for n, title in enumerate(titles)
    ]
    made = render(*reports, most=100)
    shown = {e.id: e for e in read(made).entries}
    raw = atom.etree.fromstring(made)
    for report in reports:
        wanted = " ".join(report.title.split())
        (text,) = raw.xpath(
            "//a:entry[a:id = $id]/a:title/text()",
            namespaces={"a": feed.NAMESPACE},
            id=report.id,
        )
        assert text.replace("\u2068", "").replace("\u2069", "").startswith(wanted)
        assert ("\u2068" in text) == bool(re.search("[\u202e\u0600-\u06ff]", text))
        page = BeautifulSoup(shown[report.id].content[0].value, "lxml")
        assert [tag.get_text() for tag in page.find_all("dd")] == [wanted]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_leaves_the_feed_readable(title: str, text: str) -> None:
    made = render(entry(title=title, part=text, summary=((title, text), ("a", "b"))))
    assert read(made).entries[0].id == entry().id


@pytest.mark.parametrize(
    "text", ["\u202eabc", "a\u2069\u202eb", "\u2067a", "שלום", "\u2069\u2069a"]
)
def test_a_line_that_turns_is_isolated(text: str) -> None:
    made = visible.isolated(text)
    depth = 0
    for character in made[:-1]:
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth > 0
    assert made[-1] == "\u2069"
