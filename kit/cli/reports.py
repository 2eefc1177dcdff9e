"""Commands that make reports: report, execute, render, params, lab."""

import os
import subprocess
import sys
from pathlib import Path

import click

from kit.cli.group import kit
from kit.cli.options import (
    assigned,
    formats_option,
    out_option,
    parameter_option,
    source_argument,
    steps,
)
from kit.errors import WriteError


@kit.command()
@source_argument
@out_option
@parameter_option
@formats_option
@click.option(
    "--notebook",
    "notebooks",
    multiple=True,
    metavar="NAME",
    help="A notebook of the report, in this order; by default all seven.",
)
@click.option("--name", help="The name of the report's folder; by default that of the source.")
@click.option("--title", default="", help="The title of the report.")
@click.option(
    "--since",
    default="",
    metavar="DATE",
    help="The first day that the report is about; by default it is about the latest text.",
)
@click.option("--until", default="", metavar="DATE", help="The last day that counts (2024-05-12).")
def report(
    source: str,
    out: Path,
    given: tuple[str, ...],
    formats: tuple[str, ...],
    notebooks: tuple[str, ...],
    name: str | None,
    title: str,
    **period: str,
) -> None:
    """Read SOURCE and make a report of it, as HTML and PDF.

    SOURCE is a folder of texts or one file. The last line printed is the folder made: report.html,
    report.pdf, data/ with each finding as CSV, notebooks/ as they were run, run.json. A report of
    the same name is replaced when the new one is whole.
    """
    from kit import days, files, run  # noqa: PLC0415

    days.both(**period)
    values = assigned((*given, *(f"{name}={day}" for name, day in period.items() if day)))
    wanted = notebooks or run.STANDARD
    planned = run.plan(source, values, names=wanted, formats=formats, title=title)
    final = out / files.slug(name or Path(source).resolve().stem)
    with steps(len(planned.notebooks) + 1) as step:
        run.make(planned, final, step)
    click.echo(final)


@kit.command()
@click.argument("notebooks", nargs=-1, required=True)
@click.option("--source", default="seeds", show_default=True, type=click.Path(), help="The texts.")
@out_option
@parameter_option
@click.option("--name", default="run", show_default=True, help="The name of the new folder.")
def execute(
    notebooks: tuple[str, ...], source: str, out: Path, given: tuple[str, ...], name: str
) -> None:
    """Run NOTEBOOKS (names or .ipynb files) by papermill; the last line is the folder made.

    Recipes, which make the same report again and again, are run by `kit run`.
    """
    from kit import files, run  # noqa: PLC0415

    planned = run.plan(source, assigned(given), names=notebooks, formats=())
    final = out / files.slug(name)
    with steps(len(planned.notebooks) + 1) as step:
        run.make(planned, final, step)
    click.echo(final)


@kit.command()
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@out_option
@formats_option
@click.option("--name", help="The name of the new folder; by default that of the first notebook.")
@click.option("--title", default="", help="The title of the report.")
def render(
    notebooks: tuple[Path, ...], out: Path, formats: tuple[str, ...], name: str | None, title: str
) -> None:
    """Turn executed NOTEBOOKS (.ipynb files) into one report; the last line is the folder made."""
    from kit import files, run  # noqa: PLC0415

    final = out / files.slug(name or notebooks[0].stem)
    run.render_only(notebooks, final, formats, title)
    click.echo(final)


@kit.command()
@click.argument("notebooks", nargs=-1)
def params(notebooks: tuple[str, ...]) -> None:
    """List the parameters of NOTEBOOKS, by default of all seven."""
    from kit import params as parameters  # noqa: PLC0415
    from kit import run  # noqa: PLC0415

    for name, path in run.find_notebooks(notebooks or run.STANDARD).items():
        click.secho(name, bold=True)
        for p in parameters.declared(path).values():
            low, high = ("" if x is None else f"{x:g}" for x in (p.low, p.high))
            limits = f" ({low}..{high})" if low or high else ""
            click.echo(f"  {p.name}: {p.type} = {p.default!r}  {p.help}{limits}")


@kit.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(options: tuple[str, ...]) -> None:
    """Open the notebooks in JupyterLab; OPTIONS go to `jupyter lab`."""
    from kit import run  # noqa: PLC0415

    folder = run.notebooks_folder()
    if not os.access(folder, os.W_OK):
        raise WriteError(f"{folder}: not writable; copy the notebooks to a folder of your own")
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--notebook-dir={folder.resolve().parent}",
        *options,
    ]
    sys.exit(subprocess.run(command, check=False).returncode)


@kit.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes SHELL complete kit's commands: eval "$(kit completion bash)"."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(kit, {}, "kit", "_KIT_COMPLETE").source())
