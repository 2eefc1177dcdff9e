"""Nobody gets a report twice, nobody is forgotten, whatever breaks, and whenever."""

import datetime as dt
import multiprocessing
import os
import random
import signal
import smtplib
import sys
import threading
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mailserver
import pytest
import reportfolder
import trustme
from mailserver import STAGES, Fault, Server, serving

from kit import mail
from kit.corpus import Corpus
from kit.errors import RecipeError, SendError, WriteError
from kit.ledger import Ledger, Send
from kit.mail import smtp
from kit.recipe import Mail

FAULTS = int(os.environ.get("READOUT_FAULTS", "300"))  # sessions of the test of many
WHEN = dt.datetime(2025, 1, 27, 7, 0, tzinfo=dt.UTC)
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["kit.mail", "kit.render", "mailserver"])
MakeCorpus = Callable[..., Corpus]
# What the server of the tests leaves when a client is killed is not our matter.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, make_corpus: MakeCorpus) -> mail.Report:
    """A report that all the tests send."""
    folder = tmp_path_factory.mktemp("reports") / "weekly"
    made = reportfolder.make(folder, make_corpus("Trade grew.\n\nPeace holds."))
    return mail.Report(made, "id-1", WHEN, name="weekly", title="The week")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority whose certificates no machine knows."""
    return trustme.CA()


@pytest.fixture(scope="module")
def context(authority: trustme.CA) -> Any:
    """The server's side of TLS, with a certificate of localhost."""
    import ssl  # noqa: PLC0415

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(made)
    return made


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "PAUSES", (0.01,))
    monkeypatch.setattr(smtp, "TIMEOUT", 5.0)
    monkeypatch.setattr(smtp, "LAST_TIMEOUT", 5.0)
    monkeypatch.setattr("socket.getfqdn", lambda: "client.test")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without TLS."""
    with serving() as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a run, number 1."""
    with Ledger(tmp_path) as made:
        made.begin("weekly", "", "id-1")
        yield made


def recipe(server: Server, *to: str, **more: Any) -> Mail:
    given = {"host": "localhost", "port": server.port, "security": "none", "attach": "none"}
    return Mail(to=to or ("a@x.org",), sender="r@x.org", **{**given, **more})


def send(server: Server, report: mail.Report, ledger: Ledger, *to: str, **more: Any) -> str:
    """Send run 1; return what the error says, "" without one."""
    try:
        mail.send(recipe(server, *to, **more), report, ledger, 1)
    except SendError as error:
        return str(error)
    return ""


def states(ledger: Ledger) -> dict[str, str]:
    return {s.recipient: s.state for s in ledger.sends(1)}


def sent(ledger: Ledger, recipient: str = "a@x.org") -> Send:
    return next(s for s in ledger.sends(1) if s.recipient == recipient)


# Everything is well


def test_each_gets_the_mail_once_over_one_connection(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    to = ("desk", "a@x.org", "c@x.org")
    groups = {"desk": ("a@X.org", "b@x.org")}
    done = mail.send(recipe(server, *to, groups=groups), report, ledger, 1)
    assert [(s.recipient, s.state, s.tries) for s in done] == [
        *(("a@x.org", "sent", 1), ("b@x.org", "sent", 1), ("c@x.org", "sent", 1)),
    ]
    assert [r for r, _ in server.taken] == ["a@x.org", "b@x.org", "c@x.org"]
    assert server.sessions == 1
    assert server.senders == ["r@x.org"] * 3
    assert send(server, report, ledger, *to, groups=groups) == ""
    assert len(server.taken) == 3


def test_who_is_new_on_the_list_gets_it_alone(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    assert send(server, report, ledger, "a@x.org") == ""
    assert send(server, report, ledger, "a@x.org", "b@x.org") == ""
    assert [r for r, _ in server.taken] == ["a@x.org", "b@x.org"]


def test_what_arrives_is_what_was_made(server: Server, report: mail.Report, ledger: Ledger) -> None:
    made = recipe(server, attach="pdf")
    mail.send(made, report, ledger, 1)
    ((_, content),) = server.taken
    common = mail.prepare(made, report)
    assert content == mail.wire(mail.message(common, mail.recipients(made)[0]))


def test_lines_of_dots_arrive_as_they_are(server: Server) -> None:
    message = mail.prepare.__globals__["EmailMessage"](policy=mail.wire.__globals__["_WIRE"])
    message.set_content(".\n..\n.a\nb.\n.\n", cte="7bit")
    connection = smtp.Connection(recipe(server))
    to = mail.Address("a", "x.org")
    assert connection.send(message, to, to, lambda: True)[0] == "sent"
    connection.close()
    assert server.taken[0][1].partition(b"\r\n\r\n")[2] == b".\r\n..\r\n.a\r\nb.\r\n.\r\n"


def test_nobody_to_send_to_opens_no_connection(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    made = Mail(owner="b@x.org", sender="r@x.org", port=server.port, host="localhost")
    assert mail.send(made, report, ledger, 1) == []
    assert server.sessions == 0


# Privacy and login


def trusted(monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, folder: Path) -> None:
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_with_a_certificate_that_is_known(
    security: str,
    report: mail.Report,
    ledger: Ledger,
    authority: trustme.CA,
    context: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    trusted(monkeypatch, authority, tmp_path)
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    with serving(context, whole=security == "tls") as server:
        assert send(server, report, ledger, "a@x.org", "b@x.org", security=security, user="u") == ""
        assert server.logins == [("u", "open sesame")]
        assert len(server.taken) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["unknown authority", "another name"])
def test_a_certificate_that_is_not_good_ends_it_before_anything_is_said(
    security: str,
    fault: str,
    report: mail.Report,
    ledger: Ledger,
    authority: trustme.CA,
    context: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    host = "localhost"
    if fault == "another name":
        trusted(monkeypatch, authority, tmp_path)
        host = "127.0.0.1"
    with serving(context, whole=security == "tls") as server:
        said = send(server, report, ledger, security=security, user="u", host=host)
        assert "a@x.org: not yet" in said
        assert "its certificate is not good" in said
        assert server.sessions == 1  # it is not tried again at once
        assert not server.logins
        assert not server.taken


def test_a_server_that_offers_no_tls_gets_nothing(
    server: Server, report: mail.Report, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    said = send(server, report, ledger, security="starttls", user="u")
    assert "STARTTLS extension not supported" in said
    assert not server.logins
    said = send(server, report, ledger, security="tls", user="u")
    assert 'Is security = "tls" right for this port?' in said
    assert not server.taken


def test_a_wrong_password_is_not_shown_and_the_mail_goes_when_it_is_right(
    server: Server, report: mail.Report, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "hunter2")
    said = send(server, report, ledger, "a@x.org", "b@x.org", user="u")
    assert "login of u: 535" in said
    assert "hunter2" not in said + str(ledger.sends(1))
    assert states(ledger) == {"a@x.org": "trying", "b@x.org": "trying"}
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    assert send(server, report, ledger, "a@x.org", "b@x.org", user="u") == ""
    assert len(server.taken) == 2


def test_without_a_password_it_says_where_one_is_looked_for(
    server: Server, report: mail.Report, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(smtp.PASSWORD, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    said = send(server, report, ledger, user="u")
    assert "no password of u. Set READOUT_SMTP_PASSWORD" in said
    assert "keyring set readout:localhost u" in said
    assert server.sessions == 0


def test_the_keyring_is_asked_where_there_is_one(
    server: Server, report: mail.Report, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(smtp.PASSWORD, raising=False)
    kept = {("readout:localhost", "u"): "open sesame"}
    fake = types.SimpleNamespace(get_password=lambda service, user: kept.get((service, user)))
    monkeypatch.setitem(sys.modules, "keyring", fake)
    assert send(server, report, ledger, user="u") == ""

    def locked(*_: str) -> str:
        raise RuntimeError("locked")

    monkeypatch.setattr(fake, "get_password", locked)
    assert "the keyring does not open (locked)" in send(server, report, ledger, "b@x.org", user="u")


def test_a_password_of_other_letters_says_so(
    server: Server, report: mail.Report, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "пароль")
    assert "letters beyond ASCII" in send(server, report, ledger, user="u")


# One fault at one stage

# Of a mail to one recipient, in its first session: state after it, and whether the next ones repair it.
# What is said before the recipient is named is about the server, the login or the sender, not about them.
EARLY = ("CONNECT", "EHLO", "AUTH")
REPLIES = [
    *((stage, kind, "trying") for stage in (*EARLY, "MAIL") for kind in ("5xx", "4xx")),
    *((stage, "4xx", "trying") for stage in ("RCPT", "DATA", "DOT")),
    *((stage, "5xx", "refused") for stage in ("RCPT", "DATA", "DOT")),
    *((stage, kind, "trying") for stage in ("MAIL", "RCPT", "DATA") for kind in ("421", "garbage")),
    ("DOT", "421", "trying"),
    ("DOT", "garbage", "unknown"),
]


@pytest.mark.parametrize(("stage", "kind", "state"), REPLIES)
def test_a_reply_that_is_no_yes(
    stage: str,
    kind: str,
    state: str,
    server: Server,
    report: mail.Report,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    # a connection that fails in passing is tried twice, an unsuccessful login by two mechanisms
    server.faults.extend([Fault(stage, kind)] * (2 if stage in EARLY else 1))
    said = send(server, report, ledger, user="u")
    assert states(ledger) == {"a@x.org": state}
    assert "1 of 1 did not get the report by mail" in said
    if kind in ("4xx", "5xx"):
        assert mailserver.REPLIES[kind] in said
        assert mailserver.REPLIES[kind] in sent(ledger).detail
    assert not server.taken
    server.faults.clear()
    again = send(server, report, ledger, user="u")
    assert again == ""
    assert server.to("a@x.org") == (1 if state == "trying" else 0)
    assert states(ledger) == {"a@x.org": "sent" if state == "trying" else state}


@pytest.mark.parametrize("kind", ["drop", "hang"])
@pytest.mark.parametrize("stage", [s for s in STAGES if s != "STARTTLS"])
def test_a_connection_that_breaks_or_says_nothing_more(
    stage: str,
    kind: str,
    server: Server,
    report: mail.Report,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    monkeypatch.setattr(smtp, "LAST_TIMEOUT", 0.3)
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    server.faults.extend([Fault(stage, kind)] * (2 if stage in EARLY else 1))
    assert send(server, report, ledger, user="u") != ""
    # amid the body a small mail is sent whole before the server is heard: then it cannot be known
    expected = {"BODY": {"trying", "unknown"}, "DOT": {"unknown"}}.get(stage, {"trying"})
    state = sent(ledger).state
    assert state in expected
    assert not server.taken
    server.faults.clear()
    send(server, report, ledger, user="u")
    assert server.to("a@x.org") == (state == "trying")


@pytest.mark.parametrize("kind", ["drop", "421"])
def test_a_server_that_ends_it_amid_the_body_is_heard_before_the_last_line(
    kind: str,
    server: Server,
    report: mail.Report,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listen = smtp.Connection._listen

    def later(self: smtp.Connection) -> None:
        time.sleep(0.3)  # as a body takes that is not small
        listen(self)

    monkeypatch.setattr(smtp.Connection, "_listen", later)
    server.faults.append(Fault("BODY", kind))
    assert "a@x.org: not yet" in send(server, report, ledger)
    assert send(server, report, ledger) == ""
    assert server.to("a@x.org") == 1


@pytest.mark.parametrize("kind", ["drop", "hang", "garbage"])
def test_what_was_taken_without_a_word_is_not_sent_again(
    kind: str,
    server: Server,
    report: mail.Report,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "LAST_TIMEOUT", 0.3)
    server.faults.append(Fault("DOT", kind, taken=True))
    said = send(server, report, ledger, "a@x.org", "b@x.org")
    assert "a@x.org: nobody can know, it is not tried again" in said
    assert states(ledger) == {"a@x.org": "unknown", "b@x.org": "sent"}
    assert send(server, report, ledger, "a@x.org", "b@x.org") == ""
    assert Counter(r for r, _ in server.taken) == {"a@x.org": 1, "b@x.org": 1}


@pytest.mark.parametrize("kind", ["4xx", "5xx", "drop"])
def test_starttls_that_fails_leaves_nothing_said_in_the_clear(
    kind: str, report: mail.Report, ledger: Ledger, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    with serving(context) as server:
        server.faults.extend([Fault("STARTTLS", kind)] * 2)
        assert "not yet" in send(server, report, ledger, security="starttls", user="u")
        assert not server.logins
        assert not server.taken


def test_one_refused_does_not_stop_the_others(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    server.faults.append(Fault("RCPT", "5xx", mail=1))
    said = send(server, report, ledger, "a@x.org", "b@x.org", "c@x.org")
    assert states(ledger) == {"a@x.org": "sent", "b@x.org": "refused", "c@x.org": "sent"}
    assert said.splitlines() == [
        "1 of 3 did not get the report by mail:",
        "  b@x.org: refused: 554 5.7.1 not here",
    ]
    assert server.sessions == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("kind", ["drop", "421"])
def test_a_connection_that_ends_after_some_mails_is_opened_again(
    stage: str, kind: str, server: Server, report: mail.Report, ledger: Ledger
) -> None:
    server.faults.append(Fault(stage, kind, mail=1))
    assert send(server, report, ledger, "a@x.org", "b@x.org", "c@x.org") == ""
    assert [r for r, _ in server.taken] == ["a@x.org", "b@x.org", "c@x.org"]
    assert server.sessions == 2


def test_after_a_broken_connection_the_others_still_get_theirs(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    server.faults.append(Fault("DATA", "drop"))
    said = send(server, report, ledger, "a@x.org", "b@x.org", "c@x.org")
    assert states(ledger) == {"a@x.org": "trying", "b@x.org": "sent", "c@x.org": "sent"}
    assert "a@x.org: not yet, it is tried again next time" in said


def test_a_server_that_is_not_there_leaves_all_to_next_time(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    away = Server(port=1)  # nobody listens there
    said = send(away, report, ledger, "a@x.org", "b@x.org")
    assert said.count("localhost:1: ") == 2
    assert states(ledger) == {"a@x.org": "trying", "b@x.org": "trying"}
    assert send(server, report, ledger, "a@x.org", "b@x.org") == ""
    assert sent(ledger).tries == 2


def test_a_mail_larger_than_the_server_takes_says_what_to_do(
    report: mail.Report, ledger: Ledger
) -> None:
    with serving(data_size_limit=1000) as server:
        said = send(server, report, ledger)
        assert 'the server takes 1,000 at most. Set attach = "none"' in said
        assert states(ledger) == {"a@x.org": "trying"}


def test_what_a_server_says_cannot_move_the_cursor(
    server: Server, report: mail.Report, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mailserver.REPLIES, "5xx", "554 \x1b[2J\x07 no\u202e " + "x" * 400)
    server.faults.append(Fault("RCPT", "5xx"))
    said = send(server, report, ledger)
    assert all(c.isprintable() or c == "\n" for c in said)
    assert len(said) < 500


# The ledger cannot be written


@pytest.mark.parametrize("step", ["try_to_send", "last_step", "sent"])
def test_a_full_disk_at_each_step_of_the_ledger_neither_doubles_nor_loses(
    step: str,
    server: Server,
    report: mail.Report,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as full:

        def fails(*_: Any, **__: Any) -> None:
            raise WriteError("no space left")

        full.setattr(Ledger, step, fails)
        with pytest.raises(WriteError):
            mail.send(recipe(server, "a@x.org", "b@x.org"), report, ledger, 1)
    assert len(server.taken) == (step == "sent")
    assert send(server, report, ledger, "a@x.org", "b@x.org") == ""
    assert Counter(r for r, _ in server.taken) == {"a@x.org": 1, "b@x.org": 1}
    assert sent(ledger).state == ("unknown" if step == "sent" else "sent")


def test_two_that_send_the_same_run_at_once_send_each_mail_once(
    server: Server, report: mail.Report, tmp_path: Path, ledger: Ledger
) -> None:
    to = [f"r{i}@x.org" for i in range(8)]
    meet = threading.Barrier(3)

    def sender() -> None:
        with Ledger(tmp_path) as own:
            meet.wait()
            send(server, report, own, *to)

    threads = [threading.Thread(target=sender) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(r for r, _ in server.taken) == dict.fromkeys(to, 1)
    assert set(states(ledger).values()) == {"sent"}


def test_one_that_fails_does_not_undo_what_another_did_meanwhile(
    server: Server,
    report: mail.Report,
    tmp_path: Path,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(self: smtp.Connection, *_: Any) -> tuple[str, str]:
        monkeypatch.undo()
        monkeypatch.setattr("socket.getfqdn", lambda: "client.test")
        with Ledger(tmp_path) as other:
            assert send(server, report, other) == ""
        self._smtp.close()
        return "broken", "meanwhile"

    monkeypatch.setattr(smtp.Connection, "send", breaks)
    send(server, report, ledger)
    assert states(ledger) == {"a@x.org": "sent"}
    send(server, report, ledger)
    assert server.to("a@x.org") == 1


# Killed


def _child(folder: str, recipe: Mail, report: mail.Report, stop: str, reached: Any) -> None:
    """Send run 1 in a process of its own, which stops for good at a step of the ledger, if told so."""
    smtplib.SMTP.__init__.__globals__["socket"].getfqdn = lambda: "client.test"
    if stop:
        name, moment = stop.split()
        real = getattr(Ledger, name)

        def halts(self: Ledger, *args: Any, **more: Any) -> Any:
            result = real(self, *args, **more) if moment == "after" else None
            reached.set()
            time.sleep(60)
            return result

        setattr(Ledger, name, halts)
    with Ledger(Path(folder)) as ledger:
        mail.send(recipe, report, ledger, 1)


def killed(tmp_path: Path, recipe: Mail, report: mail.Report, stop: str, hanging: Any) -> None:
    """Kill a process that sends run 1 when it or the server has come to a halt."""
    reached = FORKED.Event()
    process = FORKED.Process(target=_child, args=(str(tmp_path), recipe, report, stop, reached))
    process.start()
    assert (reached if stop else hanging).wait(30)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)
    assert process.exitcode == -signal.SIGKILL


# Where the server halts, a step of the ledger at which the sender halts, is the mail taken before.
HALTS = [
    *((stage, "", False) for stage in STAGES if stage != "STARTTLS"),
    ("DOT", "", True),
    *(
        ("", f"{step} {moment}", False)
        for step in ("try_to_send", "last_step", "sent")
        for moment in ("before", "after")
    ),
]


@pytest.mark.parametrize(("stage", "step", "taken"), HALTS)
def test_a_kill_at_each_moment_neither_doubles_nor_loses(
    stage: str,
    step: str,
    taken: bool,
    server: Server,
    report: mail.Report,
    tmp_path: Path,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(smtp.PASSWORD, "open sesame")
    made = recipe(server, "a@x.org", "b@x.org", user="u")
    if stage:
        server.faults.append(Fault(stage, "hang", taken=taken))
    killed(tmp_path, made, report, step, server.hanging)
    time.sleep(0.05)
    server.faults.clear()
    before = server.to("a@x.org")
    state = {s.recipient: s.state for s in ledger.sends(1)}.get("a@x.org")
    assert mail.send(made, report, ledger, 1)
    assert server.to("b@x.org") == 1
    # unknown is the only state in which a mail may be missing, and then nothing is sent again
    if state == "unknown":
        assert server.to("a@x.org") == before
        assert sent(ledger).state == "unknown"
        assert (stage in ("BODY", "DOT")) or step in ("last_step after", "sent before")
    else:
        assert state in (None, "trying", "sent")
        assert server.to("a@x.org") == 1
        assert sent(ledger).state == "sent"


# Many sessions


def test_many_sessions_with_faults_of_all_kinds(report: mail.Report, tmp_path: Path) -> None:
    draw = random.Random(20250127)
    kinds = Counter[str]()
    with serving() as server:
        run = 0
        while server.sessions < FAULTS:
            run += 1
            to = [f"r{i}-{run}@x.org" for i in range(draw.randint(1, 5))]
            server.faults.extend(_fault(draw, len(to)) for _ in range(draw.randint(1, 4)))
            with Ledger(tmp_path) as ledger:
                ledger._db.execute("PRAGMA synchronous = OFF")  # for speed: no power fails here
                ledger.begin("weekly", "", f"id-{run}")
                while server.faults and len(_settled(ledger, run)) < len(to):
                    _once(server, report, ledger, run, to)
                server.faults.clear()
                _once(server, report, ledger, run, to)
                ended = {s.recipient: s.state for s in ledger.sends(run)}
            assert sorted(ended) == sorted(to)  # nobody is forgotten
            for recipient, state in ended.items():
                kinds[state] += 1
                taken = server.to(recipient)
                assert taken <= 1, "nobody gets it twice"
                assert {"sent": taken == 1, "refused": taken == 0, "unknown": True}[state]
    assert {"sent", "refused", "unknown"} <= set(kinds)


def _fault(draw: random.Random, mails: int) -> Fault | None:
    stage = draw.choice([s for s in STAGES if s not in ("STARTTLS", "AUTH")])
    kind = draw.choice(["4xx", "5xx", "421", "garbage", "drop"])
    if draw.random() < 0.2:
        return None
    # where one says no to a mail that it took, no protocol helps
    taken = kind in ("drop", "garbage") and draw.random() < 0.5
    return Fault(stage, kind, draw.randrange(mails), taken)


def _settled(ledger: Ledger, run: int) -> list[Send]:
    return [s for s in ledger.sends(run) if s.state != "trying"]


def _once(server: Server, report: mail.Report, ledger: Ledger, run: int, to: list[str]) -> None:
    said = ""
    try:
        mail.send(recipe(server, *to), report, ledger, run)
    except SendError as error:
        said = str(error)
    missed = {s.recipient for s in ledger.sends(run) if s.state != "sent"}
    assert {line.split(":")[0].strip() for line in said.splitlines()[1:]} <= missed


# The owner


def test_the_owner_is_told_of_a_failed_run_once(server: Server, ledger: Ledger) -> None:
    ledger.failed(1, "brief.ipynb, cell 3", 5)
    made = recipe(server, owner="Boss <boss@x.org>")
    error = "brief.ipynb, cell 3: ValueError: no\x1b[2J texts\nkit.read(source)"
    for _ in range(2):
        mail.notify(made, "weekly", error, ledger, 1)
    ((to, content),) = server.taken
    assert to == "boss@x.org"
    assert b"Subject: weekly failed\r\n" in content
    assert b"brief.ipynb, cell 3: ValueError: no[2J texts\r\nkit.read(source)\r\n" in content
    assert b"kit runs show 1" in content
    assert [(s.channel, s.recipient, s.state) for s in ledger.sends(1)] == [
        ("notice", "boss@x.org", "sent")
    ]


def test_without_an_owner_nobody_is_told(server: Server, ledger: Ledger) -> None:
    mail.notify(recipe(server), "weekly", "error", ledger, 1)
    assert server.sessions == 0


def test_a_notice_that_fails_says_so_and_a_long_error_is_cut(
    server: Server, ledger: Ledger
) -> None:
    made = recipe(server, owner="boss@x.org")
    server.faults.append(Fault("RCPT", "4xx"))
    with pytest.raises(SendError, match="did not get the notice of a failed run"):
        mail.notify(made, "weekly", "x" * 100_000, ledger, 1)
    mail.notify(made, "weekly", "x" * 100_000, ledger, 1)
    ((_, content),) = server.taken
    assert b"[cut]" in content
    assert len(content) < 6000


def test_a_recipe_that_does_not_fit_sends_nothing(
    server: Server, report: mail.Report, ledger: Ledger
) -> None:
    with pytest.raises(RecipeError):
        mail.send(recipe(server, "a@x.org", "b@x.org, c@x.org"), report, ledger, 1)
    assert server.sessions == 0
    assert ledger.sends(1) == []
