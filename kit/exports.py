"""What calls ``kit due`` every few minutes: units of systemd, a line of cron, a workflow, a DAG.

A folder's name is text to each of them: it is quoted as each reads it, and refused where it cannot be.
"""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from kit.errors import UsageError

EVERY = (1, 5, 10, 15, 30, 60)  # minutes: what divides an hour
_PLAIN = re.compile(r"[A-Za-z0-9/._+-]+")  # a word that needs no quotes


def systemd(folder: Path, command: Sequence[str], *, every: int = 5, user: str) -> dict[str, str]:
    """Return the units of a service and its timer by their file names."""
    if (
        user.startswith("-")
        or not user.replace("-", "").replace("_", "").replace(".", "").isalnum()
    ):
        raise UsageError(f"the user {user!r} cannot stand in a unit of systemd")
    where = _named(folder)
    if where.endswith(("\\", " ")):  # it would join the next line, or be cut
        raise UsageError(f"{where!r}: systemd cannot have a folder whose name ends so")
    if not _PLAIN.fullmatch(
        command[0]
    ):  # a program of such a name systemd does not start, a shell does
        command = ["/bin/sh", "-c", 'exec "$0" "$@"', *command]
    started = " ".join([command[0], *(_argument(word) for word in command[1:])])
    service = f"""\
[Unit]
Description=Reports that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={where.replace("%", "%%")}
ExecStart={started}
# ended on purpose is no failure
SuccessExitStatus=143
TimeoutStopSec=90
KillMode=mixed
# the password for mail and the like, NAME=VALUE, readable by root alone
EnvironmentFile=-/etc/readout.env
# reports need their folder, their texts and the folder they are published to, and nothing of the system
NoNewPrivileges=yes
ProtectSystem=full
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=
"""
    timer = f"""\
[Unit]
Description=Looks every {_minutes(every)} which reports are due

[Timer]
OnCalendar={"*-*-* *:00" if every == 60 else f"*-*-* *:0/{every}"}:00
AccuracySec=1s

[Install]
WantedBy=timers.target
"""
    return {"readout.service": service, "readout.timer": timer}


def cron(folder: Path, command: Sequence[str], *, every: int = 5) -> str:
    """Return the line of a crontab."""
    line = f"cd {shlex.quote(_named(folder))} && {shlex.join(command)}"
    if "\\" in line:  # cron itself reads some of them, and not every cron the same
        raise UsageError("a crontab cannot hold a path with a backslash in it")
    escaped = line.replace("%", r"\%")  # a bare one ends the command
    return f"{_every(every)} {escaped}\n"


def github(folder: Path, *, every: int = 15) -> str:
    """Return a workflow for a repository that is a clone of Readout; `folder` is where in it kit is run."""
    where = _named(folder)
    if "${{" in where:
        raise UsageError(f"{where}: a workflow would read the braces as an expression")
    inside = json.dumps(where, ensure_ascii=False)
    kept = json.dumps((folder / "reports").as_posix(), ensure_ascii=False)
    return f"""\
name: reports
on:
  schedule:
    - cron: "{_every(every)}"  # GitHub may be late by half an hour; kit runs what was due all the same
  workflow_dispatch:
permissions:
  contents: read
concurrency:  # one at a time: the ledger is handed from one to the next
  group: reports
  cancel-in-progress: false
jobs:
  due:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: make .venv/.run
      # the ledger knows what was run and sent: without it each report would be made and sent anew
      - uses: actions/cache/restore@v4
        with:
          path: {kept}
          key: reports-${{{{ github.run_id }}}}
          restore-keys: reports-
      # recipes are those of the repository, not those that the cache had
      - run: |
          git checkout -- .
          git ls-files -z --others -- 'reports/*.toml' | xargs -0 -r rm --
        working-directory: {inside}
      - id: due
        run: |
          before=$(sha256sum reports/.ledger.db || true)
          code=0
          "$GITHUB_WORKSPACE/.venv/bin/kit" due || code=$?
          test "$before" = "$(sha256sum reports/.ledger.db || true)" || echo changed=true >> "$GITHUB_OUTPUT"
          exit $code
        working-directory: {inside}
        env:
          READOUT_SMTP_PASSWORD: ${{{{ secrets.READOUT_SMTP_PASSWORD }}}}
      - uses: actions/cache/save@v4
        if: always() && steps.due.outputs.changed
        with:
          path: {kept}
          key: reports-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}
      - uses: actions/upload-artifact@v4
        if: always() && steps.due.outputs.changed
        with:
          name: reports
          path: {kept}
"""


def airflow(folder: Path, command: Sequence[str], *, every: int = 5) -> str:
    """Return the text of a DAG."""
    words = shlex.join(command)
    where = _named(folder)
    if any(mark in text for mark in ("{{", "{%", "{#") for text in (words, where)):
        raise UsageError(f"{where}: Airflow would read the braces as a template")
    return f'''\
"""Runs the reports that are due. What is due, and that it is run once, is kit's own matter."""

from datetime import datetime, timedelta, timezone

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # before Airflow 3
    from airflow.operators.bash import BashOperator

with DAG(
    dag_id="readout",
    schedule={_every(every)!r},
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,  # kit makes up for what was missed, as each recipe says
    max_active_runs=1,
):
    BashOperator(
        task_id="due",
        bash_command={words + " "!r},  # the blank: a name that ends in .sh is no template
        cwd={where!r},
        retries=0,
        execution_timeout=timedelta(hours=6),
    )
'''


def _named(folder: Path) -> str:
    """Return a folder's name as text; raises UsageError where nothing could quote it."""
    text = str(folder)
    if not text.isprintable():
        raise UsageError(
            f"{text!r}: a folder whose name has a line break or the like cannot be exported"
        )
    return text


def _argument(word: str) -> str:
    """Return a word of a command as systemd reads it."""
    if not word.isprintable():
        raise UsageError(f"{word!r}: it cannot stand in a unit of systemd")
    if _PLAIN.fullmatch(word):
        return word
    plain = word.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%").replace("$", "$$")
    return f'"{plain}"'


def _every(minutes: int) -> str:
    return "0 * * * *" if minutes == 60 else "* * * * *" if minutes == 1 else f"*/{minutes} * * * *"


def _minutes(minutes: int) -> str:
    return "minute" if minutes == 1 else f"{minutes} minutes"
