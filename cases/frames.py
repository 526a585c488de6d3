"""What of a case never changes, kept at hand for the save that comes every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cases.models import Case


@dataclass(frozen=True, slots=True)
class Frame:
    """Which questions a case is asked: its inspection's edition and its group.

    The database lets neither change (``case_keeps_its_group`` and
    ``inspection_keeps_its_edition``), so a process asks once for each case.
    """

    edition: str
    group: str


def frame_of(inspection_id: int, case_id: int) -> Frame | None:
    """The frame of a case, or ``None`` where the inspection has no such case."""
    try:
        return _known(inspection_id, case_id)
    except Case.DoesNotExist:
        return None


@lru_cache(maxsize=20_000)
def _known(inspection_id: int, case_id: int) -> Frame:
    edition, group = Case.objects.values_list("inspection__edition", "group").get(
        inspection=inspection_id, pk=case_id
    )
    return Frame(edition, group)
