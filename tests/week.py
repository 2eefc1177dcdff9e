"""A week of a desk: texts come, reports are made and sent; the disk, a kernel, the mail and `kit due` fail.

``python tests/week.py`` lets it pass in a folder that goes afterwards, and prints what is there in the end as
one line of JSON; where something is not as a reader would want it, it ends with an AssertionError. All of it
is real (notebooks, kernels, pages, mails to a server of this machine) but the clock, which is an argument of
`kit due`. Where the system lets it have one, the week has a small disk of its own, which is filled up.
"""

import contextlib
import csv
import email
import email.policy
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import atom
import fakeruns
import psutil
from bs4 import BeautifulSoup
from lxml import etree
from mailserver import Fault, Server, serving
from processes import marked, wait

from kit import run, site

PROJECT = Path(__file__).parent.parent
REPORTS, OUT = Path("reports"), Path("out")
ADDRESS = "https://example.org/desk/"
DESK = ("a@example.org", "b@example.org", "c@example.org")
OWNER = "owner@example.org"
DISK = 64  # megabytes of the disk
ROOM = 120_000  # bytes: enough for the ledger, not for the report of the long text
PATIENCE = 120  # seconds for what takes two on a machine with nothing else to do
# A notebook of the desk's own, in which a run can be held: it stands for one that takes long.
HELD = """import os, pathlib, time
while pathlib.Path("hold").exists():
    pathlib.Path(f"held-{os.getpid()}").touch()
    time.sleep(0.02)"""
COMMON = """
[publish]
folder = "out"
title = "Ministry desk"
address = "https://example.org/desk"
[mail]
to = ["desk"]
groups.desk = ["a@example.org", "b@example.org", "c@example.org"]
sender = "readout@example.org"
subject = "{title}"
host = "127.0.0.1"
port = PORT
security = "none"
owner = "owner@example.org"
attach = "FORMAT"
[hook]
command = ["/bin/sh", "-c", "echo $READOUT_RECIPE $READOUT_PERIOD $READOUT_RUN $0 >> hooked"]
"""
DAILY = """title = "The day {period}"
source = "texts"
notebooks = ["texts", "desk.ipynb"]
formats = ["html"]
[schedule]
cron = "0 5 * * *"
zone = "Europe/Berlin"
period = "day"
catch_up = "all"
"""
WEEKLY = """title = "The week {period}"
source = "texts"
notebooks = ["brief", "texts"]
[schedule]
cron = "30 6 * * 1"
zone = "Europe/Berlin"
period = "week"
"""

FAILED = "daily: due Thu 2025-01-09 05:00 CET: failed"
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """Return the files of a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


class Week:
    """The folder that the desk works in, what it was told so far, and what must have gone out by now."""

    def __init__(self, box: Server, own_disk: bool) -> None:
        self.box, self.own_disk = box, own_disk
        self.mark = os.environ["READOUT_TEST"]
        self.tmp = Path(os.environ["TMPDIR"])
        self.gone_out: list[tuple[str, str]] = []  # recipe and period, in this order
        self.notices = 0
        self.ids: dict[tuple[str, str], str] = {}

    def arrives(self, day: str, name: str, *sentences: str) -> None:
        """Let a text of a day arrive, or one that is there be corrected."""
        title = name.capitalize().replace("-", " ")
        Path("texts", f"{day}-{name}.txt").write_text("\n\n".join([title, *sentences]), "utf-8")

    def kit(self, *words: str, room: int | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a command of kit; `room` is what the disk has left meanwhile."""
        with self.full(room) as limit:
            process = self.begin(*words, limit=limit)
            out, err = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def begin(self, *words: str, limit: int | None = None) -> "subprocess.Popen[str]":
        """Start a command of kit."""

        def limited() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [sys.executable, "-m", "kit.cli", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=limited,  # noqa: PLW1509 (no thread of ours holds a lock that it needs)
            text=True,
        )

    def due(self, at: str, says: str = "nothing is due", code: int = 0, **more: Any) -> str:
        """Call `kit due` as of a time in Berlin; it must say this and end so."""
        done = self.kit("due", "--at", f"2025-01-{at}+01:00", **more)
        said = done.stdout + done.stderr
        assert says in said, (at, said)
        assert done.returncode == code, (at, done.returncode, said)
        return said

    @contextlib.contextmanager
    def full(self, room: int | None) -> Iterator[int | None]:
        """Fill the disk but for some bytes; where it is shared, give a limit of the size of files instead."""
        if room is None or not self.own_disk:
            yield room
            return
        ballast = Path("ballast")
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            os.truncate(ballast, ballast.stat().st_size - room)
            assert os.statvfs(".").f_bavail * os.statvfs(".").f_frsize <= room + 4096
            yield None
        finally:
            ballast.unlink()

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Let a run that makes the daily report wait in the cell of the desk's own notebook."""
        Path("hold").touch()
        try:
            yield
        finally:
            Path("hold").unlink(missing_ok=True)
            for mark in Path.cwd().glob("held-*"):
                mark.unlink()

    def held(self, process: "subprocess.Popen[str]") -> psutil.Process:
        """Wait for the kernel that is held, a descendant of a process, and return it."""
        assert wait(lambda: list(Path.cwd().glob("held-*")), PATIENCE), process.poll()
        kernel = psutil.Process(int(next(Path.cwd().glob("held-*")).name.removeprefix("held-")))
        assert process.pid in [p.pid for p in kernel.parents()]
        return kernel

    def runs(self, name: str = "daily") -> list[dict[str, Any]]:
        """Return what `kit runs` says, the newest first."""
        found: list[dict[str, Any]] = json.loads(self.kit("runs", name, "--json").stdout)
        return found

    def shown(self, number: int) -> dict[str, Any]:
        """Return what `kit runs show` says."""
        found: dict[str, Any] = json.loads(self.kit("runs", "show", str(number), "--json").stdout)
        return found

    def schedule(self, at: str) -> dict[str, dict[str, Any]]:
        """Return what `kit schedule` says as of a time in Berlin, by recipe."""
        said = self.kit("schedule", "--json", "--at", f"2025-01-{at}+01:00").stdout
        return {one["recipe"]: one for one in json.loads(said)}

    # ---- what must hold at any moment

    def went_out(self, *reports: tuple[str, str]) -> None:
        """Look that these reports went out since the last look, and nothing else."""
        self.gone_out += reports
        self.check_mails()
        self.check_hook()
        self.check_folder()

    def mails(self) -> list[tuple[str, str]]:
        """Return to whom a mail went, and its subject, in order."""
        found = []
        for to, content in self.box.taken:
            mail = email.message_from_bytes(content, policy=email.policy.default)
            assert mail["To"] == to, mail["To"]
            found.append((to, str(mail["Subject"])))
        return found

    def check_mails(self) -> None:
        """Look that each of the desk has each report once, and the owner what failed."""
        titles = [f"The {'day' if n == 'daily' else 'week'} {p}" for n, p in self.gone_out]
        wanted = [(to, title) for title in titles for to in DESK]
        wanted += [(OWNER, "daily failed")] * self.notices
        assert Counter(self.mails()) == Counter(wanted), self.mails()
        ids = {email.message_from_bytes(content)["Message-ID"] for _, content in self.box.taken}
        assert len(ids) == len(wanted)

    def check_hook(self) -> None:
        lines = Path("hooked").read_text().splitlines() if Path("hooked").exists() else []
        said = [tuple(line.split()) for line in lines]
        assert [(name, period) for name, period, _, _ in said] == self.gone_out, said
        assert all(path == f"out/{name}/manifest.json" for name, _, _, path in said)
        assert len({number for _, _, number, _ in said}) == len(said)

    def manifests(self) -> dict[str, Any]:
        found = {p.parent.name: json.loads(p.read_text()) for p in OUT.glob("*/manifest.json")}
        assert all(m["replacing"] is None for m in found.values())
        return found

    def check_folder(self) -> None:
        """Look that each report is published once, whole, under the id that it always had."""
        entries = [(n, e) for n, m in self.manifests().items() for e in m["reports"]]
        periods = Counter((name, entry["period"]) for name, entry in entries)
        assert periods == Counter(dict.fromkeys(self.gone_out, 1)), periods
        for name, entry in entries:
            key = (name, entry["period"])
            assert self.ids.setdefault(key, entry["id"]) == entry["id"]
            stands = {
                path: hashlib.sha256(data).hexdigest()
                for path, data in tree(OUT / entry["folder"]).items()
            }
            assert stands == {path: file["sha256"] for path, file in entry["files"].items()}
            if name == "daily":
                check_texts(OUT / entry["folder"], entry["period"])
            record = json.loads((OUT / entry["folder"] / "run.json").read_text())
            assert (record["run"], record["period"]) == (entry["run"], entry["period"])
        assert len(set(self.ids.values())) == len(self.ids)
        folders = [entry["folder"] for _, entry in entries]
        for name, manifest in self.manifests().items():
            dates = [entry["date"] for entry in manifest["reports"]]
            assert dates == sorted(dates, reverse=True)
            latest = OUT / manifest["reports"][0]["folder"]
            assert tree(OUT / name / "latest") == tree(latest)
            own = [e["folder"] for n, e in entries if n == name]
            check_page(OUT / name / "index.html", own)
            check_feed(OUT / name / "feed.xml", [e["id"] for n, e in entries if n == name])
        if entries:
            newest = [
                e["folder"]
                for m in self.manifests().values()
                for e in m["reports"][: site.EARLIER + 1]
            ]
            check_page(OUT / "index.html", newest)
            check_page(OUT / "search.html", [])
            check_feed(OUT / "feed.xml", [entry["id"] for _, entry in entries])
            listed = (OUT / "search-index.js").read_text("utf-8")
            assert all(listed.count(f"{folder}/report.html") == 1 for folder in folders)

    def nothing_left(self) -> None:
        """Look that nobody is at work and nothing half made is left anywhere."""
        assert wait(lambda: not marked(self.mark), 20), marked(self.mark)
        names = list(Path.cwd().rglob(".*"))
        allowed = {".ledger.db", ".locks", ".failed", ".readout.lock"}
        assert {p.name for p in names} <= allowed, names
        for place in self.tmp.iterdir():
            place.rmdir()  # an empty one of a process that was killed, and nothing else


def check_texts(report: Path, day: str) -> None:
    """Look that a daily report was made of all texts up to its day, and left out later ones alone."""
    names = {path.name for path in Path("texts").iterdir()}
    for file, column, wanted in (
        ("texts-texts.csv", "source", {name for name in names if name[:10] <= day}),
        ("texts-left-out.csv", "file", {name for name in names if name[:10] > day}),
    ):
        with (report / "data" / file).open(encoding="utf-8-sig", newline="") as rows:
            said = {row[column] for row in csv.DictReader(rows)}
        assert said <= wanted, (report, said)
        assert said == wanted or file == "texts-left-out.csv"  # some came afterwards


def check_page(page: Path, reports: list[str]) -> None:
    """Look that a page of the site lists each of these reports once, and that all it leads to is there."""
    soup = BeautifulSoup(page.read_bytes(), "lxml")
    found: Counter[Path] = Counter()
    for link in soup.find_all(["a", "link", "script"]):
        href = str(link.get("href") or link.get("src") or "")
        path = urllib.parse.unquote(urllib.parse.urlsplit(href).path)
        if path and not href.startswith("https://"):
            target = (page.parent / path).resolve()
            assert target.exists(), (page, href)
            found[target] += (
                link.find_parent(["h3", "li"]) is not None
            )  # the page and PDF stand below
    pages = Counter((OUT / folder / "report.html").resolve() for folder in reports)
    listed = Counter({path: n for path, n in found.items() if path.name == "report.html" and n})
    assert listed == pages, (page, listed)


def check_feed(path: Path, ids: list[str]) -> None:
    """Look that a feed is valid, and has these entries, which lead to what is there."""
    data = path.read_bytes()
    assert atom.problems(data) == []
    entries = etree.fromstring(data).findall(f"{atom.ATOM}entry")
    assert Counter(e.findtext(f"{atom.ATOM}id") for e in entries) == Counter(ids)
    for entry in entries:
        for link in entry.findall(f"{atom.ATOM}link"):
            place = urllib.parse.unquote(link.get("href").removeprefix(ADDRESS))
            assert (OUT / place).is_file(), link.get("href")


# ---- the days


def begin(week: Week) -> None:
    """Set up on Monday the 6th, after the time at which reports are due."""
    for name in ("texts", "reports"):
        Path(name).mkdir()
    fakeruns.notebook(Path("desk.ipynb"), code=HELD)
    for name, recipe, form in (("daily", DAILY, "html"), ("weekly", WEEKLY, "pdf")):
        more = COMMON.replace("PORT", str(week.box.port)).replace("FORMAT", form)
        (REPORTS / f"{name}.toml").write_text(recipe + more, "utf-8")
    week.arrives("2024-12-30", "before", "The ministry calls for an early end of the conflict.")
    assert week.kit("check").returncode == 0
    week.due("06T07:00")
    week.arrives("2025-01-06", "trade", "Win-win cooperation is the only right choice.")
    week.arrives("2025-01-06", "talks", "The two sides held candid talks.", "They agreed to go on.")
    week.due("06T23:00")


def tuesday(week: Week) -> None:
    """A day on which all goes well; `kit due` is called several times."""
    week.due("07T04:55")
    week.went_out()
    week.due("07T05:05", "daily: due Tue 2025-01-07 05:00 CET: made of 2025-01-06, run 1")
    week.went_out(("daily", "2025-01-06"))
    for at in ("05:10", "05:15", "12:00", "23:55"):
        week.due(f"07T{at}")
    week.arrives("2025-01-07", "visit", "The minister will visit in spring.")


def wednesday(week: Week) -> None:
    """Two processes look at once."""
    with week.hold():
        both = [week.begin("due", "--at", "2025-01-08T05:05+01:00") for _ in range(2)]
        assert wait(lambda: any(p.poll() is not None for p in both), PATIENCE)
        (first,) = [p for p in both if p.poll() is not None]
        (other,) = [p for p in both if p is not first]
        said = "".join(first.communicate())
        assert (first.returncode, "is being made" in said or "at work" in said) == (0, True), said
        week.held(other)
        assert week.runs()[0]["state"] == "running"
        assert week.schedule("08T05:06")["daily"]["state"] == "running"
        week.due("08T05:06", "daily: ")
        week.went_out()
    out, err = other.communicate(timeout=PATIENCE)
    assert "made of 2025-01-07, run 2" in out, (out, err)
    week.went_out(("daily", "2025-01-07"))
    week.due("08T05:10")
    long = [f"Paragraph {n} speaks of peace, trade and the rule of law." for n in range(4000)]
    week.arrives("2025-01-08", "address", *long)


def thursday(week: Week) -> None:
    """The disk is full: first but for some room, in which the ledger can be written, then wholly."""
    before, stood = tree(OUT), run.verified(REPORTS / "daily")
    whole = "cannot be written (No space left on device). What stands under reports/daily is whole"
    said = week.due("09T05:05", FAILED, 7, room=ROOM)
    assert (whole if week.own_disk else "File too large") in said, said
    assert "The report of run 2 stands: reports/daily" in said, said
    week.notices += 1
    no_text_is_left_out, no_ledger = "txt: no room to read it", "the ledger cannot be written"
    for at, room, temporary, says in (
        ("05:10", ROOM, Path.cwd(), no_text_is_left_out),
        ("05:20", 0, week.tmp, no_ledger),
    ):
        os.environ["TMPDIR"] = str(temporary)
        week.due(f"09T{at}", says, 7, room=room)
        week.went_out()
        assert (tree(OUT), run.verified(REPORTS / "daily")) == (before, stood)
    ours = week.schedule("09T05:30")["daily"]
    assert (ours["state"], ours["missed"]) == ("failed, will be tried again", [])
    assert [r["state"] for r in week.runs()] == ["failed", "failed", "made", "made"]
    week.due("09T05:40", "made of 2025-01-08, run 5")
    week.went_out(("daily", "2025-01-08"))
    assert week.schedule("09T05:41")["daily"]["state"] == "made"
    week.due("09T05:45")


def friday(week: Week) -> None:
    """A kernel dies amid a cell; of the day before there is no text."""
    with week.hold():
        process = week.begin("due", "--at", "2025-01-10T05:05+01:00")
        week.held(process).kill()
        assert wait(lambda: week.runs()[0]["tries"] == 2, PATIENCE)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "made of 2025-01-09, run 6" in out) == (0, True), (out, err)
    week.went_out(("daily", "2025-01-09"))
    week.due("10T05:10")
    week.arrives("2025-01-10", "aid", "Aid is under way.", "More will follow.")
    week.arrives("2025-01-10", "border", "The border stays open.")


def saturday(week: Week) -> None:
    """The mail server says "later" to one, and hangs up before the end of another's mail."""
    week.box.faults.extend([Fault("DATA", "drop"), Fault("RCPT", "4xx")])
    said = week.due("11T05:05", "made of 2025-01-10, run 7", 11)
    assert "2 of 3 did not get the report by mail" in said, said
    assert [to for to, subject in week.mails() if "2025-01-10" in subject] == ["c@example.org"]
    assert week.schedule("11T05:06")["daily"]["state"] == "made, unsent"
    states = {s["recipient"]: s["state"] for s in week.shown(7)["sends"] if s["channel"] == "mail"}
    assert states == {"a@example.org": "trying", "b@example.org": "trying", "c@example.org": "sent"}
    week.due("11T05:15", "daily: what was left was sent")
    week.went_out(("daily", "2025-01-10"))
    week.due("11T05:20")
    week.arrives("2025-01-11", "summit", "The summit is put off.")


def sunday(week: Week) -> None:
    """`kit due` is killed in the night; a text of the week is corrected, and its report made again."""
    with week.hold():
        process = week.begin("due", "--at", "2025-01-12T05:00+01:00")
        week.held(process)
        process.kill()
        process.communicate(timeout=PATIENCE)
        assert process.returncode == -signal.SIGKILL
        assert wait(lambda: not marked(week.mark), 20)
    assert [r["state"] for r in week.runs()][:2] == ["interrupted", "made"]
    assert week.schedule("12T05:02")["daily"]["state"] == "due now"
    week.went_out()
    week.due("12T05:05", "made of 2025-01-11, run 9")
    week.went_out(("daily", "2025-01-11"))
    week.arrives("2025-01-07", "visit", "The minister will visit in autumn.")
    week.due("12T12:00")
    done = week.kit("run", "daily", "--period", "2025-01-07")
    assert done.returncode == 0, done.stderr
    week.went_out(("daily", "2025-01-07"))
    entries = week.manifests()["daily"]["reports"]
    (corrected,) = [e for e in entries if e["period"] == "2025-01-07"]
    assert corrected["updated"] > corrected["published"]
    html = (OUT / corrected["folder"] / "report.html").read_bytes()
    page = " ".join(BeautifulSoup(html, "lxml").get_text().split())
    assert ("in autumn" in page, "in spring" in page) == (True, False), page
    listed = BeautifulSoup((OUT / "daily/index.html").read_bytes(), "lxml").find_all("article")
    assert ["corrected" in one.get_text() for one in listed] == [e is corrected for e in entries]
    week.arrives("2025-01-12", "peace", "We stand for peace.", "We shall go on with the talks.")


def monday(week: Week) -> None:
    """The last day's report, and that of the week, by one call."""
    said = week.due("13T06:40", "daily: due Mon 2025-01-13 05:00 CET: made of 2025-01-12, run 11")
    assert "weekly: due Mon 2025-01-13 06:30 CET: made of 2025-W02, run 12" in said, said
    week.went_out(("daily", "2025-01-12"), ("weekly", "2025-W02"))
    for at in ("06:45", "07:00", "23:00"):
        week.due(f"13T{at}")


def end(week: Week) -> dict[str, Any]:
    """Look at all once more when the week is over; return what is there."""
    ours = week.schedule("13T23:30")
    assert [(o["due"], o["state"]) for o in ours["daily"]["past"]] == [
        (f"2025-01-{day:02d}T04:00:00+00:00", "made") for day in range(13, 6, -1)
    ]
    assert [(o["due"], o["state"]) for o in ours["weekly"]["past"]] == [
        ("2025-01-13T05:30:00+00:00", "made")
    ]
    assert all((o["missed"], o["waiting"]) == ([], []) for o in ours.values())
    assert ours["daily"]["next"] == "2025-01-14T05:00:00+01:00"
    assert ours["weekly"]["next"] == "2025-01-20T06:30:00+01:00"
    runs = [*week.runs(), *week.runs("weekly")]
    good = {r["id"] for r in runs if r["state"] == "made"}
    entries = [(n, e) for n, m in week.manifests().items() for e in m["reports"]]
    assert {entry["run"] for _, entry in entries} <= good
    shown = {one["id"]: week.shown(one["id"]) for one in runs}
    for one in runs:
        sends = shown[one["id"]]["sends"]
        channels = Counter(s["channel"] for s in sends)
        told = {"notice": 1} if one["id"] == 3 else {}
        assert channels == ({"publish": 1, "mail": 3, "hook": 1} if one["id"] in good else told)
        assert {s["state"] for s in sends} <= {"sent"}
    check_attached(week, {number: one["outputs"] for number, one in shown.items()})
    before = tree(OUT)
    assert week.kit("publish", "--refresh", "out").returncode == 0
    assert tree(OUT) == before
    week.went_out()
    week.nothing_left()
    return {
        "reports": Counter(name for name, _ in entries),
        "runs": Counter(r["state"] for r in runs),
        "tries": sum(r["tries"] for r in runs),
        "mails": Counter(to for to, _ in week.box.taken),
        "hooks": len(Path("hooked").read_text().splitlines()),
    }


def check_attached(week: Week, outputs: dict[int, dict[str, str]]) -> None:
    """Look that what was attached to mails is what runs made, each to each of the desk."""
    made = {
        files[n] for files in outputs.values() for n in ("report.html", "report.pdf") if n in files
    }
    got: Counter[str] = Counter()
    for to, content in week.box.taken:
        mail: Any = email.message_from_bytes(content, policy=email.policy.default)
        for part in mail.iter_attachments():
            got[hashlib.sha256(part.get_payload(decode=True)).hexdigest()] += 1
        assert to != OWNER or not list(mail.iter_attachments())
    assert set(got) <= made
    assert Counter(got.values()) == {len(DESK): len(week.gone_out)}, got


DAYS = (begin, tuesday, wednesday, thursday, friday, saturday, sunday, monday)


def pass_by(own_disk: bool) -> dict[str, Any]:
    """Let the week pass in the current folder; return what is there in the end."""
    taken: dict[str, float] = {}
    with serving() as box:
        week = Week(box, own_disk)
        for day in DAYS:
            started = time.monotonic()
            day(week)
            taken[day.__name__] = round(time.monotonic() - started, 1)
        found = end(week)
    return found | {"own disk": own_disk, "seconds": taken}


def has_own_disk(folder: str) -> bool:
    """Whether a folder may be given a disk of its own: a name space of mounts that a user may have."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", folder]
    if not shutil.which("unshare"):
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main() -> None:
    """Start again with a disk of its own where there may be one, then let the week pass."""
    if sys.argv[1:]:
        own_disk = sys.argv[1] == "own"
        here, temporary = (Path(sys.argv[2]).resolve() / name for name in ("disk", "tmp"))
        here.mkdir()
        temporary.mkdir()
        if own_disk:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(here)], check=True
            )
        os.chdir(here)
        os.environ |= {
            "PYTHONPATH": str(PROJECT),
            "READOUT_CACHE": str(here / "cache"),
            "READOUT_TEST": str(uuid.uuid4()),
            "TMPDIR": str(temporary),
        }
        print(json.dumps(pass_by(own_disk)))
        return
    with tempfile.TemporaryDirectory() as place:
        own = has_own_disk(place) and "READOUT_SHARED_DISK" not in os.environ
        command = [sys.executable, __file__, "own" if own else "shared", place]
        done = subprocess.run(["unshare", "-rm", *command] if own else command, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
