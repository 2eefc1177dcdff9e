"""Known formulations, their absence, and the user's own."""

from collections.abc import Callable
from pathlib import Path

from kit import formulations
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]


def test_known_formulations_by_hand(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "True multilateralism matters.\n\nWe practise true multilateralism.", "坚持真正的多边主义。"
    )
    table = formulations.known(corpus).table.set_index("formulation")
    row = table.loc["true multilateralism"]
    assert (row["chinese"], row["count"], row["texts"]) == ("真正的多边主义", 3, 2)
    assert row["variants"] == "true multilateralism (2), 真正的多边主义 (1)"


def test_the_longest_of_nested_formulations_counts(make_corpus: MakeCorpus) -> None:
    found = formulations.known(make_corpus("Comprehensive strategic coordination.")).table
    assert found["formulation"].tolist() == ["comprehensive strategic coordination"]


def test_every_place_is_the_words_shown(seed: Corpus) -> None:
    finding = formulations.known(seed)
    for row, spans in zip(finding.table.itertuples(), finding.evidence, strict=True):
        assert finding.table.loc[row.Index, "count"] == len(spans)
        for span in spans:
            assert seed.text(span).casefold() in row.variants.casefold()


def test_own_formulations_are_added_and_replace(seed: Corpus, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[formulation]]\nid = "own"\nen = ["tangible results"]\n'
        '[[formulation]]\nid = "true-multilateralism"\nen = ["nothing like it"]\n'
    )
    found = set(formulations.known(seed, own=str(own)).table["formulation"])
    assert "tangible results" in found
    assert "true multilateralism" not in found


def test_absence_is_of_the_latest_text_and_counts_earlier_ones(make_corpus: MakeCorpus) -> None:
    said, other = "We reject the Cold War mentality.", "We trade."
    table = formulations.absent(make_corpus(said, said, other)).table.set_index("formulation")
    row = table.loc["Cold War mentality"]
    assert (row["earlier_texts_with_it"], row["earlier_texts"]) == (2, 2)
    assert row["last_said"] == "2025-01-02"
    again = formulations.absent(make_corpus(other, other, said))
    assert "Cold War mentality" not in set(again.table["formulation"])
    alone = formulations.absent(make_corpus(other))
    assert alone.table["earlier_texts"].isna().all()
    assert "no base rate" in alone.caveats[0]


def test_absence_can_be_asked_of_some_themes(make_corpus: MakeCorpus) -> None:
    table = formulations.absent(make_corpus("Trade."), themes=("history",)).table
    assert set(table["theme"]) == {"history"}


def test_an_absence_has_its_chance_where_there_is_a_past(make_corpus: MakeCorpus) -> None:
    said, other = (
        f"The two sides met and {x}, then had tea."
        for x in ("reject the Cold War mentality", "trade")
    )
    days = [f"2025-01-{1 + i:02d}" for i in range(21)]
    finding = formulations.absent(make_corpus(*[said] * 20, other, dates=days))
    row = finding.table.set_index("formulation").loc["Cold War mentality"]
    assert 0 < row["chance"] < 0.1
    assert finding.caveats == ()
    never = finding.table[finding.table["earlier_texts_with_it"] == 0]
    assert never["chance"].isna().all()


def test_what_has_no_form_in_a_language_is_not_missed_in_it(make_corpus: MakeCorpus) -> None:
    missed = set(formulations.absent(make_corpus("贸易增长。", language="zh")).table["formulation"])
    english = set(formulations.absent(make_corpus("Trade grew.")).table["formulation"])
    assert "Cold War mentality" in missed & english
    assert {"transitory", "data-dependent"} <= english - missed
