"""Commands of what texts take from one another: reuse, pair."""

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
@click.option("--top", type=click.IntRange(1), default=25, show_default=True, help="Rows at most.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each row.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reuse(  # noqa: PLR0913
    source: str,
    columns_: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    show: str,
    shortest: int,
    top: int,
    *,
    copies: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Find what the texts of SOURCE carry over from earlier ones, and what the latest says first."""
    from kit import reuse as carried  # noqa: PLC0415

    if as_csv and as_json:
        raise UsageError("--csv and --json: give one of the two")
    corpus = read_corpus(source, columns_, encoding, day_first=day_first, copies=copies)
    name, columns = _SHOWN[show]
    options = {"shortest": shortest} if show in _BY_LENGTH else {}
    if show in _CUT:
        options["top"] = top
    found = getattr(carried, name)(corpus, **options).head(top)
    if as_csv:
        click.echo(csv_text(found), nl=False)
    elif as_json:
        click.echo(json_text(found))
    else:
        print_table(found.only(*columns.split()))


@kit.command()
@click.argument("one", metavar="A", type=click.Path())
@click.argument("other", metavar="B", type=click.Path())
@click.option("--order", is_flag=True, help="In which order the two take up what both have.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with the place of each row.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@reading_options
def pair(  # noqa: PLR0913
    one: str,
    other: str,
    columns_: tuple[str, ...],
    encoding: str,
    day_first: bool | None,
    *,
    order: bool,
    copies: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Set two accounts of one event, A and B, side by side: what only one says, and what both do.

    Of a source of several texts the latest is taken.
    """
    from kit import reuse as carried  # noqa: PLC0415

    if as_csv and as_json:
        raise UsageError("--csv and --json: give one of the two")
    (first,), (second,) = (
        read_corpus(place, columns_, encoding, day_first=day_first, copies=copies).latest
        for place in (one, other)
    )
    found = (carried.order if order else carried.pair)(first, second)
    if as_csv:
        click.echo(csv_text(found), nl=False)
    elif as_json:
        click.echo(json_text(found))
    else:
        print_table(found)
