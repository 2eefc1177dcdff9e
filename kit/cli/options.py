"""What the commands share: options, progress, and how a finding is printed."""

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.errors import ParameterError, UsageError, nearest

ROLES = ("text", "date", "title", "language", "author", "publisher", "url", "id")
MANY = 20  # files from which reading says how far it is

if TYPE_CHECKING:
    from kit.corpus import Corpus
    from kit.finding import Finding

Command = Callable[..., Any]


def parameter_option(command: Command) -> Command:
    """Add the option that sets parameters of notebooks."""
    return click.option(
        "-p",
        "--parameter",
        "given",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a parameter; NOTEBOOK.NAME=VALUE for one notebook. `kit params` lists them.",
    )(command)


source_argument = click.argument("source", type=click.Path())
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="The folder in which the new folder is made.",
)
formats_option = click.option(
    "--format",
    "formats",
    type=click.Choice(["html", "pdf"]),
    multiple=True,
    default=["html", "pdf"],
    show_default=True,
    help="What to make; may be given twice.",
)


def reading_options(command: Command) -> Command:
    """Add the options that say how a source is read."""
    for option in (
        click.option(
            "--column",
            "columns_",
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


def read_corpus(
    source: str, columns: tuple[str, ...], encoding: str, *, day_first: bool | None, copies: bool
) -> "Corpus":
    """Return the corpus of a source, showing how far reading is."""
    from kit import parse  # noqa: PLC0415

    named = assigned(columns, "--column")
    unknown = [role for role in named if role not in ROLES]
    if unknown:
        raise UsageError(f"--column {unknown[0]}: no such role.{nearest(unknown[0], ROLES)}")
    with reading() as progress:
        return parse.read(
            source,
            progress=progress,
            copies=copies,
            encoding=encoding,
            day_first=day_first,
            **named,  # type: ignore[arg-type]  # only names of Options are among them
        )


def assigned(given: Iterable[str], option: str = "-p") -> dict[str, str]:
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


def records(table: Any) -> Any:
    """Return a table as a list of dicts."""
    return json.loads(table.to_json(orient="records"))


def as_json_text(value: Any) -> str:
    """Return a value as JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def json_text(found: "Finding") -> str:
    """Return a finding as JSON: what a figure rests on stands beside it."""
    data = found.to_json()
    names = [column["name"] for column in data["columns"]]
    return as_json_text(
        {
            **{key: data[key] for key in ("title", "base", "method", "caveats", "total")},
            "rows": [dict(zip(names, row, strict=True)) for row in data["rows"]],
        }
    )


def csv_text(found: "Finding") -> str:
    """Return a finding as CSV, with the place of each row."""
    from kit.render.data import write_table  # noqa: PLC0415

    text = io.StringIO()
    write_table(found.to_json(), text)
    return text.getvalue()


@contextmanager
def reading() -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how far reading is, where a person looks."""
    shown = sys.stderr.isatty()

    def progress(done: int, of: int) -> None:
        if shown and of >= MANY:
            click.echo(f"\rreading {done:,} of {of:,} files", nl=done == of, err=True)

    yield progress


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """Give a function that says on standard error which step is done."""
    done = 0

    def step(name: str) -> None:
        nonlocal done
        done += 1
        click.echo(f"[{done}/{total}] {name}", err=True)

    yield step


def print_table(found: "Finding") -> None:
    """Print a finding as a table in columns, and below it what its figures rest on."""
    from wcwidth import ljust, rjust, width  # noqa: PLC0415

    data = found.to_json()
    head = [column["label"] for column in data["columns"]]
    rows = [[_one_line(cell) for cell in row] for row in data["shown"]]
    set_right = [column["kind"] == "number" for column in data["columns"]]
    widths = [min(max(map(width, column)), _WIDEST) for column in zip(head, *rows, strict=True)]
    for row in [head, *rows]:
        cells = zip(row, widths, set_right, strict=True)
        line = "  ".join((rjust if right else ljust)(cell, size) for cell, size, right in cells)
        click.echo(line.rstrip())
    click.echo("")
    if len(rows) < data["total"]:
        click.echo(f"{len(rows):,} of {data['total']:,} rows")
    print_notes(data)


def print_notes(data: dict[str, Any]) -> None:
    """Print what the figures of a finding rest on."""
    for note in (f"Base: {data['base']}", data["method"], *data["caveats"]):
        click.echo(note)


_WIDEST = 60  # columns of the terminal for one column of a table; what is longer runs over


def _one_line(cell: str) -> str:
    """Return a cell as one line of what can be printed: nothing that moves the cursor."""
    return "".join(c for c in " ".join(cell.split()) if c.isprintable())
