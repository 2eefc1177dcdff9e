"""What a time or a number is about: a few words of its clause, by spaCy's parse."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kit.annotate import Parse, annotate
from kit.corpus import Corpus, Span

LONGEST = 12  # words of a noun phrase; a longer one is cut before its last preposition
NEAR = 4  # words between a verb and its infinitive that are shown together
_NOUNS = ("NOUN", "PROPN", "PRON", "NUM")
_VERBS = ("VERB", "AUX")
_BEFORE_NOUN = frozenset(
    "det amod compound nummod poss case quantmod nmod advmod predet punct neg npadvmod".split()
)
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_OBJECTS = ("dobj", "attr", "acomp", "oprd", "dative", "xcomp")
_KEPT_PREPOSITIONS = frozenset(
    ("of", "for", "in", "on", "with", "between", "against", "to", "from")
)
_EMPTY = frozenset(
    "course total number maximum minimum end beginning rest period start middle sum".split()
)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Tree:
    """The parse of a sentence with the text of its passage, and what hangs on each token."""

    text: str
    pos: tuple[str, ...]
    dep: tuple[str, ...]
    head: list[int]
    start: list[int]
    end: list[int]
    children: dict[int, list[int]]

    @classmethod
    def of(cls, text: str, parse: Parse, first: int, past: int) -> "Tree":
        """Return the tree of a sentence, given its tokens."""
        head = (parse.head[first:past] - first).tolist()
        children: dict[int, list[int]] = {}
        for i, above in enumerate(head):
            if above != i:
                children.setdefault(above, []).append(i)
        start, end = parse.start[first:past].tolist(), parse.end[first:past].tolist()
        return cls(text, parse.pos[first:past], parse.dep[first:past], head, start, end, children)

    def token(self, at: int) -> int:
        """Return the token that a character is in or before; -1 past the last."""
        i = bisect_left(self.end, at + 1)
        return i if i < len(self.end) else -1

    def word(self, i: int) -> str:
        """Return a token as written."""
        return self.text[self.start[i] : self.end[i]]

    def words(self, first: int, last: int) -> str:
        """Return the text from a token to another, both inclusive."""
        return _BLANKS.sub(" ", self.text[self.start[first] : self.end[last]])

    def below(self, i: int) -> list[int]:
        """Return what hangs on a token, in reading order."""
        return self.children.get(i, [])

    def child(self, i: int, *relations: str) -> int:
        """Return the first token that hangs on another by one of some relations, else -1."""
        return next((c for c in self.below(i) if self.dep[c] in relations), -1)

    def above(self, i: int) -> Iterator[int]:
        """Yield what governs a token, up to the root."""
        while self.head[i] != i:
            i = self.head[i]
            yield i

    def verb(self, i: int) -> int:
        """Return the verb that governs a token, or the token if it is one; -1 for none."""
        for j in (i, *self.above(i)):
            if self.pos[j] in _VERBS and self.dep[j] not in ("aux", "auxpass", "amod"):
                return j
        return -1

    def subject(self, verb: int) -> int:
        """Return the subject of a verb, also one that it shares with the verb it is joined to."""
        for _ in range(4):
            found = self.child(verb, *_SUBJECTS)
            if found >= 0:
                return found
            relation = self.dep[verb]
            if relation == "acl" and any(self.word(c).lower() == "to" for c in self.below(verb)):
                verb = self.verb(self.head[verb])  # "is on track to exceed"
                if verb < 0:
                    return -1
                continue
            if relation in ("relcl", "acl"):
                return self.head[verb]
            if relation not in ("conj", "xcomp", "advcl", "ccomp") or self.head[verb] == verb:
                return -1
            verb = self.head[verb]
        return -1

    def noun(self, i: int) -> tuple[int, int]:
        """Return the first and last tokens of a noun phrase: what stands before its head, "
        "and *of ...*."""
        first = self._opens(i)
        last = i
        while True:
            after = next((c for c in self.below(last) if c == last + 1), -1)
            goes_on = after >= 0 and self.dep[after] == "prep"
            if not goes_on or self.word(after).lower() not in _KEPT_PREPOSITIONS:
                break
            inner = self.child(after, "pobj")
            if inner < 0 or inner - first >= LONGEST:
                break
            last = inner
            joined = self._joined(inner)
            if joined - first < LONGEST:
                last = joined
        return first, last

    def _joined(self, i: int) -> int:
        """Return the last noun that is joined to one at once: *Russia* of *China and Russia*."""
        other = self.child(i, "conj")
        if other < 0 or self.pos[other] not in _NOUNS:
            return i
        between = range(i + 1, self._opens(other))
        return other if all(self.dep[x] in ("cc", "punct") for x in between) else i

    def _opens(self, i: int) -> int:
        first = i
        for c in reversed([c for c in self.below(i) if c < i]):
            if self.dep[c] not in _BEFORE_NOUN or self._closes(c) != first - 1:
                break
            first = self._opens(c)
        if self.dep[first] == "punct" and self.word(first) not in ("-", "\u201c", '"'):
            return min(first + 1, i)
        return first

    def _closes(self, i: int) -> int:
        last = i
        while True:
            after = [c for c in self.below(last) if c > last]
            if not after:
                return last
            last = after[-1]

    def phrase(self, i: int) -> str:
        """Return a noun phrase as written."""
        return _tidy(self.words(*self.noun(i)))


def _tidy(phrase: str) -> str:
    return phrase.strip(" ,;:\u201c\u201d\"'()[]")


def trees(corpus: Corpus, spans: Sequence[Span]) -> Iterator[Tree | None]:
    """Yield the tree of the sentence in which each span begins; None where a text is not English."""
    english = any(corpus[name].language == "en" for name in {s.document for s in spans})
    parsed = annotate(corpus) if english else {}
    last: tuple[tuple[str, int, int], Tree | None] = (("", 0, 0), None)  # spans come in order
    for span in spans:
        if span.document not in parsed:
            yield None
            continue
        parse = parsed[span.document][span.paragraph]
        at = int(np.searchsorted(parse.end, span.start, side="right"))
        if at == len(parse.end):
            yield None
            continue
        number = int(parse.sentence[at])
        key = (span.document, span.paragraph, number)
        if last[0] != key:
            first, past = np.searchsorted(parse.sentence, (number, number + 1)).tolist()
            text = corpus[span.document].text(span.paragraph)
            last = (key, Tree.of(text, parse, first, past))
        yield last[1]


def clauses(corpus: Corpus, spans: Sequence[Span]) -> list[str]:
    """Return for each span what is said there: its noun, or subject, verb and object of its clause."""
    pairs = zip(trees(corpus, spans), spans, strict=True)
    return [clause(tree, s.start, s.end) if tree else "" for tree, s in pairs]


def clause(tree: Tree, start: int, end: int) -> str:
    """Return the noun that a stretch is part of, or subject, verb and object of its clause."""
    first = tree.token(start)
    if first < 0:
        return ""
    inside = [i for i in range(first, len(tree.end)) if tree.start[i] < end]
    if not inside:
        return ""
    within = set(inside)
    top = next((i for i in inside if tree.head[i] not in within or tree.head[i] == i), inside[0])
    noun = _holder(tree, top, within)
    while noun >= 0 and tree.word(noun).lower() in _EMPTY:
        within |= {
            noun,
            *tree.below(noun),
        }  # "in the course of", "a total of": what is meant is above
        top, noun = noun, _holder(tree, noun, within)
    if noun >= 0:
        return _without(tree, tree.noun(noun), within)
    verb = tree.verb(top)
    if verb < 0:
        return ""
    return _said(tree, verb, within)


def _holder(tree: Tree, top: int, within: set[int]) -> int:
    """Return the noun that a time belongs to: *relations* of *relations in 2024*; -1 for a clause."""
    above = tree.head[top]
    if above == top or above in within:
        return -1
    if (
        tree.dep[top] in ("compound", "poss", "nummod", "amod", "nmod")
        and tree.pos[above] in _NOUNS
    ):
        return above
    if tree.dep[above] == "prep" and tree.head[above] != above:
        higher = tree.head[above]
        if tree.pos[higher] in ("NOUN", "PROPN") and higher < top and higher not in within:
            return higher
    return -1


def _without(tree: Tree, bounds: tuple[int, int], within: set[int]) -> str:
    """Return a phrase without the words of the time itself."""
    first, last = bounds
    while last > first and (last in within or tree.pos[last] in ("ADP", "DET", "PUNCT")):
        last -= 1
    while first < last and (first in within or tree.dep[first] == "case"):
        first += 1
    return "" if first in within else _tidy(tree.words(first, last))


def _said(tree: Tree, verb: int, within: set[int]) -> str:
    """Return subject, verb with its negation, and object, as written."""
    parts = []
    subject = tree.subject(verb)
    if subject >= 0 and not within.intersection(range(*_past(tree.noun(subject)))):
        parts.append((tree.noun(subject)[0], tree.phrase(subject)))
    first = verb
    above = tree.head[verb]
    if tree.dep[verb] == "xcomp" and tree.pos[above] in _VERBS and 0 < verb - above <= NEAR:
        first = above  # "aim to have", "want to see"
    for c in tree.below(first):
        if (
            c < first
            and tree.dep[c] in ("aux", "auxpass", "neg")
            and all(tree.dep[x] in ("aux", "auxpass", "neg", "advmod") for x in range(c, first))
        ):
            first = min(first, c)
    said = tree.words(first, verb)
    parts.append((first, said))
    for c in tree.below(verb):
        if c > verb and c not in within:
            piece = _complement(tree, c, within)
            if piece:
                parts.append((c, piece))
                break
    return _BLANKS.sub(" ", " ".join(words for _, words in sorted(parts)))


def _complement(tree: Tree, i: int, within: set[int]) -> str:
    """Return an object or what a verb needs beside it: *to rise*, *at 5 percent*, *in Beijing*."""
    relation = tree.dep[i]
    if relation == "xcomp" and tree.pos[i] in _VERBS:
        pieces = (_complement(tree, c, within) for c in tree.below(i) if c > i and c not in within)
        lead = "to " if any(tree.word(c).lower() == "to" for c in tree.below(i) if c < i) else ""
        return f"{lead}{tree.word(i)} {next(pieces, '')}".strip()
    if relation in _OBJECTS:
        return _without(tree, tree.noun(i), within)
    if relation == "prt":
        return tree.word(i)
    if relation in ("prep", "agent"):
        inner = tree.child(i, "pobj")
        if inner >= 0 and not within.intersection(range(*_past(tree.noun(inner)))):
            return f"{tree.word(i)} {tree.phrase(inner)}"
    return ""


def _past(bounds: tuple[int, int]) -> tuple[int, int]:
    return bounds[0], bounds[1] + 1
