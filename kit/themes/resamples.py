"""How many topics: as many as come back when a fifth of the texts is left out.

The term-centric stability of Greene, O'Callaghan & Cunningham 2014 ("How many topics? Stability analysis
for topic models"): topics are ranked lists of terms; two lists agree by the mean, over depths 1 to 20, of
the Jaccard index of their heads; topics of two models are paired so that the agreement is highest; the
stability of a number is the mean agreement of the topics of all passages with those of resamples.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import keep, tokens
from kit.corpus import Corpus
from kit.finding import Finding, counted
from kit.themes import factors, passages
from kit.tokens import Longs, Tokens

SEED = 1
NUMBERS = (3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)
MOST_NUMBERS = 6  # that are tried: of large corpora the larger ones
PASSAGES_EACH = 40  # that a topic should have on average, for its terms to be more than chance
LEAST_TEXTS = 10  # a fifth left out must be two texts or more
LEAST_PASSAGES = NUMBERS[0] * PASSAGES_EACH
RESAMPLES = 5
KEPT = 0.8  # of the texts, as in the paper
DEPTH = 20  # terms, as in the paper
RETURNS = 0.5  # mean agreement from which topics are said to come back
_SAMPLE = 3000  # passages that the number is chosen by
_TERMS = 1200  # terms, those with most weight
_STEPS = 15  # of each factorisation: two in three of the first twenty terms suffice here
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Tried:
    """A number of topics, the rankings of each resample and the agreement with them."""

    number: int
    rankings: tuple[Longs, ...]
    agreements: tuple[float, ...]

    @property
    def stability(self) -> float:
        """The mean agreement."""
        return float(np.mean(self.agreements))


@keep.finding
def stability(corpus: Corpus) -> Finding:
    """Return how stable each number of topics is, and which one is chosen.

    Stability is the mean agreement of the topics of all texts with those of five resamples of 80 % of the
    texts (Greene, O'Callaghan & Cunningham 2014): 1 where all rankings of 20 terms are the same, 0 where
    they share none; at 0.5 about two thirds of the terms come back. Chosen is the largest number with 0.5
    or more, else the most stable one. Columns: number, stability, least and most (over the resamples),
    passages (to a topic, on average), chosen.
    """
    t = tokens.of(corpus)
    reason, applies = refusal(t)
    tries = () if reason else t.once(tried)
    best = chosen(tries)
    found = passages.of(t)
    rows = [
        (
            x.number,
            x.stability,
            min(x.agreements),
            max(x.agreements),
            len(found) / x.number,
            x.number == best,
        )
        for x in tries
    ]
    names = "number stability least most passages chosen".split()
    sampled = min(len(found), _SAMPLE)
    return Finding(
        "topic-stability",
        "How many topics",
        pd.DataFrame(rows, columns=names),
        corpus,
        f"NMF of {counted(sampled, 'passage')} on all texts and on {RESAMPLES} draws of 80 % of them; "
        f"agreement of the rankings of {DEPTH} terms (Greene, O'Callaghan & Cunningham 2014). Chosen: the "
        f"largest number with a stability of {RETURNS:g} or more, where about two thirds of a topic's terms "
        "come back; else the most stable one.",
        (),
        (reason,) if reason else doubts(tries),
        formats={"passages": "{:,.0f}"},
        applies=applies,
    )


def refusal(t: Tokens) -> tuple[str, bool]:
    """Return why the texts are too few for topics, or "", and whether the question makes sense at all."""
    texts = len(t.corpus)
    if texts < 2:
        return "Topics are found by comparing texts with one another: give more than one.", False
    found = passages.of(t)
    of_language = len(np.unique(found.document))
    if of_language < LEAST_TEXTS:
        return (
            f"Too few texts for topics: {of_language} with words in one language, {LEAST_TEXTS} are needed. "
            "Whether topics hold is seen by leaving out a fifth of the texts, which must be two or more.",
            True,
        )
    if len(found.distinct) < LEAST_PASSAGES or len(found.terms) < DEPTH:
        return (
            f"Too little text for topics: {counted(len(found.distinct), 'different passage')} of a "
            f"paragraph's length, {LEAST_PASSAGES} are needed: {PASSAGES_EACH} for each of {NUMBERS[0]} "
            "topics, so that their terms are more than chance.",
            True,
        )
    return "", True


def doubts(tries: tuple[Tried, ...]) -> tuple[str, ...]:
    """Return a caveat where no number of topics is stable."""
    if tries and max(x.stability for x in tries) < RETURNS:
        return (
            "No number of topics is stable: less than two thirds of their terms come back when a fifth of "
            "the texts is left out. Take the topics as one reading among several.",
        )
    return ()


def chosen(tries: tuple[Tried, ...]) -> int:
    """Return the largest number that is stable, else the most stable one; 0 of none."""
    stable = [x.number for x in tries if x.stability >= RETURNS]
    if stable:
        return max(stable)
    return max(tries, key=lambda x: (x.stability, x.number)).number if tries else 0


def number(t: Tokens) -> int:
    """Return the number of topics that is chosen."""
    return chosen(t.once(tried))


def tried(t: Tokens) -> tuple[Tried, ...]:
    """Return the numbers of topics that were tried."""
    found = passages.of(t)
    numbers = [n for n in NUMBERS if n * PASSAGES_EACH <= len(found)][-MOST_NUMBERS:]
    with factors.one_thread():
        whole, parts = t.once(_bases, numbers[-1])
        tries = []
        for n in numbers:
            first = ranked(factors.factors(whole, n, _STEPS)[1])
            rankings = tuple(ranked(factors.factors(part, n, _STEPS)[1]) for part in parts)
            agreements = tuple(float(agreement(first, again).mean()) for again in rankings)
            tries.append(Tried(n, rankings, agreements))
    return tuple(tries)


def returning(t: Tokens, terms: Floats) -> Floats:
    """Return of each topic (a row of weights by term) the mean agreement with those of resamples."""
    rankings = next((x.rankings for x in t.once(tried) if x.number == len(terms)), ())
    if not rankings:
        with factors.one_thread():
            parts = t.once(_bases, len(terms))[1]
            rankings = tuple(ranked(factors.factors(x, len(terms), _STEPS)[1]) for x in parts)
    own = ranked(terms[:, _heaviest(passages.of(t).table)])
    total: Floats = np.mean([agreement(own, again) for again in rankings], axis=0)
    return total


def _bases(t: Tokens, topics: int) -> tuple[factors.Basis, tuple[factors.Basis, ...]]:
    """Return the bases of a sample of all passages, and of each resample."""
    table, document = _sample(passages.of(t))
    random = np.random.default_rng(SEED)
    whole = factors.basis(table, topics, random)
    return whole, tuple(factors.basis(table[x], topics, random) for x in _draws(t, document))


def _heaviest(table: Any) -> Longs:
    weight = np.asarray(table.sum(axis=0)).ravel()
    columns: Longs = np.sort(np.argsort(-weight, kind="stable")[:_TERMS])
    return columns


def _sample(found: passages.Passages) -> tuple[Any, Longs]:
    """Return the rows and columns that the number is chosen by, and the text of each row."""
    rows = found.distinct
    if len(rows) > _SAMPLE:
        rows = np.sort(rows[np.argsort(found.lot[rows], kind="stable")[:_SAMPLE]])
    table = found.table[rows][:, _heaviest(found.table)]
    return table.tocsr(), found.document[rows].astype(np.int64)


def _draws(t: Tokens, document: Longs) -> list[Longs]:
    """Return the rows of each resample: those of 80 % of the texts.

    They are drawn by the lots of their first passages, so that one text more changes little.
    """
    texts = np.unique(document)
    keep = int(KEPT * len(texts))
    found = passages.of(t)
    own = found.lot[np.searchsorted(found.document, texts)].tolist()
    draws = []
    for r in range(RESAMPLES):
        lot = np.array([zlib.crc32(b"%d %d" % (r, x)) for x in own])
        draws.append(
            np.flatnonzero(np.isin(document, texts[np.argsort(lot, kind="stable")[:keep]]))
        )
    return draws


def ranked(terms: Floats) -> Longs:
    """Return the numbers of the first terms of each topic (a row of weights), heaviest first."""
    order: Longs = np.argsort(-terms, axis=1, kind="stable")[:, :DEPTH]
    return order


def agreement(first: Longs, second: Longs) -> Floats:
    """Return the average Jaccard of each ranking in `first` with the one in `second` it is paired with."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (loaded when first needed)

    depth = first.shape[1]
    a, b, x, y = np.nonzero(first[:, None, :, None] == second[None, :, None, :])
    met = np.zeros((len(first), len(second), depth))
    np.add.at(met, (a, b, np.maximum(x, y)), 1)  # from this depth on both have the term
    shared = met.cumsum(axis=2)
    mean = (shared / (2 * np.arange(1, depth + 1) - shared)).mean(axis=2)
    rows, columns = linear_sum_assignment(-mean)
    best: Floats = mean[rows, columns]
    return best
