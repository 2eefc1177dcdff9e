"""Find the files of a source and read each; a bad one is reported and never stops the rest."""

import datetime as dt
import glob
import io
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kit import days
from kit.corpus import COPY, LATER, Corpus, Document, LeftOut
from kit.errors import ReadError
from kit.parse import closings, forms, settings, worker
from kit.parse.document import shown
from kit.parse.duplicates import copies as find_copies
from kit.parse.pool import File, Order, read_in_processes
from kit.parse.record import Options, UnreadableError
from kit.parse.sidecar import NAMES as SIDECARS
from kit.parse.sidecar import Override, read_sidecar

Source = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
Progress = Callable[[int, int], None]  # files done, files in all
MANY_FILES = 400  # from which reading is spread over processes, whatever the form
STANDARD_INPUT = "-"
_LINKED = ("a link to a folder", "copy the folder itself here")


def read(
    source: Source,
    *,
    since: str | dt.date = "",
    until: str | dt.date = "",
    copies: bool = False,
    today: dt.date | None = None,
    processes: int | None = None,
    progress: Progress = lambda done, of: None,
    **options: Any,
) -> Corpus:
    """Read the dated texts of a folder tree, a file, a pattern with ``*``, or a list of these.

    ``"-"`` is standard input. Options are those of ``kit.parse.record.Options`` (``text="body"``
    names a table's column, ``encoding="gb18030"``, ``day_first=True``, ``year_day="03-05"``); a file
    ``reading.toml`` in the folder may give them for good. Returns a Corpus whose
    ``left_out`` names every file, row or member that gave no text, with the reason: in = out +
    left out. A copy of another text is left out as such, unless `copies` is true.

    Days are written ``2024-05-12``. A text dated after `until` is left out as such; an undated one
    stays. `since` is the first day of the period that a report is about (``Corpus.period``): texts
    before it are read as the background. Raises ReadError when the source does not exist or gives no
    text at all, ParameterError for what is no day, and for a `since` after `until`.
    """
    first, last = days.both(since, until)
    copies = copies or bool(settings.said(source).get("copies"))
    documents: list[Document] = []
    left_out: list[LeftOut] = []
    for result in stream(
        source, until=last, today=today, processes=processes, progress=progress, **options
    ):
        (documents if isinstance(result, Document) else left_out).append(result)  # type: ignore[arg-type]
    if not documents:
        reasons = "".join(f"\n  {x.source}: {x.reason}; {x.advice}" for x in left_out[:10])
        if any(x.reason.startswith(LATER) for x in left_out):
            raise ReadError(f"{_told(source)}: no text is dated until {last}.{reasons}")
        raise ReadError(
            f"{_told(source)}: no text found. Put texts there: .txt files whose first line is "
            f"` date YYYY-MM-DD TITLE`, or web pages, PDFs, tables and others.{reasons}"
        )
    documents = closings.without(documents)
    if not copies:
        same = find_copies(documents)
        sources = {d.id: d.source for d in documents}
        left_out += [
            LeftOut(
                d.source, f"{COPY} {sources[same[d.id]]}", "read with copies=True to count it too"
            )
            for d in documents
            if d.id in same
        ]
        documents = [d for d in documents if d.id not in same]
    return Corpus(tuple(documents), tuple(left_out), _name(source), first, last)


def stream(
    source: Source,
    *,
    until: dt.date | None = None,
    today: dt.date | None = None,
    processes: int | None = None,
    progress: Progress = lambda done, of: None,
    **options: Any,
) -> Iterator[Document | LeftOut]:
    """Yield each text, and each file or part of one that gave none, in order of the file names.

    For what is too large for memory: only a few texts are held at a time. `processes` is how many
    read side by side (None: as many as there are cores, where it is worth it; 0: in this process,
    without protection against files that hang).
    """
    told = {name: value for name, value in options.items() if value not in (None, "")}
    chosen = _options({**settings.said(source), **told})
    today = today or dt.date.today()
    if source == STANDARD_INPUT:
        yield from _apart(_up_to(until, _standard_input(chosen, today)))
        return
    skipped: list[LeftOut] = []
    files, overrides = _found(source, skipped)
    yield from skipped
    yield from _apart(_up_to(until, _results(files, overrides, chosen, today, processes, progress)))


def _options(given: dict[str, Any]) -> Options:
    try:
        options = Options(**{k: v for k, v in given.items() if k != "copies"})
    except TypeError as error:
        raise ReadError(f"reading has no such option: {error}") from error
    for field in fields(options):
        value = getattr(options, field.name)
        if not isinstance(value, bool | None if field.name == "day_first" else str):
            raise ReadError(f"{field.name}={value!r}: give {field.type}")
    if options.year_day and not _is_day_of_year(options.year_day):
        raise ReadError(f"year_day={options.year_day!r}: write month and day, as 03-05")
    return options


def _is_day_of_year(text: str) -> bool:
    try:
        return dt.date.fromisoformat(f"2001-{text}").strftime("%m-%d") == text
    except ValueError:
        return False


def _up_to(
    last: dt.date | None, results: Iterable[Document | LeftOut]
) -> Iterator[Document | LeftOut]:
    """Leave out, with the reason, the texts that are dated after the last day."""
    for result in results:
        if last and isinstance(result, Document) and result.date and result.date > last:
            advice = f"read with until={result.day} or later to count it"
            yield LeftOut(result.source, f"{LATER}: {result.day}, after {last}", advice)
        else:
            yield result


def _apart(results: Iterable[Document | LeftOut]) -> Iterator[Document | LeftOut]:
    """Give a text whose id was seen before the name of its file too."""
    seen: set[str] = set()
    for result in results:
        if not isinstance(result, Document):
            yield result
            continue
        name, number = result.id, 1
        while name in seen:
            name = f"{result.source}#{result.id}" + (f"#{number}" if number > 1 else "")
            number += 1
        seen.add(name)
        yield result if name == result.id else replace(result, id=name)


def _results(
    files: list[File],
    overrides: dict[str, Override],
    options: Options,
    today: dt.date,
    processes: int | None,
    progress: Progress,
) -> Iterator[Document | LeftOut]:
    apart = processes != 0 and (
        len(files) >= MANY_FILES or any(forms.is_costly(name) for _, name, _ in files)
    )
    if apart:
        order = Order(options, today, overrides)
        yield from read_in_processes(files, order, processes or os.cpu_count() or 1, progress)
        return
    for done, (path, name, base) in enumerate(files, start=1):
        yield from worker.read_file(
            path, name, base=base, options=options, today=today, overrides=overrides
        )
        progress(done, len(files))


def _standard_input(options: Options, today: dt.date) -> Iterator[Document | LeftOut]:
    data = sys.stdin.buffer.read()
    head = data[: forms.SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip()
    ending = ""
    if head.startswith((b"{", b"[{", b"[\n", b"[ ")):
        line = data.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
        ending = ".jsonl" if head.startswith(b"{") and line.rstrip().endswith(b"}") else ".json"
    name = f"standard-input{ending}"
    yield from worker.read_open(io.BytesIO(data), name, options=options, today=today, overrides={})


# ---- which files there are


@dataclass(frozen=True, slots=True)
class _Root:
    """A folder or file to read, and the folder out of which no link in it may lead."""

    path: Path
    base: str


def _found(source: Source, skipped: list[LeftOut]) -> tuple[list[File], dict[str, Override]]:
    """Return (path, name, folder it must lie in) of each file, and what sidecars say of them."""
    sources = [source] if isinstance(source, str | os.PathLike) else list(source)
    roots = [root for one in sources for root in _roots(one, skipped)]
    labels = _labels([root.path for root in roots])
    files: dict[str, File] = {}  # by path: what two sources have in common is read once
    names: set[str] = set()
    overrides: dict[str, Override] = {}
    for root, label in zip(roots, labels, strict=True):
        is_folder = root.path.is_dir()
        prefix = f"{label}/" if is_folder and len(roots) > 1 else ""
        below = _walk(root, prefix, skipped, overrides) if is_folder else [(str(root.path), label)]
        for path, plain in below:
            whole = os.path.abspath(path)  # noqa: PTH100 (links stay)
            if whole in files:
                continue
            name = plain if plain not in names else shown(whole)
            names.add(name)
            files[whole] = (path, name, root.base)
    return list(files.values()), overrides


def _roots(source: str | os.PathLike[str], skipped: list[LeftOut]) -> list[_Root]:
    written = os.fspath(source)
    root = Path(written)
    if not written.strip():
        raise ReadError("the source is empty. Give the folder that holds the texts, e.g. seeds")
    try:
        if root.exists():
            real = root.resolve()
            return [_Root(root, str(real if root.is_dir() else real.parent))]
        # Path.glob takes no pattern that begins at the root
        matching = sorted(glob.glob(written, recursive=True)) if _is_pattern(source) else []  # noqa: PTH207
    except (OSError, ValueError, RuntimeError) as error:
        raise ReadError(f"{source}: not a path that can be opened ({error})") from error
    if not matching:
        what = "nothing matches" if _is_pattern(source) else "no such file or folder"
        raise ReadError(f"{source}: {what}. Give the folder that holds the texts, e.g. seeds")
    parts = itertools.takewhile(lambda part: not _is_pattern(part), root.parts)
    fixed = Path(*parts)
    return _matched(fixed, [Path(name) for name in matching], skipped)


def _matched(fixed: Path, matching: list[Path], skipped: list[LeftOut]) -> list[_Root]:
    """Return what a pattern found below its fixed part, but not what it found through links."""
    base = str(fixed.resolve())
    found: list[_Root] = []
    links: dict[Path, None] = {}
    for path in matching:
        below = [
            p for p in (*reversed(path.parents), path) if p != fixed and p.is_relative_to(fixed)
        ]
        link = next((p for p in below if p.is_symlink() and p.is_dir()), None)
        if link is None:
            found.append(_Root(path, base))
        else:
            links[link] = None
    skipped += [LeftOut(shown(link.as_posix()), *_LINKED) for link in links]
    return found


def _is_pattern(source: str | os.PathLike[str]) -> bool:
    return any(c in os.fspath(source) for c in "*?[")


def _labels(roots: list[Path]) -> list[str]:
    """Return the name of each root, with as many folders above it as tell it from the others."""
    whole = [Path(os.path.abspath(root)).parts for root in roots]  # noqa: PTH100
    labels = [""] * len(roots)
    alike = dict.fromkeys(range(len(roots)), 1)
    while alike:
        for i, depth in alike.items():
            labels[i] = shown("/".join(part.strip("/") for part in whole[i][-depth:]))
        paths: dict[str, set[tuple[str, ...]]] = {}
        for label, parts in zip(labels, whole, strict=True):
            paths.setdefault(label, set()).add(parts)
        alike = {
            i: alike[i] + 1 for i in alike if len(paths[labels[i]]) > 1 and alike[i] < len(whole[i])
        }
    return labels


def _walk(
    root: _Root, prefix: str, skipped: list[LeftOut], overrides: dict[str, Override]
) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of the files below a folder, in order; hidden ones are passed over.

    What a sidecar says of them goes to `overrides`; that of the nearest folder counts.
    """
    top = os.path.join(root.path, "")  # noqa: PTH118 (100,000 of them: Path takes seconds)

    def name_of(path: str) -> str:
        return shown(prefix + path[len(top) :].replace(os.sep, "/")) or "."

    def unreadable(error: OSError) -> None:
        name = name_of(os.fspath(error.filename))
        skipped.append(LeftOut(name, f"folder: {error.strerror}", "check its permissions"))

    for folder, folders, names in os.walk(top, onerror=unreadable):
        kept = sorted(name for name in folders if not name.startswith("."))
        start = os.path.join(folder, "")  # noqa: PTH118
        links = [name for name in kept if os.path.islink(start + name)]  # noqa: PTH114
        skipped += [LeftOut(name_of(start + name), *_LINKED) for name in links]
        folders[:] = [name for name in kept if name not in links]
        sidecars = [name for name in sorted(names) if name.lower() in SIDECARS]
        if sidecars:
            overrides |= _sidecar(start, sidecars, name_of(start), root.base, skipped)
        for name in sorted(names):
            told = folder == top and name == settings.NAME
            if not name.startswith(".") and name not in sidecars and not told:
                yield start + name, name_of(start + name)


def _sidecar(
    folder: str, names: list[str], prefix: str, base: str, skipped: list[LeftOut]
) -> dict[str, Override]:
    """Return what the sidecar of a folder says, by the names of the files as they are shown."""
    prefix = "" if prefix == "." else prefix
    try:
        for name in names:
            worker.check(folder + name, base)
        said, rejected = read_sidecar(Path(folder))
    except UnreadableError as error:
        skipped.append(LeftOut(f"{prefix}{shown(names[0])}", shown(error.reason), error.advice))
        return {}
    except OSError as error:
        reason = f"cannot be opened: {error.strerror}"
        skipped.append(LeftOut(f"{prefix}{shown(names[0])}", reason, "check its permissions"))
        return {}
    for row in rejected:
        place = row.place if row.place.lower() in SIDECARS else f"{names[0]}:{row.place}"
        skipped.append(LeftOut(shown(prefix + place), shown(row.reason), row.advice))
    return {shown(prefix + name): value for name, value in said.items()}


def _told(source: Source) -> str:
    return os.fspath(source) if isinstance(source, str | os.PathLike) else "the sources"


def _name(source: Source) -> str:
    if isinstance(source, str | os.PathLike) and not _is_pattern(source):
        return "standard input" if source == STANDARD_INPUT else Path(source).resolve().name
    return "texts"
