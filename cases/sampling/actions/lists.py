"""Storing a list that was read, taking it or discarding it, and deciding about single cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from operator import attrgetter

from django.db import connection
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from cases.caseload.lists import ReadList
from cases.caseload.models.lists import AS_READ, hash_of_child
from cases.caseload.rows import CaseRow, reference_key
from cases.models import CaseList, CaseSource, Draw, LeadChoice, ListedCase
from cases.permissions import LOAD_LISTS
from inspections.history import action
from inspections.models import Inspection, User
from inspections.versions import Conflict

CHILD_REFERENCE = "Child reference"


class AlreadyTaken(Exception):
    """The same file was taken before; ``case_list`` is what came of it."""

    def __init__(self, case_list: CaseList) -> None:
        super().__init__(f"This file was loaded already: {case_list}.")
        self.case_list = case_list


class DrawnSince(Exception):
    """A sample was drawn since a list was taken, so the list stays."""


class NothingToTake(Exception):
    """No row of a list can be taken, or the rows with problems were not left out knowingly."""


@action
def store_list(
    *, inspection: Inspection, file_name: str, sha256: str, read: ReadList, by: User
) -> CaseList:
    """Store what was read of a file, all of it or nothing; it counts once it is taken.

    A list of the same file that still waits is replaced. Raises ``Refused``, and ``AlreadyTaken``
    for a file that was taken before.
    """
    locked = lock_inspection(inspection)
    LOAD_LISTS.check(by, locked)
    earlier = inspection.case_lists.filter(sha256=sha256, withdrawn_at=None).first()
    if earlier is not None and earlier.taken_at is not None:
        raise AlreadyTaken(earlier)
    if earlier is not None:
        earlier.delete()
    hidden = {found for found, ours in read.mapping.items() if ours == CHILD_REFERENCE}
    stored = CaseList.objects.create(
        inspection=locked,
        file_name=file_name[:255],
        sha256=sha256,
        mapping=dict(read.mapping),
        dropped=list(read.dropped),
        unknown=list(read.unknown),
        notes=list(read.notes),
        problems=[
            # A child's reference is never stored as it is, not even a faulty one.
            {**asdict(problem), "value": "" if problem.column in hidden else problem.value}
            for problem in read.problems
        ],
        rows_read=read.rows_read,
        loaded_at=timezone.now(),
        loaded_by=by,
    )
    _store_rows(stored, read.rows, known_spellings(locked))
    return stored


def _store_rows(case_list: CaseList, rows: Iterable[CaseRow], known: Mapping[str, str]) -> None:
    """Store ``rows``, each reference as ``known`` spells it.

    With COPY: it checks what INSERT checks, and an object of the ORM for each of 20,000 rows takes
    longer than the database does.
    """
    values_of = attrgetter(*AS_READ)
    place = AS_READ.index("reference")
    columns = ("case_list_id", "row", "child_hash", *AS_READ)
    names = SQL(", ").join(map(Identifier, columns))
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(ListedCase._meta.db_table), names)
    inspection = case_list.inspection_id
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(statement) as copy:
            for row in rows:
                values = list(values_of(row))
                values[place] = known.get(reference_key(row.reference), row.reference)
                child = hash_of_child(inspection, row.child_reference)
                copy.write_row((case_list.pk, row.row, child, *values))
        # The next pages compare all rows with each other, and the database would plan that for a
        # table as small as it was.
        cursor.execute(f"ANALYZE {ListedCase._meta.db_table}")


def known_spellings(inspection: Inspection) -> Mapping[str, str]:
    """How each case of the service that is known here is written, by its key.

    Another list may write YJ/1 as yj/1. Whatever is stored about a case has the first spelling, so
    that it is found by it.
    """
    listed = ListedCase.objects.filter(
        case_list__inspection=inspection, case_list__withdrawn_at=None
    )
    sampled = CaseSource.objects.filter(case__inspection=inspection)
    found = [
        *sampled.values_list("service_reference", flat=True),
        *listed.values_list("reference", flat=True).distinct(),
    ]
    return {reference_key(one): one for one in reversed(found)}


@action
def take_list(
    *, case_list: CaseList, leaves_out: bool, replaces_earlier: bool, by: User
) -> CaseList:
    """Take the valid rows of a list, so that they count.

    ``leaves_out`` says that the lead knows of the rows with problems. A case that an earlier list
    has is updated with ``replaces_earlier``, and otherwise left as it is. Raises ``Refused``,
    ``Conflict`` for a list that was taken or discarded meanwhile, and ``NothingToTake``.
    """
    locked = lock_inspection(case_list.inspection)
    LOAD_LISTS.check(by, locked)
    current = CaseList.objects.filter(pk=case_list.pk, inspection=locked).first()
    if current is None or current.taken_at is not None:
        raise Conflict(current)
    if not current.rows.exists():
        raise NothingToTake("No row of this list is valid. Correct it and load it again.")
    if current.problems and not leaves_out:
        raise NothingToTake("Say that the rows with problems are left out, or correct the list.")
    if not replaces_earlier:
        current.rows_left, _ = known_before(current).delete()
    current.taken_at, current.taken_by = timezone.now(), by
    current.save(update_fields=["rows_left", "taken_at", "taken_by"])
    return current


@action
def discard_list(*, case_list: CaseList, by: User) -> None:
    """Remove a list that isn't taken, with its rows. Raises ``Refused`` and ``Conflict``."""
    locked = lock_inspection(case_list.inspection)
    LOAD_LISTS.check(by, locked)
    current = CaseList.objects.filter(pk=case_list.pk, inspection=locked).first()
    if current is None or current.taken_at is not None:
        raise Conflict(current)
    current.delete()


@action
def withdraw_list(*, case_list: CaseList, by: User) -> CaseList:
    """Let a list that was taken count nowhere from now on, so that its file can be loaded again.

    Raises ``Refused``, ``DrawnSince``, and ``Conflict`` for one that isn't taken, or was withdrawn
    meanwhile.
    """
    locked = lock_inspection(case_list.inspection)
    LOAD_LISTS.check(by, locked)
    current = locked.case_lists.filter(pk=case_list.pk).first()
    if current is None or current.taken_at is None or current.withdrawn_at is not None:
        raise Conflict(current)
    if drawn_since(current):
        raise DrawnSince
    current.withdrawn_at, current.withdrawn_by = timezone.now(), by
    current.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return current


def drawn_since(case_list: CaseList) -> bool:
    """Whether a sample was drawn while ``case_list`` counted."""
    draws = Draw.objects.filter(sample__inspection=case_list.inspection_id)
    return draws.filter(drawn_at__gte=case_list.taken_at).exists()


def known_before(case_list: CaseList):  # type: ignore[no-untyped-def]  # a QuerySet of rows
    """The rows of ``case_list`` whose reference an earlier list has, that counts."""
    earlier = ListedCase.objects.that_count(case_list.inspection_id).exclude(case_list=case_list)
    return case_list.rows.filter(reference__in=earlier.values("reference"))


@action
def choose_case(
    *, inspection: Inspection, case: ListedCase, kind: LeadChoice.Kind, reason: str, by: User
) -> LeadChoice:
    """Leave a listed case out, keep it, or go by the rules again; ``reason`` says why.

    Of a child's cases one is kept, so another one that was kept before no longer is.
    """
    locked = lock_inspection(inspection)
    LOAD_LISTS.check(by, locked)
    if kind == LeadChoice.Kind.KEPT and case.child_hash:
        siblings = (
            ListedCase.objects.current(locked)
            .filter(child_hash=case.child_hash, group=case.group)
            .exclude(reference=case.reference)
        )
        for reference in siblings.values_list("reference", flat=True):
            latest = LeadChoice.objects.filter(inspection=locked, reference=reference).first()
            if latest is not None and latest.kind == LeadChoice.Kind.KEPT:
                choose(locked, reference, LeadChoice.Kind.WITHDRAWN, reason, by)
    return choose(locked, case.reference, kind, reason, by)


def choose(
    inspection: Inspection, reference: str, kind: LeadChoice.Kind, reason: str, by: User
) -> LeadChoice:
    """Record a choice about the case with this reference of the service."""
    return LeadChoice.objects.create(
        inspection=inspection,
        reference=reference,
        kind=kind,
        reason=reason,
        chosen_at=timezone.now(),
        chosen_by=by,
    )


def lock_inspection(inspection: Inspection) -> Inspection:
    """The current row, locked until the transaction ends: lists, draws and changes of a sample
    wait for each other, and saves of answers don't wait for them."""
    return Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
