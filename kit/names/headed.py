"""Names that say what they are: *Council of Ministers*, *Convention on the Law of the Sea*, *Illinois River*.

Such a name is capitalised words around one that tells its kind. It is found by its form alone, so that
it has the same bounds wherever it stands; a general recogniser cuts long names short.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kit import gazetteer

_HEADS = {
    "organisation": """
        Academy Administration Agency Alliance Assembly Association Authority Bank Board Bureau Cabinet
        Center Centre Chamber Club Coalition College Command Commission Committee Company Confederation
        Congress Corporation Corps Council Court Department Directorate Duma Federation
        Force Foundation Front Fund Guard Institute Institution League Ministry Mission
        Movement Museum Office Organisation Organization Parliament Party Police Politburo Presidium
        Reserve Secretariat Senate Service Services Society Soviet Syndicate Treasury Tribunal Union
        University Patrol Network Consortium Exchange
    """,
    "event": """
        Championship Championships Conference Crisis Cup Earthquake Expo Exposition Fair Festival Forum
        Games Massacre Olympics Revolution Summit Uprising War Wars Rebellion Symposium
    """,
    "document": """
        Accord Accords Act Agreement Agreements Amendment Bill Charter Code Communique Communiqué Compact
        Constitution Convention Covenant Declaration Law Memorandum Pact Proclamation Protocol Statement
        Statute Treaties Treaty
    """,
    "initiative": """
        Agenda Campaign Decade Doctrine Goals Initiative Partnership Plan Programme Program Project Roadmap
        Strategy Theory Thought
    """,
    "facility": """
        Airport Barrier Bridge Building Canal Dam Gate Hall Harbor Harbour Highway Library Memorial Palace
        Pipeline Prison Railroad Railway Square Stadium Station Temple Tower Tunnel Wall
    """,
    "place": """
        Archipelago Basin Bay Cape Channel Coast Corridor Creek Desert Gulf Heights Highlands Island
        Islands Isles Lake Lakes Mountain Mountains Ocean Peninsula Plateau Province River Rivers Sea Strait
        Straits Territories Territory Valley County
    """,
}
_KIND = {word: kind for kind, words in _HEADS.items() for word in words.split()}
_CAP = "[A-Z\u00c0-\u00d6\u00d8-\u00de]"
_WORD = (
    rf"(?:(?:[A-Z]\.){{2,}}|{_CAP}[\w\u2019']*(?:[-\u2010\u2011\u2013]\s?\w+)*"
    r"|\d+(?:st|nd|rd|th)(?:-\w+)?)"
)
_WORDS = rf"{_WORD}(?: {_WORD})*"
# Words of quality that "and" joins within a name: *Economic and Social Council*.
_QUALITY = (
    "(?:Economic|Social|Political|Scientific|Cultural|Educational|Food|Trade|Arms|Human|Health|Industrial|"
    "Technical|Administrative|Foreign|Science|Education|Environmental|Peace|Security|Budgetary|Legal|"
    "Commerce|Civil|Customs|Medical|Military|Naval|Financial|Monetary|Safe|New|Weights|Ways)"
)
_HEAD = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(_KIND, key=len, reverse=True))})(?![\w-])")
_LEFT = re.compile(
    rf"(?<![\w.\u2019'&-])(?:{_QUALITY}(?:, {_QUALITY})*,? and |(?:{_WORD} )*(?P<other>{_WORD}) and )?"
    rf"(?:{_WORD} )*$"
)
_BESIDE = re.compile(rf"(?: {_WORD})+")
_JOINT = re.compile(rf" (?:(of|for|on|against|concerning|relating to|between)(?: the)?) (?={_CAP})")
_ITEM = re.compile(rf"(?:{_QUALITY}(?:, {_QUALITY})*,? and )?{_WORDS}")
_MORE = re.compile(rf"(?:, {_WORDS})*,? and (?:the )?(?={_CAP})")
_WAITS = re.compile(_QUALITY)
_POSSESSIVE = re.compile(r"['\u2019]s?$")
# Capitalised for their place in the sentence, or out of respect: no part of a name at its beginning.
_NO_START = frozenset(
    """
        A About After All Also Although Among An And Any As At Before Both But By Did Do Does During
        Each Even Every First For From Had Has Have He Her Here His How However I If In Indeed Is It Its
        Last Let Many More Most Mr Mrs Ms My Neither No Nor Not Now Of On Once One Only Or Our Perhaps
        Since So Some Such Than That The Their Then There Therefore These They This Those Though Through
        Thus To Today Under Unfortunately Until Upon We What When Where Whether Which While Who Why With
        Within Without Yes Yesterday Yet You Your President Secretary Minister Chairman Ambassador General
        Prime Premier Vice Director Former Chief Commissioner Members Member Delegations States Governments
        Representatives Representative Head Heads Government Article Articles Chapter Section Senator
        Speaker Congressman Deputy Judge Justice Under-Secretary Leaders Ministers Presidents People
        January February March April May June July August September October November December Whether
    """.split()
)
# Words with which nothing begins that a name goes on to.
_NO_ITEM = frozenset(
    """
        January February March April May June July August September October November December Mr Mrs Ms
        His Her Its My Our Their Your This That These Those I
    """.split()
)
# Words that leave a name as general as it was: *Special Committee*, *World Conference*.
_GENERAL = frozenset(
    """
        New Special Joint General Permanent Preparatory Executive Great Old Other Same Whole First Second
        Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Main Final Present Next Previous Important
        Draft Full Political Central Supreme Federal National International Member High Legal Honourable
        Honorable Economic State Ministerial Grand Free Governing Provisional Ad Hoc Standing World Global
        Regional Ruling Strategic Comprehensive Action Common Overall Nuclear Climate Five-Year Ten-Year
        Long-term Opening Press Written Official
    """.split()
)
# A nation's own are as general: *Soviet Army*, *French Constitution*.
_STATE = frozenset(
    """
        Army Cabinet Congress Constitution Court Parliament Party Senate Treasury Police Law Act Treaty
        Agreement Union Federation Administration Authority Board Command Mission Conference Coast Sea
        Island Islands River Territory Territories Office Bank Department Commission
    """.split()
)
# Heads that "of" and a name make whole, with nothing before them.
_NAMED_OF = frozenset(
    """
        Academy Association Bank Bay Board Bureau Cape Chamber Charter Commission Committee Conference
        Congress Convention Council Court Declaration Department Federation Gulf Institute Isthmus Lake
        League Ministry Organisation Organization Parliament Pact Party Presidium Sea Soviet Strait
        Straits Treaty University Agreement Protocol Society Fund Law Statement Agency Corps Campaign
        Decade Year
    """.split()
)
_OWNERS = frozenset(
    """
        People Peoples Women Children Worker Workers Leader Leaders Minister Ministers Veteran Veterans
        Nation Nations Farmer Farmers Men Student Students Writer Writers Teacher Teachers Employee
        Employees King Queen
    """.split()
)
_YEAR = re.compile(r" (?:19|20)\d\d(?![\w-])")
_RESOLUTION = re.compile(
    r"(?:(?:United Nations|UN|U\.N\.) )?(?P<body>General Assembly|Security Council) [Rr]esolutions? "
    r"(?P<number>\d{1,4}(?: ?[A-Z]\b)?(?:/\d{1,3})?)(?: ?\((?:[IVXLES-]+|\d{4})\))?"
)
_OPENS = re.compile(r"(?:^|[.!?:;\u201d\"] ?)$")
_LONGEST_ABBREVIATION = 6
_BEFORE = 120  # characters before a head that its name may take
Name = tuple[int, int, str, str]  # start, end, kind, citation form


def find(
    text: str, known: Sequence[gazetteer.Found], small: frozenset[str] = frozenset()
) -> Iterator[Name]:
    """Yield (start, end, kind, citation form) of such names in a passage.

    `known` are the names of the gazetteer in it; a name may hold them, not cut them. With a word of
    `small`, which are those that the text also writes small, no name begins where a sentence does.
    """
    resolutions = []
    for match in _RESOLUTION.finditer(text):
        resolutions.append(match.span())
        yield *match.span(), "document", f"{match['body']} resolution {match['number']}"
    done = 0
    for match in _HEAD.finditer(text):
        if match.start() >= done and gazetteer.is_clear(match.span(), resolutions):
            name = _around(text, match, known, small, done)
            if name:
                done = name[1]
                start, end, kind = name
                yield start, end, kind, " ".join(text[start:end].split())


def _around(
    text: str,
    match: re.Match[str],
    known: Sequence[gazetteer.Found],
    small: frozenset[str],
    done: int,
) -> tuple[int, int, str] | None:
    """Return the bounds and kind of the name around a head, None where it is no name."""
    head, end = match[0], match.end()
    beside = _BESIDE.match(text, end)
    if beside:  # "Communist Party Central Committee": the last head counts
        more = list(_HEAD.finditer(text, end, beside.end()))
        if more:
            head, end = more[-1][0], more[-1].end()
    head_start = end - len(head)
    low = max(done, head_start - _BEFORE)
    before = _LEFT.search(text[low:head_start])
    words = before[0].split() if before else []
    if before and before["other"]:
        at = low + before.start("other")
        if _KIND[head] == "place" or not _joins(before["other"], at, known):
            words = words[words.index("and") + 1 :]
    last = next((i for i in reversed(range(len(words))) if _ends_another(words[i])), -1)
    words = words[last + 1 :]
    while words and (words[0] in _NO_START or words[0] in ("and", ",")):
        words = words[1:]
    start = _start(text, words, low, head_start)
    if words and words[0].lower() in small and _OPENS.search(text[max(0, start - 3) : start]):
        words = words[1:]
        start = _start(text, words, low, head_start)
    if words and text[max(0, start - 4) : start] == "St. ":
        start -= 4
    end, after = _through(text, end, known)
    year = _YEAR.match(text, end) if _KIND[head] in ("initiative", "document") and after else None
    end = year.end() if year else end
    if not _whole(words, head, after, _within(known, start, head_start)):
        return None
    kind = _KIND[head]
    if (
        head == "Congress"
        and words
        and re.match(r"\d|[A-Z]\w*(?:th|st|nd|rd|First|Second|Third)$", words[0])
    ):
        kind = "event"
    return start, end, kind


def _joins(word: str, at: int, known: Sequence[gazetteer.Found]) -> bool:
    """Whether a word before *and* belongs to the name after it: *Truth and Reconciliation Commission*."""
    if word in _KIND or word in _NO_START or word in gazetteer.demonyms() or word[0].isdigit():
        return False
    return not any(hit[0] <= at < hit[1] for hit in known)


def _ends_another(word: str) -> bool:
    """Whether a word before a name is no part of it: *China's* (but *People's* is), a word in capitals."""
    owns = word.endswith(("'s", "\u2019s", "s'", "s\u2019")) and word[:-2] not in _OWNERS
    return owns or (word.isupper() and len(word) > _LONGEST_ABBREVIATION)


def _start(text: str, words: Sequence[str], low: int, end: int) -> int:
    """Return where the words before a place begin."""
    for word in reversed(words):
        end = text.rindex(word, low, end)
    return end


def _within(known: Sequence[gazetteer.Found], start: int, end: int) -> list[gazetteer.Found]:
    return [hit for hit in known if start <= hit[0] and hit[1] <= end]


def _through(text: str, end: int, known: Sequence[gazetteer.Found]) -> tuple[int, bool]:
    """Return where a name ends whose head does, and whether something follows the head."""
    first = end
    starts = {hit[0]: hit for hit in known}
    while joint := _JOINT.match(text, end):
        at = joint.end()
        item = _ITEM.match(text, at)
        if item is None or item[0].split()[0] in _NO_ITEM:
            break
        hit = starts.get(at)
        past = max(hit[1] if hit else 0, _trimmed(text, *item.span()))
        if past <= at:
            break
        more = _MORE.match(text, past)
        if more and (past == item.end() or (hit and joint[1] == "for")):
            past = _listed(text, more.end(), past, starts, towards=joint[1] == "for")
        end = past
        if text[end - 2 : end] in ("'s", "\u2019s"):
            end -= 2
            break
    return end, end > first


def _listed(
    text: str, at: int, past: int, starts: Mapping[int, gazetteer.Found], *, towards: bool
) -> int:
    """Return where a name ends that may go on with one thing more, after *and*.

    It does not with a body (*the Council of Europe and the General Assembly*), an abbreviation, or what
    is known by itself, but after *for*: *Commission for Asia and the Far East*.
    """
    following, known = _ITEM.match(text, at), starts.get(at)
    if following is None or following[0].isupper() or (known and not towards):
        return past
    if any(_KIND[head] == "organisation" for head in _HEAD.findall(following[0])):
        return past
    return known[1] if known else _trimmed(text, *following.span())


def _trimmed(text: str, start: int, end: int) -> int:
    """Return where an item ends, without a word of quality that waits for more."""
    item = text[start:end]
    last = item.rsplit(" ", 1)[-1]
    waits = last in gazetteer.demonyms() or _WAITS.fullmatch(last)
    if waits and " and " not in item:
        return start + max(item.rfind(" "), 0)
    return end


def _whole(before: list[str], head: str, after: bool, known: Sequence[gazetteer.Found]) -> bool:
    """Whether a head and what stands around it are a name and no general term."""
    demonyms = gazetteer.demonyms()
    bodies = {w for hit in known if hit[2][1] == "organisation" for w in hit[2][0].split()}
    words = [w for w in before if w[0].isupper() or w[0].isdigit()]
    if any(
        w not in _GENERAL and w not in demonyms and w not in bodies and not w[0].isdigit()
        for w in words
    ):
        return True
    if after or (len(words) > 1 and words[0][0].isdigit()):
        return bool(words) or head in _NAMED_OF
    nations = [w for w in words if w in demonyms]
    if nations:
        return head not in _STATE
    return len(words) > 1 and not bodies


@lru_cache(maxsize=2**12)
def is_name(name: str) -> str:
    """Return the kind of a whole name that says what it is, or nothing for one that does not."""
    return next((k for a, b, k, _ in find(name, ()) if b - a > 0.5 * len(name)), "")
