"""Parquet -> rows, by pyarrow, a few rows at a time and only the columns that can serve."""

import datetime as dt
import io
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

from kit.parse.record import Options, Rejected, UnreadableError
from kit.parse.rows import LONGEST_ROW, Row

LARGEST_UNSEEKABLE = 256 * 2**20  # bytes; a Parquet file is read from its end
_ROWS_AT_ONCE = 32  # a row is a whole text
_DAMAGED = "write it anew, e.g. by pandas or polars"


def parquet_rows(file: BinaryIO, options: Options) -> tuple[list[str], Iterator[Row | Rejected]]:
    """Return the names of the columns, and the rows by their number."""
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - a third of a second, for this form only
    except ImportError as error:
        raise UnreadableError("Parquet needs pyarrow", "pip install pyarrow") from error
    try:
        if not file.seekable():
            data = file.read(LARGEST_UNSEEKABLE + 1)
            if len(data) > LARGEST_UNSEEKABLE:
                raise UnreadableError(f"over {LARGEST_UNSEEKABLE:,} bytes packed", "unpack it")
            file = io.BytesIO(data)
        parquet = pq.ParquetFile(file, buffer_size=2**20, page_checksum_verification=True)
        names = [str(name) for name in parquet.schema_arrow.names]
    except UnreadableError:
        raise
    except Exception as error:  # whatever a damaged file makes pyarrow say
        raise _damaged(error) from error
    if len(set(names)) < len(names):
        raise UnreadableError("two columns of the same name", "rename one")
    return names, _rows(parquet, names)


def _rows(parquet: Any, names: list[str]) -> Iterator[Row | Rejected]:
    number = 0
    batches = (
        batch
        for group in range(parquet.num_row_groups)  # all at once would hold them all
        for batch in parquet.iter_batches(_ROWS_AT_ONCE, row_groups=[group], use_threads=False)
    )
    while True:
        try:
            batch = next(batches, None)
        except Exception as error:  # as above
            raise _damaged(error) from error
        if batch is None:
            return
        held = [_plain_times(batch.column(i)) for i in range(len(names))]
        for i in range(batch.num_rows):
            number += 1
            try:
                cells = {
                    name: _cell(column[i].as_py()) for name, column in zip(names, held, strict=True)
                }
            except Exception as error:  # a text that is not UTF-8, a year 300,000
                yield Rejected(str(number), f"cannot be read: {error}"[:200], _DAMAGED)
                continue
            if any(isinstance(cell, str) and len(cell) > LONGEST_ROW for cell in cells.values()):
                yield Rejected(str(number), f"a cell of over {LONGEST_ROW:,} letters", "split it")
            else:
                yield Row(str(number), cells)


def _plain_times(column: Any) -> Any:
    """Return times to the microsecond: Python's have no more, and a date needs none."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return column


def _cell(value: object) -> object:
    """Return a cell as text, dates and times in ISO form in their own zone; lists stay lists."""
    if value is None or isinstance(value, str | dict):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_cell(part) for part in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return str(value)


def _damaged(error: Exception) -> UnreadableError:
    return UnreadableError(f"no Parquet, or damaged: {str(error).splitlines()[:1]}"[:200], _DAMAGED)
