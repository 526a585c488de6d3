"""How long a case is expected to take, by its group. This module is pure.

The table is this project's own, as no published figure is known: reading the file and speaking with
the case manager take as long in every case, and each question takes some more. A lead inspector
who knows better enters other minutes, which are kept for the inspection (``ExpectedMinutes``).
"""

from __future__ import annotations

from collections.abc import Mapping

from inspections.framework import Edition, Group

FIXED_MINUTES: Mapping[Group, int] = {
    Group.COURT: 60,
    Group.OUT_OF_COURT: 45,
    Group.RESETTLEMENT: 90,
}
"""For the file and the interview. A resettlement case is read too, though nothing is answered."""

MINUTES_A_QUESTION = 2

MOST_MINUTES = 2_400
"""A working week."""


def expected_minutes(edition: Edition) -> dict[Group, int]:
    """The minutes that a case of each group takes, before anybody enters others."""
    return {
        group: FIXED_MINUTES[group] + MINUTES_A_QUESTION * len(edition.case_questions(group))
        for group in Group
    }
