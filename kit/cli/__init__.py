"""The command ``kit``: what the library does, from a shell."""

from kit.cli import change, formulations, reading, reports, reuse, runs, schedule, wording
from kit.cli.group import kit, main

__all__ = [
    "change",
    "formulations",
    "kit",
    "main",
    "reading",
    "reports",
    "reuse",
    "runs",
    "schedule",
    "wording",
]
