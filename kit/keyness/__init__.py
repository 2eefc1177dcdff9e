"""Keyness: which words a corpus uses more, or less, than another, its rest, or general English."""

from kit.keyness.compare import MEASURES, groups, keyness
from kit.keyness.distinctive import distinctive
from kit.keyness.general import general, rank

__all__ = ["MEASURES", "distinctive", "general", "groups", "keyness", "rank"]
