"""One sampled case: its details and its state."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q, Value
from django.urls import reverse

from cases.models.choices import (
    DISPOSALS_OF_GROUP,
    AnswerValue,
    DisposalType,
    EducationStatus,
    Ethnicity,
    Factor,
    Gender,
    Level,
    OffenceCategory,
    ProtectionPlan,
    YesNo,
    YesNoUnknown,
)
from cases.models.order import ReferenceOrder
from inspections.invariants import one_of
from inspections.models import GroupChoice, Inspection, User
from inspections.team.work import HOLDING_ROLES, READING_ROLES

IN_ORDER = (ReferenceOrder("reference"), "reference")


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases of the inspections in which ``user`` has a part that reads cases."""
        return self.filter(
            inspection__memberships__user=user.pk,
            inspection__memberships__role__in=READING_ROLES,
        )

    def in_sample(self) -> CaseQuerySet:
        """Those that count: all but the ones that were taken out of the sample."""
        return self.exclude(state=Case.State.TAKEN_OUT)

    def taken_out(self) -> CaseQuerySet:
        """Those that were sampled wrongly. What is recorded in them stays, and counts nowhere."""
        return self.filter(state=Case.State.TAKEN_OUT)

    def allocated_to(self, user: User) -> CaseQuerySet:
        return self.filter(allocated_to=user.pk)

    def in_order(self) -> CaseQuerySet:
        """By their references, as people count."""
        return self.order_by(*IN_ORDER)

    def submitted(self) -> CaseQuerySet:
        """Those that wait for the lead inspector, in the order in which they are signed off."""
        return self.filter(state=Case.State.SUBMITTED).in_order()

    def next_submitted(self, after: Case | None = None) -> Case | None:
        """The submitted case that comes next in that order; after the last, the first again."""
        if after is None:
            return self.submitted().first()
        others = self.submitted().exclude(pk=after.pk)
        here = ReferenceOrder(Value(after.reference))
        is_before = Q(place__lt=here) | Q(place=here, reference__lt=after.reference)
        placed = others.alias(place=ReferenceOrder("reference")).alias(is_before=is_before)
        return placed.order_by("is_before", *IN_ORDER).first()

    def locked(self, pk: int) -> Case:
        """The current row with what its permissions need, locked until the transaction ends.

        The inspection's row is share-locked, so its state stays too: whoever changes that waits.
        """
        found = (
            self.select_related("allocated_to")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=pk)
        )
        # Django knows no lock that several may hold.
        found.inspection = Inspection.objects.raw(
            "SELECT * FROM inspections_inspection WHERE id = %s FOR KEY SHARE",
            [found.inspection_id],
        )[0]
        return found

    def with_answered(self) -> CaseQuerySet:
        """Each case with ``answered``, the number of its questions that have an answer."""
        return self.annotate(answered=Count("answers", filter=~Q(answers__value=""), distinct=True))

    def with_open_comments(self) -> CaseQuerySet:
        """Each case with ``open_comments``, the number of its unresolved comments."""
        is_open = Q(comments__resolved_at=None)
        return self.annotate(open_comments=Count("comments", filter=is_open, distinct=True))


@pghistory.track()
class Case(models.Model):
    """One sampled case. It has a reference and never the child's name.

    An empty detail is not recorded yet, which is different from *not known*.
    """

    class State(models.TextChoices):
        NOT_STARTED = "NOT_STARTED", "Not started"
        IN_PROGRESS = "IN_PROGRESS", "In progress"
        SUBMITTED = "SUBMITTED", "Submitted"
        RETURNED = "RETURNED", "Returned with comments"
        SIGNED_OFF = "SIGNED_OFF", "Signed off"
        TAKEN_OUT = "TAKEN_OUT", "Taken out of the sample"

    class Role(models.TextChoices):
        """A person's roles in a case; a lead inspector or deputy may be its inspector too."""

        OWN_INSPECTOR = "OWN_INSPECTOR", "the inspector it is allocated to"
        OTHER_INSPECTOR = "OTHER_INSPECTOR", "another inspector of the team"
        LEAD_INSPECTOR = "LEAD_INSPECTOR", "the lead inspector"
        DEPUTY_LEAD = "DEPUTY_LEAD", "the deputy lead inspector"
        REVIEWER = "REVIEWER", "the quality reviewer"
        PANEL_MEMBER = "PANEL_MEMBER", "a ratings panel member"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="cases")
    reference = models.CharField(max_length=40)
    group = models.CharField(max_length=12, choices=GroupChoice)
    state = models.CharField(max_length=12, choices=State, default=State.NOT_STARTED)
    allocated_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    disposal_type = models.CharField(max_length=30, choices=DisposalType, blank=True)
    disposal_local_name = models.CharField(max_length=100, blank=True)
    disposal_date = models.DateField(null=True, blank=True)
    offence_category = models.CharField(max_length=30, choices=OffenceCategory, blank=True)
    offence_type = models.CharField(max_length=100, blank=True)
    gender = models.CharField(max_length=10, choices=Gender, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    ethnicity = models.CharField(max_length=10, choices=Ethnicity, blank=True)
    looked_after = models.CharField(max_length=10, choices=YesNoUnknown, blank=True)
    protection_plan = models.CharField(max_length=20, choices=ProtectionPlan, blank=True)
    education_status = models.CharField(max_length=20, choices=EducationStatus, blank=True)

    serious_harm_level = models.CharField(max_length=14, choices=Level, blank=True)
    serious_harm_agreed = models.CharField(max_length=3, choices=YesNo, blank=True)
    serious_harm_own_level = models.CharField(max_length=14, choices=Level, blank=True)
    serious_harm_reason = models.TextField(blank=True)
    safety_level = models.CharField(max_length=14, choices=Level, blank=True)
    safety_agreed = models.CharField(max_length=3, choices=YesNo, blank=True)
    safety_own_level = models.CharField(max_length=14, choices=Level, blank=True)
    safety_reason = models.TextField(blank=True)

    case_manager_interviewed = models.CharField(max_length=3, choices=YesNo, blank=True)
    no_interview_reason = models.TextField(blank=True)
    interview_notes = models.TextField(blank=True)
    management_oversight_met_needs = models.CharField(
        max_length=14, choices=AnswerValue, blank=True
    )
    factors = ArrayField(models.CharField(max_length=20, choices=Factor), default=list, blank=True)
    good_practice = models.TextField(blank=True)
    poor_practice = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)

    answered: int
    """The number of its answered questions, if loaded by ``with_answered``."""
    open_comments: int
    """The number of its unresolved comments, if loaded by ``with_open_comments``."""

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "group", *IN_ORDER)
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "reference"],
                name="case_reference_once",
                violation_error_message="Another case of this inspection has this reference.",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="case_reference_given"),
            one_of(
                "case_state_known",
                "state",
                ["NOT_STARTED", "IN_PROGRESS", "SUBMITTED", "RETURNED", "SIGNED_OFF", "TAKEN_OUT"],
            ),
            models.CheckConstraint(
                condition=Q(disposal_type="")
                | Q(group="COURT", disposal_type__in=DISPOSALS_OF_GROUP["COURT"])
                | Q(group="OUT_OF_COURT", disposal_type__in=DISPOSALS_OF_GROUP["OUT_OF_COURT"])
                | Q(group="RESETTLEMENT", disposal_type__in=DISPOSALS_OF_GROUP["RESETTLEMENT"]),
                name="case_disposal_of_its_group",
                violation_error_message="This disposal type doesn't belong to the case's group.",
            ),
            one_of("case_group_known", "group", GroupChoice.values),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__gte=8, age__lte=21),
                name="case_age_of_a_child_in_youth_justice",
                violation_error_message="Enter an age between 8 and 21.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="case_keeps_its_group", fields=["inspection", "group"]),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.inspection_id, self.pk])

    def record_url(self, standard: str) -> str:
        """The page of the standard with this code."""
        return reverse("cases:record", args=[self.inspection_id, self.pk, standard])

    def url_of_question(self, code: str) -> str:
        """The page on which the question is answered."""
        return self.record_url(self.inspection.framework.standard_of_question[code].code)

    def roles_of(self, user: User) -> frozenset[str]:
        """Every role that ``user`` has in this case; empty for somebody not on the inspection."""
        role = self.inspection.role_of(user)
        if role not in HOLDING_ROLES:
            return frozenset({role} if role else ())
        is_own = self.allocated_to_id == user.pk
        return frozenset({role, self.Role.OWN_INSPECTOR if is_own else self.Role.OTHER_INSPECTOR})

    @property
    def inspection_state(self) -> str:
        return self.inspection.state

    @property
    def case_state(self) -> str:
        return self.state

    @property
    def state_words(self) -> str:
        """Its state within a sentence; before it is started, whether it is allocated."""
        if self.state == self.State.NOT_STARTED:
            return "not allocated" if self.allocated_to_id is None else "allocated"
        return self.get_state_display().lower()

    @property
    def holder(self) -> str:
        return str(self.allocated_to) if self.allocated_to else "nobody"
