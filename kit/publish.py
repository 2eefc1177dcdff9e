"""Publish a finished report: a dated copy, the latest, a manifest, and the site and feeds over all.

One folder holds it all, whole at any moment::

    index.html  search.html  feed.xml  ...      the site
    NAME/manifest.json                          what is published of a recipe
    NAME/index.html  NAME/feed.xml
    NAME/[PART/]2025-01-27/                     a report: its page, its PDF, data/, run.json
    NAME/[PART/]latest/                         a copy of the newest one

The manifest is what counts: site, feeds and ``latest`` are made from it again whenever they differ.
"""

import csv
import datetime as dt
import hashlib
import html
import io
import itertools
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kit import files, published, site, visible
from kit.errors import BusyError, SendError, WriteError
from kit.published import Entry, File, Manifest
from kit.recipe import Publish

PATIENCE = 60.0  # seconds to wait for another process that publishes to the same folder
LATEST = "latest"
LOCK = ".readout.lock"
REPORTS = ("report.html", "report.pdf")
# Bounds of what a manifest holds of a report, so that it stays small; the report has it all.
STATEMENTS, VALUES, LONGEST_STATEMENT, LONGEST_VALUE = 40, 20, 1000, 120
_TITLE = re.compile(r"<title>([^<]*)</title>")
_FORMULA = tuple("=+-@\t\r")  # before these the data has an apostrophe, for spreadsheets
_PLAIN = re.compile(r"[\d\W_]*")  # numbers and days are not searched for
_FIRST_PAGE = ["topic", "statement"]
_NO_WORDS = {"measure", "file"}  # columns whose values are no words of texts
_READ = 200  # rows of a table that are looked at


def publish(  # noqa: PLR0913 (what a report is known by)
    report: Path,
    to: Publish,
    name: str,
    *,
    date: dt.date,
    part: str = "",
    period: str = "",
    title: str = "",
    heading: str = "",
    run: int = 0,
    at: dt.datetime | None = None,
) -> Entry:
    """Copy a finished report to the published folder; return how it stands in the manifest.

    `report` is the folder that a run made; `name` the recipe's, `heading` its title. The report is known
    by recipe, `part` (of a matrix) and `period`; without a period each `date` is one. What is known
    already keeps its id and its place: with the same content nothing changes, with another one it is
    replaced and called corrected. `title` is by default that of the report's page. `at` is now.

    Raises SendError where the report is not as it was made, WriteError where the folder cannot be written
    (what was published before still stands, whole), BusyError where another process keeps it.
    """
    moment = published.instant(at or dt.datetime.now(dt.UTC))
    content = _verified(report)
    name, part = visible.line(name), visible.line(part)
    period = visible.line(period) or date.isoformat()
    folder = Path(to.folder)
    with _alone(folder):
        manifests = _current(folder, name, moment)
        manifest = replace(
            manifests[name],
            heading=visible.line(heading),
            title=visible.line(to.title),
            address=published.address(to.address),
            entries=to.entries,
        )
        key = published.identity(name, part, period)
        known = manifest.find(key)
        made = {f: File(hashlib.sha256(b).hexdigest(), len(b)) for f, b in content.items()}
        entry = Entry(
            id=key,
            part=part,
            period=period,
            date=known.date if known else date.isoformat(),
            title=visible.line(title) or _title(content) or visible.line(heading) or name,
            folder=known.folder if known else _free(manifest, part, date),
            published=known.published if known else moment,
            updated=published.after(known.updated, moment) if known else moment,
            run=run,
            files=made,
            summary=_summary(content),
            findings=_findings(content),
        )
        if known and known.content() == entry.content():
            entry = replace(entry, updated=known.updated)
        if known and entry.updated == known.updated and _stands(folder, known):
            entry = replace(known, title=entry.title)
        else:
            _place(folder, manifest, entry, content, replaces=known)
        manifest = manifest.put(entry)
        _write_manifest(folder, manifest)
        _settle(folder, manifests | {name: manifest})
    return entry


def refresh(folder: Path, *, at: dt.datetime | None = None) -> list[str]:
    """Make the site and the feeds again, without the reports whose folders somebody took away.

    Return the places of those. What a killed process left half done goes too. Raises WriteError.
    """
    moment = published.instant(at or dt.datetime.now(dt.UTC))
    if not folder.is_dir():
        raise WriteError(f"{folder}: no such folder")
    with _alone(folder):
        before = {e.folder for m in _read(folder).values() for e in m.reports}
        manifests = _current(folder, "", moment)
        _settle(folder, manifests)
    return sorted(before - {e.folder for m in manifests.values() for e in m.reports})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from publishing to the folder; on a mount without locks nobody is kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise WriteError(f"{folder}: cannot be written ({error.strerror})") from error
    try:
        end = time.monotonic() + PATIENCE
        while _is_taken(handle):
            if time.monotonic() > end:
                raise BusyError(
                    f"{folder}: another process has been publishing here for {PATIENCE:.0f} seconds. "
                    "Try again when it has ended"
                )
            time.sleep(0.1)
        yield
    finally:
        files.let_go(handle)


def _is_taken(handle: int) -> bool:
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return False
    return False


# ---- the report


def _verified(report: Path) -> dict[str, bytes]:
    """Return the files of a report that are published, each as the run made it, by their hashes."""
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


def _title(content: Mapping[str, bytes]) -> str:
    found = _TITLE.search(content.get(REPORTS[0], b"").decode("utf-8", "replace"))
    return visible.line(html.unescape(found[1])) if found else ""


def _summary(content: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
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


def _findings(content: Mapping[str, bytes]) -> tuple[tuple[str, tuple[str, ...]], ...]:
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


# ---- the folder


def _read(folder: Path) -> dict[str, Manifest]:
    """Return the manifests of the folder by recipe."""
    found = sorted(folder.glob(f"[!.]*/{published.FILE}"))
    return {m.recipe: m for m in map(published.read, found)}


def _current(folder: Path, name: str, moment: str) -> dict[str, Manifest]:
    """Return the manifests as the folder is: what was half done settled, what was deleted left out.

    That of the recipe `name` is among them, new if it has none.
    """
    places = {folder, folder / published.place(name)} if name else {folder}
    places |= {path for path in folder.glob("[!.]*") if (path / published.FILE).is_file()}
    for path in sorted(places):
        files.tidy(path)
    manifests = _read(folder)
    if name and name not in manifests:
        manifests[name] = Manifest(name)
    for recipe, manifest in manifests.items():
        above = sorted({_above(entry) for entry in manifest.reports})
        stand = {path: _names(folder / path) for path in above}
        kept = _finished(folder, manifest)
        there = tuple(e for e in kept.reports if e.folder.rpartition("/")[2] in stand[_above(e)])
        if there != kept.reports:
            kept = replace(kept, reports=there, changed=max(moment, kept.changed))
        if kept != manifest:
            _write_manifest(folder, kept)
            manifests[recipe] = kept
    for page in site.paths(manifests.values()):
        _check_ours(folder / page)
    return manifests


def _above(entry: Entry) -> str:
    return entry.folder.rpartition("/")[0]


def _names(folder: Path) -> set[str]:
    """Return what stands in a folder, what killed processes left having been put right."""
    files.tidy(folder)
    try:
        return set(os.listdir(folder))  # noqa: PTH208 (names are all that is needed)
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise WriteError(f"{folder}: cannot be read ({error.strerror})") from error


def _finished(folder: Path, manifest: Manifest) -> Manifest:
    """Return the manifest with a correction that was under way: done where its files are in place."""
    entry = manifest.replacing
    if entry and _stands(folder, entry):
        return manifest.put(entry)
    return replace(manifest, replacing=None)


def _check_ours(path: Path) -> None:
    """Raise WriteError where a page of the site would overwrite what kit did not write."""
    try:
        with path.open("rb") as file:
            ours = site.OURS in file.read(site.SEEN)
    except FileNotFoundError:
        return
    except OSError as error:
        raise WriteError(f"{path}: cannot be read ({error.strerror})") from error
    if not ours:
        raise WriteError(
            f"{path}: a file that kit did not write stands there. Publish to another folder, or move it"
        )


def _free(manifest: Manifest, part: str, date: dt.date) -> str:
    """Return the place of a new report: its day, numbered where the day has one of another period."""
    above = f"{manifest.folder}/{published.place(part, part=True)}" if part else manifest.folder
    taken = {entry.folder for entry in manifest.reports}
    number, path = 1, f"{above}/{date.isoformat()}"
    while path in taken:
        number += 1
        path = f"{above}/{date.isoformat()}-{number}"
    return path


def _stands(folder: Path, entry: Entry) -> bool:
    """Whether the files of a report are in their place, all as the manifest has them."""
    try:
        return all(
            hashlib.sha256((folder / entry.folder / name).read_bytes()).hexdigest() == file.sha256
            for name, file in entry.files.items()
        )
    except OSError:
        return False


def _place(
    folder: Path,
    manifest: Manifest,
    entry: Entry,
    content: Mapping[str, bytes],
    *,
    replaces: Entry | None,
) -> None:
    """Put a report in its place. One that takes another's place is announced in the manifest before,
    so that a process killed in between leaves no manifest that tells of other files than stand there.
    """
    if replaces:
        _write_manifest(folder, replace(manifest, replacing=entry))
    files.tidy(folder / _above(entry))
    _copy(folder, entry.folder, content)


def _copy(folder: Path, path: str, content: Mapping[str, bytes]) -> None:
    with files.new_folder(files.within(folder, path)) as made:
        for name, data in content.items():
            files.put(made / name, data)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    _write(folder, f"{manifest.folder}/{published.FILE}", manifest.text().encode())


def _write(folder: Path, path: str, data: bytes) -> None:
    """Write a file that differs; one that stands there already is left as it is."""
    place = files.within(folder, path)
    try:
        if place.read_bytes() == data:
            return
    except OSError:  # not there, or to be replaced
        pass
    files.write(place, data)


def _settle(folder: Path, manifests: Mapping[str, Manifest]) -> None:
    """Make ``latest``, the site and the feeds as the manifests say."""
    for manifest in manifests.values():
        newest: dict[str, Entry] = {}
        for entry in manifest.reports:
            newest.setdefault(_above(entry), entry)
        for above, entry in newest.items():
            _follow(folder, f"{above}/{LATEST}", entry)
        own = folder / manifest.folder
        for old in (*own.glob(f"{LATEST}/{files.MARK}"), *own.glob(f"*/{LATEST}/{files.MARK}")):
            place = old.parent
            if place.parent.relative_to(folder).as_posix() not in newest:
                files.remove(place)
    for path, data in site.pages(manifests.values()).items():
        _write(folder, path, data)


def _follow(folder: Path, path: str, entry: Entry) -> None:
    """Let ``latest`` be a copy of the newest report. It is whole: its record tells which one it is."""
    record = {files.MARK: entry.files[files.MARK]}
    if _stands(folder, replace(entry, folder=path, files=record)):
        return
    try:
        content = {name: (folder / entry.folder / name).read_bytes() for name in entry.files}
    except OSError as error:
        raise WriteError(
            f"{folder / entry.folder}: cannot be read ({error.strerror}). Publish it again"
        ) from error
    _copy(folder, path, content)
