"""Quotations: who says what, in whose words."""
