"""``reading.toml`` beside the texts: how the folder is to be read, for every command and notebook."""

import os
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from kit.errors import ReadError, nearest
from kit.parse.record import Options

NAME = "reading.toml"
_KNOWN = {**{field.name: str for field in fields(Options)}, "day_first": bool, "copies": bool}


def said(source: object) -> dict[str, Any]:
    """Return what the ``reading.toml`` of a folder says; empty where there is none.

    Keys are the options of reading and ``copies``. Raises ReadError for a file that is no TOML, an
    unknown key, naming the nearest, and a value of another type.
    """
    if not isinstance(source, str | os.PathLike):
        return {}
    path = Path(source) / NAME
    try:
        if not path.is_file():
            return {}
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReadError(f"{path}: it cannot be read as TOML: {error}") from error
    for key, value in found.items():
        if key not in _KNOWN:
            raise ReadError(f"{path}: no option {key!r}.{nearest(key, _KNOWN)}")
        if not isinstance(value, _KNOWN[key]):
            raise ReadError(f"{path}: {key} must be {_KNOWN[key].__name__}, not {value!r}")
    return found
