"""How much of each text is carried over: at all, within its source and from others, and from which text."""

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.corpus import Corpus, Document
from kit.finding import Finding
from kit.reuse.repeats import AT_ONCE, Flags, Repeats
from kit.reuse.verbatim import ORDER, SHORTEST, cover, limits, named, repeats_of
from kit.tokens import Ints, Longs
from kit.tokens.places import Bounds, Places

STANDING_TEXTS, STANDING_SHARE = 3, 0.1  # earlier texts of its source that have boilerplate
LAST_HOLDERS = (
    50  # of a run: a phrase of thousands of texts does not tell which one it is taken from
)
_SERIES = re.compile(r"[^\W\d_]+(?=[-_. ]*\d|[-_])")  # CHN of CHN_01_1946
_SMALLEST_SERIES = 2  # texts
Shares = NDArray[np.float64]


def shares(corpus: Corpus, *, shortest: int = SHORTEST) -> Finding:
    """Give for each dated text the share of its words that is carried over from earlier texts.

    Carried over is a word in a run of `shortest` or more that an earlier text has; the share is of the
    words of paragraphs of that many words, as others can hold no such run. Columns: date, title, source,
    words (of such paragraphs), carried, own (carried from an earlier text of the same source), other
    (only from texts of other sources; own + other = carried), boilerplate (in runs that at least 3 and a
    tenth of the earlier texts of the source have), most_from_date, most_from_title and most_from (the
    earlier text that has most of its words, and how much). The latest first. Shares are from 0 to 1;
    empty for the first text, and boilerplate before the fourth of a source. The source is the publisher,
    the folder where none is named, or a series of ids that begin alike. Evidence: what is carried over.
    Raises ParameterError as ``passages``.
    """
    r = repeats_of(corpus, shortest)
    number = len(corpus.dates)
    documents = corpus.documents[:number]
    source, rule = sources(documents)
    index = {name: i for i, name in enumerate(sorted(set(source)))}
    codes = np.array([index[name] for name in source], dtype=np.int64)
    runs = _Runs(r, codes, number)
    words = np.bincount(r.document[_judged(r)], minlength=number)
    carried = runs.covered(r.length[r.order] > 0)
    own = runs.covered(runs.own_before > 0)
    earlier = _earlier_of_source(codes)
    boilerplate = runs.covered(
        runs.own_before >= np.maximum(STANDING_TEXTS, STANDING_SHARE * earlier[r.document[r.order]])
    )
    most, most_words = runs.most_from()
    first = np.arange(number) == 0
    rows = pd.DataFrame([named(d) for d in documents], columns=["date", "title"])
    rows["source"] = source
    rows["words"] = words
    rows["carried"] = _share(carried, words, first)
    rows["own"] = _share(own, words, first)
    rows["other"] = rows["carried"] - rows["own"]
    rows["boilerplate"] = _share(boilerplate, words, earlier < STANDING_TEXTS)
    taken = [named(documents[i]) if i >= 0 else (None, None) for i in most.tolist()]
    rows["most_from_date"] = [date for date, _ in taken]
    rows["most_from_title"] = [title for _, title in taken]
    rows["most_from"] = _share(most_words, words, most < 0)
    places = _carried_places(r, number)
    caveats, applies = limits(corpus)
    return Finding(
        "reuse",
        "How much of each text is carried over",
        rows[::-1],
        corpus,
        f"Share of the words that stand in runs of {shortest} words and more of an earlier text, of the "
        f"words of paragraphs as long as that. {ORDER}. {rule} boilerplate: in runs that at least "
        f"{STANDING_TEXTS} and {STANDING_SHARE:.0%} of the earlier texts of the source have. most_from: of "
        f"the last {LAST_HOLDERS} texts that have a run; of equal ones the latest.",
        Places(r.tokens, places[::-1]),
        caveats,
        applies=applies,
        formats=dict.fromkeys(("carried", "own", "other", "boilerplate", "most_from"), "{:.0%}"),
    )


def sources(documents: tuple[Document, ...]) -> tuple[list[str], str]:
    """Return the source of each document, and a sentence that says what it was taken from.

    That is the publisher, or the folder where none is named. Where that tells nothing apart, it is what
    ids begin with, if every id has such a beginning and each is shared by two texts or more.
    """
    origins = [d.publisher or d.source.rpartition("/")[0] for d in documents]
    if len(set(origins)) > 1:
        return origins, "A source is a publisher, or the folder where none is named."
    series = [m.group() if (m := _SERIES.match(d.id)) else "" for d in documents]
    number = Counter(series)
    if len(number) > 1 and all(number) and min(number.values()) >= _SMALLEST_SERIES:
        return series, "A source is a series of ids that begin alike."
    return origins, "All texts are of one source."


class _Runs:
    """The runs of ``shortest`` words that two texts have: one value a slot of ``order``."""

    def __init__(self, r: Repeats, codes: Longs, documents: int) -> None:
        self._r = r
        self._documents = documents
        self._of = r.document[r.order]
        group = r.group.astype(np.int64)
        # each text that has a run, run after run in order of texts
        holders, self._holder = np.unique(group * max(documents, 1) + self._of, return_inverse=True)
        self._holders = holders % max(documents, 1)
        run = holders // max(documents, 1)
        self._before = np.arange(len(run)) - np.searchsorted(run, run)
        # and the same of each source apart
        by_source = np.argsort(run * (len(codes) + 1) + codes[self._holders], kind="stable")
        key = (run * (len(codes) + 1) + codes[self._holders])[by_source]
        own = np.empty(len(run), dtype=np.int64)
        own[by_source] = np.arange(len(run)) - np.searchsorted(key, key)
        self.own_before: Longs = own[self._holder]  # earlier texts of its source with the run

    def covered(self, chosen: Flags) -> Longs:
        """Return for each text how many words lie in the chosen runs."""
        r = self._r
        depth = np.zeros(len(r) + 1, dtype=np.int64)
        starts = r.order[chosen]
        np.add.at(depth, starts, 1)
        np.subtract.at(depth, starts + r.shortest, 1)
        inside = np.cumsum(depth[:-1]) > 0
        return np.bincount(r.document[inside], minlength=self._documents)

    def most_from(self) -> tuple[Ints, Longs]:
        """Return for each text the earlier one that has most of its words (or -1), and how many."""
        best = np.full(self._documents, -1, dtype=np.int32)
        most = np.zeros(self._documents, dtype=np.int64)
        for starts, sources in self._pairs():
            packed = (sources << 32) | starts
            packed.sort()
            source, start = packed >> 32, packed & 0xFFFFFFFF
            of = self._r.document[start]
            step = np.diff(start, append=start[-1] + self._r.shortest)
            last = np.append((source[1:] != source[:-1]) | (of[1:] != of[:-1]), True)
            words = np.where(last, self._r.shortest, np.minimum(step, self._r.shortest))
            ends = np.flatnonzero(last)
            total = np.diff(np.concatenate(([0], np.cumsum(words)[ends])))
            by = np.lexsort((source[ends], total))  # the last one of a text is the best
            best[of[ends][by]] = source[ends][by]
            most[of[ends][by]] = total[by]
        return best, most

    def _pairs(self) -> Iterator[tuple[Longs, Longs]]:
        """Yield (start of a run, an earlier text that has it), all of some texts at a time."""
        by_place = np.argsort(self._r.order, kind="stable")
        holder = self._holder[by_place]
        number = np.minimum(self._before[holder], LAST_HOLDERS)
        ends = np.cumsum(number)
        of = self._of[by_place]
        text_ends = np.flatnonzero(np.diff(of, append=-1)) + 1
        done = 0
        while done < len(by_place):
            before = int(ends[done - 1]) if done else 0
            fits = text_ends[(text_ends > done) & (ends[text_ends - 1] - before <= AT_ONCE)]
            upto = int(fits[-1]) if len(fits) else int(text_ends[text_ends > done][0])
            size = number[done:upto]
            back = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size) + 1
            starts = np.repeat(self._r.order[by_place[done:upto]].astype(np.int64), size)
            if len(starts):
                yield starts, self._holders[np.repeat(holder[done:upto], size) - back]
            done = upto


def _judged(r: Repeats) -> Flags:
    """Whether each word stands in a paragraph long enough to hold a run."""
    starts = np.flatnonzero(np.diff(r.past, prepend=-1))
    size = np.diff(np.append(starts, len(r)))
    return np.repeat(size >= r.shortest, size)


def _earlier_of_source(codes: Longs) -> Longs:
    """Return for each text how many earlier ones its source has."""
    seen: Counter[int] = Counter()
    earlier = []
    for code in codes.tolist():
        earlier.append(seen[code])
        seen[code] += 1
    return np.array(earlier, dtype=np.int64)


def _share(part: Longs, whole: Longs, empty: Flags) -> Shares:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=(whole > 0) & ~empty)
    return share


def _carried_places(r: Repeats, number: int) -> list[Bounds]:
    """Return for each text the passages that it carries over."""
    start = r.maximal
    start = start[cover(start, r.length[start])]
    last = start + r.length[start] - 1
    bounds = np.searchsorted(r.document[start], np.arange(number + 1))
    return [
        (r.at[start[a:b]], r.at[last[a:b]])
        for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ]
