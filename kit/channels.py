"""The outward acts for a finished report, in their order: publish, mail, hook.

Each is one small function that records in the ledger what it begins and what became of it, and does nothing
for what is settled there: it may be called again at any time. A dry run does none of it and says what it
would be.
"""

import datetime as dt
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        """The day that it was due, or made, where its schedule is meant."""
        return self._local(self.run.due or self.run.started).date()

    @property
    def when(self) -> dt.datetime:
        """The time at which it was made, there."""
        return self._local(self.run.ended or self.run.started)

    def _local(self, time: str) -> dt.datetime:
        schedule = self.recipe.schedule
        zone = cron.place(schedule.zone) if schedule else dt.UTC
        return dt.datetime.fromisoformat(time).astimezone(zone)


Channel = Callable[[Made], None]
Check = Callable[[Recipe], None]


def publish(made: Made, *, again: bool = False) -> None:
    """Copy the report to the published folder, with the site and the feed.

    What is published already is left as it is, or, with `again`, looked at and put right.
    """
    from kit import publish as publishing  # noqa: PLC0415

    to = made.recipe.publish
    assert to
    if not made.ledger.try_to_send(made.run.id, "publish", to.folder) and not again:
        return
    try:
        entry = publishing.publish(
            made.folder,
            to,
            **_known_by(made),
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
    report = _report(made, _address(made, published_at(made)))
    mailing.send(made.recipe.mail, report, made.ledger, made.run.id)


def hook(made: Made) -> None:
    """Run the command of the recipe, once the report is published where it is to be."""
    from kit import hook as hooks  # noqa: PLC0415

    assert made.recipe.hook
    manifest = made.folder / "run.json"
    if made.recipe.publish:
        if published_at(made) is None:
            raise SendError("the hook waits until the report is published")
        manifest = _manifest(made)
    about = {
        "recipe": made.recipe.name,
        "part": made.run.part,
        "period": made.run.period,
        "title": made.title,
        "folder": str(made.folder),
        "address": _address(made, published_at(made)),
    }
    hooks.run(made.recipe.hook, manifest, about, made.ledger, made.run.id)


def notify(recipe: Recipe, error: str, ledger: Ledger, run: int) -> None:
    """Tell the owner of a recipe, once, that a run of it failed."""
    if recipe.mail:
        from kit import mail as mailing  # noqa: PLC0415

        mailing.notify(recipe.mail, recipe.name, error, ledger, run)


CHANNELS: Mapping[str, Channel] = {"publish": publish, "mail": mail, "hook": hook}


def left(made: Made) -> dict[str, list[str]]:
    """Return what of each outward act is not settled: to whom, as the ledger names them."""
    asked: dict[str, list[str]] = {}
    if made.recipe.publish:
        asked["publish"] = [made.recipe.publish.folder]
    if made.recipe.mail:
        from kit import mail as mailing  # noqa: PLC0415

        asked["mail"] = [str(to) for to in mailing.recipients(made.recipe.mail)]
    if made.recipe.hook:
        from kit import hook as hooks  # noqa: PLC0415

        asked["hook"] = [hooks.recipient(made.recipe.hook)]
    sends = made.ledger.sends(made.run.id)
    settled = {(send.channel, send.recipient) for send in sends if send.state != "trying"}
    return {name: [w for w in who if (name, w) not in settled] for name, who in asked.items()}


def dry(folder: Path, say: Callable[[Made, str], None]) -> Mapping[str, Channel]:
    """Return channels that do nothing outward and `say` what would be done.

    Mails are written into a folder of their own in `folder`, NAME or NAME/PART, as they would be sent.
    """

    def would_publish(made: Made) -> None:
        assert made.recipe.publish
        at = Path(made.recipe.publish.folder) / _place(made)
        is_left = left(made)["publish"]
        say(made, f"would be published to {at}" if is_left else f"is published already: {at}")

    def would_mail(made: Made) -> None:
        from kit import mail as mailing  # noqa: PLC0415

        assert made.recipe.mail
        to = left(made)["mail"]
        report = _report(made, _address(made, _place(made) if made.recipe.publish else None))
        place = folder / made.recipe.name / made.run.part
        written = mailing.dry_run(made.recipe.mail, report, place, only=to)
        for who, path in zip(to, written, strict=True):
            say(made, f"would be mailed to {who}: {path}")
        if not to:
            say(made, "would be mailed to nobody: all that could get it have it")

    def would_run(made: Made) -> None:
        assert made.recipe.hook
        command = shlex.join(made.recipe.hook.command)
        is_left = left(made)["hook"]
        say(made, f"would be handed to: {command}" if is_left else f"was handed to: {command}")

    return {"publish": would_publish, "mail": would_mail, "hook": would_run}


def published_at(made: Made) -> str | None:
    """Return where in the published folder the report is; None where it is not."""
    sends = made.ledger.sends(made.run.id)
    return next((s.detail for s in sends if (s.channel, s.state) == ("publish", "sent")), None)


def _place(made: Made) -> str:
    """Return where in the published folder the report is or would be."""
    from kit import publish as publishing  # noqa: PLC0415

    assert made.recipe.publish
    place: str = publishing.place(made.recipe.publish, **_known_by(made))
    return place


def _known_by(made: Made) -> Any:
    return {
        "name": made.recipe.name,
        "date": made.day,
        "part": made.run.part,
        "period": made.run.period,
    }


def _report(made: Made, address: str) -> Any:
    """Return the report as its mail tells of it."""
    from kit import mail as mailing  # noqa: PLC0415

    return mailing.Report(
        folder=made.folder,
        id=made.run.identity,
        when=made.when,
        name=made.recipe.name,
        title=made.title,
        period=made.run.period,
        part=made.run.part,
        address=address,
        footer=made.recipe.look.footer if made.recipe.look else "",
    )


def _manifest(made: Made) -> Path:
    from kit import published  # noqa: PLC0415

    assert made.recipe.publish
    place: Path = Path(made.recipe.publish.folder) / published.place(made.recipe.name)
    return place / str(published.FILE)


def _address(made: Made, place: str | None) -> str:
    """Return the address of the page of a report that stands at a place; "" where it has none."""
    from kit import published  # noqa: PLC0415

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
    attached = recipe.mail.attach
    if recipe.mail.to and attached not in ("none", *recipe.formats):
        raise RecipeError(
            f'mail.attach: the report has no {attached}. Add "{attached}" to formats, or set "none"'
        )


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
