"""Stance: how firmly things are said, by whom, and of whom."""

from kit.stance.actions import actions, agents
from kit.stance.evaluation import evaluation
from kit.stance.markers import markers
from kit.stance.modality import modality
from kit.stance.outlook import announcements, outlook
from kit.stance.persons import persons
from kit.stance.strength import firmness

__all__ = [
    "actions",
    "agents",
    "announcements",
    "evaluation",
    "firmness",
    "markers",
    "modality",
    "outlook",
    "persons",
]
