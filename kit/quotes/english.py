"""Indirect speech in English: reporting verbs with what hangs on them in the parse."""

from collections.abc import Iterator
from dataclasses import dataclass

from kit.quotes.syntax import SUBJECTS, Sentence
from kit.quotes.verbs import Verb

NOT, SHOULD = "not", "should"
_NEGATIONS = frozenset(("not", "n't", "never", "no", "nobody", "none", "neither", "nor", "hardly"))
# *has not failed to say*: it is said
_BUT_DOES = frozenset("fail failed fails hesitate hesitated hesitates forget forgotten cease ceased tire".split())
_DUTY = frozenset(("must", "should", "ought", "shall"))
_PERSONAL = frozenset(("i", "we", "you", "he", "she", "it", "they", "who", "me", "us", "him", "them"))
_WH = frozenset(("whether", "if", "what", "why", "how", "when", "where", "who", "which"))
_BE = frozenset(("be", "is", "are", "was", "were", "been", "am", "'s", "'re", "'m", "remains", "remain"))
_MOST_AFTER = 4  # tokens from a verb to its particle: *called once more upon*


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


def reports(s: Sentence, at: int, verbs: tuple[Verb, ...]) -> Iterator[Report]:
    """Yield what a token that may be a reporting verb reports; at most one."""
    for verb in verbs:
        if verb.after and not _particle(s, at, verb):
            continue
        made = _of_kind(s, at, verb)
        if made is not None:
            yield made
            return


def _of_kind(s: Sentence, at: int, verb: Verb) -> Report | None:
    tag = s.tag[at]
    if verb.kind == "source":
        return _according(s, at, verb)
    if verb.kind == "noun":
        return _noun(s, at, verb) if tag.startswith("NN") else None
    if verb.kind == "adjective":
        return _adjective(s, at, verb) if tag[:2] in ("JJ", "VB") else None
    if not tag.startswith("VB"):
        return None
    return _verb(s, at, verb)


def _particle(s: Sentence, at: int, verb: Verb) -> int:
    """Return the token of a verb's particle, 0 for none."""
    if verb.name == "make clear":
        return next((i for i in range(at + 1, min(at + 7, len(s))) if s.word(i) in verb.after), 0)
    near = range(at + 1, min(at + 1 + _MOST_AFTER, len(s)))
    return next((i for i in near if s.word(i) in verb.after), 0)


# ---- verbs


def _verb(s: Sentence, at: int, verb: Verb) -> Report | None:
    if s.dep[at] in ("aux", "auxpass", "amod", "compound"):
        return None
    as_ = _as_clause(s, at, verb)
    if as_ is not None:
        return as_
    speaker = subject = _subject(s, at)
    passive = s.child(at, "nsubjpass") >= 0 or s.child(at, "auxpass") >= 0
    if passive or (s.tag[at] == "VBN" and s.dep[at] == "acl"):
        speaker = _agent(s, at)
    frame, content = "that", _that(s, at, verb)
    if content is None and not passive:
        for frame, of in (("order", _order), ("to", _to), ("thing", _thing)):  # noqa: B007
            content = of(s, at, verb)
            if content is not None:
                break
        if content is not None and speaker < 0:
            return None
    if content is None and passive and "thing" in verb.takes and speaker >= 0 and subject >= 0:
        frame, content = "thing", [s.trimmed(*s.noun_phrase(subject))]
    if content is None and s.dep[at] == "acl" and s.tag[at] == "VBN" and speaker >= 0:
        content = _clause_of_noun(s, s.head[at], at)
    if content is None:
        return None
    low = at
    if speaker >= 0 and s.edges(speaker)[0] < at and at - speaker < 6:
        low = min(low, s.noun_phrase(speaker)[0])
    return Report(verb, s, at, speaker, content, (s.start[low], s.end[at]), mode(s, at), frame=frame)


def _subject(s: Sentence, at: int) -> int:
    """Return the subject; where the parse has none, an *I* or *we* close before the verb."""
    found = s.subject(at)
    if found >= 0 or s.child(at, "nsubjpass", "auxpass") >= 0 or s.tag[at] == "VBN":
        return found
    for i in range(at - 1, max(at - 7, -1), -1):
        if s.word(i) in ("i", "we"):
            return i
        if not s.word(i).isalpha() or s.tag[i][:2] in ("NN", "VB") and s.tag[i] not in ("VB", "VBP"):
            return -1
    return -1


def _agent(s: Sentence, at: int) -> int:
    by = s.child(at, "agent")
    return s.child(by, "pobj") if by >= 0 else -1


def _that(s: Sentence, at: int, verb: Verb) -> list[tuple[int, int]] | None:
    """Return the clause that a verb reports, or None."""
    if "that" not in verb.takes:
        return None
    for child in s.children[at]:
        if s.dep[child] not in ("ccomp", "acl", "advcl", "oprd") and not (
            s.dep[child] in ("xcomp", "dobj", "attr") and _marked(s, child)
        ):
            continue
        if s.dep[child] != "ccomp" and not _marked(s, child):
            continue
        if child < at:
            busy = any(c > at and s.dep[c] in ("dobj", "xcomp", "ccomp") for c in s.children[at])
            if busy or ";" in s.text[s.end[child] : s.start[at]]:
                continue
            return _around(s, at, child)
        if not _finite(s, child) or (verb.after and s.edges(child)[1] <= _particle(s, at, verb)):
            continue
        it = s.child(child, "nsubj")
        if s.tag[child] == "JJ" and it >= 0 and s.word(it) == "it" and s.child(child, "cop") < 0:
            continue  # *thinks it necessary to act*
        return [s.trimmed(*_clause(s, child, at))]
    if verb.name != "make clear" and s.child(at, "dobj") < 0:
        parenthesis = _parenthesis(s, at)
        if parenthesis:
            return parenthesis
    return None


def _clause(s: Sentence, child: int, at: int) -> tuple[int, int]:
    """Return the tokens of a clause, and of those beside it that can only be its own verbs."""
    low, high = s.edges(child)
    mark = s.child(child, "mark")
    if mark >= 0 and s.word(mark) == "that" and mark > at:
        low = mark + 1
    for other in s.children[at]:
        finite = s.tag[other] in ("VBZ", "VBP", "VBD") and s.child(other, "nsubj", "aux") < 0
        if other > high and s.dep[other] == "conj" and finite and s.tag[other] != s.tag[at]:
            if s.tag[at] not in ("VB", "VBG", "VBN"):
                high = s.edges(other)[1]
    return max(low, at + 1), high


def _marked(s: Sentence, clause: int) -> bool:
    low, _ = s.edges(clause)
    return s.word(low) == "that" or (
        (mark := s.child(clause, "mark")) >= 0 and s.word(mark) == "that"
    )


def _finite(s: Sentence, clause: int) -> bool:
    """Whether a clause has a subject, or a question word: *said that it rains*, *asks what to do*."""
    if any(s.dep[c] in SUBJECTS for c in s.children[clause]):
        return True
    if _marked(s, clause):
        return True
    low, _ = s.edges(clause)
    return s.word(low) in _WH


def _around(s: Sentence, at: int, clause: int) -> list[tuple[int, int]] | None:
    """Return the words around a reporting clause in or after them: *It rains, he said, in May.*"""
    low, high = s.edges(clause)
    own = [i for i in s.tree(at) if not low <= i <= high or i == at]
    inside = set(s.tree(clause))
    own = [i for i in own if i not in inside]
    subject = s.child(at, "nsubj")
    if subject < 0 or not own:
        return None
    cue_low = min(s.edges(subject)[0], at, *(i for i in own if abs(i - at) < 3 and s.dep[i] != "punct"))
    cue_high = max(at, s.edges(subject)[1])
    pieces = []
    if low < cue_low:
        pieces.append(s.trimmed(low, min(cue_low - 1, high)))
    if cue_high < high:
        pieces.append(s.trimmed(cue_high + 1, high))
    return pieces or None


def _parenthesis(s: Sentence, at: int) -> list[tuple[int, int]] | None:
    """Return the clause in which *I believe* or *he said* stands between commas."""
    subject = s.child(at, "nsubj")
    head = s.head[at]
    if subject < 0 or s.dep[at] not in ("parataxis", "ccomp", "advcl") or head == at:
        return None
    low, high = s.edges(at)
    before = low == 0 or s.word(low - 1) == ","
    after = high + 1 >= len(s) or s.word(high + 1) in (",", ".", "\u2014", ";")
    if not (before and after) or high - low > 8 or s.child(at, "mark") >= 0:
        return None
    return _without(s, head, low, high)


def _without(s: Sentence, clause: int, low: int, high: int) -> list[tuple[int, int]] | None:
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


def _as_clause(s: Sentence, at: int, verb: Verb) -> Report | None:
    """*As he said, it rains*: what the clause hangs on is said."""
    if not verb.takes & {"that", "as"}:
        return None
    low, high = s.edges(at)
    as_ = next((i for i in range(low, at) if s.word(i) == "as"), -1)
    subject = s.child(at, "nsubj")
    if as_ < 0 or subject < as_ or as_ - low > 1 or s.head[at] == at:
        return None
    object_ = s.child(at, "dobj")
    if object_ >= 0 and s.word(object_) not in ("it", "this"):
        return None
    if s.child(at, "ccomp") > at or (low and s.word(low - 1) in ("so", "such", "same", "long", "far")):
        return None
    edge = low == 0 or not s.word(low - 1)[:1].isalnum() or s.word(low - 1) in ("and", "but", "that")
    if not edge:
        return None
    pieces = _without(s, s.head[at], low, high)
    if pieces is None:
        return None
    cue = (s.start[as_], s.end[max(at, subject)])
    return Report(verb, s, at, subject, pieces, cue, mode(s, at))


def _order(s: Sentence, at: int, verb: Verb) -> list[tuple[int, int]] | None:
    """*Urged the parties to stop*: whom and to what."""
    if "order" not in verb.takes:
        return None
    after = _particle(s, at, verb) if verb.after else 0
    clause = next(
        (c for c in s.children[at] if c > at and s.dep[c] in ("xcomp", "ccomp", "advcl") and _to_do(s, c)),
        -1,
    )
    named = s.child(at, "dobj", "dative")
    if verb.after:
        prep = next((c for c in s.children[at] if c == after), -1)
        named = s.child(prep, "pobj") if prep >= 0 else -1
        if clause < 0 and named >= 0:
            clause = next((c for c in s.children[named] if s.dep[c] in ("acl", "relcl") and _to_do(s, c)), -1)
        if clause < 0 and prep >= 0:
            clause = next((c for c in s.children[prep] if _to_do(s, c)), -1)
    elif clause < 0 and named > at:
        inner = (c for c in s.children[named] if s.dep[c] in ("acl", "relcl", "xcomp") and _to_do(s, c))
        clause = next(inner, -1)
    if clause < 0 and verb.name in ("accuse", "warn", "caution") and named > at:
        clause = next((c for c in s.children[at] if s.dep[c] == "prep" and s.word(c) in ("of", "against")), -1)
    if clause < 0:
        return None
    inner_subject = s.child(clause, "nsubj")
    starts = [s.edges(i)[0] for i in (named, inner_subject) if i > at]
    if not starts:
        return None
    low = max(min(starts), after + 1 if verb.after else at + 1)
    return [s.trimmed(low, max(s.edges(clause)[1], low))]


def _to_do(s: Sentence, clause: int) -> bool:
    to = s.child(clause, "aux")
    return to >= 0 and s.word(to) == "to"


def _to(s: Sentence, at: int, verb: Verb) -> list[tuple[int, int]] | None:
    """*Agreed to meet*: the infinitive."""
    if "to" not in verb.takes:
        return None
    for clause in s.children[at]:
        if clause > at and s.dep[clause] in ("xcomp", "advcl", "ccomp") and _to_do(s, clause):
            low = s.child(clause, "aux")
            if low - at <= _MOST_AFTER:
                return [s.trimmed(low, s.edges(clause)[1])]
    return None


def _thing(s: Sentence, at: int, verb: Verb) -> list[tuple[int, int]] | None:
    """*Stressed the need to act*: the noun phrase; of a hope or the like its clause."""
    if "thing" not in verb.takes:
        return None
    noun = s.child(at, "dobj")
    if verb.after:
        prep = next((c for c in s.children[at] if c == _particle(s, at, verb)), -1)
        noun = s.child(prep, "pobj") if prep >= 0 else -1
    if noun < at or s.tag[noun][:2] in ("PR", "WP", "WD", "DT"):
        what = s.child(at, "ccomp")
        if what > at and s.word(s.edges(what)[0]) == "what":
            return [s.trimmed(*s.edges(what))]
        return None
    clause = _clause_of_noun(s, noun, at)
    if clause is not None:
        return clause
    if s.tag[noun] == "CD":
        return None
    low, high = s.edges(noun)
    for other in s.children[at]:
        if other > high and s.dep[other] in ("conj", "appos", "dobj") and s.tag[other][:2] == "NN":
            high = s.edges(other)[1]
    return [s.trimmed(max(low, at + 1), high)]


def _clause_of_noun(s: Sentence, noun: int, at: int) -> list[tuple[int, int]] | None:
    """Return the clause of *the hope that it rains*, or None."""
    for holder in (noun, at):
        for clause in s.children[holder]:
            if clause > noun and s.dep[clause] in ("acl", "ccomp", "relcl", "advcl") and _marked(s, clause):
                if any(s.dep[c] in SUBJECTS and s.word(c) != "that" for c in s.children[clause]):
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


# ---- adjectives, nouns, sources


def _adjective(s: Sentence, at: int, verb: Verb) -> Report | None:
    head = s.head[at]
    if 0 <= head < len(s) and s.word(head) in ("make", "makes", "made", "making"):
        return None
    be = head if s.dep[at] in ("acomp", "attr", "oprd") and 0 <= head < len(s) else -1
    if be < 0 and s.child(at, "auxpass", "cop") < 0 and s.dep[at] not in ("advcl", "conj", "acl", "ROOT"):
        return None
    for holder in (at, be):
        for clause in s.children[holder] if holder >= 0 else ():
            if clause > at and s.dep[clause] in ("ccomp", "advcl", "acl") and _finite(s, clause):
                if s.dep[clause] != "ccomp" and not _marked(s, clause):
                    continue
                subject = s.subject(at)
                if subject < 0 or s.word(subject) == "it":
                    return None
                pieces = [s.trimmed(*_clause(s, clause, at))]
                low = s.noun_phrase(subject)[0]
                cue = (s.start[low if low < at and at - low < 8 else at], s.end[at])
                return Report(verb, s, at, subject, pieces, cue, mode(s, be if be >= 0 else at))
    return None


def _noun(s: Sentence, at: int, verb: Verb) -> Report | None:
    """*It is our hope that it rains*, *my view is that*, *in our opinion*, *cherished hopes that*."""
    owner = s.child(at, "poss")
    head = s.head[at]
    clause = None
    if s.dep[at] == "pobj" and 0 <= head and s.word(head) == "in":
        if owner < 0 and s.child(at, "det") >= 0:  # but not *in view of*
            of = next((c for c in s.children[at] if s.word(c) == "of"), -1)
            owner = s.child(of, "pobj") if of >= 0 else -1
        main = s.head[head]
        if owner < 0 or not 0 <= main < len(s) or not s.tag[main].startswith("VB"):
            return None
        low, high = s.edges(head)
        clause = _without(s, main, low, high)
    else:
        clause = _clause_of_noun(s, at, at)
        be = head if 0 <= head < len(s) and s.word(head) in _BE else -1
        if clause is None and be >= 0:
            clause = _clause_of_noun(s, max(at, be), be) if s.dep[at] in ("attr", "nsubj") else None
        if owner < 0 and s.dep[at] == "dobj" and s.tag[head].startswith("VB"):
            owner = s.subject(head)
    if clause is None or owner < 0:
        return None
    low, high = min(owner, at), max(owner, at)
    return Report(verb, s, at, owner, clause, (s.start[low], s.end[high]), mode(s, head))


def _according(s: Sentence, at: int, verb: Verb) -> Report | None:
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
    pieces = _without(s, main, low, high)
    if pieces is None:
        return None
    return Report(verb, s, at, noun, pieces, (s.start[at], s.end[high]))
