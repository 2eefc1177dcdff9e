"""Frames with a slot: phrases that differ in one word, *decided to maintain / raise / lower the rate*."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit import written
from kit.corpus import Corpus, Span
from kit.counts import of_content
from kit.finding import Finding, counted
from kit.formulations.found import Phrase, fewest, phrases
from kit.tokens import Tokens, of

FIXED, CONTENT = 3, 2  # words, and words of content, beside the slot: into less too much fits
SLOT = "…"


@dataclass(frozen=True, eq=False, slots=True)
class _Frame:
    """Phrases of one length that differ at one place only."""

    at: int
    phrases: tuple[Phrase, ...]
    holders: frozenset[int]  # documents


def slots(corpus: Corpus, *, texts: int | None = None, top: int | None = None) -> Finding:
    """Find the frames in which the phrases of a corpus differ by one word.

    The phrases are those of ``found`` that stand in at least `texts` texts (by default as ``fewest``
    says); a frame has three fixed words or more, two of them of content, and at least two words that
    fill it. A frame whose
    phrases another of more texts has is left out. At most `top` rows are made. Columns: frame, fillers
    (with the number of texts, most first), texts, latest (what fills it in the last text that has the
    frame). In order of texts.
    """
    t = of(corpus)
    minimum = texts or fewest(len(corpus))
    enough = len(corpus) >= minimum
    frames = _frames(corpus, t, minimum)
    shown = frames[:top]
    return Finding(
        "slots",
        "Frames that are filled with different words",
        pd.DataFrame(
            [_row(t, frame) for frame in shown], columns=["frame", "fillers", "texts", "latest"]
        ),
        corpus,
        f"Phrases in {minimum} texts or more that differ in one word, {FIXED} words or more being the same, "
        f"{CONTENT} of them of content.",
        tuple(_spans(t, frame) for frame in shown),
        () if enough else (f"{counted(len(corpus), 'text')}: a frame takes {minimum} and more.",),
        applies=enough,
        total=len(frames),
    )


def _frames(corpus: Corpus, t: Tokens, minimum: int) -> list[_Frame]:
    content = of_content(t.words)
    groups: dict[tuple[int, tuple[int, ...]], list[Phrase]] = defaultdict(list)
    for phrase in phrases(corpus, minimum):
        words = tuple(t.word[phrase.first[0] : phrase.last[0] + 1].tolist())
        told = [bool(content[w]) for w in words]
        for i in range(len(words) if len(words) > FIXED else 0):
            if sum(told) - told[i] >= CONTENT:
                groups[i, (*words[:i], -1, *words[i + 1 :])].append(phrase)
    found = [
        _Frame(at, tuple(group), frozenset(int(d) for p in group for d in t.document[p.first]))
        for (at, _), group in groups.items()
        if len(group) > 1
    ]
    found.sort(key=lambda f: (-len(f.holders), -len(f.phrases), f.phrases[0].name))
    kept: list[_Frame] = []
    taken: set[str] = set()
    for frame in found:
        names = {phrase.name for phrase in frame.phrases}
        if not names <= taken:
            kept.append(frame)
            taken |= names
    return kept


def _row(t: Tokens, frame: _Frame) -> tuple[str, str, int, str]:
    """Return the frame, what fills it with the number of texts, its texts, and what filled it last."""
    filled = []
    for phrase in frame.phrases:
        holders = np.unique(t.document[phrase.first])
        filled.append((_words(t, phrase)[frame.at], len(holders), int(holders.max())))
    filled.sort(key=lambda f: (-f[1], f[0]))
    words = _words(t, max(frame.phrases, key=lambda phrase: len(phrase.first)))
    words[frame.at] = SLOT
    last = max(f[2] for f in filled)
    return (
        written.together(" ".join(words)),
        ", ".join(f"{word} ({texts:,})" for word, texts, _ in filled),
        len(frame.holders),
        ", ".join(word for word, _, day in filled if day == last),
    )


def _words(t: Tokens, phrase: Phrase) -> list[str]:
    """Return the words of a phrase as they stand at its first place."""
    return [t.vocabulary[i] for i in t.ids[phrase.first[0] : phrase.last[0] + 1].tolist()]


def _spans(t: Tokens, frame: _Frame) -> tuple[Span, ...]:
    places = sorted(
        (first, last)
        for phrase in frame.phrases
        for first, last in zip(phrase.first.tolist(), phrase.last.tolist(), strict=True)
    )
    return tuple(t.span(first, last) for first, last in places)
