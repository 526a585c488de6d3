"""What happens to what an inspector's device sends, whatever it is about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.models import Case
from cases.permissions import RECORD
from inspections.access.permissions import Permission
from inspections.models import User


@dataclass(frozen=True, slots=True)
class Sent:
    """Something to be saved.

    The device chooses ``id``, so that a repeated save is recognised. ``made_at`` is the device's
    clock, kept for the history only. ``follows`` occurs in the file of an outbox: the id of an
    unsent save that this one was based on, whose version is then the base.
    """

    id: uuid.UUID = field(default_factory=uuid.uuid4, kw_only=True)
    made_at: datetime | None = field(default=None, kw_only=True)
    follows: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Unfit(Sent):
    """Something of a file that can't be saved as it is: what it is about, what was typed, and why
    not, in the words of its form."""

    about: str
    typed: str
    why: str


class Outcome(StrEnum):
    SAVED = "saved"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What happened to a save: its version, if it was accepted, and what stands.

    ``current`` is ``None`` when nothing stands, which for a conflict is possible only for a save
    based on a version that never existed. A save that is refused alone says in ``why`` what to do
    about it.
    """

    save: Any
    outcome: Outcome
    version: int | None = None
    current: Any = None
    why: str = ""


class SaveReused(Exception):
    """Two different saves have the same id; the second is not recorded."""

    def __init__(self, save_id: uuid.UUID) -> None:
        super().__init__(f"Save {save_id} was used for something else already.")


def check_of_file(permission: Permission, case: Case, by: User, loaded_by: User | None) -> None:
    """Raise ``Refused`` unless ``by`` may do this in ``case`` now.

    What ``loaded_by`` loads from the file of somebody's device is also taken in a case that the
    lead holds and records in: so nobody who has left the team needs access again, for what waited
    on their device to be saved.
    """
    if loaded_by is None or not RECORD.can(loaded_by, case):
        permission.check(by, case)
