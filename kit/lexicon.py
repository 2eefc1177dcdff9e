"""The lexicons: TOML files of this package, to which a user's file of the same form adds."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kit.errors import ReadError

Entry = dict[str, Any]
# the fields that an entry must have; the first one identifies it
_FIELDS = {
    "formulations": ("id", "en"),
    "themes": ("id", "name"),
    "names": ("name", "kind"),
    "countries": ("name",),
    "stance": ("id", "kind"),
}


def read_own(name: str, path: str) -> str:
    """Return the text of a user's file for lexicon `name`, "" for no path.

    Raises ReadError where it cannot be read as such a lexicon, naming the file and the fault.
    """
    if not path:
        return ""
    try:
        text = Path(path).read_text("utf-8")
        _entries(name, text)
    except OSError as error:
        raise ReadError(f"{path}: the lexicon cannot be opened: {error.strerror}") from error
    except ValueError as error:  # also what is no UTF-8 or no TOML
        raise ReadError(f"{path}: no lexicon of {name}: {error}") from error
    return text


@lru_cache(maxsize=32)
def load(name: str, own: str = "") -> tuple[Entry, ...]:
    """Return the entries of lexicon `name`; those of `own` replace entries of the same id.

    `own` is the text that ``read_own`` gave, so that a file changed since is read anew.
    """
    key = _FIELDS[name][0]
    shipped = files("kit.lexicons").joinpath(f"{name}.toml").read_text("utf-8")
    entries = {entry[key]: entry for entry in _entries(name, shipped)}
    if own:
        entries |= {entry[key]: entry for entry in _entries(name, own)}
    return tuple(entries.values())


def _entries(name: str, text: str) -> list[Entry]:
    """Return the entries of a lexicon's text; raises ValueError with what is wrong in it."""
    table = f"[[{name.removesuffix('s') if name != 'countries' else 'country'}]]"
    parsed = tomllib.loads(text)
    found = next(iter(parsed.values()), None)
    if len(parsed) != 1 or not isinstance(found, list):
        raise ValueError(f"it must have entries {table} and nothing else")
    for number, entry in enumerate(found, start=1):
        if not isinstance(entry, dict):
            raise ValueError(f"it must have entries {table} and nothing else")
        missing = [field for field in _FIELDS[name] if not entry.get(field)]
        if missing:
            raise ValueError(f"entry {number} of {table} has no {missing[0]}")
        for field, value in entry.items():
            lists = field in ("en", "zh", "ru", "strong", "weak", "not", "aliases", "demonyms")
            if lists and name != "themes" and not _texts(value) and not isinstance(value, str):
                raise ValueError(f"entry {number} of {table}: {field} must be a list of texts")
            if field in ("en", "strong", "weak", "not") and not _texts(value):
                raise ValueError(f"entry {number} of {table}: {field} must be a list of texts")
        if ("ladder" in entry) != ("rung" in entry):
            raise ValueError(
                f"entry {number} of {table}: a ladder needs a rung, and a rung a ladder"
            )
        if type(entry.get("rung", 1)) is not int or entry.get("rung", 1) < 1:
            raise ValueError(f"entry {number} of {table}: rung must be a whole number from 1 on")
    return found


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Return the English words that hold a sentence together and say nothing on their own."""
    text = files("kit.lexicons").joinpath("function-words.txt").read_text("utf-8")
    return frozenset(text.split())
