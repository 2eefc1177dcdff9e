"""Names: who and what texts name."""

from kit.names.mentions import KINDS, PLURALS, Mention, mentions, names, of_kind

__all__ = ["KINDS", "PLURALS", "Mention", "mentions", "names", "of_kind"]
