"""Copies: the same statement from two sites, word for word or nearly so."""

import datetime as dt
import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from kit.corpus import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5  # words
NEARLY = 0.9  # share of shingles in common (Jaccard) from which two texts of one day are one
_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+")
_BLANKS = {
    i: " " for i in range(128) if not chr(i).isalnum()
}  # what divides words of ASCII letters
_ODD = 0x9E3779B97F4A7C15  # 2^64 by the golden ratio: spreads what is multiplied with it


def copies(documents: Iterable[Document]) -> dict[str, str]:
    """Return for each copy the id of the text that it is a copy of: the first one by date and id.

    Word for word the same, whatever case and punctuation, is a copy where neither or only one is
    dated or both have one date; of two texts of one day also what shares 9 in 10 runs of 5 words.
    Texts of different days are never copies: a bank that says the same again has said it again.
    """
    ordered = sorted(documents, key=lambda d: (d.date is None, d.date or dt.date.max, d.id))
    found: dict[str, str] = {}
    exact: dict[tuple[bytes, dt.date | None], str] = {}
    for date, of_day in groupby(ordered, key=lambda d: d.date):
        kept: list[tuple[str, list[str]]] = []
        for document in of_day:
            words = _words(document)
            if not words:
                continue
            key = hashlib.sha256(" ".join(words).encode()).digest()
            first = exact.setdefault((key, date), document.id)
            exact.setdefault(
                (key, None), first
            )  # dated ones come first: an undated one is its copy
            first = exact[key, date]
            if first != document.id:
                found[document.id] = first
            elif date:
                kept.append((document.id, words))
        if len(kept) > 1:
            found |= _of_one_day(kept)
    # what is a copy of a near copy is one of the text that is kept
    return {copy: found.get(first, first) for copy, first in found.items()}


def _of_one_day(texts: list[tuple[str, list[str]]]) -> dict[str, str]:
    """Return the near copies of one day's texts, each given by its id and words.

    Two sets of which 9 in 10 are common have one in common among their first tenth, whatever the
    order (prefix filtering: Chaudhuri et al. 2006), so that few pairs need be compared.
    """
    import numpy as np  # noqa: PLC0415 (0.1 s: only where two texts are of one day)

    found: dict[str, str] = {}
    kept: list[tuple[str, NDArray[np.uint64]]] = []
    beginning: dict[int, list[int]] = defaultdict(list)
    for name, words in texts:
        shingles = _shingles(words)
        prefix = shingles[: len(shingles) - math.ceil(NEARLY * len(shingles)) + 1].tolist()
        for i in sorted({i for shingle in prefix for i in beginning.get(shingle, ())}):
            earlier, theirs = kept[i]
            common = len(np.intersect1d(shingles, theirs, assume_unique=True))
            if common >= NEARLY * (len(shingles) + len(theirs) - common):
                found[name] = earlier
                break
        else:
            for shingle in prefix:
                beginning[shingle].append(len(kept))
            kept.append((name, shingles))
    return found


def _words(document: Document) -> list[str]:
    folded = [text.casefold() for text in document.paragraphs]
    return [
        word
        for text in folded
        for word in (text.translate(_BLANKS).split() if text.isascii() else _WORD.findall(text))
    ]


def _shingles(words: list[str]) -> "NDArray[np.uint64]":
    """Return the runs of words as a sorted set of numbers that are the same for the same runs."""
    import numpy as np  # noqa: PLC0415

    numbers = np.fromiter(map(hash, words), np.int64, len(words)).view(np.uint64)
    runs = max(len(words) - SHINGLE + 1, 1)
    mixed = np.zeros(runs, dtype=np.uint64)
    for i in range(min(SHINGLE, len(words))):
        mixed = mixed * np.uint64(_ODD) + numbers[i : i + runs]
    mixed.sort()  # a third of the time of np.unique
    distinct: NDArray[np.uint64] = mixed[np.append(True, mixed[1:] != mixed[:-1])]
    return distinct
