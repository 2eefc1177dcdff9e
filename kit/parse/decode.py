"""Bytes -> text. The encoding is seen, said or proven; a few bytes are never guessed at."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kit.parse.record import UnreadableError

How = Literal["BOM", "UTF-8", "declared", "guessed"]

SHORTEST_GUESS = 20  # bytes; below it, wrong readings of real words look like words
STRAYS = 1 / 1000  # of the bytes may be broken, each shown as U+FFFD and counted
_SAMPLE = 2**16  # bytes that a guess looks at; the whole is decoded afterwards
_ADVICE = "save it as UTF-8 or say which with --encoding"

# The longer mark first: that of UTF-16 is the beginning of that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What is written under a narrow name is read as the superset that its writers used (WHATWG).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "utf-8-sig": "utf-8",
}
# Codecs of Python that are no encodings of files; idna takes quadratic time.
_NO_ENCODINGS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
# What may be guessed. The last three only keep their files from being read as the first two.
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
_HAN = ("gb18030", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_WESTERN_LANGUAGES = "en fr de es pt it nl sv da nb fi ca".split()
_CYRILLIC_PROOF = 10  # letters in different words of three and more that are known
_CYRILLIC_ALPHABETS = {
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ",
}
# The Traditional forms among the 1,000 most frequent characters of Chinese (frequencies: wordfreq,
# which counts them as Simplified; forms: OpenCC). The rest of the 1,000 is written alike in both.
_TRADITIONAL = (
    "國這爲為個們會來時對麼發說於後與學過現沒還開經動嗎裏裡業進當實關機樣長間內從並電區體問種將員產點網場無應題資計讓給該"
    "兩認結東總數話務統設戰別軍見變報愛論議臺選組權記決運視聯據處車導萬規傳術劃強號領門際圖歷單覺隊達辦黨帶廣亞遊頭書專幾"
    "類級約參師請團許確義調兒稱馬則證難樂聽條濟語舉價況爭線續標氣準爾備幹較觀錢衆眾卻質創轉織識費歡離親獲華護項構連節風誰"
    "邊響農寫擊聲屬須醫職張殺態賽顯裝紀試羣群戲責復買夠協環驗極斷終習獨維評隨歲繼營錯媽預遠羅僅採聞錄嚴戶藝勢優雖負絕簡謝"
    "滿幫熱興積頻讀歐蘭傷監畫訴講剛盡願談灣編圍飛劇蘇擔輕範適縣險狀佔壓執雙絡層財測審擇衛獎園換韓堅討緊億銷檢購紅銀養館鬥"
    "島陸鐵漢鎮擁壞釋藥陽鄉腦黃載賣鐘敗寶祕秘惡減療輸細築臨訪貨階衝碼訓彈徵屆勝異納額婦練溫廠誤礎勞補頁雜課詞顧籤樓畢夢幣"
    "奧軟輯遺訊亂穩雲擴龍槍塊懷攝禮綜鮮臉聖慮競違靈尋貴騙揮謂舊慶餘倫漸輪脫獻順針閱棄損驚"
)
# Marks of print, each with what may stand before and after it; elsewhere they are misread letters.
_WELL_PLACED = re.compile(
    r"(?<![^\s(\[‘“«—–-])[“‘„«](?=[\w\s‘“'\"(…])"  # opening
    r"|(?<=[\w\s.,;:!?…%)\]’”'\"-])[”“’»](?=[\s.,;:!?…)\]’”»—–'\"-]|$)"  # closing
    r"|(?<=[^\W\d_])’(?=[^\W\d_])|(?<!\w)’(?=\d\ds?\b)"  # don’t, the ’90s
    r"|(?<=[\w\s.,;:!?%)”’»])[–—](?=[\w\s“‘«(]|$)|…|•(?=\s)"
    r"|[§№€£](?=\s?\d)|(?<=\d)[°€](?=[\s.,;:)CFNS]|$)|[©®™](?=\W|$)|(?<=[\w”»])[®™]"
    r"|\xa0|(?<=\d)[ºª²³½¼¾](?=\W|$)|\xad(?=\w)|(?<=\w)·(?=\w)"
)
# Where no letter beyond ASCII speaks for an encoding, these must: a pair of quotation marks, a dash
# or a hard blank beside a blank, or one of them between two words. Other marks stand for letters
# in other encodings, at the ends of words too.
_PAIR = re.compile(
    r"“[^“”]{1,400}”|«[^«»]{1,400}»|„[^„“”]{1,400}[“”]|(?<=\s)[–—](?=\s)|(?<=[.,;:!?\s])\xa0(?=\s)"
)
_BETWEEN = re.compile(r"([a-z]+)[’–—\xa0](?=([a-z]+))")
_GB_MARKS = frozenset("“”‘’—…·《》、。，：；！？（）")
_WORD = re.compile(r"[^\W\d_]+")
_ODD = re.compile(r"[^\x00-\x7f\w\s]")
_CONTROL_BYTES = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read in, how that was found, and what had to be assumed."""

    text: str
    encoding: str
    how: How
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str = "") -> Decoded:
    """Read bytes as text: by their mark, as declared, as UTF-8, or as what they can be shown to be.

    A mark (BOM) wins over what is declared, and what is declared over what the bytes look like,
    each only where it fits the bytes. A text is guessed only where its words are words (or its
    characters frequent ones) in one reading and in no other. Raises UnreadableError where several
    or none remain.
    """
    notes: list[str] = []
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (found := _read(data[len(mark) :], encoding)):
            if declared and _name(declared) not in {encoding, encoding[:6].rstrip("-")}:
                notes.append(f"declared as {declared[:40]!r}, but marked as {encoding}")
            return _decoded(found, encoding, "BOM", notes, len(mark))
    if declared:
        name = _name(declared)
        if not name:
            notes.append(f"declared encoding {declared[:40]!r} is not known")
        elif found := _read(data, name):
            if name not in {"utf-8", *_WIDE} and not data.isascii() and _is_utf8(data):
                notes.append(f"read as declared, {name}; the bytes are also valid UTF-8")
            return _decoded(found, name, "declared", notes)
        else:
            notes.append(f"declared as {name}, which does not fit the bytes")
    return _undeclared(data, notes)


def _undeclared(data: bytes, notes: list[str]) -> Decoded:
    # Latin and Cyrillic text in UTF-16 is valid UTF-8, full of controls
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    wide = len(data) >= SHORTEST_GUESS and controls > len(sample) / 8
    as_utf8 = None if wide else _read(data, "utf-8")
    if as_utf8 and (not as_utf8.strays or _mostly_utf8(data, as_utf8)):
        return _decoded(as_utf8, "utf-8", "UTF-8", notes)
    if guessed := _guess(data):
        return _decoded(_required(data, guessed), guessed, "guessed", notes)
    if as_utf8 and as_utf8.strays <= len(data) * STRAYS and as_utf8.plain:
        return _decoded(as_utf8, "utf-8", "UTF-8", notes)
    if controls > len(sample) / 20:
        raise UnreadableError("not a text: it is full of control bytes", "give the text itself")
    raise UnreadableError("encoding uncertain", _ADVICE)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with the number of broken places in it, and the byte where the first one is."""

    text: str
    strays: int = 0
    first: int = 0

    @property
    def plain(self) -> bool:
        """True where all but the broken places is ASCII."""
        return self.strays > 0 and self.text.replace("\ufffd", "").isascii()


def _read(data: bytes, encoding: str) -> _Reading | None:
    """Decode; a few broken bytes, or a last character that is cut off, are shown as U+FFFD."""
    try:
        return _Reading(data.decode(encoding))
    except UnicodeDecodeError as error:
        first, reason = error.start, error.reason
    except UnicodeError:  # a codec's own, which cannot say where
        return None
    text = data.decode(encoding, "replace")
    strays = text.count("\ufffd") - data.decode(encoding, "ignore").count("\ufffd")
    cut = first >= len(data) - 4 and (
        "incomplete" in reason or "truncated" in reason or "end" in reason
    )
    if (cut and first > 0) or strays <= len(data) * STRAYS:
        return _Reading(text, max(strays, 1), first)
    return None


def _required(data: bytes, encoding: str) -> _Reading:
    found = _read(data, encoding)
    if found is None:  # the sample fits, the rest does not
        raise UnreadableError(f"begins as {encoding}, but does not go on as such", _ADVICE)
    return found


def _decoded(
    found: _Reading, encoding: str, how: How, notes: list[str], offset: int = 0
) -> Decoded:
    if found.strays:
        places = "place" if found.strays == 1 else "places"
        notes.append(
            f"{found.strays} {places} not valid {encoding}, shown as \N{REPLACEMENT CHARACTER}; "
            f"the first at byte {found.first + offset:,}"
        )
    return Decoded(found.text, encoding, how, tuple(notes))


def _name(declared: str) -> str:
    """Return the codec of a declared name, or "" where Python has none."""
    try:
        codec = codecs.lookup(declared.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    name = codec.name.replace("_", "-") if codec.name.startswith("utf") else codec.name
    if name.replace("_", "-") in _NO_ENCODINGS or not getattr(codec, "_is_text_encoding", True):
        return ""
    return _SUPERSETS.get(name, name)


def _is_utf8(data: bytes) -> bool:
    found = _read(data, "utf-8")
    return found is not None and not found.strays


def _mostly_utf8(data: bytes, found: _Reading) -> bool:
    """Tell a broken UTF-8 text from a Western one whose few letters are all "broken"."""
    whole = sum(ord(character) > 0x7F for character in found.text[:_SAMPLE]) - found.strays
    return whole >= 10 * found.strays


# ---- guessing


def _guess(data: bytes) -> str:
    """Return the one encoding in which the bytes are language, or ""."""
    if len(data) < SHORTEST_GUESS:
        return ""
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:  # cut at a line or a blank, so that no character is halved
        end = max(sample.rfind(b"\n"), sample.rfind(b" "))
        sample = sample[: end if end > _SAMPLE // 2 else _SAMPLE]
    believed = {text: (name, belief) for name, text, belief in _readings(sample)}
    ranked = sorted(believed.values(), key=lambda found: found[1], reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < 0.15):
        return ""
    return ranked[0][0]


def _readings(sample: bytes) -> Iterator[tuple[str, str, float]]:
    """Yield (encoding, text, belief) of the readings that can be believed, best name last."""
    candidates = (
        *((name, (_western,)) for name in ("cp1252",)),
        *((name, (_cyrillic,)) for name in reversed(_CYRILLIC)),
        *((name, (_chinese,)) for name in reversed(_HAN)),
        *((name, (_plain, _western, _cyrillic, _chinese)) for name in _WIDE),
    )
    for name, scripts in candidates:
        found = _read(sample, name)
        if found is None or len(_CONTROL.findall(found.text)) > len(found.text) * STRAYS:
            continue
        belief = max(script(found.text) for script in scripts)
        if belief:
            yield name, found.text, belief


def _plain(text: str) -> float:
    """Believe a text of Latin letters, blanks and marks alone; for encodings of two bytes."""
    usual = sum(c.isalnum() or c in " \n\r\t.,;:'\"-()" for c in text if c.isascii())
    return float(len(text) >= SHORTEST_GUESS // 2 and usual > 0.95 * len(text))


def _western(text: str) -> float:
    """Return the share of the words with letters beyond ASCII that a Western language has."""
    odd = [word for word in _WORD.findall(text) if not word.isascii()]
    if not _marks_in_place(text, len(odd)) or not all(map(_cased, odd)):
        return 0
    if not odd:
        return float(_marks_speak(text))
    vocabulary = [common_words(code) for code in _WESTERN_LANGUAGES]
    known = [word for word in odd if any(word.lower() in words for words in vocabulary)]
    # short words are words in some language or other; one long or three short ones are no chance
    proof = max(map(len, known), default=0) >= 5 or len({w for w in known if len(w) > 1}) >= 3
    return len(known) / len(odd) if proof and len(known) >= 0.6 * len(odd) else 0


def _cyrillic(text: str) -> float:
    """Return the share of the letters that stand in words of one Cyrillic language."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = sum(map(len, words))
    latin = sum(map(str.isalpha, text)) - letters
    if (
        latin > letters
        or not _marks_in_place(text, len(words))
        or sum(map(_cased, words)) < 0.9 * len(words)
    ):
        return 0
    best = 0.0
    for code, alphabet in _CYRILLIC_ALPHABETS.items():
        own = set(alphabet)
        foreign = sum(not own.issuperset(word.lower()) for word in words)
        known = {word for word in words if word.lower() in common_words(code)}
        proof = sum(len(word) for word in known if len(word) > 2)
        if foreign <= len(words) * 0.03 and proof >= _CYRILLIC_PROOF:
            best = max(best, sum(len(word) for word in words if word in known) / letters)
    return best if best >= 0.6 else 0


def _chinese(text: str) -> float:
    """Return the share of frequent characters among the Chinese ones."""
    letters = Counter(c for c in text if not c.isascii())
    han = {c: n for c, n in letters.items() if "\u3400" <= c <= "\u9fff"}
    total = sum(han.values())
    if not han:  # English written on a Chinese system: only its quotation marks tell
        return float(sum(letters.values()) >= 2 and _GB_MARKS.issuperset(letters))
    kana = sum(n for c, n in letters.items() if "\u3040" <= c <= "\u30ff")
    strange = sum(n for c, n in letters.items() if unicodedata.category(c) in {"Co", "Cn"})
    if total < 8 or kana > total / 20 or strange > total / 50:
        return 0
    share = sum(n for c, n in han.items() if c in _frequent_han()) / total
    return share if share >= (0.85 if total < 16 else 0.75 if total < 100 else 0.65) else 0


def _cased(word: str) -> bool:
    """Tell a word in one of the usual cases; KOI8-R read as CP1251 has them the wrong way."""
    return word[1:].islower() or word.isupper() or len(word) == 1 or word.istitle()


def _marks_in_place(text: str, words: int) -> bool:
    """Tell whether four of five marks stand where such do, or all but a few beside many words."""
    marks = len(_ODD.findall(text))
    return marks - len(_WELL_PLACED.findall(text)) <= max(marks / 5, words / 50)


def _marks_speak(text: str) -> bool:
    """Tell whether the marks of a text in ASCII letters can be nothing else."""
    if _PAIR.search(text):
        return True
    english, french = common_words("en"), common_words("fr")
    between = _BETWEEN.findall(text.lower())
    words = sum(
        (left in english and right in english)
        or (left in {"l", "d", "n", "s", "c", "j", "m", "t", "qu"} and right in french)
        for left, right in between
    )
    return words > 0.6 * len(between)


@cache
def common_words(language: str) -> frozenset[str]:
    """Return the words of a language that occur at least once in a million; English by default."""
    import wordfreq  # 0.2 s, and few files need it  # noqa: PLC0415

    known = wordfreq.available_languages("small")
    code = language.lower().replace("_", "-").split("-")[0]
    return frozenset(wordfreq.get_frequency_dict(code if code in known else "en", "small"))


@cache
def _frequent_han() -> frozenset[str]:
    """Return the 1,000 most frequent characters of Chinese, in both forms."""
    import wordfreq  # noqa: PLC0415

    counts: Counter[str] = Counter()
    for word, share in wordfreq.get_frequency_dict("zh", "small").items():
        for character in word:
            if character >= "\u3400":
                counts[character] += share
    return frozenset([c for c, _ in counts.most_common(1000)]) | frozenset(_TRADITIONAL)
