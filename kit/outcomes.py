"""What became of the reports of a recipe, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.apart import may_pass
from kit.errors import KitError, WriteError
from kit.ledger import Send

_LINES, _WIDTH = 24, 400  # of an error that is shown: one screen
AGAIN, UNSENT = "will be tried again", "unsent"  # in what became of a time at which a run was due
State = Literal["made", "unchanged", "nothing new", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report of a recipe: its state, where it is, and what went wrong.

    ``run`` is the run that made it or failed, ``stands`` the one whose report stands in ``folder`` now.
    ``unsent`` are the errors of outward acts; what is left of them is done at the next run. ``sent`` are
    those that were done now.
    """

    part: str
    state: State
    folder: Path
    period: str = ""
    run: int | None = None
    stands: int | None = None
    error: KitError | None = None
    unsent: tuple[KitError, ...] = ()
    sent: tuple[Send, ...] = ()


def came_of(outcomes: Sequence[Outcome]) -> str:
    """Return in some words what became of the reports of a recipe.

    One that failed for what others may mend, a full disk, a source that is away, a machine without memory,
    is tried again.
    """
    states = [o.state for o in outcomes]
    state: str = next(s for s in ("failed", "made", *states) if s in states)
    errors = [o.error for o in outcomes if o.error]
    if any(may_pass(error) or isinstance(error, WriteError) for error in errors):
        state += f", {AGAIN}"
    return f"{state}, {UNSENT}" if any(o.unsent for o in outcomes) else state


def meant(error: Exception) -> KitError:
    """Return an error as one that is meant for people."""
    if isinstance(error, KitError):
        return error
    if isinstance(error, OSError):  # no room for temporary files, no memory for a process
        fault: KitError = WriteError(f"{type(error).__name__}: {error}")
    else:
        fault = KitError(f"an unexpected fault: {type(error).__name__}: {error}")
    fault.__cause__ = error
    return fault


def screen(error: BaseException) -> str:
    """Return an error as lines that fit a screen and cannot move the cursor."""
    lines = [
        "".join(c for c in line if c.isprintable())[:_WIDTH] for line in str(error).splitlines()
    ]
    return "\n".join(lines[:_LINES]) + ("\n[cut]" if len(lines) > _LINES else "")
