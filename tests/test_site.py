"""The pages, the search list and the feeds are made of the manifests alone, and show all of them."""

import json
import posixpath
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kit import published, site
from kit.published import Entry, File, Manifest

FILES = {
    "data/brief-brief.csv": File("2" * 64, 10),
    "report.html": File("0" * 64, 219_609),
    "report.pdf": File("1" * 64, 1_743_151),
    "run.json": File("3" * 64, 10),
}
SUMMARY = tuple((f"Topic {n}", f"Statement {n}.") for n in range(9))


def entry(name: str, date: str, **given: Any) -> Entry:
    values: dict[str, Any] = {
        "part": "",
        "period": date,
        "date": date,
        "title": "Ministers meet",
        "folder": f"{name}/{date}",
        "published": f"{date}T07:00:00Z",
        "updated": f"{date}T07:00:00Z",
        "run": 1,
        "files": FILES,
        "summary": SUMMARY,
        "findings": (("Names place", ("Shanghai", "Orléans")),),
    }
    values |= given
    return Entry(id=published.identity(name, values["part"], values["period"]), **values)


def manifest(name: str, *reports: Entry, **given: Any) -> Manifest:
    made = Manifest(name, title="China desk", address="https://example.org/desk/", **given)
    for report in reports:
        made = made.put(report)
    return made


WEEKLY = manifest(
    "weekly",
    entry("weekly", "2024-12-30", summary=SUMMARY[:2]),
    entry("weekly", "2025-01-06", summary=SUMMARY[:3], updated="2025-01-08T09:30:00Z"),
    entry("weekly", "2025-01-13", summary=SUMMARY[:3]),
    heading="The week in Beijing",
)
PARTS = manifest(
    "themes",
    *(
        entry("themes", date, part=part, folder=f"themes/{published.place(part, part=True)}/{date}")
        for part in ("trade", "安全")
        for date in ("2025-01-06", "2025-01-20")
    ),
)


def pages(*manifests: Manifest) -> dict[str, BeautifulSoup]:
    made = site.pages(manifests)
    assert sorted(made) == sorted(site.paths(manifests))
    assert made == site.pages(reversed(manifests))
    return {
        name: BeautifulSoup(data.decode(), "lxml")
        for name, data in made.items()
        if name.endswith("html")
    }


def text(tag: Any) -> str:
    return " ".join(tag.get_text().split())


def test_the_first_page_has_recipes_by_date_with_what_their_newest_report_says() -> None:
    page = pages(WEEKLY, PARTS)["index.html"]
    assert text(page.h1) == "China desk"
    assert [text(h) for h in page.find_all("h2")] == ["themes", "The week in Beijing"]
    weekly = page.find_all("section")[1]
    article = weekly.article
    assert text(article.h3) == "Ministers meet"
    assert article.h3.a["href"] == "weekly/2025-01-13/report.html"
    assert text(article.find(class_="line")) == "13 January 2025"
    assert [text(dd) for dd in article.find_all("dd")] == [s for _, s in SUMMARY[:3]]
    assert [text(li) for li in weekly.find_all("li")] == [
        "Ministers meet 2025-01-06",
        "Ministers meet 2024-12-30",
    ]
    assert "All reports of" in text(weekly)
    files = article.find(class_="files")
    assert [a["href"] for a in files.find_all("a")] == [
        "weekly/2025-01-13/report.html",
        "weekly/2025-01-13/report.pdf",
    ]
    assert text(files) == "Page of 2025-01-13 220 kB PDF of 2025-01-13 1.7 MB"


def test_of_a_recipe_with_parts_the_newest_of_each_is_shown() -> None:
    section = pages(PARTS)["index.html"].section
    assert [text(a.find(class_="line")) for a in section.find_all("article")] == [
        "安全 · 2025-01-20 · 20 January 2025",
        "trade · 2025-01-20 · 20 January 2025",
    ]
    assert [len(a.find_all("dd")) for a in section.find_all("article")] == [2, 2]
    assert section.find("span", lang="zh").get_text() == "安全"


def test_the_page_of_a_recipe_has_all_by_date_what_is_new_and_what_was_corrected() -> None:
    page = pages(WEEKLY, PARTS)["weekly/index.html"]
    assert text(page.title) == "The week in Beijing · China desk"
    assert [text(h) for h in page.find_all("h2")] == ["2025", "2024"]
    articles = page.find_all("article")
    assert [text(a.find("time")) for a in articles] == [
        *("13 January 2025", "6 January 2025", "30 December 2024")
    ]
    assert "Nothing on its first page differs" in text(articles[0])
    assert [text(dd) for dd in articles[1].find_all("dd")] == ["Statement 2."]
    assert text(articles[1].strong) == "corrected 8 January 2025, 09:30 UTC"
    assert articles[0].strong is None
    assert [text(dd) for dd in articles[2].find_all("dd")] == ["Statement 0.", "Statement 1."]


def test_where_all_have_the_recipes_title_the_period_tells_them_apart() -> None:
    made = manifest(
        "weekly",
        *(entry("weekly", f"2025-01-{d}", period=f"2025-W0{d[1]}") for d in ("06", "13")),
        heading="Ministers meet",
    )
    assert [text(h) for h in pages(made)["weekly/index.html"].find_all("h3")] == [
        "2025-W03",
        "2025-W06",
    ]


def test_every_link_leads_to_a_page_or_a_published_file() -> None:
    made = site.pages([WEEKLY, PARTS])
    there = set(made) | {
        f"{e.folder}/{name}" for m in (WEEKLY, PARTS) for e in m.reports for name in e.files
    }
    for name, page in pages(WEEKLY, PARTS).items():
        for tag in page.find_all(["a", "link", "script", "form"]):
            where = str(tag.get("href") or tag.get("src") or tag.get("action"))
            if not where.startswith("#"):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(where)))
                assert path in there, (name, where)


def test_pages_ask_no_host_and_run_nothing_of_their_own() -> None:
    for name, page in pages(WEEKLY, PARTS).items():
        policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert page.find_all("style") == []
        assert [
            tag for tag in page.find_all(True) if any(a.startswith("on") for a in tag.attrs)
        ] == []
        assert [s.get_text() for s in page.find_all("script")] == ["", ""][
            : name == "search.html" and 2
        ]
        assert page.html["lang"] == "en"
        assert page.find("meta", {"name": "viewport"})
    made = site.pages([WEEKLY])
    for name in ("site.css", "search.js", "search-index.js", "index.html", "search.html"):
        assert not re.search(rb"https?://", made[name]), name
        assert site.OURS in made[name][: site.SEEN]
    assert site.OURS in made["feed.xml"][: site.SEEN]


def listed(*manifests: Manifest) -> Any:
    script = site.pages(manifests)["search-index.js"].decode("ascii")
    assert not set("<>&\u2028\u2029") & set(script)
    return json.loads(script.partition("readoutIndex = ")[2].removesuffix(";\n"))


def test_the_search_list_has_titles_pages_and_findings_the_newest_first() -> None:
    rows = listed(WEEKLY, PARTS)
    assert len(rows) == 7
    assert rows[0][1].endswith("2025-01-20/report.html")
    assert rows[2] == [
        "Ministers meet",
        "weekly/2025-01-13/report.html",
        "The week in Beijing",
        "2025-01-13",
        [["Topic 0", "Statement 0."], ["Topic 1", "Statement 1."], ["Topic 2", "Statement 2."]],
        [["Names place", ["Shanghai", "Orléans"]]],
    ]


def test_title_and_address_are_those_of_the_first_recipe_that_has_one() -> None:
    bare = replace(PARTS, title="", address="", entries=2)
    made = pages(bare, replace(WEEKLY, title="Zhongnanhai"))
    assert text(made["index.html"].h1) == "Zhongnanhai"
    assert b"https://example.org/desk/themes/" in site.pages([bare, WEEKLY])["feed.xml"]
    assert site.pages([bare, WEEKLY])["feed.xml"].count(b"<entry>") == 7
    assert site.pages([bare, WEEKLY])["themes/feed.xml"].count(b"<entry>") == 2
    assert text(pages(bare)["index.html"].h1) == "Reports"


def test_without_a_report_the_pages_say_so() -> None:
    assert "No report is published yet." in text(pages()["index.html"].main)
    made = pages(Manifest("weekly"))
    assert "No report is published yet." in text(made["index.html"].main)
    assert "No report is published." in text(made["weekly/index.html"].main)


def test_case_19_each_title_is_shown_and_none_becomes_markup(shared: Any) -> None:
    titles = json.loads((shared / "cases/19-hostile-titles/titles.json").read_text("utf-8"))
    plain = pages(manifest("weekly", *(entry("weekly", f"2025-01-{n + 1:02d}") for n in range(26))))
    made = manifest(
        "weekly",
        *(
            entry("weekly", f"2025-01-{n + 1:02d}", title=" ".join(title.split()))
            for n, title in enumerate(titles)
        ),
    )
    page = pages(made)["weekly/index.html"]
    shown = [text(h) for h in page.find_all("h3")]
    assert (
        shown
        == [" ".join(title.split()) or f"{n + 1} January 2025" for n, title in enumerate(titles)][
            ::-1
        ]
    )
    assert all(h.bdi for h in page.find_all("h3"))
    elements = {tag.name for tag in plain["weekly/index.html"].find_all(True)}
    assert {tag.name for tag in page.find_all(True)} <= elements | {"span"}
    assert [row[0] for row in listed(made)] == [" ".join(title.split()) for title in titles][::-1]


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_stays_text(title: str, said: str) -> None:
    made = manifest(
        "weekly", entry("weekly", "2025-01-06", title=title, period=said, summary=((title, said),))
    )
    listed(made)
    page = pages(made)["index.html"]
    assert len(page.find_all("article")) == 1
    assert {tag.name for tag in page.main.find_all(True)} <= set(
        "section h2 h3 a bdi article p time dl div dt dd span".split()
    )


SEARCH = """
const { readFileSync } = require("node:fs");
const vm = require("node:vm");
const [, , folder, ...queries] = process.argv;
const made = (name) => ({
  name, children: [], listeners: {}, value: "", text: "",
  set textContent(t) { this.children = [t]; },
  get textContent() { return this.children.map((c) => c.textContent ?? c).join(""); },
  append(...more) { this.children.push(...more); },
  replaceChildren(...more) { this.children = more; },
  addEventListener(kind, what) { this.listeners[kind] = what; },
});
const ids = { q: made("input"), found: made("p"), hits: made("ol") };
ids.q.form = made("form");
const marks = (n) => (n.name === "mark" ? [n.textContent] : (n.children ?? []).flatMap(marks));
const context = vm.createContext({
  document: { getElementById: (id) => ids[id], createElement: made },
  location: { search: "" }, URLSearchParams, setTimeout, clearTimeout,
});
vm.runInContext(readFileSync(`${folder}/search-index.js`, "utf8"), context);
vm.runInContext(readFileSync(`${folder}/search.js`, "utf8"), context);
console.log(JSON.stringify(queries.map((query) => {
  ids.q.value = query;
  ids.q.form.listeners.submit({ preventDefault() {} });
  const hits = ids.hits.children;
  return [hits.map((li) => li.children[0].href), hits.flatMap(marks), ids.found.textContent];
})));
"""


@pytest.fixture
def search(tmp_path: Any) -> Any:
    """Return a function that searches as the page does, in Node: hits, what is marked, what is told."""
    node = shutil.which("node")
    if not node:
        pytest.skip("the search needs node to be tried")
    (tmp_path / "search.cjs").write_text(SEARCH)

    def find(query: str, *manifests: Manifest) -> tuple[list[str], list[str], str]:
        for name, data in site.pages(manifests).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
        done = subprocess.run(
            [node, tmp_path / "search.cjs", tmp_path, query],
            capture_output=True,
            check=True,
            text=True,
        )
        ((hits, marks, told),) = json.loads(done.stdout)
        return hits, marks, told

    return find


def said(date: str, title: str, text: str) -> Entry:
    return entry("weekly", date, title=title, summary=(("About", text),))


SAID = manifest(
    "weekly",
    said("2025-01-06", "Trade talks", "Meeting in Orléans on trade."),
    said("2025-01-13", "合作共赢", "Win-win cooperation, trade of talks."),
    said("2025-01-20", "Ёлка", "x" * 400 + " needle " + "y" * 400),
)


@pytest.mark.parametrize(
    ("query", "days", "marks"),
    [
        ("ORLEANS trade", ["06", "13"], None),  # on the first page or in a table
        ("“trade talks”", ["06"], ["Trade talks"]),
        ('"win-win cooperation" trade', ["13"], ["Win-win cooperation", "trade"]),
        ("合作", ["13"], ["合作"]),
        ("елка", ["20"], ["Ёлка"]),
        ("needle", ["20"], ["needle"]),
        ("talks", ["06", "13"], None),  # the title counts before the first page
        ("nowhere", [], []),
        ("", [], []),
        ("<b> .* \\ [", [], []),
    ],
)
def test_searching_finds_words_without_case_or_accents(
    search: Any, query: str, days: list[str], marks: list[str] | None
) -> None:
    hits, marked, told = search(query, SAID)
    assert [hit.split("/")[1][-2:] for hit in hits] == days
    if marks is not None:
        assert marked == marks
    if days:
        assert told == ("1 report." if len(days) == 1 else f"{len(days)} reports.")
    elif query:
        assert told == "No report has all of these words."


def test_statements_that_tell_news_are_shown_before_others_in_the_order_of_the_page() -> None:
    page = [
        ("Read", "22 texts."), ("Period", "4 texts."), ("Latest", "L."), ("About", "A."),
        ("Lists", "68."), ("First said", "F."), ("Sentences", "S."), ("Not said", "N."),
    ]  # fmt: skip
    assert [topic for topic, _ in published.leading(page, 4)] == [
        "Period", "About", "First said", "Not said",
    ]  # fmt: skip
    assert [topic for topic, _ in published.leading(page, 6)] == [
        "Read", "Period", "Latest", "About", "First said", "Not said",
    ]  # fmt: skip
    assert published.leading(page, 99) == page
    assert published.leading([], 3) == []


def test_the_topics_of_news_are_those_of_the_first_page() -> None:
    folder = Path(published.__file__).parent / "brief"
    sources = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert [topic for topic in published.NEWS if f'"{topic}"' not in sources] == []
