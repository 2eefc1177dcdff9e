"""The passages that topics are found in, and what each says, as a table of TF-IDF."""

import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.counts import of_content
from kit.tokens import Ints, LayerName, Longs, Tokens

LEAST, MOST = 40, 120  # words: shorter paragraphs are joined to the next, longer ones cut
_RAREST = 4  # passages that a term needs
_RAREST_OF = 2000  # passages, of which it needs one each
_COMMONEST = 0.25  # of the passages: a term of more tells none from the others, unless it clusters
_CLUSTERED = 0.6  # bits of residual IDF, from which a common term is one of a large topic
_EVEN = 0.1  # bits of residual IDF: below it a term is spread as chance would spread it
_EVEN_SHARE = 0.25  # of the running words: in texts all made alike no more are left out as even
_TERMS = 3000
_NAMES = 0.6  # of the words of a sentence that begin with a capital: from here on it lists names
_LIST = 8  # words that such a sentence has at least
# Words that hold a Chinese sentence together; they cluster in speeches as words of content do.
_CHINESE = frozenset(
    """
        我们 你们 他们 她们 它们 咱们 自己 大家 这个 那个 这些 那些 这样 那样 这种 那种
        一个 一些 一切 有些 许多 各种 各个 不少 其他 其中 什么 怎样 如何 因为 由于 因此
        所以 但是 然而 虽然 如果 只有 只要 为了 关于 对于 根据 按照 通过 以及 并且 而且
        或者 不仅 不但 还是 同时 已经 正在 将要 曾经 仍然 必须 应当 应该 可以 能够 需要
        不能 不要 没有 就是 都是 也是 不是 进行 有的 以来 以上 以下 左右 之一 之间 方面
        十分 非常 特别 更加 我們 你們 他們 它們 這個 這些 這樣 這種 一個 許多 各種 因為
        由於 對於 關於 為了 並且 還是 同時 已經 必須 應當 應該 能夠 沒有 進行
    """.split()
)
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Passages:
    """Passages of about a paragraph's length, and their terms.

    ``of_sentence`` and ``of_word``: the passage of each sentence and word, -1 for titles and texts in
    other languages; ``document``: the text of each passage; ``terms``: numbers of lemmas; ``idf``: one
    value a term; ``table``: passages by terms, TF-IDF, rows of length 1 (a sparse array); ``distinct``:
    the passages that repeat no earlier one; ``lot``: a number for each by which samples are drawn, a
    checksum of its text and place, so that one text more changes little; ``left_out``: how many texts are
    in each of the other languages.
    """

    of_sentence: Ints
    of_word: Ints
    document: Ints
    terms: Longs
    idf: Floats
    table: Any
    distinct: Longs
    lot: Longs
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
    counted = (of_word >= 0) & content(t, "lemma") & ~_listed(t)
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
        of_sentence,
        of_word,
        document,
        terms,
        idf,
        table,
        _distinct(table),
        _lots(t, document),
        language,
        others,
    )


def _lots(t: Tokens, document: Ints) -> Longs:
    texts = [zlib.crc32("\n".join(d.paragraphs).encode()) for d in t.corpus]
    number = np.arange(len(document)) - np.searchsorted(document, document)
    places = zip(document.tolist(), number.tolist(), strict=True)
    return np.array([zlib.crc32(b"%d %d" % (texts[d], i)) for d, i in places], dtype=np.int64)


def content(t: Tokens, by: LayerName) -> Flags:
    """Return whether each word says something on its own, by its value in a layer."""
    names = t.layer(by).names
    chinese = np.fromiter(map(_CHINESE.__contains__, names), np.bool_, len(names))
    flags: Flags = (of_content(names) & ~chinese)[t.layer(by).ids]
    return flags


def _listed(t: Tokens) -> Flags:
    """Return whether each word stands in a sentence that does little but list names, as of a vote."""
    capital = np.fromiter((form[:1].isupper() for form in t.vocabulary), np.bool_)
    before = np.concatenate(([0], np.cumsum(capital[t.ids])))
    words = np.diff(t.sentence_bounds)
    high = np.diff(before[t.sentence_bounds])
    return np.repeat((high > _NAMES * words) & (words >= _LIST), words)


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
    numbers: list[int] = []
    of_text: list[int] = []
    opened: list[int] = []  # the first sentence of each passage
    size, text, paragraph = 0, -1, -1
    for i, (more, its_text, its_paragraph) in enumerate(zip(words, texts, paragraphs, strict=True)):
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
    terms = np.flatnonzero(holders >= rarest)
    by_chance = -np.expm1(-count[terms] / passages)
    residual = np.log2(by_chance * passages / holders[terms])
    common = (holders[terms] > _COMMONEST * passages) & (residual < _CLUSTERED)
    terms, residual = terms[~common], residual[~common]
    if not len(terms):
        return terms
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
    for row, (a, b) in enumerate(pairwise(bounds)):
        if a < b:
            first.setdefault((table.indices[a:b].tobytes(), table.data[a:b].tobytes()), row)
    return np.array(list(first.values()), dtype=np.int64)
