"""Whole percentages, rounded half up as the reports print them."""

from __future__ import annotations


def whole_percent(part: int, whole: int) -> int:
    """``part`` of ``whole`` as a whole percentage, halves rounded up: 129 of 200 is 65.

    Python's own ``round`` rounds halves to even and a float may fall on either
    side of a half; this is integer arithmetic alone. ``whole`` is above zero and
    ``part`` lies in 0..``whole``.
    """
    return (200 * part + whole) // (2 * whole)
