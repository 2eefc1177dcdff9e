"""Runs of words that recur: n-grams, lexical bundles, skip-grams."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kit import tokens, written
from kit.corpus import Corpus
from kit.counts import COUNTED_BY, covered, per_million
from kit.errors import ParameterError
from kit.finding import Finding, counted, strings
from kit.measures.intervals import wilson
from kit.tokens import Ints, Layer, LayerName, Longs, Tokens
from kit.tokens.places import Bounds, Places
from kit.tokens.runs import Runs, Within, alike, joined, repeated

LONGEST = 6  # words of an n-gram
LONGEST_BUNDLE = 60  # words: with 6, a formula of ten would be told as five pieces of itself
SEVERAL = 3  # texts that a bundle must run through (Biber et al. 1999: 3 to 5)
MOST_SKIPPED = 4  # words: a skip-gram of 3 with 4 skipped is already 15 patterns
ACROSS = {
    "marks": "punctuation",
    "sentence": "sentence ends",
    "passage": "paragraphs",
    "document": "texts",
}


_ROWS = pa.schema(
    [("label", pa.large_string()), *((name, pa.int64()) for name in ("words", "count", "texts"))]
)


@dataclass(frozen=True, eq=False)
class _Found:
    """Runs of one size, and how many groups there are in all.

    ``words`` (one row a group) and ``ends`` (one value a run) say where the words of a run do not
    follow one another.
    """

    runs: Runs
    total: int
    words: Ints | None = None
    ends: Ints | None = None


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
    found = repeated(
        t,
        layer,
        sizes=(size, size),
        minimum=minimum,
        within=within,
        among=~t.in_title,
        rare=True,
    )
    return _finding(
        t,
        layer,
        [_chosen(t, runs, minimum, texts, top) for runs in found],
        top,
        ("ngrams", f"Runs of {counted(size, 'word')}", "ngram"),
        f"Counted by {by}: {COUNTED_BY[by]}; found {minimum} times or more in {counted(texts, 'text')} "
        f"or more; not across {ACROSS[within]}.",
    )


def _chosen(t: Tokens, runs: Runs, minimum: int, texts: int, top: int | None) -> _Found:
    """Return the groups that are enough and may be among the first rows."""
    enough = runs.counts >= minimum
    if texts > 1:
        enough &= runs.holders(t.document) >= texts
    total = int(enough.sum())
    if top is not None and total > top:
        enough &= runs.counts >= np.partition(runs.counts[enough], -top)[-top]
    return _Found(runs.only(enough), total)


def bundles(
    corpus: Corpus,
    *,
    sizes: tuple[int, int] = (3, LONGEST_BUNDLE),
    rate: float = 20.0,
    minimum: int = 3,
    texts: int | None = None,
    nested: bool = False,
    top: int | None = None,
) -> Finding:
    """Find lexical bundles: runs of words that are frequent and widespread, whatever they mean.

    A bundle has from `sizes[0]` to `sizes[1]` words and crosses no punctuation. It stands `rate` times in
    a million words, at least `minimum` times, and in `texts` texts or more, by default in 3 (Biber et
    al. 1999, Biber 2006: 10 to 40 per million in 3 to 5 texts); where there are fewer texts it must be
    in all, and the finding does not apply. Unless `nested`, an occurrence within one of a longer bundle
    is not counted again, and a bundle is listed if what remains is still enough. Columns as of
    ``ngrams``, with bundle and words (its length). Raises ParameterError for sizes out of range.
    """
    shortest, longest = sizes
    _check("the first of sizes", shortest, 2, LONGEST_BUNDLE)
    _check("the second of sizes", longest, shortest, LONGEST_BUNDLE)
    t = tokens.of(corpus)
    layer = t.layer("word")
    texts = min(SEVERAL, len(corpus)) if texts is None else texts
    least = max(minimum, ceil(rate * t.body_words / 1e6))
    found = [
        runs.only(runs.holders(t.document) >= texts)
        for runs in repeated(
            t, layer, sizes=sizes, minimum=least, within="marks", among=~t.in_title
        )
    ]
    if not nested:
        found = _once(found, least, texts, t.document)
    return _finding(
        t,
        layer,
        [_Found(runs, len(runs)) for runs in found],
        top,
        ("bundles", f"Strings of {shortest} words and more that run through the texts", "bundle"),
        f"{rate:g} per million words or more, here {least} times, in {counted(texts, 'text')} or "
        "more, not across punctuation (Biber 2006)"
        f"; of up to {counted(longest, 'word')}"
        + ("." if nested else "; what lies within a longer bundle is not counted again."),
        applies=len(corpus) >= SEVERAL,
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
    order, bounds = alike([(column, len(layer.names)) for column in columns])
    runs = Runs(size, start[order], bounds)
    enough = (runs.counts >= minimum) & (runs.holders(t.document) >= texts)
    found = _Found(
        runs.only(enough),
        int(enough.sum()),
        columns[:, order[bounds[:-1][enough]]].T,
        end[order][np.repeat(enough, runs.counts)],
    )
    return _finding(
        t,
        layer,
        [found],
        top,
        ("skipgrams", f"{size} words with up to {skip} left out", "skipgram"),
        f"Counted by {by}: {COUNTED_BY[by]}; up to {counted(skip, 'word')} left out in all (Guthrie et "
        f"al. 2006); found {minimum} times or more in {counted(texts, 'text')} or more; not across "
        f"{ACROSS[within]}.",
    )


def _finding(
    t: Tokens,
    layer: Layer,
    found: Sequence[_Found],
    top: int | None,
    named: tuple[str, str, str],
    method: str,
    *,
    applies: bool = True,
) -> Finding:
    """Return runs as a finding: most frequent first, at a tie in more texts, then by alphabet."""
    name, title, item = named
    made = [_rows(t, layer, one, top) for one in found]
    rows = pa.concat_tables([_ROWS.empty_table(), *(table for table, _ in made)])
    keys = [("count", "descending"), ("texts", "descending"), ("label", "ascending")]
    order = pc.sort_indices(rows, sort_keys=keys).to_numpy()[:top]
    count = rows["count"].to_numpy()[order]
    labels = rows["label"].combine_chunks().take(pa.array(order))
    if any(document.language == "zh" for document in t.corpus):
        labels = list(map(written.together, labels.to_pylist()))
    low, high = wilson(count, t.body_words)
    columns = {
        item: strings(labels),
        "words": rows["words"].to_numpy()[order],
        "count": count,
        "per_million": 1e6 * count / max(t.body_words, 1),
        "low": 1e6 * low,
        "high": 1e6 * high,
        "texts": rows["texts"].to_numpy()[order],
    }
    if len(found) < 2:  # all are of one length
        del columns["words"]
    return Finding(
        name,
        title,
        pd.DataFrame(columns),
        t.corpus,
        f"{method} low and high: Wilson interval of the rate per million, 95 %.",
        _places(t, [places for _, places in made], order),
        () if applies else (f"{counted(len(t.corpus), 'text')}: a bundle runs through several.",),
        applies=applies,
        formats=dict.fromkeys(("per_million", "low", "high"), per_million(t.body_words)),
        total=sum(one.total for one in found),
    )


def _rows(
    t: Tokens, layer: Layer, found: _Found, top: int | None
) -> tuple[pa.Table, tuple[Runs, Ints]]:
    """Return label, words, count and texts of the first groups, in no order, and their runs and ends."""
    runs = found.runs
    texts = runs.holders(t.document)
    words = found.words
    if words is None:
        words = layer.ids[runs.first[:, None] + np.arange(runs.size)]
    first = _first(runs.counts, texts, words, layer, top)
    ends = runs.starts + (runs.size - 1) if found.ends is None else found.ends
    if not first.all():
        ends = ends[np.repeat(first, runs.counts)]
    runs, texts, words = runs.only(first), texts[first], words[first]
    if layer is t.layer("word") and found.words is None:
        # as the texts mostly write it, since only the spelling was folded
        labels = written.labels(t, runs)
    else:
        labels = written.joined(pa.array(layer.names, pa.large_string()), words)
    size = np.full(len(runs), runs.size, dtype=np.int64)
    return pa.table([labels, size, runs.counts, texts], _ROWS), (runs, ends)


def _places(t: Tokens, made: list[tuple[Runs, Ints]], order: Longs) -> Places:
    """Return where the rows stand, which are groups of one lot of runs after the other, in order."""
    before = np.cumsum([0, *(len(runs) for runs, _ in made)])

    def bounds(row: int) -> Bounds:
        lot = int(np.searchsorted(before, row, side="right")) - 1
        runs, ends = made[lot]
        first, past = runs.bounds[row - before[lot] :][:2].tolist()
        return runs.starts[first:past], ends[first:past]

    return Places.later(t, order, bounds)


def _first(
    count: Longs, texts: Longs, words: Ints, layer: Layer, top: int | None
) -> NDArray[np.bool_]:
    """Return whether each group is among the first rows."""
    if top is None or len(count) <= top:
        return np.ones(len(count), dtype=np.bool_)
    weight = count + texts / (texts.max() + 1)
    least = np.partition(weight, -top)[-top]
    chosen: NDArray[np.bool_] = weight > least
    tied = np.flatnonzero(weight == least)
    places = layer.alphabet[words[tied]]
    order = np.lexsort(places.T[::-1])
    chosen[tied[order][: top - int(chosen.sum())]] = True
    return chosen


def _check(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ParameterError(f"{what} is {value}: give {low} to {high}")
