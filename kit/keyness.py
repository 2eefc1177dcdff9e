"""Keyness: which words a corpus uses more than a reference does."""

import math

import numpy as np
import pandas as pd

from kit import tokens, written
from kit.corpus import Corpus
from kit.counts import is_content
from kit.finding import Finding

SMALLEST_LISTED = 1e-8  # wordfreq's large English list ends here: one in a hundred million words


def general(corpus: Corpus, *, minimum: int = 2) -> Finding:
    """Compare the English words of a corpus with general English as `wordfreq` has it.

    The reference is so large that its rates are taken as known. G2 is the log-likelihood ratio of
    the observed count against them, ``2 (a ln(a/E) + (n-a) ln((n-a)/(n-E)))``, the limit of the
    4-cell G2 of Dunning (1993) for an endless reference; Log Ratio is ``log2(a/E)`` (Hardie 2014).
    `p` is the chance of such a G2 (chi-squared, 1 degree of freedom) times the number of words
    tested (Bonferroni). Columns: word, count, expected, log_ratio, G2, p. Words under `minimum`,
    function words and numbers are left out; a word that the reference does not list is compared
    with the lowest rate of its list, so that its figures are lower bounds.
    """
    from wordfreq import get_frequency_dict  # noqa: PLC0415 (0.3 s, loaded when first needed)

    t = tokens.of(corpus)
    body = t.body_words
    rates = get_frequency_dict("en")
    spelt = written.Spellings(t, t.layer("word"))
    rows, evidence = [], []
    for number, positions in t.layer("word").postings():
        word = t.words[number]
        at = positions[~t.in_title[positions]]
        if len(at) < minimum or not is_content(word):
            continue
        expected = body * max(_rate(rates, word), SMALLEST_LISTED)
        if len(at) <= expected:
            continue
        shown = written.label(spelt.of(number), word)
        effect = math.log2(len(at) / expected)
        rows.append((shown, len(at), expected, effect, _g2(len(at), body, expected)))
        evidence.append(tuple(t.span(p, p) for p in at[:200]))
    tests = len(rows)
    order = sorted(range(tests), key=lambda i: (-rows[i][4], rows[i][0]))
    table = pd.DataFrame(
        [(*rows[i], min(1.0, tests * _chance(rows[i][4]))) for i in order],
        columns=["word", "count", "expected", "log_ratio", "G2", "p"],
    )
    return Finding(
        "keyness-general",
        "Words that stand out against general English",
        table,
        corpus,
        "G2 against the rates of wordfreq taken as known (Dunning 1993, 4-cell, endless reference); "
        f"Log Ratio (Hardie 2014); p by Bonferroni over {tests} words; at least {minimum} times.",
        tuple(evidence[i] for i in order),
        ("A word that general English does not list is set at one in a hundred million.",),
        formats={"expected": "{:.2g}", "log_ratio": "{:.1f}", "G2": "{:.1f}", "p": "{:.2g}"},
    )


def _rate(rates: dict[str, float], word: str) -> float:
    """Return the rate of a word; a compound that is not listed has that of its rarest part."""
    if word in rates or "-" not in word:
        return rates.get(word, 0.0)
    return min(rates.get(part, 0.0) for part in word.split("-") if part)


def _g2(a: int, n: int, expected: float) -> float:
    rest = (n - a) * math.log((n - a) / (n - expected)) if a < n else 0.0
    return 2 * (a * math.log(a / expected) + rest)


def _chance(g2: float) -> float:
    """Return P(chi-squared with 1 degree of freedom >= g2)."""
    return math.erfc(math.sqrt(max(g2, 0.0) / 2))


def rank(finding: Finding, alpha: float = 0.01) -> Finding:
    """Return the finding cut to words whose p is at most `alpha`."""
    kept = int(np.sum(finding.table["p"] <= alpha)) if len(finding) else 0
    return finding.head(kept)
