"""The mentions in one English text: the gazetteer first, then the form of names, then spaCy."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kit import gazetteer
from kit.annotate import Parse
from kit.corpus import Document
from kit.names import again, frequent, headed, identity, people
from kit.names.mention import Found

_FROM_MODEL = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "facility",
    "EVENT": "event",
    "LAW": "document",
}
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_LEAD = re.compile(r"^(?:[Tt]he|[Aa]n?|[Tt]his|[Tt]hat|[Oo]ur) ")
_SMALL = re.compile(r"(?<![\w'\u2019-])[a-z]{2,}(?![\w])")
_CAPITALS = re.compile(r"[A-Z][A-Z'\u2019.-]+(?:\s+(?:[A-Z][A-Z'\u2019.-]*|OF|AND|THE))+")
_FEWEST_CAPITALS = 10  # letters in a run of words in capitals that is looked at as a heading
_SMALL_INSIDE = frozenset(("Of", "And", "The", "On", "For", "In"))
_ABBREVIATION = re.compile(r"[A-Z][A-Z&-]{1,7}")
_NO_PLACE = frozenset(
    """
        Republic Republics Government Governments State States Union Member Members Assembly Council Party
        Congress Committee Power Powers Nation Nations Territories Territory Department General Treaty
        Charter Organization Minister President Ministers Delegation Providence Almighty God Christmas
    """.split()
)
# What a model takes for a person by mistake: *San Pedro*, *Fort Riley*, *Barbary States*.
_LIKE_A_PLACE = re.compile(
    r"(?:San|Santa|Santo|St|Saint|Fort|Port|Puerto|Punta|Mount|Cape|Corpus|Rio|Lake|Camp|New|Las|Los)"
    r"\.? [A-Z]"
    r"|\w+ (?:States|Islands|City|County)$"
)
# "the Republic of X", "the X Republic", which are X.
_QUALITY = "(?:Democratic|Federal|Federative|Islamic|People's|People\u2019s|Socialist|Arab)"
_STATE_OF = re.compile(
    rf"(?:{_QUALITY} )*(?:Republic|Kingdom|Federation|Principality|Grand Duchy) of (?:the )?$"
)
_STATE_AFTER = re.compile(rf" (?:{_QUALITY} )*Republic(?!\w)")
# Demonyms with another use: they count only in a text that names the country, too.
_NATIVES = re.compile(
    r"\b(?:tribes?|reservations?|agents?|Territory|affairs|lands|wards|schools?)\b"
)


def mentions(document: Document, parsed: tuple[Parse, ...], own: str = "") -> list[Found]:
    """Return the mentions in an English document in the order in which they stand.

    `own` is the text of a user's names.
    """
    small = frozenset(m for _, text in document.passages() for m in _SMALL.findall(text))
    found: list[Found] = []
    for number, parse in enumerate(parsed):
        found.extend(_in_passage(number, document.text(number), parse, small, own))
    found = _natives_apart(document, found)
    found.extend(again.by_abbreviation(document, found))
    found.extend(again.by_short_form(document, found, own))
    found.sort(key=_place)
    found = identity.within(found)
    found.extend(again.by_surname(document, found, small))
    found.sort(key=_place)
    return found


def _place(f: Found) -> tuple[int, int]:
    return f.paragraph, f.start


class _Passage:
    """What is taken of a passage: no character is part of two names."""

    def __init__(self, number: int, text: str, own: str) -> None:
        self.number, self.text = number, text
        self.english = gazetteer.english(own)
        self.taken: list[tuple[int, int]] = []
        self.found: list[Found] = []

    def free(self, start: int, end: int) -> bool:
        return gazetteer.is_clear((start, end), self.taken)

    def add(self, start: int, end: int, kind: str, name: str, **more: object) -> None:
        """Take a name, unless some of it is taken."""
        if start >= end or not self.free(start, end):
            return
        insort(self.taken, (start, end))
        if kind == "person":  # a user's file may say that two names are one person's
            name = self.english.get(gazetteer.folded(name), (name, kind))[0]
        form = " ".join(_POSSESSIVE.sub("", self.text[start:end]).split())
        self.found.append(
            Found(self.number, start, end, kind, name, form, **more)  # type: ignore[arg-type]
        )


def _in_passage(
    number: int, text: str, parse: Parse, small: frozenset[str], own: str
) -> list[Found]:
    passage = _Passage(number, text, own)
    known = [*gazetteer.find(text, own)]
    known += _in_capitals(text, known, own)
    known = [_in_bounds(text, hit) for hit in sorted(known)]
    by_title = list(people.titled(text, small))
    by_form = list(headed.find(text, known, small))
    heading = number == 0 or _is_heading(text)
    model = parse.by_model
    # A person's name may be that of a place (President Washington), and a longer name may hold others.
    for t in by_title:
        inside = [hit for hit in known if hit[0] < t.end and t.lead < hit[1]]
        if all(
            t.start <= a and b <= t.end and " " not in text[a:b] and k[1] == "place"
            for a, b, k in inside
        ):
            _take_titled(passage, t, model, small)
    longer = [name for name in by_form if _stands(text, *name[:3], heading, known, model)]
    for a, b, kind, name in longer:
        if any(a <= x and y <= b and (x, y) != (a, b) for x, y, _ in known):
            passage.add(a, b, kind, name)
    for a, b, (name, kind) in known:
        passage.add(a, b, kind, name, known=True)
    for a, b, kind, name in longer:
        passage.add(a, b, kind, name)
    for a, b in people.initialled(text, small):
        name = people.clean(text[a:b])
        passage.add(a, b, "person", name, role=people.role(text, (a, b), a, ()))
    for a, b, label in model:
        _take_model(passage, a, b, label, small, heading=heading)
    for a, b, country in _peoples(text):
        state = _STATE_AFTER.match(text, b)
        end = state.end() if state else b
        passage.add(a, end, "place", country, adjective=not state, known=True)
    return passage.found


def _take_titled(
    passage: _Passage,
    t: people.Titled,
    model: Iterable[tuple[int, int, str]],
    small: frozenset[str],
) -> None:
    text = passage.text
    agrees = any(a < t.end and t.start < b and label == "PERSON" for a, b, label in model)
    if not t.sure and not agrees:
        words = {w.lower().removesuffix("s") for w in text[t.start : t.end].split()}
        if words & small or not frequent.usual().isdisjoint(words):
            return
    name = people.clean(text[t.start : t.end])
    role = people.role(text, (t.start, t.end), t.lead, t.titles)
    passage.add(t.start, t.end, "person", name, role=role)


def _take_model(
    passage: _Passage, start: int, end: int, label: str, small: frozenset[str], *, heading: bool
) -> None:
    text = passage.text
    kind = _FROM_MODEL.get(label, "")
    if not kind:
        return
    lead = _LEAD.match(text[start:end])
    start += lead.end() if lead else 0
    end = start + len(_POSSESSIVE.sub("", text[start:end].rstrip()).rstrip())
    name = text[start:end]
    if kind == "person":
        run = people.TITLE_RUN.match(text, start, end)
        start = run.end() if run else start
        name = people.clean(text[start:end])
        if run is None and _LIKE_A_PLACE.match(name):
            passage.add(start, end, "place", name)
            return
        usual = all(
            w.lower() in frequent.usual() or w.lower().removesuffix("s") in frequent.usual()
            for w in name.split()
        )
        if people.is_person(name, small) and not (usual and run is None and " " in name):
            role = people.role(text, (start, end), start, ())
            passage.add(start, end, kind, name, role=role, sure=" " in name)
        return
    if not name or not name[0].isupper() or any(c.isdigit() for c in name) or name in _demonyms():
        return
    words = name.split()
    if label == "GPE":
        if (
            not name.isupper()
            and name.lower() not in frequent.common()
            and not _NO_PLACE.intersection(words)
            and small.isdisjoint(w.lower() for w in words)
        ):
            passage.add(start, end, kind, " ".join(words))
    elif label == "ORG" and _ABBREVIATION.fullmatch(name):
        passage.add(start, end, kind, name, sure=False)
    elif len(words) > 1 and headed.is_name(" ".join(words)) == kind:
        passage.add(start, end, kind, " ".join(words))


def _stands(
    text: str,
    start: int,
    end: int,
    kind: str,
    heading: bool,
    known: list[gazetteer.Found],
    model: Iterable[tuple[int, int, str]],
) -> bool:
    """Whether a name found by its form is to be believed.

    It may hold names of the gazetteer, not cut them; in a heading, where all words are capitalised,
    spaCy must have seen a name there, too.
    """
    for a, b, (_, its_kind) in known:
        if a < end and start < b and not (start <= a and b <= end):
            return False
        if a == start and b < end and text[b] == " " and text[b + 1].islower():
            return False  # what is known is whole: "the European Union on Syria"
        if b == end and a > start and its_kind == kind:
            return False
    return not heading or any(
        a < end and start < b and label in _FROM_MODEL for a, b, label in model
    )


def _is_heading(text: str) -> bool:
    """Whether most long words of a passage are capitalised."""
    words = re.findall(r"[^\W\d_]{4,}", text[:400])
    return len(words) > 3 and sum(w[0].isupper() for w in words) > 0.7 * len(words)


def _in_capitals(text: str, known: list[gazetteer.Found], own: str) -> Iterator[gazetteer.Found]:
    """Yield the known names in runs of words that are written in capitals throughout."""
    for run in _CAPITALS.finditer(text):
        if sum(map(str.isalpha, run[0])) < _FEWEST_CAPITALS:
            continue
        small = re.sub(r"[A-Z]+", lambda m: m[0].capitalize(), run[0])
        small = re.sub(
            r"(?<=\s)[A-Z][a-z]+", lambda m: m[0].lower() if m[0] in _SMALL_INSIDE else m[0], small
        )
        for start, end, what in gazetteer.find(small, own):
            hit = (run.start() + start, run.start() + end, what)
            if not any(a < hit[1] and hit[0] < b for a, b, _ in known):
                yield hit


def _in_bounds(text: str, hit: gazetteer.Found) -> gazetteer.Found:
    """Return a known name without its article, a place with what makes it a state: *Republic of*."""
    start, end, (name, kind) = hit
    if text[start : start + 4].lower() == "the " and not name.startswith("The "):
        start += 4
    if kind == "place":
        before = _STATE_OF.search(text[max(0, start - 80) : start])
        if before:
            start -= before.end() - before.start()
    return start, end, (name, kind)


def _peoples(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the adjectives and names of peoples with their country, the longest first."""
    return ((start, end, country) for start, end, (country, _) in _people_forms().find(text))


@lru_cache(maxsize=1)
def _people_forms() -> gazetteer.Forms:
    return gazetteer.Forms((form, (name, "")) for form, name in gazetteer.demonyms().items())


@lru_cache(maxsize=1)
def _demonyms() -> frozenset[str]:
    return frozenset(gazetteer.demonyms())


def _natives_apart(document: Document, found: list[Found]) -> list[Found]:
    """Return mentions without the *Indians* of a text that means those of America."""
    adjectives = [f for f in found if f.name == "India" and f.adjective]
    if not adjectives:
        return found
    hits = sum(bool(_NATIVES.match(document.text(f.paragraph), f.end + 1)) for f in adjectives)
    nouns = sum(f.name == "India" and not f.adjective for f in found)
    if hits >= max(1, nouns) or (not nouns and again.country(found) == "United States"):
        return [f for f in found if not (f.name == "India" and f.adjective)]
    return found
