"""Schedules: which recipes are due, and running them once each, whoever else looks at the same folder.

What was due and what became of it is in the ledger; a time that is recorded there is done with. All that is
asked of the clock goes through a function that is given, so that a week can pass in a test.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path
from typing import Literal

from kit import cron, locks, recipe, runs
from kit.errors import BusyError, KitError, RecipeError
from kit.ledger import Claim, Ledger
from kit.outcomes import AGAIN, UNSENT, Outcome
from kit.recipe import FOLDER, Recipe
from kit.runner import How

GRACE = dt.timedelta(hours=1)  # a time is missed when it is seen later than this
MOST = 1000  # times that are made up for, or recorded as missed, at once; those before are let go
SHOWN = 20  # past times of a recipe that are told of
AFTER = (dt.timedelta(minutes=5), dt.timedelta(hours=6))  # before something is tried again
MISSED = "missed"
Clock = Callable[[], dt.datetime]


def clock() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the schedule of a recipe. Times are UTC.

    `waiting` are the times that it is to be run for now, in order, `missed` those that nothing is run for.
    `past` are the last ones recorded, the newest first; `again` are those that are to be run or sent once
    more. Where the recipe does not fit there is an `error` and nothing else.
    """

    name: str
    recipe: Recipe | None = None
    next: dt.datetime | None = None
    waiting: tuple[dt.datetime, ...] = ()
    missed: tuple[dt.datetime, ...] = ()
    past: tuple[Claim, ...] = ()
    again: tuple[Claim, ...] = ()
    error: KitError | None = None

    @property
    def to_do(self) -> tuple[object, ...]:
        """What there is to be done for it now."""
        return (*self.waiting, *self.missed, *self.again)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done, or could not be, for a recipe.

    ``run``: it was run for `due`, with these outcomes. ``missed``: nothing is run for the `times`. ``sent``:
    what was left of sending was done, but for `unsent`. ``busy``: another process runs it. ``broken``: it
    could not be run; `error` says why, and nothing is recorded.
    """

    name: str
    what: Literal["run", "missed", "sent", "busy", "broken"]
    due: dt.datetime | None = None
    outcomes: tuple[Outcome, ...] = ()
    times: tuple[dt.datetime, ...] = ()
    unsent: tuple[KitError, ...] = ()
    error: KitError | None = None
    zone: str = "UTC"

    @property
    def exit_code(self) -> int:
        """The exit code that says so; 0 where nothing went wrong."""
        errors = [self.error] if self.what == "broken" else []
        errors += [o.error for o in self.outcomes]
        errors += [*self.unsent, *(error for o in self.outcomes for error in o.unsent)]
        return next((error.exit_code for error in errors if error), 0)


Told = Callable[[Done], None]


def look(
    folder: Path = FOLDER,
    *,
    now: Clock = clock,
    names: Sequence[str] = (),
    record: bool = False,
) -> list[Standing]:
    """Return how it stands with each recipe of a folder that has a schedule, or does not fit, by name.

    With `record` a schedule that was not seen before counts from now on, which is written down.
    """
    at = now().astimezone(dt.UTC)
    paths = [folder / f"{name}.toml" for name in names] or sorted(folder.glob("*.toml"))
    found = []
    if paths:
        with Ledger(folder) as ledger:
            for path in paths:
                try:
                    read = recipe.read(path)
                    one = _standing(read, ledger, at, record=record)
                except RecipeError as error:
                    one = Standing(path.stem, error=error)
                found += [one] if one else []
    return found


def due(
    folder: Path = FOLDER,
    *,
    now: Clock = clock,
    names: Sequence[str] = (),
    how: How | None = None,
    told: Told = lambda done: None,
) -> list[Done]:
    """Run what is due, one recipe after the other, and return what was done; `told` hears it at once.

    What is due is decided at the beginning. A recipe that fails, or that does not fit, stops no other.
    """
    at = now().astimezone(dt.UTC)
    did: list[Done] = []
    standings = look(folder, now=lambda: at, names=names, record=True)
    for one in sorted(standings, key=lambda one: (*one.waiting[:1], at)[0]):
        zone = of(one.recipe)[1] if one.recipe else "UTC"
        for done in (replace(done, zone=zone) for done in _do(one, folder, at, how)):
            told(done)
            did.append(done)
    return did


def plan(
    times: Sequence[dt.datetime], catch_up: str, now: dt.datetime
) -> tuple[tuple[dt.datetime, ...], tuple[dt.datetime, ...]]:
    """Return which of the times that have come are run for, and which are missed.

    ``all`` runs for each in order, ``last`` for the newest, ``none`` for the newest if that is not missed.
    """
    if catch_up == "all":
        return tuple(times), ()
    late = catch_up == "none" and bool(times) and now - times[-1] > GRACE
    return (() if late else tuple(times[-1:])), tuple(times if late else times[:-1])


def _standing(read: Recipe, ledger: Ledger, at: dt.datetime, *, record: bool) -> Standing | None:
    """Return how it stands with a recipe; None where it has no schedule."""
    schedule = read.schedule if read.schedule and read.schedule.cron else None
    before = ledger.schedule(read.name)
    if schedule is None:
        if before and before[0] and record:  # when it comes back it counts from then on
            ledger.keep_schedule(read.name, "", text(at))
        return None
    _check(read)
    what = f"{schedule.cron} {schedule.zone}"
    if before and before[0] == what and before[1] <= text(at):
        since = dt.datetime.fromisoformat(before[1])
    else:  # it is new, or was changed, or the clock was wrong
        since = _first_seen(read.path, at)
        if record:
            ledger.keep_schedule(read.name, what, text(since))
    past = tuple(ledger.dues(read.name, last=SHOWN, until=text(at)))
    if past:
        since = max(since, dt.datetime.fromisoformat(past[0].due))
    came = takewhile(lambda due: due > since, cron.until(*of(read), at))
    times = [*islice(came, MOST)][::-1]
    waiting, missed = plan(times, schedule.catch_up, at)
    return Standing(
        read.name,
        read,
        next(cron.after(*of(read), at), None),
        waiting,
        missed,
        past,
        _again(past, at, every=schedule.catch_up == "all", waiting=bool(waiting)),
    )


def of(read: Recipe) -> tuple[str, str]:
    """Return the cron expression and the time zone of a recipe that has a schedule."""
    assert read.schedule
    return read.schedule.cron, read.schedule.zone


def _check(read: Recipe) -> None:
    expression, zone = of(read)
    for key, check, value in (("cron", cron.check, expression), ("zone", cron.place, zone)):
        try:
            check(value)
        except RecipeError as error:
            raise read.wrong(("schedule", key), error) from error


def _first_seen(path: Path, at: dt.datetime) -> dt.datetime:
    """Return since when a new schedule counts: since it was written, but not long before it was seen.

    So a line of cron that calls `kit due` at the very time finds it due, and a copied folder nothing.
    """
    try:
        written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except OSError:
        written = at
    return min(at, max(written, at - GRACE))


def _again(
    past: Sequence[Claim], at: dt.datetime, *, every: bool, waiting: bool
) -> tuple[Claim, ...]:
    """Return the times for which something is to be tried again now: at first soon, then less and less often.

    That is the last one, before another comes; of a recipe of which no time is let go all whose run failed.
    """
    of_runs = [claim for claim in past if claim.state != MISSED]
    found = [] if waiting else of_runs[:1]
    if every:
        found = [c for c in reversed(of_runs) if AGAIN in c.state or c in found]
    return tuple(c for c in found if _may_again(c, at))


def _may_again(claim: Claim, at: dt.datetime) -> bool:
    if AGAIN not in claim.state and UNSENT not in claim.state:
        return False
    when, tried = map(dt.datetime.fromisoformat, (claim.due, claim.at))
    pause = min(max(tried - when, AFTER[0]), AFTER[1])
    return not dt.timedelta() <= at - tried < pause


def _do(one: Standing, folder: Path, at: dt.datetime, how: How | None) -> Iterator[Done]:
    """Do what there is to be done for a recipe now."""
    if one.recipe is None:
        yield Done(one.name, "broken", error=one.error)
        return
    at_work = None
    try:
        if one.missed:
            yield from _miss(one.recipe, folder, at)
        to_run = list(one.waiting)
        for claim in one.again:
            of_time = dt.datetime.fromisoformat(claim.due)
            if AGAIN in claim.state:
                to_run.append(of_time)
                continue
            unsent = runs.send(one.recipe, of_time, folder=folder, how=how)
            _settle(claim, bool(unsent), folder, at)
            yield Done(one.name, "sent", of_time, unsent=unsent)
        for at_work in sorted(to_run):
            outcomes = runs.run(one.recipe, folder=folder, due=at_work, how=how)
            if outcomes:  # else another process has done it meanwhile
                yield Done(one.name, "run", at_work, tuple(outcomes))
    except BusyError as error:
        yield Done(one.name, "busy", at_work, error=error)
    except KitError as error:
        yield Done(one.name, "broken", at_work, error=error)
    except Exception as error:
        fault = KitError(f"an unexpected fault: {type(error).__name__}: {error}")
        fault.__cause__ = error
        yield Done(one.name, "broken", at_work, error=fault)


def _miss(read: Recipe, folder: Path, at: dt.datetime) -> Iterator[Done]:
    """Record the times that nothing is run for; what another process is at is not missed."""
    with (
        locks.held(runs.lock_of(folder, read.name), f"the report {read.name}"),
        Ledger(folder) as ledger,
    ):
        one = _standing(read, ledger, at, record=True)
        times = one.missed if one else ()
        ledger.claim_all(read.name, map(text, times), MISSED)
    if times:
        yield Done(read.name, "missed", times=times)


def _settle(claim: Claim, still: bool, folder: Path, at: dt.datetime) -> None:
    state = claim.state if still else claim.state.removesuffix(f", {UNSENT}")
    with Ledger(folder) as ledger:
        ledger.settle(claim.recipe, claim.due, state, text(at))


def text(time_of: dt.datetime) -> str:
    """Return a time as the ledger has it."""
    return time_of.astimezone(dt.UTC).isoformat(timespec="seconds")


def told_in(moment: dt.datetime, zone: str) -> str:
    """Return a moment as the clocks of a zone show it."""
    shown = moment.astimezone(cron.place(zone))
    return f"{shown:%a %Y-%m-%d %H:%M %Z}"
