"""Themes: what each paragraph is about, by a lexicon whose terms are shown."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from kit import keep, tokens
from kit.corpus import Corpus
from kit.finding import Finding, counted, spellings, strings
from kit.lexicon import Entry, load
from kit.matching import Matcher
from kit.measures.intervals import wilson_clustered
from kit.measures.undefined import Floats
from kit.themes.dictionaries import read_own
from kit.tokens import Ints, Longs, Tokens
from kit.tokens.places import Places

STRONG, WEAK = 1.0, 0.5
ENOUGH = 1.0  # weight of the terms from which a short paragraph has a theme
MORE = 0.5  # that a longer one needs from SHORT on, and again with each doubling
SHORT = 60  # words
SHORT_CHINESE = 70  # characters: however they are cut into words
AGAIN = 0.5  # of its weight that a term adds when it is found more than once
LONG = 1000  # words: a paragraph with more is a text that came without paragraphs
_DIGITS = 9  # decimals of a score: ten tenths are one
_METHOD = (
    "A paragraph has a theme when the weights of the terms found in it sum to 1: 1 for a term that "
    "tells the theme alone, ½ for one that needs company, half as much again for one found more than "
    "once. From 60 words (Chinese: 70 characters) on it takes ½ more, and again with each doubling: a "
    "long paragraph mentions much in passing. A paragraph can have several themes or none."
)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a theme, by the number of the theme; weight 0 under ``not``."""

    theme: int
    name: str
    weight: float


@dataclass(frozen=True, eq=False)
class _Found:
    """The themes of the passages, a row each, by passage and then the strongest first.

    ``terms`` has the distinct terms of a row as they are first written, ``hits`` (first and last
    words) all their places; ``*_bounds`` the first of each row, and their number.
    """

    passage: Longs
    theme: Longs
    score: Floats
    terms: list[str]
    term_bounds: Longs
    first: Ints
    last: Ints
    hit_bounds: Longs

    def terms_of(self, row: int) -> Iterator[str]:
        """Return the terms of a row: of two in one Chinese word the word is shown once."""
        return iter(dict.fromkeys(self.terms[self.term_bounds[row] : self.term_bounds[row + 1]]))


@keep.finding
def by_paragraph(corpus: Corpus, *, own: str = "") -> Finding:
    """Return the themes of each paragraph, strongest first in each.

    `own` is a file of the same form, or a dictionary (.dic, .yml), whose themes are added. Columns:
    date, text (its title), paragraph, theme, score (sum of the weights of its terms), terms.
    """
    t = tokens.of(corpus)
    own = read_own(own)
    found = t.once(_found, own)
    rows = np.flatnonzero(t.paragraphs[found.passage] > 0)
    names = [theme["name"] for theme in load("themes", own)]
    documents = [corpus[t.passages[i][0]] for i in found.passage[rows].tolist()]
    frame = pd.DataFrame(
        {
            "date": strings([document.day for document in documents]),
            "text": strings([document.title for document in documents]),
            "paragraph": t.paragraphs[found.passage[rows]],
            "theme": strings([names[i] for i in found.theme[rows].tolist()]),
            "score": found.score[rows],
            "terms": strings([", ".join(found.terms_of(row)) for row in rows.tolist()]),
        }
    )
    return Finding(
        "themes-by-paragraph",
        "Themes by paragraph",
        frame,
        corpus,
        _METHOD,
        Places.later(t, rows, lambda row: _places(found, row)),
        tuple(_caveats(t, own)),
        formats={"score": "{:.1f}"},
    )


@keep.finding
def prominence(corpus: Corpus, *, own: str = "") -> Finding:
    """Return how much space each theme has and how early it comes.

    Columns: theme, paragraphs (that have it), share (of the paragraphs), low and high (95 % interval
    of the share), words (in those paragraphs, as a share), place (mean position of those paragraphs in
    their text, 0 the first and 1 the last), in_title (texts whose title has it), texts, terms (most
    telling first, with the number of paragraphs). Themes that no paragraph has are left out.
    """
    t = tokens.of(corpus)
    own = read_own(own)
    found = t.once(_found, own)
    themes = load("themes", own)
    body = np.flatnonzero(t.paragraphs > 0)
    words = np.diff(t.passage_bounds)
    passages = np.array([len(d.paragraphs) + 1 for d in corpus], dtype=np.int64)
    document = np.repeat(np.arange(len(corpus)), passages)
    sizes = np.bincount(document[body], minlength=len(corpus))
    last = np.maximum(sizes[document] - 1, 1)
    place = (t.paragraphs - 1) / last
    in_title = t.paragraphs[found.passage] == 0
    of_theme = {i: np.flatnonzero((found.theme == i) & ~in_title) for i in range(len(themes))}
    order = sorted(
        (i for i in of_theme if len(of_theme[i])),
        key=lambda i: (-len(of_theme[i]), found.passage[of_theme[i][0]], i),
    )
    table = []
    for i in order:
        there = found.passage[of_theme[i]]
        counts = np.bincount(document[there], minlength=len(corpus))
        low, high = wilson_clustered(counts, sizes)
        table.append(
            (
                themes[i]["name"],
                len(there),
                len(there) / len(body),
                low,
                high,
                int(words[there].sum()) / max(int(words[body].sum()), 1),
                float(place[there].mean()),
                int((found.theme[in_title] == i).sum()),
                int((counts > 0).sum()),
                spellings((x for row in of_theme[i].tolist() for x in found.terms_of(row)), most=8),
            )
        )
    covered = len(np.unique(found.passage[~in_title]))
    return Finding(
        "themes",
        "Themes by the space they have",
        pd.DataFrame(
            table,
            columns="""
                theme paragraphs share low high words place in_title texts terms
            """.split(),
        ),
        corpus,
        f"{_METHOD} {len(themes)} themes; {covered} of {counted(len(body), 'paragraph')} have one. "
        "Low and high: 95 % interval of the share as of such texts in general, wider where "
        "paragraphs of one text are alike (Wilson 1927, effective sample size).",
        Places.later(
            t,
            np.arange(len(order)),
            lambda n: _all_places(found, of_theme[order[n]]),
        ),
        tuple(_caveats(t, own)),
        formats={
            "share": "{:.0%}",
            "low": "{:.0%}",
            "high": "{:.0%}",
            "words": "{:.0%}",
            "place": "{:.2f}",
        },
    )


def ids(finding: Finding, *, least: int = 1, own: str = "") -> tuple[str, ...]:
    """Return the ids of the themes in a finding of ``prominence`` with `least` paragraphs or more."""
    by_name = {theme["name"]: theme["id"] for theme in load("themes", read_own(own))}
    table = finding.table
    return tuple(by_name[name] for name in table["theme"][table["paragraphs"] >= least])


def _places(found: _Found, row: int) -> tuple[Ints, Ints]:
    here = slice(found.hit_bounds[row], found.hit_bounds[row + 1])
    return found.first[here], found.last[here]


def _all_places(found: _Found, rows: Longs) -> tuple[Ints, Ints]:
    pairs = [_places(found, row) for row in rows.tolist()]
    first, last = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return first, last


def _caveats(t: Tokens, own: str) -> Iterator[str]:
    """Yield what a reader must know of this corpus: languages without terms, texts in one piece."""
    themes = load("themes", own)
    yield from dict.fromkeys(theme["caveat"] for theme in themes if "caveat" in theme)
    there: dict[str, int] = defaultdict(int)
    for document in t.corpus:
        there[document.language] += 1
    known = {code for theme in themes for code in _languages(theme)}
    unknown = sorted(set(there) - known)
    if unknown:
        number = sum(there[code] for code in unknown)
        yield (
            f"{counted(number, 'text')} in a language without terms ({', '.join(unknown)}): "
            "no theme is found there."
        )
    if "ru" in there:
        yield "How well the Russian terms find themes has not been measured."
    long = (np.diff(t.passage_bounds) > LONG) & (t.paragraphs > 0)
    if long.any():
        yield (
            f"{counted(int(long.sum()), 'paragraph')} of more than {LONG:,} words: such a stretch "
            "has most themes; a text that comes without paragraphs says little here."
        )


def _found(t: Tokens, own: str) -> _Found:
    """Return the themes of all passages, titles too."""
    keys: list[_Term] = []
    columns: list[tuple[Ints, Ints, Ints]] = []
    for code in sorted({d.language for d in t.corpus}):
        matcher = _matcher(code, own)
        places = matcher.places(t)
        columns.append((places.key + np.int32(len(keys)), places.first, places.last))
        keys += matcher.keys
    theme = np.array([key.theme for key in keys], dtype=np.int64)
    weight = np.array([key.weight for key in keys], dtype=np.float64)
    empty = np.empty(0, dtype=np.int32)
    key, first, last = (
        np.concatenate(column) for column in zip((empty,) * 3, *columns, strict=True)
    )
    # one place is one hit, however often a theme lists the term: none under *not*, else the heaviest
    rank = np.where(weight == 0, -np.inf, -weight)[key]
    order = np.lexsort((rank, first, theme[key]))
    key, first, last = key[order], first[order], last[order]
    hit = np.ones(len(key), dtype=np.bool_)
    hit[1:] = (first[1:] != first[:-1]) | (theme[key[1:]] != theme[key[:-1]])
    hit &= weight[key] > 0
    key, first, last = key[hit], first[hit], last[hit]
    # rows: a theme of a passage; within it the hits by weight of their term, then in reading order
    themes = len(load("themes", own))
    units, row = np.unique(
        t.passage[first].astype(np.int64) * themes + theme[key], return_inverse=True
    )
    pairs = row.astype(np.int64) * max(len(keys), 1) + key
    _, opening, times = np.unique(pairs, return_index=True, return_counts=True)
    worth = weight[key[opening]] * np.where(times > 1, 1 + AGAIN, 1.0)
    score: Floats = np.bincount(row[opening], worth, len(units)).astype(np.float64)
    score = score.round(_DIGITS)
    passages, of_theme = units // themes, units % themes
    kept = np.flatnonzero(score >= _enough(t)[passages])
    kept = kept[np.lexsort((of_theme[kept], -score[kept], passages[kept]))]
    place = np.full(len(units), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    opening = opening[place[row[opening]] >= 0]
    opening = opening[np.lexsort((first[opening], -weight[key[opening]], place[row[opening]]))]
    hits = np.flatnonzero(place[row] >= 0)
    hits = hits[np.lexsort((last[hits], first[hits], place[row[hits]]))]
    numbers = np.arange(len(kept) + 1)
    return _Found(
        passage=passages[kept],
        theme=of_theme[kept],
        score=score[kept],
        terms=_written(t, first[opening], last[opening]),
        term_bounds=np.searchsorted(place[row[opening]], numbers),
        first=first[hits],
        last=last[hits],
        hit_bounds=np.searchsorted(place[row[hits]], numbers),
    )


def _enough(t: Tokens) -> Floats:
    """Return the weight that each passage needs to have a theme, by its length."""
    lengths = np.diff(t.passage_bounds) / SHORT
    for i, (name, _) in enumerate(t.passages):
        if t.corpus[name].language == "zh":
            lengths[i] = len(t.texts[i]) / SHORT_CHINESE
    doublings = np.floor(np.log2(np.maximum(lengths, 1.0)))
    return ENOUGH + np.where(lengths < 1, 0.0, MORE * (1 + doublings))


def _written(t: Tokens, first: Ints, last: Ints) -> list[str]:
    """Return the stretches of words as they stand in the texts."""
    texts = t.texts
    columns = (t.passage[first], t.start[first], t.end[last])
    return [
        texts[passage][start:end]
        for passage, start, end in zip(*(column.tolist() for column in columns), strict=True)
    ]


def preload() -> None:
    """Load the English terms, which most corpora need."""
    _matcher("en", "")


@lru_cache(maxsize=16)
def _matcher(code: str, own: str) -> Matcher[_Term]:
    return Matcher(
        (
            (_Term(number, term, weight), term)
            for number, theme in enumerate(load("themes", own))
            for term, weight in _terms(theme, code)
        ),
        code,
        among=lambda term: term.theme,
        whole=code != "zh",  # Chinese terms stand wherever their characters do
    )


def _languages(theme: Entry) -> set[str]:
    """Return the languages that a theme has terms in."""
    own = {"en"} if any(theme.get(f) for f in ("strong", "weak", "weights")) else set()
    return own | set(theme.get("terms", {}))


def _terms(theme: Entry, code: str) -> Iterator[tuple[str, float]]:
    """Yield the terms of a theme in a language with their weights; of a phrase under ``not`` 0."""
    lists = theme if code == "en" else theme.get("terms", {}).get(code, {})
    for field, weight in (("strong", STRONG), ("weak", WEAK), ("not", 0.0)):
        yield from ((term, weight) for term in lists.get(field, ()))
    yield from lists.get("weights", {}).items()
