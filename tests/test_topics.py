"""Topics: planted ones are found and named; the same input gives the same; too little is refused."""

import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import kit
from kit import themes, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.themes import factors, named, passages, resamples

MakeCorpus = Callable[..., Corpus]
PLANTED = {
    "nuclear weapons": "warheads missiles treaty inspectors stockpiles verification",
    "coral reefs": "fish corals lagoons divers algae bleaching",
    "railway lines": "trains tunnels stations freight signals carriages",
    "village schools": "teachers pupils classrooms textbooks lessons exams",
}
FILLING = "we meet here again today to say what all of us have long known and said before".split()


def paragraph(rng: random.Random, phrase: str) -> str:
    """Return about 60 words on a planted topic, in five sentences."""
    words = PLANTED[phrase].split()
    sentences = []
    for _ in range(5):
        said = [rng.choice(words) for _ in range(3)]
        filling = rng.sample(FILLING, 4)
        sentences.append(
            f"The {phrase} {' '.join(filling[:2])} near the {said[0]} and the {said[1]} of {said[2]} "
            f"{' '.join(filling[2:])}."
        )
    return " ".join(sentences)


def planted(texts: int = 24, paragraphs: int = 10) -> tuple[list[str], list[list[str]]]:
    """Return texts and the topics of their paragraphs; the later half speaks more of reefs."""
    rng = random.Random(3)
    truth = [
        [
            rng.choice([*PLANTED, *(["coral reefs"] * 3 if i >= texts / 2 else [])])
            for _ in range(paragraphs)
        ]
        for i in range(texts)
    ]
    return ["\n\n".join(paragraph(rng, p) for p in row) for row in truth], truth


@pytest.fixture(scope="module")
def corpus(make_corpus: MakeCorpus) -> Corpus:
    return make_corpus(*planted()[0])


def digest(*findings: kit.Finding) -> str:
    return hashlib.sha256(json.dumps([f.to_json() for f in findings]).encode()).hexdigest()


# ---- what is found


def test_planted_topics_are_found_and_named(corpus: Corpus) -> None:
    finding = themes.topics(corpus, number=4)
    rows = finding.rows
    assert {row["topic"].split(", ")[0] for row in rows} == set(PLANTED)
    truth = planted()[1]
    right = 0
    for row, spans in zip(rows, finding.evidence, strict=True):
        assert row["passages"] == len(spans)
        assert row["texts"] == len({s.document for s in spans})
        phrase = row["topic"].split(", ")[0]
        right += sum(truth[int(s.document)][s.paragraph - 1] == phrase for s in spans)
    assert right == 240
    assert sum(row["share"] for row in rows) == pytest.approx(1.0)
    assert [row["passages"] for row in rows] == sorted((r["passages"] for r in rows), reverse=True)


def test_what_rises_is_said_to_rise(corpus: Corpus) -> None:
    rows = {r["topic"].split(", ")[0]: r for r in themes.topics(corpus, number=4).rows}
    truth = planted()[1]
    for half, column in ((truth[:12], "earlier"), (truth[12:], "later")):
        count = Counter(p for row in half for p in row)
        assert rows["coral reefs"][column] == pytest.approx(count["coral reefs"] / 120)
    assert rows["coral reefs"]["trend"] == "rising"
    assert {rows[p]["trend"] for p in PLANTED if p != "coral reefs"} <= {"", "falling"}
    reefs = rows["coral reefs"]
    assert "2025-01-01" <= reefs["first"] <= reefs["last"] == "2025-01-24"


def test_typical_sentences_are_of_their_topic_and_of_different_texts(corpus: Corpus) -> None:
    finding = themes.typical(corpus, number=4, sentences=3)
    of_topic: dict[str, list[str]] = {}
    for row, (span,) in zip(finding.rows, finding.evidence, strict=True):
        assert corpus.text(span) == row["sentence"]
        assert row["topic"].split(", ")[0] in row["sentence"]
        assert 0 < row["closeness"] <= 1
        of_topic.setdefault(row["topic"], []).append(span.document)
    assert len(of_topic) == 4
    for documents in of_topic.values():
        assert 2 <= len(documents) == len(set(documents)) <= 3


def test_the_number_is_chosen_by_stability(corpus: Corpus) -> None:
    finding = themes.stability(corpus)
    rows = finding.rows
    assert [row["number"] for row in rows] == [3, 4, 5, 6]  # of 240 passages, 40 for each topic
    for row in rows:
        assert 0 <= row["least"] <= row["stability"] <= row["most"] <= 1
    assert rows[1]["stability"] > 0.9
    (best,) = (row["number"] for row in rows if row["chosen"])
    assert best == max(r["number"] for r in rows if r["stability"] >= resamples.RETURNS)
    assert len(themes.topics(corpus)) == best
    assert len(themes.topics(corpus, top=2)) == 2
    assert themes.topics(corpus, top=2).total == best


def test_names_are_of_the_texts_and_no_two_the_same(corpus: Corpus) -> None:
    text = " ".join(p for d in corpus for p in d.paragraphs)
    names = themes.topics(corpus).table["topic"].tolist()
    assert len(set(names)) == len(names)
    for name in names:
        assert all(phrase in text for phrase in name.split(", "))


def test_topics_without_a_theme_are_pointed_out(corpus: Corpus, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    entries = [
        f'[[theme]]\nid = "x{i}"\nname = "X{i}"\nstrong = ["{phrase}"]\n'
        for i, phrase in enumerate(PLANTED)
        if phrase != "coral reefs"
    ]
    own.write_text("\n".join(entries))
    finding = themes.uncovered(corpus, number=4, own=str(own))
    assert [row["topic"].split(", ")[0] for row in finding.rows] == ["coral reefs"]
    row = finding.rows[0]
    assert row["covered"] < row["average"]
    assert "rising" in row["statement"]
    assert all("coral reefs" in corpus.text(s) for s in finding.evidence[0])


def test_chinese_topics(make_corpus: MakeCorpus) -> None:
    pytest.importorskip("rjieba")
    rng = random.Random(5)
    fields = {
        "农业": "粮食 农村 农民 耕地 水利 丰收".split(),
        "教育": "学校 学生 教师 课程 考试 大学".split(),
        "外交": "和平 合作 邻国 访问 条约 大使".split(),
    }
    texts = []
    for _ in range(20):
        paragraphs = []
        for _ in range(8):
            field = rng.choice(list(fields))
            words = fields[field]
            paragraphs.append(
                "".join(
                    f"{field}和{rng.choice(words)}以及{rng.choice(words)}都很重要，我们关心{rng.choice(words)}。"
                    for _ in range(5)
                )
            )
        texts.append("\n\n".join(paragraphs))
    finding = themes.topics(make_corpus(*texts, language="zh"), number=3)
    assert {row["topic"].split(", ")[0] for row in finding.rows} == set(fields)
    assert all("我们" not in row["topic"] for row in finding.rows)


# ---- the same input gives the same


def test_the_order_of_documents_does_not_matter(corpus: Corpus) -> None:
    turned = Corpus(corpus.documents[::-1])
    assert digest(themes.topics(turned), themes.typical(turned)) == digest(
        themes.topics(corpus), themes.typical(corpus)
    )


def test_fresh_processes_give_the_same_bytes(tmp_path: Path) -> None:
    for i, text in enumerate(planted()[0]):
        (tmp_path / f"{i:02d}.txt").write_text(f"2024-02-{i + 1:02d} Text\n\n{text}")
    code = (
        "import sys, json, hashlib, kit; from kit import themes; c = kit.read(sys.argv[1]);"
        "f = [themes.stability(c), themes.topics(c), themes.typical(c), themes.uncovered(c)];"
        "print(hashlib.sha256(json.dumps([x.to_json() for x in f]).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(kit.__file__).parent.parent,
        ).stdout
        for seed, threads in (("1", "1"), ("2", "2"))
    }
    assert len(found) == 1


# ---- too little is refused


@pytest.mark.parametrize(
    ("texts", "applies", "reason"),
    [
        (1, False, "more than one"),
        (6, True, "Too few texts for topics: 6 with words in one language, 10 are needed"),
    ],
)
def test_too_few_texts_are_refused(
    make_corpus: MakeCorpus, texts: int, applies: bool, reason: str
) -> None:
    few = make_corpus(*planted()[0][:texts])
    for analysis in (themes.topics, themes.stability, themes.typical, themes.uncovered):
        finding = analysis(few)
        assert len(finding) == 0
        assert finding.applies is applies
        assert reason in finding.caveats[0]


def test_too_little_text_and_copies_are_refused(make_corpus: MakeCorpus) -> None:
    one = planted(1)[0][0]
    short = make_corpus(*(f"{one.split('. ')[i % 40]}." for i in range(30)))
    same = make_corpus(*([one] * 30), dates=[f"20{i:02d}-01-01" for i in range(30)])
    for few in (short, same):
        finding = themes.topics(few)
        assert len(finding) == 0
        assert "120 are needed: 40 for each of 3 topics" in finding.caveats[0]
    assert "10 different passages" in themes.topics(same).caveats[0]


@pytest.mark.parametrize("text", ["", "Word.", "12 34 56.", "война и мир 和平 peace"])
def test_hardly_any_text(make_corpus: MakeCorpus, text: str) -> None:
    for number in (0, 1, 12):
        small = make_corpus(*[text] * number)
        for analysis in (themes.topics, themes.stability, themes.typical, themes.uncovered):
            finding = analysis(small)
            assert len(finding) == 0
            assert finding.caveats[0]
            assert json.dumps(finding.to_json(), allow_nan=False)


def test_as_many_topics_as_may_be_asked_for(corpus: Corpus) -> None:
    finding = themes.topics(corpus, number=24)
    assert 4 <= len(finding) <= 24
    names = finding.table["topic"].tolist()
    assert all(names)
    assert json.dumps(finding.to_json(), allow_nan=False)


@pytest.mark.parametrize("number", [-1, 1, 25])
def test_a_number_out_of_range(corpus: Corpus, number: int) -> None:
    with pytest.raises(ParameterError, match="give 2 to 24 topics"):
        themes.topics(corpus, number=number)


def test_texts_in_another_language_are_left_out_and_named(make_corpus: MakeCorpus) -> None:
    texts = planted()[0]
    russian = make_corpus(*["Мир и сотрудничество между странами."] * 3, language="ru")
    english = make_corpus(*texts)
    documents = list(english) + [
        type(d)(**{**{f: getattr(d, f) for f in d.__slots__}, "id": f"ru{d.id}"}) for d in russian
    ]
    finding = themes.topics(Corpus(tuple(documents)), number=4)
    assert any("left out are texts in others (3 in ru)" in c for c in finding.caveats)
    assert not any(s.document.startswith("ru") for spans in finding.evidence for s in spans)


def test_undated_texts_have_no_trend(make_corpus: MakeCorpus) -> None:
    undated = make_corpus(*planted()[0], dates=[None] * 24)
    for row in themes.topics(undated, number=4).rows:
        assert [row[c] for c in ("first", "last", "earlier", "later")] == [None] * 4
        assert row["trend"] == ""


# ---- passages and terms


def test_short_paragraphs_are_joined_and_long_ones_cut(make_corpus: MakeCorpus) -> None:
    def words(number: int) -> str:
        return " ".join(["Word"] + ["word"] * (number - 1)) + "."

    texts = (
        f"{words(30)}\n\n{words(30)}\n\n{words(50)}\n\n{words(10)}",
        " ".join([words(50)] * 5),
        words(5),
    )
    t = tokens.of(make_corpus(*texts))
    # 30 is short and joins the next; 10 is left over and joins the one before; 50 + 50 + half of 50 is
    # more than 120; a whole text stays a passage, however short
    found = passages.of(t)
    inside = t.paragraphs[t.sentences[:, 0]] > 0
    assert found.of_sentence[inside].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 5]
    assert (found.of_sentence[~inside] == -1).all()
    assert found.document.tolist() == [0, 0, 1, 1, 1, 2]


@given(st.lists(st.lists(st.integers(1, 300), max_size=8), min_size=1, max_size=5))
def test_every_sentence_is_in_one_passage_of_its_text(
    make_corpus: MakeCorpus, sizes: list[list[int]]
) -> None:
    texts = ["\n\n".join("Word" + " word" * (n - 1) + "." for n in row) for row in sizes]
    t = tokens.build(make_corpus(*texts, language="en"))
    found = passages.of(t)
    inside = found.of_sentence[t.paragraphs[t.sentences[:, 0]] > 0]
    assert (np.diff(inside) >= 0).all()
    assert inside.tolist() == sorted(inside.tolist())
    assert set(inside.tolist()) == set(range(len(found)))
    text_of = np.cumsum(t.paragraphs == 0) - 1
    assert (
        found.document[found.of_word[found.of_word >= 0]] == t.document[found.of_word >= 0]
    ).all()
    assert text_of[-1] == len(sizes) - 1


def test_lists_of_names_do_not_count(make_corpus: MakeCorpus) -> None:
    vote = " ".join(
        ["Voting were Ada Able, Chair; Ben Baker; Cleo Carr; Dan Dean; and Eve Earl."] * 3
    )
    texts = [f"{text}\n\n{vote}" for text in planted()[0]]
    t = tokens.of(make_corpus(*texts))
    found = passages.of(t)
    names = {t.layer("lemma").names[x] for x in found.terms}
    assert "warhead" in names
    assert not names & {"able", "baker", "carr", "dean", "earl"}


def test_even_words_are_no_terms() -> None:
    # Of 1000 passages 100 have the first word once each, and each of five others four times: residual IDF
    # log2(1000 (1 - e^-0.1) / 100) = -0.07 and log2(1000 (1 - e^-0.4) / 100) = 1.72. Half have the next
    # one, at 0.25 bits; half the one after it, eight times each, at 0.97; two the last.
    holders = np.array([100] * 6 + [500, 500, 2])
    count = np.array([100.0, *[400.0] * 5, 900.0, 4000.0, 2.0])
    assert passages._telling(holders, count, 1000).tolist() == [1, 2, 3, 4, 5, 7]


# ---- stability and factors


def test_average_jaccard_is_that_of_the_paper() -> None:
    # album music best award win; sport best win medal award (Greene et al. 2014, table 1)
    first, second = np.array([[0, 1, 2, 3, 4]]), np.array([[5, 2, 4, 6, 3]])
    by_hand = (0 + 0 + 1 / 5 + 1 / 7 + 3 / 7) / 5
    assert resamples.agreement(first, second).tolist() == pytest.approx([by_hand])
    assert round(by_hand, 3) == 0.154


def test_topics_are_paired_so_that_they_agree_most() -> None:
    first = np.arange(60).reshape(3, 20)
    assert resamples.agreement(first, first[[2, 0, 1]]).tolist() == [1.0, 1.0, 1.0]
    assert resamples.agreement(first, first + 60).tolist() == [0.0, 0.0, 0.0]


def table(seed: int, rows: int = 60, columns: int = 40) -> sparse.csr_array:
    rng = np.random.default_rng(seed)
    return sparse.csr_array(rng.random((rows, columns)) * (rng.random((rows, columns)) < 0.2))


def error(x: sparse.csr_array, passages_: np.ndarray, terms: np.ndarray) -> float:
    return float(np.linalg.norm(x.toarray() - passages_ @ terms))


def test_factors_that_are_there_are_found() -> None:
    rng = np.random.default_rng(0)
    parts = np.zeros((2, 40))
    parts[0, :20], parts[1, 20:] = rng.random(20), rng.random(20)
    shares = rng.random((60, 2))
    shares[:10, 0] = shares[10:20, 1] = 0  # where each stands alone: else there are other solutions
    x = sparse.csr_array(shares @ parts)
    found, terms = factors.factors(factors.basis(x, 2, rng), 2, steps=3000)
    assert error(x, found, terms) == pytest.approx(0, abs=1e-3)
    mine = terms / np.linalg.norm(terms, axis=1, keepdims=True)
    theirs = parts / np.linalg.norm(parts, axis=1, keepdims=True)
    assert np.abs(mine @ theirs.T).max(axis=1).tolist() == pytest.approx([1, 1], abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_factors_only_improve_and_are_not_negative(seed: int) -> None:
    x = table(seed)
    basis = factors.basis(x, 40, np.random.default_rng(1))  # all triplets: the table itself
    assert np.allclose(basis.left * basis.sizes @ basis.right, x.toarray())
    errors = []
    for steps in (0, 1, 2, 5, 10, 30):
        found, terms = factors.factors(basis, 6, steps)
        assert found.min() >= 0
        assert terms.min() >= 0
        errors.append(error(x, found, terms))
    assert all(b <= a + 1e-9 for a, b in pairwise(errors))
    s = np.linalg.svd(x.toarray(), compute_uv=False)
    assert errors[-1] >= np.sqrt((s[6:] ** 2).sum()) - 1e-9  # no table of rank 6 is nearer


def test_weights_are_the_best_for_given_terms() -> None:
    from scipy.optimize import nnls  # noqa: PLC0415

    x = table(9)
    terms = np.random.default_rng(2).random((4, 40))
    terms /= np.linalg.norm(terms, axis=1, keepdims=True)
    found = factors.weights(x, terms, steps=2000)
    for row, mine in zip(x.toarray(), found, strict=True):
        assert mine == pytest.approx(nnls(terms.T, row)[0], abs=1e-6)


# ---- names


def test_a_name_is_a_noun_phrase(make_corpus: MakeCorpus) -> None:
    said = (
        "We must ensure peace now. They want to ensure peace there. The law of the sea is old. "
        "A treaty on the law of the sea holds. It currently stands by the law of the sea. "
    )
    t = tokens.of(make_corpus(*[said * 2] * 12))
    found = passages.of(t)
    runs = named._candidates(t, found)
    phrases = {
        " ".join(t.words[w] for w in t.word[a : a + r.size]) for r in runs for a in r.first.tolist()
    }
    assert "law of the sea" in phrases
    assert "ensure peace" not in phrases
    assert not any("currently" in p for p in phrases)


# ---- real texts


def test_real_texts(shared: Path) -> None:
    folder = shared / "corpora"
    speeches = themes.topics(kit.read(folder / "leader-speeches-en"))
    names = " | ".join(speeches.table["topic"])
    assert "climate change" in names
    assert "vaccines" in names
    statements = kit.read(folder / "fomc-statements")
    finding = themes.topics(statements)
    assert any("federal funds rate" in name for name in finding.table["topic"])
    assert not any("Powell" in name or "Yellen" in name for name in finding.table["topic"])
    for spans in finding.evidence:
        assert all(statements.text(s) for s in spans)
