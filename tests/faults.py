"""A disk that fails: each act of publishing in turn fails, is done by half, or is the process's last.

``python tests/faults.py --most 2000`` prints what was tried and what went wrong, as one line of JSON.
It is a process of its own because it forks, and because it puts its own functions in place of the system's.
"""

import argparse
import datetime as dt
import errno
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import fakereport

from kit import files, published
from kit import publish as publishing
from kit.errors import WriteError
from kit.recipe import Publish

ACTS = (
    "open",
    "write",
    "fsync",
    "close",
    "rename",
    "replace",
    "mkdir",
    "unlink",
    "rmdir",
    "listdir",
)
HOWS = ("ENOSPC", "EIO", "after", "kill", "half and kill")
Tree = dict[str, bytes]


class Disk:
    """The functions that write, of which the `at`-th call under a folder goes wrong in one way."""

    def __init__(self, root: Path, at: int = -1, how: str = "") -> None:
        self.root, self.at, self.how = os.fspath(root), at, how
        self.acts: list[str] = []
        self.struck = ""
        self._handles: set[int] = set()

    @contextmanager
    def __call__(self) -> Iterator["Disk"]:
        places = [(os, name) for name in ACTS] + [(io, "open"), (files, "_exchange")]
        real = [(owner, name, getattr(owner, name)) for owner, name in places]
        for owner, name, function in real:
            setattr(owner, name, self._instead(name, function))
        try:
            yield self
        finally:
            for owner, name, function in real:
                setattr(owner, name, function)

    def _ours(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
        if isinstance(given[0], int):
            return given[0] in self._handles
        return named.get("dir_fd") in self._handles or os.fspath(given[0]).startswith(self.root)

    def _instead(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*given: Any, **named: Any) -> Any:
            if not self._ours(given, named):
                return real(*given, **named)
            self.acts.append(name)
            if len(self.acts) == self.at:
                self.struck = name
                return self._strike(name, real, given, named)
            return self._do(name, real, given, named)

        return act

    def _do(self, name: str, real: Callable[..., Any], given: Any, named: Any) -> Any:
        if name == "fsync":
            return None  # the disk of the tests need not be waited for
        done = real(*given, **named)
        if name == "open" and isinstance(done, int):
            self._handles.add(done)
        elif name == "close":
            self._handles.discard(given[0])
        return done

    def _strike(self, name: str, real: Callable[..., Any], given: Any, named: Any) -> Any:
        if name == "write" and self.how != "kill":
            real(given[0], bytes(given[1])[: len(given[1]) // 2])
        if "kill" in self.how:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "close" or (self.how == "after" and name not in ("open", "write")):
            self._do(name, real, given, named)
        code = errno.ENOSPC if self.how == "ENOSPC" else errno.EIO
        path = [] if isinstance(given[0], int) else [os.fspath(given[0])]
        raise OSError(code, os.strerror(code), *path)


def tree(folder: Path) -> Tree:
    """Return all files of a folder but the lock."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != publishing.LOCK
    }


def seen(whole: Tree) -> Tree:
    """Return what stands under final names."""
    return {
        name: data for name, data in whole.items() if not any(p[0] == "." for p in name.split("/"))
    }


def settled(data: bytes) -> Any:
    """Return a manifest without the correction that it announces; bytes that are none as they are."""
    try:
        return json.loads(data) | {"replacing": None}
    except ValueError:
        return data


def announces(name: str, data: bytes) -> bool:
    """Whether a file is a manifest that tells of a correction under way."""
    return name.endswith(published.FILE) and bool(json.loads(data)["replacing"])


@dataclass(frozen=True)
class Scene:
    """What stands before, what is done, and whether the system can swap folders."""

    name: str
    before: Callable[[Path], None]
    act: Callable[[Path], object]
    swaps: bool = True


class Stage:
    """The reports, and the scenes in which they are published."""

    def __init__(self, folder: Path) -> None:

        def fake(place: Path, **given: str) -> Path:
            return place if place.is_dir() else fakereport.make(place, tables={}, **given)

        self.first = fake(folder / "first")
        self.second = fake(folder / "second", title="Ministers part", started="2025-02-03")
        self.mended = fake(folder / "mended", title="Ministers parted", started="2025-02-04")

    def put(self, folder: Path, report: Path, day: int, at: int, name: str = "weekly") -> None:
        publishing.publish(
            report,
            Publish(folder=os.fspath(folder), title="Desk", address="https://example.org/desk"),
            name,
            part="trade",
            date=dt.date(2025, 1, day),
            at=dt.datetime(2025, 2, at, 7, tzinfo=dt.UTC),
        )

    def one(self, folder: Path) -> None:
        self.put(folder, self.first, 20, 1)

    def two(self, folder: Path) -> None:
        self.one(folder)
        self.put(folder, self.first, 20, 1, "other")
        self.put(folder, self.second, 27, 2)

    def without(self, folder: Path) -> None:
        self.two(folder)
        shutil.rmtree(folder / "weekly" / "trade" / "2025-01-27")

    def correct(self, folder: Path) -> None:
        self.put(folder, self.mended, 27, 3)

    def refresh(self, folder: Path) -> None:
        publishing.refresh(folder, at=dt.datetime(2025, 2, 5, tzinfo=dt.UTC))

    def scenes(self) -> list[Scene]:
        return [
            Scene("the first report", lambda _: None, self.one),
            Scene("the next report", self.one, lambda f: self.put(f, self.second, 27, 2)),
            Scene("a correction", self.two, self.correct),
            Scene("a correction, no swapping", self.two, self.correct, swaps=False),
            Scene("one taken away", self.without, self.refresh),
        ]


def wrong(before: Tree, after: Tree, now: Tree, *, aside: bool = False) -> Iterator[str]:
    """Tell what of a folder is neither as it was before nor as it should be after.

    `aside`: a report may have been set aside, whole, when the process was killed.
    """
    shown = seen(now)
    for name, data in shown.items():
        if name.endswith(published.FILE):
            if settled(data) not in [settled(t[name]) for t in (before, after) if name in t]:
                yield f"{name} is neither old nor new"
        elif data not in (before.get(name), after.get(name)):
            yield f"{name} is neither old nor new ({len(data)} bytes)"
    for folder in {
        n.rpartition("/")[0] for t in (before, after) for n in t if n.endswith("run.json")
    }:
        own, old, new = (
            {n: d for n, d in t.items() if n.startswith(f"{folder}/")}
            for t in (shown, before, after)
        )
        above, _, last = folder.rpartition("/")
        place = f"{above}/.{last}.old/"
        kept = {n.replace(place, f"{folder}/"): d for n, d in now.items() if n.startswith(place)}
        if own not in (old, new) and not (aside and not own and kept in (old, new)):
            yield f"{folder} is neither the old report nor the new one"
    for name in before:
        if name in after and name not in shown and not any(
            name.startswith(n.rpartition("/")[0]) for n in before if n.endswith("run.json")
        ):  # fmt: skip
            yield f"{name} is gone"
    for name, data in shown.items():
        if name.endswith(published.FILE):
            yield from untrue(name, data, shown)


def untrue(name: str, data: bytes, shown: Tree) -> Iterator[str]:
    """Tell which report of a manifest does not stand as it says, nor as it announces."""
    if settled(data) == data:
        return
    manifest = json.loads(data)
    for entry in manifest["reports"]:
        own = {n.removeprefix(f"{entry['folder']}/"): hashlib.sha256(d).hexdigest()
               for n, d in shown.items() if n.startswith(f"{entry['folder']}/")}  # fmt: skip
        said = [{f: e["files"][f]["sha256"] for f in e["files"]}
                for e in (entry, manifest["replacing"]) if e]  # fmt: skip
        if own and own not in said:
            yield f"{name} tells of other files than stand in {entry['folder']}"


def play(scene: Scene, start: Path, place: Path, at: int, how: str) -> tuple[Disk, str]:
    """Do the act of a scene on a disk that fails once; return the disk, and the error that was told.

    The error of a killed process is "killed".
    """
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(start, place)
    disk = Disk(place, at, how)
    if "kill" not in how:
        return disk, _told(scene, place, disk)
    child = os.fork()
    if not child:
        code = 1
        try:
            code = 2 if _told(scene, place, disk) else 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return disk, "killed"
    return disk, "" if status == 0 else "an error where a kill was due"


def _told(scene: Scene, place: Path, disk: Disk) -> str:
    exchange = files._exchange
    if not scene.swaps:
        files._exchange = lambda *_: False
    try:
        with disk():
            scene.act(place)
    except WriteError as error:
        return str(error)
    finally:
        files._exchange = exchange
    return ""


def sweep(work: Path, most: int, hows: tuple[str, ...]) -> dict[str, Any]:
    """Make each act of each scene go wrong, `most` of them spread evenly; return what was seen."""
    stage = Stage(work)
    cases: dict[str, list[tuple[Scene, Path, Tree, Tree, int, str]]] = {}
    for number, scene in enumerate(stage.scenes()):
        start = work / f"start-{number}"
        start.mkdir()
        scene.before(start)
        disk, told = play(scene, start, work / "place", -1, "")
        assert not told, told
        before, after = tree(start), tree(work / "place")
        for at, name in enumerate(disk.acts, start=1):
            cases.setdefault(name, []).extend(
                (scene, start, before, after, at, how) for how in hows
            )
    for those in cases.values():
        random.Random(7).shuffle(those)  # the same ones each time
    # each kind of act in turn, so that a few cases have the rare ones too
    drawn = [case for turn in zip_longest(*cases.values()) for case in turn if case]
    problems: list[str] = []
    acts: Counter[str] = Counter()
    for scene, start, before, after, at, how in drawn[:most]:
        place = work / "place"
        disk, told = play(scene, start, place, at, how)
        acts[disk.struck or how] += 1
        now = tree(place)
        killed = told == "killed"
        found = list(wrong(before, after, now, aside=killed and not scene.swaps))
        if not told and seen(now) != seen(after):
            found.append("nothing was told, and it is not done")
        if told and not killed and os.fspath(work) not in told:
            found.append(f"no file is named: {told}")
        try:
            if (
                at % 2 and before
            ):  # something else may come first: it settles what was left half done
                stage.refresh(place)
                now = tree(place)
                found += [f"then {what}" for what in wrong(before, after, now)]
                found += [f"then {name} announces" for name in now if announces(name, now[name])]
            scene.act(place)
        except WriteError as error:
            found.append(f"then {error}")
        again = tree(place)
        found += [f"afterwards {n} differs" for n in after if again.get(n) != after[n]]
        found += [f"afterwards {n} is left over" for n in again if n not in after]
        problems += [f"{scene.name}, act {at} ({disk.struck}), {how}: {what}" for what in found[:3]]
    return {
        "possible": len(drawn),
        "tried": min(most, len(drawn)),
        "acts": acts,
        "problems": problems,
    }


CALLS = "openat,write,fsync,close,rename,renameat,renameat2,mkdir,unlink,unlinkat,rmdir"


def traced(work: Path, most: int) -> dict[str, Any]:
    """Do the same to a process of its own with strace, which lets the system's own calls go wrong."""
    scene = Stage(work).scenes()[2]
    start, place, log = work / "start", work / "place", work / "trace"
    start.mkdir()
    scene.before(start)
    act = [sys.executable, __file__, "--act", os.fspath(work)]

    def run(*options: str) -> tuple[int, str]:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(start, place)
        command = ["strace", "-f", "-y", "-qq", "-o", os.fspath(log), *options, *act]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        return done.returncode, done.stdout

    run("-e", f"trace={CALLS}")
    before, after = tree(start), tree(place)
    counts: Counter[str] = Counter()
    cases: dict[str, list[tuple[str, int, str]]] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        call = line.split(None, 1)[1].partition("(")[0]
        counts[call] += 1
        if os.fspath(place) in line and call in CALLS.split(","):
            cases.setdefault(call, []).extend(
                (call, counts[call], how) for how in ("error=ENOSPC", "error=EIO", "signal=SIGKILL")
            )
    for those in cases.values():
        random.Random(7).shuffle(those)
    drawn = [case for turn in zip_longest(*cases.values()) for case in turn if case]
    problems: list[str] = []
    for call, at, how in drawn[:most]:
        code, told = run("-e", f"trace={call}", "-e", f"inject={call}:{how}:when={at}")
        found = list(wrong(before, after, tree(place)))
        if not code and seen(tree(place)) != seen(after):
            found.append(f"nothing was told, and it is not done: {told}")
        scene.act(place)
        found += [f"afterwards {n} differs" for n in after if tree(place).get(n) != after[n]]
        problems += [f"{call} {at}, {how}, code {code}: {what}" for what in found[:3]]
    tried = min(most, len(drawn))
    return {"possible": len(drawn), "tried": tried, "acts": Counter(c[0] for c in drawn[:most]),
            "problems": problems}  # fmt: skip


def main() -> None:
    """Sweep as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=2000)
    parser.add_argument("--hows", nargs="+", choices=HOWS, default=HOWS)
    parser.add_argument("--strace", action="store_true", help="with strace, in one scene")
    parser.add_argument(
        "--act", type=Path, help="publish in this folder and end: what strace is put on"
    )
    given = parser.parse_args()
    if given.act:
        try:
            Stage(given.act).scenes()[2].act(given.act / "place")
        except WriteError as error:
            print(error)
            sys.exit(error.exit_code)
        return
    memory = (
        "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    )  # many small files, thousands of times
    with tempfile.TemporaryDirectory(dir=memory) as work:
        place = Path(work).resolve()
        said = (
            traced(place, given.most)
            if given.strace
            else sweep(place, given.most, tuple(given.hows))
        )
    print(json.dumps(said))
    sys.exit(1 if said["problems"] else 0)


if __name__ == "__main__":
    main()
