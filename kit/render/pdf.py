"""The model of a report -> one tagged PDF, by typst.

The template reads the model as JSON, so that no text of a report is ever read as typst markup. The
PDF is checked as PDF/UA-1 by typst itself: a picture without a description does not compile.
"""

import base64
import json
import re
import tempfile
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from kit.errors import RenderError
from kit.render import svg

_FONTS = (
    ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    ("fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf"),
    ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
)
# What the Latin and Chinese fonts surely have; only a text with other characters is looked up.
_SURELY_THERE = re.compile(
    "[\t\n -~\u00a0-\u00ac\u00ae-\u017f\u0410-\u044f\u0401\u0451\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
    "\u3001\u3002\u300a\u300b\u300c\u300d\uff08\uff09\uff0c\uff1a\uff1b\uff01\uff1f\u4e00-\u9fa5]*"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")
_LONG_WORD = re.compile(r"[^\s-]{32,}")
_PIECE = 16  # letters of an endless word after which a line may break
_LONGEST_WHOLE_CELL = 1200  # letters; a row with a longer cell may go on over the page
_LONGEST_KEPT = 26  # letters of a word for which a column is made wide enough
_SHORT, _LONG = (
    14,
    120,
)  # letters: up to the first a column is not wrapped, beyond the second no wider
_LEADING = ("heading", "paragraph", "list", "quote")
_WIDE = 8  # columns, where the table gets a landscape page of its own


def render(report: dict[str, Any]) -> bytes:
    """Return the file; raises RenderError with typst's own words where it does not compile."""
    missing: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="kit-pdf-") as name:
        folder = Path(name)
        printed = _printable(report, missing)
        printed |= {
            "short_title": _cut(printed["title"], 90),
            "contents": [{"id": s["id"], "title": s["title"]} for s in printed["sections"]],
            "missing": _missing(missing),
        }
        if printed["texts"]:
            printed["contents"].append({"id": "cited", "title": "The texts cited"})
        if printed["provenance"]:
            printed["contents"].append({"id": "provenance", "title": "Provenance"})
        for i, section in enumerate(printed["sections"]):
            for j, block in enumerate(section["blocks"]):
                _prepare(block, folder, f"{i}-{j}", printed["look"]["accent"])
            section["runs"] = _runs(section.pop("blocks"))
        (folder / "report.json").write_text(json.dumps(printed, ensure_ascii=False), "utf-8")
        template = files("kit.render").joinpath("templates/report.typ").read_bytes()
        (folder / "report.typ").write_bytes(template)
        try:
            made = typst.Compiler(
                str(folder / "report.typ"),
                root=str(folder),
                font_paths=sorted({str(Path(str(path)).parent) for path in _font_files()}),
                ignore_system_fonts=True,
            ).compile(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            raise RenderError(f"report.pdf: {error}".replace(name, "")) from error
    assert isinstance(made, bytes)
    return made


def _prepare(block: dict[str, Any], folder: Path, key: str, accent: str) -> None:
    """Write the pictures of a block beside the template and add what the template lays out by."""
    if block["kind"] == "chart":
        block["file"] = f"{key}.svg"
        (folder / block["file"]).write_text(svg.standalone(block.pop("svg"), accent), "utf-8")
        numbers = block.pop("numbers")
        block["note"] = (
            f"The numbers of this picture stand in {numbers['file']}." if numbers else ""
        )
    elif block["kind"] == "image":
        block["file"] = f"{key}.png"
        (folder / block["file"]).write_bytes(base64.b64decode(block.pop("png")))
    if "method" in block:
        cut = f" {block['cut']} shown." if block["cut"] else ""
        block["note"] = " ".join(
            (f"Base: {block['base']}.{cut}", block["method"], *block["caveats"])
        )
    if block["kind"] in ("table", "sentences"):
        block["wide"] = len(block["columns"]) + block["where"] > _WIDE
        block["widths"] = _widths(block)
        longest = max((len(c["text"]) for row in block["rows"] for c in row["cells"]), default=0)
        block["whole_rows"] = longest < _LONGEST_WHOLE_CELL


def _runs(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks in runs that go on pages of one kind, wide tables on landscape ones.

    What leads to a wide table, its heading and text, goes with it.
    """
    runs: list[dict[str, Any]] = [{"wide": False, "blocks": []}]
    for block in blocks:
        last = runs[-1]
        wide = bool(block.get("wide"))
        if wide and not last["wide"]:
            leading = last["blocks"]
            at = len(leading)
            while at and leading[at - 1]["kind"] in _LEADING:
                at -= 1
            runs.append({"wide": True, "blocks": leading[at:]})
            del leading[at:]
        elif last["wide"] and not wide:
            runs.append({"wide": False, "blocks": []})
        runs[-1]["blocks"].append(block)
    return [run for run in runs if run["blocks"]] or runs


def _widths(block: dict[str, Any]) -> list[float]:
    """Return the share of the page that each column gets, by what it holds."""
    columns = [
        (column["label"], [row["cells"][i]["text"] for row in block["rows"]])
        for i, column in enumerate(block["columns"])
    ]
    if block["where"]:
        joined = [
            " ".join(link["label"].replace(" ", "_") for link in r["where"]) for r in block["rows"]
        ]
        columns.append(("Where", joined))
    widths = []
    for heading, texts in columns:
        lengths = sorted(map(_length, texts)) or [1]
        usual = lengths[int(0.9 * (len(lengths) - 1))]
        wrapped = min(usual, _SHORT) + max(0, min(usual, _LONG) - _SHORT) ** 0.7
        word = max((len(w) for text in texts for w in text.split()), default=1)
        heading_word = 1.25 * max(map(len, heading.split()), default=1)
        widths.append(round(max(heading_word, wrapped, min(word, _LONGEST_KEPT)) + 2, 2))
    return widths


def _length(text: str) -> int:
    """Return how wide a text is in Latin letters: a Chinese character takes two."""
    return len(text) + sum(c > "\u2e7f" for c in text)


def _printable(value: Any, missing: set[str], key: str = "") -> Any:
    """Return the model with every text fit to be set: no invisible marks, no endless word."""
    if isinstance(value, str):
        return value if key in ("svg", "png", "id", "target", "href") else _text(value, missing)
    if isinstance(value, dict):
        return {k: _printable(v, missing, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(v, missing, key) for v in value]
    return value


def _text(text: str, missing: set[str]) -> str:
    if not _SURELY_THERE.fullmatch(text):
        text = _INVISIBLE.sub("", text)
        gone = {c for c in text if ord(c) not in _characters() and not c.isspace()}
        missing.update(gone)
        for c in gone:
            text = text.replace(c, f"[U+{ord(c):04X}]")
    return _LONG_WORD.sub(_breakable, text)


def _breakable(word: re.Match[str]) -> str:
    """Return an endless word with places where a line may break; Chinese breaks by itself."""
    whole = word.group()
    if sum(c > "\u2e7f" for c in whole) > len(whole) / 2:
        return whole
    return "\u200b".join(whole[i : i + _PIECE] for i in range(0, len(whole), _PIECE))


def _missing(characters: set[str]) -> str:
    if not characters:
        return ""
    return (
        f"{len(characters)} characters have no form in the fonts of this file and are given by "
        "number, as [U+05D0]; the HTML report has them as they are."
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _font_files() -> list[Any]:
    return [files(package).joinpath(path) for package, path in _FONTS]


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Return the code points that the fonts have."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (only for texts beyond Latin and Chinese)

    known: set[int] = set()
    for path in _font_files():
        with TTFont(str(path), lazy=True) as font:
            known.update(font.getBestCmap())
    return frozenset(known)
