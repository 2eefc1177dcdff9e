"""The model of a report -> one HTML file: no script, no request to any host."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from kit.render import svg

_CHINESE = re.compile(
    r"([\u3400-\u9fff](?:[\u3000-\u303f\uff00-\uffef\u3400-\u9fff]*[\u3400-\u9fff])?)"
)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kit.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = _marked
    environment.filters["picture"] = lambda text, key: Markup(svg.inline(text, key))
    return environment


def _marked(text: str) -> Markup:
    """Return text escaped, its Chinese stretches marked as Chinese for a screen reader."""
    pieces = (
        Markup('<span lang="zh">{}</span>').format(piece) if i % 2 else escape(piece)
        for i, piece in enumerate(_CHINESE.split(text))
    )
    return Markup("").join(pieces)


def render(report: dict[str, Any]) -> str:
    """Return the page. Whatever is text in the model is escaped as it enters."""
    style = files("kit.render").joinpath("templates/report.css").read_text("utf-8")
    return _environment().get_template("report.html.j2").render(report=report, style=Markup(style))
