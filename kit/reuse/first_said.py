"""What the latest text says for the first time: its sentences by how little of them was said before."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit import language, tokens
from kit.corpus import Corpus
from kit.counts import of_content
from kit.finding import Finding, counted
from kit.measures.intervals import wilson
from kit.reuse.verbatim import ORDER, limits
from kit.tokens import Ints, Longs, Tokens
from kit.tokens.runs import grouped

LONGEST = 4  # content words of a run
COMPARED = 10  # earlier texts that the latest is set beside
FEW_WORDS = 10  # times the words of the latest text: with less before it, much is new that is not
Flags = NDArray[np.bool_]


def novelty(corpus: Corpus, *, least: float = 0.0, top: int | None = None) -> Finding:
    """Order the sentences of the latest text by how little of their wording was said before.

    New is a run of 1 to 4 content words (function words and numbers left out) in a sentence that no
    earlier text in its language has. share_new is the mean, over the four lengths, of the share of a
    sentence's runs that are new; novelty is the lower end of its Wilson interval (95 %) for so many
    content words, so that two new words in a sentence of three say less than twenty of thirty. Columns:
    sentence, novelty, share_new, new_words (content words never said before), words (content words),
    paragraph. Most novel first; `least` is the smallest novelty of a row.
    """
    t = tokens.of(corpus)
    number = len(corpus.dates) - 1
    caveats, applies = limits(corpus, of_latest=True)
    columns = ["sentence", "novelty", "share_new", "new_words", "words", "paragraph"]
    rows: list[tuple[str, float, float, str, int, int]] = []
    spans, total, told = [], 0, ""
    if applies:
        code = corpus.documents[number].language
        caveats += tuple(filter(None, [language.missing(code)]))
        at = _content(t, code)
        if not (t.document[at] < number).any():
            caveats, applies = (*caveats, "There is no earlier text in its language."), False
            at = at[:0]
        new = _new(t, at)
        sentences, share, size = _of_sentences(t, at, new, number)
        low, _ = wilson(share * size, size)
        order = np.lexsort((sentences, -share, -low))
        order = order[low[order] >= least]
        total = len(order)
        first = dict.fromkeys(at[new[0] & (t.document[at] == number)].tolist())
        for i in order[:top].tolist():
            span = t.sentence_span(int(sentences[i]))
            a, b = t.sentence_bounds[sentences[i] : sentences[i] + 2].tolist()
            words = dict.fromkeys(t.vocabulary[t.ids[w]] for w in range(a, b) if w in first)
            rows.append(
                (corpus.text(span), low[i], share[i], ", ".join(words), int(size[i]), span.paragraph)
            )  # fmt: skip
            spans.append((span,))
        told, few = _beside(t, at, new, number)
        caveats += few
    frame = pd.DataFrame(rows, columns=columns).astype(
        {"novelty": "float64", "share_new": "float64", "words": "int64", "paragraph": "int64"}
    )
    return Finding(
        "novelty",
        "What the latest text says for the first time",
        frame,
        corpus,
        f"Runs of 1 to {LONGEST} content words within a sentence that no earlier text has. share_new: the "
        "mean of the four shares; novelty: the lower end of its Wilson interval, 95 %, n the content "
        f"words of the sentence. {ORDER}.{told}",
        tuple(spans),
        caveats,
        applies=applies,
        formats=dict.fromkeys(("novelty", "share_new"), "{:.0%}"),
        total=total,
    )


def _content(t: Tokens, code: str) -> Ints:
    """Return the content words of the paragraphs of dated texts in a language."""
    wanted = np.array([d.date is not None and d.language == code for d in t.corpus], dtype=np.bool_)
    layer = t.layer("word")
    chosen = of_content(layer.names)[layer.ids] & ~t.in_title & wanted[t.document]
    return np.flatnonzero(chosen).astype(np.int32)


def _new(t: Tokens, at: Ints) -> list[Flags]:
    """Return for each length whether the run from each content word on is in no earlier text.

    False, too, where the sentence ends before the run does.
    """
    word = t.word[at].astype(np.int64)
    values = int(word.max(initial=0)) + 1
    document = t.document[at]
    group = np.zeros(len(at), dtype=np.int64)
    groups, found = 1, []
    for size in range(1, LONGEST + 1):
        there = np.flatnonzero(_there(t, at, size))
        order, bounds = grouped(group[there] * values + word[there + size - 1], groups * values)
        counts = np.diff(bounds)
        groups = max(len(counts), 1)
        group = np.zeros(len(at), dtype=np.int64)
        group[there[order]] = np.repeat(np.arange(len(counts)), counts)
        first = document[there[order[bounds[:-1]]]]  # in reading order: the earliest text
        new = np.zeros(len(at), dtype=np.bool_)
        new[there[order]] = np.repeat(first, counts) == document[there[order]]
        found.append(new)
    return found


def _there(t: Tokens, at: Ints, size: int) -> Flags:
    """Whether a run of `size` content words begins at each and ends in its sentence."""
    there = np.zeros(len(at), dtype=np.bool_)
    if len(at) >= size:
        sentence = t.sentence[at]
        there[: len(at) - size + 1] = sentence[: len(at) - size + 1] == sentence[size - 1 :]
    return there


def _of_sentences(
    t: Tokens, at: Ints, new: list[Flags], number: int
) -> tuple[Ints, NDArray[np.float64], Longs]:
    """Return the sentences of a text, the share of each that is new, and their content words."""
    mine = t.document[at] == number
    sentence, index = np.unique(t.sentence[at[mine]], return_inverse=True)
    total = np.zeros(len(sentence))
    lengths = np.zeros(len(sentence))
    for size, flags in enumerate(new, start=1):
        runs = np.bincount(index, _there(t, at, size)[mine], len(sentence))
        fresh = np.bincount(index, flags[mine], len(sentence))
        total += np.divide(fresh, runs, out=np.zeros(len(sentence)), where=runs > 0)
        lengths += runs > 0
    return sentence.astype(np.int32), total / lengths, np.bincount(index, minlength=len(sentence))


def _beside(t: Tokens, at: Ints, new: list[Flags], number: int) -> tuple[str, tuple[str, ...]]:
    """Return how new the latest text is beside those before it, and a caveat for a short past."""
    document = t.document[at]
    shares = np.zeros(number + 1)
    lengths = np.zeros(number + 1)
    for size, flags in enumerate(new, start=1):
        runs = np.bincount(document, _there(t, at, size), number + 1)
        fresh = np.bincount(document, flags, number + 1)
        shares += np.divide(fresh, runs, out=np.zeros(number + 1), where=runs > 0)
        lengths += runs > 0
    judged = np.flatnonzero(lengths)
    others = judged[(judged < number) & (judged > judged[0])][-COMPARED:] if len(judged) else judged
    told = ""
    if lengths[number] and len(others):
        before = shares[others] / lengths[others]
        told = (
            f" In the whole text {shares[number] / lengths[number]:.0%} of the runs are new; in the "
            f"{counted(len(others), 'text')} before it, each at its time, {before.min():.0%} to "
            f"{before.max():.0%}, the median {np.median(before):.0%}."
        )
    own = int((document == number).sum())
    past = len(document) - own
    few = past < FEW_WORDS * own
    return told, (
        (f"The earlier texts have {counted(past, 'content word')}, less than {FEW_WORDS} times those of "
         "the latest: much is new here that was said elsewhere.",) if few else ()
    )  # fmt: skip
