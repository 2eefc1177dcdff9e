"""What the latest text says again in other words: candidates, for people to judge."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kit import tokens
from kit.corpus import Corpus
from kit.finding import Finding, counted
from kit.reuse import meaning, sentences
from kit.reuse.gates import differences
from kit.reuse.sentences import Sentences
from kit.reuse.verbatim import ORDER, SHORTEST, limits, named
from kit.tokens import Longs

SIMILAR = 0.8  # cosine
SAME = (
    0.6  # share of distinct words in common from which a sentence is the same one, changed at most
)
READ = (
    5_000  # earlier sentences of which each is compared by meaning; of more those with common words
)
NEAREST = 20  # of these, for each sentence
TRIED = 10  # earlier sentences that are tried before a sentence is given up
READ_BY_HAND = (
    "Candidates: of 56 drawn from three corpora and read, 48 said the same in other words; of statements of "
    "a central bank, whose sentences differ by what counts, 13 of 19."
)
_AT_ONCE = 32  # sentences compared with all earlier ones at a time: some MB for each thousand


def paraphrases(corpus: Corpus, *, similarity: float = SIMILAR, top: int | None = None) -> Finding:
    """Find sentences of the latest text that an earlier one says nearly so in other words.

    Compared by sentence embeddings, at a cosine of `similarity` or more; a pair of which one has other
    numbers, a negation or another direction is dropped (``gates.differences``), and so is a sentence
    that an earlier text has word for word or nearly. Sentences of 8 words and more, of the language of
    the latest text. Columns: sentence, earlier (the nearest such sentence), similarity, paragraph,
    earlier_date, earlier_title. Evidence: both sentences. Without the extra ``paraphrase`` the finding
    has no rows and does not apply.
    """
    caveats, applies = limits(corpus, of_latest=True)
    if not meaning.installed():
        caveats, applies = (*caveats, meaning.MISSING), False
    rows, spans, gated = [], [], 0
    if applies:
        t = tokens.of(corpus)
        number = len(corpus.dates) - 1
        code = corpus.documents[number].language
        every = sentences.of(t, SHORTEST)
        spoken = np.array([d.language == code for d in corpus], dtype=np.bool_)[every.document]
        mine = every.only(spoken & (every.document == number))
        earlier = every.only(spoken & (every.document < number))
        mine, near = _near(mine, earlier)
        for i, j, cosine, differs in _pairs(mine, earlier, near, similarity, code):
            if differs:
                gated += 1
                continue
            numbers = (int(mine.numbers[i]), int(earlier.numbers[j]))
            here, there = (t.sentence_span(n) for n in numbers)
            rows.append(
                (
                    *(corpus.text(here), corpus.text(there), cosine, here.paragraph),
                    *named(corpus[there.document]),
                )
            )
            spans.append((here, there))
    order = sorted(range(len(rows)), key=lambda i: (-rows[i][2], spans[i]))
    table = pd.DataFrame(
        [rows[i] for i in order[:top]],
        columns="sentence earlier similarity paragraph earlier_date earlier_title".split(),
    ).astype({"similarity": "float64", "paragraph": "int64"})
    if applies:
        caveats += (READ_BY_HAND,)
    if gated:
        caveats += (
            f"{counted(gated, 'pair')} as alike {'was' if gated == 1 else 'were'} dropped: other numbers, a "
            "negation or another direction.",
        )
    return Finding(
        "paraphrases",
        "What the latest text says again in other words",
        table,
        corpus,
        f"Cosine of sentence embeddings of {similarity:g} or more, {meaning.MODEL}; the nearest earlier "
        f"sentence of {SHORTEST} words or more with the same numbers, negation and direction; sentences "
        f"that share {SAME:.0%} of their words with an earlier one left out. {ORDER}.",
        tuple(spans[i] for i in order[:top]),
        caveats,
        applies=applies,
        total=len(rows),
    )


def _near(mine: Sentences, earlier: Sentences) -> tuple[Sentences, list[Longs]]:
    """Return the sentences that no earlier one is the same as, and for each which to compare it with."""
    weight = sentences.weights(earlier)
    rows = sentences.weighed(earlier, weight)
    new, near = [], []
    for at in range(0, len(mine), _AT_ONCE):
        some = mine.only(np.arange(at, min(at + _AT_ONCE, len(mine))))
        same = sentences.common_share(some, earlier).max(axis=1, initial=0) >= SAME
        new += (at + np.flatnonzero(~same)).tolist()
        if len(earlier) <= READ:
            near += [np.arange(len(earlier))] * int((~same).sum())
            continue
        cosine = (sentences.weighed(some.only(~same), weight) @ rows.T).toarray()
        near += [np.sort(np.argpartition(-row, NEAREST)[:NEAREST]) for row in cosine]
    return mine.only(np.array(new, dtype=np.int64)), near


def _pairs(
    mine: Sentences, earlier: Sentences, near: list[Longs], similarity: float, code: str
) -> Iterator[tuple[int, int, float, tuple[str, ...]]]:
    """Yield (sentence, earlier one, cosine, what differs): those that differ, and the first that does not."""
    needed = np.unique(np.concatenate([*near, np.empty(0, dtype=np.int64)]))
    before = meaning.vectors([earlier.text(j) for j in needed.tolist()])
    here = meaning.vectors([mine.text(i) for i in range(len(mine))])
    for i, candidates in enumerate(near):
        cosines = before[np.searchsorted(needed, candidates)] @ here[i]
        best = np.argsort(-cosines, kind="stable")[:TRIED]
        for k in best[cosines[best] >= similarity].tolist():
            j = int(candidates[k])
            differs = differences(mine.text(i), earlier.text(j), (code, code), strict=True)
            yield i, j, round(float(cosines[k]), 3), differs
            if not differs:
                break
