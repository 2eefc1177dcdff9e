"""PDF files: the text layer as paragraphs, without what stands on every page."""

import ctypes
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

import pypdfium2 as pdfium
from pypdfium2 import raw

from kit.parse.collect import Properties, Text
from kit.parse.pdfblocks import Paragraph, paragraphs
from kit.parse.pdftext import Page, Run, page_text
from kit.parse.record import Block, Options, Record, Rejected, UnreadableError

LARGEST = 256 * 2**20  # bytes
PAGES = 10_000
LETTERS = 20_000_000

_REPEATED = 3  # pages that a header or footer stands on; in a file of two or three pages two
_MARGIN = 0.13  # of the height of a page, at its top and bottom: where headers and footers stand
_SAME_HEIGHT = 4  # points
_NEXT_LINE = 1.5  # of the size of the letters: a header stands further off than the next line
_FEW_LETTERS = 20  # a page: a scan has less in its text layer
_FIRST = 10  # paragraphs of page 1 among which the title is
_MOST_NUMBERS = 4  # of a header: a page number, a total, a year
_PAGE_ONE = re.compile(
    r"[-–—\s]*(?:(?:page|p\.|стр\.?|страница)\s*)?1(?:\s*(?:/|of|из)\s*1)?[-–—\s]*"
    r"|第\s*1\s*页(?:\s*[,，/]?\s*共\s*1\s*页)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,9}|\b[ivxl]{1,7}\b", re.IGNORECASE)
_ROMANS = {
    tens + ones: 10 * i + j
    for i, tens in enumerate(("", "x", "xx", "xxx", "xl"))
    for j, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if tens + ones
}
_LEADERS = re.compile(r"(?:[.…·]\s?){5,}\s*(?:\d+|[ivxlc]+)?$")  # of a table of contents
_NO_PAGES = re.compile(rb"/Count\s+0\b")
_MADE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d))?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WIDE = ctypes.POINTER(ctypes.c_ushort)
_PASSWORD = {raw.FPDF_ERR_PASSWORD: "password", raw.FPDF_ERR_SECURITY: "security"}


def read_pdf(file: BinaryIO, source: str, options: Options) -> Iterator[Record | Rejected]:
    """Yield the one text of a PDF. Raises UnreadableError.

    Lines are joined into paragraphs, over pages too; headers, footers and page numbers are left
    out and counted. A scan gives a record without blocks and says so.
    """
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST >> 20} MB", "split it")
    document = _opened(data)
    try:
        yield _record(document)
    except pdfium.PdfiumError as error:
        raise UnreadableError(
            f"a damaged PDF ({error})", "get it anew, or print it to a new PDF"
        ) from error
    finally:
        document.close()


def _opened(data: bytes) -> pdfium.PdfDocument:
    if not data.strip():
        raise UnreadableError("an empty file", "get it anew")
    if b"%PDF" not in data[:1024]:
        raise UnreadableError("not a PDF", "give it the ending of its own form")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD:
            raise UnreadableError(
                "protected by a password", "save it without a password"
            ) from error
        if _NO_PAGES.search(data):
            raise UnreadableError("a PDF without pages", "get it anew") from error
        is_cut = b"%%EOF" not in data[-2048:]
        raise UnreadableError(
            "a damaged PDF: its end is missing" if is_cut else f"a damaged PDF ({error})",
            "get it anew, or print it to a new PDF",
        ) from error
    count = len(document)
    if not 0 < count <= PAGES:
        document.close()
        reason = "a PDF without pages" if not count else f"more than {PAGES:,} pages"
        raise UnreadableError(reason, "get it anew" if not count else "split it")
    return document


def _record(document: pdfium.PdfDocument) -> Record:
    pages: list[Page] = []
    notes: list[str] = []
    letters = broken = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            broken += 1
            continue
        try:
            pages.append(page_text(page, number))
        finally:
            page.close()
        letters += sum(len(run.text) for run in pages[-1].runs)
        if letters > LETTERS:
            raise UnreadableError(f"more than {LETTERS:,} letters", "split it")
    if broken and not letters:
        raise UnreadableError("a damaged PDF: no page can be read", "get it anew")
    if broken:
        notes.append(f"pages that cannot be read: {broken} of {len(document)}")
    about = _about(document)
    if letters < _FEW_LETTERS and _has_pictures(document):
        return Record(
            notes=("no text layer: it is a scan (run OCR on it)",),
            dates=about.dates,
        )
    dropped = _drop_furniture(pages)
    found, joined = paragraphs(pages)
    notes_of_pages = [p for p in found if p.is_note]
    contents = [p for p in found if _LEADERS.search(p.text)]
    found = [p for p in found if not p.is_note and not _LEADERS.search(p.text)]
    blocks = [Block(p.text, p.kind) for p in found]
    empty = sum(not page.runs for page in pages)
    counted = {
        "headers, footers and page numbers left out": dropped,
        "words broken over two lines joined": joined,
        "marks of footnotes left out": sum(page.marks for page in pages),
        "letters that are turned on the page left out": sum(page.turned for page in pages),
        "letters that the file's fonts do not name": sum(page.unmapped for page in pages),
        "pages without text, perhaps pictures (run OCR)": empty if letters else 0,
        "pages with two columns": sum(page.columns == 2 for page in pages),
    }
    notes += [f"{what}: {count}" for what, count in counted.items() if count]
    about, title = _titled(about, found, pages)
    endings = [p.text for p in notes_of_pages]
    text = Text(blocks, title=title, contents=len(contents), endings=endings)
    return text.record(about, notes, title_is_sure=True)


def _has_pictures(document: pdfium.PdfDocument) -> bool:
    """Tell whether one of the first pages holds a picture."""
    for number in range(min(len(document), 5)):
        page = document[number]
        try:
            if next(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None:
                return True
        finally:
            page.close()
    return False


# ---- what the file says of itself


def _about(document: pdfium.PdfDocument) -> Properties:
    said = {k: " ".join(v.split()) for k, v in document.get_metadata_dict().items()}
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(size) if 0 < size < 100 else None
    language = ""
    if buffer is not None:
        raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, _WIDE), size)
        written = buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
        language = written if _LANGUAGE.fullmatch(written) else ""
    return Properties(
        title=said.get("Title", ""),
        author=said.get("Author", ""),
        language=language,
        made=_made(said.get("CreationDate", "")),
    )


def _made(written: str) -> str:
    """Return a PDF's day of making, D:20250126120000+08'00', as 2025-01-26."""
    match = _MADE.match(written)
    if match is None:
        return ""
    try:
        return dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1)).isoformat()
    except ValueError:
        return ""


def _titled(
    about: Properties, found: Sequence[Paragraph], pages: Sequence[Page]
) -> tuple[Properties, int | None]:
    """Return the properties, their title only where page 1 has it too, and the block of the title."""
    first = next((page.number for page in pages if page.runs), 0)
    head = [p for p in found if p.first.page == first]
    wanted = _key(about.title)
    if wanted and wanted in _key(" ".join(p.text for p in head)):
        return about, next((i for i, p in enumerate(head) if _key(p.text) == wanted), None)
    largest = max(
        (p.first.size for p in head[:_FIRST] if p.kind == "heading"), default=float("inf")
    )
    index = next((i for i, p in enumerate(head) if p.first.size >= largest), None)
    return replace(about, title=""), index


def _key(text: str) -> str:
    """Return the letters and digits of a text, to compare two writings of one title."""
    return "".join(c for c in text.casefold() if c.isalnum())


# ---- what stands on every page


def _drop_furniture(pages: Sequence[Page]) -> int:
    """Take headers, footers and page numbers off the pages; return how many."""
    needed = _REPEATED if sum(bool(page.runs) for page in pages) > _REPEATED else 2
    groups: dict[tuple[str, int], list[tuple[int, Run]]] = defaultdict(list)
    dropped: set[int] = set()
    for page in pages:
        for run in page.runs:
            if _MARGIN * page.height < run.middle < (1 - _MARGIN) * page.height:
                continue
            at = round(run.middle / _SAME_HEIGHT)
            for form in _forms(run.text, page.number):
                for near in (at - 1, at, at + 1):
                    groups[form, near].append((page.number, run))
            if len(pages) == 1 and _PAGE_ONE.fullmatch(run.text):
                dropped.add(id(run))
    for members in groups.values():
        if len({number for number, _ in members}) >= needed:
            dropped |= {id(run) for _, run in members}
    for page in pages:
        _keep_prose(page, dropped)
        page.runs = [run for run in page.runs if id(run) not in dropped]
    return len(dropped)


def _keep_prose(page: Page, dropped: set[int]) -> None:
    """Take back what stands right above or below a line of the text, as its next line does."""
    kept = [run for run in page.runs if id(run) not in dropped]
    doubted = [run for run in page.runs if id(run) in dropped]
    for run in (r for k in kept for r in doubted if _is_near(k, r)):
        if id(run) in dropped:
            dropped.discard(id(run))
            kept.append(run)  # and so on from there


def _is_near(one: Run, two: Run) -> bool:
    distance = abs(one.middle - two.middle)
    return (
        abs(one.left - two.left) < 2
        and abs(one.size - two.size) < 0.5
        and one.size / 2 < distance < _NEXT_LINE * one.size
    )


def _forms(text: str, page: int) -> Iterator[str]:
    """Yield a header or footer as it is, then with each of its numbers counted from the page's."""
    plain = " ".join(text.split())
    yield plain
    numbers = list(_NUMBER.finditer(plain))
    for number in numbers if len(numbers) <= _MOST_NUMBERS else ():
        written = number[0]
        value = int(written) if written.isdecimal() else _ROMANS.get(written.lower())
        if value is not None:
            yield f"{plain[: number.start()]}#{value - page:+d}{plain[number.end() :]}"
