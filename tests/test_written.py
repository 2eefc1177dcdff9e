"""How words and runs of words are written: the same, one by one and all at once."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import counts, tokens, written
from kit.corpus import Corpus
from kit.finding import spellings
from kit.tokens import LayerName
from kit.tokens.runs import repeated

MakeCorpus = Callable[..., Corpus]
WORDS = """
    The the THE peace Peace PEACE peace’s Peace’s win-win Win‑win WIN-WIN United nations Nations’ NATIONS'
""".split()
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), max_size=3)


@given(TEXTS, st.integers(1, 4))
def test_labels_of_runs_are_those_of_each_alone(
    make_corpus: MakeCorpus, texts: list[str], size: int
) -> None:
    t = tokens.of(make_corpus(*texts, language="en"))
    layer = t.layer("word")
    for runs in repeated(t, layer, sizes=(size, size), minimum=1):
        last = [layer.names[i] for i in layer.ids[runs.first + size - 1].tolist()]
        forms = written.of_runs(t, runs)
        naive = [
            Counter(
                " ".join(t.vocabulary[i] for i in t.ids[first : first + size].tolist())
                for first in runs.of(group).tolist()
            )
            for group in range(len(runs))
        ]
        assert forms == naive
        alone = list(map(written.label, forms, last))
        assert written.labels(t, runs).to_pylist() == alone


@given(TEXTS, st.sampled_from(["form", "lower", "word", "lemma"]))
def test_a_column_of_all_values_is_that_of_each_alone(
    make_corpus: MakeCorpus, texts: list[str], by: LayerName
) -> None:
    t = tokens.of(make_corpus(*texts, language="en"))
    names = t.layer(by).names
    spelt = written.of(t, by)
    every = np.arange(len(names))
    forms = [spelt.of(number) for number in every.tolist()]
    alone = list(map(written.label, forms, names)) if by == "word" else list(names)
    assert spelt.labels(every).tolist() == alone
    assert spelt.lists(every).tolist() == list(map(spellings, forms))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(written, "MOST_SINGLY", 1)  # none is made of all values
        assert spelt.labels(every).tolist() == alone
        assert spelt.lists(every).tolist() == list(map(spellings, forms))


def test_a_label_is_the_most_frequent_spelling_then_the_plainest(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "The peace and China's ties. the Peace and China’s TIES; THE PEACE and CHINA ties."
    )
    t = tokens.of(corpus)
    (runs,) = repeated(t, t.layer("word"), sizes=(2, 2), minimum=3)
    found = dict(zip(written.labels(t, runs).to_pylist(), runs.counts.tolist(), strict=True))
    # of three, each written once, the one with the fewest capitals, at a tie the first by alphabet
    assert found == {"the peace": 3, "peace and": 3, "and China": 3, "China's ties": 3}


def test_chinese_words_stand_without_blanks(make_corpus: Callable[..., Corpus]) -> None:
    assert written.together("疫情 防控 and 乡村 振兴") == "疫情防控 and 乡村振兴"
    corpus = make_corpus("坚持互利共赢开放。" * 3, language="zh")
    for phrase in counts.phrases(corpus).table["phrase"]:
        assert " " not in phrase
