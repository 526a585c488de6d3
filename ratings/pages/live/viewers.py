"""The people who watch the streams of this process, and whether they still may.

Nothing stays open for somebody whose session, account or part in the inspection has ended. One
stream checks all of them, every ``CHECK_SECONDS`` and by one query, however many are open.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils.crypto import constant_time_compare

from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS, Part
from ratings.pages.rights import Rights, rights_of

CHECK_SECONDS = 2.0
"""Seconds between two checks that the viewers of this process are signed in and may see theirs."""

RIGHTS_SECONDS = 15.0
"""The longest time between two checks of a viewer's rights, which their page depends on."""

ENDED = "You can no longer see these ratings. Go back to the inspection to find out why."
SIGNED_OUT = (
    "You are not signed in any more, so these ratings no longer change. "
    "Sign in again and load this page to see them as they are."
)
CLOSED = "Your account is closed, so you can no longer see these ratings."

# One row for each viewer. A session that expired is none.
STANDING = """
SELECT s.session_data, u.password, u.is_active, m.role, i.state, i.moved_back_at IS NOT NULL,
    i.gives_ratings AND d.id IS NULL
FROM unnest(%(sessions)s::text[], %(people)s::bigint[], %(inspections)s::bigint[])
    WITH ORDINALITY AS asked (session, person, inspection, place)
LEFT JOIN django_session s ON s.session_key = asked.session AND s.expire_date > now()
LEFT JOIN inspections_user u ON u.id = asked.person
LEFT JOIN inspections_membership m
    ON m.user_id = asked.person AND m.inspection_id = asked.inspection
LEFT JOIN inspections_inspection i ON i.id = m.inspection_id
LEFT JOIN inspections_deletioncertificate d ON d.inspection_id = i.id
ORDER BY asked.place
"""


class MayNotSee(Exception):
    """The viewer may not see these ratings (any more); the message says why."""


class Viewer:
    """The person with a page open and their permissions there.

    ``state`` is the inspection's state at the last check. Once they are admitted, ``Watch`` sets
    ``why_ended``, from any thread.
    """

    def __init__(self, user_id: int, session: SessionBase, inspection_id: int) -> None:
        self.user_id, self.session, self.inspection_id = user_id, session, inspection_id
        self.rights = Rights()
        self.is_admitted = False
        self.state: str | None = None
        self.why_ended = ""
        self._checked_at = float("-inf")

    def check(self) -> bool:
        """Check their permissions again; returns whether their page has changed.

        Raises ``MayNotSee``.
        """
        before = self.rights
        try:
            self.rights = self._rights_now()
        finally:
            connection.close()
        self.is_admitted = True
        self._checked_at = time.monotonic()
        return self.rights != before

    def check_if_due(self) -> bool:
        """As ``check``, if the last one is long enough ago. Raises ``MayNotSee``."""
        if self.why_ended:
            raise MayNotSee(self.why_ended)
        return time.monotonic() - self._checked_at >= RIGHTS_SECONDS and self.check()

    def _rights_now(self) -> Rights:
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
        if user is None:
            raise MayNotSee(CLOSED)
        visible = Inspection.objects.visible_to(user).select_related("deletion_certificate")
        inspection = visible.filter(pk=self.inspection_id).first()
        if inspection is None or not inspection.gives_ratings or inspection.certificate:
            raise MayNotSee(ENDED)
        if not SEE_RATINGS.can(user, inspection):
            raise MayNotSee(ENDED)
        return rights_of(user, inspection)


class Watch:
    """Ends what the viewers of this process may no longer see."""

    def __init__(self) -> None:
        self._viewers: set[Viewer] = set()
        self._checking = threading.Lock()
        self._checked_at = float("-inf")

    @contextmanager
    def over(self, viewers: Sequence[Viewer]) -> Iterator[None]:
        """Check ``viewers`` with all others meanwhile."""
        self._viewers.update(viewers)
        try:
            yield
        finally:
            self._viewers.difference_update(viewers)

    @property
    def due_in(self) -> float:
        """Seconds until the next check is due."""
        return max(0.0, self._checked_at + CHECK_SECONDS - time.monotonic())

    def check_if_due(self) -> bool:
        """Check all viewers, unless another stream does or did; returns whether one has ended."""
        if self.due_in or not self._checking.acquire(blocking=False):
            return False
        try:
            self._checked_at = time.monotonic()
            viewers = [viewer for viewer in list(self._viewers) if viewer.is_admitted]
            for viewer, why in zip(viewers, _reasons_against(viewers), strict=True):
                viewer.why_ended = why
            return any(viewer.why_ended for viewer in viewers)
        finally:
            self._checking.release()
            connection.close()


def _reasons_against(viewers: list[Viewer]) -> list[str]:
    """Why each may not see their ratings any more; empty for those who may."""
    with connection.cursor() as cursor:
        cursor.execute(
            STANDING,
            {
                "sessions": [viewer.session.session_key for viewer in viewers],
                "people": [viewer.user_id for viewer in viewers],
                "inspections": [viewer.inspection_id for viewer in viewers],
            },
        )
        rows = cursor.fetchall()
    return [_why_not(viewer, *row) for viewer, row in zip(viewers, rows, strict=True)]


def _why_not(
    viewer: Viewer,
    session_data: str | None,
    password: str | None,
    is_active: bool | None,
    role: str | None,
    state: str | None,
    is_moved_back: bool | None,
    gives_ratings: bool | None,
) -> str:
    if not is_active:
        return CLOSED
    user = User(pk=viewer.user_id, password=password or "")
    if session_data is None or not _signs_in(viewer.session.decode(session_data), user):
        return SIGNED_OUT
    part = Part(role, state or "", is_moved_back=bool(is_moved_back))
    is_seen = gives_ratings and SEE_RATINGS.can(user, part)
    return "" if is_seen else ENDED


def _signs_in(session: dict[str, object], user: User) -> bool:
    """As ``django.contrib.auth.get_user`` decides: a changed password ends other sessions."""
    verified = str(session.get(HASH_SESSION_KEY, ""))
    return session.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
        verified, user.get_session_auth_hash()
    )


watch = Watch()
"""Of this process; a forked child starts with an empty one."""


def _reset_after_fork() -> None:
    global watch
    watch = Watch()


os.register_at_fork(after_in_child=_reset_after_fork)
