"""Selecting cases: first how many of each cell, then which of them."""

from __future__ import annotations

from collections.abc import Sequence

from cases.caseload.draw.cells import cells_of
from cases.caseload.draw.chance import Chance
from cases.caseload.draw.chances import Chances
from cases.caseload.draw.flight import Undecided, fly, settle
from cases.caseload.draw.landing import land
from cases.caseload.rows import CaseRow


def balanced(
    rows: Sequence[CaseRow],
    chances: Chances,
    margins: Sequence[str],
    cap: int | None,
    chance: Chance,
) -> tuple[CaseRow, ...]:
    """A sample of ``rows`` with these ``chances``, balanced on ``margins``, by reference.

    Cases of one cell can replace each other without any share changing. So each cell gets as many
    whole cases as it has to have on average; only which cells take one more is to be decided, and
    any of a cell's cases is as likely as any other.
    """
    cells = cells_of(rows, chances.of, chances.guards, margins)
    undecided = Undecided(cells)
    fly(undecided, chance)
    settle(undecided, chance)
    land(undecided, cap, chance)
    selected = [
        row
        for cell, more in zip(cells, undecided.rest, strict=True)
        for row in chance.some_of(cell.rows, cell.whole + int(more))
    ]
    return tuple(sorted(selected, key=lambda row: row.reference))
