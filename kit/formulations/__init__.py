"""Formulations: the set phrases of official language, known and found, and their ledger."""

from kit.formulations.absent import absent
from kit.formulations.bursts import bursts
from kit.formulations.found import found
from kit.formulations.known import known, preload
from kit.formulations.ladders import ladders, moves
from kit.formulations.ledger import ledger, of_record
from kit.formulations.news import news
from kit.formulations.record import Record, is_record, read, record
from kit.formulations.slots import slots
from kit.formulations.views import changed, missing, shares

__all__ = [
    "Record",
    "absent",
    "bursts",
    "changed",
    "found",
    "is_record",
    "known",
    "ladders",
    "ledger",
    "missing",
    "moves",
    "news",
    "of_record",
    "preload",
    "read",
    "record",
    "shares",
    "slots",
]
