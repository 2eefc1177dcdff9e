"""Recipes: what a report is made of, when, and where it goes, as a TOML file in ``reports/``.

The fields of the dataclasses are the fields of the file: what is checked, what an editor completes (the
JSON schema) and what a new recipe says in its comments all come from them.
"""

from kit.recipe.fields import FOLDER, Hook, Key, Look, Mail, Part, Publish, Recipe, Schedule
from kit.recipe.matrix import MOST, filled, parts
from kit.recipe.reading import NAME, find, read
from kit.recipe.writing import schema, template

__all__ = [
    "FOLDER",
    "MOST",
    "NAME",
    "Hook",
    "Key",
    "Look",
    "Mail",
    "Part",
    "Publish",
    "Recipe",
    "Schedule",
    "filled",
    "find",
    "parts",
    "read",
    "schema",
    "template",
]
