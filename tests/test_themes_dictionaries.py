"""Dictionaries of other tools: each oddity of their forms, and that nothing in a file does harm."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import themes
from kit.corpus import Corpus
from kit.errors import ReadError
from kit.themes.dictionaries import liwc, quanteda, read_own

MakeCorpus = Callable[..., Corpus]


def terms(entries: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {entry["name"]: entry.get("strong", []) for entry in entries}


LIWC = """%
1\tfunct
125   affect (Affective Processes)
\t126\tposemo
\t\t464\tother
%
a\t1
abandon*\t125
happy  1 126
a lot\t1\t126
as long as 1 126
windows 95 1
kind\t(02 134)125/464
like (02 134)126 464
of\t<of>1/125

and/or\t01
:)\t126
"""


def test_liwc_s_form_and_its_oddities() -> None:
    entries = liwc(LIWC)
    assert terms(entries) == {
        "funct": ["=a", "=happy", "=a =lot", "=as =long =as", "=windows =95", "=and =or"],
        "affect (Affective Processes)": ["abandon*", "=of"],
        "posemo": ["=happy", "=a =lot", "=as =long =as", "=like"],
        "other": ["=kind", "=like"],
    }
    assert [entry["id"] for entry in entries] == [
        "funct", "affect-affective-processes", "posemo", "other",
    ]  # fmt: skip
    assert entries[0]["caveat"].startswith("3 words of the dictionary count")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "between two lines with only a %"),
        ("%\n1 a\n", "between two lines with only a %"),
        ("%\na\n%\n", "line 2: a category must be a number and a name"),
        ("%\n1 a\n1 b\n%\n", "line 3: there is a category 1 before it"),
        ("%\n12 a\n%\nword\t13\n", r"line 4: there is no category 13\. Did you mean 12\?"),
        ("%\n12 a\n%\nword\n", "line 4: “word” has no category"),
        ("%\n12 a\n%\n", "no category with terms"),
    ],
)
def test_a_wrong_liwc_dictionary_is_refused_by_line(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "own.dic"
    path.write_text(text)
    with pytest.raises(ReadError, match=rf"own\.dic: no dictionary of themes: .*{fault}"):
        read_own(str(path))


YAML = """
one:
- a b
- c*
two:
  __: [x*y, "*z"]
  sub:
    deep: [no, 2020, 1.0, да, 改革]
"""


def test_yaml_categories_and_those_inside_them() -> None:
    entries = quanteda(YAML + "empty: ~\nnone: []\nsingle: Word\nlist: [{part: [q]}, r]\n")
    assert terms(entries) == {
        "one": ["=a =b", "c*"],
        "two": ["x*y", "*z"],
        "two.sub.deep": ["=no", "=2020", "=1.0"],
        "single": ["=Word"],
        "list.part": ["=q"],
        "list": ["=r"],
    }
    deep = entries[2]
    assert deep["terms"] == {"ru": {"strong": ["=да"]}, "zh": {"strong": ["=改革"]}}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no category with terms"),
        ("- a\n- b\n", "line 1: it must be categories with lists of terms"),
        ("a: [b\n", "line 2: no YAML"),
        ("a: &x [b]\nc: *x\n", "line 1: anchors and aliases"),
        ("a: [*ism]\n", "a term that begins with one needs quotation marks"),
        ("a: [[b]]\n", "a list of a stands in a list"),
        ("? [a]\n: b\n", "line 1: a category must have a plain name"),
        ("'': [b]\n", "line 1: a category must have a name"),
        ("a: " + "{b: " * 30 + "c" + "}" * 30, "more than 20 levels"),
        ("[" * 50_000, "more than 20 levels|no YAML|it must be categories"),
    ],
)
def test_a_wrong_yaml_dictionary_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(ReadError, match=rf"own\.yaml: no dictionary of themes: .*({fault})"):
        read_own(str(path))


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    path = tmp_path / "bomb.yml"
    path.write_text("\n".join(lines))
    with pytest.raises(ReadError, match="anchors and aliases"):
        read_own(str(path))


@pytest.mark.parametrize("name", ["none.dic", "none.yml"])
def test_a_dictionary_that_is_not_there_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError, match=name):
        read_own(str(tmp_path / name))


def test_a_dictionary_in_another_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.dic"
    path.write_bytes("%\n1\tlieu\n%\ncafé\t1\nforêt\t1\nthéâtre\t1\nà côté\t1\n".encode("cp1252"))
    assert json.loads(read_own(str(path)))["theme"][0]["strong"][0] == "=café"


def test_what_a_dictionary_s_signs_mean_is_counted(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text('Own: ["*ism", "w?n", run, "the [old] gavel"]\n')
    corpus = make_corpus("Racism.\n\nWin, won.\n\nRunning.\n\nRun.\n\nThe gavel.\n\nThe old gavel.")
    table = themes.by_paragraph(corpus, own=str(path)).table
    assert table["paragraph"][table["theme"] == "Own"].tolist() == [1, 2, 4, 6]


FRAGMENTS = st.sampled_from(
    ["%", "1", "2", "word", "*", "?", "[", "]", "/", "=", "(02", ")", "<of>", "\t", "\n", " ", "-", ":",
     "{", "}", "&a", "*a", "!!python/object", "'", '"', "|", "~", "改", "да", "\u2028", "\x00", ",", "#"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.lists(FRAGMENTS, max_size=40).map("".join), st.text(max_size=60))


@pytest.mark.parametrize("suffix", [".dic", ".yml", ".toml"])
@given(text=ANY_TEXT)
def test_any_file_is_read_or_refused(
    make_corpus: MakeCorpus, tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"own{suffix}"
    path.write_text(text, "utf-8", newline="")
    try:
        read_own(str(path))
    except ReadError as refused:
        error = str(refused)
    else:
        error = ""
    if error:
        assert path.name in error
        return
    found = themes.by_paragraph(make_corpus("A word or two, 改 да."), own=str(path))
    assert all(found.corpus.text(s) for spans in found.evidence for s in spans)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r"), min_size=1), max_size=5
    )
)
def test_every_word_of_a_liwc_dictionary_that_has_letters_is_a_term(words: list[str]) -> None:
    lines = [w for w in words if w.strip() and len(w.splitlines()) == 1 and w.strip() != "%"]
    entries = liwc("%\n1\tOwn\n%\n" + "\n".join(f"{w.strip()}\t1" for w in lines if w.strip()))
    found = sum(
        len(e.get("strong", ())) + sum(len(x["strong"]) for x in e.get("terms", {}).values())
        for e in entries
    )
    assert found <= len(lines)
    assert bool(found) == any(c.isalnum() for w in lines for c in w)
