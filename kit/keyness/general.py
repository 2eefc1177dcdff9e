"""Keyness against the general language: English, Chinese or another that wordfreq has a list of."""

from collections import Counter

import numpy as np
import pandas as pd

from kit import tokens, written
from kit.corpus import Corpus
from kit.counts import of_content, ranked
from kit.finding import CHANCE, Finding
from kit.measures import keyness as measures
from kit.measures.intervals import bonferroni
from kit.tokens.places import Places

SMALLEST_LISTED = 1e-8  # wordfreq's large lists end here: one in a hundred million words
_LANGUAGES = {"en": "English", "zh": "Chinese", "ru": "Russian"}


def general(corpus: Corpus, *, minimum: int = 2, top: int | None = None) -> Finding:
    """Compare the words of a corpus with the general language of most of them as `wordfreq` has it.

    The reference is so large that its rates are taken as known. G2 is the log-likelihood ratio of
    the observed count against them, ``2 (a ln(a/E) + (n-a) ln((n-a)/(n-E)))``, the limit of the
    4-cell G2 of Dunning (1993) for an endless reference; Log Ratio is ``log2(a/E)`` (Hardie 2014).
    `p` is the chance of such a G2 (chi-squared, 1 degree of freedom) times the number of words
    tested (Bonferroni). Columns: word, count, expected, log_ratio, G2, p. Words under `minimum`,
    function words and numbers are left out; a word that the reference does not list is compared
    with the lowest rate of its list, so that its figures are lower bounds. Texts in other languages are
    left out; the finding does not apply where `wordfreq` has no list.
    """
    code = _language(corpus)
    name = f"general {_LANGUAGES.get(code, code)}"
    rates = _rates(code)
    others = sorted({d.language for d in corpus} - {code})
    of = corpus if not others else corpus.where(lambda d: d.language == code)
    t = tokens.of(of)
    layer, body = t.layer("word"), t.body_words
    count = t.spread("word").totals
    tested = np.flatnonzero((count >= max(minimum, 1)) & of_content(layer.names) & bool(rates))
    observed = count[tested].astype(np.float64)
    rate = np.array([_rate(rates, layer.names[i]) for i in tested.tolist()], dtype=np.float64)
    expected = body * np.maximum(rate, SMALLEST_LISTED)
    above = observed > expected
    tested, observed, expected = tested[above], observed[above], expected[above]
    g2 = measures.deviance(observed, expected)
    g2 = g2 + measures.deviance(body - observed, body - expected)
    effect = np.log2(observed / expected)
    order = ranked(np.arange(len(tested)), (-g2,), [layer.names[i] for i in tested.tolist()])[:top]
    spelt = written.Spellings(t, layer)
    numbers = tested[order].tolist()
    table = pd.DataFrame(
        {
            "word": [written.label(spelt.of(i), layer.names[i]) for i in numbers],
            "count": count[numbers],
            "expected": expected[order],
            "log_ratio": effect[order],
            "G2": g2[order],
            "p": bonferroni(measures.chance(g2))[order],
        }
    )
    positions = (layer.positions(i) for i in numbers)
    return Finding(
        "keyness-general",
        f"Words that stand out against {name}",
        table,
        of,
        "G2 against the rates of wordfreq taken as known (Dunning 1993, 4-cell, endless reference); "
        f"Log Ratio (Hardie 2014); p by Bonferroni over {len(tested)} words; at least {minimum} times.",
        Places(t, [(at, at) for at in (p[~t.in_title[p]] for p in positions)]),
        (
            f"A word that the list of {name} does not have is set at one in a hundred million.",
            *((_SIMPLIFIED,) if code == "zh" else ()),
            *((f"Texts in {', '.join(others)} are left out.",) if others else ()),
        ),
        applies=bool(rates) or not len(corpus),
        formats={"expected": "{:.2g}", "log_ratio": "{:.1f}", "G2": "{:.1f}", "p": CHANCE},
        total=len(tested),
    )


_SIMPLIFIED = (
    "The list has simplified characters, and long names only in parts: others stand out too much."
)


def _language(corpus: Corpus) -> str:
    """Return the language of most letters of a corpus, English where there are none."""
    letters: Counter[str] = Counter()
    for document in corpus:
        letters[document.language] += sum(map(len, document.paragraphs))
    return min(letters, key=lambda code: (-letters[code], code), default="en")


def _rates(code: str) -> dict[str, float]:
    from wordfreq import available_languages, get_frequency_dict  # noqa: PLC0415 (0.3 s)

    if code not in available_languages():  # it would take the one that is most alike
        return {}
    rates: dict[str, float] = get_frequency_dict(code)
    return rates


def _rate(rates: dict[str, float], word: str) -> float:
    """Return the rate of a word; a compound that is not listed has that of its rarest part."""
    if word in rates or "-" not in word:
        return rates.get(word, 0.0)
    return min((rates.get(part, 0.0) for part in word.split("-") if part), default=0.0)


def rank(finding: Finding, alpha: float = 0.01) -> Finding:
    """Return the finding cut to words whose p is at most `alpha`."""
    kept = int(np.sum(finding.table["p"] <= alpha)) if len(finding) else 0
    return finding.head(kept)
