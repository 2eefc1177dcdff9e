"""Record -> Document: cleaned text, the date with its origin, the language, and what had to be assumed."""

import datetime as dt
import hashlib
import re
from functools import lru_cache

from kit.corpus import Document, Kind
from kit.language import identify
from kit.parse import dates
from kit.parse.archives import printable
from kit.parse.clean import Cleaned, Offsets, clean
from kit.parse.record import Dated, Options, Record
from kit.parse.sidecar import Override

DATELINE_BLOCKS = 4  # blocks at the head of a text in which a printed dateline is looked for
IDENTIFIED_FROM = 20  # paragraphs that tell a text's language
FEW_LETTERS = 20  # Latin ones, below which what is declared decides
_CODE = re.compile(r"[a-z]{2}(?![a-z])")  # of "zh-Hans", but not of "English"
_NOTHING = Override()


def build(
    record: Record,
    *,
    source: str,
    options: Options,
    today: dt.date,
    override: Override | None = None,
) -> Document:
    """Return the document of a record; what the sidecar says (`override`) wins over the file.

    Nothing is dropped: a record without text is a document of no paragraphs with a note. `today`
    only serves to note a date that lies ahead.
    """
    said = override or _NOTHING
    removed: dict[str, int] = {}
    title = _line(said.title or record.title, removed)
    kept: list[tuple[str, Kind]] = []
    originals: list[tuple[int, str]] = []
    for block in record.blocks:
        text = _line(block.text, removed)
        if text:
            kept.append((text, block.kind))
            written = " ".join(block.text.split())
            if written != text:
                originals.append((len(kept), written))
    notes = list(record.notes)
    if removed:
        notes += Cleaned("", removed, Offsets(0)).notes
    if said.title and record.title and title != (own := _line(record.title, {})):
        notes.append(f"the sidecar's title is taken; the text's own is {own!r}")
    if not kept:
        notes.append("no text")
    if not title:
        notes.append("no title")
    found = _dated(record, said, source, title, kept)
    choice = _choice(tuple(found), options.day_first)
    if choice.date is None and options.year_day:
        choice = dates.of_year(found, title, options.year_day) or choice
    notes += choice.notes
    if choice.date is None and not choice.notes:
        notes.append("undated: no date was found")
    if choice.date and choice.date > today:
        notes.append(f"dated {choice.date.isoformat()}, which lies ahead of today")
    paragraphs = tuple(text for text, _ in kept)
    place = " ".join(shown(record.place).split())
    body = "\n\n".join((title, *paragraphs))
    return Document(
        id=_line(said.id or record.id, {}) or _id(source, place),
        title=title or "(untitled)",
        date=choice.date,
        paragraphs=paragraphs,
        language=_language(said.language or record.language, title, paragraphs),
        source=source if not place else f"{source}:{place}",
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        notes=tuple(dict.fromkeys(notes)),
        kinds=tuple(kind for _, kind in kept),
        date_origin=choice.origin,
        instant=choice.instant,
        author=_line(said.author or record.author, {}),
        publisher=_line(said.publisher or record.publisher, {}),
        url=_line(said.url or record.url, {}),
        originals=tuple(originals),
    )


def shown(text: str) -> str:
    """Return a text that can be shown in one line: what is no character is escaped."""
    if text.isprintable():
        return text
    try:
        return printable(text)
    except UnicodeEncodeError:  # half a character, which JSON can name
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _line(text: str, removed: dict[str, int]) -> str:
    if not text:
        return ""
    cleaned = clean(text)
    for kind, count in cleaned.counts.items():
        removed[kind] = removed.get(kind, 0) + count
    return " ".join(cleaned.text.split())


def _dated(
    record: Record, said: Override, source: str, title: str, kept: list[tuple[str, Kind]]
) -> list[Dated]:
    found = [Dated(said.date, "sidecar")] if said.date else []
    found += record.dates
    if not any(d.origin == "dateline" for d in found):
        # a text that begins with its date may have been given it as its title
        line = "" if record.dates or not title else dates.dateline(title)
        line = line or dates.dateline("\n".join(text for text, _ in kept[:DATELINE_BLOCKS]))
        if line:
            found.append(Dated(line, "dateline"))
    name = dates.in_name(source.rsplit("/", 1)[-1])
    if name:
        found.append(Dated(name, "file name"))
    return found


@lru_cache(maxsize=1024)  # the texts of one day, or of one table, are dated alike
def _choice(found: tuple[Dated, ...], day_first: bool | None) -> dates.Choice:
    return dates.choose(found, day_first=day_first)


def _language(declared: str, title: str, paragraphs: tuple[str, ...]) -> str:
    """Return the language: by its script or words; what is declared decides where they do not."""
    sample = " ".join((title, *paragraphs[:IDENTIFIED_FROM]))
    found = identify(sample)
    code = _CODE.match(declared.strip().lower()) if found == "en" else None
    if code and sum("a" <= c.lower() <= "z" for c in sample) < FEW_LETTERS:
        return code[0]
    return found


def _id(source: str, place: str) -> str:
    name = source.rsplit("/", 1)[-1]
    stem = source.rsplit(".", 1)[0] if "." in name else source
    return f"{stem}#{place}" if place else stem
