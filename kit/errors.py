"""What can go wrong, and the exit code that says so.

KitError (1)
├── UsageError (2)    the command line itself
├── ReadError (3)     nothing could be read
├── ParameterError (4) a parameter or a notebook that does not exist or does not fit
├── NotebookError (5) a notebook failed, or its kernel died
├── RenderError (6)   the report could not be made from the notebooks
├── WriteError (7)    the output folder cannot be written
├── RecipeError (9)   a recipe is not there, or something in it does not fit
├── BusyError (10)    another run of the same report is at work
└── SendError (11)    a report was made, but did not reach all who should have it

8 is ``kit read --strict`` where something was left out.

0 is success, 130 a run that was interrupted, 143 one that was ended by SIGTERM.
"""

import difflib
from collections.abc import Iterable


class KitError(Exception):
    """Base of all errors that are meant for people: what happened, where, and what to do."""

    exit_code = 1
    may_pass = False  # whether the same may go well the second time


class UsageError(KitError):
    """The command line does not say what is needed."""

    exit_code = 2


class ReadError(KitError):
    """Nothing could be read from the source."""

    exit_code = 3


class ParameterError(KitError):
    """A parameter or notebook is unknown, or a value does not fit."""

    exit_code = 4


class NotebookError(KitError):
    """A notebook failed or its kernel died."""

    exit_code = 5


class RenderError(KitError):
    """The executed notebooks could not be turned into a report."""

    exit_code = 6


class WriteError(KitError):
    """An output could not be written; what stood there before is untouched."""

    exit_code = 7


class RecipeError(KitError):
    """A recipe is not there, or something in it does not fit."""

    exit_code = 9


class BusyError(KitError):
    """Another run of the same report is at work."""

    exit_code = 10


class SendError(KitError):
    """A report was made, but did not reach all who should have it."""

    exit_code = 11


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean X?"`` for the closest of `known`, or ``""``."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]}?" if close else ""
