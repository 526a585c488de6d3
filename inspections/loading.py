"""Loads the inspection of a page, or answers 404 to those who may not see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from inspections.access.permissions import Permission
from inspections.models import Inspection, User
from inspections.permissions import SEE_SET_UP


def load_inspection(
    user: User,
    inspection_id: int,
    *,
    to: Permission | None = None,
    also: Iterable[str | Prefetch[Any]] = (),
) -> Inspection:
    """The inspection with its service and team, for those on it.

    ``also`` names relations to load with it, as for ``prefetch_related``. Raises ``Http404`` for
    everybody else, and ``Refused`` for those who may not do what ``to`` permits.
    """
    visible = Inspection.objects.visible_to(user).with_team().prefetch_related(*also)
    return _permitted(user, get_object_or_404(visible, pk=inspection_id), to)


def load_set_up(
    user: User,
    inspection_id: int,
    *,
    to: Permission = SEE_SET_UP,
    also: Iterable[str | Prefetch[Any]] = (),
) -> Inspection:
    """The same for pages about the announcement, the checklist and the team, which administrators
    open too. Such pages show nothing that is recorded in the inspection."""
    known = Inspection.objects.set_up_by(user).with_team().prefetch_related(*also)
    return _permitted(user, get_object_or_404(known, pk=inspection_id), to)


def _permitted(user: User, inspection: Inspection, to: Permission | None) -> Inspection:
    if to is not None:
        to.check(user, inspection)
    return inspection
