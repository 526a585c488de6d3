"""What hangs on somebody whose account is closed."""

from __future__ import annotations

from collections.abc import Iterator

from inspections.models import Inspection, Membership, User
from inspections.team.work import held_by
from ratings.models import current_hearing, hearings
from ratings.panel.page import NAMES_CHAIR_IN

Role = Membership.Role


def hangs_on(person: User) -> Iterator[str]:
    """In sentences, for each inspection: that they lead it, what they hold there, and that they
    chair the hearing of it."""
    own = Inspection.objects.filter(memberships__user=person).order_by("pk")
    for inspection in own.with_team().prefetch_related(*hearings()):
        name, sealed = inspection.service.name, inspection.is_sealed
        if inspection.role_of(person) == Role.LEAD_INSPECTOR and not sealed:
            yield (
                f"{person} leads the inspection of {name}. Make somebody else its lead inspector "
                "on the page of its team."
            )
        if not sealed and (held := held_by(inspection).get(person.pk)):
            yield (
                f"{person} holds {held} in the inspection of {name}. The lead inspector gives this "
                "to others, or takes them off the team."
            )
        hearing = current_hearing(inspection)
        if hearing and hearing.chair == person and inspection.state in NAMES_CHAIR_IN:
            yield (
                f"{person} chairs the hearing of the inspection of {name}. A member of its panel, "
                "or an administrator on the page of the meeting, names another chair."
            )
