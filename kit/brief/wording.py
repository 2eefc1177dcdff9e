"""What the first page says of wording: set phrases, lists, key words, what is not said."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kit import counts, formulations, keyness, lists, tokens
from kit.brief.phrases import Statement, apart, chance, heads, joined, large, subject
from kit.corpus import Corpus
from kit.finding import Finding, counted
from kit.formulations.news import AGAIN, FIRST

FEW = 10  # earlier texts under which an absence is no news
LIKELY = 0.5  # chance of an absence from which it is none either
AGAINST = 0.2  # chance under which the absence of a phrase that nobody watches for is told
MOST = 5  # absences, or formulations that are new, told
LEAST_WORDS = 3  # of a phrase that no lexicon knows, from which its coming is told
COMMON = 0.1  # of the earlier texts that had one, from which its coming back is


def said(corpus: Corpus, own: str) -> Iterator[Statement]:
    """Say which set phrases, repeated phrases and lists the texts have, and how long sentences are."""
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
            f"most often {joined(shown)}.",
            heads(known.evidence[:4]),
        )
    repeated = counts.phrases(corpus, minimum=3 if len(corpus) == 1 else 5, top=40)
    if len(repeated):
        rows = repeated.rows
        told = apart([r["phrase"] for r in rows])[:4]
        several = len(corpus) > 1
        shown = [
            f"“{r['phrase']}” ({counted(r['texts'], 'text') if several else r['count']})"
            for r in (rows[i] for i in told)
        ]
        statement = f"The phrases repeated most: {joined(shown)}."
        yield "Repeated", statement, heads(repeated.evidence[i] for i in told)
    found = lists.recurring(corpus)
    if len(found):
        statement, at = _told_lists(found)
        yield "Lists", statement, heads((found.evidence[at],))
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
    rows = found.rows
    total = f"{counted(sum(row['count'] for row in rows), 'list')} of three and more"
    nouns = [i for i, row in enumerate(rows) if row["kind"] == "nouns"]
    if not nouns:
        return f"{total}.", 0
    at = max(nouns, key=lambda i: rows[i]["count"])
    quoted, often = f"“{rows[at]['list']}”", rows[at]["count"]
    return (
        f"{total}, {f'most often {quoted} ({often:,})' if often > 1 else f'such as {quoted}'}.",
        at,
    )


def key_words(corpus: Corpus) -> Iterator[Statement]:
    """Say which words stand out against the general language."""
    key = keyness.rank(keyness.general(corpus, minimum=3), alpha=0.01)
    if len(key):
        shown = [f"{r['word']} ({r['count']:,})" for r in key.rows[:8]]
        _, _, against = key.title.partition("stand out ")
        yield "Key words", f"{large(against)}: {joined(shown)}.", heads(key.evidence[:8])


def news(corpus: Corpus, own: str) -> Iterator[Statement]:
    """Say which formulations are said for the first time, or again after a long silence."""
    found = formulations.news(corpus, own=own)
    earlier = len(corpus.background)
    if earlier < FEW:
        return
    rows = found.rows
    for kind, topic, end in (
        (FIRST, "First said", f": in none of {earlier:,} earlier texts"),
        (AGAIN, "Said again", ""),
    ):
        at = [i for i, row in enumerate(rows) if row["news"] == kind and _is_told(row, earlier)]
        if at:
            shown = [_new(rows[i]) for i in at[:MOST]]
            more = f", and {len(at) - MOST:,} more" if len(at) > MOST else ""
            told = ", ".join(shown) + more if more else joined(shown)
            yield topic, f"{told}{end}.", heads(found.evidence[i] for i in at[:MOST])


def _is_told(row: dict[str, Any], earlier: int) -> bool:
    """Whether it is worth telling that a formulation came, or came back.

    Of thousands of phrases that no lexicon knows some come back by chance: it is told of those that were
    common. Two words that come together are any two words.
    """
    if row["origin"] == "lexicon":
        return True
    if row["news"] == FIRST:
        return len(row["formulation"].split()) >= LEAST_WORDS
    return bool(row["earlier_texts"] >= max(FEW, COMMON * earlier))


def _new(row: dict[str, Any]) -> str:
    texts = counted(row["texts"], "text") if row["of_texts"] > 1 else f"{row['occurrences']:,}"
    last = f"; before that last {row['before']}" if row["before"] else ""
    return " ".join(filter(None, (f"“{row['formulation']}”", row["original"], f"({texts}{last})")))


def missing(corpus: Corpus, gone: Finding, own: str) -> Iterator[Statement]:
    """Say which formulations the latest texts lack: of the watched ones that are `gone`, and of all."""
    earlier = len(corpus.background)
    if earlier < FEW and not len(gone):
        return
    if earlier < FEW:
        shown = [f"“{row['formulation']}”" for row in gone.rows[:5]]
        its = "its" if len(corpus.period) == 1 else "their"
        compared = f"only {counted(earlier, 'earlier text')}" if earlier > 0 else "no earlier text"
        yield (
            "Not said",
            f"{counted(len(gone), 'watched formulation')} on {its} themes, among them {joined(shown)}. "
            f"With {compared} to compare, an absence is no news yet.",
            (),
        )
        return
    told = [
        (
            row["formulation"],
            row["earlier_texts_with_it"],
            earlier,
            row["last_said"],
            row["chance"],
            i,
        )
        for i, row in enumerate(gone.rows)
        if _is_news(row, earlier)
    ]
    evidence = [gone.evidence[i] for *_, i in told]
    watched = {row[0] for row in told}
    missed = formulations.missing(formulations.ledger(corpus, own=own), below=AGAINST)
    had = {f.name: len(f.texts) for f in formulations.record(corpus, own=own).formulations}
    for i, row in enumerate(missed.rows):
        if row["formulation"] not in watched:
            texts = row["texts"], row["of_texts"] - 1  # the latest is one of them
            if corpus.since:
                texts = had[row["formulation"]], earlier
            told.append((row["formulation"], *texts, row["last"], row["chance"], i))
            evidence.append(missed.evidence[i])
    order = sorted(range(len(told)), key=lambda i: told[i][4] or 0.0)[:MOST]
    if order:
        shown = [
            f"“{phrase}” (in {texts:,} of {of:,} earlier texts, last {last}{chance(odds)})"
            for phrase, texts, of, last, odds, _ in (told[i] for i in order)
        ]
        yield (
            "Not said",
            f"{large(subject(corpus, 'lacks', 'lack'))} {joined(shown)}.",
            heads(evidence[i] for i in order),
        )


def _is_news(row: dict[str, Any], earlier: int) -> bool:
    """Whether the absence of a watched formulation is one, by its chance, else by its past."""
    with_it: int = row["earlier_texts_with_it"] or 0
    if row["chance"] is None:
        return 2 * with_it >= earlier
    return bool(with_it and row["chance"] <= LIKELY)
