"""Reported speech in Chinese and Russian, by rule: the verb, what stands before it, what follows."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from kit.corpus import Document
from kit.language import russian
from kit.quotes.marks import Bounds
from kit.quotes.speakers import SELF, Names
from kit.quotes.verbs import NO_VERB, Verb

LANGUAGES = ("zh", "ru")
Known = Mapping[str, tuple[Verb, ...]]
# kind, speaker, verb, mode, words, cue
Row = tuple[str, str, Verb, str, tuple[Bounds, ...], Bounds | None]
_SOURCE = Verb("according to", 2, frozenset(("that",)), "source")


def reports(document: Document, known: Known, here: Mapping[int, Names]) -> Iterator[Row]:
    """Yield what is quoted in a Chinese or Russian document, in reading order."""
    read = _chinese if document.language == "zh" else _russian
    for number, text in document.passages():
        yield from read(number, text, known, here.get(number, Names([])))


# ---- Chinese: 习近平指出，... ; ...表示，... ; 据...报道，... ; “...”

_SENTENCE = re.compile(r"[^\u3002\uff01\uff1f\uff1b\n]+[\u3002\uff01\uff1f\uff1b]?")
_BREAK = re.compile(r"[\uff0c\u3001\uff1a:,\u201c\u201d\u300c\u300d\u300a\u300b\uff08\uff09()]")
_ADVERBS = re.compile(
    r"(?:\u8fd8|\u4e5f|\u5e76|\u66f4|\u518d\u6b21|\u4e00\u518d|\u53cd\u590d|\u5f3a\u70c8|\u90d1\u91cd|\u660e\u786e|\u540c\u65f6|\u7279\u522b|\u591a\u6b21|\u66fe|\u8fdb\u4e00\u6b65|\u5747|\u90fd|\u4e00\u81f4|\u96c6\u4f53|\u516c\u5f00|\u6b63\u5f0f|\u575a\u51b3|\u6df1\u523b|\u5168\u9762|\u4e25\u8083|\u4e8b\u540e|\u968f\u540e|\u5728\u4f1a\u4e0a|\u5728\u8bb2\u8bdd\u4e2d|\u5728\u4f1a\u89c1\u65f6|\u4e25\u6b63|\u7ee7\u7eed|\u4e3b\u52a8|\u771f\u8bda|\u8877\u5fc3)+$"
)
_TIMES = re.compile(
    r"^(?:\u4eca\u5929|\u6628\u5929|\u65e5\u524d|\u8fd1\u65e5|\u5f53\u5929|\u5f53\u65e5|\u6b64\u524d|\u968f\u540e|\u6700\u540e|\u4f46\u662f|\u4f46|\u5bf9\u6b64|\u4f1a\u4e0a|\u4f1a\u8bae|\u4e3a\u6b64|\d+[\u65e5\u6708])+(?=.)"
)
_NOT = re.compile(r"(?:\u4e0d|\u6ca1\u6709|\u6ca1|\u5e76\u672a|\u672a|\u4ece\u672a|\u4ece\u4e0d)$")
_OWN = re.compile(r"^(?:\u6211\u4eec|\u6211)$")  # 我们, 我
_THEIRS = re.compile(r"^(?:\u4ed6|\u5979|\u4ed6\u4eec|\u5979\u4eec)$")  # 他, 她
_BY = re.compile(
    r"(?:\u636e|\u6839\u636e)(?P<source>[^\uff0c\u3002\uff1b]{2,20}?)(?:\u7684)?(?:\u62a5\u9053|\u4ecb\u7ecd|\u900f\u9732|\u7edf\u8ba1|\u4f30\u8ba1|\u9884\u6d4b|\u8bf4\u6cd5|\u6d88\u606f)[\uff0c,](?P<words>[^\u3002\uff1b]+)"
)
# How those end that can speak, beside names: 发言人, 双方, 外交部, 委员会, 有人, ...
_SOURCE_ENDS = re.compile(
    "(?:[\u65b9\u56fd\u4eba\u5458\u8005\u5bb6\u90e8\u9662\u5c40\u515a\u793e\u62a5\u59d4\u4f1a]|\u653f\u5e9c|\u4ee3\u8868|\u90e8\u957f|\u603b\u7edf|\u4e3b\u5e2d|\u603b\u7406|\u603b\u4e66\u8bb0|\u79d8\u4e66\u957f"
    "|\u5927\u4f7f|\u4e2d\u592e|\u8bae\u957f|\u5916\u957f|\u9996\u76f8|\u540c\u5fd7|\u5148\u751f|\u5973\u58eb|\u5143\u9996|\u62a5\u544a|\u516c\u62a5|\u58f0\u660e|\u5ba3\u8a00|\u6587\u7ae0|\u793e\u8bba|\u5a92\u4f53"
    "|\u5927\u5bb6|\u7fa4\u4f17|\u8054\u5408\u56fd|\u6211\u4eec|\u4ed6\u4eec|\u5979\u4eec|[\u6211\u4ed6\u5979])$"
)
MOST_CHINESE = 16  # characters of a speaker that is no name


def _chinese(number: int, text: str, known: Known, names: Names) -> Iterator[Row]:
    verbs = sorted(known, key=len, reverse=True)
    if not verbs:
        return
    any_verb = re.compile("|".join(map(re.escape, verbs)))
    before = ""  # the speaker of the sentence before
    for sentence in _quoted_whole(text):
        start, end = sentence
        source = _BY.search(text, start, end)
        if source:
            named = (number, source.start("words"), source.end("words"))
            cue = (number, source.start(), source.start("words"))
            yield "according to", source["source"], _SOURCE, "", (named,), cue
        found = list(_chinese_cues(text, start, end, any_verb, names))
        for i, (at, past, low, named_) in enumerate(found):
            verb = known[text[at:past]][0]
            past_words = found[i + 1][2] if i + 1 < len(found) else end
            speaker = (before if _THEIRS.match(named_) else named_) or before
            negated = "not" if _NOT.search(text[low:at]) else ""
            words_at = _skip(text, past, past_words)
            row = _chinese_words(number, text, words_at, past_words)
            if row is None or not speaker:
                continue
            kind, words = row
            yield (
                kind,
                SELF if _OWN.match(speaker) else speaker,
                verb,
                negated,
                words,
                (number, low, past),
            )
            before = speaker


def _quoted_whole(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of sentences, those inside a quotation with the sentence that opens it."""
    open_, start = 0, -1
    for match in _SENTENCE.finditer(text):
        start = match.start() if start < 0 else start
        piece = match[0]
        open_ = max(
            open_
            + piece.count("\u201c")
            + piece.count("\u300c")
            - piece.count("\u201d")
            - piece.count("\u300d"),
            0,
        )
        closing = text[match.end() : match.end() + 1] in ("\u201d", "\u300d")
        if (open_ == 0 or (open_ == 1 and closing)) or match.end() - start > 600:
            yield start, match.end() + closing
            open_, start = 0, -1
    if start >= 0:
        yield start, len(text)


def _chinese_cues(
    text: str, start: int, end: int, any_verb: re.Pattern[str], names: Names
) -> Iterator[tuple[int, int, int, str]]:
    """Yield (verb, past it, first of the speaker, speaker) where a verb introduces words."""
    for match in any_verb.finditer(text, start, end):
        quote = max(
            text.rfind("\u201c", start, match.start()), text.rfind("\u300c", start, match.start())
        )
        if quote > max(
            text.rfind("\u201d", start, match.start()), text.rfind("\u300d", start, match.start())
        ):
            continue  # inside a quotation
        after = text[match.end() : match.end() + 1]
        if after not in ("\uff0c", "\uff1a", ":", ",", "\u201c", "\u300c"):
            continue
        breaks = [m.end() for m in _BREAK.finditer(text, start, match.start())]
        low = breaks[-1] if breaks else start
        lead = text[low : match.start()]
        times = _TIMES.match(lead)
        low += times.end() if times else 0
        speaker = _ADVERBS.sub("", _NOT.sub("", text[low : match.start()])).strip()
        named = [m for m in names.within(low, match.start()) if not m.adjective]
        people = [m for m in named if m.kind == "person"]
        if people:
            speaker = people[-1].name
        elif len(named) == 1 and text[named[0].span.start : named[0].span.end] == speaker:
            speaker = named[0].name
        if speaker.startswith(("\u636e", "\u6839\u636e")):
            continue  # of a source that is found as such
        direct = text[match.end() : match.end() + 2].strip("\uff1a:")[:1] in ("\u201c", "\u300c")
        can_speak = bool(people) or not speaker or bool(_SOURCE_ENDS.search(speaker))
        can_speak |= len(named) == 1 and speaker == named[0].name
        if can_speak and len(speaker) <= MOST_CHINESE and (speaker or low == start or direct):
            yield match.start(), match.end(), low, speaker


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at] in "\uff0c\uff1a:, ":
        at += 1
    return at


def _chinese_words(
    number: int, text: str, at: int, end: int
) -> tuple[str, tuple[Bounds, ...]] | None:
    past = end
    while (
        past > at
        and text[past - 1] in "\u3002\uff0c\uff1b\uff01 \u201d\u300d"
        and text[at] not in "\u201c\u300c"
    ):
        past -= 1
    if text[at : at + 1] in ("\u201c", "\u300c"):
        close = text.find("\u201d" if text[at] == "\u201c" else "\u300d", at, end)
        past = close if close > at else end
        return ("direct", ((number, at + 1, past),)) if past > at + 1 else None
    return ("indirect", ((number, at, past),)) if past - at > 1 else None


# ---- Russian: X заявил, что ... ; по словам X, ... ; «...», — сказал X

_RU_SENTENCE = re.compile(r"[^\n]+")
_RU_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CHTO = re.compile(r",\s*(?:что|чтобы|как|будто)\s+")
_WORDS_OF = re.compile(
    r"\b(?:по\s+(?:словам|мнению|данным|оценке|оценкам|утверждению|сообщению)|согласно)\s+(?P<source>[^,.;!?«»]{2,80}),\s*(?P<words>[^.;!?]{3,})",
    re.IGNORECASE,
)
_RU_NOT = re.compile(r"(?:\bне|\bни разу не|\bникогда не)\s+(?:\w+\s+)?$", re.IGNORECASE)
_GUILLEMETS = re.compile(r"[«\u201e\u201c\"](?P<words>[^»\u201d\u201c\"]{2,2000})[»\u201d\u201c\"]")
_RU_SELF = frozenset(("я", "мы"))
_RU_HE = frozenset(("он", "она", "они"))
_DASH = re.compile(r"\s*,?\s*[\u2014\u2013-]\s*")
_CLAUSE = re.compile(r"[,;:.!?«»()\u2014\u2013\n]")
MOST_RUSSIAN = 8  # words of a speaker


def _russian(number: int, text: str, known: Known, names: Names) -> Iterator[Row]:
    rows: list[Row] = []
    quoted = [(m.start("words"), m.end("words")) for m in _GUILLEMETS.finditer(text)]
    ends = [end for _, end in russian.sentences(text)]
    before, before_end = "", -1
    for match in _WORDS_OF.finditer(text):
        first_word, past_word = match.span("words")
        source = match["source"].strip()
        named = [m for m in names.within(*match.span("source")) if m.kind == "person"]
        source = named[0].name if len(named) == 1 else source
        cue = (number, match.start(), match.end("source"))
        rows.append(("according to", source, _SOURCE, "", ((number, first_word, past_word),), cue))
    for match in _RU_WORD.finditer(text):
        lemma = russian.lemma(russian.fold(match[0]))
        if lemma not in known or any(a <= match.start() < b for a, b in quoted):
            continue
        verb = known[lemma][0]
        at, past = match.span()
        end = ends[min(bisect_right(ends, at), len(ends) - 1)] if ends else len(text)
        first = ends[bisect_right(ends, at) - 1] if bisect_right(ends, at) else 0
        low, speaker, high = _russian_speaker(text, first, at, past, end, names)
        words = _russian_words(text, first, low, high, end, quoted)
        if words is None:
            continue
        kind, pieces = words
        if speaker.lower() in _RU_HE or not speaker:
            speaker = before if before and at - before_end < 400 else speaker
        mode = "not" if _RU_NOT.search(text[max(first, at - 20) : at]) else ""
        name = SELF if speaker.lower() in _RU_SELF else speaker
        bounds = tuple((number, a, b) for a, b in pieces)
        rows.append((kind, name, verb, mode, bounds, (number, low, high)))
        before, before_end = speaker, end
    taken = [b for r in rows for b in r[4]]
    for a, b in quoted:
        words_ = text[a:b]
        if (
            not any(x <= a and b <= y for _, x, y in taken)
            and len(words_.split()) > 4
            and words_[-1:] in ".!?…"
        ):
            rows.append(("direct", "", NO_VERB, "", ((number, a, b),), None))
    yield from sorted(rows, key=lambda r: (r[4][0][1], r[4][0][2]))


def _russian_speaker(
    text: str, first: int, at: int, past: int, end: int, names: Names
) -> tuple[int, str, int]:
    """Return where the cue begins, the speaker, and where the cue ends."""
    breaks = [m.end() for m in _CLAUSE.finditer(text, first, at)]
    low = breaks[-1] if breaks else first
    lead = text[low:at].strip()
    after = _CLAUSE.search(text, past, end)
    high = after.start() if after else end
    tail = text[past:high].strip()
    for start, stop in ((low, at), (past, high)):
        named = [m for m in names.within(start, stop) if not m.adjective]
        people = [m for m in named if m.kind == "person"] or named
        if people:
            return (low if start == low else at), people[0].name, (past if start == low else high)
    words = lead.split()
    if words and len(words) <= MOST_RUSSIAN:
        begin = low + len(text[low:at]) - len(text[low:at].lstrip())
        subject = lead
        for adverb in ("также", "еще", "ещё", "при этом", "особо", "не"):
            subject = subject.removesuffix(" " + adverb).removeprefix(adverb.capitalize() + " ")
        return begin, subject, past
    if 0 < len(tail.split()) <= MOST_RUSSIAN and not lead:
        return at, tail, high
    return at, "", past


def _russian_words(
    text: str, first: int, low: int, high: int, end: int, quoted: list[tuple[int, int]]
) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    after = text[high:end]
    that = _CHTO.match(after)
    if that:
        a, b = high + that.end(), end
        while b > a and text[b - 1] in ".!?… ":
            b -= 1
        return ("indirect", ((a, b),)) if b > a else None
    for i, (a, b) in enumerate(quoted):
        if high <= a <= high + 8 and ":" in text[high:a]:
            return "direct", ((a, b),)
        dash = _DASH.match(text, b + 1)
        if a < low and dash and dash.end() >= low - 1 and a >= first - 600:
            following = quoted[i + 1] if i + 1 < len(quoted) else None
            if following and 0 <= following[0] - high <= 6:
                return "direct", ((a, b), following)
            return "direct", ((a, b),)
    return None
