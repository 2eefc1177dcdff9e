"""Commands of set phrases: formulations, ledger."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

import click

from kit.cli.group import kit
from kit.cli.options import (
    Give,
    Read,
    output_options,
    print_table,
    reading_options,
    source_argument,
    top_option,
)

# What can be shown, and the columns that people see of it.
_SHOWN = {
    "known": "formulation chinese count texts variants",
    "found": "phrase texts count variants",
    "news": "news formulation original texts of_texts before",
    "absent": "formulation theme earlier_texts_with_it earlier_texts last_said chance",
    "ladders": "date ladder rung of formulation move before since",
    "bursts": "formulation day change before after p",
    "slots": "frame fillers texts latest",
    "lists": "list items texts count first last orders turned",
}
_OWN = ("known", "news", "absent", "ladders", "bursts")  # these take a lexicon of the user's own
_LEDGER = "formulation publisher state first last revived texts of_texts recent tier said chance"
_own = click.option(
    "--own", default="", type=click.Path(), help="A lexicon of formulations that adds to ours."
)


@kit.command()
@source_argument
@reading_options
@click.option(
    "--show",
    type=click.Choice(list(_SHOWN)),
    default="known",
    show_default=True,
    help="Known to the lexicon; found to repeat; said for the first time or again; watched and absent "
    "from the latest text; rungs of ladders; rises and falls; frames filled with different words; "
    "lists of three and more.",
)
@_own
@top_option()
@output_options
def formulations(source: str, show: str, own: str, *, read: Read, give: Give, top: int) -> None:
    """List the set phrases of SOURCE: those the lexicon knows, and those that its texts repeat."""
    from kit import formulations as phrases  # noqa: PLC0415
    from kit import lists  # noqa: PLC0415

    analysis: Any = lists.recurring if show == "lists" else getattr(phrases, show)
    found = analysis(read(source), **({"own": own} if show in _OWN else {}))
    give(found.head(top), partial(print_table, columns=_SHOWN[show]))


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
@top_option()
@output_options
def ledger(  # noqa: PLR0913
    source: str,
    *,
    read: Read,
    give: Give,
    at: dt.datetime | None,
    show: str,
    by: Any,
    period: Any,
    out: Path | None,
    own: str,
    lexicon: bool,
    top: int,
) -> None:
    """Keep the ledger of the set phrases of SOURCE: first, last, state, chance of absence.

    SOURCE is texts, or a file that --out has made.
    """
    from kit import formulations as phrases  # noqa: PLC0415

    if phrases.is_record(source):
        kept = phrases.read(source)
    else:
        corpus = read(source)
        if at and not out:  # what the texts repeat is decided by those up to that day
            corpus = corpus.before(at.date() + dt.timedelta(days=1))
        kept = phrases.record(corpus, own=own, found=not lexicon)
    if out:
        kept.write(out)
    found = phrases.of_record(kept, at=at.date() if at else None, by=by, period=period)
    if show != "all":
        found = getattr(phrases, show)(found)
    give(found.head(top), partial(print_table, columns=_LEDGER))
