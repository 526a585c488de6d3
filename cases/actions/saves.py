"""Saves of answers, and what became of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Save:
    """One answer on its way to the record.

    ``value`` is an ``AnswerValue`` or empty for none; ``base_version`` is the version the
    inspector saw, 0 where nothing had been saved; ``id`` is chosen by the device, so that
    sending again what may have arrived already does no harm; ``made_at`` is the device's
    clock, kept for the history alone.
    """

    question: str
    value: str
    note: str
    base_version: int
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    made_at: datetime | None = None


class Outcome(StrEnum):
    SAVED = "saved"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer that stands: what it says, in which version, by whom and since when."""

    value: str
    note: str
    version: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What became of a save: the version it became, if it was accepted, and the answer
    that stands now. ``standing`` is ``None`` when there is none, which only a save from a
    version that never was can find."""

    save: Save
    outcome: Outcome
    version: int | None
    standing: Standing | None


class SaveReused(Exception):
    """Two different saves carry one id; the second is not recorded."""
