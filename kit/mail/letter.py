"""A finished report -> one mail for each who gets it; the same report gives the same bytes."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from kit import files
from kit.errors import RecipeError, SendError
from kit.mail import addresses, headers, page
from kit.mail.addresses import Address
from kit.recipe import Mail

# The lines of our headers stand as they were made; body and parts are ASCII, lines end in CRLF.
_WIRE = policy.SMTP.clone(refold_source="none", cte_type="7bit", max_line_length=headers.WIDTH)
_PLACE = re.compile(r"\{(title|date|period|part)\}")
_LONGEST_NAME = 60  # characters of the attached file's name before the date
_KINDS = {"pdf": ("application", "pdf"), "html": ("text", "html")}


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report, as its mail tells of it.

    ``id`` is what makes it this report and no other (the identity of the run): with the recipient it
    makes the Message-ID, so that mail readers know a mail that they have. ``when`` it was made, with
    its zone. ``address`` is where its page is on the web, "" where it is not. Without a title it has
    that of its first page.
    """

    folder: Path
    id: str
    when: dt.datetime
    name: str = ""
    title: str = ""
    period: str = ""
    part: str = ""
    address: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What each mail of a report has in common, read once."""

    sender: Address
    subject: str
    page: page.Page
    id: str
    when: dt.datetime
    list_name: str = ""
    attachment: tuple[str, bytes] | None = None  # file name, content


def check(mail: Mail) -> None:
    """Raise RecipeError for what cannot work: an address that is none, nobody to send to, no sender."""
    addresses.recipients(mail)
    for group, members in mail.groups.items():
        for member in members:
            addresses.parse(member, f"mail.groups.{group}")
    if mail.owner:
        addresses.parse(mail.owner, "mail.owner")
    if not mail.to and not mail.owner:
        raise RecipeError('mail.to: nobody. Name who gets the report: to = ["a@example.org"]')
    addresses.parse(mail.sender, "mail.sender")
    if unknown := re.search(r"\{[^{}]*\}", _PLACE.sub("", mail.subject)):
        raise RecipeError(
            f"mail.subject: {unknown[0]} stands for nothing; there are {{title}}, {{date}}, "
            "{period}, {part}"
        )
    if mail.user and mail.security == "none" and mail.host not in ("localhost", "127.0.0.1", "::1"):
        raise RecipeError(
            'mail.security: "none" would send the password of mail.user in the clear; '
            'set "starttls" or "tls"'
        )


def prepare(mail: Mail, report: Report) -> Letter:
    """Return what the mails of a report say and what is attached, read from its folder.

    Raises RecipeError where the recipe does not fit, SendError where the folder cannot be read.
    """
    check(mail)
    if report.address and not re.fullmatch(r"https?://[!-~]+", report.address):
        raise RecipeError(
            f"publish.address: {report.address!r} is no address of the web: https://..."
        )
    try:
        found, line, section, blocks = page.first(report.folder)
        attachment = _attachment(mail, report, report.title or found)
    except (OSError, ValueError, KeyError) as error:
        raise SendError(
            f"{report.folder}: the report cannot be read for its mail: {error}"
        ) from error
    sender = addresses.parse(mail.sender, "mail.sender")
    title = headers.one_line(report.title or found)
    about = " · ".join(filter(None, (report.part, report.period, _day(report.when))))
    return Letter(
        sender,
        _subject(mail.subject, title, report),
        page.Page(
            title,
            tuple(headers.one_line(said) for said in (line, about) if said),
            section,
            blocks,
            tuple(filter(None, (headers.one_line(report.footer), _why(sender)))),
            report.address,
            attachment is not None,
        ),
        report.id,
        report.when,
        report.name,
        attachment,
    )


def message(letter: Letter, recipient: Address) -> EmailMessage:
    """Return the mail for one recipient: text and HTML of the first page, and what is attached.

    Nobody else is named in it. Its headers are From, To, Subject, Date, Message-ID, Auto-Submitted,
    List-ID where the recipe has a name, and those of MIME.
    """
    made = _message(letter.sender, recipient, letter.subject, letter.id, letter.when)
    if letter.list_name:  # what filters go by, and what keeps notes of absence from being sent back
        _set(made, "List-ID", f"<{letter.list_name}.readout.{letter.sender.domain}>")
    made.set_content(page.to_text(letter.page), cte="quoted-printable")
    made.add_alternative(page.to_html(letter.page), subtype="html", cte="quoted-printable")
    if letter.attachment:
        name, content = letter.attachment
        maintype, subtype = _KINDS[name.rpartition(".")[2]]
        made.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    _bound(made, letter.id)
    return made


def notice(mail: Mail, subject: str, text: str, id_: str, when: dt.datetime) -> EmailMessage:
    """Return a short mail of plain text to the owner of a recipe."""
    sender = addresses.parse(mail.sender, "mail.sender")
    owner = addresses.parse(mail.owner, "mail.owner")
    made = _message(sender, owner, subject, id_, when)
    made.set_content(text, cte="quoted-printable")
    return made


def wire(message: EmailMessage) -> bytes:
    """Return the bytes of a mail as they are sent: ASCII, lines that end in CRLF."""
    return message.as_bytes(policy=_WIRE)


def _message(
    sender: Address, recipient: Address, subject: str, id_: str, when: dt.datetime
) -> EmailMessage:
    made = EmailMessage(policy=_WIRE)
    _set(made, "From", headers.address("From", sender))
    _set(made, "To", headers.address("To", recipient))
    _set(made, "Subject", headers.text("Subject", subject))
    _set(made, "Date", format_datetime(when.astimezone(dt.UTC)))
    _set(made, "Message-ID", f"<{_digest(id_, str(recipient))}@{sender.domain}>")
    _set(made, "Auto-Submitted", "auto-generated")  # RFC 3834: nobody's machine need answer
    return made


def _set(message: EmailMessage, name: str, value: str) -> None:
    """Add a header of lines that are already as they shall be on the wire."""
    assert all(line.isascii() and line.isprintable() for line in value.split("\r\n ")), name
    message.set_raw(name, value)


def _bound(message: EmailMessage, id_: str) -> None:
    """Give the parts boundaries that no encoded part can have a line of, the same each time."""
    several = [part for part in message.walk() if part.is_multipart()]
    for i, part in enumerate(several):  # "=_" is in no text in quoted-printable or base64
        part.set_boundary(f"=_{i}_{_digest(id_)}")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _subject(wanted: str, title: str, report: Report) -> str:
    """Return the subject; what it takes from the report is put in at once, and not looked at again."""
    said: Mapping[str, str] = {
        "title": title,
        "date": _day(report.when),
        "period": report.period,
        "part": report.part,
    }
    return _PLACE.sub(lambda match: said[match[1]], wanted or "{title}, {date}")


def _attachment(mail: Mail, report: Report, title: str) -> tuple[str, bytes] | None:
    if mail.attach == "none":
        return None
    path = report.folder / f"report.{mail.attach}"
    if not path.is_file():
        raise RecipeError(
            f'mail.attach: the report has no {mail.attach}. Add "{mail.attach}" to formats'
        )
    name = report.name or files.slug(title)[:_LONGEST_NAME].strip("-")
    return f"{name}-{report.when:%Y-%m-%d}.{mail.attach}", path.read_bytes()


def _why(sender: Address) -> str:
    return f"You get this mail because you are on the list of this report. To leave it, write to {sender}."


def _day(when: dt.datetime) -> str:
    return f"{when.day} {when:%B %Y}"
