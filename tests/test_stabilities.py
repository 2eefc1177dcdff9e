"""The picture of stability: a line, the chosen number marked, the same bytes each time."""

import xml.etree.ElementTree as ET

import pandas as pd

from kit import stabilities
from kit.corpus import Corpus
from kit.finding import Finding

ROWS = [
    (3, 0.9, 0.8, 1.0, 40.0, False),
    (4, 0.7, 0.6, 0.8, 30.0, True),
    (5, 0.4, 0.3, 0.5, 24.0, False),
]
COLUMNS = "number stability least most passages chosen".split()


def stability(rows: list[tuple[object, ...]]) -> Finding:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return Finding("topic-stability", "How many topics", frame, Corpus(()), "")


def test_the_chosen_number_is_marked() -> None:
    chart = stabilities.curve(stability(list(ROWS)))
    ET.fromstring(chart.svg)
    assert "chosen: 4" in chart.svg
    assert chart.alt.endswith("3 0.90, 4 0.70 (chosen), 5 0.40.")
    assert chart.svg == stabilities.curve(stability(list(ROWS))).svg


def test_nothing_is_an_empty_picture() -> None:
    ET.fromstring(stabilities.curve(stability([])).svg)
