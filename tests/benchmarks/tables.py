"""How fast, and in how much memory, 1 GB of JSON lines is read, beside what cannot be left out.

The floors open the file and decode its lines, and parse each by `json.loads`. Run by
`python tests/benchmarks/tables.py SOTU.jsonl [gigabytes]`; the file is repeated in a temporary one.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kit.parse.record import Options, Record
from kit.parse.tables import read_csv, read_json, read_jsonl, read_parquet

TRIES = 3
MOST_MEMORY = 300  # MB


def decode(path: Path) -> int:
    """Open and decode, line by line."""
    with path.open(encoding="utf-8") as lines:
        return sum(1 for _ in lines)


def loads(path: Path) -> int:
    """Parse each line by the standard library, and keep nothing."""
    with path.open(encoding="utf-8") as lines:
        return sum("text" in json.loads(line) for line in lines)


def read(path: Path) -> int:
    """Read records, and keep nothing."""
    reader = {
        ".jsonl": read_jsonl,
        ".json": read_json,
        ".csv": read_csv,
        ".parquet": read_parquet,
    }[path.suffix]
    with path.open("rb") as file:
        return sum(isinstance(x, Record) for x in reader(file, path.name, Options()))


WAYS: dict[str, Callable[[Path], int]] = {"decode": decode, "loads": loads, "read": read}


def measure(way: str, path: Path) -> tuple[float, float, int]:
    """Return the best seconds of some tries, the most MB of memory, and the rows, each in a process."""
    made = [
        json.loads(subprocess.check_output([sys.executable, __file__, "--one", way, str(path)]))
        for _ in range(TRIES)
    ]
    return min(m[0] for m in made), max(m[1] for m in made), made[0][2]


def one(way: str, path: Path) -> None:
    """Do it once, and print what it took."""
    start = time.perf_counter()
    rows = WAYS[way](path)
    seconds = time.perf_counter() - start
    # not ru_maxrss: a process inherits that of the one which started it
    status = Path("/proc/self/status").read_text()
    memory = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1000
    print(json.dumps([seconds, memory, rows]))


def write_forms(source: bytes, size: int, folder: Path) -> list[Path]:
    """Write about `size` bytes of the lines again and again, in each form."""
    import csv  # noqa: PLC0415

    lines = source.splitlines()
    rows = [json.loads(line) for line in lines]
    times = max(1, size // len(source))
    paths = [folder / f"many.{ending}" for ending in ("jsonl", "json", "csv", "parquet")]
    with paths[0].open("wb") as out:
        for _ in range(times):
            out.write(source)
    with paths[1].open("wb") as out:
        out.write(b"[\n" + b",\n".join(lines))
        for _ in range(times - 1):
            out.write(b",\n" + b",\n".join(lines))
        out.write(b"\n]\n")
    with paths[2].open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        for _ in range(times):
            writer.writerows(rows)
    try:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        return paths[:3]
    table = pa.Table.from_pylist(rows)
    with pq.ParquetWriter(paths[3], table.schema) as writer_:
        for _ in range(times):
            writer_.write_table(table)
    return paths


def main() -> None:
    """Print a line for each way and form."""
    source = Path(sys.argv[1]).read_bytes()
    size = int(float(sys.argv[2] if len(sys.argv) > 2 else 1) * 1e9)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_forms(source, size, Path(folder))
        floors = {way: measure(way, paths[0]) for way in ("decode", "loads")}
        lines = [
            ("decode lines", paths[0], floors["decode"]),
            ("json.loads", paths[0], floors["loads"]),
        ]
        lines += [(f"read {path.suffix[1:]}", path, measure("read", path)) for path in paths]
        print(
            "way            file MB  seconds    MB/s  rows    memory MB  to decoding  to json.loads"
        )
        for name, path, (seconds, memory, rows) in lines:
            megabytes = path.stat().st_size / 1e6
            print(
                f"{name:13} {megabytes:8,.0f} {seconds:8.2f} {megabytes / seconds:7,.0f} {rows:6,} "
                f"{memory:10,.0f} {seconds / floors['decode'][0]:11.2f}x "
                f"{seconds / floors['loads'][0]:13.2f}x"
            )
        over = [name for name, _, (_, memory, _) in lines if memory > MOST_MEMORY]
    if over:
        sys.exit(f"over {MOST_MEMORY} MB: {', '.join(over)}")


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
