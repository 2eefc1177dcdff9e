"""What of a recipe can be checked before anything runs: each fault with its line and the nearest name."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kit import channels, cron, params, period, recipe, run
from kit.errors import KitError, RecipeError, nearest
from kit.recipe import FOLDER, Key, Recipe

READABLE = 4.5  # contrast of text, WCAG 2.2, 1.4.3
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NAMED = re.compile(r"([a-z_]+(?:\.[^.:\s]+)+): ")  # how a check of a channel names a key


def problems(path: Path) -> list[RecipeError]:
    """Return all that is wrong with a recipe's file; none where it can be run."""
    try:
        read = recipe.read(path)
    except RecipeError as error:
        return [RecipeError(line) for line in str(error).splitlines()]
    return [*of(read), *_sources(read)]


def of(read: Recipe, checks: Mapping[str, channels.Check] = channels.CHECKS) -> list[RecipeError]:
    """Return what is wrong with a recipe, but for texts that are not there, which may yet come."""
    return [
        *_notebooks(read),
        *_matrix(read),
        *_values(read),
        *_tables(read, checks),
    ]


def _try(read: Recipe, key: Key, act: Callable[[], object]) -> Iterator[RecipeError]:
    try:
        act()
    except KitError as error:
        yield read.wrong(key, error)


def _sources(read: Recipe) -> Iterator[RecipeError]:
    key = ("matrix", "source") if "source" in read.matrix else ("source",)
    for source in read.matrix.get("source", (read.source,)):
        if isinstance(source, str) and not Path(source).exists():
            parent = Path(source).parent
            names = sorted(os.listdir(parent)) if parent.is_dir() else []  # noqa: PTH208
            close = nearest(Path(source).name, names)
            yield read.wrong(key, f"{source}: no such file or folder.{close}")
        elif isinstance(source, str) and FOLDER.resolve().is_relative_to(Path(source).resolve()):
            yield read.wrong(
                key, f"{source}: {FOLDER} lies in it, and what is made would be read as texts"
            )


def _notebooks(read: Recipe) -> Iterator[RecipeError]:
    wrong = False
    for name in read.notebooks:
        for error in _try(read, ("notebooks",), lambda name=name: run.find_notebooks([name])):  # type: ignore[misc]
            wrong = True
            yield error
    for name in read.formats:
        if name not in run.FORMATS:
            known = f"there are {', '.join(run.FORMATS)}"
            yield read.wrong(("formats",), f"no format {name}.{nearest(name, run.FORMATS)} {known}")
    if wrong:
        return
    notebooks = run.find_notebooks(read.notebooks or run.STANDARD)
    for key, value in read.parameters.items():
        if key.rpartition(".")[2] == "source":
            yield read.wrong(("parameters", key), "the source stands at the top: source = ...")
        else:
            yield from _parameter(read, ("parameters", key), notebooks, key, value)
    for key, values in read.matrix.items():
        if key not in ("source", "period"):
            for value in values:
                yield from _parameter(read, ("matrix", key), notebooks, key, value)
    yield from _period(read, notebooks)


def _period(read: Recipe, notebooks: Mapping[str, Path]) -> Iterator[RecipeError]:
    where = ("matrix", "period") if "period" in read.matrix else ("schedule", "period")
    if "period" not in read.matrix and not (read.schedule and read.schedule.period):
        return
    if lacking := without_end(notebooks):
        yield read.wrong(
            where,
            f"{', '.join(lacking)} would read texts of later days too: no parameter until there",
        )
    for key in (*read.parameters, *read.matrix):
        if key.rpartition(".")[2] in ("since", "until"):
            yield read.wrong(where, f"{key} is given beside it; leave one of the two")


def without_end(notebooks: Mapping[str, Path]) -> list[str]:
    """Return the names of the notebooks that read texts and cannot be told the last day that counts."""
    declared = {name: params.declared(path) for name, path in notebooks.items()}
    return [name for name, known in declared.items() if "source" in known and "until" not in known]


def _parameter(
    read: Recipe, where: Key, notebooks: Mapping[str, Path], key: str, value: Any
) -> Iterator[RecipeError]:
    yield from _try(read, where, lambda: params.check(notebooks, {key: value}))


def _matrix(read: Recipe) -> Iterator[RecipeError]:
    for name in ("source", "period"):
        for value in read.matrix.get(name, ()):
            if not isinstance(value, str):
                yield read.wrong(("matrix", name), f'{value}: write it in quotes, "{value}"')
            elif name == "period" and value not in period.KINDS:
                yield from _try(
                    read,
                    ("matrix", name),
                    lambda value=value: period.read(value),  # type: ignore[misc]
                )
    try:
        recipe.parts(read)
    except RecipeError as error:
        yield error


def _values(read: Recipe) -> Iterator[RecipeError]:
    values = {**read.matrix, "source": "", "period": ""}
    yield from _try(read, ("title",), lambda: recipe.filled(read.title, values))
    if read.look and read.look.accent and not _COLOUR.fullmatch(read.look.accent):
        yield read.wrong(("look", "accent"), f"{read.look.accent!r} is no colour like #1f5f99")
    elif read.look and read.look.accent and _on_white(read.look.accent) < READABLE:
        ratio = f"{_on_white(read.look.accent):.1f}:1 on white; {READABLE}:1 is the least"
        yield read.wrong(("look", "accent"), f"{read.look.accent} is too pale to be read: {ratio}")
    if read.schedule:
        zone = read.schedule.zone
        yield from _try(read, ("schedule", "zone"), lambda: cron.place(zone))


def _on_white(colour: str) -> float:
    """Return the contrast of a colour on white by WCAG 2.2: 1 to 21."""
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in levels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _tables(read: Recipe, checks: Mapping[str, channels.Check]) -> Iterator[RecipeError]:
    for name, check in checks.items():
        if getattr(read, name) is None:
            continue
        try:
            check(read)
        except RecipeError as error:
            named = _NAMED.match(str(error))
            text = str(error)[named.end() :] if named else str(error)
            yield read.wrong(tuple(named[1].split(".")) if named else (name,), text)
