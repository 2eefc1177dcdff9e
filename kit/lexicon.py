"""The lexicons: TOML files of this package, to which a user's file of the same form adds."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kit.errors import ReadError

Entry = dict[str, Any]


@lru_cache(maxsize=32)
def load(name: str, own: str = "") -> tuple[Entry, ...]:
    """Return the entries of lexicon `name`; those of the file `own` replace entries of the same id.

    Raises ReadError when `own` cannot be read as a lexicon, naming the file and the fault.
    """
    entries = {
        _key(e): e
        for e in _entries(files("kit.lexicons").joinpath(f"{name}.toml").read_text("utf-8"))
    }
    if own:
        try:
            text = Path(own).read_text("utf-8")
            added = _entries(text)
        except OSError as error:
            raise ReadError(f"{own}: the lexicon cannot be opened: {error.strerror}") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ReadError(f"{own}: no lexicon in TOML: {error}") from error
        entries |= {_key(e): e for e in added}
    return tuple(entries.values())


def _entries(text: str) -> list[Entry]:
    (entries,) = tomllib.loads(text).values()
    return list(entries)


def _key(entry: Entry) -> str:
    return str(entry.get("id") or entry["name"])


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Return the English words that hold a sentence together and say nothing on their own."""
    text = files("kit.lexicons").joinpath("function-words.txt").read_text("utf-8")
    return frozenset(text.split())
