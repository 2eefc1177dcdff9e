"""Themes: what texts are about, by a lexicon and by their own words, in time and between sources."""

from kit.themes.by_lexicon import by_paragraph, ids, preload, prominence
from kit.themes.by_nmf import topics, typical, uncovered
from kit.themes.newest import latest
from kit.themes.resamples import stability
from kit.themes.together import together
from kit.themes.trends import moved, shares
from kit.themes.turns import changes

__all__ = [
    "by_paragraph",
    "changes",
    "ids",
    "latest",
    "moved",
    "preload",
    "prominence",
    "shares",
    "stability",
    "together",
    "topics",
    "typical",
    "uncovered",
]
