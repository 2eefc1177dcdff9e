"""How many saved pages a second are read, beside trafilatura alone on the same pages.

Run as ``python tests/benchmarks/pages.py [FOLDER OF .html FILES]``; without a folder, the statements
of the US Federal Reserve beside the checkout. trafilatura gives text only; ours also dates, title,
language, publisher and the kinds of the paragraphs.
"""

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from kit.parse.html import read_html
from kit.parse.record import Options

PAGES = Path(__file__).parents[3] / "shared" / "corpora" / "fomc-statements"
TRIES = 3


def ours(page: bytes) -> object:
    """Read a page to a record."""
    return list(read_html(io.BytesIO(page), "", Options()))


def peer(page: bytes) -> object:
    """Extract the text alone."""
    return trafilatura.extract(page, favor_recall=True, include_comments=False)


def rate(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    """Return pages a second, the best of some tries."""
    best = 0.0
    for _ in range(TRIES):
        start = time.perf_counter()
        for page in pages:
            read(page)
        best = max(best, len(pages) / (time.perf_counter() - start))
    return best


def main() -> None:
    """Print one line for each."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    if not pages:
        sys.exit(f"{folder}: no .html files")
    print(f"{len(pages)} pages, {sum(map(len, pages)) / len(pages) / 1000:.0f} kB each on average")
    for name, read in (("kit.parse.html.read_html", ours), ("trafilatura.extract", peer)):
        print(f"{name:26} {rate(read, pages):6.0f} pages/s")


if __name__ == "__main__":
    main()
