"""Commands of change from text to text: redline."""

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kit.cli.group import kit
from kit.cli.options import (
    Give,
    Read,
    output_options,
    print_notes,
    print_table,
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
@output_options
@reading_options
def redline(
    source: str,
    other: str | None,
    *,
    read: Read,
    give: Give,
    text: str,
    against: str,
    series: bool,
) -> None:
    """Show what was struck, inserted and moved from text A to text B, as an editor marks it up.

    Of a source of several texts the latest is taken. Where A alone is given, its latest text is compared
    with the last earlier one of the same publisher, language and kind.
    """
    from kit import redline as lines  # noqa: PLC0415

    if series + bool(other) + bool(text or against) > 1:
        raise UsageError("B, --series, and --text or --against: give one of the three")
    corpus, *more = (read(place) for place in filter(None, (source, other)))
    if other:
        found = lines.compare(*_both(corpus.latest, more[0].latest, other))
    elif series:
        found = lines.series(corpus)
    else:
        found = lines.latest(corpus, text=text, against=against)
    give(found, print_table if series else _print)


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
