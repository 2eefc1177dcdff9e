"""The names that the lexicons know: which thing a form stands for, and where it stands in a text.

A form is matched as it is written, on whole words: a hyphen ends a word, *China-Russia* names both.
Apostrophes and hyphens of all kinds are one, and any blanks may stand between the parts of a form, since
scanned texts have stray ones (*South- East Asia*). Of forms that overlap the longest counts, and of two
that are as long the first.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from kit.lexicon import Entry, load

Known = tuple[str, str]  # (citation form, kind)
Found = tuple[int, int, Known]  # start, end

_MARKS = dict.fromkeys("\u2019\u02bc", "'") | dict.fromkeys("\u2010\u2011\u2013", "-")
_FOLD = str.maketrans(_MARKS)
_PART = re.compile(r"\s*(\w+|[^\w\s])")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
# A word goes on after an apostrophe (*Xi'an*), but not for an ending (*China's*).
_CAME_FROM = re.compile(r".?[\w\u0300-\u036f]\Z|\w['\u2019\u02bc]\Z", re.DOTALL)
_GOES_ON = re.compile(r"[\w\u0300-\u036f]|['\u2019\u02bc](?!(?:s|ll|re|ve|d|m)\b)\w")


def folded(name: str) -> str:
    """Return a name as it is looked up: plain marks and no blanks."""
    return "".join(name.translate(_FOLD).split())


@dataclass(slots=True)
class _Node:
    """A place in the tree of forms: the parts that may follow, and what ends here.

    Of what ends here the parts are told that stand before the one at which the search began.
    """

    after: dict[str, "_Node"] = field(default_factory=dict)
    ends: list[tuple[tuple[str, ...], Known]] = field(default_factory=list)


class Forms:
    """Forms of names, searched for together in one pass over a text.

    The search begins at the first part of a form that has a capital or a digit, as most words of a
    text have not (at *Hague* in *the Hague*); in a form without such a part, at its longest one.
    """

    def __init__(self, forms: Iterable[tuple[str, Known]]) -> None:
        self._first: dict[str, _Node] = {}
        marked, small = set(), set()
        for form, known in forms:
            parts: list[str] = _PART.findall(form.translate(_FOLD))
            words = [i for i, part in enumerate(parts) if _is_word(part[0])]
            if not words:
                continue
            at = next((i for i in words if _is_marked(parts[i])), None)
            if at is None:
                at = max(words, key=lambda i: len(parts[i]))
                small.add(parts[at])
            else:
                marked.add(parts[at][0])
            node = self._first.setdefault(parts[at], _Node())
            for part in parts[at + 1 :]:
                node = node.after.setdefault(part, _Node())
            node.ends.append((tuple(parts[:at]), known))
        # Each begins with characters that are looked for, which is what makes the search fast.
        self._searches = []
        if marked:
            self._searches.append(re.compile(rf"[{re.escape(''.join(sorted(marked)))}]\w*"))
        if small:
            either = "|".join(map(re.escape, sorted(small)))
            self._searches.append(re.compile(rf"(?:{either})(?!\w)"))

    def find(self, text: str) -> list[Found]:
        """Return the names of a text in the order in which they stand, none within another."""
        found = [
            hit
            for search in self._searches
            for match in search.finditer(text)
            if (node := self._first.get(match[0]))
            for hit in _at(node, text, *match.span())
        ]
        if found and ("://" in text or "www." in text):
            addresses = [match.span() for match in _ADDRESS.finditer(text)]
            found = [hit for hit in found if is_clear(hit, addresses)]
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        if all(a[1] <= b[0] for a, b in pairwise(found)):
            return found
        kept: list[Found] = []
        for hit in sorted(found, key=lambda hit: (-_length(text, hit), hit[0])):
            if is_clear(hit, kept):
                insort(kept, hit)
        return kept


def _length(text: str, hit: Found) -> int:
    """Return the length of a name in parts."""
    return len(_PART.findall(text, hit[0], hit[1]))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_marked(part: str) -> bool:
    return part[0].isupper() or part[0].isdigit()


def _at(node: _Node, text: str, start: int, end: int) -> Iterator[Found]:
    """Yield the names whose search begins with the word between two bounds."""
    while True:
        if node.ends and not _GOES_ON.match(text, end):
            for before, known in node.ends:
                first = _back(before, text, start)
                if first >= 0:
                    yield first, end, known
        part = _PART.match(text, end) if node.after else None
        following = node.after.get(part[1].translate(_FOLD)) if part else None
        if not part or not following:
            return
        node, end = following, part.end()


def _back(before: tuple[str, ...], text: str, start: int) -> int:
    """Return where a name begins of which some parts stand before `start`; -1 where they do not."""
    for part in reversed(before):
        past = start
        while past and text[past - 1].isspace():
            past -= 1
        first = past - len(part)
        if first < 0 or text[first:past].translate(_FOLD) != part:
            return -1
        if past == start and _is_word(part[-1]) and _is_word(text[start]):
            return -1
        start = first
    return -1 if _CAME_FROM.match(text[max(start - 2, 0) : start]) else start


def is_clear(span: Sequence[Any], others: Sequence[Sequence[Any]]) -> bool:
    """Whether a span touches none of others that stand in order and do not overlap."""
    at = bisect_left(others, span[1], key=lambda other: other[0])
    return not at or others[at - 1][1] <= span[0]


def country_forms(entry: Entry) -> tuple[str, ...]:
    """Return the names of a country, without its demonyms."""
    optional = (entry[field] for field in ("official", "capital") if field in entry)
    return (entry["name"], *optional, *entry.get("aliases", ()))


def _english(own: str) -> Iterator[tuple[str, Known]]:
    """Yield each English form and what it stands for; a capital stands for itself."""
    for entry in load("countries"):
        for form in country_forms(entry):
            name = form if form == entry.get("capital") else entry["name"]
            yield form, (name, "place")
    for entry in load("names", own):
        for form in (entry["name"], *entry.get("aliases", ())):
            yield form, (entry["name"], entry["kind"])


@lru_cache(maxsize=4)
def english(own: str = "") -> dict[str, Known]:
    """Return what each folded English form stands for; `own` is the text of a user's names."""
    return {folded(form): known for form, known in _english(own)}


@lru_cache(maxsize=4)
def _forms(own: str) -> Forms:
    return Forms(_english(own))


def find(text: str, own: str = "") -> list[Found]:
    """Return the known names of an English text: (start, end, (citation form, kind)), in order.

    `own` is the text of a user's file of names, as ``lexicon.read_own`` gives it.
    """
    return _forms(own).find(text)


def preload() -> None:
    """Load the English names."""
    find("")
    english()


def patterns(code: str, own: str = "") -> Iterator[tuple[Known, str]]:
    """Yield (what it stands for, form) of each name in another language (``zh``, ``ru``)."""
    for entries in (load("countries"), load("names", own)):
        for entry in entries:
            forms = entry.get(code, ())
            for form in [forms] if isinstance(forms, str) else forms:
                if not set("[]/*") & set(form):
                    yield (entry["name"], entry.get("kind", "place")), form


@lru_cache(maxsize=1)
def demonyms() -> dict[str, str]:
    """Return the country or region of each adjective and name of a people."""
    return {
        form: entry["name"]
        for lexicon in ("countries", "names")
        for entry in load(lexicon)
        for form in entry.get("demonyms", ())
    }
