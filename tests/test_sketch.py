"""Word sketch: relations of sentences made by hand, the score by hand, and laws on real text."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kit import sketch, tokens
from kit.corpus import Corpus
from kit.errors import KitError, ParameterError
from kit.finding import Finding
from kit.tokens import relations

MakeCorpus = Callable[..., Corpus]


def related(corpus: Corpus, lemma: str, **options: Any) -> dict[str, set[str]]:
    """Return the words of each relation."""
    found: dict[str, set[str]] = {}
    for row in sketch.sketch(corpus, lemma, minimum=1, **options).rows:
        found.setdefault(row["relation"], set()).add(row["word"].lower())
    return found


def row_of(finding: Finding, relation: str, word: str) -> dict[str, Any]:
    (row,) = (r for r in finding.rows if (r["relation"], r["word"]) == (relation, word))
    return row


def test_the_relations_of_a_noun(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We deepen practical cooperation. Cooperation benefits mankind. The cooperation was praised."
        "\n\nThe cooperation mechanism works. The scope of cooperation grew. We want cooperation in trade."
        "\n\nWe value cooperation and friendship."
    )
    assert related(corpus, "cooperation") == {
        "modifiers of cooperation": {"practical"},
        "verbs with cooperation as object": {"deepen", "praise", "want", "value"},
        "verbs with cooperation as subject": {"benefit"},
        "nouns modified by cooperation": {"mechanism"},
        "cooperation and/or …": {"friendship"},
        "cooperation in …": {"trade"},
        "… of cooperation": {"scope"},
    }


def test_the_relations_of_a_verb(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "China firmly supports peace in Africa. The plan is supported by members. "
        "Russia will support and expand trade."
    )
    found = related(corpus, "support", kind="verb")
    assert found["modifiers of support"] == {"firmly"}
    assert found["objects of support"] == {"peace", "plan", "trade"}
    assert found["subjects of support"] == {"china", "russia"}
    assert found["support and/or …"] == {"expand"}
    assert found["support by …"] == {"member"}


def test_the_relations_of_an_adjective(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("We seek truly fair and open trade.")
    assert related(corpus, "fair") == {
        "nouns modified by fair": {"trade"},
        "modifiers of fair": {"truly"},
        "fair and/or …": {"open"},
    }


@pytest.mark.parametrize(
    "text",
    [
        "We will deepen and expand cooperation.",
        "We will deepen, broaden and further expand cooperation.",
        "Both sides deepen trade and cooperation and expand cooperation.",
        "Cooperation was deepened and expanded.",
        "We welcome cooperation deepened and expanded by China.",
    ],
)
def test_joined_verbs_have_one_object(make_corpus: MakeCorpus, text: str) -> None:
    found = related(make_corpus(text), "cooperation")
    assert found["verbs with cooperation as object"] >= {"deepen", "expand"}


def test_a_verb_with_its_own_object_or_at_a_distance_gets_no_other(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We uphold peace and expand cooperation. We work with China and expand trade."
    )
    assert related(corpus, "uphold")["objects of uphold"] == {"peace"}
    assert "objects of work" not in related(corpus, "work", kind="verb")


def test_joined_verbs_have_one_subject_and_each_its_voice(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "The treaty entered into force and was praised. China supports and promotes it."
    )
    assert related(corpus, "enter")["subjects of enter"] == {"treaty"}
    assert related(corpus, "praise") == {
        "objects of praise": {"treaty"},
        "praise and/or …": {"enter"},
    }
    assert related(corpus, "promote")["subjects of promote"] == {"china"}


def test_joined_modifiers_and_joined_nouns(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We expand economic and trade cooperation. We know that peace, security and trade bring growth."
    )
    assert related(corpus, "cooperation")["modifiers of cooperation"] == {"economic", "trade"}
    assert related(corpus, "peace")["peace and/or …"] == {"security", "trade"}
    assert related(corpus, "trade")["verbs with trade as subject"] == {"bring"}


def test_the_score_by_hand(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We deepen trade. We deepen trade. We deepen ties. They support trade.",
        "They deepen trade.",
    )
    found = sketch.sketch(corpus, "trade", minimum=1)
    row = row_of(found, "verbs with trade as object", "deepen")
    # trade is an object 4 times, deepen is in 4 relations, together 3 times
    assert (row["count"], row["texts"]) == (3, 2)
    assert row["logDice"] == pytest.approx(14 + math.log2(2 * 3 / (4 + 4)))
    assert [corpus.text(s) for s in found.evidence[0]] == ["deepen trade"] * 3
    assert len(sketch.sketch(corpus, "trade", minimum=3)) == 1


def test_a_noun_and_a_verb_of_one_form_are_two(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("We support peace. They support peace. The support of China is welcome.")
    as_verb, as_noun = related(corpus, "support"), related(corpus, "support", kind="noun")
    assert as_verb == {"objects of support": {"peace"}}
    assert as_noun == {
        "support of …": {"china"},
        "verbs with support as subject": {"be"},
    }


def test_the_lemma_may_be_given_in_another_form(seed: Corpus) -> None:
    one, other = sketch.sketch(seed, "country"), sketch.sketch(seed, "Countries")
    assert one.frame.equals(other.frame)
    assert one.title == other.title == "Word sketch of “country” (noun)"


def test_a_real_text(seed: Corpus) -> None:
    found = sketch.sketch(seed, "cooperation")
    assert row_of(found, "modifiers of cooperation", "pragmatic")["count"] == 4
    assert (found.table["logDice"] <= 14).all()
    for _, part in found.table.groupby("relation", sort=False):
        assert part["logDice"].is_monotonic_decreasing
    for row, spans in zip(found.rows, found.evidence, strict=True):
        assert len(spans) == row["count"]
        assert all("ooperation" in seed.text(span) for span in spans)
        assert all(span.paragraph for span in spans)
    assert sketch.sketch(seed, "cooperation", top=1).table["relation"].is_unique


def test_relations_stay_in_their_sentence_and_classes(seed: Corpus) -> None:
    t = tokens.of(seed)
    found = relations.of(t)
    assert (t.sentence[found.one] == t.sentence[found.other]).all()
    assert (found.one != found.other).all()
    assert (found.classes[found.one] > 0).all()
    assert (found.classes[found.other] > 0).all()
    rows = np.stack((found.kind, found.one, found.other, found.by))
    assert len(np.unique(rows, axis=1).T) == len(found.kind)  # no relation is found twice
    verbs = np.isin(found.kind, (relations.OBJECT, relations.SUBJECT))
    assert (found.classes[found.one[verbs]] == relations.CLASSES["verb"]).all()
    assert (found.classes[found.other[verbs]] == relations.CLASSES["noun"]).all()


def test_the_order_of_documents_makes_no_difference_and_nothing_is_changed(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus("We deepen trade. We deepen trade.", "China expands trade.")
    turned = Corpus(corpus.documents[::-1])
    before = corpus.fingerprint
    one, other = (sketch.sketch(c, "trade", minimum=1) for c in (corpus, turned))
    assert one.frame.equals(other.frame)
    assert corpus.fingerprint == before


@pytest.mark.parametrize("text", ["", "Peace.", "The of and."])
def test_too_little_text_gives_an_empty_table_that_says_why(
    make_corpus: MakeCorpus, text: str
) -> None:
    found = sketch.sketch(make_corpus(text, titles=["Peace talks and peace talks"]), "peace")
    assert len(found) == 0
    assert len(found.caveats) == 1
    assert found._repr_mimebundle_()


def test_what_cannot_be_asked(seed: Corpus, make_corpus: MakeCorpus) -> None:
    with pytest.raises(ParameterError, match="Did you mean noun"):
        sketch.sketch(seed, "peace", kind="nouns")  # type: ignore[arg-type]
    with pytest.raises(KitError, match="leave them out"):
        sketch.sketch(make_corpus("Мир и дружба.", language="ru"), "мир")


def test_the_leading_nouns_are_sketched_in_one_table(seed: Corpus) -> None:
    found = sketch.leading(seed)
    rows = found.rows
    assert [r["noun"] for r in rows] == sorted(
        [r["noun"] for r in rows], key=["country", "relation", "cooperation"].index
    )
    pragmatic = next(r for r in rows if r["words"].startswith("pragmatic (4)"))
    assert pragmatic["relation"] == "modifiers of cooperation"
    lines = found.lines(rows.index(pragmatic))
    assert all("cooperation" in line for line in lines)
    assert found.applies


def test_leading_nouns_of_no_english_text_do_not_apply(make_corpus: Callable[..., Corpus]) -> None:
    found = sketch.leading(make_corpus("双方同意。"))
    assert (len(found), found.applies) == (0, False)
    assert "zh" in found.caveats[0]
    assert len(sketch.leading(make_corpus(""))) == 0
