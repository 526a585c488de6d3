"""Reads the file of a device's unsent saves, which static/recording/outbox_page.js writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from pydantic import Field

from cases.actions import CommentSave, DetailChange, Save, Sent, Unfit
from cases.details import DETAIL_FIELDS
from cases.models import Case
from cases.save_parsing import CaseQuestions, CommentFields, DetailFields, SaveFields, Version
from inspections.framework import Group, NotValid
from inspections.framework.reading import (
    Expected,
    Fault,
    Path,
    Section,
    read,
    read_json,
    refuse,
    shown,
)
from inspections.history import events_of
from inspections.models import Inspection, Membership, User
from inspections.team.work import HOLDING_ROLES

MOST_BYTES = 5_000_000
MOST_SAVES = 5_000


class InFile(Section):
    """``follows`` is the id of the save that this one is based on, if that one had no version yet
    when the file was written. It counts only if there is no ``base_version``."""

    case: Annotated[int, Expected("the number of a case of this inspection")]
    base_version: Version | None = None
    follows: Annotated[str | None, Expected("the id of a save, or null")] = None

    @property
    def basis(self) -> dict[str, Any]:
        if self.base_version is None:
            return {"base_version": 0, "follows": self.follows}
        return {"base_version": self.base_version}


class AnswerInFile(SaveFields, InFile):
    def save(self, questions: CaseQuestions) -> Save:
        answer = self.model_dump(include={"question", "value", "note", "id", "made_at"})
        return Save(**answer | self.basis)


class DetailInFile(DetailFields, InFile):
    def faults(self, at: Path, questions: CaseQuestions) -> Iterator[Fault]:
        if self.field not in DETAIL_FIELDS:
            yield (*at, "field"), f"expected the name of a detail, not {shown(self.field)}"

    def save(self, questions: CaseQuestions) -> DetailChange | Unfit:
        try:
            value = self.cleaned(questions.group)
        except ValidationError as error:
            typed = " ".join(self.value) if isinstance(self.value, list) else self.value
            return Unfit(self.field, typed, error.messages[0], id=self.id)
        return DetailChange(self.field, value, id=self.id, made_at=self.made_at, **self.basis)


class CommentInFile(CommentFields, InFile):
    def faults(self, at: Path, questions: CaseQuestions) -> Iterator[Fault]:
        return iter(())

    def save(self, questions: CaseQuestions) -> CommentSave | Unfit:
        try:
            return self.cleaned(questions)
        except ValidationError as error:
            return Unfit(self.action, self.text, error.messages[0], id=self.id)


SaveInFile = AnswerInFile | DetailInFile | CommentInFile


class AnswersInFile(Section):
    """``None`` is a save of another kind or inspection; it keeps the positions in messages
    right."""

    saves: list[AnswerInFile | None]


class DetailsInFile(Section):
    saves: list[DetailInFile | None]


class CommentsInFile(Section):
    saves: list[CommentInFile | None]


SHAPES: dict[str, type[AnswersInFile | DetailsInFile | CommentsInFile]] = {
    "answer": AnswersInFile,
    "detail": DetailsInFile,
    **dict.fromkeys(("comment", "reply", "resolve"), CommentsInFile),
}
"""The shape of the saves of each kind."""


class OutboxContents(Section):
    schema_name: Annotated[
        Literal["outbox/1", "outbox/2"],
        Expected("“outbox/1” or “outbox/2”, as “Download as a file” writes it"),
    ] = Field(alias="schema")
    user: Annotated[int, Expected("somebody who is or was on this inspection’s team")]
    saves: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """``elsewhere`` counts the saves of other inspections, which their own leads load."""

    made_by: User
    saves: Sequence[tuple[Case, Sent]]
    elsewhere: int


def read_outbox_file(content: bytes, source: str, inspection: Inspection) -> OutboxFile:
    """The saves for ``inspection`` in the file ``source``. Raises ``NotValid``."""
    data = read_json(content, source)
    sent = read(OutboxContents, data, source)
    made_by = _once_on_the_team(inspection, sent.user)
    if made_by is None:
        expected = f"expected somebody who is or was on this inspection’s team, not {sent.user}"
        raise NotValid(source, ("user", expected))
    if not 1 <= len(sent.saves) <= MOST_SAVES:
        expected = f"expected a list of 1 to {MOST_SAVES:,} saves, not of {len(sent.saves):,}"
        raise NotValid(source, ("saves", expected))
    ours = [
        _flat(one, sent.schema_name) if one.get("inspection") == inspection.pk else None
        for one in sent.saves
    ]
    filed = _read_kinds(ours, source)
    cases = {case.pk: case for case in inspection.cases.select_related("allocated_to")}
    edition = inspection.framework
    questions = {
        key: CaseQuestions(edition, case.group, edition.case_questions(Group(case.group)))
        for key, case in cases.items()
    }
    refuse(source, data, _faults(filed, questions))
    saves = [(cases[one.case], one.save(questions[one.case])) for one in filed.values()]
    return OutboxFile(made_by, saves, elsewhere=len(ours) - len(saves))


def _once_on_the_team(inspection: Inspection, person: int) -> User | None:
    """The person of this number, if they hold or ever held cases of ``inspection``: what they
    recorded may still wait on their device."""
    joined = events_of(Membership).filter(inspection=inspection.pk, role__in=HOLDING_ROLES)
    return User.objects.filter(pk=person, pk__in=joined.values("user")).first()


def _flat(entry: dict[str, Any], schema: str) -> dict[str, Any]:
    """An entry of either schema, with its content beside its id; outbox/1 has only answers."""
    if schema == "outbox/1":
        return entry | {"kind": "answer"}
    content = entry.get("content")
    return (content if isinstance(content, dict) else {}) | entry


def _read_kinds(entries: Sequence[dict[str, Any] | None], source: str) -> dict[int, SaveInFile]:
    """The entries by their position. Raises ``NotValid`` with the faults of every kind."""
    kinds = [None if one is None else str(one.get("kind")) for one in entries]
    faults = [
        (f"saves › {place} › kind", f"expected one of {', '.join(SHAPES)}")
        for place, kind in enumerate(kinds, start=1)
        if kind is not None and kind not in SHAPES
    ]
    found: dict[int, SaveInFile] = {}
    for shape in dict.fromkeys(SHAPES.values()):
        of_shape = [
            one if SHAPES.get(kind or "") is shape else None
            for one, kind in zip(entries, kinds, strict=True)
        ]
        try:
            saves = read(shape, {"saves": of_shape}, source).saves
        except NotValid as error:
            faults += error.faults
        else:
            found |= {place: one for place, one in enumerate(saves) if one is not None}
    if faults:
        raise NotValid(source, *faults)
    return dict(sorted(found.items()))


def _faults(
    saves: Mapping[int, SaveInFile],
    questions: Mapping[int, CaseQuestions],
) -> Iterator[Fault]:
    for position, one in saves.items():
        at: Path = ("saves", position)
        if one.case not in questions:
            yield (*at, "case"), f"expected the number of a case of this inspection, not {one.case}"
        else:
            yield from one.faults(at, questions[one.case])
