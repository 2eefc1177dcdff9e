"""Spans as arrays are the spans that they were made of, whatever is cut or put together."""

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kit.corpus import Corpus, Document, Span
from kit.finding import spread
from kit.spans import SpanArrays

LENGTHS = [3, 1, 4]  # paragraphs of each text
CORPUS = Corpus(
    tuple(
        Document(f"d{i}", "A title", dt.date(2024, 1, 1 + i), ("Some words.",) * n, "en", "", "")
        for i, n in enumerate(LENGTHS)
    )
)
spans = st.sampled_from(range(len(LENGTHS))).flatmap(
    lambda i: st.builds(
        Span, st.just(f"d{i}"), st.integers(0, LENGTHS[i]), st.integers(0, 3), st.integers(4, 9)
    )
)


@given(
    st.lists(st.lists(spans, max_size=9).map(tuple), min_size=1, max_size=6),
    st.integers(2, 5),
    st.data(),
)
def test_spans_as_arrays_are_those_spans(
    rows: list[tuple[Span, ...]], most: int, data: st.DataObject
) -> None:
    places = SpanArrays.of(CORPUS, rows)
    assert len(places) == len(rows)
    assert places == rows
    cut = slice(data.draw(st.integers(0, 6)), data.draw(st.none() | st.integers(-3, 6)))
    for found, wanted in ((places, rows), (places[cut], rows[cut])):
        assert list(found) == wanted
        for i, row in enumerate(wanted):
            assert found.passages(i) == len({(s.document, s.paragraph) for s in row})
            assert list(found.spread(i, most)) == spread(list(dict.fromkeys(row)), most)
    assert places.places.dtype == np.int32
    assert places.bounds[-1] == len(places.places)
    assert list(places[cut].arrays()) == rows[cut]
    number = st.integers(0, len(rows) - 1)
    chosen = data.draw(st.lists(st.lists(number, max_size=3), max_size=4))
    gathered = places.gathered([np.array(some, dtype=np.int64) for some in chosen])
    assert list(gathered) == [tuple(s for i in some for s in rows[i]) for some in chosen]
    row = np.array(data.draw(st.lists(number, max_size=3)), dtype=np.int64)
    first = np.array([data.draw(st.integers(0, len(rows[i]))) for i in row], dtype=np.int64)
    past = np.array(
        [data.draw(st.integers(a, len(rows[i]))) for i, a in zip(row, first, strict=True)],
        dtype=np.int64,
    )
    parts = [rows[i][a:b] for i, a, b in zip(row, first, past, strict=True)]
    assert list(places.parts(row, first, past)) == parts
    assert list(places.parts(row, first, past).arrays()) == parts
