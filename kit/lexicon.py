"""The lexicons: TOML files of this package, to which a user's file of the same form adds."""

import json
import math
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kit.errors import ReadError, nearest

Entry = dict[str, Any]
# the fields that an entry must have; the first one identifies it
_FIELDS = {
    "formulations": ("id", "en"),
    "themes": ("id", "name"),
    "names": ("name", "kind"),
    "countries": ("name",),
    "stance": ("id", "kind"),
    "verbs": ("id", "strength", "gloss", "takes"),
}
# what each field is, of those whose fields are checked here
_TEXT = frozenset("id name zh ru gloss caveat".split())
_TERMS = frozenset("strong weak not".split())
_KNOWN = {
    "themes": _TEXT | _TERMS | {"weights", "terms"},
    "formulations": frozenset("id en zh ru gloss theme watch ladder rung".split()),
}
HEAVIEST = 10.0  # weight of a term
MOST_READINGS = 1000  # that one form may stand for: each [word] that may be missing doubles them


def read_own(name: str, path: str) -> str:
    """Return the text of a user's file for lexicon `name`, "" for no path.

    Raises ReadError where it cannot be read as such a lexicon, naming the file and the fault.
    """
    if not path:
        return ""
    try:
        text = Path(path).read_text("utf-8")
        entries(name, text)
    except OSError as error:
        raise ReadError(f"{path}: the lexicon cannot be opened: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # also what is no UTF-8 or no TOML
        raise ReadError(f"{path}: no lexicon of {name}: {error}") from error
    return text


@lru_cache(maxsize=32)
def load(name: str, own: str = "") -> tuple[Entry, ...]:
    """Return the entries of lexicon `name`; those of `own` replace entries of the same id.

    `own` is the text that ``read_own`` gave, so that a file changed since is read anew.
    """
    key = _FIELDS[name][0]
    shipped = files("kit.lexicons").joinpath(f"{name}.toml").read_text("utf-8")
    known = {entry[key]: entry for entry in _parsed(name, shipped)}
    if own:
        known |= {entry[key]: entry for entry in _parsed(name, own)}
    return tuple(known.values())


def entries(name: str, text: str) -> list[Entry]:
    """Return the entries of a user's lexicon; raises ValueError with what is wrong in it."""
    found = _parsed(name, text)
    key = _FIELDS[name][0]
    seen: set[str] = set()
    for number, entry in enumerate(found, start=1):
        wrong = {"themes": _wrong_theme, "formulations": _wrong_formulation}.get(name)
        faults = (
            *(f"it has no {field}" for field in _FIELDS[name] if not entry.get(field)),
            *(_unknown(entry, _KNOWN[name]) if name in _KNOWN else ()),
            *(wrong(entry) if wrong else ()),
        )
        where = f"entry {number} of {_table(name)}"
        if faults:
            raise ValueError(f"{where}: {faults[0]}")
        if entry[key] in seen:
            raise ValueError(f"{where}: there is an entry with the {key} {entry[key]} before it")
        seen.add(entry[key])
    return found


def _parsed(name: str, text: str) -> list[Entry]:
    """Return the entries of a lexicon's text: TOML, or what a dictionary was made into, JSON."""
    parsed = json.loads(text) if text.startswith("{") else tomllib.loads(text)
    found = next(iter(parsed.values()), None)
    if len(parsed) != 1 or not isinstance(found, list):
        raise ValueError(f"it must have entries {_table(name)} and nothing else")
    if not all(isinstance(entry, dict) for entry in found):
        raise ValueError(f"it must have entries {_table(name)} and nothing else")
    return found


def _table(name: str) -> str:
    return f"[[{name.removesuffix('s') if name != 'countries' else 'country'}]]"


def _unknown(entry: Entry, known: frozenset[str]) -> Iterator[str]:
    for field in entry:
        if field not in known:
            yield f"it has a field {field}, which is none.{nearest(field, sorted(known))}"


def _wrong_theme(entry: Entry) -> Iterator[str]:
    for field in sorted(_TEXT):
        if not isinstance(entry.get(field, ""), str):
            yield f"{field} must be a text"
    yield from _wrong_terms(entry, "")
    by_language = entry.get("terms", {})
    if not isinstance(by_language, dict):
        yield "terms must be tables by language, as [theme.terms.zh]"
        return
    for code, terms in by_language.items():
        if not isinstance(terms, dict):
            yield f"terms.{code} must be a table, as [theme.terms.{code}]"
        elif code == "en":
            yield "terms.en is none: English terms stand in the entry itself"
        else:
            yield from (f"terms.{code}: {x}" for x in _unknown(terms, _TERMS | {"weights"}))
            yield from _wrong_terms(terms, f"terms.{code}.")


def _wrong_terms(lists: Entry, where: str) -> Iterator[str]:
    """Yield what is wrong in the terms of a theme in a language."""
    fields: dict[str, str] = {}  # of each term, the one it stands under
    weights = lists.get("weights", {})
    if not isinstance(weights, dict):
        yield f"{where}weights must be a table, as weights = {{ river = 0.5 }}"
        return
    for field in ("strong", "weak", "not", "weights"):
        terms = list(weights) if field == "weights" else lists.get(field, [])
        if not _texts(terms):
            yield f"{where}{field} must be a list of texts"
            continue
        for term in terms:
            yield from (f"{where}{field}: {x}" for x in _wrong_form(term))
            other = fields.setdefault(term.casefold(), field)
            if other != field:
                yield f"{where}{field}: “{term}” stands under {other} too"
    for term, weight in weights.items():
        number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not number or not math.isfinite(weight) or not 0 < weight <= HEAVIEST:
            yield f"{where}weights: “{term}” must be a number above 0, at most {HEAVIEST:g}"


def _wrong_formulation(entry: Entry) -> Iterator[str]:
    for field in ("id", "gloss", "theme", "ladder"):
        if not isinstance(entry.get(field, ""), str):
            yield f"{field} must be a text"
    if not isinstance(entry.get("watch", False), bool):
        yield "watch must be true or false"
    if not _texts(entry.get("en", [])):
        yield "en must be a list of texts"
    for field in ("zh", "ru"):
        forms = entry.get(field, [])
        if not _texts(forms) and not isinstance(forms, str):
            yield f"{field} must be a list of texts"
    for field in ("en", "zh", "ru"):
        forms = entry.get(field, [])
        for form in forms if _texts(forms) else ():
            yield from (f"{field}: {x}" for x in _wrong_form(form))
    if ("ladder" in entry) != ("rung" in entry):
        yield "a ladder needs a rung, and a rung a ladder"
    if type(entry.get("rung", 1)) is not int or entry.get("rung", 1) < 1:
        yield "rung must be a whole number from 1 on"


def _wrong_form(form: str) -> Iterator[str]:
    """Yield what is wrong in a form that is matched."""
    if not form.strip():
        yield "one is empty"
    if form.count("[") != form.count("]"):
        yield f"“{form}” has a bracket without its other half"
    readings = 2.0 ** form.count("[")
    for word in form.split():
        readings *= 1 + word.count("/")
    if readings > MOST_READINGS:
        yield f"“{form[:60]}” stands for more than {MOST_READINGS:,} forms: write fewer [ ] and /"


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Return the English words that hold a sentence together and say nothing on their own."""
    text = files("kit.lexicons").joinpath("function-words.txt").read_text("utf-8")
    return frozenset(text.split())
