"""What a form gives of one text, before it becomes a Document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from kit.corpus import Kind

__all__ = [
    "Block",
    "Dated",
    "Kind",
    "Options",
    "Origin",
    "Parser",
    "Record",
    "Rejected",
    "UnreadableError",
]

Origin = Literal[
    "sidecar",
    "front matter",
    "column",
    "heading",
    "feed",
    "page metadata",
    "dateline",
    "file name",
    "file made",
]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as the form has it; its text is not yet cleaned."""

    text: str
    kind: Kind = "body"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of publication as it is written in a source, and where it stands there."""

    written: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Record:
    """One text of a file. ``place`` tells several of one file apart: ``"17"`` for line 17."""

    blocks: tuple[Block, ...] = ()
    title: str = ""
    dates: tuple[Dated, ...] = ()
    language: str = ""
    author: str = ""
    publisher: str = ""
    url: str = ""
    id: str = ""
    notes: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of a file that gives no text: line 17 of a table, one name in an archive."""

    place: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says of the source; empty where it is to be found out.

    The columns or keys of a table for text, date, title, language, author, publisher, url and id;
    the encoding of text files; whether 03/04/2025 is the third of April (None: such a date is not
    guessed); the day, as ``03-05``, of texts that tell only their year.
    """

    text: str = ""
    date: str = ""
    title: str = ""
    language: str = ""
    author: str = ""
    publisher: str = ""
    url: str = ""
    id: str = ""
    encoding: str = ""
    day_first: bool | None = None
    year_day: str = ""


class UnreadableError(Exception):
    """A file cannot be read: reason, then advice, each a phrase for people."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason, advice)
        self.reason, self.advice = reason, advice


Parser = Callable[[BinaryIO, str, Options], Iterator[Record | Rejected]]
