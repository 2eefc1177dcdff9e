"""Who is who: whether two names can be one person's, and under which name a person is cited."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from kit.names.mention import Found

T = TypeVar("T")
_MUCH_MORE = 5  # times as frequent as all others: those are slips of the scan
_LONG = 5  # letters of a part of a name of which one may be another


@lru_cache(maxsize=2**14)
def key(word: str) -> str:
    """Return a part of a name as it is compared: no case, accents, hyphens, dots."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=2**14)
def parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name as they are compared; joined initials (*F.W.*) are several."""
    spread = re.sub(r"(?<=\.)(?=\w)", " ", name)
    return tuple(k for k in map(key, spread.split()) if k and k not in ("jr", "sr"))


def same(one: str, other: str) -> bool:
    """Whether two full names can be one person's: *Jerome H. Powell*, *Jerome Powell*, *J. Powell*.

    A letter may differ, by another transcription or the scan: *Ilich* and *Ilyich*.
    """
    a, b = parts(one), parts(other)
    if "".join(a) == "".join(b):
        return True
    if len(a) < 2 or len(b) < 2 or not _alike(a[-1], b[-1]):
        return False
    if a[-len(b) :] == b or b[-len(a) :] == a:
        return True
    given = zip(a[:-1], b[:-1], strict=False)
    return all(_alike(x, y) or (x[0] == y[0] and 1 in (len(x), len(y))) for x, y in given)


def _alike(one: str, other: str) -> bool:
    """Whether two parts of names are equal, or long and different in one letter but the first."""
    if one == other:
        return True
    return min(len(one), len(other)) >= _LONG and one[0] == other[0] and _close(one, other)


def _close(one: str, other: str) -> bool:
    """Whether two words differ in one letter at most: changed, put in or left out."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), None)
    if at is None:
        return True
    rest, its_rest = one[at:], other[at:]
    return rest[1:] in (its_rest, its_rest[1:]) or rest == its_rest[1:]


def answers(single: str, full: str) -> bool:
    """Whether one word can stand for a person of a full name: the last part, or a family name first."""
    one, whole = key(single), parts(full)
    if len(whole) < 2 or not one:
        return False
    if one == whole[-1]:
        return True
    if len(full.split()) > 2 and single in full and key(full.split(maxsplit=1)[1]) == one:
        return True
    return one == whole[0]


def surname(single: str, full: str) -> bool:
    """Whether one word, or a particle and a word, is how a full name ends."""
    one, whole = parts(single), parts(full)
    if len(whole) < 2 or not one:
        return False
    return whole[-len(one) :] == one or "".join(whole[1:]) == "".join(one)


def within(found: list[Found]) -> list[Found]:
    """Resolve the people of one text: forms of one full name are one, and a surname is its owner.

    A surname of several is the one of them who was named last. One that stands with an office before
    any full name does, which then comes without one, is somebody else (*Vice President Biden ... Jill
    Biden*).
    """
    people = [f for f in found if f.kind == "person"]
    cited = citations(Counter(f.name for f in people if len(parts(f.name)) > 1))
    offices = {cited[f.name] for f in people if f.name in cited and f.role}
    last: dict[str, int] = {}
    others: set[str] = set()
    resolved = []
    for at, f in enumerate(found):
        if f.kind != "person":
            resolved.append(f)
            continue
        name = cited.get(f.name, "")
        if not name and f.name not in others:
            name = _owner(f, cited, last)
            if (
                name
                and name not in last
                and name not in offices
                and f.role
                and surname(f.name, name)
            ):
                others.add(f.name)
                name = ""
        if name:
            last[name] = at
        resolved.append(replace(f, name=name or f.name, sure=f.sure or bool(name)))
    return resolved


def _owner(f: Found, cited: Mapping[str, str], last: Mapping[str, int]) -> str:
    names = sorted(set(cited.values()))
    able = [n for n in names if surname(f.name, n)] or [n for n in names if answers(f.name, n)]
    if len(able) > 1:
        able = sorted((n for n in able if n in last), key=lambda n: -last[n])[:1]
    return able[0] if able else ""


def citations(
    fulls: Mapping[str, int], near: Callable[[str, str], bool] = lambda *_: True
) -> dict[str, str]:
    """Return for each full name, with its mentions, the one under which its person is cited.

    Names that can be one person's are one, unless they can be two others who differ (*George Bush*
    beside *George H. W. Bush* and *George W. Bush*) and neither is much the more frequent. Cited is
    a form with a given name before one with an initial, then the form used most. `near` tells whether
    two can be of one time.
    """
    groups: list[list[str]] = []
    alike: dict[str, list[list[str]]] = {}
    for name in sorted(fulls, key=lambda n: (-len(parts(n)), -fulls[n], n)):
        initial = parts(name)[-1][0]
        able = [
            group
            for group in alike.setdefault(initial, [])
            if all(same(name, other) for other in group[:3])
            and any(near(name, other) for other in group)
        ]
        group = dominant({i: sum(fulls[n] for n in g) for i, g in enumerate(able)})
        if group is None:
            groups.append([name])
            alike[initial].append(groups[-1])
        else:
            able[group].append(name)
    cited = {}
    for names in groups:
        best = min(names, key=lambda n: (len(parts(n)[0]) == 1, -fulls[n], -len(n), n))
        cited.update(dict.fromkeys(names, best))
    return cited


def dominant(counts: Mapping[T, int]) -> T | None:
    """Return the only one of several, or the one that is much more frequent than the rest together."""
    if not counts:
        return None
    best = max(counts, key=lambda x: counts[x])
    others = sum(counts.values()) - counts[best]
    return best if counts[best] >= _MUCH_MORE * others else None
