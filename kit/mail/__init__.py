"""Mail: a finished report to each who should have it, once.

What became of each mail stands in the ledger: *trying* until its last line is sent, *unknown* from there
to the reply, then *sent* or *refused*. What is trying is tried again at the next call; what is unknown is
not, so that nobody gets a report twice. A kill, a full disk, a broken connection at any moment leave one of
these.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from kit import files
from kit.errors import SendError, WriteError
from kit.ledger import Ledger, Send, Sent, now
from kit.mail.addresses import Address, parse, recipients
from kit.mail.letter import Letter, Report, check, message, notice, prepare, wire
from kit.mail.smtp import CannotConnect, Connection, Outcome
from kit.recipe import Mail

__all__ = [
    "Address",
    "Letter",
    "Report",
    "check",
    "dry_run",
    "message",
    "notify",
    "prepare",
    "recipients",
    "send",
    "wire",
]
PAUSES = (2.0, 10.0)  # seconds before a connection is tried again that may come about
LONGEST_ERROR = 4000  # characters of an error in a notice: one screen
_ON_ITS_WAY = "the whole mail was sent; whether it was taken was not heard"
_SAID = {
    "refused": "refused",
    "trying": "not yet, it is tried again next time",
    "unknown": "nobody can know, it is not tried again",
}
_STATES: dict[Outcome, Sent] = {
    "sent": "sent",
    "refused": "refused",
    "later": "trying",
    "broken": "trying",
    "unknown": "unknown",
}
Make = Callable[[], EmailMessage]


def send(mail: Mail, report: Report, ledger: Ledger, run: int) -> list[Send]:
    """Send a report to all who have not got it; return what the ledger has of this run's mail.

    Raises RecipeError before anything is sent where the recipe does not fit, and SendError after all that
    could be sent is, with who did not get it now and why. The caller holds the lock of the recipe; two
    that send the same run anyway send no mail twice.
    """
    common = prepare(mail, report)
    _Post(mail, ledger, run, "mail").deliver(
        [(to, partial(message, common, to)) for to in recipients(mail)]
    )
    return [done for done in ledger.sends(run) if done.channel == "mail"]


def dry_run(
    mail: Mail, report: Report, folder: Path, *, only: Collection[str] | None = None
) -> list[Path]:
    """Write the mails that a report would be sent in into a folder, an .eml file each; return their paths.

    `only` are the addresses of those who would get one, by default all. Other .eml files go: the folder
    is that of the last dry run. Raises RecipeError, SendError, WriteError.
    """
    common = prepare(mail, report)
    written = []
    for to in recipients(mail):
        if only is None or str(to) in only:
            path = folder / f"{_file_name(to)}.eml"
            files.write(path, wire(message(common, to)))
            written.append(path)
    try:
        for old in folder.glob("*.eml"):
            if old not in written:
                old.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{error.filename}: cannot be removed ({error.strerror})") from error
    return written


def notify(mail: Mail, name: str, error: str, ledger: Ledger, run: int) -> None:
    """Tell the owner of a recipe, once, that a run failed; `error` says at which notebook and cell, and why.

    Nothing is done where no owner is named. Raises SendError where the owner could not be told.
    """
    if not mail.owner:
        return
    check(mail)
    owner = parse(mail.owner, "mail.owner")
    record = ledger.run(run)
    ended = (record.ended or record.started) if record else now()
    when = dt.datetime.fromisoformat(ended)
    text = (
        f"The report {name} was not made (run {run}, {when:%Y-%m-%d %H:%M} UTC).\n\n"
        f"{_screen(error)}\n\n"
        f"The last good report stays as it is. More: kit runs show {run}\n"
    )
    made = notice(mail, f"{name} failed", text, f"notice {name} {run} {when.isoformat()}", when)
    _Post(mail, ledger, run, "notice").deliver([(owner, lambda: made)])


class _Post:
    """Sends the mails of one run, over one connection as long as it holds."""

    def __init__(self, mail: Mail, ledger: Ledger, run: int, channel: str) -> None:
        self._mail, self._ledger, self._key = mail, ledger, (run, channel)
        self._sender = parse(mail.sender, "mail.sender")
        self._connection: Connection | None = None
        self._committed = False  # the last step of the mail at hand is ours, as the ledger has it

    def deliver(self, mails: Sequence[tuple[Address, Make]]) -> None:
        """Send what is not settled; raises SendError at the end where somebody did not get theirs."""
        missed: list[str] = []
        closed = ""  # why there is no connection to be had
        try:
            for to, make in mails:
                if not self._ledger.try_to_send(*self._key, str(to)):
                    continue
                outcome: Outcome = "broken"
                if not closed:
                    try:
                        outcome, why = self._send(to, make())
                    except CannotConnect as error:
                        closed = str(error)
                state = self._record(to, outcome, closed or why)
                if state:
                    missed.append(f"{to}: {_SAID[state]}: {closed or why}")
        finally:
            if self._connection:
                self._connection.close()
        if missed:
            what = "the report" if self._key[1] == "mail" else "the notice of a failed run"
            shown = "\n".join(f"  {line}" for line in missed)
            raise SendError(f"{len(missed)} of {len(mails)} did not get {what} by mail:\n{shown}")

    def _send(self, to: Address, message: EmailMessage) -> tuple[Outcome, str]:
        held = self._connection is not None and self._connection.open
        outcome, why = self._try(to, message)
        if outcome == "broken" and held:  # a server may end a connection after so many mails
            outcome, why = self._try(to, message)
        return outcome, why

    def _try(self, to: Address, message: EmailMessage) -> tuple[Outcome, str]:
        self._committed = False

        def last() -> bool:
            self._committed = self._ledger.last_step(*self._key, str(to), _ON_ITS_WAY)
            return self._committed

        return self._connected().send(message, self._sender, to, last)

    def _connected(self) -> Connection:
        if self._connection and self._connection.open:
            return self._connection
        for pause in (*PAUSES, None):
            try:
                self._connection = Connection(self._mail)
                break
            except CannotConnect as error:
                if not error.passing or pause is None:
                    raise
                time.sleep(pause)
        assert self._connection
        return self._connection

    def _record(self, to: Address, outcome: Outcome, why: str) -> str:
        """Record what became of a mail; return its state where the recipient did not get it, else ""."""
        if outcome == "taken":  # by another process, which records it
            return ""
        state, said = _STATES[outcome], why
        if outcome == "unknown":
            said = f"{_ON_ITS_WAY}: {why}"
        was: Sent = "unknown" if self._committed else "trying"
        self._ledger.sent(*self._key, str(to), state, said, was=was)
        return "" if state == "sent" else state


def _screen(error: str) -> str:
    """Return an error as plain lines that fit a screen."""
    lines = ("".join(c for c in line if c.isprintable()) for line in error.splitlines())
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_ERROR else f"{text[:LONGEST_ERROR]}\n[cut]"


def _file_name(to: Address) -> str:
    """Return a name that is safe, and its own for each address."""
    digest = hashlib.sha256(str(to).encode()).hexdigest()[:8]
    return f"{files.slug(str(to))[:60].strip('-')}-{digest}"
