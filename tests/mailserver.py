"""A mail server on this machine that fails where it is told to, and remembers what it took."""

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

# Where a session can fail. BODY is amid the lines of a mail, DOT after the last one.
STAGES = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT")
REPLIES = {
    "4xx": "451 4.3.0 come again",
    "5xx": "554 5.7.1 not here",
    "421": "421 4.3.2 closing",
    "garbage": "no reply of mail",
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong in a session: at which stage, how, at which of its mails.

    Kinds: 4xx, 5xx, 421, garbage (replies), drop (hangs up), hang (says nothing more). At DOT with
    ``taken`` the mail is taken before it goes wrong.
    """

    stage: str
    kind: str
    mail: int = 0
    taken: bool = False


@dataclass
class Server:
    """What the server does and did. Each session takes the next of ``faults``, None is a good one."""

    port: int = 0
    faults: deque[Fault | None] = field(default_factory=deque)
    taken: list[tuple[str, bytes]] = field(default_factory=list)  # recipient, content
    senders: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    sessions: int = 0
    hanging: threading.Event = field(default_factory=threading.Event)
    open: set[Any] = field(default_factory=set)

    def to(self, recipient: str) -> int:
        """Return how many mails it took for a recipient."""
        return sum(r == recipient for r, _ in self.taken)


class _Session(SMTP):
    def __init__(self, server: Server, **options: Any) -> None:
        super().__init__(self, hostname="mail.test", **options)
        self.server = server
        self.fault = server.faults.popleft() if server.faults else None
        self.mails = -1  # number of the mail at hand
        server.sessions += 1

    async def fails(self, stage: str) -> bool:
        """Do what the fault says at this stage; True where that was the answer."""
        fault = self.fault
        if not fault or fault.stage != stage or max(self.mails, 0) != fault.mail:
            return False
        if fault.kind == "hang":
            self.server.hanging.set()
            await asyncio.sleep(60)  # till the client goes: then this is cancelled
        elif fault.kind == "drop":
            self.transport.abort()
        else:
            await self.push(REPLIES[fault.kind])
            if fault.kind == "421":
                self.transport.close()
        return True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.server.open.add(transport)
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        if not await self.fails("CONNECT"):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self.fails("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if not await self.fails("EHLO"):
            await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        if not await self.fails("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self.fails("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        self.mails += 1
        if not await self.fails("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self.fails("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self.fails("DATA"):
            return
        if self.fault and self.fault.stage == "BODY" and self.mails == self.fault.mail:
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            await self.fails("BODY")
            self.transport.close()
        else:
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = (envelope.rcpt_tos[0], envelope.content)
        fails = self.fault and self.fault.stage == "DOT" and self.mails == self.fault.mail
        if not fails or (self.fault and self.fault.taken):
            self.server.taken.append(mail)
            self.server.senders.append(envelope.mail_from)
        if fails and self.fault and self.fault.kind in REPLIES:
            if self.fault.kind == "421":
                self.loop.call_later(0.02, self.transport.close)
            return REPLIES[self.fault.kind]
        if fails:
            await self.fails("DOT")
        return "250 2.0.0 taken"


@contextmanager
def serving(
    tls: ssl.SSLContext | None = None, *, whole: bool = False, **options: Any
) -> Iterator[Server]:
    """Serve on a port of this machine: STARTTLS where there is a context, TLS from the start if `whole`."""
    server = Server()
    loop = asyncio.new_event_loop()

    def login(_: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        server.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    def session() -> _Session:
        start = None if whole else tls
        return _Session(
            server, tls_context=start, auth_require_tls=False, authenticator=login, **options
        )

    made = loop.run_until_complete(
        loop.create_server(session, "127.0.0.1", 0, ssl=tls if whole else None)
    )
    server.port = made.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(made, server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(listening: asyncio.Server, server: Server) -> None:
    listening.close()
    for transport in server.open:
        transport.abort()
    await asyncio.sleep(0)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # what is aborted is closed in the next round
