"""Document and Corpus: dated texts that never change."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

Kind = Literal["body", "heading", "item", "row", "quotation"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document, in code points: ``document.text(paragraph)[start:end]``.

    Paragraphs are numbered from 1; paragraph 0 is the title.
    """

    document: str
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One official text. ``notes`` tell what the reader had to assume or could not find.

    ``kinds`` has what each paragraph is (empty: all body), ``date_origin`` where its date stands in
    the source (``heading``, ``column``, ``page metadata`` and so on); the day is that of the zone it
    was published in, ``instant`` the same in UTC where the source gives a time and a zone.
    """

    id: str
    title: str
    date: dt.date | None
    paragraphs: tuple[str, ...]
    language: str
    source: str
    sha256: str
    notes: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    date_origin: str = ""
    instant: str = ""
    author: str = ""
    publisher: str = ""
    url: str = ""
    originals: tuple[tuple[int, str], ...] = ()  # (paragraph, its text before it was made plain)

    @property
    def day(self) -> str | None:
        """The date as YYYY-MM-DD, or None without one."""
        return self.date.isoformat() if self.date else None

    def original(self, paragraph: int) -> str:
        """Return a paragraph as its source has it, but for line breaks and blanks."""
        return dict(self.originals).get(paragraph) or self.text(paragraph)

    def kind(self, paragraph: int) -> Kind:
        """Return what a paragraph (from 1) is; the title (0) is a heading."""
        if paragraph == 0:
            return "heading"
        return self.kinds[paragraph - 1] if self.kinds else "body"

    def text(self, paragraph: int) -> str:
        """Return the text of a paragraph (from 1), or the title (0)."""
        return self.title if paragraph == 0 else self.paragraphs[paragraph - 1]

    def passages(self) -> Iterator[tuple[int, str]]:
        """Yield (number, text): the title as 0, then the paragraphs from 1."""
        yield 0, self.title
        yield from enumerate(self.paragraphs, start=1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that gave no document, with the reason and what to do."""

    source: str
    reason: str
    advice: str


COPY = (
    "a copy of"  # how the reason begins for a text that was left out because another says the same
)
LATER = "dated after the last day that counts"  # how it begins for one of a later day


@dataclass(frozen=True, eq=False)
class Corpus:
    """Documents in order of date (undated last), and what was left out on the way.

    Two corpora of the same documents are equal; ``where``, ``before`` and ``group`` give corpora.
    ``since`` is the first day of the period that a report is about, ``until`` the last day that was
    read, where these were asked for: what is dated before ``since`` is the background.
    """

    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...] = ()
    name: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    _by_id: dict[str, Document] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.documents, key=lambda d: (d.date or dt.date.max, d.id)))
        by_id = {document.id: document for document in ordered}
        if len(by_id) != len(ordered):
            raise ValueError("two documents of a corpus have the same id")
        object.__setattr__(self, "documents", ordered)
        object.__setattr__(self, "_by_id", by_id)

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __getitem__(self, document_id: str) -> Document:
        return self._by_id[document_id]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Corpus) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over what an analysis can see of the documents: the same texts, the same key."""
        digest = hashlib.sha256()
        if self.since:  # without it the last day shows in nothing but the documents
            digest.update(repr((self.since, self.until)).encode())
        for d in self.documents:
            digest.update(repr((d.id, d.title, d.date, d.language, d.source)).encode())
            digest.update(repr((d.author, d.publisher, d.notes, d.paragraphs, d.kinds)).encode())
        return digest.hexdigest()

    @property
    def copies(self) -> tuple[LeftOut, ...]:
        """What was left out because another text says the same."""
        return tuple(x for x in self.left_out if x.reason.startswith(COPY))

    @property
    def later(self) -> tuple[LeftOut, ...]:
        """What was left out because it is dated after ``until``."""
        return tuple(x for x in self.left_out if x.reason.startswith(LATER))

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The dates of the dated documents, in order."""
        return tuple(d.date for d in self.documents if d.date is not None)

    @property
    def latest(self) -> "Corpus":
        """The corpus of the latest dated text alone; where none is dated, of the last one.

        With ``since`` the text is of the period; there is none where the period has none.
        """
        if self.since:
            dated = self.period.documents
        else:
            dated = tuple(d for d in self.documents if d.date is not None) or self.documents
        return self.where(lambda d: d is dated[-1]) if dated else self.where(lambda _: False)

    @property
    def period(self) -> "Corpus":
        """The corpus of the texts that a report is about: of those dated from ``since`` on.

        Without ``since`` it is that of the latest text.
        """
        since = self.since
        if since is None:
            return self.latest
        return self.where(lambda d: d.date is not None and d.date >= since)

    @property
    def background(self) -> "Corpus":
        """The corpus of the other dated texts, which what is new in the period is told from."""
        period = {d.id for d in self.period}
        return self.where(lambda d: d.date is not None and d.id not in period)

    def text(self, span: Span) -> str:
        """Return the very characters of a span."""
        return self[span.document].text(span.paragraph)[span.start : span.end]

    def where(self, keep: Callable[[Document], bool]) -> "Corpus":
        """Return the corpus of the documents for which `keep` is true."""
        return replace(self, documents=tuple(d for d in self if keep(d)))

    def before(self, date: dt.date) -> "Corpus":
        """Return the corpus of the documents dated earlier than `date`; undated ones fall out."""
        return self.where(lambda d: d.date is not None and d.date < date)

    def group(self, key: Callable[[Document], str]) -> dict[str, "Corpus"]:
        """Return a corpus for each value of `key`, the values in order."""
        groups: dict[str, list[Document]] = {}
        for document in self:
            groups.setdefault(key(document), []).append(document)
        return {k: replace(self, documents=tuple(groups[k])) for k in sorted(groups)}
