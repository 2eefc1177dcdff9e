"""How fast a folder of small text files is read, beside a floor that only opens and decodes them.

Run by ``make bench-reading`` or ``python tests/benchmarks/reading.py [files]``. Reading gives a
document each: date, title, language, paragraphs, notes. The floor keeps nothing.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from kit.parse import files

FILES = 100_000
TEXT = """ date {day} Talks on trade, part {number}

The two sides met in Geneva and agreed to go on. They spoke of trade, of grain and of roads.

Both sides said that cooperation has grown by {number} percent, and that more is to come.
"""


def write(folder: Path, number: int) -> None:
    """Write files of some hundred bytes each, a thousand a folder."""
    for i in range(number):
        path = folder / f"{i // 1000:03d}" / f"{i:06d}.txt"
        path.parent.mkdir(exist_ok=True)
        day = f"{2000 + i % 25}-{1 + i % 12:02d}-{1 + i % 28:02d}"
        path.write_text(TEXT.format(day=day, number=i), "utf-8")


def floor(folder: Path) -> int:
    """Open and decode each file."""
    return sum(len(path.read_bytes().decode("utf-8")) > 0 for path in folder.rglob("*.txt"))


def read(folder: Path, processes: int) -> int:
    """Read each file to a document."""
    return sum(1 for _ in files.stream(folder, processes=processes))


def timed(work: object, *arguments: object) -> tuple[float, int]:
    """Return seconds and what was counted."""
    start = time.perf_counter()
    counted = work(*arguments)  # type: ignore[operator]
    return time.perf_counter() - start, counted


def main() -> None:
    """Print seconds, files a second and ratios to the floor."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, number)
        base, _ = timed(floor, folder)
        print(f"open and decode          {base:6.2f} s   {number / base:9,.0f} files/s")
        for processes in (0, 1, 2):
            seconds, counted = timed(read, folder, processes)
            assert counted == number
            how = "in this process " if not processes else f"in {processes} processes  "
            print(
                f"documents, {how}{seconds:6.2f} s   {number / seconds:9,.0f} files/s   "
                f"{seconds / base:.1f} times the floor"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:,.0f} MB")


if __name__ == "__main__":
    main()
