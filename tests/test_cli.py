"""The command `kit`: help, exit codes, one clear line for each error."""

import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kit import cli

NOTEBOOKS = Path(__file__).parent / "notebooks"
SEEDS = Path(__file__).parent.parent / "seeds"
HELLO, RAISES = str(NOTEBOOKS / "hello.ipynb"), str(NOTEBOOKS / "raises.ipynb")
COMMANDS = sorted(cli.kit.commands)
# A run in this process leaves event loops open: the matter of test_run.py.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def kit(*arguments: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from kit.cli import main; main()", *arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        env=os.environ | env,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def main(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    """Run the command in this process, which is quicker; return exit code and what it said."""
    monkeypatch.setattr(sys, "argv", ["kit", *arguments])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    code = 0
    try:
        cli.main()
    except SystemExit as done:
        code = int(done.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_commands_are_those_documented() -> None:
    assert (
        """
            check collocates completion dates dispersion due execute formulations frequency keyness kwic lab
            ledger names new ngrams pair params publish quotes read redline render report reuse run runs
            schedule sketch stance style themes topics
        """.split()
        == COMMANDS
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name: str) -> None:
    command = cli.kit.commands[name]
    assert command.help
    assert len(command.help) > 20
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [o.name for o in options if not o.help] == []
    for flag in ("--help", "-h"):
        shown = CliRunner().invoke(cli.kit, [name, flag])
        assert shown.exit_code == 0
        assert f"Usage: kit {name}" in shown.output


def test_the_exit_codes_are_in_the_help() -> None:
    shown = CliRunner().invoke(cli.kit, ["--help"]).output
    assert [int(line.split()[0]) for line in shown.split("Exit codes:")[1].splitlines()[1:]] == [
        *range(12),
        130,
        143,
    ]


USAGE = [
    [],
    ["nothing"],
    ["report"],
    ["report", "x", "--format", "docx"],
    ["kwic", "x", "y", "--window", "0"],
    ["run"],
    ["execute"],
    ["new"],
    ["run", "x", "--width", "3"],
    ["render"],
    ["read", "x", "--no-such"],
    ["completion", "tcsh"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_a_wrong_command_line_exits_with_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    code, out, err = main(capsys, monkeypatch, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("Usage: ")


ERRORS = [
    (3, ["report", "no/such"], "no/such"),
    (3, ["read", "no/such"], "no/such"),
    (3, ["kwic", "no/such", "peace"], "no/such"),
    (4, ["report", "SEEDS", "-p", "tpo=3"], "Did you mean top?"),
    (4, ["report", "SEEDS", "-p", "top"], "write NAME=VALUE"),
    (4, ["report", "SEEDS", "-p", "top=1", "-p", "top=2"], "given twice"),
    (4, ["report", "SEEDS", "-p", "top=many"], "a whole number"),
    (4, ["report", "SEEDS", "--notebook", "breif"], "Did you mean brief?"),
    (4, ["execute", "no-such.ipynb", "--source", "SEEDS"], "no-such.ipynb"),
    (4, ["render", "no-such.ipynb"], "no-such.ipynb"),
    (4, ["params", "breif"], "Did you mean brief?"),
    (5, ["execute", RAISES, "--source", "SEEDS", "--out", "OUT"], "ZeroDivisionError"),
    (9, ["run", "no-such"], "no recipe no-such"),
    (9, ["run", "a", "--period", "weak"], "is no period"),
    (9, ["check", "no-such"], "no recipe no-such"),
    (9, ["new", "My recipe"], "small letters"),
    (2, ["runs", "show", "x"], "the number of a run"),
    (2, ["runs", "show", "99"], "no run 99"),
    (2, ["runs", "a", "b", "c"], "the name of one recipe"),
    (7, ["execute", HELLO, "--source", "SEEDS", "--out", "OUT/file"], "OUT/file/run"),
    (
        7,
        ["execute", HELLO, "--source", "SEEDS", "--out", "OUT", "--name", "mine"],
        "holds no report",
    ),
    (7, ["execute", HELLO, "--source", "SEEDS", "--out", "OUT", "--name", "file"], "a file stands"),
]


@pytest.mark.parametrize(("code", "arguments", "said"), ERRORS)
def test_an_error_is_one_clear_line_and_a_code(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    code: int,
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    places = {"SEEDS": str(SEEDS), "OUT": str(tmp_path)}
    for name, place in places.items():
        arguments = [a.replace(name, place) for a in arguments]
        said = said.replace(name, place)
    exit_code, out, err = main(capsys, monkeypatch, *arguments)
    assert exit_code == code
    assert out == ""
    lines = [line for line in err.splitlines() if not line.startswith("[")]  # but the steps
    assert len(lines) == 1
    assert lines[0].startswith("kit: ")
    assert said in lines[0]
    assert "Traceback" not in err


def test_a_file_in_the_place_of_the_report_is_told_before_anything_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "run").touch()
    code, _, err = main(
        capsys, monkeypatch, "execute", HELLO, "--source", str(SEEDS), "--out", str(tmp_path)
    )
    assert code == 7
    assert "[1/2]" not in err


def test_read_strict_exits_with_8_where_a_file_was_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("date 2025-01-26 A\n\nPeace.\n", "utf-8")
    assert kit("read", str(tmp_path), "--strict").returncode == 0
    (tmp_path / "b.bin").write_bytes(b"\x00\x01\xff" * 99)
    done = kit("read", str(tmp_path), "--strict")
    assert done.returncode == 8
    assert "left out" in done.stdout
    assert kit("read", str(tmp_path)).returncode == 0


def test_a_report_says_its_steps_and_last_the_folder(tmp_path: Path) -> None:
    done = kit("report", str(SEEDS), "--out", str(tmp_path), "--format", "html", "-p", "top=3")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path / 'seeds'}\n"
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        f"[{i}/8]" for i in range(1, 9)
    ]
    made = sorted(p.name for p in (tmp_path / "seeds").iterdir())
    assert made == ["data", "notebooks", "report.html", "run.json"]
    record = json.loads((tmp_path / "seeds" / "run.json").read_text("utf-8"))
    assert ["names.top", "3", "command line"] in record["parameters"]
    assert ["names.source", str(SEEDS), "command line"] in record["parameters"]


def test_execute_then_render_gives_the_pages(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path))
    ran = kit("execute", HELLO, "--source", str(SEEDS), *out, "-p", "top=7")
    assert ran.stdout == f"{tmp_path / 'run'}\n"
    rendered = kit("render", f"{tmp_path}/run/notebooks/hello.ipynb", *out, "--title", "A & B")
    assert rendered.stdout == f"{tmp_path / 'hello'}\n"
    page = (tmp_path / "hello" / "report.html").read_text("utf-8")
    assert "hello 7" in page
    assert "<title>A &amp; B</title>" in page
    assert (tmp_path / "hello" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_temporary_folder_of_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    long = tmp_path / ("d" * 90)  # the name of a socket may have about 107 letters
    long.mkdir()
    out = ("--out", str(tmp_path))
    done = kit("execute", HELLO, "--source", str(SEEDS), *out, TMPDIR=str(long))
    assert done.returncode == 0, done.stderr[-500:]


def test_read_lists_the_text() -> None:
    done = CliRunner().invoke(cli.kit, ["read", str(SEEDS)])
    assert done.exit_code == 0
    assert done.output.startswith("2025-01-26  Chinese, Russian heads of state continue")
    listed = json.loads(CliRunner().invoke(cli.kit, ["read", str(SEEDS), "--json"]).output)
    assert listed["texts"][0]["paragraphs"] == 25
    assert listed["left_out"] == []


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli.kit, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def test_kwic_gives_lines_csv_and_json() -> None:
    found = run("kwic", str(SEEDS), "strateg*")
    lines = json.loads(run("kwic", str(SEEDS), "strateg*", "--json"))["rows"]
    table = run("kwic", str(SEEDS), "strateg*", "--csv")
    assert len(lines) > 2
    assert all(line["hit"].lower().startswith("strateg") for line in lines)
    assert len(table.splitlines()) == len(lines) + 1
    assert f"{len(lines)} lines in 1 text" in found
    assert found.startswith("2025-01-26 ¶")


def test_kwic_of_what_is_not_there_is_no_error() -> None:
    assert json.loads(run("kwic", str(SEEDS), "zebra", "--json"))["rows"] == []
    assert run("kwic", str(SEEDS), "zebra").startswith("0 lines in 1 text")


def test_kwic_counts_what_stands_beside_a_hit() -> None:
    rows = json.loads(run("kwic", str(SEEDS), "{cooperation}", "--contexts", "L1", "--json"))[
        "rows"
    ]
    assert rows[0] == {"context": "pragmatic", "count": 4, "texts": 1}


def test_a_query_that_cannot_be_read_is_marked_where_it_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = main(capsys, monkeypatch, "kwic", str(SEEDS), '[lemma="strengthen"] [tga="N.*"]')
    assert code == 4
    query, mark = err.splitlines()[1:3]
    assert query[mark.index("^") :].startswith("tga")
    assert "tag" in err


WORDING = [
    ("frequency", "word", "countries"),
    ("frequency --by lemma", "word", "country"),
    ("frequency --all", "word", "the"),
    ("ngrams --size 3", "ngram", "the two countries"),
    ("ngrams --skip 1", "skipgram", "two countries"),
    ("ngrams --phrases", "phrase", "the two countries"),
    ("keyness", "word", "countries"),
    ("collocates cooperation", "collocate", "pragmatic"),
    ("collocates cooperation --window 3,0 --measure t", "collocate", "pragmatic"),
    ("sketch cooperation", "word", "pragmatic"),
    ("dispersion", "word", "countries"),
    ("dispersion cooperation --parts paragraph", "query", "cooperation"),
    ("style", "measure", "Flesch"),
]


@pytest.mark.parametrize(("command", "column", "value"), WORDING)
def test_a_command_of_wording_gives_a_table_csv_and_json(
    command: str, column: str, value: str
) -> None:
    name, *options = command.split()
    shown = run(name, str(SEEDS), *options)
    assert "Base: 1 text, 26 sentences, 845 words" in shown
    data = json.loads(run(name, str(SEEDS), *options, "--json"))
    assert value in [row[column] for row in data["rows"]]
    assert data["method"] in shown
    header, *lines = run(name, str(SEEDS), *options, "--csv").splitlines()
    assert header.split(",")[0] in data["rows"][0]
    assert header.endswith(",evidence")
    assert len(lines) == len(data["rows"]) <= data["total"]


def test_keyness_against_other_texts_and_by_group(tmp_path: Path) -> None:
    for name, text in (("2020-01-01", "peace " * 9), ("2021-01-01", "trade " * 9)):
        (tmp_path / f"{name}.txt").write_text(f" date {name} A title\n\n{text}and more.", "utf-8")
    data = json.loads(run("keyness", str(SEEDS), "--reference", str(tmp_path), "--json"))
    assert (
        "peace" in [r["word"] for r in data["rows"] if r["side"] == "only there"]
        or data["total"] > 25
    )
    grouped = json.loads(run("keyness", str(tmp_path), "--groups", "year", "--json"))
    assert [(r["group"], r["word"]) for r in grouped["rows"]] == [
        ("2020", "peace"),
        ("2021", "trade"),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("keyness", "--measure", "LogRation", "--reference", str(SEEDS)), 4, "LogRatio"),
        (("keyness", "--groups", "year", "--reference", str(SEEDS)), 2, "one of the two"),
        (("collocates", "peace", "--window", "x"), 2, "5,3"),
        (("collocates", "peace", "--measure", "Mi"), 4, "MI"),
        (("dispersion", "--parts", "page"), 4, "paragraph"),
        (("kwic", "peace", "--sort", "R9"), 4, "R5"),
        (("frequency", "--csv", "--json"), 2, "one of the two"),
    ],
)
def test_what_a_command_of_wording_cannot_do_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    name, *rest = arguments
    assert (result := main(capsys, monkeypatch, name, str(SEEDS), *rest))[0] == code
    assert said in result[2]
    assert result[1] == ""


A, B = "The talks on fishing went on in June.", "The talks on fishing went on in July."


@pytest.fixture
def two(tmp_path: Path) -> Path:
    for day, said in (("2020-01-01", A), ("2021-01-01", B)):
        (tmp_path / day).mkdir()
        (tmp_path / day / "a.txt").write_text(f" date {day} Talks\n\n{said}\n", "utf-8")
    return tmp_path


MARKED = "¶1  The talks on fishing went on in [-June-]{+July+}."


def test_redline_shows_two_texts_as_an_editor_marks_them(two: Path) -> None:
    shown = run("redline", str(two / "2020-01-01" / "a.txt"), str(two / "2021-01-01" / "a.txt"))
    assert shown.startswith(
        "2021-01-01 against 2020-01-01: of 8 words 7 (88%) carried over verbatim"
    )
    assert MARKED in shown.splitlines()
    assert "Base: 2 texts, 2 sentences, 16 words" in shown
    turned = run("redline", str(two / "2021-01-01"), str(two / "2020-01-01"))
    assert "[-July-]{+June+}" in turned


def test_redline_of_one_source_takes_the_latest_or_what_is_named(tmp_path: Path) -> None:
    days = ["2020-01-01", "2020-02-01", "2020-03-01"]
    for day, said in zip(days, (A, B, A), strict=True):
        (tmp_path / f"{day}.txt").write_text(f" date {day} Talks\n\n{said} {day}\n", "utf-8")
    source = str(tmp_path)
    assert run("redline", source).startswith("2020-03-01 against 2020-02-01")
    assert run("redline", source, "--against", days[0]).startswith("2020-03-01 against 2020-01-01")
    assert run("redline", source, "--text", days[1]).startswith("2020-02-01 against 2020-01-01")
    rows = json.loads(run("redline", source, "--series", "--json"))["rows"]
    assert [row["against"] for row in rows] == [days[1], days[0], None]
    assert run("redline", source, "--series").startswith("Date ")
    pieces = json.loads(run("redline", source, "--json"))["rows"]
    assert {"struck", "inserted", "same"} == {piece["change"] for piece in pieces}
    assert run("redline", source, "--csv").splitlines()[0].endswith(",note,evidence")


def test_redline_of_one_text_says_why_there_is_none() -> None:
    assert run("redline", str(SEEDS)).startswith("2025-01-26 has no earlier text")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--csv", "--json"), 2, "one of the two"),
        ((str(SEEDS), "--series"), 2, "one of the three"),
        ((str(SEEDS), "--against", "2025-01-26"), 2, "one of the three"),
        (("--against", "2025-01-27"), 4, "Did you mean 2025-01-26?"),
        (("no/such",), 3, "no/such"),
    ],
)
def test_what_redline_cannot_do_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    result = main(capsys, monkeypatch, "redline", str(SEEDS), *arguments)
    assert result[0] == code
    assert said in result[2]
    assert result[1] == ""


OATH = "we shall never again let hunger and war return to these valleys"
REUSE = [
    ("passages", "passage", OATH),
    ("latest", "passage", OATH),
    ("texts", "carried", 1),
    ("new", "sentence", f"{OATH}."),
    ("paraphrases", "sentence", None),
]


@pytest.mark.parametrize(("show", "column", "value"), REUSE)
def test_reuse_gives_a_table_csv_and_json(
    tmp_path: Path, show: str, column: str, value: object
) -> None:
    for name in ("2020-01-01", "2021-01-01"):
        (tmp_path / f"{name}.txt").write_text(f" date {name} A title\n\n{OATH}.", "utf-8")
    source = (str(tmp_path), "--copies", "--show", show)
    shown = run("reuse", *source)
    data = json.loads(run("reuse", *source, "--json"))
    assert data["method"] in shown
    assert [row[column] for row in data["rows"]][:1] == ([value] if value else [])
    header, *lines = run("reuse", *source, "--csv").splitlines()
    assert header.split(",")[0] in shown.splitlines()[0].casefold()
    assert len(lines) == len(data["rows"])


def test_pair_of_two_sources(tmp_path: Path) -> None:
    for name, text in (("a", f"{OATH}."), ("b", f"Nothing else.\n\n{OATH.upper()}.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(f" date 2020-01-01 {name}\n\n{text}", "utf-8")
    both = (str(tmp_path / "a"), str(tmp_path / "b"))
    data = json.loads(run("pair", *both, "--json"))
    assert [row["kind"] for row in data["rows"]] == ["only second", "verbatim"]
    assert "verbatim" in run("pair", *both)
    order = json.loads(run("pair", *both, "--order", "--json"))
    assert [row["place"] for row in order["rows"]] == ["in order"]
    assert run("pair", *both, "--csv").splitlines()[0].startswith("kind,first,second")


MINISTRIES = str(Path(__file__).parent / "data" / "ministries" / "texts")
PHRASES = [
    ("formulations SEEDS", "formulation", "true multilateralism"),
    ("formulations SEEDS --show absent", "formulation", "Cold War mentality"),
    ("formulations MINISTRIES --show found", "phrase", "quiet diplomacy"),
    ("formulations MINISTRIES --show bursts", "formulation", "humanitarian lane"),
    ("formulations MINISTRIES --show lists", "texts", 7),
    ("formulations SEEDS --show ladders", "ladder", None),
    ("ledger MINISTRIES", "formulation", "freedom of passage"),
    ("ledger MINISTRIES --show changed", "formulation", "open corridor principle"),
    ("ledger MINISTRIES --show missing", "formulation", "good-neighbour policy"),
    ("ledger MINISTRIES --by publisher --at 2023-06-30", "publisher", "Foreign Ministry of Tarvik"),
    ("ledger MINISTRIES --lexicon", "formulation", None),
]


@pytest.mark.parametrize(("command", "column", "value"), PHRASES)
def test_a_command_of_formulations_gives_a_table_csv_and_json(
    command: str, column: str, value: object
) -> None:
    arguments = command.replace("SEEDS", str(SEEDS)).replace("MINISTRIES", MINISTRIES).split()
    shown = run(*arguments)
    data = json.loads(run(*arguments, "--top", "80", "--json"))
    assert data["method"] in shown
    assert value in [row[column] for row in data["rows"]] or (value is None and not data["rows"])
    header, *lines = run(*arguments, "--top", "80", "--csv").splitlines()
    assert column in header.split(",")
    assert len(lines) == len(data["rows"])


CONTENT = [
    ("themes SEEDS", "theme", "Bilateral relations"),
    ("themes SEEDS --show by-paragraph", "theme", "Economy and trade"),
    ("themes MINISTRIES --show shares --by year", "period", "2023"),
    ("themes SEEDS --show moved", "theme", None),
    ("topics SEEDS", "topic", None),
    ("topics SEEDS --show stability", "number", None),
    ("names SEEDS", "name", "Vladimir Putin"),
    ("names SEEDS --show together", "second", "Russia"),
    ("names SEEDS --show precedence", "first", "China"),
    ("names SEEDS --show order", "name", "Xi Jinping"),
    ("names MINISTRIES --show news", "news", None),
    ("names MINISTRIES --show ledger", "state", "established"),
    ("dates SEEDS", "resolved", "2025-01-21"),
    ("dates SEEDS --show anniversaries", "since", 1949),
    ("dates SEEDS --show calendar", "number", 80),
    ("dates SEEDS --show numbers", "about", "met three times"),
    ("quotes SEEDS", "verb", "agree"),
    ("quotes SEEDS --show speakers --others", "speaker", "the two heads of state"),
    ("stance SEEDS", "graded", 4),
    ("stance SEEDS --show modality", "actor", "China"),
    ("stance SEEDS --show modality --by expression", "expression", "will"),
    ("stance SEEDS --show outlook", "clauses", 37),
    ("stance SEEDS --show actions --actor China", "object", "Russia"),
]


@pytest.mark.parametrize(("command", "column", "value"), CONTENT)
def test_a_command_of_content_gives_a_table_csv_and_json(
    command: str, column: str, value: object
) -> None:
    arguments = command.replace("SEEDS", str(SEEDS)).replace("MINISTRIES", MINISTRIES).split()
    shown = run(*arguments, "--top", "200")
    data = json.loads(run(*arguments, "--top", "200", "--json"))
    assert data["method"] in shown
    assert value in [row[column] for row in data["rows"]] or (value is None and not data["rows"])
    header, *lines = run(*arguments, "--top", "200", "--csv").splitlines()
    assert column in header.split(",")
    assert len(lines) == len(data["rows"])


def test_a_ledger_is_kept_in_a_file_and_asked_again(tmp_path: Path) -> None:
    kept = str(tmp_path / "ledger.json")
    first = run("ledger", MINISTRIES, "--out", kept)
    assert run("ledger", kept) == first
    assert "2023-09-22" in run("ledger", kept, "--at", "2023-09-30")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("reuse", "SEEDS", "--csv", "--json"), 2, "one of the two"),
        (("reuse", "SEEDS", "--shortest", "2"), 2, "3"),
        (("pair", "SEEDS", "SEEDS", "--csv", "--json"), 2, "one of the two"),
        (("pair", "SEEDS", "no/such"), 3, "no/such"),
        (("ledger", "SEEDS", "--at", "yesterday"), 2, "yesterday"),
        (("ledger", "SEEDS", "--csv", "--json"), 2, "one of the two"),
        (("ledger", "SEEDS", "--own", "no/such.toml"), 3, "no/such.toml"),
        (("ledger", "SEEDS", "--out", "SEEDS"), 7, "cannot be written"),
        (("formulations", "no/such"), 3, "no/such"),
        (("formulations", "SEEDS", "--show", "nothing"), 2, "nothing"),
        (("themes", "SEEDS", "--show", "moved", "--by", "year"), 2, "--by does not go with"),
        (("themes", "SEEDS", "--own", "no/such.dic"), 3, "no/such.dic"),
        (("topics", "SEEDS", "--show", "stability", "--number", "5"), 2, "--number"),
        (("names", "SEEDS", "--show", "order", "--own", "x.toml"), 2, "--own does not go with"),
        (("dates", "SEEDS", "--show", "numbers", "--when", "ahead"), 2, "--when"),
        (("stance", "SEEDS", "--by", "word"), 4, "text"),
        (("quotes", "SEEDS", "--show", "speakers", "--terms"), 2, "--terms does not go with"),
        (("stance", "SEEDS", "--actor", "China"), 2, "--actor"),
    ],
)
def test_what_a_command_cannot_do_is_said(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    given = (a.replace("SEEDS", str(SEEDS)) for a in arguments)
    exit_code, out, err = main(capsys, monkeypatch, *given)
    assert (exit_code, out) == (code, "")
    assert said in err


def test_params_lists_every_parameter() -> None:
    shown = CliRunner().invoke(cli.kit, ["params"]).output
    for name in ("brief", "themes", "wording", "names", "texts"):
        assert f"{name}\n" in shown
    assert "top: int = 30  rows shown of each table (1..5000)" in shown


def test_params_shows_a_range_that_is_open(tmp_path: Path) -> None:
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["parameters"]},
        "source": "top: int = 3  # rows (1..)",
    }
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    assert "(1..)" in CliRunner().invoke(cli.kit, ["params", str(tmp_path / "a.ipynb")]).output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script(shell: str) -> None:
    done = CliRunner().invoke(cli.kit, ["completion", shell])
    assert done.exit_code == 0
    assert "_KIT_COMPLETE" in done.output


def test_lab_needs_notebooks_that_can_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.cli.reports.os.access", lambda *_: False)
    code, _, err = main(capsys, monkeypatch, "lab")
    assert code == 7
    assert err.startswith("kit: ")


def test_lab_gets_the_options(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def stand_in(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr("kit.cli.reports.subprocess.run", stand_in)
    code, _, _ = main(capsys, monkeypatch, "lab", "--no-browser", "--port=9999")
    assert code == 3
    assert ran[0][-2:] == ["--no-browser", "--port=9999"]


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -c 'from kit.cli import main; main()' params | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_loss_of_the_process_that_kernels_come_from_is_a_failed_run(tmp_path: Path) -> None:
    (tmp_path / "ends_the_process.py").write_text("import os\nos._exit(0)\n", "utf-8")
    notebook = str(NOTEBOOKS / "imports_what_ends_the_process.ipynb")
    done = kit("execute", notebook, "--source", str(SEEDS), "--out", "out", cwd=tmp_path)
    assert done.returncode == 5, done.stderr
    assert not (tmp_path / "out" / "run").exists()


HEAVY = ("papermill", "nbconvert", "pandas", "matplotlib", "spacy", "jupyter_client")


def test_importing_kit_is_free() -> None:
    script = f"import sys, kit, kit.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert done.stdout == "[]\n"


def test_the_version_is_that_of_the_package() -> None:
    done = CliRunner().invoke(cli.kit, ["--version"])
    assert done.exit_code == 0
    assert done.output.startswith("kit")
