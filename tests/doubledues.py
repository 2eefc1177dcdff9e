"""What is due is run by two processes at once, of which now and then one is killed.

``python tests/doubledues.py --most 50`` prints what was seen as one line of JSON. It is a process of its own
because it forks.
"""

import argparse
import datetime as dt
import fcntl
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import fakeruns

from kit import ledger, runs, schedule

REPORTS = Path("reports")
TOML = """[schedule]
cron = "0 7 * * *"
period = "day"
[mail]
to = ["a@example.org", "b@example.org"]
"""
FIRST = dt.datetime(2025, 1, 1, 7, tzinfo=dt.UTC)


def maker(seconds: float) -> Any:
    """Return what makes a report, which takes a while; two at work at once are an error."""

    def make(*given: Any) -> None:
        with Path("at-work").open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            time.sleep(seconds / 2)
            fakeruns.make(*given)
            time.sleep(seconds / 2)

    return make


def look(at: dt.datetime, post: fakeruns.Post, seconds: float = 0.0) -> str:
    """Run what is due as of a moment; tell what was done."""
    try:
        did = schedule.due(now=lambda: at, how=fakeruns.how(post, make=maker(seconds)))
    except BaseException as error:
        return f"{type(error).__name__}"
    wrong = [done for done in did if done.what not in ("run", "busy")]
    wrong += [done for done in did for o in done.outcomes if o.error or o.unsent]
    return f"{wrong}" if wrong else next((done.what for done in did), "nothing")


def double(most: int, post: fakeruns.Post) -> dict[str, Any]:
    """Let a day pass and two processes look, `most` times; return what they did and what went wrong."""
    draw = random.Random(7)
    fakeruns.stage(Path.cwd(), TOML)
    look(FIRST - dt.timedelta(hours=1), post)
    problems, ends = [], Counter[str]()
    for turn in range(most):
        Path("texts/a.txt").write_text(f"text {turn}", "utf-8")
        day = FIRST + dt.timedelta(days=turn)
        gate, told = os.pipe(), os.pipe()
        children = []
        for _ in range(2):
            child = os.fork()
            if not child:
                os.close(gate[1])
                os.read(gate[0], 1)  # until both are there
                answer = look(day + dt.timedelta(minutes=1), post, 0.7 if turn % 3 else 0.05)
                os.write(told[1], answer.encode() + b"\n")
                os._exit(0)
            children.append(child)
        os.close(gate[0])
        os.close(gate[1])
        if turn % 3 == 2:
            time.sleep(draw.uniform(0, 0.8))
            for child in children if turn % 6 == 5 else [draw.choice(children)]:
                os.kill(child, signal.SIGKILL)
                ends["killed"] += 1
        for child in children:
            os.waitpid(child, 0)
        os.close(told[1])
        with os.fdopen(told[0]) as answers:
            said = answers.read().split("\n")[:-1]
        ends.update(said)
        if turn % 3 == 2:
            ends[f"after a kill: {look(day + dt.timedelta(minutes=6), post)}"] += 1
        elif "run" not in said:
            problems.append(f"{turn}: {said}")
        problems += [f"{turn}: {one}" for one in said if one not in ("run", "busy", "nothing")]
        problems += _wrong(turn, day)
        if look(day + dt.timedelta(minutes=11), post) != "nothing":
            problems.append(f"{turn}: it was run once more")
    lines = Counter(post.lines())
    problems += [f"sent twice: {line}" for line, times in lines.items() if times > 1]
    with ledger.Ledger(REPORTS) as book:
        unknown = sum(s.state == "unknown" for r in book.runs(last=999) for s in book.sends(r.id))
    if not 2 * most - unknown <= len(lines) <= 2 * most:
        problems.append(f"{len(lines)} lines sent for {most} reports, {unknown} unknown")
    states = Counter(state for _, state in runs.history(REPORTS, last=999))
    return {"tried": most, "ends": ends, "interrupted": states["interrupted"], "problems": problems}


def _wrong(turn: int, day: dt.datetime) -> list[str]:
    """Tell what is not as it should be after the time of a day was run for."""
    found = []
    if fakeruns.shown(REPORTS / "weekly") != {"a.txt": f"text {turn}"}:
        found.append(f"{turn}: not the new report")
    due = schedule.text(day)
    with ledger.Ledger(REPORTS) as book:
        made = [r for r in book.runs(last=999) if r.due == due and r.state == "made"]
        claims = [c.due for c in book.dues("weekly", last=999, until="9999")]
    if len(made) != 1:
        found.append(f"{turn}: {len(made)} runs")
    if len(claims) != turn + 1 or claims[0] != due:
        found.append(f"{turn}: {len(claims)} times recorded")
    return found


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=50)
    given = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as work:
        os.chdir(work)
        said = double(given.most, fakeruns.Post(Path(work).resolve() / "box"))
        os.chdir("/")
    print(json.dumps(said))
    sys.exit(1 if said["problems"] else 0)


if __name__ == "__main__":
    main()
