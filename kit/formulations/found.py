"""Found formulations: what the texts of a corpus repeat, whole, with its variants in one row."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import tokens, written
from kit.corpus import Corpus
from kit.counts import FRAGMENT, covered, of_content
from kit.finding import Finding, spellings
from kit.lexicon import function_words
from kit.matching import parts_of
from kit.tokens import Ints, Layer, Longs, Tokens
from kit.tokens.places import Places
from kit.tokens.runs import Runs, repeated

FEWEST = 3  # texts: what stands in two may be one text and its copy
LONGEST = 24  # words; what goes on for longer is a passage carried over, another question
LONG = 8  # words from which phrases that overlap for the most part are one
SHORTER = 2 / 3  # of the words of a phrase: what has fewer of them is no form of it
NAME = 0.95  # share of its occurrences from which a phrase of capitals is a name, no formulation
_POSSESSIVE = re.compile(r"['\u2019\u02bc]s?$")
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Phrase:
    """A phrase found: how it is mostly written, its forms with counts, and its places in reading order.

    ``first`` and ``last`` have the first and the last word of each occurrence, both inclusive.
    """

    name: str
    forms: Counter[str]
    first: Ints
    last: Ints


def fewest(texts: int) -> int:
    """Return in how many of so many texts a phrase must stand: three, in a large archive more.

    A quarter of the square root of the number of texts: 5 of 400, 25 of 10,000.
    """
    return max(FEWEST, round(math.sqrt(texts) / 4))


def found(corpus: Corpus, *, texts: int | None = None, top: int | None = None) -> Finding:
    """Find the phrases that the texts of a corpus repeat, each with its variants.

    A phrase is 2 to 24 words within a sentence and within its marks, with content words at both
    ends, in at least `texts` texts (by default as ``fewest`` says). Equal is what has the same
    dictionary forms, whatever its hyphens and British or American spelling. A part of a longer phrase
    is a phrase of its own where it stands without that one in as many texts; else, where it has two
    thirds of its words, it is a variant of it. At most `top` rows are made. Columns: phrase, texts,
    count, variants. In order of texts.
    """
    minimum = texts or fewest(len(corpus))
    t = tokens.of(corpus)
    every = phrases(corpus, minimum)
    holders = [len(np.unique(t.document[p.first])) for p in every]
    order = sorted(
        range(len(every)), key=lambda i: (-holders[i], -len(every[i].first), every[i].name)
    )
    shown = order[:top]
    return Finding(
        "found",
        "Formulations that the texts repeat",
        pd.DataFrame(
            [
                (p.name, holders[i], len(p.first), spellings(p.forms))
                for i, p in ((i, every[i]) for i in shown)
            ],
            columns=["phrase", "texts", "count", "variants"],
        ),
        corpus,
        f"Runs of 2 to {LONGEST} words, content words at both ends, within marks, in {minimum} texts "
        "or more; inflection, hyphens and spelling make no difference; a part of a longer phrase is "
        f"listed where it stands alone in {minimum} texts, else counted as its variant.",
        Places(t, [(every[i].first, every[i].last) for i in shown]),
        () if len(corpus) >= minimum else (f"Fewer than {minimum} texts: nothing can repeat.",),
        total=len(every),
        applies=len(corpus) >= minimum,
    )


@lru_cache(maxsize=8)
def phrases(corpus: Corpus, minimum: int) -> tuple[Phrase, ...]:
    """Return the phrases that stand in the paragraphs of at least `minimum` texts, unordered."""
    t = tokens.of(corpus)
    if not len(t) or len(corpus) < minimum:
        return ()
    stream = _stream(t)
    groups = _owned(stream, _whole(stream, list(_candidates(stream, minimum)), minimum))
    return tuple(_phrases(t, stream, groups))


@dataclass(frozen=True, eq=False, slots=True)
class _Stream:
    """The words of a corpus by their parts: *good-neighbour* is two, as *good neighbour* is."""

    parts: Tokens  # each part a word
    word: Ints  # of each part, the word that it is of
    opens: Flags  # whether it is the first part of its word
    shuts: Flags  # whether it is the last one
    body: Flags  # whether it stands in a paragraph
    content: Flags  # whether it says something on its own
    small: Flags  # whether it says something and has a small letter first: it is part of no name
    capital: Flags


def _stream(t: Tokens) -> _Stream:
    of_form = parts_of(t)
    sizes = np.array([len(parts) for parts in of_form], dtype=np.int64)
    names: dict[str, int] = {}
    flat = np.array(
        [names.setdefault(lemma, len(names)) for parts in of_form for lemma, _ in parts], np.int32
    )
    begins = np.cumsum(sizes) - sizes
    repeats = sizes[t.ids]
    past = np.cumsum(repeats)
    word = np.repeat(np.arange(len(t), dtype=np.int32), repeats)
    inner = np.arange(len(word)) - np.repeat(past - repeats, repeats)
    bounds = np.concatenate(([0], past))
    opens = inner == 0
    parts = replace(
        t.columns,
        vocabulary=tuple(names),
        languages=("",) * len(names),
        ids=flat[np.repeat(begins[t.ids], repeats) + inner],
        start=t.start[word],
        close=t.close[word] | ~opens,
        sentence_bounds=bounds[t.sentence_bounds],
        passage_bounds=bounds[t.passage_bounds],
        document_bounds=bounds[t.document_bounds],
    )
    folded = t.layer("word")
    content = of_content(folded.names)[folded.ids]
    capital = np.array([w[:1].isupper() for w in t.vocabulary], dtype=np.bool_)[t.ids]
    return _Stream(
        Tokens(t.corpus, parts),
        word,
        opens,
        np.append(opens[1:], True),
        ~t.in_title[word],
        content[word],
        (content & ~capital)[word],
        capital[word],
    )


def _candidates(s: _Stream, minimum: int) -> Iterator[Runs]:
    """Yield the runs that begin and end as phrases do and are no fragments, shortest first."""
    t = s.parts
    layer = t.layer("form")
    marked, conjunctions = _after_a_mark(t), _conjunctions(s)
    # "Second World War" and "2 percent objective" are whole; "two years" says little, and the "4
    # percent" of "1/4 percent" nothing
    number = np.array([n[:1].isdigit() for n in layer.names], dtype=np.bool_)[layer.ids] & ~marked
    starts_well = s.opens & (s.content | number | (s.capital & ~_grammar(layer)[layer.ids]))
    ends_well = s.shuts & s.content
    small = np.concatenate(([0], np.cumsum(s.small)))
    # Whether a content word follows at once. A run after which one nearly always does is a fragment:
    # "the development of bilateral" (relations, ties).
    goes_on = np.append(t.close & s.content, False)
    for equal in repeated(
        t, layer, sizes=(2, LONGEST), minimum=minimum, within="marks", among=s.body
    ):
        last = equal.starts + equal.size - 1
        runs = equal.kept(starts_well[equal.starts] & ends_well[last])
        runs = runs.only(runs.holders(t.document) >= minimum)
        ends = runs.starts + runs.size
        compound = s.word[runs.starts] == s.word[ends - 1]  # one word with a hyphen
        name = small[ends] == small[runs.starts]
        fragment = runs.flagged(goes_on[ends]) >= FRAGMENT * runs.counts
        fragment |= 2 * runs.flagged(compound) >= runs.counts
        fragment |= runs.flagged(name) >= NAME * runs.counts
        yield runs.only(~fragment & ~_tail_of_a_list(runs, marked, conjunctions))


def _grammar(layer: Layer) -> Flags:
    words = function_words()
    return np.array([name in words for name in layer.names], dtype=np.bool_)


def _after_a_mark(t: Tokens) -> Flags:
    """Return for each word whether a mark stands before it in its sentence."""
    first = np.zeros(len(t), dtype=np.bool_)
    first[t.sentence_bounds[t.sentence_bounds < len(t)]] = True
    return ~t.close & ~first


def _conjunctions(s: _Stream) -> Longs:
    """Return how many *and* and *or* stand before each word."""
    layer = s.parts.layer("form")
    numbers = [n for n in map(layer.number, ("and", "or")) if n is not None]
    return np.concatenate(([0], np.cumsum(np.isin(layer.ids, numbers))))


def _tail_of_a_list(runs: Runs, after_a_mark: Flags, before: Longs) -> Flags:
    """Whether groups are "B and C" of "A, B and C": a list is counted whole, by ``lists``."""
    joins = before[runs.first + runs.size] > before[runs.first]
    return np.asarray(joins & (runs.flagged(after_a_mark[runs.starts]) >= FRAGMENT * runs.counts))


def _whole(s: _Stream, lengths: list[Runs], minimum: int) -> tuple[list[Runs], list[Runs]]:
    """Return the phrases, longest first, and the parts of them that hardly stand alone.

    Of the parts only the places where they do.
    """
    kept: list[Runs] = []
    parts: list[Runs] = []
    taken = np.zeros(len(s.parts) + 1, dtype=np.int64)  # +1 where a long phrase begins, -1 past it
    for runs in reversed(lengths):
        free = _apart(runs, taken) if runs.size >= LONG else ~covered(runs, kept)
        alone = runs.kept(free)
        whole = alone.holders(s.parts.document) >= minimum
        kept.append(runs.only(whole))
        parts.append(runs.only(~whole & (alone.counts > 0)))
        if runs.size > LONG:
            np.add.at(taken, kept[-1].starts, 1)
            np.add.at(taken, kept[-1].starts + runs.size, -1)
    return kept, parts


def _apart(runs: Runs, taken: Longs) -> Flags:
    """Return for each run whether most of it lies in no longer phrase, and in none before it as long.

    A passage that is carried over with small changes repeats in many windows: some stand for all.
    """
    words = np.concatenate(([0], np.cumsum(np.cumsum(taken[:-1]) > 0)))
    most = SHORTER * runs.size
    free: Flags = words[runs.starts + runs.size] - words[runs.starts] < most
    starts, open_ = runs.starts.tolist(), free.tolist()
    past = 0
    for i in sorted(range(len(starts)), key=starts.__getitem__):
        if open_[i] and past - starts[i] < most:
            past = starts[i] + runs.size
        else:
            free[i] = False
    return free


Group = list[tuple[Ints, int]]  # (first parts, size) of each of the forms that are one phrase


def _owned(s: _Stream, split: tuple[list[Runs], list[Runs]]) -> list[Group]:
    """Return the phrases as groups of runs; a part that is most of a phrase goes to it as a form."""
    kept, parts = split
    groups: list[Group] = [[(runs.of(i), runs.size)] for runs in kept for i in range(len(runs))]
    # At each place the phrase that reaches farthest of those begun by then: end and number in one.
    reach = np.full(len(s.parts), -1, dtype=np.int64)
    number = 0
    for runs in kept:
        owner = np.repeat(np.arange(number, number + len(runs)), runs.counts)
        np.maximum.at(reach, runs.starts, (runs.starts.astype(np.int64) + runs.size) << 32 | owner)
        number += len(runs)
    reach = np.maximum.accumulate(reach)
    for runs in parts:
        at = reach[runs.starts]
        inside = (at >> 32) >= runs.starts + runs.size
        for i in range(len(runs)):
            here = slice(int(runs.bounds[i]), int(runs.bounds[i + 1]))
            owners = at[here][inside[here]] & 0xFFFFFFFF
            if 2 * len(owners) >= here.stop - here.start:
                longer, counts = np.unique(owners, return_counts=True)
                mostly = groups[int(longer[counts.argmax()])]
                if runs.size >= SHORTER * mostly[0][1]:
                    mostly.append((runs.starts[here][~inside[here]], runs.size))
    return groups


def _phrases(t: Tokens, s: _Stream, groups: list[Group]) -> Iterator[Phrase]:
    """Yield the phrases of groups of runs, with the forms in which they stand."""
    places = []
    for group in groups:
        first = np.concatenate([s.word[starts] for starts, _ in group])
        last = np.concatenate([s.word[starts + size - 1] for starts, size in group])
        order = np.argsort(first, kind="stable")
        places.append((first[order], last[order]))
    for (first, last), forms in zip(places, _forms(t, places), strict=True):
        yield Phrase(_name(forms), forms, first, last)


def _name(forms: Counter[str]) -> str:
    """Return a phrase as it is mostly written, without a possessive; at a tie with fewer capitals.

    Where it also stands inside sentences, the capital of their first word is no part of it.
    """
    names: Counter[str] = Counter()
    for form, count in forms.items():
        names[_POSSESSIVE.sub("", form)] += count
    for name in [n for n in names if n[0].isupper()]:
        small = name[0].lower() + name[1:]
        if small in names:
            names[small] += names.pop(name)
    return min(names, key=lambda n: (-names[n], sum(c.isupper() for c in n), n))


def _forms(t: Tokens, places: list[tuple[Ints, Ints]]) -> list[Counter[str]]:
    """Return how the occurrences of each phrase are written, with counts."""
    found: list[Counter[str]] = [Counter() for _ in places]
    if not places:
        return found
    first = np.concatenate([f for f, _ in places])
    size = np.concatenate([last - f + 1 for f, last in places])
    of = np.repeat(np.arange(len(places)), [len(f) for f, _ in places])
    for length in set(size.tolist()):
        chosen = size == length
        numbers, counts = np.unique(of[chosen], return_counts=True)
        runs = Runs(length, first[chosen], np.concatenate(([0], np.cumsum(counts))))
        for number, forms in zip(numbers.tolist(), written.of_runs(t, runs), strict=True):
            found[number].update({written.together(form): n for form, n in forms.items()})
    return found
