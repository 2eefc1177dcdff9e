"""What a text names again in short: by abbreviations, short forms of bodies, surnames."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from kit import gazetteer, lexicon
from kit.corpus import Document
from kit.names import frequent
from kit.names.mention import Found

_INTRODUCED = re.compile(
    r" \((?:the )?[\"\u201c\u2018']?([A-Z][A-Za-z&.-]{1,11})[\"\u201d\u2019']?\)"
)
# Before a word that is then no name: "any Congress", "the French Senate", "the Party Congress".
_NOT_SHORT = re.compile(
    r"(?:\b(?:an?|any|each|every|next|another|such|new|no)"
    r"|(?!(?:The|And|But|In|If|As|When|While|Both|Neither|With|To|By|For|That|Our|Since|Because|Should|Will|"
    r"Unless|Let|Once|Until|After|Before)\b)\b[A-Z][\w\u2019'-]*) $"
)


def by_abbreviation(document: Document, found: list[Found]) -> list[Found]:
    """Return the mentions by an abbreviation that the text itself introduces: ``Long Name (LN)``."""
    long: dict[str, Found] = {}
    english = gazetteer.english()
    for f in found:
        text = document.text(f.paragraph)
        match = _INTRODUCED.match(text, f.end)
        if (
            match
            and f.kind != "person"
            and not f.adjective
            and gazetteer.folded(match[1]) not in english
        ):
            long.setdefault(match[1], f)
    if not long:
        return []
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(long, key=len, reverse=True)))})(?!\w)"
    )
    taken = _taken(f for f in found if f.sure)
    replaced: list[Found] = []
    for number, text in document.passages():
        for match in pattern.finditer(text):
            if gazetteer.is_clear(match.span(), taken[number]):
                f = long[match[0]]
                replaced.append(
                    Found(number, *match.span(), f.kind, f.name, match[0], known=f.known)
                )
    here = {(f.paragraph, f.start) for f in replaced}
    found[:] = [f for f in found if f.sure or (f.paragraph, f.start) not in here]
    return replaced


def by_short_form(document: Document, found: list[Found], own: str) -> list[Found]:
    """Return the bodies that a text calls shortly as all do in the country it speaks of most."""
    forms = _short_forms(own).get(country(found))
    if forms is None:
        return []
    taken = _taken(found)
    return [
        Found(number, start, end, kind, name, text[start:end], known=True)
        for number, text in document.passages()
        for start, end, (name, kind) in forms.find(text)
        if gazetteer.is_clear((start, end), taken[number])
        and not _NOT_SHORT.search(text[max(0, start - 20) : start])
        and not text.startswith((" of ", "es "), end)
    ]


@lru_cache(maxsize=4)
def _short_forms(own: str) -> dict[str, gazetteer.Forms]:
    by_country: dict[str, list[tuple[str, gazetteer.Known]]] = defaultdict(list)
    for entry in lexicon.load("names", own):
        for form in entry.get("short", ()):
            by_country[entry.get("of", "")].append((form, (entry["name"], entry["kind"])))
    return {country: gazetteer.Forms(forms) for country, forms in by_country.items()}


def by_surname(document: Document, found: list[Found], small: frozenset[str]) -> list[Found]:
    """Return the places where a person of the text is named again by the surname, seen by nobody."""
    people_named = [f for f in found if f.kind == "person" and f.sure]
    owners: dict[str, set[str]] = defaultdict(set)
    for f in people_named:
        owners[f.form.split()[-1]].add(f.name)
        owners[f.name.split()[-1]].add(f.name)
    usable = {
        word: names
        for word, names in owners.items()
        if len(word) > 3 and word.lower() not in small and word.lower() not in frequent.common()
        and gazetteer.folded(word) not in gazetteer.english() and word not in gazetteer.demonyms()
    }  # fmt: skip
    if not usable:
        return []
    pattern = re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(usable, key=len, reverse=True)))})(?![\w-])"
    )
    taken = _taken(found)
    more = []
    for number, text in document.passages():
        for match in pattern.finditer(text):
            names = usable[match[0]]
            if len(names) == 1 and gazetteer.is_clear(match.span(), taken[number]):
                more.append(Found(number, *match.span(), "person", min(names), match[0]))
    return more


def country(found: list[Found]) -> str:
    """Return the place of the gazetteer that a text names most."""
    places = Counter(f.name for f in found if f.kind == "place" and f.known)
    return max(sorted(places), key=places.__getitem__) if places else ""


def _taken(found: Iterable[Found]) -> dict[int, list[tuple[int, int]]]:
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for f in found:
        taken[f.paragraph].append((f.start, f.end))
    for bounds in taken.values():
        bounds.sort()
    return taken
