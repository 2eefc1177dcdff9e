"""The reports of a recipe: one, or one for each combination of what its matrix varies."""

import hashlib
import itertools
import re
from collections.abc import Mapping
from typing import Any

from kit import files
from kit.errors import RecipeError, nearest
from kit.recipe.fields import Part, Recipe

MOST = 1000  # reports of one matrix
_PLACE = re.compile(r"\{([^{}]*)\}")


def parts(recipe: Recipe) -> list[Part]:
    """Return the reports of a recipe: one for each combination of the values of its matrix, in order.

    A part's name is made of its own values alone: it stays when others come and go. Raises RecipeError
    where there are too many, or two of one name.
    """
    count = 1
    for key, values in recipe.matrix.items():
        if not values:
            raise recipe.wrong(("matrix", key), "empty. Give a value, or take the key away")
        count *= len(values)
    if count > MOST:
        raise recipe.wrong(("matrix",), f"{count:,} reports; {MOST:,} are the most")
    found: dict[str, Part] = {}
    for values in itertools.product(*recipe.matrix.values()):
        varies = dict(zip(recipe.matrix, values, strict=True))
        given = {k: v for k, v in varies.items() if k not in ("source", "period")}
        part = Part(
            "-".join(_slug(value) for value in values),
            varies.get("source", recipe.source),
            varies.get("period", recipe.schedule.period if recipe.schedule else ""),
            {**recipe.parameters, **given},
            varies,
        )
        if part.name in found:
            raise recipe.wrong(
                ("matrix",),
                f"two reports would be named {part.name}: {varies} and {found[part.name].varies}",
            )
        found[part.name] = part
    return list(found.values())


def filled(text: str, values: Mapping[str, object]) -> str:
    """Return a text with each ``{name}`` in it replaced; raises RecipeError for an unknown name."""

    def put(match: re.Match[str]) -> str:
        if match[1] not in values:
            known = f"{', '.join(values)} are known" if values else "none is known here"
            raise RecipeError(f"{match[0]}: {known}.{nearest(match[1], values)}")
        return _shown(values[match[1]])

    return _PLACE.sub(put, text)


def _slug(value: Any) -> str:
    """Return the part of a folder's name that a value gives; what it cannot show stands as a hash."""
    text = _shown(value)
    short = files.slug(text, "")[:40].strip("-")
    if text.isascii() and short and len(text) <= 40:
        return short
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{short}-{digest}" if short else digest


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
