"""How much of each text each theme has: the counts under shares, changes and pairs of themes."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from kit import tokens
from kit.corpus import Corpus, Document
from kit.finding import counted
from kit.measures.changes import LONGEST, loss, persistence
from kit.spans import SpanArrays
from kit.themes.by_lexicon import by_paragraph
from kit.themes.dictionaries import read_own
from kit.tokens import Longs, Tokens

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
PARAGRAPHS = 3  # that half of the texts must have for paragraphs to be what is counted
OUTER = (10, 90)  # percentiles of texts by the mean length of their paragraphs, between which ...
UNLIKE = (
    3.0  # ... it may differ by this factor: by 2 at most in texts that were written in paragraphs
)
HALFWAY = 50  # texts
SENTENCES = (
    "The texts have few paragraphs, or such as differ too much in length to compare their number: "
    "sentences with a term of the theme are counted."
)


@dataclass(frozen=True, eq=False)
class Space:
    """Which units (paragraphs, or sentences where paragraphs are no like units) have which theme.

    ``names``: the themes, most frequent first; ``size``: the units of each text of the corpus. The
    arrays ``unit``, ``theme`` and ``text`` have a value for each theme of a unit, in reading order (a
    unit is its running number in the corpus), ``spans`` the terms that it rests on.
    """

    corpus: Corpus
    kind: str
    names: tuple[str, ...]
    size: Longs
    unit: Longs
    theme: Longs
    text: Longs
    spans: SpanArrays
    caveats: tuple[str, ...]

    @cached_property
    def counts(self) -> Longs:
        """How many units of each text (rows) have each theme (columns)."""
        shape = len(self.size), len(self.names)
        cells = np.bincount(self.text * shape[1] + self.theme, minlength=shape[0] * shape[1])
        return cells.reshape(shape).astype(np.int64)

    @cached_property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """The series that each text belongs to."""
        return tuple(source(document) for document in self.corpus)

    def where(self, texts: Flags) -> dict[int, Longs]:
        """Return for each theme the places (of ``unit``) that it has in these texts."""
        at = np.flatnonzero(texts[self.text])
        at = at[np.argsort(self.theme[at], kind="stable")]
        bounds = np.searchsorted(self.theme[at], np.arange(len(self.names) + 1))
        return {i: at[bounds[i] : bounds[i + 1]] for i in range(len(self.names))}


def told(shares: Floats) -> Floats:
    """Return for each theme what the texts of a series tell of a level where neighbours are alike.

    A row a text, a column a theme. A short series says little of its own persistence: it is drawn to the
    median of all themes, by half at ``HALFWAY`` texts.
    """
    own = np.clip([persistence(column) for column in shares.T], -1.0, LONGEST)
    weight = len(shares) / (len(shares) + HALFWAY)
    drawn = weight * own + (1 - weight) * (float(np.median(own)) if len(own) else 0.0)
    return np.array([loss(r) for r in drawn.tolist()])


def source(document: Document) -> tuple[str, str]:
    """Return the series of a text: its publisher (where none is named its folder) and language."""
    folder = PurePosixPath(document.source).parent.as_posix()
    return document.publisher or folder, document.language


def left_out(texts: int, what: str) -> str:
    """Return that texts of some sort are left out: ``"2 texts without a date are left out."``."""
    return f"{counted(texts, 'text')} {what} {'is' if texts == 1 else 'are'} left out."


def space(corpus: Corpus, own: str) -> Space:
    """Return the space that themes have in a corpus, found once; `own` is a file of themes."""
    found = tokens.of(corpus).once(_space, own, read_own(own))
    # corpora of the same texts are equal, whoever is named as their publisher
    return found if found.corpus is corpus else replace(found, corpus=corpus)


def _space(t: Tokens, own: str, _text: str) -> Space:
    corpus = t.corpus
    found = by_paragraph(corpus, own=own)
    table, evidence = found.frame, SpanArrays.of(corpus, found.evidence)
    lengths = np.array([len(d.paragraphs) for d in corpus], dtype=np.int64)
    titles = np.cumsum(t.paragraphs == 0)  # each text begins with its title
    text = titles[evidence.places[evidence.bounds[:-1], 0]] - 1
    paragraph = table["paragraph"].to_numpy(dtype=np.int64)
    written = table["theme"].tolist()
    if _alike(t, lengths):
        kind, size, spans = "paragraph", lengths, evidence
        unit = (np.cumsum(lengths) - lengths)[text] + paragraph - 1
    else:
        kind, size = "sentence", _sentences(t)
        unit, row, spans = _by_sentence(t, evidence)
        text = text[row]
        written = [written[i] for i in row.tolist()]
    often: dict[str, int] = {}
    for name in written:
        often[name] = often.get(name, 0) + 1
    names = tuple(sorted(often, key=lambda name: (-often[name], name)))
    column = {name: i for i, name in enumerate(names)}
    theme = np.array([column[name] for name in written], dtype=np.int64)
    caveats = [SENTENCES] if kind == "sentence" and names else []
    if len(corpus) and not names:
        caveats.append("No theme of the lexicon reaches a paragraph.")
    caveats += found.caveats
    return Space(corpus, kind, names, size, unit, theme, text, spans, tuple(caveats))


def _alike(t: Tokens, lengths: Longs) -> bool:
    """Whether the paragraphs of the texts can be counted side by side: there are some, of like length.

    A page that was never cut into paragraphs has all its themes at once.
    """
    some = lengths > 0
    if not some.any():
        return True
    words = np.bincount(t.document[~t.in_title], minlength=len(lengths))[some] / lengths[some]
    low, high = np.percentile(words, OUTER)
    return bool(np.median(lengths[some]) >= PARAGRAPHS and high <= UNLIKE * max(low, 1))


def _sentences(t: Tokens) -> Longs:
    """Return how many sentences the paragraphs of each text have."""
    body = t.paragraphs > 0
    text = np.cumsum(~body) - 1  # each text begins with its title
    passage = t.sentences[:, 0]
    kept = passage[body[passage]]
    return np.bincount(text[kept], minlength=len(t.corpus)).astype(np.int64)


def _by_sentence(t: Tokens, evidence: SpanArrays) -> tuple[Longs, Longs, SpanArrays]:
    """Return for each theme of a sentence the running number of the sentence, its row, its spans."""
    kept = t.sentences[(t.paragraphs > 0)[t.sentences[:, 0]]].astype(np.int64)
    passage, start, _ = evidence.places.astype(np.int64).T
    row = np.repeat(np.arange(len(evidence)), np.diff(evidence.bounds))
    widest = 1 + max(int(t.sentences[:, 2].max(initial=0)), int(start.max(initial=0)))
    begins = kept[:, 0] * widest + kept[:, 1]
    sentence = np.searchsorted(begins, passage * widest + start, side="right") - 1
    # the spans of a row are in order, so that those of one sentence follow one another
    new = np.flatnonzero(
        np.diff(row, prepend=-1).astype(bool) | np.diff(sentence, prepend=-1).astype(bool)
    )
    past = np.append(new[1:], len(row))
    before = evidence.bounds[row[new]]
    order = np.argsort(sentence[new], kind="stable")
    parts = evidence.parts(row[new][order], (new - before)[order], (past - before)[order])
    return sentence[new][order], row[new][order], parts
