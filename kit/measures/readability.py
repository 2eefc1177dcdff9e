"""Readability formulas for English as functions of counts.

The counts are numbers, or arrays with one value a text; out come float64 arrays of the same shape,
NaN where there are no words or no sentences. Which words and sentences are counted is the caller's;
the formulas were fitted on passages of 100 words and more of running text, and say nothing of less.
Grades are years of school in the United States.
"""

import numpy as np
from numpy.typing import ArrayLike

from kit.measures.undefined import Floats, divide, floats

SMOG_SENTENCES = 30  # the sentences that McLaughlin 1969 has counted
FEW_DIFFICULT = 5  # per cent of difficult words, up to which Dale & Chall's constant is not added


def flesch(words: ArrayLike, sentences: ArrayLike, syllables: ArrayLike) -> Floats:
    """Return Flesch's reading ease, from about 0 (hardest) to 100: Flesch (1948).

    206.835 - 1.015 words/sentences - 84.6 syllables/words.
    """
    return 206.835 - 1.015 * _per(words, sentences) - 84.6 * _per(syllables, words)


def flesch_kincaid(words: ArrayLike, sentences: ArrayLike, syllables: ArrayLike) -> Floats:
    """Return the Flesch-Kincaid grade: Kincaid, Fishburne, Rogers & Chissom (1975).

    0.39 words/sentences + 11.8 syllables/words - 15.59.
    """
    return 0.39 * _per(words, sentences) + 11.8 * _per(syllables, words) - 15.59


def fog(words: ArrayLike, sentences: ArrayLike, complex_words: ArrayLike) -> Floats:
    """Return the FOG grade: Gunning (1952), 0.4 (words/sentences + 100 complex/words).

    Complex words have three syllables or more; Gunning leaves out names, compounds of easy words,
    and verbs that come to three by *-ed* or *-es*.
    """
    return 0.4 * (_per(words, sentences) + 100 * _per(complex_words, words))


def smog(sentences: ArrayLike, polysyllables: ArrayLike) -> Floats:
    """Return the SMOG grade: McLaughlin (1969), 1.0430 sqrt(30 polysyllables/sentences) + 3.1291.

    Polysyllables have three syllables or more, without exception. The formula asks for 30 sentences;
    with fewer or more their number is brought to 30.
    """
    return 1.0430 * np.sqrt(SMOG_SENTENCES * _per(polysyllables, sentences)) + 3.1291


def ari(words: ArrayLike, sentences: ArrayLike, characters: ArrayLike) -> Floats:
    """Return the automated readability index, a grade: Smith & Senter (1967).

    4.71 characters/words + 0.5 words/sentences - 21.43; characters are letters and digits.
    """
    return 4.71 * _per(characters, words) + 0.5 * _per(words, sentences) - 21.43


def coleman_liau(words: ArrayLike, sentences: ArrayLike, characters: ArrayLike) -> Floats:
    """Return the Coleman-Liau grade: Coleman & Liau (1975), 0.0588 L - 0.296 S - 15.8.

    L is the letters (and digits) per 100 words, S the sentences per 100 words.
    """
    per_word = 5.88 * _per(characters, words) - 29.6 * _per(sentences, words) - 15.8
    return np.where(floats(sentences) > 0, per_word, np.nan)


def dale_chall(words: ArrayLike, sentences: ArrayLike, difficult: ArrayLike) -> Floats:
    """Return the Dale-Chall score of 1948, with its constant above 5 % of difficult words.

    0.1579 (100 difficult/words) + 0.0496 words/sentences, + 3.6365: Dale & Chall (1948); 4.9 and
    below is read by a fourth-grader, 9 and above at college. Difficult words are those that are not
    on a list of familiar ones.
    """
    share = 100 * _per(difficult, words)
    constant = np.where(share > FEW_DIFFICULT, 3.6365, 0.0)
    return 0.1579 * share + 0.0496 * _per(words, sentences) + constant


def lix(words: ArrayLike, sentences: ArrayLike, long_words: ArrayLike) -> Floats:
    """Return LIX: Björnsson (1968), words/sentences + 100 long/words.

    Long words have more than six letters. Made for Swedish, and used for other languages in Latin
    script too.
    """
    return _per(words, sentences) + 100 * _per(long_words, words)


def _per(number: ArrayLike, of: ArrayLike) -> Floats:
    return divide(floats(number), floats(of))
