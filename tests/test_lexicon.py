"""The lexicons are consistent; a user's own file adds, replaces, and is refused by name."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kit.errors import ReadError
from kit.gazetteer import country_forms
from kit.lexicon import entries, function_words, load, read_own
from kit.matching.patterns import expanded, parts, wanted


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
            for words in expanded(form):
                key = tuple(
                    w if w.endswith("*") else part[0]
                    for w in words
                    for part in ([(w,)] if w.endswith("*") else parts(w, "en"))
                )
                if owners.setdefault(key, entry["id"]) != entry["id"]:
                    shared.append((form, owners[key], entry["id"]))
    assert shared == []


def test_no_name_is_listed_twice_over_both_files() -> None:
    names = [f for e in load("names") for f in (e["name"], *e.get("aliases", ()))]
    countries = [f for e in load("countries") for f in {*country_forms(e), *e.get("demonyms", ())}]
    assert twice([*names, *countries]) == []


def test_a_term_of_a_theme_stands_once_however_it_is_written() -> None:
    for theme in load("themes"):
        for code, lists in {"en": theme, **theme["terms"]}.items():
            terms = [t for field in ("strong", "weak", "not") for t in lists.get(field, ())]
            forms = [
                tuple(w for word in words for w in wanted(word, code))
                for term in terms
                for words in expanded(term)
            ]
            assert twice(forms) == [], (theme["id"], code)


def test_the_shipped_lexicons_are_what_a_user_s_must_be() -> None:
    for name in ("themes", "formulations"):
        entries(name, (Path(__file__).parent.parent / f"kit/lexicons/{name}.toml").read_text())
    assert all({"zh", "ru"} == set(theme["terms"]) for theme in load("themes"))


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


THEME = "[[theme]]\nid = 'sea'\nname = 'Sea'\n"
WRONG_THEMES = [
    ("strnog = ['salt']", r"a field strnog, which is none\. Did you mean strong\?"),
    ("strong = 'salt'", "strong must be a list of texts"),
    ("strong = [1]", "strong must be a list of texts"),
    ("strong = ['salt', ' ']", "strong: one is empty"),
    ("strong = ['salt']\nweak = ['Salt']", "weak: “Salt” stands under strong too"),
    ("strong = ['salt [sea']", "a bracket without its other half"),
    (f"strong = ['{'[a] ' * 20}']", "more than 1,000 forms"),
    ("weights = ['salt']", "weights must be a table"),
    ("weights = { salt = 'much' }", "weights: “salt” must be a number above 0, at most 10"),
    ("weights = { salt = 0 }", "weights: “salt” must be a number"),
    ("weights = { salt = true }", "weights: “salt” must be a number"),
    ("weights = { salt = nan }", "weights: “salt” must be a number"),
    ("gloss = 1", "gloss must be a text"),
    ("terms = ['salt']", "terms must be tables by language"),
    ("terms.zh = ['盐']", r"terms\.zh must be a table"),
    ("terms.en.strong = ['salt']", "English terms stand in the entry itself"),
    ("terms.zh.stong = ['盐']", r"terms\.zh: it has a field stong, .*Did you mean strong"),
    ("terms.zh.weights = { '盐' = -1 }", r"terms\.zh\.weights: “盐” must be a number"),
    ("[[theme]]\nid = 'sea'\nname = 'Again'", "an entry with the id sea before it"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "fault"), WRONG_THEMES)
def test_a_wrong_theme_is_refused_by_file_entry_and_field(
    tmp_path: Path, lines: str, fault: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(THEME + lines)
    with pytest.raises(ReadError, match=fault) as refused:
        read_own("themes", str(own))
    assert re.match(
        r".*own\.toml: no lexicon of themes: entry \d of \[\[theme\]\]: ", str(refused.value)
    )


def test_a_file_of_brackets_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    for text in ("a = " + "[" * 100_000, "{" + '"a":[' * 100_000):
        own.write_text(text)
        with pytest.raises(ReadError, match="no lexicon of themes"):
            read_own("themes", str(own))


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
