"""Dates, anniversaries and numbers: when things are said to be, and how much."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from kit.annotate import Parse, annotate
from kit.corpus import Corpus, Document, Span
from kit.finding import Finding
from kit.parse import dates as grammar

EVENT_WITHIN = 31  # days before the date of a text in which what it reports on may lie
EVENT_PARAGRAPHS = 3  # a report says in its first paragraphs when the event was
ROUND = 5  # an anniversary is round when its number can be divided by this

_YEAR = re.compile(
    r"(?<![\d.,/-])(1[5-9]\d\d|20\d\d|21\d\d)(?:[-\u2013](\d{2}|\d{4}))?(?![\d%]|[.,]\d|-\w)"
)
_RELATIVE = re.compile(
    r"\b(?P<which>this|last|next|the past|past|the coming|the previous|the new|the current|the same) "
    r"(?P<unit>year|month|century|decade)\b(?!-)",
    re.IGNORECASE,
)
_SPAN_OF_YEARS = re.compile(
    r"\b(?P<which>past|last|next|coming|previous|recent) (?P<number>\d{1,3}|[a-z]+) "
    r"(?P<unit>years|decades)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?P<day>today|yesterday|tomorrow)\b(?!['\u2019])", re.IGNORECASE)
_ANNIVERSARY = re.compile(
    r"\b(?P<number>\d{1,3})(?:st|nd|rd|th) anniversary(?: of (?P<what>[^.;:]+?))?"
    r"(?=$|[.;:]|, (?:as well as|and|which|who|with|in|on|we|it|the)\b| as well as|, as well as)",
    re.IGNORECASE,
)
_WORDS = {
    word: number
    for number, word in enumerate(
        """
            zero one two three four five six seven eight nine ten eleven twelve thirteen
            fourteen fifteen sixteen seventeen eighteen nineteen twenty
        """.split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_MONEY = frozenset(["$", "€", "£", "¥", "us$", "rmb", "yuan", "usd", "eur"])
_DEFINITE = frozenset(
    """
        the these those both its our their his her your my all other
    """.split()
)


@dataclass(frozen=True, slots=True)
class Time:
    """A date as written, and what it is: ``2025-01-21``, ``2025-01``, ``2024`` or ``2013/2025``."""

    span: Span
    resolved: str
    how: str


def dates(corpus: Corpus) -> Finding:
    """List the dates of English texts, those that depend on the date of the text worked out.

    Columns: date (of the text), paragraph, written, resolved (``2025-01-21``, ``2025-01``, ``2024``,
    ``2013/2025`` for a stretch), how (in full, or by which rule). A month and day without a year is
    the last such day on or before the date of the text; *the past year* is the calendar year before
    in the first quarter, else the twelve months up to the text.
    """
    rows, evidence = [], []
    for document in _english(corpus):
        for time in _times(document):
            rows.append(
                (
                    document.day,
                    time.span.paragraph,
                    corpus.text(time.span),
                    time.resolved,
                    time.how,
                )
            )
            evidence.append((time.span,))
    return Finding(
        "dates",
        "Dates in the texts",
        pd.DataFrame(rows, columns=["date", "paragraph", "written", "resolved", "how"]),
        corpus,
        "A strict grammar; what depends on the date of the text is worked out from it, by the rule shown.",
        tuple(evidence),
    )


def events(corpus: Corpus) -> Finding:
    """Return for each text the day of the event that it reports on, apart from its own date.

    That is the first full date in its title or first three paragraphs that lies on the date of the
    text or up to 31 days before. Columns: title, date (of the text), event. Texts that name none
    are left out.
    """
    rows, evidence = [], []
    for document in _english(corpus):
        for time in _times(document):
            if document.date is None or time.span.paragraph > EVENT_PARAGRAPHS:
                break
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", time.resolved) or time.how == "today":
                continue
            lag = (document.date - dt.date.fromisoformat(time.resolved)).days
            if 0 <= lag <= EVENT_WITHIN:
                rows.append((document.title, document.date.isoformat(), time.resolved))
                evidence.append((time.span,))
                break
    return Finding(
        "events",
        "The event that a text reports on",
        pd.DataFrame(rows, columns=["title", "date", "event"]),
        corpus,
        f"The first full date in the title or the first {EVENT_PARAGRAPHS} paragraphs, at most "
        f"{EVENT_WITHIN} days before the date of the text.",
        tuple(evidence),
    )


def anniversaries(corpus: Corpus) -> Finding:
    """List the anniversaries that English texts name, and the next round one.

    Columns: anniversary (number), of, year (in which it falls), since (the year counted from),
    next_round (the next multiple of five after it), next_year. The year is that of the last date
    before it in the same or the three paragraphs before (*this year*, *In 2024*), else the text's.
    """
    rows, evidence = [], []
    for document in _english(corpus):
        times = list(_times(document))
        for number, text in document.passages():
            for match in _ANNIVERSARY.finditer(text):
                year = _year_of(document, times, number, match.start())
                count = int(match["number"])
                following = (count // ROUND + 1) * ROUND
                rows.append(
                    (
                        count,
                        _noun_phrase(match, annotate(corpus)[document.id][number]),
                        year,
                        year - count if year else None,
                        following,
                        year - count + following if year else None,
                    )
                )
                evidence.append((Span(document.id, number, match.start(), match.end()),))
    return Finding(
        "anniversaries",
        "Anniversaries",
        pd.DataFrame(
            rows, columns=["anniversary", "of", "year", "since", "next_round", "next_year"]
        ).astype(
            dict.fromkeys(("anniversary", "year", "since", "next_round", "next_year"), "Int64")
        ),
        corpus,
        "The year is that of the last date before the anniversary, within three paragraphs, else that "
        "of the text; the next round one is the next multiple of five.",
        tuple(evidence),
        formats={"year": "{:d}", "since": "{:d}", "next_year": "{:d}"},
    )


def numbers(corpus: Corpus) -> Finding:
    """List the quantities of English texts: counts, amounts and percentages.

    Columns: paragraph, value (None for *millions*), unit (what is counted), written, about (the
    governing verb for *met three times*). Dates, ordinals, parts of names, and numbers that only
    point (*the two countries*) are left out.
    """
    rows, evidence = [], []
    for document in _english(corpus):
        parsed = annotate(corpus)[document.id]
        times = list(_times(document))
        for number, parse in enumerate(parsed):
            text = document.text(number)
            taken = [(t.span.start, t.span.end) for t in times if t.span.paragraph == number]
            taken += [(s, e) for s, e, label in parse.names if label not in _NUMERIC_LABELS]
            for first, last, value, unit, about in _quantities(parse, text):
                start, end = int(parse.start[first]), int(parse.end[last])
                if any(s < end and start < e for s, e in taken):
                    continue
                rows.append((number, value, unit, text[start:end], about))
                evidence.append((Span(document.id, number, start, end),))
    return Finding(
        "numbers",
        "Quantities",
        pd.DataFrame(rows, columns=["paragraph", "value", "unit", "written", "about"]),
        corpus,
        "Numbers with what they count, by spaCy's parse; dates, ordinals, names and pointing numbers "
        "(“the two countries”) left out.",
        tuple(evidence),
        formats={"value": "{:,g}"},
    )


_NUMERIC_LABELS = frozenset(["CARDINAL", "QUANTITY", "PERCENT", "MONEY", "ORDINAL"])


def _english(corpus: Corpus) -> Iterator[Document]:
    return (document for document in corpus if document.language == "en")


def _times(document: Document) -> Iterator[Time]:
    """Yield the dates of a document in reading order; of overlapping ones the longest."""
    for number, text in document.passages():
        found = sorted(_in_text(text, document.date), key=lambda x: (x[0], -x[1]))
        past = 0
        for start, end, resolved, how in found:
            if start >= past:
                yield Time(Span(document.id, number, start, end), resolved, how)
                past = end


def _in_text(text: str, today: dt.date | None) -> Iterator[tuple[int, int, str, str]]:
    for pattern in (grammar.MONTH_FIRST, grammar.DAY_FIRST, grammar.ISO):
        for match in pattern.finditer(text):
            day, how = grammar.day(match), "in full"
            if not match.groupdict()["year"]:
                if today is None or not match["month"][:1].isupper():
                    continue
                day, how = grammar.day(match, today.year), "the last such day"
                if day and day > today:
                    day = grammar.day(match, today.year - 1)
            if day:
                yield *match.span(), day.isoformat(), how
    for match in grammar.MONTH_YEAR.finditer(text):
        month = grammar.MONTHS[match["month"].lower()]
        yield *match.span(), f"{match['year']}-{month:02d}", "in full"
    for match in _YEAR.finditer(text):
        until = match[2]
        if until:
            until = match[1][: 4 - len(until)] + until
        yield *match.span(), f"{match[1]}/{until}" if until else match[1], "in full"
    if today:
        yield from _relative(text, today)


def _relative(text: str, today: dt.date) -> Iterator[tuple[int, int, str, str]]:
    for match in _TODAY.finditer(text):
        shift = {"yesterday": -1, "today": 0, "tomorrow": 1}[match["day"].lower()]
        day = today + dt.timedelta(days=shift)
        yield *match.span(), day.isoformat(), match["day"].lower()
    for match in _RELATIVE.finditer(text):
        resolved = _resolve(match["which"].lower(), match["unit"].lower(), today)
        if resolved:
            yield *match.span(), resolved, "from the date of the text"
    for match in _SPAN_OF_YEARS.finditer(text):
        number = _number(match["number"])
        if number is None:
            continue
        years = int(number) * (10 if match["unit"].lower() == "decades" else 1)
        ahead = match["which"].lower() in ("next", "coming")
        first, last = (
            (today.year, today.year + years) if ahead else (today.year - years, today.year)
        )
        yield *match.span(), f"{first}/{last}", "from the date of the text"


def _resolve(which: str, unit: str, today: dt.date) -> str:
    """Return the year or month that words such as *last year* name, or "" where they name none."""
    if unit == "month":
        shift = {
            "this": 0,
            "the current": 0,
            "last": -1,
            "the past": -1,
            "past": -1,
            "the previous": -1,
            "next": 1,
            "the coming": 1,
        }.get(which)
        if shift is None:
            return ""
        months = today.year * 12 + today.month - 1 + shift
        return f"{months // 12}-{months % 12 + 1:02d}"
    if unit != "year":
        return ""
    if which in ("the past", "past") and today.month > 3:
        return f"{today.year - 1}-{today.month:02d}/{today.year}-{today.month:02d}"
    shift = {"this": 0, "the current": 0, "next": 1, "the coming": 1, "the same": None}.get(
        which, -1
    )
    if which == "the new":
        shift = 1 if today.month >= 11 else 0
    return "" if shift is None else str(today.year + shift)


def _year_of(document: Document, times: list[Time], number: int, start: int) -> int | None:
    before = [
        t
        for t in times
        if number - 3 <= t.span.paragraph <= number
        and (t.span.paragraph, t.span.start) < (number, start)
    ]
    # the date in the same paragraph decides, else the nearest one that names a year alone
    here = [t for t in before if t.span.paragraph == number]
    named = here or [t for t in before if re.fullmatch(r"\d{4}", t.resolved)]
    if named:
        return int(named[-1].resolved[:4])
    return document.date.year if document.date else None


def _noun_phrase(match: re.Match[str], p: Parse) -> str:
    """Return what an anniversary is of: a list to its end, cut before a verb that goes on."""
    text = match.string
    start, end = match.span("what")
    if start < 0:
        return ""
    further = _LIST_GOES_ON.match(text, end)
    if further and not _finite(p, text, end, further.end()):
        end = further.end()
    verb = _finite(p, text, start, end)
    return re.sub(r"(?:,? (?:and|which|that|who))?[ ,]*$", "", text[start : verb or end])


def _finite(p: Parse, text: str, start: int, end: int) -> int:
    """Return where the first finite verb (or *as*) in a stretch begins, 0 where there is none."""
    for at, tag in enumerate(p.tag):
        if start < p.start[at] < end and (tag in _FINITE or text[p.start[at] : p.end[at]] == "as"):
            return int(p.start[at])
    return 0


_LIST_GOES_ON = re.compile(r"(?:, the [^,.;:]+?)+ and the [^,.;:]+")
_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))


def _number(word: str) -> float | None:
    plain = word.lower().replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain)
    tens, _, ones = plain.partition("-")
    if tens in _WORDS and (not ones or ones in _WORDS):
        return float(_WORDS[tens] + (_WORDS[ones] if ones else 0))
    return _SCALES.get(plain)


def _quantities(p: Parse, text: str) -> Iterator[tuple[int, int, float | None, str, str]]:
    """Yield (first token, last token, value, unit, about) of each quantity."""
    words = [text[s:e] for s, e in zip(p.start, p.end, strict=True)]
    at = 0
    while at < len(words):
        first = at
        value = _number(words[at]) if p.pos[at] == "NUM" or words[at][0].isdigit() else None
        many = words[at].lower() in (
            "hundreds",
            "thousands",
            "millions",
            "billions",
            "trillions",
            "dozens",
        )
        at += 1
        if value is None and not many:
            continue
        while at < len(words) and words[at].lower() in _SCALES and value is not None:
            value *= _SCALES[words[at].lower()]
            at += 1
        before = words[first - 1].lower() if first else ""
        if (
            before in _DEFINITE
            or before in ("-", "–")
            or (value == 1 and not words[first].isdigit())
        ):
            continue
        if not many and value is None:
            continue
        last, unit = _unit(p, words, first, at, many=many)
        if before in _MONEY or before[-1:] in _MONEY:
            first, last, unit = first - 1, at - 1, words[first - 1]
        if not unit or (unit[0].isupper() and words[first][0].isupper() and before not in _MONEY):
            continue  # "Two Systems" is a name
        yield first, last, value, unit, _governor(p, words, last) if unit == "times" else ""


def _unit(p: Parse, words: list[str], first: int, at: int, *, many: bool) -> tuple[int, str]:
    """Return the last token of a quantity and what it counts; "" where that cannot be told."""
    if at >= len(words):
        return first, ""
    if words[at] == "%" or words[at].lower() in ("percent", "per"):
        return at, "percent"
    if many and words[at].lower() == "of":
        at += 1
    last = at
    while (last < len(words) and p.pos[last] in ("ADJ", "NOUN", "PROPN", "ADV")) or (
        last < len(words) and words[last] == "-" and last > at
    ):
        last += 1
    nouns = [i for i in range(at, last) if p.pos[i] in ("NOUN", "PROPN")]
    if not nouns:
        return first, ""
    end = nouns[-1]
    unit = "".join(
        word if i == 0 or word == "-" or words[at + i - 1] == "-" else f" {word}"
        for i, word in enumerate(words[at : end + 1])
    )
    return end, unit


def _governor(p: Parse, words: list[str], at: int) -> str:
    """Return the verb that a quantity belongs to, with its number: *met three times*."""
    head = int(p.head[at])
    if p.pos[head] == "VERB" and head < at:
        return " ".join(words[head : at + 1])
    return ""
