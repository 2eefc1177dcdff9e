"""The reports of a recipe as they stand: published again without being made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import channels, files, locks, runner, runs
from kit.channels import Made
from kit.errors import KitError, RecipeError, SendError
from kit.ledger import Ledger
from kit.recipe import FOLDER, Part, Recipe


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a report that was to be published: where it is now, or why it is not."""

    part: str
    place: Path | None = None
    error: KitError | None = None


def publish(
    made_of: Recipe, *, folder: Path = FOLDER, only: Sequence[str] = (), wait: bool = False
) -> list[Published]:
    """Publish the reports that stand, as the recipe's table says; nothing is made, mailed or handed on.

    What is published already is looked at and put right. `only` are names of parts. The ledger has it,
    as for a run. Raises RecipeError where the recipe says nothing of publishing, BusyError where it is
    being run and `wait` is false, ParameterError for an unknown part, WriteError where the ledger cannot
    be written.
    """
    if made_of.publish is None:
        raise RecipeError(
            f'{made_of.path}: no [publish]. Say where to: [publish] and folder = "..." below it'
        )
    channels.check_publish(made_of)
    lock = runs.lock_of(folder, made_of.name)
    with locks.held(lock, f"the report {made_of.name}", wait=wait), Ledger(folder) as ledger:
        return [_one(made_of, folder, part, ledger) for part in runner.chosen(made_of, only)]


def _one(made_of: Recipe, folder: Path, part: Part, ledger: Ledger) -> Published:
    run = ledger.last_made(made_of.name, part.name)
    if run is None:
        error = RecipeError(f"no report yet; `kit run {made_of.name}` makes it")
        return Published(part.name, error=error)
    final = folder / made_of.name / part.name
    files.settle(final)
    if not runner.intact(run, final, ledger):
        again = f"`kit run {made_of.name}` makes it anew"
        return Published(
            part.name,
            error=SendError(f"{final} is not as run {run.id} made it; {again}"),
        )
    made = Made(made_of, run, final, ledger)
    try:
        channels.publish(made, again=True)
    except SendError as error:
        return Published(part.name, error=error)
    place = channels.published_at(made)
    assert made_of.publish
    assert place is not None
    return Published(part.name, Path(made_of.publish.folder) / place)
