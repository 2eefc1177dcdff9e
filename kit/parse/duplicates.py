"""Copies: the same statement from two sites, word for word or nearly so."""

import datetime as dt
import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable

from kit.corpus import Document

SHINGLE = 5  # words
NEARLY = 0.9  # share of shingles in common (Jaccard) from which two texts of one day are one
_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+")


def copies(documents: Iterable[Document]) -> dict[str, str]:
    """Return for each copy the id of the text that it is a copy of: the first one by date and id.

    Word for word the same, whatever case and punctuation, is a copy where neither or only one is
    dated or both have one date; of two texts of one day also what shares 9 in 10 runs of 5 words.
    Texts of different days are never copies: a bank that says the same again has said it again.
    """
    ordered = sorted(documents, key=lambda d: (d.date is None, d.date or dt.date.max, d.id))
    found: dict[str, str] = {}
    exact: dict[tuple[bytes, dt.date | None], str] = {}
    by_day: dict[dt.date, list[Document]] = defaultdict(list)
    for document in ordered:
        words = _words(document)
        if not words:
            continue
        key = hashlib.sha256(" ".join(words).encode()).digest()
        first = exact.setdefault((key, document.date), document.id)
        exact.setdefault((key, None), first)  # dated ones come first: an undated one is its copy
        first = exact[key, document.date]
        if first != document.id:
            found[document.id] = first
        elif document.date:
            by_day[document.date].append(document)
    for day in by_day.values():
        if len(day) > 1:
            found |= _of_one_day(day)
    # what is a copy of a near copy is one of the text that is kept
    return {copy: found.get(first, first) for copy, first in found.items()}


def _of_one_day(documents: list[Document]) -> dict[str, str]:
    """Return the near copies of one day's texts.

    Two sets of which 9 in 10 are common have one in common among their first tenth, whatever the
    order (prefix filtering: Chaudhuri et al. 2006), so that few pairs need be compared.
    """
    found: dict[str, str] = {}
    kept: list[tuple[Document, frozenset[int]]] = []
    beginning: dict[int, list[int]] = defaultdict(list)
    for document in documents:
        shingles = _shingles(_words(document))
        prefix = sorted(shingles)[: len(shingles) - math.ceil(NEARLY * len(shingles)) + 1]
        for i in sorted({i for shingle in prefix for i in beginning.get(shingle, ())}):
            earlier, theirs = kept[i]
            common = len(shingles & theirs)
            if common >= NEARLY * (len(shingles) + len(theirs) - common):
                found[document.id] = earlier.id
                break
        else:
            for shingle in prefix:
                beginning[shingle].append(len(kept))
            kept.append((document, shingles))
    return found


def _words(document: Document) -> list[str]:
    return [w for text in document.paragraphs for w in _WORD.findall(text.casefold())]


def _shingles(words: list[str]) -> frozenset[int]:
    if len(words) <= SHINGLE:
        return frozenset([hash(tuple(words))])
    runs = zip(*(words[i:] for i in range(SHINGLE)), strict=False)
    return frozenset(map(hash, runs))
