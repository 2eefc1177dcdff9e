"""Quantities: how much and how many, of what, up or down."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from kit import keep, tokens
from kit.corpus import Corpus, Span
from kit.finding import Finding
from kit.times import chinese_amounts, numerals
from kit.times.about import Tree, trees
from kit.times.amounts import Amount, amount
from kit.times.find import times
from kit.times.measured import about_of, direction
from kit.tokens import Tokens

POINTING = 20  # up to which *the two countries* only points; "the 193 members" says how many
KINDS = ("count", "percent", "points", "money", "share", "multiple")
_COLUMNS = "date paragraph value low high unit kind direction bound written about".split()
_DEFINITE = frozenset("the these those both its our their his her your my all other".split())
_NUMBER_WORDS = frozenset((*numerals.WORDS, *numerals.SCALES, "twice"))
_AFTER_ARTICLE = frozenset(  # "a million", "a third", "one half"
    "hundred thousand million billion trillion dozen half third quarter fifth tenth".split()
)
_MEASURES = frozenset("percent per percentage basis dollar dollars and to".split())
_VERBS_OF_MULTIPLES = {
    "doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "halv": 0.5,
}  # fmt: skip
_FOLD = re.compile(r"(?P<n>\w+?)-?fold$", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:resolutions?|articles?|paragraphs?|chapters?|sections?|nos?|numbers?|numbered|"
    r"pages?|pp?|groups? of|g|level|"
    r"phases?|annex|rules?|principles?|items?|volumes?|agenda|titles?|category|channel|basket|"
    r"decisions?|documents?|"
    r"protocols?|committee|session|meetings?|points?|parts?|notes?|steps?|track|pillar|corps|"
    r"flight|apollo|question|"
    r"camp david|room|route|area|zone|division|act|stage|table|figure|year|aged?|at|war|on|"
    r"version)\.?,? $",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\.\s+[A-Z\u201c\"(\[]|\)|\]")
_COMPOUND = re.compile(r"[-\u2010\u2011]\w|(?: ?(?:st|nd|rd|th)\b)")  # twelve-month, 63 rd
_NOT_UNITS = frozenset("of and or to in the a an is was were are more less least most only".split())


@keep.finding
def numbers(corpus: Corpus, *, kind: str = "", about: str = "") -> Finding:
    """List the quantities of texts: counts, amounts, percentages, ranges, with what they are about.

    Columns: date (of the text), paragraph, value (empty for a range), low and high
    (of a range), unit (what is counted, ``percent``, ``basis points``, ``US$ per month``), kind (``count``,
    ``percent``, ``points``, ``money``, ``share`` as two thirds, ``multiple`` as doubled), direction (``up``,
    ``down``, ``held``; by the verb or noun it belongs to), bound (``at least``, ``more than``, ``nearly``,
    ``about``, ``up to``, ``less than``), written, about (subject or object that has this quantity; for counts
    the clause, *met three times*). Dates, ordinals, labels (*resolution 242*) and small numbers that only
    point (*the two countries*) are left out. `kind` and `about` keep those of one kind, and those whose
    about or unit has these words. English, by spaCy's parse; Chinese by marks and verbs.
    """
    found = tokens.of(corpus).once(_rows)
    wanted = about.casefold()
    kept = [
        (row, span)
        for row, span in found
        if (not kind or row[6] == kind)
        and (not wanted or wanted in str(row[10]).casefold() or wanted in str(row[5]).casefold())
    ]
    table = pd.DataFrame([row for row, _ in kept], columns=_COLUMNS)
    return Finding(
        "numbers",
        "Quantities",
        table.astype(dict.fromkeys(("value", "low", "high"), "Float64")),
        corpus,
        "Numbers with what they count, by spaCy's parse; dates, ordinals, names, labels and pointing "
        "numbers (“the two countries”) left out.",
        tuple((span,) for _, span in kept),
        _caveats(corpus),
        formats=dict.fromkeys(("value", "low", "high"), "{:,g}"),
    )


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    other = sorted({d.language or "an unknown language" for d in corpus} - {"en", "zh"})
    return (
        (f"Quantities are read in English and Chinese, not in {', '.join(other)}.",)
        if other
        else ()
    )


_NAMES = ("9/11", "7/7", "24/7")  # what reads as a fraction and is none
Row = tuple[object, ...]


def _rows(t: Tokens) -> list[tuple[Row, Span]]:
    corpus = t.corpus
    amounts = list(_english(t))
    known = trees(corpus, [span for span, _ in amounts])
    rows: list[tuple[Row, Span]] = []
    for (span, found), tree in zip(amounts, known, strict=True):
        row = _row(corpus, span, found, tree) if tree else None
        if row is not None:
            rows.append(row)
    for document in corpus:
        if document.language == "zh":
            rows += chinese_amounts.rows(document, times(corpus)[document.id])
    order = {d.id: i for i, d in enumerate(corpus)}
    return sorted(rows, key=lambda row: (order[row[1].document], row[1]))


def _english(t: Tokens) -> Iterator[tuple[Span, Amount]]:
    """Yield the amounts of English texts with the spans of their figures, in reading order."""
    if not len(t):
        return
    pairs = zip(t.vocabulary, t.languages, strict=True)
    forms = [form.lower() if code == "en" else "" for form, code in pairs]
    told = np.array([_tells(form) for form in forms], dtype=np.bool_)[t.ids]
    article = np.array([form in ("a", "an") for form in forms], dtype=np.bool_)[t.ids]
    opens = np.array([form in _AFTER_ARTICLE for form in forms], dtype=np.bool_)[t.ids]
    article[:-1] &= opens[1:]
    article[-1:] = False
    # "one" and "the two" say how many only before what makes a number of them: "one million"
    small = np.array([numerals.WORDS.get(form, 99) <= POINTING for form in forms], dtype=np.bool_)[
        t.ids
    ]
    one = np.array([form == "one" for form in forms], dtype=np.bool_)[t.ids]
    definite = np.array([form in _DEFINITE for form in forms], dtype=np.bool_)[t.ids]
    scaled = np.append(opens[1:], False) | np.append(
        np.array([form in _MEASURES for form in forms], dtype=np.bool_)[t.ids][1:], False
    )
    pointing = small & (one | np.append(False, definite[:-1])) & ~scaled
    at = np.flatnonzero((told & ~pointing) | article)
    found = times(t.corpus)
    taken: list[tuple[int, int]] = []
    passage, past = -1, 0
    text = ""
    for i in at.tolist():
        if t.passage[i] != passage:
            passage, past = int(t.passage[i]), 0
            name, number = t.passages[passage]
            text = t.texts[passage]
            taken = [(x.span.start, x.span.end) for x in found[name] if x.span.paragraph == number]
        start = int(t.start[i])
        if start < past:
            continue
        read = _named(text, start, int(t.end[i])) or amount(text, start)
        if read is None or any(s < read.end and read.start < e for s, e in taken):
            continue
        if _is_label(text, read) or text[read.start : read.end] in _NAMES:
            continue
        past = read.end
        yield Span(name, number, read.start, read.end), read


def _tells(lower: str) -> bool:
    if lower[:1].isdigit():
        return True
    if lower in _NUMBER_WORDS or lower.endswith("fold"):
        return True
    first = lower.replace("\u2011", "-").partition("-")[0]
    return first in numerals.WORDS or (
        lower.startswith(tuple(_VERBS_OF_MULTIPLES)) and lower[-1] in "edsg"
    )


def _named(text: str, start: int, end: int) -> Amount | None:
    """Return the amount of *doubled*, *twice*, *tenfold* and *millions of*."""
    word = text[start:end].lower()
    stem = next((s for s in _VERBS_OF_MULTIPLES if word.startswith(s)), None)
    if stem:
        value: float | None = _VERBS_OF_MULTIPLES[stem]
        return Amount(start, end, value, None, None, "multiple", "times", "", True)
    if word == "twice":
        return Amount(start, end, 2.0, None, None, "count", "times", "", True)
    fold = _FOLD.match(word)
    if fold:
        many = numerals.cardinal(fold["n"])
        return (
            Amount(start, end, float(many), None, None, "multiple", "times", "", True)
            if many
            else None
        )
    return None


def _is_label(text: str, one: Amount) -> bool:
    """Whether a number names something and counts nothing: a paragraph, a resolution, a time of day."""
    before = text[max(one.start - 24, 0) : one.start]
    after = text[one.end : one.end + 8]
    if one.kind == "count" and (
        _COMPOUND.match(after) or after.startswith((" Agenda", " Olympic"))
    ):
        return True
    plain = one.kind == "count" and not one.scaled and one.low is None
    if before[-1:] and (before[-1].isalnum() or before[-1] in "/-.#\u2011"):
        return True
    if (
        plain
        and _LISTED.match(text, one.end)
        and (not before.strip() or before.rstrip()[-1:] in '.!?:;\u201d"])(')
    ):
        return True
    return plain and text[one.start].isdigit() and bool(_REFERS.search(before))


def _row(  # noqa: PLR0911
    corpus: Corpus, span: Span, one: Amount, tree: Tree
) -> tuple[Row, Span] | None:
    first, last = tree.token(one.start), tree.token(one.end - 1)
    if first < 0 or last < first:
        return None
    kind, unit, end, bound = one.kind, one.unit, one.end, one.bound
    word = tree.word(first).lower()
    before = tree.word(first - 1).lower() if first else ""
    if (
        kind == "multiple"
        and one.value is not None
        and tree.pos[last] != "VERB"
        and "fold" not in word
    ):
        return None  # double standards
    if before == "over" and tree.dep[first - 1] == "prep" and unit == "":
        bound = ""  # "assistance over two years"
    if kind == "share" and _is_ordinal(tree, first, last, before):
        return None
    if kind == "count" and unit != "times":
        if one.value in (0, 1) and not one.scaled:
            return None
        at, unit = _counted(tree, last)
        plain = not one.scaled and one.low is None and (one.value or 0) <= POINTING
        if plain and (before in _DEFINITE or (before == "first" and first > 1)):
            return None
        if not unit and not one.scaled:
            return None
        if unit and unit[0].isupper() and word[0] != unit[0] and tree.word(first)[0].isupper():
            return None  # "Two Systems" is a name
        if re.fullmatch(r"times", unit, re.IGNORECASE):
            kind = "multiple" if _compares(tree, at) else "count"
        end = tree.end[at] if unit else end
        last = at if unit else last
    if _in_a_name(tree, first, last):
        return None
    within = (one.start, end)
    row = (
        corpus[span.document].day,
        span.paragraph,
        one.value,
        one.low,
        one.high,
        unit,
        kind,
        direction(tree, first, last),
        bound,
        corpus[span.document].text(span.paragraph)[one.start : end],
        about_of(tree, first, last, kind, unit, within),
    )
    return row, Span(span.document, span.paragraph, one.start, end)


def _is_ordinal(tree: Tree, first: int, last: int, before: str) -> bool:
    """Whether *a third* is one more and no part: *a third role*, *the other half*."""
    if before in ("other", "this", "that", "every", "each"):
        return True
    after = tree.pos[last + 1] if last + 1 < len(tree.end) else "PUNCT"
    return (
        tree.word(first).lower() in ("a", "an", "one")
        and after in ("NOUN", "ADJ", "PROPN", "VERB")
        and (tree.word(last).lower() != "half" or after != "NOUN")
    )


def _in_a_name(tree: Tree, first: int, last: int) -> bool:
    """Whether a number is part of a name: *Group of 77*, *Four Modernizations*."""
    return tree.pos[first] == "PROPN" and tree.word(first)[0].isupper() and first > 0


def _counted(tree: Tree, last: int) -> tuple[int, str]:
    """Return the last token of what is counted and its words: *large-scale projects*; "" for none."""
    first = at = last + 1
    ends = -1
    while at < len(tree.end):
        word, pos = tree.word(at), tree.pos[at]
        if pos in ("NOUN", "PROPN"):
            ends = at
            after = tree.word(at + 1) if at + 1 < len(tree.end) else ""
            if after not in ("-", "\u2011") and not (
                at + 1 < len(tree.end)
                and tree.pos[at + 1] in ("NOUN", "PROPN")
                and tree.head[at] != at
                and tree.head[at] > at
            ):
                break
        elif (
            word in ("-", "\u2011", "\u2013")
            or (pos == "CCONJ" and at > first and tree.pos[at - 1] in ("ADJ", "NOUN"))
            or (word == "," and at > first and tree.pos[at - 1] == "ADJ")
        ):
            pass
        elif (
            pos not in ("ADJ", "ADV", "VERB", "NUM")
            or (pos == "VERB" and tree.dep[at] != "amod")
            or word.lower() in _NOT_UNITS
        ):
            break
        at += 1
    if ends < 0:
        return last, ""
    unit = tree.words(first, ends)
    return ends, unit if not unit[:1].isdigit() else ""


def _compares(tree: Tree, at: int) -> bool:
    """Whether *times* multiplies: *three times as many*, *five times that of 1949*."""
    after = tree.word(at + 1).lower() if at + 1 < len(tree.end) else ""
    return after in (
        "as",
        "more",
        "larger",
        "greater",
        "higher",
        "the",
        "that",
        "what",
        "its",
        "their",
        "over",
        "bigger",
        "faster",
        "less",
    )
