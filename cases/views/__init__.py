"""The pages of inspections and their cases."""

from cases.views.case import allocate, case, move
from cases.views.details import details
from cases.views.inspections import home, inspections, move_inspection_on
from cases.views.listing import cases
from cases.views.record import record

__all__ = [
    "allocate",
    "case",
    "cases",
    "details",
    "home",
    "inspections",
    "move",
    "move_inspection_on",
    "record",
]
