"""Indirect speech without a verb of speech: *we are sure that*, *our hope is that*, *according to*."""

from kit.quotes.clauses import Report, clause_edges, clause_of_noun, finite, marked, mode, without
from kit.quotes.syntax import Sentence
from kit.quotes.verbs import Verb

_BE = frozenset(
    ("be", "is", "are", "was", "were", "been", "am", "'s", "'re", "'m", "remains", "remain")
)


def adjective(s: Sentence, at: int, verb: Verb) -> Report | None:
    """Return what *confident* or the like reports: *we are confident that it rains*."""
    head = s.head[at]
    if 0 <= head < len(s) and s.word(head) in ("make", "makes", "made", "making"):
        return None
    be = head if s.dep[at] in ("acomp", "attr", "oprd") and 0 <= head < len(s) else -1
    if (
        be < 0
        and s.child(at, "auxpass", "cop") < 0
        and s.dep[at] not in ("advcl", "conj", "acl", "ROOT")
    ):
        return None
    for holder in (at, be):
        for clause in s.children[holder] if holder >= 0 else ():
            if clause > at and s.dep[clause] in ("ccomp", "advcl", "acl") and finite(s, clause):
                if s.dep[clause] != "ccomp" and not marked(s, clause):
                    continue
                subject = s.subject(at)
                if subject < 0 or s.word(subject) == "it":
                    return None
                pieces = [s.trimmed(*clause_edges(s, clause, at))]
                low = s.noun_phrase(subject)[0]
                cue = (s.start[low if low < at and at - low < 8 else at], s.end[at])
                return Report(verb, s, at, subject, pieces, cue, mode(s, be if be >= 0 else at))
    return None


def noun(s: Sentence, at: int, verb: Verb) -> Report | None:
    """*It is our hope that it rains*, *my view is that*, *in our opinion*, *cherished hopes that*."""
    owner = s.child(at, "poss")
    head = s.head[at]
    clause = None
    if s.dep[at] == "pobj" and head >= 0 and s.word(head) == "in":
        if owner < 0 and s.child(at, "det") >= 0:  # but not *in view of*
            of = next((c for c in s.children[at] if s.word(c) == "of"), -1)
            owner = s.child(of, "pobj") if of >= 0 else -1
        main = s.head[head]
        if owner < 0 or not 0 <= main < len(s) or not s.tag[main].startswith("VB"):
            return None
        low, high = s.edges(head)
        clause = without(s, main, low, high)
    else:
        clause = clause_of_noun(s, at, at)
        be = head if 0 <= head < len(s) and s.word(head) in _BE else -1
        if clause is None and be >= 0:
            clause = clause_of_noun(s, max(at, be), be) if s.dep[at] in ("attr", "nsubj") else None
        if owner < 0 and s.dep[at] == "dobj" and s.tag[head].startswith("VB"):
            owner = s.subject(head)
    if clause is None or owner < 0:
        return None
    low, high = min(owner, at), max(owner, at)
    return Report(verb, s, at, owner, clause, (s.start[low], s.end[high]), mode(s, head))


def according(s: Sentence, at: int, verb: Verb) -> Report | None:
    """Return what *according to* names a source for."""
    to = at + 1
    if to >= len(s) or s.word(to) != "to":
        return None
    noun = s.child(to, "pobj")
    noun = s.child(at, "pobj") if noun < 0 else noun
    if noun < 0:
        return None
    low, high = at, s.noun_phrase(noun)[1]
    main = s.head[at]
    while 0 <= main < len(s) and not s.tag[main].startswith(("VB", "MD")) and s.head[main] != main:
        main = s.head[main]
    if not 0 <= main < len(s) or low <= main <= high:
        return None
    while s.dep[main] in ("xcomp", "aux", "auxpass", "conj") and s.head[main] != main:
        if s.dep[main] == "conj" and s.child(main, "nsubj", "nsubjpass") >= 0:
            break
        main = s.head[main]
    if s.child(main, "nsubj", "nsubjpass", "expl", "csubj") < 0:
        return None
    pieces = without(s, main, low, high)
    if pieces is None:
        return None
    return Report(verb, s, at, noun, pieces, (s.start[at], s.end[high]))
