"""Formulations: the set phrases of official language that the lexicon knows."""

from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache

import pandas as pd

from kit import tokens
from kit.corpus import Corpus
from kit.finding import Finding, spellings
from kit.lexicon import Entry, load, read_own
from kit.matching import Matcher

_FORMS = {"en": "en", "zh": "zh", "ru": "ru"}  # language of a text -> field of an entry


def known(corpus: Corpus, *, own: str = "") -> Finding:
    """Find the formulations of the lexicon, in titles too; the longest of nested ones counts.

    `own` is a file of the same form whose entries are added. Columns: formulation (citation form),
    chinese (the original, where the phrase has one), count, texts, variants (as they stand in the
    texts, with counts), theme, meaning. In order of count, then of first place.
    """
    t = tokens.of(corpus)
    own = read_own("formulations", own)
    entries = {e["id"]: e for e in load("formulations", own)}
    found = _matches(corpus, own)
    order = sorted(found, key=lambda i: (-len(found[i]), found[i][0]))
    rows = [
        (
            entries[i]["en"][0],
            _original(entries[i]),
            len(found[i]),
            len({int(t.document[first]) for first, _ in found[i]}),
            spellings(corpus.text(t.span(*bounds)) for bounds in found[i]),
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


def absent(corpus: Corpus, *, themes: Collection[str] = (), own: str = "") -> Finding:
    """List the watched formulations that the latest text does not have.

    Watched are the entries of the lexicon marked ``watch``, of the given `themes` (all, where none
    are given). Columns: formulation, chinese, theme, earlier_texts_with_it and earlier_texts (both
    empty where there is no earlier text), last_said.
    """
    t = tokens.of(corpus)
    own = read_own("formulations", own)
    dated = [d for d in corpus if d.date] or list(corpus)
    earlier = dated[:-1]
    found = _matches(corpus, own, nested=True)
    rows, evidence = [], []
    for entry in load("formulations", own):
        if not entry.get("watch") or (themes and entry.get("theme") not in themes):
            continue
        spans = [t.span(*bounds) for bounds in found.get(entry["id"], ())]
        holders = {s.document for s in spans}
        if not dated or dated[-1].id in holders:
            continue
        before = [d for d in earlier if d.id in holders]
        last = before[-1] if before else None
        rows.append(
            (
                entry["en"][0],
                _original(entry),
                entry.get("theme", ""),
                len(before) if earlier else None,
                len(earlier) if earlier else None,
                last.date.isoformat() if last and last.date else None,
            )
        )
        evidence.append(tuple(s for s in spans if last and s.document == last.id))
    order = sorted(range(len(rows)), key=lambda i: (-(rows[i][3] or 0), rows[i][0].casefold()))
    few = len(earlier) < 10
    return Finding(
        "absent",
        "Watched formulations that the latest text does not have",
        pd.DataFrame(
            [rows[i] for i in order],
            columns=[
                "formulation",
                "chinese",
                "theme",
                "earlier_texts_with_it",
                "earlier_texts",
                "last_said",
            ],
        ).astype({"earlier_texts_with_it": "Int64", "earlier_texts": "Int64"}),
        corpus,
        "The lexicon's watched formulations on the themes of the text, less those found in it.",
        tuple(evidence[i] for i in order),
        (f"With {len(earlier)} earlier texts there is no base rate: an absence is no news yet.",)
        if few
        else (),
    )


def _original(entry: Entry) -> str:
    return str(entry.get("zh", [""])[0])


@lru_cache(maxsize=8)
def _matches(corpus: Corpus, own: str, *, nested: bool = False) -> dict[str, list[tuple[int, int]]]:
    """Return (first word, last word) of each occurrence, by id of the formulation."""
    t = tokens.of(corpus)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for code in sorted({d.language for d in corpus} & set(_FORMS)):
        for match in _matcher(code, own).find(t, nested=nested):
            found[match.key].append((match.first, match.last))
    return dict(found)


@lru_cache(maxsize=8)
def _matcher(code: str, own: str) -> Matcher[str]:
    return Matcher(
        (
            (entry["id"], form)
            for entry in load("formulations", own)
            for form in entry.get(_FORMS[code], ())
        ),
        code,
    )
