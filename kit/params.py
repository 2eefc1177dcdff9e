"""The parameters of a notebook, read from its cell, and checked before a kernel starts.

A parameter is an annotated literal with a trailing comment, in the cell tagged ``parameters``:
``top: int = 20  # rows shown (1..500)``. Types are int, float, bool, str, list[str] and
``Literal["a", "b"]`` for a choice; a range stands at the end of the comment.
"""

import ast
import io
import json
import keyword
import math
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.errors import ParameterError, nearest

Value = int | float | bool | str | list[str]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RANGE = re.compile(r"\((-?[\d.]*[\d])?\.\.(-?[\d.]*[\d])?\)\s*$")
_TYPES: dict[str, type] = {"int": int, "float": float, "bool": bool, "str": str}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter: its type as written, default, help, and what limits its values."""

    name: str
    type: str
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


def cells(notebook: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook file; raises ParameterError where it is none."""
    try:
        found = [
            cell | {"source": "".join(cell["source"]), "metadata": dict(cell["metadata"])}
            for cell in json.loads(notebook.read_text("utf-8"))["cells"]
            if cell["cell_type"] in ("code", "markdown", "raw")
        ]
    except OSError as error:
        raise ParameterError(
            f"{notebook}: the notebook cannot be opened: {error.strerror}"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError(f"{notebook}: not a Jupyter notebook of format 4") from error
    return found


def declared(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters that a notebook declares, by name, in order."""
    tagged = [
        cell["source"]
        for cell in cells(notebook)
        if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", ())
    ]
    if len(tagged) > 1:
        raise ParameterError(f"{notebook}: {len(tagged)} cells are tagged parameters; leave one")
    if not tagged:
        return {}
    try:
        tree = ast.parse(tagged[0])
    except SyntaxError as error:
        raise ParameterError(f"{notebook}: parameters, line {error.lineno}: {error.msg}") from error
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(tagged[0]).readline)
        if token.type == tokenize.COMMENT
    }
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Expr | ast.Import | ast.ImportFrom):
            continue
        if not isinstance(node, ast.AnnAssign) or node.value is None:
            raise ParameterError(
                f"{notebook}: parameters, line {node.lineno}: write `name: type = value  # help`"
            )
        parameter = _parameter(notebook, node, comments.get(node.end_lineno or 0, ""))
        found[parameter.name] = parameter
    return found


def _parameter(notebook: Path, node: ast.AnnAssign, comment: str) -> Parameter:
    name, written = ast.unparse(node.target), ast.unparse(node.annotation)
    where = f"{notebook}: parameter {name}"
    if not isinstance(node.target, ast.Name):
        raise ParameterError(f"{where}: not a name")
    try:
        default = ast.literal_eval(node.value or ast.Constant(None))
        choices: tuple[str, ...] = ()
        if written.startswith("Literal["):
            inside = ast.literal_eval(written.removeprefix("Literal"))
            choices = tuple(c for c in inside if isinstance(c, str))
    except (ValueError, TypeError) as error:
        raise ParameterError(f"{where}: the value must be a literal") from error
    if not choices and written not in (*_TYPES, "list[str]"):
        raise ParameterError(
            f"{where}: type {written} is not one of int, float, bool, str, list[str]"
        )
    limits = _RANGE.search(comment)
    low, high = (float(x) if x else None for x in limits.groups()) if limits else (None, None)
    help_text = _RANGE.sub("", comment).strip()
    parameter = Parameter(name, written, default, help_text, choices, low, high)
    try:
        if isinstance(default, str) and not choices and written != "str":
            raise ParameterError(f"parameter {name}: {default!r} is not {_article(written)}")
        return replace(parameter, default=value(parameter, default))
    except ParameterError as error:
        raise ParameterError(f"{notebook}: {error}") from error


def value(parameter: Parameter, given: Any) -> Value:
    """Return `given` (a value, or text from a command line) as the parameter's type.

    Raises ParameterError with what was expected where it does not fit exactly: nothing is rounded,
    cut or guessed.
    """
    wanted = parameter.type
    fits: Any = None
    if parameter.choices:
        fits = given if given in parameter.choices else None
        wanted = f"one of {', '.join(parameter.choices)}"
    elif wanted == "list[str]":
        if isinstance(given, str):
            fits = [part.strip() for part in given.split(",") if part.strip()]
        elif isinstance(given, list) and all(isinstance(x, str) for x in given):
            fits = given
    elif wanted == "str":
        fits = given if isinstance(given, str) else None
    else:
        fits = _scalar(wanted, given)
    if fits is None:
        raise ParameterError(f"parameter {parameter.name}: {given!r} is not {_article(wanted)}")
    low, high = parameter.low, parameter.high
    if (low is not None and fits < low) or (high is not None and fits > high):
        raise ParameterError(
            f"parameter {parameter.name}: {fits} is out of range, "
            f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"
        )
    result: Value = fits
    return result


def _scalar(wanted: str, given: Any) -> Any:
    if isinstance(given, str):
        if wanted == "bool":
            return {"true": True, "false": False}.get(given.lower())
        pattern = (
            r"[+-]?\d{1,4000}" if wanted == "int" else r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
        )
        if not re.fullmatch(pattern, given, re.ASCII):
            return None
        given = _TYPES[wanted](given)
    if wanted == "float" and type(given) is int:
        given = float(given) if abs(given) < 10**18 else None
    if wanted == "float" and isinstance(given, float):
        return given if math.isfinite(given) else None
    return given if type(given) is _TYPES[wanted] else None


def _article(wanted: str) -> str:
    names = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "text"}
    return names.get(wanted, wanted.replace("list[str]", "a list of texts"))


def check(notebooks: Mapping[str, Path], given: Mapping[str, Any]) -> dict[str, dict[str, Value]]:
    """Return for each notebook the values among `given` that it declares, converted.

    A name is ``parameter`` (for each notebook that has it) or ``notebook.parameter``. Raises
    ParameterError for a name that no notebook declares, naming the nearest, and for a value that
    does not fit.
    """
    known = {name: declared(path) for name, path in notebooks.items()}
    every = sorted({p for parameters in known.values() for p in parameters})
    chosen: dict[str, dict[str, Value]] = {name: {} for name in notebooks}
    # a value for one notebook wins over one for all, whatever the order
    for key in sorted(given, key=lambda k: "." in k):
        only, dot, name = key.rpartition(".")
        if not _NAME.fullmatch(name) or keyword.iskeyword(name):
            raise ParameterError(f"parameter {key!r}: not a name")
        if dot and only not in known:
            shown = only if only.isprintable() else repr(only)
            raise ParameterError(
                f"parameter {shown}.{name}: no notebook {shown}.{nearest(only, known)}"
            )
        takers = [n for n in ([only] if dot else known) if name in known[n]]
        if not takers:
            raise ParameterError(
                f"parameter {key}: no notebook here has it.{nearest(name, every)} "
                f"Known: {', '.join(every) or 'none'}"
            )
        for taker in takers:
            chosen[taker][name] = value(known[taker][name], given[key])
    return chosen
