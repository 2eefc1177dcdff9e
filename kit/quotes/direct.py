"""Direct speech: which quotation marks hold words that somebody said, and the verb that says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.corpus import Document
from kit.quotes.marks import Bounds, Quoted

NEAR = 90  # characters between a quotation and the verb after it
FAR = 240  # between the verb before it and a colon
WORDS = 5  # that a quotation without a verb needs to be more than a term
_STOP = re.compile(r"(?<![A-Z])(?<!Mr)(?<!Mrs)(?<!Dr)[.!?;](?=\s)|[\n]")
_LEAD = re.compile(r"[,:\u2014\u2013-]\s*$")
_THAT = re.compile(r"\bthat\s*$")
_SAYS_MORE = re.compile(r"[^.!?,;:\"\u201c]{0,40}\bthat\b")
_BARE = re.compile(r"^\s*$")
_JOINS = re.compile(r"^\s*[,;:.\u2014\u2013-]?\s*(?:and|but)?\s*$")
_END = re.compile(r"[.!?\u2026]\W*$")
_ITEM = re.compile(r"^\s*(?:[-\u2022*\u2013\u2014]|\(?\d{1,3}[.)]|\(?[a-z]\)|[Ff]irst\b)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that may introduce words, with its subject, by place in its passage."""

    paragraph: int
    start: int
    end: int
    number: int  # in the list that the caller has
    subject_start: int  # of its subject, -1 for none


@dataclass(slots=True)
class Speech:
    """Words that somebody said: their stretches, the number of their cue (-1: none), how it goes."""

    pieces: list[Bounds]
    cue: int
    closed: bool = True
    that: bool = False


def attach(
    document: Document, quoted: Sequence[Quoted], cues: dict[int, list[Cue]]
) -> tuple[list[Speech], list[Quoted]]:
    """Return the quotations that are speech, and those that are terms.

    ``cues`` has the verbs of each passage in order.
    """
    speech: list[Speech] = []
    terms: list[Quoted] = []
    before: tuple[Quoted, Speech] | None = None
    for q in quoted:
        if before is not None and _goes_on(document, before[0], q, before[1], cues):
            before[1].pieces.extend(q.pieces)
            before[1].closed &= q.closed
            before = (q, before[1])
            continue
        made = _of(document, q, cues, quoted)
        if made is None:
            terms.append(q)
            before = None
        else:
            speech.append(made)
            before = (q, made)
    return speech, terms


def _of(
    document: Document, q: Quoted, cues: dict[int, list[Cue]], every: Sequence[Quoted]
) -> Speech | None:
    text = document.text(q.paragraph)
    found = _before(text, q, cues.get(q.paragraph, []), every)
    if found is None:
        found = _after(document, q, cues)
    if found is None and not text[: q.opens].strip(" \t0123456789.()"):
        found = _paragraph_before(document, q.paragraph, cues)
    if found is not None:
        that = bool(_THAT.search(text[: q.opens]))
        return Speech(list(q.pieces), found.number, q.closed, that)
    return Speech(list(q.pieces), -1, q.closed) if _alone(document, q) else None


def _before(text: str, q: Quoted, cues: list[Cue], every: Sequence[Quoted]) -> Cue | None:
    """Return the verb that leads up to a quotation: *He said: “...”*."""
    for cue in reversed(cues):
        if cue.end > q.opens:
            continue
        gap = text[cue.end : q.opens]
        if len(gap) > FAR:
            return None
        if _STOP.search(gap) or any(
            o is not q and o.paragraph == q.paragraph and cue.end <= o.opens < q.opens
            for o in every
        ):
            return None
        if _BARE.match(gap) or (_THAT.search(gap) and len(gap) < NEAR) or _LEAD.search(gap):
            if gap.rstrip().endswith(",") and len(gap) > NEAR:
                return None
            return cue
        return None
    return None


def _after(document: Document, q: Quoted, cues: dict[int, list[Cue]]) -> Cue | None:
    """Return the verb after a quotation: *“...,” he said* or *“...,” said he*."""
    paragraph, _, end = q.pieces[-1]
    text = document.text(paragraph)
    for cue in cues.get(paragraph, []):
        if cue.start < q.closes:
            continue
        gap = text[q.closes : cue.start]
        if len(gap) > NEAR or _STOP.search(gap):
            return None
        comma = text[end - 1 : end] in (",", "?", "!", "\u2014") or gap.lstrip()[:1] in (
            ",",
            "\u2014",
            "\u2013",
            "-",
        )
        if _SAYS_MORE.match(text, cue.end):
            return None  # *in an article entitled “...”, he wrote that*
        if not comma or '"' in gap or "\u201c" in gap:
            return None
        subject = cue.subject_start
        inverted = len(_WORD.findall(gap)) <= 1
        if inverted or subject >= q.closes:
            return cue
        return None
    return None


def _paragraph_before(document: Document, paragraph: int, cues: dict[int, list[Cue]]) -> Cue | None:
    """Return the verb of a paragraph that announces the next one."""
    if paragraph < 2:
        return None
    text = document.text(paragraph - 1).rstrip()
    announced = text.endswith((":", ",", "\u2014")) or not _END.search(text)
    found = cues.get(paragraph - 1, [])
    if not announced or not found:
        return None
    last = found[-1]
    gap = text[last.end :]
    return last if len(gap) <= FAR and not _STOP.search(gap) else None


def blocks(
    document: Document, cues: dict[int, list[Cue]], taken: set[int]
) -> list[tuple[int, Speech]]:
    """Return paragraphs without marks that a verb and a colon announce: *He declared:*."""
    found = []
    for paragraph in cues:
        after = paragraph + 1
        if not paragraph or after > len(document.paragraphs) or after in taken:
            continue
        text, block = document.text(paragraph).rstrip(), document.text(after)
        if not text.endswith(":") or _ITEM.match(block) or document.kind(after) in ("item", "row"):
            continue
        cue = _paragraph_before(document, after, cues)
        if cue is not None and block.strip():
            end = len(block.rstrip())
            found.append((paragraph, Speech([(after, 0, end)], cue.number)))
    return found


def _goes_on(
    document: Document, first: Quoted, second: Quoted, speech: Speech, cues: dict[int, list[Cue]]
) -> bool:
    """Whether a quotation is the rest of one that its verb interrupts: *“A,” he said, “B.”*"""
    paragraph = first.pieces[-1][0]
    if speech.cue < 0 or second.paragraph != paragraph:
        return False
    text = document.text(paragraph)
    between = text[first.closes : second.opens]
    cue = next((c for c in cues.get(paragraph, []) if c.number == speech.cue), None)
    if cue is None or len(between) > NEAR + 60:
        return False
    if first.closes <= cue.start and cue.end <= second.opens:
        rest = text[cue.end : second.opens]
        return (
            len(rest) <= NEAR
            and bool(re.search(r"[,.:;\u2014]\s*$", rest))
            and (len(re.findall(r"[.!?]\s", rest)) <= 1)
        )
    return bool(_JOINS.match(between)) and len(between) <= 6


def _alone(document: Document, q: Quoted) -> bool:
    """Whether a quotation without a verb is a sentence of its own: *“Workers of all lands, unite!”*"""
    paragraph, start, end = q.pieces[0]
    text = document.text(paragraph)
    words = text[start:end]
    before = text[: q.opens].rstrip(" \t\"'\u201c\u2018")
    opens = not before or before[-1] in ".!?:\u201d\u2026" or before.strip(" 0123456789.") == ""
    whole = words[:1].isupper() or not words[:1].isalpha()
    ends = bool(_END.search(words)) or text[q.closes : q.closes + 1] in (".", "!", "?")
    return opens and whole and ends and q.closed and len(_WORD.findall(words)) >= WORDS
