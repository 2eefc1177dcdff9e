"""Where English sentences end, told from pieces between blanks, for many passages at once.

``english.sentences`` reads a text character by character. Most passages need less: after *peace.* and
before a capital a sentence ends, wherever the two stand. So each distinct piece is given a role once,
some by asking sentencex about it, and the ends are found by numpy. A passage with anything that
depends on more than a piece, the next one, and whether a bracket or a quotation is open, is left to
``english.sentences``. What is decided here is what it would say: the tests hold one to the other.

Of sentencex (1.0.30 and later) it is taken for granted that

- a stop is judged by the words on either side of it; by more only where the word before is a single
  letter, or a measure, a title or a time of day (*5 p.m.*), which the questions bring to light;
- nothing ends in brackets, from the first opening one to the next closing one, nor in a quotation, but
  for a stop just before its closing mark;
- items of a list are known by their markers: *(a)*, *2)*, a bullet.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from kit.language import english

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

# Letters, digits and marks that part no sentences; a full stop or an apostrophe only within a word.
_PIECE = re.compile(
    r"""
    (?P<bracket>[(\[]?) (?P<quote>["\u201c]?)
    (?P<core>
        (?: \w | [-\u2010-\u2015,;:/&%$£€#*+=~^|§°·¬] | (?<=[^\W_])['\u2019](?=[^\W_])
          | (?<=[^\W_])\.(?=-|[^\W_]) )*+
    )
    (?: (?P<stop>[.!?]?) (?P<unquote>["\u201d]?) (?P<unbracket>[)\]]*) (?P<mark>[,;:]*) (?P<last>[.!?]?)
      | (?<=[^\W_])['\u2019][,;:]* )
    """,
    re.VERBOSE,
)
_ITEM = re.compile(  # opens an item of a list
    r"""
    \( (?: [0-9]{1,2} | [A-Za-z] | [ivxlcdmIVXLCDM]+ ) \)
  | (?: [0-9]+ | [A-Za-z] | [ivxlcdmIVXLCDM]{2,} ) \.? \)
    """,
    re.VERBOSE,
)
_STOP_WITHIN = re.compile(r"\.[^0-9a-z]")  # U.S, Ph.D: a stop that only the rules can judge
_CODE = re.compile(r"[0-9]\.[^0-9a-z]")  # 7.Bg5: sentencex looks for a digit further on
_LETTER = re.compile(r"(?:.*[\W_])?[^\W\d_]\.")  # may be an initial
_PLAIN = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*[,.;:!?]?")

# What the stop of a piece may do: none; peace. peace? Mr. p.m. peace." Mr."
_NONE, _FULL, _MARK, _SHORT, _UNSURE, _QUOTED, _QUOTED_UNSURE = range(7)
# What a piece begins with.
_CAPITAL, _SMALL, _DIGIT, _QUOTATION, _OTHER = range(5)
# What comes of a stop (a row) and the beginning of the next piece (a column): the sentence goes on or
# ends, the passage is left to the rules, or the rules are asked about the two pieces.
_ON, _END, _ASK, _PAIR = range(4)
_OUTCOME = np.array(
    [
        [_ON, _ON, _ON, _ON, _ON],
        [_END, _ON, _END, _END, _ASK],
        [_END, _END, _END, _END, _ASK],
        [_PAIR, _ON, _PAIR, _ASK, _ASK],
        [_ASK, _ON, _ASK, _ASK, _ASK],
        [_END, _ON, _ON, _END, _ASK],
        [_ASK, _ON, _ON, _ASK, _ASK],
    ],
    dtype=np.uint8,
)
# Marks of a piece: it opens or shuts a bracket or a quotation, its stop stands before or after them.
_OPENS, _SHUTS, _QUOTES, _UNQUOTES, _CURLS, _UNCURLS, _BEFORE, _AFTER = (1 << i for i in range(8))


@dataclass(frozen=True, eq=False)
class Roles:
    """What distinct pieces do to sentences; arrays have one value a piece."""

    pieces: Sequence[str]
    asks: Flags  # a passage with it is left to the rules
    stop: Bytes
    begins: Bytes
    marks: Bytes
    number: Flags  # a sentence never ends after it if one begins with it: 12.


def roles(pieces: Sequence[str]) -> Roles:
    """Return the roles of distinct pieces, which are not empty and have no blanks in them."""
    asks, number = (np.zeros(len(pieces), dtype=np.bool_) for _ in range(2))
    stop, marks = (np.zeros(len(pieces), dtype=np.uint8) for _ in range(2))
    kinds = {character: _beginning(character) for character in {piece[0] for piece in pieces}}
    begins = np.array([kinds[piece[0]] for piece in pieces], dtype=np.uint8)
    questions: dict[int, str] = {}
    for i, piece in enumerate(pieces):
        if piece.isalnum():
            continue
        if piece[:-1].isalnum():  # most others: a word and a mark
            if piece[-1] in ",;:":
                continue
            if piece[-1] in ".!?":
                stop[i] = _FULL
                questions[i] = piece
                continue
        found = _PIECE.fullmatch(piece)
        known = None if found is None or _ITEM.fullmatch(piece) else _stop_and_marks(found)
        if found is None or known is None:
            asks[i] = True
            continue
        stop[i], marks[i] = known
        if found["quote"] and not found["bracket"] and found["core"][:1].isupper():
            begins[i] = _QUOTATION
        if found["stop"] or _STOP_WITHIN.search(found["core"]):
            questions[i] = found["core"] + (found["stop"] or "")
    for i, kind in zip(questions, _judged(list(questions.values())), strict=True):
        if kind == _NONE:
            asks[i] = True
        elif stop[i] == _FULL and not marks[i] & _AFTER:
            stop[i] = kind
        elif stop[i] == _QUOTED and kind in {_SHORT, _UNSURE}:
            stop[i] = _QUOTED_UNSURE
        number[i] = bool(english.LIST_NUMBER.fullmatch(pieces[i]))
    return Roles(pieces, asks, stop, begins, marks, number)


def _beginning(character: str) -> int:
    if character.isalpha() and character.isupper():
        return _CAPITAL
    if character.isascii() and character.isalnum():
        return _SMALL if character.isalpha() else _DIGIT
    return _OTHER


def _stop_and_marks(piece: re.Match[str]) -> tuple[int, int] | None:
    """Return what a piece's stop may do and its marks; None where only the rules know."""
    stop, unquote, unbracket, mark, last = piece.group(
        "stop", "unquote", "unbracket", "mark", "last"
    )
    core = piece["core"]
    goes_on = bool(stop and mark and mark[0] == "," and not unbracket)  # etc.,
    several = last or (unquote and unbracket) or (mark and not goes_on and not unbracket)
    if _CODE.search(core) or (stop and several) or (not core and (stop or unquote)):
        return None
    marks = (
        _OPENS * bool(piece["bracket"])
        | _SHUTS * bool(unbracket)
        | {"": 0, '"': _QUOTES, "\u201c": _CURLS}[piece["quote"]]
        | {"": 0, '"': _UNQUOTES, "\u201d": _UNCURLS}[unquote or ""]
        | _BEFORE * bool(stop and unbracket)
        | _AFTER * bool(last)
    )
    if goes_on:
        return _NONE, marks
    if stop and unquote:
        return _QUOTED, marks
    if last:
        # The word before it ends in a bracket or a quotation mark: no abbreviation.
        return (_FULL if last == "." else _MARK), marks
    return (_FULL if stop else _NONE), marks


def _judged(texts: list[str]) -> list[int]:
    """Return what the stops of distinct pieces do; _NONE where one in their midst may end a sentence.

    After a number, and with only a name before and behind, sentencex goes on after all that is ever
    an abbreviation or a measure. What a sentence ends after there, it ends after everywhere. After a
    measure and the like it does not go on everywhere, but after an abbreviation it does.
    """
    ends = _ends("".join(f"Tom 5 {text} " for text in texts) + "Tom")
    kinds = []
    past = 0
    for text in texts:
        begin, past = past + len("Tom 5 "), past + len(f"Tom 5 {text} ")
        elsewhere: set[int] = set()
        within = False
        if past not in ends or "." in text[:-1]:
            elsewhere = _ends(f"We walked 5 {text} Tom")
            after = len(f"We walked 5 {text} ")
            within = not elsewhere.isdisjoint(range(after - len(text), after))
            within |= not ends.isdisjoint(range(begin + 1, past))
        if within:
            kinds.append(_NONE)
        elif past not in ends:
            kinds.append(_UNSURE if len(elsewhere) > 1 else _SHORT)
        elif text[-1] != ".":
            kinds.append(_MARK)
        elif _LETTER.fullmatch(text):
            kinds.append(_UNSURE)
        else:
            goes_on = text[:-1] in english.GOES_ON or text[:-1] in english.GOES_ON_BEFORE_NUMBER
            kinds.append(_SHORT if goes_on else _FULL)
    return kinds


def _ends(text: str) -> set[int]:
    """Return where sentencex ends sentences."""
    from sentencex import segment  # noqa: PLC0415 (loaded when first needed)

    return set(accumulate(map(len, segment("en", text))))


def sentences(
    roles: Roles, piece: Ints, first: Longs, start: Ints, size: Ints, left: Flags
) -> tuple[Longs, Longs, Flags]:
    """Return the first and the last piece of each sentence, and which passages are left to the rules.

    ``piece`` has the number of each piece of all passages in reading order, ``start`` where it begins
    in its passage, ``first`` the first piece of each passage and the number of pieces at the end;
    ``size`` the characters of each distinct piece. Every passage has a piece, and a single space after
    each piece but the last, or it is among those ``left`` to the rules beforehand. No sentences are
    returned of passages that are left to the rules.
    """
    at = np.flatnonzero((roles.asks | (roles.stop > 0) | (roles.marks > 0))[piece])
    bounds = np.searchsorted(at, first)
    passage = np.repeat(np.arange(len(first) - 1), np.diff(bounds))
    begin = bounds[passage]  # the first of the passage
    number = piece[at]
    marks = roles.marks[number]
    state = _State(marks, begin)
    outcome = _outcomes(roles, piece, at, first[passage], first[passage + 1], state)
    left = left.copy()
    left[passage[roles.asks[number] | state.broken | (outcome == _ASK)]] = True
    last = bounds[1:][np.diff(bounds) > 0] - 1
    left[passage[last[state.open[last]]]] = True
    left[passage[(at == first[passage]) & (marks & _OPENS > 0)]] = True

    begins = np.zeros(len(piece) + 1, dtype=np.bool_)
    begins[at[outcome == _END] + 1] = True
    begins[first] = True
    opening = np.flatnonzero(begins)
    # english.sentences overlooks the quotation marks of a long sentence.
    quoting = marks & (_QUOTES | _UNQUOTES | _CURLS | _UNCURLS) > 0
    where = np.searchsorted(opening, at[quoting], side="right")
    last = opening[1:] - 1
    end = last[where - 1]
    long = start[end] + size[piece[end]] - start[opening[where - 1]] > english.LONG
    left[passage[quoting][long]] = True
    told = ~np.repeat(left, np.diff(np.searchsorted(opening, first)))
    return opening[:-1][told], last[told], left


class _State:
    """Whether brackets and quotations are open before, within and after each piece with a mark or stop.

    ``begin`` has for each the first one of its passage. ``broken``: here they cross, or one is shut that
    was not open; ``open``: something is open after it.
    """

    def __init__(self, marks: Bytes, begin: Longs) -> None:
        opens, shuts = marks & _OPENS > 0, marks & _SHUTS > 0
        latest = _latest(opens | shuts, begin)
        before = np.concatenate(([-1], latest))[:-1]
        self.bracket_before = (before >= begin) & (opens & ~shuts)[before]
        self.bracket = self.bracket_before | opens
        self.bracket_after = self.bracket & ~shuts

        straight = _quoted(marks & _QUOTES > 0, marks & _UNQUOTES > 0, begin)
        curly = _quoted(marks & _CURLS > 0, marks & _UNCURLS > 0, begin)
        broken = (straight[1] + curly[1]) > 1
        for _, within, after in (straight, curly):
            broken |= (within > 1) | (after < 0)
        quote_before, quote, quote_after = (a + b > 0 for a, b in zip(straight, curly, strict=True))
        self.quote, self.quote_after = quote, quote_after

        # A quotation in brackets ends there, and brackets in a quotation are shut there.
        opened = _latest(marks & (_QUOTES | _CURLS) > 0, begin)
        unquotes = marks & (_UNQUOTES | _UNCURLS) > 0
        broken |= unquotes & (self.bracket[opened] != self.bracket)
        opened = _latest(opens & ~self.bracket_before, begin)
        broken |= self.bracket & shuts & (quote_before[opened] != quote_after)
        self.broken = broken
        self.open = self.bracket_after | quote_after


def _latest(flags: Flags, begin: Longs) -> Longs:
    """Return for each place the last one up to it, in its passage, that has a flag, or -1."""
    latest = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))
    return np.where(latest >= begin, latest, -1)


def _quoted(opens: Flags, shuts: Flags, begin: Longs) -> tuple[Longs, Longs, Longs]:
    """Return how many quotations are open before, within and after each piece."""
    total = np.cumsum(opens.astype(np.int64) - shuts)
    before = np.concatenate(([0], total))[:-1]
    base = before[begin]
    return before - base, before - base + opens, total - base


def _outcomes(
    roles: Roles, piece: Ints, at: Longs, first: Longs, past: Longs, state: _State
) -> Bytes:
    """Return what comes of the stop of each piece that has one; ``first`` and ``past`` of its passage."""
    number = piece[at]
    stop, marks = roles.stop[number], roles.marks[number]
    within = np.where(marks & _AFTER > 0, state.open, state.bracket | state.quote)
    within = np.where(stop >= _QUOTED, state.bracket, within)
    stops = np.flatnonzero((stop > _NONE) & (at + 1 < past))
    after = piece[at[stops] + 1]
    outcome = np.zeros(len(at), dtype=np.uint8)
    # sentencex takes a reference like [12] to the sentence before it, even from within brackets.
    idle = np.where(roles.marks[after] & _OPENS > 0, _ASK, _ON)
    outcome[stops] = np.where(within[stops], idle, _OUTCOME[stop[stops], roles.begins[after]])
    # Before a closing bracket a stop ends nothing, if the bracket was ever opened.
    outcome[(marks & _BEFORE > 0) & ~state.bracket] = _ASK

    paired = outcome[stops] == _PAIR
    size = len(roles.pieces)
    pairs = number[stops[paired]].astype(np.int64) * size + after[paired]
    distinct, inverse = np.unique(pairs, return_inverse=True)
    texts = ((roles.pieces[pair // size], roles.pieces[pair % size]) for pair in distinct.tolist())
    outcome[stops[paired]] = np.array([_pair(*text) for text in texts], dtype=np.uint8)[inverse]

    numbers = stops[roles.number[number[stops]] & ~within[stops]]
    previous = np.maximum(numbers - 1, 0)
    adjacent = at[previous] == at[numbers] - 1
    opens = (at[numbers] == first[numbers]) | (adjacent & (outcome[previous] == _END))
    plain = roles.begins[piece[at[numbers] + 1]] != _OTHER
    outcome[numbers[opens]] = np.where(plain, _ON, _ASK)[opens]
    outcome[numbers[adjacent & roles.number[number[previous]]]] = _ASK
    return outcome


def _pair(short: str, after: str) -> int:
    """Return whether a sentence ends between an abbreviation and what follows it."""
    from sentencex import segment  # noqa: PLC0415 (loaded when first needed)

    if not _PLAIN.fullmatch(after):
        return _ASK
    text = f"We walked 5 {short} {after}"
    if _LETTER.fullmatch(short):  # if sentencex parts them, the word before an initial decides
        return _ON if len(segment("en", text)) == 1 else _ASK
    return _ON if len(english.sentences(text)) == 1 else _END
