"""A saved web page: the text of it, its title, and every date it was published under."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kit.parse.html import body as bodies
from kit.parse.html import metadata, page, phrases, pieces
from kit.parse.record import Block, Dated, Options, Record, Rejected

__all__ = ["blocks", "read_html"]

_NO_TEXT = "no text on the page"
_MOST_DATELINES = 3
_NEAR = 6  # pieces above the title in which a dateline may stand
# "BEIJING, Jan. 26, 2025 (Xinhua) --", "新华社北京1月26日电" has no year and is no date
_WIRE = re.compile(r"[^.!?。]{0,60}?[—–-]{1,2}\s|.{0,60}?\)\s?[—–-]")


def read_html(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the one text of a saved page. `source` is for messages only.

    Raises UnreadableError for a file that is no page. A page without text is a Record without
    blocks, and a note says what the page is instead.
    """
    markup, notes = page.characters(file.read(), options.encoding)
    root, more = page.tree(markup)
    notes = (*notes, *more)
    if root is None:
        yield Record(notes=(*notes, _NO_TEXT))
        return
    about = metadata.metadata(root)
    kind = _kind_without_text(root)
    found = pieces.pieces(root)
    body = bodies.body(found, about.titles, root, len(markup))
    if not body.text:
        links = found.pieces and kind == _NO_TEXT
        notes = (*notes, f"{_NO_TEXT} but links and stock phrases" if links else kind)
    yield Record(
        blocks=tuple(Block(piece.text, piece.kind) for piece in body.text),
        title=" ".join(body.title.split()) or about.title,
        dates=tuple(dict.fromkeys(_dates(about, found, body))),
        language=about.language,
        author=about.author,
        publisher=about.publisher,
        url=about.url,
        notes=(*notes, *body.notes),
    )


def blocks(markup: str) -> tuple[Block, ...]:
    """Return the blocks of markup that is nothing but text: an entry of a feed, the body of a mail."""
    return tuple(Block(piece.text, piece.kind) for piece in pieces.of_fragment(markup))


def _kind_without_text(root: page.Element) -> str:
    """Say what a page without text is. Has to come before its scripts are taken out."""
    if next(root.iter("frameset", "iframe"), None) is not None:
        return f"{_NO_TEXT}: its text is in frames. Save the framed page"
    if next(root.iter("script"), None) is not None:
        return f"{_NO_TEXT}: a script fetches it. Save the page from the browser once it shows"
    return _NO_TEXT


def _dates(about: metadata.Metadata, found: pieces.Pieces, body: bodies.Body) -> Iterator[Dated]:
    yield from (Dated(written, "page metadata") for written in about.dates)
    yield from (
        Dated(written, "page metadata")
        for at, written in found.times
        if written and abs(at - body.start) <= _NEAR
    )
    yield from (Dated(written, "dateline") for written in _datelines(body))
    if of_address := phrases.in_address(about.url):
        yield Dated(of_address, "file name")


def _datelines(body: bodies.Body) -> list[str]:
    """Return the dates printed below the title, above it, before the first sentence, at the end."""
    head, text = body.head, body.text
    titled = next((i for i, piece in enumerate(head) if piece.text == body.title), None)
    below = head[titled + 1 :] if titled is not None else head
    above = head[max(0, titled - _NEAR) : titled][::-1] if titled is not None else ()
    lines = [piece.text for piece in (*below, *above) if _may_be_dated(piece)]
    if text and (wire := _WIRE.match(text[0].text)):
        lines.append(wire[0])
    lines += [piece.text for piece in text[-2:] if phrases.is_dateline(piece.text)]
    return list(dict.fromkeys(filter(None, map(phrases.written, lines))))[:_MOST_DATELINES]


def _may_be_dated(piece: pieces.Piece) -> bool:
    if piece.prose or piece.is_link or piece.level or phrases.OF_CHANGE.search(piece.text):
        return False
    return phrases.is_phrase(piece.text) or phrases.is_dateline(piece.text)
