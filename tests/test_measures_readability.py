"""Readability formulas on counts: published values, and what has no value."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import syllables
from kit.measures import readability as r


def counted(text: str) -> tuple[int, int, int]:
    """Return the words, sentences and syllables of a text as plain as these."""
    words = text.rstrip(".").split()
    return len(words), 1, sum(map(syllables.count, words))


@pytest.mark.parametrize(
    ("found", "pinned", "digits"),
    [
        (r.flesch(*counted("The cat in the hat at green ham and eggs.")), 112.085, 3),
        (r.flesch(*counted("Once upon a time.")), 97.025, 3),
        (r.fog(7, 1, 0), 2.8, 1),  # The cat in the hat ate breakfast.
        (r.ari(12, 3, 47), -0.9825, 4),
        (r.flesch_kincaid(12, 3, 15), 0.72, 2),
        (r.lix(12, 3, 3), 29, 0),
        (r.smog(1, 1), 8.842, 3),
        (r.coleman_liau(100, 4.2, 537), 14.53, 2),
        # by hand: 0.1579 * 10 + 0.0496 * 20 + 3.6365; at 5 % the constant is not added
        (r.dale_chall(100, 5, 10), 6.2075, 4),
        (r.dale_chall(100, 5, 5), 1.7815, 4),
    ],
)
def test_published_values(found: float, pinned: float, digits: int) -> None:
    assert round(float(found), digits) == pinned


FORMULAS: tuple[Callable[..., object], ...] = (
    r.flesch,
    r.flesch_kincaid,
    r.fog,
    r.ari,
    r.coleman_liau,
    r.dale_chall,
    r.lix,
)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize(("words", "sentences"), [(0, 0), (0, 1), (5, 0)])
def test_no_words_or_no_sentences_have_no_value(
    formula: Callable[..., float], words: int, sentences: int
) -> None:
    assert np.isnan(formula(words, sentences, 7))


def test_smog_of_no_sentence_has_no_value() -> None:
    assert np.isnan(r.smog(0, 3))


@pytest.mark.parametrize("formula", FORMULAS)
@given(st.lists(st.tuples(*[st.integers(0, 500)] * 3), min_size=1, max_size=8))
def test_arrays_are_texts_side_by_side(
    formula: Callable[..., object], texts: list[tuple[int, int, int]]
) -> None:
    together = formula(*np.array(texts).T)
    np.testing.assert_array_equal(together, [formula(*text) for text in texts])
