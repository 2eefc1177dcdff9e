"""Quantities: how much and how many, of what, up or down."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from kit import tokens
from kit.corpus import Corpus, Span
from kit.finding import Finding
from kit.times import chinese_amounts, numerals
from kit.times.about import Tree, clause, trees
from kit.times.amounts import Amount, amount
from kit.times.dates import caveats
from kit.times.find import times
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
_FOLD = re.compile(rf"(?P<n>\w+?)-?fold$", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:resolutions?|articles?|paragraphs?|chapters?|sections?|nos?|numbers?|numbered|pages?|pp?|groups? of|g|level|"
    r"phases?|annex|rules?|principles?|items?|volumes?|agenda|titles?|category|channel|basket|decisions?|documents?|"
    r"protocols?|committee|session|meetings?|points?|parts?|notes?|steps?|track|pillar|corps|flight|apollo|question|"
    r"camp david|room|route|area|zone|division|act|stage|table|figure|year|aged?|at|war|on|version)\.?,? $",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\.\s+[A-Z\u201c\"(\[]|\)|\]")
_COMPOUND = re.compile(r"[-\u2010\u2011]\w|(?: ?(?:st|nd|rd|th)\b)")  # twelve-month, 63 rd
_UP = re.compile(
    r"(?:r[io]s(?:e|es|en|ing)|rose|gr[oe]w(?:s|n|th|ing)?|increas\w+|raise[sd]?|raising|expan[ds]\w*|gain(?:s|ed|ing)?|climb\w*|"
    r"jump\w*|surg\w+|soar\w*|add(?:s|ed|ing)?|higher|up|upward|accelerat\w+|doubl\w+|tripl\w+|trebl\w+|"
    r"quadrupl\w+|multipl\w+|augment\w*|swell\w*|swollen|uptick|boost\w*)$",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"(?:fall(?:s|en|ing)?|fell|declin\w+|drop(?:s|ped|ping)?|decreas\w+|reduc\w+|cut(?:s|ting)?|lower(?:s|ed|ing)?|shr[iau]nk\w*|"
    r"contract(?:s|ed|ing|ion)?|halv\w+|down|downward|diminish\w*|diminution|slash\w*|trim\w*|"
    r"curtail\w*|sank|sink\w*|plummet\w*|plung\w*)$",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"(?:maintain\w*|ke(?:ep|eps|pt|eping)|remain\w*|unchanged|hold|holds|held|stay\w*|reaffirm\w*|retain\w*|stabili\w+)$", re.IGNORECASE
)
_LIGHT = re.compile(
    r"(?:increase|decrease|rise|reduction|decline|growth|fall|drop|cut|level|rate|range|total|average|sum|amount|number|"
    r"addition|excess|gain|loss|share|proportion|target|pace|maximum|minimum|out|change|margin|cost|price|value)s?$",
    re.IGNORECASE,
)
_LIGHT_TOO = re.compile("(?:growth|price|cost|value|target|rate|share|proportion)s?$", re.IGNORECASE)
_MOVES = re.compile("(?:go|goes|went|gone|going|mov|scal|step|driv|drove|push|mark|edg|pick|creep|crept|bring|brought)", re.I)
_CARRY = frozenset("by to from of at than between about above below with as".split())
_NOT_UNITS = frozenset("of and or to in the a an is was were are more less least most only".split())


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
        (f"Quantities are read in English and Chinese, not in {', '.join(other)}.",) if other else ()
    )


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
    small = np.array([numerals.WORDS.get(form, 99) <= POINTING for form in forms], dtype=np.bool_)[t.ids]
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
            taken = [
                (x.span.start, x.span.end) for x in found[name] if x.span.paragraph == number
            ]
        start = int(t.start[i])
        if start < past:
            continue
        one = _named(text, start, int(t.end[i])) or amount(text, start)
        if one is None or any(s < one.end and one.start < e for s, e in taken):
            continue
        if _is_label(text, one):
            continue
        past = one.end
        yield Span(name, number, one.start, one.end), one


def _tells(lower: str) -> bool:
    if lower[:1].isdigit():
        return True
    if lower in _NUMBER_WORDS or lower.endswith("fold"):
        return True
    first = lower.replace("\u2011", "-").partition("-")[0]
    return first in numerals.WORDS or (lower.startswith(tuple(_VERBS_OF_MULTIPLES)) and lower[-1] in "edsg")


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
        return Amount(start, end, float(many), None, None, "multiple", "times", "", True) if many else None
    return None


def _is_label(text: str, one: Amount) -> bool:
    """Whether a number names something and counts nothing: a paragraph, a resolution, a time of day."""
    before = text[max(one.start - 24, 0) : one.start]
    after = text[one.end : one.end + 8]
    if one.kind == "count" and (_COMPOUND.match(after) or after.startswith((" Agenda", " Olympic"))):
        return True
    plain = one.kind == "count" and not one.scaled and one.low is None
    if before[-1:] and (before[-1].isalnum() or before[-1] in "/-.#\u2011"):
        return True
    if plain and _LISTED.match(text, one.end) and (not before.strip() or before.rstrip()[-1:] in ".!?:;\u201d\"])("):
        return True
    return plain and text[one.start].isdigit() and bool(_REFERS.search(before))


def _row(corpus: Corpus, span: Span, one: Amount, tree: Tree) -> tuple[Row, Span] | None:
    first, last = tree.token(one.start), tree.token(one.end - 1)
    if first < 0 or last < first:
        return None
    kind, unit, end, bound = one.kind, one.unit, one.end, one.bound
    word = tree.word(first).lower()
    before = tree.word(first - 1).lower() if first else ""
    if kind == "multiple" and one.value is not None and tree.pos[last] != "VERB" and "fold" not in word:
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
        _direction(tree, first, last),
        bound,
        corpus[span.document].text(span.paragraph)[one.start : end],
        _about(tree, first, last, kind, unit, within),
    )
    return row, Span(span.document, span.paragraph, one.start, end)


def _is_ordinal(tree: Tree, first: int, last: int, before: str) -> bool:
    """Whether *a third* is one more and no part: *a third role*, *the other half*."""
    if before in ("other", "this", "that", "every", "each"):
        return True
    after = tree.pos[last + 1] if last + 1 < len(tree.end) else "PUNCT"
    return tree.word(first).lower() in ("a", "an", "one") and after in ("NOUN", "ADJ", "PROPN", "VERB") and (
        tree.word(last).lower() != "half" or after != "NOUN"
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
                at + 1 < len(tree.end) and tree.pos[at + 1] in ("NOUN", "PROPN") and tree.head[at] != at
                and tree.head[at] > at
            ):
                break
        elif word in ("-", "\u2011", "\u2013") or (pos == "CCONJ" and at > first and tree.pos[at - 1] in ("ADJ", "NOUN")):
            pass
        elif word == "," and at > first and tree.pos[at - 1] == "ADJ":
            pass
        elif pos not in ("ADJ", "ADV", "VERB", "NUM") or (pos == "VERB" and tree.dep[at] != "amod"):
            break
        elif word.lower() in _NOT_UNITS:
            break
        at += 1
    if ends < 0:
        return last, ""
    unit = tree.words(first, ends)
    return ends, unit if not unit[:1].isdigit() else ""


def _compares(tree: Tree, at: int) -> bool:
    """Whether *times* multiplies: *three times as many*, *five times that of 1949*."""
    after = tree.word(at + 1).lower() if at + 1 < len(tree.end) else ""
    return after in ("as", "more", "larger", "greater", "higher", "the", "that", "what", "its", "their", "over", "bigger", "faster", "less")


def _top(tree: Tree, first: int, last: int) -> int:
    """Return the token of a quantity that hangs outside it."""
    return next(
        (i for i in range(last, first - 1, -1) if not first <= tree.head[i] <= last or tree.head[i] == i),
        last,
    )


def _direction(tree: Tree, first: int, last: int) -> str:
    """Return ``up``, ``down`` or ``held`` by the nearest word above that says so, up to the verb."""
    top = _top(tree, first, last)
    beside = [c for c in tree.below(top) if c < first and tree.dep[c] in ("amod", "advmod")]
    after = [last + 1] if last + 1 < len(tree.end) else []
    for i in (*range(first, last + 1), *beside, *after):
        if i not in after or tree.word(i).lower() in ("higher", "lower", "increase", "reduction", "cut", "decline", "growth", "decrease", "rise", "drop"):
            if i in range(first, last + 1) and tree.pos[i] not in ("VERB", "NOUN"):
                continue
            if found := _says(tree.word(i)):
                return found
    for steps, i in enumerate(tree.above(top)):
        if tree.dep[i] == "prep" and tree.word(i).lower() not in _CARRY:
            break
        if found := _says(tree.word(i)):
            return found
        particle = tree.child(i, "prt", "advmod")
        if particle >= 0 and tree.word(particle).lower() in ("up", "down") and _MOVES.match(tree.word(i)):
            return tree.word(particle).lower()
        if steps > 4 or (tree.pos[i] in ("VERB", "AUX") and tree.dep[i] != "xcomp"):
            break
    return ""


def _says(word: str) -> str:
    if _UP.match(word):
        return "up"
    return "down" if _DOWN.match(word) else "held" if _HELD.match(word) else ""


def _about(  # noqa: PLR0911
    tree: Tree, first: int, last: int, kind: str, unit: str, within: tuple[int, int]
) -> str:
    """Return what has the quantity: the noun it stands before or after, else subject or object."""
    top = _top(tree, first, last)
    inside = set(range(first, last + 1))
    if kind == "count":
        if unit == "times":
            verb = tree.verb(tree.head[top])
            if verb >= 0 and verb < first:
                return tree.words(verb, last)
        return clause(tree, *within)
    noun = _noun_of(tree, top, inside)
    if noun:
        return noun
    verb = tree.verb(tree.head[top] if tree.head[top] != top else top)
    if verb < 0:
        return ""
    thing = _object(tree, verb, inside)
    if thing >= 0:
        return _with_adjacent(tree, thing, verb, first)
    thing = tree.subject(verb)
    if thing >= 0 and (tree.pos[thing] == "PRON" or (kind == "money" and tree.dep[top] == "dobj")):
        return clause(tree, *within)  # "Japan will provide" says more than "Japan"
    if thing < 0 or thing in inside:
        return clause(tree, *within)
    return tree.phrase(thing)


def _with_adjacent(tree: Tree, thing: int, verb: int, before: int) -> str:
    """Return an object with the *for ...* or *of ...* after it, which the parse may give to the verb."""
    first, last = tree.noun(thing)
    after = last + 1
    if after < before and tree.dep[after] == "prep" and tree.word(after).lower() in ("for", "of"):
        inner = tree.child(after, "pobj")
        if after < inner < before:
            last = tree.noun(inner)[1]
    return tree.words(first, min(last, before - 1)).strip(" ,")


def _noun_of(tree: Tree, top: int, inside: set[int]) -> str:
    """Return the noun that a percentage or sum stands before (*2 percent objective*) or is of."""
    above = tree.head[top]
    if above not in inside and tree.dep[top] in ("compound", "nummod", "amod", "nmod", "npadvmod", "quantmod") and tree.pos[above] in ("NOUN", "PROPN"):
        return _rest(tree, above, inside)
    of = next(
        (c for i in sorted(inside) for c in tree.below(i) if tree.word(c).lower() == "of" and c not in inside and c >= top), -1
    )
    if of >= 0:
        inner = tree.child(of, "pobj")
        if inner >= 0:
            return tree.phrase(inner)
    if tree.dep[top] == "pobj" and tree.pos[tree.head[above]] in ("NOUN", "PROPN") and tree.head[above] < top:
        return _rest(tree, tree.head[above], inside)
    return ""


def _rest(tree: Tree, noun: int, inside: set[int]) -> str:
    """Return a noun phrase without the quantity; of *an increase in exports* what increases."""
    modified = any(
        tree.dep[c] in ("amod", "compound") and c not in inside for c in tree.below(noun)
    )
    if _LIGHT.match(tree.word(noun)) and not modified:
        for c in tree.below(noun):
            if tree.dep[c] == "prep" and tree.word(c).lower() in ("in", "of", "for") and c not in inside:
                inner = tree.child(c, "pobj")
                if inner >= 0 and inner not in inside:
                    return tree.phrase(inner)
        if tree.dep[noun] == "pobj":
            higher = tree.head[tree.head[noun]]
            if tree.pos[higher] in ("NOUN", "PROPN") and higher < noun:
                return tree.phrase(higher)
        if not _LIGHT_TOO.match(tree.word(noun)):
            return ""
    first, last = tree.noun(noun)
    kept = [i for i in range(first, last + 1) if i not in inside]
    while kept and (tree.pos[kept[-1]] in ("ADP", "DET", "PUNCT")):
        kept.pop()
    while len(kept) > 1 and tree.pos[kept[0]] in ("PUNCT", "ADP"):
        kept.pop(0)
    after = last + 1
    if tree.dep[noun] != "pobj" and after < len(tree.end) and tree.word(after).lower() == "for" and kept[-1:] == [last]:
        inner = tree.child(after, "pobj")  # the parse may give it to the verb
        if inner > after and inner not in inside:
            kept += range(after, tree.noun(inner)[1] + 1)
    runs = [tree.words(a, b) for a, b in _runs(kept)]
    return " ".join(runs).strip(" ,-\u2011")


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[i - 1] + 1:
            yield numbers[start], numbers[i - 1]
            start = i


def _object(tree: Tree, verb: int, inside: set[int]) -> int:
    """Return the object that a verb changes, where the quantity is not that itself."""
    for v in (verb, *(c for c in tree.below(verb) if tree.dep[c] == "xcomp")):
        found = tree.child(v, "dobj", "nsubjpass")
        if found >= 0 and found not in inside and not inside.intersection(tree.below(found)):
            return found
    return -1
