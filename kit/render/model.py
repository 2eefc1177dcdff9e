"""Executed notebook -> the model of a report, from which HTML and PDF are both made.

The model is plain data (dicts, lists, text). All text in it is text: nothing in it is markup of the
page that it will stand in.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from kit import files, markup, visible
from kit.render import data, markdown

Block = dict[str, Any]
LINKS, LINKS_OF_SEVERAL = 12, 5  # places shown for a row, in a report on one text and on several
LINKS_OF_NUMBERS = 2  # of a row under a picture
LONGEST_NAME = 20  # how wide a name or title may be where it stands for a date, in Latin letters
NUMBERS = 100  # rows shown of the numbers under a picture; the data folder has them all
LONGEST_OUTPUT = 20_000  # characters of plain output that a report shows
_LINK = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def build(notebook: Any) -> dict[str, Any]:
    """Return the report: title, line, lang, sections of blocks, texts, provenance."""
    meta = notebook.metadata.get("readout", {})
    shown = [finding for _, finding in data.findings(notebook)]
    texts = _Texts(shown)
    sections = _sections(notebook, texts)
    about = shown[0]["corpus"] if shown else None
    title = meta.get("title") or (about and (about["title"] or about["name"])) or "Report"
    report = {
        "title": title,
        "line": _line(about, shown),
        "look": _look(meta.get("look", {})),
        "lang": "en",
        "sections": sections,
        "texts": texts.cited(),
        "provenance": {**meta.get("provenance", {}), "fingerprint": about["fingerprint"]}
        if about and meta.get("provenance")
        else None,
    }
    _label_tables(sections)
    clean: dict[str, Any] = _scrubbed(report)
    return clean


def _look(given: dict[str, str]) -> dict[str, str]:
    """Return how the pages look: nothing that is no colour or paper gets into a style."""
    accent = given.get("accent", "")
    return {
        "accent": accent if re.fullmatch(r"#[0-9a-fA-F]{6}", accent) else "",
        "footer": given.get("footer", ""),
        "paper": "us-letter" if given.get("paper") == "us-letter" else "a4",
    }


def _label_tables(sections: list[dict[str, Any]]) -> None:
    """Give each table a label of its own, so that a screen reader can tell them apart."""
    seen: Counter[str] = Counter()
    for section in sections:
        for block in section["blocks"]:
            table = block.get("numbers") if block["kind"] == "chart" else block
            if table and table["kind"] == "table":
                seen[table["title"]] += 1
                more = f" ({seen[table['title']]})" if seen[table["title"]] > 1 else ""
                table["label"] = f"{table['title']}{more}, table"


def _scrubbed(value: Any, key: str = "") -> Any:
    """Return the model without control characters and a terminal's colours in any text."""
    if isinstance(value, str):
        return value if key in ("svg", "png") else visible.clean(value)
    if isinstance(value, dict):
        return {k: _scrubbed(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_scrubbed(v, key) for v in value]
    return value


def _line(about: Any, shown: list[Any]) -> str:
    """Return the line under the title: how much was read, and of when."""
    if not about:
        return ""
    first, last = about["first"], about["last"]
    dates = first if first == last else f"{first} to {last}"
    undated = about.get("undated")
    if undated and first:
        dates += f", {undated:,} undated"
    period, number = about.get("period"), about.get("of_period")
    of = f"about {period}: {number or 'no'} text{'' if number == 1 else 's'}" if period else ""
    return " · ".join(part for part in (shown[0]["base"], dates, of) if part)


class _Texts:
    """The texts that findings cite, numbered in order of date."""

    def __init__(self, findings: list[dict[str, Any]]) -> None:
        self._texts: dict[str, dict[str, Any]] = {}
        for finding in findings:
            for name, text in finding["texts"].items():
                known = self._texts.setdefault(name, {**text, "paragraphs": {}})
                known["paragraphs"].update(text["paragraphs"])
        self._whole = {name for finding in findings for name in finding["whole"]}
        self._used: set[tuple[str, int]] = set()
        self._links = LINKS if len(self._texts) == 1 else LINKS_OF_SEVERAL
        order = sorted(self._texts, key=lambda n: (self._texts[n]["date"] or "9999", n))
        self._keys = {name: f"t{i}" for i, name in enumerate(order, start=1)}
        self._labels = _labels({name: self._texts[name] for name in order})

    def places(self, spans: list[Any], most: int = LINKS) -> list[dict[str, str]]:
        """Return links to the paragraphs of spans, at most a few (or `most`), spread over all.

        What is linked is cited: it stands at the end of the report.
        """
        first: dict[tuple[str, int], Any] = {}
        for span in spans:
            first.setdefault((span[0], span[1]), span)
        links = []
        for span in _spread(list(first.values()), min(most, self._links)):
            name, paragraph = span[:2]
            label = "title" if paragraph == 0 else f"¶{paragraph}"
            if len(self._texts) > 1:
                label = f"{self._labels[name]} {label}"
            links.append({"label": label, "target": self.target(span)})
        return links

    def target(self, span: list[Any]) -> str:
        """Return the id of the sentence in which a place begins, and cite its paragraph."""
        name, paragraph, start, _ = span
        self._used.add((name, paragraph))
        sentences = self._texts[name]["paragraphs"][str(paragraph)]["sentences"]
        return f"{self._keys[name]}-p{paragraph}-s{_sentence(sentences, start)}"

    def language(self, span: list[Any]) -> str:
        """Return the language of the text of a place."""
        return str(self._texts[span[0]]["language"])

    def cited(self) -> list[dict[str, Any]]:
        """Return each text with its paragraphs in sentences, and gaps where none is cited."""
        names = self._whole | {name for name, _ in self._used}
        return [self._cited(name, key) for name, key in self._keys.items() if name in names]

    def _cited(self, name: str, key: str) -> dict[str, Any]:
        text = self._texts[name]
        title = text["paragraphs"].get("0", {"text": text["title"], "sentences": []})
        paragraphs: list[dict[str, Any]] = []
        expected = 1
        whole = name in self._whole
        for number in sorted(int(n) for n in text["paragraphs"] if n != "0"):
            if not whole and (name, number) not in self._used:
                continue
            if number > expected:
                paragraphs.append({"gap": _gap(expected, number - 1)})
            paragraphs.append(
                {
                    "number": number,
                    "sentences": _pieces(text["paragraphs"][str(number)], f"{key}-p{number}"),
                }
            )
            expected = number + 1
        if expected <= text["length"]:
            paragraphs.append({"gap": _gap(expected, text["length"])})
        return {
            "key": key,
            "title": _pieces(title, f"{key}-p0"),
            "date": _headed(text["date"] or "undated", self._labels[name]),
            "source": text["source"],
            "lang": text["language"],
            "paragraphs": paragraphs,
        }


def _spread(items: list[Any], most: int) -> list[Any]:
    if len(items) <= most:
        return items
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def _labels(texts: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return what a text is called where it is cited: no two are called the same.

    It is the date; where several texts have the same or none, the title as far as there is room; where
    that does not tell them apart, the date (else the name of the file) with a number.
    """
    by_date: dict[str, list[str]] = {}
    for name, text in texts.items():
        by_date.setdefault(text["date"] or "", []).append(name)
    labels = {names[0]: date for date, names in by_date.items() if date and len(names) == 1}
    titles = {n: _short(t["title"]) for n, t in texts.items() if n not in labels}
    times = Counter((*titles.values(), *by_date))
    for date, names in by_date.items():
        several = [n for n in names if n not in labels]
        if all(times[titles[n]] == 1 for n in several):
            labels |= {n: titles[n] for n in several}
            continue
        files_named = {n: date or _short(texts[n]["source"].rsplit("/", 1)[-1]) for n in several}
        for i, n in enumerate(several, start=1):
            number = f" ({i})" if len(several) > 1 else ""
            labels[n] = f"{files_named[n]}{number}"
    return labels


def _headed(date: str, label: str) -> str:
    """Return the date above a text that is cited, with the number by which it is cited."""
    number = re.search(r" \(\d+\)$", label)
    return f"{date}{number.group()}" if number else date


def _short(name: str) -> str:
    """Return a name cut to the room there is; a Chinese character takes two places."""
    widths = list(itertools.accumulate(2 if c > "\u2e7f" else 1 for c in name))
    if not widths or widths[-1] <= LONGEST_NAME:
        return name
    return f"{name[: sum(w < LONGEST_NAME for w in widths)]}…"


def _gap(first: int, last: int) -> str:
    return f"¶{first} is not cited" if first == last else f"¶{first}–{last} are not cited"


def _sentence(bounds: list[Any], start: int) -> int:
    """Return the number (from 1) of the sentence that a place stands in."""
    return max(1, len([begin for begin, _ in bounds if begin <= start]))


def _pieces(passage: dict[str, Any], key: str) -> list[dict[str, str]]:
    """Return a passage cut at its sentences; joined they are the passage."""
    text, bounds = passage["text"], passage["sentences"] or [[0, 0]]
    starts = [0, *(begin for begin, _ in bounds[1:]), len(text)]
    return [
        {"id": f"{key}-s{i}", "text": text[a:b]}
        for i, (a, b) in enumerate(itertools.pairwise(starts), start=1)
    ]


def _sections(notebook: Any, texts: _Texts) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    current = ""
    for cell in notebook.cells:
        name = cell.metadata.get("readout", {}).get("notebook", "notebook")
        blocks = (
            list(markdown.blocks(cell.source))
            if cell.cell_type == "markdown"
            else list(_code(cell, texts, name))
        )
        for block in blocks:
            if block["kind"] == "heading" and block["level"] == 1:
                sections.append(_section(markdown.plain(block["inline"]), sections))
                current = name
                continue
            if not sections or current != name:
                sections.append(_section(name.capitalize(), sections))
                current = name
            sections[-1]["blocks"].append(block)
    for section in sections:
        section["blocks"] = _applying(section["blocks"])
        _level_headings(section["blocks"])
        _drop_repeated_numbers(section["blocks"])
    return [s for s in sections if s["blocks"]]


def _section(title: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    taken = {s["id"] for s in before}
    base = f"s-{files.slug(title, 'section')}"
    names = (base, *(f"{base}-{i}" for i in range(2, len(taken) + 3)))
    return {"id": next(n for n in names if n not in taken), "title": title, "blocks": []}


def _applying(blocks: list[Block]) -> list[Block]:
    """Leave out what does not apply to the texts read, and a heading with nothing else under it."""
    kept: list[Block] = []
    for _, part in itertools.groupby(
        zip(blocks, itertools.accumulate(b["kind"] == "heading" for b in blocks), strict=True),
        key=lambda numbered: numbered[1],
    ):
        under = [block for block, _ in part]
        shown = [block for block in under if block["kind"] != "nothing"]
        if len(shown) == len(under) or any(
            b["kind"] not in ("heading", "paragraph") for b in shown
        ):
            kept += shown
    return kept


def _level_headings(blocks: list[Block]) -> None:
    """Make levels start at 2 in a section and never jump."""
    last = 1
    for block in blocks:
        if block["kind"] == "heading":
            block["level"] = last = min(block["level"], last + 1)


def _drop_repeated_numbers(blocks: list[Block]) -> None:
    """Leave out the numbers under a picture where the section shows them as a table anyway."""
    tables: dict[str, int] = {}
    for block in blocks:
        if block["kind"] == "table":  # several may be cut from one finding
            name = block["name"]
            tables[name] = max(tables.get(name, 0), len(block["rows"]))
    for block in blocks:
        if block["kind"] == "chart":
            numbers = block["numbers"]
            if tables.get(numbers["name"], -1) >= len(numbers["rows"]):
                block["numbers"] = None


def _code(cell: Any, texts: _Texts, notebook: str) -> Iterator[Block]:
    """Yield what a code cell shows; the code itself only where it is tagged ``show-code``."""
    if "show-code" in cell.metadata.get("tags", ()):
        yield {"kind": "code", "text": cell.source}
    for output in cell.get("outputs", ()):
        shown = output.get("data", {})
        found = data.finding(shown)
        empty = data.CHART in shown and not shown[data.CHART]["finding"]["rows"]
        if empty or (found and not found.get("applies", True)):
            yield {
                "kind": "nothing"
            }  # a picture of nothing says less than the table that follows it
        elif data.FINDING in shown:
            yield _finding(shown[data.FINDING], texts)
        elif data.CHART in shown:
            chart = shown[data.CHART]
            yield {
                "kind": "chart",
                **{k: chart[k] for k in ("name", "title", "alt", "svg")},
                "numbers": _numbers(chart["finding"], texts, notebook),
            }
        elif "text/markdown" in shown:
            yield from markdown.blocks(shown["text/markdown"])
        elif "image/png" in shown:
            yield {
                "kind": "image",
                "png": "".join(shown["image/png"].split()),
                "alt": _alt(cell, shown),
            }
        else:
            text = output.get("text") or shown.get("text/plain") or ""
            if output.output_type == "error":
                text = f"{output.ename}: {output.evalue}"
            if text.strip() and output.get("name") != "stderr":
                cut = "\n[cut]" if len(text) > LONGEST_OUTPUT else ""
                yield {"kind": "output", "text": text[:LONGEST_OUTPUT] + cut}


def _alt(cell: Any, shown: Any) -> str:
    return str(
        cell.metadata.get("alt") or shown.get("text/plain") or "A picture made by the notebook"
    )


def _numbers(finding: dict[str, Any], texts: _Texts, notebook: str) -> Block:
    """Return the numbers of a picture; of a long table the first rows, and where the rest is."""
    rows = len(finding["rows"])
    file = {"file": f"data/{data.file_name(notebook, finding)}"}
    if rows <= NUMBERS or finding["shape"] == "redline":
        return _finding(finding, texts, LINKS_OF_NUMBERS) | file
    parts = ("rows", "shown", "evidence", "places")
    first = finding | {part: finding[part][:NUMBERS] for part in parts}
    block = _finding(first, texts, LINKS_OF_NUMBERS)
    more = f"; all {rows:,} of the picture stand in {file['file']}"
    return block | file | {"cut": f"The first {NUMBERS} of {finding['total']:,} rows", "rest": more}


def _finding(finding: dict[str, Any], texts: _Texts, links: int = LINKS) -> Block:
    if finding["shape"] == "redline":
        return _redline(finding, texts)
    shown = _columns_shown(finding)
    rows = []
    for i, cells in enumerate(finding["shown"]):
        spans = finding["evidence"][i] if finding["evidence"] else []
        where = texts.places(spans, links)
        more = finding["places"][i] - len(where) if where else 0
        rows.append({"cells": [_cell(cells[c]) for c in shown], "where": where, "more": more})
    return {
        "kind": "sentences" if finding["shape"] == "sentences" else "table",
        "columns": [finding["columns"][c] for c in shown],
        "rows": rows,
        "where": any(row["where"] for row in rows),
        **_about(finding),
    }


def _about(finding: dict[str, Any]) -> Block:
    """Return what stands above and below any finding."""
    rows, total = len(finding["rows"]), finding["total"]
    return {
        **{key: finding[key] for key in ("name", "title", "base", "method", "caveats")},
        "cut": f"{rows:,} of {total:,} rows" if rows < total else "",
        "rest": "",
    }


def _redline(finding: dict[str, Any], texts: _Texts) -> Block:
    """Return the passages of a redline, each with its pieces: what is changed leads to its sentence."""
    passages = []
    for place, pieces in markup.passages(finding):
        spans = [finding["evidence"][piece.number][0] for piece in pieces]
        shown = [
            {**asdict(piece), "target": texts.target(span)}
            for piece, span in zip(pieces, spans, strict=True)
        ]
        about = {"place": place, "target": shown[0]["target"], "lang": texts.language(spans[0])}
        passages.append({**about, "pieces": shown})
    return {"kind": "redline", "passages": passages, **_about(finding)}


def _columns_shown(finding: dict[str, Any]) -> list[int]:
    """Return the columns that say something: not empty in each row, no count of texts where one was read."""
    one = finding["corpus"]["texts"] == 1
    return [
        i
        for i, column in enumerate(finding["columns"])
        if i == 0
        or (
            not (one and column["name"] in ("texts", "mean_of_texts"))
            and (not finding["shown"] or any(row[i] not in ("", "–") for row in finding["shown"]))
        )
    ]


def _cell(text: str) -> dict[str, str]:
    return {"text": text, "lang": _lang(text)}


def _lang(text: str) -> str:
    """Return the language of a cell where its script tells that it is not English."""
    letters = sum(c.isalpha() for c in text) or 1
    if len(_HAN.findall(text)) / letters > 0.5:
        return "zh"
    return "ru" if len(_CYRILLIC.findall(text)) / letters > 0.5 else ""
