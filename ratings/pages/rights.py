"""What somebody may do from the ratings page: its links and a few of its words depend on it."""

from __future__ import annotations

from typing import NamedTuple

from cases.permissions import SEE_ANSWERS
from inspections.models import Inspection, User
from ratings.permissions import DECIDE, JUDGE


class Rights(NamedTuple):
    """Whoever has the same rights sees the same page.

    ``judges`` is true for those whose judgement a standard waits for, whether or not it can be
    given now.
    """

    decides: bool = False
    judges: bool = False
    sees_answers: bool = False


def rights_of(user: User, inspection: Inspection) -> Rights:
    return Rights(
        decides=DECIDE.can(user, inspection),
        judges=JUDGE.is_for(user, inspection),
        sees_answers=SEE_ANSWERS.can(user, inspection),
    )
