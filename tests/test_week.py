"""A week of a desk, in which disk, kernel, mail and scheduler fail: in the end all is there once."""

import json
import os
import subprocess
import sys
from pathlib import Path

WEEK = Path(__file__).parent / "week.py"


def test_in_the_end_everything_is_there_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(WEEK)],
        capture_output=True,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["reports"] == {"daily": 7, "weekly": 1}
    assert said["runs"] == {"made": 9, "failed": 2, "interrupted": 1}  # one is of the correction
    assert said["tries"] == 13  # a kernel died
    desk = dict.fromkeys(("a@example.org", "b@example.org", "c@example.org"), 9)
    assert said["mails"] == desk | {"owner@example.org": 1}
    assert said["hooks"] == 9
    assert list(tmp_path.iterdir()) == []
