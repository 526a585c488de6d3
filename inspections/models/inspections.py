"""Inspections, and who has which part in each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inspections.access.permissions import ADMINISTRATOR
from inspections.access.users import User
from inspections.framework import Edition, Group, load_edition
from inspections.invariants import both_or_neither, one_of, refuse_unless
from inspections.models.editions import EditionRecord
from inspections.models.services import Service
from inspections.names import NameOrder, contains_name
from inspections.versions import VersionedSince
from inspections.windows import Window

if TYPE_CHECKING:
    from inspections.models.removal import DeletionCertificate


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User, roles: Collection[str] | None = None) -> InspectionQuerySet:
        """The inspections in which ``user`` has a part, or one of ``roles``; nobody else sees
        one."""
        if roles is None:
            return self.filter(memberships__user=user.pk)
        return self.filter(memberships__user=user.pk, memberships__role__in=list(roles))

    def seen_by(self, user: User, who: Mapping[str, Collection[str] | None]) -> InspectionQuerySet:
        """The inspections in which the role of ``user`` is one of ``who`` in a state that it
        names for it, as a row of the table of permissions has them; ``None`` is every state."""
        parts = Q(pk__in=())
        for role, states in who.items():
            part = Q(memberships__role=role)
            parts |= part if states is None else part & Q(state__in=list(states))
        return self.filter(parts, memberships__user=user.pk)

    def of_service(self, name: str) -> InspectionQuerySet:
        """Those whose service's name contains ``name``, whatever its case and spaces."""
        return self.filter(contains_name("service__name", name))

    def set_up_by(self, user: User) -> InspectionQuerySet:
        """Those whose announcement, checklist and team ``user`` sees: an administrator all of
        them, everybody else their own. What is recorded in one is ``visible_to``'s alone."""
        is_administrator = user.is_active and user.is_staff
        return self.all() if is_administrator else self.visible_to(user)

    def with_role(self) -> InspectionQuerySet:
        """Each with ``role``, the one that the person of ``visible_to`` has in it."""
        return self.annotate(role=F("memberships__role"))

    def under_way_first(self) -> InspectionQuerySet:
        """Those that are not sealed, then the rest; the latest fieldwork first."""
        is_sealed = Q(state=Inspection.State.SEALED)
        ordering: Any = Inspection._meta.ordering
        return self.alias(is_over=is_sealed).order_by("is_over", *ordering)

    def with_team(self) -> InspectionQuerySet:
        """With service and team loaded, for pages that name them."""
        members = models.Prefetch("memberships", Membership.objects.select_related("user"))
        return self.select_related("service", "deletion_certificate").prefetch_related(members)


@pghistory.track()
class Inspection(VersionedSince):
    """One inspection of one service against one edition of the framework.

    Its version is that of the announcement: service, dates, windows and whether it gives ratings.
    """

    class State(models.TextChoices):
        ANNOUNCED = "ANNOUNCED", "Announced"
        PREPARATION = "PREPARATION", "In preparation"
        FIELDWORK = "FIELDWORK", "Fieldwork"
        REVIEW = "REVIEW", "Lead inspector's review"
        PANEL = "PANEL", "Ratings panel"
        SEALED = "SEALED", "Sealed"

    GAVE_IT_BACK = "GAVE_IT_BACK"
    """The role of members of the ratings panel while the lead inspector has an inspection back that
    was submitted to it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="inspections")
    edition = models.ForeignKey(EditionRecord, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State, default=State.FIELDWORK)
    gives_ratings = models.BooleanField(default=True)
    """Small services may be inspected with few cases and not rated (method.md, Sampling)."""
    announced_date = models.DateField(null=True, blank=True)
    fieldwork_start_date = models.DateField(null=True, blank=True)
    fieldwork_end_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    moved_back_at = models.DateTimeField(null=True, blank=True)
    """When the panel gave it back or fieldwork was reopened, until it moves on again; the history
    keeps all of them."""
    moved_back_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    moved_back_reason = models.TextField(blank=True)

    objects = InspectionQuerySet.as_manager()

    get_absolute_url: Callable[[], str]
    """Defined in the settings (``ABSOLUTE_URL_OVERRIDES``), as the page belongs to config.site."""

    class Meta:
        ordering = (
            F("fieldwork_start_date").desc(nulls_last=True),
            NameOrder("service__name"),
            "pk",
        )
        constraints = [
            *VersionedSince.Meta.constraints,
            models.CheckConstraint(
                condition=Q(fieldwork_start_date__gte=F("announced_date")),
                name="inspection_fieldwork_follows_its_announcement",
                violation_error_message="Fieldwork can't start before it is announced.",
            ),
            models.CheckConstraint(
                condition=Q(fieldwork_end_date__gte=F("fieldwork_start_date")),
                name="inspection_fieldwork_ends_after_it_starts",
                violation_error_message="Fieldwork can't end before it starts.",
            ),
            both_or_neither("inspection_moved_back_by_someone", "moved_back_at", "moved_back_by"),
            models.CheckConstraint(
                condition=Q(moved_back_at__isnull=True, moved_back_reason="")
                | Q(moved_back_at__isnull=False, moved_back_reason__regex=r"\S"),
                name="inspection_moved_back_with_a_reason",
            ),
            one_of(
                "inspection_state_known",
                "state",
                ["ANNOUNCED", "PREPARATION", "FIELDWORK", "REVIEW", "PANEL", "SEALED"],
            ),
        ]
        triggers = [
            # Evidence is checked against the edition when it is written; a later change
            # of edition would leave answers that belong to no question.
            pgtrigger.ReadOnly(name="inspection_keeps_its_edition", fields=["edition"]),
            refuse_unless(
                "gives_ratings_as_sealed",
                """
                    NEW.gives_ratings = OLD.gives_ratings OR NOT EXISTS (
                        SELECT FROM inspections_inspectionevent
                        WHERE pgh_obj_id = OLD.id AND state = 'SEALED'
                    )
                """,
                "Whether ratings are given stays as it was sealed.",
                on=pgtrigger.UpdateOf("gives_ratings"),
            ),
            # Those who are put on it meanwhile wait for this row, or this waits for them.
            refuse_unless(
                "inspection_of_no_member_on_loan",
                """
                    NOT EXISTS (
                        SELECT FROM inspections_membership m
                        JOIN inspections_user u ON u.id = m.user_id
                        WHERE m.inspection_id = NEW.id AND u.home_service_id = NEW.service_id
                    )
                """,
                "A local assessor takes no part in an inspection of their own service.",
                on=pgtrigger.UpdateOf("service_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} ({self.edition_id})"

    @property
    def framework(self) -> Edition:
        """The edition's standards and questions."""
        return load_edition(self.edition_id)

    @property
    def is_sealed(self) -> bool:
        """Nothing of it can change: the database refuses it."""
        return self.state == self.State.SEALED

    def move_on(self, state: str) -> None:
        """Give the locked row another state."""
        self._move(state, at=None, by=None, reason="")

    def move_back(self, state: str, *, by: User, reason: str) -> None:
        """Give the locked row an earlier state, with the reason."""
        self._move(state, at=timezone.now(), by=by, reason=reason)

    def _move(self, state: str, *, at: datetime | None, by: User | None, reason: str) -> None:
        self.state, self.moved_back_at, self.moved_back_by = state, at, by
        self.moved_back_reason = reason
        self.save(update_fields=["state", "moved_back_at", "moved_back_by", "moved_back_reason"])

    @property
    def certificate(self) -> DeletionCertificate | None:
        """Of the removal of its case content; ``None`` while that is kept."""
        found: DeletionCertificate | None = getattr(self, "deletion_certificate", None)
        return found

    @property
    def inspection_state(self) -> str:
        return self.state

    @property
    def case_state(self) -> str:
        return ""

    @property
    def sampling_windows(self) -> dict[Group, Window]:
        """The period set for each group; none for groups without one. Load ``windows`` first."""
        return {
            Group(row.group): Window(row.start_date, row.end_date) for row in self.windows.all()
        }

    def roles_of(self, user: User) -> frozenset[str]:
        """The roles for the table of permissions."""
        is_moved_back = self.moved_back_at is not None
        roles = roles_from(self.role_of(user), self.state, is_moved_back=is_moved_back)
        return roles | {ADMINISTRATOR} if user.is_active and user.is_staff else roles

    def role_of(self, user: User) -> str | None:
        """The role that ``user`` has in this inspection, or ``None``; asked once an object."""
        known: dict[int, str | None] = self.__dict__.setdefault("_roles", {})
        if "memberships" in getattr(self, "_prefetched_objects_cache", {}):
            known |= {member.user_id: member.role for member in self.memberships.all()}
        if user.pk not in known:
            known[user.pk] = (
                self.memberships.filter(user=user.pk).values_list("role", flat=True).first()
            )
        return known[user.pk]


def roles_from(role: str | None, state: str, *, is_moved_back: bool) -> frozenset[str]:
    """The roles for the table of permissions that follow from a membership."""
    if role is None:
        return frozenset()
    is_given_back = state == Inspection.State.REVIEW and is_moved_back
    gave_it_back = role == Membership.Role.PANEL_MEMBER and is_given_back
    return frozenset({role, Inspection.GAVE_IT_BACK} if gave_it_back else {role})


@pghistory.track()
class Membership(models.Model):
    """A person's role in one inspection."""

    class Role(models.TextChoices):
        LEAD_INSPECTOR = "LEAD_INSPECTOR", "Lead inspector"
        DEPUTY_LEAD = "DEPUTY_LEAD", "Deputy lead inspector"
        INSPECTOR = "INSPECTOR", "Inspector"
        LOCAL_ASSESSOR = "LOCAL_ASSESSOR", "Local assessor"
        REVIEWER = "REVIEWER", "Quality reviewer"
        PANEL_MEMBER = "PANEL_MEMBER", "Ratings panel member"
        OBSERVER = "OBSERVER", "Observer"
        PUBLISHER = "PUBLISHER", "Publisher"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role)

    class Meta:
        ordering = ("inspection", "role", NameOrder("user__name"), "user__email")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "user"],
                name="membership_once",
                violation_error_message="This person is on the inspection already.",
            ),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(role="LEAD_INSPECTOR"),
                name="membership_one_lead_inspector",
                violation_error_message="This inspection has a lead inspector already.",
            ),
            one_of(
                "membership_role_known",
                "role",
                [
                    "LEAD_INSPECTOR",
                    "DEPUTY_LEAD",
                    "INSPECTOR",
                    "LOCAL_ASSESSOR",
                    "REVIEWER",
                    "PANEL_MEMBER",
                    "OBSERVER",
                    "PUBLISHER",
                ],
            ),
        ]
        triggers = [
            # Locked, or somebody could be made an administrator at the same moment.
            refuse_unless(
                "no_administrator_in_a_panel",
                """
                    NEW.role <> 'PANEL_MEMBER' OR EXISTS (
                        SELECT FROM inspections_user
                        WHERE id = NEW.user_id AND NOT is_staff FOR SHARE
                    )
                """,
                "An administrator sees no evidence and so sits in no ratings panel.",
                on=pgtrigger.Insert | pgtrigger.UpdateOf("role", "user_id"),
            ),
            # Both rows are locked, or home service or inspected service could change meanwhile.
            refuse_unless(
                "local_assessors_are_on_loan",
                """
                    (
                        SELECT (NEW.role = 'LOCAL_ASSESSOR') = (u.home_service_id IS NOT NULL)
                            AND u.home_service_id IS DISTINCT FROM i.service_id
                        FROM inspections_user u, inspections_inspection i
                        WHERE u.id = NEW.user_id AND i.id = NEW.inspection_id
                        FOR SHARE
                    )
                """,
                "Somebody on loan from a service is local assessor, of other services alone, and "
                "nobody else is.",
                on=pgtrigger.Insert | pgtrigger.UpdateOf("role", "user_id", "inspection_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
