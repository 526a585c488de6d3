"""Who may do what with an inspection.

``why_not_x`` gives the reason against in words, or ``None``; ``can_x`` and ``check_x``
ask it. Whoever is neither on an inspection's team nor on its panel doesn't get this
far: for them the inspection doesn't exist (``Inspection.objects.visible_to``).
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from inspections.models import Inspection, Membership, User

Role = Membership.Role
State = Inspection.State


class Refused(PermissionDenied):
    """An action is not this person's, or not now; the message says why, in words."""


def refuse(reason: str | None) -> None:
    """Raise ``Refused`` when there is a reason."""
    if reason is not None:
        raise Refused(reason)


def why_not_see_judgements(user: User, inspection: Inspection) -> str | None:
    """Judgements are ratings; inspectors see them once fieldwork has closed."""
    if inspection.role_of(user) == Role.INSPECTOR and inspection.state == State.FIELDWORK:
        return (
            "Inspectors see ratings and judgements once fieldwork has closed, "
            "so that what a case shows is judged on its own."
        )
    return None


def can_see_judgements(user: User, inspection: Inspection) -> bool:
    return why_not_see_judgements(user, inspection) is None


def check_see_judgements(user: User, inspection: Inspection) -> None:
    refuse(why_not_see_judgements(user, inspection))


NEXT_STATES: dict[str, tuple[str, ...]] = {
    State.FIELDWORK: (State.REVIEW,),
    State.REVIEW: (State.FIELDWORK,),
    State.PANEL: (),
    State.SEALED: (),
}
"""Where the lead inspector may move an inspection from each state. The way to the panel and
back is ``ratings.panel``'s: it needs a meeting."""


def why_not_move(user: User, inspection: Inspection, to: str) -> str | None:
    """The lead inspector closes fieldwork and reopens it."""
    if inspection.role_of(user) != Role.LEAD_INSPECTOR:
        return "Only the lead inspector closes or reopens fieldwork."
    if to not in NEXT_STATES[inspection.state]:
        return f"From “{inspection.get_state_display()}” the inspection can't go there directly."
    return None


def can_move(user: User, inspection: Inspection, to: str) -> bool:
    return why_not_move(user, inspection, to) is None


def check_move(user: User, inspection: Inspection, to: str) -> None:
    refuse(why_not_move(user, inspection, to))
