"""Stance: how firmly things are said, by whom, and of whom."""

from kit.stance.actions import actions, agents

__all__ = ["actions", "agents"]
