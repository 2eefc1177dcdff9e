"""Stance: how firmly things are said, by whom, and of whom."""

from kit.stance.markers import markers
from kit.stance.modals import modality
from kit.stance.strength import firmness

__all__ = ["firmness", "markers", "modality"]
