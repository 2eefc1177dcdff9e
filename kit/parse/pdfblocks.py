"""Runs of letters on PDF pages -> paragraphs, headings, items and rows of tables."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kit.corpus import Kind
from kit.language import identify
from kit.parse.pdftext import HYPHEN, Page, Run

_SIZE = 0.12  # letters that differ more in size than this are not of one paragraph
_HEADING = 1.12  # of the size of the running text
_COMMON = 0.15  # of the letters of a text: a size that so many have is no heading's
_SMALL = 0.92  # of the size of the running text: footnotes
_WIDE_GAP = 1.25  # of the usual distance of two lines: a paragraph ends
_USUAL_DISTANCE = 1.25  # of the height of a line, where a text has too few lines to tell
_FEWEST = 3
_INDENT = 0.5  # of the height of a line
_SLACK = 0.4  # of the height: what the end of a full line may leave free beside the next word
_LONGEST_HEADING = 200  # characters
# On wordfreq's Zipf scale, a power of ten a step: 2.5 for long-term, 2.4 for good-neighborly,
# 1.7 for undertaking, 1.4 for counterterrorism, 0.6 for cooperation.
_COMPOUND = 2.2
_CELL_GAP = 1.4  # of the size: a gap between cells; a wide one of a full line is less
_SHORT_GAP = 0.8  # of the size: a gap after a cell of few letters
_SHORT_CELL = 20  # letters
_FULL_LINE = 0.95  # of the lines of a column end further left than a full one
_FULL_PAGE = 8  # lines that tell where the lines of a page end
_CELL = "\t"

_ITEM = re.compile(r"[•●▪■◦‣⁃·\uf0b7\uf0a7]\s*|[-–—*]\s+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+")
_NUMBERED = re.compile(r"\d{1,4}[.)、．]\s*\D|[一二三四五六七八九十]{1,3}、")
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡]{1,3}|[①-⑳])[.)]?\s*(?=\S)")
_NEAR = 40  # paragraphs: all that can stand below on a page
_BULLET = re.compile(r"[•●▪■◦‣⁃·\uf0b7\uf0a7]\s*|[-–*]\s+")
_ENDS = re.compile(r"[.!?:;。！？：；…][\"'”’»）)\]]*$")
_SENTENCE_ENDS = re.compile(r"[.!?。！？…][\"'”’»）)\]]*$")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_CJK_MARKS = "“”‘’…—"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
_DASHES = ("-", "\u2010", "\u2011", "\u00ad", HYPHEN)


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `cells` are those of a row of a table."""

    lines: list[Run]
    cells: list[list[Run]] = field(default_factory=list)
    kind: Kind = "body"
    text: str = ""
    is_note: bool = False  # a footnote
    mark: str = ""  # of a footnote

    @property
    def first(self) -> Run:
        """Its first line."""
        return self.lines[0]

    @property
    def last(self) -> Run:
        """Its last line."""
        return self.lines[-1]


@dataclass(slots=True)
class _Layout:
    """What is usual in a text: the height of a line, their distance, where columns begin and end."""

    size: float
    distance: float
    usual: set[float]  # heights, in half points, that much of the text has: none is a heading's
    edges: dict[tuple[int, int], tuple[float, float]]


def paragraphs(pages: Sequence[Page]) -> tuple[list[Paragraph], int]:
    """Return the paragraphs of a text in order, and how many words broken over lines were joined."""
    runs = [run for page in pages for run in page.runs]
    if not runs:
        return [], 0
    layout = _layout(pages, runs)
    found: list[Paragraph] = []
    for page in pages:
        on_page = _of_page(page, layout)
        if found and on_page:
            _carry_over(found, on_page, layout)
        found += on_page
    for paragraph in found:
        paragraph.kind = _kind(paragraph, layout)
    _mark_notes(found, layout)
    joined = _write(found)
    for note in (p for p in found if p.is_note):
        _take_mark(note, found)
    return found, joined


def _layout(pages: Sequence[Page], runs: Sequence[Run]) -> _Layout:
    letters: Counter[float] = Counter()
    for run in runs:
        letters[round(run.size * 2) / 2] += len(run.text)
    height = letters.most_common(1)[0][0]
    distances: list[float] = []
    for page in pages:
        for one, two in zip(page.runs, page.runs[1:], strict=False):
            down = one.middle - two.middle
            if _is_like(one, two) and abs(one.size - height) <= 1 and 0 < down < 3 * height:
                distances.append(down)
    distances.sort()
    usual = (
        distances[len(distances) // 3] if len(distances) >= _FEWEST else height * _USUAL_DISTANCE
    )
    body = [r for r in runs if abs(r.size - height) <= 1]
    edges = {}
    for page in pages:
        for column in range(page.columns + 1):
            of_column = [r for r in page.runs if r.column == column and abs(r.size - height) <= 1]
            is_enough = len(of_column) >= (_FEWEST if column else _FULL_PAGE)
            edges[page.number, column] = _edges(of_column if is_enough else body)
    total = sum(letters.values())
    common = {h for h, count in letters.items() if count > _COMMON * total}
    return _Layout(height, usual, common, edges)


def _edges(runs: Sequence[Run]) -> tuple[float, float]:
    """Return where lines usually begin and where full ones end."""
    lefts = Counter(round(run.left) for run in runs)
    rights = sorted(run.right for run in runs)
    return float(lefts.most_common(1)[0][0]), rights[int(len(rights) * _FULL_LINE)]


# ---- lines -> paragraphs


def _of_page(page: Page, layout: _Layout) -> list[Paragraph]:
    found: list[Paragraph] = []
    for run in page.runs:
        now = found[-1] if found else None
        if now is None or run.column != now.last.column:
            if now is not None and _continues_column(now, run, layout):
                now.lines.append(run)
            else:
                found.append(Paragraph([run]))
        elif _is_beside(now, run):
            _set_beside(now, run)
        elif now.cells:
            if _is_below(now.cells[-1][-1], run, layout) and len(now.cells) > 1:
                now.cells[-1].append(run)
            else:
                found.append(Paragraph([run]))
        elif _is_next_line(now, run, layout):
            now.lines.append(run)
        else:
            found.append(Paragraph([run]))
    return found


def _is_like(one: Run, two: Run) -> bool:
    return one.column == two.column and abs(one.size - two.size) <= _SIZE * max(one.size, two.size)


def _is_beside(now: Paragraph, run: Run) -> bool:
    """Tell whether a run stands right of a paragraph at the height of one of its lines."""
    lines = [line for cell in now.cells for line in cell] or now.lines
    half = run.size / 2
    low, high = min(r.middle for r in lines), max(r.middle for r in lines)
    right = max(r.right for r in (now.cells[-1] if now.cells else now.lines))
    return low - half < run.middle < high + half and run.left > right


def _set_beside(now: Paragraph, run: Run) -> None:
    """Go on with a line after a gap, or turn a paragraph into a row of cells."""
    last = (now.cells[-1] if now.cells else now.lines)[-1]
    is_same_line = abs(last.middle - run.middle) < run.size / 2
    gap = (run.left - last.right) / max(run.size, 1)
    is_short = len(last.text) <= _SHORT_CELL and len(now.lines) == 1 and not run.column
    is_mark = bool(_ITEM.fullmatch(last.text + " "))
    is_one = is_mark or gap < (_SHORT_GAP if is_short else _CELL_GAP)
    if is_same_line and not now.cells and is_one:
        if len(run.text) > len(last.text):  # after a bullet, which may be of another font
            last.size, last.top, last.bottom = run.size, run.top, run.bottom
        last.text += " " + run.text
        last.right = run.right
        return
    if not now.cells:
        now.cells.append(now.lines)
        now.lines = list(now.lines)
    now.cells.append([run])
    now.lines.append(run)


def _is_below(last: Run, run: Run, layout: _Layout) -> bool:
    """Tell whether a run is the next line of a cell."""
    down = last.middle - run.middle
    usual = layout.distance * max(run.size / layout.size, 0.7)
    return abs(last.left - run.left) < 2 and 0 < down < _WIDE_GAP * usual


def _is_next_line(now: Paragraph, run: Run, layout: _Layout) -> bool:
    """Tell whether a run goes on with the paragraph above it."""
    last = now.last
    down = last.middle - run.middle
    usual = layout.distance * max(run.size / layout.size, 0.7)
    if not _is_like(last, run) or not 0 < down <= _WIDE_GAP * usual:
        return False
    if _BULLET.match(run.text) or (_ITEM.match(run.text) and _ENDS.search(last.text)):
        return False
    if last.text.endswith(_DASHES) and last.text[-2:-1].isalnum():
        return True
    if run.size > _HEADING * layout.size:
        return True
    _, right = layout.edges[run.page, run.column]
    is_short = last.right + run.first_word + _SLACK * run.size < right
    starts_low = run.text[:1].islower()
    if is_short and not (starts_low and not _SENTENCE_ENDS.search(last.text)):
        return False
    return not _is_indented(now, run, layout)


def _is_indented(now: Paragraph, run: Run, layout: _Layout) -> bool:
    """Tell whether a line starts a paragraph by standing further in than those above it."""
    left, _ = layout.edges[run.page, run.column]
    before = now.last.left if len(now.lines) > 1 else min(now.last.left, max(left, now.last.left))
    is_item = bool(_ITEM.match(now.first.text))
    return not is_item and run.left > before + _INDENT * run.size


def _continues_column(now: Paragraph, run: Run, layout: _Layout) -> bool:
    """Tell whether the first line of a column goes on with the last of the one before."""
    return (
        now.last.column == 1
        and run.column == 2
        and not now.cells
        and abs(now.last.size - run.size) <= _SIZE * run.size
        and _is_open(now, run, layout)
    )


def _carry_over(found: list[Paragraph], on_page: list[Paragraph], layout: _Layout) -> None:
    """Join a paragraph that goes on over the page; footnotes may stand between."""
    last = next((p for p in reversed(found) if not _is_small(p, layout)), None)
    first = on_page[0]
    if last is None or last.cells or first.cells or last.last.page != first.first.page - 1:
        return
    if abs(last.last.size - first.first.size) > _SIZE * first.first.size:
        return
    if last.last.size <= _HEADING * layout.size and _is_open(last, first.first, layout):
        last.lines += first.lines
        del on_page[0]


def _is_open(now: Paragraph, run: Run, layout: _Layout) -> bool:
    """Tell whether a paragraph that ends with a column or page goes on in the next one."""
    if now.last.text.endswith(HYPHEN):
        return True
    if _ITEM.match(run.text) or _NUMBERED.match(run.text):
        return False
    left, _ = layout.edges[run.page, run.column]
    _, right = layout.edges[now.last.page, now.last.column]
    is_full = now.last.right + run.first_word + _SLACK * run.size >= right
    if is_full:  # a paragraph rarely ends just where its line does
        return run.left < left + _INDENT * run.size
    return run.text[:1].islower() and not _SENTENCE_ENDS.search(now.last.text)


def _is_small(paragraph: Paragraph, layout: _Layout) -> bool:
    return paragraph.first.size < _SMALL * layout.size


# ---- kinds


def _kind(paragraph: Paragraph, layout: _Layout) -> Kind:
    if paragraph.cells:
        return "row"
    if _BULLET.match(paragraph.first.text):
        return "item"
    length = sum(len(run.text) for run in paragraph.lines)
    height = paragraph.first.size
    is_large = height > _HEADING * layout.size and round(height * 2) / 2 not in layout.usual
    if is_large and length <= _LONGEST_HEADING:
        return "heading"
    return "item" if _ITEM.match(paragraph.first.text) else "body"


def _mark_notes(found: Sequence[Paragraph], layout: _Layout) -> None:
    """Mark the footnotes: small, at the foot of a page, the first with a number or a star."""
    for position, paragraph in enumerate(found):
        before = found[position - 1] if position else None
        if paragraph.cells or not _is_small(paragraph, layout):
            continue
        follows = (
            before is not None and before.is_note and before.first.page == paragraph.first.page
        )
        if follows or _NOTE.match(paragraph.first.text):
            paragraph.is_note = all(
                _is_small(p, layout)
                for p in found[position + 1 : position + _NEAR]
                if p.first.page == paragraph.first.page
                and p.first.column == paragraph.first.column
                and p.first.middle < paragraph.first.middle
            )


def _take_mark(note: Paragraph, found: Sequence[Paragraph]) -> None:
    """Take the mark of a footnote out of the text, where its font has a raised figure of its own."""
    if not note.mark:
        return
    mark = re.compile(rf"(?<=[^\W\d_][.,;:!?”’»)。，；：！？]){re.escape(note.mark)}(?=\s|$)")
    for paragraph in found:
        if not paragraph.is_note and note.first.page in {run.page for run in paragraph.lines}:
            paragraph.text, count = mark.subn("", paragraph.text, count=1)
            if count:
                return


# ---- words broken over lines


def _write(found: Sequence[Paragraph]) -> int:
    """Write the text of each paragraph; return how many broken words were made whole."""
    words: Counter[str] = Counter()
    for paragraph in found:
        for run in paragraph.lines:
            words.update(w.lower().replace("\u2011", "-") for w in _WORD.findall(run.text))
    sample = " ".join(p.first.text for p in found[:200])
    joiner = _Joiner(words, "ru" if identify(sample) == "ru" else "en")
    for paragraph in found:
        if paragraph.cells:
            cells = [joiner.join([run.text for run in cell]) for cell in paragraph.cells]
            paragraph.text = _CELL.join(cells)
        else:
            paragraph.text = joiner.join([run.text for run in paragraph.lines])
        if paragraph.is_note:
            paragraph.mark = (_NOTE.match(paragraph.text) or [""])[0].strip(" .)")
            paragraph.text = _NOTE.sub("", paragraph.text, count=1)
        elif paragraph.kind == "item":
            paragraph.text = _BULLET.sub("", paragraph.text, count=1)
    return joiner.joined


class _Joiner:
    """Joins lines; of a word with a hyphen at the end of a line it asks how the text writes it."""

    def __init__(self, words: Counter[str], language: str) -> None:
        self._words, self._language = words, language
        self.joined = 0

    def join(self, lines: Sequence[str]) -> str:
        """Return lines as one: without a blank in Chinese and Japanese, else with one."""
        pieces = [lines[0]]
        for line in lines[1:]:
            before = pieces[-1]
            if before.endswith(_DASHES) and len(before) > 1 and before[-2].isalnum():
                pieces[-1] = before[:-1] + self._hyphen(before, line)
            elif not _is_cjk(before[-1:], line[:1]):
                pieces.append(" ")
            pieces.append(line)
        text = "".join(pieces)
        return text.replace(HYPHEN, "-")

    def _hyphen(self, before: str, after: str) -> str:
        """Return "-" where the hyphen belongs to the word, "" where only the line broke it."""
        left, right = _WORD.findall(before[:-1])[-1:], _WORD.match(after)
        if not left or right is None or not before[-2].isalpha() or not after[0].isalpha():
            return "-"
        one, two = left[0].lower(), right[0].lower()
        whole, compound = one + two, f"{one}-{two}"
        if self._words[compound] or self._words[whole]:
            is_compound = self._words[compound] > self._words[whole]
        elif after[0].isupper() and not before[-2].isupper():
            is_compound = True
        else:
            is_compound = self._is_compound(one, two)
        self.joined += not is_compound
        return "-" if is_compound else ""

    def _is_compound(self, one: str, two: str) -> bool:
        """Tell by general usage: the rarer half is far more common than the whole."""
        from wordfreq import zipf_frequency  # noqa: PLC0415 (0.3 s, loaded when first needed)

        def usual(word: str) -> float:
            return float(zipf_frequency(word, self._language))

        rarer = min(usual(one.rpartition("-")[2]), usual(two))
        return rarer - usual(one + two) > _COMPOUND


def _is_cjk(before: str, after: str) -> bool:
    """Tell whether two letters belong to a script without blanks."""
    one, two = bool(_CJK.match(before)), bool(_CJK.match(after))
    return (one or before in _CJK_MARKS) and (two or after in _CJK_MARKS) and (one or two)
