"""How likely an absence is: a phrase is in use or out of it, and each has a rate of its own.

In use, a phrase stands in a comparable text with chance θ; before each text it goes out of use with
chance h, and comes back into it with chance r. θ and h differ from phrase to phrase: their spread over
all phrases of a corpus is estimated from the corpus itself (nonparametric maximum likelihood by EM on a
grid: Laird 1978), and so is r. It is the model of recency and frequency of Fader, Hardie and Shang
(2010, the beta-geometric/beta-Bernoulli model) with a grid in the place of the two beta distributions
and a way back, a two-state automaton as that of Kleinberg (2002). What differs between phrases makes
the number of texts with one vary more than a binomial has it: the model is overdispersed by its spread.

Phrases are known because they were said several times. The likelihood is therefore that of a history
given that it has at least so many texts with the phrase (truncation), else all would look too lively.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kit.tokens import Longs

Floats = NDArray[np.float64]

_RATES = 1 / (1 + np.exp(-np.linspace(-5, 6.5, 20)))  # 0.7 % to 99.8 % of texts, even in log odds
_LOSSES = np.array([0.001, 0.01, 0.04, 0.12, 0.3])  # a phrase lasts 1,000 texts, or 3
THETA = np.repeat(_RATES, len(_LOSSES))
LOSS = np.tile(_LOSSES, len(_RATES))
_RETURNS = (0.0005, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
LEAST = 3  # texts with a phrase from which its absence has a chance
_MOST = 600  # histories that the estimate is made from; half of them are the fullest ones
_STEPS = 40  # of EM: what more of them change is far below a percent
_LIGHTEST = 1e-300


@dataclass(frozen=True, eq=False, slots=True)
class Histories:
    """Histories of phrases in series of comparable texts, each from the first text with the phrase.

    ``gaps[i, g]`` is how often in history i the next text with the phrase came after g without it
    (sparse), ``silence[i]`` how many texts came after the last one, ``uses[i]`` how many have it.
    """

    gaps: sparse.csr_matrix
    silence: Longs
    uses: Longs

    @property
    def lengths(self) -> Longs:
        """How many texts came after the first with the phrase."""
        steps = np.arange(1, self.gaps.shape[1] + 1)
        return np.asarray(self.gaps @ steps, dtype=np.int64) + self.silence

    def only(self, chosen: NDArray[np.intp]) -> "Histories":
        """Return the chosen histories."""
        return Histories(self.gaps[chosen], self.silence[chosen], self.uses[chosen])


def histories(row: Longs, position: Longs, rows: int, length: int) -> Histories:
    """Return histories from the places of phrases: `position` of each use, by `row`, both ascending.

    `length` is the number of texts of the series; rows may be empty.
    """
    uses = np.bincount(row, minlength=rows)
    follows = np.flatnonzero(row[1:] == row[:-1]) + 1
    gap = position[follows] - position[follows - 1] - 1
    counts = np.ones(len(gap))
    gaps = sparse.csr_matrix((counts, (row[follows], gap)), shape=(rows, max(length, 1)))
    last = np.full(rows, length - 1, dtype=np.int64)
    last[row] = position  # of equal rows the last one stays
    return Histories(gaps, length - 1 - last, uses)


def together(parts: Sequence[Histories]) -> Histories:
    """Return the histories of several series as one."""
    width = max(part.gaps.shape[1] for part in parts)
    wide = [
        sparse.csr_matrix((g.data, g.indices, g.indptr), shape=(g.shape[0], width))
        for g in (part.gaps for part in parts)
    ]
    return Histories(
        sparse.vstack(wide, format="csr"),
        np.concatenate([part.silence for part in parts]),
        np.concatenate([part.uses for part in parts]),
    )


@dataclass(frozen=True, eq=False)
class Model:
    """The estimate: how common each (θ, h) of the grid is among phrases, and the chance of a return."""

    weights: Floats
    back: float

    def in_text(self, past: Histories, exposure: float = 1.0) -> Floats:
        """Return the chance that the next text is without each phrase.

        `exposure` is its length as a share of the usual one, at most 1: a phrase that stands in a
        text with chance θ stands in half of one with 1 - (1 - θ)^½. NaN under ``LEAST`` uses.
        """
        share, tables = self._share(past, 1)
        said = 1 - (1 - THETA) ** min(exposure, 1.0)
        chance = (share * (1 - tables.alive[past.silence] * said)).sum(axis=1)
        return np.where(past.uses >= LEAST, chance, np.nan)

    def in_texts(self, past: Histories, texts: int) -> Floats:
        """Return the chance that all of the next `texts` texts are without each phrase."""
        share, tables = self._share(past, texts)
        run = past.silence
        chance = (share * np.exp(tables.silent[run + texts] - tables.silent[run])).sum(axis=1)
        return np.where(past.uses >= LEAST, chance, np.nan)

    def _share(self, past: Histories, texts: int) -> tuple[Floats, "_Tables"]:
        """Return how likely each pair is for each history, and the tables for so many more texts."""
        tables = _Tables(int(past.lengths.max(initial=0)) + texts, self.back)
        likelihood = tables.likelihood(past)
        share = np.exp(likelihood - likelihood.max(axis=1, keepdims=True, initial=-np.inf))
        share *= self.weights
        return share / share.sum(axis=1, keepdims=True), tables


class _Tables:
    """What a run of texts means under each (θ, h): a row a length of the run, a column a pair."""

    def __init__(self, longest: int, back: float) -> None:
        self.silent = np.zeros((longest + 2, len(THETA)))  # log chance of so many texts without it
        self.alive = np.zeros(
            (longest + 2, len(THETA))
        )  # that it is in use in the text after those
        self.alive[0] = 1 - LOSS
        for n in range(1, longest + 2):
            silent = 1 - self.alive[n - 1] * THETA
            self.silent[n] = self.silent[n - 1] + np.log(np.maximum(silent, _LIGHTEST))
            still = self.alive[n - 1] * (1 - THETA) / np.maximum(silent, _LIGHTEST)
            self.alive[n] = still * (1 - LOSS) + (1 - still) * back
        self.gap = self.silent + np.log(np.maximum(self.alive * THETA, _LIGHTEST))
        self.known = np.log(np.maximum(_known(longest, back), _LIGHTEST))

    def likelihood(self, past: Histories) -> Floats:
        """Return the log likelihood of histories, given that they have ``LEAST`` uses."""
        width = min(past.gaps.shape[1], len(self.gap))
        gaps: Floats = past.gaps[:, :width] @ self.gap[:width]
        return gaps + self.silent[past.silence] - self.known[past.lengths]


def _known(longest: int, back: float) -> Floats:
    """Return the chance of ``LEAST`` uses or more, the first counted, in so many texts after it."""
    chance = np.empty((longest + 1, len(THETA)))
    more = LEAST - 1
    alive = np.zeros((more + 1, len(THETA)))
    alive[0] = 1.0
    out = np.zeros_like(alive)
    for n in range(longest + 1):
        chance[n] = alive[more] + out[more]
        going = alive * (1 - LOSS) + out * back
        out = alive * LOSS + out * (1 - back)
        said = going * THETA
        alive = going - said
        alive[1:] += said[:-1]
        alive[more] += said[more]
    return chance


def fit(past: Histories) -> Model:
    """Estimate the model from histories; those of fewer than ``LEAST`` uses say nothing here."""
    chosen = np.flatnonzero(past.uses >= LEAST)
    order = chosen[np.argsort(-past.uses[chosen], kind="stable")]
    weight = np.ones(len(order))
    if len(order) > _MOST:
        # Phrases of nearly all texts are few, and it is their absence that would be news.
        half = _MOST // 2
        rest = np.linspace(half, len(order) - 1, half).round().astype(np.intp)
        weight = np.repeat([1.0, (len(order) - half) / half], half)
        order = order[np.concatenate((np.arange(half), rest))]
    sample = past.only(order)
    longest = int(sample.lengths.max(initial=0))
    fits = [
        (*_weights(_Tables(longest, back).likelihood(sample), weight), back) for back in _RETURNS
    ]
    weights, _, back = max(fits, key=lambda f: f[1])
    return Model(weights, back)


def _weights(likelihood: Floats, weight: Floats) -> tuple[Floats, float]:
    """Return how common each pair is, and the log likelihood, with one even history added."""
    pairs = likelihood.shape[1]
    top = likelihood.max(axis=1, keepdims=True) if len(likelihood) else likelihood
    given = np.exp(likelihood - top)
    common = np.full(pairs, 1 / pairs)
    for _ in range(_STEPS):
        share = given * common
        share *= (weight / np.maximum(share.sum(axis=1), _LIGHTEST))[:, None]
        common = (share.sum(axis=0) + 1 / pairs) / (weight.sum() + 1)
    total = (
        weight @ (np.log(np.maximum(given @ common, _LIGHTEST)) + top[:, 0]) if len(top) else 0.0
    )
    return common, float(total)
