"""The hook of a recipe: a program that is run for a finished report, for chats and uploads.

No shell reads it. Its own word is its exit code: 0 is done; any other, or a program that cannot be started,
is not done, and it is run again at the next call. What was stopped by the time limit, killed by a signal or
left behind by a killed kit may have done its work or not: the ledger has it as unknown and it is not run
again, so that no chat gets a report twice.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from kit.errors import RecipeError, SendError
from kit.ledger import Ledger
from kit.recipe import Hook

CHANNEL = "hook"
OWN = "READOUT_HOOK_"  # variables of the environment with this beginning are the hook's own: tokens
LONGEST_OUTPUT = 4000  # bytes of output that are kept, the last ones
_MOST_LINES, _LONGEST_LINE = 20, 200  # of output that are shown; characters of a line in the ledger
GRACE = 2.0  # seconds between asking a program to end and ending it
# What programs need to find files, hosts and certificates. No password of kit's is among it.
_PASSED = frozenset(
    "PATH HOME USER LOGNAME LANG LANGUAGE TZ TMPDIR TEMP TMP SYSTEMROOT SSL_CERT_FILE SSL_CERT_DIR "
    "HTTP_PROXY HTTPS_PROXY NO_PROXY".split()
)
_EMPTY = 'hook.command: empty. Name the program and its arguments: ["upload", "--to", "reports"]'


def check(hook: Hook) -> None:
    """Raise RecipeError where the hook cannot be run: no command, or no such program."""
    if not hook.command:
        raise RecipeError(_EMPTY)
    if not shutil.which(hook.command[0]):
        raise RecipeError(
            f"hook.command: {hook.command[0]} is no program that can be run. Is it on the PATH, and "
            "executable?"
        )


def run(hook: Hook, manifest: Path, about: dict[str, str], ledger: Ledger, number: int) -> bool:
    """Run the hook for run `number` with the manifest's path as last argument; return whether it ran now.

    It has an environment of its own: what programs need, variables that begin with READOUT_HOOK_, and
    each of `about` as READOUT_NAME: recipe, part, period, title, folder, address. It is not run where the
    ledger has it as done or unknown. Raises SendError, with the end of its output, where it failed.
    """
    if not hook.command:
        raise RecipeError(_EMPTY)
    who = recipient(hook)
    if not ledger.try_to_send(number, CHANNEL, who):
        return False
    environment = _environment(about | {"run": str(number), "manifest": str(manifest)})
    if not ledger.last_step(number, CHANNEL, who, "begun; its end was not seen"):
        return False
    try:
        process = subprocess.Popen(
            [*hook.command, str(manifest)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = f"cannot be started: {getattr(error, 'strerror', None) or error}"
        ledger.sent(number, CHANNEL, who, "trying", why)
        raise SendError(f"the hook {who} {why}. It is tried again next time") from error
    code, output = _end(process, hook.timeout)
    if code == 0:
        ledger.sent(number, CHANNEL, who, "sent", _last_line(output))
        return True
    if code is None or code < 0:
        why = (
            f"took longer than {hook.timeout} seconds and was stopped"
            if code is None
            else f"was killed by {_signal(-code)}"
        )
        ledger.sent(number, CHANNEL, who, "unknown", f"{why}. {_last_line(output)}".strip())
        after = "Whether it did its work nobody can know; it is not run again for this report"
    else:
        why = f"ended with code {code}"
        ledger.sent(number, CHANNEL, who, "trying", f"{why}. {_last_line(output)}".strip())
        after = "It is run again next time"
    said = f":\n{output}\n" if output else ". "
    raise SendError(f"the hook {who} {why}{said}{after}")


def recipient(hook: Hook) -> str:
    """Return what the ledger calls the hook: the name of its program."""
    return Path(hook.command[0]).name


def _environment(about: dict[str, str]) -> dict[str, str]:
    passed = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED or name.startswith(("LC_", OWN))
    }
    told = {f"READOUT_{name.upper()}": value.replace("\0", "") for name, value in about.items()}
    return passed | told


def _end(process: "subprocess.Popen[bytes]", timeout: float) -> tuple[int | None, str]:
    """Return the exit code, None where time ran out, and the end of the output.

    The program's whole group ends with it: nothing that it left in the background is waited for.
    """
    tail = bytearray()
    assert process.stdout
    reader = threading.Thread(target=_read, args=(process.stdout, tail), daemon=True)
    reader.start()
    try:
        ended = _ended(process, timeout)
        if not ended:
            _signal_group(process, signal.SIGTERM)
            _ended(process, GRACE)
    finally:
        _signal_group(process, signal.SIGKILL)
        process.wait()
        reader.join(GRACE)  # what left the group may hold the pipe
        if not reader.is_alive():
            process.stdout.close()
    return process.returncode if ended else None, _printable(bytes(tail).decode("utf-8", "replace"))


def _read(pipe: IO[bytes], tail: bytearray) -> None:
    """Keep the end of what comes."""
    while chunk := os.read(pipe.fileno(), 65_536):
        tail += chunk
        del tail[:-LONGEST_OUTPUT]


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Return whether a process ends in time. It is not reaped yet: its group's number stays its own."""
    end, pause = time.monotonic() + seconds, 0.005
    look = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, process.pid, look) is None:
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.1)
    return True


def _signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(
        ProcessLookupError, PermissionError
    ):  # a group of none but the dead (macOS: the latter)
        os.killpg(process.pid, number)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_line(output: str) -> str:
    return output.rsplit("\n", 1)[-1][:_LONGEST_LINE]


def _printable(text: str) -> str:
    """Return text in lines that cannot move the cursor; the last ones, where there are many."""
    lines = ["".join(c for c in line if c.isprintable()).strip() for line in text.splitlines()]
    return "\n".join([line for line in lines if line][-_MOST_LINES:])
