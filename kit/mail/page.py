"""The first page of a report as the body of a mail: HTML that mail readers show, and plain text.

It is made from the executed notebooks, as the report itself is. All styles are inline, nothing is fetched,
no script; where the report is on the web, each place leads to its sentence there.
"""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit import files

Block = dict[str, Any]
ROWS = 40  # of a finding
MOST = 80_000  # bytes of HTML; some readers cut a mail off after 100 kB
_WIDTH = 72  # characters of a line of text
_MARKED = {"struck": ("[-", "-]"), "inserted": ("{+", "+}"), "moved": ("{>", "<}")}


@dataclass(frozen=True, slots=True)
class Page:
    """What a mail says: a title, lines under it, the blocks of the first section, lines at the foot."""

    title: str
    lines: tuple[str, ...] = ()
    section: str = ""
    blocks: tuple[Block, ...] = field(default=())
    foot: tuple[str, ...] = ()
    address: str = ""  # of the report on the web
    attached: bool = False


def first(folder: Path) -> tuple[str, str, str, tuple[Block, ...]]:
    """Return title, line under it, and title and blocks of the first section of a report's folder."""
    record = json.loads((folder / files.MARK).read_text("utf-8"))
    notebooks = {
        name: path
        for name in record["notebooks"]
        if (path := folder / "notebooks" / f"{name}.ipynb").is_file()
    }
    merge, build = _renderer()
    report = build(merge(notebooks, provenance={}))
    section: dict[str, Any] = next(iter(report["sections"]), {"title": "", "blocks": []})
    blocks = tuple(map(_shortened, section["blocks"]))
    return report["title"], report["line"], section["title"], blocks


def _renderer() -> tuple[Any, Any]:
    from kit.execute import without_iri_grammar  # noqa: PLC0415

    with without_iri_grammar():
        from kit.render import merge  # noqa: PLC0415
        from kit.render.model import build  # noqa: PLC0415
    return merge, build


def _shortened(block: Block) -> Block:
    key = "passages" if block["kind"] == "redline" else "rows"
    left_out = len(block.get(key, ())) - ROWS
    if left_out <= 0:
        return block
    return {**block, key: block[key][:ROWS], "left_out": f"{left_out:,} more"}


def to_html(page: Page) -> str:
    """Return the page as HTML; blocks that would make it too long are left to the report."""
    environment = _environment()
    render = environment.get_template("blocks.html.j2").module.block
    blocks: list[str] = []
    size = 0
    for block in page.blocks:
        made = render(block, page.address)
        size += len(made.encode())
        if size > MOST:
            break
        blocks.append(made)
    more = () if len(blocks) == len(page.blocks) else (_MORE,)
    shown = {**{k: getattr(page, k) for k in Page.__slots__}, "foot": (*more, *page.foot)}
    return str(environment.get_template("mail.html.j2").render(page=shown, blocks=blocks))


_MORE = "There is more on the first page of the report."


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415

    return Environment(
        loader=PackageLoader("kit.mail", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def to_text(page: Page) -> str:
    """Return the page as plain text, lines of 72 characters; an address stands in a line of its own."""
    head = [*_wrapped(page.title), *(said for line in page.lines for said in _wrapped(line)), ""]
    if page.address:
        head += ["The whole report (attached too):" if page.attached else "The whole report:"]
        head += [page.address, ""]
    elif page.attached:
        head += ["The whole report is attached.", ""]
    body: list[str] = [page.section, "-" * len(page.section), ""] if page.section else []
    size = 0
    for block in page.blocks:
        made = list(_lines(block))
        size += sum(len(line.encode()) + 1 for line in made)
        if size > MOST:
            body += [_MORE, ""]
            break
        body += [*made, ""]
    foot = ["-- ", *(said for line in page.foot for said in _wrapped(line))] if page.foot else []
    lines = [*head, *body, *foot]
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines) + "\n"


def _lines(block: Block, indent: str = "") -> Iterator[str]:
    kind = block["kind"]
    if kind in ("heading", "paragraph"):
        yield from _wrapped(_plain(block["inline"]), indent)
    elif kind == "list":
        for i, item in enumerate(block["items"], start=1):
            mark = f"{i}. " if block["ordered"] else "- "
            inner = [line for b in item for line in _lines(b, indent + " " * len(mark))]
            yield from (
                indent + mark + line.lstrip() if j == 0 else line for j, line in enumerate(inner)
            )
    elif kind == "quote":
        for inner_block in block["blocks"]:
            yield from _lines(inner_block, f"{indent}> ")
    elif kind in ("code", "output"):
        yield from (f"{indent}    {line}" for line in block["text"].splitlines())
    elif kind in ("chart", "image"):
        yield from _wrapped(
            f"{block.get('title') or 'Picture'} (in the report). {block['alt']}", indent
        )
    elif kind in ("sentences", "table", "redline"):
        yield from _of_finding(block)


def _of_finding(block: Block) -> Iterator[str]:
    if block["kind"] != "sentences":
        yield from _wrapped(
            block["title"]
            if block.get("rows") or block.get("passages")
            else f"{block['title']}: none found."
        )
        yield ""
    for row in block.get("rows", ()):
        first, *others = (cell["text"] for cell in row["cells"])
        if block["kind"] == "table":
            labels = [c["label"] for c in block["columns"][1:]]
            others = [f"{label}: {o}" for label, o in zip(labels, others, strict=True) if o]
        places = ", ".join(place["label"] for place in row["where"])
        more = f" and {row['more']} more" if row["more"] else ""
        said = "; ".join(others) + (f" [{places}{more}]" if places else "")
        yield from _wrapped(f"{first}: {said}" if said else first, after="  ")
    for passage in block.get("passages", ()):
        said = "".join(map(_piece, passage["pieces"])).strip()
        yield from _wrapped(f"{passage['place']}  {said}", after="  ")
    yield ""
    if block.get("left_out"):
        yield f"{block['left_out']} in the report."
    cut = f" {block['cut']} shown." if block["cut"] else ""
    yield from _wrapped(
        " ".join((f"Base: {block['base']}.{cut}", block["method"], *block["caveats"]))
    )


def _piece(piece: dict[str, Any]) -> str:
    opening, closing = _MARKED.get(piece["change"], ("", ""))
    note = f"[{piece['note']}] " if piece["note"] and piece["change"].startswith("moved") else ""
    said = (
        note.strip()
        if piece["change"] == "moved away"
        else f"{note}{opening}{piece['text']}{closing}"
    )
    return str(piece["before"] + said + piece["after"])


def _plain(inline: list[dict[str, Any]]) -> str:
    return "".join(
        run["text"] + (f" <{run['href']}>" if run.get("href", run["text"]) != run["text"] else "")
        for run in inline
    )


def _wrapped(text: str, indent: str = "", after: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + after,
        break_long_words=False,
        break_on_hyphens=False,
    )
