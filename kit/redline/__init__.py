"""Redline: what was struck, inserted and moved from one text to another, and what was carried over."""

from kit.redline.findings import compare, latest, series

__all__ = ["compare", "latest", "series"]
