"""Quotations: who says what, in whose words."""

from kit.quotes.findings import quotes, speakers

__all__ = ["quotes", "speakers"]
