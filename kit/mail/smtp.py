"""One connection to a mail server, with the last step of a mail apart from those before it.

``smtplib`` sends the body of a mail and the line that ends it in one go. What must be known is on which
side of that line a connection broke: before it the mail was not taken, after it nobody can tell.
"""

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Literal

from kit.mail.addresses import Address
from kit.mail.letter import wire
from kit.recipe import Mail

TIMEOUT = 60.0  # seconds for a connection, a reply, a piece of the body
LAST_TIMEOUT = (
    600.0  # for the reply to the whole mail, RFC 5321, 4.5.3.2.6: giving up leaves it unknown
)
PASSWORD = "READOUT_SMTP_PASSWORD"
_PIECE = 65_536  # bytes of a body that are sent at once
_LONGEST_REPLY = 300  # characters of a server's reply that are shown
Outcome = Literal["sent", "refused", "later", "broken", "unknown", "taken"]


class CannotConnect(Exception):  # noqa: N818 (it is a state, which is reported as SendError)
    """The server does not let us send: nothing is said of any recipient. ``passing``: it may later."""

    def __init__(self, why: str, *, passing: bool) -> None:
        super().__init__(why)
        self.passing = passing


class Connection:
    """A connection that is ready to send: private as the recipe says, logged in."""

    def __init__(self, mail: Mail) -> None:
        self._smtp = _opened(mail)
        # the last line follows the body at once; else it waits for the body to be acknowledged
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def open(self) -> bool:
        """Whether it can be used further."""
        return self._smtp.sock is not None

    @property
    def _sock(self) -> Any:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection closed")
        return self._smtp.sock

    def close(self) -> None:
        """Say goodbye, where there is somebody to say it to."""
        if self.open:
            try:
                self._sock.settimeout(1)  # all is done
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                pass
        self._smtp.close()

    def send(
        self, message: EmailMessage, sender: Address, recipient: Address, last: Callable[[], bool]
    ) -> tuple[Outcome, str]:
        """Send a mail; return what became of it and why.

        `last` is called when all but the line that ends the mail is sent; where it returns False the
        mail is given up as "taken", where it raises too. The server says "refused" (5xx) or "later"
        (4xx); "broken" is a connection that broke before the end of the mail, "unknown" one that broke
        after it. Raises CannotConnect where the server refuses the sender.
        """
        try:
            return self._send(wire(message), sender, recipient, last)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._smtp.close()
            return "broken", _said(error)
        except BaseException:
            self._smtp.close()  # without a word that could be read as the end of the mail
            raise

    def _send(
        self, data: bytes, sender: Address, recipient: Address, last: Callable[[], bool]
    ) -> tuple[Outcome, str]:
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data), (
            "a bare CR or LF could end the mail early"
        )
        smtp = self._smtp
        code, reply = smtp.mail(str(sender), self._size(data))
        if code // 100 == 5:
            raise CannotConnect(f"the sender {sender}: {_reply(code, reply)}", passing=False)
        if code // 100 != 2:
            return self._refused(code, reply)
        code, reply = smtp.rcpt(str(recipient))
        if code // 100 != 2:
            return self._refused(code, reply)
        code, reply = smtp.docmd("DATA")
        if code != 354:
            return self._refused(code, reply)
        stuffed = re.sub(rb"(?m)^\.", b"..", data)  # RFC 5321, 4.5.2
        for start in range(0, len(stuffed), _PIECE):
            smtp.send(stuffed[start : start + _PIECE])
        self._listen()
        if not last():
            self._smtp.close()
            return "taken", "another process is sending it"
        return self._end()

    def _end(self) -> tuple[Outcome, str]:
        """Send the line that ends the mail. From here on a broken connection leaves it unknown."""
        smtp = self._smtp
        try:
            self._sock.settimeout(LAST_TIMEOUT)
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
            self._sock.settimeout(TIMEOUT)
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            return "unknown", _said(error)
        if code // 100 == 2:
            return "sent", _reply(code, reply)
        if code // 100 not in (4, 5):
            smtp.close()
            return "unknown", _reply(code, reply)
        return self._refused(code, reply, reset=False)

    def _refused(self, code: int, reply: bytes, *, reset: bool = True) -> tuple[Outcome, str]:
        """Make ready for the next mail; return what a reply other than yes means for this one."""
        said = _reply(code, reply)
        if code == 421 or code // 100 not in (4, 5):  # it closes, or what it says is no answer
            self._smtp.close()
            return "broken", said
        if reset:
            try:
                if self._smtp.rset()[0] // 100 != 2:
                    self._smtp.close()
            except (smtplib.SMTPException, OSError):
                self._smtp.close()
        return ("refused" if code // 100 == 5 else "later"), said

    def _size(self, data: bytes) -> list[str]:
        """Return the option that announces how large a mail is, where the server wants to know (RFC 1870)."""
        if not self._smtp.has_extn("size"):
            return []
        most = self._smtp.esmtp_features["size"]
        if most.isdecimal() and 0 < int(most) < len(data):
            raise CannotConnect(
                f"a mail has {len(data):,} bytes, the server takes {int(most):,} at most. "
                'Set attach = "none" in [mail]',
                passing=False,
            )
        return [f"size={len(data)}"]

    def _listen(self) -> None:
        """Raise where the server spoke or hung up before the end of the mail: then it is not taken."""
        sock = self._sock
        before = sock.gettimeout()
        sock.settimeout(0)
        try:
            said = sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return  # as it should be
        finally:
            sock.settimeout(before)
        raise smtplib.SMTPServerDisconnected(
            "the server spoke before the mail ended" if said else "the connection closed"
        )


def _opened(mail: Mail) -> smtplib.SMTP:
    password = _password(mail) if mail.user else ""
    smtp: smtplib.SMTP | None = None
    try:
        if mail.security == "tls":
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
        if mail.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if mail.user:
            smtp.login(mail.user, password)
    except BaseException as error:
        if smtp:
            smtp.close()
        if isinstance(error, (smtplib.SMTPException, OSError, ValueError)):
            raise _explained(error, mail) from error
        raise
    return smtp


def _explained(error: Exception, mail: Mail) -> CannotConnect:
    """Return why there is no connection, what to do, and whether it may pass."""
    passing, why = False, _said(error)
    match error:
        case ssl.SSLCertVerificationError():
            own = "SSL_CERT_FILE names the file of an authority of your own"
            why = f"its certificate is not good: {error.verify_message}. {own}"
        case ssl.SSLError():
            why = f'no TLS ({error.reason or error}). Is security = "{mail.security}" right for this port?'
        case smtplib.SMTPAuthenticationError():
            passing, why = error.smtp_code // 100 == 4, f"login of {mail.user}: {why}"
        case smtplib.SMTPResponseException():
            passing = error.smtp_code // 100 != 5
        case smtplib.SMTPNotSupportedError():
            why = f"{why} See security and user in [mail]"
        case UnicodeError():
            why = "a host, user or password of letters beyond ASCII"
        case OSError() | smtplib.SMTPServerDisconnected():
            passing = True
    return CannotConnect(f"{mail.host}:{mail.port}: {why}", passing=passing)


def _password(mail: Mail) -> str:
    """Return the password of the recipe's user, from the environment or the keyring."""
    if given := os.environ.get(PASSWORD):
        return given
    try:
        import keyring  # noqa: PLC0415 (not on every machine)

        found = keyring.get_password(f"readout:{mail.host}", mail.user)
    except ImportError:
        found = None
    except Exception as error:  # whatever a keyring of some system raises
        why = f"the keyring does not open ({_said(error)}). {PASSWORD} can be set instead"
        raise CannotConnect(why, passing=False) from error
    if not found:
        raise CannotConnect(
            f"no password of {mail.user}. Set {PASSWORD}, or with keyring installed: "
            f"keyring set readout:{mail.host} {mail.user}",
            passing=False,
        )
    return str(found)


def _reply(code: int, reply: bytes) -> str:
    return _printable(
        f"{code} {reply.decode('utf-8', 'replace')}" if code > 0 else "no reply of mail"
    )


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _reply(error.smtp_code, reply if isinstance(reply, bytes) else str(reply).encode())
    plain = error.strerror if isinstance(error, OSError) else ""
    return _printable(plain or str(error) or type(error).__name__)


def _printable(text: str) -> str:
    """Return what a server says in one line that cannot move the cursor."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= _LONGEST_REPLY else f"{plain[:_LONGEST_REPLY]}…"
