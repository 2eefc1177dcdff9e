"""Reports of a period: what is dated after `until` does not count, news are told of the texts since."""

import datetime as dt
import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from kit import brief, days, formulations, names, redline, reuse, run, texts, themes
from kit.corpus import Corpus
from kit.errors import ParameterError, ReadError
from kit.themes.newest import chances

MakeCorpus = Callable[..., Corpus]
DAY = st.dates(dt.date(2024, 4, 28), dt.date(2024, 5, 20))


def write(folder: Path, *dated: tuple[str, str], name: str = "") -> Path:
    """Write texts, each with its day ("" for none), and return their folder."""
    for i, (day, text) in enumerate(dated):
        head = f" date {day} Text {i}\n\n" if day else ""
        (folder / f"{name}{i:03d}.txt").write_text(head + text)
    return folder


def about(corpus: Corpus, since: str, until: str = "") -> Corpus:
    """Return the corpus as it is read for the report of a period."""
    first, last = days.both(since, until)
    assert last is None or corpus.dates[-1] <= last
    return replace(corpus, since=first, until=last)


def told(corpus: Corpus) -> dict[str, str]:
    return dict(brief.brief(corpus).table.itertuples(index=False, name=None))


# ---- reading


def test_a_text_of_a_later_day_does_not_count_and_is_listed(tmp_path: Path) -> None:
    write(
        tmp_path,
        ("2024-05-11", "Trade grew."),
        ("2024-05-12", "Aid fell."),
        ("2024-05-13", "War."),
        ("", "Undated."),
    )
    corpus = kit.read(tmp_path, until="2024-05-12")
    assert [d.day for d in corpus] == ["2024-05-11", "2024-05-12", None]
    assert [(x.source, x.reason) for x in corpus.later] == [
        ("002.txt", "dated after the last day that counts: 2024-05-13, after 2024-05-12")
    ]
    assert corpus.left_out == corpus.later
    assert texts.left_out(corpus).table["file"].tolist() == ["002.txt"]
    assert "Left out" not in told(corpus)
    assert kit.read(tmp_path, until=dt.date(2024, 5, 13)).later == ()


@given(st.lists(st.one_of(DAY, st.none()), min_size=1, max_size=8), DAY)
@settings(max_examples=25)
def test_reading_until_a_day_is_reading_a_folder_without_the_later_texts(
    dates: list[dt.date | None], last: dt.date
) -> None:
    written = [
        (day.isoformat() if day else "", f"Trade grew {i}.\n\nThe sides agreed on aid {i}.")
        for i, day in enumerate(dates)
    ]
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        whole, cut = Path(a, "t"), Path(b, "t")
        whole.mkdir()
        cut.mkdir()
        write(whole, *written)
        for i, (day, text) in enumerate(written):
            if not day or day <= last.isoformat():
                head = f" date {day} Text {i}\n\n" if day else ""
                (cut / f"{i:03d}.txt").write_text(head + text)
        if not any(cut.iterdir()):
            with pytest.raises(ReadError, match=f"no text is dated until {last}"):
                kit.read(whole, until=last)
            return
        corpus, same = kit.read(whole, until=last), kit.read(cut)
    assert len(corpus) + len(corpus.left_out) == len(dates)
    assert corpus == same
    assert corpus.fingerprint == same.fingerprint
    for analysis in (brief.brief, texts.reading_list, formulations.ledger):
        assert analysis(corpus).to_json() == analysis(same).to_json()


@pytest.mark.parametrize(
    "wrong", ["2024-5-12", "20240512", "2024-W19-7", "2024-02-30", "today", "2024-05-12T00:00", " "]
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_what_is_no_day_is_refused(name: str, wrong: str) -> None:
    with pytest.raises(ParameterError, match=rf"parameter {name}: .* write YYYY-MM-DD"):
        kit.read("seeds", **{name: wrong})  # type: ignore[arg-type]


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ParameterError, match="since: 2024-05-13 is after until, 2024-05-12"):
        kit.read("seeds", since="2024-05-13", until="2024-05-12")
    assert days.both("2024-05-12", "2024-05-12")[0] == dt.date(2024, 5, 12)
    assert days.both("", "") == (None, None)


# ---- the corpus


def test_a_corpus_parts_into_background_period_and_undated(make_corpus: MakeCorpus) -> None:
    dates = ["2024-05-01", "2024-05-06", "2024-05-12", None]
    corpus = make_corpus("a", "b", "c", "d", dates=dates)
    assert [[d.day for d in part] for part in (corpus.background, corpus.period)] == [
        dates[:2], dates[2:3],
    ]  # fmt: skip
    week = about(corpus, "2024-05-06")
    assert [[d.day for d in part] for part in (week.background, week.period, week.latest)] == [
        dates[:1], dates[1:3], dates[2:3],
    ]  # fmt: skip
    none = about(corpus, "2024-05-13")
    assert (len(none.background), len(none.period), len(none.latest)) == (3, 0, 0)
    assert len({c.fingerprint for c in (corpus, week, none)}) == 3
    assert week.where(lambda d: True).since == week.before(dt.date(2024, 5, 6)).since == week.since


def test_an_undated_text_is_of_no_period(make_corpus: MakeCorpus) -> None:
    corpus = replace(make_corpus("Trade grew.", dates=[None]), since=dt.date(2024, 5, 6))
    assert len(corpus.period) == 0
    assert told(corpus)["Period"] == "No text is dated 6 May 2024 or later."


# ---- the first page

FRAME = (
    "The two sides met and talked about trade. They agreed on aid, on ports and on rail. Both thanked "
    "the hosts for the good work and will meet again in the autumn."
)
OLD = f"{FRAME}\n\nWe reject the Cold War mentality and bloc confrontation in global governance."
NEW = f"{FRAME}\n\nReform of global governance.\n\nTrue multilateralism and the UN Charter."
DATES = [f"2024-03-{n:02d}" for n in range(1, 13)] + ["2024-05-06", "2024-05-08", "2024-05-12"]


@pytest.fixture
def weekly(make_corpus: MakeCorpus) -> Corpus:
    """Twelve texts, and three in a week that speak of something else."""
    three = [NEW, f"{NEW}\n\nWarsaw agreed.", NEW]
    corpus = make_corpus(
        *[OLD] * 12, *three, dates=DATES, titles=[*["Old"] * 12, "One", "Two", "Three"]
    )
    return about(corpus, "2024-05-06", "2024-05-12")


def test_the_first_page_of_a_week(weekly: Corpus) -> None:
    found = told(weekly)
    assert found["Read"].startswith("15 texts, dated 1 March 2024 to 12 May 2024: ")
    assert found["Period"] == (
        "3 texts are dated 6 May 2024 to 12 May 2024: 10 paragraphs, 16 sentences, 128 words; "
        "12 earlier texts to compare."
    )
    assert found["Latest"] == "The latest is “Three”, 12 May 2024."
    assert "of 10 paragraphs" in found["About"]
    assert "Cold War" not in found["Formulations"]
    assert "“true multilateralism” 真正的多边主义 (3 texts)" in found["First said"]
    assert found["First said"].endswith(": in none of 12 earlier texts.")
    assert found["Not said"].startswith("The 3 texts of the period lack “")
    assert "(in 12 of 12 earlier texts, last 2024-03-12" in found["Not said"]
    assert "Warsaw" in found["Newly named"]


def test_every_place_of_what_is_news_is_in_the_period(weekly: Corpus) -> None:
    period = {d.id for d in weekly.period}
    found = brief.brief(weekly)
    for row, spans in zip(found.rows, found.evidence, strict=True):
        if row["topic"] not in ("Read", "Not said", "Not named"):
            assert {s.document for s in spans} <= period, row
    news = formulations.news(weekly)
    assert len(news)
    for row, spans in zip(news.rows, news.evidence, strict=True):
        assert {s.document for s in spans} <= period
        assert (len({s.document for s in spans}), len(spans)) == (row["texts"], row["occurrences"])
        assert row["before"] is None
        assert row["earlier_texts"] == 0


def test_what_one_text_of_the_period_says_is_not_absent(weekly: Corpus) -> None:
    documents = list(weekly.documents)
    documents[12] = replace(documents[12], paragraphs=(*documents[12].paragraphs, OLD))
    corpus = replace(weekly, documents=tuple(documents))
    assert "Cold War" not in told(corpus).get("Not said", "")
    rows = {row["formulation"]: row for row in formulations.ledger(corpus).rows}
    assert rows["Cold War mentality"]["said"] is True
    alone = replace(corpus, since=None, until=None)
    rows = {row["formulation"]: row for row in formulations.ledger(alone).rows}
    assert rows["Cold War mentality"]["said"] is False


def test_an_absence_from_several_texts_is_less_likely_than_from_one(weekly: Corpus) -> None:
    one = about(replace(weekly, documents=weekly.documents[:13]), "2024-05-06")
    chance = {
        len(c.period): {r["formulation"]: r["chance"] for r in formulations.ledger(c).rows}
        for c in (one, weekly)
    }
    assert 0 < chance[3]["Cold War mentality"] < chance[1]["Cold War mentality"]


def test_what_comes_back_after_a_long_silence_is_told(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        *[OLD] * 6,
        *[FRAME] * 34,
        OLD,
        FRAME,
        dates=[(dt.date(2024, 1, 1) + dt.timedelta(i)).isoformat() for i in range(42)],
    )
    week = about(corpus, "2024-02-10")
    assert told(week)["Said again"].startswith("“Cold War mentality”")
    assert "(1 text; before that last 2024-01-06)" in told(week)["Said again"]
    assert "Said again" not in told(about(corpus, "2024-02-11"))


def test_a_found_phrase_is_told_where_it_was_common(make_corpus: MakeCorpus) -> None:
    phrase = "The harbour masters of both towns signed."
    for uses, is_told in ((12, True), (6, False)):
        corpus = make_corpus(
            *[f"{FRAME} {phrase}"] * uses,
            *[FRAME] * 60,
            f"{FRAME} {phrase}",
            dates=[(dt.date(2024, 1, 1) + dt.timedelta(i)).isoformat() for i in range(uses + 61)],
        )
        again = [r for r in formulations.news(corpus).rows if r["news"].startswith("said again")]
        assert [r["earlier_texts"] for r in again] == [uses]
        assert ("Said again" in told(corpus)) is is_told


def test_a_week_without_a_text_says_so_and_tells_no_news(weekly: Corpus) -> None:
    corpus = about(weekly, "2024-05-13", "2024-05-19")
    found = brief.brief(corpus)
    assert found.table["topic"].tolist() == ["Read", "Period"]
    assert found.rows[1]["statement"] == (
        "No text is dated 13 May 2024 to 19 May 2024; the latest before is “Three”, 12 May 2024."
    )
    assert corpus.text(found.evidence[1][0]) == "Three"
    nothing = "No text is dated 2024-05-13 to 2024-05-19."
    for analysis in (
        formulations.news, names.news, redline.latest, reuse.latest, reuse.novelty, reuse.paraphrases,
        themes.latest,
    ):  # fmt: skip
        finding = analysis(corpus)
        assert not finding.applies, finding.name
        assert nothing in finding.caveats, finding.name
        json.dumps(finding.to_json(), allow_nan=False)
    assert len(formulations.absent(corpus)) == len(brief.not_said(corpus)) == 0
    assert not len(formulations.missing(formulations.ledger(corpus)))
    assert set(texts.reading_list(corpus).table["period"]) == {""}


def test_a_corpus_of_one_text(seed: Corpus) -> None:
    found = told(about(seed, "2025-01-20", "2025-01-26"))
    assert found["Period"].startswith("One text is dated 20 January 2025 to 26 January")
    assert found["Period"].endswith("; no earlier text.")
    assert found["Not said"].endswith("With no earlier text to compare, an absence is no news yet.")
    assert "First said" not in found
    rest = {k: v for k, v in told(seed).items() if k != "Read"}
    assert {k: v for k, v in found.items() if k in rest} == rest
    assert list(told(about(seed, "2025-02-01"))) == ["Read", "Period"]


# ---- analyses


def test_the_texts_of_the_period_are_marked(weekly: Corpus) -> None:
    finding = texts.reading_list(weekly)
    assert finding.table["period"].tolist() == [*[""] * 12, "yes", "yes", "yes"]
    assert "Of the period 2024-05-06 to 2024-05-12 are 3; earlier ones are" in finding.method
    assert finding.to_json()["corpus"]["of_period"] == 3
    assert "period" not in texts.reading_list(replace(weekly, since=None)).table


def test_names_that_are_new_in_the_period(weekly: Corpus) -> None:
    first = [r["name"] for r in names.news(weekly).rows if r["news"] == "named for the first time"]
    assert "Warsaw" in first
    alone = names.news(replace(weekly, since=None, until=None)).rows
    assert "Warsaw" not in [r["name"] for r in alone if r["news"] == "named for the first time"]


def test_themes_of_a_period_are_those_of_its_texts_together(make_corpus: MakeCorpus) -> None:
    # eight paragraphs each; on trade: one in each earlier text, five and three in the period
    def text(trade: int) -> str:
        return "\n\n".join(
            ["Trade and exports grew."] * trade + ["The weather was fine."] * (8 - trade)
        )

    corpus = make_corpus(*[text(1)] * 10, text(5), text(3))
    week = about(corpus, "2025-01-11", "2025-01-12")
    (row,) = [r for r in themes.latest(week).rows if r["theme"] == "Economy and trade"]
    assert (row["count"], row["of"], row["share"], row["earlier"]) == (8, 16, 0.5, 10)
    assert (row["change"], row["usual"]) == ("more", 0.125)
    assert themes.latest(week).title == "Themes of 2 texts dated 2025-01-11 to 2025-01-12"
    (last,) = [r for r in themes.latest(corpus).rows if r["theme"] == "Economy and trade"]
    assert (last["count"], last["of"], last["earlier"]) == (3, 8, 11)


def test_units_of_several_texts_are_less_alike_than_those_of_one() -> None:
    counts, sizes = np.array([[0.0], [6.0], [1.0], [7.0], [0.0], [8.0]]), np.full(6, 10)
    one = chances(np.array([16]), np.array([20]), counts, sizes)
    two = chances(np.array([16]), np.array([10, 10]), counts, sizes)
    assert two[0] < one[0] < 1
    # independent units: it makes no difference in how many texts they stand
    even = np.full((6, 1), 4.0)
    alike = [
        chances(np.array([16]), np.array(t), even, sizes)[0] for t in ([20], [10, 10], [5] * 4)
    ]
    assert math.isclose(alike[0], alike[1])
    assert math.isclose(alike[1], alike[2])


# ---- notebooks


def test_notebooks_take_a_period(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    write(folder, *[(day, OLD if i < 12 else NEW) for i, day in enumerate(DATES)])
    (folder / "later.txt").write_text(" date 2024-05-13 Later\n\nWar.")
    given_ = {"since": "2024-05-06", "until": "2024-05-12"}
    final = run.make(
        run.plan(str(folder), given_, names=("brief", "texts"), formats=("html",)),
        tmp_path / "report",
    )
    page = (final / "report.html").read_text()
    assert "about 2024-05-06 to 2024-05-12: 3 texts" in page
    assert "3 texts are dated 6 May 2024 to 12 May 2024" in page
    rows = next((final / "data").glob("*texts.csv")).read_text().splitlines()
    assert sum(row.startswith("yes,") for row in rows) == 3
    assert "dated after the last day that counts: 2024-05-13, after 2024-05-12" in page
    assert list(json.loads((final / "run.json").read_text())["notebooks"]) == ["brief", "texts"]


def test_every_notebook_that_reads_takes_a_period() -> None:
    from kit import params  # noqa: PLC0415

    for path in run.find_notebooks().values():
        declared = params.declared(path)
        assert [declared[name].default for name in ("since", "until")] == ["", ""], path
