"""The first page of a report: its findings in sentences, each with the places that it rests on."""

import datetime as dt
from collections.abc import Callable, Iterator

import pandas as pd

from kit import counts, formulations, themes, times, tokens
from kit.brief import content, firmness, wording
from kit.brief.phrases import Statement, day, lag, title
from kit.corpus import Corpus, Span
from kit.finding import Finding, counted

__all__ = ["brief", "leading_phrase", "not_said"]


def brief(corpus: Corpus, *, own_formulations: str = "", own_themes: str = "") -> Finding:
    """Answer in sentences: what was read, what it is about, how it is said, who is named, what
    stands out, what is missing.

    Columns: topic, statement. A question that the corpus gives no answer to has no row.
    """
    gone = not_said(corpus, own_formulations=own_formulations, own_themes=own_themes)
    statements: list[Statement] = (
        []
        if not len(corpus)
        else [
            *_read(corpus),
            *content.about(corpus, own_themes),
            *content.moved(corpus, own_themes),
            *wording.said(corpus, own_formulations),
            *content.named(corpus),
            *content.newly_named(corpus),
            *firmness.firm(corpus),
            *firmness.commits(corpus),
            *firmness.steps(corpus, own_formulations),
            *firmness.says(corpus),
            *wording.key_words(corpus),
            *content.anniversaries(corpus),
            *wording.missing(corpus, gone, own_formulations),
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
        dated = f"dated {day(latest.date)}" if latest.date else "undated"
        yield "Read", f"One text, {dated}: {size}.", (title(latest),)
    else:
        undated = len(corpus) - len(corpus.dates)
        some = f" {len(corpus.dates):,} of them" if undated else ""
        when = ""
        if corpus.dates:
            when = f",{some} dated {day(corpus.dates[0])} to {day(corpus.dates[-1])}"
        none = f"{' and' if corpus.dates else ','} {undated:,} undated" if undated else ""
        yield (
            "Read",
            f"{counted(len(corpus), 'text')}{when}{none}: {size}.",
            (),
        )
        if corpus.dates:
            of = " of the dated ones" if undated else ""
            left = "; what goes by time leaves the undated ones out" if undated else ""
            yield (
                "Latest",
                f"The latest{of} is “{latest.title}”, {day(latest.date)}{left}.",
                (title(latest),),
            )
    event = times.events(corpus.latest)
    if len(event) and event.rows[0]["event"] != latest.day:  # that of its own date is no news
        then = dt.date.fromisoformat(event.rows[0]["event"])
        yield (
            "Event",
            f"It reports on an event of {day(then)}{lag(latest.date, then)}.",
            event.evidence[0],
        )
    copies, lost = len(corpus.copies), len(corpus.left_out) - len(corpus.copies)
    if lost:
        what = "1 file or part of one" if lost == 1 else f"{lost:,} files or parts of files"
        yield "Left out", f"{what} gave no text; each is listed with its reason under Texts.", ()
    if copies:
        are = "is a copy" if copies == 1 else "are copies"
        yield "Copies", f"{counted(copies, 'more text')} {are} of these and counted once.", ()


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


def _reading_order(corpus: Corpus) -> Callable[[Span], tuple[int, Span]]:
    order = {d.id: i for i, d in enumerate(corpus)}
    return lambda span: (order[span.document], span)
