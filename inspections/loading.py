"""Loads the inspection of a page, or answers 404 to those who may not see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from inspections.access.permissions import Permission
from inspections.models import Inspection, User
from inspections.permissions import SEE_SET_UP


class ContentRemoved(PermissionDenied):
    """What is asked for was removed, as it need not be kept any longer: ``inspection`` has the
    certificate. The page of it says so in words (``config.pages.forbidden``)."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(
            "The case content of this inspection was removed, because it need not be kept any "
            "longer. The sealed result is kept."
        )
        self.inspection = inspection


def load_inspection(
    user: User,
    inspection_id: int,
    *,
    to: Permission | None = None,
    also: Iterable[str | Prefetch[Any]] = (),
    shows_what_stays: bool = False,
) -> Inspection:
    """The inspection with its service and team, for those on it.

    ``also`` names relations to load with it, as for ``prefetch_related``. Raises ``Http404`` for
    everybody else, ``Refused`` for those who may not do what ``to`` permits, and
    ``ContentRemoved`` once the case content was removed, unless the page ``shows_what_stays``.
    """
    visible = Inspection.objects.visible_to(user).with_team().prefetch_related(*also)
    inspection = _permitted(user, get_object_or_404(visible, pk=inspection_id), to)
    if inspection.certificate and not shows_what_stays:
        raise ContentRemoved(inspection)
    return inspection


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
