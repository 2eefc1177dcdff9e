"""The parses of passages as columns of numbers, in memory and as the bytes of a file."""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Codes = NDArray[np.uint8]
Longs = NDArray[np.int64]
_HEAD = struct.Struct("<5I")  # checksum of what follows, bytes of labels, passages, names, tokens


@dataclass(frozen=True, slots=True)
class Labels:
    """What the codes of parses stand for."""

    pos: tuple[str, ...]
    tag: tuple[str, ...]
    dep: tuple[str, ...]
    name: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Columns:
    """The spaCy tokens of passages that follow one another, one value a token.

    ``start`` and ``end`` are bounds in code points of the passage, ``head`` the number of the governing
    token in the passage (its own at a root), ``sentence`` the number of the sentence, from 1;
    ``pos``, ``tag`` and ``dep`` are places in the labels. ``bounds`` has the first token of each
    passage, and the number of tokens last; ``names`` a row (passage, start, end, label) a name.
    """

    labels: Labels
    bounds: Longs
    names: Ints
    start: Ints
    end: Ints
    head: Ints
    sentence: Ints
    pos: Codes
    tag: Codes
    dep: Codes

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def governor(self) -> Longs:
        """The number of the governing token among all tokens."""
        return np.repeat(self.bounds[:-1], np.diff(self.bounds)) + self.head

    @cached_property
    def name_bounds(self) -> Longs:
        """The first name of each passage, and the number of names last."""
        return np.searchsorted(self.names[:, 0].copy(), np.arange(len(self) + 1))


NUMBERS = ("start", "end", "head", "sentence")
CODES = ("pos", "tag", "dep")


def to_bytes(columns: Columns) -> bytes:
    """Return columns as the content of a file."""
    labels = json.dumps([list(getattr(columns.labels, f.name)) for f in fields(Labels)]).encode()
    labels += b" " * (-len(labels) % 4)
    sizes = np.diff(columns.bounds)
    body = b"".join(
        (
            labels,
            sizes.astype("<i4").tobytes(),
            columns.names.astype("<i4").tobytes(),
            *(getattr(columns, name).astype("<i4").tobytes() for name in NUMBERS),
            *(getattr(columns, name).tobytes() for name in CODES),
        )
    )
    counts = len(labels), len(columns), len(columns.names), len(columns.start)
    rest = _HEAD.pack(0, *counts)[4:] + body
    return struct.pack("<I", zlib.crc32(rest)) + rest


def from_bytes(content: bytes) -> Columns:
    """Return the columns that ``to_bytes`` wrote; ValueError where it is not that."""
    if len(content) < _HEAD.size:
        raise ValueError("cut off")
    checksum, size, passages, names, tokens = _HEAD.unpack_from(content)
    wanted = _HEAD.size + size + 4 * (passages + 4 * names + 4 * tokens) + 3 * tokens
    if len(content) != wanted or zlib.crc32(memoryview(content)[4:]) != checksum:
        raise ValueError("damaged")
    at = _HEAD.size + size
    numbers = np.frombuffer(content, "<i4", passages + 4 * (names + tokens), at)
    codes = np.frombuffer(content, np.uint8, 3 * tokens, len(content) - 3 * tokens)
    sizes, rest = numbers[:passages], numbers[passages:]
    return Columns(
        _labels(content[_HEAD.size : at]),
        np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))),
        rest[: 4 * names].reshape(-1, 4),
        *rest[4 * names :].reshape(4, -1),
        *codes.reshape(3, -1),
    )


@lru_cache(maxsize=4)
def _labels(written: bytes) -> Labels:
    return Labels(*map(tuple, json.loads(written)))


def joined(parts: Sequence[Columns]) -> Columns:
    """Return the columns of parts of one labelling that follow one another."""
    first = np.cumsum([0, *(len(part) for part in parts)])
    token = np.cumsum([0, *(len(part.start) for part in parts)])
    names = [
        part.names + np.array([[at, 0, 0, 0]], np.int32)
        for part, at in zip(parts, first[:-1].tolist(), strict=True)
    ]
    bounds = [part.bounds[:-1] + at for part, at in zip(parts, token[:-1].tolist(), strict=True)]
    return Columns(
        parts[0].labels if parts else Labels((), (), (), ()),
        np.concatenate([*bounds, token[-1:]]),
        np.concatenate([np.empty((0, 4), np.int32), *names]).astype(np.int32),
        **{name: _column(parts, name, np.int32) for name in NUMBERS},
        **{name: _column(parts, name, np.uint8) for name in CODES},
    )


def _column(parts: Sequence[Columns], name: str, dtype: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *(getattr(part, name) for part in parts)])
