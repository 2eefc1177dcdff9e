"""All mentions of a corpus, and the table of what is named."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from kit import keep, language, lexicon
from kit.annotate import annotate
from kit.corpus import Corpus, Span
from kit.finding import Finding, spellings, strings
from kit.names import across, english, foreign, kept, people
from kit.names.mention import KINDS, PLURALS, Found, Mention

_COLUMNS = "name kind mentions adjectives in_title texts first_date last_date first forms role roles".split()
_METHOD = (
    "The gazetteer first, then names by a title before them or a word that tells their kind, then "
    "spaCy's; forms and abbreviations of one thing are one row, across the texts, too; a country's "
    "adjective and people count for it. A surname is a person's who is named in full, in the text or "
    "within 12 years of it."
)


@keep.finding
def names(corpus: Corpus, *, own: str = "") -> Finding:
    """List what English, Chinese and Russian texts name, one row one thing.

    `own` is the path of a user's file of names, of the form of ``lexicons/names.toml``; it adds to the
    gazetteer and replaces entries of the same name.

    Columns: name (citation form), kind, mentions (in paragraphs), adjectives (of them, such as
    *Chinese* for China), in_title, texts, first_date and last_date (of the texts that name it; empty
    without dates), first (paragraph of the first mention in the earliest text), forms (as they stand in
    the texts, with counts), role (of people: the office given most, else the form of address), roles
    (all, in order of time, with counts and years). In order of kind, then of mentions, then of first
    place. Raises ReadError where `own` cannot be read.
    """
    grouped: dict[tuple[str, str], list[tuple[str, Found]]] = defaultdict(list)
    for document, found in _found(corpus, lexicon.read_own("names", own)).items():
        for f in found:
            grouped[f.kind, f.name].append((document, f))
    days = {d.id: d.date for d in corpus}
    rows, evidence, keys = [], [], []
    for (kind, name), all_ in grouped.items():
        body = [x for x in all_ if x[1].paragraph]
        shown = body or all_
        first = shown[0][1]
        documents = dict.fromkeys(d for d, _ in all_)
        dated = [day for d in documents if (day := days[d])]
        role, roles = _roles(all_, days) if kind == "person" else ("", "")
        rows.append(
            (
                name,
                kind,
                len(body),
                sum(f.adjective for _, f in body),
                len(all_) - len(body),
                len(documents),
                min(dated).isoformat() if dated else None,
                max(dated).isoformat() if dated else None,
                first.paragraph,
                spellings(Counter(f.form for _, f in all_)),
                role,
                roles,
            )
        )
        evidence.append(tuple(Span(d, f.paragraph, f.start, f.end) for d, f in shown))
        keys.append((KINDS.index(kind), -len(body), first.paragraph, first.start, name))
    order = sorted(range(len(rows)), key=keys.__getitem__)
    table = pd.DataFrame([rows[i] for i in order], columns=_COLUMNS)
    for column in ("first_date", "last_date"):
        table[column] = strings(table[column])
    return Finding(
        "names",
        "Who and what is named",
        table,
        corpus,
        _METHOD,
        tuple(evidence[i] for i in order),
        _caveats(corpus),
    )


def _roles(all_: Iterable[tuple[str, Found]], days: dict[str, dt.date | None]) -> tuple[str, str]:
    """Return the office given most (else the form of address), and all roles in order of time."""
    counts: Counter[str] = Counter()
    years: dict[str, set[int]] = defaultdict(set)
    for document, f in all_:
        if f.role:
            counts[f.role] += 1
            day = days[document]
            years[f.role].update([day.year] if day else [])
    if not counts:
        return "", ""
    offices = [r for r in counts if not people.is_address(r)]
    several = len({y for its in years.values() for y in its}) > 1
    told = []
    for role, count in counts.items():
        when = sorted(years[role])
        span = f", {when[0]}" + (f"\u2013{when[-1]}" if len(when) > 1 else "") if when else ""
        told.append(f"{role} ({count:,}{span if several else ''})")
    return max(offices or counts, key=counts.__getitem__), ", ".join(told)


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    codes = sorted({d.language for d in corpus})
    others = [code for code in codes if code not in ("en", *foreign.CODES)]
    unread = f"Texts in {', '.join(others)} were not searched." if others else ""
    return tuple(filter(None, (unread, *(language.missing(code) for code in codes))))


def of_kind(finding: Finding, *kinds: str) -> Finding:
    """Return a finding of ``names`` cut to some kinds, named after them."""
    chosen = [i for i, kind in enumerate(finding.frame["kind"]) if kind in kinds]
    return replace(
        finding,
        name=f"{finding.name}-{kinds[0]}",
        title=", ".join(PLURALS[kind] for kind in kinds).capitalize(),
        frame=finding.frame.iloc[chosen],
        evidence=tuple(finding.evidence[i] for i in chosen),
        total=len(chosen),
    )


@lru_cache(maxsize=8)
def mentions(corpus: Corpus, own: str = "") -> tuple[Mention, ...]:
    """Return all mentions in reading order; `own` is the path of a user's file of names."""
    return tuple(
        Mention(f.name, f.kind, Span(d, f.paragraph, f.start, f.end), f.role, f.adjective)
        for d, found in _found(corpus, lexicon.read_own("names", own)).items()
        for f in found
    )


@lru_cache(maxsize=8)
def _found(corpus: Corpus, own: str) -> dict[str, list[Found]]:
    """Return the mentions of each document in reading order, resolved across the corpus."""
    read = [d for d in corpus if d.language in ("en", *foreign.CODES)]
    found = kept.load(read, own)
    new = corpus.where(lambda d: d.id not in found and d.language in ("en", *foreign.CODES))
    if len(new):
        parsed = annotate(new)
        for d in new:
            if d.language == "en":
                found[d.id] = english.mentions(d, parsed[d.id], own)
        for code in sorted({d.language for d in new} & set(foreign.CODES)):
            found |= foreign.mentions(new, code, own)
        kept.store((d for d in new if not language.missing(d.language)), own, found)
    return across.resolve(read, found)
