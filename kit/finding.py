"""Finding: a table that states its base, method and limits, and knows the sentences behind each row."""

import html
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from kit import markup, tokens
from kit.corpus import Corpus, Span
from kit.spans import Spans

T = TypeVar("T")
MIME = "application/vnd.readout.finding+json"
# Patterns of a column beside those of str.format: a p; a figure to four digits, a whole one whole.
CHANCE, DIGITS = "chance", "digits"
SMALLEST_SHOWN = 1e-16  # of a p: what is smaller is no more certain
SPANS_CARRIED = 60  # places that a row carries into a page or file, spread over all it has
SENTENCES = ["topic", "statement"]
VARIANTS = 10  # of a phrase that a table shows
Evidence = Sequence[tuple[Span, ...]]


@dataclass(frozen=True, eq=False)
class Finding:
    """The answer of one analysis. ``table`` is tidy: one row one thing.

    ``evidence`` has for each row the spans that it rests on. ``shape`` says how it reads best: as a
    table, or, where its first columns are ``topic`` and ``statement``, as sentences, or, where its rows
    are the pieces of a redline, as the text that they make. ``applies`` is false where the question makes no
    sense for the corpus, as a comparison of one text: the caveats say why, and a report leaves it out.
    """

    name: str
    title: str
    frame: pd.DataFrame = field(repr=False)
    corpus: Corpus = field(repr=False)
    method: str
    evidence: Evidence = field(default=(), repr=False)
    caveats: tuple[str, ...] = ()
    base: str = ""
    shape: Literal["table", "sentences", "redline"] = "table"
    formats: Mapping[str, str] = field(default_factory=dict)
    total: int = -1
    applies: bool = True
    whole: tuple[str, ...] = ()  # documents that a report gives in full, whatever is cited of them

    def __post_init__(self) -> None:
        if self.evidence and len(self.evidence) != len(self.frame):
            raise ValueError(f"{self.name}: {len(self.frame)} rows, {len(self.evidence)} evidence")
        if self.shape == "sentences" and list(self.frame.columns[:2]) != SENTENCES:
            raise ValueError(f"{self.name}: sentences have a topic and a statement first")
        frame = self.frame.copy()
        frame.index = pd.RangeIndex(len(frame))
        object.__setattr__(self, "frame", frame)
        object.__setattr__(self, "base", self.base or base(self.corpus))
        object.__setattr__(self, "total", len(frame) if self.total < 0 else self.total)

    @property
    def table(self) -> pd.DataFrame:
        """A copy of the table: whatever is done to it, the finding stays as it was."""
        return self.frame.copy()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as dicts by column; what is missing is None."""
        names = [str(column) for column in self.frame.columns]
        return [
            {
                name: None if pd.isna(value) else value
                for name, value in zip(names, row, strict=True)
            }
            for row in self.frame.itertuples(index=False)
        ]

    def __len__(self) -> int:
        return len(self.frame)

    def head(self, rows: int) -> "Finding":
        """Return the finding cut to its first rows; ``total`` keeps how many there are."""
        return replace(
            self, frame=self.frame.head(rows), evidence=self.evidence[:rows], total=self.total
        )

    def tail(self, rows: int) -> "Finding":
        """Return the finding cut to its last rows, in time the latest; ``total`` keeps how many there are."""
        first = max(len(self) - rows, 0)
        return replace(
            self, frame=self.frame.iloc[first:], evidence=self.evidence[first:], total=self.total
        )

    def only(self, *columns: str) -> "Finding":
        """Return the finding with only these columns, in this order."""
        unknown = [c for c in columns if c not in self.frame.columns]
        if unknown:
            raise KeyError(
                f"{self.name} has no column {unknown[0]}: {', '.join(self.frame.columns)}"
            )
        # of a redline no column can be missing, nor the first two of sentences
        kept = self.shape == "sentences" and list(columns[:2]) == SENTENCES
        return replace(
            self, frame=self.frame[list(columns)], shape="sentences" if kept else "table"
        )

    def lines(self, row: int) -> list[str]:
        """Return the sentences behind a row (counted from 0), as they stand in the texts."""
        return [
            self.corpus.text(sentence_of(self.corpus, span))
            for span in dict.fromkeys(self.evidence[row] if self.evidence else ())
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the finding as data: what a renderer needs, so that it never reads HTML."""
        carried = [self._carried(row) for row in range(len(self.evidence))]
        return {
            "name": self.name,
            "title": self.title,
            "shape": self.shape,
            "applies": self.applies,
            "base": self.base,
            "method": self.method,
            "caveats": list(self.caveats),
            "total": self.total,
            "corpus": _about(self.corpus),
            "whole": list(self.whole),
            "columns": [
                {"name": str(c), "label": label(str(c)), "kind": _kind(self.frame[c])}
                for c in self.frame.columns
            ],
            "rows": [
                [_plain(value) for value in row] for row in self.frame.itertuples(index=False)
            ],
            "shown": [self._shown(row) for row in self.frame.itertuples(index=False)],
            "evidence": [
                [[s.document, s.paragraph, s.start, s.end] for s in spans] for spans in carried
            ],
            "places": [self._passages(row) for row in range(len(self.evidence))],
            "texts": texts_of(self.corpus, (s for spans in (*carried, self._all()) for s in spans)),
        }

    def _carried(self, row: int) -> Sequence[Span]:
        if isinstance(self.evidence, Spans):
            return self.evidence.spread(row, SPANS_CARRIED)
        return spread(list(dict.fromkeys(self.evidence[row])), SPANS_CARRIED)

    def _passages(self, row: int) -> int:
        if isinstance(self.evidence, Spans):
            return self.evidence.passages(row)
        return len({(s.document, s.paragraph) for s in self.evidence[row]})

    def _all(self) -> list[Span]:
        return [Span(i, n, 0, 0) for i in self.whole for n, _ in self.corpus[i].passages()]

    def _shown(self, row: Sequence[Any]) -> list[str]:
        return [
            show(value, self.formats.get(str(column)))
            for column, value in zip(self.frame.columns, row, strict=True)
        ]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        data = self.to_json()
        return {"text/html": _to_html(data), "text/plain": self._to_text(data), MIME: data}

    def _to_text(self, data: Mapping[str, Any]) -> str:
        cut = f"\n{len(self)} of {self.total} rows" if len(self) < self.total else ""
        redline = self.shape == "redline"
        shown = markup.to_text(data) if redline else self.frame.to_string(index=False)
        return f"{self.title}\n{shown}{cut}\nBase: {self.base}"


_TEXT: Any = pd.StringDtype(na_value=np.nan)  # what pandas makes of a list of strings


def strings(values: Iterable[str | None]) -> ExtensionArray:
    """Return strings as a column of a table.

    It is what pandas makes of them, in a tenth of the time that it needs to find out what they are.
    """
    made = values if isinstance(values, pa.Array) else pa.array(values, pa.large_string())
    column: ExtensionArray = _TEXT.__from_arrow__(made)
    return column


def base(corpus: Corpus) -> str:
    """Return what a figure rests on: ``"1 text, 26 sentences, 845 words"`` (titles not counted)."""
    words = tokens.of(corpus)
    return ", ".join(
        counted(n, noun)
        for n, noun in (
            (len(corpus), "text"),
            (words.body_sentences, "sentence"),
            (words.body_words, "word"),
        )
    )


def days_of(corpus: Corpus) -> str:
    """Return the days of the period that a report is about: ``"2024-05-06 to 2024-05-12"``."""
    if not corpus.since:
        return ""
    first, last = corpus.since.isoformat(), corpus.until.isoformat() if corpus.until else ""
    return first if first == last else f"{first} to {last}" if last else f"{first} on"


def no_text(corpus: Corpus) -> str:
    """Return the caveat of a finding on a period without a text."""
    return f"No text is dated {days_of(corpus)}."


def _about(corpus: Corpus) -> dict[str, Any]:
    dates = corpus.dates
    return {
        "name": corpus.name,
        "texts": len(corpus),
        "title": corpus.documents[0].title if len(corpus) == 1 else "",
        "first": dates[0].isoformat() if dates else None,
        "last": dates[-1].isoformat() if dates else None,
        "period": days_of(corpus),
        "of_period": len(corpus.period) if corpus.since else None,
        "undated": len(corpus) - len(dates),
        "fingerprint": corpus.fingerprint,
    }


def spread(items: list[T], most: int) -> list[T]:
    """Return at most `most` items, evenly spaced from the first to the last."""
    if len(items) <= most:
        return items
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return ``"1 text"``, ``"2 texts"``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def spellings(
    written: Iterable[str] | Counter[str], most: int | None = None, *, rest: bool = False
) -> str:
    """Return forms with their counts, most frequent first, at most `most`: ``"A (7), B (2)"``.

    With `rest` it is told how many more there are: ``"A (7), B (2), 5 more"``.
    Forms that differ only in case are one, shown as most often written (in small letters at a tie).
    """
    counts = written if isinstance(written, Counter) else Counter(written)
    merged: dict[str, list[str]] = {}
    for form in counts:
        merged.setdefault(form.casefold(), []).append(form)
    shown = sorted(
        (-sum(counts[f] for f in forms), min(forms, key=lambda f: (-counts[f], f[:1].isupper(), f)))
        if len(forms) > 1
        else (-counts[forms[0]], forms[0])
        for forms in merged.values()
    )
    told = ", ".join(f"{form} ({-count})" for count, form in shown[:most])
    cut = rest and most is not None and most < len(shown)
    return f"{told}, {len(shown) - (most or 0):,} more" if cut else told


def label(column: str) -> str:
    """Return a column's name as people read it."""
    words = column.replace("_", " ")
    return words if len(words) == 1 else words[:1].upper() + words[1:]


def show(value: Any, pattern: str | None = None) -> str:
    """Return a cell as people read it; what is missing is a dash.

    `pattern` is one of ``str.format``, or ``CHANCE`` or ``DIGITS``.
    """
    if _plain(value) is None:
        return "–"
    if pattern:
        own = {CHANCE: _chance, DIGITS: _digits}.get(pattern)
        return own(value) if own else pattern.format(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or (hasattr(value, "dtype") and value.dtype.kind in "iu"):
        return f"{int(value):,}"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return str(value)


def _chance(p: float) -> str:
    return f"<\u00a0{SMALLEST_SHOWN:g}" if p < SMALLEST_SHOWN else f"{p:.2g}"


def _digits(figure: float) -> str:
    if figure == int(figure):
        return f"{int(figure):,}"
    return f"{figure:,.{max(3 - math.floor(math.log10(abs(figure))), 0)}f}"


def sentence_of(corpus: Corpus, span: Span) -> Span:
    """Return the whole sentence in which a span begins."""
    document = corpus[span.document]
    for start, end in _sentences(document.language, document.text(span.paragraph)):
        if start <= span.start < end:
            return Span(span.document, span.paragraph, start, end)
    return span


def texts_of(corpus: Corpus, spans: Iterable[Span]) -> dict[str, Any]:
    """Return the paragraphs that spans stand in, by document, with the bounds of their sentences."""
    texts: dict[str, Any] = {}
    for span in spans:
        document = corpus[span.document]
        entry = texts.setdefault(
            document.id,
            {
                "title": document.title,
                "date": document.day,
                "language": document.language,
                "source": document.source,
                "length": len(document.paragraphs),
                "paragraphs": {},
            },
        )
        if str(span.paragraph) not in entry["paragraphs"]:
            text = document.text(span.paragraph)
            entry["paragraphs"][str(span.paragraph)] = {
                "text": text,
                "sentences": [list(b) for b in _sentences(document.language, text)],
            }
    return texts


def _sentences(code: str, text: str) -> list[tuple[int, int]]:
    from kit import language  # noqa: PLC0415

    return language.of(code).sentences(text)


def _kind(column: "pd.Series[Any]") -> str:
    return "number" if pd.api.types.is_numeric_dtype(column.dtype) else "text"


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: no NaN, no infinity, no numpy scalar."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, int | float | str | bool) else str(value)


_LEFT = ' style="text-align:left"'  # JupyterLab sets the cells of a table to the right


def _to_html(data: Mapping[str, Any]) -> str:
    """Return the finding as an accessible table for a notebook, a redline as marked text."""
    escape = html.escape
    align = ["" if column["kind"] == "number" else _LEFT for column in data["columns"]]
    labels = [escape(column["label"]) for column in data["columns"]]
    head = [f'<th scope="col"{a}>{name}</th>' for a, name in zip(align, labels, strict=True)]
    rows = []
    for i, cells in enumerate(data["shown"]):
        first, *rest = (escape(cell) for cell in cells)
        row = [f'<th scope="row"{align[0]}>{first}</th>']
        row += [f"<td{a}>{cell}</td>" for a, cell in zip(align[1:], rest, strict=True)]
        if data["evidence"]:
            row.append(f"<td{_LEFT}>{_where_html(data, data['evidence'][i])}</td>")
        rows.append(f"<tr>{''.join(row)}</tr>")
    if data["evidence"]:
        head.append(f'<th scope="col"{_LEFT}>Where</th>')
    cut = f" {len(rows)} of {data['total']:,} rows." if len(rows) < data["total"] else ""
    notes = " ".join((f"Base: {data['base']}.{cut}", f"Method: {data['method']}", *data["caveats"]))
    if data["shape"] == "redline":
        title = f"<p><strong>{escape(data['title'])}</strong></p>"
        return f"{title}{markup.to_html(data)}<p><small>{escape(notes)}</small></p>"
    return (
        f"<table><caption><strong>{escape(data['title'])}</strong></caption>"
        f"<thead><tr>{''.join(head)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f"<p><small>{escape(notes)}</small></p>"
    )


def _where_html(data: Mapping[str, Any], spans: list[list[Any]]) -> str:
    """Return the paragraphs of spans, each with its text as a tooltip."""
    several = len(data["texts"]) > 1
    shown = {}
    for name, paragraph, *_ in spans:
        text = data["texts"][name]
        place = "title" if paragraph == 0 else f"¶{paragraph}"
        place = f"{text['date'] or name} {place}" if several else place
        shown[place] = text["paragraphs"][str(paragraph)]["text"]
    return ", ".join(
        f'<span title="{html.escape(text)}">{html.escape(place)}</span>'
        for place, text in list(shown.items())[:12]
    ) + (", …" if len(shown) > 12 else "")
