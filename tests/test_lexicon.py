"""The lexicons are consistent; a user's own file adds, replaces, and is refused by name."""

from collections import Counter
from pathlib import Path

import pytest

from kit.errors import ReadError
from kit.gazetteer import country_forms
from kit.lexicon import function_words, load, read_own
from kit.matching import _expanded, _parts


def twice(items: list[str]) -> list[str]:
    return [item for item, n in Counter(items).items() if n > 1]


@pytest.mark.parametrize("name", ["formulations", "themes"])
def test_ids_are_unique(name: str) -> None:
    text = (Path(__file__).parent.parent / f"kit/lexicons/{name}.toml").read_text()
    ids = [line for line in text.splitlines() if line.startswith("id = ")]
    assert twice(ids) == []
    assert len(ids) == len(load(name))


def test_there_are_enough_formulations_and_themes() -> None:
    assert len(load("themes")) >= 15
    entries = load("formulations")
    assert sum(bool(e.get("gloss")) for e in entries) >= 150
    assert all(e["en"] and all(e["en"]) for e in entries)


def test_every_theme_of_a_formulation_exists() -> None:
    known = {theme["id"] for theme in load("themes")}
    assert {e["theme"] for e in load("formulations")} <= known


@pytest.mark.parametrize("field", ["zh", "ru"])
def test_a_form_stands_under_one_formulation(field: str) -> None:
    assert twice([f for e in load("formulations") for f in e.get(field, ())]) == []


def test_an_english_form_stands_under_one_formulation_however_it_is_written() -> None:
    owners: dict[tuple[str, ...], str] = {}
    shared = []
    for entry in load("formulations"):
        for form in entry["en"]:
            for words in _expanded(form):
                key = tuple(
                    w if w.endswith("*") else part[0]
                    for w in words
                    for part in ([(w,)] if w.endswith("*") else _parts(w, "en"))
                )
                if owners.setdefault(key, entry["id"]) != entry["id"]:
                    shared.append((form, owners[key], entry["id"]))
    assert shared == []


def test_no_name_is_listed_twice_over_both_files() -> None:
    names = [f for e in load("names") for f in (e["name"], *e.get("aliases", ()))]
    countries = [f for e in load("countries") for f in {*country_forms(e), *e.get("demonyms", ())}]
    assert twice([*names, *countries]) == []


def test_a_term_of_a_theme_has_one_weight() -> None:
    for theme in load("themes"):
        terms = [t.casefold() for field in ("strong", "weak", "not") for t in theme.get(field, ())]
        assert twice(terms) == [], theme["id"]
        assert theme["name"]


def test_function_words_are_folded() -> None:
    assert {w for w in function_words() if w != w.casefold()} == set()
    assert {"the", "of", "it's"} <= function_words()


def test_an_own_file_adds_and_replaces(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[theme]]\nid = "economy"\nname = "Mine"\n[[theme]]\nid = "new"\nname = "New"\n'
    )
    themes = {t["id"]: t["name"] for t in load("themes", read_own("themes", str(own)))}
    assert (themes["economy"], themes["new"]) == ("Mine", "New")
    assert len(themes) == len(load("themes")) + 1
    assert "new" not in {t["id"] for t in load("themes")}


def test_an_own_file_that_was_changed_is_read_again(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    for name in ("First", "Second"):
        own.write_text(f'[[theme]]\nid = "new"\nname = "{name}"\n')
        assert load("themes", read_own("themes", str(own)))[-1]["name"] == name


@pytest.mark.parametrize(
    "content",
    [
        b"[[theme",
        b"\xff",
        b"",
        b"[[theme]]\nid = 'a'\nname = 'A'\n[[more]]\nid = 'b'\n",
        b"title = 'no entries'\n",
        b"theme = ['a', 'b']\n",
        b"[[theme]]\nstrong = ['neither id nor name']\n",
    ],
    ids=["no-toml", "no-utf8", "empty", "two-kinds", "text", "strings", "no-id"],
)
def test_a_broken_own_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(content)
    with pytest.raises(ReadError, match=r"own\.toml"):
        load("themes", read_own("themes", str(own)))


LADDERS = ["ladder = 'sea'", "rung = 1", "ladder = 'sea'\nrung = 'one'", "ladder = 'sea'\nrung = 0"]


@pytest.mark.parametrize("lines", LADDERS)
def test_a_ladder_needs_a_rung_that_is_a_number(tmp_path: Path, lines: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f"[[formulation]]\nid = 'a'\nen = ['calm']\n{lines}\n")
    with pytest.raises(ReadError, match=r"entry 1 of \[\[formulation\]\]: .*rung"):
        read_own("formulations", str(own))


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_an_own_file_that_cannot_be_opened_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError, match=str(tmp_path)):
        load("formulations", read_own("formulations", str(tmp_path / name)))
