"""The stories of a Rich Text document while they are written: the body, footnotes, text boxes."""

from dataclasses import dataclass, field

from kit.corpus import Kind
from kit.parse.collect import Text
from kit.parse.rtfcodes import ParagraphStyle, paired

_CELL = "\t"


@dataclass(slots=True)
class _Story:
    text: Text
    depth: int  # of the group that it ends with
    is_note: bool = False
    pieces: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    is_item: bool = False


class Stories:
    """The body, and within it the note or box that is being written."""

    def __init__(self) -> None:
        self._open = [_Story(Text(), 0)]

    @property
    def body(self) -> Text:
        """The blocks of the body, whole once `close` was called."""
        return self._open[0].text

    def begin(self, depth: int, *, is_note: bool) -> None:
        """Begin a note or a box, which ends with the group at `depth`."""
        self._open.append(_Story(Text(), depth, is_note))

    def end(self, depth: int) -> None:
        """End what began in the group at `depth`."""
        while len(self._open) > 1 and self._open[-1].depth >= depth:
            self.end_rows()
            self.end_paragraph(ParagraphStyle(), None)
            done = self._open.pop()
            text = self.story.text
            if done.is_note:
                text.endings.append("\n".join(block.text for block in done.text.blocks))
            else:
                text.blocks.extend(done.text.blocks)
            text.endings.extend(done.text.endings)

    @property
    def story(self) -> _Story:
        """The innermost story."""
        return self._open[-1]

    def put(self, text: str) -> None:
        """Write on."""
        self.story.pieces.append(text)

    def end_paragraph(self, style: ParagraphStyle, own: Kind | None) -> None:
        """Make a block of what was written; `own` is what the paragraph says of itself."""
        story = self.story
        text = paired("".join(story.pieces))
        story.pieces.clear()
        is_item, story.is_item = story.is_item, False
        if style.is_contents:
            story.text.contents += bool(text.strip())
            return
        kind = own if own == "heading" else style.kind or own
        if is_item and kind != "heading":
            kind = "item"
        story.text.add(text, kind or "body", is_title=style.is_title)

    def end_cell(self) -> None:
        """Make a cell of what was written."""
        story = self.story
        story.cells.append(" ".join(paired("".join(story.pieces)).split()))
        story.pieces.clear()
        story.is_item = False

    def end_rows(self) -> None:
        """Make a row of the cells so far; one cell is a frame around running text."""
        story = self.story
        cells, story.cells = story.cells, []
        if len(cells) == 1:
            story.text.add(cells[0])
        elif cells:
            story.text.add(_CELL.join(cells).strip(_CELL), "row")
