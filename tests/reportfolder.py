"""Small report folders, as a run leaves them, for what sends and publishes them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from kit.corpus import Corpus, Span
from kit.finding import Finding

PDF = b"%PDF-1.7\n.\r\n.. not a real one\n" + bytes(range(256))
STATEMENTS = (("Read", "One text of two paragraphs."), ("About", "Above all trade."))


def make(
    folder: Path,
    corpus: Corpus,
    *,
    statements: Sequence[tuple[str, str]] = STATEMENTS,
    title: str = "",
    cells: Sequence[Any] = (),
) -> Path:
    """Write a report folder with a first page of statements, and whatever cells come after; return it."""
    table = pd.DataFrame(list(statements), columns=["topic", "statement"])
    evidence = tuple((Span(corpus.documents[0].id, 1, 0, 3),) for _ in statements)
    brief = Finding(
        *("brief", "The report in brief", table, corpus, "Made of other findings.", evidence),
        shape="sentences",
    )
    bundle = json.loads(json.dumps(brief._repr_mimebundle_()))
    shown = nbformat.v4.new_output("display_data", data=bundle)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(f"# {title or 'Brief'}"),
            nbformat.v4.new_code_cell("brief", outputs=[shown]),
            *cells,
        ]
    )
    (folder / "notebooks").mkdir(parents=True)
    nbformat.write(notebook, folder / "notebooks" / "brief.ipynb")
    (folder / "report.html").write_text("<!DOCTYPE html><title>Report</title>", "utf-8")
    (folder / "report.pdf").write_bytes(PDF)
    (folder / "run.json").write_text(json.dumps({"format": 1, "notebooks": {"brief": ""}}), "utf-8")
    return folder
