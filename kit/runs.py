"""Runs of a recipe: each of its reports is made once for the same inputs, recorded, and sent on.

One run of a recipe is at work at a time, by a lock that dies with it. The ledger has what was begun before it
begins and what came of it after; whatever is killed at whatever moment, the next run goes on from there.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from kit import cron, locks
from kit.errors import KitError
from kit.ledger import Claim, Ledger, Run, now
from kit.locks import Holder
from kit.outcomes import AGAIN, UNSENT, Outcome, came_of
from kit.recipe import FOLDER, Recipe
from kit.runner import Asked, How, Runner


def run(
    made_of: Recipe,
    *,
    folder: Path = FOLDER,
    due: dt.datetime | None = None,
    period: str = "",
    force: bool = False,
    wait: bool = False,
    only: Sequence[str] = (),
    how: How | None = None,
) -> list[Outcome]:
    """Run a recipe: make its reports where something changed, and send them on; return what became of each.

    `due` is the time that it is run for (with its zone; by default now): the period counts from there,
    and what was run for it is not run for it again: then nothing is returned. `period` is another than
    the recipe's, `only` are names of parts. Raises BusyError where the recipe is being run and `wait` is
    false, ParameterError for an unknown part, WriteError where the ledger cannot be written.
    """
    lock = lock_of(folder, made_of.name)
    with (
        locks.held(lock, f"the report {made_of.name}", wait=wait),
        Ledger(folder) as ledger,
    ):
        time_of = _utc(due) if due else None
        before = _claimed(ledger, made_of.name, time_of)
        if before and AGAIN not in before.state:
            return []
        at = due or dt.datetime.now(dt.UTC)
        told = before is not None and UNSENT not in before.state
        asked = Asked(at, time_of, period, force, told)
        outcomes = Runner(made_of, folder, ledger, how or How(), asked).all(only)
        if time_of and before:
            ledger.settle(made_of.name, time_of, came_of(outcomes), now())
        elif time_of:
            ledger.claim(made_of.name, time_of, came_of(outcomes))
        elif not period and not only:
            _made_up_for(made_of, at, ledger, outcomes)
        return outcomes


def _claimed(ledger: Ledger, name: str, due: str | None) -> Claim | None:
    found = ledger.dues(name, last=1, until=due) if due else []
    return next((claim for claim in found if claim.due == due), None)


def _made_up_for(
    made_of: Recipe, at: dt.datetime, ledger: Ledger, outcomes: Sequence[Outcome]
) -> None:
    """Record for a time at which all did not go well that it has been made up for by hand."""
    schedule = made_of.schedule
    if any(o.error for o in outcomes) or not schedule or not schedule.cron:
        return
    if last := cron.last(schedule.cron, schedule.zone, at):
        for claim in ledger.dues(made_of.name, last=1, until=_utc(last)):
            badly = any(word in claim.state for word in ("failed", UNSENT, "missed"))
            if badly and claim.due == _utc(last):
                ledger.settle(made_of.name, claim.due, came_of(outcomes), now())


def send(
    made_of: Recipe, due: dt.datetime, *, folder: Path = FOLDER, how: How | None = None
) -> tuple[KitError, ...]:
    """Do what is left of the outward acts for reports that stand, and return what went wrong.

    The owner is told of a run for `due` that failed. Nothing is made. Raises BusyError as `run` does.
    """
    with (
        locks.held(lock_of(folder, made_of.name), f"the report {made_of.name}"),
        Ledger(folder) as ledger,
    ):
        asked = Asked(due, _utc(due), "", force=False, told=False)
        return Runner(made_of, folder, ledger, how or How(), asked).rest()


def lock_of(folder: Path, name: str) -> Path:
    """Return the file whose lock a run of a recipe holds."""
    return folder / ".locks" / f"{name}.lock"


def history(folder: Path, name: str = "", *, last: int = 50) -> list[tuple[Run, str]]:
    """Return the last runs, the newest first, each with its state.

    That is ``made``, ``failed``, ``running``, or ``interrupted`` for one that was begun and is at work no
    more.
    """
    if not folder.is_dir():
        return []
    with Ledger(folder) as ledger:
        runs = ledger.runs(name, last=last)
    holders = {r.recipe: locks.holder(lock_of(folder, r.recipe)) for r in runs}
    return [(r, state_of(r, holders[r.recipe])) for r in runs]


def state_of(run: Run, holder: Holder | None) -> str:
    """Return the state of a run, given who holds the lock of its recipe."""
    if run.state != "running":
        return run.state
    if holder is None or (holder.pid and (holder.host, holder.pid) != (run.host, run.pid)):
        return "interrupted"
    return "running" if holder.since <= run.started else "interrupted"


def _utc(time_of: dt.datetime) -> str:
    return time_of.astimezone(dt.UTC).isoformat(timespec="seconds")
