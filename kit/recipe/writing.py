"""Writing recipes: the schema for editors, and a new recipe with all that may stand in it as comments."""

import json
import re
import textwrap
import typing
from collections.abc import Mapping
from typing import Any, Literal

from kit.recipe import fields
from kit.recipe.fields import Key, Recipe


def schema() -> dict[str, Any]:
    """Return the JSON schema of a recipe, from which editors complete and check it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A recipe of Readout",
        **_table_schema(Recipe),
    }


def template(values: Mapping[Key, Any], schema_file: str = "") -> str:
    """Return the text of a new recipe: what `values` has by its key, and all else behind a ``#``.

    A table of which nothing is given is behind one too.
    """
    lines = [f"#:schema {schema_file}", ""] if schema_file else []
    hints = typing.get_type_hints(Recipe)
    tables = []
    for f in fields.fields(Recipe):
        cls = fields.table(hints[f.name])
        if cls is not None or isinstance(fields.default(f), dict):
            tables.append((f, cls))
        else:
            lines += _entry(f, hints[f.name], values.get((f.name,)))
    for f, cls in tables:
        given = {key[1]: value for key, value in values.items() if key[0] == f.name and key[1:]}
        mark = "" if given else "#"
        lines += ["", *_comment(f.metadata["help"]), f"{mark}[{f.name}]"]
        if cls is None:
            lines += [f"{_key(key)} = {_toml(value)}" for key, value in given.items()]
            continue
        inner = typing.get_type_hints(cls)
        for one in fields.fields(cls):
            if typing.get_origin(inner[one.name]) is Mapping:  # groups: written as in the docs
                lines += [*_comment(one.metadata["help"]), f"#{one.name} = {{}}"]
            else:
                lines += _entry(one, inner[one.name], given.get(one.name))
    return "\n".join(lines) + "\n"


def _entry(f: Any, hint: Any, value: Any) -> list[str]:
    shown = _toml(fields.default(f) if value is None else value)
    return [*_comment(_help(f, hint)), f"{'#' if value is None else ''}{f.name} = {shown}"]


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, 96)]


def _help(f: Any, hint: Any) -> str:
    low, high = f.metadata.get("low"), f.metadata.get("high")
    said: str = f.metadata["help"] + (f" ({low}..{high})" if low is not None else "")
    if typing.get_origin(hint) is Literal:
        said += f" One of: {', '.join(one for one in typing.get_args(hint) if one)}."
    return said


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?", name) else _toml(name)


def _toml(value: Any) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    # what JSON escapes, TOML reads in the same way, but for the one control character that it leaves
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table_schema(cls: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    properties = {}
    for f in fields.fields(cls):
        inner = fields.table(hints[f.name])
        found = _table_schema(inner) if inner else _value_schema(hints[f.name])
        low, high = f.metadata.get("low"), f.metadata.get("high")
        limits = {"minimum": low, "maximum": high} if low is not None else {}
        default = fields.default(f)
        properties[f.name] = {
            "description": f.metadata["help"],
            **found,
            **limits,
            **({} if default is None else {"default": default}),
        }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _value_schema(hint: Any) -> dict[str, Any]:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin is tuple:
        return {"type": "array", "items": _value_schema(inside[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _value_schema(inside[1])}
    named = {str: "string", int: "integer", bool: "boolean"}
    return {"type": named[hint]} if hint in named else {}
