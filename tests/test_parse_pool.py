"""Reading processes: what hangs, dies or grows costs its own file and leaves nothing behind."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit
from kit.corpus import Corpus, Document, LeftOut
from kit.errors import WriteError
from kit.parse import files, pool, worker
from kit.parse.record import Options

TODAY = dt.date(2026, 1, 1)

# Forms whose readers do in the reading process what a hostile file may do there.
HOSTILE = """
import os, sys, time, types
sys.path.insert(0, sys.argv[1])
from kit.parse import forms
from kit.parse.record import Block, Record

def some(file, source, options):
    text = file.read().decode()
    yield Record((Block(text),))
def hangs(file, source, options):
    time.sleep(3600)
    yield
def slow(file, source, options):
    for i in range(12):
        time.sleep(0.3)
        yield Record((Block(f"Part {i}."),), place=str(i))
def dies(file, source, options):
    os._exit(1)
    yield
def crashes(file, source, options):
    os.kill(os.getpid(), 11)
    yield
def grows(file, source, options):
    held = bytearray(3 * 2**30)
    yield Record((Block(str(len(held))),))
def full(file, source, options):
    raise OSError(28, "No space left on device")
    yield
def fails(file, source, options):
    raise AssertionError("a fault\\x1b of ours")
    yield
def speaks(file, source, options):
    print('{"done": true}', flush=True)
    os.write(1, b'{"done": true}\\\\n')
    yield Record((Block("spoken"),))
def forms_of_plain(file, source, options):
    text = file.read().decode()
    if "die" in text:
        os._exit(1)
    yield Record((Block(text),))

module = types.ModuleType("kit.parse.hostile")
for name, found in list(globals().items()):
    if callable(found) and getattr(found, "__module__", "") == "__main__":
        setattr(module, name, found)
        forms.FORMS["." + name] = forms.Form("hostile", name, costly=True)
sys.modules["kit.parse.hostile"] = module
forms.FORMS[".md"] = forms.Form("hostile", "forms_of_plain")
"""


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading processes know the hostile forms, and give up soon."""
    monkeypatch.setattr(pool, "_START", HOSTILE + pool._START)
    monkeypatch.setattr(pool, "SECONDS", 2)


def children(of: int = 0) -> set[int]:
    """The reading processes of a process, by default this one, also dead ones not waited for."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text()
            command = path.with_name("cmdline").read_text()
        except OSError:  # it is gone
            continue
        state, parent = stat.rpartition(")")[2].split()[:2]
        if int(parent) == (of or os.getpid()) and ("worker.serve" in command or state == "Z"):
            found.add(int(path.parent.name))
    return found


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No test leaves a process."""
    before = children()
    yield
    assert children() <= before


def folder_of(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text(f"Text of {name}.")
    return folder


def reasons(corpus: Corpus) -> dict[str, str]:
    assert all(x.reason and x.advice for x in corpus.left_out)
    return {x.source: x.reason for x in corpus.left_out}


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.usefixtures("hostile")
def test_each_bad_file_is_told_of_and_the_others_are_read(tmp_path: Path, processes: int) -> None:
    bad = ("b.hangs", "d.dies", "f.crashes", "h.grows", "j.fails")
    good = ("a.txt", "c.some", "e.txt", "g.txt", "i.txt", "k.txt")
    started = time.monotonic()
    corpus = kit.read(folder_of(tmp_path, *bad, *good), processes=processes)
    assert time.monotonic() - started < 12
    assert {d.source for d in corpus} == set(good)
    found = reasons(corpus)
    assert list(found) == list(bad)  # in order of the names, one line each
    assert found["b.hangs"] == "its reader gave nothing for 2 seconds"
    assert "died" in found["d.dies"]
    assert "died" in found["f.crashes"]
    assert "memory" in found["h.grows"]
    assert found["j.fails"] == r"its reader failed (AssertionError: a fault\x1b of ours)"


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.usefixtures("hostile")
def test_a_full_disk_leaves_no_text_out(tmp_path: Path, processes: int) -> None:
    folder_of(tmp_path, "a.some", "b.full", "c.some")
    with pytest.raises(WriteError, match=r"b\.full: no room to read it \(.*No space left"):
        kit.read(tmp_path, processes=processes)


def test_a_full_disk_is_no_fault_of_a_text_that_is_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(text: str) -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("kit.parse.document.identify", full)
    with pytest.raises(WriteError, match=r"a\.txt: no room to read it \(.*temporary"):
        kit.read(folder_of(tmp_path, "a.txt"))


@pytest.mark.usefixtures("hostile")
def test_the_right_one_of_many_plain_files_is_blamed(tmp_path: Path) -> None:
    for i in range(450):
        (tmp_path / f"{i:03d}.md").write_text(f"Number {i}." + " die" * (i % 90 == 7))
    corpus = kit.read(tmp_path)
    assert set(reasons(corpus)) == {f"{i:03d}.md" for i in (7, 97, 187, 277, 367)}
    assert len(corpus) == 445
    assert {d.text(1) for d in corpus} == {f"Number {i}." for i in range(450) if i % 90 != 7}


@pytest.mark.usefixtures("hostile")
def test_what_a_reader_prints_is_no_answer(tmp_path: Path) -> None:
    corpus = kit.read(folder_of(tmp_path, "a.speaks", "b.txt"))
    assert {d.source: d.text(1) for d in corpus} == {
        "a.speaks": "spoken",
        "b.txt": "Text of b.txt.",
    }


@pytest.mark.usefixtures("hostile")
def test_what_is_slow_but_goes_on_is_read(tmp_path: Path) -> None:
    assert (
        len(kit.read(folder_of(tmp_path, "a.slow"))) == 12
    )  # 3.6 s, and 2 without a text are allowed


@pytest.mark.usefixtures("hostile")
def test_a_stream_that_is_left_ends_what_it_started(tmp_path: Path) -> None:
    results = files.stream(folder_of(tmp_path, "a.txt", "b.hangs", "c.hangs", "d.txt"), processes=2)
    assert isinstance(next(results), Document)
    started = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 1.9  # it does not wait for what hangs
    assert children() == set()


@pytest.mark.usefixtures("hostile")
def test_one_who_takes_his_time_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        pool,
        "_START",
        HOSTILE + "from kit.parse import worker; worker.ALARM = 3; worker.serve()",
    )
    monkeypatch.setattr(pool, "SECONDS", 30)
    text = "word " * 20_000
    (tmp_path / "a.jsonl").write_text((json.dumps({"text": text}) + "\n") * 300)
    (tmp_path / "b.some").write_text("Last.")
    results = files.stream(tmp_path, processes=1)
    assert isinstance(next(results), Document)
    time.sleep(4)  # longer than a file may take, while the process is held back
    rest = list(results)
    assert len(rest) == 300
    assert all(isinstance(x, Document) for x in rest)


def test_a_reader_whose_parent_is_gone_ends_by_itself(tmp_path: Path) -> None:
    folder_of(tmp_path, "a.hangs")
    start = HOSTILE + "from kit.parse import worker; worker.ALARM = 1; worker.serve()"
    order = {
        "files": [[str(tmp_path / "a.hangs"), "a.hangs"]],
        "base": str(tmp_path),
        "options": {},
        "today": "2026-01-01",
        "overrides": {},
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", start, pool._HERE],
        input=json.dumps(order).encode() + b"\n",
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == -14  # SIGALRM


def test_a_reader_imports_nothing_from_where_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kit").mkdir()
    for name in ("kit/__init__.py", "json.py", "lxml.py", "html.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit(3)")
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.html").write_text("<html><body><p>The two sides held talks.</p></body></html>")
    monkeypatch.chdir(tmp_path)
    corpus = kit.read("texts")
    assert len(corpus) == 1
    assert not (tmp_path / "ran").exists()


def test_an_interpreter_that_is_not_there_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_of(tmp_path, "a.html", "b.txt")
    monkeypatch.setattr(pool.sys, "executable", "/no/python")  # type: ignore[attr-defined]
    found = list(files.stream(tmp_path, processes=2))
    assert [type(x) for x in found] == [LeftOut, LeftOut]
    assert all("its reader failed" in x.reason for x in found if isinstance(x, LeftOut))


def nested_forms(depth: int = 18, width: int = 4) -> bytes:
    """A PDF of objects that each draw the next one four times: 4**18 drawings."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /XObject << /X 5 0 R >> >> >>",
        "<< /Length 5 >>\nstream\n/X Do\nendstream",
    ]
    for i in range(depth):
        draw = "/X Do\n" * width if i < depth - 1 else "BT (x) Tj ET\n"
        inner = f"/Resources << /XObject << /X {6 + i} 0 R >> >>" if i < depth - 1 else ""
        objects.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] {inner} /Length {len(draw)} >>\n"
            f"stream\n{draw}endstream"
        )
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def test_a_pdf_that_keeps_its_reader_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SECONDS", 3)
    (tmp_path / "a.pdf").write_bytes(nested_forms())
    folder_of(tmp_path, "b.txt")
    started = time.monotonic()
    corpus = kit.read(tmp_path)
    assert time.monotonic() - started < 8
    assert [d.source for d in corpus][-1] == "b.txt"
    assert {d.source for d in corpus} | set(reasons(corpus)) == {"a.pdf", "b.txt"}


@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_interrupted_ends_its_readers(
    tmp_path: Path, signal_sent: signal.Signals
) -> None:
    (tmp_path / "a.pdf").write_bytes(nested_forms())
    command = subprocess.Popen(
        [sys.executable, "-m", "kit.cli", "read", tmp_path], stderr=subprocess.PIPE
    )
    with command:
        for _ in range(200):
            readers = children(command.pid)
            if readers:
                break
            time.sleep(0.05)
        assert len(readers) == 1
        command.send_signal(signal_sent)
        command.communicate(timeout=20)
    assert command.returncode == (130 if signal_sent == signal.SIGINT else 143)
    for reader in readers:
        assert not Path(f"/proc/{reader}").exists()


def test_processes_are_few_where_files_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = []
    popen = subprocess.Popen

    def counted(*args: object, **options: object) -> "subprocess.Popen[bytes]":
        started.append(args)
        return popen(*args, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(pool.subprocess, "Popen", counted)  # type: ignore[attr-defined]
    folder_of(tmp_path, "a.txt", "b.txt", "c.csv")
    list(files.stream(tmp_path))
    assert started == []  # nothing in it that could hang
    folder_of(tmp_path, "d.html")
    list(files.stream(tmp_path, processes=50))
    assert 1 <= len(started) <= 2


def test_answers_are_data_only() -> None:
    document = Document("i", "t", dt.date(2025, 1, 26), ("p",), "en", "s", "h", ("n",), ("item",))
    for result in (document, LeftOut("s", "r", "a"), Document("", "", None, (), "", "", "")):
        assert worker.from_json(json.loads(json.dumps(worker.to_json(result)))) == result


def test_batches() -> None:
    plain = [(f"{i}.txt", f"{i}.txt", "/a") for i in range(pool.BATCH + 1)]
    found = [
        len(b) for b in pool._batches([*plain, ("p.pdf", "p.pdf", "/a"), ("x", "x.txt", "/b")])
    ]
    assert found == [pool.BATCH, 1, 1, 1]
    assert list(pool._batches([])) == []


BOMBS = """
    import json, resource, sys, time
    import kit
    started = time.monotonic()
    corpus = kit.read(sys.argv[1])
    print(json.dumps({
        "seconds": time.monotonic() - started,
        "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "here": int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024,
        "texts": {d.source: [d.title, *d.paragraphs] for d in corpus},
        "left_out": {x.source: [x.reason, x.advice] for x in corpus.left_out},
    }))
"""


def test_case_53_bombs(shared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deep" / "bombs"
    subprocess.run(
        [sys.executable, shared / "cases/53-zip-and-xml-bombs/gen.py", folder], check=True
    )
    folder_of(folder, "good.txt", "z.txt")
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(BOMBS), folder],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    found = json.loads(done.stdout)
    assert found["seconds"] < 10
    assert found["megabytes"] < 500
    assert found["here"] < 500
    assert set(found["texts"]) == {"good.txt", "z.txt"}
    assert set(found["left_out"]) == {
        *("laughs.rss", "xxe.rss", "one-node.docx", "many-nodes.docx", "slip.epub")
    }
    assert all(reason and advice for reason, advice in found["left_out"].values())
    host = Path("/etc/hostname").read_text().strip()
    assert not host or host not in done.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_read_file_takes_paths_of_both_kinds(tmp_path: Path) -> None:
    folder_of(tmp_path, "a.txt")
    for path in (tmp_path / "a.txt", str(tmp_path / "a.txt")):
        (result,) = worker.read_file(
            path, "a.txt", base=tmp_path, options=Options(), today=TODAY, overrides={}
        )
        assert isinstance(result, Document)
