"""JSON and JSON lines -> rows. A list is cut into its items as it is read; numbers stay as written."""

import codecs
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from kit.parse import columns
from kit.parse.record import Options, Rejected, UnreadableError
from kit.parse.rows import LONGEST_ROW, NOT_UTF8, Row, undecoded, utf8

LARGEST_OBJECT = 128 * 2**20  # letters of an object that holds all: it is read whole
DEEPEST = 100  # lists in lists
MOST_PARTS = 1_000_000  # lists and objects in one row: two letters of each become some 60 bytes
_CHUNK = 2**20
_ADVICE = "write it anew by a program that makes JSON"
# The list of an object such as {"count": 2, "results": [...]}, where it holds several lists.
_LISTS = frozenset("data items results documents docs records rows texts articles".split())
# What stands before a bracket or comma: strings are passed over whole, nothing is tried twice.
_MARK = re.compile(r'(?:[^\[\]{},"]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{},])', re.DOTALL)
_BLANK = re.compile(r"\s*")


def jsonl_rows(file: BinaryIO, options: Options) -> Iterator[Row | Rejected]:
    """Yield the objects of JSON lines, each by the number of its line; blank lines are passed over."""
    _, stream, _ = utf8(file, options)
    loads = _Loads()
    number = 0
    while line := stream.readline(LONGEST_ROW + 1):
        number += 1
        if len(line) > LONGEST_ROW:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_CHUNK)
            yield Rejected(str(number), f"a line of over {LONGEST_ROW:,} bytes", "split the text")
        elif line := line.strip():
            try:
                text = line.decode()
            except UnicodeDecodeError:
                yield Rejected(str(number), *NOT_UTF8)
            else:
                yield loads.row(text, str(number))


def json_rows(file: BinaryIO, options: Options) -> Iterator[Row | Rejected]:
    """Yield the objects of a list, of the one list in an object, or one after the other, numbered.

    An object that holds no list of objects is one row.
    """
    _, stream, _ = utf8(file, options)
    loads = _Loads()
    values = _values(stream)
    first = next(values, None)
    if first is None:
        return
    text, in_list = first
    if not in_list:
        try:
            second = next(values, None)
        except UnreadableError:
            yield loads.row(text, "1")
            raise
        if second is None:
            yield from _rows_of_one(loads, text)
            return
        values = chain([second], values)
    for number, (item, _) in enumerate(chain([first], values), start=1):
        yield loads.row(item, str(number))


def _rows_of_one(loads: "_Loads", text: str) -> Iterator[Row | Rejected]:
    row = loads.row(text, "1")
    if isinstance(row, Rejected):
        raise UnreadableError(row.reason, row.advice)
    lists = {
        name: items
        for name, items in row.cells.items()
        if isinstance(items, list) and items and all(isinstance(x, dict) for x in items)
    }
    own = columns.named(list(row.cells)).get("text", ())
    if not lists or any(isinstance(row.cells[name], str) for name in own):
        yield row
        return
    usual = [name for name in lists if name.lower() in _LISTS]
    chosen = usual if len(usual) == 1 else list(lists)
    if len(chosen) > 1:
        raise UnreadableError(
            f"an object with more than one list: {', '.join(chosen)[:200]}",
            "give a file that is the list of texts alone",
        )
    for number, cells in enumerate(lists[chosen[0]], start=1):
        yield Row(str(number), cells, row.notes)


class _Loads:
    """JSON as Python, numbers as they are written; keys that stand twice are noted."""

    def __init__(self) -> None:
        self._twice: list[str] = []
        # strict=False: a raw tab or line end in a string is no reason to lose a text
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=str,
            parse_float=str,
            parse_constant=lambda name: None if name == "NaN" else name,
            strict=False,
        ).decode

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            count = Counter(name for name, _ in pairs)
            self._twice += [name[:60] for name, times in count.items() if times > 1]
        return made

    def row(self, text: str, place: str) -> Row | Rejected:
        """Return the row that an object makes; what is no object, or no JSON, is rejected."""
        self._twice.clear()
        if undecoded(text):
            return Rejected(place, *NOT_UTF8)
        if len(text) > MOST_PARTS and text.count("[") + text.count("{") > MOST_PARTS:
            return Rejected(place, f"over {MOST_PARTS:,} lists and objects in it", "flatten it")
        try:
            value = self._decode(text)
        except json.JSONDecodeError as error:
            return Rejected(place, f"no JSON: {error.msg} at letter {error.pos + 1:,}", _ADVICE)
        except RecursionError:
            return Rejected(place, "nested too deep", "flatten it")
        if not isinstance(value, dict):
            return Rejected(place, "no object with names", 'write each as {"text": ...}')
        notes = tuple(f"{n!r} stands twice: the last is read" for n in self._twice[:3])
        return Row(place, value, notes)


def _values(stream: io.BufferedIOBase) -> Iterator[tuple[str, bool]]:
    """Yield the items of a list, or the objects that follow each other, as text; whether of a list.

    Only strings and brackets are looked at: what an item is worth is for the decoder to say.
    """
    text = _Text(stream)
    opening = text.skip_blank()
    if not opening:
        return
    if opening not in "[{":
        raise UnreadableError(f"no list and no object: it begins with {opening!r}", _ADVICE)
    in_list = opening == "["
    longest = LONGEST_ROW if in_list else LARGEST_OBJECT
    depth = 0
    if in_list:
        depth = len(text.mark(longest))
        text.take()
    while mark := text.mark(longest):
        depth += (mark in "[{") - (mark in "]}")
        if depth > DEEPEST:
            raise UnreadableError(f"nested over {DEEPEST} deep", "flatten it")
        if mark == "," and in_list and depth == 1:
            yield text.take(without=1), True
        elif depth <= 0:
            item = text.take(without=in_list)
            if item:
                yield item, in_list
            if in_list or depth < 0:
                break
            text.skip_blank()
    if depth or text.left():
        raise UnreadableError("it breaks off, or more stands after its end", _ADVICE)


class _Text:
    """The text of a stream as far as it is needed: what is not taken, and a position in it."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._start = self._position = 0
        self._broken: Exception | None = None

    def mark(self, longest: int) -> str:
        """Go behind the next bracket or comma outside of strings, and return it; "" at the end."""
        while (found := _MARK.match(self._text, self._position)) is None:
            if len(self._text) - self._start > longest:
                raise UnreadableError(f"an item of over {longest:,} letters", "split it")
            if not self._more():
                return ""
        self._position = found.end()
        return found[1]

    def take(self, *, without: int = 0) -> str:
        """Return what stands before the position, less its last letters; it is taken away."""
        taken = self._text[self._start : self._position - without].strip()
        self._start = self._position
        return taken

    def skip_blank(self) -> str:
        """Go to the next letter that is not blank, and return it."""
        while True:
            found = _BLANK.match(self._text, self._position)
            self._start = self._position = found.end() if found else self._position
            if self._position < len(self._text):
                return self._text[self._position]
            if not self._more():
                return ""

    def left(self) -> bool:
        """Say whether anything is left that is not blank."""
        return bool(self._text[self._start :].strip() or self.skip_blank())

    def _more(self) -> bool:
        """Read as much again as is held, so that a long item is looked at twice and no oftener."""
        if self._broken:
            raise self._broken
        held = self._text[self._start :]
        wanted, pieces = max(_CHUNK, len(held)), list[str]()
        data = b" "
        try:
            while data and wanted > 0:
                data = self._stream.read1(wanted)
                pieces.append(self._decoder.decode(data, final=not data))
                wanted -= len(data)
        except (UnreadableError, OSError, EOFError, UnicodeError) as error:
            self._broken = error  # told once what came before has been looked at
        self._text = held + "".join(pieces)
        self._position -= self._start
        self._start = 0
        return bool(data) or any(pieces)
