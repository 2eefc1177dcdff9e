"""Ladders: scales of strength on which formulations have a rung, from *concern* up to *condemn*."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from kit import tokens
from kit.corpus import Corpus, Document, Span
from kit.finding import Finding
from kit.formulations import series
from kit.formulations.known import matches
from kit.lexicon import load, read_own

Step = tuple[int, str, list[Span]]  # rung, formulation, its places in a text


def ladders(corpus: Corpus, *, own: str = "") -> Finding:
    """Give the highest rung that each text reaches on each ladder, and how it moved.

    A formulation has a rung where its entry in the lexicon, or in the user's file `own`, has a
    ``ladder`` and a ``rung`` (1 is the weakest); of nested ones the longest counts. A text is compared
    with the one before it of its source (publisher and language) that stands on the ladder at all; not
    where the source is no series, as more than a tenth of its days have several texts.
    Columns: date, title, publisher, ladder, rung, of (the highest rung of the ladder), formulation,
    move (``up``, ``down``, ``same``; empty for the first), before (the rung then), since (its date). In
    order of date, then of ladder.
    """
    text = read_own("formulations", own)
    top: dict[str, int] = {}
    entries = {e["id"]: e for e in load("formulations", text) if e.get("ladder")}
    for entry in entries.values():
        top[entry["ladder"]] = max(top.get(entry["ladder"], 0), int(entry["rung"]))
    t = tokens.of(corpus)
    steps: dict[tuple[str, str], Step] = {}
    for key, bounds in matches(corpus, text).items():
        if key not in entries:
            continue
        rung, name = int(entries[key]["rung"]), entries[key]["en"][0]
        for span in (t.span(*b) for b in bounds):
            place = (span.document, entries[key]["ladder"])
            if rung > steps.get(place, (0, "", []))[0]:
                steps[place] = (rung, name, [span])
            elif rung == steps[place][0]:
                steps[place][2].append(span)
    rows = list(_rows(corpus, steps, top))
    columns = "date title publisher ladder rung of formulation move before since".split()
    table = pd.DataFrame([row for row, _ in rows], columns=columns)
    return Finding(
        "ladders",
        "Rungs of strength that texts reach",
        table.astype({"rung": "Int64", "of": "Int64", "before": "Int64"}),
        corpus,
        f"The strongest formulation of each of {len(top)} ladders of the lexicon in a text, against the "
        "text before it of the same source that stands on the ladder.",
        tuple(spans for _, spans in rows),
        (series.MIXED,) if series.mixed(corpus) else (),
    )


def moves(ladders: Finding) -> Finding:
    """Return the rows of a finding of ``ladders`` that went up or down, the latest first.

    Of one text, which can have no move, all its rows.
    """
    rows = [i for i, move in enumerate(ladders.frame["move"]) if move in ("up", "down")][::-1]
    if len(ladders.corpus) == 1:
        return ladders
    return replace(
        ladders,
        title="Steps up and down the ladders",
        frame=ladders.frame.iloc[rows],
        evidence=tuple(ladders.evidence[i] for i in rows),
        total=len(rows),
    )


Row = tuple[object, ...]


def _rows(
    corpus: Corpus, steps: dict[tuple[str, str], Step], top: dict[str, int]
) -> Iterator[tuple[Row, tuple[Span, ...]]]:
    last: dict[tuple[str, str, str], tuple[int, Document]] = {}
    mixed = series.mixed(corpus)
    for document in corpus:
        for ladder in sorted(top):
            if (document.id, ladder) not in steps:
                continue
            rung, name, spans = steps[document.id, ladder]
            whose = (document.publisher, document.language, ladder)
            move: tuple[str, int | None, str | None] = ("", None, None)
            if whose in last and document.date and whose[:2] not in mixed:
                before, then = last[whose]
                way = "up" if rung > before else "down" if rung < before else "same"
                move = (way, before, then.day)
            if document.date:
                last[whose] = (rung, document)
            yield (
                (
                    document.day,
                    document.title,
                    document.publisher,
                    ladder,
                    rung,
                    top[ladder],
                    name,
                    *move,
                ),
                tuple(spans),
            )
