"""Russian words, sentences, lemmas and names.

The word policy is that of English: *российско-китайский*, *75-летие*, *44-ФЗ*, *4,1* and *2020–2024* are one
word, dotted abbreviations keep their dots (*т.е.*, *В.В.*), other full stops are no part of a word
(*г*, *руб*, *С* of *С. Лавров*). For counting, case, ё and stress marks are folded.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from kit.language import english, extras

_END = re.compile(
    r"(?P<mark>[.!?\u2026]+)[\u00bb\u201d\u201c\"')\]]*(?=\s+(?P<dash>[\u2013\u2014-]\s+)?"
    r"[\u00ab\u201e\u201c\"'(\[]*(?P<next>\S\w*))"
)
_LAST = re.compile(r"[\w.-]+$")  # the word that a full stop stands after, with the dots inside it
# After these a sentence goes on, whatever follows; after the second kind where a number does.
_GOES_ON = frozenset(
    """
        акад англ верх вице г-н гор гос греч деп зам зав им инж исп и.о кит кн корп лат м-р напр
        нем о обл ок окр ориг отв пер пл пом пос пред прим просп проф псевд р-н ред рез русск св
        сер см соч ср т.е т.к т.н т.о тов ул унив физ фр франц худ член-корр янв фев февр мар
        апр июн июл авг сен сент окт ноя нояб дек тел
    """.split()
)
_GOES_ON_BEFORE_NUMBER = frozenset("абз гл д кв п пп подп разд рис с ст стр т табл ч".split())
_SPACED = re.compile(r"(?:\b[тТ]\. ?[екно]|\b[кд]\.(?: ?\w{1,5}\.)? ?н)$")  # т. е., т. к., к.э.н.
# "в с. Покровское", "из г. Тулы": one letter for the kind of a place
_OF_PLACE = re.compile(r"(?:^|\s)(?:в|во|из|до|от|у|под|к|близ) [гдсхо]$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\d(?:-?[ехй]+)?|\b[IVXХ]+)\s*$")  # 2024, 90-х, XX
_YEAR = frozenset(("г", "гг", "в", "вв"))
# "В 2024 г. ВВП вырос": a short beginning with one of these has not come to its verb.
_SHORT_START = 5  # words
_BEGINNERS = frozenset("в во до за из к на от по после с со".split())
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[а-яa-z]|[IVX]{1,5})")
_NUMBER = re.compile(r"\d\w*|[IVX]+")
_INITIAL = re.compile(r"(?:.*[.-])?[^\W\d_a-zа-яё]")
_FOLD = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2019": "'", "ё": "е"})
_CYRILLIC = re.compile(r"[\u0400-\u04ff\d'-]+")
_STRESS = re.compile("[\u0300\u0301]")
_FAR = 200  # characters back that what stands before a full stop is looked at
_NAMED = {"PER": "PERSON", "LOC": "LOC", "ORG": "ORG"}
_LONGEST = 2000  # characters for the model at once
_EMBEDDING = (
    "data/emb/navec_news_v1_1B_250K_300d_100q.tar",
    "f07270833d78523edc5781538d67038e95b43975e4a7ae757c693b687f9cbfca",
)
_MODEL = (
    "data/model/slovnet_ner_news_v1.tar",
    "16c3343a6572ddf0e2b2fc1923113de15a7f5ca5bde90e780dd590418665603e",
)


def words(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the words of a text, by the policy of this module."""
    return english.words(text)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of a paragraph, by rules for abbreviations and initials."""
    found = []
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for match in _END.finditer(text, start, end):
        if _ends(text[max(start, match.start() - _FAR) : match.start()], match):
            found.append((start, match.end()))
            start = match.start("next")
            while not text[start - 1].isspace():  # the quotation mark or dash before the next word
                start -= 1
            start = match.start("dash") if match["dash"] else start
    return [*found, (start, end)] if start < end else found


def _ends(before: str, match: re.Match[str]) -> bool:
    """Whether the sentence `before` is over at a mark that may end it."""
    follows = match["next"]
    if follows[0].islower() or follows[0] == "№" or (match["dash"] and not follows[0].isupper()):
        return False
    if match["mark"] != ".":
        return True
    if _LIST_NUMBER.fullmatch(before):
        return False
    last = _LAST.search(before)
    if last is None:
        return True
    return not _abbreviated(before, last, follows)


def _abbreviated(before: str, last: re.Match[str], follows: str) -> bool:
    """Whether the full stop after the `last` word of `before` only marks that as shortened."""
    word = last.group().lower()
    if _INITIAL.fullmatch(last.group()):
        return not before.endswith("Ван И")  # a name of state that looks like an initial
    if word in _YEAR:
        start = before.split()
        counted = _COUNTED.search(before[: last.start()])
        opening = start[0].lower() in _BEGINNERS or start[0][0].isdigit()
        return not counted or (opening and len(start) <= _SHORT_START)
    return (
        word in _GOES_ON
        or (word in _GOES_ON_BEFORE_NUMBER and bool(_NUMBER.fullmatch(follows)))
        or bool(_SPACED.search(before[-12:]) or _OF_PLACE.search(before))
        or (word == "долл" and follows.startswith("США"))  # 240 млрд долл. США
    )


@lru_cache(maxsize=2**17)
def fold(word: str) -> str:
    """Return the form under which a word is counted: one case, ё as е, no stress marks."""
    plain = unicodedata.normalize("NFC", word).casefold()
    return _STRESS.sub("", plain).translate(_FOLD)


@lru_cache(maxsize=1)
def _morphology() -> Callable[[str], str]:
    """Return pymorphy3's first choice, or simplemma where the extra is missing."""
    if not extras.there("pymorphy3"):
        from simplemma import lemmatize  # noqa: PLC0415 (loaded when first needed)

        return lambda word: lemmatize(word, lang="ru")
    parse: Callable[[str], list[Any]] = extras.needed("ru", "pymorphy3").MorphAnalyzer().parse
    return lambda word: str(parse(word)[0].normal_form)


@lru_cache(maxsize=2**17)
def lemma(word: str) -> str:
    """Return the dictionary form of a folded word, folded; without its context, the likeliest."""
    if not word[-1:].isalpha() or not _CYRILLIC.fullmatch(word):
        return word  # pymorphy3 fails on a character that has no name
    return fold(_morphology()(word))


@lru_cache(maxsize=1)
def _recogniser() -> Callable[[list[str]], Iterable[Any]]:
    # natasha is only the parcel that the weights come in; importing it fails with today's setuptools
    home = extras.folder("ru", "natasha")
    embedding, model = (extras.verify(home / name, sha256) for name, sha256 in (_EMBEDDING, _MODEL))
    vectors = extras.needed("ru", "navec").Navec.load(embedding)
    recognise = extras.needed("ru", "slovnet").NER.load(model).navec(vectors)
    several: Callable[[list[str]], Iterable[Any]] = recognise.map
    return several


def names(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, label) of the people, places and organisations that slovnet finds.

    Labels: ``PERSON``, ``LOC``, ``ORG``.
    """
    recognise = _recogniser()
    pieces = [
        (at, min(at + _LONGEST, end))
        for start, end in sentences(text)
        for at in range(start, end, _LONGEST)
    ]
    found = []
    for (start, end), marked in zip(pieces, recognise([text[a:b] for a, b in pieces]), strict=True):
        for span in marked.spans:
            stop = start + span.stop
            if stop == end and text[:stop].endswith("Ван И."):
                stop -= 1  # the end of the sentence, which an initial does not have
            found.append((start + span.start, stop, _NAMED[span.type]))
    return found
