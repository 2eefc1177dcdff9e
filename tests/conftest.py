"""Fixtures that the tests share."""

import datetime as dt
import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import kit
from kit.corpus import Corpus, Document
from kit.language import identify

# A machine that is busy is no failure; `make fuzz` asks for more examples. What gates a submission
# draws the same ones each time; new ones are for people to look at.
settings.register_profile(
    "readout",
    deadline=None,
    max_examples=int(os.environ.get("READOUT_EXAMPLES", "100")),
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("readout")

PROJECT = Path(__file__).parent.parent
MakeCorpus = Callable[..., Corpus]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep parses in a folder of this session, so that no test touches the user's cache."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("READOUT_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def seed() -> Corpus:
    """The one text of the project's seeds."""
    return kit.read(PROJECT / "seeds")


@pytest.fixture(scope="session")
def ministries() -> Corpus:
    """Two ministries that do not exist; what is planted in their texts is in truth.toml beside them."""
    return kit.read(PROJECT / "tests" / "data" / "ministries" / "texts")


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What is planted in the texts of the two ministries."""
    text = (PROJECT / "tests" / "data" / "ministries" / "truth.toml").read_text("utf-8")
    return tomllib.loads(text)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of cases and pins that lies beside the checkout."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: its cases and pins cannot be checked")
    return folder


@pytest.fixture(scope="session")
def make_corpus() -> MakeCorpus:
    """The function below; a fixture, because a conftest is no module to import from."""
    return _make_corpus


def _make_corpus(
    *texts: str,
    dates: Sequence[str | None] = (),
    titles: Sequence[str] = (),
    language: str = "",
) -> Corpus:
    """Return a corpus of texts, their paragraphs between blank lines, by default one a day."""
    documents = []
    for i, text in enumerate(texts):
        day = dates[i] if dates else f"2025-01-{1 + i:02d}"
        documents.append(
            Document(
                id=f"{i:03d}",
                title=titles[i] if titles else "",
                date=dt.date.fromisoformat(day) if day else None,
                paragraphs=tuple(p for p in text.split("\n\n") if p.strip()),
                language=language or ("en" if text.isascii() else identify(text)),
                source=f"{i:03d}.txt",
                sha256="",
            )
        )
    return Corpus(tuple(documents))
