"""Networks: well-formed, described, the same bytes each time, and no word upon another."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import charts, collocation, counts, networks
from kit.charts import Chart
from kit.corpus import Corpus
from kit.errors import ParameterError
from kit.finding import Finding
from kit.render import svg

MakeCorpus = Callable[..., Corpus]
SVG = "{http://www.w3.org/2000/svg}"


def texts(chart: Chart) -> set[str]:
    root = ET.fromstring(chart.svg)
    return {"".join(e.itertext()) for e in root.iter(f"{SVG}text")}


def finding(corpus: Corpus, *pairs: tuple[str, str, int], **columns: list[float]) -> Finding:
    frame = pd.DataFrame(pairs, columns=["first", "second", "count"])
    frame["logDice"] = columns.pop("logDice", [12.0] * len(frame))
    return Finding("pairs", "Pairs", frame.assign(**columns), corpus, "by hand")


def overlapping(centre: networks.Floats, half: networks.Floats) -> int:
    apart = np.abs(centre[:, None] - centre[None])
    over = np.all(apart < half[:, None] + half[None] - 1e-5, axis=2)
    return int(np.triu(over, 1).sum())


def test_a_real_text(seed: Corpus) -> None:
    pairs = collocation.pairs(seed)
    one, other = networks.network(pairs), networks.network(pairs)
    assert one.svg == other.svg
    assert texts(one) == {*pairs.table["first"], *pairs.table["second"]}
    assert one.alt.startswith(
        "A network of 10 words, 5 ties; the strongest by logDice: head and state (6)"
    )
    assert one._repr_mimebundle_()[charts.MIME]["alt"] == one.alt
    assert one.title == pairs.title


def test_its_colours_have_dark_twins(seed: Corpus) -> None:
    page = svg.inline(networks.network(collocation.pairs(seed)).svg, "a")
    for colour in ("--accent", "--shade-2", "--ink", "--shade-0"):
        assert f"var({colour})" in page
    assert "#" not in page.replace("url(#", "").replace('href="#', "")


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_nothing(seed: Corpus, count: int) -> None:
    chart = networks.network(finding(seed, *[("a", "b", 3), ("b", "c", 2)][:count]))
    assert len(texts(chart)) == (0, 2, 3)[count]
    assert chart.alt
    assert count or chart.alt == "No two words go together."


def test_lines_are_as_thick_as_pairs_are_strong(seed: Corpus) -> None:
    assert networks._line_widths(np.array([13.0, 12.0, 3.0]), "logDice").tolist() == [4.0, 2.0, 0.6]
    assert networks._line_widths(np.array([10.0, 5.0, np.nan]), "G2").tolist() == [4.0, 2.0, 0.6]
    strong = finding(seed, ("a", "b", 3), ("b", "c", 2), logDice=[13.0, 12.0])
    drawn = networks.network(strong).svg
    assert "stroke-width: 4" in drawn
    assert "stroke-width: 2" in drawn


def test_words_are_as_large_as_they_are_frequent() -> None:
    radii = networks._radii(np.array([100.0, 25.0, 1.0]))
    assert radii[0] == pytest.approx(2 * radii[1])
    assert radii[2] == networks._SMALLEST


def test_top_cuts(seed: Corpus) -> None:
    chart = networks.network(finding(seed, ("a", "b", 3), ("c", "d", 2)), top=1)
    assert texts(chart) == {"a", "b"}
    assert len(chart.finding) == 1


def test_chinese_labels_marks_and_dollars(seed: Corpus) -> None:
    names = [("合作", "多边主义"), ("$5", "$6"), ("<b>", "R&D")]
    chart = networks.network(finding(seed, *[(a, b, 2) for a, b in names]))
    assert texts(chart) == {name for pair in names for name in pair}
    assert "<b>" not in chart.svg


# up to 60 boxes anywhere, also on one spot
BOXES = st.lists(
    st.tuples(*(st.integers(0, 70),) * 2, st.integers(1, 8), st.integers(1, 3)),
    min_size=1,
    max_size=60,
)


@given(BOXES)
def test_boxes_are_moved_apart_within_the_page(boxes: list[tuple[int, int, int, int]]) -> None:
    numbers = np.array(boxes, dtype=np.float64) / 10
    centre, half = numbers[:, :2], numbers[:, 2:]
    moved = networks._apart(centre, half)
    assert overlapping(moved, half) == 0
    assert (moved[:, 0] - half[:, 0] > -1e-9).all()
    assert (moved[:, 0] + half[:, 0] < charts.WIDTH + 1e-9).all()
    assert (centre == numbers[:, :2]).all()


def test_a_large_network_has_no_word_upon_another() -> None:
    rng = np.random.default_rng(0)
    words = [f"somewhat-long-word-{i}" for i in range(50)]
    ends = rng.choice(50, (80, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    table = pd.DataFrame(
        {"first": [words[i] for i in ends[:, 0]], "second": [words[i] for i in ends[:, 1]]}
    )
    words = sorted({*table["first"], *table["second"]})
    half = np.tile([[0.6, 0.15]], (len(words), 1))
    centre = networks._placed(table, words, half)
    assert overlapping(centre, half) == 0
    assert (np.abs(centre[:, 0] - charts.WIDTH / 2) + 0.6 <= charts.WIDTH / 2 + 1e-6).all()


def test_other_findings_are_refused(seed: Corpus) -> None:
    with pytest.raises(ParameterError, match="no column first"):
        networks.network(counts.words(seed))
    with pytest.raises(ParameterError, match="no column G3"):
        networks.network(collocation.pairs(seed), strength="G3")
