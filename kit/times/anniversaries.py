"""Anniversaries: which are named, what they are of, since when, and which round ones lie ahead."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from kit import gazetteer, keep, tokens
from kit.corpus import Corpus, Span
from kit.finding import Finding, counted
from kit.parse.dates import MONTHS
from kit.times import numerals
from kit.times.anniversary_years import year_of
from kit.times.find import times
from kit.tokens import Tokens

ROUND = 5  # an anniversary is round when its number can be divided by this
CLOSE = 2  # years between two mentions of one event of which one is imprecise
_COLUMNS = "anniversary of year since next_round next_year day date".split()

_LATIN = {
    "bicentenary": 200, "bicentennial": 200, "tercentenary": 300, "tricentennial": 300,
    "sesquicentennial": 150,
    "sesquicentenary": 150, "quincentenary": 500, "quincentennial": 500, "quadricentennial": 400,
    "quatercentenary": 400, "centenary": 100, "centennial": 100, "semicentennial": 50, "millennium": 1000,
}  # fmt: skip
_OF = (
    r"(?: (?:of|since) (?P<what>[^.;:!?\u2014\[\]]+?))?(?=$|[.;:!?\u2014\[\]]|,? (?:as well "
    r"as|which|whose|who)\b|, (?:and )?"
    r"(?:with|in|on|we|it|he|they|the|a|an|this|these|that|when|where|while|let|I|our|you|"
    r"China|all|to|there|having)\b"
    r"|,? and (?:it|we|is|are|will|I|they|to|also|that|this|have|has)\b| - | \u2013 |, )"
)
_ANNIVERSARY = re.compile(
    rf"\b(?:(?P<number>{numerals.ORDINAL})(?:-year)?(?: birth)?(?:- ?| )anniversary"
    rf"|(?P<latin>{'|'.join(name for name in _LATIN if name != 'millennium')})(?! "
    rf"goals?\b))(?! (?:and|session|goal))"
    rf"(?:\u2019s|'s)?(?:(?: celebrations?| year| session)?{_OF})?",
    re.IGNORECASE,
)
_EVENTS = (
    "founding|foundation|establishment|creation|birth|victory|victories|end|adoption|signing|"
    "independence|liberation|"
    "launch(?:ing)?|inception|opening|return|restoration|normali[sz]ation|proclamation|"
    "revolution|entry|accession|"
    "death|defeat|outbreak|beginning|formation|conclusion|declaration|treaty|agreement|"
    "convening|existence"
)
_YEARS_SINCE = re.compile(
    rf"\b(?P<mark>mark\w*|celebrat\w*|commemorat\w*) (?P<n>{numerals.CARDINAL}) years (?:since|"
    rf"of|from) (?P<what>[^.;:!?,\u2014]+)"
    rf"|\b(?P<n2>{numerals.CARDINAL}) years (?:since|after) (?P<what2>(?:the |its |their "
    rf")(?:{_EVENTS})\b[^.;:!?,\u2014]*)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?P<who>(?:[Tt]he )?(?:[A-Z][\w\u2019'-]*|of|and|the|for|on)(?: (?:[A-Z][\w\u2019'-]*|"
    r"of|and|the|for|on))*),? "
    r"(?:(?:will|has|have|recently|also|is|are|which|soon|now|this|last|next|year|just|about "
    r"to|to) ){0,3}"
    r"(?:marks?|marked|celebrat\w+|commemorat\w+|observ\w+|reach\w*|nearing|approaching) "
    r"(?:the|its|their|his|her|our) (?:\w+ )?$"
)
_WHOSE = re.compile(
    r"(?P<who>(?:[A-Z][\w-]*(?: (?:of|and|the|for|on)(?= )| )?)+),? (?:and )?whose $"
)
_POSSESSOR = re.compile(
    r"(?P<who>(?:(?:[Tt]he )?(?:[A-Z][\w-]*(?: (?:of|and|the|for|on)(?= [A-Z]))? "
    r")*[A-Z][\w-]*)(?:\u2019s?|'s?)?) $"
)
_MONTHS = "|".join(name.capitalize() for name in MONTHS if len(name) > 4)
_FINITE = re.compile(
    r",? (?:and |which |that |who )?(?:(?:is|are|was|were|has|have|had|will|shall|would|"
    r"should|can|could|may|might|must|"
    r"does|do|did|came|comes|falls?|fell|took|takes|marks?|marked|provide[sd]?|offer(?:s|ed)?|"
    r"remind(?:s|ed)?|occur(?:s|red)?|"
    r"coincide[sd]?|gives?|gave|represent(?:s|ed)?|reflect(?:s|ed)?|calls|called|brings?|"
    r"brought|makes?|made|wishes|"
    r"serve[sd]?|demonstrate[sd]?|presents|as|by (?![^,.;]{3,60} of )|this (?:year|month)|"
    r"next|last year|at|held|that we|it is|through|during|let|so|"
    rf"(?:in|on)(?= (?:\d|{_MONTHS}))|put forward|to (?!the )[a-z]+|on the agenda|not|"
    r"being|and \w+ed)(?<=[\w ])(?!\w))"
)
_SPLIT = re.compile(
    rf",? and (?:of )?(?:the |that of the )(?=(?:\w+ )?(?:{_EVENTS})\b)", re.IGNORECASE
)
_LIST_GOES_ON = re.compile(r"(?:, (?:the|of the|of) [^,.;:]+?)+,? and (?:of )?(?:the )?[^,.;:]+")
_TAIL = re.compile(
    r"(?:,? (?:and|which|that|who|in|on|at|of|held|will|with))*[ ,\u2019\u201d\"']*$"
)
_CHINESE = re.compile(
    rf"(?P<of>[^，。；：、！？“”（）,;:!?—\s]{{2,30}}?)(?P<n>{numerals.HAN}{{1,4}})周年(?!前)|"
    rf"(?P<of2>[^，。；：、！？“”（）,;:!?—\s]{{2,30}}?)(?P<n2>{numerals.HAN}{{1,4}})年(?:纪念|华诞)"
)
_CHINESE_LEAD = re.compile(
    "^.*(?:庆祝|纪念|迎来|迎接|举办|举行|适逢|正值|值此|恰逢|出席|组织好|办好|渡过|落实|是|为|与|以|(?<!共)和(?![平国])"
    "|讲话中|贯彻|在|、)了?"
)
_RUSSIAN = re.compile(
    r"(?P<n>\d{1,4})-?(?:ю|й|я|ти|ми)?-?(?:лети(?:е|я|ю|ем|и)|(?:ая|ой|ую) годовщин[аыуе])(?: "
    r"(?P<what>[^.,;:!?()—]+))?",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:(?:the|our|this|that|its|their|your|his|her|whose|very|great) ?)*(?:organi[sz]ation|"
    r"institution|world body|event|"
    r"country|nation|state|republic|party|city|founding|foundation|establishment|creation|"
    r"birth|independence|revolution|"
    r"existence|day|end|victory|there|member states|woman|signing|adoption)?$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"^(?:(?:the|its|our|their|this|great|historic|glorious|notorious|full|signing|"
    rf"ratification|proclamation|"
    rf"dialogue partnership|entry into force|{_EVENTS})(?:,? and (?:proclamation|adoption|"
    rf"signing))?(?: (?:of|in|over))?\s+)+",
    re.IGNORECASE,
)
_CHINESE_EVENT = re.compile("(?:成立|建立|胜利|发表|提出|诞辰|建国|正常化)+$")


@dataclass(frozen=True, slots=True)
class Anniversary:
    """An anniversary as named: its number, what it is of, the year it falls in, the day if told."""

    span: Span
    number: int
    of: str
    year: int | None
    day: str
    dated: bool  # in its own sentence; else the year is that of the text or of one before

    @property
    def since(self) -> int | None:
        """The year that it is counted from."""
        return self.year - self.number if self.year else None


@keep.finding
def anniversaries(corpus: Corpus) -> Finding:
    """List the anniversaries that texts name, and the next round one of each.

    Columns: anniversary (number), of, year (in which it falls), since (the year counted from),
    next_round (the next multiple of five after it), next_year, day (``11-07``, where the sentence
    names one), date (of the text). The year is the one in its sentence (*next year*, *In 2024*), else the
    one before where the paragraph begins by looking back (*In the past year*, in the first months of a year),
    else that of the last year alone in the three paragraphs before, if within ten years, else the text's
    (of an undated text, the year in its title). English, Chinese (周年) and Russian (-летие).
    """
    every = [x for items in tokens.of(corpus).once(found).values() for x in items]
    untold = sum(not x.of for x in every)
    # undated texts first, as the latest ones are at the end
    named = sorted((x for x in every if x.of), key=lambda x: corpus[x.span.document].day or "")
    rows = []
    for x in named:
        following = (x.number // ROUND + 1) * ROUND
        since = x.since
        rows.append(
            (
                x.number, x.of, x.year, since, following,
                since + following if since is not None else None,
                x.day, corpus[x.span.document].day,
            )
        )  # fmt: skip
    whole = dict.fromkeys(("anniversary", "year", "since", "next_round", "next_year"), "Int64")
    return Finding(
        "anniversaries",
        "Anniversaries",
        pd.DataFrame(rows, columns=_COLUMNS).astype(whole),
        corpus,
        "The year is the one in the sentence, else that of the last year alone within three paragraphs, "
        "else that of the text; the next round one is the next multiple of five.",
        tuple((x.span,) for x in named),
        (
            *(
                (
                    f"{counted(untold, 'anniversary', 'anniversaries')} of what is not told left out.",
                )
                if untold
                else ()
            ),
            *anniversary_caveats(corpus),
        ),
        formats={"year": "{:d}", "since": "{:d}", "next_year": "{:d}"},
    )


def anniversary_caveats(corpus: Corpus) -> tuple[str, ...]:
    """Return what cannot be told of these texts."""
    other = sorted({d.language or "an unknown language" for d in corpus} - {"en", "zh", "ru"})
    return (
        (f"Anniversaries are read in English, Chinese and Russian, not in {', '.join(other)}.",)
        if other
        else ()
    )


def found(t: Tokens) -> dict[str, list[Anniversary]]:
    """Return the anniversaries of each document that has some, in reading order."""
    result: dict[str, list[Anniversary]] = {}
    clocks = times(t.corpus)
    for document in t.corpus:
        tells = _TELLS.get(document.language, ())
        here: list[Anniversary] = []
        for number, text in document.passages():
            if not any(word in text for word in tells):
                continue
            for start, end, count, whats in _READERS[document.language](text):
                year, day, dated = year_of(document, clocks[document.id], number, start, end, count)
                here += [
                    Anniversary(
                        Span(document.id, number, start, end), count, what, year, day, dated
                    )
                    for what in whats
                ]
        if here:
            result[document.id] = sorted(here, key=lambda x: x.span)
    return _agreed(result)


def _agreed(found: dict[str, list[Anniversary]]) -> dict[str, list[Anniversary]]:
    """Count anniversaries whose sentence has no year from the one that most mentions give, if close.

    *We shall soon celebrate the 50th* falls in the year of the text or the next: other texts tell.
    """
    known: dict[str, Counter[int]] = {}
    for x in (x for items in found.values() for x in items):
        if x.since is not None and event_name(x.of):
            known.setdefault(event_name(x.of), Counter())[x.since] += 2 if x.dated else 1

    def agreed(x: Anniversary) -> Anniversary:
        given = known.get(event_name(x.of))
        if x.dated or x.since is None or not given:
            return x
        best = max(given, key=lambda year: (given[year], -year))
        close = best != x.since and abs(best - x.since) <= CLOSE and given[best] > given[x.since]
        return replace(x, year=best + x.number) if close else x

    return {name: [agreed(x) for x in items] for name, items in found.items()}


_AFTER_YEARS = ("since", "after", "of", "from")
_AT = re.compile(rf"nniversar|enten|years (?:{'|'.join(_AFTER_YEARS)})\b", re.IGNORECASE)
_TELLS = {  # a passage without one of these names no anniversary
    "en": ("nniversar", "NNIVERSAR", "enten", "ENTEN", *(f"years {x}" for x in _AFTER_YEARS)),
    "zh": ("周年", "年纪念", "年华诞"),
    "ru": ("лети", "годовщин"),
}
Read = tuple[int, int, int, list[str]]  # start, end, number, what it is of


def _english(text: str) -> Iterator[Read]:
    for match in _near(_ANNIVERSARY, text):
        latin = match["latin"]
        number = _LATIN[latin.lower()] if latin else numerals.ordinal(match["number"])
        if not number:
            continue
        start, end = match.span()
        what, end = _what(match, "what") if match["what"] else ("", end)
        if not match["what"]:
            end = match.end("latin") if latin else match.end()
            what = _owner(text, start)
        yield start, max(end, start + 1), number, _SPLIT.split(what) if what else [""]
    for match in _near(_YEARS_SINCE, text):
        number = numerals.cardinal(match["n"] or match["n2"])
        if not number or number < ROUND or (match["n2"] and number % ROUND):
            continue
        what, end = _what(match, "what" if match["n"] else "what2")
        if what:
            yield match.start("n" if match["n"] else "n2"), end, number, [what]


def _near(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches around the words that tell an anniversary: elsewhere there are none."""
    past = 0
    for told in _AT.finditer(text):
        if told.start() < past:
            continue
        start = max(told.start() - _BEFORE, past)
        for match in pattern.finditer(text, start, min(told.end() + _LONGEST, len(text))):
            yield match
            past = match.end()


_BEFORE, _LONGEST = 60, 500  # characters of a number before *anniversary*, and of what it is of


def _what(match: re.Match[str], group: str) -> tuple[str, int]:
    """Return what an anniversary is of, a list to its end, cut before a verb that goes on; its end."""
    text = match.string
    start, end = match.span(group)
    further = _LIST_GOES_ON.match(text, end)
    if further and not _FINITE.search(further[0]):
        end = further.end()
    verb = _FINITE.search(text, start, end)
    what = text[start : verb.start() if verb else end]
    what = _TAIL.sub("", what).rstrip("*")
    return what, start + len(what)


def _owner(text: str, start: int) -> str:
    """Return whose anniversary it is: *the SCO marks its 20th anniversary*, *the UN's 75th "
    "anniversary*."""
    before = text[max(start - 120, 0) : start]
    for pattern in (_OWN, _WHOSE):
        match = pattern.search(before)
        if match:
            who = re.sub(
                r"^(?:As|On|In|When|That|This|And|But|For|At|While) (?=\w)", "", match["who"]
            )
            return re.sub(r"^(?:This|Next|Last) (?:year|month),? ?", "", who).strip(" ,")
    match = _POSSESSOR.search(before)
    who = re.sub(r"(?:\u2019s?|'s?)$", "", match["who"]) if match else ""
    return "" if re.fullmatch(r"(?:[Tt]he|[Tt]his|[Oo]n|[Ii]ts|[Oo]ur|In|As|For|At)", who) else who


def _chinese(text: str) -> Iterator[Read]:
    for match in _CHINESE.finditer(text):
        number = numerals.chinese(match["n"] or match["n2"])
        group = "of" if match["n"] else "of2"
        lead = _CHINESE_LEAD.match(match[group])
        start = match.start(group) + (lead.end() if lead else 0)
        what = text[start : match.end(group)]
        what = what.removesuffix("的")
        if number and 0 < number < 3000:
            yield start, match.end(), number, [what]


def _russian(text: str) -> Iterator[Read]:
    for match in _RUSSIAN.finditer(text):
        what = re.split(
            r" (?:в (?:этом|прошлом|следующем|\d)|мы|стал|будет|отме|и )", match["what"] or ""
        )[0]
        end = match.start("what") + len(what) if what else match.end()
        yield match.start(), end, int(match["n"]), [what.strip()]


_READERS = {"en": _english, "zh": _chinese, "ru": _russian}


@lru_cache(maxsize=4096)
def event_name(of: str) -> str:
    """Return the name by which anniversaries of one event are told to be of one; "" for a vague one."""
    plain = re.sub(r"\s*\([^)]*\)|\*", "", of).strip(" ,.\u2019'\u201c\u201d\"")
    plain = re.sub(r"- (?=[A-Z])", "-", plain)
    plain = (
        _CHINESE_EVENT.sub("", _LEADING.sub("", plain)).strip().replace("新中国", "中华人民共和国")
    )
    if _VAGUE.match(plain):
        return ""
    known = gazetteer.english().get(gazetteer.folded(plain))
    words = re.sub("\u2019", "'", known[0] if known else plain).casefold()
    words = re.sub(r"\bsecond world war\b|\bworld war two\b", "world war ii", words)
    words = words.replace("organisation", "organization").replace(
        "chinese communist party", "communist party china"
    )
    return " ".join(w for w in re.findall(r"[\w'-]+", words) if w not in _ARTICLES)


_ARTICLES = frozenset("the of in a and".split())
