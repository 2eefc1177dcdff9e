"""Themes in time and between sources: by hand on texts that are made for it, and by law on real ones."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit import themes
from kit.corpus import Corpus, Span
from kit.errors import ParameterError
from kit.finding import Finding

MakeCorpus = Callable[..., Corpus]
OWN = """
[[theme]]
id = "law"
name = "Law"
strong = ["gavel", "gavel wig"]
[[theme]]
id = "sea"
name = "Sea"
strong = ["ship", "gull"]
[[theme]]
id = "hair"
name = "Hair"
strong = ["wig", "comb"]
"""
WORDS = {
    "l": "A gavel fell here.",
    "s": "The ship left port.",
    "h": "A comb was there.",
    ".": "Nothing was said.",
}
ALL: dict[str, Callable[..., Finding]] = {
    "shares": themes.shares,
    "shares by publisher": lambda c, own="": themes.shares(c, by="publisher", own=own),
    "moved": themes.moved,
    "changes": themes.changes,
    "latest": themes.latest,
    "together": themes.together,
    "apart": lambda c, own="": themes.together(c, apart=True, own=own),
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("own") / "own.toml"
    path.write_text(OWN)
    return str(path)


def text(letters: str) -> str:
    """Return a text with a paragraph a letter: l, s, h its theme, more letters joined by + several."""
    return "\n\n".join(" ".join(WORDS[c] for c in p) for p in letters.split())


def series(
    make_corpus: MakeCorpus, texts: Sequence[str], publishers: Sequence[str] = (), step: int = 30
) -> Corpus:
    first = dt.date(2020, 1, 1)
    days = [(first + dt.timedelta(days=step * i)).isoformat() for i in range(len(texts))]
    corpus = make_corpus(*map(text, texts), dates=days)
    if publishers:
        pairs = zip(corpus, publishers, strict=True)
        return Corpus(tuple(replace(d, publisher=p) for d, p in pairs))
    return corpus


def drawn(share: Sequence[float], paragraphs: int = 20, seed: int = 0) -> list[str]:
    """Return texts in which Law has about this share of the paragraphs, and Sea a fifth."""
    draw = np.random.default_rng(seed)
    return [
        " ".join(
            ("l" if draw.random() < s else "") + ("s" if draw.random() < 0.2 else "") or "."
            for _ in range(paragraphs)
        )
        for s in share
    ]


def test_shares_by_period(make_corpus: MakeCorpus, own: str) -> None:
    corpus = series(make_corpus, ["l l . .", "l . s .", ". . . s s s", "l s . ."], step=300)
    finding = themes.shares(corpus, by="year", own=own)
    table = finding.table.set_index(["theme", "period"])
    assert table.index.get_level_values("period").unique().tolist() == ["2020", "2021", "2022"]
    law = table.loc["Law", ["texts", "count", "of", "share"]].to_numpy().tolist()
    assert law == [[2, 3, 8, 3 / 8], [1, 0, 6, 0], [1, 1, 4, 1 / 4]]
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        assert len(spans) == row["count"]
        years = {corpus[s.document].day[:4] for s in spans}
        assert years <= {row["period"]}


def test_a_period_that_nobody_names_fits_the_time(make_corpus: MakeCorpus, own: str) -> None:
    for step, period in ((10, "2020-01"), (150, "2020-Q1"), (400, "2020"), (4000, "2020s")):
        corpus = series(make_corpus, ["l l . ."] * 4, step=step)
        assert themes.shares(corpus, own=own).table["period"].iloc[0] == period


def test_shares_by_source_and_what_has_none(make_corpus: MakeCorpus, own: str) -> None:
    corpus = series(make_corpus, ["l l . ."] * 3, ["B", "A", ""])
    finding = themes.shares(corpus, by="publisher", own=own)
    assert finding.table["source"].unique().tolist() == ["A", "B"]
    assert finding.caveats == ("1 text without publisher is left out.",)
    undated = Corpus((*corpus, replace(corpus.documents[0], id="x", date=None)))
    assert "1 text without a date is left out." in themes.shares(undated, own=own).caveats
    with pytest.raises(ParameterError, match="Did you mean publisher"):
        themes.shares(corpus, by="publishers", own=own)  # type: ignore[arg-type]


def test_texts_that_differ_widen_the_interval(make_corpus: MakeCorpus, own: str) -> None:
    alike = series(make_corpus, ["l . l . l . l ."] * 8)
    apart = series(make_corpus, ["l l l l l l l l", ". . . . . . . ."] * 4)
    rows = [themes.shares(c, by="year", own=own).rows[0] for c in (alike, apart)]
    assert rows[0]["share"] == rows[1]["share"] == 0.5
    assert rows[1]["high"] - rows[1]["low"] > 1.5 * (rows[0]["high"] - rows[0]["low"])


def test_pages_that_were_never_cut_are_counted_by_sentence(
    make_corpus: MakeCorpus, own: str
) -> None:
    page = " ".join(WORDS[c] for c in "l.l..s.s.." * 3)
    texts = [page, text("l . . . . . . ."), page, text("s . . . . . . .")]
    corpus = make_corpus(*texts, dates=["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"])
    finding = themes.shares(corpus, by="year", own=own)
    table = finding.table.set_index(["theme", "period"])
    assert table.loc[("Law", "2020"), ["count", "of"]].tolist() == [6, 30]
    assert table.loc[("Law", "2021"), ["count", "of"]].tolist() == [1, 8]
    assert any("sentences" in caveat for caveat in finding.caveats)
    for row, spans in zip(finding.rows, finding.evidence, strict=True):
        assert len(spans) == row["count"]
        assert {corpus.text(s).casefold() for s in spans} <= {"gavel", "ship", "comb"}


def test_what_rose_and_what_only_wavered(make_corpus: MakeCorpus, own: str) -> None:
    corpus = series(make_corpus, drawn([0.1] * 36 + [0.6] * 12))
    finding = themes.moved(corpus, own=own)
    assert finding.table[["theme", "change"]].to_numpy().tolist() == [["Law", "rise"]]
    row = finding.rows[0]
    assert row["low"] < row["points"] < row["high"]
    assert row["points"] == pytest.approx(100 * (row["after"] - row["before"]))
    assert 35 < row["points"] < 65
    assert row["low"] > 20
    assert "1 theme of 2 did not move beyond noise." in finding.caveats
    assert "twelve months" in finding.title
    fall = themes.moved(series(make_corpus, drawn([0.6] * 36 + [0.1] * 12)), own=own)
    assert fall.table["change"].tolist() == ["fall"]
    since = themes.moved(corpus, since=dt.date(2021, 1, 1), own=own)
    assert since.title.endswith("since 2021-01-01")


def test_a_text_that_dwells_on_a_theme_is_no_trend(make_corpus: MakeCorpus, own: str) -> None:
    texts = [". . . . . . . ."] * 20 + ["l l l l l l l l"] + [". . . . . . . ."] * 9
    corpus = series(make_corpus, [f"{t} s" for t in texts])
    assert len(themes.moved(corpus, own=own)) == 0
    assert len(themes.changes(corpus, own=own)) == 0


def test_sources_are_compared_with_themselves(make_corpus: MakeCorpus, own: str) -> None:
    """Two sources that never change, of which one publishes more in the end."""
    steady = drawn([0.1] * 30, seed=1), drawn([0.7] * 30, seed=2)
    texts, names = [], []
    for i in range(40):
        which = int(i % 5 == 0) if i < 28 else int(i % 5 != 0)
        texts.append(steady[which][i % 30])
        names.append("AB"[which])
    corpus = series(make_corpus, texts, names)
    whole = themes.moved(Corpus(tuple(replace(d, publisher="") for d in corpus)), own=own)
    assert whole.table["theme"].tolist() == ["Law"]
    assert len(themes.moved(corpus, own=own)) == 0
    assert "one of them publishes more" in " ".join(themes.shares(corpus, own=own).caveats)


def test_too_few_texts_to_move(make_corpus: MakeCorpus, own: str) -> None:
    finding = themes.moved(series(make_corpus, ["l l .", "s . ."] * 3), own=own)
    assert (len(finding), finding.applies) == (0, False)
    assert "Fewer than 4 texts" in finding.caveats[0]


def test_change_points(make_corpus: MakeCorpus, own: str) -> None:
    corpus = series(make_corpus, drawn([0.1] * 20 + [0.6] * 15 + [0.1] * 15))
    finding = themes.changes(corpus, own=own)
    days = [corpus.documents[i].date for i in (35, 20)]
    told = [dt.date.fromisoformat(day) for day in finding.table["day"]]
    assert all(abs((a - b).days) <= 60 for a, b in zip(told, days, strict=True))
    assert finding.table["theme"].tolist() == ["Law", "Law"]
    assert finding.table["change"].tolist() == ["fall", "rise"]
    rise = finding.rows[1]
    assert rise["before"] == pytest.approx(0.1, abs=0.06)
    assert rise["after"] == pytest.approx(0.6, abs=0.1)
    assert rise["texts_before"] + rise["texts_after"] + finding.rows[0]["texts_after"] == 50
    assert (finding.table["p"] <= 0.05).all()
    assert len(themes.changes(series(make_corpus, drawn([0.3] * 50)), own=own)) == 0
    assert not themes.changes(series(make_corpus, drawn([0.1] * 5 + [0.9] * 5)), own=own).applies


def test_changes_of_each_source(make_corpus: MakeCorpus, own: str) -> None:
    texts = [
        t
        for pair in zip(drawn([0.1] * 15 + [0.7] * 15), drawn([0.3] * 30, seed=5), strict=True)
        for t in pair
    ]
    finding = themes.changes(series(make_corpus, texts, ["A", "B"] * 30), own=own)
    assert finding.table[["theme", "source", "change"]].to_numpy().tolist() == [
        ["Law", "A", "rise"]
    ]
    assert {finding.corpus[s.document].publisher for s in finding.evidence[0]} == {"A"}


def test_a_long_series_is_taken_in_runs(make_corpus: MakeCorpus, own: str) -> None:
    texts = ["l . . s"] * 100 + ["l l l ."] * 100
    texts += ["l l . s"] * 1100
    finding = themes.changes(series(make_corpus, texts, step=1), own=own)
    assert any("approximate" in caveat for caveat in finding.caveats)
    assert set(finding.table["theme"]) == {"Law", "Sea"}
    first = finding.table[finding.table["theme"] == "Law"]["day"].min()
    assert abs((dt.date.fromisoformat(first) - dt.date(2020, 4, 10)).days) <= 3


def test_the_latest_text_against_those_before(make_corpus: MakeCorpus, own: str) -> None:
    texts = [*drawn([0.2] * 20), "l l l l l l l l l l l l l l l l l s s h"]
    finding = themes.latest(series(make_corpus, texts), own=own)
    law = finding.rows[0]
    assert (law["theme"], law["change"], law["count"], law["of"]) == ("Law", "more", 17, 20)
    assert (law["as_much"], law["earlier"], law["place"]) == (0, 20, 1)
    assert law["lowest"] <= law["usual"] <= law["highest"] < law["share"] == 0.85
    sea = next(r for r in finding.rows if r["theme"] == "Sea")
    assert sea["change"] == "as usual"
    assert finding.title == "Themes of the latest text, 2021-08-23"
    assert all(s.document == "020" for spans in finding.evidence for s in spans)
    hair = next(r for r in finding.rows if r["theme"] == "Hair")
    assert (hair["place"], hair["usual_place"]) == (3, None)
    recent = themes.latest(series(make_corpus, texts), earlier=10, own=own)
    assert recent.rows[0]["earlier"] == 10


def test_the_latest_text_of_a_short_series(make_corpus: MakeCorpus, own: str) -> None:
    finding = themes.latest(series(make_corpus, ["l . .", "s . ."]), own=own)
    assert finding.rows[0]["p"] is None
    assert finding.rows[0]["change"] is None
    assert "1 earlier text: what is unusual takes 8 or more." in finding.caveats
    other = series(make_corpus, ["l . .", "s . ."], ["A", "B"])
    assert not themes.latest(other, own=own).applies


def test_themes_that_share_paragraphs(make_corpus: MakeCorpus, own: str) -> None:
    corpus = series(make_corpus, ["ls ls . . h . h . ls .", ". ls . ls h . . h ls ."] * 6)
    finding = themes.together(corpus, own=own)
    assert finding.table[["first", "second"]].to_numpy().tolist() == [["Law", "Sea"]]
    row = finding.rows[0]
    assert (row["count"], row["texts"]) == (36, 12)
    assert row["expected"] == pytest.approx(12 * 3 * 3 / 10)
    assert row["times"] == pytest.approx(36 / 10.8)
    assert row["logDice"] == pytest.approx(14)
    assert len(finding.evidence[0]) == 72
    apart = themes.together(corpus, apart=True, own=own)
    pairs = {(r["first"], r["second"], r["count"]) for r in apart.rows}
    assert pairs == {("Law", "Hair", 0), ("Sea", "Hair", 0)}


def test_themes_of_the_same_texts_need_not_go_together(make_corpus: MakeCorpus, own: str) -> None:
    """Half of the texts are full of both, at random; the other half has neither."""
    draw = np.random.default_rng(3)
    full = [
        " ".join(
            ("l" if draw.random() < 0.5 else "") + ("s" if draw.random() < 0.5 else "") or "."
            for _ in range(12)
        )
        for _ in range(10)
    ]
    corpus = series(make_corpus, [*full, *[" ".join("." * 12)] * 10])
    assert len(themes.together(corpus, own=own)) == 0


def test_one_word_is_not_two_themes(make_corpus: MakeCorpus, own: str) -> None:
    mixed = "\n\n".join(["The gavel wig."] * 3 + ["Nothing."] * 7)
    both = "\n\n".join(["A gavel, a comb."] * 3 + ["Nothing."] * 7)
    assert len(themes.together(make_corpus(*[mixed] * 12), own=own)) == 0
    assert len(themes.together(make_corpus(*[both] * 12), own=own)) == 1


TEXTS: dict[str, list[str]] = {
    "none": [],
    "an empty one": [""],
    "no words": ["— … —"],
    "digits": ["12 34\n\n5"],
    "one word": ["Peace"],
    "three scripts": ["Peace.\n\n和平。\n\nМир."] * 5,
    "all the same": ["We want peace and trade.\n\nPeace now.\n\nTrade later."] * 15,
    "some empty": ["Trade.\n\nPeace.\n\nLaw.", ""] * 8,
}


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("texts", TEXTS)
@pytest.mark.parametrize("analysis", ALL)
def test_nothing_is_invented(
    make_corpus: MakeCorpus, analysis: str, texts: str, dated: bool
) -> None:
    written = TEXTS[texts]
    corpus = make_corpus(*written, dates=() if dated else [None] * len(written))
    finding = ALL[analysis](corpus)
    assert json.dumps(finding.to_json(), allow_nan=False)
    assert finding.method
    numbers = finding.table.select_dtypes("number").to_numpy(dtype=float)
    assert not np.isinf(numbers).any()


def real(seed: Corpus, ministries: Corpus, shared: Path) -> Iterator[Corpus]:
    yield seed
    yield ministries
    yield kit.read(shared / "corpora" / "fomc-statements")


@pytest.mark.parametrize("analysis", ALL)
def test_every_figure_leads_to_its_words(
    analysis: str, seed: Corpus, ministries: Corpus, shared: Path
) -> None:
    for corpus in real(seed, ministries, shared):
        before = corpus.fingerprint
        again = Corpus(corpus.documents, corpus.left_out, corpus.name)
        finding = ALL[analysis](corpus)
        assert finding.evidence is not None
        assert len(finding.evidence) == len(finding)
        for row, spans in zip(finding.rows, finding.evidence, strict=True):
            assert all(isinstance(s, Span) and corpus.text(s) for s in spans)
            if "count" in row:
                assert (row["count"] > 0) == bool(spans)
        assert ALL[analysis](again).to_json() == finding.to_json()
        assert corpus.fingerprint == before
        assert list(finding.evidence[:2]) == [
            finding.evidence[i] for i in range(min(2, len(finding)))
        ]


def test_statements_of_the_reserve(shared: Path) -> None:
    """The pandemic comes into the statements and goes."""
    finding = themes.changes(kit.read(shared / "corpora" / "fomc-statements"))
    health = finding.table[finding.table["theme"] == "Health"].sort_values("day")
    came, went = health[health["change"] == "rise"], health[health["change"] == "fall"]
    assert set(came["day"].str[:4]) == {"2020"}
    assert went["day"].str[:4].tolist() == ["2022"]


@given(st.lists(st.text("ls.", min_size=1, max_size=4), min_size=1, max_size=12))
def test_shares_are_the_paragraphs_counted(
    make_corpus: MakeCorpus, own: str, cells: list[str]
) -> None:
    texts = [" ".join(cells[i : i + 3]) for i in range(0, len(cells), 3)]
    corpus = series(make_corpus, [f"{t} . . ." for t in texts], step=200)
    table = themes.shares(corpus, by="year", own=own).table
    for letter, name in (("l", "Law"), ("s", "Sea")):
        rows = table[table["theme"] == name]
        assert rows["count"].sum() == sum(letter in cell for cell in cells)
    assert table["share"].between(0, 1).all()
    assert (table["low"] >= 0).all()
    assert (table["high"] <= 1).all()
