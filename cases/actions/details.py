"""Recording details of a case: each save of one field is accepted, in conflict or refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cases.actions.saves import Outcome, SaveResult, SaveReused, Sent, check_of_file
from cases.details import DETAIL_FIELDS
from cases.models import Case, DetailSave
from cases.permissions import RECORD
from inspections.announcements import announce
from inspections.history import action
from inspections.models import User


@dataclass(frozen=True, slots=True)
class DetailChange(Sent):
    """One detail to be saved: ``value`` as the case has it.

    ``base_version`` is the version of the case that the inspector saw.
    """

    field: str
    value: Any
    base_version: int


@dataclass(frozen=True, slots=True)
class CurrentDetail:
    """The current value of a detail, with the version, author and time of its save.

    Without an author if it was recorded when the case was made. ``loaded_by`` loaded it from the
    file of a device.
    """

    value: Any
    version: int
    by: str = ""
    at: datetime | None = None
    loaded_by: str = ""


@action
def record_details(
    *, case_id: int, saves: Sequence[DetailChange], by: User, loaded_by: User | None = None
) -> list[SaveResult]:
    """Record the saves; returns for each, in order, whether it was accepted or in conflict.

    A save is accepted unless the same detail was saved after ``base_version``; a save of what
    stands is no conflict, and makes no version. Every save stays in the history, with
    ``loaded_by`` if somebody loaded it from a file. The first accepted one starts the case. Raises
    ``Refused`` when ``by`` may not record in the case (any more), ``SaveReused``, and
    ``ValueError`` for a field that is not a detail of a case. The form checks values before.
    """
    unknown = {save.field for save in saves} - set(DETAIL_FIELDS)
    if unknown:
        raise ValueError(f"not details of a case: {', '.join(sorted(unknown))}")
    case = Case.objects.locked(case_id)
    arrived = _arrived(case, saves, by)
    new = [save for save in saves if save.id not in arrived]
    if new:
        check_of_file(RECORD, case, by, loaded_by)
    before = case.version
    kept = arrived | _keep(case, new, by, loaded_by)
    if case.version > before:
        changed = {save.field for save in new if kept[save.id].version is not None}
        if case.state == Case.State.NOT_STARTED:
            case.state = Case.State.IN_PROGRESS
        case.save(update_fields=[*changed, "version", "state"])
        announce(case.inspection_id)
    current = current_details(case, {save.field for save in saves})
    return [_result(save, kept[save.id], current[save.field]) for save in saves]


def current_details(case: Case, fields: Iterable[str]) -> dict[str, CurrentDetail]:
    """What stands of these details in ``case`` as it was loaded, by field."""
    latest = _accepted(case, fields)
    return {name: _current(case, name, latest.get(name)) for name in fields}


def _current(case: Case, name: str, save: DetailSave | None) -> CurrentDetail:
    value = getattr(case, name)
    if save is None:
        return CurrentDetail(value, case.version)
    loaded_by = str(save.loaded_by) if save.loaded_by else ""
    return CurrentDetail(value, save.version or 0, str(save.saved_by), save.saved_at, loaded_by)


def _accepted(case: Case, fields: Iterable[str]) -> dict[str, DetailSave]:
    """The latest accepted save of each of these fields that has one.

    Not one that came after ``case`` was loaded: its value is not the one that ``case`` has.
    """
    saves = case.detail_saves.filter(field__in=fields, version__lte=case.version)
    latest = (
        saves.order_by("field", "-version")
        .distinct("field")
        .select_related("saved_by", "loaded_by")
    )
    return {save.field: save for save in latest}


def _arrived(case: Case, saves: Sequence[DetailChange], by: User) -> dict[Any, DetailSave]:
    """Those that arrived before. Raises ``SaveReused``."""
    arrived = DetailSave.objects.in_bulk([save.id for save in saves])
    for save in saves:
        earlier = arrived.get(save.id)
        if earlier is not None and (
            earlier.case_id,
            earlier.saved_by_id,
            earlier.field,
            earlier.value,
        ) != (case.pk, by.pk, save.field, _json(save.value)):
            raise SaveReused(save.id)
    return arrived


def _keep(
    case: Case, saves: Sequence[DetailChange], by: User, loaded_by: User | None
) -> dict[Any, DetailSave]:
    """Add the saves to the history, and the accepted ones to ``case``, which stays unsaved."""
    at = timezone.now()
    latest = _accepted(case, {save.field for save in saves})
    standing = {name: save.version or 0 for name, save in latest.items()}
    kept = []
    for place, save in enumerate(saves):
        stands = standing.get(save.field)
        version = same_as = None
        if save.value == getattr(case, save.field):
            same_as = case.version if stands is None else stands
        elif stands is None or stands <= save.base_version:
            case.version += 1
            version = standing[save.field] = case.version
            setattr(case, save.field, save.value)
        kept.append(
            DetailSave(
                id=save.id,
                case=case,
                field=save.field,
                value=_json(save.value),
                base_version=save.base_version,
                version=version,
                same_as=same_as,
                made_at=save.made_at,
                saved_at=at + timedelta(microseconds=place),
                saved_by=by,
                loaded_by=loaded_by,
            )
        )
    DetailSave.objects.bulk_create(kept)
    return {one.pk: one for one in kept}


def _result(save: DetailChange, kept: DetailSave, current: CurrentDetail) -> SaveResult:
    version = kept.same_as if kept.version is None else kept.version
    outcome = Outcome.CONFLICT if version is None else Outcome.SAVED
    return SaveResult(save, outcome, version, current)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
