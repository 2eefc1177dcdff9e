"""Dates, anniversaries and numbers: worked out from the date of the text, never from today."""

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import times
from kit.corpus import Corpus, Document
from kit.times.amounts import amount, figure
from kit.times.numerals import cardinal, chinese, ordinal, roman

MakeCorpus = Callable[..., Corpus]
LABELS = Path(__file__).parent / "data" / "labels" / "times.csv"


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("on January 21, 2025", "2025-01-21"),
        ("on 21 January 2025", "2025-01-21"),
        ("on the 4th of March, 1897", "1897-03-04"),
        ("on the 1st day of July, 1836", "1836-07-01"),
        ("on the first of July", "2024-07-01"),
        ("on 2025-01-21", "2025-01-21"),
        ("on March 9", "2024-03-09"),
        ("on January 26", "2025-01-26"),
        ("and will meet on March 9", "2025-03-09"),
        ("on January 20-22", "2025-01-20/2025-01-22"),
        ("on 14-15 May 2025", "2025-05-14/2025-05-15"),
        ("from 30 January to 2 February 2024", "2024-01-30/2024-02-02"),
        ("in March 2024", "2024-03"),
        ("in December", "2024-12"),
        ("in May last year", "2024-05"),
        ("in late March 2024", "2024-03-21/2024-03-31"),
        ("from March to May 2024", "2024-03/2024-05"),
        ("since 1949", "1949"),
        ("in the year 2000", "2000"),
        ("in 2013–2025", "2013/2025"),
        ("in 2024-25", "2024/2025"),
        ("from 2013 to 2023", "2013/2023"),
        ("between 1990 and 1995", "1990/1995"),
        ("in mid-2013", "2013-05/2013-08"),
        ("in early 2014", "2014-01/2014-04"),
        ("by the end of 2025", "2025-12"),
        ("in the first half of 2024", "2024-01/2024-06"),
        ("in the third quarter of 2024", "2024-07/2024-09"),
        ("in Q3 2024", "2024-07/2024-09"),
        ("in the spring of 2024", "2024-03/2024-05"),
        ("in fiscal year 1967", "1967"),
        ("in the 1990s", "1990/1999"),
        ("in the late 1980s", "1987/1989"),
        ("in the sixties", "1960/1969"),
        ("in the nineteenth century", "1801/1900"),
        ("in the 21st century", "2001/2100"),
        ("in the early twentieth century", "1901/1933"),
        ("this year", "2025"),
        ("last year", "2024"),
        ("over the past year", "2024"),
        ("early this month", "2025-01-01/2025-01-10"),
        ("earlier this year", "2025-01"),
        ("at the end of the year", "2025-12"),
        ("next month", "2025-02"),
        ("last month", "2024-12"),
        ("next week", "2025-01-27/2025-02-02"),
        ("next spring", "2025-03/2025-05"),
        ("last fall", "2024-09/2024-11"),
        ("in the fourth quarter", "2024-10/2024-12"),
        ("in the past ten years", "2015/2025"),
        ("over the last two decades", "2005/2025"),
        ("over the next twenty-five years", "2025/2050"),
        ("over the past half century", "1975/2025"),
        ("in the last six months", "2024-07/2025-01"),
        ("two years ago", "2023"),
        ("a decade ago", "2015"),
        ("half a century ago", "1975"),
        ("three weeks ago", "2025-01-05"),
        ("in two years' time", "2027"),
        ("five years from now", "2030"),
        ("yesterday", "2025-01-25"),
        ("last Monday", "2025-01-20"),
        ("on February 30, 2025", "2025"),
        ("on Sunday", ""),
        ("for a better tomorrow", ""),
        ("of 2024.5 tons", ""),
        ("and 2000 people", ""),
        ("under resolution 1701", ""),
        ("on the 2030 Agenda", ""),
        ("after the May Fourth Movement", ""),
        ("in recent years", ""),
        ("the same year", ""),
        ("for the New Year", ""),
        ("it may 12 times", ""),
        ("at the [1942nd meeting]", ""),
    ],
)
def test_what_is_written_and_what_it_is(
    make_corpus: MakeCorpus, written: str, resolved: str
) -> None:
    corpus = make_corpus(f"They met {written}.", dates=["2025-01-26"])
    found = times.dates(corpus, about=False).table["resolved"].tolist()
    assert found == [resolved] * bool(resolved)


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("会谈于2025年1月21日举行。", ["2025-01-21"]),
        ("二〇二五年一月二十一日，双方会谈。", ["2025-01-21"]),
        ("4月20日，双方会谈。", ["2024-04-20"]),
        ("今年，贸易额增长。", ["2025"]),
        ("去年上半年，贸易额增长。", ["2024-01/2024-06"]),
        ("从2013年到2023年，贸易额增长。", ["2013/2023"]),
        ("二十世纪九十年代，两国建交。", ["1990/1999"]),
        ("在21世纪，合作不断发展。", ["2001/2100"]),
        ("过去五年，贸易额增长。", ["2020/2025"]),
        ("到2030年，目标将实现。", ["2030"]),
        ("Переговоры прошли 21 января 2025 года.", ["2025-01-21"]),
        ("Встреча состоялась с 1 по 3 сентября 2024 года.", ["2024-09-01/2024-09-03"]),
        ("В этом году торговля выросла.", ["2025"]),
        ("В прошлом году торговля выросла.", ["2024"]),
        ("Торговля росла с 2013 по 2023 год.", ["2013/2023"]),
        ("В 1990-е годы торговля упала.", ["1990/1999"]),
        ("В начале XXI века торговля выросла.", ["2001/2010"]),
        ("За последние пять лет торговля выросла.", ["2020/2025"]),
        ("В первом квартале 2024 года торговля выросла.", ["2024-01/2024-03"]),
    ],
)
def test_chinese_and_russian(make_corpus: MakeCorpus, written: str, resolved: list[str]) -> None:
    corpus = make_corpus(written, dates=["2025-01-26"])
    assert times.dates(corpus).table["resolved"].tolist() == resolved


@pytest.mark.parametrize(
    ("text", "bound", "when", "about"),
    [
        ("Trade will double by 2030.", "by", "ahead", "Trade will double"),
        ("Trade has grown since 2013.", "since", "past", "Trade has grown"),
        ("The leaders met this year.", "", "now", "The leaders met"),
        (
            "More than 60 years ago the state was founded.",
            "before",
            "past",
            "the state was founded",
        ),
        ("They welcomed the treaty of 1996.", "", "past", "the treaty"),
    ],
)
def test_when_it_is_and_what_is_said_of_it(
    make_corpus: MakeCorpus, text: str, bound: str, when: str, about: str
) -> None:
    (row,) = times.dates(make_corpus(text, dates=["2025-01-26"])).rows
    assert (row["bound"], row["when"], row["about"]) == (bound, when, about)


def test_only_what_lies_ahead(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("In 2020 they met. By 2030 they will meet again.", dates=["2025-01-26"])
    assert times.dates(corpus, when="ahead").table["written"].tolist() == ["2030"]


def test_a_weekday_counts_in_a_text_that_names_a_day_near_it(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "On January 21, 2025 they met. On Thursday they met again.",
        "On Thursday they met.",
        dates=["2025-01-26"] * 2,
    )
    assert times.dates(corpus, about=False).table["resolved"].tolist() == [
        "2025-01-21",
        "2025-01-23",
    ]


def test_an_undated_text_resolves_nothing_from_its_date(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Last year, on March 9 and in 2020, they met.", dates=[None])
    finding = times.dates(corpus)
    assert finding.table["resolved"].tolist() == ["2020"]
    assert "no date" in finding.caveats[0]
    assert len(times.events(corpus)) == 0


def test_the_event_lies_at_most_a_month_before_the_text(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "On December 26, 2024 they met.", "On December 25, 2024 they met.",
        "On January 27, 2025 they meet.", "a\n\nb\n\nc\n\nOn January 26, 2025 they met.",
        dates=["2025-01-26"] * 4,
    )  # fmt: skip
    assert times.events(corpus).table["event"].tolist() == ["2024-12-26"]


def test_dates_of_another_language_are_not_silently_nothing(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Am 21. Januar 2025 trafen sie sich.", language="de")
    for finding in (times.dates(corpus), times.numbers(corpus), times.anniversaries(corpus)):
        assert len(finding) == 0
        assert "de" in finding.caveats[0]


# ---- anniversaries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2024 they marked the 75th anniversary of the treaty.", (75, "the treaty", 2024, 1949)),
        ("Next year marks the thirty-fifth anniversary of the accord.", (35, "the accord", 2026, 1991)),
        ("The Forum celebrates its 20th anniversary.", (20, "The Forum", 2025, 2005)),
        ("We marked the centenary of the Party in 2021.", (100, "the Party", 2021, 1921)),
        ("This year marks 75 years since the signing of it.", (75, "the signing of it", 2025, 1950)),
        ("We wait until the Republic marks its centenary in 2049.", (100, "the Republic", 2049, 1949)),
        ("今年是联合国成立80周年。", (80, "联合国成立", 2025, 1945)),
        ("В этом году 80-летие Победы.", (80, "Победы", 2025, 1945)),
    ],
)  # fmt: skip
def test_anniversaries(
    make_corpus: MakeCorpus, text: str, expected: tuple[int, str, int, int]
) -> None:
    (row,) = times.anniversaries(make_corpus(text, dates=["2025-01-26"])).rows
    assert (row["anniversary"], row["of"], row["year"], row["since"]) == expected
    assert row["next_round"] % 5 == 0
    assert row["next_round"] > row["anniversary"]
    assert row["next_year"] == row["since"] + row["next_round"]


def test_a_goal_is_no_anniversary_and_two_events_are_two(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "The second centenary goal is near. They marked the 75th anniversary of the victory and the "
        "founding of the League on 9 May.",
        dates=["2025-05-26"],
    )
    rows = times.anniversaries(corpus).rows
    assert [(r["of"], r["day"]) for r in rows] == [
        ("the victory", "05-09"),
        ("founding of the League", "05-09"),
    ]


def test_the_calendar_takes_the_same_event_of_several_texts_for_one(
    make_corpus: MakeCorpus,
) -> None:
    corpus = make_corpus(
        "This year marks the 75th anniversary of the United Nations (UN).",
        "We mark the 78th anniversary of the founding of the UN.",
        "We mark the 20th anniversary of the Accord.",
        dates=["2020-05-01", "2023-05-01", "2024-05-01"],
    )
    finding = times.calendar(corpus)
    assert finding.table.drop(columns=["day", "of"]).to_numpy().tolist() == [
        [2024, 20, 2004, 1, 1],
        [2025, 80, 1945, 2, 2],
        [2029, 25, 2004, 1, 1],
    ]
    assert [len(spans) for spans in finding.evidence] == [1, 2, 1]
    assert times.calendar(corpus, every=25).table["number"].tolist() == [25]
    assert times.calendar(corpus, ahead=0).table["number"].tolist() == [20]
    assert not times.calendar(make_corpus("The 5th anniversary of it.", dates=[None])).applies


# ---- numbers


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind", "direction", "bound", "about"),
    [
        ("They signed 20 agreements.", 20, "agreements", "count", "", "", "They signed"),
        ("Trade grew by 5.2 percent.", 5.2, "percent", "percent", "up", "", "Trade"),
        ("It cost $3.5 billion.", 3.5e9, "$", "money", "", "", "It cost"),
        ("They built over 1,200 schools.", 1200, "schools", "count", "", "more than", "They built"),
        ("Exports fell by at least two thirds.", 2 / 3, "", "share", "down", "at least", "Exports"),
        ("Trade doubled.", 2, "times", "multiple", "up", "", "Trade"),
        ("They met three times.", 3, "times", "count", "", "", "met three times"),
        ("They cut the rate by 25 basis points.", 25, "basis points", "points", "down", "", "the rate"),
        ("Nearly two and a half million people voted.", 2.5e6, "people", "count", "", "nearly", "voted"),
        ("国内生产总值增长5.5%左右。", 5.5, "percent", "percent", "up", "about", "国内生产总值"),
    ],
)  # fmt: skip
def test_quantities(
    make_corpus: MakeCorpus,
    text: str,
    value: float,
    unit: str,
    kind: str,
    direction: str,
    bound: str,
    about: str,
) -> None:
    (row,) = times.numbers(make_corpus(text)).rows
    assert row["value"] == pytest.approx(value)
    assert (row["unit"], row["kind"], row["direction"]) == (unit, kind, direction)
    assert (row["bound"], row["about"]) == (bound, about)


@pytest.mark.parametrize(
    "text",
    [
        "The two countries agreed.",
        "The 75th anniversary came in 2024.",
        "Under resolution 242 they met.",
        "12. They met at 10.30 a.m. in the hall.",
        "They have double standards.",
        "It plays a third role.",
        "On a 12-month basis it rose.",
        "One country, two others.",
        "They met in Room 5.",
    ],
)
def test_what_counts_nothing(make_corpus: MakeCorpus, text: str) -> None:
    table = times.numbers(make_corpus(text)).table
    assert table["unit"].tolist() in ([], ["others"])


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("5 to 5-1/4 percent", 5, 5.25),
        ("0 to 1/4 percent", 0, 0.25),
        ("1-1/4 to 1\u20111/2 percent", 1.25, 1.5),
        ("1-1/4 percent to 1-1/2 percent", 1.25, 1.5),
        ("$18 to $20 billion", 18e9, 20e9),
        ("3-5 percent", 3, 5),
        ("three or four years", 3, 4),
    ],
)
def test_ranges(written: str, low: float, high: float) -> None:
    start = 1 if written.startswith("$") else 0
    found = amount(written, start)
    assert found is not None
    assert (found.low, found.high, found.value) == (low, high, None)


def test_a_target_range_is_about_the_rate(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "The Committee decided to lower the target range for the federal funds rate by 1/4 percentage "
        "point to 4-1/2 to 4-3/4 percent."
    )
    rows = times.numbers(corpus, about="federal funds").rows
    assert [(r["value"], r["low"], r["high"], r["direction"]) for r in rows] == [
        (0.25, None, None, "down"),
        (None, 4.5, 4.75, "down"),
    ]
    assert {r["about"] for r in rows} == {"the target range for the federal funds rate"}
    assert len(times.numbers(corpus, kind="points")) == 1


@pytest.mark.parametrize(
    ("written", "value"),
    [("1,200", 1200), ("2½", 2.5), ("5-1/4", 5.25), ("1/4", 0.25), ("two and a half", 2.5), ("3.0", 3)],
)  # fmt: skip
def test_figures(written: str, value: float) -> None:
    assert figure(written) == value


def test_numbers_in_words() -> None:
    assert cardinal("twenty-five") == cardinal("twenty- five") == 25
    assert cardinal("a hundred and fifty") == 150
    assert cardinal("several") is None
    assert ordinal("thirty-fifth") == 35
    assert ordinal("two hundredth") == 200
    assert ordinal("230th") == 230
    assert [chinese(x) for x in ("三十五", "一百", "二〇二五", "７５", "两")] == [
        35,
        100,
        2025,
        75,
        2,
    ]
    assert [roman(x) for x in ("XIX", "IV", "XXI")] == [19, 4, 21]


@given(st.integers(1, 10**9))
def test_a_whole_number_is_read_as_itself(number: int) -> None:
    found = amount(f"{number:,} people", 0)
    assert found is not None
    assert (found.value, found.end) == (number, len(f"{number:,}"))


@given(st.text(alphabet="0123456789 ,./-$%thoneyarslsincJuly2of年月日世纪周", max_size=60))
def test_whatever_is_written_spans_are_the_words_shown(text: str) -> None:
    for language in ("en", "zh", "ru"):
        document = Document("x", "", dt.date(2025, 1, 26), (text,), language, "x.txt", "")
        corpus = Corpus((document,))
        for finding in (times.dates(corpus, about=False), times.anniversaries(corpus)):
            for (span,) in finding.evidence:
                assert 0 <= span.start < span.end <= len(text)
        assert times.dates(corpus, about=False).table["written"].tolist() == [
            corpus.text(span) for (span,) in times.dates(corpus, about=False).evidence
        ]


def test_every_date_is_the_words_shown(seed: Corpus) -> None:
    before = seed.fingerprint
    for finding in (times.dates(seed), times.numbers(seed)):
        for written, (span,) in zip(finding.table["written"], finding.evidence, strict=True):
            assert seed.text(span) == written
    assert seed.fingerprint == before


@pytest.mark.parametrize(
    "texts", [[], [""], ["…"], ["5"], ["2025"], ["May"], ["今年 в этом году this year 5%"]]
)
@pytest.mark.parametrize("dated", [True, False])
def test_hardly_anything_to_find(make_corpus: MakeCorpus, texts: list[str], dated: bool) -> None:
    corpus = make_corpus(*texts, dates=["2025-01-26" if dated else None] * len(texts))
    for analysis in (
        times.dates, times.events, times.numbers, times.anniversaries, times.calendar,
    ):  # fmt: skip
        finding = analysis(corpus)
        assert json.dumps(finding.to_json(), allow_nan=False)
        assert len(finding.evidence) == len(finding)


def test_long_input_takes_no_long_time(make_corpus: MakeCorpus) -> None:
    for text in (
        "the end of the " * 4000,
        "5 to " * 4000,
        "20" * 8000,
        "anniversary of the " * 3000,
    ):
        corpus = make_corpus(text, dates=["2025-01-26"])
        times.dates(corpus, about=False)
        times.anniversaries(corpus)


# ---- real texts


def test_labels_are_met(shared: Path) -> None:
    """Times and numbers read by a person: floors under the figures that docs/times.md states."""
    folder = shared / "corpora"
    with LABELS.open(newline="") as file:
        labels = [row for row in csv.DictReader(file) if row["corpus"] == "leader-speeches-en"]
    corpus = kit.read(folder / "leader-speeches-en")
    found = times.dates(corpus, about=False)
    resolved = {s: r["resolved"] for r, (s,) in zip(found.rows, found.evidence, strict=True)}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in labels:
        if row["kind"] in ("date", "dated") and row["truth"]:
            start, end = int(row["start"]), int(row["end"])
            total[row["kind"]] += 1
            right[row["kind"]] += any(
                (s.document, s.paragraph) == (row["document"], int(row["paragraph"]))
                and s.start < end
                and start < s.end
                and value == row["truth"]
                for s, value in resolved.items()
            )
    assert total["date"] >= 25
    assert right["date"] / total["date"] >= 0.9
    assert right["dated"] / total["dated"] >= 0.9


def test_the_eleventh_of_september_is_no_fraction(make_corpus: MakeCorpus) -> None:
    found = times.numbers(make_corpus("After 9/11 three quarters of them left."))
    assert [row["value"] for row in found.rows] == [0.75]


def test_the_dateline_of_a_text_is_no_event(make_corpus: MakeCorpus) -> None:
    (document,) = make_corpus("5 March 2024. The session met.", dates=["2024-03-05"])
    assert len(times.events(Corpus((document,)))) == 1
    assert not len(times.events(Corpus((replace(document, date_origin="dateline"),))))


def test_words_for_the_day_of_the_text_can_be_left_out(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus("Today we meet. This year we plan for 2030.", dates=["2024-03-05"])
    found = times.dates(corpus, own_day=False, about=False)
    assert list(found.table["resolved"]) == ["2030"]


def test_an_event_named_once_and_long_ago_without_a_year_is_no_anniversary_ahead(
    make_corpus: MakeCorpus,
) -> None:
    once = "We mark the 25th anniversary of the Accord."
    corpus = make_corpus(once, "Trade grew.", dates=["1969-09-25", "2024-09-25"])
    found = times.calendar(corpus)
    assert not len(found)
    assert found.caveats[0].startswith("1 event named once, over 10 years ago")
    assert len(times.calendar(make_corpus(once, dates=["2024-09-25"])))


def test_an_anniversary_of_what_is_not_told_is_only_numbered(make_corpus: MakeCorpus) -> None:
    found = times.anniversaries(make_corpus("This is the 70th anniversary.", dates=["2018-09-25"]))
    assert not len(found)
    assert found.caveats == ("1 anniversary of what is not told left out.",)


@pytest.mark.parametrize(
    ("text", "date", "since"),
    [
        ("过去一年，外交开创新局面。举办和平共处五项原则发表70周年纪念大会。", "2025-03-05", 1954),
        ("外交开创新局面。举办和平共处五项原则发表70周年纪念大会。", "2025-03-05", 1955),
        (
            "In the past year we did much. We marked the 70th anniversary of the League.",
            "2025-02-01",
            1954,
        ),
        (
            "In the past year we did much. We marked the 70th anniversary of the League.",
            "2025-09-01",
            1955,
        ),
    ],
)
def test_a_paragraph_that_looks_back_in_the_first_months_is_of_the_year_before(
    make_corpus: MakeCorpus, text: str, date: str, since: int
) -> None:
    (row,) = times.anniversaries(make_corpus(text, dates=[date])).rows
    assert row["since"] == since


def test_a_chinese_anniversary_ends_at_any_mark(make_corpus: MakeCorpus) -> None:
    text = "为实现一九五九年计划的积极行动,我们伟大的祖国——新中国成立十周年到了。"
    found = times.anniversaries(make_corpus(text, dates=["1959-04-18"], language="zh"))
    assert list(found.table["of"]) == ["新中国成立"]


def test_an_undated_text_has_the_year_of_its_title(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "今年是新中国成立70周年。", dates=[None], titles=["2019年政府工作报告"], language="zh"
    )
    assert list(times.anniversaries(corpus).table["since"]) == [1949]
