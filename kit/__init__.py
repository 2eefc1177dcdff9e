"""Readout: what official texts say and how they say it, every figure tied to its sentence.

``kit.read(source)`` gives a Corpus; each analysis takes a Corpus and gives a Finding, for example
``kit.keyness.general(corpus)``. Modules are imported when first used, so that ``import kit`` is free.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit import (
        brief,
        calendars,
        charts,
        collocation,
        concordance,
        counts,
        dispersion,
        formulations,
        keyness,
        lists,
        names,
        networks,
        ngrams,
        quotes,
        redline,
        reuse,
        sketch,
        stabilities,
        stance,
        stanceplots,
        streams,
        style,
        texts,
        themes,
        timelines,
        times,
    )
    from kit.corpus import Corpus, Document, Span
    from kit.finding import Finding
    from kit.parse import read

_MODULES = (
    "brief",
    "calendars",
    "charts",
    "collocation",
    "concordance",
    "counts",
    "dispersion",
    "formulations",
    "keyness",
    "lists",
    "names",
    "networks",
    "ngrams",
    "quotes",
    "redline",
    "reuse",
    "sketch",
    "stabilities",
    "stance",
    "stanceplots",
    "streams",
    "style",
    "texts",
    "themes",
    "timelines",
    "times",
)
_NAMES = {
    "Corpus": "kit.corpus",
    "Document": "kit.corpus",
    "Span": "kit.corpus",
    "Finding": "kit.finding",
    "read": "kit.parse",
}

__all__ = [
    "Corpus",
    "Document",
    "Finding",
    "Span",
    "brief",
    "calendars",
    "charts",
    "collocation",
    "concordance",
    "counts",
    "dispersion",
    "formulations",
    "keyness",
    "lists",
    "names",
    "networks",
    "ngrams",
    "quotes",
    "read",
    "redline",
    "reuse",
    "sketch",
    "stabilities",
    "stance",
    "stanceplots",
    "streams",
    "style",
    "texts",
    "themes",
    "timelines",
    "times",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"kit.{name}")
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    raise AttributeError(f"kit has no {name}")


def __dir__() -> list[str]:
    return sorted(__all__)
