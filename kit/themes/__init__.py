"""Themes: what texts are about."""

from kit.themes.by_lexicon import by_paragraph, ids, prominence

__all__ = ["by_paragraph", "ids", "prominence"]
