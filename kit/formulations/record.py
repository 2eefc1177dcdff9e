"""The record behind a ledger: which text has which formulation. It survives as a file."""

import datetime as dt
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from kit import files, tokens
from kit.corpus import Corpus
from kit.counts import FRAGMENT
from kit.errors import ReadError
from kit.formulations.found import SHORTER, Phrase, fewest, phrases
from kit.formulations.known import matches, original
from kit.formulations.series import Text, texts
from kit.lexicon import Entry, load, read_own
from kit.tokens import Ints, Tokens
from kit.tokens.places import Bounds

FORM, VERSION = "readout formulations", 1


@dataclass(frozen=True, slots=True)
class Formulation:
    """A formulation and the texts that have it: ``texts`` by number in order, ``counts`` alike.

    ``origin`` is ``lexicon`` or ``found``; what a lexicon says of it is empty for one found.
    """

    name: str
    origin: str
    texts: tuple[int, ...]
    counts: tuple[int, ...]
    variants: dict[str, int]
    original: str = ""
    theme: str = ""
    meaning: str = ""
    ladder: str = ""
    rung: int | None = None


def _rank(f: Formulation) -> tuple[int, int, str]:
    return -len(f.texts), -sum(f.counts), f.name


@dataclass(frozen=True, eq=False)
class Record:
    """The dated texts of a corpus and its formulations, as far as a ledger needs them.

    ``places`` has the first and the last words of the occurrences of each formulation in the corpus that
    the record was made of; a record read from a file has neither.
    """

    texts: tuple[Text, ...]
    formulations: tuple[Formulation, ...]
    undated: int = 0
    name: str = ""
    corpus: Corpus | None = field(default=None, repr=False)
    places: tuple[Bounds, ...] = field(default=(), repr=False)

    def until(self, date: dt.date | None) -> "Record":
        """Return the record as it was on a day: of the texts up to it, and what they have."""
        if date is None or not self.texts or self.texts[-1].date <= date:
            return self
        length = bisect_right(self.texts, date, key=lambda text: text.date)
        kept = []
        for f in self.formulations:
            uses = bisect_right(f.texts, length - 1)
            if uses:
                kept.append(replace(f, texts=f.texts[:uses], counts=f.counts[:uses]))
        kept.sort(key=_rank)
        return Record(self.texts[:length], tuple(kept), self.undated, self.name)

    def write(self, path: str | Path) -> None:
        """Write the record to a file of JSON, whole or not at all. Raises WriteError."""
        data = {
            "form": FORM,
            "version": VERSION,
            "name": self.name,
            "undated": self.undated,
            "texts": [asdict(t) | {"date": t.date.isoformat()} for t in self.texts],
            "formulations": [asdict(f) for f in self.formulations],
        }
        files.write(Path(path), json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n")


def read(path: str | Path) -> Record:
    """Return the record of a file. Raises ReadError where it is none."""
    try:
        data = json.loads(Path(path).read_text("utf-8"))
        if data["form"] != FORM or data["version"] != VERSION:
            raise ValueError(f"its form is {data['form']!r}, version {data['version']}")
        return Record(
            tuple(_text(t) for t in data["texts"]),
            tuple(_formulation(f) for f in data["formulations"]),
            int(data["undated"]),
            str(data["name"]),
        )
    except OSError as error:
        raise ReadError(f"{path}: the record cannot be opened: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{path}: no record of formulations: {error}. Write it anew") from error


def is_record(path: str | Path) -> bool:
    """Whether a path is a file that a record was written to."""
    start = json.dumps({"form": FORM}, separators=(",", ":"))[:-1]
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(len(start)) == start
    except (OSError, ValueError):
        return False


def _text(data: dict[str, Any]) -> Text:
    return Text(**data | {"date": dt.date.fromisoformat(data["date"])})


def _formulation(data: dict[str, Any]) -> Formulation:
    return Formulation(**data | {"texts": tuple(data["texts"]), "counts": tuple(data["counts"])})


def record(corpus: Corpus, *, own: str = "", found: bool = True) -> Record:
    """Return the record of a corpus: of the lexicon, of a user's file `own`, and of what is `found`.

    A formulation of the lexicon counts in titles too, and inside longer ones; one that is found and
    is mostly one of the lexicon, or a part of one, is not listed a second time.
    """
    return _record(corpus, read_own("formulations", own), found=found)


@lru_cache(maxsize=8)
def _record(corpus: Corpus, own: str, *, found: bool) -> Record:
    undated = sum(document.date is None for document in corpus)
    dated = corpus.where(lambda d: d.date is not None) if undated else corpus
    t = tokens.of(dated)
    made = list(_known(t, own))
    if found:
        made += _found(t, [places for _, places in made])
    made.sort(key=lambda m: _rank(m[0]))
    return Record(
        texts(dated),
        tuple(f for f, _ in made),
        undated,
        corpus.name,
        dated,
        tuple(places for _, places in made),
    )


Made = tuple[Formulation, Bounds]


def _known(t: Tokens, own: str) -> Iterator[Made]:
    spans = matches(t.corpus, own, nested=True)
    for entry in load("formulations", own):
        if entry["id"] in spans:
            first, last = _longest(spans[entry["id"]])
            bounds = zip(first.tolist(), last.tolist(), strict=True)
            forms = Counter(t.corpus.text(t.span(*b)) for b in bounds)
            yield _made(t, (first, last), entry["en"][0], forms, entry)


def _longest(spans: list[tuple[int, int]]) -> Bounds:
    """Return first and last words of matches of one formulation, the longest of those that overlap."""
    kept: list[tuple[int, int]] = []
    for first, last in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if not kept or first > kept[-1][1]:
            kept.append((first, last))
    bounds = np.array(kept, dtype=np.int32)
    return bounds[:, 0], bounds[:, 1]


def _found(t: Tokens, known: list[Bounds]) -> Iterator[Made]:
    past = np.full(
        len(t), -1, dtype=np.int32
    )  # where a formulation of the lexicon ends, by its first
    for first, last in known:
        np.maximum.at(past, first, last)
    reach = np.maximum.accumulate(past)
    for phrase in phrases(t.corpus, fewest(len(t.corpus))):
        inside = np.count_nonzero(reach[phrase.first] >= phrase.last)
        if inside < FRAGMENT * len(phrase.first) and not _hardly_longer(phrase, past):
            yield _made(t, (phrase.first, phrase.last), phrase.name, phrase.forms)


def _hardly_longer(phrase: Phrase, past: Ints) -> bool:
    """Whether most of a phrase is a formulation of the lexicon (seen at its first place)."""
    first, last = int(phrase.first[0]), int(phrase.last[0])
    ends = past[first : last + 1]
    sizes = np.where(ends <= last, ends - np.arange(first, last + 1) + 1, 0)
    return bool(sizes.max() >= SHORTER * (last - first + 1))


def _made(
    t: Tokens, places: Bounds, name: str, forms: Counter[str], entry: Entry | None = None
) -> Made:
    holders, counts = np.unique(t.document[places[0]], return_counts=True)
    entry = entry or {}
    return (
        Formulation(
            name=name,
            origin="lexicon" if entry else "found",
            texts=tuple(holders.tolist()),
            counts=tuple(counts.tolist()),
            variants=dict(forms.most_common()),
            original=original(entry),
            theme=entry.get("theme", ""),
            meaning=entry.get("gloss", ""),
            ladder=entry.get("ladder", ""),
            rung=entry.get("rung"),
        ),
        places,
    )
