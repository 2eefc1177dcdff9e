"""Columns of words on disk: written whole or not at all, opened memory-mapped."""

import hashlib
import json
import shutil
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from kit import language
from kit.corpus import Corpus
from kit.lexicon import load as lexicon
from kit.tokens import columns
from kit.tokens.columns import Columns

FORMAT = 1  # raise when what is stored changes
ARRAYS = (
    "ids",
    "start",
    "close",
    "sentences",
    "sentence_bounds",
    "passage_bounds",
    "document_bounds",
)
_RULES = {"en": ("sentencex",), "zh": ("rjieba",), "ru": ()}  # packages that words depend on


def folder_of(corpus: Corpus, cache: Path) -> Path:
    """Return where the columns of a corpus belong: a name made of its content and of our rules."""
    key = hashlib.sha256(f"{corpus.fingerprint} {_rules()}".encode()).hexdigest()
    return cache / "tokens" / key[:2] / key[2:]


@lru_cache(maxsize=1)
def _rules() -> str:
    """Return what the words of a text depend on beside the text."""
    digest = hashlib.sha256()
    for module in (
        language,
        language.english,
        language.chinese,
        language.russian,
        language.plain,
        columns,
    ):
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(repr([lexicon(n) for n in ("names", "countries", "formulations")]).encode())
    there = [p for packages in _RULES.values() for p in packages if language.extras.there(p)]
    return f"{FORMAT} {[(p, version(p)) for p in there]} {digest.hexdigest()}"


def save(made: Columns, folder: Path) -> bool:
    """Keep columns in a folder, in place of what is there.

    False where that cannot be: it costs time, not the report.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=folder.parent))
    except OSError:
        return False
    try:
        for name in ARRAYS:
            np.save(new / f"{name}.npy", getattr(made, name), allow_pickle=False)
        forms = zip(made.vocabulary, made.languages, strict=True)
        (new / "vocabulary.json").write_text(
            json.dumps(list(forms), ensure_ascii=False), encoding="utf-8"
        )
        shutil.rmtree(folder, ignore_errors=True)  # what stands there could not be read
        new.replace(folder)
    except OSError:  # no room, or another process was first
        shutil.rmtree(new, ignore_errors=True)
        return False
    return True


def load(folder: Path) -> Columns | None:
    """Return kept columns, or None where there are none that can be read."""
    try:
        forms = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        arrays = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ARRAYS
        }
        vocabulary = tuple(str(form) for form, _ in forms)
        languages = tuple(str(code) for _, code in forms)
    except (OSError, ValueError, TypeError, EOFError):
        return None
    return Columns(vocabulary=vocabulary, languages=languages, **arrays)
