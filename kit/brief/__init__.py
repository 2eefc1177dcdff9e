"""The first page of a report: its findings in sentences, each with the places that it rests on."""

import datetime as dt
from collections.abc import Callable, Iterator

import pandas as pd

from kit import counts, formulations, themes, times, tokens
from kit.brief import content, firmness, wording
from kit.brief.phrases import Statement, day, days, lag, title
from kit.corpus import Corpus, Span
from kit.finding import Finding, counted

__all__ = ["brief", "leading_phrase", "not_said"]


def brief(corpus: Corpus, *, own_formulations: str = "", own_themes: str = "") -> Finding:
    """Answer in sentences: what was read, what it is about, how it is said, who is named, what
    stands out, what is missing.

    News are told of the latest text. Where the corpus has a period, they are of its texts, and so is all
    else; what is earlier is the background. A period without a text has nothing told of it but that.

    Columns: topic, statement. A question that the corpus gives no answer to has no row.
    """
    told = corpus.period if corpus.since else corpus
    statements: list[Statement] = list(_read(corpus)) if len(corpus) else []
    if len(told):
        gone = not_said(corpus, own_formulations=own_formulations, own_themes=own_themes)
        statements += [
            *content.about(told, own_themes),
            *content.moved(corpus, own_themes),
            *wording.said(told, own_formulations),
            *wording.news(corpus, own_formulations),
            *content.named(told),
            *content.newly_named(corpus),
            *firmness.firm(corpus),
            *firmness.commits(corpus),
            *firmness.steps(corpus, own_formulations),
            *firmness.says(corpus),
            *wording.key_words(told),
            *content.anniversaries(corpus),
            *wording.missing(corpus, gone, own_formulations),
        ]
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
    size = _size(corpus)
    latest = corpus.latest.documents[0] if corpus.latest else None
    if len(corpus) == 1:
        (only,) = corpus
        dated = f"dated {day(only.date)}" if only.date else "undated"
        yield "Read", f"One text, {dated}: {size}.", (title(only),)
    else:
        undated = len(corpus) - len(corpus.dates)
        some = f" {len(corpus.dates):,} of them" if undated else ""
        when = ""
        if corpus.dates:
            when = f",{some} dated {day(corpus.dates[0])} to {day(corpus.dates[-1])}"
        none = f"{' and' if corpus.dates else ','} {undated:,} undated" if undated else ""
        yield "Read", f"{counted(len(corpus), 'text')}{when}{none}: {size}.", ()
    if corpus.since:
        yield _period(corpus)
    if latest and latest.date and len(corpus) > 1:
        undated = len(corpus) - len(corpus.dates)
        of = " of the dated ones" if undated else ""
        left = "; what goes by time leaves the undated ones out" if undated else ""
        yield (
            "Latest",
            f"The latest{of} is “{latest.title}”, {day(latest.date)}{left}.",
            (title(latest),),
        )
    event = times.events(corpus.latest)
    # that of its own date is no news
    if latest and len(event) and event.rows[0]["event"] != latest.day:
        then = dt.date.fromisoformat(event.rows[0]["event"])
        yield (
            "Event",
            f"It reports on an event of {day(then)}{lag(latest.date, then)}.",
            event.evidence[0],
        )
    copies = len(corpus.copies)
    lost = len(corpus.left_out) - copies - len(corpus.later)
    if lost:
        what = "1 file or part of one" if lost == 1 else f"{lost:,} files or parts of files"
        yield "Left out", f"{what} gave no text; each is listed with its reason under Texts.", ()
    if copies:
        are = "is a copy" if copies == 1 else "are copies"
        yield "Copies", f"{counted(copies, 'more text')} {are} of these and counted once.", ()


def _size(corpus: Corpus) -> str:
    t = tokens.of(corpus)
    paragraphs = sum(len(d.paragraphs) for d in corpus)
    return (
        f"{counted(paragraphs, 'paragraph')}, {counted(t.body_sentences, 'sentence')}, "
        f"{counted(t.body_words, 'word')}"
    )


def _period(corpus: Corpus) -> Statement:
    """Say which of the texts the report is about."""
    texts, before = corpus.period, corpus.background
    if not len(texts):
        last = before.documents[-1] if len(before) else None
        else_ = f"; the latest before is “{last.title}”, {day(last.date)}" if last else ""
        return "Period", f"No text is dated {days(corpus)}{else_}.", (title(last),) if last else ()
    are = "One text is" if len(texts) == 1 else f"{len(texts):,} texts are"
    earlier = (
        f"{counted(len(before), 'earlier text')} to compare" if len(before) else "no earlier text"
    )
    return (
        "Period",
        f"{are} dated {days(corpus)}: {_size(texts)}; {earlier}.",
        tuple(map(title, texts)),
    )


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
    """List the watched formulations on the themes of the latest text, or of the period, not said there.

    Themes are those of two or more paragraphs there. Columns as of ``formulations.absent``.
    """
    about = themes.ids(themes.prominence(corpus.period, own=own_themes), least=2, own=own_themes)
    return formulations.absent(corpus, themes=about, own=own_formulations)


def _reading_order(corpus: Corpus) -> Callable[[Span], tuple[int, Span]]:
    order = {d.id: i for i, d in enumerate(corpus)}
    return lambda span: (order[span.document], span)
