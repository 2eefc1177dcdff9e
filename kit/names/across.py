"""Who is who across the texts of a corpus: one person, one name."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kit.corpus import Document
from kit.names import people
from kit.names.mention import Found

_YEAR = 365.25
# A surname is a full name's where that is named within so many years, and one of two people of the
# same name where more years lie between.
_NEAR, _APART = 12, 35
# Surnames that many share: the text must give an office that the full name has, too.
_SHARED = frozenset(
    """
        adams allen anderson baker brown campbell carter chen clark cooper cox davis evans green hall harris
        hill hughes jackson james johnson jones kelly khan kim king lee lewis li liu marshall martin miller
        mitchell moore morgan morris murphy nelson nguyen park parker phillips price robinson rogers ross
        scott singh smith stewart taylor thomas thompson turner walker wang ward watson white williams wilson
        wood wright wu yang young zhang
    """.split()
)


@dataclass(slots=True)
class _Person:
    """What a corpus tells of a full name: the days of its texts and the titles given."""

    days: list[dt.date] = field(default_factory=list)
    titles: Counter[str] = field(default_factory=Counter)


def resolve(documents: Sequence[Document], found: Mapping[str, list[Found]]) -> dict[str, list[Found]]:
    """Return the mentions of each document with one name for each person and thing of the corpus."""
    fulls: Counter[str] = Counter()
    for document in documents:
        fulls.update({f.name for f in found[document.id] if _is_full(f)})
    cited = people.citations(fulls)
    known: dict[str, _Person] = defaultdict(_Person)
    for document in documents:
        for f in found[document.id]:
            if _is_full(f):
                person = known[cited[f.name]]
                person.titles.update([f.role] if f.role else [])
                if document.date and (not person.days or person.days[-1] != document.date):
                    person.days.append(document.date)
    by_part: dict[str, list[str]] = defaultdict(list)
    for name in sorted(known):
        whole = people.parts(name)
        for part in {whole[-1], whole[0], "".join(whole[1:])}:
            by_part[part].append(name)
    resolved = {}
    singles: dict[str, list[tuple[dt.date | None, str]]] = defaultdict(list)
    for document in documents:
        titles: dict[str, set[str]] = defaultdict(set)
        for f in found[document.id]:
            if f.kind == "person" and not _is_full(f) and f.role:
                titles[f.name].add(f.role)
        owner = {
            f.name: _owner(f.name, titles[f.name], document.date, by_part, known)
            for f in found[document.id]
            if f.kind == "person" and not _is_full(f)
        }
        out = []
        for f in found[document.id]:
            if f.kind != "person":
                out.append(f)
            elif _is_full(f):
                out.append(f.named(cited[f.name]))
            else:
                out.append(f.named(owner[f.name] or f.name))
                if not owner[f.name] and f.sure:
                    singles[f.name].append((document.date, document.id))
        resolved[document.id] = out
    return _believed(documents, resolved, singles)


def _is_full(f: Found) -> bool:
    return f.kind == "person" and len(people.parts(f.name)) > 1


def _owner(
    name: str,
    titles: set[str],
    day: dt.date | None,
    by_part: Mapping[str, Sequence[str]],
    known: Mapping[str, _Person],
) -> str:
    """Return the full name that a surname stands for in a text, or nothing where it is not certain."""
    able = [
        full
        for full in by_part.get(people.key(name), ())
        if _gap(day, known[full].days) <= _NEAR and _fits(titles, known[full].titles)
    ]
    exact = [full for full in able if people.surname(name, full)] or able
    offices = {t for t in map(_office, titles) if t}
    sharing = [
        full for full in exact if offices & {_office(t) for t in known[full].titles if _office(t)}
    ]
    if len(sharing) == 1:
        return sharing[0]
    if len(exact) != 1 or people.key(name) in _SHARED:
        return ""
    theirs = {_office(t) for t in known[exact[0]].titles if _office(t)}
    return "" if offices and theirs and offices.isdisjoint(theirs) else exact[0]


def _office(role: str) -> str:
    """Return the office of a role in its shortest form, without nation and place."""
    if people.is_address(role):
        return ""
    head = role.split(" of ")[0]
    words = head.split()
    return " ".join(w for w in words if w not in people.nations())


def _fits(titles: Iterable[str], others: Mapping[str, int]) -> bool:
    """Whether the forms of address are not those of a man and a woman."""
    mine = {people.gender(t) for t in titles} - {""}
    theirs = {people.gender(t) for t in others} - {""}
    return not mine or not theirs or bool(mine & theirs)


def _gap(day: dt.date | None, days: Sequence[dt.date]) -> float:
    """Return the years to the nearest of days; 0 where a date is missing."""
    if day is None or not days:
        return 0.0
    return min(abs((day - other).days) for other in days) / _YEAR


def _believed(
    documents: Sequence[Document],
    resolved: Mapping[str, list[Found]],
    singles: Mapping[str, list[tuple[dt.date | None, str]]],
) -> dict[str, list[Found]]:
    """Drop what is not sure and nobody else knows; tell people apart who bear one name at other times."""
    renamed: dict[tuple[str, str], str] = {}
    for name, places in singles.items():
        spans = _spans([day for day, _ in places if day])
        if len(spans) > 1:
            for day, document in places:
                if day:
                    first, last = next(s for s in spans if s[0] <= day <= s[1])
                    years = f"{first.year}" if first.year == last.year else f"{first.year}-{last.year}"
                    renamed[name, document] = f"{name} ({years})"
    sure = {f.name for found in resolved.values() for f in found if f.kind == "person" and f.sure}
    abbreviated = _abbreviations(resolved)
    result = {}
    for document in documents:
        kept = []
        for f in resolved[document.id]:
            if f.kind == "person" and not f.sure and f.name not in sure:
                continue
            if f.kind != "person" and not f.sure:
                if f.name not in abbreviated:
                    continue
                name, kind = abbreviated[f.name]
                kept.append(Found(f.paragraph, f.start, f.end, kind, name, f.form))
                continue
            kept.append(f.named(renamed.get((f.name, document.id), f.name)))
        result[document.id] = kept
    return result


def _spans(days: list[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Return runs of days with no long time between two of them."""
    runs: list[list[dt.date]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][-1]).days <= _APART * _YEAR:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [(run[0], run[-1]) for run in runs]


def _abbreviations(resolved: Mapping[str, list[Found]]) -> dict[str, tuple[str, str]]:
    """Return what abbreviations stand for that some text of the corpus introduces, all alike."""
    meant: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for found in resolved.values():
        for f in found:
            if f.sure and f.kind != "person" and f.form.isupper() and f.form != f.name and " " not in f.form:
                meant[f.form].add((f.name, f.kind))
    return {form: next(iter(all_)) for form, all_ in meant.items() if len(all_) == 1}
