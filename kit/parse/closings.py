"""The notice under every text of a table: a licence, an address; it is no part of what they say."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kit.corpus import Document

FEWEST = 10  # texts of one file, of which nearly all must end alike
NEARLY_ALL = 0.9
LONG = 100  # letters and digits in all: a greeting or a thank-you is shorter
MOST = 12  # paragraphs looked at


def without(documents: Sequence[Document]) -> list[Document]:
    """Return the documents without the paragraphs that close nearly all texts of their file alike.

    Only texts that share a file, the rows of a table, are compared. What is taken out is told in a note.
    """
    files: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        files[_file(document)].append(document)
    closing = {name: _closing(texts) for name, texts in files.items() if len(texts) >= FEWEST}
    return [_cut(document, closing.get(_file(document), ())) for document in documents]


def _file(document: Document) -> str:
    """Return the file of a text that is a part of one; another text is alone in its own."""
    file, colon, place = document.source.rpartition(":")
    return file if colon and place.isdigit() else document.source


def _closing(texts: Sequence[Document]) -> tuple[str, ...]:
    """Return the last paragraphs that nearly all texts have, "" where they are not long enough."""
    best: tuple[str, ...] = ()
    for number in range(1, MOST + 1):
        ends = Counter(d.paragraphs[-number:] for d in texts if len(d.paragraphs) > number)
        if not ends:
            break
        end, times = min(ends.items(), key=lambda item: (-item[1], item[0]))
        if times < NEARLY_ALL * len(texts):
            break
        best = end
    return best if sum(c.isalnum() for text in best for c in text) >= LONG else ()


def _cut(document: Document, closing: tuple[str, ...]) -> Document:
    number = len(closing)
    if not number or document.paragraphs[-number:] != closing:
        return document
    kept = len(document.paragraphs) - number
    lines = "1 paragraph" if number == 1 else f"{number} paragraphs"
    note = f"left out: {lines} at the end that the other texts of the file have, too"
    return replace(
        document,
        paragraphs=document.paragraphs[:kept],
        kinds=document.kinds[:kept],
        originals=tuple(x for x in document.originals if x[0] <= kept),
        notes=(*document.notes, note),
    )
