"""The text of a PDF page with its geometry: runs of letters on one line, in the order to read."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

HYPHEN = "\x02"  # PDFium's mark of a hyphen at the end of a line
_SAME_LINE = 0.5  # of the lower of two boxes: more overlap than this is one line
_GAP = 0.75  # of the height of a line: a wider gap ends a run; between words it is some 0.2
_BACK = 0.5  # of the height: letters that start so far left of the last one are another run
_MARK = 0.8  # of the height: a smaller raised figure is the mark of a footnote
_RAISED = 0.1  # of the height: how far such a figure stands above the foot of the line
_MARKS = "0123456789*†‡¹²³⁴⁵⁶⁷⁸⁹"
_LEAST_LINES = 5  # of a column
_LEAST_LETTERS = 15  # of a usual line of running text in a column; a table's cells are shorter
_CROSSING = 0.2  # of the runs of a page: so many may cross the gap between columns, as titles do
_COLUMN_WIDTH = 0.6  # of a column: its usual line is at least so wide
_MIDDLE = (0.3, 0.7)  # of the width of the text: where a gap between two columns is looked for
_EVERY = 8  # letters: so often is the size of one looked up
_SAMPLE = 40  # letters whose angle tells how a page is turned
_Sheet = tuple[float, float, float, float]
_BREAKS = {0x0A, 0x0D}
_SOFT = {0x02, 0xFFFE}
_UNMAPPED = {0x0, 0xFFFD, 0xFFFF}


@dataclass(slots=True)
class Run:
    """Letters on one line without a wide gap, in points, y upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    first_word: float  # width: what would have had to fit at the end of the line above
    size: float  # of its letters
    page: int = 0
    column: int = 0

    @property
    def middle(self) -> float:
        """The height at which it stands on the page."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Page:
    """The runs of a page; `columns` is 2 where it has two columns of running text."""

    number: int
    runs: list[Run]
    height: float
    columns: int = 1
    unmapped: int = 0
    marks: int = 0
    turned: int = 0


@dataclass(slots=True)
class _Open:
    """A run that is being read."""

    letters: list[str] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    first_word: float = 0.0
    last: float = 0.0  # where its last letter starts
    sizes: list[float] = field(default_factory=list)


def _is_back(now: _Open, left: float) -> bool:
    """Tell whether a letter stands left of the last one; those of one ligature share a box."""
    return left < now.last - 1 and left < now.right - _BACK * (now.top - now.bottom)


def _compare(now: _Open, bottom: float, top: float) -> tuple[bool, bool]:
    """Tell whether a letter is on the line of a run, and whether it is small and raised there."""
    height = now.top - now.bottom
    lower = min(top - bottom, height)
    is_same = min(top, now.top) - max(bottom, now.bottom) > _SAME_LINE * lower
    return is_same, top - bottom < _MARK * height and bottom > now.bottom + _RAISED * height


def page_text(page: pdfium.PdfPage, number: int) -> Page:
    """Return the runs of a page in the order to read."""
    sheet = page.get_mediabox()
    textpage = page.get_textpage()
    try:
        turn = _turn(textpage)
        height = sheet[2] - sheet[0] if turn % 2 else sheet[3] - sheet[1]
        found = Page(number, [], height)
        _read(textpage, found, turn, sheet)
    finally:
        textpage.close()
    for run in found.runs:
        run.page = number
    _order(found)
    return found


def _turn(textpage: pdfium.PdfTextPage) -> int:
    """Return by how many quarters most letters are turned: a page may be drawn on its side."""
    count = textpage.count_chars()
    step = max(count // _SAMPLE, 1)
    angles = Counter(_quarter(textpage, i) for i in range(0, count, step))
    return angles.most_common(1)[0][0] if angles else 0


def _quarter(textpage: pdfium.PdfTextPage, index: int) -> int:
    """Return the angle of a letter in quarters, counter-clockwise; -1 where it is aslant."""
    angle = -float(raw.FPDFText_GetCharAngle(textpage, index)) * 2 / math.pi
    return round(angle) % 4 if abs(angle - round(angle)) < 0.05 else -1


def _read(textpage: pdfium.PdfTextPage, found: Page, turn: int, sheet: _Sheet) -> None:
    """Gather letters into runs."""
    box = raw.FS_RECTF()
    now = _Open()
    for i in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, i)
        if code in _BREAKS:
            now = _close(now, found)
            continue
        if code == 0x20:
            if now.letters:
                now.letters.append(" ")
                now.first_word = now.first_word or now.right - now.left
            continue
        if code in _UNMAPPED:
            found.unmapped += 1
        raw.FPDFText_GetLooseCharBox(textpage, i, box)
        if _quarter(textpage, i) != turn:  # a mark over the page, a label along its side
            found.turned += 1
            continue
        left, right, bottom, top = _upright(box, turn, sheet)
        if now.letters:
            is_same, is_raised = _compare(now, bottom, top)
            if is_same and is_raised and chr(code) in _MARKS:
                found.marks += 1
                now.right = max(now.right, right)
                continue
            height = now.top - now.bottom
            if not is_same or left - now.right > _GAP * height or _is_back(now, left):
                now = _close(now, found)
        if not now.letters:
            now.left, now.right, now.bottom, now.top = left, right, bottom, top
        if len(now.letters) % _EVERY == 0:
            now.sizes.append(_size(textpage, i) or top - bottom)
        now.letters.append(HYPHEN if code in _SOFT else chr(code))
        now.right, now.last = max(now.right, right), left
        if top - bottom > now.top - now.bottom:
            now.top, now.bottom = top, bottom
    _close(now, found)


def _size(textpage: pdfium.PdfTextPage, index: int) -> float:
    """Return the size of a letter: its box tells of the font as well, and fonts differ."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(textpage, index, matrix):
        return 0.0
    scale = math.hypot(matrix.c, matrix.d)
    size = float(raw.FPDFText_GetFontSize(textpage, index)) * scale
    return size if math.isfinite(size) else 0.0


def _upright(box: raw.FS_RECTF, turn: int, sheet: _Sheet) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top as on a page that is turned upright."""
    west, south, east, north = sheet
    match turn:
        case 1:
            return box.bottom - south, box.top - south, east - box.right, east - box.left
        case 2:
            return east - box.right, east - box.left, north - box.top, north - box.bottom
        case 3:
            return north - box.top, north - box.bottom, box.left - west, box.right - west
        case _:
            return box.left - west, box.right - west, box.bottom - south, box.top - south


def _close(now: _Open, found: Page) -> _Open:
    """Take a run that has ended; return the next, empty one."""
    text = "".join(now.letters).strip()
    if text:
        width = now.first_word or now.right - now.left
        size = sorted(now.sizes)[len(now.sizes) // 2]
        found.runs.append(Run(text, now.left, now.right, now.bottom, now.top, width, size))
    return _Open()


# ---- columns


def _order(page: Page) -> None:
    """Where a page has two columns, tell which run is in which and put them in order to read."""
    gutter = _gutter(page.runs)
    if gutter is None:
        return
    page.columns = 2
    for run in page.runs:
        run.column = 1 if run.right <= gutter else 2 if run.left >= gutter else 0
    lines = _lines(page.runs)
    ordered: list[Run] = []
    band: list[Run] = []
    for line in [*lines, []]:
        if not line or any(not run.column for run in line):
            ordered += [r for r in band if r.column == 1] + [r for r in band if r.column == 2]
            ordered += line
            band = []
        else:
            band += line
    page.runs = ordered


def _lines(runs: Sequence[Run]) -> list[list[Run]]:
    """Return runs line by line, from the top, each from the left."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: -r.middle):
        if lines and lines[-1][0].middle - run.middle < run.size / 2:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.left) for line in lines]


def _gutter(runs: Sequence[Run]) -> float | None:
    """Return where a gap parts two columns of running text, or None."""
    if len(runs) < 2 * _LEAST_LINES:
        return None
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    low, high = (left + share * (right - left) for share in _MIDDLE)
    edges = sorted({round(r.left, 1) for r in runs if low <= r.left <= high})
    best: tuple[int, float] | None = None
    for edge in edges:
        x = edge - 0.5
        crossing = sum(r.left < x < r.right for r in runs)
        if crossing <= _CROSSING * len(runs) and (best is None or crossing < best[0]):
            best = crossing, x
    if best is None:
        return None
    x = best[1]
    one, two = [r for r in runs if r.right <= x], [r for r in runs if r.left >= x]
    return (
        x
        if _is_column(one, x - left) and _is_column(two, right - x) and _beside(one, two)
        else None
    )


def _is_column(runs: Sequence[Run], width: float) -> bool:
    if len(runs) < _LEAST_LINES:
        return False
    middle = len(runs) // 2
    return (
        sorted(len(r.text) for r in runs)[middle] >= _LEAST_LETTERS
        and sorted(r.right - r.left for r in runs)[middle] >= _COLUMN_WIDTH * width
    )


def _beside(one: Sequence[Run], two: Sequence[Run]) -> bool:
    """Tell whether two groups of runs stand side by side for at least half of the shorter."""
    top = min(max(r.top for r in one), max(r.top for r in two))
    bottom = max(min(r.bottom for r in one), min(r.bottom for r in two))
    shorter = min(max(r.top for r in g) - min(r.bottom for r in g) for g in (one, two))
    return top - bottom > shorter / 2
