"""The command that shows what a source gives: read."""

import click

from kit.cli.group import kit
from kit.cli.options import Read, as_json_text, reading_options, records, source_argument

STRICT = 8


@kit.command()
@source_argument
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print the texts as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 8 where anything was left out.")
def read(source: str, *, read: Read, as_json: bool, strict: bool) -> None:
    """Show what SOURCE gives: its texts, dates and words, and all that was left out, with reasons.

    SOURCE is a folder, a file, an archive, a pattern with *, or - for standard input.
    """
    from kit import texts  # noqa: PLC0415
    from kit.finding import counted  # noqa: PLC0415

    corpus = read(source)
    listed = texts.reading_list(corpus)
    left = texts.left_out(corpus)
    if as_json:
        click.echo(as_json_text({"texts": records(listed.table), "left_out": records(left.table)}))
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
    if strict and len(corpus.left_out) > len(corpus.later):  # those were asked to be left out
        raise click.exceptions.Exit(STRICT)
