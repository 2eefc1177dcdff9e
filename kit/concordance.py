"""Concordance: each occurrence of words in its line, and the words that stand beside it."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from kit import cql, tokens
from kit.corpus import Corpus
from kit.cql import Hits, Positions, QueryError, simple
from kit.errors import ParameterError, nearest
from kit.finding import Finding, counted, strings
from kit.tokens import Tokens
from kit.tokens.places import Places, parts

_BESIDE = [*(f"L{i}" for i in range(5, 0, -1)), "node", *(f"R{i}" for i in range(1, 6))]
_KEYS = ("source", "date", *_BESIDE)
_CLOSING = tuple(
    ",.;:!?)]}%’”»…，。、；：！？）》」』"
)  # marks that stand close to the word before
_NEXT = " ¶ "  # between the paragraphs of a hit in several


def kwic(  # noqa: PLR0913 (what is asked, how it is matched, which lines: all of it is usual)
    corpus: Corpus,
    query: str,
    *,
    window: int = 8,
    titles: bool = True,
    sort: str = "source",
    sample: int | None = None,
    seed: int = 0,
    top: int | None = None,
    case: bool = False,
    diacritics: bool = False,
    longest: bool = False,
) -> Finding:
    """List the occurrences of a query, the key word in context.

    `query` is words as they are written, or CQL (it begins with ``[`` or ``"``; see ``kit.cql``). In
    words ``*`` stands for any characters and ``?`` for one, ``a|b`` for one of two words (with blanks
    about it, of two phrases), ``{strengthen}`` for a lemma and ``_V*`` for a tag; hyphen forms,
    apostrophes and possessive endings make no difference, nor do capitals unless `case` and accents
    unless `diacritics`. Nothing matches across sentences unless CQL asks for it; `longest` takes the
    longest match of CQL from each place, not the shortest.

    Columns: date, title, paragraph, left, hit, right; `window` words on each side, which may reach
    over sentence ends but never out of the paragraph. `sort` is ``source`` (reading order), ``date``,
    ``node``, a word beside it (``L1`` to ``L5``, ``R1`` to ``R5``) or several (``"R1,R2"``), ``-`` before
    one turns it round. `sample` takes so many lines at random under `seed`; `top` makes the first
    lines only. ``total`` has how many there are. Raises ParameterError where the query has no word or
    cannot be read.
    """
    for name, value in (("window", window), ("sample", sample), ("top", top)):
        if value is not None and value < 0:
            raise ParameterError(f"{name} is {value}: give 0 or more")
    keys = _sort_keys(sort)
    t = tokens.of(corpus)
    first, last = hits(t, query, titles=titles, case=case, diacritics=diacritics, longest=longest)
    total = len(first)
    if sample is not None and sample < total:
        drawn = np.random.default_rng(seed).choice(total, sample, replace=False)
        first, last = first[np.sort(drawn)], last[np.sort(drawn)]
    if keys != ["source"]:
        order = _order(t, first, last, keys)
        first, last = first[order], last[order]
    if top is not None:
        first, last = first[:top], last[:top]
    of = f" of {total:,}" if len(first) < total else ""
    drawn_at = f", drawn at random (seed {seed})" if sample is not None and sample < total else ""
    return Finding(
        "kwic",
        f"“{query}” in context: {counted(len(first), 'line')}{of}",
        _lines(t, first, last, window),
        corpus,
        f"{window} words on each side; {_matched(query, case=case, diacritics=diacritics, longest=longest)}; "
        f"paragraph 0 is the title{drawn_at}.",
        Places.of_hits(t, first, last),
        total=total,
    )


def contexts(
    corpus: Corpus,
    query: str,
    *,
    at: str = "R1",
    titles: bool = True,
    case: bool = False,
    diacritics: bool = False,
    longest: bool = False,
) -> Finding:
    """Count what stands at a place beside the occurrences of a query, most frequent first.

    `at` is ``L1`` to ``L5``, ``R1`` to ``R5``, ``node``, or from one to another: ``R1-R2``, ``L1-node``.
    Columns: context (folded words), count, texts (how many have it); the evidence is hit and context.
    A context does not reach out of the sentence of the hit. `query` and the rest as for ``kwic``.
    """
    low, high = _place(at)
    t = tokens.of(corpus)
    first, last = hits(t, query, titles=titles, case=case, diacritics=diacritics, longest=longest)
    begin, _ = _moved(first, last, low)
    _, end = _moved(first, last, high)
    whole = (begin >= t.sentence_bounds[t.sentence[first]]) & (
        end < t.sentence_bounds[t.sentence[last] + 1]
    )
    first, last, begin, end = (a[whole] for a in (first, last, begin, end))
    found = []
    for size in np.unique(end - begin).tolist():
        lines = np.flatnonzero(end - begin == size)
        rows = t.word[begin[lines, None] + np.arange(size + 1)]
        distinct, number = np.unique(rows, axis=0, return_inverse=True)
        order = np.argsort(number.reshape(-1), kind="stable")
        groups = np.split(lines[order], np.cumsum(np.bincount(number.reshape(-1)))[:-1])
        for words, group in zip(distinct.tolist(), groups, strict=True):
            texts = len(np.unique(t.document[first[group]]))
            found.append((" ".join(t.words[w] for w in words), len(group), texts, group))
    found.sort(key=lambda row: (-row[1], row[0]))
    spans = Places.of_hits(t, np.minimum(first, begin), np.maximum(last, end))
    missing = int(len(whole) - whole.sum())
    return Finding(
        "contexts",
        f"What stands at {at} of “{query}”",
        pd.DataFrame([row[:3] for row in found], columns=["context", "count", "texts"]),
        corpus,
        f"Folded words at {at} in the sentence of the hit; "
        f"{_matched(query, case=case, diacritics=diacritics, longest=longest)}.",
        tuple(tuple(span for line in row[3].tolist() for span in spans[line]) for row in found),
        (f"{missing:,} of {counted(len(whole), 'hit')} have no such context in their sentence.",)
        if missing
        else (),
    )


def find(
    corpus: Corpus,
    query: str,
    *,
    case: bool = False,
    diacritics: bool = False,
    longest: bool = False,
) -> list[tuple[int, int]]:
    """Return (first word, last word) of each occurrence of a query, in reading order.

    In a corpus of several languages the query is read by the rules of each in turn. The query and the
    options are those of ``kwic``.
    """
    t = tokens.of(corpus)
    first, last = hits(t, query, case=case, diacritics=diacritics, longest=longest)
    return list(zip(first.tolist(), last.tolist(), strict=True))


def aligned(finding: Finding, width: int = 100) -> list[str]:
    """Return the lines of a concordance one under the other, the hits beginning in one column.

    `width` is in columns of a terminal, in which a Chinese character takes two and a combining mark
    none. Each line has the date and paragraph, the left context set to the right, the hit, and the
    right context; what does not fit is cut off at the far ends.
    """
    from wcwidth import clip, ljust, rjust  # noqa: PLC0415 (loaded when first needed)
    from wcwidth import width as columns  # noqa: PLC0415

    rows = [{k: _one_line(v) for k, v in row.items()} for row in finding.rows]
    places = [f"{row['date']} {_paragraph(row['paragraph'])}".strip() for row in rows]
    place = max(map(columns, places), default=0)
    room = max(width - place - 2, 3)
    node = min(max((columns(row["hit"]) for row in rows), default=0), room // 3)
    left = (room - node - 2) // 2
    lines = []
    for row, at in zip(rows, places, strict=True):
        before = row["left"]
        if (over := columns(before) - left) > 0:
            before = clip(before, over)
        gap = "" if row["right"].startswith(_CLOSING) else " "
        after = clip(f"{row['hit']}{gap}{row['right']}", 0, room - left - 1)
        lines.append(f"{ljust(at, place)}  {rjust(before, left)} {after}".rstrip())
    return lines


def _paragraph(number: str) -> str:
    return "title" if number == "0" else f"¶{number}"


def _one_line(value: object) -> str:
    """Return a cell as one line of what can be printed: nothing that moves the cursor."""
    text = "" if value is None else " ".join(str(value).split())
    return "".join(c for c in text if c.isprintable() or c in "\u200d\u200c")


# ---- hits


def hits(
    t: Tokens,
    query: str,
    *,
    titles: bool = True,
    case: bool = False,
    diacritics: bool = False,
    longest: bool = False,
) -> Hits:
    """Return the first and the last words of the occurrences of a query, in reading order.

    `query` and the options are those of ``kwic``.
    """
    if cql.looks_like(query):
        first, last = cql.find(t, query, longest=longest)
    else:
        first, last = _found(t, query, case=case, diacritics=diacritics)
    if titles:
        return first, last
    body = ~t.in_title[first]
    return first[body], last[body]


def _found(t: Tokens, query: str, *, case: bool, diacritics: bool) -> Hits:
    """Return the hits of a query of words, read by the rules of each language in turn."""
    codes = _languages(t)
    try:
        queries = {c: simple.read(t, query, c, case=case, diacritics=diacritics) for c in codes}
    except QueryError as error:
        raise error.shown(query) from None
    asked = {code: wanted for code, wanted in queries.items() if wanted}
    if not asked:
        raise ParameterError(f"the query {query!r} has no word: give words, e.g. win-win")
    if len(codes) == 1:
        return cql.search(t, asked[codes[0]])
    found = []
    for code, wanted in asked.items():
        first, last = cql.search(t, wanted)
        own = _codes(t)[t.ids[first]] == codes.index(code)
        found.append(np.stack((first[own], last[own])))
    both = np.concatenate(found, axis=1)
    order = np.lexsort((both[1], both[0]))
    return both[0, order], both[1, order]


@lru_cache(maxsize=8)
def _languages(t: Tokens) -> list[str]:
    return sorted({document.language for document in t.corpus}) or ["en"]


@lru_cache(maxsize=8)
def _codes(t: Tokens) -> NDArray[np.int64]:
    """Return the language of each form, its number in ``_languages``."""
    number = {code: i for i, code in enumerate(_languages(t))}
    return np.array([number[code] for code in t.languages], dtype=np.int64)


def _matched(query: str, *, case: bool, diacritics: bool, longest: bool) -> str:
    """Return in words how a query was matched."""
    if cql.looks_like(query):
        chosen = "longest" if longest else "shortest"
        return f"CQL, the {chosen} match from each beginning, as CQP chooses them"
    same = ["hyphens", *([] if case else ["capitals"]), *([] if diacritics else ["accents"])]
    return f"{', '.join(same)} and possessive endings make no difference"


# ---- lines


def _lines(t: Tokens, first: Positions, last: Positions, window: int) -> pd.DataFrame:
    """Return the columns of a concordance; all numbers are looked up at once, not line by line."""
    opening, closing = t.passage[first], t.passage[last]
    left = np.maximum(first - window, t.passage_bounds[opening])
    right = np.minimum(last + window, t.passage_bounds[closing + 1] - 1)
    begin, end = t.start[first].tolist(), t.end[last].tolist()
    texts = list(map(t.texts.__getitem__, opening.tolist()))
    ends = texts
    across = np.flatnonzero(opening != closing).tolist()
    if across:  # rare: a hit of CQL that goes on into other paragraphs
        ends = list(map(t.texts.__getitem__, closing.tolist()))
    nodes = [text[a:b] for text, a, b in zip(texts, begin, end, strict=True)]
    for i in across:
        stretch = parts(t, int(opening[i]), int(closing[i]), begin[i], end[i])
        nodes[i] = _NEXT.join(map(t.corpus.text, stretch))
    before = zip(texts, t.start[left].tolist(), begin, strict=True)
    after = zip(ends, end, t.end[right].tolist(), strict=True)
    dates, titles = t.once(_of_documents)
    document = t.document[first]
    return pd.DataFrame(
        {
            "date": dates.take(document),
            "title": titles.take(document),
            "paragraph": t.paragraphs[opening],
            "left": strings([text[a:b].strip() for text, a, b in before]),
            "hit": strings(nodes),
            "right": strings([text[a:b].strip() for text, a, b in after]),
        },
        copy=False,
    )


def _of_documents(t: Tokens) -> tuple[ExtensionArray, ExtensionArray]:
    """Return the date and the title of each document, as columns."""
    dates = (document.day for document in t.corpus)
    return strings(dates), strings([document.title for document in t.corpus])


# ---- places beside a hit, and lines in order of them


def _moved(first: Positions, last: Positions, place: str) -> Hits:
    """Return the first and last word of a place beside each hit."""
    if place == "node":
        return first, last
    distance = int(place[1:])
    beside = first - distance if place[0] == "L" else last + distance
    return beside, beside


def _place(at: str) -> tuple[str, str]:
    """Return the first and last place that ``R1`` or ``R1-R2`` names."""
    names = [name.strip() for name in at.split("-")]
    for name in names:
        _known(name, "at", _BESIDE)
    if len(names) > 2 or _BESIDE.index(names[0]) > _BESIDE.index(names[-1]):
        raise ParameterError(f"at={at!r} goes from right to left: give the left place first, L2-L1")
    return names[0], names[-1]


def _sort_keys(sort: str) -> list[str]:
    keys = sort.replace(",", " ").split() or ["source"]
    for key in keys:
        _known(key.removeprefix("-"), "sort", _KEYS)
    return keys


def _known(name: str, parameter: str, known: Iterable[str]) -> None:
    known = list(known)
    if name not in known:
        close = nearest(name.upper(), known) or nearest(name.lower(), known)
        raise ParameterError(f"{parameter}={name!r} is none of {', '.join(known)}.{close}")


def _order(t: Tokens, first: Positions, last: Positions, keys: list[str]) -> Positions:
    """Return the order of hits by keys, the first key first; at a tie they stay in reading order."""
    ranks = []
    for key in keys:
        rank = _rank(t, first, last, key.removeprefix("-"))
        ranks.append(-rank if key.startswith("-") else rank)
    return np.lexsort(ranks[::-1])


def _rank(t: Tokens, first: Positions, last: Positions, key: str) -> Positions:
    if key == "source":
        return first
    if key == "date":
        dates = [d.date.toordinal() if d.date else 10**7 for d in t.corpus]  # undated last
        return np.array(dates, dtype=np.int64)[t.document[first]]
    if key == "node":
        bounds = zip(first.tolist(), last.tolist(), strict=True)
        nodes = [tuple(t.words[w] for w in t.word[a : b + 1].tolist()) for a, b in bounds]
        by_node = {node: i for i, node in enumerate(sorted(set(nodes)))}
        return np.array([by_node[node] for node in nodes], dtype=np.int64)
    place, _ = _moved(first, last, key)
    side = first if key[0] == "L" else last
    passage = t.passage[side]
    there = (place >= t.passage_bounds[passage]) & (place < t.passage_bounds[passage + 1])
    found = np.zeros(len(first), dtype=np.int64)  # no word: before all others
    numbers, which = np.unique(t.word[place[there]], return_inverse=True)
    words = [t.words[n] for n in numbers.tolist()]
    rank = {word: i for i, word in enumerate(sorted(words), start=1)}
    found[there] = np.array([rank[word] for word in words], dtype=np.int64)[which]
    return found
