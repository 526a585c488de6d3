"""Loading an inspection for those who may see its ratings."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from inspections.models import Inspection, User
from ratings import policies


def load_inspection(user: User, inspection_id: int) -> Inspection:
    """The inspection, for whoever is on it and may see its ratings now; for all others it
    does not exist, or they are refused in words."""
    visible = Inspection.objects.visible_to(user).select_related("service")
    inspection = get_object_or_404(visible, pk=inspection_id)
    policies.check_see_ratings(user, inspection)
    return inspection
