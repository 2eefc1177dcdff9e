"""A sentence as spaCy parsed it, with what the search for quotations asks of it."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from kit.annotate import Parse
from kit.corpus import Document

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_CUT = frozenset(("relcl", "acl", "appos", "advcl", "parataxis"))


class Passage:
    """The parse of a passage as plain lists, from which its sentences are cut."""

    def __init__(self, text: str, parse: Parse) -> None:
        self.text = text
        self.start: list[int] = parse.start.tolist()
        self.end: list[int] = parse.end.tolist()
        self.head: list[int] = parse.head.tolist()
        self.parse = parse
        numbers = parse.sentence
        firsts = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
        self.bounds: list[int] = [0, *firsts.tolist(), len(numbers)]
        self._made: dict[int, Sentence] = {}

    def sentence(self, token: int) -> "Sentence":
        """Return the sentence of a token."""
        number = bisect_right(self.bounds, token) - 1
        if number not in self._made:
            self._made[number] = Sentence(self, self.bounds[number], self.bounds[number + 1])
        return self._made[number]


class Passages:
    """The parsed passages of a document, made when they are asked for."""

    def __init__(self, document: Document, parsed: tuple[Parse, ...]) -> None:
        self._document = document
        self._parsed = parsed
        self._made: dict[int, Passage] = {}

    def __getitem__(self, number: int) -> Passage:
        if number not in self._made:
            self._made[number] = Passage(self._document.text(number), self._parsed[number])
        return self._made[number]


class Sentence:
    """The tokens of one sentence, numbered from 0; bounds are code points of the passage."""

    def __init__(self, passage: Passage, first: int, past: int) -> None:
        self.text = passage.text
        self.start = passage.start[first:past]
        self.end = passage.end[first:past]
        self.head = [h - first for h in passage.head[first:past]]
        self.tag = passage.parse.tag[first:past]
        self.dep = passage.parse.dep[first:past]
        self.first = first
        size = len(self.start)
        children: list[list[int] | tuple[int, ...]] = [()] * size
        for i, head in enumerate(self.head):
            if head != i and 0 <= head < size:
                own = children[head]
                if own:
                    own.append(i)  # type: ignore[union-attr]  # a list, since it is not empty
                else:
                    children[head] = [i]
        self.children: Sequence[Sequence[int]] = children
        self._edges: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self.start)

    def word(self, i: int) -> str:
        """Return a token in small letters."""
        return self.text[self.start[i] : self.end[i]].lower()

    def child(self, i: int, *deps: str) -> int:
        """Return the first child of a token with one of some relations, or -1."""
        for c in self.children[i]:
            if self.dep[c] in deps:
                return c
        return -1

    def tree(self, i: int) -> list[int]:
        """Return a token and all that hangs on it, in order."""
        found, open_ = [i], [i]
        while open_:
            children = self.children[open_.pop()]
            found.extend(children)
            open_.extend(children)
        return sorted(found)

    def edges(self, i: int) -> tuple[int, int]:
        """Return the first and the last token of what hangs on a token."""
        if i not in self._edges:
            low = high = i
            open_ = [i]
            while open_:  # children are in order
                own = self.children[open_.pop()]
                if own:
                    low = own[0] if own[0] < low else low
                    high = own[-1] if own[-1] > high else high
                    open_.extend(own)
            self._edges[i] = (low, high)
        return self._edges[i]

    def subject(self, verb: int) -> int:
        """Return the subject of a verb, its own or that of the verb it goes with, or -1."""
        seen = 0
        while seen < len(self.start):
            seen += 1
            own = self.child(verb, "nsubj", "nsubjpass", "expl")
            if own >= 0:
                empty = seen > 1 and self.word(own) in ("it", "there")
                return -1 if empty or self.dep[own] == "expl" else own
            dep, head = self.dep[verb], self.head[verb]
            if head == verb or not 0 <= head < len(self.start):
                return -1
            if dep in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "parataxis"):
                object_ = self.child(head, "dobj") if dep == "xcomp" else -1
                if object_ >= 0 and self.word(head) not in _HAVE:
                    return object_
                verb = head
            elif dep == "prep":
                verb = head
            elif dep == "acl" or (dep == "relcl" and self.tag[head].startswith("N")):
                if self.word(self.edges(verb)[0]) == "to" or self.dep[head] == "attr":
                    verb = head  # *had occasion to say*, *there is reason to hope*
                    continue
                return head
            elif dep in ("pobj", "dobj", "attr", "acomp", "auxpass", "aux"):
                verb = head
            else:
                return -1
        return -1

    def noun_phrase(self, noun: int) -> tuple[int, int]:
        """Return the first and last token of a noun phrase, without clauses that hang on it."""
        low, high = noun, noun
        open_ = [noun]
        while open_:
            at = open_.pop()
            for child in self.children[at]:
                dep = self.dep[child]
                if dep in _CUT or dep == "punct" or (child > at and dep == "cc"):
                    continue
                if dep == "conj" and self.tag[child].startswith("V"):
                    continue
                if dep == "prep" and (at != noun or self.word(child) not in _OF):
                    continue
                low, high = min(low, child), max(high, child)
                open_.append(child)
        return low, high

    def trimmed(self, low: int, high: int) -> tuple[int, int]:
        """Return the bounds in the text of tokens, without marks and *that* at their edges."""
        while low < high and self._empty(low, first=True):
            low += 1
        while high > low and self._empty(high, first=False):
            high -= 1
        return self.start[low], self.end[high]

    def _empty(self, i: int, *, first: bool) -> bool:
        text = self.text[self.start[i] : self.end[i]]
        if not any(c.isalnum() for c in text):
            return text not in "$([" if first else text not in "%)]"
        if not first:
            return self.dep[i] == "cc"
        return self.dep[i] == "cc" or (self.dep[i] == "mark" and text.lower() == "that")


_HAVE = frozenset(("have", "has", "had", "having"))  # *had this to say*
_OF = frozenset(("of", "for", "from", "in", "on"))
