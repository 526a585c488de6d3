"""The history of records: django-pghistory's events, which the database's triggers write.

An event holds a record as it was made, changed or removed (``pgh_label``), when, and in
``pgh_context`` who did it (``user``) and in which request (``url``) or command. Events outlive the
record; rows can only be added (``ratings.results.triggers``). ``@pghistory.track()`` gives a model
its events.
"""

from __future__ import annotations

from collections.abc import Callable
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
    """Decorate a write that takes ``by``: one transaction, recorded as done by this person."""

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
