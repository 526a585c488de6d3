"""Services, their inspections, the people of each, and the editions they are inspected against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from inspections.access.users import User, UserManager
from inspections.framework import Edition, load_edition
from inspections.invariants import one_of

__all__ = [
    "EditionQuestion",
    "EditionRecord",
    "EditionStandard",
    "GroupChoice",
    "Inspection",
    "InspectionQuerySet",
    "Membership",
    "Service",
    "User",
    "UserManager",
]


class EditionRecord(models.Model):
    """An edition of the framework as the database knows it: code and digest.

    The framework itself is read from its file; this row, with the standards and
    questions below it, lets the database refuse evidence that doesn't belong to an
    inspection's edition. ``inspections.actions.record_editions`` writes them.
    """

    code = models.CharField(max_length=20, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.code


class EditionStandard(models.Model):
    """A standard of an edition, and whether it is judged rather than computed."""

    edition = models.ForeignKey(EditionRecord, on_delete=models.CASCADE)
    code = models.CharField(max_length=10)
    is_qualitative = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="edition_standard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.edition_id})"


class GroupChoice(models.TextChoices):
    """The group of a sampled case, as stored; see ``inspections.framework.Group``."""

    COURT = "COURT", "Court disposal"
    OUT_OF_COURT = "OUT_OF_COURT", "Out-of-court disposal"
    RESETTLEMENT = "RESETTLEMENT", "Resettlement"


class EditionQuestion(models.Model):
    """A question of an edition that is answered in every case of ``group``, or, where
    ``group`` is empty, a key question of a qualitative standard."""

    edition = models.ForeignKey(EditionRecord, on_delete=models.CASCADE)
    standard = models.CharField(max_length=10)
    code = models.CharField(max_length=10)
    group = models.CharField(max_length=12, choices=GroupChoice, blank=True)
    is_key_question = models.BooleanField()
    allows_not_applicable = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="edition_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.edition_id})"


@pghistory.track()
class Service(models.Model):
    """A youth offending team (YOT), by its local name."""

    name = models.CharField(max_length=200, unique=True)
    area = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> InspectionQuerySet:
        """The inspections on whose team or panel ``user`` is; nobody else sees one."""
        return self.filter(memberships__user=user.pk)

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
        return self.select_related("service").prefetch_related(members)


@pghistory.track()
class Inspection(models.Model):
    """One inspection of one service against one edition of the framework."""

    class State(models.TextChoices):
        FIELDWORK = "FIELDWORK", "Fieldwork"
        REVIEW = "REVIEW", "Lead inspector's review"
        PANEL = "PANEL", "Ratings panel"
        SEALED = "SEALED", "Sealed"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="inspections")
    edition = models.ForeignKey(EditionRecord, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State, default=State.FIELDWORK)
    fieldwork_start_date = models.DateField(null=True, blank=True)
    fieldwork_end_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InspectionQuerySet.as_manager()

    get_absolute_url: Callable[[], str]
    """Defined in the settings (``ABSOLUTE_URL_OVERRIDES``), as the page belongs to config.site."""

    class Meta:
        ordering = (F("fieldwork_start_date").desc(nulls_last=True), "service__name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(fieldwork_end_date__gte=F("fieldwork_start_date")),
                name="inspection_fieldwork_ends_after_it_starts",
                violation_error_message="Fieldwork can't end before it starts.",
            ),
            one_of("inspection_state_known", "state", ["FIELDWORK", "REVIEW", "PANEL", "SEALED"]),
        ]
        triggers = [
            # Evidence is checked against the edition when it is written; a later change
            # of edition would leave answers that belong to no question.
            pgtrigger.ReadOnly(name="inspection_keeps_its_edition", fields=["edition"]),
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

    @property
    def inspection_state(self) -> str:
        return self.state

    @property
    def case_state(self) -> str:
        return ""

    def roles_of(self, user: User) -> frozenset[str]:
        """The roles for the table of permissions."""
        role = self.role_of(user)
        return frozenset() if role is None else frozenset({role})

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


@pghistory.track()
class Membership(models.Model):
    """A person's role in one inspection."""

    class Role(models.TextChoices):
        LEAD_INSPECTOR = "LEAD_INSPECTOR", "Lead inspector"
        INSPECTOR = "INSPECTOR", "Inspector"
        PANEL_MEMBER = "PANEL_MEMBER", "Ratings panel member"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role)

    class Meta:
        ordering = ("inspection", "role", "user__name")
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
                "membership_role_known", "role", ["LEAD_INSPECTOR", "INSPECTOR", "PANEL_MEMBER"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
