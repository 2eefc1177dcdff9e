"""Hedges and boosters: words that make a statement weaker or stronger."""

from itertools import product
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import keep, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import CHANCE, Finding
from kit.measures.intervals import wilson
from kit.stance import cells, clauses, expressions, series
from kit.stance.expressions import MARKERS, Found
from kit.tokens import Longs, Tokens
from kit.tokens.places import Bounds, Places

By = Literal["text", "word"]
RATE = 1000  # words
FEWEST_WORDS = 200  # of a text under which no rate is given: one word would be five in a thousand
CHANGES = ("more", "fewer")
_DENIES = "not never no nor cannot n't hardly".split()
METHOD = (
    "Hedges and boosters of the lexicon of stance, after the classes of Hyland (2005), with our own words: "
    "those with other uses (about, quite, pretty, rather, just) are left out; may, might and could count as "
    "verbs only; a booster after not does not count. Rates are per 1,000 words, with the Wilson interval "
    "(95 %)."
)


@keep.finding
def markers(corpus: Corpus, *, own: str = "", by: By = "text") -> Finding:
    """Give the hedges and boosters of each text, or with ``by="word"`` of the whole corpus by word.

    By text, a row is a kind in a text; columns: date, title, kind (``hedge``, ``booster``), count,
    per_1000 (words), low, high, before (the rate of the text it is compared with), since, p (that both
    have the same rate), change (``more``, ``fewer``, ``no clear change``), words, note. By word, a row is
    an expression as it is written; columns: word, kind, count, per_1000, low, high, texts, meaning.
    Behind each row stand the words. `own` is a lexicon of stance whose entries are added. Raises
    ParameterError for another `by`, ReadError for a lexicon that cannot be read.
    """
    if by not in get_args(By):
        raise ParameterError(f'by={by!r} is neither "text" nor "word"')
    text = expressions.own_text(own)
    t = tokens.of(corpus)
    found = _found(corpus, text)
    kinds = np.array([entry["kind"] for entry in expressions.entries(text)], dtype=np.object_)
    kind = kinds[found.entry]
    forms = cells.as_written(t, found.first, found.last)
    made = (
        _by_text(corpus, t, found, kind, forms)
        if by == "text"
        else _by_word(t, found, kind, forms, text)
    )
    table, places = made
    mixed = series.mixed(series.units(corpus, years=False)[0]) if by == "text" else ()
    return Finding(
        "markers" if by == "text" else "markers-words",
        "Hedges and boosters",
        table,
        corpus,
        f"{METHOD} {series.BEFORE}" if by == "text" else METHOD,
        Places(t, places),
        (*mixed, *cells.caveats(corpus)),
        formats=dict.fromkeys(("per_1000", "low", "high", "before"), "{:.1f}") | {"p": CHANCE},
    )


def _found(corpus: Corpus, own: str) -> Found:
    """Return the markers of all texts as words of the corpus, in reading order."""
    inside = expressions.english(corpus)
    english = expressions.find(inside, "markers", own)
    if len(english):
        english = english.only(~_denied(clauses.of(tokens.of(inside)), english, own))
    foreign = expressions.find_foreign(corpus, "markers", own)
    shift = cells.shift(corpus, inside)[tokens.of(inside).document[english.first]]
    first = np.concatenate((english.first + shift, foreign.first))
    last = np.concatenate((english.last + shift, foreign.last))
    order = np.argsort(first, kind="stable")
    return Found(np.concatenate((english.entry, foreign.entry))[order], first[order], last[order])


def _denied(c: clauses.Clauses, found: Found, own: str) -> NDArray[np.bool_]:
    """Return which boosters a negation goes before, within two words: *not fully*, *not at all clear*."""
    boosts = np.array([e["kind"] == "booster" for e in expressions.entries(own)])[found.entry]
    denies = c.written(*_DENIES)
    denied = np.zeros(len(found), dtype=np.bool_)
    for step in (1, 2):
        at = np.maximum(found.first - step, 0)
        denied |= (
            denies[at] & (c.t.sentence[at] == c.t.sentence[found.first]) & c.t.close[found.first]
        )
    return np.asarray(boosts & denied)


def _words_of_texts(t: Tokens, texts: int) -> Longs:
    return np.bincount(t.document[~t.in_title], minlength=texts).astype(np.int64)


def _by_text(
    corpus: Corpus, t: Tokens, found: Found, kind: NDArray[np.object_], forms: NDArray[np.object_]
) -> tuple[pd.DataFrame, list[Bounds]]:
    texts = len(corpus)
    size = _words_of_texts(t, texts)
    enough = size >= FEWEST_WORDS
    document = t.document[found.first]
    units, _ = series.units(corpus, years=False)
    earlier = series.before(units, enough)
    then = np.maximum(earlier, 0)
    count = np.array([np.bincount(document[kind == k], minlength=texts) for k in MARKERS])
    p = np.array(
        [
            series.two_rates(n, size, n[then] if texts else n, size[then] if texts else size)
            for n in count
        ]
    )
    compared = np.tile(earlier >= 0, len(MARKERS))
    p = series.adjusted(p.ravel(), compared).reshape(len(MARKERS), texts)
    rate = np.where(enough, RATE * count / np.maximum(size, 1), np.nan)
    low, high = (RATE * x for x in wilson(count, np.maximum(size, 1)))
    days = [d.day for d in corpus]
    places = []
    order = np.lexsort((np.arange(len(document)), kind == MARKERS[1], document))
    bounds = np.searchsorted(
        2 * document[order] + (kind[order] == MARKERS[1]), np.arange(2 * texts + 1)
    )
    rows = []
    for number, (row, name) in enumerate(product(corpus, MARKERS)):
        i, k = divmod(number, len(MARKERS))
        at = order[bounds[number] : bounds[number + 1]]
        past = float(rate[k, earlier[i]]) if earlier[i] >= 0 else np.nan
        rows.append(
            (
                row.day,
                row.title,
                name,
                int(count[k, i]),
                float(rate[k, i]),
                float(low[k, i]) if enough[i] else np.nan,
                float(high[k, i]) if enough[i] else np.nan,
                past,
                days[earlier[i]] if earlier[i] >= 0 else None,
                float(p[k, i]),
                series.told(p[k, i : i + 1], np.array([rate[k, i] - past]), CHANGES)[0],
                cells.most(forms[at]),
                "" if enough[i] else f"{int(size[i])} words: too few for a rate",
            )
        )
        places.append((found.first[at].astype(np.int32), found.last[at].astype(np.int32)))
    columns = "date title kind count per_1000 low high before since p change words note".split()
    return pd.DataFrame(rows, columns=columns), places


def _by_word(
    t: Tokens, found: Found, kind: NDArray[np.object_], forms: NDArray[np.object_], own: str
) -> tuple[pd.DataFrame, list[Bounds]]:
    known = expressions.entries(own)
    size = t.body_words
    lines, places = [], []
    for _, at in cells.groups(forms + "|" + kind):
        count = len(at)
        low, high = wilson(count, size)
        lines.append(
            (
                forms[at[0]],
                kind[at[0]],
                count,
                RATE * count / size,
                RATE * float(low),
                RATE * float(high),
                len(np.unique(t.document[found.first[at]])),
                known[int(found.entry[at[0]])].get("gloss", ""),
            )
        )
        places.append((found.first[at].astype(np.int32), found.last[at].astype(np.int32)))
    columns = "word kind count per_1000 low high texts meaning".split()
    return pd.DataFrame(lines, columns=columns), places
