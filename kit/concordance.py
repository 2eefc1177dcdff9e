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
_ANY = "\ua78f"  # stands for it while a query is read: a letter, so that it stays in its word


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
    """Return (first word, last word) of each occurrence of the query, in reading order.

    In a corpus of several languages the query is read by the rules of each in turn.
    """
    t = tokens.of(corpus)
    codes = sorted({d.language for d in corpus}) or ["en"]
    queries = {code: _words(query, code) for code in codes}
    if not any(queries.values()):
        raise ParameterError(f"the query {query!r} has no word: give words, e.g. win-win")
    return sorted(hit for code, wanted in queries.items() for hit in _find(t, wanted, code))


def _words(query: str, code: str) -> list[str]:
    """Return the folded words of a query, a wildcard in them as _ANY."""
    rules = language.of(code)
    protected = query.replace(ANY, _ANY)
    words = [rules.fold(protected[a:b]) for a, b in rules.words(protected)]
    return words if any(word.strip(_ANY) for word in words) else []


def _find(t: Tokens, wanted: list[str], code: str) -> list[tuple[int, int]]:
    if not wanted:
        return []
    choices = [_choices(t, w) for w in wanted]
    rarest = min(range(len(choices)), key=lambda i: sum(len(t.layer("word").positions(c)) for c in choices[i]))
    starts = (int(p) - rarest for c in choices[rarest] for p in t.layer("word").positions(c))
    size = len(choices)
    return [
        (s, s + size - 1)
        for s in starts
        if s >= 0
        and s + size <= len(t)
        and t.languages[t.ids[s]] == code
        and t.sentence[s] == t.sentence[s + size - 1]
        and all(int(t.word[s + i]) in choices[i] for i in range(size))
    ]


def _choices(t: Tokens, wanted: str) -> set[int]:
    if _ANY not in wanted:
        return {int(t.word[p[0]])} if len(p := t.positions(wanted)) else set()
    pattern = re.compile(".*".join(re.escape(part) for part in wanted.split(_ANY)))
    return {i for i, word in enumerate(t.words) if pattern.fullmatch(word)}
