"""Topics: what the texts are about by their own words, without a lexicon."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from kit import keep, tokens
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding, counted
from kit.language import missing
from kit.measures.intervals import holm, wilson
from kit.spans import SpanArrays
from kit.themes import by_lexicon, factors, named, passages, resamples
from kit.tokens import Longs, Tokens

LEAST_COSINE = 0.15  # of a passage with its topic: below it, it has none
MOST_TOPICS = 100
LEAST_EACH = 10  # passages for each topic that somebody asks for
ALPHA = 0.01  # of p by Holm, up to which a topic rises or falls
SHORTEST, LONGEST = 8, 45  # words of a typical sentence
ALIKE = 0.5  # of the terms of two typical sentences, from which the second says nothing new
RETURNING = 0.25  # mean agreement below which a topic is called unsure
FAR_LESS = 0.75  # of the average: a topic less covered by the lexicon than this is pointed out
_METHOD = (
    "Topics by non-negative matrix factorisation of TF-IDF of lemmas (words of content that cluster: "
    "residual IDF, Church & Gale 1995) in passages of a paragraph's length, fixed seeds. A passage has the "
    "topic that it has most of, where their cosine is 0.15 or more. Named by key phrases (local MI). "
)
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Topics:
    """The topics of a corpus, largest first.

    ``names``: one a topic; ``of_passage``: the topic of each passage, -1 for none; ``returning``: how well
    each comes back in resamples; ``sentences``: the sentence of each passage that is most typical of its
    topic, -1 where it has none; ``closeness``: the cosine of that sentence with the topic; ``rank``: the
    same, but that of a sentence too short or too long comes after all others.
    """

    names: tuple[str, ...]
    of_passage: Longs
    returning: Floats
    sentences: Longs
    closeness: Floats
    rank: Floats

    def ordered(self, topic: int) -> Longs:
        """Return the passages of a topic, the one with the most typical sentence first."""
        own = np.flatnonzero(self.of_passage == topic)
        first: Longs = own[np.argsort(-self.rank[own], kind="stable")]
        return first


@keep.finding
def topics(corpus: Corpus, *, number: int | None = None, top: int | None = None) -> Finding:
    """Find the topics of a corpus, the largest first, each named by its own key phrases.

    `number` of topics; without it the one that ``stability`` chooses. At most `top` rows are made.
    Columns: topic, share (of all passages), passages, texts, first and last (day of a text that has it),
    earlier and later (share of the passages in the first and the second half of the dated texts), trend
    (rising, falling, or empty), stability (mean agreement of the topic with those of resamples; 1 where
    its 20 terms always come back in the same order), sentence (the most typical). Evidence: of each
    passage of the topic the most typical sentence, those nearest to the topic first. Raises
    ParameterError for a number out of range.
    """
    t = tokens.of(corpus)
    reason, applies = resamples.refusal(t)
    names = "topic share passages texts first last earlier later trend stability sentence".split()
    rows: list[tuple[object, ...]] = []
    chosen: list[Longs] = []
    method = _METHOD
    caveats: tuple[str, ...] = (reason,)
    if not reason:
        found, made = passages.of(t), _made(t, number)
        moved = _trends(t, found, made)
        for j, name in enumerate(made.names[:top]):
            own = made.ordered(j)
            texts = np.unique(found.document[own])
            days = [day for x in texts.tolist() if (day := corpus.documents[x].day)]
            rows.append(
                (
                    name,
                    len(own) / len(found),
                    len(own),
                    len(texts),
                    min(days, default=None),
                    max(days, default=None),
                    *moved[j],
                    float(made.returning[j]),
                    corpus.text(t.sentence_span(_typical(t, made, j, 1)[0])),
                )
            )
            chosen.append(made.sentences[own])
        method += _of_number(t, made, number)
        caveats = _caveats(t, found, made, number)
    return Finding(
        "topics",
        "Topics from the texts",
        pd.DataFrame(rows, columns=names),
        corpus,
        method,
        SpanArrays.of_rows(corpus, t.sentences, chosen),
        caveats,
        formats=dict.fromkeys(("share", "earlier", "later"), "{:.1%}"),
        total=0 if reason else len(made.names),
        applies=applies,
    )


@keep.finding
def typical(corpus: Corpus, *, number: int | None = None, sentences: int = 3) -> Finding:
    """Return the most typical sentences of each topic, from different texts, no two of them alike.

    Columns: topic, date, text (its title), closeness (cosine of the sentence with the topic), sentence.
    """
    t = tokens.of(corpus)
    reason, applies = resamples.refusal(t)
    rows, evidence = [], []
    if not reason:
        made = _made(t, number)
        at = {int(s): i for i, s in enumerate(made.sentences) if s >= 0}
        for j, name in enumerate(made.names):
            for s in _typical(t, made, j, sentences):
                span = t.sentence_span(s)
                document = corpus[span.document]
                closeness = float(made.closeness[at[s]])
                rows.append((name, document.day, document.title, closeness, corpus.text(span)))
                evidence.append((span,))
    return Finding(
        "typical-sentences",
        "Typical sentences of the topics",
        pd.DataFrame(rows, columns=["topic", "date", "text", "closeness", "sentence"]),
        corpus,
        f"{_METHOD}Typical are the sentences of {SHORTEST} to {LONGEST} words with the highest cosine with "
        "the topic, one a text, no two with half of their terms in common.",
        tuple(evidence),
        (reason,) if reason else (),
        applies=applies,
    )


@keep.finding
def uncovered(corpus: Corpus, *, number: int | None = None, own: str = "") -> Finding:
    """Point out the topics that the lexicon of themes hardly covers, the least covered first.

    Covered is a passage whose most typical sentence has a term of a theme of its paragraph. A topic is
    pointed out where that share of its passages is below three quarters of the average over all topics,
    and its 95 % Wilson interval below the average. `own` is a file of themes as in ``by_paragraph``.
    Columns: topic, statement, passages, covered (share of its passages), average, trend. Evidence: the
    sentences that are not covered, the most typical first.
    """
    t = tokens.of(corpus)
    reason, applies = resamples.refusal(t)
    rows, evidence, caveats = [], [], [reason]
    if not reason:
        found, made = passages.of(t), _made(t, number)
        has = _with_theme(t, own)[made.sentences]
        average = float(has[made.of_passage >= 0].mean())
        caveats = [] if average else ["The lexicon of themes has no term that these texts have."]
        moved = _trends(t, found, made)
        for j, name in enumerate(made.names if average else ()):
            mine = made.ordered(j)
            share = float(has[mine].mean())
            high = float(np.asarray(wilson(has[mine].sum(), len(mine))[1]))
            if share < FAR_LESS * average and high < average:
                trend = moved[j][-1]
                statement = (
                    f"No theme of the lexicon covers “{name}” well: {share:.0%} of its "
                    f"{counted(len(mine), 'passage')} have a term of one in their most typical "
                    f"sentence, against {average:.0%} over all topics"
                )
                statement += f"; its share is {trend}." if trend else "."
                rows.append((name, statement, len(mine), share, average, trend))
                without = made.sentences[mine[~has[mine]]].tolist()
                evidence.append(tuple(map(t.sentence_span, without)))
        order = sorted(range(len(rows)), key=lambda i: rows[i][3])
        rows, evidence = [rows[i] for i in order], [evidence[i] for i in order]
        if average and not rows:
            caveats = ["None: the lexicon covers each topic about as well as all are covered."]
    return Finding(
        "uncovered-topics",
        "Topics that no theme of the lexicon covers",
        pd.DataFrame(
            rows, columns=["topic", "statement", "passages", "covered", "average", "trend"]
        ),
        corpus,
        f"{_METHOD}A topic is pointed out where the share of its passages whose most typical sentence has "
        "a term of a theme of its paragraph is below three quarters of the average, and the 95 % Wilson "
        "interval of that share below the average.",
        tuple(evidence),
        tuple(caveats),
        shape="sentences",
        formats={"covered": "{:.0%}", "average": "{:.0%}"},
        applies=applies,
    )


def _made(t: Tokens, number: int | None) -> _Topics:
    if number is not None:
        most = min(MOST_TOPICS, len(passages.of(t)) // LEAST_EACH)
        if not 2 <= number <= most:
            raise ParameterError(f"number is {number}: give 2 to {most} topics for these texts")
    return t.once(_of_number_made, number or resamples.number(t))


def _of_number_made(t: Tokens, number: int) -> _Topics:
    found = passages.of(t)
    with factors.one_thread():
        random = np.random.default_rng(resamples.SEED)
        basis = factors.basis(found.table[found.distinct], number, random)
        terms = factors.factors(basis, number)[1]
        terms = terms[terms.any(axis=1)]
        terms /= np.linalg.norm(terms, axis=1, keepdims=True)
        topic = factors.weights(found.table, terms).argmax(axis=1)
        cosine = (found.table @ terms.T)[np.arange(len(found)), topic]
        topic[cosine < LEAST_COSINE] = -1
        size = np.bincount(topic[topic >= 0], minlength=len(terms))
        order = np.flatnonzero(size)[np.argsort(-size[np.flatnonzero(size)], kind="stable")]
        place = np.full(len(terms) + 1, -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        topic, terms = place[topic], terms[order]
        returning = resamples.returning(t, terms)
    sentences = _sentences(t, found, topic, terms)
    names = named.names(t, found, topic, terms)
    return _Topics(tuple(names), topic, returning, *sentences)


def _sentences(
    t: Tokens, found: passages.Passages, topic: Longs, terms: Floats
) -> tuple[Longs, Floats, Floats]:
    """Return of each passage the sentence nearest to its topic, its cosine with it, and its rank."""
    lemma = t.layer("lemma")
    column = np.full(len(lemma.names), -1, dtype=np.int64)
    column[found.terms] = np.arange(len(found.terms))
    word = column[lemma.ids]
    of_topic = np.where(found.of_word >= 0, topic[found.of_word], -1)
    counts = np.flatnonzero((word >= 0) & (of_topic >= 0))
    # a term that stands twice in a sentence counts once
    pairs = t.sentence[counts].astype(np.int64) * len(found.terms) + word[counts]
    pairs, first = np.unique(pairs, return_index=True)
    where, which = counts[first], word[counts[first]]
    sentence, number = t.sentence[where], len(t.sentences)
    idf = found.idf[which]
    product = np.bincount(sentence, idf * terms[of_topic[where], which], number)
    length = np.sqrt(np.bincount(sentence, idf**2, number))
    cosine = product / np.maximum(length, 1e-9)
    words = np.diff(t.sentence_bounds)
    # one too short or too long is taken only where a passage has no other
    rank = cosine - 2.0 * ((words < SHORTEST) | (words > LONGEST))
    inside = np.flatnonzero(found.of_sentence >= 0)
    order = inside[np.lexsort((inside, -rank[inside], found.of_sentence[inside]))]
    best = order[np.unique(found.of_sentence[order], return_index=True)[1]]
    return np.where(topic >= 0, best, -1), cosine[best], rank[best]


def _typical(t: Tokens, made: _Topics, topic: int, most: int) -> list[int]:
    """Return the most typical sentences of a topic: one a text, no two alike."""
    lemma, bounds = t.layer("lemma").ids, t.sentence_bounds
    telling = set(passages.of(t).terms.tolist())
    texts: set[str] = set()
    said: list[set[int]] = []
    chosen: list[int] = []
    for s in made.sentences[made.ordered(topic)].tolist():
        text = t.sentence_span(s).document
        terms = set(lemma[bounds[s] : bounds[s + 1]].tolist()) & telling
        if text in texts or any(len(terms & x) >= ALIKE * len(terms | x) for x in said):
            continue
        texts.add(text)
        said.append(terms)
        chosen.append(s)
        if len(chosen) == most:
            break
    return chosen


def _trends(
    t: Tokens, found: passages.Passages, made: _Topics
) -> list[tuple[float | None, float | None, str]]:
    """Return of each topic its shares in both halves of the dated texts, and whether it rises or falls.

    By Spearman's correlation of a text's date with the share of its passages; p by the normal limit of
    the permutations, by Holm over the topics.
    """
    topics_, texts = len(made.names), len(t.corpus)
    days = np.array([d.date.toordinal() if d.date else 0 for d in t.corpus])
    grid = np.bincount(
        found.document.astype(np.int64) * (topics_ + 1) + made.of_passage + 1,
        minlength=texts * (topics_ + 1),
    ).reshape(texts, topics_ + 1)
    dated = np.flatnonzero((days > 0) & (grid.sum(axis=1) > 0))
    if len(dated) < resamples.LEAST_TEXTS or days[dated[0]] == days[dated[-1]]:
        return [(None, None, "")] * topics_
    grid = grid[dated]
    shares = grid[:, 1:] / grid.sum(axis=1, keepdims=True)
    half = len(dated) // 2
    earlier, later = (x[:, 1:].sum(axis=0) / x.sum() for x in (grid[:half], grid[half:]))
    when = _ranks(days[dated].astype(np.float64))
    rho = np.array([_correlation(when, _ranks(column)) for column in shares.T])
    p = holm(special.erfc(np.abs(rho) * np.sqrt(len(dated) - 1) / np.sqrt(2)))
    trend = np.where(p > ALPHA, "", np.where(rho > 0, "rising", "falling"))
    return [(float(a), float(b), str(c)) for a, b, c in zip(earlier, later, trend, strict=True)]


def _ranks(values: Floats) -> Floats:
    """Return ranks, those that are equal with their mean."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 0.0


def _with_theme(t: Tokens, own: str) -> NDArray[np.bool_]:
    """Return whether each sentence has a term of a theme that its paragraph has."""
    found = by_lexicon.by_paragraph(t.corpus, own=own).evidence
    passage, start, _ = SpanArrays.of(t.corpus, found).arrays().places.astype(np.int64).T
    opening = t.sentences[:, 0].astype(np.int64) << 32 | t.sentences[:, 1]
    has = np.zeros(len(t.sentences), dtype=np.bool_)
    has[np.searchsorted(opening, passage << 32 | start, side="right") - 1] = True
    return has


def _of_number(t: Tokens, made: _Topics, number: int | None) -> str:
    how = "as asked for" if number else "the number chosen by stability over resamples"
    held = int((made.of_passage >= 0).sum())
    return (
        f"{counted(len(made.names), 'topic')}, {how}; {held:,} of "
        f"{counted(len(made.of_passage), 'passage')} have one. Trend: Spearman's correlation of date and "
        "share over the texts, p by Holm up to 0.01."
    )


def _caveats(
    t: Tokens, found: passages.Passages, made: _Topics, number: int | None
) -> tuple[str, ...]:
    said = [] if number else list(resamples.doubts(t.once(resamples.tried)))
    if found.left_out:
        others = ", ".join(f"{n} in {code}" for code, n in sorted(found.left_out.items()))
        said.append(
            f"Topics are found in one language, {found.language}: left out are texts in others ({others})."
        )
    unsure = [n for n, x in zip(made.names, made.returning, strict=True) if x < RETURNING]
    if unsure:
        said.append(
            "Unsure, since they hardly come back when texts are left out: "
            + "; ".join(f"“{name}”" for name in unsure)
            + "."
        )
    if found.language not in ("en", "zh"):
        said.append(
            "Function words are known by their even spread only, so that names may have some."
        )
    elif lack := missing(found.language):
        said.append(lack[:1].upper() + lack[1:] + ".")
    return tuple(said)
