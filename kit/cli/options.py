"""What the commands share: options, progress, and how a finding is printed."""

import functools
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
Read = Callable[[str], "Corpus"]
Give = Callable[..., None]


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
    """Add the options that say how a source is read; the command gets ``read``, which does so."""

    @functools.wraps(command)
    def reads(
        *,
        columns_: tuple[str, ...],
        encoding: str,
        day_first: bool | None,
        year_day: str,
        copies: bool,
        since: str,
        until: str,
        **rest: Any,
    ) -> Any:
        def read(source: str) -> "Corpus":
            return _corpus(
                source,
                columns_,
                encoding=encoding,
                day_first=day_first,
                year_day=year_day,
                copies=copies,
                since=since,
                until=until,
            )

        with parsing():
            return command(read=read, **rest)

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
        click.option(
            "--year-day",
            default="",
            metavar="MM-DD",
            help="The day of texts that tell only their year, as 03-05; by default they are undated.",
        ),
        click.option("--copies", is_flag=True, help="Count copies of a text too."),
        click.option(
            "--since",
            default="",
            metavar="DATE",
            help="The first day of the texts that news are told of; by default the latest text.",
        ),
        click.option(
            "--until", default="", metavar="DATE", help="The last day that counts (2024-05-12)."
        ),
    ):
        reads = option(reads)
    return reads


def _corpus(source: str, columns: tuple[str, ...], **options: Any) -> "Corpus":
    """Return the corpus of a source, showing how far reading is."""
    from kit import parse  # noqa: PLC0415

    named: dict[str, Any] = {**assigned(columns, "--column")}
    unknown = [role for role in named if role not in ROLES]
    if unknown:
        raise UsageError(f"--column {unknown[0]}: no such role.{nearest(unknown[0], ROLES)}")
    with reading() as progress:
        return parse.read(source, progress=progress, **options, **named)


def output_options(command: Command) -> Command:
    """Add --csv and --json; the command gets ``give``, which prints a finding as was asked.

    What is printed for people is a table, or what ``give`` is told to print it with.
    """

    @functools.wraps(command)
    def gives(*, as_csv: bool, as_json: bool, **rest: Any) -> Any:
        if as_csv and as_json:
            raise UsageError("--csv and --json: give one of the two")

        def give(found: "Finding", show: "Callable[[Finding], None]" = print_table) -> None:
            if as_csv:
                click.echo(_csv(found), nl=False)
            elif as_json:
                click.echo(_json(found))
            else:
                show(found)

        return command(give=give, **rest)

    place = click.option(
        "--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each row."
    )
    return place(click.option("--json", "as_json", is_flag=True, help="Print JSON.")(gives))


def top_option(rows: int = 25) -> Callable[[Command], Command]:
    """Return the option --top, of so many rows by default."""
    return click.option(
        "--top", type=click.IntRange(1), default=rows, show_default=True, help="Rows at most."
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


def _json(found: "Finding") -> str:
    """Return a finding as JSON: what a figure rests on stands beside it."""
    data = found.to_json()
    names = [column["name"] for column in data["columns"]]
    return as_json_text(
        {
            **{key: data[key] for key in ("title", "base", "method", "caveats", "total")},
            "rows": [dict(zip(names, row, strict=True)) for row in data["rows"]],
        }
    )


def _csv(found: "Finding") -> str:
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
def parsing() -> Iterator[None]:
    """Show how far the parsing of new texts is, where a person looks."""
    if not sys.stderr.isatty():
        yield
        return
    from kit.annotate import watched  # noqa: PLC0415

    def progress(done: int, of: int) -> None:
        if of > 1:
            click.echo(f"\rparsing {done:,} of {of:,} texts", nl=done == of, err=True)

    with watched(progress):
        yield


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """Give a function that says on standard error which step is done."""
    done = 0

    def step(name: str) -> None:
        nonlocal done
        done += 1
        click.echo(f"[{done}/{total}] {name}", err=True)

    yield step


def print_table(found: "Finding", columns: str = "") -> None:
    """Print a finding as a table in columns, and below it what its figures rest on.

    `columns` are those printed, separated by blanks, of which the finding may lack some; all if none.
    """
    from wcwidth import ljust, rjust, width  # noqa: PLC0415

    there = [name for name in columns.split() if name in found.frame.columns]
    data = (found.only(*there) if there else found).to_json()
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
