"""A recipe says what is made; what does not fit in it is named with its line and the nearest name."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import recipe
from kit.errors import RecipeError
from kit.recipe import Part, Recipe

ROOT = Path(__file__).parent.parent


def written(folder: Path, text: str, name: str = "weekly") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def read(folder: Path, text: str) -> Recipe:
    return recipe.read(written(folder, text))


WHOLE = """title = "Weekly {period}"
source = "texts"
notebooks = ["brief", "mine.ipynb"]

[parameters]
top = 5
wording.query = "win-win"

[parameters.names]
top = 9

[matrix]
themes = ["a.toml", "b.toml"]
period = ["week", "2024-Q1"]

[schedule]
cron = "0 7 * * 1"
only-new = true

[mail]
to = ["desk"]
groups.desk = ["a@example.org"]
"""


def test_a_recipe_is_what_its_file_says(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert found.name == "weekly"
    assert found.notebooks == ("brief", "mine.ipynb")
    assert found.parameters == {"top": 5, "wording.query": "win-win", "names.top": 9}
    assert found.schedule is not None
    assert found.schedule.only_new
    assert found.mail is not None
    assert found.mail.groups == {"desk": ("a@example.org",)}
    assert found.publish is None
    assert (found.timeout, found.retries) == (3600, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('source = "t"\ntilte = "x"', r"line 2: tilte: no such key\. Did you mean title\?"),
        ('source = "t"\n[shedule]', r"line 2: shedule: no such key\. Did you mean schedule\?"),
        ('source = "t"\n\n[mail]\nsubjct = "x"', r"line 4: mail\.subjct: .*Did you mean subject"),
        ("source = 3", r"line 1: source: 3 is not a text"),
        ('source = "t"\nretries = 99', r"line 2: retries: 99 is out of range, 0\.\.10"),
        ('source = "t"\nretries = true', r"line 2: retries: True is not a whole number"),
        ('source = "t"\nnotebooks = "brief"', r"line 2: notebooks: a list is expected"),
        ('source = "t"\nmail = "x"', r"line 2: mail: a table \[mail\] is expected"),
        (
            'source = "t"\n[schedule]\ncatch_up = "lst"',
            r"line 3: schedule\.catch_up: 'lst' is none of none, last, all\. Did you mean last\?",
        ),
        ('source = "t"\n[schedule]\nonly_new = 1', r"line 3: schedule\.only_new: 1 is not true or"),
        (
            'source = "t"\n[schedule]\nonly_new = true\nonly-new = true',
            r"line 4: schedule\.only-new: given twice",
        ),
        ('title = "x"', r"weekly\.toml: no source"),
        ('source = "t"\ntitle = "a\\nb"', r"line 2: title: a text of one line"),
        ('source = "t"\n[mail]\nto = ["a", 3]', r"line 3: mail\.to: 3 is not a text"),
        ("source = [", r"weekly\.toml: no TOML"),
        ('source = "t"\nsource = "u"', r"no TOML"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        read(tmp_path, text)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        read(tmp_path, 'tilte = "x"\nretries = 99\n[mail]\nprot = 25')
    assert [re.findall(r"line \d", line) for line in str(caught.value).splitlines()] == [
        ["line 1"],
        ["line 2"],
        ["line 4"],
    ]


@pytest.mark.parametrize("name", ["Weekly", "-a", "a_b", "a" * 81, "ä"])
def test_a_name_is_one_that_every_system_takes(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecipeError, match="small letters, digits and hyphens"):
        recipe.read(written(tmp_path, 'source = "t"', name))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weekly.toml").write_bytes(b'source = "\xff"')
    with pytest.raises(RecipeError, match="no TOML"):
        recipe.read(tmp_path / "weekly.toml")


@given(st.text(max_size=200))
def test_no_file_is_a_fault_of_ours(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("r")
    try:
        read(folder, text)
    except RecipeError:
        return


def test_a_recipe_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecipeError, match=r"no recipe weekly\. `kit new NAME` writes one"):
        recipe.find("weekly")
    (tmp_path / "reports").mkdir()
    path = written(tmp_path / "reports", 'source = "t"')
    assert recipe.find("weekly").resolve() == path
    assert recipe.find(str(path)) == path
    with pytest.raises(RecipeError, match=r"no recipe wekly\. Did you mean weekly\?"):
        recipe.find("wekly")


# ---- the matrix


def test_without_a_matrix_there_is_one_report() -> None:
    assert recipe.parts(Recipe(source="t", parameters={"top": 3})) == [
        Part("", "t", "", {"top": 3}, {})
    ]


def test_a_matrix_gives_a_report_for_each_combination() -> None:
    made_of = Recipe(
        parameters={"top": 3, "query": "x"},
        matrix={"source": ("texts/a", "texts/b"), "period": ("week", "2024-Q1"), "top": (5,)},
    )
    parts = recipe.parts(made_of)
    assert [p.name for p in parts] == [
        "texts-a-week-5",
        "texts-a-2024-q1-5",
        "texts-b-week-5",
        "texts-b-2024-q1-5",
    ]
    assert parts[3].source == "texts/b"
    assert parts[3].period == "2024-Q1"
    assert parts[3].parameters == {"top": 5, "query": "x"}


def test_names_of_parts_do_not_depend_on_the_others() -> None:
    def names(*values: str) -> list[str]:
        return [p.name for p in recipe.parts(Recipe(source="t", matrix={"query": values}))]

    alone = names("合作")
    assert alone == names("合作", "发展")[:1]
    assert alone != names("发展")
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names("合作", "é", "a" * 300, "!"))


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5, unique=True))
def test_parts_have_each_their_own_safe_name_or_are_refused(values: list[str]) -> None:
    try:
        parts = recipe.parts(Recipe(source="t", matrix={"query": tuple(values)}))
    except RecipeError:
        return
    names = [p.name for p in parts]
    assert len(set(names)) == len(values)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) for name in names)


def test_too_many_and_no_values_are_refused() -> None:
    many = {"top": tuple(range(40)), "window": tuple(range(40))}
    with pytest.raises(RecipeError, match=r"matrix: 1,600 reports; 1,000 are the most"):
        recipe.parts(Recipe(source="t", matrix=many))
    with pytest.raises(RecipeError, match=r"matrix\.top: empty"):
        recipe.parts(Recipe(source="t", matrix={"top": ()}))


# ---- titles


def test_a_title_takes_what_varies() -> None:
    filled = recipe.filled(
        "{period}: {query} {flag}", {"period": "2024", "query": "{x}", "flag": True}
    )
    assert filled == "2024: {x} true"
    with pytest.raises(RecipeError, match=r"\{perod\}: .*Did you mean period\?"):
        recipe.filled("{perod}", {"period": ""})


@given(st.text())
def test_a_title_reaches_nothing_else(text: str) -> None:
    try:
        recipe.filled(text, {"a": 1})
    except RecipeError:
        return


# ---- new recipes and their schema


def test_a_new_recipe_says_what_was_given_and_nothing_else(tmp_path: Path) -> None:
    values = {
        ("source",): 'a "b" \\ \x7f 合作',
        ("notebooks",): ["brief"],
        ("schedule", "cron"): "0 7 * * 1",
        ("mail", "to"): ["a@example.org"],
        ("parameters", "wording.top"): 3,
    }
    text = recipe.template(values, ".schema.json")
    assert tomllib.loads(text) == {
        "source": 'a "b" \\ \x7f 合作',
        "notebooks": ["brief"],
        "schedule": {"cron": "0 7 * * 1"},
        "mail": {"to": ["a@example.org"]},
        "parameters": {"wording": {"top": 3}},
    }
    assert text.startswith("#:schema .schema.json\n")


def test_what_is_behind_a_mark_in_a_new_recipe_can_be_used(tmp_path: Path) -> None:
    text = recipe.template({("source",): "t"})
    lines = [re.sub(r"^#(?=\S)", "", line) for line in text.splitlines()]
    found = read(tmp_path, "\n".join(lines))
    for name in ("schedule", "publish", "mail", "hook", "look"):
        assert getattr(found, name) is not None
        assert f"[{name}]" in text


def test_the_schema_knows_each_key_and_no_other() -> None:
    schema = recipe.schema()
    assert set(schema["properties"]) >= {"title", "source", "matrix", "schedule", "mail", "look"}
    assert "name" not in schema["properties"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["schedule"]["properties"]["catch_up"]["enum"] == [
        "none",
        "last",
        "all",
    ]
    assert schema["properties"]["retries"] | {"description": ""} == {
        "description": "",
        "type": "integer",
        "minimum": 0,
        "maximum": 10,
        "default": 1,
    }
    assert json.loads(json.dumps(schema)) == json.loads(json.dumps(recipe.schema()))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (WHOLE.replace("only-new", "only_new"), True),
        ('source = "t"\ntilte = "x"', False),
        ('source = "t"\nretries = 99', False),
        ('source = "t"\n[schedule]\ncatch_up = "lst"', False),
        ('source = "t"\n[mail]\nto = "a"', False),
    ],
)
def test_the_schema_takes_and_refuses_as_we_do(tmp_path: Path, text: str, fits: bool) -> None:
    import jsonschema  # noqa: PLC0415 (comes with Jupyter)

    valid = jsonschema.Draft7Validator(recipe.schema()).is_valid(tomllib.loads(text))
    assert valid is fits
    try:
        read(tmp_path, text)
    except RecipeError:
        assert not fits


def test_the_example_is_well() -> None:
    path = ROOT / "reports" / "example.toml"
    found = recipe.read(path)
    assert (ROOT / found.source).is_dir()
    schema = json.loads((path.parent / ".schema.json").read_text("utf-8"))
    assert schema == json.loads(json.dumps(recipe.schema()))
    given: dict[tuple[str, ...], Any] = {
        ("title",): "What the seed says",
        ("source",): "seeds",
        ("notebooks",): ["brief", "wording"],
        ("parameters", "wording.top"): 10,
    }
    assert path.read_text("utf-8") == recipe.template(given, ".schema.json")
