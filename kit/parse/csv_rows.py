"""CSV and TSV -> rows: every cell is the text that it is, and only an empty one is missing."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, cast

from kit.parse import columns
from kit.parse.record import Options, Rejected, UnreadableError
from kit.parse.rows import LONGEST_ROW, NOT_UTF8, Row, undecoded, utf8

_DELIMITERS = ",;\t|"
_SAID = "sep="  # a first line by which Excel tells the delimiter
_ROWS_TO_COMPARE = 20
_LONGEST_NAME = 100  # a longer cell of the first line is no name of a column
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}")
_NO_HEADER = "give it a first line that names the columns, e.g. date,title,text"


def table(
    file: BinaryIO, options: Options, *, delimiter: str = "", usual: Collection[str] = ()
) -> tuple[list[str], Iterator[Row | Rejected]]:
    """Return the names of the columns, and the rows by the number of their first line.

    Without a `delimiter` it is the one of , ; tab and | that parts the header line. A line is a
    header where it has a name that is usual for a text, a date ..., said by the user or in `usual`,
    or at least nothing that no name can be. Raises UnreadableError where there is none, and where
    the delimiter stays open.
    """
    # A limit of the csv module, for the whole process: 131,072 letters unless raised. It is only
    # ever raised, so that readers side by side cannot cut each other short.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW))
    head, stream, about = utf8(file, options, guess=True)
    lines = _Lines(
        io.TextIOWrapper(cast("BinaryIO", stream), "utf-8", "surrogateescape", newline="")
    )
    start = head.decode("utf-8", "ignore")
    if start[: len(_SAID)].lower() == _SAID and start[len(_SAID) :][:1] in _DELIMITERS:
        delimiter = start[len(_SAID)]
        next(lines)
    delimiter = delimiter or _delimiter(start, options)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next((cells for cells in reader if any(cells)), [])
    except csv.Error as error:
        raise UnreadableError(f"its first line is damaged: {error}", _NO_HEADER) from error
    names, notes = _names(header, {options.text, options.date, *usual} - {""})
    return names, _rows(reader, lines, names, about + notes)


def _rows(
    reader: Iterator[list[str]], lines: "_Lines", names: Sequence[str], notes: tuple[str, ...]
) -> Iterator[Row | Rejected]:
    while True:
        place = str(lines.number + 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            until = f", up to line {lines.number}" if str(lines.number) != place else ""
            yield Rejected(place, f"damaged row{until}: {error}", "mend its quotation marks")
            continue
        if not any(cells):
            continue  # a blank line, or the empty rows that a spreadsheet leaves at its end
        if len(cells) != len(names):
            yield Rejected(
                place,
                f"{len(cells)} cells where the header has {len(names)}",
                "quote cells that hold the delimiter, or fill the row",
            )
        elif any(undecoded(cell) for cell in cells):
            yield Rejected(place, *NOT_UTF8)
        else:
            yield Row(place, dict(zip(names, cells, strict=True)), notes)


class _Lines:
    """The lines of a text for the csv module; one that is too long is passed over with an error."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) < LONGEST_ROW:
            return line
        while line and line[-1] not in "\r\n":
            line = self._text.readline(LONGEST_ROW)
        raise csv.Error(f"a line of over {LONGEST_ROW:,} letters")


def _delimiter(start: str, options: Options) -> str:
    """Return the one delimiter that parts the header line, and the rows below it alike."""
    tables = {mark: _first_rows(start, mark) for mark in _DELIMITERS}
    parting = [mark for mark, rows in tables.items() if rows and len(rows[0]) > 1]
    if not parting:
        return ","  # one column
    even = [m for m in parting if len({len(cells) for cells in tables[m]}) == 1 < len(tables[m])]
    known = [m for m in even or parting if "text" in columns.named(tables[m][0])]
    for marks in (parting, even, known):
        if len(marks) == 1:
            return marks[0]
    shown = " or ".join(repr(mark) for mark in parting)
    raise UnreadableError(
        f"its columns may be separated by {shown}", "save it anew as CSV with commas"
    )


def _first_rows(start: str, delimiter: str) -> list[list[str]]:
    """Return the first rows of what the start of a file holds; the last may be cut, and falls out."""
    rows = []
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in islice((c for c in reader if any(c)), _ROWS_TO_COMPARE + 1):
            rows.append(cells)  # noqa: PERF402 - the rows before a damaged one are kept
    except csv.Error:
        return rows
    return rows[:-1] if len(rows) > 2 else rows


def _names(header: Sequence[str], usual: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return a name for each column, none of them twice, or refuse a line that is no header."""
    if not header:
        raise UnreadableError("no header line", _NO_HEADER)
    if any(undecoded(cell) for cell in header):
        raise UnreadableError("its first line is not UTF-8", NOT_UTF8[1])
    cells = [" ".join(cell.split()) for cell in header]
    odd = [cell for cell in cells if len(cell) > _LONGEST_NAME or _DAY.match(cell)]
    if not columns.named(cells) and not any(cell in usual for cell in cells):
        odd += [cell for cell in cells if cell[:1].isdigit() or len(cells) == 1]
    if odd:
        raise UnreadableError(f"its first line is no header: {odd[0][:40]!r}", _NO_HEADER)
    count: Counter[str] = Counter()
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        count[cell] += 1
        name = cell if cell and count[cell] == 1 else f"{cell or 'column'} ({number})"
        while name in names:
            name += "'"
        names[name] = None
    twice = [cell for cell, times in count.items() if cell and times > 1]
    notes = (
        (f"columns of the same name: of {', '.join(twice[:5])} the first is read",) if twice else ()
    )
    return list(names), notes
