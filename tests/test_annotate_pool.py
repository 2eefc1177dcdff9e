"""Texts parsed side by side: the same parses, no work done twice, and nothing left running."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from processes import marked, wait

from kit.annotate import model, pool, store
from kit.annotate.columns import to_bytes
from kit.cli.options import parsing

fcntl = pytest.importorskip("fcntl", reason="processes are told apart by locks of files")

TEXTS = [["", f"The {n} sides met in Beijing.", "They agreed."] for n in range(12)]
# What a worker is given to run: it writes down what it parses, dies of one text and is slow with another.
START = """
import sys; sys.path.insert(0, sys.argv[1])
import os, pathlib, time
from kit.annotate import model, worker
of_model = model.parse
def parse(passages):
    with open({log!r}, "a") as log:
        log.write(passages[1] + "\\n")
    if "poison" in passages[1]:
        os._exit(1)
    if "slow" in passages[1]:
        pathlib.Path({log!r} + ".slow").touch()
        time.sleep(60)
    return of_model(passages)
model.parse = parse
worker.serve()
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Have few texts parsed by two workers, with a store of their own and a log of what they do."""
    log = tmp_path / "log"
    log.touch()
    monkeypatch.setenv("READOUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(pool, "WORTH", 1)
    monkeypatch.setattr(pool, "_cores", lambda: 2)
    monkeypatch.setattr(pool, "_START", START.format(log=str(log)))
    yield log
    assert not [p for p in psutil.Process().children() if "kit.annotate" in "".join(p.cmdline())]


def expected(texts: list[list[str]]) -> list[bytes]:
    return [to_bytes(model.parse(text)) for text in texts]


def test_workers_give_what_one_process_gives(log: Path) -> None:
    seen: list[tuple[int, int]] = []
    with pool.watched(lambda done, of: seen.append((done, of))):
        found = pool.parsed([*TEXTS, TEXTS[0]])
    assert [to_bytes(x) for x in found] == expected([*TEXTS, TEXTS[0]])
    assert sorted(log.read_text().splitlines()) == sorted(text[1] for text in TEXTS)
    assert [done for done, _ in seen] == list(range(1, 14))
    assert {of for _, of in seen} == {13}


def test_commands_show_how_far_parsing_is(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for shown in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda shown=shown: shown)
        with parsing():
            pool.parsed([["", f"Texts: {shown} {n}."] for n in range(2)])
        said = "\rparsing 1 of 2 texts\rparsing 2 of 2 texts\n" if shown else ""
        assert capsys.readouterr().err == said


def test_two_that_want_the_same_do_no_work_twice(log: Path) -> None:
    found: dict[int, list[bytes]] = {}

    def ask(number: int) -> None:
        texts = TEXTS if number else TEXTS[::-1]
        found[number] = [to_bytes(x) for x in pool.parsed(texts)]

    threads = [threading.Thread(target=ask, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {0: expected(TEXTS)[::-1], 1: expected(TEXTS)}
    assert set(Counter(log.read_text().splitlines()).values()) == {1}


def test_a_text_that_kills_its_worker_costs_no_other(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [
        *TEXTS[:6],
        ["", "A poison."],
        ["", "Another poison, a longer one than all others are."],
    ]
    found = pool.parsed(texts)  # what kills a worker is parsed here, where it does no harm
    assert [to_bytes(x) for x in found] == expected(texts)


def test_a_worker_that_is_killed_is_made_up_for(log: Path) -> None:
    texts = [*TEXTS, ["", "A slow text, which takes longer than all others do."]]
    killed: list[int] = []

    def kill() -> None:
        slow = log.with_name("log.slow")
        assert wait(slow.exists, 60)
        for process in psutil.Process().children():
            killed.append(process.pid)
            process.send_signal(signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    found = pool.parsed(texts)
    thread.join()
    assert killed
    assert [to_bytes(x) for x in found] == expected(texts)


def test_where_all_places_are_taken_one_waits_for_the_others(log: Path) -> None:
    places = pool.free_places(2)
    assert places
    assert len(places) == 2
    assert pool.free_places(2) == []
    found: list[bytes] = []
    thread = threading.Thread(target=lambda: found.extend(map(to_bytes, pool.parsed(TEXTS))))
    thread.start()
    for text in TEXTS[:5]:  # what others do meanwhile
        store.made(text, wait=True)
    assert not found
    for place in places:
        place.close()
    thread.join()
    assert found == expected(TEXTS)
    assert sorted(log.read_text().splitlines()) == sorted(text[1] for text in TEXTS[5:])


def test_where_nothing_can_be_kept_one_process_parses(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READOUT_CACHE", str(log / "no-folder"))
    assert [to_bytes(x) for x in pool.parsed(TEXTS)] == expected(TEXTS)
    assert not log.read_text()


def test_an_interrupt_ends_the_workers(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), pool.watched(interrupt):
        pool.parsed(TEXTS)
    assert [t for t in threading.enumerate() if t.name == "parser of texts"] == []
    assert [to_bytes(x) for x in pool.parsed(TEXTS)] == expected(TEXTS)


KILLED = """
from kit.annotate import pool
pool.WORTH, pool._cores = 1, lambda: 2
pool._START = {start!r}
pool.parsed([["", "A slow text."], ["", "Another slow text."]])
"""


def free() -> int:
    """Return how many places there are for workers, of two."""
    places = pool.free_places(2) or []
    for place in places:
        place.close()
    return len(places)


def test_the_workers_of_a_process_that_is_killed_end(tmp_path: Path, log: Path) -> None:
    start = START.format(log=str(log)).replace("time.sleep(60)", "time.sleep(2)")
    parent = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(start=start)],
        env=os.environ | {"READOUT_TEST": str(tmp_path)},
    )
    assert wait(log.with_name("log.slow").exists, 60)
    assert len(marked(str(tmp_path))) == 3
    parent.kill()
    parent.wait()
    assert wait(lambda: not marked(str(tmp_path)), 30)
    # a process that ends gives its files back a little later than its name
    assert wait(lambda: free() == 2, 30)
