"""The gazetteer: known names where they stand, on whole words, the longest first."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import gazetteer
from kit.gazetteer import Forms


def found(text: str, own: str = "") -> list[tuple[str, str]]:
    return [(text[a:b], name) for a, b, (name, _) in gazetteer.find(text, own)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China-Russia ties", [("China", "China"), ("Russia", "Russia")]),
        ("the UN\u2019s role", [("UN", "United Nations")]),
        ("the U.S. and U.S.-led talks", [("U.S.", "United States")] * 2),
        ("the U.S.S.R.", [("U.S.S.R.", "Soviet Union")]),
        ("in South- East Asia", [("South- East Asia", "Southeast Asia")]),
        ("in South\u2010East\nAsia", [("South\u2010East\nAsia", "Southeast Asia")]),
        ("at the Hague, in The  Hague", [("the Hague", "The Hague"), ("The  Hague", "The Hague")]),
        ("One Belt, One Road", [("One Belt, One Road", "Belt and Road Initiative")]),
        ("the cold war", [("cold war", "Cold War")]),
        ("the People's Republic of China", [("People's Republic of China", "China")]),
        ("the People\u2019s Republic of China", [("People\u2019s Republic of China", "China")]),
        ("Chinatown, MacChina, breathe Hague", []),
        ("theHague, coldwar, scold war, cold wars, china", []),
        ("China'd say, UN'll act, but China'n and O'China", [("China", "China"), ("UN", "United Nations")]),
        ("see https://www.UN.org/China and www.China.example", []),
        ("", []),
    ],
)  # fmt: skip
def test_names_where_they_stand(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_of_forms_that_overlap_the_longest_counts() -> None:
    forms = Forms((form, (form, "")) for form in ("A B", "B C D", "C", "A", "x of A"))
    text = "A B C D. A B C. x of A B C; A, x  of A"
    assert [text[a:b] for a, b, _ in forms.find(text)] == [
        "A", "B C D", "A B", "C", "x of A", "C", "A", "x  of A",
    ]  # fmt: skip


def test_a_users_names_are_found_beside_ours() -> None:
    own = (
        '[[name]]\nname = "Common Prosperity"\nkind = "initiative"\naliases = ["common prosperity"]'
    )
    assert found("common prosperity in China", own) == [
        ("common prosperity", "Common Prosperity"),
        ("China", "China"),
    ]
    assert found("common prosperity in China") == [("China", "China")]


def test_every_form_is_found_where_it_stands_alone() -> None:
    for form, (name, kind) in gazetteer._english(""):
        text = f"(so, {form})"
        assert gazetteer.find(text) == [(5, 5 + len(form), (name, kind))]


NAMES = ("A", "A B", "B-C", "a A", "A's C", "b", "c b", "U.S.")


def naive(text: str) -> list[tuple[int, int]]:
    """Return the matches of one pattern a form, of which the longest and then the first count."""
    hits = []
    for name in NAMES:
        parts = re.findall(r"\w+|[^\w\s]", name)
        pattern = re.escape(parts[0])
        for before, part in itertools.pairwise(parts):
            blank = r"\s+" if before[-1].isalnum() and part[0].isalnum() else r"\s*"
            pattern += blank + re.escape(part)
        whole = re.compile(rf"(?<!\w)(?<!\w')(?=({pattern})(?!\w)(?!'(?!s\b)\w))")
        hits += [(-len(parts), m.start(), m.end(1)) for m in whole.finditer(text)]
    kept: list[tuple[int, int]] = []
    for _, start, past in sorted(hits):
        if all(past <= a or b <= start for a, b in kept):
            kept.append((start, past))
    return sorted(kept)


@given(st.text("AABCaabcU.S.' -s", max_size=24))
def test_what_is_found_is_what_a_naive_search_finds(text: str) -> None:
    forms = Forms((name, (name, "")) for name in NAMES)
    assert [(a, b) for a, b, _ in forms.find(text)] == naive(text)


@given(st.text(max_size=60))
def test_any_text_is_searched(text: str) -> None:
    spans = [(a, b) for a, b, _ in gazetteer.find(text)]
    assert spans == sorted(spans)
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
