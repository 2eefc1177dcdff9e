"""The parse laid over our words: one tag, relation and head a word, whatever spaCy splits."""

from collections.abc import Callable

import numpy as np
import pytest

from kit import tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.tokens import syntax

MakeCorpus = Callable[..., Corpus]
Word = tuple[str, str, str, str]


def read(corpus: Corpus) -> list[Word]:
    """Return (word, tag, relation, head) of each word."""
    t = tokens.of(corpus)
    s = syntax.of(t)
    forms = [t.vocabulary[i] for i in t.ids]
    return [
        (
            form,
            s.tag.names[s.tag.ids[i]],
            s.relation.names[s.relation.ids[i]],
            forms[s.head[i]] if s.head[i] >= 0 else "",
        )
        for i, form in enumerate(forms)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "We strengthen win-win cooperation.",
            [
                ("We", "PRP", "nsubj", "strengthen"),
                ("win-win", "NN", "compound", "cooperation"),
                ("cooperation", "NN", "dobj", "strengthen"),
            ],
        ),
        (
            "They support state-of-the-art exchanges.",  # the last part hangs within the word
            [("state-of-the-art", "NN", "nmod", "exchanges")],
        ),
        (
            "China\u2019s partners welcomed the countries' proposal.",
            [
                ("China\u2019s", "NNP", "poss", "partners"),
                ("countries'", "NNS", "poss", "proposal"),
                ("proposal", "NN", "dobj", "welcomed"),
            ],
        ),
        (
            "They don't support it. The sides didn't vote.",
            [
                ("don't", "VBP", "aux", "support"),
                ("support", "VB", "ROOT", ""),
                ("didn't", "VBD", "aux", "vote"),
            ],
        ),
        ("What's important is trust.", [("important", "JJ", "acomp", "What's")]),
        (
            "\u201cPeace\u201d (he said) \u2014 is, as ever, \u201cneeded\u201d.",
            [("Peace", "NNP", "nsubj", "is"), ("he", "PRP", "nsubj", "said")],
        ),
        (
            "Jerome H. Powell, Chair, voted.",
            [
                ("Jerome", "NNP", "compound", "Powell"),
                ("H", "NNP", "compound", "Powell"),
                ("Powell", "NNP", "nsubj", "voted"),
            ],
        ),
        ("The U.S.-based team met.", [("based", "VBN", "amod", "team")]),
    ],
)
def test_a_sentence(make_corpus: MakeCorpus, text: str, expected: list[Word]) -> None:
    found = read(make_corpus(text))
    assert [word for word in found if word[0] in {e[0] for e in expected}] == expected


def test_a_contraction_governs_by_its_verb(make_corpus: MakeCorpus) -> None:
    found = {word: (relation, head) for word, _, relation, head in read(make_corpus("He's right."))}
    assert found == {"He's": ("ROOT", ""), "right": ("acomp", "He's")}


def test_titles_have_a_parse_of_their_own(make_corpus: MakeCorpus) -> None:
    found = read(make_corpus("Trade grows.", "Peace holds.", titles=["Deepening ties", ""]))
    assert [word[0] for word in found] == ["Deepening", "ties", "Trade", "grows", "Peace", "holds"]
    assert found[1][3] in ("", "Deepening")
    assert found[2] == ("Trade", "NN", "nsubj", "grows")
    assert found[4][2:] == ("nsubj", "holds")


def test_a_sentence_is_one_tree(seed: Corpus) -> None:
    t = tokens.of(seed)
    s = syntax.of(t)
    governed = np.flatnonzero(s.head >= 0)
    assert (t.sentence[s.head[governed]] == t.sentence[governed]).all()
    assert (s.head[governed] != governed).all()
    roots = t.sentence[s.head < 0]
    assert sorted(roots.tolist()) == sorted(set(t.sentence.tolist()))
    top = np.where(s.head >= 0, s.head, np.arange(len(t)))
    for _ in range(len(t)):
        if (s.head[top] < 0).all():
            break
        top = top[top]
    assert (s.head[top] < 0).all()


@pytest.mark.parametrize("texts", [[], [""], ["\u2014"], ["Peace"]])
def test_next_to_nothing(make_corpus: MakeCorpus, texts: list[str]) -> None:
    t = tokens.of(make_corpus(*texts, language="en"))
    s = syntax.of(t)
    assert len(s.tag.ids) == len(s.relation.ids) == len(s.head) == len(t)
    assert len(t.layer("tag").ids) == len(t)


def test_only_english_is_parsed(make_corpus: MakeCorpus) -> None:
    with pytest.raises(ParameterError, match="texts in ru: leave them out"):
        syntax.of(tokens.of(make_corpus("Мир и дружба.", language="ru")))
