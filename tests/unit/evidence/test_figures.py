"""Figures name their denominators."""

from __future__ import annotations

import pytest

from inspections.framework import Group
from ratings.engine import Tally
from ratings.words import left_out, relevant_share


@pytest.mark.parametrize(
    ("tally", "share", "rest"),
    [
        (Tally(yes=5, no=2), "5 of 7 relevant cases, 71%", ""),
        (
            Tally(yes=5, no=2, not_applicable=2, unanswered=1),
            "5 of 7 relevant cases, 71%",
            "Of 10 court cases, 2 not applicable and 1 not answered yet",
        ),
        (Tally(yes=1), "1 of 1 relevant case, 100%", ""),
        (Tally(yes=129, no=71), "129 of 200 relevant cases, 65%", ""),
        (Tally(unanswered=3), "No relevant case yet", "Of 3 court cases, 3 not answered yet"),
        (Tally(not_applicable=3), "No relevant case", "Of 3 court cases, 3 not applicable"),
        (Tally(), "No relevant case", "No court cases inspected"),
    ],
)
def test_a_figure_names_its_denominator(tally: Tally, share: str, rest: str) -> None:
    assert relevant_share(tally) == share
    assert left_out(tally, Group.COURT) == rest
