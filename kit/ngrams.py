"""Runs of words that recur: n-grams, lexical bundles, skip-grams."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import ceil

import numpy as np
import pandas as pd

from kit import tokens, written
from kit.corpus import Corpus
from kit.counts import COUNTED_BY, covered
from kit.errors import ParameterError
from kit.finding import Finding, counted
from kit.measures.intervals import wilson
from kit.tokens import Ints, Layer, LayerName, Longs, Tokens
from kit.tokens.places import Places
from kit.tokens.runs import Runs, Within, grouped, joined, repeated

LONGEST = 6  # words of an n-gram
MOST_SKIPPED = 4  # words: a skip-gram of 3 with 4 skipped is already 15 patterns
ACROSS = {
    "marks": "punctuation",
    "sentence": "sentence ends",
    "passage": "paragraphs",
    "document": "texts",
}


def ngrams(
    corpus: Corpus,
    *,
    size: int = 2,
    by: LayerName = "word",
    minimum: int = 2,
    texts: int = 1,
    within: Within = "sentence",
    top: int | None = None,
) -> Finding:
    """Count the runs of `size` words (1 to 6) of paragraphs.

    `by` is what counts as the same word (see ``counts.words``). A run is listed from `minimum`
    occurrences in `texts` texts on, and crosses no unit of `within`: ``sentence``, ``passage``, ``document``,
    or ``marks``, any punctuation. At most `top` rows are made. Columns: ngram, count, per_million (of
    the words of paragraphs), low and high (Wilson, 95 %), texts. Raises ParameterError for a size
    out of range.
    """
    _check("size", size, 1, LONGEST)
    t = tokens.of(corpus)
    layer = t.layer(by)
    *_, runs = repeated(t, layer, longest=size, minimum=minimum, within=within, among=~t.in_title)
    if runs.size != size:  # the search ended before, with a length of which there is none
        runs = _none(size)
    runs = runs.only(runs.holders(t.document) >= texts)
    return _finding(
        t,
        layer,
        [runs],
        top,
        ("ngrams", f"Runs of {counted(size, 'word')}", "ngram"),
        f"Counted by {by}: {COUNTED_BY[by]}; found {minimum} times or more in {counted(texts, 'text')} "
        f"or more; not across {ACROSS[within]}.",
    )


def bundles(
    corpus: Corpus,
    *,
    sizes: tuple[int, int] = (3, 6),
    per_million: float = 20.0,
    minimum: int = 3,
    texts: int = 3,
    nested: bool = False,
    top: int | None = None,
) -> Finding:
    """Find lexical bundles: runs of words that are frequent and widespread, whatever they mean.

    A bundle has from `sizes[0]` to `sizes[1]` words, stands `per_million` times in a million words, at
    least `minimum` times, and in `texts` texts or more (Biber et al. 1999, Biber 2006: 10 to 40 per
    million in 3 to 5 texts). It crosses no punctuation. Unless `nested`, an occurrence within one of a
    longer bundle is not counted again, and a bundle is listed if what remains is still enough.
    Columns as of ``ngrams``, with bundle and words (its length). Raises ParameterError for sizes out of
    range.
    """
    shortest, longest = sizes
    _check("the first of sizes", shortest, 2, LONGEST)
    _check("the second of sizes", longest, shortest, LONGEST)
    t = tokens.of(corpus)
    layer = t.layer("word")
    least = max(minimum, ceil(per_million * t.body_words / 1e6))
    found = [
        runs.only(runs.holders(t.document) >= texts)
        for runs in repeated(
            t, layer, longest=longest, minimum=least, within="marks", among=~t.in_title
        )
        if runs.size >= shortest
    ]
    if not nested:
        found = _once(found, least, texts, t.document)
    one = len(corpus) < texts
    return _finding(
        t,
        layer,
        found,
        top,
        ("bundles", f"Lexical bundles of {shortest} to {longest} words", "bundle"),
        f"{per_million:g} per million words or more, here {least} times, in {counted(texts, 'text')} or "
        "more, not across punctuation (Biber 2006)"
        + ("." if nested else "; what lies within a longer bundle is not counted again."),
        (f"{counted(len(corpus), 'text')}: a bundle must be in {texts}.",) if one else (),
    )


def _once(found: list[Runs], least: int, texts: int, document: Ints) -> list[Runs]:
    """Return runs without the occurrences that lie within a longer one that is kept."""
    kept: list[Runs] = []
    for runs in reversed(found):
        free = runs.kept(~covered(runs, kept))
        kept.append(free.only((free.counts >= least) & (free.holders(document) >= texts)))
    return kept


def skipgrams(
    corpus: Corpus,
    *,
    size: int = 2,
    skip: int = 2,
    by: LayerName = "word",
    minimum: int = 2,
    texts: int = 1,
    within: Within = "sentence",
    top: int | None = None,
) -> Finding:
    """Count `size` words (2 to 4) that follow one another with up to `skip` words left out in all.

    That is the k-skip-n-gram of Guthrie et al. (2006); with `skip` 0 it is the n-gram. Parameters and
    columns as of ``ngrams``; a row's places run from the first to the last of its words.
    """
    _check("size", size, 2, 4)
    _check("skip", skip, 0, MOST_SKIPPED)
    t = tokens.of(corpus)
    layer = t.layer(by)
    unit = np.cumsum(~joined(t, within), dtype=np.int32)
    body = np.flatnonzero(~t.in_title).astype(np.int32)
    patterns = [(0, *p) for p in combinations(range(1, size + skip), size - 1)]
    starts, words, ends = [], [], []
    for pattern in patterns:
        at = body[body + pattern[-1] < len(t)]
        at = at[unit[at] == unit[at + pattern[-1]]]
        starts.append(at)
        ends.append(at + pattern[-1])
        words.append(np.stack([layer.ids[at + step] for step in pattern]))
    start, end = np.concatenate(starts), np.concatenate(ends)
    columns = np.concatenate(words, axis=1)
    reading = np.lexsort((end, start))  # a group's places in reading order
    start, end, columns = start[reading], end[reading], columns[:, reading]
    order, bounds = _equal(columns, len(layer.names))
    runs = Runs(size, start[order], bounds)
    enough = (runs.counts >= minimum) & (runs.holders(t.document) >= texts)
    of_run = np.repeat(enough, runs.counts)
    return _finding(
        t,
        layer,
        [runs.only(enough)],
        top,
        ("skipgrams", f"{size} words with up to {skip} left out", "skipgram"),
        f"Counted by {by}: {COUNTED_BY[by]}; up to {counted(skip, 'word')} left out in all (Guthrie et "
        f"al. 2006); found {minimum} times or more in {counted(texts, 'text')} or more; not across "
        f"{ACROSS[within]}.",
        words=columns[:, order][:, of_run],
        ends=end[order][of_run],
    )


def _equal(columns: Ints, values: int) -> tuple[Longs, Longs]:
    """Return the order that brings equal columns together, and the bounds of the groups."""
    group = columns[0].astype(np.int64)
    number = values
    for row in columns[1:]:
        order, bounds = grouped(group * values + row, number * values)
        number = len(bounds) - 1
        group = np.empty(len(order), dtype=np.int64)
        group[order] = np.repeat(np.arange(number), np.diff(bounds))
    return grouped(group, number)


def _finding(  # noqa: PLR0913
    t: Tokens,
    layer: Layer,
    found: Sequence[Runs],
    top: int | None,
    named: tuple[str, str, str],
    method: str,
    caveats: tuple[str, ...] = (),
    *,
    words: Ints | None = None,
    ends: Ints | None = None,
) -> Finding:
    """Return runs as a finding: most frequent first, at a tie in more texts, then by alphabet."""
    name, title, item = named
    table, places, total = [], [], 0
    for runs in found:
        count, texts = runs.counts, runs.holders(t.document)
        firsts = runs.bounds[:-1]
        if words is None:
            values = layer.ids[runs.first[:, None] + np.arange(runs.size)]
        else:
            values = words[:, firsts].T
        rows = _first_rows(count, texts, values, layer, top)
        total += len(runs)
        write = _writer(t, layer)
        for row in rows.tolist():
            at = slice(runs.bounds[row], runs.bounds[row + 1])
            start = runs.starts[at]
            last = start + runs.size - 1 if ends is None else ends[at]
            shown = write(start, values[row]) if ends is None else _joined(layer, values[row])
            table.append((shown, runs.size, int(count[row]), int(texts[row])))
            places.append((start, last))
    order = sorted(range(len(table)), key=lambda i: (-table[i][2], -table[i][3], table[i][0]))[:top]
    frame = pd.DataFrame(
        [table[i] for i in order], columns=[item, "words", "count", "texts"]
    ).astype({"words": "int64", "count": "int64", "texts": "int64"})
    low, high = wilson(frame["count"].to_numpy(), t.body_words)
    frame["per_million"] = 1e6 * frame["count"] / max(t.body_words, 1)
    frame["low"], frame["high"] = 1e6 * low, 1e6 * high
    columns = [item, *(["words"] if len(found) > 1 else []), "count", "per_million", "low", "high"]
    return Finding(
        name,
        title,
        frame[[*columns, "texts"]],
        t.corpus,
        f"{method} low and high: Wilson interval of the rate per million, 95 %.",
        Places(t, [places[i] for i in order]),
        caveats,
        formats=dict.fromkeys(("per_million", "low", "high"), "{:,.1f}"),
        total=total,
    )


def _first_rows(count: Longs, texts: Longs, values: Ints, layer: Layer, top: int | None) -> Longs:
    """Return the groups that come first, in no order; all where `top` is None."""
    rows = np.arange(len(count))
    if top is None or len(rows) <= top:
        return rows
    weight = count.astype(np.float64) + texts / (texts.max() + 1)
    least = np.partition(weight, -top)[-top]
    sure, tied = rows[weight > least], rows[weight == least]
    alphabet = np.argsort(np.argsort(np.array(layer.names, dtype=object)))
    order = np.lexsort([alphabet[values[tied, i]] for i in reversed(range(values.shape[1]))])
    return np.concatenate((sure, tied[order][: top - len(sure)]))


def _writer(t: Tokens, layer: Layer) -> Callable[[Ints, Ints], str]:
    """Return what writes a run: as the texts mostly write it where only spelling was folded."""
    if layer is not t.layer("word"):
        return lambda _, values: _joined(layer, values)
    return lambda start, values: written.label(
        written.run(t, start, len(values)), layer.names[int(values[-1])]
    )


def _joined(layer: Layer, values: Ints) -> str:
    return " ".join(layer.names[value] for value in values.tolist())


def _none(size: int) -> Runs:
    return Runs(size, np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64))


def _check(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ParameterError(f"{what} is {value}: give {low} to {high}")
