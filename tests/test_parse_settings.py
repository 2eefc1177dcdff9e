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


def test_yearly_texts_are_of_the_day_that_is_said(tmp_path: Path) -> None:
    rows = "A.,2016,Report\nB.,,2017年政府工作报告\nC.,,From 1978 to 2018\nD.,2019-03-07,2019\n"
    rows = f"body,year,title\n{rows}"
    (tmp_path / "a.csv").write_text(rows, "utf-8")
    undated = kit.read(tmp_path)
    assert [str(d.date) for d in undated] == ["2019-03-07", "None", "None", "None"]
    (tmp_path / "reading.toml").write_text('year_day = "03-05"\ndate = "year"\n', "utf-8")
    corpus = kit.read(tmp_path)
    assert [(str(d.date), d.date_origin) for d in corpus] == [
        ("2016-03-05", "year"),
        ("2017-03-05", "year"),
        ("2019-03-07", "column"),
        ("None", ""),
    ]
    assert corpus.documents[0].notes == (
        "dated 2016-03-05 by the year in the column: yearly texts are of 03-05",
    )
    first = kit.read(tmp_path, year_day="12-31").documents[0]
    assert str(first.date) == "2016-12-31"


@pytest.mark.parametrize("wrong", ["3-5", "02-30", "02-29", "2016-03-05", "March", "00-01"])
def test_a_day_of_the_year_that_there_is_not(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "a.txt").write_text("Peace.", "utf-8")
    with pytest.raises(ReadError, match=f"year_day='{wrong}': write month and day"):
        kit.read(tmp_path, year_day=wrong)


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
