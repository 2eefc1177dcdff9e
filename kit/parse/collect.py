"""Gather the blocks of one text, then take its title out of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kit.corpus import Kind
from kit.parse.record import Block, Dated, Origin, Record

_FIRST_BLOCKS = 10  # a title stands at the head of a text
_LONGEST = 300  # characters; the longest titles of communiqués have some 200
# What programs write into the title property by themselves.
_MACHINE_MADE = re.compile(
    r"microsoft (word|powerpoint) - .*|untitled.*|(new )?document ?\d*|без имени.*|документ ?\d*"
    r"|无标题.*|文档 ?\d*|.*\.(docx?|odt|rtf|pdf|txt|html?|indd|qxd|tex|wps)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of its text beside it."""

    title: str = ""
    author: str = ""
    language: str = ""
    publisher: str = ""
    made: str = ""  # when the file was made, in the words of the file
    is_publication: bool = False  # of a book, `made` is its day of publication
    notes: tuple[str, ...] = ()

    @property
    def dates(self) -> tuple[Dated, ...]:
        """The day of publication that an e-book gives; else that of making, the last resort."""
        origin: Origin = "page metadata" if self.is_publication else "file made"
        return (Dated(self.made, origin),) if self.made else ()

    @property
    def about_made(self) -> tuple[str, ...]:
        """A note that a day of making is no date of publication."""
        if not self.made or self.is_publication:
            return ()
        return (f"the file was made on {self.made[:10]}: that is no date of publication",)


@dataclass(slots=True)
class Text:
    """The blocks of a text as they are found, and what was left out of it."""

    blocks: list[Block] = field(default_factory=list)
    title: int | None = None
    contents: int = 0  # lines of a table of contents
    endings: list[str] = field(default_factory=list)  # footnotes and endnotes

    def add(self, text: str, kind: Kind = "body", *, is_title: bool = False) -> None:
        """Add a block, unless it is blank; the first that is a title becomes the title."""
        if not text.strip():
            return
        if is_title and self.title is None:
            self.title = len(self.blocks)
        self.blocks.append(Block(text, kind))

    def record(
        self, properties: Properties, notes: Sequence[str] = (), *, title_is_sure: bool = False
    ) -> Record:
        """Close the text: footnotes at its end, title out of the blocks."""
        said = list(notes)
        if self.contents:
            said.append(f"lines of a table of contents left out: {self.contents}")
        ends = [Block(text) for text in self.endings if text.strip()]
        if ends:
            said.append(f"footnotes or endnotes put at the end: {len(ends)}")
        title, blocks, about = take_title(
            self.blocks, stated=properties.title, styled=self.title, sure=title_is_sure
        )
        return Record(
            blocks=(*blocks, *ends),
            title=title,
            dates=properties.dates,
            language=properties.language,
            author=properties.author,
            publisher=properties.publisher,
            notes=(*said, *about, *properties.notes, *properties.about_made),
        )


def take_title(
    blocks: Sequence[Block], *, stated: str = "", styled: int | None = None, sure: bool = False
) -> tuple[str, tuple[Block, ...], tuple[str, ...]]:
    """Return the title, the blocks without it, and notes.

    In order: the block at index `styled`, which the file marks as its title; the block among the
    first ten that says the same as `stated`, the title in the file's properties; the first block
    where it is a heading; `stated` itself, with a note, unless a program made it up. A `stated`
    title that is `sure`, as a book's is, goes before a heading.
    """
    stated = " ".join(stated.split())
    if styled is None and stated:
        wanted = _key(stated)
        styled = next(
            (i for i, b in enumerate(blocks[:_FIRST_BLOCKS]) if wanted and _key(b.text) == wanted),
            None,
        )
    if styled is None and stated and sure:
        return stated, tuple(blocks), ()
    if styled is None and blocks and blocks[0].kind == "heading":
        styled = 0
    if styled is not None and len(blocks[styled].text) <= _LONGEST:
        title = " ".join(blocks[styled].text.split())
        return title, (*blocks[:styled], *blocks[styled + 1 :]), ()
    if stated and len(stated) <= _LONGEST and not _MACHINE_MADE.fullmatch(stated):
        return stated, tuple(blocks), ("title from the file's properties: it is not in the text",)
    return "", tuple(blocks), ()


def _key(text: str) -> str:
    """Return the letters and digits of a text, to compare two writings of one title."""
    return "".join(c for c in text.casefold() if c.isalnum())
