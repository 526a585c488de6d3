"""The pages of inspections and their cases."""

from cases.views.case import allocate, case, comments, details, history, move
from cases.views.cases import cases, contradictions, outbox_file, progress
from cases.views.record import record
from cases.views.saves import saves, session

__all__ = [
    "allocate",
    "case",
    "cases",
    "comments",
    "contradictions",
    "details",
    "history",
    "move",
    "outbox_file",
    "progress",
    "record",
    "saves",
    "session",
]
