"""People in an English text: titles, offices, and names as they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kit import gazetteer
from kit.names.identity import parts

# Forms of address, which say nothing of an office; by whether a man or a woman is meant.
_MEN = (
    "Mr|Messrs|Sir|Lord|King|Prince|Emperor|Pope|Father|Brother|Congressman|Chairman|Shah|Czar|Tsar"
)
_WOMEN = (
    "Mrs|Ms|Miss|Madam|Madame|Mme|Lady|Dame|Queen|Princess|Empress|Sister|Congresswoman|Chairwoman"
)
_ADDRESS = frozenset(
    "Mr Messrs Sir Lord Mrs Ms Miss Madam Madame Mme Lady Dame Dr Prof Hon Rev Comrade H.E".split()
) | {"H. E", "His Excellency", "Her Excellency"}
# After these a capitalised word is a person.
_SURE_TITLES = (
    "Mr|Messrs|Mrs|Ms|Miss|Madam|Madame|Mme|Dr|Prof|Professor|Sir|Lord|Lady|Dame|Comrade|Generalissimo|"
    "President|Vice President|Vice-President|President-elect|Premier|Vice Premier|Prime Minister|"
    "Deputy Prime Minister|Chancellor|Chairman|Chairwoman|Vice Chairman|Vice-Chairman|"
    "Foreign Minister|Defense Minister|Defence Minister|Finance Minister|Foreign Secretary|"
    "Secretary of State|Under-Secretary|Secretary-General|Secretary- General|Secretary General|"
    "General Secretary|Justice|Judge|"
    "Ambassador|Senator|Congressman|Congresswoman|Governor|Mayor|Chief Justice|Attorney General|"
    "Pope|Archbishop|Bishop|Emperor|Empress|Queen|Princess|Crown Prince|Sheikh|Ayatollah|"
    "Sultan|Czar|Tsar|Shah|"
    "Admiral|Field Marshal|Lieutenant General|Lieutenant-General|Major General|Major-General|"
    "Brigadier General|Brigadier|Colonel|Lieutenant Colonel|Col|Maj|Gen|Lieut|Lt|Capt|Adm|Sen|Rep|"
    "Commodore|Sergeant|Corporal|Captain|Director-General|Director General|High Commissioner|"
    "Special Envoy|Special Representative|Rev|Hon|H.E|H. E|His Excellency|Her Excellency"
)
# After these it may be one; the word must then have no other use in the text.
_OTHER_TITLES = (
    "General|Secretary|Minister|Chair|Vice Chair|Speaker|Marshal|Major|Lieutenant|Commander|King|Prince|"
    "Chief|Director|Commissioner|Representative|Delegate|Father|Sister|Brother|Officer|"
    "Private|Cardinal|Administrator|Leader|Academician"
)
_CAP = "[A-Z\u00c0-\u00d6\u00d8-\u00de\u0106\u010c\u0110\u0141\u015a\u0160\u017d]"
_WORD = rf"{_CAP}[\w'\u2019]*(?:[-\u2010\u2011]\w[\w'\u2019]*)*"
_NAME_PART = re.compile(
    rf"(?P<initial>(?:{_CAP}\.[- ]?)+(?=\s*{_CAP}))"
    rf"|(?P<particle>(?:de la|de los|van den|van der|von der|de|del|della|der|den|di|da|dos|du|van|Van|von"
    rf"|bin|ibn|al|el|la|le|ter|ten|d'|d\u2019)[ -]?(?={_CAP}))"
    rf"|(?P<word>{_WORD})"
)


def _either(*titles: str) -> str:
    words = sorted("|".join(titles).split("|"), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words)


_ANY_TITLE = _either(_SURE_TITLES, _OTHER_TITLES)
TITLE_RUN = re.compile(rf"(?<![\w-])(?:(?:{_ANY_TITLE})(?:\.\s?|,?\s)\s*)+(?={_CAP})")
_TITLE = re.compile(rf"(?:{_ANY_TITLE})(?![\w-])")
_SURE = frozenset(_SURE_TITLES.split("|"))
_NATION = re.compile(r"(?<!\w)([A-Z]\w+(?:[ -][A-Z]\w+)?)\s$")
# "the President of the Council, Mr. X"; the office ends at the comma.
_OFFICE = (
    rf"(?:(?:[A-Z]\w+ )?(?:{_ANY_TITLE})(?! and\b)(?:,? (?:of|for|to|in|at) (?:the )?"
    r"(?!(?:this|that|his|her|their|our|its)\b)[A-Z]"
    r"(?:(?! (?:at|during|from|on|who|has|is|was|said)\b)[^,.;:()\[\]\n]){1,70})?)"
)
_BEFORE = re.compile(
    rf"(?:(?P<whose>\b(?:[Tt]he|[Oo]ur|[Tt]heir|[Ii]ts|[Hh]is|[Hh]er|my|former|new|late) )|(?<![\w-]))"
    rf"(?P<office>{_OFFICE}),? (?:the )?$"
)
_SERVANT = re.compile(
    r"(?:representatives?|envoys?|deputy|advisers?|assistants?|spokesm[ae]n|emissar(?:y|ies)|mediators?|"
    r"[Rr]eports?|aides?) (?:of|to|for) $"
)
_AFTER = re.compile(
    rf",? ?(?:\()?(?:,? )?(?:the |then |now |former |our |its |as )*(?P<office>{_OFFICE})"
    r"(?=[,;.)]| and | who | of |$)"
)
# "Prince William Sound" is no prince.
_PLACE_AFTER = re.compile(
    r" (?:Sound|County|Island|Islands|Street|River|Bay|Canal|Harbor|Valley)(?!\w)"
)
_LONGEST_OFFICE = 130  # characters that are looked at before a name
_MOST_PARTS = 6  # of a name after a title
_MOST_WORDS = 5  # of a name that a model gives
_STOPS = frozenset(
    """
        January February March April May June July August September October November December Monday
        Tuesday Wednesday Thursday Friday Saturday Sunday The This That These Those And But For If In On
        At It He She We They You I A An As Of To By From With His Her Its Our Your My Their When Where
        While Who What Why How Yes No Not Let So Then There Here Also
    """.split()
)
# What follows a title that is itself one, or the name of a body: "Mr. President", "General Assembly".
_NO_SURNAME = frozenset(
    """
        President Speaker Chairman Chairwoman Chair Secretary Secretary-General Prime Vice Minister
        Foreign General Ambassador Assembly Agreement Committee Council Conference Government Staff Court
        Act Debate Convention Treaty Order Service Services Congress Party Union State States Department
        Office Board Members Member Delegate Representative Excellency Excellencies Majesty Highness
        Colleagues Ladies Friends Director Governor Senator Justice Land Post Education Assistance Budget
        Commission Executive Administration Affairs Election Elections Day House Elect Counsel
        Accounting Welfare Hospital Motors Electric Ministers Ministry System Republic Republics Magistrate
        First Second Reform Revenue Navy Army Treasury
    """.split()
)
_RESPECT = frozenset(("Majesty", "Highness", "Excellency", "Honor", "Honour"))
# People who are no people: forms in which the texts speak of God, nature, a nation.
_NO_PERSON = frozenset(
    """
        address almighty christ creator father god heaven heavenly keynote lord mother nature
        providence reich remarks speech st statement theory thought uncle
    """.split()
)


# People by their form alone: *F.W. de Klerk*, *Jerome H. Powell*.
_INITIALLED = re.compile(
    rf"(?<![\w.-])(?:{_WORD} )?(?:{_CAP}\. ?)+(?:(?:de|van|von|den|der|al|bin|el|la) )*{_WORD}"
)
_NO_INITIALS = re.compile(r"(?:U\. ?S|U\. ?N|D\. ?C|U\. ?K|E\. ?U|H\. ?E|No|St|Art|Sec)\.")


@dataclass(frozen=True, slots=True)
class Titled:
    """A name that follows a title: its bounds, the titles before it, and whether it must be a person."""

    start: int
    end: int
    titles: tuple[str, ...]
    lead: int  # where the titles begin
    sure: bool


def titled(text: str, small: frozenset[str]) -> Iterator[Titled]:
    """Yield the names of a passage that stand after a title; `small` are the words written small."""
    for match in TITLE_RUN.finditer(text):
        titles = tuple(" ".join(m[0].split()) for m in _TITLE.finditer(match[0]))
        sure = not _SURE.isdisjoint(titles)
        bounds = written(text, match.end(), small)
        first = text[match.end() :].split(maxsplit=1)[0].rstrip(".,;:'\u2019") if bounds else ""
        if bounds is None or first.removesuffix("'s") in _NO_SURNAME or _is_title(first):
            continue
        if not sure and _PLACE_AFTER.match(text, bounds[1]):
            continue
        yield Titled(*bounds, titles, match.start(), sure)
        if "Messrs" in titles:
            for further in _further(text, bounds[1], small):
                yield Titled(*further, ("Mr",), match.start(), sure=True)


def initialled(text: str, small: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the names of a passage that have an initial before the surname."""
    for match in _INITIALLED.finditer(text):
        name = re.sub(r"['\u2019]s?$", "", match[0])
        words = name.split()
        if _NO_INITIALS.search(name) or "I." in words[:1] or _STOPS.intersection(words):
            continue
        if any(word in _NO_SURNAME or _is_title(word) for word in (words[0], words[-1])):
            continue
        if words[0].lower() not in small and words[-1].lower() not in small and len(words[-1]) > 2:
            yield match.start(), match.start() + len(name)


def _further(text: str, at: int, small: frozenset[str]) -> Iterator[tuple[int, int]]:
    while joint := re.compile(r",? and |, ").match(text, at):
        bounds = written(text, joint.end(), small)
        if bounds is None:
            return
        yield bounds
        at = bounds[1]


def _is_title(word: str) -> bool:
    return bool(_TITLE.fullmatch(word))


def written(text: str, start: int, small: frozenset[str]) -> tuple[int, int] | None:
    """Return the bounds of a person's name that begins at a place, or None where none does.

    It ends before a word that the text also writes small, a month, or a possessive.
    """
    at, end, words = start, -1, 0
    for _ in range(_MOST_PARTS):
        part = _NAME_PART.match(text, at)
        if part is None:
            break
        if part["word"]:
            word = part["word"]
            bare = re.sub(r"['\u2019](?:s|re|ve|ll|d)?$", "", word)
            dash = bare.rfind("-")
            if dash > 0 and bare[dash + 1 :].lower() in small:
                bare = bare[:dash]  # "General Scott-the victor": a hyphen for a dash
            if bare in _STOPS or _is_title(bare) or (words and bare.lower() in small):
                break
            words += 1
            end = part.start() + len(bare)
            if bare != word:
                break
        at = part.end()
        gap = re.compile(r"\s{1,2}").match(text, at)
        if part["word"]:
            if gap is None:
                break
            at = gap.end()
        elif gap:
            at = gap.end()
    return (start, end) if words else None


def clean(name: str) -> str:
    """Return a person's name as it is cited: one blank between its parts, no capitals throughout."""
    name = " ".join(name.replace("\u2019", "'").split())
    name = re.sub(r"(?<=[a-z])- (?=[a-z])", "", name)  # a word that a line of print broke
    parts = [
        "-".join(p.capitalize() for p in part.split("-"))
        if part.isupper() and len(part) > 3 and "." not in part
        else part
        for part in name.split()
    ]
    return " ".join(parts)


def role(text: str, name: tuple[int, int], lead: int, titles: tuple[str, ...]) -> str:
    """Return what the text says a person is: the office at their name, else the form of address."""
    offices = [t for t in titles if t.rstrip(".") not in _ADDRESS]
    nation = _NATION.search(text[max(0, lead - 30) : lead])
    if offices:
        own = nation[1] if nation and nation[1] in gazetteer.demonyms() else ""
        return f"{own} {' '.join(offices)}".strip().replace("- ", "-")
    before = text[max(0, lead - _LONGEST_OFFICE) : lead]
    match = _BEFORE.search(before)
    if (
        match
        and (match["whose"] or " of " in match["office"])
        and not _SERVANT.search(before[: match.start()])
    ):
        return _office(match["office"])
    match = _AFTER.match(text, name[1])
    if match:
        return _office(match["office"])
    return titles[-1] if titles else ""


def _office(written_office: str) -> str:
    office = " ".join(written_office.split()).replace("- ", "-")
    first, _, rest = office.partition(" ")
    if rest and not _TITLE.match(office) and first not in gazetteer.demonyms():
        return rest  # "Today President": what stands before the title is no nation
    return office


def is_address(title: str) -> bool:
    """Whether a role is a form of address and no office."""
    return title in _ADDRESS


def gender(title: str) -> str:
    """Return ``m`` or ``f`` where a role says it, else nothing."""
    words = set(title.split())
    if not words.isdisjoint(_MEN.split("|")):
        return "m"
    return "f" if not words.isdisjoint(_WOMEN.split("|")) else ""


def is_person(name: str, small: frozenset[str]) -> bool:
    """Whether what a model takes for a person has the form of one.

    Its words are all capitalised, none is one that the text also writes small (*Mother Earth*).
    """
    words = name.split()
    bare = [re.sub(r"[-.'\u2019]", "", word) for word in words]
    lower = [word.lower() for word in words]
    formed = (
        0 < len(words) <= _MOST_WORDS
        and all(b.isalpha() for b in bare)
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and len(bare[-1]) > 1
        and not name.isupper()
        and bool(parts(name))
    )
    if (
        not formed
        or words[0] in _NO_SURNAME
        or words[0] in gazetteer.demonyms()
        or _STOPS.intersection(words)
    ):
        return False
    if all(word in _NO_SURNAME or word in _RESPECT or _is_title(word) for word in words):
        return False
    if not _NO_PERSON.isdisjoint(lower) or (len(words) == 1 and lower[0] in small):
        return False
    return small.isdisjoint(lower[:-1])  # a surname may be a word: *George Bush*, no *Mother Earth*


@lru_cache(maxsize=1)
def nations() -> frozenset[str]:
    """Return the words of demonyms, which may stand before an office."""
    return frozenset(w for d in gazetteer.demonyms() for w in d.split())
