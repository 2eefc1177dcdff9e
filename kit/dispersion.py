"""Dispersion: whether a word is spread over the whole corpus or crowded into a part of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from kit import concordance, counts, tokens, written
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding, counted
from kit.measures import dispersion as measures
from kit.tokens import Ints, LayerName, Longs, Tokens
from kit.tokens.places import Places

Parts = str | int | None  # "text", "paragraph", or a number of equal stretches
ENOUGH_TEXTS = 10  # from which texts are the parts unless others are asked for
EQUAL_PARTS = 10
MEASURES: Mapping[str, Any] = MappingProxyType(
    {
        "DP": measures.gries_dp,
        "DPnorm": measures.dp_norm,
        "JuillandD": measures.juilland_d,
        "CarrollD2": measures.carroll_d2,
        "RosengrenS": measures.rosengren_s,
        "DKL": lambda c, s: 1 / (1 + measures.d_kl(c, s)),
    }
)
METHOD = (
    "Range: parts that have it. DP (Gries 2008) and DPnorm (Lijffijt & Gries 2012) are 0 where it is "
    "spread as evenly as can be and near 1 where it is all in one place; Juilland's D, Carroll's D2, "
    "Rosengren's S and DKL, 1/(1 + K) with K in bits (Gries 2021), are near 1 where it is even. ARF: "
    "average reduced frequency (Savický & Hlaváčová 2002), the count if it stood at even distances."
)


def words(
    corpus: Corpus,
    *,
    by: LayerName = "word",
    content: bool = True,
    minimum: int = 5,
    parts: Parts = None,
    top: int | None = None,
) -> Finding:
    """Measure how evenly each word of the paragraphs is spread over the parts of the corpus.

    `parts` are texts (``text``), paragraphs (``paragraph``) or a number of equal stretches of running
    words; by default texts from 10 texts on, else 10 stretches. Words under `minimum` are left out.
    Columns: word, count, range, DP, DPnorm, JuillandD, CarrollD2, RosengrenS, DKL, ARF. In order of count.
    """
    t = tokens.of(corpus)
    layer, body = t.layer(by), ~t.in_title
    unit, sizes, said = _parts(t, parts)
    values = len(layer.names)
    spread = tokens.spread(layer.ids[body], unit[body], values)
    chosen = spread.totals >= max(minimum, 1)
    if content and by != "tag":
        chosen &= counts.of_content(layer.names)
    numbers = counts.ranked(np.flatnonzero(chosen), (-spread.totals,), layer.names)
    total, numbers = len(numbers), numbers[:top]
    spelt = written.Spellings(t, layer)
    names = [
        written.label(spelt.of(n), layer.names[n]) if by == "word" else layer.names[n]
        for n in numbers.tolist()
    ]
    places = [at[body[at]] for at in map(layer.positions, numbers.tolist())]
    from scipy.sparse import csr_array  # noqa: PLC0415 (0.1 s, loaded when first needed)

    whole = csr_array((spread.counts, spread.units, spread.bounds), shape=(values, len(sizes)))
    table = _measured(t, names, places, whole[numbers], sizes)
    return Finding(
        "dispersion",
        "How evenly words are spread",
        table.rename(columns={"item": "word"}),
        corpus,
        f"Over {said}. {METHOD}",
        Places(t, [(at, at) for at in places]),
        _few(sizes),
        applies=not _few(sizes),
        total=total,
    )


def queries(corpus: Corpus, wanted: Sequence[str], *, parts: Parts = None) -> Finding:
    """Measure how evenly what queries find is spread: words, phrases or CQL, as of ``kwic``.

    Columns as of ``words``, with query instead of word; rows in the order asked. What stands in
    titles is not counted.
    """
    if isinstance(wanted, str):
        raise ParameterError(f"give a list of queries: [{wanted!r}]")
    t = tokens.of(corpus)
    unit, sizes, said = _parts(t, parts)
    hits = [_hits(corpus, t, query) for query in wanted]
    matrix = np.array(
        [np.bincount(unit[first], minlength=len(sizes)) for first, _ in hits], dtype=np.int64
    ).reshape(len(wanted), len(sizes))
    table = _measured(t, list(wanted), [first for first, _ in hits], matrix, sizes)
    return Finding(
        "dispersion-queries",
        "How evenly it is spread",
        table.rename(columns={"item": "query"}),
        corpus,
        f"Over {said}. {METHOD}",
        Places(t, hits),
        _few(sizes),
        applies=not _few(sizes),
    )


def _hits(corpus: Corpus, t: Tokens, query: str) -> tuple[Ints, Ints]:
    found = np.array(concordance.find(corpus, query), dtype=np.int32).reshape(-1, 2)
    found = found[~t.in_title[found[:, 0]]]
    return found[:, 0], found[:, 1]


def _parts(t: Tokens, parts: Parts) -> tuple[Ints, Longs, str]:
    """Return the part of each word, the words of each part, and what the parts are."""
    body = ~t.in_title
    if parts is None:
        parts = "text" if len(t.corpus) >= ENOUGH_TEXTS else EQUAL_PARTS
    if parts == "text":
        unit, number, said = t.document, len(t.corpus), counted(len(t.corpus), "text")
    elif parts == "paragraph":
        paragraphs = sum(len(d.paragraphs) for d in t.corpus)
        unit, number, said = t.passage, len(t.passages), counted(paragraphs, "paragraph")
    else:
        if isinstance(parts, str) or parts < 1:
            raise ParameterError(f"parts is {parts!r}: give text, paragraph, or a number from 1")
        place = np.cumsum(body) - 1
        unit = (np.maximum(place, 0) * parts // max(t.body_words, 1)).astype(np.int32)
        number, said = parts, f"{counted(parts, 'equal part')} of running words"
    return unit, np.bincount(unit[body], minlength=number), said


def _measured(
    t: Tokens, names: list[str], places: list[Ints], matrix: Any, sizes: Longs
) -> pd.DataFrame:
    place = np.cumsum(~t.in_title) - 1  # among the words of paragraphs
    size = t.body_words
    table = {
        "item": names,
        "count": np.array([len(at) for at in places], dtype=np.int64),
        "range": np.asarray(measures.range_(matrix, sizes)).astype(np.int64),
    }
    table |= {name: np.asarray(measure(matrix, sizes)) for name, measure in MEASURES.items()}
    table["ARF"] = np.array(
        [measures.arf(place[at], size) if len(at) else 0.0 for at in places], dtype=np.float64
    )
    return pd.DataFrame(table)


def _few(sizes: Longs) -> tuple[str, ...]:
    parts = int((sizes > 0).sum())
    return () if parts > 1 else (f"{counted(parts, 'part')} with words: nothing to compare.",)
