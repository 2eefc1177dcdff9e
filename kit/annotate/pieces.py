"""What spaCy is given for tokens: our words, split further as its model was trained, and each mark.

What a kept parse rests on beside the text is this module and ``kit.language.english``: a change of
either makes all parses anew.
"""

from collections.abc import Iterator

from kit.language import english

Bounds = list[tuple[int, int]]
_ENDINGS = ("n't", "'s", "'ll", "'re", "'ve", "'d", "'m", "'")
_WITH_STOP = frozenset(
    "Mr Mrs Ms Dr Prof St Gen Col Lt Capt Adm Sen Rep Gov Hon Rev Jr Sr Messrs No Nos Inc Corp Co Ltd".split()
)


def pieces(text: str) -> tuple[Bounds, list[bool]]:
    """Return the bounds of the tokens of a passage, and whether each begins a sentence."""
    sentences = english.sentences(text)
    bounds = list(_split(text, {end for _, end in sentences}))
    starts = {start for start, _ in sentences}
    return bounds, [i == 0 or start in starts for i, (start, _) in enumerate(bounds)]


def plain(text: str) -> str:
    """Return a text with straight apostrophes, without which the model takes didn’t for a verb."""
    return text.replace("\u2019", "'")


def _split(text: str, ends: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the tokens.

    The stop of an initial or a title (*H.*, *Mr.*) is part of it, but not one that ends a sentence.
    """
    at = 0
    for start, end in (*english.words(text), (len(text), len(text))):
        yield from ((i, i + 1) for i in range(at, start) if not text[i].isspace())
        at = end
        word = text[start:end]
        if (
            text[end : end + 1] == "."
            and end + 1 not in ends
            and ((len(word) == 1 and word.isupper()) or word in _WITH_STOP)
        ):
            at = end + 1
            yield start, at
        else:
            yield from _split_word(text, start, end)


def _split_word(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    word = plain(text[start:end]).lower()
    tail = next((e for e in _ENDINGS if word.endswith(e) and len(word) > len(e)), "")
    stem = end - len(tail)
    piece = start
    if not any(mark in word for mark in ("://", "www.")):
        for i in range(start, stem):
            if text[i] in "-\u2010\u2011\u2013" and piece < i:
                yield piece, i
                yield i, i + 1
                piece = i + 1
    if piece < stem:
        yield piece, stem
    if stem < end:
        yield stem, end
