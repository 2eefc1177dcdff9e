"""A hook runs without a shell, once, in an environment of its own, and ends when it must."""

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import marked, wait

from kit import hook
from kit.errors import RecipeError, SendError, WriteError
from kit.ledger import Ledger, Send
from kit.recipe import Hook

ABOUT = {"recipe": "weekly", "part": "", "period": "2025-W04", "title": "The week"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a run, number 1."""
    with Ledger(tmp_path) as made:
        made.begin("weekly", "", "id-1")
        yield made


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest whose name a shell would trip over."""
    path = tmp_path / "a b; touch $(pwned) 'x'.json"
    path.write_text("{}", "utf-8")
    return path


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A mark in the environment of the hook's processes; at the end none is left."""
    name = str(uuid.uuid4())
    monkeypatch.setattr(hook, "_PASSED", hook._PASSED | {"READOUT_TEST"})
    monkeypatch.setenv("READOUT_TEST", name)
    yield name
    monkeypatch.delenv("READOUT_TEST")
    assert wait(lambda: [p for p in marked(name) if p.pid != os.getpid()] == [], 5)


def python(code: str, *arguments: str, timeout: int = 30) -> Hook:
    """Return a hook that runs a program in Python."""
    return Hook(command=(sys.executable, "-c", code, *arguments), timeout=timeout)


def record(ledger: Ledger) -> Send:
    (send,) = ledger.sends(1)
    return send


def test_it_gets_its_arguments_the_manifest_and_nothing_else(
    manifest: Path, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("READOUT_SMTP_PASSWORD", "SECRET_TOKEN", "PYTHONPATH"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("READOUT_HOOK_TOKEN", "for the hook")
    out = tmp_path / "out.json"
    code = (
        "import json, os, sys; json.dump([sys.argv[1:], dict(os.environ), sys.stdin.read()],"
        " open(sys.argv[1], 'w')); print('well done')"
    )
    made = python(code, str(out), "*", "$HOME", "; touch pwned")
    assert hook.run(made, manifest, ABOUT, ledger, 1)
    arguments, environment, given = json.loads(out.read_text("utf-8"))
    assert arguments == [str(out), "*", "$HOME", "; touch pwned", str(manifest)]
    assert given == ""
    assert environment["READOUT_HOOK_TOKEN"] == "for the hook"
    assert environment["PATH"] == os.environ["PATH"]
    told = {k: v for k, v in environment.items() if k.startswith("READOUT_")}
    assert told == {
        "READOUT_HOOK_TOKEN": "for the hook",
        "READOUT_RECIPE": "weekly",
        "READOUT_PART": "",
        "READOUT_PERIOD": "2025-W04",
        "READOUT_TITLE": "The week",
        "READOUT_RUN": "1",
        "READOUT_MANIFEST": str(manifest),
    }
    assert "hunter2" not in environment.values()
    done = record(ledger)
    assert (done.channel, done.recipient, done.state) == ("hook", Path(sys.executable).name, "sent")
    assert done.detail == "well done"
    assert not list(tmp_path.glob("*pwned"))


def test_what_is_done_is_not_run_again(manifest: Path, ledger: Ledger, tmp_path: Path) -> None:
    made = python("import sys; open(sys.argv[1], 'a').write('x')", str(tmp_path / "out"))
    assert hook.run(made, manifest, ABOUT, ledger, 1)
    assert not hook.run(made, manifest, ABOUT, ledger, 1)
    assert (tmp_path / "out").read_text("utf-8") == "x"


def test_what_says_that_it_failed_is_shown_and_run_again(
    manifest: Path, ledger: Ledger, tmp_path: Path
) -> None:
    code = (
        "import sys, pathlib; p = pathlib.Path(sys.argv[1]); again = p.exists(); p.touch();"
        "print('no route to \\x1b[2Jhost', file=sys.stderr); sys.exit(0 if again else 7)"
    )
    made = python(code, str(tmp_path / "out"))
    with pytest.raises(SendError) as caught:
        hook.run(made, manifest, ABOUT, ledger, 1)
    name = Path(sys.executable).name
    assert str(caught.value) == (
        f"the hook {name} ended with code 7:\nno route to [2Jhost\nIt is run again next time"
    )
    assert record(ledger).state == "trying"
    assert record(ledger).detail == "ended with code 7. no route to [2Jhost"
    assert hook.run(made, manifest, ABOUT, ledger, 1)
    assert (record(ledger).state, record(ledger).tries) == ("sent", 2)


def test_one_that_takes_too_long_is_stopped_with_its_children(
    manifest: Path, ledger: Ledger, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "GRACE", 0.2)
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('at work', flush=True);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    )
    began = time.monotonic()
    with pytest.raises(SendError, match=r"took longer than 1 seconds and was stopped:\nat work\n"):
        hook.run(python(code, timeout=1), manifest, ABOUT, ledger, 1)
    assert time.monotonic() - began < 20
    assert record(ledger).state == "unknown"
    assert not hook.run(python(code), manifest, ABOUT, ledger, 1)  # it may have done its work


def test_one_that_is_asked_to_end_may_say_goodbye(manifest: Path, ledger: Ledger) -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit('goodbye'));"
        "time.sleep(60)"
    )
    with pytest.raises(SendError, match="goodbye"):
        hook.run(python(code, timeout=2), manifest, ABOUT, ledger, 1)
    assert record(ledger).state == "unknown"


def test_what_it_leaves_in_the_background_is_ended_and_not_waited_for(
    manifest: Path, ledger: Ledger, mark: str
) -> None:
    code = (
        "import subprocess, sys;"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    )
    began = time.monotonic()
    assert hook.run(python(code), manifest, ABOUT, ledger, 1)
    assert time.monotonic() - began < 20


def test_one_that_is_killed_is_unknown(manifest: Path, ledger: Ledger) -> None:
    made = python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(SendError, match=r"was killed by SIGKILL\. Whether it did its work"):
        hook.run(made, manifest, ABOUT, ledger, 1)
    assert record(ledger).state == "unknown"


def test_output_is_bounded(manifest: Path, ledger: Ledger) -> None:
    code = (
        "import sys; [print('x' * 1000) for _ in range(20000)];"
        "[print(f'line {i}') for i in range(99)]; sys.exit(1)"
    )
    with pytest.raises(SendError) as caught:
        hook.run(python(code), manifest, ABOUT, ledger, 1)
    lines = str(caught.value).splitlines()
    assert lines[1:-1] == [f"line {i}" for i in range(79, 99)]
    assert len(record(ledger).detail) < 300


@pytest.mark.parametrize("program", ["no-such-program", "/", ""])
def test_a_program_that_is_not_there_is_tried_again(
    program: str, manifest: Path, ledger: Ledger
) -> None:
    made = Hook(command=(program, "x"))
    with pytest.raises(SendError, match="cannot be started"):
        hook.run(made, manifest, ABOUT, ledger, 1)
    assert record(ledger).state == "trying"
    with pytest.raises(RecipeError, match="is no program that can be run"):
        hook.check(made)


def test_an_empty_command_runs_nothing_not_even_the_manifest(
    tmp_path: Path, ledger: Ledger
) -> None:
    program = tmp_path / "manifest.json"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n", "utf-8")
    program.chmod(0o755)
    for call in (lambda: hook.check(Hook()), lambda: hook.run(Hook(), program, {}, ledger, 1)):
        with pytest.raises(RecipeError, match=r"hook\.command: empty"):
            call()
    assert not (tmp_path / "pwned").exists()
    assert ledger.sends(1) == []


def test_a_program_that_can_be_run_passes() -> None:
    hook.check(Hook(command=(sys.executable,)))
    hook.check(Hook(command=("env",)))


@pytest.mark.parametrize("step", ["try_to_send", "last_step"])
def test_nothing_runs_that_cannot_be_recorded(
    step: str, manifest: Path, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise WriteError("no space left")

    monkeypatch.setattr(Ledger, step, full)
    made = python("import sys; open(sys.argv[1], 'a').write('x')", str(tmp_path / "out"))
    with pytest.raises(WriteError):
        hook.run(made, manifest, ABOUT, ledger, 1)
    assert not (tmp_path / "out").exists()


def test_an_interrupt_ends_it_and_leaves_it_unknown(
    manifest: Path, ledger: Ledger, mark: str
) -> None:
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        hook.run(python("import time; time.sleep(60)"), manifest, ABOUT, ledger, 1)
    assert record(ledger).state == "unknown"
