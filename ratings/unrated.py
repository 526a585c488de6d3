"""Inspections that give no ratings: every page that would rate says so instead.

Source: method.md, Sampling. Evidence and findings are recorded in them as in any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from inspections.access.permissions import Permission
from inspections.access.requests import SignedInRequest
from inspections.loading import ContentRemoved, load_inspection
from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS


class GivesNoRatings(Exception):
    """This inspection was announced as one that gives no ratings."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(inspection.pk)
        self.inspection = inspection


def load_rated(
    user: User,
    inspection_id: int,
    *,
    to: Permission = SEE_RATINGS,
    also: Iterable[str | Prefetch[Any]] = (),
    shows_what_stays: bool = False,
) -> Inspection:
    """The inspection, for those who may do what ``to`` permits. Raises ``GivesNoRatings`` for those
    who could if it gave ratings, and as ``load_inspection`` does."""
    inspection = load_inspection(user, inspection_id, also=also, shows_what_stays=True)
    if not inspection.gives_ratings and to.is_for(user, inspection):
        raise GivesNoRatings(inspection)
    to.check(user, inspection)
    if inspection.certificate and not shows_what_stays:
        raise ContentRemoved(inspection)
    return inspection


def says_if_unrated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the views that ``load_rated``: the page that says that nothing is rated."""

    @wraps(view)
    def run(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except GivesNoRatings as none:
            context = {"inspection": none.inspection, "crumbs": [("Ratings", "")]}
            status = 403 if request.method == "POST" else 200
            return render(request, "ratings/unrated/page.html", context, status=status)

    return run
