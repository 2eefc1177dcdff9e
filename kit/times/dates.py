"""Dates: when things are said to be, worked out from the date of the text, never from today."""

import pandas as pd

from kit import keep
from kit.corpus import Corpus
from kit.finding import Finding
from kit.times.about import clauses
from kit.times.find import EVENT_PARAGRAPHS, EVENT_WITHIN, event, times

LANGUAGES = ("en", "zh", "ru")
_COLUMNS = "date paragraph written resolved bound when how about".split()


@keep.finding
def dates(corpus: Corpus, *, when: str = "", own_day: bool = True, about: bool = True) -> Finding:
    """List the times that texts name, those that depend on the date of the text worked out.

    Columns: date (of the text), paragraph, written, resolved (ISO 8601: ``2025-01-21``, ``2025-01``,
    ``2024``, from to ``2013/2025``), bound (``since``, ``by``, ``until``, ``before``, ``after``, ``about``),
    when (``past``, ``now`` or ``ahead`` of the date of the text; empty for an undated text), how (in
    full, or by which rule), about (what is said of it: subject, verb and object of its clause, or the
    noun it belongs to). `when` keeps only one of the three; without `own_day` the day and the year of
    the text itself are left out (*today*, *this year*). `about` needs a parse of English texts,
    slow the first time; in other languages it is empty.
    """
    found = [
        time
        for document in corpus
        for time in times(corpus)[document.id]
        if (not when or time.when == when)
        and (own_day or time.resolved not in ((document.day or "")[:4], document.day))
    ]
    said = clauses(corpus, [t.span for t in found]) if about else [""] * len(found)
    rows = [
        (
            corpus[t.span.document].day,
            t.span.paragraph,
            corpus.text(t.span),
            t.resolved,
            t.bound,
            t.when,
            t.how,
            clause,
        )
        for t, clause in zip(found, said, strict=True)
    ]
    return Finding(
        "dates",
        "What is said to lie ahead" if when == "ahead" else "Dates in the texts",
        pd.DataFrame(rows, columns=_COLUMNS),
        corpus,
        "A strict grammar; what depends on the date of the text is worked out from it, by "
        "the rule shown. "
        "Early, mid and late are thirds; seasons are those of the north; weeks begin on Monday.",
        tuple((t.span,) for t in found),
        caveats(corpus),
    )


def caveats(corpus: Corpus) -> tuple[str, ...]:
    """Return what cannot be told of these texts: no date to work from, no grammar for the language."""
    undated = sum(d.date is None for d in corpus)
    other = sorted({d.language or "an unknown language" for d in corpus} - set(LANGUAGES))
    notes = []
    if undated:
        notes.append(
            f"{undated} of the texts {'has' if undated == 1 else 'have'} no date: of these only times "
            "written in full are listed."
        )
    if other:
        notes.append(f"Times are read in English, Chinese and Russian, not in {', '.join(other)}.")
    return tuple(notes)


@keep.finding
def events(corpus: Corpus) -> Finding:
    """Return for each text the day of the event that it reports on, apart from its own date.

    That is the first full date in its title or first three paragraphs that lies on the date of the
    text or up to 31 days before. Columns: title, date (of the text), event. Texts that name none
    are left out.
    """
    rows, evidence = [], []
    for document in corpus:
        time = event(document, times(corpus)[document.id])
        if time is not None:
            rows.append((document.title, document.day, time.resolved))
            evidence.append((time.span,))
    return Finding(
        "events",
        "The event that a text reports on",
        pd.DataFrame(rows, columns=["title", "date", "event"]),
        corpus,
        f"The first full date in the title or the first {EVENT_PARAGRAPHS} paragraphs, at most "
        f"{EVENT_WITHIN} days before the date of the text.",
        tuple(evidence),
    )
