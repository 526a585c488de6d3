"""Interviews at the same time that one person can't both be in. This module is pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class Slot(Protocol):
    """What clashes are found from; ``in_words`` names the slot beside the other one."""

    @property
    def pk(self) -> int: ...

    @property
    def start_at(self) -> datetime: ...

    @property
    def end_at(self) -> datetime: ...

    @property
    def inspector_id(self) -> int: ...

    @property
    def inspector_name(self) -> str: ...

    @property
    def case_manager(self) -> str: ...

    @property
    def in_words(self) -> str: ...


def clashes(slots: Sequence[Slot]) -> Mapping[int, list[str]]:
    """By slot, a sentence for each other slot that overlaps it and needs the same inspector or case
    manager. One that begins when another ends doesn't overlap it."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    ordered = sorted(slots, key=lambda slot: (slot.start_at, slot.pk))
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.start_at >= one.end_at:
                break
            who = _in_both(one, other)
            if who:
                found[one.pk].append(f"{who} has another interview then: {other.in_words}.")
                found[other.pk].append(f"{who} has another interview then: {one.in_words}.")
    return found


def _in_both(one: Slot, other: Slot) -> str:
    same = []
    if one.inspector_id == other.inspector_id:
        same.append(one.inspector_name)
    if _reference(one) == _reference(other):
        same.append(f"Case manager {one.case_manager}")
    return " and ".join(same)


def _reference(slot: Slot) -> str:
    return " ".join(slot.case_manager.split()).casefold()
