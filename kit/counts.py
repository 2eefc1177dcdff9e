"""How often: words, and the phrases that a corpus repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import tokens, written
from kit.corpus import Corpus
from kit.finding import Finding, spellings
from kit.lexicon import function_words
from kit.measures.intervals import wilson
from kit.tokens import Ints, LayerName, Longs, Tokens, alphabet
from kit.tokens.places import Places
from kit.tokens.runs import Runs, joined, repeated

NUMERALS = frozenset(
    """
        one two three four five six seven eight nine ten first second third fourth fifth hundred
        thousand million billion trillion dozen
    """.split()
)
FRAGMENT = 0.85  # share of its occurrences from which a phrase that goes on is no whole one
LONGEST_PHRASE = 8  # words; longer repeats are passages carried over, another question
COUNTED_BY = {
    "form": "words as they are written",
    "lower": "words in small letters",
    "word": "case, hyphens and apostrophes folded, a possessive counted with its word",
    "lemma": "dictionary forms, without their context the likeliest",
    "tag": "Penn tags by spaCy",
}
Flags = NDArray[np.bool_]


def words(
    corpus: Corpus,
    *,
    by: LayerName = "word",
    content: bool = True,
    minimum: int = 1,
    headings: bool = True,
    top: int | None = None,
) -> Finding:
    """Count words under the word policy of the language.

    `by` is what is counted as one: ``word`` (folded), ``form`` (as written), ``lower``, ``lemma`` or
    ``tag``. `content` leaves out function words and numbers; words with a count under `minimum` are
    left out, and those of headings between paragraphs where `headings` is false. At most `top` rows
    are made. Columns: word (in its most frequent spelling), count (in paragraphs), per_thousand and
    per_million (of the words of paragraphs), low and high (per million: the Wilson interval, 95 %,
    which takes each word for a draw of its own), texts (that have it in a paragraph), in_title, forms
    (the spellings, most frequent first).
    """
    t = tokens.of(corpus)
    layer = t.layer(by)
    if headings:
        apart, body = t.in_title, t.body_words
        count, texts, order = t.spread(by).totals, t.spread(by).holders, t.once(_order, by)
        titled = layer.counts - count
    else:
        apart = t.in_title | t.in_heading
        body = len(t) - int(apart.sum())
        spread = tokens.spread(layer.ids[~apart], t.document[~apart], len(layer.names))
        count, texts = spread.totals, spread.holders
        titled = np.bincount(layer.ids[t.in_title], minlength=len(count))
        order = ranked(np.arange(len(count)), (-count,), layer.alphabet)
    chosen = count >= max(minimum, 1)
    if content and by != "tag":
        chosen &= t.once(_content, by)
    rows = order[chosen[order]]
    total, rows = len(rows), rows[:top]
    often = count[rows]
    low, high = wilson(often, body)
    spelt = written.of(t, by)
    table = pd.DataFrame(
        {
            "word": spelt.labels(rows),
            "count": often,
            "per_thousand": 1e3 * often / max(body, 1),
            "per_million": 1e6 * often / max(body, 1),
            "low": 1e6 * low,
            "high": 1e6 * high,
            "texts": texts[rows],
            "in_title": titled[rows],
            "forms": spelt.lists(rows),
        }
    )
    return Finding(
        "words",
        "Words by frequency",
        table,
        corpus,
        f"Counted by {by}: {COUNTED_BY[by]}; words of titles counted apart; low and high: Wilson "
        "interval of the rate per million, 95 %"
        + ("; function words and numbers left out." if content and by != "tag" else "."),
        Places.of_values(t, layer, rows, apart),
        formats=dict.fromkeys(("per_million", "low", "high"), per_million(body)),
        total=total,
    )


def _order(t: Tokens, by: LayerName) -> Longs:
    """Return the values of a layer, those most frequent in paragraphs first."""
    count = t.spread(by).totals
    return ranked(np.arange(len(count)), (-count,), t.layer(by).alphabet)


def _content(t: Tokens, by: LayerName) -> Flags:
    return of_content(t.layer(by).names)


def per_million(words: int) -> str:
    """Return how a rate per million is shown: of few words without decimals."""
    return "{:,.0f}" if words < 1e6 else "{:,.1f}"


def ranked(
    rows: Longs, keys: Sequence[NDArray[Any]], names: Sequence[str] | NDArray[np.int64]
) -> Longs:
    """Return rows in ascending order of keys (arrays over all rows), at a tie of their names.

    `names` are those of all rows, or their places in alphabetical order.
    """
    places = (
        names[rows]
        if isinstance(names, np.ndarray)
        else alphabet([names[i] for i in rows.tolist()])
    )
    return rows[np.lexsort([places, *(key[rows] for key in reversed(keys))])]


def of_content(names: Sequence[str]) -> Flags:
    """Return for each word whether it says something on its own."""
    return np.fromiter(map(is_content, names), np.bool_, len(names))


def is_content(word: str) -> bool:
    """Whether a folded word says something on its own: no function word, no bare number."""
    return (
        len(word) > 1
        and word not in function_words()
        and word not in NUMERALS
        and any(c.isalpha() for c in word)
    )


def phrases(
    corpus: Corpus, *, minimum: int = 2, longest: int = LONGEST_PHRASE, top: int | None = None
) -> Finding:
    """Find the phrases that the corpus repeats: whole, with content words at their edges.

    A phrase is 2 to `longest` words in one sentence with no punctuation between them, found at least
    `minimum` times. It begins and ends with a content word, an article that always goes before it
    is shown with it, and it is listed only where no longer phrase accounts for all its occurrences.
    At most `top` rows are made. Columns: phrase, count, texts, in_title, forms.
    """
    t = tokens.of(corpus)
    found = [p for runs in _whole(_candidates(t, minimum, longest)) for p in _phrases(t, runs)]
    found.sort(key=lambda p: (-p.texts, -p.count, -p.size, p.words))
    total, found = len(found), found[:top]
    rows, places = [], []
    for phrase in found:
        at = phrase.starts
        (forms,) = written.of_runs(t, Runs(phrase.size, at, np.array([0, len(at)])))
        in_body = at[~t.in_title[at]]
        label = written.together(written.label(forms, phrase.words[-1]))
        shown = written.together(spellings(forms))
        rows.append((label, phrase.count, phrase.texts, len(at) - phrase.count, shown))
        places.append((in_body, in_body + phrase.size - 1))
    return Finding(
        "phrases",
        "Phrases that the texts repeat",
        pd.DataFrame(rows, columns=["phrase", "count", "texts", "in_title", "forms"]),
        corpus,
        f"Runs of 2 to {longest} words (an article before them not counted) within a sentence, not "
        f"across punctuation, found {minimum} "
        "times or more, with content words at both ends; a part of a longer phrase is listed only "
        "where it also stands without it.",
        Places(t, places),
        total=total,
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Phrase:
    starts: Ints
    size: int
    count: int  # in paragraphs
    texts: int
    words: tuple[str, ...]


def _phrases(t: Tokens, runs: Runs) -> list[_Phrase]:
    """Return the phrases of runs, each with the article that always goes before it."""
    starts, counts = runs.starts, runs.counts
    before = np.maximum(starts - 1, 0)
    the = t.layer("word").number("the")
    article = (starts > 0) & t.close[starts] & (t.word[before] == (-1 if the is None else the))
    with_article = runs.flagged(article) == counts
    in_body = runs.flagged(~t.in_title[starts]).tolist()
    texts = runs.kept(~t.in_title[starts]).holders(t.document).tolist()
    found = []
    for i, first in enumerate(runs.first.tolist()):
        more = int(with_article[i])
        words = tuple(t.words[w] for w in t.word[first - more : first + runs.size].tolist())
        found.append(_Phrase(runs.of(i) - more, runs.size + more, in_body[i], texts[i], words))
    return found


def _candidates(t: Tokens, minimum: int, longest: int) -> list[Runs]:
    """Return the runs of content that repeat and are no fragments, shortest first."""
    if not len(t):
        return []
    layer = t.layer("word")
    edge = np.array([w not in function_words() for w in layer.names], dtype=np.bool_)[layer.ids]
    lettered = np.array([any(c.isalpha() for c in w) for w in layer.names], dtype=np.bool_)
    alone = lettered[layer.ids]
    capital = np.array([w[:1].isupper() for w in t.vocabulary], dtype=np.bool_)[t.ids]
    # Whether a content word follows at once. A run after which one nearly always does is a fragment:
    # "the development of bilateral" (relations, ties). No tagger is needed to see that.
    # A name is whole although it mostly stands before a noun: "Belt and Road" (cooperation).
    goes_on = np.append(joined(t, "marks") & edge, False)
    found = []
    for runs in repeated(t, layer, sizes=(2, longest), minimum=minimum, within="marks"):
        first, last = runs.first, runs.first + runs.size - 1
        runs = runs.only(edge[first] & edge[last] & (alone[first] | alone[last]))  # noqa: PLW2901
        runs = runs.only(runs.flagged(~t.in_title[runs.starts]) >= minimum)  # noqa: PLW2901
        ends = runs.starts + runs.size
        named = runs.flagged(capital[runs.starts] & capital[ends - 1]) == runs.counts
        found.append(runs.only(named | (runs.flagged(goes_on[ends]) < FRAGMENT * runs.counts)))
    return found


def _whole(lengths: list[Runs]) -> list[Runs]:
    """Keep a phrase where at least one occurrence lies in no longer phrase."""
    kept: list[Runs] = []
    for runs in reversed(lengths):
        free = ~covered(runs, kept)
        kept.append(runs.only(runs.flagged(free) > 0))
    return kept


def covered(runs: Runs, longer: Sequence[Runs]) -> Flags:
    """Return for each run whether it lies within one of the longer runs."""
    if not len(runs) or not longer:
        return np.zeros(len(runs.starts), dtype=np.bool_)
    ends = np.zeros(1 + max(int(r.starts.max(initial=0)) for r in (runs, *longer)), dtype=np.int64)
    for r in longer:
        np.maximum.at(ends, r.starts, r.starts + r.size)
    reach = np.maximum.accumulate(ends)
    return np.asarray(reach[runs.starts] >= runs.starts + runs.size)
