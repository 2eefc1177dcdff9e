"""Which words meet a condition: found over the values of layers, never word by word."""

from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kit.cql.grammar import ATTRIBUTES
from kit.cql.query import Chosen, Compare, Condition, Every, Not, QueryError, Some
from kit.tokens import Layer, Tokens

if TYPE_CHECKING:
    import pyarrow as pa

Truths = NDArray[np.bool_]
Positions = NDArray[np.int64]
_SPECIAL = frozenset("()[]{}?*+|^$.\\")  # what makes more than a string of a regular expression


class Test(Protocol):
    """Which words of a corpus meet a condition."""

    @property
    def size(self) -> int:
        """How many words meet it, or a bound above that."""

    def at(self, positions: Positions) -> Truths:
        """Return whether the words at the positions meet it."""

    def positions(self) -> Positions:
        """Return the positions of all words that meet it, in ascending order."""


@dataclass(frozen=True, eq=False)
class Anything:
    """Every word meets it."""

    size: int

    def at(self, positions: Positions) -> Truths:
        """See Test."""
        return np.ones(len(positions), dtype=np.bool_)

    def positions(self) -> Positions:
        """See Test."""
        return np.arange(self.size)


@dataclass(frozen=True, eq=False)
class OneOf:
    """The word has one of the chosen values of a layer; ``chosen`` has one truth a value."""

    layer: Layer
    chosen: Truths

    @cached_property
    def size(self) -> int:
        """See Test."""
        return int(self.layer.counts[np.flatnonzero(self.chosen)].sum())

    @cached_property
    def _only(self) -> int | None:
        numbers = np.flatnonzero(self.chosen)
        return int(numbers[0]) if len(numbers) == 1 else None

    def at(self, positions: Positions) -> Truths:
        """See Test."""
        values = self.layer.ids[positions]
        return np.asarray(self.chosen[values] if self._only is None else values == self._only)

    def positions(self) -> Positions:
        """See Test."""
        if self._only is not None:
            return self.layer.positions(self._only).astype(np.int64)
        return self.layer.where(self.chosen).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Both:
    """Two tests on different layers, both met."""

    one: Test
    other: Test

    @cached_property
    def size(self) -> int:
        """See Test."""
        return min(self.one.size, self.other.size)

    def at(self, positions: Positions) -> Truths:
        """See Test."""
        return self.one.at(positions) & self.other.at(positions)

    def positions(self) -> Positions:
        """See Test."""
        rare, common = sorted((self.one, self.other), key=lambda test: test.size)
        found = rare.positions()
        return found[common.at(found)]


@dataclass(frozen=True, eq=False)
class Either:
    """Two tests on different layers, at least one met."""

    one: Test
    other: Test

    @cached_property
    def size(self) -> int:
        """See Test."""
        return self.one.size + self.other.size

    def at(self, positions: Positions) -> Truths:
        """See Test."""
        return self.one.at(positions) | self.other.at(positions)

    def positions(self) -> Positions:
        """See Test."""
        return np.union1d(self.one.positions(), self.other.positions())


def resolve(t: Tokens, condition: Condition | None, *, met: bool = True) -> Test:
    """Return which words meet a condition, or with `met` False which do not.

    Raises QueryError for a regular expression that is none, ParameterError for tags of texts that have none.
    """
    match condition:
        case None:
            return Anything(len(t))
        case Not(inner):
            return resolve(t, inner, met=not met)
        case Chosen(name, values):
            return OneOf(t.layer(name), values if met else ~values)
        case Compare():
            found = _equal(t, condition)
            return OneOf(t.layer(ATTRIBUTES[condition.attribute]), found ^ (condition.equal != met))
        case Every(conditions) | Some(conditions):
            tests = [resolve(t, part, met=met) for part in conditions]
            every = isinstance(condition, Every) == met  # not (a and b) is not a or not b
            return reduce(_both if every else _either, tests)


def _both(one: Test, other: Test) -> Test:
    if isinstance(one, OneOf) and isinstance(other, OneOf) and one.layer is other.layer:
        return OneOf(one.layer, one.chosen & other.chosen)
    return Both(one, other)


def _either(one: Test, other: Test) -> Test:
    if isinstance(one, OneOf) and isinstance(other, OneOf) and one.layer is other.layer:
        return OneOf(one.layer, one.chosen | other.chosen)
    return Either(one, other)


def _equal(t: Tokens, condition: Compare) -> Truths:
    import pyarrow as pa  # noqa: PLC0415 (loaded when first needed)
    import pyarrow.compute as pc  # noqa: PLC0415

    name = ATTRIBUTES[condition.attribute]
    value = condition.value
    if name == "lemma":  # lemmas are in small letters
        value = value.casefold() if _is_plain(condition) else f"(?i){value}"
    if _is_plain(condition):
        return np.asarray(pc.equal(_names(t, name), value).to_numpy(zero_copy_only=False))
    # A broken group must not be healed by the one that anchors it.
    for pattern in (value, rf"\A(?:{value})\z"):
        try:
            found = pc.match_substring_regex(_names(t, name), pattern)
        except pa.ArrowInvalid as error:
            reason = str(error).removeprefix("Invalid regular expression: ")
            raise QueryError(condition.at + 1, f"this is no regular expression: {reason}") from None
    return np.asarray(found.to_numpy(zero_copy_only=False))


def _is_plain(condition: Compare) -> bool:
    return condition.literal or not _SPECIAL.intersection(condition.value)


@lru_cache(maxsize=16)
def _names(t: Tokens, name: str) -> "pa.StringArray":
    """Return the values of a layer as Arrow has them: its expressions are RE2's, which cannot hang."""
    import pyarrow as pa  # noqa: PLC0415 (loaded when first needed)

    return pa.array(t.layer(name).names, pa.string())  # type: ignore[arg-type]
