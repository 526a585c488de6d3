"""Reading the file of what waits on a device: static/recording/outbox_page.js writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from cases.actions import Save
from cases.models import Case
from cases.save_parsing import NotReadable, read_save
from inspections.framework import Group
from inspections.models import Inspection, User

SCHEMA = "outbox/1"
MOST_BYTES = 5_000_000
MOST_SAVES = 5_000


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """``elsewhere`` counts the saves for other inspections: their own leads load those."""

    made_by: User
    saves: list[tuple[Case, Save]]
    elsewhere: int


def read_outbox_file(content: bytes, inspection: Inspection) -> OutboxFile:
    """What ``content`` holds for ``inspection``.

    Raises ``NotReadable``, which names the place and says what was expected there.
    """
    try:
        file = json.loads(content)
    except (ValueError, RecursionError):
        raise NotReadable("file", "JSON, as “Download as a file” writes it") from None
    if not isinstance(file, dict) or file.get("schema") != SCHEMA:
        raise NotReadable("schema", f"“{SCHEMA}”, as “Download as a file” writes it")
    made_by = _person(file.get("user"), inspection)
    sent = file.get("saves")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_SAVES:
        raise NotReadable("saves", f"a list of 1 to {MOST_SAVES:,} saves")
    cases = {case.pk: case for case in inspection.cases.select_related("allocated_to")}
    saves = []
    for number, one in enumerate(sent, 1):
        place = f"saves, number {number}"
        if not isinstance(one, dict):
            raise NotReadable(place, "an object")
        if one.get("inspection") == inspection.pk:
            saves.append(_filed(one, place, inspection, cases))
    return OutboxFile(made_by, saves, elsewhere=len(sent) - len(saves))


def _person(number: Any, inspection: Inspection) -> User:
    for member in inspection.memberships.select_related("user"):
        if type(number) is int and member.user_id == number:
            return member.user
    raise NotReadable("user", "somebody of this inspection’s team")


def _filed(
    one: dict[str, Any], place: str, inspection: Inspection, cases: dict[int, Case]
) -> tuple[Case, Save]:
    number = one.get("case")
    case = cases.get(number) if type(number) is int else None
    if case is None:
        raise NotReadable(f"{place}, case", "the number of a case of this inspection")
    follows = one.get("follows")
    if follows is not None and not isinstance(follows, str):
        raise NotReadable(f"{place}, follows", "the id of a save, or null")
    edition = inspection.framework
    if one.get("base_version") is None:
        one = {**one, "base_version": 0}
    else:
        follows = None
    save = read_save(one, place, edition, edition.case_questions(Group(case.group)))
    return case, replace(save, follows=follows)
