"""Frames with a slot: by hand, and the ones of the Fed's statements."""

from collections.abc import Callable
from pathlib import Path

import kit
from kit import formulations
from kit.corpus import Corpus

MakeCorpus = Callable[..., Corpus]


def test_frames_by_hand(make_corpus: MakeCorpus) -> None:
    said = ["maintain"] * 4 + ["raise"] * 3
    texts = [f"The Board chose to {word} the target range. Nothing else came." for word in said]
    found = formulations.slots(make_corpus(*texts))
    assert found.rows == [
        {
            "frame": "Board chose to … the target range",
            "fillers": "maintain (4), raise (3)",
            "texts": 7,
            "latest": "raise",
        }
    ]
    for row, spans in zip(found.rows, found.evidence, strict=True):
        assert row["latest"] == "raise"
        assert len(spans) == row["texts"] == 7
        assert all("the target range" in found.corpus.text(span) for span in spans)


def test_a_frame_needs_words_of_content_and_two_fillers(make_corpus: MakeCorpus) -> None:
    once = ["We keep the open harbour policy."] * 4
    assert len(formulations.slots(make_corpus(*once))) == 0
    assert len(formulations.slots(make_corpus())) == 0
    few = formulations.slots(make_corpus("Peace.", ""))
    assert (len(few), few.applies) == (0, False)
    assert "2 texts" in few.caveats[0]


def test_the_frames_of_the_fed(shared: Path) -> None:
    found = formulations.slots(kit.read(shared / "corpora/fomc-statements"))
    fillers = {row["frame"]: row["fillers"] for row in found.rows}
    assert fillers["… the target range"].startswith("maintain (45), raise (32), lower (12)")
    assert any(
        "gradual increases" in f and "only" in w and "further" in w for f, w in fillers.items()
    )
    assert found.rows == sorted(found.rows, key=lambda row: -row["texts"])
    assert len(formulations.slots(found.corpus, top=3)) == 3
