"""Stance: who binds whom, how firmly, and what is judged; nothing is invented where there is little text."""

import importlib.util
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

import kit
from kit import formulations, stance, stanceplots
from kit.corpus import Corpus
from kit.errors import ParameterError, ReadError
from kit.finding import Finding
from kit.lexicon import load
from kit.stance import expressions, series

MakeCorpus = Callable[..., Corpus]
FINDINGS: dict[str, Callable[[Corpus], Finding]] = {
    "actors": stance.modality,
    "expressions": lambda c: stance.modality(c, by="expression"),
    "firmness": stance.firmness,
    "firmness by year": lambda c: stance.firmness(c, by="year"),
    "markers": stance.markers,
    "words": lambda c: stance.markers(c, by="word"),
    "evaluation": stance.evaluation,
    "persons": stance.persons,
    "persons by text": lambda c: stance.persons(c, by="text"),
    "outlook": stance.outlook,
    "announcements": stance.announcements,
}


def actors(corpus: Corpus) -> dict[str, dict[str, object]]:
    return {row["actor"]: row for row in stance.modality(corpus).rows}


def senses(corpus: Corpus) -> list[tuple[str, str]]:
    rows = stance.modality(corpus, by="expression").rows
    return sorted((row["expression"], row["kind"]) for row in rows)


# ---- the lexicon


def test_every_entry_is_glossed_and_of_a_known_kind() -> None:
    entries = expressions.entries(expressions.own_text(""))
    assert len({entry["id"] for entry in entries}) == len(entries) >= 60
    assert all(entry["gloss"].endswith(".") for entry in entries)
    kinds = {entry["kind"] for entry in entries}
    assert kinds == {*expressions.MODAL, *expressions.MARKERS, *expressions.EVALUATION, "none"}
    for kind in expressions.SCALES:
        assert {e["strength"] for e in entries if e["kind"] == kind} == {1, 2, 3, 4}


def test_a_form_stands_once_in_a_family() -> None:
    for family, kinds in expressions.FAMILIES.items():
        owner: dict[tuple[str, ...], str] = {}
        for entry in load("stance"):
            if entry["kind"] in kinds and "of" not in entry:
                for pattern in set(expressions.patterns(entry)):
                    assert owner.setdefault(pattern, entry["id"]) == entry["id"], (family, pattern)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("kind = 'vow'\nen = ['vow']", "kind 'vow' is none of"),
        ("kind = 'appeal'\nen = ['beg']", "strength must be a whole number from 1 to 4"),
        ("kind = 'appeal'\nen = ['beg']\nstrength = 5", "strength must be"),
        ("kind = 'hedge'\nen = ['beg']\nstrength = 2", "only commitment, obligation, appeal"),
        ("kind = 'hedge'", "it has no forms"),
        ("kind = 'negative'\nen = ['bad']\nby = 'air'", "by 'air' is none of"),
    ],
)
def test_a_faulty_own_lexicon_is_refused_by_name(tmp_path: Path, lines: str, fault: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f"[[stance]]\nid = 'a'\n{lines}\n")
    with pytest.raises(ReadError, match=rf"own\.toml: entry a: .*{fault}"):
        stance.modality(kit.Corpus(()), own=str(own))


def test_an_own_lexicon_adds_and_replaces(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[stance]]\nid = "insist"\nkind = "appeal"\nstrength = 4\nen = ["beseech"]\n'
        '[[stance]]\nid = "must"\nkind = "none"\nen = ["must"]\n'
    )
    corpus = make_corpus("We beseech France to wait. China must act.")
    rows = stance.modality(corpus, own=str(own), by="expression").rows
    assert [(r["expression"], r["kind"], r["strength"]) for r in rows] == [("beseech", "appeal", 4)]


def test_a_word_in_its_dictionary_form_matches_its_inflections(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("France urges restraint. We are urging Iran to wait.")
    assert actors(corpus)["France"]["words"] == "urges (1)"
    assert actors(corpus)["we"]["words"] == "urging (1)"


# ---- modality


def test_will_is_a_commitment_of_who_acts_else_a_prediction(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "China will build a railway. Inflation will decline. The meeting will be held in May. "
        "China will never yield."
    )
    found = actors(corpus)
    assert (found["China"]["commitment"], found["China"]["prediction"]) == (2, 0)
    assert found["China"]["firm"] == 1.0
    assert found["China"]["strength"] == pytest.approx(3.5)
    assert (found["inflation"]["prediction"], found["inflation"]["firm"]) == (1, None)
    assert found["meeting"]["prediction"] == 1


def test_shall_binds_others(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("We shall defend peace. Member States shall respect the Charter.")
    assert senses(corpus) == [("shall", "commitment"), ("shall", "obligation")]


@pytest.mark.parametrize(
    "text",
    [
        "Should he come, we leave.",
        "May peace prevail in the world.",
        "I would like to thank the President.",
        "The political will of the parties is weak.",
        "In May the ministers met.",
        "Will we act?",
        "He demanded an answer.",
        "Supply and demand drive prices.",
    ],
)
def test_what_only_looks_like_a_modal_is_left_out(make_corpus: MakeCorpus, text: str) -> None:
    rows = stance.modality(make_corpus(text)).rows
    assert [
        r for r in rows if r["commitment"] or r["obligation"] or r["appeal"] or r["possibility"]
    ] == []


def test_an_actor_is_named_as_the_text_names_him(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "The Chinese side stands ready to talk. Beijing and Moscow must wait. Both sides should meet. "
        "The countries that must pay are many. It is imperative that we act."
    )
    found = actors(corpus)
    assert found["China"]["words"] == "stands ready to (1)"
    assert found["Beijing"]["obligation"] == found["Moscow"]["obligation"] == 1
    assert found["the two sides"]["obligation"] == 1
    assert found["countries"]["obligation"] == 1
    assert found["we"]["words"] == "it is imperative (1)"


def test_will_strive_to_is_one_expression_and_as_weak_as_its_weaker_part(
    make_corpus: MakeCorpus,
) -> None:
    (row,) = stance.modality(
        make_corpus("China will strive to cut emissions."), by="expression"
    ).rows
    assert (row["expression"], row["strength"], row["count"]) == ("will strive to", 2, 1)


def test_what_is_denied_is_counted(make_corpus: MakeCorpus) -> None:
    found = actors(
        make_corpus("China will not yield. No country should attack another. We cannot wait.")
    )
    assert [found[who]["denied"] for who in ("China", "country", "we")] == [1, 1, 1]


def test_evidence_points_to_the_very_words(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "Title.\n\nChina will act.\n\n(a) France must wait.", titles=["China will"]
    )
    finding = stance.modality(corpus, by="expression")
    assert [[corpus.text(s) for s in spans] for spans in finding.evidence] == [["will"], ["must"]]


def test_chinese_and_russian_are_told_without_actors(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("中国必须坚持改革。", "Мы должны действовать.", "China must act.")
    finding = stance.modality(corpus)
    assert actors(corpus)["(not told)"]["obligation"] == 2
    assert actors(corpus)["China"]["obligation"] == 1
    assert any("no actor is told" in caveat for caveat in finding.caveats)
    texts = [{corpus.text(s) for s in spans} for spans in finding.evidence]
    assert {"必须", "坚持", "должны"} in texts


# ---- firmness


def firm_and_soft() -> tuple[str, str]:
    return "We must act. " * 20, "We should act. " * 20


def test_a_text_is_firmer_than_the_one_before(make_corpus: MakeCorpus) -> None:
    firm, soft = firm_and_soft()
    rows = stance.firmness(make_corpus(soft, firm, firm, "We must act.")).rows
    assert [row["change"] for row in rows] == ["", "firmer", "no clear change", ""]
    assert [row["firm"] for row in rows] == [0.0, 1.0, 1.0, None]
    assert [row["strength"] for row in rows][:3] == [2.0, 4.0, 4.0]
    assert rows[3]["note"] == "1 graded expression: too few"
    assert [row["since"] for row in rows] == [None, "2025-01-01", "2025-01-02", None]


def test_texts_of_one_day_and_no_publisher_are_not_compared(make_corpus: MakeCorpus) -> None:
    firm, soft = firm_and_soft()
    finding = stance.firmness(make_corpus(soft, firm, dates=["2025-01-01", "2025-01-01"]))
    assert [row["change"] for row in finding.rows] == ["", ""]
    assert series.MIXED in finding.caveats


def test_years_are_pooled(make_corpus: MakeCorpus) -> None:
    firm, soft = firm_and_soft()
    dates = ["2024-01-01", "2024-05-01", "2025-01-01"]
    rows = stance.firmness(make_corpus(soft, soft, firm, dates=dates), by="year").rows
    assert [(row["year"], row["graded"], row["change"]) for row in rows] == [
        ("2024", 40, ""),
        ("2025", 20, "firmer"),
    ]


def test_grades_are_compared_as_scipy_compares_them() -> None:
    one, other = np.array([[3, 5, 9, 2]]), np.array([[7, 6, 3, 1]])
    a, b = (np.repeat([1, 2, 3, 4], x[0]) for x in (one, other))
    expected = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=True).pvalue
    assert series.two_grades(one, other)[0] == pytest.approx(expected)
    assert series.two_grades(np.array([[0, 4]]), np.array([[0, 2]]))[0] == 1.0
    assert np.isnan(series.two_grades(np.array([[0, 0]]), np.array([[0, 2]]))[0])


def test_rates_are_compared_by_the_binomial() -> None:
    def twice(k: int, n: int, share: float) -> float:
        tails = stats.binom.cdf(k, n, share), stats.binom.sf(k - 1, n, share)
        return float(min(1.0, 2 * min(tails)))

    a, n1, b, n2 = (np.array(x) for x in ([9, 0, 0], [1000, 500, 10], [2, 6, 0], [1500, 700, 10]))
    expected = [twice(9, 11, 0.4), twice(0, 6, 500 / 1200), 1.0]
    assert series.two_rates(a, n1, b, n2) == pytest.approx(expected)


# ---- hedges and boosters


def test_markers_are_told_from_their_other_uses(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "In May growth may perhaps slow. It is clearly right. It is not clearly right. "
        "We act as soon as possible. Growth is possibly weak."
    )
    rows = stance.markers(corpus, by="word").rows
    assert {(r["word"], r["kind"], r["count"]) for r in rows} == {
        ("may", "hedge", 1),
        ("perhaps", "hedge", 1),
        ("possibly", "hedge", 1),
        ("clearly", "booster", 1),
    }


def test_a_text_with_more_hedges_is_told(make_corpus: MakeCorpus) -> None:
    plain = "We act now and we act here. " * 40
    rows = stance.markers(make_corpus(plain, plain + "Perhaps we act. " * 20, "Perhaps.")).rows
    hedges = [row for row in rows if row["kind"] == "hedge"]
    assert [row["change"] for row in hedges] == ["", "more", ""]
    assert [row["count"] for row in hedges] == [0, 20, 1]
    assert hedges[2]["note"] == "1 words: too few for a rate" or "too few" in hedges[2]["note"]
    assert hedges[2]["per_1000"] is None


# ---- evaluation


def judged(corpus: Corpus) -> dict[str, tuple[int, int]]:
    return {r["target"]: (r["positive"], r["negative"]) for r in stance.evaluation(corpus).rows}


def test_the_target_is_the_noun_the_subject_or_the_object(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "Fruitful cooperation grew. The accusations are groundless. We strongly condemn terrorism. "
        "Japan threatens peace. Sanctions were denounced."
    )
    assert judged(corpus) == {
        "cooperation": (1, 0),
        "accusation": (0, 1),
        "terrorism": (0, 1),
        "Japan": (0, 1),
        "sanction": (0, 1),
    }


def test_a_negation_turns_the_sign(make_corpus: MakeCorpus) -> None:
    finding = stance.evaluation(
        make_corpus("The plan is not acceptable. The talks were not fruitful.")
    )
    assert {r["target"]: r["words"] for r in finding.rows} == {
        "plan": "not acceptable (1)",
        "talk": "not fruitful (1)",
    }
    assert [(r["positive"], r["negative"]) for r in finding.rows] == [(0, 1), (0, 1)]


def test_what_banks_say_is_judged_by_what_it_is_said_of(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "Job gains were strong. Inflation remains elevated. Business investment was weak. "
        "The unemployment rate remained low. Growth slowed. A strong wind blew."
    )
    assert judged(corpus) == {
        "gain": (1, 0),
        "inflation": (0, 1),
        "investment": (0, 1),
        "rate": (1, 0),
        "growth": (0, 1),
    }


# ---- persons, tense, announcements


def test_persons_are_counted_with_their_verbs(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We work together. They fight. Our plan works, said Charles I. Plosser of the US."
    )
    found = {row["person"]: row for row in stance.persons(corpus).rows}
    assert {who: row["count"] for who, row in found.items()} == {"we": 2, "they": 1}
    assert (found["we"]["verbs"], found["we"]["inclusive"]) == ("work (1)", 0.5)
    assert found["they"]["verbs"] == "fight (1)"
    assert found["we"]["per_1000"] == pytest.approx(1000 * 2 / 15)


def test_tenses_are_shares_of_clauses(make_corpus: MakeCorpus) -> None:
    text = "We worked. We have worked. We work. We will work. We must work. It was built by us. "
    (row,) = stance.outlook(make_corpus(text * 5)).rows
    assert row["clauses"] == 30
    shares = [row[name] for name in ("past", "perfect", "present", "future", "modal")]
    assert shares == pytest.approx([2 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])
    assert row["passive"] == pytest.approx(1 / 6)
    (short,) = stance.outlook(make_corpus("We work.")).rows
    assert (short["past"], short["note"]) == (None, "1 clauses: too few")


def test_announcements_name_actor_and_time_the_latest_first(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "China will cut emissions by 2030. Prices rose in 2031. Nothing else.",
        "Growth will slow next year. Growth will slow. France plans to act. "
        "Prices will fall, says the 2030 Agenda.",
    )
    finding = stance.announcements(corpus)
    rows = [(r["date"], r["actor"], r["kind"], r["when"]) for r in finding.rows]
    assert rows == [
        ("2025-01-02", "growth", "prediction", "next year"),
        ("2025-01-02", "France", "commitment", ""),
        ("2025-01-01", "China", "commitment", "by 2030"),
    ]
    assert [corpus.text(s) for s in finding.evidence[2]] == ["will", "by 2030"]
    assert [r["when"] for r in stance.announcements(corpus, dated=True).rows] == [
        "next year",
        "by 2030",
    ]


# ---- all of them


@pytest.mark.parametrize("name", FINDINGS)
@pytest.mark.parametrize(
    "texts",
    [(), ("",), ("— … —",), ("Peace",), ("1 2 3",), ("必须 Мы must 平和",), ("will", "", "No.")],
    ids=["none", "empty", "marks", "one word", "digits", "three scripts", "some"],
)
def test_of_hardly_anything_nothing_is_invented(
    make_corpus: MakeCorpus, name: str, texts: tuple[str, ...]
) -> None:
    finding = FINDINGS[name](make_corpus(*texts, dates=[None] * len(texts)))
    numbers = finding.table.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
    assert not np.isinf(numbers).any()
    finding.to_json()


@pytest.mark.parametrize("name", FINDINGS)
def test_the_seed_is_read_without_change_and_with_evidence(seed: Corpus, name: str) -> None:
    before = seed.fingerprint
    finding = FINDINGS[name](seed)
    assert seed.fingerprint == before
    for spans in finding.evidence:
        assert all(seed.text(span).strip() for span in spans)
    assert finding.to_json() == FINDINGS[name](seed).to_json()


def test_the_seed_says_who_stands_ready(seed: Corpus) -> None:
    china = actors(seed)["China"]
    assert china["words"] == "will (2), is ready to (1)"
    assert (china["commitment"], china["obligation"]) == (3, 0)
    assert judged(seed)["cooperation"] == (9, 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: stance.modality(c, by="day"),
        lambda c: stance.firmness(c, by="day"),
        lambda c: stance.markers(c, by="day"),
        lambda c: stance.persons(c, by="day"),
        lambda c: stance.announcements(c, dated="yes"),
    ],
)
def test_a_wrong_option_is_refused(
    make_corpus: MakeCorpus, call: Callable[[Corpus], Finding]
) -> None:
    with pytest.raises(ParameterError):
        call(make_corpus("We act."))


# ---- pictures


def test_ladders_are_drawn_as_steps(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We express concern about it.", "Grave concern!", "Deep concern.", "Deep concern."
    )
    finding = formulations.ladders(corpus)
    chart = stanceplots.ladders(finding)
    ET.fromstring(chart.svg)
    assert chart.svg == stanceplots.ladders(finding).svg
    assert chart.alt == (
        "Steps by date. Concern, 4 texts: 1 of 9 on 2025-01-01, up to 4 on 2025-01-02, "
        "down to 3 on 2025-01-03."
    )
    with pytest.raises(ParameterError, match=r"ladder 'sea': concern"):
        stanceplots.ladders(finding, ladder="sea")


def test_firmness_is_drawn(make_corpus: MakeCorpus) -> None:
    firm, soft = firm_and_soft()
    assert len(stanceplots.firmness(stance.firmness(make_corpus("We will act."))).finding) == 0
    chart = stanceplots.firmness(stance.firmness(make_corpus(soft, firm)))
    ET.fromstring(chart.svg)
    assert chart.alt == (
        "The firm share of 2 texts, from 0% in 2025-01-01 to 100% in 2025-01-02; beyond noise: "
        "2025-01-02 firmer at 100%."
    )
    for texts in ((), ("We act.",)):
        ET.fromstring(stanceplots.firmness(stance.firmness(make_corpus(*texts))).svg)
        ET.fromstring(stanceplots.ladders(formulations.ladders(make_corpus(*texts))).svg)


# ---- against people


@pytest.fixture(scope="session")
def benchmark() -> ModuleType:
    path = Path(__file__).parent / "benchmarks" / "accuracy_stance.py"
    spec = importlib.util.spec_from_file_location("accuracy_stance", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_stance_is_read_as_people_read_it(shared: Path, benchmark: ModuleType) -> None:
    """The floors lie a little under the figures in docs/stance.md."""
    scores = benchmark.scores(benchmark.found(shared / "corpora"))
    floors = {  # found, both right, and extra at most
        ("drawn", "modal"): (0.94, 0.85, 1.0),
        ("held-out", "modal"): (0.95, 0.87, 0.1),
        ("open", "modal"): (0.95, 0.90, 0.1),
        ("held-out", "evaluation"): (0.80, 0.80, 0.1),
        ("open", "evaluation"): (0.85, 0.80, 0.3),
        ("held-out", "marker"): (0.85, 0.85, 0.3),
        ("open", "marker"): (0.90, 0.90, 0.45),
    }
    for key, (found, both, extra) in floors.items():
        score = scores[key]
        assert score.found >= found * score.marked, key
        assert score.both >= both * score.marked, key
        assert score.extra <= extra * score.marked or key[0] == "drawn", key
        assert score.taken == 0


def test_what_tells_nobody_comes_after_who_acts(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("It must end. It must stop. It must change. China must act.")
    assert list(stance.modality(corpus).table["actor"]) == ["China", "it"]


def test_who_acts_is_no_question_to_chinese_texts_but_the_words_are(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus("我们要坚持改革。必须加强合作。", language="zh")
    assert not stance.modality(corpus).applies
    words = stance.modality(corpus, by="expression")
    assert words.applies
    assert len(words)


def test_the_pronoun_i_stays_large(make_corpus: MakeCorpus) -> None:
    found = stance.markers(make_corpus("I believe that trade grows."), by="word")
    assert "I believe" in set(found.table["word"])
