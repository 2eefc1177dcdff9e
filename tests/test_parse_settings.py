"""reading.toml says for good how a folder is read; what is said on the spot goes before it."""

from pathlib import Path

import pytest

import kit
from kit.errors import ReadError

TABLE = "body,said on,headline\nTwo sides met.,03/04/2025,Talks\n"


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "a.csv").write_text(TABLE, "utf-8")
    (tmp_path / "reading.toml").write_text(text, "utf-8")
    return tmp_path


def test_the_file_names_columns_and_how_dates_are_meant(tmp_path: Path) -> None:
    source = folder(tmp_path, 'date = "said on"\nday_first = true\n')
    corpus = kit.read(source)
    (document,) = corpus
    assert corpus.left_out == ()
    assert (document.title, str(document.date)) == ("Talks", "2025-04-03")
    (document,) = kit.read(source, day_first=False)
    assert str(document.date) == "2025-03-04"


def test_copies_may_be_counted_for_good(tmp_path: Path) -> None:
    source = folder(tmp_path, 'date = "said on"\nday_first = true\ncopies = true\n')
    (source / "b.csv").write_text(TABLE, "utf-8")
    assert len(kit.read(source)) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour = 'red'", "no option 'colour'"),
        ("day_first = 'yes'", "must be bool"),
        ("x", "TOML"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ReadError, match=rf"reading\.toml: .*{told}"):
        kit.read(folder(tmp_path, text))
