"""Commands of what texts take from one another: reuse, pair."""

from functools import partial

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

# What can be shown: the function of ``kit.reuse``, and the columns that people see.
_SHOWN = {
    "passages": ("passages", "passage words first_date texts occurrences"),
    "latest": ("latest", "passage words paragraph first_date last_date earlier_texts"),
    "texts": (
        "shares",
        "date title words carried own other boilerplate most_from_date most_from",
    ),
    "new": ("novelty", "sentence novelty share_new new_words paragraph"),
    "paraphrases": ("paraphrases", "sentence earlier similarity earlier_date"),
}
_BY_LENGTH = ("passages", "latest", "texts")
_CUT = ("passages", "new", "paraphrases")  # these make no more rows than are asked for


@kit.command()
@source_argument
@reading_options
@click.option(
    "--show",
    type=click.Choice(list(_SHOWN)),
    default="passages",
    show_default=True,
    help="Passages of all texts or of the latest; shares of each text; in the latest text what is new, "
    "or said again in other words.",
)
@click.option(
    "--shortest", type=click.IntRange(3), default=8, show_default=True, help="Words of a passage."
)
@top_option()
@output_options
def reuse(source: str, show: str, *, read: Read, give: Give, shortest: int, top: int) -> None:
    """Find what the texts of SOURCE carry over from earlier ones, and what the latest says first."""
    from kit import reuse as carried  # noqa: PLC0415

    name, columns = _SHOWN[show]
    options = {"shortest": shortest} if show in _BY_LENGTH else {}
    if show in _CUT:
        options["top"] = top
    found = getattr(carried, name)(read(source), **options).head(top)
    give(found, partial(print_table, columns=columns))


@kit.command()
@click.argument("one", metavar="A", type=click.Path())
@click.argument("other", metavar="B", type=click.Path())
@click.option("--order", is_flag=True, help="In which order the two take up what both have.")
@output_options
@reading_options
def pair(one: str, other: str, *, read: Read, give: Give, order: bool) -> None:
    """Set two accounts of one event, A and B, side by side: what only one says, and what both do.

    Of a source of several texts the latest is taken.
    """
    from kit import reuse as carried  # noqa: PLC0415

    (first,), (second,) = (read(place).latest for place in (one, other))
    give((carried.order if order else carried.pair)(first, second))
