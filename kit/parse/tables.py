"""JSON, JSON lines, CSV, TSV and Parquet: each row a text; a bad row is named and the rest is read.

All are read row by row, so that a file may be larger than memory. What is refused: a line, item or
cell over 64 MB, an object that holds all over 128 MB.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from kit.parse import columns
from kit.parse.csv_rows import table
from kit.parse.json_rows import json_rows, jsonl_rows
from kit.parse.parquet_rows import parquet_rows
from kit.parse.record import Options, Record, Rejected, UnreadableError
from kit.parse.rows import Row, kept

_SAMPLE_ROWS = 200  # rows from which the columns are found
_SAMPLE_LETTERS = 8 * 2**20
_MOST_NAMES = 10_000  # beyond these no further key of an object is looked at


def read_jsonl(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Read JSON lines: each line an object, each object a text."""
    yield from _records(jsonl_rows(file, options), options, f"{source} holds no line")


def read_json(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Read JSON: a list of objects, an object that holds one, or an object that is one text.

    Objects one after the other are read as JSON lines are.
    """
    yield from _records(json_rows(file, options), options, f"{source} holds no object")


def read_csv(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Read a table with a header line, its cells separated by , ; tab or |."""
    yield from _records_of_table(*table(file, options), options, source)


def read_tsv(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Read a table with a header line, its cells separated by tabs."""
    yield from _records_of_table(*table(file, options, delimiter="\t"), options, source)


def read_parquet(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Read the rows of a Parquet file."""
    yield from _records_of_table(*parquet_rows(file, options), options, source)


def _records_of_table(
    names: Sequence[str], rows: Iterator[Row | Rejected], options: Options, source: str
) -> Iterator[Record | Rejected]:
    columns.check(names, options)
    return _records(rows, options, f"{source} has columns, but no row", names)


def _records(
    rows: Iterator[Row | Rejected], options: Options, empty: str, names: Sequence[str] = ()
) -> Iterator[Record | Rejected]:
    """Find the columns from the first rows, then turn each row into a record."""
    rows = kept(rows)
    sample = _sample(rows)
    good = [row.cells for row in sample if isinstance(row, Row)]
    if not good:
        raise _nothing(sample, empty)
    known = dict.fromkeys(names or (name for cells in good for name in cells))
    found = columns.find(list(known), good, options)
    for row in chain(sample, rows):
        if isinstance(row, Rejected):
            yield row
            continue
        if len(known) < _MOST_NAMES and not row.cells.keys() <= known.keys():
            new = [name for name in row.cells if name not in known]  # the first objects had it not
            known |= dict.fromkeys(new)
            found = found.wider(new)
        yield found.record(row.cells, row.place, row.notes)


def _sample(rows: Iterator[Row | Rejected]) -> list[Row | Rejected]:
    """Take the first rows, as many as tell the columns and no more than memory allows."""
    sample: list[Row | Rejected] = []
    letters = 0
    for row in islice(rows, _SAMPLE_ROWS):
        sample.append(row)
        if isinstance(row, Row):
            letters += sum(len(cell) for cell in row.cells.values() if isinstance(cell, str))
        if letters > _SAMPLE_LETTERS:
            break
    return sample


def _nothing(rejected: Sequence[Row | Rejected], empty: str) -> UnreadableError:
    """Say why a table gives no text at all."""
    first = next((row for row in rejected if isinstance(row, Rejected)), None)
    if first is None:
        return UnreadableError(empty, "remove it, or give it texts")
    return UnreadableError(
        f"none of its first rows ({len(rejected):,}) can be read: {first.reason} in {first.place}",
        first.advice,
    )
