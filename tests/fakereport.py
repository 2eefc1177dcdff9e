"""A small folder of a finished report, in the form in which a run makes it."""

import csv
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

STATEMENTS = (
    ("Read", "3 texts, dated 20 January 2025 to 26 January 2025: 75 paragraphs."),
    ("About", "Above all “bilateral relations” 双边关系 (18 of 75 paragraphs)."),
    ("People", "A. Person (President) and B. Person (Foreign Minister)."),
)
TABLES: Mapping[str, Sequence[Sequence[str]]] = {
    "wording-formulations": [
        ["formulation", "count"],
        ["win-win cooperation", "4"],
        ["'=odd", "1"],
    ],
    "names-names-place": [["name", "mentions"], ["Shanghai", "3"], ["Orléans", "1"]],
    "wording-style": [["measure", "value"], ["words", "845.0"]],
    "times-dates": [["date", "hit"], ["2025-01-20", "x"]],
}


def make(
    folder: Path,
    *,
    title: str = "Ministers meet",
    statements: Sequence[tuple[str, str]] = STATEMENTS,
    tables: Mapping[str, Sequence[Sequence[str]]] = TABLES,
    formats: Sequence[str] = ("html", "pdf"),
    started: str = "2025-01-27T06:59:00+00:00",
) -> Path:
    """Write a report; return its folder."""
    (folder / "data").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "brief.ipynb").write_text("{}", "utf-8")
    first = "".join(f"<p>{html.escape(text)}</p>" for _, text in statements)
    page = f'<html lang="en"><head><title>{html.escape(title)}</title></head><body>{first}</body></html>'
    if "html" in formats:
        (folder / "report.html").write_text(page, "utf-8", errors="replace")
    if "pdf" in formats:
        (folder / "report.pdf").write_bytes(b"%PDF-1.7\n" + page.encode("utf-8", "replace"))
    rows = [["topic", "statement"], *map(list, statements)]
    for name, table in {"brief-brief": rows, **tables}.items():
        with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerows(
                [*row, "a.txt:1:0-5" if i else "evidence"] for i, row in enumerate(table)
            )
    record(folder, started)
    return folder


def record(folder: Path, started: str = "2025-01-27T06:59:00+00:00") -> None:
    """Write ``run.json`` with the hashes of the files as they are now."""
    hashes = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }
    known = {"brief": "", "wording": "", "names": "", "times": ""}
    data = {"format": 1, "started": started, "notebooks": known, "source": "texts", "files": hashes}
    (folder / "run.json").write_text(json.dumps(data, indent=2), "utf-8")
