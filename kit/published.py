"""What is published: one ``manifest.json`` for each recipe, from which the site and the feeds are made.

A report is known by its recipe, part and period for ever: its id is made of these and of nothing else.
"""

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from kit import files, visible
from kit.errors import KitError, RecipeError, WriteError

FILE = "manifest.json"
FORMAT = 1
# Drawn once. With another one, every feed reader would show every report as new.
_NAMESPACE = uuid.UUID("5d611f9c-f23b-4b7f-a4ed-c904df53498a")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def identity(*known_by: str) -> str:
    """Return the id for ever of a report (recipe, part, period), of a recipe's feed, or of them all."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, json.dumps(known_by))}"


def instant(time: dt.datetime) -> str:
    """Return a time as RFC 3339 has it, in UTC, to the second. Raises ValueError where it has no zone."""
    if time.tzinfo is None:
        raise ValueError(f"{time}: a time with its zone is needed")
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def after(last: str, moment: str) -> str:
    """Return a moment, or one just after the last where the clock stood still or went back."""
    if moment > last:
        return moment
    return instant(dt.datetime.fromisoformat(last) + dt.timedelta(seconds=1))


def address(text: str) -> str:
    """Return the address of a folder on the web, ending in a slash, or nothing for none.

    Raises RecipeError where it is no address of a folder.
    """
    if not text:
        return ""
    wrong = RecipeError(
        f"publish.address: {text!r} is no address of a folder. Give it as https://example.org/reports"
    )
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    odd = not text.isprintable() or any(c in text for c in " \"'<>\\^`{|}?#@")
    if parts.scheme not in ("http", "https") or not host or odd:
        raise wrong
    return text.rstrip("/") + "/"


@dataclass(frozen=True, slots=True)
class File:
    """A published file: its SHA-256 and its size."""

    sha256: str
    bytes: int


# Topics of a first page that tell what is new; where few statements are shown, these go before others.
NEWS = (
    "Period", "About", "Unusual", "Rose and fell", "First said", "Said again", "Newly named",
    "Named again", "Not named", "Order", "Strength", "Not said",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A published report.

    ``folder`` is its place as seen from the published folder, ``files`` its files as seen from there.
    ``published`` is when it first was, ``updated`` when its content last changed. ``summary`` has its
    first page as (topic, statement); ``findings`` what its tables are about as (name, values).
    """

    id: str
    part: str
    period: str
    date: str
    title: str
    folder: str
    published: str
    updated: str
    run: int
    files: Mapping[str, File]
    summary: tuple[tuple[str, str], ...] = ()
    findings: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether it was made again with another content after it was first published."""
        return self.updated != self.published

    @property
    def page(self) -> str:
        """The file to open first, as seen from the published folder."""
        name = "report.html" if "report.html" in self.files else "report.pdf"
        return f"{self.folder}/{name}"

    @property
    def label(self) -> str:
        """What tells it from the other reports of its recipe: its part, and its period."""
        return " · ".join(filter(None, map(visible.line, (self.part, self.period))))

    def content(self) -> dict[str, str]:
        """Return the hashes of what people read: all but the record of the run, which has times in it."""
        return {name: f.sha256 for name, f in self.files.items() if name != files.MARK}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The published reports of a recipe, the newest first.

    ``heading`` is the recipe's title; ``title``, ``address`` and ``entries`` are what it says of the site.
    ``changed`` is when a report was last published, corrected or taken away. ``replacing`` is a
    correction under way, as it will stand: it counts once its files are in place.
    """

    recipe: str
    heading: str = ""
    title: str = ""
    address: str = ""
    entries: int = 50
    changed: str = "1970-01-01T00:00:00Z"
    reports: tuple[Entry, ...] = ()
    replacing: Entry | None = None

    @property
    def folder(self) -> str:
        """The recipe's folder in the published one."""
        return place(self.recipe)

    def find(self, key: str) -> Entry | None:
        """Return the report of an id."""
        return next((entry for entry in self.reports if entry.id == key), None)

    def put(self, entry: Entry) -> "Manifest":
        """Return the manifest with a report in it, in place of the one of the same id."""
        kept = [known for known in self.reports if known.id != entry.id]
        ordered = sorted((*kept, entry), key=_newest, reverse=True)
        changed = max(self.changed, entry.updated)
        return replace(self, reports=tuple(ordered), changed=changed, replacing=None)

    def text(self) -> str:
        """Return the manifest as its file has it."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False) + "\n"


def _newest(entry: Entry) -> tuple[str, str, str, str]:
    return entry.date, entry.period, entry.published, entry.id


def place(text: str, *, part: bool = False) -> str:
    """Return the name of a folder for a recipe or a part of any name, a name of its own for each.

    That of a part reads neither as a day nor as ``latest``, which are names of the folders beside it.
    """
    plain = files.slug(text, "part")
    taken = part and (plain == "latest" or plain[0].isdigit())
    if plain == text and not taken:
        return plain
    own = uuid.uuid5(_NAMESPACE, ascii(text)).hex[:8]
    return f"{'of-' if taken else ''}{plain[:60]}-{own}"


def href(path: str) -> str:
    """Return a path of the published folder as a reference to it."""
    return quote(path, safe="/")


def read(path: Path) -> Manifest:
    """Return the manifest of a file. Raises WriteError for one that kit did not write."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if data.pop("format") != FORMAT:
            raise ValueError("it is of a later version of kit")
        replacing = data["replacing"]
        manifest = Manifest(
            **data
            | {
                "heading": visible.line(data["heading"]),
                "title": visible.line(data["title"]),
                "reports": tuple(map(_entry, data["reports"])),
                "replacing": _entry(replacing) if replacing else None,
            }
        )
        _check(manifest, path)
    except OSError as error:
        raise WriteError(f"{path}: cannot be opened ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError, KitError) as error:
        raise WriteError(
            f"{path}: no list of published reports that kit wrote ({error}). Put a good copy back, or "
            "move it away: what it lists is then no longer listed"
        ) from error
    return manifest


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(
        **data
        | {
            "title": visible.line(data["title"]),
            "files": {name: File(**file) for name, file in sorted(data["files"].items())},
            "summary": tuple((visible.line(a), visible.line(b)) for a, b in data["summary"]),
            "findings": tuple(
                (visible.line(name), tuple(map(visible.line, values)))
                for name, values in data["findings"]
            ),
        }
    )


def _check(manifest: Manifest, path: Path) -> None:
    """Raise ValueError or WriteError where a manifest would lead out of its folder or break the feed."""
    if path.parent.name != manifest.folder:
        raise ValueError(f"it is of the recipe {manifest.recipe!r}")
    address(manifest.address)
    for entry in (*manifest.reports, *filter(None, [manifest.replacing])):
        if not _TIME.fullmatch(entry.published) or not _TIME.fullmatch(entry.updated):
            raise ValueError(f"{entry.folder}: no time such as 2025-01-27T07:00:00Z")
        dt.datetime.fromisoformat(entry.published)
        dt.datetime.fromisoformat(entry.updated)
        dt.date.fromisoformat(entry.date)
        if entry.id != identity(manifest.recipe, entry.part, entry.period):
            raise ValueError(f"{entry.folder}: the id is not that of the recipe, part and period")
        if not entry.folder.startswith(f"{manifest.folder}/") or not files.leads_down(entry.folder):
            raise ValueError(f"{entry.folder!r} is no folder of the recipe")
        for name, file in entry.files.items():
            if not files.leads_down(name):
                raise ValueError(f"{name!r} is no file of a report")
            if not _SHA256.fullmatch(file.sha256) or file.bytes < 0:
                raise ValueError(f"{entry.folder}/{name}: no SHA-256 or no size")
    if manifest.entries < 1 or not _TIME.fullmatch(manifest.changed):
        raise ValueError("entries is no number above 0, or changed no time")


def leading(statements: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """Return at most `most` statements of a first page in its order, those first of all that tell news."""
    chosen = sorted(range(len(statements)), key=lambda i: (statements[i][0] not in NEWS, i))[:most]
    return [statements[i] for i in sorted(chosen)]
