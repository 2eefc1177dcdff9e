"""Passages that a text carries over, word for word, from an earlier one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kit.corpus import Corpus, Document
from kit.errors import ParameterError
from kit.finding import Finding, counted, no_text
from kit.reuse import repeats
from kit.reuse.repeats import Repeats
from kit.tokens import Ints, Longs, Tokens
from kit.tokens.places import Bounds, Places

SHORTEST = 8  # words: what is shorter recurs by chance, or is a formulation
FEWEST = 3  # words: below, every turn of phrase is a passage
SHOWN = (45, 12)  # words of a long passage that are shown, from its beginning and its end
ORDER = "Texts in order of date, those of one day by id"


def passages(
    corpus: Corpus, *, shortest: int = SHORTEST, nested: bool = False, top: int | None = None
) -> Finding:
    """Find the passages that texts carry over from earlier ones.

    A passage is a run of `shortest` words or more (folded) in one paragraph that some earlier text has as
    a whole, and that can be made longer on neither side. Rows in order of the runs of `shortest` words
    that later texts so take over: a name of eight words says less than a sentence. Unless `nested`, a
    passage is left out where most of its texts have it, but for a few words, in passages above it. Columns:
    passage (a long one with its middle left out), words, first_date and first_title (of the first text
    that has it whole), texts, occurrences. Evidence: all its places, the first one first. Raises
    ParameterError for a `shortest` below 3.
    """
    r = repeats_of(corpus, shortest)
    start = r.maximal
    length = r.length[start]
    first, past = r.places(start, length)
    # the same words from the same slot on: one passage
    keys = np.unique(np.stack([first, length, past]), axis=1)
    first, length, past = keys[0], keys[1], keys[2]
    texts = _texts(r, first, past)
    where = [np.sort(r.order[a:b]) for a, b in zip(first.tolist(), past.tolist(), strict=True)]
    opening = np.array([at[0] for at in where], dtype=np.int64)
    weight = (length - shortest + 1) * (texts - 1)
    rows = np.lexsort((opening, -length, -weight)).tolist()
    if not nested:
        rows = _not_within(r, rows, where, length)
    total, rows = len(rows), rows[:top]
    t = r.tokens
    bounds = [_bounds(r, where[i], int(length[i])) for i in rows]
    table = [
        (shown(t, int(at[0]), int(to[0])), int(length[i]), *_source(r, where[i][0]), int(texts[i]), len(at))
        for i, (at, to) in zip(rows, bounds, strict=True)
    ]  # fmt: skip
    columns = ["passage", "words", "first_date", "first_title", "texts", "occurrences"]
    caveats, applies = limits(corpus)
    return Finding(
        "passages",
        "Passages carried over from earlier texts",
        pd.DataFrame(table, columns=columns).astype(
            {"words": "int64", "texts": "int64", "occurrences": "int64"}
        ),
        corpus,
        f"Runs of {shortest} words and more within a paragraph that an earlier text has as a whole, as "
        f"long as they are equal (case, hyphens and apostrophes folded). {ORDER}"
        + (
            "."
            if nested
            else "; what most texts have, but for a few words, inside passages above it is not listed again."
        ),
        Places(t, bounds),
        caveats,
        applies=applies,
        total=total,
    )


def latest(corpus: Corpus, *, shortest: int = SHORTEST) -> Finding:
    """List what the latest text carries over, in its own order, and where each was first said.

    Passages as of ``passages``; of those that overlap as few as cover all that is carried over. Columns:
    passage, words, paragraph, first_date and first_title (the first text that has it whole), last_date and
    last_title (the last one before), earlier_texts. Evidence: the place, that in the first text and that
    in the last one. Raises ParameterError as ``passages``.
    """
    r = repeats_of(corpus, shortest)
    t = r.tokens
    caveats, applies = limits(corpus, of_latest=True)
    number = len(corpus.dates) - 1 if applies else -1
    start = r.maximal
    start = start[r.document[start] == number]
    start = start[cover(start, r.length[start])]
    length = r.length[start]
    first, past = r.places(start, length)
    rows, places = [], []
    for i, (at, size) in enumerate(zip(start.tolist(), length.tolist(), strict=True)):
        found = np.sort(r.order[first[i] : past[i]])
        found = found[r.document[found] < number]
        spans = np.array([at, found[0], found[-1]])
        bounds = _bounds(r, spans, size)
        places.append(bounds)
        rows.append(
            (
                shown(t, int(bounds[0][0]), int(bounds[1][0])),
                size,
                t.passages[int(t.passage[bounds[0][0]])][1],
                *_source(r, found[0]),
                *_source(r, found[-1]),
                len(np.unique(r.document[found])),
            )
        )
    columns = "passage words paragraph first_date first_title last_date last_title earlier_texts"
    table = pd.DataFrame(rows, columns=columns.split())
    return Finding(
        "carried-over",
        "What the latest text carries over",
        table.astype(dict.fromkeys(("words", "paragraph", "earlier_texts"), "int64")),
        corpus,
        f"Runs of {shortest} words and more within a paragraph that an earlier text has as a whole; of "
        f"those that overlap, the fewest that cover all. {ORDER}.",
        Places(t, places),
        caveats,
        applies=applies,
    )


def repeats_of(corpus: Corpus, shortest: int) -> Repeats:
    """Return the repeats of a corpus; raises ParameterError for a length that is too short."""
    if shortest < FEWEST:
        raise ParameterError(f"shortest is {shortest}: give {FEWEST} or more")
    return repeats.of(corpus, shortest)


def limits(corpus: Corpus, *, of_latest: bool = False) -> tuple[tuple[str, ...], bool]:
    """Return the caveats of a comparison with earlier texts, or of the latest one, and if it makes sense."""
    if of_latest and corpus.since and not corpus.latest:
        return (no_text(corpus),), False
    dated, undated = len(corpus.dates), len(corpus) - len(corpus.dates)
    caveats = []
    if undated:
        verb = "is" if undated == 1 else "are"
        caveats.append(
            f"{counted(undated, 'undated text')} {verb} left out: what is earlier is not known."
        )
    if dated < 2:
        caveats.append(f"{counted(dated, 'dated text')}: there is no earlier one to take from.")
    elif len(set(corpus.dates)) < dated:
        caveats.append("Texts of one day are taken in the order of their ids.")
    return tuple(caveats), dated > 1


def shown(t: Tokens, first: int, last: int) -> str:
    """Return the text from a first to a last word, of a long one its beginning and its end."""
    text = t.corpus.text(t.span(first, last))
    if last - first < sum(SHOWN) + 3:
        return text
    begins = t.corpus.text(t.span(first, first + SHOWN[0] - 1))
    return f"{begins} … {t.corpus.text(t.span(last - SHOWN[1] + 1, last))}"


def cover(start: Ints, length: Ints) -> list[int]:
    """Return which of some passages (both of their ends ascending) are the fewest that cover all."""
    chosen: list[int] = []
    past = (start + length).tolist()
    for i, at in enumerate(start.tolist()):
        # the last one is not needed where the one before it reaches this one
        if len(chosen) > 1 and past[chosen[-2]] >= at:
            chosen.pop()
        chosen.append(i)
    return chosen


def named(document: Document) -> tuple[str | None, str]:
    """Return the date and the title of a text as a table has them."""
    return (document.day, document.title or document.id)


def _source(r: Repeats, place: int) -> tuple[str | None, str]:
    return named(r.tokens.corpus.documents[int(r.document[place])])


def _bounds(r: Repeats, places: Ints, length: int) -> Bounds:
    return r.at[places], r.at[places + length - 1]


def _texts(r: Repeats, first: Longs, past: Longs) -> Longs:
    """Return in how many texts each of some ranges of slots stands."""
    texts = np.zeros(len(first), dtype=np.int64)
    for part, which, places in r.of_slots(first, past):
        packed = (which << 32) | r.document[places]
        packed.sort()
        held = packed[np.flatnonzero(np.diff(packed, prepend=-1))] >> 32
        texts[part] = np.bincount(held - part.start, minlength=part.stop - part.start)
    return texts


def _not_within(r: Repeats, rows: list[int], where: Sequence[Ints], length: Longs) -> list[int]:
    """Return the rows without those that most of their texts have only inside of the rows above."""
    told = np.zeros(len(r), dtype=np.bool_)  # words that a passage above has
    kept = []
    for i in rows:
        words = where[i][:, None] + np.arange(length[i])
        inside = (~told[words]).sum(axis=1) < r.shortest
        held = r.document[where[i]]
        free = len(np.unique(held[~inside]))
        if free > 1 and 2 * free >= len(np.unique(held)):
            kept.append(i)
            told[words] = True
    return kept
