"""How far the service is with what it was asked to send."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inspections.models import Inspection, RequestedItem
from inspections.words import Tag


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the checklist on the day ``today``."""

    item: RequestedItem
    """Of version 0 where nothing is recorded."""
    today: date

    @property
    def is_asked(self) -> bool:
        return self.item.asked_date is not None

    @property
    def is_received(self) -> bool:
        return self.item.received_date is not None

    @property
    def days_overdue(self) -> int:
        """Since the day it was due; 0 once it is there, or when no day was named."""
        if self.is_received or not self.is_asked or self.item.due_date is None:
            return 0
        return max((self.today - self.item.due_date).days, 0)

    @property
    def status(self) -> Tag:
        if self.is_received:
            return Tag("Received", "green")
        if not self.is_asked:
            return Tag("Not asked", "grey")
        return Tag("Outstanding", "red") if self.days_overdue else Tag("Asked", "blue")


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything that a service is asked to send, in the order in which it is asked for."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def not_asked(self) -> list[Line]:
        return [line for line in self.lines if not line.is_asked and not line.is_received]

    @property
    def is_begun(self) -> bool:
        return len(self.not_asked) < self.total

    @property
    def received(self) -> int:
        return sum(line.is_received for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.days_overdue > 0 for line in self.lines)

    @property
    def words(self) -> str:
        """“2 of 6 received, 1 overdue”."""
        overdue = f", {self.overdue} overdue" if self.overdue else ""
        return f"{self.received} of {self.total} received{overdue}"


def checklist_of(inspection: Inspection, today: date) -> Checklist:
    """Reads ``requested_items``, once if they are loaded with the inspection."""
    return checklist_from(inspection.requested_items.all(), today)


def checklist_from(items: Iterable[RequestedItem], today: date) -> Checklist:
    known = {item.kind: item for item in items}
    return Checklist(
        tuple(
            Line(known.get(kind) or RequestedItem(kind=kind, version=0), today)
            for kind in RequestedItem.Kind.values
        )
    )
