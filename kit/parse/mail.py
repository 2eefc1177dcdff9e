"""A mail that was saved as a file (.eml): its subject, sender, date and text."""

import email
import email.errors
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from typing import BinaryIO

from kit.parse import html
from kit.parse.decode import decode
from kit.parse.html import page
from kit.parse.record import Block, Dated, Options, Record, Rejected, UnreadableError

_DEEPEST = 50  # parts in parts: a mail that was passed on five times has ten
_EMPTY_LINE = re.compile(r"\n[ \t\xa0\u3000]*\n\s*")
_QUOTED = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?\n(?=(?:.*\n?){0,15}\Z)", re.MULTILINE)  # RFC 3676, 4.3
_LISTED = re.compile(r"[ \t]*(?:[-*•·–]|\d{1,3}[.)])[ \t]+\S")
_HEADERS = (
    "from",
    "date",
    "subject",
    "received",
    "message-id",
    "mime-version",
    "to",
    "return-path",
)
# Attachments that hold no text, and what mail programs add by themselves.
_NO_TEXT = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/pkcs7-",
    "application/pgp-",
    "text/calendar",
)


def read_mail(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the text of a mail, then each attachment that may hold a text as left out.

    `source` is for messages only. Raises UnreadableError for a file that is no mail.
    """
    data = file.read()
    try:
        mail = email.message_from_bytes(data, policy=policy.default)
    except (
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        IndexError,
    ) as error:
        raise UnreadableError(f"the mail is broken ({type(error).__name__})", _ADVICE) from error
    names = {name.lower() for name, _ in mail.raw_items()}
    if not names.intersection(_HEADERS):
        raise UnreadableError("not a mail: it has none of the headers of one", _ADVICE)
    parts: list[EmailMessage] = []
    attached: list[EmailMessage] = []
    _sort(mail, parts, attached, 0)
    blocks: list[Block] = []
    notes: list[str] = []
    for part in parts:
        more, about = _blocks(part, options.encoding)
        blocks += more
        notes += about
    if mail.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        notes.append("the mail is encrypted: save it decrypted")
    if not blocks:
        notes.append("no text in the mail itself")
    date = _raw(mail, "date")
    yield Record(
        blocks=tuple(blocks),
        title=_header(mail, "subject"),
        dates=(Dated(date, "page metadata"),) if date else (),
        language=_header(mail, "content-language").split(",")[0],
        author=_header(mail, "from"),
        publisher=_header(mail, "organization"),
        url=_header(mail, "archived-at").strip("<>"),
        id=_header(mail, "message-id").strip("<>"),
        notes=tuple(notes),
    )
    for number, part in enumerate(attached, start=1):
        if not part.get_content_type().startswith(_NO_TEXT):
            name = _name(part) or f"attachment {number}"
            yield Rejected(
                name,
                "attached to a mail",
                "save the attachment as a file beside it to have it read",
            )


_ADVICE = "save the mail again from the mail program, as .eml"


def _sort(
    part: EmailMessage, parts: list[EmailMessage], attached: list[EmailMessage], depth: int
) -> None:
    """Put the parts that are the mail's text, in order, and those attached to it into the lists."""
    if _is_attached(part, depth):
        attached.append(part)
    elif not part.is_multipart():
        parts.append(part)
    elif depth < _DEEPEST:
        inner = [p for p in part.get_payload() if isinstance(p, EmailMessage)]
        if part.get_content_type() == "multipart/alternative":
            inner = _preferred(inner, attached, depth)
        for child in inner:
            _sort(child, parts, attached, depth + 1)


def _is_attached(part: EmailMessage, depth: int) -> bool:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return depth > 0
    if part.get_content_maintype() == "multipart":  # without parts, it is the text itself
        return False
    return kind not in ("text/plain", "text/html") or (depth > 0 and _disposed(part))


def _disposed(part: EmailMessage) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(_name(part))
    except (ValueError, IndexError, AttributeError, KeyError, TypeError):  # a broken header
        return False


def _preferred(
    inner: list[EmailMessage], attached: list[EmailMessage], depth: int
) -> list[EmailMessage]:
    """Return the one alternative to read: plain text with words in it, else HTML."""
    choices: list[tuple[int, EmailMessage]] = []
    for child in inner:
        found: list[EmailMessage] = []
        _sort(child, found, attached, depth + 1)
        kinds = {part.get_content_type() for part in found if _payload(part).strip()}
        if kinds:
            choices.append((0 if kinds == {"text/plain"} else 1, child))
    return [min(choices, key=lambda choice: choice[0])[1]] if choices else []


def _payload(part: EmailMessage) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, TypeError):  # a broken transfer encoding
        return b""
    return payload if isinstance(payload, bytes) else b""


def _blocks(part: EmailMessage, encoding: str) -> tuple[list[Block], tuple[str, ...]]:
    payload = _payload(part)
    if not payload.strip():
        return [], ()
    charset = encoding or part.get_content_charset() or ""
    if part.get_content_type() == "text/html":
        markup, notes = page.characters(payload, charset)
        return list(html.blocks(markup)), notes
    decoded = decode(payload, charset)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if _flowed(part):
        text = re.sub(r"(?<=\S) \n(?=[^\s>])", " ", text)
    text, cut = _SIGNATURE.split(text, maxsplit=1)[0], bool(_SIGNATURE.search(text))
    notes = (*decoded.notes, "the signature below the text is left out") if cut else decoded.notes
    return [b for piece in _EMPTY_LINE.split(text) for b in _paragraph(piece)], notes


def _flowed(part: EmailMessage) -> bool:
    return str(part.get_param("format", "")).lower() == "flowed"


def _paragraph(piece: str) -> Iterator[Block]:
    """Yield the blocks of a paragraph: a quoted one, the items of a list, or itself."""
    stripped = piece.strip("\n").rstrip()
    if not stripped.strip():
        return
    lines = stripped.split("\n")
    if all(line.lstrip().startswith(">") for line in lines):
        quoted = _QUOTED.sub("", stripped).strip()
        yield from (Block(q.strip(), "quotation") for q in _EMPTY_LINE.split(quoted) if q.strip())
    elif len(lines) > 1 and all(_LISTED.match(line) for line in lines):
        yield from (Block(line.strip(), "item") for line in lines)
    else:
        yield Block(stripped)


def _header(mail: EmailMessage, name: str) -> str:
    """Return a header decoded; as it is written where the standard library trips over it."""
    try:
        value = str(mail.get(name, ""))
    except Exception:  # its parser of broken headers raises whatever happens inside
        value = _raw(mail, name)
    return " ".join(value.split())


def _raw(mail: EmailMessage, name: str) -> str:
    """Return a header as it is written: policy.default rewrites a date that it can read."""
    written = (str(value) for key, value in mail.raw_items() if key.lower() == name)
    return " ".join(next(written, "").split())


def _name(part: EmailMessage) -> str:
    try:
        return " ".join((part.get_filename() or "").split())
    except Exception:  # as above
        return ""
