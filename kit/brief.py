"""The first page of a report: its findings in sentences, each with the places that it rests on."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kit import counts, formulations, keyness, lists, names, themes, times, tokens
from kit.corpus import Corpus, Document, Span
from kit.finding import CHANCE, Finding, counted, show

Statement = tuple[str, str, tuple[Span, ...]]  # topic, sentence, evidence
FEW = 10  # earlier texts under which an absence is no news


def brief(corpus: Corpus, *, own_formulations: str = "", own_themes: str = "") -> Finding:
    """Answer in sentences: what was read, what it is about, how it is said, who is named, what
    stands out, what is missing.

    Columns: topic, statement. A question that the corpus gives no answer to has no row.
    """
    statements: list[Statement] = (
        []
        if not len(corpus)
        else [
            *_read(corpus),
            *_about(corpus, own_themes),
            *_said(corpus, own_formulations),
            *_named(corpus),
            *_stands_out(corpus),
            *_missing(corpus, own_formulations, own_themes),
        ]
    )
    return Finding(
        "brief",
        "The report in brief",
        pd.DataFrame([s[:2] for s in statements], columns=["topic", "statement"]),
        corpus,
        "Each sentence is made of the findings on the pages after this one; their methods and limits "
        "stand there.",
        tuple(tuple(sorted(set(s[2]), key=_reading_order(corpus))) for s in statements),
        shape="sentences",
    )


def _read(corpus: Corpus) -> Iterator[Statement]:
    t = tokens.of(corpus)
    paragraphs = sum(len(d.paragraphs) for d in corpus)
    size = (
        f"{counted(paragraphs, 'paragraph')}, {counted(t.body_sentences, 'sentence')}, "
        f"{counted(t.body_words, 'word')}"
    )
    latest = corpus.latest.documents[0]
    if len(corpus) == 1:
        dated = f"dated {_day(latest.date)}" if latest.date else "undated"
        yield "Read", f"One text, {dated}: {size}.", (_title(latest),)
    else:
        undated = sum(d.date is None for d in corpus)
        when = (
            f", dated {_day(corpus.dates[0])} to {_day(corpus.dates[-1])}" if corpus.dates else ""
        )
        extra = f"; {undated} of them undated" if undated else ""
        yield "Read", f"{counted(len(corpus), 'text')}{when}{extra}: {size}.", ()
        yield "Latest", f"The latest is “{latest.title}”, {_day(latest.date)}.", (_title(latest),)
    event = times.events(corpus.latest)
    if len(event):
        day = dt.date.fromisoformat(event.rows[0]["event"])
        yield (
            "Event",
            f"It reports on an event of {_day(day)}{_lag(latest.date, day)}.",
            event.evidence[0],
        )
    copies, lost = len(corpus.copies), len(corpus.left_out) - len(corpus.copies)
    if lost:
        what = "1 file or part of one" if lost == 1 else f"{lost:,} files or parts of files"
        yield "Left out", f"{what} gave no text; each is listed with its reason under Texts.", ()
    if copies:
        are = "is a copy" if copies == 1 else "are copies"
        yield "Copies", f"{counted(copies, 'more text')} {are} of these and counted once.", ()


def _about(corpus: Corpus, own: str) -> Iterator[Statement]:
    found = themes.prominence(corpus, own=own)
    if not len(found):
        yield "About", "No theme of the lexicon reaches a paragraph.", ()
        return
    total = sum(len(d.paragraphs) for d in corpus)
    shares = [f"{_small(row['theme'])} ({row['paragraphs']:,})" for row in found.rows[:4]]
    shares[0] = shares[0].removesuffix(")") + f" of {total:,} paragraphs)"
    yield "About", f"Above all {_joined(shares)}.", _heads(found.evidence[:4])


def _said(corpus: Corpus, own: str) -> Iterator[Statement]:
    known = formulations.known(corpus, own=own)
    if len(known):
        total = int(known.table["count"].sum())
        shown = [
            " ".join(filter(None, (f"“{r['formulation']}”", r["chinese"], f"({r['count']:,})")))
            for r in known.rows[:4]
        ]
        yield (
            "Formulations",
            f"{counted(len(known), 'known formulation')} in {counted(total, 'place')}, "
            f"most often {_joined(shown)}.",
            _heads(known.evidence[:4]),
        )
    repeated = counts.phrases(corpus, minimum=3 if len(corpus) == 1 else 5, top=40)
    if len(repeated):
        told = _apart([r["phrase"] for r in repeated.rows])[:4]
        several = len(corpus) > 1
        shown = [
            f"“{r['phrase']}” ({counted(r['texts'], 'text') if several else r['count']})"
            for r in (repeated.rows[i] for i in told)
        ]
        statement = f"The phrases repeated most: {_joined(shown)}."
        yield "Repeated", statement, _heads(repeated.evidence[i] for i in told)
    found = lists.recurring(corpus)
    if len(found):
        statement, at = _told_lists(found)
        yield "Lists", statement, _heads((found.evidence[at],))
    t = tokens.of(corpus)
    lengths = [
        (past - first, int(t.sentence[first]))
        for first, past in t.sentence_ranges()
        if t.kinds[int(t.passage[first])] in ("body", "quotation")
    ]
    if len(lengths) >= 5:
        longest = max(lengths)
        yield (
            "Sentences",
            f"Half of the sentences have {int(np.median([n for n, _ in lengths]))} words or more, the "
            f"longest {longest[0]:,}.",
            (t.sentence_span(longest[1]),),
        )


def _told_lists(found: Finding) -> tuple[str, int]:
    """Return what to say of the lists, and the row of the one that is quoted: the most frequent."""
    total = f"{counted(int(found.table['count'].sum()), 'list')} of three and more"
    nouns = [i for i, row in enumerate(found.rows) if row["kind"] == "nouns"]
    if not nouns:
        return f"{total}.", 0
    at = max(nouns, key=lambda i: found.rows[i]["count"])
    quoted, often = f"“{found.rows[at]['list']}”", found.rows[at]["count"]
    return (
        f"{total}, {f'most often {quoted} ({often:,})' if often > 1 else f'such as {quoted}'}.",
        at,
    )


def _named(corpus: Corpus) -> Iterator[Statement]:
    found = names.names(corpus)
    for kind, topic, most in (
        ("person", "People", 6),
        ("place", "Places", 6),
        ("organisation", "Organisations", 6),
        ("event", "Events", 5),
    ):
        rows = [i for i, r in enumerate(found.rows) if r["kind"] == kind and r["mentions"]]
        if not rows:
            continue
        shown = [_name(found.rows[i]) for i in rows[:most]]
        more = f", and {len(rows) - most} more" if len(rows) > most else ""
        order = " in this order" if kind == "person" and len(corpus) == 1 and len(rows) > 1 else ""
        yield (
            topic,
            f"{_joined(shown) if not more else ', '.join(shown)}{more}{order}.",
            _heads(found.evidence[i] for i in rows[:most]),
        )


def _stands_out(corpus: Corpus) -> Iterator[Statement]:
    if any(d.language == "en" for d in corpus):
        key = keyness.rank(keyness.general(corpus, minimum=3), alpha=0.01)
        if len(key):
            shown = [f"{r['word']} ({r['count']:,})" for r in key.rows[:8]]
            statement = f"Against general English: {_joined(shown)}."
            yield "Key words", statement, _heads(key.evidence[:8])
    latest = corpus.latest
    marked = times.anniversaries(latest)
    told = [i for i, r in enumerate(marked.rows) if r["of"] and r["since"] is not None][:4]
    if told:
        shown = [_anniversary(marked.rows[i]) for i in told]
        yield (
            "Anniversaries",
            f"{_large(_joined(shown))}.",
            _heads(marked.evidence[i] for i in told),
        )


def _anniversary(row: dict[str, Any]) -> str:
    ahead = f"since {row['since']}; next round one in {row['next_year']}"
    return f"the {_ordinal(row['anniversary'])} of {row['of']} ({ahead})"


def leading_phrase(corpus: Corpus) -> str:
    """Return a query for the known formulation that the texts have most, else for what they repeat.

    Where they repeat no phrase it is their most frequent word, and any word where they have none.
    """
    known = formulations.known(corpus)
    if len(known):
        return corpus.text(known.evidence[0][0])
    repeated = counts.phrases(corpus, top=1).table["phrase"]
    frequent = counts.words(corpus, content=False, top=1).table["word"]
    return next((str(found.iloc[0]) for found in (repeated, frequent) if len(found)), "[]")


def not_said(corpus: Corpus, *, own_formulations: str = "", own_themes: str = "") -> Finding:
    """List the watched formulations on the themes of the latest text that it does not have.

    Its themes are those of two or more of its paragraphs. Columns as of ``formulations.absent``.
    """
    latest = corpus.latest
    about = themes.ids(themes.prominence(latest, own=own_themes), least=2, own=own_themes)
    return formulations.absent(corpus, themes=about, own=own_formulations)


def _missing(corpus: Corpus, own: str, own_themes: str) -> Iterator[Statement]:
    gone = not_said(corpus, own_formulations=own, own_themes=own_themes)
    if not len(gone):
        return
    earlier = sum(d.date is not None for d in corpus) - 1
    if earlier < FEW:
        shown = [f"“{row['formulation']}”" for row in gone.rows[:5]]
        compared = f"only {counted(earlier, 'earlier text')}" if earlier > 0 else "no earlier text"
        yield (
            "Not said",
            f"{counted(len(gone), 'watched formulation')} on its themes, among them {_joined(shown)}. "
            f"With {compared} to compare, an absence is no news yet.",
            (),
        )
        return
    said = [i for i, row in enumerate(gone.rows) if row["earlier_texts_with_it"]][:5]
    if said:
        rows = [gone.rows[i] for i in said]
        shown = [
            f"“{row['formulation']}” (in {row['earlier_texts_with_it']:,} of {earlier:,} earlier texts, "
            f"last {row['last_said']}{_chance(row['chance'])})"
            for row in rows
        ]
        statement = f"The latest text lacks {_joined(shown)}."
        yield "Not said", statement, _heads(gone.evidence[i] for i in said)


def _chance(p: float | None) -> str:
    return "" if p is None else f"; chance of its absence {show(p, CHANCE)}"


def _reading_order(corpus: Corpus) -> Callable[[Span], tuple[int, Span]]:
    order = {d.id: i for i, d in enumerate(corpus)}
    return lambda span: (order[span.document], span)


def _title(document: Document) -> Span:
    return Span(document.id, 0, 0, len(document.title))


def _apart(phrases: Sequence[str]) -> list[int]:
    """Return the places of the phrases that are no part of a longer one in the list."""
    return [i for i, p in enumerate(phrases) if not any(p != q and p in q for q in phrases)]


def _heads(evidence: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Return the first and the last place of each item."""
    return tuple(span for spans in evidence if spans for span in (spans[0], spans[-1]))


def _name(row: dict[str, Any]) -> str:
    if row["kind"] == "person":
        return f"{row['name']} ({row['role']})" if row["role"] else str(row["name"])
    return f"{row['name']} ({row['mentions']:,})" if row["mentions"] > 1 else str(row["name"])


def _day(date: dt.date | None) -> str:
    return f"{date.day} {date:%B} {date.year}" if date else "undated"


def _lag(date: dt.date | None, event: dt.date) -> str:
    days = (date - event).days if date else 0
    return f", {counted(days, 'day')} before its own date" if days else ", the day of its own date"


def _ordinal(number: int) -> str:
    suffix = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"


def _large(name: str) -> str:
    return name[:1].upper() + name[1:]


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _joined(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)
