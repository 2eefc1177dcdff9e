"""The parameters of a notebook: read from its cell, and refused before a kernel starts."""

import gc
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import params, run
from kit.errors import ParameterError

VALUES = Path(__file__).parent / "notebooks" / "shows_values.ipynb"
CELL = """\
top: int = 20  # rows shown (1..500)
level: float = 0.05  # what counts as rare (..1)
rate: float = 1.0  # any number
exact: bool = False  # letters as they stand
query: str = "win-win"  # words to show
lists: list[str] = ["a", "b"]  # texts
order: Literal["date", "title"] = "date"  # by what
"""

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that writes a notebook whose tagged cells are the given sources."""

    def write(*tagged: str, name: str = "made") -> Path:
        notebook = nbformat.v4.new_notebook()
        for i, source in enumerate(tagged):
            cell = nbformat.v4.new_code_cell(source, id=f"c{i}", metadata={"tags": ["parameters"]})
            notebook.cells.append(cell)
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


def test_a_cell_declares_names_types_defaults_help_choices_and_ranges(make: Make) -> None:
    found = params.declared(make(CELL))
    assert list(found) == ["top", "level", "rate", "exact", "query", "lists", "order"]
    assert found["top"] == params.Parameter("top", "int", 20, "rows shown", (), 1, 500)
    assert (found["level"].low, found["level"].high) == (None, 1)
    assert found["lists"].default == ["a", "b"]
    assert found["order"].choices == ("date", "title")
    assert found["query"].help == "words to show"


def test_a_notebook_without_parameters_has_none(make: Make) -> None:
    assert params.declared(make()) == {}


def test_the_notebooks_of_the_package_declare_what_they_need() -> None:
    for path in run.find_notebooks().values():
        declared = params.declared(path)
        assert "source" in declared
        assert all(p.help for p in declared.values()), path


FITS = [
    ("top", "7", 7),
    ("top", "007", 7),  # leading zeros are how forms and spreadsheets write a whole number
    ("top", "+7", 7),
    ("top", 500, 500),
    ("level", "1e-3", 0.001),
    ("level", ".5", 0.5),
    ("level", "-3.", -3.0),
    ("level", 1, 1.0),
    ("exact", "true", True),
    ("exact", "False", False),
    ("exact", True, True),
    ("query", "", ""),
    ("query", "007", "007"),
    ("lists", "", []),
    ("lists", "a, b,,c ", ["a", "b", "c"]),
    ("lists", ["a, b", ""], ["a, b", ""]),
    ("order", "title", "title"),
]


@pytest.mark.parametrize(("name", "given_", "value"), FITS)
def test_a_value_that_fits_arrives_in_its_type(
    make: Make, name: str, given_: object, value: object
) -> None:
    chosen = params.check({"made": make(CELL)}, {name: given_})["made"][name]
    assert chosen == value
    assert type(chosen) is type(value)


REFUSED = [
    *(("top", x, "whole number") for x in ("7.0", "7.5", "1_000", "٧", " 7", "", "7e1", "0x7")),
    *(("top", x, "whole number") for x in (7.0, True, None, [7], "9" * 5000)),
    *(("top", x, "out of range, 1..500") for x in ("0", "501", -1)),
    *(("rate", x, "a number") for x in ("nan", "inf", "-inf", "1e999", "1,5", "1 000", "")),
    *(("rate", x, "a number") for x in (float("nan"), float("inf"), True, 10**400)),
    ("level", "1.01", "out of range, ..1"),
    *(("exact", x, "true or false") for x in ("yes", "1", "", 1, 0, None)),
    *(("query", x, "text") for x in (7, None, True, ["a"])),
    *(("lists", x, "list of texts") for x in (7, [7], ("a",), None)),
    *(("order", x, "one of date, title") for x in ("Date", "", "dat", None, ["date"])),
]


@pytest.mark.parametrize(
    ("name", "given_", "reason"), REFUSED, ids=[f"{n}-{str(g)[:9]!r}" for n, g, _ in REFUSED]
)
def test_a_value_that_does_not_fit_is_refused(
    make: Make, name: str, given_: object, reason: str
) -> None:
    with pytest.raises(ParameterError, match=f"parameter {name}: .*{reason}"):
        params.check({"made": make(CELL)}, {name: given_})


@given(st.text())
def test_any_text_arrives_unchanged(text: str) -> None:
    query = params.Parameter("query", "str", "", "")
    assert params.value(query, text) == text


@given(st.integers())
def test_any_whole_number_arrives_unchanged_from_text(number: int) -> None:
    assert params.value(params.Parameter("n", "int", 0, ""), str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_arrives_unchanged_from_text(number: float) -> None:
    assert params.value(params.Parameter("x", "float", 0.0, ""), repr(number)) == number


def test_an_unknown_name_is_refused_with_the_nearest_and_the_known_ones(make: Make) -> None:
    with pytest.raises(ParameterError, match=r"quer: .*Did you mean query\?.*Known: exact, level"):
        params.check({"made": make(CELL)}, {"quer": "x"})
    with pytest.raises(ParameterError, match=r"mode\.top: no notebook mode\. Did you mean made\?"):
        params.check({"made": make(CELL)}, {"mode.top": "3"})
    with pytest.raises(ParameterError, match=r"made\.quer: .*Did you mean query\?"):
        params.check({"made": make(CELL)}, {"made.quer": "x"})


def test_a_value_for_one_notebook_wins_over_one_for_all(make: Make) -> None:
    both = {"a": make(CELL, name="a"), "b": make("top: int = 1", name="b")}
    for given_ in ({"top": 5, "a.top": 7}, {"a.top": 7, "top": 5}):
        assert params.check(both, given_) == {"a": {"top": 7}, "b": {"top": 5}}


WRONG_CELLS = [
    ("x = 1", "line 1: write `name: type = value"),
    ("a: int = 1\nx: int", "line 2: write `name: type = value"),
    ("x: int = 1 +", "line 1: "),
    ("x: int = f()", "parameter x: the value must be a literal"),
    ("x: int = {[1]: 2}", "parameter x: "),
    ("x: date = '2025-01-26'", "parameter x: type date is not one of int, float"),
    ("x: Literal[1, 2] = 1", "parameter x: "),
    ("x: Literal['a', 'b'] = 'c'", "parameter x: 'c' is not one of a, b"),
    ("x: int = 0  # rows (1..9)", "parameter x: 0 is out of range, 1..9"),
    ("x: int = '7'", "parameter x: '7' is not a whole number"),
    ("x.y: int = 1", "x"),
    ("for x in (1, 2): pass", "line 1: write"),
]


@pytest.mark.parametrize(("source", "reason"), WRONG_CELLS)
def test_a_wrong_parameters_cell_is_named_with_its_file(
    make: Make, source: str, reason: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        params.declared(make(source))
    assert reason in str(caught.value)
    assert "made.ipynb" in str(caught.value)


def test_two_tagged_cells_are_refused(make: Make) -> None:
    with pytest.raises(ParameterError, match="2 cells are tagged parameters"):
        params.declared(make("a: int = 1", "b: int = 2"))


NO_NOTEBOOKS = ["", "[]", "{}", "\x00", '{"cells": 5}', '{"cells": [{}]}', '{"worksheets": []}']


@pytest.mark.parametrize("content", NO_NOTEBOOKS)
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(content, "utf-8")
    with pytest.raises(ParameterError, match=r"x\.ipynb: not a Jupyter notebook of format 4"):
        params.declared(path)


@pytest.mark.parametrize("case", ["evil", "typo"])
def test_a_hostile_or_mistyped_name_starts_no_kernel(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    given_ = json.loads((shared / f"cases/45-notebook-parameters/{case}.json").read_text("utf-8"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParameterError):
        run.plan(".", given_, names=[str(VALUES)])
    assert list(tmp_path.iterdir()) == []


NAMES = ["x = 1\nx", "x y", "", "class", "1x", "x;y", "é", "x\n", "a.b.c", "__import__('os')"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_declared_name_is_refused_in_one_line(name: str) -> None:
    for key in (name, f"made.{name}", f"{name}.x"):
        with pytest.raises(ParameterError) as caught:
            params.check({"made": VALUES}, {key: "1"})
        assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # see test_run.py
def test_values_reach_the_kernel_unchanged(shared: Path, tmp_path: Path) -> None:
    given_ = json.loads((shared / "cases/45-notebook-parameters/values.json").read_text("utf-8"))
    texts: list[str] = given_["x"]
    wanted: dict[str, Any] = {"x": texts, "y": "".join(texts), "level": "1e-05", "exact": "true"}
    planned = run.plan(".", wanted | {"order": "title"}, names=[str(VALUES)])
    made = run.execute(planned.notebooks, planned.parameters, tmp_path)
    printed = nbformat.read(made["shows_values"], as_version=4).cells[-1].outputs[0].text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    assert json.loads(printed) == [texts, "".join(texts), 0.00001, True, "title"]
