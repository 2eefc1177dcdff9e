"""What a query is once it has been read: a pattern over words, conditions on words, and filters."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kit.errors import ParameterError
from kit.tokens import LayerName

Unit = Literal["s", "p", "doc"]  # sentence, paragraph (or title), document
UNITS: tuple[Unit, ...] = ("s", "p", "doc")  # from narrow to wide


class QueryError(Exception):
    """What is wrong with a query, and at which of its characters (from 0)."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at

    def shown(self, text: str) -> ParameterError:
        """Return the error for people: the message, the query, and a mark under the character."""
        from wcwidth import width  # noqa: PLC0415 (loaded when first needed)

        message, line = _printable(str(self)), _printable(text)
        mark = " " * width(line[: self.at]) + "^"
        return ParameterError(f"the query cannot be read: {message}\n  {line}\n  {mark}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def check_text(text: str) -> None:
    """Refuse half a character (a lone surrogate): no text has one, and none can be looked for."""
    if (at := next((i for i, c in enumerate(text) if "\ud800" <= c <= "\udfff"), -1)) >= 0:
        raise QueryError(at, f"U+{ord(text[at]):04X} is half a character")


# ---- conditions on one word


@dataclass(frozen=True, slots=True)
class Compare:
    """``attribute = "value"``: a regular expression over the whole value, or the value itself."""

    attribute: str
    value: str
    equal: bool
    literal: bool
    at: int  # where the value begins in the query


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The word has one of the values of a layer for which ``values`` (one truth a value) is true."""

    layer: LayerName
    values: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """All conditions hold."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one condition holds."""

    conditions: tuple["Condition", ...]


Condition = Compare | Chosen | Not | Every | Some


# ---- patterns over words


@dataclass(frozen=True, slots=True)
class Word:
    """One word that meets the condition (None: any word)."""

    condition: Condition | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """No word: the place before the next one is an edge of the unit (or, not ``there``, is none)."""

    unit: Unit
    there: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    """The parts, one after the other."""

    parts: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body, ``least`` times up to ``most`` times (None: as often as it goes)."""

    body: "Pattern"
    least: int
    most: int | None


Pattern = Word | Edge | Sequence | Choice | Repeat


def words_of(pattern: Pattern) -> list[Word]:
    """Return the words of a pattern, in the order in which they stand in the query."""
    match pattern:
        case Word():
            return [pattern]
        case Sequence(parts) | Choice(parts):
            return [word for part in parts for word in words_of(part)]
        case Repeat(body):
            return words_of(body)
    return []


# ---- the whole


@dataclass(frozen=True, slots=True)
class Same:
    """Two labelled words have (or, not ``equal``, have not) the same value of an attribute."""

    attribute: str
    labels: tuple[str, str]
    equal: bool


@dataclass(frozen=True, slots=True)
class Around:
    """The hit contains a match of the pattern, or lies within one; not ``wanted``: it does not."""

    pattern: Pattern
    unit: Unit  # that its matches stay in
    contains: bool
    wanted: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A pattern whose matches never cross an edge of ``unit``, and what they must meet besides."""

    pattern: Pattern
    unit: Unit = "s"
    same: tuple[Same, ...] = ()
    around: tuple[Around, ...] = ()
