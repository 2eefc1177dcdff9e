"""Publish a finished report: a dated copy, the latest, a manifest, and the site and feeds over all.

One folder holds it all, whole at any moment::

    index.html  search.html  feed.xml  ...      the site
    NAME/manifest.json                          what is published of a recipe
    NAME/index.html  NAME/feed.xml
    NAME/[PART/]2025-01-27/                     a report: its page, its PDF, data/, run.json
    NAME/[PART/]latest/                         a copy of the newest one

The manifest is what counts: site, feeds and ``latest`` are made from it again whenever they differ.
"""

import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kit import files, finished, published, site, visible
from kit.errors import BusyError, RecipeError, WriteError
from kit.published import Entry, File, Manifest
from kit.recipe import Publish

PATIENCE = 60.0  # seconds to wait for another process that publishes to the same folder
LATEST = "latest"
LOCK = ".readout.lock"


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
    (what was published before still stands, whole), BusyError where another process keeps it,
    RecipeError where folder or address is none.
    """
    moment = published.instant(at or dt.datetime.now(dt.UTC))
    if not to.folder:
        raise RecipeError("publish.folder: no folder to publish to")
    content = finished.verified(report)
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
            title=visible.line(title) or finished.title(content) or visible.line(heading) or name,
            folder=known.folder if known else _free(manifest, part, date),
            published=known.published if known else moment,
            updated=published.after(known.updated, moment) if known else moment,
            run=run,
            files=made,
            summary=finished.summary(content),
            findings=finished.findings(content),
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
    if not _read(folder) and not (folder / LOCK).is_file():
        raise WriteError(f"{folder}: nothing was published here")
    with _alone(folder):
        before = {e.folder for m in _read(folder).values() for e in m.reports}
        manifests = _current(folder, "", moment)
        _settle(folder, manifests)
    return sorted(before - {e.folder for m in manifests.values() for e in m.reports})


def place(to: Publish, name: str, *, date: dt.date, part: str = "", period: str = "") -> str:
    """Return where in the published folder a report is, or would be put; nothing is changed.

    It is known by what `publish` knows it by. Raises WriteError where a manifest cannot be read.
    """
    name, part = visible.line(name), visible.line(part)
    folder = Path(to.folder)
    manifest = _read(folder).get(name, Manifest(name))
    there = tuple(e for e in manifest.reports if (folder / e.folder).is_dir())
    manifest = replace(manifest, reports=there)
    period = visible.line(period) or date.isoformat()
    known = manifest.find(published.identity(name, part, period))
    return known.folder if known else _free(manifest, part, date)


def damaged(folder: Path) -> list[str]:
    """Return the published files that are missing or not as they were published."""
    return [
        f"{entry.folder}/{name}"
        for manifest in _read(folder).values()
        for entry in manifest.reports
        for name, file in entry.files.items()
        if not _stands(folder, replace(entry, files={name: file}))
    ]


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
    except OSError as error:
        raise WriteError(
            f"{error.filename or folder}: cannot be read or written ({error.strerror})"
        ) from error
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
