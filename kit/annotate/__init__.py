"""Tags, parse and names by spaCy, made only when asked for and kept on disk by content.

spaCy gets our sentences and our words (split further at hyphens and before *'s* and *n't*, as its model
was trained), so that all offsets are one policy: code points of the paragraph. What is kept does not
depend on the gazetteer: its names are found in the text when they are asked for, and go before those
of the model.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from kit import gazetteer
from kit.annotate.columns import Columns, Ints, Labels, joined
from kit.annotate.pool import parsed, watched
from kit.corpus import Corpus, Document

__all__ = [
    "GAZETTEER",
    "Columns",
    "Labels",
    "Name",
    "Parse",
    "annotate",
    "columns",
    "watched",
    "with_known",
]

GAZETTEER = "KIT:"  # before the kind, in the label of a name that the gazetteer gave
Name = tuple[int, int, str]  # start, end, label


@dataclass(frozen=True, eq=False)
class Parse:
    """The spaCy tokens of one passage: bounds, tags, heads (index of the governing token), names.

    What it shows is taken from the columns of the whole corpus when it is first looked at.
    """

    columns: Columns = field(repr=False)
    passage: int
    text: str

    @cached_property
    def _range(self) -> slice:
        first, past = self.columns.bounds[self.passage : self.passage + 2].tolist()
        return slice(first, past)

    @cached_property
    def start(self) -> Ints:
        """Where each token begins, in code points of the passage."""
        return self.columns.start[self._range]

    @cached_property
    def end(self) -> Ints:
        """Where each token ends."""
        return self.columns.end[self._range]

    @cached_property
    def head(self) -> Ints:
        """The number of the token that governs each; a root governs itself."""
        return self.columns.head[self._range]

    @cached_property
    def sentence(self) -> Ints:
        """The running number of each token's sentence in the passage, from 1."""
        return self.columns.sentence[self._range]

    @cached_property
    def pos(self) -> tuple[str, ...]:
        """The universal part of speech of each token."""
        return self._labelled("pos")

    @cached_property
    def tag(self) -> tuple[str, ...]:
        """The Penn tag of each token."""
        return self._labelled("tag")

    @cached_property
    def dep(self) -> tuple[str, ...]:
        """The relation of each token to its head."""
        return self._labelled("dep")

    def _labelled(self, layer: str) -> tuple[str, ...]:
        labels = getattr(self.columns.labels, layer)
        codes: Any = getattr(self.columns, layer)[self._range]
        return tuple(map(labels.__getitem__, codes.tolist()))

    @cached_property
    def by_model(self) -> tuple[Name, ...]:
        """The names that the model found."""
        first, past = self.columns.name_bounds[self.passage : self.passage + 2].tolist()
        if first == past:
            return ()
        labels = self.columns.labels.name
        rows = self.columns.names[first:past].tolist()
        return tuple((start, end, labels[i]) for _, start, end, i in rows)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names of the gazetteer, and those of the model that stand clear of them."""
        return with_known(self.by_model, gazetteer.find(self.text))


Parsed = tuple[Parse, ...]  # one for each passage of a document, the title first


def with_known(names: Iterable[Name], known: list[gazetteer.Found]) -> tuple[Name, ...]:
    """Return what the gazetteer knows of a passage, and the names of the model that do not touch it."""
    if not known:
        return tuple(names)
    clear = [name for name in names if gazetteer.is_clear(name, known)]
    sure = [(start, end, f"{GAZETTEER}{kind}") for start, end, (_, kind) in known]
    return tuple(sorted(clear + sure))


@lru_cache(maxsize=8)
def columns(corpus: Corpus) -> Columns:
    """Return the parses of the English documents of a corpus, passage after passage."""
    return joined(parsed([_texts(document) for document in corpus if document.language == "en"]))


@lru_cache(maxsize=8)
def annotate(corpus: Corpus) -> dict[str, Parsed]:
    """Return the parses of the English documents of a corpus, by document id."""
    whole = columns(corpus)
    done: dict[str, Parsed] = {}
    passage = 0
    for document in corpus:
        if document.language == "en":
            texts = _texts(document)
            done[document.id] = tuple(
                Parse(whole, passage + i, text) for i, text in enumerate(texts)
            )
            passage += len(texts)
    return done


def _texts(document: Document) -> list[str]:
    return [text for _, text in document.passages()]
