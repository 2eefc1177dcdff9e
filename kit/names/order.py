"""In which order things are named: who comes first is chosen, and a turned order is news."""

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from kit import keep
from kit.corpus import Corpus, Document, Span
from kit.finding import Finding, counted
from kit.names.mention import KINDS
from kit.names.table import mentions

# What stands between two names that are set side by side: a hyphen, or a comma or "and" or both.
_BESIDE = re.compile(
    r"\s?[-\u2010\u2011\u2013/]\s?|\s?[,\u3001]?\s?"
    r"(?:and|or|&|as well as|\u548c|\u4e0e|\u53ca|\u4ee5\u53ca|\u0438)?\s?(?:the )?"
)
_JOINS = re.compile(
    r"[-\u2010\u2011\u2013/&\u3001]|\b(?:and|or|as well as)\b|[\u548c\u4e0e\u53ca\u0438]"
)
_WIDEST = 20  # characters between two names set side by side
_ALIKE = ("place", "organisation")  # kinds that are set side by side: China and ASEAN


@keep.finding
def order(corpus: Corpus) -> Finding:
    """Give the order in which the latest text names things, beside the order that is usual.

    Among things of one kind; a place is that of the first mention in a paragraph. Columns: kind, place
    (1 the first), name, usual (the median of its places in the earlier texts of the same source that
    name it, among what they name), earlier_texts (that name it), moved (usual less place: above 0 it
    comes earlier than usual). What no earlier text names has an empty usual place.
    """
    latest = corpus.latest.documents[-1:]
    before: dict[tuple[str, str], list[int]] = defaultdict(list)
    earlier = [d for d in corpus if latest and _before(d, latest[0])]
    firsts = _firsts(corpus)
    for document in earlier:
        for kind, names in firsts.get(document.id, {}).items():
            for place, name in enumerate(names, start=1):
                before[kind, name].append(place)
    rows, evidence = [], []
    for document in latest:
        for kind in KINDS:
            for place, (name, span) in enumerate(
                firsts.get(document.id, {}).get(kind, {}).items(), start=1
            ):
                places = before.get((kind, name), [])
                usual = float(np.median(places)) if places else None
                moved = usual - place if usual is not None else None
                rows.append((kind, place, name, usual, len(places), moved))
                evidence.append((span,))
    columns = "kind place name usual earlier_texts moved".split()
    return Finding(
        "names-order",
        "In which order the latest text names them",
        pd.DataFrame(rows, columns=columns).astype({"usual": "Float64", "moved": "Float64"}),
        corpus,
        "By the first mention in a paragraph, among things of one kind; usual: the median place in "
        f"{counted(len(earlier), 'earlier text')} of the same source, of those that name it.",
        tuple(evidence),
        ()
        if earlier
        else ("No earlier dated text of the same source: what is usual is not known.",),
        formats={"usual": "{:g}", "moved": "{:+g}"},
        applies=bool(earlier),
    )


def _before(document: Document, latest: Document) -> bool:
    source = (document.publisher, document.language) == (latest.publisher, latest.language)
    return bool(source and document.date and latest.date and document.date < latest.date)


def _firsts(corpus: Corpus) -> dict[str, dict[str, dict[str, Span]]]:
    """Return by document and kind the things named in paragraphs, in order, with the first place."""
    found: dict[str, dict[str, dict[str, Span]]] = {}
    for m in mentions(corpus):
        if m.span.paragraph:
            kinds = found.setdefault(m.span.document, {})
            kinds.setdefault(m.kind, {}).setdefault(m.name, m.span)
    return found


@keep.finding
def precedence(corpus: Corpus, *, minimum: int = 2) -> Finding:
    """List pairs of names set side by side, in which order they stand, and where it was turned.

    Side by side are the names of a list (*China, Russia and India*), and those joined by *and*, *or* or a
    hyphen (*China-Russia*), of one kind, or a place and an organisation. Columns: first and second (the
    usual order), count (places in that order), turned (places in the other one), texts, latest (the
    order in the latest text, or in the texts of the period: ``as usual``, ``turned``, ``both``; empty
    where they do not have the pair), last_turned (day of the last text with the other order). Pairs with
    `minimum` places or more; those turned in the latest texts first, then those ever turned. Where
    none of the two orders is more frequent the earlier one counts as usual.
    """
    places: dict[tuple[tuple[str, str], tuple[str, str]], list[Span]] = defaultdict(list)
    for one, other, span in _beside(corpus):
        places[one, other].append(span)
    latest = {d.id for d in corpus.period} if len(corpus) > 1 else set()
    rows, evidence = [], []
    for (one, other), spans in places.items():
        back = places.get((other, one), [])
        usual = len(spans) > len(back) or (len(spans) == len(back) and spans[0] < back[0])
        if not usual or len(spans) + len(back) < minimum:
            continue
        now = [any(s.document in latest for s in x) for x in (spans, back)]
        state = "both" if all(now) else "as usual" if now[0] else "turned" if now[1] else ""
        days = [corpus[s.document].day for s in back]
        texts = len({s.document for s in (*spans, *back)})
        last = max((day for day in days if day), default=None)
        rows.append((one[1], other[1], len(spans), len(back), texts, state, last))
        evidence.append((*back, *spans))
    keys = [(r[5] != "turned", r[5] != "both", r[3] == 0, -r[2] - r[3], r[0], r[1]) for r in rows]
    order = sorted(range(len(rows)), key=keys.__getitem__)
    columns = "first second count turned texts latest last_turned".split()
    return Finding(
        "names-precedence",
        "Which of two names comes first",
        pd.DataFrame([rows[i] for i in order], columns=columns),
        corpus,
        "Names of a list, or joined by “and”, “or” or a hyphen; the evidence begins with the places in "
        "the less usual order.",
        tuple(evidence[i] for i in order),
        () if rows else (f"No two names stand side by side {counted(minimum, 'time')} or more.",),
    )


def _beside(corpus: Corpus) -> Iterator[tuple[tuple[str, str], tuple[str, str], Span]]:
    """Yield each pair of things set side by side, in the order in which they stand, and its stretch."""
    run: list[tuple[tuple[str, str], Span]] = []
    joined = False
    for m in mentions(corpus):
        gap = ""
        if run:
            last = run[-1][1]
            near = (m.span.document, m.span.paragraph) == (last.document, last.paragraph)
            if near and 0 <= m.span.start - last.end <= _WIDEST:
                text = corpus[last.document].text(last.paragraph)
                gap = text[last.end : m.span.start] or "\u3001"  # Chinese names touch: 中俄
        if not gap or not _BESIDE.fullmatch(gap):
            yield from _ordered(run) if joined else ()
            run, joined = [], False
        joined |= bool(gap and _JOINS.search(gap))
        run.append(((m.kind, m.name), m.span))
    yield from _ordered(run) if joined else ()


def _ordered(
    run: list[tuple[tuple[str, str], Span]],
) -> Iterator[tuple[tuple[str, str], tuple[str, str], Span]]:
    for i, (one, a) in enumerate(run):
        for other, b in run[i + 1 :]:
            if one != other and (one[0] == other[0] or {one[0], other[0]} <= set(_ALIKE)):
                yield one, other, Span(a.document, a.paragraph, a.start, b.end)
