"""A lock is held by one process, and goes with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import wait

from kit import locks
from kit.errors import BusyError, WriteError

HOLD = "import sys, time; from pathlib import Path; from kit import locks\n" \
       "with locks.held(Path(sys.argv[1]), 'it'): print('held', flush=True); time.sleep(60)"  # fmt: skip


def holding(path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_free_after_the_block(tmp_path: Path) -> None:
    path = tmp_path / "a" / "x.lock"
    for _ in range(2):
        with locks.held(path, "it"):
            found = locks.holder(path)
            assert found is not None
            assert found.pid == os.getpid()
        assert locks.holder(path) is None
    assert path.exists()


def test_another_process_is_told_who_has_it_and_a_kill_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with holding(path) as process:
        found = locks.holder(path)
        assert found is not None
        assert found.pid == process.pid
        with pytest.raises(BusyError, match=rf"it is at work already \(process {process.pid} on"):
            locks.held(path, "it").__enter__()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert locks.holder(path) is None
        with locks.held(path, "it"):
            pass


def test_who_waits_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with holding(path) as process:
        started = time.monotonic()
        with (
            subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -9 {process.pid}"]),
            locks.held(path, "it", wait=True),
        ):
            assert time.monotonic() - started > 0.4


def test_looking_at_it_takes_it_from_nobody(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    path.touch()
    look = "import sys; from pathlib import Path; from kit import locks\n" \
           "while True: locks.holder(Path(sys.argv[1]))"  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", look, str(path)]) as process:
        time.sleep(0.3)
        try:
            for _ in range(200):
                with locks.held(path, "it"):
                    pass
        finally:
            process.kill()


def test_an_unreadable_note_in_it_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with holding(path) as process:
        path.write_text("{")
        assert locks.holder(path) == locks.Holder()
        with pytest.raises(BusyError, match=r"it is at work already\. --wait"):
            locks.held(path, "it").__enter__()
        process.kill()
    assert wait(lambda: locks.holder(path) is None, 2)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"file/x\.lock: the lock cannot be written"):
        locks.held(tmp_path / "file" / "x.lock", "it").__enter__()
