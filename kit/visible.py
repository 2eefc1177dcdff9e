"""Text that came from files, as people may see it: no controls, no turned lines, Chinese marked."""

import re

from markupsafe import Markup, escape

# What no page and no feed may hold: a terminal's colours, control characters (XML 1.0 knows none but tab
# and line feed), halves of surrogate pairs, code points that are no characters.
_CONTROL = re.compile(
    "\x1b\\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_CHINESE = re.compile(
    r"([\u3400-\u9fff](?:[\u3000-\u303f\uff00-\uffef\u3400-\u9fff]*[\u3400-\u9fff])?)"
)
_TURNS = re.compile("[\u200f\u202a-\u202e\u2066-\u2069\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OPENS, _ENDS = "\u2066\u2067\u2068", "\u2069"  # isolates of UAX 9, and what ends one
FIRST_STRONG = "\u2068"


def clean(text: str) -> str:
    """Return text without control characters and a terminal's colours."""
    return _CONTROL.sub("", text)


def line(text: str, most: int = 0) -> str:
    """Return text as one clean line, of `most` characters at most where that is given."""
    words = " ".join(clean(" ".join(text.split())).split())
    return words if not most or len(words) <= most else words[: most - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """Return a line that cannot turn what stands beside it where no markup can isolate it (UAX 9).

    What could end the isolation from within is left out.
    """
    if not _TURNS.search(text):
        return text
    kept, depth = [], 0
    for character in text:
        depth += character in _OPENS
        if character == _ENDS:
            if not depth:
                continue
            depth -= 1
        kept.append(character)
    return FIRST_STRONG + "".join(kept) + _ENDS * (depth + 1)


def marked(text: str) -> Markup:
    """Return text escaped, its Chinese stretches marked as Chinese for a screen reader."""
    pieces = (
        Markup('<span lang="zh">{}</span>').format(piece) if i % 2 else escape(piece)
        for i, piece in enumerate(_CHINESE.split(text))
    )
    return Markup("").join(pieces)
