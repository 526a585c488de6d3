"""What people have recorded in a replayed inspection, which another replay would take away.

Every table whose rows belong to the inspection is asked, found by foreign keys, so a new one can't
be forgotten: where nothing here says otherwise, each of its rows was recorded by somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db.models import ForeignKey, Model, Q
from pghistory.models import Event

from cases.models import (
    Answer,
    AnswerSave,
    Case,
    DetailSave,
    ExpectedMinutes,
    InterviewedCase,
    InterviewSlot,
    LinkedCase,
    LinkedCases,
    Sample,
)
from cases.words import counted
from inspections.models import Inspection, Membership, User
from ratings.models import Discretion, Evidence, Judgement, PanelHearing, Replay, SealAgreement

Table = type[Model]

FILLED: tuple[Table, ...] = (AnswerSave, Case, Discretion, Judgement, Sample)
"""Of these the replay stores rows too; ``_of_people`` tells which aren't its own."""

KEPT: tuple[Table, ...] = (
    Membership,
    ExpectedMinutes,
    Replay,
    Answer,
    InterviewedCase,
    LinkedCase,
)
"""Of these no row counts: team and expected minutes stay, each answer has its save, and the last
two belong to an interview or a set of linked cases."""

NAMES: dict[Table, str] = {
    AnswerSave: "saved answer",
    Case: "changed case",
    DetailSave: "saved detail",
    Discretion: "panel decision",
    Evidence: "evidence item",
    InterviewSlot: "planned interview",
    LinkedCases: "link",
    PanelHearing: "panel submission",
    Sample: "changed sample",
    SealAgreement: "confirmation",
}
"""What rows are called where the name of their model isn't what people call them."""


def recorded(
    inspection: Inspection, author: User, state: str, case: Mapping[str, object]
) -> list[str]:
    """What people recorded, and how much of it, such as “2 saved answers”.

    ``author`` is the account that replayed evidence names; ``state`` and ``case`` are what a
    replay stores of an inspection and of each case.
    """
    of_people = _of_people(author, Case(**case))
    belongs: dict[Table, Q] = defaultdict(Q)
    for table, lookup in tables():
        belongs[table] |= Q(**{lookup: inspection})
    found = [
        counted(number, NAMES.get(table, str(table._meta.verbose_name)))
        for table, condition in belongs.items()
        if table not in KEPT
        and (number := table._default_manager.filter(condition, of_people.get(table, Q())).count())
    ]
    if inspection.state != state:
        found.append(f"a move to “{inspection.get_state_display()}”")
    return found


def _of_people(author: User, case: Case) -> dict[Table, Q]:
    return {
        AnswerSave: ~Q(saved_by=author),
        Case: _unlike(case, "inspection", "reference", "group", "allocated_to"),
        Discretion: ~Q(decided_by=author) | Q(withdrawn_at__isnull=False),
        Judgement: ~Q(saved_by=author),
        Sample: _unlike(Sample(), "inspection", "group"),
    }


def _unlike(stored: Model, *apart_from: str) -> Q:
    """Some field, but for the key and those of ``apart_from``, isn't as it was stored."""
    unlike = Q()
    for field in stored._meta.concrete_fields:
        if not field.primary_key and field.name not in apart_from:
            unlike |= ~Q(**{field.name: getattr(stored, field.attname)})
    return unlike


def tables(of: Table = Inspection, lookup: str = "") -> Iterator[tuple[Table, str]]:
    """Each table whose rows belong to rows of ``of``, with the lookup of their inspection.

    What belongs to rows that all count isn't counted besides: a reply goes with its comment.
    """
    for relation in of._meta.get_fields(include_hidden=True):
        key = getattr(relation, "field", None)
        if not isinstance(key, ForeignKey) or key.model is of or issubclass(key.model, Event):
            continue
        longer = f"{key.name}__{lookup}" if lookup else key.name
        yield key.model, longer
        if key.model in (*FILLED, *KEPT):
            yield from tables(key.model, longer)
