"""Themes: what texts are about, by period and source, and what goes with what."""

from kit.themes.by_lexicon import by_paragraph, ids, prominence
from kit.themes.newest import latest
from kit.themes.together import together
from kit.themes.trends import moved, shares
from kit.themes.turns import changes

__all__ = ["by_paragraph", "changes", "ids", "latest", "moved", "prominence", "shares", "together"]
