"""Drawing a sample that has the shares of the eligible cases. This package imports no Django."""

from cases.caseload.draw.drawing import RESERVE_SHARE, draw
from cases.caseload.draw.outcome import Count, Drawn, count_margins, largest_difference
from cases.caseload.draw.reserves import most_alike

__all__ = [
    "RESERVE_SHARE",
    "Count",
    "Drawn",
    "count_margins",
    "draw",
    "largest_difference",
    "most_alike",
]
