"""Commands of change from text to text: redline."""

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kit.cli.group import kit
from kit.cli.options import (
    csv_text,
    json_text,
    print_notes,
    print_table,
    read_corpus,
    reading_options,
)
from kit.errors import UsageError

if TYPE_CHECKING:
    from kit.corpus import Corpus
    from kit.finding import Finding


@kit.command()
@click.argument("source", metavar="A", type=click.Path())
@click.argument("other", metavar="[B]", required=False, type=click.Path())
@click.option("--text", default="", metavar="DATE or ID", help="Of A, this text, not the latest.")
@click.option(
    "--against", default="", metavar="DATE or ID", help="With this one, not the last comparable."
)
@click.option("--series", is_flag=True, help="The figures of each text of A against its last one.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each piece.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@reading_options
def redline(  # noqa: PLR0913
    source: str,
    other: str | None,
    columns_: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    text: str,
    against: str,
    *,
    series: bool,
    copies: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Show what was struck, inserted and moved from text A to text B, as an editor marks it up.

    Of a source of several texts the latest is taken. Where A alone is given, its latest text is compared
    with the last earlier one of the same publisher, language and kind.
    """
    from kit import redline as lines  # noqa: PLC0415

    if as_csv and as_json:
        raise UsageError("--csv and --json: give one of the two")
    if series + bool(other) + bool(text or against) > 1:
        raise UsageError("B, --series, and --text or --against: give one of the three")
    corpus, *more = (
        read_corpus(place, columns_, encoding, day_first=day_first, copies=copies)
        for place in filter(None, (source, other))
    )
    if other:
        found = lines.compare(*_both(corpus.latest, more[0].latest, other))
    elif series:
        found = lines.series(corpus)
    else:
        found = lines.latest(corpus, text=text, against=against)
    if as_csv:
        click.echo(csv_text(found), nl=False)
    elif as_json:
        click.echo(json_text(found))
    elif series:
        print_table(found)
    else:
        _print(found)


def _both(old: "Corpus", new: "Corpus", place: str) -> tuple["Corpus", str, str]:
    """Return a corpus of two texts and their ids; the place tells two of one id apart."""
    from kit.corpus import Corpus  # noqa: PLC0415

    (first,), (second,) = old, new
    if first.id == second.id:
        second = replace(second, id=f"{second.id} ({place})")
    return Corpus((first, second)), first.id, second.id


def _print(found: "Finding") -> None:
    from kit import markup  # noqa: PLC0415

    if not found.applies:
        click.echo("\n".join(found.caveats))
        return
    data = found.to_json()
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    click.echo(found.title)
    click.echo(f"\n{markup.to_text(data, colour=colour)}\n")
    print_notes(data)
