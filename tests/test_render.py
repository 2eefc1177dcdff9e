"""Executed notebooks -> one HTML file, one PDF, data: whatever is text stays text."""

import base64
import csv
import ctypes
import gc
import hashlib
import itertools
import json
import re
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from bs4 import BeautifulSoup, Tag

import kit
from kit import files, parse, render, run
from kit.corpus import Corpus, Span
from kit.errors import RenderError
from kit.finding import Finding
from kit.render import data, model, svg

SEEDS = Path(__file__).parent.parent / "seeds"
MakeCorpus = Callable[..., Corpus]
# A run in this process leaves event loops open: the matter of test_run.py.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


def markdown(*sources: str) -> Any:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(s) for s in sources])


def output(data: dict[str, Any], **metadata: Any) -> Any:
    shown = nbformat.v4.new_output("display_data", data=json.loads(json.dumps(data)))
    return nbformat.v4.new_code_cell("code", outputs=[shown], metadata=metadata)


def shows(*results: Any) -> Any:
    """Return a notebook whose cells show findings and charts."""
    cells = [output(result._repr_mimebundle_()) for result in results]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Shown"), *cells])


def page(notebook: Any) -> str:
    made, _ = render.ReadoutHTML().from_notebook_node(notebook)
    return str(made)


def soup(notebook: Any) -> BeautifulSoup:
    return BeautifulSoup(page(notebook), "html.parser")


def printed(notebook: Any) -> bytes:
    made, _ = render.ReadoutPDF().from_notebook_node(notebook)
    return bytes(made)


def pages(pdf: bytes) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        texts = []
        for sheet in document:
            text = sheet.get_textpage()
            texts.append(text.get_text_bounded())
            text.close()
            sheet.close()
        return texts


def squeezed(text: str) -> str:
    """Return text without white space and marks of possible breaks."""
    # pdfium gives a hyphen at the end of a line as U+0002
    return re.sub(r"[\s\u200b]+", "", text.replace("\x02", "-"))


def blocks(notebook: Any) -> list[dict[str, Any]]:
    return [b for section in model.build(notebook)["sections"] for b in section["blocks"]]


# The model of hand-made notebooks


def test_markdown_becomes_blocks() -> None:
    source = """# One

A *b* **c** `d<e>`

## Two

1. x
2. y
   - z

> said

```python
print(1)
```

---
"""
    (section,) = model.build(markdown(source))["sections"]
    assert section["title"] == "One"
    kinds = [b["kind"] for b in section["blocks"]]
    assert kinds == ["paragraph", "heading", "list", "quote", "code"]
    paragraph, heading, listed, quote, code = section["blocks"]
    assert paragraph["inline"] == [
        {"text": "A "},
        {"text": "b", "emphasis": True},
        {"text": " "},
        {"text": "c", "strong": True},
        {"text": " "},
        {"text": "d<e>", "code": True},
    ]
    assert heading["level"] == 2
    assert listed["ordered"]
    assert [b["kind"] for b in listed["items"][1]] == ["paragraph", "list"]
    assert quote["blocks"][0]["inline"] == [{"text": "said"}]
    assert code["text"] == "print(1)"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("HTTP://example.org", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,<b>", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("a.html", False),
        ("&#106;avascript:alert(1)", False),
        ("\tjavascript:alert(1)", False),
    ],
)
def test_only_links_to_pages_and_mail_are_links(url: str, kept: bool) -> None:
    found = soup(markdown(f"# T\n\n[words](<{url}>)")).main.find_all("a")
    assert [a["href"] for a in found] == ([url] if kept else [])
    assert "words" in soup(markdown(f"# T\n\n[words](<{url}>)")).main.get_text()


def test_raw_html_stays_text() -> None:
    raw = '<div onclick="x()">a</div>'
    made = soup(markdown(f"# T\n\n{raw}\n\nand <b>b</b> &amp; c"))
    assert raw in made.main.get_text()
    assert "and <b>b</b>" in made.main.get_text()
    assert made.main.find_all(["div", "b"]) == []


ODD = [
    "##",
    "## \n\ntext",
    "-",
    "- \n- a",
    ">",
    "[](https://example.org)",
    "![](x.png)",
    "*a **b *c* d** e*",
    "**a __b__ c**",
    "[a [b](https://example.org/b) c](https://example.org/c)",
    "[![alt](a.png)](https://example.org)",
    "```\n```",
    "``` \n\n\n```",
    "` `",
    "a  \nb\\\nc",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "term[^1]\n\n[^1]: note",
    "- [ ] todo",
    "&nbsp;&lt;b&gt;",
    "Title\n=====\n\ntext",
    "#hash",
    "[x]\n\n[x]: https://example.org",
    "<https://example.org> and https://example.org/bare",
    "* * *",
    "#### deep\n\n###### deeper\n\n# One\n\n### x",
    "$x^2$ #let x = 1 @ref <label> \\ // /* */ _a_ `` ` ``",
    "\x00\x01\x0b text \ufffd",
    "a" * 5000,
]


@pytest.mark.parametrize("source", ODD, ids=[repr(s[:24]) for s in ODD])
def test_odd_markdown_renders_in_both(source: str) -> None:
    notebook = markdown("# T\n\nbefore", source, "after")
    assert "after" in soup(notebook).main.get_text()
    assert "after" in squeezed("".join(pages(printed(notebook))))


def test_headings_start_below_the_section_and_never_jump() -> None:
    made = soup(markdown("text without a heading\n\n### third level first\n\n##### fifth\n\n## b"))
    assert_headings(made)


def assert_headings(made: BeautifulSoup) -> None:
    levels = [int(h.name[1]) for h in made.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_sections_of_one_title_have_ids_of_their_own() -> None:
    made = soup(markdown("# x 3\n\na", "# x\n\nb", "# x\n\nc", "# 合作\n\nd", "# 共赢\n\ne"))
    assert_ids(made)
    assert len(made.find_all("section")) == 5


def assert_ids(made: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in made.find_all(id=True)]
    assert len(ids) == len(set(ids)), sorted(i for i in set(ids) if ids.count(i) > 1)
    wanted = {str(a["href"])[1:] for a in made.find_all("a", href=re.compile("^#"))}
    assert wanted <= set(ids)


def test_a_code_cell_shows_its_outputs_and_no_code() -> None:
    new = nbformat.v4.new_output
    cell = nbformat.v4.new_code_cell(
        "secret = 1",
        outputs=[
            new("stream", name="stdout", text="shown <b>\n"),
            new("stream", name="stderr", text="hidden"),
            new("execute_result", data={"text/plain": "42", "text/html": "<i>42</i>"}),
            new("error", ename="ValueError", evalue="a < b", traceback=["..."]),
        ],
    )
    text = soup(nbformat.v4.new_notebook(cells=[cell])).main.get_text()
    assert "shown <b>" in text
    assert "42" in text
    assert "ValueError: a < b" in text
    assert "hidden" not in text
    assert "secret" not in text
    cell.metadata["tags"] = ["show-code"]
    assert "secret" in soup(nbformat.v4.new_notebook(cells=[cell])).main.get_text()


def test_output_in_any_script_is_printed() -> None:
    stream = nbformat.v4.new_output("stream", name="stdout", text="合作 сотрудничество שלום\n")
    cell = nbformat.v4.new_code_cell("print(1)", outputs=[stream], metadata={"tags": ["show-code"]})
    text = "".join(pages(printed(nbformat.v4.new_notebook(cells=[cell]))))
    assert "合作" in text
    assert "сотрудничество" in text


def test_colours_of_a_terminal_break_nothing() -> None:
    stream = nbformat.v4.new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m\x08 \x00.\n")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[stream])])
    assert "red" in soup(notebook).main.get_text()
    assert "red" in "".join(pages(printed(notebook)))


def png() -> str:
    """Return a picture of one white point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\xff"))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")).decode()


def test_a_picture_stands_in_the_page_with_its_description() -> None:
    cell = output({"image/png": png()[:20] + "\n" + png()[20:]}, alt='A "white" <point>')
    notebook = nbformat.v4.new_notebook(cells=[cell])
    image = soup(notebook).find("img")
    assert isinstance(image, Tag)
    assert image["src"] == f"data:image/png;base64,{png()}"
    assert image["alt"] == 'A "white" <point>'
    assert printed(notebook).startswith(b"%PDF")


@pytest.mark.parametrize("data", ["no base 64", "QUJD", ""])
def test_a_broken_picture_is_named(data: str) -> None:
    with pytest.raises(RenderError):
        printed(nbformat.v4.new_notebook(cells=[output({"image/png": data})]))


def test_findings_and_charts_are_taken_from_their_data(make_corpus: MakeCorpus) -> None:
    finding = table(make_corpus("Peace. Trade.", titles=["T"]), ["a", "b"], [2, 1])
    chart = kit.charts.bars(finding, "word", "count")
    kinds = blocks(shows(finding, chart))
    assert [b["kind"] for b in kinds] == ["table", "chart"]
    assert [[c["text"] for c in row["cells"]] for row in kinds[0]["rows"]] == [
        ["a", "2"],
        ["b", "1"],
    ]
    assert kinds[1]["numbers"] is None  # the section shows them above
    assert blocks(shows(chart))[0]["numbers"]["rows"]


def test_what_does_not_apply_is_left_out_with_its_heading(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Peace.", titles=["T"])
    evidence = ((Span("000", 1, 0, 5),),)  # of a text that nothing else cites
    idle = table(corpus, ["a"], [1], evidence=evidence, applies=False, caveats=("1 text.",))
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Section\n\nOf what is said."),
            nbformat.v4.new_markdown_cell("## Idle\n\nHow to read it."),
            output(idle._repr_mimebundle_()),
            output(kit.charts.bars(idle, "word", "count")._repr_mimebundle_()),
            nbformat.v4.new_markdown_cell("## Half"),
            output(idle._repr_mimebundle_()),
            output(table(corpus, ["a"], [2])._repr_mimebundle_()),
            nbformat.v4.new_markdown_cell("## Words alone\n\nThey stay."),
        ]
    )
    kinds = [b["kind"] for b in blocks(notebook)]
    assert kinds == ["paragraph", "heading", "table", "heading", "paragraph"]
    assert "Idle" not in soup(notebook).get_text()
    assert list(data.findings(notebook)) == [("notebook", table(corpus, ["a"], [2]).to_json())]


def table(corpus: Corpus, words: list[str], counts: list[Any], **more: Any) -> Finding:
    frame = pd.DataFrame({"word": words, "count": counts})
    return Finding("words", "Words", frame, corpus, "Counted.", **more)


# Redlines

OLD = "They <b>agreed</b> to meet & talk soon. The border stays closed to all lorries. War ended."
NEW = "War ended. They <b>agreed</b> to meet & trade soon.\n\nThe border opens at dawn for <i>all</i>."


@pytest.fixture(scope="module")
def redlined(make_corpus: MakeCorpus) -> tuple[Corpus, Any]:
    corpus = make_corpus(OLD, NEW, titles=["<s>T</s>", "<s>T</s>"], language="en")
    return corpus, shows(kit.redline.compare(corpus, "000", "001"))


def test_a_redline_is_a_page_of_marked_text(redlined: tuple[Corpus, Any]) -> None:
    corpus, notebook = redlined
    made = soup(notebook)
    assert_inert(made)
    assert_ids(made)
    figure = made.select_one("figure.redline")
    assert "carried over verbatim" in figure.figcaption.get_text()
    for name, said in (("del", "deleted: "), ("ins", "inserted: ")):
        for tag in figure.select(f"p:not(.key) {name}"):
            assert tag.select_one(".unseen").get_text() == said
    for tag in figure.select(".unseen, .aside, .key"):
        tag.extract()
    struck = [tag.extract().get_text() for tag in figure.select("p del")]
    assert struck == ["talk", "The border stays closed to all lorries."]
    places = [a.extract().get_text() for a in figure.select("a.place")]
    assert places == ["title", "¶1", "¶2 (new)"]
    shown = [" ".join(p.get_text().split()) for p in figure.find_all("p")]
    assert shown == [text for _, text in corpus["001"].passages()]


def test_what_changed_leads_to_its_sentence(redlined: tuple[Corpus, Any]) -> None:
    made = soup(redlined[1])
    changed = made.select("figure.redline bdi a")
    assert len(changed) > 3
    for link in changed:
        sentence = made.find(id=str(link["href"])[1:])
        assert " ".join(link.get_text().split()) in sentence.get_text()


def test_a_redline_is_printed_with_its_struck_words(redlined: tuple[Corpus, Any]) -> None:
    made = printed(redlined[1])
    text = "".join(pages(made)).split("cited")[-2]
    for words in ("meet & talk", "lorries.", "meet & trade", "War ended.", "[moved to ¶1"):
        assert squeezed(words.split()[-1]) in squeezed(text)
    with pdfium.PdfDocument(made) as document:
        assert document.is_tagged()


def test_a_redline_in_any_script_is_shown(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "双方将加强合作。今后继续对话。",
        "双方将深化合作。今后继续对话。",
        language="zh",
        titles=["会谈"] * 2,
    )
    notebook = shows(kit.redline.compare(corpus, "000", "001"))
    passage = soup(notebook).select_one("figure.redline bdi")
    assert passage["lang"] == "zh"
    assert squeezed("加强") in squeezed("".join(pages(printed(notebook))))


def test_a_redline_of_nothing_is_left_out(make_corpus: MakeCorpus) -> None:
    idle = kit.redline.latest(make_corpus("Peace."))
    assert blocks(shows(idle)) == []
    assert "Redline" not in squeezed("".join(pages(printed(shows(idle)))))


# Pictures


PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 onload="alert(1)" viewBox="0 0 9 9">
<script>alert(2)</script><foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>
<style>@import url(http://h.example/a.css);</style>
<defs><path id="p" d="M0 0"/><clipPath id="k"><rect width="9" height="9"/></clipPath></defs>
<a href="https://h.example"><text>linked</text></a>
<image xlink:href="http://h.example/x.png"/><set attributeName="onload" to="alert(3)"/>
<use xlink:href="#p" clip-path="url(#k)"/><use xlink:href="http://h.example/x.svg#p"/>
<rect onclick="alert(4)" style="fill:url(http://h.example/y)" fill="url(http://h.example/z"/>
<rect style="fill:url('http://h.example/q"/><text>kept</text></svg>"""


def test_a_picture_is_stripped_to_what_draws() -> None:
    made = svg.inline(PICTURE, "k1")
    for gone in ("script", "foreignObject", "alert", "h.example", "import", "onload", "onclick"):
        assert gone not in made, gone
    tags = BeautifulSoup(made, "html.parser")
    assert [t["id"] for t in tags.find_all(id=True)] == ["k1-p", "k1-k"]
    assert tags.find("use")["href"] == "#k1-p"
    assert tags.find("use")["clip-path"] == "url(#k1-k)"
    assert "kept" in tags.get_text()


@pytest.mark.parametrize(
    "root",
    [
        '<script xmlns="http://www.w3.org/2000/svg">alert(1)</script>',
        '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        "<iframe/>",
        "no picture",
    ],
)
def test_what_is_no_picture_is_refused(root: str) -> None:
    with pytest.raises(RenderError):
        svg.inline(root, "k")


# Hostile and difficult content


def assert_inert(made: BeautifulSoup) -> None:
    """Check that a page runs nothing and asks nobody."""
    assert made.find_all(["script", "iframe", "form", "object", "embed", "link", "base"]) == []
    policy = made.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert "default-src 'none'" in str(policy["content"])
    for tag in made.find_all(True):
        assert not [a for a in tag.attrs if a.startswith("on")], tag
        assert str(tag.get("src", "data:image/")).startswith("data:image/")
        allowed = ("#", "https://", "http://", "mailto:") if tag.name == "a" else ("#",)
        assert str(tag.get("href", "#")).startswith(allowed), tag
        assert "url(" not in str(tag.get("style", "")).replace("url(#", "")
    assert "url(" not in "".join(s.get_text() for s in made.head.find_all("style"))


def test_payloads_stay_text(shared: Path) -> None:
    path = shared / "cases/46-report-html-payloads/payloads.ipynb"
    notebook = render.merge({"payloads": path}, provenance={})
    made = soup(notebook)
    assert_inert(made)
    assert made.find_all("a", href=re.compile("^[^#]")) == []
    text = made.get_text()
    assert "T <script>alert(1)</script>" in text
    assert "<img src=x onerror=alert(2)>" in text
    host = Path("/etc/hostname")
    if host.is_file() and host.read_text("utf-8").strip():
        assert host.read_text("utf-8").strip() not in "".join(pages(printed(notebook)))


def test_text_that_looks_like_markup_stays_as_it_is(shared: Path) -> None:
    path = shared / "cases/47-text-shown-as-markup/a.txt"
    corpus = parse.read(path)
    dated = path.read_text("utf-8").splitlines()
    lines = [dated[0].strip().removeprefix("date 2025-01-26 "), *(x for x in dated[1:] if x)]
    bars = kit.charts.bars(table(corpus, lines, list(range(len(lines)))), "word", "count")
    notebook = shows(kit.texts.reading_list(corpus), table(corpus, lines, [0] * len(lines)), bars)
    made = soup(notebook)
    pdf = squeezed("".join(pages(printed(notebook))))
    cited = [p.get_text() for p in made.select("article p.cited, article h3")]
    labels = [t.get_text() for t in made.select("svg text")]
    for line in lines:
        assert any(line in text for text in cited), line
        assert pdf.count(squeezed(line)) >= 3, line  # in the table, the picture and the text
        assert line in labels or any(
            text.endswith("…") and line.startswith(text.rstrip("… ")) for text in labels
        ), line


def test_every_script_is_drawn_and_can_be_copied(shared: Path, make_corpus: MakeCorpus) -> None:
    words = json.loads((shared / "cases/51-missing-glyphs/words.json").read_text("utf-8"))
    finding = table(make_corpus("Text.", titles=["T"]), words, list(range(len(words))))
    notebook = shows(kit.charts.bars(finding, "word", "count"), finding)
    labels = [t.get_text() for t in soup(notebook).select("svg text")]
    assert set(words) <= set(labels)
    pdf = squeezed("".join(pages(printed(notebook))))
    for word in ("合作", "共赢", "сотрудничество", "−1", "’"):
        assert pdf.count(word) >= 2, word  # picture and table
    assert "[U+0645]" in pdf  # the first letter of the Arabic word has no form in the fonts


def test_a_character_without_a_form_is_told_and_breaks_nothing(make_corpus: MakeCorpus) -> None:
    finding = table(make_corpus("Text.", titles=["T"]), ["שלום", "😀"], [1, 2])
    notebook = shows(finding)
    notebook.metadata["readout"] = {
        "title": "שלום 😀",
        "provenance": {"source": "x", "parameters": [], "versions": []},
    }
    pdf = "".join(pages(printed(notebook)))
    assert "[U+05E9]" in pdf
    assert "[U+1F600]" in pdf
    assert "5 characters have no form" in " ".join(pdf.split())
    assert "שלום" in page(notebook)


LONG = """
import sys
import nbformat, pandas as pd
from kit import render
from kit.corpus import Corpus, Document
from kit.finding import Finding
corpus = Corpus((Document("a", "T", None, ("A" * 3000,), "en", "a.txt", ""),))
frame = pd.DataFrame({"n": range(5000), "theme": [f"theme {i}" for i in range(5000)],
                      "count": [3 * i for i in range(5000)]})
finding = Finding("long", "Long", frame, corpus, "Made.", whole=("a",))
shown = nbformat.v4.new_output("display_data", data=finding._repr_mimebundle_())
cell = nbformat.v4.new_code_cell("x", outputs=[shown])
made, _ = render.ReadoutPDF().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
open(sys.argv[1], "wb").write(made)
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]))
"""


def test_a_long_table_and_a_long_word_are_printed_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG, str(tmp_path / "long.pdf")],
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    assert int(done.stdout) < 1_000_000  # kB
    texts = pages((tmp_path / "long.pdf").read_bytes())
    whole = "".join(texts)
    assert re.search(r"4,999\s+theme 4999\s+14,997", whole)
    letters = re.findall("A{9,}", squeezed(whole))  # a page may end in the midst of the word
    assert sum(map(len, letters)) == 3000
    with_rows = [text for text in texts if re.search(r"theme \d+", text)]
    assert all("Theme" in text for text in with_rows)  # the header row stands on each page


def test_hostile_titles_are_shown_and_make_no_names(
    shared: Path, make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    titles = json.loads((shared / "cases/19-hostile-titles/titles.json").read_text("utf-8"))
    corpus = make_corpus(*["Text."] * len(titles), titles=titles)
    notebook = shows(kit.texts.reading_list(corpus, full=100))
    made = soup(notebook)
    assert_inert(made)
    assert [" ".join(h.get_text().split()) for h in made.select("article h3")] == [
        " ".join(title.split()) for title in titles
    ]
    cells = [row.find_all(["th", "td"])[1].get_text() for row in made.select("tbody tr")]
    assert [cell.strip() for cell in cells] == [title.strip() for title in titles]
    assert all(h.find("bdi") for h in made.select("article h3"))
    pdf = squeezed("".join(pages(printed(notebook))))
    for title in titles:
        if re.fullmatch(r"[ -~\u00a0-\u017f\u4e00-\u9fff‘’\u0301]*", title):
            assert squeezed(title) in pdf, title
    for title in titles:
        notebook.metadata["readout"] = {"title": title}
        named = soup(notebook)
        assert named.h1.get_text() == title or not title.strip()
        assert named.title.get_text() == title or not title.strip()
        out = (tmp_path / files.slug(title)).resolve()
        assert out.parent == tmp_path.resolve()


@pytest.mark.parametrize(
    "title", ["😀 </title> #[x] $y$", "مرحبا English", "x" * 300, "合作" * 100]
)
def test_any_title_can_head_a_pdf(title: str) -> None:
    notebook = markdown("# A\n\nb")
    notebook.metadata["readout"] = {"title": title}
    with pdfium.PdfDocument(printed(notebook)) as document:
        assert document.get_metadata_value("Title")


# Data


def read_csv(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_formula_is_neutralised_and_a_number_is_not(
    shared: Path, make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    given = (shared / "cases/12-csv-formula-export/titles.txt").read_text("utf-8")
    titles = [line for line in given.split("\n") if line]
    finding = table(make_corpus("T.", titles=["T"]), titles, [-3.2] * len(titles))
    render.data.write(shows(finding), tmp_path / "data")
    rows = read_csv(tmp_path / "data" / "notebook-words.csv")[1:]
    assert [row[0].lstrip("'") for row in rows] == titles
    for row in rows:
        assert row[0][0] not in "=+-@\t\r"
        assert row[1] == "-3.2"
    assert rows[-1][0] == "plain"


def test_of_a_finding_shown_twice_the_longer_is_kept(
    make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    finding = table(make_corpus("T.", titles=["T"]), ["a", "b"], [1, 2])
    render.data.write(shows(finding.head(1), finding, finding.head(1)), tmp_path / "data")
    assert len(read_csv(tmp_path / "data" / "notebook-words.csv")) == 3


# The report of the seed


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the seed's report."""
    made = run.make(run.plan(str(SEEDS), {}), tmp_path_factory.mktemp("out") / "seed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    return made


@pytest.fixture(scope="module")
def seed_page(report: Path) -> BeautifulSoup:
    return BeautifulSoup((report / "report.html").read_text("utf-8"), "html.parser")


def test_the_page_is_inert_and_whole(seed_page: BeautifulSoup, seed: Corpus) -> None:
    assert_inert(seed_page)
    assert_ids(seed_page)
    assert_headings(seed_page)
    assert seed_page.html["lang"] == "en"
    assert seed_page.title.get_text() == seed.documents[0].title
    shown = [p.get_text() for p in seed_page.select("p.cited")]
    assert len(shown) == len(seed.documents[0].paragraphs) == 25
    for number, text in enumerate(seed.documents[0].paragraphs, start=1):
        assert shown[number - 1] == f"{number}{text}"


def test_tables_and_pictures_can_be_read_aloud(seed_page: BeautifulSoup) -> None:
    tables = seed_page.find_all("table")
    assert len(tables) > 10
    for found in tables:
        assert found.caption.get_text().strip()
        assert all(th["scope"] in ("col", "row") for th in found.find_all("th"))
        assert all(th.get_text().strip() for th in found.select("thead th"))
    pictures = seed_page.select("figure.chart")
    assert len(pictures) >= 4
    for picture in pictures:
        assert len(picture.select_one("[role=img]")["aria-label"]) > 20
        assert picture.figcaption.get_text().strip()
    assert seed_page.select('bdi[lang="zh"]')


def test_every_link_to_a_place_leads_to_its_sentence(seed_page: BeautifulSoup) -> None:
    links = seed_page.select(".where a")
    assert len(links) > 50
    sentences = {str(piece["id"]) for piece in seed_page.select("article [id]")}
    for link in links:
        assert str(link["href"])[1:] in sentences
        label = link.get_text()
        wanted = "p0" if label == "title" else f"p{label.removeprefix('¶')}"
        assert str(link["href"]).split("-")[1] == wanted


def test_the_pdf_has_every_paragraph_an_outline_a_title_and_links(
    report: Path, seed: Corpus
) -> None:
    content = (report / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    title = seed.documents[0].title
    headers = re.compile(rf"^(READOUT|Readout|\d+ / \d+|{re.escape(title[:60])}.*)\s*$", re.M)
    text = squeezed("".join(headers.sub("", sheet) for sheet in pages(content)))
    missing = [p for p in seed.documents[0].paragraphs if squeezed(p) not in text]
    assert missing == []
    with pdfium.PdfDocument(content) as document:
        assert document.get_metadata_value("Title") == title
        entries = [(entry.level, entry.get_title()) for entry in document.get_toc()]
        top = [name for level, name in entries if level == 0]
        assert [*top[:7], top[-2]] == [
            "Brief",
            "Changes",
            "Themes",
            "Wording",
            "Names",
            "Stance",
            "Texts",
            "The texts cited",
        ]
        assert sum(links(document)) > 100
        assert document.is_tagged()


def links(document: pdfium.PdfDocument) -> Iterator[int]:
    """Yield the number of links of each page."""
    for sheet in document:
        place, link, found = ctypes.c_int(0), pdfium_c.FPDF_LINK(), 0
        while pdfium_c.FPDFLink_Enumerate(sheet, place, link):
            found += 1
        yield found
        sheet.close()


def test_the_evidence_of_data_points_at_the_very_characters(report: Path, seed: Corpus) -> None:
    rows = read_csv(report / "data" / "wording-kwic.csv")
    hit = rows[0].index("hit")
    assert len(rows) > 1
    for row in rows[1:]:
        source, paragraph, bounds = row[-1].split(" ")[0].rsplit(":", 2)
        start, end = map(int, bounds.split("-"))
        (document,) = (d for d in seed if d.source == source)
        assert seed.text(Span(document.id, int(paragraph), start, end)) == row[hit]


def test_no_data_file_has_a_cell_that_would_run(report: Path) -> None:
    found = sorted((report / "data").glob("*.csv"))
    assert len(found) > 15
    for path in found:
        rows = read_csv(path)
        assert rows[0][-1] == "evidence"
        for row in rows[1:]:
            assert len(row) == len(rows[0])
            for cell in row:
                number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
                assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), path


def test_nbconvert_has_both_exporters(report: Path, tmp_path: Path) -> None:
    for name, start in (("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF")):
        subprocess.run(
            [
                *(sys.executable, "-m", "jupyter", "nbconvert", "--to", f"readout-{name}"),
                *("--output-dir", str(tmp_path), str(report / "notebooks" / "themes.ipynb")),
            ],
            check=True,
            capture_output=True,
        )
        assert (tmp_path / f"themes.{name}").read_bytes().startswith(start)


def test_a_report_without_anything_to_show_is_still_a_page() -> None:
    notebook = nbformat.v4.new_notebook()
    assert soup(notebook).h1.get_text() == "Report"
    assert printed(notebook).startswith(b"%PDF")


def test_rendering_changes_no_notebook(report: Path) -> None:
    path = report / "notebooks" / "wording.ipynb"
    notebook = render.merge({"wording": path}, provenance={})
    before = hashlib.sha256(json.dumps(notebook, sort_keys=True).encode()).hexdigest()
    page(notebook)
    printed(notebook)
    assert hashlib.sha256(json.dumps(notebook, sort_keys=True).encode()).hexdigest() == before


def test_a_recipe_gives_the_pages_a_colour_a_footer_and_a_paper() -> None:
    notebook = markdown("# A\n\n[link](https://example.org/)", "\n\n".join(["word " * 400] * 4))
    look = {"accent": "#8a1c1c", "footer": "Desk <b>5</b>", "paper": "us-letter"}
    notebook.metadata["readout"] = {"title": "T", "look": look}
    made = page(notebook)
    assert "(prefers-color-scheme: light) { :root { --accent: #8a1c1c; } }" in made
    assert "<bdi>Desk &lt;b&gt;5&lt;/b&gt;</bdi>" in made
    pdf = printed(notebook)
    assert ["Desk <b>5</b>" in text for text in pages(pdf)][:2] == [True, False]
    with pdfium.PdfDocument(pdf) as document:
        assert document.get_page_size(0) == (612, 792)


@pytest.mark.parametrize("accent", ["red;}</style>", "#12345", "url(x)", ""])
def test_what_is_no_colour_gets_into_no_style(accent: str) -> None:
    notebook = markdown("# A")
    notebook.metadata["readout"] = {"title": "T", "look": {"accent": accent}}
    plain = markdown("# A")
    plain.metadata["readout"] = {"title": "T"}
    assert page(notebook) == page(plain)


def test_charts_of_a_pdf_have_the_colour_of_the_recipe() -> None:
    chart = '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="#1f5f99"/></svg>'
    assert "#8a1c1c" in svg.standalone(chart, "#8a1c1c")
    assert "#1f5f99" in svg.standalone(chart)


def _cited(make_corpus: MakeCorpus, dates: list[str | None], titles: list[str]) -> list[str]:
    corpus = make_corpus(*["War ended."] * len(dates), dates=dates, titles=titles)
    spans = tuple((Span(d.id, 1, 0, 3),) for d in corpus)
    table = pd.DataFrame({"word": ["war"] * len(dates)})
    (block,) = blocks(shows(Finding("words", "Words", table, corpus, "Counted.", spans)))
    return [link["label"] for row in block["rows"] for link in row["where"]]


def test_a_place_names_its_text_by_date_where_that_tells(make_corpus: MakeCorpus) -> None:
    labels = _cited(make_corpus, ["2024-01-01", "2024-01-02"], ["One", "Two"])
    assert labels == ["2024-01-01 ¶1", "2024-01-02 ¶1"]


def test_texts_of_one_day_and_undated_ones_are_cited_by_title(make_corpus: MakeCorpus) -> None:
    dates = ["2024-09-25", "2024-09-25", "2024-09-26", None, None]
    titles = ["China", "France", "Last", "1954年中华人民共和国国务院政府工作报告", "1955年报告"]
    labels = _cited(make_corpus, dates, titles)
    assert labels == [
        "China ¶1",
        "France ¶1",
        "2024-09-26 ¶1",
        "1954年中华人民共和… ¶1",
        "1955年报告 ¶1",
    ]


def test_texts_with_one_title_and_day_are_numbered_as_they_are_headed(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus("War.", "War.", dates=["2024-09-25"] * 2, titles=["Speech"] * 2)
    spans = tuple((Span(d.id, 1, 0, 3),) for d in corpus)
    finding = Finding(
        "words", "Words", pd.DataFrame({"word": ["a", "b"]}), corpus, "Counted.", spans
    )
    report = model.build(shows(finding))
    (block,) = report["sections"][0]["blocks"]
    assert [row["where"][0]["label"] for row in block["rows"]] == [
        "2024-09-25 (1) ¶1",
        "2024-09-25 (2) ¶1",
    ]
    assert [t["date"] for t in report["texts"]] == ["2024-09-25 (1)", "2024-09-25 (2)"]


def test_long_numbers_of_a_picture_are_cut_and_say_where_the_rest_is(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus("War ended.")
    rows = model.NUMBERS + 1
    table = pd.DataFrame({"word": [f"w{i}" for i in range(rows)], "count": range(1, rows + 1)})
    chart = kit.charts.bars(
        Finding("words", "Words", table, corpus, "Counted."), "word", "count", top=rows
    )
    notebook = shows(chart)
    (block,) = blocks(notebook)
    assert len(block["numbers"]["rows"]) == model.NUMBERS
    told = f"The first 100 of {rows} rows shown; all {rows} of the picture stand in data/"
    assert told in page(notebook)
    assert block["numbers"]["file"].startswith("data/notebook-words")


def test_what_leads_to_a_wide_table_stands_on_its_page(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("War ended.")
    wide = pd.DataFrame({f"column{i}": [f"cell{i}"] for i in range(10)})
    notebook = shows(Finding("wide", "A wide table", wide, corpus, "Counted."))
    before = nbformat.v4.new_markdown_cell("# Part\n\nFirst words.\n\n- a\n- b")
    leading = nbformat.v4.new_markdown_cell("## Heading of it\n\nWhat it shows.")
    after = nbformat.v4.new_markdown_cell("## After it\n\nLast words.")
    notebook.cells = [before, leading, *notebook.cells[1:], after]
    pdf = printed(notebook)
    with pdfium.PdfDocument(pdf) as document:
        turned = [
            width > height for width, height in map(document.get_page_size, range(len(document)))
        ]
    texts = pages(pdf)
    on = {
        word: [i for i, text in enumerate(texts) if word in text]
        for word in ("First words", "Heading of it", "What it shows", "cell9", "Last words")
    }
    (page_of_table,) = on["What it shows"]
    assert turned[page_of_table]
    assert page_of_table in on["Heading of it"]
    assert page_of_table in on["cell9"]
    assert not turned[on["Last words"][0]]
