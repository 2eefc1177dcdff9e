"""Concordance: each occurrence of words in its line."""

import re

import numpy as np
import pandas as pd

from kit import language, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding, counted
from kit.tokens import Tokens

ANY = "*"


def kwic(corpus: Corpus, query: str, *, window: int = 8, titles: bool = True) -> Finding:
    """List the occurrences of a word or phrase, the key word in context.

    `query` is words as they are written; case, hyphen forms, apostrophes and possessive endings make
    no difference, ``*`` stands for any characters of a word. A phrase is not matched across
    sentences. Columns: date, title, paragraph, left, hit, right; `window` words on each side, which
    may reach over sentence ends but never out of the paragraph. Raises ParameterError where the
    query has no word.
    """
    t = tokens.of(corpus)
    rows, evidence = [], []
    for first, last in find(corpus, query):
        if t.in_title[first] and not titles:
            continue
        span = t.span(first, last)
        document = corpus[span.document]
        text = document.text(span.paragraph)
        left = max(first - window, int(np.searchsorted(t.passage, t.passage[first])))
        right = min(
            last + window, int(np.searchsorted(t.passage, t.passage[first], side="right")) - 1
        )
        rows.append(
            (
                document.date.isoformat() if document.date else None,
                document.title,
                span.paragraph,
                text[t.start[left] : span.start].strip(),
                text[span.start : span.end],
                text[span.end : t.end[right]].strip(),
            )
        )
        evidence.append((span,))
    hits = counted(len(rows), "line")
    return Finding(
        "kwic",
        f"“{query}” in context: {hits}",
        pd.DataFrame(rows, columns=["date", "title", "paragraph", "left", "hit", "right"]),
        corpus,
        f"{window} words on each side; case, hyphens and possessive endings make no difference; "
        "paragraph 0 is the title.",
        tuple(evidence),
    )


def find(corpus: Corpus, query: str) -> list[tuple[int, int]]:
    """Return (first word, last word) of each occurrence of the query, in reading order."""
    t = tokens.of(corpus)
    rules = language.of(corpus.documents[0].language if len(corpus) else "en")
    # the wildcard is protected from the tokeniser by a letter that no text has
    protected = query.replace(ANY, "\ue000")
    wanted = [rules.fold(protected[a:b]) for a, b in rules.words(protected)]
    if not wanted or all(not w.strip("\ue000") for w in wanted):
        raise ParameterError(f"the query {query!r} has no word: give words, e.g. win-win")
    choices = [_choices(t, w) for w in wanted]
    rarest = min(range(len(choices)), key=lambda i: sum(len(t.postings[c]) for c in choices[i]))
    starts = sorted(int(p) - rarest for c in choices[rarest] for p in t.postings[c])
    size = len(choices)
    return [
        (s, s + size - 1)
        for s in starts
        if s >= 0
        and s + size <= len(t)
        and t.sentence[s] == t.sentence[s + size - 1]
        and all(int(t.word[s + i]) in choices[i] for i in range(size))
    ]


def _choices(t: Tokens, wanted: str) -> set[int]:
    if "\ue000" not in wanted:
        return {int(t.word[p[0]])} if len(p := t.positions(wanted)) else set()
    pattern = re.compile(".*".join(re.escape(part) for part in wanted.split("\ue000")))
    return {i for i, word in enumerate(t.words) if pattern.fullmatch(word)}
