"""What reports words have in common: the report, its clause, whether it is denied."""

from dataclasses import dataclass

from kit.quotes.syntax import SUBJECTS, Sentence
from kit.quotes.verbs import Verb

NOT, SHOULD = "not", "should"
_NEGATIONS = frozenset(("not", "n't", "never", "no", "nobody", "none", "neither", "nor", "hardly"))
# *has not failed to say*: it is said
_BUT_DOES = frozenset(
    "fail failed fails hesitate hesitated hesitates forget forgotten cease ceased tire".split()
)
_DUTY = frozenset(("must", "should", "ought", "shall"))
_WH = frozenset(("whether", "if", "what", "why", "how", "when", "where", "who", "which"))


@dataclass(slots=True)
class Report:
    """One report of words: all bounds are code points of a passage; speaker tokens are of ``sentence``."""

    verb: Verb
    sentence: Sentence
    at: int  # token of the verb
    speaker: int  # token, -1 for none
    pieces: list[tuple[int, int]]
    cue: tuple[int, int]
    mode: str = ""
    frame: str = "that"  # what the verb takes here: that, to, order, thing


def clause_edges(s: Sentence, child: int, at: int) -> tuple[int, int]:
    """Return the tokens of a clause, and of those beside it that can only be its own verbs."""
    low, high = s.edges(child)
    mark = s.child(child, "mark")
    if mark >= 0 and s.word(mark) == "that" and mark > at:
        low = mark + 1
    for other in s.children[at]:
        if other < high or s.dep[other] != "conj" or s.tag[at] in ("VB", "VBG", "VBN"):
            continue
        bare = s.child(other, "nsubj", "aux") < 0 and s.tag[other] in ("VBZ", "VBP", "VBD")
        if bare and s.tag[other] != s.tag[at]:
            high = s.edges(other)[1]
    return max(low, at + 1), high


def marked(s: Sentence, clause: int, after: int = -1) -> bool:
    """Whether a clause begins with *that*, after a token."""
    low, _ = s.edges(clause)
    if s.word(low) == "that" and low > after and s.dep[low] not in ("dobj", "nsubj", "pobj"):
        return True
    mark = s.child(clause, "mark")
    return mark > after and s.word(mark) == "that"


def finite(s: Sentence, clause: int) -> bool:
    """Whether a clause has a subject, or a question word: *said that it rains*, *asks what to do*."""
    if any(s.dep[c] in SUBJECTS for c in s.children[clause]):
        return True
    if marked(s, clause):
        return True
    low, _ = s.edges(clause)
    return s.word(low) in _WH


def without(s: Sentence, clause: int, low: int, high: int) -> list[tuple[int, int]] | None:
    """Return a clause without a stretch of it; a mere adverb before the stretch falls away."""
    first, last = s.edges(clause)
    pieces = []
    if first < low and any(
        s.tag[i][:2] in ("NN", "PR", "VB", "MD") or s.dep[i] in SUBJECTS for i in range(first, low)
    ):
        pieces.append(s.trimmed(first, low - 1))
    if high < last and any(s.word(i)[:1].isalnum() for i in range(high + 1, last + 1)):
        pieces.append(s.trimmed(high + 1, last))
    return pieces or None


def clause_of_noun(s: Sentence, noun: int, at: int) -> list[tuple[int, int]] | None:
    """Return the clause of *the hope that it rains*, or None."""
    for clause in (c for holder in (noun, at) for c in s.children[holder]):
        if clause < noun or s.dep[clause] not in ("acl", "ccomp", "relcl", "advcl"):
            continue
        whole = any(s.dep[c] in SUBJECTS and s.word(c) != "that" for c in s.children[clause])
        if whole and marked(s, clause):
            return [s.trimmed(*s.edges(clause))]
    return None


def mode(s: Sentence, at: int) -> str:
    """Return whether it is said, or ``not`` said, or ``should`` be."""
    verb, mode, first = at, "", True
    while True:
        if not first and s.word(verb) in _BUT_DOES:
            return ""
        for child in s.children[verb]:
            word = s.word(child)
            if s.dep[child] in ("neg", "nsubj", "preconj") and word in _NEGATIONS:
                return NOT
            if s.dep[child] in ("nsubj", "nsubjpass") and first:
                low, _ = s.edges(child)
                if s.word(low) in _NEGATIONS and s.word(child) != "i":
                    return NOT
            if s.dep[child] == "aux" and word in _DUTY:
                mode = SHOULD
        first = False
        head = s.head[verb]
        if s.dep[verb] not in ("xcomp", "conj") or head == verb or not 0 <= head < len(s):
            break
        if s.dep[verb] == "conj" and s.child(verb, "nsubj", "aux") >= 0:
            break
        if s.dep[verb] == "conj" and not s.tag[head].startswith("VB"):
            break
        verb = head
    subject = s.subject(at)
    return "" if mode and subject >= 0 and s.word(subject) == "i" else mode
