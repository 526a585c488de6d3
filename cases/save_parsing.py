"""Reading the saves that a browser sends as JSON, and which questions they may answer."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cases.actions import Save
from cases.models import AnswerValue, Case
from inspections.framework import Edition, Group, load_edition

MOST_SAVES = 200
"""How many saves one request may carry."""

LONGEST_NOTE = 20_000
"""How many characters a note may have."""

VALUES = frozenset({"", *AnswerValue.values})

LAST_VERSION = 2**31 - 1


class NotReadable(ValueError):
    """What was sent can't be read as saves; the message names the place and says what was
    expected there."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(f"{place}: expected {expected}")


@dataclass(frozen=True, slots=True)
class CaseQuestions:
    """Which questions a case is asked: those of its group in its inspection's edition."""

    edition: Edition
    codes: tuple[str, ...]


def case_questions(inspection_id: int, case_id: int) -> CaseQuestions | None:
    """The questions of a case, or ``None`` where the inspection has no such case.

    The database lets neither edition nor group change (``inspection_keeps_its_edition`` and
    ``case_keeps_its_group``), so a process asks once for each case.
    """
    try:
        edition, group = _edition_and_group(inspection_id, case_id)
    except Case.DoesNotExist:
        return None
    found = load_edition(edition)
    return CaseQuestions(found, found.case_questions(Group(group)))


@lru_cache(maxsize=20_000)
def _edition_and_group(inspection_id: int, case_id: int) -> tuple[str, str]:
    found: tuple[str, str] = Case.objects.values_list("inspection__edition", "group").get(
        inspection=inspection_id, pk=case_id
    )
    return found


def read_saves(body: bytes, questions: CaseQuestions) -> list[Save]:
    """The saves in ``body``, an object ``{"saves": [{"id", "question", "value", "note",
    "base_version", "made_at"}]}``, each of one of ``questions`` with an answer that it allows.

    Raises ``NotReadable``.
    """
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise NotReadable("request", "JSON") from None
    saves = sent.get("saves") if isinstance(sent, dict) else None
    if not isinstance(saves, list) or not 1 <= len(saves) <= MOST_SAVES:
        raise NotReadable("saves", f"a list of 1 to {MOST_SAVES} saves")
    read = [
        read_save(save, f"saves, number {n}", questions.edition, questions.codes)
        for n, save in enumerate(saves, 1)
    ]
    if len({save.id for save in read}) < len(read):
        raise NotReadable("saves", "an id of its own for each save")
    return read


def read_save(sent: Any, place: str, edition: Edition, asked: tuple[str, ...]) -> Save:
    """One save; ``place`` says where it stands in what was sent. Raises ``NotReadable``."""
    if not isinstance(sent, dict):
        raise NotReadable(place, "an object")
    question = sent.get("question")
    if question not in asked:
        raise NotReadable(f"{place}, question", "the code of a question asked in this case")
    value = sent.get("value")
    if not isinstance(value, str) or value not in VALUES:
        raise NotReadable(f"{place}, value", "YES, NO, NOT_APPLICABLE or nothing")
    if value == AnswerValue.NOT_APPLICABLE and not edition.allows_not_applicable(question):
        raise NotReadable(f"{place}, value", f"YES or NO, as {question} applies to every case")
    note = sent.get("note", "")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE or not _is_storable(note):
        raise NotReadable(f"{place}, note", f"text of at most {LONGEST_NOTE:,} characters")
    base = sent.get("base_version")
    if type(base) is not int or not 0 <= base < LAST_VERSION:
        raise NotReadable(f"{place}, base_version", "the number of the version it was made from")
    return Save(
        question=question,
        value=value,
        note=note,
        base_version=base,
        id=_read_id(sent.get("id"), f"{place}, id"),
        made_at=_read_time(sent.get("made_at"), f"{place}, made_at"),
    )


def _is_storable(text: str) -> bool:
    """PostgreSQL takes neither NUL nor half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _read_id(sent: Any, place: str) -> uuid.UUID:
    try:
        return uuid.UUID(sent)
    except (ValueError, TypeError, AttributeError):
        raise NotReadable(place, "a UUID") from None


def _read_time(sent: Any, place: str) -> datetime | None:
    """What the device's clock said, which may be far off; only its form must be right."""
    if sent is None:
        return None
    try:
        time = datetime.fromisoformat(sent)
    except (ValueError, TypeError):
        raise NotReadable(place, "a date and time with its time zone, or null") from None
    if time.tzinfo is None:
        raise NotReadable(place, "a date and time with its time zone, or null")
    try:
        return time.astimezone(UTC)  # PostgreSQL knows fewer time zones than Python
    except OverflowError:
        raise NotReadable(place, "a date and time that can be told in any time zone") from None
