"""Who does what to whom, on sentences read by hand."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import stance
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]


def triples(corpus: Corpus) -> set[tuple[str, str, str]]:
    return {(r["actor"], r["verb"], r["object"]) for r in stance.actions(corpus).rows}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China supports peace.", {("China", "support", "peace")}),
        ("China and Russia strengthened cooperation.",
         {("China", "strengthen", "cooperation"), ("Russia", "strengthen", "cooperation")}),
        ("The two countries will deepen trade and expand investment.",
         {("two countries", "deepen", "trade"), ("two countries", "expand", "investment")}),
        ("The resolution was adopted by the Security Council.",
         {("United Nations Security Council", "adopt", "resolution")}),
        ("China is ready to work with Russia to deepen trade.",
         {("China", "work with", "Russia"), ("China", "deepen", "trade")}),
        ("We urge Japan to respect history.", {("we", "urge", "Japan"), ("Japan", "respect", "history")}),
        ("China will continue to carry out reforms.", {("China", "carry out", "reform")}),
        ("The Russian side supports the proposal.", {("Russia", "support", "proposal")}),
        ("Countries that sold weapons prolonged the war.",
         {("countries", "sell", "weapon"), ("countries", "prolong", "war")}),
        ("A number of countries adopted the plan.", {("countries", "adopt", "plan")}),
        ("It is raining.", set()),
        ("China adheres to multilateralism.", {("China", "adhere to", "multilateralism")}),
        ("They held a meeting.", {("they", "hold", "meeting")}),
    ],
)  # fmt: skip
def test_triples_by_hand(
    make_corpus: MakeCorpus, text: str, expected: set[tuple[str, str, str]]
) -> None:
    assert triples(make_corpus(text)) == expected


def test_negation_counts_and_evidence(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "China does not accept the ruling. China accepts the ruling.",
        "China never accepted the ruling.",
    )
    found = stance.actions(corpus)
    (row,) = found.rows
    assert (row["actor"], row["verb"], row["object"]) == ("China", "accept", "ruling")
    assert (row["count"], row["texts"], row["negated"]) == (3, 2, 2)
    assert [corpus.text(s) for s in found.evidence[0]] == [
        "China does not accept the ruling",
        "China accepts the ruling",
        "China never accepted the ruling",
    ]


def test_rows_of_one_actor_and_the_most_frequent(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("China supports peace. China supports peace. Russia supports peace.")
    assert [r["actor"] for r in stance.actions(corpus).rows] == ["China", "Russia"]
    assert [r["actor"] for r in stance.actions(corpus, actor="russia").rows] == ["Russia"]
    assert [r["actor"] for r in stance.actions(corpus, minimum=2).rows] == ["China"]
    assert len(stance.actions(corpus, top=1)) == 1


def test_agents_that_are_not_named(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Mistakes were made. Mistakes were made by them. The plan was dropped.")
    found = stance.agents(corpus, minimum=1)
    rows = {r["verb"]: (r["passive"], r["agent"], r["unnamed"], r["share"]) for r in found.rows}
    assert rows == {"make": (2, 1, 1, 0.5), "drop": (1, 0, 1, 1.0)}
    assert "2 of 3 passive verbs name no agent" in found.method
    assert [corpus.text(s) for s in found.evidence[0]] == ["made"]


@pytest.mark.parametrize(
    "given", [[], [""], ["5 5"], ["Россия поддержала мир."], ["中国支持和平。"]]
)
def test_of_next_to_nothing(make_corpus: MakeCorpus, given: list[str]) -> None:
    corpus = make_corpus(*given)
    for found in (stance.actions(corpus), stance.agents(corpus)):
        assert len(found) == len(found.evidence) == 0
    foreign = any(d.language != "en" for d in corpus)
    assert bool(stance.actions(corpus).caveats) == foreign or not foreign


def test_most_triples_are_right(shared: Path) -> None:
    path = Path(__file__).parent / "benchmarks" / "accuracy_actions.py"
    spec = importlib.util.spec_from_file_location("accuracy_actions", path)
    assert spec is not None
    assert spec.loader is not None
    accuracy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(accuracy)
    kept, right, lost = accuracy.measure(
        shared / "corpora", "leader-speeches-en", "fomc-statements"
    )
    assert right / kept >= 0.9
    assert lost <= 10
