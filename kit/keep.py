"""Findings on disk: what was found in a large corpus is not looked for again."""

import functools
import hashlib
import inspect
import json
import operator
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import numpy as np
import pandas as pd
import pyarrow as pa

from kit import cache, tokens
from kit.corpus import Corpus
from kit.finding import Evidence, Finding
from kit.spans import SpanArrays

P = ParamSpec("P")
Analysis = Callable[Concatenate[Corpus, P], Finding]
SUFFIX = ".finding"
_FIELDS = "name title method caveats base shape formats total applies whole".split()
_EVIDENCE = "\0evidence"  # a column that no table has
_PLACE = pa.list_(pa.int32(), 3)  # number of the passage, start, end
_KIT = Path(__file__).parent
_RULES = (".py", ".toml", ".txt", ".lark")  # files that a finding depends on


def folder() -> Path:
    """Return where findings are kept."""
    return cache.folder() / "findings"


def finding(analysis: Analysis[P]) -> Analysis[P]:
    """Keep what an analysis finds in a large corpus on disk, and take it from there the next time.

    It is known by the texts, the analysis with its options, the content of files that they name, our
    code and lexicons, and the versions of what is installed. The options are strings, numbers, dates.
    """
    signature = inspect.signature(analysis)

    @functools.wraps(analysis)
    def known(corpus: Corpus, /, *args: P.args, **options: P.kwargs) -> Finding:
        if not tokens.is_large(corpus):
            return analysis(corpus, *args, **options)
        given = signature.bind(corpus, *args, **options)
        given.apply_defaults()
        name = f"{analysis.__module__}.{analysis.__qualname__}"
        path = _file(corpus, name, list(given.arguments.items())[1:])
        kept = load(path, corpus)
        if kept is not None:
            return kept
        found = analysis(corpus, *args, **options)
        if found.corpus is corpus:
            save(found, path)
        kept = load(path, corpus)  # what a page shows of many places is as it is the next time
        return found if kept is None else kept

    return known


def _file(corpus: Corpus, analysis: str, options: Sequence[tuple[str, Any]]) -> Path:
    named = [hashlib.sha256(p.read_bytes()).hexdigest() for _, v in options for p in _paths(v)]
    known = (corpus.fingerprint, corpus.name, corpus.left_out, analysis, options, named, _rules())
    key = hashlib.sha256(repr(known).encode()).hexdigest()
    return folder() / key[:2] / f"{key[2:]}{SUFFIX}"


def _paths(value: object) -> Iterator[Path]:
    """Yield the file that an option names, if it does."""
    try:
        if isinstance(value, str | Path) and value and Path(value).is_file():
            yield Path(value)
    except (OSError, ValueError):  # no name that a file can have
        return


@functools.lru_cache(maxsize=1)
def _rules() -> str:
    """Return what findings depend on beside texts and options."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(_KIT):
        folders.sort()
        for name in sorted(names):
            if name.endswith(_RULES):
                digest.update(f"{folder[len(str(_KIT)) :]}/{name}\0".encode())
                digest.update(Path(folder, name).read_bytes())
    return f"{digest.hexdigest()} {_installed()}"


def _installed() -> list[str]:
    """Return the packages that are there, by their folders of metadata, which name the version."""
    return sorted({p.name for place in sys.path for p in Path(place).glob("*.dist-info")})


def save(found: Finding, path: Path) -> None:
    """Keep a finding; what cannot be kept as it is costs time, not the report."""
    types = [str(dtype) for dtype in found.frame.dtypes]
    about = {name: getattr(found, name) for name in _FIELDS} | {"types": types}
    try:
        table = pa.Table.from_pandas(found.frame, preserve_index=False)
        if not _same(_frame(table, types), found.frame):
            return
        table = table.append_column(_EVIDENCE, _encoded(found))
        told = {**(table.schema.metadata or {}), b"about": json.dumps(about).encode()}
        table = table.replace_schema_metadata(told)
    except (TypeError, ValueError, pa.ArrowException):
        return
    stream = pa.BufferOutputStream()
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(stream, table.schema, options=packed) as writer:
        writer.write_table(table)
    cache.write(path, stream.getvalue())


def load(path: Path, corpus: Corpus) -> Finding | None:
    """Return the kept finding of a corpus, or None where there is none that can be read."""
    try:
        with pa.memory_map(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
        about = json.loads(table.schema.metadata[b"about"])
        frame = _frame(table.drop_columns(_EVIDENCE), about.pop("types"))
        evidence = _decoded(table.column(_EVIDENCE).combine_chunks(), corpus)
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None
    about |= {name: tuple(about[name]) for name in ("caveats", "whole")}
    return Finding(frame=frame, corpus=corpus, evidence=evidence, **about)


def _frame(table: pa.Table, types: Sequence[str]) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame.astype(dict(zip(frame.columns, types, strict=True)))


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether tables are the same, in columns of Python objects by type and value."""
    mixed = [column for column, dtype in other.dtypes.items() if str(dtype) == "object"]
    alike = ([[(type(x), x) for x in table[c]] for c in mixed] for table in (one, other))
    return one.equals(other) and operator.eq(*alike)


def _encoded(found: Finding) -> pa.Array:
    """Return the places of each row as a column; it is null where a finding has no places."""
    if not found.evidence:
        return pa.nulls(len(found), pa.list_(_PLACE))
    spans = SpanArrays.of(found.corpus, found.evidence)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(spans.places.ravel()), 3)
    return pa.ListArray.from_arrays(pa.array(spans.bounds, pa.int32()), flat)


def _decoded(column: pa.ListArray, corpus: Corpus) -> Evidence:
    if column.null_count:
        return ()
    places = column.values.flatten().to_numpy().reshape(-1, 3)
    return SpanArrays(corpus, places, column.offsets.to_numpy().astype(np.int64))
