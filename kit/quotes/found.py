"""All quotations of a corpus, in reading order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from kit import names, tokens
from kit.annotate import Parse, annotate
from kit.corpus import Corpus, Document, Span
from kit.quotes import direct, english, foreign, marks
from kit.quotes.clauses import Report, mode
from kit.quotes.speakers import SELF, Names, Speakers
from kit.quotes.syntax import Passages, Sentence
from kit.quotes.verbs import NO_VERB, Verb, by_form

DIRECT, INDIRECT, MIXED, ACCORDING, TERM = "direct", "indirect", "mixed", "according to", "term"
KINDS = (DIRECT, INDIRECT, MIXED, ACCORDING, TERM)
FEWEST = 2  # words of a clause
FEW = 4  # words from which words in marks inside indirect speech are a quotation, no term


@dataclass(frozen=True, slots=True)
class Said:
    """One quotation: who says it, how, and where the words and what introduces them stand."""

    kind: str
    speaker: str
    verb: Verb
    mode: str
    words: tuple[Span, ...]
    cue: Span | None
    own: bool = False  # the speaker is the one of the text
    closed: bool = True


def found(corpus: Corpus, own: str = "") -> tuple[Said, ...]:
    """Return what is quoted in English, Chinese and Russian texts; `own` is a user's lexicon."""
    return tokens.of(corpus).once(_found, own)


def _found(t: tokens.Tokens, own: str) -> tuple[Said, ...]:
    corpus = t.corpus
    named: dict[str, dict[int, list[names.Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in names.mentions(corpus):
        named[mention.span.document][mention.span.paragraph].append(mention)
    places = _candidates(t, own)
    ends = _sentence_ends(t)
    parsed = annotate(corpus)
    all_: list[Said] = []
    first = 0
    for document in corpus:
        here = {n: Names(m) for n, m in named.get(document.id, {}).items()}
        if document.id in parsed:
            passages = {
                n: places[first + n]
                for n in range(len(document.paragraphs) + 1)
                if first + n in places
            }
            bounds = {n: ends[first + n] for n in range(len(document.paragraphs) + 1)}
            reader = _Reader(document, parsed[document.id], here, passages, bounds)
            all_.extend(reader.read())
        elif document.language in foreign.LANGUAGES:
            all_.extend(_foreign(document, here, own))
        first += len(document.paragraphs) + 1
    return tuple(all_)


def _sentence_ends(t: tokens.Tokens) -> list[list[int]]:
    ends: list[list[int]] = [[] for _ in t.passages]
    for passage, _, end in t.sentences.tolist():
        ends[passage].append(end)
    return ends


Candidates = list[tuple[int, tuple[Verb, ...]]]  # (place in the passage, what it may be)


def _candidates(t: tokens.Tokens, own: str) -> dict[int, Candidates]:
    """Return by number of the passage the words that may introduce a quotation."""
    known = by_form("en", own)
    lemma = t.layer("lemma")
    lower = t.layer("lower")
    assert lemma.of_form is not None and lower.of_form is not None  # noqa: PT018
    forms = list(known)
    chosen = np.zeros(len(t.vocabulary), dtype=np.bool_)
    for layer in (lemma, lower):
        assert layer.of_form is not None
        numbers = layer.numbers(forms)
        wanted = np.zeros(len(layer.names), dtype=np.bool_)
        wanted[numbers[numbers >= 0]] = True
        chosen |= wanted[layer.of_form] if len(chosen) else chosen
    verbs: dict[int, tuple[Verb, ...]] = {}
    for form in np.flatnonzero(chosen).tolist():
        if t.languages[form] != "en":
            chosen[form] = False
            continue
        names_ = (lower.names[lower.of_form[form]], lemma.names[lemma.of_form[form]])
        verbs[form] = tuple(dict.fromkeys(v for name in names_ for v in known.get(name, ())))
    if not verbs:
        return {}
    at = t.layer("form").where(chosen)
    by: dict[int, Candidates] = defaultdict(list)
    for passage, form, start in zip(
        t.passage[at].tolist(), t.ids[at].tolist(), t.start[at].tolist(), strict=True
    ):
        by[passage].append((start, verbs[form]))
    return by


class _Reader:
    """Reads one English document."""

    def __init__(
        self,
        document: Document,
        parsed: tuple[Parse, ...],
        here: dict[int, Names],
        candidates: dict[int, Candidates],
        ends: dict[int, list[int]],
    ) -> None:
        self._document = document
        self._parsed = parsed
        self._names = here
        self._candidates = candidates
        self._ends = ends
        self._passages = Passages(document, parsed)
        self._speakers = Speakers(document, self._passages, here)
        self._verbs: list[tuple[int, Sentence, int, Verb]] = []  # of the cues for direct speech
        self._firsts, self._governs = _governing(parsed)

    def read(self) -> list[Said]:
        """Return the quotations of the document in reading order."""
        in_marks = marks.quoted(self._document, marks.sentence_ends(self._ends))
        reports: list[tuple[int, Report]] = []
        cues: dict[int, list[direct.Cue]] = {}
        near = {n for q in in_marks for piece in q.pieces for n in (piece[0], piece[0] - 1)}
        near.update(n for n, text in self._document.passages() if text.rstrip().endswith(":"))
        for number, candidates in self._candidates.items():
            found, own = self._passage(number, candidates, quotes=number in near)
            reports.extend((number, r) for r in english.unfolded(found))
            cues[number] = own
        speech, terms = direct.attach(self._document, in_marks, cues)
        taken = {n for s in speech for n, _, _ in s.pieces}
        busy = {(n, r.sentence.start[r.at]) for n, r in reports}
        free = {n: [c for c in found if (n, c.start) not in busy] for n, found in cues.items()}
        speech.extend(s for _, s in direct.blocks(self._document, free, taken))
        made = self._together(reports, speech, terms)
        return sorted(made, key=_order)

    def _passage(
        self, number: int, candidates: Candidates, *, quotes: bool
    ) -> tuple[list[Report], list[direct.Cue]]:
        parse = self._parsed[number]
        places = np.searchsorted(parse.start, [start for start, _ in candidates]).tolist()
        reports: list[Report] = []
        cues: list[direct.Cue] = []
        for place, (_, verbs) in zip(places, candidates, strict=True):
            cue = quotes and any("words" in v.takes for v in verbs)
            if not cue and not self._may_report(number, place, verbs):
                continue
            s = self._passages[number].sentence(place)
            at = place - s.first
            reports.extend(english.reports(s, at, verbs))
            verb = next((v for v in verbs if "words" in v.takes), None) if cue else None
            if verb is not None and s.tag[at].startswith("VB"):
                subject = s.child(at, "nsubj")
                begins = s.start[s.edges(subject)[0]] if subject >= 0 else -1
                cues.append(direct.Cue(number, s.start[at], s.end[at], len(self._verbs), begins))
                self._verbs.append((number, s, at, verb))
        return reports, cues

    def _may_report(self, number: int, place: int, verbs: tuple[Verb, ...]) -> bool:
        """Whether a word can be more than a noun of the same form: most are not, and cost time."""
        tag = self._parsed[number].tag[place]
        if tag[:2] == "VB":
            governs = int(self._governs[self._firsts[number] + place])
            within = governs & (_WITHIN | _SUBJECT) == _WITHIN | _SUBJECT
            return any(
                v.kind == "source" or v.after or any(_NEEDS[x] & governs for x in v.takes) or within
                for v in verbs
                if v.kind != "noun"
            )
        if tag[:2] == "NN":
            return any(v.kind == "noun" for v in verbs)
        return any(v.kind in ("adjective", "source") for v in verbs)

    # ---- what was found, put together

    def _together(
        self,
        reports: list[tuple[int, Report]],
        speech: Sequence[direct.Speech],
        terms: Sequence[marks.Quoted],
    ) -> Iterator[Said]:
        by_verb = {(n, r.sentence.start[r.at]): r for n, r in reports}
        covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
        done: set[tuple[int, int]] = set()
        mixed: list[marks.Bounds] = []
        for s in speech:
            for n, start, end in s.pieces:
                covered[n].append((start, end))
            made_ = self._direct(s, by_verb, done)
            yield made_
            mixed.extend((w.paragraph, w.start, w.end) for w in made_.words if made_.kind == MIXED)
        quoted: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for term in terms:
            for n, start, end in term.pieces:
                quoted[n].append((start, end))
        for number, report in reports:
            at = report.sentence.start[report.at]
            if (number, at) in done or any(a <= at < b for a, b in covered[number]):
                continue
            made = self._indirect(number, report, quoted[number])
            if made is not None:
                yield made
                if made.kind == MIXED:
                    mixed.extend((number, w.start, w.end) for w in made.words)
        for term in terms:
            n, start, end = term.pieces[0]
            inside = any(m == n and a <= start + 1 and end <= b + 1 for m, a, b in mixed)
            if not inside or not _is_speech(self._document.text(n)[start:end]):
                yield Said(
                    TERM, "", NO_VERB, "", self._spans(term.pieces), None, closed=term.closed
                )

    def _direct(
        self,
        s: direct.Speech,
        by_verb: dict[tuple[int, int], Report],
        done: set[tuple[int, int]],
    ) -> Said:
        if s.cue < 0:
            return Said(DIRECT, "", NO_VERB, "", self._spans(s.pieces), None, closed=s.closed)
        number, sentence, at, verb = self._verbs[s.cue]
        place = (number, sentence.start[at])
        done.add(place)
        report = by_verb.get(place)
        subject = sentence.subject(at) if report is None else report.speaker
        if subject >= 0 and any(
            n == number and a <= sentence.start[subject] < b for n, a, b in s.pieces
        ):
            subject = -1  # of the words, not of the verb
        speaker = self._speakers.name(number, sentence, subject)
        if subject < 0 or not any(c.isalpha() for c in speaker):
            speaker = self._near(number, sentence, at, s.pieces)
        low = sentence.noun_phrase(subject)[0] if subject >= 0 and at - 8 < subject < at else at
        high = subject if at < subject < at + 8 else at
        cue = Span(self._document.id, number, sentence.start[low], sentence.end[high])
        denied = mode(sentence, at)
        own = subject >= 0 and speaker == self._speakers.author
        kind, pieces = DIRECT, s.pieces
        if report is not None and len(s.pieces) == 1 and report.frame == "that":
            n, start, end = s.pieces[0]
            around = [(number, a, b) for a, b in report.pieces]
            more = sum(b - a for _, a, b in around) - (end - start)
            if (
                n == number
                and around[0][1] <= start
                and end <= around[-1][2] + 1
                and more > FEW * 4
            ):
                kind, pieces = MIXED, around
        if kind == DIRECT and s.that:
            kind = MIXED
        return Said(kind, speaker, verb, denied, self._spans(pieces), cue, own, s.closed)

    def _near(self, number: int, s: Sentence, at: int, pieces: Sequence[marks.Bounds]) -> str:
        """Return the one that is named beside a verb whose subject is not known, people first."""
        low, high = s.start[max(at - 8, 0)], s.end[min(at + 8, len(s) - 1)]
        named = self._names.get(number)
        near = [m for m in named.within(low, high) if not m.adjective] if named else []
        near = [
            m for m in near if not any(n == number and a <= m.span.start < b for n, a, b in pieces)
        ]
        near = [m for m in near if m.kind == "person"] or near
        return near[0].name if len({m.name for m in near}) == 1 else ""

    def _indirect(self, number: int, report: Report, quoted: list[tuple[int, int]]) -> Said | None:
        s, verb, token = report.sentence, report.verb, report.speaker
        speaker = self._speakers.name(number, s, token)
        if token >= 0 and not speaker:
            return None
        strict = verb.inanimate or report.frame != "that"
        source = verb.kind == "source"
        if token < 0 and strict and s.child(report.at, "auxpass") >= 0:
            strict = False  # *it was suggested that*
        if strict and not self._speakers.suitable(number, s, token):
            return None
        if source and (
            self._speakers.is_measure(s, token) or not self._can_be_source(number, s, token)
        ):
            return None
        kind = ACCORDING if source else INDIRECT
        text = self._document.text(number)
        for a, b in report.pieces:
            if any(a <= x + 1 and y <= b + 1 and _is_speech(text[x:y]) for x, y in quoted):
                kind = MIXED if kind == INDIRECT else kind
        own = token >= 0 and speaker == self._speakers.author
        pieces = [(number, a, b) for a, b in report.pieces if a < b]
        fewest = FEWEST if report.frame == "that" else 1
        if sum(len(text[a:b].split()) for _, a, b in pieces) < fewest or not _content(text, pieces):
            return None
        cue = Span(self._document.id, number, *report.cue)
        return Said(kind, speaker, verb, report.mode, self._spans(pieces), cue, own)

    def _can_be_source(self, number: int, s: Sentence, token: int) -> bool:
        return self._speakers.suitable(number, s, token)

    def _spans(self, pieces: Sequence[marks.Bounds]) -> tuple[Span, ...]:
        return tuple(Span(self._document.id, n, a, b) for n, a, b in pieces if a < b)


# What hangs on a word, or what it is itself, as flags: which of them a frame needs.
_CCOMP, _CLAUSE, _OBJECT, _SUBJECT, _WITHIN, _ACL = 1, 2, 4, 8, 16, 32
_FLAGS = {  # of the governing word, and of the word itself
    "ccomp": (_CCOMP, _WITHIN), "advcl": (_CLAUSE, _WITHIN), "acl": (_CLAUSE, _ACL),
    "parataxis": (0, _WITHIN), "xcomp": (_CLAUSE, 0), "oprd": (_CLAUSE, 0), "dobj": (_OBJECT, 0),
    "dative": (_OBJECT, 0), "nsubj": (_SUBJECT, 0), "conj": (_OBJECT, 0),
}  # fmt: skip
_PACKED = {dep: above | own << 8 for dep, (above, own) in _FLAGS.items()}
_NEEDS = {
    "that": _CCOMP | _CLAUSE,
    "as": 0,
    "to": _CCOMP | _CLAUSE,
    "order": _CCOMP | _CLAUSE | _OBJECT,
    "thing": _OBJECT | _CCOMP | _ACL,
    "words": 0,
}


def _governing(parsed: tuple[Parse, ...]) -> tuple[list[int], NDArray[np.int16]]:
    """Return the first token of each passage, and the flags of each token."""
    sizes = [len(p.start) for p in parsed]
    firsts = [0, *np.cumsum(sizes).tolist()]
    deps = chain.from_iterable(p.dep for p in parsed)
    packed = np.fromiter(map(_PACKED.get, deps, repeat(0)), np.int16, firsts[-1])
    head = np.concatenate([p.head for p in parsed]) + np.repeat(firsts[:-1], sizes)
    above, governs = packed & 255, packed >> 8
    some = np.flatnonzero(above)
    np.bitwise_or.at(governs, head[some], above[some])
    return firsts, governs


_EMPTY = frozenset(
    ("that", "this", "it", "so", "which", "the following", "its views", "their views")
)


def _content(text: str, pieces: list[marks.Bounds]) -> bool:
    """Whether words say anything: a clause whose parse broke off at *that* does not."""
    return any(text[a:b].lower() not in _EMPTY for _, a, b in pieces)


def _is_speech(words: str) -> bool:
    """Whether words in marks are more than a term or a title."""
    parts = words.split()
    return len(parts) >= FEW and sum(p[:1].isupper() for p in parts) * 2 <= len(parts)


def _order(said: Said) -> tuple[int, int, int]:
    """Where the row stands: by its first words or cue."""
    first = min(
        (said.cue, *said.words) if said.cue else said.words, key=attrgetter("paragraph", "start")
    )
    return first.paragraph, first.start, -said.words[0].end


def _foreign(document: Document, here: dict[int, Names], own: str) -> Iterator[Said]:
    known = by_form(document.language, own)
    for kind, speaker, verb, denied, pieces, cue in foreign.reports(document, known, here):
        words = tuple(Span(document.id, *p) for p in pieces)
        name = document.author or SELF if speaker == SELF else speaker
        yield Said(
            kind,
            name,
            verb,
            denied,
            words,
            Span(document.id, *cue) if cue else None,
            speaker == SELF,
        )
