"""Executed notebooks -> one HTML file, one PDF, and the data of each finding."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.errors import RenderError
from kit.render import data
from kit.render.exporters import ReadoutHTML, ReadoutPDF

EXPORTERS: dict[str, type[Any]] = {"html": ReadoutHTML, "pdf": ReadoutPDF}


def merge(
    notebooks: Mapping[str, Path],
    *,
    title: str = "",
    provenance: Mapping[str, Any],
    look: Mapping[str, str] | None = None,
) -> Any:
    """Return one notebook of all the cells, which the exporters turn into one report.

    Each cell keeps in its metadata which notebook it came from; title, provenance and look (accent,
    footer, paper) stand in the metadata of the whole.
    """
    import nbformat  # noqa: PLC0415

    merged = nbformat.v4.new_notebook()
    merged.metadata["readout"] = {
        "title": title,
        "provenance": dict(provenance),
        "look": dict(look or {}),
    }
    for name, path in notebooks.items():
        for cell in nbformat.read(path, as_version=4).cells:
            cell.metadata["readout"] = {"notebook": name}
            cell["id"] = f"{name}-{len(merged.cells)}"[:64]
            merged.cells.append(cell)
    return merged


def write(notebook: Any, folder: Path, formats: Sequence[str]) -> None:
    """Write ``report.html`` and ``report.pdf`` as asked, and ``data/`` with each finding as CSV."""
    for name in formats:
        exporter = EXPORTERS[name]()
        made, _ = exporter.from_notebook_node(notebook)
        content = made.encode() if isinstance(made, str) else made
        if not content:
            raise RenderError(f"report.{name}: nothing was made")
        (folder / f"report.{name}").write_bytes(content)
    data.write(notebook, folder / "data")
