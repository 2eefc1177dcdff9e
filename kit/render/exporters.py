"""The nbconvert exporters ``readout-html`` and ``readout-pdf``."""

from typing import Any

from nbconvert.exporters.exporter import Exporter
from traitlets import default

from kit.render import html, model, pdf


class ReadoutHTML(Exporter):  # type: ignore[misc]  # nbconvert is untyped
    """One HTML file, without script and without a request to any host."""

    export_from_notebook = "Readout report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Return (page, resources)."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return html.render(model.build(nb)), resources


class ReadoutPDF(Exporter):  # type: ignore[misc]  # nbconvert is untyped
    """One tagged PDF (PDF/UA-1), made by typst."""

    export_from_notebook = "Readout report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:
        """Return (file, resources)."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return pdf.render(model.build(nb)), resources
