"""A sentence as spaCy parsed it, with what the search for quotations asks of it."""

from functools import lru_cache

import numpy as np

from kit.annotate import Parse

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_CUT = frozenset(("relcl", "acl", "appos", "advcl", "parataxis"))


class Sentence:
    """The tokens of one sentence, numbered from 0; bounds are code points of the passage."""

    def __init__(self, text: str, parse: Parse, first: int, past: int) -> None:
        self.text = text
        self.start: list[int] = parse.start[first:past].tolist()
        self.end: list[int] = parse.end[first:past].tolist()
        self.head: list[int] = (parse.head[first:past] - first).tolist()
        self.tag = parse.tag[first:past]
        self.dep = parse.dep[first:past]
        self.first = first
        self.children: list[list[int]] = [[] for _ in self.start]
        for i, head in enumerate(self.head):
            if head != i and 0 <= head < len(self.start):
                self.children[head].append(i)
        self._edges: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self.start)

    def word(self, i: int) -> str:
        """Return a token in small letters."""
        return self.text[self.start[i] : self.end[i]].lower()

    def child(self, i: int, *deps: str) -> int:
        """Return the first child of a token with one of some relations, or -1."""
        return next((c for c in self.children[i] if self.dep[c] in deps), -1)

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
            while open_:
                for child in self.children[open_.pop()]:
                    low, high = min(low, child), max(high, child)
                    open_.append(child)
            self._edges[i] = (low, high)
        return self._edges[i]

    def subject(self, verb: int) -> int:
        """Return the subject of a verb, its own or that of the verb it goes with, or -1."""
        seen = 0
        while seen < len(self.start):
            seen += 1
            own = self.child(verb, "nsubj", "nsubjpass")
            if own >= 0:
                return own
            dep, head = self.dep[verb], self.head[verb]
            if head == verb or not 0 <= head < len(self.start):
                return -1
            if dep in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "parataxis"):
                if dep == "xcomp" and (object_ := self.child(head, "dobj")) >= 0:
                    return object_
                verb = head
            elif dep == "prep":
                verb = head
            elif dep == "acl" or (dep == "relcl" and self.tag[head].startswith("N")):
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


_OF = frozenset(("of", "for", "from", "in", "on"))




def sentences(text: str, parse: Parse, places: list[int]) -> dict[int, Sentence]:
    """Return for each token of a passage in `places` its sentence."""
    made: dict[int, Sentence] = {}
    numbers = parse.sentence
    for place in places:
        number = int(numbers[place])
        if number not in made:
            first = int(np.searchsorted(numbers, number))
            past = int(np.searchsorted(numbers, number, side="right"))
            made[number] = Sentence(text, parse, first, past)
    return {place: made[int(numbers[place])] for place in places}
