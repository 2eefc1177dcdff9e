"""The calendar of anniversaries: a row an event, described in words, the same bytes each time."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from kit import calendars, times
from kit.corpus import Corpus
from kit.errors import ParameterError

MakeCorpus = Callable[..., Corpus]


def test_a_calendar_has_a_row_for_each_event(seed: Corpus) -> None:
    finding = times.calendar(seed)
    chart = calendars.calendar(finding)
    ET.fromstring(chart.svg)
    assert chart.svg == calendars.calendar(finding).svg
    for row in finding.rows:
        assert row["of"][:40] in chart.svg
        assert f"{row['number']} years in {row['year']}" in chart.alt
    assert "1 of 3 events are drawn" in calendars.calendar(finding, top=1).alt


@pytest.mark.parametrize("text", ["", "They mark the 100th anniversary of <b>& 中国</b>."])
def test_hardly_anything_can_be_drawn(make_corpus: MakeCorpus, text: str) -> None:
    chart = calendars.calendar(times.calendar(make_corpus(text)))
    ET.fromstring(chart.svg)
    assert chart.alt


def test_no_corpus_is_a_picture_too(make_corpus: MakeCorpus) -> None:
    chart = calendars.calendar(times.calendar(make_corpus()))
    assert chart.alt == "No round anniversary lies ahead."


def test_another_finding_is_refused(seed: Corpus) -> None:
    with pytest.raises(ParameterError, match=r"times\.calendar"):
        calendars.calendar(times.dates(seed, about=False))
