"""Charts: well-formed SVG, described in words, the same bytes each time, no glyph missing."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pandas as pd
import pytest

from kit import charts, counts, formulations, themes
from kit.charts import Chart
from kit.corpus import Corpus
from kit.finding import Finding

MakeCorpus = Callable[..., Corpus]
SVG = "{http://www.w3.org/2000/svg}"
DARKEST = charts.SHADES[-1]


def texts(chart: Chart) -> list[str]:
    """Return the labels of a chart, read from its XML."""
    root = ET.fromstring(chart.svg)
    assert root.tag == f"{SVG}svg"
    return ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]


def drawn(corpus: Corpus) -> list[Chart]:
    words, space = counts.words(corpus), themes.prominence(corpus)
    return [
        charts.bars(words, "word", "count"),
        charts.bars(space, "theme", "share"),
        charts.themes(themes.by_paragraph(corpus)),
        charts.dispersion(counts.phrases(corpus), "phrase"),
        charts.bars(formulations.known(corpus), "chinese", "count"),
    ]


def labelled(corpus: Corpus, *names: str) -> Finding:
    frame = pd.DataFrame({"item": names, "count": range(1, len(names) + 1)})
    return Finding("f", "F", frame, corpus, "by hand")


def test_each_chart_is_xml_described_and_the_same_bytes_twice(seed: Corpus) -> None:
    first, second = drawn(seed), drawn(seed)
    for one, other in zip(first, second, strict=True):
        assert texts(one)
        assert len(one.alt) > 30
        assert one.svg == other.svg
        assert "<script" not in one.svg
        assert one._repr_mimebundle_()[charts.MIME]["alt"] == one.alt
    assert len({c.name for c in first}) == len(first)


def test_charts_of_several_texts(make_corpus: MakeCorpus) -> None:
    text = "Trade and tariffs, bilateral trade.\n\nWar and peace talks; the peace talks; bilateral trade."
    for chart in drawn(make_corpus(*[text] * 5)):
        assert texts(chart)


@pytest.mark.parametrize("many", [0, 1])
def test_charts_of_next_to_nothing(make_corpus: MakeCorpus, many: int) -> None:
    for chart in drawn(make_corpus(*[""] * many)):
        texts(chart)
        assert chart.alt


def test_a_theme_map_of_one_theme_over_dates_can_be_laid_out(make_corpus: MakeCorpus) -> None:
    # warnings are errors here: matplotlib gives up the layout when labels leave no room for the axes
    chart = charts.themes(
        themes.by_paragraph(make_corpus("Trade and tariffs.", "Trade and tariffs."))
    )
    assert "2025-01-01" in chart.alt


def test_texts_of_one_day_share_a_column_of_the_theme_map(make_corpus: MakeCorpus) -> None:
    # four texts of one day, each wholly on trade: all paragraphs of that day have the theme
    nothing = "War in 1945.\n\nNothing.\n\nUN Charter.\n\nNothing."
    days = ["2025-01-01"] * 4 + ["2025-02-01"]
    corpus = make_corpus(*["Trade and tariffs."] * 4, nothing, dates=days)
    assert DARKEST in charts.themes(themes.by_paragraph(corpus)).svg


def test_chinese_and_russian_labels_have_their_glyphs(seed: Corpus) -> None:
    names = (
        "真正的多边主义",
        "共建“一带一路”",
        "mixed 合作 label",
        "многосторонность",
        "naïve – “x”",
    )
    assert set(names) <= set(texts(charts.bars(labelled(seed, *names), "item", "count")))


def test_dollars_and_marks_are_no_formula_and_no_markup(seed: Corpus) -> None:
    names = ("$5 and $6", "a_b^c", "<script>alert(1)</script>", "R&D")
    chart = charts.bars(labelled(seed, *names), "item", "count")
    assert set(names) <= set(texts(chart))
    assert "<script" not in chart.svg


def test_one_row_is_one_bar_also_where_labels_are_the_same(seed: Corpus) -> None:
    def patches(*names: str) -> int:
        svg = charts.bars(labelled(seed, *names), "item", "count").svg
        return len(re.findall(r'id="patch_\d+"', svg))

    assert patches("a", "b", "c") == patches("a", "b") + 1
    assert patches("a", "a", "c") == patches("a", "b", "c")


def test_the_description_says_the_numbers(seed: Corpus) -> None:
    chart = charts.bars(counts.words(seed), "word", "count", top=2)
    assert chart.alt == "Bars of count: countries 19, cooperation 12."
    assert len(chart.finding) == 2
    assert "Economy and trade in paragraph 10–15" in charts.themes(themes.by_paragraph(seed)).alt
