"""What calls `kit due`: each text is read by what it is for, with folders of every name."""

import ast
import datetime as dt
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from kit import exports
from kit.errors import UsageError

HOSTILE = (
    "/srv/readout",
    "/srv/a b/it's",
    '/srv/"quoted" %n 100%',
    "/srv/$HOME `id` $(id); & | > *",
    "/srv/#no comment: {x}",
    "/srv/Отчёты/报告",
    "/srv/-",
)
REFUSED = ("/srv/a\nb", "/srv/a\rb", "/srv/a\x00b", "/srv/a\x1bb", "/srv/a\udcffb", "/srv/a\u2028b")
SAFE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="/"))
COMMAND = ["/opt/a b/50%/kit", "due", "--quiet"]


def by_sh(line: str) -> list[str]:
    """The words that a shell makes of a command after cron has read its line."""
    unescaped = re.sub(r"\\%", "%", line)
    return shlex.split(unescaped.rstrip("\n"))


@pytest.mark.parametrize("folder", HOSTILE)
def test_a_line_of_cron(folder: str) -> None:
    line = exports.cron(Path(folder), COMMAND, every=10)
    when, command = " ".join(line.split(" ")[:5]), " ".join(line.split(" ")[5:])
    minutes = [t.minute for t in islice(CronSim(when, dt.datetime(2025, 1, 1)), 6)]
    assert minutes == [10, 20, 30, 40, 50, 0]
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert not re.search(r"(?<!\\)%", command)  # such a one would end it
    assert by_sh(command) == ["cd", folder, "&&", *COMMAND]


def test_a_line_of_cron_goes_to_its_folder(tmp_path: Path) -> None:
    for number, name in enumerate(('it\'s "a" $HOME `id`', "50% of $(id)", "-", "a  b")):
        place = tmp_path / str(number) / name
        place.mkdir(parents=True)
        line = exports.cron(place, [sys.executable, "-c", "import os; print(os.getcwd())"])
        command = re.sub(r"\\%", "%", " ".join(line.split(" ")[5:]))
        said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
        assert said.stdout == f"{place}\n"


def test_every_so_often() -> None:
    start = dt.datetime(2025, 1, 1)
    for every in exports.EVERY:
        line = exports.cron(Path("/srv"), COMMAND, every=every)
        first, second = islice(CronSim(" ".join(line.split(" ")[:5]), start), 2)
        assert second - first == dt.timedelta(minutes=every)


@pytest.mark.parametrize("folder", REFUSED)
def test_a_name_that_nothing_could_quote_is_refused(folder: str) -> None:
    for export in (
        lambda: exports.cron(Path(folder), COMMAND),
        lambda: exports.systemd(Path(folder), COMMAND, user="u"),
        lambda: exports.github(Path(folder)),
        lambda: exports.airflow(Path(folder), COMMAND),
    ):
        with pytest.raises(UsageError, match="cannot be exported"):
            export()


def test_what_one_of_them_would_read_otherwise_is_refused() -> None:
    with pytest.raises(UsageError, match="backslash"):
        exports.cron(Path("/srv/a\\b"), COMMAND)
    for end in ("\\", " "):
        with pytest.raises(UsageError, match="whose name ends so"):
            exports.systemd(Path(f"/srv/a{end}"), COMMAND, user="u")
    with pytest.raises(UsageError, match="expression"):
        exports.github(Path("${{ secrets.x }}"))
    for braces in ("{{ x }}", "{% x %}", "{# x #}"):
        with pytest.raises(UsageError, match="template"):
            exports.airflow(Path("/srv") / braces, COMMAND)
    for user in ("a b", "-x", "a\nb", "%n"):
        with pytest.raises(UsageError, match="user"):
            exports.systemd(Path("/srv"), COMMAND, user=user)


def words(value: str) -> list[str]:
    """The words that systemd makes of a value, by its rules for quotes and specifiers."""
    found = [a or b for a, b in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', value)]
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%").replace("$$", "$") for word in found]


@pytest.mark.parametrize("folder", HOSTILE)
def test_units_of_systemd(folder: str, tmp_path: Path) -> None:
    units = exports.systemd(Path(folder), [*COMMAND, 'a"b\\c %d'], user="desk", every=15)
    assert list(units) == ["readout.service", "readout.timer"]
    lines = units["readout.service"].splitlines()
    (where,) = (v for k, _, v in (line.partition("=") for line in lines) if k == "WorkingDirectory")
    assert where.replace("%%", "\0").count("%") == 0
    assert where.replace("%%", "%") == folder
    (start,) = (v for k, _, v in (line.partition("=") for line in lines) if k == "ExecStart")
    shell = ["/bin/sh", "-c", 'exec "$0" "$@"']
    assert words(start) == [*shell, *COMMAND, 'a"b\\c %d']
    plain = exports.systemd(Path(folder), ["/opt/kit", "due"], user="desk")["readout.service"]
    assert "\nExecStart=/opt/kit due\n" in plain
    assert "NoNewPrivileges=yes" in lines
    assert "OnCalendar=*-*-* *:0/15:00" in units["readout.timer"].splitlines()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    place = tmp_path / 'it\'s "a" 50% $HOME'
    place.mkdir()
    program = place / "kit"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for every in exports.EVERY:
        for name, text in exports.systemd(place, [str(program)], user="root", every=every).items():
            (tmp_path / name).write_text(text)
        said = subprocess.run(
            [
                "systemd-analyze",
                "verify",
                str(tmp_path / "readout.timer"),
                str(tmp_path / "readout.service"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        ours = [line for line in said.stderr.splitlines() if "readout." in line]
        assert ours == []
        calendar = re.search("OnCalendar=(.*)", (tmp_path / "readout.timer").read_text())
        assert calendar
        told = subprocess.run(
            ["systemd-analyze", "calendar", "--iterations=2", calendar[1]],
            capture_output=True,
            text=True,
            check=False,
        )
        times = re.findall(r"\d{4}-\d\d-\d\d (\d\d):(\d\d):00", told.stdout)
        if len(times) >= 2:
            first, second = (60 * int(h) + int(m) for h, m in times[:2])
            assert (second - first) % 1440 == every


@pytest.mark.parametrize("folder", [name.removeprefix("/") for name in HOSTILE] + ["."])
def test_a_workflow(folder: str) -> None:
    flow = yaml.safe_load(exports.github(Path(folder), every=30))
    on = flow[True]  # YAML 1.1 reads `on` so
    assert on["schedule"] == [{"cron": "*/30 * * * *"}]
    steps = flow["jobs"]["due"]["steps"]
    (due,) = (step for step in steps if step.get("id") == "due")
    assert due["working-directory"] == folder
    kept = [step["with"]["path"] for step in steps if "cache" in step.get("uses", "")]
    assert kept == [str(Path(folder) / "reports")] * 2
    assert flow["concurrency"]["cancel-in-progress"] is False
    assert flow["permissions"] == {"contents": "read"}


def test_the_steps_of_a_workflow(tmp_path: Path) -> None:
    """What is kept is kept where the ledger changed, and recipes that are gone do not come back."""
    steps = yaml.safe_load(exports.github(Path()))["jobs"]["due"]["steps"]
    clean, due = (step["run"] for step in steps if "working-directory" in step)
    reports = tmp_path / "reports"
    reports.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("reports/*\n!reports/*.toml\n")
    (reports / "a.toml").write_text("new")
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    (reports / "a.toml").write_text("old")
    (reports / "gone it's.toml").touch()
    (reports / ".ledger.db").touch()
    kit = tmp_path / ".venv/bin/kit"
    kit.parent.mkdir(parents=True)
    out = tmp_path / "out"
    env = {"PATH": os.environ["PATH"], "GITHUB_WORKSPACE": str(tmp_path), "GITHUB_OUTPUT": str(out)}

    def run(script: str) -> int:
        command = ["bash", "-e", "-c", script]
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, check=False
        ).returncode

    assert run(clean) == 0
    assert run(clean) == 0
    assert sorted(p.name for p in reports.iterdir()) == [".ledger.db", "a.toml"]
    assert (reports / "a.toml").read_text() == "new"
    for does, code, changed in (
        ("true", 0, False),
        ("echo x >> reports/.ledger.db; exit 5", 5, True),
    ):
        kit.write_text(f"#!/bin/sh\n{does}\n")
        kit.chmod(0o755)
        assert run(due) == code
        assert out.exists() == changed
    assert out.read_text() == "changed=true\n"


def _keep(seen: dict[str, Any], **named: Any) -> None:
    seen["task"] = named


def dag(text: str) -> dict[str, Any]:
    """What a DAG gives to Airflow, which is not there."""
    seen: dict[str, Any] = {}

    class Dag:
        def __init__(self, **named: Any) -> None:
            seen["dag"] = named

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    airflow, bash = types.ModuleType("airflow"), types.ModuleType("airflow.operators.bash")
    airflow.DAG = Dag  # type: ignore[attr-defined]
    bash.BashOperator = functools.partial(_keep, seen)  # type: ignore[attr-defined]
    names = {"airflow": airflow, "airflow.operators": types.ModuleType("x"), bash.__name__: bash}
    with pytest.MonkeyPatch.context() as patch:
        for name, module in names.items():
            patch.setitem(sys.modules, name, module)
        exec(compile(text, "dag.py", "exec"), {})
    return seen


@pytest.mark.parametrize("folder", HOSTILE)
def test_a_dag(folder: str) -> None:
    if "{x}" in folder:
        folder = folder.replace("{x}", "{ {x} }")
    text = exports.airflow(Path(folder), COMMAND)
    seen = dag(text)
    assert seen["task"]["cwd"] == folder
    assert shlex.split(seen["task"]["bash_command"]) == COMMAND
    assert seen["task"]["bash_command"].endswith(" ")
    assert seen["dag"]["schedule"] == "*/5 * * * *"
    assert seen["dag"]["catchup"] is False
    assert seen["dag"]["max_active_runs"] == 1
    assert "apermill" not in text
    assert isinstance(ast.parse(text), ast.Module)


@given(SAFE)
def test_whatever_a_folder_is_called(name: str) -> None:
    folder = Path("/srv") / name
    text = str(folder)
    for export, read in (
        (lambda: exports.cron(folder, COMMAND), lambda t: by_sh(" ".join(t.split(" ")[5:]))[1]),
        (lambda: exports.airflow(folder, COMMAND), lambda t: dag(t)["task"]["cwd"]),
        (
            lambda: exports.github(folder),
            lambda t: next(
                s["working-directory"]
                for s in yaml.safe_load(t)["jobs"]["due"]["steps"]
                if "working-directory" in s
            ),
        ),
    ):
        try:
            made = export()
        except UsageError:
            continue
        assert read(made) == text
