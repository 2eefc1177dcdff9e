"""Make plain what nobody meant in a text: odd characters, broken lines; count it, keep where it was."""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from kit.parse.decode import common_words

# What is changed, the kind it is counted under, and what it becomes: "*" where the letter it stands
# for is looked up. A control may stand where a blank was; an invisible mark stands inside a word.
_LAST_TWO = "".join(f"{chr(0xFFFE + p * 2**16)}{chr(0xFFFF + p * 2**16)}" for p in range(17))
_CHANGES: tuple[tuple[str, str, str], ...] = (
    ("line ends", "\r", "\n"),
    ("line ends", "\u2029", "\n\n"),
    ("line ends", "\x0b\x0c\x85\u2028", " "),
    ("soft hyphens", "\xad", ""),
    ("invisible characters", "\u034f\u180e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0", ""),
    ("invisible characters", "\ufe00-\ufe0d\ufff9-\ufffb\U000e0000-\U000e01ef", ""),
    ("direction marks", "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069", ""),
    ("special blanks", "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000", " "),
    ("ligatures", "\ufb00-\ufb06", "*"),
    ("full-width characters", "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a", "*"),
    ("radicals", "\u2f00-\u2fd5", "*"),  # Chinese copied out of a PDF has them for characters
    ("Windows marks", "\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f", "*"),
    ("control characters", "\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\ufffc", " "),
    ("surrogates and non-characters", f"\ud800-\udfff\ufdd0-\ufdef{_LAST_TWO}", ""),
)
_ANY = "".join(characters for _, characters, _ in _CHANGES)
_UNCLEAN = re.compile(f"[{_ANY}]")
_UNCLEAN_ASCII = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # three times as fast
# With what belongs to it: CR LF, the rest of a terminal sequence, and the line end after a soft
# hyphen, where a word was broken. (The class stands first so that the search can jump.)
_CHANGE = re.compile(
    rf"[{_ANY}](?:(?<=\r)\n|(?<=\x1b)\[[0-?]{{0,32}}[ -/]{{0,4}}[@-~]"
    r"|(?<=\xad)[ \t]*(?:\r\n?|\n)[ \t]*(?=[^\W\d_]))?"
)
# U+200B parts words in scripts that write no blanks, U+200C and U+200D shape letters and emoji.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\ua9e0-\ua9ff\uaa60-\uaa7f"
_JOINING = "\u0600-\u0dff\u0f00-\u109f\u1780-\u1aaf\u1b00-\u1cff\ua800-\uabff\U00010a00-\U00011fff"
_PICTURE = "\u203c\u2049\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_ZERO_WIDTH = re.compile(
    rf"(?<![{_UNSPACED}])\u200b(?![{_UNSPACED}])|(?<![{_JOINING}])\u200c"
    rf"|(?<![{_JOINING}{_PICTURE}\ufe0f])\u200d|(?<=[{_PICTURE}\ufe0f])\u200d(?![{_PICTURE}])"
)
# Nothing below U+0300 joins the character before it. Above, marks do, the second and third letters
# of a Korean syllable, and two vowels of Kirat Rai.
_RUN = re.compile(r"[\x00-\u02ff]?[\u0300-\U0010ffff]+|[\xc0-\u02ff]")
_JOINING_LETTER = re.compile("[\u1160-\u11ff\U00016d67\U00016d68]")
_UNTOLD = {"line ends", "special blanks", "composed characters"}  # too usual to speak of

_Change = tuple[int, int, str, str]  # start, end, what it becomes, kind


@dataclass(frozen=True, slots=True)
class Offsets:
    """Where each code point of a cleaned text stood in the original: ``offsets[i]``.

    Kept as stretches that were copied as they stand: their starts here and there.
    """

    length: int
    _here: "array[int]" = field(default_factory=lambda: array("q", [0]))
    _there: "array[int]" = field(default_factory=lambda: array("q", [0]))

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < self.length:
            raise IndexError(index)
        stretch = bisect_right(self._here, index) - 1
        return self._there[stretch] + index - self._here[stretch]

    def __iter__(self) -> Iterator[int]:
        for start, end, there in self.stretches():
            yield from range(there, there + end - start)

    def stretches(self) -> Iterator[tuple[int, int, int]]:
        """Yield (start, end, start in the original) of the stretches, in order."""
        ends = [*self._here[1:], self.length]
        yield from zip(self._here, ends, self._there, strict=True)

    def through(self, earlier: "Offsets") -> "Offsets":
        """Return the offsets of a text cleaned twice, `earlier` being those of the first time."""
        here, there = array("q"), array("q")
        ends = [*earlier._here[1:], earlier.length]
        for start, end, middle in self.stretches():
            stop, place = middle + end - start, middle
            stretch = max(bisect_right(earlier._here, middle) - 1, 0)
            while place < stop:
                here.append(start + place - middle)
                there.append(earlier._there[stretch] + place - earlier._here[stretch])
                place = ends[stretch]
                stretch += 1
        return Offsets(self.length, here or array("q", [0]), there or array("q", [0]))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text in NFC with plain blanks and line ends, what was changed by kind, and its origin."""

    text: str
    counts: Mapping[str, int]
    offsets: Offsets

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence on what was changed, but for line ends, blanks and composed characters."""
        told = [f"{n} {kind}" for kind, n in self.counts.items() if kind not in _UNTOLD]
        return (f"made plain or taken out: {', '.join(told)}",) if told else ()


def clean(text: str) -> Cleaned:
    """Make a text plain; cleaning it again changes nothing.

    Line ends become LF, the end of a paragraph (U+2029) an empty line, other breaks and all blanks
    a blank. Ligatures, full-width Latin letters and digits, and Chinese radicals become the letters
    they stand for; C1 controls the marks that Windows has there, as browsers read them. Taken out
    are soft hyphens, marks of direction, invisible characters (U+200B to U+200D where they mean
    nothing), terminal sequences, lone surrogates and non-characters; other controls become a blank.
    """
    counts: dict[str, int] = {}
    offsets = Offsets(len(text))
    if not (_UNCLEAN_ASCII.search(text) if text.isascii() else any(map(_is_unclean, set(text)))):
        plain = text
    else:
        plain, offsets = _rewrite(text, _changes(text), counts)
    if plain.isascii():
        return Cleaned(plain, counts, offsets)
    if "\u200b" in plain or "\u200c" in plain or "\u200d" in plain:
        plain, later = _rewrite(plain, _zero_width(plain), counts)
        offsets = later.through(offsets)
    if not unicodedata.is_normalized("NFC", plain):
        plain, later = _rewrite(plain, _decomposed(plain), counts)
        offsets = later.through(offsets)
    return Cleaned(plain, counts, offsets)


@lru_cache(maxsize=2**16)
def _is_unclean(character: str) -> bool:
    return bool(_UNCLEAN.match(character))


@cache
def _becomes(character: str) -> tuple[str, str]:
    """Return what a character of the table becomes, and its kind."""
    for kind, characters, new in _CHANGES:
        if re.match(f"[{characters}]", character):
            if new != "*":
                return new, kind
            if kind == "Windows marks":
                return character.encode("latin-1").decode("cp1252"), kind
            return unicodedata.normalize("NFKC", character), kind
    raise ValueError(character)


def _changes(text: str) -> Iterator[_Change]:
    for match in _CHANGE.finditer(text):
        new, kind = _becomes(match[0][0])
        if match[0].startswith("\x1b["):
            new, kind = "", "terminal sequences"
        yield match.start(), match.end(), new, kind


def _zero_width(text: str) -> Iterator[_Change]:
    for match in _ZERO_WIDTH.finditer(text):
        yield match.start(), match.end(), "", "invisible characters"


def _decomposed(text: str) -> Iterator[_Change]:
    """Find the characters that, with their marks, are not in NFC."""
    for run in _RUN.finditer(text):
        if unicodedata.is_normalized("NFC", run[0]):
            continue
        start = run.start()
        for end in range(start + 1, run.end() + 1):
            if end < run.end() and _joins(text[end]):
                continue
            composed = unicodedata.normalize("NFC", text[start:end])
            if composed != text[start:end]:
                yield start, end, composed, "composed characters"
            start = end


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or bool(_JOINING_LETTER.match(character))


def _rewrite(text: str, changes: Iterable[_Change], counts: dict[str, int]) -> tuple[str, Offsets]:
    """Make the changes, count them by kind, and keep where each code point comes from."""
    pieces: list[str] = []
    here, there = array("q"), array("q")
    length = done = 0

    def copy(end: int) -> None:
        nonlocal length
        if end > done:
            here.append(length)
            there.append(done)
            pieces.append(text[done:end])
            length += end - done

    for start, end, new, kind in changes:
        copy(start)
        counts[kind] = counts.get(kind, 0) + 1
        pieces.append(new)
        for i in range(len(new)):
            here.append(length + i)
            there.append(min(start + i, end - 1))
        length += len(new)
        done = end
    copy(len(text))
    return "".join(pieces), Offsets(length, here or array("q", [0]), there or array("q", [0]))


# ---- lines of one paragraph

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# Chinese and Japanese have no blank where a line was broken.
_NO_BLANK = re.compile(rf"(?<=[{_HAN}])\n(?=[{_HAN}“”‘’…—])|(?<=[“”‘’…—])\n(?=[{_HAN}])")
_HYPHEN = re.compile(r"(?<=[^\W_])[-\u2010]\n(?=[^\W_])")
_SPELLING = re.compile(r"[^\W\d_]+(?:[-\u2010'’][^\W\d_]+)*")
_LEFT = re.compile(r"(?<![^\W_])[^\W\d_]+(?:[-\u2010][^\W\d_]+)*$")
_RIGHT = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*(?!\d)")
_BROKEN = re.compile(r"\S{0,80}[-\u2010]\s*\n\s*\S*")
_LONGEST_WORD = 80  # characters to look back and ahead from a hyphen
# "long- and short-term": the hyphen stands for a word to come, and a blank belongs after it
_SUSPENDING = {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "и", "или", "та"}


def squeeze(text: str) -> str:
    """Return the text with single blanks for blanks, tabs and line ends, and none around it.

    Other blanks and controls stay, so that cleaning finds and counts them.
    """
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")


class Joiner:
    """Joins the lines of a paragraph, and the words that were broken at the end of a line.

    Whether the hyphen there belongs to the word is told by, first, the text's own spelling
    elsewhere, the more frequent one; then by whether the word without it occurs once in a million
    (wordfreq); else it stays where both parts are words, and goes where one is not. It stays before
    a capital or a figure. ``joined`` and ``kept`` count the cases.
    """

    def __init__(self, text: str, language: str = "") -> None:
        self._text, self._language = text, language
        self._own: Counter[str] | None = None
        self.joined = self.kept = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done, in words."""
        told = []
        if self.joined:
            told.append(f"words broken at the end of a line and joined: {self.joined}")
        if self.kept:
            told.append(f"hyphens kept at the end of a line: {self.kept}")
        return tuple(told)

    def join(self, lines: Iterable[str]) -> str:
        """Return the lines as one, with single blanks."""
        text = "\n".join(squeezed for line in lines if (squeezed := squeeze(line)))
        text = _NO_BLANK.sub("", text)
        text = re.sub(r"\xad\n(?=[^\W\d_])", "\xad", text)  # a word broken by a soft hyphen
        text = _HYPHEN.sub(self._hyphen, text)
        return text.replace("\n", " ")

    def _hyphen(self, match: re.Match[str]) -> str:
        """Return what stands in the place of a hyphen and the line end after it."""
        text, hyphen = match.string, match[0][0]
        left = _LEFT.search(text[max(0, match.start() - _LONGEST_WORD) : match.start()])
        right = _RIGHT.match(text[match.end() : match.end() + _LONGEST_WORD])
        if right and right[0].lower() in _SUSPENDING:
            return f"{hyphen} "
        as_written = left and right and (right[0].islower() or (left[0] + right[0]).isupper())
        if left and right and as_written and self._is_broken(left[0].lower(), right[0].lower()):
            self.joined += 1
            return ""
        self.kept += 1
        return hyphen

    def _is_broken(self, left: str, right: str) -> bool:
        own = self._spellings()
        left, right = left.replace("\u2010", "-"), right.replace("\u2010", "-")
        # of "state-of-" and "the-art", first the whole, then what is beside the line end
        for before, after in ((left, right), (left.split("-")[-1], right.split("-")[0])):
            without, with_hyphen = own[before + after], own[f"{before}-{after}"]
            if without != with_hyphen:
                return without > with_hyphen
        words = common_words(self._language or ("ru" if "\u0400" <= left[0] <= "\u04ff" else "en"))
        if "-" not in left + right and before + after in words:
            return True  # but "ofthe" is as common as some words are, and no word
        return not all(part in words or own[part] for part in (before, after))

    def _spellings(self) -> "Counter[str]":
        """Count the words of the text as they are spelled, but those broken at the end of a line."""
        if self._own is None:
            whole = _BROKEN.sub(" ", self._text).replace("\u2010", "-").lower()
            self._own = Counter(_SPELLING.findall(whole))
        return self._own
