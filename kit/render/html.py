"""The model of a report -> one HTML file: no script, no request to any host."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit import visible
from kit.render import svg


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kit.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = visible.marked
    environment.filters["picture"] = lambda text, key: Markup(svg.inline(text, key))
    return environment


def render(report: dict[str, Any]) -> str:
    """Return the page. Whatever is text in the model is escaped as it enters."""
    style = files("kit.render").joinpath("templates/report.css").read_text("utf-8")
    return _environment().get_template("report.html.j2").render(report=report, style=Markup(style))
