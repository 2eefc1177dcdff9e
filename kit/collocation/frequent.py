"""Which of the most frequent words go together."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

import numpy as np
import pandas as pd

from kit import tokens, written
from kit.collocation.scores import (
    FORMATS,
    Floats,
    Observed,
    highest_first,
    known,
)
from kit.corpus import Corpus
from kit.counts import COUNTED_BY, of_content, ranked
from kit.errors import ParameterError
from kit.finding import Finding, counted
from kit.measures import association, keyness
from kit.measures.intervals import holm
from kit.tokens import Ints, Layer, LayerName, Longs, Tokens, alphabet
from kit.tokens.places import Places
from kit.tokens.runs import Runs, grouped

MOST_WORDS = 1_000  # of which every pair is tested


def pairs(
    corpus: Corpus,
    *,
    window: int = 5,
    by: LayerName = "lemma",
    top: int = 40,
    measure: str = "G2",
    minimum: int = 3,
    alpha: float = 0.05,
) -> Finding:
    """Find which of the `top` most frequent content words of paragraphs go together beyond chance.

    Two words meet where they stand at most `window` words apart in a sentence. A pair is listed if it
    meets `minimum` times or more, more often than expected, and its p is at most `alpha`; the highest
    by `measure` first. Columns: first and second (in the order in which they more often stand), count
    (meetings), texts, logDice, G2, p (of G2, by Holm over all pairs of these words), `measure` where it
    is another, first_frequency and second_frequency. The evidence is the stretch from one to the other.

    Each word of a pair is taken as the node of the other, as in ``collocates``; of the two figures of a
    measure the lower one stands. logDice is the same both ways (Rychlý 2008). Raises ParameterError for
    a parameter out of range.
    """
    known("by", by, get_args(LayerName))
    known("measure", measure, association.MEASURES)
    if window < 1:
        raise ParameterError(f"window is {window}: give 1 word or more")
    if not 2 <= top <= MOST_WORDS:
        raise ParameterError(f"top is {top}: give 2 to {MOST_WORDS} words")
    t = tokens.of(corpus)
    layer = t.layer(by)
    frequency = t.spread(by).totals
    enough = np.flatnonzero(frequency >= max(minimum, 1))
    enough = enough[of_content([layer.names[word].casefold() for word in enough.tolist()])]
    words = ranked(enough, (-frequency,), layer.alphabet)[:top]
    met = _meetings(t, layer, words, window)
    ordered = met.table
    one, other = np.triu_indices(len(words), 1)
    count = (ordered + ordered.T)[one, other]
    seen = _observed(t, layer, frequency[words], words, met, window)

    def lower(name: str) -> Floats:
        return np.fmin(seen(one, other).figure(name), seen(other, one).figure(name))

    g2 = lower("G2")
    chances = holm(keyness.chance(g2))
    tests = len(one)
    kept = np.flatnonzero((count >= max(minimum, 1)) & (g2 > 0) & (chances <= alpha))
    one, other, f = one[kept], other[kept], count[kept]
    turned = ordered[one, other] < ordered[other, one]
    a, b = np.where(turned, other, one), np.where(turned, one, other)
    spelt = np.array(written.shown(t, by, words), dtype=object)
    order = highest_first(lower(measure), f, alphabet((spelt[a] + " " + spelt[b]).tolist()))
    runs, places = met.of(t, one[order] * len(words) + other[order])
    columns = {
        "first": spelt[a],
        "second": spelt[b],
        "count": f,
        "logDice": lower("logDice"),
        "G2": g2[kept],
        "p": chances[kept],
        measure: lower(measure),  # no column more where it is logDice or G2
        "first_frequency": frequency[words[a]],
        "second_frequency": frequency[words[b]],
    }
    table = pd.DataFrame({name: values[order] for name, values in columns.items()})
    table.insert(3, "texts", runs.holders(t.document))
    return Finding(
        "pairs",
        "Frequent words that go together",
        table,
        corpus,
        f"The {counted(len(words), 'most frequent content word')} of paragraphs by {by} "
        f"({COUNTED_BY[by]}); two meet at most {counted(window, 'word')} apart in a sentence, here "
        f"{counted(minimum, 'time')} or more and beyond chance: p of G2 at most {alpha:g}, by Holm over "
        f"{counted(tests, 'pair')}. G2: over four cells, the words in reach of one and all others, each "
        "word once (Evert 2008), the lower of both ways. logDice: by the frequencies of both words "
        "(Rychlý 2008).",
        places,
        _limits(len(words), len(table), window, minimum),
        formats={name: FORMATS[name] for name in table if name in FORMATS},
    )


def _limits(words: int, found: int, window: int, minimum: int) -> tuple[str, ...]:
    if words < 2:
        return (
            f"Fewer than two content words stand in the paragraphs {counted(minimum, 'time')} or more: "
            "there is no pair to test.",
        )
    if not found:
        return (
            f"No two of the {words} most frequent content words meet within {counted(window, 'word')} "
            f"{counted(minimum, 'time')} or more and beyond chance.",
        )
    return (
        "G2 takes each meeting for a draw of its own; where texts repeat one another, go by the number "
        "of texts.",
    )


@dataclass(frozen=True, eq=False)
class _Meetings:
    """Where two of some words meet (one value a meeting, in reading order), and which they are."""

    first: Ints
    second: Ints
    one: Longs  # the number of the first word among the words asked for
    other: Longs
    words: int

    @property
    def table(self) -> Longs:
        """How often each word (row) stands before each other (column)."""
        cells = self.words**2
        counts = np.bincount(self.one * self.words + self.other, minlength=cells)
        return counts.reshape(self.words, self.words)

    def of(self, t: Tokens, wanted: Longs) -> tuple[Runs, Places]:
        """Return the meetings of pairs (lower number times words, plus higher) as runs and places."""
        row = np.full(self.words**2, -1, dtype=np.int64)
        row[wanted] = np.arange(len(wanted))
        low, high = np.minimum(self.one, self.other), np.maximum(self.one, self.other)
        of_meeting = row[low * self.words + high]
        kept = np.flatnonzero(of_meeting >= 0)
        order, bounds = grouped(of_meeting[kept], len(wanted))
        first, second = self.first[kept[order]], self.second[kept[order]]
        cuts = bounds.tolist()
        spans = [(first[a:b], second[a:b]) for a, b in pairwise(cuts)]
        return Runs(1, first, bounds), Places(t, spans)


def _meetings(t: Tokens, layer: Layer, words: Longs, window: int) -> _Meetings:
    number = np.full(len(layer.names), -1, dtype=np.int64)
    number[words] = np.arange(len(words))
    code = number[layer.ids]
    at = np.flatnonzero((code >= 0) & ~t.in_title).astype(np.int32)
    sentence = t.sentence
    firsts, seconds = [at[:0]], [at[:0]]
    for step in range(1, window + 1):  # the next of the words, the next but one, ...
        a, b = at[:-step], at[step:]
        near = (b - a <= window) & (sentence[a] == sentence[b])
        if not near.any():
            break
        near &= code[a] != code[b]
        firsts.append(a[near])
        seconds.append(b[near])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    return _Meetings(first, second, code[first], code[second], len(words))


def _observed(
    t: Tokens, layer: Layer, frequency: Longs, words: Longs, met: _Meetings, window: int
) -> Callable[[Longs, Longs], Observed]:
    """Return what gives the observations of pairs: numbers of nodes, and of their collocates."""
    size = len(words)
    node = np.concatenate((met.one, met.other))
    collocate = np.concatenate((met.other, met.one))
    count = np.bincount(node * size + collocate, minlength=size**2)
    at = np.concatenate((met.second, met.first)).astype(np.int64)
    word = np.unique(at * size + node, return_index=True)[1]
    once = np.bincount(node[word] * size + collocate[word], minlength=size**2)
    reach = np.array(
        [_reach(t, layer, word, window) for word in words.tolist()], dtype=np.int64
    ).reshape(-1, 2)

    def seen(nodes: Longs, collocates: Longs) -> Observed:
        cells = nodes * size + collocates
        return Observed(
            count[cells],
            once[cells],
            frequency[collocates],
            frequency[nodes],
            reach[nodes, 0],
            reach[nodes, 1],
            t.body_words,
        )

    return seen


def _reach(t: Tokens, layer: Layer, word: int, window: int) -> tuple[int, int]:
    """Return how many words are in reach of a word's places: for each place anew, and each once."""
    at = layer.positions(word)
    at = at[~t.in_title[at]]
    low = np.maximum(at - window, t.sentence_bounds[t.sentence[at]])
    past = np.minimum(at + window + 1, t.sentence_bounds[t.sentence[at] + 1])
    pairs = int((past - low - 1).sum())
    covered = int((past - np.maximum(low, np.append(low[:1], past[:-1]))).sum())
    beside = at[:-1] >= low[1:]  # reached by the place before, and reaching it
    reached = np.append(False, beside) | np.append(beside, False)
    return pairs, covered - int((~reached).sum() if len(at) else 0)
