"""Who is who across the texts of a corpus: one person, one name, and so for things."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kit.corpus import Document
from kit.names import chinese, identity, people
from kit.names.mention import Found

Texts = Mapping[str, list[Found]]  # the mentions of each document, by its id
_YEAR = 365.25
# A surname is that of somebody who is named in full within so many years; bearers of one surname
# between whose texts more years lie are two.
_NEAR, _APART = 8, 35
# Offices of a kind that nobody changes for that of a politician.
_OF_RANK = frozenset(
    "King Queen Prince Princess Emperor Empress Shah Sultan Pope Archbishop Bishop Cardinal Sheikh".split()
)
# Surnames that many share: the text must give an office that the full name has, too.
_SHARED = frozenset(
    """
        adams allen anderson baker brown bush campbell carter chen clark clinton cooper cox davis evans
        green hall harris hill hughes jackson james johnson jones kelly kennedy khan kim king lee lewis li
        liu marshall martin miller mitchell moore morgan morris murphy nelson nguyen park parker phillips
        price robinson rogers roosevelt ross scott singh smith stewart taylor thomas thompson turner walker
        wang ward watson white williams wilson wood wright wu yang young zhang
    """.split()
)
# Family names that come first: "Chairman Mao". Of others the first part is a given name.
_FAMILY_FIRST = frozenset(
    """
        ban chang chen chiang chou deng feng gao guo han ho hu hua huang jiang kang kao kim lee li liang
        liao lin liu lo lu ma mao park pan peng qian qiao roh shen song sun sung tang tao teng tsiang
        wang wei wen wu xi xie xu yan yang ye yu zhang zhao zhou zhu nguyen pham tran ngo
    """.split()
)
_SPELLINGS = (
    (re.compile(r"isation"), "ization"),
    (re.compile(r"programme"), "program"),
    (re.compile(r"centre"), "center"),
    (re.compile(r"defence"), "defense"),
    (re.compile(r"labour"), "labor"),
    (re.compile(r"harbour"), "harbor"),
    (re.compile(r"neighbour"), "neighbor"),
    (re.compile(r"^(?:un|u\.n\.) "), "united nations "),
    (re.compile(r"^(?:us|u\.s\.) "), "united states "),
    (re.compile(r"\bthe\b|[\W_]"), ""),
)


@dataclass(slots=True)
class _Person:
    """What a corpus tells of a full name: how often and in which texts it stands, and the titles."""

    mentions: int = 0
    days: list[dt.date] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)


def resolve(documents: Sequence[Document], found: Texts) -> dict[str, list[Found]]:
    """Return the mentions of each document, with one name for each person and thing of the corpus."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    fulls: Counter[str] = Counter()
    for d in documents:
        here = Counter(f.name for f in found[d.id] if _is_full(f))
        fulls += here
        if d.date:
            for name in here:
                days[name].append(d.date)
    cited = identity.citations(fulls, lambda one, other: _apart(days[one], days[other]) <= _NEAR)
    known = _known(documents, found, cited)
    by_part: dict[str, list[str]] = defaultdict(list)
    for name in sorted(known):
        whole = identity.parts(name)
        for part in {whole[-1], whole[0], "".join(whole[1:])}:
            by_part[part].append(name)
    beside = _beside(documents, found, cited)
    named: dict[tuple[str, str], str] = {}  # (document, surname) -> full name
    single: dict[str, list[Document]] = defaultdict(list)
    for d in documents:
        titles: dict[str, set[str]] = defaultdict(set)
        sure: set[str] = set()
        for f in found[d.id]:
            if f.kind == "person" and f.name not in cited:
                titles[f.name].update([f.role] if f.role else [])
                sure.update([f.name] if f.sure else [])
        for name, its in titles.items():
            owner = _owner(name, its, d.date, by_part, known)
            if owner in beside and any(not people.is_address(t) for t in its):
                owner = ""
            if owner:
                named[d.id, name] = owner
            elif name in sure:
                single[name].append(d)
    named |= _titled(single, documents, found)
    named |= _told_apart({n: its for n, its in single.items() if not chinese.is_full(n)})
    things = _things(found)
    short = _abbreviations(found)
    return {
        d.id: [
            kept
            for f in found[d.id]
            if (kept := _settled(f, d.id, cited, named, single, things, short)) is not None
        ]
        for d in documents
    }


def _is_full(f: Found) -> bool:
    return f.kind == "person" and len(identity.parts(f.name)) > 1


def _known(
    documents: Sequence[Document], found: Texts, cited: Mapping[str, str]
) -> dict[str, _Person]:
    known: dict[str, _Person] = defaultdict(_Person)
    for d in documents:
        for f in found[d.id]:
            if f.kind == "person" and f.name in cited:
                person = known[cited[f.name]]
                person.mentions += 1
                person.titles.update([f.role] if f.role else [])
                if d.date and (not person.days or person.days[-1] != d.date):
                    person.days.append(d.date)
    return known


def _beside(documents: Sequence[Document], found: Texts, cited: Mapping[str, str]) -> set[str]:
    """Return the full names that a text tells apart from a surname with an office."""
    apart: set[str] = set()
    for d in documents:
        here = {cited[f.name] for f in found[d.id] if f.kind == "person" and f.name in cited}
        singles = {
            f.name for f in found[d.id] if f.kind == "person" and f.name not in cited and f.role
        }
        for single in singles:
            apart.update(full for full in here if identity.surname(single, full))
    return apart


def _settled(
    f: Found,
    document: str,
    cited: Mapping[str, str],
    named: Mapping[tuple[str, str], str],
    single: Mapping[str, object],
    things: Mapping[tuple[str, str], tuple[str, str]],
    short: Mapping[str, tuple[str, str]],
) -> Found | None:
    """Return a mention with its name in the corpus; None where it is not sure and nobody knows it."""
    if f.kind == "person":
        name = cited.get(f.name) or named.get((document, f.name), f.name)
        if not f.sure and name == f.name and name not in single:
            return None
        return f if name == f.name else replace(f, name=name)
    if not f.sure:
        if f.name not in short:
            return None
        name, kind = short[f.name]
        return replace(f, name=name, kind=kind)
    if f.known:
        return f
    name, kind = things.get((f.name, f.kind), (f.name, f.kind))
    return f if (name, kind) == (f.name, f.kind) else replace(f, name=name, kind=kind)


def _owner(
    name: str,
    titles: set[str],
    day: dt.date | None,
    by_part: Mapping[str, Sequence[str]],
    known: Mapping[str, _Person],
) -> str:
    """Return the full name that a surname stands for in a text, or nothing where it is not certain."""
    bearers = [full for full in by_part.get(identity.key(name), ()) if _bears(name, full)]
    near = [
        full
        for full in bearers
        if _gap(day, known[full].days) <= _NEAR and _fits(titles, known[full].titles)
    ]
    offices = {office for t in titles if (office := _office(t))}
    theirs = {full: {o for t in known[full].titles if (o := _office(t))} for full in bearers}
    sharing = [full for full in near if offices & theirs[full]]
    if sum(bool(offices & theirs[full]) for full in bearers) > 1 and len(near) < len(bearers):
        return ""  # two presidents of one name, of whom one is not named in full near this text
    best = identity.dominant({full: known[full].mentions for full in sharing or near})
    if best is None:
        return ""
    if best in sharing:
        return best
    if identity.key(name) in _SHARED:
        return ""
    if offices and theirs[best]:  # another office is another person, if the corpus knows several
        ranks = offices.isdisjoint(_OF_RANK) != theirs[best].isdisjoint(_OF_RANK)
        return "" if ranks or len(bearers) > 1 else best
    return "" if offices & _OF_RANK else best


def _bears(name: str, full: str) -> bool:
    return identity.surname(name, full) or identity.parts(full)[0] in _FAMILY_FIRST


@lru_cache(maxsize=2**12)
def _office(role: str) -> str:
    """Return the office of a role in its shortest form, without nation and place."""
    if people.is_address(role):
        return ""
    return " ".join(w for w in role.partition(" of ")[0].split() if w not in people.nations())


def _fits(titles: Iterable[str], others: Iterable[str]) -> bool:
    """Whether the forms of address are not those of a man and a woman."""
    mine = {people.gender(t) for t in titles} - {""}
    theirs = {people.gender(t) for t in others} - {""}
    return not mine or not theirs or bool(mine & theirs)


def _gap(day: dt.date | None, days: Sequence[dt.date]) -> float:
    """Return the years to the nearest of days; 0 where a date is missing."""
    if day is None or not days:
        return 0.0
    return min(abs((day - other).days) for other in days) / _YEAR


def _apart(days: Sequence[dt.date], others: Sequence[dt.date]) -> float:
    """Return the fewest years between two runs of days; 0 where dates are missing."""
    return min((_gap(day, others) for day in days), default=0.0)


def _titled(
    single: Mapping[str, list[Document]], documents: Sequence[Document], found: Texts
) -> dict[tuple[str, str], str]:
    """Return who 毛主席 is in a text: the one of that family name to whom the texts give the office."""
    offices: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for d in documents:
        for f in found[d.id]:
            if f.kind == "person" and f.role and chinese.is_full(f.name):
                offices[f.name[0], f.role][f.name] += 1
    named = {}
    for name, its in single.items():
        told = chinese.titled(name)
        owner = identity.dominant(offices[told]) if told in offices else None
        if owner:
            named.update({(d.id, name): owner for d in its})
    return named


def _told_apart(single: Mapping[str, list[Document]]) -> dict[tuple[str, str], str]:
    """Return names with years for those who bear one surname at times far apart: *Johnson (1866)*."""
    named = {}
    for name, documents in single.items():
        runs: list[list[Document]] = []
        for d in documents:  # in order of date
            if d.date is None:
                continue
            if runs and (d.date - _day(runs[-1][-1])).days <= _APART * _YEAR:
                runs[-1].append(d)
            else:
                runs.append([d])
        if len(runs) > 1:
            for run in runs:
                first, last = _day(run[0]).year, _day(run[-1]).year
                years = str(first) if first == last else f"{first}\u2013{last}"
                named.update({(d.id, name): f"{name} ({years})" for d in run})
    return named


def _day(document: Document) -> dt.date:
    return document.date or dt.date.max


def _things(found: Texts) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (name, kind) of what the gazetteer does not know, one for all spellings of a thing."""
    alike: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for all_ in found.values():
        for f in all_:
            if f.sure and not f.known and f.kind != "person":
                alike[spelling(f.name)][f.name, f.kind] += 1
    one = {}
    for counts in alike.values():
        if len(counts) > 1:
            best = min(counts, key=lambda x: (-counts[x], x))
            one.update(dict.fromkeys(counts, best))
    return one


@lru_cache(maxsize=2**14)
def spelling(name: str) -> str:
    """Return a name as it is compared: without case, hyphens, blanks, and in one spelling."""
    plain = name.casefold()
    for pattern, replacement in _SPELLINGS:
        plain = pattern.sub(replacement, plain)
    return plain


def _abbreviations(found: Texts) -> dict[str, tuple[str, str]]:
    """Return what an abbreviation stands for that a text of the corpus introduces; all must agree."""
    meant: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for all_ in found.values():
        for f in all_:
            if (
                f.sure
                and f.kind != "person"
                and f.form.isupper()
                and f.form != f.name
                and " " not in f.form
            ):
                meant[f.form].add((f.name, f.kind))
    return {form: next(iter(its)) for form, its in meant.items() if len(its) == 1}
