"""Where what is costly to make is kept between runs."""

import os
from pathlib import Path


def folder() -> Path:
    """Return the cache's folder: ``$READOUT_CACHE``, else ``readout`` in the user's cache."""
    own = os.environ.get("READOUT_CACHE")
    return (
        Path(own)
        if own
        else Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "readout"
    )
