"""Coordinated lists of three and more: the triads that official language is fond of."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from kit import language
from kit.annotate import Parse, annotate
from kit.corpus import Corpus, Span
from kit.finding import Finding, counted

_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON"))
_VERBAL = frozenset(("VB", "VBD", "VBG", "VBN", "VBZ", "VBP"))
_STARTS_NO_ITEM = frozenset(
    """
        which who whom whose that as if while when where because since although though but so
        including such among for in on at by with from to of into over under after before he she
        it they we i you there this rather however therefore with even both
    """.split()
)
_FOCUS = ("also", "only")  # adverbs that belong to the whole list
_LEADS_IN = frozenset(("such", "including", "namely"))  # the list begins after these words
_POINTERS = frozenset("a an the its their our his her this that these those".split())
_LONGEST_ITEM = 14  # tokens of a noun item; verbs take their objects along and have no limit


def lists(corpus: Corpus) -> Finding:
    """Find lists of three or more coordinated items in English texts, whole.

    Columns: list (the very words), items (how many), kind (nouns, verbs), heads (of verb lists, the
    verbs). By the surface (commas, then *and* or *or*) with the tags deciding where the first item
    begins and the last one ends.
    """
    found = list(_found(corpus))
    return Finding(
        "lists",
        "Lists of three and more",
        pd.DataFrame(
            [(x.text, len(x.items), x.kind, x.heads) for x in found],
            columns=["list", "items", "kind", "heads"],
        ),
        corpus,
        _METHOD,
        tuple((x.span,) for x in found),
        (_LIMITS,),
        applies=_are_read(corpus),
    )


def recurring(corpus: Corpus, *, texts: int = 1, top: int | None = None) -> Finding:
    """Find the lists of English texts, equal ones in one row whatever the order of their items.

    Equal are lists whose items have the same dictionary forms, articles and possessives before them
    left out. Of those that stand in at least `texts` texts. At most `top` rows are made. Columns: list
    (as most often written), items, kind, texts, count, first and last (days), orders (how many orders
    its items stand in), turned (the day from which they first stood in another one). In order of texts,
    then of count, then of place.
    """
    groups: dict[tuple[str, ...], list[_List]] = {}
    for one in _found(corpus):
        groups.setdefault((one.kind, *sorted(one.items)), []).append(one)
    holders = {key: list(dict.fromkeys(x.span.document for x in g)) for key, g in groups.items()}
    chosen = [key for key in groups if len(holders[key]) >= texts]
    chosen.sort(key=lambda key: (-len(holders[key]), -len(groups[key])))
    rows = [_row(corpus, groups[key], holders[key]) for key in chosen[:top]]
    return Finding(
        "recurring-lists",
        "Lists of three and more, equal ones together",
        pd.DataFrame(
            rows,
            columns="list items kind texts count first last orders turned".split(),
        ),
        corpus,
        f"{_METHOD} Equal are lists of the same items by dictionary form, in any order.",
        tuple(tuple(x.span for x in groups[key]) for key in chosen[:top]),
        (_LIMITS,)
        if texts <= len(corpus)
        else (f"{counted(len(corpus), 'text')}: none comes back.",),
        applies=texts <= len(corpus) and _are_read(corpus),
        total=len(chosen),
    )


_METHOD = (
    "Items between commas and before a last “and” or “or”; the tags of spaCy decide where the first "
    "begins and the last ends."
)
_LIMITS = "Of 100 lists drawn from 23 leaders' speeches 90 were whole and clean; some are missed."


def _are_read(corpus: Corpus) -> bool:
    return not len(corpus) or any(document.language == "en" for document in corpus)


@dataclass(frozen=True, slots=True)
class _List:
    """A list found: its very words, and its items by dictionary form in their order."""

    span: Span
    text: str
    items: tuple[str, ...]
    kind: str
    heads: str


def _found(corpus: Corpus) -> Iterator[_List]:
    for name, parsed in annotate(corpus).items():
        for number, parse in enumerate(parsed):
            text = corpus[name].text(number)
            for items, kind in _whole(list(_lists(parse, text))):
                first, last = items[0][0], items[-1][1]
                span = Span(name, number, int(parse.start[first]), int(parse.end[last - 1]))
                heads = [_head(parse, text, item) for item in items] if kind == "verbs" else []
                said = tuple(
                    _plain(text[int(parse.start[a]) : int(parse.end[b - 1])]) for a, b in items
                )
                yield _List(span, corpus.text(span), said, kind, ", ".join(heads))


@lru_cache(maxsize=2**14)
def _plain(item: str) -> str:
    """Return an item by dictionary form, without what only points to it: *our*, *the*."""
    rules = language.of("en")
    words = [rules.lemma(rules.fold(item[a:b])) for a, b in rules.words(item)]
    while len(words) > 1 and words[0] in _POINTERS:
        words = words[1:]
    return " ".join(words)


def _row(corpus: Corpus, group: list[_List], holders: list[str]) -> tuple[Any, ...]:
    written = Counter(x.text for x in group)
    orders = list(dict.fromkeys(x.items for x in group))
    turned = next((x.span.document for x in group if x.items != orders[0]), None)
    days = [corpus[name].date for name in (holders[0], holders[-1])]
    return (
        max(written, key=lambda text: written[text]),
        len(group[0].items),
        group[0].kind,
        len(holders),
        len(group),
        *(_iso(day) for day in days),
        len(orders),
        _iso(corpus[turned].date) if turned else None,
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


Item = tuple[int, int]


def _lists(p: Parse, text: str) -> Iterator[tuple[list[Item], str]]:
    words = [text[s:e].lower() for s, e in zip(p.start, p.end, strict=True)]
    begin = 0
    for end in range(1, len(words) + 1):
        if end < len(words) and p.sentence[end] == p.sentence[begin]:
            continue
        yield from _in_sentence(p, words, begin, end)
        begin = end


def _whole(found: list[tuple[list[Item], str]]) -> list[tuple[list[Item], str]]:
    """Let a list that ends inside another one go on to the end of that one."""
    whole = []
    for i, (items, kind) in enumerate(found):
        first, last = items[-1]
        nested = [x[-1][1] for x, _ in found[i + 1 :] if first <= x[0][0] < last]
        whole.append(([*items[:-1], (first, max((last, *nested)))], kind))
    return whole


def _in_sentence(
    p: Parse, words: list[str], begin: int, end: int
) -> Iterator[tuple[list[Item], str]]:
    commas = [i for i in range(begin, end) if words[i] == ","]
    done = begin
    for joint in range(begin, end - 1):
        if words[joint] not in ("and", "or") or joint < done or words[joint + 1] in _STARTS_NO_ITEM:
            continue
        before = [c for c in commas if done <= c < joint]
        oxford = bool(before) and before[-1] == joint - 1
        edges = before if oxford else [*before, joint]
        family = _verb_family(p, words, joint + 1)
        nominal = not family or words[joint + 1] == "not"
        middles = _middles(p, words, edges, "" if nominal else family)
        if not middles:
            continue
        last = (joint + 1, _item_end(p, words, joint + 1, end, verbal=not nominal))
        first_end = middles[0][0] - 1
        first = (_item_start(p, words, begin, first_end, "" if nominal else family), first_end)
        if first[0] >= first[1] or (nominal and not (_has_noun(p, first) and _has_noun(p, last))):
            continue
        if _is_subject_after_opening(p, words, begin, first_end, last[1], end):
            continue
        yield [first, *middles, last], "nouns" if nominal else "verbs"
        done = last[1] if nominal else joint + 1  # the last verb may govern a list of its own


def _is_subject_after_opening(
    p: Parse, words: list[str], begin: int, comma: int, after: int, end: int
) -> bool:
    """Whether "A, B and C" is an opening and a subject: *In recent years, China and Russia have*."""
    opens = p.pos[begin] in ("ADP", "SCONJ", "ADV") or p.tag[begin] in ("VBG", "VBN", "TO")
    finite = after < end and (
        p.pos[after] in ("AUX", "VERB", "ADV") or words[after] in ("will", "have")
    )
    return opens and finite and "," not in words[begin:comma]


def _middles(p: Parse, words: list[str], edges: list[int], family: str) -> list[Item]:
    """Return the items between the edges, from the last backwards as long as they are of one kind."""
    found: list[Item] = []
    for left, right in zip(edges[-2::-1], edges[:0:-1], strict=False):
        item = (left + 1, right)
        if item[0] >= item[1] or words[item[0]] in (*_STARTS_NO_ITEM, "and", "or"):
            break
        fits = _is_verb_item(p, words, item, family) if family else _is_noun_item(p, words, item)
        if not fits:
            break
        found.insert(0, item)
    return found


def _is_noun_item(p: Parse, words: list[str], item: Item) -> bool:
    finite = any(p.pos[i] == "AUX" or p.tag[i] in ("VBD", "VBZ", "VBP", "MD") for i in range(*item))
    opens_well = p.pos[item[0]] != "ADV" or (
        item[0] + 1 < item[1] and p.pos[item[0] + 1] in ("ADJ", "VERB")
    )
    short = item[1] - item[0] <= _LONGEST_ITEM
    return (
        _has_noun(p, item)
        and short
        and not _LEADS_IN.intersection(words[slice(*item)])
        and opens_well
        and not finite
        # "jointly guiding the development" goes with the clause before it and is no item
        and (words[item[0]] == "not" or not _verb_family(p, words, item[0]))
    )


def _is_verb_item(p: Parse, words: list[str], item: Item, family: str) -> bool:
    at = _lead(p, words, item[0], item[1])
    if _verb_family(p, words, item[0]) == family:
        return True
    # the tagger takes "advanced pragmatic cooperation" for an adjective; beside verbs it is a verb
    ending = {"VBD": "ed", "VBG": "ing"}.get(family, "")
    return bool(ending) and words[at].endswith(ending) and p.pos[at] in ("ADJ", "VERB", "NOUN")


def _lead(p: Parse, words: list[str], at: int, end: int) -> int:
    """Return the token that an item is led by, past adverbs and *not*."""
    while at < end - 1 and (p.pos[at] == "ADV" or words[at] in ("not", "to")):
        at += 1
    return at


def _verb_family(p: Parse, words: list[str], at: int) -> str:
    """Return the kind of verb that leads what begins here, or "" where none does."""
    at = _lead(p, words, at, len(words))
    if (
        p.tag[at] not in _VERBAL
        or p.pos[at] not in ("VERB", "AUX")
        or p.dep[at] in ("amod", "compound")
    ):
        return ""
    return {"VBN": "VBD", "VBP": "VB"}.get(p.tag[at], p.tag[at])


def _head(p: Parse, text: str, item: Item) -> str:
    words = [text[p.start[i] : p.end[i]] for i in range(item[1])]
    return words[_lead(p, [w.lower() for w in words], *item)]


def _has_noun(p: Parse, item: Item) -> bool:
    return any(p.pos[i] in ("NOUN", "PROPN") or p.tag[i] == "VBG" for i in range(*item))


def _item_start(p: Parse, words: list[str], begin: int, end: int, family: str) -> int:
    """Return where the first item begins, going back from its end."""
    if not family:
        at = end
        while at > begin and (_continues_nominal(p, words, at - 1) or _inside_name(p, at)):
            at -= 1
        return at
    for at in range(end - 1, begin - 1, -1):
        if _verb_family(p, words, at) == family and p.pos[at] == "VERB":
            first = at
            while first > begin and p.pos[first - 1] == "ADV" and words[first - 1] not in _FOCUS:
                first -= 1
            return first
    return end


def _inside_name(p: Parse, at: int) -> bool:
    """Whether a name goes on over the boundary before a token."""
    here = int(p.start[at]) if at < len(p.start) else -1
    return any(start < here < end for start, end, _ in p.names)


def _continues_nominal(p: Parse, words: list[str], at: int) -> bool:
    """Whether a token can stand inside a noun item when read backwards from its end."""
    if (
        words[at] in ("-", "\u2010", "\u2011", "\u2013", "'s", "’s", "'", "’")
        or p.pos[at] in _NOMINAL
    ):
        return words[at] not in _STARTS_NO_ITEM
    if p.pos[at] == "ADV":
        return p.pos[at + 1] in ("ADJ", "VERB") and p.dep[at] == "advmod"
    return p.dep[at] in ("amod", "compound") or (at > 0 and words[at - 1] == "-")


def _item_end(p: Parse, words: list[str], start: int, end: int, *, verbal: bool) -> int:
    """Return where the last item ends, going on from its start."""
    at = start
    if verbal or words[start] == "not":
        while at < end and words[at] not in (",", ";", ":", ".", "—", "–"):
            at += 1
        return at
    seen_noun = False
    while at < end:
        joins_adjectives = (
            words[at] in ("and", "or")
            and at > start
            and p.pos[at - 1] == "ADJ"
            and at + 1 < end
            and p.pos[at + 1] == "ADJ"
        )
        inside = (
            p.pos[at] in _NOMINAL
            or words[at] in ("-", "'s", "’s", "'", "’")
            or p.dep[at] in ("amod", "compound")
            or (p.pos[at] == "ADV" and not seen_noun)
            or (p.tag[at] == "VBG" and not seen_noun)
            or (words[at] == "of" and seen_noun)
            or (at > start and words[at - 1] == "-")
            or joins_adjectives
            or _inside_name(p, at)
        )
        if not inside or (words[at] in _STARTS_NO_ITEM - {"of"} and not _inside_name(p, at)):
            break
        if p.pos[at] in ("DET", "PRON") and seen_noun and words[at - 1] != "of":
            break
        seen_noun = seen_noun or p.pos[at] in ("NOUN", "PROPN") or p.tag[at] == "VBG"
        at += 1
    while at > start and words[at - 1] in ("of", "the", "-"):
        at -= 1
    return at
