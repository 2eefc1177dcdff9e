"""How times are written in English: the patterns of its grammar."""

import re

from kit.parse.dates import MONTHS
from kit.times.numerals import CARDINAL, ORDINAL
from kit.times.stretch import Part

DASH = "[-\u2010\u2011\u2013\u2014]"
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
NTH = r"(?:st|nd|rd|th|d)"
PART = (
    r"(?:(?P<part>(?:early|earlier|late|later|mid|middle)(?= (?!of)|-)|(?:the )?(?:(?:early|"
    r"latter|late) part|(?:very )?(?:beginning|"
    r"start|outset|end|close|middle|turn)|(?:first|second|third|fourth|last|latter|final) "
    r"(?:half|quarter|decade|days|weeks?|"
    rf"months?))(?= of | {MONTH}| this| last| next| \d))"
    rf"(?:{DASH} ?| (?:of |in )?(?:the )?)(?:calendar |fiscal )?(?:year )?)"
)
PARTS: dict[str, Part] = {
    "early": "early",
    "earlier": "early",
    "late": "late",
    "later": "late",
    "mid": "mid",
    "middle": "mid",
    "beginning": "beginning",
    "start": "beginning",
    "outset": "beginning",
    "turn": "beginning",
    "end": "end",
    "close": "end",
    "first half": "1/2",
    "second half": "2/2",
    "latter half": "2/2",
    "last half": "2/2",
    "first quarter": "1/4",
    "second quarter": "2/4",
    "third quarter": "3/4",
    "fourth quarter": "4/4",
    "last quarter": "4/4",
    "final quarter": "4/4",
    "early part": "early",
    "late part": "late",
    "latter part": "late",
    "first decade": "beginning",
    "last decade": "end",
    "final decade": "end",
}
HALVES = {"half century": 50, "quarter century": 25, "half year": 0.5}
SEASON = "spring|summer|autumn|fall|winter"
UNITS = "day|week|month|quarter|year|decade|century"
PLURALS = "days|weeks|months|quarters|years|decades|centuries"
ABOUT = {
    "before": "more than|over|well over",
    "about": "nearly|almost|about|some|around|roughly|approximately|close to",
    "after": "less than|under|fewer than",
}
APPROXIMATE = {word: bound for bound, words in ABOUT.items() for word in words.split("|")}
APPROX = rf"(?:(?P<approx>{'|'.join(sorted(APPROXIMATE, key=len, reverse=True))}) )?"

WITH_MONTH = re.compile(
    rf"(?:\b{PART}|\b)?(?:(?<![\d.,/:$£€])(?P<day1>\d{{1,2}}|(?<=the )first){NTH}?(?: day)?(?: "
    rf"of)?(?: ?(?:{DASH}|to) ?"
    rf"(?P<day2>\d{{1,2}}){NTH}?(?: of)?)? )?"
    rf"\b(?P<month>(?:{MONTH}))\b(?:(?<![a-z]{{4}})\.(?=,? ?\d))?"
    rf"(?: (?:the )?(?P<day3>\d{{1,2}}){NTH}?(?![\d:%]|[.,]\d)(?: ?(?:{DASH}|to|through) "
    rf"?(?P<day4>\d{{1,2}})"
    rf"{NTH}?(?![\d:%]|[.,]\d))?)?(?:(?:,? | of )(?:{NTH}?(?P<year>\d{{4}})(?![\d-])"
    r"|(?P<which>this|last|next) year\b))?",
    re.IGNORECASE,
)
ISO = re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])")
YEAR = re.compile(
    rf"(?:\b(?:{PART}|Q(?P<quarter>[1-4]),? (?:of )?|(?:the )?(?P<season>{SEASON}),? (?:of "
    rf")?(?:the year )?"
    rf"|(?P<fiscal>(?:(?:the )?(?:fiscal|financial) years? |FY ?))|(?:the |calendar )?years? )"
    r"|(?<=\d{4}[-\u2013\u2014])|(?<=\d{4} [-\u2013\u2014])|(?<![\w.,/$£€#:(\u2013\u2014-])|"
    r"(?<=\()(?=\d{4}\)?[-\u2013]?))"
    r"(?P<year>1[5-9]\d\d|20\d\d|21\d\d)(?P<decade>['\u2019]?s\b)?"
    r"(?:[-\u2013/](?P<short>\d\d)(?![\d-]))?"
    r"(?!\w|%|/|[.,]\d|[-\u2013\u2014](?!\d{4}(?!\d))\w)",
    re.IGNORECASE,
)
CENTURY = re.compile(
    rf"(?:\b{PART}|\b)(?:the )?(?P<number>{ORDINAL})(?:{DASH} ?| )centur(?:y|ies)\b",
    re.IGNORECASE,
)
SIXTIES = re.compile(
    r"\bthe (?P<part>early |mid-|late )?(?P<tens>twent|thirt|fort|fift|sixt|sevent|"
    r"eight|ninet)ies\b",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    rf"(?:\b{PART}|\b)(?P<which>this (?:past|coming|current|present)|this|last|next|"
    r"(?:the |our |its )?(?:past|coming|current|present|new|ensuing)|the (?:last|next)|the|our|year's)"
    rf" (?:(?P<fiscal>fiscal|financial) )?(?P<unit>half[- ]century|quarter[- ]century|half[- "
    rf"]year|{UNITS}|{SEASON})\b(?!{DASH}\w| (?:of a|of the \d|ago|end\b|century))",
    re.IGNORECASE,
)
COUNTED = re.compile(
    rf"\b(?P<which>(?:this )?past|last|next|coming|these past|these) (?:period of )?(?P<n>{CARDINAL})"
    rf"(?P<half>(?: |{DASH})and(?: |{DASH})a(?: |{DASH})half)?(?: or so)? (?:fiscal |calendar )?"
    rf"(?P<unit>{PLURALS})\b",
    re.IGNORECASE,
)
AGO = re.compile(
    rf"\b{APPROX}(?:(?P<n>{CARDINAL})(?P<half>(?: |{DASH})and(?: |{DASH})a(?: |{DASH})half)?(?: or so)?|"
    rf"(?P<share>half a|a half|a quarter(?: of a)?|three[- ]quarters of a))[ "
    rf"-](?:(?P<full>full|short|long) )?"
    rf"(?P<unit>{UNITS}|{PLURALS}|half)\b(?P<late> and a half)?(?: or so)?[ ,]*(?P<way>ago|"
    rf"from now|from today|hence)\b",
    re.IGNORECASE,
)
TIME_OF = re.compile(
    rf"\bin {APPROX}(?P<n>{CARDINAL}) (?P<unit>{UNITS}|{PLURALS})['\u2019]?s?['\u2019]? time\b",
    re.IGNORECASE,
)
QUARTER = re.compile(
    r"\b(?:in|during|for|since|of|by) the (?P<number>first|second|third|fourth) (?P<half>half|quarter)\b"
    r"(?! of| century| and|-)",
    re.IGNORECASE,
)
TODAY = re.compile(  # "a better tomorrow" is no day
    r"\b(?P<day>today|(?<!of )(?<!better )(?<!a )(?<!for )(?<!the )(?:yesterday|tomorrow)|"
    r"tonight)\b(?!['\u2019])",
    re.IGNORECASE,
)
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
WEEKDAY = re.compile(
    rf"\b(?P<which>[Oo]n|[Ll]ast|[Tt]his|[Nn]ext) (?P<day>{'|'.join(WEEKDAYS)})\b(?!,? \d)"
)
BOUND = re.compile(
    r"\b(?P<bound>since|by|until|till|before|after|through|prior to)(?: at least)?(?: about)?"
    r"(?: the)?(?: year)?(?: (?:of|in))? $",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:will|shall|would|is to|are to|upcoming|to be held|scheduled|planned|starting|"
    r"(?:beginning|begin)(?! of)|effective|next|"
    r"tomorrow|forthcoming|set to|plans? to|expects? to|coming into force)\b[^.;]{0,110}$",
    re.IGNORECASE,
)
OVER = re.compile(r"\b(?:over|throughout) (?:the )?$", re.IGNORECASE)
BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|since|by|until|till|of|from|through|last|next|this|during|between|after|"
    r"before|to|at its|at the|"
    rf"beginning|starting|both|the)|(?<=\w) ?{DASH}) $",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"\b(?:resolutions?|Res\.|No\.|Nos\.|paragraphs?|article|section|decision|document|page|"
    r"pp?\.|chapter|"
    r"regulations?|agenda|vision|channel|level|about|some|nearly|over|than|least)(?: \([^)]*\))?,? "
    r"(?:\d[\d, ()XVI]{0,40}(?:and|or|,) )?$",
    re.IGNORECASE,
)
THINGS = re.compile(
    r" (?:years?|people|men|women|miles|tons?|tonnes|kilomet\w+|metres|dollars|soldiers|"
    r"troops|million|billion|"
    r"thousand|feet|acres|percent|per cent|persons|members|days|weeks|months|hours|meetings?|"
    r"of (?:them|these|the)|"
    r"delegates|schools|young|square|cubic|words|lives|jobs|families|vessels|planes|aircraft|"
    r"(?-i:\([IVXL]+)|Agenda|(?-i:[a-z]+ers)|deaths|victims|military|civilians?|nuclear|"
    r"prisoners|refugees|"
    r"projects|cases|villages|items|pages|cities|countries|different|separate|or more)\b",
    re.IGNORECASE,
)
EVENTS = (  # days that texts name without their year: (month, day), words beside them, year
    ((9, 11), re.compile(r"attack|terror|tragedy|events? of|horror|victims|aftermath", re.I), 2001),
)
