"""Formulations: the set phrases of official language that the lexicon knows."""

from collections import defaultdict
from functools import lru_cache

import pandas as pd

from kit import tokens
from kit.corpus import Corpus
from kit.finding import VARIANTS, Finding, spellings
from kit.lexicon import Entry, load, read_own
from kit.matching import Matcher

_LANGUAGES = ("en", "zh", "ru")  # of texts; an entry has its forms in a field of the same name


def known(corpus: Corpus, *, own: str = "") -> Finding:
    """Find the formulations of the lexicon, in titles too; the longest of nested ones counts.

    `own` is a file of the same form whose entries are added. Columns: formulation (citation form),
    chinese (the original, where the phrase has one), count, texts, variants (as they stand in the
    texts, with counts), theme, meaning. In order of count, then of first place.
    """
    t = tokens.of(corpus)
    own = read_own("formulations", own)
    entries = {e["id"]: e for e in load("formulations", own)}
    found = matches(corpus, own)
    order = sorted(found, key=lambda i: (-len(found[i]), found[i][0]))
    rows = [
        (
            entries[i]["en"][0],
            original(entries[i]),
            len(found[i]),
            len({int(t.document[first]) for first, _ in found[i]}),
            spellings((corpus.text(t.span(*bounds)) for bounds in found[i]), VARIANTS, rest=True),
            entries[i].get("theme", ""),
            entries[i].get("gloss", ""),
        )
        for i in order
    ]
    return Finding(
        "formulations",
        "Known formulations",
        pd.DataFrame(
            rows,
            columns=["formulation", "chinese", "count", "texts", "variants", "theme", "meaning"],
        ),
        corpus,
        f"{len(entries)} formulations of the lexicon, matched by lemma whatever their hyphens and "
        "spelling; of nested ones the longest counts.",
        tuple(tuple(t.span(*bounds) for bounds in found[i]) for i in order),
        ("A phrase that the lexicon does not have is not found here; see the repeated phrases.",),
    )


def original(entry: Entry) -> str:
    """Return the Chinese form of an entry, "" where it has none."""
    return str(next(iter(entry.get("zh", ())), ""))


@lru_cache(maxsize=8)
def matches(corpus: Corpus, own: str, *, nested: bool = False) -> dict[str, list[tuple[int, int]]]:
    """Return (first word, last word) of each occurrence in reading order, by id of the formulation.

    `own` is the text of a user's lexicon. With `nested`, those that lie in others count too.
    """
    t = tokens.of(corpus)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for code in sorted({d.language for d in corpus} & set(_LANGUAGES)):
        for match in _matcher(code, own).find(t, nested=nested):
            found[match.key].append((match.first, match.last))
    return dict(found)


def preload() -> None:
    """Load the English formulations, which most corpora need."""
    _matcher("en", "")


@lru_cache(maxsize=8)
def _matcher(code: str, own: str) -> Matcher[str]:
    return Matcher(
        (
            (entry["id"], form)
            for entry in load("formulations", own)
            for form in entry.get(code, ())
        ),
        code,
    )
