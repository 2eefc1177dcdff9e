"""Streams and maps of themes: every band and square named, described in words, the same bytes each time."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import networks, streams, themes
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.render import svg
from kit.streams import _breaks, _spread, _when

MakeCorpus = Callable[..., Corpus]
PARAGRAPHS = (
    "Trade and investment grew.",
    "The climate is warming, and emissions rise.",
    "Nothing.",
    "Nothing at all.",
)


def years(make_corpus: MakeCorpus, counts: dict[int, int]) -> Corpus:
    """Return a text a year with so many paragraphs on trade, one on the climate, and some on nothing."""
    texts = [
        "\n\n".join([PARAGRAPHS[0]] * n + list(PARAGRAPHS[1:]) + ["Words."] * 4)
        for n in counts.values()
    ]
    corpus = make_corpus(*texts, dates=[f"{year}-05-01" for year in counts])
    return Corpus(tuple(replace(d, publisher=f"Office {i % 3}") for i, d in enumerate(corpus)))


def test_a_stream_names_its_bands(make_corpus: MakeCorpus) -> None:
    shares = themes.shares(years(make_corpus, {2019: 1, 2020: 2, 2021: 3, 2022: 4}), by="year")
    chart = streams.stream(shares)
    ET.fromstring(chart.svg)
    assert chart.svg == streams.stream(shares).svg
    for theme in shares.table["theme"].unique():
        assert theme in chart.svg
        assert theme in chart.alt
    assert "Economy and trade, 12% to 36%" in chart.svg
    assert "Economy and trade from 12% to 36%, most in 2022 (36%)" in chart.alt
    assert "2019" in chart.svg
    assert "var(--shade-2)" in svg.inline(chart.svg, "c1")
    few = streams.stream(shares, top=1)
    assert streams.OTHERS in few.svg
    assert "Climate" not in few.alt


def test_a_theme_that_came_and_went_says_when(make_corpus: MakeCorpus) -> None:
    shares = themes.shares(years(make_corpus, {2019: 0, 2020: 8, 2021: 0}), by="year")
    assert "Economy and trade, up to 53% in 2020" in streams.stream(shares).svg


def test_a_stream_is_broken_where_no_text_is(make_corpus: MakeCorpus) -> None:
    whole = themes.shares(years(make_corpus, {2019: 1, 2020: 2, 2021: 3}), by="year")
    broken = themes.shares(years(make_corpus, {2010: 1, 2020: 2, 2021: 3}), by="year")
    bands = [streams.stream(s).svg.count("FillBetweenPolyCollection") for s in (whole, broken)]
    assert bands[1] == 2 * bands[0]


def test_too_few_periods_are_said(make_corpus: MakeCorpus) -> None:
    for counts in ({}, {2020: 1}, {2020: 1, 2021: 2}):
        chart = streams.stream(themes.shares(years(make_corpus, counts), by="year"))
        ET.fromstring(chart.svg)
        assert chart.alt.endswith("a stream takes 3.")
        assert chart.alt in chart.svg


def test_a_map_has_the_figures_in_its_squares(make_corpus: MakeCorpus) -> None:
    corpus = years(make_corpus, {2019: 1, 2020: 2, 2021: 5})
    shares = themes.shares(corpus, by="publisher")
    chart = streams.sources(shares)
    ET.fromstring(chart.svg)
    assert chart.svg == streams.sources(shares).svg
    for row in shares.rows:
        assert f"{row['share']:.0%}" in chart.svg
        assert f"{row['source']} {row['share']:.0%}" in chart.alt
    fewer = streams.sources(shares, top=2)
    assert "Office 0" not in fewer.alt
    assert fewer.title.endswith("(2 of 3, those with most)")


def test_one_source_is_said(make_corpus: MakeCorpus) -> None:
    corpus = Corpus(years(make_corpus, {2019: 1, 2020: 2}).documents[:1])
    chart = streams.sources(themes.shares(corpus, by="publisher"))
    ET.fromstring(chart.svg)
    assert chart.alt == "1 source: there is nothing to compare."


def test_markup_in_a_source_stays_text(make_corpus: MakeCorpus) -> None:
    corpus = years(make_corpus, {2019: 1, 2020: 2})
    names = ("<script>alert(1)</script>", "$x_1$ & co")
    corpus = Corpus(tuple(replace(d, publisher=n) for d, n in zip(corpus, names, strict=True)))
    chart = streams.sources(themes.shares(corpus, by="publisher"))
    ET.fromstring(chart.svg)
    assert "<script" not in chart.svg


def test_what_is_no_share_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = years(make_corpus, {2019: 1, 2020: 2, 2021: 3})
    with pytest.raises(ParameterError, match=r"no column period: draw what themes\.shares gives"):
        streams.stream(themes.shares(corpus, by="publisher"))
    with pytest.raises(ParameterError, match="no column source"):
        streams.sources(themes.shares(corpus, by="year"))


def test_themes_that_go_together_make_a_network(seed: Corpus) -> None:
    ET.fromstring(networks.network(themes.together(seed)).svg)


def test_where_periods_lie() -> None:
    assert [_when(p) for p in ("1990s", "2024", "2024-Q3", "2024-07")] == [
        1990,
        2024,
        2024.5,
        2024.5,
    ]
    assert _breaks(np.array([2010.0, 2020, 2021, 2022]), 1.0) == [0, 1, 4]


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=12))
def test_labels_stand_apart_and_in_order(places: list[float]) -> None:
    wanted = np.sort(np.array(places))[::-1]
    spread = _spread(wanted, 0.1)
    assert (np.diff(spread) <= -0.1 + 1e-9).all()
    assert spread.mean() == pytest.approx(wanted.mean(), abs=1e-9)
    free = -np.arange(len(wanted)) * 0.2
    assert _spread(free, 0.1) == pytest.approx(free)
