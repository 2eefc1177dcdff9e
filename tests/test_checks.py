"""A recipe is checked before anything runs: each fault with its line and the nearest name."""

import os
from collections.abc import Iterator
from pathlib import Path

import fakeruns
import pytest

from kit import checks
from kit.errors import RecipeError

PATH = Path("reports/weekly.toml")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path) -> Iterator[None]:
    before = Path.cwd()
    fakeruns.stage(tmp_path)
    fakeruns.notebook(tmp_path / "endless.ipynb", 'source: str = ""  # the texts')
    yield
    os.chdir(before)


def problems(text: str) -> list[str]:
    PATH.write_text(text, "utf-8")
    return [str(problem) for problem in checks.problems(PATH)]


GOOD = 'source = "texts"\nnotebooks = ["tiny.ipynb"]\n'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD + 'title = "{period} of {source}: {top}"\n[matrix]\ntop = [1, 2]\n',
        GOOD + '[schedule]\nzone = "Europe/Berlin"\nperiod = "week"\n',
        GOOD + '[matrix]\nperiod = ["2024-Q1", "week"]\nsource = ["texts", "tiny.ipynb"]\n',
        GOOD + '[parameters.tiny]\ntop = 2\n[look]\naccent = "#1f5f99"\n',
        'source = "texts"\n',
    ],
)
def test_what_fits_has_no_fault(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'source = "text"\nnotebooks = ["tiny.ipynb"]',
            "line 1: source: text: no such file or folder. Did you mean texts?",
        ),
        (
            'source = "texts"\nnotebooks = ["breif"]',
            "line 2: notebooks: no notebook breif. Did you",
        ),
        ('source = "."\nnotebooks = ["tiny.ipynb"]', "line 1: source: .: reports lies in it"),
        (GOOD + 'formats = ["pfd"]', "line 3: formats: no format pfd. Did you mean pdf?"),
        (GOOD + "[parameters]\ntpo = 3", "line 4: parameters.tpo: parameter tpo: no notebook here"),
        (
            GOOD + "[parameters]\ntiny.top = 99",
            "line 4: parameters.tiny.top: parameter top: 99 is out",
        ),
        (
            GOOD + "[parameters.tyni]\ntop = 9",
            "line 4: parameters.tyni.top: parameter tyni.top: no",
        ),
        (
            GOOD + '[parameters]\nsource = "x"',
            "line 4: parameters.source: the source stands at the top",
        ),
        (
            GOOD + '[matrix]\ntop = [1, "x"]',
            "line 4: matrix.top: parameter top: 'x' is not a whole",
        ),
        (
            GOOD + "[matrix]\nperiod = [2024]",
            'line 4: matrix.period: 2024: write it in quotes, "2024"',
        ),
        (GOOD + '[matrix]\nperiod = ["weekly"]', "line 4: matrix.period: 'weekly' is no period"),
        (GOOD + "[matrix]\ntop = []", "line 4: matrix.top: empty"),
        (GOOD + 'title = "{perod}"', "line 3: title: {perod}: "),
        (GOOD + '[look]\naccent = "blue"', "line 4: look.accent: 'blue' is no colour like #1f5f99"),
        (GOOD + '[look]\naccent = "#ffdd00"', "is too pale to be read: 1.3:1 on white; 4.5:1"),
        (
            GOOD + '[schedule]\nzone = "Europe/Berlni"',
            "line 4: schedule.zone: no time zone 'Europe/Berlni'. Did you mean Europe/Berlin?",
        ),
        (GOOD + '[schedule]\nzone = "../../etc/passwd"', "line 4: schedule.zone: no time zone"),
        (
            GOOD + '[schedule]\nperiod = "week"\n[parameters]\nuntil = "2024-01-01"',
            "line 4: schedule.period: until is given beside it",
        ),
        (
            'source = "texts"\nnotebooks = ["endless.ipynb"]\n[schedule]\nperiod = "day"',
            "would read texts of later days too",
        ),
        (GOOD + "[publish]\nentries = 5", "line 3: publish.folder: empty"),
        (GOOD + '[publish]\nfolder = "o"\naddress = "ftp://x"', "line 5: publish.address: "),
        (GOOD + '[mail]\nto = ["nobody"]\nsender = "a@example.org"', "line 4: mail.to: "),
        (GOOD + '[mail]\nto = ["a@example.org"]', "line 3: mail.sender: "),
        (
            GOOD + 'formats = ["html"]\n[mail]\nto = ["a@b.org"]\nsender = "a@b.org"',
            'mail.attach: the report has no pdf. Add "pdf" to formats',
        ),
        (
            GOOD + '[mail]\nto = ["a@b.org"]\nsender = "a@b.org"\nsubject = "{x}"',
            "line 6: mail.subject",
        ),
        (GOOD + '[hook]\ncommand = ["no-such-program"]', "line 4: hook.command: no-such-program"),
    ],
)
def test_what_does_not_is_named_with_its_line(text: str, said: str) -> None:
    found = problems(text)
    assert len(found) >= 1
    assert found[0].startswith(str(PATH))
    assert said in found[0]


def test_all_faults_are_told() -> None:
    found = problems(GOOD + '[parameters]\ntpo = 3\n[schedule]\nzone = "x"\n[look]\naccent = "y"')
    assert [line.split(":")[0].rpartition(" ")[2] for line in found] == ["4", "8", "6"]


def test_a_fault_of_a_table_has_its_line_where_a_check_names_a_key() -> None:
    PATH.write_text(GOOD + '[mail]\nto = ["a"]\n[mail.groups]\npress = ["b"]\n')

    def check(_: object) -> None:
        raise RecipeError("mail.groups.press: b is no address")

    from kit import recipe  # noqa: PLC0415

    (found,) = checks.of(recipe.read(PATH), {"mail": check})
    assert str(found) == f"{PATH}, line 6: mail.groups.press: b is no address"
