"""Who speaks: from the token of a subject to a name, or to the words that stand there."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from kit import gazetteer
from kit.corpus import Document
from kit.names import Mention
from kit.quotes.syntax import Passages, Sentence

SELF = "the speaker"  # of a text whose author is not known
MOST = 80  # characters of a speaker that is no name
BACK = 3  # sentences back in which the person of a pronoun is looked for
_SELF = frozenset(("i", "we", "me", "us", "my", "our", "ours", "mine", "myself", "ourselves"))
_HE = frozenset(("he", "she", "him", "her", "his"))
_THEY = frozenset(("they", "them", "their"))
_IT = frozenset(("it", "its"))
_PLAIN = {"him": "he", "his": "he", "her": "she", "them": "they", "their": "they", "its": "it"}
_RELATIVE = frozenset(("who", "which", "that", "whom"))
# Nouns for those who can speak, beside names; papers speak too, and so do sayings.
PERSONS = frozenset(
    """
    admiral adviser advisor ambassador analyst applicant astronaut author bishop captain chair
    chairman chairperson chairwoman chancellor chief citizen colleague commander commentator
    commissioner correspondent counsellor critic delegate deputy diplomat director doctor economist
    editor emperor engineer envoy expert father founder friend general governor guest head historian
    host journalist judge king lawyer leader lecturer man member minister mother negotiator neighbour
    neighbor nurse observer officer official one participant partner person philosopher physicist
    poet politician pope predecessor premier president prime prince professor prophet queen
    reporter representative researcher scholar scientist secretary secretary-general senator
    sociologist soldier someone somebody source speaker spokesman spokesperson spokeswoman
    statesman student successor teacher thinker undersecretary voter witness woman worker writer
    youth
    """.split()
)
BODIES = frozenset(
    """
    administration agency alliance army assembly authority bank board bloc body bureau cabinet camp
    circle city clique coalition college commission committee community company conference congress
    convention corporation council country court crowd delegation department embassy everybody
    everyone family federation firm fleet forum foundation front fund gathering government group
    house institute institution kingdom leadership league majority many media meeting ministry
    minority mission most movement nation navy none nobody office opposition organ organisation
    organization parliament party people peoples plenum police power presidency press public quarter
    regime republic secretariat senate service session side society some staff state summit team
    tribunal union university world anyone others few all both
    """.split()
)
PAPERS = frozenset(
    """
    account act agenda agreement amendment article assessment bill book bulletin charter clause
    communique constitution covenant data decision declaration decree doctrine document edict
    editorial essay estimate figure forecast gospel instruction journal law letter magazine
    manifesto memorandum message newspaper note order paper paragraph passage plan poem poll
    preamble projection proposal protocol proverb publication reading report resolution return
    rumour rumor saying scripture section song speech statement statistics statute story study
    survey telegram text theory treaty verse wisdom words
    """.split()
)
# What cannot speak whatever the verb: *experience has shown*.
_DUMB = frozenset(
    """
    this that what which experience history fact event result evidence situation circumstance reality
    practice time year development logic reason day these those anything something everything nothing
    there example
    """.split()
)
# Sources that *according to* names as a measure, not as one who says so.
_MEASURES = frozenset(
    """
    ability circumstance condition criterion custom need merit order plan principle procedure
    provision rule schedule wish will standard size requirement desire capacity means
    """.split()
)
_TITLE = re.compile(r"^(?:(?:Mr|Mrs|Ms|Dr|Messrs|Sir)\.? )+")
_BY = re.compile(
    r"\bby (?:(?:H\.\s?E\.|His|Her|Excellency|Mr\.?|Mrs\.?|Ms\.?|Dr\.?) ?)*(?:[A-Z][\w-]+ ){0,2}$"
)
_PLURAL = frozenset(("NNS", "NNPS"))


@dataclass(slots=True)
class Names:
    """The mentions of a passage, to be asked by place."""

    found: list[Mention]
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = [m.span.start for m in self.found]

    def at(self, place: int) -> Mention | None:
        """Return the mention that covers a place, no adjective."""
        i = bisect_right(self.starts, place) - 1
        while i >= 0 and i > bisect_right(self.starts, place) - 4:
            mention = self.found[i]
            if mention.span.start <= place < mention.span.end:
                return None if mention.adjective else mention
            i -= 1
        return None

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that begin in a stretch."""
        first = bisect_right(self.starts, start - 1)
        return self.found[first : bisect_right(self.starts, end - 1)]


EMPTY = Names([])


def author(document: Document, names: dict[int, Names]) -> str:
    """Return who speaks in a text: its author, else the one its title is *by*, else ``SELF``."""
    if document.author:
        return document.author
    for mention in names.get(0, EMPTY).found:
        if mention.kind == "person" and _BY.search(document.title[: mention.span.start]):
            return mention.name
    return SELF


class Speakers:
    """Finds the speakers of one document."""

    def __init__(self, document: Document, passages: Passages, names: dict[int, Names]) -> None:
        self._passages = passages
        self._names = names
        self.author = author(document, names)

    def name(self, number: int, s: Sentence, token: int) -> str:
        """Return the speaker that a token of a passage's sentence stands for, "" for none that can."""
        if token < 0:
            return ""
        word = s.word(token)
        if word in _SELF:
            return self.author
        if s.tag[token] in ("WP", "WDT") or (
            word in _RELATIVE and s.dep[token].startswith("nsubj")
        ):
            noun = _antecedent(s, token)
            return self.name(number, s, noun) if noun >= 0 else ""
        if s.tag[token].startswith("PRP"):
            found = self._of_pronoun(number, s, token, word)
            return found or _PLAIN.get(word, word)
        if word in _DUMB and not (word in ("those", "these") and s.children[token]):
            return ""
        joined = [token, *_joined(s, token)]
        parts = [self._one(number, s, i, alone=len(joined) == 1) for i in joined]
        return _listed([p for p in parts if p])

    def suitable(self, number: int, s: Sentence, token: int) -> bool:
        """Whether a token stands for one who can speak: a person, a body, a paper."""
        if token < 0:
            return False
        word = s.word(token)
        if s.tag[token] in ("WP", "WDT") or word in _RELATIVE:
            noun = _antecedent(s, token)
            return noun >= 0 and s.tag[noun].startswith("N") and self.suitable(number, s, noun)
        if s.tag[token].startswith("PRP"):
            return word not in _IT or bool(self._of_pronoun(number, s, token, word))
        mention = self._names.get(number, EMPTY).at(s.start[token])
        if mention is not None and mention.kind not in ("event", "initiative"):
            return True
        return (mention is None and s.tag[token].startswith("NNP")) or kind_of(word) != ""

    def is_measure(self, s: Sentence, token: int) -> bool:
        """Whether *according to* it means no source."""
        word = s.word(token)
        return word in _MEASURES or word.removesuffix("s") in _MEASURES or word in ("which", "whom")

    def _one(self, number: int, s: Sentence, token: int, *, alone: bool) -> str:
        names = self._names.get(number, EMPTY)
        low, high = s.noun_phrase(token) if alone else s.edges(token)
        if not alone:
            low, high = _own_phrase(s, token)
        mention = names.at(s.start[token])
        if mention is not None and _is_whole(s, token, mention):
            return mention.name
        for other in s.children[token]:
            if s.dep[other] == "appos" and other > token:
                named = names.at(s.start[other])
                if named is not None and named.kind == "person":
                    return named.name
                if s.tag[other] == "NNP" and s.tag[token] != "NNP":
                    return _TITLE.sub("", s.text[s.start[_own_phrase(s, other)[0]] : s.end[other]])
        text = s.text[s.start[low] : s.end[high]].strip()
        text = _TITLE.sub("", text)
        first = text.split(" ", 1)[0]
        small = s.tag[low] in _SMALL or (s.tag[low] in ("JJ", "NNS") and not _of_people(first))
        if small and text[1:2].islower():
            text = text[:1].lower() + text[1:]
        return text if len(text) <= MOST else text[:MOST].rsplit(" ", 1)[0] + " \u2026"

    def _of_pronoun(  # noqa: PLR0911
        self, number: int, s: Sentence, token: int, word: str
    ) -> str:
        """Return whom *he*, *it* or *they* stands for, "" where that is not plain."""
        kind = "he" if word in _HE else "they" if word in _THEY else "it" if word in _IT else ""
        if not kind:
            return ""
        for i in range(token):
            if (
                s.dep[i].startswith("nsubj")
                and self._fits(number, s, i, kind)
                and i not in s.tree(token)
            ):
                return self._noun(number, s, i)
        if kind == "he":
            people = self._people(number, s.start[0], s.start[token])
            if len(people) == 1:
                return people.pop()
        for place, before in enumerate(self._before(number, s)):
            n, other = before
            subjects = [i for i in range(len(other)) if other.dep[i].startswith("nsubj")]
            top = [i for i in subjects if other.dep[other.head[i]] in ("ROOT", "ccomp", "conj")]
            if kind == "they" and any(other.word(i) in _THEY for i in top):
                continue
            for i in top if kind != "it" else top[:1]:
                if self._fits(n, other, i, kind):
                    return self._noun(n, other, i)
            if kind == "he":
                people = self._people(n, other.start[0], other.end[-1])
                if len(people) == 1:
                    return people.pop()
            if kind == "it" and place:
                return ""
        return ""

    def _people(self, number: int, start: int, end: int) -> set[str]:
        named = self._names.get(number, EMPTY).within(start, end)
        return {m.name for m in named if m.kind == "person"}

    def _noun(self, number: int, s: Sentence, token: int) -> str:
        return "" if s.tag[token].startswith(("PRP", "W")) else self.name(number, s, token)

    def _fits(self, number: int, s: Sentence, token: int, kind: str) -> bool:
        if not s.tag[token].startswith("N"):
            return False
        mention = self._names.get(number, EMPTY).at(s.start[token])
        several = s.tag[token] in _PLURAL or bool(_joined(s, token))
        known = kind_of(s.word(token))
        if kind == "they":
            return several and (mention is not None or known in ("person", "body"))
        if several:
            return False
        if kind == "he":
            person = mention is not None and mention.kind == "person"
            appos = any(s.dep[c] == "appos" and s.tag[c] == "NNP" for c in s.children[token])
            return (
                person
                or (mention is None and (known == "person" or appos))
                or (
                    mention is None
                    and s.tag[token] == "NNP"
                    and s.word(token - 1 if token else 0) in ("mr", "mr.", "mrs", "mrs.")
                )
            )
        return (mention is not None and mention.kind != "person") or known in ("body", "paper")

    def _before(self, number: int, s: Sentence) -> list[tuple[int, Sentence]]:
        """Return the sentences before one, nearest first, with the numbers of their passages."""
        found: list[tuple[int, Sentence]] = []
        first = s.first
        while len(found) < BACK and number >= 1:
            passage = self._passages[number]
            while first > 0 and len(found) < BACK:
                other = passage.sentence(first - 1)
                found.append((number, other))
                first = other.first
            number -= 1
            first = len(self._passages[number].start) if number >= 1 else 0
        return found


_SMALL = frozenset(("DT", "PRP$", "CD", "PDT", "IN", "NN"))


def _of_people(word: str) -> bool:
    return word in gazetteer.demonyms()


def kind_of(word: str) -> str:
    """Return ``person``, ``body`` or ``paper`` for a noun that can speak, else ""."""
    forms = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y",
             word.removesuffix("men") + "man")  # fmt: skip
    for form in forms:
        if form in PERSONS:
            return "person"
        if form in BODIES:
            return "body"
        if form in PAPERS:
            return "paper"
    return ""


def _antecedent(s: Sentence, relative: int) -> int:
    """Return the noun that *who* or *which* stands for, -1 for none."""
    verb = s.head[relative]
    for _ in range(8):
        if not 0 <= verb < len(s) or s.head[verb] == verb:
            return -1
        if s.dep[verb] in ("relcl", "acl"):
            noun = s.head[verb]
            return noun if noun < relative else -1
        verb = s.head[verb]
    return -1


def _joined(s: Sentence, token: int) -> list[int]:
    """Return the further nouns of *A, B and C*."""
    found = [c for c in s.children[token] if s.dep[c] == "conj" and s.tag[c][:2] in ("NN", "PR")]
    return [j for c in found for j in (c, *_joined(s, c))]


def _own_phrase(s: Sentence, token: int) -> tuple[int, int]:
    """Return the tokens of a noun with what stands before it."""
    low = token
    for child in s.children[token]:
        if child < token and s.dep[child] in ("det", "amod", "compound", "poss", "nummod", "nmod"):
            low = min(low, s.edges(child)[0])
    return low, token


def _is_whole(s: Sentence, token: int, mention: Mention) -> bool:
    """Whether a name is the noun itself, not a part of it: *China's delegation* is not *China*."""
    return mention.span.end >= s.end[token]


def _listed(parts: list[str]) -> str:
    parts = list(dict.fromkeys(parts))
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
