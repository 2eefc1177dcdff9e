"""The table of names, and all mentions of a corpus."""

from collections import Counter, defaultdict
from functools import lru_cache

import pandas as pd

from kit import language, lexicon
from kit.annotate import annotate
from kit.corpus import Corpus, Span
from kit.finding import Finding, spellings
from kit.names import across, english, foreign, people
from kit.names.mention import KINDS, PLURALS, Found, Mention


def names(corpus: Corpus, *, own: str = "") -> Finding:
    """List what English, Chinese and Russian texts name, one row one thing."""
    return _names(corpus, lexicon.read_own("names", own))


def _names(corpus: Corpus, own: str) -> Finding:
    grouped: dict[tuple[str, str], list[tuple[str, Found]]] = defaultdict(list)
    for document, found in _found(corpus, own).items():
        for f in found:
            grouped[f.kind, f.name].append((document, f))
    rows, evidence, keys = [], [], []
    for (kind, name), all_ in grouped.items():
        body = [x for x in all_ if x[1].paragraph]
        roles = Counter(f.role for _, f in all_ if f.role)
        document, first = (body or all_)[0]
        rows.append(
            (name, kind, len(body), sum(f.adjective for _, f in body), len(all_) - len(body),
             len({d for d, _ in all_}), first.paragraph, spellings(f.form for _, f in all_),
             roles.most_common(1)[0][0] if roles else "")
        )  # fmt: skip
        evidence.append(tuple(Span(d, f.paragraph, f.start, f.end) for d, f in (body or all_)))
        keys.append((KINDS.index(kind), -len(body), first.paragraph, first.start))
    order = sorted(range(len(rows)), key=keys.__getitem__)
    columns = "name kind mentions adjectives in_title texts first forms role".split()
    return Finding(
        "names", "Who and what is named", pd.DataFrame([rows[i] for i in order], columns=columns),
        corpus,
        "The gazetteer first, then spaCy's names; forms and abbreviations of one thing are one row; "
        "a country's adjective and people count for it.",
        tuple(evidence[i] for i in order), _caveats(corpus),
    )  # fmt: skip


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    codes = sorted({d.language for d in corpus})
    others = [code for code in codes if code not in ("en", *foreign.CODES)]
    unread = f"Texts in {', '.join(others)} were not searched." if others else ""
    return tuple(filter(None, (unread, *(language.missing(code) for code in codes))))


def of_kind(finding: Finding, *kinds: str) -> Finding:
    """Return a finding of ``names`` cut to some kinds, named after them."""
    kept = [i for i, kind in enumerate(finding.table["kind"]) if kind in kinds]
    return Finding(
        f"{finding.name}-{kinds[0]}",
        ", ".join(PLURALS[kind] for kind in kinds).capitalize(),
        finding.table.iloc[kept],
        finding.corpus,
        finding.method,
        tuple(finding.evidence[i] for i in kept),
        finding.caveats,
    )


@lru_cache(maxsize=8)
def mentions(corpus: Corpus, own: str = "") -> tuple[Mention, ...]:
    """Return all mentions in reading order."""
    return tuple(
        Mention(f.name, f.kind, Span(d, f.paragraph, f.start, f.end), f.role, f.adjective)
        for d, found in _found(corpus, lexicon.read_own("names", own)).items()
        for f in found
    )


@lru_cache(maxsize=8)
def _found(corpus: Corpus, own: str) -> dict[str, list[Found]]:
    parsed = annotate(corpus)
    found: dict[str, list[Found]] = {d.id: [] for d in corpus}
    for d in corpus:
        if d.id in parsed:
            found[d.id] = english.mentions(d, parsed[d.id], own)
    for code in sorted({d.language for d in corpus} & set(foreign.CODES)):
        for document, more in foreign.mentions(corpus, code).items():
            found[document] = sorted(more, key=lambda f: (f.paragraph, f.start))
    return across.resolve(corpus.documents, found)
