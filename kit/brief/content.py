"""What the first page says of content: themes, what moved, names, anniversaries."""

from collections.abc import Iterator, Sequence
from typing import Any

from kit import names, themes, times
from kit.brief.phrases import Statement, heads, joined, large, name, ordinal, small, subject
from kit.corpus import Corpus, Span
from kit.themes.space import source, space


def about(corpus: Corpus, own: str) -> Iterator[Statement]:
    """Say which themes have most of the paragraphs."""
    found = themes.prominence(corpus, own=own)
    if not len(found):
        yield "About", "No theme of the lexicon reaches a paragraph.", ()
        return
    total = sum(len(d.paragraphs) for d in corpus)
    shares = [f"{small(row['theme'])} ({row['paragraphs']:,})" for row in found.rows[:4]]
    shares[0] = shares[0].removesuffix(")") + f" of {total:,} paragraphs)"
    yield "About", f"Above all {joined(shares)}.", heads(found.evidence[:4])


def named(corpus: Corpus) -> Iterator[Statement]:
    """Say who and what is named most."""
    found = names.names(corpus)
    every = found.rows
    for kind, topic, most in (
        ("person", "People", 6),
        ("place", "Places", 6),
        ("organisation", "Organisations", 6),
        ("event", "Events", 5),
    ):
        rows = [i for i, r in enumerate(every) if r["kind"] == kind and r["mentions"]]
        if not rows:
            continue
        shown = [name(every[i]) for i in rows[:most]]
        more = f", and {len(rows) - most} more" if len(rows) > most else ""
        order = " in this order" if kind == "person" and len(corpus) == 1 and len(rows) > 1 else ""
        yield (
            topic,
            f"{joined(shown) if not more else ', '.join(shown)}{more}{order}.",
            heads(found.evidence[i] for i in rows[:most]),
        )


def anniversaries(corpus: Corpus) -> Iterator[Statement]:
    """Say which anniversaries the latest texts name, and their next round ones."""
    marked = times.anniversaries(corpus.period)
    rows = marked.rows
    told = [i for i, r in enumerate(rows) if r["of"] and r["since"] is not None][:4]
    if told:
        shown = [_anniversary(rows[i]) for i in told]
        yield (
            "Anniversaries",
            f"{large(joined(shown))}.",
            heads(marked.evidence[i] for i in told),
        )


def _anniversary(row: dict[str, Any]) -> str:
    ahead = f"since {row['since']}; next round one in {row['next_year']}"
    return f"the {ordinal(row['anniversary'])} of {row['of']} ({ahead})"


def moved(corpus: Corpus, own: str) -> Iterator[Statement]:
    """Say which themes the latest texts have unusually much or little of, and what rose or fell."""
    latest = themes.latest(corpus, own=own)
    (newest,) = corpus.latest
    others = corpus.where(lambda d: source(d) == source(newest))
    whose = f" by {newest.publisher}" if newest.publisher else " of the latest’s source"
    whose = whose if len(others.period) < len(corpus.period) else ""
    has = large(subject(others, "has", "have")).replace("of the period", f"of the period{whose}")
    units = f"{space(corpus, own).kind}s"
    for i, row in enumerate(latest.rows):
        if row["change"] not in ("more", "less"):
            continue
        of = f"{row['count']:,} of {row['of']:,}"
        seldom = ", as none of them has" if not row["as_much"] and row["change"] == "more" else ""
        yield (
            "Unusual",
            f"{has} {row['change']} on {small(row['theme'])} than usual: {of} {units} "
            f"({row['share']:.0%}), in {row['earlier']:,} earlier texts {row['usual']:.0%}{seldom}.",
            heads((latest.evidence[i],)),
        )
    if corpus.since:
        return  # the year's rise and fall is the same in each report of a week
    found = themes.moved(corpus, own=own)
    shown = [
        f"{small(row['theme'])} {'rose' if row['change'] == 'rise' else 'fell'} from {row['before']:.0%} "
        f"to {row['after']:.0%}"
        for row in found.rows[:3]
    ]
    if shown:
        _, _, sides = found.title.partition(": ")
        since = sides or found.title.removeprefix("Themes that rose or fell ")
        yield "Rose and fell", f"{large(joined(shown))} ({since}).", heads(found.evidence[:3])


def newly_named(corpus: Corpus) -> Iterator[Statement]:
    """Say who is named for the first time, who is missing against the odds, and which order turned."""
    found = names.news(corpus)
    every = found.rows
    for news, topic in (
        ("named for the first time", "Newly named"),
        ("named again after a long silence", "Named again"),
        ("not named, against the odds", "Not named"),
    ):
        rows = [i for i, r in enumerate(every) if r["news"] == news]
        rows.sort(key=lambda i: _TOLD_FIRST.index(every[i]["kind"]))
        if rows and found.applies:
            shown = [_news(every[i]) for i in rows[:_MOST]]
            more = f", and {len(rows) - _MOST:,} more" if len(rows) > _MOST else ""
            told = ", ".join(shown) + more if more else joined(shown)
            yield topic, f"{told}.", heads(found.evidence[i] for i in rows[:_MOST])
    order = names.precedence(corpus)
    pairs = order.rows
    turned = [i for i, r in enumerate(pairs) if r["latest"] == "turned" and r["count"] >= _OFTEN]
    if turned:
        shown = [
            f"{row['second']} before {row['first']} (elsewhere {row['count']:,} times the other way)"
            for row in (pairs[i] for i in turned[:2])
        ]
        evidence = (_latest(order.evidence[i], corpus) for i in turned[:2])
        yield "Order", f"{joined(shown)}.", heads(evidence)


def _latest(spans: Sequence[Span], corpus: Corpus) -> Sequence[Span]:
    """Return those of some places that stand in texts of the last day; where none do, all."""
    last = corpus.latest.documents[0].date
    return [s for s in spans if corpus[s.document].date == last][:1] or spans


def _news(row: dict[str, Any]) -> str:
    if row["news"] == "not named, against the odds":
        return (
            f"{row['name']} (in {row['texts']:,} of {row['of_texts']:,} texts, last {row['last']})"
        )
    return f"{row['name']} (last {row['before']})" if row["before"] else str(row["name"])


_TOLD_FIRST = ("person", "initiative", "document", "organisation", "event", "place", "facility")
_MOST = 5  # names in one sentence
_OFTEN = 5  # places in the usual order, from which a turned one is told
