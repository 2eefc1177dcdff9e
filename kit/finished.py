"""A finished report as a run made it: its files, each checked, its title, and what it says."""

import csv
import hashlib
import html
import io
import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path

from kit import files, visible
from kit.errors import SendError, WriteError

REPORTS = ("report.html", "report.pdf")
# Bounds of what a manifest holds of a report, so that it stays small; the report has it all.
STATEMENTS, VALUES, LONGEST_STATEMENT, LONGEST_VALUE = 40, 20, 1000, 120
_TITLE = re.compile(r"<title>([^<]*)</title>")
_FORMULA = tuple("=+-@\t\r")  # before these the data has an apostrophe, for spreadsheets
_PLAIN = re.compile(r"[\d\W_]*")  # numbers and days are not searched for
_FIRST_PAGE = ["topic", "statement"]
_NO_WORDS = {"measure", "file"}  # columns whose values are no words of texts
_READ = 200  # rows of a table that are looked at


def verified(report: Path) -> dict[str, bytes]:
    """Return the files of a report that leave it, by path, each as the run made it by its hash.

    These are the page, the PDF, the data and the record of the run; no notebooks. Raises SendError where
    one is missing or differs.
    """
    record = report / files.MARK
    try:
        written = record.read_bytes()
        hashes = {str(k): str(v) for k, v in json.loads(written)["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SendError(f"{record}: no record of a finished run; nothing was published") from error
    content: dict[str, bytes] = {}
    for name, expected in sorted(hashes.items()):
        if name not in REPORTS and not name.startswith("data/"):
            continue
        if not files.leads_down(name):
            raise SendError(f"{record}: {name!r} is no file of a report; nothing was published")
        try:
            data = files.within(report, name).read_bytes()
        except (OSError, WriteError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise SendError(
                f"{report / name}: cannot be read ({reason}); nothing was published"
            ) from error
        if hashlib.sha256(data).hexdigest() != expected:
            raise SendError(
                f"{report / name}: not as it was made; nothing was published. Make the report again"
            )
        content[name] = data
    if not any(name in content for name in REPORTS):
        raise SendError(f"{report}: neither page nor PDF was made; nothing was published")
    return content | {files.MARK: written}


def title(content: Mapping[str, bytes]) -> str:
    """Return the title of the report's page, or nothing where there is none."""
    found = _TITLE.search(content.get(REPORTS[0], b"").decode("utf-8", "replace"))
    return visible.line(html.unescape(found[1])) if found else ""


def summary(content: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Return the statements of the first page: the table of topics and statements."""
    for name in content:
        header, rows = _table(name, content)
        if header[:2] == _FIRST_PAGE:
            return tuple(
                (visible.line(row[0], LONGEST_VALUE), visible.line(row[1], LONGEST_STATEMENT))
                for row in rows[:STATEMENTS]
                if len(row) > 1
            )
    return ()


def findings(content: Mapping[str, bytes]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what the rows of each table are called: its titles of texts, else its first column."""
    notebooks = json.loads(content[files.MARK]).get("notebooks", {})
    found: dict[str, list[str]] = {}
    for name in content:
        header, rows = _table(name, content)
        if not header or header[:2] == _FIRST_PAGE:
            continue
        column = header.index("title") if "title" in header else 0
        if header[column] in _NO_WORDS:
            continue
        cells = (visible.line(row[column], LONGEST_VALUE) for row in rows if len(row) > column)
        values = [cell for cell in dict.fromkeys(cells) if not _PLAIN.fullmatch(cell)]
        if values:
            said = found.setdefault(_called(name, notebooks), [])
            said.extend(value for value in values[:VALUES] if value not in said)
    return tuple((name, tuple(values)) for name, values in found.items())


def _called(path: str, notebooks: Mapping[str, object]) -> str:
    """Return the name of a finding from that of its file, ``data/NOTEBOOK-FINDING.csv``."""
    stem = path.removeprefix("data/").removesuffix(".csv")
    for notebook in sorted(map(files.slug, notebooks), key=len, reverse=True):
        stem = stem.removeprefix(f"{notebook}-") if stem.startswith(f"{notebook}-") else stem
    return stem.replace("-", " ").capitalize()


def _table(name: str, content: Mapping[str, bytes]) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a CSV file as they were before they were made safe to open."""
    if not (name.startswith("data/") and name.endswith(".csv")):
        return [], []
    limit = csv.field_size_limit(len(content[name]) + 1)  # evidence can be longer than the default
    try:
        text = io.StringIO(content[name].decode("utf-8"), newline="")
        header, *rows = itertools.islice(csv.reader(text), _READ + 1)
    except (ValueError, csv.Error):
        return [], []
    finally:
        csv.field_size_limit(limit)
    return header, [[_as_it_was(cell) for cell in row] for row in rows]


def _as_it_was(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
