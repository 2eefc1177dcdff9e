"""Who is named with whom."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy import sparse

from kit import keep
from kit.corpus import Corpus, Span
from kit.errors import ParameterError, nearest
from kit.finding import CHANCE, DIGITS, Finding, counted
from kit.measures import association, keyness
from kit.measures.intervals import holm
from kit.names.located import Located, located
from kit.names.mention import KINDS
from kit.tokens import Longs


@keep.finding
def together(
    corpus: Corpus,
    *,
    kinds: Collection[str] = ("person", "organisation", "place"),
    minimum: int = 2,
    top: int = 60,
    alpha: float = 0.05,
) -> Finding:
    """List which of the `top` things named most share sentences, beyond chance.

    Of paragraphs; a country's adjective before a person who has it in the role (*Chinese President*)
    does not count. A pair is listed if it shares `minimum` sentences or more, more than expected, and
    its p is at most `alpha`. Columns: first and second (in the order in which they more often stand),
    count (sentences that name both), texts, logDice, G2 (over the sentences: with both, one, none), p
    (by Holm over all pairs of these names), first_frequency and second_frequency (sentences with each).
    The evidence is the first mention of each of the two in each sentence. Raises ParameterError for a
    kind that there is none of.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ParameterError(f"no kind {kind!r}: {', '.join(KINDS)}.{nearest(kind, KINDS)}")
    found = located(corpus)
    unit, thing, mention = _units(found, frozenset(kinds), top)
    table, evidence = _pairs(found, unit, thing, mention, minimum, alpha)
    words = len(np.unique(thing))
    return Finding(
        "names-together",
        "Who and what is named together",
        table,
        corpus,
        f"The {words} things named in most sentences; two are together in a sentence that names both, "
        f"here {counted(minimum, 'time')} or more and beyond chance: p of G2 at most {alpha:g}, by Holm "
        f"over {counted(words * (words - 1) // 2, 'pair')}. G2: the sentences with both, one and none "
        "(Dunning 1993); logDice: Rychlý 2008.",
        evidence,
        ()
        if len(table)
        else (f"No two things share {counted(minimum, 'sentence')} or more beyond chance.",),
        formats={"logDice": "{:.2f}", "G2": DIGITS, "p": CHANCE},
    )


def _units(found: Located, kinds: frozenset[str], top: int) -> tuple[Longs, Longs, Longs]:
    """Return each sentence that names a thing once: its number, the thing, the first mention."""
    wanted = np.array([kind in kinds for kind, _ in found.things], dtype=np.bool_)
    kept = np.flatnonzero(wanted[found.thing] & ~found.in_title & ~_of_roles(found))
    key = found.sentence[kept] * len(found.things) + found.thing[kept]
    keys, first = np.unique(key, return_index=True)
    unit, thing = np.divmod(keys, max(len(found.things), 1))
    often = np.bincount(thing, minlength=len(found.things))
    # things are numbered in order of first mention: a stable sort keeps it among equals
    chosen = np.zeros(len(often), dtype=np.bool_)
    chosen[np.argsort(-often, kind="stable")[:top]] = True
    here = chosen[thing]
    return unit[here], thing[here], kept[first][here]


def _of_roles(found: Located) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which mentions are the country in the role of the person named next."""
    flags = np.zeros(len(found.mentions), dtype=np.bool_)
    for i, (m, after) in enumerate(zip(found.mentions, found.mentions[1:], strict=False)):
        if m.adjective and after.role and found.sentence[i] == found.sentence[i + 1]:
            gap = after.span.start - m.span.end
            flags[i] = 0 < gap <= len(after.role) + 1
    return flags


def _pairs(
    found: Located, unit: Longs, thing: Longs, mention: Longs, minimum: int, alpha: float
) -> tuple[pd.DataFrame, tuple[tuple[Span, ...], ...]]:
    units, row = np.unique(unit, return_inverse=True)
    number, column = np.unique(thing, return_inverse=True)
    shape = (len(units), len(number))
    named = sparse.csr_matrix((np.ones(len(row), dtype=np.int64), (row, column)), shape=shape)
    place = sparse.csr_matrix((mention + 1, (row, column)), shape=shape)
    met = (named.T @ named).toarray() if len(row) else np.zeros((0, 0), dtype=np.int64)
    frequency = met.diagonal()
    one, other = np.triu_indices(len(number), 1)
    count = met[one, other]
    g2 = association.g2(count, frequency[one], frequency[other], found.body)
    chance = holm(keyness.chance(g2))
    kept = np.flatnonzero((count >= minimum) & (g2 > 0) & (chance <= alpha))
    kept = kept[np.lexsort((other[kept], one[kept], -count[kept]))]
    score = association.log_dice(count, frequency[one], frequency[other], found.body)
    rows, evidence = [], []
    for i in kept.tolist():
        a, b = int(one[i]), int(other[i])
        both = np.flatnonzero(named[:, [a]].toarray().ravel() & named[:, [b]].toarray().ravel())
        ends = place[both][:, [a, b]].toarray() - 1
        if np.count_nonzero(ends[:, 1] < ends[:, 0]) * 2 > len(both):
            a, b = b, a
        names = [found.things[int(number[x])][1] for x in (a, b)]
        texts = len(np.unique(found.document[ends[:, 0]]))
        figures = (int(count[i]), texts, float(score[i]), float(g2[i]), float(chance[i]))
        rows.append((*names, *figures, int(frequency[a]), int(frequency[b])))
        spans = np.sort(ends, axis=1).ravel().tolist()
        evidence.append(tuple(found.mentions[m].span for m in spans))
    columns = "first second count texts logDice G2 p first_frequency second_frequency".split()
    return pd.DataFrame(rows, columns=columns), tuple(evidence)
