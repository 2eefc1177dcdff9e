"""The quotations of a corpus, and its speakers, as findings."""

from collections import Counter

import pandas as pd

from kit.corpus import Corpus, Span
from kit.finding import Finding, strings
from kit.lexicon import read_own
from kit.quotes.found import TERM, Said, found

WIDTH = 160  # characters of the words that the table shows
_SCALE = "1 tentative, 2 neutral, 3 firm, 4 pressing, 5 strongest"


def quotes(
    corpus: Corpus, *, own_words: bool = True, terms: bool = False, width: int = WIDTH, own: str = ""
) -> Finding:
    """List who says what, in reading order, one row a quotation."""
    chosen = _chosen(corpus, own, own_words=own_words, terms=terms)
    return Finding("quotes","Who says what",_table(corpus, chosen, width),corpus,"m",tuple(_evidence(s) for s in chosen))


def _chosen(corpus: Corpus, own: str, *, own_words: bool, terms: bool) -> list[Said]:
    all_ = found(corpus, read_own("verbs", own))
    return [s for s in all_ if (terms or s.kind != TERM) and (own_words or not s.own)]


def _table(corpus: Corpus, chosen: list[Said], width: int) -> pd.DataFrame:
    first = [s.words[0] for s in chosen]
    return pd.DataFrame(
        {
            "date": [corpus[f.document].day for f in first],
            "title": [corpus[f.document].title for f in first],
            "paragraph": [f.paragraph for f in first],
            "speaker": [s.speaker for s in chosen],
            "kind": [s.kind for s in chosen],
            "verb": [s.verb.name for s in chosen],
            "strength": pd.array([s.verb.strength or None for s in chosen], dtype="Int64"),
            "mode": [s.mode for s in chosen],
            "words": [_shown(corpus, s.words, width) for s in chosen],
        }
    )


def _shown(corpus: Corpus, words: tuple[Span, ...], width: int) -> str:
    text = " \u2026 ".join(corpus.text(w) for w in words)
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + "\u2026"


def _evidence(said: Said) -> tuple[Span, ...]:
    return (*said.words, said.cue) if said.cue else said.words


def speakers(corpus: Corpus, *, own: str = "") -> Finding:
    """x."""
    Counter()
    strings([])
    raise NotImplementedError
