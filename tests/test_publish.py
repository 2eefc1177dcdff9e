"""Published is what was finished, whole or not at all, and what is published stays what it is."""

import datetime as dt
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import atom
import fakereport
import pytest

from kit import files, published, site
from kit import publish as publishing
from kit.errors import BusyError, RecipeError, SendError, WriteError
from kit.publish import publish, refresh
from kit.published import Entry
from kit.recipe import Publish

HERE = Path(__file__).parent
ADDRESS = "https://example.org/desk"
LEAVES = ["data/brief-brief.csv", "data/names-names-place.csv", "data/times-dates.csv",
          "data/wording-formulations.csv", "data/wording-style.csv", "report.html", "report.pdf",
          "run.json"]  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return fakereport.make(tmp_path / "reports" / "weekly")


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    return fakereport.make(tmp_path / "reports" / "mended", title="Ministers part")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def put(report: Path, folder: Path, day: str = "2025-01-27", at: int = 1, **given: Any) -> Entry:
    named = {"to": Publish(folder=str(folder), title="Desk", address=ADDRESS), "name": "weekly"}
    return publish(
        report,
        date=dt.date.fromisoformat(day),
        at=dt.datetime(2025, 2, at, 7, tzinfo=dt.UTC),
        **named | given,
    )


def found(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name != publishing.LOCK
    }


def below(folder: Path) -> list[str]:
    return sorted(found(folder))


def manifest(folder: Path, name: str = "weekly") -> published.Manifest:
    return published.read(folder / name / "manifest.json")


# ---- what is published


def test_a_report_is_copied_without_its_notebooks_and_listed(report: Path, folder: Path) -> None:
    made = put(report, folder, period="2025-W04", run=7)
    assert below(folder / "weekly" / "2025-01-27") == LEAVES
    assert found(folder / "weekly" / "2025-01-27") == found(folder / "weekly" / "latest")
    for name in LEAVES:
        data = (report / name).read_bytes()
        assert (folder / "weekly" / "2025-01-27" / name).read_bytes() == data
        assert made.files[name] == published.File(hashlib.sha256(data).hexdigest(), len(data))
    assert manifest(folder).reports == (made,)
    assert (made.period, made.date, made.run) == ("2025-W04", "2025-01-27", 7)
    assert made.published == made.updated == "2025-02-01T07:00:00Z"
    assert not made.corrected
    assert made.title == "Ministers meet"
    assert made.summary == fakereport.STATEMENTS
    assert dict(made.findings) == {
        "Formulations": ("win-win cooperation", "=odd"),
        "Names place": ("Shanghai", "Orléans"),
    }
    pages = {
        name: data for name, data in found(folder).items() if name in site.paths([manifest(folder)])
    }
    assert pages == site.pages([manifest(folder)])


def test_the_manifest_is_plain_data_for_others(report: Path, folder: Path) -> None:
    put(report, folder, period="2025-W04", heading="The week")
    data = json.loads((folder / "weekly" / "manifest.json").read_text("utf-8"))
    (listed,) = data.pop("reports")
    assert data == {
        "format": 1, "recipe": "weekly", "heading": "The week", "title": "Desk",
        "address": "https://example.org/desk/", "entries": 50, "changed": "2025-02-01T07:00:00Z",
        "replacing": None,
    }  # fmt: skip
    for name, file in listed["files"].items():
        path = folder / listed["folder"] / name
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert file["bytes"] == path.stat().st_size


def test_nothing_is_a_link_and_all_may_be_read(report: Path, folder: Path) -> None:
    put(report, folder)
    for path in folder.rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or path.stat().st_nlink == 1
        assert path.stat().st_mode & 0o444 == 0o444 or path.name == publishing.LOCK


def test_the_same_again_changes_nothing(report: Path, folder: Path, tmp_path: Path) -> None:
    first = put(report, folder)
    before = found(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert put(report, folder, at=5) == first
    again = fakereport.make(tmp_path / "again", started="2025-02-05T00:00:00+00:00")
    assert put(again, folder, at=5, run=9) == first  # made again, with the same content
    assert found(folder) == before
    assert {p: p.stat().st_mtime_ns for p in times if p.name != publishing.LOCK} == {
        p: t for p, t in times.items() if p.name != publishing.LOCK
    }


def test_a_correction_keeps_id_and_place_and_says_when(
    report: Path, mended: Path, folder: Path
) -> None:
    first = put(report, folder, period="2025-W04")
    new = put(mended, folder, "2025-01-29", at=3, period="2025-W04")
    assert (new.id, new.folder, new.date) == (first.id, first.folder, first.date)
    assert (new.published, new.updated) == ("2025-02-01T07:00:00Z", "2025-02-03T07:00:00Z")
    assert new.corrected
    assert manifest(folder).reports == (new,)
    assert found(folder / "weekly" / "latest") == found(folder / new.folder)
    assert b"Ministers part" in (folder / new.folder / "report.html").read_bytes()
    assert "corrected" in (folder / "weekly" / "index.html").read_text("utf-8")
    assert "Corrected on 2025-02-03." in (folder / "feed.xml").read_text("utf-8")


def test_a_clock_that_went_back_leaves_times_in_order(
    report: Path, mended: Path, folder: Path
) -> None:
    put(report, folder, at=5)
    assert put(mended, folder, at=2).updated == "2025-02-05T07:00:01Z"
    assert put(report, folder, at=2).updated == "2025-02-05T07:00:02Z"


def test_another_title_alone_is_no_correction(report: Path, folder: Path) -> None:
    put(report, folder)
    new = put(report, folder, at=2, title="A better title")
    assert new.title == "A better title"
    assert not new.corrected
    assert "A better title" in (folder / "index.html").read_text("utf-8")


def test_latest_is_the_newest_by_date_whenever_it_was_made(
    report: Path, mended: Path, folder: Path
) -> None:
    put(report, folder, "2025-01-27")
    put(mended, folder, "2025-01-20", at=2)
    assert [e.date for e in manifest(folder).reports] == ["2025-01-27", "2025-01-20"]
    assert found(folder / "weekly" / "latest") == found(folder / "weekly" / "2025-01-27")


def test_two_periods_of_one_day_have_places_of_their_own(
    report: Path, mended: Path, folder: Path
) -> None:
    one = put(report, folder, period="morning")
    two = put(mended, folder, period="evening")
    assert [one.folder, two.folder] == ["weekly/2025-01-27", "weekly/2025-01-27-2"]
    assert len({one.id, two.id}) == 2
    assert put(report, folder, period="morning", at=2) == one


def test_parts_and_recipes_stand_beside_each_other(
    report: Path, mended: Path, folder: Path
) -> None:
    places = {
        part: put(report, folder, part=part).folder.split("/")[1]
        for part in ("trade", "latest", "2025-01-27", "合作", "共赢", "..", "Trade")
    }
    assert len(set(places.values())) == 7
    assert places["trade"] == "trade"
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", place) for place in places.values())
    assert "latest" not in places.values()
    put(mended, folder, name="other")
    for place in places.values():
        assert below(folder / "weekly" / place / "latest") == LEAVES
    assert len(manifest(folder).reports) == 7
    assert len(manifest(folder, "other").reports) == 1
    assert (folder / "feed.xml").read_bytes().count(b"<entry>") == 8


def test_ids_are_of_recipe_part_and_period_alone(
    report: Path, mended: Path, tmp_path: Path
) -> None:
    one = put(report, tmp_path / "a", period="2025-W04", title="One", run=1)
    to = Publish(folder=str(tmp_path / "b"), title="Other", address="http://other.example")
    two = put(mended, tmp_path / "b", "2025-03-01", period="2025-W04", to=to, heading="X", at=9)
    assert one.id == two.id == "urn:uuid:e8ec9206-29d5-564e-b25d-e1ea4b9777b6"
    others = [
        published.identity(*key)
        for key in [(), ("weekly",), ("weekly", "a", ""), ("weekly", "", "a"), ("other", "", "a")]
    ]
    assert len({one.id, *others}) == 6


def test_feeds_are_valid(report: Path, mended: Path, folder: Path) -> None:
    put(report, folder)
    put(mended, folder, at=3)
    put(mended, folder, part="trade", title="\x1b[31mOdd\x00 <b>\u2028 \ud800 \u202etitle")
    for path in (folder / "feed.xml", folder / "weekly" / "feed.xml"):
        assert atom.problems(path.read_bytes()) == []
    put(report, folder, to=Publish(folder=str(folder)))
    for path in (folder / "feed.xml", folder / "weekly" / "feed.xml"):
        assert atom.problems(path.read_bytes(), absolute=False) == []


def test_case_19_titles_parts_and_periods_of_any_kind(
    shared: Path, report: Path, folder: Path
) -> None:
    titles = json.loads((shared / "cases/19-hostile-titles/titles.json").read_text("utf-8"))
    for n, title in enumerate(titles):
        put(
            report,
            folder,
            f"2025-01-{n + 1:02d}",
            title=title,
            part=title,
            period=title,
            heading=title,
        )
    reports = manifest(folder).reports
    assert [e.part for e in reports] == [" ".join(t.split()) for t in titles][::-1]
    assert [e.title for e in reports] == [" ".join(t.split()) or "Ministers meet" for t in titles][
        ::-1
    ]
    for path in folder.rglob("*"):
        assert path.resolve().is_relative_to(folder.resolve())
        assert len(path.name.encode()) <= 120
        if path.name != publishing.LOCK:
            assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", path.name), path
    assert atom.problems((folder / "feed.xml").read_bytes()) == []


# ---- deleted


def test_a_deleted_report_drops_out_with_the_next_one(
    report: Path, mended: Path, folder: Path
) -> None:
    put(report, folder, "2025-01-20")
    gone = put(report, folder, "2025-01-27", at=2)
    shutil.rmtree(folder / gone.folder)
    put(mended, folder, name="other", at=3)
    assert [e.date for e in manifest(folder).reports] == ["2025-01-20"]
    assert manifest(folder).changed == "2025-02-03T07:00:00Z"
    assert found(folder / "weekly" / "latest") == found(folder / "weekly" / "2025-01-20")
    assert gone.id not in (folder / "feed.xml").read_text("utf-8")
    assert "2025-01-27" not in (folder / "weekly" / "index.html").read_text("utf-8")
    again = put(report, folder, "2025-01-27", at=4)
    assert (again.id, again.published) == (gone.id, "2025-02-04T07:00:00Z")


def test_refresh_tells_what_was_deleted_and_makes_the_site_again(
    report: Path, folder: Path
) -> None:
    put(report, folder, "2025-01-20", part="trade")
    put(report, folder, "2025-01-27", part="trade")
    before = found(folder)
    shutil.rmtree(folder / "weekly" / "trade" / "2025-01-20")
    shutil.rmtree(folder / "weekly" / "trade" / "2025-01-27")
    (folder / "index.html").unlink()
    at = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    assert refresh(folder, at=at) == ["weekly/trade/2025-01-20", "weekly/trade/2025-01-27"]
    assert refresh(folder, at=at) == []
    assert sorted(set(before) - set(found(folder))) == sorted(
        name for name in before if name.startswith("weekly/trade/")
    )
    assert atom.problems((folder / "feed.xml").read_bytes()) == []
    with pytest.raises(WriteError, match="no such folder"):
        refresh(folder / "none")


def test_what_was_broken_in_the_folder_is_put_right(report: Path, folder: Path) -> None:
    first = put(report, folder)
    before = found(folder)
    (folder / first.folder / "report.html").write_bytes(b"half")
    shutil.rmtree(folder / "weekly" / "latest")
    (folder / "feed.xml").write_bytes((folder / "feed.xml").read_bytes()[:200])
    assert put(report, folder, at=2) == first
    assert found(folder) == before


# ---- what does not leave


def spoil(report: Path, what: str) -> None:
    if what == "changed":
        (report / "report.html").write_text("other")
    elif what == "missing":
        (report / "data" / "brief-brief.csv").unlink()
    elif what == "no record":
        (report / "run.json").unlink()
    elif what == "half a record":
        (report / "run.json").write_bytes((report / "run.json").read_bytes()[:100])
    elif what == "a link out":
        secret = report.parent / "secret.csv"
        (report / "data" / "brief-brief.csv").replace(secret)
        (report / "data" / "brief-brief.csv").symlink_to(secret)
    elif what == "a path out":
        text = (report / "run.json").read_text("utf-8")
        (report / "run.json").write_text(
            text.replace("data/brief-brief", "data/../../../x"), "utf-8"
        )
    else:
        shutil.rmtree(report / "data")
        (report / "report.html").unlink()
        (report / "report.pdf").unlink()
        fakereport.record(report)


@pytest.mark.parametrize(
    "what",
    ["changed", "missing", "no record", "half a record", "a link out", "a path out", "nothing"],
)
def test_only_a_report_that_is_as_it_was_made_is_published(
    report: Path, mended: Path, folder: Path, what: str
) -> None:
    put(mended, folder)
    before = found(folder)
    spoil(report, what)
    with pytest.raises(SendError, match="nothing was published") as told:
        put(report, folder, "2025-02-03")
    assert str(report) in str(told.value)
    assert found(folder) == before


def test_what_a_run_did_not_record_stays_at_home(report: Path, folder: Path) -> None:
    (report / "data" / "draft.csv").write_text("secret")
    (report / "report.docx").write_text("secret")
    put(report, folder)
    assert below(folder / "weekly" / "2025-01-27") == LEAVES


@pytest.mark.parametrize(
    "address",
    ["example.org", "javascript:alert(1)", "https://", "https://example.org/?a", "https://a b/",
     "https://example.org/#x", "ftp://example.org", "https://user@example.org", "http://[1"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(report: Path, folder: Path, address: str) -> None:
    with pytest.raises(RecipeError, match=r"publish\.address"):
        put(report, folder, to=Publish(folder=str(folder), address=address))


def test_no_folder_is_not_the_one_that_kit_is_run_in(report: Path) -> None:
    with pytest.raises(RecipeError, match=r"publish\.folder"):
        put(report, report, to=Publish())


def test_a_time_without_a_zone_is_refused(report: Path, folder: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        publish(report, Publish(folder=str(folder)), "weekly", date=dt.date(2025, 1, 1),
                at=dt.datetime(2025, 1, 1))  # fmt: skip


# ---- the folder is somebody's


@pytest.mark.parametrize("name", ["index.html", "feed.xml", "site.css", "weekly/index.html"])
def test_nobodys_own_page_is_overwritten(report: Path, folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("mine")
    with pytest.raises(WriteError, match=rf"{name}: a file that kit did not write"):
        put(report, folder)
    assert found(folder) == {name: b"mine"}


def test_nobodys_own_folder_is_taken(report: Path, folder: Path) -> None:
    (folder / "weekly" / "2025-01-27").mkdir(parents=True)
    (folder / "weekly" / "2025-01-27" / "letter.txt").write_text("dear")
    with pytest.raises(WriteError, match="holds no report"):
        put(report, folder)
    assert "weekly/2025-01-27/letter.txt" in found(folder)


def test_a_link_out_of_the_folder_is_not_followed(report: Path, folder: Path) -> None:
    folder.mkdir()
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    (folder / "weekly").symlink_to(elsewhere)
    with pytest.raises(WriteError, match="does not lie in the folder"):
        put(report, folder)
    assert list(elsewhere.iterdir()) == []


def edit(change: Any) -> Any:
    def write(path: Path) -> None:
        data = json.loads(path.read_text("utf-8"))
        change(data)
        path.write_text(json.dumps(data), "utf-8")

    return write


BROKEN = {
    "half": lambda path: path.write_bytes(path.read_bytes()[:300]),
    "a list": lambda path: path.write_text("[]"),
    "another's": lambda path: path.write_text('{"name": "app", "icons": []}'),
    "a later form": edit(lambda d: d.update(format=2)),
    "no time": edit(lambda d: d["reports"][0].update(updated="not a date")),
    "a time without a zone": edit(lambda d: d["reports"][0].update(updated="2025-01-01T00:00:00")),
    "no such month": edit(lambda d: d["reports"][0].update(updated="2025-13-01T00:00:00Z")),
    "no such day": edit(lambda d: d["reports"][0].update(date="2025-02-30")),
    "another id": edit(lambda d: d["reports"][0].update(id="urn:uuid:1")),
    "a folder above": edit(lambda d: d["reports"][0].update(folder="weekly/../..")),
    "a folder elsewhere": edit(lambda d: d["reports"][0].update(folder="/etc")),
    "a file above": edit(
        lambda d: d["reports"][0]["files"].update({"../x": d["reports"][0]["files"]["run.json"]})
    ),
    "no hash": edit(lambda d: d["reports"][0]["files"]["report.html"].update(sha256="x")),
    "an address": edit(lambda d: d.update(address="javascript:alert(1)")),
    "no number": edit(lambda d: d.update(entries="many")),
    "another recipe": edit(lambda d: d.update(recipe="other")),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_manifest_that_kit_did_not_write_is_named_and_left(
    report: Path, folder: Path, how: str
) -> None:
    put(report, folder)
    BROKEN[how](folder / "weekly" / "manifest.json")
    before = found(folder)
    with pytest.raises(WriteError, match=r"weekly/manifest\.json: no list of published reports"):
        put(report, folder, "2025-02-03")
    assert found(folder) == before


def test_another_who_publishes_is_waited_for(
    report: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PATIENCE", 0.2)
    with publishing._alone(folder), pytest.raises(BusyError, match="another process"):
        put(report, folder)
    monkeypatch.setattr(publishing, "PATIENCE", 60.0)
    days = [f"2025-01-{n:02d}" for n in range(1, 9)]
    threads = [
        threading.Thread(target=put, args=(report, folder, day), kwargs={"name": f"r{n % 2}"})
        for n, day in enumerate(days)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(e.date for n in (0, 1) for e in manifest(folder, f"r{n}").reports) == days
    assert (folder / "feed.xml").read_bytes().count(b"<entry>") == 8
    assert (
        found(folder)["feed.xml"]
        == site.pages([manifest(folder, f"r{n}") for n in (0, 1)])["feed.xml"]
    )


def test_a_mount_without_locks_or_swapping_is_published_to(
    report: Path, mended: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", none)
    monkeypatch.setattr(files, "_exchange", lambda *_: False)
    put(report, folder)
    put(mended, folder, at=2)
    assert found(folder / "weekly" / "latest") == found(folder / "weekly" / "2025-01-27")
    assert not [p for p in folder.rglob(".*") if p.name != publishing.LOCK]


# ---- faults


FAULTS = int(os.environ.get("READOUT_FAULTS", "240"))


def swept(most: int, *options: str) -> Any:
    """Return what the sweep of faults saw; `most` of them were tried."""
    done = subprocess.run(
        [sys.executable, str(HERE / "faults.py"), "--most", str(most), *options],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    assert said["problems"] == []
    assert said["tried"] == min(most, said["possible"])
    return said


def test_case_40_whatever_act_fails_the_folder_is_whole_and_the_next_time_right() -> None:
    """Each open, write, fsync, close, rename, mkdir, unlink, listing of five scenes is a case to draw."""
    said = swept(FAULTS // 2, "--hows", "ENOSPC", "EIO", "after")
    assert {"open", "write", "fsync", "close", "rename", "replace", "mkdir"} <= set(said["acts"])


def test_case_40_whatever_act_is_the_last_the_folder_is_whole_and_the_next_time_right() -> None:
    swept(FAULTS // 2, "--hows", "kill", "half and kill")


def test_case_40_whatever_call_of_the_system_fails_or_is_the_last() -> None:
    """The same with the system's own calls, where strace may be used."""
    able = shutil.which("strace") and subprocess.run(
        [
            "strace",
            "-qq",
            "-o",
            os.devnull,
            "-e",
            "inject=fsync:error=EIO",
            sys.executable,
            "-c",
            "",
        ],
        capture_output=True,
        check=False,
    )
    if not able or able.returncode:
        pytest.skip("strace is not there, or not allowed")
    said = swept(FAULTS // 6, "--strace")
    assert {"openat", "write", "fsync", "close", "rename", "renameat2", "mkdir"} <= set(
        said["acts"]
    )


def test_a_full_disk_is_named_and_what_stood_there_stays(
    report: Path, mended: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(report, folder)
    before = found(folder)
    real = os.write

    def write(handle: int, data: bytes) -> int:
        if len(data) > 100:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(WriteError, match=r"manifest\.json: .*No space left on device"):
            put(mended, folder, at=2)
        assert found(folder) == before
        with pytest.raises(WriteError, match=r"brief-brief\.csv: .*No space left on device"):
            put(mended, folder, "2025-02-03", at=2)
        assert found(folder) == before
    assert put(mended, folder, at=2).corrected
