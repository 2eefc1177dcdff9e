"""Names: who and what texts name, with whom, in which order, since when."""

from kit.gazetteer import preload
from kit.names.mention import KINDS, PLURALS, Mention
from kit.names.news import ledger, news
from kit.names.order import order, precedence
from kit.names.table import mentions, names, of_kind
from kit.names.together import together

__all__ = [
    "KINDS",
    "PLURALS",
    "Mention",
    "ledger",
    "mentions",
    "names",
    "news",
    "of_kind",
    "order",
    "precedence",
    "preload",
    "together",
]
