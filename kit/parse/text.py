"""Plain text with a heading line `` date 2025-01-26 TITLE``, then paragraphs between blank lines."""

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass

from kit.corpus import Document
from kit.language import identify
from kit.parse import dates

# The word, then something with a digit: a first line "date palms grow here" is no heading.
_HEADING = re.compile(r"\s*date\b[ \t:]+(?P<date>\S*\d\S*)(?P<title>.*)", re.IGNORECASE)
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
# Controls but tab and newline, then lone surrogates, bidirectional overrides, non-characters: they
# have no business in a text and break pages, feeds and terminals.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
_LONGEST_TITLE_AS_FIRST_LINE = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """What the first line of a text says of it."""

    date: dt.date | None
    title: str
    notes: tuple[str, ...]


def clean(raw: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with one kind of line end, in NFC, without control characters, and notes."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", " ")
    text = text.replace("\u2029", "\n\n").replace("\x0c", " ").replace("\x85", " ")
    # a control may stand where a blank was; an invisible mark stands inside a word
    text, controls = _CONTROL.subn(" ", text)
    text, marks = _INVISIBLE.subn("", text)
    removed = controls + marks
    notes = (f"{removed} control characters taken out",) if removed else ()
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")), notes


def heading(line: str) -> Heading | None:
    """Read a heading line, or return None where the line is none."""
    match = _HEADING.fullmatch(line)
    if match is None:
        return None
    written, title = match["date"], " ".join(match["title"].split())
    notes: list[str] = []
    date: dt.date | None = None
    found = dates.ISO.fullmatch(written) or dates.COMPACT.fullmatch(written)
    if found is None:
        notes.append(
            f"the heading's date {written!r} is not of the form 2025-01-26: read as undated"
        )
    else:
        date = dates.day(found)
        if date is None:
            notes.append(f"no such day {written}: read as undated")
        elif date.isoformat() != written:
            notes.append(f"date written {written}, read as {date.isoformat()}")
    if not title:
        notes.append("the heading has no title")
    return Heading(date, title or "(untitled)", tuple(notes))


def _paragraphs(body: str) -> tuple[str, ...]:
    """Split at blank lines; a text without blank lines has a paragraph on each line."""
    pieces = _BREAK.split(body) if _BREAK.search(body.strip()) else body.split("\n")
    joined = (" ".join(piece.split()) for piece in pieces)
    return tuple(piece for piece in joined if piece)


def parse(raw: str, *, source: str, today: dt.date) -> list[Document]:
    """Return the documents of one file: one for each heading line, or one where there is none.

    A text without a heading takes its short first line as title and stays undated. `today` only
    serves to note a date that lies ahead. Nothing is dropped: an empty file is a document of no
    paragraphs with a note.
    """
    text, cleaning = clean(raw)
    lines = text.split("\n")
    # A further heading starts a further text only after a blank line, so that prose is not cut.
    starts = [
        i
        for i, line in enumerate(lines)
        if heading(line) is not None and (i == 0 or not lines[i - 1].strip())
    ]
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not starts or starts[0] > first:
        starts.insert(0, first)
    documents = []
    for number, (start, end) in enumerate(
        zip(starts, [*starts[1:], len(lines)], strict=True), start=1
    ):
        found = heading(lines[start])
        if found is not None:
            paragraphs = _paragraphs("\n".join(lines[start + 1 : end]))
        else:
            found, paragraphs = _without_heading("\n".join(lines[start:end]))
        notes = [*cleaning, *found.notes]
        if not paragraphs:
            notes.append("no text under the heading" if found.date else "no text")
        named = dates.ISO.search(source)
        in_name = dates.day(named) if named else None
        if found.date and in_name and in_name != found.date:
            notes.append(f"the file name says {in_name.isoformat()}; the heading's date is taken")
        if found.date and found.date > today:
            notes.append(f"dated {found.date.isoformat()}, which lies ahead of today")
        stem = source.rsplit(".", 1)[0]
        documents.append(
            Document(
                id=stem if len(starts) == 1 else f"{stem}#{number}",
                title=found.title,
                date=found.date,
                paragraphs=paragraphs,
                language=identify(" ".join((found.title, *paragraphs[:20]))),
                source=source,
                sha256=hashlib.sha256("\n".join(lines[start:end]).encode()).hexdigest(),
                notes=tuple(notes),
            )
        )
    return documents


def _without_heading(body: str) -> tuple[Heading, tuple[str, ...]]:
    """Take a short first paragraph as the title of a text that has no heading line."""
    paragraphs = _paragraphs(body)
    note = "no heading line ` date YYYY-MM-DD TITLE`: undated"
    if len(paragraphs) > 1 and len(paragraphs[0]) <= _LONGEST_TITLE_AS_FIRST_LINE:
        return Heading(None, paragraphs[0], (note, "title taken from the first line")), paragraphs[
            1:
        ]
    return Heading(None, "(untitled)", (note,)), paragraphs
