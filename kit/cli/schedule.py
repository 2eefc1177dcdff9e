"""Commands for schedules: schedule, schedule run, schedule export, due."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.group import kit
from kit.cli.options import as_json_text
from kit.errors import UsageError, WriteError

if TYPE_CHECKING:
    from kit.schedule import Done, Standing

_EVERY = ("1", "5", "10", "15", "30", "60")
_DAY, _HOUR, _MINUTE = 86_400, 3600, 60


@kit.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--at", hidden=True, default="", metavar="TIME", help="Tell as of then.")
@click.pass_context
def schedule(context: click.Context, as_json: bool, at: str) -> None:
    """Show what is due and when, and what became of what was due.

    A recipe with a line `cron` in its table [schedule] is listed. `kit due`, called every few minutes, or
    `kit schedule run`, which stays, run what is due.
    """
    if context.invoked_subcommand:
        return
    from kit import schedule as schedules  # noqa: PLC0415

    moment = _as_of(at)
    found = schedules.look(now=lambda: moment)
    if as_json:
        click.echo(as_json_text([_as_dict(one) for one in found]))
        return
    if not found:
        click.echo("no recipe has a schedule; `kit new NAME --every weekly` writes one")
    _table([_row(one, moment) for one in found if one.recipe])
    for one in found:
        if one.error:
            click.echo(f"kit: {one.error}", err=True)


def _table(rows: list[tuple[str, ...]]) -> None:
    from wcwidth import ljust, width  # noqa: PLC0415

    if not rows:
        return
    rows = [("recipe", "next due", "in", "last due", "came of it", "missed"), *rows]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        click.echo("  ".join(ljust(cell, size) for cell, size in cells).rstrip())


def _row(one: "Standing", at: dt.datetime) -> tuple[str, ...]:
    from kit import schedule as schedules  # noqa: PLC0415

    assert one.recipe
    _, zone = schedules.of(one.recipe)
    ahead = schedules.told_in(one.next, zone) if one.next else "never again"
    far = _far(one.next - at) if one.next else ""
    last, state = _last(one)
    missed = _missed(one)
    newest = f", last {schedules.told_in(missed[0], zone)}" if missed else ""
    return (
        one.name,
        ahead,
        far,
        schedules.told_in(last, zone) if last else "",
        state,
        f"{len(missed)}{newest}" if missed else "",
    )


def _last(one: "Standing") -> tuple[dt.datetime | None, str]:
    """Return the last time that a recipe was due, and what became of it."""
    from kit import locks, runs  # noqa: PLC0415
    from kit.recipe import FOLDER  # noqa: PLC0415

    if one.waiting:
        at_work = locks.holder(runs.lock_of(FOLDER, one.name)) is not None
        return one.waiting[-1], "running" if at_work else "due now"
    if one.missed:
        return one.missed[-1], "missed"
    if one.past:
        return dt.datetime.fromisoformat(one.past[0].due), one.past[0].state or "done"
    return None, ""


def _missed(one: "Standing") -> list[dt.datetime]:
    """Return the times for which nothing was run, the newest first, of the last ones."""
    from kit.schedule import MISSED  # noqa: PLC0415

    before = [dt.datetime.fromisoformat(c.due) for c in one.past if c.state == MISSED]
    return [*reversed(one.missed), *before]


def _far(left: dt.timedelta) -> str:
    seconds = int(left.total_seconds())
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"


def _as_dict(one: "Standing") -> dict[str, Any]:
    from kit import cron  # noqa: PLC0415

    if one.recipe is None:
        return {"recipe": one.name, "error": str(one.error)}
    table = one.recipe.schedule
    assert table
    last, state = _last(one)

    def shown(moment: dt.datetime | None) -> str | None:
        return moment.astimezone(cron.place(table.zone)).isoformat() if moment else None

    return {
        "recipe": one.name,
        **{name: getattr(table, name) for name in table.__dataclass_fields__},
        "next": shown(one.next),
        "last": shown(last),
        "state": state,
        "waiting": [shown(due) for due in one.waiting],
        "missed": [shown(due) for due in _missed(one)],
        "past": [{"due": c.due, "state": c.state, "at": c.at, "host": c.host} for c in one.past],
    }


@kit.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--quiet", is_flag=True, help="Say nothing where nothing is due.")
@click.option("--at", hidden=True, default="", metavar="TIME", help="Decide as of then.")
def due(names: tuple[str, ...], quiet: bool, at: str) -> int:
    """Run what is due, of all recipes or of the recipes NAME, and end: for cron, systemd, CI.

    Each due time is run once, whoever else calls this on the same folder, on this machine or another. What
    was missed while nothing ran is made up for as `catch_up` of each recipe says. What could not be sent is
    sent again. A recipe that fails stops no other; the exit code is that of the first that failed, 0 where
    nothing was due or another process is at it.
    """
    from kit import recipe  # noqa: PLC0415
    from kit import schedule as schedules  # noqa: PLC0415

    names = tuple(recipe.find(name).stem for name in names)
    moment = _as_of(at)
    did = schedules.due(names=names, now=lambda: moment, told=_say_done)
    if not did and not quiet:
        ahead = [
            (one.next, one) for one in schedules.look(now=lambda: moment, names=names) if one.next
        ]
        first = min(ahead, key=lambda pair: (pair[0], pair[1].name), default=None)
        if first and first[1].recipe:
            _, zone = schedules.of(first[1].recipe)
            click.echo(f"nothing is due; next {first[1].name}, {schedules.told_in(first[0], zone)}")
        else:
            click.echo("nothing is due")
    return next((code for code in (done.exit_code for done in did) if code), 0)


def _as_of(text: str) -> dt.datetime:
    """Return a moment that is written, which is no later than now; now by default."""
    from kit import schedule as schedules  # noqa: PLC0415

    if not text:
        return schedules.clock()
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--at {text}: a time is expected, 2024-05-06T07:00+02:00") from error
    return min(moment if moment.tzinfo else moment.astimezone(), schedules.clock())


def _say_done(done: "Done") -> None:
    for line, wrong in _lines(done):
        _say(line, wrong)


def _say(line: str, wrong: bool = False) -> None:
    click.echo(f"{dt.datetime.now():%Y-%m-%d %H:%M:%S} {line}", err=wrong)


def _lines(done: "Done") -> Iterator[tuple[str, bool]]:
    """Give what was done as lines, and whether each tells of something wrong."""
    from kit.outcomes import screen  # noqa: PLC0415
    from kit.schedule import told_in  # noqa: PLC0415

    if done.what == "broken":
        yield f"{done.name}: {screen(done.error or Exception())}", True
    elif done.what == "busy":
        yield f"{done.name}: {screen(done.error or Exception())}", False
    elif done.what == "missed":
        first, last = (told_in(done.times[at], done.zone) for at in (0, -1))
        which = first if first == last else f"{len(done.times)} times, {first} to {last}"
        yield f"{done.name}: missed, nothing is run for it: {which}", False
    elif done.what == "sent" and not done.unsent:
        yield f"{done.name}: what was left was sent", False
    for error in done.unsent:
        yield f"{done.name}: {screen(error)}", True
    for o in done.outcomes:
        title = f"{done.name}, {o.part}" if o.part else done.name
        of = f"due {told_in(done.due, done.zone)}" if done.due else "due"
        if o.error is not None:
            stands = f". The report of run {o.stands} stands: {o.folder}" if o.stands else ""
            yield f"{title}: {of}: failed: {screen(o.error).rstrip('.')}{stands}", True
        else:
            period = f" of {o.period}" if o.period else ""
            yield f"{title}: {of}: {o.state}{period}, run {o.run}: {o.folder}", False
        for error in o.unsent:
            yield f"{title}: {screen(error)}", True


@schedule.command("run")
def run_() -> int:
    """Stay, and run what is due when it is due; Ctrl-C or SIGTERM end it, and what is at work with it.

    Each recipe is run by a process of its own, side by side as far as cores and memory go. Recipes are read
    anew when they change; one that does not fit stops no other. One line is printed for each event. The
    exit code is 130 after Ctrl-C and 143 after SIGTERM: it ends for no other reason.
    """
    from kit import scheduler  # noqa: PLC0415

    try:
        scheduler.serve(say=_say)
    except KeyboardInterrupt:
        return 130
    return 0


@schedule.command()
@click.argument("what", type=click.Choice(["systemd", "cron", "github", "airflow"]))
@click.option("--every", type=click.Choice(_EVERY), default="5", show_default=True, help="Minutes.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write, of systemd the folder; by default it is printed.",
)
def export(what: str, every: str, output: Path | None) -> None:
    """Write what calls `kit due` every few minutes in this folder: units, a line, a workflow, a DAG."""
    made = _exported(what, int(every))
    if output is None:
        for name, text in made.items():
            click.echo((f"# {name}\n" if len(made) > 1 else "") + text, nl=False)
        return
    from kit import files  # noqa: PLC0415

    for name, text in made.items():
        path = output / name if what == "systemd" else output
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, text.encode())
        except OSError as error:
            raise WriteError(f"{path}: it cannot be written: {error.strerror}") from error
        click.echo(path)


def _exported(what: str, every: int) -> dict[str, str]:
    import getpass  # noqa: PLC0415

    from kit import exports  # noqa: PLC0415

    here = Path.cwd()
    beside = Path(sys.executable).parent / "kit"
    program = [str(beside)] if beside.is_file() else [sys.executable, "-m", "kit.cli"]
    command = [*program, "due", "--quiet"]
    if what == "systemd":
        return exports.systemd(here, command, every=every, user=getpass.getuser())
    if what == "cron":
        return {"crontab": exports.cron(here, command, every=every)}
    if what == "airflow":
        return {"readout.py": exports.airflow(here, command, every=every)}
    top = next((p for p in (here, *here.parents) if (p / ".git").exists()), here)
    return {"reports.yml": exports.github(here.relative_to(top), every=max(every, 5))}
