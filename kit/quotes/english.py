"""Indirect speech in English: reporting verbs with what hangs on them in the parse."""

from collections.abc import Iterator
from itertools import pairwise

from kit.quotes import phrases
from kit.quotes.clauses import Report, clause_edges, clause_of_noun, finite, marked, mode, without
from kit.quotes.syntax import Sentence
from kit.quotes.verbs import Verb

_MOST_AFTER = 4  # tokens from a verb to its particle: *called once more upon*


def reports(s: Sentence, at: int, verbs: tuple[Verb, ...]) -> Iterator[Report]:
    """Yield what a token that may be a reporting verb reports; at most one."""
    for verb in verbs:
        if verb.after and not _particle(s, at, verb):
            continue
        made = _of_kind(s, at, verb)
        if made is not None:
            yield made
            return


# A participle of these goes on with what the main verb reports: *noted that ..., adding that ...*.
_GOING_ON = frozenset(
    "add stress emphasize underline underscore note reaffirm reiterate warn urge express voice".split()
)


def unfolded(found: list[Report]) -> list[Report]:
    """Give *adding that* to the speaker of the verb before it, where the parse hangs it on the words."""
    for one, other in pairwise(found):
        s = other.sentence
        if one.sentence is not s or s.tag[other.at] != "VBG" or other.verb.name not in _GOING_ON:
            continue
        comma = next((i for i in range(other.at - 1, one.at, -1) if s.word(i) == ","), -1)
        inside = comma > 0 and one.pieces and one.pieces[-1][0] < s.start[comma] < one.pieces[-1][1]
        if inside and one.frame == "that" and other.at - comma <= 3:
            one.pieces[-1] = (one.pieces[-1][0], s.end[comma - 1])
            other.speaker = one.speaker
            other.cue = (s.start[other.at], s.end[other.at])
    by_verb = [r.pieces for r in found if r.verb.kind == "verb"]  # *expressed the hope that*: once
    return [r for r in found if r.verb.kind != "noun" or r.pieces not in by_verb]


def _of_kind(s: Sentence, at: int, verb: Verb) -> Report | None:
    tag = s.tag[at]
    if verb.kind == "source":
        return phrases.according(s, at, verb)
    if verb.kind == "noun":
        return phrases.noun(s, at, verb) if tag.startswith("NN") else None
    if verb.kind == "adjective":
        return phrases.adjective(s, at, verb) if tag[:2] in ("JJ", "VB") else None
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
    idle = at and s.tag[at] == "VBG" and s.word(at - 1) == "without"  # *it goes without saying*
    if idle or s.dep[at] in ("aux", "auxpass", "amod", "compound"):
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
        content = clause_of_noun(s, s.head[at], at)
    if content is None:
        return None
    low = at
    if speaker >= 0 and s.edges(speaker)[0] < at and at - speaker < 6:
        low = min(low, s.noun_phrase(speaker)[0])
    return Report(
        verb, s, at, speaker, content, (s.start[low], s.end[at]), mode(s, at), frame=frame
    )


def _subject(s: Sentence, at: int) -> int:
    """Return the subject; where the parse has none, an *I* or *we* close before the verb."""
    found = s.subject(at)
    if found >= 0 or s.child(at, "nsubjpass", "auxpass") >= 0 or s.tag[at] == "VBN":
        return found
    for i in range(at - 1, max(at - 7, -1), -1):
        if s.word(i) in ("i", "we") or (s.word(i) in ("my", "our") and i > at - 6):
            return i  # also *it is my honour to say*
        if s.tag[i] == "NN" and i and s.word(i - 1) in ("my", "our"):
            continue
        if not s.word(i).isalpha() or (
            s.tag[i][:2] in ("NN", "VB") and s.tag[i] not in ("VB", "VBP")
        ):
            return -1
    return -1


def _agent(s: Sentence, at: int) -> int:
    by = s.child(at, "agent")
    return s.child(by, "pobj") if by >= 0 else -1


def _that(s: Sentence, at: int, verb: Verb) -> list[tuple[int, int]] | None:
    """Return the clause that a verb reports, or None."""
    if "that" not in verb.takes:
        return None
    beside = s.children[_particle(s, at, verb)] if verb.name == "make clear" else ()
    for child in (*s.children[at], *beside):
        if s.dep[child] not in ("ccomp", "acl", "advcl", "oprd") and not (
            s.dep[child] in ("xcomp", "dobj", "attr") and marked(s, child, at)
        ):
            continue
        if s.dep[child] != "ccomp" and not marked(s, child, at):
            continue
        if child < at:
            busy = any(c > at and s.dep[c] in ("dobj", "xcomp", "ccomp") for c in s.children[at])
            if busy or ";" in s.text[s.end[child] : s.start[at]]:
                continue
            return _around(s, at, child)
        if not finite(s, child) or (verb.after and s.edges(child)[1] <= _particle(s, at, verb)):
            continue
        if verb.name == "consider" and not marked(s, child, at):
            continue  # a question to be looked at, not an opinion
        it = s.child(child, "nsubj")
        if s.tag[child] == "JJ" and it >= 0 and s.word(it) == "it" and s.child(child, "cop") < 0:
            continue  # *thinks it necessary to act*
        low, high = clause_edges(s, child, at)
        return [s.trimmed(low, _governed(s, at, high) if marked(s, child, at) else high)]
    if verb.name != "make clear" and s.child(at, "dobj") < 0:
        parenthesis = _parenthesis(s, at)
        if parenthesis:
            return parenthesis
    return None


def _governed(s: Sentence, at: int, high: int) -> int:
    """Return the last token of a clause that goes on: *proposed that, if we agree, it be done*.

    Where the parse takes the first clause for the whole, the verb itself hangs on what follows.
    """
    head = s.head[at]
    if (
        head > high
        and s.dep[at] in ("ccomp", "advcl", "parataxis")
        and s.tag[head][:2] in ("VB", "MD")
    ):
        last = s.edges(head)[1]
        if ";" not in s.text[s.end[high] : s.end[last]]:
            return max(high, last)
    return high


def _around(s: Sentence, at: int, clause: int) -> list[tuple[int, int]] | None:
    """Return the words around a reporting clause in or after them: *It rains, he said, in May.*"""
    low, high = s.edges(clause)
    own = [i for i in s.tree(at) if not low <= i <= high or i == at]
    inside = set(s.tree(clause))
    own = [i for i in own if i not in inside]
    subject = s.child(at, "nsubj")
    if subject < 0 or not own:
        return None
    cue_low = min(
        s.edges(subject)[0], at, *(i for i in own if abs(i - at) < 3 and s.dep[i] != "punct")
    )
    cue_high = max(at, s.edges(subject)[1])
    pieces = []
    if low < cue_low:
        if not _set_off(s, cue_low):
            return None
        pieces.append(s.trimmed(low, min(cue_low - 1, high)))
    if cue_high < high:
        pieces.append(s.trimmed(cue_high + 1, high))
    return pieces or None


def _set_off(s: Sentence, token: int) -> bool:
    """Whether a comma, a dash or a quotation mark stands before a token."""
    return s.word(token - 1) in (",", "-", "\u2013", "\u2014", '"', "\u201d", "\u2019", "?", "!")


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
    return without(s, head, low, high)


def _as_clause(s: Sentence, at: int, verb: Verb) -> Report | None:  # noqa: PLR0911
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
    if s.child(at, "ccomp") > at or (
        low and s.word(low - 1) in ("so", "such", "same", "long", "far")
    ):
        return None
    edge = (
        low == 0 or not s.word(low - 1)[:1].isalnum() or s.word(low - 1) in ("and", "but", "that")
    )
    if not edge:
        return None
    pieces = without(s, s.head[at], low, high)
    begins = low and (
        s.word(low - 1) in (";", ":", "for", "and", "but", "that")
        or (s.word(low - 1) == "," and low > 1 and s.word(low - 2) in ("for", "and", "but", "that"))
    )
    if pieces and begins and pieces[-1][0] > s.start[at]:
        pieces = pieces[-1:]  # it stands before all that it reports
        following = next((i for i in range(high + 1, len(s)) if s.start[i] >= pieces[0][0]), high)
        first = next(
            (c for c in s.children[s.head[at]] if high < c and s.dep[c] in ("advcl", "prep")), -1
        )
        if first > 0:
            low_ = min(s.edges(first)[0], following)
            pieces = [(min(pieces[0][0], s.start[max(low_, high + 1)]), pieces[0][1])]
    if not pieces:
        return None
    cue = (s.start[as_], s.end[max(at, subject)])
    return Report(verb, s, at, subject, pieces, cue, mode(s, at))


def _order(s: Sentence, at: int, verb: Verb) -> list[tuple[int, int]] | None:
    """*Urged the parties to stop*: whom and to what."""
    if "order" not in verb.takes:
        return None
    after = _particle(s, at, verb) if verb.after else 0
    clause = next(
        (
            c
            for c in s.children[at]
            if c > at and s.dep[c] in ("xcomp", "ccomp", "advcl") and _to_do(s, c)
        ),
        -1,
    )
    named = s.child(at, "dobj", "dative")
    if verb.after:
        prep = next((c for c in s.children[at] if c == after), -1)
        named = s.child(prep, "pobj") if prep >= 0 else -1
        if clause < 0 and named >= 0:
            clause = next(
                (c for c in s.children[named] if s.dep[c] in ("acl", "relcl") and _to_do(s, c)), -1
            )
        if clause < 0 and prep >= 0:
            clause = next((c for c in s.children[prep] if _to_do(s, c)), -1)
    elif clause < 0 and named > at:
        inner = (
            c for c in s.children[named] if s.dep[c] in ("acl", "relcl", "xcomp") and _to_do(s, c)
        )
        clause = next(inner, -1)
    if clause < 0 and verb.name in ("accuse", "warn", "caution") and named > at:
        clause = next(
            (c for c in s.children[at] if s.dep[c] == "prep" and s.word(c) in ("of", "against")), -1
        )
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
    if noun < 0 and not verb.after:  # *denounce and will fight it*: of both
        both = (
            c for c in s.children[at] if s.dep[c] == "conj" and s.tag[c][:2] == "VB" and c - at < 5
        )
        noun = next((o for c in both if (o := s.child(c, "dobj")) >= 0), -1)
    if verb.after:
        prep = next((c for c in s.children[at] if c == _particle(s, at, verb)), -1)
        noun = s.child(prep, "pobj") if prep >= 0 else -1
    if noun < at or s.tag[noun][:2] in ("PR", "WP", "WD", "DT"):
        what = s.child(at, "ccomp")
        if what > at and s.word(s.edges(what)[0]) == "what":
            return [s.trimmed(*s.edges(what))]
        return None
    clause = clause_of_noun(s, noun, at)
    if clause is not None:
        return clause
    if s.tag[noun] == "CD":
        return None
    low, high = s.edges(noun)
    for other in s.children[at]:
        if other > high and s.dep[other] in ("conj", "appos", "dobj") and s.tag[other][:2] == "NN":
            high = s.edges(other)[1]
    return [s.trimmed(max(low, at + 1), high)]
