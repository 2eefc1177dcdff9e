"""Reading a recipe: each key that does not fit is named with its line and the nearest that would."""

import dataclasses
import re
import tomllib
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from kit.errors import RecipeError, nearest
from kit.recipe import fields
from kit.recipe.fields import FOLDER, Key, Recipe

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def find(name: str) -> Path:
    """Return the file of a recipe: a path to a .toml file, or the name of one in ``reports/``."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in FOLDER.glob("*.toml"))
        there = f" There are: {', '.join(known)}" if known else " `kit new NAME` writes one"
        raise RecipeError(f"no recipe {name}.{nearest(name, known)}{there}")
    return path


def read(path: Path) -> Recipe:
    """Return the recipe of a file; raises RecipeError with the line and what is wrong in it, all of it.

    What the file says by itself is checked; what it names (notebooks, folders) is not looked for.
    """
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise RecipeError(f"{path}: the recipe cannot be opened: {error.strerror}") from error
    except ValueError as error:  # also what is no UTF-8
        raise RecipeError(f"{path}: no TOML: {error}") from error
    if not NAME.fullmatch(path.stem):
        raise RecipeError(
            f"{path}: a recipe's name has small letters, digits and hyphens, and begins with no hyphen"
        )
    for name in ("parameters", "matrix"):
        if isinstance(data.get(name), dict):
            data[name] = _flat(data[name])
    reader = _Reader(path, _lines(text))
    recipe: Recipe = reader.section(Recipe, data, ())
    if not recipe.source and "source" not in recipe.matrix and not reader.errors:
        reader.errors.append(
            reader.wrong((), 'no source. Add `source = "..."`, the folder of texts')
        )
    if reader.errors:
        raise RecipeError("\n".join(str(error) for error in reader.errors))
    return dataclasses.replace(recipe, name=path.stem, path=path, lines=reader.lines)


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table in which ``[parameters.wording] top = 40`` is ``wording.top``, as on a command line."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            found[key] = value
    return found


class _Reader:
    """Turns the tables of a file into dataclasses; ``errors`` has what does not fit, with its line."""

    def __init__(self, path: Path, lines: dict[Key, int]) -> None:
        self._path = path
        self.lines = lines
        self.errors: list[RecipeError] = []

    def wrong(self, key: Key, what: str) -> RecipeError:
        return fields.wrong(self._path, self.lines, key, what)

    def section(self, cls: Any, data: Mapping[str, Any], where: Key) -> Any:
        """Return the dataclass of a table; a key that does not fit has its default."""
        known = {f.name: f for f in fields.fields(cls)}
        hints = typing.get_type_hints(cls)
        values: dict[str, Any] = {}
        for key, value in data.items():
            name = key.replace("-", "_")
            try:
                if name not in known:
                    raise self.wrong((*where, key), f"no such key.{nearest(name, known)}")
                if name in values:
                    raise self.wrong((*where, key), "given twice")
                values[name] = self._value(hints[name], value, (*where, key), known[name].metadata)
            except RecipeError as error:
                self.errors.append(error)
        return cls(**values)

    def _value(self, hint: Any, value: Any, where: Key, said: Mapping[str, Any]) -> Any:
        if (inner := fields.table(hint)) is not None:
            if not isinstance(value, dict):
                raise self.wrong(where, f"a table [{'.'.join(where)}] is expected")
            return self.section(inner, value, where)
        if typing.get_origin(hint) is Literal:
            if value not in typing.get_args(hint):
                known = [a for a in typing.get_args(hint) if a]
                close = nearest(str(value), known)
                raise self.wrong(where, f"{value!r} is none of {', '.join(known)}.{close}")
            return value
        if typing.get_origin(hint) is tuple:
            if not isinstance(value, list):
                raise self.wrong(where, "a list is expected: [...]")
            return tuple(self._value(typing.get_args(hint)[0], item, where, {}) for item in value)
        if typing.get_origin(hint) is Mapping:  # a table of values or of lists
            if not isinstance(value, dict):
                raise self.wrong(where, f"a table [{'.'.join(where)}] is expected")
            one = typing.get_args(hint)[1]
            return {k: self._value(one, v, (*where, k), {}) for k, v in value.items()}
        if hint is Any:
            return value
        if type(value) is not hint:
            raise self.wrong(where, f"{value!r} is not {_CALLED[hint]}")
        low, high = said.get("low"), said.get("high")
        if low is not None and high is not None and not low <= value <= high:
            raise self.wrong(where, f"{value} is out of range, {low}..{high}")
        if hint is str and not value.isprintable():
            raise self.wrong(where, "a text of one line is expected")
        return value


_CALLED = {str: "a text", int: "a whole number", bool: "true or false"}
_HEAD = re.compile(r"\s*\[+\s*([^\]#]+?)\s*\]+")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+?)\s*=")


def _lines(text: str) -> dict[Key, int]:
    """Return the line of each table and key; a key inside a value of several lines may be missed."""
    found: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head:
            table = _dotted(head[1])
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, *_dotted(key[1])), number)
    return found


def _dotted(text: str) -> Key:
    return tuple(part.strip().strip("\"'") for part in text.split("."))
