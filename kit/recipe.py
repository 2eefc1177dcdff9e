"""Recipes: what a report is made of, when, and where it goes, as a TOML file in ``reports/``.

The fields of the dataclasses here are the fields of the file: what is checked, what an editor completes
(the JSON schema) and what a new recipe says in its comments all come from them.
"""

import dataclasses
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from kit.errors import RecipeError, nearest

FOLDER = Path("reports")  # where recipes are, and what they make
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


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
        "the last report; all by default."
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
    subject: str = _says("", "The subject; by default the title and the day.")
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

    title: str = _says("", "The title of the report; by default that of its text or source.")
    source: str = _says("", "The folder or file of texts, as seen from where kit is run.")
    notebooks: tuple[str, ...] = _says((), "Names or .ipynb files, in this order; by default all.")
    formats: tuple[str, ...] = _says(("html", "pdf"), "What is made: html, pdf.")
    timeout: int = _says(3600, "Seconds that the whole run may take.", low=1, high=604_800)
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
    schedule: Schedule | None = _says(None, "When it is made.")
    publish: Publish | None = _says(None, "Where it is copied to.")
    mail: Mail | None = _says(None, "Who gets it by mail.")
    hook: Hook | None = _says(None, "What is run for it.")
    look: Look | None = _says(None, "How it looks.")
    name: str = field(default="", metadata={"own": True})


def find(name: str) -> Path:
    """Return the file of a recipe: a path to a .toml file, or the name of one in ``reports/``."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in FOLDER.glob("*.toml"))
        there = f" There are: {', '.join(known)}" if known else " `kit new NAME` writes one"
        raise RecipeError(f"no recipe {name}.{nearest(name, known)}{there}")
    return path


def read(path: Path) -> Recipe:
    """Return the recipe of a file; raises RecipeError with the line and what is wrong in it.

    What the file says by itself is checked; what it names (notebooks, folders) is not looked for.
    """
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise RecipeError(f"{path}: the recipe cannot be opened: {error.strerror}") from error
    except ValueError as error:  # also what is no UTF-8
        raise RecipeError(f"{path}: no TOML: {error}") from error
    if not _NAME.fullmatch(path.stem):
        raise RecipeError(
            f"{path}: a recipe's name has small letters, digits and hyphens, and begins with no hyphen"
        )
    reader = _Reader(path, text)
    recipe: Recipe = reader.section(Recipe, data, ())
    if not recipe.source and "source" not in recipe.matrix:
        raise RecipeError(f'{path}: no source. Add `source = "..."`, the folder of texts')
    return dataclasses.replace(recipe, name=path.stem)


class _Reader:
    """Turns the tables of a file into dataclasses, with the line of what does not fit."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = _lines(text)

    def wrong(self, where: tuple[str, ...], what: str) -> RecipeError:
        """Return the error for a key, named as ``table.key`` and by its line."""
        line = next(
            (self._lines[where[:i]] for i in range(len(where), 0, -1) if where[:i] in self._lines),
            1,
        )
        return RecipeError(f"{self._path}, line {line}: {'.'.join(where)}: {what}")

    def section(self, cls: Any, data: Mapping[str, Any], where: tuple[str, ...]) -> Any:
        fields = {f.name: f for f in dataclasses.fields(cls) if not f.metadata.get("own")}
        hints = typing.get_type_hints(cls)
        values: dict[str, Any] = {}
        for key, value in data.items():
            name = key.replace("-", "_")
            if name not in fields:
                raise self.wrong((*where, key), f"no such key.{nearest(name, fields)}")
            if name in values:
                raise self.wrong((*where, key), "given twice")
            values[name] = self._value(hints[name], value, (*where, key), fields[name].metadata)
        return cls(**values)

    def _value(self, hint: Any, value: Any, where: tuple[str, ...], said: Mapping[str, Any]) -> Any:
        options = [a for a in typing.get_args(hint) if a is not types.NoneType]
        if typing.get_origin(hint) is types.UnionType:
            hint = options[0]
        if dataclasses.is_dataclass(hint):
            if not isinstance(value, dict):
                raise self.wrong(where, f"a table [{'.'.join(where)}] is expected")
            return self.section(hint, value, where)
        if typing.get_origin(hint) is Literal:
            if value not in typing.get_args(hint):
                known = [a for a in typing.get_args(hint) if a]
                close = nearest(str(value), known)
                raise self.wrong(where, f"{value!r} is none of {', '.join(known)}.{close}")
            return value
        if typing.get_origin(hint) is tuple:
            return self._list(typing.get_args(hint)[0], value, where)
        if typing.get_origin(hint) is not None:  # a table of values or of lists
            if not isinstance(value, dict):
                raise self.wrong(where, f"a table [{'.'.join(where)}] is expected")
            inner = typing.get_args(hint)[1]
            return {k: self._value(inner, v, (*where, k), {}) for k, v in value.items()}
        if hint is Any:
            return value
        if type(value) is not hint:
            raise self.wrong(where, f"{value!r} is not {_CALLED[hint]}")
        if hint is int:
            low, high = said.get("low"), said.get("high")
            if (low is not None and value < low) or (high is not None and value > high):
                raise self.wrong(where, f"{value} is out of range, {low}..{high}")
        if hint is str and not value.isprintable():
            raise self.wrong(where, "a text of one line is expected")
        return value

    def _list(self, inner: Any, value: Any, where: tuple[str, ...]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self.wrong(where, "a list is expected: [...]")
        return tuple(self._value(inner, item, where, {}) for item in value)


_CALLED = {str: "a text", int: "a whole number", bool: "true or false"}
_HEAD = re.compile(r"\s*\[+\s*([^\]#]+?)\s*\]+")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+?)\s*=")


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of each table and key; a key inside a value of several lines may be missed."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head:
            table = _parts(head[1])
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
