"""Who is inspected, by whom, and against which standards."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from inspections.editions import Edition, Rating, load_edition


class RatingChoice(models.TextChoices):
    """The four ratings as they are stored."""

    INADEQUATE = Rating.INADEQUATE.name, Rating.INADEQUATE.label
    REQUIRES_IMPROVEMENT = Rating.REQUIRES_IMPROVEMENT.name, Rating.REQUIRES_IMPROVEMENT.label
    GOOD = Rating.GOOD.name, Rating.GOOD.label
    OUTSTANDING = Rating.OUTSTANDING.name, Rating.OUTSTANDING.label


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the e-mail address takes the place of a user name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person with an account. What they may do follows from their memberships.

    An administrator (``is_staff``) keeps accounts, services, inspections and teams and
    sees no evidence: children's records are for those who inspect them.
    """

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("full name", max_length=150)
    email = models.EmailField("email address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Service(models.Model):
    """A youth offending team (YOT), by the name it goes by locally."""

    name = models.CharField(max_length=200, unique=True)
    area = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


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
    """The group of a sampled case, as stored; see ``editions.Group``."""

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


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> InspectionQuerySet:
        """The inspections on whose team or panel ``user`` is; nobody else sees one."""
        return self.filter(memberships__user=user.pk)

    def with_team(self) -> InspectionQuerySet:
        """With service and team loaded, for pages that name them."""
        return self.select_related("service").prefetch_related("memberships__user")


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

    class Meta:
        ordering = ("-fieldwork_start_date", "service__name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(fieldwork_end_date__gte=F("fieldwork_start_date")),
                name="inspection_fieldwork_ends_after_it_starts",
                violation_error_message="Fieldwork can't end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["FIELDWORK", "REVIEW", "PANEL", "SEALED"]),
                name="inspection_state_known",
            ),
        ]
        triggers = [
            # Evidence is checked against the edition when it is written; a later change
            # of edition would leave answers that belong to no question.
            pgtrigger.ReadOnly(name="inspection_keeps_its_edition", fields=["edition"]),
        ]

    def __str__(self) -> str:
        return f"{self.service} ({self.edition_id})"

    def get_absolute_url(self) -> str:
        return reverse("cases:home", args=[self.pk])

    @property
    def framework(self) -> Edition:
        """The edition's standards and questions."""
        return load_edition(self.edition_id)

    def role_of(self, user: User) -> str | None:
        """The part that ``user`` has in this inspection, or ``None``; asked once an object."""
        known: dict[int, str | None] = self.__dict__.setdefault("_roles", {})
        if "memberships" in getattr(self, "_prefetched_objects_cache", {}):
            known |= {member.user_id: member.role for member in self.memberships.all()}
        if user.pk not in known:
            known[user.pk] = (
                self.memberships.filter(user=user.pk).values_list("role", flat=True).first()
            )
        return known[user.pk]


class Membership(models.Model):
    """A person's part in one inspection."""

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
            models.CheckConstraint(
                condition=Q(role__in=["LEAD_INSPECTOR", "INSPECTOR", "PANEL_MEMBER"]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class Judgement(models.Model):
    """The lead inspector's rating of one qualitative standard, and why."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="judgements")
    standard = models.CharField(max_length=10)
    rating = models.CharField(max_length=20, choices=RatingChoice)
    rationale = models.TextField()
    version = models.PositiveIntegerField(default=1)
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("inspection", "standard")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "standard"], name="judgement_once"),
            models.CheckConstraint(
                condition=Q(
                    rating__in=["INADEQUATE", "REQUIRES_IMPROVEMENT", "GOOD", "OUTSTANDING"]
                ),
                name="judgement_rating_known",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="judgement_on_a_qualitative_standard",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("inspection_id", "standard"),
                declare=[("edition_code", "text")],
                func="""
                    SELECT edition_id INTO edition_code
                    FROM inspections_inspection WHERE id = NEW.inspection_id;
                    IF NOT EXISTS (
                        SELECT 1 FROM inspections_editionstandard
                        WHERE edition_id = edition_code AND code = NEW.standard AND is_qualitative
                    ) THEN
                        RAISE EXCEPTION
                            'Standard % is not a qualitative standard of edition %.',
                            NEW.standard, edition_code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}: {self.get_rating_display()}"
