"""Names: who and what texts name."""

from kit.names.mentions import KINDS, PLURALS, Mention, mentions, names, of_kind
from kit.names.news import ledger, news
from kit.names.order import order, precedence
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
    "together",
]
