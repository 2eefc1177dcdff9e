"""Surface co-occurrence: the words that stand near a node, and how much more often than by chance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import concordance, tokens, written
from kit.collocation.scores import (
    FORMATS,
    OF_FREQUENCIES,
    OF_TABLE,
    TESTS,
    Observed,
    highest_first,
    known,
    sides,
)
from kit.corpus import Corpus
from kit.counts import COUNTED_BY, of_content
from kit.errors import ParameterError
from kit.finding import Finding, counted
from kit.measures import association, keyness
from kit.measures.intervals import holm
from kit.tokens import Ints, Layer, LayerName, Longs, Tokens
from kit.tokens.places import Bounds, Places
from kit.tokens.runs import Runs, grouped

Within = Literal["sentence", "passage", "document"]
Flags = NDArray[np.bool_]
MOST_PAIRS = 100_000_000  # of a hit and a word in its reach: some 3 GB while they are counted
_ENDS = {"sentence": "sentence ends", "passage": "paragraph ends", "document": "the end of a text"}


def collocates(  # noqa: PLR0913 (the node, its reach, what counts as one, which rows: all usual)
    corpus: Corpus,
    node: str,
    *,
    window: int | tuple[int, int] = 5,
    by: LayerName = "word",
    within: Within = "sentence",
    measures: Sequence[str] = ("logDice", "MI", "G2"),
    minimum: int = 2,
    tag: str = "",
    content: bool = True,
    top: int | None = None,
) -> Finding:
    """List the words that stand near a node, by how much more often than chance has them there.

    `node` is a query as ``concordance.kwic`` takes it. In its reach are the words of paragraphs at most
    `window` words away (one number, or one to the left and one to the right) in the same sentence,
    or unit of `within`; a hit's own words are not. `by` is what counts as one collocate (see
    ``counts.words``), `tag` a regular expression that its whole Penn tag must match; `content` leaves
    out function words and numbers. Collocates under `minimum` pairs are left out; at most `top` rows
    are made, the highest by the first of `measures` (names of ``measures.association.MEASURES``) first.

    Columns: collocate; count (pairs of a hit and a word in its reach: surface co-occurrence, Evert
    2008, section 3.1); left and right (of the node); texts; expected (pairs, by chance:
    ``f1 f2 / N``); one column a measure; p (where G2 or chi2 is asked: of the first of them, by Holm
    over the collocates before `top`); position (mean distance in words, negative to the left).

    f1 is the number of pairs, f2 the collocate's frequency, N the words of paragraphs. logDice, Dice
    and MS take the number of hits as f1, as Sketch Engine does (Rychlý 2008). G2, chi2 and deltaP
    compare the words in reach with all others, each word once, however many hits reach it: four cells
    have to add up to the words (Evert 2008, section 5.1). Raises ParameterError for a parameter out of
    range or a query that cannot be read.
    """
    left, right = sides(window)
    known("by", by, get_args(LayerName))
    known("within", within, get_args(Within))
    if not measures:
        raise ParameterError("measures is empty: name at least one, e.g. logDice")
    for name in measures:
        known("measures", name, association.MEASURES)
    t = tokens.of(corpus)
    layer = t.layer(by)
    wanted = _tagged(t, tag) if tag else None
    near = _near(t, _hits(t, node), left, right, within)
    paired = near if wanted is None else near.only(wanted[near.word])
    ids = layer.ids[paired.word]
    offset = paired.offset
    values = len(layer.names)
    count = np.bincount(ids, minlength=values)
    rows = np.flatnonzero(count >= max(minimum, 1))
    if content and by != "tag":
        rows = rows[of_content([layer.names[row].casefold() for row in rows.tolist()])]
    frequency = t.spread(by).totals if wanted is None else _frequency(t, layer, wanted)
    once, reach = _once(t, layer, near, wanted)
    seen = Observed(
        count[rows],
        once[rows],
        frequency[rows],
        len(near.first),
        len(near.word),
        reach,
        t.body_words,
    )
    figures = {}
    for name in measures:
        figures[name] = seen.figure(name)
        if name in TESTS and "p" not in figures:
            figures["p"] = holm(keyness.chance(figures[name]))
    order = highest_first(figures[measures[0]], seen.count, layer.alphabet[rows])
    total, order = len(order), order[:top]
    rows = rows[order]
    at_left = np.bincount(ids[offset < 0], minlength=values)[rows]
    runs, places = _places(t, paired, ids, rows, values)
    table = pd.DataFrame(
        {
            "collocate": written.shown(t, by, rows),
            "count": count[rows],
            "left": at_left,
            "right": count[rows] - at_left,
            "texts": runs.holders(t.document),
            "expected": seen.expected[order],
            **{name: figure[order] for name, figure in figures.items()},
            "position": np.bincount(ids, weights=offset, minlength=values)[rows] / count[rows],
        }
    )
    return Finding(
        "collocates",
        f"Words near “{node}”",
        table,
        corpus,
        f"Words of paragraphs in reach of the node: {_said(left, right)}, not across {_ENDS[within]}; "
        f"by {by}: {COUNTED_BY[by]}"
        + (f"; only with tag {tag}" if tag else "")
        + ("; function words and numbers left out" if content and by != "tag" else "")
        + f"; at least {counted(minimum, 'time')}. {_scored(measures, total)}",
        places,
        _without(node, len(near.first), total, minimum),
        formats={name: FORMATS[name] for name in table if name in FORMATS},
        total=total,
    )


@dataclass(frozen=True, eq=False)
class _Near:
    """Hits of a node and the words in their reach: ``word`` and ``hit`` have one value a pair."""

    first: Ints  # first and last word of each hit
    last: Ints
    word: Ints
    hit: Ints  # which hit: hit by hit, and from left to right

    @property
    def offset(self) -> Ints:
        """How many words each word stands from its hit, negative to the left."""
        first, last = self.first[self.hit], self.last[self.hit]
        return self.word - np.where(self.word < first, first, last)

    def only(self, chosen: Flags) -> "_Near":
        """Return the chosen pairs (one truth a pair)."""
        return _Near(self.first, self.last, self.word[chosen], self.hit[chosen])


def _hits(t: Tokens, node: str) -> tuple[Ints, Ints]:
    """Return the first and last words of the hits in paragraphs."""
    first, last = concordance.hits(t, node, titles=False)
    return first.astype(np.int32), last.astype(np.int32)


def _near(t: Tokens, hits: tuple[Ints, Ints], left: int, right: int, within: Within) -> _Near:
    """Return the words in reach of each hit."""
    unit, bounds = {
        "sentence": (t.sentence, t.sentence_bounds),
        "passage": (t.passage, t.passage_bounds),
        "document": (t.document, t.document_bounds),
    }[within]
    first, last = hits
    low = np.maximum(first - left, bounds[unit[first]]).astype(np.int32)
    high = np.minimum(last + right, bounds[unit[last] + 1] - 1).astype(np.int32)
    before = first - low
    size = before + high - last
    pairs = int(size.sum(dtype=np.int64))
    if pairs > MOST_PAIRS:
        raise ParameterError(
            f"{pairs:,} words are in reach of the node, {MOST_PAIRS:,} can be counted: give a smaller "
            "window or a rarer node"
        )
    hit = np.repeat(np.arange(len(first), dtype=np.int32), size)
    # the words of a reach are numbered from its left end; from the hit on, they are moved past it
    opening = np.cumsum(size, dtype=np.int32) - size
    word = np.arange(pairs, dtype=np.int32) + np.repeat(low - opening, size)
    word += np.where(word >= first[hit], (last - first + 1)[hit], np.int32(0))
    if within == "document":  # it begins with its title, which is no paragraph
        body = ~t.in_title[word]
        word, hit = word[body], hit[body]
    return _Near(first, last, word, hit)


def _tagged(t: Tokens, tag: str) -> Flags:
    """Return whether the tag of each word is wanted."""
    try:
        pattern = re.compile(tag)
    except re.error as error:
        raise ParameterError(f"tag={tag!r} is no regular expression: {error}") from None
    tags = t.layer("tag")
    matching = np.array([bool(pattern.fullmatch(name)) for name in tags.names], dtype=np.bool_)
    return matching[tags.ids] if len(t) else np.zeros(0, dtype=np.bool_)


def _frequency(t: Tokens, layer: Layer, wanted: Flags) -> Longs:
    """Return how often each value of a layer stands in paragraphs among the wanted words."""
    return np.bincount(layer.ids[wanted & ~t.in_title], minlength=len(layer.names))


def _once(t: Tokens, layer: Layer, near: _Near, wanted: Flags | None) -> tuple[Longs, int]:
    """Return how many words in reach each value has, and how many are in reach, each word once."""
    word = np.sort(near.word)  # np.unique would hash them: many times slower
    new = np.ones(len(word), dtype=np.bool_)
    np.not_equal(word[1:], word[:-1], out=new[1:])
    reached = word[new]
    reach = len(reached)
    if wanted is not None:
        reached = reached[wanted[reached]]
    return np.bincount(layer.ids[reached], minlength=len(layer.names)), reach


def _places(t: Tokens, near: _Near, ids: Ints, rows: Longs, values: int) -> tuple[Runs, Places]:
    """Return the words of each row as runs, and the places from node to collocate."""
    row = np.full(values, -1, dtype=np.int32)
    row[rows] = np.arange(len(rows), dtype=np.int32)
    of_pair = row[ids]
    kept = np.flatnonzero(of_pair >= 0)
    order, bounds = grouped(of_pair[kept].astype(np.int64), len(rows))
    kept = kept[order]

    def spans(row: int) -> Bounds:
        pairs = kept[bounds[row] : bounds[row + 1]]
        word, hit = near.word[pairs], near.hit[pairs]
        end = np.maximum(word, near.last[hit])
        # of a pair in two paragraphs, the part that stands in the second
        opening = t.passage_bounds[t.passage[end]].astype(np.int32)
        return np.maximum(np.minimum(word, near.first[hit]), opening), end

    return Runs(1, near.word[kept], bounds), Places.later(t, np.arange(len(rows)), spans)


# ---- in words


def _said(left: int, right: int) -> str:
    if left == right:
        return f"{counted(left, 'word')} on either side"
    return f"{counted(left, 'word')} to the left and {right} to the right"


def _scored(measures: Sequence[str], tests: int) -> str:
    said = "Expected by chance: words in reach × frequency of the collocate ÷ words of paragraphs."
    if own := [name for name in measures if name in OF_FREQUENCIES]:
        said += (
            f" {' and '.join(own)}: by the frequencies of node and collocate, whatever the window "
            "(Rychlý 2008)."
        )
    if table := [name for name in measures if name in OF_TABLE]:
        said += (
            f" {' and '.join(table)}: over four cells, the words in reach and all others, each word "
            "once (Evert 2008)."
        )
    if test := next((name for name in measures if name in TESTS), ""):
        said += f" p: of {test}, by Holm over {counted(tests, 'collocate')}."
    return said


def _without(node: str, hits: int, rows: int, minimum: int) -> tuple[str, ...]:
    """Return why a table is empty."""
    if not hits:
        return (f"“{node}” does not stand in the paragraphs.",)
    if not rows:
        return (
            f"No such word is in reach of “{node}” {counted(minimum, 'time')} or more; the node stands "
            f"{counted(hits, 'time')} in the paragraphs.",
        )
    return ()
