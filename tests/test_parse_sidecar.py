"""The table beside the texts: what it says of a file, and what it says of none."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.parse.record import Rejected, UnreadableError
from kit.parse.sidecar import Override, read_sidecar


def written(folder: Path, table: str, name: str = "metadata.csv") -> Path:
    (folder / name).write_text(table, encoding="utf-8")
    return folder


def files(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_all_that_it_may_say(tmp_path: Path) -> None:
    files(tmp_path, "a.txt", "sub/b.pdf", "讲话.txt")
    table = (
        "file,Title,date,lang,Author,source,link,id,country\n"
        "a.txt,The title,2025-01-26,en,A,Ministry,https://x.org,007,NA\n"
        "./sub\\b,,2025,,,,,,\n"
        "讲话,标题,,zh,,,,,\n"
    )
    found, rejected = read_sidecar(written(tmp_path, table))
    assert not rejected
    assert found == {
        "a.txt": Override(
            "The title", "2025-01-26", "en", "A", "Ministry", "https://x.org", "007", place="2"
        ),
        "sub/b.pdf": Override(date="2025", place="3"),
        "讲话.txt": Override(title="标题", language="zh", place="4"),
    }


def test_rows_without_a_file_and_second_rows(tmp_path: Path) -> None:
    files(tmp_path, "a.txt", "b.txt", "b.pdf")
    (tmp_path.parent / "out.txt").write_text("x")
    table = "path,title\na.txt,one\nA.txt,two\na,three\n../out.txt,x\nb,x\n,x\nb.pdf,four\n1\n"
    found, rejected = read_sidecar(written(tmp_path, table))
    assert {name: x.title for name, x in found.items()} == {"a.txt": "one", "b.pdf": "four"}
    assert {x.place: x.reason for x in rejected} == {
        "3": "no such file 'A.txt'",
        "4": "a second row for 'a.txt': that of line 2 counts",
        "5": "no such file '../out.txt'",
        "6": "'b' may be b.pdf or b.txt",
        "7": "its cell `file` is empty",
        "9": "1 cells where the header has 2",
    }
    assert all(x.advice for x in rejected)


def test_no_table_and_two_tables(tmp_path: Path) -> None:
    files(tmp_path, "a.txt")
    written(tmp_path, "date\n2025\n", "dates.csv")  # of another name: not ours to read
    assert read_sidecar(tmp_path) == ({}, [])
    written(tmp_path, "file\ttitle\na.txt\tx, y\n", "metadata.tsv")
    assert read_sidecar(tmp_path)[0]["a.txt"].title == "x, y"
    written(tmp_path, "file;title\na.txt;z\n", "Metadata.csv")
    found, rejected = read_sidecar(tmp_path)
    assert found["a.txt"].title == "z"
    assert rejected == [
        Rejected("metadata.tsv", "Metadata.csv beside it is read", "put all rows into one")
    ]


@pytest.mark.parametrize("table", ["", "title,date\nx,2025\n", "2025-01-26,x\n", "\x00"])
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_sidecar(written(tmp_path, table))
    assert caught.value.advice


def test_names_as_macos_writes_them(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Résumé.txt")
    found, _ = read_sidecar(written(tmp_path, "file,title\nRésumé.txt,x\n"), files=[name])
    assert list(found) == [name]


def test_hidden_files_are_not_spoken_of(tmp_path: Path) -> None:
    files(tmp_path, ".a.txt", ".git/b.txt")
    found, rejected = read_sidecar(written(tmp_path, "file\n.a.txt\n.git/b.txt\nmetadata.csv\n"))
    assert not found
    assert len(rejected) == 3


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("x")
    (folder / "metadata.csv").write_bytes(data)
    try:
        found, rejected = read_sidecar(folder)
    except UnreadableError:
        return
    assert not found
    assert all(x.reason for x in rejected)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a.txt", "a", "b.txt", "c", "", "../a.txt"])))
def test_rows_are_used_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("x")
    with (folder / "metadata.csv").open("w", newline="") as out:
        csv.writer(out).writerows([["file", "title"], *([name, "x"] for name in names)])
    found, rejected = read_sidecar(folder, files=["a.txt", "b.txt"])
    assert len(found) + len(rejected) == len(names)
