"""Keyness: which words a corpus uses more, or less, than another, or one of its parts than the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from kit import tokens, written
from kit.corpus import Corpus, Document
from kit.counts import COUNTED_BY, of_content, per_million, ranked
from kit.errors import ParameterError, nearest
from kit.finding import CHANCE, Finding, counted, strings
from kit.measures import intervals
from kit.measures import keyness as measures
from kit.measures.undefined import Floats
from kit.tokens import Layer, LayerName, Longs, Tokens
from kit.tokens.places import Bounds, Places

By = Literal["year", "decade", "publisher", "author", "language"]
Measure = Callable[[Longs, Longs, float, float], Floats]


def _bic(a: Longs, b: Longs, n1: float, n2: float) -> Floats:
    return measures.bic(measures.g2_four_cell(a, b, n1, n2), n1 + n2)


# What is asked for by name: the function, and what the method line says of it.
MEASURES: Mapping[str, tuple[Measure, str]] = MappingProxyType(
    {
        "G2": (measures.g2_four_cell, "log-likelihood ratio over four cells (Dunning 1993)"),
        "G2-2cell": (
            measures.g2_two_cell,
            "log-likelihood ratio over two cells (Rayson & Garside 2000)",
        ),
        "chi2": (measures.chi_square, "Pearson's chi-squared over four cells, uncorrected"),
        "chi2-Yates": (
            partial(measures.chi_square, yates=True),
            "chi-squared over four cells with Yates's correction",
        ),
        "Fisher": (measures.fisher, "Fisher's exact test, the two-sided p itself"),
        "LogRatio": (
            measures.log_ratio,
            "log2 of the ratio of rates, ½ for a count of zero (Hardie 2014)",
        ),
        "LogRatio-Walter": (
            partial(measures.log_ratio, zeros="walter"),
            "log2 of the ratio of rates, ½ added to counts and sizes (Walter 1975)",
        ),
        "LRC": (
            measures.lrc,
            "conservative Log Ratio: the end next to 0 of its 95 % interval over all tests (Evert 2022)",
        ),
        "%DIFF": (
            measures.percent_diff,
            "difference of rates in per cent (Gabrielatos & Marchi 2012)",
        ),
        "OddsRatio": (measures.odds_ratio, "odds ratio (Pojanapunya & Todd 2018)"),
        "SimpleMaths": (
            measures.simple_maths,
            "ratio of rates per million, each + 100 (Kilgarriff 2009)",
        ),
        "BIC": (_bic, "G2 less ln N (Wilson 2013)"),
    }
)
SIDES = ("only here", "more", "less", "only there")
_OWN_CHANCE = {"chi2", "chi2-Yates", "G2-2cell"}  # p is of these themselves; elsewhere of G2


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two lists of counts over the same values: here and in the reference."""

    names: Sequence[str]
    here: Longs
    there: Longs
    texts_here: Longs
    texts_there: Longs
    size: int
    other: int

    @property
    def rate(self) -> Floats:
        return self.here / max(self.size, 1)

    @property
    def other_rate(self) -> Floats:
        return self.there / max(self.other, 1)


def keyness(
    corpus: Corpus,
    *,
    reference: Corpus,
    measure: str = "G2",
    by: LayerName = "word",
    content: bool = False,
    minimum: int = 3,
    texts: int = 1,
    top: int | None = None,
) -> Finding:
    """Compare the words of two corpora (those of paragraphs).

    `measure` is one of ``MEASURES``; what it is stands in the finding's method. A word is tested where one
    of the two has it at least `minimum` times in `texts` texts. Rows: first what the corpus has more of,
    then what it has less of, each by the measure. Columns: word, side (``only here``, ``more``,
    ``less``, ``only there``), count, reference (the count there), per_million, reference_per_million,
    log_ratio (Hardie), the measure, p (of G2, or of the measure where it is a test; Holm over all words
    tested), texts, reference_texts, forms. Raises ParameterError for a measure that is none.
    """
    _known("measure", measure, MEASURES)
    t, other = tokens.of(corpus), tokens.of(reference)
    pair = _two(t, other, by)
    chosen = _tested(pair, minimum, texts, content=content and by != "tag")
    table, numbers = _table(pair, chosen, measure, len(chosen))
    return _finding(
        t,
        by,
        (_corrected(table), numbers, pair.names),
        top,
        ("keyness", f"Words that stand out against {reference.name or 'the reference'}"),
        f"{measure}: {MEASURES[measure][1]}. Counted by {by}: {COUNTED_BY[by]}. "
        f"{_rule(pair, chosen, minimum, texts)} p by Holm over {counted(len(chosen), 'word')}.",
        _too_little(pair.size, pair.other),
    )


def groups(
    corpus: Corpus,
    *,
    of: By | Callable[[Document], str],
    measure: str = "G2",
    by: LayerName = "word",
    content: bool = True,
    minimum: int = 3,
    texts: int = 1,
    top: int = 10,
) -> Finding:
    """Compare each group of texts with all others: what is of its year, its source, its author.

    `of` names what groups are by, or is a function of a document; a text without it (an undated one)
    is in no group, but among the others. `top` rows a group, of what it has more of; the correction is
    over all words of all groups. Otherwise as ``keyness``, with the column group before the others.
    """
    _known("measure", measure, MEASURES)
    t = tokens.of(corpus)
    label, key = (of, _KEYS[of]) if isinstance(of, str) else ("group", of)
    keys = [key(document) for document in corpus]
    names = sorted(set(filter(None, keys)))
    pairs = [_split(t, by, np.array([k == n for k in keys], dtype=np.bool_)) for n in names]
    chosen = [_tested(p, minimum, texts, content=content and by != "tag") for p in pairs]
    tests = sum(map(len, chosen))
    none = np.empty(0, dtype=np.int64)
    nothing, _ = _table(_Pair((), none, none, none, none, 0, 0), none, measure, 0)
    tables, numbers = [nothing.assign(group="")], [none]
    if len(names) > 1:
        for name, pair, words in zip(names, pairs, chosen, strict=True):
            table, number = _table(pair, words, measure, tests)
            tables.append(table.assign(group=name))
            numbers.append(number)
    whole, number = _corrected(pd.concat(tables[1:] or tables)), np.concatenate(numbers)
    more = whole["side"].isin(["only here", "more"]).to_numpy()
    first = (whole[more].groupby("group", sort=False).cumcount() < top).to_numpy()
    shown = whole[more][first]
    return _finding(
        t,
        by,
        (shown, number[more][first], t.layer(by).names),
        None,
        ("keyness-groups", f"Words that stand out by {label}"),
        f"Each {label} against all other texts. {measure}: {MEASURES[measure][1]}. Counted by {by}: "
        f"{COUNTED_BY[by]}. p by Holm over {counted(tests, 'test')}; at most {counted(top, 'row')} for each "
        f"{label}.",
        () if len(names) > 1 else (_one(corpus, label),),
        among=keys,
    )


def _one(corpus: Corpus, label: str) -> str:
    if len(corpus) < 2:
        return f"{counted(len(corpus), 'text').capitalize()}: there is nothing to compare it with."
    return f"All texts have the same {label}, or none: there is nothing to compare."


_KEYS: Mapping[str, Callable[[Document], str]] = MappingProxyType(
    {
        "year": lambda d: f"{d.date.year}" if d.date else "",
        "decade": lambda d: f"{d.date.year // 10 * 10}s" if d.date else "",
        "publisher": lambda d: d.publisher,
        "author": lambda d: d.author,
        "language": lambda d: d.language,
    }
)


def _known(what: str, name: str, names: Mapping[str, object]) -> None:
    if name not in names:
        raise ParameterError(f"{what} {name!r}: no such one.{nearest(name, list(names))}")


def _two(t: Tokens, other: Tokens, by: LayerName) -> _Pair:
    """Return the counts of two corpora over the union of their words."""
    here, there = t.spread(by), other.spread(by)
    own, theirs = t.layer(by).names, other.layer(by).names
    number = t.layer(by).numbers(theirs)
    new = list(compress(theirs, (number < 0).tolist()))
    added = {name: len(own) + i for i, name in enumerate(dict.fromkeys(new))}
    number[number < 0] = [added[name] for name in new]
    names = (*own, *added)
    # A form that two languages write alike is counted as one word: it has one number.
    first = t.layer(by).numbers(own)

    def full(values: Longs, at: Longs) -> Longs:
        return np.bincount(at, values, len(names)).astype(np.int64)

    return _Pair(
        names,
        full(here.totals, first),
        full(there.totals, number),
        full(here.holders, first),
        full(there.holders, number),
        t.body_words,
        other.body_words,
    )


def _split(t: Tokens, by: LayerName, inside: NDArray[np.bool_]) -> _Pair:
    """Return the counts of chosen documents and of all others."""
    spread = t.spread(by)
    values = np.repeat(np.arange(len(spread.holders)), spread.holders)
    mine = inside[spread.units]
    length = len(spread.holders)
    here = np.bincount(values[mine], spread.counts[mine], length).astype(np.int64)
    texts = np.bincount(values[mine], minlength=length)
    size = int(here.sum())
    return _Pair(
        t.layer(by).names,
        here,
        spread.totals - here,
        texts,
        spread.holders - texts,
        size,
        t.body_words - size,
    )


def _tested(pair: _Pair, minimum: int, texts: int, *, content: bool) -> Longs:
    if not pair.size or not pair.other:
        return np.empty(0, dtype=np.int64)
    here = (pair.here >= minimum) & (pair.texts_here >= texts)
    there = (pair.there >= minimum) & (pair.texts_there >= texts)
    chosen = np.flatnonzero((here | there) & (pair.here + pair.there > 0))
    return chosen[of_content([pair.names[i] for i in chosen.tolist()])] if content else chosen


def _rule(pair: _Pair, chosen: Longs, minimum: int, texts: int) -> str:
    out = int(((pair.here + pair.there) > 0).sum()) - len(chosen)
    return (
        f"Tested from {minimum} occurrences in {counted(texts, 'text')} of one of the two; "
        f"{counted(out, 'word')} left out."
    )


def _too_little(size: int, other: int) -> tuple[str, ...]:
    empty = "The corpus" if not size else "The reference" if not other else ""
    return (f"{empty} has no words: nothing can be compared.",) if empty else ()


def _table(pair: _Pair, chosen: Longs, measure: str, tests: int) -> tuple[pd.DataFrame, Longs]:
    """Return the figures of the chosen values, best first, p not corrected, and their numbers."""
    # Words with the same counts have the same figures: they are computed once for each pair of counts.
    both, of_word = np.unique(pair.here[chosen] << 32 | pair.there[chosen], return_inverse=True)
    a, b = both >> 32, both & 0xFFFFFFFF
    n1, n2 = float(pair.size), float(pair.other)
    function, _ = MEASURES[measure]
    if measure == "LRC":
        function = partial(measures.lrc, family=max(tests, 1))
    value = np.asarray(function(a, b, n1, n2))
    test = value if measure in _OWN_CHANCE else np.asarray(measures.g2_four_cell(a, b, n1, n2))
    p = np.asarray(value if measure == "Fisher" else measures.chance(test))
    sign = np.asarray(measures.sign(a, b, n1, n2))
    log_ratio = np.asarray(measures.log_ratio(a, b, n1, n2))
    side = np.select([b == 0, a == 0, sign >= 0], [0, 3, 1], 2)
    # Fisher's figure is itself a chance: the smaller it is, the more it says.
    weight = value if measure == "Fisher" else -np.abs(value)
    weight = np.where(np.isnan(weight), np.inf, weight)
    place = _places(np.stack((sign < 0, weight, -np.abs(np.nan_to_num(log_ratio)))))[of_word]
    order = ranked(np.arange(len(chosen)), (place,), [pair.names[i] for i in chosen.tolist()])
    chosen, row = chosen[order], of_word[order]
    table = pd.DataFrame(
        {
            "side": strings(SIDES).take(side[row]),
            "count": a[row],
            "reference": b[row],
            "per_million": 1e6 * pair.rate[chosen],
            "reference_per_million": 1e6 * pair.other_rate[chosen],
            "log_ratio": log_ratio[row],
            measure: value[row],
            "p": p[row],
            "texts": pair.texts_here[chosen],
            "reference_texts": pair.texts_there[chosen],
        }
    )
    return table, chosen


def _places(keys: Floats) -> Longs:
    """Return the place of each column of keys in ascending order, the first row of keys first."""
    order = np.lexsort(keys[::-1])
    ordered = keys[:, order]
    further = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    places = np.zeros(len(order), dtype=np.int64)
    places[order[1:]] = np.cumsum(further)
    return places


def _corrected(table: pd.DataFrame) -> pd.DataFrame:
    p = intervals.holm(table["p"].to_numpy(dtype=np.float64))
    return table.assign(p=np.maximum(p, measures.SMALLEST_P))


def _finding(
    t: Tokens,
    by: LayerName,
    made: tuple[pd.DataFrame, Longs, Sequence[str]],
    top: int | None,
    named: tuple[str, str],
    method: str,
    caveats: tuple[str, ...],
    among: list[str] | None = None,
) -> Finding:
    """Give each row its word, the forms of that, and the places that explain it.

    `made` is the figures, the number of each row's value, and the names of all values: of the layer,
    then of what only the reference has. `among` has the group of each document.
    """
    table, numbers, names = made
    total = len(table)
    numbers = numbers[:top]
    words, forms = _written(t, by, numbers, names)
    table = table[:top].assign(word=words, forms=forms)
    first = [name for name in ("group", "word") if name in table]
    table = table[[*first, *table.columns.drop(first)]]
    places = Places.of_values(t, t.layer(by), numbers, t.in_title)
    if among is not None:
        places = _of_groups(t, t.layer(by), numbers, table["group"].tolist(), among)
    return Finding(
        *named,
        table,
        t.corpus,
        method,
        places,
        caveats,
        applies=not caveats,
        formats={"p": CHANCE}
        | dict.fromkeys(("per_million", "reference_per_million"), per_million(t.body_words)),
        total=total,
    )


def _written(
    t: Tokens, by: LayerName, numbers: Longs, names: Sequence[str]
) -> tuple[ExtensionArray, ExtensionArray]:
    """Return the words of rows, and their spellings: none of a word that only the reference has."""
    spelt, own = written.of(t, by), numbers < len(t.layer(by).names)
    back = np.argsort(np.concatenate((np.flatnonzero(own), np.flatnonzero(~own))))
    others = [names[number] for number in numbers[~own].tolist()]
    words = (spelt.labels(numbers[own]), strings(others))
    forms = (spelt.lists(numbers[own]), strings([""] * len(others)))
    return _one_column(words).take(back), _one_column(forms).take(back)


def _one_column(parts: Iterable[ExtensionArray]) -> ExtensionArray:
    whole: ExtensionArray = pd.concat([pd.Series(part) for part in parts]).array
    return whole


def _of_groups(
    t: Tokens, layer: Layer, numbers: Longs, groups: list[str], among: list[str]
) -> Places:
    """Return where each value stands in the paragraphs of the documents of its row's group."""
    of_document = np.array(among, dtype=object)

    def bounds(row: int) -> Bounds:
        at = layer.positions(int(numbers[row]))
        at = at[~t.in_title[at] & (of_document[t.document[at]] == groups[row])]
        return at, at

    return Places.later(t, np.arange(len(numbers)), bounds)
