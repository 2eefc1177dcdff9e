"""The findings of executed notebooks as data: one CSV file each."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from kit import files

FINDING = "application/vnd.readout.finding+json"
CHART = "application/vnd.readout.chart+json"
# A cell that begins so would run as a formula when a spreadsheet opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def outputs(cell: Any) -> Iterator[Any]:
    """Yield the outputs of a cell that have data."""
    for output in cell.get("outputs", ()):
        if "data" in output:
            yield output["data"]


def findings(notebook: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (notebook name, finding) for each finding shown, those under charts among them.

    What does not apply to the texts is left out.
    """
    for cell in notebook.cells:
        name = cell.metadata.get("readout", {}).get("notebook", "notebook")
        for shown in outputs(cell):
            found = finding(shown)
            if found and found.get("applies", True):
                yield name, found


def finding(shown: Any) -> dict[str, Any] | None:
    """Return the finding that an output shows, that under a chart too, or None."""
    found: dict[str, Any] | None = shown.get(FINDING) or shown.get(CHART, {}).get("finding")
    return found


def file_name(notebook: str, finding: dict[str, Any]) -> str:
    """Return the name of the file that ``write`` puts a finding of a notebook into."""
    return f"{files.slug(notebook)}-{files.slug(finding['name'])}.csv"


def write(notebook: Any, folder: Path) -> None:
    """Write each finding to ``NOTEBOOK-FINDING.csv``; of one shown twice, the longer table.

    The last column tells where each row comes from: source file, paragraph and code points,
    ``a.txt:16:80-95`` (paragraph 0 is the title). Text that a spreadsheet would run as a formula
    has an apostrophe before it; numbers stay numbers.
    """
    longest: dict[str, dict[str, Any]] = {}
    for name, finding in findings(notebook):
        key = file_name(name, finding)
        if key not in longest or len(finding["rows"]) > len(longest[key]["rows"]):
            longest[key] = finding
    folder.mkdir()
    for key, finding in longest.items():
        with (folder / key).open("w", newline="", encoding="utf-8") as file:
            write_table(finding, file)


def write_table(finding: dict[str, Any], file: TextIO) -> None:
    """Write a finding as CSV in the form that ``write`` tells."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*(c["name"] for c in finding["columns"]), "evidence"])
    for i, row in enumerate(finding["rows"]):
        writer.writerow([*map(_cell, row), _cell(_places(finding, i))])


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _places(finding: dict[str, Any], row: int) -> str:
    spans = finding["evidence"][row] if finding["evidence"] else []
    return " ".join(f"{finding['texts'][d]['source']}:{p}:{s}-{e}" for d, p, s, e in spans)
