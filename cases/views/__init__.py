"""The pages of inspections and their cases."""

from cases.views.case import allocate, case, comments, move
from cases.views.details import details
from cases.views.history import history
from cases.views.listing import cases
from cases.views.overviews import contradictions, progress
from cases.views.record import record

__all__ = [
    "allocate",
    "case",
    "cases",
    "comments",
    "contradictions",
    "details",
    "history",
    "move",
    "progress",
    "record",
]
