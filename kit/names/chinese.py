"""The mentions that LAC finds in Chinese texts, held against the dictionary and what is beside them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from kit import gazetteer
from kit.language import chinese
from kit.names.mention import KINDS_OF, Found, bare

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
_OFFICES = (
    "国家主席|副主席|主席|副总理|总理|总书记|书记|主任|委员长|副部长|部长|外长|省长|市长|将军|元帅|上将|司令员|总统|首相|国王|亲王"
    "|秘书长|国务委员|大使|院士|教授|博士|阁下|陛下|殿下"
)
_TITLED = re.compile(f"^(.)({_OFFICES})$")
_OFFICE_AFTER = re.compile(rf"\s*({_OFFICES})")
_OFFICE_BEFORE = re.compile(rf"({_OFFICES})\s*$")
# What stands after people and hardly after anything else, and before them.
_AFTER = re.compile(
    r"\s*(?:同志|先生|女士|夫人|小姐|烈士|等(?:同志|人|领导|一批|\d)|[曾又还也]?(?:说|指出|强调|认为|宣布|宣称|表示|主持|出席|会见|会谈|访问"
    "|致信|致电|讲话|逝世|当选))"
)
_BEFORE = re.compile(r"(?:同志|先生|女士|夫人|烈士)\s*$")
_BESIDE = re.compile(r"\s*[、和与及·]\s*")  # between the names of a list
_NAME_TAGS = (
    "nr",
    "ns",
    "nt",
    "nz",
    "j",
    "t",
)  # of the dictionary: people, places, bodies, other names
_PLACES = frozenset(  # that it has as common words
    "包头 宝鸡 大连 大同 烟台 玉门 金门 天水 攀枝花 孝感 京津冀 澎湖".split()
)
_LONG = 5  # characters
_JOINS = frozenset("和同与及跟在向对")  # that it takes for the beginning of a name
_NEAR = 8  # characters in which an office beside a name is looked for
# What stands for a country in compounds such as 中美.
_SHORT = {
    "中": "China", "美": "United States", "苏": "Soviet Union", "俄": "Russia", "日": "Japan",
    "英": "United Kingdom", "法": "France", "德": "Germany", "印": "India", "朝": "North Korea",
    "韩": "South Korea", "越": "Vietnam", "欧": "Europe", "非": "Africa", "港": "Hong Kong",
    "澳": "Macao", "台": "Taiwan", "巴": "Pakistan",
}  # fmt: skip


def named(number: int, text: str, known: Mapping[str, gazetteer.Known]) -> Iterator[Found]:
    """Yield the mentions of a passage; people whom nothing tells to be such are not sure."""
    seen: set[tuple[int, int]] = set()
    labelled = chinese.names(text)
    words = _Words(text) if labelled else None
    people: list[Found] = []
    for a, b, label in labelled:
        there = known.get(bare(text[a:b]))
        start, end, kind = a, b, KINDS_OF[label]
        countries = _are_countries(bare(text[a:b]), kind)
        if there is None and words and not countries:
            whole = words.whole(a, b, known)
            if whole is None:
                continue
            start, end = whole
            if whole != (a, b):
                kind = "organisation" if words.tag(*whole) == "nt" else "place"
                there = known.get(bare(text[start:end]))
        if (start, end) in seen or not words:
            continue
        seen.add((start, end))
        form = bare(text[start:end])
        if there:
            yield Found(number, start, end, there[1], there[0], form, known=True)
        elif countries:
            at = (i for i in range(start, end) if not text[i].isspace())
            for i, character in zip(at, form, strict=True):
                yield Found(
                    number,
                    i,
                    i + 1,
                    "place",
                    _SHORT[character],
                    character,
                    adjective=True,
                    known=True,
                )
        elif kind == "person" and _is_person(form):
            people.append(Found(number, start, end, kind, form, form))
        elif _is_named(form, kind) and not (kind == "place" and words.are_common(start, end)):
            yield Found(number, start, end, kind, form, form)
    if words:
        yield from _weighed(text, people, words)


def _weighed(text: str, people: list[Found], words: "_Words") -> Iterator[Found]:
    """Yield people with their office; they are sure where it, a list or their form tells so."""
    listed = {
        f
        for one, other in pairwise(people)
        if _BESIDE.fullmatch(text, one.end, other.start)
        for f in (one, other)
    }
    for f in people:
        told, role = _told(text, f)
        yield replace(f, role=role, sure=told or f in listed or _tells(f.name, words, f))


def _is_named(form: str, kind: str) -> bool:
    if kind == "organisation":
        return len(form) > 2 and bool(_BODY.search(form))
    return kind == "place" and len(form) > 1


class _Words:
    """The words of a passage by the dictionary."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = chinese.words(text)

    def tag(self, start: int, end: int) -> str:
        return chinese.listed(self._text[start:end])

    def whole(
        self, start: int, end: int, known: Mapping[str, gazetteer.Known]
    ) -> tuple[int, int] | None:
        """Return the bounds of a name; the whole of one that is cut, nothing of a piece of a common word."""
        first, past = start, end
        for a, b in self._words:
            if not (a < start < b or a < end < b):
                continue
            tag = self.tag(
                a, b
            )  # short ones are often set phrases that the dictionary takes for places
            if tag != "nt" and not (tag == "ns" and b - a >= _LONG):
                return None
            rest = self._text[a:start] + self._text[end:b]
            if bare(rest) not in known and rest not in _JOINS:
                first, past = min(first, a), max(past, b)
        return first, past

    def are_common(self, start: int, end: int) -> bool:
        """Whether the dictionary has each word of a stretch, none of them as a name."""
        if self._text[start:end] in _PLACES:
            return False
        tags = [self.tag(*w) for w in self._words if start <= w[0] and w[1] <= end]
        return all(tag and not tag.startswith(_NAME_TAGS) for tag in tags)


def _are_countries(form: str, kind: str) -> bool:
    """Whether a form is made of what stands for countries: 中美, and 苏美 that looks like a person."""
    if not 1 < len(form) < 4 or not set(form) <= set(_SHORT):
        return False
    return kind == "place" or (len(form) == 2 and not chinese.listed(form).startswith("nr"))


def _is_person(form: str) -> bool:
    if "\u00b7" in form or _TITLED.match(form):
        return True
    if form[0] in _SURNAMES and 1 < len(form) < 4:
        return True
    return len(form) > 1 and set(form) <= _FOREIGN


def _told(text: str, f: Found) -> tuple[bool, str]:
    """Return whether what stands beside a name tells that it is somebody's, and the office."""
    before = text[max(0, f.start - _NEAR) : f.start]
    office = _OFFICE_AFTER.match(text, f.end) or _OFFICE_BEFORE.search(before)
    if office:
        return True, office[1]
    return bool(_AFTER.match(text, f.end) or _BEFORE.search(before)), ""


def _tells(form: str, words: _Words, f: Found) -> bool:
    """Whether a name has the form of somebody's: of two characters none has (周转, 夏粮 look alike)."""
    if "\u00b7" in form or _TITLED.match(form):
        return True
    if len(form) != 3:
        return len(form) > 3
    tag = chinese.listed(form)
    if tag:
        return tag.startswith("nr")
    return not chinese.listed(form[1:]) or words.tag(f.start, f.end).startswith("nr")


def one_person(found: list[Found]) -> list[Found]:
    """Return the mentions of a text with a surname and title as the one who bears it.

    A name that is sure in one place is so in all.
    """
    sure = {f.name for f in found if f.kind == "person" and f.sure}
    fulls = {name for name in sure if len(name) > 1 and not _TITLED.match(name)}
    by_surname: dict[str, list[str]] = defaultdict(list)
    for name in sorted(fulls):
        by_surname[name[0]].append(name)
    resolved = []
    for f in found:
        titled = _TITLED.match(f.name) if f.kind == "person" else None
        if titled:
            owners = by_surname[titled[1]]
            name = owners[0] if len(owners) == 1 else f.name
            resolved.append(replace(f, name=name, role=titled[2], sure=True))
        elif f.kind == "person" and f.name in sure:
            resolved.append(replace(f, sure=True))
        else:
            resolved.append(f)
    return resolved


def titled(name: str) -> tuple[str, str] | None:
    """Return (family name, office) of a name such as 毛主席, else None."""
    match = _TITLED.match(name)
    return (match[1], match[2]) if match else None


def is_full(name: str) -> bool:
    """Whether a name in Chinese characters is more than a family name with an office."""
    return len(name) > 1 and "\u4e00" <= name[0] <= "\u9fff" and not _TITLED.match(name)
