"""Which form a file has; archives, packed files and the shared cases end to end."""

import datetime as dt
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

import kit
from kit.corpus import Corpus, Document
from kit.parse import forms
from kit.parse.forms import FORMS, Form, form_of, is_costly, records
from kit.parse.record import Block, Options, Record, Rejected, UnreadableError

TODAY = dt.date(2026, 1, 1)


def zipped(members: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    file.seek(0)
    return file


# ---- which form


@pytest.mark.parametrize("name", FORMS)
def test_each_form_has_a_reader(name: str) -> None:
    assert callable(FORMS[name].parser())
    assert form_of(f"a{name}") is FORMS[name]
    assert form_of(f"a{name.upper()}") is FORMS[name]


@pytest.mark.parametrize(
    ("head", "ending"),
    [
        (b"%PDF-1.7", ".pdf"),
        (b"{\\rtf1", ".rtf"),
        (b"PAR1", ".parquet"),
        (b"  \n<!DOCTYPE HTML>", ".html"),
        (b"<HTML>", ".html"),
        (b"<rss version", ".rss"),
        (b"<feed xmlns", ".atom"),
        (b"Plain words", ".txt"),
    ],
)
def test_a_file_without_ending_is_told_by_its_first_bytes(head: bytes, ending: str) -> None:
    assert form_of("a", head) is FORMS[ending]


@pytest.mark.parametrize(
    ("name", "head", "reason"),
    [
        ("a.doc", b"", "old Word"),
        ("a.XLSX", b"", "Excel"),
        ("a.7z", b"", "7z"),
        ("a.png", b"\x89PNG", "form .png"),
        ("a.xyz", b"words", "form .xyz"),
        ("a", b"", "without a known ending"),
        ("a", b"\0\1", "without a known ending"),
    ],
)
def test_what_is_not_read_says_what_to_do(name: str, head: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        form_of(name, head)
    assert reason in caught.value.reason
    assert caught.value.advice


def test_what_is_read_in_a_process_of_its_own() -> None:
    for name in ("a.pdf", "a.PDF", "a.html.gz", "a.zip", "a.tar.xz", "a.json", "a", "a.unknown"):
        assert is_costly(name), name
    for name in ("a.txt", "a.md", "a.csv", "a.csv.gz", "a.jsonl", "a.TXT"):
        assert not is_costly(name), name


# ---- archives and packed files


def test_a_zip_of_many_forms(tmp_path: Path) -> None:
    csv = b"text,title\nOne.,A\nTwo.,B\n"
    page = b"<html><body><p>The two sides held talks.</p></body></html>"
    members = {
        "a.txt": b" date 2025-01-26 Talks\n\nThey met.\n",
        "b/c.csv": csv,
        "page": page,
        "bad.pdf": b"%PDF",
        "e.zip": b"PK",
        "../up.txt": b"x",
        "odd.bin": b"\0",
        ".hidden.txt": b"x",
        "twice.txt.gz": gzip.compress(b"x"),
    }
    (tmp_path / "all.zip").write_bytes(zipped(members).getvalue())
    before = sorted(tmp_path.parent.rglob("*"))
    corpus = kit.read(tmp_path)
    assert sorted(tmp_path.parent.rglob("*")) == before
    assert {d.source: d.id for d in corpus} == {
        "all.zip/a.txt": "all.zip/a",
        "all.zip/b/c.csv:2": "all.zip/b/c#2",
        "all.zip/b/c.csv:3": "all.zip/b/c#3",
        "all.zip/page": "all.zip/page",
    }
    assert {x.source for x in corpus.left_out} == {
        "all.zip/bad.pdf",
        "all.zip:e.zip",
        "all.zip:../up.txt",
        "all.zip/odd.bin",
        "all.zip:twice.txt.gz",
    }


def test_packed_files_are_read_as_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"text\nOne.\n"))
    (tmp_path / "b.TXT.GZ").write_bytes(gzip.compress(b"Two."))
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"Three."))
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(b"Four." * 50)[:-9])
    (tmp_path / "no.txt.gz").write_bytes(b"Five.")
    (tmp_path / "empty.txt.gz").write_bytes(gzip.compress(b""))
    corpus = kit.read(tmp_path)
    assert {d.source: d.text(1) for d in corpus} == {
        "a.csv.gz:2": "One.",
        "b.TXT.GZ": "Two.",
        "c.gz": "Three.",
    }
    assert {x.source for x in corpus.left_out} == {"cut.txt.gz", "no.txt.gz", "empty.txt.gz"}


def test_a_reader_that_fails_costs_its_member_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(file: BinaryIO, source: str, options: Options) -> Iterator[Record]:
        yield Record((Block("before"),))
        raise KeyError("x")

    class Failing:
        costly = False

        def parser(self) -> object:
            return fails

    monkeypatch.setitem(forms.FORMS, ".bad", Failing())
    found = list(records(zipped({"a.bad": b"x", "b.txt": b"after"}), "a.zip", Options()))
    assert [name for name, _ in found] == ["a.zip/a.bad", "a.zip/a.bad", "a.zip/b.txt"]
    assert isinstance(found[1][1], Rejected)
    assert "its reader failed (KeyError" in found[1][1].reason


def test_a_form_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Form("text", "read_text").module = "os"  # type: ignore[misc]


# ---- the shared cases, end to end


def case(shared: Path, name: str, **options: str) -> Corpus:
    return kit.read(shared / "cases" / name, today=TODAY, **options)  # type: ignore[arg-type]


def words(corpus: Corpus) -> list[str]:
    return [text for d in corpus for _, text in d.passages()]


def test_case_01_chinese_in_gb18030(shared: Path) -> None:
    corpus = case(shared, "01-gb18030")
    guessed = corpus["a"]
    assert (str(guessed.date), len(guessed.paragraphs)) == ("2025-01-26", 2)
    assert guessed.notes == ("encoding guessed: gb18030",)
    assert {x.source: x.reason for x in corpus.left_out} == {
        "a.utf8.txt": "a copy of a.txt",
        "short.txt": "encoding uncertain",
    }
    plain = case(shared, "01-gb18030/a.utf8.txt")
    assert words(plain) == words(case(shared, "01-gb18030/a.txt"))
    assert len(case(shared, "01-gb18030/short.txt", encoding="gb18030")) == 1


def test_case_04_invisible_characters(shared: Path) -> None:
    (document,) = case(shared, "04-invisible-characters/a.txt")
    assert document.text(1).lower().count("cooperation") == 5
    assert document.text(2).count("New York") == 3
    assert "made plain or taken out: 1 soft hyphens, 3 invisible characters" in document.notes


def test_case_08_wrapped_lines(shared: Path) -> None:
    (document,) = case(shared, "08-wrapped-lines/a.txt")
    assert document.paragraphs[0] == (
        "The two sides will deepen their cooperation on a win-win basis and raise the livelihood of "
        "all. It is a long-term plan."
    )
    assert len(document.paragraphs) == 2
    assert "joined: 2" in document.notes[0]


def test_case_11_cells_are_the_texts_that_they_are(shared: Path, tmp_path: Path) -> None:
    corpus = case(shared, "11-csv-types/a.csv")
    assert [(d.id, d.title) for d in corpus] == [("007", "null"), ("010", "None"), ("1e5", "n/a")]
    assert corpus["007"].paragraphs == ("One.", "Two.")
    assert "no text" in corpus["1e5"].notes
    assert [x.source for x in corpus.left_out] == ["a.csv:6"]
    (tmp_path / "long.csv").write_text("id,text\n1," + "x" * 200_000 + "\n")
    assert len(kit.read(tmp_path).documents[0].text(1)) == 200_000


def test_case_12_what_looks_like_a_formula_is_text(shared: Path) -> None:
    (document,) = case(shared, "12-csv-formula-export/titles.txt")
    assert document.title == "=1+1"
    assert document.paragraphs == ("+7 days", "-5 percent", "@home", "=2+2", "-3.2", "plain")


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2025年1月26日", "2025-01-26"),
        ("1949年10月1日", "1949-10-01"),
        ("二〇二五年一月二十六日", "2025-01-26"),
        ("２０２５年１月２６日", "2025-01-26"),
        ("4月20日", None),
        ("2025年1月", None),
    ],
)
def test_case_15_chinese_dates(
    shared: Path, tmp_path: Path, written: str, date: str | None
) -> None:
    lines = (shared / "cases/15-chinese-dates/dates.txt").read_text().split()
    assert written in lines
    (tmp_path / "a.txt").write_text(f"{written}\n\n双方举行会谈。\n\n两国人民的合作。\n")
    (tmp_path / "b.csv").write_text(f"date,text\n{written},双方举行会谈，气氛良好。\n")
    corpus = kit.read(tmp_path, copies=True, today=TODAY)
    assert [str(d.date) if d.date else None for d in corpus] == [date, date]
    if date is None:
        assert all(d.notes for d in corpus)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles"])
def test_case_18_the_day_is_that_where_it_was_published(shared: Path, zone: str) -> None:
    code = (
        "import sys, kit, json; found = kit.read(sys.argv[1]);"
        "print(json.dumps([[str(d.date), d.notes, d.instant] for d in found]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, shared / "cases/18-time-zones/a.rss"],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert [date for date, *_ in found] == ["2025-01-27"] * 3
    assert found[0][1:] == [[], "2025-01-26T16:30:00Z"]  # 00:30 in Beijing
    assert "zone unknown" in found[1][1][0]
    assert "is no Tue" in found[2][1][0]


def test_case_19_hostile_titles_are_data(shared: Path, tmp_path: Path) -> None:
    titles = json.loads((shared / "cases/19-hostile-titles/titles.json").read_text())
    rows = [{"title": t, "text": f"Text {i}."} for i, t in enumerate(titles)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for i, title in enumerate(titles):
        (tmp_path / f"t{i:02d}.txt").write_text(f" date 2025-01-26 {title}\n\nWords {i}.\n")
    corpus = kit.read(tmp_path, today=TODAY)
    assert len(corpus) == 2 * len(titles)
    assert len({d.id for d in corpus}) == 2 * len(titles)
    by_text: dict[str, Document] = {d.text(1): d for d in corpus}
    for i, title in enumerate(titles):
        for text in (f"Text {i}.", f"Words {i}."):
            shown = by_text[text].title
            assert shown == " ".join(shown.split())
            if title.isprintable() and title.isascii() and title.strip():
                assert shown == " ".join(title.split())
    assert corpus.left_out == ()


def test_case_21_a_neighbour_with_the_same_beginning_is_outside(
    shared: Path, tmp_path: Path
) -> None:
    """Of the paths of the case those that can be read: links to each lead out or do not."""
    rows = (shared / "cases/21-path-prefix-check/paths.csv").read_text().splitlines()[1:]
    site, secret = tmp_path / "srv/site", tmp_path / "srv/site-secret"
    (site / "2025/01").mkdir(parents=True)
    (site / "a").mkdir()
    secret.mkdir()
    for path in (secret / "x.txt", tmp_path / "b.txt", tmp_path / "srv/b.txt"):
        path.write_text("secret")
    for path in (site / "report.txt", site / "2025/01/report.txt", site / "b.txt"):
        path.write_text("Fine.")
    expected = {}
    for i, row in enumerate(rows):
        written, _, verdict = row.rpartition(",")
        if "\\" in written or written.startswith("link"):
            continue
        target = written.replace(".html", ".txt").replace("/srv/", f"{tmp_path}/srv/")
        (site / f"link{i}.txt").symlink_to(target)
        expected[f"link{i}.txt"] = verdict
    (site / "link-to-etc").symlink_to("/etc")
    corpus = kit.read(site, copies=True)
    left_out = {x.source for x in corpus.left_out}
    assert {name for name, verdict in expected.items() if verdict == "refuse"} == left_out - {
        "link-to-etc"
    }
    assert "link-to-etc" in left_out
    assert not any("secret" in text or "root:" in text for text in words(corpus))


def test_case_24_headings_items_and_tables(shared: Path) -> None:
    (document,) = case(shared, "24-headings-lists-tables/a.txt")
    assert document.kinds == ("heading", "body", "item", "item", "item", "row", "row", "row")
    assert document.paragraphs[0] == "CLOSER TIES"
