"""The ledger: each run of a recipe and each outward act, written before and after it.

One SQLite file, ``reports/.ledger.db``. What was begun and never ended is told from what ended by the
lock that a run holds and that dies with its process: nothing has to be repaired after a kill.
"""

import datetime as dt
import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kit.errors import WriteError

FILE = ".ledger.db"
PATIENCE = 30.0  # seconds that one waits for another process to write
State = Literal["running", "made", "failed"]
Sent = Literal["trying", "sent", "refused", "unknown"]
_SCHEMA = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, recipe TEXT NOT NULL, part TEXT NOT NULL, identity TEXT NOT NULL,
  period TEXT NOT NULL, due TEXT, state TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
  started TEXT NOT NULL, ended TEXT, inputs TEXT NOT NULL, folder TEXT, error TEXT, exit_code INTEGER,
  tries INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX runs_of ON runs (recipe, part, id);
CREATE TABLE outputs (run INTEGER NOT NULL REFERENCES runs, path TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (run, path)) WITHOUT ROWID;
CREATE TABLE sends (run INTEGER NOT NULL REFERENCES runs, channel TEXT NOT NULL, recipient TEXT NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, at TEXT NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY (run, channel, recipient)) WITHOUT ROWID;
CREATE TABLE dues (recipe TEXT NOT NULL, due TEXT NOT NULL, host TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (recipe, due)) WITHOUT ROWID;
CREATE TABLE hashes (place TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (place, path)) WITHOUT ROWID;
"""
_SCHEDULES = """
ALTER TABLE dues ADD COLUMN state TEXT NOT NULL DEFAULT '';
CREATE TABLE schedules (recipe TEXT PRIMARY KEY, schedule TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID
"""
_VERSIONS = (_SCHEMA, _SCHEDULES)  # what each version of the file adds to the one before


@dataclass(frozen=True, slots=True)
class Run:
    """One run: of which part of a recipe, of what, and what became of it. Times are UTC, ISO 8601.

    ``folder`` is where its report is, seen from the folder of the ledger.
    """

    id: int
    recipe: str
    part: str
    identity: str
    period: str
    due: str | None
    state: State
    host: str
    pid: int
    started: str
    ended: str | None
    inputs: Mapping[str, Any]
    folder: str | None
    error: str | None
    exit_code: int | None
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Send:
    """One outward act: to whom, by what, and whether it reached them."""

    run: int
    channel: str
    recipient: str
    state: Sent
    tries: int
    at: str
    detail: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A time at which a recipe was due: what became of it, where and when."""

    recipe: str
    due: str
    host: str
    at: str
    state: str


class Ledger:
    """The record of all runs in a folder of reports. Each method is one transaction, flushed to disk."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            # each statement is a transaction of its own, unless one is begun
            self._db = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
            # no write-ahead log: it does not work on folders that machines share
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._prepare()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def begin(
        self,
        recipe: str,
        part: str,
        identity: str,
        *,
        period: str = "",
        due: str | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> int:
        """Record that a run begins; return its number."""
        row = (
            *(recipe, part, identity, period, due, "running"),
            *(platform.node(), os.getpid(), now(), json.dumps(dict(inputs or {}), sort_keys=True)),
        )
        with self._told():
            done = self._db.execute(
                "INSERT INTO runs (recipe, part, identity, period, due, state, host, pid, started,"
                " inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return int(done.lastrowid or 0)

    def again(self, run: int, error: str) -> None:
        """Record that a run is tried again, and after what error."""
        with self._told():
            self._db.execute(
                "UPDATE runs SET tries = tries + 1, error = ? WHERE id = ?", (error, run)
            )

    def made(
        self, run: int, folder: Path, outputs: Mapping[str, str], *, same: int | None = None
    ) -> None:
        """Record that a run ended well, where its report is, and the SHA-256 of each file by its path.

        `same` is an earlier run that made the very same report: who has that one has this one too.
        """
        with self._transaction():
            self._db.executemany(
                "INSERT INTO outputs VALUES (?, ?, ?)",
                [(run, *item) for item in sorted(outputs.items())],
            )
            self._db.execute(
                "INSERT INTO sends SELECT ?, channel, recipient, state, tries, at, detail FROM sends"
                " WHERE run = ? AND state != 'trying'",
                (run, same),
            )
            self._db.execute(
                "UPDATE runs SET state = 'made', ended = ?, folder = ?, error = NULL, exit_code = 0"
                " WHERE id = ?",
                (now(), folder.as_posix(), run),
            )

    def failed(self, run: int, error: str, exit_code: int) -> None:
        """Record that a run failed, and why."""
        with self._told():
            self._db.execute(
                "UPDATE runs SET state = 'failed', ended = ?, error = ?, exit_code = ? WHERE id = ?",
                (now(), error, exit_code, run),
            )

    def claim(self, recipe: str, due: str, state: str = "") -> bool:
        """Take a time at which a recipe is due; False where another process, here or elsewhere, has it."""
        with self._told():
            done = self._db.execute(
                "INSERT OR IGNORE INTO dues VALUES (?, ?, ?, ?, ?)",
                (recipe, due, platform.node(), now(), state),
            )
        return done.rowcount == 1

    def claim_all(self, recipe: str, dues: Iterable[str], state: str) -> None:
        """Take several times at which a recipe was due, but for those that are taken."""
        rows = [(recipe, due, platform.node(), now(), state) for due in dues]
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO dues VALUES (?, ?, ?, ?, ?)", rows)

    def settle(self, recipe: str, due: str, state: str, at: str) -> None:
        """Record what became of a time that was taken, in the end."""
        with self._told():
            self._db.execute(
                "UPDATE dues SET state = ?, at = ? WHERE recipe = ? AND due = ?",
                (state, at, recipe, due),
            )

    def dues(self, recipe: str, *, last: int, until: str) -> list[Claim]:
        """Return the last times that were taken of those up to `until`, the newest first."""
        rows = self._rows(
            "SELECT * FROM dues WHERE recipe = ? AND due <= ? ORDER BY due DESC LIMIT ?",
            recipe,
            until,
            last,
        )
        return [Claim(*row) for row in rows]

    def schedule(self, recipe: str) -> tuple[str, str] | None:
        """Return the schedule that a recipe was last seen with, and since when it counts."""
        rows = self._rows("SELECT schedule, since FROM schedules WHERE recipe = ?", recipe)
        return rows[0] if rows else None

    def keep_schedule(self, recipe: str, schedule: str, since: str) -> None:
        """Record the schedule that a recipe has from now on."""
        with self._told():
            self._db.execute(
                "INSERT OR REPLACE INTO schedules VALUES (?, ?, ?)", (recipe, schedule, since)
            )

    def hashes(self, place: str) -> dict[str, tuple[str, str]]:
        """Return what is kept of the files of a place: by path, their stamp and SHA-256."""
        rows = self._rows("SELECT path, stamp, sha256 FROM hashes WHERE place = ?", place)
        return {path: (stamp, sha256) for path, stamp, sha256 in rows}

    def keep_hashes(self, place: str, hashes: Mapping[str, tuple[str, str] | None]) -> None:
        """Keep the stamp and the SHA-256 of files of a place; None for a file that is gone."""
        with self._transaction():
            self._db.executemany(
                "DELETE FROM hashes WHERE place = ? AND path = ?", [(place, p) for p in hashes]
            )
            self._db.executemany(
                "INSERT INTO hashes VALUES (?, ?, ?, ?)",
                [(place, path, *kept) for path, kept in sorted(hashes.items()) if kept],
            )

    def try_to_send(self, run: int, channel: str, recipient: str) -> bool:
        """Record that an outward act begins; False where it is settled: done, refused, or unknown if done."""
        with self._transaction():
            before = self._db.execute(
                "SELECT state FROM sends WHERE run = ? AND channel = ? AND recipient = ?",
                (run, channel, recipient),
            ).fetchone()
            if before and before[0] != "trying":
                return False
            self._db.execute(
                "INSERT INTO sends VALUES (?, ?, ?, 'trying', 1, ?, '') ON CONFLICT DO UPDATE"
                " SET state = 'trying', tries = tries + 1, at = excluded.at, detail = ''",
                (run, channel, recipient, now()),
            )
        return True

    def last_step(self, run: int, channel: str, recipient: str, detail: str) -> bool:
        """Record that the step comes which cannot be taken back: until its end is recorded, it is unknown.

        False where another process has come to it first.
        """
        with self._told():
            done = self._db.execute(
                "UPDATE sends SET state = 'unknown', at = ?, detail = ?"
                " WHERE run = ? AND channel = ? AND recipient = ? AND state = 'trying'",
                (now(), detail, run, channel, recipient),
            )
        return done.rowcount == 1

    def sent(
        self,
        run: int,
        channel: str,
        recipient: str,
        state: Sent,
        detail: str = "",
        *,
        was: Sent | None = None,
    ) -> None:
        """Record what became of an outward act; only where it stands as `was`, if that is given."""
        with self._told():
            self._db.execute(
                "UPDATE sends SET state = ?, at = ?, detail = ?"
                " WHERE run = ? AND channel = ? AND recipient = ? AND ? IN ('', state)",
                (state, now(), detail, run, channel, recipient, was or ""),
            )

    def runs(self, recipe: str = "", *, last: int = 50) -> list[Run]:
        """Return the last runs, of all recipes or of one, the newest first."""
        rows = self._rows(
            "SELECT * FROM runs WHERE ? IN ('', recipe) ORDER BY id DESC LIMIT ?", recipe, last
        )
        return [_run(row) for row in rows]

    def run(self, number: int) -> Run | None:
        """Return a run by its number."""
        rows = self._rows("SELECT * FROM runs WHERE id = ?", number)
        return _run(rows[0]) if rows else None

    def last_made(self, recipe: str, part: str) -> Run | None:
        """Return the last run of a part of a recipe that ended well."""
        rows = self._rows(
            "SELECT * FROM runs WHERE recipe = ? AND part = ? AND state = 'made'"
            " ORDER BY id DESC LIMIT 1",
            recipe,
            part,
        )
        return _run(rows[0]) if rows else None

    def periods(self, recipe: str, part: str) -> list[str]:
        """Return the periods of which a part of a recipe has reports."""
        rows = self._rows(
            "SELECT DISTINCT period FROM runs WHERE recipe = ? AND part = ? AND state = 'made'",
            recipe,
            part,
        )
        return [period for (period,) in rows]

    def outputs(self, run: int) -> dict[str, str]:
        """Return the SHA-256 of each file of a run by its path in the folder."""
        return dict(self._rows("SELECT path, sha256 FROM outputs WHERE run = ? ORDER BY path", run))

    def sends(self, run: int) -> list[Send]:
        """Return the outward acts of a run."""
        rows = self._rows("SELECT * FROM sends WHERE run = ? ORDER BY channel, recipient", run)
        return [Send(*row) for row in rows]

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._told():
            return self._db.execute(query, values).fetchall()

    def _prepare(self) -> None:
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > len(_VERSIONS):
                raise WriteError(f"{self._path}: written by a later version of kit; update kit")
            if version < len(_VERSIONS):
                for statement in ";".join(_VERSIONS[version:]).split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {len(_VERSIONS)}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Do all of it or nothing; the write lock is taken at once, so that what was read still holds."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise WriteError(
                f"{self._path}: the ledger cannot be written or read: {error}"
            ) from error


def now() -> str:
    """Return the time in UTC, to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _run(row: Any) -> Run:
    values = dict(zip(Run.__dataclass_fields__, row, strict=True))
    return Run(**values | {"inputs": json.loads(values["inputs"])})
