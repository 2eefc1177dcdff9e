"""What was read: the texts, and what was left out."""

import numpy as np
import pandas as pd

from kit import language, tokens
from kit.corpus import Corpus, Span
from kit.finding import Finding, days_of

COLUMNS = "date date_from title publisher paragraphs words language source notes".split()


def reading_list(corpus: Corpus, *, full: int = 1) -> Finding:
    """List the texts in order of date; a report gives the latest `full` of them in full.

    Columns: date, date_from (where it stands in the source), title, publisher, paragraphs, words
    (of paragraphs), language, source (file), notes (what the reader had to assume). Where the report is
    about a period, the first column is period: ``yes`` for the texts of it.
    """
    t = tokens.of(corpus)
    words = np.bincount(t.document[~t.in_title], minlength=len(corpus)).tolist()
    rows = [
        (
            d.day,
            d.date_origin,
            d.title,
            d.publisher,
            len(d.paragraphs),
            words[i],
            d.language,
            d.source,
            "; ".join(d.notes),
        )
        for i, d in enumerate(corpus)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    told = ""
    if corpus.since:
        of_period = {d.id for d in corpus.period}
        table.insert(0, "period", ["yes" if d.id in of_period else "" for d in corpus])
        told = f" Of the period {days_of(corpus)} are {len(of_period):,}; earlier ones are the background."
    return Finding(
        "texts",
        "The texts read",
        table,
        corpus,
        f"In order of date, undated ones last; words by the word policy of each language.{told}",
        caveats=tuple(filter(None, map(language.missing, sorted({d.language for d in corpus})))),
        evidence=tuple((Span(d.id, 0, 0, len(d.title)),) for d in corpus),
        whole=tuple(d.id for d in corpus.documents[-full:]) if full else (),
    )


def left_out(corpus: Corpus) -> Finding:
    """List the files that gave no text. Columns: file, reason, what_to_do."""
    return Finding(
        "left-out",
        "Files that were left out",
        pd.DataFrame(
            [(x.source, x.reason, x.advice) for x in corpus.left_out],
            columns=["file", "reason", "what_to_do"],
        ),
        corpus,
        "Every file of the source either gave a text or stands here.",
    )
