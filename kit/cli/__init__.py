"""The command ``kit``: what the library does, from a shell."""

from kit.cli import (
    change,
    content,
    formulations,
    publish,
    reading,
    reports,
    reuse,
    runs,
    schedule,
    wording,
)
from kit.cli.group import kit, main

__all__ = [
    "change",
    "content",
    "formulations",
    "kit",
    "main",
    "publish",
    "reading",
    "reports",
    "reuse",
    "runs",
    "schedule",
    "wording",
]
