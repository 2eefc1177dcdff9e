"""The command ``kit``: what the library does, from a shell."""

from kit.cli import reading, reports, wording
from kit.cli.group import kit, main

__all__ = ["kit", "main", "reading", "reports", "wording"]
