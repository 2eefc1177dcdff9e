"""How often: words and the phrases that a corpus repeats."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus
from kit.finding import Finding, spellings
from kit.lexicon import function_words
from kit.tokens import Tokens

NUMERALS = frozenset(
    """
        one two three four five six seven eight nine ten first second third fourth fifth hundred
        thousand million billion trillion dozen
    """.split()
)
Places = NDArray[np.int64]
FRAGMENT = 0.85  # share of its occurrences from which a phrase that goes on is no whole one
LONGEST_PHRASE = 8  # words; longer repeats are passages carried over, another question


def words(
    corpus: Corpus, *, content: bool = True, minimum: int = 1, headings: bool = True
) -> Finding:
    """Count words under the word policy of the language.

    Columns: word (in its most frequent spelling), count (in paragraphs), per_thousand (of the words
    of paragraphs), texts (that have it in a paragraph), in_title, forms (the spellings, most
    frequent first). `content`
    leaves out function words and numbers; words with a count under `minimum` are left out, and those
    of headings between paragraphs where `headings` is false.
    """
    t = tokens.of(corpus)
    apart = t.in_title if headings else t.in_title | t.in_heading
    body = int((~apart).sum())
    rows, evidence = [], []
    for number, positions in t.layer("word").postings():
        word = t.words[number]
        if content and not is_content(word):
            continue
        in_body = positions[~apart[positions]]
        if len(in_body) < minimum:
            continue
        rows.append(
            (
                label(t, [(p, p) for p in positions]),
                len(in_body),
                1000 * len(in_body) / body if body else None,
                len(np.unique(t.document[in_body])),
                int(t.in_title[positions].sum()),
                forms(t, ((p, p) for p in positions)),
            )
        )
        evidence.append(tuple(t.span(p, p) for p in in_body[:200]))
    order = sorted(range(len(rows)), key=lambda i: (-rows[i][1], rows[i][0]))
    return Finding(
        "words",
        "Words by frequency",
        pd.DataFrame(
            [rows[i] for i in order],
            columns=["word", "count", "per_thousand", "texts", "in_title", "forms"],
        ),
        corpus,
        "Case, hyphens and apostrophes folded, a possessive counted with its word; words of titles "
        "counted apart" + ("; function words and numbers left out." if content else "."),
        tuple(evidence[i] for i in order),
    )


def phrases(corpus: Corpus, *, minimum: int = 2, longest: int = LONGEST_PHRASE) -> Finding:
    """Find the phrases that the corpus repeats: whole, with content words at their edges.

    A phrase is 2 to `longest` words in one sentence with no punctuation between them, found at least
    `minimum` times. It begins and ends with a content word, an article that always goes before it
    is shown with it, and it is listed only where no longer phrase accounts for all its occurrences.
    Columns: phrase, count, texts, in_title, forms.
    """
    t = tokens.of(corpus)
    found = _repeated(t, minimum, longest)
    rows, evidence = [], []
    for length, starts in found:
        first = _with_article(t, starts)
        reach = length + (first[0] != starts[0])
        in_body = [s for s in first if not t.in_title[s]]
        if len(in_body) < minimum:
            continue
        bounds = [(s, s + reach - 1) for s in first]
        rows.append(
            (
                label(t, bounds),
                len(in_body),
                len(np.unique(t.document[in_body])),
                len(first) - len(in_body),
                forms(t, bounds),
            )
        )
        evidence.append(tuple(t.span(s, s + reach - 1) for s in in_body[:200]))
    order = sorted(
        range(len(rows)), key=lambda i: (-rows[i][2], -rows[i][1], -len(rows[i][0]), rows[i][0])
    )
    return Finding(
        "phrases",
        "Phrases that the texts repeat",
        pd.DataFrame(
            [rows[i] for i in order], columns=["phrase", "count", "texts", "in_title", "forms"]
        ),
        corpus,
        f"Runs of 2 to {longest} words (an article before them not counted) within a sentence, not "
        f"across punctuation, found {minimum} "
        "times or more, with content words at both ends; a part of a longer phrase is listed only "
        "where it also stands without it.",
        tuple(evidence[i] for i in order),
    )


def is_content(word: str) -> bool:
    """Whether a folded word says something on its own: no function word, no bare number."""
    return (
        len(word) > 1
        and word not in function_words()
        and word not in NUMERALS
        and any(c.isalpha() for c in word)
    )


def _repeated(t: Tokens, minimum: int, longest: int) -> list[tuple[int, list[int]]]:
    """Return (length, first words) of each repeated phrase that no longer one accounts for.

    A run can only repeat if both its shorter runs do, so each length is searched among the places
    that the length below has left.
    """
    edge = np.array([w not in function_words() for w in t.words], dtype=np.bool_)
    alone = np.array([any(c.isalpha() for c in w) for w in t.words], dtype=np.bool_)
    if not len(t):
        return []
    word, close = t.word.astype(np.int64), t.close
    capital = np.array([w[:1].isupper() for w in t.vocabulary], dtype=np.bool_)[t.ids]
    # Whether a content word follows at once. A run after which one nearly always does is a fragment:
    # "the development of bilateral" (relations, ties). No tagger is needed to see that.
    # A name is whole although it mostly stands before a noun: "Belt and Road" (cooperation).
    goes_on = np.append(close & edge[word], False)

    def whole(starts: Places, length: int) -> bool:
        named = capital[starts].all() and capital[starts + length - 1].all()
        return bool(named or goes_on[starts + length].mean() < FRAGMENT)

    places = np.arange(len(t))
    group = word.copy()
    lengths: list[tuple[int, list[Places]]] = []
    for length in range(2, longest + 1):
        last = places + length - 1
        places = places[(last < len(t))]
        places = places[close[places + length - 1]]
        pairs = group[places] * len(t.words) + word[places + length - 1]
        _, inverse, counts = np.unique(pairs, return_inverse=True, return_counts=True)
        kept = counts[inverse] >= minimum
        places, inverse = places[kept], inverse[kept]
        if not len(places):
            break
        group = np.full(len(t), -1, dtype=np.int64)
        group[places] = inverse
        ends_well = edge[word[places]] & edge[word[places + length - 1]]
        ends_well &= alone[word[places]] | alone[word[places + length - 1]]
        order = np.argsort(inverse[ends_well], kind="stable")
        chosen = places[ends_well][order]
        cuts = np.flatnonzero(np.diff(inverse[ends_well][order])) + 1
        groups = [g for g in np.split(chosen, cuts) if (~t.in_title[g]).sum() >= minimum]
        lengths.append((length, [g for g in groups if whole(g, length)]))
    return _whole(lengths)


def _whole(lengths: list[tuple[int, list[Places]]]) -> list[tuple[int, list[int]]]:
    """Keep a phrase where at least one occurrence lies in no longer phrase."""
    covered: set[tuple[int, int]] = set()
    kept: list[tuple[int, list[int]]] = []
    for length, groups in reversed(lengths):
        fresh = []
        for starts in groups:
            places = starts.tolist()
            if any((s, length) not in covered for s in places):
                kept.append((length, places))
                fresh.extend(places)
        for s in fresh:
            for shorter in range(2, length):
                covered.update((s + i, shorter) for i in range(length - shorter + 1))
    return kept


def _with_article(t: Tokens, starts: list[int]) -> list[int]:
    """Return the starts one word earlier where each occurrence has *the* right before it."""
    if all(s > 0 and t.close[s] and t.words[t.word[s - 1]] == "the" for s in starts):
        return [s - 1 for s in starts]
    return starts


def forms(t: Tokens, bounds: Iterable[tuple[int, int]]) -> str:
    """Return the spellings of an item that stands at these (first, last) words."""
    return spellings(
        " ".join(t.vocabulary[t.ids[i]] for i in range(first, last + 1)) for first, last in bounds
    )


def label(t: Tokens, bounds: Sequence[tuple[int, int]]) -> str:
    """Return a phrase in its most frequent spelling without a possessive ending."""
    labels: Counter[str] = Counter()
    for first, last in bounds:
        parts = [t.vocabulary[t.ids[i]] for i in range(first, last)]
        end = t.vocabulary[t.ids[last]]
        folded = t.words[t.word[last]]
        labels[" ".join([*parts, end[: len(folded)] if len(folded) < len(end) else end])] += 1
    best = min(labels, key=lambda f: (-labels[f], sum(c.isupper() for c in f), f))
    article, _, rest = best.partition(" ")
    return f"the {rest}" if article == "The" else best
