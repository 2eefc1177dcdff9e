"""What is each group's own, told in a line."""

from collections.abc import Callable

import pandas as pd

from kit.corpus import Corpus, Document, Span
from kit.finding import Finding
from kit.keyness.compare import By, groups

ALPHA = 0.01  # of p by Holm, up to which a word is told


def distinctive(
    corpus: Corpus, *, of: By | Callable[[Document], str], top: int = 8, minimum: int = 3
) -> Finding:
    """Tell for each group of texts the words that are its own, one row a group.

    They are the words of content that ``groups`` finds with p up to 0.01, at most `top` of them, the
    highest G2 first, each with its count in the group and in all texts, *war (8 of 9)*. Columns: group,
    words. A group without such a word has no row.
    """
    found = groups(corpus, of=of, minimum=minimum, top=top)
    told: dict[str, list[tuple[str, tuple[Span, ...]]]] = {}
    for row, spans in zip(found.rows, found.evidence, strict=True):
        if row["p"] <= ALPHA:
            number = row["count"] + row["reference"]
            word = f"{row['word']} ({row['count']:,} of {number:,})"
            told.setdefault(row["group"], []).append((word, spans))
    return Finding(
        "distinctive",
        found.title,
        pd.DataFrame(
            [(group, ", ".join(word for word, _ in words)) for group, words in told.items()],
            columns=["group", "words"],
        ),
        corpus,
        f"{found.method} Here those with p up to {ALPHA:g}, with the count in the group and in all texts.",
        tuple(tuple(span for _, spans in words for span in spans) for words in told.values()),
        found.caveats,
        applies=found.applies,
    )
