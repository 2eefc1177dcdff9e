"""Who and what is named: people, organisations, places, initiatives, documents, events."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from kit import gazetteer, language, tokens
from kit.annotate import GAZETTEER, Parse, annotate
from kit.corpus import Corpus, Document, Span
from kit.finding import Finding, spellings
from kit.language import chinese, russian
from kit.matching import Matcher

KINDS = ("person", "organisation", "place", "initiative", "document", "event", "facility")
PLURALS = {
    kind: "people" if kind == "person" else f"{kind}s".replace("ys", "ies") for kind in KINDS
}
_FROM_MODEL = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "facility",
    "EVENT": "event",
    "LAW": "document",
}
_TITLES = (
    "President|Vice President|Premier|Vice Premier|Prime Minister|Chancellor|Chairman|Chairwoman|Chair|"
    "Vice Chair|"
    ""
    "Governor|King|Queen|Emperor|Prince|Princess|Pope|Secretary-General|Secretary General|General Secretary|"
    "Secretary of State|Foreign Minister|Defense Minister|Defence Minister|Minister|Ambassador|Senator|"
    "Speaker|General|Admiral|Marshal|Comrade|Director-General|Director General|Mr|Mrs|Ms|Dr|Professor|Sir"
)
# A name that only the model knows must have a word of its kind; its guesses are wrong too often.
_HEADS = {
    "organisation": (
        """
            Academy Administration Agency Alliance Army Assembly Association Authority Bank
            Board Bureau
        """
        "Cabinet Center Centre Chamber Coalition College Commission Committee Commonwealth Company "
        """
            Confederation Congress Corporation Corps Council Court Department Directorate
            Federation Fleet
        """
        """
            Force Forces Foundation Front Fund Government Guard Group Institute Institution
            League Ministry
        """
        """
            Mission Movement Navy Office Organisation Organization Parliament Party Police
            Secretariat
        """
        "Senate Service Services Society Treasury Tribunal Union University"
    ),
    "event": (
        "Championship Championships Conference Congress Crisis Cup Earthquake Expo Exposition Fair "
        "Festival Forum Games Massacre Olympics Revolution Session Summit Uprising War Wars"
    ),
    "document": (
        """
            Accord Accords Act Agreement Charter Code Communique Compact Constitution Convention
            Covenant
        """
        "Declaration Doctrine Law Memorandum Pact Protocol Resolution Treaty"
    ),
    "facility": (
        """
            Airport Barrier Base Bridge Canal Dam Gate Hall Harbor Harbour Highway House Palace
            Pipeline
        """
        "Plant Port Prison Railway Square Station Temple Terminal Tower Tunnel Wall"
    ),
    "sea or land": (
        """
            Basin Bay Cape Coast Corridor Desert Gulf Island Islands Lake Mountain Mountains
            Ocean Peninsula
        """
        "Plateau Province Region River Sea Strait Straits Territories Valley"
    ),
}
_HEAD_WORDS = {kind: frozenset(words.split()) for kind, words in _HEADS.items()}
_SURNAMES_THAT_ARE_WORDS = frozenset(
    """
        baker black brown bush church clay field ford gates grant green hill hope hull king long
        mark may pierce powers price rice rush rusk white will wood young
    """.split()
)
_NO_PERSON = frozenset(
    ["address", "keynote", "remarks", "speech", "statement", "theory", "thought"]
)
_ROLE = re.compile(rf"(?:\b(?P<nation>[A-Z][a-z]+) )?\b(?P<title>(?:{_TITLES})\.?) $")
_ROLE_AFTER = re.compile(rf", (?P<title>(?:{_TITLES}))(?=[;,.]| of )")
_LEADING_TITLE = re.compile(rf"^(?:(?:{_TITLES})\.? )+")
_LEADING_HONORIFIC = re.compile(r"^(?:H\.\s?E\.|Hon\.|His Excellency|Her Excellency) ")
_LEADING_ARTICLE = re.compile(r"^[Tt]he ")
_POSSESSIVE = re.compile(r"['\u2019]s?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where something is named: the citation form, its kind, and how it stands there."""

    name: str
    kind: str
    span: Span
    role: str = ""
    adjective: bool = False


def names(corpus: Corpus) -> Finding:
    """List what English, Chinese and Russian texts name, one row one thing.

    Columns: name (citation form), kind, mentions (in paragraphs), adjectives (of them, such as
    *Chinese* for China), in_title, texts, first (paragraph of the first mention in the earliest
    text), forms (as they stand in the texts, with counts), role (of people, as the text gives it).
    In order of kind, then of mentions, then of first place.
    """
    grouped: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for mention in mentions(corpus):
        grouped[mention.kind, mention.name].append(mention)
    rows, evidence, keys = [], [], []
    for (kind, name), found in grouped.items():
        body = [m for m in found if m.span.paragraph]
        roles = Counter(m.role for m in found if m.role)
        first = (body or found)[0].span
        rows.append(
            (
                name,
                kind,
                len(body),
                sum(m.adjective for m in body),
                len(found) - len(body),
                len({m.span.document for m in found}),
                first.paragraph,
                spellings(_POSSESSIVE.sub("", corpus.text(m.span)) for m in found),
                roles.most_common(1)[0][0] if roles else "",
            )
        )
        evidence.append(tuple(m.span for m in (body or found)))
        keys.append((KINDS.index(kind), -len(body), first.paragraph, first.start))
    order = sorted(range(len(rows)), key=keys.__getitem__)
    return Finding(
        "names",
        "Who and what is named",
        pd.DataFrame(
            [rows[i] for i in order],
            columns="""
                name kind mentions adjectives in_title texts first forms role
            """.split(),
        ),
        corpus,
        "The gazetteer first, then spaCy's names; forms and abbreviations of one thing are one row; "
        "a country's adjective and people count for it.",
        tuple(evidence[i] for i in order),
        _caveats(corpus),
    )


def _caveats(corpus: Corpus) -> tuple[str, ...]:
    codes = sorted({d.language for d in corpus})
    others = [code for code in codes if code not in ("en", *_FOREIGN)]
    unread = f"Texts in {', '.join(others)} were not searched." if others else ""
    return tuple(filter(None, (unread, *(language.missing(code) for code in codes))))


def of_kind(finding: Finding, *kinds: str) -> Finding:
    """Return a finding of ``names`` cut to some kinds, named after them."""
    kept = [i for i, kind in enumerate(finding.table["kind"]) if kind in kinds]
    return Finding(
        f"{finding.name}-{kinds[0]}",
        ", ".join(PLURALS[kind] for kind in kinds).capitalize(),
        finding.table.iloc[kept],
        finding.corpus,
        finding.method,
        tuple(finding.evidence[i] for i in kept),
        finding.caveats,
    )


@lru_cache(maxsize=8)
def mentions(corpus: Corpus) -> tuple[Mention, ...]:
    """Return all mentions in reading order."""
    parsed = annotate(corpus)
    found: list[Mention] = []
    for document in corpus:
        if document.id in parsed:
            found.extend(_in_document(document, parsed[document.id]))
    for code in sorted({d.language for d in corpus} & set(_FOREIGN)):
        found.extend(_in_language(corpus, code))
    order = {document.id: i for i, document in enumerate(corpus)}
    found.sort(key=lambda m: (order[m.span.document], m.span))
    return tuple(m for m in found if m.kind != "person" or m.role or not _of_words(m.name, corpus))


def _of_words(name: str, corpus: Corpus) -> bool:
    """Whether a supposed person is made of words that the texts also write small: *Mother Earth*."""
    words = {w.lower() for w in name.split()} - _SURNAMES_THAT_ARE_WORDS
    return not words.isdisjoint(_NO_PERSON | _written_small(corpus))


@lru_cache(maxsize=8)
def _written_small(corpus: Corpus) -> frozenset[str]:
    return frozenset(w for w in tokens.of(corpus).vocabulary if w.islower())


_FOREIGN = ("zh", "ru")


def _in_language(corpus: Corpus, code: str) -> Iterator[Mention]:
    """Yield the mentions in Chinese or Russian texts: the gazetteer, then the language's own means."""
    t = tokens.of(corpus)
    taken: dict[tuple[str, int], set[int]] = defaultdict(set)
    for match in _foreign_gazetteer(code).find(t):
        span = t.span(match.first, match.last)
        taken[span.document, span.paragraph].update(range(span.start, span.end))
        yield Mention(*match.key, span)
    if language.missing(code):
        return
    model = chinese if code == "zh" else russian
    for document in corpus:
        if document.language != code:
            continue
        for number, text in document.passages():
            for start, end, label in model.names(text):
                if taken[document.id, number].isdisjoint(range(start, end)):
                    name = text[start:end]
                    if code == "ru" and label == "LOC" and name.isalpha():
                        name = russian.lemma(russian.fold(name)).capitalize()  # В Москве: Москва
                    yield Mention(name, _FROM_MODEL[label], Span(document.id, number, start, end))


@lru_cache(maxsize=2)
def _foreign_gazetteer(code: str) -> Matcher[gazetteer.Known]:
    return Matcher(gazetteer.patterns(code), code)


def _in_document(document: Document, parsed: tuple[Parse, ...]) -> list[Mention]:
    found = [
        mention
        for number, parse in enumerate(parsed)
        for mention in _in_passage(document, number, parse)
    ]
    found += _by_abbreviation(document, found)
    found.sort(key=lambda m: m.span)
    people = {m.name for m in found if m.kind == "person" and " " in m.name}
    resolved = []
    for mention in found:
        name, kind = mention.name, mention.kind
        if kind == "person" and " " not in name:
            full = [p for p in sorted(people) if name in (p.split()[0], p.split()[-1])]
            if len(full) != 1 and not mention.role:
                continue  # one word is a person only where the text gives a title or a full name
            name = full[0] if len(full) == 1 else name
        resolved.append(Mention(name, kind, mention.span, mention.role, mention.adjective))
    return resolved


def _in_passage(document: Document, number: int, parse: Parse) -> Iterator[Mention]:
    text = document.text(number)
    taken: list[tuple[int, int]] = []
    found: list[Mention] = []
    for start, end, label in parse.names:
        mention = _mention(document, number, start, end, label)
        if mention is not None:
            found.append(mention)
            taken.append((start, end))
    for start, end in _adjectives(text):
        if not any(a < end and start < b for a, b in taken):
            country = gazetteer.demonyms()[text[start:end]]
            found.append(
                Mention(country, "place", Span(document.id, number, start, end), adjective=True)
            )
    yield from sorted(found, key=lambda m: m.span)


def _mention(document: Document, number: int, start: int, end: int, label: str) -> Mention | None:
    text = document.text(number)
    if label.startswith(GAZETTEER):
        name, kind = gazetteer.english()[gazetteer.folded(text[start:end])]
        return Mention(name, kind, Span(document.id, number, start, end))
    kind = _FROM_MODEL.get(label, "")
    if not kind:
        return None
    written = text[start:end]
    role = ""
    if kind == "person":
        lead = _LEADING_HONORIFIC.match(written)
        start += lead.end() if lead else 0
        lead = _LEADING_TITLE.match(text[start:end])
        start += lead.end() if lead else 0
        before = _ROLE.search(text[:start])
        after = _ROLE_AFTER.match(text, end)
        role = _role(before) if before else after["title"] if after else ""
    else:
        lead = _LEADING_ARTICLE.match(written)
        start += lead.end() if lead else 0
    end -= len(text[start:end]) - len(_POSSESSIVE.sub("", text[start:end]))
    name = text[start:end]
    if gazetteer.folded(name) in gazetteer.english():
        name, kind = gazetteer.english()[gazetteer.folded(name)]
    elif name in gazetteer.demonyms() or not _plausible(name, label):
        return None
    return Mention(name, kind, Span(document.id, number, start, end), role)


def _role(match: re.Match[str]) -> str:
    nation = match["nation"] if match["nation"] in gazetteer.demonyms() else ""
    return f"{nation} {match['title']}".strip()


def _plausible(name: str, label: str) -> bool:
    """Whether what the model calls a name has the form of one of its kind."""
    words = name.split()
    kind = _FROM_MODEL[label]
    if not words or not name[0].isupper() or not words[-1][0].isupper() or words[-1] in _TRAILING:
        return False
    if any(c.isdigit() for c in name):
        return False
    if kind == "person":
        bare = [re.sub(r"[-.'\u2019]", "", word) for word in words]
        return len(words) <= 4 and all(w.isalpha() and w[0].isupper() for w in bare)
    if label == "GPE":
        return not name.isupper() and name.lower() not in _common_words()
    heads = _HEAD_WORDS["sea or land" if label == "LOC" else kind]
    return len(words) > 1 and bool(heads.intersection(words))


_TRAILING = frozenset(("I", "II", "III", "IV"))


def _adjectives(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the adjectives and names of peoples, the longest first."""
    return (match.span() for match in gazetteer.any_demonym().finditer(text))


def _by_abbreviation(document: Document, found: list[Mention]) -> list[Mention]:
    """Return the mentions by an abbreviation that the text itself introduces: ``Long Name (LN)``."""
    long: dict[str, Mention] = {}
    for mention in found:
        rest = document.text(mention.span.paragraph)[mention.span.end :]
        match = re.match(r" \((?:the )?[\"\u201c]?([A-Z][A-Za-z&]{1,9})[\"\u201d]?\)", rest)
        if (
            match
            and gazetteer.folded(match[1]) not in gazetteer.english()
            and match[1] != mention.name
        ):
            long.setdefault(match[1], mention)
    if not long:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, long))})(?!\w)")
    taken = {(m.span.paragraph, i) for m in found for i in range(m.span.start, m.span.end)}
    return [
        Mention(long[match[0]].name, long[match[0]].kind, Span(document.id, number, *match.span()))
        for number, text in document.passages()
        for match in pattern.finditer(text)
        if (number, match.start()) not in taken
    ]


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Return the words of general English that are no place when they stand alone."""
    from wordfreq import top_n_list  # noqa: PLC0415

    return frozenset(top_n_list("en", 3000)) - {form.lower() for form in gazetteer.english()}
