"""Runs on a disk that fails: each act of a run, of the ledger's too, fails in turn or is its process's last.

``python tests/runfaults.py sweep --most 2000`` and ``python tests/runfaults.py double --most 50`` print what
was tried and what went wrong, as one line of JSON. It is a process of its own because it forks.
"""

import argparse
import errno
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import fakeruns

from kit import files, ledger, recipe, run, runs
from kit.errors import BusyError, KitError

ACTS = "open write fsync close rename replace mkdir unlink rmdir listdir".split()
HOWS = ("ENOSPC", "EIO", "kill", "after", "half and kill")
MAIL = '[mail]\nto = ["a@example.org", "b@example.org"]\n'
REPORTS = Path("reports")


class Disk:
    """What writes below a folder, and the statements of the ledger, of which the `at`-th goes wrong."""

    def __init__(self, root: Path, at: int, how: str) -> None:
        self.root, self.at, self.how = os.fspath(root), at, how
        self.acts: list[str] = []
        self.struck = ""
        self._handles: set[int] = set()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        places = [(os, name) for name in ACTS] + [(io, "open"), (files, "_exchange")]
        real = [(owner, name, getattr(owner, name)) for owner, name in places]
        connect = sqlite3.connect
        for owner, name, function in real:
            setattr(owner, name, self._instead(name, function))
        ledger.sqlite3.connect = lambda *g, **n: _Database(self, connect(*g, **n))
        try:
            yield
        finally:
            ledger.sqlite3.connect = connect
            for owner, name, function in real:
                setattr(owner, name, function)

    def _instead(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*given: Any, **named: Any) -> Any:
            ours = named.get("dir_fd") in self._handles or (
                given[0] in self._handles
                if isinstance(given[0], int)
                else os.fspath(Path.cwd() / os.fspath(given[0])).startswith(self.root)
            )
            if not ours:
                return real(*given, **named)
            half = name == "write" and (lambda: real(given[0], given[1][: len(given[1]) // 2]))
            path = [] if isinstance(given[0], int) else [os.fspath(given[0])]
            code = errno.ENOSPC if self.how == "ENOSPC" else errno.EIO
            error = OSError(code, os.strerror(code), *path)
            done = self.strike(name, lambda: real(*given, **named), half or None, error)
            if name == "open" and isinstance(done, int):
                self._handles.add(done)
            elif name == "close":
                self._handles.discard(given[0])
            return done

        return act

    def strike(self, name: str, real: Any, half: Any, error: Exception) -> Any:
        """Do an act, or let it go wrong where it is its turn."""
        self.acts.append(name)
        if len(self.acts) != self.at:
            return (
                None if name == "fsync" else real()
            )  # the disk of the tests need not be waited for
        self.struck = name
        if half and "half" in self.how:
            half()
        elif name == "close" or (self.how in ("after", "half and kill") and name != "open"):
            real()
        if "kill" in self.how:
            os.kill(os.getpid(), signal.SIGKILL)
        raise error


class _Database:
    """A connection of which each statement is an act of the disk."""

    def __init__(self, disk: Disk, real: sqlite3.Connection) -> None:
        self._disk, self._real = disk, real

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if not name.startswith("execute"):
            return real
        error = sqlite3.OperationalError("database or disk is full")
        return lambda *given: self._disk.strike("database", lambda: real(*given), None, error)


@dataclass(frozen=True)
class Scene:
    """What a run finds: whether a report of an older text stands, and how many reports it makes."""

    name: str
    stands: bool
    matrix: str = ""

    @property
    def parts(self) -> list[Path]:
        """The folders of the reports."""
        return [REPORTS / "weekly" / name for name in (("1", "2") if self.matrix else ("",))]


SCENES = (
    Scene("the first run", stands=False),
    Scene("a new text", stands=True),
    Scene("two reports", stands=True, matrix="[matrix]\ntop = [1, 2]\n"),
)
OLD, NEW = {"a.txt": "old"}, {"a.txt": "new"}


def begin(scene: Scene, place: Path) -> fakeruns.Post:
    """Set a scene in a new folder."""
    post = fakeruns.Post(place / "box")
    made_of = fakeruns.stage(place, MAIL + scene.matrix, "old")
    if scene.stands:
        runs.run(made_of, how=fakeruns.how(post))
    Path("texts/a.txt").write_text("new", "utf-8")
    return post


def act(post: fakeruns.Post) -> list[runs.Outcome]:
    """Run the recipe of the current folder."""
    return runs.run(recipe.read(REPORTS / "weekly.toml"), how=fakeruns.how(post))


def play(scene: Scene, start: Path, place: Path, at: int, how: str) -> tuple[Disk, str]:
    """Run on a disk that fails once; return it, and what came of it."""
    os.chdir("/")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(start, place)
    os.chdir(place)
    disk = Disk(place / "reports", at, how)
    post = fakeruns.Post(place / "box")
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            said = _told(disk, post)
            os.write(write, json.dumps([said, disk.acts, disk.struck]).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answers:
        answer = answers.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return disk, "killed"
    if not answer:
        return disk, "an error that is none of kit's"
    said, disk.acts, disk.struck = json.loads(answer)
    return disk, said


def _told(disk: Disk, post: fakeruns.Post) -> str:
    try:
        with disk():
            outcomes = act(post)
    except KitError as error:
        return f"raised {error}"
    return "; ".join(f"failed {o.error}" for o in outcomes if o.error)


def wrong(scene: Scene, told: str, post: fakeruns.Post) -> Iterator[str]:
    """Tell what is not as it should be after a fault, and after the run that follows."""
    if told.startswith("an error"):
        yield told
    for part in scene.parts:
        if part.exists() or scene.stands:
            try:
                run.verified(part)
            except KitError as error:
                yield f"after the fault: {error}"
        if fakeruns.shown(part) not in (OLD, NEW) and scene.stands:
            yield f"{part} is neither old nor new"
    states = {state for _, state in runs.history(REPORTS)}
    if not states <= {"made", "failed", "interrupted"}:
        yield f"states {states}"
    sent = Counter(post.lines())
    with ledger.Ledger(REPORTS) as book:
        for one in book.runs():
            if one.state != "made" and any(s.state != "trying" for s in book.sends(one.id)):
                yield f"run {one.id} is {one.state}, and was sent"
    yield from (f"sent twice: {line}" for line, n in sent.items() if n > len(scene.parts))
    outcomes = act(post)
    if any(o.error or o.unsent for o in outcomes):
        yield f"the next run failed: {outcomes}"
    for part in scene.parts:
        run.verified(part)
        if fakeruns.shown(part) != NEW:
            yield f"{part} is not new after the next run"
    again = act(post)
    if [o.state for o in again] != ["unchanged"] * len(again):
        yield f"once more: {again}"
    yield from _sent(scene, post)
    left = [p for p in REPORTS.rglob(".*") if p.name.endswith((".new", ".old"))]
    yield from (f"left over: {p}" for p in left)


def _sent(scene: Scene, post: fakeruns.Post) -> Iterator[str]:
    """Tell who did not get the new report once, but for what the ledger knows that nobody can know."""
    got = Counter(post.lines())
    with ledger.Ledger(REPORTS) as book:
        last = [book.last_made("weekly", part.name if scene.matrix else "") for part in scene.parts]
        unknown = Counter(
            s.recipient for r in book.runs() for s in book.sends(r.id) if s.state == "unknown"
        )
        if any(s.state == "trying" for r in last if r for s in book.sends(r.id)):
            yield "somebody is still waiting for the report"
    for who in ("a@example.org", "b@example.org"):
        times = got[json.dumps([who, NEW])]
        if times > len(scene.parts):
            yield f"{who} got it {times} times"
        if times < len(scene.parts) - unknown[who]:
            yield f"{who} was forgotten"


def sweep(work: Path, most: int) -> dict[str, Any]:
    """Make each act of each scene go wrong, `most` of them spread evenly; return what was seen."""
    cases: dict[str, list[tuple[Scene, Path, int, str]]] = {}
    for number, scene in enumerate(SCENES):
        start = work / f"start-{number}"
        start.mkdir()
        begin(scene, start)
        disk, told = play(scene, start, work / "place", -1, "")
        assert not told, told
        for at, name in enumerate(disk.acts, start=1):
            cases.setdefault(name, []).extend((scene, start, at, how) for how in HOWS)
    for those in cases.values():
        random.Random(7).shuffle(those)  # the same ones each time
    drawn = [case for turn in zip_longest(*cases.values()) for case in turn if case]
    problems: list[str] = []
    ends: Counter[str] = Counter()
    for scene, start, at, how in drawn[:most]:
        disk, told = play(scene, start, work / "place", at, how)
        ends[told.partition(" ")[0] or "made"] += 1
        post = fakeruns.Post(work / "place" / "box")
        found = list(wrong(scene, told, post))
        problems += [f"{scene.name}, act {at} ({disk.struck}), {how}: {what}" for what in found[:3]]
    return {
        "possible": len(drawn),
        "tried": min(most, len(drawn)),
        "ends": ends,
        "problems": problems,
    }


def double(work: Path, most: int) -> dict[str, Any]:
    """Start a recipe twice at once, `most` times; return how many reports were made by how many at a time."""
    os.chdir(work)
    problems = []
    made_of = fakeruns.stage(work, MAIL)
    post = fakeruns.Post(work / "box")
    ends: Counter[str] = Counter()
    for turn in range(most):
        Path("texts/a.txt").write_text(f"text {turn}", "utf-8")
        gate, ends_read = os.pipe(), os.pipe()
        children = []
        for _ in range(2):
            child = os.fork()
            if not child:
                os.close(gate[1])
                os.read(gate[0], 1)  # until both are there
                os.write(ends_read[1], (_start(made_of, post, turn) + "\n").encode())
                os._exit(0)
            children.append(child)
        os.close(gate[0])
        os.close(gate[1])
        for child in children:
            os.waitpid(child, 0)
        os.close(ends_read[1])
        with os.fdopen(ends_read[0]) as answers:
            said = answers.read().split()
        ends.update(said)
        if sorted(said) not in (["busy", "made"], ["made", "unchanged"], ["made", "taken"]):
            problems.append(f"{turn}: {said}")
        if fakeruns.shown(REPORTS / "weekly") != {"a.txt": f"text {turn}"}:
            problems.append(f"{turn}: not the new report")
    if (lines := Counter(post.lines())) and max(lines.values()) > 1:
        problems.append(f"sent twice: {lines.most_common(1)}")
    if len(post.lines()) != 2 * most:
        problems.append(f"{len(post.lines())} lines sent for {most} reports")
    return {"tried": most, "ends": ends, "problems": problems}


def _start(made_of: recipe.Recipe, post: fakeruns.Post, turn: int) -> str:
    def make(*given: Any) -> None:
        mark = os.open("at-work", os.O_CREAT | os.O_EXCL)  # two at work: an error
        fakeruns.make(*given)
        time.sleep(0.01 if turn % 5 else 0.5)
        os.close(mark)
        Path("at-work").unlink()

    due = runs.dt.datetime(2025, 1, 1, tzinfo=runs.dt.UTC) + runs.dt.timedelta(hours=turn)
    try:
        outcomes = runs.run(
            made_of,
            due=due if turn % 2 else None,
            wait=turn % 3 == 0,
            how=fakeruns.how(post, make=make),
        )
    except BusyError:
        return "busy"
    except BaseException as error:
        return f"{type(error).__name__}"
    return outcomes[0].state if outcomes else "taken"


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("sweep", "double"))
    parser.add_argument("--most", type=int, default=2000)
    given = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as work:
        do = {"sweep": sweep, "double": double}[given.what]
        said = do(Path(work).resolve(), given.most)
        os.chdir("/")
    print(json.dumps(said))
    sys.exit(1 if said["problems"] else 0)


if __name__ == "__main__":
    main()
