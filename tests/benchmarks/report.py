"""How long `kit report seeds` takes, beside the same notebooks by papermill and nbconvert as they come.

Run by `make bench`. The peer runs each notebook on a cold kernel, one after the other, and renders
each to nbconvert's own HTML (no PDF: that would take a browser or LaTeX).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ("brief", "themes", "wording", "names", "texts")
TRIES = 3


def ours(folder: Path, *, cold: bool) -> None:
    """Make the report; `cold` without any parse kept from before."""
    if cold:
        shutil.rmtree(folder / "cache", ignore_errors=True)
    _run("-m", "kit.cli", "report", "seeds", "--out", str(folder), cache=folder / "cache")


def peer(folder: Path) -> None:
    """Run and render the same notebooks by the tools as they come."""
    for name in NOTEBOOKS:
        made = folder / f"{name}.ipynb"
        source = ROOT / "notebooks" / f"{name}.ipynb"
        _run(
            "-m",
            "papermill",
            "--no-progress-bar",
            "-p",
            "source",
            "seeds",
            str(source),
            str(made),
            cache=folder / "cache",
        )
        _run("-m", "nbconvert", "--to", "html", "--no-input", str(made), cache=folder / "cache")


def _run(*arguments: str, cache: Path) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"READOUT_CACHE": str(cache)},
        check=True,
        capture_output=True,
    )


def best(tries: int, work: object, *arguments: object, **options: object) -> float:
    """Return the shortest of several times, in seconds."""
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        work(*arguments, **options)  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the times and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cold = best(TRIES, ours, folder, cold=True)
        warm = best(TRIES, ours, folder, cold=False)
        beside = best(1, peer, folder)
    print(f"kit report seeds, HTML and PDF, nothing kept   {cold:6.2f} s")
    print(f"kit report seeds, HTML and PDF, parse kept     {warm:6.2f} s")
    print(
        f"papermill + nbconvert, HTML only, parse kept   {beside:6.2f} s   {beside / warm:.1f} times ours"
    )


if __name__ == "__main__":
    main()
