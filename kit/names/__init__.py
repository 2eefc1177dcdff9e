"""Names: who and what texts name."""

from kit.names.mention import KINDS, PLURALS, Mention
from kit.names.table import mentions, names, of_kind

__all__ = ["KINDS", "PLURALS", "Mention", "mentions", "names", "of_kind"]
