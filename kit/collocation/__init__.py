"""Collocation: the words that keep company with a node, and the frequent words that go together."""

from kit.collocation.frequent import pairs
from kit.collocation.surface import collocates

__all__ = ["collocates", "pairs"]
