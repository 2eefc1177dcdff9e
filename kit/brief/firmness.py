"""What the first page says of stance: how firm the latest text is, who commits, what is said of others."""

from collections import Counter
from collections.abc import Iterator

from kit import formulations, quotes, stance
from kit.brief.phrases import Statement, heads, joined, large
from kit.corpus import Corpus
from kit.finding import counted, spellings
from kit.stance.clauses import NO_ONE

MOST = 3  # actors, steps or quotations in a sentence
COMMITS = 2  # commitments of an actor from which it is told
WORDS = 6  # expressions of an actor
STRONG = 4  # of a reporting verb: demand, condemn


def firm(corpus: Corpus) -> Iterator[Statement]:
    """Say how firm the latest text is, and against the one before."""
    whole = stance.firmness(corpus)
    latest = corpus.latest.documents[0]
    for i, row in enumerate(whole.rows):
        if (row["date"], row["title"]) != (latest.day, latest.title) or row["firm"] is None:
            continue
        told = (
            f"{row['firm']:.0%} of the {counted(row['graded'], 'expression')} of commitment, obligation "
            f"and appeal in the latest text are firm ({row['low']:.0%} to {row['high']:.0%})"
        )
        changed = row["change"] in ("firmer", "softer")
        since = f", {row['change']} than in that of {row['since']}" if changed else ""
        yield "Firmness", f"{told}{since}.", heads((whole.evidence[i],))


def commits(corpus: Corpus) -> Iterator[Statement]:
    """Say who commits to most in the latest texts, and in which words."""
    found = stance.announcements(corpus.period)
    by_actor: dict[str, list[int]] = {}
    words: dict[str, Counter[str]] = {}
    for i, row in enumerate(found.rows):
        by_actor.setdefault(row["actor"], []).append(i)
        words.setdefault(row["actor"], Counter())[row["expression"]] += 1
    told = [a for a, at in by_actor.items() if len(at) >= COMMITS and a != NO_ONE]
    told.sort(key=lambda actor: -len(by_actor[actor]))
    if told:
        shown = [f"{large(actor)} ({spellings(words[actor], WORDS)})" for actor in told[:MOST]]
        evidence = heads(found.evidence[i] for actor in told[:MOST] for i in by_actor[actor])
        yield "Commits", f"{joined(shown)}.", evidence


def steps(corpus: Corpus, own: str) -> Iterator[Statement]:
    """Say on which ladders the latest texts went up or down."""
    if len(corpus) == 1:
        return
    moved = formulations.moves(formulations.ladders(corpus, own=own))
    latest = {d.id for d in corpus.period}
    at = [
        i
        for i, row in enumerate(moved.rows)
        if moved.evidence[i] and moved.evidence[i][0].document in latest
    ][:MOST]
    rows = moved.rows
    if at:
        shown = [
            f"{rows[i]['move']} to “{rows[i]['formulation']}”, rung {rows[i]['rung']} of {rows[i]['of']} on "
            f"{rows[i]['ladder'].replace('-', ' ')} ({rows[i]['before']} on {rows[i]['since']})"
            for i in at
        ]
        yield "Strength", f"{large(joined(shown))}.", heads(moved.evidence[i] for i in at)


def says(corpus: Corpus) -> Iterator[Statement]:
    """Say the strongest things that the latest texts have others say."""
    found = quotes.quotes(corpus.period, own_words=False)
    rows = [
        (i, row)
        for i, row in enumerate(found.rows)
        if row["strength"] is not None and row["strength"] >= STRONG and row["speaker"]
    ]
    rows.sort(key=lambda r: -r[1]["strength"])
    if rows:
        shown = [f"{row['speaker']} ({row['verb']}): “{row['words']}”" for _, row in rows[:2]]
        yield "Said", f"{large('; '.join(shown))}.", heads(found.evidence[i] for i, _ in rows[:2])
