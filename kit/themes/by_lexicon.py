"""Themes: what each paragraph is about, by a lexicon whose terms are shown."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from kit import tokens
from kit.corpus import Corpus, Span
from kit.finding import Finding, counted, spellings
from kit.lexicon import Entry, load, read_own
from kit.matching import Matcher

STRONG, WEAK = 1.0, 0.5
ENOUGH = 1.0  # weight of distinct terms from which a paragraph has a theme
_METHOD = (
    "A paragraph has a theme when the weights of the distinct terms found in it sum to 1 or more: "
    "1 for a term that tells the theme alone, ½ for one that needs company. "
    "It can have several themes or none."
)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A theme of one passage: the sum of weights and the terms that carried it."""

    score: float
    terms: tuple[str, ...]
    spans: tuple[Span, ...]


def by_paragraph(corpus: Corpus, *, own: str = "") -> Finding:
    """Return the themes of each paragraph, strongest first in each.

    `own` is a file of the same form whose themes are added. Columns: date, text (its title),
    paragraph, theme, score (sum of the weights of distinct terms), terms.
    """
    own = read_own("themes", own)
    names = _names(own)
    rows, evidence = [], []
    for (name, number), hits in _hits(corpus, own).items():
        if number == 0:
            continue
        document = corpus[name]
        for theme, hit in sorted(hits.items(), key=lambda x: (-x[1].score, x[0])):
            date = document.day
            rows.append(
                (date, document.title, number, names[theme], hit.score, ", ".join(hit.terms))
            )
            evidence.append(hit.spans)
    return Finding(
        "themes-by-paragraph",
        "Themes by paragraph",
        pd.DataFrame(rows, columns=["date", "text", "paragraph", "theme", "score", "terms"]),
        corpus,
        _METHOD,
        tuple(evidence),
        formats={"score": "{:.1f}"},
    )


def prominence(corpus: Corpus, *, own: str = "") -> Finding:
    """Return how much space each theme has and how early it comes.

    Columns: theme, paragraphs (that have it), share (of the paragraphs), words (in those
    paragraphs, as a share), place (mean position of those paragraphs in their text, 0 the first and
    1 the last), in_title (texts whose title has it), texts, terms (most telling first, with the
    number of paragraphs). Themes that no paragraph has are left out.
    """
    t = tokens.of(corpus)
    own = read_own("themes", own)
    names = _names(own)
    lengths = dict(zip(t.passages, np.diff(t.passage_bounds), strict=True))
    total = sum(len(d.paragraphs) for d in corpus)
    words = sum(int(n) for (_, number), n in lengths.items() if number)
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    titles: dict[str, int] = defaultdict(int)
    terms: dict[str, list[str]] = defaultdict(list)
    spans: dict[str, list[Span]] = defaultdict(list)
    for place, hits in _hits(corpus, own).items():
        for theme, hit in hits.items():
            if place[1] == 0:
                titles[theme] += 1
                continue
            places[theme].append(place)
            spans[theme].extend(hit.spans)
            terms[theme].extend(hit.terms)
    order = sorted(places, key=lambda i: (-len(places[i]), places[i][0]))
    rows = [
        (
            names[i],
            len(places[i]),
            len(places[i]) / total,
            sum(int(lengths[p]) for p in places[i]) / words if words else None,
            float(np.mean([_position(corpus, *p) for p in places[i]])),
            titles[i],
            len({name for name, _ in places[i]}),
            spellings(terms[i], most=8),
        )
        for i in order
    ]
    covered = len({place for found in places.values() for place in found})
    return Finding(
        "themes",
        "Themes by the space they have",
        pd.DataFrame(
            rows,
            columns="""
                theme paragraphs share words place in_title texts terms
            """.split(),
        ),
        corpus,
        f"{_METHOD} {len(names)} themes; {covered} of {counted(total, 'paragraph')} have one.",
        tuple(tuple(spans[i]) for i in order),
        formats={"share": "{:.0%}", "words": "{:.0%}", "place": "{:.2f}"},
    )


def ids(finding: Finding, *, least: int = 1, own: str = "") -> tuple[str, ...]:
    """Return the ids of the themes in a finding of ``prominence`` with `least` paragraphs or more."""
    by_name = {name: theme for theme, name in _names(read_own("themes", own)).items()}
    table = finding.table
    return tuple(by_name[name] for name in table["theme"][table["paragraphs"] >= least])


def _position(corpus: Corpus, name: str, number: int) -> float:
    last = len(corpus[name].paragraphs)
    return (number - 1) / (last - 1) if last > 1 else 0.0


def _names(own: str) -> dict[str, str]:
    return {theme["id"]: theme["name"] for theme in load("themes", own)}


@lru_cache(maxsize=8)
def _hits(corpus: Corpus, own: str) -> dict[tuple[str, int], dict[str, _Hit]]:
    """Return the themes of each passage that has one, in reading order."""
    t = tokens.of(corpus)
    found: dict[int, dict[str, dict[str, list[tuple[int, int]]]]] = defaultdict(dict)
    weights: dict[tuple[str, str], float] = {}
    for theme in load("themes", own):
        matcher = _matcher(theme["id"], own)
        for match in matcher.find(t):
            term, weight = match.key
            if weight:
                weights[theme["id"], term] = weight
                by_term = found[int(t.passage[match.first])].setdefault(theme["id"], {})
                by_term.setdefault(term, []).append((match.first, match.last))
    hits: dict[tuple[str, int], dict[str, _Hit]] = {}
    for passage in sorted(found):
        for theme_id, by_term in found[passage].items():
            score = sum(weights[theme_id, term] for term in by_term)
            if score >= ENOUGH:
                bounds = sorted(b for places in by_term.values() for b in places)
                terms = sorted(by_term, key=lambda x: (-weights[theme_id, x], by_term[x][0]))
                as_written = tuple(corpus.text(t.span(*by_term[x][0])) for x in terms)
                hits.setdefault(t.passages[passage], {})[theme_id] = _Hit(
                    score, as_written, tuple(t.span(*b) for b in bounds)
                )
    return hits


@lru_cache(maxsize=64)
def _matcher(theme_id: str, own: str) -> Matcher[tuple[str, float]]:
    theme = next(entry for entry in load("themes", own) if entry["id"] == theme_id)
    return Matcher(_patterns(theme))


def _patterns(theme: Entry) -> list[tuple[tuple[str, float], str]]:
    """Return (term, weight) and pattern of each term; a phrase under ``not`` has no weight."""
    return [
        ((term, weight), term)
        for field, weight in (("strong", STRONG), ("weak", WEAK), ("not", 0.0))
        for term in theme.get(field, ())
    ]
