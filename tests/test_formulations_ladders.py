"""Ladders: the lexicon's are whole, and each text stands on its highest rung."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from kit import formulations
from kit.corpus import Corpus
from kit.lexicon import load

MakeCorpus = Callable[..., Corpus]


def test_the_ladders_of_the_lexicon_have_every_rung_once() -> None:
    rungs: dict[str, list[int]] = defaultdict(list)
    for entry in load("formulations"):
        assert ("ladder" in entry) == ("rung" in entry)
        if "ladder" in entry:
            rungs[entry["ladder"]].append(entry["rung"])
    assert len(rungs) >= 3
    assert all(sorted(r) == list(range(1, len(r) + 1)) for r in rungs.values())


def test_a_text_stands_on_its_highest_rung_and_moves(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        "We express concern about it.",
        "Nothing.",
        "We express concern about it. We are gravely concerned. Grave concern!",
        "We strongly condemn it.",
        "We are deeply concerned.",
    )
    finding = formulations.ladders(corpus)
    rows = [r for r in finding.rows if r["ladder"] == "concern"]
    assert [(r["date"], r["move"], r["since"]) for r in rows] == [
        ("2025-01-01", "", None),
        ("2025-01-03", "up", "2025-01-01"),
        ("2025-01-04", "up", "2025-01-03"),
        ("2025-01-05", "down", "2025-01-04"),
    ]
    assert [r["formulation"] for r in rows][1] == "grave concern"
    assert [r["before"] for r in rows] == [None, *(r["rung"] for r in rows[:-1])]
    assert [len(spans) for spans in finding.evidence] == [1, 2, 1, 1]


def test_a_users_own_ladder(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[formulation]]\nid = "a"\nen = ["calm"]\nladder = "sea"\nrung = 1\n'
        '[[formulation]]\nid = "b"\nen = ["gale"]\nladder = "sea"\nrung = 2\n'
    )
    (row,) = formulations.ladders(make_corpus("Calm, then a gale."), own=str(own)).rows
    assert (row["ladder"], row["rung"], row["of"], row["formulation"]) == ("sea", 2, 2, "gale")
    assert len(formulations.ladders(make_corpus())) == 0


def test_moves_are_told_the_latest_first(make_corpus: MakeCorpus) -> None:
    weak = "We express concern about it."
    said = [weak, "We are gravely concerned. Grave concern!", "Nothing.", weak]
    days = [f"2025-0{i}-01" for i in range(1, 5)]
    found = formulations.moves(formulations.ladders(make_corpus(*said, dates=days)))
    assert [(r["date"], r["move"]) for r in found.rows] == [
        ("2025-04-01", "down"),
        ("2025-02-01", "up"),
    ]
    assert found.corpus.text(found.evidence[1][-1]) == "Grave concern"
    one = formulations.ladders(make_corpus(said[1]))
    assert formulations.moves(one) is one


def test_texts_of_several_speakers_on_one_day_are_not_compared(make_corpus: MakeCorpus) -> None:
    texts = ("We express concern about it.", "We strongly condemn it.")
    mixed = formulations.ladders(make_corpus(*texts, dates=["2025-01-01", "2025-01-01"]))
    assert set(mixed.table["move"]) == {""}
    assert any("not compared" in caveat for caveat in mixed.caveats)
    series = formulations.ladders(make_corpus(*texts))
    assert list(series.table["move"]) == ["", "up"]
    assert not series.caveats
