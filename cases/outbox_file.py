"""Reads the file of a device's unsent saves, which static/recording/outbox_page.js writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from cases.actions import Save
from cases.models import Case
from cases.save_parsing import CaseQuestions, SaveFields, Version
from inspections.framework import Edition, Group, NotValid
from inspections.framework.reading import (
    Expected,
    Fault,
    Path,
    Section,
    read,
    read_json,
    refuse,
)
from inspections.models import Inspection, User

MOST_BYTES = 5_000_000
MOST_SAVES = 5_000


class SaveInFile(SaveFields):
    """``follows`` is the id of the save that this one is based on, if that one had no version yet
    when the file was written."""

    case: Annotated[int, Expected("the number of a case of this inspection")]
    base_version: Version | None = None
    follows: Annotated[str | None, Expected("the id of a save, or null")] = None

    @property
    def save(self) -> Save:
        """``follows`` counts only if there is no ``base_version``."""
        written = self.model_dump(exclude={"case"})
        if self.base_version is None:
            return Save(**written | {"base_version": 0})
        return Save(**written | {"follows": None})


class SavesInFile(Section):
    """``None`` is a save of another inspection; it keeps the positions in messages right."""

    saves: list[SaveInFile | None]


class OutboxContents(Section):
    schema_name: Annotated[
        Literal["outbox/1"], Expected("“outbox/1”, as “Download as a file” writes it")
    ] = Field(alias="schema")
    user: Annotated[int, Expected("somebody of this inspection’s team")]
    saves: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """``elsewhere`` counts the saves of other inspections, which their own leads load."""

    made_by: User
    saves: list[tuple[Case, Save]]
    elsewhere: int


def read_outbox_file(content: bytes, source: str, inspection: Inspection) -> OutboxFile:
    """The saves for ``inspection`` in the file ``source``. Raises ``NotValid``."""
    data = read_json(content, source)
    sent = read(OutboxContents, data, source)
    team = {one.user_id: one.user for one in inspection.memberships.select_related("user")}
    if sent.user not in team:
        expected = f"expected somebody of this inspection’s team, not {sent.user}"
        raise NotValid(source, ("user", expected))
    if not 1 <= len(sent.saves) <= MOST_SAVES:
        expected = f"expected a list of 1 to {MOST_SAVES:,} saves, not of {len(sent.saves):,}"
        raise NotValid(source, ("saves", expected))
    ours = [one if one.get("inspection") == inspection.pk else None for one in sent.saves]
    read_saves = read(SavesInFile, {"saves": ours}, source).saves
    cases = {case.pk: case for case in inspection.cases.select_related("allocated_to")}
    filed = {position: one for position, one in enumerate(read_saves) if one is not None}
    refuse(source, data, _faults(filed, cases, inspection.framework))
    saves = [(cases[one.case], one.save) for one in filed.values()]
    return OutboxFile(team[sent.user], saves, elsewhere=len(ours) - len(saves))


def _faults(
    saves: Mapping[int, SaveInFile], cases: Mapping[int, Case], edition: Edition
) -> Iterator[Fault]:
    for position, one in saves.items():
        at: Path = ("saves", position)
        case = cases.get(one.case)
        if case is None:
            yield (*at, "case"), f"expected the number of a case of this inspection, not {one.case}"
        else:
            codes = edition.case_questions(Group(case.group))
            yield from one.faults(at, CaseQuestions(edition, codes))
