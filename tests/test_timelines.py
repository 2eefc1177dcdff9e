"""Timelines: one row a formulation, described in words, the same bytes each time."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from kit import formulations, timelines
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]


def test_a_timeline_has_a_row_for_each_formulation(ministries: Corpus) -> None:
    ledger = formulations.ledger(ministries)
    chart = timelines.timeline(ledger)
    ET.fromstring(chart.svg)
    assert chart.svg == timelines.timeline(ledger).svg
    for row in ledger.rows:
        assert row["formulation"][:40] in chart.svg
        assert f"{row['formulation']}, {row['first']} to {row['last']}" in chart.alt
        assert row["state"] in chart.svg
    assert len(timelines.timeline(ledger, top=2).finding) == 2


def test_shares_are_drawn_from_first_to_last_period(ministries: Corpus) -> None:
    shares = formulations.shares(ministries, phrases=["quiet diplomacy"], period="year")
    chart = timelines.slope(shares)
    ET.fromstring(chart.svg)
    assert "29% to 0%" in chart.svg
    assert chart.alt.endswith("quiet diplomacy from 29% in 2023 to 0% in 2024.")


@pytest.mark.parametrize("texts", [(), ("Calm seas.",), ("We seek win-win cooperation.",) * 3])
def test_hardly_anything_can_be_drawn(make_corpus: MakeCorpus, texts: tuple[str, ...]) -> None:
    corpus = make_corpus(*texts)
    ET.fromstring(timelines.timeline(formulations.ledger(corpus)).svg)
    ET.fromstring(timelines.slope(formulations.shares(corpus)).svg)


def test_a_ledger_of_a_file_is_drawn_without_marks(ministries: Corpus) -> None:
    record = formulations.record(ministries)
    kept = formulations.Record(record.texts, record.formulations)
    ET.fromstring(timelines.timeline(formulations.of_record(kept)).svg)
