"""The tables whose rows belong to an inspection and can't change once its result is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from pghistory.core import event_models
from pghistory.models import Event

from inspections.models import DeletionCertificate, Inspection
from ratings.models import (
    Evidence,
    EvidenceUse,
    Finding,
    FindingSupport,
    InspectionExport,
    NamedChair,
    PanelHearing,
    PanelMeeting,
    PanelSeat,
    Publication,
    Reopening,
    RetentionPeriod,
)

APPS = ("inspections", "cases", "ratings")

ADDED_WHILE_SEALED: tuple[type[models.Model], ...] = (
    NamedChair,
    Publication,
    RetentionPeriod,
    InspectionExport,
    DeletionCertificate,
)
"""What is said about a sealed inspection, and who may reopen it: rows that are added and stay as
they are."""

WRITABLE_WHILE_SEALED: tuple[type[models.Model], ...] = (Reopening, *ADDED_WHILE_SEALED)
"""Tables that belong to an inspection and are written while it is sealed. Never add a table with
evidence, judgements or decisions."""


@dataclass(frozen=True)
class Step:
    """From the rows at hand to those of ``table`` whose ``match`` equals their ``column``."""

    column: str
    table: str
    match: str


@dataclass(frozen=True)
class SealedTable:
    """A table, and the paths (``ways``) of steps to the inspections that its rows belong to."""

    name: str
    ways: tuple[tuple[Step, ...], ...]


def sealed_tables() -> tuple[SealedTable, ...]:
    """Every table whose rows belong to an inspection, by whatever chain of foreign keys.

    They are found by foreign keys, so that a new one can't be forgotten. A meeting of the panel
    belongs to the inspections that it hears.
    """
    heard = Step("id", PanelHearing._meta.db_table, "meeting_id")
    of_hearing = Step("inspection_id", Inspection._meta.db_table, "id")
    meeting = Step("meeting_id", PanelMeeting._meta.db_table, "id")
    found = [
        SealedTable(model._meta.db_table, found_ways)
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not issubclass(model, Event)
        and model not in WRITABLE_WHILE_SEALED
        and (found_ways := tuple(ways(model)))
    ]
    found.append(SealedTable(PanelMeeting._meta.db_table, ((heard, of_hearing),)))
    found.append(SealedTable(PanelSeat._meta.db_table, ((meeting, heard, of_hearing),)))
    return tuple(sorted(found, key=lambda table: table.name))


def purged_models() -> tuple[type[models.Model], ...]:
    """The case content of an inspection, which ``manage.py purge`` removes once it need not be kept
    any longer, histories included: all of ``cases``, evidence and findings.

    The function in the database that removes it names the same tables (a test compares them). A
    declared interest is about a person and a service, and belongs to no inspection.
    """
    texts = (Evidence, EvidenceUse, Finding, FindingSupport)
    of_cases = apps.get_app_config("cases").get_models(include_auto_created=True)
    found = [model for model in of_cases if any(ways(model))]
    found += [
        model
        for model in apps.get_app_config("ratings").get_models(include_auto_created=True)
        if model in texts
        or (issubclass(model, Event) and getattr(model, "pgh_tracked_model", None) in texts)
    ]
    return tuple(sorted(found, key=lambda model: model._meta.db_table))


def purged_tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in purged_models())


def event_tables() -> tuple[str, ...]:
    """The tables of histories. Rows are added only by the triggers of the tracked tables, and never
    change; a sealed inspection writes no events."""
    return tuple(sorted(model._meta.db_table for model in event_models()))


def ways(
    model: type[models.Model], seen: tuple[type[models.Model], ...] = ()
) -> Iterator[tuple[Step, ...]]:
    """Every chain of foreign keys from the rows of ``model`` to an inspection."""
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        target = field.related_model
        assert isinstance(target, type)
        step = Step(field.column, target._meta.db_table, str(field.target_field.column))
        if target is Inspection:
            yield (step,)
        elif target not in (*seen, model):
            for further in ways(target, (*seen, model)):
                yield (step, *further)
