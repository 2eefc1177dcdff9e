"""The mentions in Chinese and Russian texts: the gazetteer, then the language's own means."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from kit import gazetteer, language, lexicon, tokens
from kit.corpus import Corpus
from kit.language import chinese, extras, russian
from kit.matching import Matcher
from kit.names.identity import key
from kit.names.mention import Found

CODES = ("zh", "ru")
_KINDS = {"PERSON": "person", "ORG": "organisation", "LOC": "place"}
_Named = tuple[int, int, str, str, bool, bool]  # start, end, kind, name, adjective, known
_SURNAMES = frozenset(  # Chinese family names of one character, by number of bearers
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安"
    "齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
    "辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "习栗仝冀揭晁禹阙滑洛全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝粟習陳劉張楊趙吳孫馬鄭羅謝韓馮鄧"
)
# Characters that foreign names are written with.
_FOREIGN = frozenset(
    "阿埃艾安昂奥巴拜班邦包鲍贝本比彼别宾波伯布查达戴丹德登狄迪蒂丁杜多厄恩尔凡菲费芬佛夫弗福甘冈戈格古哈海汉豪赫"
    "黑亨洪胡华怀霍基吉加贾杰金卡凯坎康考柯科克肯库夸拉莱赖兰朗劳勒雷利里力立连林留卢鲁路吕伦罗洛马麦曼芒毛梅蒙米"
    "密明摩莫默姆穆拿纳娜南内尼宁牛纽农努诺欧帕潘佩彭皮平泼普齐奇恰乔切琴让日荣茹瑞若撒萨塞桑瑟森沙莎绍舍申什圣史"
    "施士舒朔斯思松苏索塔泰坦汤唐陶特藤提廷图托瓦万威韦维魏温文翁沃乌武西希锡夏谢欣辛休许逊雅亚扬耶叶伊依因英尤于"
    "约泽扎詹珍治朱兹卓佐列宁赖喇嘛丘吉尔"
)
_BODY = re.compile(
    "(?:党|政府|委|会|院|部|局|署|社|军|团|盟|银行|公司|大学|法院|组织|集团|厅|处|中心|队|联|基金|协|学校|学院|办|厂|所|政协|人大"
    "|中央|國|黨|會|軍)$"
)
_TITLED = re.compile("^(.)(?:主席|总理|总书记|主任|委员长|部长|将军|元帅|副主席|副总理)$")
# What stands for a country in compounds such as 中美.
_SHORT = {
    "中": "China", "美": "United States", "苏": "Soviet Union", "俄": "Russia", "日": "Japan",
    "英": "United Kingdom", "法": "France", "德": "Germany", "印": "India", "朝": "North Korea",
    "韩": "South Korea", "越": "Vietnam", "欧": "Europe", "非": "Africa", "港": "Hong Kong",
    "澳": "Macao", "台": "Taiwan", "巴": "Pakistan",
}  # fmt: skip


def mentions(corpus: Corpus, code: str, own: str = "") -> dict[str, list[Found]]:
    """Return the mentions in the documents of one language (``zh``, ``ru``), by document id, in order."""
    t = tokens.of(corpus)
    found: dict[str, list[Found]] = {d.id: [] for d in corpus if d.language == code}
    taken: dict[tuple[str, int], set[int]] = defaultdict(set)
    for match in _forms(code, own).find(t):
        span = t.span(match.first, match.last)
        taken[span.document, span.paragraph].update(range(span.start, span.end))
        name, kind = match.key
        form = " ".join(corpus.text(span).split())
        adjective = kind == _PEOPLE
        found[span.document].append(
            Found(
                span.paragraph, span.start, span.end, "place" if adjective else kind, name, form,
                adjective=adjective, known=True,
            )
        )  # fmt: skip
    if not language.missing(code):
        for document in corpus:
            if document.language == code:
                for number, text in document.passages():
                    for start, end, kind, name, adjective, known in _by_model(text, code, own):
                        if taken[document.id, number].isdisjoint(range(start, end)):
                            found[document.id].append(
                                Found(number, start, end, kind, name, text[start:end],
                                      adjective=adjective, known=known)
                            )  # fmt: skip
    for all_ in found.values():
        all_.sort(key=lambda f: (f.paragraph, f.start))
    one = _one_person if code == "zh" else _one_case
    return {document: one(all_) for document, all_ in found.items()}


def _by_model(text: str, code: str, own: str) -> Iterator[_Named]:
    """Yield what the language's model finds, where it has the form of a name."""
    model = chinese if code == "zh" else russian
    for start, end, label in model.names(text):
        kind, form = _KINDS[label], text[start:end]
        known = _known(code, own).get(_bare(form))
        if known:
            yield start, end, known[1], known[0], False, True
        elif code == "ru":
            yield start, end, kind, _nominative(form, kind), False, False
        elif kind == "place" and 1 < len(form) < 4 and set(form) <= set(_SHORT):
            for i, character in enumerate(form):
                yield start + i, start + i + 1, "place", _SHORT[character], True, True
        elif (
            (kind == "person" and _is_chinese_person(form))
            or (kind == "organisation" and len(form) > 2 and _BODY.search(form))
            or (kind == "place" and len(form) > 1)
        ):
            yield start, end, kind, form, False, False


def _is_chinese_person(form: str) -> bool:
    if "\u00b7" in form or _TITLED.match(form):
        return True
    if form[0] in _SURNAMES and 1 < len(form) < 4:
        return True
    return len(form) > 1 and set(form) <= _FOREIGN


def _one_person(found: list[Found]) -> list[Found]:
    """Return the mentions of a Chinese text with a surname and title as the one who bears it."""
    fulls = {f.name for f in found if f.kind == "person" and len(f.name) > 1}
    resolved = []
    for f in found:
        titled = _TITLED.match(f.name) if f.kind == "person" else None
        if titled:
            role = f.name[1:]
            owners = [n for n in fulls if n[0] == titled[1] and not _TITLED.match(n)]
            name = owners[0] if len(owners) == 1 else f.name
            f = Found(f.paragraph, f.start, f.end, f.kind, name, f.form, role)  # noqa: PLW2901
        resolved.append(f)
    return resolved


@lru_cache(maxsize=2**14)
def _nominative(form: str, kind: str) -> str:
    """Return a Russian name as it is cited: each word of a person's in the nominative."""
    if kind == "place" and form.isalpha() and not form.isupper():
        return russian.lemma(russian.fold(form)).capitalize()  # В Москве: Москва
    return " ".join(form.split())


def _one_case(found: list[Found]) -> list[Found]:
    """Return the mentions of a Russian text with each person's name in the nominative.

    *Путина* is a man in the genitive or a woman: of the forms that a word can be of, the one counts that
    most of the text's names can be, at a tie a man's.
    """
    people = [f for f in found if f.kind == "person" and not f.known]
    if not people or not extras.there("pymorphy3"):
        return found
    votes = Counter(n for f in people for word in f.form.split() for n in _nominatives(word))
    return [
        replace(f, name=" ".join(_chosen(word, votes) for word in f.form.split()))
        if f.kind == "person" and not f.known
        else f
        for f in found
    ]


def _chosen(word: str, votes: Counter[str]) -> str:
    able = _nominatives(word)
    best = max(able, key=lambda n: votes[n])  # of equals the first
    if key(best) == key(word):
        return word
    return "-".join(part.capitalize() for part in best.split("-"))


@lru_cache(maxsize=2**14)
def _nominatives(word: str) -> tuple[str, ...]:
    """Return the nominatives that a word of a name can be a form of, a man's before a woman's."""
    readings: list[Any] = _morphology().parse(word)
    named = [r for r in readings if {"Surn", "Name", "Patr"} & set(r.tag.grammemes)]
    usable = named or [r for r in readings if {"NOUN"} & set(r.tag.grammemes)]
    forms = [
        (int("femn" in r.tag.grammemes), at, str(plain.word))
        for at, r in enumerate(usable)
        if "plur" not in r.tag.grammemes and (plain := r.inflect({"nomn", "sing"})) is not None
    ]
    return tuple(dict.fromkeys(form for _, _, form in sorted(forms))) or (word.casefold(),)


@lru_cache(maxsize=1)
def _morphology() -> Any:
    return extras.needed("ru", "pymorphy3").MorphAnalyzer()


_PEOPLE = "people"  # the kind under which adjectives are looked for


@lru_cache(maxsize=4)
def _forms(code: str, own: str) -> Matcher[gazetteer.Known]:
    return Matcher([*gazetteer.patterns(code, own), *_adjectives(code)], code)


def _adjectives(code: str) -> Iterator[tuple[gazetteer.Known, str]]:
    """Yield the adjectives of countries and names of peoples (Russian)."""
    for entry in lexicon.load("countries"):
        for form in entry.get(f"{code}_demonyms", ()):
            yield (entry["name"], _PEOPLE), form


@lru_cache(maxsize=4)
def _known(code: str, own: str) -> dict[str, gazetteer.Known]:
    return {_bare(form): known for known, form in gazetteer.patterns(code, own)}


def _bare(form: str) -> str:
    return "".join(form.split()).casefold()
