"""What the measures of style rest on, counted for each text and for the whole corpus."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.annotate import annotate
from kit.corpus import Corpus, Span
from kit.measures.undefined import Floats
from kit.style import forms as style_forms
from kit.style.forms import PERSONS, POLYSYLLABLE

RUNNING = ("body", "quotation")  # the kinds of paragraph that have sentences
LONG = 6  # letters and digits, above which LIX calls a word long: Björnsson 1968


class Counts:
    """Counts as float64 arrays with one value a text, and that of the whole corpus at the end.

    ``words``, ``characters`` are of all words but the titles; ``sentences`` of running text; those named
    ``read_*``, ``long``, ``polysyllables``, ``complex`` and ``difficult`` of the running text of English
    texts, which is what the readability formulas read.
    """

    def __init__(self, corpus: Corpus, *, parse: bool) -> None:
        t = self.tokens = tokens.of(corpus)
        self.corpus = corpus
        self.texts = len(corpus)
        kinds = np.array([kind in RUNNING for kind in t.kinds], dtype=np.bool_)
        self.body = np.flatnonzero(~t.in_title)
        running = self.body[kinds[t.passage[self.body]]]
        _, begins, lengths = np.unique(t.sentence[running], return_index=True, return_counts=True)
        self.first_words = running[begins]
        self.sentence_lengths = lengths
        is_english = np.array([d.language == "en" for d in corpus], dtype=np.bool_)
        self.english = np.append(is_english, is_english.any())
        english_words = is_english[t.document]
        forms = style_forms.of(t)
        self.person = np.where(_initials(t), -1, forms.person[t.ids])
        self.nominal = forms.nominal[t.ids]

        self.words = self._summed(self.body)
        self.characters = self._summed(self.body, forms.characters)
        self.sentences = self._summed(self.first_words)
        self.english_words = self._summed(self.body[english_words[self.body]])
        self.nominals = self._summed(self.body[self.nominal[self.body]])
        self.pronouns = [
            self._summed(self.body[self.person[self.body] == n]) for n in range(len(PERSONS))
        ]
        # what the formulas read: the running words of English texts
        read = running[english_words[running]]
        self.read_words = self._summed(read)
        self.read_sentences = self._summed(self.first_words[english_words[self.first_words]])
        self.read_characters = self._summed(read, forms.characters)
        self.read_syllables = self._summed(read, forms.syllables)
        self.long = self._summed(read[forms.characters[t.ids[read]] > LONG])
        many = read[forms.syllables[t.ids[read]] >= POLYSYLLABLE]
        self.polysyllables = self._summed(many)
        named = forms.capital[t.ids]
        named[self.first_words] = False
        self.complex = self._summed(many[~named[many] & ~forms.simple[t.ids[many]]])
        hard = read[forms.difficult[t.ids[read]]]
        self.difficult = self._summed(hard[~named[hard]])
        self.passives = tuple(_passives(corpus)) if parse else None

    def _summed(self, words: NDArray[Any], of_form: NDArray[Any] | None = None) -> Floats:
        """Return how many of the words each text has, or the sum of what their forms have."""
        weights = None if of_form is None else of_form[self.tokens.ids[words]]
        return pooled(np.bincount(self.tokens.document[words], weights, self.texts))

    def ids(self) -> Iterator[NDArray[Any]]:
        """Yield the words of each text by their folded form, then those of the whole."""
        return self._by_text(self.tokens.word[self.body], self.body)

    def lengths(self) -> Iterator[NDArray[np.int64]]:
        """Yield the lengths of the sentences of each text in words, then those of the whole."""
        return self._by_text(self.sentence_lengths, self.first_words)

    def _by_text(self, values: NDArray[Any], words: NDArray[Any]) -> Iterator[NDArray[Any]]:
        bounds = np.searchsorted(self.tokens.document[words], np.arange(self.texts + 1))
        for first, last in itertools.pairwise(bounds):
            yield values[first:last]
        yield values


def pooled(of_texts: NDArray[Any]) -> Floats:
    """Return the values of the texts with their sum at the end."""
    return np.append(of_texts, of_texts.sum()).astype(np.float64)


def _passives(corpus: Corpus) -> Iterator[Span]:
    """Yield the verbs of passive clauses in English texts, titles left out."""
    for name, parsed in annotate(corpus).items():
        for number, p in enumerate(parsed):
            verbs = {
                int(p.head[i])
                for i, dep in enumerate(p.dep)
                if number and dep in ("nsubjpass", "csubjpass", "auxpass")
            }
            yield from (Span(name, number, int(p.start[v]), int(p.end[v])) for v in sorted(verbs))


def _initials(t: tokens.Tokens) -> NDArray[np.bool_]:
    """Return whether each word is an initial with its stop: the *I* of *Charles I. Plosser* is no pronoun."""
    initial = np.zeros(len(t), dtype=np.bool_)
    if len(t):
        letter = np.array([len(form) == 1 and form.isupper() for form in t.vocabulary])[t.ids]
        # words are close across a stop only where it is that of an initial
        initial[:-1] = letter[:-1] & t.close[1:] & (t.start[1:] - t.end[:-1] > 1)
    return initial
