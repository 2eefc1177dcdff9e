"""How a redline is read: its passages, as HTML for a notebook and as text for a terminal.

All of it reads a finding as data, whose rows are pieces of text: the columns are passage, place, change,
text and note, as ``kit.redline`` tells them.
"""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

# Colours that hold on a light and a dark ground and for the colour-blind (vermilion and blue of Okabe &
# Ito 2008, laid thinly over the ground); what they say is said by a line and in words too.
_STYLES = {
    "struck": "padding:0 .1em;text-decoration:line-through;background:rgba(213,94,0,.2)",
    "inserted": "padding:0 .1em;text-decoration:underline;background:rgba(0,114,178,.2)",
    "moved": "text-decoration:underline dotted",
}
_TAGS = {"struck": "del", "inserted": "ins", "moved": "span"}
_SAID = {"struck": "deleted: ", "inserted": "inserted: "}
_UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"
_WRITTEN = {
    "struck": ("[-", "-]", "31"),
    "inserted": ("{+", "+}", "32"),
    "moved": ("{>", "<}", "34"),
}
_EAST = "\u2e80"  # from here on are scripts that put no blank between sentences


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a passage, the blanks about it apart, so that no line is drawn through them.

    ``number`` is its row. One that is blank is the same, whatever it was.
    """

    number: int
    change: str
    before: str
    text: str
    after: str
    note: str


def passages(data: Mapping[str, Any]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield the place of each passage of a redline and its pieces."""
    names = [column["name"] for column in data["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in data["rows"]]
    for _, run in groupby(enumerate(rows), key=lambda numbered: numbered[1]["passage"]):
        own = list(run)
        yield own[0][1]["place"], _spaced([_piece(number, row) for number, row in own])


def _piece(number: int, row: Mapping[str, Any]) -> Piece:
    text = row["text"]
    core = text.strip()
    start = text.find(core)
    change = row["change"] if core else "same"
    return Piece(number, change, text[:start], core, text[start + len(core) :], row["note"] or "")


def _spaced(pieces: list[Piece]) -> list[Piece]:
    """Return pieces with a blank after a sentence that ended its paragraph where now another one follows."""
    spaced = [
        replace(piece, after=" ")
        if piece.change in ("struck", "moved away")
        and after.change != "inserted"
        and not (piece.after or after.before)
        and "0" <= after.text[:1] < _EAST
        else piece
        for piece, after in pairwise(pieces)
    ]
    return [*spaced, *pieces[-1:]]


def to_html(data: Mapping[str, Any]) -> str:
    """Return the passages of a redline as paragraphs."""
    shown = []
    for place, pieces in passages(data):
        said = "".join(map(_piece_html, pieces))
        shown.append(f"<p><small>{html.escape(place)}</small> {said}</p>")
    return "".join(shown)


def _piece_html(piece: Piece) -> str:
    text, note = html.escape(piece.text), html.escape(piece.note)
    if piece.change == "moved away":
        said = f"<small>[{note}]</small>"
    elif piece.change == "same":
        said = text
    else:
        told = f"<small>[{note}]</small> " if note else ""
        words = _SAID.get(piece.change)
        unseen = f'<span style="{_UNSEEN}">{words}</span>' if words else ""
        tag = _TAGS[piece.change]
        said = f'{told}<{tag} style="{_STYLES[piece.change]}">{unseen}{text}</{tag}>'
    return piece.before + said + piece.after


def to_text(data: Mapping[str, Any], *, colour: bool = False) -> str:
    """Return the passages of a redline as text: ``[-struck-] {+inserted+} {>moved<}``, in colours or not."""
    shown = []
    for place, pieces in passages(data):
        said = "".join(_piece_text(piece, colour=colour) for piece in pieces)
        shown.append(f"{place}  {said.strip()}")
    return "\n\n".join(shown)


def _piece_text(piece: Piece, *, colour: bool) -> str:
    text, note = _printable(piece.text), _printable(piece.note)
    if piece.change == "moved away":
        said = f"[{note}]"
    elif piece.change == "same":
        said = text
    else:
        opening, closing, code = _WRITTEN[piece.change]
        marked = f"{opening}{text}{closing}"
        told = f"[{note}] " if note else ""
        said = told + (f"\x1b[{code}m{marked}\x1b[0m" if colour else marked)
    return _printable(piece.before) + said + _printable(piece.after)


def _printable(text: str) -> str:
    """Return a text in one line that cannot move the cursor."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
