"""English sentences, words and lemmas.

The word policy, shared by every count, by spaCy and by the gazetteer:

- letters and digits joined by a hyphen or an apostrophe are one word: *win-win*, *people's*,
  *don't*, *China-Russia*; an en dash between letters is read as a hyphen (*China–Russia*);
- dotted abbreviations keep their dots: *U.S.*, *p.m.*; other full stops are no part of a word;
- numbers stay whole: *3.75*, *1,000*, *75th*, *2013–2025*;
- for counting, case, hyphens and apostrophes are folded, and a possessive ending is a form of its
  word: *countries'* counts as *countries*, *China's* as *china*.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise

_HYPHEN = "-\u2010\u2011"
_APOSTROPHE = "'\u2019\u02bc"
_LETTERS = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
_WORD = re.compile(
    rf"""
    (?:https?://|www\.)[^\s<>"]*[^\s<>".,;:!?)\]]                 # an address stays whole
  | (?<![^\W_])(?:[^\W\d_]\.){{2,}}                                # U.S., p.m.
  | \d+(?:[.,]\d+)+(?:[-\u2010\u2011\u2013]\d+(?:[.,]\d+)*)*(?![^\W_])   # 3.75, 1,000, 3.5-3.75
  | \d+\u2013\d+                                                   # 2013–2025
  | {_LETTERS}(?:(?:[{_HYPHEN}{_APOSTROPHE}&]|(?<=[^\W\d_])\u2013(?=[^\W\d_])){_LETTERS})*
    (?:(?<=[sS])[{_APOSTROPHE}](?=\s+[^\W\d_]))?                   # countries' commitment
    """,
    re.VERBOSE,
)
_FOLD = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2019": "'", "\u02bc": "'"})
# Here 's is a verb: no possessive.
_CONTRACTED = frozenset(
    """
        it's that's he's she's what's there's here's who's where's how's let's
    """.split()
)

# Abbreviations after which a sentence goes on, beyond those that sentencex knows; the second kind
# only before a number: "No." may be a whole answer.
GOES_ON = frozenset(
    "Res Gen Col Lt Sgt Capt Adm Amb Sen Rep Gov Hon Rev Messrs Mme cf viz approx vs".split()
)
GOES_ON_BEFORE_NUMBER = frozenset(
    """
        No Nos Art Arts Ch Sec Para para paras pp Vol Doc Fig Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov
        Dec
    """.split()
)
# An initial after a name goes on ("Jerome H. Powell"), unless what follows opens a sentence.
_INITIAL = re.compile(r"(?:^|[A-Z][\w'\u2019-]*,? |[\s(][A-Z]\. ?)[A-HJ-Z]\.$")
_OPENERS = frozenset(
    "the a an this that these those it its he she they we i you in on at by for from with as if when "
    "while after before since both all many most no not there here but and or so yet our their his "
    "her".split()
)
# simplemma takes *remains* for what is left of the dead, and forms these of verbs that there are none of
_LEMMAS = {"remains": "remain"} | {
    form: verb
    for verb, forms in {
        "assail": "assailed",
        "budge": "budging",
        "craft": "crafted",
        "deposit": "deposited",
        "determine": "determining",
        "develop": "developed",
        "fix": "fixed fixing",
        "grow": "growing",
        "guard": "guarded guarding",
        "label": "labelled labelling",
        "long": "longed",
        "mix": "mixed mixing",
        "play": "playing",
        "proclaim": "proclaiming",
        "sing": "singing",
        "spring": "springing",
        "thank": "thanked thanking",
        "think": "thinking",
        "unfold": "unfolded unfolding",
    }.items()
    for form in forms.split()
}
_TAIL = 40  # characters at the end or the start of a piece that tell whether two belong together
_LONGEST_NUMBER = len("(xviii)")
LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]")
LONG = 600  # characters, about 100 words
_QUOTE = re.compile(r"""(?<!\w)['"\u2018\u201c\u201d]|['"\u2019\u201d\u201c](?!\w)""")
_OPENING = re.compile(r"""(?<=\s)['"\u2018\u201c](?=\S)""")
_ITEM = re.compile(r"\([^\W_]{1,5}\)\s+(?=\S)")
_CLOSED_ASIDE = re.compile(r"[.!?][\"\u201d\u2019']?[)\]](?=\s+[\"\u201c(\[]?[A-Z])")


def words(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the words of a text, by the policy of this module."""
    return [match.span() for match in _WORD.finditer(text)]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of a paragraph: sentencex, then our own rules.

    A piece is joined to the one before it after an abbreviation that goes on (*Res. No.*), after a
    bare list number (*1.*) and where it starts in lower case; a bracketed sentence ends at its bracket.
    """
    joined: list[tuple[int, int]] = []
    first = past = 0  # of the piece before
    for start, end in _pieces(text, 0, len(text)):
        if past and text[past - 1] in ".)" and _belongs(text, first, past, start):
            joined.pop()
        else:
            first = start
        joined.append((first, end))
        past = end
    if not any(text[start] in "([" for start, _ in joined):
        return joined
    return [piece for start, end in joined for piece in _split_asides(text, start, end)]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of sentencex's pieces of a stretch, without blanks around them.

    It takes all that follows a bracketed number for one piece, *(1) Make plans. It is good.*: such a
    piece is given to it again without the number.
    """
    for a, b in _stretches(text[start:end]):
        first, past = _trimmed(text, start + a, start + b)
        if first < past and text[first] == "(" and (number := _ITEM.match(text, first, past)):
            for begin, stop in _pieces(text, number.end(), past):
                yield first if begin == number.end() else begin, stop
        elif past - first > LONG and _QUOTE.search(text, first, past):
            yield from _without_quotes(text, first, past)
        elif first < past:
            yield first, past


def _stretches(text: str) -> Iterable[tuple[int, int]]:
    """Return the bounds of what sentencex takes for sentences, blanks around them included."""
    from sentencex import get_sentence_boundaries, segment  # noqa: PLC0415 (loaded when first needed)

    if "\n" in text:  # of a long text with paragraphs, its shorter answer may leave out line breaks
        return [(b["start_index"], b["end_index"]) for b in get_sentence_boundaries("en", text)]
    return pairwise(accumulate(map(len, segment("en", text)), initial=0))


def _without_quotes(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the pieces of a long stretch, its quotation marks overlooked.

    sentencex leaves a quotation whole. Of one that is long that is not wanted, and where a mark is
    missing all that follows would be taken for a quotation.
    """
    cuts = [start + end for _, end in _stretches(_QUOTE.sub(" ", text[start:end]))]
    for cut in cuts:
        past = cut
        while past > start and (text[past - 1].isspace() or _OPENING.match(text, past - 1)):
            past -= 1  # a mark that opens the next sentence belongs to it
        first, last = _trimmed(text, start, past)
        if first < last:
            yield first, last
        start = past


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _belongs(text: str, first: int, past: int, start: int) -> bool:
    """Whether what starts here goes on with the piece before it, which ends in a stop or a bracket."""
    if past - first <= _LONGEST_NUMBER and LIST_NUMBER.fullmatch(text, first, past):
        return True
    opening = text[start]
    if text[past - 1] != "." or opening.islower():
        return opening.islower() and text[past - 1] == "."
    before = text[max(first, past - _TAIL) : past]
    last = before.rsplit(None, 1)[-1].rpartition("(")[2][:-1]
    if last in GOES_ON or (opening.isdigit() and last in GOES_ON_BEFORE_NUMBER):
        return True
    if opening.isupper() and last[-1:].isupper() and _INITIAL.search(before):
        return text[start : start + _TAIL].split(maxsplit=1)[0].lower() not in _OPENERS
    return False


def _split_asides(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    for match in _CLOSED_ASIDE.finditer(text, start, end):
        if text[start] in "([":
            pieces.append((start, match.end()))
            start, _ = _trimmed(text, match.end(), end)
    return [*pieces, (start, end)]


@lru_cache(maxsize=2**17)
def fold(word: str) -> str:
    """Return the form under which a word is counted: one case, plain marks, no possessive ending."""
    plain = word.casefold().translate(_FOLD)
    if plain in _CONTRACTED:
        return plain
    return plain.removesuffix("'s").removesuffix("'")


@lru_cache(maxsize=2**17)
def lemma(word: str) -> str:
    """Return the dictionary form of a folded word; a compound is reduced in its last part.

    *state-owned* and *far-reaching* are words of their own.
    """
    from simplemma import lemmatize  # noqa: PLC0415 (loaded when first needed)

    head, hyphen, last = word.rpartition("-")
    if not last.isalpha() or (head and last.endswith(("ed", "ing"))):
        return word
    return f"{head}{hyphen}{_LEMMAS.get(last) or lemmatize(last, lang='en').casefold()}"
