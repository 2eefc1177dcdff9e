"""The command publish: reports that stand are put in the published folder, or the folder is set right."""

from pathlib import Path

import click

from kit.cli.group import kit
from kit.errors import SendError, UsageError


@kit.command()
@click.argument("name", required=False)
@click.option(
    "--part", "parts", multiple=True, metavar="PART", help="Of a matrix, this report only."
)
@click.option("--wait", is_flag=True, help="Wait where the recipe is being run.")
@click.option(
    "--refresh",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Make site, feeds and manifests of a published FOLDER as its reports are.",
)
def publish(name: str | None, parts: tuple[str, ...], wait: bool, refresh: Path | None) -> int:
    """Publish the report of the recipe NAME as it stands, without making it again.

    It goes where the recipe's [publish] says, and where it is already, what is missing or damaged there
    is put right; nothing is mailed and no hook is run. The last lines printed are the places.

    With --refresh nothing is copied: reports whose folders were taken away leave site, search, feeds and
    manifests, `latest` follows, and files that are not as they were published are named.
    """
    if (name is None) == (refresh is None):
        raise UsageError("give the NAME of a recipe, or --refresh and a folder")
    if refresh is not None:
        if parts or wait:
            raise UsageError("--part and --wait go with the NAME of a recipe")
        _refresh(refresh)
        return 0
    from kit import recipe, standing  # noqa: PLC0415
    from kit.outcomes import screen  # noqa: PLC0415

    made_of = recipe.read(recipe.find(name or ""))
    done = standing.publish(made_of, only=parts, wait=wait)
    for one in done:
        if one.error is not None:
            title = f"{made_of.name}, {one.part}" if one.part else made_of.name
            click.echo(f"kit: {title}: {screen(one.error)}", err=True)
    for one in done:
        if one.place is not None:
            click.echo(one.place)
    return next((one.error.exit_code for one in done if one.error is not None), 0)


def _refresh(folder: Path) -> None:
    from kit import publish as publishing  # noqa: PLC0415

    for gone in publishing.refresh(folder):
        click.echo(f"{gone}: taken away, and left out now", err=True)
    damaged = publishing.damaged(folder)
    click.echo(folder / "index.html")
    if damaged:
        raise SendError(
            "not as they were published:\n"
            + "\n".join(f"  {file}" for file in damaged)
            + "\n`kit publish NAME` puts the report that stands back; the folder of another can be taken away"
        )
