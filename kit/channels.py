"""The outward acts for a finished report, in their order: publish, mail, hook.

Each is one small function that records in the ledger what it begins and what became of it, and does nothing
for what is settled there: it may be called again at any time.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit import cron
from kit.errors import KitError, RecipeError, SendError
from kit.ledger import Ledger, Run
from kit.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Made:
    """A finished, verified report that is to leave: of which recipe and run, and in which folder."""

    recipe: Recipe
    run: Run
    folder: Path
    ledger: Ledger

    @property
    def title(self) -> str:
        """The title that the recipe gave it."""
        return str(self.run.inputs.get("title", ""))

    @property
    def day(self) -> dt.date:
        """The day that it was due, or made, in the time zone of its schedule."""
        schedule = self.recipe.schedule
        zone = cron.place(schedule.zone) if schedule else dt.UTC
        return dt.datetime.fromisoformat(self.run.due or self.run.started).astimezone(zone).date()


Channel = Callable[[Made], None]
Check = Callable[[Recipe], None]


def publish(made: Made) -> None:
    """Copy the report to the published folder, with the site and the feed."""
    from kit import publish as publishing  # noqa: PLC0415

    to = made.recipe.publish
    assert to
    if not made.ledger.try_to_send(made.run.id, "publish", to.folder):
        return
    try:
        entry = publishing.publish(
            made.folder,
            to,
            made.recipe.name,
            date=made.day,
            part=made.run.part,
            period=made.run.period,
            title=made.title,
            heading=re.sub(r"\s*\{[^{}]*\}", "", made.recipe.title).strip(" ,:;-"),
            run=made.run.id,
        )
    except KitError as error:
        made.ledger.sent(made.run.id, "publish", to.folder, "trying", str(error))
        raise SendError(f"not published: {error}. It is tried again next time") from error
    made.ledger.sent(made.run.id, "publish", to.folder, "sent", entry.folder)


def mail(made: Made) -> None:
    """Send the report to those who have not got it."""
    from kit import mail as mailing  # noqa: PLC0415

    assert made.recipe.mail
    report = mailing.Report(
        folder=made.folder,
        id=made.run.identity,
        when=dt.datetime.fromisoformat(made.run.ended or made.run.started),
        name=made.recipe.name,
        title=made.title,
        period=made.run.period,
        part=made.run.part,
        address=_address(made),
        footer=made.recipe.look.footer if made.recipe.look else "",
    )
    mailing.send(made.recipe.mail, report, made.ledger, made.run.id)


def hook(made: Made) -> None:
    """Run the command of the recipe, once the report is published where it is to be."""
    from kit import hook as hooks  # noqa: PLC0415

    assert made.recipe.hook
    manifest = made.folder / "run.json"
    if made.recipe.publish:
        if _published_at(made) is None:
            raise SendError("the hook waits until the report is published")
        manifest = _manifest(made)
    about = {
        "recipe": made.recipe.name,
        "part": made.run.part,
        "period": made.run.period,
        "title": made.title,
        "folder": str(made.folder),
        "address": _address(made),
    }
    hooks.run(made.recipe.hook, manifest, about, made.ledger, made.run.id)


def notify(recipe: Recipe, error: str, ledger: Ledger, run: int) -> None:
    """Tell the owner of a recipe, once, that a run of it failed."""
    if recipe.mail:
        from kit import mail as mailing  # noqa: PLC0415

        mailing.notify(recipe.mail, recipe.name, error, ledger, run)


CHANNELS: Mapping[str, Channel] = {"publish": publish, "mail": mail, "hook": hook}


def _published_at(made: Made) -> str | None:
    """Return where in the published folder the report is; None where it is not."""
    sends = made.ledger.sends(made.run.id)
    return next((s.detail for s in sends if (s.channel, s.state) == ("publish", "sent")), None)


def _manifest(made: Made) -> Path:
    from kit import published  # noqa: PLC0415

    assert made.recipe.publish
    place: Path = Path(made.recipe.publish.folder) / published.place(made.recipe.name)
    return place / str(published.FILE)


def _address(made: Made) -> str:
    """Return the address of the report's page; "" where it has none."""
    from kit import published  # noqa: PLC0415

    place = _published_at(made)
    if not made.recipe.publish or not made.recipe.publish.address or place is None:
        return ""
    base: str = published.address(made.recipe.publish.address)
    return f"{base}{published.href(f'{place}/report.html')}"


def check_publish(recipe: Recipe) -> None:
    """Raise RecipeError where the recipe's table does not fit."""
    from kit import published  # noqa: PLC0415

    assert recipe.publish
    if not recipe.publish.folder:
        raise RecipeError("publish.folder: empty. Name the folder that reports are copied to")
    published.address(recipe.publish.address)


def check_mail(recipe: Recipe) -> None:
    """Raise RecipeError where the recipe's table does not fit."""
    from kit import mail as mailing  # noqa: PLC0415

    assert recipe.mail
    mailing.check(recipe.mail)


def check_hook(recipe: Recipe) -> None:
    """Raise RecipeError where the recipe's table does not fit."""
    from kit import hook as hooks  # noqa: PLC0415

    assert recipe.hook
    hooks.check(recipe.hook)


def check_schedule(recipe: Recipe) -> None:
    """Raise RecipeError where the recipe's table does not fit."""
    assert recipe.schedule
    if recipe.schedule.cron:
        try:
            cron.check(recipe.schedule.cron)
        except RecipeError as error:
            raise RecipeError(f"schedule.cron: {error}") from error


CHECKS: Mapping[str, Check] = {
    "schedule": check_schedule,
    "publish": check_publish,
    "mail": check_mail,
    "hook": check_hook,
}
