"""Findings: frozen, strict JSON, accessible and safe HTML."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import counts
from kit.corpus import Corpus, Span
from kit.finding import (
    MIME,
    SPANS_CARRIED,
    VARIANTS,
    Finding,
    base,
    sentence_of,
    show,
    spellings,
    strings,
)

HOSTILE = "<script>alert(1)</script>\"'&"


def finding(corpus: Corpus, **columns: list[object]) -> Finding:
    return Finding("f", "F", pd.DataFrame(columns), corpus, "by hand")


def test_no_mutate(seed: Corpus) -> None:
    given_ = pd.DataFrame({"n": [1, 2]})
    one = Finding("f", "F", given_, seed, "by hand")
    given_.loc[0, "n"] = 9
    table = one.table
    table.loc[0, "n"] = 9
    del table["n"]
    before = json.dumps(one.to_json())
    one._repr_mimebundle_()
    one.head(1), one.only("n")
    assert json.dumps(one.to_json()) == before
    assert one.table["n"].tolist() == [1, 2]
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.title = "other"  # type: ignore[misc]


def test_json_is_strict(seed: Corpus) -> None:
    one = finding(
        seed,
        a=[1.5, float("nan"), float("inf")],
        b=[None, pd.NA, pd.NaT],
        c=[np.int64(3), np.float32(0.5), np.bool_(True)],
        d=[pd.Timestamp("2025-01-26"), "x", True],
    )
    data = json.loads(json.dumps(one.to_json(), allow_nan=False))
    assert data["rows"][0] == [1.5, None, 3, "2025-01-26 00:00:00"]
    assert data["rows"][1:] == [[None, None, 0.5, "x"], [None, None, True, True]]
    assert data["shown"][1][:2] == ["–", "–"]
    assert data["shown"][2][0] == "–"


def test_a_cut_finding_keeps_its_total_and_its_evidence(seed: Corpus) -> None:
    words = counts.words(seed)
    cut = words.head(3)
    assert (len(cut), cut.total, len(cut.evidence)) == (3, len(words), 3)
    assert cut.head(2).total == len(words)
    assert "3 of" in cut._repr_mimebundle_()["text/plain"]
    assert cut.only("count", "word").table.columns.tolist() == ["count", "word"]
    with pytest.raises(KeyError, match="no column nothing"):
        cut.only("nothing")


def test_evidence_must_fit_the_rows(seed: Corpus) -> None:
    with pytest.raises(ValueError, match="2 rows, 1 evidence"):
        Finding("f", "F", pd.DataFrame({"a": [1, 2]}), seed, "m", ((),))


def test_the_data_carries_the_paragraphs_cited(seed: Corpus) -> None:
    data = counts.words(seed).to_json()
    for spans in data["evidence"]:
        assert 0 < len(spans) <= SPANS_CARRIED
        for name, paragraph, start, end in spans:
            cited = data["texts"][name]["paragraphs"][str(paragraph)]
            assert cited["text"] == seed[name].text(paragraph)
            assert any(a <= start < end <= b for a, b in cited["sentences"])


def test_lines_are_whole_sentences(seed: Corpus) -> None:
    words = counts.words(seed)
    row = words.table["word"].tolist().index("multilateralism")
    (line,) = words.lines(row)
    assert line.startswith("China and Russia will take this")
    assert line.endswith("practice true multilateralism.")
    span = words.evidence[row][0]
    assert seed.text(sentence_of(seed, span)) == line


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.scopes: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_an_accessible_table_in_which_no_text_is_markup(
    make_corpus: Callable[..., Corpus],
) -> None:
    corpus = make_corpus(HOSTILE, HOSTILE, titles=[HOSTILE] * 2)
    one = Finding(
        "f", HOSTILE, pd.DataFrame({"a<b>": [HOSTILE], "n": [1]}), corpus, HOSTILE,
        ((Span("000", 1, 0, 5), Span("001", 0, 0, 5)),), (HOSTILE,),
    )  # fmt: skip
    bundle = one._repr_mimebundle_()
    parser = _Tags()
    parser.feed(bundle["text/html"])
    assert set(parser.tags) <= {
        "table", "caption", "strong", "thead", "tr", "th", "tbody", "td", "span", "p", "small",
    }  # fmt: skip
    assert parser.tags["caption"] == 1
    assert parser.scopes == ["col", "col", "col", "row"]
    assert parser.text.count(HOSTILE) == 4
    assert "<script" not in bundle["text/html"]
    assert bundle[MIME]["title"] == HOSTILE


def test_the_base_counts_no_titles(seed: Corpus, make_corpus: Callable[..., Corpus]) -> None:
    assert base(seed) == "1 text, 26 sentences, 845 words"
    assert (
        base(make_corpus("One. Two three.", "四", titles=["T", "U"]))
        == "2 texts, 3 sentences, 4 words"
    )
    assert base(make_corpus()) == "0 texts, 0 sentences, 0 words"


@given(st.lists(st.sampled_from(["peace", "Peace", "PEACE", "war", "War"])))
def test_spellings_lose_no_count_and_no_order(written: list[str]) -> None:
    counted = spellings(written)
    shown = {
        part.rsplit(" (", 1)[0]: int(part.rsplit(" (", 1)[1][:-1])
        for part in counted.split(", ")
        if part
    }
    assert {k.casefold(): v for k, v in shown.items()} == Counter(w.casefold() for w in written)
    assert list(shown.values()) == sorted(shown.values(), reverse=True)
    assert set(shown) <= set(written)
    assert spellings(reversed(written)) == counted


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [(1234, None, "1,234"), (np.int64(1234), None, "1,234"), (0.5, None, "0.50"), (None, "{:.1f}", "–"),
     (True, None, "yes"), (float("nan"), None, "–"), (0.25, "{:.0%}", "25%"), ("a", None, "a")],
)  # fmt: skip
def test_cells_as_people_read_them(value: object, pattern: str | None, shown: str) -> None:
    assert show(value, pattern) == shown


def test_strings_are_the_column_that_pandas_makes() -> None:
    for values in (["a", "мир", "合作", ""], ["a", None]):
        made = pd.DataFrame({"a": strings(values)})
        pd.testing.assert_frame_equal(made, pd.DataFrame({"a": values}))
    assert strings([]).tolist() == []


def test_the_last_rows(seed: Corpus) -> None:
    whole = counts.words(seed)
    last = whole.tail(3)
    assert last.table["word"].tolist() == whole.table["word"].tolist()[-3:]
    assert list(last.evidence) == list(whole.evidence)[-3:]
    assert (len(last), last.total) == (3, len(whole))
    assert len(whole.tail(10**6)) == len(whole)


def test_of_many_spellings_the_rest_is_counted() -> None:
    assert spellings("b a c a".split(), 2) == "a (2), b (1)"
    many = [f"form{i:02d}" for i in range(VARIANTS + 3)]
    assert spellings(many, VARIANTS, rest=True).endswith("form09 (1), 3 more")
    assert spellings(many[:VARIANTS], VARIANTS, rest=True).endswith("form09 (1)")
