"""Commands for recipes: run, check, new, runs."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.group import kit
from kit.cli.options import as_json_text
from kit.errors import RecipeError, UsageError

if TYPE_CHECKING:
    from kit.ledger import Run, Send
    from kit.outcomes import Outcome
    from kit.recipe import Recipe
    from kit.runner import How

SCHEMA = ".schema.json"  # beside the recipes, for editors
_PERIODS = {"daily": "day", "weekly": "week", "monthly": "month"}
_WHEN = {
    "never": "",
    "daily": "0 7 * * *",
    "weekly": "0 7 * * 1",
    "monthly": "0 7 1 * *",
}


@kit.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="Run even where nothing changed.")
@click.option("--wait", is_flag=True, help="Wait where the recipe is being run already.")
@click.option(
    "--part", "parts", multiple=True, metavar="PART", help="Of a matrix, this report only."
)
@click.option(
    "--period",
    default="",
    metavar="PERIOD",
    help="Another period: day, week, month, since-last, 2024, 2024-Q1, 2024-05, 2024-05-06..2024-05-12.",
)
@click.option(
    "--dry-run", "dry", is_flag=True, help="Send nothing; say what would be sent to whom."
)
def run(name: str, force: bool, wait: bool, parts: tuple[str, ...], period: str, dry: bool) -> int:
    """Run the recipe NAME: make its reports where something changed, and send them on.

    NAME is that of a file reports/NAME.toml, or a path to one. A report is made in reports/NAME, or in
    reports/NAME/PART for each combination of a matrix. Where texts, recipe, notebooks and versions are
    those of the last run, nothing is run. What could not be sent last time is sent now. The last lines
    printed are the folders of the reports.

    With --dry-run a report is made where something changed, and stays at home: it is not published, no
    mail is sent, no hook is run. Mails are written into reports/.dry/NAME, an .eml file each; the next
    run sends them.
    """
    from kit import period as periods  # noqa: PLC0415
    from kit import recipe, runs  # noqa: PLC0415
    from kit.runner import How  # noqa: PLC0415

    if period and period not in periods.KINDS:
        periods.read(period)
    made_of = recipe.read(recipe.find(name))
    how = _dry(made_of) if dry else How(progress=_step)
    outcomes = runs.run(made_of, period=period, force=force, wait=wait, only=parts, how=how)
    return _told(made_of.name, outcomes)


def _dry(made_of: "Recipe") -> "How":
    """Return how a recipe is run so that nothing leaves the house."""
    from kit import channels  # noqa: PLC0415
    from kit.recipe import FOLDER  # noqa: PLC0415
    from kit.runner import How  # noqa: PLC0415

    def say(made: channels.Made, what: str) -> None:
        click.echo(f"{_title(made.recipe.name, made.run.part)}: {what}", err=True)

    click.echo("dry run: nothing is published, mailed or handed on", err=True)
    if not (made_of.publish or made_of.mail or made_of.hook):
        click.echo(f"{made_of.name}: no [publish], [mail] or [hook] in its recipe", err=True)
    return How(
        channels=channels.dry(FOLDER / ".dry", say),
        notify=lambda *_: None,
        progress=_step,
        dry=True,
    )


def _title(name: str, part: str) -> str:
    return f"{name}, {part}" if part else name


def _step(part: str, step: str) -> None:
    click.echo(f"[{part}] {step}" if part else f"[{step}]", err=True)


def _told(name: str, outcomes: Sequence["Outcome"]) -> int:
    """Say what became of each report; return the exit code."""
    from kit.outcomes import screen  # noqa: PLC0415
    from kit.recipe import FOLDER  # noqa: PLC0415

    codes: list[int] = []
    for o in outcomes:
        title = _title(name, o.part)
        stands = f"the report of run {o.stands} stands: {o.folder}" if o.stands else ""
        if o.error is not None:
            click.echo(f"kit: {title}: {screen(o.error)}", err=True)
            kept = FOLDER / ".failed" / o.folder.relative_to(FOLDER)
            if kept.is_dir():
                click.echo(f"  the notebooks, as far as they came: {kept}", err=True)
            click.echo(f"  {stands or 'there is no earlier report'}", err=True)
            codes.append(o.error.exit_code)
        elif o.state != "made":
            why = "nothing changed" if o.state == "unchanged" else "no new texts"
            click.echo(
                f"{title}: {why} since run {o.run}; nothing was run; --force runs it", err=True
            )
        for line in _sent(o):
            click.echo(f"{title}: {line}", err=True)
        for error in o.unsent:
            click.echo(f"kit: {title}: {screen(error)}", err=True)
    for o in outcomes:
        if o.error is None:
            click.echo(o.folder)
    codes += [error.exit_code for o in outcomes for error in o.unsent]
    return next(iter(codes), 0)


def _sent(outcome: "Outcome") -> list[str]:
    """Return what to say of the outward acts that were done."""
    said: dict[str, list[str]] = {}
    for send in outcome.sent:
        published = send.channel == "publish"
        to = str(Path(send.recipient) / send.detail) if published else send.recipient
        before = f"the report of run {send.run} was " if send.run != outcome.run else ""
        how = {"publish": "published to ", "mail": "mailed to ", "hook": "handed to "}
        said.setdefault(before + how[send.channel], []).append(to)
    return [how + ", ".join(to) for how, to in said.items()]


@kit.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--schema", is_flag=True, help="Print the JSON schema of recipes, for editors.")
def check(names: tuple[str, ...], schema: bool) -> None:
    """Check recipes, by default all in reports/: each fault with its line and the nearest name.

    Paths, notebooks and their parameters, the schedule, addresses and templates are looked at; nothing
    is run.
    """
    from kit import checks, recipe  # noqa: PLC0415

    if schema:
        click.echo(as_json_text(recipe.schema()))
        return
    wrong = 0
    for path in _recipes(names):
        problems = checks.problems(path)
        for problem in problems:
            click.echo(f"{problem}", err=True)
        if not problems:
            count = len(recipe.parts(recipe.read(path)))
            click.echo(f"{path}: no fault; {count} report{'' if count == 1 else 's'}")
        wrong += len(problems)
    if wrong:
        raise RecipeError(f"{wrong} fault{'' if wrong == 1 else 's'}")


def _recipes(names: Sequence[str]) -> list[Path]:
    from kit import recipe  # noqa: PLC0415

    found = [recipe.find(name) for name in names] or sorted(recipe.FOLDER.glob("*.toml"))
    if not found:
        raise RecipeError(f"no recipes in {recipe.FOLDER}/; `kit new NAME` writes one")
    return found


@kit.command()
@click.argument("name")
@click.option("--source", help="The folder or file of texts.")
@click.option("--title", help="The title of the report.")
@click.option("--notebook", "notebooks", multiple=True, metavar="NAME", help="A notebook of it.")
@click.option(
    "--every",
    type=click.Choice(list(_WHEN)),
    help="When it is made, at seven: it tells of the day, week or month before.",
)
@click.option("--zone", help="The time zone of that, e.g. Europe/Berlin.")
@click.option("--publish", metavar="DIR", help="The folder that reports are copied to.")
@click.option("--mail", multiple=True, metavar="ADDRESS", help="Who gets it; may be given again.")
@click.option("--sender", help="The address that mail comes from.")
def new(name: str, **flags: Any) -> None:
    """Write the recipe reports/NAME.toml, with all that may stand in it as comments.

    On a terminal it asks for what is not given. Nothing is overwritten. A schema is put beside it, from
    which editors complete and check.
    """
    from kit import recipe  # noqa: PLC0415

    if not recipe.NAME.fullmatch(name):
        raise RecipeError(
            f"{name}: a recipe's name has small letters, digits and hyphens, and begins with no hyphen"
        )
    path = recipe.FOLDER / f"{name}.toml"
    if path.exists():
        raise RecipeError(f"{path} is there already. Give another name, or edit it")
    values = _values(_asked(flags))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / SCHEMA).write_text(as_json_text(recipe.schema()) + "\n", "utf-8")
        with path.open("x", encoding="utf-8") as file:
            file.write(recipe.template(values, SCHEMA))
    except OSError as error:
        raise RecipeError(f"{path}: it cannot be written: {error.strerror}") from error
    click.echo(path)


def _asked(flags: dict[str, Any]) -> dict[str, Any]:
    """Return the flags, and answers to what is not among them where there is somebody to ask."""
    if not _is_asked():
        if not flags["source"]:
            raise UsageError("--source: name the folder of texts")
        return flags
    told = dict(flags)
    if told["source"] is None:
        told["source"] = click.prompt("The folder of texts", default="seeds")
    if told["title"] is None:
        told["title"] = _prompt("The title of the report (none: that of its text)")
    if told["every"] is None:
        choice = click.Choice(list(_WHEN))
        told["every"] = click.prompt("When is it made", default="never", type=choice)
    if told["every"] != "never" and told["zone"] is None:
        told["zone"] = click.prompt("In which time zone", default="UTC")
    if told["publish"] is None:
        told["publish"] = _prompt("The folder that reports are copied to (none: nowhere)")
    return told


def _is_asked() -> bool:
    return sys.stdin.isatty()


def _prompt(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False)
    return answer


def _values(told: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    cron = _WHEN[told["every"] or "never"]
    if told["zone"] and not cron:
        raise UsageError("--zone says in which time zone --every is meant; give both")
    values = {
        ("title",): told["title"],
        ("source",): told["source"],
        ("notebooks",): list(told["notebooks"]),
        ("schedule", "cron"): cron,
        ("schedule", "zone"): told["zone"] if cron else None,
        ("schedule", "period"): _PERIODS.get(told["every"]),
        ("publish", "folder"): told["publish"],
        ("mail", "to"): list(told["mail"]),
        ("mail", "sender"): told["sender"],
    }
    return {key: value for key, value in values.items() if value}


@kit.command()
@click.argument("words", nargs=-1, metavar="[NAME | show N]")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="Runs at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def runs(words: tuple[str, ...], last: int, as_json: bool) -> None:
    """List the runs of recipes, or of the recipe NAME, the newest first; `show N` tells all of one.

    A run that was begun and is at work no more, because its process was killed, is interrupted.
    """
    from kit.recipe import FOLDER  # noqa: PLC0415
    from kit.runs import history  # noqa: PLC0415

    if len(words) == 2 and words[0] == "show":
        _show(words[1], as_json)
        return
    if len(words) > 1:
        raise UsageError("give the name of one recipe, or `show` and the number of a run")
    found = history(FOLDER, *words, last=last)
    if as_json:
        click.echo(as_json_text([_as_dict(run, state) for run, state in found]))
        return
    if not found:
        click.echo("no runs yet")
    for run, state in found:
        name = f"{run.recipe}/{run.part}" if run.part else run.recipe
        line = f"{run.id:>5}  {run.started[:16].replace('T', ' ')}  {state:<11}  {name}"
        why = (run.error or "").partition("\n")[0] if state == "failed" else run.period
        click.echo(f"{line}  {why}".rstrip())


def _show(number: str, as_json: bool) -> None:
    from kit import locks  # noqa: PLC0415
    from kit.ledger import Ledger  # noqa: PLC0415
    from kit.recipe import FOLDER  # noqa: PLC0415
    from kit.runs import lock_of, state_of  # noqa: PLC0415

    if not number.isdecimal():
        raise UsageError(f"show {number}: the number of a run is expected")
    run, outputs, sends = None, {}, []
    if FOLDER.is_dir():
        with Ledger(FOLDER) as ledger:
            run = ledger.run(int(number))
            outputs = ledger.outputs(int(number))
            sends = ledger.sends(int(number))
    if run is None:
        raise UsageError(f"no run {number}; `kit runs` lists them")
    state = state_of(run, locks.holder(lock_of(FOLDER, run.recipe)))
    if as_json:
        more = {"outputs": outputs, "sends": [_send(send) for send in sends]}
        click.echo(as_json_text(_as_dict(run, state) | more))
        return
    for label, value in _as_dict(run, state).items():
        if value not in (None, "", {}):
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            click.echo(f"{label:<10}{shown}")
    for path, sha256 in outputs.items():
        click.echo(f"{'output':<10}{sha256[:12]}  {path}")
    for send in sends:
        tries = f", {send.tries} tries" if send.tries > 1 else ""
        detail = f": {send.detail}" if send.detail else ""
        click.echo(
            f"{'send':<10}{send.channel} {send.recipient}  {send.state}{tries}  {send.at}{detail}"
        )


def _as_dict(run: "Run", state: str) -> dict[str, Any]:
    from kit.recipe import FOLDER  # noqa: PLC0415

    fields = {name: getattr(run, name) for name in run.__dataclass_fields__}
    folder = (FOLDER / run.folder).as_posix() if run.folder else None
    return fields | {"state": state, "inputs": dict(run.inputs), "folder": folder}


def _send(send: "Send") -> dict[str, Any]:
    return {name: getattr(send, name) for name in send.__dataclass_fields__ if name != "run"}
