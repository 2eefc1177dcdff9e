"""Dictionaries that other tools count by, read as themes: LIWC's .dic, and YAML as quanteda has it.

A category is a theme whose every term tells it alone. Their terms are forms, not lemmas: *run* is not
*running*. A category without terms of its own gives no theme.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kit import lexicon
from kit.errors import ReadError, nearest
from kit.lexicon import Entry
from kit.parse.decode import decode
from kit.parse.record import UnreadableError

LARGEST = 20_000_000  # bytes; LIWC's own have about 300,000
DEEPEST = 20  # levels of categories
_VALUES = (
    "__",
    "",
)  # keys under which YAML has the terms of a category beside categories inside it
_WORDS_ONLY = re.compile(r"[\[\]/,\u3001\u201c\u300a]|^=+")  # what would be a sign of our patterns
_CONDITION = re.compile(r"\([^()]*\)|<[^<>]*>")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ID = re.compile(r"[^\w.]+")


def read_own(path: str) -> str:
    """Return the text of a user's file of themes, "" for no path: TOML, or what .dic or YAML become.

    Raises ReadError where it cannot be read, naming the file, the line and the fault.
    """
    suffix = Path(path).suffix.lower()
    read = {".dic": liwc, ".yml": quanteda, ".yaml": quanteda}.get(suffix)
    return _read(path, read) if read else lexicon.read_own("themes", path)


def _read(path: str, read: Callable[[str], list[Entry]]) -> str:
    try:
        if Path(path).stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST / 1e6:.0f} MB")
        entries = read(decode(Path(path).read_bytes()).text)
        if not entries:
            raise ValueError("it has no category with terms")
        text = json.dumps({"theme": entries}, ensure_ascii=False)
        lexicon.entries("themes", text)
    except OSError as error:
        raise ReadError(f"{path}: the dictionary cannot be opened: {error.strerror}") from error
    except (ValueError, UnreadableError) as error:
        raise ReadError(f"{path}: no dictionary of themes: {error}") from error
    return text


# ---- LIWC: categories with numbers between two %, then words with the numbers of theirs


def liwc(text: str) -> list[Entry]:
    """Return the themes of a dictionary in LIWC's form.

    What holds under a condition, *kind (02 134)125/464*, is read as if the condition did not: 464.
    Raises ValueError with the line and what is wrong in it.
    """
    lines = list(enumerate(text.splitlines(), start=1))
    marks = [i for i, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2:
        raise ValueError("the categories must stand between two lines with only a %")
    categories = _categories(lines[marks[0] + 1 : marks[1]])
    terms: dict[str, list[str]] = {name: [] for name in categories.values()}
    conditions = 0
    for number, line in lines[marks[1] + 1 :]:
        if not line.strip():
            continue
        term, of, conditional = _word(line, categories, number)
        conditions += conditional
        for category in of:
            terms[category].append(term)
    caveat = (
        f"{conditions:,} words of the dictionary count for some categories under a condition only; "
        "the condition is not read."
        if conditions
        else ""
    )
    return _themes(terms.items(), caveat)


def _categories(lines: Iterable[tuple[int, str]]) -> dict[str, str]:
    """Return the name of each category by its number, as it is written; names twice get the number."""
    found: dict[str, str] = {}
    for number, line in lines:
        code, _, name = line.strip().replace("\t", " ").partition(" ")
        name = " ".join(name.split())
        if not line.strip():
            continue
        if not code.isdecimal() or not name:
            raise ValueError(f"line {number}: a category must be a number and a name")
        code = _plain(code)
        if code in found:
            raise ValueError(f"line {number}: there is a category {code} before it")
        found[code] = f"{name} ({code})" if name in found.values() else name
    return found


def _word(line: str, categories: dict[str, str], number: int) -> tuple[str, list[str], bool]:
    """Return a term, the names of its categories and whether it has a condition."""
    written, tab, rest = line.strip().partition("\t")
    if tab:
        plain = _CONDITION.sub(" ", rest)
        codes = plain.split()
    else:
        plain = _CONDITION.sub(" ", line)
        words = plain.split()
        past = len(words)
        # the last is meant as a category, known or not; *windows 95* may be a term
        while past > 1 and (past == len(words) or _code(words[past - 1]) in categories):
            past -= 1
        written, codes = " ".join(words[:past]), words[past:]
    conditional = plain.count("/") > 0 or plain != (rest if tab else line)
    if not codes:
        raise ValueError(f"line {number}: “{written[:60]}” has no category")
    of = []
    for code in codes:
        plain_code = _code(code)
        if plain_code not in categories:
            known = nearest(plain_code or code, categories)
            raise ValueError(f"line {number}: there is no category {code[:60]}.{known}")
        of.append(categories[plain_code])
    return written, of, conditional


def _code(written: str) -> str:
    """Return the number of a category, of two with a stroke the one without condition; else ""."""
    last = written.rpartition("/")[2]
    return _plain(last) if last.isdecimal() else ""


def _plain(code: str) -> str:
    return code.lstrip("0") or "0"


# ---- YAML: categories with lists of terms, or with categories


def quanteda(text: str) -> list[Entry]:
    """Return the themes of a dictionary in YAML: *category: [term, term]*, categories inside others.

    Aliases are refused: a few of them stand for more than fits into any memory. Raises ValueError with
    the line and what is wrong in it.
    """
    import yaml  # noqa: PLC0415 (loaded when first needed)

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, list[str]] = {}
    try:
        events = yaml.parse(text, Loader=loader)
        _document(_significant(events), found)
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or str(error)
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ValueError(f"{where}no YAML: {' '.join(str(problem).split())}") from error
    return _themes(found.items(), "")


Events = Iterator[tuple[str, str, int]]  # (what begins or ends, a scalar's text, line)


def _significant(events: Iterable[Any]) -> Events:
    depth = 0
    for event in events:
        kind = type(event).__name__.removesuffix("Event")
        line = event.start_mark.line + 1
        if kind == "Alias" or getattr(event, "anchor", None):
            raise ValueError(
                f"line {line}: anchors and aliases (& and *) are not read; a term that begins with "
                "one needs quotation marks"
            )
        depth += kind in ("MappingStart", "SequenceStart")
        depth -= kind in ("MappingEnd", "SequenceEnd")
        if depth > DEEPEST:
            raise ValueError(f"line {line}: more than {DEEPEST} levels of categories")
        if kind == "Scalar":
            empty = event.value in ("", "~", "null") and event.implicit[0]
            yield kind, "" if empty else event.value, line
        elif kind in ("MappingStart", "MappingEnd", "SequenceStart", "SequenceEnd"):
            yield kind, "", line


def _document(events: Events, found: dict[str, list[str]]) -> None:
    for kind, _, line in events:
        if kind != "MappingStart":
            raise ValueError(f"line {line}: it must be categories with lists of terms")
        _mapping(events, "", found)


def _mapping(events: Events, above: str, found: dict[str, list[str]]) -> None:
    for kind, key, line in events:
        if kind == "MappingEnd":
            return
        if kind != "Scalar":
            raise ValueError(f"line {line}: a category must have a plain name")
        if key in _VALUES and not above:
            raise ValueError(f"line {line}: a category must have a name")
        name = above if key in _VALUES else f"{above}.{key}" if above else key
        _value(events, name, found)


def _value(events: Events, name: str, found: dict[str, list[str]]) -> None:
    kind, value, _ = next(events)
    if kind == "MappingStart":
        _mapping(events, name, found)
    elif kind == "SequenceStart":
        for inner, term, _ in events:
            if inner == "SequenceEnd":
                return
            if inner == "MappingStart":
                _mapping(events, name, found)
            elif inner == "SequenceStart":
                raise ValueError(f"a list of {name} stands in a list")
            elif term:
                found.setdefault(name, []).append(term)
    elif value:
        found.setdefault(name, []).append(value)


# ---- categories -> themes


def _themes(categories: Iterable[tuple[str, list[str]]], caveat: str) -> list[Entry]:
    """Return a theme for each category that has terms; those in other scripts by their language."""
    themes: list[Entry] = []
    ids: set[str] = set()
    for name, written in categories:
        by_language: dict[str, dict[str, None]] = {}
        for term in written:
            pattern = _pattern(term)
            if pattern:
                by_language.setdefault(_language(term), {})[pattern] = None
        if not by_language:
            continue
        plain = _ID.sub("-", name.casefold()).strip("-") or "category"
        number, id_ = 1, plain
        while id_ in ids:
            number, id_ = number + 1, f"{plain}-{number + 1}"
        ids.add(id_)
        theme: Entry = {"id": id_, "name": " ".join(name.split())}
        if "en" in by_language:
            theme["strong"] = _once(by_language.pop("en"))
        if by_language:
            theme["terms"] = {c: {"strong": _once(by_language[c])} for c in sorted(by_language)}
        if caveat:
            theme["caveat"] = caveat
        themes.append(theme)
    return themes


def _once(terms: Iterable[str]) -> list[str]:
    """Return terms without those that differ in case only."""
    return list({term.casefold(): term for term in reversed(list(terms))}.values())[::-1]


def _language(term: str) -> str:
    return "zh" if _HAN.search(term) else "ru" if _CYRILLIC.search(term) else "en"


def _pattern(term: str) -> str:
    """Return a term as a pattern of ours, its forms exact; "" where no word is left of it."""
    words = _WORDS_ONLY.sub(" ", term.strip()).split()
    wild = ("*", "?")
    exact = [word if any(w in word for w in wild) else f"={word}" for word in words]
    return " ".join(exact) if any(c.isalnum() for c in term) else ""
