"""The command ``kit``: what the library does, from a shell."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kit.errors import KitError, ParameterError, UsageError, WriteError, nearest

EXIT_CODES = """\b
Exit codes:
  0    done
  1    an unexpected fault
  2    the command line does not say what is needed
  3    nothing could be read from the source
  4    a parameter or notebook that does not exist or does not fit
  5    a notebook failed or its kernel died
  6    the report could not be rendered
  7    the output could not be written
  8    read --strict: something was left out
  130  interrupted"""
STRICT = 8
ROLES = ("text", "date", "title", "language", "author", "publisher", "url", "id")
MANY = 20  # files from which reading says how far it is

Command = Callable[..., Any]


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="readout-kit", prog_name="kit")
def kit() -> None:
    """Readout: what official texts say and how they say it, every figure tied to its sentence."""


def main() -> None:
    """Run the command line; an error that is meant for people is one line and an exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        code = kit.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except KitError as error:
        click.echo(f"kit: {error}", err=True)
        sys.exit(error.exit_code)
    except SystemExit as done:
        # click ends with 1 where the reader of a pipe has enough; that is no failure
        enough = type(sys.stdout).__name__.endswith("PacifyFlushWrapper")
        sys.exit(0 if enough else done.code)
    except KeyboardInterrupt:
        click.echo("kit: interrupted; nothing was changed", err=True)
        sys.exit(130)


def _parameters(command: Command) -> Command:
    return click.option(
        "-p",
        "--parameter",
        "given",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a parameter; NOTEBOOK.NAME=VALUE for one notebook. `kit params` lists them.",
    )(command)


_source = click.argument("source", type=click.Path())
_out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="The folder in which the new folder is made.",
)
_formats = click.option(
    "--format",
    "formats",
    type=click.Choice(["html", "pdf"]),
    multiple=True,
    default=["html", "pdf"],
    show_default=True,
    help="What to make; may be given twice.",
)


@kit.command()
@_source
@_out
@_parameters
@_formats
@click.option(
    "--notebook",
    "notebooks",
    multiple=True,
    metavar="NAME",
    help="A notebook of the report, in this order; by default all five.",
)
@click.option("--name", help="The name of the report's folder; by default that of the source.")
@click.option("--title", default="", help="The title of the report.")
def report(
    source: str,
    out: Path,
    given: tuple[str, ...],
    formats: tuple[str, ...],
    notebooks: tuple[str, ...],
    name: str | None,
    title: str,
) -> None:
    """Read SOURCE and make a report of it, as HTML and PDF.

    SOURCE is a folder of texts or one file. The last line printed is the folder made: report.html,
    report.pdf, data/ with each finding as CSV, notebooks/ as they were run, run.json. A report of
    the same name is replaced when the new one is whole.
    """
    from kit import files, run  # noqa: PLC0415

    wanted = notebooks or run.STANDARD
    planned = run.plan(source, _assigned(given), names=wanted, formats=formats, title=title)
    final = out / files.slug(name or Path(source).resolve().stem)
    with _steps(len(planned.notebooks) + 1) as step:
        run.make(planned, final, step)
    click.echo(final)


def _how_to_read(command: Command) -> Command:
    for option in (
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="ROLE=NAME",
            help="The column or key of a table for text, date, title, language, author, publisher, "
            "url or id; by default found by its name.",
        ),
        click.option("--encoding", default="", help="The encoding of text files that do not say."),
        click.option(
            "--day-first/--month-first",
            "day_first",
            default=None,
            help="How 03/04/2025 is meant; by default such a date is not guessed.",
        ),
        click.option("--copies", is_flag=True, help="Count copies of a text too."),
    ):
        command = option(command)
    return command


def _corpus(
    source: str, columns: tuple[str, ...], encoding: str, *, day_first: bool | None, copies: bool
) -> Any:
    from kit import parse  # noqa: PLC0415

    named = _assigned(columns, "--column")
    unknown = [role for role in named if role not in ROLES]
    if unknown:
        raise UsageError(f"--column {unknown[0]}: no such role.{nearest(unknown[0], ROLES)}")
    with _reading() as progress:
        return parse.read(
            source,
            progress=progress,
            copies=copies,
            encoding=encoding,
            day_first=day_first,
            **named,  # type: ignore[arg-type]  # only names of Options are among them
        )


@kit.command()
@_source
@_how_to_read
@click.option("--json", "as_json", is_flag=True, help="Print the texts as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 8 where anything was left out.")
def read(
    source: str,
    columns: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    *,
    copies: bool,
    as_json: bool,
    strict: bool,
) -> None:
    """Show what SOURCE gives: its texts, dates and words, and all that was left out, with reasons.

    SOURCE is a folder, a file, an archive, a pattern with *, or - for standard input.
    """
    from kit import texts  # noqa: PLC0415
    from kit.finding import counted  # noqa: PLC0415

    corpus = _corpus(source, columns, encoding, day_first=day_first, copies=copies)
    listed = texts.reading_list(corpus)
    left = texts.left_out(corpus)
    if as_json:
        click.echo(_json({"texts": _records(listed.table), "left_out": _records(left.table)}))
    else:
        for row in listed.rows:
            words = f"{counted(row['words'], 'word')} in {counted(row['paragraphs'], 'paragraph')}"
            origin = f"; date from the {row['date_from']}" if row["date_from"] else ""
            click.echo(
                f"{row['date'] or 'undated':<10}  {row['title']}  [{words}; {row['source']}{origin}]"
            )
            if row["notes"]:
                click.echo(f"            note: {row['notes']}")
        for row in left.rows:
            click.echo(f"left out    {row['file']}: {row['reason']}; {row['what_to_do']}")
        dates = corpus.dates
        when = f", {dates[0]} to {dates[-1]}" if dates else ""
        click.echo(f"{listed.base}{when}; {len(corpus.left_out)} left out")
    if strict and corpus.left_out:
        raise click.exceptions.Exit(STRICT)


@kit.command()
@_source
@click.argument("words")
@click.option(
    "--window",
    default=8,
    show_default=True,
    type=click.IntRange(1, 100),
    help="Words on each side.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def kwic(source: str, words: str, window: int, *, as_csv: bool, as_json: bool) -> None:
    """Show each place in SOURCE where WORDS stand, in their line.

    WORDS is a word or a phrase; * stands for any letters of a word: 'strateg* coordination'.
    """
    from kit import concordance, parse  # noqa: PLC0415
    from kit.finding import counted  # noqa: PLC0415

    with _reading() as progress:
        corpus = parse.read(source, progress=progress)
    found = concordance.kwic(corpus, words, window=window)
    table = found.table
    if as_csv:
        click.echo(table.to_csv(index=False), nl=False)
    elif as_json:
        click.echo(_json(_records(table)))
    else:
        for row in found.rows:
            place = f"¶{row['paragraph']}" if row["paragraph"] else "title"
            left, hit, right = (
                row["left"][-48:],
                click.style(row["hit"], bold=True),
                row["right"][:48],
            )
            click.echo(f"{row['date'] or 'undated':<10} {place:<6}{left:>48}  {hit}  {right}")
        click.echo(f"{counted(len(table), 'line')} in {found.base}")


@kit.command("run")
@click.argument("notebooks", nargs=-1, required=True)
@click.option("--source", default="seeds", show_default=True, type=click.Path(), help="The texts.")
@_out
@_parameters
@click.option("--name", default="run", show_default=True, help="The name of the new folder.")
def run_(
    notebooks: tuple[str, ...], source: str, out: Path, given: tuple[str, ...], name: str
) -> None:
    """Run NOTEBOOKS (names or .ipynb files) by papermill; the last line is the folder made."""
    from kit import files, run  # noqa: PLC0415

    planned = run.plan(source, _assigned(given), names=notebooks, formats=())
    final = out / files.slug(name)
    with _steps(len(planned.notebooks) + 1) as step:
        run.make(planned, final, step)
    click.echo(final)


@kit.command()
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@_out
@_formats
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
    """List the parameters of NOTEBOOKS, by default of all five."""
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


def _assigned(given: Iterable[str], option: str = "-p") -> dict[str, str]:
    """Return NAME=VALUE pairs as a dict; raises ParameterError for one without a sign or twice."""
    assigned: dict[str, str] = {}
    for pair in given:
        name, sign, text = pair.partition("=")
        if not sign:
            raise ParameterError(f"{option} {pair}: write NAME=VALUE")
        if name in assigned:
            raise ParameterError(f"{option} {name}: given twice")
        assigned[name] = text
    return assigned


def _records(table: Any) -> Any:
    return json.loads(table.to_json(orient="records"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@contextmanager
def _reading() -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how far reading is, where a person looks."""
    shown = sys.stderr.isatty()

    def progress(done: int, of: int) -> None:
        if shown and of >= MANY:
            click.echo(f"\rreading {done:,} of {of:,} files", nl=done == of, err=True)

    yield progress


@contextmanager
def _steps(total: int) -> Iterator[Callable[[str], None]]:
    """Give a function that says on standard error which step is done."""
    done = 0

    def step(name: str) -> None:
        nonlocal done
        done += 1
        click.echo(f"[{done}/{total}] {name}", err=True)

    yield step


if __name__ == "__main__":
    main()
