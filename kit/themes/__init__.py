"""Themes: what texts are about, by a lexicon, and by their own words."""

from kit.themes.by_lexicon import by_paragraph, ids, prominence
from kit.themes.by_nmf import topics, typical, uncovered
from kit.themes.resamples import stability

__all__ = ["by_paragraph", "ids", "prominence", "stability", "topics", "typical", "uncovered"]
