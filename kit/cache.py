"""Where what is costly to make is kept between runs."""

import os
import tempfile
from pathlib import Path


def folder() -> Path:
    """Return the cache's folder: ``$READOUT_CACHE``, else ``readout`` in the user's cache."""
    own = os.environ.get("READOUT_CACHE")
    return (
        Path(own)
        if own
        else Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "readout"
    )


def write(path: Path, content: bytes) -> None:
    """Keep content whole or not at all; a cache that cannot be written costs time, not the report."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=path.suffix, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    except OSError:
        return
