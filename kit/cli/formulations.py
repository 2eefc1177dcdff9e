"""Commands of set phrases: formulations, ledger."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.group import kit
from kit.cli.options import (
    csv_text,
    json_text,
    print_table,
    read_corpus,
    reading_options,
    source_argument,
)
from kit.errors import UsageError

if TYPE_CHECKING:
    from kit.finding import Finding

# What can be shown: the function, and the columns that people see.
_SHOWN = {
    "known": ("known", "formulation chinese count texts variants"),
    "found": ("found", "phrase texts count variants"),
    "absent": ("absent", "formulation theme earlier_texts_with_it earlier_texts last_said chance"),
    "ladders": ("ladders", "date ladder rung of formulation move before since"),
    "bursts": ("bursts", "formulation day change before after p"),
    "slots": ("slots", "frame fillers texts latest"),
    "lists": ("", "list items texts count first last orders turned"),
}
_LEDGER = "formulation publisher state first last revived texts of_texts recent tier said chance"
_own = click.option(
    "--own", default="", type=click.Path(), help="A lexicon of formulations that adds to ours."
)
_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each row.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_top = click.option(
    "--top", type=click.IntRange(1), default=25, show_default=True, help="Rows at most."
)


@kit.command()
@source_argument
@reading_options
@click.option(
    "--show",
    type=click.Choice(list(_SHOWN)),
    default="known",
    show_default=True,
    help="Known to the lexicon; found to repeat; watched and absent from the latest text; rungs of "
    "ladders; rises and falls; frames filled with different words; lists of three and more.",
)
@_own
@_top
@_csv
@_json
def formulations(
    source: str,
    columns_: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    show: str,
    own: str,
    *,
    copies: bool,
    **how: Any,
) -> None:
    """List the set phrases of SOURCE: those the lexicon knows, and those that its texts repeat."""
    from kit import formulations as phrases  # noqa: PLC0415
    from kit import lists  # noqa: PLC0415

    corpus = read_corpus(source, columns_, encoding, day_first=day_first, copies=copies)
    name, columns = _SHOWN[show]
    if not name:
        found = lists.recurring(corpus)
    elif name in ("found", "slots"):
        found = getattr(phrases, name)(corpus)
    else:
        found = getattr(phrases, name)(corpus, own=own)
    _give(found, columns, **how)


@kit.command()
@source_argument
@reading_options
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="As it stood on that day; by default on the day of the last text.",
)
@click.option(
    "--show",
    type=click.Choice(["all", "changed", "missing"]),
    default="all",
    show_default=True,
    help="All; what is new, revived, fading or dropped; what the latest text does not say.",
)
@click.option("--by", type=click.Choice(["publisher"]), help="A row for each publisher.")
@click.option(
    "--period",
    type=click.Choice(["year", "quarter", "month"]),
    help="What chance_in_period is of; by default as the span of the texts has it.",
)
@click.option("--lexicon", is_flag=True, help="Only of the lexicon, not what the texts repeat.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the record in a file, which is a SOURCE of this command too.",
)
@_own
@_top
@_csv
@_json
def ledger(  # noqa: PLR0913
    source: str,
    columns_: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    *,
    at: dt.datetime | None,
    show: str,
    by: Any,
    period: Any,
    out: Path | None,
    own: str,
    lexicon: bool,
    copies: bool,
    **how: Any,
) -> None:
    """Keep the ledger of the set phrases of SOURCE: first, last, state, chance of absence.

    SOURCE is texts, or a file that --out has made.
    """
    from kit import formulations as phrases  # noqa: PLC0415

    if phrases.is_record(source):
        kept = phrases.read(source)
    else:
        corpus = read_corpus(source, columns_, encoding, day_first=day_first, copies=copies)
        if at and not out:  # what the texts repeat is decided by those up to that day
            corpus = corpus.before(at.date() + dt.timedelta(days=1))
        kept = phrases.record(corpus, own=own, found=not lexicon)
    if out:
        kept.write(out)
    found = phrases.of_record(kept, at=at.date() if at else None, by=by, period=period)
    if show != "all":
        found = getattr(phrases, show)(found)
    _give(found, _LEDGER, **how)


def _give(found: "Finding", columns: str, *, top: int, as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise UsageError("--csv and --json: give one of the two")
    found = found.head(top)
    if as_csv:
        click.echo(csv_text(found), nl=False)
    elif as_json:
        click.echo(json_text(found))
    else:
        print_table(found.only(*(c for c in columns.split() if c in found.frame.columns)))
