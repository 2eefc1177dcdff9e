"""CQL: matches as a naive second implementation finds them, errors that point at their character."""

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import cql, tokens
from kit.corpus import Corpus
from kit.cql import grammar, match
from kit.cql.query import (
    UNITS,
    Choice,
    Compare,
    Condition,
    Edge,
    Every,
    Not,
    Pattern,
    Query,
    Repeat,
    Sequence,
    Some,
    Unit,
    Word,
)
from kit.errors import ParameterError
from kit.tokens import Layer, Tokens
from kit.tokens.columns import Columns

MakeCorpus = Callable[..., Corpus]
BOOK = "The/DT old/JJ book/NN on/IN the/DT table/NN in/IN the/DT room/NN"


def store(*documents: str) -> Tokens:
    """Return a store of documents: words as word/TAG, `|` after a sentence, `¶` after a paragraph."""
    words: list[tuple[str, str]] = []
    bounds: dict[Unit, list[int]] = {unit: [0] for unit in UNITS}
    for document in documents:
        for paragraph in document.split("¶"):
            for sentence in paragraph.split("|"):
                written = [piece.partition("/") for piece in sentence.split()]
                words += [(word, tag) for word, _, tag in written]
                bounds["s"].append(len(words))
            bounds["p"].append(len(words))
        bounds["doc"].append(len(words))
    forms = list(dict.fromkeys(word for word, _ in words))
    tags = list(dict.fromkeys(tag for _, tag in words))
    ids = np.array([forms.index(word) for word, _ in words], dtype=np.int32)
    columns = Columns(
        vocabulary=tuple(forms),
        languages=("en",) * len(forms),
        ids=ids,
        start=np.zeros(len(ids), dtype=np.int32),
        close=np.zeros(len(ids), dtype=np.bool_),
        sentences=np.zeros((len(bounds["s"]) - 1, 3), dtype=np.int32),
        sentence_bounds=np.array(bounds["s"], dtype=np.int64),
        passage_bounds=np.array(bounds["p"], dtype=np.int64),
        document_bounds=np.array(bounds["doc"], dtype=np.int64),
    )
    t = Tokens(Corpus(()), columns)
    number = np.array([tags.index(tag) for _, tag in words], dtype=np.int32)
    t._layers["tag"] = Layer(tuple(tags), number)
    return t


def hits(t: Tokens, query: str, *, longest: bool = False) -> list[tuple[int, int]]:
    first, last = cql.find(t, query, longest=longest)
    return list(zip(first.tolist(), last.tolist(), strict=True))


def said(t: Tokens, query: str, *, longest: bool = False) -> list[str]:
    """Return the words of each hit."""
    return [
        " ".join(t.vocabulary[w] for w in t.ids[a : b + 1].tolist())
        for a, b in hits(t, query, longest=longest)
    ]


# ---- the naive second implementation: every match by backtracking, one word after the other

Bound = dict[str, int]


class Naive:
    def __init__(self, t: Tokens, unit: Unit) -> None:
        self.t = t
        self.bounds: dict[Unit, list[int]] = {
            "s": t.sentence_bounds.tolist(),
            "p": t.passage_bounds.tolist(),
            "doc": t.document_bounds.tolist(),
        }
        self.unit = unit

    def met(self, condition: Condition | None, i: int) -> bool:
        match condition:
            case None:
                return True
            case Not(inner):
                return not self.met(inner, i)
            case Every(parts):
                return all(self.met(part, i) for part in parts)
            case Some(parts):
                return any(self.met(part, i) for part in parts)
            case Compare(attribute, value, equal):
                layer = self.t.layer(grammar.ATTRIBUTES[attribute])
                return bool(re.fullmatch(value, layer.names[layer.ids[i]])) == equal
        raise AssertionError(condition)

    def ends(  # noqa: PLR0912 (a case for each kind of pattern)
        self, pattern: Pattern, i: int, labels: Bound
    ) -> Iterator[tuple[int, Bound]]:
        match pattern:
            case Word(condition, label):
                if i < len(self.t) and self.met(condition, i):
                    yield i + 1, {**labels, label: i} if label else labels
            case Edge(unit, there):
                if (i in self.bounds[unit]) == there:
                    yield i, labels
            case Sequence(parts) if parts:
                for end, bound in self.ends(parts[0], i, labels):
                    yield from self.ends(Sequence(parts[1:]), end, bound)
            case Sequence():
                yield i, labels
            case Choice(options):
                for option in options:
                    yield from self.ends(option, i, labels)
            case Repeat(body, least, most):
                if least == 0:
                    yield i, labels
                if most is None or most > 0:
                    for end, bound in self.ends(body, i, labels):
                        if end > i or least > 0:
                            fewer = None if most is None else most - 1
                            more = Repeat(body, max(least - 1, 0), fewer)
                            yield from self.ends(more, end, bound)

    def all(self, query: Query, pattern: Pattern) -> set[tuple[int, int]]:
        found = set()
        for start in range(len(self.t)):
            limit = next(b for b in self.bounds[self.unit] if b > start)
            for end, bound in self.ends(pattern, start, {}):
                if start < end <= limit and self.agree(query, bound):
                    found.add((start, end))
        return found

    def agree(self, query: Query, bound: Bound) -> bool:
        for same in query.same:
            layer = self.t.layer(grammar.ATTRIBUTES[same.attribute])
            if not all(label in bound for label in same.labels):
                return False
            one, other = (layer.ids[bound[label]] for label in same.labels)
            if (one == other) != same.equal:
                return False
        return True


def naive(t: Tokens, text: str, *, longest: bool) -> list[tuple[int, int]]:
    query = grammar.parse(text)
    found = Naive(t, query.unit).all(query, query.pattern)
    choose = max if longest else min
    best = {start: choose(e for s, e in found if s == start) for start, _ in found}
    kept = []
    for start, end in sorted(best.items()):
        before = [(s, e) for s, e in best.items() if s < start]
        if not any(e >= end if longest else e == end for _, e in before):
            kept.append((start, end))
    for around in query.around:
        unit = max(query.unit, around.unit, key=UNITS.index)
        others = Naive(t, unit).all(Query(around.pattern), around.pattern)
        kept = [
            (start, end)
            for start, end in kept
            if any(
                (start <= s and e <= end) if around.contains else (s <= start and end <= e)
                for s, e in others
            )
            == around.wanted
        ]
    return [(start, end - 1) for start, end in kept]


ATOMS = st.sampled_from(
    """
    "a"; "b"; "[ab]"; []; [word!="a"]; [tag="N"]; [tag="N" & word="a|b"]; [!(tag="N" | word="c")];
    [lc="c" | tag!="V"]; <s>; </s>; <p>; ("a" | "b" "c")
    """.strip().split(";")
)
REPEATS = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,2}", "{0,3}", "{2,}", "{,2}"])
PARTS = st.builds("{}{}".format, ATOMS, REPEATS)
PATTERNS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.builds(
            "({}){}".format, st.lists(inner, min_size=1, max_size=2).map(" | ".join), REPEATS
        ),
    ),
    max_leaves=5,
)
CLAUSES = st.one_of(
    st.sampled_from(["", "", " within <s/>", " within <p/>", " within <doc/>"]),
    st.builds(
        " {}{} {}".format,
        st.sampled_from(["", "!"]),
        st.sampled_from(["within", "containing"]),
        PARTS,
    ),
)
TEXTS = st.lists(
    st.lists(st.sampled_from(["a/N", "a/V", "b/N", "b/V", "c/N", "C/V", "|", "¶"]), max_size=8).map(
        " ".join
    ),
    min_size=1,
    max_size=2,
)


@given(TEXTS, st.builds("{}{}".format, PATTERNS, CLAUSES), st.booleans())
def test_matches_are_those_of_naive_backtracking(
    texts: list[str], query: str, longest: bool
) -> None:
    t = store(*texts)
    assert hits(t, query, longest=longest) == naive(t, query, longest=longest)


@given(
    TEXTS,
    st.lists(st.sampled_from(['"a"', "[]", '("b" "c")', '[lc="c"]', '[tag="N"]']), min_size=1),
    st.sampled_from(["", " within <p/>", " within <doc/>"]),
    st.booleans(),
)
def test_words_in_a_row_are_those_of_naive_backtracking(
    texts: list[str], words: list[str], unit: str, longest: bool
) -> None:
    t = store(*texts)
    query = " ".join(words) + unit
    assert hits(t, query, longest=longest) == naive(t, query, longest=longest)


@given(
    TEXTS,
    st.sampled_from(["1:[]", '(1:"a" | "b")', '1:"b"?']),
    st.sampled_from(['"a"', "[]", '("b" []?)', "[]{0,2}", '("c" | [])*', '(1:"a")*']),
    st.sampled_from(["1.word = 2.word", "1.word != 2.word & 1.tag = 2.tag", "1.lc = 2.lc"]),
    st.booleans(),
)
def test_labelled_words_are_compared_as_by_naive_backtracking(
    texts: list[str], first: str, middle: str, condition: str, longest: bool
) -> None:
    t = store(*texts)
    query = f"{first} {middle} 2:[] & {condition} within <p/>"
    assert hits(t, query, longest=longest) == naive(t, query, longest=longest)


# ---- by hand


def test_matches_are_chosen_as_cqp_chooses_them() -> None:
    t = store(BOOK)
    noun = '[tag="DT"]? [tag="JJ"]* [tag="NN"]'
    assert said(t, noun) == ["The old book", "the table", "the room"]
    more = f'{noun} ([tag="IN"] {noun})*'
    assert said(t, more) == ["The old book", "the table", "the room"]
    assert said(t, more, longest=True) == [" ".join(w.split("/")[0] for w in BOOK.split())]
    assert said(t, "[]{2}")[:2] == ["The old", "old book"]  # hits may overlap


def test_attributes() -> None:
    t = store("Peace/NN peace/NN strengthens/VBZ Strengthened/VBD The/DT U.S./NNP")
    assert said(t, '"peace"') == ["peace"]
    assert said(t, '"(?i)peace"') == ["Peace", "peace"]
    assert said(t, '[lc="peace"]') == ["Peace", "peace"]
    assert said(t, '[lemma="strengthen"]') == ["strengthens", "Strengthened"]
    assert said(t, '[lemma="STRENG.*"]') == said(t, '[lemma_lc="strengthen"]')
    assert said(t, '[tag="V.*" & word="[a-z]+"]') == ["strengthens"]
    assert said(t, '[tag!="N.*" & !(lemma="strengthen")]') == ["The"]
    assert said(t, '[word=="U.S."]') == ["U.S."]
    assert said(t, '[word!=="U.S." & tag="NNP"]') == []
    assert said(t, '[word="U.S."]') == said(t, r'[word="U\.S\."]') == ["U.S."]
    assert said(t, '"eac"') == []  # a value is the whole value


def test_matches_stay_in_their_sentence_unless_asked() -> None:
    t = store("a b | c a ¶ b a", "b")
    assert said(t, '"b" [] "a"') == []
    assert said(t, '"b" [] "a" within <p/>') == ["b c a"]
    assert said(t, '"a" "b" within <doc/>') == ["a b", "a b"]
    assert said(t, '"a" "b" within <s/>') == ["a b"]
    assert said(t, "<s/>") == ["a b", "c a", "b a", "b"]
    assert said(t, "<p/>", longest=True) == ["a b c a", "b a", "b"]
    assert said(t, '<p/> containing "c"') == ["a b c a"]
    assert said(t, '<s/> !containing "a"') == ["b"]
    assert said(t, '<s> "b"') == ["b", "b"]
    assert said(t, '"a" </s>') == ["a", "a"]
    assert said(t, '"a" within ("c" [])') == ["a"]
    assert said(t, '"a" !within ("c" [])') == ["a", "a"]


def test_repeated_words_are_found_by_labels() -> None:
    t = store("step by step | day after night | a a")
    assert said(t, '1:[] "by|after" 2:[] & 1.word = 2.word') == ["step by step"]
    assert said(t, "x:[] []? y:[] & x.word = y.word") == ["step by step", "a a"]
    assert said(t, '1:[] "by|after" 2:[] & 1.word != 2.word') == ["day after night"]


def test_a_hit_has_a_limit() -> None:
    t = store("a " + "b " * 600 + "c")
    assert hits(t, '"a" []* "c"') == []
    assert hits(t, '"a" []*', longest=True) == [(0, match.LONGEST_HIT - 1)]


# ---- what cannot be read


@pytest.mark.parametrize(
    ("query", "at", "said"),
    [
        ('[lema="x"]', 1, "no attribute lema: .* Did you mean lemma"),
        ('[lempos="x-v"]', 1, "write .lemma="),
        ('[lemma="x" []', 11, "“.” stands here; what may stand here: &"),
        ('"abc', 0, "quotes are not closed"),
        ('[word="(a"]', 7, "no regular expression: missing"),
        ('[word="a)(b"]', 7, "no regular expression"),
        ('"a" within <x/>', 11, "no structure <x>"),
        ('<doc year="2025"/>', 0, "without attributes"),
        ("[word=“peace”]", 6, "straight double quotes"),
        ('1:"a" & 1.word = 3.word', 8, "no word has the label 3"),
        ('1:"a" 2:"b" & 1.word = 2.tag', 23, "compare word with word"),
        ('1:("a" "b")', 0, "a label stands before one word"),
        ('"a"{3,2}', 4, "3 is more than 2"),
        ('"a"{1000}', 4, "repeated so often"),
        ('("a"', 4, "the end of the query stands here"),
        ('"human rights"', 6, 'write "human" "rights"'),
        ('["中文" "a"]', 1, "what may stand here"),
        ("(" * 50 + '"a"', 40, "more than 40 deep"),
        ('[word="\ud800"]', 7, "U.D800"),
    ],
)
def test_an_error_points_at_its_character(query: str, at: int, said: str) -> None:
    with pytest.raises(ParameterError, match=said) as caught:
        cql.find(store(BOOK), query)
    _, line, mark = str(caught.value).split("\n")
    assert line == "  " + query.replace("\ud800", " ")
    wide = sum(c in "中文" for c in query[:at])  # they take two columns each
    assert mark == " " * (2 + at + wide) + "^"


def test_too_large_a_query_is_refused() -> None:
    t = store(BOOK)
    with pytest.raises(ParameterError, match="more than 500 words"):
        cql.find(t, '("a"{99}){99}')
    with pytest.raises(ParameterError, match="more than 5,000 characters"):
        cql.find(t, '"a" ' * 2000)
    assert said(t, "(((<s>{999}){999}){999}){999} []") == ["The"]


def test_a_search_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match, "MOST_READ", 1000)
    with pytest.raises(ParameterError, match="given up"):
        cql.find(store("a " * 100), "[]* []* []*", longest=True)


SCRAPS = r"""
    [ ] ( ) " a (a|b)* { } 1 , * + ? | & ! = != == word tag within containing <s> <s/> </p> 1: 1.word
    \ é [] "a" [word="a"] "(?i)b" [^ \p{L} {2} [tag= & ! 2:[] 1.tag=2.tag
""".split()
QUERIES = st.lists(st.sampled_from([*SCRAPS, " ", "\x00", "\n"]), max_size=14).map("".join)


@given(QUERIES | st.text(max_size=20), st.booleans())
def test_any_text_is_a_query_or_an_error_for_people(query: str, longest: bool) -> None:
    with contextlib.suppress(ParameterError):
        cql.find(store("a/N b/V | c/N ¶ a/N"), query, longest=longest)


def test_a_corpus_without_words() -> None:
    for query in ("[]", '"a"', "<s/>", '[]* "a" within <doc/>'):
        assert hits(store(""), query) == []


def test_the_grammar_is_loaded_for_cql_alone() -> None:
    code = (
        "import sys, kit.concordance; assert 'lark' not in sys.modules; "
        "from kit.corpus import Corpus; kit.concordance.find(Corpus(()), 'peace'); "
        "assert 'lark' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- whole texts


def test_a_slow_pattern_ends_in_time(shared: Path) -> None:
    folder = shared / "cases/28-slow-patterns"
    corpus = kit.read(folder / "text.txt")
    pattern = (folder / "pattern.txt").read_text().strip()
    t = tokens.of(corpus)
    began = time.monotonic()
    assert (
        cql.find(t, f'[word="{pattern}"]')[0].tolist()
        == np.flatnonzero([set(t.vocabulary[i]) == {"a"} for i in t.ids]).tolist()
    )
    assert time.monotonic() - began < 2


def test_phrases_are_found_as_often_as_quanteda_finds_them(shared: Path, tmp_path: Path) -> None:
    pins = shared / "pins-quanteda"
    rows = map(json.loads, (pins / "inaugural.jsonl").read_text().splitlines())
    t = store(*(row["text"] for row in rows))
    for line in (pins / "inaugural_kwic.csv").read_text().splitlines()[1:]:
        phrase, number = line.rsplit(",", 1)
        query = " ".join(f'"{word}"' for word in phrase.strip('"').split())
        assert len(hits(t, query)) == int(number)


def test_tags_are_those_of_the_parse(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("We strengthen mutual trust. He strengthened their old friendship.")
    t = tokens.of(corpus)
    assert said(t, '[lemma="strengthen"] []{0,3} [tag="N.*"] within <s/>') == [
        "strengthen mutual trust",
        "strengthened their old friendship",
    ]


def test_tags_are_made_for_english_only(make_corpus: MakeCorpus) -> None:
    with pytest.raises(ParameterError, match="English"):
        cql.find(tokens.of(make_corpus("Мы укрепляем доверие.")), '[tag="N.*"]')
