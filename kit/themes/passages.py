"""The passages that topics are found in, and what each says, as a table of TF-IDF."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.counts import of_content
from kit.tokens import Ints, Longs, Tokens

LEAST, MOST = 40, 120  # words: shorter paragraphs are joined to the next, longer ones cut
_RAREST = 4  # passages that a term needs
_RAREST_OF = 2000  # passages, of which it needs one each
_COMMONEST = 0.25  # of the passages: a term of more tells none from the others
_EVEN = 0.1  # bits of residual IDF: below it a term is spread as chance would spread it
_EVEN_SHARE = 0.25  # of the running words: in texts all made alike no more are left out as even
_TERMS = 3000
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Passages:
    """Passages of about a paragraph's length, and their terms.

    ``of_sentence`` and ``of_word``: the passage of each sentence and word, -1 for titles and texts in
    other languages; ``document``: the text of each passage; ``terms``: numbers of lemmas; ``idf``: one
    value a term; ``table``: passages by terms, TF-IDF, rows of length 1 (a sparse array); ``distinct``:
    the passages that repeat no earlier one; ``left_out``: texts in other languages by language.
    """

    of_sentence: Ints
    of_word: Ints
    document: Ints
    terms: Longs
    idf: Floats
    table: Any
    distinct: Longs
    language: str
    left_out: Counter[str]

    def __len__(self) -> int:
        return len(self.document)


def of(t: Tokens) -> Passages:
    """Return the passages of a corpus; they are made once."""
    return t.once(_passages)


def _passages(t: Tokens) -> Passages:
    from scipy import sparse  # noqa: PLC0415 (loaded when first needed)

    language, others = _languages(t)
    of_sentence, document = _cut(t, language)
    of_word = np.repeat(of_sentence, np.diff(t.sentence_bounds)).astype(np.int32)
    layer = t.layer("lemma")
    counted = (of_word >= 0) & of_content(layer.names)[layer.ids]
    number = len(document)
    spread = sparse.coo_array(
        (
            np.ones(int(counted.sum())),
            (of_word[counted].astype(np.int64), layer.ids[counted].astype(np.int64)),
        ),
        shape=(number, len(layer.names)),
    ).tocsr()
    holders = np.bincount(spread.indices, minlength=len(layer.names))
    terms = _telling(holders, np.asarray(spread.sum(axis=0)).ravel(), number)
    idf = np.log(number / holders[terms])
    table = spread[:, terms]
    table.sort_indices()
    table.data = (1 + np.log(table.data)) * idf[table.indices]
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table.data /= np.repeat(length, np.diff(table.indptr))
    return Passages(
        of_sentence, of_word, document, terms, idf, table, _distinct(table), language, others
    )


def _languages(t: Tokens) -> tuple[str, Counter[str]]:
    """Return the language with most words, and how many texts are in each of the others."""
    words: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for document, size in zip(t.corpus, np.diff(t.document_bounds).tolist(), strict=True):
        words[document.language] += size
        texts[document.language] += 1
    main = min(words, key=lambda code: (-words[code], code), default="")
    del texts[main]
    return main, texts


def _cut(t: Tokens, language: str) -> tuple[Ints, Ints]:
    """Return the passage of each sentence, and the text of each passage.

    A passage ends with a paragraph once it has `LEAST` words, and within one where it would get more
    than `MOST` with half of the next sentence. What is left at the end of a text joins the one before.
    """
    of_passage = t.sentences[:, 0]
    counted = np.array([d.language == language for d in t.corpus], dtype=np.bool_)
    text_of = np.cumsum(t.paragraphs == 0) - 1
    chosen = np.flatnonzero((t.paragraphs[of_passage] > 0) & counted[text_of[of_passage]])
    words = np.diff(t.sentence_bounds)[chosen].tolist()
    texts, paragraphs = text_of[of_passage[chosen]].tolist(), of_passage[chosen].tolist()
    numbers, of_text, opened = [], [], []  # opened: the first sentence of each passage
    size, text, paragraph = 0, -1, -1
    for i, (more, its_text, its_paragraph) in enumerate(
        zip(words, texts, paragraphs, strict=True)
    ):
        full = size >= LEAST and its_paragraph != paragraph
        if its_text != text or full or size + more // 2 > MOST:
            if its_text != text:
                _join_rest(numbers, of_text, opened, size)
            of_text.append(its_text)
            opened.append(i)
            size = 0
        numbers.append(len(of_text) - 1)
        size, text, paragraph = size + more, its_text, its_paragraph
    _join_rest(numbers, of_text, opened, size)
    of_sentence = np.full(len(of_passage), -1, dtype=np.int32)
    of_sentence[chosen] = numbers
    return of_sentence, np.array(of_text, dtype=np.int32)


def _join_rest(numbers: list[int], of_text: list[int], opened: list[int], size: int) -> None:
    """Join the last passage to the one before, where it is short and of the same text."""
    if size < LEAST and len(of_text) > 1 and of_text[-1] == of_text[-2]:
        first = opened.pop()
        numbers[first:] = [numbers[first] - 1] * (len(numbers) - first)
        of_text.pop()


def _telling(holders: Longs, count: Floats, passages: int) -> Longs:
    """Return the terms by which passages can be told apart: neither rare nor common nor even.

    A word is even where its residual IDF (Church & Gale 1995) is small: it stands in about as many
    passages as a word as frequent would by chance (Poisson). *Make* does, *nuclear* comes in clusters.
    """
    rarest = max(_RAREST, passages / _RAREST_OF)
    terms = np.flatnonzero((holders >= rarest) & (holders <= _COMMONEST * passages))
    if not len(terms):
        return terms
    by_chance = -np.expm1(-count[terms] / passages)
    residual = np.log2(by_chance * passages / holders[terms])
    running = np.sort(np.repeat(residual, holders[terms]))
    even = min(_EVEN, float(running[int(_EVEN_SHARE * len(running))]))
    gain = np.where(residual >= even, count[terms] * (residual - even), -1.0)
    first = np.argsort(-gain, kind="stable")[:_TERMS]
    chosen: Longs = np.sort(terms[first[gain[first] >= 0]])
    return chosen


def _distinct(table: Any) -> Longs:
    """Return the rows that have terms and are not as an earlier one."""
    first: dict[tuple[bytes, bytes], int] = {}
    bounds = table.indptr.tolist()
    for row, (a, b) in enumerate(zip(bounds, bounds[1:], strict=False)):
        if a < b:
            first.setdefault((table.indices[a:b].tobytes(), table.data[a:b].tobytes()), row)
    return np.array(list(first.values()), dtype=np.int64)
