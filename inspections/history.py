"""What became of a record: django-pghistory's events, which the database's triggers write.

An event holds a record as it was made, changed or removed (``pgh_label``), when, and in
``pgh_context`` who did it (``user``) and in which request (``url``) or command. Events outlive the
record and are only ever added (``ratings.results.triggers``). ``@pghistory.track()`` gives a
model its events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import pghistory
from django.db import transaction
from django.db.models import Model, QuerySet
from pghistory.core import event_models

from inspections.models import User

P = ParamSpec("P")
R = TypeVar("R")


def action(write: Callable[P, R]) -> Callable[P, R]:
    """A write that takes ``by``: one transaction, in the history as what this person did."""

    @wraps(write)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        by = cast(User, kwargs["by"])
        with pghistory.context(user=by.pk), transaction.atomic():
            return write(*args, **kwargs)

    return run


def events_of(model: type[Model]) -> QuerySet[Any]:
    """Every event of a model's records; ``pgh_obj_id`` is the record's number."""
    (history,) = event_models(tracks_model=model)
    return history._default_manager.all()


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a record. ``changed`` holds ``(before, after)`` by the name of each field that
    differs from the event before; for the first one ``before`` is ``None``."""

    at: datetime
    label: str
    by: User | None
    changed: dict[str, tuple[Any, Any]]


def changes(events: QuerySet[Any]) -> Iterator[Change]:
    """The changes of one record, oldest first, in two queries."""
    found = list(events.order_by("pgh_id"))
    people = User.objects.in_bulk({who for event in found if (who := _who(event)) is not None})
    names = [
        field.attname
        for field in events.model._meta.concrete_fields
        if not field.name.startswith("pgh_")
    ]
    before: dict[str, Any] = {}
    for event in found:
        now = {name: getattr(event, name) for name in names}
        changed = {
            name: (before.get(name), value)
            for name, value in now.items()
            if not before or before[name] != value
        }
        who = _who(event)
        yield Change(event.pgh_created_at, event.pgh_label, people.get(who), changed)
        before = now


def _who(event: Any) -> int | None:
    return (event.pgh_context or {}).get("user")
