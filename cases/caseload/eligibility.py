"""Which cases of a list can be sampled, and why the others can't. This module is pure.

Sources: method.md, Sampling: court and out-of-court cases are eligible by the date of the disposal,
resettlement cases by that of the custodial sentence or of the release, whichever lies in the
window. As in the inspectorate's sampler for adult probation, sensitive cases, cases that have not
started and cases of unknown gender are left out, and of a child's cases the earliest is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.caseload.margins import unknown_margins
from cases.caseload.rows import CaseRow, reference_key
from inspections.framework import Group
from inspections.windows import Window


class Exclusion(StrEnum):
    """Why a case of the list can't be sampled. A case that meets several has the first of them."""

    NOT_SAMPLED = "NOT_SAMPLED"
    DATE_UNKNOWN = "DATE_UNKNOWN"
    OUT_OF_WINDOW = "OUT_OF_WINDOW"
    NOT_STARTED = "NOT_STARTED"
    SENSITIVE = "SENSITIVE"
    MARGIN_UNKNOWN = "MARGIN_UNKNOWN"
    BY_LEAD = "BY_LEAD"
    DUPLICATE = "DUPLICATE"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Exclusion.NOT_SAMPLED: "No cases of its group are sampled",
    Exclusion.DATE_UNKNOWN: "The date that says whether it lies in the window is missing",
    Exclusion.OUT_OF_WINDOW: "Out of the window",
    Exclusion.NOT_STARTED: "Not yet started",
    Exclusion.SENSITIVE: "Sensitive",
    Exclusion.MARGIN_UNKNOWN: "Gender or disposal type is not known",
    Exclusion.BY_LEAD: "Left out by the lead inspector",
    Exclusion.DUPLICATE: "Another case of the same child is kept",
}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The outcome for a whole list.

    ``eligible`` has every group that is sampled, also where no case is left; both it and
    ``excluded`` keep the order of the list. ``kept_instead`` names, for the row number of each
    duplicate, the reference of the case that is kept.
    """

    eligible: Mapping[Group, tuple[CaseRow, ...]]
    excluded: tuple[tuple[CaseRow, Exclusion], ...]
    kept_instead: Mapping[int, str]


def check_eligibility(
    rows: Iterable[CaseRow],
    windows: Mapping[Group, Window],
    as_of: date,
    *,
    left_out: Collection[str] = (),
    kept: Collection[str] = (),
) -> Eligibility:
    """Which of ``rows`` can be sampled from ``windows``, one for each group that is sampled.

    ``as_of`` is the day on which a case must have started. ``left_out`` are the references of cases
    that the lead leaves out, ``kept`` of those that the lead keeps among a child's cases; by
    default the earliest is kept.

    A child has one case in a group: cases of two groups are two pieces of work, rated by different
    standards. Only a case that is eligible otherwise makes another one a duplicate, so a child
    whose earlier case is out of the window isn't lost.
    """
    rows = tuple(rows)
    reasons = {row.row: _reason(row, windows, as_of, left_out) for row in rows}
    kept_instead = _duplicates([row for row in rows if reasons[row.row] is None], kept)
    for number in kept_instead:
        reasons[number] = Exclusion.DUPLICATE
    return Eligibility(
        eligible={
            group: tuple(row for row in rows if row.group == group and not reasons[row.row])
            for group in windows
        },
        excluded=tuple((row, reason) for row in rows if (reason := reasons[row.row])),
        kept_instead=kept_instead,
    )


def _reason(
    row: CaseRow, windows: Mapping[Group, Window], as_of: date, left_out: Collection[str]
) -> Exclusion | None:
    if row.group not in windows:
        return Exclusion.NOT_SAMPLED
    dates = dates_of(row)
    if not dates:
        return Exclusion.DATE_UNKNOWN
    if not any(day in windows[row.group] for day in dates):
        return Exclusion.OUT_OF_WINDOW
    if (row.start_date or dates[0]) > as_of:
        return Exclusion.NOT_STARTED
    if row.is_sensitive:
        return Exclusion.SENSITIVE
    if unknown_margins(row):
        return Exclusion.MARGIN_UNKNOWN
    if row.reference in left_out:
        return Exclusion.BY_LEAD
    return None


def dates_of(row: CaseRow) -> tuple[date, ...]:
    """The dates of which one must lie in the window, as far as they are known, earliest first."""
    dates = [row.disposal_date]
    if row.group == Group.RESETTLEMENT:
        dates.append(row.release_date)
    return tuple(sorted(day for day in dates if day))


def _duplicates(rows: Iterable[CaseRow], kept: Collection[str]) -> dict[int, str]:
    """The row number of each duplicate, and the reference of the case that is kept.

    Cases of one child are duplicates, and rows of one reference. Of two of one day the reference
    decides: whoever orders the rows of a list must not choose by it.
    """

    def rank(row: CaseRow) -> tuple[bool, date, str, int]:
        return row.reference not in kept, dates_of(row)[0], row.reference, row.row

    duplicates: dict[int, str] = {}
    keeping: dict[tuple[Group, str, str], CaseRow] = {}
    for row in sorted(rows, key=rank):
        names = [(row.group, "case", reference_key(row.reference))]
        if row.child_reference:
            names.append((row.group, "child", reference_key(row.child_reference)))
        earlier = next((keeping[name] for name in names if name in keeping), None)
        if earlier:
            duplicates[row.row] = earlier.reference
        else:
            keeping.update(dict.fromkeys(names, row))
    return duplicates
