"""Themes that go together: pairs that share paragraphs more often than chance has them, or less."""

from itertools import pairwise

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus
from kit.finding import CHANCE, Finding, counted
from kit.measures import association, clustered
from kit.measures.intervals import holm
from kit.themes.space import Floats, Space, space
from kit.themes.trends import LEVEL
from kit.tokens import Longs

LEAST = 3  # paragraphs that a theme must have to be paired
COLUMNS = """
    first second count expected times logDice texts p first_frequency second_frequency
""".split()
_AT_ONCE = 4_000_000  # cells of texts of one length that are held in memory at a time


@keep.finding
def together(corpus: Corpus, *, apart: bool = False, own: str = "") -> Finding:
    """Find the pairs of themes that share paragraphs more often than chance has them.

    What is expected is counted text by text: a and b of n paragraphs share ab / n (Mantel & Haenszel
    1959), so that two themes of the same texts do not go together for that alone; and a paragraph has
    both where each has a term apart from those of the other. With `apart` the pairs that share fewer
    than expected, whatever the words. Columns: first, second (theme), count (of paragraphs with
    both), expected, times (count by expected), logDice, texts (with both in one paragraph), p, and the
    paragraphs of each, first_frequency and second_frequency. Beyond noise only, the strongest first:
    ``networks.network`` draws them.
    """
    found = space(corpus, own)
    total = found.counts.sum(axis=0)
    themes = np.flatnonzero(total >= LEAST)
    a, b = (themes[i] for i in np.triu_indices(len(themes), 1))
    both = _shared(found)
    means, variances = _moments(found)
    could = means[a, b] > 0
    a, b = a[could], b[could]
    count, expected, variance = both[a, b], means[a, b], variances[a, b]
    p = holm(clustered.excess(count, expected, variance))
    told = (p <= LEVEL) & ((count < expected) if apart else (count > expected))
    every = found.where(np.ones(len(corpus), dtype=np.bool_))
    at = {
        i: _places(found, every[int(a[i])], every[int(b[i])]) for i in np.flatnonzero(told).tolist()
    }
    if not apart:
        at = {i: _with_words_of_its_own(found, places) for i, places in at.items()}
        for i, places in at.items():
            count[i] = len(places) // 2
        p = holm(clustered.excess(count, expected, variance))
        told &= (p <= LEVEL) & (count > expected)
    times = count / expected
    strength = association.log_dice(count, total[a], total[b], found.size.sum())
    kept = np.flatnonzero(told)
    # the strongest: of those that go together by logDice, of those apart by how much is lacking
    kept = kept[np.lexsort((p[kept], times[kept] if apart else -strength[kept]))]
    rows = []
    for i in kept.tolist():
        names = found.names[int(a[i])], found.names[int(b[i])]
        figures = float(expected[i]), float(times[i]), float(strength[i])
        frequencies = int(total[a[i]]), int(total[b[i]])
        texts = len(np.unique(found.text[at[i]]))
        rows.append((*names, int(count[i]), *figures, texts, float(p[i]), *frequencies))
    rest = len(p) - len(kept)
    caveats = [f"{rest:,} of {counted(len(p), 'pair')} not beyond noise."] if len(p) else []
    if not len(p):
        caveats.append("No two themes stand in one text with more than one paragraph.")
    return Finding(
        "themes-apart" if apart else "themes-together",
        "Themes that keep apart" if apart else "Themes that go together",
        pd.DataFrame(rows, columns=COLUMNS),
        corpus,
        f"{found.kind.capitalize()}s with both, against what each text has by chance. p: two sides, with the "
        f"larger of the variances of any order of its {found.kind}s (Mantel & Haenszel 1959) and of shifting "
        f"one theme along them (Lotwick & Silverman 1982), by Holm over {counted(len(p), 'pair')}.",
        found.spans.gathered([at[i] for i in kept.tolist()]),
        (*caveats, *found.caveats),
        formats={"expected": "{:.1f}", "times": "{:.1f}", "logDice": "{:.1f}", "p": CHANCE},
        applies=bool(len(p)) and len(corpus) > 1,
    )


def _shared(found: Space) -> Longs:
    """Return how many units each two themes share."""
    from scipy import sparse  # noqa: PLC0415

    shape = int(found.size.sum()), len(found.names)
    has = sparse.csr_matrix((np.ones(len(found.unit)), (found.unit, found.theme)), shape=shape)
    shared: Longs = (has.T @ has).toarray().astype(np.int64)
    return shared


def _moments(found: Space) -> tuple[Floats, Floats]:
    """Return for each two themes how many shared units are expected, and the variance of it.

    The variance of each text is the larger of two: of all orders of its units (hypergeometric), and of
    shifting the units of one theme around the text. By Parseval the latter is the sum of the products
    of both power spectra, but for the mean, over n squared.
    """
    themes = len(found.names)
    expected, orders, shifts = (np.zeros((themes, themes)) for _ in range(3))
    starts = np.cumsum(found.size) - found.size
    by_text = np.searchsorted(found.text, np.arange(len(found.size) + 1))
    sizes = np.unique(found.size[found.size > 1]) if themes else np.empty(0, dtype=np.int64)
    for size in sizes.tolist():
        members = np.flatnonzero(found.size == size)
        step = max(_AT_ONCE // (size * themes), 1)
        for start in range(0, len(members), step):
            some = members[start : start + step]
            has = np.zeros((len(some), size, themes))
            for row, text in enumerate(some.tolist()):
                at = slice(by_text[text], by_text[text + 1])
                has[row, found.unit[at] - starts[text], found.theme[at]] = 1.0
            y = has.sum(axis=1)
            expected += y.T @ y / size
            free = y * (size - y)
            orders += free.T @ free / (size**2 * (size - 1))
            power = np.abs(np.fft.rfft(has, axis=1)[:, 1:]) ** 2
            twice = np.full(power.shape[1], 2.0)  # a frequency and its mirror image
            if size % 2 == 0:
                twice[-1] = 1.0
            flat = (power * np.sqrt(twice)[:, None]).reshape(-1, themes)
            shifts += flat.T @ flat / size**2
    return expected, np.maximum(orders, shifts)


def _places(found: Space, first: Longs, second: Longs) -> Longs:
    """Return the places of two themes in the units that have both, in reading order."""
    one, other = found.unit[first], found.unit[second]
    both = np.concatenate((first[np.isin(one, other)], second[np.isin(other, one)]))
    return both[np.argsort(found.unit[both], kind="stable")]


def _with_words_of_its_own(found: Space, at: Longs) -> Longs:
    """Return of the places of two themes, by twos, those where each has a term apart from the other's.

    "Nuclear energy" alone is a word of two themes, not two themes that go together.
    """
    terms = found.spans.gathered(list(at.reshape(-1, 1)))
    bounds = terms.bounds.tolist()
    ranges = [terms.places[a:b, 1:].tolist() for a, b in pairwise(bounds)]
    kept = [
        pair
        for pair, one, other in zip(at.reshape(-1, 2), ranges[::2], ranges[1::2], strict=True)
        if _own(one, other) and _own(other, one)
    ]
    return np.array(kept, dtype=np.int64).ravel()


def _own(terms: list[list[int]], others: list[list[int]]) -> bool:
    """Whether some term, given by its start and end, overlaps none of the others in its paragraph."""
    return any(all(end <= o[0] or o[1] <= start for o in others) for start, end in terms)
