"""The fields of a recipe, with what they mean and what values they take."""

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from kit.errors import RecipeError

FOLDER = Path("reports")  # where recipes are, and what they make
Key = tuple[str, ...]  # of a recipe's file: ("mail", "to")


def _says(default: Any, text: str, *, low: int | None = None, high: int | None = None) -> Any:
    """Return a field with its default, what it means, and the range of its values."""
    said = {"help": text, "low": low, "high": high}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=said)
    return field(default=default, metadata=said)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a report is due, and of what time it tells."""

    cron: str = _says("", "Minute, hour, day, month, weekday: `0 7 * * 1` is Mondays at seven.")
    zone: str = _says("UTC", "The time zone that this is meant in: Europe/Berlin.")
    period: Literal["", "day", "week", "month", "since-last"] = _says(
        "", "Of which texts it tells: those dated in the day, week or month before it is due, or since "
        "the last report; the rest is background. By default all, and the latest is the news."
    )  # fmt: skip
    catch_up: Literal["none", "last", "all"] = _says(
        "last", "What is made up for when the machine was off: nothing, the last one due, all."
    )
    only_new: bool = _says(False, "Only when something was read that the last report did not have.")


@dataclass(frozen=True, slots=True)
class Publish:
    """The folder that finished reports are copied to, with a site and a feed over them."""

    folder: str = _says("", "The folder; it may be a mounted store. Made if it is not there.")
    title: str = _says("", "The title of the site and of the feed.")
    address: str = _says(
        "", "Where the folder is on the web, https://..., for links in feed and mail."
    )
    entries: int = _says(50, "Entries of the feed at most.", low=1, high=1000)


@dataclass(frozen=True, slots=True)
class Mail:
    """Who gets a finished report by mail. Login comes from the environment or a keyring, never from here."""

    to: tuple[str, ...] = _says((), "Addresses, or names of groups; each gets a mail of its own.")
    groups: Mapping[str, tuple[str, ...]] = _says({}, "Groups of addresses by name.")
    sender: str = _says("", "The address that it comes from.")
    subject: str = _says(
        "", "The subject, in which {title}, {date}, {period} and {part} may stand; by default the "
        "title and the day."
    )  # fmt: skip
    host: str = _says("localhost", "The mail server.")
    port: int = _says(587, "Its port.", low=1, high=65535)
    security: Literal["starttls", "tls", "none"] = _says(
        "starttls", "How the connection is kept private."
    )
    user: str = _says(
        "", "The user to log in as; the password is READOUT_SMTP_PASSWORD or in the keyring."
    )
    owner: str = _says("", "Who is told when a run fails.")
    attach: Literal["pdf", "html", "none"] = _says("pdf", "What is attached.")


@dataclass(frozen=True, slots=True)
class Hook:
    """A command that is run for each finished report, for chats and uploads. No shell reads it."""

    command: tuple[str, ...] = _says(
        (), "The program and its arguments; the path of the manifest is added."
    )
    timeout: int = _says(60, "Seconds that it may take.", low=1, high=86_400)


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look."""

    accent: str = _says("", "The colour of links and bars, #rrggbb.")
    footer: str = _says("", "A line at the foot of the first page: who made it, for whom.")
    paper: Literal["a4", "us-letter"] = _says("a4", "The paper of the PDF.")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A report that is made again and again."""

    title: str = _says(
        "", "The title of the report, in which {period}, {source} and what the matrix varies may stand; "
        "by default that of its text or source."
    )  # fmt: skip
    source: str = _says("", "The folder or file of texts, as seen from where kit is run.")
    notebooks: tuple[str, ...] = _says((), "Names or .ipynb files, in this order; by default all.")
    formats: tuple[str, ...] = _says(("html", "pdf"), "What is made: html, pdf.")
    timeout: int = _says(3600, "Seconds that a report may take in all.", low=1, high=604_800)
    notebook_timeout: int = _says(3600, "Seconds that one notebook may take.", low=1, high=604_800)
    cell_timeout: int = _says(600, "Seconds that one cell may take.", low=1, high=604_800)
    retries: int = _says(
        1, "How often a run is tried again that may pass the second time.", low=0, high=10
    )
    parameters: Mapping[str, Any] = _says(
        {}, "Parameters of the notebooks, as `kit params` lists them."
    )
    matrix: Mapping[str, tuple[Any, ...]] = _says(
        {}, "A report for each combination of these values: of source, period, or any parameter."
    )
    schedule: Schedule | None = field(default=None, metadata={"help": "When it is made."})
    publish: Publish | None = field(default=None, metadata={"help": "Where it is copied to."})
    mail: Mail | None = field(default=None, metadata={"help": "Who gets it by mail."})
    hook: Hook | None = field(default=None, metadata={"help": "What is run for it."})
    look: Look | None = field(default=None, metadata={"help": "How it looks."})
    name: str = field(default="", metadata={"own": True})
    path: Path = field(default=Path(), metadata={"own": True})
    lines: Mapping[Key, int] = field(
        default_factory=dict, repr=False, compare=False, metadata={"own": True}
    )

    def wrong(self, key: Key, what: object) -> RecipeError:
        """Return the error for a key: it names the file, the line and the key."""
        return wrong(self.path, self.lines, key, what)


@dataclass(frozen=True, slots=True)
class Part:
    """One report of a recipe: all of it where there is no matrix, else one combination of its values."""

    name: str  # of its folder; "" where there is no matrix
    source: str
    period: str
    parameters: Mapping[str, Any]
    varies: Mapping[str, Any]  # what the matrix gave, by its key


def fields(cls: Any) -> list[Any]:
    """Return the fields of a table of the file."""
    return [f for f in dataclasses.fields(cls) if not f.metadata.get("own")]


def default(f: Any) -> Any:
    """Return what a field has where the file does not say."""
    return f.default if f.default is not dataclasses.MISSING else f.default_factory()


def table(hint: Any) -> Any:
    """Return the dataclass of a hint like ``Mail | None``, or None."""
    inside = [hint, *typing.get_args(hint)]
    return next((one for one in inside if dataclasses.is_dataclass(one)), None)


def wrong(path: Path, lines: Mapping[Key, int], key: Key, what: object) -> RecipeError:
    """Return the error for a key of a file, by its line where that is known."""
    whole = tuple(part for name in key for part in name.split("."))
    line = next((lines[whole[:i]] for i in range(len(whole), 0, -1) if whole[:i] in lines), 0)
    place = f"{path}, line {line}" if line else f"{path}"
    return RecipeError(": ".join([place, *([".".join(key)] if key else []), str(what)]))
