"""What the report on the seed must get right: each fact read by a person in the text."""

import datetime as dt
import re

import pytest

from kit import concordance, counts, formulations, keyness, lists, names, themes, times
from kit.corpus import Corpus, Span
from kit.finding import Finding, base

EXPECTED_NAMES = {
    ("person", "Xi Jinping"), ("person", "Vladimir Putin"),
    ("organisation", "United Nations"), ("organisation", "United Nations Security Council"),
    ("organisation", "Shanghai Cooperation Organization"), ("organisation", "BRICS"),
    ("place", "China"), ("place", "Russia"),
    ("initiative", "Belt and Road Initiative"),
    ("document", "UN Charter"),
    ("event", "Chinese Lunar New Year"), ("event", "World War II"), ("event", "Great Patriotic War"),
    ("event", "World Anti-Fascist War"),
    ("event", "Chinese People's War of Resistance against Japanese Aggression"),
}  # fmt: skip


def paragraphs(spans: tuple[Span, ...]) -> list[int]:
    return [span.paragraph for span in spans]


def row(finding: Finding, column: str, value: str) -> tuple[dict[str, object], list[int]]:
    """Return a row of a finding and the paragraphs of its evidence."""
    (at,) = finding.table.index[finding.table[column] == value]
    return dict(finding.table.loc[at]), paragraphs(finding.evidence[at])


def test_its_date_and_size(seed: Corpus) -> None:
    (document,) = seed
    assert document.date == dt.date(2025, 1, 26)
    assert len(document.paragraphs) == 25
    assert base(seed).startswith("1 text, 26 sentences,")
    assert document.notes == ()
    assert seed.left_out == ()


def test_the_event_is_told_apart_from_the_date_of_the_text(seed: Corpus) -> None:
    (event,) = times.events(seed).table.itertuples()
    assert (event.date, event.event) == ("2025-01-26", "2025-01-21")


def test_exactly_these_things_are_named(seed: Corpus) -> None:
    table = names.names(seed).table
    assert set(zip(table["kind"], table["name"], strict=True)) == EXPECTED_NAMES
    assert len(table) == len(EXPECTED_NAMES)


def test_abbreviations_are_forms_of_the_long_names(seed: Corpus) -> None:
    finding = names.names(seed)
    for name, forms, where in (
        ("United Nations", {"United Nations", "UN"}, [20, 20, 21, 22]),
        (
            "Shanghai Cooperation Organization",
            {"Shanghai Cooperation Organization", "SCO"},
            [22] * 3,
        ),
        ("Belt and Road Initiative", {"Belt and Road Initiative", "BRI"}, [12, 12]),
        ("United Nations Security Council", {"UN Security Council"}, [22]),
        ("UN Charter", {"UN Charter"}, [21]),
    ):
        found, at = row(finding, "name", name)
        assert {re.sub(r" \(\d+\)$", "", f) for f in str(found["forms"]).split(", ")} == forms
        assert at == where


def test_people_have_their_roles(seed: Corpus) -> None:
    table = names.of_kind(names.names(seed), "person").table
    assert dict(zip(table["name"], table["role"], strict=True)) == {
        "Xi Jinping": "Chinese President",
        "Vladimir Putin": "Russian President",
    }


@pytest.mark.parametrize(
    ("query", "phrase", "body", "title", "where"),
    [
        ("heads of state", "heads of state", 6, 1, [2, 6, 7, 9, 15, 24]),
        ("the two countries", "the two countries", 9, 0, [4, 5, 11, 13, 18, 19, 22, 24, 25]),
        ("China-Russia relations", "China-Russia relations", 4, 0, [2, 4, 6, 10]),
        ("mutually beneficial cooperation", "mutually beneficial cooperation", 3, 0, [8, 15, 19]),
    ],
)
def test_searching_and_counting_give_the_same_figures(
    seed: Corpus, query: str, phrase: str, body: int, title: int, where: list[int]
) -> None:
    spans = [spans[0] for spans in concordance.kwic(seed, query).evidence]
    assert [s.paragraph for s in spans if s.paragraph] == where
    assert len([s for s in spans if not s.paragraph]) == title
    counted, at = row(counts.phrases(seed), "phrase", phrase)
    assert (counted["count"], counted["in_title"]) == (body, title)
    assert at == where


def test_two_of_the_two_countries_are_possessive(seed: Corpus) -> None:
    hits = concordance.kwic(seed, "the two countries").table["hit"].str.lower().tolist()
    assert sorted(hits) == ["the two countries"] * 7 + ["the two countries'"] * 2


@pytest.mark.parametrize(
    ("words", "paragraph"),
    [
        ("non-alliance, non-confrontation and not targeting any third party", 16),
        ("mutual respect, peaceful coexistence, and win-win cooperation", 18),
        (
            "permanent good-neighborly friendship, comprehensive strategic coordination and "
            "mutually beneficial cooperation",
            8,
        ),
        ("the UN, the SCO, and BRICS", 22),
    ],
)
def test_lists_are_whole_and_clean(seed: Corpus, words: str, paragraph: int) -> None:
    found, at = row(lists.lists(seed), "list", words)
    assert (found["items"], found["kind"], at) == (3, "nouns", [paragraph])


def test_the_four_verbs_of_paragraph_21(seed: Corpus) -> None:
    found, at = row(lists.lists(seed), "heads", "defend, promote, uphold, practice")
    assert (found["items"], found["kind"], at) == (4, "verbs", [21])
    assert str(found["list"]).endswith("and practice true multilateralism")


@pytest.mark.parametrize(
    ("english", "chinese", "where"),
    [
        ("changes unseen in a century", "百年未有之大变局", [17]),
        ("new type of international relations", "新型国际关系", [18]),
        ("true multilateralism", "真正的多边主义", [21]),
        ("UN-centered international system", "以联合国为核心的国际体系", [21]),
        ("practical cooperation", "务实合作", [10, 11, 18, 25]),
        ("mutually beneficial cooperation", "互利合作", [8, 15, 19]),
        ("comprehensive strategic coordination", "全面战略协作", [8, 25]),
        ("permanent good-neighborly friendship", "永久睦邻友好", [8]),
        ("international fairness and justice", "国际公平正义", [5]),
        ("Belt and Road Initiative", "共建“一带一路”", [12]),
        ("alignment of development strategies", "发展战略对接", [12]),
        (
            "non-alliance, non-confrontation and not targeting any third party",
            "不结盟、不对抗、不针对第三方",
            [16],
        ),
        (
            "mutual respect, peaceful coexistence and win-win cooperation",
            "相互尊重、和平共处、合作共赢",
            [18],
        ),
        ("stay true to the original aspiration", "不忘初心", [18]),
        ("everlasting friendship", "世代友好", [19]),
        ("World Anti-Fascist War", "世界反法西斯战争", [20]),
        ("Great Patriotic War", "伟大卫国战争", [20]),
        ("outcomes of victory in World War II", "二战胜利成果", [21]),
        ("purposes and principles of the UN Charter", "联合国宪章宗旨和原则", [21]),
        ("basic norms governing international relations", "国际关系基本准则", [21]),
        ("reform of the global governance system", "全球治理体系改革", [9, 22]),
        ("steady progress while maintaining stability", "稳中求进", [11]),
    ],
)
def test_known_formulations(seed: Corpus, english: str, chinese: str, where: list[int]) -> None:
    found, at = row(formulations.known(seed), "formulation", english)
    assert found["chinese"] == chinese
    assert at == where
    assert found["meaning"]


def test_anniversaries(seed: Corpus) -> None:
    finding = times.anniversaries(seed)
    table = finding.table
    assert table[["anniversary", "year", "since", "next_year"]].to_numpy().tolist() == [
        [75, 2024, 1949, 2029],
        [80, 2025, 1945, 2030],
        [80, 2025, 1945, 2030],
    ]
    assert [paragraphs(spans) for spans in finding.evidence] == [[8], [20], [20]]
    assert "China-Russia diplomatic relations" in table["of"][0]
    assert "victories of the Chinese People's War" in table["of"][1]
    assert "founding of the United Nations" in table["of"][2]


def test_the_80th_is_of_all_three_wars(seed: Corpus) -> None:
    of = times.anniversaries(seed).table["of"][1]
    assert "Great Patriotic War" in of
    assert of.endswith("World Anti-Fascist War")


def test_they_met_three_times_in_2024(seed: Corpus) -> None:
    (met,) = times.numbers(seed).table.itertuples()
    assert (met.paragraph, met.value, met.unit, met.about) == (7, 3, "times", "met three times")
    years = times.dates(seed).table
    assert "2024" in years["resolved"][years["paragraph"] == 7].tolist()


def test_this_year_and_the_past_year(seed: Corpus) -> None:
    table = times.dates(seed).table
    resolved = dict(zip(table["written"], table["resolved"], strict=True))
    assert (resolved["This year"], resolved["the past year"]) == ("2025", "2024")


@pytest.mark.parametrize(
    ("theme", "where"),
    [
        ("Economy and trade", {11, 12, 13, 14, 15}),
        ("History and remembrance", {20}),
        ("Global order and multilateralism", {21, 22}),
    ],
)
def test_themes(seed: Corpus, theme: str, where: set[int]) -> None:
    table = themes.by_paragraph(seed).table
    assert where <= set(table["paragraph"][table["theme"] == theme])


def test_every_span_of_every_finding_is_in_its_text(seed: Corpus) -> None:
    findings = [
        counts.words(seed), counts.phrases(seed), keyness.general(seed), formulations.known(seed),
        lists.lists(seed), names.names(seed), themes.by_paragraph(seed), themes.prominence(seed),
        times.dates(seed), times.events(seed), times.anniversaries(seed), times.numbers(seed),
        concordance.kwic(seed, "relations"),
    ]  # fmt: skip
    for finding in findings:
        assert len(finding.evidence) == len(finding) > 0, finding.name
        for spans in finding.evidence:
            assert spans, finding.name
            for span in spans:
                text = seed[span.document].text(span.paragraph)
                assert 0 <= span.start < span.end <= len(text)
                assert seed.text(span).strip() == seed.text(span)
                # no span begins or ends within a word
                assert not re.match(r"\w", text[span.end : span.end + 1])
                assert not re.search(r"\w$", text[: span.start])
