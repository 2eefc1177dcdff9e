"""The redline of two texts, of the latest one of a series, and the figures of all redlines of a series."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import get_args

import pandas as pd

from kit.corpus import Corpus, Document, Span
from kit.errors import ParameterError, nearest
from kit.finding import Finding, counted, no_text
from kit.redline import comparable
from kit.redline.match import MOVED
from kit.redline.pieces import CARRIED, Change, Piece, pieces

HARDLY = 0.05  # carried over verbatim, below which a redline is of two different texts
QUOTED = 60  # characters of a sentence that are shown at the place from which it moved
METHOD = (
    "Sentences are paired by the words that they share, weighed by rarity (Dice's coefficient), the most "
    f"alike first; one out of order has moved where that is {MOVED:.0%} or more. In a pair, whole words and "
    "numbers are aligned such that what is kept weighs most and each change has its price (affine gaps, "
    "Gotoh 1982): a short word between two changes goes with them. Capitals make a difference, other forms "
    "of a hyphen, quotation mark or blank do not. Carried over verbatim are unchanged stretches of "
    f"{CARRIED} words and more within a sentence, and unchanged sentences, moved ones too."
)
_COLUMNS = ["passage", "place", "change", "text", "words", "move", "note"]


def compare(corpus: Corpus, old: str, new: str) -> Finding:
    """Return the redline from one text to another, both named by id or by date (``2025-01-29``).

    A row is a piece of text. Columns: passage (they are numbered from 1 in the order of reading), place
    (the paragraph of the new text, and that of the old one where it is another), change (``same``,
    ``struck``, ``inserted``, ``moved``: what was kept of a sentence that moved, at its new place, ``moved
    away``: the sentence at its old place), text, words, move (the number of the move that a piece belongs
    to, from 1) and note (where it moved). The evidence of a row is its place in the new text, then in
    the old one. For each paragraph of the new text, title included, its pieces that are the same,
    inserted or moved are the whole paragraph; so are for the old text those that are the same, moved
    away, or struck and part of no move. Raises ParameterError where a text is not there.
    """
    return _redline(corpus, _named(corpus, old), _named(corpus, new))


def latest(corpus: Corpus, *, text: str = "", against: str = "") -> Finding:
    """Return the redline of the latest dated text against its last comparable one.

    `text` names another one than the latest, `against` what it is compared with, by id or by date. Which
    text is comparable is told in the method; for the rest see ``compare``. Where there is no such text,
    or neither is named and they have hardly a sentence in common, the finding does not apply, and its
    caveat says why.
    """
    dated = [d for d in corpus if d.date is not None]
    if not text and not dated:
        lacking = "no text" if not len(corpus) else "no dated text"
        return _nothing(corpus, f"There is {lacking}: nothing can be compared.")
    if not text and not corpus.latest:
        return _nothing(corpus, no_text(corpus))
    new = _named(corpus, text) if text else corpus.latest.documents[0]
    if against:
        return _redline(corpus, _named(corpus, against), new)
    old = comparable.Series(corpus).before(new)
    if old is None:
        return _nothing(
            corpus,
            f"{_name(new)} has no earlier text of its publisher, language and kind to be compared with.",
        )
    if not text and _figures(pieces(old, new)).share < HARDLY:
        return _nothing(
            corpus,
            f"{_name(new)} has hardly a sentence in common with an earlier text; the nearest is "
            f"{_name(old)}. Name a text to compare it with all the same.",
        )
    return _redline(corpus, old, new, f"{comparable.RULE}. ")


def series(corpus: Corpus) -> Finding:
    """Compare each dated text with its last comparable one, the latest text first.

    A row is a text. Columns: date, title, against (the date of the text it is compared with, empty where
    there is none), verbatim (the share of its words that are carried over), words, struck (words of the
    other one), inserted, moved (words). The evidence is the beginning of the text and of the other one.
    It does not apply where most texts have hardly a sentence in common with the one before.
    """
    dated = [d for d in corpus if d.date is not None]
    pairs = comparable.Series(corpus)
    rows, evidence = [], []
    for new in reversed(dated):
        old = pairs.before(new)
        figures = _figures(pieces(old, new)) if old else None
        row: list[object] = [new.day, new.title, old.day if old else None]
        if figures:
            row += [figures.share, figures.words, figures.struck, figures.inserted, figures.moved]
        else:
            row += [None] * 5
        rows.append(row)
        evidence.append(tuple(_opening(d) for d in (new, old) if d))
    names = ["date", "title", "against", "verbatim", "words", "struck", "inserted", "moved"]
    table = pd.DataFrame(rows, columns=names)
    table["verbatim"] = table["verbatim"].astype("Float64")
    table = table.astype(dict.fromkeys(names[4:], "Int64"))
    undated, alone = len(corpus) - len(dated), int(table["against"].isna().sum())
    caveats = []
    if undated:
        caveats.append(f"{counted(undated, 'text')} without a date left out.")
    if alone:
        caveats.append(f"{counted(alone, 'text')} with no earlier one of its kind.")
    formless = alone < len(dated) and table["verbatim"].median() < HARDLY
    if formless:
        caveats.append(
            "Most have hardly a sentence in common with the one before: they follow no form."
        )
    return Finding(
        "redline-series",
        "What each text carried over from the one before it",
        table,
        corpus,
        f"{comparable.RULE}. {METHOD}",
        evidence,
        tuple(caveats),
        formats={"verbatim": "{:.0%}"},
        applies=alone < len(dated) and not formless,
    )


# ---- one redline


def _redline(corpus: Corpus, old: Document, new: Document, rule: str = "") -> Finding:
    found = pieces(old, new)
    figures = _figures(found)
    two = corpus.where(lambda d: d.id in (old.id, new.id))
    caveats = []
    if old.language != new.language:
        caveats.append(f"The texts are in two languages, {old.language} and {new.language}.")
    if figures.words and figures.share < HARDLY:
        caveats.append("The texts have hardly a sentence in common: they are of different kinds.")
    return Finding(
        "redline",
        f"{_name(new)} against {_name(old)}: of {counted(figures.words, 'word')} {figures.carried:,} "
        f"({figures.share:.0%}) carried over verbatim, {figures.inserted:,} inserted, "
        f"{figures.moved:,} moved; {figures.struck:,} struck",
        _table(two, found),
        two,
        rule + METHOD,
        tuple(tuple(span for span in (p.new, p.old) if span) for p in found),
        tuple(caveats),
        shape="redline",
        whole=tuple(dict.fromkeys((new.id, old.id))),
    )


def _nothing(corpus: Corpus, why: str) -> Finding:
    return Finding(
        "redline",
        "Redline",
        pd.DataFrame(columns=_COLUMNS),
        corpus,
        METHOD,
        caveats=(why,),
        shape="redline",
        applies=False,
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """Words of a redline, titles aside."""

    words: int  # of the new text
    carried: int
    inserted: int
    moved: int
    struck: int  # of the old text

    @property
    def share(self) -> float:
        return self.carried / self.words if self.words else 0.0


def _figures(found: Sequence[Piece]) -> _Figures:
    body = [p for p in found if p.place.paragraph]
    words = Counter(dict.fromkeys(get_args(Change), 0))
    for piece in body:
        words[piece.change] += piece.words
    return _Figures(
        words["same"] + words["inserted"] + words["moved"],
        sum(piece.carried for piece in body),
        words["inserted"],
        words["moved"],
        words["struck"],
    )


def _table(corpus: Corpus, found: Sequence[Piece]) -> pd.DataFrame:
    places = _places(found)
    notes = _notes(corpus, found)
    rows = [
        (
            piece.passage,
            places[piece.passage],
            piece.change,
            corpus.text(piece.place),
            piece.words,
            piece.move or None,
            notes.get(n),
        )
        for n, piece in enumerate(found)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"move": "Int64"})


def _places(found: Sequence[Piece]) -> dict[int, str]:
    """Return for each passage its paragraph, and that of the old text where it is another."""
    places = {}
    for number, run in groupby(found, key=lambda piece: piece.passage):
        own = list(run)
        new = next((p.new.paragraph for p in own if p.new), None)
        old = sorted(
            {p.old.paragraph for p in own if p.old and (not p.move or p.change == "moved away")}
        )
        before = ", ".join(map(_paragraph, old))
        if new is None:
            places[number] = f"was {before}"
        elif old == [new]:
            places[number] = _paragraph(new)
        else:
            places[number] = f"{_paragraph(new)} ({f'was {before}' if old else 'new'})"
    return places


def _notes(corpus: Corpus, found: Sequence[Piece]) -> dict[int, str]:
    """Return, by the number of a piece, whence a sentence came or where it went."""
    away = {p.move: p.place.paragraph for p in found if p.change == "moved away"}
    come: dict[int, int] = {}
    notes = {}
    for n, piece in enumerate(found):
        if piece.change == "moved" and piece.move not in come:
            come[piece.move] = piece.place.paragraph
            notes[n] = f"moved from {_paragraph(away[piece.move])}"
    for n, piece in enumerate(found):
        if piece.change == "moved away":
            to = _paragraph(come[piece.move])
            notes[n] = f"moved to {to}: “{_beginning(corpus.text(piece.place))}”"
    return notes


def _beginning(text: str) -> str:
    text = text.strip()
    return text if len(text) <= QUOTED else f"{text[:QUOTED].rsplit(' ', 1)[0]}…"


# ---- documents


def _named(corpus: Corpus, name: str) -> Document:
    """Return the text of an id or a date."""
    found = [d for d in corpus if name in (d.id, d.day)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ParameterError(f"{name}: {', '.join(d.id for d in found)} are of that day; name one")
    known = [d.id for d in corpus] + [day.isoformat() for day in corpus.dates]
    raise ParameterError(f"{name}: no text has this id or date.{nearest(name, known)}")


def _name(document: Document) -> str:
    return document.day or document.title or document.id


def _paragraph(number: int) -> str:
    return f"¶{number}" if number else "title"


def _opening(document: Document) -> Span:
    """Return the first paragraph of a text, or its title where it has none."""
    first = 1 if document.paragraphs else 0
    return Span(document.id, first, 0, len(document.text(first)))
