"""The words and numbers of Rich Text Format that hold or hide text (RTF 1.9.1)."""

import codecs
import re
from dataclasses import dataclass

from kit.corpus import Kind

# \fcharset of a font; 0 and 1 mean the code page of the whole file.
CHARSETS = {
    2: "symbol",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_BULLET_OF_SYMBOL = 0xB7

# Control words and signs that are characters.
NAMED = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "page": "\n",
    "column": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "nestcell": " ",
    "nestrow": " ",
}
SIGNS = {"~": "\u00a0", "-": "\u00ad", "_": "\u2011", "\t": "\t"}

# Groups whose text is not of the document; groups that start with \* are left out unless kept here.
LEFT_OUT = set(
    "header headerl headerr headerf footer footerl footerr footerf colortbl filetbl listtable "
    "listoverridetable revtbl rsidtbl generator pict object objdata shprslt fldinst xe tc rxe txe "
    "bkmkstart bkmkend atnid atnauthor annotation ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn "
    "nonesttables private template sp do datafield formfield nextfile xmlnstbl themedata "
    "colorschememapping latentstyles datastore subject keywords doccomm comment operator category "
    "manager hlinkbase revtim printim buptim falt panose fontemb mmath".split()
)
KEPT_STARRED = {"shpinst", "shptxt", "ud"}

_HEADING = re.compile(r"(heading|заголовок|标题|標題|überschrift|titre) ?[1-9]")
_TITLES = {"title", "название", "заголовок", "标题", "標題"}
_QUOTATIONS = {"quote", "intense quote", "block text", "quotations", "цитата", "引用", "明显引用"}


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a style says of its paragraphs."""

    kind: Kind | None = None
    is_title: bool = False
    is_contents: bool = False


def style(name: str, level: int) -> ParagraphStyle:
    """Return what a style is by its name, as the language of Word has it, or outline level."""
    plain = " ".join(name.lower().split()).rstrip(";").strip()
    if plain.startswith(("toc ", "contents ", "оглавление ", "目录 ")):
        return ParagraphStyle(is_contents=True)
    if plain in _TITLES:
        return ParagraphStyle("heading", is_title=True)
    if 0 <= level < 9 or _HEADING.match(plain) or plain == "subtitle":
        return ParagraphStyle("heading")
    if plain in _QUOTATIONS:
        return ParagraphStyle("quotation")
    return ParagraphStyle("item" if plain.startswith("list bullet") else None)


def codec(page: int | None) -> str:
    """Return Python's name of a Windows code page, or "" where it has none."""
    if page == 10000:
        return "mac_roman"
    try:
        return codecs.lookup(f"cp{page}").name if page else ""
    except LookupError:
        return ""


def decoded(data: bytes, encoding: str) -> str:
    """Decode text of a font; of a font of symbols only its bullet is text."""
    if encoding == "symbol":
        return "".join("•" if b == _BULLET_OF_SYMBOL else chr(b) if b < 128 else "" for b in data)
    return data.decode(encoding, "replace")


def paired(text: str) -> str:
    """Join the halves of characters beyond U+FFFF, which RTF writes as two numbers."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
