"""Style: how long, how varied, how hard to read, and who speaks to whom.

A figure that a text is too short for is empty, and the note says why.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import language
from kit.corpus import Corpus, Span
from kit.errors import ParameterError
from kit.finding import DIGITS, Evidence, Finding
from kit.measures import diversity, readability
from kit.measures.undefined import Floats, divide
from kit.style.counting import Counts, pooled
from kit.style.forms import FAMILIAR, PERSONS, Mask

__all__ = ["profile"]

MTLD_WORDS = 50  # of fewer, MTLD is the part of a factor rather than a mean of some
READABLE_WORDS = 100  # the passage that the formulas were fitted on
READABLE_SENTENCES = 3  # of fewer, a single one decides
RATE = 1000  # words that a rate is given for
LONGEST = 3  # sentences that are shown
PLACES = 200  # kept behind a row
DECIMALS = 4  # more than any of these measures can tell

LENGTHS = ("mean_sentence_length", "median_sentence_length")
FORMULAS = "Flesch Flesch-Kincaid FOG SMOG ARI Coleman-Liau Dale-Chall LIX".split()
NOMINALISATIONS = f"nominalisations_per_{RATE}"
PRONOUNS = tuple(f"{person}_per_{RATE}" for person in PERSONS)
PASSIVES = f"passives_per_{RATE}"
NO_WORDS = "no words"

Figures = dict[str, tuple[Floats, NDArray[np.object_]]]  # values, and why one is missing
Rules = list[tuple[Mask, str]]
Made = tuple[pd.DataFrame, dict[str, str], Evidence]


def profile(
    corpus: Corpus,
    *,
    by: Literal["corpus", "text"] = "corpus",
    window: int = diversity.WINDOW,
    parse: bool = False,
) -> Finding:
    """Give the style of a corpus, one row a measure, or with ``by="text"`` one row a text.

    Columns by corpus: measure, value (of the whole, its texts read one after another in order of
    date), mean_of_texts (of those that have a value), texts (how many these are), note (why there is
    no value). By text: date, title, a column for each measure, note.

    Titles are left out. Of running text alone (paragraphs and quotations, no headings, list items
    and table rows): sentences (with words), mean and median_sentence_length (words), and the
    readability formulas, for English texts of at least 100 words and 3 sentences. Of all words: words,
    mean_word_length (letters and digits), TTR, MATTR (`window` words), MTLD (of 50 words and more that
    reach a whole factor), HD-D (42 words drawn), Yule's K, Maas's a squared; in English texts, per
    thousand words: nominalisations, the pronouns of each person and, with `parse`, passives. Behind the
    sentence length stand the longest sentences, behind the rates the words that were counted.

    Raises ParameterError where `by` or `window` does not fit.
    """
    if by not in ("corpus", "text"):
        raise ParameterError(f'by={by!r} is neither "corpus" nor "text"')
    if window < 1:
        raise ParameterError(f"window is {window}: give 1 or more")
    counts = Counts(corpus, parse=parse)
    figures = {
        **_lengths(counts),
        **_diversity(counts, window),
        **_readability(counts),
        **_rates(counts),
    }
    made = _by_corpus(counts, figures) if by == "corpus" else _by_text(counts, figures)
    table, formats, evidence = made
    return Finding(
        "style" if by == "corpus" else "style-by-text",
        "How the texts are written",
        table,
        corpus,
        f"MATTR over {window} words (Covington & McFall 2010); MTLD with factors at "
        f"{diversity.FACTOR} (McCarthy & Jarvis 2010); HD-D of {diversity.SAMPLE} words (McCarthy & "
        "Jarvis 2007); Yule's K (1944); Maas's a squared by natural logarithms (1972); Flesch (1948); "
        "Flesch-Kincaid (1975); FOG (Gunning 1952); SMOG (McLaughlin 1969); ARI (1967); Coleman & Liau "
        f"(1975); Dale-Chall formula (1948) on wordfreq's {FAMILIAR} commonest words; LIX (Björnsson 1968); "
        f"nominalisations by ending{', passives by spaCy’s parse' if parse else ''}.",
        evidence,
        (
            "A readability formula counts lengths; it does not know what is said.",
            *sorted(
                filter(None, (language.missing(code) for code in {d.language for d in corpus}))
            ),
        ),
        formats=formats,
    )


# ---- measures: a value for each text and for the whole, or the reason why there is none


def _limited(values: Floats, rules: Rules) -> tuple[Floats, NDArray[np.object_]]:
    """Return the values, empty where a rule holds, and the reason that the first such rule gives."""
    why = np.full(len(values), "", dtype=np.object_)
    for holds, reason in reversed(rules):
        why[holds] = reason
    return np.where(why == "", values, np.nan), why


def _lengths(counts: Counts) -> Figures:
    sentences = list(counts.lengths())
    total = np.array([lengths.sum() for lengths in sentences], dtype=np.float64)
    median = np.array([np.median(lengths) if len(lengths) else np.nan for lengths in sentences])
    no_words = (counts.words == 0, NO_WORDS)
    none = [no_words, (counts.sentences == 0, "no sentence in running text")]
    return {
        "words": _limited(counts.words, []),
        "sentences": _limited(counts.sentences, []),
        "mean_sentence_length": _limited(divide(total, counts.sentences), none),
        "median_sentence_length": _limited(median, none),
        "mean_word_length": _limited(divide(counts.characters, counts.words), [no_words]),
    }


def _diversity(counts: Counts, window: int) -> Figures:
    # the measure, the words that it needs, and why it may be missing all the same
    measures: dict[str, tuple[Callable[[NDArray[Any]], float], int, str]] = {
        "TTR": (diversity.ttr, 1, ""),
        "MATTR": (partial(diversity.mattr, window=window), window, ""),
        "MTLD": (
            partial(diversity.mtld, whole=True),
            MTLD_WORDS,
            f"the TTR does not come down to {diversity.FACTOR}",
        ),
        "HD-D": (diversity.hdd, diversity.SAMPLE, ""),
        "Yule_K": (diversity.yule_k, 2, ""),
        "Maas": (diversity.maas, 2, ""),
    }
    texts = list(counts.ids())
    figures = {}
    for name, (measure, least, otherwise) in measures.items():
        values = np.array([measure(ids) for ids in texts])
        rules = [
            (counts.words == 0, NO_WORDS),
            (counts.words < least, f"fewer than {least} words"),
            (np.isnan(values), otherwise),
        ]
        figures[name] = _limited(values, rules)
    return figures


def _readability(counts: Counts) -> Figures:
    words, sentences = counts.read_words, counts.read_sentences
    values = (
        readability.flesch(words, sentences, counts.read_syllables),
        readability.flesch_kincaid(words, sentences, counts.read_syllables),
        readability.fog(words, sentences, counts.complex),
        readability.smog(sentences, counts.polysyllables),
        readability.ari(words, sentences, counts.read_characters),
        readability.coleman_liau(words, sentences, counts.read_characters),
        readability.dale_chall(words, sentences, counts.difficult),
        readability.lix(words, sentences, counts.long),
    )
    rules = [
        *_for_english(counts, "the formula is for English"),
        (words < READABLE_WORDS, f"too short: fewer than {READABLE_WORDS} words of running text"),
        (sentences < READABLE_SENTENCES, f"too short: fewer than {READABLE_SENTENCES} sentences"),
    ]
    few = sentences < readability.SMOG_SENTENCES
    smog = [(few, f"SMOG needs {readability.SMOG_SENTENCES} sentences")]
    return {
        name: _limited(of_texts, rules + (smog if name == "SMOG" else []))
        for name, of_texts in zip(FORMULAS, values, strict=True)
    }


def _rates(counts: Counts) -> Figures:
    found = {NOMINALISATIONS: counts.nominals, **dict(zip(PRONOUNS, counts.pronouns, strict=True))}
    if counts.passives is not None:
        order = {d.id: i for i, d in enumerate(counts.corpus)}
        at = np.array([order[span.document] for span in counts.passives], dtype=np.int64)
        found[PASSIVES] = pooled(np.bincount(at, minlength=counts.texts))
    rules = _for_english(counts, "the rule is for English")
    return {
        name: _limited(RATE * divide(number, counts.english_words), rules)
        for name, number in found.items()
    }


def _for_english(counts: Counts, reason: str) -> Rules:
    none = counts.english & (counts.english_words == 0)
    return [(counts.words == 0, NO_WORDS), (~counts.english, reason), (none, NO_WORDS)]


# ---- tables


def _by_corpus(counts: Counts, figures: Figures) -> Made:
    behind = _behind(counts)
    english = int(counts.english[:-1].sum())
    part = f"of {english} English texts of {counts.texts}" if english < counts.texts else ""
    only_english = {*FORMULAS, NOMINALISATIONS, *PRONOUNS, PASSIVES}
    rows = []
    for name, (values, why) in figures.items():
        given = values[:-1][~np.isnan(values[:-1])]
        mean = float(given.mean()) if len(given) else np.nan
        note = why[-1] or (part if name in only_english else "")
        rows.append((name.replace("_", " "), values[-1], mean, len(given), note))
    columns = ["measure", "value", "mean_of_texts", "texts", "note"]
    table = pd.DataFrame(rows, columns=columns).round(DECIMALS)
    evidence = tuple(behind.get(name, ()) for name in figures)
    return table, dict.fromkeys(("value", "mean_of_texts"), DIGITS), evidence


def _behind(counts: Counts) -> dict[str, tuple[Span, ...]]:
    """Return the places that a measure rests on, where there are any to show."""
    t = counts.tokens
    longest = counts.first_words[np.argsort(-counts.sentence_lengths, kind="stable")[:LONGEST]]
    sentences = tuple(t.sentence_span(int(t.sentence[word])) for word in longest)
    counted = {NOMINALISATIONS: counts.nominal[counts.body]}
    counted |= {name: counts.person[counts.body] == n for n, name in enumerate(PRONOUNS)}
    places = {
        name: tuple(t.span(int(i), int(i)) for i in counts.body[mask][:PLACES])
        for name, mask in counted.items()
    }
    return {
        **dict.fromkeys(LENGTHS, sentences),
        **places,
        PASSIVES: (counts.passives or ())[:PLACES],
    }


def _by_text(counts: Counts, figures: Figures) -> Made:
    table = pd.DataFrame(
        {
            "date": [d.day for d in counts.corpus],
            "title": [d.title for d in counts.corpus],
            **{name: values[:-1] for name, (values, _) in figures.items()},
            "note": [_note(figures, text) for text in range(counts.texts)],
        }
    )
    whole = dict.fromkeys(("words", "sentences"), "{:,.0f}")
    ratios = dict.fromkeys(("TTR", "MATTR", "HD-D", "Maas"), "{:.3f}")
    rest = dict.fromkeys([name for name in figures if name not in whole | ratios], "{:,.1f}")
    return table, whole | ratios | rest, ()


def _note(figures: Figures, text: int) -> str:
    """Return why a text has no value for some measures: ``"MTLD: fewer than 50 words"``."""
    without: dict[str, list[str]] = {}
    for name, (_, why) in figures.items():
        if why[text]:
            without.setdefault(why[text], []).append(name.replace("_", " "))
    return "; ".join(
        reason if reason == NO_WORDS else f"{', '.join(names)}: {reason}"
        for reason, names in without.items()
    )
