"""RSS, RDF and Atom: one text for each entry, as far as the feed itself holds it."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from kit.parse import html
from kit.parse.record import Block, Dated, Options, Record, Rejected, UnreadableError

_UNSEEN = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_]")
_CUT_SHORT = re.compile(r"(?:\[…\]|\[\.\.\.\]|…|\.\.\.|read more\W*)\s*\Z", re.IGNORECASE)
_MARKUP = re.compile(r"<[A-Za-z/!][^<>]*>|&(?:#\d+|#x[\da-f]+|\w+);", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n\s*\n")


def read_feed(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the entries of a feed in its order. `source` is for messages only.

    A date is the feed's own words, with its zone: the day of publication is the day there. An entry
    without text is a Record with a note. Raises UnreadableError for a file that is no feed, and for
    one that declares entities, since those can unpack to gigabytes or name files of this machine.
    """
    data = file.read()
    _refuse_entities(data)
    import feedparser  # noqa: PLC0415  a tenth of a second, for feeds only

    # Fields are read raw: what is markup is known to the block extractor, and nothing is fetched.
    try:
        parsed = feedparser.parse(
            io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False, response_headers={}
        )
    except Exception as error:  # its parsers of broken markup raise whatever happens inside
        raise UnreadableError(
            f"the feed is broken ({type(error).__name__})", "save the feed again"
        ) from error
    if not parsed.entries and not parsed.get("version"):
        raise UnreadableError(
            "not a feed: neither RSS nor Atom",
            "save the feed's own file, not the page that lists it",
        )
    if not parsed.entries:
        yield Rejected("", "the feed has no entries", "look at the feed's address for a newer one")
    wrong = parsed.bozo and not isinstance(
        parsed.bozo_exception, feedparser.exceptions.CharacterEncodingOverride
    )
    notes = ("the feed is not well-formed XML: entries may lack text",) if wrong else ()
    seen: set[str] = set()
    for number, entry in enumerate(parsed.entries, start=1):
        record = _record(entry, parsed.feed, number, notes)
        yield record if record.place not in seen else _renumbered(record, number)
        seen.add(record.place)


def _refuse_entities(data: bytes) -> None:
    """Raise UnreadableError for a feed that declares entities ahead of its root element."""
    # UTF-16 is seen through by leaving its null bytes out; comments may hold a false root
    plain = _UNSEEN.sub(b"", data.replace(b"\0", b""))
    root = _ROOT.search(plain)
    prolog = plain[: root.start()] if root else plain
    if b"<!entity" in prolog.lower():
        raise UnreadableError(
            "the feed declares XML entities, which a feed has no use for",
            "ask its publisher for a feed without them, or take the DOCTYPE out if you trust it",
        )


def _record(entry: Any, feed: Any, number: int, notes: tuple[str, ...]) -> Record:
    blocks, about_text = _text(entry)
    written, origin_note = _date(entry)
    guid, link = _one_line(entry.get("id")), _one_line(entry.get("link"))
    content: Any = next(iter(entry.get("content") or ()), {})
    return Record(
        blocks=blocks,
        title=_title(entry),
        dates=(Dated(written, "feed"),) if written else (),
        language=_one_line(content.get("language") or feed.get("language")),
        author=_one_line(entry.get("author") or feed.get("author")),
        publisher=_plain(feed.get("title")),
        url=link or (guid if guid.startswith(("http://", "https://")) else ""),
        id=guid,
        notes=(*notes, *about_text, *origin_note),
        place=guid or str(number),
    )


def _renumbered(record: Record, number: int) -> Record:
    note = f"another entry of the feed has the id {record.id!r}"
    return replace(record, place=str(number), notes=(*record.notes, note))


def _text(entry: Any) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the blocks of the fullest text that an entry has, and notes."""
    contents = [c for c in entry.get("content") or () if c.get("value")]
    summary = entry.get("summary_detail") or {}
    texts = [_blocks(part) for part in (*contents, summary) if part.get("value")]
    # the content before the summary, which repeats its beginning; feedparser lists either as both
    best = next((blocks for blocks in texts if blocks), ())
    if not best:
        return (), ("the feed gives no text for this entry: save the page that it links to",)
    if _CUT_SHORT.search(best[-1].text):
        return best, ("the feed seems to cut the text short: save the page that it links to",)
    return best, ()


def _blocks(part: Any) -> tuple[Block, ...]:
    value = str(part["value"])
    # "text/plain" is what feeds call their escaped markup, too
    if part.get("type") != "text/plain" or _MARKUP.search(value):
        return html.blocks(value)
    lines = (" ".join(piece.split()) for piece in _EMPTY_LINE.split(value))
    return tuple(Block(line) for line in lines if line)


def _date(entry: Any) -> tuple[str, tuple[str, ...]]:
    published = _one_line(entry.get("published"))
    if published:
        return published, ()
    # dict's own get: feedparser's gives "published" for "updated", with a warning
    created, updated = (_one_line(dict.get(entry, key)) for key in ("created", "updated"))
    if created or not updated:
        return created, ()
    return updated, ("the feed gives no date of publication: that of the last change is taken",)


def _title(entry: Any) -> str:
    detail = entry.get("title_detail") or {}
    title = str(entry.get("title") or "")
    # A title in plain text says "<b>" where it means it; one in markup is read as such.
    return _one_line(title) if detail.get("type") == "text/plain" else _plain(title)


def _plain(markup: object) -> str:
    """Return a line without its markup."""
    line = str(markup or "")
    if not _MARKUP.search(line):
        return _one_line(line)
    return " ".join(" ".join(block.text.split()) for block in html.blocks(line))


def _one_line(value: object) -> str:
    return " ".join(str(value or "").split())
