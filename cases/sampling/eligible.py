"""Which cases of an inspection's lists can be sampled now, and why the others can't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils import timezone

from cases.caseload.eligibility import Eligibility, Exclusion, check_eligibility
from cases.caseload.rows import CaseRow
from cases.caseload.sizes import RULES, Beside, size_of
from cases.models import Draw, LeadChoice, ListedCase
from inspections.framework import Group
from inspections.models import Inspection
from inspections.versions import digest
from inspections.windows import Window, default_window

Kind = LeadChoice.Kind


@dataclass(frozen=True, slots=True)
class Listed:
    """A case of the lists: its row, why it is left out, if it is, and what the lead chose."""

    case: ListedCase
    exclusion: Exclusion | None
    kept_instead: str
    choice: LeadChoice | None

    @property
    def why(self) -> str:
        """Why it can't be sampled, in words; empty if it can."""
        if self.exclusion is None:
            return ""
        if self.kept_instead:
            return f"{self.exclusion.words}: {self.kept_instead}"
        if self.exclusion is Exclusion.BY_LEAD and self.choice:
            return f"{self.exclusion.words}: {self.choice.reason}"
        return self.exclusion.words


@dataclass(frozen=True)
class Caseload:
    """The current rows of an inspection's lists, checked on the day ``as_of``."""

    inspection: Inspection
    windows: Mapping[Group, Window]
    as_of: date
    rows: Mapping[int, ListedCase]
    choices: Mapping[str, LeadChoice]

    @cached_property
    def eligibility(self) -> Eligibility:
        kinds = {reference: choice.kind for reference, choice in self.choices.items()}
        kept = {reference for reference, kind in kinds.items() if kind == Kind.KEPT}
        rows = [row.as_row() for row in self.rows.values()]
        return check_eligibility(
            # What the list calls sensitive is taken in where the lead says so.
            [
                replace(row, is_sensitive=False)
                if row.is_sensitive and row.reference in kept
                else row
                for row in rows
            ],
            self.windows,
            self.as_of,
            left_out={reference for reference, kind in kinds.items() if kind == Kind.LEFT_OUT},
            kept=kept,
        )

    def eligible(self, group: Group) -> tuple[CaseRow, ...]:
        return self.eligibility.eligible[group]

    def version(self, group: Group) -> str:
        """Another one for other eligible cases, or for other words of a list about them."""
        return digest(sorted(row.row for row in self.eligible(group)))

    def listed(self, group: Group) -> list[Listed]:
        """Every case of ``group``, in the order of the lists."""
        excluded = {row.row: reason for row, reason in self.eligibility.excluded}
        return [
            Listed(
                row,
                excluded.get(row.pk),
                self.eligibility.kept_instead.get(row.pk, ""),
                self.choices.get(row.reference),
            )
            for row in self.rows.values()
            if row.group == group
        ]

    def left_out(self, group: Group) -> Counter[Exclusion]:
        """How many cases of ``group`` are left out, by reason, the most frequent first."""
        return Counter(reason for row, reason in self.eligibility.excluded if row.group == group)

    def beside(self, group: Group) -> Beside | None:
        """What the share of ``group`` is held against: the court cases and their sample, as drawn
        or, before that, as the formula gives it."""
        if group == Group.COURT:
            return None
        draw = latest_draw(self.inspection, Group.COURT)
        if draw is not None:
            return Beside(draw.eligible_cases, draw.selected_cases)
        eligible = len(self.eligible(Group.COURT))
        formula = RULES["formula/2021"]
        return Beside(eligible, size_of(formula, eligible=eligible, group=Group.COURT).number)


def load_caseload(inspection: Inspection) -> Caseload:
    """The caseload today; three queries."""
    latest = LeadChoice.objects.latest_of(inspection).select_related("chosen_by")
    return Caseload(
        inspection=inspection,
        windows=windows_of(inspection),
        as_of=timezone.localdate(),
        rows={row.pk: row for row in ListedCase.objects.current(inspection)},
        choices={choice.reference: choice for choice in latest if choice.kind != Kind.WITHDRAWN},
    )


def left_out_by_lead(inspection: Inspection) -> set[str]:
    """The references of the cases that the lead left out, or took out of the sample as wrong."""
    latest = LeadChoice.objects.latest_of(inspection)
    return {choice.reference for choice in latest if choice.kind == Kind.LEFT_OUT}


def windows_of(inspection: Inspection) -> dict[Group, Window]:
    """The windows set with the announcement; for a group without one, the default, counted back
    from the announcement."""
    announced = inspection.announced_date or timezone.localdate()
    given = {
        Group(window.group): Window(window.start_date, window.end_date)
        for window in inspection.windows.all()
    }
    return {group: given.get(group) or default_window(group, announced) for group in Group}


def latest_draw(inspection: Inspection, group: Group) -> Draw | None:
    """The draw that stands."""
    draws = Draw.objects.filter(sample__inspection=inspection, sample__group=group)
    return draws.select_related("drawn_by").order_by("-number").first()
