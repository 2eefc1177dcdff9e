"""What pages of many sites have in common: names of elements, stock phrases, forms of dates.

Names and phrases are those of content systems and of official sites in English, Chinese and Russian,
with the commonest of French, German and Spanish; none is of one site only.
"""

import re

from kit.parse.html.page import Element

MARKED_TAGS = frozenset(["article", "main"])
RANKS = 4
_STRONG = re.compile(
    r"(?<!\S)(?:article|trs_editor|pages_content|ucap-content|rich_media_content|zoom|"
    r"field--name-body|"
    r"(?:article|entry|post|story|news|press-?release|release|speech|statement|document|detail)"
    r"[-_]{0,2}(?:body|content|text|main))(?!\S)"
)
_WEAK = re.compile(
    r"(?<!\S)(?:content|main|(?:main|page|body|site)[-_]?content|content[-_]?(?:main|body|"
    r"area|inner|text)|"
    r"main[-_]?(?:text|body|column|col)|primary|text)(?!\S)"
)
_NO_TEXT = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|breadcrumbs?|share\w*|sharing|social|"
    r"cookies?|consent|"
    r"gdpr|sidebar|related|recommended|disqus|newsletter|subscribe|promo|adverts?|"
    r"advertisement|ads|sponsored|"
    r"toolbar|tools|pagination|pager|skip\w{0,5}|sr-only|visually-?hidden|screen-reader\S*|"
    r"footer|copyright|"
    r"login|search|last-?updated?|tooltip|modal|popup|print|printlink|comment-list|"
    r"comments)(?=$|[\s_-])"
)
_NO_TEXT_ROLES = frozenset(
    "navigation banner contentinfo complementary search menu menubar toolbar dialog alertdialog".split()
)
_UNSEEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)


def _names(element: Element) -> str:
    # ids and classes of any length are somebody's program, not names
    return f"{element.get('id') or ''} {element.get('class') or ''}"[:400].lower()


def rank(element: Element, tag: str) -> int | None:
    """Return how strongly an element is marked as the text of its page: 0 most, None not at all."""
    if "articlebody" in (element.get("itemprop") or "").lower():
        return 0
    role = element.get("role")
    names = _names(element)
    if tag == "article" or role == "article" or _STRONG.search(names):
        return 1
    if tag == "main" or role == "main":
        return 2
    return 3 if _WEAK.search(names) else None


def is_boilerplate(element: Element) -> bool:
    """Whether an element's names say that it is a menu, share buttons or the like, or it is hidden."""
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true":
        return True
    if get("role") in _NO_TEXT_ROLES or _UNSEEN.search((get("style") or "")[:400]):
        return True
    return _NO_TEXT.search(_names(element)) is not None


_BOILERPLATE = re.compile(
    r"(?:"
    + "|".join(
        (
            r"share(?: this(?: page| article)?)?(?::| (?:on|via|by|with)\b.{0,30})?",
            r"print(?: this)?(?: page)?",
            r"tweet",
            r"facebook",
            r"twitter",
            r"skip to (?:main )?content",
            r"(?:back|return) to (?:top|text)",
            r"please enable javascript.*",
            r"for (?:immediate )?release\b.{0,80}",
            r"embargoed (?:until|for).{0,80}",
            r"last (?:update|modified|reviewed).{0,40}",
            r"we use (?:essential )?cookies.*",
            r".{0,60}\buses? cookies\b.*",
            r"(?:accept|reject)(?: all)?(?: cookies)?",
            r"read more.{0,30}",
            r"(?:for )?(?:media|press) (?:inquir|enquir)(?:y|ies)\b.*",
            r"(?:media|press) contacts?:.*",
            r"(?:©|\(c\)|copyright (?:©|\(c\)|\d{4})).*",
            r".{0,60}all rights reserved\.?",
            r"download(?: as)?(?: \(?pdf\)?)?",
            r"pdf",
            r"listen",
            r"text size.{0,20}",
            r"分享(?:(?:到|至|：|:).{0,30})?",
            r"打印(?:本页)?",
            r"关闭(?:窗口)?",
            r"【.{0,12}(?:打印|字体|字号|关闭).{0,20}】",
            r"字[体号][：:].{0,20}",
            r"[\[【（(]?责任编辑[：:].{0,30}",
            r"[\[【（(]?编辑[：:].{0,30}",
            r"扫一扫.{0,40}",
            r"版权所有.{0,60}",
            r"поделиться(?: (?:ссылкой|в|на)\b.{0,30})?",
            r"версия для печати",
            r"распечатать",
            r"печать",
            r"подписаться(?: на\b.{0,30})?",
            r"включите javascript.*",
            r"partager(?: (?:sur|via)\b.{0,30})?",
            r"imprimer",
            r"teilen",
            r"drucken",
            r"compartir(?: (?:en|por)\b.{0,30})?",
            r"imprimir",
        )
    )
    + r")",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_PHRASE = 300

RELATED = re.compile(
    r"(?:"
    + "|".join(
        (
            r"related",
            r"see also",
            r"further (?:information|reading)",
            r"more (?:on|about|from)",
            r"read (?:more|also)",
            r"latest news",
            r"attachments?",
            r"相关",
            r"延伸阅读",
            r"更多",
            r"附件",
            r"похожие",
            r"материалы по теме",
            r"также по теме",
            r"читайте также",
            r"смотрите также",
            r"ссылки по теме",
            r"см\. также",
            r"voir aussi",
            r"siehe auch",
            r"véase también",
        )
    )
    + r").{0,40}",
    re.IGNORECASE,
)


def is_phrase(text: str) -> bool:
    """Whether a piece is a stock phrase of web pages and no sentence of the text."""
    return len(text) <= _LONGEST_PHRASE and _BOILERPLATE.fullmatch(text) is not None


_WORD = r"[^\W\d_]{3,12}\.?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_HAN = "[\\d〇○零一二三四五六七八九十]"
# Forms only, in any language: whether the word is a month, the reader of dates decides.
DATE = re.compile(
    r"(?<!\d)(?:"
    r"\d{4}([-./])\d{1,2}\1\d{1,2}(?!\d)"
    r"|\d{1,2}([-./])\d{1,2}\2\d{4}(?!\d)"
    rf"|{_HAN}{{4}} ?年 ?{_HAN}{{1,3}} ?月 ?{_HAN}{{1,3}} ?[日号]"
    rf"|\d{{1,2}}{_ORDINAL}(?: de| of)? {_WORD},?(?: de)? \d{{4}}(?!\d)(?: ?(?:года|г\.))?"
    rf")|\b{_WORD} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d)"
)
# The day in an address: /2025/01/26/, 20250126, /2025-01/26/
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-/_]?)(0[1-9]|1[0-2])([-/_]?)(0[1-9]|[12]\d|3[01])(?!\d)"
)
_LABEL = re.compile(
    r"(?:"
    + "|".join(
        (
            r"\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?",
            r"\b(?:E[SD]T|GMT|UTC|MSK|BST|CES?T)\b",
            r"\b(?:for (?:immediate )?release|released|published|posted|issued|updated|date|on|at)\b",
            r"发布(?:时间|日期)",
            r"发文日期",
            r"时间",
            r"日期",
            r"来源",
            r"опубликовано",
            r"дата(?: публикации)?",
            r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
            r"星期.",
            r"[\W_]+",
        )
    )
    + r")",
    re.IGNORECASE,
)
# The day of a change is not the day of publication.
OF_CHANGE = re.compile(
    r"\b(?:updated?|modified|revised|reviewed)\b|更新|修改|修订|обновлен|изменен", re.IGNORECASE
)
_LONGEST_DATELINE = 150
_BESIDE = 25  # characters beside the date: a place, a source


def is_dateline(text: str) -> bool:
    """Whether a line is a date with perhaps a place, a time or a source beside it."""
    if len(text) > _LONGEST_DATELINE or DATE.search(text) is None:
        return False
    beside = _LABEL.sub("", DATE.sub("", text))
    ended = text.endswith((".", "。")) and not text.endswith(("г.", "m."))
    return len(beside) <= _BESIDE and not (ended and len(beside) > 3)


def written(text: str) -> str:
    """Return the first date of a line as it stands there, or ''."""
    found = DATE.search(text)
    return found[0] if found else ""


def in_address(url: str) -> str:
    """Return the day that an address holds, or ''."""
    found = _IN_ADDRESS.search(url)
    if found is None:
        return ""
    year, first, month, second, day = found.groups()
    return f"{year}{month}{day}" if not first and not second else f"{year}-{month}-{day}"


def bare(title: str) -> str:
    """Return a title without what may differ between its two prints: case, marks and blanks."""
    return re.sub(r"[\W_]+", "", title.casefold())
