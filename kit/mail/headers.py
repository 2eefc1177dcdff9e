"""Header lines that hold what they were given and nothing else.

Python's own folding of headers has let line breaks through (CVE-2024-6923; the guard is missing before
3.11.10): a title such as ``=?utf-8?q?Report=0D=0ABcc=3A...?=`` became a header of its own. So these
lines are made here, of an alphabet in which nothing can break out, and stand in the message as they are.
"""

import base64
import re
import unicodedata
from itertools import accumulate

from kit.mail.addresses import Address

WIDTH = 78  # characters of a line, as RFC 5322, 2.1.1 recommends
LONGEST_SUBJECT = 2000  # characters; a reader shows a hundred
_WORD = (
    42  # bytes of UTF-8 in an encoded word: with its frame and a header's name they fit the width
)
_LONGEST_QUOTED = 60  # characters of a name that is not encoded
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # Bidi_Control of Unicode
_QUOTABLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~. -]*")
_PLAIN = re.compile(r"[ -~]*")


def one_line(text: str) -> str:
    """Return a text in one line: breaks and tabs become blanks, other controls go.

    Marks that turn the direction of writing go too: they would turn what stands after the text.
    """
    spaced = "".join(" " if c.isspace() else c for c in _MARKS.sub("", text))
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp"))
    return " ".join(kept.split())


def text(name: str, value: str) -> str:
    """Return the value of a header of free text, folded, which a reader decodes to that text in one line.

    What is not plain is written as encoded words (RFC 2047), also what only looks like one.
    """
    value = one_line(value)[:LONGEST_SUBJECT].rstrip()
    longest = max(map(len, value.split(" ")), default=0)
    if _PLAIN.fullmatch(value) and "=?" not in value and longest + len(name) + 2 <= WIDTH:
        return _folded(value.split(" "), len(name) + 2)
    return _encoded(value)


def address(name: str, value: Address) -> str:
    """Return the value of a header of one address."""
    if not value.name:
        return str(value)
    said = one_line(value.name)
    plain = _QUOTABLE.fullmatch(said) and "=?" not in said
    shown = f'"{said}"' if plain and len(said) <= _LONGEST_QUOTED else _encoded(said)
    last = len(shown.rpartition("\r\n ")[2]) + (0 if "\r\n" in shown else len(name) + 2)
    fits = last + len(str(value)) + 3 <= WIDTH
    return f"{shown} <{value}>" if fits else f"{shown}\r\n <{value}>"


def _folded(words: list[str], start: int) -> str:
    """Return words in lines; the first of them begins after so many characters."""
    lines, room = [[words[0]]], WIDTH - start - len(words[0])
    for word in words[1:]:
        if len(word) < room:
            lines[-1].append(word)
            room -= len(word) + 1
        else:
            lines.append([word])
            room = WIDTH - 1 - len(word)
    return "\r\n ".join(" ".join(line) for line in lines)


def _encoded(value: str) -> str:
    """Return a text as encoded words, one a line; no character is cut in two."""
    ends = list(accumulate(len(c.encode()) for c in value))
    words, start, taken = [], 0, 0
    for i, end in enumerate(ends):
        if end - taken > _WORD:
            words.append(value[start:i])
            start, taken = i, ends[i - 1]
    words.append(value[start:])
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(w.encode()).decode()}?=" for w in words)
