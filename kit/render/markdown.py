"""A Markdown cell -> blocks of the model; raw HTML and unsafe links in it stay the text that they are."""

from collections.abc import Iterator
from typing import Any

import mistune

Block = dict[str, Any]
_SCHEMES = ("https://", "http://", "mailto:")

_parse = mistune.create_markdown(renderer=None)


def blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown cell; raw HTML in it stays the text that it is."""
    parsed = _parse(source)
    assert not isinstance(parsed, str)
    for token in parsed:
        yield from _block(token)


def _block(token: dict[str, Any]) -> Iterator[Block]:
    kind = token["type"]
    if kind == "heading" and plain(_inline(token)).strip():
        yield {"kind": "heading", "level": token["attrs"]["level"], "inline": _inline(token)}
    elif kind in ("paragraph", "block_text"):
        yield {"kind": "paragraph", "inline": _inline(token)}
    elif kind == "list":
        items = [
            [b for child in item["children"] for b in _block(child)] for item in token["children"]
        ]
        yield {"kind": "list", "ordered": token["attrs"].get("ordered", False), "items": items}
    elif kind == "block_code":
        yield {"kind": "code", "text": token["raw"].rstrip("\n")}
    elif kind == "block_quote":
        yield {"kind": "quote", "blocks": [b for child in token["children"] for b in _block(child)]}
    elif kind == "block_html":
        yield {"kind": "paragraph", "inline": [{"text": token["raw"].strip()}]}


def _inline(token: dict[str, Any], **style: Any) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for child in token.get("children", ()):
        kind = child["type"]
        if kind in ("softbreak", "linebreak"):
            runs.append({"text": " ", **style})
        elif kind == "codespan":
            runs.append({"text": child["raw"], **style, "code": True})
        elif kind in ("emphasis", "strong"):
            runs.extend(_inline(child, **{**style, kind: True}))
        elif kind == "link":
            url = child["attrs"]["url"]
            safe = {"href": url} if url.lower().startswith(_SCHEMES) else {}
            runs.extend(_inline(child, **{**style, **safe}))
        elif kind == "image":
            runs.append({"text": plain(_inline(child)) or child["attrs"]["url"], **style})
        elif "children" in child:
            runs.extend(_inline(child, **style))
        else:
            runs.append({"text": child.get("raw", ""), **style})
    return runs


def plain(inline: list[dict[str, Any]]) -> str:
    """Return the text of inline runs."""
    return "".join(run["text"] for run in inline)
